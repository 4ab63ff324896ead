"""
Notebook 30 over time: what became of each organisation since earlier periods.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import pandas as pd

from appi_assess import law
from appi_assess.page import Block, Page, grid, heading, sentence
from appi_assess.picture import Chart
from appi_assess.portfolio import charts as portfolio_charts
from appi_assess.portfolio.charts import drawable
from appi_assess.portfolio.files import unmet_text
from appi_assess.portfolio.frames import (
    Move,
    Ranked,
    by_status,
    interval_spreads,
    moves,
    ranking,
    status_moves,
)
from appi_assess.portfolio.results import Organisation, Portfolio
from appi_assess.score import STATUSES
from appi_assess.sheet import ChartSheet
from appi_assess.wording import say

_PERIOD_ROWS = 20  # organisations shown that got worse


class PortfolioTrend(ChartSheet):
    """
    The sheet of a portfolio, and its pages about earlier periods.

    Args:
        portfolio: The results of the batch.
        previous: Those of earlier periods, oldest first.
        lang: ``ja`` or ``en``.
        out: Folder for charts and files; None to write nothing.
    """

    def __init__(
        self, portfolio: Portfolio, previous: Sequence[Portfolio], lang: str, out: Path | None
    ) -> None:
        super().__init__(law.portfolio_chapter(), lang, out)
        self.portfolio, self.previous = portfolio, tuple(previous)
        self.organisations = portfolio.organisations

    @cached_property
    def ranked(self) -> list[Ranked]:
        """
        The organisations, worst first.
        """
        return ranking(self.organisations)

    @cached_property
    def moved(self) -> list[Move]:
        """
        The organisations assessed in this and in the period before.
        """
        return moves(self.previous[-1], self.portfolio) if self.previous else []

    def show(self, name: str, draw: Callable[..., Chart], numbers: pd.DataFrame, title: str) -> Chart | Page:
        """
        Draw a chart and remember it; labels are clients' text.
        """
        return super().show(name, draw, numbers.set_axis([drawable(i) for i in numbers.index]), title)

    def trend(self) -> Page:
        """
        What became of each organisation since the period before, and who got worse.
        """
        title = heading(self.say("portfolio_trend"))
        if not self.previous:
            return self.page(title, sentence(self.say("portfolio_no_previous")))
        before = self.previous[-1]
        found = self.moved
        table = status_moves(found)
        words = [self.word("status", s) for s in STATUSES]
        rows = [(word, *row) for word, row in zip(words, table.to_numpy().tolist(), strict=True)]
        worse = [m for m in found if m.worse]
        better = sum(m.now.standing > m.before.standing for m in found)
        places = {r.organisation.id: place for place, r in enumerate(self.ranked)}
        worse.sort(key=lambda m: places[m.now.id])
        shown_rows = [
            (
                m.now.id,
                m.now.name,
                self.word("status", m.before.status),
                self.word("status", m.now.status),
                unmet_text(m.before),
                unmet_text(m.now),
                self.interval(m.before),
                self.interval(m.now),
            )
            for m in worse[:_PERIOD_ROWS]
        ]
        head = ("number", "organisation", "portfolio_status_before", "portfolio_status_now", "portfolio_unmet_before",
                "portfolio_unmet_now", "portfolio_before", "portfolio_now")  # fmt: skip
        counts = {
            "both": len(found),
            "new": len(self.organisations) - len(found),
            "gone": len(before.organisations) - len(found),
            "worse": len(worse),
            "better": better,
            "same": len(found) - len(worse) - better,
        }
        return self.page(
            title,
            sentence(self.say("portfolio_trend_counts", **counts)),
            sentence(self.say("portfolio_trend_note")),
            grid((self.say("portfolio_from_to"), *words), rows, self.say("portfolio_moves")),
            heading(self.say("portfolio_worse", count=len(worse)), 4),
            *self._cut(len(shown_rows), len(worse), "trend.csv"),
            grid([self.say(k) for k in head], shown_rows)
            if shown_rows
            else sentence(self.say("portfolio_worse_none")),
        )

    def trend_statuses(self) -> Chart | Page:
        """
        How many organisations had which status in each period.
        """
        found = {label: by_status(p.organisations) for label, p in self._periods()}
        numbers = pd.DataFrame.from_dict(found, orient="index", columns=list(STATUSES))
        return self.show(
            "trend_statuses", portfolio_charts.status_bars, numbers, self.say("portfolio_trend_statuses")
        )

    def trend_intervals(self) -> Chart | Page:
        """
        How the conformity interval was spread in each period.
        """
        numbers = interval_spreads({label: p.organisations for label, p in self._periods()})
        return self.show(
            "trend_intervals", portfolio_charts.spreads, numbers, self.say("portfolio_trend_intervals")
        )

    def interval(self, o: Organisation) -> str:
        """
        The conformity interval; a single number only when both ends are equal.
        """
        if o.low == o.high:
            return self.rate(o.low)
        return say("words.interval", self.lang, low=self.rate(o.low), high=self.rate(o.high))

    def _range(self, values: Sequence[str]) -> str:
        if len(values) < 2:  # noqa: PLR2004
            return values[0] if values else self.say("dash")
        return say("words.interval", self.lang, low=values[0], high=values[-1])

    def _cut(self, count: int, whole: int, file: str) -> list[Block]:
        if count == whole:
            return []
        return [sentence(self.say("portfolio_cut", count=count, whole=whole, file=file))]

    def _periods(self) -> list[tuple[str, Portfolio]]:
        if not self.previous:
            return []
        return [
            (
                self.say(
                    "portfolio_period",
                    number=number,
                    days=self._range([d.isoformat() for d in p.days]),
                    count=len(p.organisations),
                ),
                p,
            )
            for number, p in enumerate((*self.previous, self.portfolio), start=1)
        ]
