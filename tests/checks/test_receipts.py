"""
Receipts from third parties: Art. 30, the recipient's side of Art. 31, Art. 20 and the Supplementary Rules.
"""

from __future__ import annotations

from datetime import date

import pytest

from appi_assess import law
from appi_assess.checks import all_checks
from appi_assess.registers import register
from tests.registers import DAY, blank, judged, open_gates, outcome, passes, rows, silent

R = "receipts"
BLANK = {**blank(R), "provider": "ホシナミ社"}
PROVIDER = {"address": "東京都架空区1-1", "representative": "架空 一郎"}
FULL = {**PROVIDER, "acquired_how": "来場者が入力", "principal": "来場者一覧 V-1", "items": "氏名"}
REFERABLE = {"data_kind": "個人関連情報"}
COOKIES = {**REFERABLE, **PROVIDER, "principal": "会員 M-1", "items": "閲覧履歴", "consent": "はい"}
ADEQUACY = {**PROVIDER, "acquired_how": "保証登録", "original_purpose": "修理と保証の対応"}


def row(**cells: str) -> dict[str, str]:
    """A receipt with these cells and nothing else."""
    return {**BLANK, **cells}


def good(check: str, as_of: date = DAY, **cells: str) -> bool:
    """Whether a check passes one receipt; it must speak about it."""
    return passes(f"{R}.{check}", R, as_of, **row(**cells))


def quiet(check: str, as_of: date = DAY, **cells: str) -> bool:
    """Whether a check has nothing to say about one receipt."""
    return silent(f"{R}.{check}", R, as_of, **row(**cells))


def test_every_check_serves_the_catalogue_and_stands_under_a_head() -> None:
    """Ids exist, columns exist, and no head stays empty."""
    known, kept = {r.id for r in law.all_requirements()}, register(R)
    checks = [c for c in all_checks() if c.register == R]
    assert {i for c in checks for i in c.serves} <= known
    assert {c.head for c in checks} == set(kept.heads)
    for c in checks:
        assert {kept.column(name).name for name in c.needs} == set(c.needs)


# ---- Confirmation and record of personal data


def test_particulars_are_confirmed() -> None:
    """A blank is not confirmed."""
    assert good("provider_confirmed", basis="同意", particulars_confirmed="済")
    assert not good("provider_confirmed", basis="同意", particulars_confirmed="不明")
    assert not good("provider_confirmed", basis="オプトアウト", particulars_confirmed="いいえ")


@pytest.mark.parametrize(
    ("how", "by", "expected"),
    [
        ("来場者が入力", "契約書", True),
        ("来場者が入力", "画面の写し", True),
        ("来場者が入力", "保証条項のみ", False),
        ("来場者が入力", "口頭", False),
        ("来場者が入力", "", False),
        ("不明", "契約書", False),
    ],
)
def test_how_the_provider_acquired_it_is_confirmed_by_documents(how: str, by: str, expected: bool) -> None:
    """Word of mouth or a mere warranty shows no source."""
    assert good("acquisition_confirmed", basis="同意", acquired_how=how, confirmed_by=by) is expected


@pytest.mark.parametrize(
    "cells",
    [
        {"basis": "法27条1項各号"},
        {"basis": "委託"},
        {"basis": "事業の承継"},
        {"basis": "共同利用"},
        {"basis": "解釈により対象外"},
        {"basis": "同意", "provider_kind": "地方公共団体"},
        {"basis": "同意", "outcome": "受領せず"},
        {"basis": "同意", "outcome": "保留"},
        {"basis": ""},
    ],
)
def test_art_30_does_not_cover_every_receipt(cells: dict[str, str]) -> None:
    """27(1) items, 27(5), public bodies, what was not taken, and what has no ground written."""
    for check in ("provider_confirmed", "acquisition_confirmed", "record_made", "consent_content"):
        assert quiet(check, **cells)


