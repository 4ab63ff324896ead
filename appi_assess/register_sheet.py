"""
What a notebook shows of the registers: their rows, what fails and why, and the clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from . import charts
from .assessment import CheckResult, RegisterState
from .checks import Outcome, run_checks
from .checks.entrusted_parties import cases, running
from .checks.foreign_transfers import routes
from .checks.incidents import clocks
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

MOST_ROWS = 40  # of a register in a notebook; findings.csv holds the others
_LABEL = 26


class RegisterSheet(Sheet):
    """
    A notebook that shows registers.
    """

    @cached_property
    def _outcomes(self) -> tuple[Outcome, ...]:
        return run_checks(self.registers, self.assessment.law.as_of)

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
        order = np.sort(np.argsort(~fails, kind="stable")[:MOST_ROWS])
        subject = kept.column(kept.subject)
        subjects = rows.frame[kept.subject].to_numpy()
        body = [
            (
                rows.numbers[n],
                cell_text(subject, subjects[n], self.lang),
                *(self.say(f"check_{_mark(own, head, n)}") for head in kept.heads),
            )
            for n in order
        ]
        head = [self.say("row"), subject.heading[self.lang], *(t[self.lang] for t in kept.heads.values())]
        if len(rows) > MOST_ROWS:
            blocks.append(sentence(self.say("rows_left", shown=MOST_ROWS, count=len(rows))))
        widths = (6, 22, *[round(72 / len(kept.heads), 1)] * len(kept.heads))
        matrix = grid(head, body, widths=[int(w) for w in widths])
        own_checks = [c for c in self.assessment.checks if c.register_name == name]
        return self.page(*blocks, matrix, sentence(self.say("check_marks")), *self._failing(own_checks))

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
                f"{by_row[row, n].heading}\n{by_row[row, n].value[self.lang]}",
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
            blocks.append(grid(head, rows, widths=(6, 16, 34, 24, 20)))
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
        names, countries = rows.text("name").tolist(), rows.frame["country"].tolist()
        column = rows.register.column("country")
        body = []
        for place, case in enumerate(found[:MOST_ROWS]):
            said = table("decision_table")[case]
            party = f"{shown(names[place])}\n{cell_text(column, countries[place], self.lang)}"
            parts = ("case", "art_25", "art_27", "art_28", "also")
            mark = self.say(f"check_{_mark(own, 'abroad', place)}")
            body.append((rows.numbers[place], party, *(said[k][self.lang] for k in parts), mark))
        keys = ("row", "party", "case", "art_25", "art_27", "art_28", "also_applies", "outcome")
        found_grid = grid([self.say(k) for k in keys], body, widths=(5, 17, 18, 8, 13, 17, 15, 7))
        return self.page(title, found_grid, sentence(self.say("check_marks")))

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
        What to ask each entrusted party for, one line per party.
        """
        wanted: dict[tuple[int, str], list[str]] = {}
        for c in self.assessment.checks:
            if c.register_name == "entrusted_parties":
                for f in c.failures:
                    wanted.setdefault((f.row, f.subject), []).append(c.remedy[self.lang])
        lines = [
            self.say("ask", row=row, party=party, what=self.say("ask_join").join(what))
            for (row, party), what in sorted(wanted.items())[:MOST_ROWS]
        ]
        return self.page(heading(self.say("to_ask")), items(lines or [self.say("ask_nothing")]))

    def clocks(self) -> Page:
        """
        The clock of each incident: due days, what was filed, and the days left.
        """
        title = heading(self.say("clocks"))
        found = self._clocks()
        if found.empty:
            return self.page(title, sentence(self.state(self._state("incidents"))))
        body = [
            (
                number,
                label,
                self._day_text(r["known"]),
                f"{self._day_text(r['prompt_due'])}\n{self._day_text(r['prompt_on'])}",
                self.word("clock", r["prompt_state"]),
                f"{self._day_text(r['full_due'])}\n{self._day_text(r['full_on'])}",
                self.word("clock", r["full_state"]),
                "" if pd.isna(r["days_left"]) else int(r["days_left"]),
            )
            for number, label, r in zip(found.index, found["label"], found.to_dict("records"), strict=True)
        ][:MOST_ROWS]
        keys = ("row", "incident", "known", "prompt", "state", "full", "state", "days_left")
        return self.page(
            title,
            grid([self.say(k) for k in keys], body, widths=(6, 22, 12, 14, 10, 14, 10, 12)),
            sentence(self.say("clocks_rule")),
        )

    def clock_chart(self) -> Chart | Page:
        """
        From the day of knowledge to the full report, with its last day.
        """
        found = self._clocks()
        due = found[found["full_due"].notna()] if len(found) else found
        states = {"met": "kept", "late": "late", "missed": "over", "running": "open"}
        spans = pd.DataFrame(
            {
                "start": due.get("known"),
                "end": due.get("full_on"),
                "due": due.get("full_due"),
                "state": [states[s] for s in due.get("full_state", [])],
            }
        )
        spans.index = pd.Index(
            [f"{n} {label}" for n, label in zip(due.index, due.get("label", []), strict=True)]
        )
        return self._timeline("clocks", spans, self.say("chart_clocks"))

    def routes(self) -> Page:
        """
        How many recipients of each country rest on which route of Art. 28.
        """
        title = heading(self.say("routes"))
        rows = self._current("foreign_transfers")
        if rows is None or not len(rows):
            return self.page(title, sentence(self.state(self._state("foreign_transfers"))))
        column = rows.register.column("country")
        counts: dict[tuple[str, str], list[str]] = {}
        names, countries = rows.text("recipient").tolist(), rows.frame["country"].tolist()
        for name, country, route in zip(names, countries, routes(rows, self._day), strict=True):
            counts.setdefault((cell_text(column, country, self.lang), route), []).append(shown(name, _LABEL))
        body = [
            (country, self.word("route", route), len(found), say("list", self.lang).join(found[:10]))
            for (country, route), found in counts.items()
        ]
        head = [self.say(k) for k in ("country", "route", "count", "recipients")]
        return self.page(title, grid(head, body, widths=(18, 32, 8, 42)))

    def answering(self) -> Chart | Page:
        """
        From the arrival of each request to its answer.
        """
        rows = self._current("requests")
        spans = pd.DataFrame(columns=["start", "end", "due", "state"])
        if rows is not None and len(rows):
            found = days_to_answer(rows, self._day)
            held = found["received"].notna().to_numpy()
            spans = self._spans(
                rows, rows.register.subject, held, start=found["received"][held].to_numpy(),
                end=found["answered"][held].to_numpy(), due=pd.NaT,
                state=np.where(found["answered"][held].notna(), "kept", "open"),
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
        rows = self.registers.get(name)
        return None if rows is None else rows.happened_by(self._day)

    def _own(self, name: str, rows: Rows) -> list[Outcome]:
        return [o for o in self._outcomes if o.check.register == name and len(o.applies) == len(rows)]

    def _clocks(self) -> pd.DataFrame:
        rows = self._current("incidents")
        if rows is None or not len(rows):
            return pd.DataFrame()
        subject = rows.register.column(rows.register.subject)
        labels = [shown(cell_text(subject, v, self.lang), _LABEL) for v in rows.frame[subject.name]]
        found: pd.DataFrame = clocks(rows, self._day).assign(label=labels)
        return found

    def _spans(self, rows: Rows, subject: str, held: Mask, **columns: Any) -> pd.DataFrame:
        numbers, names = rows.numbers[held], rows.frame[subject].to_numpy()[held]
        index = [f"{n} {shown(str(name), _LABEL)}" for n, name in zip(numbers, names, strict=True)]
        return pd.DataFrame({k: np.asarray(v) for k, v in columns.items()} if index else columns, index=index)

    def _timeline(self, name: str, spans: pd.DataFrame, title: str) -> Chart | Page:
        if len(spans) > MOST_ROWS:
            order = {state: n for n, state in enumerate(("over", "late", "open", "kept"))}
            spans = spans.iloc[np.argsort(spans["state"].map(order), kind="stable")[:MOST_ROWS]]
        as_of = self.assessment.law.as_of
        return self.show(name, lambda n, s, t, lang: charts.timeline(n, s, t, as_of, lang), spans, title)

    def _day_text(self, day: Any) -> str:
        return self.say("dash") if pd.isna(day) else shown_date(pd.Timestamp(day).date(), self.lang)


def _mark(outcomes: Iterable[Outcome], head: str, row: int) -> str:
    """
    Whether a row fails, passes or is not concerned under one head of the matrix.
    """
    found = [bool(o.failing[row]) for o in outcomes if o.check.head == head and o.applies[row]]
    return "none" if not found else "fail" if any(found) else "pass"
