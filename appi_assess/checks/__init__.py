"""
The automatic checks of the registers (README, registers).

Each module holds the checks of one register. A check is a pure function from the rows and the
assessment date to pass or fail per row, declared with what it serves and what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, Literal, TypeVar

import numpy as np

from appi_assess.registers import REGISTERS, Mask, Rows
from appi_assess.requirement import Text

State = Literal["pass", "fail", "no_register", "no_rows", "no_column", "no_other_register"]
# What a check function returns: the rows it speaks about, those of them that pass, and further
# words for its sentence by row.
Result = tuple[Mask, Mask] | tuple[Mask, Mask, Mapping[str, Any]]


@dataclass(frozen=True)
class Check:
    """
    One automatic check.

    Attributes:
        id: Register and function, such as ``incidents.full_report``.
        register: The register whose rows it judges.
        column: The column to which a failing row is pinned.
        needs: Columns without which it cannot run.
        against: Other registers that it compares with; it runs if one of them is kept.
        beside: Other registers that it looks into if they are kept.
        serves: The requirements that it speaks for; none if it only informs.
        head: Under which head of the register's matrix it stands.
        decisive: One failing row makes the duty not met (README, verdicts, rule 5). For a duty that
            is a prohibition every check is.
        sufficient: When every row passes, the rows themselves are evidence.
        rule: What must hold.
        fails: What is said of a failing row; columns and further words are filled in.
        remedy: What to do about it.
        test: The function.
    """

    id: str
    register: str
    column: str
    needs: tuple[str, ...]
    against: tuple[str, ...]
    beside: tuple[str, ...]
    serves: tuple[str, ...]
    head: str
    decisive: bool
    sufficient: bool
    rule: Text
    fails: Text
    remedy: Text
    test: Callable[..., Result]


@dataclass(frozen=True)
class Presence:
    """
    Rows that a scope gate answered "no" says cannot exist.
    """

    gate: str
    register: str
    column: str
    test: Callable[[Rows, np.datetime64], Mask]


@dataclass(frozen=True)
class Outcome:
    """
    What one check found.

    Attributes:
        check: Which check.
        rows: The rows as they were on the assessment date; None if the check did not run.
        applies: The rows that it speaks about.
        failing: The rows that fail.
        state: ``pass`` or ``fail``, or why there is no result.
        missing: The columns or registers that it lacks.
        words: Further words for its sentence, by row.
    """

    check: Check
    state: State
    rows: Rows | None = None
    applies: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    failing: Mask = field(default_factory=lambda: np.zeros(0, dtype=bool))
    missing: tuple[str, ...] = ()
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contradicted:
    """
    A scope gate with the rows that speak against a "no".
    """

    presence: Presence
    rows: Rows
    found: Mask


@dataclass(frozen=True)
class Checked:
    """
    What was found in the registers of an engagement on a day.

    Attributes:
        registers: The registers as they were on that day.
        outcomes: What each check found.
        contradicted: The gates that rows speak against, if they are answered "no".
    """

    registers: Mapping[str, Rows] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()
    contradicted: tuple[Contradicted, ...] = ()


D = TypeVar("D", Check, Presence)
_CHECKS: dict[str, Check] = {}
_PRESENCES: list[Presence] = []


def check(
    register: str,
    column: str,
    *,
    serves: tuple[str, ...],
    head: str,
    rule: Mapping[str, str],
    fails: Mapping[str, str],
    remedy: Mapping[str, str],
    needs: tuple[str, ...] = (),
    against: tuple[str, ...] = (),
    beside: tuple[str, ...] = (),
    decisive: bool = False,
    sufficient: bool = False,
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """
    Declare a function as a check; see ``Check`` for the words.

    The function takes the rows and the day, and with ``against`` or ``beside`` a mapping of the
    other registers that are kept between them. It returns which rows it speaks about and which of them pass. It sees only rows
    and dates that exist on the day.
    """

    def declare(test: Callable[..., Result]) -> Callable[..., Result]:
        name = f"{register}.{test.__name__}"
        _CHECKS[name] = Check(
            name,
            register,
            column,
            tuple(dict.fromkeys((column, *needs))),
            against,
            beside,
            serves,
            head,
            decisive,
            sufficient,
            Text(**rule),
            Text(**fails),
            Text(**remedy),
            test,
        )
        return test

    return declare


def presence(gate: str, register: str, column: str) -> Callable[..., Any]:
    """
    Declare a function that finds the rows which contradict a gate answered "no".
    """

    def declare(test: Callable[[Rows, np.datetime64], Mask]) -> Any:
        _PRESENCES.append(Presence(gate, register, column, test))
        return test

    return declare


@cache
def all_checks() -> tuple[Check, ...]:
    """
    Every check, by register in the order of ``REGISTERS``.
    """
    for name in REGISTERS:
        import_module(f"{__name__}.{name}")
    return tuple(_in_order(_CHECKS.values()))


def _in_order(declared: Iterable[D]) -> list[D]:
    """
    By register, whichever module was imported first.
    """
    return sorted(declared, key=lambda d: REGISTERS.index(d.register))


def check_registers(registers: Mapping[str, Rows], as_of: date) -> Checked:
    """
    Run every check on the registers as they were on a day, and look for rows that contradict a gate.

    Args:
        registers: The registers that the engagement keeps, by name.
        as_of: The day; later rows and later dates do not count yet.
    """
    checks = all_checks()
    day = np.datetime64(as_of, "D")
    current = {name: rows.happened_by(day) for name, rows in registers.items()}
    contradicted = (
        Contradicted(p, current[p.register], p.test(current[p.register], day))
        for p in _in_order(_PRESENCES)
        if p.register in current
    )
    return Checked(
        current,
        tuple(run_check(c, current, day) for c in checks),
        tuple(c for c in contradicted if c.found.any()),
    )


def run_check(c: Check, registers: Mapping[str, Rows], day: np.datetime64) -> Outcome:
    """
    Run one check on registers as they were on the day.
    """
    if c.register not in registers:
        return Outcome(c, "no_register", missing=(c.register,))
    rows = registers[c.register]
    if lacking := tuple(n for n in c.needs if n not in rows.headings):
        return Outcome(c, "no_column", rows, missing=lacking)
    kept = {name: registers[name] for name in (*c.against, *c.beside) if name in registers}
    if c.against and not kept:
        return Outcome(c, "no_other_register", rows, missing=c.against)
    others = (kept,) if c.against or c.beside else ()
    applies, passes, *words = c.test(rows, *others, day)
    failing = applies & ~passes
    state: State = "fail" if failing.any() else "pass" if applies.any() else "no_rows"
    return Outcome(c, state, rows, applies, failing, words=words[0] if words else {})
