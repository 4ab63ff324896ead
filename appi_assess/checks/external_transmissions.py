"""
External transmissions (外部送信): Art. 31 on the providing side, and the telecom rule on tags.

The receiving side's own duties are checked in the register of receipts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from appi_assess import clocks
from appi_assess.countries import UNKNOWN, designated
from appi_assess.registers import SEVERAL, Days, Mask, Rows
from appi_assess.requirement import KNOWN_FROM

from . import Result, check, presence
from .joint_uses import users
from .rules import TOO_FRESH, party, within_a_year

NAME = "external_transmissions"
LISTED_IN = {
    "entrusted_parties": "name",
    "foreign_transfers": "recipient",
    "third_party_provisions": "recipient",
}
RECORD_HEADS = frozenset({"confirmation", "period", "recipient", "items"})
SHOWN = frozenset({"information", "recipient", "purpose", "form"})
YEARS = {"contract": 1, "together": 3}
OTHERWISE_YEARS = 3
_IN_FORCE = np.datetime64(KNOWN_FROM, "D")  # Art. 31 came into force on this day too


def running(rows: Rows) -> Mask:
    """
    Transmissions that have not ended.
    """
    found: Mask = np.isnat(rows.date("ended_on"))
    return found


def provided(rows: Rows) -> Mask:
    """
    Where personally referable information is provided to another, so that Art. 31 may apply.

    Not to own equipment; not where a vendor collects directly (Q&A 8-10, not verified); and not
    where it is joined with customer data, for then it is personal information and Art. 27 applies.
    """
    return ~rows.says("flow", "own", "direct") & ~rows.says("joined", "yes")


def expected(rows: Rows) -> Mask:
    """
    Where the recipient is expected to acquire it as personal data and no item of Art. 27(1) applies.
    """
    return provided(rows) & rows.says("attaches", "yes") & ~rows.says("consent_by", "not_needed")


def abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    Recipients in a foreign country that is not designated; a country not known is never Japan.
    """
    on = day.astype("datetime64[D]").item()
    foreign = rows.where("country", lambda code: code != "JP" and not designated(code, on))
    return foreign & ~rows.says("abroad_as", "in_japan")


def _all_of(rows: Rows, column: str, needed: frozenset[str]) -> Mask:
    return rows.where(column, lambda value: needed <= set(value.split(SEVERAL)))


@check(
    NAME,
    "data",
    serves=("COO-1", "A31-1"),
    head="inventory",
    needs=("site", "recipient", "purposes"),
    sufficient=True,
    rule={
        "ja": "設置場所、送信される情報、送信先、送信先での利用目的が書かれている",
        "en": "Site, information sent, recipient and its purposes are written down",
    },
    fails={
        "ja": "「{name}」の記載が足りません（設置場所：{site}、情報：{data}、送信先：{recipient}、利用目的：{purposes}）。",
        "en": '"{name}" is not fully described (site: {site}; information: {data}; recipient: {recipient}; purposes: '
        "{purposes}).",
    },
    remedy={
        "ja": "スキャン結果と送信先の資料から、足りない欄を埋める",
        "en": "Fill in what is missing from a scan and the recipient's papers",
    },
)
def listed(rows: Rows, day: np.datetime64) -> Result:
    """
    The inventory that Art. 31 and the telecom rule need; desirable in itself (Art. 31(1); TBA 27-12).
    """
    del day
    return running(rows), rows.filled("site", "data", "recipient", "purposes")


@check(
    NAME,
    "attaches",
    serves=("A31-2",),
    head="judgment",
    needs=("judged_on",),
    sufficient=True,
    rule={
        "ja": "送信先が個人データとして取得することが想定されるかを判断している",
        "en": "It is decided whether the recipient is expected to acquire it as personal data",
    },
    fails={
        "ja": "「{name}」の送信先（{recipient}）が個人データとして取得するかを判断した記録がありません"
        "（判断：{attaches}、判断日：{judged_on}）。",
        "en": 'It is not on record whether the recipient of "{name}" ({recipient}) will acquire it as personal data '
        "(judgment: {attaches}; on: {judged_on}).",
    },
    remedy={
        "ja": "送信先の説明、サービス資料、規約を確かめて判断し、日付を残す",
        "en": "Decide from what the recipient says, its services and terms, and record the day",
    },
)
def judged(rows: Rows, day: np.datetime64) -> Result:
    """
    The judgment is made per recipient (GL 3-7-1).
    """
    del day
    return running(rows) & provided(rows), rows.filled("attaches", "judged_on")


