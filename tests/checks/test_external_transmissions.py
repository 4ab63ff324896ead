"""External transmissions: Art. 31 on the providing side, the telecom rule, and cookie promises."""

from __future__ import annotations

from datetime import date

import pytest

from appi_assess.checks import all_checks
from tests.registers import blank, judged, open_gates, outcome, passes, rows, silent

R = "external_transmissions"
TAG = {**blank(R), "name": "広告タグ", "recipient": "ミナモ広告株式会社", "started_on": "2025-04-01"}
ATTACHED = {"attaches": "はい", "country": "日本"}
CONFIRMED = {**ATTACHED, "consent_confirmed_on": "2025-03-20"}
RECORD = {"recorded_on": "2025-04-01", "record_holds": "確認の方法、期間、提供先、項目"}
COVERED = {"covered": "はい"}


def tag(**cells: str) -> dict[str, str]:
    """A transmission with these cells."""
    return {**TAG, **cells}


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (
            "listed",
            {"site": "通販", "data": "広告ID", "purposes": "広告"},
            {"site": "通販", "data": "調査中", "purposes": "広告"},
        ),
        ("judged", {"attaches": "いいえ", "judged_on": "2026-09-18"}, {"attaches": "不明", "judged_on": "2026-09-18"}),
        ("judged", {"attaches": "はい", "judged_on": "2026-09-18"}, {"attaches": "はい", "judged_on": ""}),
        (
            "signs_heeded",
            {"attaches": "いいえ", "signs": "規約、契約"},
            {"attaches": "いいえ", "signs": "規約、ID突合サービスの販売"},
        ),
        (
            "direct_collection_checked",
            {"flow": "直接取得", "judged_on": "2026-09-18"},
            {"flow": "直接取得", "judged_on": ""},
        ),
        (
            "direct_collection_checked",
            {"flow": "直接取得", "judged_on": "2026-09-18", "joined": "なし"},
            {"flow": "直接取得", "judged_on": "2026-09-18", "joined": "あり"},
        ),
        (
            "contrary_signs_followed_up",
            {"signs": "契約での利用制限", "contrary_signs": "はい", "followed_up_on": "2026-10-01"},
            {"signs": "契約での利用制限", "contrary_signs": "はい", "followed_up_on": "確認中"},
        ),
        (
            "consent_confirmed",
            {**ATTACHED, "consent_confirmed_on": "2025-04-01"},
            {**ATTACHED, "consent_confirmed_on": "2025-04-02"},
        ),
        ("consent_confirmed", CONFIRMED, ATTACHED),
        (
            "consent_confirmed",
            {**ATTACHED, "started_on": "2019-04-01", "consent_confirmed_on": "2022-04-01"},
            {**ATTACHED, "started_on": "2019-04-01", "consent_confirmed_on": "2022-04-02"},
        ),
        (
            "consent_clear",
            {**ATTACHED, "consent_shows": "提供先、項目", "consent_by": "ボタン"},
            {**ATTACHED, "consent_shows": "提供先、項目、目的", "consent_by": "サイトへの記載のみ"},
        ),
        (
            "consent_clear",
            {**ATTACHED, "consent_shows": "提供先、項目、目的", "consent_by": "ボタン"},
            {**ATTACHED, "consent_shows": "提携企業、項目、目的", "consent_by": "ボタン"},
        ),
        (
            "yearly_check",
            {**ATTACHED, "country": "米国", "abroad_as": "相当措置", "checked_on": "2025-11-22"},
            {**ATTACHED, "country": "米国", "abroad_as": "相当措置", "checked_on": "2025-11-21"},
        ),
        ("recorded", {**CONFIRMED, **RECORD}, CONFIRMED),
        ("joining_covered", {"joined": "あり", "joined_covered": "あり"}, {"joined": "あり", "joined_covered": ""}),
        (
            "service_judged",
            {"covered": "いいえ", "covered_reason": "自社商品の販売のみ"},
            {"covered": "いいえ", "covered_reason": ""},
        ),
        ("service_judged", {"covered": "はい", "covered_reason": "投稿の掲示板"}, {"covered": "確認中"}),
        (
            "three_heads_shown",
            {**COVERED, "shown": "送信情報、送信先、目的、平易な日本語"},
            {**COVERED, "shown": "送信情報、送信先、目的"},
        ),
        ("exception_fits", {**COVERED, "left_out": "1号"}, {**COVERED, "left_out": "根拠なし"}),
        (
            "exception_fits",
            {**COVERED, "left_out": "2号", "flow": "自社設備"},
            {**COVERED, "left_out": "2号", "flow": "直接取得"},
        ),
        (
            "opt_out_real",
            {**COVERED, "left_out": "4号", "opt_out_heads": "はい", "opt_out_works": "はい"},
            {**COVERED, "left_out": "4号", "opt_out_heads": "はい", "opt_out_works": "いいえ"},
        ),
        (
            "opt_out_real",
            {**COVERED, "left_out": "4号", "opt_out_heads": "はい", "opt_out_works": "はい"},
            {**COVERED, "left_out": "4号", "opt_out_heads": "", "opt_out_works": "はい"},
        ),
        ("switching_off_works", {"opt_out_works": "○"}, {"opt_out_works": "×"}),
        (
            "named_in_both_sections",
            {"policy_names": "利用目的の項、クッキー等の項"},
            {"policy_names": "利用目的の項"},
        ),
        ("scanned_within_a_year", {"scanned_on": "2025-11-22"}, {"scanned_on": "2025-11-21"}),
        ("scanned_within_a_year", {"started_on": "2025-11-22"}, {"started_on": "2025-11-21"}),
    ],
)  # fmt: skip
def test_each_rule_has_two_sides(check: str, good: dict[str, str], bad: dict[str, str]) -> None:
    """What keeps the rule passes, what breaks it fails."""
    assert passes(f"{R}.{check}", R, **tag(**good))
    assert not passes(f"{R}.{check}", R, **tag(**bad))


