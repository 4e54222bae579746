"""Word lists the pipeline reads: section titles, concepts, cues of context."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def lexicon(name: str) -> dict[str, Any]:
    """The word list `name`, as it stands in its TOML file."""
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))
