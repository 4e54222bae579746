"""Codes that occur together end up together; held-out subjects shape nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import gensim
import polars as pl
import pytest

from models.concept_vectors.skipgram import sentences
from pipeline import embeddings
from pipeline.errors import ChartlineError
from pipeline.settings import Embedding
from pipeline.tables import ConceptVectors, Events

SETTINGS = Embedding(dimensions=8, epochs=5)
START = datetime(2020, 1, 1, tzinfo=UTC)


def stream(rows: list[tuple[int, int, str]]) -> pl.DataFrame:
    """Events from (subject, day, code)."""
    found = [{"subject_id": s, "time": START + timedelta(days=d), "code": c, "source": "ehr"} for s, d, c in rows]
    return pl.DataFrame(found, schema={n: c.dtype for n, c in Events.columns().items()})


def two_diseases() -> pl.DataFrame:
    return stream(
        [(s, 40 * v + k, f"{'A' if s % 2 else 'B'}//{k}") for s in range(200) for v in range(4) for k in range(4)]
    )


def test_codes_of_one_disease_are_neighbours() -> None:
    table = embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), SETTINGS)
    ConceptVectors.validate(table)
    near = embeddings.neighbours(table, "A//1", 3)
    assert {code.split("//")[0] for code in near["code"]} == {"A"}


def test_same_input_same_vectors() -> None:
    one, other = (embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), SETTINGS) for _ in range(2))
    assert one.equals(other)


def test_only_training_subjects_shape_vectors() -> None:
    events, train = two_diseases(), pl.Series(range(150))
    alone = embeddings.concept_vectors(events.filter(pl.col("subject_id") < 150), train, SETTINGS)
    assert embeddings.concept_vectors(events, train, SETTINGS).equals(alone)


def test_facts_about_a_person_have_no_vector() -> None:
    events = pl.concat([two_diseases(), stream([(s, 0, "SEX//F") for s in range(200)])])
    table = embeddings.concept_vectors(events, pl.Series(range(200)), SETTINGS)
    assert set(table["vocabulary"]) == {"A", "B"}


def test_too_little_is_said() -> None:
    with pytest.raises(ChartlineError, match="min_count"):
        embeddings.concept_vectors(stream([(1, 0, "A"), (1, 0, "B")]), pl.Series([1]), SETTINGS)
    with pytest.raises(ChartlineError, match="has no vector"):
        embeddings.neighbours(embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), SETTINGS), "C")


def test_export_is_word2vec(tmp_path: Path) -> None:
    table = embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), SETTINGS)
    embeddings.export(table, tmp_path / "v.txt")
    keyed = gensim.models.KeyedVectors.load_word2vec_format(tmp_path / "v.txt")
    assert keyed.index_to_key == table["code"].to_list()
    assert keyed["A//1"].tolist() == pytest.approx(
        table.filter(pl.col("code") == "A//1")["vector"][0].to_list(), abs=1e-5
    )


def test_windows_join_near_days_and_part_far_ones() -> None:
    found = sentences(stream([(1, 0, "A"), (1, 10, "B"), (1, 100, "C"), (1, 101, "D")]), window_days=30, seed=1)
    together = {frozenset(codes) for codes in found["code"].to_list()}
    assert frozenset("AB") in together
    assert all(not {"A", "C"} <= codes for codes in together)
