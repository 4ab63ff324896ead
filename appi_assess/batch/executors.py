"""
Where the tasks of a batch run: threads of this process, or an existing Dask cluster.

Both are a ``concurrent.futures.Executor``; papermill only waits for kernels, which are processes of
their own, so threads are enough on one machine.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from appi_assess.problems import InputProblems, Problem

if TYPE_CHECKING:
    from concurrent.futures import Future

Engine = Literal["local", "dask"]
CONNECT_SECONDS = 10
RETRIES = 2
# A cluster that does not answer, or has had no worker, for so many seconds is given up.
SILENT_SECONDS, VACANT_SECONDS = 60.0, 300.0
_ASK_SECONDS = 5.0


@dataclass(frozen=True)
class Pool:
    """
    What runs the tasks.

    Attributes:
        executor: Takes them.
        limit: How many are handed over at a time; None for as many as there are.
        lost: Whether what was handed over will never come back.
        here: Whether tasks run in this process.
    """

    executor: Executor
    limit: int | None
    lost: Callable[[], bool]
    here: bool


@contextmanager
def pool(engine: Engine, jobs: int | None, scheduler: str, lang: str) -> Iterator[Pool]:
    """
    Open what runs the tasks; nothing is waited for when it is closed.

    Args:
        engine: ``local`` or ``dask``.
        jobs: How many tasks at a time; by default one per core, or as many as the cluster takes.
        scheduler: Address of the Dask scheduler.
        lang: Language of the problems.

    Raises:
        InputProblems: If the cluster cannot be used.
    """
    if engine == "local":
        count = jobs or cores()
        threads = ThreadPoolExecutor(count, thread_name_prefix="appi-assess")
        try:
            yield Pool(threads, count, lambda: False, here=True)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        return
    # Whatever goes wrong there is said by us, once and without tracebacks.
    for name in ("distributed", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = _client(scheduler, lang)
    pulse = _Pulse(client)
    try:
        yield Pool(client.get_executor(retries=RETRIES, pure=False), jobs, pulse.lost, here=False)
    finally:
        with suppress(Exception):  # it may be gone already
            client.close(timeout=CONNECT_SECONDS)


def cores() -> int:
    """
    How many cores this process may use.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def killed_workers(error: BaseException) -> bool:
    """
    Whether a task was given up because the workers it ran on died; others on them fail alike.
    """
    return type(error).__name__ == "KilledWorker"  # known only where Dask is installed


def _client(scheduler: str, lang: str) -> Any:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputProblems([Problem("cluster_missing")], lang) from None
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False, name="appi-assess")
    except (OSError, ValueError, TypeError) as error:  # time-outs, names and forms of address
        words = {"reason": str(error) or type(error).__name__, "seconds": CONNECT_SECONDS}
        raise InputProblems([Problem("cluster_unreachable", found=scheduler, words=words)], lang) from None


class _Pulse:
    """
    Asks the scheduler again and again how many workers there are, and never waits for its answer.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self.asked: Future[dict[str, Any]] | None = None
        self.answered = self.staffed = self.last = time.monotonic()

    def lost(self) -> bool:
        """
        Whether the cluster is gone: no connection, no answer, or no worker for a long time.
        """
        if self.client.status != "running":
            return True
        now = time.monotonic()
        if self.asked and self.asked.done():
            if not self.asked.cancelled() and self.asked.exception() is None:
                self.answered = now
                self.staffed = now if self.asked.result()["workers"] else self.staffed
            self.asked = None
        if self.asked is None and now - self.last >= _ASK_SECONDS:
            self.last = now
            self.asked = asyncio.run_coroutine_threadsafe(
                _identity(self.client), self.client.loop.asyncio_loop
            )
        return now - self.answered > SILENT_SECONDS or now - self.staffed > VACANT_SECONDS


async def _identity(client: Any) -> dict[str, Any]:
    return dict(await client.scheduler.identity())
