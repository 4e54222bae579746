"""Nightly: what is new or changed in the document folder, then the events table."""

from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from chartline.flows import observed
from chartline.flows.edge import alarm, may_pass, safely, settings_of
from chartline.history.sources import read_source
from chartline.store import Store, runs
from chartline.work import job, planning, processing

OPTIONS: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": 30,
    "retry_condition_fn": may_pass,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}

ONE_AFTER_THE_OTHER: Any = ThreadPoolTaskRunner(max_workers=1)


@task(**OPTIONS)
@safely
def read_batch(docs: Path, out: Path, run: str, begin: int, end: int, config: Path | None) -> int:
    """Reads a stretch of the run's plan and commits it; the number read. Safe to repeat, here or on another machine."""
    store, settings = Store(out), settings_of(config)
    todo = store.plan(run).slice(begin, end - begin)
    job.read_batch(
        todo,
        docs,
        store,
        settings,
        lambda done: None,
        processing.kept_pool(settings.reading.model_dump_json()),
    )
    return len(todo)


@task(**OPTIONS)
@safely
def join_events(out: Path, ehr: Path | None, config: Path | None) -> bool:
    """Joins the EHR and the documents' mentions; whether the events table changed."""
    settings = settings_of(config)
    return job.join_events(
        Store(out), read_source(ehr, settings.ehr) if ehr else None, settings.ehr
    )


@flow(
    name="documents",
    persist_result=False,
    timeout_seconds=12 * 3600,
    task_runner=ONE_AFTER_THE_OTHER,
)  # type: ignore[arg-type]
@safely
def documents(
    docs: Path,
    out: Path,
    ehr: Path | None = None,
    manifest: Path | None = None,
    config: Path | None = None,
) -> dict[str, int]:
    """PDFs to documents, lines, sections, mentions and events; counts of documents, and whether events changed.

    Batches go to the task runner: one after the other here (each over all cores), side by side on a cluster.
    """
    settings = settings_of(config)
    store = Store(out, settings.tables)
    with runs.recorded(store, "documents") as row:
        found = planning.plan(docs, store, manifest, settings)
        stretches = planning.batches(
            found.todo, store.read("documents"), settings.reading.batch_pages
        )
        store.set_plan(row["run_id"], found.todo)
        progress = observed.Progress(len(found.todo))
        try:
            waiting = [
                read_batch.submit(docs, out, row["run_id"], *stretch, config)
                for stretch in stretches
            ]
            for future in waiting:
                future.wait()
                progress.add(
                    future.result(raise_on_failure=False) if future.state.is_completed() else 0
                )
            for future in waiting:  # one that failed ends the run, when the others are done
                future.result()
        finally:
            store.drop_plan(row["run_id"])
        outcome = job.finish(store, found)
        row |= job.counts(store, outcome)
        changed = join_events(out, ehr, config)
        store.vacuum(settings.keep_days)
        observed.outcome(store, outcome.documents)
        get_run_logger().info("%d documents read, %d quarantined", row["read"], row["quarantined"])
        alarm(row, settings.reading.alarm_share)
    return {"read": outcome.read, "quarantined": row["quarantined"], "events_changed": int(changed)}
