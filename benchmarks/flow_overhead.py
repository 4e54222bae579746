"""What Prefect costs: the documents flow against `chartline run` on the same documents: `python benchmarks/flow_overhead.py sample_docs [500]`.

Documents are copies of the folder's PDFs. The Prefect server is started beforehand and not counted; both start one process and load
the models once. Prints seconds, pages a second and the ratio.
"""

import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from benchmarks.kills import FLOW, Server
from chartline.store import Store

RUN = "import sys; from pathlib import Path; from chartline.terminal import main; sys.argv = ['chartline', 'run', sys.argv[1], '--out', sys.argv[2], '--config', sys.argv[3]]; main()"
SETTINGS = "report_pages = 0\n[reading.limits]\nocr_seconds = 0\n"


def timed(code: str, environment: dict[str, str], *arguments: Path) -> float:
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - begin


def main(source: Path, count: int) -> None:
    """Prints a line a way of running."""
    with tempfile.TemporaryDirectory() as name:
        folder, config = Path(name) / "docs", Path(name) / "chartline.toml"
        folder.mkdir()
        config.write_text(SETTINGS)
        for number, file in enumerate(islice(cycle(sorted(source.rglob("*.pdf"))), count)):
            (folder / f"{number:05d}.pdf").write_bytes(file.read_bytes() + f"\n%{number}".encode())
        server = Server(Path(name) / "prefect")
        server.start()
        try:
            took = {}
            for way, code, environment in (
                ("chartline run", RUN, dict(os.environ)),
                ("the documents flow", FLOW, server.environment),
            ):
                took[way] = timed(
                    code, environment, folder, Path(name) / way.replace(" ", "-"), config
                )
                pages = int(
                    Store(Path(name) / way.replace(" ", "-")).read("documents")["pages"].sum()
                )
                sys.stdout.write(
                    f"{way:<20}{took[way]:>8.1f} s  {pages / took[way]:>6.1f} pages/s\n"
                )
                sys.stdout.flush()
            sys.stdout.write(
                f"the flow takes {took['the documents flow'] / took['chartline run'] - 1:+.1%} for {count} documents\n"
            )
        finally:
            server.kill()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 500)
