"""
Notebook 30: what many organisations say side by side, and what is refused.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess import law
from appi_assess.conclude import assess_engagement
from appi_assess.page import Page
from appi_assess.picture import Chart
from appi_assess.portfolio.frames import (
    bands,
    by_status,
    common_gaps,
    histogram,
    labels,
    league,
    moves,
    ranking,
    spread,
    status_moves,
)
from appi_assess.portfolio.results import InArticle, Late, Organisation, Portfolio, read_all
from appi_assess.portfolio.sheet import PortfolioSheet, open_portfolio
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement
from appi_assess.record import RESULT
from appi_assess.requirement import Text
from appi_assess.resources import notebooks, sample
from appi_assess.runs.execute import run_notebook
from appi_assess.score import STATUSES

from .portfolios import AS_OF, engagements, results

NAME = "30_portfolio.ipynb"
CHARTS = ("heat_map", "distribution", "intervals", "tag_bars", "trend_statuses", "trend_intervals")
PAGES = (
    "introduction", "headline", "failures", "ranking", "common_gaps", "overdue_breaches", "overdue_actions", "league",
    "trend",
)  # fmt: skip
RATES = st.fractions(0, 1, max_denominator=20)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six organisations, one of them without a report, one with breaches."""
    return results(tmp_path_factory.mktemp("now"), 6, 3, failed=1)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five of them a quarter before."""
    return results(tmp_path_factory.mktemp("before"), 5, 8, as_of=date(2026, 8, 22))


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """The results, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "out"))


def organisation(
    id_: str = "a",
    status: str = "clear",
    unmet: tuple[int, ...] = (0, 0, 0),
    interval: tuple[Fraction | None, Fraction | None] = (Fraction(1), Fraction(1)),
    **other: Any,
) -> Organisation:
    """An organisation made up for a law that always holds."""
    version = type("Law", (), {"as_of": AS_OF, "checked_on": AS_OF, "requirements": 1})()
    values: dict[str, Any] = {
        "name": id_, "tags": (), "law": version, "package_version": "1", "coverage": interval[0],
        "articles": {"17": InArticle(status=status, not_met=sum(unmet))}, "verdicts": {}, "clocks": "known", "late": (),
        "overdue": (),
    }  # fmt: skip
    low, high = interval
    return Organisation(id=id_, status=status, low=low, high=high, unmet=unmet, **{**values, **other})


def many(count: int, **other: Any) -> list[Organisation]:
    """Organisations that differ by id alone."""
    return [organisation(f"o{n:04}", **other) for n in range(count)]


def sheet(organisations: Iterable[Organisation], previous: Iterable[Portfolio] = ()) -> PortfolioSheet:
    """The English sheet of organisations made up."""
    return PortfolioSheet(Portfolio(tuple(organisations), (), {}, "0" * 64), tuple(previous), "en", None)


def text(page: object) -> str:
    """A page as text."""
    assert isinstance(page, Page)
    return page.text()


