"""
The state of a running batch: ``batch.json``, and the lock by which only one runs in a folder.
"""

from __future__ import annotations

import getpass
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from appi_assess.batch import storage
from appi_assess.batch.portfolio import Entry
from appi_assess.batch.portfolio_report import as_json
from appi_assess.batch.task import Outcome
from appi_assess.problems import InputProblems, Problem

BATCH, LOCK = "batch.json", ".lock"
SCHEMA_VERSION = "1"
_EVERY, _EVERY_AWAY = 1.0, 10.0  # seconds between two states that are written
# On a storage without locks, a batch that has not told its state for so long has ended.
_SILENT = timedelta(minutes=2)


@dataclass
class Record:
    """
    What a batch tells about itself while it runs, and what the next one has to know.

    Attributes:
        outcomes: So far, by id.
        outputs: By file of the portfolio folder, the hashes it may have if nobody else changed it:
            before and after it is replaced, which may be cut off in between.
    """

    place: str
    entries: Sequence[Entry]
    engine: str
    jobs: int | None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    outputs: dict[str, list[str]] = field(default_factory=dict)
    state: Literal["running", "finished", "failed", "interrupted"] = "running"
    started: str = field(default_factory=lambda: _now().isoformat())
    _written: float = 0.0

    @classmethod
    @contextmanager
    def opened(cls, out: str, entries: Sequence[Entry], engine: str, jobs: int | None) -> Iterator[Record]:
        """
        The record of a batch that begins; what it ends with is written whatever happens.
        """
        place = storage.join(out, BATCH)
        record = cls(place, entries, engine, jobs, outputs=_known(running(out)))
        try:
            yield record
        except BaseException:
            record.state = "failed"
            raise
        finally:
            with suppress(OSError, InputProblems):  # a full disk is told by what came before
                record.write()

    def add(self, outcome: Outcome) -> None:
        """
        Take an outcome.
        """
        self.outcomes[outcome.id] = outcome
        self.tick()

    def mark(self, outputs: Mapping[str, str]) -> None:
        """
        Remember what is about to stand in the portfolio folder, so that it is known for ours.
        """
        self.know(outputs)
        self.write()

    def know(self, outputs: Mapping[str, str]) -> None:
        """
        Remember hashes of ours.
        """
        for name, value in outputs.items():
            self.outputs[name] = list(dict.fromkeys([*self.outputs.get(name, []), value]))

    def tick(self) -> None:
        """
        Write the state, at most once a second.
        """
        every = _EVERY_AWAY if storage.is_url(self.place) else _EVERY
        if time.monotonic() - self._written >= every:
            with suppress(OSError, InputProblems):  # the work goes on without it
                self.write()

    def write(self) -> None:
        """
        Write the state.
        """
        self._written = time.monotonic()
        storage.write(self.place, as_json(self.content()))

    def content(self) -> dict[str, Any]:
        """
        What ``batch.json`` says.
        """
        rows = []
        for entry in self.entries:
            outcome = self.outcomes.get(entry.id, Outcome(entry.id, "waiting"))
            rows.append({"id": entry.id, "name": entry.name, **asdict(outcome)})
        return {
            "schema_version": SCHEMA_VERSION,
            "state": self.state,
            "started": self.started,
            "updated": _now().isoformat(),
            **_self(),
            "engine": self.engine,
            "jobs": self.jobs,
            "counts": {"total": len(rows), **Counter(row["state"] for row in rows)},
            "entries": rows,
            "outputs": self.outputs,
        }


def running(out: str) -> dict[str, Any]:
    """
    What ``batch.json`` says; empty if there is none.
    """
    return storage.read_json(storage.join(out, BATCH))


def _known(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """
    The hashes that ``batch.json`` remembers; what does not look like them is passed over.
    """
    found = content.get("outputs")
    found = found if isinstance(found, dict) else {}
    return {name: [str(v) for v in values] for name, values in found.items() if isinstance(values, list)}


@contextmanager
def held(out: str, lang: str) -> Iterator[None]:
    """
    Hold a folder of results, so that no other batch writes there.

    Raises:
        InputProblems: If another batch holds it, naming that one.
    """
    if storage.is_url(out):
        found = running(out)
        with suppress(KeyError, ValueError, TypeError):
            silent = _now() - datetime.fromisoformat(found["updated"])
            gone = found["host"] == socket.gethostname() and not _alive(found["pid"])
            if found["state"] == "running" and silent < _SILENT and not gone:
                raise InputProblems([_locked(out, found)], lang)
        yield
        return
    Path(out).mkdir(parents=True, exist_ok=True)
    lock = FileLock(Path(out, LOCK))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputProblems([_locked(out, running(out))], lang) from None
    try:
        yield
    finally:
        lock.release()


def _locked(out: str, found: Mapping[str, Any]) -> Problem:
    words = {key: str(found.get(key, "?")) for key in ("host", "pid", "user", "started")}
    return Problem("batch_locked", out, words=words)


def _self() -> dict[str, Any]:
    """
    Who runs this batch.
    """
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""  # a container may know no users
    return {"host": socket.gethostname(), "pid": os.getpid(), "user": user}


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # there, asking would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
