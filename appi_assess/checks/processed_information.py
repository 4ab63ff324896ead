"""
Pseudonymously and anonymously processed information: Arts 41 to 46, Supplementary Rules (4) and (5).
"""

from __future__ import annotations

import numpy as np

from appi_assess.registers import SEVERAL, Mask, Rows

from . import Result, check, presence
from .rules import TOO_FRESH, named_in

NAME = "processed_information"
PSEUDONYMISED = frozenset(("identifiers", "codes", "financial"))  # Rules Art. 31
ANONYMISED = frozenset(("identifiers", "codes", "linking", "peculiar", "nature"))  # Rules Art. 34
BEYOND_MASKING = ("linking", "peculiar", "nature")
SECURED = frozenset(("roles", "rules", "review", "access"))  # Rules Arts 32, 35
CARE = frozenset(("security", "complaints", "published"))
# Whom Art. 27(5), as read by Arts 41(6) and 42(2), does not count as third parties.
NO_THIRD_PARTY = ("entrustment", "succession", "joint_use")


def from_elsewhere(rows: Rows) -> Mask:
    """
    Sets that others made; without a maker, those that have a day of acquisition.
    """
    acquired = ~rows.filled("made_by") & rows.filled("acquired_on")
    return rows.says("made_by", "others") | acquired


def made_here(rows: Rows) -> Mask:
    """
    Anonymously processed information that the organisation made, itself, for others or through others.
    """
    return rows.says("kind", "anonymised") & ~from_elsewhere(rows)


def of_others(rows: Rows) -> Mask:
    """
    Anonymously processed information that others made.
    """
    return rows.says("kind", "anonymised_of_others") | (
        rows.says("kind", "anonymised") & from_elsewhere(rows)
    )


def _held(rows: Rows) -> Mask:
    return ~rows.filled("erased_on")


def _personal(rows: Rows) -> Mask:
    return rows.says("kind", "pseudonymised")


def _not_personal(rows: Rows) -> Mask:
    return rows.says("kind", "pseudonymised_not_personal")


def _settled(rows: Rows, column: str, day: np.datetime64) -> Mask:
    """
    Where something is old enough to judge what the Act asks without delay after it.
    """
    found: Mask = rows.date(column) < day - TOO_FRESH
    return found


def _made_and_settled(rows: Rows, day: np.datetime64) -> Mask:
    """
    Anonymised sets made here, unless they are fresh and have been neither used nor provided.
    """
    fresh = rows.filled("made_on") & ~_settled(rows, "made_on", day)
    return made_here(rows) & ~(fresh & ~rows.filled("used_on") & ~rows.filled("provided_on"))


def _holds(rows: Rows, column: str, needed: frozenset[str]) -> Mask:
    """
    Where a column with several values holds all that are needed.
    """
    return rows.where(column, lambda value: needed <= set(value.split(SEVERAL)))


def _given(rows: Rows) -> Mask:
    """
    Where the register says to whom, or when, a set was given, and on what basis.
    """
    return rows.filled("provision_basis") & (rows.filled("provided_to") | rows.filled("provided_on"))


def _allowed(rows: Rows) -> Mask:
    return rows.says("provision_basis", "law", *NO_THIRD_PARTY)


def _source_on_adequacy(rows: Rows, others: dict[str, Rows]) -> Mask:
    """
    Where the source is a data set that the register of adequacy data lists, under no other tool.
    """
    data = others["adequacy_data"]
    return named_in(rows, "source", data, "name", ~data.says("tool", "scc", "direct", "other"))


def _handed_to_third_party(rows: Rows) -> Mask:
    """
    Where a set was handed over; giving the entruster what was made for it is taken as that work.
    """
    returned = rows.says("made_by", "for_others") & ~rows.filled("provision_basis")
    return rows.filled("provided_on") & ~rows.says("provision_basis", *NO_THIRD_PARTY) & ~returned


def _by_provision(rows: Rows, column: str) -> Mask:
    """
    Where something was done, and not later than the provision.
    """
    return rows.filled(column) & ~(rows.date(column) > rows.date("provided_on"))


@check(
    NAME,
    "standards",
    serves=("A41-1",),
    head="standard",
    needs=("kind",),
    rule={
        "ja": "仮名加工情報が施行規則31条の3つの基準をすべて満たしている",
        "en": "A pseudonymised set meets all three heads of Rules Art. 31",
    },
    fails={
        "ja": "「{name}」：施行規則31条の3つの基準（識別できる記述等、個人識別符号、財産的被害のおそれのある記述等）がそろっていません（{standards}）。",
        "en": '"{name}": the three heads of Rules Art. 31 (identifying descriptions, identification codes, financial-loss '
        "descriptions) are not all met ({standards}).",
    },
    remedy={
        "ja": "足りない基準に従って加工し直し、確認した結果を残す",
        "en": "Process it to the missing heads and record the result",
    },
)
def pseudonymised_to_standard(rows: Rows, day: np.datetime64) -> Result:
    """
    Descriptions, all codes and financial-loss descriptions (Art. 41(1); Rules Art. 31).

    A set acquired from elsewhere was made by others and is not asked.
    """
    del day
    ours = rows.says("made_by", "own", "entrusted_out", "for_others")
    made = (_personal(rows) & ~from_elsewhere(rows)) | (_not_personal(rows) & ours)
    return made, _holds(rows, "standards", PSEUDONYMISED)


