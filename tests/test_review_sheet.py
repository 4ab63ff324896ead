"""
What the notebooks and the commands say about reviews and the sign-off, in both languages.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

from appi_assess import law
from appi_assess.chapter import Chapter, open_chapter
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement, Review, SignOff
from appi_assess.gap_report import GapReport, findings_csv, gaps_csv, open_gap_report
from appi_assess.notebook import Opened
from appi_assess.page import Block, Page
from appi_assess.reader import read_engagement
from appi_assess.resources import sample
from appi_assess.text import shown_date
from appi_assess.wording import say

from .conftest import run_kit
from .test_signoff import sign

DAY = date(2026, 11, 22)
ODD = "=1+1 <b onmouseover=alert(1)>{{x}}</b> {0} `id` http://x.example"
ANSWERS = {"A17-1": "met", "A17-2": "partly", "A26-4": "not_met"}


def opened(reviews: dict[str, Review], lang: str = "en", signoff: SignOff | None = None) -> Opened:
    """A few answers with these reviews, as a notebook sees them."""
    engagement = Engagement(
        "T",
        lang,
        DAY,
        answers={k: Answer(v) for k, v in ANSWERS.items()},
        reviews=reviews,
        signoff=signoff,
    )
    return Opened(assess_engagement(engagement, DAY), lang, None)


def report(reviews: dict[str, Review], lang: str = "en", signoff: SignOff | None = None) -> GapReport:
    """The gap report of the same."""
    return GapReport("20", opened(reviews, lang, signoff))


def tables(page: Page) -> list[Block]:
    """The tables of a page."""
    return [b for b in page.blocks if b.kind == "table"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_names_everything_about_the_samples_reviews(lang: str) -> None:
    """Share, kappa, both verdicts with their comments, who and when; one language only."""
    sheet = open_gap_report(lang=lang)
    shown = sheet.agreement().text()
    found = sheet.assessment.agreement
    assert (found.reviewed, found.agreed, len(found.disputed)) == (26, 22, 4)
    assert (found.shown_kappa or "") in shown
    assert sheet.shown(found.percent) in shown
    assert str(len(sheet.assessment.findings) - found.reviewed) in shown
    for id_ in found.disputed:
        f = sheet.assessment[id_]
        assert f.review is not None
        assert f.review.on is not None
        parts = (id_, f.title[lang], f.comment, f.review.comment, f.review.by, shown_date(f.review.on, lang))
        assert all(part in shown for part in parts)
    assert "ENT-4" in shown
    assert say("page.signoff_none", lang) in shown
    assert bool(re.search(r"[ぁ-ん]", shown)) == (lang == "ja")


def test_the_table_of_verdicts_adds_up() -> None:
    """Rows are the assessor's, columns the reviewer's; sums at the ends; the diagonal is what agrees."""
    sheet = open_gap_report()
    table = tables(sheet.agreement())[0]
    rows = [[int(cell) for cell in row[1:]] for row in table.rows]
    body, sums = rows[:-1], rows[-1]
    assert all(sum(row[:-1]) == row[-1] for row in rows)
    assert [sum(column) for column in zip(*body, strict=True)] == sums
    found = sheet.assessment.agreement
    assert sums[-1] == found.reviewed
    assert sum(body[i][i] for i in range(5)) == found.agreed
    met, partly = 0, 1  # two of the disputes go this way
    assert (body[met][partly], body[partly][met]) == (2, 1)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("id_", ["A22-1", "SEC-9", "A27-14"])
def test_chapters_and_plan_say_what_is_disputed(lang: str, id_: str) -> None:
    """Next to the verdict, in the article's table and in every table of gaps."""
    overall = open_gap_report(lang=lang)
    f = overall.assessment[id_]
    assert f.review is not None
    said = overall.reviewed(f)
    assert f.review.comment in said
    assert f.review.by in said
    assert overall.word("verdict", f.review.verdict or "") in said
    chapter = open_chapter(f.chapter, lang=lang)
    assert said in chapter.article(f.group).text()
    if f.verdict != "met":
        assert said in chapter.gaps().text()
        assert said in overall.plan().text()


