"""
Entrusted parties (委託先): Art. 25, and Art. 28 by the decision table.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from appi_assess.countries import UNKNOWN, designated
from appi_assess.registers import Mask, Rows
from appi_assess.requirement import KNOWN_FROM

from . import Result, check, presence
from .foreign_transfers import routes
from .foreign_transfers import running as still_provided
from .rules import as_date, named_in, within_a_year

NAME = "entrusted_parties"
YEARLY_ROUTES = ("contract", "cbpr")


def cases(rows: Rows, day: np.datetime64) -> npt.NDArray[np.object_]:
    """
    The case of the decision table (``tables/decision_table.yaml``) that each party falls under.

    The country is that of the party, never of its servers; a country that is blank or not known is
    ``undecided``. A cloud counts as not handling the data only if the contract says so and access
    is controlled (Q&A 7-53, read narrowly). Data that the party cannot identify counts as equivalent
    measures unless the row rests on consent or an exception, to which Art. 28(3) does not apply (GLF 6).
    """
    found: npt.NDArray[np.object_] = rows.once(("cases", day), lambda: _cases(rows, day))
    return found


def _cases(rows: Rows, day: np.datetime64) -> npt.NDArray[np.object_]:
    found: npt.NDArray[np.object_] = np.select(
        [
            rows.says("kind", "own_branch"),
            _claims_not_handling(rows) & _kept_out(rows),
            rows.says("country", "JP"),
            rows.says("business_in_japan", "yes"),
            ~rows.filled("country") | rows.says("country", UNKNOWN),
            rows.where("country", lambda code: designated(code, as_date(day))),
            rows.says("route", *YEARLY_ROUTES),
            _not_identifiable(rows) & ~rows.says("route", "consent", "exception"),
        ],
        [
            "own_branch",
            "cloud_not_handling",
            "japan",
            "foreign_in_japan",
            "undecided",
            "designated",
            "equivalent",
            "not_identifiable",
        ],
        "no_system",
    ).astype(object)
    return found


def _claims_not_handling(rows: Rows) -> Mask:
    return rows.says("kind", "cloud") & rows.says("handles_content", "no")


def _not_identifiable(rows: Rows) -> Mask:
    return rows.says("identifiable", "no") & rows.says("restoring_barred", "yes")


def _kept_out(rows: Rows) -> Mask:
    return rows.says("contract_bars_access", "yes") & rows.says("access_controlled", "yes")


def _falls(rows: Rows, day: np.datetime64, *names: str) -> Mask:
    found: Mask = rows.once(("falls", day, names), lambda: np.isin(cases(rows, day).astype(str), names))
    return found


def supervised(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where Art. 25 applies: everywhere but own branches and clouds that do not handle the data.
    """
    return ~_falls(rows, day, "own_branch", "cloud_not_handling")


def running(rows: Rows, day: np.datetime64) -> Mask:
    """
    Supervised parties whose work has not ended.
    """
    return supervised(rows, day) & np.isnat(rows.date("ended_on"))


def _routed_elsewhere(rows: Rows, others: dict[str, Rows], day: np.datetime64, *ways: str) -> Mask:
    """
    Where the register of foreign transfers shows one of these routes for the same party.
    """
    transfers = others.get("foreign_transfers")
    if transfers is None:
        return np.zeros(len(rows), dtype=bool)
    shown = np.isin(routes(transfers, day), ways) & still_provided(transfers)
    return named_in(rows, "name", transfers, "recipient", among=shown)


def _touches_abroad(rows: Rows) -> Mask:
    """
    Where the party or a server is abroad; a country that is not known may be.

    A foreign company that does business in Japan may handle the data here: its servers decide.
    """
    party = rows.filled("country") & ~rows.says("country", "JP") & ~rows.says("business_in_japan", "yes")
    return party | rows.where("server_countries", lambda value: value != "JP")