@check(
    NAME,
    "attaches",
    serves=("A31-2",),
    head="judgment",
    needs=("signs",),
    rule={
        "ja": "告知、ID突合サービス、突合用IDがあるのに「想定されない」と判断していない",
        "en": "Acquisition as personal data is not ruled out in the face of a statement, ID matching or "
        "matching IDs",
    },
    fails={
        "ja": "「{name}」は個人データとしての取得が想定されないとされていますが、手掛かり（{signs}）からは想定されます。",
        "en": '"{name}" is judged as not attached to persons, although what is known ({signs}) says it is '
        "to be expected.",
    },
    remedy={
        "ja": "判断し直し、想定されるなら同意を確認するまで提供しない",
        "en": "Judge anew, and if it is to be expected do not provide before consent is confirmed",
    },
)
def signs_heeded(rows: Rows, day: np.datetime64) -> Result:
    """
    Three signs by which acquisition as personal data is to be expected (GL 3-7-1).
    """
    del day
    denied = running(rows) & provided(rows) & rows.says("attaches", "no") & rows.filled("signs")
    return denied, ~rows.says("signs", "told", "matching", "ids")


@check(
    NAME,
    "flow",
    serves=(),
    head="judgment",
    needs=("judged_on", "joined"),
    rule={
        "ja": "送信先による直接取得とする場合、根拠を確かめた記録があり、自社で履歴を取り扱っていない",
        "en": "Where the vendor is said to collect directly, this was checked, and the history is not "
        "handled here",
    },
    fails={
        "ja": "「{name}」は送信先による直接取得とされていますが、確かめた日の記載がないか、自社で顧客情報と結合しています（判断日：{judged_on}、結合：{joined}）。",
        "en": 'The vendor of "{name}" is said to collect directly, but no check of this is dated, or the '
        "history is joined with customer data here (judged: {judged_on}; joined: {joined}).",
    },
    remedy={
        "ja": "情報の流れを原典とともに確かめ、自社からの提供に当たるかを判断する",
        "en": "Check the flow and the source of that view, and decide whether it is a provision by you",
    },
)
def direct_collection_checked(rows: Rows, day: np.datetime64) -> Result:
    """
    That direct collection is no provision rests on Q&A 8-10, whose answer was not read, so this only informs.
    """
    del day
    direct = running(rows) & rows.says("flow", "direct")
    return direct, rows.filled("judged_on") & ~rows.says("joined", "yes")


@check(
    NAME,
    "followed_up_on",
    serves=("A31-9",),
    head="judgment",
    needs=("signs", "contrary_signs"),
    rule={
        "ja": "契約で個人データとしての利用を禁じていても、反する兆候があれば確かめている",
        "en": "Where a contract bars use as personal data, signs to the contrary are followed up",
    },
    fails={
        "ja": "「{name}」の送信先（{recipient}）には契約に反して個人データとして取得している兆候がありますが、確かめた記録がありません。",
        "en": 'There are signs that the recipient of "{name}" ({recipient}) uses it as personal data despite the '
        "contract, but no follow-up is on record.",
    },
    remedy={
        "ja": "送信先に確かめ、31条が適用されるかを判断し直す",
        "en": "Ask the recipient and judge Art. 31 anew",
    },
)
def contrary_signs_followed_up(rows: Rows, day: np.datetime64) -> Result:
    """
    A clause alone does not end the matter (GL 3-7-1-3).
    """
    del day
    signs = rows.says("signs", "contract") & rows.says("contrary_signs", "yes")
    return running(rows) & provided(rows) & signs, rows.filled("followed_up_on")


