"""Prefect flows over the pipeline's stages. No other part of the package imports Prefect."""

import os

# Set before Prefect is imported: no telemetry, and 60 s for a cold server to start (13 to 31 s
# were measured).
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")
# Which runs hold a deployment's only place is kept on the disk: kept in memory, as is Prefect's
# default, it is lost with the server, and the place of a run that was killed stays taken for ever.
LEASE_STORAGE = "prefect.server.concurrency.lease_storage.filesystem"
os.environ.setdefault("PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE", LEASE_STORAGE)
os.umask(0o077)  # files that a flow writes are readable by their owner only
