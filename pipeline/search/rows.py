"""The rows that the index is made of, and a digest of those of each document."""

import polars as pl

from chartline.core.tables import UNKNOWN_LANGUAGE
from chartline.search.codes import STATES, state
from chartline.search.schema import Mention

COLUMNS = {  # that the index is made of, by table
    "documents": ["document_id", "path", "patient_id", "kind", "written_at"],
    "sections": [
        *("document_id", "section", "kind", "title", "text"),
        *("language", "first_page", "spans"),
    ],
    "mentions": ["document_id", "section", "begin", "end", "vocabulary", "code", *STATES],
}
Mentions = dict[tuple[str, int], list[Mention]]  # of each document and section


def joined(documents: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    """Sections with the columns of their documents, in order.

    Sections without a document are what a killed run left half done; the next run takes them away.
    """
    named = documents.rename({"kind": "document_kind"})
    known = sections.with_columns(pl.col("language").fill_null(UNKNOWN_LANGUAGE))
    return known.join(named, on="document_id").sort("document_id", "section")


def digests(sections: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """A digest of each document's rows: document_id, digest."""
    parts = [
        frame.select("document_id", digest=frame.hash_rows(seed=seed))
        for seed, frame in enumerate(
            (sections, mentions.join(sections, on="document_id", how="semi"))
        )
    ]
    return pl.concat(parts).group_by("document_id").agg(pl.col("digest").sum()).sort("document_id")


def by_section(mentions: pl.DataFrame) -> Mentions:
    """The mentions of each section."""
    found: Mentions = {}
    for document, section, begin, end, vocabulary, code, *said in mentions.iter_rows():
        mention = (begin, end, state(*said), vocabulary, code)
        found.setdefault((document, section), []).append(mention)
    return found
