"""
What a notebook shows of the registers: their rows, what fails and why, and the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from . import charts
from .assessment import CheckResult, RegisterState
from .checks import Outcome
from .checks.entrusted_parties import cases, running
from .checks.foreign_transfers import routes
from .checks.incidents import clocks, reportable
from .checks.requests import days_to_answer
from .clocks import kept_until
from .notebook import Sheet
from .page import Block, Page, grid, heading, items, sentence
from .picture import Chart
from .problems import shown
from .registers import Mask, Rows, register
from .row_findings import cell_text
from .tables import table
from .text import shown_date
from .wording import say

MOST_ROWS = 40  # of a register in a notebook; findings.csv holds all that fail
_LABEL = {"ja": 26, "en": 42}  # characters of a name in a chart
_NAMES = 10  # of recipients in one cell


class RegisterSheet(Sheet):
    """
    A notebook that shows registers.
    """

    def register(self, name: str) -> Page:
        """
        A register as a matrix of its rows by the heads of its checks, then every failing cell with
        what is wrong, its source and the remedy.
        """
        kept, state = register(name), self._state(name)
        blocks = [heading(self.say("register", title=kept.title[self.lang])), sentence(self.state(state))]
        rows = self._current(name)
        if rows is None or not len(rows):
            return self.page(*blocks)
        own = self._own(name, rows)
        fails = np.logical_or.reduce([o.failing for o in own]) if own else np.zeros(len(rows), dtype=bool)
        order = _first(fails)
        subject = kept.column(kept.subject)
        subjects = rows.text(kept.subject)
        body = [
            (
                rows.numbers[n],
                cell_text(subject, subjects[n], self.lang),
                *(self.say(f"check_{_mark(own, head, n)}") for head in kept.heads),
            )
            for n in order
        ]
        head = [self.say("row"), subject.heading[self.lang], *(t[self.lang] for t in kept.heads.values())]
        width = min(12, 72 // len(kept.heads))
        matrix = grid(head, body, widths=(5, 95 - width * len(kept.heads), *[width] * len(kept.heads)))
        own_checks = [c for c in self.assessment.checks if c.register_name == name]
        return self.page(
            *blocks,
            *self._cut(len(rows)),
            matrix,
            sentence(self.say("check_marks")),
            *self._failing(own_checks),
        )

    def _failing(self, results: Iterable[CheckResult]) -> list[Block]:
        """
        The failing rows of some checks as a table, then the checks that had no data.
        """
        found = list(results)
        listed = sorted(((f.row, n) for n, c in enumerate(found) for f in c.failures))[: 4 * MOST_ROWS]
        by_row = {(f.row, n): f for n, c in enumerate(found) for f in c.failures}
        rows = [
            (
                row,
                f"{by_row[row, n].heading}\n{self._value(by_row[row, n].value[self.lang])}",
                by_row[row, n].because[self.lang],
                found[n].citation[self.lang],
                found[n].remedy[self.lang],
            )
            for row, n in listed
        ]
        silent = [f"{c.rule[self.lang]}: {c.why[self.lang]}" for c in found if c.state == "no_data" and c.why]
        total = sum(c.failing for c in found)
        blocks = [heading(self.say("failing", count=total), 4)]
        if rows:
            head = [self.say(k) for k in ("row", "cell", "wrong", "source", "remedy")]
            blocks.append(grid(head, rows, widths=(5, 17, 34, 22, 22)))
        else:
            blocks.append(sentence(self.say("failing_none")))
        if total > len(rows):
            blocks.append(sentence(self.say("rows_left", shown=len(rows), count=total)))
        if silent:
            blocks += [sentence(self.say("no_data")), items(silent)]
        return blocks

    def decisions(self) -> Page:
        """
        Each entrusted party's case in the decision table, and what follows from it.
        """
        title = heading(self.say("decisions"))
        rows = self._current("entrusted_parties")
        if rows is None or not len(rows):
            return self.page(title, sentence(self.state(self._state("entrusted_parties"))))
        found, own = cases(rows, self._day), self._own("entrusted_parties", rows)
        abroad = [o.failing for o in own if o.check.head == "abroad"]
        fails = np.logical_or.reduce(abroad) if abroad else np.zeros(len(rows), dtype=bool)
        names, countries = rows.text("name"), rows.text("country")
        column = rows.register.column("country")
        body = []
        for place in _first(fails):
            said = table("decision_table")[found[place]]
            country = self._value(cell_text(column, countries[place], self.lang))
            party = f"{shown(names[place])}\n{country}"
            parts = ("case", "art_25", "art_27", "art_28", "also")
            mark = self.say(f"check_{_mark(own, 'abroad', place)}")
            body.append((rows.numbers[place], party, *(said[k][self.lang] for k in parts), mark))
        keys = ("row", "party", "case", "art_25", "art_27", "art_28", "also_applies", "outcome")
        found_grid = grid([self.say(k) for k in keys], body, widths=(5, 17, 17, 7, 13, 17, 15, 9))
        return self.page(title, *self._cut(len(rows)), found_grid, sentence(self.say("check_marks")))

    def reviews(self) -> Chart | Page:
        """
        The last review of each entrusted party on a time line; a year is the yardstick.
        """
        rows = self._current("entrusted_parties")
        spans = pd.DataFrame(columns=["start", "end", "due", "state"])
        if rows is not None and len(rows):
            last = np.where(rows.filled("reviewed_on"), rows.date("reviewed_on"), rows.date("started_on"))
            held = running(rows, self._day) & ~np.isnat(last)
            start = pd.Series(last[held])
            due = kept_until(start, 1)
            spans = self._spans(
                rows, "name", held, start=start, end=pd.NaT, due=due,
                state=np.where(due < pd.Timestamp(self.assessment.law.as_of), "over", "kept"),
            )  # fmt: skip
        return self._timeline("reviews", spans, self.say("chart_reviews"))

    def to_ask(self) -> Page:
        """
        What to ask each entrusted party for and what to do about it, one row per party.
        """
        title = heading(self.say("to_ask"))
        wanted: dict[tuple[int, str], list[str]] = {}
        for c in self.assessment.checks:
            if c.register_name == "entrusted_parties":
                for f in c.failures:
                    wanted.setdefault((f.row, f.subject), []).append(c.remedy[self.lang])
        if not wanted:
            return self.page(title, sentence(self.say("ask_nothing")))
        body = [
            (row, party, "\n".join(self.say("ask", what=w) for w in dict.fromkeys(what)))
            for (row, party), what in sorted(wanted.items())[:MOST_ROWS]
        ]
        name = register("entrusted_parties").column("name").heading[self.lang]
        asked = grid([self.say("row"), name, self.say("remedy")], body, widths=(5, 25, 70))
        return self.page(title, *self._cut(len(wanted)), asked)

    def clocks(self) -> Page:
        """
        The clock of each incident: due days, what was filed, and the days left.
        """
        title = heading(self.say("clocks"))
        rows = self._current("incidents")
        if rows is None or not len(rows):
            return self.page(title, sentence(self.state(self._state("incidents"))))
        found = clocks(rows, self._day)
        # Without the day of knowledge no report has a last day; that is not the same as none being due.
        unknown = found["known"].isna() & reportable(rows, self._day)
        found.loc[unknown, ["prompt_state", "full_state"]] = "unknown"
        late = (
            found[["prompt_state", "full_state"]].isin(["missed", "late", "unknown"]).any(axis=1).to_numpy()
        )
        order = _first(late)
        subject = rows.register.column(rows.register.subject)
        names = rows.text(subject.name)[order]
        body = [
            (
                number,
                cell_text(subject, name, self.lang),
                self._day_text(r["known"]),
                self._clock("prompt", r),
                self.word("prompt_clock", r["prompt_state"]),
                self._clock("full", r),
                self.word("clock", r["full_state"]),
                "" if pd.isna(r["days_left"]) else int(r["days_left"]),
            )
            for number, name, r in zip(
                rows.numbers[order], names, found.iloc[order].to_dict("records"), strict=True
            )
        ]
        keys = ("row", "incident", "known", "prompt", "state", "full", "state", "days_left")
        return self.page(
            title,
            *self._cut(len(rows)),
            grid([self.say(k) for k in keys], body, widths=(5, 22, 11, 16, 12, 16, 11, 7)),
            sentence(self.say("clocks_rule")),
        )

    def _clock(self, report: str, row: Mapping[str, Any]) -> str:
        """
        The day on which a report was due, and the day on which it was filed.
        """
        due, done = row[f"{report}_due"], row[f"{report}_on"]
        lines = [] if pd.isna(due) else [self.say(f"{report}_due", day=self._day_text(due))]
        if not pd.isna(done):
            lines.append(self.say(f"{report}_filed", day=self._day_text(done)))
        elif lines:
            lines.append(self.say("not_filed"))
        return "\n".join(lines) or self.say("dash")

    def clock_chart(self) -> Chart | Page:
        """
        From the day of knowledge to the full report, with its last day.
        """
        rows = self._current("incidents")
        spans = pd.DataFrame(columns=["start", "end", "due", "state"])
        if rows is not None and len(rows):
            found = clocks(rows, self._day)
            held = found["full_due"].notna().to_numpy()
            due = found[held]
            states = {"met": "kept", "late": "late", "missed": "over", "running": "open"}
            spans = self._spans(
                rows, rows.register.subject, held, start=due["known"], end=due["full_on"],
                due=due["full_due"], state=due["full_state"].map(states),
            )  # fmt: skip
        return self._timeline("clocks", spans, self.say("chart_clocks"))

    def routes(self) -> Page:
        """
        How many recipients of each country rest on which route of Art. 28.
        """
        title = heading(self.say("routes"))
        rows = self._current("foreign_transfers")
        if rows is None or not len(rows):
            return self.page(title, sentence(self.state(self._state("foreign_transfers"))))
        column, names = rows.register.column("country"), rows.text("recipient")
        by = pd.DataFrame({"country": rows.text("country"), "route": routes(rows, self._day)})
        first = {country: n for n, country in enumerate(dict.fromkeys(by["country"]))}
        groups: dict[Any, Any] = dict(by.groupby(["country", "route"], sort=False).indices)
        body = [
            (
                self._value(cell_text(column, country, self.lang)),
                self.word("route", route),
                len(places),
                self._names(names[places]),
            )
            for (country, route), places in sorted(groups.items(), key=lambda g: first[g[0][0]])
        ]
        body.append((self.say("total"), "", len(rows), ""))
        head = [self.say(k) for k in ("country", "route", "count", "recipients")]
        return self.page(title, grid(head, body, widths=(18, 32, 8, 42)))

    def _names(self, names: Any) -> str:
        """
        Names in one line, and how many more there are.
        """
        first = say("list", self.lang).join(shown(n, _LABEL[self.lang]) for n in names[:_NAMES])
        more = len(names) - _NAMES
        return self.say("names_more", names=first, count=more) if more > 0 else first

    def answering(self) -> Chart | Page:
        """
        From the arrival of each request to its answer.
        """
        rows = self._current("requests")
        spans = pd.DataFrame(columns=["start", "end", "due", "state"])
        if rows is not None and len(rows):
            found = days_to_answer(rows, self._day)
            held = found["received"].notna().to_numpy()
            found = found[held]
            state = np.select(
                [found["answered"] < found["received"], found["answered"].notna(), found["open"]],
                ["reversed", "done", "open"],
                "missing",
            )
            spans = self._spans(
                rows, rows.register.subject, held, start=found["received"], end=found["answered"],
                due=pd.NaT, state=state,
            )  # fmt: skip
        return self._timeline("answering", spans, self.say("chart_answering"))

    def state(self, state: RegisterState) -> str:
        """
        Whether a register is absent, empty or filled, and that no row was lost.
        """
        if state.state != "rows":
            return self.say(f"register_{state.state}", title=state.title[self.lang])
        return self.say(
            "register_rows",
            file=state.file,
            **{k: getattr(state, k) for k in ("read", "judged", "examples", "later", "failing")},
        )

    def register_table(self) -> Block:
        """
        All registers with their states and the rows that came in and were judged.
        """
        rows = [
            (
                r.title[self.lang],
                say(f"registers.state.{r.state}", self.lang),
                *((r.read, r.judged, r.examples, r.later, r.failing) if r.state != "absent" else [""] * 5),
            )
            for r in self.assessment.registers
        ]
        keys = (
            "register_name",
            "state",
            "rows_read",
            "rows_judged",
            "rows_example",
            "rows_later",
            "rows_failing",
        )
        return grid([self.say(k) for k in keys], rows)

    @property
    def _day(self) -> np.datetime64:
        return np.datetime64(self.assessment.law.as_of, "D")

    def _state(self, name: str) -> RegisterState:
        return next(r for r in self.assessment.registers if r.name == name)

    def _current(self, name: str) -> Rows | None:
        return self.checked.registers.get(name)

    def _own(self, name: str, rows: Rows) -> list[Outcome]:
        return [o for o in self.checked.outcomes if o.check.register == name and len(o.applies) == len(rows)]

    def _spans(self, rows: Rows, subject: str, held: Mask, **columns: Any) -> pd.DataFrame:
        index = pd.MultiIndex.from_arrays([rows.numbers[held], rows.text(subject)[held]])
        columns = {k: np.asarray(v) if np.ndim(v) else v for k, v in columns.items()}
        return pd.DataFrame(columns, index=index)

    def _timeline(self, name: str, spans: pd.DataFrame, title: str) -> Chart | Page:
        """
        A time line of at most ``MOST_ROWS`` spans, the gravest if there are more.
        """
        count = len(spans)
        if count > MOST_ROWS:
            gravest = spans["state"].map(list(charts.SPANS)[::-1].index).to_numpy()
            spans = spans.iloc[np.sort(np.argsort(gravest, kind="stable")[:MOST_ROWS])]
            title = self.say("chart_cut", title=title, shown=MOST_ROWS, count=count)
        limit = _LABEL[self.lang]
        labels = [self.say("row_label", row=n, label=shown(str(label), limit)) for n, label in spans.index]
        as_of = self.assessment.law.as_of
        return self.show(
            name,
            lambda n, s, t, lang: charts.timeline(n, s, t, as_of, lang),
            spans.set_axis(pd.Index(labels, dtype=object)),
            title,
        )

    def _cut(self, count: int) -> list[Block]:
        """
        A sentence where a table holds no more than the first rows.
        """
        return [sentence(self.say("rows_cut", shown=MOST_ROWS, count=count))] if count > MOST_ROWS else []

    def _value(self, value: str) -> str:
        """
        A cell of the register; a blank one is marked, so that nobody takes the word for its content.
        """
        return self.say("blank_cell") if value == say("registers.blank", self.lang) else value

    def _day_text(self, day: Any) -> str:
        return self.say("dash") if pd.isna(day) else shown_date(pd.Timestamp(day).date(), self.lang)


def _mark(outcomes: Iterable[Outcome], head: str, row: int) -> str:
    """
    Whether a row fails, passes or is not concerned under one head of the matrix.
    """
    found = [bool(o.failing[row]) for o in outcomes if o.check.head == head and o.applies[row]]
    return "none" if not found else "fail" if any(found) else "pass"


def _first(grave: Mask) -> Any:
    """
    The places of the rows that a table shows, in the order of the file: grave ones go before others.
    """
    return np.sort(np.argsort(~grave, kind="stable")[:MOST_ROWS])
