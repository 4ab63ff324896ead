"""
What is left out of the assessment by a scope question or a declaration, against what speaks for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from appi_assess.assessment import Finding
from appi_assess.conclude import both
from appi_assess.engagement import ANSWERS, ENGAGEMENT
from appi_assess.lint.case import Case
from appi_assess.lint.remark import Remark, joined, numbered, on_one, on_several
from appi_assess.problems import shown
from appi_assess.row_findings import row_list
from appi_assess.wording import say_both


def gate_against_rows(case: Case) -> Iterator[Remark]:
    """
    Scope questions answered no although a register holds rows that cannot exist then.
    """
    for s in case.assessment.scope:
        if s.contradicted_by:
            where = joined(
                both("lint.rows_in", file=p.file, heading=shown(p.heading), rows=row_list([*p.rows], p.count))
                for p in s.contradicted_by
            )
            subject, fact = numbered(s.gate, s.question), both("lint.gate_against_rows.fact", where=where)
            files = (ENGAGEMENT, *(p.file for p in s.contradicted_by))
            yield on_several("gate_against_rows", _behind(case, s.gate), subject, fact, files)


def gate_changed(case: Case) -> Iterator[Remark]:
    """
    Scope questions answered otherwise than in the period before, with what that opens and closes.

    A blank answer counts as yes; between the two nothing changes.
    """
    before = {s.gate: s.answer for s in case.previous.scope} if case.previous else {}
    for s in case.assessment.scope:
        old = before.get(s.gate, s.answer)
        if (old == "no") == (s.answer == "no"):
            continue
        effects: dict[str, list[Finding]] = {"opens": [], "closes": []}
        for f in _behind(case, s.gate):
            closed_before = case.earlier.get(f.id, f).rule == "gate_closed"
            if closed_before != (f.rule == "gate_closed"):
                effects["opens" if closed_before else "closes"].append(f)
        told = {effect: found for effect, found in effects.items() if found} or {"neither": []}
        words = {
            "old": say_both(f"words.{old or 'unanswered'}"),
            "new": say_both(f"words.{s.answer or 'unanswered'}"),
        }
        for effect, found in told.items():
            fact = both(f"lint.gate_changed.{effect}", count=len(found), **words)
            yield on_several("gate_changed", found, numbered(s.gate, s.question), fact, (ENGAGEMENT,))


def declared_against_rows(case: Case) -> Iterator[Remark]:
    """
    Requirements declared not applicable although a register holds rows that they concern.
    """
    for f in case.findings:
        if f.rule not in ("declared", "declared_incomplete"):
            continue
        rows: dict[str, set[int]] = {}
        for o in case.outcomes:
            if o.check.id in f.checks and o.rows is not None and o.applies.any():
                rows.setdefault(o.rows.file, set()).update(o.rows.numbers[o.applies].tolist())
        if rows:
            where = joined(
                both("lint.rows_of", file=name, rows=row_list(sorted(numbers), len(numbers)))
                for name, numbers in rows.items()
            )
            reason = shown(case.answer(f).reason).rstrip("。．. ") or say_both("registers.blank")
            fact = both("lint.declared_against_rows.fact", reason=reason, where=where)
            yield on_one("declared_against_rows", f, fact, (ANSWERS, *rows))


def _behind(case: Case, gate: str) -> list[Finding]:
    """
    The requirements that need a gate.
    """
    return [f for f in case.findings if any(gate in entry.split(" or ") for entry in f.gates)]
