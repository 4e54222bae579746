"""Makes sample_docs again: `python -m synthesis.samples.make` (needs the extra `synthesis`, Pango and Chromium).

Every person, hospital and document is invented. Each PDF's truth is written beside it, from what the producer was told.
"""

import csv
import json
import random
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from synthesis.pages import content, style
from synthesis.pages.corpus import RENDERERS
from synthesis.pages.text import Writer, bank
from synthesis.samples.ehr import write_ehr
from synthesis.samples.odd_files import ODD
from synthesis.samples.truth import truth_of

HERE = Path(__file__).parents[2] / "sample_docs"
SEED = 2026
PATIENTS = 4000
KINDS = ("discharge", "letter", "operative", "laboratory", "radiology")
HEART_FAILURE = ("insuffisance cardiaque", "décompensation cardiaque", "heart failure")


@dataclass(frozen=True)
class Hospital:
    """One invented hospital's look; `looks` overrides what the seed draws."""

    folder: str
    language: str
    producer: str
    margin: int
    looks: dict[str, Any]


HOSPITALS = (
    Hospital(
        "valmere",
        "fr",
        "typst",
        26,
        {
            "margin_side": "left",
            "family": "Liberation Sans",
            "size": 10,
            "title_look": "bold",
            "letterhead_at": "right",
            "muted": (64, 64, 64),
        },
    ),
    Hospital(
        "brissac",
        "fr",
        "weasyprint",
        14,
        {"margin_side": "right", "family": "Noto Serif", "size": 10, "title_look": "underline"},
    ),
    Hospital(
        "trois-tilleuls",
        "fr",
        "chromium",
        0,
        {"family": "Carlito", "size": 11, "title_look": "bold-caps", "table_look": "grid"},
    ),
    Hospital(
        "sainte-orsane",
        "fr",
        "reportlab",
        30,
        {"margin_side": "left", "margin_every_page": True, "size": 9.5, "title_look": "bold-colon"},
    ),
    Hospital(
        "ashdene",
        "en",
        "reportlab",
        0,
        {"running_first": True, "size": 10.5, "title_look": "caps", "page": style.LETTER},
    ),
    Hospital(
        "merriden",
        "en",
        "typst",
        20,
        {
            "margin_side": "left",
            "family": "TeX Gyre Pagella",
            "size": 10.5,
            "title_look": "boxed",
            "letterhead_at": "right",
        },
    ),
    Hospital(
        "norcott",
        "en",
        "chromium",
        12,
        {"margin_side": "right", "family": "Open Sans", "size": 9.5, "title_look": "accent"},
    ),
    Hospital(
        "fairholt",
        "en",
        "weasyprint",
        0,
        {"family": "DejaVu Sans", "size": 9, "title_look": "numbered", "table_look": "lines"},
    ),
)


def document(
    hospital: Hospital, index: int, kind: str
) -> tuple[content.Content, style.Style, random.Random]:
    """What the document says and how it looks: letterhead, margin, footer and style are the hospital's."""
    house = random.Random(f"{SEED}-{hospital.folder}")
    look = replace(
        style.sample(house, None),
        **{
            "columns": 1,
            "margin_width": 125,
            "margin_gap": 14,
            "letterhead_again": False,
            **hospital.looks,
        },
    )
    common = content.sample(house, hospital.language, None, "short")
    writer = Writer(house, hospital.language)
    letterhead = common.letterhead or [writer.hospital, writer.department]
    footer = common.footer or [writer.line("footer")]
    margin = content.margin(writer, hospital.margin) if hospital.margin else []
    forms = bank(hospital.language)["page_numbers"]
    rng = random.Random(f"{SEED}-{hospital.folder}-{index}")
    said = content.sample(rng, hospital.language, None, kind)
    while kind != "laboratory" and sum(len(block.text) for block in said.flow) < 2600:
        said.flow += content.section(Writer(rng, hospital.language))
    own = Writer(rng, hospital.language)
    said = replace(
        said,
        letterhead=letterhead,
        footer=footer,
        margin=margin,
        page_number=forms[HOSPITALS.index(hospital) % len(forms)],
        running=said.running or [own.line("running")],
        signature=said.signature or content.signature(own),
        stamps=[],
        edge="",
    )
    return said, look, rng


def write(
    path: Path, hospital: Hospital, said: content.Content, look: style.Style, rng: random.Random
) -> None:
    """The PDF and its truth."""
    path.parent.mkdir(parents=True, exist_ok=True)
    RENDERERS[hospital.producer](said, look, rng, path)
    save_truth(path, {"producer": hospital.producer, "pages": truth_of(path)})


def save_truth(path: Path, truth: dict[str, Any]) -> None:
    path.with_suffix(".truth.json").write_text(
        json.dumps(truth, ensure_ascii=False, indent=0) + "\n", "utf-8"
    )


def text_of(said: content.Content) -> str:
    return " ".join(
        [block.text for block in said.flow]
        + [cell for block in said.flow for row in block.rows for cell in row]
    ).lower()


def patients(
    events: pl.DataFrame, rng: random.Random
) -> tuple[list[tuple[str, datetime]], list[tuple[str, datetime]]]:
    """Patients with heart failure and without, each with the end of the record; documents that name it go to the first."""
    last = (
        events.drop_nulls("time")
        .filter(pl.col("code") != "MEDS_BIRTH")
        .group_by("subject_id")
        .agg(
            pl.col("time").max(), pl.col("code").str.starts_with("ICD10//I50").any().alias("failed")
        )
        .sort("subject_id")
    )
    rows = [(str(subject), time, failed) for subject, time, failed in last.iter_rows()]
    rng.shuffle(rows)
    return [(s, t) for s, t, failed in rows if failed], [
        (s, t) for s, t, failed in rows if not failed
    ]


def main() -> None:
    """Writes everything below this folder that is not Python."""
    for entry in HERE.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
    events = write_ehr(HERE / "ehr", PATIENTS, SEED)
    rng = random.Random(SEED)
    failing, others = patients(events, rng)
    rows: list[tuple[str, ...]] = []

    def enter(path: Path, said: content.Content, kind: str) -> None:
        patient, time = (
            failing if any(name in text_of(said) for name in HEART_FAILURE) else others
        ).pop()
        written = time - timedelta(days=rng.randint(0, 20), hours=rng.randint(0, 9))
        encounter = f"E{rng.randint(10**6, 10**7)}"
        rows.append(
            (
                path.relative_to(HERE).as_posix(),
                patient,
                encounter,
                kind,
                written.astimezone(UTC).isoformat(),
                said.language,
            )
        )

    for hospital in HOSPITALS:
        for index, kind in enumerate(KINDS):
            said, look, dice = document(hospital, index, kind)
            path = HERE / hospital.folder / f"{kind}-{index + 1:02d}.pdf"
            write(path, hospital, said, look, dice)
            enter(path, said, kind)
    for name, make in ODD.items():
        said, look, dice = document(
            HOSPITALS[3 if name != "two-columns" else 4],
            90 + list(ODD).index(name),
            "letter" if name == "scanned" else "discharge",
        )
        path = HERE / "odd" / f"{name}.pdf"
        path.parent.mkdir(exist_ok=True)
        save_truth(path, make(path, said, look, dice))
        enter(path, said, "discharge")
    with (HERE / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [("path", "patient_id", "encounter_id", "kind", "written_at", "language"), *rows]
        )


if __name__ == "__main__":
    main()
