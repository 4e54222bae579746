"""A date belongs to one term, or to those of its line."""

from datetime import UTC, datetime

import pytest

from chartline.mentions.dates.dating import dates_of
from chartline.mentions.dates.finding import find_moments
from chartline.mentions.spans import Span
from chartline.mentions.words import passage

CASES = [
    ("MI 2011, stroke 2019.", {"MI": 2011, "stroke": 2019}),
    ("In 2011 MI, then stroke.", {"MI": 2011, "stroke": 2011}),
    ("2011: MI; 2019: stroke", {"MI": 2011, "stroke": 2019}),
    ("Heart failure since 2018. Asthma.", {"Heart failure": 2018, "Asthma": None}),
    ("Asthma. Seen in 2019.", {"Asthma": None}),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_terms_and_their_dates(text: str, expected: dict[str, int | None]) -> None:
    cut = passage(text, "en")
    spans = [
        Span(text.index(term), text.index(term) + len(term), "ICD10", term, "condition", term)
        for term in expected
    ]
    moments = find_moments(cut, datetime(2024, 6, 1, tzinfo=UTC))
    found = dates_of(cut, spans, moments)
    assert [date and date.time.year for date in found] == [*expected.values()]
