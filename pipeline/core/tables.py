"""The schema of every table; the only words the rooms share.

Coordinates are PDF points with the origin at the top left of the page as a person sees it (rotation applied).
Times are UTC in microseconds. Text is NFC without control characters.
"""

from functools import cache
from typing import Any

import dataframely as dy
import polars as pl

LABELS = (
    "body",
    "title",
    "table",
    "front",
    "header",
    "footer",
    "note",
    "page_number",
    "signature",
    "other",
)
CLINICAL_LABELS = ("body", "title", "table")
STATUSES = ("processed", "partial", "quarantined")
SOURCES = ("native", "ocr", "form")
UTC = pl.Datetime("us", "UTC")


def _one_of(values: tuple[str, ...]) -> Any:
    return lambda column: column.is_in(list(values))


def _time(**options: Any) -> dy.Datetime:
    return dy.Datetime(time_unit="us", time_zone="UTC", **options)


class Documents(dy.Schema):
    """A file that was seen. `reason` says in the terms of `extraction.reasons.Reason` what went wrong, `failed_pages`
    on which pages.
    """

    document_id = dy.String(primary_key=True)
    path = dy.String()
    patient_id = dy.String(nullable=True)
    encounter_id = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    written_at = _time(nullable=True)
    language = dy.String(nullable=True)
    pages = dy.Int32()
    status = dy.String(check=_one_of(STATUSES))
    reason = dy.String(nullable=True)
    failed_pages = dy.List(dy.Struct({"page": dy.Int32(), "reason": dy.String()}), nullable=True)
    engine = dy.String(nullable=True)
    version = dy.String()
    content_hash = dy.String()
    size = dy.Int64()
    modified_at = _time()


class Lines(dy.Schema):
    """A line on a page, in reading order."""

    document_id = dy.String(primary_key=True)
    page = dy.Int32(primary_key=True, min=1)
    line = dy.Int32(primary_key=True, min=0)
    text = dy.String()
    x0 = dy.Float32()
    top = dy.Float32()
    x1 = dy.Float32()
    bottom = dy.Float32()
    page_width = dy.Float32()
    page_height = dy.Float32()
    font = dy.String()
    size = dy.Float32()
    bold = dy.Bool()
    italic = dy.Bool()
    source = dy.String(check=_one_of(SOURCES))
    label = dy.String(nullable=True, check=_one_of(LABELS))
    confidence = dy.Float32(nullable=True)


class Sections(dy.Schema):
    """A titled stretch of clinical text. `spans` maps character ranges of `text` to lines."""

    document_id = dy.String(primary_key=True)
    section = dy.Int32(primary_key=True, min=0)
    kind = dy.String()
    title = dy.String(nullable=True)
    text = dy.String()
    first_page = dy.Int32()
    last_page = dy.Int32()
    spans = dy.List(
        dy.Struct({"begin": dy.Int32(), "end": dy.Int32(), "page": dy.Int32(), "line": dy.Int32()}),
    )


class Mentions(dy.Schema):
    """A clinical fact in text: characters `begin` to `end` of a section's text."""

    document_id = dy.String(primary_key=True)
    section = dy.Int32(primary_key=True)
    begin = dy.Int32(primary_key=True)
    end = dy.Int32()
    text = dy.String()
    code = dy.String()
    vocabulary = dy.String()
    negated = dy.Bool()
    hypothetical = dy.Bool()
    family = dy.Bool()
    past = dy.Bool()
    confidence = dy.Float32()


class Events(dy.Schema):
    """MEDS events with their origin. A null time marks a fact without a date, such as sex."""

    subject_id = dy.Int64()
    time = _time(nullable=True)
    code = dy.String()
    numeric_value = dy.Float32(nullable=True)
    text_value = dy.String(nullable=True)
    source = dy.String()
    document_id = dy.String(nullable=True)
    encounter_id = dy.String(nullable=True)


class EventFaults(dy.Schema):
    """Rows of an EHR source that became no event (`lost`), or an event to look at. `rows` are their first numbers in the file, from 1."""

    file = dy.String(primary_key=True)
    fault = dy.String(primary_key=True)
    lost = dy.Bool()
    count = dy.Int64()
    rows = dy.List(dy.Int64())


class Codes(dy.Schema):
    """What the source says of a code."""

    code = dy.String(primary_key=True)
    description = dy.String(nullable=True)
    parent_codes = dy.List(dy.String(), nullable=True)


class Runs(dy.Schema):
    """A run over these tables. `running` and no end: it is going on, or was killed."""

    run_id = dy.String(primary_key=True)
    kind = dy.String()
    status = dy.String(check=_one_of(("running", "finished", "failed")))
    reason = dy.String(nullable=True)
    started_at = _time()
    seconds = dy.Float64(nullable=True)
    version = dy.String()
    seen = dy.Int64(nullable=True)
    read = dy.Int64(nullable=True)
    unchanged = dy.Int64(nullable=True)
    removed = dy.Int64(nullable=True)
    partial = dy.Int64(nullable=True)
    quarantined = dy.Int64(nullable=True)
    pages = dy.Int64(nullable=True)


class ConceptVectors(dy.Schema):
    """A code's place in the space learned from co-occurrence in time."""

    code = dy.String(primary_key=True)
    vocabulary = dy.String()
    count = dy.Int64()
    vector = dy.List(dy.Float32())


class Predictions(dy.Schema):
    """MEDS prediction: the probability that the outcome happens in the prediction window."""

    subject_id = dy.Int64(primary_key=True)
    prediction_time = _time(primary_key=True)
    boolean_value = dy.Bool(nullable=True)
    predicted_boolean_probability = dy.Float64()


class FeatureDictionary(dy.Schema):
    """A column of the features table. `window_days` is null for what has none."""

    name = dy.String(primary_key=True)
    meaning = dy.String()
    unit = dy.String()
    window_days = dy.Int32(nullable=True)
    source = dy.String()


class FeatureKeys(dy.Schema):
    """The declared part of the features table; one further column a feature follows."""

    subject_id = dy.Int64(primary_key=True)
    prediction_time = _time(primary_key=True)
    boolean_value = dy.Bool(nullable=True)
    split = dy.String()
    age = dy.Float32()
    male = dy.Float32()


def shape(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """`frame` with exactly the schema's columns, in its order and types. Its rules are checked where it is stored.

    Raises:
        polars.exceptions.PolarsError: a column is missing, or a value does not fit its type.
    """
    wanted = _types(schema)
    if frame.schema == wanted:  # dear to select again on the few lines of a document
        return frame
    return frame.select(pl.col(name).cast(dtype) for name, dtype in wanted.items())


@cache
def _types(schema: type[dy.Schema]) -> pl.Schema:
    return pl.Schema({name: column.dtype for name, column in schema.columns().items()})


def conform(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """`frame` with exactly the schema's columns, in its order and types, checked.

    Raises:
        dataframely.exc.ValidationError: a rule of the schema does not hold.
    """
    return schema.validate(frame, cast=True)
