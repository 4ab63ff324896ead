"""
What a reviewer should look at before relying on an assessment; no remark changes a verdict or a figure.

Pure: the engagement, its assessment and its journal go in, the remarks come out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

from appi_assess import law
from appi_assess.assessment import Assessment, Finding, Part, Piece
from appi_assess.checks import Outcome, check_registers
from appi_assess.conclude import GAPS, both
from appi_assess.engagement import (
    ANSWERS,
    ENGAGEMENT,
    EVIDENCE,
    REVIEWS,
    SIGNOFF,
    Answer,
    Engagement,
    Evidence,
    evidence_fault,
)
from appi_assess.forms.journal import JOURNAL, Change
from appi_assess.problems import shown
from appi_assess.requirement import Text
from appi_assess.row_findings import row_list
from appi_assess.text import shown_date
from appi_assess.wording import LANGUAGES, say, say_both

GRAVE = 4  # the severity at which an urgent order is possible (README, figures)
# A document about one subject may back a whole chapter, and a published policy whatever the checklist
# judges by it. A chapter has twenty requirements on average; a document that also backs more than
# half as many outside its subject is a general one.
SHARED_OUTSIDE = 10
COPIED = 3  # the same words under two requirements may be one matter; under three they are a habit
# Thirty answers in ten minutes are twenty seconds each, less than reading the questions takes.
IN_WINDOW, WINDOW = 30, timedelta(minutes=10)
# Without a journal only the day is known: eight hours with five minutes for each requirement.
A_DAY = 8 * 60 // 5
SHOWN_FILES = 5  # names of files in one sentence
_JAPAN = timezone(timedelta(hours=9))  # times are told alike wherever the command runs
_CLAIMED = ("met", "partly")


class Remark(Part):
    """
    One thing to look at.

    Attributes:
        code: The rule (``RULES``); title, reason and what to look at stand under it in the wording.
        requirements: Those concerned, in reading order; none where the whole engagement is.
        severity: The highest among them.
        subject: What it is about: a requirement, a file, a comment, a scope question.
        fact: What is so, with names, files and dates.
        files: Where to look.
    """

    code: str
    requirements: tuple[str, ...]
    severity: int
    subject: Text
    fact: Text
    files: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """
    What the rules look at.

    Attributes:
        engagement: As read.
        assessment: Its result.
        changes: Its journal; empty if none is kept.
        previous: The result of the period before, if it is given.
    """

    engagement: Engagement
    assessment: Assessment
    changes: Sequence[Change] = ()
    previous: Assessment | None = None

    @property
    def as_of(self) -> date:
        """
        The assessment date.
        """
        return self.assessment.law.as_of

    @property
    def findings(self) -> tuple[Finding, ...]:
        """
        What was concluded, in reading order.
        """
        return self.assessment.findings

    @cached_property
    def order(self) -> dict[str, int]:
        """
        The place of each requirement in reading order.
        """
        return {f.id: place for place, f in enumerate(self.findings)}

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """
        What each check of the registers found, with the rows that it speaks about.
        """
        return check_registers(self.engagement.registers, self.as_of).outcomes

    @cached_property
    def earlier(self) -> dict[str, Finding]:
        """
        What was concluded in the period before, by requirement.
        """
        return {f.id: f for f in self.previous.findings} if self.previous else {}

    def answer(self, f: Finding) -> Answer:
        """
        The answer behind a finding.
        """
        return self.engagement.answers.get(f.id, Answer())


def remarks(case: Case) -> tuple[Remark, ...]:
    """
    Everything that a reviewer should look at, the gravest first, then in reading order.
    """
    codes = list(RULES)
    found = [remark for rule in RULES.values() for remark in rule(case)]

    def key(r: Remark) -> tuple[int, int, int, str]:
        first = min((case.order[i] for i in r.requirements), default=-1)
        return -r.severity, first, codes.index(r.code), r.subject.en

    return tuple(sorted(found, key=key))


def grave_statement(case: Case) -> Iterator[Remark]:
    """
    Duties of severity 4 that are met on a statement alone.
    """
    for f in case.findings:
        if f.verdict == "met" and f.support == "stated" and f.severity == GRAVE:
            yield _one(case, "grave_statement", f, _stated(case, f))


def no_evidence(case: Case) -> Iterator[Remark]:
    """
    What else is met without evidence that counts.
    """
    for f in case.findings:
        if f.verdict == "met" and f.support == "stated" and f.severity != GRAVE:
            yield _one(case, "no_evidence", f, _stated(case, f))


def stale_evidence(case: Case) -> Iterator[Remark]:
    """
    Evidence past its last good day behind what is met or partly met, where no other piece counts.
    """
    behind: dict[tuple[str, date], list[Finding]] = {}
    for f in case.findings:
        faults = [(p, _fault(p, case.as_of)) for p in f.evidence]
        if f.verdict not in _CLAIMED or f.support == "evidenced" or any(not fault for _, fault in faults):
            continue
        for p, fault in faults:
            if fault == "stale" and p.valid_until:
                behind.setdefault((p.file, p.valid_until), []).append(f)
    for (file, until), found in behind.items():
        fact = both("lint.stale_evidence.fact", until=_day(until), as_of=_day(case.as_of))
        yield _several(case, "stale_evidence", found, _same(file), fact, (f"{EVIDENCE}/{file}",))


def old_evidence(case: Case) -> Iterator[Remark]:
    """
    Evidence older than the requirement in force that it alone has to back.
    """
    passed = {c.id for c in case.assessment.checks if c.sufficient and c.state == "pass"}
    first = {r.id: r.in_force_from for r in law.catalogue(case.as_of)}
    for f in case.findings:
        if f.verdict not in _CLAIMED or f.support != "evidenced" or not passed.isdisjoint(f.checks):
            continue
        counting = [(p.dated, p.file) for p in f.evidence if p.dated and not _fault(p, case.as_of)]
        dated, file = max(counting, default=(case.as_of, ""))
        if dated < first[f.id]:
            words = {"file": shown(file), "dated": _day(dated), "first": _day(first[f.id])}
            files = (f"{EVIDENCE}/{name}" for _, name in counting)
            yield _one(case, "old_evidence", f, both("lint.old_evidence.fact", **words), files)


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
        chapters = [f.chapter for f in found]
        subject = max(sum(f.id in policy for f in found), *(chapters.count(c) for c in set(chapters)))
        if len(found) - subject > SHARED_OUTSIDE:
            words = {"count": len(found), "chapters": len(set(chapters)), "outside": len(found) - subject}
            fact = both("lint.shared_evidence.fact", limit=SHARED_OUTSIDE, **words)
            yield _several(case, "shared_evidence", found, _same(file), fact, (f"{EVIDENCE}/{file}",))


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
            where = _joined(
                both("lint.rows_of", file=n, rows=row_list(sorted(k), len(k))) for n, k in rows.items()
            )
            reason = shown(case.answer(f).reason).rstrip("。．. ") or _label("registers.blank")
            fact = both("lint.declared_against_rows.fact", reason=reason, where=where)
            yield _one(case, "declared_against_rows", f, fact, (ANSWERS, *rows))


def gate_against_rows(case: Case) -> Iterator[Remark]:
    """
    Scope questions answered no although a register holds rows that cannot exist then.
    """
    for s in case.assessment.scope:
        if s.contradicted_by:
            where = _joined(
                both("lint.rows_in", file=p.file, heading=shown(p.heading), rows=row_list([*p.rows], p.count))
                for p in s.contradicted_by
            )
            files = (ENGAGEMENT, *(p.file for p in s.contradicted_by))
            fact = both("lint.gate_against_rows.fact", where=where)
            found = _behind(case, s.gate)
            yield _several(case, "gate_against_rows", found, _gate(s.gate, s.question), fact, files)


def bulk(case: Case) -> Iterator[Remark]:
    """
    Many answers within minutes by the journal, or by one person on one day by their dates.
    """
    known = {f.id: f for f in case.findings}
    told: set[str] = set()
    for who, burst in _bursts(case):
        found = [known[r] for _, r in burst]
        told |= {f.id for f in found}
        first, last = burst[0][0].astimezone(_JAPAN), burst[-1][0].astimezone(_JAPAN)
        words = {"day": _day(first.date()), "first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
        fact = both("lint.bulk.journal", count=len(found), **words)
        yield _several(case, "bulk", found, _person(who), fact, (JOURNAL, ANSWERS))
    days: dict[tuple[str, date], list[Finding]] = {}
    for f in case.findings:
        if f.answer and f.answered_on and f.id not in told:
            days.setdefault((f.answered_by, f.answered_on), []).append(f)
    for (who, day), found in days.items():
        if len(found) > A_DAY:
            fact = both("lint.bulk.dates", count=len(found), day=_day(day), limit=A_DAY)
            yield _several(case, "bulk", found, _person(who), fact, (ANSWERS,))


def copied_comment(case: Case) -> Iterator[Remark]:
    """
    The same comment under several requirements, whatever its width, case and punctuation.
    """
    same: dict[str, list[Finding]] = {}
    for f in case.findings:
        if f.comment and f.verdict != "not_applicable":
            same.setdefault(_plain(f.comment), []).append(f)
    for found in same.values():
        if len(found) >= COPIED:
            subject = both("lint.copied_comment.subject", comment=shown(found[0].comment))
            fact = both("lint.copied_comment.fact", count=len(found))
            yield _several(case, "copied_comment", found, subject, fact, (ANSWERS,))


def overdue(case: Case) -> Iterator[Remark]:
    """
    Gaps whose due date is past; the due date itself is not.
    """
    for f in case.findings:
        if f.verdict in GAPS and f.due and f.due < case.as_of:
            words = {"due": _day(f.due), "days": (case.as_of - f.due).days}
            owner = shown(f.owner) or _label("words.undecided")
            fact = both("lint.overdue.fact", verdict=_label(f"verdict.{f.verdict}"), owner=owner, **words)
            yield _one(case, "overdue", f, fact)


def postponed(case: Case) -> Iterator[Remark]:
    """
    Gaps that would be overdue, had their due date not been moved since the period before.
    """
    for f in case.findings:
        before = case.earlier.get(f.id)
        if before is None or f.verdict not in GAPS or before.verdict not in GAPS:
            continue
        if f.due and before.due and before.due < case.as_of <= f.due:
            fact = both("lint.postponed.fact", old=_day(before.due), new=_day(f.due))
            yield _one(case, "postponed", f, fact)


def unplanned(case: Case) -> Iterator[Remark]:
    """
    Gaps in legal duties without an owner or a due date.
    """
    for f in case.findings:
        lacks = [name for name in ("owner", "due") if not getattr(f, name)]
        if f.verdict in GAPS and f.measure == "legal" and lacks:
            which = lacks[0] if len(lacks) == 1 else "both"
            words = {"verdict": _label(f"verdict.{f.verdict}"), "lacks": _label(f"lint.lacks.{which}")}
            fact = both("lint.unplanned.fact", **words)
            yield _one(case, "unplanned", f, fact)


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
        words = {
            "old": _label(f"words.{old or 'unanswered'}"),
            "new": _label(f"words.{s.answer or 'unanswered'}"),
        }
        concerned = [(f, case.earlier[f.id]) for f in _behind(case, s.gate) if f.id in case.earlier]
        shut = "gate_closed"
        effects = {
            "opens": [f for f, was in concerned if was.rule == shut != f.rule],
            "closes": [f for f, was in concerned if f.rule == shut != was.rule],
        }
        subject, files = _gate(s.gate, s.question), (ENGAGEMENT,)
        for effect, found in effects.items():
            if found:
                fact = both(f"lint.gate_changed.{effect}", count=len(found), **words)
                yield _several(case, "gate_changed", found, subject, fact, files)
        if not any(effects.values()):
            fact = both("lint.gate_changed.neither", **words)
            yield Remark(
                code="gate_changed", requirements=(), severity=0, subject=subject, fact=fact, files=files
            )


def answered_later(case: Case) -> Iterator[Remark]:
    """
    Answers that were given after the assessment date.
    """
    for f in case.findings:
        if f.answered_on and f.answered_on > case.as_of:
            fact = both("lint.answered_later.fact", on=_day(f.answered_on), as_of=_day(case.as_of))
            yield _one(case, "answered_later", f, fact)


def nobody(case: Case) -> Iterator[Remark]:
    """
    Answers that do not say who gave them and when, in one remark.
    """
    found = [f for f in case.findings if f.answer and not (f.answered_by and f.answered_on)]
    if found:
        answered = sum(f.answer is not None for f in case.findings)
        fact = both("lint.nobody.fact", count=len(found), answered=answered)
        yield _several(case, "nobody", found, _same(ANSWERS), fact, (ANSWERS,))


def own_review(case: Case) -> Iterator[Remark]:
    """
    A reviewer who is the assessor, or who reviewed an answer of their own.
    """
    about = case.assessment.about
    if about.reviewer and _plain(about.reviewer) == _plain(about.assessor):
        yield _whole(case, "own_review", about.reviewer, both("lint.own_review.whole"), (ENGAGEMENT,))
    for f in case.findings:
        r = f.review
        if r and r.verdict and r.by and _plain(r.by) == _plain(f.answered_by):
            fact = both("lint.own_review.fact", who=shown(r.by))
            yield _one(case, "own_review", f, fact, (ANSWERS, REVIEWS))


def own_approval(case: Case) -> Iterator[Remark]:
    """
    Not applicable, answered and approved by one person.
    """
    for f in case.findings:
        a = case.answer(f)
        if f.rule == "declared" and _plain(a.approved_by) == _plain(f.answered_by):
            yield _one(case, "own_approval", f, both("lint.own_approval.fact", who=shown(a.approved_by)))


def reviewed_before(case: Case) -> Iterator[Remark]:
    """
    Answers that are later than their review.
    """
    for f in case.findings:
        r = f.review
        if r and r.verdict and r.on and f.answered_on and f.answered_on > r.on:
            fact = both("lint.reviewed_before.fact", reviewed=_day(r.on), answered=_day(f.answered_on))
            yield _one(case, "reviewed_before", f, fact, (ANSWERS, REVIEWS))


def signoff_broken(case: Case) -> Iterator[Remark]:
    """
    Files that are no longer as they were signed off.
    """
    signed = case.assessment.signed_off
    if signed and signed.changed:
        names = _joined(_same(name) for name in signed.changed[:SHOWN_FILES])
        if (more := len(signed.changed) - SHOWN_FILES) > 0:
            names = say_both("lint.ids_more", ids=names, count=more)
        fact = both("lint.signoff_broken.fact", on=_day(signed.on), files=names)
        yield _whole(case, "signoff_broken", signed.by, fact, (SIGNOFF, *signed.changed))


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


def _one(case: Case, code: str, f: Finding, fact: Text, files: Iterable[str] = (ANSWERS,)) -> Remark:
    subject = Text(ja=f"{f.id} {f.title.ja}", en=f"{f.id} {f.title.en}")
    return _several(case, code, [f], subject, fact, files)


def _several(
    case: Case, code: str, found: Iterable[Finding], subject: Text, fact: Text, files: Iterable[str]
) -> Remark:
    ordered = sorted(found, key=lambda f: case.order[f.id])
    return Remark(
        code=code,
        requirements=tuple(f.id for f in ordered),
        severity=max((f.severity for f in ordered), default=0),
        subject=subject,
        fact=fact,
        files=tuple(dict.fromkeys(files)),
    )


def _whole(case: Case, code: str, who: str, fact: Text, files: Iterable[str]) -> Remark:
    """
    A remark on the whole engagement weighs as much as the gravest of its requirements.
    """
    severity = max(f.severity for f in case.findings)
    return Remark(
        code=code, requirements=(), severity=severity, subject=_person(who), fact=fact, files=tuple(files)
    )


def _stated(case: Case, f: Finding) -> Text:
    """
    Who says so since when, and what is the matter with the evidence that does not count.
    """
    who = shown(f.answered_by) or _label("lint.unnamed")
    day = _day(f.answered_on) if f.answered_on else _label("lint.undated")
    if not f.evidence:
        return both("lint.stated.none", who=who, day=day)
    faults = _joined(
        both(
            f"lint.fault.{_fault(p, case.as_of)}",
            file=shown(p.file),
            dated=_day(p.dated) if p.dated else "",
            until=_day(p.valid_until) if p.valid_until else "",
        )
        for p in f.evidence
    )
    return both("lint.stated.faults", who=who, day=day, faults=faults)


def _bursts(case: Case) -> Iterator[tuple[str, list[tuple[datetime, str]]]]:
    """
    Who gave many answers that still stand within the window, and each of these answers with its time.
    """
    latest: dict[str, Change] = {}
    for c in case.changes:
        if c.file == ANSWERS and c.field == "answer" and isinstance(c.who, str):
            latest[c.requirement] = c
    given: dict[str, list[tuple[datetime, str]]] = {}
    for requirement, c in latest.items():
        answer = case.engagement.answers.get(requirement, Answer()).answer
        if requirement in case.order and c.via == "form" and answer and c.new == answer:
            given.setdefault(c.who, []).append((c.when, requirement))
    for who, moments in given.items():
        yield from ((who, burst) for burst in _dense(sorted(moments)))


def _dense(moments: list[tuple[datetime, str]]) -> list[list[tuple[datetime, str]]]:
    """
    The stretches in which each moment is one of ``IN_WINDOW`` within ``WINDOW``.
    """
    dense: set[int] = set()
    for start in range(len(moments) - IN_WINDOW + 1):
        last = start + IN_WINDOW - 1
        if moments[last][0] - moments[start][0] <= WINDOW:
            dense.update(range(start, last + 1))
    stretches: list[list[tuple[datetime, str]]] = []
    for place in sorted(dense):
        if stretches and moments[place][0] - stretches[-1][-1][0] <= WINDOW:
            stretches[-1].append(moments[place])
        else:
            stretches.append([moments[place]])
    return stretches


def _behind(case: Case, gate: str) -> list[Finding]:
    """
    The requirements that need a gate.
    """
    return [f for f in case.findings if any(gate in entry.split(" or ") for entry in f.gates)]


def _fault(piece: Piece, as_of: date) -> str:
    return evidence_fault(Evidence(piece.file, piece.exists, piece.dated, piece.valid_until), as_of)


def _plain(text: str) -> str:
    """
    A text without what hides that it is the same: width, case, spaces, punctuation.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum()) or folded.strip()


def _gate(gate: str, question: Text) -> Text:
    return Text(ja=f"{gate} {question.ja}", en=f"{gate} {question.en}")


def _person(who: str) -> Text:
    return _same(who) if who else both("lint.unnamed")


def _same(text: str) -> Text:
    return Text(ja=shown(text, 200), en=shown(text, 200))


def _day(day: date) -> dict[str, str]:
    return {lang: shown_date(day, lang) for lang in LANGUAGES}


def _label(key: str) -> dict[str, str]:
    return say_both(key)


def _joined(texts: Iterable[Text]) -> dict[str, str]:
    found = list(texts)
    return {lang: say("registers.join", lang).join(t[lang] for t in found) for lang in LANGUAGES}
