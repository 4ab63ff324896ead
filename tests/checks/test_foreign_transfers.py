"""
Recipients abroad: every route of Art. 28, its conditions, and what Art. 28 does not speak about.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from appi_assess.checks import all_checks
from appi_assess.checks.foreign_transfers import routes
from tests.registers import DAY, blank, judged, open_gates, outcome, passes, rows, silent

R = "foreign_transfers"
RECIPIENT = {**blank(R), "recipient": "ハナ社", "started_on": "2023-04-01"}
CONSENT = {"country": "タイ", "route": "同意"}
CONTRACT = {"country": "ベトナム", "route": "契約"}
CBPR = {"country": "米国", "route": "CBPR"}
REFERABLE = {**CONTRACT, "referable_only": "はい"}
TOLD = {"informed_on": "2023-03-01", "information": "外国の名称、外国の制度、提供先の措置"}
OF_28 = tuple(
    c.id
    for c in all_checks()
    if c.register == R and any(s.startswith(("A27", "A28", "A29")) for s in c.serves)
)


def recipient(**cells: str) -> dict[str, str]:
    """A recipient with these cells."""
    return {**RECIPIENT, **cells}


def route(as_of: date = DAY, **cells: str) -> str:
    """The route of one recipient."""
    return str(routes(rows(R, recipient(**cells)), np.datetime64(as_of, "D"))[0])


def good(check: str, as_of: date = DAY, **cells: str) -> bool:
    """Whether a check passes one recipient; it must speak about it."""
    return passes(f"{R}.{check}", R, as_of, **recipient(**cells))


def quiet(check: str, **cells: str) -> bool:
    """Whether a check has nothing to say about one recipient."""
    return silent(f"{R}.{check}", R, **recipient(**cells))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"country": "ドイツ"}, "designated"),
        ({"country": "英国", "route": "同意"}, "designated"),
        ({"country": "ノルウェー", "route": "契約"}, "designated"),
        ({"country": "EU"}, "designated"),
        ({"country": "ベトナム", "route": "相当措置（契約等）"}, "equivalent"),
        ({"country": "米国", "route": "Global CBPR"}, "equivalent"),
        ({"country": "インド", "route": "識別不能データ", "relationship": "委託先"}, "equivalent"),
        ({"country": "インド", "route": "識別不能データ", "relationship": "グループ会社"}, "none"),
        ({"country": "タイ", "route": "法27条1項各号", "exception_item": "2号"}, "exception"),
        ({"country": "タイ", "route": "例外"}, "exception"),
        ({"country": "タイ", "route": "本人の同意"}, "consent"),
        ({"country": "タイ"}, "none"),
        ({"country": "タイ", "route": "N/A"}, "none"),
        ({"country": "日本", "route": "同意"}, "not_abroad"),
        ({"country": "米国", "relationship": "自社の海外拠点"}, "not_abroad"),
        ({"relationship": "海外支店"}, "not_abroad"),
        ({"country": "米国", "relationship": "日本で事業を行う外国法人"}, "not_abroad"),
        ({"country": ""}, "unknown"),
        ({"country": "不明", "route": "契約"}, "unknown"),
        ({"country": "不明", "route": "同意"}, "consent"),
        ({"country": "不明", "route": "例外", "exception_item": "1号"}, "exception"),
        ({"country": "不明", "route": "例外", "exception_item": "外国の法令"}, "unknown"),
        ({"country": "タイ", "route": "根拠なし"}, "none"),
    ],
)
def test_each_recipient_has_one_route(cells: dict[str, str], found: str) -> None:
    """The country comes first, then what the row says; nothing is guessed."""
    assert route(**cells) == found


@pytest.mark.parametrize("country", ["米国", "スイス", "韓国", "シンガポール"])
def test_trap_6_only_the_eea_and_the_uk_are_designated(country: str) -> None:
    """Calling another country designated is no route and fails Art. 28(1)."""
    assert route(country=country, route="同等水準国") == "none"
    assert not good("route_fits", country=country, route="同等水準国")


def test_designation_has_a_first_day() -> None:
    """On 22 January 2019 nobody was designated, on the 23rd the EEA and the UK were."""
    cells = {"country": "ドイツ", "started_on": "2018-01-01"}
    assert not good("route_fits", date(2019, 1, 22), **cells)
    assert good("route_fits", date(2019, 1, 23), **cells)


@pytest.mark.parametrize("relationship", ["委託先", "グループ会社", "共同利用", "その他", ""])
def test_trap_4_whoever_the_recipient_is_a_route_is_needed(relationship: str) -> None:
    """Entrustment and joint use do not help against Art. 28(1); a blank route fails it."""
    assert not good("route_fits", country="インド", relationship=relationship)
    assert good("route_fits", country="インド", relationship=relationship, route="契約")


def test_trap_5_the_country_of_a_server_is_not_asked() -> None:
    """The register knows one country only, and its help says whose."""
    columns = rows(R, RECIPIENT).register.columns
    (country,) = [c for c in columns if c.kind in ("country", "countries")]
    assert "サーバーの国ではない" in country.help.ja
    assert "not of its servers" in country.help.en


@pytest.mark.parametrize("country", ["", "不明", "海外", "?", "確認中"])
def test_a_country_that_is_not_known_is_never_japan(country: str) -> None:
    """It fails Art. 28(1), and no other check of Art. 28 guesses."""
    for written in ("", "同等水準国", "契約"):
        assert not good("country_known", country=country, route=written)
        assert quiet("route_fits", country=country, route=written)
    assert quiet("recipient_abroad", country=country)


def test_consent_may_be_given_where_the_country_cannot_be_named() -> None:
    """Rules Art. 17(3): the fact and the reason are told in the place of country and system."""
    cells = {"country": "不明", "route": "同意", "consent_on": "2023-04-01", "informed_on": "2023-03-01"}
    assert good("country_known", **cells)
    assert good("route_fits", **cells)
    assert not good("informed", **cells)
    told = {**cells, "information": "国名を特定できない旨、提供先の措置"}
    assert good("informed", **told)
    assert not good("reason_given", **told)
    assert good("reason_given", **told, reason_not_stated="提供先の国が未定。候補は3か国")


@pytest.mark.parametrize("relationship", ["自社の海外拠点", "日本で事業を行う外国法人"])
def test_trap_24_own_branches_and_foreign_companies_in_japan_are_not_judged(relationship: str) -> None:
    """No check of Arts 27 to 29 speaks about them; the user is told why."""
    cells = {"country": "シンガポール", "relationship": relationship, "route": "同意", "consent_abroad": "no"}
    for check in OF_28:
        assert silent(check, R, **recipient(**cells)), check
    assert not good("third_party_abroad", **cells)
    assert good("third_party_abroad", country="シンガポール", relationship="子会社")
    assert quiet("third_party_abroad", country="シンガポール")


def test_a_recipient_in_japan_is_told_and_not_judged() -> None:
    """Japan in this register informs only."""
    cells = {"country": "日本", "route": "CBPR", "certificate_valid_until": "2020-01-01"}
    assert not good("recipient_abroad", **cells)
    assert good("recipient_abroad", country="米国")
    assert good("country_known", **cells)
    for check in OF_28:
        if check != f"{R}.country_known":
            assert silent(check, R, **recipient(**cells)), check


def test_what_only_informs_serves_nothing() -> None:
    """Misplaced rows and cross-checks never lower a verdict."""
    for check in (
        "recipient_abroad", "third_party_abroad", "art_27_written", "no_open_request", "in_entrusted_parties",
    ):  # fmt: skip
        assert outcome(f"{R}.{check}", rows(R, RECIPIENT)).check.serves == ()


def test_trap_7_consent_has_no_yearly_check_and_equivalence_no_consent() -> None:
    """Each route brings its own duties and not those of the other."""
    assert quiet("yearly_check", **CONSENT)
    assert quiet("request_answered", **CONSENT, requested_on="2026-01-10", request_outcome="不提供")
    assert quiet("problem_corrected", **CONSENT, problem_on="2026-01-10")
    assert not good("informed", **CONSENT)
    for equivalent in (CONTRACT, CBPR):
        assert quiet("informed", **equivalent)
        assert quiet("consent_for_abroad", **equivalent, consent_abroad="no")
        assert not good("yearly_check", **equivalent)


def test_a_designated_country_needs_neither_consent_nor_a_yearly_check() -> None:
    """Also if the row calls its route consent or contract."""
    for written in ("同意", "契約", ""):
        cells = {"country": "フランス", "route": written}
        assert good("route_fits", **cells)
        for check in ("informed", "yearly_check", "contract_secures", "recorded"):
            assert quiet(check, **cells), check


@pytest.mark.parametrize(
    ("item", "fits"),
    [
        ("日本の法令", True),
        ("2号", True),
        ("学術研究", True),
        ("外国の法令", False),
        ("foreign subpoena", False),
    ],
)
def test_trap_23_foreign_law_is_no_exception(item: str, fits: bool) -> None:
    """It fails the named item of Art. 27(1) and leaves Art. 28 without a route."""
    cells = {"country": "米国", "route": "例外", "exception_item": item}
    assert good("law_is_japanese", **cells) is fits
    assert quiet("law_is_japanese", **cells, relationship="自社の海外拠点")
    assert good("route_fits", **cells) is fits


def test_an_item_that_is_not_written_is_not_held_against_the_row() -> None:
    """A prohibition fails on a stated fact, never on a blank."""
    cells = {"country": "米国", "route": "例外", "exception_item": "確認中"}
    assert quiet("law_is_japanese", **cells)
    assert good("route_fits", **cells)


@pytest.mark.parametrize("abroad", [{"country": "ドイツ"}, CONTRACT, CBPR])
def test_art_27_stays_where_the_country_or_the_system_opens_art_28(abroad: dict[str, str]) -> None:
    """Routes (a) and (b): a row without a ground under Art. 27 fails, a blank one is only pointed at."""
    assert not good("art_27_met", **abroad, art_27="根拠なし")
    assert good("art_27_met", **abroad, art_27="共同利用")
    assert quiet("art_27_met", **abroad, art_27="")
    assert not good("art_27_written", **abroad, relationship="グループ会社")
    assert good("art_27_written", **abroad, relationship="グループ会社", art_27="委託")
    assert quiet("art_27_written", **abroad, relationship="委託先")


def test_consent_under_art_28_needs_no_ground_under_art_27_beside_it() -> None:
    """Art. 28(1), second sentence."""
    assert quiet("art_27_met", **CONSENT, art_27="根拠なし")
    assert quiet("art_27_written", **CONSENT, relationship="グループ会社")


def test_consent_comes_before_provision() -> None:
    """On the first day is in time, a day later is not; no date is no fault (trap 28)."""
    assert good("consent_first", **CONSENT, consent_on="2023-04-01")
    assert not good("consent_first", **CONSENT, consent_on="2023-04-02")
    assert quiet("consent_first", **CONSENT, consent_on="N/A")
    assert quiet("consent_first", **CONSENT, consent_on="2023-04-02", started_on="")


@pytest.mark.parametrize(
    ("given", "complete"),
    [
        (TOLD, True),
        ({**TOLD, "informed_on": "令和5年4月1日"}, True),
        ({**TOLD, "informed_on": "令和5年4月2日"}, False),
        ({**TOLD, "informed_on": ""}, False),
        ({**TOLD, "informed_on": "未実施"}, False),
        ({**TOLD, "information": "外国の制度、提供先の措置"}, False),
        ({**TOLD, "information": "国名、提供先の措置"}, False),
        ({**TOLD, "information": "国名、制度"}, False),
        ({**TOLD, "information": "国名を特定できない旨、制度、措置を示せない旨"}, True),
        ({**TOLD, "information": ""}, False),
    ],
)
def test_the_three_heads_are_told_before_the_consent(given: dict[str, str], complete: bool) -> None:
    """Art. 28(2): country, system and measures, or that they cannot be stated; same day is in time."""
    assert good("informed", **CONSENT, consent_on="2023-04-01", **given) is complete


def test_information_without_a_day_of_consent_is_judged_by_itself() -> None:
    """The day of the consent need not be recorded."""
    assert good("informed", **CONSENT, **TOLD)


def test_a_consent_older_than_the_duty_is_not_asked_for_its_information() -> None:
    """Art. 28(2) began on 1 April 2022: both sides of the day."""
    bad = {
        **CONSENT,
        "started_on": "2022-05-01",
        "information": "外国の制度、措置を示せない旨",
        "given_by": "URLのみ",
    }
    for check in ("informed", "system_described", "reason_given", "surely_recognised"):
        assert quiet(check, **bad, consent_on="2022-03-31"), check
        assert quiet(check, **{**bad, "started_on": "2022-03-31"}), check
        assert not good(check, **{**bad, "started_on": "2022-04-01"}), check
        assert not good(check, **bad, consent_on="2022-04-01"), check
    assert not good("consent_covers", **bad, consent_on="2022-03-31")


@pytest.mark.parametrize(
    ("content", "complete"),
    [
        ("制度の有無、指標または相違点、その他の重大な制度", True),
        ("制度の有無、指標または相違点", False),
        ("制度の有無、その他の重大な制度", False),
        ("", False),
    ],
)
def test_the_information_on_the_system_has_three_parts(content: str, complete: bool) -> None:
    """GLF 5-2; where no system information was given at all, Art. 28(2) says so instead."""
    assert good("system_described", **CONSENT, **TOLD, system_content=content) is complete
    assert quiet("system_described", **CONSENT, information="国名", system_content=content)


@pytest.mark.parametrize("head", ["国名を特定できない旨", "措置を示せない旨"])
def test_what_cannot_be_stated_needs_a_reason(head: str) -> None:
    """Rules Art. 17(3) and (4)."""
    assert good("reason_given", **CONSENT, information=head, reason_not_stated="候補はタイとマレーシア")
    assert not good("reason_given", **CONSENT, information=head, reason_not_stated="ー")
    assert quiet("reason_given", **CONSENT, information="国名、制度、提供先の措置")


@pytest.mark.parametrize(
    ("check", "cells", "right", "wrong"),
    [
        ("consent_for_abroad", CONSENT, {"consent_abroad": "はい"}, {"consent_abroad": "いいえ"}),
        ("consent_covers", CONSENT, {"consent_covers": "はい"}, {"consent_covers": "いいえ"}),
        ("consent_covers", CONSENT, {"consent_covers": "はい"}, {"consent_covers": ""}),
        ("surely_recognised", CONSENT, {"given_by": "URL（閲覧を求める）"}, {"given_by": "URLのみ"}),
        (
            "contract_secures",
            CONTRACT,
            {"contract_on": "R2.3.1", "contract_secures": "○"},
            {"contract_on": "R2.3.1", "contract_secures": ""},
        ),
        (
            "contract_secures",
            CONTRACT,
            {"contract_on": "R2.3.1", "contract_secures": "○"},
            {"contract_on": "未", "contract_secures": "○"},
        ),
        (
            "certificate_checked",
            CBPR,
            {"certificate_scope": "済", "certificate_valid_until": "2027-02-28"},
            {"certificate_scope": "未", "certificate_valid_until": "2027-02-28"},
        ),
        (
            "certificate_checked",
            CBPR,
            {"certificate_scope": "済", "certificate_valid_until": "2020-02-28"},
            {"certificate_scope": "済", "certificate_valid_until": "不明"},
        ),
        (
            "certificate_valid",
            CBPR,
            {"certificate_valid_until": "2026-11-22"},
            {"certificate_valid_until": "2026-11-21"},
        ),
    ],
)
def test_each_condition_passes_and_fails(
    check: str, cells: dict[str, str], right: dict[str, str], wrong: dict[str, str]
) -> None:
    """Both sides of the conditions of each route; a certificate is good on its last day."""
    assert good(check, **cells, **right)
    assert not good(check, **cells, **wrong)


@pytest.mark.parametrize(
    ("check", "cells"),
    [
        ("consent_for_abroad", CONSENT),
        ("surely_recognised", CONSENT),
        ("certificate_valid", CBPR),
        ("contract_secures", CBPR),
        ("certificate_checked", CONTRACT),
    ],
)
def test_a_blank_and_another_route_are_not_held_against_a_row(check: str, cells: dict[str, str]) -> None:
    """Prohibitions and manners fail on facts; a contract needs no certificate and the reverse."""
    assert quiet(check, **cells)


@pytest.mark.parametrize(
    ("implementation", "system", "kept"),
    [
        ("2025-11-22", "2025-11-22", True),
        ("2025-11-21", "2025-11-22", False),
        ("2025-11-22", "2025-11-21", False),
        ("2026-04-01", "", False),
        ("", "2026-04-01", False),
        ("2026-11-23", "2026-04-01", False),
    ],
)
def test_both_halves_are_checked_about_once_a_year(implementation: str, system: str, kept: bool) -> None:
    """Rules Art. 18(1)(i): both sides of the year, and a check planned for later is none."""
    days = {"checked_on": implementation, "system_checked_on": system}
    assert good("yearly_check", **CONTRACT, **days) is kept
    assert good("yearly_check_referable", **REFERABLE, **days) is kept


def test_a_recipient_of_the_last_year_has_time_until_the_year_is_over() -> None:
    """Provision that began on 22 November 2025 is not late on 22 November 2026; a day earlier it is."""
    assert good("yearly_check", **CONTRACT, started_on="2025-11-22")
    assert not good("yearly_check", **CONTRACT, started_on="2025-11-21")


@pytest.mark.parametrize(
    ("cells", "met"),
    [
        ({"corrected_on": "2026-05-10"}, True),
        ({"corrected_on": "2026-05-09"}, False),
        ({"corrected_on": ""}, False),
        ({"ended_on": "2026-05-10"}, True),
        ({"ended_on": "2026-11-23"}, False),
    ],
)
def test_a_problem_is_met_by_a_step_or_a_stop(cells: dict[str, str], met: bool) -> None:
    """Rules Art. 18(1)(ii); an earlier step was about something else, and no day count is set."""
    assert good("problem_corrected", **CONTRACT, problem_on="2026-05-10", **cells) is met
    assert good("problem_corrected_referable", **REFERABLE, problem_on="2026-05-10", **cells) is met


def test_no_problem_is_no_case() -> None:
    """Nor is one that was found after provision had ended."""
    assert quiet("problem_corrected", **CONTRACT)
    assert quiet("problem_corrected", **CONTRACT, problem_on="2026-05-10", ended_on="2026-05-09")
    assert quiet("problem_corrected_referable", **REFERABLE)


def test_provision_stops_when_the_measures_can_no_longer_be_ensured() -> None:
    """Rules Art. 18(1)(ii), second half."""
    assert not good("stopped_if_difficult", **CONTRACT, hard_to_continue="はい")
    assert good("stopped_if_difficult", **CONTRACT, hard_to_continue="はい", ended_on="2026-09-30")
    assert quiet("stopped_if_difficult", **CONTRACT, hard_to_continue="いいえ")
    assert quiet("stopped_if_difficult", **CONTRACT)


def test_a_request_with_an_outcome_needs_an_answer() -> None:
    """Art. 28(3): withheld without a notice fails; the same day is without delay."""
    asked = {**CONTRACT, "requested_on": "2026-06-01"}
    assert not good("request_answered", **asked, request_outcome="不提供")
    assert good("request_answered", **asked, request_outcome="不提供", answered_on="2026-06-01")
    assert not good("request_answered", **asked, request_outcome="情報提供", answered_on="2026-05-31")
    assert good("request_answered", **asked, answered_on="2026-06-08")
    assert quiet("request_answered", **CONTRACT)


def test_trap_30_an_open_request_is_not_judged_by_days() -> None:
    """Without delay has no day count: the user is only told that it is open."""
    for day in ("2025-01-10", "2026-11-22"):
        asked = {**CONTRACT, "requested_on": day}
        assert quiet("request_answered", **asked)
        assert not good("no_open_request", **asked)
        assert good("no_open_request", **asked, answered_on="2026-11-22")
    assert quiet("no_open_request", **CONTRACT)


@pytest.mark.parametrize("relationship", ["委託先", "共同利用", "その他"])
def test_consent_is_recorded_also_for_entrustment_and_joint_use(relationship: str) -> None:
    """A28-12: on the consent route 27(5) does not exempt; a blank is no record."""
    assert not good("recorded", **CONSENT, relationship=relationship)
    assert not good("recorded", **CONSENT, relationship=relationship, recorded="いいえ")
    assert good("recorded", **CONSENT, relationship=relationship, recorded="はい")


@pytest.mark.parametrize("abroad", [{"country": "ドイツ"}, CONTRACT])
def test_other_routes_are_recorded_as_in_japan(abroad: dict[str, str]) -> None:
    """Consent and opt-out need a record; entrustment, joint use and the items of 27(1) do not."""
    for ground in ("同意", "オプトアウト"):
        assert not good("recorded", **abroad, art_27=ground)
        assert good("recorded", **abroad, art_27=ground, recorded="済")
    for ground in ("委託", "共同利用", "事業承継", "27条1項各号", ""):
        assert quiet("recorded", **abroad, art_27=ground), ground
    assert quiet("recorded", country="タイ", route="例外")


def test_a_record_in_the_register_of_provisions_counts_where_nothing_is_written() -> None:
    """One that is said not to be made does not, nor does it help against a stated no."""
    here = rows(
        R,
        recipient(**CONSENT),
        recipient(**CONSENT, recorded="いいえ"),
        recipient(**CONSENT, recorded="はい"),
    )
    provisions = {**blank("third_party_provisions"), "recipient": "ハナ社", "basis": "委託"}
    for how, fails in (("都度", [3]), ("未作成", [2, 3]), ("", [2, 3])):
        there = rows("third_party_provisions", {**provisions, "recorded_how": how})
        assert judged(f"{R}.recorded", here, there) == ([2, 3, 4], fails)


def test_a_record_is_asked_for_as_long_as_every_record_must_be_kept() -> None:
    """One year after the last provision a record may lawfully be gone."""
    assert not good("recorded", **CONSENT, ended_on="2025-11-22")
    assert quiet("recorded", **CONSENT, ended_on="2025-11-21")


@pytest.mark.parametrize("relationship", ["委託先", "自社の海外拠点"])
def test_the_external_environment_is_studied_where_data_is_handled_for_the_operator(
    relationship: str,
) -> None:
    """GL 10-7 and 3-8-1 hold for entrusted parties and own branches, designated countries included."""
    for country in ("シンガポール", "ドイツ", "不明"):
        cells = {"country": country, "relationship": relationship}
        assert not good("foreign_system_understood", **cells)
        assert good("foreign_system_understood", **cells, system_checked_on="2019-03-18")
        assert not good("country_accessible", **cells)
        assert good("country_accessible", **cells, country_published="はい")


@pytest.mark.parametrize(
    "relationship", ["グループ会社", "共同利用", "その他", "日本で事業を行う外国法人", ""]
)
def test_a_third_party_handles_the_data_for_itself(relationship: str) -> None:
    """There the external environment is not the operator's."""
    cells = {"country": "シンガポール", "relationship": relationship}
    assert quiet("foreign_system_understood", **cells)
    assert quiet("country_accessible", **cells)


