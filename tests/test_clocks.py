"""
The days in which a breach is reported, and the years a record is kept.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess.clocks import (
    FULL_DAYS,
    FULL_DAYS_WRONGFUL,
    PROMPT_DAYS,
    closed,
    kept_until,
    last_day,
    last_days,
    minus_years,
    plus_years,
)

DAYS = st.dates(min_value=date(2022, 4, 1), max_value=date(2099, 6, 30))
# Typed from the calendar of 2026, so that the library is not its own witness.
HOLIDAYS_2026 = {
    "01-01", "01-12", "02-11", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05", "05-06", "07-20", "08-11", "09-21",
    "09-22", "09-23", "10-12", "11-03", "11-23",
}  # fmt: skip
TURN_OF_THE_YEAR = {"12-29", "12-30", "12-31", "01-01", "01-02", "01-03"}


def test_the_lengths_are_those_of_the_rules() -> None:
    """About 3 to 5 days for the prompt report; 30 days for the full one, 60 after a wrongful act."""
    assert (PROMPT_DAYS, FULL_DAYS, FULL_DAYS_WRONGFUL) == (5, 30, 60)


@pytest.mark.parametrize(
    ("known", "days", "last"),
    [
        ("2026-04-01", 1, "2026-04-01"),
        ("2026-04-01", 30, "2026-04-30"),
        ("2026-04-01", 60, "2026-06-01"),  # the 60th day, 30 May, is a Saturday
        ("2026-04-02", 60, "2026-06-01"),  # Sunday
        ("2026-04-03", 60, "2026-06-01"),  # Monday
        ("2026-04-04", 60, "2026-06-02"),
        ("2026-06-01", 5, "2026-06-05"),  # Friday
        ("2026-06-02", 5, "2026-06-08"),  # Saturday
    ],
)
def test_the_day_of_knowledge_is_day_1_and_only_the_last_day_moves(known: str, days: int, last: str) -> None:
    """Weekends inside the period count; a last day at a weekend moves to the Monday."""
    assert last_day(date.fromisoformat(known), days) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("end", "last"),
    [
        # 28 December 2026 is a Monday, 3 January 2027 a Sunday
        ("2026-12-28", "2026-12-28"), ("2026-12-29", "2027-01-04"), ("2026-12-30", "2027-01-04"),
        ("2026-12-31", "2027-01-04"), ("2027-01-01", "2027-01-04"), ("2027-01-02", "2027-01-04"),
        ("2027-01-03", "2027-01-04"), ("2027-01-04", "2027-01-04"),
        # 3 January 2025 is a Friday, so that a weekend follows
        ("2024-12-27", "2024-12-27"), ("2024-12-28", "2025-01-06"), ("2025-01-03", "2025-01-06"),
        # 3 January 2028 is a Monday
        ("2027-12-29", "2028-01-04"), ("2028-01-03", "2028-01-04"),
        # 1 January 2023 is a Sunday; its day in lieu lies within the turn of the year
        ("2023-01-02", "2023-01-04"), ("2023-01-03", "2023-01-04"),
    ],
)  # fmt: skip
def test_the_turn_of_the_year_is_closed(end: str, last: str) -> None:
    """From 29 December to 3 January nothing is due; the next open day is."""
    known = date.fromisoformat(end) - timedelta(days=29)
    assert last_day(known, 30) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("2026-05-01", "2026-05-01"), ("2026-05-02", "2026-05-07"), ("2026-05-06", "2026-05-07"),  # in lieu of 3 May
        ("2026-05-07", "2026-05-07"), ("2025-05-03", "2025-05-07"), ("2027-05-05", "2027-05-06"),
        ("2026-04-29", "2026-04-30"), ("2029-04-29", "2029-05-01"),
        ("2026-09-18", "2026-09-18"), ("2026-09-19", "2026-09-24"), ("2026-09-22", "2026-09-24"),
        ("2024-02-11", "2024-02-13"), ("2025-11-23", "2025-11-25"), ("2027-03-21", "2027-03-23"),
        ("2028-02-28", "2028-02-28"), ("2028-02-29", "2028-02-29"), ("2028-03-01", "2028-03-01"),
    ],
)  # fmt: skip
def test_holidays_move_the_last_day(end: str, last: str) -> None:
    """Golden Week, days in lieu, the day between two holidays, and a leap day, which is none."""
    known = date.fromisoformat(end) - timedelta(days=59)
    assert last_day(known, 60) == date.fromisoformat(last)


def test_a_leap_day_counts() -> None:
    """The 30th day from 1 February is 1 March in 2028 and 2 March in 2027."""
    assert last_day(date(2028, 2, 1), 30) == date(2028, 3, 1)
    assert last_day(date(2027, 2, 1), 30) == date(2027, 3, 2)


def test_the_days_of_2026_are_closed_as_the_calendar_says() -> None:
    """Every day of the year, against a list typed by hand."""
    for offset in range(365):
        day = date(2026, 1, 1) + timedelta(days=offset)
        typed = day.strftime("%m-%d") in HOLIDAYS_2026 | TURN_OF_THE_YEAR or day.isoweekday() in (6, 7)
        assert closed(day) is typed, day


@pytest.mark.parametrize("days", [PROMPT_DAYS, FULL_DAYS, FULL_DAYS_WRONGFUL])
def test_a_plain_count_gives_the_same_last_day(days: int) -> None:
    """Counting day by day from 1 gives the same answer for each day of knowledge that ends in 2026."""
    for offset in range(365 - days):
        known = date(2026, 1, 1) + timedelta(days=offset)
        day, count = known, 1
        while count < days:
            day, count = day + timedelta(days=1), count + 1
        while day.isoweekday() in (6, 7) or day.strftime("%m-%d") in HOLIDAYS_2026 | TURN_OF_THE_YEAR:
            day += timedelta(days=1)
        assert last_day(known, days) == day


@pytest.mark.parametrize("year", range(2022, 2100))
def test_the_equinoxes_stand_where_the_sun_puts_them(year: int) -> None:
    """The usual formula for 1980 to 2099 and the library agree; each such day is closed."""
    elapsed = 0.242194 * (year - 1980) - (year - 1980) // 4
    assert closed(date(year, 3, int(20.8431 + elapsed)))
    assert closed(date(year, 9, int(23.2488 + elapsed)))


@given(DAYS, st.integers(1, 90))
def test_the_last_day_is_the_first_open_one(known: date, days: int) -> None:
    """It is open, not before its term, and every day from the term up to it is closed."""
    term, last = known + timedelta(days=days - 1), last_day(known, days)
    assert last >= term
    assert not closed(last)
    assert all(closed(term + timedelta(days=n)) for n in range((last - term).days))


@given(st.lists(st.tuples(st.none() | DAYS, st.integers(1, 90), st.integers(0, 10)), max_size=20))
def test_a_column_is_read_like_each_of_its_days(rows: list[tuple[date | None, int, int]]) -> None:
    """Columns give what single days give; blank stays blank; index and resolution hold."""
    index = [f"row {n}" for n in range(len(rows))]
    starts = pd.Series(
        [pd.Timestamp(d) if d else pd.NaT for d, _, _ in rows], index=index, dtype="datetime64[s]"
    )
    days, years = (np.array([row[n] for row in rows], dtype=int) for n in (1, 2))
    ends, kept = last_days(starts, days), kept_until(starts, years)
    for found, scalar in ((ends, last_day), (kept, plus_years)):
        assert found.dtype == "datetime64[s]"
        assert list(found.index) == index
        for (start, day_count, year_count), end in zip(rows, found, strict=True):
            count = day_count if scalar is last_day else year_count
            assert pd.isna(end) if start is None else end.date() == scalar(start, count)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_one_length_serves_a_whole_column(unit: str) -> None:
    """A single number is enough, in any resolution; the hour of knowledge does not matter."""
    known = pd.Series(pd.to_datetime(["2026-04-01 23:59", None]).as_unit(unit), name="known_on")
    assert last_days(known, FULL_DAYS).tolist() == [pd.Timestamp("2026-04-30"), pd.NaT]
    assert kept_until(known, 3).tolist() == [pd.Timestamp("2029-04-01"), pd.NaT]
    assert last_days(known, FULL_DAYS).name == "known_on"
    days = np.array(["2026-04-01", "NaT"], dtype="datetime64[D]")
    assert last_days(days, FULL_DAYS).tolist() == [date(2026, 4, 30), None]
    assert kept_until(days, 3).tolist() == [date(2029, 4, 1), None]


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        ("2024-04-01", 3, "2027-04-01"), ("2024-02-29", 1, "2025-02-28"), ("2024-02-29", 3, "2027-02-28"),
        ("2024-02-29", 4, "2028-02-29"),  # the period begins on 1 March, so it ends on the day before one
        ("2023-02-28", 1, "2024-02-29"),  # likewise
        ("2024-02-28", 1, "2025-02-28"),  # it begins on 29 February, to which no day answers
        ("2024-02-28", 4, "2028-02-28"), ("2025-12-31", 1, "2026-12-31"), ("2025-01-01", 1, "2026-01-01"),
        ("2026-11-22", 0, "2026-11-22"),
    ],
)  # fmt: skip
def test_a_period_of_years_ends_before_the_day_that_answers_to_its_first(
    start: str, years: int, last: str
) -> None:
    """Civil Code Arts 140 and 143: the first day is not counted; months end where no day answers."""
    assert plus_years(date.fromisoformat(start), years) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("day", "years", "first"),
    [
        ("2026-11-22", 1, "2025-11-22"), ("2024-02-29", 1, "2023-02-28"), ("2025-02-28", 1, "2024-02-28"),
        ("2025-03-01", 1, "2024-03-01"), ("2028-02-29", 4, "2024-02-29"),
    ],
)  # fmt: skip
def test_years_are_counted_back_to_the_same_day(day: str, years: int, first: str) -> None:
    """The same day of the earlier year, or the last of February."""
    assert minus_years(date.fromisoformat(day), years) == date.fromisoformat(first)


@given(DAYS, DAYS, st.integers(0, 10))
def test_counting_back_and_counting_on_agree(done: date, day: date, years: int) -> None:
    """What was done on or after the day counted back is what has not run out by the day."""
    assert (done >= minus_years(day, years)) == (plus_years(done, years) >= day)


@given(
    st.sampled_from([date(2023, 2, 27), date(2024, 2, 28), date(2027, 2, 28)]),
    st.integers(-3, 3),
    st.integers(0, 9),
)
def test_counting_agrees_around_the_end_of_february(around: date, off: int, years: int) -> None:
    """The same where leap days make the difference."""
    for shift in range(-3, 4):
        done, later = around + timedelta(days=off), plus_years(around, years) + timedelta(days=shift)
        assert (done >= minus_years(later, years)) == (plus_years(done, years) >= later)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2100-01-01", True),
        ("2100-01-03", True),
        ("2100-01-04", False),
        ("2100-05-05", False),
        ("1948-12-31", True),
    ],
)
def test_outside_the_known_years_only_weekends_and_the_turn_of_the_year_are_closed(
    day: str, *, expected: bool
) -> None:
    """Beyond 2099 no national holiday is known, and none is made up."""
    assert closed(date.fromisoformat(day)) is expected
