"""Open sources' concepts that are ours: one meaning has one code, whoever names it."""

import polars as pl

from chartline.mentions.keys import key_of

_CODE = ["vocabulary", "code", "kind"]
_UNSPECIFIED = ".9"  # in ICD-10 the code of a category without more


def united(core: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """The terms of open sources, with the core list's codes where they mean the same.

    A concept is ours where one of its English terms is a sure term of ours; an ICD-10-CM code where
    we have that code in ICD-10, or the unspecified one of its category.

    Args:
        core: the terms of the core list.
        others: terms of other sources, in the same columns.
    """
    by_term = _by_term(core, others)
    named = others.join(by_term, on=["vocabulary", "code"], how="left", maintain_order="left")
    by_code = _by_code(core)
    coded = named.with_columns(national=_national()).join(
        by_code, on="national", how="left", maintain_order="left"
    )
    return coded.select(
        "language",
        "term",
        *(pl.coalesce(f"{name}_named", f"{name}_coded", name).alias(name) for name in _CODE),
        "source",
        "weak",
    )


def _national() -> pl.Expr:
    """An ICD-10-CM code to four characters; null for other vocabularies."""
    return pl.when(pl.col("vocabulary") == "ICD10CM").then(pl.col("code").str.slice(0, 5))


def _by_term(core: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Our code of each concept of which we have an English term; of several the first."""
    ours = (
        _keyed(core.filter(~pl.col("weak"), pl.col("kind").is_in(["condition", "sign"])))
        .unique("key", keep="first", maintain_order=True)
        .select("key", *(pl.col(name).alias(f"{name}_named") for name in _CODE))
    )
    theirs = _keyed(others.filter(pl.col("kind").is_in(["condition", "sign"])))
    matched = theirs.join(ours, on="key", maintain_order="left")
    return matched.unique(["vocabulary", "code"], keep="first", maintain_order=True).select(
        "vocabulary", "code", *(f"{name}_named" for name in _CODE)
    )


def _keyed(terms: pl.DataFrame) -> pl.DataFrame:
    english = terms.filter(pl.col("language") == "en")
    keys = [key_of(term, "en") for term in english["term"].to_list()]
    return english.with_columns(key=pl.Series(keys, dtype=pl.String))


def _by_code(core: pl.DataFrame) -> pl.DataFrame:
    """Our ICD-10 codes as ICD-10-CM has them: each, and the category of an unspecified one."""
    codes = core.filter(pl.col("vocabulary") == "ICD10").unique("code", maintain_order=True)
    same = codes.select(
        pl.col("code").alias("national"), *(pl.col(name).alias(f"{name}_coded") for name in _CODE)
    )
    category = same.filter(pl.col("national").str.ends_with(_UNSPECIFIED)).with_columns(
        pl.col("national").str.strip_suffix(_UNSPECIFIED)
    )
    return pl.concat([same, category]).unique("national", keep="first", maintain_order=True)
