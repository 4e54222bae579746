"""The page over a run's tables: what it shows, and to whom."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from conftest import reportlab_letter
from starlette.testclient import TestClient

from chartline.core.errors import UsageError
from chartline.core.settings import Settings
from chartline.core.tables import Documents, Lines, Mentions, Sections, types_of
from chartline.store import Store
from chartline.views.review.app import Review, application
from chartline.views.review.listing import PAGE, Query, listed
from chartline.views.review.serving import serve

TOKEN = "t" * 43
TEXT = "<script>alert(1)</script> Heart failure."


def document(name: str, **change: object) -> dict[str, object]:
    row: dict[str, object] = {
        "document_id": name,
        "path": f"ward/{name}.pdf",
        "patient_id": f"P{name}",
        "encounter_id": None,
        "kind": "letter",
        "written_at": datetime(2024, 5, 6, tzinfo=UTC),
        "language": "en",
        "pages": 1,
        "status": "processed",
        "reason": None,
        "failed_pages": [],
        "engine": "pdfium",
        "version": "1",
        "content_hash": "x",
        "size": 1,
        "modified_at": datetime(2024, 5, 6, tzinfo=UTC),
        "doubt": 0.1,
    }
    return {**row, **change}


def write(store: Store, documents: list[dict[str, object]]) -> None:
    line = {
        "document_id": "a",
        "page": 1,
        "line": 0,
        "text": TEXT,
        "x0": 10.0,
        "top": 20.0,
        "x1": 200.0,
        "bottom": 32.0,
        "page_width": 595.0,
        "page_height": 842.0,
        "size": 10.0,
        "source": "native",
        "label": "body",
        "confidence": 0.9,
        "font": "F",
        "bold": False,
        "italic": False,
    }
    section = {
        "document_id": "a",
        "section": 0,
        "kind": "course",
        "title": None,
        "text": TEXT,
        "language": "en",
        "first_page": 1,
        "last_page": 1,
        "spans": [{"begin": 0, "end": len(TEXT), "page": 1, "line": 0}],
    }
    mention = {
        "document_id": "a",
        "section": 0,
        "begin": 26,
        "end": 39,
        "vocabulary": "ICD10",
        "code": "I50.9",
        "text": "Heart failure",
        "kind": "condition",
        "name": "heart failure",
        "negated": False,
        "hypothetical": False,
        "family": False,
        "past": False,
        "confidence": 1.0,
    }
    parts = {
        "documents": pl.DataFrame(documents, schema=types_of(Documents)),
        "lines": pl.DataFrame([line], schema=types_of(Lines)),
        "sections": pl.DataFrame([section], schema=types_of(Sections)),
        "mentions": pl.DataFrame([mention], schema=types_of(Mentions)),
    }
    store.replace_documents(parts, parts["documents"]["document_id"].to_list())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "out")
    write(
        found,
        [
            document("a", doubt=0.2),
            document("b", doubt=None, status="quarantined", reason="damaged", language="und"),
            document("c", doubt=0.5, language="fr"),
        ],
    )
    return found


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "docs" / "ward").mkdir(parents=True)
    reportlab_letter(tmp_path / "docs" / "ward" / "a.pdf")
    review = Review(store, tmp_path / "docs", Settings())
    try:
        with TestClient(application(review, TOKEN), base_url="http://127.0.0.1:8000") as found:
            yield found
    finally:
        review.pictures.close()


def test_the_address_with_the_token_opens_the_page_and_the_token_leaves_the_address(
    client: TestClient,
) -> None:
    opened = client.get(f"/?token={TOKEN}", follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert "HttpOnly" in opened.headers["set-cookie"]
    assert "SameSite=strict" in opened.headers["set-cookie"]
    assert client.get("/").status_code == 200  # with the cookie


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/?token=wrong", {}),
        ("/document/a", {}),
        ("/document/a/page/1", {}),
        ("/static/review.js", {}),
        (f"/?token={TOKEN}", {"host": "evil.example:8000"}),
        (f"/?token={TOKEN}", {"sec-fetch-site": "cross-site"}),
    ],
)
def test_nobody_else_sees_anything(client: TestClient, path: str, headers: dict[str, str]) -> None:
    refused = client.get(path, headers=headers, follow_redirects=False)
    assert refused.status_code == 403
    assert "default-src 'none'" in refused.headers["content-security-policy"]
    assert "ward" not in refused.text


def test_a_document_shows_its_lines_sections_and_facts_escaped(client: TestClient) -> None:
    client.get(f"/?token={TOKEN}")
    page = client.get("/document/a")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert 'class="line label-body" data-line="1-0"' in page.text
    assert '<span data-line="1-0"' in page.text
    assert "ICD10//I50.9 heart failure" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_page_is_drawn_and_one_whose_file_is_gone_is_not(
    client: TestClient, tmp_path: Path
) -> None:
    client.get(f"/?token={TOKEN}")
    picture = client.get("/document/a/page/1")
    assert picture.headers["content-type"] == "image/webp"
    assert picture.content[8:12] == b"WEBP"
    assert client.get("/document/a/page/9").status_code == 404
    gone = client.get("/document/c/page/1")
    assert (gone.status_code, gone.text) == (404, "chartline: the page cannot be drawn")
    assert client.get("/document/nobody").status_code == 404


def test_the_list_is_filtered_and_the_least_sure_come_first(client: TestClient) -> None:
    client.get(f"/?token={TOKEN}")

    def shown(query: str) -> list[str]:
        text = client.get(f"/?{query}").text
        return sorted(
            (n for n in "abc" if f"ward/{n}.pdf" in text), key=lambda n: text.index(f"/{n}.pdf")
        )

    assert shown("") == ["c", "a", "b"]
    assert shown("status=quarantined") == ["b"]
    assert shown("language=fr") == ["c"]
    assert shown("words=WARD+pa") == ["a"]
    assert shown("code=ICD10//I50") == ["a"]
    assert shown("code=ICD10//J") == []
    assert shown("sort=path&page=x") == ["a", "b", "c"]


def test_a_long_list_comes_page_by_page(tmp_path: Path) -> None:
    store = Store(tmp_path / "many")
    write(store, [document(f"{number:04d}", doubt=number / 1000) for number in range(PAGE + 5)])
    first, second = (listed(store, Query(page=page)) for page in (1, 2))
    assert (len(first.rows), len(second.rows), first.matching) == (PAGE, 5, PAGE + 5)
    assert first.rows["doubt"].is_sorted(descending=True)


def test_a_run_without_documents_says_so(tmp_path: Path) -> None:
    review = Review(Store(tmp_path / "none"), tmp_path, Settings())
    with TestClient(application(review, TOKEN), base_url="http://localhost") as client:
        assert "This run has no documents" in client.get(f"/?token={TOKEN}").text


def test_a_port_in_use_is_one_line(store: Store, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is in use; --port 0 takes a free one"):
            serve(store, tmp_path, Settings(), port, lambda line: None)
