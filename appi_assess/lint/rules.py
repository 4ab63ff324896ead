"""
What a reviewer should look at before relying on an assessment; no remark changes a verdict or a figure.

Pure: the engagement, its assessment and its journal go in, the remarks come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from appi_assess.lint.answers import answered_later, bulk, copied_comment, nobody
from appi_assess.lint.case import Case
from appi_assess.lint.evidence import (
    grave_statement,
    no_evidence,
    old_evidence,
    shared_evidence,
    stale_evidence,
)
from appi_assess.lint.gaps import overdue, postponed, unplanned
from appi_assess.lint.remark import Remark
from appi_assess.lint.reviews import own_approval, own_review, reviewed_before, signoff_broken
from appi_assess.lint.scope import declared_against_rows, gate_against_rows, gate_changed

RULES: Mapping[str, Callable[[Case], Iterator[Remark]]] = {
    rule.__name__: rule
    for rule in (
        signoff_broken,
        own_review,
        gate_against_rows,
        gate_changed,
        declared_against_rows,
        own_approval,
        grave_statement,
        stale_evidence,
        old_evidence,
        shared_evidence,
        bulk,
        copied_comment,
        nobody,
        answered_later,
        reviewed_before,
        overdue,
        postponed,
        unplanned,
        no_evidence,
    )
}


def remarks(case: Case) -> tuple[Remark, ...]:
    """
    Everything that a reviewer should look at, the gravest first, then in reading order.
    """
    codes = list(RULES)
    order = {f.id: place for place, f in enumerate(case.findings)}

    def key(r: Remark) -> tuple[int, int, int, str]:
        first = order[r.requirements[0]] if r.requirements else -1
        return -r.severity, first, codes.index(r.code), r.subject.en

    return tuple(sorted((r for rule in RULES.values() for r in rule(case)), key=key))
