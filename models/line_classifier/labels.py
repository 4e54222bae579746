"""The ten labels of a line: the only place where they are listed."""

# in the order of the classifier's outputs, so that saved weights depend on it
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
CLINICAL = ("body", "title", "table")  # the labels of clinical text, which sections are made of
