"""How a document looks, apart from what it says."""

from dataclasses import dataclass

from synthesis.pages.tints import Rgb

A4, LETTER, A5 = (595.28, 841.89), (612.0, 792.0), (419.53, 595.28)  # width, height in points
# Per cent of the text's width at which the signature begins, by `signature_at`; 0 for others.
SIGNATURE_INDENT = {
    "right": 60,
    "center": 40,
    "right-low": 55,
    "two": 30,
    "indent": 15,
    "mid": 30,
}
NARROW = 500  # points: narrower pages have room for one column of text and nothing beside it


@dataclass(frozen=True)
class Style:
    """The look of a document, as values that every renderer understands.

    Lengths are in points. Fields that end in `_at` name a place, those in `_look` a manner of
    drawing; `style_sampling` lists their values. Of the parts of a page, the margin is the column
    of names beside the text, the front the patient and addressee before it, the furniture what
    stands at the edges of pages (letterhead, running header, footer, page number).
    """

    page: tuple[float, float]  # width, height
    left: float  # white at the edges of the page
    right: float
    top: float
    bottom: float
    margin_side: str
    margin_width: float
    margin_gap: float  # between the margin column and the text
    margin_every_page: bool
    family: str
    size: float  # of the text; below, those of the margin column and the furniture
    margin_size: float
    furniture_size: float
    leading: float  # distance of lines, as a multiple of the size
    justify: bool
    gap: float  # between paragraphs, as a multiple of the size
    title_look: str
    title_scale: float  # scales are multiples of the size
    title_indent: float
    letterhead_at: str
    letterhead_scale: float
    front_at: str
    doc_title_look: str
    page_number_at: str
    footer_at: str
    footer_first_only: bool
    running_at: str
    running_first: bool  # the running header also stands on the first page
    signature_at: str
    bullet: str
    table_look: str
    columns: int
    rule: bool  # lines are drawn below some parts
    ink: Rgb
    accent: Rgb
    muted: Rgb
    title_at: str = "above"
    running_look: str = "stack"
    footer_look: str = "stack"
    pairs_look: str = "columns"
    front_pairs: str = "joined"  # how names and values of the front stand
    title_first: bool = False  # the document's title stands before the front
    letterhead_again: bool = False  # on the following pages too, in short
    front_beside: bool = False  # the front stands at the right of the letterhead, not below it
    front_width: float = 10.0  # em from a name to its value, where they stand apart
    front_columns: int = 2  # pairs of a name and its value in a row of cells
    doc_title_scale: float = 1.2


def is_narrow(page: tuple[float, float]) -> bool:
    """Whether a page (width, height) has room only for one column and nothing beside it."""
    return page[0] < NARROW


def name_and_value(line: str, style: Style) -> tuple[str, str]:
    """Splits a line at its colon; the value is empty where there is none.

    The name keeps its colon, unless the style leaves it out.
    """
    name, colon, value = line.partition(": ")
    return name + (":" if colon and style.front_pairs != "apart-bare" else ""), value
