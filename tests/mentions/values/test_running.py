"""Values in sentences, in seven languages: what is a value, and what is none."""

from datetime import UTC, datetime

import pytest

from chartline.mentions.dates.finding import find_moments
from chartline.mentions.lookup import lookup
from chartline.mentions.values.finding import measured
from chartline.mentions.values.page import Measured
from chartline.mentions.words import passage

WRITTEN_AT = datetime(2024, 3, 20, tzinfo=UTC)


def values_of(language: str, text: str) -> list[Measured]:
    given = passage(text, language)
    return measured(given, lookup(given), find_moments(given, WRITTEN_AT), WRITTEN_AT)


def short(language: str, text: str) -> list[tuple[str, str | None, float, str | None]]:
    return [
        (one.span.code, one.quantity.comparator, one.quantity.value, one.quantity.unit)
        for one in values_of(language, text)
    ]


SYSTOLIC, DIASTOLIC = "systolic_blood_pressure", "diastolic_blood_pressure"
ONE = [
    ("fr", "La créatinine est à 145 µmol/L ce jour.", "creatinine", None, 145, "umol/L"),
    ("fr", "Hb à 8,9 g/dL", "hemoglobin", None, 89, "g/L"),
    ("fr", "Plaquettes 234 000/mm3", "platelets", None, 234, "10*9/L"),
    ("fr", "Plaquettes : 234 109/L", "platelets", None, 234, "10*9/L"),
    ("fr", "Leucocytes 12 300", "leukocytes", None, 12.3, "10*9/L"),
    ("fr", "CRP inférieure à 5 mg/L", "crp", "<", 5, "mg/L"),
    ("fr", "Poids : 82", "body_weight", None, 82, "kg"),
    ("fr", "Taille 1m75", "body_height", None, 175, "cm"),
    ("fr", "T° à 38°5", "body_temperature", None, 38.5, "Cel"),
    ("fr", "NYHA III", "nyha", None, 3, "1"),
    ("fr", "dyspnée stade III de la NYHA", "nyha", None, 3, "1"),
    ("fr", "Glasgow 15/15", "glasgow_coma_scale", None, 15, "1"),
    ("fr", "Hb à J3 8,9 g/dL", "hemoglobin", None, 89, "g/L"),
    ("fr", "PSA à 3 mois : 0,2 ng/ml", "psa", None, 0.2, "ug/L"),
    ("fr", "145 mmol/L de sodium", "sodium", None, 145, "mmol/L"),
    ("fr", "FEVG estimée à 30-35 %", "ejection_fraction", None, 32.5, "%"),
    ("en", "Haemoglobin was 8.9 g/dL.", "hemoglobin", None, 89, "g/L"),
    ("en", "BNP 1,234 pg/mL", "bnp", None, 1234, "ng/L"),
    ("en", "Troponin I < 0.01 ng/mL", "troponin_i", "<", 10, "ng/L"),
    ("en", "Temp 98.6 F", "body_temperature", None, 37, "Cel"),
    ("en", "eGFR more than 60 mL/min/1.73m2", "egfr", ">", 60, "mL/min/{1.73_m2}"),
    ("en", "a 35% ejection fraction", "ejection_fraction", None, 35, "%"),
    ("en", "Child-Pugh B7", "child_pugh", None, 7, "1"),
    ("en", "MMSE 28/30", "mmse", None, 28, "1"),
    ("de", "Leukozyten 12,3 Tsd/µl", "leukocytes", None, 12.3, "10*9/L"),
    ("de", "Kreatinin lag bei 1,0 mg/dl", "creatinine", None, 88.4017, "umol/L"),
    ("de", "CRP unter 5 mg/l", "crp", "<", 5, "mg/L"),
    ("de", "Temperatur über 38 °C", "body_temperature", ">", 38, "Cel"),
    ("es", "plaquetas de 234.000/mm3", "platelets", None, 234, "10*9/L"),
    ("es", "Hemoglobina: 12,1 g/dL", "hemoglobin", None, 121, "g/L"),
    ("es", "FEVI del 35%", "ejection_fraction", None, 35, "%"),
    ("it", "Potassio pari a 5,6 mEq/L", "potassium", None, 5.6, "mmol/L"),
    ("it", "GB 12.300/mmc", "leukocytes", None, 12.3, "10*9/L"),
    ("nl", "natrium 138 mmol/l", "sodium", None, 138, "mmol/L"),
    ("nl", "trombo's 234 x10E9/L", "platelets", None, 234, "10*9/L"),
    ("pt", "Hemoglobina de 12,1 g/dL", "hemoglobin", None, 121, "g/L"),
    ("pt", "FR 18 irpm", "respiratory_rate", None, 18, "/min"),
]


