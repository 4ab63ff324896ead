"""
Two or more assessments of one organisation: what changed between their days, and why.

Pure: assessments go in, values come out. The law and the kit's account of it may have changed as well
as the organisation; what either did is told apart exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import takewhile
from typing import Literal

from .assessment import Assessment, Finding, Rate, Verdict
from .conclude import GAPS

Kind = Literal["opened", "worse", "learned", "lost", "better", "closed", "other", "unchanged"]
Cause = Literal["law", "kit", "scope", "answer", "registers"]
LawKind = Literal["began", "ended", "changed", "added", "dropped"]

KINDS: tuple[Kind, ...] = ("opened", "worse", "learned", "lost", "better", "closed", "other", "unchanged")
CAUSES: tuple[Cause, ...] = ("law", "kit", "scope", "answer", "registers")
PARTS = ("statement", "gates", "nature", "basis", "severity", "weight")
_DECIDES = ("statement", "gates", "nature")  # parts of a requirement that can change a verdict
_ORGANISATION = ("scope", "answer", "registers")
_LEVEL = {"not_met": 0, "partly": 1}


@dataclass(frozen=True)
class Change:
    """
    One requirement in two periods.

    Attributes:
        requirement: Its id.
        before: Its verdict then; None if it was not assessed.
        now: Its verdict now; None if it is no longer assessed.
        kind: ``opened`` and ``closed`` are gaps now or then only, whatever stands on the other side.
            Among gaps, ``worse`` is from partly met to not met and ``better`` the way back;
            ``learned`` was unknown and is now known to be a gap, ``lost`` the other way. ``other``
            has another verdict and was no gap in either.
        causes: Everything that made the verdict another, in the order of ``CAUSES``; empty where it
            is the same. Evidence is none of them: it decides support, never a verdict.
    """

    requirement: str
    before: Verdict | None
    now: Verdict | None
    kind: Kind
    causes: tuple[Cause, ...]

    @property
    def cause(self) -> Cause | None:
        """
        The first of its causes.
        """
        return self.causes[0] if self.causes else None


@dataclass(frozen=True)
class LawChange:
    """
    What became of a requirement itself.

    Attributes:
        requirement: Its id.
        kind: ``began`` or ``ended``: in force on one of the days only. ``changed``: described in
            another way. ``added`` or ``dropped``: known to one of the kits only, whatever the day.
        parts: What differs of a ``changed`` one, of ``PARTS``.
    """

    requirement: str
    kind: LawKind
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interval:
    """
    Both ends of a conformity interval, or two differences of such ends; exact.
    """

    low: Fraction
    high: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.low, self.high - other.high)


@dataclass(frozen=True)
class Split:
    """
    How legal conformity moved: ``before + organisation + law == now``, exactly.

    Attributes:
        before: The interval then.
        now: The interval now.
        organisation: What scope, answers and registers did, seen under the law of then.
        law: What the law, or the kit's account of it, did; the rest.
    """

    before: Interval
    now: Interval
    organisation: Interval
    law: Interval


@dataclass(frozen=True)
class Overdue:
    """
    A gap whose day is past.

    Attributes:
        requirement: Its id.
        due: The day by which it was to be closed.
        days: How many days ago that was.
        since: The first day assessed since which it has been a gap in every period.
        before: Whether it was a gap and overdue already in the period before.
    """

    requirement: str
    due: date
    days: int
    since: date
    before: bool


@dataclass(frozen=True)
class Changes:
    """
    Everything that is different between two periods.

    Attributes:
        requirements: Every requirement of either period, in reading order of the later one.
        law: What became of requirements themselves, in the same order.
        split: Legal conformity; None where one of the periods has nothing to score.
        overdue: The gaps of now that are past their day, the longest first.
    """

    requirements: tuple[Change, ...]
    law: tuple[LawChange, ...]
    split: Split | None
    overdue: tuple[Overdue, ...]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """
        The changes of one kind.
        """
        return tuple(c for c in self.requirements if c.kind == kind)


def changes(before: Assessment, now: Assessment) -> Changes:
    """
    What is different between two assessments of one organisation, and why.

    Args:
        before: The earlier one; its day may be the same.
        now: The later one.

    Raises:
        ValueError: If ``before`` is of a later day.
    """
    if before.law.as_of > now.law.as_of:
        raise ValueError(f"before ({before.law.as_of}) must not be later than now ({now.law.as_of})")
    then, today = _by_id(before), _by_id(now)
    ids = [*today, *(i for i in then if i not in today)]
    laws = {i: c for i in ids if (c := _law_change(i, then.get(i), today.get(i), before, now))}
    found = []
    for i in ids:
        old, new = then.get(i), today.get(i)
        was, verdict = old.verdict if old else None, new.verdict if new else None
        causes = () if was == verdict else _causes(old, new, laws.get(i), before, now)
        found.append(Change(i, was, verdict, _kind(was, verdict), causes))
    return Changes(
        tuple(found), tuple(laws.values()), _split(then, found, before, now), overdue((before, now))
    )


def overdue(periods: Sequence[Assessment]) -> tuple[Overdue, ...]:
    """
    The gaps of the last period that are past their day, the longest first.

    Args:
        periods: Assessments of one organisation, the oldest first; at least one.
    """
    now, known = periods[-1], [_by_id(p) for p in periods]
    found = []
    for f in now.findings:
        if f.verdict not in GAPS or f.due is None or f.due >= now.law.as_of:
            continue
        run = _run(f.id, known)
        old = known[-2].get(f.id) if run > 1 else None
        late = old is not None and old.due is not None and old.due < periods[-2].law.as_of
        days = (now.law.as_of - f.due).days
        found.append(Overdue(f.id, f.due, days, periods[-run].law.as_of, late))
    return tuple(sorted(found, key=lambda o: -o.days))


def interval(rows: Mapping[str, tuple[int, str]]) -> Interval | None:
    """
    A conformity interval as ``score`` defines it, exactly.

    Args:
        rows: Weight and verdict of each requirement.

    Returns:
        The interval; None if there is nothing to score.
    """
    weights = dict.fromkeys(("met", "partly", "not_met", "unknown", "not_applicable"), 0)
    for weight, verdict in rows.values():
        weights[verdict] += weight
    whole = sum(weights.values()) - weights["not_applicable"]
    if not whole:
        return None
    low = Fraction(2 * weights["met"] + weights["partly"], 2 * whole)
    return Interval(low, low + Fraction(weights["unknown"], whole))


def shown_interval(assessment: Assessment) -> Interval | None:
    """
    The interval of legal conformity that an assessment states; None if there is nothing to score.
    """
    legal = assessment.scores["legal"].overall
    if not legal.conformity_low.whole:
        return None
    return Interval(_exact(legal.conformity_low), _exact(legal.conformity_high))


def _exact(rate: Rate) -> Fraction:
    return Fraction(rate.part) / Fraction(rate.whole)


def _by_id(assessment: Assessment) -> dict[str, Finding]:
    return {f.id: f for f in assessment.findings}


def _run(requirement: str, periods: Sequence[Mapping[str, Finding]]) -> int:
    """
    In how many of the last periods, without a break, a requirement was a gap.
    """
    return len(list(takewhile(_is_gap, (p.get(requirement) for p in reversed(periods)))))


def _is_gap(f: Finding | None) -> bool:
    return f is not None and f.verdict in GAPS


def _kind(was: Verdict | None, verdict: Verdict | None) -> Kind:
    if was == verdict:
        return "unchanged"
    gap_then, gap_now = was in GAPS, verdict in GAPS
    if gap_then != gap_now:
        return "opened" if gap_now else "closed"
    if not gap_now:
        return "other"
    if "unknown" in (was, verdict):
        return "learned" if was == "unknown" else "lost"
    return "worse" if _LEVEL[str(verdict)] < _LEVEL[str(was)] else "better"


def _law_change(
    requirement: str, old: Finding | None, new: Finding | None, before: Assessment, now: Assessment
) -> LawChange | None:
    """
    What became of a requirement; a kit that knows one which is not in force lists it as not assessed.
    """
    if old is None:
        known = any(n.id == requirement for n in before.not_assessed)
        return LawChange(requirement, "began" if known else "added")
    if new is None:
        known = any(n.id == requirement for n in now.not_assessed)
        return LawChange(requirement, "ended" if known else "dropped")
    parts = tuple(p for p in PARTS if getattr(old, p) != getattr(new, p))
    return LawChange(requirement, "changed", parts) if parts else None


def _causes(
    old: Finding | None, new: Finding | None, law: LawChange | None, before: Assessment, now: Assessment
) -> tuple[Cause, ...]:
    """
    Why a verdict is another one: of what can decide it, everything that differs.
    """
    if law and law.kind in ("began", "ended"):
        return ("law",)
    if old is None or new is None:
        return ("kit",)
    found: list[Cause] = ["law"] if law and set(law.parts) & set(_DECIDES) else []
    shut = [f.rule == "gate_closed" for f in (old, new)]
    if shut[0] != shut[1]:
        found += _opened_or_shut(old, new, before, now)
    else:
        by_register = [f.rule == "register" for f in (old, new)]
        declared = [f.rule if f.rule.startswith("declared") else "" for f in (old, new)]
        if not all(by_register) and (old.answer != new.answer or declared[0] != declared[1]):
            found.append("answer")
        if any(by_register):
            found.append("registers")
    return tuple(found) or ("kit",)


def _opened_or_shut(old: Finding, new: Finding, before: Assessment, now: Assessment) -> list[Cause]:
    """
    Why the scope questions of a requirement close it in one period only.
    """
    gates = {g for f in (old, new) for entry in f.gates for g in entry.split(" or ")}
    scopes = [{s.gate: s for s in a.scope if s.gate in gates} for a in (before, now)]
    answers, denied = (
        [{gate: of(s) for gate, s in scope.items()} for scope in scopes]
        for of in (lambda s: s.answer, lambda s: bool(s.contradicted_by))
    )
    found: list[Cause] = ["scope"] if answers[0] != answers[1] else []
    return [*found, "registers"] if denied[0] != denied[1] else found


def _split(
    then: Mapping[str, Finding], found: Sequence[Change], before: Assessment, now: Assessment
) -> Split | None:
    """
    The verdicts of now under the law of then stand between the two intervals.

    Where nothing of the organisation made a verdict another, or the requirement is gone, the verdict
    of then stays: what the law did is not counted for or against the organisation.
    """
    own = {
        c.requirement: c.now
        for c in found
        if c.now is not None and any(cause in _ORGANISATION for cause in c.causes)
    }
    first, last = shown_interval(before), shown_interval(now)
    middle = interval({i: (f.weight, own.get(i, f.verdict)) for i, f in then.items() if f.measure == "legal"})
    if first is None or last is None or middle is None:
        return None
    return Split(first, last, organisation=middle - first, law=last - middle)
