"""Memory of the workers over many documents: `python benchmarks/soak.py sample_docs 10000 [PICTURE.svg]`.

Documents of the folder are read again and again, linked under new names, by two workers with the classifier and the
dictionaries loaded. Prints each worker's resident memory and the pages a second as it goes; asserts nothing.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

from chartline.core import paths
from chartline.core.settings import load
from chartline.work import inventory, processing

EVERY = 500


def resident_mb(pid: int) -> float:
    with open(f"/proc/{pid}/statm") as stream:
        return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def link(sources: list[Path], folder: Path, count: int) -> None:
    """`count` documents, each a hard link or a copy of one of the sources."""
    for index in range(count):
        source = sources[index % len(sources)]
        target = folder / f"{index:06d}.pdf"
        try:
            target.hardlink_to(source)
        except OSError:
            target.write_bytes(source.read_bytes())


def draw(curve: list[tuple[int, float]], file: Path) -> None:
    """Peak of the workers' memory against documents done."""
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
                told = " ".join(f"{mb:.0f}" for mb in held)
                sys.stdout.write(
                    f"{done:>6} documents {pages:>7} pages {speed:6.1f} pages/s  workers MB: {told}\n"
                )
                sys.stdout.flush()
    if picture is not None:
        draw(curve, picture)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
