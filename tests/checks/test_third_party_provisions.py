"""
Provisions to third parties: Arts 27 and 29, and Art. 28 where the recipient is abroad.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from appi_assess import law
from appi_assess.checks import all_checks
from appi_assess.checks.third_party_provisions import abroad, needs_record
from appi_assess.registers import register
from tests.registers import DAY, blank, judged, open_gates, outcome, passes, rows, silent

R = "third_party_provisions"
DAY64 = np.datetime64(DAY, "D")
BLANK = {**blank(R), "recipient": "ホシナミ社"}
FULL = {
    "address": "東京都架空区1-1",
    "representative": "架空 一郎",
    "principal": "会員 M-1",
    "items": "氏名、住所",
}


def row(**cells: str) -> dict[str, str]:
    """A provision with these cells and nothing else."""
    return {**BLANK, **cells}


def opt_out(**cells: str) -> dict[str, str]:
    """A provision by opt-out."""
    return row(basis="オプトアウト", **cells)


def good(check: str, as_of: date = DAY, **cells: str) -> bool:
    """Whether a check passes one provision; it must speak about it."""
    return passes(f"{R}.{check}", R, as_of, **row(**cells))


def quiet(check: str, as_of: date = DAY, **cells: str) -> bool:
    """Whether a check has nothing to say about one provision."""
    return silent(f"{R}.{check}", R, as_of, **row(**cells))


def needs(**cells: str) -> bool:
    """Whether one provision needs a record."""
    return bool(needs_record(rows(R, row(**cells)), DAY64)[0])


def test_every_check_serves_the_catalogue_and_stands_under_a_head() -> None:
    """Ids exist, columns exist, and no head stays empty."""
    known, kept = {r.id for r in law.all_requirements()}, register(R)
    checks = [c for c in all_checks() if c.register == R]
    assert {i for c in checks for i in c.serves} <= known
    assert {c.head for c in checks} == set(kept.heads)
    for c in checks:
        assert {kept.column(name).name for name in c.needs} == set(c.needs)


# ---- The ground


def test_a_blank_ground_is_told_but_breaks_no_prohibition() -> None:
    """It informs; A27-1 speaks only about what is written."""
    assert not good("ground_written", basis="")
    assert not good("ground_written", basis="確認中")
    assert good("ground_written", basis="同意")
    for check in ("has_ground", "japanese_law", "record_made", "consent_content"):
        assert quiet(check, basis="")


@pytest.mark.parametrize(
    "basis", ["同意", "オプトアウト", "委託", "事業承継", "共同利用", "27条1項2号", "学術研究機関等への提供"]
)
def test_a_ground_of_art_27_passes(basis: str) -> None:
    """Consent, opt-out, items of 27(1) and 27(5)."""
    assert good("has_ground", basis=basis)


@pytest.mark.parametrize("basis", ["根拠なし", "グループ内"])
def test_no_ground_breaks_art_27_and_group_companies_are_third_parties(basis: str) -> None:
    """Both are stated facts."""
    assert not good("has_ground", basis=basis)


def test_trap_23_foreign_law_is_no_exception() -> None:
    """A foreign subpoena is not "law" (27(1)(i), 28(1)); Japanese law is."""
    assert not good("japanese_law", basis="外国の法令")
    assert good("japanese_law", basis="法令")
    assert quiet("japanese_law", basis="同意")
    assert not good("route_fits", basis="外国の法令", country="米国", route="法27条1項各号")
    assert good("route_fits", basis="法令", country="米国", route="法27条1項各号")
    assert needs(basis="外国の法令", country="米国", route="法27条1項各号")


def test_trap_24_an_own_branch_abroad_is_no_third_party() -> None:
    """No check of ground, route or record speaks about it, and it opens no gate."""
    branch = {"recipient_kind": "自社の海外拠点", "country": "米国", "basis": "根拠なし"}
    for check in (
        "has_ground",
        "ground_written",
        "route_fits",
        "route_written",
        "record_made",
        "country_known",
    ):
        assert quiet(check, **branch)
    assert open_gates(rows(R, row(**branch))) == set()


def test_trap_24_a_foreign_company_doing_business_in_japan_is_not_abroad() -> None:
    """It is a third party, but needs no route; a company abroad does."""
    for kind, expected in (("日本で事業を行う外国法人", False), ("法人", True), ("", True)):
        found = rows(R, row(recipient_kind=kind, country="米国"))
        assert abroad(found).tolist() == [expected]
    assert quiet("route_written", recipient_kind="日本で事業を行う外国法人", country="米国")
    assert not good("has_ground", recipient_kind="日本で事業を行う外国法人", country="米国", basis="根拠なし")


def test_a_request_of_a_public_body_is_answered_on_a_checked_basis() -> None:
    """The reason is asked only for requests under item (i) or (iv)."""
    police = {"recipient_kind": "公的機関", "basis": "法令"}
    assert good("request_checked", **police, reason="刑事訴訟法197条2項")
    assert not good("request_checked", **police, reason="N/A")
    assert not good("request_checked", recipient_kind="公的機関", basis="国等への協力")
    assert quiet("request_checked", recipient_kind="公的機関", basis="同意")
    assert quiet("request_checked", recipient_kind="法人", basis="法令")


def test_other_exceptions_are_asked_for_a_reason_without_a_breach() -> None:
    """Difficulty of consent has to be explained, but the check only informs."""
    assert good("exception_reasoned", basis="27条1項2号", reason="意識不明で同意を得られない")
    assert not good("exception_reasoned", basis="27条1項2号")
    assert quiet("exception_reasoned", basis="27条1項1号", recipient_kind="公的機関")
    assert quiet("exception_reasoned", basis="同意")


# ---- Consent


def test_consent_comes_before_the_provision() -> None:
    """The same day is still beforehand; the day after is not; a blank date is not judged."""
    cells = {"basis": "同意", "provided_on": "2026-04-10"}
    assert good("consent_beforehand", **cells, consent_on="2026-04-10")
    assert not good("consent_beforehand", **cells, consent_on="2026-04-11")
    assert quiet("consent_beforehand", **cells)
    assert quiet("consent_beforehand", basis="同意", consent_on="2026-04-10")
    assert quiet("consent_beforehand", basis="委託", provided_on="2026-04-10", consent_on="2026-04-11")


def test_consent_to_provision_abroad_comes_before_it_too() -> None:
    """Then it is Art. 28(1) that is broken, not Art. 27(1)."""
    cells = {"country": "タイ", "route": "同意", "basis": "同意", "provided_on": "R8.4.10"}
    assert good("consent_abroad_beforehand", **cells, consent_on="令和8年4月10日")
    assert not good("consent_abroad_beforehand", **cells, consent_on="2026/4/11")
    assert quiet("consent_beforehand", **cells, consent_on="2026/4/11")
    assert quiet("consent_abroad_beforehand", basis="同意", provided_on="2026-04-10", consent_on="2026-04-11")


def test_consent_without_the_needed_content_fails_only_if_the_row_says_so() -> None:
    """GL asks for no record of what was shown."""
    assert good("consent_informed", basis="同意", consent_shown="はい")
    assert not good("consent_informed", basis="同意", consent_shown="いいえ")
    assert quiet("consent_informed", basis="同意", consent_shown="")
    assert quiet("consent_informed", basis="委託", consent_shown="いいえ")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"consent_on": "2026-04-01"}, True),
        ({"consent_ref": "C-1"}, True),
        ({"consent_ref": "不明"}, False),
        ({}, False),
    ],
)
def test_a_consent_that_cannot_be_traced_is_told(cells: dict[str, str], expected: bool) -> None:
    """Day or reference is enough."""
    assert good("consent_traceable", basis="同意", **cells) is expected
    assert quiet("consent_traceable", basis="オプトアウト", **cells)


# ---- Opt-out


@pytest.mark.parametrize(
    ("filed", "published", "heads", "expected"),
    [
        ("2026-02-01", "2026-02-01", "はい", True),
        ("2026-04-01", "2026-04-01", "", True),
        ("2026-04-02", "2026-02-01", "はい", False),
        ("2026-02-01", "2026-04-02", "はい", False),
        ("", "2026-02-01", "はい", False),
        ("2026-02-01", "", "はい", False),
        ("2026-02-01", "2026-02-01", "いいえ", False),
    ],
)
def test_opt_out_is_made_known_and_filed_beforehand(
    filed: str, published: str, heads: str, expected: bool
) -> None:
    """Both, with all heads, no later than the first provision; a web page alone is not enough."""
    cells = {"filed_on": filed, "published_on": published, "heads_complete": heads}
    assert good("known_and_filed", **opt_out(provided_on="2026-04-01", **cells)) is expected
    assert quiet("known_and_filed", basis="同意", provided_on="2026-04-01", **cells)


def test_planned_opt_out_still_has_time() -> None:
    """No provision has taken place before the planned start; from that day on it is judged."""
    planned = opt_out(planned_on="2026-11-23", special_care="はい")
    for check in ("known_and_filed", "record_made", "opt_out_content", "allowed_by_opt_out"):
        assert quiet(check, **planned)
        assert not good(check, date(2026, 11, 23), **planned)
    assert open_gates(rows(R, opt_out(planned_on="2026-11-23"))) == {"G07"}


def test_principals_have_time_to_object_without_a_number_of_days() -> None:
    """Only a start on the day of publicity or before it fails."""
    assert good("time_to_object", **opt_out(published_on="2026-03-31", provided_on="2026-04-01"))
    assert not good("time_to_object", **opt_out(published_on="2026-04-01", provided_on="2026-04-01"))
    assert not good("time_to_object", **opt_out(published_on="2026-04-01", planned_on="2026-04-01"))
    assert quiet("time_to_object", **opt_out(published_on="2026-04-01"))
    assert quiet("time_to_object", **opt_out(provided_on="2026-04-01"))


@pytest.mark.parametrize("column", ["special_care", "received_by_opt_out", "wrongly_acquired"])
def test_trap_15_three_kinds_of_data_never_go_by_opt_out(column: str) -> None:
    """Special care-required, received by opt-out, wrongfully acquired; a blank is no fact."""
    assert not good("allowed_by_opt_out", **opt_out(**{column: "はい"}))
    assert good("allowed_by_opt_out", **opt_out(**{column: "いいえ"}))
    assert quiet("allowed_by_opt_out", **opt_out())
    assert quiet("allowed_by_opt_out", basis="同意", **{column: "はい"})


@pytest.mark.parametrize(
    ("change", "filed", "expected"),
    [
        ("項目の変更", "2026-06-01", True),
        ("項目の変更", "2026-06-02", False),
        ("項目の変更", "", False),
        ("代表者変更", "2026-06-20", True),
        ("代表者変更", "", False),
        ("提供の終了", "2026-09-01", True),
        ("提供の終了", "", False),
    ],
)
def test_changes_are_filed_at_the_right_time(change: str, filed: str, expected: bool) -> None:
    """Items and methods in advance; particulars and the end afterwards, without a day count."""
    cells = {"change": change, "changed_on": "2026-06-01", "change_filed_on": filed}
    assert good("changes_filed", **opt_out(**cells)) is expected


def test_a_change_that_lies_ahead_is_not_judged() -> None:
    """Its day counts as blank until it comes."""
    assert quiet("changes_filed", **opt_out(change="項目の変更", changed_on="2026-11-23"))
    assert not good(
        "changes_filed", date(2026, 11, 23), **opt_out(change="項目の変更", changed_on="2026-11-23")
    )
    assert quiet("changes_filed", basis="同意", change="項目の変更", changed_on="2026-06-01")


def test_the_filed_items_are_published_after_the_ppc_did() -> None:
    """Nothing is asked before the PPC's publication."""
    assert good("own_publication", **opt_out(ppc_published_on="2026-03-01", own_published_on="2026-03-05"))
    assert not good("own_publication", **opt_out(ppc_published_on="2026-03-01"))
    assert quiet("own_publication", **opt_out(own_published_on="2026-03-05"))


