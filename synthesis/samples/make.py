"""Makes sample_docs again: `python -m synthesis.samples.make`.

Needs the extra `synthesis`, Pango and Chromium. Every person, hospital and document is invented.
The truth of each PDF, the labels that the generator gave, is written beside it.
"""

import csv
import json
import random
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from synthesis.pages.content import Content
from synthesis.pages.corpus import RENDERERS
from synthesis.pages.style import Style
from synthesis.samples.ehr import write_ehr
from synthesis.samples.hospitals import HOSPITALS, SEED, Hospital, document
from synthesis.samples.odd_files import ODD
from synthesis.samples.truth import truth_of

SAMPLE_DOCS = Path(__file__).parents[2] / "sample_docs"
PATIENTS = 4000
KINDS = ("discharge", "letter", "operative", "laboratory", "radiology")
HEART_FAILURE = ("insuffisance cardiaque", "décompensation cardiaque", "heart failure")
COLUMNS = ("path", "patient_id", "encounter_id", "kind", "written_at", "language")
Record = tuple[str, datetime]  # a patient, and the end of the record


def write(
    path: Path, hospital: Hospital, content: Content, look: Style, rng: random.Random
) -> None:
    """Writes a PDF and its truth."""
    path.parent.mkdir(parents=True, exist_ok=True)
    RENDERERS[hospital.producer](content, look, rng, path)
    save_truth(path, {"producer": hospital.producer, "pages": truth_of(path)})


def save_truth(path: Path, truth: dict[str, Any]) -> None:
    """Writes the truth of a PDF beside it."""
    path.with_suffix(".truth.json").write_text(
        json.dumps(truth, ensure_ascii=False, indent=0) + "\n", "utf-8"
    )


def text_of(content: Content) -> str:
    """The clinical text of a document, in small letters."""
    return " ".join(
        [block.text for block in content.flow]
        + [cell for block in content.flow for row in block.rows for cell in row]
    ).lower()


def patients(events: pl.DataFrame, rng: random.Random) -> tuple[list[Record], list[Record]]:
    """The patients with heart failure and those without, in random order."""
    failed = pl.col("code").str.starts_with("ICD10//I50").any()
    last = (
        events.drop_nulls("time")
        .filter(pl.col("code") != "MEDS_BIRTH")
        .group_by("subject_id")
        .agg(pl.col("time").max(), failed.alias("failed"))
        .sort("subject_id")
    )
    rows = [(str(subject), time, failed) for subject, time, failed in last.iter_rows()]
    rng.shuffle(rows)
    cases = [(subject, time) for subject, time, failed in rows if failed]
    return cases, [(subject, time) for subject, time, failed in rows if not failed]


@dataclass
class Manifest:
    """Assigns documents to patients: those that name heart failure to patients who have it."""

    failing: list[Record]
    others: list[Record]
    rng: random.Random
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def enter(self, path: Path, content: Content, kind: str) -> None:
        """Adds a document, written in the last weeks of its patient's record."""
        names_it = any(name in text_of(content) for name in HEART_FAILURE)
        patient, end = (self.failing if names_it else self.others).pop()
        written = end - timedelta(days=self.rng.randint(0, 20), hours=self.rng.randint(0, 9))
        encounter = f"E{self.rng.randint(10**6, 10**7)}"
        place, time = path.relative_to(SAMPLE_DOCS).as_posix(), written.astimezone(UTC).isoformat()
        self.rows.append((place, patient, encounter, kind, time, content.language))

    def save(self, file: Path) -> None:
        """Writes the manifest as CSV."""
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([COLUMNS, *self.rows])


def main() -> None:
    """Writes sample_docs anew; the folders in it are deleted first."""
    for entry in SAMPLE_DOCS.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
    events = write_ehr(SAMPLE_DOCS / "ehr", PATIENTS, SEED)
    rng = random.Random(SEED)
    manifest = Manifest(*patients(events, rng), rng)
    for hospital in HOSPITALS:
        for index, kind in enumerate(KINDS):
            content, look, dice = document(hospital, index, kind)
            path = SAMPLE_DOCS / hospital.folder / f"{kind}-{index + 1:02d}.pdf"
            write(path, hospital, content, look, dice)
            manifest.enter(path, content, kind)
    for number, (name, make) in enumerate(ODD.items()):
        hospital = HOSPITALS[3 if name != "two-columns" else 4]
        kind = "letter" if name == "scanned" else "discharge"
        content, look, dice = document(hospital, 90 + number, kind)
        path = SAMPLE_DOCS / "odd" / f"{name}.pdf"
        path.parent.mkdir(exist_ok=True)
        save_truth(path, make(path, content, look, dice))
        manifest.enter(path, content, "discharge")
    manifest.save(SAMPLE_DOCS / "manifest.csv")


if __name__ == "__main__":
    main()
