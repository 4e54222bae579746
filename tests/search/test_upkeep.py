"""The index follows the tables, whatever happens to those who make it."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tantivy import Query
from views.tables import document, mention, section, table

from chartline.core.errors import ChartlineError
from chartline.core.progress import silent
from chartline.search import Filters, search
from chartline.search.schema import SCHEMA
from chartline.search.upkeep import up_to_date
from chartline.store import Store

LOOK = """
import sys
from pathlib import Path
from chartline.search import search
from chartline.store import Store
print(search(Store(Path(sys.argv[1])), sys.argv[2]).total)
"""
BUILT = "Quixotessa"  # an invented name in the text


def add(store: Store, name: str, text: str, **more: object) -> None:
    """A run that reads a document, or reads it again."""
    parts = {
        "documents": table("documents", document(name, **more)),
        "lines": table("lines"),
        "sections": table("sections", section(name, text, language="fr")),
        "mentions": table("mentions", mention(name, 0, 3)),
    }
    store.replace_documents(parts, [name])


def total(store: Store, query: str, **filters: object) -> int:
    return search(store, query, Filters(**filters)).total  # type: ignore[arg-type]


def generations(store: Store) -> list[Path]:
    return [path for path in (store.root / ".search").iterdir() if path.is_dir()]


def holds(folder: Path, word: str) -> bool:
    """Whether a file below a folder holds a word; the engine compresses texts, not words."""
    return any(
        word.lower().encode() in file.read_bytes().lower()
        for file in folder.rglob("*")
        if file.is_file()
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    add(store, "a", f"{BUILT} va bien")
    add(store, "b", "dyspnée")
    return store


def test_the_index_is_made_once(store: Store) -> None:
    assert not (store.root / ".search").exists()
    done: list[tuple[str, int, int]] = []
    search(store, "dyspnée", progress=lambda *step: done.append(step))
    (made,) = generations(store)
    assert done == [("search index", 2, 2)]
    search(store, "dyspnée", progress=lambda *step: done.append(step))
    assert generations(store) == [made]
    assert len(done) == 1


def test_what_is_added_is_found_and_what_was_there_is_not_indexed_again(store: Store) -> None:
    assert total(store, "dyspnée") == 1
    add(store, "c", "dyspnées")
    done: list[tuple[str, int, int]] = []
    assert search(store, "dyspnée", progress=lambda *step: done.append(step)).total == 2
    assert done == [("search index", 1, 1)]
    assert total(store, BUILT) == 1
    assert len(generations(store)) == 1


def test_what_changed_is_found_as_it_is_now(store: Store) -> None:
    assert total(store, BUILT) == 1
    add(store, "a", "toux")
    assert (total(store, BUILT), total(store, "toux")) == (0, 1)
    assert not holds(store.root / ".search", BUILT)
    add(store, "a", "toux", patient_id="7")  # the manifest alone has changed
    assert total(store, "toux", patient="7") == 1


def test_a_change_of_mentions_alone_is_seen(store: Store) -> None:
    assert total(store, "code:I10") == 2
    store.overwrite("mentions", table("mentions", mention("a", 0, 3, code="I50.9")))
    assert (total(store, "code:I10"), total(store, "code:I50")) == (0, 1)


def test_a_run_without_news_leaves_the_engines_files(store: Store) -> None:
    assert total(store, BUILT) == 1
    store.update_documents(table("documents", document("a", size=2)))
    assert search(store, BUILT, progress=lambda *step: pytest.fail("indexed again")).total == 1


def test_removed_documents_are_forgotten_at_once(store: Store) -> None:
    assert total(store, BUILT) == 1
    assert holds(store.root / ".search", BUILT)
    store.remove_documents(["a"])
    assert generations(store) == []
    assert not holds(store.root / ".search", BUILT)
    assert (total(store, BUILT), total(store, "dyspnée")) == (0, 1)


def test_sections_that_a_killed_run_left_are_not_found(store: Store) -> None:
    store.overwrite("documents", table("documents", document("b")))
    assert (total(store, BUILT), total(store, "dyspnée")) == (0, 1)


def test_rebuild_sets_the_index_aside(store: Store) -> None:
    assert total(store, BUILT) == 1
    Store(store.root, rebuild=True)
    assert not (store.root / ".search").exists()
    assert (store.root / "set-aside-1" / ".search" / "current").is_file()


def test_it_is_its_owners_alone_and_nothing_lies_elsewhere(store: Store) -> None:
    before = os.umask(0o022)
    try:
        total(store, BUILT)
    finally:
        os.umask(before)
    files = [store.root / ".search", *(store.root / ".search").rglob("*")]
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files} == {0}
    notes = (generations(store)[0] / "notes.json").read_text()
    assert BUILT not in notes


def test_a_damaged_index_is_made_anew(store: Store) -> None:
    assert total(store, BUILT) == 1
    for name in ("engine/meta.json", "notes.json"):
        (generations(store)[0] / name).write_text("{")
        assert total(store, BUILT) == 1
    shutil.rmtree(generations(store)[0])
    assert total(store, BUILT) == 1


def test_another_engine_or_code_makes_it_anew(store: Store) -> None:
    assert total(store, BUILT) == 1
    notes = generations(store)[0] / "notes.json"
    notes.write_text(notes.read_text().replace('"engine": "', '"engine": "0'))
    done: list[int] = []
    search(store, BUILT, progress=lambda what, now, of: done.append(of))
    assert done == [2]


@pytest.mark.slow
def test_two_searches_at_once_find_the_same(store: Store) -> None:
    text = "dyspnée au repos et à l'effort " * 20
    rows = [section("b", text, place) for place in range(300)]
    store.overwrite("sections", table("sections", *rows))
    command = [sys.executable, "-c", LOOK, str(store.root), "dyspnée"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate(timeout=120)[0].strip() for one in both] == ["300", "300"]
    assert len(generations(store)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False], ids=["none before", "one before"])
def test_a_build_that_is_killed_leaves_the_old_index_or_none(store: Store, first: bool) -> None:
    if not first:
        assert total(store, "dyspnée") == 1
    add(store, "c", "dyspnée")
    before = generations(store) if not first else []
    stop = (
        "from chartline.search import generation\n"
        "import os, signal\n"
        "def die(*given): os.kill(os.getpid(), signal.SIGKILL)\n"
        "generation.finish = die\n"  # the engine's files are there, their names are not
    )
    killed = subprocess.run(
        [sys.executable, "-c", stop + LOOK, str(store.root), "dyspnée"], timeout=120, check=False
    )
    assert killed.returncode == -9
    assert len(generations(store)) == len(before) + 1
    assert (store.root / ".search" / "current").is_file() is not first
    assert total(store, "dyspnée") == 2
    assert len(generations(store)) == 1  # what the killed one left is gone


def test_who_searches_an_old_index_is_not_disturbed(store: Store) -> None:
    old = up_to_date(store, silent)
    store.remove_documents(["b"])
    add(store, "c", "toux")
    total(store, "toux")
    assert old.searcher.search(Query.term_query(SCHEMA, "language", "fr")).hits


def test_a_disk_that_cannot_be_written_is_said_without_text(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", BUILT)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(ChartlineError, match=r"\.search: cannot be written \(No space left") as it:
        search(store, BUILT)
    assert BUILT not in str(it.value)
    monkeypatch.undo()
    assert total(store, BUILT) == 1
