"""The main job over a real folder: what changed is done again, and nothing else."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from conftest import manifest, reportlab_letter

from chartline.core.errors import BusyError, ChartlineError
from chartline.core.progress import silent
from chartline.core.settings import RollupSettings, Settings
from chartline.history import events
from chartline.history.sources import read_source
from chartline.risk.cohort import Drawn
from chartline.store import OF_DOCUMENTS, Store
from chartline.work import event_table, job, outcome, planning, stages

pytestmark = pytest.mark.slow


def versions(out: Path) -> dict[str, int | None]:
    """Of every table but `runs`, which every run writes."""
    tables = [
        path.name
        for path in out.iterdir()
        if (path / "_delta_log").is_dir() and path.name != "runs"
    ]
    return {name: Store(out).version(name) for name in tables}


def read(docs: Path, out: Path, settings: Settings) -> job.RunSummary:
    return job.read_documents(docs, Store(out), manifest=None, settings=settings, progress=silent)


def test_every_table_is_there(finished: tuple[Path, Path]) -> None:
    assert {
        "documents",
        "lines",
        "sections",
        "mentions",
        "events",
        "concept_vectors",
        "features",
        "predictions",
    } <= set(versions(finished[1]))
    documents = Store(finished[1]).read("documents").sort("path")
    assert documents.select("status", "reason", "pages").rows() == [
        ("processed", None, 2),
        ("processed", None, 1),
        ("quarantined", "not_a_pdf", 0),
    ]


def test_body_is_clean_and_facts_are_events(finished: tuple[Path, Path]) -> None:
    store = Store(finished[1])
    text = " ".join(store.read("sections")["text"])
    assert "insuffisance cardiaque" in text
    assert "introduit avec une bonne tolérance" in text
    assert not any(
        name in text for name in ("LEFORGEOIS", "Praticiens", "Page 1/2", "rue des Tilleuls")
    )
    codes = (
        store.read("events")
        .filter(pl.col("source") == events.DOCUMENT, pl.col("subject_id") == 1)["code"]
        .to_list()
    )
    assert "ICD10//I50.9" in codes
    assert "ICD10//I26.9" not in codes  # negated


def test_spans_lead_to_lines(finished: tuple[Path, Path]) -> None:
    store = Store(finished[1])
    spans = store.read("sections").explode("spans").unnest("spans")
    joined = spans.join(
        store.read("lines"), on=["document_id", "page", "line"], how="left", suffix="_line"
    )
    assert joined["text_line"].null_count() == 0


def test_risk_is_judged_against_the_best_reachable(finished: tuple[Path, Path]) -> None:
    scores = Store(finished[1]).read("onset_scores")
    assert set(scores["source"]) == {
        "raw codes",
        "windowed codes",
        "reduced codes",
        "grouped codes",
        "concept vectors",
        "vectors and grouped codes",
        "best reachable",
    }
    assert scores["kept"].sum() == 1
    best = scores.filter(pl.col("source") == "best reachable")["auc"][0]
    assert best > 0.75
    assert (scores["auc"] > 0.55).all()
    predictions = Store(finished[1]).read("predictions")
    assert predictions["predicted_boolean_probability"].is_between(0, 1).all()


def test_the_model_is_kept_and_scores_alike(again: tuple[Path, Path], settings: Settings) -> None:
    store = Store(again[1])
    fitted = store.read("predictions")
    assert (
        json.loads((store.root / stages.MODEL / "card.json").read_text())["task"] == "heart_failure"
    )
    assert {file.stat().st_mode & 0o777 for file in (store.root / stages.MODEL).iterdir()} == {
        0o600
    }
    stages.score_onset(store, settings, silent)
    scored = store.read("predictions")
    assert scored.select("subject_id", "prediction_time").equals(
        fitted.select("subject_id", "prediction_time")
    )
    only = (
        store.read("features")
        .select("subject_id", "prediction_time", "split")
        .filter(pl.col("split") != "train")
    )
    one, other = (
        frame.join(only, on=["subject_id", "prediction_time"])["predicted_boolean_probability"]
        for frame in (fitted, scored)
    )
    assert np.allclose(one, other)


def test_scoring_keeps_to_the_vectors_that_the_model_was_fitted_on(
    again: tuple[Path, Path], settings: Settings
) -> None:
    store = Store(again[1])
    before = store.read("features")
    other = settings.model_copy(
        update={"embedding": settings.embedding.model_copy(update={"seed": 8, "window_days": 0})}
    )
    stages.embed(store, other, silent)
    stages.score_onset(store, settings, silent)
    assert store.read("features").equals(before)


def test_rolling_up_hides_no_outcome(
    again: tuple[Path, Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heart failure's group is no code of heart failure.

    Its codes are planted long before every prediction time: no feature may change.
    """
    store = Store(again[1])
    grouped = settings.model_copy(update={"rollup": RollupSettings(diagnoses="ccs", drugs="atc4")})
    stages.embed(store, grouped, silent)
    assert "CCSR//CIR019" in store.read("concept_vectors")["code"].to_list()
    before = stages.build_features(store, grouped, silent)
    asked = before.select(
        "subject_id", "prediction_time", "boolean_value", "split", "sampling_weight"
    )
    drawn = Drawn(asked, store.read("cohort_counts"))
    monkeypatch.setattr(outcome, "drawn", lambda *arguments: drawn)
    times = asked.select("subject_id", time=pl.col("prediction_time") - pl.duration(days=90))
    planted = times.with_columns(code=pl.lit("ICD10//I50.9"), source=pl.lit("ehr")).unique()
    whole = pl.concat([store.read("events"), planted], how="diagonal")
    store.overwrite("events", whole)
    assert stages.build_features(store, grouped, silent).equals(before)


