"""
Requests and complaints: Arts 28(3) on request, 32(2) and 33 to 40.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from appi_assess.checks.requests import days_to_answer
from tests.registers import DAY, blank, judged, open_gates, outcome, passes, rows, silent

R = "requests"
DAY64 = np.datetime64(DAY, "D")
REQUEST = {**blank(R), "number": "Q-1", "received_on": "2026-04-01", "kind": "開示"}
GRANTED = {"outcome": "応じた", "answered_on": "2026-04-10"}
REFUSED = {"outcome": "応じない", "answered_on": "2026-04-10"}
ERASE = {"kind": "消去"}


def request(**cells: str) -> dict[str, str]:
    """A request with these cells; disclosure unless said otherwise."""
    return {**REQUEST, **cells}


def ok(check: str, **cells: str) -> bool:
    """Whether a check passes one request."""
    return passes(f"{R}.{check}", R, **request(**cells))


def unasked(check: str, **cells: str) -> bool:
    """Whether a check has nothing to say about one request."""
    return silent(f"{R}.{check}", R, **request(**cells))


@pytest.mark.parametrize(
    ("check", "kind", "state"),
    [
        ("purpose_told", "利用目的の通知", "応じた"),
        ("purpose_told", "利用目的の通知", "応じない"),
        ("disclosed", "開示", "応じた"),
        ("disclosed", "開示", "一部開示"),
        ("disclosed", "開示", "対応済み"),
        ("refusal_notified", "開示", "一部不開示"),
        ("refusal_notified", "開示", "不開示"),
        ("refusal_notified", "開示", "不存在"),
        ("records_answered", "第三者提供記録", "応じた"),
        ("records_answered", "第三者提供記録", "不存在"),
        ("correction_notified", "訂正", "訂正した"),
        ("correction_notified", "訂正", "応じない"),
        ("decision_notified", "利用停止", "応じた"),
        ("decision_notified", "消去", "応じない"),
        ("decision_notified", "提供停止", "代替措置"),
        ("complaint_answered", "苦情", "解決"),
        ("measures_abroad_answered", "法28条3項の求め", "応じない"),
    ],
)
def test_a_decision_without_a_notice_fails(check: str, kind: str, state: str) -> None:
    """However long it took, a dated answer passes; an outcome that nobody was told fails."""
    assert ok(check, kind=kind, outcome=state, answered_on="2026-11-20")
    assert not ok(check, kind=kind, outcome=state, answered_on="未")


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("purpose_told", "利用目的"),
        ("disclosed", "開示"),
        ("refusal_notified", "開示"),
        ("records_answered", "提供記録の開示"),
        ("correction_notified", "訂正等"),
        ("decision_notified", "消去"),
        ("complaint_answered", "苦情"),
        ("measures_abroad_answered", "相当措置の情報提供"),
    ],
)
def test_without_delay_has_no_day_count(check: str, kind: str) -> None:
    """A request that is still open is not judged, however old; nor is one that was withdrawn."""
    assert unasked(check, kind=kind, received_on="2023-01-10")
    assert unasked(check, kind=kind, received_on="2023-01-10", outcome="取下げ")


def test_trap_29_arts_32_to_39_ask_only_about_retained_personal_data() -> None:
    """Data over which only a client has authority is not asked about; blank counts as retained."""
    refused = {"outcome": "応じない", "refusal_ground": "量が多い"}
    assert not ok("disclosure_refusal_ground", retained="はい", **refused)
    assert not ok("disclosure_refusal_ground", retained="", **refused)
    assert unasked("disclosure_refusal_ground", retained="いいえ", **refused)
    for check in ("refusal_notified", "arrival_logged", "fee_published", "suit_not_open"):
        assert unasked(check, retained="いいえ", fee="800", outcome="応じない")
    assert unasked("decision_notified", **ERASE, retained="いいえ", outcome="応じた")


def test_complaints_records_and_measures_abroad_are_not_tied_to_retained_data() -> None:
    """Art. 40 covers personal information, Arts 33(5) and 28(3) all personal data."""
    closed = {"retained": "いいえ", "outcome": "応じた"}
    assert not ok("complaint_answered", kind="苦情", **closed)
    assert not ok("records_answered", kind="第三者提供記録", **closed)
    assert not ok("measures_abroad_answered", kind="28(3)", **closed)


def test_being_erased_soon_takes_nothing_out_of_retained_data() -> None:
    """The six-month exclusion is gone since April 2022, whatever the row claims."""
    soon = {"retained": "いいえ", "refusal_ground": "6か月以内に消去"}
    assert not ok("disclosure_refusal_ground", **REFUSED, **soon)
    assert not ok("adequacy_answered", adequacy="はい", **REFUSED, **soon)


@pytest.mark.parametrize(
    ("check", "kind", "ground", "good"),
    [
        ("disclosure_refusal_ground", "開示", "権利利益", True),
        ("disclosure_refusal_ground", "開示", "著しい支障", True),
        ("disclosure_refusal_ground", "開示", "他の法令", True),
        ("disclosure_refusal_ground", "開示", "本人確認不可", True),
        ("disclosure_refusal_ground", "開示", "量が多い", False),
        ("disclosure_refusal_ground", "開示", "理由なし", False),
        ("disclosure_refusal_ground", "開示", "施行令11条", False),
        ("disclosure_refusal_ground", "開示", "", False),
        ("purpose_refusal_ground", "利用目的", "利用目的が既に明らか", True),
        ("purpose_refusal_ground", "利用目的", "法21条4項", True),
        ("purpose_refusal_ground", "利用目的", "著しい支障", False),
        ("purpose_refusal_ground", "利用目的", "", False),
        ("records_refusal_ground", "第三者提供記録", "施行令11条", True),
        ("records_refusal_ground", "第三者提供記録", "権利利益", True),
        ("records_refusal_ground", "第三者提供記録", "量が多い", False),
    ],
)
def test_a_refusal_rests_on_a_ground_that_the_act_names(
    check: str, kind: str, ground: str, *, good: bool
) -> None:
    """Whole and partial refusal alike; volume alone is no serious hindrance."""
    for state in ("応じない", "一部応じた"):
        assert ok(check, kind=kind, outcome=state, refusal_ground=ground) is good


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("disclosure_refusal_ground", "開示"),
        ("purpose_refusal_ground", "利用目的"),
        ("records_refusal_ground", "提供記録の開示"),
    ],
)
def test_a_ground_is_asked_only_of_a_refusal(check: str, kind: str) -> None:
    """Neither a request that was met nor missing data needs one."""
    for state in ("応じた", "不存在", "取下げ", ""):
        assert unasked(check, kind=kind, outcome=state)


@pytest.mark.parametrize(("check", "kind"), [("chosen_method", "開示"), ("records_method", "提供記録の開示")])
def test_the_method_that_the_principal_chose_is_followed(check: str, kind: str) -> None:
    """Otherwise paper, and only after telling; the day of the disclosure itself is in time."""
    base = {"kind": kind, "method_chosen": "電子データ", "answered_on": "2026-04-10", "outcome": "応じた"}
    assert ok(check, **base, method_used="電磁的記録")
    assert not ok(check, **base, method_used="書面")
    assert ok(check, **base, method_used="書面", method_told_on="2026-04-10")
    assert not ok(check, **base, method_used="書面", method_told_on="2026-04-11")
    assert not ok(check, **base, method_used="閲覧", method_told_on="2026-04-05")
    assert unasked(check, **base, method_used="")


def test_a_method_that_cannot_be_used_is_notified() -> None:
    """Art. 33(3)."""
    base = {"method_chosen": "電子", "method_used": "紙", "answered_on": "2026-04-10"}
    assert ok("method_told", **base, method_told_on="2026-04-08")
    assert not ok("method_told", **base)
    assert unasked("method_told", method_chosen="紙", method_used="書面")


@pytest.mark.parametrize("result", ["応じない", "不存在", "取下げ"])
def test_where_nothing_was_disclosed_no_method_is_judged(result: str) -> None:
    """A letter of refusal may be on paper."""
    base = {"method_chosen": "電子", "method_used": "紙", "answered_on": "2026-04-10", "outcome": result}
    assert unasked("chosen_method", **base)
    assert unasked("method_told", **base)
    assert unasked("records_method", **{**base, "kind": "提供記録の開示"})


@pytest.mark.parametrize(
    ("check", "cells"),
    [
        ("disclosed", {"outcome": "応じた"}),
        ("third_ground_met", {**ERASE, "ground": "利用不要", "outcome": "応じた"}),
        ("measures_abroad_answered", {"kind": "法28条3項の求め", "outcome": "応じた"}),
        ("measures_abroad_complete", {"kind": "法28条3項の求め", "outcome": "応じた"}),
    ],
)
def test_requests_from_before_april_2022_are_not_judged(check: str, cells: dict[str, str]) -> None:
    """Much of what is asked here became law on 1 April 2022."""
    assert unasked(check, **cells, received_on="2022-03-31")
    assert not ok(check, **cells, received_on="2022-04-01")


def test_a_special_procedure_of_another_law_needs_no_investigation() -> None:
    """Art. 34(2) leaves such corrections to that law."""
    assert unasked("investigated", kind="訂正", **REFUSED, refusal_ground="他の法令")
    assert not ok("investigated", kind="訂正", **REFUSED, refusal_ground="事実に誤りなし")


@pytest.mark.parametrize("ground", ["本人確認不可", "請求に理由がない"])
def test_the_seven_items_are_not_owed_without_procedure_or_equivalent_system(ground: str) -> None:
    """Trap 7: only the equivalent-system route carries Art. 28(3)."""
    cells = {"kind": "法28条3項の求め", "refusal_ground": ground}
    assert unasked("measures_abroad_complete", **cells, **REFUSED)
    assert not ok("measures_abroad_complete", **cells, **GRANTED)


def test_the_form_of_electronic_copies_is_looked_at_only_where_stated() -> None:
    """Desirable only; paper and blank are not spoken of."""
    assert ok("usable_form", method_used="電子", searchable="はい")
    assert not ok("usable_form", method_used="電子", searchable="いいえ")
    assert unasked("usable_form", method_used="電子")
    assert unasked("usable_form", method_used="書面", searchable="いいえ")


def test_a_correction_is_investigated_made_and_told_with_its_content() -> None:
    """Art. 34(2), (3), each step on its own."""
    base = {"kind": "訂正", **GRANTED}
    assert ok("investigated", **base, investigated_on="2026-04-03")
    assert not ok("investigated", **base)
    assert not ok("investigated", kind="訂正", **REFUSED, refusal_ground="事実に誤りなし")
    assert unasked("investigated", kind="訂正", **REFUSED, refusal_ground="本人確認不可")
    assert unasked("investigated", kind="訂正", outcome="不存在")
    assert ok("corrected", **base, acted_on="2026-04-09")
    assert not ok("corrected", **base)
    assert unasked("corrected", kind="訂正", **REFUSED)
    assert ok("correction_content_told", **base, content_told="はい")
    assert not ok("correction_content_told", **base, content_told="")
    assert unasked("correction_content_told", kind="訂正", **REFUSED)


@pytest.mark.parametrize(
    ("ground", "check"),
    [
        ("目的外利用", "unlawful_handling_stopped"),
        ("違法な第三者提供", "unlawful_provision_stopped"),
        ("利用不要", "third_ground_met"),
        ("漏えい等", "third_ground_met"),
        ("権利利益が害されるおそれ", "third_ground_met"),
        ("", "third_ground_met"),
    ],
)
def test_trap_12_the_three_families_of_grounds_are_judged_apart(ground: str, check: str) -> None:
    """A request that was met has the day of the action; only the check of its own family speaks."""
    families = {"unlawful_handling_stopped", "unlawful_provision_stopped", "third_ground_met"}
    for kind in ("利用停止", "提供停止"):
        base = {"kind": kind, "ground": ground}
        assert ok(check, **base, **GRANTED, acted_on="2026-04-09")
        assert not ok(check, **base, **GRANTED)
        assert not ok(check, **base, outcome="一部応じた")
        for state in ("応じない", "代替措置", "取下げ", ""):
            assert unasked(check, **base, outcome=state)
        for other in families - {check}:
            assert unasked(other, **base, **GRANTED)


def test_a_request_to_stop_should_name_its_ground() -> None:
    """It only informs."""
    assert ok("ground_written", **ERASE, ground="退会")
    assert not ok("ground_written", **ERASE)
    assert unasked("ground_written", kind="訂正")
    assert not outcome(f"{R}.ground_written", rows(R, request())).check.serves


def test_a_refusal_of_marketing_reaches_the_list() -> None:
    """The list is desirable; being on it is also the action of ground 3."""
    base = {"kind": "DM停止", "outcome": "応じた"}
    assert ok("suppressed", **base, suppressed_on="2026-04-01")
    assert not ok("suppressed", **base)
    assert ok("third_ground_met", **base, suppressed_on="2026-04-01")
    assert ok("third_ground_met", **base, acted_on="2026-04-01")
    assert not ok("third_ground_met", **base)
    assert unasked("suppressed", kind="DM停止")
    assert unasked("decision_notified", **base)


@pytest.mark.parametrize("kind", [{"kind": "消去", "ground": "利用不要"}, {"kind": "配信停止"}])
def test_a_request_on_the_third_ground_is_refused_only_after_weighing(kind: dict[str, str]) -> None:
    """The weighing and a ground that can outweigh are both needed; without a well-founded request neither."""
    for ground in ("特別の事情", "他の法令", "権利利益", "著しい支障"):
        assert ok("interests_weighed", **kind, **REFUSED, weighed="はい", refusal_ground=ground)
    assert unasked("interests_weighed", **kind, **REFUSED, refusal_ground="請求に理由がない")
    assert not ok("interests_weighed", **kind, **REFUSED, weighed="", refusal_ground="特別の事情")
    assert not ok("interests_weighed", **kind, **REFUSED, weighed="はい", refusal_ground="手間")
    assert not ok("interests_weighed", **kind, outcome="一部応じた")
    assert unasked("interests_weighed", **kind, **REFUSED, refusal_ground="手続不備")
    assert unasked("interests_weighed", **kind, **GRANTED)


def test_weighing_is_not_asked_for_the_other_grounds() -> None:
    """It belongs to Art. 35(5)."""
    assert unasked("interests_weighed", **ERASE, ground="目的外利用", **REFUSED)


def test_a_substitute_needs_difficulty_and_protection() -> None:
    """Both, whether the outcome or the measure tells of it."""
    base = {**ERASE, "ground": "目的外利用"}
    used = {**base, "outcome": "代替措置"}
    assert ok("substitute_allowed", **used, substitute_ground="多額の費用", substitute_protects="はい")
    assert ok("substitute_allowed", **used, substitute_ground="困難", substitute_protects="はい")
    assert not ok("substitute_allowed", **used, substitute_ground="困難", substitute_protects="いいえ")
    assert not ok("substitute_allowed", **used, substitute_ground="都合", substitute_protects="はい")
    assert not ok("substitute_allowed", **base, substitute="閲覧制限")
    assert unasked("substitute_allowed", **base, substitute="N/A")


def test_reasons_are_looked_for_in_notices_that_refuse() -> None:
    """Best effort of Art. 36; where no notice went out there is nothing to explain it in."""
    for kind in ("利用目的", "開示", "提供記録の開示", "訂正", "消去", "提供停止"):
        assert ok("reasons_explained", kind=kind, **REFUSED, reasons_explained="はい")
        assert not ok("reasons_explained", kind=kind, **REFUSED)
    assert not ok("reasons_explained", **ERASE, outcome="代替措置", answered_on="2026-04-10")
    assert unasked("reasons_explained", outcome="応じない")
    assert unasked("reasons_explained", **GRANTED)
    assert unasked("reasons_explained", kind="苦情", **REFUSED)


@pytest.mark.parametrize("agent", ["法定代理人", "任意代理人"])
def test_trap_11_agents_can_request(agent: str) -> None:
    """A refusal of the agent fails; somebody who cannot prove the authority may be turned away."""
    assert ok("agent_accepted", agent=agent, agent_accepted="はい")
    assert not ok("agent_accepted", agent=agent, agent_accepted="いいえ")
    assert unasked("agent_accepted", agent=agent)
    assert unasked("agent_accepted", agent="代理権を確認できない者", agent_accepted="いいえ")
    assert unasked("agent_accepted", agent="本人", agent_accepted="いいえ")


@pytest.mark.parametrize(
    ("check", "column", "good", "bad"),
    [
        ("identity_fits", "identity_check", "適切", ("過剰", "不十分")),
        ("helped_to_pinpoint", "pinpointing", "手助けした", ("手助けなし",)),
        ("no_undue_burden", "undue_burden", "いいえ", ("はい",)),
    ],
)
def test_acceptance_puts_no_needless_burden(check: str, column: str, good: str, bad: tuple[str, ...]) -> None:
    """Only what the row states is judged, and only for requests under Art. 37."""
    assert ok(check, **{column: good})
    for value in bad:
        assert not ok(check, **{column: value})
        assert unasked(check, kind="苦情", **{column: value})
        assert unasked(check, kind="法28条3項の求め", **{column: value})
    assert unasked(check, **{column: ""})


def test_pinpointing_that_was_not_asked_for_needs_no_help() -> None:
    """Nothing to judge."""
    assert unasked("helped_to_pinpoint", pinpointing="求めていない")


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("利用目的", True),
        ("開示", True),
        ("第三者提供記録", True),
        ("訂正", False),
        ("消去", False),
        ("提供停止", False),
        ("DM停止", False),
    ],
)
def test_trap_10_a_fee_only_for_notice_of_purpose_and_disclosure(kind: str, *, allowed: bool) -> None:
    """A single yen is a fee, nothing is none, and blank says nothing."""
    assert ok("fee_only_where_allowed", kind=kind, fee="1円") is allowed
    assert ok("fee_only_where_allowed", kind=kind, fee="0")
    assert unasked("fee_only_where_allowed", kind=kind)


def test_a_fee_that_is_taken_is_made_known() -> None:
    """Arts 38(2) and 32(1)(iii); without a fee there is nothing to publish."""
    assert ok("fee_published", fee="800", fee_published="済")
    assert not ok("fee_published", fee="800")
    assert unasked("fee_published", fee="0")
    assert unasked("fee_published")
    assert unasked("fee_published", kind="訂正", fee="800")


def test_measures_abroad_are_told_in_full_or_withheld_for_serious_hindrance() -> None:
    """Rules Art. 18(3)."""
    base = {"kind": "相当措置に関する情報の提供"}
    assert ok("measures_abroad_complete", **base, **GRANTED, seven_items="はい")
    assert not ok("measures_abroad_complete", **base, **GRANTED)
    assert ok("measures_abroad_complete", **base, **REFUSED, refusal_ground="著しい支障")
    assert not ok("measures_abroad_complete", **base, **REFUSED, refusal_ground="権利利益")
    assert not ok("measures_abroad_complete", **base, **GRANTED, refusal_ground="著しい支障")
    assert unasked("measures_abroad_complete", **base)


def test_adequacy_data_is_answered_from_the_first_day() -> None:
    """EUK-10: neither silence nor early erasure closes the request."""
    base = {"adequacy": "はい"}
    assert ok("adequacy_answered", **base, **GRANTED)
    assert not ok("adequacy_answered", **base, outcome="応じた")
    assert not ok("adequacy_answered", **base, **REFUSED, refusal_ground="短期間で消去する予定")
    assert ok("adequacy_answered", **base, **REFUSED, refusal_ground="権利利益")
    assert unasked("adequacy_answered", **base)
    assert unasked("adequacy_answered", **GRANTED)
    assert unasked("adequacy_answered", **base, **GRANTED, retained="いいえ")


def test_nothing_can_have_been_done_before_the_day_of_arrival() -> None:
    """An answer on the day itself is fine; an earlier one shows that another day was logged."""
    assert ok("arrival_logged", answered_on="2026-04-01")
    assert not ok("arrival_logged", answered_on="2026-03-31")
    assert not ok("arrival_logged", kind="訂正", investigated_on="2026-03-30", answered_on="2026-04-02")
    assert ok("arrival_logged")
    assert unasked("arrival_logged", kind="苦情", answered_on="2026-03-31")


def test_suit_is_open_from_the_sixteenth_for_what_arrived_on_the_first() -> None:
    """Both sides of the two weeks; it only informs and judges no answered request."""
    check, cells = f"{R}.suit_not_open", request(received_on="2026-04-01")
    assert passes(check, R, date(2026, 4, 15), **cells)
    assert not passes(check, R, date(2026, 4, 16), **cells)
    found = outcome(check, rows(R, cells), as_of=date(2026, 4, 16))
    assert found.check.serves == ()
    assert found.words["suit_from"][0] == np.datetime64("2026-04-16")
    assert unasked("suit_not_open", answered_on="2026-05-30")
    assert unasked("suit_not_open", outcome="取下げ")
    assert unasked("suit_not_open", kind="利用目的")


def test_an_answer_planned_for_later_has_not_been_given() -> None:
    """And a request that arrives later does not exist yet."""
    cells = request(outcome="応じた", answered_on="2026-11-23")
    assert not passes(f"{R}.disclosed", R, **cells)
    assert passes(f"{R}.disclosed", R, date(2026, 11, 23), **cells)
    assert judged(f"{R}.disclosed", rows(R, request(received_on="2026-11-23", outcome="応じた"))) == ([], [])


def test_days_to_answer_count_from_the_arrival() -> None:
    """Open rows are counted to the day; rows without a usable answer have no days."""
    log = rows(
        R,
        request(outcome="応じた", answered_on="2026-04-15"),
        request(received_on="2026-11-12"),
        request(outcome="応じた"),
        request(outcome="応じた", answered_on="2026-03-31"),
        request(outcome="取下げ"),
        request(received_on="2026-11-12", answered_on="2026-11-25"),
        request(received_on="2026-12-01"),
    )
    found = days_to_answer(log, DAY64)
    assert found.index.tolist() == [2, 3, 4, 5, 6, 7]
    assert list(found.columns) == ["received", "answered", "days", "open"]
    assert found["days"].to_list() == [14, 10, pd.NA, pd.NA, pd.NA, 10]
    assert found["open"].tolist() == [False, True, False, False, False, True]
    assert str(found["received"].dtype) == str(found["answered"].dtype) == "datetime64[s]"


def test_days_to_answer_of_an_empty_log_is_empty() -> None:
    """No rows, no days."""
    empty = days_to_answer(rows(R, request(received_on="2026-12-01")), DAY64)
    assert empty.empty
    assert str(empty["days"].dtype) == "Int64"


def test_requests_contradict_the_gates_they_speak_of() -> None:
    """G25 by retained data, G18 by adequacy data, G10 by measures abroad that were told."""
    assert open_gates(rows(R, request(retained="はい"))) == {"G25"}
    assert open_gates(rows(R, request(outcome="応じた"))) == {"G25"}
    assert open_gates(rows(R, request(retained="いいえ", outcome="応じた"))) == set()
    assert open_gates(rows(R, request())) == set()
    assert open_gates(rows(R, request(kind="苦情", retained="はい"))) == set()
    assert open_gates(rows(R, request(adequacy="はい"))) == {"G18"}
    assert open_gates(rows(R, request(kind="28(3)", outcome="応じた"))) == {"G10"}
    assert open_gates(rows(R, request(kind="28(3)", outcome="応じない"))) == set()
