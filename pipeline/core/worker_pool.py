"""Worker processes with limits of time and memory: one bad document never costs another its result.

pdfium aborts its process on some files and pdfplumber never returns on others, so parsing happens in children that
are killed past their limit and replaced. A child answers in bytes that its parent decodes; nothing is unpickled from it.
"""

import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import ModuleType

from chartline.core.reasons import Reason

ReportStep = Callable[[str, float], None]
Handler = Callable[[bytes, ReportStep], bytes]
Start = Callable[[], Handler]

_READY, _FAILED, _STEP = b"ready", b"\x00failed:", b"\x00step:"
_FRUGAL = dict.fromkeys(
    ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
) | {
    "MALLOC_TRIM_THRESHOLD_": "4000000",
    "MALLOC_MMAP_THRESHOLD_": "1000000",  # glibc: arrays go back to the system
}
START_SECONDS = 180.0
_LEAVE_SECONDS = 5.0
_starting = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """What became of a task: its result, or the reason why there is none and the last step that the handler told of.

    `killed`: the child was ended by SIGKILL, not by us: by an operator or for want of memory, hardly by what it read.
    """

    task: bytes
    result: bytes | None
    reason: Reason | None
    step: str = ""
    killed: bool = False


@contextmanager
def child_environment() -> Iterator[None]:
    """A child uses one thread, since there are as many children as cores, and gives memory back when it is done with it."""
    kept = {name: os.environ.get(name) for name in _FRUGAL}
    os.environ.update(_FRUGAL)
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def no_main_program() -> Iterator[None]:
    """Lets a child start without importing the program that this process runs.

    `multiprocessing` imports the parent's main program in each spawned child, so a script without
    `if __name__ == "__main__"` would run again in it, and end there. Our children need only modules
    of `chartline`.
    """
    with _starting:
        kept = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = kept


class _Child:
    def __init__(self, start: Start, memory_mb: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_serve, args=(start, theirs, memory_mb), daemon=True
        )
        with child_environment(), no_main_program():
            self.process.start()
        theirs.close()
        self.task: bytes | None = None
        self.step = ""
        self.deadline = time.monotonic() + START_SECONDS
        self.ready = False

    def give(self, task: bytes, seconds: float) -> None:
        self.task, self.step, self.deadline = task, "", time.monotonic() + seconds
        try:
            self.pipe.send_bytes(task)
        except OSError:
            self.process.kill()

    def end(self) -> None:
        """Lets an idle child leave by itself, so that it tidies up; kills any other."""
        self.pipe.close()
        if self.ready and self.task is None:
            self.process.join(_LEAVE_SECONDS)
        self.process.kill()
        self.process.join()


class Pool:
    """Up to `workers` children, started when there is work and kept until `close`: they load their models once.

    `start` is called once in each child and returns the handler.
    """

    def __init__(self, start: Start, workers: int, memory_mb: int) -> None:
        self.start, self.workers, self.memory_mb = start, workers, memory_mb
        self.children: list[_Child] = []

    def run(self, tasks: Iterable[bytes], seconds: float) -> Iterator[Answer]:
        """Answers as they come. A child may take `seconds`, counted anew from each step that its handler tells of, with that
        step's own seconds. Where `tasks` is a deque, whoever takes the answers may add to it: a task that is to be tried in
        another way.

        Raises:
            RuntimeError: children die before they are ready, so that no task could ever be done.
        """
        waiting = tasks if isinstance(tasks, deque) else deque(tasks)
        stillborn = 0
        for child in [
            child for child in self.children if not child.process.is_alive()
        ]:  # died while idle
            child.end()
            self.children.remove(child)
        try:
            while waiting or any(child.task is not None for child in self.children):
                idle = sum(child.task is None for child in self.children)
                while len(self.children) < self.workers and idle < len(waiting):
                    self.children.append(_Child(self.start, self.memory_mb))
                    idle += 1
                self._wait(bool(waiting))
                for child in list(self.children):
                    answer, alive = _look_at(child)
                    if answer is not None:
                        yield answer
                    if not alive:
                        stillborn += not child.ready
                        child.end()
                        self.children.remove(child)
                        if stillborn > 2:
                            raise RuntimeError("worker processes do not start")
                    elif child.ready and child.task is None and waiting:
                        child.give(waiting.popleft(), seconds)
        except BaseException:
            self.close()  # half-done tasks are nobody's any more
            raise

    def _wait(self, more: bool) -> None:
        """Until a child has something to say, or has been silent too long; not at all where an idle one can take `more` work."""
        busy = [child for child in self.children if child.task is not None or not child.ready]
        if busy and not (more and len(busy) < len(self.children)):
            signals: list[Connection | int] = [
                x for child in busy for x in (child.pipe, child.process.sentinel)
            ]
            wait(
                signals, timeout=max(0.0, min(child.deadline for child in busy) - time.monotonic())
            )

    def close(self) -> None:
        """Lets every child go."""
        for _ in range(3):  # a second Ctrl-C leaves no child behind
            try:
                while self.children:
                    self.children[-1].end()
                    self.children.pop()
                break
            except KeyboardInterrupt:
                continue


