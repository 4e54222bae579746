"""Colours that carry the truth: the label and the element of each glyph, inside the PDF itself.

A reader that looks at the colours of glyphs finds the label that the generator gave them, through
every renderer and without a file beside the PDF.
"""

from itertools import count

from chartline.models.line_classifier.labels import LABELS

Rgb = tuple[int, int, int]

_elements = count()


def restart_elements() -> None:
    """Begins to count elements anew; called before a document is rendered.

    The same document then always has the same colours.
    """
    global _elements
    _elements = count()


def tint(rgb: Rgb, label: str) -> Rgb:
    """Writes a label, and the number of the next element, into the low four bits of a colour.

    Blue holds the label; red and green the number of the element in its document, modulo 256. An
    element is a paragraph, a cell or a line of a margin: glyphs of one element on one baseline are
    one true line.
    """
    number = next(_elements) % 256
    return (
        (rgb[0] & 0xF0) | number >> 4,
        (rgb[1] & 0xF0) | number & 0x0F,
        (rgb[2] & 0xF0) | (LABELS.index(label) + 1),
    )


def label_of(color: int) -> str | None:
    """The label in a colour made by `tint`, or None for any other colour.

    >>> label_of(0x202F33)
    'table'
    """
    number = (color & 0x0F) - 1
    return LABELS[number] if 0 <= number < len(LABELS) else None


def element_of(color: int) -> int:
    """The number of the element in a colour made by `tint`.

    >>> element_of(0x212F33)
    31
    """
    return (color >> 16 & 0x0F) << 4 | (color >> 8 & 0x0F)
