"""How a stage reports its progress; the terminal draws bars from it, the flows nothing."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # (what, done, total)


def silent(what: str, done: int, total: int) -> None:
    """The progress of a stage that nobody watches."""
