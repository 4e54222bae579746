"""How drugs are taken, in seven languages: lists, sentences and rows of tables."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartline.mentions.regimens.finding import regimens_of, without_durations
from chartline.mentions.spans import Moment, Regimen, Span
from chartline.mentions.words import Passage, passage

LANGUAGES = ("fr", "en", "de", "es", "it", "nl", "pt")
CASES = [
    (language, *line.replace("\\t", "\t").split(" => "))
    for language in LANGUAGES
    for line in (Path(__file__).parent / "cases" / f"{language}.txt")
    .read_text("utf-8")
    .splitlines()
]


def marked(language: str, text: str) -> tuple[Passage, list[Span]]:
    """The passage of a text without its brackets, and the drugs that stood in them."""
    plain, spans = "", []
    for number, piece in enumerate(text.replace("]", "[").split("[")):
        if number % 2:
            spans.append(Span(len(plain), len(plain) + len(piece), "ATC", "X", "drug", piece))
        plain += piece
    return passage(plain, language), spans


def regimens(language: str, text: str) -> list[Regimen | None]:
    """The regimens of a text whose drugs stand in brackets."""
    return regimens_of(*marked(language, text))


def written(regimen: Regimen | None) -> str:
    """A regimen on one line: dose, unit, intakes a day, and what else is said."""
    if regimen is None:
        return "-"
    short = {"morning": "M", "noon": "N", "evening": "E", "bedtime": "B"}
    parts = [
        "?" if regimen.dose is None else f"{round(regimen.dose, 2):g} {regimen.dose_unit}",
        "?" if regimen.per_day is None else f"{regimen.per_day:.3g}",
        "".join(short[time] for time in regimen.times_of_day),
        regimen.route or "",
        "prn" if regimen.as_needed else "",
        f"{regimen.duration_days:g}d" if regimen.duration_days is not None else "",
    ]
    return " ".join(part for part in parts if part)


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_a_regimen(language: str, text: str, expected: str) -> None:
    assert " | ".join(map(written, regimens(language, text))) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.sampled_from(CASES), st.sampled_from([case for case in CASES if "|" not in case[2]]))
@settings(max_examples=60, deadline=None)
def test_the_next_line_changes_nothing(
    language: str, case: tuple[str, str, str], following: tuple[str, str, str]
) -> None:
    """A regimen ends with its line, whatever the next line says."""
    text = case[1] + "\n"
    alone = regimens(language, text)
    assert regimens(language, text + following[1])[: len(alone)] == alone


@given(st.lists(st.integers(0, 9), min_size=3, max_size=4), st.sampled_from(LANGUAGES))
@settings(deadline=None)
def test_a_schedule_sums(numbers: list[int], language: str) -> None:
    """Dose times intakes a day is the strength times the sum of the schedule's numbers."""
    (regimen,) = regimens(language, f"[X] 5 mg {'-'.join(map(str, numbers))}")
    if not any(numbers):
        assert regimen is None
        return
    assert regimen is not None
    assert regimen.dose is not None
    assert regimen.per_day is not None
    assert regimen.dose * regimen.per_day == pytest.approx(5 * sum(numbers))


@pytest.mark.parametrize(
    "text", ["[X] " + "a " * 100_000, "[X] " + "1-" * 50_000, "[X]", "[X] mg cp /", "[X] 1/0 cp"]
)
def test_bad_input(text: str) -> None:
    assert len(regimens("fr", text)) == 1


def test_a_duration_is_no_date_of_the_drug() -> None:
    text, spans = marked("en", "[X] 5 mg BD for 7 days, since 2018")
    at = text.text.index("for")
    time = datetime(2024, 1, 1, tzinfo=UTC)
    duration = Moment(at, at + len("for 7 days"), time, "day", False)
    since = Moment(at + 12, at + 22, time, "year", True)
    assert without_durations(text, spans, [duration, since]) == [since]
