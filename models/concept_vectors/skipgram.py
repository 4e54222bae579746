"""Skip-gram over codes that occur together in time, by gensim.

Sources: arXiv 1602.03686, section 3; Mikolov et al., NIPS 2013.
"""

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
    """Hyperparameters, as gensim's Word2Vec takes them.

    Attributes:
        dimensions: length of a vector.
        context: how many codes to either side are predicted.
        epochs: passes over the sentences.
        negative: negative samples for each pair.
        sample: threshold above which frequent codes are randomly left out.
        seed: of all random numbers.
        workers: threads; with more than one the result depends on their timing.
    """

    dimensions: int = 64
    context: int = 10
    epochs: int = 8
    negative: int = 10
    sample: float = 1e-3
    seed: int = 7
    workers: int = 1


def sentences(dated: pl.DataFrame, window_days: int, seed: int) -> pl.DataFrame:
    """Lists of codes that a subject has within a window of days.

    Time is cut into windows twice, the second time shifted by half a window, so that events on
    both sides of a cut meet as well.

    Args:
        dated: subject_id, day, code, each row once.
        window_days: length of a window; 0 is one day (or encounter).
        seed: of the order of codes within a day.

    Returns:
        subject_id, window, code (a list of at least two, in order of time); all of a subject
        before all of the next, so that the sentences of ranges of subjects, one range after
        another, are those of all subjects, and skip-gram's vectors are too.
    """
    shuffled = dated.with_columns(dice=pl.struct("subject_id", "day", "code").hash(seed)).sort(
        "subject_id", "day", "dice", "code"
    )
    width = max(1, window_days)
    shifts = (0, width // 2) if width > 1 else (0,)
    windows = [
        shuffled.group_by(
            "subject_id", ((pl.col("day") + shift) // width).alias("window"), maintain_order=True
        )
        .agg("code")
        .with_columns(shift=pl.lit(shift))
        for shift in shifts
    ]
    return (
        pl.concat(windows)
        .filter(pl.col("code").list.len() > 1)
        .sort("subject_id", "shift", "window")
        .select("subject_id", "window", "code")
    )


def write(corpus: pl.DataFrame, file: BinaryIO) -> None:
    """Appends the lists in the column `code` to a file: a sentence a line, as gensim reads it."""
    words = pl.col("code").cast(pl.List(pl.String)).list.join(" ")
    corpus.select(words).write_csv(file, include_header=False)


def learn(
    parts: Iterable[pl.DataFrame], size: int, window_days: int, settings: SkipGram
) -> NDArray[np.float32]:
    """Vectors of the codes 0 to size - 1.

    The sentences pass through a temporary file, so that memory does not grow with them.

    Args:
        parts: occurrences (subject_id, day, code) of disjoint sets of subjects.
        size: the number of codes.
        window_days: length of the window within which codes are a sentence.
        settings: hyperparameters.

    Returns:
        Codes x dimensions, of unit length; zero for a code that never occurs with another.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus"
        with path.open("wb") as file:
            for part in parts:
                write(sentences(part, window_days, settings.seed), file)
        keyed = train(path, settings) if path.stat().st_size else None
    vectors = np.zeros((size, settings.dimensions), np.float32)
    if keyed is not None:
        vectors[[int(word) for word in keyed.index_to_key]] = keyed.vectors
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def train(corpus: Path, settings: SkipGram) -> "KeyedVectors":
    """gensim's skip-gram over a file with a sentence a line."""
    from gensim.models import Word2Vec  # takes a second: imported when needed

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
        ns_exponent=0.75,  # of the frequencies from which negative samples are drawn, as word2vec
        epochs=settings.epochs,
        hashfxn=_stable_hash,
    )
    return model.wv


def _stable_hash(text: str) -> int:
    """Python's own hash of a text differs from process to process, and so would the vectors."""
    return zlib.crc32(text.encode())


def save(vectors: "KeyedVectors", file: Path) -> None:
    """Writes vectors in word2vec's text format; gensim's own format is pickle."""
    vectors.save_word2vec_format(str(file), binary=False)


def to_gensim(codes: list[str], vectors: list[list[float]], counts: list[int]) -> "KeyedVectors":
    """gensim's KeyedVectors from the code, vector and count of a concept_vectors table."""
    from gensim.models import KeyedVectors  # takes a second: imported when needed

    keyed = KeyedVectors(vector_size=len(vectors[0]) if vectors else 1)
    keyed.add_vectors(codes, np.array(vectors, dtype=np.float32))
    for code, count in zip(codes, counts, strict=True):
        keyed.set_vecattr(code, "count", count)
    return keyed
