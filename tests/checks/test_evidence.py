"""
The list of evidence: what would not count as support on the day.
"""

from __future__ import annotations

from datetime import date

import pytest

from appi_assess.checks import all_checks
from tests.registers import DAY, blank, open_gates, passes, rows, silent

R = "evidence"
PIECE = {**blank(R), "file": "breach_procedure.md", "requirements": "A26-1、Ａ２６－４"}


def piece(**cells: str) -> dict[str, str]:
    """A piece of evidence with these cells."""
    return {**PIECE, **cells}


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("dated", {"dated": "2026-11-22"}, {"dated": ""}),
        ("dated", {"dated": "R8.3.2"}, {"dated": "2026-11-23"}),  # still to come
        ("still_valid", {"valid_until": "2026-11-22"}, {"valid_until": "2026-11-21"}),
        ("still_valid", {"valid_until": "2027-03-31"}, {"valid_until": "令和7年3月31日"}),
        ("owned", {"owner": "法務部"}, {"owner": "未定"}),
    ],
)
def test_each_check_passes_and_fails(check: str, good: dict[str, str], bad: dict[str, str]) -> None:
    """Both sides of each rule, on the last good day and the day after."""
    assert passes(f"{R}.{check}", R, **piece(**good))
    assert not passes(f"{R}.{check}", R, **piece(**bad))


def test_evidence_dated_later_counts_from_its_day() -> None:
    """The row stays in the list; only its date does not count yet."""
    assert not passes(f"{R}.dated", R, DAY, **piece(dated="2026-12-01"))
    assert passes(f"{R}.dated", R, date(2026, 12, 1), **piece(dated="2026-12-01"))


def test_evidence_without_a_last_day_does_not_expire() -> None:
    """Where no last day is written, the check on it does not speak."""
    assert silent(f"{R}.still_valid", R, **piece(dated="2019-05-01"))


def test_evidence_only_informs() -> None:
    """A gap in the list changes no verdict and contradicts no gate."""
    assert {c.serves for c in all_checks() if c.register == R} == {()}
    assert open_gates(rows(R, PIECE)) == set()


def test_the_ids_are_those_of_the_catalogue() -> None:
    """Several ids of one piece are read, whatever their width; an unknown one is an error."""
    assert rows(R, PIECE).says("requirements", "A26-4").all()
    with pytest.raises(AssertionError, match="A26-99"):
        rows(R, piece(requirements="A26-99"))
