"""Tables of documents: the file, its lines, their sections.

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


class Documents(dy.Schema):
    """A file that was seen."""

    document_id = dy.String(
        primary_key=True,
        description="SHA-256 of the path below the document folder, 16 hexadecimal digits",
    )
    path = dy.String(
        description="that path; a control character, a byte that is no UTF-8 or a backslash in "
        r"it is written `\x0a`, `\xe9`, `\\`"
    )
    patient_id = dy.String(nullable=True, description="the patient, as the manifest names them")
    encounter_id = dy.String(nullable=True, description="the stay or visit, by the manifest")
    kind = dy.String(nullable=True, description="the sort of document, by the manifest")
    written_at = utc_time(nullable=True, description="when it was written, by the manifest")
    language = dy.String(
        description="ISO 639-1 code, or `und` where it is not known: such a document has no "
        "mentions"
    )
    pages = dy.Int32(description="number of pages")
    status = dy.String(
        check=one_of(STATUSES),
        description="`processed`; `partial`: some of it was read; `quarantined`: none",
    )
    reason = dy.String(
        nullable=True,
        description="why it is not processed, one of `chartline.core.reasons.Reason`",
    )
    failed_pages = dy.List(
        dy.Struct({"page": dy.Int32(), "reason": dy.String()}),
        nullable=True,
        description="pages of a partial document that were not read, or not to their end",
    )
    engine = dy.String(nullable=True, description="the engine that read most of its pages")
    version = dy.String(
        description="of Chartline, with a digest of the weights and settings that it was read by"
    )
    doubt = dy.Float32(nullable=True, description="share of its lines that may be wrong, 0 to 1")
    content_hash = dy.String(description="SHA-256 of the file's bytes")
    size = dy.Int64(description="of the file, in bytes")
    modified_at = utc_time(description="when the file was last changed, by the file system")


class Lines(dy.Schema):
    """A line on a page, in reading order."""

    document_id = dy.String(primary_key=True, description="the document")
    page = dy.Int32(primary_key=True, min=1, description="the page, from 1")
    line = dy.Int32(primary_key=True, min=0, description="place in the page's reading order")
    text = dy.String(
        description=r"its text; a glyph whose font does not say which character it shows is "
        r"`\ufffd`"
    )
    x0 = dy.Float32(description="left edge, in points from the left of the page")
    top = dy.Float32(description="upper edge, in points from the top of the page")
    x1 = dy.Float32(description="right edge, in points from the left of the page")
    bottom = dy.Float32(description="lower edge, in points from the top of the page")
    page_width = dy.Float32(description="of the page, in points")
    page_height = dy.Float32(description="of the page, in points")
    font = dy.String(description="name of the font that most of its characters have")
    size = dy.Float32(description="of that font, in points")
    bold = dy.Bool(description="whether the font is bold")
    italic = dy.Bool(description="whether the font is italic or oblique")
    source = dy.String(
        check=one_of(LINE_SOURCES),
        description="`native`: the page's own text; `ocr`: read from a picture, or from the text "
        "layer of a scan; `form`: the value of a form field, or an annotation",
    )
    colour = dy.String(nullable=True, description="of its characters, `#rrggbb`")
    underlined = dy.Bool(nullable=True, description="whether a drawn line runs under it")
    box = dy.Int32(
        nullable=True,
        description="number, on its page, of the ruled or filled box that it stands in",
    )
    ruled_above = dy.Bool(nullable=True, description="whether a drawn rule is next above it")
    ruled_below = dy.Bool(nullable=True, description="whether a drawn rule is next below it")
    hidden = dy.String(
        nullable=True,
        check=one_of(HIDDEN),
        description="why a person does not see the line; null where one does",
    )
    label = dy.String(
        nullable=True,
        check=one_of(LABELS),
        description="what the line is, by the line classifier: see [labels](../labels.md)",
    )
    confidence = dy.Float32(
        nullable=True, description="the classifier's calibrated probability of the label"
    )


class Sections(dy.Schema):
    """A titled stretch of clinical text."""

    document_id = dy.String(primary_key=True, description="the document")
    section = dy.Int32(primary_key=True, min=0, description="its place in the document, from 0")
    kind = dy.String(
        description="which section it is (`introduction` before the first title, `other` where "
        "the title is not known)"
    )
    kind_confidence = dy.Float32(
        nullable=True,
        description="how sure the kind is: 1 where the title is listed, less where its words tell; "
        "null for `introduction` and `other`",
    )
    title = dy.String(nullable=True, description="its title as written")
    text = dy.String(
        description="its text: hyphens at a line's end undone, cells of a table's row joined by "
        "tabs"
    )
    language = dy.String(nullable=True, description="ISO 639-1 code")
    first_page = dy.Int32(description="the page that it begins on")
    last_page = dy.Int32(description="the page that it ends on")
    spans = dy.List(
        dy.Struct({"begin": dy.Int32(), "end": dy.Int32(), "page": dy.Int32(), "line": dy.Int32()}),
        description="which line each stretch `begin` to `end` of `text` comes from",
    )
