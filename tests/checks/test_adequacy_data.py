"""
Data received on adequacy: whom the Supplementary Rules bind, and each rule both ways.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from appi_assess.checks import all_checks
from appi_assess.checks.adequacy_data import bound
from appi_assess.countries import country_name
from appi_assess.tables import table
from tests.registers import DAY, blank, judged, open_gates, outcome, passes, rows, silent

R = "adequacy_data"
DAY64 = np.datetime64(DAY, "D")
DATA = {
    **blank(R),
    "name": "修理データ",
    "origin": "ドイツ",
    "received_on": "2026-08-14",
    "tool": "十分性認定",
}
RECORDED = {
    "provider": "ドイツの子会社",
    "provider_confirmed": "はい",
    "acquired_how": "修理の申込み",
    "original_purpose": "修理と保証の対応",
}
ONWARD = {"onward_to": "修理受付センター", "onward_country": "ベトナム"}
BAD = {
    "used_outside": "はい", "purpose_within": "いいえ", "special_categories": "労働組合", "special_basis": "同意なし",
    "pseudonymised": "はい", "statistical_only": "いいえ", "anonymised": "はい", "rights_from_first_day": "いいえ",
    "rules_prevail": "いいえ", **ONWARD, "onward_route": "CBPR",
}  # fmt: skip
OF_THE_RULES = tuple(
    c.id for c in all_checks() if c.register == R and c.serves and not set(c.serves) <= {"EUK-12"}
)


def data(**cells: str) -> dict[str, str]:
    """A data set on adequacy from Germany with these cells."""
    return {**DATA, **cells}


def good(check: str, as_of: date = DAY, **cells: str) -> bool:
    """Whether a check passes one data set; it must speak about it."""
    return passes(f"{R}.{check}", R, as_of, **data(**cells))


def quiet(check: str, **cells: str) -> bool:
    """Whether a check has nothing to say about one data set."""
    return silent(f"{R}.{check}", R, **data(**cells))


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, True),
        ({"origin": "英国"}, True),
        ({"origin": "アイスランド"}, True),
        ({"origin": "EU"}, True),
        ({"received": "国内経由"}, True),
        ({"tool": ""}, True),
        ({"tool": "不明"}, True),
        ({"origin": "", "tool": ""}, True),
        ({"origin": "不明", "tool": ""}, True),
        ({"origin": "日本"}, True),
        ({"origin": "日本", "tool": ""}, False),
        ({"origin": "スイス", "tool": ""}, False),
        ({"tool": "SCC"}, False),
        ({"tool": "本人から直接取得"}, False),
        ({"tool": "その他"}, False),
        ({"erased_on": "2026-11-22"}, False),
        ({"erased_on": "2026-11-23"}, True),
    ],
)
def test_trap_22_the_rules_bind_data_on_adequacy_only(cells: dict[str, str], found: bool) -> None:
    """Not SCC, not direct collection, not all data about Europeans; what cannot be told apart is bound."""
    assert bound(rows(R, data(**cells)).happened_by(DAY64), DAY64).tolist() == [found]


@pytest.mark.parametrize("tool", ["SCC", "本人から直接取得", "その他"])
def test_data_under_another_tool_is_asked_nothing_by_the_rules(tool: str) -> None:
    """Whatever else the row says."""
    for check in OF_THE_RULES:
        assert silent(check, R, **data(**BAD, tool=tool)), check


def test_erased_data_is_no_longer_asked_about() -> None:
    """The rules hold from receipt to erasure."""
    for check in OF_THE_RULES:
        assert silent(check, R, **data(**BAD, erased_on="2026-10-31")), check
    assert quiet("tool_known", tool="", erased_on="2026-10-31")
    assert quiet("kept_apart", kept_apart="いいえ", erased_on="2026-10-31")


def test_a_data_set_that_comes_later_is_not_judged() -> None:
    """Received on the day counts, received on the day after does not exist yet."""
    assert not good("tagged", received_on="2026-11-22")
    assert quiet("tagged", received_on="2026-11-23")


@pytest.mark.parametrize("origin", ["ドイツ", "英国", "UK", "ノルウェー", "EU", ""])
def test_data_from_the_uk_is_as_bound_as_data_from_the_eea(origin: str) -> None:
    """A tag for one of them only is not enough; a blank is no tag."""
    assert not good("tagged", origin=origin)
    assert not good("tagged", origin=origin, tagged="いいえ")
    assert good("tagged", origin=origin, tagged="はい")


def test_an_origin_outside_the_eea_and_the_uk_is_pointed_at() -> None:
    """It informs only; an origin that is not known is not guessed."""
    for origin in ("スイス", "米国", "日本"):
        assert not good("origin_fits", origin=origin)
    assert good("origin_fits", origin="英国")
    assert quiet("origin_fits", origin="不明")
    assert quiet("origin_fits", origin="")


@pytest.mark.parametrize(
    ("received", "check", "other"),
    [
        ("", "purpose_recorded", "purpose_recorded_second_hand"),
        ("EU・英国から直接", "purpose_recorded", "purpose_recorded_second_hand"),
        ("国内の他の事業者から", "purpose_recorded_second_hand", "purpose_recorded"),
    ],
)
def test_provider_history_and_purpose_are_recorded_at_receipt(received: str, check: str, other: str) -> None:
    """Rule (2), directly and second-hand; each part that lacks fails it."""
    assert good(check, received=received, **RECORDED)
    assert quiet(other, received=received)
    for part in RECORDED:
        for nothing in ("", "確認中"):
            assert not good(check, received=received, **{**RECORDED, part: nothing}), part


def test_the_tool_of_every_data_set_is_known() -> None:
    """Good practice: without it data under other tools cannot be told apart."""
    assert good("tool_known")
    assert good("tool_known", tool="SCC")
    assert not good("tool_known", tool="")
    assert not good("tool_known", tool="確認中")


@pytest.mark.parametrize("tool", ["十分性認定", "SCC"])
def test_data_of_different_tools_is_kept_apart(tool: str) -> None:
    """From both sides; a blank is not held against the row."""
    assert good("kept_apart", tool=tool, kept_apart="はい")
    assert not good("kept_apart", tool=tool, kept_apart="いいえ")
    assert quiet("kept_apart", tool=tool)


@pytest.mark.parametrize(
    ("check", "base", "right", "wrong"),
    [
        ("purpose_within", {}, {"purpose_within": "はい"}, {"purpose_within": "いいえ"}),
        ("used_within", {}, {"used_outside": "いいえ"}, {"used_outside": "はい"}),
        (
            "special_acquired",
            {"special_categories": "性生活、労働組合"},
            {"special_basis": "提供者が得た同意"},
            {"special_basis": "同意なし"},
        ),
        (
            "statistics_only",
            {"pseudonymised": "はい"},
            {"statistical_only": "はい"},
            {"statistical_only": "いいえ"},
        ),
        ("rights_answered", {}, {"rights_from_first_day": "はい"}, {"rights_from_first_day": "いいえ"}),
        ("special_rules_prevail", {}, {"rules_prevail": "はい"}, {"rules_prevail": "いいえ"}),
        (
            "consent_informed",
            {**ONWARD, "onward_route": "同意"},
            {"onward_informed": "はい"},
            {"onward_informed": "いいえ"},
        ),
    ],
)
def test_what_is_prohibited_fails_on_a_fact_and_never_on_a_blank(
    check: str, base: dict[str, str], right: dict[str, str], wrong: dict[str, str]
) -> None:
    """Both sides, and nothing is said where the row says nothing."""
    (judged_column,) = right
    assert good(check, **base, **right)
    assert not good(check, **base, **wrong)
    assert quiet(check, **base)
    assert quiet(check, **base, **{judged_column: "確認中"})


@pytest.mark.parametrize("category", ["性生活", "性的指向", "労働組合", "union membership"])
def test_three_more_categories_are_special_care_required(category: str) -> None:
    """Rule (1); a blank is no flag."""
    assert good("special_handled", special_categories=category, special_handled="はい")
    assert not good("special_handled", special_categories=category)
    assert good("special_acquired", special_categories=category, special_basis="例外")


def test_data_without_these_categories_is_not_asked_about_them() -> None:
    """Written as none, or blank."""
    for written in ("なし", "None", ""):
        assert quiet("special_handled", special_categories=written)
        assert quiet("special_acquired", special_categories=written, special_basis="同意なし")


def test_an_anonymised_set_needs_the_deletion_on_record() -> None:
    """Rule (5): a day, and not one to come."""
    assert good("method_deleted", anonymised="はい", method_deleted_on="R8.9.30")
    assert not good("method_deleted", anonymised="はい")
    assert not good("method_deleted", anonymised="はい", method_deleted_on="2026-11-23")
    assert quiet("method_deleted", anonymised="いいえ")
    assert quiet("statistics_only", pseudonymised="いいえ", statistical_only="いいえ")


@pytest.mark.parametrize(
    ("cells", "fits"),
    [
        ({"onward_route": "同意"}, True),
        ({"onward_route": "契約", "names_rules": "はい"}, True),
        ({"onward_route": "契約", "names_rules": ""}, True),
        ({"onward_route": "契約", "names_rules": "いいえ"}, False),
        ({"onward_route": "法27条1項各号"}, True),
        ({"onward_route": "外国の法令"}, False),
        ({"onward_route": "同等水準国"}, False),
        ({"onward_route": "同等水準国", "onward_country": "米国"}, False),
        ({"onward_route": "外国の法令", "onward_country": "不明"}, False),
        ({"onward_route": "同意", "onward_country": "不明"}, True),
    ],
)
def test_onward_transfer_needs_a_ground_of_rule_3(cells: dict[str, str], fits: bool) -> None:
    """Traps 5, 6 and 23: the recipient's country decides, the US is not designated, foreign law is no law."""
    assert good("onward_ground", **{**ONWARD, **cells}) is fits


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"onward_route": "N/A"},
        {"onward_country": "米国"},
        {"onward_country": "不明"},
        {"onward_country": ""},
        {"onward_to": ""},
    ],
)
def test_a_blank_onward_route_is_told_but_breaks_nothing_by_itself(cells: dict[str, str]) -> None:
    """A prohibition is broken only by a stated fact."""
    assert quiet("onward_ground", **{**ONWARD, **cells})
    assert not good("onward_route_written", **{**ONWARD, **cells})
    assert good("onward_route_written", **{**ONWARD, "onward_route": "同意"})


