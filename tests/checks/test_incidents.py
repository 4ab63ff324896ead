"""
Breaches: what is reportable, the clocks of Art. 26, and the steps of every incident.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess.checks import all_checks
from appi_assess.checks.incidents import clocks, reportable
from tests.registers import DAY, blank, judged, open_gates, outcome, passes, rows, silent

R = "incidents"
DAY64 = np.datetime64(DAY, "D")
# A reportable breach long ago of which nothing else is written.
BREACH = {**blank(R), "name": "2026-01", "known_on": "2026-03-02", "types": "1号", "persons": "1"}
OLD = "2026-03-02"


def breach(**cells: str) -> dict[str, str]:
    """A breach with these cells."""
    return {**BREACH, **cells}


def is_reportable(as_of: date = DAY, **cells: str) -> bool:
    """Whether one incident is a situation of Rules Art. 7."""
    return bool(reportable(rows(R, breach(**cells)), np.datetime64(as_of, "D"))[0])


def clock(as_of: date = DAY, **cells: str) -> pd.Series:
    """The clock of one incident."""
    return clocks(rows(R, breach(**cells)), np.datetime64(as_of, "D")).loc[2]


def day_of(value: pd.Timestamp) -> str:
    """A day as it is written in the tests."""
    return "" if pd.isna(value) else value.date().isoformat()


@pytest.mark.parametrize(
    ("persons", "most", "found"),
    [
        ("1000", "", False),
        ("1,001人", "", True),
        ("", "1000", False),
        ("", "1001", True),  # not settled: the possible maximum
        ("800", "1500", False),  # settled
        ("", "", True),  # no number at all: as judged
    ],
)
def test_trap_1_a_thousand_means_more_than_a_thousand(persons: str, most: str, found: bool) -> None:
    """Type (iv) begins at 1,001; a number that is not settled is judged by the maximum."""
    assert is_reportable(types="4号", persons=persons, persons_max=most) == found


@pytest.mark.parametrize("kind", ["1号", "2号", "3号", "1号、4号", "(iii) wrongful purpose"])
def test_trap_1_types_i_to_iii_have_no_head_count(kind: str) -> None:
    """One person is enough."""
    assert is_reportable(types=kind, persons="1")


@pytest.mark.parametrize("fact", ["special_care", "financial_loss", "wrongful_act"])
def test_a_fact_in_the_row_counts_even_if_it_was_judged_otherwise(fact: str) -> None:
    """Judged as none of the types, but the row itself says otherwise."""
    assert is_reportable(types="非該当", **{fact: "はい"})
    assert not is_reportable(types="非該当", **{fact: "いいえ"})


@pytest.mark.parametrize("certainty", ["発生", "おそれ", ""])
def test_a_suspected_breach_is_as_reportable_as_one_that_occurred(certainty: str) -> None:
    """Rules Art. 7 speaks of what occurred or may have occurred."""
    assert is_reportable(certainty=certainty)


def test_strong_encryption_takes_an_incident_out_only_with_its_basis() -> None:
    """Out of all four types with a basis; without one it is judged as not encrypted."""
    assert not is_reportable(types="1号、3号", excluded_by="暗号化", exclusion_basis="AES-256、鍵は別保管")
    for basis in ("", "確認中", "N/A"):
        assert is_reportable(excluded_by="暗号化", exclusion_basis=basis)
    both = breach(kind="漏えい", excluded_by="暗号化、控えあり", exclusion_basis="AES-256、鍵は別保管")
    assert silent(f"{R}.exclusion_fits_kind", R, **both)


@pytest.mark.parametrize(
    ("kind", "ground", "found"),
    [
        ("漏えい", "閲覧前に全て回収", False),
        ("", "回収", False),
        ("漏えい", "バックアップあり", True),
        ("滅失", "控えあり", False),
        ("毀損", "同じ内容のデータが残存", False),
        ("滅失", "回収", True),
        ("漏えい、毀損", "バックアップあり", True),  # ransomware that also took the data
        ("漏えい、毀損", "回収、バックアップあり", False),
        ("漏えい", "発生していないと判明", False),
        ("漏えい", "", True),
    ],
)
def test_recovery_undoes_a_leak_and_another_copy_undoes_loss_and_damage(
    kind: str, ground: str, found: bool
) -> None:
    """GL 3-5-1: a backup does not help against a leak."""
    assert is_reportable(kind=kind, excluded_by=ground) == found


@pytest.mark.parametrize(("known", "found"), [("2022-03-31", False), ("2022-04-01", True)])
def test_what_was_known_before_article_26_is_not_reportable(known: str, found: bool) -> None:
    """The duty begins on 1 April 2022."""
    assert is_reportable(known_on=known) == found
    assert silent(f"{R}.prompt_report", R, **breach(known_on="2022-03-31"))
    assert silent(f"{R}.reported_and_contained", R, **breach(known_on="2022-03-31"))


def test_an_incident_known_later_does_not_exist_yet() -> None:
    """Known on the day after the assessment date: no check speaks, no clock runs."""
    later = breach(known_on="2026-11-23")
    assert not is_reportable(known_on="2026-11-23")
    assert outcome(f"{R}.triaged", rows(R, later)).state == "no_rows"
    assert clocks(rows(R, later), DAY64).empty


@pytest.mark.parametrize(
    ("known", "kind", "due"),
    [
        ("2026-04-01", "1号", "2026-04-30"),  # day 1 is the day of knowledge (trap 2)
        ("2026-04-01", "3号", "2026-06-01"),  # day 60, 30 May, is a Saturday
        ("2026-04-01", "1号、3号", "2026-06-01"),
        ("2026-10-24", "2号", "2026-11-24"),  # Sunday, then Labour Thanksgiving Day
        ("2026-04-06", "2号", "2026-05-07"),  # 5 May and the holiday in lieu on 6 May
        ("2026-08-24", "2号", "2026-09-24"),  # 22 September lies between two holidays
        ("2025-11-29", "1号", "2026-01-05"),  # 28 December is a Sunday, then the turn of the year
        ("2025-11-27", "1号", "2025-12-26"),
        ("2024-02-01", "1号", "2024-03-01"),  # 29 February counts
        ("2023-02-01", "1号", "2023-03-02"),
        ("2024-12-30", "1号", "2025-01-28"),  # holidays inside the time count
    ],
)
def test_trap_2_the_full_report_counts_every_day_and_moves_only_its_last(
    known: str, kind: str, due: str
) -> None:
    """30 days, 60 with type (iii), over year end, leap day and holidays."""
    assert day_of(clock(known_on=known, types=kind)["full_due"]) == due
    last = date.fromisoformat(due)
    on_time = breach(known_on=known, types=kind, full_on=due)
    late = breach(known_on=known, types=kind, full_on=(last + timedelta(days=1)).isoformat())
    assert passes(f"{R}.full_report", R, date(2026, 12, 31), **on_time)
    assert not passes(f"{R}.full_report", R, date(2026, 12, 31), **late)


def test_a_wrongful_act_gives_60_days_even_if_another_type_was_judged() -> None:
    """Type (iii) by the facts, alone or with others."""
    assert day_of(clock(known_on="2026-04-01", types="1号", wrongful_act="はい")["full_due"]) == "2026-06-01"


def test_a_report_that_is_not_filed_fails_only_when_its_last_day_is_over() -> None:
    """On the last day itself the check does not speak."""
    open_ = breach(known_on="2026-10-24", types="2号")
    assert silent(f"{R}.full_report", R, date(2026, 11, 24), **open_)
    assert not passes(f"{R}.full_report", R, date(2026, 11, 25), **open_)


def test_the_prompt_report_fails_only_after_roughly_five_days() -> None:
    """Five days after knowledge pass, six fail; nothing filed is judged from the sixth day."""
    assert passes(f"{R}.prompt_report", R, **breach(prompt_on="2026-03-07"))
    assert not passes(f"{R}.prompt_report", R, **breach(prompt_on="2026-03-08"))
    assert silent(f"{R}.prompt_report", R, date(2026, 3, 7), **BREACH)
    assert not passes(f"{R}.prompt_report", R, date(2026, 3, 8), **BREACH)
    said = next(c for c in all_checks() if c.id == f"{R}.prompt_report")
    assert "roughly" in said.fails.en
    assert "目安" in said.fails.ja


def test_one_report_may_serve_as_both() -> None:
    """A full report within the prompt time is the prompt report too; a later one is not."""
    assert passes(f"{R}.prompt_report", R, **breach(full_on="2026-03-06"))
    assert not passes(f"{R}.prompt_report", R, **breach(full_on="2026-03-20"))


def test_trap_3_the_clock_starts_when_any_department_knows() -> None:
    """Told to the privacy office a week later, the report is late all the same, and the kit says why."""
    cells = breach(office_told_on="2026-03-09", prompt_on="2026-03-12")
    assert day_of(clock(office_told_on="2026-03-09")["prompt_due"]) == "2026-03-07"
    assert not passes(f"{R}.prompt_report", R, **cells)
    assert not passes(f"{R}.counted_from_first_knowledge", R, **cells)
    late = breach(office_told_on="2026-03-09", prompt_on="2026-03-07", full_on="2026-04-07")
    assert not passes(f"{R}.counted_from_first_knowledge", R, **late)
    noted = breach(office_told_on="2026-03-09", prompt_on="2026-03-07", full_due_noted="2026-04-07")
    assert not passes(f"{R}.counted_from_first_knowledge", R, **noted)
    later_still = breach(office_told_on="2026-03-03", prompt_on="2026-03-09")  # late from there too
    assert passes(f"{R}.counted_from_first_knowledge", R, **later_still)
    in_time = breach(office_told_on="2026-03-03", prompt_on="2026-03-07", full_on="2026-03-30")
    assert passes(f"{R}.counted_from_first_knowledge", R, **in_time)
    assert silent(
        f"{R}.counted_from_first_knowledge", R, **breach(office_told_on=OLD, prompt_on="2026-03-12")
    )


def test_a_deadline_noted_a_day_late_is_told() -> None:
    """A tracker that counts from the day after knowledge (trap 2); a future deadline is read too."""
    cells = breach(known_on="2026-11-02", types="2号")
    assert passes(f"{R}.deadline_noted", R, **{**cells, "full_due_noted": "2026-12-01"})
    assert not passes(f"{R}.deadline_noted", R, **{**cells, "full_due_noted": "2026-12-02"})
    assert silent(f"{R}.deadline_noted", R, **cells)


def test_without_a_day_of_knowledge_no_clock_is_judged() -> None:
    """The kit asks for the day; duties with a clock are not judged without it."""
    cells = breach(known_on="")
    assert not passes(f"{R}.knowledge_dated", R, **cells)
    assert passes(f"{R}.knowledge_dated", R, **BREACH)
    for name in ("prompt_report", "full_report", "principals_notified", "reported_even_for_one"):
        assert silent(f"{R}.{name}", R, **cells)
    notified = {**cells, "role": "自社は委託先", "entruster_notified_on": "2026-03-20"}
    assert silent(f"{R}.entruster_notified", R, **notified)
    found = clock(known_on="")
    assert found["prompt_state"] == found["full_state"] == "none"
    assert pd.isna(found["full_due"])


def test_reaching_more_than_a_thousand_later_counts_from_then() -> None:
    """For type (iv) alone; types (i) to (iii) count from the first knowledge."""
    later = {"persons": "1200", "over_1000_on": "2026-03-20"}
    assert day_of(clock(types="4号", **later)["known"]) == "2026-03-20"
    assert day_of(clock(types="1号、4号", **later)["known"]) == OLD
    assert day_of(clock(types="4号", persons="1200", over_1000_on="2026-02-01")["known"]) == OLD


@pytest.mark.parametrize(
    ("as_of", "cells", "prompt", "full", "left"),
    [
        (date(2026, 3, 7), {}, "running", "running", 24),
        (date(2026, 3, 8), {}, "missed", "running", 23),
        (date(2026, 3, 31), {"prompt_on": "2026-03-05"}, "met", "running", 0),
        (date(2026, 4, 1), {"prompt_on": "2026-03-08"}, "late", "missed", -1),
        (date(2026, 4, 1), {"full_on": "2026-03-31"}, "late", "met", None),
        (date(2026, 4, 2), {"prompt_on": "2026-03-05", "full_on": "2026-04-01"}, "met", "late", None),
        (date(2026, 4, 2), {"types": "非該当"}, "none", "none", None),
        # Not filed yet on the day that is asked for.
        (date(2026, 3, 8), {"full_on": "2026-04-01"}, "missed", "running", 23),
    ],
)
def test_the_clocks_tell_what_is_met_late_missed_or_running(
    as_of: date, cells: dict[str, str], prompt: str, full: str, left: int | None
) -> None:
    """Both sides of both days; days left are negative when overdue and blank once filed."""
    found = clock(as_of, **cells)
    assert (found["prompt_state"], found["full_state"]) == (prompt, full)
    assert found["days_left"] == left if left is not None else pd.isna(found["days_left"])


def test_the_clocks_of_no_rows_are_an_empty_table() -> None:
    """An empty register has the same columns."""
    found = clocks(rows(R, BREACH).happened_by(np.datetime64("2026-01-01", "D")), DAY64)
    assert found.empty
    assert list(found.columns) == list(clocks(rows(R, BREACH), DAY64).columns)


@given(
    st.lists(
        st.tuples(
            st.dates(date(2022, 1, 1), DAY),
            st.sampled_from(["", "1号", "3号", "4号", "非該当"]),
            st.sampled_from(["", "1000", "1001"]),
            st.sampled_from(["", "自社", "自社は委託元", "自社は委託先"]),
            st.integers(0, 70),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_each_row_is_judged_by_itself(kept: list[tuple[date, str, str, str, int]]) -> None:
    """The clock of a row does not depend on the rows beside it."""
    table = [
        breach(
            known_on=known.isoformat(),
            types=types,
            persons=persons,
            role=role,
            entruster_notified_on=(known + timedelta(days=days)).isoformat(),
            full_on=(known + timedelta(days=days)).isoformat(),
        )
        for known, types, persons, role, days in kept
    ]
    together = clocks(rows(R, *table), DAY64)
    alone = pd.concat([clocks(rows(R, row), DAY64) for row in table])
    pd.testing.assert_frame_equal(together.reset_index(drop=True), alone.reset_index(drop=True))


def test_an_entrustees_prompt_notice_removes_its_own_report_and_notice() -> None:
    """Art. 26(1), proviso: within roughly five days of its own knowledge."""
    cells = breach(role="自社は委託先", entruster_notified_on="2026-03-07")
    assert passes(f"{R}.entruster_notified", R, **cells)
    for name in (
        "prompt_report",
        "full_report",
        "principals_notified",
        "reported_even_for_one",
        "publication_considered",
    ):
        assert silent(f"{R}.{name}", R, **cells)
    found = clock(role="自社は委託先", entruster_notified_on="2026-03-07")
    assert found["prompt_state"] == found["full_state"] == "none"


def test_an_entrustees_late_notice_does_not_undo_the_prompt_report_that_was_due() -> None:
    """It removes only what was not yet due when it was given."""
    cells = breach(role="自社は委託先", entruster_notified_on="2026-03-08")
    assert not passes(f"{R}.entruster_notified", R, **cells)
    assert not passes(f"{R}.prompt_report", R, **cells)
    assert silent(f"{R}.full_report", R, **cells)
    found = clock(role="自社は委託先", entruster_notified_on="2026-03-08")
    assert (day_of(found["prompt_on"]), found["prompt_state"]) == ("2026-03-08", "late")
    assert silent(f"{R}.prescribed_channel", R, **{**cells, "channel": "メール"})
    after_all = {**cells, "entruster_notified_on": "2026-04-01"}
    assert not passes(f"{R}.full_report", R, **after_all)


def test_an_entrustee_may_report_itself_instead() -> None:
    """An own prompt report meets the duty; neither of the two does not, once the days are over."""
    cells = breach(role="自社は委託先")
    assert passes(f"{R}.entruster_notified", R, **{**cells, "prompt_on": "2026-03-05"})
    assert not passes(f"{R}.entruster_notified", R, **cells)
    assert silent(f"{R}.entruster_notified", R, date(2026, 3, 7), **cells)
    assert silent(f"{R}.entruster_notified", R, **breach(entruster_notified_on="2026-03-03"))


def test_an_entrustees_message_starts_the_entrusters_clock() -> None:
    """At the latest, and whatever day of knowledge was written down."""
    cells = breach(role="自社は委託元", known_on="2026-03-09", entrustee_told_on="2026-03-02")
    assert not passes(f"{R}.clock_starts_with_message", R, **cells)
    assert passes(f"{R}.clock_starts_with_message", R, **{**cells, "known_on": "2026-03-02"})
    assert passes(f"{R}.clock_starts_with_message", R, **{**cells, "known_on": "2026-03-01"})
    assert not passes(f"{R}.prompt_report", R, **{**cells, "prompt_on": "2026-03-08"})
    assert passes(f"{R}.prompt_report", R, **{**cells, "prompt_on": "2026-03-07"})
    assert passes(f"{R}.knowledge_dated", R, **{**cells, "known_on": ""})
    own = {**cells, "role": "自社"}
    assert silent(f"{R}.clock_starts_with_message", R, **own)
    assert passes(f"{R}.prompt_report", R, **{**own, "prompt_on": "2026-03-14"})


def test_an_entrustee_with_an_incident_must_be_in_the_register_of_entrusted_parties() -> None:
    """Its re-entrusted parties count; names are compared without width, case and legal form."""
    role = "自社は委託元"
    kept = rows(
        R,
        breach(role=role, party="ミナモデータ株式会社"),
        breach(role=role, party="Cedar"),
        breach(role=role, party="乙倉庫"),
        breach(role=role),
        breach(role="自社は委託先", party="甲市"),
    )
    parties = rows(
        "entrusted_parties",
        {"name": "㈱ミナモデータ", "re_entrustee": "ＣＥＤＡＲ"},
    )
    assert judged(f"{R}.party_listed", kept, parties) == ([2, 3, 4], [4])
    assert outcome(f"{R}.party_listed", kept).state == "no_other_register"


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("triaged", {"types": "非該当"}, {"types": ""}),
        ("triaged", {"types": "", "excluded_by": "回収"}, {"types": "確認中", "certainty": "おそれ"}),
        ("judgement_fits", {"types": "4号", "persons": "1001"}, {"types": "非該当", "persons": "1001"}),
        ("judgement_fits", {"types": "1号"}, {"types": "非該当", "persons": "", "persons_max": "1001"}),
        ("judgement_fits", {"types": "3号"}, {"types": "非該当", "wrongful_act": "はい"}),
        ("reported_even_for_one", {"prompt_on": "2026-03-20"}, {}),
        (
            "reported_even_for_one",
            {"types": "非該当", "special_care": "はい", "prompt_on": "2026-03-04"},
            {"types": "非該当", "special_care": "はい"},
        ),
        (
            "encryption_basis",
            {"excluded_by": "高度な暗号化等", "exclusion_basis": "AES-256"},
            {"excluded_by": "高度な暗号化等", "exclusion_basis": "調査中"},
        ),
        ("loss_and_damage_triaged", {"kind": "滅失", "types": "1号"}, {"kind": "滅失", "types": ""}),
        (
            "loss_and_damage_triaged",
            {"kind": "毀損", "types": "非該当", "persons": "1000"},
            {"kind": "毀損", "types": "非該当", "persons": "1001"},
        ),
        (
            "exclusion_fits_kind",
            {"kind": "毀損", "excluded_by": "バックアップあり"},
            {"kind": "漏えい、毀損", "excluded_by": "バックアップあり"},
        ),
        (
            "exclusion_fits_kind",
            {"kind": "漏えい", "excluded_by": "回収"},
            {"kind": "滅失", "excluded_by": "回収"},
        ),
        (
            "prescribed_channel",
            {"prompt_on": OLD, "channel": "報告フォーム"},
            {"prompt_on": OLD, "channel": "メール"},
        ),
        (
            "prescribed_channel",
            {"full_on": OLD, "channel": "書面（システムを使えないとき）"},
            {"full_on": OLD, "channel": "書面"},
        ),
        (
            "items_supplemented",
            {"full_on": "2026-03-30", "items_known_on": "2026-05-11", "supplemented_on": "2026-05-13"},
            {"full_on": "2026-03-30", "items_known_on": "2026-05-11", "open_items": "原因"},
        ),
        ("principals_notified", {"notified_on": "2026-03-05"}, {}),
        ("principals_notified", {"substitute_on": "2026-03-05"}, {"no_notice_ground": "通知が困難"}),
        ("principals_notified", {"no_notice_ground": "被害拡大のおそれ"}, {"notified_on": "未定"}),
        (
            "substitute_measures",
            {"no_notice_ground": "連絡先不明", "substitute_on": "2026-03-05"},
            {"no_notice_ground": "連絡先不明"},
        ),
        (
            "reported_and_contained",
            {"internal_report_on": OLD, "contained_on": OLD},
            {"internal_report_on": OLD},
        ),
        ("reported_and_contained", {"internal_report_on": OLD, "contained_on": OLD}, {"contained_on": OLD}),
        ("investigated", {"investigated_on": "2026-03-20"}, {}),
        ("scope_found", {"persons": "1"}, {"persons": "不明"}),
        ("scope_found", {"persons": "", "persons_max": "40"}, {"persons": "調査中"}),
        ("prevention_decided", {"prevention_on": "2026-03-20"}, {}),
        ("publication_considered", {"published_on": "2026-03-20"}, {"no_publication_reason": "なし"}),
        ("publication_considered", {"no_publication_reason": "本人全員に連絡済み"}, {}),
    ],
)
def test_each_check_passes_and_fails(check: str, good: dict[str, str], bad: dict[str, str]) -> None:
    """Both sides of each rule."""
    assert passes(f"{R}.{check}", R, **breach(**good))
    assert not passes(f"{R}.{check}", R, **breach(**bad))


@pytest.mark.parametrize("check", ["principals_notified", "publication_considered"])
def test_notice_and_publication_have_no_day_count(check: str) -> None:
    """Nothing on record is judged only after the full report's last day; a late notice never fails."""
    assert silent(f"{R}.{check}", R, date(2026, 3, 31), **BREACH)
    assert not passes(f"{R}.{check}", R, date(2026, 4, 1), **BREACH)
    assert passes(f"{R}.principals_notified", R, **breach(notified_on="2026-09-01"))