def test_a_blank_ground_is_told() -> None:
    """It only informs; cookie-type data and public bodies are not asked."""
    assert not good("ground_written", basis="確認中")
    assert good("ground_written", basis="同意")
    assert quiet("ground_written", **REFERABLE)
    assert quiet("ground_written", provider_kind="国の機関")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"recorded_how": "都度"}, True),
        ({"recorded_how": "一括"}, True),
        ({"recorded_how": "契約書等で代替"}, True),
        ({"recorded_on": "2026-05-20"}, True),
        ({"recorded_how": "未作成", "recorded_on": "2026-05-20"}, False),
        ({"principal": "一覧 L-1", "items": "氏名"}, True),
        ({"principal": "一覧 L-1"}, False),
        ({"principal": "一覧 L-1", "items": "氏名", "recorded_how": "未作成"}, False),
        ({}, False),
    ],
)
def test_a_record_is_made(cells: dict[str, str], expected: bool) -> None:
    """Of every receipt that Art. 30 covers."""
    assert good("record_made", basis="同意", **cells) is expected


def test_trap_28_receipts_on_consent_need_no_date() -> None:
    """That consent exists has to be said."""
    assert good("consent_content", basis="同意", consent="はい", **FULL)
    assert not good("consent_content", basis="同意", consent="", **FULL)
    assert not good("consent_content", basis="同意", consent="いいえ", **FULL)


def test_trap_28_receipts_by_opt_out_need_date_and_publication() -> None:
    """The PPC's publication of the provider's filing belongs to the record."""
    cells = {"basis": "オプトアウト", "received_on": "2026-05-20", "ppc_published": "はい", **FULL}
    assert good("opt_out_content", **cells)
    assert not good("opt_out_content", **{**cells, "received_on": ""})
    assert not good("opt_out_content", **{**cells, "ppc_published": "いいえ"})
    assert not good("opt_out_content", **{**cells, "ppc_published": ""})
    assert quiet("opt_out_content", **{**cells, "basis": "同意"})


def test_a_provider_that_is_no_operator_brings_neither_consent_nor_date() -> None:
    """Particulars, acquisition, principal and items are enough."""
    assert good("non_operator_content", basis="個人情報取扱事業者でない者からの提供", **FULL)
    assert quiet("consent_content", basis="個人情報取扱事業者でない者からの提供", **FULL)


@pytest.mark.parametrize("missing", ["address", "representative", "acquired_how", "principal", "items"])
def test_content_that_is_missing_fails(missing: str) -> None:
    """Whatever the ground."""
    cells = {**FULL, missing: "―", "consent": "はい", "ppc_published": "はい", "received_on": "2026-05-20"}
    assert not good("consent_content", basis="同意", **cells)
    assert not good("opt_out_content", basis="オプトアウト", **cells)
    assert not good("non_operator_content", basis="個人情報取扱事業者でない者からの提供", **cells)


def test_what_is_missing_is_named() -> None:
    """The sentence names columns and not their cells."""
    found = outcome(f"{R}.opt_out_content", rows(R, row(basis="オプトアウト", **PROVIDER, items="氏名")))
    assert found.words["missing_en"].tolist() == [
        "Received on, Publication confirmed, How acquired, Principal"
    ]
    assert found.words["missing_ja"].tolist() == [
        "受領年月日、オプトアウト届出の公表の確認、提供元の取得の経緯、本人"
    ]


def test_only_a_company_has_a_representative() -> None:
    """An individual provider has none."""
    person = {**FULL, "representative": ""}
    assert good("non_operator_content", basis="事業者でない者", provider_kind="個人", **person)
    assert not good("non_operator_content", basis="事業者でない者", **person)


@pytest.mark.parametrize("how", ["契約書等で代替", "未作成"])
def test_content_is_judged_only_where_the_row_is_the_record(how: str) -> None:
    """A contract holds the content itself; what was not made is judged by ``record_made``."""
    for basis in ("同意", "オプトアウト", "事業者でない者"):
        for check in ("consent_content", "opt_out_content", "non_operator_content"):
            assert quiet(check, basis=basis, recorded_how=how)


# ---- Retention


CONSENT = {"basis": "同意"}
EACH = {**CONSENT, "recorded_how": "都度", "received_on": "2023-03-30", "recorded_on": "2023-04-01"}
LAST = {**CONSENT, "received_on": "2020-01-10", "recorded_on": "2020-01-10", "last_received_on": "2024-02-29"}


