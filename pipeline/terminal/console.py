"""What a person sees in the terminal: progress bars, tables, one clear line for what went wrong."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from chartline.core.errors import UsageError, described, is_panic
from chartline.core.progress import Progress

Command = TypeVar("Command", bound=Callable[..., Any])
_PIPE_COLUMNS = 160  # a pipe has no width
console = Console(
    highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_COLUMNS
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)
Out = Annotated[
    Path, typer.Argument(metavar="OUT", help="Folder of the tables.", show_default=False)
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", help="Worker processes; as many as cores when absent.", show_default=False
    ),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", help="Settings in TOML.", readable=False, show_default=False),
]


def fail(message: str, code: int) -> NoReturn:
    """One line on standard error, then the exit."""
    errors.print(f"chartline: {message}", markup=False)
    raise typer.Exit(code)


def command(function: Command) -> Command:
    """Turns what a command raises into one line and its exit code.

    1: the run failed; 2: the call was wrong. What libraries in C or Rust print themselves is not
    shown: a panic quotes data.
    """

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        # in the place of polars' own handlers: for one Ctrl-C both would raise
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        with libraries_silenced():
            try:
                return function(*args, **kwargs)
            except (typer.Exit, typer.Abort):
                raise
            except KeyboardInterrupt:
                fail("stopped; what was finished is kept, run again to go on", 1)
            except BaseException as error:
                if not isinstance(error, Exception) and not is_panic(error):
                    raise
                fail(described(error), 2 if isinstance(error, UsageError) else 1)

    return guarded  # type: ignore[return-value]


@contextmanager
def libraries_silenced() -> Iterator[None]:
    """Standard error for Python alone: what is written to file descriptor 2 itself is dropped."""
    python, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    before = sys.stderr
    os.dup2(silence, 2)
    sys.stderr = os.fdopen(os.dup(python), "w", buffering=1)
    try:
        yield
    finally:
        sys.stderr.close()
        sys.stderr = before
        os.dup2(python, 2)
        os.close(python)
        os.close(silence)


@contextmanager
def progress() -> Iterator[Progress]:
    """A callback that draws one bar a stage, or prints plain lines where there is no terminal."""
    if not console.is_terminal:
        yield _plain()
        return
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            name = what.split(",")[0]
            if name not in tasks:
                tasks[name] = bars.add_task(what, total=total)
            bars.update(tasks[name], completed=done, total=total, description=what)

        yield report


def _plain() -> Progress:
    shown: dict[str, int] = {}

    def report(what: str, done: int, total: int) -> None:
        name, tenth = what.split(",")[0], 10 * done // max(total, 1)
        if shown.get(name, 0) < tenth:
            shown[name] = tenth
            console.print(f"{what}: {done} of {total}")
            sys.stdout.flush()

    return report


def show(title: str, frame: pl.DataFrame) -> None:
    """A frame as a table."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, dtype in frame.schema.items():
        table.add_column(
            name.replace("_", " "), justify="right" if dtype.is_numeric() else "left", no_wrap=True
        )
    for row in frame.iter_rows():
        table.add_row(*map(_shown, row))
    console.print(table)
    console.print()


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def existing(out: Path) -> Any:
    """The store in a folder.

    Raises:
        UsageError: there is no such folder.
    """
    from chartline.store import Store

    if not out.is_dir():
        raise UsageError(f"{out}: no such folder")
    return Store(out)
