"""Joint uses: the five heads before sharing, the range, changes, and what is really entrustment."""

from __future__ import annotations

from datetime import date

import pytest

from appi_assess.checks import all_checks
from appi_assess.checks.joint_uses import users
from tests.registers import blank, judged, open_gates, outcome, passes, rows, silent

R = "joint_uses"
HEADS = {
    "items": "氏名、連絡先",
    "users": "空守サービス株式会社",
    "purposes": "製品の保守",
    "responsible": "空守計器株式会社",
    "responsible_address": "東京都見本区1-2-3",
    "responsible_representative": "見本 太郎",
}
USE = {**blank(R), **HEADS, "name": "グループ保守", "announced_on": "2025-03-01", "started_on": "2025-04-01"}


def use(**cells: str) -> dict[str, str]:
    """A joint use with these cells."""
    return {**USE, **cells}


def test_trap_16_all_heads_are_needed_the_representatives_name_included() -> None:
    """Art. 27(5)(iii): any one missing fails."""
    check = f"{R}.five_heads"
    assert passes(check, R, **use())
    for head in HEADS:
        assert not passes(check, R, **use(**{head: ""}))
        assert not passes(check, R, **use(**{head: "未定"}))


def test_a_responsible_party_that_is_no_company_has_no_representative() -> None:
    """Only a company's representative has to be named."""
    assert passes(f"{R}.five_heads", R, **use(responsible_representative="個人"))


@pytest.mark.parametrize(
    ("announced", "started", "good"),
    [
        ("2025-03-31", "2025-04-01", True),
        ("令和7年4月1日", "2025/4/1", True),
        ("2025-04-02", "2025-04-01", False),
        ("", "2025-04-01", False),
        ("2025-04-01", "", True),
        ("", "", False),
        ("2022-04-01", "2010-04-01", True),
        ("2022-04-02", "2010-04-01", False),
    ],
)
def test_trap_16_the_heads_are_made_known_before_sharing(announced: str, started: str, *, good: bool) -> None:
    """On the day itself at the latest; what was shared before April 2022 had until the heads became law."""
    cells = use(announced_on=announced, started_on=started)
    assert passes(f"{R}.announced_before_sharing", R, **cells) is good


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        ("range_clear", {"range_clear": "はい"}, {"range_clear": "いいえ"}),
        (
            "not_widened",
            {"widened_on": "2026-04-01", "widened_consent": "有"},
            {"widened_on": "2026-04-01", "widened_consent": ""},
        ),
        (
            "details_made_known",
            {"details_changed_on": "2026-06-25", "details_announced_on": "2026-08-31"},
            {"details_changed_on": "2026-06-25", "details_announced_on": "未了"},
        ),
        (
            "replacement_made_known_before",
            {"replaced_on": "2026-04-01", "replaced_announced_on": "2026-04-01"},
            {"replaced_on": "2026-04-01", "replaced_announced_on": "2026-04-02"},
        ),
        (
            "replacement_made_known_before",
            {"replaced_on": "2026-04-01", "replaced_announced_on": "2026-03-01"},
            {"replaced_on": "2026-04-01", "replaced_announced_on": ""},
        ),
        (
            "held_data_within_purpose",
            {"held_before": "はい", "within_purpose": "はい"},
            {"held_before": "はい", "within_purpose": "いいえ"},
        ),
        ("users_agreed", {"agreed_on": "2025-03-15"}, {"agreed_on": ""}),
        ("kept_accurate", {"kept_accurate": "○"}, {"kept_accurate": "×"}),
        ("not_relabelled", {"relabelled": "いいえ"}, {"relabelled": "はい"}),
    ],
)
def test_each_rule_has_two_sides(check: str, good: dict[str, str], bad: dict[str, str]) -> None:
    """What keeps the rule passes, what breaks it fails."""
    assert passes(f"{R}.{check}", R, **use(**good))
    assert not passes(f"{R}.{check}", R, **use(**bad))


@pytest.mark.parametrize(
    ("check", "cells"),
    [
        ("range_clear", {"range_clear": "確認中"}),
        ("not_widened", {"widened_on": "", "widened_consent": "いいえ"}),
        ("details_made_known", {}),
        ("replacement_made_known_before", {"replaced_announced_on": "2026-04-01"}),
        ("held_data_within_purpose", {"held_before": "はい", "within_purpose": ""}),
        ("held_data_within_purpose", {"held_before": "いいえ", "within_purpose": "いいえ"}),
        ("kept_accurate", {"kept_accurate": "N/A"}),
        ("not_relabelled", {"relabelled": ""}),
    ],
)
def test_a_row_that_tells_nothing_is_not_judged(check: str, cells: dict[str, str]) -> None:
    """Blank, not known and not concerned are no ground for a finding."""
    assert silent(f"{R}.{check}", R, **use(**cells))


