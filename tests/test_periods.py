"""
What is told about two periods: what opened and closed, why, who moved the figures, what is overdue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appi_assess.assessment import Assessment, Place
from appi_assess.conclude import assess_engagement, figures
from appi_assess.engagement import Answer, Engagement
from appi_assess.law import all_requirements
from appi_assess.periods import KINDS, Changes, changes, interval, overdue, shown_interval
from appi_assess.reader import read_engagement
from appi_assess.requirement import Text
from appi_assess.resources import sample
from appi_assess.score import score
from appi_assess.what_if import frames

DAY = date(2026, 11, 22)
A_DAY = timedelta(days=1)
OFFICER = {"reason": "none held", "approved_by": "CPO", "approved_on": date(2023, 1, 5)}
LATER = {r.id: r.in_force_from for r in all_requirements() if r.in_force_from > date(2022, 4, 1)}
IDS = ("A17-1", "A17-2", "A20-1", "A23-1", "A26-4", "A28-4", "EUK-8", "A23-3", "A36-1")
DAYS = sorted({d for start in LATER.values() for d in (start - A_DAY, start)} | {DAY})
ANSWERS = ("met", "partly", "not_met", "not_applicable")
MIRROR = {
    "opened": "closed",
    "worse": "better",
    "learned": "lost",
    "other": "other",
    "unchanged": "unchanged",
}


def assessed(
    answers: Mapping[str, str | Answer] | None = None, day: date = DAY, scope: Mapping[str, str] | None = None
) -> Assessment:
    """An assessment of these answers; not applicable is declared as it has to be."""
    given_ = {
        k: a if isinstance(a, Answer) else Answer(a, **(OFFICER if a == "not_applicable" else {}))
        for k, a in (answers or {}).items()
    }
    return assess_engagement(Engagement("T", "en", day, answers=given_, scope=scope or {}), day)


def altered(assessment: Assessment, gone: tuple[str, ...] = (), **by_id: Mapping[str, Any]) -> Assessment:
    """The same as another kit would see it: requirements gone or described otherwise, scored anew."""
    found = tuple(
        f.model_copy(update=dict(by_id.get(f.id.replace("-", "_"), {})))
        for f in assessment.findings
        if f.id not in gone
    )
    made = assessment.model_copy(update={"findings": found})
    law_frame, judged = frames(made)
    legal = figures(next(iter(score(law_frame, judged).itertuples())))
    scores = {**made.scores, "legal": made.scores["legal"].model_copy(update={"overall": legal})}
    return made.model_copy(update={"scores": scores})


def the(found: Changes, requirement: str) -> tuple[str, tuple[str, ...]]:
    """Kind and causes of one requirement."""
    change = next(c for c in found.requirements if c.requirement == requirement)
    assert change.cause == (change.causes[0] if change.causes else None)
    return change.kind, change.causes


engagements = st.builds(
    lambda answers, scope, day: assessed(answers, day, scope),
    st.dictionaries(st.sampled_from(IDS), st.sampled_from(ANSWERS)),
    st.dictionaries(st.sampled_from(("G01", "G15", "G18")), st.sampled_from(("yes", "no"))),
    st.sampled_from(DAYS),
)
slowly = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])


@given(engagements, engagements, st.lists(st.sampled_from(IDS), max_size=3), st.integers(1, 9))
@slowly
def test_organisation_and_law_are_the_whole_change_exactly(
    one: Assessment, other: Assessment, gone: list[str], weight: int
) -> None:
    """Whatever the two have answered, on whatever days, and whatever another kit weighs or leaves out."""
    before, now = sorted((one, other), key=lambda a: a.law.as_of)
    for last in (now, altered(now, tuple(gone), A17_1={"weight": weight})):
        split = changes(before, last).split
        assert split is not None
        assert split.before + split.organisation + split.law == split.now
        assert (split.before, split.now) == (shown_interval(before), shown_interval(last))
        assert all(isinstance(end, Fraction) for end in (split.law.low, split.organisation.high))


@given(engagements)
@slowly
def test_the_interval_is_that_of_the_score(found: Assessment) -> None:
    """Computed here from weights and verdicts, and there in frames: one number."""
    rows = {f.id: (f.weight, f.verdict) for f in found.findings if f.measure == "legal"}
    assert interval(rows) == shown_interval(found)


@given(engagements, engagements)
@slowly
def test_what_opens_one_way_closes_the_other(one: Assessment, other: Assessment) -> None:
    """Seen from the other side every change is its mirror image, and no requirement is lost."""
    other = other.model_copy(update={"law": one.law})
    there, back = changes(one, other), changes(other, one)
    for kind, mirror in MIRROR.items():
        assert {c.requirement for c in there.of(kind)} == {c.requirement for c in back.of(mirror)}  # type: ignore[arg-type]
    both = {f.id for a in (one, other) for f in a.findings}
    assert sorted(c.requirement for kind in KINDS for c in there.of(kind)) == sorted(both)
    assert all(bool(c.causes) == (c.kind != "unchanged") for c in there.requirements)


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(ANSWERS)))
@slowly
def test_the_same_answers_on_another_day_of_the_same_law_change_nothing(answers: dict[str, str]) -> None:
    """Only the calendar moves on."""
    last = max(LATER.values())
    found = changes(assessed(answers, last), assessed(answers, DAY))
    assert {c.kind for c in found.requirements} == {"unchanged"}
    assert found.law == found.overdue == ()
    assert found.split is not None
    assert found.split.now == found.split.before
    assert found.split.organisation == found.split.law == found.split.now - found.split.before


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        ("met", "not_met", "opened"),
        ("met", "partly", "opened"),
        ("met", None, "opened"),
        ("partly", "not_met", "worse"),
        ("not_met", "partly", "better"),
        (None, "not_met", "learned"),
        (None, "partly", "learned"),
        ("partly", None, "lost"),
        ("not_met", "met", "closed"),
        ("partly", "not_applicable", "closed"),
        ("met", "not_applicable", "other"),
        ("met", "met", "unchanged"),
        (None, None, "unchanged"),
    ],
)
def test_every_pair_of_verdicts_has_its_kind(then: str | None, now: str | None, kind: str) -> None:
    """Unknown is a gap, but neither better nor worse than one that is known."""
    before, after = (assessed({"A17-1": a} if a else {}) for a in (then, now))
    causes = () if kind == "unchanged" else ("answer",)
    assert the(changes(before, after), "A17-1") == (kind, causes)


@pytest.mark.parametrize("start", sorted(set(LATER.values())), ids=str)
def test_what_comes_into_force_is_the_laws_doing(start: date) -> None:
    """The last day before and the first day: new only across it, and never the organisation's."""
    begun = {r for r, d in LATER.items() if d == start}
    answers = {"A17-1": "met", **dict.fromkeys(begun, "not_met")}
    days = [start + n * A_DAY for n in (-2, -1, 0, 1)]
    eve_before, eve, first, second = (assessed(answers, day) for day in days)
    across = changes(eve, first)
    assert {the(across, r) for r in begun} == {("opened", ("law",))}
    assert {(c.requirement, c.kind) for c in across.law} == {(r, "began") for r in begun}
    assert across.split is not None
    assert across.split.organisation.low == across.split.organisation.high == 0
    assert (across.split.law.low < 0) == any(first[r].measure == "legal" for r in begun)
    for still in (changes(eve_before, eve), changes(first, second)):
        assert still.law == ()
        assert {c.kind for c in still.requirements} == {"unchanged"}