@pytest.mark.parametrize(
    ("check", "cells"),
    [
        ("signs_heeded", {"attaches": "はい", "signs": "ID突合"}),
        ("signs_heeded", {"attaches": "いいえ", "signs": ""}),
        ("contrary_signs_followed_up", {"signs": "規約", "contrary_signs": "はい"}),
        ("contrary_signs_followed_up", {"signs": "契約", "contrary_signs": ""}),
        ("consent_confirmed", {"attaches": "いいえ"}),
        ("consent_confirmed", {"attaches": "不明"}),
        ("consent_clear", {**ATTACHED, "consent_by": "ボタン"}),
        ("recorded", ATTACHED),
        ("joining_covered", {"joined": "調査中"}),
        ("three_heads_shown", {"covered": "いいえ"}),
        ("three_heads_shown", {"covered": ""}),
        ("three_heads_shown", {"covered": "はい", "left_out": "3号"}),
        ("exception_fits", {"covered": "はい", "left_out": ""}),
        ("exception_fits", {"covered": "いいえ", "left_out": "根拠なし"}),
        ("opt_out_real", {"covered": "はい", "left_out": "1号"}),
        ("switching_off_works", {"opt_out_works": ""}),
        ("named_in_both_sections", {"policy_names": "クッキー等の項"}),
    ],
)
def test_a_row_that_tells_nothing_is_not_judged(check: str, cells: dict[str, str]) -> None:
    """Blank, not known and not concerned are no ground for a finding."""
    assert silent(f"{R}.{check}", R, **tag(**cells))


ART_31 = ("consent_confirmed", "foreign_information_confirmed")
FOREIGN = {"attaches": "はい", "country": "米国"}


@pytest.mark.parametrize(
    "cells",
    [
        {"flow": "自社の設備への送信"},
        {"flow": "送信先が端末から直接取得"},
        {"joined": "はい"},
        {"consent_by": "不要（法27条1項各号）"},
        {"ended_on": "2026-10-31"},
    ],
)
def test_art_31_asks_for_confirmation_only_where_referable_information_is_provided(
    cells: dict[str, str],
) -> None:
    """Not own equipment, direct collection, what is already personal information, or Art. 27(1) cases."""
    for check in ART_31:
        assert not passes(f"{R}.{check}", R, **tag(**FOREIGN))
        assert silent(f"{R}.{check}", R, **tag(**FOREIGN, **cells))


@pytest.mark.parametrize("country", ["ドイツ", "英国", "EU", "日本"])
def test_trap_6_no_foreign_information_for_the_eea_and_the_uk(country: str) -> None:
    """Art. 31(1)(ii) does not ask for it there."""
    cells = tag(attaches="はい", country=country)
    assert silent(f"{R}.foreign_information_confirmed", R, **cells)
    assert silent(f"{R}.yearly_check", R, **{**cells, "abroad_as": "相当措置"})


@pytest.mark.parametrize("country", ["米国", "スイス"])
def test_trap_5_elsewhere_the_foreign_information_is_confirmed_beforehand(country: str) -> None:
    """The recipient's country counts."""
    check = f"{R}.foreign_information_confirmed"
    cells = tag(attaches="はい", country=country)
    assert not passes(check, R, **cells)
    assert not passes(check, R, **{**cells, "informed_on": "2025-04-02"})
    assert passes(check, R, **{**cells, "informed_on": "2025-04-01"})


