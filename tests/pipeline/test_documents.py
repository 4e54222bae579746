"""A folder and its manifest: what is there, whose it is, what is new."""

from pathlib import Path

import polars as pl
import pytest
from conftest import manifest

from pipeline import documents
from pipeline.errors import UsageError


def test_every_pdf_is_found_and_links_out_are_not(docs: Path, tmp_path: Path) -> None:
    (docs / "deep").mkdir()
    (docs / "deep" / "D.PDF").write_bytes(b"%PDF-")
    (tmp_path / "outside.pdf").write_bytes(b"%PDF-")
    (docs / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    (docs / "loop").symlink_to(docs)
    assert documents.find(docs)["path"].to_list() == ["a.pdf", "b.pdf", "c.pdf", "deep/D.PDF"]


def test_identity_is_the_path(docs: Path) -> None:
    before = documents.find(docs)
    (docs / "a.pdf").write_bytes(b"changed")
    assert documents.find(docs)["document_id"].to_list() == before["document_id"].to_list()


def test_a_folder_without_a_pdf_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no PDF in this folder"):
        documents.find(tmp_path)
    with pytest.raises(UsageError, match="no such folder"):
        documents.find(tmp_path / "gone")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,patient_id\na.pdf,1\n", "unknown column 'file'|no column 'path'"),
        ("path,patient_id,colour\na.pdf,1,red\n", "unknown column 'colour'"),
        ("path,patient_id,written_at\na.pdf,1,soon\n", "row 2: written_at is not an ISO 8601 time"),
        ("path,patient_id\na.pdf,1\na.pdf,2\n", "row 2: this path stands there more than once"),
        ("", "not a readable CSV file"),
    ],
)
def test_a_wrong_manifest_is_said(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(UsageError, match=message):
        documents.read_manifest(tmp_path / "m.csv")


def test_pending_is_new_changed_or_of_another_version(docs: Path) -> None:
    seen = documents.describe(documents.find(docs), documents.read_manifest(docs / "manifest.csv"))
    known = seen.with_columns(version=pl.lit("1"))
    assert documents.pending(seen, known, "1").is_empty()
    assert len(documents.pending(seen, known, "2")) == 3
    (docs / "a.pdf").write_bytes(b"%PDF- other")
    manifest(docs, {"a.pdf": "1", "b.pdf": "9"})
    now = documents.describe(documents.find(docs), documents.read_manifest(docs / "manifest.csv"))
    assert documents.pending(now, known, "1")["path"].to_list() == ["a.pdf", "b.pdf"]
    (docs / "b.pdf").unlink()
    assert documents.removed(documents.find(docs), known)["path"].to_list() == ["b.pdf"]
