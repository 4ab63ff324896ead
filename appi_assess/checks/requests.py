"""
Requests of principals and complaints: Arts 28(3), 32(2) and 33 to 40.

"Without delay" has no day count, so a request that is still open is never judged by its age.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from appi_assess.registers import Days, Mask, Rows
from appi_assess.requirement import KNOWN_FROM

from . import Result, check, presence

NAME = "requests"
STOPS = ("stop_use", "stop_provision")
ANSWERED = ("purpose", "disclosure", "records", "correction", *STOPS)
RIGHTS = (*ANSWERED, "marketing")
SUABLE = ("disclosure", "records", "correction", *STOPS)
MET = ("granted", "partly", "closed")
DECIDED = (*MET, "refused", "not_existing", "substitute")
THIRD_GROUND = ("not_needed", "breach", "harm")
# Art. 33(2); whoever does not follow a reasonable procedure may be refused (GL 3-8-7 note 3).
NOT_DISCLOSED = ("rights", "hindrance", "other_law", "procedure")
# What may outweigh the principal's interest: law, contract, claims, rights of others (GL 3-8-5-1 note 5).
OUTWEIGHING = ("overriding", "other_law", "rights", "hindrance")
_IN_FORCE = np.datetime64(KNOWN_FROM, "D")  # what is asked here was in part not yet law before
TWO_WEEKS = np.timedelta64(14, "D")


def asked(rows: Rows, *kinds: str) -> Mask:
    """
    Requests of these kinds about which Arts 32 to 39 ask.

    They ask about retained personal data only; blank counts as such, and data that is to be erased
    soon is such data since the six-month rule is gone (Art. 16(4)). Records of provision are
    disclosed for all personal data (Art. 33(5)). Requests from before April 2022 are not judged: choice
    of method, records and ground 3 were not yet law.
    """
    outside = rows.says("retained", "no") & ~rows.says("refusal_ground", "short_lived")
    older = rows.date("received_on") < _IN_FORCE
    return rows.says("kind", *kinds) & (~outside | rows.says("kind", "records")) & ~older


def decided(rows: Rows) -> Mask:
    """
    Where the outcome is known; a request that is open or was withdrawn has none.
    """
    return rows.says("outcome", *DECIDED)


def _open(rows: Rows) -> Mask:
    return ~rows.filled("outcome") & ~rows.filled("answered_on")


def _met(rows: Rows) -> Mask:
    return rows.says("outcome", *MET)


def _refused(rows: Rows) -> Mask:
    return rows.says("outcome", "refused", "partly")


def _methods(rows: Rows, kind: str) -> tuple[Mask, Mask, Mask]:
    """
    Where the chosen method is known, where it was used, and where the principal was told in time
    that it would be paper instead. Where nothing was disclosed there was no method.
    """
    nothing = rows.says("outcome", "refused", "not_existing", "withdrawn")
    known = asked(rows, kind) & rows.filled("method_chosen", "method_used") & ~nothing
    same: Mask = rows.text("method_chosen") == rows.text("method_used")
    told = rows.filled("method_told_on") & ~(rows.date("method_told_on") > rows.date("answered_on"))
    return known, same, rows.says("method_used", "paper") & told


def days_to_answer(rows: Rows, day: np.datetime64) -> pd.DataFrame:
    """
    How long each request or complaint took, or has been open, in days from its arrival.

    Args:
        rows: The register.
        day: Open rows are counted up to this day.

    Returns:
        By row number: ``received``, ``answered``, ``days`` (missing where no answer is recorded
        although the row is closed, or where the answer lies before the arrival) and ``open``.
    """
    rows = rows.happened_by(day)
    received, answered, still_open = rows.date("received_on"), rows.date("answered_on"), _open(rows)
    days = pd.Series((np.where(still_open, day, answered) - received) / np.timedelta64(1, "D"))
    return pd.DataFrame(
        {
            "received": received.astype("datetime64[s]"),
            "answered": answered.astype("datetime64[s]"),
            "days": days.where(days >= 0).astype("Int64").array,
            "open": still_open,
        },
        index=pd.Index(rows.numbers),
    )


@check(
    NAME,
    "received_on",
    serves=("A39-1",),
    head="arrival",
    needs=("answered_on",),
    sufficient=True,
    rule={
        "ja": "到達日が記録され、調査や回答の日より後になっていない",
        "en": "The day of arrival is logged and is not later than investigation or answer",
    },
    fails={
        "ja": "「{number}」：到達日（{received_on}）より前の{earlier}に調査または回答があり、到達日の記録が実際と合いません。",
        "en": '"{number}": something was already done on {earlier}, before the day logged as arrival ({received_on}).',
    },
    remedy={
        "ja": "会社に届いた日（通常届くはずの日）に改める",
        "en": "Log the day on which it reached, or would normally have reached, the organisation",
    },
)
def arrival_logged(rows: Rows, day: np.datetime64) -> Result:
    """
    The prior request and its arrival count before a suit (Art. 39; GL 3-8-9 note 6).
    """
    del day
    dates = np.array([rows.date(c) for c in ("method_told_on", "investigated_on", "answered_on")])
    earlier: Days = np.fmin.reduce(dates)
    return asked(rows, *SUABLE), ~(earlier < rows.date("received_on")), {"earlier": earlier}


@check(
    NAME,
    "answered_on",
    serves=(),
    head="arrival",
    needs=("outcome",),
    rule={
        "ja": "到達から2週間のうちに回答している（本人が訴えを提起できるまでの期間で、回答の期限ではない）",
        "en": "Answered within two weeks of arrival (after which suit is possible; no time limit for the answer)",
    },
    fails={
        "ja": "「{number}」（{received_on}到達）は回答の記録がなく、{suit_from}から訴えを提起され得る状態です。",
        "en": '"{number}" (arrived {received_on}) has no answer on record; suit is possible from {suit_from}.',
    },
    remedy={"ja": "対応の方針を決めて回答する", "en": "Take a position and answer"},
)
def suit_not_open(rows: Rows, day: np.datetime64) -> Result:
    """
    Two weeks after arrival the principal may sue: arrived 1 April, from 16 April (Art. 39; GL 3-8-9
    note 6). This binds the principal and only informs.
    """
    suit_from: Days = rows.date("received_on") + TWO_WEEKS + 1
    return asked(rows, *SUABLE) & _open(rows), day < suit_from, {"suit_from": suit_from}


@check(
    NAME,
    "answered_on",
    serves=("A32-10",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "利用目的の通知の求めに、通知または通知しない旨の回答をしている",
        "en": "A request for the purpose of use got the purpose or the notice of refusal",
    },
    fails={
        "ja": "「{number}」：利用目的の通知の求め（結果：{outcome}）に回答した日がありません。",
        "en": '"{number}": no day of answer to the request for the purpose of use (outcome: {outcome}).',
    },
    remedy={"ja": "利用目的または通知しない旨を本人に知らせる", "en": "Tell the purpose or the refusal"},
)
def purpose_told(rows: Rows, day: np.datetime64) -> Result:
    """
    Purpose or refusal is notified without delay (Art. 32(2), (3)).
    """
    del day
    return asked(rows, "purpose") & decided(rows), rows.filled("answered_on")


@check(
    NAME,
    "refusal_ground",
    serves=("A32-10",),
    head="refusal",
    needs=("outcome",),
    rule={
        "ja": "利用目的を通知しないのは、既に明らかな場合と法21条4項1号から3号までの場合に限っている",
        "en": "The purpose is withheld only where already clear or under Art. 21(4)(i) to (iii)",
    },
    fails={
        "ja": "「{number}」：利用目的を通知しない理由（{refusal_ground}）が法の定める場合に当たりません。",
        "en": '"{number}": the ground on which the purpose is withheld ({refusal_ground}) is none that the Act names.',
    },
    remedy={
        "ja": "法32条2項各号に当たらなければ利用目的を通知し、当たれば根拠を記録する",
        "en": "Tell the purpose unless Art. 32(2) lets you withhold it, and record the ground",
    },
)
def purpose_refusal_ground(rows: Rows, day: np.datetime64) -> Result:
    """
    Refusal only where the purpose is already clear or Art. 21(4)(i) to (iii) applies (Art. 32(2)).
    """
    del day
    named = rows.says("refusal_ground", "purpose_clear", "art_21", "procedure")
    return asked(rows, "purpose") & _refused(rows), named


@check(
    NAME,
    "answered_on",
    serves=("A33-1",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "開示に応じた請求には開示した日がある",
        "en": "A request for disclosure that was granted has the day of disclosure",
    },
    fails={
        "ja": "「{number}」：開示請求（結果：{outcome}）に応じて開示した日がありません。",
        "en": '"{number}": no day of disclosure is recorded (outcome: {outcome}).',
    },
    remedy={"ja": "開示し、その日を記録する", "en": "Disclose the data and record the day"},
)
def disclosed(rows: Rows, day: np.datetime64) -> Result:
    """
    Retained personal data is disclosed without delay (Art. 33(2)); a request still open is not judged.
    """
    del day
    return asked(rows, "disclosure") & _met(rows), rows.filled("answered_on")


@check(
    NAME,
    "answered_on",
    serves=("A33-4",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "不開示（一部を含む）または不存在を本人に通知している",
        "en": "Refusal in whole or part, or non-existence, was notified",
    },
    fails={
        "ja": "「{number}」：開示請求の結果（{outcome}）を本人に通知した日がありません。",
        "en": '"{number}": no day on which the outcome of the request for disclosure ({outcome}) was notified.',
    },
    remedy={
        "ja": "開示しない旨または不存在を本人に通知する",
        "en": "Notify the refusal or the non-existence",
    },
)
def refusal_notified(rows: Rows, day: np.datetime64) -> Result:
    """
    Non-disclosure and non-existence are notified without delay (Art. 33(3)); silence closes nothing.
    """
    del day
    told = _refused(rows) | rows.says("outcome", "not_existing")
    return asked(rows, "disclosure") & told, rows.filled("answered_on")


@check(
    NAME,
    "refusal_ground",
    serves=("A33-3",),
    head="refusal",
    needs=("outcome",),
    rule={
        "ja": "開示しない理由が法33条2項各号のいずれかである",
        "en": "Disclosure is refused only on a ground of Art. 33(2)",
    },
    fails={
        "ja": "「{number}」：開示しない理由（{refusal_ground}）が法33条2項各号に当たりません。",
        "en": '"{number}": the ground of refusal ({refusal_ground}) is none of Art. 33(2).',
    },
    remedy={
        "ja": "各号に当たらない部分を開示し、当たる部分は根拠を記録する",
        "en": "Disclose what no item covers, and record the ground for the rest",
    },
)
def disclosure_refusal_ground(rows: Rows, day: np.datetime64) -> Result:
    """
    Harm to rights, serious hindrance or breach of another law; volume alone is none (Art. 33(2); GL 3-8-2).
    """
    del day
    return asked(rows, "disclosure") & _refused(rows), rows.says("refusal_ground", *NOT_DISCLOSED)


@check(
    NAME,
    "method_used",
    serves=("A33-2",),
    head="method",
    needs=("method_chosen", "method_told_on", "answered_on"),
    sufficient=True,
    rule={
        "ja": "本人が選んだ方法で開示し、困難なときは知らせたうえで書面により開示している",
        "en": "Disclosed by the method chosen, or on paper after telling that it is too difficult",
    },
    fails={
        "ja": "「{number}」：本人が選んだ方法（{method_chosen}）と実際の方法（{method_used}）が異なり、あらかじめ知らせて書面によったものではありません。",
        "en": '"{number}": the method chosen was {method_chosen}, the method used {method_used}; it is not paper after '
        "telling the principal.",
    },
    remedy={
        "ja": "選ばれた方法で開示し直すか、困難である旨を通知して書面で開示する",
        "en": "Disclose by the chosen method, or tell that it is too difficult and use paper",
    },
)
def chosen_method(rows: Rows, day: np.datetime64) -> Result:
    """
    The principal's choice is followed; if too costly or difficult, paper after telling (Art. 33(2), (3);
    Rules Art. 30).
    """
    del day
    known, same, paper_after_telling = _methods(rows, "disclosure")
    return known, same | paper_after_telling


@check(
    NAME,
    "method_told_on",
    serves=("A33-4",),
    head="method",
    needs=("method_chosen", "method_used"),
    rule={
        "ja": "選ばれた方法によれないときは、その旨を通知している",
        "en": "Where the chosen method cannot be used, the principal was told",
    },
    fails={
        "ja": "「{number}」：選ばれた方法（{method_chosen}）によれない旨を本人に通知した日がありません。",
        "en": '"{number}": no day on which the principal was told that the chosen method ({method_chosen}) cannot be used.',
    },
    remedy={"ja": "その方法では困難である旨を通知する", "en": "Notify that the method is too difficult"},
)
def method_told(rows: Rows, day: np.datetime64) -> Result:
    """
    Inability to use the chosen method is notified without delay (Art. 33(3)).
    """
    del day
    known, same, _ = _methods(rows, "disclosure")
    return known & ~same, rows.filled("method_told_on")


@check(
    NAME,
    "searchable",
    serves=("A33-6",),
    head="method",
    needs=("method_used",),
    rule={
        "ja": "電磁的記録は検索や再利用ができる形式で渡している（望ましい事項）",
        "en": "Electronic copies are readable, searchable and portable where possible (desirable)",
    },
    fails={
        "ja": "「{number}」：電磁的記録が検索や再利用のできない形式です。",
        "en": '"{number}": the electronic copy cannot be searched or reused.',
    },
    remedy={"ja": "可能な範囲で検索できる形式にする", "en": "Use a searchable form where possible"},
)
def usable_form(rows: Rows, day: np.datetime64) -> Result:
    """
    Desirable form of electronic disclosure (GL 3-8-2).
    """
    del day
    electronic = asked(rows, "disclosure", "records") & rows.says("method_used", "electronic")
    return electronic & rows.filled("searchable"), rows.says("searchable", "yes")


@check(
    NAME,
    "answered_on",
    serves=("A33-5",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "第三者提供記録の開示請求に、開示または通知をしている",
        "en": "A request for records of provision got the records or the notice",
    },
    fails={
        "ja": "「{number}」：第三者提供記録の開示請求（結果：{outcome}）に開示または通知をした日がありません。",
        "en": '"{number}": no day of disclosure or notice for the records of provision (outcome: {outcome}).',
    },
    remedy={"ja": "記録を開示するか、結果を通知する", "en": "Disclose the records or notify the decision"},
)
def records_answered(rows: Rows, day: np.datetime64) -> Result:
    """
    Records under Arts 29(1) and 30(3) are disclosed on the same terms as data (Art. 33(5)).
    """
    del day
    return asked(rows, "records") & decided(rows), rows.filled("answered_on")


@check(
    NAME,
    "refusal_ground",
    serves=("A33-5",),
    head="refusal",
    needs=("outcome",),
    rule={
        "ja": "第三者提供記録を開示しない理由が、法33条2項各号または施行令11条に当たる",
        "en": "Records of provision are withheld only under Art. 33(2) or Art. 11 of the Cabinet Order",
    },
    fails={
        "ja": "「{number}」：第三者提供記録を開示しない理由（{refusal_ground}）が法33条2項各号にも施行令11条にも当たりません。",
        "en": '"{number}": the ground on which records are withheld ({refusal_ground}) is neither in Art. 33(2) nor '
        "in Art. 11 of the Cabinet Order.",
    },
    remedy={
        "ja": "当たらない部分を開示し、当たる部分は根拠を記録する",
        "en": "Disclose what is not covered, and record the ground for the rest",
    },
)
def records_refusal_ground(rows: Rows, day: np.datetime64) -> Result:
    """
    The same grounds as for data, and the cases of Order Art. 11 (Art. 33(5)).
    """
    del day
    named = rows.says("refusal_ground", *NOT_DISCLOSED, "order_11")
    return asked(rows, "records") & _refused(rows), named


@check(
    NAME,
    "method_used",
    serves=("A33-5",),
    head="method",
    needs=("method_chosen", "method_told_on", "answered_on"),
    rule={
        "ja": "第三者提供記録も、本人が選んだ方法（困難なときは知らせたうえで書面）で開示している",
        "en": "Records too are disclosed by the method chosen, or on paper after telling",
    },
    fails={
        "ja": "「{number}」：第三者提供記録の開示が、本人が選んだ方法（{method_chosen}）ではなく{method_used}によっており、あらかじめ知らせた書面でもありません。",
        "en": '"{number}": for the records, the method chosen was {method_chosen}, the method used {method_used}; it is not '
        "paper after telling the principal.",
    },
    remedy={
        "ja": "選ばれた方法で開示し直すか、困難である旨を通知して書面で開示する",
        "en": "Disclose by the chosen method, or tell that it is too difficult and use paper",
    },
)
def records_method(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 33(2) and (3) apply to records as they do to data (Art. 33(5); GL 3-8-3).
    """
    del day
    known, same, paper_after_telling = _methods(rows, "records")
    return known, same | paper_after_telling


