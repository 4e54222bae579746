"""Do the tests notice? `python -m benchmarks.mutants 200 [--seed N] [--only PART]`, or `--named`.

Draws mutants of the modules below (see `changes`), runs the tests that mirror each module against
it, and prints which were killed and which survived, with the share. `--named` runs those of
`named.NAMED` instead, all of which must die. Exits with 1 where a share is below 80 %, or where a
named one lives.
"""

import argparse
import csv
import hashlib
import sys
import tomllib
from collections import Counter
from pathlib import Path

from benchmarks.mutants.changes import Mutant, mutants, sites
from benchmarks.mutants.named import NAMED
from benchmarks.mutants.running import ROOT, Result, Runner, tests_of

TARGETS = (
    "text/*.py",
    "pdf/layout/**/*.py",
    *(f"risk/{name}.py" for name in ("features", "pooling", "leaks*")),
    *(f"risk/{name}.py" for name in ("cohort", "people", "prediction_times", "splits", "tasks")),
    "store/**/*.py",
    "core/lineage*.py",
    "views/**/*.py",
)
ENOUGH = 0.8
EQUIVALENT = Path(__file__).parent / "equivalent.toml"


def modules(only: str | None) -> list[str]:
    """The modules whose mutants are drawn, as paths from the root."""
    pipeline = ROOT / "pipeline"
    matched = [sorted(pipeline.glob(pattern)) for pattern in TARGETS]
    if not all(matched):
        raise SystemExit(f"no module matches {TARGETS[matched.index([])]}")
    found = {file for files in matched for file in files}
    names = sorted(str(file.relative_to(ROOT)) for file in found if file.name != "__init__.py")
    return [name for name in names if not only or only in name]


def known_equivalent() -> list[dict[str, str]]:
    """Changes that no test can notice, each with its reason; see equivalent.toml."""
    return tomllib.loads(EQUIVALENT.read_text("utf-8")).get("mutant", [])


def is_equivalent(one: Mutant, known: list[dict[str, str]]) -> bool:
    """Whether a mutant is among the `known`, by its module, its line, and the rest if given."""
    return any(
        Path(one.module).name == entry["module"]
        and entry["line"] in one.text
        and entry.get("kind", one.kind) == one.kind
        and entry.get("before", one.before) == " ".join(one.before.split())
        and entry.get("after", one.after) == one.after
        for entry in known
    )


def drawn(count: int, seed: int, only: str | None) -> list[Mutant]:
    """`count` mutants in random order, at most one of each kind at a place.

    The same code and seed give the same mutants.

    A mutant's place in the draw hangs on its own text alone, so that a change elsewhere in the code
    leaves most of a sample as it was.
    """

    def dice(one: Mutant) -> bytes:
        told = f"{seed} {Path(one.module).name} {one.text} {one.before} {one.kind} {one.after}"
        return hashlib.sha256(told.encode()).digest()

    known = known_equivalent()
    picked: list[Mutant] = []
    for module in modules(only):
        for site in sites(mutants(module, (ROOT / module).read_bytes())):
            left = [one for one in site if not is_equivalent(one, known)]
            picked += [min(left, key=dice)] if left else []
    return sorted(picked, key=dice)[:count]


def show(result: Result) -> None:
    """Prints one line."""
    how = f"killed    {result.by}" if result.killed else "SURVIVED "
    print(f"{result.seconds:5.1f} s  {result.mutant}\n         {how}", flush=True)


def shares(results: list[Result]) -> None:
    """Prints killed of all by module, and altogether."""
    of = Counter(result.mutant.module for result in results)
    killed = Counter(result.mutant.module for result in results if result.killed)
    print("\n| module | mutants | killed |\n|---|---|---|")
    for module, number in sorted(of.items()):
        print(f"| {module.removeprefix('pipeline/')} | {number} | {killed[module]} |")
    share = killed.total() / max(of.total(), 1)
    print(f"| all | {of.total()} | {killed.total()} ({100 * share:.1f} %) |")


COLUMNS = ("module", "line", "kind", "before", "after", "text", "killed", "by")


def row_of(result: Result) -> list[str]:
    """A result as a row of `COLUMNS`."""
    one = result.mutant
    told = (one.module, one.line, one.kind, one.before, one.after, one.text)
    return [*map(str, told), str(result.killed), result.by]


def run(todo: list[tuple[Mutant, list[str]]], asked: argparse.Namespace) -> list[Result]:
    """Runs them, prints each as it ends, survivors again at the end."""
    runner = Runner(asked.processes)
    file = asked.csv
    results: list[Result] = []
    try:
        for result in runner.run(todo, asked.trust):
            show(result)
            results.append(result)
            if file:
                with file.open("a", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerow(row_of(result))
    finally:
        runner.close()
    failing = sorted({name for names in runner.failing.values() for name in names})
    for name in failing:
        print(f"fails without any mutant, and counts for nothing: {name}")
    print("\nSurvivors")
    for result in results:
        if not result.killed:
            print(f"{result.mutant}\n    {result.mutant.text}")
    return results


def earlier(file: Path, chosen: list[Mutant]) -> tuple[list[Result], set[Mutant]]:
    """What an earlier run, whose results are in `file`, saw of `chosen`: those killed, those not.

    Tests that were added since cannot bring a mutant back to life; tests that were taken away can.
    """
    with file.open(encoding="utf-8", newline="") as rows:
        read = [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(rows)]
    names = ("module", "kind", "before", "after", "text")
    dead = {tuple(row[n] for n in names): row["by"] for row in read if row["killed"] == "True"}
    alive = {tuple(row[n] for n in names) for row in read if row["killed"] != "True"}
    found, survived = [], set()
    for one in chosen:
        key = (one.module, one.kind, one.before, one.after, one.text)
        if key in dead:
            found.append(Result(one, True, dead[key], 0.0))
        elif key in alive:
            survived.add(one)
    return found, survived


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=200, help="mutants to draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="PART", help="of a module's path, e.g. risk/features")
    parser.add_argument("--named", action="store_true", help="the named ones, which must die")
    parser.add_argument("--list", action="store_true", help="print the mutants; run nothing")
    parser.add_argument(
        "--trust", action="store_true", help="the tests pass without a mutant: do not try it first"
    )
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--csv", type=Path, help="add the results to this file, too")
    parser.add_argument("--again", type=Path, help="such a file: leave out what it says was killed")
    return parser.parse_args()


def main() -> int:
    """The command."""
    asked = arguments()
    if asked.named:
        chosen = [(one.found(ROOT), list(one.tests)) for one in NAMED]
        chosen = [pair for pair in chosen if not asked.only or asked.only in pair[0].module]
    else:
        chosen = [(one, []) for one in drawn(asked.count, asked.seed, asked.only)]
    every = [one for one, _ in chosen]
    dead, alive = earlier(asked.again, every) if asked.again else ([], set())
    killed_before = {past.mutant for past in dead}
    left = [(one, tests) for one, tests in chosen if one not in killed_before]
    left.sort(key=lambda pair: pair[0] in alive)  # those not tried yet come first
    todo = [(one, tests or tests_of(ROOT, one.module)) for one, tests in left]
    if asked.list:
        for one, tests in todo:
            print(f"{one}    [{' '.join(tests)}]")
        return 0
    results = dead + run(todo, asked)
    shares(results)
    killed = sum(result.killed for result in results)
    return 0 if killed >= (1.0 if asked.named else ENOUGH) * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
