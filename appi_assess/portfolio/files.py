"""
The lists of notebook 30 as CSV, whole, in which no cell can act as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from fractions import Fraction

from appi_assess.gap_report import inert
from appi_assess.portfolio.frames import CommonGap, Move, Ranked, Tagged, by_status, rates, spread
from appi_assess.portfolio.results import GRAVITIES, Organisation
from appi_assess.score import STATUSES
from appi_assess.wording import choices, say


def ranking_csv(ranked: Iterable[Ranked], lang: str) -> bytes:
    """
    Every organisation, worst first.
    """
    status, comma = choices("status", lang), say("list", lang)
    head = ["rank", "id", "name", "tags", "status", *(f"unmet_{s}" for s in GRAVITIES), "low", "high", "coverage",
            "late", "overdue", "as_of", "checked_on"]  # fmt: skip
    rows = [
        (
            r.rank, o.id, o.name, comma.join(o.tags), status[o.status], *o.unmet, _rate(o.low), _rate(o.high),
            _rate(o.coverage), sum(late.rows for late in o.late), len(o.overdue), o.law.as_of, o.law.checked_on,
        )
        for r, o in ((r, r.organisation) for r in ranked)
    ]  # fmt: skip
    return _csv(head, rows, lang)


def common_gaps_csv(gaps: Iterable[CommonGap], lang: str) -> bytes:
    """
    Every requirement that any organisation has open, of every measure.
    """
    measure = choices("measure", lang)
    head = ("requirement", "provision", "title", "measure", "severity", "not_met", "partly", "unknown", "applies", "share")  # fmt: skip
    rows = [
        (
            g.asked.id, g.asked.provision[lang], g.asked.title[lang], measure[g.asked.measure], g.asked.severity,
            g.not_met, g.partly, g.unknown, g.applies, _rate(g.share),
        )
        for g in gaps
    ]  # fmt: skip
    return _csv(head, rows, lang)


def overdue_csv(ranked: Iterable[Ranked], lang: str) -> bytes:
    """
    Every late or overdue report of a breach and every overdue action, by organisation.
    """
    verdict, rows = choices("verdict", lang), list[tuple[object, ...]]()
    head = (
        "id",
        "name",
        "what",
        "rows",
        "blank",
        "requirement",
        "verdict",
        "owner",
        "due",
        "days",
        "because",
    )
    for o in (r.organisation for r in ranked):
        rows += [
            (o.id, o.name, check_word(late.check, lang), late.rows, late.blank, "", "", "", "", "", late.because[lang])
            for late in o.late
        ]  # fmt: skip
        action = say("page.portfolio_csv.action", lang)
        rows += [
            (o.id, o.name, action, "", "", a.requirement, verdict[a.verdict], a.owner, a.due, a.days, "")
            for a in o.overdue
        ]
    return _csv(head, rows, lang)


def tags_csv(tags: Iterable[Tagged], lang: str) -> bytes:
    """
    Organisations, statuses and medians by tag.
    """
    rows = []
    for t in tags:
        low, high = (spread(rates(t.organisations, name)) for name in ("low", "high"))
        name = say("page.portfolio_untagged", lang) if t.tag is None else t.tag
        rows.append(
            (
                name,
                len(t.organisations),
                *by_status(t.organisations).values(),
                *(_rate(s.median if s else None) for s in (low, high)),
            )
        )
    return _csv(("tag", "count", *STATUSES, "median_low", "median_high"), rows, lang)


def trend_csv(moves: Iterable[Move], lang: str) -> bytes:
    """
    Every organisation of both periods: status, unmet duties and interval, before and now.
    """
    head = ("id", "name", *(f"{k}_{when}" for when in ("before", "now") for k in ("as_of", "status", "unmet", "low", "high")))  # fmt: skip
    rows = [(m.now.id, m.now.name, *_state(m.before, lang), *_state(m.now, lang)) for m in moves]
    return _csv(head, rows, lang)


def check_word(check: str, lang: str) -> str:
    """
    What a check of the deadlines is about, in a few words.
    """
    return choices("page.portfolio_check", lang)[check.rsplit(".", 1)[1]]


def unmet_text(o: Organisation) -> str:
    """
    The duties not met of severity 4, 3 and 2.
    """
    return " / ".join(str(count) for count in o.unmet)


def _state(o: Organisation, lang: str) -> tuple[object, ...]:
    return o.law.as_of, choices("status", lang)[o.status], unmet_text(o), _rate(o.low), _rate(o.high)


def _rate(value: Fraction | None) -> str:
    return "" if value is None else f"{float(value):.6f}"


def _csv(keys: Iterable[str], rows: Iterable[tuple[object, ...]], lang: str) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([say(f"page.portfolio_csv.{key}", lang) for key in keys])
    writer.writerows([inert(str(cell)) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")
