"""`import chartline` is quick, loads nothing, and sees through a folder full of traps."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import chartline

TRAPS = ("models", "flows", "pipeline", "synthesis", "tables", "api", "core", "text", "store")
HEAVY = ("polars", "torch", "numpy", "pyarrow", "pydantic", "prefect", "marisa_trie", "matplotlib")


def python(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_import_loads_nothing_else(tmp_path: Path) -> None:
    code = "import sys; import chartline; print(*sys.modules)"
    loaded = python(code, tmp_path).split()
    assert [name for name in loaded if name.startswith("chartline")] == ["chartline"]
    assert not {name.split(".")[0] for name in loaded} & set(HEAVY)


def test_the_import_takes_less_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    code = "import time; t = time.process_time(); import chartline; print(time.process_time() - t)"
    assert min(float(python(code, tmp_path)) for _ in range(3)) < 0.1


@pytest.mark.slow
def test_names_of_ours_in_the_working_folder_are_no_traps(tmp_path: Path) -> None:
    for name in TRAPS[:2]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('a trap')")
    for name in TRAPS[2:]:
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('a trap')")
    code = (
        "import chartline\n"
        "for name in chartline.__all__: getattr(chartline, name)\n"
        "import chartline.flows, chartline.models.line_classifier.prediction\n"
        "print(chartline.facts(\"Pas d'HTA.\", language='fr')['code'][0])"
    )
    assert python(code, tmp_path).strip() == "I10"


def test_what_is_exported_is_what_a_type_checker_sees() -> None:
    source = ast.parse(Path(chartline.__file__ or "").read_text("utf-8"))
    block = next(node for node in source.body if isinstance(node, ast.If))
    seen = {
        alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen | {"__version__"} == set(chartline.__all__) == set(dir(chartline))
    assert list(chartline.__all__) == sorted(chartline.__all__)


@pytest.mark.parametrize("name", sorted(set(chartline.__all__) - {"__version__"}))
def test_what_is_exported_is_documented(name: str) -> None:
    value = getattr(chartline, name)
    text = inspect.getdoc(value) or ""
    assert text
    assert re.search(rf"\b{name}\b", chartline.__doc__ or "")
    if inspect.isclass(value):
        public = [member for member in vars(value) if not member.startswith("_")]
        for member in public:
            documented = (
                inspect.getdoc(getattr(value, member))
                if callable(getattr(value, member, None))
                else re.search(rf"^    {member}\b", text, re.MULTILINE)
            )
            assert documented, f"{name}.{member}"
        for field in getattr(value, "__dataclass_fields__", ()):
            assert re.search(rf"^(    {field}|The three frames)|\b{field}: ", text, re.MULTILINE), (
                field
            )
        return
    assert "Raises:" in text
    for parameter in inspect.signature(value).parameters:
        assert re.search(rf"^    {parameter}: ", text, re.MULTILINE), f"{name}({parameter})"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'reed'"):
        chartline.reed  # type: ignore[attr-defined] # noqa: B018


def test_the_version_is_the_packages() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", chartline.__version__)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(chartline.__file__ or "").parent / "py.typed").is_file()
