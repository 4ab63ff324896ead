"""
What the forms say about the files: who may write, what others changed, and the words in which to write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from appi_assess import law
from appi_assess.engagement import ENGAGEMENT, EVIDENCE, REVIEWS, Engagement
from appi_assess.problems import shown
from appi_assess.text import shown_date
from appi_assess.wording import choices, say

from .desk import Conflict, Desk, Differing
from .journal import Value

_HEAD = ("organisation", "period", "as_of", "language", "assessor", "reviewer")
_LITTER = re.compile(r"\.|~\$|thumbs\.db$|desktop\.ini$", re.IGNORECASE)  # what systems leave in folders
_SHOWN, _LENGTH = 8, 30  # changes by others that are named, and characters of each value


def frozen_text(desk: Desk, lang: str) -> str:
    """
    Why nothing can be changed; empty if it can.
    """
    signed = desk.engagement.signoff
    if signed is not None:
        return say("desk.signed", lang, by=signed.by, on=shown_date(signed.on, lang))
    if desk.frozen:
        return say("desk.sample", lang)
    return "" if desk.writable else say("desk.read_only", lang)


def sign_state(desk: Desk, lang: str) -> dict[str, Any]:
    """
    Whether the period is signed off, what has changed since, and whether it can be signed.
    """
    signed = desk.engagement.signoff
    text = frozen_text(desk, lang) if signed else say("desk.unsigned", lang)
    if signed and signed.changed:
        names = say("list", lang).join(signed.changed)
        text = f"{text} {say('desk.signed_changed', lang, files=names)}"
    return {"signed": signed is not None, "text": text, "can": signed is not None or not desk.frozen}


def head_fields(engagement: Engagement, lang: str) -> list[dict[str, str]]:
    """
    What ``engagement.yaml`` says about the engagement itself, as fields of a form.
    """
    labels, help_texts = choices("desk.field", lang), choices("desk.help", lang)
    return [
        {
            "field": name,
            "label": labels[name],
            "value": str(getattr(engagement, name) or ""),
            "help": help_texts[name],
        }
        for name in _HEAD
    ]


def evidence_files(engagement: Engagement) -> list[str]:
    """
    The files of ``evidence/`` that people put there, for choosing one.
    """
    start = f"{EVIDENCE}/"
    kept = (f.removeprefix(start) for f in engagement.files if f.startswith(start))
    return [f for f in kept if not _LITTER.match(f.rpartition("/")[2])]


def told(desk: Desk, lang: str) -> str:
    """
    What was changed elsewhere since the last look, with old and new values; empty if nothing was.
    """
    found = desk.outside
    if desk.unrecorded:
        return say("desk.unrecorded", lang, reason=desk.unrecorded)
    if not found:
        return ""
    labels = choices("desk.field", lang)
    named = [
        say(
            "desk.change",
            lang,
            place=c.requirement or c.file,
            label=labels.get(c.field, c.field),
            old=shown(value_text(c.field, c.old, lang), _LENGTH),
            new=shown(value_text(c.field, c.new, lang), _LENGTH),
        )
        for c in found[:_SHOWN]
    ]
    changes = say("list", lang).join(named)
    if len(found) > _SHOWN:
        changes = say("desk.changes_more", lang, changes=changes, count=len(found) - _SHOWN)
    return say("desk.outside", lang, count=len(found), changes=changes)


def both_values(conflict: Conflict, waiting: Mapping[str, Any], desk: Desk, lang: str) -> dict[str, Any]:
    """
    A conflict with both values of every field that differs, the one being typed first.
    """
    wanted = {d.field: d for d in conflict.fields}
    if waiting["do"] == "put":
        field, value = str(waiting["field"]), str(waiting["value"])
        held = desk.said.get((conflict.file, conflict.key, field), "")
        disk = wanted[field].disk if field in wanted else held
        wanted = {field: Differing(field, value, disk)} | {k: d for k, d in wanted.items() if k != field}
    labels = choices("desk.field", lang)
    rows = [
        {
            "label": labels.get(d.field, d.field),
            "mine": value_text(d.field, d.mine, lang),
            "disk": value_text(d.field, d.disk, lang),
        }
        for d in wanted.values()
    ]
    message = say("desk.conflict", lang, file=conflict.file, place=conflict.key or conflict.file)
    return {"type": "conflict", "key": conflict.key, "message": message, "rows": rows}


def value_text(field: str, value: Value, lang: str) -> str:
    """
    A value of a file as people read it.
    """
    if isinstance(value, list):
        value = "\n".join(" ".join(piece.values()) for piece in value)
    elif field in ("answer", "verdict"):
        return choices("verdict", lang).get(value, value or say("words.unanswered", lang))
    elif field in law.gates():
        return say(f"words.{value or 'unanswered'}", lang)
    return value or say("registers.blank", lang)


def written(engagement: Engagement, file: str, key: str, field: str, value: str) -> str:
    """
    A value as the file says it: in the words of the engagement's language.
    """
    kind = "answer" if field == "answer" else "verdict" if (file, field) == (REVIEWS, "verdict") else ""
    if (file, key) == (ENGAGEMENT, "scope"):
        kind = "gate"
    known = choices(f"desk.written.{kind}", engagement.language) if kind else {}
    return known.get(value, value.strip())
