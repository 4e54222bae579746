"""Writes the simulated cohort as a MEDS dataset, with the hazard and the true risks beside it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq
from meds import schema as meds

from synthesis.patients import rates, simulation, vocabulary

SPLITS = ("train", "tuning", "held_out")


def write_ehr(folder: Path, patients: int, seed: int) -> pl.DataFrame:
    """Simulates a cohort and writes `data/<split>/0.parquet`, `metadata/` and `truth/`.

    Returns:
        The events.
    """
    cohort = simulation.simulate(patients, seed, replicates=24)
    events = cohort.events.with_columns(numeric_value=pl.lit(None, pl.Float32))
    for split in SPLITS:
        subjects = cohort.splits.filter(pl.col("split") == split)["subject_id"]
        _parquet(
            events.filter(pl.col("subject_id").is_in(subjects.implode())),
            folder / "data" / split / "0.parquet",
            meds.DataSchema,
        )
    _parquet(cohort.splits, folder / "metadata" / "subject_splits.parquet", meds.SubjectSplitSchema)
    _parquet(_codes(events), folder / "metadata" / "codes.parquet", meds.CodeMetadataSchema)
    about: dict[str, object] = {
        "dataset_name": "Chartline's invented cohort",
        "dataset_version": "1",
        "etl_name": "synthesis/samples/ehr.py",
        "etl_version": "1",
        "meds_version": "0.4.1",
        "created_at": datetime(2026, 11, 23, tzinfo=UTC).isoformat(),
        "location_uri": ".",
    }
    _json(about, folder / "metadata" / "dataset.json")
    _json(rates.hazard_document(), folder / "truth" / "hazard.json")
    _parquet(cohort.risk, folder / "truth" / "risk.parquet")
    return events


def _codes(events: pl.DataFrame) -> pl.DataFrame:
    """The meaning of each code, and the public code above a local or more detailed one."""
    known = vocabulary.names()
    codes = events.select(pl.col("code").unique()).sort("code")["code"].to_list()
    rows = [(code, *known.get(code, (None, code))) for code in codes]
    return pl.DataFrame(
        [
            (code, name, None if public == code else [public.replace("//", "/", 1)])
            for code, name, public in rows
        ],
        schema={"code": pl.String, "description": pl.String, "parent_codes": pl.List(pl.String)},
        orient="row",
    )


def _parquet(frame: pl.DataFrame, file: Path, schema: Any = None) -> None:
    """Writes a frame, in the exact Arrow types of a MEDS schema where one is given."""
    file.parent.mkdir(parents=True, exist_ok=True)
    naive = frame.with_columns(cs.datetime().dt.replace_time_zone(None)) if schema else frame
    table = naive.to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(
        schema.align(table) if schema else table, file, compression="zstd", compression_level=15
    )


def _json(value: dict[str, object], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
