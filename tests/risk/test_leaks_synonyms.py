"""The outcome in vocabularies that a cohort does not name, and codes that come with the outcome."""

import re
from pathlib import Path

import polars as pl
import pytest
from risk.few import OUTCOME, TASK, case, chosen, control, scored, visits
from risk.few import rows as cohort_rows
from risk.small import day, event, events, person

from chartline.core.settings import OnsetSettings
from chartline.core.tables import UTC
from chartline.risk import features, tasks
from chartline.risk.leaks_stems import readings
from chartline.risk.leaks_synonyms import near_synonyms, outcome_elsewhere, with_carriers
from chartline.risk.tasks import Task

GERMAN, SYNONYM = "ICD10GM//I50.13", "ATC//C09DX04"
TERMS = pl.DataFrame(
    {
        "code": [OUTCOME] * 3 + ["ICD10//N17.9"],
        "name": ["Heart failure", "insuffisance cardiaque", "Herzinsuffizienz", "renal failure"],
    }
)


def named(**descriptions: str) -> pl.DataFrame:
    """The table codes: LOCAL//a with its description, for each `a`."""
    rows = [(f"LOCAL//{code}", text, None) for code, text in descriptions.items()]
    return codes(*rows)


def codes(*rows: tuple[str, str | None, list[str] | None]) -> pl.DataFrame:
    schema = {"code": pl.String, "description": pl.String, "parent_codes": pl.List(pl.String)}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def found(*borne: str, task: Task = TASK, table: pl.DataFrame | None = None) -> dict[str, str]:
    every = [OUTCOME, *borne, *([] if table is None else table["code"].to_list())]
    return dict(outcome_elsewhere(pl.Series(every), task, table, TERMS).rows())


@pytest.mark.parametrize(
    "code",
    [
        GERMAN,
        "icd10gm//i50.13 G",
        "CIM10//I501",
        "CIM-10//I50",
        "DIAGNOSIS//ICD//10//I5023",
        "DIAGNOSIS//ICD//9//4280",
        "DIAG//428.0",
        "KODE//I50.1",
        "I50.1",
        "SCT//84114007",
    ],
)
def test_the_outcome_is_known_by_its_stem_in_any_vocabulary(code: str) -> None:
    assert found(code) == {code: "the outcome's stem"}


@pytest.mark.parametrize(
    "code",
    [
        "ICD10//I11.9",
        "ICD10GM//I51.1",
        "ICD9CM//404.90",  # of a revision that the cohort names: its author left it out
        "BED//I50",
        "LAB//428.0",
        "PROC//I50.1",
        "LOINC//42800-1",
        "SCT//841140071",
    ],
)
def test_other_codes_are_not_the_outcome(code: str) -> None:
    assert found(code) == {}


def test_a_revision_that_the_cohort_does_not_name_is_translated(tmp_path: Path) -> None:
    text = tasks.path_of("heart_failure").read_text()
    (tmp_path / "mine.yaml").write_text(re.sub(r'regex: ".*"', 'regex: "^ICD10//I50"', text))
    task = tasks.load(str(tmp_path / "mine.yaml"))
    assert set(found("ICD9CM//428.0", "ICD9//428", "ICD9CM//401.9", task=task)) == {
        "ICD9CM//428.0",
        "ICD9//428",
    }


@pytest.mark.parametrize(
    ("name", "is_outcome"),
    [
        ("Acute congestive heart failure (disorder)", True),
        ("Insuffisance cardiaque décompensée", True),
        ("Linksherzinsuffizienz", True),
        ("History of heart failure", True),
        ("Family history of heart failure", False),
        ("Hypertensive heart disease without heart failure", False),
        ("Heart failure screening", False),
        ("Pas d'insuffisance cardiaque", False),
        ("Verdacht auf Herzinsuffizienz", False),
        ("Heart failures", False),
        ("Acute renal failure", False),
    ],
)
def test_the_outcome_is_known_by_its_name(name: str, is_outcome: bool) -> None:
    assert found(table=named(a=name)) == ({"LOCAL//a": "its name"} if is_outcome else {})


def test_names_count_in_enumerated_vocabularies_and_not_in_the_icd_that_is_named() -> None:
    table = codes(
        ("SNOMED//10633002", "Acute congestive heart failure", None),
        ("ICD10//I09.8", "Rheumatic heart failure", None),
    )
    assert found(table=table) == {"SNOMED//10633002": "its name"}


def test_the_source_own_name_of_the_outcome_is_looked_for_unless_others_bear_it_too() -> None:
    table = codes(
        (OUTCOME, "Weak pump", None),
        ("LOCAL//a", "weak pump, mild", None),
        ("ICD10//I11.0", "Hard heart", None),
    )
    assert found("ICD10//I11.0", table=table) == {"LOCAL//a": "its name"}
    both = pl.concat(
        [table, codes(("ICD10//I11.9", "Hard heart", None), ("LOCAL//b", "hard heart", None))]
    )
    assert found("ICD10//I11.0", table=both) == {"LOCAL//a": "its name"}


def test_a_declared_parent_decides() -> None:
    table = codes(("LOCAL//a", None, ["ICD10/I50.9"]), ("LOCAL//b", None, ["ICD10/I10"]))
    assert found(table=table) == {"LOCAL//a": "its parent is the outcome"}


def test_codes_that_a_person_accepts_or_leaves_out_are_none() -> None:
    for name in ("accepted", "left_out"):
        task = tasks.asked(OnsetSettings(**{name: ["^ICD10GM//I50"]}))
        assert found(GERMAN, "CIM10//I50", task=task) == {"CIM10//I50": "the outcome's stem"}


