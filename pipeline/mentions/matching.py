"""Sections to mentions: a dictionary and the context of each hit (negated, hypothetical, family, past), by EDS-NLP."""

import warnings
from functools import cache
from typing import Any

import polars as pl

from chartline.core.lexicons import lexicon
from chartline.core.tables import Mentions, shape

_COLUMNS = {name: column.dtype for name, column in Mentions.columns().items()}
_FAMILY_SECTIONS = ("family_history",)
_PAST_SECTIONS = ("history", "surgical_history")


@cache
def _pipe(language: str) -> Any:
    """The EDS-NLP pipe of a language; built once a process, imported late since that takes seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import edsnlp

        pipe = edsnlp.blank("eds")
        pipe.add_pipe("eds.normalizer")
        pipe.add_pipe("eds.sentences")
        terms = {
            f"{vocabulary}//{code}": names
            for vocabulary, codes in lexicon("chartline.mentions", "concepts").items()
            for code, names in codes.items()
        }
        pipe.add_pipe(
            "eds.matcher", config={"terms": terms, "attr": "NORM", "ignore_excluded": True}
        )
        cues = lexicon("chartline.mentions", "context") if language == "en" else {}
        pipe.add_pipe("eds.negation", config=cues.get("negated", {}))
        pipe.add_pipe("eds.hypothesis", config=cues.get("hypothetical", {}))
        pipe.add_pipe("eds.family", config={**cues.get("family", {}), "use_sections": False})
        pipe.add_pipe(
            "eds.history",
            config={**cues.get("past", {}), "use_sections": False, "use_dates": False},
        )
        return pipe


def mentions(sections: pl.DataFrame, languages: dict[str, str | None]) -> pl.DataFrame:
    """Coded facts in the sections' texts; `languages` gives each document's (`en` reads English cues, else French).

    Section titles count as context: what stands under family history is the family's, under history is past.
    """
    rows: list[tuple[Any, ...]] = []
    for language, group in _by_language(sections, languages):
        texts = group["text"].to_list()
        for section, document in zip(
            group.iter_rows(named=True), _pipe(language).pipe(texts), strict=True
        ):
            for span in document.ents:
                vocabulary, code = span.label_.split("//", 1)
                context = span._
                rows.append(
                    (
                        section["document_id"],
                        section["section"],
                        span.start_char,
                        span.end_char,
                        span.text,
                        code,
                        vocabulary,
                        bool(context.negation),
                        bool(context.hypothesis),
                        bool(context.family) or section["kind"] in _FAMILY_SECTIONS,
                        bool(context.history) or section["kind"] in _PAST_SECTIONS,
                        1.0,
                    )
                )
    frame = pl.DataFrame(rows, schema=_COLUMNS, orient="row")
    return shape(frame.sort("document_id", "section", "begin"), Mentions)


def _by_language(
    sections: pl.DataFrame, languages: dict[str, str | None]
) -> list[tuple[str, pl.DataFrame]]:
    written = sections.filter(pl.col("text") != "")
    names = [languages.get(name) or "fr" for name in written["document_id"].to_list()]
    tagged = written.with_columns(language=pl.Series(names, dtype=pl.String))
    return [
        ("en" if name == "en" else "fr", group.drop("language"))
        for (name,), group in tagged.group_by("language", maintain_order=True)
    ]