def test_what_is_no_longer_in_force_is_the_laws_doing_too() -> None:
    """A gap in a duty that has gone is closed by the law; the organisation neither gains nor loses."""
    before = assessed({"A17-1": "met", "A23-3": "not_met"}).model_copy(update={"not_assessed": ()})
    repealed = assessed({"A17-1": "met"}, LATER["A23-3"] - A_DAY)
    now = repealed.model_copy(update={"law": before.law})
    found = changes(before, now)
    assert the(found, "A23-3") == ("closed", ("law",))
    assert [(c.requirement, c.kind) for c in found.law] == [("A23-3", "ended")]
    assert found.split is not None
    assert found.split.organisation.low == 0
    assert found.split.law.low > 0


def test_what_another_kit_knows_or_does_not_is_not_said_to_be_law() -> None:
    """Neither on the list of what is not yet in force nor assessed: that kit did not know it."""
    whole = assessed({"A17-1": "not_met"})
    less = altered(whole, gone=("A17-1",))
    added, dropped = changes(less, whole), changes(whole, less)
    assert the(added, "A17-1") == ("opened", ("kit",))
    assert the(dropped, "A17-1") == ("closed", ("kit",))
    assert [c.kind for c in (*added.law, *dropped.law)] == ["added", "dropped"]
    for found in (added, dropped):
        assert found.split is not None
        assert found.split.organisation.low == 0
        assert found.split.law.high != 0  # the low end is 0 with and without it


