"""The ten labels of a line, in the order of the classifier's outputs."""

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
CLINICAL = ("body", "title", "table")
