"""Tables of coded histories: events, what was not read of their source, what it says of codes."""

import dataframely as dy

from chartline.core.tables.columns import utc_time

SPLITS = ("train", "tuning", "held_out")  # MEDS 0.4, subject_splits


class Events(dy.Schema):
    """MEDS events with their origin; no key: a row is a statement.

    A null `time` marks a fact without a date, such as sex. `known_at` is when the statement became
    known, null where that is its `time`; `certain` is false for a provisional statement.
    """

    subject_id = dy.Int64()
    time = utc_time(nullable=True)
    code = dy.String()
    numeric_value = dy.Float32(nullable=True)
    text_value = dy.String(nullable=True)
    unit = dy.String(nullable=True)
    end_time = utc_time(nullable=True)
    known_at = utc_time(nullable=True)
    certain = dy.Bool(nullable=True)
    source = dy.String()
    document_id = dy.String(nullable=True)
    encounter_id = dy.String(nullable=True)


class EventFaults(dy.Schema):
    """A kind of source row that became no event (`lost`), or events to look at.

    `rows` are the first numbers of such rows in the file, from 1.
    """

    file = dy.String(primary_key=True)
    fault = dy.String(primary_key=True)
    lost = dy.Bool()
    count = dy.Int64()
    rows = dy.List(dy.Int64())


class Codes(dy.Schema):
    """What the source says of a code; `parent_codes` as MEDS writes them."""

    code = dy.String(primary_key=True)
    description = dy.String(nullable=True)
    parent_codes = dy.List(dy.String(), nullable=True)


class Splits(dy.Schema):
    """The split that the source declares for a subject."""

    subject_id = dy.Int64(primary_key=True)
    split = dy.String()
