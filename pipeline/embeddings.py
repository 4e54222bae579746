"""Events to concept vectors, learned on training subjects alone."""

from pathlib import Path

import polars as pl

from models.concept_vectors import skipgram
from pipeline.errors import ChartlineError
from pipeline.settings import Embedding
from pipeline.tables import ConceptVectors, conform

STATIC = r"^(MEDS_|GENDER|SEX|SITE|RACE)"  # facts about a person, not concepts of care


def concept_vectors(events: pl.DataFrame, train_subjects: pl.Series, settings: Embedding) -> pl.DataFrame:
    """The concept_vectors table, commonest code first. No event of any other subject shapes a vector.

    Raises:
        ChartlineError: too few events to learn from.
    """
    used = events.filter(pl.col("subject_id").is_in(train_subjects.implode()), ~pl.col("code").str.contains(STATIC))
    corpus = skipgram.sentences(used, settings.window_days, settings.seed)
    options = settings.model_dump(exclude={"window_days"})
    try:
        vectors = skipgram.learn(corpus, skipgram.SkipGram(**options))
    except ValueError as error:
        raise ChartlineError(f"embeddings: {error} (min_count {settings.min_count})") from None
    counts = used.group_by("code").agg(count=pl.len())
    table = pl.DataFrame({"code": vectors.index_to_key, "vector": vectors.vectors.tolist()}).join(counts, on="code")
    table = table.with_columns(vocabulary=pl.col("code").str.split("//").list.first())
    return conform(table.sort(pl.col("count"), "code", descending=[True, False]), ConceptVectors)


def telling_codes(table: pl.DataFrame, outcome: list[str], count: int = 6) -> list[str]:
    """Codes whose neighbours are worth a look: the outcome's commonest, then the commonest of all."""
    first = table.filter(pl.any_horizontal(pl.col("code").str.starts_with(code) for code in outcome))["code"].to_list()[
        :1
    ]
    return first + [code for code in table["code"].to_list() if code not in first][: count - len(first)]


def neighbours(table: pl.DataFrame, code: str, count: int = 10, names: dict[str, str] | None = None) -> pl.DataFrame:
    """The nearest codes by cosine similarity: code, description (from `names`), similarity.

    Raises:
        ChartlineError: the code has no vector.
    """
    keyed = skipgram.to_gensim(table["code"].to_list(), table["vector"].to_list(), table["count"].to_list())
    if code not in keyed:
        raise ChartlineError(f"{code}: this code has no vector")
    near = [
        (other, (names or {}).get(other, ""), float(value))
        for other, value in keyed.most_similar(code, topn=min(count, len(table) - 1))
    ]
    return pl.DataFrame(
        near, schema={"code": pl.String, "description": pl.String, "similarity": pl.Float64}, orient="row"
    )


def export(table: pl.DataFrame, file: Path) -> None:
    """The table as gensim KeyedVectors in word2vec format."""
    skipgram.save(
        skipgram.to_gensim(table["code"].to_list(), table["vector"].to_list(), table["count"].to_list()), file
    )
