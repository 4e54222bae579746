"""Numbers and units as they are written, and conversions."""

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from mentions.values.test_running import short

from chartline.mentions.values.measures import measures
from chartline.mentions.values.units import unit_at
from chartline.mentions.values.writing import NUMBER, decimal_mark, number_of, one_form


@pytest.mark.parametrize(
    ("written", "ucum"),
    [
        ("mmol/L", "mmol/L"),
        (" µmol/l", "umol/L"),
        ("G/L", "10*9/L"),
        ("g/L", "g/L"),
        ("mM", "mmol/L"),
        ("mm", "mm"),
        ("x10^9/L", "10*9/L"),
        (".10*9/l", "10*9/L"),
        (" x 10³/µL", "10*9/L"),
        (" 10E6/mm3", "10*12/L"),
        (" ×10¹²/L", "10*12/L"),
        ("/mm3", "/uL"),
        (" MMOL/L", "mmol/L"),
        (" mL/min/1,73 m²", "mL/min/{1.73_m2}"),
        (" mm Hg", "mm[Hg]"),
    ],
)
def test_units(written: str, ucum: str) -> None:
    found = unit_at(one_form("5" + written), 1)
    assert found is not None
    assert found.ucum[0] == ucum


@pytest.mark.parametrize("written", [" gauche", " mg/8h", " patients", "", " (", "   mg"])
def test_what_is_no_unit(written: str) -> None:
    assert unit_at(one_form("5" + written), 1) is None


def _grouped(number: float, decimals: int, group: str, decimal: str) -> str:
    return f"{number:,.{decimals}f}".replace(",", "\0").replace(".", decimal).replace("\0", group)


@drawn(
    st.integers(0, 10**8),
    st.sampled_from([0, 1, 2, 4]),
    st.sampled_from([(" ", ","), ("\u202f", ","), (".", ","), (",", "."), ("'", "."), ("", ",")]),
)
def test_numbers_are_read_as_they_were_written(
    whole: int, decimals: int, marks: tuple[str, str]
) -> None:
    group, decimal = marks
    number = whole / 10**decimals
    text = one_form(_grouped(number, decimals, group, decimal))
    match = NUMBER.fullmatch(text)
    assert match is not None
    assert number_of(text, 0, len(text), decimal).readings[0] == pytest.approx(number)


def test_the_text_says_which_mark_stands_before_decimals() -> None:
    assert decimal_mark("Hb 12.5, le 12.03.2024", "fr") == "."
    assert decimal_mark("Hb 12,5", "en") == ","
    assert decimal_mark("1.234", "fr") == ","


PAIRS = [(code, unit) for code, measure in measures().items() for unit in measure.factors]


@drawn(st.sampled_from(PAIRS), st.floats(0.01, 1e5))
def test_a_conversion_there_and_back(pair: tuple[str, str], value: float) -> None:
    measure = measures()[pair[0]]
    factor, offset = measure.factors[pair[1]]
    converted = measure.convert(value, pair[1])
    assert converted is not None
    tolerance = 1e-5 * (abs(converted) + abs(offset)) / factor
    assert (converted - offset) / factor == pytest.approx(value, abs=tolerance)


def test_a_unit_of_another_thing_is_not_converted() -> None:
    assert measures()["hemoglobin"].convert(1, "mm[Hg]") is None


def test_control_characters_cost_no_value_elsewhere() -> None:
    assert short("fr", "Hb \x00\x07 \x1b\nCRP 45 mg/L") == [("crp", None, 45, "mg/L")]