@pytest.mark.parametrize(
    ("cells", "due", "before", "after"),
    [
        (EACH, "2026-04-01", "2026-03-31", "2026-04-02"),
        ({**EACH, **REFERABLE, "basis": ""}, "2026-04-01", "2026-03-31", "2026-04-02"),
        ({**LAST, "recorded_how": "契約書等で代替"}, "2025-02-28", "2025-02-27", "2025-03-01"),
        (
            {**LAST, "recorded_how": "一括", "last_received_on": "2023-02-28"},
            "2026-02-28",
            "2026-02-27",
            "2026-03-01",
        ),
    ],
)
def test_trap_14_records_are_kept_one_or_three_years_from_the_right_day(
    cells: dict[str, str], due: str, before: str, after: str
) -> None:
    """From the last receipt for contracts (1) and records made together (3), else from making (3)."""
    assert good("kept_long_enough", **cells, kept_until=due)
    assert not good("kept_long_enough", **cells, kept_until=before)
    assert good("not_destroyed_early", **cells, destroyed_on=after)
    assert not good("not_destroyed_early", **cells, destroyed_on=due)


@pytest.mark.parametrize(
    "changed",
    [
        {"kept_until": "", "destroyed_on": ""},
        {"received_on": "", "recorded_on": ""},
        {"basis": "委託"},
        {"recorded_how": "未作成"},
        {"outcome": "受領せず"},
    ],
)
def test_retention_is_not_judged_without_its_days_or_without_a_needed_record(changed: dict[str, str]) -> None:
    """No end, no starting day, no need of a record, no record, or nothing taken."""
    cells = {**EACH, "kept_until": "2023-05-01", "destroyed_on": "2023-05-01", **changed}
    assert quiet("kept_long_enough", **cells)
    assert quiet("not_destroyed_early", **cells)


def test_a_planned_destruction_has_not_happened() -> None:
    """It counts from its day on."""
    cells = {**EACH, "recorded_on": "2026-04-01", "destroyed_on": "2026-11-23"}
    assert quiet("not_destroyed_early", **cells)
    assert not good("not_destroyed_early", date(2026, 11, 23), **cells)


# ---- Lawful origin and special care


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"outcome": "受領"}, False),
        ({"received_on": "2026-07-01"}, False),
        ({"outcome": "受領せず"}, True),
        ({"outcome": "保留"}, True),
    ],
)
def test_data_of_doubtful_origin_is_refused(cells: dict[str, str], expected: bool) -> None:
    """Of cookie-type data too."""
    assert good("doubtful_refused", suspected="はい", **cells) is expected
    assert good("doubtful_refused", suspected="はい", **cells, **REFERABLE) is expected


def test_without_suspicion_or_outcome_nothing_is_said_of_the_origin() -> None:
    """A blank breaks no prohibition."""
    assert quiet("doubtful_refused", outcome="受領")
    assert quiet("doubtful_refused", outcome="受領", suspected="いいえ")
    assert quiet("doubtful_refused", suspected="はい")


@pytest.mark.parametrize(
    ("ground", "consented", "item"),
    [
        ("必要な同意あり", True, None),
        ("同意なし", False, None),
        ("法令", True, True),
        ("施行令9条", True, True),
        ("本人・公的機関等による公開", True, True),
        ("外国の法令", True, False),
        ("その他の者による公開", True, False),
    ],
)
def test_special_care_required_data_comes_with_consents_or_an_item(
    ground: str, consented: bool, item: bool | None
) -> None:
    """Trap 23: foreign law is not an item; nor is publication by just anyone."""
    cells = {"special_care": "はい", "special_care_basis": ground}
    assert good("special_care_consented", **cells) is consented
    if item is None:
        assert quiet("special_care_item", **cells)
    else:
        assert good("special_care_item", **cells) is item


def test_a_blank_ground_for_special_care_is_told_but_breaks_nothing() -> None:
    """Data without special care, or refused, is not asked."""
    assert quiet("special_care_consented", special_care="はい")
    assert quiet("special_care_item", special_care="はい")
    assert not good("special_care_ground_written", special_care="はい")
    assert good("special_care_ground_written", special_care="はい", special_care_basis="法令")
    for cells in ({"special_care": "いいえ"}, {}, {"special_care": "はい", "outcome": "受領せず"}):
        assert quiet("special_care_consented", special_care_basis="根拠なし", **cells)
        assert quiet("special_care_ground_written", **cells)


@pytest.mark.parametrize("basis", ["委託", "事業の承継", "共同利用"])
def test_special_care_required_data_under_art_27_5_needs_no_consent(basis: str) -> None:
    """Art. 20(2)(viii) with Order Art. 9: the way of receipt is itself the exception."""
    for check in ("special_care_consented", "special_care_item", "special_care_ground_written"):
        for ground in ("同意なし", "外国の法令", ""):
            assert quiet(check, basis=basis, special_care="はい", special_care_basis=ground)


