"""
What a notebook shows of the registers: states, matrix, failing rows, decisions, clocks, routes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from appi_assess.chapter import Chapter
from appi_assess.checks import check_registers
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Engagement
from appi_assess.notebook import Opened
from appi_assess.page import Block, Page
from appi_assess.picture import Chart
from appi_assess.register_sheet import MOST_ROWS
from appi_assess.registers import Rows
from tests.registers import DAY, blank, rows

GOOD = {"name": "Ferry", "country": "JP", "work": "delivery", "data": "name, address", "own_use": "no"}
BAD = {**GOOD, "name": "Leaky", "own_use": "yes"}
INCIDENT = {
    "name": "Lost list",
    "certainty": "occurred",
    "kind": "leak",
    "special_care": "yes",
    "persons": "3",
}


def sheet(chapter: str, *kept: Rows, lang: str = "en", as_of: date = DAY) -> Chapter:
    """A notebook of an engagement that keeps these registers and answers nothing."""
    found = {r.register.name: r for r in kept}
    engagement = Engagement("Test", lang, as_of, registers=found)
    return Chapter(
        chapter, Opened(assess_engagement(engagement, as_of), lang, None, check_registers(found, as_of))
    )


def tables(page: Page | Chart) -> list[Block]:
    """The tables of a page."""
    assert isinstance(page, Page)
    return [b for b in page.blocks if b.kind == "table"]


def text(page: Page | Chart) -> str:
    """What a reader of a page reads."""
    return page.text() if isinstance(page, Page) else page.alt


def numbers(page: Page | Chart) -> dict[str, tuple[object, ...]]:
    """The numbers of a chart by label."""
    assert isinstance(page, Chart)
    return {str(i): tuple(row) for i, row in zip(page.numbers.index, page.numbers.to_numpy(), strict=True)}


@pytest.mark.parametrize(
    ("lang", "said"), [("ja", "委託先管理台帳がない"), ("en", "absent; only the answers")]
)
def test_a_register_that_is_not_kept_is_said_to_be_absent(lang: str, said: str) -> None:
    """Nobody takes silence for a clean register; the other pages say the same instead of failing."""
    page = sheet("03", lang=lang)
    for shown in (page.register("entrusted_parties"), page.decisions()):
        assert said in shown.text()
        assert not tables(shown)
    assert isinstance(page.reviews(), Page)
    other = sheet("04", lang=lang)
    assert not tables(other.clocks())
    assert isinstance(other.clock_chart(), Page)
    assert not tables(sheet("06", lang=lang).routes())
    assert isinstance(sheet("08", lang=lang).answering(), Page)


@pytest.mark.parametrize(("lang", "said"), [("ja", "それだけで適合"), ("en", "passes no check")])
def test_an_empty_register_is_said_to_pass_nothing(lang: str, said: str) -> None:
    """Kept without rows is neither absent nor conforming."""
    empty = rows("entrusted_parties", GOOD)
    empty = replace(empty.only(empty.numbers < 0), read=0)
    page = sheet("03", empty, lang=lang).register("entrusted_parties")
    assert said.replace("それ", "空の台帳") in page.text()
    assert not tables(page)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_filled_register_shows_every_row_and_what_fails(lang: str) -> None:
    """The matrix marks the failing head; the table below names cell, fault, source and remedy."""
    page = sheet("03", rows("entrusted_parties", GOOD, BAD), lang=lang)
    shown = page.register("entrusted_parties")
    matrix, failing = tables(shown)
    assert [row[:2] for row in matrix.rows] == [("2", "Ferry"), ("3", "Leaky")]
    assert len(matrix.head) == len(matrix.widths) == len(matrix.rows[0])
    assert sum(matrix.widths) == 100
    assert "×" not in matrix.rows[0]
    assert "×" in matrix.rows[1]
    (check,) = [c for c in page.assessment.checks if c.register_name == "entrusted_parties" and c.failing]
    (row,) = failing.rows
    failure = check.failures[0]
    assert row[0] == "3"
    assert row[1] == f"{failure.heading}\n{failure.value[lang]}"
    assert row[2:] == (failure.because[lang], check.citation[lang], check.remedy[lang])


def test_the_state_accounts_for_every_row() -> None:
    """Rows read are the rows judged, the examples and the rows after the assessment date."""
    days = ("2026-09-01", "2026-10-01", "2026-11-23")
    page = sheet(
        "04", rows("incidents", *({**blank("incidents"), **INCIDENT, "known_on": day} for day in days))
    )
    state = next(r for r in page.assessment.registers if r.name == "incidents")
    assert (state.read, state.judged, state.examples, state.later, state.failing) == (3, 2, 0, 1, 2)
    said = "3 rows read = 2 judged + 0 examples + 1 after the assessment date. Of the rows judged, 2 fail"
    assert said in page.register("incidents").text()
    line = next(r for r in page.register_table().rows if r[0] == state.title["en"])
    assert line[2:] == ("3", "2", "0", "1", "2")


@pytest.mark.parametrize(("lang", "mark"), [("ja", "（空欄）"), ("en", "(blank)")])
def test_a_blank_cell_is_not_shown_like_a_word(lang: str, mark: str) -> None:
    """The word for blank stands in brackets where the content of the cell is shown."""
    page = sheet("03", rows("entrusted_parties", {**GOOD, "clause_return": ""}), lang=lang)
    assert any(row[1].endswith(f"\n{mark}") for row in tables(page.register("entrusted_parties"))[1].rows)


def test_a_register_in_which_nothing_fails_says_so() -> None:
    """No heading without a word below it; checks that had no data are listed with their reason."""
    shown = sheet("03", rows("entrusted_parties", GOOD)).register("entrusted_parties")
    assert len(tables(shown)) == 1
    assert "Nothing fails." in shown.text()
    assert "Checks without data:" in shown.text()
    assert "The file lacks columns" in shown.text()


@pytest.mark.parametrize(("lang", "said"), [("ja", "47行のうち40行"), ("en", "Showing 40 of 47 rows")])
def test_a_long_register_is_cut_with_a_sentence_and_keeps_what_fails(lang: str, said: str) -> None:
    """At most forty rows are shown; a failing one is never the one left out."""
    kept = rows("entrusted_parties", *[{**GOOD, "name": f"P{n}"} for n in range(46)], BAD)
    page = sheet("03", kept, lang=lang)
    shown = page.register("entrusted_parties")
    assert said in shown.text()
    assert len(tables(shown)[0].rows) == MOST_ROWS
    assert tables(shown)[0].rows[-1][:2] == ("48", "Leaky")
    decisions = page.decisions()
    assert said in decisions.text()
    assert len(tables(decisions)[0].rows) == MOST_ROWS


def test_a_long_list_of_failures_says_where_the_others_are() -> None:
    """The table of failing cells ends after 160 and points to findings.csv."""
    kept = rows("entrusted_parties", *[{**BAD, "name": f"P{n}"} for n in range(4 * MOST_ROWS + 1)])
    shown = sheet("03", kept).register("entrusted_parties")
    assert f"Showing {4 * MOST_ROWS} of {4 * MOST_ROWS + 1}; findings.csv" in shown.text()
    assert len(tables(shown)[1].rows) == 4 * MOST_ROWS


def test_a_register_of_forty_rows_is_not_cut() -> None:
    """The sentence comes with the forty-first row."""
    page = sheet("03", rows("entrusted_parties", *[GOOD] * MOST_ROWS))
    assert "Showing" not in page.register("entrusted_parties").text() + page.decisions().text()


@pytest.mark.parametrize(
    ("cells", "case", "art_28"),
    [
        ({"country": "JP"}, "Entrusted party in Japan", "no"),
        ({"country": "DE"}, "Entrusted party in the EEA or the UK", "no consent (designated country)"),
        ({"country": ""}, "Country not known", "cannot be decided (never taken as Japan)"),
        ({"country": "VN"}, "Elsewhere, no such system", "consent with the information"),
    ],
)
def test_each_party_stands_in_its_case_of_the_decision_table(
    cells: dict[str, str], case: str, art_28: str
) -> None:
    """The case and what follows from it under Art. 25, 27 and 28."""
    (block,) = tables(sheet("03", rows("entrusted_parties", {**GOOD, **cells})).decisions())
    (row,) = block.rows
    assert row[2] == case
    assert row[3] == "yes"
    assert row[5].startswith(art_28)
    assert len(row) == len(block.head) == len(block.widths)


def test_a_party_is_asked_for_each_thing_once() -> None:
    """One row per party with its remedies; none for a party without failing rows."""
    page = sheet("03", rows("entrusted_parties", GOOD, {**BAD, "work": "", "data": ""}))
    (block,) = tables(page.to_ask())
    (row,) = block.rows
    assert row[:2] == ("3", "Leaky")
    asked = row[2].split("\n")
    assert len(asked) == len(set(asked)) >= 2
    assert all(line.startswith("• ") for line in asked)
    assert "Nothing to ask for." in sheet("03", rows("entrusted_parties", GOOD)).to_ask().text()


def test_reviews_run_from_the_last_review_or_the_start() -> None:
    """A year is the yardstick; the day itself still counts; an ended entrustment is not drawn."""
    base = {**GOOD, "started_on": "2020-04-01", "reviewed_on": "", "ended_on": ""}
    kept = rows(
        "entrusted_parties",
        {**base, "name": "A", "reviewed_on": "2025-11-22"},
        {**base, "name": "B", "reviewed_on": "2025-11-21"},
        {**base, "name": "C", "started_on": "2026-08-01"},
        {**base, "name": "D", "ended_on": "2026-03-31"},
    )
    page = sheet("03", kept)
    found = numbers(page.reviews())
    assert {k: (v[0], v[-1]) for k, v in found.items()} == {
        "row 2: A": ("2025-11-22", "in time"),
        "row 3: B": ("2025-11-21", "overdue"),
        "row 4: C": ("2026-08-01", "in time"),
    }
    assert "row 3: B" in page.numbers("reviews").text()


@pytest.mark.parametrize(
    ("cells", "prompt", "full", "left"),
    [
        (
            {"known_on": "2026-11-02"},
            ("yardstick: 2026-11-07\nnot filed", "not filed, yardstick passed"),
            ("due: 2026-12-01\nnot filed", "running"),
            "9",
        ),
        (
            {"known_on": "2026-09-01", "prompt_on": "2026-09-04", "full_on": "2026-09-30"},
            ("yardstick: 2026-09-06\nfiled or notified: 2026-09-04", "within the yardstick"),
            ("due: 2026-09-30\nfiled: 2026-09-30", "in time"),
            "",
        ),
        (
            {"known_on": "2026-09-01", "prompt_on": "2026-09-10"},
            ("yardstick: 2026-09-06\nfiled or notified: 2026-09-10", "after the yardstick"),
            ("due: 2026-09-30\nnot filed", "missed"),
            "-53",
        ),
        (
            {"known_on": "2026-09-01", "special_care": "no"},
            ("–", "no report due"),
            ("–", "no report due"),
            "",
        ),
        (
            {"known_on": ""},
            ("–", "cannot be told (day of knowledge blank)"),
            ("–", "cannot be told (day of knowledge blank)"),
            "",
        ),
    ],
)
def test_the_clock_of_an_incident_names_each_day(
    cells: dict[str, str], prompt: tuple[str, str], full: tuple[str, str], left: str
) -> None:
    """Due and filed are told apart by words; a day of knowledge that is blank is not "no report due"."""
    row = {"prompt_on": "", "full_on": "", **INCIDENT, **cells}
    (block,) = tables(sheet("04", rows("incidents", row)).clocks())
    assert block.rows[0][3:] == (*prompt, *full, left)
    assert len(block.head) == len(block.widths) == len(block.rows[0])


def test_only_incidents_with_a_full_report_are_on_the_chart_of_clocks() -> None:
    """What needs no report has no bar."""
    kept = rows(
        "incidents",
        {**INCIDENT, "known_on": "2026-09-01"},
        {**INCIDENT, "known_on": "2026-09-01", "special_care": "no"},
    )
    found = numbers(sheet("04", kept).clock_chart())
    assert found == {"row 2: Lost list": ("2026-09-01", "", "2026-09-30", 82, "overdue")}


def test_many_incidents_are_cut_with_the_gravest_first() -> None:
    """The overdue one stays, in the table and in the chart; both say how many there are."""
    done = {**INCIDENT, "known_on": "2026-09-01", "prompt_on": "2026-09-02", "full_on": "2026-09-03"}
    kept = rows(
        "incidents", *[done] * MOST_ROWS, {**done, "prompt_on": "", "full_on": "", "name": "Forgotten"}
    )
    page = sheet("04", kept)
    shown = page.clocks()
    assert "Showing 40 of 41 rows" in shown.text()
    assert tables(shown)[0].rows[-1][1] == "Forgotten"
    chart = page.clock_chart()
    assert "40 of 41 rows" in text(chart)
    assert len(numbers(chart)) == MOST_ROWS
    assert "row 42: Forgotten" in numbers(chart)


def test_routes_are_counted_by_country_and_add_up() -> None:
    """Rows of one country stand together; names beyond ten are counted; the total is that of the rows."""
    german = [{"recipient": f"G{n}", "country": "DE"} for n in range(12)]
    kept = rows(
        "foreign_transfers", {"recipient": "V", "country": "VN"}, *german, {"recipient": "?", "country": ""}
    )
    (block,) = tables(sheet("06", kept).routes())
    found = {row[0]: row[2:] for row in block.rows}
    assert found["Germany"] == ("12", ", ".join(f"G{n}" for n in range(10)) + " and 2 more")
    assert found["Vietnam"] == ("1", "V")
    assert block.rows[-1] == ("Total", "", "14", "")
    assert sum(int(row[2]) for row in block.rows[:-1]) == 14


def test_answers_are_shown_without_a_verdict_on_their_days() -> None:
    """The Act sets no number of days: answered, running, without an answer, or with dates that cannot be."""
    base = {"kind": "disclosure", "outcome": "", "answered_on": "", "received_on": "2026-10-01"}
    kept = rows(
        "requests",
        {**base, "number": "A", "outcome": "granted", "answered_on": "2026-10-11"},
        {**base, "number": "B"},
        {**base, "number": "C", "outcome": "refused"},
        {**base, "number": "D", "outcome": "granted", "answered_on": "2026-09-28"},
    )
    found = numbers(sheet("08", kept).answering())
    assert found == {
        "row 2: A": ("2026-10-01", "2026-10-11", 10, "answered"),
        "row 3: B": ("2026-10-01", "", 52, "running"),
        "row 4: C": ("2026-10-01", "", "", "closed, no day of answer"),
        "row 5: D": ("2026-10-01", "2026-09-28", "", "dates reversed"),
    }


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_row_after_the_assessment_date_is_not_on_any_page(lang: str) -> None:
    """What has not happened yet is counted in the state only."""
    tomorrow = (DAY + timedelta(days=1)).isoformat()
    kept = rows(
        "incidents",
        {**INCIDENT, "known_on": "2026-09-01"},
        {**INCIDENT, "name": "Next", "known_on": tomorrow},
    )
    page = sheet("04", kept, lang=lang)
    assert "Next" not in page.clocks().text() + page.register("incidents").text()