def test_what_is_due_without_delay_is_not_judged_in_the_first_thirty_days() -> None:
    """The law has no day count; the kit abstains, and a change of items is due in advance all the same."""
    fresh, older = "2026-10-24", "2026-10-23"
    assert quiet("own_publication", **opt_out(ppc_published_on=fresh))
    assert not good("own_publication", **opt_out(ppc_published_on=older))
    assert quiet("changes_filed", **opt_out(change="代表者変更", changed_on=fresh))
    assert not good("changes_filed", **opt_out(change="代表者変更", changed_on=older))
    assert not good("changes_filed", **opt_out(change="項目の変更", changed_on=fresh))


@pytest.mark.parametrize(
    ("stopped", "last", "expected"),
    [
        ("2026-07-10", "2026-07-10", True),
        ("2026-07-10", "2026-07-11", False),
        ("", "2026-07-06", False),
        ("2026-07-10", "2026-07-06", True),
    ],
)
def test_nothing_is_provided_after_a_stop(stopped: str, last: str, expected: bool) -> None:
    """Between request and stop nothing is judged, as the law counts no days."""
    cells = {"provided_on": "2026-04-01", "last_provided_on": last, "stop_requested_on": "2026-07-05"}
    assert good("stop_kept", **opt_out(**cells, stopped_on=stopped)) is expected


