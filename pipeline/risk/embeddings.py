"""Events to concept vectors, learned on training subjects alone."""

import difflib
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
from chartline.history.events import STATIC, ranges, within
from chartline.history.rollup import ccs
from chartline.models.concept_vectors import evaluation, learners, ppmi, skipgram
from chartline.models.concept_vectors.cooccurrence import Window
from chartline.models.concept_vectors.learners import Learner
from chartline.models.concept_vectors.occurrences import occurrences

_ALIKE = 0.6  # share of characters in common, from which on a code is suggested for another


def learner_of(settings: EmbeddingSettings) -> Learner:
    """The learner that the settings describe.

    Raises:
        UsageError: they exclude each other.
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
    """The concept_vectors table, commonest code first. No event of any other subject shapes a vector.

    Some `shard_events` of disjoint subjects are in memory at a time; their number changes no vector, save by rounding.

    Raises:
        TooLittleError: there are too few events to learn from.
        UsageError: settings exclude each other.
    """
    care = events.lazy().filter(pl.col("time").is_not_null(), ~pl.col("code").str.contains(STATIC))
    train = train_subjects.unique().sort()
    mine = care.join(train.to_frame("subject_id").lazy(), on="subject_id", how="semi")
    shards = [_of(care, train, part) for part in ranges([mine], shard_events)]
    counts = _counts(shards).filter(pl.col("count") >= settings.min_count)
    if len(counts) < 3:
        raise TooLittleError(
            f"embeddings: no three codes occur often enough (min_count {settings.min_count})"
        )
    vectors = learners.learn(
        _parts(shards, counts["code"], settings), counts["count"].to_numpy(), learner_of(settings)
    )
    table = counts.with_columns(
        vocabulary=pl.col("code").str.split("//").list.first(),
        vector=pl.Series(vectors.tolist(), dtype=pl.List(pl.Float32)),
    )
    return validated(table, ConceptVectors)


def _of(care: pl.LazyFrame, train: pl.Series, part: tuple[int, int]) -> pl.LazyFrame:
    """The training subjects' events in a range. Their list is cut to the range: it is looked through once a piece of the file."""
    some = train.filter(train.is_between(*part))
    return care.filter(within(part), pl.col("subject_id").is_in(some.implode()))


def _counts(shards: list[pl.LazyFrame]) -> pl.DataFrame:
    """code, count: on how many days of subjects each code occurs, the commonest first."""
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


def _parts(
    shards: list[pl.LazyFrame], codes: pl.Series, settings: EmbeddingSettings
) -> Iterator[pl.DataFrame]:
    for shard in shards:
        yield occurrences(shard, codes, encounters=settings.window_days == 0)


@dataclass(frozen=True)
class VectorQuality:
    """`groups`: neighbours against CCS(R) categories; `drugs`: against ATC's third level; `treats`: how much more often a drug lies nearer to
    what it treats than to any code (0.5: chance)."""

    groups: evaluation.NeighbourScores
    drugs: evaluation.NeighbourScores
    treats: float


def evaluate(table: pl.DataFrame, public: dict[str, str], seed: int) -> VectorQuality:
    """Judges a concept_vectors table without a model. `public` names the public code of a local one, where it is known."""
    vectors = np.array(table["vector"].to_list(), dtype=np.float32)
    codes = [public.get(code, code) for code in table["code"].to_list()]
    diagnoses = [
        ccs(code) if code.startswith("ICD") and "PROC" not in code else None for code in codes
    ]
    drugs = [code[:9] if code.startswith("ATC//") else None for code in codes]
    pairs: list[tuple[int, int]] = []
    for atc, icds in lexicon("chartline.risk", "treatments").items():
        begins = tuple(
            f"{vocabulary}//{icd}" for vocabulary in ("ICD10", "ICD10CM") for icd in icds
        )
        treated = [place for place, code in enumerate(codes) if code.startswith(begins)]
        pairs += product(
            (place for place, code in enumerate(codes) if code.startswith(f"ATC//{atc}")), treated
        )
    return VectorQuality(
        evaluation.evaluate_neighbours(vectors, diagnoses),
        evaluation.evaluate_neighbours(vectors, drugs),
        evaluation.pair_concordance(vectors, pairs, seed),
    )


def telling_codes(table: pl.DataFrame, outcome: pl.Expr, count: int = 6) -> list[str]:
    """Codes whose neighbours are worth a look: the outcome's commonest, then the commonest of all."""
    common = table.sort("count", "code", descending=[True, False])
    first = common.filter(outcome)["code"].to_list()[:1]
    return (
        first
        + [code for code in common["code"].to_list() if code not in first][: count - len(first)]
    )


def neighbours(
    table: pl.DataFrame, code: str, count: int = 10, names: dict[str, str] | None = None
) -> pl.DataFrame:
    """The nearest codes by cosine similarity: code, description (from `names`), similarity.

    Raises:
        UsageError: the code has no vector; the message names codes that are spelled alike.
    """
    keyed = skipgram.to_gensim(
        table["code"].to_list(), table["vector"].to_list(), table["count"].to_list()
    )
    if code not in keyed:
        alike = closest(code, table["code"].to_list())
        hint = f"; did you mean {', '.join(alike)}?" if alike else ""
        raise UsageError(f"{code}: this code has no vector{hint}")
    near = [
        (other, (names or {}).get(other, ""), float(value))
        for other, value in keyed.most_similar(code, topn=min(count, len(table) - 1))
    ]
    return pl.DataFrame(
        near,
        schema={"code": pl.String, "description": pl.String, "similarity": pl.Float64},
        orient="row",
    )


def closest(code: str, known: list[str], count: int = 3) -> list[str]:
    """Known codes that are spelled like `code`, the nearest first; its vocabulary may be missing.

    >>> closest("I50.9", ["ICD10//I50.9", "ICD10//I10", "ATC//C03CA01"])
    ['ICD10//I50.9']
    """
    ends = [name for name in known if name.split("//")[-1].lower() == code.split("//")[-1].lower()]
    return (ends or difflib.get_close_matches(code, known, count, _ALIKE))[:count]


def export(table: pl.DataFrame, file: Path) -> None:
    """The table as gensim KeyedVectors in word2vec format."""
    skipgram.save(
        skipgram.to_gensim(
            table["code"].to_list(), table["vector"].to_list(), table["count"].to_list()
        ),
        file,
    )
