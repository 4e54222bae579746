"""Draws the README's plots from a finished run: `python benchmarks/pictures.py out docs/images`."""

import sys
from pathlib import Path

from pipeline.lexicons import names_of_codes
from pipeline.report import plots
from pipeline.store import Store


def main(out: Path, folder: Path) -> None:
    """Writes concepts.svg, roc.svg and calibration.svg."""
    store = Store(out)
    drawn = {
        "concepts.svg": plots.concept_map(store.read("concept_vectors"), names_of_codes(store.read("codes"))),
        "roc.svg": plots.roc(store.read("onset_curves")),
        "calibration.svg": plots.calibration(store.read("onset_curves")),
    }
    for name, picture in drawn.items():
        (folder / name).write_text(picture, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
