"""The EHR's events and the documents' mentions to the events table.

Its rows lie on disk by subject_id, time and code, facts without a time first: read file by file, by
name, a subject's events stand together. They are the same in every run with the same input, however
many parts they are made in.
"""

import polars as pl

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.core.tables import Events
from chartline.history import events, plausibility
from chartline.history.faults import merge_faults
from chartline.history.loinc import loinc_map
from chartline.history.sources import Source
from chartline.store import Store

_WHOLE_STREAM = "events"  # the file that faults of the joined stream are counted under


def join_events(store: Store, source: Source | None, settings: EhrSettings) -> bool:
    """Writes the events table; and what the source says of splits, codes and faults to theirs.

    Without a source the EHR's events of the last run stay, and mentions are joined anew.
    Returns whether the events changed.

    Raises:
        UsageError: the source has rows, but none that is an event; the map to LOINC is none.
    """
    mentioned = events.document_events(
        store.read("mentions"), store.read("documents"), loinc_map(settings.loinc)
    )
    from_documents = mentioned if settings.documents else mentioned.clear()
    given = source or _stored(store)
    if source is not None:
        _write_metadata(store, source)
    given = events.without_crowded(given)
    parts = events.ranges([*given.events, from_documents.lazy()], settings.shard_events)
    if len(parts) == 1:
        whole = events.shard(given, from_documents, parts[0])
        faults = [plausibility.implausible(whole, _WHOLE_STREAM)]
        changed = store.overwrite("events", whole)
    else:
        faults, changed = _join_large(store, given, from_documents, parts)
    store.overwrite("event_faults", merge_faults([given.faults, *faults]))
    return changed


def _join_large(
    store: Store, source: Source, from_documents: pl.DataFrame, parts: list[tuple[int, int]]
) -> tuple[list[pl.DataFrame], bool]:
    """Range by range of subjects, one in memory at a time.

    A first pass sees whether anything changed; if so, a second one writes.
    """
    faults, rows = [], 0
    for part in parts:
        found = events.shard(source, from_documents, part)
        faults.append(plausibility.implausible(found, _WHOLE_STREAM))
        rows = (rows + int(found.hash_rows(1).sum() or 0)) % 2**64
    content = f"rows in order {rows:016x}"
    if store.identity("events") == content:
        return faults, False
    written = (events.shard(source, from_documents, part) for part in parts)
    store.overwrite_parts("events", written, content)
    return faults, True


def _stored(store: Store) -> Source:
    """The EHR's events and faults of an earlier run."""
    kept = store.lazy("events").filter(pl.col("source") != events.DOCUMENT)
    faults = store.read("event_faults").filter(pl.col("file") != _WHOLE_STREAM)
    return Source([kept.select(list(Events.columns()))], faults)


def _write_metadata(store: Store, source: Source) -> None:
    """The source's splits and codes; what it no longer says is emptied."""
    if not any(len(frame.head(1).collect(engine="streaming")) for frame in source.events):
        lost = source.faults.filter("lost").sort("count", descending=True)
        most = f", most of them: {lost['fault'][0]}" if len(lost) else ""
        refused = int(lost["count"].sum())
        raise UsageError(f"the EHR source holds no event; {refused} rows were refused{most}")
    for name, table in (("splits", source.splits), ("codes", source.codes)):
        if table is None:
            store.clear(name)
        else:
            store.overwrite(name, table)