@check(
    NAME,
    "investigated_on",
    serves=("A34-1",),
    head="action",
    needs=("outcome",),
    rule={
        "ja": "訂正等の請求について事実を調査している",
        "en": "The facts were investigated on a request for correction",
    },
    fails={
        "ja": "「{number}」：訂正等の請求（結果：{outcome}）について事実を調査した日がありません。",
        "en": '"{number}": no investigation is on record for the request for correction (outcome: {outcome}).',
    },
    remedy={"ja": "利用目的に必要な範囲で調査し、日付を残す", "en": "Investigate and record the day"},
)
def investigated(rows: Rows, day: np.datetime64) -> Result:
    """
    Investigation comes first, within what the purpose needs, unless another law has its own procedure
    (Art. 34(2)).
    """
    del day
    excused = rows.says("refusal_ground", "procedure", "other_law")
    judged = _met(rows) | (rows.says("outcome", "refused") & ~excused)
    return asked(rows, "correction") & judged, rows.filled("investigated_on")


@check(
    NAME,
    "acted_on",
    serves=("A34-1",),
    head="action",
    needs=("outcome",),
    rule={
        "ja": "訂正等に応じた請求には訂正等をした日がある",
        "en": "A correction that was granted has the day on which it was made",
    },
    fails={
        "ja": "「{number}」：訂正等に応じたとされていますが、訂正等をした日がありません。",
        "en": '"{number}": said to be granted, but no day of correction is recorded.',
    },
    remedy={"ja": "訂正等を行い、日付を残す", "en": "Correct the data and record the day"},
)
def corrected(rows: Rows, day: np.datetime64) -> Result:
    """
    Correction, addition or deletion follows the result of the investigation (Art. 34(2)).
    """
    del day
    return asked(rows, "correction") & _met(rows), rows.filled("acted_on")


