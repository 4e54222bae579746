"""What `show` and the report say of the tables: small tables in, the rows expected out."""

from pathlib import Path

import polars as pl
import pytest
from deltalake import write_deltalake
from views.tables import TIME, document, line, stored, table

from chartline.models.concept_vectors.evaluation import NeighbourScores
from chartline.risk.embeddings import VectorQuality
from chartline.views import summary

DOCUMENTS = [
    document("a", pages=3),
    document("e", pages=2),
    document("b", status="partial", reason="time", pages=5),
    document("d", status="quarantined", reason="encrypted", pages=0),
    document("c", status="quarantined", reason="damaged", pages=0),
    document("f", status="quarantined", reason="damaged", pages=0),
]


def test_counts_are_rows_of_the_tables_that_are_there(tmp_path: Path) -> None:
    events = [
        {"subject_id": 1, "code": "A//1", "source": "ehr"},
        {"subject_id": 2, "code": "A//1", "source": "ehr"},
        {"subject_id": 2, "code": "A//2", "source": "ehr"},
    ]
    lines = [line("a", "one"), line("a", "two", number=1)]
    store = stored(tmp_path / "out", events=events, lines=lines, documents=[document("a")])
    assert summary.counts(store).rows() == [("documents", 1), ("lines", 2), ("events", 3)]
    assert summary.events(store) == (3, 2)


def test_statuses_begin_with_what_was_read_and_the_commonest_fault() -> None:
    assert summary.statuses(table("documents", *DOCUMENTS)).rows() == [
        ("processed", None, 2, 5),
        ("partial", "time", 1, 5),
        ("quarantined", "damaged", 2, 0),
        ("quarantined", "encrypted", 1, 0),
    ]


def test_troubled_documents_are_named_with_their_reason_by_path() -> None:
    assert summary.troubled(table("documents", *DOCUMENTS)).rows() == [
        ("b.pdf", "partial", "time", 5),
        ("c.pdf", "quarantined", "damaged", 0),
        ("d.pdf", "quarantined", "encrypted", 0),
        ("f.pdf", "quarantined", "damaged", 0),
    ]


def test_label_shares_are_of_labelled_lines() -> None:
    labels = ["body", "body", "note", "footer", None]
    lines = table("lines", *[line("a", "x", number=n, label=one) for n, one in enumerate(labels)])
    assert summary.label_shares(lines).rows() == [
        ("body", 2, 0.5),
        ("footer", 1, 0.25),
        ("note", 1, 0.25),
    ]


def test_the_latest_runs_are_shown_oldest_first(tmp_path: Path) -> None:
    runs = [
        {
            "run_id": str(number),
            "kind": "run",
            "status": "finished",
            "started_at": TIME.replace(minute=number),
            "version": "1",
            "read": number,
            "seconds": 1.5,
            "partial": 10,
            "quarantined": 20,
            "pages": 30,
        }
        for number in (3, 1, 2)
    ]
    store = stored(tmp_path / "out", runs=runs)
    found = summary.history(store, 2)
    assert found["started"].to_list() == ["2024-01-01 00:02:00", "2024-01-01 00:03:00"]
    assert found.drop("started", "reason").rows()[0] == ("run", "finished", 2, 10, 20, 30, 1.5)
    assert len(summary.history(store)) == 3


def test_twelve_runs_ten_are_shown(tmp_path: Path) -> None:
    run = {"kind": "run", "status": "finished", "version": "1"}
    runs = [run | {"run_id": str(n), "started_at": TIME.replace(minute=n)} for n in range(12)]
    assert len(summary.history(stored(tmp_path / "out", runs=runs))) == 10


def scores(source: str, model: str, auc: float) -> dict[str, object]:
    areas = {"auc": auc, "auc_low": auc - 0.1, "auc_high": auc + 0.1}
    rest = dict.fromkeys(("auprc", "auprc_low", "auprc_high"), 0.3)
    brier = dict.fromkeys(("brier", "brier_low", "brier_high"), 0.2)
    whose = {
        "outcome": "o",
        "source": source,
        "model": model,
        "rows": 50,
        "cases": 7,
        "kept": False,
    }
    return {**whose, **areas, **rest, **brier}


def test_scores_are_there_only_once_computed(tmp_path: Path) -> None:
    store = stored(tmp_path / "out")
    assert summary.scores(store) is None
    rows = [scores("codes", "boosting", 0.7), scores("vectors", "a", 0.8), scores("codes", "z", 0)]
    store.overwrite("onset_scores", table("onset_scores", *rows))
    found = summary.scores(store)
    assert found is not None
    # without an AUC in training folds: by input and classifier
    assert found.select("source", "model").rows() == [
        ("vectors", "a"),
        ("codes", "boosting"),
        ("codes", "z"),
    ]


def test_scores_begin_with_the_best_in_training_folds(tmp_path: Path) -> None:
    rows = [
        scores("best reachable", "own", 0.9),
        scores("codes", "a", 0.8) | folds(0.7),
        scores("vectors", "a", 0.6) | folds(0.75, kept=True),
    ]
    found = summary.scores(stored(tmp_path / "out", onset_scores=rows))
    assert found is not None
    assert found["source"].to_list() == ["vectors", "codes", "best reachable"]


