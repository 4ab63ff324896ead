"""
Processed information: Arts 41 to 46 and rules (4) and (5) of the Supplementary Rules.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.registers import blank, judged, open_gates, outcome, passes, rows, silent

R = "processed_information"
SET = {**blank(R), "name": "P-1", "kind": "仮名加工情報", "made_on": "2026-04-01"}
OTHER = {"kind": "個人情報でない仮名加工情報", "made_by": "他社"}
ANON = {"kind": "匿名加工情報"}
OF_OTHERS = {"kind": "匿名加工情報（他者が作成）"}
FOUR = "権限と責任、規程、評価と改善、アクセス防止"
THREE = "識別できる記述等、個人識別符号、財産的被害"
FIVE = "識別できる記述等、個人識別符号、連結符号、特異値、データベースの性質"


def made(**cells: str) -> dict[str, str]:
    """A set with these cells; pseudonymised unless said otherwise."""
    return {**SET, **cells}


def ok(check: str, **cells: str) -> bool:
    """Whether a check passes one set."""
    return passes(f"{R}.{check}", R, **made(**cells))


def unasked(check: str, **cells: str) -> bool:
    """Whether a check has nothing to say about one set."""
    return silent(f"{R}.{check}", R, **made(**cells))


@pytest.mark.parametrize("missing", ["識別できる記述等", "個人識別符号", "財産的被害"])
def test_a_pseudonymised_set_needs_all_three_heads(missing: str) -> None:
    """Rules Art. 31; a head that is not named is not met, nor is anything if the cell is blank."""
    assert ok("pseudonymised_to_standard", standards=THREE)
    assert not ok("pseudonymised_to_standard", standards="、".join({*THREE.split("、")} - {missing}))
    assert not ok("pseudonymised_to_standard", standards="")


def test_the_heads_of_anonymised_sets_do_not_stand_in_for_financial_loss() -> None:
    """The card number is easily forgotten because Rules Art. 34 does not name it."""
    assert not ok("pseudonymised_to_standard", standards=FIVE)


def test_the_standard_is_asked_of_whoever_made_the_set() -> None:
    """Own make, made by an entrustee or for an entruster; not a set of others."""
    for maker in ("自社", "委託先", "受託"):
        assert not ok("pseudonymised_to_standard", made_by=maker)
    assert unasked("pseudonymised_to_standard", made_by="他社")
    assert unasked("pseudonymised_to_standard", acquired_on="2026-05-01")
    assert unasked("pseudonymised_to_standard", kind=OTHER["kind"])
    assert not ok("pseudonymised_to_standard", kind=OTHER["kind"], made_by="自社")


@pytest.mark.parametrize("missing", FIVE.split("、"))
def test_an_anonymised_set_needs_all_five_heads(missing: str) -> None:
    """Rules Art. 34(i) to (v)."""
    assert ok("anonymised_to_standard", **ANON, standards=FIVE)
    assert not ok("anonymised_to_standard", **ANON, standards="、".join({*FIVE.split("、")} - {missing}))
    assert unasked("anonymised_to_standard", **OF_OTHERS)
    assert unasked("anonymised_to_standard", **ANON, made_by="他社")


@pytest.mark.parametrize(
    ("check", "kind"),
    [("deleted_information_secured", SET["kind"]), ("method_information_secured", ANON["kind"])],
)
def test_what_could_restore_the_source_is_secured(check: str, kind: str) -> None:
    """All four measures, as long as it exists and the set is held."""
    assert ok(check, kind=kind, safeguards=FOUR)
    for missing in FOUR.split("、"):
        assert not ok(check, kind=kind, safeguards="、".join({*FOUR.split("、")} - {missing}))
    assert not ok(check, kind=kind)
    assert unasked(check, kind=kind, method_deleted_on="2026-05-01")
    assert unasked(check, kind=kind, erased_on="2026-05-01")
    assert unasked(check, kind=kind, made_by="他社")


def test_deleted_information_that_came_with_a_set_is_secured_too() -> None:
    """Art. 41(2) binds whoever acquired both."""
    assert not ok("deleted_information_secured", made_by="他社", with_deleted_info="はい")


@pytest.mark.parametrize(
    ("check", "kind", "column"),
    [
        ("used_within_purpose", {}, "used_beyond"),
        ("not_compared", {}, "compared"),
        ("contact_not_used", {}, "contact_used"),
        ("other_not_identified", OTHER, "compared"),
        ("other_not_identified", OTHER, "method_acquired"),
        ("other_contact_not_used", OTHER, "contact_used"),
        ("own_not_compared", ANON, "compared"),
        ("others_not_identified", OF_OTHERS, "compared"),
        ("others_not_identified", OF_OTHERS, "method_acquired"),
    ],
)
def test_a_ban_is_broken_only_by_a_stated_fact(check: str, kind: dict[str, str], column: str) -> None:
    """Yes breaks it, no keeps it, blank says nothing; and each ban has its own kind of set."""
    assert ok(check, **kind, **{column: "いいえ"})
    assert not ok(check, **kind, **{column: "はい"})
    assert unasked(check, **kind, **{column: ""})
    for other in ({"kind": SET["kind"]}, OTHER, ANON, OF_OTHERS):
        if other["kind"] != {"kind": SET["kind"], **kind}["kind"]:
            assert unasked(check, **other, **{column: "はい"})


def test_makers_may_hold_their_own_method_information() -> None:
    """Only holders of sets of others are barred from acquiring it (Art. 45 against Art. 43(5))."""
    assert unasked("own_not_compared", **ANON, method_acquired="はい")


@pytest.mark.parametrize(("check", "kind"), [("not_provided", {}), ("other_not_provided", OTHER)])
def test_trap_18_pseudonymised_sets_go_to_no_third_party_even_with_consent(
    check: str, kind: dict[str, str]
) -> None:
    """Law, entrustment, succession and joint use are all there is; the basis has to be stated."""
    for basis in ("法令", "委託", "事業承継", "共同利用"):
        assert ok(check, **kind, provided_to="甲社", provision_basis=basis)
    for basis in ("本人の同意", "販売"):
        assert not ok(check, **kind, provided_to="甲社", provision_basis=basis)
        assert not ok(check, **kind, provided_on="2026-06-01", provision_basis=basis)
        assert unasked(check, **kind, provision_basis=basis)
    assert unasked(check, **kind, provided_to="甲社")
    assert unasked(check, **ANON, provided_to="甲社", provision_basis="販売")


@pytest.mark.parametrize(
    ("check", "kind"), [("joint_use_announced", {}), ("other_joint_use_announced", OTHER)]
)
def test_joint_use_of_pseudonymised_sets_is_announced_beforehand(check: str, kind: dict[str, str]) -> None:
    """A stated no fails; blank and other bases are not spoken of."""
    base = {**kind, "provided_to": "乙社", "provision_basis": "共同利用"}
    assert ok(check, **base, joint_use_announced="はい")
    assert not ok(check, **base, joint_use_announced="いいえ")
    assert unasked(check, **base)
    assert unasked(check, **{**base, "provision_basis": "委託"}, joint_use_announced="いいえ")
    assert unasked(check, **{**base, "provided_to": ""}, joint_use_announced="いいえ")


def test_the_purpose_of_a_set_acquired_from_elsewhere_is_announced() -> None:
    """Making a set from own data is no acquisition, and Art. 21(4) has exceptions."""
    base = {"made_by": "他社", "acquired_on": "2026-05-01"}
    assert ok("purpose_announced", **base, purpose_announced_on="2026-05-02")
    assert ok("purpose_announced", **base, purpose_announced_on="2026-04-02")
    assert not ok("purpose_announced", **base)
    assert not ok("purpose_announced", acquired_on="2026-05-01")
    assert unasked("purpose_announced", **base, announcement_exempt="はい")
    assert unasked("purpose_announced", made_by="自社", acquired_on="2026-05-01")
    assert unasked("purpose_announced", **OTHER, acquired_on="2026-05-01")
    assert unasked("purpose_announced", made_by="他社", acquired_on="2026-10-23")
    assert ok(
        "purpose_announced", made_by="他社", acquired_on="2026-11-21", purpose_announced_on="2026-11-22"
    )
    assert not ok("purpose_announced", made_by="他社", acquired_on="2026-10-22")


def test_every_changed_purpose_is_announced_for_own_sets_too() -> None:
    """On the day of the change nothing is late."""
    assert ok("change_announced", purpose_changed_on="2026-08-01", change_announced_on="2026-08-01")
    assert not ok("change_announced", purpose_changed_on="2026-08-01")
    assert unasked("change_announced", purpose_changed_on="2026-08-01", announcement_exempt="はい")
    assert unasked("change_announced", purpose_changed_on="2026-11-22")
    assert not ok("change_announced", purpose_changed_on="2026-11-21")
    assert unasked("change_announced")


def test_a_set_that_is_no_longer_needed_is_erased() -> None:
    """Best effort, without delay: no days are counted, and the first 30 are not judged."""
    assert ok("erased_when_not_needed", not_needed_on="2026-06-30", erased_on="2026-11-20")
    assert not ok("erased_when_not_needed", not_needed_on="2026-10-22")
    assert unasked("erased_when_not_needed", not_needed_on="2026-10-23")
    assert unasked("erased_when_not_needed", not_needed_on="2027-03-31")
    assert unasked("erased_when_not_needed", **OTHER, not_needed_on="2026-06-30")


def test_a_label_is_looked_for_on_sets_that_are_held() -> None:
    """Desirable."""
    assert ok("labelled", labelled="はい")
    assert not ok("labelled")
    assert unasked("labelled", erased_on="2026-06-01")
    assert unasked("labelled", **ANON)


def test_a_set_that_is_not_personal_is_secured_and_supervised() -> None:
    """Entrustees are asked about only where the set is entrusted."""
    base = {**OTHER, "provided_to": "丙社"}
    assert ok("other_secured", **base, safeguards="アクセス防止、従業者の監督")
    assert ok("other_secured", **base, safeguards="規程、従業者の監督")
    assert not ok("other_secured", **base, safeguards="アクセス防止")
    assert not ok("other_secured", **base, safeguards="従業者の監督")
    entrusted = {**base, "provision_basis": "委託"}
    assert not ok("other_secured", **entrusted, safeguards="アクセス防止、従業者の監督")
    assert ok("other_secured", **entrusted, safeguards="アクセス防止、従業者の監督、委託先の監督")
    assert unasked("other_secured", safeguards="")
    assert unasked("other_secured", **OTHER, erased_on="2026-06-01")


def test_complaints_about_sets_that_are_not_personal_are_handled() -> None:
    """Best effort of Art. 42(3) with 40."""
    assert ok("other_complaints_handled", **OTHER, care="苦情処理")
    assert not ok("other_complaints_handled", **OTHER, care="安全管理")
    assert unasked("other_complaints_handled")


@pytest.mark.parametrize(("check", "kind"), [("own_cared_for", ANON), ("others_cared_for", OF_OTHERS)])
def test_anonymised_sets_are_cared_for_and_the_measures_published(check: str, kind: dict[str, str]) -> None:
    """Best effort of Arts 43(6) and 46."""
    assert ok(check, **kind, care="安全管理、苦情処理、公表")
    assert not ok(check, **kind, care="安全管理、苦情処理")
    assert not ok(check, **kind)
    assert unasked(check, **kind, erased_on="2026-06-01")
    assert unasked(check, care="")


def assert_asked_once_settled(check: str, **cells: str) -> None:
    """A fresh set is not judged unless it is in use: no days are counted, so the first 30 are left out."""
    assert unasked(check, **ANON, **cells, made_on="2026-10-23")
    assert not ok(check, **ANON, **cells, made_on="2026-10-22")
    for began in ("used_on", "provided_on"):
        assert not ok(check, **ANON, **cells, made_on="2026-11-20", **{began: "2026-11-21"})


@pytest.mark.parametrize(
    ("check", "column"),
    [("tables_destroyed", "tables_destroyed_on"), ("keys_destroyed", "keys_destroyed_on")],
)
def test_tables_and_keys_do_not_outlive_the_making_of_an_anonymised_set(check: str, column: str) -> None:
    """Deleting all method information covers both; pseudonymised sets may keep theirs."""
    assert ok(check, **ANON, **{column: "2026-04-01"})
    assert not ok(check, **ANON)
    assert ok(check, **ANON, method_deleted_on="2026-04-02")
    assert unasked(check)
    assert unasked(check, **OF_OTHERS)
    assert_asked_once_settled(check)


def test_trap_19_the_items_are_published_at_making_and_not_only_at_provision() -> None:
    """A set that never leaves the company is asked as well."""
    assert not ok("items_published", **ANON)
    assert not ok("items_published", **ANON, provision_published_on="2026-05-01")
    assert ok("items_published", **ANON, items_published_on="2026-04-02")
    assert ok("items_published", **ANON, items_published_on="2025-08-29")
    assert not ok("items_published", **ANON, made_on="")
    assert_asked_once_settled("items_published")


def test_the_entruster_publishes_what_was_made_for_it() -> None:
    """As entruster the organisation publishes itself."""
    assert unasked("items_published", **ANON, made_by="受託")
    assert unasked(
        "published_before_use",
        **ANON,
        made_by="受託",
        items_published_on="2026-05-02",
        used_on="2026-05-01",
    )
    assert not ok("items_published", **ANON, made_by="委託先")


def test_use_and_provision_begin_after_the_publication() -> None:
    """The same day is not judged, for no day count is set for the time between."""
    base = {**ANON, "items_published_on": "2026-05-10"}
    assert ok("published_before_use", **base, used_on="2026-05-10")
    assert not ok("published_before_use", **base, used_on="2026-05-09")
    assert not ok("published_before_use", **base, used_on="2026-06-01", provided_on="2026-05-09")
    assert ok("published_before_use", **base, provided_on="2026-05-11")
    assert unasked("published_before_use", **base)
    assert unasked("published_before_use", **ANON, used_on="2026-05-09")


@pytest.mark.parametrize(
    ("check", "kind", "column"),
    [
        ("provision_published", ANON, "provision_published_on"),
        ("recipient_told", ANON, "recipient_told_on"),
        ("passed_on_published", OF_OTHERS, "provision_published_on"),
        ("passed_on_told", OF_OTHERS, "recipient_told_on"),
    ],
)
def test_an_anonymised_set_is_provided_only_with_publication_and_notice(
    check: str, kind: dict[str, str], column: str
) -> None:
    """Not later than the provision; consent makes no difference, nor the maker's own publication."""
    base = {**kind, "provided_on": "2026-06-22", "items_published_on": "2026-04-02"}
    assert ok(check, **base, **{column: "2026-06-22"})
    assert not ok(check, **base, **{column: "2026-06-23"})
    assert not ok(check, **base)
    assert not ok(check, **base, provision_basis="同意")
    for basis in ("委託", "事業承継", "共同利用"):
        assert unasked(check, **base, provision_basis=basis)
    assert unasked(check, **{**base, "provided_on": ""})
    assert unasked(check, **{**base, "provided_on": "2026-11-23"})
    assert unasked(check, provided_on="2026-06-22")