def test_substitute_measures_wait_as_long_as_the_notice() -> None:
    """Judged after the full report's last day; once the principals were notified, no longer asked."""
    cells = breach(no_notice_ground="通知が困難")
    assert silent(f"{R}.substitute_measures", R, date(2026, 3, 31), **cells)
    assert not passes(f"{R}.substitute_measures", R, date(2026, 4, 1), **cells)
    assert silent(f"{R}.substitute_measures", R, **{**cells, "notified_on": "2026-05-01"})
    assert silent(f"{R}.substitute_measures", R, **breach(no_notice_ground="被害拡大のおそれ"))


@pytest.mark.parametrize("check", ["investigated", "scope_found", "prevention_decided"])
def test_later_steps_are_not_asked_of_a_fresh_incident(check: str) -> None:
    """Cause, scope and prevention have the time of a full report."""
    fresh = {**BREACH, "persons": ""}
    assert silent(f"{R}.{check}", R, date(2026, 3, 31), **fresh)
    assert not passes(f"{R}.{check}", R, date(2026, 4, 1), **fresh)


@pytest.mark.parametrize("check", ["triaged", "loss_and_damage_triaged"])
def test_triage_is_not_asked_while_a_prompt_report_is_still_open(check: str) -> None:
    """A judgement that is there is judged at once."""
    cells = breach(types="", kind="滅失", special_care="はい")
    assert silent(f"{R}.{check}", R, date(2026, 3, 7), **cells)
    assert not passes(f"{R}.{check}", R, date(2026, 3, 8), **cells)
    assert passes(f"{R}.{check}", R, date(2026, 3, 2), **{**cells, "types": "1号"})


