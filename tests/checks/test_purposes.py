"""Purposes of use: Arts 17-22 and Art. 32(1)(ii), the wording of purposes, and the gates."""

from __future__ import annotations

from datetime import date

import pytest

from appi_assess.checks import all_checks
from appi_assess.checks.purposes import vague_parts
from tests.registers import blank, judged, open_gates, outcome, passes, rows, silent

R = "purposes"
CATEGORY = {**blank(R), "name": "会員情報"}


def category(**cells: str) -> dict[str, str]:
    """A category of personal information with these cells."""
    return {**CATEGORY, **cells}


@pytest.mark.parametrize(
    "purpose",
    [
        "事業活動に用いるため",
        "マーケティング活動に用いるため",
        "サービスの向上のため",
        "当社の事業活動およびマーケティング活動のため。",
        "サービスの改善、その他これらに付随する業務のため",
        "その他の目的",
        "その他",
        "improving our services",
        "For business activities; marketing purposes and other purposes related to the above.",
    ],
)
def test_a_purpose_of_vague_phrases_alone_is_not_specified(purpose: str) -> None:
    """GL 3-1-1 notes 1 and 2: such phrases alone do not say which business uses what for."""
    assert not passes(f"{R}.purpose_concrete", R, **category(purpose=purpose))


@pytest.mark.parametrize(
    "purpose",
    [
        "商品の発送のため",
        "計測器の校正サービスの改善のため",
        "購入履歴を分析し、おすすめの計測器を案内するため",
        "商品の発送、サービスの向上のため",
        "受注、配送、その他これらに関連する目的のため",
        "その他の問合せへの対応",
        "業務連絡",
        "採用選考",
        "improving the calibration service from repair records",
        "Research and development of flow meters",
        "taking orders and sending goods; other purposes related to the above",
    ],
)
def test_a_purpose_that_says_what_for_passes(purpose: str) -> None:
    """A phrase with a what or a for whom, or with a concrete purpose beside it, is no failure."""
    assert passes(f"{R}.purpose_concrete", R, **category(purpose=purpose))


def test_the_finding_points_at_the_vague_phrase() -> None:
    """The phrase itself is what the sentence quotes."""
    assert vague_parts("商品の発送、サービスの向上のため、その他") == (("サービスの向上のため",), False)
    kept = rows(R, category(purpose="商品の発送"), category(purpose="当社の事業活動のため"))
    found = outcome(f"{R}.purpose_concrete", kept)
    assert found.words["vague"].tolist() == ["", "当社の事業活動のため"]


def test_a_catch_all_beside_good_purposes_only_informs() -> None:
    """The law does not forbid it, so no requirement is served."""
    check = f"{R}.no_catch_all"
    assert not passes(check, R, **category(purpose="受注、その他これらに関連する目的のため"))
    assert passes(check, R, **category(purpose="受注、配送のため"))
    assert silent(check, R, **category(purpose="サービスの向上のため"))
    assert outcome(check, rows(R, category(purpose="受注"))).check.serves == ()


