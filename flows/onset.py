"""After the embeddings: patient features, heart-failure-onset risk, the report."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.edge import may_pass, safely, silent
from pipeline import learning, report
from pipeline.settings import load
from pipeline.store import Store


@task(retries=1, retry_delay_seconds=60, retry_condition_fn=may_pass, cache_policy=NO_CACHE, persist_result=False)
@safely
def build_features(out: str, config: str | None) -> int:
    """Writes the features table; its rows."""
    return len(learning.build_features(Store(Path(out)), load(Path(config) if config else None), silent))


@task(retries=1, retry_delay_seconds=60, retry_condition_fn=may_pass, cache_policy=NO_CACHE, persist_result=False)
@safely
def predict(out: str, config: str | None) -> float:
    """Writes predictions and scores; the best AUC of the concept vectors."""
    scores = learning.predict_onset(Store(Path(out)), load(Path(config) if config else None), silent)
    return float(scores.filter(scores["source"] == "concept vectors")["auc"].max())  # type: ignore[arg-type]


@task(cache_policy=NO_CACHE, persist_result=False)
@safely
def write_report(out: str, config: str | None) -> None:
    """Writes the report again."""
    report.write(Store(Path(out)), None, load(Path(config) if config else None), silent)


@flow(name="onset", persist_result=False)
def onset(out: str, config: str | None = None) -> dict[str, float]:
    """concept_vectors and events to features, predictions and the report."""
    rows, auc = build_features(out, config), predict(out, config)
    write_report(out, config)
    return {"rows": rows, "auc": auc}
