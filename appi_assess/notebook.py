"""
What every notebook shares: opening an engagement, showing charts with their numbers, finishing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from . import law
from .assessment import Assessment, Figures, Finding, Gap, Rate, Scope
from .checks import Checked
from .conclude import Judge
from .engagement import day_of
from .page import Block, Page, grid, items, sentence
from .problems import InputProblems, Problem
from .reader import read_engagement
from .record import Record
from .registers import register
from .resources import sample
from .row_findings import row_list
from .sheet import ChartSheet, rate_text
from .text import shown_date
from .wording import LANGUAGES, choices, say

if TYPE_CHECKING:
    from .forms.live import Live, Refused

S = TypeVar("S", bound="Sheet")


@dataclass(frozen=True)
class Opened:
    """
    An engagement as a notebook sees it; ``brief`` where a form stands below and says more.
    """

    assessment: Assessment
    lang: str
    out: Path | None
    checked: Checked = field(default_factory=Checked)
    brief: bool = False


def is_live() -> bool:
    """
    Whether a person sits in front of this notebook, so that forms make sense.

    JupyterLab and other editors let a cell ask for input; papermill, nbval and nbconvert do not.
    Voilà runs notebooks as nbconvert does, but for a person, and says so in the environment.
    """
    if is_served():
        return True
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return False
    request = kernel.get_parent("shell") or {}
    return bool(request.get("content", {}).get("allow_stdin"))


def is_served() -> bool:
    """
    Whether Voilà runs this notebook.
    """
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")


def open_notebook(
    make: Callable[[Opened], S], engagement: str = "", as_of: str = "", lang: str = "", out: str = ""
) -> S | Live | Refused:
    """
    The sheet of a notebook; where a person works in it, the same with forms, following every answer.

    Args:
        make: Makes the sheet.
        engagement: As the others in ``open_engagement``.
        as_of: Likewise.
        lang: Likewise.
        out: Likewise.
    """
    if is_live():
        from .forms.live import open_live

        return open_live(make, engagement, as_of, lang, out)
    return make(open_engagement(engagement, as_of, lang, out))


def open_engagement(engagement: str = "", as_of: str = "", lang: str = "", out: str = "") -> Opened:
    """
    Read and assess an engagement with the parameters of a notebook.

    Args:
        engagement: Folder of the engagement; empty for the bundled sample.
        as_of: Assessment date; empty for the engagement's own.
        lang: ``ja`` or ``en``; empty for the engagement's own.
        out: Folder for charts and files; empty to write nothing.

    Raises:
        InputProblems: With everything that is wrong, in the language asked for.
    """
    # papermill turns 20261122 on its command line into a number.
    engagement, as_of, lang, out = (str(value) for value in (engagement, as_of, lang, out))
    if lang and lang not in LANGUAGES:
        raise InputProblems([Problem("lang_unknown", key="lang", found=lang)])
    try:
        read = read_engagement(Path(engagement) if engagement else sample(lang or "en"))
        judge = Judge(day_of(read, as_of), read.registers)
    except InputProblems as error:
        raise InputProblems(error.problems, lang or error.lang) from None
    return Opened(judge.assessment(read), lang or read.language, Path(out) if out else None, judge.checked)


def conformity_text(figures: Figures, lang: str) -> str:
    """
    The conformity interval; a single number only when both ends are equal.
    """
    low, high = figures.conformity_low, figures.conformity_high
    first, last = (rate_text(r.part, r.whole, lang) for r in (low, high))
    return first if low.part == high.part else say("words.interval", lang, low=first, high=last)


class Sheet(ChartSheet):
    """
    The base of a notebook: an assessment, a chapter, and the charts shown so far.
    """

    def __init__(self, chapter: str, opened: Opened) -> None:
        super().__init__(next(c for c in law.chapters() if c.id == chapter), opened.lang, opened.out)
        self.assessment, self.checked, self.brief = opened.assessment, opened.checked, opened.brief

    def about(self, intro: str) -> Page:
        """
        Title, what the notebook shows, and what was assessed under which law.
        """
        a = self.assessment
        if self.brief:
            known = {k: shown_date(getattr(a.law, k), self.lang) for k in ("as_of", "checked_on")}
            return self.page(
                sentence(self.say("about_brief", **known)),
                *(sentence(notice[self.lang]) for notice in a.notices),
            )
        rows = [
            (self.say("organisation"), a.about.organisation),
            (self.say("period"), a.about.period),
            (self.say("as_of"), shown_date(a.law.as_of, self.lang)),
            (self.say("assessor"), a.about.assessor),
            (self.say("reviewer"), a.about.reviewer),
            (self.say("checked_on"), shown_date(a.law.checked_on, self.lang)),
            (self.say("requirements"), self.say("how_many", n=a.law.requirements)),
        ]
        return self.page(
            sentence(self.say(intro)),
            sentence(self.say("needs")),
            sentence(self.say("caution")),
            grid((self.say("item"), self.say("value")), rows, self.say("about")),
            *(sentence(notice[self.lang]) for notice in a.notices),
        )

    def shown(self, rate: Rate) -> str:
        """
        A rate as text; "nothing to score" where there is none.
        """
        return self.percent(rate.part, rate.whole)

    def status_word(self, status: str, measure: str) -> str:
        """
        A status in words; the ladder of the other measures has words of its own.
        """
        return self.word("status" if measure == "legal" else "status_other", status)

    def conformity(self, figures: Figures) -> str:
        """
        The conformity interval; a single number only when both ends are equal.
        """
        return conformity_text(figures, self.lang)

    def figure_rows(self, rows: Iterable[tuple[str, str, Figures]], head: str) -> Block:
        """
        A table of figures, one row per label, measure and figures.
        """
        verdicts = ("met", "partly", "not_met", "unknown", "not_applicable")
        titles = [
            head,
            *(self.say(k) for k in ("status", "conformity", "coverage", "assurance")),
            *(self.word("verdict", v) for v in verdicts),
        ]
        return grid(
            titles,
            [
                (
                    label,
                    self.status_word(f.status, measure),
                    self.conformity(f),
                    self.shown(f.coverage),
                    self.shown(f.assurance),
                    *(getattr(f, v) for v in verdicts),
                )
                for label, measure, f in rows
            ],
        )

    def gap_rows(self, gaps: Iterable[Gap]) -> Block:
        """
        A table of gaps in the order of the action plan.
        """
        head = ("rank", "asks", "verdict", "severity", "effort", "gain", "owner", "due")
        undecided = say("words.undecided", self.lang)
        rows = []
        for gap in gaps:
            f = self.assessment[gap.requirement]
            verdict = (self.verdict(f.verdict), self.reviewed(f), f.because[self.lang], f.comment)
            rows.append(
                (
                    gap.rank,
                    self.titled(f) + "\n" + f.statement[self.lang],
                    "\n".join(filter(None, verdict)),
                    f"{f.severity} {self.word('basis', f.basis)}"
                    if f.measure == "legal"
                    else self.word("basis", f.basis),
                    self.word("effort", f.effort),
                    self.percent(gap.gain.part, gap.gain.whole),
                    f.owner or undecided,
                    shown_date(f.due, self.lang) if f.due else undecided,
                )
            )
        return grid([self.say(k) for k in head], rows, widths=(4, 36, 25, 9, 4, 6, 8, 8))

    def titled(self, f: Finding) -> str:
        """
        Id, title and provision of a requirement.
        """
        return self.say("titled", id=f.id, title=f.title[self.lang], provision=f.provision[self.lang])

    def verdict(self, verdict: str) -> str:
        """
        A verdict with its mark.
        """
        return f"{self.word('mark', verdict)} {self.word('verdict', verdict)}"

    def judged(self, f: Finding) -> str:
        """
        The verdict of a requirement with its mark, and that it is disputed where it is.
        """
        verdict = self.verdict(f.verdict)
        return self.say("judged_disputed", verdict=verdict) if f.disputed else verdict

    def reviewed(self, f: Finding) -> str:
        """
        What the reviewer says about a verdict, who and when; empty where nobody has said anything.
        """
        if f.review is None:
            return ""
        words = {"who": self.signed(f.review.by, f.review.on), "comment": f.review.comment}
        if f.review.verdict is None:
            return self.say("reviewed_remark", **words)
        if not f.disputed:
            return self.say("reviewed_agrees", **words).rstrip()
        verdict = self.word("verdict", f.review.verdict)
        return self.say("reviewed_disputed", verdict=verdict, **words).rstrip()

    def signed(self, by: str, on: date | None) -> str:
        """
        Who and when, as far as they are known.
        """
        day = shown_date(on, self.lang) if on else ""
        return say("list", self.lang).join(filter(None, (by, day))) or self.say("reviewed_nobody")

    def gate_answer(self, scope: Scope) -> str:
        """
        How a scope question was answered, and where register rows contradict a "no".
        """
        answer = say(f"words.{scope.answer or 'unanswered'}", self.lang)
        if not scope.contradicted_by:
            return answer
        places = [
            self.say(
                "gate_place",
                title=register(p.register_name).title[self.lang],
                rows=row_list(list(p.rows), p.count)[self.lang],
            )
            for p in scope.contradicted_by
        ]
        where = say("registers.join", self.lang).join(places)
        return self.say("gate_contradicted", answer=answer, places=where)

    def open_gates(self) -> list[Block]:
        """
        A sentence that names the open scope questions, if there are any.
        """
        found = [s.gate for s in self.assessment.scope if s.answer is None]
        return [sentence(self.say("open_gates", gates=say("list", self.lang).join(found)))] if found else []

    def to_do(self, gaps: Iterable[Gap], limit: int = 5) -> Block:
        """
        The first gaps as sentences that say what to do.
        """
        undecided = say("words.undecided", self.lang)
        found = []
        for gap in list(gaps)[:limit]:
            f = self.assessment[gap.requirement]
            who = self.say(
                "who", owner=f.owner or undecided, due=shown_date(f.due, self.lang) if f.due else undecided
            )
            found.append(self.say(f"do_{gap.verdict}", id=f.id, title=f.title[self.lang], who=who))
        return items(found or [self.say("do_nothing")])

    def counts(self, findings: Iterable[Finding], by: Callable[[Finding], str]) -> pd.DataFrame:
        """
        How many findings of each group have which verdict; groups in order of appearance.
        """
        table: dict[str, dict[str, int]] = {}
        verdicts = choices("verdict", self.lang)
        for f in findings:
            row = table.setdefault(by(f), dict.fromkeys(verdicts, 0))
            row[f.verdict] += 1
        return pd.DataFrame.from_dict(table, orient="index", columns=list(verdicts))

    def status(self) -> str:
        """
        The status that the notebook reports: that of all legal duties.
        """
        return self.assessment.scores["legal"].overall.status

    def finish(self) -> Record:
        """
        Write the files, if an output folder was given, and leave the record of the result.

        The runner believes in a notebook only when it finds this record.
        """
        return self.finished(self.status(), self.assessment.digest)