@pytest.mark.parametrize("check", ["provision_published", "recipient_told"])
def test_handing_a_set_to_the_entruster_for_whom_it_was_made_is_no_provision(check: str) -> None:
    """Unless the row names another basis."""
    base = {**ANON, "made_by": "受託", "provided_on": "2026-05-01"}
    assert unasked(check, **base)
    assert not ok(check, **base, provision_basis="販売")


def test_masking_is_told_apart_from_anonymising() -> None:
    """A set with nothing done beyond names and codes is only masked, whatever it is called."""
    assert ok("told_apart", kind="マスキングのみ")
    assert ok("told_apart", kind="統計情報", standards="識別できる記述等")
    assert ok("told_apart", **ANON, standards="識別できる記述等、連結符号")
    assert not ok("told_apart", **ANON, standards="識別できる記述等、個人識別符号")
    assert unasked("told_apart", **ANON)
    assert unasked("told_apart", standards="識別できる記述等")


def test_pseudonymised_sets_from_adequacy_data_serve_statistics_only() -> None:
    """Supplementary rule (4), for both kinds; other sets are free."""
    for kind in ({}, OTHER):
        base = {**kind, "from_adequacy": "はい"}
        assert ok("statistics_only", **base, statistical_only="はい")
        assert not ok("statistics_only", **base, statistical_only="いいえ")
        assert unasked("statistics_only", **base)
    assert unasked("statistics_only", statistical_only="いいえ")
    assert unasked("statistics_only", **ANON, from_adequacy="はい", statistical_only="いいえ")