@pytest.mark.parametrize("country", ["", "不明"])
def test_designated_beside_a_country_not_known_is_not_judged(country: str) -> None:
    """It may well be in the EEA or the UK."""
    assert quiet("onward_ground", onward_to="乙社", onward_country=country, onward_route="同等水準国")


def test_cbpr_alone_is_not_enough_for_onward_transfer() -> None:
    """It opens Art. 28 but, as understood, not rule (3); said once and with care."""
    assert not good("not_cbpr_alone", **ONWARD, onward_route="CBPR")
    assert good("not_cbpr_alone", **ONWARD, onward_route="契約")
    assert quiet("not_cbpr_alone", **ONWARD)
    assert quiet("onward_ground", **ONWARD, onward_route="CBPR")
    said = outcome(f"{R}.not_cbpr_alone", rows(R, DATA)).check.fails
    assert "と解されます" in said.ja
    assert "understood" in said.en


@pytest.mark.parametrize("cells", [{}, {"names_rules": "いいえ"}])
def test_an_arrangement_names_the_rules(cells: dict[str, str]) -> None:
    """The Act alone is not the level; other grounds need no arrangement."""
    assert not good("arrangement_names_rules", **ONWARD, onward_route="グループ内規程", **cells)
    assert good("arrangement_names_rules", **ONWARD, onward_route="契約", names_rules="はい")
    assert quiet("arrangement_names_rules", **ONWARD, onward_route="同意", **cells)


