"""Nightly: what is new or changed in the document folder, then the events table."""

from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from flows.edge import may_pass, safely, silent
from pipeline import job
from pipeline.settings import load
from pipeline.sources import read_source
from pipeline.store import Store

BATCH = 300  # documents a task: some 30 to 60 s of work, against Prefect's own cost of milliseconds to seconds


@task(retries=2, retry_delay_seconds=30, retry_condition_fn=may_pass, cache_policy=NO_CACHE, persist_result=False)
@safely
def read_batch(docs: str, out: str, manifest: str | None, config: str | None, limit: int) -> int:
    """Reads up to `limit` documents that are still to be read and commits them; the number read. Safe to repeat."""
    outcome = job.read_documents(
        Path(docs), Path(out), manifest=Path(manifest) if manifest else None, settings=load(Path(config) if config else None),
        progress=silent, limit=limit,
    )  # fmt: skip
    return outcome.read


@task(retries=2, retry_delay_seconds=30, retry_condition_fn=may_pass, cache_policy=NO_CACHE, persist_result=False)
@safely
def join_events(out: str, ehr: str | None, config: str | None) -> bool:
    """Joins the EHR and the documents' mentions; whether the events table changed."""
    settings = load(Path(config) if config else None)
    return job.join_events(Store(Path(out)), read_source(Path(ehr), settings.ehr) if ehr else None, settings.ehr)


@flow(name="documents", persist_result=False)
def documents(
    docs: str,
    out: str,
    ehr: str | None = None,
    manifest: str | None = None,
    config: str | None = None,
    batch: int = BATCH,
) -> dict[str, int]:
    """PDFs to documents, lines, sections, mentions and events; the number read and whether events changed."""
    read = 0
    while done := read_batch(docs, out, manifest, config, batch):
        read += done
        get_run_logger().info("%d documents read so far", read)
        if done < batch:
            break
    return {"read": read, "events_changed": int(join_events(out, ehr, config))}
