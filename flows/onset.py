"""The risk flow: features, onset risk and the report; scores nightly, fits a new model monthly."""

from pathlib import Path

from prefect import flow, task

from chartline.core.progress import silent
from chartline.flows import artifacts
from chartline.flows.documents import OPTIONS
from chartline.flows.edge import reason_of, safely, settings_of
from chartline.store import Store, runs
from chartline.views import report
from chartline.work import stages


@task(**OPTIONS)
@safely
def fit(out: Path, run: str, config: Path | None) -> int:
    """Fits the models, after features that are out of date; returns how many rows."""
    store, settings = Store(out, run=run), settings_of(config)
    stages.predict_onset(store, settings, silent)
    return len(store.read("predictions"))


@task(**OPTIONS)
@safely
def score(out: Path, run: str, config: Path | None) -> int:
    """Builds features and scores them by the saved model; returns how many rows."""
    return len(stages.score_onset(Store(out, run=run), settings_of(config), silent))


@task(**OPTIONS)
@safely
def write_report(out: Path, config: Path | None) -> None:
    """Writes the report from the tables as they are now."""
    report.write(Store(out), None, settings_of(config), silent)


@flow(name="onset", persist_result=False, timeout_seconds=12 * 3600)  # type: ignore[arg-type]
@safely
def onset(out: Path, config: Path | None = None, refit: bool = False) -> dict[str, int]:
    """Tables concept_vectors and events to features, predictions and the report.

    Fits models with `refit`, or where none is saved yet; returns the `rows` predicted.
    """
    store = Store(out)
    with runs.recorded(store, "onset", reason_of) as row:
        predict = fit if refit or not stages.fitted(store) else score
        rows = predict(out, row["run_id"], config)
        write_report(out, config)
        artifacts.report_link(store)
        return {"rows": rows}