@check(
    NAME,
    "consent_confirmed_on",
    serves=("A31-3",),
    head="consent",
    needs=("attaches", "started_on"),
    rule={
        "ja": "個人データとしての取得が想定されるとき、提供前に本人の同意を確認している",
        "en": "Where acquisition as personal data is expected, consent is confirmed before providing",
    },
    fails={
        "ja": "「{name}」は、送信先「{recipient}」が個人データとして取得すると想定されますが、提供前に本人の同意を確認した記録がありません（送信開始：{started_on}、"
        "確認：{consent_confirmed_on}）。",
        "en": 'The recipient of "{name}" ({recipient}) is expected to acquire it as personal data, but '
        "consent was not confirmed before providing (started: {started_on}; confirmed: "
        "{consent_confirmed_on}).",
    },
    remedy={
        "ja": "同意を確認するまで送信を止める",
        "en": "Stop sending until consent is confirmed",
    },
)
def consent_confirmed(rows: Rows, day: np.datetime64) -> Result:
    """
    Not provided before it is confirmed that the principal consented (Art. 31(1)(i); Rules Art. 26(1)).
    """
    del day
    return running(rows) & expected(rows), _beforehand(rows, "consent_confirmed_on")


def _beforehand(rows: Rows, column: str) -> Mask:
    """
    Before sending began; for what was already running, before Art. 31 came into force.
    """
    done, started = rows.date(column), rows.date("started_on")
    found: Mask = ~np.isnat(done) & ~(done > np.maximum(started, _IN_FORCE))
    return found


@check(
    NAME,
    "consent_by",
    serves=("A31-5",),
    head="consent",
    needs=("attaches", "consent_shows"),
    rule={
        "ja": "同意は、提供先と項目を示したうえで、ボタン等の本人の行為によって得られている",
        "en": "The consent was given by an act such as a button, with recipient and items shown",
    },
    fails={
        "ja": "「{name}」の同意は、提供先と項目が示されていないか、本人の行為によるものではありません"
        "（表示：{consent_shows}、方法：{consent_by}）。同意と認められないと判断される可能性があります。",
        "en": 'The consent for "{name}" does not show recipient and items, or was not given by an act (shown: '
        "{consent_shows}; by: {consent_by}); it may be judged no consent.",
    },
    remedy={
        "ja": "提供先を個別に、項目とともに示し、ボタン等で同意を得る",
        "en": "Name the recipient and the items, and take consent by a button or the like",
    },
)
def consent_clear(rows: Rows, day: np.datetime64) -> Result:
    """
    Website text alone is not enough; the purpose may come through the notice of Art. 21 (GL 3-7-2).
    """
    del day
    named = _all_of(rows, "consent_shows", frozenset({"recipient", "items"}))
    applies = running(rows) & expected(rows) & rows.filled("consent_shows", "consent_by")
    return applies, named & rows.says("consent_by", "act")


@check(
    NAME,
    "country",
    serves=(),
    head="abroad",
    needs=("attaches",),
    rule={
        "ja": "個人データとして取得し得る送信先の所在国が分かっている",
        "en": "The country of a recipient that may acquire it as personal data is known",
    },
    fails={
        "ja": "「{name}」の送信先（{recipient}）の所在国が分からず、31条1項2号の確認が要るかを判断できません。",
        "en": 'The country of the recipient of "{name}" ({recipient}) is not known, so it cannot be told whether Art. '
        "31(1)(ii) applies.",
    },
    remedy={
        "ja": "送信先（法人）の所在国を確かめて書く",
        "en": "Find out the country of the recipient itself, and write it",
    },
)
def country_known(rows: Rows, day: np.datetime64) -> Result:
    """
    A country not known is never taken as Japan, but breaks no duty by itself; this only informs.
    """
    del day
    possible = provided(rows) & ~rows.says("attaches", "no") & ~rows.says("consent_by", "not_needed")
    return running(rows) & possible, rows.filled("country") & ~rows.says("country", UNKNOWN)