# ---- Personally referable information


def test_trap_26_the_recipient_confirms_and_records_cookie_type_data() -> None:
    """Not how it was acquired, and without a date."""
    assert good("source_confirmed", **COOKIES, particulars_confirmed="はい")
    assert not good("source_confirmed", **COOKIES)
    assert good("referable_content", **COOKIES, recorded_how="都度")
    assert good("referable_content", **COOKIES)
    assert not good("referable_content", **REFERABLE)
    assert not good("referable_content", **COOKIES, recorded_how="未作成")
    assert good("referable_content", **REFERABLE, recorded_how="契約書等で代替")
    assert not good("referable_content", **{**COOKIES, "consent": ""}, recorded_how="都度")
    for missing in ("address", "representative", "principal", "items"):
        assert not good("referable_content", **{**COOKIES, missing: "不明"}, recorded_how="都度")


def test_the_foreign_information_is_judged_only_where_it_is_said_to_be_missing() -> None:
    """It concerns recipients abroad; an operator in Japan leaves it blank."""
    cells = {**COOKIES, "recorded_how": "都度"}
    assert good("referable_content", **cells, foreign_information="はい")
    assert not good("referable_content", **cells, foreign_information="いいえ")


def test_personal_data_and_cookie_type_data_are_judged_apart() -> None:
    """A30-1 to A30-4 for the one, A30-7 and A30-8 for the other."""
    for check in ("provider_confirmed", "acquisition_confirmed", "record_made", "consent_content"):
        assert quiet(check, basis="同意", **REFERABLE)
    for check in ("source_confirmed", "referable_content", "consent_before_attaching", "intent_open"):
        assert quiet(check, basis="同意", consent="いいえ", intent_open="いいえ")
        assert quiet(check, **REFERABLE, basis="法27条1項各号", consent="いいえ")


@pytest.mark.parametrize(
    ("consent", "consented", "attached", "expected"),
    [
        ("はい", "2026-05-01", "2026-05-01", True),
        ("はい", "2026-05-02", "2026-05-01", False),
        ("", "2026-05-02", "2026-05-01", False),
        ("はい", "", "2026-05-01", True),
        ("いいえ", "", "2026-05-01", False),
        ("いいえ", "", "", False),
    ],
)
def test_consent_is_there_before_data_is_attached_to_persons(
    consent: str, consented: str, attached: str, expected: bool
) -> None:
    """Both sides of the day."""
    cells = {**REFERABLE, "consent": consent, "consent_on": consented, "attached_on": attached}
    assert good("consent_before_attaching", **cells) is expected


def test_what_is_not_known_of_the_consent_breaks_no_prohibition() -> None:
    """A blank is no fact; the record that consent exists is judged by A30-8."""
    assert quiet("consent_before_attaching", **REFERABLE)
    assert quiet("consent_before_attaching", **REFERABLE, attached_on="2026-05-01")
    assert quiet("consent_before_attaching", **REFERABLE, consent="いいえ", outcome="受領せず")


def test_the_intent_is_open_to_the_provider() -> None:
    """Hiding it is wrongful acquisition; a blank is not judged."""
    assert good("intent_open", **REFERABLE, intent_open="はい")
    assert not good("intent_open", **REFERABLE, intent_open="いいえ")
    assert quiet("intent_open", **REFERABLE)


def test_consent_taken_by_the_source_is_checked() -> None:
    """Consent taken by the recipient itself is not asked here."""
    source = {**REFERABLE, "consent_taken_by": "提供元"}
    assert good("source_consent_checked", **source, consent_checked="はい")
    assert not good("source_consent_checked", **source, consent_checked="いいえ")
    assert not good("source_consent_checked", **source)
    assert quiet("source_consent_checked", **REFERABLE, consent_taken_by="自社")


def test_nothing_false_is_declared_to_the_provider() -> None:
    """Only a declaration against the register's own words fails."""
    declared = {**REFERABLE, "declared_consent": "はい"}
    assert good("declared_truthfully", **declared, consent="はい")
    assert not good("declared_truthfully", **declared, consent="いいえ")
    assert quiet("declared_truthfully", **declared)
    assert quiet("declared_truthfully", **REFERABLE, declared_consent="いいえ", consent="いいえ")