def test_personally_referable_information_is_not_judged_by_art_28() -> None:
    """Art. 31(2) brings only the measures of 28(3), without information on request."""
    bad = {
        "country": "",
        "route": "CBPR",
        "certificate_valid_until": "2020-01-01",
        "hard_to_continue": "はい",
    }
    for cells in (bad, {**bad, "country": "米国"}, {"country": "タイ", "route": "同意"}, {"country": "タイ"}):
        row = recipient(**cells, referable_only="はい", requested_on="2026-01-10", request_outcome="不提供")
        for check in OF_28:
            assert silent(check, R, **row), check
    assert quiet("yearly_check", **REFERABLE)
    assert not good("yearly_check_referable", **REFERABLE)


def test_art_31_2_speaks_only_of_recipients_on_an_equivalent_system() -> None:
    """Not of personal data, consent or the EEA and UK."""
    assert quiet("yearly_check_referable", **CONTRACT)
    assert quiet("yearly_check_referable", **CONSENT, referable_only="はい")
    assert quiet("yearly_check_referable", country="ドイツ", route="契約", referable_only="はい")
    assert quiet("problem_corrected_referable", **CONTRACT, problem_on="2026-05-10")


def test_ended_provision_is_asked_only_for_records_and_what_happened() -> None:
    """Routes, consent, system and yearly checks speak of running provision."""
    for check in OF_28:
        cells = recipient(country="タイ", route="契約", ended_on="2024-03-31", consent_abroad="no")
        assert silent(check, R, **cells), check


