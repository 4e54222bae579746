"""The table of mentions: clinical facts found in sections."""

import dataframely as dy

from chartline.core.tables.columns import one_of, utc_time

MENTION_KINDS = ("condition", "sign", "drug", "procedure", "measurement")
DRUG_STATUSES = ("started", "stopped", "changed", "allergy")
PRECISIONS = ("day", "month", "year")


class Mentions(dy.Schema):
    """A clinical fact in the text of a section."""

    document_id = dy.String(primary_key=True, description="the document")
    section = dy.Int32(primary_key=True, description="the section")
    begin = dy.Int32(primary_key=True, description="its first character in the section's text")
    end = dy.Int32(primary_key=True, description="the character after its last")
    vocabulary = dy.String(primary_key=True, description="of the code: `ICD10`, `ATC`, `SNOMED`, …")
    code = dy.String(primary_key=True, description="what is mentioned")
    text = dy.String(description="the words, as written")
    kind = dy.String(check=one_of(MENTION_KINDS), description="what sort of fact it is")
    name = dy.String(nullable=True, description="the code's name")
    negated = dy.Bool(description="whether the text says that it is not so")
    hypothetical = dy.Bool(description="whether it is suspected, possible or planned")
    family = dy.Bool(description="whether it is of any other person than the patient")
    past = dy.Bool(description="whether it belongs to the patient's history")
    status = dy.String(
        nullable=True, check=one_of(DRUG_STATUSES), description="what is done with a drug"
    )
    time = utc_time(nullable=True, description="when it was so, where the text says it")
    time_precision = dy.String(
        nullable=True, check=one_of(PRECISIONS), description="how much of `time` the text says"
    )
    comparator = dy.String(nullable=True, description="before the value, as in `<` 5")
    value = dy.Float64(nullable=True, description="of a measurement, in `unit`")
    unit = dy.String(nullable=True, description="UCUM code of the unit")
    low = dy.Float64(nullable=True, description="lower end of the reference range, in `unit`")
    high = dy.Float64(nullable=True, description="upper end of the reference range, in `unit`")
    flag = dy.String(nullable=True, description="the laboratory's own mark, such as `H`")
    dose = dy.Float64(
        nullable=True,
        description="of one intake, in `dose_unit`; the mean where intakes differ; times `per_day`,"
        " the dose of a day",
    )
    dose_unit = dy.String(
        nullable=True,
        description="UCUM code of the dose's unit, or `{tablet}`, `{drop}`, `{puff}`, … where no"
        " strength is said",
    )
    route = dy.String(nullable=True, description="how a drug is given")
    per_day = dy.Float64(nullable=True, description="intakes a day; 1/7 for one a week")
    times_of_day = dy.List(dy.String(), nullable=True, description="when on a day it is taken")
    as_needed = dy.Bool(nullable=True, description="whether it is taken only when needed")
    duration_days = dy.Float64(nullable=True, description="days for which it is taken")
    confidence = dy.Float32(
        description="probability of the mention; the dictionary does not grade: 1"
    )
