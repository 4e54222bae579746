"""What es-aces gives for invented events: `python tests/risk/aces/make_expected.py`

Writes `events.csv`, a MEDS dataset of invented stays in hospital, and, by the task of each YAML
file here, `TASK.csv`: the rows of es-aces's own pipeline (its reader of MEDS and its query), to
which the rows of Chartline are compared. Run it again where a task or the version changes.
"""

import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from aces.config import TaskExtractorConfig
from aces.predicates import get_predicates_df
from aces.query import query
from omegaconf import OmegaConf

HERE = Path(__file__).parent
PATIENTS, SEED = 60, 11
FIRST = datetime(2015, 1, 1)


def patient(subject: int, rng: random.Random) -> list[dict[str, Any]]:
    """The events of an invented patient: birth, sex, stays in hospital, perhaps death."""
    sex = rng.choice(["GENDER//M", "GENDER//F", "SEX//male", "SEX//female"])
    born = FIRST - timedelta(days=rng.randint(8000, 30000))
    rows: list[dict[str, Any]] = [
        {"subject_id": subject, "time": born, "code": "MEDS_BIRTH"},
        {"subject_id": subject, "time": None, "code": sex},
    ]
    now, dies = FIRST + timedelta(hours=rng.randint(0, 5000)), rng.random() < 0.4
    stays = rng.randint(1, 6)
    for number in range(stays):
        end = stay(subject, now, rng, rows, last=dies and number == stays - 1)
        now = end + timedelta(hours=rng.choice([30, 200, 600, 5000, 20000]))
    return rows


def stay(
    subject: int, start: datetime, rng: random.Random, rows: list[dict[str, Any]], *, last: bool
) -> datetime:
    """Appends the events of a stay; the patient dies in it or soon after where it is the last."""

    def add(when: datetime, code: str, value: float | None = None) -> None:
        rows.append({"subject_id": subject, "time": when, "code": code, "numeric_value": value})

    hours = rng.choice([6, 20, 47, 48, 60, 120, 400])
    end = start + timedelta(hours=hours)
    add(start, rng.choice(["ADMISSION//EMERGENCY", "ADMISSION//ELECTIVE"]))
    for hour in sorted(rng.sample(range(hours), min(hours, rng.randint(1, 6)))):
        value = rng.choice([3.2, 3.5, 4.1, 4.6, 4.9, 5.0, 5.6, None])
        add(start + timedelta(hours=hour), "LOINC//2823-3", value)
    if rng.random() < 0.5:
        ventilated = start + timedelta(hours=rng.randint(0, 4))
        add(ventilated, "PROCEDURE//ventilation_start")
        length = rng.choice([3, 12, 14, 15, 22, 40])
        add(ventilated + timedelta(hours=length), "PROCEDURE//ventilation_end")
    if rng.random() < 0.5:
        add(end, rng.choice(["ICD10//E11.9", "ICD10//I10", "ICD10//E10.2", "ICD10//J18.9"]))
    if last and rng.random() < 0.5:
        add(end, "MEDS_DEATH")
        return end
    add(end, rng.choice(["DISCHARGE//HOME", "DISCHARGE//OTHER"]))
    if last:
        add(end + timedelta(hours=rng.choice([3, 20, 500])), "MEDS_DEATH")
    return end


def meds() -> pl.DataFrame:
    """The events, by subject and time."""
    rng = random.Random(SEED)
    rows = [row for subject in range(1, PATIENTS + 1) for row in patient(subject, rng)]
    schema = {"subject_id": pl.Int64, "time": pl.Datetime("us"), "code": pl.String}
    frame = pl.DataFrame(rows, schema={**schema, "numeric_value": pl.Float32})
    return frame.sort("subject_id", "time", nulls_last=False, maintain_order=True)


def rows_of_aces(task: Path, events: pl.DataFrame) -> pl.DataFrame:
    """es-aces's rows: subject_id, trigger, index (the prediction time), label, window_end.

    es-aces 0.7.3 also gives a row of nothing but a subject where a window that ends with an event
    starts after the last such event. Such rows are no prediction times and are left out.
    """
    config = TaskExtractorConfig.load(task)
    window = config.label_window
    with tempfile.TemporaryDirectory() as folder:
        events.write_parquet(Path(folder) / "0.parquet")
        source = {"path": str(Path(folder) / "0.parquet"), "standard": "meds", "ts_format": None}
        predicates = get_predicates_df(config, OmegaConf.create(source))
    found = query(config, predicates)
    summary = next(name for name in found.columns if name.startswith(f"{window}."))
    index = "index_timestamp" if "index_timestamp" in found.columns else "trigger"
    return (
        found.select(
            "subject_id",
            "trigger",
            pl.col(index).alias("index"),
            label=(pl.col("label") > 0).cast(pl.Int8),
            window_end=pl.col(summary).struct.field("timestamp_at_end"),
        )
        .drop_nulls("trigger")
        .sort("subject_id", "trigger")
    )


def main() -> None:
    """Writes the files."""
    events = meds()
    events.write_csv(HERE / "events.csv", datetime_format="%Y-%m-%dT%H:%M:%S")
    for task in sorted(HERE.glob("*.yaml")):
        rows = rows_of_aces(task, events)
        rows.write_csv(task.with_suffix(".csv"), datetime_format="%Y-%m-%dT%H:%M:%S")


if __name__ == "__main__":
    main()