@check(
    NAME,
    "answered_on",
    serves=("A34-2",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "訂正等をした旨またはしない旨を通知している",
        "en": "The correction, or the decision not to correct, was notified",
    },
    fails={
        "ja": "「{number}」：訂正等の請求の結果（{outcome}）を通知した日がありません。",
        "en": '"{number}": no day on which the outcome of the request for correction ({outcome}) was notified.',
    },
    remedy={"ja": "結果を本人に通知する", "en": "Notify the result"},
)
def correction_notified(rows: Rows, day: np.datetime64) -> Result:
    """
    The result is notified without delay (Art. 34(3)).
    """
    del day
    return asked(rows, "correction") & decided(rows), rows.filled("answered_on")


@check(
    NAME,
    "content_told",
    serves=("A34-2",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "訂正等をしたときは、その内容も通知している",
        "en": "The notice says what was corrected and how",
    },
    fails={
        "ja": "「{number}」：訂正等の内容まで本人に通知した記録がありません。",
        "en": '"{number}": it is not recorded that the content of the correction was told.',
    },
    remedy={"ja": "どこをどう改めたかを通知する", "en": "Tell what was changed and how"},
)
def correction_content_told(rows: Rows, day: np.datetime64) -> Result:
    """
    Correction and also its content are notified (Art. 34(3)).
    """
    del day
    return asked(rows, "correction") & _met(rows), rows.says("content_told", "yes")