@check(
    NAME,
    "data",
    serves=("ENT-1",),
    head="scope",
    needs=("work",),
    sufficient=True,
    rule={
        "ja": "委託する業務と取り扱う個人データが書かれている",
        "en": "The work and the personal data handled are written down",
    },
    fails={
        "ja": "「{name}」の業務または個人データの記載がありません。",
        "en": 'No work or personal data is written for "{name}".',
    },
    remedy={
        "ja": "委託する業務と個人データの項目を台帳に書く",
        "en": "Write the work and the items of data into the register",
    },
)
def listed(rows: Rows, day: np.datetime64) -> Result:
    """
    Work and data of each supervised party are named (needed for Art. 25).
    """
    return supervised(rows, day), rows.filled("work", "data")


@check(
    NAME,
    "handles_content",
    serves=(),
    head="scope",
    needs=("kind", "contract_bars_access", "access_controlled"),
    rule={
        "ja": "「取り扱わない」とするクラウドには、契約の定めとアクセス制御の両方がある",
        "en": "A cloud said not to handle the data has both the contract clause and access control",
    },
    fails={
        "ja": "「{name}」は個人データを取り扱わないとされていますが、契約の定めまたはアクセス制御を確認できないため、委託として点検します。",
        "en": '"{name}" is said not to handle the data, but the clause or the access control is not on record; '
        "it is checked as entrusted.",
    },
    remedy={
        "ja": "契約とアクセス制御を確かめ、どちらかがなければ委託先として監督する",
        "en": "Check contract and access control; supervise it as entrusted unless both are there",
    },
)
def not_handling_shown(rows: Rows, day: np.datetime64) -> Result:
    """
    A contract that is silent on access is not enough (Q&A 7-53; alert of 25 March 2024). This informs:
    the party is then judged as entrusted by the other checks.
    """
    del day
    return _claims_not_handling(rows), _kept_out(rows)


@check(
    NAME,
    "needed_only",
    serves=("ENT-2",),
    head="scope",
    rule={"ja": "委託業務に必要なデータだけを渡している", "en": "Only data needed for the work is given"},
    fails={
        "ja": "「{name}」に、委託業務に必要な範囲を超えるデータを渡しています。",
        "en": '"{name}" is given more data than the entrusted work needs.',
    },
    remedy={
        "ja": "渡す項目を見直し、不要な項目を外す",
        "en": "Review the items given and leave out what is not needed",
    },
)
def needed_only(rows: Rows, day: np.datetime64) -> Result:
    """
    Data beyond the entrusted work is not given (GL 3-4-4; Art. 27(5)(i)).
    """
    return running(rows, day) & rows.filled("needed_only"), rows.says("needed_only", "yes")


@check(
    NAME,
    "own_use",
    serves=("ENT-10", "A27-11"),
    head="scope",
    rule={
        "ja": "委託先がデータを自らのために使わず、委託業務の範囲を超えた突合もしていない",
        "en": "The party does not use the data for itself or combine it beyond the work",
    },
    fails={
        "ja": "「{name}」はデータを委託業務の外で使っています。委託（法27条5項1号）とはいえず、第三者提供になり得ます。",
        "en": '"{name}" uses the data beyond the entrusted work; that is no entrustment under '
        "Art. 27(5)(i) and may be provision to a third party.",
    },
    remedy={
        "ja": "利用をやめさせるか、第三者提供として同意などの根拠を得る",
        "en": "Have it stop, or treat it as provision with consent or another basis",
    },
)
def no_own_use(rows: Rows, day: np.datetime64) -> Result:
    """
    Use for its own ends (training, analytics, other clients) breaks Art. 27(5)(i).
    """
    return supervised(rows, day) & rows.filled("own_use"), rows.says("own_use", "no")


