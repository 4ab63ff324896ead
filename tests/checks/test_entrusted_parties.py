"""
Entrusted parties: Art. 25 and every row of the decision table for parties abroad and clouds.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from appi_assess.checks.entrusted_parties import cases, supervised
from tests.registers import DAY, blank, judged, open_gates, passes, rows, silent

R = "entrusted_parties"
DAY64 = np.datetime64(DAY, "D")
PARTY = {**blank(R), "name": "ミナモ社", "started_on": "2020-04-01"}


def party(**cells: str) -> dict[str, str]:
    """A party with these cells."""
    return {**PARTY, **cells}


def case(as_of: date = DAY, **cells: str) -> str:
    """The case of the decision table for one party."""
    return str(cases(rows(R, party(**cells)), np.datetime64(as_of, "D"))[0])


def is_supervised(**cells: str) -> bool:
    """Whether Art. 25 applies to one party."""
    return bool(supervised(rows(R, party(**cells)), DAY64)[0])


def test_row_1_a_party_in_japan_is_supervised_and_needs_no_route() -> None:
    """Art. 25 yes, Art. 28 no; servers abroad bring the external environment only."""
    cells = party(country="日本", server_countries="シンガポール")
    assert case(country="日本") == "japan"
    assert is_supervised(country="日本")
    assert silent(f"{R}.route_fits", R, **cells)
    assert not passes(f"{R}.foreign_system_understood", R, **cells)


def test_row_2_an_own_branch_abroad_is_no_third_party() -> None:
    """Same legal person: neither Art. 25 nor 28, but 10-7 and the country accessible."""
    cells = party(kind="自社の海外拠点", country="米国")
    assert case(kind="自社の海外拠点", country="米国") == "own_branch"
    assert not is_supervised(kind="自社の海外拠点", country="米国")
    assert silent(f"{R}.route_fits", R, **cells)
    assert not passes(f"{R}.foreign_system_understood", R, **cells)
    assert not passes(f"{R}.foreign_country_accessible", R, **cells)
    assert open_gates(rows(R, cells)) == {"G11"}


def test_row_3_a_foreign_company_doing_business_in_japan_is_not_abroad() -> None:
    """GLF 2-2: supervised, but no Art. 28."""
    cells = party(country="米国", business_in_japan="はい")
    assert case(country="米国", business_in_japan="はい") == "foreign_in_japan"
    assert is_supervised(country="米国", business_in_japan="はい")
    assert silent(f"{R}.route_fits", R, **cells)
    assert open_gates(rows(R, cells)) == {"G04"}
    assert case(country="不明", business_in_japan="はい") == "foreign_in_japan"


def test_a_foreign_company_doing_business_in_japan_goes_by_where_it_handles_the_data() -> None:
    """GL 10-7 asks only if it handles the data abroad, which its servers show."""
    here = party(country="米国", business_in_japan="はい", server_countries="日本")
    for check in ("foreign_system_understood", "foreign_country_accessible"):
        assert silent(f"{R}.{check}", R, **here)
        assert not passes(f"{R}.{check}", R, **{**here, "server_countries": "日本、米国"})


@pytest.mark.parametrize("country", ["ドイツ", "英国", "Norway", "EU"])
def test_row_4_a_party_in_the_eea_or_the_uk_needs_no_consent_and_no_yearly_check(country: str) -> None:
    """A designated country is a route of its own; only 10-7 and the country accessible remain."""
    cells = party(country=country)
    assert case(country=country) == "designated"
    assert is_supervised(country=country)
    assert passes(f"{R}.route_fits", R, **cells)
    assert silent(f"{R}.yearly_check", R, **cells)
    assert not passes(f"{R}.foreign_system_understood", R, **cells)


@pytest.mark.parametrize("route", ["相当措置（契約等）", "CBPR"])
def test_row_5_equivalent_measures_need_no_consent_but_a_yearly_check(route: str) -> None:
    """Art. 28(3): both sides of the year."""
    assert case(country="ベトナム", route=route) == "equivalent"
    cells = party(country="ベトナム", route=route)
    assert passes(f"{R}.route_fits", R, **cells)
    assert silent(f"{R}.informed_consent", R, **cells)
    assert passes(f"{R}.yearly_check", R, **{**cells, "checked_on": "2025-11-22"})
    assert not passes(f"{R}.yearly_check", R, **{**cells, "checked_on": "2025-11-21"})
    assert not passes(f"{R}.yearly_check", R, **cells)


def test_row_6_without_a_system_consent_with_information_is_needed() -> None:
    """Art. 28(1), (2): no route fails decisively; consent wants its information, but no yearly check."""
    assert case(country="米国") == "no_system"
    assert not passes(f"{R}.route_fits", R, **party(country="米国"))
    assert not passes(f"{R}.route_fits", R, **party(country="米国", route="根拠なし"))
    consent = party(country="米国", route="同意", started_on="2022-04-01")
    assert passes(f"{R}.route_fits", R, **consent)
    assert not passes(f"{R}.informed_consent", R, **consent)
    assert passes(f"{R}.informed_consent", R, **{**consent, "informed_on": "2024-05-01"})
    assert silent(f"{R}.informed_consent", R, **{**consent, "started_on": "2022-03-31"})
    assert silent(f"{R}.yearly_check", R, **consent)
    assert passes(f"{R}.route_fits", R, **party(country="米国", route="法27条1項各号"))


def test_row_7_a_cloud_that_does_not_handle_the_data_is_not_entrusted() -> None:
    """Only where the contract says so and access is controlled; then 10-7 for both countries."""
    cells = party(
        kind="クラウド",
        country="米国",
        handles_content="いいえ",
        contract_bars_access="はい",
        access_controlled="はい",
    )
    assert cases(rows(R, cells), DAY64)[0] == "cloud_not_handling"
    assert not supervised(rows(R, cells), DAY64)[0]
    assert silent(f"{R}.route_fits", R, **cells)
    assert passes(f"{R}.not_handling_shown", R, **cells)
    assert not passes(f"{R}.foreign_country_accessible", R, **cells)


@pytest.mark.parametrize("missing", ["contract_bars_access", "access_controlled"])
def test_a_contract_that_is_silent_on_access_is_not_enough(missing: str) -> None:
    """Without clause or control the cloud is treated as entrusted, by its country."""
    cells = party(
        kind="クラウド",
        country="米国",
        handles_content="いいえ",
        contract_bars_access="はい",
        access_controlled="はい",
    )
    cells[missing] = ""
    assert cases(rows(R, cells), DAY64)[0] == "no_system"
    assert not passes(f"{R}.not_handling_shown", R, **cells)
    assert not passes(f"{R}.route_fits", R, **cells)


def test_row_8_a_cloud_that_handles_the_data_goes_by_the_providers_country() -> None:
    """Even if the server is in Japan."""
    cells = party(kind="クラウド", country="米国", server_countries="日本", handles_content="はい")
    assert cases(rows(R, cells), DAY64)[0] == "no_system"
    assert supervised(rows(R, cells), DAY64)[0]
    assert not passes(f"{R}.route_fits", R, **cells)


def test_the_servers_country_never_decides_art_28() -> None:
    """A Japanese provider with servers in the US needs no route."""
    cells = party(kind="クラウド", country="日本", server_countries="米国", handles_content="はい")
    assert cases(rows(R, cells), DAY64)[0] == "japan"


def test_row_9_unidentifiable_data_with_a_ban_on_restoring_counts_as_equivalent() -> None:
    """Q&A 12-8: Art. 28(3) still applies; without the ban it does not count."""
    cells = party(country="インド", identifiable="いいえ", restoring_barred="はい")
    assert cases(rows(R, cells), DAY64)[0] == "not_identifiable"
    assert passes(f"{R}.route_fits", R, **cells)
    assert not passes(f"{R}.yearly_check", R, **cells)
    assert case(country="インド", identifiable="いいえ") == "no_system"


@pytest.mark.parametrize("route", ["同意", "法27条1項各号"])
def test_unidentifiable_data_that_rests_on_consent_or_an_exception_has_no_yearly_check(route: str) -> None:
    """GLF 6: Art. 28(3) follows the route that is taken."""
    cells = party(country="インド", identifiable="いいえ", restoring_barred="はい", route=route)
    assert cases(rows(R, cells), DAY64)[0] == "no_system"
    assert passes(f"{R}.route_fits", R, **cells)
    assert silent(f"{R}.yearly_check", R, **cells)


@pytest.mark.parametrize("country", ["不明", "海外"])
def test_a_country_that_is_not_known_is_never_japan(country: str) -> None:
    """It fails Art. 28(1) decisively and asks for the country."""
    assert case(country=country) == "undecided"
    assert not passes(f"{R}.country_known", R, **party(country=country))
    assert not passes(f"{R}.country_known", R, **party(country=country, route="契約"))


def test_a_blank_country_only_informs() -> None:
    """It says nothing of a party abroad and so breaks no prohibition, but it is not taken as Japan."""
    assert case(country="") == "undecided"
    assert silent(f"{R}.country_known", R, **party(country=""))
    assert not passes(f"{R}.country_written", R, **party(country=""))
    assert passes(f"{R}.country_written", R, **party(country="日本"))


def test_consent_and_exceptions_hold_where_the_country_is_not_known() -> None:
    """Rules Art. 17(3) lets consent be given without it; the information is asked for all the same."""
    cells = party(country="不明", route="同意", started_on="2024-04-01")
    assert passes(f"{R}.country_known", R, **cells)
    assert not passes(f"{R}.informed_consent", R, **cells)
    assert passes(f"{R}.country_known", R, **party(country="不明", route="法27条1項各号"))


def test_a_blank_route_may_stand_in_the_register_of_foreign_transfers() -> None:
    """An open route of the same party there is a route; none, an ended one or a stated misfit is not."""
    parties = rows(
        R, party(name="Aster", country="米国"), party(name="Birch", country="米国", route="指定国")
    )
    for cells, fails in (
        ({"route": "契約"}, [3]),
        ({"route": "同意"}, [3]),
        ({"route": ""}, [2, 3]),
        ({"route": "契約", "ended_on": "2026-01-31"}, [2, 3]),
    ):
        kept = {**blank("foreign_transfers"), "country": "米国", **cells}
        there = rows("foreign_transfers", {**kept, "recipient": "Aster Inc."}, {**kept, "recipient": "Birch"})
        assert judged(f"{R}.route_fits", parties, there) == ([2, 3], fails)
    assert judged(f"{R}.route_fits", parties) == ([2, 3], [2, 3])


def test_a_blank_yearly_check_is_judged_where_its_days_are_kept() -> None:
    """The register of foreign transfers holds both halves; a day that is written here counts here."""
    cells = {"country": "米国", "route": "契約"}
    parties = rows(R, party(name="Aster", **cells), party(name="Birch", checked_on="2025-11-21", **cells))
    kept = {**blank("foreign_transfers"), **cells}
    there = rows("foreign_transfers", {**kept, "recipient": "Aster"}, {**kept, "recipient": "Birch"})
    assert judged(f"{R}.yearly_check", parties, there) == ([3], [3])
    assert judged("foreign_transfers.yearly_check", parties, there) == ([2, 3], [2, 3])
    assert judged(f"{R}.yearly_check", parties) == ([2, 3], [2, 3])


def test_calling_a_country_designated_does_not_make_it_so() -> None:
    """The United States and Switzerland are not designated."""
    for country in ("米国", "スイス"):
        cells = party(country=country, route="同等水準国")
        assert cases(rows(R, cells), DAY64)[0] == "no_system"
        assert not passes(f"{R}.route_fits", R, **cells)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("listed", {"work": "印刷", "data": "氏名"}, {"work": "印刷", "data": "N/A"}),
        ("needed_only", {"needed_only": "はい"}, {"needed_only": "いいえ"}),
        ("no_own_use", {"own_use": "いいえ"}, {"own_use": "はい"}),
        ("selection_before_start", {"selected_on": "2020-04-01"}, {"selected_on": "2020-04-02"}),
        ("selection_before_start", {"selected_on": "2020-03-01"}, {"selected_on": ""}),
        (
            "contract_concluded",
            {"contract_on": "2020-03-01", "clause_security": "あり"},
            {"contract_on": "2020-03-01", "clause_security": "なし"},
        ),
        ("reports_clause", {"clause_reports": "有"}, {"clause_reports": "無"}),
        ("instructed", {"instructed_on": "R2.4.1"}, {"instructed_on": "未実施"}),
        ("reviewed_within_a_year", {"reviewed_on": "2025-11-22"}, {"reviewed_on": "2025-11-21"}),
        ("reviewed_within_a_year", {"started_on": "2025-11-22"}, {"started_on": "2025-11-21"}),
        (
            "re_entrustment_approved",
            {"re_entrusts": "はい", "re_entrustee": "乙社", "re_entrustment_approved_on": "2021-01-05"},
            {"re_entrusts": "はい", "re_entrustee": "乙社"},
        ),
        ("re_entrustment_clause", {"clause_re_entrustment": "○"}, {"clause_re_entrustment": "×"}),
        (
            "re_entrustment_looked_for",
            {"re_entrustment_checked_on": "2025-11-22"},
            {"re_entrustment_checked_on": "2025-11-21"},
        ),
        ("breach_clause", {"clause_breach": "yes"}, {"clause_breach": "no"}),
        ("return_clause", {"clause_return": "yes"}, {"clause_return": ""}),
        (
            "erased_with_proof",
            {"ended_on": "2026-03-31", "erased_on": "2026-04-02", "certificate": "済"},
            {"ended_on": "2026-03-31", "erased_on": "2026-04-02", "certificate": "未"},
        ),
        ("country_known", {"country": "日本"}, {"country": "確認中"}),
        ("foreign_system_understood", {"country_sheet_on": "2026-01-10"}, {"country_sheet_on": ""}),
        ("foreign_country_accessible", {"country_published": "はい"}, {"country_published": "いいえ"}),
    ],
)
def test_each_heading_passes_and_fails(check: str, good: dict[str, str], bad: dict[str, str]) -> None:
    """Both sides of each rule of Art. 25 and 10-7."""
    abroad = {"country": "米国"} if check.startswith("foreign") else {}
    assert passes(f"{R}.{check}", R, **party(**abroad, **good))
    assert not passes(f"{R}.{check}", R, **party(**abroad, **bad))


def test_what_lies_after_the_assessment_date_has_not_happened() -> None:
    """A review planned for later is no review."""
    assert not passes(f"{R}.reviewed_within_a_year", R, **party(reviewed_on="2026-11-23"))
    assert passes(f"{R}.reviewed_within_a_year", R, date(2026, 11, 23), **party(reviewed_on="2026-11-23"))


def test_an_ended_entrustment_is_asked_only_for_return_or_erasure() -> None:
    """Selection and proof remain; clauses and reviews are no longer asked."""
    cells = party(country="日本", ended_on="2025-03-31")
    assert silent(f"{R}.reviewed_within_a_year", R, **cells)
    assert not passes(f"{R}.erased_with_proof", R, **cells)


def test_a_party_abroad_must_be_in_the_register_of_foreign_transfers() -> None:
    """The names are compared without width, case and legal form."""
    parties = rows(R, party(name="Aster GmbH", country="ドイツ"), party(name="Birch Inc.", country="米国"))
    transfers = rows("foreign_transfers", {"recipient": "ＡＳＴＥＲ ＧｍｂＨ", "country": "ドイツ"})
    assert judged(f"{R}.in_foreign_transfers", parties, transfers) == ([2, 3], [3])


def test_rows_contradict_the_gates_they_speak_of() -> None:
    """An entrusted party contradicts G04, one abroad G10 and G11."""
    assert open_gates(rows(R, party(country="日本"))) == {"G04"}
    assert open_gates(rows(R, party(country="米国"))) == {"G04", "G10", "G11"}
    assert open_gates(rows(R, party(country="日本", server_countries="米国"))) == {"G04", "G11"}
