"""Tables to those of MEDS, the Medical Event Data Standard 0.4, in its Arrow types.

MEDS has times in UTC without a time zone, in microseconds; a table may not have other types than
those of its schemas (https://github.com/Medical-Event-Data-Standard/meds). The prediction schema is
that of https://github.com/kamilest/meds-evaluation.
"""

from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from chartline.core.tables import Codes, Events, Splits, types_of
from chartline.mentions.names import names_of_codes
from chartline.risk.splits import TRAIN

_TIME = pa.timestamp("us")
_SUBJECT = pa.field("subject_id", pa.int64(), nullable=False)
DATA = pa.schema(
    [
        _SUBJECT,
        pa.field("time", _TIME),
        pa.field("code", pa.string(), nullable=False),
        pa.field("numeric_value", pa.float32()),
        pa.field("text_value", pa.large_string()),  # the one long text that MEDS allows
        pa.field("unit", pa.string()),
        pa.field("end_time", _TIME),
        pa.field("known_at", _TIME),
        pa.field("certain", pa.bool_()),
        pa.field("source", pa.string()),
        pa.field("document_id", pa.string()),
        pa.field("encounter_id", pa.string()),
    ]
)
CODES = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        pa.field("description", pa.string()),
        pa.field("parent_codes", pa.list_(pa.string())),
    ]
)
SPLITS = pa.schema([_SUBJECT, pa.field("split", pa.string(), nullable=False)])
LABELS = pa.schema(
    [
        _SUBJECT,
        pa.field("prediction_time", _TIME, nullable=False),
        pa.field("boolean_value", pa.bool_(), nullable=False),
    ]
)
PREDICTIONS = pa.schema(
    [
        *LABELS,
        pa.field("predicted_boolean_value", pa.bool_()),
        pa.field("predicted_boolean_probability", pa.float32()),
    ]
)


@dataclass(frozen=True, repr=False)
class MedsTables:
    """The tables of a MEDS dataset and of predictions on it, as Arrow tables.

    Attributes:
        events: MEDS's data schema, with the columns of Chartline's events table besides; by
            subject, then time, facts without a time first.
        codes: code metadata; every code of `events` is in it.
        splits: a split for every subject of `events`.
        labels: label schema; rows of predictions whose outcome is known.
        predictions: the same with `predicted_boolean_probability`, of subjects that no model was
            fitted on: with the others, an evaluation would flatter it. Subjects whose outcome is
            not known are left out, since a label may not be null. `predicted_boolean_value` is
            null: the probability is not cut into yes and no.
    """

    events: pa.Table
    codes: pa.Table
    splits: pa.Table
    labels: pa.Table
    predictions: pa.Table

    def __repr__(self) -> str:
        rows = {name: len(getattr(self, name)) for name in self.__dataclass_fields__}
        return f"<MedsTables: {', '.join(f'{count} {name}' for name, count in rows.items())}>"


def meds_tables(
    events: pl.DataFrame, codes: pl.DataFrame, splits: pl.DataFrame, predictions: pl.DataFrame
) -> MedsTables:
    """The tables of these names in MEDS's types.

    Args:
        events: the events table.
        codes: what the source says of codes; the others take their description from our terms.
        splits: subject_id, split; a row a subject.
        predictions: the predictions table.
    """
    ordered = events.select(types_of(Events).names()).sort(
        "subject_id", "time", "code", maintain_order=True
    )
    known = predictions.drop_nulls("boolean_value")
    unseen = known.filter(pl.col("split") != TRAIN).with_columns(
        predicted_boolean_value=pl.lit(None, pl.Boolean)
    )
    return MedsTables(
        events=_arrow(ordered, DATA),
        codes=_arrow(_all_codes(ordered["code"], codes), CODES),
        splits=_arrow(splits.select(types_of(Splits).names()).sort("subject_id"), SPLITS),
        labels=_arrow(known, LABELS),
        predictions=_arrow(unseen, PREDICTIONS),
    )


def _all_codes(used: pl.Series, codes: pl.DataFrame) -> pl.DataFrame:
    """The codes table with a row for every code in use."""
    names = names_of_codes(codes)
    missing = (
        used.unique()
        .to_frame()
        .join(codes, on="code", how="anti")
        .with_columns(
            description=pl.col("code").replace_strict(names, default=None, return_dtype=pl.String),
            parent_codes=pl.lit(None, pl.List(pl.String)),
        )
    )
    return pl.concat([codes.select(types_of(Codes).names()), missing]).sort("code")


def _arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """`frame` as an Arrow table of the schema's columns and types; times keep their instant."""
    naive = frame.with_columns(
        pl.selectors.datetime(time_zone="*").dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    )
    return naive.select(schema.names).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema)