@check(
    NAME,
    "ground",
    serves=(),
    head="action",
    rule={
        "ja": "利用停止等の請求には、三系統のどの理由によるかが書かれている",
        "en": "A request to stop names which of the three families of grounds it rests on",
    },
    fails={
        "ja": "「{number}」：{kind}の請求の理由（法35条1項、3項、5項のいずれか）が書かれていません。",
        "en": '"{number}" ({kind}): the ground (Art. 35(1), (3) or (5)) is not written down.',
    },
    remedy={"ja": "請求の理由を確かめて書く", "en": "Find out the ground and write it down"},
)
def ground_written(rows: Rows, day: np.datetime64) -> Result:
    """
    There are three families of grounds, and each has its own measure (Art. 35(1), (3), (5)).
    """
    del day
    return asked(rows, *STOPS), rows.filled("ground")


@check(
    NAME,
    "acted_on",
    serves=("A35-1",),
    head="action",
    needs=("outcome", "ground"),
    rule={
        "ja": "違法な取扱い・取得を理由とする請求に応じたときは、停止または消去をした日がある",
        "en": "A granted request on unlawful handling or acquisition has the day of stopping or erasing",
    },
    fails={
        "ja": "「{number}」：違法な取扱い・取得を理由とする請求に応じたとされていますが、停止・消去をした日がありません。",
        "en": '"{number}": granted for unlawful handling or acquisition, but no day of stopping or erasing is recorded.',
    },
    remedy={"ja": "違反を正すのに必要な限度で停止または消去する", "en": "Stop use or erase as far as needed"},
)
def unlawful_handling_stopped(rows: Rows, day: np.datetime64) -> Result:
    """
    Ground 1: handled against Art. 18 or 19, acquired against Art. 20 (Art. 35(1), (2)).
    """
    del day
    well_founded = asked(rows, *STOPS) & rows.says("ground", "handled_unlawfully") & _met(rows)
    return well_founded, rows.filled("acted_on")