def run(
    tasks: Iterable[bytes], start: Start, workers: int, seconds: float, memory_mb: int
) -> Iterator[Answer]:
    """`Pool.run` by a pool of its own."""
    pool = Pool(start, workers, memory_mb)
    try:
        yield from pool.run(tasks, seconds)
    finally:
        pool.close()


def _look_at(child: _Child) -> tuple[Answer | None, bool]:
    """What a child has to say, and whether it can go on."""
    task = child.task
    if child.pipe.poll():
        try:
            message = child.pipe.recv_bytes()
        except (EOFError, OSError):
            return _lost(child, Reason.CRASH), False
        if not child.ready:
            child.ready = message == _READY
            return None, child.ready
        if message.startswith(_STEP):
            allowed, child.step = message[len(_STEP) :].decode().split(" ", 1)
            child.deadline = time.monotonic() + float(allowed)
            return None, True
        child.task = None
        child.deadline = float("inf")
        if message.startswith(_FAILED):
            return Answer(
                task or b"", None, Reason(message[len(_FAILED) :].decode()), child.step
            ), True
        return Answer(task or b"", message, None), True
    if not child.process.is_alive():
        return _lost(child, Reason.CRASH), False
    if time.monotonic() > child.deadline:
        return _lost(child, Reason.TIMEOUT), False
    return None, True


def _lost(child: _Child, reason: Reason) -> Answer | None:
    if child.task is None:
        return None
    if reason is Reason.CRASH:
        child.process.join(_LEAVE_SECONDS)
    killed = reason is Reason.CRASH and child.process.exitcode == -signal.SIGKILL
    return Answer(child.task, None, reason, child.step, killed)


def _serve(start: Start, pipe: Connection, memory_mb: int) -> None:
    """The child's life. Nothing it or a library prints is shown: it could be a patient's text."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    handler = start()
    _limit_memory(memory_mb)
    pipe.send_bytes(_READY)

    def report_step(step: str, seconds: float) -> None:
        pipe.send_bytes(_STEP + f"{seconds} {step}".encode())

    while True:
        try:
            task = pipe.recv_bytes()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            answer = handler(task, report_step)
        except MemoryError:
            answer = _FAILED + Reason.MEMORY.value.encode()
        except KeyboardInterrupt:
            return
        except Exception:
            answer = _FAILED + Reason.INTERNAL.value.encode()
        pipe.send_bytes(answer)


def _limit_memory(memory_mb: int) -> None:
    """Lets the address space grow by `memory_mb` over what the loaded models take (Linux only)."""
    try:
        with open("/proc/self/statm") as stream:
            held = int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (held + memory_mb * 2**20, resource.RLIM_INFINITY))
