"""
What is claimed to be met without evidence that carries it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from appi_assess import law
from appi_assess.assessment import Finding
from appi_assess.conclude import both
from appi_assess.engagement import EVIDENCE
from appi_assess.lint.case import Case
from appi_assess.lint.remark import Remark, as_written, day, joined, on_one, on_several
from appi_assess.problems import shown
from appi_assess.requirement import Text
from appi_assess.wording import say_both

GRAVE = 4  # the severity at which an urgent order is possible (README, figures)
# A document about one subject may back a whole chapter, and a published policy whatever the checklist
# judges by it. A chapter has twenty requirements on average; a document that also backs more than
# half as many outside its subject is a general one.
SHARED_OUTSIDE = 10
_CLAIMED = ("met", "partly")


def grave_statement(case: Case) -> Iterator[Remark]:
    """
    Duties of severity 4 that are met on a statement alone.
    """
    for f in _stated(case):
        if f.severity == GRAVE:
            yield on_one("grave_statement", f, _statement(case, f))


def no_evidence(case: Case) -> Iterator[Remark]:
    """
    What else is met without evidence that counts.
    """
    for f in _stated(case):
        if f.severity != GRAVE:
            yield on_one("no_evidence", f, _statement(case, f))


def stale_evidence(case: Case) -> Iterator[Remark]:
    """
    Evidence past its last good day behind what is met or partly met, where no other piece counts.
    """
    behind: dict[tuple[str, date], list[Finding]] = {}
    for f in case.findings:
        pieces = case.evidence(f)
        if f.verdict not in _CLAIMED or f.support == "evidenced" or any(not fault for _, fault in pieces):
            continue
        for p, fault in pieces:
            if fault == "stale" and p.valid_until:
                behind.setdefault((p.file, p.valid_until), []).append(f)
    for (file, until), found in behind.items():
        fact = both("lint.stale_evidence.fact", until=day(until), as_of=day(case.as_of))
        yield on_several("stale_evidence", found, as_written(file), fact, (f"{EVIDENCE}/{file}",))


def old_evidence(case: Case) -> Iterator[Remark]:
    """
    Evidence older than the requirement in force that it alone has to back.
    """
    passed = {c.id for c in case.assessment.checks if c.sufficient and c.state == "pass"}
    first = {r.id: r.in_force_from for r in law.catalogue(case.as_of)}
    for f in case.findings:
        if f.verdict not in _CLAIMED or f.support != "evidenced" or not passed.isdisjoint(f.checks):
            continue
        counting = [(p.dated, p.file) for p, fault in case.evidence(f) if p.dated and not fault]
        dated, file = max(counting, default=(case.as_of, ""))
        if dated < first[f.id]:
            words = {"file": shown(file), "dated": day(dated), "first": day(first[f.id])}
            files = (f"{EVIDENCE}/{name}" for _, name in counting)
            yield on_one("old_evidence", f, both("lint.old_evidence.fact", **words), files)


def shared_evidence(case: Case) -> Iterator[Remark]:
    """
    One piece of evidence behind more requirements than one document reasonably speaks about.
    """
    policy = {r for line in case.assessment.checklist for r in line.judged_by}
    behind: dict[str, list[Finding]] = {}
    for f in case.findings:
        if f.answer in _CLAIMED:
            for file in dict.fromkeys(p.file for p in f.evidence):
                behind.setdefault(file, []).append(f)
    for file, found in behind.items():
        chapters = Counter(f.chapter for f in found)
        outside = len(found) - max(sum(f.id in policy for f in found), *chapters.values())
        if outside > SHARED_OUTSIDE:
            words = {"count": len(found), "chapters": len(chapters), "outside": outside}
            fact = both("lint.shared_evidence.fact", limit=SHARED_OUTSIDE, **words)
            yield on_several("shared_evidence", found, as_written(file), fact, (f"{EVIDENCE}/{file}",))


def _stated(case: Case) -> list[Finding]:
    """
    What is met on a statement alone.
    """
    return [f for f in case.findings if f.verdict == "met" and f.support == "stated"]


def _statement(case: Case, f: Finding) -> Text:
    """
    Who says so since when, and what is the matter with the evidence that does not count.
    """
    words = {
        "who": shown(f.answered_by) or say_both("lint.unnamed"),
        "day": day(f.answered_on) if f.answered_on else say_both("lint.undated"),
    }
    faults = [
        both(
            f"lint.fault.{fault}",
            file=shown(p.file),
            dated=p.dated and day(p.dated),
            until=p.valid_until and day(p.valid_until),
        )
        for p, fault in case.evidence(f)
    ]
    if not faults:
        return both("lint.stated.none", **words)
    return both("lint.stated.faults", faults=joined(faults), **words)