@pytest.mark.parametrize(("language", "text", "code", "comparator", "value", "unit"), ONE)
def test_one_value(
    language: str, text: str, code: str, comparator: str | None, value: float, unit: str
) -> None:
    ((found, sign, number, of),) = short(language, text)
    assert (found, sign, of) == (code, comparator, unit)
    assert number == pytest.approx(value, rel=1e-4)


NONE = [
    ("fr", "CRP négative."),
    ("fr", "Vitamine K 10 mg, calcium 500 mg, potassium 600 mg."),
    ("fr", "Glycémies 4 fois par jour, TA 3 fois par jour."),
    ("fr", "Perte de poids de 5 kg. Poids en baisse de 3 kg."),
    ("fr", "Objectif d'Hb > 8 g/dL, INR cible entre 2 et 3."),
    ("fr", "Hb < 7 g/dL : transfuser."),
    ("fr", "Hémoglobine 890 g/dL."),  # not plausible
    ("fr", "Hémoglobine 8,9 mmHg."),  # another thing's unit
    ("fr", "ASAT/ALAT : 35 UI/L"),  # whose number is it?
    ("fr", "Kaliémie 3,5-5,1"),  # a reference range
    ("en", "Target INR 2-3. Keep SpO2 > 92%."),
    ("en", "Weight loss of 5 kg."),
    ("en", "CRP 12/03/2024"),
    ("en", "Hb fell by 2 g/dL."),
    ("en", "K 10"),  # a letter alone
    ("de", "Ziel-INR 2-3, Hb um 2 g/dl gefallen."),
    ("nl", "Na 3 dagen ontslag."),
    ("es", "Glucosa 3 veces al día."),
]


@pytest.mark.parametrize(("language", "text"), NONE)
def test_no_value(language: str, text: str) -> None:
    assert short(language, text) == []


def test_without_a_unit_only_what_can_be_one_thing_has_one() -> None:
    assert short("fr", "Hb 8,9, K+ 4,2") == [
        ("hemoglobin", None, 8.9, None),
        ("potassium", None, 4.2, "mmol/L"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "pair"),
    [
        ("fr", "TA 145/90 mmHg", (145, 90)),
        ("fr", "TA : 14/8", (140, 80)),
        ("de", "RR 130/80 mmHg", (130, 80)),
        ("pt", "PA 130x80 mmHg", (130, 80)),
        ("pt", "PA 12x8", (120, 80)),
        ("en", "Blood pressure was 120 over 80.", (120, 80)),
    ],
)
def test_blood_pressure_is_two_values(language: str, text: str, pair: tuple[float, float]) -> None:
    assert short(language, text) == [
        (SYSTOLIC, None, pair[0], "mm[Hg]"),
        (DIASTOLIC, None, pair[1], "mm[Hg]"),
    ]


def test_a_list_supports_names_that_mean_something_else_alone() -> None:
    assert [code for code, *_ in short("en", "HR 72, RR 16, T 36.8, Na 138, K 4.2")] == [
        "heart_rate",
        "respiratory_rate",
        "body_temperature",
        "sodium",
        "potassium",
    ]
    assert short("en", "RR 16") == []
    assert len(short("en", "RR: 16")) == 1


