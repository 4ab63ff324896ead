"""
Words and dates as people write them.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess import text
from appi_assess.problems import Problem
from appi_assess.tables import table


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "令和8年11月22日", "R8.11.22", "r8/11/22", "R08-11-22",
        "２０２６－１１－２２", "２０２６／１１／２２", "令和８年１１月２２日", " 2026-11-22 ", "2026年 11月 22日", "Ｒ８．１１．２２",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_documented_form(written: str) -> None:
    """ISO, slashes, dots, kanji and era style, in half and full width, mean the same day."""
    assert text.parse_date(written) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)), ("平成31年4月30日", date(2019, 4, 30)), ("H31.4.30", date(2019, 4, 30)),
        ("平成元年1月8日", date(1989, 1, 8)), ("昭和64年1月7日", date(1989, 1, 7)), ("S64.1.7", date(1989, 1, 7)),
        ("昭和元年12月25日", date(1926, 12, 25)), ("大正15年12月24日", date(1926, 12, 24)), ("2024-02-29", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_eras_begin_and_end_on_their_days(written: str, day: date) -> None:
    """Both sides of each change of era."""
    assert text.parse_date(written) == day


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "平成31年5月1日",
            '"平成31年5月1日" does not exist: Heisei ended on 2019-04-30. Did you mean 令和元年5月1日 (2019-05-01)?',
        ),
        (
            "令和元年4月30日",
            '"令和元年4月30日" does not exist: Reiwa began on 2019-05-01. Did you mean 平成31年4月30日 (2019-04-30)?',
        ),
        ("2026-02-29", '"2026-02-29" does not exist: 2026-02 has 28 days.'),
        ("2026-13-01", '"2026-13-01" does not exist: there is no month 13. The order is year, month, day.'),
        ("2026-00-10", '"2026-00-10" does not exist: there is no month 0. The order is year, month, day.'),
        ("R0.1.1", '"R0.1.1" does not exist: eras have no year 0; the first is 元年 (1).'),
        (
            "安永3年1月1日",
            '"安永3年1月1日": the era "安永" is unknown. Known: 令和・平成・昭和・大正・明治 (R, H, S, T, M).',
        ),
        ("0026-11-22", '"0026-11-22": the year 26 is not between 1900 and 2199.'),
    ],
)
def test_an_impossible_date_says_why(written: str, said: str) -> None:
    """The sentence names the reason and, where there is one, the day that was meant."""
    with pytest.raises(text.Unreadable) as caught:
        text.parse_date(written)
    assert Problem(caught.value.code, found=written, words=caught.value.words).said("en") == said


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow",
        "11/22/2026",
        "2026-11",
        "20261122",
        "2026-11/22",
        "22 November 2026",
        "1:20",
        "",
        "2026-11-22T00:00",
    ],
)
def test_anything_else_is_no_date(written: str) -> None:
    """What is in no documented form is refused, not guessed."""
    with pytest.raises(text.Unreadable, match="date_form"):
        text.parse_date(written)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_reads_back_in_its_era(day: date) -> None:
    """Writing a day in its era and reading it gives the same day."""
    assert text.parse_date(text.era_text(day)) == day
    assert text.parse_date(day.isoformat()) == day


@given(st.text(max_size=30))
def test_reading_never_fails_otherwise(written: str) -> None:
    """Whatever stands there, the reader returns a day or says why not."""
    said = []
    try:
        text.parse_date(written)
    except text.Unreadable as error:
        said = [Problem(error.code, found=written, words=error.words).said(lang) for lang in ("ja", "en")]
    assert all(said)


@pytest.mark.parametrize("kind", ["answers", "gates", "efforts", "languages"])
def test_every_documented_word_is_read(kind: str) -> None:
    """Each word of the table is read as the value of its row, in any width and case."""
    for value, words in table("words")[kind].items():
        for word in words:
            assert text.word(kind, word) == value
            assert text.word(kind, f" {word.upper()} ") == value


def test_words_belong_to_one_value() -> None:
    """No word means two things."""
    for kind in ("answers", "gates", "efforts", "languages"):
        words = [text._key(w) for row in table("words")[kind].values() for w in row]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("ＹＥＳ", "met"),
        ("はい", "met"),
        ("○", "met"),
        ("△", "partly"),
        ("一部", "partly"),
        ("×", "not_met"),
        ("Ｎ／Ａ", "not_applicable"),
        ("該当なし", "not_applicable"),
    ],
)
def test_answers_as_people_write_them(written: str, value: str) -> None:
    """Japanese words, marks and English words in either width."""
    assert text.word("answers", written) == value


def test_an_unknown_word_lists_the_accepted_ones() -> None:
    """The error names every accepted word."""
    with pytest.raises(text.Unreadable) as caught:
        text.word("answers", "maybe")
    for lang in ("ja", "en"):
        said = Problem(caught.value.code, found="maybe", words=caught.value.words).said(lang)
        assert all(word in said for row in table("words")["answers"].values() for word in row)


@pytest.mark.parametrize("written", ["A26-4", "a26-4", "Ａ２６－４", " A26‐4 ", "Ａ２６ー４", "A26 - 4"])
def test_ids_are_folded(written: str) -> None:
    """Full-width letters, any dash and stray spaces are folded."""
    assert text.requirement_id(written) == "A26-4"