@pytest.mark.parametrize("country", ["", "不明", "海外"])
def test_a_country_not_known_is_told_but_no_ground_for_a_finding_on_a_prohibition(country: str) -> None:
    """It is not taken as Japan, and it may be in the EEA."""
    cells = tag(attaches="はい", country=country)
    assert silent(f"{R}.foreign_information_confirmed", R, **cells)
    assert not passes(f"{R}.country_known", R, **cells)
    assert passes(f"{R}.country_known", R, **{**cells, "country": "日本"})
    for other in ({"attaches": "いいえ"}, {"flow": "直接取得"}, {"consent_by": "不要（法27条1項各号）"}):
        assert silent(f"{R}.country_known", R, **{**cells, **other})


def test_trap_7_an_equivalent_system_replaces_the_information_by_yearly_checks() -> None:
    """Art. 31(2) with 28(3): consent is still confirmed; a recipient of this year has time."""
    cells = tag(**FOREIGN, abroad_as="基準適合体制あり")
    assert silent(f"{R}.foreign_information_confirmed", R, **cells)
    assert not passes(f"{R}.consent_confirmed", R, **cells)
    assert not passes(f"{R}.yearly_check", R, **cells)
    assert passes(f"{R}.yearly_check", R, **{**cells, "started_on": "2025-11-22"})


def test_trap_24_a_foreign_company_doing_business_in_japan_is_not_abroad() -> None:
    """GLF 2-2: consent is confirmed, foreign information is not asked."""
    cells = tag(**FOREIGN, abroad_as="日本で事業を行う外国法人")
    assert silent(f"{R}.foreign_information_confirmed", R, **cells)
    assert not passes(f"{R}.consent_confirmed", R, **cells)


@pytest.mark.parametrize("missing", ["確認の方法", "期間", "提供先", "項目"])
def test_trap_28_the_providers_record_needs_all_heads_and_so_a_date_or_period(missing: str) -> None:
    """Rules Art. 28, unlike records of consent-based provision of personal data."""
    heads = [h for h in ("確認の方法", "期間", "提供先", "項目") if h != missing]
    cells = tag(**{**CONFIRMED, **RECORD, "record_holds": "、".join(heads)})
    assert not passes(f"{R}.recorded", R, **cells)


@pytest.mark.parametrize(
    ("method", "ended", "enough", "too_short"),
    [
        ("契約書等で代替", "2025-06-30", "2026-06-30", "2026-06-29"),
        ("一括", "2025-06-30", "2028-06-30", "2028-06-29"),
        ("都度", "2025-06-30", "2028-04-01", "2028-03-31"),
        ("", "2025-06-30", "2028-04-01", "2028-03-31"),
        ("契約書等で代替", "", "2027-11-22", "2027-11-21"),
        ("一括", "", "2029-11-22", "2029-11-21"),
        ("都度", "", "2028-04-01", "2028-03-31"),
    ],
)
def test_trap_14_records_are_kept_1_3_3_years_from_the_right_day(
    method: str, ended: str, enough: str, too_short: str
) -> None:
    """From the last provision for a contract or a joint record, which has not come while sending goes on."""
    cells = tag(**CONFIRMED, recorded_on="2025-04-01", record_method=method, ended_on=ended)
    check = f"{R}.kept_long_enough"
    assert passes(check, R, **{**cells, "kept_until": enough})
    assert not passes(check, R, **{**cells, "kept_until": too_short})
    assert silent(check, R, **cells)


def test_the_finding_on_retention_names_the_last_day() -> None:
    """The day comes with the finding, computed by the clocks of the kit."""
    cells = tag(**CONFIRMED, recorded_on="2024-02-29", kept_until="2026-12-31")
    found = outcome(f"{R}.kept_long_enough", rows(R, cells))
    assert [str(d) for d in found.words["due"]] == ["2027-02-28"]


def test_a_record_is_not_judged_in_the_first_thirty_days() -> None:
    """It is made promptly, which has no day count."""
    check = f"{R}.recorded"
    assert silent(check, R, **tag(**{**CONFIRMED, "consent_confirmed_on": "2026-10-24"}))
    assert not passes(check, R, **tag(**{**CONFIRMED, "consent_confirmed_on": "2026-10-23"}))


def test_a_record_is_asked_for_as_long_as_it_has_to_be_kept() -> None:
    """After sending has ended too, until the end of its period."""
    check = f"{R}.recorded"
    ended = tag(**CONFIRMED, ended_on="2025-06-30")
    assert not passes(check, R, **{**ended, "kept_until": "2026-11-22"})
    assert silent(check, R, **{**ended, "kept_until": "2026-11-21"})