@check(
    NAME,
    "selected_on",
    serves=("ENT-3",),
    head="selection",
    needs=("started_on",),
    sufficient=True,
    rule={
        "ja": "委託を始める前に委託先の安全管理措置を確認している",
        "en": "The party's security measures were checked before entrusting",
    },
    fails={
        "ja": "「{name}」：委託開始（{started_on}）までに安全管理措置を確認した記録がありません（確認日：{selected_on}）。",
        "en": '"{name}": no check of its measures on record by the start on {started_on} (checked on: {selected_on}).',
    },
    remedy={
        "ja": "安全管理措置を確認し、確認日を台帳に残す。今後は委託前に確認する",
        "en": "Check its measures now and record the day; from now on before entrusting",
    },
)
def selection_before_start(rows: Rows, day: np.datetime64) -> Result:
    """
    Selection is checked before entrusting (GL 3-4-4(1)); without a start day, by the assessment date.
    """
    selected, started = rows.date("selected_on"), rows.date("started_on")
    return supervised(rows, day), ~np.isnat(selected) & ~(selected > started)


@check(
    NAME,
    "contract_on",
    serves=("ENT-4",),
    head="contract",
    needs=("clause_security",),
    sufficient=True,
    rule={
        "ja": "安全管理措置を定めた委託契約を結んでいる",
        "en": "A contract with agreed security measures is concluded",
    },
    fails={
        "ja": "「{name}」：契約日または安全管理の条項の記載がありません（契約日：{contract_on}）。",
        "en": '"{name}": no contract day or no security clause on record (contract: {contract_on}).',
    },
    remedy={
        "ja": "安全管理措置を含む契約または覚書を結ぶ",
        "en": "Conclude a contract or memorandum with security measures",
    },
)
def contract_concluded(rows: Rows, day: np.datetime64) -> Result:
    """
    A contract with the necessary measures stands (GL 3-4-4(2)).
    """
    return running(rows, day), rows.filled("contract_on") & rows.says("clause_security", "yes")


@check(
    NAME,
    "clause_reports",
    serves=("ENT-5",),
    head="contract",
    sufficient=True,
    rule={
        "ja": "契約に取扱状況を把握する条項（報告・監査）がある",
        "en": "The contract lets the entruster grasp the handling (reports, audit)",
    },
    fails={
        "ja": "「{name}」の契約に報告・監査の条項を確認できません。",
        "en": 'No report or audit clause is on record for the contract with "{name}".',
    },
    remedy={"ja": "更新時に報告・監査の条項を加える", "en": "Add a report and audit clause on renewal"},
)
def reports_clause(rows: Rows, day: np.datetime64) -> Result:
    """
    Desirable content of the contract (GL 3-4-4(2)).
    """
    return running(rows, day), rows.says("clause_reports", "yes")


@check(
    NAME,
    "instructed_on",
    serves=("ENT-7",),
    head="grasping",
    rule={
        "ja": "必要な安全管理措置を実際に指示している",
        "en": "The needed measures were actually instructed",
    },
    fails={
        "ja": "「{name}」に必要な安全管理措置を指示した記録がありません。",
        "en": 'No instruction of the needed measures to "{name}" is on record.',
    },
    remedy={"ja": "指示書を渡し、日付を残す", "en": "Give written instructions and record the day"},
)
def instructed(rows: Rows, day: np.datetime64) -> Result:
    """
    Instructions are given (breach example 2 of GL 3-4-4).
    """
    return running(rows, day), rows.filled("instructed_on")


@check(
    NAME,
    "reviewed_on",
    serves=("ENT-6",),
    head="grasping",
    needs=("started_on",),
    sufficient=True,
    rule={
        "ja": "取扱状況を少なくとも年1回確認している（年1回は目安）",
        "en": "Handling is checked at least about once a year (the year is a yardstick, not a rule)",
    },
    fails={
        "ja": "「{name}」の取扱状況を1年以内に点検した記録がありません（最終：{reviewed_on}）。",
        "en": 'No review of "{name}" within the last year is on record (last: {reviewed_on}).',
    },
    remedy={
        "ja": "取扱状況を点検し、委託の内容を評価し直す",
        "en": "Check the handling and re-evaluate the entrustment",
    },
)
def reviewed_within_a_year(rows: Rows, day: np.datetime64) -> Result:
    """
    Regular checks (GL 3-4-4(3)); a party taken on in the last year has time until the year is over.
    """
    return running(rows, day), within_a_year(rows.date("reviewed_on"), rows.date("started_on"), day)