@check(
    NAME,
    "informed_on",
    serves=("A31-4",),
    head="abroad",
    needs=("attaches", "country", "started_on"),
    rule={
        "ja": "外国の提供先については、外国の情報が本人に示されていることも提供前に確認している",
        "en": "For a recipient abroad it is also confirmed beforehand that principals were given the "
        "foreign information",
    },
    fails={
        "ja": "「{name}」の提供先「{recipient}」（所在国：{country}）について、外国の情報が本人に示されていることを提供前に確認した記録がありません"
        "（送信開始：{started_on}、確認：{informed_on}）。",
        "en": 'It was not confirmed before providing "{name}" that principals were given the foreign '
        "information (recipient: {recipient}; country: {country}; started: {started_on}; confirmed: "
        "{informed_on}).",
    },
    remedy={
        "ja": "国名、制度、提供先の措置が本人に示されていることを確かめるまで送信を止める",
        "en": "Stop sending until it is confirmed that country, system and measures are shown to principals",
    },
)
def foreign_information_confirmed(rows: Rows, day: np.datetime64) -> Result:
    """
    Not for the EEA and the UK, nor for a recipient with an equivalent-measures system (Art. 31(1)(ii);
    GL 3-7-3-2). The country is that of the recipient, not of its servers; one not known is left to
    ``country_known``.
    """
    there = abroad(rows, day) & ~rows.says("country", UNKNOWN)
    applies = running(rows) & expected(rows) & there & ~rows.says("abroad_as", "equivalent")
    return applies, _beforehand(rows, "informed_on")


