"""A folder and its manifest: what is there, whose it is, what is new."""

import os
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from conftest import manifest
from hypothesis import given
from hypothesis import strategies as st

from chartline.core import paths
from chartline.core.errors import UsageError
from chartline.work import inventory
from chartline.work.manifest import match_paths, read_manifest

NO_REASON = pl.lit(None, pl.String)


def test_every_pdf_is_found_and_links_out_are_not(docs: Path, tmp_path: Path) -> None:
    (docs / "deep").mkdir()
    (docs / "deep" / "D.PDF").write_bytes(b"%PDF-")
    (tmp_path / "outside.pdf").write_bytes(b"%PDF-")
    (docs / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    (docs / "loop").symlink_to(docs)
    assert paths.find(docs)["path"].to_list() == ["a.pdf", "b.pdf", "c.pdf", "deep/D.PDF"]


ODD_NAMES = [
    b"two\nlines.pdf",
    b"bell\x07.pdf",
    b"latin-1-\xe9.pdf",
    b"back\\slash.pdf",
    b"\\x0a.pdf",
    b"n" * 251 + b".pdf",
    "é.pdf".encode(),
    unicodedata.normalize("NFD", "é.pdf").encode(),
    b" .pdf",
    b"-rf.pdf",
    b"[red].pdf",
]


def test_odd_names_are_kept_apart_and_lead_back_to_their_files(tmp_path: Path) -> None:
    for index, name in enumerate(ODD_NAMES):
        (tmp_path / os.fsdecode(name)).write_text(str(index))
    found = paths.find(tmp_path)
    assert found["document_id"].n_unique() == len(ODD_NAMES)
    assert found["path"].n_unique() == len(ODD_NAMES)
    assert not any(
        ord(char) < 32 or 0xD800 <= ord(char) < 0xE000 for path in found["path"] for char in path
    )
    contents = {(tmp_path / paths.real_path(path)).read_text() for path in found["path"]}
    assert contents == {str(index) for index in range(len(ODD_NAMES))}


@given(st.binary(min_size=1, max_size=40))
def test_a_shown_path_leads_back(name: bytes) -> None:
    path = os.fsdecode(name)
    assert paths.real_path(paths.shown_path(path)) == path
    paths.shown_path(path).encode()


def test_one_content_under_two_names_is_two_documents(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"%PDF- the same")
    assert paths.find(tmp_path)["document_id"].n_unique() == 2


@pytest.mark.slow
def test_a_folder_of_a_hundred_thousand_files(tmp_path: Path) -> None:
    for index in range(100_000):
        (tmp_path / f"{index:06d}.{'pdf' if index % 2 else 'txt'}").touch()
    assert len(paths.find(tmp_path)) == 50_000


def test_identity_is_the_path(docs: Path) -> None:
    before = paths.find(docs)
    (docs / "a.pdf").write_bytes(b"changed")
    assert paths.find(docs)["document_id"].to_list() == before["document_id"].to_list()


def test_a_folder_without_a_pdf_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no PDF in this folder"):
        paths.find(tmp_path)
    with pytest.raises(UsageError, match="no such folder"):
        paths.find(tmp_path / "gone")


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
        read_manifest(tmp_path / "m.csv")


def test_pending_is_new_changed_or_of_another_version(docs: Path) -> None:
    seen = inventory.describe(paths.find(docs), read_manifest(docs / "manifest.csv"))
    known = seen.with_columns(reason=NO_REASON, version=pl.lit("1"))
    assert inventory.pending(seen, known, "1").is_empty()
    assert len(inventory.pending(seen, known, "2")) == 3
    (docs / "a.pdf").write_bytes(b"%PDF- other")
    manifest(docs, {"a.pdf": "1", "b.pdf": "9"})
    now = inventory.describe(paths.find(docs), read_manifest(docs / "manifest.csv"))
    assert inventory.pending(now, known, "1")["path"].to_list() == ["a.pdf", "b.pdf"]
    (docs / "b.pdf").unlink()
    assert inventory.removed(paths.find(docs), known, [])["path"].to_list() == ["b.pdf"]


def test_a_file_that_could_not_be_opened_is_tried_again(docs: Path) -> None:
    seen = inventory.describe(paths.find(docs), None)
    shut = pl.when(pl.col("path") == "b.pdf").then(pl.lit("unreadable")).otherwise(NO_REASON)
    known = seen.with_columns(reason=shut, version=pl.lit("1"))
    assert inventory.pending(seen, known, "1")["path"].to_list() == ["b.pdf"]


def test_a_language_that_the_manifest_names_is_read_again_when_it_changes(docs: Path) -> None:
    seen = inventory.describe(paths.find(docs), read_manifest(docs / "manifest.csv"))
    known = seen.with_columns(reason=NO_REASON, version=pl.lit("0.1.0+abc"), language=pl.lit("fr"))
    assert inventory.pending(seen, known, "0.1.0+abc").is_empty()
    named = seen.with_columns(language=pl.lit("de"))
    assert len(inventory.pending(named, known, "0.1.0+abc")) == 2 + 1
    silent = seen.with_columns(language=pl.lit(None, pl.String))
    assert inventory.pending(silent, known, "0.1.0+abc").is_empty()  # then it was found by itself


def test_another_number_of_the_package_alone_reads_nothing_again(docs: Path) -> None:
    seen = inventory.describe(paths.find(docs), None)
    known = seen.with_columns(reason=NO_REASON, version=pl.lit("0.1.0+abc"), language=pl.lit("fr"))
    assert inventory.pending(seen, known, "0.2.0+abc").is_empty()
    assert len(inventory.pending(seen, known, "0.1.0+abd")) == 3


def test_a_touched_file_is_known_by_its_bytes(docs: Path) -> None:
    seen = inventory.describe(paths.find(docs), read_manifest(docs / "manifest.csv"))
    hashes = [inventory.content_hash(docs / path) for path in seen["path"]]
    known = seen.with_columns(
        reason=NO_REASON,
        version=pl.lit("1+a"),
        language=pl.lit("fr"),
        content_hash=pl.Series(hashes),
        modified_at=pl.col("modified_at") - pl.duration(days=1),
    )
    (docs / "a.pdf").write_bytes(b"%PDF- other")
    same = inventory.touched(seen, docs, known, "1+a")
    assert sorted(same["path"]) == ["b.pdf", "c.pdf"]
    assert same.sort("path")["modified_at"].equals(seen.sort("path")["modified_at"][1:])
    assert inventory.touched(seen, docs, known, "1+b").is_empty()
    german = seen.with_columns(language=pl.lit("de"))
    assert inventory.touched(german, docs, known, "1+a").is_empty()


MEANT = {
    "./a.pdf": "a.pdf",
    "ward\\b.pdf": "ward/b.pdf",
    "ward//./c.pdf": "ward/c.pdf",
    unicodedata.normalize("NFD", "é.pdf"): "é.pdf",
}


@pytest.mark.parametrize("stated", MEANT)
def test_a_manifest_may_spell_a_path_in_another_way(stated: str, tmp_path: Path) -> None:
    manifest(tmp_path, {stated: "7"})
    stated_rows = read_manifest(tmp_path / "manifest.csv")
    found, unmatched = match_paths(stated_rows, ["other.pdf", MEANT[stated]])
    assert unmatched == []
    assert found.select("path", "patient_id").rows() == [(MEANT[stated], "7")]


def test_rows_of_a_manifest_without_a_file_are_named(tmp_path: Path) -> None:
    manifest(
        tmp_path, {"A.PDF": "1", "./b.pdf": "2", "b.pdf": "3", ".\\c.pdf": "4", "c/../c.pdf": "5"}
    )
    found, unmatched = match_paths(
        read_manifest(tmp_path / "manifest.csv"), ["a.pdf", "b.pdf", "c.pdf"]
    )
    assert unmatched == ["A.PDF", "./b.pdf", "c/../c.pdf"]  # another case, and named twice
    rows = dict(found.select("path", "patient_id").rows())
    assert (rows["b.pdf"], rows["c.pdf"]) == ("3", "4")


def test_files_that_two_spellings_mean_are_not_guessed(tmp_path: Path) -> None:
    manifest(tmp_path, {"./a\\b.pdf": "1"})
    both = [paths.shown_path("a\\b.pdf"), "a/b.pdf"]
    assert match_paths(read_manifest(tmp_path / "manifest.csv"), both)[1] == [
        paths.shown_path("./a\\b.pdf")
    ]


def test_folders_that_cannot_be_listed_are_named(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a permission would do, which root has anyway."""
    (docs / "shut").mkdir()
    (docs / "shut" / "d.pdf").write_bytes(b"%PDF-")
    known = paths.find(docs)
    scandir = os.scandir

    def refused(folder: Path | str) -> object:
        if Path(folder).name == "shut":
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refused)
    found = paths.listing(docs)
    assert found.unreadable == ["shut"]
    assert found.files["path"].to_list() == ["a.pdf", "b.pdf", "c.pdf"]
    assert inventory.removed(found.files, known, found.unreadable).is_empty()
    assert inventory.removed(found.files, known, ["shu"])["path"].to_list() == ["shut/d.pdf"]
