"""One worker process: how it is started and addressed, and what runs inside it.

Messages are bytes. The parent sends tasks; the worker sends `_READY` once, then for each task any
number of `_STEP` messages and one result, or `_FAILED` with the reason.
"""

import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType

from chartline.core.reasons import Reason

ReportStep = Callable[[str, float], None]  # the name of a step, the seconds that it may take
Handler = Callable[[bytes, ReportStep], bytes]  # a task to its result
Start = Callable[[], Handler]  # called once in each worker: loads the models

START_SECONDS = 180.0  # a worker may take this long to load its models
LEAVE_SECONDS = 5.0  # an idle worker may take this long to end by itself

_READY, _FAILED, _STEP = b"ready", b"\x00failed:", b"\x00step:"
_THREADS = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_ENVIRONMENT = dict.fromkeys(_THREADS, "1") | {  # there is about one worker for each core
    "MALLOC_TRIM_THRESHOLD_": "4000000",  # bytes: glibc gives freed memory back to the system
    "MALLOC_MMAP_THRESHOLD_": "1000000",  # bytes: larger arrays are mapped, so freed at once
}
_starting = threading.Lock()


@contextmanager
def child_environment() -> Iterator[None]:
    """The environment variables that worker processes start with.

    Numeric libraries use one thread, and memory that is no longer used goes back to the system.
    """
    kept = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update(_ENVIRONMENT)
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
    """Lets a worker start without importing the program that this process runs.

    `multiprocessing` imports the parent's main program in each spawned process, so a script without
    `if __name__ == "__main__"` would run again in it, and end there. Workers need only modules of
    `chartline`.
    """
    with _starting:
        kept = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = kept


class WorkerProcess:
    """The parent's side of a worker process.

    Attributes:
        pipe: the connection to it.
        process: the process itself.
        task: what it works on; None while it is idle.
        step: the last step that it has reported for this task.
        deadline: when it is overdue, in seconds of the monotonic clock.
        ready: whether it has loaded its models.
    """

    def __init__(self, start: Start, memory_mb: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, workers_end = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_serve, args=(start, workers_end, memory_mb), daemon=True
        )
        with child_environment(), no_main_program():
            self.process.start()
        workers_end.close()
        self.task: bytes | None = None
        self.step = ""
        self.deadline = time.monotonic() + START_SECONDS
        self.ready = False

    def assign(self, task: bytes, seconds: float) -> None:
        """Sends a task, which may take `seconds` until it is done or reports a step."""
        self.task, self.step, self.deadline = task, "", time.monotonic() + seconds
        try:
            self.pipe.send_bytes(task)
        except OSError:
            self.process.kill()

    def receive(self) -> tuple[bytes | None, Reason | None]:
        """Reads one message: the result of the task, or the reason why it failed.

        Both are None where the message only says that the worker is ready, or at which step it is.

        Raises:
            EOFError, OSError: the worker has died.
        """
        message = self.pipe.recv_bytes()
        if not self.ready:
            if message != _READY:
                raise EOFError
            self.ready = True
        elif message.startswith(_STEP):
            seconds, self.step = message[len(_STEP) :].decode().split(" ", 1)
            self.deadline = time.monotonic() + float(seconds)
        elif message.startswith(_FAILED):
            return None, Reason(message[len(_FAILED) :].decode())
        else:
            return message, None
        return None, None

    def end(self) -> None:
        """Lets an idle worker end by itself, so that it tidies up; kills any other."""
        self.pipe.close()
        if self.ready and self.task is None:
            self.process.join(LEAVE_SECONDS)
        self.process.kill()
        self.process.join()


def _serve(start: Start, pipe: Connection, memory_mb: int) -> None:
    """What runs in the worker: tasks are handled until the parent closes the connection.

    Nothing that it or a library prints is shown: it could be a patient's text.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
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
            message = handler(task, report_step)
        except MemoryError:
            message = _FAILED + Reason.MEMORY.value.encode()
        except KeyboardInterrupt:
            return
        except Exception:
            message = _FAILED + Reason.INTERNAL.value.encode()
        pipe.send_bytes(message)


def _limit_memory(memory_mb: int) -> None:
    """Lets the address space grow by `memory_mb` beyond the loaded models (Linux only)."""
    try:
        with open("/proc/self/statm") as stream:
            held = int(stream.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (held + memory_mb * 2**20, resource.RLIM_INFINITY))
