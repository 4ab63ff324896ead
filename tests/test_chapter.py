"""
The pages of every notebook, made directly: both languages, the sample and the extremes.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from appi_assess import law
from appi_assess.chapter import Chapter, Start, open_chapter, open_start
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement, Evidence
from appi_assess.gap_report import GapReport, open_gap_report
from appi_assess.notebook import Opened
from appi_assess.page import Page
from appi_assess.picture import Chart
from appi_assess.problems import InputProblems
from appi_assess.record import RESULT
from appi_assess.score import GROUPINGS

DAY = date(2026, 11, 22)
CHAPTERS = [c.id for c in law.chapters() if c.groups]


def opened(answers: dict[str, Answer], lang: str = "en", out: Path | None = None) -> Opened:
    """An engagement with these answers, as a notebook sees it."""
    return Opened(assess_engagement(Engagement("Test", lang, DAY, answers=answers), DAY), lang, out)


def everything(answer: str) -> dict[str, Answer]:
    """Every requirement answered alike, with evidence."""
    paper = (Evidence("paper.pdf", True, DAY),)
    return {r.id: Answer(answer, evidence=paper) for r in law.all_requirements()}


def pages(sheet: Chapter) -> list[Page | Chart]:
    """Every page of a chapter, in the order of its notebook."""
    groups = [sheet.article(g) for g in sheet.chapter.groups]
    head = [sheet.introduction(), sheet.standing(), sheet.scope(), *groups]
    charts = [sheet.chart(), sheet.numbers("verdicts"), sheet.intervals(), sheet.numbers("intervals")]
    return [*head, *charts, sheet.gaps(), sheet.next_steps(), sheet.checklist(), sheet.sections()]


def report_pages(sheet: GapReport) -> list[Page | Chart]:
    """Every page of the gap report."""
    charts = [sheet.heat_map(), sheet.intervals(), sheet.radar(), sheet.effort()]
    numbers = [sheet.numbers(n) for n in ("heat_map", "intervals", "radar", "effort")]
    tables = [sheet.by(g) for g in GROUPINGS]
    texts = [
        sheet.introduction(),
        sheet.headline(),
        sheet.not_met(),
        sheet.next_steps(),
        sheet.plan(),
        sheet.evidence(),
    ]
    return [
        *texts,
        *charts,
        *numbers,
        *tables,
        sheet.formula(),
        sheet.open_scope(),
        sheet.not_assessed(),
        sheet.law(),
        sheet.citations(),
    ]


def text(shown: list[Page | Chart]) -> str:
    """What a reader of the pages reads."""
    return "\n".join(p.text() if isinstance(p, Page) else p.alt for p in shown)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_page_of_a_chapter_names_its_requirements(chapter: str, lang: str) -> None:
    """Each requirement stands there with its words, its verdict and its reason, in one language."""
    sheet = open_chapter(chapter, lang=lang)
    shown = text(pages(sheet))
    for f in sheet.findings:
        for part in (f.id, f.title[lang], f.statement[lang], sheet.verdict(f.verdict), f.because[lang]):
            assert part.splitlines()[0] in shown
    japanese = re.search(r"[ぁ-ん]", shown)
    assert bool(japanese) == (lang == "ja")
    assert sheet.finish()._repr_mimebundle_()[RESULT]["notebook"] == sheet.chapter.name


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_first_and_last_notebook_show_everything(lang: str) -> None:
    """Scope questions, chapters, plan, law: each in the language asked for."""
    start = open_start(lang=lang)
    first = text([start.introduction(), start.scope(), start.chapters(), start.chart(), start.next_steps()])
    assert all(g.question[lang] in first for g in law.gates().values())
    report = open_gap_report(lang=lang)
    last = text(report_pages(report))
    assert all(g.requirement in last for g in report.assessment.gaps)
    for shown in (first, last):
        assert bool(re.search(r"[ぁ-ん]", shown)) == (lang == "ja")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_an_empty_engagement_is_shown_as_unknown_everywhere(lang: str) -> None:
    """Nothing answered: no page fails, none reassures, and the reader is warned."""
    empty = opened({}, lang)
    shown = text(
        [*report_pages(GapReport("20", empty)), *pages(Chapter("04", empty)), Start("00", empty).scope()]
    )
    assert GapReport("20", empty).say("low_coverage", coverage="0.0%" if lang == "ja" else "0.0 %") in shown
    assert GapReport("20", empty).status() == "open"
    assert ("100.0%" if lang == "ja" else "100.0 %") in shown


@pytest.mark.parametrize(("answer", "status"), [("met", "clear"), ("not_met", "unmet"), ("partly", "gap")])
def test_the_extremes_are_shown(answer: str, status: str) -> None:
    """All met, all unmet, all partly: every page can be made and says so."""
    report = GapReport("20", opened(everything(answer)))
    shown = text(report_pages(report))
    assert report.status() == status
    assert ("There are no gaps." in shown) == (answer == "met")
    for chapter in CHAPTERS:
        assert pages(Chapter(chapter, opened(everything(answer))))


def test_the_formula_can_be_asked_for_any_requirement() -> None:
    """A gap is worked out; what is none, or does not exist, is said."""
    report = GapReport("20", opened({"A26-4": Answer("partly"), "A26-5": Answer("met")}))
    total = report.assessment.scores["legal"].overall.coverage.whole
    assert f"4 * (1 - 0.5) / {total:g}" in report.formula("A26-4").text()
    assert "A26-5 is no gap (met)" in report.formula("A26-5").text()
    assert "A99-1 is not among" in report.formula("A99-1").text()
    assert "the width it closes" in report.formula("A26-7").text()


def test_tables_and_charts_show_the_same_percentages() -> None:
    """Half-up rounding of the exact fraction, wherever the same rate is printed."""
    report = open_gap_report()
    report.intervals()
    shown = {row[0]: row[1:] for block in report.numbers("intervals").blocks for row in block.rows}
    for g in report.assessment.scores["legal"].article:
        if g.figures.conformity_low.whole:
            assert shown[g.label["en"]] == (g.figures.conformity_low.shown, g.figures.conformity_high.shown)


def test_finish_writes_charts_and_files_only_where_asked(tmp_path: Path) -> None:
    """With a folder the charts, the assessment, gaps and findings stand in it; without one nothing does."""
    report = GapReport("20", opened({"A26-4": Answer("not_met")}, out=tmp_path))
    report.heat_map()
    report.finish()
    names = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    charts = {"charts/20_heat_map.png", "charts/20_heat_map.svg"}
    assert names == {"assessment.json", "gaps.csv", "findings.csv", *charts}


def test_parameters_of_the_wrong_kind_are_explained() -> None:
    """papermill turns 20261122 into a number; a language that does not exist is named."""
    with pytest.raises(InputProblems, match="not a date we can read"):
        open_gap_report(as_of=20261122)  # type: ignore[arg-type]
    with pytest.raises(InputProblems, match="Use ja or en"):
        open_chapter("04", lang="fr")
