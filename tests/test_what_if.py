"""
What if: verdicts that are tried, and the least work after which a status is reached.
"""

from __future__ import annotations

import itertools
import re
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess import law
from appi_assess.assess import SUPPORTS, VERDICTS, Judged
from appi_assess.conclude import EFFORT, assess_engagement
from appi_assess.engagement import Answer, Engagement, Evidence
from appi_assess.gap_report import GapReport, open_gap_report
from appi_assess.notebook import Opened
from appi_assess.page import Page
from appi_assess.reader import read_engagement
from appi_assess.resources import sample
from appi_assess.score import GROUPINGS, MEASURES, OVERALL, STATUSES, score
from appi_assess.what_if import TARGETS, Path, better_statuses, frames, shortest_path, tried

DAY = date(2026, 11, 22)
Row = tuple[int, str, str, str, str, str]  # weight, measure, basis, theme, verdict, effort


def made(*rows: Row, supports: tuple[str, ...] = ()) -> tuple[pd.DataFrame, Judged, dict[str, str]]:
    """A small law with its verdicts and efforts; the first requirement is A30-1, the next A29-2, and so on."""
    ids = [f"A{30 - n}-{n + 1}" for n in range(len(rows))]
    columns = ["weight", "measure", "basis", "theme", "verdict", "effort"]
    frame = pd.DataFrame(rows, columns=columns, index=ids)
    frame["article"] = [str(30 - n) for n in range(len(rows))]
    backed = supports or tuple("stated" if r[4] in ("met", "partly") else "" for r in rows)
    places = [VERDICTS.index(r[4]) for r in rows], [SUPPORTS.index(s) if s else -1 for s in backed]
    verdict, support = (pd.DataFrame([p], columns=ids, index=["e"], dtype="int16") for p in places)
    return frame, Judged(verdict, verdict, support, verdict), dict(frame["effort"])


def worked_example(basis: str = "guideline") -> tuple[pd.DataFrame, Judged, dict[str, str]]:
    """Section 7 of the scoring specification, with efforts L, M, L, S, S."""
    return made(
        (4, "legal", "statute", "01", "met", "L"),
        (3, "legal", "statute", "01", "partly", "M"),
        (3, "legal", "statute", "02", "unknown", "L"),
        (2, "legal", basis, "01", "not_met", "S"),
        (1, "best_effort", "best_effort", "01", "not_met", "S"),
        supports=("evidenced", "stated", "", "", ""),
    )


def steps(path: Path | None) -> list[str]:
    """The requirements of a path in their order."""
    assert path is not None
    return [s.requirement for s in path.steps]


def opened(answers: dict[str, Answer], lang: str) -> GapReport:
    """The gap report of an engagement with these answers."""
    return GapReport(
        "20", Opened(assess_engagement(Engagement("Test", lang, DAY, answers=answers), DAY), lang, None)
    )


def everything(answer: str) -> dict[str, Answer]:
    """Every requirement answered alike, with evidence."""
    return {
        r.id: Answer(answer, evidence=(Evidence("paper.pdf", True, DAY),)) for r in law.all_requirements()
    }


def test_the_worked_example_leaves_gap_by_two_steps() -> None:
    """The unmet guideline duty pays more per effort (2/12 by S) than the half-met one (1.5/12 by M)."""
    path = shortest_path(*worked_example(), "open")
    assert path is not None
    assert steps(path) == ["A27-4", "A29-2"]
    assert [(s.verdict, s.becomes, s.effort, s.cost, s.gain) for s in path.steps] == [
        ("not_met", "met", "S", 1, Fraction(2, 12)),
        ("partly", "met", "M", 3, Fraction(3, 24)),
    ]
    assert (path.target, path.status, path.cost) == ("open", "open", 4)
    assert (path.figures.conformity_low.shown, path.figures.conformity_high.shown) == ("75.0 %", "100.0 %")
    assert (path.figures.coverage.shown, path.figures.assurance.shown) == ("75.0 %", "44.4 %")


def test_the_worked_example_is_clear_when_the_unknown_is_found_met() -> None:
    """The unknown duty comes last: 3/12 by L."""
    path = shortest_path(*worked_example(), "clear")
    assert path is not None
    assert steps(path) == ["A27-4", "A29-2", "A28-3"]
    assert (path.cost, path.status, path.figures.conformity_low.shown) == (12, "clear", "100.0 %")


