"""
What the gap report says about earlier periods: the trend, who moved it, what changed, what is overdue.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .assessment import Assessment, Finding
from .charts import HIGH_END, LOW_END
from .notebook import Opened
from .page import Block, Page, grid, heading, items, sentence
from .periods import KINDS, Change, Changes, Interval, LawChange, Split, changes, overdue, shown_interval
from .picture import Chart, finished, style
from .review_sheet import ReviewSheet
from .score import percent
from .text import shown_date
from .wording import say

_UPRIGHT = 6  # with more periods than this their names are turned


class PeriodSheet(ReviewSheet):
    """
    The base of a notebook that compares an assessment with those of earlier periods.

    Args:
        chapter: As of any sheet.
        opened: As of any sheet.
        earlier: The earlier assessments, the oldest first; none of a later day.
    """

    def __init__(self, chapter: str, opened: Opened, earlier: tuple[Assessment, ...] = ()) -> None:
        super().__init__(chapter, opened)
        self.earlier = earlier

    @property
    def all_periods(self) -> tuple[Assessment, ...]:
        """
        The earlier assessments and this one.
        """
        return (*self.earlier, self.assessment)

    @cached_property
    def compared(self) -> Changes | None:
        """
        What changed since the latest earlier period; None where there is none.
        """
        return changes(self.earlier[-1], self.assessment) if self.earlier else None

    def periods(self) -> Page:
        """
        The trend in figures, what of it the organisation and what the law did, and what is overdue.
        """
        title = heading(self.say("periods"))
        if self.compared is None:
            return self.page(title, sentence(self.say("periods_none")), *self._overdue())
        return self.page(
            title,
            sentence(self._summary(self.compared)),
            *self._renamed(),
            self._trend_rows(),
            *self._moved(self.compared.split),
            *self._overdue(),
        )

    def trend(self) -> Chart | Page:
        """
        The conformity interval of every period with its status.
        """
        if not self.earlier:
            return self.page(sentence(self.say("trend_one")))
        rows = []
        for label, period in zip(self._labels(), self.all_periods, strict=True):
            if found := shown_interval(period):
                status = self.word("status", period.scores["legal"].overall.status)
                rows.append((label, found.low, found.high, status))
        numbers = pd.DataFrame(rows, columns=["period", "low", "high", "status"], dtype=object)
        return self.show("trend", trend_chart, numbers.set_index("period"), self.say("chart_trend"))

    def changes(self) -> Page:
        """
        What opened, closed, got worse or better since the latest earlier period, and what the law did.
        """
        if self.compared is None:
            return self.page()
        since = shown_date(self.earlier[-1].law.as_of, self.lang)
        blocks = [heading(self.say("changes", since=since)), sentence(self.say("changes_note"))]
        for kind in KINDS:
            found = self.compared.of(kind) if kind != "unchanged" else ()
            if found:
                blocks.append(heading(self.say("change_count", kind=self._kind(kind), count=len(found)), 4))
                blocks.append(sentence(self.say(f"change_meaning.{kind}")))
                blocks.append(self._change_rows(found))
        same = len(self.compared.of("unchanged"))
        blocks.append(sentence(self.say("changes_same", count=same)))
        return self.page(*blocks, *self._law_changes(self.compared.law))

    def _summary(self, compared: Changes) -> str:
        count = Counter(c.kind for c in compared.requirements)
        return self.say(
            "periods_summary",
            since=shown_date(self.earlier[-1].law.as_of, self.lang),
            late=len(compared.overdue),
            **{kind: count[kind] for kind in KINDS},
        )

    def _renamed(self) -> list[Block]:
        """
        A sentence for each name that an earlier period bears and this one does not.
        """
        name = self.assessment.about.organisation
        others = dict.fromkeys(p.about.organisation for p in self.earlier if p.about.organisation != name)
        return [sentence(self.say("periods_renamed", before=other, now=name)) for other in others]

    def _labels(self) -> list[str]:
        """
        The days of the periods; where one day comes again, which time it is.
        """
        seen: Counter[str] = Counter()
        found = []
        for period in self.all_periods:
            day = shown_date(period.law.as_of, self.lang)
            seen[day] += 1
            found.append(self.say("period_again", day=day, n=seen[day]) if seen[day] > 1 else day)
        return found

    def _trend_rows(self) -> Block:
        rows = []
        for label, period in zip(self._labels(), self.all_periods, strict=True):
            legal = period.scores["legal"].overall
            rows.append(
                (
                    label,
                    self.word("status", legal.status),
                    self.conformity(legal),
                    self.shown(legal.coverage),
                    self.shown(legal.assurance),
                    legal.not_met,
                    period.law.requirements,
                )
            )
        head = ("as_of", "status", "conformity", "coverage", "assurance", "not_met_count", "requirements")
        return grid([self.say(k) for k in head], rows)

    def _moved(self, split: Split | None) -> list[Block]:
        """
        The change of the interval, told apart by who made it, in words and exactly.
        """
        title = heading(self.say("moved"), 4)
        if split is None:
            return [title, sentence(self.say("moved_nothing"))]
        whole = split.now - split.before
        said = [self._moved_said(key, getattr(split, key)) for key in ("organisation", "law")]
        rows = [
            (self.say("moved_before"), *self._ends(split.before, signed=False)),
            (self.say("moved_organisation"), *self._ends(split.organisation)),
            (self.say("moved_law"), *self._ends(split.law)),
            (self.say("moved_now"), *self._ends(split.now, signed=False)),
        ]
        head = [self.say(k) for k in ("item", "moved_low", "moved_exact", "moved_high", "moved_exact")]
        return [
            title,
            sentence(self._moved_said("whole", whole)),
            items(said),
            grid(head, rows),
            sentence(self.say("moved_note")),
        ]

    def _moved_said(self, key: str, moved: Interval) -> str:
        if not moved.low and not moved.high:
            return self.say(f"moved_not.{key}")
        low, high = self._points(moved.low), self._points(moved.high)
        return self.say(f"moved_by.{key}", low=low, high=high)

    def _ends(self, found: Interval, *, signed: bool = True) -> tuple[str, ...]:
        cells = []
        for end in (found.low, found.high):
            cells.append(self._points(end) if signed else self.percent(end.numerator, end.denominator))
            cells.append(f"{'+' if signed and end > 0 else ''}{end}".replace("-", "−"))
        return tuple(cells)

    def _points(self, moved: Fraction) -> str:
        """
        A difference of rates in percentage points; never 0.0 where there is one.
        """
        size = percent(abs(moved.numerator), moved.denominator) or "0.0 %"
        sign = "+" if moved > 0 else "−" if moved < 0 else "±"
        return self.say("points", points=sign + size.removesuffix(" %"))

    def _overdue(self) -> list[Block]:
        found = overdue(self.all_periods)
        title = heading(self.say("overdue", count=len(found)), 4)
        if not found:
            return [title, sentence(self.say("overdue_none"))]
        rows = []
        for late in found:
            f = self.assessment[late.requirement]
            since = shown_date(late.since, self.lang)
            rows.append(
                (
                    self.titled(f),
                    self.judged(f),
                    f.owner or say("words.undecided", self.lang),
                    shown_date(late.due, self.lang),
                    late.days,
                    self.say("overdue_again", since=since) if late.before else since,
                )
            )
        head = ("requirement", "verdict_only", "owner", "due", "overdue_days", "overdue_since")
        return [title, grid([self.say(k) for k in head], rows, widths=(35, 12, 14, 15, 9, 15))]

    def _change_rows(self, found: tuple[Change, ...]) -> Block:
        rows = []
        for change in found:
            f = self._finding(change.requirement)
            rows.append(
                (
                    self.titled(f),
                    self._verdict(change.before),
                    self._verdict(change.now),
                    "\n".join(self.say(f"cause.{cause}") for cause in change.causes),
                    f.owner or say("words.undecided", self.lang),
                )
            )
        head = ("requirement", "verdict_before", "verdict_now", "change_cause", "owner")
        return grid([self.say(k) for k in head], rows, widths=(44, 13, 13, 16, 14))

    def _law_changes(self, found: tuple[LawChange, ...]) -> list[Block]:
        title = heading(self.say("law_changes", count=len(found)), 4)
        if not found:
            return [title, sentence(self.say("law_changes_none"))]
        rows = []
        for change in found:
            f = self._finding(change.requirement)
            rows.append(
                (
                    self.titled(f),
                    self.word("measure", f.measure),
                    self.say(f"law_kind.{change.kind}"),
                    "\n".join(self._part(change.requirement, part) for part in change.parts),
                )
            )
        head = [self.say(k) for k in ("requirement", "measure", "law_change", "law_parts")]
        return [title, sentence(self.say("law_changes_note")), grid(head, rows, widths=(42, 14, 22, 22))]

    def _part(self, requirement: str, part: str) -> str:
        """
        What differs in a requirement, with both values where they are short.
        """
        name = self.say(f"law_part.{part}")
        if part not in ("severity", "weight"):
            return name
        old = next(f for f in self.earlier[-1].findings if f.id == requirement)
        before, now = getattr(old, part), getattr(self.assessment[requirement], part)
        return self.say("law_part_values", part=name, before=before, now=now)

    def _finding(self, requirement: str) -> Finding:
        """
        A requirement as it is described now, or was where it is gone.
        """
        both = (*self.assessment.findings, *self.earlier[-1].findings)
        return next(f for f in both if f.id == requirement)

    def _verdict(self, verdict: str | None) -> str:
        return self.verdict(verdict) if verdict else self.say("verdict_none")

    def _kind(self, kind: str) -> str:
        return self.say(f"change_kind.{kind}")


def trend_chart(name: str, numbers: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of each period as an upright line, with the status under its day.

    Args:
        name: File name without ending.
        numbers: One row per period (label), the oldest first, with ``low`` and ``high`` from 0 to 1 and
            ``status`` in words.
        title: Title of the chart.
        lang: Language of the labels.
    """
    names = {
        "low": say("chart.low", lang),
        "high": say("chart.high", lang),
        "status": say("page.status", lang),
    }
    with style(lang):
        figure = Figure(figsize=(8.4, 4.4))
        axes: Any = figure.add_subplot()
        places = np.arange(len(numbers))
        low, high = (numbers[end].to_numpy(dtype=float) * 100 for end in ("low", "high"))
        axes.vlines(places, low, high, color="#0072B2", linewidth=5, alpha=0.35)
        axes.plot(places, low, "-", linewidth=1, marker="_", markersize=15, label=names["low"], **LOW_END)
        axes.plot(places, high, "--", linewidth=1, label=names["high"], **HIGH_END)
        turned = {"rotation": 30, "ha": "right"} if len(numbers) > _UPRIGHT else {}
        labels = [f"{day}\n{status}" for day, status in zip(numbers.index, numbers["status"], strict=True)]
        axes.set_xticks(places, labels, **turned)
        axes.set_xlim(-0.5, len(numbers) - 0.5)
        axes.set_ylim(-2, 102)
        axes.set_yticks([0, 20, 40, 60, 80, 100])
        axes.set_ylabel(say("chart.percent", lang))
        axes.grid(axis="y", color="#DDDDDD", linewidth=0.7)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(title, loc="left", y=1)
        figure.legend(loc="lower center", ncols=2, frameon=False)
    return finished(name, figure, title, numbers[list(names)].rename(columns=names), lang)
