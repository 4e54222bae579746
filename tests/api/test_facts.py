"""Facts stand at their places in the text as it was given; what is not known is said."""

import time
import unicodedata
import warnings
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest

import chartline
from chartline.api.facts import FACTS
from chartline.core.tables import Mentions, types_of

pytestmark = pytest.mark.slow  # EDS-NLP starts in seconds
LETTER = "Pas d'HTA. Furosémide 40 mg x 2/j"


@pytest.fixture(autouse=True)
def no_warning_goes_unseen() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        yield


def test_one_text() -> None:
    found = chartline.facts(LETTER, language="fr")
    assert found.schema == FACTS
    assert found.select("document", "vocabulary", "code", "kind", "negated").rows() == [
        (0, "ICD10", "I10", "condition", True),
        (0, "ATC", "C03CA01", "drug", False),
    ]
    assert [LETTER[begin:end] for begin, end in found.select("begin", "end").rows()] == [
        "HTA",
        "Furosémide",
    ]


def test_the_columns_are_those_of_the_mentions_table() -> None:
    found = dict(chartline.facts("", language="fr").schema)
    assert found.pop("document") == pl.Int64
    expected = dict(types_of(Mentions))
    del expected["document_id"], expected["section"]
    assert found == expected


def test_each_text_has_its_index_and_its_language() -> None:
    texts = ["", "Le patient n'a pas d'asthme.", "The patient denies asthma.", "  \n"]
    found = chartline.facts(texts)
    assert found.select("document", "code", "negated").rows() == [
        (1, "J45.9", True),
        (2, "J45.9", True),
    ]
    assert chartline.facts(pl.Series(texts)).equals(found)
    assert chartline.facts([]).schema == FACTS


def test_a_text_of_unknown_language_has_no_facts_and_a_warning_says_so() -> None:
    with pytest.warns(UserWarning, match=r"2 of 3 texts have no facts: .* not known"):
        found = chartline.facts(["Asthme 42", "Le patient a de l'asthme.", "Diabète type 2"])
    assert found["document"].to_list() == [1]
    with pytest.warns(UserWarning, match="1 of 1 texts have no facts: .* is sv, without cues"):
        assert chartline.facts("Ingen astma.", language="sv").is_empty()


def test_places_count_the_characters_of_the_given_text() -> None:
    text = "Le\x00 patient\r\n est suivi pour une de\u0301pression et une e\u0301pilepsie,\x1b HTA."
    found = chartline.facts(text, language="fr")
    marked = [text[begin:end] for begin, end in found.select("begin", "end").rows()]
    assert [*map(str.encode, marked)] == [
        "de\u0301pression".encode(),
        "e\u0301pilepsie".encode(),
        b"HTA",
    ]
    assert found["text"].to_list() == [unicodedata.normalize("NFC", part) for part in marked]


def test_own_terms_come_in_addition_and_first() -> None:
    text = "Le patient a une HTA, un bidule connu et une hypertension artérielle."
    own = [
        ("bidule", "LOCAL//B/1"),
        ("hta", "LOCAL//H"),
        ("HTA", "LOCAL//second"),
        ("hypertension", "LOCAL//shorter"),
    ]
    found = chartline.facts(text, language="fr", terms=own)
    assert found.select("vocabulary", "code", "name").rows() == [
        ("LOCAL", "H", "hta"),
        ("LOCAL", "B/1", "bidule"),
        ("ICD10", "I10", "hypertension artérielle"),
    ]
    assert found["kind"].to_list() == ["condition"] * 3
    assert chartline.facts(text, language="fr")["code"].to_list() == ["I10", "I10"]


def test_own_terms_win_whatever_their_accents() -> None:
    own = [("hypertension arterielle", "LOCAL//H")]
    found = chartline.facts("Une hypertension artérielle.", language="fr", terms=own)
    assert found["vocabulary"].to_list() == ["LOCAL"]


@pytest.mark.parametrize(
    "terms",
    [
        ["HTA"],
        ["ab"],
        "HTA",
        {"HTA": "ICD10//I10"},
        [("HTA",)],
        [("HTA", "I10")],
        [("HTA", "ICD10//")],
        [("HTA", "//I10")],
        [("HTA", None)],
        [("", "ICD10//I10")],
        [("--", "ICD10//I10")],
        5,
    ],
)
def test_wrong_terms_are_one_clear_error(terms: Any) -> None:
    with pytest.raises(chartline.UsageError, match=r"^terms(\[0\])?: pairs \(term, code\) are"):
        chartline.facts("Une HTA.", language="fr", terms=terms)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": 5}, "^text: a text or a list of texts"),
        ({"text": b"HTA"}, "^text: a text or a list of texts"),
        ({"text": ["HTA", None]}, r"^text\[1\]: a text is needed, not NoneType"),
        ({"text": "HTA", "language": "french"}, "^language: an ISO 639-1 code"),
        ({"text": "HTA", "language": "fr", "written_at": "soon"}, "^written_at: an ISO 8601"),
        ({"text": "HTA", "language": "fr", "written_at": 5}, "^written_at: an ISO 8601"),
    ],
)
def test_wrong_arguments_are_usage_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(chartline.UsageError, match=message):
        chartline.facts(**arguments)


def test_a_date_is_accepted_in_each_form() -> None:
    for written in ("2021-05-06", date(2021, 5, 6), "2021-05-06T10:00:00+02:00"):
        assert len(chartline.facts(LETTER, "fr", written)) == 2


@pytest.mark.parametrize("unit", ["a", "1234 ", "Une HTA connue, pas d'asthme. ", "HTA"])
def test_a_long_line_takes_time_in_proportion(unit: str) -> None:
    """Nine times as much text may take at most 18 times as long; quadratic would be 81 times."""
    chartline.facts("Une HTA.", language="fr")
    seconds = []
    for size in (40_000, 360_000):
        text = (unit * size)[:size]
        begin = time.process_time()
        found = chartline.facts(text, language="fr")
        seconds.append(time.process_time() - begin)
        assert all(
            text[begin:end] == given
            for begin, end, given in found.select("begin", "end", "text").rows()
        )
    assert seconds[1] < 18 * max(seconds[0], 0.05)