def test_joined_names_have_joined_values() -> None:
    assert short("fr", "ASAT/ALAT : 35/42 UI/L") == [
        ("ast", None, 35, "U/L"),
        ("alt", None, 42, "U/L"),
    ]


def test_a_share_and_a_count_are_two_tests() -> None:
    assert short("fr", "Lymphocytes 15 % 1,25 G/L") == [
        ("lymphocytes_percent", None, 15, "%"),
        ("lymphocytes", None, 1.25, "10*9/L"),
    ]


def test_earlier_values_are_past() -> None:
    found = values_of("en", "Creatinine rose from 100 to 145 µmol/L. CRP 120 -> 45 mg/L.")
    assert [(one.quantity.value, one.earlier) for one in found] == [
        (100, True),
        (145, False),
        (120, True),
        (45, False),
    ]


@pytest.mark.parametrize(
    ("text", "low", "high", "flag"),
    [
        ("Kalium 5,9 mmol/l (3,5-5,1) +", 3.5, 5.1, "+"),
        ("Kalium 5,9 (3,5-5,1) mmol/l", 3.5, 5.1, None),
        ("Kalium (3,5-5,1): 5,9 mmol/l", 3.5, 5.1, None),
        ("Kalium 5,9 mmol/l ↑ [N: 3,5 - 5,1]", 3.5, 5.1, "↑"),
        ("Kalium 5,9 mmol/l H Norm: 3,5–5,1", 3.5, 5.1, "H"),
        ("Kalium 5,9 mmol/l (ref. < 5,1)", None, 5.1, None),
        ("Kalium 5,9 mmol/l erhöht", None, None, "erhöht"),
        ("Kalium 5,9 mmol/l", None, None, None),
    ],
)
def test_reference_ranges_and_flags(
    text: str, low: float | None, high: float | None, flag: str | None
) -> None:
    (one,) = values_of("de", text)
    assert (one.quantity.low, one.quantity.high, one.quantity.flag) == (low, high, flag)


def test_a_reference_range_is_converted_like_its_value() -> None:
    (one,) = values_of("de", "Hb 8,9 g/dl (12-16)")
    assert (one.quantity.value, one.quantity.low, one.quantity.high) == (89, 120, 160)


@pytest.mark.parametrize(
    "text",
    [
        "CRP le 12/03/2024 : 45 mg/L",
        "CRP 45 mg/L (12/03/2024)",
        "Biologie du 12/03/2024 : Hb 8,9 g/dL, CRP 45 mg/L",
        "Biologie du 12/03/2024 :\nHb 8,9 g/dL\nCRP 45 mg/L",
    ],
)
def test_dates_of_values(text: str) -> None:
    one = values_of("fr", text)[-1]
    assert one.quantity.value == 45
    assert one.moment is not None
    assert one.moment.time == datetime(2024, 3, 12, tzinfo=UTC)


def test_a_mention_stands_from_the_name_through_the_unit() -> None:
    text = "On note une CRP à 45 mg/L ce jour."
    (one,) = values_of("fr", text)
    assert text[one.span.begin : one.span.end] == "CRP à 45 mg/L"


def test_a_letter_is_a_litre_or_a_flag() -> None:
    (flagged,) = values_of("en", "TSH 0.02 L (0.4-4.0) mIU/L")
    assert flagged.quantity[2:] == (0.02, None, "m[IU]/L", 0.4, 4.0, "L")
    (litre,) = values_of("en", "FVC 3.2 L")
    assert litre.quantity[2:] == (3.2, None, "L", None, None, None)
    (cell,) = values_of("en", "Platelet count\t98 x10^9/L\t150 - 400\tL")
    assert cell.quantity.flag == "L"
