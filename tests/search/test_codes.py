"""Codes with those above them, and what is said of them."""

import pytest

from chartline.search import codes


@pytest.mark.parametrize(
    ("vocabulary", "code", "above", "not_above"),
    [
        ("ICD10", "I50.13", ["ICD10//I50", "ICD10//I50.1", "I50", "i50.1"], ["I5", "I", "I500"]),
        ("ICD10CM", "E11.9", ["ICD10CM//E11"], ["ICD10//E11"]),
        ("ICD9", "428.0", ["ICD9//428"], ["42"]),
        ("ICD9PROC", "37.22", ["37", "37.2"], ["3"]),
        ("ATC", "C03CA01", ["ATC//C03", "C", "C03C", "C03CA"], ["C0", "C03CA0"]),
        ("LOINC", "2160-0", ["LOINC//2160-0", "2160-0"], ["216", "2160"]),
    ],
)
def test_a_mention_is_found_by_the_codes_above(
    vocabulary: str, code: str, above: list[str], not_above: list[str]
) -> None:
    keys = codes.keys(vocabulary, code)
    assert len(keys) == len(set(keys))
    assert codes.key(f"{vocabulary}//{code}") in keys
    assert set(map(codes.key, above)) <= set(keys)
    assert set(map(codes.key, not_above)).isdisjoint(keys)


def test_each_property_is_included_alone_or_with_others() -> None:
    assert codes.states(frozenset()) == [codes.state(False, False, False)]
    both = set(codes.states(frozenset({"negated", "family"})))
    assert both == {
        codes.state(negated, False, family) for negated in (False, True) for family in (False, True)
    }
    assert len(set(codes.states(frozenset(codes.STATES)))) == 8
