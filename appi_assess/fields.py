"""
What one value of an engagement's files may be: the keys of each file and how their texts are read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from . import text

MAX_TEXT = 20_000

Reader = Callable[[str], Any]


def _free(value: str) -> str:
    _no_controls(value)
    if len(value) > MAX_TEXT:
        raise text.Unreadable("text_too_long", size=len(value), limit=MAX_TEXT)
    return value.strip()


def _no_controls(value: str) -> None:
    if not value.isprintable() and any(
        unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in value
    ):
        raise text.Unreadable("text_control")


def _answer(value: str) -> str | None:
    found = text.word("answers", value)
    return None if found == "unanswered" else found


def _verdict(value: str) -> str:
    return text.word("verdicts", value)


def yes_or_no(value: str) -> str:
    """
    The answer to a scope question, ``yes`` or ``no``.
    """
    return text.word("gates", value)


def _effort(value: str) -> str:
    return text.word("efforts", value)


def _language(value: str) -> str:
    return text.word("languages", value)


def file_name(value: str) -> str:
    """
    The path of a piece of evidence below ``evidence/``.

    Raises:
        Unreadable: If it points outside that folder.
    """
    _no_controls(value)
    name = value.strip().replace("\\", "/").removeprefix("evidence/")
    if ".." in name.split("/") or name.startswith("/") or re.match("[A-Za-z]:", name):
        raise text.Unreadable("evidence_outside")
    return name


def checksum(value: str) -> str:
    """
    A SHA-256 as a sign-off records it.

    Raises:
        Unreadable: If it is none.
    """
    if not re.fullmatch("[0-9a-f]{64}", folded := text.fold(value).lower()):
        raise text.Unreadable("signoff_sum")
    return folded


def nested(value: str) -> None:
    """
    Marks a key whose value is read elsewhere.
    """


WORDS = (_answer, _verdict, yes_or_no, _effort, _language)
ENGAGEMENT_FIELDS: dict[str, Reader] = {
    "organisation": _free,
    "language": _language,
    "as_of": text.parse_date,
    "period": _free,
    "assessor": _free,
    "reviewer": _free,
    "scope": nested,
}
ANSWER_FIELDS: dict[str, Reader] = {
    "answer": _answer,
    "comment": _free,
    "evidence": nested,
    "owner": _free,
    "due": text.parse_date,
    "effort": _effort,
    "answered_by": _free,
    "answered_on": text.parse_date,
    "reason": _free,
    "approved_by": _free,
    "approved_on": text.parse_date,
}
REVIEW_FIELDS: dict[str, Reader] = {
    "verdict": _verdict,
    "comment": _free,
    "by": _free,
    "on": text.parse_date,
}
SIGNOFF_FIELDS: dict[str, Reader] = {
    "by": _free,
    "on": text.parse_date,
    "comment": _free,
    "files": nested,
}
EVIDENCE_FIELDS: dict[str, Reader] = {
    "file": file_name,
    "dated": text.parse_date,
    "valid_until": text.parse_date,
}