@check(
    NAME,
    "acted_on",
    serves=("A35-2",),
    head="action",
    needs=("outcome", "ground"),
    rule={
        "ja": "違法な第三者提供を理由とする請求に応じたときは、提供を停止した日がある",
        "en": "A granted request on unlawful provision has the day on which provision stopped",
    },
    fails={
        "ja": "「{number}」：違法な第三者提供を理由とする請求に応じたとされていますが、提供を停止した日がありません。",
        "en": '"{number}": granted for unlawful provision, but no day of stopping the provision is recorded.',
    },
    remedy={"ja": "第三者への提供を停止し、日付を残す", "en": "Stop the provision and record the day"},
)
def unlawful_provision_stopped(rows: Rows, day: np.datetime64) -> Result:
    """
    Ground 2: provided against Art. 27(1) or 28 (Art. 35(3), (4)).
    """
    del day
    well_founded = asked(rows, *STOPS) & rows.says("ground", "provided_unlawfully") & _met(rows)
    return well_founded, rows.filled("acted_on")


@check(
    NAME,
    "acted_on",
    serves=("A35-3",),
    head="action",
    needs=("outcome",),
    rule={
        "ja": "利用不要、漏えい等、権利利益の侵害のおそれを理由とする請求に応じたときは、措置をした日がある",
        "en": "A granted request for no need, a breach or risk of harm has the day of the action",
    },
    fails={
        "ja": "「{number}」：{kind}に応じたとされていますが、停止・消去などの措置をした日がありません。",
        "en": '"{number}" ({kind}): said to be granted, but no day of stopping, erasing or the like is recorded.',
    },
    remedy={
        "ja": "権利利益の侵害を防ぐのに必要な限度で措置をとり、日付を残す",
        "en": "Stop, erase or end the provision as needed, and record the day",
    },
)
def third_ground_met(rows: Rows, day: np.datetime64) -> Result:
    """
    Ground 3, the widest: no need, a reportable breach or risk of harm (Art. 35(5), (6)).

    Refusals of marketing belong here; entry on the suppression list is their action. A request to
    stop whose ground is not written down is judged here as well.
    """
    del day
    marketing = rows.says("kind", "marketing")
    third = rows.says("ground", *THIRD_GROUND) | ~rows.filled("ground")
    done = rows.filled("acted_on") | (marketing & rows.filled("suppressed_on"))
    return ((asked(rows, *STOPS) & third) | (asked(rows, "marketing"))) & _met(rows), done


@check(
    NAME,
    "weighed",
    serves=("A35-4",),
    head="refusal",
    needs=("outcome", "refusal_ground"),
    rule={
        "ja": "応じないときは、本人の利益と優先すべき特別の事情とを個別に比較衡量している",
        "en": "Before refusing, the principal's interest was weighed against special circumstances",
    },
    fails={
        "ja": "「{number}」：応じていません（理由：{refusal_ground}）が、個別に比較衡量した記録がないか、理由が特別の事情に当たりません。",
        "en": '"{number}": not met (ground: {refusal_ground}), but no weighing is on record or the ground is no special '
        "circumstance.",
    },
    remedy={
        "ja": "本人の利益に優先する特別の事情があるかを判断し、なければ応じる",
        "en": "Weigh the case; meet the request unless special circumstances outweigh it",
    },
)
def interests_weighed(rows: Rows, day: np.datetime64) -> Result:
    """
    A request on ground 3 is met unless special circumstances outweigh protection (GL 3-8-5-1 note 5).
    Where the ground itself is missing there is nothing to weigh.
    """
    del day
    third = (asked(rows, *STOPS) & rows.says("ground", *THIRD_GROUND)) | asked(rows, "marketing")
    refused = third & _refused(rows) & ~rows.says("refusal_ground", "procedure", "unfounded")
    return refused, rows.says("weighed", "yes") & rows.says("refusal_ground", *OUTWEIGHING)