def test_pseudonymised_sets_from_adequacy_data_stay_personal() -> None:
    """The other half of rule (4)."""
    assert ok("personal_regime_kept", from_adequacy="はい")
    assert not ok("personal_regime_kept", **OTHER, from_adequacy="はい")
    assert unasked("personal_regime_kept", **OTHER, from_adequacy="いいえ")
    assert unasked("personal_regime_kept", **ANON, from_adequacy="はい")


def test_anonymised_sets_from_adequacy_data_keep_no_method_information() -> None:
    """Rule (5): destroying tables and keys alone does not do."""
    base = {**ANON, "from_adequacy": "はい"}
    assert ok("method_information_deleted", **base, method_deleted_on="2026-04-05")
    assert not ok(
        "method_information_deleted",
        **base,
        tables_destroyed_on="2026-04-01",
        keys_destroyed_on="2026-04-01",
    )
    assert unasked("method_information_deleted", **ANON)
    assert unasked("method_information_deleted", from_adequacy="はい")
    assert_asked_once_settled("method_information_deleted", from_adequacy="はい")


def test_a_maker_that_is_not_named_is_read_from_the_day_of_acquisition() -> None:
    """Anonymised sets with a day of acquisition and no maker count as those of others."""
    assert unasked("items_published", **ANON, acquired_on="2026-05-01")
    assert not ok("others_cared_for", **ANON, acquired_on="2026-05-01")
    assert not ok("items_published", **ANON, made_by="自社", acquired_on="2026-05-01")