def test_the_first_step_is_not_asked_while_a_prompt_report_is_still_open() -> None:
    """Taken at once, but the register may follow some days later; without day 1 it is asked."""
    check = f"{R}.reported_and_contained"
    assert silent(check, R, date(2026, 3, 7), **BREACH)
    assert not passes(check, R, date(2026, 3, 8), **BREACH)
    assert passes(check, R, date(2026, 3, 2), **breach(internal_report_on=OLD, contained_on=OLD))
    assert not passes(check, R, **breach(known_on=""))


@pytest.mark.parametrize(
    "check",
    ["reported_and_contained", "investigated", "scope_found", "prevention_decided"],
)
def test_the_steps_are_asked_of_every_incident_reportable_or_not(check: str) -> None:
    """Small and excluded incidents too; not those found not to have occurred."""
    small = {**BREACH, "types": "非該当", "persons": "", "excluded_by": "回収"}
    assert not passes(f"{R}.{check}", R, **small)
    assert silent(f"{R}.{check}", R, **{**small, "excluded_by": "発生していないと判明"})


@pytest.mark.parametrize(
    "check",
    [
        "judgement_fits",
        "reported_even_for_one",
        "prompt_report",
        "full_report",
        "deadline_noted",
        "prescribed_channel",
        "items_supplemented",
        "principals_notified",
        "substitute_measures",
        "publication_considered",
    ],
)
def test_an_incident_that_is_not_reportable_is_not_asked_for_reports(check: str) -> None:
    """A thousand persons, none of the other types: a voluntary report has no clock and no form."""
    cells = breach(
        types="非該当",
        persons="1000",
        prompt_on="2026-08-01",
        channel="電話",
        full_due_noted="2026-12-31",
        full_on="2026-10-01",
        items_known_on="2026-10-02",
        no_notice_ground="通知が困難",
    )
    assert silent(f"{R}.{check}", R, **cells)


