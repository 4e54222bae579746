"""Weekly: concept vectors from the events table."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.edge import may_pass, safely, silent
from pipeline import learning
from pipeline.settings import load
from pipeline.store import Store


@task(retries=1, retry_delay_seconds=60, retry_condition_fn=may_pass, cache_policy=NO_CACHE, persist_result=False)
@safely
def learn(out: str, config: str | None) -> int:
    """Learns and writes the vectors; their number."""
    return len(learning.embed(Store(Path(out)), load(Path(config) if config else None), silent))


@flow(name="embeddings", persist_result=False)
def embeddings(out: str, config: str | None = None) -> dict[str, int]:
    """events to concept_vectors; how many codes have a vector."""
    return {"codes": learn(out, config)}
