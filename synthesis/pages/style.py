"""How a document looks: degrees of freedom, each sampled on its own; some values are kept for the test split."""

import random
from dataclasses import dataclass
from itertools import count

from chartline.models.line_classifier.labels import LABELS
from synthesis.pages.text import Split, held_out

A4, LETTER, A5 = (595.28, 841.89), (612.0, 792.0), (419.53, 595.28)
PAPERS = [A4] * 12 + [LETTER] * 4 + [A4[::-1]] * 2 + [LETTER[::-1], A5]
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Style:
    """Lengths in points. `*_at` values name positions that every renderer understands."""

    page: tuple[float, float]
    left: float
    right: float
    top: float
    bottom: float
    margin_side: str
    margin_width: float
    margin_gap: float
    margin_every_page: bool
    family: str
    size: float
    margin_size: float
    furniture_size: float
    leading: float
    justify: bool
    gap: float
    title_look: str
    title_scale: float
    title_indent: float
    letterhead_at: str
    letterhead_scale: float
    front_at: str
    doc_title_look: str
    page_number_at: str
    footer_at: str
    footer_first_only: bool
    running_at: str
    running_first: bool
    signature_at: str
    bullet: str
    table_look: str
    columns: int
    rule: bool
    ink: Rgb
    accent: Rgb
    muted: Rgb
    title_at: str = "above"
    running_look: str = "stack"
    footer_look: str = "stack"
    pairs_look: str = "columns"
    front_pairs: str = "joined"
    title_first: bool = False
    letterhead_again: bool = False
    front_beside: bool = (
        False  # the first matter stands at the right of the letterhead, not below it
    )
    front_width: float = 10.0  # em from a name to its value where they stand apart
    front_columns: int = 2  # pairs of a name and its value in a row of cells
    doc_title_scale: float = 1.2


def named(line: str, style: Style) -> tuple[str, str]:
    """A line's name, with its colon unless the look leaves it out, and its value; a line without a name has no value."""
    name, colon, value = line.partition(": ")
    return name + (":" if colon and style.front_pairs != "apart-bare" else ""), value


_elements = count()


def restart_elements() -> None:
    """To be called before a document is rendered, so that the same document always gets the same colours."""
    global _elements
    _elements = count()


def tint(rgb: Rgb, label: str) -> Rgb:
    """`rgb` with the truth hidden in its low bits, so that it travels inside the PDF.

    Blue holds the label; red and green count the elements of a document (a paragraph, a cell, a line of a margin),
    modulo 256: glyphs of one element on one baseline are a true line.
    """
    number = next(_elements) % 256
    return (
        (rgb[0] & 0xF0) | number >> 4,
        (rgb[1] & 0xF0) | number & 0x0F,
        (rgb[2] & 0xF0) | (LABELS.index(label) + 1),
    )


def label_of(color: int) -> str | None:
    """The label hidden by `tint`, or None for a foreign colour.

    >>> label_of(0x202F33)
    'table'
    """
    number = (color & 0x0F) - 1
    return LABELS[number] if 0 <= number < len(LABELS) else None


def element_of(color: int) -> int:
    """The number of the element hidden by `tint`.

    >>> element_of(0x212F33)
    31
    """
    return (color >> 16 & 0x0F) << 4 | (color >> 8 & 0x0F)


FAMILIES = [
    "Liberation Sans",
    "Liberation Serif",
    "DejaVu Sans",
    "Noto Sans",
    "Carlito",
    "Roboto",
    "Open Sans",
    "Lato",
    "DejaVu Serif",
    "Noto Serif",
    "TeX Gyre Pagella",
    "TeX Gyre Termes",
    "Liberation Mono",
]
_TITLES = [
    "bold",
    "bold-colon",
    "caps",
    "underline",
    "bold-caps",
    "plain-colon",
    "boxed",
    "accent",
    "bold-underline",
    "numbered",
    "italic",
    "big",
    "plain",
]
_PLACES = [
    "bottom-center",
    "bottom-right",
    "top-right",
    "bottom-left",
    "footer-above",
    "top-center",
    "bottom-inner",
    "top-left",
]


def narrow(page: tuple[float, float]) -> bool:
    """Whether a page has room for one column and nothing beside it."""
    return page[0] < 500