@check(
    NAME,
    "re_entrustment_approved_on",
    serves=("ENT-8",),
    head="re_entrustment",
    needs=("re_entrusts", "re_entrustee"),
    sufficient=True,
    rule={
        "ja": "再委託先を把握し、事前の報告または承認がある",
        "en": "Each re-entrustment is known and was reported or approved beforehand",
    },
    fails={
        "ja": "「{name}」の再委託（{re_entrustee}）に事前の報告・承認の記録がありません。",
        "en": 'No prior report or approval is on record for the re-entrustment by "{name}" (to: {re_entrustee}).',
    },
    remedy={
        "ja": "再委託先、業務、取扱方法の報告を受け、承認の可否を決める",
        "en": "Obtain a report on whom, what and how, and decide on approval",
    },
)
def re_entrustment_approved(rows: Rows, day: np.datetime64) -> Result:
    """
    Prior report or approval of whom, what and how (GL 3-4-4(3)).
    """
    return (
        running(rows, day) & rows.says("re_entrusts", "yes"),
        rows.filled("re_entrustee", "re_entrustment_approved_on"),
    )


@check(
    NAME,
    "clause_re_entrustment",
    serves=("ENT-9",),
    head="re_entrustment",
    rule={"ja": "再委託の条件が契約で定められている", "en": "The contract sets the terms of re-entrustment"},
    fails={
        "ja": "「{name}」の契約に再委託の条件の定めを確認できません。",
        "en": 'No terms of re-entrustment are on record for the contract with "{name}".',
    },
    remedy={"ja": "再委託の条件を契約に加える", "en": "Add terms of re-entrustment to the contract"},
)
def re_entrustment_clause(rows: Rows, day: np.datetime64) -> Result:
    """
    Terms of re-entrustment are set (breach examples 3 and 4 of GL 3-4-4).
    """
    return running(rows, day), rows.says("clause_re_entrustment", "yes")


@check(
    NAME,
    "re_entrustment_checked_on",
    serves=("ENT-9",),
    head="re_entrustment",
    needs=("started_on",),
    rule={
        "ja": "報告のない再委託がないか、年1回程度確認している（年1回は目安）",
        "en": "Unreported re-entrustment is looked for about once a year (a yardstick, not a rule)",
    },
    fails={
        "ja": "「{name}」に報告のない再委託がないかを1年以内に確認した記録がありません（最終：{re_entrustment_checked_on}）。",
        "en": 'Unreported re-entrustment at "{name}" was not looked for within a year '
        "(last: {re_entrustment_checked_on}).",
    },
    remedy={"ja": "再委託の有無を委託先に確認する", "en": "Ask the party about re-entrustment and check"},
)
def re_entrustment_looked_for(rows: Rows, day: np.datetime64) -> Result:
    """
    Re-entrustment that nobody reported is looked for (breach examples 3 and 4 of GL 3-4-4).
    """
    done = within_a_year(rows.date("re_entrustment_checked_on"), rows.date("started_on"), day)
    return running(rows, day), done