@check(
    NAME,
    "safeguards",
    serves=("A41-2",),
    head="secured",
    needs=("kind",),
    rule={
        "ja": "削除情報等について、権限と責任、規程、評価と改善、アクセス防止の措置がそろっている",
        "en": "Deleted information is secured by roles, rules, review and a bar to access",
    },
    fails={
        "ja": "「{name}」：削除情報等の安全管理措置（権限と責任、規程、評価と改善、アクセス防止）がそろっていません（{safeguards}）。",
        "en": '"{name}": roles, rules, review and access bar for the deleted information are not all in place '
        "({safeguards}).",
    },
    remedy={
        "ja": "足りない措置を講じる。不要なら削除情報等を消去する",
        "en": "Put in place what is missing, or erase the deleted information if it is not needed",
    },
)
def deleted_information_secured(rows: Rows, day: np.datetime64) -> Result:
    """
    Makers, and those who acquired the deleted information with the set (Art. 41(2); Rules Art. 32).
    """
    del day
    has = ~from_elsewhere(rows) | rows.says("with_deleted_info", "yes")
    return _personal(rows) & has & ~rows.filled("method_deleted_on") & _held(rows), _holds(
        rows, "safeguards", SECURED
    )


@check(
    NAME,
    "used_beyond",
    serves=("A41-3",),
    head="purpose",
    needs=("kind",),
    rule={
        "ja": "仮名加工情報を利用目的の範囲内で扱っている",
        "en": "A pseudonymised set is used only within its specified purpose",
    },
    fails={
        "ja": "「{name}」は利用目的（{purpose}）の範囲を超えて扱われています。",
        "en": '"{name}" is used beyond its purpose ({purpose}).',
    },
    remedy={
        "ja": "利用をやめるか、先に利用目的を変更して公表する",
        "en": "Stop, or first change the purpose and announce it",
    },
)
def used_within_purpose(rows: Rows, day: np.datetime64) -> Result:
    """
    Only within the purpose, except by law; the list of Art. 18(3) does not apply (Art. 41(3)).
    """
    del day
    return _personal(rows) & rows.filled("used_beyond"), rows.says("used_beyond", "no")


@check(
    NAME,
    "erased_on",
    serves=("A41-4",),
    head="end",
    needs=("kind", "not_needed_on"),
    rule={
        "ja": "不要となった仮名加工情報を消去している（努力義務。不要となってから30日間は判定しない）",
        "en": "A pseudonymised set that is no longer needed was erased (best effort; not judged in the first 30 days)",
    },
    fails={
        "ja": "「{name}」は{not_needed_on}に不要となりましたが、消去した日がありません。",
        "en": '"{name}" has not been needed since {not_needed_on}, but no day of erasure is recorded.',
    },
    remedy={"ja": "データと不要な削除情報等を消去する", "en": "Erase the set and the deleted information"},
)
def erased_when_not_needed(rows: Rows, day: np.datetime64) -> Result:
    """
    Erased without delay when no longer needed (Art. 41(5)); what ceased to be needed only lately is not
    judged.
    """
    done = rows.filled("erased_on")
    ended = rows.filled("not_needed_on") & (done | _settled(rows, "not_needed_on", day))
    return _personal(rows) & ended, done


@check(
    NAME,
    "provision_basis",
    serves=("A41-5",),
    head="provision",
    needs=("kind", "provided_to", "provided_on"),
    rule={
        "ja": "仮名加工情報を第三者に提供していない（法令、委託、事業承継、共同利用を除く。同意があっても提供できない）",
        "en": "No pseudonymised set went to a third party (law, entrustment, succession, joint use aside); not even with consent",
    },
    fails={
        "ja": "「{name}」を{provision_basis}により「{provided_to}」に提供しています。仮名加工情報は本人の同意があっても第三者に提供できません。",
        "en": '"{name}" was given to "{provided_to}" (basis: {provision_basis}); pseudonymised information is not provided '
        "to third parties even with consent.",
    },
    remedy={
        "ja": "提供を止めて回収する。提供が必要なら匿名加工情報とするか、元の個人データについて根拠を得る",
        "en": "Stop and take it back; if needed, provide an anonymised set or the source data on a proper basis",
    },
)
def not_provided(rows: Rows, day: np.datetime64) -> Result:
    """
    Law, entrustment, succession and joint use only (Art. 41(6)).
    """
    del day
    return _personal(rows) & _given(rows), _allowed(rows)


@check(
    NAME,
    "joint_use_announced",
    serves=("A41-5",),
    head="provision",
    needs=("kind", "provision_basis", "provided_to", "provided_on"),
    rule={
        "ja": "仮名加工情報の共同利用について、所定の事項をあらかじめ公表している",
        "en": "The matters of joint use of a pseudonymised set were publicly announced beforehand",
    },
    fails={
        "ja": "「{name}」を共同利用していますが、所定の事項をあらかじめ公表していません。",
        "en": '"{name}" is in joint use, but the matters were not publicly announced beforehand.',
    },
    remedy={
        "ja": "公表するまで共同利用を止める（本人への通知では足りない）",
        "en": "Stop until the matters are announced; notice to the principals is not enough",
    },
)
def joint_use_announced(rows: Rows, day: np.datetime64) -> Result:
    """
    For joint use public announcement stands in the place of notice (Art. 27(5)(iii) as read by 41(6)).
    """
    del day
    joint = _given(rows) & rows.says("provision_basis", "joint_use") & rows.filled("joint_use_announced")
    return _personal(rows) & joint, rows.says("joint_use_announced", "yes")