# ---- EU and UK


@pytest.mark.parametrize("origin", ["EU", "英国"])
@pytest.mark.parametrize(
    ("via", "speaks", "other"),
    [
        ("直接", "original_purpose", "original_purpose_second_hand"),
        ("", "original_purpose", "original_purpose_second_hand"),
        ("国内の事業者を経由", "original_purpose_second_hand", "original_purpose"),
    ],
)
def test_the_original_purpose_is_recorded_first_and_second_hand(
    origin: str, via: str, speaks: str, other: str
) -> None:
    """Supplementary Rule (2), for the UK as for the EEA."""
    cells = {"adequacy": origin, "via": via, **ADEQUACY}
    assert good(speaks, **cells)
    assert quiet(other, **cells)
    for missing in ("address", "representative", "acquired_how", "original_purpose"):
        assert not good(speaks, **{**cells, missing: ""})
    assert quiet(speaks, adequacy=origin, via=via, recorded_how="契約書等で代替")


@pytest.mark.parametrize(
    "cells",
    [
        {"adequacy": "該当しない"},
        {"adequacy": ""},
        {"adequacy": "EU", "basis": "委託"},
        {"adequacy": "EU", "outcome": "受領せず"},
    ],
)
def test_trap_22_the_rules_bind_only_data_received_on_adequacy(cells: dict[str, str]) -> None:
    """Not other data; receipts under the proviso of 30(1) are left open, as the text is not verified."""
    assert quiet("original_purpose", **cells)
    assert quiet("original_purpose_second_hand", **cells, via="国内の事業者を経由")


def test_whether_data_came_on_adequacy_is_asked() -> None:
    """A blank only informs."""
    assert not good("adequacy_asked", adequacy="不明")
    assert good("adequacy_asked", adequacy="該当なし")
    assert good("adequacy_asked", adequacy="英国")
    assert quiet("adequacy_asked", **REFERABLE)


def test_a_provider_of_adequacy_data_is_looked_up_in_its_register() -> None:
    """The names are compared without width, case and legal form."""
    here = rows(
        R,
        row(provider="Aster GmbH", adequacy="EU"),
        row(provider="Birch Ltd.", adequacy="英国"),
        row(provider="国内社", adequacy="該当しない"),
    )
    there = rows(
        "adequacy_data", {**blank("adequacy_data"), "name": "修理", "provider": "ＡＳＴＥＲ ＧｍｂＨ"}
    )
    assert judged(f"{R}.in_adequacy_data", here, there) == ([2, 3], [3])
    assert outcome(f"{R}.in_adequacy_data", here).state == "no_other_register"


# ---- What exists on the day


def test_a_receipt_after_the_assessment_date_does_not_exist_yet() -> None:
    """It is judged from its day on; one without a date at once."""
    later = {"basis": "同意", "received_on": "2026-11-23"}
    assert quiet("provider_confirmed", **later)
    assert not good("provider_confirmed", date(2026, 11, 23), **later)


@pytest.mark.parametrize(
    ("cells", "gates"),
    [
        ({"basis": "同意"}, {"G12"}),
        ({"basis": "オプトアウト"}, {"G12"}),
        ({"basis": ""}, set()),
        ({"basis": "同意", "provider_kind": "国の機関"}, set()),
        ({"basis": "同意", "outcome": "受領せず"}, set()),
        ({"basis": "委託"}, {"G05"}),
        ({"basis": "共同利用"}, {"G08"}),
        ({"basis": "事業の承継"}, {"G09"}),
        (REFERABLE, {"G14"}),
        ({"adequacy": "英国"}, {"G18"}),
        ({"adequacy": "該当しない"}, set()),
        ({"special_care": "はい"}, {"G03"}),
        ({"special_care": "はい", "outcome": "保留"}, set()),
        ({**EACH, "destroyed_on": "2026-04-02"}, set()),
        ({**EACH, "destroyed_on": "2026-04-01"}, {"G12"}),
    ],
)
def test_rows_contradict_the_gates_they_speak_of(cells: dict[str, str], gates: set[str]) -> None:
    """What was refused, or whose record was rightly destroyed, opens none."""
    assert open_gates(rows(R, row(**cells))) == gates
