"""
Gaps that are not being closed as planned.
"""

from __future__ import annotations

from collections.abc import Iterator

from appi_assess.assessment import Finding
from appi_assess.conclude import GAPS, both
from appi_assess.lint.case import Case
from appi_assess.lint.remark import Remark, day, on_one
from appi_assess.problems import shown
from appi_assess.wording import say_both


def overdue(case: Case) -> Iterator[Remark]:
    """
    Gaps whose due date is past; the due date itself is not.
    """
    for f in _gaps(case):
        if f.due and f.due < case.as_of:
            words = {
                "verdict": say_both(f"verdict.{f.verdict}"),
                "due": day(f.due),
                "days": (case.as_of - f.due).days,
                "owner": shown(f.owner) or say_both("words.undecided"),
            }
            yield on_one("overdue", f, both("lint.overdue.fact", **words))


def postponed(case: Case) -> Iterator[Remark]:
    """
    Gaps that would be overdue, had their due date not been moved since the period before.
    """
    for f in _gaps(case):
        before = case.earlier.get(f.id)
        if not (before and before.verdict in GAPS and before.due and f.due):
            continue
        if before.due < case.as_of <= f.due:
            yield on_one("postponed", f, both("lint.postponed.fact", old=day(before.due), new=day(f.due)))


def unplanned(case: Case) -> Iterator[Remark]:
    """
    Gaps in legal duties without an owner or a due date.
    """
    for f in _gaps(case):
        if f.measure == "legal" and not (f.owner and f.due):
            lacks = "owner" if f.due else "due" if f.owner else "both"
            words = {"verdict": say_both(f"verdict.{f.verdict}"), "lacks": say_both(f"lint.lacks.{lacks}")}
            yield on_one("unplanned", f, both("lint.unplanned.fact", **words))


def _gaps(case: Case) -> list[Finding]:
    return [f for f in case.findings if f.verdict in GAPS]