@check(
    NAME,
    "clause_breach",
    serves=("ENT-11",),
    head="breach",
    sufficient=True,
    rule={
        "ja": "漏えい等を直ちに知らせる条項が契約にある",
        "en": "The contract demands immediate notice of a breach",
    },
    fails={
        "ja": "「{name}」の契約に漏えい等の通知条項を確認できません。",
        "en": 'No breach notice clause is on record for the contract with "{name}".',
    },
    remedy={
        "ja": "通知の時期と連絡先を定めた条項を契約に加える",
        "en": "Add time and contact of the notice to the contract",
    },
)
def breach_clause(rows: Rows, day: np.datetime64) -> Result:
    """
    A clause that serves the entruster's own clock (GL 3-4-4(2); Art. 26(1) proviso).
    """
    return running(rows, day), rows.says("clause_breach", "yes")


@check(
    NAME,
    "clause_return",
    serves=("ENT-12",),
    head="return",
    rule={
        "ja": "終了時の返却・消去が契約で定められている",
        "en": "The contract provides for return or erasure at the end",
    },
    fails={
        "ja": "「{name}」の契約に返却・消去の条項を確認できません。",
        "en": 'No return or erasure clause is on record for the contract with "{name}".',
    },
    remedy={"ja": "返却・消去と証明の条項を加える", "en": "Add a clause on return or erasure with proof"},
)
def return_clause(rows: Rows, day: np.datetime64) -> Result:
    """
    The end is provided for in the contract (GL 10-5(4)).
    """
    return running(rows, day), rows.says("clause_return", "yes")


@check(
    NAME,
    "erased_on",
    serves=("ENT-12",),
    head="return",
    needs=("ended_on", "certificate"),
    sufficient=True,
    rule={
        "ja": "終了した委託では、返却・消去の日と証明がある",
        "en": "When the work has ended, return or erasure has a day and proof",
    },
    fails={
        "ja": "「{name}」の委託は{ended_on}に終わりましたが、返却・消去の日または証明がありません（返却・消去日：{erased_on}）。",
        "en": 'Work of "{name}" ended on {ended_on}, but the day or the proof of return or erasure is missing '
        "(returned or erased on: {erased_on}).",
    },
    remedy={
        "ja": "返却または消去を確認し、証明を受け取る",
        "en": "Confirm return or erasure and obtain proof",
    },
)
def erased_with_proof(rows: Rows, day: np.datetime64) -> Result:
    """
    Return or erasure at the end, with proof (GL 10-5(4)).
    """
    ended = supervised(rows, day) & rows.filled("ended_on")
    return ended, rows.filled("erased_on") & rows.says("certificate", "yes")


@check(
    NAME,
    "country",
    serves=("A28-1",),
    head="abroad",
    rule={
        "ja": "委託先の所在国が分かっている（不明は日本とみなさない）",
        "en": "The country of the party is known (not known is never taken as Japan)",
    },
    fails={
        "ja": "「{name}」の所在国は不明とされ、法28条の根拠を判断できません。",
        "en": 'The country of "{name}" is marked as not known, so no route under Art. 28 can be shown.',
    },
    remedy={"ja": "委託先（法人）の所在国を確認する", "en": "Find out the country of the party itself"},
)
def country_known(rows: Rows, day: np.datetime64) -> Result:
    """
    The country of the party, not of its servers, decides Art. 28 (Q&A 12-11); it fails only where it
    is written down as not known. Consent and exceptions hold for whatever country (Rules Art. 17(3)).
    """
    known = ~_falls(rows, day, "undecided") | rows.says("route", "consent", "exception")
    return running(rows, day) & rows.filled("country"), known


