"""The weekly flow: concept vectors from the events table."""

from pathlib import Path

from prefect import flow, task

from chartline.core.progress import silent
from chartline.flows.documents import OPTIONS
from chartline.flows.edge import reason_of, safely, settings_of
from chartline.store import Store, runs
from chartline.work import stages


@task(**OPTIONS)
@safely
def learn(out: Path, run: str, config: Path | None) -> int:
    """Learns and writes the concept vectors; returns their number."""
    return len(stages.embed(Store(out, run=run), settings_of(config), silent))


@flow(name="embeddings", persist_result=False, timeout_seconds=12 * 3600)  # type: ignore[arg-type]
@safely
def embeddings(out: Path, config: Path | None = None) -> dict[str, int]:
    """Table events to table concept_vectors; returns how many `codes` have a vector."""
    with runs.recorded(Store(out), "embeddings", reason_of) as row:
        return {"codes": learn(out, row["run_id"], config)}