def test_trap_8_keeping_shared_data_accurate_is_best_effort() -> None:
    """Art. 22 is never called a breach."""
    check = outcome(f"{R}.kept_accurate", rows(R, use())).check
    assert "努力義務" in check.fails.ja
    assert "best-effort" in check.fails.en


def test_a_change_without_delay_is_not_counted_in_days() -> None:
    """Art. 27(6): made known two years later is no failure of this check."""
    cells = use(details_changed_on="2024-06-25", details_announced_on="2026-06-25")
    assert passes(f"{R}.details_made_known", R, **cells)


def test_an_ended_joint_use_is_no_longer_judged_and_contradicts_no_gate() -> None:
    """From the day on which it ended."""
    cells = {"ended_on": "2026-03-31", "items": "", "countries": "米国", "range_clear": "いいえ"}
    changes = {"widened_on": "2026-01-05", "details_changed_on": "2026-01-05", "replaced_on": "2026-01-05"}
    states = {
        "held_before": "はい",
        "within_purpose": "いいえ",
        "kept_accurate": "いいえ",
        "relabelled": "はい",
    }
    kept = rows(R, use(**cells, **changes, **states))
    others = (
        rows("entrusted_parties", {"name": "空守サービス", "work": "修理"}),
        rows("foreign_transfers", {"recipient": "別の社", "country": "米国"}),
    )
    for check in all_checks():
        if check.register == R:
            assert judged(check.id, kept, *others) == ([], [])
    assert open_gates(kept) == set()


def test_a_joint_use_that_has_not_begun_is_not_judged_yet() -> None:
    """Sharing planned for tomorrow may still get its notice today."""
    kept = rows(R, use(started_on="2026-11-23", announced_on=""))
    assert judged(f"{R}.announced_before_sharing", kept) == ([], [])
    assert judged(f"{R}.announced_before_sharing", kept, as_of=date(2026, 11, 23)) == ([2], [2])


def test_users_are_told_apart_by_commas_and_semicolons() -> None:
    """Names are compared without width, case and legal form."""
    kept = rows(R, use(users="空守サービス㈱、Ａｓｔｅｒ Ｉｎｃ．；当社グループ会社"))
    assert users(kept) == {"空守サービス", "aster", "当社グループ会社"}


def test_a_user_that_is_also_an_entrusted_party_is_pointed_out() -> None:
    """It may be both for different work, so no requirement is served; a row that was looked at passes."""
    check = f"{R}.users_not_entrusted"
    parties = rows("entrusted_parties", {"name": "空守サービス株式会社", "work": "修理受付"})
    kept = rows(R, use(users="空守サービス㈱、別の会社"), use(users="別の会社"), use(relabelled="いいえ"))
    assert judged(check, kept, parties) == ([2, 3, 4], [2])
    assert judged(check, rows(R, use(users="")), parties) == ([], [])
    assert outcome(check, kept, parties).check.serves == ()
    assert outcome(check, kept).state == "no_other_register"


def test_trap_4_a_joint_user_abroad_needs_a_route_too() -> None:
    """Art. 28 applies to joint use; the register of foreign transfers has to know the user."""
    transfers = rows("foreign_transfers", {"recipient": "Aster Inc.", "country": "米国"})
    kept = rows(
        R,
        use(users="空守サービス；ASTER INC", countries="日本、米国"),
        use(users="Birch GmbH", countries="ドイツ"),
        use(countries="日本"),
        use(countries="不明"),
    )
    assert judged(f"{R}.in_foreign_transfers", kept, transfers) == ([2, 3], [3])


def test_rows_contradict_the_gates_they_speak_of() -> None:
    """A joint use G08, a user abroad G10, an entrusted party under another name G04."""
    assert open_gates(rows(R, use())) == {"G08"}
    assert open_gates(rows(R, use(countries="日本、タイ"))) == {"G08", "G10"}
    assert open_gates(rows(R, use(countries="不明"))) == {"G08"}
    assert open_gates(rows(R, use(relabelled="はい"))) == {"G04", "G08"}
