"""Word lists: TOML files that lie beside the code that reads them."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def lexicon(package: str, name: str) -> dict[str, Any]:
    """The word list `name`.toml of `package`, as it stands in its file; read once a process."""
    return tomllib.loads((resources.files(package) / f"{name}.toml").read_text("utf-8"))
