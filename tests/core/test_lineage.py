"""Digests of inputs: they change with what matters to a result, and with nothing else."""

from pathlib import Path

import pytest

from chartline.core import lineage
from chartline.core.errors import UsageError
from chartline.core.settings import FeatureSettings, ReadingSettings


def test_only_inputs_that_differ_are_named() -> None:
    then = {"events": "a", "cohort": "b", "gone": "c"}
    now = {"events": "a", "cohort": "x", "new": "d"}
    assert lineage.changed(now, then) == ["cohort", "gone", "new"]
    assert lineage.changed(now, now) == []
    assert lineage.changed(now, {}) == ["cohort", "events", "new"]


def test_borders_between_parts_count() -> None:
    assert lineage.digest("ab", "c") != lineage.digest("a", "bc")


def test_settings_that_change_no_result_can_be_left_out() -> None:
    one, two = ReadingSettings(workers=1), ReadingSettings(workers=2)
    assert lineage.of_settings(one) != lineage.of_settings(two)
    out = frozenset({"workers"})
    assert lineage.of_settings(one, leave_out=out) == lineage.of_settings(two, leave_out=out)
    more = FeatureSettings(prototypes=3)
    assert lineage.of_settings(FeatureSettings()) != lineage.of_settings(more)


def test_a_file_is_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    file.write_text("code,group\n")
    before = lineage.of_file(file)
    file.touch()
    assert lineage.of_file(file) == before
    file.write_text("code,group\nA,B\n")
    assert lineage.of_file(file) != before
    with pytest.raises(UsageError, match=r"gone\.csv: cannot be read"):
        lineage.of_file(tmp_path / "gone.csv")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two stages that share a module, with a word list."""
    for name, text in {
        "__init__.py": "",
        "first.py": "from chartline.shared import one\n",
        "second.py": "def late():\n    import chartline.other\n",
        "shared.py": '"""Shared."""\none = 1\n',
        "other.py": "two = 2\n",
        "core/__init__.py": "schema = 1\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(lineage, "_ROOT", tmp_path)
    return tmp_path


def code(module: str) -> str:
    lineage.of_code.cache_clear()
    return lineage.of_code(f"chartline.{module}")


def test_a_change_of_code_marks_the_stages_that_import_it(package: Path) -> None:
    first, second = code("first"), code("second")
    (package / "shared.py").write_text("one = 3\n")
    assert code("first") != first
    assert code("second") == second
    (package / "other.py").write_text("two = 3\n")
    assert code("second") != second  # though imported inside a function


def test_comments_docstrings_and_layout_mark_nothing(package: Path) -> None:
    before = code("first")
    (package / "shared.py").write_text('"""Other words."""\n\n# why\none = (1)\n')
    assert code("first") == before


def test_word_lists_beside_the_code_count(package: Path) -> None:
    before = code("first")
    (package / "titles.toml").write_text("a = 1\n")
    assert code("first") != before


@pytest.fixture(autouse=True)
def fresh() -> None:
    lineage.of_code.cache_clear()
