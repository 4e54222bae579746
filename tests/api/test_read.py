"""A file becomes a Document, whatever it holds; the process that calls is never at risk."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import reportlab_letter
from hostile import MAKERS

import chartline
from chartline.api.reading import _reader
from chartline.core.paths import document_id
from chartline.core.tables import Lines, Mentions, Sections, types_of

pytestmark = pytest.mark.slow  # the child process starts in seconds


def test_a_letter_has_the_tables_of_the_contract(tmp_path: Path) -> None:
    document = chartline.read(
        str(reportlab_letter(tmp_path / "letter.pdf", pages=2)), written_at="2021-05-06"
    )
    assert (document.status, document.reason, document.pages) == ("processed", None, 2)
    assert (document.language, document.engine, document.failed_pages) == ("fr", "pdfium", {})
    assert document.written_at == datetime(2021, 5, 6, tzinfo=UTC)
    assert document.document_id == document_id("letter.pdf")
    for frame, schema in (
        (document.lines, Lines),
        (document.sections, Sections),
        (document.mentions, Mentions),
    ):
        assert frame.schema == types_of(schema)
        assert set(frame["document_id"]) == {document.document_id}
    assert {"I50.9", "C03CA01"} <= set(document.mentions["code"])
    text = document.sections.row(0, named=True)["text"]
    first = document.mentions.filter(section=0).row(0, named=True)
    assert text[first["begin"] : first["end"]] == first["text"]


def test_it_says_what_it_is_in_one_line_without_text(tmp_path: Path) -> None:
    document = chartline.read(reportlab_letter(tmp_path / "letter.pdf"))
    assert repr(document).startswith("<Document 'letter.pdf' (processed): 1 pages, ")
    assert "dyspnée" not in repr(document)
    assert "\n" not in repr(document)


def test_language_and_engine_are_taken_as_given(tmp_path: Path) -> None:
    letter = reportlab_letter(tmp_path / "letter.pdf")
    swedish = chartline.read(letter, language="sv")
    assert (swedish.language, len(swedish.mentions)) == ("sv", 0)
    assert chartline.read(letter, engine="pdfplumber").engine == "pdfplumber"


def test_the_same_child_process_reads_the_next_file(tmp_path: Path) -> None:
    letter = reportlab_letter(tmp_path / "letter.pdf")
    chartline.read(letter)
    assert _reader._pool is not None
    children = [child.process.pid for child in _reader._pool.processes]
    chartline.read(letter, engine="pdfplumber")
    assert len(children) == 1
    assert [child.process.pid for child in _reader._pool.processes] == children


def test_other_settings_take_another_child_process(tmp_path: Path) -> None:
    letter = reportlab_letter(tmp_path / "letter.pdf", pages=2)
    cut = chartline.read(letter, settings={"reading.limits.pages": 1})
    assert (cut.status, cut.reason, cut.pages) == ("partial", "too_many_pages", 2)
    assert cut.lines["page"].unique().to_list() == [1]
    config = tmp_path / "chartline.toml"
    config.write_text("[reading.limits]\nfile_mb = 0.0001\n")
    assert chartline.read(letter, config=config).reason == "too_large"
    assert chartline.read(letter).status == "processed"


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("zero_bytes", "quarantined", "empty_file"),
        ("renamed", "quarantined", "not_a_pdf"),
        ("encrypted", "quarantined", "encrypted"),
        ("truncated", "partial", "damaged"),
    ],
)
def test_a_bad_file_has_its_reason(tmp_path: Path, name: str, status: str, reason: str) -> None:
    MAKERS[name](tmp_path / "bad.pdf")
    document = chartline.read(tmp_path / "bad.pdf")
    assert (document.status, document.reason) == (status, reason)
    assert type(document.reason) is str
    assert reason in document._repr_html_()
    assert document.lines.schema == types_of(Lines)


def test_a_file_that_takes_its_reader_down_leaves_this_process_alone(tmp_path: Path) -> None:
    MAKERS["flate_bomb"](tmp_path / "bomb.pdf")
    limits = {"reading.limits.page_seconds": 5}
    document = chartline.read(tmp_path / "bomb.pdf", settings=limits)
    assert document.status == "quarantined"
    assert document.reason in {"memory", "crash", "timeout", "damaged", "no_text"}
    good = chartline.read(reportlab_letter(tmp_path / "letter.pdf"), settings=limits)
    assert good.status == "processed"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"path": "no-such.pdf"}, "no-such.pdf: no such file"),
        ({"path": "."}, "is a folder; chartline.run reads folders"),
        ({"path": "a\0b"}, "no such file"),
        ({"path": None}, "path: a path is needed, not NoneType"),
        ({"path": "x.pdf", "engine": "word"}, "reading.engine"),
        ({"path": "x.pdf", "settings": {"reading.limits.page": 1}}, "page"),
        ({"path": "x.pdf", "language": "français"}, "language: an ISO 639-1 code"),
        ({"path": "x.pdf", "written_at": "yesterday"}, "written_at: an ISO 8601"),
        ({"path": "x.pdf", "config": "none.toml"}, "none.toml: not a readable TOML file"),
    ],
)
def test_wrong_arguments_are_usage_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(chartline.UsageError, match=message):
        chartline.read(**arguments)


def test_a_named_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(chartline.UsageError, match="no such file"):
        chartline.read(tmp_path / "pipe.pdf")


def test_a_script_without_a_main_guard_reads(tmp_path: Path) -> None:
    reportlab_letter(tmp_path / "letter.pdf")
    (tmp_path / "script.py").write_text(
        "import chartline\nprint(chartline.read('letter.pdf').status)\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "processed\n", "")


class Elements(HTMLParser):
    """Elements with their attributes, and the text between them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(html: str) -> Elements:
    elements = Elements()
    elements.feed(html)
    return elements