def test_events_in_shards_are_the_events_at_once(
    again: tuple[Path, Path], ehr: Path, settings: Settings
) -> None:
    store = Store(again[1])
    whole, version = store.read("events"), store.version("events")
    small = settings.ehr.model_copy(update={"shard_events": 20_000})
    for _ in range(2):
        event_table.join_events(store, read_source(ehr), small)
        assert store.read("events").equals(whole)
    assert store.version("events") == version + 1  # type: ignore[operator]


def test_running_twice_changes_nothing_and_reads_nothing(
    again: tuple[Path, Path], ehr: Path, settings: Settings
) -> None:
    docs, out = again
    before = versions(out)
    summary = job.run(docs, out, ehr=ehr, manifest=None, settings=settings, progress=silent)
    assert (summary.read, summary.unchanged) == (0, 3)
    assert versions(out) == before


def test_a_touched_file_is_not_read_again(again: tuple[Path, Path], settings: Settings) -> None:
    docs, out = again
    (docs / "a.pdf").touch()
    lines = Store(out).version("lines")
    assert read(docs, out, settings).read == 0
    assert Store(out).version("lines") == lines
    assert read(docs, out, settings).unchanged == 3


def test_a_changed_file_replaces_its_own_rows_only(
    again: tuple[Path, Path], settings: Settings
) -> None:
    docs, out = again
    before = {name: Store(out).read(name) for name in OF_DOCUMENTS}
    reportlab_letter(docs / "b.pdf", body=["Une fibrillation atriale est retrouvée."])
    assert read(docs, out, settings).read == 1
    changed = Store(out).read("documents").filter(pl.col("path") == "b.pdf")["document_id"][0]
    for name, frame in before.items():
        other, now = (
            table.filter(pl.col("document_id") != changed).sort(pl.all().exclude("spans"))
            for table in (frame, Store(out).read(name))
        )
        assert now.equals(other), name
    mine = Store(out).read("sections").filter(pl.col("document_id") == changed)
    assert "fibrillation atriale" in " ".join(mine["text"])


def test_a_removed_file_is_reported_and_kept(again: tuple[Path, Path], settings: Settings) -> None:
    docs, out = again
    (docs / "b.pdf").unlink()
    assert read(docs, out, settings).removed == ["b.pdf"]
    assert "b.pdf" in Store(out).read("documents")["path"].to_list()


def test_another_patient_in_the_manifest_moves_the_events(
    again: tuple[Path, Path], ehr: Path, settings: Settings
) -> None:
    docs, out = again
    manifest(docs, {"a.pdf": "5", "b.pdf": "2"})
    assert read(docs, out, settings).read == 1
    event_table.join_events(Store(out), read_source(ehr), settings.ehr)
    found = Store(out).read("events").filter(pl.col("source") == events.DOCUMENT)
    assert set(found["subject_id"]) == {5, 2}


def test_without_an_ehr_documents_still_become_tables(
    finished: tuple[Path, Path], tmp_path: Path, settings: Settings
) -> None:
    outcome = job.run(
        finished[0], tmp_path / "out", ehr=None, manifest=None, settings=settings, progress=silent
    )
    assert outcome.read == 3
    assert outcome.skipped  # too little to learn from, and said so
    assert Store(tmp_path / "out").has("events")


