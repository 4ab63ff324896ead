"""
An engagement on the desk of somebody who works on it: read once, written field by field.

A change is read back from the text that is about to be written, so what the forms show is what a report
will read. Nothing is written over a change that came from elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from appi_assess import law
from appi_assess.conclude import Judge
from appi_assess.engagement import (
    ANSWERS,
    ENGAGEMENT,
    EVIDENCE,
    REGISTERS,
    REVIEWS,
    SIGNOFF,
    Engagement,
    day_of,
)
from appi_assess.files import write_bytes
from appi_assess.problems import InputProblems, Problem
from appi_assess.reader import read_block, read_engagement
from appi_assess.scaffold import reviews_text, signoff_text
from appi_assess.signoff import signed_files
from appi_assess.strict_yaml import parse, read_text
from appi_assess.text import requirement_id
from appi_assess.yaml_edit import NotEditable

from . import journal
from .journal import Change, Place, Value

LOCK = ".appi-assess.lock"
_UNINDENTED = re.compile(r"^[^\s#]", re.MULTILINE)
_PATIENCE = 5  # seconds to wait for another form that is writing
Edit = Callable[[str], str]


@dataclass(frozen=True)
class Differing:
    """
    A field that says one thing in the form and another in the file.
    """

    field: str
    mine: Value
    disk: Value


class Conflict(Exception):
    """
    The same requirement was changed elsewhere; nothing was written.
    """

    def __init__(self, file: str, key: str, differing: tuple[Differing, ...]) -> None:
        self.file, self.key, self.fields = file, key, differing
        super().__init__(file, key)


class Desk:
    """
    The files of an engagement while somebody works on them.

    Args:
        folder: The engagement.
        as_of: Assessment date; empty for the engagement's own, which is then followed.
        frozen: Never write, whatever is asked.

    Raises:
        InputProblems: If the engagement cannot be read.
    """

    def __init__(self, folder: Path, as_of: str = "", *, frozen: bool = False) -> None:
        self.folder, self._as_of, self._frozen = folder, as_of, frozen
        self._recorded: dict[Place, Value] = {}
        self._journal_size = -1
        self._facts: list[tuple[Engagement, dict[Place, Value]]] = []
        self._blocks: dict[str, tuple[str, dict[str, slice]]] = {}
        self._owed: tuple[Change, ...] = ()
        self.unrecorded = ""  # why the last change is not in the journal yet
        self.outside: tuple[Change, ...] = ()  # what the last reading found changed by others
        self._raw, self._kept = self._bytes(), self._signature()
        self.engagement = self._read()
        self.judge = Judge(day_of(self.engagement, as_of), self.engagement.registers)

    @property
    def frozen(self) -> bool:
        """
        Whether nothing may be written: the period is signed off, or this is the bundled sample.
        """
        return self._frozen or self.engagement.signoff is not None

    @property
    def writable(self) -> bool:
        """
        Whether the system lets us write into the folder.
        """
        return os.access(self.folder, os.W_OK)

    @property
    def said(self) -> Mapping[Place, Value]:
        """
        What the files say, field by field, as last read or written here.
        """
        return self._said(self.engagement)

    def write(self, file: str, key: str, edit: Edit, who: str, *, over: bool = False) -> tuple[Change, ...]:
        """
        Change one requirement (or the scope, or the head) in a file.

        Args:
            file: ``answers.yaml``, ``reviews.yaml`` or ``engagement.yaml``.
            key: The requirement; ``scope`` or empty in ``engagement.yaml``.
            edit: Makes the new text of the file from its present text.
            who: Who works here, for the journal.
            over: Write even if the requirement was changed elsewhere; the user was asked.

        Returns:
            What has changed, on disk and in the journal.

        Raises:
            Conflict: If the same requirement was changed elsewhere meanwhile.
            InputProblems: If the file cannot be read any more, or would not be readable afterwards;
                nothing was written.
            OSError: If the disk refuses; nothing was written.
        """
        with self._alone():
            while True:
                self._catch_up(file, key, over=over)
                if self.frozen:
                    raise InputProblems([Problem("frozen", file)], self.engagement.language)
                text, encoding = self._text(file)
                new, after = self._edited(file, key, text, edit)
                law.catalogue(day_of(after, self._as_of))  # a day whose law is not known is refused
                if self._bytes() == self._raw:
                    break
            changes = self._changes(self.engagement, after, who)
            content = _encoded(new, encoding)
            write_bytes(self.folder / file, content)
            self._adopt(after, self._raw | {file: content})
            self._record(changes)
        return changes

    def _edited(self, file: str, key: str, text: str, edit: Edit) -> tuple[str, Engagement]:
        """
        The new text of a file and the engagement as it would then be read.

        Only the lines of the requirement are edited and read where they can be told from the rest,
        which is several times as fast as reading the whole file.
        """
        lines = self._block(file, key, text)
        try:
            if lines is None:
                new = edit(text)
                return new, self._read({file: new})
            block = edit(text[lines])
        except NotEditable as error:
            problem = Problem("not_editable", file, key=key, words={"reason": str(error)})
            raise InputProblems([problem], self.engagement.language) from None
        new = text[: lines.start] + block + text[lines.stop :]
        self._move_blocks(file, new, lines, len(block) - (lines.stop - lines.start))
        return new, read_block(self.folder, self.engagement, file, key, block)

    def _block(self, file: str, key: str, text: str) -> slice | None:
        """
        The lines of a requirement, if each block of the file begins at the edge of the page.
        """
        if file not in (ANSWERS, REVIEWS):
            return None
        if self._blocks.get(file, ("", {}))[0] != text:
            self._blocks[file] = (text, _blocks(text))
        return self._blocks[file][1].get(key)

    def _move_blocks(self, file: str, text: str, lines: slice, by: int) -> None:
        """
        Remember where the blocks stand once this one is longer or shorter.
        """
        moved = {
            key: slice(b.start + by * (b.start > lines.start), b.stop + by * (b.stop > lines.start))
            for key, b in self._blocks[file][1].items()
        }
        self._blocks[file] = (text, moved)

    def sign_off(self, who: str, comment: str, today: date) -> tuple[Change, ...]:
        """
        Freeze the period: put down who signs what, with the digest of every input file.

        Raises:
            InputProblems: If nobody is named, the period is signed off already, or files were changed
                elsewhere, which are then taken in and shown first.
        """
        with self._alone():
            wrongs = {
                "signoff_unseen": self.look(),  # whoever signs has seen what is signed
                "signoff_nobody": not who.strip(),
                "frozen": self.frozen,
            }
            if problems := [Problem(code, SIGNOFF) for code, wrong in wrongs.items() if wrong]:
                raise InputProblems(problems, self.engagement.language)
            files = signed_files(self.folder, self.engagement)
            text = signoff_text(self.engagement.language, who.strip(), today, comment, files)
            after = self._read({SIGNOFF: text})
            changes = self._changes(self.engagement, after, who)
            content = text.encode("utf-8")
            write_bytes(self.folder / SIGNOFF, content)
            self._adopt(self._read(), self._raw | {SIGNOFF: content})
            self._record(changes)
        return changes

    def reopen(self, who: str, comment: str) -> tuple[Change, ...]:
        """
        Take a sign-off back, so that the period can be worked on again; the journal keeps who and why.

        Raises:
            InputProblems: If nobody or no reason is named, or the period is not signed off.
        """
        with self._alone():
            self.look()
            signed = self.engagement.signoff
            if self._frozen or signed is None or not who.strip() or not comment.strip():
                code = "frozen" if self._frozen else "reopen_incomplete"
                raise InputProblems([Problem(code, SIGNOFF)], self.engagement.language)
            before = self.engagement
            (self.folder / SIGNOFF).unlink()
            self._adopt(self._read(), self._raw | {SIGNOFF: None})
            now = datetime.now(UTC).astimezone()
            reason = Change(now, who, "form", SIGNOFF, "", journal.REOPENED, "", comment)
            changes = (*self._changes(before, self.engagement, who), reason)
            self._record(changes)
        return changes

    def look(self) -> bool:
        """
        Take in what was changed elsewhere; whether there was anything.

        Raises:
            InputProblems: If a file cannot be read any more.
        """
        kept, raw = self._signature(), self._bytes()
        if kept == self._kept and raw == self._raw:
            return False
        self._take_in(self._read(registers=_part(kept) != _part(self._kept)), raw)
        self._kept = kept
        return True

    def _catch_up(self, file: str, key: str, *, over: bool = False) -> None:
        """
        Take in what was changed elsewhere, unless it is what is about to be changed here.
        """
        raw = self._bytes()  # taken before reading: what is saved in between is noticed next time
        if raw == self._raw:
            self.outside = ()
            return
        disk = self._read()
        mine, theirs = self._said(self.engagement), self._said(disk)
        differing = tuple(
            Differing(place[2], mine.get(place, ""), theirs.get(place, ""))
            for place in dict.fromkeys([*mine, *theirs])
            if place[:2] == (file, key) and mine.get(place, "") != theirs.get(place, "")
        )
        if differing and not over:
            raise Conflict(file, key, differing)
        self._take_in(disk, raw)

    def _take_in(self, disk: Engagement, raw: dict[str, bytes | None]) -> None:
        before = self._said(self.engagement)
        self._adopt(disk, raw)
        self.outside = journal.differences(before, self._said(disk), _now(), "", "outside")

    def _adopt(self, engagement: Engagement, raw: dict[str, bytes | None]) -> None:
        self._judge_for(engagement)  # may refuse the day; then nothing counts as taken in
        self._raw, self.engagement = raw, engagement

    def _judge_for(self, engagement: Engagement) -> None:
        """
        Another day or other registers need another judge; answers do not.
        """
        day = day_of(engagement, self._as_of)
        if day != self.judge.as_of or engagement.registers is not self.judge.registers:
            self.judge = Judge(day, engagement.registers)

    def _read(self, texts: Mapping[str, str] | None = None, *, registers: bool = False) -> Engagement:
        """
        The engagement as the files say it, or as they would with other texts.
        """
        held = None if registers or not hasattr(self, "engagement") else self.engagement.registers
        return read_engagement(self.folder, registers=held, nameless=True, texts=texts or {})

    def _text(self, file: str) -> tuple[str, str]:
        """
        The text of a file and how it is encoded; what a new one begins with.
        """
        raw = self._raw[file]
        if raw is None:
            return reviews_text(self.engagement.language) if file == REVIEWS else "", "utf-8"
        problems: list[Problem] = []
        text = read_text(self.folder / file, file, problems)
        if text is None:
            raise InputProblems(problems, self.engagement.language)
        if problems:
            return text, "cp932"
        return text, "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"

    def _said(self, engagement: Engagement) -> dict[Place, Value]:
        """
        What an engagement says, field by field; known for the last two that were asked for.
        """
        for known, said in self._facts:
            if known is engagement:
                return said
        said = journal.facts(engagement)
        self._facts = [*self._facts[-1:], (engagement, said)]
        return said

    def _changes(self, before: Engagement, after: Engagement, who: str) -> tuple[Change, ...]:
        return journal.differences(self._said(before), self._said(after), _now(), who, "form")

    def _record(self, changes: tuple[Change, ...]) -> None:
        """
        Add changes to the journal, after what happened outside of it.

        The files are written by then: a journal that cannot be written is told, and caught up with later.
        """
        path = self.folder / journal.JOURNAL
        size = path.stat().st_size if path.is_file() else 0
        if size != self._journal_size:
            self._recorded = journal.rebuild(journal.read_journal(self.folder, []))
        due = (*self._owed, *changes)
        before = dict(self._said(self.engagement))
        for c in reversed(due):
            before[c.file, c.requirement, c.field] = c.old
        known = {place: value for place, value in before.items() if value}
        via: Literal["outside", "start"] = "outside" if size else "start"
        when = due[0].when if due else _now()  # not after what was done on top of it
        due = (*journal.differences(self._recorded, known, when, "", via), *due)
        try:
            journal.append(self.folder, due)
        except OSError as error:
            self._owed, self.unrecorded = (*self._owed, *changes), error.strerror or str(error)
            return
        self._owed, self.unrecorded = (), ""
        self._recorded = journal.rebuild(due, start=self._recorded)
        self._journal_size = path.stat().st_size if path.is_file() else 0

    def _bytes(self) -> dict[str, bytes | None]:
        found: dict[str, bytes | None] = {}
        for name in (ENGAGEMENT, ANSWERS, REVIEWS, SIGNOFF):
            try:
                found[name] = (self.folder / name).read_bytes()
            except FileNotFoundError:
                found[name] = None
        return found

    def _signature(self) -> dict[str, tuple[int, int]]:
        """
        What tells at a glance whether a register or a piece of evidence was changed.
        """
        paths = [p for name in (REGISTERS, EVIDENCE) for p in (self.folder / name).rglob("*") if p.is_file()]
        found = {}
        for path in paths:
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            found[path.relative_to(self.folder).as_posix()] = (stat.st_mtime_ns, stat.st_size)
        return found

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """
        No other form writes into this engagement meanwhile.
        """
        if not self.folder.is_dir():
            raise InputProblems([Problem("folder_missing", str(self.folder))], self.engagement.language)
        try:
            with FileLock(self.folder / LOCK, timeout=_PATIENCE):
                yield
        except Timeout:
            raise InputProblems([Problem("locked", LOCK)], self.engagement.language) from None


def _blocks(text: str) -> dict[str, slice]:
    """
    Where the lines of each requirement stand; nothing where anything else begins at the edge.
    """
    root = parse(text, "", [])
    if root is None or not isinstance(root.value, dict) or text.startswith("{", root.start):
        return {}
    starts = [m.start() for m in _UNINDENTED.finditer(text)]
    if [text.count("\n", 0, s) + 1 for s in starts] != list(root.keys.values()):
        return {}
    ends = [*starts[1:], len(text)]
    return {
        requirement_id(k): slice(*p) for k, p in zip(root.keys, zip(starts, ends, strict=True), strict=True)
    }


def _part(found: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {n: s for n, s in found.items() if n.startswith(f"{REGISTERS}/")}


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _encoded(text: str, encoding: str) -> bytes:
    """
    The bytes of a text in the encoding its file has; UTF-8 where that lacks a character.
    """
    with suppress(UnicodeEncodeError):
        content = text.encode(encoding)
        if encoding != "cp932" or not _reads_as_utf8(content):
            return content
    return text.encode("utf-8")


def _reads_as_utf8(content: bytes) -> bool:
    """
    Whether bytes meant as CP932 would be taken for UTF-8, as a few half-width signs are.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
