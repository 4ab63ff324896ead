"""
The clocks of the law: the days in which a breach is reported, the years a record is kept.

Holidays come from a library that knows them from 1949 to 2099. The equinoxes of years not yet
announced are forecasts, and a law may still move a holiday; outside these years only weekends
and the turn of the year count as closed.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

D = TypeVar("D", "pd.Series", "NDArray[np.datetime64]")

# Rules Art. 8(1) says "promptly"; GL 3-5-3-3 takes it as roughly 3 to 5 days.
PROMPT_DAYS = 5
# Rules Art. 8(2); GL 3-5-3-4.
FULL_DAYS = 30
# The same, where the act may have had a wrongful purpose: Rules Art. 7(iii).
FULL_DAYS_WRONGFUL = 60

_FIRST_YEAR, _LAST_YEAR = 1949, 2099
_TURN_OF_THE_YEAR = ("01-01", "01-02", "01-03", "12-29", "12-30", "12-31")


def last_day(known: date, days: int) -> date:
    """
    The last day of a period in which the day of knowledge is day 1.

    Every day counts. Only if the last one is closed does the period end on the next open day.

    Examples:
        >>> last_day(date(2026, 4, 1), FULL_DAYS), last_day(date(2026, 4, 1), FULL_DAYS_WRONGFUL)
        (datetime.date(2026, 4, 30), datetime.date(2026, 6, 1))
    """
    found: date = _open(np.datetime64(known, "D") + (days - 1)).item()
    return found


def last_days(known: D, days: int | NDArray[np.integer[Any]]) -> D:
    """
    The last day of each period, as ``last_day`` gives it.

    Args:
        known: The days of knowledge, without a time zone, as an array or a series; blank ones stay
            blank.
        days: The length of all periods, or of each.
    """
    return _column(_open(_days(known) + (np.asarray(days) - 1)), known)


def closed(day: date) -> bool:
    """
    Whether the offices are closed: weekends, national holidays and 29 December to 3 January.

    National holidays include those in lieu and those between two others.
    """
    return not np.is_busday(np.datetime64(day, "D"), busdaycal=_calendar())


def plus_years(day: date, years: int) -> date:
    """
    The last day of a period of years that begins on the day after ``day``.

    Civil Code Arts 140 and 143: the period ends before the day that answers to its first one,
    and with the month where no day does.

    Examples:
        >>> plus_years(date(2024, 4, 1), 3), plus_years(date(2024, 2, 29), 1)
        (datetime.date(2027, 4, 1), datetime.date(2025, 2, 28))
    """
    found: date = _last(np.datetime64(day, "D"), np.asarray(years)).item()
    return found


def minus_years(day: date, years: int) -> date:
    """
    The earliest day from which a period of years has not ended before ``day``.

    Examples:
        >>> minus_years(date(2026, 11, 22), 1), minus_years(date(2024, 2, 29), 1)
        (datetime.date(2025, 11, 22), datetime.date(2023, 2, 28))
    """
    return (pd.Timestamp(day) - pd.DateOffset(years=years)).date()


def kept_until(start: D, years: int | NDArray[np.integer[Any]]) -> D:
    """
    The last day on which each record must still be there, as ``plus_years`` gives it.

    Args:
        start: The days from which the periods run, without a time zone, as an array or a series;
            blank ones stay blank.
        years: The length of all periods, or of each.
    """
    return _column(_last(_days(start), np.asarray(years)), start)


def _open(ends: Any) -> Any:
    """
    The given days, each moved to the next open one where it is closed.
    """
    return np.busday_offset(ends, 0, roll="forward", busdaycal=_calendar())


def _last(starts: Any, years: NDArray[Any]) -> Any:
    begins = starts + np.timedelta64(1, "D")
    month = begins.astype("datetime64[M]")
    later = month + (12 * years).astype("timedelta64[M]")
    answering = later.astype("datetime64[D]") + (begins - month.astype("datetime64[D]"))
    following_month = (later + np.timedelta64(1, "M")).astype("datetime64[D]")
    return np.minimum(answering, following_month) - np.timedelta64(1, "D")


def _days(column: Any) -> NDArray[np.datetime64]:
    return np.asarray(column).astype("datetime64[D]")


def _column(days: Any, like: D) -> D:
    if not isinstance(like, pd.Series):
        found: D = days
        return found
    return pd.Series(days.astype("datetime64[s]"), index=like.index, name=like.name)


@cache
def _calendar() -> np.busdaycalendar:
    import holidays

    years = range(_FIRST_YEAR, _LAST_YEAR + 1)
    national = list(holidays.country_holidays("JP", years=years))
    turns = [f"{year:04}-{turn}" for year in range(1900, 2201) for turn in _TURN_OF_THE_YEAR]
    return np.busdaycalendar(holidays=np.array([*national, *turns], dtype="datetime64[D]"))