WRITTEN = {"sources": "本人（書面・画面）"}
SENSITIVE = {"sensitive": "はい"}


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("purpose_specified", {"purpose": "採用選考"}, {"purpose": "未定"}),
        (
            "analysis_described",
            {"analysed": "はい", "analysis_described": "はい"},
            {"analysed": "はい", "analysis_described": ""},
        ),
        (
            "third_party_stated",
            {"third_party_planned": "有", "third_party_stated": "有"},
            {"third_party_planned": "有", "third_party_stated": "無"},
        ),
        ("handling_visible", {"department": "人事部"}, {"department": "", "items": "―"}),
        ("compared_within_a_year", {"compared_on": "2025-11-22"}, {"compared_on": "2025-11-21"}),
        ("compared_within_a_year", {"compared_on": "令和8年6月30日"}, {"compared_on": ""}),
        (
            "within_purpose",
            {"beyond_purpose": "はい", "beyond_basis": "事前の同意"},
            {"beyond_purpose": "はい", "beyond_basis": "外国の法令"},
        ),
        (
            "beyond_basis_written",
            {"beyond_purpose": "はい", "beyond_basis": "根拠なし"},
            {"beyond_purpose": "はい", "beyond_basis": "確認中"},
        ),
        (
            "within_purpose",
            {"beyond_purpose": "はい", "beyond_basis": "2号"},
            {"beyond_purpose": "はい", "beyond_basis": "根拠なし"},
        ),
        (
            "difficulty_noted",
            {"beyond_purpose": "はい", "beyond_basis": "3号", "difficulty_noted": "連絡先が不明"},
            {"beyond_purpose": "はい", "beyond_basis": "3号"},
        ),
        (
            "predecessor_purpose_kept",
            {"inherited": "はい", "predecessor_purpose_kept": "はい"},
            {"inherited": "はい", "predecessor_purpose_kept": "いいえ"},
        ),
        ("no_improper_use", {"improper_risk": "いいえ"}, {"improper_risk": "はい"}),
        (
            "screened",
            {"changed_on": "2026-04-01", "screened_on": "2026-04-01"},
            {"changed_on": "2026-04-01", "screened_on": "2026-04-02"},
        ),
        (
            "screened",
            {"analysed": "はい", "screened_on": "2026-04-01"},
            {"third_party_planned": "はい", "screened_on": ""},
        ),
        ("origin_beyond_doubt", {"doubtful_origin": "いいえ"}, {"doubtful_origin": "はい"}),
        (
            "sensitive_with_consent",
            {**SENSITIVE, "sensitive_basis": "本人の同意"},
            {**SENSITIVE, "sensitive_basis": "根拠なし"},
        ),
        (
            "sensitive_with_consent",
            {**SENSITIVE, **WRITTEN, "sensitive_basis": "本人からの直接の提出"},
            {**SENSITIVE, "sources": "第三者", "sensitive_basis": "本人からの直接の提出"},
        ),
        (
            "sensitive_exception_named",
            {**SENSITIVE, "sensitive_basis": "8号"},
            {**SENSITIVE, "sensitive_basis": "それ以外の者による公開"},
        ),
        (
            "sensitive_not_from_the_internet",
            {**SENSITIVE, "sources": "インターネット", "sensitive_basis": "7号"},
            {**SENSITIVE, "sources": "インターネット", "sensitive_basis": "それ以外の者による公開"},
        ),
        (
            "sensitive_not_from_the_internet",
            {**SENSITIVE, "sources": "書面、インターネット", "sensitive_basis": "根拠なし"},
            {**SENSITIVE, "sources": "インターネット", "sensitive_basis": "根拠なし"},
        ),
        ("sensitive_basis_written", {**SENSITIVE, "sensitive_basis": "同意"}, SENSITIVE),
        ("made_known", {"announced_on": "R8.4.1"}, {"announced_on": ""}),
        ("made_known", {"silence_ground": "4号"}, {"silence_ground": "緊急"}),
        ("made_known", {**WRITTEN, "indicated": "はい"}, {"sources": "書面、第三者", "indicated": "はい"}),
        ("made_known", {"sources": "書面、口頭", "indicated": "はい"}, {"sources": "口頭", "indicated": ""}),
        ("silence_has_ground", {"silence_ground": "2号"}, {"silence_ground": "緊急"}),
        ("shown_before_submission", {**WRITTEN, "indicated": "はい"}, {**WRITTEN, "indicated": ""}),
        (
            "made_known_after_emergency",
            {"silence_ground": "緊急", "announced_on": "2026-05-01"},
            {"silence_ground": "緊急", "announced_on": ""},
        ),
        (
            "accessible",
            {"retained": "はい", "announced_on": "2026-04-01"},
            {"retained": "はい", "announced_on": "2026-04-01", "accessible": "いいえ"},
        ),
        ("accessible", {"retained": "はい", "accessible": "はい"}, {"retained": "はい", "accessible": ""}),
        (
            "change_related",
            {"changed_on": "2026-04-01", "change_basis": "同意を取得"},
            {"changed_on": "2026-04-01", "change_basis": "関連性も同意もなし"},
        ),
        (
            "change_made_known",
            {"changed_on": "2026-04-01", "change_announced_on": "2026-03-01"},
            {"changed_on": "2026-04-01", "change_announced_on": ""},
        ),
        ("retention_period_set", {"retention_period": "5年"}, {"retention_period": "未定"}),
        ("erased_after_period", {"period_ends_on": "2026-11-21", "erased_on": "2026-11-22"}, {"period_ends_on": "2026-11-21"}),
        (
            "erased_after_period",
            {"period_ends_on": "2025-03-31", "kept_longer_because": "法令の定める7年の保存"},
            {"period_ends_on": "2025-03-31", "kept_longer_because": "なし"},
        ),
        (
            "typical_end_covered",
            {"typical_end": "採用選考の終了", "retention_period": "選考終了から6か月"},
            {"typical_end": "懸賞品等の発送完了", "retention_period": ""},
        ),
    ],
)  # fmt: skip
def test_each_rule_has_two_sides(check: str, good: dict[str, str], bad: dict[str, str]) -> None:
    """What keeps the rule passes, what breaks it fails."""
    assert passes(f"{R}.{check}", R, **category(**good))
    assert not passes(f"{R}.{check}", R, **category(**bad))