def test_trap_30_an_open_request_or_none_is_no_breach() -> None:
    """An open request is told apart; without a request there is nothing to say."""
    asked = opt_out(provided_on="2026-04-01", last_provided_on="2026-07-05", stop_requested_on="2026-07-05")
    assert quiet("stop_kept", **asked)
    assert not good("stop_written", **asked)
    assert good("stop_written", **{**asked, "stopped_on": "2026-07-05"})
    for check in ("stop_kept", "stop_written"):
        assert quiet(check, **opt_out(provided_on="2026-04-01"))
        assert quiet(check, **{**asked, "basis": "同意"})


# ---- Abroad


@pytest.mark.parametrize("country", ["不明", "海外", "unknown"])
def test_a_country_marked_as_not_known_is_never_japan(country: str) -> None:
    """It fails Art. 28(1); a blank one only informs."""
    assert not good("country_known", country=country)
    assert not good("country_known", country=country, route="契約")
    assert good("country_written", country=country)
    assert quiet("route_fits", country=country)


@pytest.mark.parametrize(
    "cells",
    [{"route": "同意"}, {"basis": "27条1項2号"}, {"route": "例外"}, {"route": "同意", "basis": "委託"}],
)
def test_consent_and_items_of_art_27_1_hold_for_whatever_country(cells: dict[str, str]) -> None:
    """Rules Art. 17(3) lets consent be given where the country cannot be named."""
    assert good("country_known", country="不明", **cells)
    assert quiet("country_known", country="不明", recipient_kind="日本で事業に利用する外国法人")
    assert not good("country_known", country="不明", basis="外国の法令", route="例外")


