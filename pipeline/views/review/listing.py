"""The list of documents: filtered, sorted, a page of it at a time."""

from dataclasses import dataclass

import polars as pl

from chartline.store import Store

PAGE = 100  # documents of one page of the list
SORTS = ("doubt", "path", "written_at", "patient_id")
_COLUMNS = [
    "document_id",
    "path",
    "patient_id",
    "kind",
    "written_at",
    "language",
    "pages",
    "status",
    "reason",
    "doubt",
]


@dataclass(frozen=True)
class Query:
    """What a person asks of the list.

    Attributes:
        words: parts of the path or the patient's id, all of which must stand there.
        status: processed, partial or quarantined; empty for all.
        language: ISO 639-1 code, or `und`; empty for all.
        code: the beginning of a code that the document says of the patient, as `ICD10//I50`.
        sort: one of `SORTS`; by doubt the least sure come first.
        page: of the list, from 1.
    """

    words: str = ""
    status: str = ""
    language: str = ""
    code: str = ""
    sort: str = "doubt"
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """A page of the list: its rows, how many documents match, how many there are."""

    rows: pl.DataFrame
    matching: int
    all: int


def listed(store: Store, query: Query) -> Listed:
    """The documents that a query asks for.

    Reading, filtering and sorting stay in columns: 100,000 documents take well under a second.
    """
    documents = store.read("documents", _COLUMNS)
    found = documents.filter(_matches(query))
    if query.code:
        found = found.join(_with_code(store, query.code), on="document_id", how="semi")
    descending = [query.sort == "doubt", False]
    ordered = found.sort(query.sort, "path", descending=descending, nulls_last=True)
    rows = ordered.slice((query.page - 1) * PAGE, PAGE)
    return Listed(rows, len(found), len(documents))


def _matches(query: Query) -> pl.Expr:
    expr = pl.lit(True)
    for word in query.words.lower().split():
        place = pl.concat_str("path", pl.col("patient_id").fill_null(""), separator="\n")
        expr &= place.str.to_lowercase().str.contains(word, literal=True)
    if query.status:
        expr &= pl.col("status") == query.status
    if query.language:
        expr &= pl.col("language") == query.language
    return expr


def _with_code(store: Store, code: str) -> pl.DataFrame:
    """The documents that say of their patient what begins with a code."""
    names = ["document_id", "vocabulary", "code", "negated", "hypothetical", "family"]
    stated = pl.concat_str("vocabulary", "code", separator="//").str.starts_with(code)
    mentions = store.lazy("mentions", names).filter(
        stated, ~(pl.col("negated") | pl.col("hypothetical") | pl.col("family"))
    )
    return mentions.select("document_id").unique().collect()
