"""One meaning has one code, whichever source names it."""

import polars as pl

from chartline.mentions.terminologies.sources import TERMS
from chartline.mentions.terminologies.uniting import united


def terms(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (language, term, vocabulary, code, "condition", "x", False)
            for language, term, vocabulary, code in rows
        ],
        schema=TERMS,
        orient="row",
    )


CORE = terms(
    ("en", "heart failure", "ICD10", "I50.9"),
    ("en", "left ventricular failure", "ICD10", "I50.1"),
)


def codes_of(*rows: tuple[str, str, str, str]) -> list[str]:
    found = united(CORE, terms(*rows))
    return found.select(pl.concat_str("vocabulary", "code", separator="//")).to_series().to_list()


def test_a_concept_with_a_term_of_ours_is_ours_in_all_its_terms_and_languages() -> None:
    assert codes_of(
        ("en", "cardiac decompensation", "HPO", "HP:1"),
        ("en", "Heart Failures", "HPO", "HP:1"),
        ("es", "fallo cardíaco", "HPO", "HP:1"),
        ("en", "clubbing", "HPO", "HP:2"),
    ) == ["ICD10//I50.9"] * 3 + ["HPO//HP:2"]


def test_a_national_code_is_ours_to_four_characters() -> None:
    assert codes_of(
        ("en", "a", "ICD10CM", "I50.1"),
        ("en", "b", "ICD10CM", "I50.12"),
        ("en", "c", "ICD10CM", "I50"),  # the category: what is not specified further
        ("en", "d", "ICD10CM", "I50.2"),
    ) == ["ICD10//I50.1", "ICD10//I50.1", "ICD10//I50.9", "ICD10CM//I50.2"]


def test_a_weak_term_unites_nothing() -> None:
    core = CORE.with_columns(weak=pl.lit(True))
    other = terms(("en", "heart failure", "HPO", "HP:1"))
    assert united(core, other)["vocabulary"].to_list() == ["HPO"]