def test_consent_abroad_is_recorded_where_the_country_is_not_known() -> None:
    """Art. 29(1), brackets: entrustment is not exempt on that route."""
    assert needs(country="不明", basis="委託", route="同意")
    assert not needs(country="不明", basis="委託", route="契約")


def test_a_blank_country_only_informs() -> None:
    """Public bodies of Japan and the unspecified public need none."""
    assert quiet("country_known", country="")
    assert not good("country_written", country="")
    assert good("country_known", country="日本")
    assert quiet("country_written", recipient_kind="公的機関")
    assert quiet("country_written", recipient_kind="不特定多数")


@pytest.mark.parametrize("country", ["ドイツ", "英国", "Norway", "EU"])
def test_trap_6_the_eea_and_the_uk_are_designated(country: str) -> None:
    """They need no route of their own."""
    assert good("route_fits", country=country, basis="同意")
    assert quiet("route_written", country=country, basis="同意")


def test_trap_6_the_united_states_is_not_designated() -> None:
    """Calling it so does not make it so; a contract, a certificate or consent does."""
    for route, expected in (("指定国", False), ("契約", True), ("CBPR", True), ("同意", True)):
        assert good("route_fits", country="米国", basis="委託", route=route) is expected


@pytest.mark.parametrize("basis", ["委託", "事業の承継", "共同利用"])
def test_trap_4_art_27_5_is_no_way_round_art_28(basis: str) -> None:
    """Without a route it fails; with a blank one it is told."""
    assert not good("route_fits", country="ベトナム", basis=basis, route="根拠なし")
    assert quiet("route_fits", country="ベトナム", basis=basis)
    assert not good("route_written", country="ベトナム", basis=basis)
    assert good("route_written", country="ベトナム", basis=basis, route="契約")


def test_an_item_of_art_27_1_is_a_route_by_itself() -> None:
    """Route (c) of Art. 28(1), written as the route or as the ground."""
    assert good("route_fits", country="米国", route="法27条1項各号")
    assert good("route_fits", country="米国", basis="27条1項2号")
    assert quiet("route_written", country="米国", basis="27条1項2号")


def test_consent_to_provision_abroad_needs_no_ground_beside_it() -> None:
    """Art. 28(1), second sentence."""
    cells = {"country": "タイ", "route": "外国提供の同意"}
    assert good("has_ground", **cells, basis="根拠なし")
    assert quiet("ground_written", **cells)
    assert quiet("japanese_law", **cells, basis="外国の法令")


