"""Headings as letters of varied hospitals have them, 90 a language, and the kinds they mean.

The first 60 of a language were written before the rules of words were last changed, the last 30
after that; measured together: see the floors.
"""

from pathlib import Path

import pytest

from chartline.text.titles import OTHER, section_kind

FILES = sorted((Path(__file__).parent / "headings").glob("*.tsv"))
RIGHT, WRONG = 0.92, 0.03  # least share of right kinds, most of wrong ones


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_most_headings_have_the_right_kind_and_few_a_wrong_one(file: Path) -> None:
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
    found = [(section_kind(title), kind) for title, kind in rows]
    assert len(rows) == 90
    assert sum(kind == expected for kind, expected in found) >= RIGHT * len(rows)
    assert sum(kind not in (expected, OTHER) for kind, expected in found) <= WRONG * len(rows)


def test_every_language_has_its_headings() -> None:
    assert [file.stem for file in FILES] == ["de", "en", "es", "fr", "it", "nl", "pt"]
