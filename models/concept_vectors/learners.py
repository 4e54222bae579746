"""Three ways from occurrences to concept vectors, behind one call."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from chartline.models.concept_vectors import cooccurrence, ppmi, skipgram
from chartline.models.concept_vectors.cooccurrence import Window
from chartline.models.concept_vectors.ppmi import Ppmi
from chartline.models.concept_vectors.skipgram import SkipGram

Name = Literal["ppmi", "skipgram", "counts"]


@dataclass(frozen=True)
class Learner:
    """`name`: PPMI factorised, gensim's skip-gram, or plain co-occurrence counts factorised (the baseline).

    `sample`: codes whose share of occurrences exceeds it count less, by Mikolov's keeping probability (2013); 0 for none.
    """

    name: Name = "ppmi"
    window: Window = field(default_factory=Window)
    sample: float = 1e-3
    ppmi: Ppmi = field(default_factory=Ppmi)
    skipgram: SkipGram = field(default_factory=SkipGram)


def learn(
    parts: Iterable[pl.DataFrame], occurrences: NDArray[np.int64], learner: Learner
) -> NDArray[np.float32]:
    """Vectors, codes x dimensions, of unit length; zero for a code that never occurs with another.

    `parts` are occurrences by disjoint subjects (subject_id, day, code), in any number of shards: their number changes no
    vector. `occurrences` says how often each code occurs.

    Raises:
        ValueError: skip-gram is asked for a decay, which it does not know.
    """
    size = len(occurrences)
    if learner.name == "skipgram":
        if learner.window.decay_days is not None:
            raise ValueError(
                "skip-gram knows no decay with distance; use ppmi or counts, or leave decay_days out"
            )
        return skipgram.learn(parts, size, learner.window.days, learner.skipgram)
    counts = sparse.csr_array((size, size))
    for part in parts:
        counts = counts + cooccurrence.count(part, size, learner.window)
    counts = weighed(counts, occurrences, learner.sample)
    information = (
        ppmi.information(counts, learner.ppmi) if learner.name == "ppmi" else counts.log1p()
    )
    return ppmi.factorise(information, learner.ppmi)


def weighed(
    counts: sparse.csr_array, occurrences: NDArray[np.int64], sample: float
) -> sparse.csr_array:
    """Counts as if each occurrence of a code were kept with probability min(1, sqrt(sample / share) + sample / share)."""
    if sample <= 0:
        return counts
    ratio = sample / np.maximum(occurrences / max(occurrences.sum(), 1), 1e-12)
    kept = sparse.diags_array(np.minimum(1.0, np.sqrt(ratio) + ratio))
    return sparse.csr_array(kept @ counts @ kept)