def test_a_recipient_abroad_is_looked_up_in_foreign_transfers() -> None:
    """The names are compared without width, case and legal form."""
    here = rows(
        R,
        row(recipient="Aster GmbH", country="ドイツ"),
        row(recipient="Birch Inc.", country="米国"),
        row(recipient="国内社", country="日本"),
    )
    there = rows("foreign_transfers", {"recipient": "ＡＳＴＥＲ ＧｍｂＨ", "country": "ドイツ"})
    assert judged(f"{R}.in_foreign_transfers", here, there) == ([2, 3], [3])
    assert outcome(f"{R}.in_foreign_transfers", here).state == "no_other_register"


def test_a_recipient_by_entrustment_is_looked_up_among_the_entrusted_parties() -> None:
    """Others are not."""
    here = rows(
        R,
        row(recipient="株式会社ツキ", basis="委託"),
        row(recipient="ヤマ社", basis="委託"),
        row(recipient="カワ社", basis="同意"),
    )
    there = rows("entrusted_parties", {"name": "ツキ（株）"})
    assert judged(f"{R}.in_entrusted_parties", here, there) == ([2, 3], [3])


# ---- Records


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"basis": "同意"}, True),
        ({"basis": "オプトアウト"}, True),
        ({"basis": "根拠なし"}, True),
        ({"basis": "グループ内"}, True),
        ({"basis": ""}, False),
        ({"basis": "法令"}, False),
        ({"basis": "学術研究機関等への提供"}, False),
        ({"basis": "委託"}, False),
        ({"basis": "共同利用", "country": "ドイツ"}, False),
        ({"basis": "委託", "country": "ベトナム", "route": "契約"}, False),
        ({"basis": "委託", "country": "タイ", "route": "同意"}, True),
        ({"basis": "委託", "country": "日本", "route": "同意"}, False),
        ({"basis": "法令", "country": "米国", "route": "法27条1項各号"}, False),
        ({"basis": "同意", "recipient_kind": "国の機関"}, False),
        ({"basis": "同意", "recipient_kind": "国の機関", "country": "日本"}, False),
        ({"basis": "同意", "recipient_kind": "国の機関", "country": "米国"}, True),
    ],
)
def test_which_provisions_need_a_record(cells: dict[str, str], expected: bool) -> None:
    """27(1) items, 27(5) and Japanese public bodies are exempt; consent abroad lifts only 27(1) items."""
    assert needs(**cells) is expected
    assert quiet("record_made", **cells, recorded_how="都度") is not expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"recorded_how": "都度"}, True),
        ({"recorded_how": "一括"}, True),
        ({"recorded_how": "契約書等で代替"}, True),
        ({"recorded_how": "解釈により不要"}, True),
        ({"recorded_on": "2026-04-10"}, True),
        ({"recorded_how": "未作成", "recorded_on": "2026-04-10"}, False),
        ({"recorded_how": "不要"}, False),
        ({"principal": "一覧 L-1", "items": "氏名"}, True),
        ({"principal": "一覧 L-1"}, False),
        ({"principal": "一覧 L-1", "items": "氏名", "recorded_how": "未作成"}, False),
        ({}, False),
    ],
)
def test_a_record_is_made(cells: dict[str, str], expected: bool) -> None:
    """What is called not required fails where the law requires it."""
    assert good("record_made", basis="同意", **cells) is expected


def test_entrustment_abroad_on_consent_is_recorded() -> None:
    """A28-12: the habit of not recording entrustment fails on the consent route only."""
    consent = {"country": "タイ", "basis": "委託", "route": "同意"}
    assert not good("record_abroad", **consent, recorded_how="不要")
    assert good("record_abroad", **consent, recorded_how="都度")
    assert quiet("record_abroad", country="ベトナム", basis="委託", route="契約")
    assert quiet("record_abroad", country="日本", basis="同意")
    assert not good("record_abroad", country="ドイツ", basis="同意")


def test_trap_28_records_of_consent_need_no_date() -> None:
    """Address, representative, principal and items are enough."""
    assert good("consent_content", basis="同意", **FULL)
    assert good("consent_content", country="タイ", basis="委託", route="同意", **FULL)


@pytest.mark.parametrize("missing", ["address", "representative", "principal", "items"])
@pytest.mark.parametrize("value", ["", "不明", "―"])
def test_content_that_is_missing_fails(missing: str, value: str) -> None:
    """In records of consent and of opt-out alike."""
    cells = {**FULL, missing: value}
    assert not good("consent_content", basis="同意", **cells)
    assert not good("opt_out_content", **opt_out(provided_on="2026-04-01", **cells))


