"""Events to concept vectors, learned on training subjects alone (arXiv 1602.03686, section 3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl

from chartline.core.errors import TooLittleError, UsageError
from chartline.core.lexicons import lexicon
from chartline.core.settings import EmbeddingSettings
from chartline.core.tables import ConceptVectors, validated
from chartline.history.events import STATIC, Range, ranges, within
from chartline.history.rollup import ccs
from chartline.models.concept_vectors import evaluation, learners, ppmi, skipgram
from chartline.models.concept_vectors.cooccurrence import Window
from chartline.models.concept_vectors.learners import Learner
from chartline.models.concept_vectors.occurrences import occurrences

_FEWEST_CODES = 3  # with fewer, nothing can be nearer than something else
_ATC_LEVEL = len("ATC//C03C")  # characters of a code up to ATC's third level, the drug's group


def learner_of(settings: EmbeddingSettings) -> Learner:
    """The learner that the settings describe.

    Raises:
        UsageError: Settings exclude each other.
    """
    if settings.learner == "skipgram" and settings.decay_days is not None:
        raise UsageError(
            "setting embedding.decay_days: skip-gram knows no decay with distance; use the learner "
            "ppmi or counts, or leave decay_days out"
        )
    return Learner(
        settings.learner,
        Window(settings.window_days, settings.decay_days),
        settings.sample,
        ppmi.Ppmi(settings.dimensions, seed=settings.seed),
        skipgram.SkipGram(
            settings.dimensions,
            settings.context,
            settings.epochs,
            settings.negative,
            settings.sample,
            settings.seed,
            settings.workers,
        ),
    )


def concept_vectors(
    events: pl.DataFrame | pl.LazyFrame,
    train_subjects: pl.Series,
    settings: EmbeddingSettings,
    shard_events: int = 5_000_000,
) -> pl.DataFrame:
    """The table concept_vectors, the most common code first.

    All events of the training subjects count, those after their prediction times too, as in the
    paper: a vector says what a code occurs with, the outcome among others. That is no leak into the
    scores, since no event of a held-out subject counts; cross-validation within the training
    subjects may be a little optimistic on vectors, since those of each fold shaped them too.

    Args:
        events: The table events, codes rolled up.
        train_subjects: Their subject_id; no event of another subject shapes a vector.
        settings: How vectors are learned.
        shard_events: About how many events are in memory at a time; changes no vector, except by
            rounding.

    Raises:
        TooLittleError: There are too few events to learn from.
        UsageError: Settings exclude each other.
    """
    # what a document only calls past has no time: it is paired with what the document says
    dated = events.lazy().with_columns(pl.coalesce("time", "known_at").alias("time"))
    care = dated.filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
    train = train_subjects.unique().sort()
    of_train = care.join(train.to_frame("subject_id").lazy(), on="subject_id", how="semi")
    shards = [_shard(care, train, subjects) for subjects in ranges([of_train], shard_events)]
    counts = _counts(shards).filter(pl.col("count") >= settings.min_count)
    if len(counts) < _FEWEST_CODES:
        raise TooLittleError(
            f"embeddings: no three codes occur often enough (min_count {settings.min_count})"
        )
    vectors = learners.learn(
        _occurrences(shards, counts["code"], settings),
        counts["count"].to_numpy(),
        learner_of(settings),
    )
    table = counts.with_columns(
        vocabulary=pl.col("code").str.split("//").list.first(),
        vector=pl.Series(vectors.tolist(), dtype=pl.List(pl.Float32)),
    )
    return validated(table, ConceptVectors)


def _shard(care: pl.LazyFrame, train: pl.Series, subjects: Range) -> pl.LazyFrame:
    """Events of training subjects in a range.

    The list of subjects is cut to the range, since polars searches it for each piece of the file.
    """
    some = train.filter(train.is_between(*subjects))
    return care.filter(within(subjects), pl.col("subject_id").is_in(some.implode()))


def _counts(shards: list[pl.LazyFrame]) -> pl.DataFrame:
    """code, count (days of subjects on which the code occurs), the most common first."""
    day = pl.col("time").dt.epoch("d").alias("day")
    parts = [
        shard.select("subject_id", "code", day)
        .unique()
        .group_by("code")
        .agg(count=pl.len())
        .collect(engine="streaming")
        for shard in shards
    ]
    total = pl.concat(parts).group_by("code").agg(pl.col("count").sum().cast(pl.Int64))
    return total.sort("count", "code", descending=[True, False])


def _occurrences(
    shards: list[pl.LazyFrame], codes: pl.Series, settings: EmbeddingSettings
) -> Iterator[pl.DataFrame]:
    for shard in shards:
        yield occurrences(shard, codes, encounters=settings.window_days == 0)


def export(table: pl.DataFrame, file: Path) -> None:
    """Writes the table concept_vectors as gensim's KeyedVectors, in word2vec's text format."""
    keyed = skipgram.to_gensim(
        table["code"].to_list(), table["vector"].to_list(), table["count"].to_list()
    )
    skipgram.save(keyed, file)


@dataclass(frozen=True)
class VectorQuality:
    """How good concept vectors are, measured without a risk model (Choi et al., AMIA 2016).

    Attributes:
        groups: Of diagnoses: are neighbours of the same CCS or CCSR category?
        drugs: Are neighbours of the same third level of ATC?
        treats: Probability that a drug is nearer to a disease that it treats than to a random
            code; 0.5 by chance.
    """

    groups: evaluation.NeighbourScores
    drugs: evaluation.NeighbourScores
    treats: float


def evaluate(table: pl.DataFrame, public: dict[str, str], seed: int) -> VectorQuality:
    """Evaluates the table concept_vectors.

    Args:
        table: It.
        public: The public code of a local one, where known.
        seed: Of the random codes that drugs are compared with.
    """
    vectors = np.array(table["vector"].to_list(), dtype=np.float32)
    codes = [public.get(code, code) for code in table["code"].to_list()]
    diagnoses = [
        ccs(code) if code.startswith("ICD") and "PROC" not in code else None for code in codes
    ]
    drugs = [code[:_ATC_LEVEL] if code.startswith("ATC//") else None for code in codes]
    return VectorQuality(
        evaluation.evaluate_neighbours(vectors, diagnoses),
        evaluation.evaluate_neighbours(vectors, drugs),
        evaluation.pair_concordance(vectors, _treatments(codes), seed),
    )


def _treatments(codes: list[str]) -> list[tuple[int, int]]:
    """Positions in `codes` of each drug and each disease that it treats, by treatments.toml."""
    pairs: list[tuple[int, int]] = []
    for atc, diseases in lexicon("chartline.risk", "treatments").items():
        beginnings = tuple(
            f"{vocabulary}//{icd}" for vocabulary in ("ICD10", "ICD10CM") for icd in diseases
        )
        treated = [place for place, code in enumerate(codes) if code.startswith(beginnings)]
        drugs = [place for place, code in enumerate(codes) if code.startswith(f"ATC//{atc}")]
        pairs += product(drugs, treated)
    return pairs
