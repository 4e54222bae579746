"""Tables of coded histories: events, what was not read of their source, what it says of codes."""

import dataframely as dy

from chartline.core.tables.columns import utc_time

SPLITS = ("train", "tuning", "held_out")  # MEDS 0.4, subject_splits


class Events(dy.Schema):
    """A statement about a patient, as in MEDS 0.4; no key: equal rows are equal statements."""

    subject_id = dy.Int64(
        description="the patient: the source's identifier where it is a whole number, else 63 "
        "bits of its SHA-256"
    )
    time = utc_time(
        nullable=True,
        description="when; null for a fact without a date, such as sex, or a condition that a "
        "document only calls past",
    )
    code = dy.String(description="`vocabulary//code`")
    numeric_value = dy.Float32(nullable=True, description="of a measurement, in `unit`")
    text_value = dy.String(
        nullable=True, description="a value that is no number; a bound, as in `<5`"
    )
    unit = dy.String(nullable=True, description="of `numeric_value`")
    end_time = utc_time(nullable=True, description="when it ended, of what lasts")
    known_at = utc_time(
        nullable=True,
        description="when the statement became known, null where that is `time`; a prediction "
        "sees what was known before its day",
    )
    certain = dy.Bool(nullable=True, description="false: provisional, as a suspected diagnosis")
    source = dy.String(description="`ehr`, or `document` for what a mention says")
    document_id = dy.String(nullable=True, description="the document of the mention")
    encounter_id = dy.String(nullable=True, description="the stay or visit")


class EventFaults(dy.Schema):
    """A kind of source row that became no event, or events to look at."""

    file = dy.String(
        primary_key=True, description="of the source; `events` where the whole stream is meant"
    )
    fault = dy.String(primary_key=True, description="what is wrong")
    lost = dy.Bool(description="whether such rows became no event")
    count = dy.Int64(description="number of such rows")
    rows = dy.List(
        dy.Int64(), description="numbers of the first hundred such rows in the file, from 1"
    )


class Codes(dy.Schema):
    """What the source says of a code."""

    code = dy.String(primary_key=True, description="`vocabulary//code`")
    description = dy.String(nullable=True, description="its name")
    parent_codes = dy.List(
        dy.String(), nullable=True, description="codes above it, as MEDS writes them"
    )


class Splits(dy.Schema):
    """The split that the source declares for a patient."""

    subject_id = dy.Int64(primary_key=True, description="the patient")
    split = dy.String(description="`train`, `tuning` or `held_out`")