def test_what_is_missing_is_named_without_showing_who_the_person_is() -> None:
    """The sentence names columns, not the cells of principal, address or representative."""
    found = outcome(f"{R}.consent_content", rows(R, row(basis="同意", principal="山田 架空", items="氏名")))
    assert {name: said.tolist() for name, said in found.words.items()} == {
        "missing_ja": ["提供先の住所、提供先の代表者"],
        "missing_en": ["Address, Representative"],
    }
    for c in all_checks():
        if c.register == R:
            assert not any(f"{{{name}}}" in c.fails.ja + c.fails.en for name in FULL)


def test_trap_28_records_of_opt_out_need_the_date() -> None:
    """Unlike those of consent."""
    assert good("opt_out_content", **opt_out(provided_on="2026-04-01", **FULL))
    assert not good("opt_out_content", **opt_out(**FULL))
    assert quiet("opt_out_content", basis="同意", **FULL)
    assert quiet("consent_content", **opt_out(**FULL))


def test_only_a_company_has_a_representative() -> None:
    """An individual has none; the unspecified public, by opt-out, has no particulars at all."""
    person = {**FULL, "representative": ""}
    assert good("consent_content", basis="同意", recipient_kind="個人", **person)
    public = {"provided_on": "2026-04-01", "principal": "一覧 L-1", "items": "氏名"}
    assert good("opt_out_content", **opt_out(recipient_kind="不特定多数", **public))
    assert not good("opt_out_content", **opt_out(**public))
    assert not good("consent_content", basis="同意", recipient_kind="不特定多数", **public)


@pytest.mark.parametrize("how", ["契約書等で代替", "解釈により不要", "未作成", "不要"])
def test_content_is_judged_only_where_the_row_is_the_record(how: str) -> None:
    """A contract holds the content itself; what was not made is judged by ``record_made``."""
    assert quiet("consent_content", basis="同意", recorded_how=how)
    assert quiet("opt_out_content", **opt_out(recorded_how=how))


def test_recording_together_is_never_open_for_opt_out() -> None:
    """A contract stands in only for goods or services for the principal; a blank is no fact."""
    assert not good("method_open", **opt_out(recorded_how="一括"))
    assert quiet("method_open", **opt_out(recorded_how="都度"))
    assert good("method_open", basis="同意", recorded_how="一括")
    assert good("method_open", basis="同意", recorded_how="契約書等で代替", for_principal="はい")
    assert good("method_open", basis="同意", recorded_how="契約書等で代替")
    assert not good("method_open", basis="同意", recorded_how="契約書等で代替", for_principal="いいえ")
    assert quiet("method_open", basis="委託", recorded_how="一括")


def test_an_exemption_by_interpretation_is_reasoned() -> None:
    """GLR 2-2."""
    assert good("exemption_reasoned", recorded_how="解釈により不要", reason="本人の依頼による振込")
    assert not good("exemption_reasoned", recorded_how="解釈により不要", reason="-")
    assert quiet("exemption_reasoned", recorded_how="都度")


CONSENT = {"basis": "同意"}
EACH = {**CONSENT, "recorded_how": "都度", "provided_on": "2023-03-30", "recorded_on": "2023-04-01"}
LAST = {**CONSENT, "provided_on": "2020-01-10", "recorded_on": "2020-01-10", "last_provided_on": "2024-02-29"}
TOGETHER, CONTRACT = {**LAST, "recorded_how": "一括"}, {**LAST, "recorded_how": "契約書等で代替"}


@pytest.mark.parametrize(
    ("cells", "due", "before", "after"),
    [
        (EACH, "2026-04-01", "2026-03-31", "2026-04-02"),
        ({**EACH, "recorded_how": ""}, "2026-04-01", "2026-03-31", "2026-04-02"),
        ({**EACH, "recorded_on": ""}, "2026-03-30", "2026-03-29", "2026-03-31"),
        (CONTRACT, "2025-02-28", "2025-02-27", "2025-03-01"),
        ({**TOGETHER, "last_provided_on": "2023-02-28"}, "2026-02-28", "2026-02-27", "2026-03-01"),
        ({**TOGETHER, "last_provided_on": ""}, "2023-01-10", "2023-01-09", "2023-01-11"),
    ],
)
def test_trap_14_records_are_kept_one_or_three_years_from_the_right_day(
    cells: dict[str, str], due: str, before: str, after: str
) -> None:
    """From the last provision for contracts (1) and records made together (3), else from making (3)."""
    assert good("kept_long_enough", **cells, kept_until=due)
    assert not good("kept_long_enough", **cells, kept_until=before)
    assert good("not_destroyed_early", **cells, destroyed_on=after)
    assert not good("not_destroyed_early", **cells, destroyed_on=due)