def test_a_status_that_is_reached_needs_no_path() -> None:
    """The worked example is a gap already; what is clear has nothing above it; nothing has no path."""
    assert shortest_path(*worked_example(), "gap") is None
    clear = made((4, "legal", "statute", "01", "met", "S"))
    nothing = made((4, "legal", "statute", "01", "not_applicable", "S"))
    for target in TARGETS:
        assert shortest_path(*clear, target) is None
        assert shortest_path(*nothing, target) is None
        assert shortest_path(*worked_example(), target, chapter="09") is None


def test_leaving_unmet_asks_only_for_duties_from_statute_order_or_rule() -> None:
    """The half-met and the unknown duty may wait, and so does the best-effort line."""
    path = shortest_path(*worked_example("order_or_rule"), "gap")
    assert path is not None
    assert (steps(path), path.status) == (["A27-4"], "gap")


def test_a_path_may_lead_further_than_asked() -> None:
    """Where only one duty is unmet and the others are met, leaving unmet is already clear."""
    path = shortest_path(
        *made((4, "legal", "statute", "01", "not_met", "L"), (3, "legal", "statute", "01", "met", "S")), "gap"
    )
    assert path is not None
    assert (path.target, path.status) == ("gap", "clear")


def test_a_chapter_has_a_path_of_its_own_with_the_gains_of_the_action_plan() -> None:
    """Status and figures are those of the chapter; the gain is still a share of all legal duties."""
    path = shortest_path(*worked_example(), "open", chapter="01")
    assert path is not None
    assert (path.status, path.figures.conformity_low.whole) == ("clear", 9)
    assert [s.gain for s in path.steps] == [Fraction(2, 12), Fraction(3, 24)]
    assert steps(shortest_path(*worked_example(), "clear", chapter="02")) == ["A28-3"]


def test_equal_worth_is_ordered_by_article() -> None:
    """The order is total: same gain per effort, then the lower article, then the id."""
    row = (3, "legal", "statute", "01", "not_met", "M")
    frame, judged, efforts = made(row, row, row)
    assert steps(shortest_path(frame, judged, efforts, "gap")) == ["A28-3", "A29-2", "A30-1"]
    frame["article"] = ["23", "100", "23"]
    assert steps(shortest_path(frame, judged, efforts, "gap")) == ["A28-3", "A30-1", "A29-2"]


def test_a_status_that_is_no_target_is_refused() -> None:
    """The error names what is possible; nobody plans to be unmet or out of scope."""
    for target in ("unmet", "out_of_scope", "best"):
        with pytest.raises(ValueError, match="clear"):
            shortest_path(*worked_example(), target)


ROW = st.tuples(
    st.integers(2, 4), st.sampled_from(["legal", "legal", "legal", "best_effort"]),
    st.sampled_from(["statute", "order_or_rule", "guideline", "guideline_example"]), st.sampled_from(["01", "02"]),
    st.sampled_from(VERDICTS), st.sampled_from(["S", "M", "L"]),
)  # fmt: skip


def every_plan(judged: Judged, efforts: dict[str, str]) -> tuple[list[frozenset[str]], list[int], Judged]:
    """Each way to turn requirements into met or partly: what changes, what it costs, what comes out."""
    now = judged.verdict.iloc[0]
    options = [
        {int(v)} | ({VERDICTS.index("met"), VERDICTS.index("partly")} if VERDICTS[v] != "not_applicable" else set())
        for v in now
    ]  # fmt: skip
    plans = pd.DataFrame(list(itertools.product(*options)), columns=now.index)
    changed = [frozenset(plans.columns[row]) for row in plans.to_numpy() != now.to_numpy()]
    costs = [sum(EFFORT[efforts[r]] for r in c) for c in changed]
    support = pd.DataFrame(-1, index=plans.index, columns=plans.columns)
    return changed, costs, Judged(plans, plans, support, plans)


