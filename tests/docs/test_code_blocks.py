"""Code in the documentation works: commands exist, settings load, Python compiles or runs."""

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from conftest import reportlab_letter
from doc_pages import NAMES, ROOT, blocks, code_spans

from chartline.core.settings import load
from chartline.terminal.commands import app

# decisions tell of what was, too; the reference is made from the commands themselves
PAGES = sorted(set(NAMES) - {"docs/decisions.md", "docs/reference/commands.md"})
SHELL = ("", "sh", "bash", "console")
COMMANDS = typer.main.get_command(app)


def words(line: str) -> list[str]:
    """A line of shell as words, variables before the command and comments aside."""
    try:
        parts = shlex.split(line.replace("…", "..."), comments=True)
    except ValueError:  # a line of something else, such as a sketch
        return []
    while parts and re.fullmatch(r"[A-Z_]+=.*", parts[0]):
        parts = parts[1:]
    return parts


def calls(name: str) -> list[tuple[list[str], bool]]:
    """Each call on a page, and whether it is whole: in a block, not in a sentence."""
    lines = [line for block in blocks(name, *SHELL) for line in block.splitlines()]
    found = [(words(part), True) for line in lines for part in re.split(r" && | ; ", line)]
    found += [(words(span), False) for span in code_spans(name)]
    return [(call, whole) for call, whole in found if len(call) > 1]


def faults_of_chartline(call: list[str], whole: bool) -> str:
    """What is wrong with `chartline …`; empty where nothing is."""
    command: Any = COMMANDS
    rest = call[1:]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return f"no command {rest[0]}"
        command, rest = command.commands[rest[0]], rest[1:]
    flags = {opt: param for param in command.params for opt in param.opts if opt.startswith("-")}
    places = [param for param in command.params if not param.opts[0].startswith("-")]
    given, plain = set[str](), 0
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            plain += 1
            continue
        if word not in flags:
            return f"no option {word}"
        given.add(flags[word].name)
        if not flags[word].is_flag and rest:
            rest.pop(0)
    if plain > len(places):
        return f"{plain} arguments, where {len(places)} are known"
    missing = [one.name for one in command.params if one.required and one.name not in given]
    missing = [one for one in missing if one not in {place.name for place in places[:plain]}]
    return f"without {missing[0]}" if whole and missing else ""


def faults_of_module(call: list[str]) -> str:
    """What is wrong with `python -m …`: an unknown module, or an option it does not name."""
    try:
        spec = importlib.util.find_spec(call[2])
        spec = importlib.util.find_spec(f"{call[2]}.__main__") if _is_package(spec) else spec
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        return f"no module {call[2]}"
    if ROOT not in Path(spec.origin).parents:
        return ""
    source = Path(spec.origin).read_text("utf-8")
    options = [word for word in call[3:] if word.startswith("--")]
    names = [option.lstrip("-").replace("-", "_") for option in options]
    unknown = [
        option
        for option, name in zip(options, names, strict=True)
        if f'"{option}"' not in source and not re.search(rf"\b{name}\b", source)
    ]
    return f"{call[2]} has no option {unknown[0]}" if unknown else ""


def _is_package(spec: Any) -> bool:
    return spec is not None and spec.submodule_search_locations is not None


@pytest.mark.parametrize("name", PAGES)
def test_every_command_exists_with_its_options(name: str) -> None:
    for call, whole in calls(name):
        fault = ""
        if call[0] == "chartline" and call[1] != "=":
            fault = faults_of_chartline(call, whole)
        elif call[0].endswith("python") and call[1] == "-m":
            fault = faults_of_module(call)
        elif call[0] == "python" and call[1].endswith(".py"):
            fault = "" if (ROOT / call[1]).is_file() else "no such file"
        elif call[0] == "make":
            known = (ROOT / "Makefile").read_text()
            targets = [word for word in call[1:] if "=" not in word]
            fault = "".join(f"no target {one}" for one in targets if f"\n{one}:" not in known)
        assert not fault, f"{name}: {' '.join(call)}: {fault}"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("chartline run DOCS --out OUT", ""),
        ("chartline run DOCS", "without out"),
        ("chartline run --out OUT", "without docs"),
        ("chartline run DOCS OTHER --out OUT", "2 arguments, where 1 are known"),
        ("chartline walk DOCS", "no command walk"),
        ("chartline train lions --from DOCS", "no command lions"),
        ("chartline onset OUT --scare", "no option --scare"),
        ("chartline --version", ""),
    ],
)
def test_a_wrong_command_would_be_noticed(line: str, fault: str) -> None:
    assert faults_of_chartline(line.split(), True) == fault


def test_a_wrong_module_would_be_noticed() -> None:
    assert (
        faults_of_module("python -m benchmarks.nothing".split()) == "no module benchmarks.nothing"
    )
    assert faults_of_module("python -m benchmarks.labels 250 --axles".split())
    assert not faults_of_module("python -m benchmarks.labels 250 --axes".split())


@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name, "toml")])
def test_settings_in_the_documentation_load(name: str, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(name, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(block)
        load(file)


def test_cohorts_phenotypes_and_deployments_in_the_documentation_are_read(tmp_path: Path) -> None:
    from chartline.mentions.phenotypes import declaring
    from chartline.risk import tasks

    for name in NAMES:
        for number, block in enumerate(blocks(name, "yaml")):
            declared = yaml.safe_load(block)
            file = tmp_path / f"{number}.yaml"
            file.write_text(block)
            if "any" in declared:
                declaring.load(file)
            elif "deployments" not in declared:
                tasks.load(str(file))


@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name, "python", "python run")])
def test_python_in_the_documentation_compiles(name: str) -> None:
    if name.startswith("docs/reference/"):
        return  # signatures
    for block in blocks(name, "python", "python run"):
        compile(block, name, "exec")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name, "python run")])
def test_python_that_is_marked_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of one page run one after the other, in a folder that holds letter.pdf."""
    reportlab_letter(tmp_path / "letter.pdf")
    monkeypatch.chdir(tmp_path)
    values: dict[str, Any] = {}
    for block in blocks(name, "python run"):
        exec(compile(block, name, "exec"), values)
