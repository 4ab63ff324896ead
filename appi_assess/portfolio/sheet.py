"""
Notebook 30: many organisations side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path

import pandas as pd

from appi_assess import charts
from appi_assess.earlier import folders
from appi_assess.page import Page, grid, heading, sentence
from appi_assess.picture import Chart
from appi_assess.portfolio import charts as portfolio_charts
from appi_assess.portfolio.files import (
    check_word,
    common_gaps_csv,
    overdue_csv,
    ranking_csv,
    tags_csv,
    trend_csv,
)
from appi_assess.portfolio.frames import (
    SINGLE,
    CommonGap,
    Spread,
    Tagged,
    article_counts,
    article_statuses,
    bands,
    by_status,
    common_gaps,
    histogram,
    interval_spreads,
    labels,
    league,
    rates,
    spread,
)
from appi_assess.portfolio.results import (
    DEADLINES,
    FULL_REPORT,
    GRAVITIES,
    NOTHING,
    Organisation,
    joined,
    read_all,
)
from appi_assess.portfolio.trend import PortfolioTrend
from appi_assess.problems import InputProblems, Problem, shown
from appi_assess.record import Record
from appi_assess.score import STATUSES
from appi_assess.text import shown_date
from appi_assess.wording import LANGUAGES, say

_FIRST, _LAST = 30, 5  # rows shown of a long list: the first ones, and of the ranking the last ones too
_TAGS = 20  # tags with a bar of their own
_COMMON = 20
_FAILED = 100


def open_portfolio(
    portfolio: str = "", lang: str = "", out: str = "", previous: str | Sequence[str] = ()
) -> PortfolioSheet:
    """
    Open notebook 30.

    Args:
        portfolio: Results folder of a batch, which holds ``portfolio.json``; without one the pages are
            empty and say what to give.
        lang: ``ja`` or ``en``; empty for English.
        out: Folder for charts and files; empty to write nothing.
        previous: Results folders of earlier periods, oldest first.

    Raises:
        InputProblems: With everything that is wrong in any of them.
    """
    lang = str(lang) or "en"
    if lang not in LANGUAGES:
        raise InputProblems([Problem("lang_unknown", key="lang", found=lang)])
    folder = Path(str(out)) if out else None
    if not str(portfolio):
        return PortfolioSheet(NOTHING, (), lang, folder)
    now, periods = read_all(str(portfolio), folders(previous), lang)
    return PortfolioSheet(now, periods, lang, folder)


class PortfolioSheet(PortfolioTrend):
    """
    The whole portfolio on one sheet.
    """

    @cached_property
    def common(self) -> list[CommonGap]:
        """
        The requirements that any organisation has open.
        """
        return common_gaps(self.portfolio)

    @cached_property
    def tags(self) -> list[Tagged]:
        """
        The organisations by tag, those without one last.
        """
        return league(self.organisations)

    def introduction(self) -> Page:
        """
        What is compared, under which law, and what the figures are not.
        """
        p, days = self.portfolio, self.portfolio.days
        checked = sorted({o.law.checked_on for o in self.organisations})
        versions = sorted({o.package_version for o in self.organisations})
        rows = [
            (self.say("portfolio_organisations"), len(self.organisations) + len(p.failed)),
            (self.say("portfolio_assessed"), len(self.organisations)),
            (self.say("portfolio_failed"), len(p.failed)),
            (self.say("as_of"), self._range([shown_date(d, self.lang) for d in days])),
            (self.say("checked_on"), self._range([shown_date(d, self.lang) for d in checked])),
            (self.say("package"), say("list", self.lang).join(versions)),
        ]
        mixed = [
            self.say(key)
            for key, values in (
                ("portfolio_days_differ", days),
                ("portfolio_law_differs", checked),
                ("portfolio_package_differs", versions),
            )
            if len(values) > 1
        ]
        return self.page(
            sentence(self.say("portfolio_intro")),
            *([sentence(self.say("portfolio_none_given"))] if p is NOTHING else []),
            sentence(self.say("caution")),
            grid((self.say("item"), self.say("value")), rows, self.say("about")),
            *(sentence(text) for text in mixed),
        )

    def headline(self) -> Page:
        """
        How many organisations have which status, and how the rates are spread over them.
        """
        counts, total = by_status(self.organisations), len(self.organisations)
        failed = len(self.portfolio.failed)
        rows = [
            (self.word("status", s), n, self.percent(n, total), self.word("status_meaning", s))
            for s, n in counts.items()
        ]
        found = [(name, rates(self.organisations, name)) for name in ("low", "high", "coverage")]
        table = [
            (say(f"chart.{name}", self.lang), *self._five(s))
            for name, values in found
            if (s := spread(values))
        ]
        head = ("status", "portfolio_count", "portfolio_share", "content")
        spreads = ("item", "portfolio_least", "portfolio_lower_quarter", "portfolio_median",
                   "portfolio_upper_quarter", "portfolio_greatest")  # fmt: skip
        nothing = total - len(found[0][1])
        return self.page(
            heading(self.say("headline")),
            sentence(self.say("portfolio_headline", total=total, unmet=counts["unmet"])),
            *([sentence(self.say("portfolio_failed_note", count=failed))] if failed else []),
            grid([self.say(k) for k in head], rows, widths=(18, 10, 10, 62)),
            heading(self.say("portfolio_spread"), 4),
            *([grid([self.say(k) for k in spreads], table)] if table else []),
            sentence(self.say("portfolio_spread_note")),
            *([sentence(self.say("portfolio_nothing", count=nothing))] if nothing else []),
        )

    def failures(self) -> Page:
        """
        The organisations whose report could not be made, and why.
        """
        rows = []
        for f in self.portfolio.failed[:_FAILED]:
            at, dash = f.failure, self.say("dash")
            cell = dash if at is None or at.cell is None else at.cell
            notebook = (at.notebook if at else "") or dash
            rows.append((f.id, f.name or dash, notebook, cell, at.reason[self.lang] if at else dash))
        count = len(self.portfolio.failed)
        title = heading(self.say("portfolio_failures", count=count))
        if not rows:
            none = "portfolio_failures_none" if self.organisations else "portfolio_nobody"
            return self.page(title, sentence(self.say(none)))
        head = ("number", "organisation", "portfolio_notebook", "portfolio_cell", "reason")
        table = grid([self.say(k) for k in head], rows, widths=(14, 20, 18, 6, 42))
        return self.page(title, *self._cut(len(rows), count, "portfolio.json"), table)

    def ranking(self) -> Page:
        """
        The organisations, worst first; of a long list the first and the last.
        """
        found = self.ranked
        cut = found if len(found) <= SINGLE else [*found[:_FIRST], *found[-_LAST:]]
        rows: list[tuple[object, ...]] = [
            (
                r.rank,
                o.id,
                o.name,
                say("list", self.lang).join(o.tags),
                self.word("status", o.status),
                *o.unmet,
                self.interval(o),
                self.rate(o.coverage),
                sum(late.rows for late in o.late),
                len(o.overdue),
            )
            for r, o in ((r, r.organisation) for r in cut)
        ]
        if len(cut) < len(found):
            rows.insert(_FIRST, ("…", *[""] * (len(rows[0]) - 1)))
        head = [
            self.say("rank"),
            self.say("number"),
            self.say("organisation"),
            self.say("portfolio_tags"),
            self.say("status"),
            *(self.say("portfolio_unmet", severity=s) for s in GRAVITIES),
            self.say("conformity"),
            self.say("coverage"),
            self.say("portfolio_late"),
            self.say("portfolio_overdue"),
        ]
        return self.page(
            heading(self.say("portfolio_ranking")),
            sentence(self.say("portfolio_ranking_note")),
            *self._cut(len(cut), len(found), "ranking.csv"),
            grid(head, rows) if rows else sentence(self.say("portfolio_nobody")),
        )

    def heat_map(self) -> Chart | Page:
        """
        Organisation by article; bands of the ranking where there are many.
        """
        if len(self.ranked) <= SINGLE:
            status, unmet = article_statuses(self.ranked)
            draw = partial(portfolio_charts.article_statuses, unmet=unmet)
            return self.show("heat_map", draw, status, self.say("portfolio_heat"))
        counts, applies = article_counts(bands(self.ranked))
        draw = partial(portfolio_charts.article_counts, applies=applies)
        return self.show("heat_map", draw, counts, self.say("portfolio_heat_bands"))

    def distribution(self) -> Chart | Page:
        """
        How many organisations lie in which tenth of conformity and coverage.
        """
        numbers = histogram(self.organisations)
        if not numbers.to_numpy().any():
            numbers = numbers.iloc[:0]
        return self.show(
            "distribution", portfolio_charts.rate_bars, numbers, self.say("portfolio_distribution")
        )

    def intervals(self) -> Chart | Page:
        """
        The conformity interval of each organisation; spreads of the bands where there are many.
        """
        if len(self.ranked) > SINGLE:
            numbers = interval_spreads({b.label: b.organisations for b in bands(self.ranked)})
            return self.show(
                "intervals", portfolio_charts.spreads, numbers, self.say("portfolio_intervals_bands")
            )
        names = labels(self.organisations)
        found = [(r.rank, r.organisation) for r in self.ranked if r.organisation.low is not None]
        numbers = pd.DataFrame(
            [(o.low, o.high) for _, o in found],
            index=[f"{rank} {names[o.id]}" for rank, o in found],
            columns=["low", "high"],
            dtype=object,
        )
        return self.show("intervals", charts.intervals, numbers, self.say("portfolio_intervals"))

    def common_gaps(self) -> Page:
        """
        The legal duties that most organisations have open.
        """
        legal = [g for g in self.common if g.asked.measure == "legal"]
        rows = [
            (
                say("page.titled", self.lang, id=g.asked.id, title=g.asked.title[self.lang],
                    provision=g.asked.provision[self.lang]),
                g.asked.severity,
                *(self._of(n, g.applies) for n in (g.not_met, g.partly, g.unknown)),
                g.applies,
            )
            for g in legal[:_COMMON]
        ]  # fmt: skip
        head = [
            *(self.say(k) for k in ("requirement", "severity")),
            *(self.word("verdict", v) for v in ("not_met", "partly", "unknown")),
            self.say("portfolio_applies"),
        ]
        return self.page(
            heading(self.say("portfolio_common")),
            sentence(self.say("portfolio_common_note")),
            sentence(
                self.say("portfolio_common_cut", count=len(rows), whole=len(legal), all=len(self.common))
            ),
            grid(head, rows, widths=(46, 8, 12, 12, 12, 10)) if rows else sentence(self.say("no_gaps")),
        )

    def overdue_breaches(self) -> Page:
        """
        The organisations with breaches whose report is late or overdue.
        """
        late = sorted((r.organisation for r in self.ranked if r.organisation.late), key=_lateness)
        rows = []
        for o in late[:_FIRST]:
            by = {check.check: check for check in o.late}
            full = by.get(FULL_REPORT)
            counts = [by[name].rows if name in by else 0 for name in DEADLINES]
            because = shown(o.late[0].because[self.lang], 240)
            rows.append((o.id, o.name, counts[0], full.blank if full else 0, *counts[1:], because))
        silent = sum(o.clocks == "unknown" for o in self.organisations)
        undated = sum(o.clocks == "undated" for o in self.organisations)
        checks = [check_word(name, self.lang) for name in DEADLINES]
        head = [
            *(self.say(k) for k in ("number", "organisation")),
            checks[0],
            self.say("portfolio_blank"),
            *checks[1:],
            self.say("portfolio_first"),
        ]
        return self.page(
            heading(self.say("portfolio_breaches", count=len(late))),
            *self._cut(len(rows), len(late), "overdue.csv"),
            grid(head, rows, widths=(12, 18, 7, 9, 9, 9, 36))
            if rows
            else sentence(self.say("portfolio_breaches_none")),
            sentence(self.say("portfolio_breaches_note")),
            *([sentence(self.say("portfolio_silent", count=silent))] if silent else []),
            *([sentence(self.say("portfolio_undated", count=undated))] if undated else []),
        )

    def overdue_actions(self) -> Page:
        """
        The organisations with actions whose day is over.
        """
        found = [r.organisation for r in self.ranked if r.organisation.overdue]
        found.sort(key=lambda o: (-len(o.overdue), -max(a.days for a in o.overdue)))
        rows = []
        for o in found[:_FIRST]:
            oldest = max(o.overdue, key=lambda a: a.days)
            owner = oldest.owner or say("words.undecided", self.lang)
            rows.append(
                (
                    o.id, o.name, len(o.overdue), sum(a.verdict == "not_met" for a in o.overdue),
                    self.say("portfolio_oldest", id=oldest.requirement, due=shown_date(oldest.due, self.lang),
                             days=oldest.days, owner=shown(owner, 80)),
                )
            )  # fmt: skip
        head = (
            "number",
            "organisation",
            "portfolio_overdue",
            "portfolio_overdue_not_met",
            "portfolio_longest",
        )
        return self.page(
            heading(self.say("portfolio_actions", count=len(found))),
            *self._cut(len(rows), len(found), "overdue.csv"),
            grid([self.say(k) for k in head], rows, widths=(14, 24, 10, 12, 40))
            if rows
            else sentence(self.say("portfolio_actions_none")),
        )

    def league(self) -> Page:
        """
        Organisations, statuses and medians by tag.
        """
        cut = self.tags if len(self.tags) <= SINGLE else self.tags[:_FIRST]
        rows = []
        for t in cut:
            low, high = (spread(rates(t.organisations, name)) for name in ("low", "high"))
            median = (self.rate(s.median if s else None) for s in (low, high))
            rows.append(
                (self._tag(t), len(t.organisations), *by_status(t.organisations).values(), *median)
            )  # fmt: skip
        head = [
            *(self.say(k) for k in ("portfolio_tag", "portfolio_count")),
            *(self.word("status", s) for s in STATUSES),
            *(self.say(k) for k in ("portfolio_median_low", "portfolio_median_high")),
        ]
        return self.page(
            heading(self.say("portfolio_league")),
            sentence(self.say("portfolio_league_note")),
            *self._cut(len(cut), len(self.tags), "tags.csv"),
            grid(head, rows) if rows else sentence(self.say("portfolio_nobody")),
        )

    def tag_bars(self) -> Chart | Page:
        """
        The statuses by tag; of many tags those with the most organisations.
        """
        largest = {t.tag for t in sorted(self.tags, key=lambda t: -len(t.organisations))[:_TAGS]}
        found = [t for t in self.tags if t.tag in largest]
        title = self.say("portfolio_tag_bars")
        if len(found) < len(self.tags):
            title = self.say("chart_cut", title=title, count=len(self.tags), shown=len(found))
        numbers = pd.DataFrame(
            [by_status(t.organisations) for t in found],
            index=[self._tag_label(t) for t in found],
            columns=list(STATUSES),
        )
        return self.show("tags", portfolio_charts.status_bars, numbers, title)

    def finish(self) -> Record:
        """
        Write the files, if an output folder was given, and leave the record of the result.

        Its digest covers the portfolio, every assessment and the earlier periods.
        """
        digests = [p.digest for p in (*self.previous, self.portfolio)]
        return self.finished(self.status(), joined(digests) if self.previous else self.portfolio.digest)

    def status(self) -> str:
        """
        The worst status of any organisation; one without a report counts as open.
        """
        found = {o.status for o in self.organisations} | ({"open"} if self.portfolio.failed else set())
        return min(found, key=STATUSES.index, default="out_of_scope")

    def files(self) -> dict[str, bytes]:
        """
        The charts, and the whole of every list that the pages shorten.
        """
        return {
            **super().files(),
            "ranking.csv": ranking_csv(self.ranked, self.lang),
            "common_gaps.csv": common_gaps_csv(self.common, self.lang),
            "overdue.csv": overdue_csv(self.ranked, self.lang),
            "tags.csv": tags_csv(self.tags, self.lang),
            **({"trend.csv": trend_csv(self.moved, self.lang)} if self.previous else {}),
        }

    def _five(self, s: Spread) -> tuple[str, ...]:
        return tuple(
            self.rate(v) for v in (s.least, s.lower_quarter, s.median, s.upper_quarter, s.greatest)
        )  # fmt: skip

    def _of(self, count: int, whole: int) -> str:
        return self.say("portfolio_of", count=count, share=self.percent(count, whole))

    def _tag(self, t: Tagged) -> str:
        name = self.say("portfolio_untagged") if t.tag is None else t.tag
        return self.say("portfolio_alone", tag=name) if len(t.organisations) == 1 else name

    def _tag_label(self, t: Tagged) -> str:
        name = self.say("portfolio_untagged") if t.tag is None else shown(t.tag, 24)
        return self.say("portfolio_counted", label=name, count=len(t.organisations))


def _lateness(o: Organisation) -> tuple[int, ...]:
    """
    Full reports still missing go first, then all days that are blank, then the number of rows.
    """
    full = sum(late.blank for late in o.late if late.check == FULL_REPORT)
    return -full, -sum(late.blank for late in o.late), -sum(late.rows for late in o.late)