@given(st.lists(ROW, min_size=1, max_size=5), st.sampled_from(TARGETS), st.sampled_from(["", "01"]))
def test_no_cheaper_plan_reaches_the_target(rows: list[Row], target: str, chapter: str) -> None:
    """Of all plans for a small law, the path is the only cheapest that reaches the target or better."""
    frame, judged, efforts = made(*rows)
    path = shortest_path(frame, judged, efforts, target, chapter)
    changed, costs, plans = every_plan(judged, efforts)
    group = frame[frame["theme"] == chapter] if chapter else frame
    reached = [STATUSES.index(s) >= STATUSES.index(target) for s in score(group, plans)["status"]]
    least = min(cost for cost, there in zip(costs, reached, strict=True) if there)
    if path is None:
        assert least == 0
        return
    assert path.cost == least == sum(EFFORT[s.effort] for s in path.steps) > 0
    cheapest = {c for c, cost, there in zip(changed, costs, reached, strict=True) if there and cost == least}
    assert cheapest == {frozenset(steps(path))}
    after = score(group, tried(judged, dict.fromkeys(steps(path), "met"))).loc[("e", OVERALL)]
    assert path.status == after["status"]
    assert STATUSES.index(path.status) >= STATUSES.index(target)
    assert (path.figures.conformity_low.part, path.figures.coverage.part) == (after["low"], after["known"])


def test_trying_changes_only_what_is_tried() -> None:
    """The conclusions that were given stay as they are, and so does every other requirement."""
    _, judged, _ = worked_example()
    before = judged.verdict.copy(), judged.support.copy()
    result = tried(judged, {"A29-2": "met", "A30-1": "not_met"})
    assert list(result.named("verdict").loc["e"]) == ["not_met", "met", "unknown", "not_met", "not_met"]
    pd.testing.assert_frame_equal(judged.verdict, before[0])
    pd.testing.assert_frame_equal(judged.support, before[1])
    assert (result.rule is judged.rule, result.gate is judged.gate) == (True, True)
    assert list(result.verdict.dtypes) == list(judged.verdict.dtypes)


@pytest.mark.parametrize(
    ("now", "support", "becomes", "then"),
    [
        ("met", "evidenced", "met", "evidenced"),
        ("met", "evidenced", "partly", "stated"),
        ("partly", "evidenced", "met", "stated"),
        ("partly", "contradicted", "met", "stated"),
        ("not_met", "contradicted", "not_met", "contradicted"),
        ("not_met", "contradicted", "met", "stated"),
        ("met", "evidenced", "not_met", ""),
        ("met", "stale", "unknown", ""),
        ("unknown", "", "not_applicable", ""),
    ],
)
def test_a_tried_verdict_is_only_stated(now: str, support: str, becomes: str, then: str) -> None:
    """Support stays where the verdict stays; otherwise there is no evidence for a guess."""
    _, judged, _ = made((4, "legal", "statute", "01", now, "S"), supports=(support,))
    result = tried(judged, {"A30-1": becomes})
    assert (result.named("verdict").iat[0, 0], result.named("support").iat[0, 0]) == (becomes, then)


@given(st.lists(ROW, min_size=1, max_size=6), st.data())
def test_closing_gaps_never_raises_assurance(rows: list[Row], data: Any) -> None:
    """Whatever is guessed to be met, no evidence for it is counted."""
    supports = tuple(data.draw(st.sampled_from(SUPPORTS)) if r[4] in ("met", "partly") else "" for r in rows)
    frame, judged, _ = made(*rows, supports=supports)
    chosen = data.draw(st.sets(st.sampled_from(list(frame.index))))
    result = tried(judged, dict.fromkeys(chosen, "met"))
    before, after = (score(frame, j).loc[("e", OVERALL)] for j in (judged, result))
    assert after["evidenced_weight"] == before["evidenced_weight"]
    assert after["met_weight"] >= before["met_weight"]


def test_what_cannot_be_tried_is_refused() -> None:
    """A requirement that was not judged, and a word that is no verdict."""
    _, judged, _ = worked_example()
    with pytest.raises(KeyError):
        tried(judged, {"A99-1": "met"})
    with pytest.raises(ValueError, match="good"):
        tried(judged, {"A30-1": "good"})


