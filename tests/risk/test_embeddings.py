"""Codes that occur together end up together; held-out subjects shape nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import gensim
import numpy as np
import polars as pl
import pytest

from chartline.core.errors import ChartlineError
from chartline.core.settings import EmbeddingSettings
from chartline.core.tables import ConceptVectors, Events
from chartline.risk import embeddings
from chartline.risk.neighbours import neighbours

SETTINGS = EmbeddingSettings(dimensions=3)
START = datetime(2020, 1, 1, tzinfo=UTC)


def stream(rows: list[tuple[int, int, str]]) -> pl.DataFrame:
    """Events from (subject, day, code)."""
    found = [
        {"subject_id": s, "time": START + timedelta(days=d), "code": c, "source": "ehr"}
        for s, d, c in rows
    ]
    return pl.DataFrame(found, schema={n: c.dtype for n, c in Events.columns().items()})


def two_diseases() -> pl.DataFrame:
    return stream(
        [
            (s, 40 * v + k, f"{'A' if s % 2 else 'B'}//{k}")
            for s in range(200)
            for v in range(4)
            for k in range(4)
        ]
    )


@pytest.mark.parametrize("learner", ["ppmi", "skipgram"])
def test_codes_of_one_disease_are_neighbours(learner: Literal["ppmi", "skipgram"]) -> None:
    # so few sentences of so few codes need many passes
    settings = EmbeddingSettings(dimensions=3, learner=learner, epochs=40)
    table = embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), settings)
    ConceptVectors.validate(table)
    near = neighbours(table, "A//1", 3)
    assert {code.split("//")[0] for code in near["code"]} == {"A"}


def test_an_event_without_a_date_is_learned_from_on_the_day_on_which_it_became_known() -> None:
    dated = two_diseases()
    some = pl.col("code").str.ends_with("//1")
    stated = dated.with_columns(
        time=pl.when(~some).then("time"), known_at=pl.when(some).then("time")
    )
    one, other = (
        embeddings.concept_vectors(stream, pl.Series(range(200)), SETTINGS)
        for stream in (dated, stated)
    )
    assert one.equals(other)


@pytest.mark.parametrize("learner", ["ppmi", "skipgram", "counts"])
def test_same_input_same_vectors(learner: Literal["ppmi", "skipgram", "counts"]) -> None:
    settings = EmbeddingSettings(dimensions=3, learner=learner)
    one, other = (
        embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), settings)
        for _ in range(2)
    )
    assert one.equals(other)


@pytest.mark.parametrize("learner", ["ppmi", "skipgram", "counts"])
def test_eight_shards_give_the_vectors_of_one(
    learner: Literal["ppmi", "skipgram", "counts"],
) -> None:
    settings = EmbeddingSettings(dimensions=3, learner=learner, epochs=2)
    one, eight = (
        embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), settings, size)
        for size in (10_000, 400)
    )
    assert one["code"].equals(eight["code"])
    assert np.allclose(one["vector"].to_list(), eight["vector"].to_list(), atol=1e-5)


def test_a_window_of_0_is_the_encounter() -> None:
    """A comes with B in one encounter of two days; C on the same day, in another encounter."""
    events = pl.concat(
        [stream([(s, 0, "A"), (s, 1, "B"), (s, 1, "C"), (s, 1, "D")]) for s in range(20)]
    )
    named = events.with_columns(
        encounter_id=pl.when(pl.col("code").is_in(["A", "B"]))
        .then(pl.lit("x"))
        .otherwise(pl.lit("y"))
    )
    near = embeddings.concept_vectors(
        named, pl.Series(range(20)), EmbeddingSettings(dimensions=2, window_days=0)
    )
    assert neighbours(near, "A", 1)["code"].to_list() == ["B"]
    assert neighbours(near, "C", 1)["code"].to_list() == ["D"]


def test_skip_gram_knows_no_decay() -> None:
    with pytest.raises(ChartlineError, match="no decay"):
        embeddings.concept_vectors(
            two_diseases(),
            pl.Series(range(200)),
            EmbeddingSettings(learner="skipgram", decay_days=7),
        )


def test_vectors_are_judged_without_a_model() -> None:
    hearts, joints = (
        ["ICD10//I48.0", "ICD10//I48.9", "ATC//B01AF01"],
        ["ICD10//M10.0", "ICD10//M10.9", "ATC//M04AA01"],
    )
    events = stream(
        [
            (s, 9 * v, code)
            for s in range(60)
            for v in range(3)
            for code in (hearts if s % 2 else joints)
        ]
    )
    quality = embeddings.evaluate(
        embeddings.concept_vectors(events, pl.Series(range(60)), EmbeddingSettings(dimensions=2)),
        {},
        1,
    )
    assert quality.groups.codes == 4
    assert quality.groups.ndcg > 0.6
    assert quality.treats > 0.6


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
        neighbours(embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), SETTINGS), "C")


def test_export_is_word2vec(tmp_path: Path) -> None:
    table = embeddings.concept_vectors(two_diseases(), pl.Series(range(200)), SETTINGS)
    embeddings.export(table, tmp_path / "v.txt")
    keyed = gensim.models.KeyedVectors.load_word2vec_format(tmp_path / "v.txt")
    assert keyed.index_to_key == table["code"].to_list()
    assert keyed["A//1"].tolist() == pytest.approx(
        table.filter(pl.col("code") == "A//1")["vector"][0].to_list(), abs=1e-5
    )
