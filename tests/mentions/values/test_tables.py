"""Tables of tests: rows in any order, heads, dates as heads, tests as heads."""

from datetime import UTC, datetime

import pytest
from mentions.values.test_running import short, values_of


@pytest.mark.parametrize(
    "row",
    [
        "Kalium\t5,9\tmmol/l\t3,5-5,1\tH",
        "Kalium\tmmol/l\t5,9\tH\t3,5 - 5,1",
        "Kalium\t3,5-5,1\t5,9 H\tmmol/l",
        "Kalium (mmol/l)\t5,9\tH\t(3,5-5,1)",
        "Kalium 5,9 mmol/l\t3,5-5,1\tH",
        "Kalium | 5,9 | mmol/l | 3,5-5,1 | H",
        "Kalium   5,9   mmol/l   3,5-5,1   H",
        "Kalium\tH 5,9\tmmol/l\t3,5-5,1",
    ],
)
def test_a_row_in_any_order(row: str) -> None:
    (one,) = values_of("de", row)
    assert one.quantity[2:] == (5.9, None, "mmol/L", 3.5, 5.1, "H")


def test_a_bound_is_a_value_or_a_range() -> None:
    assert values_of("de", "CRP\t45\tmg/l\t<5")[0].quantity[2:6] == (45, None, "mg/L", None)
    assert short("de", "CRP\t<5\tmg/l") == [("crp", "<", 5, "mg/L")]


def test_a_row_without_a_result_is_none() -> None:
    assert short("de", "Kalium\t\tmmol/l\t3,5-5,1") == []
    assert short("de", "Kalium\tfolgt\tmmol/l\t3,5-5,1") == []


def test_dates_as_heads() -> None:
    text = (
        "Parameter\t12.03.2024\t14.03.2024 08:30\n"
        "Kalium (mmol/l)\t3,5\t4,2\n"
        "CRP\t-\t45\tmg/l\n"
        "Natrium\t138"
    )
    found = [(one.span.code, one.quantity.value, one.moment) for one in values_of("de", text)]
    times = [moment.time if moment else None for *_, moment in found]
    assert [pair[:2] for pair in found] == [("potassium", 3.5), ("potassium", 4.2), ("crp", 45)]
    assert times == [
        datetime(2024, 3, 12, tzinfo=UTC),
        datetime(2024, 3, 14, 8, 30, tzinfo=UTC),
        datetime(2024, 3, 14, 8, 30, tzinfo=UTC),
    ]  # sodium: of which day?


def test_days_without_a_year_are_of_the_year_of_the_document() -> None:
    found = values_of("de", "Labor\t18.03.\t22.12.\nKalium (mmol/l)\t3,5\t4,2")
    assert [one.moment and one.moment.time.date().isoformat() for one in found] == [
        "2024-03-18",
        "2023-12-22",
    ]


def test_a_former_result_has_its_date_or_is_left_out() -> None:
    heads = "Examen\tRésultat\tUnités\tValeurs de référence\tAntériorité"
    row = "Sodium\t138\tmmol/L\t136 - 145\t140"
    assert short("fr", f"{heads}\n{row}") == [("sodium", None, 138, "mmol/L")]
    found = values_of("fr", f"{heads} 10/01/2024\n{row}")
    assert [(one.quantity.value, one.moment and one.moment.time.month) for one in found] == [
        (138, None),
        (140, 1),
    ]


def test_two_numbers_without_heads_are_told_apart_or_left() -> None:
    assert short("de", "Kalium\t3,5\t4,2\tmmol/l") == []
    assert short("fr", "Créatinine\t9,0 mg/L\t79,6 µmol/L")[0][0] == "creatinine"


def test_tests_as_heads() -> None:
    text = "Date\tHb (g/dL)\tPlaquettes\n12/03/2024\t8,9\t234\n14/03/2024\t9,1\t250"
    found = values_of("fr", text)
    assert [(one.span.code, one.quantity.value) for one in found] == [
        ("hemoglobin", 89),
        ("platelets", 234),
        ("hemoglobin", 91),
        ("platelets", 250),
    ]
    assert [one.moment and one.moment.time.day for one in found] == [12, 12, 14, 14]
    assert [text[one.span.begin : one.span.end] for one in found] == ["8,9", "234", "9,1", "250"]


def test_pairs_of_names_and_values_in_a_row() -> None:
    text = "TA : 145/90 mmHg\tFC : 88/min\tSpO2\t96 %"
    assert [(code, value) for code, _, value, _ in short("fr", text)] == [
        ("systolic_blood_pressure", 145),
        ("diastolic_blood_pressure", 90),
        ("heart_rate", 88),
        ("oxygen_saturation", 96),
    ]


def test_a_share_and_a_count_in_a_row_have_the_range_of_the_count() -> None:
    share, count = values_of("fr", "Neutrophiles\t75 %\t6,30 G/L\t1,8-7,5")
    assert share.quantity[2:6] == (75, None, "%", None)
    assert count.quantity[2:7] == (6.3, None, "10*9/L", 1.8, 7.5)


def test_a_result_without_a_date_beside_results_with_one() -> None:
    text = "Test\tReference\tResult\tUnit\t14.03.2024\nPlatelets\t150 - 400\t290\tx10^9/L\t250"
    found = values_of("en", text)
    assert [(one.quantity.value, one.moment and one.moment.time.day) for one in found] == [
        (290, None),
        (250, 14),
    ]
    assert all(one.quantity[5:7] == (150, 400) for one in found)


def test_a_bound_below_a_head_of_results_is_no_reference_range() -> None:
    text = "Test\tResult\tUnit\t12.03.2024\nUrea\t> 17.3\tmmol/L\t2.4"
    assert [one.quantity[2:6] for one in values_of("en", text)] == [
        (17.3, ">", "mmol/L", None),
        (2.4, None, "mmol/L", None),
    ]


def test_a_letter_on_the_next_line_is_no_flag() -> None:
    (one,) = values_of("en", "Potassium\t4.1\nL 5")
    assert one.quantity.flag is None