def test_it_shows_every_line_at_its_place_in_the_colour_of_its_label(tmp_path: Path) -> None:
    document = chartline.read(reportlab_letter(tmp_path / "letter.pdf", pages=3))
    shown = parsed(document.html(pages=2))
    boxes = [attributes for tag, attributes in shown.found if tag == "rect"]
    lines = document.lines.filter(pl.col("page") <= 2)
    assert len(boxes) == len(lines)
    assert [float(box["y"] or 0) for box in boxes] == pytest.approx(
        lines["top"].to_list(), abs=0.06
    )
    from chartline.views.marking import LABEL_COLOURS

    assert [box["fill"] for box in boxes] == [LABEL_COLOURS[label] for label in lines["label"]]
    assert sum(tag == "svg" for tag, _ in shown.found) == 2
    assert "the first 2 shown" in shown.text
    marks = [attributes for tag, attributes in shown.found if tag == "mark"]
    assert any(mark.get("title") == "ICD10 I26.9 negated" for mark in marks)


def test_it_needs_nothing_from_outside(tmp_path: Path) -> None:
    shown = parsed(chartline.read(reportlab_letter(tmp_path / "letter.pdf"))._repr_html_())
    assert not {tag for tag, _ in shown.found} & {"script", "link", "img", "iframe", "object"}
    assert not [a for _, attributes in shown.found for a in attributes if a in ("src", "href")]


def test_text_of_the_document_is_never_markup(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)> & \"quoted\" 'too'"
    letter = reportlab_letter(
        tmp_path / "<b>letter.pdf", body=[attack, "Une HTA </text></svg> traitée."], notes=[attack]
    )
    document = chartline.read(letter, language="fr")
    assert document.lines["text"].str.contains("<script>alert(1)</script>", literal=True).any()
    html = document._repr_html_()
    shown = parsed(html)
    assert not {tag for tag, _ in shown.found} & {"script", "img"}
    assert "<script>alert(1)</script>" in shown.text
    assert "<b>letter" not in html
    assert sum(tag == "svg" for tag, _ in shown.found) == html.count("</svg>") == 1