@check(
    NAME,
    "substitute_ground",
    serves=("A35-5",),
    head="action",
    needs=("substitute", "substitute_protects"),
    rule={
        "ja": "代替措置は、停止・消去が困難で、本人の権利利益が保護される場合に限っている",
        "en": "Substitutes are used only where stopping is costly or difficult and the principal is protected",
    },
    fails={
        "ja": "「{number}」：代替措置の理由（{substitute_ground}）または本人の保護（{substitute_protects}）が、法の定める場合に当たると示されていません。",
        "en": '"{number}": cost or difficulty (ground: {substitute_ground}) or protection of the principal '
        "({substitute_protects}) is not shown for the substitute.",
    },
    remedy={
        "ja": "費用や困難さの裏付けと本人の保護を確かめる。示せなければ停止または消去する",
        "en": "Show the cost or difficulty and the protection; otherwise stop or erase",
    },
)
def substitute_allowed(rows: Rows, day: np.datetime64) -> Result:
    """
    Provisos of Art. 35(2), (4) and (6): large cost or difficulty, and protection of the principal.
    """
    del day
    used = rows.says("outcome", "substitute") | rows.filled("substitute")
    shown = rows.says("substitute_ground", "costly", "difficult") & rows.says("substitute_protects", "yes")
    return asked(rows, *STOPS) & used, shown


@check(
    NAME,
    "answered_on",
    serves=("A35-6",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "利用停止等をした旨またはしない旨を通知している",
        "en": "Every decision to stop or not to stop was notified",
    },
    fails={
        "ja": "「{number}」：{kind}の請求の結果（{outcome}）を通知した日がありません。",
        "en": '"{number}" ({kind}): no day on which the decision ({outcome}) was notified.',
    },
    remedy={"ja": "決定を本人に通知する", "en": "Notify the decision"},
)
def decision_notified(rows: Rows, day: np.datetime64) -> Result:
    """
    Every decision, to act or not, is notified without delay (Art. 35(7)).

    A plain refusal of marketing is not asked for a notice.
    """
    del day
    return asked(rows, *STOPS) & decided(rows), rows.filled("answered_on")


@check(
    NAME,
    "suppressed_on",
    serves=("A35-7",),
    head="action",
    needs=("outcome",),
    rule={
        "ja": "ダイレクトメールや電話勧誘の拒否を停止リストに載せている（望ましい事項）",
        "en": "Refusals of direct mail or calls reach a suppression list (desirable)",
    },
    fails={
        "ja": "「{number}」：勧誘の拒否が停止リストに載った日がありません。",
        "en": '"{number}": no day of entry on the suppression list is recorded.',
    },
    remedy={"ja": "停止リストに載せ、全経路で使う", "en": "Enter it on the list that every channel uses"},
)
def suppressed(rows: Rows, day: np.datetime64) -> Result:
    """
    Sending again after a refusal is the textbook case of ground 3 (GL 3-8-5-1 examples).
    """
    del day
    return asked(rows, "marketing") & _met(rows), rows.filled("suppressed_on")


@check(
    NAME,
    "reasons_explained",
    serves=("A36-1",),
    head="refusal",
    needs=("outcome", "answered_on"),
    rule={
        "ja": "応じない旨や異なる措置の通知で、理由を説明している（努力義務）",
        "en": "The notice of refusal or of a different measure explains the reason (best effort)",
    },
    fails={
        "ja": "「{number}」：{answered_on}の通知（{outcome}）で理由を説明した記録がありません。",
        "en": '"{number}": no reason is recorded as explained in the notice of {answered_on} ({outcome}).',
    },
    remedy={"ja": "理由を分かる言葉で説明する", "en": "Explain the reason in plain words"},
)
def reasons_explained(rows: Rows, day: np.datetime64) -> Result:
    """
    An effort is made to explain when refusing or doing something different (Art. 36).
    """
    del day
    other = rows.says("outcome", "refused", "partly", "substitute") & rows.filled("answered_on")
    return asked(rows, *ANSWERED) & other, rows.says("reasons_explained", "yes")


@check(
    NAME,
    "agent_accepted",
    serves=("A37-2",),
    head="acceptance",
    needs=("agent",),
    rule={"ja": "代理人からの請求を受け付けている", "en": "Requests by agents are accepted"},
    fails={
        "ja": "「{number}」：{agent}による請求を受け付けていません。",
        "en": '"{number}": the request was not accepted from an agent ({agent}).',
    },
    remedy={
        "ja": "代理権を確かめたうえで代理人からの請求を受け付ける",
        "en": "Accept requests by agents once the authority is shown",
    },
)
def agent_accepted(rows: Rows, day: np.datetime64) -> Result:
    """
    Legal representatives and authorised agents may request (Art. 37(3); Order Art. 13).
    """
    del day
    by_agent = asked(rows, *RIGHTS) & rows.says("agent", "legal", "authorised")
    return by_agent & rows.filled("agent_accepted"), rows.says("agent_accepted", "yes")