def rows(content: bytes) -> list[list[str]]:
    """A CSV file as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


organisations = st.builds(
    lambda status, unmet, ends: ("x", status, unmet, (min(ends), max(ends))),
    st.sampled_from(STATUSES),
    st.tuples(*[st.integers(0, 2)] * 3),
    st.tuples(RATES, RATES),
)


@given(st.lists(organisations, max_size=12))
def test_the_ranking_never_puts_a_better_status_or_fewer_grave_duties_first(found: list[Any]) -> None:
    """Status decides, then unmet duties of severity 4, 3, 2, then the interval; equals share a rank."""
    ranked = ranking(organisation(f"o{n}", *rest) for n, (_, *rest) in enumerate(found))
    keys = [
        (STATUSES.index(o.status), *(-u for u in o.unmet), o.low, o.high)
        for o in (r.organisation for r in ranked)
    ]
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert [r.rank for r in ranked] == [1 + keys.index(k) for k in keys]


@given(st.lists(organisations, max_size=12), st.randoms())
def test_the_ranking_does_not_depend_on_the_order_of_the_portfolio(found: list[Any], draw: Any) -> None:
    """The same organisations, the same list."""
    members = [organisation(f"o{n}", *rest) for n, (_, *rest) in enumerate(found)]
    mixed = draw.sample(members, len(members))
    assert ranking(members) == ranking(mixed)


@given(st.lists(RATES, min_size=1))
def test_a_spread_is_exact_and_in_order(values: list[Fraction]) -> None:
    """Ends and median are those of the values; no rate is rounded on the way."""
    found = spread(values)
    assert found is not None
    five = (found.least, found.lower_quarter, found.median, found.upper_quarter, found.greatest)
    assert five[0] == min(values)
    assert five[-1] == max(values)
    assert list(five) == sorted(five)
    assert sum(v <= found.median for v in values) * 2 >= len(values)
    assert sum(v >= found.median for v in values) * 2 >= len(values)


@pytest.mark.parametrize("count", [1, 19, 20, 21, 40, 41, 399, 1000])
def test_bands_hold_everybody_once_and_are_few(count: int) -> None:
    """At most twenty bands, in the order of the ranking."""
    ranked = ranking(many(count))
    found = bands(ranked)
    assert len(found) <= 20
    assert [o for b in found for o in b.organisations] == [r.organisation for r in ranked]


@given(st.lists(RATES, max_size=20))
def test_only_all_of_it_is_a_hundred_percent(values: list[Fraction]) -> None:
    """99.9 % lies below; every organisation is in one class."""
    found = histogram([organisation(f"o{n}", interval=(v, v)) for n, v in enumerate(values)])
    assert found["low"].sum() == len(values)
    assert found.loc["100 %", "low"] == values.count(Fraction(1))


def test_a_duty_not_met_is_never_hidden_behind_good_neighbours() -> None:
    """One unmet organisation among a thousand is first in the list and is counted in the headline."""
    bad = organisation("bad", "unmet", (1, 0, 0), (Fraction(99, 100), Fraction(99, 100)))
    made_up = sheet([*many(999), bad])
    assert made_up.ranked[0].organisation is bad
    assert "order or rule: 1." in text(made_up.headline())
    assert "bad | bad" in text(made_up.ranking())
    assert made_up.status() == "unmet"


def test_a_thousand_organisations_stay_readable() -> None:
    """The first thirty, the last five, and where the others are."""
    made_up = sheet(many(1000))
    lines = text(made_up.ranking()).splitlines()
    assert len([line for line in lines if " | o0" in line]) == 35
    assert any("ranking.csv" in line for line in lines)
    assert len(rows(made_up.files()["ranking.csv"])) == 1001
    chart = made_up.heat_map()
    assert isinstance(chart, Chart)
    assert len(chart.numbers) == 20


@pytest.mark.parametrize(("count", "drawn"), [(1, 1), (40, 40), (41, 14), (1000, 20)])
def test_each_has_a_row_of_the_charts_until_there_are_more_than_forty(count: int, drawn: int) -> None:
    """Above that the ranking is cut into bands."""
    made_up = sheet(many(count))
    for found in (made_up.heat_map(), made_up.intervals()):
        assert isinstance(found, Chart)
        assert len(found.numbers) == drawn


def test_an_empty_portfolio_says_so_everywhere() -> None:
    """Nobody assessed: no page breaks, nothing is drawn, and nothing is called clear."""
    made_up = sheet([])
    for name in (*PAGES, *CHARTS):
        assert text(getattr(made_up, name)())
    assert made_up.status() == "out_of_scope"


def test_nothing_to_score_is_not_zero() -> None:
    """An organisation out of scope is in no spread and stands last."""
    out = organisation("out", "out_of_scope", interval=(None, None))
    made_up = sheet([out, organisation("in", "gap", interval=(Fraction(1, 2), Fraction(3, 4)))])
    assert [r.organisation.id for r in made_up.ranked] == ["in", "out"]
    assert "nothing to score: 1." in text(made_up.headline())
    assert "nothing to score" in text(made_up.ranking()).splitlines()[-1]


def test_tags_are_counted_apart_and_a_tag_of_one_is_shown_as_such() -> None:
    """Two tags count twice, no tag comes last, and one organisation makes no group."""
    found = [organisation("a", tags=("x", "y")), organisation("b", tags=("x",)), organisation("c")]
    assert [(t.tag, len(t.organisations)) for t in league(found)] == [("x", 2), ("y", 1), (None, 1)]
    page = text(sheet(found).league())
    assert "x | 2 |" in page
    assert "y [one organisation only] | 1 |" in page
    assert page.splitlines()[-1].startswith("(no tag) [one organisation only]")


def test_common_gaps_come_with_their_share_of_those_concerned(made: Path) -> None:
    """The share leaves out organisations to which the requirement does not apply."""
    portfolio, _ = read_all(str(made), (), "en")
    for gap in common_gaps(portfolio):
        verdicts = [o.verdicts[gap.asked.id] for o in portfolio.organisations]
        assert gap.not_met == verdicts.count("not_met")
        assert gap.partly == verdicts.count("partly")
        assert gap.unknown == verdicts.count("unknown")
        assert gap.applies == len(verdicts) - verdicts.count("not_applicable")
        assert gap.share == Fraction(gap.gaps, gap.applies)
    legal = [g for g in common_gaps(portfolio) if g.asked.measure == "legal"]
    assert [g.not_met for g in legal] == sorted((g.not_met for g in legal), reverse=True)


def test_who_moved_from_which_status_to_which_is_counted() -> None:
    """Only organisations of both periods, known by their ids."""
    before = Portfolio((organisation("a"), organisation("b", "gap"), organisation("gone")), (), {}, "")
    now = Portfolio(
        (organisation("b"), organisation("a", "unmet", (1, 0, 0)), organisation("new")), (), {}, ""
    )
    table = status_moves(moves(before, now))
    assert table.loc["clear", "unmet"] == 1
    assert table.loc["gap", "clear"] == 1
    assert table.to_numpy().sum() == 2
    page = text(sheet(now.organisations, [before]).trend())
    assert "both periods: 2" in page
    assert "worse: 1, better: 1, the same: 0. Only in this period: 1. Only in the one before: 1." in page
    assert page.splitlines()[-1].startswith("a | a | clear | unmet")


def test_more_unmet_duties_are_worse_even_where_conformity_rose() -> None:
    """The order of the ranking decides, not the figure."""
    before = organisation("a", "unmet", (1, 0, 0), (Fraction(1, 4), Fraction(1, 4)))
    now = organisation("a", "unmet", (2, 0, 0), (Fraction(3, 4), Fraction(3, 4)))
    (move,) = moves(Portfolio((before,), (), {}, ""), Portfolio((now,), (), {}, ""))
    assert move.worse


def test_breaches_that_are_late_name_the_organisation_and_the_full_report_first() -> None:
    """A full report still missing goes before any number of late ones; no register is no clean record."""
    because = Text(ja="理由", en="the reason")
    late = organisation("late", late=(Late("incidents.prompt_report", 9, 9, because),))
    missing = organisation("missing", late=(Late("incidents.full_report", 1, 1, because),))
    made_up = sheet([late, missing, organisation("silent", clocks="unknown")])
    page = text(made_up.overdue_breaches())
    assert page.index("missing | missing | 1 | 1 | 0 | 0 | the reason") < page.index(
        "late | late | 0 | 0 | 9 | 0"
    )
    assert "nothing can be told: 1." in page
    assert "late or overdue (2)" in page


def test_the_sample_register_of_breaches_is_seen_in_the_results(made: Path) -> None:
    """The fifth organisation keeps the register; its failing checks come through with their rows."""
    portfolio, _ = read_all(str(made), (), "en")
    fifth = next(o for o in portfolio.organisations if o.id == "org-0005")
    full = next(late for late in fifth.late if late.check == "incidents.full_report")
    assert (full.rows, full.blank) == (3, 2)
    assert fifth.clocks == "undated"
    assert {o.clocks for o in portfolio.organisations if o.id != "org-0005"} == {"unknown"}


def test_an_empty_register_of_breaches_can_be_judged_and_a_missing_one_cannot(tmp_path: Path) -> None:
    """Kept without rows, nothing is late; without a register, or its column of days, nobody knows."""
    (folder,) = engagements(tmp_path / "e", 1, 1)
    head = (sample("en") / "registers" / "incidents.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    found = []
    for n, text_ in enumerate((None, head, head.replace("Known on", "Something") + "\n")):
        if text_ is not None:
            (folder / "registers").mkdir(exist_ok=True)
            (folder / "registers" / "incidents.csv").write_text(text_, encoding="utf-8")
        out = tmp_path / f"out{n}"
        write(out, "a", assess_engagement(read_engagement(folder), AS_OF).to_json())
        found.append(read_all(str(out), (), "en")[0].organisations[0].clocks)
    assert found == ["unknown", "known", "unknown"]


def test_an_action_is_overdue_from_the_day_after_its_day(made: Path, tmp_path: Path) -> None:
    """Due on the assessment date is in time; due the day before is over."""
    source = json.loads((made / "reports" / "org-0001" / "assessment.json").read_text(encoding="utf-8"))
    gaps = [f for f in source["findings"] if f["verdict"] in ("not_met", "partly", "unknown")]
    met = next(f for f in source["findings"] if f["verdict"] == "met")
    for f in source["findings"]:
        f["due"] = None
    gaps[0]["due"], gaps[1]["due"] = str(AS_OF), str(AS_OF - timedelta(days=1))
    met["due"] = str(AS_OF - timedelta(days=9))
    write(tmp_path, "a", json.dumps(source))
    portfolio, _ = read_all(str(tmp_path), (), "en")
    (found,) = portfolio.organisations
    assert [(a.requirement, a.days) for a in found.overdue] == [(gaps[1]["id"], 1)]


def write(out: Path, id_: str, assessment: str, **other: Any) -> None:
    """Results of one organisation."""
    entry = {"id": id_, "name": "", "tags": [], "engagement": "e", "state": "done", "failure": None, **other}
    (out / "reports" / id_).mkdir(parents=True)
    (out / "reports" / id_ / "assessment.json").write_text(assessment, encoding="utf-8")
    listed = {"schema_version": "1", "organisations": [entry]}
    (out / "portfolio.json").write_text(json.dumps(listed), encoding="utf-8")


def test_what_is_kept_of_an_assessment_is_what_it_says(made: Path) -> None:
    """Status, exact interval, unmet duties and articles are those of assessment.json."""
    portfolio, _ = read_all(str(made), (), "en")
    for o in portfolio.organisations:
        source = json.loads((made / "reports" / o.id / "assessment.json").read_text(encoding="utf-8"))
        overall = source["scores"]["legal"]["overall"]
        assert o.status == overall["status"]
        assert o.low == Fraction(overall["conformity_low"]["part"]) / Fraction(
            overall["conformity_low"]["whole"]
        )
        assert sum(o.unmet) == overall["not_met"]
        assert sum(a.not_met for a in o.articles.values()) == overall["not_met"]
        assert o.verdicts == {f["id"]: f["verdict"] for f in source["findings"]}
        assert o.name == source["about"]["organisation"]


def test_failures_are_named_with_notebook_cell_and_reason_and_are_in_no_figure(made: Path) -> None:
    """The sixth organisation has no report: it is told, and the worst status is not better than open."""
    shown = open_portfolio(str(made), "en")
    page = text(shown.failures())
    assert "org-0006" in page
    assert "04_breach_response | 3 | answers.yaml, line 12" in page
    assert sum(by_status(shown.organisations).values()) == 5
    assert "Without a report: 1." in text(shown.headline())
    only = PortfolioSheet(Portfolio((), shown.portfolio.failed, {}, ""), (), "en", None)
    assert only.status() == "open"


def test_different_days_are_said_to_be_different(copied: Path) -> None:
    """One organisation on another day: the page says so; on one day it does not."""
    assert "differ" not in text(open_portfolio(str(copied), "en").introduction())
    path = copied / "reports" / "org-0001" / "assessment.json"
    source = json.loads(path.read_text(encoding="utf-8"))
    source["law"]["as_of"] = "2026-11-21"
    path.write_text(json.dumps(source), encoding="utf-8")
    assert "Assessment dates differ" in text(open_portfolio(str(copied), "en").introduction())


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_page_and_chart_speaks_one_language(made: Path, earlier: Path, lang: str) -> None:
    """All pages and charts with an earlier period; numbers stand beside every chart."""
    shown = open_portfolio(str(made), lang, "", [str(earlier)])
    for name in PAGES:
        assert text(getattr(shown, name)())
    for name in CHARTS:
        chart = getattr(shown, name)()
        assert isinstance(chart, Chart)
        assert chart.alt in text(shown.numbers({"tag_bars": "tags"}.get(name, name)))
    japanese = text(shown.headline()).startswith("総括")
    assert japanese == (lang == "ja")


def test_clients_text_stays_text(copied: Path) -> None:
    """A name or tag is neither markup, nor mathematics, nor a formula, nor a second line."""
    path = copied / "portfolio.json"
    source = json.loads(path.read_text(encoding="utf-8"))
    source["organisations"][0] |= {"name": "=1+1 <b>$x$</b>\n😀𠮷", "tags": ["@SUM(A1)", "<i>t</i>"]}
    path.write_text(json.dumps(source), encoding="utf-8")
    shown = open_portfolio(str(copied), "en")
    assert "<b>" not in shown.ranking().html()
    assert "&lt;b&gt;" in shown.ranking().html()
    assert "&lt;i&gt;" in shown.league().html()
    for name in CHARTS[:4]:
        chart = getattr(shown, name)()
        assert isinstance(chart, Chart)
        assert chart.png()
    for name, content in shown.files().items():
        if name.endswith(".csv"):
            assert not [c for row in rows(content) for c in row if c[:1] in ("=", "@", "+", "-")]
    assert any("'@SUM(A1)" in cell for row in rows(shown.files()["tags.csv"]) for cell in row)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_labels_tell_organisations_apart_on_one_line(names: list[str]) -> None:
    """Two organisations never share a label, whatever their names."""
    found = labels(organisation(f"o{n}", name=name) for n, name in enumerate(names))
    assert len(set(found.values())) == len(names)
    assert not [label for label in found.values() if "\n" in label]


def test_organisations_of_one_name_are_told_apart_by_the_end_of_their_ids() -> None:
    """Ids of one group begin alike."""
    start = "holding-subsidiary-japan-"
    found = labels(organisation(f"{start}{n}", name="Same") for n in ("01", "02"))
    assert list(found.values()) == ["Same (…idiary-japan-01)", "Same (…idiary-japan-02)"]


def test_tags_and_periods_that_look_alike_keep_a_bar_each() -> None:
    """Long tags are cut and two periods may be of one day: none takes the place of another."""
    made_up = sheet([organisation("a", tags=("x" * 40 + "1",)), organisation("b", tags=("x" * 40 + "2",))])
    chart = made_up.tag_bars()
    assert isinstance(chart, Chart)
    assert len(chart.numbers) == 2
    same = Portfolio(made_up.organisations, (), {}, "")
    for draw in ("trend_statuses", "trend_intervals"):
        chart = getattr(sheet(made_up.organisations, [same]), draw)()
        assert isinstance(chart, Chart)
        assert len(chart.numbers) == 2


def test_of_many_tags_the_largest_have_a_bar() -> None:
    """Twenty bars, and the title says of how many."""
    members = [organisation(f"o{n}", tags=(f"t{n:02}", "whole")) for n in range(30)]
    chart = sheet(members).tag_bars()
    assert isinstance(chart, Chart)
    assert len(chart.numbers) == 20
    assert chart.numbers.index[-1] == "whole (30)"
    assert "20 of 31" in chart.alt


def refused(out: Path | str, *previous: Path) -> str:
    """Why results cannot be shown."""
    with pytest.raises(InputProblems) as caught:
        open_portfolio(str(out), "en", "", [str(p) for p in previous])
    assert caught.value.said("ja") != caught.value.said("en")
    return caught.value.said("en")


def test_everything_wrong_with_the_results_is_told_at_once(copied: Path) -> None:
    """A report without its assessment, one of another version, one cut short: three problems."""
    reports = copied / "reports"
    (reports / "org-0001" / "assessment.json").unlink()
    path = reports / "org-0002" / "assessment.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"3"', '"2"', 1), encoding="utf-8")
    path = reports / "org-0003" / "assessment.json"
    path.write_text(path.read_text(encoding="utf-8")[:5000], encoding="utf-8")
    said = refused(copied).splitlines()
    assert len(said) == 3
    assert "org-0001 is listed as done" in said[0]
    assert 'version "2", and this kit reads "3"' in said[1]
    assert "damaged or incomplete" in said[2]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read"),
        ("", "damaged"),
        ("[]", "damaged"),
        ('{"schema_version": "9"}', 'version "9"'),
        ('{"schema_version": "1"}', "organisations"),
        (
            '{"schema_version": "1", "organisations": [{"id": "../x", "name": "", "tags": [], "state": "done"}]}',
            "organisations.0.id",
        ),
    ],
    ids=["missing", "empty", "list", "version", "incomplete", "id"],
)
def test_a_list_of_organisations_that_is_none_is_refused(
    tmp_path: Path, content: str | None, expected: str
) -> None:
    """Missing, damaged, of another version, or with an id that leads out of the folder."""
    if content is not None:
        (tmp_path / "portfolio.json").write_text(content, encoding="utf-8")
    assert expected in refused(tmp_path)


def test_an_id_may_stand_once(copied: Path) -> None:
    """Two organisations under one id would be one report counted twice."""
    path = copied / "portfolio.json"
    source = json.loads(path.read_text(encoding="utf-8"))
    source["organisations"].append(source["organisations"][0])
    path.write_text(json.dumps(source), encoding="utf-8")
    assert "org-0001 is listed more than once" in refused(copied)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_without_results_the_notebook_says_what_to_give(lang: str) -> None:
    """Its pages are there and empty; nothing is made up."""
    shown = open_portfolio("", lang)
    assert "appi-assess batch" in str(shown.introduction())
    assert not shown.organisations
    for name in CHARTS:
        getattr(shown, name)()
    assert shown.finish().content["status"] == "out_of_scope"


def test_there_is_no_third_language() -> None:
    """Japanese or English."""
    with pytest.raises(InputProblems):
        open_portfolio("x", "fr")


def test_earlier_periods_go_oldest_first(made: Path, earlier: Path) -> None:
    """Given the wrong way round they are refused, and so is one that is missing."""
    assert "oldest first" in refused(earlier, made)
    assert "portfolio.json" in refused(made, earlier / "nowhere")


def test_the_digest_changes_with_any_assessment_and_the_portfolio(copied: Path, earlier: Path) -> None:
    """What the record names is everything that the pages were made from."""
    found = {open_portfolio(str(copied), "en").finish().content["assessment_sha256"]}
    found.add(open_portfolio(str(copied), "en", "", str(earlier)).finish().content["assessment_sha256"])
    for name in ("portfolio.json", "reports/org-0002/assessment.json"):
        path = copied / name
        path.write_bytes(path.read_bytes() + b"\n")
        found.add(open_portfolio(str(copied), "ja").finish().content["assessment_sha256"])
    assert len(found) == 4


def test_the_same_results_give_the_same_bytes(made: Path, earlier: Path, tmp_path: Path) -> None:
    """Every file, wherever the results stand."""
    moved = Path(shutil.copytree(made, tmp_path / "elsewhere"))
    contents = []
    for folder in (made, moved):
        shown = open_portfolio(str(folder), "ja", "", [str(earlier)])
        for name in CHARTS:
            getattr(shown, name)()
        contents.append({k: v for k, v in shown.files().items() if not k.endswith(".png")})
    assert contents[0] == contents[1]
    assert "trend.csv" in contents[0]


def test_the_notebook_is_thin() -> None:
    """Calls of the package only, five lines at most, its declared parameters."""
    notebook = nbformat.read(notebooks() / NAME, as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[0].source.startswith(f"# 30 {law.portfolio_chapter().title.ja} / 30 ")
    cells = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(len(c.source.splitlines()) <= 5 for c in cells)
    assert all(c.source.startswith("sheet.") for c in cells[2:])
    assert len(notebook.cells) <= 30
    sources = [c.source for c in cells]
    for name in CHARTS:
        place = sources.index(f"sheet.{name}()")
        assert sources[place + 1].startswith("sheet.numbers(")


def test_the_notebook_runs_in_the_results_and_writes_beside_itself(copied: Path) -> None:
    """As batch runs it: seen from its own folder, charts and lists beside it, the record last."""
    folder = copied / "portfolio"
    folder.mkdir()
    record = run_notebook(
        notebooks() / NAME, folder / NAME, {"portfolio": "..", "lang": "en", "out": "."}, cwd=folder
    )
    assert record["notebook"] == "30_portfolio"
    assert record["assessment_sha256"] == open_portfolio(str(copied), "en").portfolio.digest
    executed = nbformat.read(folder / NAME, as_version=4)
    assert RESULT in executed.cells[-1].outputs[0].data
    assert str(copied) not in (folder / NAME).read_text(encoding="utf-8")
    for name in ("ranking.csv", "common_gaps.csv", "overdue.csv", "tags.csv", "charts/30_heat_map.svg"):
        assert (folder / name).is_file()
