"""Skip-gram over codes that occur together in time (arXiv 1602.03686, section 3; Mikolov et al., 2013)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from gensim.models import KeyedVectors, Word2Vec


@dataclass(frozen=True)
class SkipGram:
    """Hyperparameters; one worker thread, since more make the result depend on timing."""

    dimensions: int = 64
    context: int = 10
    epochs: int = 8
    min_count: int = 5
    negative: int = 10
    seed: int = 7


def sentences(events: pl.DataFrame, window_days: int, seed: int) -> pl.DataFrame:
    """Codes that a subject has within a window of days, as lists in time order.

    Input: subject_id, time, code. The time line is tiled twice, the second time shifted by half a window, so that
    neighbours at a tile's edge meet as well; a window of 0 is one day. The order within a day is shuffled by `seed`.
    """
    dated = (
        events.filter(pl.col("time").is_not_null())
        .select("subject_id", day=pl.col("time").dt.epoch("d"), code="code")
        .unique()
        .with_columns(dice=pl.struct("subject_id", "day", "code").hash(seed))
        .sort("subject_id", "day", "dice", "code")
    )
    width = max(1, window_days)
    shifts = (0, width // 2) if width > 1 else (0,)
    tilings = [
        dated.group_by("subject_id", ((pl.col("day") + shift) // width).alias("window"), maintain_order=True).agg(
            "code"
        )
        for shift in shifts
    ]
    return pl.concat(tilings).filter(pl.col("code").list.len() > 1).select("subject_id", "window", "code")


def learn(corpus: pl.DataFrame, settings: SkipGram) -> KeyedVectors:
    """Unit-length vectors of the codes in `corpus` (column `code`, lists).

    Raises:
        ValueError: no code occurs `min_count` times.
    """
    lists = corpus["code"].to_list()
    counts = pl.Series([code for codes in lists for code in codes], dtype=pl.String).value_counts()
    if not (counts["count"] >= settings.min_count).any():
        raise ValueError("no code occurs often enough together with another")
    model = Word2Vec(
        vector_size=settings.dimensions, window=settings.context, min_count=settings.min_count, sg=1,
        negative=settings.negative, seed=settings.seed, workers=1, sample=1e-3, ns_exponent=0.75,
        hashfxn=_stable_hash,
    )  # fmt: skip
    model.build_vocab(lists)
    model.train(lists, total_examples=len(lists), epochs=settings.epochs)
    vectors = model.wv
    vectors.vectors /= np.linalg.norm(vectors.vectors, axis=1, keepdims=True).clip(1e-9)
    return vectors


def _stable_hash(text: str) -> int:
    import zlib

    return zlib.crc32(text.encode())


def save(vectors: KeyedVectors, file: Path) -> None:
    """word2vec text format; gensim's own save is pickle."""
    vectors.save_word2vec_format(str(file), binary=False)


def to_gensim(codes: list[str], vectors: list[list[float]], counts: list[int]) -> KeyedVectors:
    """Gensim's view of a concept_vectors table."""
    keyed = KeyedVectors(vector_size=len(vectors[0]) if vectors else 1)
    keyed.add_vectors(codes, np.array(vectors, dtype=np.float32))
    for code, count in zip(codes, counts, strict=True):
        keyed.set_vecattr(code, "count", count)
    return keyed
