"""The report: what the tables hold, as one page that shows no more and runs nothing."""

import base64
import stat
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from views.tables import HOSTILE, document, line, mention, section, stored

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.settings import load
from chartline.store import Store
from chartline.views import page_pictures
from chartline.views.report import page

Pictures = Callable[..., dict[str, list[bytes]]]


class Elements(HTMLParser):
    """The page as a browser takes it apart."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str, name: str = "") -> list[dict[str, str | None]]:
        return [
            attrs for found, attrs in self.found if found == tag and (not name or name in attrs)
        ]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Path, int]]:
    """The pages for which pictures are asked; each gets a picture of its own, without a worker."""
    found: dict[str, tuple[Path, int]] = {}

    def render(
        documents: dict[str, tuple[Path, int]],
        workers: int,
        memory: int,
        done: Callable[[int], Any],
    ) -> dict[str, list[bytes]]:
        found.update(documents)
        return {
            name: [f"{name}{number}".encode() for number in range(pages)]
            for name, (_, pages) in documents.items()
            if name != "undrawn"
        }

    monkeypatch.setattr(page_pictures, "render", render)
    return found


def report(store: Store, docs: Path | None = None, pages: int = 10) -> Elements:
    file = page.write(store, docs, load(None, {"report_pages": pages}), lambda *_: None)
    assert file == store.root / "report" / "index.html"
    return Elements(file.read_text("utf-8"))


def test_text_of_patients_is_shown_and_never_run(tmp_path: Path, asked: dict[str, Any]) -> None:
    store = stored(
        tmp_path / "out",
        documents=[
            document("d", path=f"{HOSTILE}.pdf", kind=HOSTILE),
            document("q", path="<b>q", status="quarantined", reason="damaged", pages=0),
        ],
        lines=[line("d", HOSTILE)],
        sections=[section("d", HOSTILE, title=HOSTILE)],
        mentions=[mention("d", 0, 8, code="<i>")],
    )
    found = report(store)
    assert len(found.of("script")) == 1  # the page's own
    assert not found.of("b") or all("q" not in str(attrs) for attrs in found.of("b"))
    assert not found.of("i", "")[0].get("onerror")
    assert found.text.count(HOSTILE) >= 3  # path, title, text
    assert "<b>q" in found.text
    assert [attrs["title"] for attrs in found.of("mark", "title")] == ["ICD10 <i>"]


def test_a_page_shows_its_lines_where_they_stand(tmp_path: Path, asked: dict[str, Any]) -> None:
    store = stored(
        tmp_path / "out",
        documents=[document("d", pages=2), document("undrawn")],
        lines=[
            line("d", "b", page=2, label="note"),
            line("d", "a", page=1, number=1, x0=20.0, x1=50.0),
            line("d", "a", page=1, number=0),
            line("e", "of another document"),
        ],
        sections=[section("d", "second", 1), section("d", "first HTA"), section("e", "other")],
        mentions=[mention("d", 6, 9), mention("d", 0, 6, 1, negated=True), mention("e", 0, 2)],
    )
    found = report(store)
    boxes = found.of("rect")
    assert [box["data-line"] for box in boxes] == ["1-0", "1-1", "2-0"]
    place = {name: boxes[1][name] for name in ("x", "y", "width", "height")}
    assert place == {"x": "19.0", "y": "20.0", "width": "32.0", "height": "10.0"}
    assert boxes[0]["fill"] == "#2b6cb0"
    assert boxes[2]["fill"] == "#d53f8c"
    assert [drawing["viewbox"] for drawing in found.of("svg")] == [
        "0 0 300.0 400.0",
        "0 0 300.0 400.0",
        "0 0 595.0 842.0",  # a page without lines: A4
    ]
    pictures = [str(image["src"]).split(",")[1] for image in found.of("img")]
    assert [base64.b64decode(picture) for picture in pictures] == [b"d0", b"d1"]
    marks = [(mark["class"], mark["title"]) for mark in found.of("mark", "title")]
    assert marks == [("", "ICD10 I10"), ("negated", "ICD10 I10 negated")]
    assert "body (0.88)" in found.text
    assert "of another document" not in found.text


def test_no_more_pages_are_shown_than_the_setting_says(
    tmp_path: Path, asked: dict[str, tuple[Path, int]]
) -> None:
    store = stored(
        tmp_path / "out",
        documents=[
            document("c", pages=4),
            document("a", pages=3),
            document("b", pages=2, status="partial", reason="time"),
            document("d", pages=1),
            document("e", pages=3, status="quarantined", reason="time"),
            document("0", pages=0),
        ],
        lines=[line("a", "x")],
    )
    report(store, tmp_path / "docs", pages=6)
    docs = tmp_path / "docs"
    assert asked == {"a": (docs / "a.pdf", 3), "b": (docs / "b.pdf", 2), "c": (docs / "c.pdf", 1)}


def test_pages_are_sought_in_the_folder_of_the_last_run_by_their_true_names(
    tmp_path: Path, asked: dict[str, tuple[Path, int]]
) -> None:
    store = stored(tmp_path / "out", documents=[document("a", path=r"x\x0ay.pdf")])
    store.set_note("source", "/docs")
    report(store)
    assert asked == {"a": (Path("/docs/x\ny.pdf"), 1)}


def test_progress_is_told_by_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def render(documents: dict[str, Any], workers: int, memory: int, done: Any) -> dict[str, Any]:
        done(1)
        return {}

    monkeypatch.setattr(page_pictures, "render", render)
    store = stored(tmp_path / "out", documents=[document("a"), document("b")])
    steps: list[tuple[object, ...]] = []
    page.write(store, None, load(None, {}), lambda *step: steps.append(step))
    assert [step[1:] for step in steps] == [(0, 2), (1, 2)]


def test_without_tables_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="chartline run"):
        report(stored(tmp_path / "out"))


def test_events_alone_make_a_report(tmp_path: Path) -> None:
    events = [{"subject_id": 1, "code": "A//1", "source": "ehr"}]
    found = report(stored(tmp_path / "out", events=events))
    assert "Documents by status" not in found.text
    assert "Lines by label" not in found.text


def test_the_report_is_read_by_its_owner_alone_and_replaced_whole(tmp_path: Path) -> None:
    events = [{"subject_id": 1, "code": "A//1", "source": "ehr"}]
    store = stored(tmp_path / "out", events=events)
    report(store)
    folder = store.root / "report"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    report(store)
    assert [file.name for file in folder.iterdir()] == ["index.html"]


def test_a_report_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    store = stored(tmp_path / "out", events=[{"subject_id": 1, "code": "A//1", "source": "ehr"}])
    (store.root / "report").write_text("a file in its place")
    with pytest.raises(ChartlineError, match="cannot be written"):
        report(store)


def test_counts_labels_and_troubled_documents_are_shown(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    store = stored(
        tmp_path / "out",
        documents=[document("a"), document("q", status="quarantined", reason="damaged", pages=0)],
        lines=[line("a", "x"), line("a", "y", number=1, label="note")],
    )
    found = report(store)
    assert "body 50.0%" in found.text
    assert "note 50.0%" in found.text
    assert "q.pdf" in found.text
    assert "Quarantined, or read in part" in found.text
