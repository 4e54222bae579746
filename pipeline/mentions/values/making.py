"""A value as the steps found it, to what the mention holds."""

from collections.abc import Sequence

from chartline.mentions.spans import Moment, Quantity
from chartline.mentions.values.fitting import Fit, middle
from chartline.mentions.values.measures import rounded
from chartline.mentions.values.page import Measured, Name
from chartline.mentions.values.tails import Tail, bounds


def made(
    name: Name,
    place: tuple[int, int],
    found: Fit,
    *,
    comparator: str | None = None,
    tail: Tail | None = None,
    moment: Moment | None = None,
    earlier: bool = False,
    sure: bool = False,
) -> Measured:
    """A value of a test.

    Args:
        name: of the test.
        place: first character, and the character after the last.
        found: the test, value and unit.
        comparator: before the value.
        tail: flag and reference range beside it.
        moment: the date that its table or text states.
        earlier: whether a later value follows.
        sure: whether it counts although its name is weak.
    """
    low, high = bounds(found, tail.reference if tail else None)
    quantity = Quantity(
        begin=place[0],
        end=place[1],
        value=rounded(middle(found.values)),
        comparator=comparator,
        unit=found.unit,
        low=low,
        high=high,
        flag=tail.flag if tail else None,
    )
    span = name.span._replace(begin=place[0], end=place[1], code=found.code)
    return Measured(span, quantity, moment, earlier, sure or not name.weak, name)


def score(code: str, values: Sequence[float]) -> Fit:
    """A value of a score, which has no unit."""
    return Fit(code, tuple(values), "1", "1")
