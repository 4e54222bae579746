"""The reference that is kept is what the code gives, and leaves nothing without a meaning."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from chartline.core.tables import TABLES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """The script docs/make_reference.py as a module."""
    spec = importlib.util.spec_from_file_location("made", ROOT / "docs" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_what_the_code_gives(made: ModuleType) -> None:
    pages = made.pages()
    assert {file.name for file in (ROOT / "docs/reference").iterdir()} == set(pages)
    for name, text in pages.items():
        kept = (ROOT / "docs/reference" / name).read_text("utf-8")
        assert kept == text, f"docs/reference/{name} is old: run python docs/make_reference.py"


def test_every_row_of_the_reference_has_a_meaning(made: ModuleType) -> None:
    for name, text in made.pages().items():
        for line in text.splitlines():
            if line.startswith("|"):
                cells = re.split(r"(?<!\\)\|", line)[1:-1]
                assert cells[0].strip(), (name, line)
                assert name == "tables.md" or cells[-1].strip(), (name, line)


def test_every_column_of_every_table_says_what_it_means() -> None:
    for table, schema in TABLES.items():
        assert (schema.__doc__ or "").strip(), table
        for name, column in schema.columns().items():
            assert len(column.description or "") > 5, (table, name)


def test_every_command_has_a_help_and_each_of_its_arguments_too(made: ModuleType) -> None:
    import typer

    from chartline.terminal.commands import app

    root = typer.main.get_command(app)
    commands = dict(made.leaves("chartline", root))
    assert {"chartline run", "chartline train lines", "chartline config"} <= set(commands)
    for name, command in commands.items():
        assert command.help, name
        for param in command.params:
            assert param.name == "help" or param.help, (name, param.name)