@pytest.mark.parametrize("cells", [{"onward_country": "ドイツ"}, {"onward_country": "英国", "onward_route": "CBPR"},
                                   {"onward_country": "EU"}, {"onward_country": "日本"}])  # fmt: skip
def test_onward_transfer_to_the_eea_the_uk_or_within_japan_is_free_of_rule_3(cells: dict[str, str]) -> None:
    """A designated country is an exception of rule (3); Japan is not abroad."""
    for check in ("onward_ground", "not_cbpr_alone", "consent_informed", "arrangement_names_rules"):
        assert quiet(check, onward_to="乙社", onward_informed="いいえ", **cells), check


def test_no_onward_transfer_is_no_case() -> None:
    """Blank, not applicable, or only an unknown country."""
    for cells in ({}, {"onward_to": "該当なし", "onward_route": "なし"}, {"onward_country": "不明"}):
        assert quiet("onward_ground", **cells)


def test_every_designated_country_counts_as_origin_and_as_onward_country() -> None:
    """The Rules and Rules Art. 15 name the same states: 31 of them and a state of the EEA not named."""
    codes = {code for row in table("countries")["designated"] for code in row["codes"]}
    sets = rows(R, *[data(origin=country_name(c, "ja"), onward_country=country_name(c, "ja")) for c in codes])
    assert judged(f"{R}.origin_fits", sets) == ([*range(2, len(codes) + 2)], [])
    assert judged(f"{R}.onward_ground", sets) == ([], [])


