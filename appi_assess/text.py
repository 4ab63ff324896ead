"""
Reading what people write: widths, answers, dates.

Each reader accepts a documented set of forms (``tables/words.yaml``) and returns the value,
or raises ``Unreadable`` with the sentence that says why.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache

from .tables import table
from .wording import LANGUAGES, say

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ﹣－", "-"))
_MONTHS, _YEARS = range(1, 13), range(1900, 2200)
_NUMERIC = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})")
_KANJI = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ERA_KANJI = re.compile(r"([^\W\d]{2})\s*(\d{1,2}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ERA_MIXED = re.compile(r"([^\W\d]{2})\s*(\d{1,2}|元)\s*([-/.])\s*(\d{1,2})\s*\3\s*(\d{1,2})")
_ERA_LETTER = re.compile(r"([A-Z])\s*(\d{1,2}|元)\s*([-/.])\s*(\d{1,2})\s*\3\s*(\d{1,2})")


class Unreadable(ValueError):
    """
    A text is not one of the accepted forms; ``code`` and ``words`` make the sentence.
    """

    def __init__(self, code: str, **words: object) -> None:
        self.code, self.words = code, words
        super().__init__(code)


def fold(text: str) -> str:
    """
    Full-width forms as half-width, all dashes as ``-``, spaces at the ends gone.

    Examples:
        >>> fold("　Ａ２６－４ ")
        'A26-4'
    """
    return unicodedata.normalize("NFKC", text).translate(_DASHES).strip()


def requirement_id(text: str) -> str:
    """
    A requirement id as the catalogue writes it.

    Examples:
        >>> requirement_id("ａ２６－４")
        'A26-4'
    """
    return re.sub(r"\s+", "", fold(text)).upper()


def nearest(text: str, known: Iterable[str]) -> str | None:
    """
    The known id that looks most like ``text``, if any does.
    """
    found = get_close_matches(requirement_id(text), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def word(kind: str, text: str) -> str:
    """
    The value that a word stands for.

    Args:
        kind: A table of ``words.yaml``: ``answers``, ``gates``, ``efforts`` or ``languages``.
        text: What the user wrote.

    Raises:
        Unreadable: If the word is in no row; its words name the accepted ones.

    Examples:
        >>> word("answers", "はい"), word("answers", "△"), word("gates", "NO")
        ('met', 'partly', 'no')
    """
    value = _words(kind).get(_key(text))
    if value is None:
        raise Unreadable("word_unknown", accepted=accepted(kind))
    return value


def accepted(kind: str) -> dict[str, str]:
    """
    The accepted words of a table in each language, grouped by what they mean.
    """
    rows = table("words")[kind].items()
    return {
        "ja": "／".join(f"{value}＝{'・'.join(words)}" for value, words in rows),
        "en": "; ".join(f"{value}: {', '.join(words)}" for value, words in rows),
    }


def _key(text: str) -> str:
    # The prolonged sound mark is no dash inside a word; only widths and case are folded here.
    return " ".join(unicodedata.normalize("NFKC", text).strip().casefold().split())


@cache
def _words(kind: str) -> dict[str, str]:
    return {_key(w): value for value, words in table("words")[kind].items() for w in words}


def parse_date(text: str) -> date:
    """
    Read a date as people in Japan write it.

    Args:
        text: ISO, slashes, dots, kanji or era style; full-width digits are fine.

    Returns:
        The calendar date. No time zone is implied.

    Raises:
        Unreadable: If the form is unknown or the day does not exist; the sentence says why.

    Examples:
        >>> parse_date("令和8年11月22日"), parse_date("令和8/11/22"), parse_date("２０２６／１１／２２")
        (datetime.date(2026, 11, 22), datetime.date(2026, 11, 22), datetime.date(2026, 11, 22))
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if match := _NUMERIC.fullmatch(folded):
        return _calendar(int(match[1]), int(match[3]), int(match[4]))
    if match := _KANJI.fullmatch(folded):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    if match := _ERA_KANJI.fullmatch(folded):
        return _era("name", match[1], match[2], int(match[3]), int(match[4]))
    if match := _ERA_MIXED.fullmatch(folded):
        return _era("name", match[1], match[2], int(match[4]), int(match[5]))
    if match := _ERA_LETTER.fullmatch(folded.upper()):
        return _era("letter", match[1], match[2], int(match[4]), int(match[5]))
    raise Unreadable("date_form")


def _calendar(year: int, month: int, day: int) -> date:
    if month not in _MONTHS:
        raise Unreadable("date_month", month=month)
    if year not in _YEARS:
        raise Unreadable("date_year", year=year)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Unreadable("date_day", year=year, month=month, last=last)
    return date(year, month, day)


def _era(field: str, era: str, number: str, month: int, day: int) -> date:
    row = next((row for row in table("words")["eras"] if row[field] == era), None)
    if row is None:
        raise Unreadable("date_era", era=era, known="・".join(e["name"] for e in table("words")["eras"]))
    count = 1 if number == "元" else int(number)
    if count == 0:
        raise Unreadable("date_era_zero", era=row["name"])
    first = date.fromisoformat(row["first"])
    last = date.fromisoformat(row["last"]) if row["last"] else date.max - timedelta(days=1)
    found = _calendar(first.year + count - 1, month, day)
    if found > last:
        raise Unreadable(
            "date_era_over",
            era=row["name"],
            roman=row["roman"],
            last=_both(last),
            meant=era_text(found),
            iso=found,
        )
    if found < first:
        raise Unreadable(
            "date_era_before",
            era=row["name"],
            roman=row["roman"],
            first=_both(first),
            meant=era_text(found),
            iso=found,
        )
    return found


def _both(day: date) -> dict[str, str]:
    return {lang: shown_date(day, lang) for lang in LANGUAGES}


def era_text(day: date) -> str:
    """
    A date in the era it belongs to.

    Examples:
        >>> era_text(date(2019, 5, 1))
        '令和元年5月1日'
    """
    for row in table("words")["eras"]:
        first = date.fromisoformat(row["first"])
        if day >= first:
            count = day.year - first.year + 1
            return f"{row['name']}{'元' if count == 1 else count}年{day.month}月{day.day}日"
    return day.isoformat()


def shown_date(day: date, lang: str) -> str:
    """
    A date as the report prints it.

    Examples:
        >>> shown_date(date(2026, 11, 22), "ja")
        '2026年11月22日'
    """
    if lang not in LANGUAGES:
        raise ValueError(lang)
    return say("date", lang, iso=day, year=day.year, month=day.month, day=day.day)
