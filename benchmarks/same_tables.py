"""Whether two runs gave the same tables: `python -m benchmarks.same_tables OUT_A OUT_B`.

For changes that should change no result: run the code before and after into two folders, then
compare. Rows are sorted by key. Left out are what differs from run to run (run identities, times,
versions) and columns that only one of the two has, which are named. Exits with 1 where a table
differs.
"""

import sys
from pathlib import Path

import polars as pl

from benchmarks import arguments
from chartline.core.tables import TABLES

LEFT_OUT = {"run_id", "version", "modified_at", "started_at", "seconds"}


def rows(folder: Path, table: str, columns: list[str]) -> pl.DataFrame:
    """A table's rows in a total order, of these columns."""
    frame = pl.read_delta(str(folder / table)).select(columns)
    return frame.sort([name for name, dtype in frame.schema.items() if not dtype.is_nested()])


def compared(first: Path, second: Path, table: str) -> tuple[str, bool]:
    """Compares a table of two runs: a description, and whether it is the same in both."""
    there = [(folder / table / "_delta_log").is_dir() for folder in (first, second)]
    if not all(there):
        return ("in neither", True) if not any(there) else ("in one only", False)
    names = [
        pl.scan_delta(str(folder / table)).collect_schema().names() for folder in (first, second)
    ]
    both = [name for name in names[0] if name in names[1] and name not in LEFT_OUT]
    a, b = rows(first, table, both), rows(second, table, both)
    odd = sorted(set(names[0]) ^ set(names[1]))
    more = f"; only one has {', '.join(odd)}" if odd else ""
    if a.equals(b):
        return f"{len(a)} rows, {len(both)} columns the same{more}", True
    if a.shape != b.shape:
        return f"{len(a)} rows, {len(b)} rows{more}", False
    differ = [name for name in both if not a[name].equals(b[name])]
    return f"{len(a)} rows, but {', '.join(differ)} differ{more}", False


def main(first: Path, second: Path) -> int:
    """Prints a line a table; returns the exit status."""
    same = True
    for table in TABLES:
        description, equal = compared(first, second, table)
        print(f"{'' if equal else 'DIFFERS  '}{table}: {description}")
        same &= equal
    return 0 if same else 1


if __name__ == "__main__":
    before, after = arguments(__doc__, 2)
    sys.exit(main(Path(before), Path(after)))
