"""
Notebook 20: the gap report over all chapters.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from . import charts, law, provisions
from .assessment import Assessment, Finding
from .chapter import interval_frame, rate_frame
from .earlier import earlier
from .notebook import Opened, open_notebook
from .page import Page, grid, heading, items, sentence
from .period_sheet import PeriodSheet
from .periods import changes
from .picture import Chart
from .registers import register
from .requirement import sources
from .row_findings import places
from .text import shown_date
from .what_if import better_statuses
from .wording import choices, say

if TYPE_CHECKING:
    from .forms.live import Live, Refused

_LOW_COVERAGE = 0.8  # below this the report says that the whole cannot be judged


def open_gap_report(
    engagement: str = "",
    as_of: str = "",
    lang: str = "",
    out: str = "",
    previous: str | Path | Iterable[str | Path] = (),
) -> GapReport | Live | Refused:
    """
    Open notebook 20; parameters as in ``open_engagement``.

    Args:
        engagement: As in ``open_engagement``.
        as_of: Likewise.
        lang: Likewise.
        out: Likewise.
        previous: Report folders of earlier periods, seen from the folder of the notebook, or one of
            them; none if empty. A report of the same day may be compared as well.

    Raises:
        InputProblems: With everything that is wrong, also with the earlier reports.
    """
    # Where a person works in the notebook a sheet is made after every answer; reports are read once.
    read = cache(partial(earlier, previous))

    def make(opened: Opened) -> GapReport:
        return GapReport("20", opened, read(opened.assessment.law.as_of, opened.lang))

    return open_notebook(make, engagement, as_of, lang, out)


class GapReport(PeriodSheet):
    """
    The whole assessment on one sheet.
    """

    def introduction(self) -> Page:
        """
        What was assessed under which law, and what was not looked at.
        """
        about = self.about("gap_intro")
        return self.page(*about.blocks, sentence(self.say("limits")))

    def headline(self) -> Page:
        """
        Status, conformity interval, coverage and assurance, and the other measures beside it.
        """
        scores = self.assessment.scores
        overall = scores["legal"].overall
        status = self.word("status", overall.status)
        rows = [(self.word("measure", m), m, s.overall) for m, s in scores.items()]
        meanings = choices("status_meaning", self.lang)
        legend = [
            self.say("status_entry", status=self.word("status", k), meaning=m) for k, m in meanings.items()
        ]
        low = (overall.coverage.value or 0) < _LOW_COVERAGE
        disputed = len(self.assessment.agreement.disputed)
        return self.page(
            heading(self.say("headline")),
            heading(self.say("status_line", status=status, meaning=meanings[overall.status]), 4),
            *([sentence(self.say("low_coverage", coverage=self.shown(overall.coverage)))] if low else []),
            *([sentence(self.say("disputed_count", count=disputed))] if disputed else []),
            self.figure_rows(rows, self.say("measure")),
            sentence(self.say("how_to_read")),
            sentence(self.say("status_legend")),
            items(legend),
        )

    def next_steps(self) -> Page:
        """
        The first actions of the plan, and the scope questions that are still open.
        """
        gaps = self.assessment.gaps
        return self.page(heading(self.say("next", count=len(gaps))), *self.open_gates(), self.to_do(gaps))

    def evidence(self) -> Page:
        """
        What is met without valid evidence.
        """
        met = [f for f in self.assessment.findings if f.verdict == "met"]
        by = {
            s: [f.id for f in met if f.support == s] for s in ("evidenced", "stated", "stale", "contradicted")
        }
        counts = {s: len(ids) for s, ids in by.items()}
        rows = [
            (self.word("support", s), len(by[s]), say("list", self.lang).join(by[s]))
            for s in ("stale", "stated")
            if by[s]
        ]
        head = [self.say(k) for k in ("evidence", "count", "requirement")]
        return self.page(
            heading(self.say("unsupported")),
            sentence(self.say("unsupported_head", met=len(met), **counts)),
            *([grid(head, rows)] if rows else []),
        )

    def not_met(self) -> Page:
        """
        How many legal duties are not met, by severity and basis.
        """
        rows = [
            (self.word("severity", str(u.severity)), self.word("basis", u.basis), u.count)
            for u in self.assessment.unmet
        ]
        if not rows:
            unknown = self.assessment.scores["legal"].overall.unknown
            return self.page(
                heading(self.say("not_met_counts")), sentence(self.say("not_met_none", unknown=unknown))
            )
        head = [self.say(k) for k in ("severity", "basis", "count")]
        return self.page(
            heading(self.say("not_met_counts")), grid(head, rows), sentence(self.say("not_met_words"))
        )

    def heat_map(self) -> Chart | Page:
        """
        Articles by verdict, all measures.
        """
        found = sorted(self.assessment.findings, key=lambda f: law.article_key(f.article))
        numbers = self.counts(found, lambda f: provisions.label(f.article, self.lang))
        return self.show("heat_map", charts.heat_map, numbers, self.say("chart_heat"))

    def intervals(self) -> Chart | Page:
        """
        The conformity interval of every article.
        """
        return self.show("intervals", charts.intervals, interval_frame(self), self.say("chart_interval"))

    def radar(self) -> Chart | Page:
        """
        The conformity interval of every theme.
        """
        numbers = rate_frame(self.assessment.scores["legal"].theme, self.lang)
        return self.show("radar", charts.radar, numbers, self.say("chart_radar"))

    def effort(self) -> Chart | Page:
        """
        The gaps in legal duties by severity and effort.
        """
        found = [self.assessment[g.requirement] for g in self.assessment.gaps if g.measure == "legal"]
        rows = {
            self.word("severity", str(s)): {
                e: sum(f.severity == s and f.effort == e for f in found) for e in "SML"
            }
            for s in sorted({f.severity for f in found}, reverse=True)
        }
        numbers = pd.DataFrame.from_dict(rows, orient="index", columns=list("SML"))
        return self.show("effort", charts.gap_bars, numbers, self.say("chart_gaps"))

    def by(self, grouping: str) -> Page:
        """
        The figures of legal conformity in one grouping.

        Args:
            grouping: ``article``, ``theme``, ``policy_section``, ``severity`` or ``duty``.
        """
        groups = getattr(self.assessment.scores["legal"], grouping)
        return self.page(
            heading(self.say(f"by_{grouping}")),
            self.figure_rows([(g.label[self.lang], "legal", g.figures) for g in groups], self.say("group")),
        )

    def plan(self) -> Page:
        """
        The action plan: legal gaps in order, then those of the other measures.
        """
        legal = [g for g in self.assessment.gaps if g.measure == "legal"]
        other = [g for g in self.assessment.gaps if g.measure != "legal"]
        blocks = [heading(self.say("plan")), sentence(self.say("gaps_order"))]
        for title, gaps in (("plan_legal", legal), ("plan_other", other)):
            blocks.append(heading(self.say(title), 4))
            blocks.append(self.gap_rows(gaps) if gaps else sentence(self.say("no_gaps")))
        return self.page(*blocks)

    def what_if(self, limit: int = 15) -> Page:
        """
        What it takes to reach each better status, and the steps to the nearest.

        Args:
            limit: How many steps are shown; the others are counted.
        """
        paths = better_statuses(self.assessment)
        note = [heading(self.say("what_if")), sentence(self.say("what_if_note"))]
        if not paths:
            return self.page(*note, sentence(self.say("what_if_none")))
        rows = []
        for p in paths:
            count = Counter(step.effort for step in p.steps)
            efforts = [
                self.say("what_if_effort", effort=label, count=count[effort])
                for effort, label in choices("effort", self.lang).items()
                if count[effort]
            ]
            rows.append(
                (
                    self.word("status", p.target),
                    len(p.steps),
                    say("list", self.lang).join(efforts),
                    self.conformity(p.figures),
                    self.word("status", p.status),
                )
            )
        steps = []
        for rank, step in enumerate(paths[0].steps[:limit], start=1):
            f = self.assessment[step.requirement]
            steps.append(
                (
                    rank,
                    self.titled(f),
                    self.judged(f),
                    self.word("effort", step.effort),
                    self.percent(step.gain.numerator, step.gain.denominator),
                    f.owner or say("words.undecided", self.lang),
                )
            )
        more = len(paths[0].steps) - len(steps)
        status = self.word("status", paths[0].target)
        head = ("what_if_target", "what_if_count", "what_if_efforts", "what_if_conformity", "what_if_status")
        step_head = ("rank", "requirement", "verdict_only", "effort", "gain", "owner")
        return self.page(
            *note,
            grid([self.say(k) for k in head], rows),
            heading(self.say("what_if_steps", status=status, count=len(paths[0].steps)), 4),
            sentence(self.say("what_if_order")),
            grid([self.say(k) for k in step_head], steps, widths=(5, 52, 13, 8, 8, 14)),
            *([sentence(self.say("what_if_more", count=more))] if more else []),
        )

    def formula(self, requirement: str = "") -> Page:
        """
        How the figures and one gain are computed, with the numbers put in.

        Args:
            requirement: Which gain to work out; the first gap if empty.
        """
        legal = self.assessment.scores["legal"].overall
        weights = {
            v: sum(f.weight for f in self.assessment.findings if f.measure == "legal" and f.verdict == v)
            for v in ("met", "partly", "unknown")
        }
        whole = f"{legal.coverage.whole:g}"
        lines = [
            self.say(
                "formula_low",
                met=weights["met"],
                partly=weights["partly"],
                weight=whole,
                value=self.shown(legal.conformity_low),
            ),
            self.say("formula_high", **weights, weight=whole, value=self.shown(legal.conformity_high)),
        ]
        first = self.assessment.gaps[0].requirement if self.assessment.gaps else ""
        wanted = requirement or first
        if wanted:
            lines += self._gain(wanted)
        return self.page(heading(self.say("formula")), items(lines))

    def _gain(self, wanted: str) -> list[str]:
        gap = next((g for g in self.assessment.gaps if g.requirement == wanted), None)
        if gap is None:
            verdict = next((f.verdict for f in self.assessment.findings if f.id == wanted), None)
            if verdict is None:
                return [self.say("formula_missing", id=wanted)]
            return [self.say("formula_none", id=wanted, verdict=self.word("verdict", verdict))]
        lines = [
            self.say(
                "formula_which",
                id=gap.requirement,
                formula=gap.formula,
                gain=self.percent(gap.gain.part, gap.gain.whole),
            )
        ]
        return [*lines, self.say("formula_unknown")] if gap.verdict == "unknown" else lines

    def contradictions(self) -> Page:
        """
        Registers with their rows, answers that they contradict, and scope answers that they open.
        """
        lang = self.lang
        against = [f for f in self.assessment.findings if f.support == "contradicted"]
        rows = [
            (
                self.titled(f),
                self.word("verdict", f.answer or "unknown"),
                self.judged(f),
                str(places(c for c in self.assessment.checks if c.id in f.checks)[lang]),
            )
            for f in against
        ]
        gates = [
            (s.gate, s.question[lang], self.gate_answer(s))
            for s in self.assessment.scope
            if s.contradicted_by
        ]
        blocks = [
            heading(self.say("registers")),
            sentence(self.say("registers_states")),
            self.register_table(),
        ]
        blocks.append(heading(self.say("contradicted", count=len(against)), 4))
        if rows:
            head = [self.say(k) for k in ("requirement", "answer", "verdict_only", "places")]
            blocks.append(grid(head, rows, widths=(30, 10, 12, 48)))
        if gates:
            blocks.append(heading(self.say("contradicted_gates"), 4))
            blocks.append(grid([self.say(k) for k in ("number", "gate", "answer")], gates))
        return self.page(*blocks, sentence(self.say("findings_file")))

    def open_scope(self) -> Page:
        """
        The scope questions that nobody has answered.
        """
        rows = [
            (s.gate, s.question[self.lang], law.gates()[s.gate].effect[self.lang])
            for s in self.assessment.scope
            if s.answer is None
        ]
        if not rows:
            return self.page(heading(self.say("open_scope")), sentence(self.say("open_scope_none")))
        return self.page(
            heading(self.say("open_scope")),
            sentence(self.say("scope_open")),
            grid([self.say(k) for k in ("number", "gate", "concerns")], rows),
        )

    def not_assessed(self) -> Page:
        """
        What the assessment leaves out, and why.
        """
        rows = [(n.id, n.reason[self.lang]) for n in self.assessment.not_assessed]
        return self.page(
            heading(self.say("not_assessed")), grid((self.say("number"), self.say("reason")), rows)
        )

    def law(self) -> Page:
        """
        Which law was applied, the powers and penalties as they stand on the day, and what in it nobody
        has verified.
        """
        lang, version = self.lang, self.assessment.law
        facts = [
            (self.say("as_of"), shown_date(version.as_of, lang)),
            (self.say("checked_on"), shown_date(version.checked_on, lang)),
            (self.say("requirements"), version.requirements),
            (self.say("package"), self.assessment.package_version),
        ]
        rows = [
            (_article(r["article"], lang), r["title"][lang], r["text"][lang])
            for r in (*law.powers(version.as_of), *law.penalties(version.as_of))
        ]
        head = [self.say(k) for k in ("article", "item", "content")]
        return self.page(
            heading(self.say("law")),
            grid((self.say("item"), self.say("value")), facts),
            heading(self.say("powers"), 4),
            grid(head, rows) if rows else sentence(self.say("powers_unknown")),
            *self.citations().blocks,
        )

    def citations(self) -> Page:
        """
        Citations in use that were not verified at the source.
        """
        used: dict[tuple[str, str, str], list[str]] = {}
        for f in self.assessment.findings:
            for c in f.citations:
                if c.standing != "verified":
                    used.setdefault((c.standing, c.source, c.section[self.lang]), []).append(f.id)
        rows = [
            (
                self.word("standing", standing),
                f"{source}: {sources()[source].title[self.lang]}",
                section,
                say("list", self.lang).join(ids),
            )
            for (standing, source, section), ids in sorted(used.items())
        ]
        if not rows:
            return self.page(heading(self.say("citations")), sentence(self.say("citations_none")))
        head = [self.say(k) for k in ("verification", "source", "section", "used_by")]
        return self.page(heading(self.say("citations")), grid(head, rows))

    def files(self) -> dict[str, bytes]:
        """
        The charts, ``assessment.json``, ``gaps.csv``, ``findings.csv`` and, where there is an earlier
        period, ``changes.csv``.
        """
        compared: dict[str, bytes] = {}
        if self.earlier:
            content = changes_csv(self.earlier[-1], self.assessment, self.lang)
            compared["changes.csv"] = content.encode("utf-8-sig")
        return {
            **super().files(),
            **compared,
            "assessment.json": self.assessment.to_json().encode("utf-8"),
            "gaps.csv": gaps_csv(self.assessment, self.lang).encode("utf-8-sig"),
            "findings.csv": findings_csv(self.assessment, self.lang).encode("utf-8-sig"),
        }


def gaps_csv(assessment: Assessment, lang: str) -> str:
    """
    The action plan as CSV, in which no cell can act as a formula.
    """
    keys = (
        "rank",
        "id",
        "provision",
        "title",
        "verdict",
        "reason",
        "severity",
        "basis",
        "measure",
        "gain",
        "effort",
        "owner",
        "due",
        "comment",
        "reviewer_verdict",
        "disputed",
    )
    label = {kind: choices(kind, lang) for kind in ("verdict", "basis", "measure", "effort")}
    found = {f.id: f for f in assessment.findings}
    rows = []
    for gap in assessment.gaps:
        f = found[gap.requirement]
        row = (
            gap.rank, f.id, f.provision[lang], f.title[lang], label["verdict"][f.verdict], f.because[lang], f.severity,
            label["basis"][f.basis], label["measure"][f.measure], f"{gap.gain.value:.6f}", label["effort"][f.effort], f.owner, f.due or "", f.comment,
            label["verdict"][f.review.verdict] if f.review and f.review.verdict else "", say(f"words.{'yes' if f.disputed else 'no'}", lang),
        )  # fmt: skip
        rows.append(row)
    return _csv(keys, rows, lang)


def findings_csv(assessment: Assessment, lang: str) -> str:
    """
    Every failing row of every register as CSV, then the scope answers that registers contradict.

    Where a check fails for more rows than the assessment lists, a last line says how many more.
    """
    keys = ("register", "file", "row", "column", "value", "wrong", "rule", "citation", "remedy", "requirements", "check", "reviewer_verdict", "disputed")  # fmt: skip
    rows: list[tuple[object, ...]] = []
    reviewed = [f for f in assessment.findings if f.review and f.review.verdict]
    for c in assessment.checks:
        title = register(c.register_name).title[lang]
        tail = (
            c.rule[lang],
            c.citation[lang],
            c.remedy[lang],
            say("list", lang).join(c.requirements),
            c.id,
            *_reviewed(reviewed, c.requirements, lang),
        )
        rows += [(title, c.file, f.row, f.heading, f.value[lang], f.because[lang], *tail) for f in c.failures]
        if c.failing > len(c.failures):
            more = say("page.csv.more", lang, count=c.failing - len(c.failures))
            rows.append((title, c.file, "", "", "", more, *tail))
    for s in assessment.scope:
        for p in s.contradicted_by:
            wrong = say("page.csv.gate", lang, gate=s.gate, question=s.question[lang], count=p.count)
            rows += [
                (register(p.register_name).title[lang], p.file, n, p.heading, "", wrong, "", "",
                 say("page.csv.gate_remedy", lang, gate=s.gate), s.gate, "", "", "")
                for n in p.rows
            ]  # fmt: skip
    return _csv(keys, rows, lang)


def changes_csv(before: Assessment, now: Assessment, lang: str) -> str:
    """
    Every requirement whose verdict is another one than in an earlier period, with kind and cause, as CSV.
    """
    keys = ("id", "provision", "title", "change", "verdict_before", "verdict", "cause", "measure", "severity", "owner", "due")  # fmt: skip
    known = {f.id: f for a in (before, now) for f in a.findings}
    label, comma = choices("verdict", lang), say("list", lang)
    words = {kind: choices(f"page.{kind}", lang) for kind in ("change_kind", "cause")}
    rows = []
    for c in changes(before, now).requirements:
        if c.kind == "unchanged":
            continue
        f = known[c.requirement]
        was, verdict = (label[v] if v else say("page.verdict_none", lang) for v in (c.before, c.now))
        row = (
            f.id, f.provision[lang], f.title[lang], words["change_kind"][c.kind], was, verdict,
            comma.join(words["cause"][cause] for cause in c.causes),
            choices("measure", lang)[f.measure], f.severity, f.owner, f.due or "",
        )  # fmt: skip
        rows.append(row)
    return _csv(keys, rows, lang)


def _reviewed(reviewed: Iterable[Finding], requirements: Container[str], lang: str) -> tuple[str, str]:
    """
    The reviewer's verdicts of the requirements that a check serves, and which of them are disputed.
    """
    found = [f for f in reviewed if f.id in requirements]
    label, comma = choices("verdict", lang), say("list", lang)
    said = [f"{f.id} {label[f.review.verdict]}" for f in found if f.review and f.review.verdict]
    return comma.join(said), comma.join(f.id for f in found if f.disputed)


def _csv(keys: Iterable[str], rows: Iterable[tuple[object, ...]], lang: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([say(f"page.csv.{key}", lang) for key in keys])
    writer.writerows([inert(str(cell)) for cell in row] for row in rows)
    return buffer.getvalue()


def inert(cell: str) -> str:
    """
    A cell that a spreadsheet shows as text, whatever the client typed.

    Examples:
        >>> inert("=1+1"), inert("plain")
        ("'=1+1", 'plain')
    """
    if cell[:1].isalnum():  # in no width does a letter or a digit begin a formula
        return cell
    seen = unicodedata.normalize("NFKC", cell).lstrip("\u200b\u200c\u200d\u2060\ufeff \t\r\n\x0b\x0c")
    return "'" + cell if seen.startswith(("=", "+", "-", "@")) or cell[:1] in tuple("\t\r\n") else cell


def _article(number: str, lang: str) -> str:
    return provisions.label(number, lang) if provisions.is_provision(number) else number