def test_a_row_within_its_time_is_not_held_unreported() -> None:
    """One person, two days after knowledge: not yet; but judged not reportable it fails at once."""
    assert silent(f"{R}.reported_even_for_one", R, date(2026, 3, 4), **BREACH)
    wrong = breach(types="非該当", special_care="はい")
    assert not passes(f"{R}.reported_even_for_one", R, date(2026, 3, 4), **wrong)


def test_the_head_count_of_many_is_another_matter() -> None:
    """Above the threshold the check on small incidents does not speak."""
    assert silent(f"{R}.reported_even_for_one", R, **breach(persons="1001"))
    assert not passes(f"{R}.prompt_report", R, **breach(persons="1001"))


def test_what_is_still_unknown_is_not_yet_due() -> None:
    """Open items that have not become known do not fail, nor does a channel nobody wrote down."""
    assert silent(f"{R}.items_supplemented", R, **breach(full_on="2026-03-30", open_items="原因"))
    assert silent(f"{R}.prescribed_channel", R, **breach(prompt_on="2026-03-05"))


def test_what_lies_after_the_assessment_date_has_not_happened() -> None:
    """A report filed later is none on the day."""
    cells = breach(prompt_on="2026-03-05", full_on="2026-04-02")
    assert not passes(f"{R}.full_report", R, date(2026, 4, 1), **cells)
    assert silent(f"{R}.full_report", R, date(2026, 3, 31), **cells)


