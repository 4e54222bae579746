"""Tables of documents: the file, its lines, their sections, the facts in them.

Coordinates are PDF points with the origin at the top left of the page as a person sees it
(rotation applied). Text is NFC without control characters.
"""

import dataframely as dy

from chartline.core.tables.columns import one_of, utc_time
from chartline.models.line_classifier.labels import LABELS

STATUSES = ("processed", "partial", "quarantined")
LINE_SOURCES = ("native", "ocr", "form")
HIDDEN = ("covered", "white", "transparent", "clipped", "layer", "struck")
UNKNOWN_LANGUAGE = "und"  # ISO 639-2 for "undetermined"
MENTION_KINDS = ("condition", "sign", "drug", "procedure", "measurement")
DRUG_STATUSES = ("started", "stopped", "changed", "allergy")
PRECISIONS = ("day", "month", "year")


class Documents(dy.Schema):
    """A file that was seen.

    `reason` is a `core.reasons.Reason`; `failed_pages` names the pages of a partial document that
    were not read, or not to their end. `language` is an ISO 639-1 code, or `und` where it is not
    known: such a document has no mentions. `doubt` is the share of its lines that may be wrong.
    """

    document_id = dy.String(primary_key=True)
    path = dy.String()
    patient_id = dy.String(nullable=True)
    encounter_id = dy.String(nullable=True)
    kind = dy.String(nullable=True)
    written_at = utc_time(nullable=True)
    language = dy.String()
    pages = dy.Int32()
    status = dy.String(check=one_of(STATUSES))
    reason = dy.String(nullable=True)
    failed_pages = dy.List(dy.Struct({"page": dy.Int32(), "reason": dy.String()}), nullable=True)
    engine = dy.String(nullable=True)
    version = dy.String()
    doubt = dy.Float32(nullable=True)
    content_hash = dy.String()
    size = dy.Int64()
    modified_at = utc_time()


class Lines(dy.Schema):
    """A line on a page, in reading order.

    `colour` is `#rrggbb`; `box` is the number on the page of the ruled or filled box that the line
    stands in; `ruled_above` and `ruled_below` say that a drawn rule is next to it. `hidden` says
    why a person does not see the line, null where one does. `label` and `confidence` come from
    the line classifier.
    """

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
    source = dy.String(check=one_of(LINE_SOURCES))
    colour = dy.String(nullable=True)
    underlined = dy.Bool(nullable=True)
    box = dy.Int32(nullable=True)
    ruled_above = dy.Bool(nullable=True)
    ruled_below = dy.Bool(nullable=True)
    hidden = dy.String(nullable=True, check=one_of(HIDDEN))
    label = dy.String(nullable=True, check=one_of(LABELS))
    confidence = dy.Float32(nullable=True)


class Sections(dy.Schema):
    """A titled stretch of clinical text. `spans` maps character ranges of `text` to lines."""

    document_id = dy.String(primary_key=True)
    section = dy.Int32(primary_key=True, min=0)
    kind = dy.String()
    kind_confidence = dy.Float32(nullable=True)
    title = dy.String(nullable=True)
    text = dy.String()
    language = dy.String(nullable=True)
    first_page = dy.Int32()
    last_page = dy.Int32()
    spans = dy.List(
        dy.Struct({"begin": dy.Int32(), "end": dy.Int32(), "page": dy.Int32(), "line": dy.Int32()}),
    )


class Mentions(dy.Schema):
    """A clinical fact in text: characters `begin` to `end` of a section's text.

    `family` is said of the family or any other person than the patient. `value`, `low` and `high`
    (the reference range) are in `unit` (UCUM), `flag` is the laboratory's own. `dose` is one
    intake's, in `dose_unit`; `per_day` counts intakes a day.
    """

    document_id = dy.String(primary_key=True)
    section = dy.Int32(primary_key=True)
    begin = dy.Int32(primary_key=True)
    end = dy.Int32(primary_key=True)
    vocabulary = dy.String(primary_key=True)
    code = dy.String(primary_key=True)
    text = dy.String()
    kind = dy.String(check=one_of(MENTION_KINDS))
    name = dy.String(nullable=True)
    negated = dy.Bool()
    hypothetical = dy.Bool()
    family = dy.Bool()
    past = dy.Bool()
    status = dy.String(nullable=True, check=one_of(DRUG_STATUSES))
    time = utc_time(nullable=True)
    time_precision = dy.String(nullable=True, check=one_of(PRECISIONS))
    comparator = dy.String(nullable=True)
    value = dy.Float64(nullable=True)
    unit = dy.String(nullable=True)
    low = dy.Float64(nullable=True)
    high = dy.Float64(nullable=True)
    flag = dy.String(nullable=True)
    dose = dy.Float64(nullable=True)
    dose_unit = dy.String(nullable=True)
    route = dy.String(nullable=True)
    per_day = dy.Float64(nullable=True)
    times_of_day = dy.List(dy.String(), nullable=True)
    as_needed = dy.Bool(nullable=True)
    duration_days = dy.Float64(nullable=True)
    confidence = dy.Float32()
