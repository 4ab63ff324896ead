"""
Breaches (漏えい等): which are reportable, the clocks of Art. 26, and the steps that each needs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from appi_assess.clocks import FULL_DAYS, FULL_DAYS_WRONGFUL, PROMPT_DAYS, last_days
from appi_assess.registers import Days, Mask, Rows
from appi_assess.requirement import KNOWN_FROM

from . import Result, check, presence
from .rules import named_in

NAME = "incidents"
# Rules Art. 7(iv) says "more than"; 1,000 exactly is not reportable for its number.
THRESHOLD = 1000
_IN_FORCE = np.datetime64(KNOWN_FROM, "D")  # Art. 26 came into force on this day too
_NEVER = np.datetime64("NaT", "D")


def _special(rows: Rows) -> Mask:
    return rows.says("types", "special") | rows.says("special_care", "yes")


def _financial(rows: Rows) -> Mask:
    return rows.says("types", "financial") | rows.says("financial_loss", "yes")


def _wrongful(rows: Rows) -> Mask:
    return rows.says("types", "wrongful") | rows.says("wrongful_act", "yes")


def _whatever_the_number(rows: Rows) -> Mask:
    """
    Types (i) to (iii), as judged or by the facts in the row.
    """
    return _special(rows) | _financial(rows) | _wrongful(rows)


def _over_threshold(rows: Rows) -> Mask:
    """
    Type (iv): by the number, else the possible maximum, else as judged.
    """
    settled, most = rows.number("persons"), rows.number("persons_max")
    number = np.where(np.isnan(settled), most, settled)
    found: Mask = (number > THRESHOLD) | (np.isnan(number) & rows.says("types", "over_1000"))
    return found


def _judged_none(rows: Rows) -> Mask:
    return rows.where("types", lambda value: value == "none")


def _triaged(rows: Rows) -> Mask:
    return rows.filled("types") | rows.filled("excluded_by")


def _to_handle(rows: Rows) -> Mask:
    """
    Breaches and suspected ones: not those found not to have occurred, nor from before Art. 26.
    """
    found: Mask = ~rows.says("excluded_by", "not_occurred") & ~(rows.date("known_on") < _IN_FORCE)
    return found


def _still_a_breach(rows: Rows) -> Mask:
    """
    Recovery before anyone saw it takes only a leak out, the same content elsewhere only loss and
    damage (GL 3-5-1). A blank kind counts as a leak.
    """
    gone = rows.says("kind", "loss", "damage")
    leaked = rows.says("kind", "leak") | ~gone
    found: Mask = (leaked & ~rows.says("excluded_by", "recovered")) | (
        gone & ~rows.says("excluded_by", "copy")
    )
    return found


def _encrypted(rows: Rows) -> Mask:
    return rows.says("excluded_by", "encryption") & rows.filled("exclusion_basis")


def reportable(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where a situation of Rules Art. 7 occurred or may have occurred.

    Types (i) to (iii) count for one person, type (iv) for more than 1,000; a number that is not
    settled is judged by the possible maximum. Facts in the row count even if it was judged
    otherwise. Strong encryption counts only with its basis.
    """
    known = ~(rows.date("known_on") > day)
    concerned = _whatever_the_number(rows) | _over_threshold(rows)
    return known & _to_handle(rows) & _still_a_breach(rows) & ~_encrypted(rows) & concerned


class _Clock(NamedTuple):
    """
    The clock of each row: its start, the days on which reports are due, the first report filed (or
    the notice in its place), and where each duty to report is the organisation's own.
    """

    start: Days
    prompt_due: Days
    filed: Days
    full_due: Days
    own_prompt: Mask
    own_full: Mask


def _clock(rows: Rows, day: np.datetime64) -> _Clock:
    """
    Start the clocks.

    Day 1 is the day on which any department knew, at the latest that of an entrusted party's
    message. If only type (iv) applies, it is the day on which more than 1,000 became known. An
    entrustee's notice to the entruster takes the place of each report still in time (26(1), proviso).
    """
    told = np.where(rows.says("role", "entruster"), rows.date("entrustee_told_on"), _NEVER)
    start = np.fmin(rows.date("known_on"), told)
    exceeded = rows.date("over_1000_on")
    start = np.where(~_whatever_the_number(rows) & (exceeded > start), exceeded, start)
    prompt_due, full_due = _prompt_due(start), _full_due(rows, start)
    notice = np.where(rows.says("role", "entrustee"), rows.date("entruster_notified_on"), _NEVER)
    own = reportable(rows, day) & ~np.isnat(start)
    filed = np.fmin(np.fmin(rows.date("prompt_on"), rows.date("full_on")), notice)
    return _Clock(
        start, prompt_due, filed, full_due, own & ~(notice <= prompt_due), own & ~(notice <= full_due)
    )