def test_provision_that_begins_later_is_not_judged() -> None:
    """A recipient from the day after the assessment does not exist yet."""
    assert quiet("route_fits", country="タイ", started_on="2026-11-23")
    assert not good("route_fits", country="タイ", started_on="2026-11-22")


def test_an_entrusted_party_abroad_is_also_in_the_register_of_entrusted_parties() -> None:
    """The names are compared without width, case and legal form."""
    here = rows(
        R,
        recipient(recipient="Birch Inc.", relationship="委託先", country="米国"),
        recipient(recipient="Cedar Ltd.", relationship="委託先", country="米国"),
        recipient(recipient="Douglas Ltd.", relationship="グループ会社", country="米国"),
    )
    parties = rows("entrusted_parties", {"name": "ＢＩＲＣＨ"})
    assert judged(f"{R}.in_entrusted_parties", here, parties) == ([2, 3], [3])


@pytest.mark.parametrize(
    ("cells", "gates"),
    [
        ({"country": "ドイツ"}, {"G10"}),
        ({"country": "米国"}, {"G10"}),
        ({"country": "不明"}, set()),
        ({"country": "日本"}, set()),
        ({"country": "米国", "relationship": "委託先"}, {"G04", "G10", "G11"}),
        ({"country": "不明", "relationship": "委託先"}, {"G04"}),
        ({"country": "米国", "relationship": "自社の海外拠点"}, {"G11"}),
        ({"country": "米国", "relationship": "日本で事業を行う外国法人"}, set()),
        ({"country": "米国", "relationship": "共同利用"}, {"G08", "G10"}),
        ({**CONSENT, "relationship": "その他"}, {"G06", "G10"}),
        ({**CONSENT, "relationship": "委託先"}, {"G04", "G10", "G11"}),
        ({"country": "ドイツ", "art_27": "同意"}, {"G06", "G10"}),
        ({"country": "ドイツ", "art_27": "オプトアウト"}, {"G07", "G10"}),
        ({"country": "ドイツ", "art_27": "事業承継"}, {"G09", "G10"}),
        ({"country": "ドイツ", "art_27": "委託"}, {"G04", "G10"}),
        ({"country": "ドイツ", "ended_on": "2025-11-22"}, {"G10"}),
        ({"country": "ドイツ", "ended_on": "2025-11-21"}, set()),
        ({"country": "米国", "relationship": "委託先", "referable_only": "はい"}, set()),
    ],
)
def test_rows_contradict_the_gates_they_speak_of(cells: dict[str, str], gates: set[str]) -> None:
    """A third party abroad contradicts G10; the row's other facts contradict their gates."""
    assert open_gates(rows(R, recipient(**cells))) == gates


def test_a_file_with_few_columns_is_judged_by_what_it_has() -> None:
    """Recipient, country and route suffice for Art. 28(1); what lacks a column does not run."""
    few = rows(R, {"recipient": "ハナ社", "country": "タイ", "route": "同意"})
    assert judged(f"{R}.route_fits", few) == ([2], [])
    assert outcome(f"{R}.yearly_check", few).state == "no_column"


def test_an_empty_register_has_no_routes() -> None:
    """No rows, no result."""
    none = rows(R, RECIPIENT)
    nothing = none.only(none.numbers < 0)
    assert routes(nothing, np.datetime64(DAY, "D")).tolist() == []
    assert outcome(f"{R}.route_fits", nothing).state == "no_rows"
