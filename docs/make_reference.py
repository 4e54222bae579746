"""Writes docs/reference from the code: `python docs/make_reference.py`.

Settings come from the fields of `chartline.core.settings`, commands from the typer app, tables
from their dataframely schemas, the API from the public names of `chartline`, modules from their
docstrings. A test fails where the files that are kept differ from what this writes.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl
import typer

import chartline
from chartline.core.settings import VARIABLES, Settings
from chartline.core.settings.listing import Setting, groups, listed, toml
from chartline.core.settings.loading import variable
from chartline.core.tables import OPEN, TABLES
from chartline.core.tables.columns import OneOf
from chartline.risk.tasks import Matching
from chartline.terminal.commands import app

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "reference"
_MADE = "<!-- Made by docs/make_reference.py from the code: change the code, not this file. -->"


def pages() -> dict[str, str]:
    """The text of each page by the name of its file."""
    made = {
        "settings.md": settings_page(),
        "commands.md": commands_page(),
        "tables.md": tables_page(),
        "api.md": api_page(),
        "modules.md": modules_page(),
    }
    return {name: f"{_MADE}\n{text.strip()}\n" for name, text in made.items()}


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# Settings


def settings_page() -> str:
    """Every setting by group, and the environment variables that are none."""
    everything = list(listed(Settings))
    parts = [
        "# Settings\n\nA TOML file (`--config FILE`) is overruled by the environment "
        f"(`{variable('reading.workers')}=4`), the environment by a flag. "
        "`chartline config` prints this list as a file to start from."
    ]
    for group, meaning in [("", "Settings that stand in no group."), *groups(Settings)]:
        mine = [setting for setting in everything if setting.group == group]
        title = f"`[{group}]`" if group else "At the top of the file"
        parts.append(f"## {title}\n\n{meaning}\n\n{_settings(mine)}")
    parts.append(
        "## `metadata` of a cohort file\n\nThe rest of such a file is in the syntax of ACES: see "
        "[cohorts](../howto.md).\n\n" + _settings(list(listed(Matching)))
    )
    others = _rows(
        ("variable", "meaning"), ((f"`{name}`", text) for name, text in VARIABLES.items())
    )
    parts.append(f"## Environment variables that are no settings\n\n{others}")
    return "\n\n".join(parts)


def _settings(settings: list[Setting]) -> str:
    rows = ((f"`{one.name}`", one.values, _default(one), one.meaning) for one in settings)
    return _rows(("setting", "values", "default", "meaning"), rows)


def _default(setting: Setting) -> str:
    if setting.default_words is not None:
        return setting.default_words
    return "" if setting.default is None else f"`{toml(setting.default)}`"


# Commands


def commands_page() -> str:
    """Every command with its arguments and options."""
    root = typer.main.get_command(app)
    parts = [
        "# Commands\n\nExit code 0: finished; 1: the run failed; 2: the call or its configuration "
        "is wrong. What is wrong is said in one line on standard error.",
        _command("chartline", root),
        *(_command(name, found) for name, found in leaves("chartline", root)),
    ]
    return "\n\n".join(parts)


def leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Each command below a group, by its whole name."""
    for part, inner in command.commands.items():
        if hasattr(inner, "commands"):
            yield from leaves(f"{name} {part}", inner)
        else:
            yield f"{name} {part}", inner


def _command(name: str, command: Any) -> str:
    given = [param for param in command.params if param.name != "help"]
    usage = " ".join([name, *map(_usage, given)])
    rows = ((f"`{_placeholder(param)}`", _help(param)) for param in given)
    text = inspect.cleandoc(command.help or "")
    table = "\n\n" + _rows(("argument", "meaning"), rows) if given else ""
    return f"## {name}\n\n```\n{usage}\n```\n\n{text}{table}"


def _usage(param: Any) -> str:
    return _placeholder(param) if param.required else f"[{_placeholder(param)}]"


def _placeholder(param: Any) -> str:
    first = str(param.opts[0])
    if not first.startswith("-"):
        return str(param.metavar or param.name.upper())
    return first if getattr(param, "is_flag", False) else f"{first} {first.strip('-').upper()}"


def _help(param: Any) -> str:
    plain = param.default is None or param.default is False or callable(param.default)
    return (param.help or "") + ("" if plain else f" Default: {param.default}.")


# Tables


def tables_page() -> str:
    """Every table with its columns."""
    parts = [
        "# Tables\n\nOne Delta table a folder below `OUT`. [How to read them](../tables.md). Times "
        "are UTC in microseconds; coordinates are PDF points from the top left of the page as a "
        "person sees it; text is NFC without control characters. Columns in bold are the key.",
        _rows(
            ("table", "one row is", "key"),
            (
                (f"[{name}](#{name})", _first(schema), ", ".join(schema.primary_key()) or "none")
                for name, schema in TABLES.items()
            ),
        ),
        *(_table(name, schema) for name, schema in TABLES.items()),
    ]
    return "\n\n".join(parts)


