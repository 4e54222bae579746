"""Values and units of OMOP's measurements and observations."""

import polars as pl

from chartline.history.sources.files import first_filled, whole_number
from chartline.history.sources.omop_concepts import with_codes

_OPERATORS = {"4171756": "<", "4171754": "<=", "4171755": ">=", "4172704": ">"}
_VALUES = ("value_concept", "unit_concept")
_NO_CONCEPT = "0"  # OMOP's number for a source value that has no concept


def value_columns(rows: pl.LazyFrame) -> dict[str, pl.Expr]:
    """Columns of a source table for the value of `rows`; `named_values` completes them.

    A number below or above which the true value lies, such as < 5, is text and no number.
    """
    number = first_filled(rows, "value_as_number")
    operator = whole_number(rows, "operator_concept_id").replace_strict(
        _OPERATORS, default=None, return_dtype=pl.String
    )
    value_concept = whole_number(rows, "value_as_concept_id")
    unit_concept = whole_number(rows, "unit_concept_id")
    return {
        "numeric_value": pl.when(operator.is_null()).then(number),
        "text_value": pl.coalesce(operator + number, first_filled(rows, "value_as_string")),
        "source_text": pl.when(number.is_null()).then(first_filled(rows, "value_source_value")),
        "unit": first_filled(rows, "unit_source_value"),
        "value_concept": pl.when(value_concept != _NO_CONCEPT).then(value_concept),
        "unit_concept": pl.when(unit_concept != _NO_CONCEPT).then(unit_concept),
    }


def named_values(rows: pl.LazyFrame, concepts: pl.LazyFrame | None) -> pl.LazyFrame:
    """Rows with `value_columns`: their concepts as text.

    A unit is the code of its concept (in OMOP: of UCUM), else what the hospital wrote. A value
    that is a concept is its code, `vocabulary//code`.
    """
    if concepts is None:
        unit = value = pl.lit(None, pl.String)
        number = pl.lit("OMOP//") + pl.col("value_concept")
    else:
        rows = with_codes(rows, concepts, *_VALUES)
        unit = pl.col("unit_concept_code").str.splitn("//", 2).struct.field("field_1")
        value, number = pl.col("value_concept_code"), pl.lit(None, pl.String)
    return rows.with_columns(
        unit=pl.coalesce(unit, "unit"),
        text_value=pl.coalesce("text_value", value, number, "source_text"),
    )
