"""`chartline config`: every setting as a TOML file that can be read back; `chartline --version`."""

import textwrap
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chartline.core.errors import UsageError
from chartline.terminal.console import command

if TYPE_CHECKING:
    from chartline.core.settings import Settings
    from chartline.core.settings.listing import Setting

_WIDTH = 96  # columns of a comment, its "# " aside
_HEAD = """\
The settings of Chartline: `chartline run DOCS --out OUT --config FILE`.
A value here is overruled by the environment (CHARTLINE_READING__WORKERS=4), and that by a flag.
A setting that is commented out has no value, or one that depends on the machine."""


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"chartline {installed_version('chartline')}")
        raise typer.Exit


def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Options of `chartline` itself."""


@command
def config(
    file: Annotated[
        Path | None,
        typer.Option(
            "--config",
            help="Show the values that hold with this file and the environment.",
            readable=False,
            show_default=False,
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option("--write", help="Write to this new file instead.", show_default=False),
    ] = None,
) -> None:
    """Print every setting with its default and meaning, as a TOML file to start from."""
    from chartline.core.settings import Settings, load

    text = as_toml(Settings() if file is None else load(file))
    if write is None:
        typer.echo(text, nl=False)
        return
    try:
        with write.open("x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        raise UsageError(f"{write}: exists already, and is not overwritten") from None
    typer.echo(f"settings: {write}")


def as_toml(settings: "Settings") -> str:
    """Settings as a TOML file; a comment before each says what it means and what may stand there.

    Reading the text back gives the same settings.
    """
    from chartline.core.settings import Settings
    from chartline.core.settings.listing import groups, listed, value_of

    all_settings = list(listed(Settings))
    lines = [*_comment(_HEAD), ""]
    for setting in all_settings:
        if not setting.group:
            lines += [*_entry(setting, value_of(settings, setting.name)), ""]
    for group, meaning in groups(Settings):
        lines += [f"[{group}]  # {meaning}", ""]
        for setting in all_settings:
            if setting.group == group:
                lines += [*_entry(setting, value_of(settings, setting.name)), ""]
    return "\n".join(lines[:-1]) + "\n"


def _entry(setting: "Setting", value: Any) -> list[str]:
    """The lines of one setting: its comment, then `key = value`, commented out where not fixed."""
    from chartline.core.settings.listing import toml

    changed = value != setting.default
    default = setting.default_words or (
        "none" if setting.default is None else toml(setting.default)
    )
    fixed = changed or (setting.default is not None and setting.default_words is None)
    facts = f"{setting.values}; default: {default}"
    key = setting.name.rpartition(".")[2]
    line = f"{key} = {'' if value is None else toml(value)}".rstrip()
    return [*_comment(f"{setting.meaning}\n({facts})"), line if fixed else f"# {line}"]


def _comment(text: str) -> list[str]:
    return [
        f"# {part}"
        for line in text.splitlines()
        for part in textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
    ]
