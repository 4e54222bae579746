"""The table of runs."""

import dataframely as dy

from chartline.core.tables.columns import one_of, utc_time

RUN_STATUSES = ("running", "finished", "failed")


class Runs(dy.Schema):
    """A run over these tables."""

    run_id = dy.String(primary_key=True, description="32 hexadecimal digits, drawn at random")
    kind = dy.String(description="the command or flow")
    status = dy.String(
        check=one_of(RUN_STATUSES),
        description="`running` without an end: it is going on, or was killed",
    )
    reason = dy.String(nullable=True, description="why it failed, in one line")
    started_at = utc_time(description="when it began")
    seconds = dy.Float64(nullable=True, description="how long it took")
    version = dy.String(description="of Chartline")
    seen = dy.Int64(nullable=True, description="documents in the folder")
    read = dy.Int64(nullable=True, description="documents that were read")
    unchanged = dy.Int64(nullable=True, description="documents that needed no reading")
    removed = dy.Int64(nullable=True, description="known documents that the folder has no more")
    partial = dy.Int64(nullable=True, description="read documents of which only a part was read")
    quarantined = dy.Int64(nullable=True, description="documents of which nothing was read")
    pages = dy.Int64(nullable=True, description="pages of the documents that were read")
