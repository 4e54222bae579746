"""Nearest codes in the space of concept vectors, by cosine similarity."""

import difflib

import polars as pl

from chartline.core.errors import UsageError
from chartline.models.concept_vectors import skipgram

_ALIKE = 0.6  # similarity of spelling (difflib), from which on a code is suggested for another


def neighbours(
    table: pl.DataFrame, code: str, count: int = 10, names: dict[str, str] | None = None
) -> pl.DataFrame:
    """The nearest codes: the columns code, description, similarity; the nearest first.

    Args:
        table: The table concept_vectors.
        code: As `ICD10//I50.9`.
        count: How many codes.
        names: Descriptions of codes.

    Raises:
        UsageError: The code has no vector; the message names codes that are spelled alike.
    """
    keyed = skipgram.to_gensim(
        table["code"].to_list(), table["vector"].to_list(), table["count"].to_list()
    )
    if code not in keyed:
        alike = closest(code, table["code"].to_list())
        hint = f"; did you mean {', '.join(alike)}?" if alike else ""
        raise UsageError(f"{code}: this code has no vector{hint}")
    near = [
        (other, (names or {}).get(other, ""), float(value))
        for other, value in keyed.most_similar(code, topn=min(count, len(table) - 1))
    ]
    return pl.DataFrame(
        near,
        schema={"code": pl.String, "description": pl.String, "similarity": pl.Float64},
        orient="row",
    )


def closest(code: str, known: list[str], count: int = 3) -> list[str]:
    """Known codes that are spelled like `code`, the nearest first; its vocabulary may be missing.

    >>> closest("I50.9", ["ICD10//I50.9", "ICD10//I10", "ATC//C03CA01"])
    ['ICD10//I50.9']
    """
    ends = [name for name in known if name.split("//")[-1].lower() == code.split("//")[-1].lower()]
    return (ends or difflib.get_close_matches(code, known, count, _ALIKE))[:count]


def example_codes(table: pl.DataFrame, outcome: pl.Expr, count: int = 6) -> list[str]:
    """Codes to show neighbours of: the outcome's most common one, then the most common of all.

    Args:
        table: The table concept_vectors.
        outcome: Whether `code` is one of the outcome's, as `Task.outcome`.
        count: How many codes.
    """
    common = table.sort("count", "code", descending=[True, False])
    first = common.filter(outcome)["code"].to_list()[:1]
    others = [code for code in common["code"].to_list() if code not in first]
    return first + others[: count - len(first)]
