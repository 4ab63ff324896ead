"""
How the answers were given: in bulk, copied, without a name, too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from appi_assess.assessment import Finding
from appi_assess.conclude import both
from appi_assess.engagement import ANSWERS
from appi_assess.forms.journal import JOURNAL, Change
from appi_assess.lint.case import Case
from appi_assess.lint.remark import Remark, as_written, day, on_one, on_several, person, plain
from appi_assess.problems import shown

COPIED = 3  # the same words under two requirements may be one matter; under three they are a habit
# Thirty answers in ten minutes are twenty seconds each, less than reading the questions takes.
IN_WINDOW, WINDOW = 30, timedelta(minutes=10)
# Without a journal only the day is known: eight hours with five minutes for each requirement.
A_DAY = 8 * 60 // 5
_JAPAN = timezone(timedelta(hours=9))  # times are told alike wherever the command runs
_Moment = tuple[datetime, str]  # when which requirement was answered


def bulk(case: Case) -> Iterator[Remark]:
    """
    Many answers within minutes by the journal, or by one person on one day by their dates.
    """
    told: set[str] = set()
    for who, burst in _bursts(case):
        given = {requirement for _, requirement in burst}
        told |= given
        first, last = (moment.astimezone(_JAPAN) for moment, _ in (burst[0], burst[-1]))
        words = {"day": day(first.date()), "first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
        fact = both("lint.bulk.journal", count=len(burst), **words)
        found = [f for f in case.findings if f.id in given]
        yield on_several("bulk", found, person(who), fact, (JOURNAL, ANSWERS))
    days: dict[tuple[str, date], list[Finding]] = {}
    for f in case.findings:
        if f.answer and f.answered_on and f.id not in told:
            days.setdefault((f.answered_by, f.answered_on), []).append(f)
    for (who, on), found in days.items():
        if len(found) > A_DAY:
            fact = both("lint.bulk.dates", count=len(found), day=day(on), limit=A_DAY)
            yield on_several("bulk", found, person(who), fact)


def copied_comment(case: Case) -> Iterator[Remark]:
    """
    The same comment under several requirements, whatever its width, case and punctuation.
    """
    same: dict[str, list[Finding]] = {}
    for f in case.findings:
        if f.comment and f.verdict != "not_applicable":
            same.setdefault(plain(f.comment), []).append(f)
    for found in same.values():
        if len(found) >= COPIED:
            subject = both("lint.copied_comment.subject", comment=shown(found[0].comment))
            yield on_several(
                "copied_comment", found, subject, both("lint.copied_comment.fact", count=len(found))
            )


def nobody(case: Case) -> Iterator[Remark]:
    """
    Answers that do not say who gave them and when, in one remark.
    """
    answered = [f for f in case.findings if f.answer]
    found = [f for f in answered if not (f.answered_by and f.answered_on)]
    if found:
        fact = both("lint.nobody.fact", count=len(found), answered=len(answered))
        yield on_several("nobody", found, as_written(ANSWERS), fact)


def answered_later(case: Case) -> Iterator[Remark]:
    """
    Answers that were given after the assessment date.
    """
    for f in case.findings:
        if f.answered_on and f.answered_on > case.as_of:
            fact = both("lint.answered_later.fact", on=day(f.answered_on), as_of=day(case.as_of))
            yield on_one("answered_later", f, fact)


def _bursts(case: Case) -> Iterator[tuple[str, list[_Moment]]]:
    """
    Who gave many answers that still stand within the window, and each of these answers with its time.
    """
    latest: dict[str, Change] = {}
    for c in case.changes:
        if c.file == ANSWERS and c.field == "answer" and isinstance(c.who, str):
            latest[c.requirement] = c
    standing = {f.id: f.answer for f in case.findings if f.answer}
    given: dict[str, list[_Moment]] = {}
    for requirement, c in latest.items():
        if c.via == "form" and requirement in standing and c.new == standing[requirement]:
            given.setdefault(c.who, []).append((c.when, requirement))
    for who, moments in given.items():
        yield from ((who, burst) for burst in _dense(sorted(moments)))


def _dense(moments: list[_Moment]) -> list[list[_Moment]]:
    """
    The stretches in which each moment is one of ``IN_WINDOW`` within ``WINDOW``.
    """
    dense: set[_Moment] = set()
    for start, (first, last) in enumerate(zip(moments, moments[IN_WINDOW - 1 :], strict=False)):
        if last[0] - first[0] <= WINDOW:
            dense.update(moments[start : start + IN_WINDOW])
    stretches: list[list[_Moment]] = []
    for moment in sorted(dense):
        if stretches and moment[0] - stretches[-1][-1][0] <= WINDOW:
            stretches[-1].append(moment)
        else:
            stretches.append([moment])
    return stretches
