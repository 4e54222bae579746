"""Skip-gram over codes that occur together in time (arXiv 1602.03686, section 3; Mikolov et al., 2013), by gensim."""

import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


@dataclass(frozen=True)
class SkipGram:
    """Hyperparameters. More than one worker makes the result depend on timing."""

    dimensions: int = 64
    context: int = 10
    epochs: int = 8
    negative: int = 10
    sample: float = 1e-3
    seed: int = 7
    workers: int = 1


def sentences(dated: pl.DataFrame, window_days: int, seed: int) -> pl.DataFrame:
    """Codes that a subject has within a window of days, as lists in time order (column `code`).

    Input: subject_id, day, code, each row once. The time line is tiled twice, the second time shifted by half a window, so
    that neighbours at a tile's edge meet as well; a window of 0 is one day (or encounter). The order within a day is
    shuffled by `seed`.
    """
    shuffled = dated.with_columns(dice=pl.struct("subject_id", "day", "code").hash(seed)).sort(
        "subject_id", "day", "dice", "code"
    )
    width = max(1, window_days)
    shifts = (0, width // 2) if width > 1 else (0,)
    tilings = [
        shuffled.group_by(
            "subject_id", ((pl.col("day") + shift) // width).alias("window"), maintain_order=True
        ).agg("code")
        for shift in shifts
    ]
    return (
        pl.concat(tilings)
        .filter(pl.col("code").list.len() > 1)
        .select("subject_id", "window", "code")
    )


def write(corpus: pl.DataFrame, file: BinaryIO) -> None:
    """Appends lists of codes (whole numbers) as lines of words, as gensim reads them."""
    corpus.select(pl.col("code").cast(pl.List(pl.String)).list.join(" ")).write_csv(
        file, include_header=False
    )


def learn(
    parts: Iterable[pl.DataFrame], size: int, window_days: int, settings: SkipGram
) -> NDArray[np.float32]:
    """Unit-length vectors of codes 0 to `size` - 1, codes x dimensions; zero for a code that never occurs with another.

    `parts` are occurrences by disjoint subjects (subject_id, day, code). The corpus goes through a file, which is removed,
    so that memory does not grow with it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus"
        with path.open("wb") as file:
            for part in parts:
                write(sentences(part, window_days, settings.seed), file)
        vectors = train(path, settings) if path.stat().st_size else None
    found = np.zeros((size, settings.dimensions), np.float32)
    if vectors is not None:
        found[[int(word) for word in vectors.index_to_key]] = vectors.vectors
    return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


def train(corpus: Path, settings: SkipGram) -> "KeyedVectors":
    """gensim's skip-gram over a file with a sentence a line."""
    from gensim.models import Word2Vec

    model = Word2Vec(
        corpus_file=str(corpus),
        vector_size=settings.dimensions,
        window=settings.context,
        min_count=1,
        sg=1,
        negative=settings.negative,
        seed=settings.seed,
        workers=settings.workers,
        sample=settings.sample,
        ns_exponent=0.75,
        epochs=settings.epochs,
        hashfxn=_stable_hash,
    )
    return model.wv


def _stable_hash(text: str) -> int:
    return zlib.crc32(text.encode())


def save(vectors: "KeyedVectors", file: Path) -> None:
    """word2vec text format; gensim's own save is pickle."""
    vectors.save_word2vec_format(str(file), binary=False)


def to_gensim(codes: list[str], vectors: list[list[float]], counts: list[int]) -> "KeyedVectors":
    """Gensim's view of a concept_vectors table."""
    from gensim.models import KeyedVectors  # a second: late

    keyed = KeyedVectors(vector_size=len(vectors[0]) if vectors else 1)
    keyed.add_vectors(codes, np.array(vectors, dtype=np.float32))
    for code, count in zip(codes, counts, strict=True):
        keyed.set_vecattr(code, "count", count)
    return keyed
