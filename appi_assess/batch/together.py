"""
The portfolio report of a batch where its results are, a path or a URL, kept if it is still right.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from appi_assess.batch import portfolio_report as over
from appi_assess.batch import storage
from appi_assess.batch.portfolio import Entry
from appi_assess.batch.record import Record
from appi_assess.batch.task import Failure, Task, failure_of
from appi_assess.portfolio.results import PORTFOLIO, REPORTS
from appi_assess.problems import InputProblems, KitError, Problem
from appi_assess.record import ASSESSMENT
from appi_assess.runs.manifest import MANIFEST, relative
from appi_assess.wording import say_both


def over_all(
    entries: Sequence[Entry], record: Record, out: str, earlier: Sequence[Period], lang: str, force: bool
) -> Failure | None:
    """
    The list of organisations, notebook 30 and the manifest; why there is no portfolio report, if so.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="appi-assess-") as temporary:
            return _together(Path(temporary).resolve(), entries, record, out, earlier, lang, force)
    except (KitError, OSError) as error:
        return failure_of(Task(over.FOLDER, "", storage.join(out, REPORTS, over.FOLDER)), error)


def _together(
    root: Path,
    entries: Sequence[Entry],
    record: Record,
    out: str,
    earlier: Sequence[Period],
    lang: str,
    force: bool,
) -> Failure | None:
    content = over.listed(entries, record.outcomes, lambda place: _seen(out, place))
    periods = {_seen(storage.join(out, over.FOLDER), p.place): p.digest for p in earlier}
    asked = over.wanted(content, record.outcomes, lang, periods)
    away = storage.is_url(out) or any(storage.is_url(p.place) for p in earlier)
    folder = storage.fetch(out, root, _is_small) if away else Path(out)
    there = storage.read_json(storage.join(out, MANIFEST))
    reports = any(o.manifest for o in record.outcomes.values())
    nothing = None if reports else Failure(say_both("batch.reason.nothing"), "engagement")
    if not force and over.is_current(there, asked, over.outputs(folder)):
        return nothing
    over.check_ours(folder, record.outputs, lang)
    storage.remove(storage.join(out, MANIFEST))
    storage.write(storage.join(out, PORTFOLIO), content)
    if away:
        storage.fetch(out, root, _is_read)
    if reports:
        previous = [storage.fetch(p.place, root, _is_read) if away else Path(p.place) for p in earlier]
        over.portfolio_report(folder, lang, previous, record.mark)
        if away:
            storage.deliver(folder / over.FOLDER, storage.join(out, over.FOLDER))
    else:
        shutil.rmtree(folder / over.FOLDER, ignore_errors=True)
        storage.drop(storage.join(out, over.FOLDER))
    storage.write(storage.join(out, MANIFEST), over.manifest_content(folder, asked))
    return nothing


def _is_small(name: str) -> bool:
    return name == PORTFOLIO or name.startswith(f"{over.FOLDER}/")


def _is_read(name: str) -> bool:
    """
    What notebook 30 reads.
    """
    return name == PORTFOLIO or re.fullmatch(f"{REPORTS}/[^/]+/{ASSESSMENT}", name) is not None


@dataclass(frozen=True)
class Period:
    """
    The results of an earlier period: where they are, whose reports they hold, and their digest.
    """

    place: str
    ids: frozenset[str]
    digest: str


def earlier_periods(previous: Sequence[str], out: str, lang: str) -> list[Period]:
    """
    The results of earlier periods.

    Raises:
        InputProblems: Naming every one that is not the finished results of a batch.
    """
    found: list[Period] = []
    problems: list[Problem] = []
    for given in previous:
        place = storage.plain(given)
        place = place if storage.is_url(place) else str(Path(place).resolve())
        listed = storage.read_json(storage.join(place, PORTFOLIO)).get("organisations")
        content = storage.read(storage.join(place, MANIFEST))
        if place == out:
            problems.append(Problem("batch_previous_self", given))
        elif content is None or not isinstance(listed, list) or not all(map(_is_row, listed)):
            problems.append(Problem("batch_previous", given))
        else:
            ids = frozenset(row["id"] for row in listed if row["state"] == "done")
            found.append(Period(place, ids, hashlib.sha256(content).hexdigest()))
    if problems:
        raise InputProblems(problems, lang)
    return found


def _is_row(row: object) -> bool:
    """
    Whether it is an organisation as ``portfolio.json`` lists them.
    """
    return isinstance(row, dict) and all(isinstance(row.get(key), str) for key in ("id", "state"))


def _seen(out: str, place: str) -> str:
    """
    A place as seen from the results, on a storage as in the mirror of it.
    """
    if storage.is_url(out) or storage.is_url(place):
        return relative(storage.mirrored(Path("/"), out), storage.mirrored(Path("/"), place))
    return relative(Path(out).resolve(), Path(place).resolve())
