"""The nightly flow: reads new and changed documents, then rebuilds the events table."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from chartline.flows import artifacts
from chartline.flows.edge import alarm, may_pass, reason_of, safely, settings_of
from chartline.history.sources import read_source
from chartline.store import Store, runs
from chartline.views import nights
from chartline.work import event_table, job, planning, processing

OPTIONS: dict[str, Any] = {
    "retries": 2,
    "retry_delay_seconds": 30,
    "retry_condition_fn": may_pass,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}

SEQUENTIAL: Any = ThreadPoolTaskRunner(max_workers=1)


@task(**OPTIONS)
@safely
def read_batch(docs: Path, out: Path, run: str, begin: int, end: int, config: Path | None) -> int:
    """Reads rows `begin` to `end` of the plan of run `run` and commits them; returns how many.

    Safe to repeat, on this machine or another.
    """
    store, settings = Store(out, run=run), settings_of(config)
    with store.writing():  # refused where the run has ended, and its plan is gone
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
def join_events(out: Path, run: str, ehr: Path | None, config: Path | None) -> bool:
    """Joins EHR events and mentions; returns whether the events table changed."""
    settings = settings_of(config)
    source = read_source(ehr, settings.ehr, runs.run_date()) if ehr else None
    return event_table.join_events(Store(out, run=run), source, settings.ehr)


@flow(
    name="documents",
    persist_result=False,
    timeout_seconds=12 * 3600,
    task_runner=SEQUENTIAL,
)  # type: ignore[arg-type]
@safely
def documents(
    docs: Path,
    out: Path,
    ehr: Path | None = None,
    manifest: Path | None = None,
    config: Path | None = None,
) -> dict[str, int]:
    """PDFs to the tables documents, lines, sections, mentions and events.

    Batches go to the task runner: one after the other here, since each uses all cores; in parallel
    on a cluster.

    Args:
        docs: Folder of PDFs.
        out: Folder of the tables.
        ehr: EHR source to join; without it, the EHR events of an earlier run are kept.
        manifest: CSV of patients and dates of documents; `docs/manifest.csv` where absent.
        config: TOML file of settings.

    Returns:
        Documents `read` and `quarantined`, and `events_changed` (0 or 1).

    Raises:
        StageFailed: a stage failed, or too many documents are quarantined (see `alarm`).
    """
    settings = settings_of(config)
    store = Store(out, settings.tables)
    with runs.recorded(store, nights.NIGHT, reason_of) as row:
        _warn_of_missing_nights(store, settings.night_overdue_hours)
        plan = planning.plan(docs, store, manifest, settings)
        batches = planning.batches(plan.todo, store.read("documents"), settings.reading.batch_pages)
        store.set_plan(row["run_id"], plan.todo)
        progress = artifacts.DocumentProgress(len(plan.todo))
        try:
            waiting = [
                read_batch.submit(docs, out, row["run_id"], *batch, config) for batch in batches
            ]
            for future in waiting:
                future.wait()
                progress.add(
                    future.result(raise_on_failure=False) if future.state.is_completed() else 0
                )
            for future in waiting:  # raises the first failure, after all batches have ended
                future.result()
        finally:
            store.drop_plan(row["run_id"])
        run_summary = job.finish(store, plan)
        row |= job.counts(store, run_summary)
        changed = join_events(out, row["run_id"], ehr, config)
        store.vacuum(settings.keep_days)
        artifacts.document_statuses(store, run_summary.documents)
        get_run_logger().info("%d documents read, %d quarantined", row["read"], row["quarantined"])
        _warn(run_summary)
        alarm(row, settings.reading)
    return {
        "read": run_summary.read,
        "quarantined": row["quarantined"],
        "events_changed": int(changed),
    }


def _warn_of_missing_nights(store: Store, hours: float) -> None:
    """Says in the run's log that nights before this one did not finish, or did not run at all."""
    if warning := nights.overdue(store.read("runs"), hours, datetime.now(UTC)):
        get_run_logger().warning("%s", warning)


def _warn(summary: job.RunSummary) -> None:
    """Says how many files could not be read or found; their paths may name a patient."""
    if summary.unreadable:
        get_run_logger().warning(
            "%d files or folders cannot be read: the next run tries again", len(summary.unreadable)
        )
    if summary.unmatched:
        get_run_logger().warning(
            "%d rows of the manifest match no file: `chartline run` names them",
            len(summary.unmatched),
        )