@pytest.mark.parametrize("sign", ["送信先から告げられた", "ID突合サービスの販売", "突合用IDの提供"])
def test_three_signs_say_that_acquisition_as_personal_data_is_expected(sign: str) -> None:
    """GL 3-7-1: judging against them is no proper judgment."""
    assert not passes(f"{R}.signs_heeded", R, **tag(attaches="いいえ", signs=sign))


def test_trap_26_the_receiving_sides_duties_are_not_judged_from_this_register() -> None:
    """They stand in the register of receipts."""
    receiving = {"A30-7", "A30-8", "A31-10", "A31-11"}
    own = [c for c in all_checks() if c.register == R]
    assert not receiving & {requirement for c in own for requirement in c.serves}


def test_what_only_informs_serves_no_requirement() -> None:
    """Direct collection rests on an answer that was not read, and a listing breaks no duty."""
    kept = rows(R, tag())
    assert outcome(f"{R}.direct_collection_checked", kept).check.serves == ()
    assert outcome(f"{R}.recipient_listed", kept).check.serves == ()


def test_a_recipient_in_no_other_register_is_pointed_out() -> None:
    """Entrusted parties, foreign transfers, provisions and joint users, several in one cell, all count."""
    kept = rows(
        R,
        tag(recipient="甲社"),
        tag(recipient="ＡＳＴＥＲ ＧｍｂＨ"),
        tag(recipient="乙社"),
        tag(recipient="丙㈱"),
        tag(recipient="どこにもない社"),
        tag(recipient="直接取得の社", flow="直接取得"),
        tag(recipient="終わった社", ended_on="2026-01-31"),
        tag(recipient="調査中"),
    )
    others = (
        rows("entrusted_parties", {"name": "甲社"}),
        rows("foreign_transfers", {"recipient": "Aster GmbH", "country": "ドイツ"}),
        rows("third_party_provisions", {**blank("third_party_provisions"), "recipient": "乙社"}),
        rows("joint_uses", {"name": "保守", "users": "別の社、株式会社丙"}),
    )
    check = f"{R}.recipient_listed"
    assert judged(check, kept, *others) == ([2, 3, 4, 5, 6], [6])
    assert judged(check, kept, others[3]) == ([2, 3, 4, 5, 6], [2, 3, 4, 6])
    assert outcome(check, kept).state == "no_other_register"


def test_an_ended_transmission_is_asked_only_for_its_record() -> None:
    """What is no longer sent needs no inventory, judgment, display or scan."""
    ended = {**FOREIGN, **COVERED, "ended_on": "2026-10-31"}
    kept = rows(
        R,
        tag(
            **ended, signs="契約", contrary_signs="はい", opt_out_works="いいえ", policy_names="利用目的の項"
        ),
        tag(**{**ended, "attaches": "いいえ"}, signs="ID突合", left_out="4号"),
        tag(**ended, flow="直接取得", abroad_as="相当措置"),
        tag(**ended, joined="はい", consent_shows="項目", consent_by="ボタン"),
    )
    for check in all_checks():
        if check.register == R and not check.against:
            assert judged(check.id, kept) == ([], [])


def test_direct_collection_is_looked_at_only_where_it_is_claimed() -> None:
    """A provision by the site is judged under Art. 31 instead."""
    assert silent(f"{R}.direct_collection_checked", R, **tag(flow="自社からの提供"))
    assert silent(f"{R}.judged", R, **tag(flow="直接取得"))


def test_a_tag_that_has_not_started_is_not_judged_yet() -> None:
    """From its first day it is."""
    kept = rows(R, tag(started_on="2026-11-23", **ATTACHED))
    assert judged(f"{R}.consent_confirmed", kept) == ([], [])
    assert judged(f"{R}.consent_confirmed", kept, as_of=date(2026, 11, 23)) == ([2], [2])


def test_rows_contradict_the_gates_they_speak_of() -> None:
    """A recipient that attaches contradicts G13, a covered service G22."""
    assert open_gates(rows(R, tag())) == set()
    assert open_gates(rows(R, tag(attaches="はい"))) == {"G13"}
    assert open_gates(rows(R, tag(attaches="はい", flow="直接取得"))) == set()
    assert open_gates(rows(R, tag(attaches="はい", joined="はい"))) == set()
    assert open_gates(rows(R, tag(covered="はい"))) == {"G22"}
    ended = tag(attaches="はい", covered="はい", ended_on="2026-10-31")
    assert open_gates(rows(R, ended)) == set()
    assert open_gates(rows(R, {**ended, "kept_until": "2029-10-31"})) == {"G13"}