def test_onward_recipients_are_in_the_register_of_foreign_transfers() -> None:
    """Compared by name; a recipient in Japan or without a name is not looked for."""
    sets = rows(
        R,
        data(onward_to="Elm K.K.", onward_country="米国"),
        data(onward_to="Fir Ltd.", onward_country="不明"),
        data(onward_to="Gum Ltd.", onward_country="日本"),
        data(onward_country="米国"),
    )
    transfers = rows("foreign_transfers", {"recipient": "ＥＬＭ K.K.", "country": "米国"})
    assert judged(f"{R}.in_foreign_transfers", sets, transfers) == ([2, 3], [3])


def test_a_certificate_that_carries_the_other_register_is_pointed_at() -> None:
    """CBPR alone there fails; beside a contract, or already said here, it does not."""
    sets = rows(
        R,
        data(onward_to="Elm", onward_country="米国", onward_route="契約"),
        data(onward_to="Fir", onward_country="米国", onward_route="契約"),
        data(onward_to="Gum", onward_country="米国", onward_route="CBPR"),
        data(onward_to="Hop", onward_country="米国", onward_route="契約"),
        data(onward_to="Elm", onward_country="ドイツ"),
    )
    transfers = rows(
        "foreign_transfers",
        {"recipient": "Elm", "country": "米国", "route": "CBPR"},
        {"recipient": "Elm", "country": "米国", "route": ""},
        {"recipient": "Fir", "country": "米国", "route": "CBPR"},
        {"recipient": "Fir", "country": "米国", "route": "契約"},
        {"recipient": "Gum", "country": "米国", "route": "CBPR"},
    )
    assert judged(f"{R}.not_cbpr_in_foreign_transfers", sets, transfers) == ([2, 3], [2])


def test_what_only_informs_serves_nothing() -> None:
    """Misplaced rows and cross-checks never lower a verdict."""
    for check in ("origin_fits", "in_foreign_transfers", "not_cbpr_in_foreign_transfers"):
        assert outcome(f"{R}.{check}", rows(R, DATA)).check.serves == ()


@pytest.mark.parametrize(
    ("cells", "gates"),
    [
        ({}, {"G18"}),
        ({"tool": "SCC"}, set()),
        ({"erased_on": "2026-10-31", **ONWARD}, set()),
        (ONWARD, {"G10", "G18"}),
        ({**ONWARD, "tool": "SCC"}, {"G10"}),
        ({"onward_to": "乙社", "onward_country": "ドイツ"}, {"G10", "G18"}),
        ({"onward_to": "乙社", "onward_country": "日本"}, {"G18"}),
        ({"onward_to": "乙社", "onward_country": "不明"}, {"G18"}),
        ({"special_categories": "性的指向"}, {"G03", "G18"}),
        ({"special_categories": "性的指向", "tool": "SCC"}, set()),
        ({"pseudonymised": "はい"}, {"G15", "G18"}),
        ({"anonymised": "はい", "pseudonymised": "いいえ"}, {"G16", "G18"}),
    ],
)
def test_rows_contradict_the_gates_they_speak_of(cells: dict[str, str], gates: set[str]) -> None:
    """Bound data contradicts G18, onward transfer abroad G10, and its other facts their gates."""
    assert open_gates(rows(R, data(**cells))) == gates
