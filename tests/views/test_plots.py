"""The report's plots: their curves pass where the numbers say, and each is named."""

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from chartline.core.tables import OnsetCurves, OnsetLearning, types_of
from chartline.views.report import plots

TIME = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that are drawn."""
    found: list[Figure] = []
    real = plots._svg

    def keep(figure: Figure) -> str:
        found.append(figure)
        return real(figure)

    monkeypatch.setattr(plots, "_svg", keep)
    return found


def lines(figure: Figure) -> dict[str, list[tuple[float, float]]]:
    """The points of each line by its name; matplotlib names one without a label `_child…`."""
    return {
        str(line.get_label()): [
            (round(x, 6), round(y, 6)) for x, y in zip(*line.get_data(), strict=True)
        ]
        for line in figure.axes[0].lines
    }


def legend(figure: Figure) -> list[str]:
    found = figure.axes[0].get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []


def curves(**risks: list[float]) -> pl.DataFrame:
    """Risks of four patients by each source, of whom the last two have the outcome."""
    rows = [
        {
            "subject_id": number,
            "prediction_time": TIME,
            "source": source,
            "model": "m",
            "boolean_value": number >= len(values) / 2,
            "risk": value,
        }
        for source, values in risks.items()
        for number, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=types_of(OnsetCurves))


def test_roc_curves_pass_where_false_and_true_positives_say(drawn: list[Figure]) -> None:
    svg = plots.roc(curves(good=[0.1, 0.2, 0.7, 0.9], bad=[0.9, 0.2, 0.3, 0.1]))
    found = lines(drawn[0])
    assert found["good, m"] == [(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0)]
    assert found["bad, m"] == [(0, 0), (0.5, 0.0), (0.5, 0.5), (1.0, 0.5), (1.0, 1.0)]
    assert found["_child0"] == [(0, 0), (1, 1)]  # that of chance
    assert legend(drawn[0]) == ["good, m", "bad, m"]
    assert svg.startswith("<svg")
    assert "false positive rate" in svg
    assert "true positive rate" in svg


def test_calibration_is_observed_share_by_predicted_risk(drawn: list[Figure]) -> None:
    svg = plots.calibration(curves(codes=[0.0, 0.2, -0.5, 0.6, 0.2, 0.8, 1.5, 0.6]), bins=2)
    assert lines(drawn[0])["codes, m"] == [(0.1, 0.25), (0.75, 0.75)]  # risks within 0 to 1
    assert lines(drawn[0])["_child0"] == [(0, 0), (1, 1)]
    assert legend(drawn[0]) == ["codes, m"]
    assert "predicted risk" in svg
    assert "observed share" in svg


def test_calibration_has_eight_points(drawn: list[Figure]) -> None:
    plots.calibration(curves(codes=np.linspace(0, 1, 80).tolist()))
    assert len(lines(drawn[0])["codes, m"]) == 8


def test_learning_curves_rise_with_the_patients_they_are_drawn_over(drawn: list[Figure]) -> None:
    rows = [(1000, "codes", 0.75), (500, "codes", 0.7), (500, "vectors", 0.6)]
    svg = plots.learning(pl.DataFrame(rows, schema=types_of(OnsetLearning), orient="row"))
    assert lines(drawn[0]) == {"codes": [(500, 0.7), (1000, 0.75)], "vectors": [(500, 0.6)]}
    axes = drawn[0].axes[0]
    assert axes.get_xscale() == "log"
    assert axes.get_xticks().tolist() == [500, 1000]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["500", "1,000"]
    assert "training patients" in svg
    assert "AUC" in svg


def test_each_curve_has_a_colour_of_its_own(drawn: list[Figure]) -> None:
    plots.roc(curves(**{f"s{number}": [0.1, 0.9] for number in range(8)}))
    colours = [line.get_color() for line in drawn[0].axes[0].lines]
    assert len(set(colours)) == 9
    plots.roc(curves(**{f"s{number}": [0.1, 0.9] for number in range(9)}))
    colours = [line.get_color() for line in drawn[1].axes[0].lines]
    assert colours[1] == colours[9]


def vectors(count: int, **first: Any) -> pl.DataFrame:
    """Codes of two vocabularies, the first the commonest, at random places."""
    places = np.random.default_rng(1).normal(size=(count, 4)).astype(np.float32)
    return pl.DataFrame(
        {
            "code": [f"{'ICD10' if n % 2 else 'ATC'}//{n}" for n in range(count)],
            "vocabulary": ["ICD10" if n % 2 else "ATC" for n in range(count)],
            "count": [count - n for n in range(count)],
            "vector": places.tolist(),
        },
        schema_overrides={"vector": pl.List(pl.Float32)},
    )


def points(figure: Figure) -> dict[str, Any]:
    return {
        str(group.get_label()): np.asarray(group.get_offsets())
        for group in figure.axes[0].collections
    }


@pytest.mark.parametrize("count", [2, 3, 20, 40])
def test_the_map_has_a_point_a_code_coloured_by_vocabulary(drawn: list[Figure], count: int) -> None:
    plots.concept_map(vectors(count).reverse(), {})
    found = points(drawn[0])
    assert list(found) == ["ATC", "ICD10"]  # that of the commonest code first
    assert [len(found["ATC"]), len(found["ICD10"])] == [(count + 1) // 2, count // 2]
    assert legend(drawn[0]) == ["ATC", "ICD10"]
    if count > 2:
        assert len(np.unique(np.concatenate(list(found.values())), axis=0)) == count


def test_common_codes_are_larger_and_alone_on_a_crowded_map(drawn: list[Figure]) -> None:
    many = vectors(420).with_columns(vector=pl.lit([1.0, 0, 0, 0], pl.List(pl.Float32)))
    frame = pl.concat([vectors(20), many.tail(400).with_columns(code=pl.format("X//{}", "code"))])
    plots.concept_map(frame.sort("count"), {})
    assert sum(len(group) for group in points(drawn[0]).values()) == 400
    sizes = drawn[0].axes[0].collections[0].get_sizes()
    assert sizes[0] == sizes.max() > sizes[-1]
    assert sizes[-1] == pytest.approx(
        8 + 6 * np.log1p(frame["count"].sort().to_list()[20]), rel=0.1
    )


def test_names_that_would_cover_another_are_left_out() -> None:
    _, axes = plots._axes(4, 4)
    place = np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 62.0], [200.0, 1.1], [3.5, 0.0]])
    place += [1000.0, 500.0]
    plots._name_apart(axes, ["abc", "covered", "far above", "beside", "behind"], place)
    named = {text.get_text(): text.xy for text in axes.texts}
    assert list(named) == ["abc", "far above", "beside", "behind"]
    assert named["beside"] == (1200.0, 501.1)


def test_the_map_names_the_commonest_codes_in_words() -> None:
    svg = plots.concept_map(vectors(12), {"ATC//0": "furosemide <b>"})
    assert "furosemide &lt;b&gt;" in svg
    assert len(re.findall("ICD10//1<", svg)) == 1
    assert svg == plots.concept_map(vectors(12), {"ATC//0": "furosemide <b>"})
    assert "<dc:date>" not in svg
