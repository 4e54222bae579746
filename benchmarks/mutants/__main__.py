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
    "text/**/*.py",
    "pdf/layout/**/*.py",
    "risk/features*.py",
    "risk/cohort*.py",
    "risk/leaks.py",
    "store/**/*.py",
    "core/lineage*.py",
    "core/lineage/**/*.py",
    "views/**/*.py",
)
ENOUGH = 0.8
EQUIVALENT = Path(__file__).parent / "equivalent.toml"


def modules(only: str | None) -> list[str]:
    """The modules whose mutants are drawn, as paths from the root."""
    pipeline = ROOT / "pipeline"
    found = {file for pattern in TARGETS for file in pipeline.glob(pattern)}
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
    """`count` mutants, at most one of each kind at a place; the same for the same code and seed.

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
    return sorted(sorted(picked, key=dice)[:count], key=lambda one: (one.module, one.begin))


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


def run(todo: list[tuple[Mutant, list[str]]], processes: int) -> list[Result]:
    """Runs them, prints each as it ends, survivors again at the end."""
    runner = Runner(processes)
    results: list[Result] = []
    try:
        for result in runner.run(todo):
            show(result)
            results.append(result)
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


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=200, help="mutants to draw")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="PART", help="of a module's path, e.g. risk/features")
    parser.add_argument("--named", action="store_true", help="the named ones, which must die")
    parser.add_argument("--list", action="store_true", help="print the mutants; run nothing")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--csv", type=Path, help="write the results there, too")
    return parser.parse_args()


def main() -> int:
    """The command."""
    asked = arguments()
    if asked.named:
        chosen = [(one.found(ROOT), list(one.tests)) for one in NAMED]
        chosen = [pair for pair in chosen if not asked.only or asked.only in pair[0].module]
    else:
        chosen = [(one, []) for one in drawn(asked.count, asked.seed, asked.only)]
    todo = [(one, tests or tests_of(ROOT, one.module)) for one, tests in chosen]
    if asked.list:
        for one, tests in todo:
            print(f"{one}    [{' '.join(tests)}]")
        return 0
    results = run(todo, asked.processes)
    if asked.csv:
        with asked.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["module", "line", "kind", "before", "after", "killed", "by"])
            for result in results:
                one = result.mutant
                told = [one.module, one.line, one.kind, one.before, one.after]
                writer.writerow([*told, result.killed, result.by])
    shares(results)
    killed = sum(result.killed for result in results)
    return 0 if killed >= (1.0 if asked.named else ENOUGH) * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