@check(
    NAME,
    "checked_on",
    serves=("A31-6",),
    head="abroad",
    needs=("attaches", "country", "abroad_as", "started_on"),
    rule={
        "ja": "基準適合体制の提供先について、実施状況と外国の制度を年1回程度確認している",
        "en": "For recipients on an equivalent-measures system, implementation and the foreign system are checked "
        "about yearly",
    },
    fails={
        "ja": "「{name}」の提供先「{recipient}」について、1年以内に相当措置を確認した記録がありません（最終：{checked_on}）。",
        "en": 'The check of equivalent measures at the recipient of "{name}" ({recipient}; last: '
        "{checked_on}) is not within the last year.",
    },
    remedy={
        "ja": "実施状況と影響し得る外国の制度を確認し、日付を残す",
        "en": "Check implementation and foreign systems that may affect it, and record the day",
    },
)
def yearly_check(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 31(2) with 28(3), Rules Art. 18(1)(i): about once a year.
    """
    applies = running(rows) & expected(rows) & abroad(rows, day) & rows.says("abroad_as", "equivalent")
    return applies, within_a_year(rows.date("checked_on"), rows.date("started_on"), day)


def _still_kept(rows: Rows, day: np.datetime64) -> Mask:
    """
    Running, or ended with records that are still to be kept.
    """
    found: Mask = running(rows) | (rows.date("kept_until") >= day)
    return found


@check(
    NAME,
    "record_holds",
    serves=("A31-7",),
    head="record",
    needs=("attaches", "consent_confirmed_on", "recorded_on"),
    sufficient=True,
    rule={
        "ja": "同意を確認したときは、4つの事項（確認と方法、年月日または期間、提供先、項目）を記録している（30日間は判定しない）",
        "en": "After a confirmation a record holds its four heads (confirmation and how, date or period, "
        "recipient, items; not judged in the first 30 days)",
    },
    fails={
        "ja": "「{name}」の同意は{consent_confirmed_on}に確認されましたが、記録がないか、事項が足りません"
        "（記録日：{recorded_on}、事項：{record_holds}）。",
        "en": 'Consent for "{name}" was confirmed on {consent_confirmed_on}, but the record is missing or not complete '
        "(recorded: {recorded_on}; holds: {record_holds}).",
    },
    remedy={"ja": "4つの事項をすべて記録する", "en": "Make a record with all four heads"},
)
def recorded(rows: Rows, day: np.datetime64) -> Result:
    """
    Unlike a record of consent-based provision this one needs a date or period (Art. 31(3); Rules Art. 28).
    """
    made = rows.filled("recorded_on")
    fresh = ~made & (rows.date("consent_confirmed_on") > day - TOO_FRESH)
    confirmed = expected(rows) & rows.filled("consent_confirmed_on") & ~fresh
    complete = _all_of(rows, "record_holds", RECORD_HEADS)
    return confirmed & _still_kept(rows, day), made & complete


@check(
    NAME,
    "kept_until",
    serves=("A31-8",),
    head="record",
    needs=("attaches", "recorded_on", "ended_on"),
    rule={
        "ja": "記録を、契約書等で代替なら最後の提供から1年、一括なら最後の提供から3年、都度なら作成から3年保存する",
        "en": "The record is kept 1 year from the last provision (contract), 3 years from it (together), or 3 years "
        "from making it",
    },
    fails={
        "ja": "「{name}」の記録の保存期限（{kept_until}）は、保存すべき最後の日（{due}）より前です。",
        "en": 'The record of "{name}" is kept until {kept_until}, before the last day on which it must be '
        "kept ({due}).",
    },
    remedy={"ja": "保存期限を延ばす", "en": "Keep the record longer"},
)
def kept_long_enough(rows: Rows, day: np.datetime64) -> Result:
    """
    Rules Art. 29. While sending goes on there is no last provision yet, so the earliest possible one
    is the assessment date.
    """
    due = _due(rows, day)
    kept = rows.date("kept_until")
    return expected(rows) & ~np.isnat(kept) & ~np.isnat(due), kept >= due, {"due": due}


def _due(rows: Rows, day: np.datetime64) -> Days:
    """
    The last day on which each record must still be there.
    """
    ended = rows.date("ended_on")
    last = np.where(np.isnat(ended), day.astype("datetime64[D]"), ended)
    from_last = rows.says("record_method", *YEARS)
    start = np.where(from_last, last, rows.date("recorded_on"))
    years = np.full(len(rows), OTHERWISE_YEARS)
    for method, count in YEARS.items():
        years[rows.says("record_method", method)] = count
    return clocks.kept_until(start, years)


@check(
    NAME,
    "joined_covered",
    serves=("COO-4",),
    head="joining",
    needs=("joined",),
    rule={
        "ja": "顧客情報と結合する場合、その取扱いを含めて利用目的を特定し、知らせている",
        "en": "Where it is joined with customer data, the purposes specified and made known cover it",
    },
    fails={
        "ja": "「{name}」の情報は顧客情報と結合されていますが、利用目的に含めて公表または通知した記載がありません。",
        "en": '"{name}" is joined with customer data, but the purposes made known do not cover it.',
    },
    remedy={
        "ja": "結合して何に使うかを利用目的に加え、公表または通知する。できなければ結合を止める",
        "en": "Add the joining and its use to the purposes and make them known, or stop joining",
    },
)
def joining_covered(rows: Rows, day: np.datetime64) -> Result:
    """
    Once joined it is personal information (Arts 17(1), 21(1); GL 2-1).
    """
    del day
    return running(rows) & rows.says("joined", "yes"), rows.says("joined_covered", "yes")


@check(
    NAME,
    "covered",
    serves=("COO-2",),
    head="telecom",
    needs=("covered_reason",),
    sufficient=True,
    rule={
        "ja": "外部送信規律の対象かをサービスごとに理由を付して判定している",
        "en": "Each service is judged covered by the telecom rule or not, with a reason",
    },
    fails={
        "ja": "「{name}」（{site}）が外部送信規律の対象かの判定または理由がありません（判定：{covered}）。",
        "en": 'For "{name}" ({site}) it is not judged, or not with a reason, whether the telecom rule applies (judged: '
        "{covered}).",
    },
    remedy={
        "ja": "会社単位ではなくサービス単位で判定し、理由を書く",
        "en": "Judge per service, not per company, and write the reason",
    },
)
def service_judged(rows: Rows, day: np.datetime64) -> Result:
    """
    Per service, not per company (TBA 27-12; Ordinance 22-2-27).
    """
    del day
    return running(rows), rows.filled("covered", "covered_reason")


def _under_the_rule(rows: Rows) -> Mask:
    return running(rows) & rows.says("covered", "yes")


@check(
    NAME,
    "shown",
    serves=("COO-3",),
    head="telecom",
    needs=("covered", "left_out"),
    rule={
        "ja": "対象サービスでは、3事項を平易な日本語で容易に到達できる形で表示している",
        "en": "For a covered service the three heads are shown in plain Japanese and easily reached",
    },
    fails={
        "ja": "「{name}」（{site}）の3事項または表示の方法が足りません（表示：{shown}）。",
        "en": 'For "{name}" ({site}) a head or the form of showing it is missing (shown: {shown}).',
    },
    remedy={
        "ja": "送信される情報、取り扱う者の名称、利用目的を、日本語で操作なしに読めるように表示する",
        "en": "Show information, recipient and purpose in Japanese, readable without any operation",
    },
)
def three_heads_shown(rows: Rows, day: np.datetime64) -> Result:
    """
    Per transmission, unless it is left out under an exception (TBA 27-12; Ordinance 22-2-28, 22-2-29).
    """
    del day
    return _under_the_rule(rows) & ~rows.filled("left_out"), _all_of(rows, "shown", SHOWN)


@check(
    NAME,
    "left_out",
    serves=("COO-8",),
    head="telecom",
    needs=("covered", "flow"),
    rule={
        "ja": "表示しない外部送信は、4つの例外のいずれかに当たる",
        "en": "A transmission left out of the page falls under one of the four exceptions",
    },
    fails={
        "ja": "「{name}」は表示されていませんが、例外に当たりません（根拠：{left_out}、情報の流れ：{flow}）。",
        "en": '"{name}" is left out of the page without an exception that fits (ground: {left_out}; flow: '
        "{flow}).",
    },
    remedy={
        "ja": "3事項を表示するか、当たる例外を確かめる",
        "en": "Show the three heads, or find the exception that applies",
    },
)
def exception_fits(rows: Rows, day: np.datetime64) -> Result:
    """
    An own identifier is excepted only on its way to own equipment (TBA 27-12(i)-(iv); Ordinance 22-2-30).
    """
    del day
    elsewhere = rows.says("left_out", "own_identifier") & rows.says("flow", "provided", "direct")
    return _under_the_rule(rows) & rows.filled("left_out"), ~rows.says("left_out", "no_ground") & ~elsewhere


@check(
    NAME,
    "opt_out_heads",
    serves=("COO-9",),
    head="telecom",
    needs=("covered", "left_out", "opt_out_works"),
    rule={
        "ja": "オプトアウトによる場合、停止が実際に働き、7事項を表示している",
        "en": "With opt-out, stopping really works and the seven heads are shown",
    },
    fails={
        "ja": "「{name}」はオプトアウトによるとされていますが、7事項が表示されていないか、停止が働きません（7事項：{opt_out_heads}、停止の動作：{opt_out_works}）。",
        "en": '"{name}" relies on opt-out, but the seven heads are not shown or stopping does not work '
        "(heads: {opt_out_heads}; works: {opt_out_works}).",
    },
    remedy={
        "ja": "停止の仕組みを直し、7事項を表示する",
        "en": "Make the stop work and show the seven heads",
    },
)
def opt_out_real(rows: Rows, day: np.datetime64) -> Result:
    """
    The exception holds only while both are there (TBA 27-12(iv); Ordinance 22-2-31).
    """
    del day
    relied_on = _under_the_rule(rows) & rows.says("left_out", "opt_out")
    return relied_on, rows.says("opt_out_heads", "yes") & rows.says("opt_out_works", "yes")


@check(
    NAME,
    "opt_out_works",
    serves=("COO-5",),
    head="upkeep",
    rule={
        "ja": "案内している無効化の方法とリンクが働く",
        "en": "The way to switch it off and its links work",
    },
    fails={
        "ja": "「{name}」の無効化の方法またはリンクが働きません（確認日：{tested_on}）。",
        "en": 'The way to switch "{name}" off, or its link, does not work (tested: {tested_on}).',
    },
    remedy={"ja": "リンクと説明を直す", "en": "Repair the link and the text"},
)
def switching_off_works(rows: Rows, day: np.datetime64) -> Result:
    """
    A promise of the policy is kept (policy, cookies).
    """
    del day
    return running(rows) & rows.filled("opt_out_works"), rows.says("opt_out_works", "yes")


@check(
    NAME,
    "policy_names",
    serves=("COO-6",),
    head="upkeep",
    rule={
        "ja": "利用目的の項で挙げた広告の提携先を、クッキー等の項でも挙げている",
        "en": "An advertising partner named in the purposes is named in the cookie section too",
    },
    fails={
        "ja": "「{name}」の送信先（{recipient}）は利用目的の項で挙げられていますが、クッキー等の項にありません。",
        "en": 'The recipient of "{name}" ({recipient}) is named in the purposes but not in the cookie section.',
    },
    remedy={"ja": "クッキー等の項にも加える", "en": "Add it to the cookie section"},
)
def named_in_both_sections(rows: Rows, day: np.datetime64) -> Result:
    """
    Two sections of the policy agree (policy, purposes and cookies).
    """
    del day
    return running(rows) & rows.says("policy_names", "purposes"), rows.says("policy_names", "cookies")


@check(
    NAME,
    "scanned_on",
    serves=("COO-10",),
    head="upkeep",
    needs=("started_on",),
    rule={
        "ja": "実際の送信と公表ページの一致を年1回程度スキャンで確かめている（年1回は目安）",
        "en": "A scan compares real transmissions with the page about once a year (the year is a yardstick, "
        "not a rule)",
    },
    fails={
        "ja": "「{name}」を1年以内にスキャンした記録がありません（最終：{scanned_on}）。",
        "en": 'The last scan of "{name}" ({scanned_on}) is not within a year.',
    },
    remedy={"ja": "再スキャンし、公表ページと突き合わせる", "en": "Scan again and compare with the page"},
)
def scanned_within_a_year(rows: Rows, day: np.datetime64) -> Result:
    """
    Regular rescans are desirable; no provision names a period.
    """
    return running(rows), within_a_year(rows.date("scanned_on"), rows.date("started_on"), day)


@check(
    NAME,
    "recipient",
    serves=(),
    head="inventory",
    needs=("flow",),
    against=(*LISTED_IN, "joint_uses"),
    rule={
        "ja": "送信先が、委託先、外国提供、第三者提供、共同利用のいずれかの台帳にも載っている",
        "en": "The recipient is listed in the register of entrusted parties, foreign transfers, provisions "
        "or joint uses",
    },
    fails={
        "ja": "「{name}」の送信先「{recipient}」は、ほかのどの台帳にもありません。",
        "en": 'The recipient of "{name}", "{recipient}", is in none of the other registers.',
    },
    remedy={
        "ja": "委託、第三者提供、個人関連情報の提供のいずれかを整理し、必要な台帳に加える",
        "en": "Settle whether it is entrustment, provision of personal data or of referable information, "
        "and list it",
    },
)
def recipient_listed(rows: Rows, others: Mapping[str, Rows], day: np.datetime64) -> Result:
    """
    A recipient known only from its tag may be an entrusted party or a third party that nobody
    looked at. Own equipment and vendors that collect directly are not expected there.
    """
    del day
    known: set[str] = set()
    for name, other in others.items():
        if name == "joint_uses":
            known |= users(other)
        else:
            known |= {party(p) for p in pd.unique(other.text(LISTED_IN[name]))}
    sent = running(rows) & rows.filled("recipient") & ~rows.says("flow", "own", "direct")
    return sent, rows.where("recipient", lambda name: party(name) in known)


@presence("G13", NAME, "attaches")
def provides_to_be_attached(rows: Rows, day: np.datetime64) -> Mask:
    """
    Provided to someone who will attach it to persons, or ended with records still to be kept.
    """
    return provided(rows) & rows.says("attaches", "yes") & _still_kept(rows, day)


@presence("G22", NAME, "covered")
def covered_service(rows: Rows, day: np.datetime64) -> Mask:
    """
    A service judged covered by the telecom rule makes devices send data.
    """
    del day
    return _under_the_rule(rows)