def test_agreement_and_remarks_are_shown_in_the_chapter() -> None:
    """A reviewer's consent is worth seeing too; nobody is said to have reviewed what nobody did."""
    reviews = {
        "A17-1": Review("met", "seen", "CPO", DAY),
        "A17-2": Review(None, "look again"),
        "A17-3": Review(by="x"),
    }
    chapter = Chapter("01", opened(reviews))
    shown = chapter.article("art_17").text()
    assert "The reviewer (CPO, 2026-11-22) agrees. seen" in shown
    assert "Reviewer's remark (not named): look again" in shown
    assert shown.lower().count("reviewer") == 2
    assert "Disputed" not in shown


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_headline_counts_disputes_only_if_there_are_any(lang: str) -> None:
    """The reader of one page learns that a reviewer disagrees."""
    sentence = say("page.disputed_count", lang, count=1)
    assert sentence in report({"A17-1": Review("partly")}, lang).headline().text()
    agreed = report({"A17-1": Review("met"), "A17-2": Review(None, "x")}, lang).headline().text()
    assert say("page.disputed_count", lang, count=0) not in agreed


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_says_why_there_is_no_kappa(lang: str) -> None:
    """Nothing reviewed, and one and the same word throughout, are told apart."""
    none = report({"A17-1": Review(None, "x")}, lang).agreement().text()
    one = report({"A17-1": Review("met")}, lang).agreement().text()
    total = len(law.catalogue(DAY).requirements)
    assert say("page.agreement_none", lang, total=total) in none
    assert say("page.agreement_kappa_none", lang) in one
    assert say("page.agreement_kappa_none", lang) not in none
    assert say("page.disputes_none", lang) in one
    assert "κ" not in none
    assert "kappa" not in none


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_says_whether_what_was_signed_still_stands(lang: str) -> None:
    """By whom, when, and each file that differs."""
    intact = report({}, lang, SignOff("監査役", DAY, "fine")).agreement().text()
    who = say("list", lang).join(("監査役", shown_date(DAY, lang)))
    assert say("page.signoff_intact", lang, who=who) in intact
    assert say("page.signoff_comment", lang, comment="fine") in intact
    differs = report({}, lang, SignOff("監査役", DAY, changed=("answers.yaml", "b.txt"))).agreement().text()
    assert say("page.signoff_differs", lang, who=who, count=2) in differs
    assert "- answers.yaml\n- b.txt" in differs
    assert say("page.signoff_intact", lang, who=who) not in differs


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_a_reviewer_types_stays_text(lang: str) -> None:
    """No markup in pages, no formula in CSV, nothing filled in."""
    review = Review("not_met", ODD, ODD, DAY)
    opened_ = opened({"A17-1": review, "A17-2": review}, lang, SignOff(ODD, DAY, ODD, changed=(ODD,)))
    sheet = GapReport("20", opened_)
    for page in (sheet.agreement(), sheet.plan(), Chapter("01", opened_).article("art_17")):
        assert ODD in page.text()
        assert "<b onmouseover" not in page.html()
        assert "&lt;b onmouseover=alert(1)&gt;{{x}}" in page.html()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_action_plan_as_csv_names_the_reviewers_verdict(lang: str) -> None:
    """The last two columns: the verdict as a label, and yes or no."""
    a = report({"A17-2": Review("not_met"), "A26-4": Review("not_met"), "A26-5": Review(None, "x")}, lang)
    rows = list(csv.reader(io.StringIO(gaps_csv(a.assessment, lang), newline="")))
    assert rows[0][-2:] == [say("page.csv.reviewer_verdict", lang), say("page.csv.disputed", lang)]
    last = {row[1]: row[-2:] for row in rows}
    label, yes, no = say("verdict.not_met", lang), say("words.yes", lang), say("words.no", lang)
    assert last["A17-2"] == [label, yes]
    assert last["A26-4"] == [label, no]
    assert last["A26-5"] == last["A18-1"] == ["", no]


def test_the_failing_rows_as_csv_name_the_requirements_that_are_disputed() -> None:
    """Each row has the reviewer's verdicts of what its check serves; rows of scope answers have none."""
    engagement = read_engagement(sample("en"))
    a = assess_engagement(engagement, DAY)
    rows = list(csv.DictReader(io.StringIO(findings_csv(a, "en"), newline="")))
    assert list(rows[0])[-2:] == ["reviewer's verdict", "disputed"]
    seen = set()
    for row in rows:
        assert None not in row
        served = [a[r] for r in row["requirements"].split(", ") if r and row["check"]]
        disputed = [f.id for f in served if f.disputed]
        assert sorted(filter(None, row["disputed"].split(", "))) == sorted(disputed)
        reviewed = {f.id: f.review.verdict for f in served if f.review and f.review.verdict}
        words = [f"{id_} {say(f'verdict.{v}', 'en')}" for id_, v in reviewed.items()]
        assert sorted(filter(None, row["reviewer's verdict"].split(", "))) == sorted(words)
        seen |= set(disputed)
    assert seen


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_check_counts_reviews_and_tells_of_the_sign_off(sample_copy: Path, lang: str) -> None:
    """Without a sign-off nothing is said about one; afterwards it is intact until a file changes."""
    head = sample_copy / "engagement.yaml"
    text = head.read_text(encoding="utf-8").replace("language: en", f"language: {lang}")
    head.write_text(text, encoding="utf-8", newline="\n")
    said = run_kit("check", sample_copy).stdout
    assert say("check.reviews", lang, reviewed=26, disputed=4) in said
    words = {"by": "Kano", "on": shown_date(date(2026, 11, 30), lang)}
    assert words["on"] not in said
    sign(sample_copy, by="Kano")
    assert say("check.signoff", lang, **words) in run_kit("check", sample_copy).stdout
    (sample_copy / "evidence" / "new.txt").write_text("x", encoding="utf-8")
    said = run_kit("check", sample_copy).stdout
    assert say("check.signoff_changed", lang, count=1, **words) in said
    assert f"evidence/new.txt{'：' if lang == 'ja' else ': '}{say('problems.signoff_new', lang)}" in said


def test_check_counts_reviews_without_a_day_too(sample_copy: Path) -> None:
    """Without an assessment date nothing can be disputed yet, and that is said."""
    head = sample_copy / "engagement.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("as_of: 2026-11-22", "as_of:"), encoding="utf-8")
    assert say("check.reviews_undated", "en", reviewed=26) in run_kit("check", sample_copy).stdout


def test_both_samples_are_reviewed_alike() -> None:
    """The same verdicts on the same days, words wherever the other language has words."""
    ja, en = (assess_engagement(read_engagement(sample(lang)), DAY) for lang in ("ja", "en"))
    assert ja.agreement == en.agreement
    for mine, other in zip(ja.findings, en.findings, strict=True):
        assert (mine.review is None, mine.disputed) == (other.review is None, other.disputed)
        if mine.review and other.review:
            assert (mine.review.verdict, mine.review.on) == (other.review.verdict, other.review.on)
            assert bool(mine.review.comment) == bool(other.review.comment)
            assert mine.review.by == ja.about.reviewer
            assert other.review.by == en.about.reviewer
    assert ja.signed_off is en.signed_off is None