def test_a_file_without_the_columns_of_a_check_gives_no_result() -> None:
    """Not a pass and not a failure; a missing optional column reads as blank."""
    kept = rows(R, {"name": "2026-01", "types": "1号"})
    assert outcome(f"{R}.prompt_report", kept).state == "no_column"
    assert outcome(f"{R}.triaged", kept).state == "pass"


def test_rows_contradict_the_gates_they_speak_of() -> None:
    """An entrustee's incident G05, an entruster's G04, special care-required data G03."""
    assert open_gates(rows(R, breach(types="2号"))) == set()
    assert open_gates(rows(R, breach(types="2号", role="自社は委託先"))) == {"G05"}
    assert open_gates(rows(R, breach(types="2号", role="自社は委託元"))) == {"G04"}
    assert open_gates(rows(R, BREACH)) == {"G03"}
    assert open_gates(rows(R, breach(types="", special_care="はい"))) == {"G03"}
    assert open_gates(rows(R, breach(known_on="2026-11-23"))) == set()


def test_trap_30_no_incident_so_far_passes_nothing() -> None:
    """An empty register gives no result; readiness stays with the answer."""
    empty = rows(R, BREACH).happened_by(np.datetime64("2026-01-01", "D"))
    own = [c.id for c in all_checks() if c.register == R and not c.against]
    assert {outcome(check, empty).state for check in own} == {"no_rows"}