def test_a_failing_retention_says_until_when() -> None:
    """The day is a further word of the sentence."""
    found = outcome(f"{R}.kept_long_enough", rows(R, row(**TOGETHER, kept_until="2023-01-10")))
    assert found.state == "fail"
    assert found.words["due"].tolist() == [date(2027, 2, 28)]


def test_an_end_in_the_future_counts_and_a_planned_destruction_does_not() -> None:
    """The end of retention may lie ahead; destroying has not happened yet."""
    assert good("kept_long_enough", **{**TOGETHER, "kept_until": "2027-02-28"})
    assert quiet("not_destroyed_early", **{**TOGETHER, "destroyed_on": "2026-11-23"})
    assert not good("not_destroyed_early", **{**TOGETHER, "destroyed_on": "2026-11-22"})


@pytest.mark.parametrize(
    "cells",
    [
        {**EACH, "kept_until": "", "destroyed_on": ""},
        {
            **EACH,
            "provided_on": "",
            "recorded_on": "",
            "kept_until": "2020-01-01",
            "destroyed_on": "2020-01-01",
        },
        {**EACH, "basis": "委託", "kept_until": "2023-05-01", "destroyed_on": "2023-05-01"},
        {**EACH, "recorded_how": "未作成", "kept_until": "2023-05-01", "destroyed_on": "2023-05-01"},
        {**EACH, "recorded_how": "解釈により不要", "kept_until": "2023-05-01", "destroyed_on": "2023-05-01"},
    ],
)
def test_retention_is_not_judged_without_its_days_or_without_a_needed_record(cells: dict[str, str]) -> None:
    """No end, no starting day, no need of a record, or no record."""
    assert quiet("kept_long_enough", **cells)
    assert quiet("not_destroyed_early", **cells)


# ---- What exists on the day


def test_a_provision_after_the_assessment_date_does_not_exist_yet() -> None:
    """It is judged from its day on; one without a date is judged at once."""
    later = row(basis="根拠なし", provided_on="2026-11-23")
    assert quiet("has_ground", **later)
    assert not good("has_ground", date(2026, 11, 23), **later)
    assert not good("has_ground", basis="根拠なし")


def test_a_file_without_a_column_leaves_the_check_unrun() -> None:
    """The state names what is missing."""
    found = outcome(f"{R}.consent_content", rows(R, {"recipient": "甲社", "basis": "同意"}))
    assert found.state == "no_column"
    assert set(found.missing) == {"address", "representative", "principal", "items"}


@pytest.mark.parametrize(
    ("cells", "gates"),
    [
        ({"basis": "同意"}, {"G06"}),
        ({"basis": "同意", "country": "日本"}, {"G06"}),
        ({"basis": "オプトアウト"}, {"G07"}),
        ({"basis": "委託"}, {"G04"}),
        ({"basis": "委託", "country": "米国"}, {"G04", "G10"}),
        ({"basis": "共同利用"}, {"G08"}),
        ({"basis": "事業の承継"}, {"G09"}),
        ({"basis": "学術研究機関等としての共同研究"}, {"G21"}),
        ({"basis": "学術研究機関等への提供"}, set()),
        ({"basis": "法令", "special_care": "はい"}, {"G03"}),
        ({"country": "不明"}, set()),
        ({}, set()),
    ],
)
def test_rows_contradict_the_gates_they_speak_of(cells: dict[str, str], gates: set[str]) -> None:
    """Each ground has its own gate; a recipient abroad opens G10."""
    assert open_gates(rows(R, row(**cells))) == gates


def test_a_provision_whose_record_was_rightly_destroyed_opens_no_gate() -> None:
    """A gate stays open as long as records have to be kept."""
    assert open_gates(rows(R, row(**EACH, destroyed_on="2026-04-02"))) == set()
    assert open_gates(rows(R, row(**EACH, destroyed_on="2026-04-01"))) == {"G06"}