@check(
    NAME,
    "compared",
    serves=("A41-6",),
    head="identification",
    needs=("kind",),
    rule={
        "ja": "本人を識別するために仮名加工情報を他の情報と照合していない",
        "en": "A pseudonymised set is not compared with other information to identify persons",
    },
    fails={
        "ja": "「{name}」を、本人を識別するために他の情報と照合しています。",
        "en": '"{name}" was compared with other information in order to identify persons.',
    },
    remedy={
        "ja": "照合をやめ、結果を消去し、元データや対応表から環境を分ける",
        "en": "Stop, erase the result, and keep it apart from source data and tables",
    },
)
def not_compared(rows: Rows, day: np.datetime64) -> Result:
    """
    No comparison to identify (Art. 41(7)).
    """
    del day
    return _personal(rows) & rows.filled("compared"), rows.says("compared", "no")


@check(
    NAME,
    "contact_used",
    serves=("A41-7",),
    head="identification",
    needs=("kind",),
    rule={
        "ja": "仮名加工情報に含まれる連絡先などを、連絡や訪問に使っていない",
        "en": "Contact details in a pseudonymised set are not used to reach people",
    },
    fails={
        "ja": "「{name}」に含まれる連絡先などを、電話、送付、送信または訪問に使っています。",
        "en": 'Contact details in "{name}" are used to call, write, message or visit.',
    },
    remedy={
        "ja": "利用をやめ、連絡先の項目を除く",
        "en": "Stop, and leave contact fields out of the set",
    },
)
def contact_not_used(rows: Rows, day: np.datetime64) -> Result:
    """
    No calls, mail, messages (unique advertising by cookie included) or visits (Art. 41(8); Rules Art. 33).
    """
    del day
    return _personal(rows) & rows.filled("contact_used"), rows.says("contact_used", "no")


@check(
    NAME,
    "purpose_announced_on",
    serves=("A41-9",),
    head="purpose",
    needs=("kind", "acquired_on"),
    rule={
        "ja": "他から取得した仮名加工情報の利用目的を公表している（取得から30日間は判定しない）",
        "en": "The purpose of a pseudonymised set acquired from elsewhere was publicly announced (not judged in the "
        "first 30 days)",
    },
    fails={
        "ja": "「{name}」（{acquired_on}取得）の利用目的を公表した日がありません。",
        "en": '"{name}" (acquired {acquired_on}): no day on which its purpose was announced.',
    },
    remedy={"ja": "利用目的を公表する", "en": "Announce the purpose publicly"},
)
def purpose_announced(rows: Rows, day: np.datetime64) -> Result:
    """
    Announced beforehand or promptly on acquisition (Art. 21(1) as read by 41(4)); making a set from own
    data is no acquisition, and "promptly" has no day count.
    """
    done = rows.filled("purpose_announced_on")
    acquired = from_elsewhere(rows) & rows.filled("acquired_on") & (done | _settled(rows, "acquired_on", day))
    return _personal(rows) & acquired & ~rows.says("announcement_exempt", "yes"), done


@check(
    NAME,
    "change_announced_on",
    serves=("A41-9",),
    head="purpose",
    needs=("kind", "purpose_changed_on"),
    rule={
        "ja": "仮名加工情報の利用目的を変更したときは、変更後の目的を公表している",
        "en": "Every changed purpose of a pseudonymised set was publicly announced",
    },
    fails={
        "ja": "「{name}」の利用目的を{purpose_changed_on}に変更しましたが、公表した日がありません。",
        "en": 'The purpose of "{name}" was changed on {purpose_changed_on}; no day of announcing it is recorded.',
    },
    remedy={"ja": "変更後の利用目的を公表する", "en": "Announce the changed purpose publicly"},
)
def change_announced(rows: Rows, day: np.datetime64) -> Result:
    """
    Also for sets of own make (Art. 21(3) as read by 41(4)); on the day of the change nothing is late.
    """
    changed = rows.date("purpose_changed_on") < day
    return (
        _personal(rows) & changed & ~rows.says("announcement_exempt", "yes"),
        rows.filled("change_announced_on"),
    )


@check(
    NAME,
    "labelled",
    serves=("A41-10",),
    head="purpose",
    needs=("kind",),
    rule={
        "ja": "仮名加工情報であることが一目で分かる（望ましい事項）",
        "en": "The set is recognisable at sight as pseudonymised (desirable)",
    },
    fails={
        "ja": "「{name}」に仮名加工情報であることの表示がありません。",
        "en": '"{name}" is not labelled as pseudonymised.',
    },
    remedy={
        "ja": "ファイル名やデータカタログに表示する",
        "en": "Mark it in the file name or the data catalogue",
    },
)
def labelled(rows: Rows, day: np.datetime64) -> Result:
    """
    Desirable, so that nobody handles it without knowing the bans (GLP 2-2-3-7(3)).
    """
    del day
    return _personal(rows) & _held(rows), rows.says("labelled", "yes")


@check(
    NAME,
    "provision_basis",
    serves=("A42-1",),
    head="provision",
    needs=("kind", "provided_to", "provided_on"),
    rule={
        "ja": "個人情報でない仮名加工情報を第三者に提供していない（法令、委託、事業承継、共同利用を除く）",
        "en": "No pseudonymised set that is not personal went to a third party (law, entrustment, succession, joint use aside)",
    },
    fails={
        "ja": "「{name}」を{provision_basis}により「{provided_to}」に提供しています。個人情報でない仮名加工情報も第三者に提供できません。",
        "en": '"{name}" was given to "{provided_to}" (basis: {provision_basis}); pseudonymised information is not provided '
        "to third parties even if it is not personal information.",
    },
    remedy={"ja": "提供を止めて回収する", "en": "Stop and take it back"},
)
def other_not_provided(rows: Rows, day: np.datetime64) -> Result:
    """
    Law, entrustment, succession and joint use only, whatever the principals say (Art. 42(1), (2)).
    """
    del day
    return _not_personal(rows) & _given(rows), _allowed(rows)


