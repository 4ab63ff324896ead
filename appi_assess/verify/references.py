"""
Whether an assessment holds together: every name in it stands for something, and its parts agree.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from typing import get_args

from appi_assess import law
from appi_assess.assessment import Assessment, Verdict
from appi_assess.conclude import GAPS
from appi_assess.problems import InputProblems
from appi_assess.requirement import sources
from appi_assess.verify.remarks import Remark, listed, reason


def reference_faults(assessment: Assessment, inputs: Collection[str], *, same_law: bool) -> list[Remark]:
    """
    What in an assessment refers to nothing, or contradicts the rest of it.

    Args:
        assessment: As delivered.
        inputs: The files of the engagement it was made from.
        same_law: Whether it was made with the law data at hand, so that its requirements are known.
    """
    found = [
        Remark("broken", "reference", {"place": place, "name": name})
        for place, name in _dangling(assessment, inputs, same_law=same_law)
    ]
    found += [Remark("broken", "contradiction", {"place": place}) for place in _contradictions(assessment)]
    return [*_completeness(assessment, same_law=same_law), *found]


def _completeness(a: Assessment, *, same_law: bool) -> Iterator[Remark]:
    ids = [f.id for f in a.findings]
    if twice := [i for i, n in Counter(ids).items() if n > 1]:
        yield Remark("broken", "requirement_twice", {"ids": listed(twice)})
    if not same_law:
        return
    try:
        wanted = [r.id for r in law.catalogue(a.law.as_of)]
    except InputProblems as error:
        yield Remark("broken", "refused", reason(error))
        return
    words = {"as_of": a.law.as_of}
    if missing := [i for i in wanted if i not in ids]:
        yield Remark("broken", "requirement_missing", {"ids": listed(missing), **words})
    if strange := [i for i in ids if i not in wanted]:
        yield Remark("broken", "requirement_not_in_force", {"ids": listed(strange), **words})


def _dangling(a: Assessment, inputs: Collection[str], *, same_law: bool) -> Iterator[tuple[str, str]]:
    """
    Names that stand for nothing, each with the place where it stands.
    """
    there = {_plain(name) for name in inputs}
    known: dict[str, Collection[str]] = {
        "findings": {f.id for f in a.findings},
        "requirements": {f.id for f in a.findings} | {r.id for r in law.all_requirements()},
        "checks": {c.id for c in a.checks},
        "registers": {r.name for r in a.registers},
        "gates": {s.gate for s in a.scope},
        "chapters": {c.id for c in law.chapters()},
    }
    if same_law:
        known["sources"] = sources()
    for place, kind, names in _names(a):
        if kind == "files":
            yield from ((place, name) for name in names if name and _plain(name) not in there)
        elif kind in known:
            yield from ((place, name) for name in names if name not in known[kind])


def _names(a: Assessment) -> Iterator[tuple[str, str, Collection[str]]]:
    """
    Every reference in an assessment: the place, what is named, and the names.
    """
    yield from ((f"gaps {gap.rank}", "findings", [gap.requirement]) for gap in a.gaps)
    for f in a.findings:
        place = f"findings {f.id}"
        gates = [g for entry in (*f.gates, f.closed_by or "") for g in entry.split(" or ") if g]
        yield f"{place}: gates", "gates", gates
        yield f"{place}: checks", "checks", f.checks
        yield f"{place}: chapter", "chapters", [f.chapter]
        yield f"{place}: evidence", "files", [f"evidence/{p.file}" for p in f.evidence if p.exists]
        yield f"{place}: citations", "sources", [c.source for c in f.citations]
    for c in a.checks:
        yield f"checks {c.id}: requirements", "requirements", c.requirements
        yield f"checks {c.id}: register_name", "registers", [c.register_name]
        yield f"checks {c.id}: file", "files", [c.file]
    for s in a.scope:
        place = f"scope {s.gate}: contradicted_by"
        yield place, "registers", [p.register_name for p in s.contradicted_by]
        yield place, "files", [p.file for p in s.contradicted_by]
    yield from ((f"registers {r.name}: file", "files", [r.file]) for r in a.registers)
    yield from ((f"checklist {c.id}: judged_by", "requirements", c.judged_by) for c in a.checklist)
    yield "agreement: disputed", "findings", a.agreement.disputed


def _plain(name: str) -> str:
    """
    The name of a file as file systems tell it from others.
    """
    return unicodedata.normalize("NFC", posixpath.normpath(name)).casefold()


def _contradictions(a: Assessment) -> Iterator[str]:
    """
    The places where one part of the assessment says something else than another.
    """
    gaps = {g.requirement: (g.verdict, g.measure) for g in a.gaps}
    if [g.rank for g in a.gaps] != list(range(1, len(gaps) + 1)):
        yield "gaps: rank"
    for f in a.findings:
        if gaps.get(f.id) != ((f.verdict, f.measure) if f.verdict in GAPS else None):
            yield f"gaps {f.id}"
    if {f.id for f in a.findings if f.disputed} != set(a.agreement.disputed):
        yield "agreement: disputed"
    in_force = {f.id for f in a.findings}
    for check in a.checks:
        if {f.id for f in a.findings if check.id in f.checks} != in_force & set(check.requirements):
            yield f"checks {check.id}: requirements"
    yield from _miscounted(a)


def _miscounted(a: Assessment) -> Iterator[str]:
    if a.law.requirements != len(a.findings):
        yield "law: requirements"
    for measure, scores in a.scores.items():
        counts = Counter(f.verdict for f in a.findings if f.measure == measure)
        if any(getattr(scores.overall, verdict) != counts[verdict] for verdict in get_args(Verdict)):
            yield f"scores {measure}: overall"
    unmet = [(f.severity, f.basis) for f in a.findings if f.measure == "legal" and f.verdict == "not_met"]
    if {(u.severity, u.basis): u.count for u in a.unmet} != Counter(unmet):
        yield "unmet"
    yield from (f"scope {gate}" for gate, n in Counter(s.gate for s in a.scope).items() if n > 1)