def test_sets_and_the_register_of_adequacy_data_tell_of_the_same_data() -> None:
    """Both ways; data under another tool is no adequacy data, and both checks only inform."""
    sets = rows(
        R,
        made(from_adequacy="はい", source="欧州修理データ"),
        made(from_adequacy="はい", source="欧州販売データ"),
        made(from_adequacy="はい"),
        made(from_adequacy="いいえ", source="欧州 修理データ"),
        made(source="欧州ＳＣＣデータ"),
        made(kind="統計", source="欧州修理データ"),
    )
    data = rows(
        "adequacy_data",
        {"name": "欧州修理データ", "tool": "十分性認定"},
        {"name": "欧州SCCデータ", "tool": "SCC"},
    )
    listed, marked = f"{R}.source_in_adequacy_data", f"{R}.adequacy_source_marked"
    assert judged(listed, sets, data) == ([2, 3, 4], [3, 4])
    assert judged(marked, sets, data) == ([2, 5], [5])
    for check in (listed, marked):
        assert outcome(check, sets).state == "no_other_register"
        assert outcome(check, sets).check.serves == ()


def test_a_set_made_later_does_not_exist_yet() -> None:
    """Nor has what is dated later happened."""
    later = rows(R, made(made_on="2026-11-23"))
    assert judged(f"{R}.labelled", later) == ([], [])
    cells = made(not_needed_on="2026-06-30", erased_on="2026-11-23")
    assert not passes(f"{R}.erased_when_not_needed", R, **cells)
    assert passes(f"{R}.erased_when_not_needed", R, date(2026, 11, 23), **cells)


def test_sets_contradict_the_gates_they_speak_of() -> None:
    """Each kind its own gate, as long as the set is held; shared personal data opens further ones."""
    assert open_gates(rows(R, made())) == {"G15"}
    assert open_gates(rows(R, made(**OTHER))) == {"G15"}
    assert open_gates(rows(R, made(**ANON))) == {"G16"}
    assert open_gates(rows(R, made(**ANON, made_by="受託"))) == {"G16"}
    assert open_gates(rows(R, made(**OF_OTHERS))) == {"G17"}
    assert open_gates(rows(R, made(kind="統計"))) == set()
    assert open_gates(rows(R, made(erased_on="2026-05-01"))) == set()
    assert open_gates(rows(R, made(kind="統計", from_adequacy="はい"))) == {"G18"}
    shared = {"provided_to": "乙社"}
    assert open_gates(rows(R, made(**shared, provision_basis="委託"))) == {"G15", "G04"}
    assert open_gates(rows(R, made(**shared, provision_basis="共同利用"))) == {"G15", "G08"}
    assert open_gates(rows(R, made(**shared, provision_basis="合併等"))) == {"G15", "G09"}
    assert open_gates(rows(R, made(**OTHER, **shared, provision_basis="委託"))) == {"G15"}
