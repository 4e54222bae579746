"""What the steps from text to mentions hand to each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """A term of the terminology found in a text.

    Attributes:
        begin: its first character.
        end: the character after its last.
        vocabulary: of the code.
        code: what the term means.
        kind: condition, sign, drug, procedure or measurement.
        name: the code's usual name in the language of the text.
        confidence: probability that the term is meant so, from 0 to 1.
    """

    begin: int
    end: int
    vocabulary: str
    code: str
    kind: str
    name: str
    confidence: float = 1.0


@dataclass(slots=True)
class Context:
    """How a text speaks of a span.

    Attributes:
        negated: the text says that it is not so.
        hypothetical: suspected, possible, planned, feared or conditional.
        family: of any other person than the patient.
        past: of the patient's history, not of now.
        status: of a drug: started, stopped, changed or allergy; None where the text is silent.
        no_fact: the words name something else (a clinic, a screening, a title); no mention.
    """

    negated: bool = False
    hypothetical: bool = False
    family: bool = False
    past: bool = False
    status: str | None = None
    no_fact: bool = False


class Moment(NamedTuple):
    """A date or duration that a text states.

    Attributes:
        begin: its first character.
        end: the character after its last.
        time: the day (UTC, midnight) on which the stated time begins.
        precision: how much of it is stated: day, month or year.
        past: whether it lies before the day of writing, so that what it dates is history.
    """

    begin: int
    end: int
    time: datetime
    precision: str
    past: bool


class Quantity(NamedTuple):
    """A value of a measurement as a text states it, in the measurement's one unit.

    Attributes:
        begin: first character of the measurement's name or, in a table, of its row.
        end: the character after its last, value and unit included.
        value: in `unit`.
        comparator: `<`, `>`, `<=`, `>=` or None.
        unit: UCUM code; None where the text gives none and none can be concluded.
        low: lower end of the reference range, in `unit`.
        high: upper end of the reference range, in `unit`.
        flag: the laboratory's own mark, such as `H`.
    """

    begin: int
    end: int
    value: float
    comparator: str | None
    unit: str | None
    low: float | None
    high: float | None
    flag: str | None


class Regimen(NamedTuple):
    """How a drug is taken.

    Attributes:
        dose: of one intake, in `dose_unit`.
        dose_unit: UCUM code, or `{tablet}`, `{drop}`, `{puff}`, … for counted forms.
        route: oral, intravenous, subcutaneous, inhaled, topical, …; None where not stated.
        per_day: intakes a day; 1/7 for once a week.
        times_of_day: morning, noon, evening, bedtime, in the order of the day.
        as_needed: taken only when needed.
        duration_days: days for which it is taken.
    """

    dose: float | None
    dose_unit: str | None
    route: str | None
    per_day: float | None
    times_of_day: tuple[str, ...]
    as_needed: bool | None
    duration_days: float | None
