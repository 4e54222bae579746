"""The built terminology is that of its sources; every concept of ours has a name everywhere."""

from pathlib import Path

import polars as pl
import pytest

from chartline.mentions.inflection import LANGUAGES
from chartline.mentions.terminologies import build
from chartline.mentions.terminologies.files import BUILT, CAPITALS, WEAK
from chartline.mentions.terminologies.loading import terms_of
from chartline.mentions.terminologies.sources import terms


@pytest.fixture(scope="module")
def given() -> pl.DataFrame:
    return terms()


def test_what_is_shipped_is_built_from_today_s_sources(given: pl.DataFrame) -> None:
    why = "build again: python -m chartline.mentions.terminologies.build"
    assert (BUILT / "digest").read_text().strip() == build.digest(given), why


def test_it_stays_small() -> None:
    assert sum(file.stat().st_size for file in BUILT.iterdir()) < 20e6


def test_the_core_list_is_whole(given: pl.DataFrame) -> None:
    core = given.filter(~pl.col("code").str.starts_with("Z88"), source="core")
    by_code = core.group_by("vocabulary", "code").agg(pl.col("language").n_unique())
    assert len(by_code) >= 1500
    assert (by_code["language"] == len(LANGUAGES)).all()
    assert not core["term"].str.contains(r"^\s|\s$|[|?]").any()


def test_a_key_stands_for_the_first_source_that_has_it() -> None:
    rows = pl.DataFrame(
        {
            "term": ["MI", "mi", "heart failure", "Heart failures"],
            "concept": [1, 2, 3, 4],
            "weak": [True, True, False, False],
            "kind": ["condition"] * 4,
        }
    )
    keys, first, records = build.trie_of("en", rows)
    found = {key: records[first[keys[key]] : first[keys[key] + 1]].tolist() for key in keys}
    assert found == {
        "mi": [(1 << 2) + WEAK + CAPITALS, (2 << 2) + WEAK],
        "heart failure": [3 << 2],
    }


def test_a_measurement_keeps_its_name_beside_another_concept() -> None:
    rows = pl.DataFrame(
        {
            "term": ["potassium", "potassium"],
            "concept": [1, 2],
            "weak": [True, False],
            "kind": ["drug", "measurement"],
        }
    )
    assert build.trie_of("en", rows)[2].tolist() == [(1 << 2) + WEAK, 2 << 2]


def test_workers_share_the_terms() -> None:
    assert "heart failure" in terms_of("en").keys
    mapped = Path("/proc/self/maps")
    if not mapped.is_file():
        pytest.skip("only Linux lists what a process has mapped")
    assert str((BUILT / "en.marisa").resolve()) in mapped.read_text()