def test_readings_are_of_the_revision_that_the_vocabulary_names() -> None:
    assert {one.partition("//")[0] for one in readings("ICD9//428.0")} == {"ICD9", "ICD9CM"}
    assert list(readings("CIM10//428.0")) == []
    assert list(readings("ICD9//I50.1")) == []


def elsewhere(*history: object) -> tuple[pl.DataFrame, Task]:
    """The cohort of patients some of whom bear the outcome in another vocabulary; its task."""
    task = TASK.with_synonyms(pl.Series([GERMAN]))
    return cohort_rows(*history, task=task), task


@pytest.mark.parametrize(
    ("when", "is_case"),
    [(399.0, False), (429.0, False), (430.0, False), (431.0, True), (600.0, True)],
)
def test_a_synonym_before_the_window_makes_a_patient_prevalent(when: float, is_case: bool) -> None:
    rows, _ = elsewhere(case(1, 500), event(1, when, GERMAN), case(2), control(10), control(11))
    assert (1 in chosen(rows, True)) is is_case


@pytest.mark.parametrize(("when", "is_control"), [(399.0, False), (600.0, False), (795.5, True)])
def test_a_control_has_no_synonym_before_its_windows_end(when: float, is_control: bool) -> None:
    rows, _ = elsewhere(case(1), case(2), control(10), event(10, when, GERMAN), control(11))
    assert (10 in chosen(rows, False)) is is_control


def test_who_bears_a_synonym_is_not_scored_and_a_suspicion_is_none() -> None:
    last = [person(7), visits(7, 0, 1999), person(8), visits(8, 0, 1999)]
    sure, doubted = event(7, 50, GERMAN), event(8, 50, GERMAN, certain=False)
    rows, _ = elsewhere(case(1), control(10), *last, sure, doubted)
    assert 7 not in scored(rows)
    assert 8 in scored(rows)


def test_no_feature_knows_a_synonym() -> None:
    rows, task = elsewhere(case(1), case(2), control(10), control(11))
    stream = events(case(1), event(1, 300, GERMAN), event(1, 300, "ICD10//I10"))
    assert features.observed(stream, rows, task, 1460)["code"].unique().sort().to_list() == [
        "A//visit",
        "ICD10//I10",
    ]


def test_carriers_and_their_share_with_the_outcome_are_counted() -> None:
    stream = events(
        event(1, 5, GERMAN), event(1, 9, GERMAN), event(1, 90, OUTCOME), event(2, 5, GERMAN)
    )
    table = outcome_elsewhere(stream["code"], TASK)
    assert with_carriers(table, stream, TASK).rows() == [(GERMAN, "the outcome's stem", 2, 0.5)]


def carriers(code: str, count: int, with_outcome: int, after: float = 1.0, first: int = 0) -> list:
    """Patients with a code, some of whom had the outcome `after` days before it."""
    rows = []
    for subject in range(first, first + count):
        rows.append(event(subject, 100.0, code))
        if subject - first < with_outcome:
            rows.append(event(subject, 100.0 - after, OUTCOME))
    return rows


@pytest.mark.parametrize(
    ("count", "with_outcome", "named"),
    [(10, 9, True), (10, 10, True), (10, 8, False), (9, 9, False), (20, 18, True), (20, 17, False)],
)
def test_nine_in_ten_of_ten_carriers_make_a_near_synonym(
    count: int, with_outcome: int, named: bool
) -> None:
    found = near_synonyms(events(carriers("A//x", count, with_outcome)), TASK)
    assert found.rows() == ([("A//x", count, with_outcome / count)] if named else [])


@pytest.mark.parametrize(("after", "named"), [(1.0, True), (0.0, True), (-0.01, False)])
def test_a_near_synonym_follows_the_outcome_or_comes_with_it(after: float, named: bool) -> None:
    found = near_synonyms(events(carriers("A//x", 10, 10, after)), TASK)
    assert len(found) == named


def test_the_first_of_each_counts() -> None:
    late = [event(subject, 500.0, "A//x") for subject in range(10)]
    early = [event(subject, 50.0, "A//x") for subject in range(10)]
    assert near_synonyms(events(carriers("A//y", 10, 10), late), TASK)["code"].to_list() == [
        "A//x",
        "A//y",
    ]
    assert near_synonyms(events(carriers("A//y", 10, 10), late, early), TASK)["code"].to_list() == [
        "A//y"
    ]
    again = [event(subject, 900.0, OUTCOME) for subject in range(10)]
    assert len(near_synonyms(events(carriers("A//y", 10, 10), again), TASK)) == 1


def test_declared_codes_are_not_named_and_the_commonest_comes_first() -> None:
    undated = [event(subject, None, "A//undated") for subject in range(40)]
    found = near_synonyms(
        events(
            carriers("A//b", 10, 10),
            carriers("A//a", 10, 10),
            carriers("A//c", 12, 12),
            carriers(SYNONYM, 30, 30),
            undated,
        ),
        TASK,
    )
    assert found["code"].to_list() == ["A//c", "A//a", "A//b"]


def test_codes_that_follow_the_outcome_alone_are_named() -> None:
    rows = [(s, 0, "ICD10//I50.9") for s in range(20)] + [(s, 9, "ATC//C03CA01") for s in range(20)]
    rows += [(s, 5, "ICD10//I10") for s in range(40)] + [(s, -9, "ICD10//R06.0") for s in range(20)]
    events = pl.DataFrame(
        [(subject, day(when), code) for subject, when, code in rows],
        schema={"subject_id": pl.Int64, "time": UTC, "code": pl.String},
        orient="row",
    )
    assert near_synonyms(events, TASK)["code"].to_list() == ["ATC//C03CA01"]
