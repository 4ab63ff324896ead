"""
Registers for tests: rows written as words, read by the kit's own reader, and judged.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from appi_assess.checks import Outcome, all_checks, check_registers, run_check
from appi_assess.problems import Problem
from appi_assess.register_reader import typed
from appi_assess.registers import Rows, register
from appi_assess.spreadsheet import Chunk, Raw

DAY = date(2026, 11, 22)


def rows(name: str, *cells: dict[str, str]) -> Rows:
    """
    Rows of a register from cells by column name, numbered from 2 as below a heading row.

    A column that no row names is a column that the file does not have.
    """
    headings = tuple(dict.fromkeys(c for row in cells for c in row))
    columns = tuple([row.get(h, "") for row in cells] for h in headings)
    chunk = Chunk(np.arange(2, len(cells) + 2), columns)
    problems: list[Problem] = []
    found = typed(register(name), Raw(headings, 1, iter([chunk])), f"registers/{name}.csv", problems)
    errors = [p.said("en") for p in problems if p.level == "error"]
    assert not errors, errors
    return found


def blank(name: str) -> dict[str, str]:
    """
    A row with every column of a register and nothing in it, so that every check can run.
    """
    return {c.name: "" for c in register(name).columns}


def outcome(check: str, *kept: Rows, as_of: date = DAY) -> Outcome:
    """
    What one check finds in these registers.
    """
    day = np.datetime64(as_of, "D")
    current = {r.register.name: r.happened_by(day) for r in kept}
    return run_check(next(c for c in all_checks() if c.id == check), current, day)


def judged(check: str, *kept: Rows, as_of: date = DAY) -> tuple[list[int], list[int]]:
    """
    The row numbers that a check speaks about, and those of them that fail.
    """
    found = outcome(check, *kept, as_of=as_of)
    assert found.rows is not None, found.state
    return found.rows.numbers[found.applies].tolist(), found.rows.numbers[found.failing].tolist()


def passes(check: str, kept: str, /, as_of: date = DAY, **cells: str) -> bool:
    """
    Whether a check passes a single row; it must speak about it.
    """
    applies, fails = judged(check, rows(kept, cells), as_of=as_of)
    assert applies == [2], "the check does not speak about this row"
    return not fails


def silent(check: str, kept: str, /, as_of: date = DAY, **cells: str) -> bool:
    """
    Whether a check has nothing to say about a single row.
    """
    applies, fails = judged(check, rows(kept, cells), as_of=as_of)
    assert not fails
    return not applies


def open_gates(*kept: Rows, as_of: date = DAY) -> set[str]:
    """
    The gates which these registers contradict if answered no.
    """
    return {c.presence.gate for c in check_registers({r.register.name: r for r in kept}, as_of).contradicted}
