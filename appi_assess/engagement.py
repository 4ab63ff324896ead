"""
An engagement as values: who is assessed, the scope, the answers and their evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from . import text
from .problems import InputProblems, Problem
from .registers import Rows

ENGAGEMENT, ANSWERS, EVIDENCE, REGISTERS = "engagement.yaml", "answers.yaml", "evidence", "registers"
REVIEWS, SIGNOFF = "reviews.yaml", "signoff.yaml"


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    A piece of evidence (証跡) that an answer points to.

    Attributes:
        file: Path below ``evidence/``.
        exists: Whether the file was there when the engagement was read.
        dated: The day it is from; without one it supports nothing.
        valid_until: Its last good day; None if it does not expire.
        listed: Whether the register of evidence names it, not the answer itself.
    """

    file: str
    exists: bool
    dated: date | None = None
    valid_until: date | None = None
    listed: bool = False


def evidence_fault(piece: Evidence, as_of: date) -> str:
    """
    Why a piece of evidence does not count on a day: ``missing``, ``undated``, ``later`` (dated after
    it) or ``stale`` (past its last good day); empty if it counts.
    """
    if not piece.exists:
        return "missing"
    if piece.dated is None:
        return "undated"
    if piece.dated > as_of:
        return "later"
    return "stale" if piece.valid_until and piece.valid_until < as_of else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What the organisation says about one requirement, and what is being done about it.
    """

    answer: str | None = None
    comment: str = ""
    evidence: tuple[Evidence, ...] = ()
    owner: str = ""
    due: date | None = None
    effort: str | None = None
    answered_by: str = ""
    answered_on: date | None = None
    reason: str = ""
    approved_by: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """
    What a reviewer (確認者) says about one requirement.

    Attributes:
        verdict: The reviewer's own; None for a remark, which does not count as reviewed.
    """

    verdict: str | None = None
    comment: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """
    The sign-off (承認) that freezes a period.

    Attributes:
        files: The SHA-256 of every input file when it was signed, by name.
        changed: The files that have changed, are gone or are new since, sorted.
    """

    by: str
    on: date
    comment: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Engagement:
    """
    An engagement as read: typed values, nothing to re-check.

    Attributes:
        organisation: The assessed business operator (個人情報取扱事業者).
        language: ``ja`` or ``en``.
        as_of: The day to assess; None if the file names none.
        scope: ``yes`` or ``no`` by gate; unanswered gates are absent.
        answers: By requirement id; unanswered requirements may be absent.
        registers: The registers that are kept, by name; an absent one is absent here.
        reviews: By requirement id; requirements without a review are absent.
        signoff: Present once the period is signed off.
        files: Every input file, relative to the folder, sorted.
        notices: What was tidied while reading.
    """

    organisation: str
    language: str
    as_of: date | None
    assessor: str = ""
    reviewer: str = ""
    period: str = ""
    scope: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    registers: Mapping[str, Rows] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    signoff: SignOff | None = None
    files: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()


def day_of(engagement: Engagement, as_of: str = "") -> date:
    """
    The day to assess: the one asked for, else the engagement's own.

    Raises:
        InputProblems: If neither names a day, or the text is no date.
    """
    if as_of:
        try:
            return text.parse_date(as_of)
        except text.Unreadable as error:
            problem = Problem(error.code, key="as_of", found=as_of, words=error.words)
            raise InputProblems([problem], engagement.language) from None
    if engagement.as_of is None:
        raise InputProblems([Problem("as_of_missing", ENGAGEMENT, key="as_of")], engagement.language)
    return engagement.as_of


def missing(answer: Answer, as_of: date) -> list[str]:
    """
    What a not-applicable answer lacks before it counts (README, verdicts, rule 3).

    An approval dated after ``as_of`` did not exist on that day.
    """
    lacks = [f for f in ("reason", "approved_by", "approved_on") if not getattr(answer, f)]
    if answer.approved_on and answer.approved_on > as_of:
        lacks.append("approved_later")
    return lacks
