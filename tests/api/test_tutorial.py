"""The tutorial's code runs, and prints what the page shows."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def tutorial() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tutorial", Path(__file__).parent / "tutorial.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_tutorial_prints_what_it_shows(tutorial: ModuleType) -> None:
    page = tutorial.PAGE.read_text("utf-8")
    assert tutorial.executed(page) == page


def test_other_output_would_be_noticed(tutorial: ModuleType) -> None:
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert tutorial.executed(page) == page.replace("3", "2")
