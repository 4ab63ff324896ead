"""
Data from the EEA and the UK on the basis of adequacy (十分性認定データ): the Supplementary Rules.
"""

from __future__ import annotations

import numpy as np

from appi_assess.countries import UNKNOWN, designated
from appi_assess.registers import Mask, Rows

from . import Result, check, presence
from .rules import as_date, named_in

NAME = "adequacy_data"
OTHER_TOOLS = ("scc", "direct", "other")
SPECIAL = ("sex_life", "orientation", "union")
RULE_3 = ("consent", "arrangement", "exception")


def bound(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where the Supplementary Rules bind: data on adequacy from the EEA or the UK that is still held.

    Data under another tool is outside. A set whose tool or origin is not known is taken as bound,
    since it cannot be told apart. Receipt through an operator in Japan changes nothing.
    """
    from_there = rows.where("origin", lambda code: code == UNKNOWN or designated(code, as_date(day)))
    origin = from_there | ~rows.filled("origin") | rows.says("tool", "adequacy")
    return held(rows) & origin & ~rows.says("tool", *OTHER_TOOLS)


def held(rows: Rows) -> Mask:
    """
    Where the data is not yet erased.
    """
    return np.isnat(rows.date("erased_on"))


def _country_known(rows: Rows) -> Mask:
    return rows.filled("onward_country") & ~rows.says("onward_country", UNKNOWN)


def _goes_abroad(rows: Rows) -> Mask:
    """
    Where a recipient or a country abroad is named; a country that is not known is never Japan.
    """
    return (rows.filled("onward_to") | _country_known(rows)) & ~rows.says("onward_country", "JP")


def _to_designated(rows: Rows, day: np.datetime64) -> Mask:
    return rows.where("onward_country", lambda code: designated(code, as_date(day)))


def _onward(rows: Rows, day: np.datetime64) -> Mask:
    """
    Bound data that goes to a third party outside the designated countries.
    """
    return bound(rows, day) & _goes_abroad(rows) & ~_to_designated(rows, day)


def _confirmed(rows: Rows) -> Mask:
    """
    Where provider, history and original purpose are on record.
    """
    return rows.filled("provider", "acquired_how", "original_purpose") & rows.says(
        "provider_confirmed", "yes"
    )


@check(
    NAME,
    "origin",
    serves=(),
    head="receipt",
    rule={
        "ja": "移転元はEU・EEA加盟国または英国である",
        "en": "The origin is an EEA state or the UK",
    },
    fails={
        "ja": "「{name}」の移転元（{origin}）はEU・EEA加盟国でも英国でもありません。補完的ルールは、十分性認定によりEU・英国から受領したデータにだけ及びます。",
        "en": 'The origin of "{name}" ({origin}) is neither an EEA state nor the UK. The Supplementary Rules '
        "reach only data received from there on adequacy.",
    },
    remedy={
        "ja": "もとの移転元の国を確かめ、EU・英国でなければ台帳から外す",
        "en": "Check where the data came from originally; take the row out if it was not the EEA or the UK",
    },
)
def origin_fits(rows: Rows, day: np.datetime64) -> Result:
    """
    Adequacy concerns the EEA and the UK only, which are the designated countries (GL 1-1 note 1).
    This informs.
    """
    known = held(rows) & rows.filled("origin") & ~rows.says("origin", UNKNOWN)
    return known, rows.where("origin", lambda code: designated(code, as_date(day)))


@check(
    NAME,
    "original_purpose",
    serves=("EUK-3",),
    head="receipt",
    needs=("provider", "provider_confirmed", "acquired_how"),
    rule={
        "ja": "EU・英国から受領したとき、提供者、取得の経緯、受領時の利用目的を確認し記録している",
        "en": "On receipt from the EEA or the UK, provider, history and original purpose are recorded",
    },
    fails={
        "ja": "「{name}」：提供者の事項、取得の経緯、受領時の利用目的のいずれかが記録されていません（提供者：{provider}、経緯：{acquired_how}、利用目的：{original_purpose}）。",
        "en": '"{name}": the provider\'s particulars, the history or the original purpose is not recorded '
        "(provider: {provider}; history: {acquired_how}; purpose: {original_purpose}).",
    },
    remedy={
        "ja": "移転元に確認し、受領時の利用目的を含めて記録する",
        "en": "Ask the exporter and record all of it, the purpose specified at receipt included",
    },
)
def purpose_recorded(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (2): the confirmation of Art. 30 with the purpose specified at receipt.
    """
    return bound(rows, day) & ~rows.says("received", "second_hand"), _confirmed(rows)


@check(
    NAME,
    "original_purpose",
    serves=("EUK-4",),
    head="receipt",
    needs=("received", "provider", "provider_confirmed", "acquired_how"),
    rule={
        "ja": "国内の他の事業者を経て受領したときも、提供者、取得の経緯、利用目的を確認し記録している",
        "en": "On receipt through an operator in Japan, provider, history and purpose are recorded too",
    },
    fails={
        "ja": "「{name}」：国内の事業者から受領した際の提供者の事項、取得の経緯、利用目的のいずれかが記録されていません（提供者：{provider}、経緯：{acquired_how}、利用目的：{original_purpose}）。",
        "en": '"{name}": on receipt from an operator in Japan its particulars, the history or the purpose was '
        "not recorded (provider: {provider}; history: {acquired_how}; purpose: {original_purpose}).",
    },
    remedy={
        "ja": "その事業者に確認し、利用目的を含めて記録する",
        "en": "Ask that operator and record all of it, the purpose included",
    },
)
def purpose_recorded_second_hand(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (2): the same when the data comes from another operator in Japan.
    """
    return bound(rows, day) & rows.says("received", "second_hand"), _confirmed(rows)


@check(
    NAME,
    "tagged",
    serves=("EUK-1",),
    head="tag",
    rule={
        "ja": "受領から消去まで他のデータと区別できる（EUも英国も）",
        "en": "The data can be told from other data from receipt to erasure (EEA and UK alike)",
    },
    fails={
        "ja": "「{name}」（{origin}）を他のデータと区別できるとの記載がありません。",
        "en": 'It is not on record that "{name}" ({origin}) can be told from other data.',
    },
    remedy={
        "ja": "タグを付けるか、別のデータベースで管理する",
        "en": "Tag it or keep it in a separate database",
    },
)
def tagged(rows: Rows, day: np.datetime64) -> Result:
    """
    Adequacy data is identified through its life (ECDEC recital 15); UK data is as bound as EEA data.
    """
    return bound(rows, day), rows.says("tagged", "yes")


@check(
    NAME,
    "tool",
    serves=("EUK-12",),
    head="tag",
    rule={
        "ja": "移転の根拠（十分性認定、SCC、直接取得など）が分かる（望ましい措置）",
        "en": "The transfer tool (adequacy, SCC, direct collection and so on) is known (desirable)",
    },
    fails={
        "ja": "「{name}」の移転の根拠が分かりません。分かるまでは補完的ルールの対象として扱います。",
        "en": 'The transfer tool of "{name}" is not known; it is treated as bound by the Rules until it is.',
    },
    remedy={
        "ja": "移転元との契約などで根拠を確かめ、台帳に書く",
        "en": "See the contract with the exporter and write the tool into the register",
    },
)
def tool_known(rows: Rows, day: np.datetime64) -> Result:
    """
    Each tool brings its own rules, so the register tells them apart (desirable).
    """
    del day
    return held(rows), rows.filled("tool")


@check(
    NAME,
    "kept_apart",
    serves=("EUK-12",),
    head="tag",
    rule={
        "ja": "他の根拠によるデータと区分している（望ましい措置）",
        "en": "Data under other tools is kept apart (desirable)",
    },
    fails={
        "ja": "「{name}」（{tool}）は他の根拠によるデータと混在しています。",
        "en": '"{name}" ({tool}) is mixed with data under another tool.',
    },
    remedy={
        "ja": "根拠ごとに分ける。分けられない集合は全体を補完的ルールの対象として扱う",
        "en": "Separate by tool; treat a set that cannot be separated as bound as a whole",
    },
)
def kept_apart(rows: Rows, day: np.datetime64) -> Result:
    """
    Only data on adequacy is bound; mixed with other data it can no longer be told (desirable).
    """
    del day
    return held(rows) & rows.filled("kept_apart"), rows.says("kept_apart", "yes")


@check(
    NAME,
    "purpose_within",
    serves=("EUK-5",),
    head="purpose",
    rule={
        "ja": "自社の利用目的が受領時の利用目的の範囲内にある",
        "en": "The own purpose lies within the original purpose",
    },
    fails={
        "ja": "「{name}」：自社の利用目的が受領時の利用目的（{original_purpose}）の範囲を超えています。",
        "en": '"{name}": the own purpose goes beyond the original purpose ({original_purpose}).',
    },
    remedy={
        "ja": "利用目的を受領時の範囲内で特定し直す",
        "en": "Specify the purpose anew within the original one",
    },
)
def purpose_within(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (2): the purpose is specified within that of receipt; not yet known is no breach.
    """
    return bound(rows, day) & rows.filled("purpose_within"), rows.says("purpose_within", "yes")


@check(
    NAME,
    "used_outside",
    serves=("EUK-5",),
    head="purpose",
    rule={
        "ja": "受領時の利用目的の範囲内でだけ利用している",
        "en": "The data is used only within the original purpose",
    },
    fails={
        "ja": "「{name}」を受領時の利用目的（{original_purpose}）の範囲を超えて利用しています。",
        "en": '"{name}" is used beyond the original purpose ({original_purpose}).',
    },
    remedy={"ja": "範囲を超える利用をやめる", "en": "Stop the use beyond it"},
)
def used_within(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (2): use stays within the purpose.
    """
    return bound(rows, day) & rows.filled("used_outside"), rows.says("used_outside", "no")


@check(
    NAME,
    "special_handled",
    serves=("EUK-2",),
    head="special",
    needs=("special_categories",),
    rule={
        "ja": "性生活、性的指向、労働組合の情報を要配慮個人情報と同じに扱っている",
        "en": "Sex life, sexual orientation and union data are handled as special care-required",
    },
    fails={
        "ja": "「{name}」の{special_categories}の情報を要配慮個人情報と同じに扱うとの記載がありません。",
        "en": 'It is not on record that "{name}" ({special_categories}) is handled as special care-required.',
    },
    remedy={
        "ja": "項目に印を付け、第三者提供と漏えい等の判定でも要配慮個人情報として扱う",
        "en": "Flag the items and treat them as special care-required in provision and breach triage too",
    },
)
def special_handled(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (1): these three are treated as special care-required personal information.
    """
    return bound(rows, day) & rows.says("special_categories", *SPECIAL), rows.says("special_handled", "yes")


@check(
    NAME,
    "special_basis",
    serves=("EUK-2",),
    head="special",
    needs=("special_categories",),
    rule={
        "ja": "性生活、性的指向、労働組合の情報の取得には同意か例外がある",
        "en": "Sex life, sexual orientation and union data were acquired with consent or under an exception",
    },
    fails={
        "ja": "「{name}」の{special_categories}の情報を、同意も例外もなく取得しています。",
        "en": '"{name}" ({special_categories}) was acquired with neither consent nor an exception.',
    },
    remedy={
        "ja": "提供者が得た同意を確かめる。なければ同意を得るか、その項目を消去する",
        "en": "See whether the provider holds the consent; otherwise obtain it or erase the items",
    },
)
def special_acquired(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (1) with Art. 20(2); consent that the provider holds is enough (GL 3-3-2 note 2).
    """
    asked = bound(rows, day) & rows.says("special_categories", *SPECIAL)
    return asked & rows.filled("special_basis"), ~rows.says("special_basis", "neither")


@check(
    NAME,
    "statistical_only",
    serves=("EUK-8",),
    head="processing",
    needs=("pseudonymised",),
    rule={
        "ja": "作成した仮名加工情報は統計目的にだけ使っている",
        "en": "Pseudonymised sets made from it are used for statistics only",
    },
    fails={
        "ja": "「{name}」から作成した仮名加工情報を統計目的のほかに使っています。",
        "en": 'The pseudonymised set made from "{name}" is used for more than statistics.',
    },
    remedy={
        "ja": "統計目的のほかの利用と、特定の個人への措置や決定への利用をやめる",
        "en": "Stop other uses, and any use for measures or decisions on persons",
    },
)
def statistics_only(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (4): statistical purposes only, no measures or decisions on particular persons.
    """
    asked = bound(rows, day) & rows.says("pseudonymised", "yes")
    return asked & rows.filled("statistical_only"), rows.says("statistical_only", "yes")


@check(
    NAME,
    "method_deleted_on",
    serves=("EUK-9",),
    head="processing",
    needs=("anonymised",),
    sufficient=True,
    rule={
        "ja": "匿名加工情報を作成したときは、加工方法等情報の削除が記録されている",
        "en": "Where an anonymised set was made, deletion of the method information is recorded",
    },
    fails={
        "ja": "「{name}」：匿名加工情報を作成していますが、加工方法等情報を削除した日がありません。削除しなければ匿名加工情報として扱えません。",
        "en": '"{name}": an anonymised set was made, but no day of deleting the method information is '
        "recorded; without deletion it does not count as anonymised.",
    },
    remedy={
        "ja": "バックアップも含めて加工方法等情報を削除し、日付を残す",
        "en": "Delete the method information, backups included, and record the day",
    },
)
def method_deleted(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (5): re-identification must be impossible for anyone, and the deletion is recorded.
    """
    return bound(rows, day) & rows.says("anonymised", "yes"), rows.filled("method_deleted_on")


@check(
    NAME,
    "onward_route",
    serves=("EUK-6",),
    head="onward",
    needs=("onward_to", "onward_country"),
    rule={
        "ja": "外国への再移転には補完的ルール(3)の根拠がある",
        "en": "Onward transfer abroad has a ground under rule (3)",
    },
    fails={
        "ja": "「{name}」の{onward_to}（{onward_country}）への再移転に、補完的ルール(3)の根拠がありません（根拠：{onward_route}、補完的ルールの明記：{names_rules}）。",
        "en": 'Onward transfer of "{name}" to {onward_to} ({onward_country}) has no ground under rule (3) '
        "(route: {onward_route}; names the Rules: {names_rules}).",
    },
    remedy={
        "ja": "状況を示して同意を得るか、法と補完的ルールの水準を契約などで確保する。できなければ再移転を止める",
        "en": "Obtain consent with the circumstances told, or bind the recipient to the level of the Act and "
        "the Rules; otherwise stop",
    },
)
def onward_ground(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (3): consent, an arrangement at the level of the Act with the Rules, or a case of Art. 27(1);
    not needed in the EEA and UK. Foreign law is no such case; CBPR and a blank have checks of their own.
    "Designated" beside a country that is not known cannot be judged.
    """
    stated = rows.filled("onward_route") & ~(rows.says("onward_route", "designated") & ~_country_known(rows))
    asked = _onward(rows, day) & stated & ~rows.says("onward_route", "cbpr")
    lacking = rows.says("onward_route", "arrangement") & rows.says("names_rules", "no")
    return asked, rows.says("onward_route", *RULE_3) & ~lacking


@check(
    NAME,
    "onward_route",
    serves=(),
    head="onward",
    needs=("onward_to", "onward_country"),
    rule={
        "ja": "外国への再移転の根拠が書かれている",
        "en": "The route of an onward transfer abroad is written down",
    },
    fails={
        "ja": "「{name}」の{onward_to}（{onward_country}）への再移転の根拠の記載がなく、補完的ルール(3)に照らした判定ができません。",
        "en": 'No route is written for the onward transfer of "{name}" to {onward_to} ({onward_country}), so rule (3) '
        "cannot be judged.",
    },
    remedy={
        "ja": "根拠を確かめて書く。なければ再移転を止める",
        "en": "Find out the route and write it; stop the transfer if there is none",
    },
)
def onward_route_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank route breaks no duty by itself, so this only informs.
    """
    return _onward(rows, day), rows.filled("onward_route")


@check(
    NAME,
    "onward_route",
    serves=("EUK-6",),
    head="onward",
    needs=("onward_to", "onward_country"),
    rule={
        "ja": "CBPR認証だけを根拠に再移転していない",
        "en": "No onward transfer rests on a CBPR certificate alone",
    },
    fails={
        "ja": "「{name}」の{onward_to}（{onward_country}）への再移転がCBPR認証だけによっています。認証だけでは補完的ルール(3)の取決めに当たらないと解されます（一般的な知見）。",
        "en": 'Onward transfer of "{name}" to {onward_to} ({onward_country}) rests on CBPR alone, which is '
        "understood not to be an arrangement of rule (3) (general knowledge).",
    },
    remedy={
        "ja": "契約などで法と補完的ルールの水準を確保するか、同意を得る",
        "en": "Bind the recipient by contract to the level of the Act and the Rules, or obtain consent",
    },
)
def not_cbpr_alone(rows: Rows, day: np.datetime64) -> Result:
    """
    The certificate of Rules Art. 16(ii) is understood not to open rule (3).
    """
    return _onward(rows, day) & rows.filled("onward_route"), ~rows.says("onward_route", "cbpr")


@check(
    NAME,
    "onward_informed",
    serves=("EUK-6",),
    head="onward",
    needs=("onward_to", "onward_country", "onward_route"),
    rule={
        "ja": "同意による再移転では、再移転先の状況を本人に示してから同意を得ている",
        "en": "For onward transfer on consent, the recipient's circumstances were told beforehand",
    },
    fails={
        "ja": "「{name}」の{onward_to}への再移転：再移転先の状況を示さずに同意を得ています。",
        "en": 'Onward transfer of "{name}" to {onward_to}: consent was taken without telling the '
        "recipient's circumstances.",
    },
    remedy={
        "ja": "判断に必要な状況を示して同意を取り直す",
        "en": "Tell what is needed to decide and obtain consent anew",
    },
)
def consent_informed(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (3): consent after information on the circumstances needed to decide.
    """
    asked = _onward(rows, day) & rows.says("onward_route", "consent")
    return asked & rows.filled("onward_informed"), rows.says("onward_informed", "yes")


@check(
    NAME,
    "names_rules",
    serves=("EUK-7",),
    head="onward",
    needs=("onward_to", "onward_country", "onward_route"),
    rule={
        "ja": "再移転の契約などは、法と補完的ルールを確保すべき水準として掲げている",
        "en": "The arrangement for onward transfer names the Act and the Rules as the level",
    },
    fails={
        "ja": "「{name}」の{onward_to}との契約などに、補完的ルールが水準として掲げられているとの記載がありません。",
        "en": 'It is not on record that the arrangement with {onward_to} on "{name}" names the Supplementary '
        "Rules as the level.",
    },
    remedy={
        "ja": "契約などに、法と補完的ルールの両方を水準として明記する",
        "en": "Name both the Act and the Supplementary Rules in the arrangement",
    },
)
def arrangement_names_rules(rows: Rows, day: np.datetime64) -> Result:
    """
    Rule (3): measures equivalent to the Act together with the Rules.
    """
    return _onward(rows, day) & rows.says("onward_route", "arrangement"), rows.says("names_rules", "yes")


@check(
    NAME,
    "rights_from_first_day",
    serves=("EUK-10",),
    head="rights",
    rule={
        "ja": "消去の予定にかかわらず、保有を始めた日から開示等に応じる",
        "en": "Principals' requests are answered from the first day, whatever the planned erasure",
    },
    fails={
        "ja": "「{name}」は、保有を始めた日から開示等に応じる扱いになっていません。",
        "en": '"{name}" is not handled so that requests are answered from the first day of holding.',
    },
    remedy={
        "ja": "短期で消去するデータも開示等の対象に加え、6か月の除外が残っていれば削る",
        "en": "Include short-lived data in the procedure and delete any six-month exclusion left over",
    },
)
def rights_answered(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 16(4) has no period; a blank may mean that the operator has no authority over the data.
    """
    return bound(rows, day) & rows.filled("rights_from_first_day"), rows.says("rights_from_first_day", "yes")


@check(
    NAME,
    "rules_prevail",
    serves=("EUK-11",),
    head="rights",
    rule={
        "ja": "補完的ルールに沿った定めが優先することがポリシーか社内規程にある",
        "en": "Policy or internal rules let the special provisions prevail",
    },
    fails={
        "ja": "「{name}」について、補完的ルールに沿った定めが優先するとの定めがありません。",
        "en": 'For "{name}" nothing says that the provisions following the Supplementary Rules prevail.',
    },
    remedy={
        "ja": "英国のデータも含めて、優先する旨をポリシーか社内規程に加える",
        "en": "Add it to the policy or the internal rules, data from the UK included",
    },
)
def special_rules_prevail(rows: Rows, day: np.datetime64) -> Result:
    """
    What the organisation promises for such data.
    """
    return bound(rows, day) & rows.filled("rules_prevail"), rows.says("rules_prevail", "yes")


@check(
    NAME,
    "onward_to",
    serves=(),
    head="onward",
    needs=("onward_country",),
    against=("foreign_transfers",),
    rule={
        "ja": "再移転先が外国提供台帳にも載っている",
        "en": "Onward recipients are also in the register of foreign transfers",
    },
    fails={
        "ja": "「{name}」の再移転先「{onward_to}」が外国提供台帳にありません。",
        "en": 'The onward recipient "{onward_to}" of "{name}" is missing from the register of foreign transfers.',
    },
    remedy={"ja": "外国提供台帳に加える", "en": "Add it to the register of foreign transfers"},
)
def in_foreign_transfers(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same recipients abroad. This informs.
    """
    del day
    asked = held(rows) & _goes_abroad(rows) & rows.filled("onward_to")
    return asked, named_in(rows, "onward_to", others["foreign_transfers"], "recipient")


@check(
    NAME,
    "onward_to",
    serves=(),
    head="onward",
    needs=("onward_country", "onward_route"),
    against=("foreign_transfers",),
    rule={
        "ja": "再移転先の外国提供台帳での根拠がCBPR認証だけではない",
        "en": "In the register of foreign transfers the onward recipient does not rest on CBPR alone",
    },
    fails={
        "ja": "「{name}」の再移転先「{onward_to}」は、外国提供台帳ではCBPR認証だけが根拠です。このデータの再移転の根拠（{onward_route}）を確かめてください。",
        "en": 'In the register of foreign transfers the onward recipient "{onward_to}" of "{name}" rests on CBPR '
        "alone; check the route written here ({onward_route}).",
    },
    remedy={
        "ja": "二つの台帳の根拠を合わせ、CBPR認証だけであれば契約などで補う",
        "en": "Bring the two registers in line; if it is CBPR alone, add a contract or the like",
    },
)
def not_cbpr_in_foreign_transfers(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    A certificate that suffices for other data does not for this. This informs.
    """
    transfers = others["foreign_transfers"]
    certified = transfers.says("route", "cbpr")
    only = named_in(rows, "onward_to", transfers, "recipient", certified) & ~named_in(
        rows, "onward_to", transfers, "recipient", ~certified & transfers.filled("route")
    )
    known = named_in(rows, "onward_to", transfers, "recipient")
    return _onward(rows, day) & known & ~rows.says("onward_route", "cbpr"), ~only


@presence("G18", NAME, "tool")
def receives_on_adequacy(rows: Rows, day: np.datetime64) -> Mask:
    """
    Data that the Rules bind.
    """
    return bound(rows, day)


@presence("G10", NAME, "onward_country")
def passes_on_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    A data set of any tool that goes on to a third party in a country abroad that is known.
    """
    del day
    return held(rows) & _goes_abroad(rows) & _country_known(rows)


@presence("G03", NAME, "special_categories")
def holds_special_categories(rows: Rows, day: np.datetime64) -> Mask:
    """
    Information that rule (1) makes special care-required.
    """
    return bound(rows, day) & rows.says("special_categories", *SPECIAL)


@presence("G15", NAME, "pseudonymised")
def pseudonymises(rows: Rows, day: np.datetime64) -> Mask:
    """
    A pseudonymised set was made.
    """
    del day
    return held(rows) & rows.says("pseudonymised", "yes")


@presence("G16", NAME, "anonymised")
def anonymises(rows: Rows, day: np.datetime64) -> Mask:
    """
    An anonymised set was made.
    """
    del day
    return held(rows) & rows.says("anonymised", "yes")
