"""
The journal of an engagement: every change of a field, from which the answers of any moment are rebuilt.

One JSON object per line in ``journal.jsonl``, only ever added to. What was changed by hand or by another
program is recorded as well, when a form next writes, so that replaying the lines gives the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from appi_assess.engagement import ANSWERS, ENGAGEMENT, REVIEWS, SIGNOFF, Answer, Engagement, Evidence
from appi_assess.files import append_text
from appi_assess.problems import Problem

JOURNAL = "journal.jsonl"
REOPENED = "reopened"  # says why a sign-off was taken back; no field of a file
Value = str | list[dict[str, str]]
Place = tuple[str, str, str]  # file, requirement ("" or "scope" in engagement.yaml), field


@dataclass(frozen=True, slots=True)
class Change:
    """
    One field of a file as it was and as it is.

    Attributes:
        when: The moment, with its offset from UTC.
        who: The name given in the form; empty if nobody knows.
        via: ``form``; ``outside`` for what was changed in the files themselves; ``start`` for what
            stood there when the journal began.
        file: Such as ``answers.yaml``.
        requirement: Its id; in ``engagement.yaml`` ``scope`` or empty.
        field: The field, or the scope question.
        old: What it said, as the form writes it; empty for nothing. Evidence is a list.
        new: What it says now.
    """

    when: datetime
    who: str
    via: Literal["form", "outside", "start"]
    file: str
    requirement: str
    field: str
    old: Value
    new: Value

    def line(self) -> str:
        """
        The change as a line of the journal.
        """
        content = {f.name: getattr(self, f.name) for f in fields(self)} | {"when": self.when.isoformat()}
        return json.dumps(content, ensure_ascii=False) + "\n"


def facts(engagement: Engagement) -> dict[Place, Value]:
    """
    What the files of an engagement say, field by field; what is blank is left out.
    """
    found: dict[Place, Value] = {
        (ENGAGEMENT, "", name): _text(getattr(engagement, name))
        for name in ("organisation", "language", "as_of", "period", "assessor", "reviewer")
    }
    found |= {(ENGAGEMENT, "scope", gate): value for gate, value in engagement.scope.items()}
    for requirement, answer in engagement.answers.items():
        for name in _ANSWER_FIELDS:
            found[ANSWERS, requirement, name] = _text(getattr(answer, name))
        found[ANSWERS, requirement, "evidence"] = [_piece(p) for p in answer.evidence if not p.listed]
    for requirement, review in engagement.reviews.items():
        for name in ("verdict", "comment", "by", "on"):
            found[REVIEWS, requirement, name] = _text(getattr(review, name))
    if engagement.signoff is not None:
        for name in ("by", "on", "comment"):
            found[SIGNOFF, "", name] = _text(getattr(engagement.signoff, name))
    return {place: value for place, value in found.items() if value}


def differences(
    before: Mapping[Place, Value],
    after: Mapping[Place, Value],
    when: datetime,
    who: str,
    via: Literal["form", "outside", "start"],
) -> tuple[Change, ...]:
    """
    The changes that lead from some facts to others, in the order of the files.
    """
    places = [*after, *(p for p in before if p not in after)]
    return tuple(
        Change(when, who, via, *place, before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place, "") != after.get(place, "")
    )


def append(folder: Path, changes: Iterable[Change]) -> None:
    """
    Add changes to the journal of an engagement; they are on disk when this returns.

    Raises:
        OSError: If the disk refuses.
    """
    if lines := "".join(c.line() for c in changes):
        append_text(folder / JOURNAL, lines)


def read_journal(folder: Path, problems: list[Problem]) -> list[Change]:
    """
    The journal of an engagement; empty if none is kept.

    Args:
        folder: The engagement.
        problems: A notice is added for each line that cannot be read, such as one cut off when the
            power failed.
    """
    path = folder / JOURNAL
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            content = json.loads(line)
            change = Change(**(content | {"when": datetime.fromisoformat(content["when"]).astimezone()}))
            if not all(isinstance(part, str) for part in (change.file, change.requirement, change.field)):
                raise TypeError  # noqa: TRY301 - a line like any other that cannot be read
            found.append(change)
        except (ValueError, TypeError, KeyError, RecursionError):
            problems.append(Problem("journal_line", JOURNAL, number, level="notice"))
    return found


def rebuild(
    changes: Iterable[Change], until: datetime | None = None, start: Mapping[Place, Value] | None = None
) -> dict[Place, Value]:
    """
    What the files said at a moment, from the journal alone.

    Args:
        changes: The journal, in its order.
        until: The last moment that counts; None for all.
        start: What the changes begin from; nothing for the whole journal.
    """
    found = dict(start or {})
    for c in changes:
        if (until is not None and c.when > until) or c.field == REOPENED:
            continue
        place = (c.file, c.requirement, c.field)
        if c.new:
            found[place] = c.new
        else:
            found.pop(place, None)
    return found


def by_requirement(found: Mapping[Place, Value], file: str) -> dict[str, dict[str, Value]]:
    """
    The fields of one file by requirement, as ``scaffold.answers_text`` takes them.
    """
    result: dict[str, dict[str, Value]] = {}
    for (name, requirement, field), value in found.items():
        if name == file:
            result.setdefault(requirement, {})[field] = value
    return result


_ANSWER_FIELDS = tuple(f.name for f in fields(Answer) if f.name != "evidence")


def _piece(piece: Evidence) -> dict[str, str]:
    parts = {"file": piece.file, "dated": _text(piece.dated), "valid_until": _text(piece.valid_until)}
    return {name: text for name, text in parts.items() if text}


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
