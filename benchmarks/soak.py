"""Memory of the workers over many documents: `python -m benchmarks.soak FOLDER 10000 [PICTURE]`.

The folder's documents are linked under new names until there are that many, and read by two workers
with the classifier and the dictionaries loaded. Prints each worker's resident memory and the pages
a second as it goes, and draws the memory into PICTURE, an SVG file. Asserts nothing.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import arguments
from chartline.core import paths
from chartline.core.settings import load
from chartline.work import inventory, processing

EVERY = 500


def resident_mb(pid: int) -> float:
    """The resident memory of a process, in megabytes."""
    with open(f"/proc/{pid}/statm") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def link(sources: list[Path], folder: Path, count: int) -> None:
    """Makes `count` documents, each a hard link to or a copy of one of the sources."""
    for index in range(count):
        source = sources[index % len(sources)]
        target = folder / f"{index:06d}.pdf"
        try:
            target.hardlink_to(source)
        except OSError:
            target.write_bytes(source.read_bytes())


def draw(curve: list[tuple[int, float]], file: Path) -> None:
    """Draws the memory of the larger worker against the number of documents."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 2.6))
    axes.plot(*zip(*curve, strict=True))
    axes.set(xlabel="documents", ylabel="MB, the larger worker", ylim=(0, 800))
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})


def main(folder: Path, count: int, picture: Path | None) -> None:
    """Prints a line every 500 documents."""
    settings = load(None, {"reading.workers": 2, "reading.limits.ocr_seconds": 0}).reading
    curve: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as name:
        link(sorted(folder.rglob("*.pdf")), Path(name), count)
        todo = inventory.describe(paths.find(Path(name)), None)
        begin, pages = time.perf_counter(), 0
        for done, (row, _) in enumerate(
            processing.results(todo, Path(name), settings, "soak", processing.new_pool(settings)), 1
        ):
            pages += row["pages"]
            if done % EVERY == 0:
                held = sorted(
                    resident_mb(child.pid or 0) for child in multiprocessing.active_children()
                )
                curve.append((done, max(held, default=0.0)))
                speed = pages / (time.perf_counter() - begin)
                shown = f"{done:>6} documents {pages:>7} pages {speed:6.1f} pages/s"
                memory = " ".join(f"{mb:.0f}" for mb in held)
                sys.stdout.write(f"{shown}  workers MB: {memory}\n")
                sys.stdout.flush()
    if picture is not None:
        draw(curve, picture)


if __name__ == "__main__":
    given = arguments(__doc__, 2)
    main(Path(given[0]), int(given[1]), Path(given[2]) if len(given) > 2 else None)
