"""Heads of columns: what stands below them."""

from typing import NamedTuple

from chartline.mentions.spans import Moment
from chartline.mentions.values.cells import day_of
from chartline.mentions.values.page import Name, Page
from chartline.mentions.values.words import roles

NAME, VALUE, UNIT, REFERENCE, FLAG = "name", "value", "unit", "reference", "flag"
PREVIOUS, LOW, HIGH, OTHER = "previous", "low", "high", "other"
_LONGEST_HEAD = 40  # characters


class Head(NamedTuple):
    """The head of a column.

    Attributes:
        role: name, value, unit, reference, flag, previous, low, high or other.
        moment: the date of a column of values.
        test: the test of a column, where its head is a test's name.
    """

    role: str
    moment: Moment | None = None
    test: Name | None = None


def heads_of(page: Page, cells: list[tuple[int, int]]) -> list[Head] | None:
    """The heads in a row; None where the row is none of heads.

    A row of heads holds a head of values, or dates, and no number beside them.
    """
    heads = []
    for begin, end in cells:
        head = _head(page, begin, end)
        if head is None:
            return None
        heads.append(head)
    if not any(head.role in (VALUE, PREVIOUS) for head in heads):
        return None
    known = [head for head in heads if head.role != OTHER]
    return heads if len(known) * 2 >= len(heads) and len(heads) > 1 else None


def _head(page: Page, begin: int, end: int) -> Head | None:
    if end - begin > _LONGEST_HEAD:
        return None
    written = page.folded[begin:end].strip(" :*")
    role = role_of(written)
    moment = day_of(page, begin, end)
    if moment is None and (inside := page.moments_in(begin, end)) and role:
        moment = inside[0]
    if moment is not None:
        return Head(role if role == PREVIOUS else VALUE, moment)
    if role is None:
        return None if any(character.isdigit() for character in written) else Head(OTHER)
    return Head(role)


def role_of(written: str) -> str | None:
    """The role of a head, by the longest known word that it begins with.

    >>> role_of("valeurs de reference"), role_of("resultat"), role_of("autre")
    ('reference', 'value', None)
    """
    for word, role in roles().items():
        if written.startswith(word) and not written[len(word) : len(word) + 1].isalnum():
            return role
    return None
