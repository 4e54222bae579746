"""The main job from Python."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chartline.api.arguments import AnyPath, path_of, settings_of
from chartline.core.progress import Progress, silent
from chartline.store import Store
from chartline.views import report
from chartline.work import job

OWNER_ALONE = 0o077  # the umask of the command: what is written holds patients' text


def run(
    docs: AnyPath,
    out: AnyPath,
    ehr: AnyPath | None = None,
    manifest: AnyPath | None = None,
    config: AnyPath | None = None,
    *,
    engine: str | None = None,
    workers: int | None = None,
    settings: Mapping[str, Any] | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> job.RunSummary:
    """Runs all stages over a folder of PDFs, as the command `chartline run`, and prints nothing.

    Running again reads only what is new or changed. The tables and the report (report/index.html)
    lie in `out`; `chartline.open` reads them.

    Args:
        docs: a folder of PDFs.
        out: a folder for the tables, made where it is missing.
        ehr: coded history: MEDS, OMOP, FHIR, Synthea CSV, or one CSV or Parquet file.
        manifest: a CSV file with the columns path, patient_id, encounter_id, kind, written_at and
            language; `docs`/manifest.csv by default.
        config: settings in a TOML file.
        engine: `auto` (the default), `pdfium` or `pdfplumber`.
        workers: worker processes; by default as many as cores, at most 8.
        settings: single settings that overrule `config`, such as `{"report_pages": 0}`.
        rebuild: set the tables in `out` aside and make all of them anew.
        progress: called with what is done, how much of it and of how much; `print` will do.

    Returns:
        Counts of documents (`seen`, `read`, `unchanged`, `moved`), paths whose file is gone
            (`removed`), and why stages that learn were left out (`skipped`).

    Raises:
        UsageError: an argument, a setting or an input is wrong.
        LeakError: something that a prediction must not know would have entered it.
        BusyError: another run writes to `out`.
        ChartlineError: the run cannot go on; what was written before stays.
    """
    report_progress = progress or silent
    folder, root = path_of(docs, "docs"), path_of(out, "out")
    chosen = settings_of(config, settings, reading__engine=engine, reading__workers=workers)
    with _owner_alone():
        summary = job.run(
            folder,
            root,
            ehr=None if ehr is None else path_of(ehr, "ehr"),
            manifest=None if manifest is None else path_of(manifest, "manifest"),
            settings=chosen,
            progress=report_progress,
            rebuild=rebuild,
        )
        report.write(Store(root), folder, chosen, report_progress)
    return summary


@contextmanager
def _owner_alone() -> Iterator[None]:
    """Files that are made meanwhile are readable by their owner alone."""
    before = os.umask(OWNER_ALONE)
    try:
        yield
    finally:
        os.umask(before)
