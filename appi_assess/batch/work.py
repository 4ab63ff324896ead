"""
Tasks on their way through the workers: handed over, awaited, told to stop, given up.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import TypeVar

from appi_assess.batch.executors import Pool, killed_workers
from appi_assess.batch.task import Outcome, Task, failed, run_task, stopped
from appi_assess.runs.kernels.provisioner import kill_all

_TICK = 0.5

T = TypeVar("T")
Tell = Callable[[Outcome], None]


@dataclass
class Work:
    """
    Tasks on their way through the workers.

    Attributes:
        suspects: Those on which workers died.
    """

    workers: Pool
    stop: threading.Event
    tick: Callable[[], None]
    take: Tell
    pending: dict[Future[Outcome], Task] = field(default_factory=dict)
    suspects: list[Task] = field(default_factory=list)

    def run(self, tasks: Sequence[Task]) -> None:
        """
        Run tasks until all are done, the batch is told to stop, or the workers are lost.

        Tasks on which workers died are tried again, each alone: then it is known which one kills them.
        """
        self.round(tasks, self.workers.limit)
        again, self.suspects = self.suspects, []
        for task in again:
            self.round([task], 1)
        for task in self.suspects:
            self.take(failed(task, "cluster", "killed"))

    def abandon(self) -> None:
        """
        End what runs in this process, as nobody takes its outcome; until then the results are in use.
        """
        self.stop.set()
        while self.workers.here and wait(self.pending, timeout=_TICK).not_done:
            kill_all()

    def round(self, tasks: Sequence[Task], limit: int | None) -> None:
        """
        Run tasks, so many at a time.
        """
        waiting = deque(tasks)
        while waiting or self.pending:
            if ending := self.ending():
                for task in (*self.pending.values(), *waiting):
                    self.take(ending(task))
                self.pending.clear()
                return
            while waiting and not self.stop.is_set() and (limit is None or len(self.pending) < limit):
                self.submit(waiting.popleft())
            self.collect()
            self.tick()

    def submit(self, task: Task) -> None:
        """
        Hand over a task; only in this process can it be told to stop.
        """
        stopping = (self.stop.is_set,) if self.workers.here else ()
        self.pending[self.workers.executor.submit(run_task, task, *stopping)] = task

    def collect(self) -> None:
        """
        Take what has come, waiting a moment for it.
        """
        for future in wait(self.pending, timeout=_TICK, return_when=FIRST_COMPLETED).done:
            task = self.pending.pop(future)
            outcome = _outcome(task, future)
            if outcome is None:
                self.suspects.append(task)
            else:
                self.take(outcome)

    def ending(self) -> Callable[[Task], Outcome] | None:
        """
        What becomes of all that is left, if nothing more is to come.
        """
        if self.stop.is_set() and self.workers.here:
            kill_all()
            return None if self.pending else stopped
        if self.stop.is_set():
            for future in self.pending:
                future.cancel()
            return stopped
        return _lost if self.workers.lost() else None


def _lost(task: Task) -> Outcome:
    return failed(task, "cluster", "lost")


def _outcome(task: Task, future: Future[Outcome]) -> Outcome | None:
    """
    What came of a task; None if the workers that ran it died.
    """
    try:
        return future.result()
    except CancelledError:
        return _lost(task)
    except Exception as error:  # noqa: BLE001 - a cluster passes on whatever went wrong on its way
        if killed_workers(error):
            return None
        return failed(task, "cluster", "worker", error=f"{type(error).__name__}: {error}")


def awaited(future: Future[T], stop: threading.Event, tick: Callable[[], None]) -> T:
    """
    What comes of a call in another thread; once told to stop, its kernels are ended.
    """
    while not wait([future], timeout=_TICK).done:
        tick()
        if stop.is_set():
            kill_all()
    return future.result()