@check(
    NAME,
    "joint_use_announced",
    serves=("A42-1",),
    head="provision",
    needs=("kind", "provision_basis", "provided_to", "provided_on"),
    rule={
        "ja": "個人情報でない仮名加工情報の共同利用について、所定の事項をあらかじめ公表している",
        "en": "The matters of joint use of a pseudonymised set that is not personal were announced beforehand",
    },
    fails={
        "ja": "「{name}」を共同利用していますが、所定の事項をあらかじめ公表していません。",
        "en": '"{name}" is in joint use, but the matters were not publicly announced beforehand.',
    },
    remedy={"ja": "公表するまで共同利用を止める", "en": "Stop until the matters are announced"},
)
def other_joint_use_announced(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 27(5)(iii) and (6) apply with public announcement (Art. 42(2)).
    """
    del day
    joint = _given(rows) & rows.says("provision_basis", "joint_use") & rows.filled("joint_use_announced")
    return _not_personal(rows) & joint, rows.says("joint_use_announced", "yes")


@check(
    NAME,
    "safeguards",
    serves=("A42-2",),
    head="secured",
    needs=("kind", "provision_basis"),
    rule={
        "ja": "個人情報でない仮名加工情報にも、安全管理措置と従業者・委託先の監督がある",
        "en": "A pseudonymised set that is not personal is secured, and workers and entrustees are supervised",
    },
    fails={
        "ja": "「{name}」：漏えいを防ぐ安全管理措置または従業者・委託先の監督が足りません（{safeguards}）。",
        "en": '"{name}": measures against leakage or supervision of workers or entrustees are missing ({safeguards}).',
    },
    remedy={
        "ja": "足りない措置を講じ、取扱規程の対象に加える",
        "en": "Put in place what is missing and cover the set by the handling rules",
    },
)
def other_secured(rows: Rows, day: np.datetime64) -> Result:
    """
    Arts 23 to 25 apply with changes (Art. 42(3)); entrustees only where the set is entrusted.
    """
    del day
    supervised = rows.says("safeguards", "workers") & (
        ~rows.says("provision_basis", "entrustment") | rows.says("safeguards", "entrustees")
    )
    return _not_personal(rows) & _held(rows), rows.says("safeguards", *SECURED) & supervised


@check(
    NAME,
    "compared",
    serves=("A42-3",),
    head="identification",
    needs=("kind", "method_acquired"),
    rule={
        "ja": "個人情報でない仮名加工情報について、識別のための照合も削除情報等の取得もしていない",
        "en": "For a pseudonymised set that is not personal, nothing is compared or acquired to identify persons",
    },
    fails={
        "ja": "「{name}」について、本人を識別するための照合か、削除情報等の取得をしています（照合：{compared}、取得：{method_acquired}）。",
        "en": 'To identify persons, "{name}" was compared ({compared}) or deleted information was acquired '
        "({method_acquired}).",
    },
    remedy={
        "ja": "照合と取得をやめ、取得した削除情報等を消去する",
        "en": "Stop, and erase what was acquired",
    },
)
def other_not_identified(rows: Rows, day: np.datetime64) -> Result:
    """
    Neither comparison nor acquiring deleted information in order to identify (Art. 42(3) with 41(7)).
    """
    del day
    stated = rows.filled("compared") | rows.filled("method_acquired")
    done = rows.says("compared", "yes") | rows.says("method_acquired", "yes")
    return _not_personal(rows) & stated, ~done


@check(
    NAME,
    "contact_used",
    serves=("A42-4",),
    head="identification",
    needs=("kind",),
    rule={
        "ja": "個人情報でない仮名加工情報に含まれる連絡先なども、連絡や訪問に使っていない",
        "en": "Contact details in a pseudonymised set that is not personal are not used to reach people",
    },
    fails={
        "ja": "「{name}」に含まれる連絡先などを、電話、送付、送信または訪問に使っています。",
        "en": 'Contact details in "{name}" are used to call, write, message or visit.',
    },
    remedy={"ja": "利用をやめ、連絡先の項目を除く", "en": "Stop, and leave contact fields out of the set"},
)
def other_contact_not_used(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 41(8) applies with changes (Art. 42(3)).
    """
    del day
    return _not_personal(rows) & rows.filled("contact_used"), rows.says("contact_used", "no")


@check(
    NAME,
    "care",
    serves=("A42-5",),
    head="published",
    needs=("kind",),
    rule={
        "ja": "個人情報でない仮名加工情報についても苦情を処理している（努力義務）",
        "en": "Complaints about a pseudonymised set that is not personal are handled (best effort)",
    },
    fails={
        "ja": "「{name}」についての苦情処理が書かれていません。",
        "en": 'Handling of complaints is not recorded for "{name}".',
    },
    remedy={"ja": "苦情窓口の対象に加える", "en": "Cover the set by the complaint desk"},
)
def other_complaints_handled(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 40 applies with changes (Art. 42(3)).
    """
    del day
    return _not_personal(rows) & _held(rows), rows.says("care", "complaints")


@check(
    NAME,
    "standards",
    serves=("A43-1",),
    head="standard",
    needs=("kind",),
    rule={
        "ja": "匿名加工情報が施行規則34条の5つの基準をすべて満たしている",
        "en": "An anonymised set meets all five heads of Rules Art. 34",
    },
    fails={
        "ja": "「{name}」：施行規則34条の5つの基準（識別できる記述等、個人識別符号、連結する符号、特異な記述等、データベースの性質）がそろっていません（{standards}）。",
        "en": '"{name}": the five heads of Rules Art. 34 (identifying descriptions, identification codes, linking codes, '
        "peculiar descriptions, nature of the database) are not all met ({standards}).",
    },
    remedy={
        "ja": "足りない基準に従って加工し直し、検証の結果を残す",
        "en": "Process it to the missing heads and record the test",
    },
)
def anonymised_to_standard(rows: Rows, day: np.datetime64) -> Result:
    """
    The five-part standard (Art. 43(1); Rules Art. 34(i) to (v)).
    """
    del day
    return made_here(rows), _holds(rows, "standards", ANONYMISED)


@check(
    NAME,
    "safeguards",
    serves=("A43-2",),
    head="secured",
    needs=("kind", "method_deleted_on"),
    rule={
        "ja": "加工方法等情報について、権限と責任、規程、評価と改善、アクセス防止の措置がそろっている",
        "en": "Method information is secured by roles, rules, review and a bar to access",
    },
    fails={
        "ja": "「{name}」：加工方法等情報の安全管理措置（権限と責任、規程、評価と改善、アクセス防止）がそろっていません（{safeguards}）。",
        "en": '"{name}": roles, rules, review and access bar for the method information are not all in place '
        "({safeguards}).",
    },
    remedy={
        "ja": "足りない措置を講じるか、加工方法等情報をすべて削除する",
        "en": "Put in place what is missing, or delete all method information",
    },
)
def method_information_secured(rows: Rows, day: np.datetime64) -> Result:
    """
    Roles, rules with review, and prevention of unauthorised handling (Art. 43(2); Rules Art. 35).
    """
    del day
    kept = made_here(rows) & ~rows.filled("method_deleted_on") & _held(rows)
    return kept, _holds(rows, "safeguards", SECURED)


@check(
    NAME,
    "tables_destroyed_on",
    serves=("A43-2",),
    head="secured",
    needs=("kind", "method_deleted_on"),
    rule={
        "ja": "匿名加工情報の作成後に対応表を破棄している（利用・提供前で作成から30日間は判定しない）",
        "en": "Name-to-ID tables were destroyed after making an anonymised set (not judged in the first 30 days unless "
        "it is in use)",
    },
    fails={
        "ja": "「{name}」の作成に用いた対応表を破棄した日がありません。",
        "en": 'No day on which the tables behind "{name}" were destroyed is recorded.',
    },
    remedy={"ja": "対応表を破棄し、日付を残す", "en": "Destroy the tables and record the day"},
)
def tables_destroyed(rows: Rows, day: np.datetime64) -> Result:
    """
    Tables do not outlive the making (GLP 3-2-3-1); unlike with pseudonymised sets, where they may be kept.
    """
    gone = rows.filled("tables_destroyed_on") | rows.filled("method_deleted_on")
    return made_here(rows) & (gone | _made_and_settled(rows, day)), gone


@check(
    NAME,
    "keys_destroyed_on",
    serves=("A43-2",),
    head="secured",
    needs=("kind", "method_deleted_on"),
    rule={
        "ja": "匿名加工情報の作成後に、置換えに用いた鍵・乱数を破棄している（利用・提供前で作成から30日間は判定しない）",
        "en": "Salts and keys of the replacement were destroyed after making an anonymised set (not judged in the first "
        "30 days unless it is in use)",
    },
    fails={
        "ja": "「{name}」の置換えに用いた鍵・乱数を破棄した日がありません。",
        "en": 'No day on which the salts or keys behind "{name}" were destroyed is recorded.',
    },
    remedy={
        "ja": "鍵・乱数を破棄し、日付を残す（次回の作成のためにも残さない）",
        "en": "Destroy salts and keys and record the day; keep none for the next set",
    },
)
def keys_destroyed(rows: Rows, day: np.datetime64) -> Result:
    """
    Random parameters of a replacement algorithm are destroyed after making (GLP 3-2-3-1).
    """
    gone = rows.filled("keys_destroyed_on") | rows.filled("method_deleted_on")
    return made_here(rows) & (gone | _made_and_settled(rows, day)), gone


@check(
    NAME,
    "items_published_on",
    serves=("A43-3",),
    head="published",
    needs=("kind", "made_by"),
    rule={
        "ja": "匿名加工情報に含まれる項目を、提供の有無を問わず公表している（利用・提供前で作成から30日間は判定しない）",
        "en": "The items of an anonymised set were published after making, whether or not it is provided (not judged in "
        "the first 30 days unless it is in use)",
    },
    fails={
        "ja": "「{name}」（{made_on}作成）に含まれる情報の項目を公表した日がありません。",
        "en": '"{name}" (made {made_on}): no day on which its items were published.',
    },
    remedy={
        "ja": "含まれる項目をインターネットなどで公表する",
        "en": "Publish the items, online or by other suitable means",
    },
)
def items_published(rows: Rows, day: np.datetime64) -> Result:
    """
    Without delay after making, for which no days are counted (Art. 43(3); Rules Art. 36); where it was
    made on entrustment the entruster publishes.
    """
    done = rows.filled("items_published_on")
    ours = made_here(rows) & ~rows.says("made_by", "for_others")
    return ours & (done | _made_and_settled(rows, day)), done


@check(
    NAME,
    "items_published_on",
    serves=("A43-3",),
    head="published",
    needs=("kind", "made_by", "used_on", "provided_on"),
    rule={
        "ja": "項目を公表してから利用・提供を始めている（間に置く期間に日数の定めはない）",
        "en": "Use and provision began only after the items were published (no day count is set for the time between)",
    },
    fails={
        "ja": "「{name}」の項目の公表（{items_published_on}）が、利用または提供の開始（{began}）より後です。",
        "en": 'The items of "{name}" were published on {items_published_on}, after use or provision began on {began}.',
    },
    remedy={
        "ja": "今後は公表し、十分な期間を置いてから利用・提供する",
        "en": "From now on publish first and leave enough time before use or provision",
    },
)
def published_before_use(rows: Rows, day: np.datetime64) -> Result:
    """
    Long enough before use or provision (GLP 3-2-4); only the order can be judged from dates.
    """
    del day
    began = np.fmin(rows.date("used_on"), rows.date("provided_on"))
    ours = made_here(rows) & ~rows.says("made_by", "for_others")
    published = rows.date("items_published_on")
    return ours & ~np.isnat(published) & ~np.isnat(began), published <= began, {"began": began}


@check(
    NAME,
    "provision_published_on",
    serves=("A43-4",),
    head="provision",
    needs=("kind", "provided_on"),
    rule={
        "ja": "匿名加工情報を提供する前に、項目と提供の方法を公表している",
        "en": "Items and method were published before an anonymised set was provided",
    },
    fails={
        "ja": "「{name}」の提供（{provided_on}）までに、項目と提供の方法を公表した記録がありません（公表日：{provision_published_on}）。",
        "en": '"{name}" was provided on {provided_on}; items and method were not published by then (published: '
        "{provision_published_on}).",
    },
    remedy={
        "ja": "項目と方法を公表する。今後は提供の前に公表する",
        "en": "Publish items and method now; from now on before provision",
    },
)
def provision_published(rows: Rows, day: np.datetime64) -> Result:
    """
    Published beforehand, beside the publication at making (Art. 43(4); Rules Art. 37).
    """
    del day
    return made_here(rows) & _handed_to_third_party(rows), _by_provision(rows, "provision_published_on")


@check(
    NAME,
    "recipient_told_on",
    serves=("A43-4",),
    head="provision",
    needs=("kind", "provided_on"),
    rule={
        "ja": "匿名加工情報である旨を提供先に示している",
        "en": "The recipient was told that it is anonymously processed information",
    },
    fails={
        "ja": "「{name}」を{provided_on}に提供しましたが、匿名加工情報である旨をその時までに示した記録がありません（明示日：{recipient_told_on}）。",
        "en": '"{name}" was provided on {provided_on}; the recipient was not told by then what it is (told: '
        "{recipient_told_on}).",
    },
    remedy={
        "ja": "匿名加工情報である旨を書面や電子メールで示す",
        "en": "Tell the recipient by e-mail, paper or the like",
    },
)
def recipient_told(rows: Rows, day: np.datetime64) -> Result:
    """
    By e-mail, paper or the like, at the latest with the set (Art. 43(4); Rules Art. 37).
    """
    del day
    return made_here(rows) & _handed_to_third_party(rows), _by_provision(rows, "recipient_told_on")


@check(
    NAME,
    "compared",
    serves=("A43-5",),
    head="identification",
    needs=("kind",),
    rule={
        "ja": "自ら作成した匿名加工情報を、識別のために他の情報と照合していない",
        "en": "An anonymised set of own make is not compared with other information to identify persons",
    },
    fails={
        "ja": "「{name}」を、本人を識別するために他の情報と照合しています。",
        "en": '"{name}" was compared with other information in order to identify persons.',
    },
    remedy={"ja": "照合をやめ、結果を消去する", "en": "Stop and erase the result"},
)
def own_not_compared(rows: Rows, day: np.datetime64) -> Result:
    """
    No comparison to identify (Art. 43(5)).
    """
    del day
    return made_here(rows) & rows.filled("compared"), rows.says("compared", "no")


@check(
    NAME,
    "care",
    serves=("A43-6",),
    head="published",
    needs=("kind",),
    rule={
        "ja": "作成した匿名加工情報の安全管理と苦情処理を行い、その措置を公表している（努力義務）",
        "en": "Sets that were made are secured, complaints handled and the measures published (best effort)",
    },
    fails={
        "ja": "「{name}」：安全管理、苦情処理、措置の公表がそろっていません（{care}）。",
        "en": '"{name}": security, complaint handling and publication are not all in place ({care}).',
    },
    remedy={"ja": "足りない措置を講じて公表する", "en": "Take the missing measures and publish them"},
)
def own_cared_for(rows: Rows, day: np.datetime64) -> Result:
    """
    Security, complaints and publication of the measures (Art. 43(6)).
    """
    del day
    return made_here(rows) & _held(rows), _holds(rows, "care", CARE)


@check(
    NAME,
    "kind",
    serves=("A43-7",),
    head="standard",
    needs=("standards",),
    rule={
        "ja": "統計情報やマスキングだけのデータを匿名加工情報と区別している（望ましい事項）",
        "en": "Statistics and mere masking are told apart from anonymised sets (desirable)",
    },
    fails={
        "ja": "「{name}」は「{kind}」とされていますが、満たした基準（{standards}）からはマスキングにとどまります。",
        "en": '"{name}" is called "{kind}", but by the heads met ({standards}) it is no more than masked.',
    },
    remedy={
        "ja": "個人情報として扱い、種別を改めるか、5つの基準まで加工する",
        "en": "Treat it as personal information and correct the kind, or process it to all five heads",
    },
)
def told_apart(rows: Rows, day: np.datetime64) -> Result:
    """
    Masking for security is not the making of anonymised information (GLP 3-2-4 note 1): a set on whose
    linking codes, peculiar descriptions and nature nothing was done is only masked.
    """
    del day
    apart = rows.says("kind", "statistics")
    called = made_here(rows) & rows.filled("standards")
    return apart | called, apart | rows.says("standards", *BEYOND_MASKING)


@check(
    NAME,
    "provision_published_on",
    serves=("A44-1",),
    head="provision",
    needs=("kind", "provided_on"),
    rule={
        "ja": "他者が作成した匿名加工情報を提供する前に、項目と提供の方法を自ら公表している",
        "en": "Items and method were published by the organisation before a set of others was passed on",
    },
    fails={
        "ja": "「{name}」の提供（{provided_on}）までに、項目と提供の方法を公表した記録がありません（公表日：{provision_published_on}）。",
        "en": '"{name}" was given to a third party on {provided_on}; items and method were not published by then (published: '
        "{provision_published_on}).",
    },
    remedy={
        "ja": "作成者の公表とは別に自ら公表する。今後は提供の前に公表する",
        "en": "Publish them yourselves, beside the maker; from now on before provision",
    },
)
def passed_on_published(rows: Rows, day: np.datetime64) -> Result:
    """
    The maker's publication does not replace it (Art. 44; Rules Art. 38).
    """
    del day
    return of_others(rows) & _handed_to_third_party(rows), _by_provision(rows, "provision_published_on")


@check(
    NAME,
    "recipient_told_on",
    serves=("A44-1",),
    head="provision",
    needs=("kind", "provided_on"),
    rule={
        "ja": "他者が作成した匿名加工情報の提供先に、匿名加工情報である旨を示している",
        "en": "The recipient of a set of others was told that it is anonymously processed information",
    },
    fails={
        "ja": "「{name}」を{provided_on}に提供しましたが、匿名加工情報である旨をその時までに示した記録がありません（明示日：{recipient_told_on}）。",
        "en": '"{name}" was given to a third party on {provided_on}; the recipient was not told by then what it is (told: '
        "{recipient_told_on}).",
    },
    remedy={
        "ja": "匿名加工情報である旨を書面や電子メールで示す",
        "en": "Tell the recipient by e-mail, paper or the like",
    },
)
def passed_on_told(rows: Rows, day: np.datetime64) -> Result:
    """
    The recipient is told what it receives (Art. 44; Rules Art. 38).
    """
    del day
    return of_others(rows) & _handed_to_third_party(rows), _by_provision(rows, "recipient_told_on")


@check(
    NAME,
    "compared",
    serves=("A45-1",),
    head="identification",
    needs=("kind", "method_acquired"),
    rule={
        "ja": "他者が作成した匿名加工情報について、識別のための照合も加工方法等の取得もしていない",
        "en": "For an anonymised set of others, nothing is compared or acquired to identify persons",
    },
    fails={
        "ja": "「{name}」について、本人を識別するための照合か、加工方法等の情報の取得をしています（照合：{compared}、取得：{method_acquired}）。",
        "en": 'To identify persons, "{name}" was compared ({compared}) or method information was acquired '
        "({method_acquired}).",
    },
    remedy={"ja": "照合と取得をやめ、取得した情報を消去する", "en": "Stop, and erase what was acquired"},
)
def others_not_identified(rows: Rows, day: np.datetime64) -> Result:
    """
    Neither comparison nor acquiring deleted descriptions, codes or methods in order to identify (Art. 45).
    """
    del day
    stated = rows.filled("compared") | rows.filled("method_acquired")
    done = rows.says("compared", "yes") | rows.says("method_acquired", "yes")
    return of_others(rows) & stated, ~done


@check(
    NAME,
    "care",
    serves=("A46-1",),
    head="published",
    needs=("kind",),
    rule={
        "ja": "他者が作成した匿名加工情報の安全管理と苦情処理を行い、その措置を公表している（努力義務）",
        "en": "Sets of others are secured, complaints handled and the measures published (best effort)",
    },
    fails={
        "ja": "「{name}」：安全管理、苦情処理、措置の公表がそろっていません（{care}）。",
        "en": '"{name}": security, complaint handling and publication are not all in place ({care}).',
    },
    remedy={"ja": "足りない措置を講じて公表する", "en": "Take the missing measures and publish them"},
)
def others_cared_for(rows: Rows, day: np.datetime64) -> Result:
    """
    Security, complaints and publication of the measures (Art. 46).
    """
    del day
    return of_others(rows) & _held(rows), _holds(rows, "care", CARE)


@check(
    NAME,
    "statistical_only",
    serves=("EUK-8",),
    head="adequacy",
    needs=("kind", "from_adequacy"),
    rule={
        "ja": "十分性認定データから作成した仮名加工情報を統計目的に限って扱っている",
        "en": "A pseudonymised set made from adequacy data is handled for statistics only",
    },
    fails={
        "ja": "「{name}」は十分性認定データから作成した仮名加工情報ですが、統計目的のほかにも扱われています。",
        "en": '"{name}" is a pseudonymised set made from adequacy data, but it is used for more than statistics.',
    },
    remedy={
        "ja": "統計目的に限り、特定の個人への措置や決定に用いない",
        "en": "Use it for statistics only, never for measures or decisions on persons",
    },
)
def statistics_only(rows: Rows, day: np.datetime64) -> Result:
    """
    Statistical purposes, aggregate results, no decisions on persons (Supplementary Rules (4)).
    """
    del day
    bound = (_personal(rows) | _not_personal(rows)) & rows.says("from_adequacy", "yes")
    return bound & rows.filled("statistical_only"), rows.says("statistical_only", "yes")


@check(
    NAME,
    "kind",
    serves=("EUK-8",),
    head="adequacy",
    needs=("from_adequacy",),
    rule={
        "ja": "十分性認定データから作成した仮名加工情報を個人情報として扱っている",
        "en": "A pseudonymised set made from adequacy data stays under the rules for personal information",
    },
    fails={
        "ja": "「{name}」は十分性認定データから作成した仮名加工情報ですが、個人情報でないものとして扱われています。",
        "en": '"{name}" is a pseudonymised set made from adequacy data, but it is treated as not personal information.',
    },
    remedy={
        "ja": "個人情報である仮名加工情報として扱う",
        "en": "Treat it as pseudonymised information that is personal",
    },
)
def personal_regime_kept(rows: Rows, day: np.datetime64) -> Result:
    """
    Such a set stays under the regime for personal information (Supplementary Rules (4)).
    """
    del day
    bound = (_personal(rows) | _not_personal(rows)) & rows.says("from_adequacy", "yes")
    return bound, _personal(rows)


@check(
    NAME,
    "method_deleted_on",
    serves=("EUK-9",),
    head="adequacy",
    needs=("kind", "from_adequacy"),
    sufficient=True,
    rule={
        "ja": "十分性認定データから作成した匿名加工情報は、加工方法等情報を削除している（利用・提供前で作成から30日間は判定しない）",
        "en": "Method information behind an anonymised set made from adequacy data was deleted (not judged in the first "
        "30 days unless it is in use)",
    },
    fails={
        "ja": "「{name}」は十分性認定データから作成したものですが、加工方法等情報をすべて削除した日がなく、匿名加工情報として扱えません。",
        "en": '"{name}" was made from adequacy data, but no day on which all method information was deleted is recorded; '
        "it does not count as anonymised.",
    },
    remedy={
        "ja": "バックアップや委託先の分を含めて加工方法等情報を削除し、記録する。できなければ個人情報として扱う",
        "en": "Delete method information, backups and entrustees included, and record it; otherwise treat it as personal",
    },
)
def method_information_deleted(rows: Rows, day: np.datetime64) -> Result:
    """
    Anonymised only if nobody can re-identify, with the deletion recorded (Supplementary Rules (5)).
    """
    done = rows.filled("method_deleted_on")
    bound = made_here(rows) & rows.says("from_adequacy", "yes")
    return bound & (done | _made_and_settled(rows, day)), done


@check(
    NAME,
    "source",
    serves=(),
    head="adequacy",
    needs=("from_adequacy",),
    against=("adequacy_data",),
    rule={
        "ja": "十分性認定データから作成したデータの元が、十分性認定データの台帳に載っている",
        "en": "The source of a set made from adequacy data is listed in the register of adequacy data",
    },
    fails={
        "ja": "「{name}」の元データ（{source}）が十分性認定データの台帳にありません。",
        "en": 'The source of "{name}" ({source}) is missing from the register of adequacy data.',
    },
    remedy={
        "ja": "元データの名称を台帳とそろえるか、台帳に加える",
        "en": "Name the source as the register does, or add it there",
    },
)
def source_in_adequacy_data(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same data.
    """
    del day
    return rows.says("from_adequacy", "yes"), _source_on_adequacy(rows, others)


@check(
    NAME,
    "from_adequacy",
    serves=(),
    head="adequacy",
    needs=("source",),
    against=("adequacy_data",),
    rule={
        "ja": "十分性認定データの台帳にあるデータから作成したものは、その旨が書かれている",
        "en": "A set whose source is in the register of adequacy data is marked as made from it",
    },
    fails={
        "ja": "「{name}」の元データ（{source}）は十分性認定データの台帳にありますが、十分性認定データから作成したとされていません（{from_adequacy}）。",
        "en": 'The source of "{name}" ({source}) is in the register of adequacy data, but the set is not marked as made '
        "from such data ({from_adequacy}).",
    },
    remedy={
        "ja": "十分性認定データから作成したものとして扱い、補完的ルールに照らす",
        "en": "Mark it so and look at it under the Supplementary Rules",
    },
)
def adequacy_source_marked(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    Otherwise rules (4) and (5) would not be asked; data under another tool is outside.
    """
    del day
    processed = ~rows.says("kind", "statistics")
    return processed & _source_on_adequacy(rows, others), rows.says("from_adequacy", "yes")


@presence("G15", NAME, "kind")
def pseudonymised_held(rows: Rows, day: np.datetime64) -> Mask:
    """
    A pseudonymised set that is held.
    """
    del day
    return (_personal(rows) | _not_personal(rows)) & _held(rows)


@presence("G16", NAME, "kind")
def anonymised_made(rows: Rows, day: np.datetime64) -> Mask:
    """
    An anonymised set that was made here, for others or through others.
    """
    del day
    return made_here(rows) & _held(rows)


@presence("G17", NAME, "kind")
def anonymised_of_others_held(rows: Rows, day: np.datetime64) -> Mask:
    """
    An anonymised set of others that is held.
    """
    del day
    return of_others(rows) & _held(rows)


@presence("G18", NAME, "from_adequacy")
def made_from_adequacy_data(rows: Rows, day: np.datetime64) -> Mask:
    """
    A set made from data received on adequacy.
    """
    del day
    return rows.says("from_adequacy", "yes")


@presence("G04", NAME, "provision_basis")
def entrusted(rows: Rows, day: np.datetime64) -> Mask:
    """
    A pseudonymised set that is personal data was entrusted.
    """
    del day
    return _personal(rows) & _given(rows) & rows.says("provision_basis", "entrustment")


@presence("G08", NAME, "provision_basis")
def in_joint_use(rows: Rows, day: np.datetime64) -> Mask:
    """
    A pseudonymised set that is personal data is in joint use.
    """
    del day
    return _personal(rows) & _given(rows) & rows.says("provision_basis", "joint_use")


@presence("G09", NAME, "provision_basis")
def went_with_business(rows: Rows, day: np.datetime64) -> Mask:
    """
    A pseudonymised set that is personal data went with a business.
    """
    del day
    return _personal(rows) & _given(rows) & rows.says("provision_basis", "succession")
