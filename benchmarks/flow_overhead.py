"""Cost of Prefect: `python -m benchmarks.flow_overhead sample_docs [500]`.

Runs the documents flow and `chartline run` on the same documents, which are copies of the folder's
PDFs. The Prefect server is started beforehand and not counted; both start one process and load the
models once. Prints seconds, pages a second and the ratio.
"""

import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from benchmarks import arguments
from benchmarks.kills import FLOW, Server
from chartline.store import Store

RUN = (
    "import sys; from chartline.terminal import main; docs, out, config = sys.argv[1:4]; "
    "sys.argv = ['chartline', 'run', docs, '--out', out, '--config', config]; main()"
)
SETTINGS = "report_pages = 0\n[reading.limits]\nocr_seconds = 0\n"


def timed(code: str, environment: dict[str, str], *arguments: Path) -> float:
    """Seconds that a process takes to run this Python code."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begin


def copies(source: Path, folder: Path, count: int) -> None:
    """Writes `count` copies of the PDFs in `source`, each with bytes of its own."""
    folder.mkdir()
    for number, file in enumerate(islice(cycle(sorted(source.rglob("*.pdf"))), count)):
        (folder / f"{number:05d}.pdf").write_bytes(file.read_bytes() + f"\n%{number}".encode())


def main(source: Path, count: int) -> None:
    """Prints a line for each way of running, and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder, config = Path(name) / "docs", Path(name) / "chartline.toml"
        config.write_text(SETTINGS)
        copies(source, folder, count)
        server = Server(Path(name) / "prefect")
        server.start()
        try:
            took = []
            for way, code, environment in (
                ("chartline run", RUN, dict(os.environ)),
                ("the documents flow", FLOW, server.environment),
            ):
                out = Path(name) / way.replace(" ", "-")
                seconds = timed(code, environment, folder, out, config)
                pages = int(Store(out).read("documents")["pages"].sum())
                sys.stdout.write(f"{way:<20}{seconds:>8.1f} s  {pages / seconds:>6.1f} pages/s\n")
                sys.stdout.flush()
                took.append(seconds)
        finally:
            server.kill()
        plain, flow = took
        sys.stdout.write(f"the flow takes {flow / plain - 1:+.1%} for {count} documents\n")


if __name__ == "__main__":
    given = arguments(__doc__, 1)
    main(Path(given[0]), int(given[1]) if len(given) > 1 else 500)
