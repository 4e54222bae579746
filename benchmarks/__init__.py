"""The measurements behind the figures in the documentation.

Each is a module that prints its results: `python -m benchmarks.NAME` from the repository's top,
with `--help` for its usage. They are not installed; many need the extra `synthesis`.
`edspdf_speed.py` and `edspdf_training.py` are scripts, since the Python of another environment,
which does not know Chartline, runs them.
"""

import sys


def arguments(usage: str | None, least: int = 0) -> list[str]:
    """The arguments of the command line.

    Args:
        usage: The module's docstring. It is printed, and the program ends, where `--help` is among
            the arguments (exit status 0) or there are fewer than `least` (exit status 2).
        least: How many arguments are needed.
    """
    given = sys.argv[1:]
    if "--help" in given or len(given) < least:
        sys.stdout.write((usage or "").strip() + "\n")
        sys.exit(0 if "--help" in given else 2)
    return given
