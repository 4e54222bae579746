"""The documents flow on a Dask cluster; needs the extra `cluster`.

The environment variable `CHARTLINE_DASK` holds the scheduler's address. Start each Dask worker as
one process with one thread, and set `reading.workers` to 1: a worker reads its batches in that many
child processes, which keep their models between batches. The document folder, OUT and the
configuration file must lie on a file system that all machines share.
"""

import os
from typing import Any

from prefect_dask.task_runners import DaskTaskRunner

from chartline.flows.documents import documents as on_one_machine

RUNNER: Any = DaskTaskRunner(address=os.environ.get("CHARTLINE_DASK"))
documents = on_one_machine.with_options(task_runner=RUNNER)
