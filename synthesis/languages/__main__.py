"""Trains the model of languages: `python -m synthesis.languages`."""

import argparse
import logging
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from chartline.text.language_model import BITS, CLASSES, OTHER, buckets, letters_of
from synthesis.languages.corpus import writers

OUT = Path(__file__).parents[2] / "pipeline/text/languages.safetensors"
EXAMPLES = 4000  # of each class
OTHERS = 14000  # examples of all other languages together
STRENGTH = 300.0  # inverse of the penalty on the weights; less loses short texts
ITERATIONS = 80
CLIPPED = 99.95  # per cent of weights that keep their size in eight bits

log = logging.getLogger(__name__)


def examples(without: frozenset[str], seed: int = 1) -> tuple[list[str], NDArray[np.int64]]:
    """Texts and the number of the class of each."""
    rng = random.Random(seed)
    texts: list[str] = []
    classes: list[int] = []
    for name, of_class in writers(without).items():
        count = OTHERS if name == OTHER else EXAMPLES
        texts += [of_class[number % len(of_class)](rng) for number in range(count)]
        classes += [CLASSES.index(name)] * count
    return texts, np.array(classes)


def features(texts: list[str]) -> csr_matrix:
    """For each text its n-grams' counts over the square root of how many there are."""
    rows = [buckets(letters_of(text)) for text in texts]
    sizes = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(sizes), sizes).astype(np.float32)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    matrix = csr_matrix(
        (values, np.concatenate(rows).astype(np.int32), ends), shape=(len(texts), 2**BITS)
    )
    matrix.sum_duplicates()
    return matrix


def train(out: Path, without: frozenset[str]) -> None:
    """Trains and writes the weights."""
    texts, classes = examples(without)
    model = LogisticRegression(C=STRENGTH, max_iter=ITERATIONS)
    model.fit(features(texts), classes)
    weights = model.coef_.T
    scale = np.percentile(np.abs(weights[weights != 0]), CLIPPED) / 127
    table = np.clip(np.round(weights / scale), -127, 127).astype(np.int8)
    save_file(
        {
            "table": np.ascontiguousarray(table),
            "scale": np.array([scale], np.float32),
            "bias": model.intercept_.astype(np.float32),
        },
        out,
    )
    log.info("%d examples, %d buckets in use", len(texts), int((table != 0).any(1).sum()))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--without", default="", help="other languages left out, with commas")
    given = parser.parse_args()
    train(given.out, frozenset(given.without.split(",")))
