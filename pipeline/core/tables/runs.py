"""The table of runs."""

import dataframely as dy

from chartline.core.tables.columns import one_of, utc_time

RUN_STATUSES = ("running", "finished", "failed")


class Runs(dy.Schema):
    """A run over these tables. `running` without an end: it is going on, or was killed."""

    run_id = dy.String(primary_key=True)
    kind = dy.String()
    status = dy.String(check=one_of(RUN_STATUSES))
    reason = dy.String(nullable=True)
    started_at = utc_time()
    seconds = dy.Float64(nullable=True)
    version = dy.String()
    seen = dy.Int64(nullable=True)
    read = dy.Int64(nullable=True)
    unchanged = dy.Int64(nullable=True)
    removed = dy.Int64(nullable=True)
    partial = dy.Int64(nullable=True)
    quarantined = dy.Int64(nullable=True)
    pages = dy.Int64(nullable=True)
