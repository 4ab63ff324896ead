"""
A batch: the reports of many engagements, then the portfolio over them; interrupted, it can be resumed.
"""

from __future__ import annotations

import re
import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from appi_assess.batch import storage
from appi_assess.batch.executors import Engine, pool
from appi_assess.batch.portfolio import Entry
from appi_assess.batch.portfolio_report import outputs_listed
from appi_assess.batch.record import BATCH, Record, held
from appi_assess.batch.task import Failure, Outcome, Task
from appi_assess.batch.together import Period, earlier_periods, over_all
from appi_assess.batch.work import Tell, Work, awaited
from appi_assess.engagement import ENGAGEMENT
from appi_assess.portfolio.results import PORTFOLIO, REPORTS
from appi_assess.problems import InputProblems, Problem
from appi_assess.runs import manifest
from appi_assess.runs.manifest import MANIFEST
from appi_assess.runs.report import INPUTS

# Folders in which a report, or the portfolio, was being made when a batch was killed.
_STAGING = re.compile(r"\.[a-z0-9][a-z0-9_-]{0,63}\.[0-9a-f]{8}(\.old)?")
_UNWRITTEN = re.compile(r"\.(batch|portfolio|manifest)\.json\.[0-9a-f]{12}\.tmp")


@dataclass(frozen=True)
class Options:
    """
    How a batch is run; the arguments of ``appi-assess batch``.
    """

    engine: Engine = "local"
    jobs: int | None = None
    scheduler: str = ""
    force: bool = False
    previous: tuple[str, ...] = ()
    lang: str = "en"
    report_lang: str = ""


@dataclass(frozen=True)
class Result:
    """
    How a batch went.

    Attributes:
        state: ``finished``, ``failed`` (of the portfolio report) or ``interrupted``.
        outcomes: In the order of the portfolio.
        portfolio: Why there is no portfolio report, if there is none.
        others: Reports that stand among the results and are of no entry.
    """

    state: Literal["finished", "failed", "interrupted"]
    outcomes: tuple[Outcome, ...]
    portfolio: Failure | None = None
    others: tuple[str, ...] = ()


def run_batch(entries: Sequence[Entry], out: str, options: Options, tell: Tell = lambda _: None) -> Result:
    """
    Make the report of every entry, and the portfolio report over them.

    Reports that are there and still right are kept. One that fails does not disturb the others.

    Args:
        entries: Of the portfolio.
        out: The folder of results, a path or a URL.
        options: How it is run.
        tell: Called with each outcome as it comes.

    Raises:
        InputProblems: If the batch cannot be started; nothing was run.
    """
    out = storage.plain(out)
    out = out if storage.is_url(out) else str(Path(out).resolve())
    earlier = earlier_periods(options.previous, out, options.lang)
    _check_results(out, options.lang)
    _check_inputs(out, entries, options.lang)
    stop = threading.Event()
    with (
        held(out, options.lang),
        pool(options.engine, options.jobs, options.scheduler, options.lang) as workers,
        Record.opened(out, entries, options.engine, workers.limit) as record,
        _told(stop),
    ):
        _sweep(out)
        record.know(outputs_listed(out))
        record.write()

        def take(outcome: Outcome) -> None:
            record.add(outcome)
            tell(outcome)

        work = Work(workers, stop, record.tick, take)
        try:
            work.run(_tasks(entries, out, earlier, options))
        except BaseException:
            work.abandon()
            raise
        outcomes = tuple(record.outcomes[e.id] for e in entries)
        portfolio = None
        if not stop.is_set():
            with ThreadPoolExecutor(1) as thread:  # this one waits for signals
                made = thread.submit(over_all, entries, record, out, earlier, options.lang, options.force)
                portfolio = awaited(made, stop, record.tick)
        if portfolio is None and not stop.is_set():
            record.outputs = {}
            record.know(outputs_listed(out))
        record.state = "interrupted" if stop.is_set() else "failed" if portfolio else "finished"
        _sweep(out)
    ids = {entry.id for entry in entries}
    others = tuple(
        name
        for name in storage.folders(storage.join(out, REPORTS))
        if not name.startswith(".") and name.removesuffix(".failed") not in ids
    )
    return Result(record.state, outcomes, portfolio, others)


def _tasks(entries: Sequence[Entry], out: str, earlier: Sequence[Period], options: Options) -> list[Task]:
    package = manifest.package_digest()
    return [
        Task(
            id=entry.id,
            engagement=entry.engagement,
            out=storage.join(out, REPORTS, entry.id),
            as_of=entry.as_of,
            lang=entry.lang or options.report_lang,
            previous=tuple(storage.join(p.place, REPORTS, entry.id) for p in earlier if entry.id in p.ids),
            force=options.force,
            package=package,
            batch=storage.join(out, BATCH),
        )
        for entry in entries
    ]


def _check_results(out: str, lang: str) -> None:
    """
    Refuse a folder of results that is something else.
    """
    if storage.read(storage.join(out, ENGAGEMENT)) is not None:
        raise InputProblems([Problem("out_inside", out)], lang)
    kinds = {MANIFEST: "kind", PORTFOLIO: "organisations", BATCH: "entries"}
    for name, key in kinds.items():
        place = storage.join(out, name)
        if storage.read(place) is not None and key not in storage.read_json(place):
            raise InputProblems([Problem("out_not_ours", out, found=name)], lang)


def _check_inputs(out: str, entries: Sequence[Entry], lang: str) -> None:
    """
    Refuse results among what an organisation has handed in: the next one's would lie there.
    """
    if storage.is_url(out):
        return
    folders = {Path(storage.canonical(e.engagement)) for e in entries if not storage.is_url(e.engagement)}
    if any(folder / part in (Path(out), *Path(out).parents) for folder in folders for part in INPUTS):
        raise InputProblems([Problem("out_inside", out)], lang)


def _sweep(out: str) -> None:
    """
    Remove what a batch that was killed had not finished; only while the results are held.
    """
    if storage.is_url(out):
        return
    for folder in (Path(out), Path(out, REPORTS)):
        for path in folder.glob(".*"):
            if path.is_dir() and not path.is_symlink() and _STAGING.fullmatch(path.name):
                shutil.rmtree(path, ignore_errors=True)
            elif path.is_file() and _UNWRITTEN.fullmatch(path.name):
                path.unlink(missing_ok=True)


@contextmanager
def _told(stop: threading.Event) -> Iterator[None]:
    """
    Ctrl-C and SIGTERM, however often, set ``stop`` and nothing else.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def told(_: int, __: object) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
