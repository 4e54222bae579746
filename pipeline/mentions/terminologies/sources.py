"""The terms of all sources as one table."""

import re
from pathlib import Path

import polars as pl

from chartline.core.lexicons import lexicon
from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.terminologies.uniting import united

HERE = Path(__file__).parent
TERMS = pl.Schema(
    {
        "language": pl.String,
        "term": pl.String,
        "vocabulary": pl.String,
        "code": pl.String,
        "kind": pl.String,
        "source": pl.String,
        "weak": pl.Boolean,  # counts only with support from its context
    }
)
_OF_ONE_TERM = "|"
_WEAK = "?"
# Allergies to drugs: `penicillin allergy` is a mention of penicillin with the status allergy, so
# that it is known by the drug's code; German's one word for it is a term.
_DRUG_ALLERGY = "Z88"
_ALLERGY = r"(?i)\b(allerg(y|ies?|ien|ia)|alergias?)\b"  # the word is a cue: see `_DRUG_ALLERGY`
_SHORTEST_OF_SOURCES = 5  # letters: shorter terms of open sources are mostly abbreviations
_LONGEST = 7  # words: longer ones are definitions, not words of a text


def terms() -> pl.DataFrame:
    """All terms, those of the core list first: language, term, code, kind, source, weak."""
    core = _core()
    return pl.concat(
        [core, united(core, pl.concat([_diseases(), _icd10cm(), _substances(), _brands()]))]
    )


def _core() -> pl.DataFrame:
    """The terms of the core list, with the usual name first."""
    parts = []
    for path in sorted((HERE / "core").glob("*.csv")):
        rows = pl.read_csv(path, infer_schema=False)
        if "en" not in rows.columns:
            continue  # units and conversions
        parts.append(
            rows.unpivot(
                on=LANGUAGES,
                index=["kind", "vocabulary", "code"],
                variable_name="language",
                value_name="term",
            )
            .with_columns(pl.col("term").str.split(_OF_ONE_TERM))
            .explode("term")
            .drop_nulls("term")
        )
    drug_beside_allergy = pl.col("code").str.starts_with(_DRUG_ALLERGY) & pl.col(
        "term"
    ).str.contains(" ", literal=True)
    return _shaped(
        pl.concat(parts)
        .filter(~drug_beside_allergy)
        .with_columns(
            pl.col("term").str.strip_chars_end(_WEAK).str.strip_chars(),
            weak=pl.col("term").str.ends_with(_WEAK),
            source=pl.lit("core"),
        )
    )


def _diseases() -> pl.DataFrame:
    """DOID's diseases, with ICD-10-CM codes where it gives one; HPO's signs and symptoms."""
    given = pl.read_parquet(HERE / "sources" / "disease_terms.parquet")
    excluded = lexicon("chartline.mentions.terminologies", "excluded")
    general = set(excluded["words"])
    concepts = given.filter(pl.col("term").str.to_lowercase().is_in(general))["concept"].unique()
    codes = pl.read_csv(HERE / "sources" / "doid_icd10cm.csv").unique("concept", keep="first")
    foreign = [
        (pl.col("language") == language) & pl.col("term").str.to_lowercase().is_in(words)
        for language, words in excluded["foreign"].items()
    ]
    single = given.with_columns(pl.col("term").str.split(_OF_ONE_TERM)).explode("term")
    plain = single.filter(
        ~pl.any_horizontal(foreign),
        ~pl.col("term").str.contains(_ALLERGY),
        ~pl.col("concept").is_in(concepts.implode()),
        ~pl.col("term").str.contains(_any_of(excluded["beginnings"])),
        pl.col("term").str.len_chars() >= _SHORTEST_OF_SOURCES,
        ~pl.col("term").str.contains(r"^[A-Z0-9-]+$|[()\[\]_]|\d{2,}"),
        pl.col("term").str.count_matches(" ") < _LONGEST,
    )
    coded = plain.join(codes, on="concept", how="left", maintain_order="left")
    is_sign = pl.col("source") == "HPO"
    return _shaped(
        coded.with_columns(
            vocabulary=pl.when(pl.col("icd10cm").is_not_null())
            .then(pl.lit("ICD10CM"))
            .otherwise(pl.col("source")),
            code=pl.coalesce("icd10cm", pl.col("concept")),
            kind=pl.when(is_sign).then(pl.lit("sign")).otherwise(pl.lit("condition")),
            weak=pl.lit(False),
        )
    )


def _any_of(beginnings: list[str]) -> str:
    return "(?i)^(?:" + "|".join(map(re.escape, beginnings)) + r")\b"


def _icd10cm() -> pl.DataFrame:
    """ICD-10-CM's English descriptions that can be words of a text."""
    given = pl.read_parquet(HERE / "sources" / "icd10cm_terms.parquet").with_columns(
        pl.col("term").str.replace(r"(?i)(,? unspecified| NOS)$", "")
    )
    general = set(lexicon("chartline.mentions.terminologies", "excluded")["words"])
    return _shaped(
        given.filter(
            ~pl.col("term").str.contains(r"(?i)[,;()\[\]]|other|specified|elsewhere|unspecified"),
            ~pl.col("term").str.to_lowercase().is_in(general),
            ~pl.col("term").str.contains(_ALLERGY),
            ~pl.col("code").str.contains(r"^[V-Z]"),  # causes from outside, contacts with a service
            pl.col("term").str.len_chars() >= _SHORTEST_OF_SOURCES,
        ).with_columns(
            language=pl.lit("en"),
            vocabulary=pl.lit("ICD10CM"),
            kind=pl.when(pl.col("code").str.starts_with("R"))
            .then(pl.lit("sign"))
            .otherwise(pl.lit("condition")),
            source=pl.lit("ICD10CM"),
            weak=pl.lit(False),
        )
    )


def _substances() -> pl.DataFrame:
    """BDPM's French names of substances, without the salt in brackets."""
    given = pl.read_csv(HERE / "sources" / "bdpm_substances.csv", infer_schema=False)
    return _drugs(
        given.with_columns(term=pl.col("name").str.replace(r"\s*\(.*", "")).drop_nulls("atc")
    )


def _brands() -> pl.DataFrame:
    """BDPM's product names of one word; others begin with their substance."""
    given = pl.read_csv(HERE / "sources" / "bdpm_brands.csv", infer_schema=False)
    return _drugs(
        given.rename({"brand": "term"})
        .drop_nulls("atc")
        .filter(~pl.col("term").str.contains(r"[^\p{L}-]"))
    )


def _drugs(given: pl.DataFrame) -> pl.DataFrame:
    usual = pl.col("term").str.len_chars() >= _SHORTEST_OF_SOURCES
    return _shaped(
        given.filter(usual).with_columns(
            pl.col("term").str.to_lowercase(),
            language=pl.lit("fr"),
            vocabulary=pl.lit("ATC"),
            code=pl.col("atc"),
            kind=pl.lit("drug"),
            source=pl.lit("BDPM"),
            weak=pl.lit(False),
        )
    )


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(TERMS.names()).cast(TERMS).drop_nulls().filter(pl.col("term") != "")