def test_the_findings_alone_give_back_every_figure() -> None:
    """Scored from the findings of the sample, every measure and grouping is that of its assessment."""
    assessment = assess_engagement(read_engagement(sample("en")), DAY)
    frame, judged = frames(assessment)
    pd.testing.assert_frame_equal(frame, law.catalogue(DAY).frame, check_like=True)
    for measure, by in itertools.product(MEASURES, GROUPINGS):
        groups = {g.key: g.figures for g in getattr(assessment.scores[measure], by)}
        result = score(frame, judged, measure, by)
        assert len(result) == len(groups)
        for (_, key), row in result.iterrows():
            figures = groups[str(key)]
            assert (row["low"], row["high"]) == (figures.conformity_low.part, figures.conformity_high.part)
            assert (row["evidenced_weight"], row["status"]) == (figures.assurance.part, figures.status)
    for part, field in (("rule", "rule"), ("support", "support"), ("gate", "closed_by")):
        words = judged.named(part).iloc[0]
        assert [words[f.id] for f in assessment.findings] == [getattr(f, field) or "" for f in assessment.findings]  # fmt: skip


def test_each_better_status_of_the_sample_asks_for_more() -> None:
    """The steps to a nearer status are among those to a farther one; gains are those of the action plan."""
    assessment = assess_engagement(read_engagement(sample("en")), DAY)
    paths = better_statuses(assessment)
    assert [(p.target, p.status) for p in paths] == [(t, t) for t in TARGETS]
    sets = [set(steps(p)) for p in paths]
    assert sets[0] < sets[1] < sets[2]
    assert sets[2] == {g.requirement for g in assessment.gaps if g.measure == "legal"}
    gains = {g.requirement: Fraction(g.gain.part) / Fraction(g.gain.whole) for g in assessment.gaps}
    assert all(s.gain == gains[s.requirement] for p in paths for s in p.steps)


def tables(page: Page) -> list[tuple[tuple[str, ...], ...]]:
    """The rows of every table of a page."""
    return [block.rows for block in page.blocks if block.kind == "table"]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_page_shows_each_better_status_and_the_steps_to_the_nearest(lang: str) -> None:
    """One row per better status, fifteen steps with rank and title, how many more; in one language."""
    report = open_gap_report(lang=lang)
    page = report.what_if()
    summary, plan = tables(page)
    paths = better_statuses(report.assessment)
    assert [row[0] for row in summary] == [report.word("status", p.target) for p in paths]
    assert [row[1] for row in summary] == [str(len(p.steps)) for p in paths]
    assert [sum(map(int, re.findall(r"\d+", row[2]))) for row in summary] == [len(p.steps) for p in paths]
    assert [row[3] for row in summary] == [report.conformity(p.figures) for p in paths]
    assert [row[4] for row in summary] == [report.word("status", p.status) for p in paths]
    assert [row[0] for row in plan] == [str(n) for n in range(1, 16)]
    for row, step in zip(plan, paths[0].steps, strict=False):
        f = report.assessment[step.requirement]
        assert row[1:4] == (report.titled(f), report.verdict(f.verdict), report.word("effort", f.effort))
        assert row[5] == (f.owner or {"ja": "未定", "en": "not set"}[lang])
    more = {"ja": "ほかに{}件あります。", "en": "{} more are needed."}[lang]
    said = {
        "ja": "計算の結果は保存されず",
        "en": "Nothing is saved, no verdict changes, and nothing is predicted.",
    }
    assert more.format(len(paths[0].steps) - 15) in page.text()
    assert said[lang] in page.text()
    assert bool(re.search(r"[ぁ-ん]", page.text())) == (lang == "ja")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_an_assessment_without_gaps_has_nothing_to_reach(lang: str) -> None:
    """All met: the page says so and shows no table."""
    page = opened(everything("met"), lang).what_if()
    assert not tables(page)
    assert {"ja": "これより良い状態はありません。", "en": "There is no better status."}[lang] in page.text()


def test_the_page_names_the_owner_as_text_and_counts_no_more_than_there_are() -> None:
    """One duty open: one row, one step, no further ones; what was typed is never markup."""
    answers = everything("met") | {"A26-4": Answer("not_met", owner="<b>Ito</b>", effort="L")}
    page = opened(answers, "en").what_if()
    summary, plan = tables(page)
    assert [row[0] for row in summary] == ["gap", "open", "clear"]
    assert {row[1:] for row in summary} == {("1", "L × 1", "100.0 %", "clear")}
    assert [(row[0], row[3], row[5]) for row in plan] == [("1", "L", "<b>Ito</b>")]
    assert "more are needed" not in page.text()
    assert "&lt;b&gt;Ito&lt;/b&gt;" in page.html()
