"""Every rule of cutting decides the page that is made for it, by either engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from cut_examples import EXAMPLES, NEAR_MISSES, Example, row
from typeset import width, written

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, Page, pages
from chartline.pdf.layout import cuts, marks
from chartline.pdf.layout.explain import explain

engines = pytest.mark.parametrize(
    "engine", [PdfiumEngine(), PlumberEngine()], ids=lambda engine: engine.name
)


def page_of(path: Path, example: Example, engine: Engine) -> Page:
    (page,) = pages(engine, str(written(path, example.pieces, example.font)))
    return page


def gap_between(page: Page, left: str, right: str) -> dict[str, object]:
    """The first explained gap between two texts; other cuts may have shortened either."""
    near = pl.col("left").str.ends_with(left[-8:]) & pl.col("right").str.starts_with(right[:5])
    return explain(page).filter(near).row(0, named=True)


def is_cut(page: Page, glyph: int) -> bool:
    """Whether the row is cut before a glyph of the page."""
    (gap,) = explain(page).filter(pl.col("right_glyph") == glyph).to_dicts()
    return bool(gap["cut"])


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Switches a rule off."""
    rules = [
        replace(rule, applies=lambda gaps, undecided: np.zeros(len(gaps), np.bool_))
        if rule.name == name
        else rule
        for rule in cuts.RULES
    ]
    mark_rules = [
        replace(rule, applies=lambda mark: False) if rule.name == name else rule
        for rule in cuts.MARK_RULES
    ]
    monkeypatch.setattr(cuts, "RULES", tuple(rules))
    monkeypatch.setattr(cuts, "MARK_RULES", tuple(mark_rules))
    monkeypatch.setattr(marks, "MARK_RULES", tuple(mark_rules))


def test_every_rule_has_an_example_and_a_reason() -> None:
    names = [rule.name for rule in cuts.all_rules()]
    assert set(EXAMPLES) == set(names)
    assert len(names) == len(set(names))
    assert all(rule.reason.endswith(".") for rule in cuts.all_rules())


@engines
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_rule_decides_its_example(tmp_path: Path, engine: Engine, name: str) -> None:
    (rule,) = (rule for rule in cuts.all_rules() if rule.name == name)
    example = EXAMPLES[name]
    gap = gap_between(page_of(tmp_path / "a.pdf", example, engine), example.left, example.right)
    assert (gap["rule"], gap["cut"], gap["apart"]) == (name, rule.cuts, rule.cuts)


@engines
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name != "word_space"])
def test_without_the_rule_its_example_is_decided_the_other_way(
    tmp_path: Path, engine: Engine, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = EXAMPLES[name]
    page = page_of(tmp_path / "a.pdf", example, engine)
    gap = gap_between(page, example.left, example.right)
    without(name, monkeypatch)
    assert is_cut(page, gap["right_glyph"]) != gap["cut"]


@engines
@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_decided_the_other_way(tmp_path: Path, engine: Engine, name: str) -> None:
    (rule,) = (rule for rule in cuts.all_rules() if rule.name == name)
    example = NEAR_MISSES[name]
    gap = gap_between(page_of(tmp_path / "a.pdf", example, engine), example.left, example.right)
    assert gap["rule"] != name
    assert gap["cut"] != rule.cuts


@engines
def test_explained_gaps_lie_between_their_texts(tmp_path: Path, engine: Engine) -> None:
    page = page_of(tmp_path / "a.pdf", EXAMPLES["wide"], engine)
    gap = gap_between(page, "80 mg", "matin et soir")
    assert gap["x0"] == pytest.approx(60 + width("80 mg"), abs=0.5)
    assert gap["x1"] == pytest.approx(79 + width("80 mg"), abs=1)
    assert (gap["top"], gap["bottom"]) == pytest.approx((292, 302), abs=0.5)
    assert (page.glyphs.text[gap["left_glyph"]], page.glyphs.text[gap["right_glyph"]]) == ("g", "m")
    assert gap["left"] == "80 mg"
    assert gap["right"] == "matin et soir"


def test_a_page_without_text_explains_nothing(tmp_path: Path) -> None:
    page = page_of(tmp_path / "a.pdf", Example(row(300, (60, " ")), "", ""), PdfiumEngine())
    assert explain(page).is_empty()
