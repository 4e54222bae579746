"""After the embeddings: patient features, onset risk, the report; scoring nightly, fitting anew monthly."""

from pathlib import Path

from prefect import flow, task

from chartline.flows import observed
from chartline.flows.documents import OPTIONS
from chartline.flows.edge import safely, settings_of, silent
from chartline.store import Store, runs
from chartline.views import report
from chartline.work import stages


@task(**OPTIONS)
@safely
def fit(out: Path, config: Path | None) -> int:
    """Builds features, fits and judges the models and keeps the best; the rows predicted."""
    store, settings = Store(out), settings_of(config)
    stages.build_features(store, settings, silent)
    stages.predict_onset(store, settings, silent)
    return len(store.read("predictions"))


@task(**OPTIONS)
@safely
def score(out: Path, config: Path | None) -> int:
    """Builds features and scores them by the kept model; the rows predicted."""
    return len(stages.score_onset(Store(out), settings_of(config), silent))


@task(**OPTIONS)
@safely
def write_report(out: Path, config: Path | None) -> None:
    """Writes the report again."""
    report.write(Store(out), None, settings_of(config), silent)


@flow(name="onset", persist_result=False, timeout_seconds=12 * 3600)  # type: ignore[arg-type]
@safely
def onset(out: Path, config: Path | None = None, refit: bool = False) -> dict[str, int]:
    """concept_vectors and events to features, predictions and the report; the rows predicted. Without a kept model, one is fitted."""
    store = Store(out)
    with runs.recorded(store, "onset"):
        rows = fit(out, config) if refit or not stages.fitted(store) else score(out, config)
        write_report(out, config)
        observed.report(store)
        return {"rows": rows}