@check(
    NAME,
    "identity_check",
    serves=("A37-3",),
    head="acceptance",
    rule={
        "ja": "本人確認が受付の経路に応じたもので、必要な範囲を超えていない",
        "en": "The identity check fits the channel and asks for no more than needed",
    },
    fails={
        "ja": "「{number}」：本人確認が受付の経路に見合っていません（{identity_check}）。",
        "en": '"{number}": the identity check does not fit the channel ({identity_check}).',
    },
    remedy={"ja": "経路ごとに本人確認の方法を見直す", "en": "Set the check to suit each channel"},
)
def identity_fits(rows: Rows, day: np.datetime64) -> Result:
    """
    Checks fit the channel and do not ask for more than needed (Art. 37(4); GL 3-8-7).
    """
    del day
    return asked(rows, *RIGHTS) & rows.filled("identity_check"), rows.says("identity_check", "fit")


@check(
    NAME,
    "pinpointing",
    serves=("A37-4",),
    head="acceptance",
    rule={
        "ja": "対象の特定を求めたときは、特定しやすいよう手助けしている",
        "en": "Where details to pinpoint the data are asked for, help is given",
    },
    fails={
        "ja": "「{number}」：対象の特定を求めましたが、手掛かりとなる情報を示していません。",
        "en": '"{number}": details to pinpoint the data were asked for without giving help.',
    },
    remedy={
        "ja": "サービス名や期間の一覧など、特定に役立つ情報を示す",
        "en": "Offer what helps, such as a list of services or periods",
    },
)
def helped_to_pinpoint(rows: Rows, day: np.datetime64) -> Result:
    """
    Details may be asked for; then information that helps is given (Art. 37(2)).
    """
    del day
    return (
        asked(rows, *RIGHTS) & rows.says("pinpointing", "helped", "not_helped"),
        rows.says("pinpointing", "helped"),
    )


@check(
    NAME,
    "undue_burden",
    serves=("A37-5",),
    head="acceptance",
    rule={
        "ja": "不要な書類や遠方への来所などの過重な負担を課していない",
        "en": "No needless papers or counter far away were demanded",
    },
    fails={
        "ja": "「{number}」：不要な書類や来所を求めるなど、本人に過重な負担を課しています。",
        "en": '"{number}": needless papers, a counter far away or the like were demanded.',
    },
    remedy={"ja": "書類と受付の経路を見直す", "en": "Cut the papers and open other channels"},
)
def no_undue_burden(rows: Rows, day: np.datetime64) -> Result:
    """
    The procedure puts no undue burden on principals (Art. 37(4); GL 3-8-7).
    """
    del day
    return asked(rows, *RIGHTS) & rows.filled("undue_burden"), rows.says("undue_burden", "no")


@check(
    NAME,
    "fee",
    serves=("A38-1",),
    head="fee",
    rule={
        "ja": "手数料は利用目的の通知と開示についてだけ徴収している",
        "en": "A fee is taken only for notice of purpose and for disclosure",
    },
    fails={
        "ja": "「{number}」：{kind}について手数料（{fee}円）を徴収しています。",
        "en": '"{number}": a fee of {fee} yen was taken for: {kind}.',
    },
    remedy={"ja": "手数料を返し、対象を改める", "en": "Pay the fee back and limit fees to those requests"},
)
def fee_only_where_allowed(rows: Rows, day: np.datetime64) -> Result:
    """
    Fees for notice of purpose and disclosure of data or records only (Art. 38(1)).
    """
    del day
    allowed = rows.says("kind", "purpose", "disclosure", "records")
    return asked(rows, *RIGHTS) & rows.filled("fee"), allowed | ~(rows.number("fee") > 0)


@check(
    NAME,
    "fee_published",
    serves=("A38-2",),
    head="fee",
    needs=("fee",),
    rule={
        "ja": "徴収した手数料の額が本人の知り得る状態にある",
        "en": "The amount of a fee that is taken is accessible to principals",
    },
    fails={
        "ja": "「{number}」：手数料（{fee}円）の額を本人の知り得る状態に置いた記録がありません。",
        "en": '"{number}": it is not recorded that the fee of {fee} yen is accessible to principals.',
    },
    remedy={"ja": "手数料の額を手続の案内に載せる", "en": "State the fee where the procedure is explained"},
)
def fee_published(rows: Rows, day: np.datetime64) -> Result:
    """
    A fee that is set is made accessible with the procedure (Arts 38(2), 32(1)(iii)).
    """
    del day
    charged = asked(rows, "purpose", "disclosure", "records") & (rows.number("fee") > 0)
    return charged, rows.says("fee_published", "yes")


