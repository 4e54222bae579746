"""The rates of the simulated cohort: onset of the conditions, and the hazard of heart failure.

They are chosen by us, in the order of magnitude of a population's, and not fitted to any data.
"""

CONDITIONS = (
    "hypertension",
    "diabetes",
    "obesity",
    "coronary",
    "arrhythmia",
    "kidney",
    "valve",
    "dysfunction",
    "lung",
    "anaemia",
    "thyroid",
    "joints",
    "mood",
    "cancer",
)
# Log rate a month for women at age 60, log ratio a decade of age, log ratio for men.
ONSET = {
    "hypertension": (-5.2, 0.30, 0.0),
    "diabetes": (-6.0, 0.25, 0.2),
    "obesity": (-6.0, 0.0, 0.0),
    "coronary": (-6.8, 0.45, 0.6),
    "arrhythmia": (-7.0, 0.60, 0.2),
    "kidney": (-7.1, 0.50, 0.1),
    "valve": (-7.5, 0.60, 0.1),
    "dysfunction": (-7.6, 0.45, 0.3),
    "lung": (-6.6, 0.20, 0.3),
    "anaemia": (-6.6, 0.20, -0.3),
    "thyroid": (-6.6, 0.10, -0.9),
    "joints": (-5.6, 0.35, -0.2),
    "mood": (-6.0, 0.0, -0.4),
    "cancer": (-6.9, 0.50, 0.1),
}
# Log ratio by which a condition that a patient has raises the onset of another.
DRIVES = {
    ("hypertension", "coronary"): 0.6,
    ("hypertension", "kidney"): 0.7,
    ("hypertension", "arrhythmia"): 0.5,
    ("diabetes", "coronary"): 0.8,
    ("diabetes", "kidney"): 0.9,
    ("obesity", "diabetes"): 1.0,
    ("obesity", "hypertension"): 0.6,
    ("coronary", "dysfunction"): 1.6,
    ("valve", "dysfunction"): 1.3,
    ("arrhythmia", "dysfunction"): 1.0,
    ("hypertension", "dysfunction"): 0.5,
    ("kidney", "anaemia"): 1.2,
}
# Log hazard of heart failure a month: at age 60, a decade of age over 60, each condition.
LOG_HAZARD = {
    "intercept": -9.5,
    "decade": 0.30,
    "dysfunction": 2.9,
    "coronary": 0.9,
    "valve": 0.8,
    "arrhythmia": 0.8,
    "kidney": 0.6,
    "diabetes": 0.45,
    "hypertension": 0.35,
    "lung": 0.25,
    "obesity": 0.25,
}


def hazard_document() -> dict[str, object]:
    """All rates, to be written beside the cohort."""
    drives = {f"{cause} -> {effect}": ratio for (cause, effect), ratio in DRIVES.items()}
    return {
        "log_hazard_of_heart_failure_a_month": LOG_HAZARD,
        "onset_log_rate_decade_male": ONSET,
        "drives": drives,
    }
