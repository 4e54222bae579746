"""The invented hospitals of sample_docs, and what each of their documents says."""

import random
from dataclasses import dataclass, replace
from typing import Any

from synthesis.pages import clinical_text, content, style, style_sampling
from synthesis.pages.text import Writer, bank

SEED = 2026
LONG_ENOUGH = 2600  # characters of text in a document, laboratory reports excepted


@dataclass(frozen=True)
class Hospital:
    """One invented hospital.

    Attributes:
        folder: Below sample_docs.
        language: Two letters.
        producer: A key of `corpus.RENDERERS`.
        margin: Number of lines in the margin column.
        looks: Fields of its style that are not random.
    """

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
    """A document of a hospital.

    Letterhead, margin, footer and style are those of all its documents.

    Args:
        hospital: The hospital.
        index: Number of the document, which gives its seed.
        kind: One of `content.KINDS`.

    Returns:
        Content, style, and the random numbers with which it is to be rendered.
    """
    house = random.Random(f"{SEED}-{hospital.folder}")
    fixed = {"columns": 1, "margin_width": 125, "margin_gap": 14, "letterhead_again": False}
    look = replace(style_sampling.sample(house, None), **{**fixed, **hospital.looks})
    common = content.sample(house, hospital.language, None, "short")
    writer = Writer(house, hospital.language)
    letterhead = common.letterhead or [writer.hospital, writer.department]
    footer = common.footer or [writer.line("footer")]
    margin = content.margin(writer, hospital.margin) if hospital.margin else []
    forms = bank(hospital.language)["page_numbers"]
    rng = random.Random(f"{SEED}-{hospital.folder}-{index}")
    document = content.sample(rng, hospital.language, None, kind)
    while kind != "laboratory" and sum(len(b.text) for b in document.flow) < LONG_ENOUGH:
        document.flow += clinical_text.section(Writer(rng, hospital.language))
    own = Writer(rng, hospital.language)
    document = replace(
        document,
        letterhead=letterhead,
        footer=footer,
        margin=margin,
        page_number=forms[HOSPITALS.index(hospital) % len(forms)],
        running=document.running or [own.line("running")],
        signature=document.signature or content.signature(own),
        stamps=[],
        edge="",
    )
    return document, look, rng
