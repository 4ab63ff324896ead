"""
The chapter notebooks 00 to 11: each walks its part of the law and says where one stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, get_args

import pandas as pd

from . import charts, law, provisions
from .assessment import Figures, Finding, Gap, Group, Piece
from .conclude import GAPS
from .notebook import Sheet, open_notebook
from .page import Page, grid, heading, sentence
from .picture import Chart
from .register_sheet import RegisterSheet
from .requirement import KNOWN_FROM, Basis, renumbered
from .score import STATUSES
from .text import shown_date
from .wording import say

if TYPE_CHECKING:
    from .forms.live import Live, Refused


def open_start(
    engagement: str = "", as_of: str = "", lang: str = "", out: str = ""
) -> Start | Live | Refused:
    """
    Open notebook 00; parameters as in ``open_engagement``.
    """
    return open_notebook(partial(Start, "00"), engagement, as_of, lang, out)


def open_chapter(
    chapter: str, engagement: str = "", as_of: str = "", lang: str = "", out: str = ""
) -> Chapter | Live | Refused:
    """
    Open a chapter notebook, ``01`` to ``11``; other parameters as in ``open_engagement``.
    """
    return open_notebook(partial(Chapter, chapter), engagement, as_of, lang, out)


class Start(RegisterSheet):
    """
    Notebook 00: what is assessed, the scope questions, and where each chapter stands.
    """

    def introduction(self) -> Page:
        """
        What is assessed, by whom, on which day, under which law.
        """
        return self.about("start_intro")

    def scope(self) -> Page:
        """
        Every scope question with its answer and what it concerns.
        """
        rows = []
        for s in self.assessment.scope:
            closed = [f.id for f in self.assessment.findings if s.gate in (f.closed_by or "").split(" or ")]
            answer = self.gate_answer(s)
            rows.append(
                (
                    s.gate,
                    s.question[self.lang],
                    answer,
                    law.gates()[s.gate].effect[self.lang],
                    say("list", self.lang).join(closed),
                )
            )
        head = [self.say(k) for k in ("number", "gate", "answer", "concerns", "closes")]
        table = grid(head, rows, widths=(5, 34, 20, 24, 17))
        return self.page(heading(self.say("scope")), sentence(self.say("scope_open")), table)

    def chapters(self) -> Page:
        """
        The figures of every chapter in legal conformity.
        """
        scores = self.assessment.scores["legal"]
        rows = [(f"{g.key} {g.label[self.lang]}", "legal", g.figures) for g in scores.theme]
        rows.append((self.say("total"), "legal", scores.overall))
        return self.page(
            heading(self.say("chapters")),
            sentence(self.say("how_to_read")),
            self.figure_rows(rows, self.say("chapter")),
        )

    def chart(self) -> Chart | Page:
        """
        The verdicts of every chapter.
        """
        short = {c.id: c.short[self.lang] for c in law.chapters()}
        numbers = self.counts(self.assessment.findings, lambda f: f"{f.chapter} {short[f.chapter]}")
        return self.show("verdicts", charts.verdict_bars, numbers, self.say("chart_theme"))

    def registers_kept(self) -> Page:
        """
        Which registers are absent, empty or filled, and that every row was judged.
        """
        return self.page(
            heading(self.say("registers")), sentence(self.say("registers_states")), self.register_table()
        )

    def next_steps(self) -> Page:
        """
        The first actions over all chapters.
        """
        gaps = self.assessment.gaps
        return self.page(heading(self.say("next", count=len(gaps))), *self.open_gates(), self.to_do(gaps))


class Chapter(RegisterSheet):
    """
    A chapter: its articles in order, its charts, its gaps and what to do next.
    """

    @property
    def findings(self) -> list[Finding]:
        """
        The findings of this chapter in reading order.
        """
        return [f for f in self.assessment.findings if f.chapter == self.chapter.id]

    @property
    def gap_list(self) -> list[Gap]:
        """
        The gaps of this chapter in the order of the action plan.
        """
        own = {f.id for f in self.findings}
        return [g for g in self.assessment.gaps if g.requirement in own]

    def introduction(self) -> Page:
        """
        What the chapter covers, and what was assessed under which law.
        """
        return self.about("chapter_intro")

    def standing(self) -> Page:
        """
        Status and figures of the chapter in every measure that it holds.
        """
        found = self._figures()
        rows = [(self.word("measure", m), m, f) for m, f in found.items()]
        status = self.status_word(self.status(), "legal" if "legal" in found else "")
        meaning = self.word("status_meaning", self.status()) if "legal" in found else self.say("no_legal")
        return self.page(
            heading(self.say("standing")),
            heading(self.say("status_line", status=status, meaning=meaning), 4),
            self.figure_rows(rows, self.say("measure")),
            sentence(self.say("how_to_read")),
        )

    def form(self) -> Page:
        """
        How far each article is answered and reviewed; where a person works in the notebook, its form.
        """
        rows = []
        for group in self.chapter.groups:
            asked = [f for f in self.findings if f.group == group and f.rule != "gate_closed"]
            rows.append(
                (
                    law.groups()[group][self.lang],
                    len(asked),
                    sum(bool(f.answer) for f in asked),
                    sum(f.verdict in GAPS for f in asked),
                    sum(f.review is not None and f.review.verdict is not None for f in asked),
                    sum(f.disputed for f in asked),
                )
            )
        head = [
            self.say(f"form.{k}") for k in ("article", "apply", "answered", "gaps", "reviewed", "disputed")
        ]
        return self.page(heading(self.say("form.title")), grid(head, rows))

    def scope(self) -> Page:
        """
        The scope questions that decide what of this chapter applies.
        """
        used = {g for f in self.findings for entry in f.gates for g in entry.split(" or ")}
        rows = [
            (s.gate, s.question[self.lang], self.gate_answer(s))
            for s in self.assessment.scope
            if s.gate in used
        ]
        return self.page(
            heading(self.say("scope_chapter")),
            sentence(self.say("scope_open")),
            grid([self.say(k) for k in ("number", "gate", "answer")], rows),
        )

    def article(self, group: str) -> Page:
        """
        One article or group: what it asks, what was answered, the verdict and why, the evidence.

        Args:
            group: A file of ``articles/`` that belongs to this chapter, such as ``art_26``.
        """
        found = [f for f in self.findings if f.group == group]
        title = law.groups()[group][self.lang]
        head = [self.say(k) for k in ("id", "asks", "answer", "verdict", "evidence")]
        if group.startswith("art_"):
            number = group.removeprefix("art_")
            old = next((r.old for r in renumbered() if r.on(KNOWN_FROM) == number), None)
            was = self.say("article_old", old=provisions.label(old, self.lang)) if old else ""
            title = self.say(
                "article_title", number=provisions.label(number, self.lang), old=was, title=title
            )
        return self.page(
            heading(title), grid(head, [self._row(f) for f in found], widths=(11, 30, 19, 27, 13))
        )

    def chart(self) -> Chart | Page:
        """
        The verdicts of the chapter by the basis of the duty.
        """
        found = sorted(self.findings, key=lambda f: get_args(Basis).index(f.basis))
        numbers = self.counts(found, lambda f: self.word("basis", f.basis))
        return self.show("verdicts", charts.verdict_bars, numbers, self.say("chart_basis"))

    def intervals(self) -> Chart | Page:
        """
        The conformity interval of each article that lies wholly in the chapter.
        """
        elsewhere = {f.article for f in self.assessment.findings if f.chapter != self.chapter.id}
        own = {f.article for f in self.findings} - elsewhere
        return self.show("intervals", charts.intervals, interval_frame(self, own), self.say("chart_interval"))

    def gaps(self) -> Page:
        """
        The gaps of the chapter in the order of the action plan.
        """
        if not self.gap_list:
            return self.page(heading(self.say("gaps")), sentence(self.say("no_gaps")))
        return self.page(
            heading(self.say("gaps")),
            sentence(self.say("gaps_order")),
            sentence(self.say("ranks")),
            self.gap_rows(self.gap_list),
        )

    def next_steps(self) -> Page:
        """
        What to do next in this chapter: the first gaps, then evidence that is missing.
        """
        bare = [f.id for f in self.findings if f.verdict == "met" and f.support in ("stated", "stale")]
        blocks = [heading(self.say("next", count=len(self.gap_list))), self.to_do(self.gap_list)]
        if bare:
            blocks.append(
                sentence(self.say("do_evidence", count=len(bare), ids=say("list", self.lang).join(bare)))
            )
        return self.page(*blocks)

    def checklist(self) -> Page:
        """
        The published-policy checklist; each line takes the gravest verdict behind it.
        """
        rows = []
        for c in self.assessment.checklist:
            judged = [
                f"{r} {self.judged(self.assessment[r])}"
                for r in c.judged_by
                if r in {f.id for f in self.assessment.findings}
            ]
            modes = say("list", self.lang).join(self.word("mode", m) for m in c.mode)
            rows.append(
                (
                    c.id,
                    c.item[self.lang],
                    modes,
                    f"{c.when[self.lang]}\n{c.basis[self.lang]}",
                    self.verdict(c.verdict),
                    "\n".join(judged),
                )
            )
        head = [self.say(k) for k in ("number", "item", "mode", "when", "verdict_only", "judged_by")]
        return self.page(heading(self.say("checklist")), grid(head, rows, widths=(6, 34, 14, 22, 12, 12)))

    def sections(self) -> Page:
        """
        The figures by section of the organisation's own policy, legal duties and promises.
        """
        rows = [
            (self.say("labelled", label=g.label[self.lang], measure=self.word("measure", m)), m, g.figures)
            for m in ("legal", "promises")
            for g in self.assessment.scores[m].policy_section
        ]
        return self.page(heading(self.say("by_policy_section")), self.figure_rows(rows, self.say("section")))

    def status(self) -> str:
        """
        The status of the chapter's legal duties; of its other measures where it has none.
        """
        found = self._figures()
        if "legal" in found:
            return found["legal"].status
        return min((f.status for f in found.values()), key=STATUSES.index)

    def _figures(self) -> dict[str, Figures]:
        return {
            m: g.figures
            for m, scores in self.assessment.scores.items()
            for g in scores.theme
            if g.key == self.chapter.id
        }

    def _row(self, f: Finding) -> tuple[str, ...]:
        lang = self.lang
        severity = (
            say("list", lang) + self.say("severity_short", n=f.severity) if f.measure == "legal" else ""
        )
        known = f"{f.id}\n{f.provision[lang]}\n{self.word('duty', f.duty)}{severity}"
        if f.rule == "gate_closed" and not f.answer:
            answer = [self.say("closed")]
        else:
            answer = [
                self.word("verdict", f.answer) if f.answer else say("words.unanswered", lang),
                f.comment,
            ]
        day = shown_date(f.answered_on, lang) if f.answered_on else ""
        answer.append(say("list", lang).join(filter(None, (f.answered_by, day))))
        verdict = self.verdict(f.verdict)
        if f.support:
            verdict = self.say("with_support", verdict=verdict, support=self.word("support", f.support))
        said = filter(None, (verdict, self.reviewed(f), f.because[lang], *(n[lang] for n in f.notes)))
        return (
            known,
            f"{f.title[lang]}\n{f.statement[lang]}",
            "\n".join(filter(None, answer)),
            "\n".join(said),
            "\n".join(self._piece(p) for p in f.evidence),
        )

    def _piece(self, piece: Piece) -> str:
        if piece.dated is None:
            return self.say("undated", file=piece.file)
        dated = shown_date(piece.dated, self.lang)
        if piece.valid_until is None:
            return self.say("dated_open", file=piece.file, dated=dated)
        return self.say("dated", file=piece.file, dated=dated, until=shown_date(piece.valid_until, self.lang))


def interval_frame(sheet: Sheet, articles: set[str] | None = None) -> pd.DataFrame:
    """
    Conformity, low and high, of each article that has something to score.

    Args:
        sheet: Whose assessment and language.
        articles: Which articles; None for all.
    """
    groups = sheet.assessment.scores["legal"].article
    return rate_frame([g for g in groups if articles is None or g.key in articles], sheet.lang)


def rate_frame(groups: Iterable[Group], lang: str) -> pd.DataFrame:
    """
    The conformity interval of groups as exact fractions; groups with nothing to score are left out.
    """
    rows = {}
    for g in groups:
        low, high = g.figures.conformity_low, g.figures.conformity_high
        if low.whole:
            rows[g.label[lang]] = (
                Fraction(low.part) / Fraction(low.whole),
                Fraction(high.part) / Fraction(high.whole),
            )
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"], dtype=object)
