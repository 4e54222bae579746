"""Word lists the pipeline reads: section titles, concepts, cues of context."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import polars as pl


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The word list `name`, as it stands in its TOML file."""
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))


def names_of_codes(told: pl.DataFrame | None) -> dict[str, str]:
    """What codes (`ICD10//I10`) mean: as an EHR's own table says (code, description), else the first name in our lexicon."""
    ours = {
        f"{vocabulary}//{code}": names[0]
        for vocabulary, codes in lexicon("concepts").items()
        for code, names in codes.items()
    }
    rows = [] if told is None else told.select("code", "description").iter_rows()
    return ours | {code: text for code, text in rows if text}
