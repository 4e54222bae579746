"""Worker processes with limits of time and memory: a bad document costs no other its result.

pdfium aborts its process on some files and pdfplumber never returns on others, so documents are
read in worker processes that are killed at their limit and replaced. A worker answers in bytes,
which its parent decodes; nothing is unpickled.
"""

import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from chartline.core.errors import ChartlineError
from chartline.core.reasons import Reason
from chartline.core.worker_process import (
    LEAVE_SECONDS,
    Handler,
    ReportStep,
    Start,
    WorkerProcess,
    child_environment,
)

__all__ = ["Handler", "Pool", "ReportStep", "Start", "TaskResult", "child_environment", "run"]

_FAILED_STARTS = 2  # more workers that die before they are ready are a fault of the installation


@dataclass(frozen=True)
class TaskResult:
    """How a task ended.

    Attributes:
        task: the task.
        result: what the handler returned; None where it failed.
        reason: why it failed; None where it did not.
        step: the last step that the handler reported before it failed.
        killed: whether SIGKILL from outside ended the worker: by an operator or for want of
            memory, hardly because of what the worker read.
    """

    task: bytes
    result: bytes | None
    reason: Reason | None
    step: str = ""
    killed: bool = False


class Pool:
    """Up to `workers` processes, started when there is work and kept until `close`.

    Args:
        start: called once in each process; it loads the models and returns the handler.
        workers: how many processes there are at most.
        memory_mb: how much memory each may take beyond its models.
    """

    def __init__(self, start: Start, workers: int, memory_mb: int) -> None:
        self.start, self.workers, self.memory_mb = start, workers, memory_mb
        self.processes: list[WorkerProcess] = []
        self._failed_starts = 0

    def run(self, tasks: Iterable[bytes], seconds: float) -> Iterator[TaskResult]:
        """The results of tasks, in the order in which they end.

        Args:
            tasks: the tasks. Where this is a deque, the caller may add to it while taking results
                (a task to be tried in another way).
            seconds: how long a task may take. When its handler reports a step, the time that is
                given with the step counts from then on.

        Raises:
            ChartlineError: workers die before they are ready, so that no task could ever be done.
        """
        waiting = tasks if isinstance(tasks, deque) else deque(tasks)
        self._failed_starts = 0
        for worker in list(self.processes):
            if not worker.process.is_alive():  # died while idle
                self._remove(worker)
        try:
            while waiting or any(worker.task is not None for worker in self.processes):
                self._start_workers(len(waiting))
                self._wait(bool(waiting))
                yield from self._step(waiting, seconds)
        except BaseException:
            self.close()  # nobody waits for the tasks that are half done
            raise

    def _start_workers(self, waiting: int) -> None:
        """Starts workers until there is one for each of the waiting tasks, or as many as may be."""
        idle = sum(worker.task is None for worker in self.processes)
        while len(self.processes) < self.workers and idle < waiting:
            self.processes.append(WorkerProcess(self.start, self.memory_mb))
            idle += 1

    def _step(self, waiting: deque[bytes], seconds: float) -> Iterator[TaskResult]:
        """Looks at each worker once: yields its result, replaces it if lost, gives it a task."""
        for worker in list(self.processes):
            result, alive = _check(worker)
            if result is not None:
                yield result
            if not alive:
                self._failed_starts += not worker.ready
                self._remove(worker)
                if self._failed_starts > _FAILED_STARTS:
                    raise ChartlineError("worker processes do not start")
            elif worker.ready and worker.task is None and waiting:
                worker.assign(waiting.popleft(), seconds)

    def _remove(self, worker: WorkerProcess) -> None:
        worker.end()
        self.processes.remove(worker)

    def _wait(self, more: bool) -> None:
        """Waits until a worker has a message, ends, or is overdue.

        It does not wait at all where an idle worker can take one of the waiting tasks (`more`).
        """
        busy = [w for w in self.processes if w.task is not None or not w.ready]
        if busy and not (more and len(busy) < len(self.processes)):
            events: list[Connection | int] = [
                event for worker in busy for event in (worker.pipe, worker.process.sentinel)
            ]
            first_deadline = min(worker.deadline for worker in busy)
            wait(events, timeout=max(0.0, first_deadline - time.monotonic()))

    def close(self) -> None:
        """Ends every worker."""
        for _ in range(3):  # a second Ctrl-C leaves no process behind
            try:
                while self.processes:
                    self.processes[-1].end()
                    self.processes.pop()
                break
            except KeyboardInterrupt:
                continue


def run(
    tasks: Iterable[bytes], start: Start, workers: int, seconds: float, memory_mb: int
) -> Iterator[TaskResult]:
    """`Pool.run` with a pool that is closed afterwards."""
    pool = Pool(start, workers, memory_mb)
    try:
        yield from pool.run(tasks, seconds)
    finally:
        pool.close()


def _check(worker: WorkerProcess) -> tuple[TaskResult | None, bool]:
    """A worker's result, if there is one, and whether the worker can go on."""
    if worker.pipe.poll():
        try:
            result, reason = worker.receive()
        except (EOFError, OSError):
            return _lost(worker, Reason.CRASH), False
        if result is None and reason is None:
            return None, True
        task, worker.task, worker.deadline = worker.task or b"", None, float("inf")
        return TaskResult(task, result, reason, worker.step if reason else ""), True
    if not worker.process.is_alive():
        return _lost(worker, Reason.CRASH), False
    if time.monotonic() > worker.deadline:
        return _lost(worker, Reason.TIMEOUT), False
    return None, True


def _lost(worker: WorkerProcess, reason: Reason) -> TaskResult | None:
    """The result of the task of a worker that has died or is overdue; None where it had none."""
    if worker.task is None:
        return None
    if reason is Reason.CRASH:
        worker.process.join(LEAVE_SECONDS)
    killed = reason is Reason.CRASH and worker.process.exitcode == -signal.SIGKILL
    return TaskResult(worker.task, None, reason, worker.step, killed)