def sample(rng: random.Random, split: Split | None) -> Style:
    """A random look."""

    def one(options: list) -> object:  # type: ignore[type-arg]
        return rng.choice(held_out(options, split))

    def weighted(options: list, common: object, share: float) -> object:  # type: ignore[type-arg]
        return common if rng.random() < share else one(options)

    grey = rng.choice([0, 0, 0, 32, 64])
    size = rng.choice([8, 8.5, 9, 9.5, 10, 10, 10.5, 11, 11, 12, 12.5])
    page = rng.choice(PAPERS)
    size, share = (min(size, 10), 0.65) if narrow(page) else (size, 1.0)
    return Style(
        page=page,
        left=share * rng.uniform(28, 85),
        right=share * rng.uniform(28, 80),
        top=share * rng.uniform(36, 110),
        bottom=rng.uniform(45, 100),
        margin_side=rng.choice(["left", "left", "left", "right"]),
        margin_width=share * rng.uniform(85, 165),
        margin_gap=rng.uniform(7, 26),
        margin_every_page=rng.random() < 0.25,
        family=str(one(FAMILIES)),
        size=size,
        margin_size=size * rng.uniform(0.6, 1.0),
        furniture_size=size * rng.uniform(0.6, 1.0),
        leading=rng.uniform(1.1, 1.6),
        justify=rng.random() < 0.4,
        gap=rng.choice([0, 0.2, 0.4, 0.7, 1.0, 1.3, 1.8]),
        title_look=str(one(_TITLES)),
        title_scale=rng.choice([1, 1, 1, 1.1, 1.2, 1.35]),
        title_indent=rng.choice([0, 0, 0, 0, 12, 25]),
        letterhead_at=str(
            one(
                [
                    "left",
                    "center",
                    "right",
                    "split",
                    "banner",
                    "two-column",
                    "left-tall",
                    "split-right",
                ]
            )
        ),
        letterhead_scale=rng.uniform(0.8, 1.6),
        front_at=str(
            one(
                [
                    "left",
                    "right",
                    "boxed",
                    "grid",
                    "two-column",
                    "center",
                    "inline",
                    "right-low",
                    "cells",
                    "cells",
                ]
            )
        ),
        doc_title_look=str(
            one(["center", "boxed", "left", "center-big", "accent", "underline", "right", "filled"])
        ),
        page_number_at=str(weighted(_PLACES, "bottom-center", 0.2)),
        footer_at=rng.choice(["left", "center", "right"]),
        footer_first_only=rng.random() < 0.2,
        running_at=rng.choice(["left", "center", "right"]),
        running_first=rng.random() < 0.4,
        signature_at=str(
            one(["left", "right", "center", "right-low", "two", "far-left", "indent", "mid"])
        ),
        bullet=rng.choice(["•", "-", "–", "*", "1.", ">", ""]),
        table_look=str(one(["grid", "plain", "lines", "zebra", "head", "dots", "outer", "wide"])),
        columns=2 if rng.random() < 0.05 and not narrow(page) else 1,
        rule=rng.random() < 0.4,
        ink=(grey, grey, grey),
        accent=rng.choice(
            [(0, 51, 128), (128, 0, 32), (0, 96, 80), (60, 60, 64), (0, 0, 0), (0, 112, 192)]
        ),
        muted=rng.choice([(96, 96, 96), (0, 0, 0), (0, 51, 128), (128, 128, 128)]),
        title_at=str(
            weighted(
                [
                    "above",
                    "left",
                    "center",
                    "ruled",
                    "left-wide",
                    "above",
                    "center",
                    "center-ruled",
                ],
                "above",
                0.6,
            )
        ),
        running_look=str(
            one(
                [
                    "stack",
                    "spread",
                    "grid",
                    "stack-ruled",
                    "ruled",
                    "stack",
                    "boxed",
                    "spread-ruled",
                ]
            )
        ),
        footer_look=str(
            one(
                [
                    "stack",
                    "spread",
                    "joined",
                    "joined-ruled",
                    "ruled",
                    "columns",
                    "stack",
                    "spread-ruled",
                ]
            )
        ),
        pairs_look=str(
            one(
                [
                    "columns",
                    "one",
                    "dots",
                    "columns-right",
                    "columns",
                    "one-bold",
                    "columns-bold",
                    "dots-wide",
                ]
            )
        ),
        front_pairs=str(
            one(
                [
                    "joined",
                    "apart",
                    "joined",
                    "joined",
                    "apart-bare",
                    "apart",
                    "joined",
                    "apart-bold",
                    "above",
                ]
            )
        ),
        title_first=rng.random() < 0.35,
        letterhead_again=rng.random() < 0.12,
        front_beside=rng.random() < 0.2,
        front_width=rng.uniform(7, 16),
        front_columns=rng.choice([1, 2, 2, 2, 3]),
        doc_title_scale=rng.choice([1, 1.2, 1.2, 1.35, 1.6, 2, 2.5]),
    )
