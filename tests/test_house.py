"""The house: sizes that a reader can hold in mind, and one meaning a file name in a room."""

import ast
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

TOP = Path(__file__).parent.parent
FOLDERS = ("pipeline", "flows", "models", "synthesis")
FILES = sorted(chain.from_iterable((TOP / folder).rglob("*.py") for folder in FOLDERS))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lines_of(file: Path) -> int:
    return len(file.read_text("utf-8").splitlines())


def function_lines() -> dict[str, int]:
    """The length of each function, its decorators aside."""
    return {
        f"{file.relative_to(TOP)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, FUNCTIONS)
    }


def test_files_are_short() -> None:
    sizes = [lines_of(file) for file in FILES if lines_of(file)]
    assert np.percentile(sizes, 50) <= 120
    assert np.percentile(sizes, 90) <= 280
    assert [str(file) for file in FILES if lines_of(file) > 350] == []


def test_functions_are_short() -> None:
    sizes = function_lines()
    assert np.percentile(list(sizes.values()), 90) <= 30
    assert {name: size for name, size in sizes.items() if size > 60} == {}


@pytest.mark.parametrize("link", ["chartline", "pipeline/flows", "pipeline/models"])
def test_links_are_relative_and_lead_somewhere(link: str) -> None:
    path = TOP / link
    assert path.is_symlink()
    assert not path.readlink().is_absolute()
    assert (path / "__init__.py").is_file()
