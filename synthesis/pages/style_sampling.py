"""Draws random styles. Of a list of values, every fourth is kept for the test split."""

import random
from typing import Any

from synthesis.pages.style import A4, A5, LETTER, Style, is_narrow
from synthesis.pages.text import Split, held_out

# Values that stand in a list several times are drawn more often.
PAPERS = [A4] * 12 + [LETTER] * 4 + [A4[::-1]] * 2 + [LETTER[::-1], A5]
SIZES = [8, 8.5, 9, 9.5, 10, 10, 10.5, 11, 11, 12, 12.5]
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
TITLE_LOOKS = (
    "bold bold-colon caps underline bold-caps plain-colon boxed accent bold-underline numbered "
    "italic big plain"
).split()
TITLE_PLACES = "above left center ruled left-wide above center center-ruled".split()
LETTERHEAD_PLACES = "left center right split banner two-column left-tall split-right".split()
FRONT_PLACES = ("left right boxed grid two-column center inline right-low cells cells").split()
DOC_TITLE_LOOKS = "center boxed left center-big accent underline right filled".split()
PAGE_NUMBER_PLACES = (
    "bottom-center bottom-right top-right bottom-left footer-above top-center bottom-inner top-left"
).split()
SIGNATURE_PLACES = "left right center right-low two far-left indent mid".split()
TABLE_LOOKS = "grid plain lines zebra head dots outer wide".split()
RUNNING_LOOKS = "stack spread grid stack-ruled ruled stack boxed spread-ruled".split()
FOOTER_LOOKS = "stack spread joined joined-ruled ruled columns stack spread-ruled".split()
PAIRS_LOOKS = "columns one dots columns-right columns one-bold columns-bold dots-wide".split()
FRONT_PAIRS = "joined apart joined joined apart-bare apart joined apart-bold above".split()
SIDES = ["left", "center", "right"]
BULLETS = ["•", "-", "–", "*", "1.", ">", ""]
GREYS = [0, 0, 0, 32, 64]
ACCENTS = [(0, 51, 128), (128, 0, 32), (0, 96, 80), (60, 60, 64), (0, 0, 0), (0, 112, 192)]
MUTED = [(96, 96, 96), (0, 0, 0), (0, 51, 128), (128, 128, 128)]
SMALL_PAGE = 0.65  # white and margins of a narrow page, as a share of other pages'
SMALL_PAGE_SIZE = 10  # largest type on a narrow page


class _Draw:
    """Draws values for a split."""

    def __init__(self, rng: random.Random, split: Split | None) -> None:
        self.rng, self.split = rng, split

    def one(self, options: list[str]) -> str:
        """One of the values that the split may use."""
        return self.rng.choice(held_out(options, self.split))

    def mostly(self, common: str, share: float, options: list[str]) -> str:
        """`common` with the probability `share`, else one of the values."""
        return common if self.rng.random() < share else self.one(options)


def sample(rng: random.Random, split: Split | None) -> Style:
    """A random style; values of all splits where `split` is None.

    The order of the draws is part of the result: another order gives other styles for a seed.
    """
    draw = _Draw(rng, split)
    grey, size, page = rng.choice(GREYS), rng.choice(SIZES), rng.choice(PAPERS)
    share = 1.0
    if is_narrow(page):
        size, share = min(size, SMALL_PAGE_SIZE), SMALL_PAGE
    return Style(
        page=page,
        **_space(rng, share),
        **_type(draw, size),
        **_titles(draw),
        **_furniture(draw),
        **_tables(draw, is_narrow(page)),
        ink=(grey, grey, grey),
        accent=rng.choice(ACCENTS),
        muted=rng.choice(MUTED),
        **_looks(draw),
        **_front(rng),
    )


def _space(rng: random.Random, share: float) -> dict[str, Any]:
    return {
        "left": share * rng.uniform(28, 85),
        "right": share * rng.uniform(28, 80),
        "top": share * rng.uniform(36, 110),
        "bottom": rng.uniform(45, 100),
        "margin_side": rng.choice(["left", "left", "left", "right"]),
        "margin_width": share * rng.uniform(85, 165),
        "margin_gap": rng.uniform(7, 26),
        "margin_every_page": rng.random() < 0.25,
    }


def _type(draw: _Draw, size: float) -> dict[str, Any]:
    rng = draw.rng
    return {
        "family": draw.one(FAMILIES),
        "size": size,
        "margin_size": size * rng.uniform(0.6, 1.0),
        "furniture_size": size * rng.uniform(0.6, 1.0),
        "leading": rng.uniform(1.1, 1.6),
        "justify": rng.random() < 0.4,
        "gap": rng.choice([0, 0.2, 0.4, 0.7, 1.0, 1.3, 1.8]),
    }


def _titles(draw: _Draw) -> dict[str, Any]:
    return {
        "title_look": draw.one(TITLE_LOOKS),
        "title_scale": draw.rng.choice([1, 1, 1, 1.1, 1.2, 1.35]),
        "title_indent": draw.rng.choice([0, 0, 0, 0, 12, 25]),
    }


def _furniture(draw: _Draw) -> dict[str, Any]:
    rng = draw.rng
    return {
        "letterhead_at": draw.one(LETTERHEAD_PLACES),
        "letterhead_scale": rng.uniform(0.8, 1.6),
        "front_at": draw.one(FRONT_PLACES),
        "doc_title_look": draw.one(DOC_TITLE_LOOKS),
        "page_number_at": draw.mostly("bottom-center", 0.2, PAGE_NUMBER_PLACES),
        "footer_at": rng.choice(SIDES),
        "footer_first_only": rng.random() < 0.2,
        "running_at": rng.choice(SIDES),
        "running_first": rng.random() < 0.4,
        "signature_at": draw.one(SIGNATURE_PLACES),
    }


def _tables(draw: _Draw, narrow: bool) -> dict[str, Any]:
    return {
        "bullet": draw.rng.choice(BULLETS),
        "table_look": draw.one(TABLE_LOOKS),
        "columns": 2 if draw.rng.random() < 0.05 and not narrow else 1,
        "rule": draw.rng.random() < 0.4,
    }


def _looks(draw: _Draw) -> dict[str, Any]:
    return {
        "title_at": draw.mostly("above", 0.6, TITLE_PLACES),
        "running_look": draw.one(RUNNING_LOOKS),
        "footer_look": draw.one(FOOTER_LOOKS),
        "pairs_look": draw.one(PAIRS_LOOKS),
        "front_pairs": draw.one(FRONT_PAIRS),
    }


def _front(rng: random.Random) -> dict[str, Any]:
    return {
        "title_first": rng.random() < 0.35,
        "letterhead_again": rng.random() < 0.12,
        "front_beside": rng.random() < 0.2,
        "front_width": rng.uniform(7, 16),
        "front_columns": rng.choice([1, 2, 2, 2, 3]),
        "doc_title_scale": rng.choice([1, 1.2, 1.2, 1.35, 1.6, 2, 2.5]),
    }