@pytest.mark.parametrize(
    ("check", "cells"),
    [
        ("purpose_concrete", {"purpose": ""}),
        ("analysis_described", {"analysed": ""}),
        ("third_party_stated", {"third_party_planned": "いいえ"}),
        ("within_purpose", {"beyond_purpose": "N/A", "beyond_basis": "根拠なし"}),
        ("within_purpose", {"beyond_purpose": "はい", "beyond_basis": ""}),
        ("exception_named", {"beyond_purpose": "はい", "beyond_basis": "同意"}),
        ("exception_named", {"beyond_purpose": "はい", "beyond_basis": ""}),
        ("difficulty_noted", {"beyond_purpose": "はい", "beyond_basis": "法令"}),
        ("predecessor_purpose_kept", {"inherited": "はい", "predecessor_purpose_kept": "不明"}),
        ("no_improper_use", {"improper_risk": ""}),
        ("screened", {"analysed": "いいえ", "third_party_planned": ""}),
        ("origin_beyond_doubt", {"doubtful_origin": "確認中"}),
        ("sensitive_with_consent", {"sensitive": "はい", "sensitive_basis": ""}),
        ("sensitive_with_consent", {"sensitive": "いいえ", "sensitive_basis": "根拠なし"}),
        ("sensitive_exception_named", {"sensitive": "はい", "sensitive_basis": "本人の同意"}),
        ("sensitive_not_from_the_internet", {"sensitive": "はい", "sources": "第三者", "sensitive_basis": "根拠なし"}),
        ("shown_before_submission", {"sources": "口頭"}),
        ("shown_before_submission", {"sources": "書面", "silence_ground": "緊急"}),
        ("silence_has_ground", {"indicated": "はい"}),
        ("accessible", {"retained": "はい", "silence_ground": "1号"}),
        ("change_related", {"changed_on": "2026-04-01", "change_basis": ""}),
        ("change_made_known", {"changed_on": "2026-04-01", "silence_ground": "3号"}),
        ("typical_end_covered", {"typical_end": "その他"}),
    ],
)  # fmt: skip
def test_a_row_that_tells_nothing_is_not_judged(check: str, cells: dict[str, str]) -> None:
    """Blank, not known and not concerned are no ground for a finding."""
    assert silent(f"{R}.{check}", R, **category(**cells))


def test_trap_9_art_17_is_a_duty_although_no_recommendation_is_possible() -> None:
    """A category without a purpose fails A17-1."""
    found = outcome(f"{R}.purpose_specified", rows(R, category()))
    assert (found.state, found.check.serves) == ("fail", ("A17-1",))


def test_trap_8_erasure_is_best_effort_and_says_so() -> None:
    """Art. 22 is never called a breach."""
    for name in ("retention_period_set", "erased_after_period"):
        found = outcome(f"{R}.{name}", rows(R, category()))
        assert "努力義務" in found.check.fails.ja
        assert "best-effort" in found.check.fails.en


@pytest.mark.parametrize(
    ("ends", "over"), [("2026-11-21", True), ("2026-11-22", False), ("2027-03-31", False)]
)
def test_a_period_lasts_through_its_last_day(ends: str, *, over: bool) -> None:
    """Only from the day after is erasure asked."""
    cells = category(period_ends_on=ends)
    check = f"{R}.erased_after_period"
    assert not passes(check, R, **cells) if over else silent(check, R, **cells)


@pytest.mark.parametrize("basis", ["外国の法令", "海外の法令"])
def test_trap_23_a_foreign_law_is_no_exception(basis: str) -> None:
    """Laws in Arts 18(3) and 20(2) are those of Japan."""
    beyond = category(beyond_purpose="はい", beyond_basis=basis)
    sensitive = category(sensitive="はい", sensitive_basis=basis)
    for check, cells in (
        ("within_purpose", beyond),
        ("exception_named", beyond),
        ("sensitive_with_consent", sensitive),
        ("sensitive_exception_named", sensitive),
    ):
        assert not passes(f"{R}.{check}", R, **cells)
    assert passes(f"{R}.exception_named", R, **category(beyond_purpose="はい", beyond_basis="法令"))
    assert passes(f"{R}.sensitive_exception_named", R, **category(sensitive="はい", sensitive_basis="法令"))


