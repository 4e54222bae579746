"""Word lists: TOML files beside the code that reads them."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def lexicon(package: str, name: str) -> dict[str, Any]:
    """The content of the word list `name`.toml of a package; read once in each process.

    >>> lexicon("chartline.text", "titles")["conclusion"]["en"][0]
    'conclusion'
    """
    return tomllib.loads((resources.files(package) / f"{name}.toml").read_text("utf-8"))
