"""
Figures and statuses, recomputed here by hand with fractions.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess.assess import SUPPORTS, VERDICTS, Judged
from appi_assess.score import GROUPINGS, MEASURES, OVERALL, gain, percent, score, score_one

VALUE = {"met": Fraction(1), "partly": Fraction(1, 2), "not_met": Fraction(0)}


def law(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """A small law of (weight, measure, basis) rows."""
    frame = pd.DataFrame(
        rows, columns=["weight", "measure", "basis"], index=[f"r{n}" for n in range(len(rows))]
    )
    return frame.assign(
        article=[str(17 + n % 2) for n in range(len(rows))],
        theme="01",
        severity=frame["weight"],
        duty="M",
        policy_section=[("S1", "S2")[: 1 + n % 2] for n in range(len(rows))],
    )


def judged(verdicts: list[str], supports: list[str] | None = None, name: str = "e") -> Judged:
    """Verdicts as a frame of one row."""
    ids = [f"r{n}" for n in range(len(verdicts))]
    support = supports or ["" for _ in verdicts]
    places = [VERDICTS.index(v) for v in verdicts], [SUPPORTS.index(s) if s else -1 for s in support]
    verdict, backing = (pd.DataFrame([row], columns=ids, index=[name]) for row in places)
    return Judged(verdict, verdict, backing, verdict)


def test_the_worked_example_of_the_specification() -> None:
    """Section 7: 45.8 % to 70.8 %, coverage 75.0 %, assurance 100.0 %, status gap, best effort 100.0 %."""
    example = law(
        (4, "legal", "statute"),
        (3, "legal", "statute"),
        (3, "legal", "statute"),
        (2, "legal", "guideline"),
        (1, "best_effort", "best_effort"),
    )
    verdicts = judged(
        ["met", "partly", "unknown", "not_met", "met"], ["evidenced", "stated", "", "", "stated"]
    )
    row = score(example, verdicts).loc[("e", OVERALL)]
    assert percent(row["low"], row["weight"]) == "45.8 %"
    assert percent(row["high"], row["weight"]) == "70.8 %"
    assert percent(row["known"], row["weight"]) == "75.0 %"
    assert percent(row["evidenced_weight"], row["met_weight"]) == "100.0 %"
    assert row["status"] == "gap"
    best = score(example, verdicts, "best_effort").loc[("e", OVERALL)]
    assert percent(best["low"], best["weight"]) == percent(best["high"], best["weight"]) == "100.0 %"


def test_the_same_example_from_statute_would_be_unmet() -> None:
    """An unmet statutory duty of any severity makes the status unmet."""
    example = law((4, "legal", "statute"), (2, "legal", "order_or_rule"))
    assert score(example, judged(["met", "not_met"])).loc[("e", OVERALL), "status"] == "unmet"


@pytest.mark.parametrize(
    ("verdicts", "basis", "status"),
    [
        (["not_met", "met"], "statute", "unmet"),
        (["not_met", "met"], "order_or_rule", "unmet"),
        (["not_met", "met"], "guideline", "gap"),
        (["not_met", "met"], "guideline_example", "gap"),
        (["partly", "unknown"], "statute", "gap"),
        (["unknown", "met"], "statute", "open"),
        (["met", "not_applicable"], "statute", "clear"),
        (["not_applicable", "not_applicable"], "statute", "out_of_scope"),
    ],
)
def test_the_ladder_of_statuses(verdicts: list[str], basis: str, status: str) -> None:
    """The first rung that applies is the status, however high the percentage."""
    assert (
        score(law((4, "legal", basis), (4, "legal", "statute")), judged(verdicts)).loc[
            ("e", OVERALL), "status"
        ]
        == status
    )


def test_other_measures_have_the_ladder_among_themselves() -> None:
    """A promise that is not kept is unmet among promises and leaves legal conformity alone."""
    example = law((4, "legal", "statute"), (1, "promises", "promise"))
    result = judged(["met", "not_met"])
    assert score(example, result, "promises").loc[("e", OVERALL), "status"] == "unmet"
    assert score(example, result).loc[("e", OVERALL), "status"] == "clear"


def test_nothing_applicable_is_nothing_to_score() -> None:
    """Never 0 % and never 100 %."""
    row = score(law((4, "legal", "statute")), judged(["not_applicable"])).loc[("e", OVERALL)]
    assert percent(row["low"], row["weight"]) is None
    assert percent(row["evidenced_weight"], row["met_weight"]) is None


def by_hand(
    example: pd.DataFrame, verdicts: list[str], supports: list[str], measure: str, members: list[bool]
) -> dict[str, Any]:
    """The four figures with fractions, straight from the specification."""
    rows = [
        (int(w), v, s)
        for w, m, v, s, member in zip(
            example["weight"], example["measure"], verdicts, supports, members, strict=True
        )
        if m == measure and v != "not_applicable" and member
    ]
    total = sum(w for w, _, _ in rows)
    met = sum(w for w, v, _ in rows if v == "met")
    low = sum(w * VALUE.get(v, Fraction(0)) for w, v, _ in rows)
    return {
        "low": low, "high": low + sum(w for w, v, _ in rows if v == "unknown"), "weight": total,
        "known": sum(w for w, v, _ in rows if v != "unknown"), "met_weight": met,
        "evidenced_weight": sum(w for w, v, s in rows if v == "met" and s == "evidenced"),
    }  # fmt: skip


ROW = st.tuples(
    st.sampled_from([1, 2, 3, 4]), st.sampled_from(MEASURES), st.sampled_from(["statute", "order_or_rule", "guideline", "guideline_example"]),
    st.sampled_from(["met", "partly", "not_met", "not_applicable", "unknown"]), st.sampled_from(["evidenced", "stated", "stale", "contradicted"]),
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=12))
def test_every_figure_agrees_with_the_formula(rows: list[Any]) -> None:
    """For any law, verdicts and grouping, the figures are those of the specification."""
    example = law(*[(w, m, b) for w, m, b, _, _ in rows])
    verdicts, supports = [r[3] for r in rows], [r[4] if r[3] in ("met", "partly") else "" for r in rows]
    result = judged(verdicts, supports)
    for measure, by in itertools.product(MEASURES, (None, *GROUPINGS)):
        for (_, group), row in score(example, result, measure, by).iterrows():
            keys = (
                [True] * len(rows)
                if by is None
                else [group in k if isinstance(k, tuple) else k == group for k in example[by]]
            )
            for name, value in by_hand(example, verdicts, supports, measure, keys).items():
                assert Fraction(float(row[name])) == value, (measure, by, name)


@given(st.lists(ROW, min_size=1, max_size=12), st.data())
def test_answering_one_more_item_met_never_lowers_a_figure(rows: list[Any], data: Any) -> None:
    """Turning any verdict to met raises or keeps the low end, and never raises the high end above 1."""
    example = law(*[(w, "legal", b) for w, _, b, _, _ in rows])
    verdicts = [r[3] for r in rows]
    place = data.draw(st.integers(0, len(rows) - 1))
    if verdicts[place] == "not_applicable":
        return
    better = [*verdicts[:place], "met", *verdicts[place + 1 :]]
    before, after = (score(example, judged(v)).loc[("e", OVERALL)] for v in (verdicts, better))
    assert after["low"] >= before["low"]
    assert after["known"] >= before["known"]
    assert after["low"] <= after["high"] <= after["weight"] == before["weight"]


@given(st.permutations(range(6)))
def test_the_order_of_requirements_does_not_matter(order: list[int]) -> None:
    """Shuffling the law changes no figure."""
    example = law(
        (4, "legal", "statute"),
        (3, "legal", "guideline"),
        (2, "legal", "statute"),
        (4, "legal", "guideline"),
        (1, "best_effort", "best_effort"),
        (3, "legal", "order_or_rule"),
    )
    result = judged(["met", "partly", "unknown", "not_met", "met", "not_applicable"])
    pd.testing.assert_frame_equal(score(example, result), score(example.iloc[order], result))


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (5.5, 12, "45.8 %"), (1, 3, "33.3 %"), (2, 3, "66.7 %"), (1, 8, "12.5 %"), (1, 16, "6.3 %"), (3, 16, "18.8 %"), (0, 5, "0.0 %"), (5, 5, "100.0 %"),
        (9996, 10000, "99.9 %"), (99999, 100000, "99.9 %"), (1, 100000, "0.1 %"), (4, 10000, "0.1 %"), (0, 0, None),
    ],
)  # fmt: skip
def test_rates_are_rounded_half_up_and_never_to_the_ends(
    part: float, whole: float, shown: str | None
) -> None:
    """One decimal, half up; below 100 % never prints 100, above 0 % never prints 0."""
    assert percent(part, whole) == shown


def test_gains_are_those_of_the_specification() -> None:
    """w (1 - v) / sum(w); for unknown the width that it closes."""
    assert gain(4, "not_met", 12) == Fraction(4, 12)
    assert gain(3, "partly", 12) == Fraction(3, 24)
    assert gain(3, "unknown", 12) == Fraction(3, 12)


def test_a_grouping_that_does_not_exist_is_refused() -> None:
    """The error names what is possible."""
    with pytest.raises(ValueError, match="policy_section"):
        score(law((4, "legal", "statute")), judged(["met"]), by="colour")


def test_many_engagements_score_as_each_alone() -> None:
    """One call over many rows gives what one call per row gives."""
    example = law((4, "legal", "statute"), (3, "legal", "guideline"))
    parts = [
        judged(list(v), name="".join(v)) for v in itertools.product(["met", "partly", "unknown"], repeat=2)
    ]
    together = Judged(
        *(pd.concat([getattr(p, f) for p in parts]) for f in ("verdict", "rule", "support", "gate"))
    )
    pd.testing.assert_frame_equal(
        score(example, together, by="article"), pd.concat([score(example, p, by="article") for p in parts])
    )


@pytest.mark.parametrize("by", [None, *GROUPINGS])
@pytest.mark.parametrize("measure", MEASURES)
def test_one_engagement_alone_has_the_figures_that_it_has_among_others(measure: str, by: str | None) -> None:
    """Without a frame the numbers are the same, plain ones, in the same order of groups."""
    example = law((4, "legal", "statute"), (3, "legal", "statute"), (1, "best_effort", "best_effort"))
    result = judged(["met", "not_met", "partly"], ["evidenced", "", "stated"])
    frame = score(example, result, measure, by)
    alone = {("e", group): vars(row) for group, row in score_one(example, result, measure, by).items()}
    assert alone == frame.to_dict("index")
    assert all(type(value) in (int, float, str) for row in alone.values() for value in row.values())


def test_a_law_that_was_not_judged_is_not_scored() -> None:
    """A requirement without a verdict is an error, not somebody else's verdict."""
    with pytest.raises(KeyError, match="r1"):
        score(law((4, "legal", "statute"), (3, "legal", "statute")), judged(["met"]))