def _first(schema: type[dy.Schema]) -> str:
    sentence = inspect.cleandoc(schema.__doc__ or "").split("\n\n")[0]
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _table(name: str, schema: type[dy.Schema]) -> str:
    rows = (_column(title, column) for title, column in schema.columns().items())
    more = "\n\nFurther columns: see above." if name in OPEN else ""
    about = " ".join(inspect.cleandoc(schema.__doc__ or "").split())
    head = ("column", "type", "null", "meaning")
    return f"## {name}\n\n{about}\n\n{_rows(head, rows)}{more}"


def _column(name: str, column: dy.Column) -> tuple[str, ...]:
    meaning = column.description or ""
    if isinstance(column.check, OneOf):
        meaning += f" (one of {', '.join(column.check.values)})"
    shown = f"**`{name}`**" if column.primary_key else f"`{name}`"
    return shown, f"`{dtype(column.dtype)}`", "yes" if column.nullable else "", meaning


def dtype(kind: Any) -> str:
    """A polars type in short, the same for every version of polars."""
    if isinstance(kind, pl.List):
        return f"List({dtype(kind.inner)})"
    if isinstance(kind, pl.Struct):
        return "Struct(" + ", ".join(f"{f.name}: {dtype(f.dtype)}" for f in kind.fields) + ")"
    if isinstance(kind, pl.Datetime):
        return f"Datetime({kind.time_unit}, {kind.time_zone})"
    return str(kind)


# API


def api_page() -> str:
    """The public names of `chartline` with their signatures and docstrings."""
    names = sorted(getattr(chartline, "__all__", []), key=str.casefold)
    parts = [f"# `import chartline`\n\n{_doc(chartline)}"]
    parts += [_name(name, getattr(chartline, name)) for name in names if not name.startswith("_")]
    return "\n\n".join(parts)


def _name(name: str, thing: Any) -> str:
    if inspect.isclass(thing):
        shown = "" if issubclass(thing, Exception) else _members(thing)
        return f"## chartline.{name}\n\n{_doc(thing)}{shown}"
    return f"## chartline.{name}\n\n```python\n{name}{signature(thing)}\n```\n\n{_doc(thing)}"


def _members(kind: type) -> str:
    text = ""
    for name, member in vars(kind).items():
        if name.startswith("_") or not _doc(member):
            continue
        call = signature(member) if inspect.isfunction(member) else ""
        text += f"\n\n### {kind.__name__}.{name}\n\n"
        text += f"```python\n{name}{call}\n```\n\n" if call else ""
        text += _doc(member)
    return text


def _doc(thing: Any) -> str:
    """A docstring as Markdown: indented blocks after a heading such as `Args:` become lists."""
    own = thing.__doc__ if not isinstance(thing, str) else None
    lines, inside = [], False
    for line in inspect.cleandoc(own or "").splitlines():
        if re.fullmatch(r"(Args|Raises|Returns|Yields|Attributes):", line):
            lines += [f"**{line[:-1]}**", ""]
            inside = True
        elif inside and re.match(r"    \S", line):
            lines.append(f"- {line.strip()}")
        elif inside and line.startswith("     "):
            lines.append(f"  {line.strip()}")
        else:
            inside = inside and not line.strip()
            lines.append(line)
    return "\n".join(lines).strip()


def signature(function: Any) -> str:
    """The signature with types by their last names, a parameter a line where it is long."""
    try:
        found = inspect.signature(function, eval_str=True)
    except NameError:  # a type that is imported for the type checker alone
        found = inspect.signature(function)
    text = re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z])", "", str(found))
    if len(text) <= 80:
        return text
    inner, _, result = text[1:].rpartition(")")
    return "(\n" + "".join(f"    {part},\n" for part in _parts(inner)) + ")" + result


def _parts(text: str) -> list[str]:
    """The parameters of a signature, cut at commas outside brackets."""
    parts, depth, begin = [], 0, 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            parts.append(text[begin:place].strip())
            begin = place + 1
    return [*parts, text[begin:].strip()]


# Modules


def modules_page() -> str:
    """Every module with the first sentence of its docstring, by folder."""
    parts = [
        "# Modules\n\nEvery file of code and what it is for, by folder. How the data goes through "
        "them: [architecture](../architecture.md)."
    ]
    for folder in ("pipeline", "flows", "models", "synthesis"):
        parts += [_folder(inner) for inner in sorted([ROOT / folder, *(ROOT / folder).rglob("*/")])]
    return "\n\n".join(part for part in parts if part)


def _folder(folder: Path) -> str:
    files = [file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]
    if not files or folder.is_symlink():
        return ""
    begin = folder / "__init__.py"
    about = f"\n\n{first_sentence(begin)}" if begin.is_file() else ""
    rows = ((f"`{file.relative_to(ROOT).as_posix()}`", first_sentence(file)) for file in files)
    table = _rows(("file", "what it is for"), rows)
    return f"## {folder.relative_to(ROOT).as_posix()}/{about}\n\n{table}"


def first_sentence(file: Path) -> str:
    """The first paragraph of a module's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def main() -> None:
    """Writes every page whose text changed, and names it."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        file = FOLDER / name
        if not file.is_file() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
