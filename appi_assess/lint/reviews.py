"""
Whether somebody else looked at what stands there now: review, approval and sign-off.
"""

from __future__ import annotations

from collections.abc import Iterator

from appi_assess.conclude import both
from appi_assess.engagement import ANSWERS, ENGAGEMENT, REVIEWS, SIGNOFF
from appi_assess.lint.case import Case
from appi_assess.lint.remark import Remark, as_written, day, joined, on_one, on_whole, plain
from appi_assess.problems import shown
from appi_assess.wording import say_both

SHOWN_FILES = 5  # names of files in one sentence


def own_review(case: Case) -> Iterator[Remark]:
    """
    A reviewer who is the assessor, or who reviewed an answer of their own.
    """
    about = case.assessment.about
    if about.reviewer and plain(about.reviewer) == plain(about.assessor):
        yield on_whole(case, "own_review", about.reviewer, both("lint.own_review.whole"), (ENGAGEMENT,))
    for f in case.findings:
        r = f.review
        if r and r.verdict and r.by and plain(r.by) == plain(f.answered_by):
            fact = both("lint.own_review.fact", who=shown(r.by))
            yield on_one("own_review", f, fact, (ANSWERS, REVIEWS))


def reviewed_before(case: Case) -> Iterator[Remark]:
    """
    Answers that are later than their review.
    """
    for f in case.findings:
        r = f.review
        if r and r.verdict and r.on and f.answered_on and f.answered_on > r.on:
            fact = both("lint.reviewed_before.fact", reviewed=day(r.on), answered=day(f.answered_on))
            yield on_one("reviewed_before", f, fact, (ANSWERS, REVIEWS))


def own_approval(case: Case) -> Iterator[Remark]:
    """
    Not applicable, answered and approved by one person.
    """
    for f in case.findings:
        approver = case.answer(f).approved_by
        if f.rule == "declared" and plain(approver) == plain(f.answered_by):
            yield on_one("own_approval", f, both("lint.own_approval.fact", who=shown(approver)))


def signoff_broken(case: Case) -> Iterator[Remark]:
    """
    Files that are no longer as they were signed off.
    """
    signed = case.assessment.signed_off
    if signed and signed.changed:
        names = joined(as_written(name) for name in signed.changed[:SHOWN_FILES])
        if (more := len(signed.changed) - SHOWN_FILES) > 0:
            names = say_both("lint.ids_more", ids=names, count=more)
        fact = both("lint.signoff_broken.fact", on=day(signed.on), files=names)
        yield on_whole(case, "signoff_broken", signed.by, fact, (SIGNOFF, *signed.changed))
