"""A change of any input makes anew what depends on it, and only that."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from chartline.core import lineage
from chartline.core.errors import LeakError, TooLittleError, UsageError
from chartline.core.progress import silent
from chartline.core.settings import RollupSettings, Settings
from chartline.risk import tasks
from chartline.store import Store
from chartline.work import clock, job, made_from, stages

pytestmark = pytest.mark.slow
Runs = Callable[[Settings], list[str]]


def with_(settings: Settings, group: str, **values: object) -> Settings:
    changed = getattr(settings, group).model_copy(update=values)
    return settings.model_copy(update={group: changed})


@pytest.fixture
def store(again: tuple[Path, Path]) -> Store:
    return Store(again[1])


@pytest.fixture
def stages_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """The names of the stages that settings would run over the finished tables."""

    def names(settings: Settings) -> list[str]:
        ran: list[str] = []
        with monkeypatch.context() as patch:
            for name in ("embed", "build_features", "predict_onset"):
                patch.setattr(stages, name, lambda *_, name=name: ran.append(name))
            stages.learn(store, settings, silent)
        return ran

    return names


def test_nothing_new_runs_nothing(stages_run: Runs, settings: Settings) -> None:
    assert stages_run(settings) == []
    assert stages_run(with_(settings, "reading", workers=7)) == []


def test_settings_run_the_stages_that_they_matter_to(stages_run: Runs, settings: Settings) -> None:
    assert stages_run(with_(settings, "embedding", seed=8)) == ["embed"]
    assert stages_run(with_(settings, "features", half_life_days=9.0)) == ["build_features"]
    assert stages_run(with_(settings, "onset", classifiers=[])) == ["predict_onset"]


def test_a_day_that_passes_makes_nothing_anew(
    stages_run: Runs, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for later in (date(2090, 1, 1), date(2090, 1, 2)):
        monkeypatch.setattr(clock, "run_date", lambda later=later: later)
        assert stages_run(settings) == []


def test_a_date_that_decides_which_events_count_makes_features_anew(
    stages_run: Runs, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "build_features" in stages_run(with_(settings, "onset", today=date(2020, 1, 1)))
    assert "build_features" in stages_run(with_(settings, "onset", death="competing"))
    assert "build_features" in stages_run(with_(settings, "onset", min_follow_up=0.5))
    assert "build_features" in stages_run(with_(settings, "onset", left_out=["^A//1$"]))
    assert "embed" in stages_run(with_(settings, "onset", duplicates="first"))
    monkeypatch.setattr(clock, "run_date", lambda: date(2020, 1, 1))  # some events lie after it
    assert stages_run(settings) == ["embed", "build_features"]


def test_new_vectors_make_new_features(store: Store, settings: Settings) -> None:
    stages.embed(store, with_(settings, "embedding", window_days=0), silent)
    now = made_from.features(store, settings)
    assert lineage.changed(now, store.made_from("features")) == ["concept vectors"]


def test_an_edited_cohort_file_is_another_cohort(
    store: Store, stages_run: Runs, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    shipped = tasks.path_of("heart_failure").read_text()
    file.write_text(shipped)
    mine = with_(settings, "onset", cohort=str(file))
    inputs = made_from.features(store, mine)
    assert stages_run(mine) == ["predict_onset"]  # the name is another, the question is not
    file.write_text(shipped.replace("365", "180"))
    assert lineage.changed(made_from.features(store, mine), inputs) == ["cohort"]
    assert stages_run(mine) == ["build_features", "predict_onset"]


def test_an_edited_roll_up_file_changes_the_vectors(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("code,group\nICD10//I10,PRESSURE\n")
    grouped = settings.model_copy(update={"rollup": RollupSettings(file=file)})
    before = made_from.vectors(store, grouped)
    file.write_text("code,group\nICD10//I10,TENSION\n")
    assert lineage.changed(made_from.vectors(store, grouped), before) == ["roll-up file"]


def test_new_splits_and_codes_change_what_is_learned(
    store: Store, stages_run: Runs, settings: Settings
) -> None:
    splits = store.read("splits")
    store.overwrite("splits", splits.with_columns(split=pl.lit("train")))
    assert stages_run(settings) == ["embed", "build_features"]


def test_a_change_of_code_runs_its_stage(
    stages_run: Runs, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = lineage.of_code

    def edited(*modules: str) -> str:
        return real(*modules) + ("edited" if "chartline.risk.features" in modules else "")

    monkeypatch.setattr(lineage, "of_code", edited)
    assert stages_run(settings) == ["build_features"]


def test_a_change_of_code_reads_documents_again(
    again: tuple[Path, Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made_from.reading(settings)
    assert made_from.reading(with_(settings, "reading", workers=7)) == before
    monkeypatch.setattr(lineage, "of_code", lambda *_: "edited")
    assert made_from.reading(settings) != before


def test_onset_for_another_cohort_makes_its_features_first(
    store: Store, settings: Settings
) -> None:
    other = with_(settings, "onset", cohort="kidney_disease")
    scores = stages.predict_onset(store, other, silent)
    for table in (store.read("features"), store.read("predictions"), scores):
        assert table["outcome"].unique().to_list() == ["kidney_disease"]


def test_onset_sees_new_events(store: Store, settings: Settings) -> None:
    events = store.read("events")
    store.overwrite("events", events.filter(pl.col("code") != "ICD10//I10"))
    before = store.read("features")
    stages.predict_onset(store, settings, silent)
    assert not store.read("features").equals(before)
    assert store.made_from("features")["events"] == store.identity("events")


def test_a_model_scores_its_own_cohort_only(store: Store, settings: Settings) -> None:
    other = with_(settings, "onset", cohort="kidney_disease")
    with pytest.raises(UsageError, match=r"fitted for heart_failure.* kidney_disease"):
        stages.score_onset(store, other, silent)


def test_what_can_no_longer_be_learned_is_emptied(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_little(*_: object) -> None:
        raise TooLittleError("too little")

    store.overwrite("events", store.read("events").head(5))
    monkeypatch.setattr(stages, "embed", too_little)
    assert stages.learn(store, settings, silent) == "too little"
    assert [name for name in stages.LEARNED if len(store.read(name))] == []


def test_a_leak_ends_the_run(
    again: tuple[Path, Path], ehr: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaking(*_: object) -> None:
        raise LeakError("leak: planted")

    monkeypatch.setattr("chartline.risk.leaks.check", leaking)
    changed = with_(settings, "features", half_life_days=9.0)
    with pytest.raises(LeakError, match="planted"):
        job.run(*again, ehr=ehr, manifest=None, settings=changed, progress=silent)
    last = Store(again[1]).read("runs").sort("started_at").row(-1, named=True)
    assert (last["status"], last["reason"]) == ("failed", "leak: planted")


def test_raw_and_grouped_codes_pass_the_guards(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    monkeypatch.setattr(
        "chartline.risk.leaks.check",
        lambda known, *_: seen.append(set(known["code"].str.split("//").list.first())),
    )
    stages.predict_onset(store, settings, silent)
    assert len(seen) == 2
    assert "CCSR" in seen[1] - seen[0]


@pytest.mark.parametrize(
    ("group", "values", "fault"),
    [
        ("onset", {"cohort": "gone.yaml"}, "onset.cohort"),
        ("rollup", {"file": Path("gone.csv")}, "gone.csv"),
        ("embedding", {"learner": "skipgram", "decay_days": 3.0}, "embedding.decay_days"),
    ],
)
def test_a_wrong_setting_is_said_before_anything_is_read(
    again: tuple[Path, Path],
    tmp_path: Path,
    settings: Settings,
    group: str,
    values: dict[str, object],
    fault: str,
) -> None:
    wrong = with_(settings, group, **values)
    out = tmp_path / "new"
    with pytest.raises(UsageError, match=fault):
        job.run(again[0], out, ehr=None, manifest=None, settings=wrong, progress=silent)
    assert not out.exists()