def test_another_weight_moves_the_figures_and_is_the_laws_doing() -> None:
    """No verdict changes, so no requirement has a cause; the interval moves all the same."""
    before = assessed({"A17-1": "met"})
    now = altered(before, A17_1={"weight": 9, "severity": 4})
    found = changes(before, now)
    assert {c.kind for c in found.requirements} == {"unchanged"}
    assert [(c.requirement, c.parts) for c in found.law] == [("A17-1", ("severity", "weight"))]
    assert found.split is not None
    assert found.split.organisation.low == 0 < found.split.law.low


def test_a_requirement_that_asks_something_else_names_the_law_and_the_answer() -> None:
    """Nobody can tell which of the two did it; the answer is still the organisation's in the figures."""
    before, now = assessed({"A17-1": "partly"}), assessed({"A17-1": "met"})
    other = altered(now, A17_1={"statement": Text(ja="別", en="other")})
    found = changes(before, other)
    assert the(found, "A17-1") == ("closed", ("law", "answer"))
    assert found.split == changes(before, now).split
    assert found.split is not None
    assert found.split.law.low == 0 < found.split.organisation.low


def test_a_verdict_that_nothing_explains_comes_from_the_kit() -> None:
    """Same answers, same law, another verdict: not the organisation's doing."""
    before = assessed({"A17-1": "met"})
    now = altered(before, A17_1={"verdict": "partly"})
    found = changes(before, now)
    assert the(found, "A17-1") == ("opened", ("kit",))
    assert found.split is not None
    assert found.split.organisation.low == 0 > found.split.law.low


def test_a_scope_answer_is_named_and_not_the_answers_behind_it() -> None:
    """A gate that closes puts its requirements out of scope whatever was answered."""
    before = assessed({"A17-1": "not_met"}, scope={"G01": "yes"})
    now = assessed({"A17-1": "met"}, scope={"G01": "no"})
    assert the(changes(before, now), "A17-1") == ("closed", ("scope",))
    assert the(changes(now, before), "A17-1") == ("opened", ("scope",))


def test_rows_that_open_a_gate_are_named_as_registers() -> None:
    """The answer to the scope question is still no; rows contradict it."""
    shut = assessed({"A17-1": "met"}, scope={"G01": "no"})
    place = Place(register_name="purposes", file="purposes.csv", heading="x", rows=(2,), count=1)
    denied = tuple(
        s.model_copy(update={"contradicted_by": (place,)}) if s.gate == "G01" else s for s in shut.scope
    )
    open_ = assessed({"A17-1": "met"}, scope={}).model_copy(update={"scope": denied})
    assert the(changes(shut, open_), "A17-1") == ("other", ("registers",))


