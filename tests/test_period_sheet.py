"""
What notebook 20 says about earlier periods, in both languages.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from appi_assess import notebook as notebook_module
from appi_assess.assessment import Assessment
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement
from appi_assess.forms.live import Live, markup
from appi_assess.gap_report import GapReport, changes_csv, open_gap_report
from appi_assess.notebook import Opened
from appi_assess.page import Block, Page
from appi_assess.periods import changes
from appi_assess.picture import Chart
from appi_assess.problems import InputProblems
from appi_assess.text import shown_date
from appi_assess.wording import choices, say

DAY = date(2026, 11, 22)
ODD = "=1+1 <b onmouseover=alert(1)>{{x}}</b> {0}"
EVE = date(2024, 3, 31)  # the day before A23-3 came into force
FIRST = Engagement(
    ODD,
    "en",
    EVE,
    answers={
        "A17-1": Answer("met"),
        "A17-2": Answer("not_met"),
        "A17-3": Answer("partly"),
        "A17-4": Answer("not_met"),
        "A26-4": Answer("partly"),
    },
)
NOW = replace(
    FIRST,
    organisation="T",
    answers={
        "A17-1": Answer("not_met", owner=ODD, due=date(2026, 11, 21)),
        "A17-2": Answer("met"),
        "A17-3": Answer("not_met"),
        "A17-4": Answer("partly"),
        "A18-1": Answer("not_met"),
        "A23-3": Answer("partly"),
    },
)
KINDS = {
    "A17-1": "opened",
    "A17-2": "closed",
    "A17-3": "worse",
    "A17-4": "better",
    "A18-1": "learned",
    "A23-3": "opened",
    "A26-4": "lost",
}


def report(lang: str = "en", *earlier: Assessment) -> GapReport:
    """The gap report of today after these periods; after the first one if none is named."""
    before = earlier or (assess_engagement(FIRST, EVE),)
    return GapReport("20", Opened(assess_engagement(NOW, DAY), lang, None), before)


def tables(page: Page) -> list[Block]:
    """The tables of a page."""
    return [b for b in page.blocks if b.kind == "table"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_page_tells_the_trend_its_makers_and_what_is_overdue(lang: str) -> None:
    """Both periods with their figures, the split, the overdue gap with owner, days and since when."""
    sheet = report(lang)
    trend, split, late = tables(sheet.periods())
    assert [row[0] for row in trend.rows] == [shown_date(day, lang) for day in (EVE, DAY)]
    for row, period in zip(trend.rows, sheet.all_periods, strict=True):
        legal = period.scores["legal"].overall
        assert row[1:] == (
            sheet.word("status", legal.status),
            sheet.conformity(legal),
            sheet.shown(legal.coverage),
            sheet.shown(legal.assurance),
            str(legal.not_met),
            str(period.law.requirements),
        )
    exact = [[Fraction(cell.replace("−", "-")) for cell in (row[2], row[4])] for row in split.rows]
    for end in (0, 1):
        before, organisation, law, now = (row[end] for row in exact)
        assert before + organisation + law == now
    (row,) = late.rows
    assert row[0].startswith("A17-1 ")
    assert row[2:] == (ODD, shown_date(date(2026, 11, 21), lang), "1", shown_date(DAY, lang))
    shown = sheet.periods().text()
    assert bool(re.search(r"[ぁ-ん]", shown)) == (lang == "ja")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_page_tells_what_opened_and_closed_and_why(lang: str) -> None:
    """Each requirement under its kind with both verdicts and its cause; what the law did stands last."""
    sheet = report(lang)
    page = sheet.changes()
    shown = page.text()
    titles = choices("page.change_kind", lang)
    found: dict[str, tuple[str, ...]] = {}
    for title, _, table in zip(page.blocks, page.blocks[1:], page.blocks[2:], strict=False):
        if table.kind == "table" and title.kind == "heading":
            for row in table.rows:
                found[row[0].split()[0] + title.text.split("（")[0].split(" (")[0]] = row
    laws = say("page.law_changes", lang, count=0).split("（")[0].split(" (")[0]
    for requirement, kind in KINDS.items():
        row = found[requirement + titles[kind]]
        cause = "law" if requirement == "A23-3" else "answer"
        assert row[3] == choices("page.cause", lang)[cause]
    assert found["A23-3" + titles["opened"]][1] == say("page.verdict_none", lang)
    assert found["A23-3" + laws][2] == choices("page.law_kind", lang)["began"]
    assert len(found) == len(KINDS) + 1
    assert say("page.changes_same", lang, count=len(sheet.assessment.findings) - len(KINDS)) in shown


def test_a_change_of_description_names_its_parts_with_both_values() -> None:
    """Severity from and to; a text only that it differs."""
    before = assess_engagement(NOW, DAY)
    was = before["A17-1"].severity
    other = tuple(
        f.model_copy(update={"severity": was - 1, "gates": ("G02",)}) if f.id == "A17-1" else f
        for f in before.findings
    )
    page = report("en", before.model_copy(update={"findings": other})).changes()
    (row,) = tables(page)[-1].rows
    assert row[2] == say("page.law_kind.changed", "en")
    assert row[3].splitlines() == [say("page.law_part.gates", "en"), f"severity: {was - 1} → {was}"]


def test_a_split_says_in_words_who_moved_nothing() -> None:
    """The same law: nothing comes from the law. The same answers on other days: nothing from anybody."""
    now = assess_engagement(NOW, DAY)
    sheet = report("en", assess_engagement(replace(FIRST, answers={}), DAY))
    shown = sheet.periods().text()
    assert say("page.moved_not.law", "en") in shown
    assert say("page.moved_not.organisation", "en") not in shown
    assert report("en", now).periods().text().count("±0.0 points") == 4
    for who in ("whole", "organisation", "law"):
        assert say(f"page.moved_not.{who}", "en") in report("en", now).periods().text()


def test_points_have_a_sign_and_never_hide_a_difference() -> None:
    """What is not zero is not shown as zero."""
    sheet = report()
    for moved, text in (
        (Fraction(1, 8), "+12.5"),
        (Fraction(-1, 8), "−12.5"),
        (Fraction(1, 10**6), "+0.1"),
        (Fraction(0), "±0.0"),
        (Fraction(1), "+100.0"),
    ):
        assert sheet._points(moved) == f"{text} points"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_chart_draws_every_period_with_its_status(lang: str) -> None:
    """Two periods or more; its numbers stand beside it; a day that comes twice is told apart."""
    first = assess_engagement(FIRST, EVE)
    sheet = report(lang, first, first)
    chart = sheet.trend()
    assert isinstance(chart, Chart)
    assert chart.name == "20_trend"
    day = shown_date(EVE, lang)
    names = [day, say("page.period_again", lang, day=day, n=2), shown_date(DAY, lang)]
    assert list(chart.numbers.index) == names
    labels = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
    statuses = [sheet.word("status", p.scores["legal"].overall.status) for p in sheet.all_periods]
    assert labels == [f"{n}\n{s}" for n, s in zip(names, statuses, strict=True)]
    for line, column in zip(chart.figure.axes[0].lines, chart.numbers.columns, strict=False):
        drawn = [float(y) for y in line.get_ydata()]  # type: ignore[union-attr]
        assert drawn == pytest.approx([float(v) * 100 for v in chart.numbers[column]])
    assert tables(sheet.numbers("trend"))[0].rows[0][1:3] == (
        sheet.shown(first.scores["legal"].overall.conformity_low),
        sheet.shown(first.scores["legal"].overall.conformity_high),
    )
    assert {f"charts/20_trend.{kind}" for kind in ("svg", "png")} <= set(sheet.files())


def test_the_picture_is_another_when_a_number_or_a_status_is() -> None:
    """What nbval compares is read back from the drawing."""
    charts = [report("en", assess_engagement(e, EVE)).trend() for e in (FIRST, replace(FIRST, answers={}))]
    digests = {c.digest() for c in charts if isinstance(c, Chart)}
    assert len(digests) == 2
    assert report().trend().digest() in digests  # type: ignore[union-attr]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_without_an_earlier_period_one_sentence_says_so(lang: str) -> None:
    """What is overdue today is told all the same; no file of changes is written."""
    sheet = GapReport("20", Opened(assess_engagement(NOW, DAY), lang, None))
    shown = sheet.periods().text()
    assert say("page.periods_none", lang) in shown
    assert "A17-1" in shown
    assert sheet.trend().text() == say("page.trend_one", lang)  # type: ignore[union-attr]
    assert sheet.changes().blocks == ()
    assert "changes.csv" not in sheet.files()


def test_another_name_is_a_notice_and_every_name_stays_text() -> None:
    """Names change; whatever stands in them is shown and never markup."""
    page = report().periods()
    assert say("page.periods_renamed", "en", before=ODD, now="T") in page.text()
    assert "<b " not in page.html()
    named = assess_engagement(replace(FIRST, organisation="T"), EVE)
    assert "names the organisation" not in report("en", named).periods().text()


def test_a_file_lists_every_change_and_no_cell_acts_as_a_formula() -> None:
    """One line per verdict that is another one; what clients typed is defused."""
    sheet = report()
    files = sheet.files()
    text = files["changes.csv"].decode("utf-8-sig")
    assert text == changes_csv(sheet.earlier[-1], sheet.assessment, "en")
    rows = list(csv.reader(io.StringIO(text)))
    assert {row[0] for row in rows[1:]} == set(KINDS)
    moved = {c.requirement: c for c in changes(sheet.earlier[-1], sheet.assessment).requirements}
    for row in rows[1:]:
        assert row[3] == choices("page.change_kind", "en")[moved[row[0]].kind]
    assert next(r for r in rows if r[0] == "A17-1")[9] == "'" + ODD
    assert all(cell[:1] not in tuple("=+-@") for row in rows for cell in row)


def folder(tmp_path: Path, name: str, found: Assessment) -> str:
    """A report folder that holds an assessment."""
    (tmp_path / name).mkdir()
    (tmp_path / name / "assessment.json").write_bytes(found.to_json().encode("utf-8"))
    return str(tmp_path / name)


def test_the_notebook_takes_folders_and_refuses_what_is_none(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    """One folder or several; what is wrong is said in the language asked for."""
    engagement, old = str(write()), assess_engagement(FIRST, EVE)
    path = folder(tmp_path, "q2", old)
    for previous in (path, Path(path), [path]):
        assert open_gap_report(engagement, previous=previous).earlier == (old,)
    assert open_gap_report(engagement, previous="").earlier == ()
    with pytest.raises(InputProblems, match="報告書"):
        open_gap_report(engagement, lang="ja", previous=str(tmp_path))


def test_a_live_notebook_follows_answers_and_reads_earlier_reports_once(
    monkeypatch: pytest.MonkeyPatch, write: Callable[..., Path], tmp_path: Path
) -> None:
    """The pages are those of the batch, and stay while the folder of the earlier report is away."""
    engagement = str(write())
    path = folder(tmp_path, "q2", assess_engagement(FIRST, EVE))
    still = open_gap_report(engagement, previous=path)
    monkeypatch.setattr(notebook_module, "is_live", lambda: True)
    opened = open_gap_report(engagement, previous=path)
    assert isinstance(opened, Live)
    for name in ("periods", "trend", "changes"):
        assert getattr(opened, name)().value == markup(getattr(still, name)()), name
    (Path(path) / "assessment.json").unlink()
    opened.changed()
    assert opened.periods().value == markup(still.periods())
