"""EHR events and mentions in documents as one stream of MEDS events (Medical Event Data Standard).

https://medical-event-data-standard.github.io
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from chartline.core.tables import Events, cast_to, types_of
from chartline.history.faults import fault_row, merge_faults
from chartline.history.sources.source import EHR, Source
from chartline.history.subjects import subject_id

_BEFORE_CODE = {"allergy": "ALLERGY//", "stopped": "STOPPED//"}  # by the status of a drug
_STAYS_WHEN_PAST = ("condition", "sign")  # drugs and procedures of the past say nothing of now
_IS_MEASURED = pl.col("kind") == "measurement"
DOCUMENT = "document"  # value of the column `source` of events that come from mentions
STATIC = r"^(MEDS_|GENDER|SEX|SITE|RACE|ETHNICITY)"  # facts about a person, no concepts of care
MOST_EVENTS = 5_000_000  # of one subject: one every minute for nine years
CROWDED = f"an event of a subject with more than {MOST_EVENTS} events: left out"
Range = tuple[int, int]  # first and last subject_id
EVERYONE: Range = (-(2**63), 2**63 - 1)
_FIRST = [
    "subject_id",
    "time",
    "code",
    "source",
    "document_id",
    "encounter_id",
    "numeric_value",
    "text_value",
]
# MEDS's order, then all other columns: the order of rows never depends on that of the input
_ORDER = [*_FIRST, *(name for name in types_of(Events).names() if name not in _FIRST)]


def document_events(
    mentions: pl.DataFrame, documents: pl.DataFrame, loinc: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """The tables mentions and documents to events, one a code and document.

    An event stands at the document's date; at the mention's own, where that is an earlier day; and
    has no time where the text only says that the condition is past, since it did not begin on the
    document's date. `known_at` is the document's date. Of several mentions of a code in a document
    the earliest counts: what a letter also calls past is not new in it.

    A drug that was stopped is `STOPPED//` and its code, an allergy `ALLERGY//` and the code of what
    it is against: neither is an exposure.

    A measurement is an event for each of its values and days. A bound stands in `text_value` too
    (`<5`); a value of an unknown unit stands there alone, since a number without its unit compares
    with none. `loinc` gives codes of measurements another code instead, so that values of documents
    and of an EHR are one concept; mentions keep ours.

    Left out: mentions that are negated, hypothetical or about the family; drugs and procedures of
    the past, since nobody knows whether they still apply; measurements of the past without a date;
    documents without a patient or a date.
    """
    dated = documents.filter(pl.col("patient_id").is_not_null(), pl.col("written_at").is_not_null())
    subjects = dated.select(
        "document_id",
        "encounter_id",
        pl.col("written_at").alias("known_at"),
        pl.col("patient_id").map_elements(subject_id, pl.Int64).alias("subject_id"),
    )
    stated = mentions.filter(
        ~(pl.col("negated") | pl.col("hypothetical") | pl.col("family")),
        ~pl.col("past")
        | pl.col("kind").is_in(_STAYS_WHEN_PAST)
        | (pl.col("status") == "allergy")
        | (_IS_MEASURED & pl.col("time").is_not_null()),
    )
    rows = stated.join(subjects, on="document_id").select(
        "subject_id",
        _mentioned_time().alias("time"),
        _code_of_mention().replace(loinc or {}).alias("code"),
        numeric_value=pl.when(pl.col("unit").is_not_null()).then("value"),
        text_value=_text_value(),
        unit="unit",
        known_at="known_at",
        source=pl.lit(DOCUMENT),
        document_id="document_id",
        encounter_id="encounter_id",
        measured=_IS_MEASURED,
    )
    # past without a date: after what has an earlier date, before what stands at the document's
    order = pl.coalesce("time", pl.col("known_at") - pl.duration(microseconds=1))
    each = pl.when("measured").then(pl.struct("time", "numeric_value", "text_value"))
    earliest = (
        rows.sort(order, maintain_order=True)
        .with_columns(each=each)
        .unique(["document_id", "code", "each"], keep="first", maintain_order=True)
    )
    return cast_to(earliest, Events)


def _text_value() -> pl.Expr:
    """A bound, or a value whose unit nobody knows, as text; null for other values."""
    number = pl.col("value").cast(pl.String).str.strip_suffix(".0")
    text = pl.concat_str(pl.col("comparator").fill_null(""), number)
    return pl.when(pl.col("comparator").is_not_null() | pl.col("unit").is_null()).then(text)


def _code_of_mention() -> pl.Expr:
    """The code of a mention's event, after what its status makes of it."""
    code = pl.concat_str("vocabulary", "code", separator="//")
    before = pl.col("status").replace_strict(_BEFORE_CODE, default="").fill_null("")
    return before + code