def test_a_batch_is_what_it_is_worth_in_pages(finished: tuple[Path, Path]) -> None:
    todo = pl.DataFrame(
        {"document_id": list("abcdef"), "size": [1, 600_000, 10, 10, 1_200_000, 10]}
    )
    known = pl.DataFrame(
        {"document_id": ["a"], "pages": [15]}, schema_overrides={"pages": pl.Int32}
    )
    stretches = planning.batches(todo, known, 20)
    assert [end for _, end in stretches][:-1] == [begin for begin, _ in stretches][
        1:
    ]  # every document once, in order
    assert (stretches[0][0], stretches[-1][1]) == (0, 6)
    assert 2 <= len(stretches) <= 4
    assert planning.batches(todo.clear(), known, 20) == []


def test_a_moved_file_takes_its_rows_along(again: tuple[Path, Path], settings: Settings) -> None:
    docs, out = again
    (docs / "deep").mkdir()
    (docs / "b.pdf").rename(docs / "deep" / "b.pdf")
    outcome = read(docs, out, settings)
    assert (outcome.moved, outcome.removed) == (1, [])
    store = Store(out)
    assert store.read("documents")["path"].sort().to_list() == ["a.pdf", "c.pdf", "deep/b.pdf"]
    assert set(store.read("lines")["document_id"]) <= set(store.read("documents")["document_id"])


def test_what_a_killed_run_left_half_done_goes(
    again: tuple[Path, Path], settings: Settings
) -> None:
    docs, out = again
    store = Store(out)
    lines = store.read("lines")
    store._write("lines", lines.head(5).with_columns(document_id=pl.lit("half")), mode="append")
    assert read(docs, out, settings).read == 0
    assert store.read("lines").equals(lines)


def test_two_runs_at_once_and_one_leaves(
    again: tuple[Path, Path], ehr: Path, settings: Settings
) -> None:
    docs, out = again
    before = versions(out)
    with (
        Store(out).locked(),
        pytest.raises(BusyError, match=r"another run is writing here \(process \d+ since"),
    ):
        job.run(docs, out, ehr=ehr, manifest=None, settings=settings, progress=silent)
    assert versions(out) == before


def test_every_run_has_its_row(again: tuple[Path, Path], ehr: Path, settings: Settings) -> None:
    docs, out = again
    with pytest.raises(ChartlineError):
        job.run(docs, out, ehr=ehr, manifest=docs / "gone.csv", settings=settings, progress=silent)
    first, last = Store(out).read("runs").sort("started_at").rows(named=True)
    assert (first["status"], first["read"], first["quarantined"], first["pages"]) == (
        "finished",
        3,
        1,
        3,
    )
    assert first["seconds"] > 0
    assert (last["status"], last["kind"]) == ("failed", "run")
    assert "gone.csv: not a readable CSV file" in last["reason"]


def test_old_versions_are_kept_for_the_days_that_are_set(
    again: tuple[Path, Path], ehr: Path, settings: Settings
) -> None:
    docs, out = again
    store, version = Store(out), Store(out).version("lines")
    assert store.read("lines", version=0) is not None
    reportlab_letter(docs / "b.pdf", body=["Une autre histoire."])
    kept = settings.model_copy(update={"keep_days": 30})
    job.run(docs, out, ehr=ehr, manifest=None, settings=kept, progress=silent)
    assert len(store.read("lines", version=version)) > 0
    store.vacuum(0)
    with pytest.raises(ChartlineError, match="cannot be read"):
        store.read("lines", version=version)
    assert len(store.read("lines")) > 0


def test_what_was_committed_stays_when_a_run_ends_early(
    finished: tuple[Path, Path], tmp_path: Path, settings: Settings
) -> None:
    one_a_commit = settings.model_copy(
        update={"reading": settings.reading.model_copy(update={"commit_every": 1})}
    )

    def stop(what: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.read_documents(
            finished[0],
            Store(tmp_path / "out"),
            manifest=None,
            settings=one_a_commit,
            progress=stop,
        )
    assert len(Store(tmp_path / "out").read("documents")) == 2
    assert read(finished[0], tmp_path / "out", one_a_commit).read == 1


def test_weights_that_are_missing_are_said(
    finished: tuple[Path, Path], tmp_path: Path, settings: Settings
) -> None:
    lost = settings.model_copy(
        update={"reading": settings.reading.model_copy(update={"weights": tmp_path})}
    )
    with pytest.raises(ChartlineError, match=r"model\.safetensors"):
        read(finished[0], tmp_path / "out", lost)