def _prompt_due(start: Days) -> Days:
    found: Days = start + np.timedelta64(PROMPT_DAYS, "D")
    return found


def _fresh(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where the rough time of a prompt report is not over, so that the row may not be written up yet.
    """
    found: Mask = day <= _clock(rows, day).prompt_due
    return found


def _full_due(rows: Rows, start: Days) -> Days:
    return last_days(start, np.where(_wrongful(rows), FULL_DAYS_WRONGFUL, FULL_DAYS))


def clocks(rows: Rows, day: np.datetime64) -> pd.DataFrame:
    """
    The clock of each incident on a day, for the notebook on breaches.

    Returns:
        One row per incident that exists on the day, by its row number: ``known`` (day 1), and for
        both reports ``..._due``, ``..._on`` and ``..._state``: ``met``, ``late`` (filed late),
        ``missed`` (not filed, the day is over), ``running``, or ``none`` if no own report is due.
        ``prompt_on`` is the first report filed, or an entrustee's notice in its place;
        ``days_left`` runs to an open full report and is negative when it is overdue.
    """
    rows = rows.happened_by(day)
    c = _clock(rows, day)
    full_on = rows.date("full_on")
    left = np.where(c.own_full & np.isnat(full_on), c.full_due - day, np.timedelta64("NaT", "D"))
    return pd.DataFrame(
        {
            "known": c.start.astype("datetime64[s]"),
            "prompt_due": np.where(c.own_prompt, c.prompt_due, _NEVER).astype("datetime64[s]"),
            "prompt_on": c.filed.astype("datetime64[s]"),
            "prompt_state": _states(c.own_prompt, c.filed, c.prompt_due, day),
            "full_due": np.where(c.own_full, c.full_due, _NEVER).astype("datetime64[s]"),
            "full_on": full_on.astype("datetime64[s]"),
            "full_state": _states(c.own_full, full_on, c.full_due, day),
            "days_left": left / np.timedelta64(1, "D"),
        },
        index=pd.Index(rows.numbers, dtype=np.int64),
    )


def _states(own: Mask, done: Days, due: Days, day: np.datetime64) -> npt.NDArray[np.object_]:
    open_ = np.isnat(done)
    found = np.select(
        [~own, open_ & (day > due), open_, done > due], ["none", "missed", "running", "late"], "met"
    )
    return found.astype(object)


@check(
    NAME,
    "known_on",
    serves=(),
    head="start",
    rule={
        "ja": "いずれかの部署が最初に知った日が記録されている",
        "en": "The day on which any department first knew is recorded",
    },
    fails={
        "ja": "「{name}」：知った日の記載がなく、速報・確報の期限を計算できません。",
        "en": '"{name}": the day of knowledge is blank, so no deadline can be computed.',
    },
    remedy={
        "ja": "最初に知った部署と日を確かめて書く",
        "en": "Find out which department knew first, and write that day",
    },
)
def knowledge_dated(rows: Rows, day: np.datetime64) -> Result:
    """
    Without day 1 no clock can be checked (GL 3-5-3-3); this only informs.
    """
    return _to_handle(rows), ~np.isnat(_clock(rows, day).start)


@check(
    NAME,
    "types",
    serves=("A26-1",),
    head="triage",
    rule={
        "ja": "発生でもおそれでも、規則7条の4類型に当たるかが判断されている（知った日から5日間は判定しない）",
        "en": "Each incident, suspected ones included, is judged against the four types of Rules Art. 7 (not asked "
        "within 5 days of knowledge)",
    },
    fails={
        "ja": "「{name}」：規則7条各号に当たるかどうかの判断が記録されていません（発生・おそれの別：{certainty}）。",
        "en": '"{name}": no judgement against the four types is on record (occurred or suspected: {certainty}).',
    },
    remedy={
        "ja": "判断基準に照らして判断し、当たる号または「非該当」を書く",
        "en": 'Put it through the written test, and write the types or "none of them"',
    },
)
def triaged(rows: Rows, day: np.datetime64) -> Result:
    """
    Every incident that occurred or may have occurred is put to the test (Rules Art. 7).
    """
    done = _triaged(rows)
    return _to_handle(rows) & (done | ~_fresh(rows, day)), done


@check(
    NAME,
    "types",
    serves=("A26-1",),
    head="triage",
    rule={
        "ja": "「非該当」との判断が、記録された人数や内容と合っている",
        "en": 'A judgement of "none of them" fits the number and the facts recorded',
    },
    fails={
        "ja": "「{name}」は非該当と判断されていますが、記録では報告対象事態に当たります（発生・おそれの別：{certainty}、本人の数：{persons}、最大：{persons_max}、要配慮：{special_care}、財産的被害：{financial_loss}、不正の目的：{wrongful_act}）。",
        "en": '"{name}" was judged not reportable, but by the record it is (occurred or suspected: {certainty}; principals: {persons}, at '
        "most {persons_max}; special care: {special_care}; financial loss: {financial_loss}; wrongful purpose: "
        "{wrongful_act}).",
    },
    remedy={
        "ja": "判断をやり直し、報告と本人への通知を急ぐ",
        "en": "Judge it anew, and report and notify at once",
    },
)
def judgement_fits(rows: Rows, day: np.datetime64) -> Result:
    """
    Suspicion, the possible maximum and the facts of types (i) to (iii) are all part of the test
    (Rules Art. 7, GL 3-5-3-1).
    """
    return reportable(rows, day) & rows.filled("types"), ~_judged_none(rows)


@check(
    NAME,
    "prompt_on",
    serves=("A26-2",),
    head="triage",
    needs=("known_on",),
    rule={
        "ja": "1号から3号までの事態は、本人が1,000人以下でも報告している",
        "en": "Types (i) to (iii) are reported even with 1,000 principals or fewer",
    },
    fails={
        "ja": "「{name}」（{types}、本人の数：{persons}）は、人数にかかわらず報告の対象ですが、報告されていません。",
        "en": '"{name}" ({types}; principals: {persons}) is reportable whatever the number, but was not reported.',
    },
    remedy={
        "ja": "直ちに報告し、判断基準から人数の条件を外す",
        "en": "Report it at once, and take the head-count out of the test for these types",
    },
)
def reported_even_for_one(rows: Rows, day: np.datetime64) -> Result:
    """
    Only type (iv) has a head-count (Rules Art. 7). A row still within the rough 5 days is not
    judged, unless it was already judged not reportable.
    """
    c = _clock(rows, day)
    few = c.own_full & _whatever_the_number(rows) & ~_over_threshold(rows)
    filed = ~np.isnat(c.filed)
    return few & (filed | _judged_none(rows) | (day > c.prompt_due)), filed


@check(
    NAME,
    "exclusion_basis",
    serves=("A26-3",),
    head="triage",
    needs=("excluded_by",),
    rule={
        "ja": "暗号化等を理由に報告対象から除くときは、その根拠が記録されている",
        "en": "Where strong encryption takes an incident out, the basis is recorded",
    },
    fails={
        "ja": "「{name}」は暗号化等を理由に報告対象から除かれていますが、その根拠（方式、鍵の管理など）の記載がないため、除かずに判定しています。",
        "en": '"{name}" is left out because of encryption, but no basis (cipher, keys) is on record; it is judged '
        "as not encrypted.",
    },
    remedy={
        "ja": "方式と鍵の管理を確かめて根拠を書く。示せなければ報告する",
        "en": "Write down cipher and state of the keys; if that cannot be shown, report it",
    },
)
def encryption_basis(rows: Rows, day: np.datetime64) -> Result:
    """
    The exclusion of Rules Art. 7(i), brackets, needs a basis on record.
    """
    del day
    return _to_handle(rows) & rows.says("excluded_by", "encryption"), rows.filled("exclusion_basis")


@check(
    NAME,
    "types",
    serves=("A26-13",),
    head="triage",
    needs=("kind",),
    rule={
        "ja": "滅失と毀損も、漏えいと同じように報告の要否が判断されている（知った日から5日間は未判断を問わない）",
        "en": "Loss and damage are put through the same triage as leakage (a blank is not asked within 5 days of "
        "knowledge)",
    },
    fails={
        "ja": "「{name}」（{kind}）：報告の要否が判断されていないか、当たるのに非該当とされています。外部に出ていなくても判断は必要です。",
        "en": '"{name}" ({kind}): not put through triage, or judged not reportable although it is. It need not '
        "have left the premises.",
    },
    remedy={
        "ja": "滅失・毀損として判断し、判断基準の例に加える",
        "en": "Judge it as loss or damage, and add such cases to the examples of the test",
    },
)
def loss_and_damage_triaged(rows: Rows, day: np.datetime64) -> Result:
    """
    Loss and damage are breaches too (GL 3-5-1).
    """
    gone = _to_handle(rows) & rows.says("kind", "loss", "damage")
    gone &= _triaged(rows) | ~_fresh(rows, day)
    return gone, _triaged(rows) & ~(_judged_none(rows) & reportable(rows, day))


@check(
    NAME,
    "excluded_by",
    serves=("A26-13",),
    head="triage",
    needs=("kind",),
    rule={
        "ja": "回収を理由に除くのは漏えいだけ、データの残存を理由に除くのは滅失・毀損だけである",
        "en": "Recovery takes only a leak out, the same content elsewhere only loss or damage",
    },
    fails={
        "ja": "「{name}」（{kind}）は「{excluded_by}」を理由に報告対象から除くことはできません。",
        "en": '"{name}" ({kind}) cannot be left out on the ground: {excluded_by}.',
    },
    remedy={
        "ja": "漏えいと滅失・毀損を分けて判断し直す",
        "en": "Judge leakage apart from loss and damage",
    },
)
def exclusion_fits_kind(rows: Rows, day: np.datetime64) -> Result:
    """
    A backup does not undo a leak, and recovery does not restore lost content (GL 3-5-1).
    """
    del day
    claimed = _to_handle(rows) & ~_encrypted(rows) & rows.says("excluded_by", "recovered", "copy")
    return claimed, ~_still_a_breach(rows)


@check(
    NAME,
    "full_due_noted",
    serves=(),
    head="start",
    needs=("known_on",),
    rule={
        "ja": "社内で計算した確報の期限が、法令の期限より遅くない",
        "en": "The noted deadline of the full report is not later than the law's",
    },
    fails={
        "ja": "「{name}」：記載の期限（{full_due_noted}）は、{start}を1日目と数えた確報の期限（{full_due}）より遅くなっています。",
        "en": '"{name}": the noted deadline ({full_due_noted}) is later than the day on which the full report is '
        "due ({full_due}, counting {start} as day 1).",
    },
    remedy={
        "ja": "知った日を1日目として期限を計算し直す",
        "en": "Compute the deadline anew with the day of knowledge as day 1",
    },
)
def deadline_noted(rows: Rows, day: np.datetime64) -> Result:
    """
    Day of knowledge is day 1, and only the last day moves (Rules Art. 8(2), GL 3-5-3-4). A wrong
    note breaks no duty by itself, so this only informs.
    """
    c, noted = _clock(rows, day), rows.date("full_due_noted")
    words = {"full_due": c.full_due, "start": c.start}
    return c.own_full & ~np.isnat(noted), noted <= c.full_due, words


@check(
    NAME,
    "office_told_on",
    serves=(),
    head="start",
    needs=("known_on",),
    rule={
        "ja": "期間を、担当部署に届いた日からではなく、いずれかの部署が知った日から数えている",
        "en": "Time is counted from the first knowledge of any department, not from when the privacy office was told",
    },
    fails={
        "ja": "「{name}」：担当部署に届いた日（{office_told_on}）から期間を数えたとみられます。起算日は{start}です。",
        "en": '"{name}": time seems to have been counted from when the privacy office was told ({office_told_on}); '
        "it starts on {start}.",
    },
    remedy={
        "ja": "どの部署が知った場合も直ちに連絡が届くようにし、起算日を直す",
        "en": "Make every department pass such news on at once, and correct the start",
    },
)
def counted_from_first_knowledge(rows: Rows, day: np.datetime64) -> Result:
    """
    "Knew" means any department (GL 3-5-3-3). Fails where a report or a noted deadline is late by the
    true start but in time from the day of the privacy office; this only informs.
    """
    c, told = _clock(rows, day), rows.date("office_told_on")
    full_on, noted = rows.date("full_on"), rows.date("full_due_noted")
    prompt_told, full_told = _prompt_due(told), _full_due(rows, told)
    run_from_office = (
        ((c.filed > c.prompt_due) & (c.filed <= prompt_told))
        | ((full_on > c.full_due) & (full_on <= full_told))
        | ((noted > c.full_due) & (noted <= full_told))
    )
    dated = ~(np.isnat(c.filed) & np.isnat(noted))
    return c.own_prompt & (told > c.start) & dated, ~run_from_office, {"start": c.start}


@check(
    NAME,
    "prompt_on",
    serves=("A26-4",),
    head="prompt",
    needs=("known_on",),
    rule={
        "ja": "知った日から概ね3～5日以内に速報している（5日は目安）",
        "en": "The prompt report is filed roughly within 3–5 days of knowledge (5 days are a yardstick)",
    },
    fails={
        "ja": "「{name}」：{start}に知った事態が、目安の5日以内に報告されていません（最初の報告または委託元への通知：{filed}）。",
        "en": '"{name}": known on {start}, but not reported roughly within 3–5 days (first report, or '
        "notice to the entruster: {filed}).",
    },
    remedy={
        "ja": "未報告なら把握している範囲で直ちに速報する。知った日から報告までの連絡経路を見直す",
        "en": "If not filed, report at once what is known; mend the way from first knowledge to the report",
    },
)
def prompt_report(rows: Rows, day: np.datetime64) -> Result:
    """
    Promptly is roughly 3 to 5 days (Rules Art. 8(1), GL 3-5-3-3): fails only when more than 5 days
    have passed. A full report filed by then serves as both (GL 3-5-3-4).
    """
    c = _clock(rows, day)
    over = c.own_prompt & (~np.isnat(c.filed) | (day > c.prompt_due))
    return over, c.filed <= c.prompt_due, {"start": c.start, "filed": c.filed}


@check(
    NAME,
    "channel",
    serves=("A26-15",),
    head="prompt",
    rule={
        "ja": "委員会の報告フォームなど、定められた方法で報告している",
        "en": "Reports are made by the prescribed channel, such as the web form of the PPC",
    },
    fails={
        "ja": "「{name}」の報告は、定められた方法（報告フォーム、事業所管大臣には別記様式第1）によっていません（{channel}）。",
        "en": '"{name}" was not reported by the prescribed channel, which is the web form, or Form 1 to a delegated '
        "minister (used: {channel}).",
    },
    remedy={
        "ja": "報告フォームから出し直し、システムを使えないときの手順も決めておく",
        "en": "File it by the web form, and settle what to do when the system cannot be used",
    },
)
def prescribed_channel(rows: Rows, day: np.datetime64) -> Result:
    """
    The web form of the PPC or Form 1; paper only when the system cannot be used, or a method set
    apart by the PPC (Rules Art. 8(3)). A channel not written down is not judged.
    """
    filed = rows.filled("prompt_on") | rows.filled("full_on")
    return reportable(rows, day) & filed & rows.filled("channel"), ~rows.says("channel", "other")


@check(
    NAME,
    "full_on",
    serves=("A26-5",),
    head="full",
    needs=("known_on",),
    sufficient=True,
    rule={
        "ja": "知った日を1日目として30日以内（3号を含むときは60日以内）に確報している",
        "en": "The full report is filed within 30 days, or 60 with type (iii), the day of knowledge being day 1",
    },
    fails={
        "ja": "「{name}」：{start}に知った事態の確報が、期限の{full_due}までに行われていません（確報：{full_on}）。",
        "en": '"{name}": known on {start}; the full report was due on {full_due} (filed: {full_on}).',
    },
    remedy={
        "ja": "未報告なら分かっている内容で直ちに確報する。期限を知った日から計算して管理する",
        "en": "If not filed, file it at once with what is known; track deadlines from the day of knowledge",
    },
)
def full_report(rows: Rows, day: np.datetime64) -> Result:
    """
    Rules Art. 8(2), GL 3-5-3-4: until the last day is over, a report not yet filed is not judged.
    """
    c, full_on = _clock(rows, day), rows.date("full_on")
    over = c.own_full & (~np.isnat(full_on) | (day > c.full_due))
    return over, full_on <= c.full_due, {"start": c.start, "full_due": c.full_due}


@check(
    NAME,
    "supplemented_on",
    serves=("A26-6",),
    head="full",
    needs=("full_on", "items_known_on"),
    rule={
        "ja": "確報の時点で不明だった事項を、判明した後に追って報告している",
        "en": "Items unknown at the full report were reported once known",
    },
    fails={
        "ja": "「{name}」：確報の時点で不明だった事項（{open_items}）は{items_known_on}に判明しましたが、追って報告した記録がありません。",
        "en": '"{name}": what was open at the full report ({open_items}) became known on {items_known_on}, but no '
        "supplement is on record.",
    },
    remedy={"ja": "判明した事項を追って報告する", "en": "Report the items now known"},
)
def items_supplemented(rows: Rows, day: np.datetime64) -> Result:
    """
    GL 3-5-3-4; items that are still unknown are not yet due.
    """
    known = reportable(rows, day) & rows.filled("full_on", "items_known_on")
    return known, rows.filled("supplemented_on")


@check(
    NAME,
    "notified_on",
    serves=("A26-7",),
    head="notice",
    needs=("known_on",),
    rule={
        "ja": "報告対象事態の本人に通知しているか、代替措置または見合わせる理由が記録されている",
        "en": "Principals were notified, or substitute measures or a reason to wait are on record",
    },
    fails={
        "ja": "「{name}」：本人への通知、代替措置、通知を見合わせる理由のいずれの記録もありません。",
        "en": '"{name}": neither notice to principals, nor substitute measures, nor a ground to wait is on record.',
    },
    remedy={
        "ja": "本人に通知する。困難なら代替措置をとり、見合わせるなら理由を書く",
        "en": "Notify them; if that is difficult take substitute measures, and if it must wait write why",
    },
)
def principals_notified(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 26(2) has no day count. A row with nothing on record is judged only after the last day of
    its full report, a yardstick of the kit: by then the facts to be told have to be known.
    """
    c = _clock(rows, day)
    done = rows.filled("notified_on") | rows.filled("substitute_on")
    return c.own_full & (done | (day > c.full_due)), done | rows.says("no_notice_ground", "worse", "unclear")


@check(
    NAME,
    "substitute_on",
    serves=("A26-8",),
    head="notice",
    needs=("no_notice_ground", "known_on"),
    rule={
        "ja": "本人への通知が困難なときは、代替措置をとっている",
        "en": "Where notice to principals is difficult, substitute measures were taken",
    },
    fails={
        "ja": "「{name}」：本人への通知が困難とされていますが、代替措置の記録がありません。",
        "en": '"{name}": notice is said to be difficult, but no substitute measures are on record.',
    },
    remedy={
        "ja": "事案を公表し、問合せ窓口を設けて連絡先を公表する",
        "en": "Publish the case, or open an enquiry desk and make it known",
    },
)
def substitute_measures(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 26(2), proviso; GL 3-5-4-5. Judged by the same yardstick as the notice itself.
    """
    c = _clock(rows, day)
    difficult = c.own_full & rows.says("no_notice_ground", "difficult") & ~rows.filled("notified_on")
    taken = rows.filled("substitute_on")
    return difficult & (taken | (day > c.full_due)), taken


@check(
    NAME,
    "entruster_notified_on",
    serves=("A26-9",),
    head="roles",
    needs=("role", "known_on"),
    rule={
        "ja": "委託先として、概ね3～5日以内に委託元に通知するか、自ら報告している（5日は目安）",
        "en": "As entrustee, the entruster was notified or an own report filed roughly within 3–5 days (a yardstick)",
    },
    fails={
        "ja": "「{name}」：{start}に知った事態が、目安の5日以内に委託元（{party}）に通知されず（通知：{entruster_notified_on}）、自らの報告もありません。",
        "en": '"{name}": known on {start}, but neither the entruster ({party}) was notified roughly within 3–5 days '
        "(notified: {entruster_notified_on}) nor an own report filed.",
    },
    remedy={
        "ja": "把握している事項を直ちに委託元に通知し、委託元ごとの連絡先を備える",
        "en": "Notify the entruster at once of what is known, and keep a contact for each entruster",
    },
)
def entruster_notified(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 26(1), proviso; Rules Art. 9; GL 3-5-3-5. The clock is the entrustee's own.
    """
    c = _clock(rows, day)
    entrustee = reportable(rows, day) & rows.says("role", "entrustee")
    over = entrustee & (~np.isnat(c.filed) | (day > c.prompt_due))
    return over & ~np.isnat(c.start), c.filed <= c.prompt_due, {"start": c.start}


@check(
    NAME,
    "known_on",
    serves=("A26-10",),
    head="roles",
    needs=("role", "entrustee_told_on"),
    rule={
        "ja": "遅くとも委託先から連絡を受けた日を、知った日としている",
        "en": "The day of knowledge is at the latest the day on which the entrusted party told",
    },
    fails={
        "ja": "「{name}」：委託先から{entrustee_told_on}に連絡を受けていますが、知った日は{known_on}とされています。",
        "en": '"{name}": the entrusted party told on {entrustee_told_on}, but the day of knowledge is given as '
        "{known_on}.",
    },
    remedy={
        "ja": "知った日を直し、どの部署に届いた連絡も起算日とする",
        "en": "Correct the day of knowledge, and start the clock whichever department the message reaches",
    },
)
def clock_starts_with_message(rows: Rows, day: np.datetime64) -> Result:
    """
    The entruster knows at the latest when its entrustee tells any department (GL 3-5-3-5).
    """
    told = (
        reportable(rows, day) & rows.says("role", "entruster") & rows.filled("entrustee_told_on", "known_on")
    )
    return told, rows.date("known_on") <= rows.date("entrustee_told_on")


@check(
    NAME,
    "party",
    serves=(),
    head="roles",
    needs=("role",),
    against=("entrusted_parties",),
    rule={
        "ja": "事案が起きた委託先が委託先管理台帳に載っている",
        "en": "The party where it happened is listed in the register of entrusted parties",
    },
    fails={
        "ja": "「{name}」が起きた委託先（{party}）が委託先管理台帳にありません。",
        "en": 'The party where "{name}" happened ({party}) is missing from the register of entrusted parties.',
    },
    remedy={
        "ja": "委託先管理台帳に加えるか、名称をそろえる",
        "en": "Add it to the register of entrusted parties, or use the same name in both",
    },
)
def party_listed(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same parties, re-entrusted ones included; this only informs.
    """
    del day
    parties = others["entrusted_parties"]
    listed = named_in(rows, "party", parties, "name") | named_in(rows, "party", parties, "re_entrustee")
    return rows.says("role", "entruster") & rows.filled("party"), listed


@check(
    NAME,
    "internal_report_on",
    serves=("A26-11",),
    head="steps",
    needs=("contained_on",),
    rule={
        "ja": "責任者に報告し、被害の拡大を防ぐ措置をとっている（知った日から5日間は判定しない）",
        "en": "The responsible person was told and the harm contained (not asked within 5 days of knowledge)",
    },
    fails={
        "ja": "「{name}」：責任者への報告と被害拡大防止の措置の記録がそろっていません（報告：{internal_report_on}、措置：{contained_on}）。",
        "en": '"{name}": report to the responsible person and containment are not both on record (report: '
        "{internal_report_on}; containment: {contained_on}).",
    },
    remedy={
        "ja": "責任者に直ちに報告し、被害の拡大を防ぎ、それぞれの日を残す",
        "en": "Tell the responsible person and contain the harm at once, and record both days",
    },
)
def reported_and_contained(rows: Rows, day: np.datetime64) -> Result:
    """
    Step (1) of GL 3-5-2, taken at once for every incident, reportable or not. The register of an
    incident still within the rough time of a prompt report may not be written up yet, so it is not judged.
    """
    done = rows.filled("internal_report_on", "contained_on")
    return _to_handle(rows) & (done | ~_fresh(rows, day)), done


def _by_full_due(rows: Rows, day: np.datetime64, done: Mask) -> Mask:
    """
    Where a later step is judged: taken, or the time of a full report is over (the kit's yardstick,
    since the Guidelines set no number of days).
    """
    return _to_handle(rows) & (done | (day > _clock(rows, day).full_due))


@check(
    NAME,
    "investigated_on",
    serves=("A26-11",),
    head="steps",
    needs=("known_on",),
    rule={
        "ja": "事実関係を調べ、原因を明らかにしている（確報の期間を目安とする）",
        "en": "Facts and cause were investigated (the time of a full report is the yardstick)",
    },
    fails={
        "ja": "「{name}」（知った日：{known_on}）：事実関係の調査と原因の究明の記録がありません。",
        "en": '"{name}" (known on {known_on}): no investigation of facts and cause is on record.',
    },
    remedy={
        "ja": "事実関係と原因を調べ、結果と日付を残す",
        "en": "Investigate facts and cause, and record result and day",
    },
)
def investigated(rows: Rows, day: np.datetime64) -> Result:
    """
    Step (2) of GL 3-5-2.
    """
    done = rows.filled("investigated_on")
    return _by_full_due(rows, day, done), done


@check(
    NAME,
    "persons",
    serves=("A26-11",),
    head="steps",
    needs=("known_on",),
    rule={
        "ja": "影響の及ぶ範囲として本人の数（または最大の数）を確かめている（確報の期間を目安とする）",
        "en": "The scope is found: the number of principals or its maximum (the time of a full report is the yardstick)",
    },
    fails={
        "ja": "「{name}」（知った日：{known_on}）：本人の数も最大の数も記載がなく、影響の範囲が確かめられていません。",
        "en": '"{name}" (known on {known_on}): neither the number of principals nor its maximum is written, so the '
        "scope was not found.",
    },
    remedy={
        "ja": "影響を受けた本人の数を確かめる。確定しなければ最大の数を書く",
        "en": "Find out how many principals are affected; write the maximum if it is not settled",
    },
)
def scope_found(rows: Rows, day: np.datetime64) -> Result:
    """
    Step (3) of GL 3-5-2.
    """
    done = rows.filled("persons") | rows.filled("persons_max")
    return _by_full_due(rows, day, done), done


@check(
    NAME,
    "prevention_on",
    serves=("A26-11",),
    head="steps",
    needs=("known_on",),
    rule={
        "ja": "再発防止策を決めている（確報の期間を目安とする）",
        "en": "Measures against recurrence were decided (the time of a full report is the yardstick)",
    },
    fails={
        "ja": "「{name}」（知った日：{known_on}）：再発防止策を決めた記録がありません。",
        "en": '"{name}" (known on {known_on}): no decision on measures against recurrence is on record.',
    },
    remedy={
        "ja": "再発防止策を決めて実行し、日付を残す",
        "en": "Decide on measures, carry them out and record the day",
    },
)
def prevention_decided(rows: Rows, day: np.datetime64) -> Result:
    """
    Step (4) of GL 3-5-2.
    """
    done = rows.filled("prevention_on")
    return _by_full_due(rows, day, done), done


@check(
    NAME,
    "published_on",
    serves=("A26-12",),
    head="publication",
    needs=("no_publication_reason", "known_on"),
    rule={
        "ja": "報告対象事態について、公表するか、公表しない理由が記録されている（望ましい取組）",
        "en": "A reportable incident was published, or the reason for not publishing is recorded (desirable)",
    },
    fails={
        "ja": "「{name}」：公表も、公表しないと判断した理由の記録もありません。",
        "en": '"{name}": neither publication nor a reason for not publishing is on record.',
    },
    remedy={
        "ja": "二次被害を防ぐうえで公表が役立つかを判断し、結果を残す",
        "en": "Decide whether publication would limit further harm, and record the outcome",
    },
)
def publication_considered(rows: Rows, day: np.datetime64) -> Result:
    """
    Desirable under GL 3-5-2, according to the case; judged by the yardstick of the notice.
    """
    c = _clock(rows, day)
    done = rows.filled("published_on") | rows.filled("no_publication_reason")
    return c.own_full & (done | (day > c.full_due)), done


@presence("G03", NAME, "special_care")
def touched_special_care(rows: Rows, day: np.datetime64) -> Mask:
    """
    A breach of special care-required data; it is held then.
    """
    del day
    return _special(rows)


@presence("G04", NAME, "role")
def happened_at_an_entrustee(rows: Rows, day: np.datetime64) -> Mask:
    """
    A breach at a party to which handling is entrusted.
    """
    del day
    return rows.says("role", "entruster")


@presence("G05", NAME, "role")
def happened_as_entrustee(rows: Rows, day: np.datetime64) -> Mask:
    """
    A breach in handling that others entrusted.
    """
    del day
    return rows.says("role", "entrustee")