def _mentioned_time() -> pl.Expr:
    """When a mention was so (`time`, `past`), in a document of the date `known_at`."""
    earlier = pl.col("time").dt.date() < pl.col("known_at").dt.date()
    return pl.when(earlier).then("time").when("past").then(None).otherwise("known_at")


def ranges(events: Sequence[pl.LazyFrame], size: int) -> list[Range]:
    """Ranges of subjects that together hold all events, about `size` events each.

    One range (`EVERYONE`) where there are no more than `size` events. A subject is never split.
    Where files are sorted by subject, a range is read without reading the rest.
    """
    counted = [
        frame.group_by("subject_id").agg(count=pl.len()).collect(engine="streaming")
        for frame in events
    ]
    total = pl.concat(counted).group_by("subject_id").agg(pl.col("count").sum()).sort("subject_id")
    if total.is_empty() or total["count"].sum() <= size:
        return [EVERYONE]
    number = (total["count"].cum_sum() - 1) // size
    last = (
        total.with_columns(number=number)
        .group_by("number", maintain_order=True)
        .agg(pl.col("subject_id").max())["subject_id"]
        .to_list()
    )
    first = [EVERYONE[0], *(subject + 1 for subject in last[:-1])]
    return list(zip(first, [*last[:-1], EVERYONE[1]], strict=True))


def without_crowded(source: Source) -> Source:
    """A source without subjects that have more events than a person can; they are a fault.

    All events of a subject are in memory together, and a file of a few megabytes may hold billions.
    """
    counted = [
        frame.group_by("subject_id").agg(count=pl.len()).collect(engine="streaming")
        for frame in source.events
    ]
    total = pl.concat(counted).group_by("subject_id").agg(pl.col("count").sum())
    crowded = total.filter(pl.col("count") > MOST_EVENTS)
    if crowded.is_empty():
        return source
    fault = fault_row(Path(EHR), CROWDED, int(crowded["count"].sum()))
    # comparisons, since a list to look in would hold up the stream: there are few such subjects
    others = pl.all_horizontal(
        [pl.col("subject_id") != subject for subject in crowded["subject_id"]]
    )
    kept = [frame.filter(others) for frame in source.events]
    return replace(source, events=kept, faults=merge_faults([source.faults, fault]))


def within(subjects: Range) -> pl.Expr:
    """Whether `subject_id` lies in a range."""
    return pl.lit(True) if subjects == EVERYONE else pl.col("subject_id").is_between(*subjects)


def shard(source: Source, documents: pl.DataFrame, subjects: Range) -> pl.DataFrame:
    """A source's events and `document_events`, for a range of subjects, in MEDS's order."""
    parts = [frame.filter(within(subjects)) for frame in source.events]
    ehr = pl.concat(parts).collect(engine="streaming") if parts else documents.clear()
    return cast_to(join(ehr, documents.filter(within(subjects))), Events)


def join(ehr: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Both streams as one, in MEDS's order: by subject, then time, facts without a time first."""
    return pl.concat([ehr, documents]).sort(_ORDER, nulls_last=False)
