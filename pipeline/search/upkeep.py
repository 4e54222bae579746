"""The index of a folder of tables, brought up to date when it is asked for.

It lies in OUT/.search: a folder for each generation, and `current`, which names the one that
counts. A new generation is made beside the old one and named by one rename, so that a search finds
a whole index, however the process ended that was making the next. Where sections were only added,
the files of the old one are taken over; where rows changed or went, all is made anew, since the
engine only marks what is deleted and keeps its text.
"""

import uuid
from importlib.metadata import version

import polars as pl

from chartline.core import lineage
from chartline.core.errors import UsageError
from chartline.core.lineage import Inputs
from chartline.core.progress import Progress
from chartline.search import generation, rows
from chartline.search.generation import Generation, Notes
from chartline.store import Store
from chartline.store.index_folder import IndexFolder

_MADE_BY = ("code", "engine")  # inputs beside the tables
_TRIES = 3  # to open a generation while others are made and the old ones taken away


def up_to_date(store: Store, progress: Progress) -> Generation:
    """The index of the tables as they are now, made or completed where it is not there.

    Of two processes that ask at once, one makes it and the other waits.

    Raises:
        UsageError: there are no sections.
        ChartlineError: a table cannot be read, or the index not written.
    """
    if not store.has("sections") or not store.has("documents"):
        raise UsageError(f"{store.root}: no sections yet; `chartline run DOCS --out OUT` first")
    folder = IndexFolder(store.root)
    found = _current(folder)
    if found and found.notes.inputs == _inputs(store):
        return found
    with folder.locked():
        inputs, found = _inputs(store), _current(folder)  # another may have made it meanwhile
        if found and found.notes.inputs == inputs:
            return found
        return _next(store, folder, found, inputs, progress)


def _inputs(store: Store) -> Inputs:
    tables = {name: store.identity(name) for name in rows.COLUMNS}
    code = lineage.of_code("chartline.search.schema", "chartline.search.rows")
    return tables | {"code": code, "engine": version("tantivy")}


def _current(folder: IndexFolder) -> Generation | None:
    """The generation that counts; None where there is none, or it is damaged."""
    for _ in range(_TRIES):
        try:
            return Generation(folder.current())
        except (OSError, ValueError, TypeError):
            continue
    return None


def _next(
    store: Store, folder: IndexFolder, old: Generation | None, inputs: Inputs, progress: Progress
) -> Generation:
    """Makes a generation of the tables, and names it as the current one."""
    tables = {name: store.read(name, columns) for name, columns in rows.COLUMNS.items()}
    sections = rows.joined(tables["documents"], tables["sections"])
    mentions = tables["mentions"]
    if sections.is_empty():
        raise UsageError(f"{store.root}: no document has a section")
    digests = rows.digests(sections, mentions)
    base = old if old and _only_grew(old, inputs, digests) else None
    added = digests.join(base.digests(), on="document_id", how="anti") if base else digests
    made = folder.path / uuid.uuid4().hex
    folder.sweep()
    with generation.writing(made):
        made.mkdir(mode=0o700)
    if base and added.is_empty():
        generation.take_over(base, made)
    else:
        new, theirs = (
            frame.join(added, on="document_id", how="semi") for frame in (sections, mentions)
        )
        generation.make(made, base, new, theirs, progress)
    generation.finish(made, Notes(inputs, **generation.values(sections)), digests)
    with generation.writing(made):
        folder.set_current(made)
    folder.sweep()
    return Generation(made)


def _only_grew(old: Generation, inputs: Inputs, digests: pl.DataFrame) -> bool:
    """Whether all rows of an index of this code and engine are still there, as they were."""
    if any(old.notes.inputs.get(name) != inputs[name] for name in _MADE_BY):
        return False
    return old.digests().join(digests, on=["document_id", "digest"], how="anti").is_empty()
