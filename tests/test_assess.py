"""
From answers to verdicts: the rules of the scoring specification, one by one.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import pytest

from appi_assess.assess import assess, evidence_state

E = "e"
LAW = pd.DataFrame(
    {"gates": [(), ("G10",), ("G06 or G07",), ("G01", "G10")]}, index=["plain", "gated", "either", "both"]
)


class Named(NamedTuple):
    """The four frames of a result in words."""

    verdict: pd.DataFrame
    rule: pd.DataFrame
    support: pd.DataFrame
    gate: pd.DataFrame


def judged(
    answers: dict[str, str],
    scope: dict[str, str] | None = None,
    declared: tuple[str, ...] = (),
    evidence: dict[str, str] | None = None,
    **more: Any,
) -> Named:
    """The verdicts of one engagement, in words."""
    result = assess(
        LAW,
        scope=pd.DataFrame(scope or {}, index=[E]),
        answers=pd.DataFrame(answers, index=[E]),
        declared=pd.DataFrame({d: [True] for d in declared}, index=[E]),
        evidence=pd.DataFrame(evidence or {}, index=[E]),
        **more,
    )
    return Named(*(result.named(part) for part in Named._fields))


def check(
    requirement: str, rows: int, failing: int, *, decisive: bool = False, sufficient: bool = False
) -> dict[str, Any]:
    """The result of one register check."""
    return {
        "engagement": E,
        "requirement": requirement,
        "rows": rows,
        "failing": failing,
        "decisive": decisive,
        "sufficient": sufficient,
    }


@pytest.mark.parametrize("answer", ["met", "partly", "not_met"])
def test_an_answer_stands_when_nothing_contradicts_it(answer: str) -> None:
    """Rule 6: the verdict is the answer."""
    result = judged({"plain": answer})
    assert (result.verdict.at[E, "plain"], result.rule.at[E, "plain"]) == (answer, "answer")


def test_no_answer_is_unknown() -> None:
    """Rule 6: silence is neither met nor unmet."""
    result = judged({"plain": ""})
    assert (result.verdict.at[E, "plain"], result.rule.at[E, "plain"], result.support.at[E, "plain"]) == (
        "unknown",
        "unanswered",
        "",
    )
    assert result.verdict.at[E, "gated"] == "unknown"


def test_a_closed_gate_comes_before_the_answer() -> None:
    """Rule 2: answered no, the requirement does not apply whatever was answered."""
    result = judged({"gated": "not_met", "both": "met"}, {"G10": "no", "G01": "yes"})
    assert list(result.verdict.loc[E, ["gated", "both"]]) == ["not_applicable", "not_applicable"]
    assert list(result.gate.loc[E, ["gated", "both"]]) == ["G10", "G10"]


def test_an_unanswered_gate_counts_as_open() -> None:
    """Rule 2: what is not answered in the scope keeps its requirements."""
    assert judged({"gated": "met"}).verdict.at[E, "gated"] == "met"
    assert judged({"gated": "met"}, {"G10": ""}).verdict.at[E, "gated"] == "met"


@pytest.mark.parametrize(
    ("scope", "verdict"),
    [
        ({"G06": "no", "G07": "no"}, "not_applicable"),
        ({"G06": "no", "G07": "yes"}, "met"),
        ({"G06": "no"}, "met"),
    ],
)
def test_one_of_two_gates_is_enough(scope: dict[str, str], verdict: str) -> None:
    """A requirement behind ``G06 or G07`` is closed only if both are answered no."""
    assert judged({"either": "met"}, scope).verdict.at[E, "either"] == verdict


def test_a_gate_that_register_rows_contradict_is_open() -> None:
    """Rule 2: rows that a closed gate says cannot exist open it again."""
    result = judged(
        {"gated": "met"}, {"G10": "no"}, contradicted_gates=pd.DataFrame({"G10": [True]}, index=[E])
    )
    assert result.verdict.at[E, "gated"] == "met"


def test_declared_not_applicable_needs_all_three() -> None:
    """Rule 3: with reason, approver and date it counts; otherwise it is unknown."""
    complete = judged({"plain": "not_applicable"}, declared=("plain",))
    assert (complete.verdict.at[E, "plain"], complete.rule.at[E, "plain"]) == ("not_applicable", "declared")
    lacking = judged({"plain": "not_applicable"})
    assert (lacking.verdict.at[E, "plain"], lacking.rule.at[E, "plain"]) == ("unknown", "declared_incomplete")


@pytest.mark.parametrize(
    ("answer", "rows", "failing", "decisive", "verdict", "support"),
    [
        ("met", 10, 1, False, "partly", "contradicted"),
        ("met", 10, 10, False, "not_met", "contradicted"),
        ("met", 10, 1, True, "not_met", "contradicted"),
        ("met", 10, 0, True, "met", "stated"),
        ("partly", 10, 1, False, "partly", "stated"),
        ("partly", 10, 1, True, "not_met", "contradicted"),
        ("not_met", 10, 0, True, "not_met", ""),
        ("not_met", 10, 1, False, "not_met", ""),
        ("", 10, 1, False, "partly", "stated"),
        ("", 10, 10, False, "not_met", ""),
        ("", 10, 0, False, "unknown", ""),
        ("met", 0, 0, True, "met", "stated"),
        ("", 0, 0, True, "unknown", ""),
    ],
)
def test_register_checks_lower_and_never_raise(
    answer: str, rows: int, failing: int, decisive: bool, verdict: str, support: str
) -> None:
    """Rule 5: any failing row lowers, all or a decisive one to not met; passing changes nothing."""
    result = judged(
        {"plain": answer}, checks=pd.DataFrame([check("plain", rows, failing, decisive=decisive)])
    )
    assert (result.verdict.at[E, "plain"], result.support.at[E, "plain"]) == (verdict, support)


def test_the_gravest_of_several_checks_counts_in_any_order() -> None:
    """A mild failure never hides a decisive one."""
    rows = [check("plain", 5, 1), check("plain", 5, 1, decisive=True), check("plain", 5, 0, sufficient=True)]
    for order in (rows, rows[::-1]):
        assert judged({"plain": "met"}, checks=pd.DataFrame(order)).verdict.at[E, "plain"] == "not_met"


def test_a_sufficient_check_that_passes_is_evidence() -> None:
    """Rule 5: all rows pass and the check is sufficient, so the answer is evidenced."""
    checks = pd.DataFrame([check("plain", 5, 0, sufficient=True)])
    assert judged({"plain": "met"}, checks=checks).support.at[E, "plain"] == "evidenced"
    empty = pd.DataFrame([check("plain", 0, 0, sufficient=True)])
    assert judged({"plain": "met"}, checks=empty).support.at[E, "plain"] == "stated"


def test_a_check_of_a_requirement_not_in_force_is_ignored() -> None:
    """Rule 1: what is not law on the day takes no part."""
    assert (
        judged({"plain": "met"}, checks=pd.DataFrame([check("elsewhere", 5, 5)])).verdict.at[E, "plain"]
        == "met"
    )


@pytest.mark.parametrize(("state", "support"), [("current", "evidenced"), ("stale", "stale"), ("", "stated")])
def test_evidence_backs_but_never_changes_a_verdict(state: str, support: str) -> None:
    """Stale or missing evidence leaves the verdict and lowers the support."""
    result = judged({"plain": "met", "gated": "not_met"}, evidence={"plain": state, "gated": state})
    assert (result.verdict.at[E, "plain"], result.support.at[E, "plain"]) == ("met", support)
    assert (result.verdict.at[E, "gated"], result.support.at[E, "gated"]) == ("not_met", "")


def piece(dated: str | None, until: str | None = None, *, exists: bool = True) -> dict[str, Any]:
    """A piece of evidence for the requirement r."""
    return {
        "engagement": E,
        "requirement": "r",
        "exists": exists,
        "dated": dated and date.fromisoformat(dated),
        "valid_until": until and date.fromisoformat(until),
    }


@pytest.mark.parametrize(
    ("pieces", "state"),
    [
        ([piece("2026-11-22")], "current"),
        ([piece("2026-11-23")], ""),
        ([piece("2026-01-01", "2026-11-22")], "current"),
        ([piece("2026-01-01", "2026-11-21")], "stale"),
        ([piece(None)], ""),
        ([piece("2026-01-01", exists=False)], ""),
        ([piece("2026-01-01", "2026-02-01"), piece("2026-10-01")], "current"),
        ([piece("2026-01-01", "2026-02-01"), piece("2026-12-01")], ""),
        ([piece("2026-01-01", "2026-02-01"), piece("2026-01-01", exists=False)], "stale"),
    ],
)
def test_evidence_on_both_sides_of_its_dates(pieces: list[dict[str, Any]], state: str) -> None:
    """It counts if it exists, is dated on or before the day, and is not past its last day."""
    assert evidence_state(pd.DataFrame(pieces), date(2026, 11, 22)).at[E, "r"] == state


def test_many_engagements_are_judged_as_each_alone() -> None:
    """One call over many rows gives what one call per row gives."""
    answers = pd.DataFrame(
        {"plain": ["met", "", "not_met"], "gated": ["partly", "met", "met"]}, index=["a", "b", "c"]
    )
    scope = pd.DataFrame({"G10": ["no", "yes", ""]}, index=["a", "b", "c"])
    none = pd.DataFrame(index=["a", "b", "c"])
    together = assess(LAW, scope, answers, none, none)
    for name in ("a", "b", "c"):
        alone = assess(LAW, scope.loc[[name]], answers.loc[[name]], none.loc[[name]], none.loc[[name]])
        for part in ("verdict", "rule", "support", "gate"):
            pd.testing.assert_frame_equal(alone.named(part), together.named(part).loc[[name]])


def test_judging_leaves_its_inputs_alone() -> None:
    """Pure: no frame that goes in is changed."""
    answers, scope = pd.DataFrame({"plain": ["met"]}, index=[E]), pd.DataFrame({"G10": ["no"]}, index=[E])
    before = answers.copy(), scope.copy()
    assess(LAW, scope, answers, pd.DataFrame(index=[E]), pd.DataFrame(index=[E]))
    pd.testing.assert_frame_equal(answers, before[0])
    pd.testing.assert_frame_equal(scope, before[1])


def test_a_contradiction_is_not_hidden_by_valid_evidence() -> None:
    """Paper that says otherwise does not make a contradicted answer evidenced."""
    result = judged(
        {"plain": "met"}, evidence={"plain": "current"}, checks=pd.DataFrame([check("plain", 5, 1)])
    )
    assert (result.verdict.at[E, "plain"], result.support.at[E, "plain"]) == ("partly", "contradicted")


def test_a_sufficient_check_beside_a_failing_one_is_no_evidence() -> None:
    """One register that fits does not outweigh another that does not."""
    checks = pd.DataFrame([check("plain", 5, 0, sufficient=True), check("plain", 5, 1)])
    assert judged({"plain": "partly"}, checks=checks).support.at[E, "plain"] == "stated"
