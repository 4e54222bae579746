"""What a person types; no message repeats it."""

import pytest

from chartline.core.errors import UsageError
from chartline.search.query import Clause, clauses


def test_words_phrases_codes_and_what_is_left_out() -> None:
    assert clauses(
        'Œdème -"no pain" “heart failure” code:icd10//i50.9 -code:"I10" beta-bloquant'
    ) == [
        Clause(("Œdème",)),
        Clause(("no", "pain"), excluded=True),
        Clause(("heart", "failure")),
        Clause((), "ICD10//I509"),
        Clause((), "I10", excluded=True),
        Clause(("beta", "bloquant")),
    ]


def test_marks_mean_nothing_and_accents_may_be_written_apart() -> None:
    assert clauses("K+ ( - / ) 12,5") == [Clause(("K",)), Clause(("12", "5"))]
    assert clauses("e\u0301te\u0301") == [Clause(("été",))]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('"Zyxwor', "a quotation mark is not closed"),
        ("", "to look for is needed"),
        ("( …", "to look for is needed"),
        ("-Zyxwor", "to look for is needed"),
        ('""', "to look for is needed"),
        ("Zyxwor code:", "a code is needed after code:"),
        ("Zyxwor " * 101, "at most 100"),
    ],
)
def test_what_cannot_be_read_is_said_without_the_query(query: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        clauses(query)
    assert "Zyxwor" not in str(raised.value)
    assert "\n" not in str(raised.value)