@check(
    NAME,
    "answered_on",
    serves=("A40-1",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "処理を終えた苦情には回答した日がある（努力義務）",
        "en": "A complaint that is closed has the day of its answer (best effort)",
    },
    fails={
        "ja": "「{number}」：苦情の処理結果（{outcome}）はありますが、回答した日がありません。",
        "en": '"{number}": the complaint has an outcome ({outcome}), but no day of answer is recorded.',
    },
    remedy={"ja": "苦情に回答し、日付を残す", "en": "Answer the complaint and record the day"},
)
def complaint_answered(rows: Rows, day: np.datetime64) -> Result:
    """
    Complaints on any personal information are dealt with properly and promptly (Art. 40(1)).
    """
    del day
    return rows.says("kind", "complaint") & decided(rows), rows.filled("answered_on")


@check(
    NAME,
    "answered_on",
    serves=("A28-11",),
    head="answer",
    needs=("outcome",),
    rule={
        "ja": "相当措置に関する情報の求めに、提供または提供しない旨の通知をしている",
        "en": "A request for information on measures abroad got the information or the notice",
    },
    fails={
        "ja": "「{number}」：相当措置に関する情報の求め（結果：{outcome}）に回答した日がありません。",
        "en": '"{number}": no day of answer to the request for information on measures abroad (outcome: {outcome}).',
    },
    remedy={"ja": "情報を提供するか、提供しない旨を通知する", "en": "Give the information or the notice"},
)
def measures_abroad_answered(rows: Rows, day: np.datetime64) -> Result:
    """
    Information or refusal without delay (Art. 28(3); Rules Art. 18(3), (4)); for all personal data.
    """
    del day
    return _asked_abroad(rows) & decided(rows), rows.filled("answered_on")


def _asked_abroad(rows: Rows) -> Mask:
    return rows.says("kind", "measures_abroad") & ~(rows.date("received_on") < _IN_FORCE)


@check(
    NAME,
    "seven_items",
    serves=("A28-11",),
    head="answer",
    needs=("outcome", "refusal_ground"),
    rule={
        "ja": "相当措置について7項目をすべて示し、示さないのは業務に著しい支障がある場合に限っている",
        "en": "All seven items on measures abroad are given, or withheld only for serious hindrance",
    },
    fails={
        "ja": "「{number}」：相当措置の7項目をすべて示した記録がなく、示さない理由（{refusal_ground}）も業務の著しい支障ではありません。",
        "en": '"{number}": the seven items are not recorded as given, and the ground ({refusal_ground}) is no serious '
        "hindrance.",
    },
    remedy={"ja": "施行規則18条3項の7項目を提供する", "en": "Give the seven items of Rules Art. 18(3)"},
)
def measures_abroad_complete(rows: Rows, day: np.datetime64) -> Result:
    """
    Seven items; withheld only where the business would be seriously hindered (Rules Art. 18(3)). Not
    owed to whoever does not follow the procedure, nor where no recipient is on an equivalent system.
    """
    del day
    not_owed = rows.says("outcome", "refused") & rows.says("refusal_ground", "procedure", "unfounded")
    answered = _asked_abroad(rows) & (_met(rows) | _refused(rows)) & ~not_owed
    withheld = _refused(rows) & rows.says("refusal_ground", "hindrance")
    return answered, rows.says("seven_items", "yes") | withheld


@check(
    NAME,
    "refusal_ground",
    serves=("EUK-10",),
    head="refusal",
    needs=("adequacy", "outcome", "answered_on"),
    rule={
        "ja": "十分性認定データについても、保有期間を問わず請求に回答している",
        "en": "Requests on adequacy data are answered from the first day of holding",
    },
    fails={
        "ja": "「{number}」：十分性認定データについての請求に回答した日がないか、短期間で消去することを理由に断っています（理由：{refusal_ground}）。",
        "en": '"{number}": a request on adequacy data has no day of answer or was turned down because the data is soon '
        "erased (ground: {refusal_ground}).",
    },
    remedy={
        "ja": "消去の予定にかかわらず保有個人データとして請求に応じる",
        "en": "Treat it as retained personal data whatever its planned erasure, and answer",
    },
)
def adequacy_answered(rows: Rows, day: np.datetime64) -> Result:
    """
    Arts 32 to 39 apply to adequacy data whatever its planned erasure (Art. 16(4); former rule (2)).
    """
    del day
    bound = asked(rows, *ANSWERED) & rows.says("adequacy", "yes") & decided(rows)
    return bound, rows.filled("answered_on") & ~rows.says("refusal_ground", "short_lived")


@presence("G25", NAME, "retained")
def on_retained_data(rows: Rows, day: np.datetime64) -> Mask:
    """
    A request about retained personal data, or one that was met and not said to be about other data.
    """
    del day
    stated = rows.says("retained", "yes") | (_met(rows) & ~rows.filled("retained"))
    return rows.says("kind", *RIGHTS) & ~rows.says("kind", "records") & stated


@presence("G18", NAME, "adequacy")
def on_adequacy_data(rows: Rows, day: np.datetime64) -> Mask:
    """
    A request about data received on adequacy.
    """
    del day
    return rows.says("adequacy", "yes")


@presence("G10", NAME, "kind")
def on_measures_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    Information on the measures of a recipient abroad was given.
    """
    del day
    return rows.says("kind", "measures_abroad") & _met(rows)