def test_scores_in_short_show_the_interval() -> None:
    found = summary.scores_in_short(table("onset_scores", scores("codes", "boosting", 0.71239)))
    assert found.rows() == [("codes", "boosting", "", "0.712 (0.612-0.812)", 0.3, 0.2, 7)]
    row = scores("codes", "boosting", 0.7) | folds(0.71239, kept=True)
    found = summary.scores_in_short(table("onset_scores", row))
    assert found["training_auc"].to_list() == ["0.712 ± 0.021 *"]


def folds(auc: float, *, kept: bool = False) -> dict[str, object]:
    figures = {"training_auc": auc, "training_auc_sd": 0.021}
    return {**figures, "kept": kept, "configuration": "trees, max_iter 30"}


def test_what_is_kept_is_said_with_the_reason_and_the_best_without_vectors() -> None:
    rows = [
        scores("grouped codes", "boosting", 0.7) | folds(0.79, kept=True),
        scores("raw codes", "boosting", 0.9) | folds(0.78),
        scores("concept vectors", "b", 0.8) | folds(0.76),
        scores("concept vectors", "c", 0.9) | folds(0.77),
    ]
    assert summary.kept(table("onset_scores", *rows)) == (
        "Kept: boosting on grouped codes (trees, max_iter 30), the highest AUC in the folds of the "
        "training people: 0.790 ± 0.021. The best on concept vectors: c on concept vectors, "
        "0.770 ± 0.021."
    )
    both = scores("vectors and grouped codes", "a", 0.9) | folds(0.785)
    vectors = [*rows[1:3], rows[3] | {"kept": True}, both]
    assert str(summary.kept(table("onset_scores", *vectors))).endswith(
        "The best without concept vectors: boosting on raw codes, 0.780 ± 0.021."
    )


def test_scores_of_an_earlier_version_keep_nothing(tmp_path: Path) -> None:
    earlier = table("onset_scores", scores("codes", "a", 0.7))
    assert summary.kept(earlier) is None
    dropped = earlier.drop("kept", "configuration", "training_auc", "training_auc_sd")
    store = stored(tmp_path / "out")
    write_deltalake(store.uri("onset_scores"), dropped.to_arrow())
    found = summary.scores(store)
    assert found is not None
    assert summary.scores_in_short(found)["training_auc"].to_list() == [""]
    assert summary.kept(found) is None


def test_faults_are_shown_by_kind_and_those_that_lose_rows_first(tmp_path: Path) -> None:
    faults = [
        {"file": "a", "fault": "odd", "lost": False, "count": 9, "rows": [4, 5]},
        {"file": "b", "fault": "date", "lost": True, "count": 1, "rows": [7]},
        {"file": "c", "fault": "code", "lost": True, "count": 2, "rows": []},
        {"file": "x/d", "fault": "code", "lost": True, "count": 3, "rows": [8]},
    ]
    store = stored(tmp_path / "out", event_faults=faults)
    assert summary.faults(store).rows() == [
        ("code", True, 5, "2 files", 8),
        ("date", True, 1, "b", 7),
        ("odd", False, 9, "a", 4),
    ]


def test_quality_of_vectors_names_what_each_figure_is_and_what_chance_gives() -> None:
    quality = VectorQuality(
        NeighbourScores(0.5, 0.6, 0.1, 30), NeighbourScores(0.7, 0.8, 0.2, 20), 0.9
    )
    found = summary.vector_quality(quality)
    assert found["value"].to_list() == pytest.approx([0.5, 0.6, 0.7, 0.8, 0.9])
    assert found["chance"].to_list() == [0.1, None, 0.2, None, 0.5]
    assert found["codes"].to_list() == [30, 30, 20, 20, None]
    assert found["what"].is_unique().all()
    assert found.filter(pl.col("what").str.starts_with("drugs"))["value"].to_list() == [0.7, 0.8]


def test_what_population_risks_are_for_is_shown(tmp_path: Path) -> None:
    key = {"prediction_time": TIME, "outcome": "o"}
    features = [
        key | {"subject_id": 1, "split": "train", "boolean_value": True, "sampling_weight": 2.0},
        key | {"subject_id": 2, "split": "train", "boolean_value": False, "sampling_weight": 38.0},
        key | {"subject_id": 3, "split": "held_out", "boolean_value": True, "sampling_weight": 9.0},
        key | {"subject_id": 4, "split": "score"},
        key | {"subject_id": 5, "split": "score"},
    ]
    demographics = {"age": 60.0, "male": 1.0}
    risks = {1: 0.5, 2: 0.5, 3: 0.5, 4: 0.04, 5: 0.08}
    predictions = [
        {name: row.get(name) for name in ("subject_id", "split", "boolean_value")}
        | key
        | {"predicted_boolean_probability": risks[int(str(row["subject_id"]))], "model": "m"}
        for row in features
    ]
    assert summary.population(stored(tmp_path / "none", predictions=predictions[:3])) is None
    store = stored(
        tmp_path / "out", features=[row | demographics for row in features], predictions=predictions
    )
    text = summary.population(store)
    assert text is not None
    assert "comes in 5.0% of them" in text
    assert "mean risk of 2 scored patients is 6.0%" in text
    assert "not of the matched sample" in text