@pytest.mark.parametrize("retained", ["いいえ", ""])
def test_trap_29_only_retained_personal_data_has_to_be_made_accessible(retained: str) -> None:
    """Data handled for a client is not asked under Art. 32."""
    assert silent(f"{R}.accessible", R, **category(retained=retained, accessible="いいえ"))


def test_an_obvious_purpose_must_be_accessible_all_the_same() -> None:
    """Item (iv) of Art. 21(4) is no exception under Art. 32(1)(ii)."""
    assert not passes(f"{R}.accessible", R, **category(retained="はい", silence_ground="4号"))


def test_accessible_purposes_say_that_third_parties_receive_the_data() -> None:
    """Art. 32(1)(ii), GL 3-8-1 note 3."""
    cells = category(retained="はい", accessible="はい", third_party_planned="はい")
    assert passes(f"{R}.accessible", R, **cells)
    assert not passes(f"{R}.accessible", R, **{**cells, "third_party_stated": "いいえ"})


@pytest.mark.parametrize(
    ("items", "principals", "recognised"),
    [
        ("氏名、健康診断の結果", "従業者", False),
        ("name, health-check results", "staff", False),
        ("氏名、給与（健康診断の結果を除く）", "従業者", None),
        ("氏名、給与", "従業者", None),
        ("健康診断の結果", "顧客", None),
        ("氏名、定期健診の受診日と結果", "従業者", False),
        ("name; medical history", "staff", False),
        ("氏名、健康診断の受診日", "従業者", None),
        ("ストレスチェックの受検状況", "従業者", None),
        ("name, health check date", "staff", None),
        ("medical insurance number", "staff", None),
        ("病歴、健診の予約日", "従業者", False),
    ],
)
def test_health_data_of_staff_is_recognised_as_special_care_required(
    items: str, principals: str, *, recognised: bool | None
) -> None:
    """GL 2-3: results, not the fact of a check-up; looked for among the items, only for employees."""
    cells = category(items=items, principals=principals)
    check = f"{R}.staff_health_recognised"
    if recognised is None:
        assert silent(check, R, **cells)
    else:
        assert not passes(check, R, **cells)
        assert passes(check, R, **{**cells, "sensitive": "○"})


def test_a_category_erased_as_a_whole_is_no_longer_judged() -> None:
    """Only its erasure is still looked at, and it contradicts no gate."""
    cells = category(
        erased_on="2026-03-31",
        purpose="事業活動",
        sources="書面、インターネット",
        principals="従業者",
        items="健康診断の結果",
        sensitive="はい",
        sensitive_basis="根拠なし",
        retained="はい",
        analysed="はい",
        third_party_planned="はい",
        beyond_purpose="はい",
        beyond_basis="3号",
        inherited="はい",
        predecessor_purpose_kept="いいえ",
        improper_risk="はい",
        doubtful_origin="はい",
        changed_on="2026-01-05",
        change_basis="関連性も同意もなし",
        typical_end="退会",
    )
    kept = rows(R, cells)
    for check in all_checks():
        if check.register == R and check.id != f"{R}.erased_after_period":
            assert judged(check.id, kept) == ([], [])
    assert open_gates(kept) == set()


def test_what_lies_after_the_assessment_date_has_not_happened() -> None:
    """An announcement planned for tomorrow does not count today."""
    cells = category(announced_on="2026-11-23")
    assert not passes(f"{R}.made_known", R, **cells)
    assert passes(f"{R}.made_known", R, date(2026, 11, 23), **cells)


def test_rows_contradict_the_gates_they_speak_of() -> None:
    """Retained data G01 and G25, forms G02, sensitive data G03, a business taken over G09."""
    assert open_gates(rows(R, category())) == set()
    assert open_gates(rows(R, category(retained="はい"))) == {"G01", "G25"}
    assert open_gates(rows(R, category(sources="フォーム、口頭"))) == {"G02"}
    assert open_gates(rows(R, category(sensitive="はい"))) == {"G03"}
    assert open_gates(rows(R, category(inherited="はい"))) == {"G09"}
