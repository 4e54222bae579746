"""Prefect alone lives here: the pipeline's stages, scheduled, retried and observed."""

import os

# Before Prefect is imported: nothing is told to its makers, and a cold server may take its time.
os.environ["DO_NOT_TRACK"] = "1"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")
os.umask(0o077)  # whatever a flow writes is the owner's alone