@check(
    NAME,
    "country",
    serves=(),
    head="abroad",
    rule={"ja": "委託先の所在国が書かれている", "en": "The country of the party is written down"},
    fails={
        "ja": "「{name}」の所在国の記載がありません。空欄は日本とみなしません。",
        "en": 'The country of "{name}" is not written; a blank is not taken as Japan.',
    },
    remedy={"ja": "委託先（法人）の所在国を書く", "en": "Write the country of the party itself"},
)
def country_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank says nothing of a party abroad, so it breaks no prohibition by itself, but the case in the
    decision table stays open.
    """
    return running(rows, day) & ~_falls(rows, day, "foreign_in_japan"), rows.filled("country")


@check(
    NAME,
    "route",
    serves=("A28-1",),
    head="abroad",
    needs=("country",),
    beside=("foreign_transfers",),
    rule={
        "ja": "外国の委託先には法28条の根拠があり、その根拠が国と合っている",
        "en": "A party abroad has a route under Art. 28 that fits its country",
    },
    fails={
        "ja": "「{name}」（{country}）：法28条の根拠がないか、その根拠が国と合いません（根拠：{route}）。委託でも根拠は必要です。",
        "en": '"{name}" ({country}): no route under Art. 28, or one that does not fit the country (route: {route}). '
        "Entrustment needs a route too.",
    },
    remedy={
        "ja": "基準適合体制（契約等）を整えるか、情報を提供して同意を得る。できなければ提供を止める",
        "en": "Set up an equivalent-measures system or obtain informed consent; otherwise stop",
    },
)
def route_fits(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    A foreign entrustee needs a route; 27(5) does not help against 28(1). "Designated" is only the
    EEA and the UK. The fact that fails is the entrustment abroad; a blank route says that it rests on
    nothing, unless the register of foreign transfers shows a route for the same party.
    """
    abroad = running(rows, day) & _falls(
        rows, day, "equivalent", "not_identifiable", "no_system", "designated"
    )
    fits = _falls(rows, day, "equivalent", "not_identifiable", "designated")
    fits |= rows.says("route", "consent", "exception")
    fits |= ~rows.filled("route") & _routed_elsewhere(rows, others, day, "equivalent", "exception", "consent")
    return abroad, fits


@check(
    NAME,
    "informed_on",
    serves=("A28-3",),
    head="abroad",
    needs=("route", "country"),
    rule={
        "ja": "同意による場合、同意の前に法28条2項の情報を提供している",
        "en": "With consent, the information of Art. 28(2) was given beforehand",
    },
    fails={
        "ja": "「{name}」：本人の同意を根拠としていますが、国名・制度・相手方の措置の情報を提供した日の記載がありません。",
        "en": '"{name}" rests on consent, but no day is recorded on which principals were told country, system and measures.',
    },
    remedy={
        "ja": "国名、制度、相手方の措置の情報を提供したうえで同意を取り直す",
        "en": "Give country, system and measures, and obtain consent anew",
    },
)
def informed_consent(rows: Rows, day: np.datetime64) -> Result:
    """
    Consent rests on the three heads of Rules Art. 17(2). Art. 28(2) began on 1 April 2022; work begun
    on consent before that day rests on an older consent.
    """
    consent = running(rows, day) & rows.says("route", "consent")
    consent &= _falls(rows, day, "no_system", "undecided")
    consent &= ~(rows.date("started_on") < np.datetime64(KNOWN_FROM, "D"))
    return consent, rows.filled("informed_on")