def test_registers_are_named_where_they_decide() -> None:
    """The sample with and without its registers, all answers the same."""
    engagement = read_engagement(sample("en"))
    without = assess_engagement(replace(engagement, registers={}), DAY)
    found = changes(without, assess_engagement(engagement, DAY))
    moved = [c for c in found.requirements if c.kind != "unchanged"]
    assert len(moved) > 10
    assert {c.causes for c in moved} == {("registers",)}
    assert found.split is not None
    assert found.split.law.low == found.split.law.high == 0


def test_an_answer_that_registers_overrule_both_times_is_no_cause() -> None:
    """Whatever was answered, the rows decided; where they decided once only, both are named."""
    base = assessed({"A17-1": "met"})
    bad, poor = (
        altered(base, A17_1={"rule": "register", "answer": answer, "verdict": verdict})
        for answer, verdict in (("met", "not_met"), ("partly", "partly"))
    )
    assert the(changes(bad, poor), "A17-1") == ("better", ("registers",))
    assert the(changes(base, bad), "A17-1") == ("opened", ("registers",))
    assert the(changes(base, poor), "A17-1") == ("opened", ("answer", "registers"))


def test_overdue_is_a_gap_the_day_after_its_day() -> None:
    """Not on the day itself, and never where nothing is left to do."""
    for late, count in ((0, 0), (1, 1), (30, 30)):
        late_day = DAY - late * A_DAY
        found = overdue([assessed({"A17-1": Answer("partly", due=late_day), "A17-2": "met"})])
        assert [(o.requirement, o.due, o.days, o.since, o.before) for o in found] == (
            [("A17-1", late_day, count, DAY, False)] if count else []
        )
    assert overdue([assessed({"A17-1": Answer("met", due=DAY - A_DAY)})]) == ()


def test_overdue_says_since_when_it_has_been_a_gap_without_a_break() -> None:
    """A gap that was closed in between begins anew; whether it was late before is told as well."""
    due = date(2026, 2, 1)
    days = [date(2026, m, 1) for m in (1, 4, 7, 10)]
    for verdicts, since, before in (
        (("partly", "partly", "not_met", "partly"), days[0], True),
        (("partly", "met", "not_met", "partly"), days[2], True),
        (("partly", "partly", "met", "partly"), days[3], False),
    ):
        periods = [assessed({"A17-1": Answer(v, due=due)}, d) for v, d in zip(verdicts, days, strict=True)]
        (late,) = overdue(periods)
        assert (late.since, late.before, late.days) == (since, before, (days[3] - due).days)
    first = assessed({"A17-1": Answer("partly", due=due)}, days[0])
    (late,) = changes(first, assessed({"A17-1": Answer("partly", due=due)}, days[1])).overdue
    assert (late.since, late.before) == (days[0], False)


def test_the_longest_overdue_comes_first() -> None:
    """A manager begins at the top."""
    answers = {
        k: Answer("partly", due=DAY - n * A_DAY) for k, n in (("A17-1", 3), ("A20-1", 9), ("A26-4", 5))
    }
    assert [o.days for o in overdue([assessed(answers)])] == [9, 5, 3]


def test_a_later_period_is_never_compared_as_an_earlier_one() -> None:
    """The same day is allowed: a period may be assessed again."""
    today, tomorrow = assessed({}, DAY), assessed({}, DAY + A_DAY)
    changes(today, today)
    with pytest.raises(ValueError, match="must not be later"):
        changes(tomorrow, today)


def test_where_nothing_is_scored_nothing_is_split() -> None:
    """An organisation that the Act does not reach has no interval to move."""
    inside = assessed({"A17-1": "met"})
    out = altered(inside, tuple(f.id for f in inside.findings if f.measure == "legal"))
    assert shown_interval(out) is None
    assert changes(out, inside).split is None
    assert changes(inside, out).split is None
