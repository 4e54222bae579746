"""The tables of OMOP's Common Data Model that hold events, and the columns of each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClinicalTable:
    """Columns of an OMOP table of events.

    Attributes:
        name: Of the table.
        concept: What it is, as a standard concept; its source columns are named after it.
        times: Columns of the start, the most precise first.
        prefix: Marks its codes where no vocabulary is known.
        ends: Columns of the end, the most precise first.
        values: Whether it has values and units.
    """

    name: str
    concept: str
    times: tuple[str, ...]
    prefix: str
    ends: tuple[str, ...] = ()
    values: bool = False

    @property
    def source_concept(self) -> str:
        """The column of the concept that the hospital coded."""
        return self.concept.replace("_concept_id", "_source_concept_id")

    @property
    def source_value(self) -> str:
        """The column of what the hospital wrote."""
        return self.concept.replace("_concept_id", "_source_value")


VISITS = ClinicalTable(
    "visit_occurrence",
    "visit_concept_id",
    ("visit_start_datetime", "visit_start_date"),
    "VISIT",
    ("visit_end_datetime", "visit_end_date"),
)
DEATHS = ClinicalTable("death", "cause_concept_id", ("death_datetime", "death_date"), "DEATH")
CLINICAL_TABLES = (
    VISITS,
    ClinicalTable(
        "condition_occurrence",
        "condition_concept_id",
        ("condition_start_datetime", "condition_start_date"),
        "CONDITION",
        ("condition_end_datetime", "condition_end_date"),
    ),
    ClinicalTable(
        "drug_exposure",
        "drug_concept_id",
        ("drug_exposure_start_datetime", "drug_exposure_start_date"),
        "DRUG",
        ("drug_exposure_end_datetime", "drug_exposure_end_date"),
    ),
    ClinicalTable(
        "procedure_occurrence",
        "procedure_concept_id",
        ("procedure_datetime", "procedure_date"),
        "PROCEDURE",
        ("procedure_end_datetime", "procedure_end_date"),
    ),
    ClinicalTable(
        "device_exposure",
        "device_concept_id",
        ("device_exposure_start_datetime", "device_exposure_start_date"),
        "DEVICE",
        ("device_exposure_end_datetime", "device_exposure_end_date"),
    ),
    ClinicalTable(
        "measurement",
        "measurement_concept_id",
        ("measurement_datetime", "measurement_date"),
        "MEASUREMENT",
        values=True,
    ),
    ClinicalTable(
        "observation",
        "observation_concept_id",
        ("observation_datetime", "observation_date"),
        "OBSERVATION",
        values=True,
    ),
    DEATHS,
)