@check(
    NAME,
    "checked_on",
    serves=("A28-9",),
    head="abroad",
    needs=("route", "country", "started_on"),
    beside=("foreign_transfers",),
    sufficient=True,
    rule={
        "ja": "基準適合体制の委託先について、実施状況と外国の制度を年1回程度確認している",
        "en": "On the equivalent-measures route, implementation and the foreign system are checked about yearly",
    },
    fails={
        "ja": "「{name}」の相当措置の実施状況と外国の制度を1年以内に確認した記録がありません（最終：{checked_on}）。",
        "en": 'No check of implementation and foreign system for "{name}" within the last year is on record ({checked_on}).',
    },
    remedy={
        "ja": "実施状況と影響し得る外国の制度を確認し、日付を残す",
        "en": "Check implementation and foreign systems that may affect it, and record the day",
    },
)
def yearly_check(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    Art. 28(3), Rules Art. 18(1)(i): about once a year; not on the consent route, nor in the EEA and UK.
    Without a day here, a party in the register of foreign transfers is judged by the days kept there.
    """
    routed = running(rows, day) & _falls(rows, day, "equivalent", "not_identifiable")
    routed &= rows.filled("checked_on") | ~_routed_elsewhere(rows, others, day, "equivalent")
    return routed, within_a_year(rows.date("checked_on"), rows.date("started_on"), day)


@check(
    NAME,
    "country_sheet_on",
    serves=("SEC-17",),
    head="abroad",
    needs=("country", "server_countries"),
    rule={
        "ja": "事業者またはサーバーが外国なら、その国の制度を調べている",
        "en": "Where provider or server is abroad, the foreign system is understood",
    },
    fails={
        "ja": "「{name}」（所在国：{country}、サーバー：{server_countries}）の外国の制度を調べた記録がありません。",
        "en": 'No sheet on the foreign system is recorded for "{name}" (country: {country}; servers: '
        "{server_countries}).",
    },
    remedy={
        "ja": "外国の個人情報保護制度を調べ、安全管理措置に反映する",
        "en": "Study the foreign system and reflect it in the security measures",
    },
)
def foreign_system_understood(rows: Rows, day: np.datetime64) -> Result:
    """
    External environment (GL 10-7); own branches and clouds that do not handle the data included.
    """
    del day
    return _touches_abroad(rows) & ~rows.filled("ended_on"), rows.filled("country_sheet_on")


@check(
    NAME,
    "country_published",
    serves=("A32-5",),
    head="abroad",
    needs=("country", "server_countries"),
    rule={
        "ja": "外国の国名と講じた措置が本人の知り得る状態にある（サーバーの国も）",
        "en": "The foreign country and the measures are accessible to principals, server countries too",
    },
    fails={
        "ja": "「{name}」の国名（所在国：{country}、サーバー：{server_countries}）と講じた措置を本人の知り得る状態に置いているとの記載がありません。",
        "en": 'The countries of "{name}" (party: {country}; servers: {server_countries}) are not marked as accessible.',
    },
    remedy={
        "ja": "プライバシーポリシーなどに国名と措置を書く",
        "en": "Name country and measures in the policy",
    },
)
def foreign_country_accessible(rows: Rows, day: np.datetime64) -> Result:
    """
    The foreign country is named among the security measures (GL 3-8-1; Q&A 10-25).
    """
    del day
    return _touches_abroad(rows) & ~rows.filled("ended_on"), rows.says("country_published", "yes")


@check(
    NAME,
    "name",
    serves=(),
    head="abroad",
    needs=("country",),
    against=("foreign_transfers",),
    rule={
        "ja": "外国の委託先が外国提供台帳にも載っている",
        "en": "A party abroad is also listed in the register of foreign transfers",
    },
    fails={
        "ja": "「{name}」（{country}）が外国提供台帳にありません。",
        "en": '"{name}" ({country}) is missing from the register of foreign transfers.',
    },
    remedy={"ja": "外国提供台帳に加える", "en": "Add it to the register of foreign transfers"},
)
def in_foreign_transfers(rows: Rows, transfers: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same parties abroad.
    """
    abroad = running(rows, day) & _falls(
        rows, day, "designated", "equivalent", "not_identifiable", "no_system"
    )
    return abroad, named_in(rows, "name", transfers["foreign_transfers"], "recipient")


@presence("G04", NAME, "name")
def entrusts(rows: Rows, day: np.datetime64) -> Mask:
    """
    A party that Art. 25 covers.
    """
    return running(rows, day)


@presence("G10", NAME, "country")
def entrusts_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    A party abroad that is a third party in a foreign country.
    """
    return running(rows, day) & _falls(rows, day, "designated", "equivalent", "not_identifiable", "no_system")


@presence("G11", NAME, "country")
def handled_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    A provider or a server abroad.
    """
    del day
    return _touches_abroad(rows) & ~rows.filled("ended_on") & ~rows.says("country", UNKNOWN)
