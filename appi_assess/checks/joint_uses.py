"""
Joint uses (共同利用): Art. 27(5)(iii) and (6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from appi_assess.countries import UNKNOWN
from appi_assess.registers import SEVERAL, Mask, Rows
from appi_assess.requirement import KNOWN_FROM

from . import Result, check, presence
from .rules import party

NAME = "joint_uses"
FIVE_HEADS = (
    "items",
    "users",
    "purposes",
    "responsible",
    "responsible_address",
    "responsible_representative",
)
_IN_FORCE = np.datetime64(KNOWN_FROM, "D")
_BETWEEN = re.compile(r"[、;；\n]")


def running(rows: Rows) -> Mask:
    """
    Joint uses that have not ended.
    """
    found: Mask = np.isnat(rows.date("ended_on"))
    return found


def users(rows: Rows) -> set[str]:
    """
    The users named in any row, as names of parties are compared.
    """
    return set().union(*(_parties(cell) for cell in pd.unique(rows.text("users"))))


def _parties(cell: str) -> set[str]:
    return {party(name) for name in _BETWEEN.split(cell) if name.strip()}


def _one_named_in(rows: Rows, other: Rows, column: str) -> Mask:
    """
    Where one of the users is named in another register.
    """
    known = {party(name) for name in pd.unique(other.text(column))}
    return rows.where("users", lambda cell: not known.isdisjoint(_parties(cell)))


def _abroad(rows: Rows) -> Mask:
    """
    Where a user is in a foreign country; a country not known may be one, but is not counted here.
    """
    return rows.where("countries", lambda value: not {"JP", UNKNOWN}.issuperset(value.split(SEVERAL)))


@check(
    NAME,
    "responsible_representative",
    serves=("A27-13",),
    head="notice",
    needs=("items", "users", "purposes", "responsible", "responsible_address"),
    rule={
        "ja": "項目、範囲、利用目的、管理責任者の名称・住所・代表者がそろっている",
        "en": "Items, range, purposes and the responsible party with address and representative are all there",
    },
    fails={
        "ja": "「{name}」の周知事項に欠けがあります（項目：{items}、範囲：{users}、利用目的：{purposes}、"
        "管理責任者：{responsible}、住所：{responsible_address}、代表者：{responsible_representative}）。",
        "en": 'A head of "{name}" is missing (items: {items}; range: {users}; purposes: {purposes}; responsible: '
        "{responsible}; address: {responsible_address}; representative: {responsible_representative}).",
    },
    remedy={
        "ja": "欠けている事項を公表文に加える。加えるまで共有しない",
        "en": "Add what is missing to the published text, and do not share until then",
    },
)
def five_heads(rows: Rows, day: np.datetime64) -> Result:
    """
    The heads of Art. 27(5)(iii), the representative's name of a company included.
    """
    del day
    return running(rows), rows.filled(*FIVE_HEADS)


@check(
    NAME,
    "announced_on",
    serves=("A27-13",),
    head="notice",
    needs=("started_on",),
    rule={
        "ja": "共有を始める前に5事項を通知し、または容易に知り得る状態に置いている",
        "en": "The five heads were notified or readily accessible before sharing began",
    },
    fails={
        "ja": "「{name}」は、共有を始める前に5事項を知らせた記録がありません（公表・通知：{announced_on}、開始：{started_on}）。",
        "en": 'The five heads of "{name}" were not made known before sharing began (announced: {announced_on}; started: '
        "{started_on}).",
    },
    remedy={
        "ja": "5事項を知らせる。知らせる前の共有については同意など別の根拠を確かめる",
        "en": "Make the heads known, and look for another basis, such as consent, for what was shared before",
    },
)
def announced_before_sharing(rows: Rows, day: np.datetime64) -> Result:
    """
    Beforehand (Art. 27(5)(iii)); the same day is not later. For what was already shared, the heads in
    their present form (address and representative included) were due when they became law, in April 2022.
    """
    del day
    announced, started = rows.date("announced_on"), rows.date("started_on")
    return running(rows), ~np.isnat(announced) & ~(announced > np.maximum(started, _IN_FORCE))


@check(
    NAME,
    "range_clear",
    serves=("A27-14",),
    head="range",
    rule={
        "ja": "共同利用者の範囲は、どこまで使われるかを本人が判断できる明確さがある",
        "en": "The range of users lets a principal tell how far the data may travel",
    },
    fails={
        "ja": "「{name}」の範囲（{users}）からは、どこまで使われるかを本人が判断できません。",
        "en": 'From the range of "{name}" ({users}) a principal cannot tell how far the data may travel.',
    },
    remedy={
        "ja": "会社名を挙げるか、外延が分かる書き方に改める",
        "en": "Name the companies, or word the range so that its limits are clear",
    },
)
def range_clear(rows: Rows, day: np.datetime64) -> Result:
    """
    Naming every company is not required, but the limits must be readable (GL 3-6-3(3)).
    """
    del day
    return running(rows) & rows.filled("range_clear"), rows.says("range_clear", "yes")


@check(
    NAME,
    "widened_consent",
    serves=("A27-14",),
    head="range",
    needs=("widened_on",),
    rule={
        "ja": "項目と範囲を後から広げるときは本人の同意を得ている",
        "en": "Items and range are not widened later without consent",
    },
    fails={
        "ja": "「{name}」の項目または範囲は{widened_on}に広げられましたが、本人の同意の記録がありません。",
        "en": 'Items or range of "{name}" were widened on {widened_on} without consent on record.',
    },
    remedy={
        "ja": "広げた部分の共有を止めるか、本人の同意を得る",
        "en": "Stop sharing what was added, or obtain consent",
    },
)
def not_widened(rows: Rows, day: np.datetime64) -> Result:
    """
    A user within the published range, a mere change of name or succession is no widening (GL 3-6-3(3)).
    """
    del day
    return running(rows) & rows.filled("widened_on"), rows.says("widened_consent", "yes")


@check(
    NAME,
    "details_announced_on",
    serves=("A27-15",),
    head="change",
    needs=("details_changed_on",),
    rule={
        "ja": "管理責任者の名称・住所・代表者の変更を知らせている",
        "en": "A change of the responsible party's name, address or representative is made known",
    },
    fails={
        "ja": "「{name}」の管理責任者の名称、住所または代表者は{details_changed_on}に変わりましたが、知らせた記録がありません。",
        "en": 'Name, address or representative of the responsible party of "{name}" changed on {details_changed_on}, '
        "but it was not made known.",
    },
    remedy={"ja": "変更を遅滞なく知らせる", "en": "Make the change known without delay"},
)
def details_made_known(rows: Rows, day: np.datetime64) -> Result:
    """
    Without delay (Art. 27(6)), for which no days are counted: only a change not made known fails.
    """
    del day
    return running(rows) & rows.filled("details_changed_on"), rows.filled("details_announced_on")


@check(
    NAME,
    "replaced_announced_on",
    serves=("A27-15",),
    head="change",
    needs=("replaced_on",),
    rule={
        "ja": "利用目的または管理責任者そのものの変更を、あらかじめ知らせている",
        "en": "A change of purposes or of the responsible party itself is made known in advance",
    },
    fails={
        "ja": "「{name}」の利用目的または管理責任者は{replaced_on}に変わりましたが、あらかじめ知らせた記録がありません（{replaced_announced_on}）。",
        "en": 'Purposes or responsible party of "{name}" changed on {replaced_on}, but this was not made known in advance '
        "({replaced_announced_on}).",
    },
    remedy={
        "ja": "直ちに知らせ、今後は変更の前に知らせる",
        "en": "Make it known now, and from now on before the change",
    },
)
def replacement_made_known_before(rows: Rows, day: np.datetime64) -> Result:
    """
    In advance (Art. 27(6)); the same day is not later.
    """
    del day
    announced = rows.date("replaced_announced_on")
    changed = running(rows) & rows.filled("replaced_on")
    return changed, ~np.isnat(announced) & ~(announced > rows.date("replaced_on"))


@check(
    NAME,
    "within_purpose",
    serves=("A27-19",),
    head="held",
    needs=("held_before",),
    rule={
        "ja": "取得済みのデータの共同利用は、取得時の利用目的と本人の予期の範囲に収まっている",
        "en": "Joint use of data already held stays within its purpose and what principals could expect",
    },
    fails={
        "ja": "「{name}」では、取得済みのデータを取得時の利用目的または本人の予期の範囲を超えて共同利用しています。",
        "en": '"{name}" shares data already held beyond its purpose or beyond what principals could expect.',
    },
    remedy={
        "ja": "範囲を超えるデータの共有を止めるか、本人の同意を得る",
        "en": "Stop sharing what goes beyond, or obtain consent",
    },
)
def held_data_within_purpose(rows: Rows, day: np.datetime64) -> Result:
    """
    Publishing the heads does not open joint use beyond the purpose at acquisition (GL 3-6-3(3)).
    """
    del day
    held = rows.says("held_before", "yes") & rows.filled("within_purpose")
    return running(rows) & held, rows.says("within_purpose", "yes")


@check(
    NAME,
    "agreed_on",
    serves=("A27-16",),
    head="agreement",
    rule={
        "ja": "共同利用者の間で連絡先、安全管理、事故対応、返還・消去などを取り決めている",
        "en": "The users have agreed on contacts, security, incidents, return or erasure",
    },
    fails={
        "ja": "「{name}」の共同利用者間の取決めの記録がありません。",
        "en": 'No agreement among the users of "{name}" is on record.',
    },
    remedy={"ja": "覚書またはグループ規程で取り決める", "en": "Agree in a memorandum or group rules"},
)
def users_agreed(rows: Rows, day: np.datetime64) -> Result:
    """
    Desirable (GL 3-6-3 note 2).
    """
    del day
    return running(rows), rows.filled("agreed_on")


@check(
    NAME,
    "kept_accurate",
    serves=("A27-20",),
    head="agreement",
    rule={
        "ja": "管理責任者が共同利用するデータを正確かつ最新に保つ手順を行っている",
        "en": "The responsible party follows a procedure that keeps shared data accurate and up to date",
    },
    fails={
        "ja": "「{name}」では、共同利用するデータを正確かつ最新に保つ手順が行われていません（努力義務）。",
        "en": 'No procedure keeps the shared data of "{name}" accurate and up to date (a best-effort duty).',
    },
    remedy={
        "ja": "訂正や退会の情報が全共同利用者に届く手順を定める",
        "en": "Set up a way by which corrections and closed accounts reach every user",
    },
)
def kept_accurate(rows: Rows, day: np.datetime64) -> Result:
    """
    Best effort of the responsible party (Art. 22; GL 3-6-3(3)).
    """
    del day
    return running(rows) & rows.filled("kept_accurate"), rows.says("kept_accurate", "yes")


@check(
    NAME,
    "relabelled",
    serves=("A27-17",),
    head="entrustment",
    rule={
        "ja": "実態が委託である相手を共同利用者として監督から外していない",
        "en": "No party that really is entrusted is called a joint user to avoid supervision",
    },
    fails={
        "ja": "「{name}」では、実態が委託である相手（{users}）を共同利用者とし、委託先として監督していません。",
        "en": 'In "{name}" a party that really is entrusted ({users}) is called a joint user and not '
        "supervised.",
    },
    remedy={
        "ja": "委託先管理台帳に加え、委託先として監督する",
        "en": "Enter it in the register of entrusted parties and supervise it",
    },
)
def not_relabelled(rows: Rows, day: np.datetime64) -> Result:
    """
    What the relation is depends on how the data is handled (GL 3-6-3 note 5).
    """
    del day
    return running(rows) & rows.filled("relabelled"), ~rows.says("relabelled", "yes")


@check(
    NAME,
    "users",
    serves=(),
    head="entrustment",
    needs=("relabelled",),
    against=("entrusted_parties",),
    rule={
        "ja": "委託先でもある共同利用者については、委託と共同利用の区別を確かめている",
        "en": "For a user that is an entrusted party too, entrustment and joint use are told apart",
    },
    fails={
        "ja": "「{name}」の共同利用者（{users}）には委託先管理台帳に載っている者がいます。同じ業務かを確かめてください。",
        "en": 'A user of "{name}" ({users}) is also in the register of entrusted parties; check whether the '
        "work is the same.",
    },
    remedy={
        "ja": "業務ごとに委託か共同利用かを整理し、「実態が委託の共同利用者」の欄に書く",
        "en": "Settle for each work whether it is entrustment, and fill in the column on entrusted parties",
    },
)
def users_not_entrusted(rows: Rows, others: Mapping[str, Rows], day: np.datetime64) -> Result:
    """
    A party may be both for different work, so this only informs; a row that says it was looked at passes.
    """
    del day
    both = _one_named_in(rows, others["entrusted_parties"], "name")
    return running(rows) & rows.filled("users"), ~both | rows.filled("relabelled")


@check(
    NAME,
    "users",
    serves=(),
    head="abroad",
    needs=("countries",),
    against=("foreign_transfers",),
    rule={
        "ja": "外国の共同利用者が外国提供台帳にも載っている",
        "en": "A user abroad is also listed in the register of foreign transfers",
    },
    fails={
        "ja": "「{name}」には外国（{countries}）の共同利用者がいますが、外国提供台帳にありません。共同利用にも法28条の根拠が必要です。",
        "en": 'A user of "{name}" is abroad ({countries}) but missing from the register of foreign transfers; joint use '
        "needs a route under Art. 28 too.",
    },
    remedy={
        "ja": "外国提供台帳に加え、法28条の根拠を確かめる",
        "en": "Add it to that register and settle the route under Art. 28",
    },
)
def in_foreign_transfers(rows: Rows, others: Mapping[str, Rows], day: np.datetime64) -> Result:
    """
    Art. 28 applies to joint use as well; the route itself is checked in that register.
    """
    del day
    return running(rows) & _abroad(rows), _one_named_in(rows, others["foreign_transfers"], "recipient")


@presence("G08", NAME, "name")
def uses_jointly(rows: Rows, day: np.datetime64) -> Mask:
    """
    A joint use that has not ended.
    """
    del day
    return running(rows)


@presence("G10", NAME, "countries")
def shares_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    A joint user in a foreign country.
    """
    del day
    return running(rows) & _abroad(rows)


@presence("G04", NAME, "relabelled")
def entrusts_under_another_name(rows: Rows, day: np.datetime64) -> Mask:
    """
    A party that really is entrusted.
    """
    del day
    return running(rows) & rows.says("relabelled", "yes")
