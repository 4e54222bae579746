"""How a stage reports its progress: the terminal draws bars from it, the flows show none."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # what is being done, how much is done, how much in all


def silent(what: str, done: int, total: int) -> None:
    """A `Progress` that does nothing, for a stage that nobody watches."""
