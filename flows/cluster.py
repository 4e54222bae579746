"""The documents flow on a Dask cluster: `CHARTLINE_DASK` holds the scheduler's address (needs the extra `cluster`).

Each worker is one process with one thread, and reads its batches with `reading.workers` children that keep their models: set it to
1. The document folder, OUT and the configuration are on a file system that all machines see.
"""

import os
from typing import Any

from prefect_dask.task_runners import DaskTaskRunner

from chartline.flows.documents import documents as on_one_machine

RUNNER: Any = DaskTaskRunner(address=os.environ.get("CHARTLINE_DASK"))
documents = on_one_machine.with_options(task_runner=RUNNER)
