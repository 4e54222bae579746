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

LearnerName = Literal["ppmi", "skipgram", "counts"]


@dataclass(frozen=True)
class Learner:
    """A way to learn vectors, with its hyperparameters.

    Attributes:
        name: `ppmi` factorises positive pointwise mutual information, `skipgram` is gensim's
            word2vec, `counts` factorises log co-occurrence counts (the baseline).
        window: which events of a subject occur together.
        sample: codes whose share of all occurrences exceeds this count less, by the keeping
            probability of Mikolov et al. (2013); 0 switches this off.
        ppmi: hyperparameters of `ppmi` and `counts`.
        skipgram: hyperparameters of `skipgram`.
    """

    name: LearnerName = "ppmi"
    window: Window = field(default_factory=Window)
    sample: float = 1e-3
    ppmi: Ppmi = field(default_factory=Ppmi)
    skipgram: SkipGram = field(default_factory=SkipGram)


def learn(
    parts: Iterable[pl.DataFrame], occurrences: NDArray[np.int64], learner: Learner
) -> NDArray[np.float32]:
    """Concept vectors, codes x dimensions, of unit length.

    Args:
        parts: occurrences (subject_id, day, code) of disjoint sets of subjects. Into how many
            parts the subjects are divided changes no vector.
        occurrences: how often each code occurs.
        learner: what to learn, and how.

    Returns:
        The vectors; zero for a code that never occurs together with another.

    Raises:
        ValueError: skip-gram is combined with `decay_days`, which it does not have.
    """
    size = len(occurrences)
    if learner.name == "skipgram":
        if learner.window.decay_days is not None:
            raise ValueError(
                "skip-gram has no decay with distance; use ppmi or counts, or leave decay_days out"
            )
        return skipgram.learn(parts, size, learner.window.days, learner.skipgram)
    counts = sparse.csr_array((size, size))
    for part in parts:
        counts = counts + cooccurrence.count(part, size, learner.window)
    counts = downsampled(counts, occurrences, learner.sample)
    if learner.name == "ppmi":
        return ppmi.factorise(ppmi.positive_information(counts, learner.ppmi), learner.ppmi)
    return ppmi.factorise(counts.log1p(), learner.ppmi)


def downsampled(
    counts: sparse.csr_array, occurrences: NDArray[np.int64], sample: float
) -> sparse.csr_array:
    """The expected counts where occurrences of frequent codes are randomly left out.

    An occurrence of a code is kept with probability min(1, sqrt(sample / share) + sample / share),
    where share is the code's share of all occurrences (word2vec's rule, Mikolov et al., 2013).

    Args:
        counts: co-occurrences, codes x codes.
        occurrences: how often each code occurs.
        sample: the threshold of the rule; 0 keeps everything.
    """
    if sample <= 0:
        return counts
    ratio = sample / np.maximum(occurrences / max(occurrences.sum(), 1), 1e-12)
    keep = sparse.diags_array(np.minimum(1.0, np.sqrt(ratio) + ratio))
    return sparse.csr_array(keep @ counts @ keep)
