"""
One task of a batch: the report of one engagement, and a record of how it went. It never raises.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from appi_assess.batch import storage
from appi_assess.files import sha256
from appi_assess.problems import InputProblems, KitError, NotebookFailed, Problem, shown
from appi_assess.record import ASSESSMENT
from appi_assess.runs import manifest, report
from appi_assess.runs.manifest import MANIFEST, is_done, relative
from appi_assess.runs.report import Stopped, expected, make_report
from appi_assess.wording import LANGUAGES, say_both

State = Literal["waiting", "done", "kept", "failed", "stopped"]
Kind = Literal["engagement", "notebook", "system", "cluster", "unexpected"]
_LONGEST = 500  # characters of an error that a notebook raised
_STAGING = re.compile(r"\.([a-z0-9][a-z0-9_-]{0,63})\.[0-9a-f]{8}(?=[/\\])")


@dataclass(frozen=True)
class Task:
    """
    What a worker needs to know, as plain data.

    Attributes:
        id: Of the entry.
        engagement: Its folder, an absolute path or a URL.
        out: The folder of its report, likewise.
        as_of: Assessment date; empty for the engagement's own.
        lang: Language of the report; empty for the engagement's own.
        previous: Reports of earlier periods, oldest first.
        force: Make the report even if it is there.
        package: Digest of the kit that asks; another kit would give other results.
        batch: A file that every worker sees if the results are on storage that all share.
    """

    id: str
    engagement: str
    out: str
    as_of: str = ""
    lang: str = ""
    previous: tuple[str, ...] = ()
    force: bool = False
    package: str = ""
    batch: str = ""


@dataclass(frozen=True)
class Failure:
    """
    Why there is no report.

    Attributes:
        reason: In each language.
        kind: What has to be looked at.
        notebook: The notebook that failed, if one did.
        cell: The number of its cell, if known.
    """

    reason: Mapping[str, str]
    kind: Kind
    notebook: str = ""
    cell: int | None = None


@dataclass(frozen=True)
class Outcome:
    """
    How a task went.

    Attributes:
        id: Of the entry.
        state: ``done``, ``kept`` (it was there and is still right), ``failed`` or ``stopped``.
        seconds: What it took.
        manifest: SHA-256 of the manifest of the report.
        failure: Present if it failed.
    """

    id: str
    state: State
    seconds: float = 0.0
    manifest: str = ""
    failure: Failure | None = None


def run_task(task: Task, stop: Callable[[], bool] | None = None) -> Outcome:
    """
    Make one report unless it is there, and say how that went; nothing is ever raised.

    Args:
        task: What to do.
        stop: Asked before each notebook; the task ends when it says so.
    """
    started = time.perf_counter()
    told = stop or _never
    try:
        outcome = _refused(task) or _made(task, told)
    except Exception as error:  # noqa: BLE001 - whatever one engagement does, the others go on
        outcome = stopped(task) if told() else Outcome(task.id, "failed", failure=failure_of(task, error))
    if outcome.state == "stopped" and not storage.is_url(task.out):
        report.drop_failed(Path(f"{task.out}.failed"))  # nothing failed
    return replace(outcome, seconds=round(time.perf_counter() - started, 3))


def stopped(task: Task) -> Outcome:
    """
    The outcome of a task that was not run to its end because the batch was told to stop.
    """
    return Outcome(task.id, "stopped")


def failed(task: Task, kind: Kind, reason: str, **words: object) -> Outcome:
    """
    The outcome of a task that failed for a reason of ours (wording ``batch.reason``).
    """
    return Outcome(task.id, "failed", failure=Failure(say_both(f"batch.reason.{reason}", **words), kind))


def _never() -> bool:
    return False


def _refused(task: Task) -> Outcome | None:
    """
    What keeps this worker from doing the task at all.
    """
    if task.package and task.package != manifest.package_digest():
        return failed(task, "cluster", "package")
    if task.batch and storage.read(task.batch) is None:
        return failed(task, "cluster", "unshared")
    return None


def _made(task: Task, stop: Callable[[], bool]) -> Outcome:
    places = (task.engagement, task.out, *task.previous)
    if not any(map(storage.is_url, places)):
        return _report(task, Path(task.engagement), Path(task.out), list(map(Path, task.previous)), stop)
    with tempfile.TemporaryDirectory(prefix="appi-assess-") as temporary:
        root = Path(temporary).resolve()
        folder, out = storage.fetch(task.engagement, root), storage.fetch(task.out, root)
        earlier = [storage.fetch(p, root, (ASSESSMENT, MANIFEST).__contains__) for p in task.previous]
        kept = out.with_name(f"{out.name}.failed")
        try:
            outcome = _report(task, folder, out, earlier, stop)
        except NotebookFailed:
            if kept.is_dir() and storage.is_url(task.out) and not stop():
                storage.deliver(kept, f"{task.out}.failed")
            raise
        if outcome.state == "done":
            storage.deliver(out, task.out)
        return outcome


def _report(task: Task, folder: Path, out: Path, previous: list[Path], stop: Callable[[], bool]) -> Outcome:
    given = (folder, out, task.as_of, task.lang, previous)
    try:
        made = list(make_report(*given, keep=not task.force, stop=stop))
    except OSError:
        # A task that was lost with its worker may have been ending when it was given out again.
        if task.force or not is_done(out, expected(*given)):
            raise
        made = []
    except Stopped:
        return stopped(task)
    return Outcome(task.id, "done" if made else "kept", manifest=sha256(out / MANIFEST))


def failure_of(task: Task, error: Exception) -> Failure:
    """
    An error as a reason to show, without what only this machine and this moment know.
    """
    if isinstance(error, NotebookFailed):
        reason = shown(_relative(task, error.error), _LONGEST)
        return Failure(dict.fromkeys(LANGUAGES, reason), "notebook", error.notebook, error.cell)
    if isinstance(error, InputProblems):
        ours = InputProblems([_named(task, problem) for problem in error.problems])
        return Failure({lang: ours.said(lang) for lang in LANGUAGES}, "engagement")
    if isinstance(error, OSError):
        name = _relative(task, str(error.filename or ""))
        words = {"file": name or task.id, "reason": error.strerror or type(error).__name__}
        return Failure(say_both("batch.reason.system", **words), "system")
    said = str(error) if isinstance(error, KitError) else f"{type(error).__name__}: {error}"
    words = {"error": shown(_relative(task, said), _LONGEST)}
    return Failure(say_both("batch.reason.unexpected", **words), "unexpected")


def _named(task: Task, problem: Problem) -> Problem:
    return replace(problem, file=_relative(task, problem.file))


def _relative(task: Task, said: str) -> str:
    """
    A text without what only this machine and this moment know: places become relative to the results.
    """
    out = Path(task.out)
    if not storage.is_url(task.out):
        known = {str(out.resolve()): f"reports/{task.id}", str(out): f"reports/{task.id}"}
        for place in (task.engagement, *task.previous):
            if Path(place).is_absolute():
                seen = relative(out.resolve().parent.parent, Path(place).resolve())
                known |= {str(Path(place).resolve()): seen, place: seen}
        known |= {str(out.resolve().parent): "reports", str(out.parent): "reports"}
        for place in sorted(known, key=len, reverse=True):
            said = said.replace(place, known[place])
    said = re.sub(re.escape(tempfile.gettempdir()) + r"/appi-assess-[^/\s]+/", "", said)
    return _STAGING.sub(r"\1", said)
