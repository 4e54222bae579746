"""The report shows what the tables hold, and nothing in them can become HTML."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from chartline.core.progress import silent
from chartline.core.settings import Settings, load
from chartline.core.tables import TABLES, types_of
from chartline.store import Store
from chartline.views.report import plots, write

ATTACK = "<script>alert(1)</script> & <b>R&D</b>"
TIME = datetime(2021, 5, 6, tzinfo=UTC)


def document(name: str, **change: object) -> dict[str, object]:
    row = {
        "document_id": name,
        "path": f"{ATTACK.replace('/', '')} {name}.pdf",
        "language": "fr",
        "pages": 2,
        "status": "processed",
        "version": "1",
        "content_hash": name,
        "size": 1,
        "modified_at": TIME,
    }
    return {**row, **change}


def line(name: str, page: int, text: str) -> dict[str, object]:
    places = {"x0": 40.0, "top": 50.0, "x1": 200.0, "bottom": 60.0}
    return {
        **{"document_id": name, "page": page, "line": 0, "text": text, **places},
        **{"page_width": 500.0, "page_height": 700.0, "font": "F", "size": 10.0, "bold": False},
        **{"italic": False, "source": "native", "label": "body", "confidence": 0.9},
    }


def section(name: str) -> dict[str, object]:
    return {
        **{"document_id": name, "section": 0, "kind": "course", "title": ATTACK, "text": ATTACK},
        **{"first_page": 1, "last_page": 1},
        "spans": [{"begin": 0, "end": len(ATTACK), "page": 1, "line": 0}],
    }


def vectors() -> list[dict[str, object]]:
    codes = ["ICD10//I50.9", "ICD10//I10", "LOCAL//7", "ATC//C03CA01"]
    return [
        {
            "code": code,
            "vocabulary": code.split("//")[0],
            "count": 90 - place,
            "vector": [1.0 - 0.1 * place, 0.1 * place],
        }
        for place, code in enumerate(codes)
    ]


def tables() -> dict[str, list[dict[str, Any]]]:
    return {
        "documents": [
            document("a"),
            document("b", pages=3),
            document("c", status="quarantined", reason="no pages", pages=0),
        ],
        "lines": [line(name, page, ATTACK) for name in "ab" for page in (1, 2)],
        "sections": [section("a"), section("b")],
        "mentions": [],
        "concept_vectors": vectors(),
        "codes": [{"code": "LOCAL//7", "description": ATTACK, "parent_codes": None}],
        "feature_dictionary": [
            {"name": "n", "meaning": ATTACK, "unit": "", "window_days": None, "source": "events"}
        ],
    }


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(None, {"reading.workers": 1, "report_pages": 3})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> str:
    """The report over tables whose every text tries to be HTML; there are no files to picture."""
    out = tmp_path_factory.mktemp("out")
    store = Store(out)
    for name, rows in tables().items():
        store.overwrite(name, pl.DataFrame(rows, schema=types_of(TABLES[name])))
    path = write(store, out, settings, silent)
    assert path.parent.stat().st_mode & 0o077 == 0
    return path.read_text("utf-8")


def test_no_text_of_the_tables_becomes_html(page: str) -> None:
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "<b>R" not in page
    assert "R&D" not in page


@pytest.mark.parametrize(
    "pattern",
    [
        r"<summary>(.*?)<small>",  # the path
        r'<div class="section"><h4>(.*?)<small>',  # the title
        r'<div class="section">.*?<p>(.*?)</p>',  # the text
        r"<h3>(?:<!-- -->)?([^<]*?) <span class=\"note\">LOCAL//7",  # the name of a code
        r'<tr><td>([^<]*?)</td><td class="note">LOCAL//7</td>',  # the name of a neighbour
        r"<tr><td>n</td><td>(.*?)</td>",  # the meaning of a feature
    ],
)
def test_each_text_is_shown_as_it_is(page: str, pattern: str) -> None:
    shown = re.search(pattern, page, re.DOTALL)
    assert shown
    text = html.unescape(re.sub(r"<[^>]*>", "", shown[1]))
    assert text.strip() in (ATTACK, f"{ATTACK.replace('/', '')} a.pdf")


def test_pages_are_shown_up_to_the_setting(page: str) -> None:
    assert re.findall(r'data-document="(\w)"', page) == ["a", "b"]
    assert len(re.findall('<div class="sheet"', page)) == 3
    assert page.count("first 1 shown") == 1
    assert 'viewBox="0 0 500.0 700.0"' in page


def test_a_name_in_the_map_is_text(settings: Settings) -> None:
    frame = pl.DataFrame(vectors())
    drawn = plots.concept_map(frame, {"LOCAL//7": f"{ATTACK} $x$ and $\\oops$"})
    assert "<script" not in drawn
    assert "$x$" in drawn
