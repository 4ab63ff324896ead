"""
Remarks for a reviewer as lines on a screen, and complete as CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from appi_assess.lint.case import Case
from appi_assess.lint.remark import Remark
from appi_assess.lint.rules import RULES
from appi_assess.problems import shown
from appi_assess.text import shown_date
from appi_assess.wording import say

SHOWN = 5  # remarks of one rule on the screen; the CSV holds all of them
SHOWN_IDS = 8  # requirements of one remark on the screen


def lines(case: Case, remarks: Sequence[Remark], lang: str) -> Iterator[str]:
    """
    The remarks by rule, the rule with the gravest first, and how many there are.
    """
    organisation = shown(case.assessment.about.organisation)
    yield say("lint.heading", lang, organisation=organisation, as_of=shown_date(case.as_of, lang))
    codes = list(RULES)
    groups: dict[str, list[Remark]] = {}
    for remark in remarks:
        groups.setdefault(remark.code, []).append(remark)
    for code, found in sorted(groups.items(), key=lambda g: (-g[1][0].severity, codes.index(g[0]))):
        yield ""
        yield say("lint.group", lang, title=say(f"lint.{code}.title", lang), count=len(found))
        yield say("lint.why", lang, text=say(f"lint.{code}.why", lang))
        yield say("lint.look", lang, text=say(f"lint.{code}.look", lang))
        yield from (_line(r, lang) for r in found[:SHOWN])
        if len(found) > SHOWN:
            yield say("lint.more", lang, count=len(found) - SHOWN)
    yield ""
    if not case.changes:
        yield say("lint.no_journal", lang)
    if case.previous is None:
        yield say("lint.no_previous", lang)
    yield _count(remarks, lang)


def remarks_csv(remarks: Sequence[Remark], lang: str) -> str:
    """
    Every remark as a line of CSV, in which no cell can act as a formula.
    """
    from appi_assess.gap_report import inert

    comma = say("list", lang)
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    keys = ("severity", "requirements", "rule", "subject", "fact", "why", "look", "files")
    writer.writerow([say(f"lint.csv.{key}", lang) for key in keys])
    for r in remarks:
        title, why, look = (say(f"lint.{r.code}.{part}", lang) for part in ("title", "why", "look"))
        cells = (
            str(r.severity), comma.join(r.requirements), title, r.subject[lang], r.fact[lang], why, look, comma.join(r.files),
        )  # fmt: skip
        writer.writerow([inert(cell) for cell in cells])
    return buffer.getvalue()


def _line(r: Remark, lang: str) -> str:
    words = {"subject": shown(r.subject[lang], 200), "severity": r.severity, "fact": r.fact[lang]}
    if not r.requirements or r.subject[lang].startswith(f"{r.requirements[0]} "):
        return say("lint.line", lang, **words)
    ids = say("list", lang).join(r.requirements[:SHOWN_IDS])
    if (more := len(r.requirements) - SHOWN_IDS) > 0:
        ids = say("lint.ids_more", lang, ids=ids, count=more)
    return say("lint.line_many", lang, requirements=ids, **words)


def _count(remarks: Sequence[Remark], lang: str) -> str:
    if not remarks:
        return say("lint.clean", lang)
    severities = [r.severity for r in remarks]
    by = say("list", lang).join(
        say("lint.of_severity", lang, severity=s, count=severities.count(s))
        for s in sorted(set(severities), reverse=True)
    )
    return say("lint.count", lang, count=len(remarks), severities=by)
