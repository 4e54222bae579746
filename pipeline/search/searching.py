"""A query over the sections of a folder of tables, and what it finds."""

import difflib
from dataclasses import dataclass
from typing import Any

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.progress import Progress, silent
from chartline.search import upkeep
from chartline.search.codes import STATES
from chartline.search.generation import Generation
from chartline.search.hits import Hit, hit
from chartline.search.matching import Filters, engine_query
from chartline.search.query import clauses
from chartline.search.schema import SHOWN
from chartline.store import Store

MOST_HITS = 10_000  # of one search: more is a table's work


@dataclass(frozen=True)
class Found:
    """What a search has found: the best hits, the best first, and how many there are in all."""

    hits: list[Hit]
    total: int


def search(
    store: Store,
    query: str,
    filters: Filters | None = None,
    limit: int = 10,
    progress: Progress = silent,
) -> Found:
    """Looks a query up in the sections of a folder of tables.

    The first search makes an index beside the tables; one after a run brings it up to date.

    Args:
        store: the tables.
        query: see `query.clauses`.
        filters: which sections to look at; all when absent.
        limit: hits to give, at most.
        progress: called while the index is made.

    Raises:
        UsageError: the query or a filter cannot be read, or there are no sections.
        ChartlineError: the index cannot be read or written.
    """
    chosen, parts = filters or Filters(), clauses(query)
    if not 1 <= limit <= MOST_HITS:
        raise UsageError(f"search: from 1 to {MOST_HITS} hits can be asked for")
    index = upkeep.up_to_date(store, progress)
    _check(chosen, index)
    looked_up = engine_query(parts, chosen, index.notes.language)
    searcher = index.searcher
    try:
        result: Any = searcher.search(looked_up, limit)  # its types leave `count` out
        stored = [(searcher.doc(place)[SHOWN][0], score) for score, place in result.hits]
    except ValueError:  # the engine's, whose message may quote the query
        raise ChartlineError(
            f"{index.folder.parent}: the index is damaged; delete that folder and search again"
        ) from None
    hits = [hit(bytes(row), score, parts, chosen.include) for row, score in stored]
    return Found(hits, result.count)


def _check(filters: Filters, index: Generation) -> None:
    """Checks the filters that have few values.

    Raises:
        UsageError: one has a value that no section has.
    """
    if wrong := filters.include - set(STATES):
        raise UsageError(f"include: {', '.join(sorted(wrong))} is none of {', '.join(STATES)}")
    if filters.since and filters.until and filters.since > filters.until:
        raise UsageError("search: since is after until")
    for name in ("kind", "language", "document_kind"):
        value, known = getattr(filters, name), getattr(index.notes, name)
        if value is not None and value not in known:
            near = difflib.get_close_matches(value, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
            raise UsageError(f"{name}: no section here has {value!r}; {hint}")
