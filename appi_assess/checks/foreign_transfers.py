"""
Recipients abroad (外国にある第三者): Art. 28, and Art. 31(2) for personally referable information.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from appi_assess.clocks import minus_years
from appi_assess.countries import UNKNOWN, designated
from appi_assess.registers import Mask, Rows
from appi_assess.requirement import KNOWN_FROM

from . import Result, check, presence
from .records import recorded as in_record
from .rules import as_date, named_in, within_a_year

NAME = "foreign_transfers"
ABROAD = ("designated", "equivalent", "exception", "consent", "none")
NOT_A_THIRD_PARTY_ABROAD = ("own_branch", "foreign_in_japan")


def routes(rows: Rows, day: np.datetime64) -> npt.NDArray[np.str_]:
    """
    The route of Art. 28 on which each row rests: ``designated``, ``equivalent``, ``exception``,
    ``consent`` or ``none``; or ``not_abroad``, or ``unknown`` where the country is not known.

    The country comes first: nobody else than the EEA and the UK is designated, and they are
    whatever route is written. A country that is blank or not known is never Japan; consent, which
    may be given where no country can be named (Rules Art. 17(3)), and exceptions hold without it. Foreign law is
    no exception (GLF 2 note 3), and data that is not identifiable counts as equivalent only in
    entrustment (Q&A 12-8). This register is kept to show the route, so a blank one is none.
    """
    outside_entrustment = rows.says("relationship", "group", "joint_user", "other")
    exception = rows.says("route", "exception") & ~rows.says("exception_item", "foreign_law")
    consent = rows.says("route", "consent")
    no_country = ~rows.filled("country") | rows.says("country", UNKNOWN)
    found: npt.NDArray[np.str_] = np.select(
        [
            rows.says("relationship", *NOT_A_THIRD_PARTY_ABROAD),
            no_country & ~exception & ~consent,
            rows.says("country", "JP"),
            rows.where("country", lambda code: designated(code, as_date(day))),
            rows.says("route", "contract", "cbpr"),
            rows.says("route", "not_identifiable") & ~outside_entrustment,
            exception,
            consent,
        ],
        [
            "not_abroad",
            "unknown",
            "not_abroad",
            "designated",
            "equivalent",
            "equivalent",
            "exception",
            "consent",
        ],
        "none",
    ).astype(str)
    return found


def running(rows: Rows) -> Mask:
    """
    Where provision has not ended.
    """
    return np.isnat(rows.date("ended_on"))


def _personal(rows: Rows) -> Mask:
    """
    Where personal data is provided, as is taken for granted unless the row says otherwise.
    """
    return ~rows.says("referable_only", "yes")


def _on(rows: Rows, day: np.datetime64, *names: str) -> Mask:
    """
    Personal data on one of these routes.
    """
    found: Mask = rows.once(("on", day, names), lambda: np.isin(routes(rows, day), names) & _personal(rows))
    return found


def _running_on(rows: Rows, day: np.datetime64, *names: str) -> Mask:
    return running(rows) & _on(rows, day, *names)


def _information_owed(rows: Rows, day: np.datetime64) -> Mask:
    """
    Running provision on consent, but for consents older than Art. 28(2): before the day on which
    provision began, if their own is not written.
    """
    consented = rows.date("consent_on")
    latest = np.where(np.isnat(consented), rows.date("started_on"), consented)
    older = latest < np.datetime64(KNOWN_FROM, "D")
    return _running_on(rows, day, "consent") & ~older


def _records_still_kept(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where a record must still be there whatever way it was made: 1 year is the shortest period.
    """
    limit = np.datetime64(minus_years(as_date(day), 1), "D")
    return running(rows) | (rows.date("ended_on") >= limit)


def _handled_for_us(rows: Rows) -> Mask:
    """
    Running entrustment abroad and own branches abroad; a country that is not known may be abroad.
    """
    ours = rows.says("relationship", "entrusted", "own_branch")
    abroad = rows.filled("country") & ~rows.says("country", "JP")
    return ours & abroad & running(rows) & _personal(rows)


def _checked_within_a_year(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where both halves of Rules Art. 18(1)(i) were checked: implementation and the foreign system.
    """
    started = rows.date("started_on")
    return within_a_year(rows.date("checked_on"), started, day) & within_a_year(
        rows.date("system_checked_on"), started, day
    )


def _problem_while_providing(rows: Rows) -> Mask:
    return rows.filled("problem_on") & ~(rows.date("ended_on") < rows.date("problem_on"))


def _problem_met(rows: Rows) -> Mask:
    """
    Where a step was taken on the problem, or provision ended.
    """
    found = rows.date("problem_on")
    return (rows.date("corrected_on") >= found) | (rows.date("ended_on") >= found)


@check(
    NAME,
    "country",
    serves=(),
    head="recipient",
    needs=("recipient",),
    rule={
        "ja": "台帳の提供先は外国にある（日本の提供先は載せない）",
        "en": "The recipients listed are abroad, not in Japan",
    },
    fails={
        "ja": "「{recipient}」の所在国は日本です。法28条の対象ではなく、法27条で判断します。",
        "en": '"{recipient}" is in Japan; Art. 28 does not apply, Art. 27 does.',
    },
    remedy={
        "ja": "所在国を確かめ、日本であれば第三者提供や委託先の台帳に移す",
        "en": "Check the country; if it is Japan, move the row to the registers of provisions or of "
        "entrusted parties",
    },
)
def recipient_abroad(rows: Rows, day: np.datetime64) -> Result:
    """
    A recipient in Japan falls under Art. 27 only. This informs; no duty is broken.
    """
    del day
    return rows.filled("country") & ~rows.says("country", UNKNOWN), ~rows.says("country", "JP")


@check(
    NAME,
    "relationship",
    serves=(),
    head="recipient",
    rule={
        "ja": "台帳の提供先は「外国にある第三者」に当たる",
        "en": "The recipients listed are third parties abroad",
    },
    fails={
        "ja": "「{recipient}」（{relationship}）は「外国にある第三者」に当たらないため、法28条では点検しません。",
        "en": '"{recipient}" ({relationship}) is no third party abroad, so it is not checked under Art. 28.',
    },
    remedy={
        "ja": "外国で個人データを取り扱うなら、外的環境の把握（SEC-17）と国名の公表等（A32-5）を確かめる",
        "en": "If it handles the data abroad, check the external environment (SEC-17) and the country made "
        "accessible (A32-5)",
    },
)
def third_party_abroad(rows: Rows, day: np.datetime64) -> Result:
    """
    Own branches are the same person, and a foreign company that uses a database for business in
    Japan is not abroad (GLF 2-2). This informs; no duty is broken.
    """
    del day
    return rows.filled("relationship"), ~rows.says("relationship", *NOT_A_THIRD_PARTY_ABROAD)


@check(
    NAME,
    "country",
    serves=("A28-1",),
    head="recipient",
    rule={
        "ja": "提供先の所在国が分かっている（不明は日本とみなさない）",
        "en": "The country of the recipient is known (not known is never taken as Japan)",
    },
    fails={
        "ja": "「{recipient}」の所在国が分からず、法28条の根拠を判断できません。",
        "en": 'The country of "{recipient}" is not known, so no route under Art. 28 can be shown.',
    },
    remedy={
        "ja": "提供先（法人）の所在国を確認する。サーバーの国では判断しない",
        "en": "Find out the country of the recipient itself; that of its servers does not decide",
    },
)
def country_known(rows: Rows, day: np.datetime64) -> Result:
    """
    The country of the recipient decides Art. 28 (Q&A 12-11), unless consent or an exception holds
    whatever it is.
    """
    asked = running(rows) & _personal(rows) & ~rows.says("relationship", *NOT_A_THIRD_PARTY_ABROAD)
    return asked, routes(rows, day) != "unknown"


@check(
    NAME,
    "route",
    serves=("A28-1",),
    head="route",
    needs=("country",),
    rule={
        "ja": "外国にある第三者への提供には法28条の根拠があり、その根拠が国と合っている",
        "en": "Provision to a third party abroad has a route under Art. 28 that fits the country",
    },
    fails={
        "ja": "「{recipient}」（{country}）：法28条の根拠がないか、使えない根拠です（根拠：{route}）。委託、グループ会社、共同利用でも根拠は必要です。",
        "en": '"{recipient}" ({country}): no route under Art. 28, or one that is not open (route: {route}). '
        "Entrustment, group companies and joint use need a route too.",
    },
    remedy={
        "ja": "基準適合体制（契約等）を整えるか、情報を提供して同意を得る。できなければ提供を止める",
        "en": "Set up an equivalent-measures system or obtain informed consent; otherwise stop",
    },
)
def route_fits(rows: Rows, day: np.datetime64) -> Result:
    """
    Every provision rests on a route of Art. 28(1); 27(5) does not help. "Designated" is only the EEA
    and the UK (GLF 3), and foreign law is no exception (GLF 2 note 3).
    """
    return _running_on(rows, day, *ABROAD), routes(rows, day) != "none"


@check(
    NAME,
    "exception_item",
    serves=("A27-3",),
    head="route",
    needs=("route",),
    rule={
        "ja": "例外とする「法令」は日本の法令である",
        "en": "Where the exception is a law, it is a law of Japan",
    },
    fails={
        "ja": "「{recipient}」：外国の法令や命令は法27条1項1号の「法令」に当たりません。",
        "en": '"{recipient}": foreign law or a foreign order is not "law" under Art. 27(1)(i).',
    },
    remedy={
        "ja": "他の号や本人の同意によれるかを検討し、よれなければ提供を止める",
        "en": "See whether another item or consent can be relied on; otherwise stop",
    },
)
def law_is_japanese(rows: Rows, day: np.datetime64) -> Result:
    """
    Laws and regulations in Art. 27(1)(i) are those of Japan (GLF 2 note 3). Nothing is provided to an
    own branch.
    """
    del day
    stated = rows.says("route", "exception") & rows.filled("exception_item")
    stated &= ~rows.says("relationship", "own_branch")
    return stated & running(rows) & _personal(rows), ~rows.says("exception_item", "foreign_law")


@check(
    NAME,
    "art_27",
    serves=("A27-1",),
    head="route",
    needs=("route", "country"),
    rule={
        "ja": "同等水準国と相当措置による提供でも、法27条を満たしている",
        "en": "For designated countries and equivalent measures Art. 27 is met too",
    },
    fails={
        "ja": "「{recipient}」（{country}）：法27条の根拠がありません。同等水準国や相当措置による提供でも、国内の提供先と同じ根拠が必要です。",
        "en": '"{recipient}" ({country}): no ground under Art. 27. Even with a designated country or equivalent '
        "measures it is needed as for a recipient in Japan.",
    },
    remedy={
        "ja": "本人の同意、委託、共同利用など法27条の根拠を整える。できなければ提供を止める",
        "en": "Obtain consent or meet another ground of Art. 27; otherwise stop",
    },
)
def art_27_met(rows: Rows, day: np.datetime64) -> Result:
    """
    Routes (a) and (b) only make the recipient like one in Japan (Art. 28(1)); a row that says that
    there is no ground under Art. 27 fails. Consent under Art. 28(1) needs no second one.
    """
    asked = _running_on(rows, day, "designated", "equivalent") & rows.filled("art_27")
    return asked, ~rows.says("art_27", "no_ground")


@check(
    NAME,
    "art_27",
    serves=(),
    head="route",
    needs=("relationship", "route", "country"),
    rule={
        "ja": "委託先と共同利用の相手のほかは、法27条の根拠が書かれている",
        "en": "For others than entrusted parties and joint users the ground under Art. 27 is written down",
    },
    fails={
        "ja": "「{recipient}」（{relationship}）：法27条の根拠の記載がありません。グループ会社も第三者です。",
        "en": '"{recipient}" ({relationship}): no ground under Art. 27 is written. Group companies are third '
        "parties too.",
    },
    remedy={"ja": "法27条の根拠を台帳に書く", "en": "Write the ground under Art. 27 into the register"},
)
def art_27_written(rows: Rows, day: np.datetime64) -> Result:
    """
    Points at recipients for which Art. 27 was perhaps not thought of. This informs.
    """
    asked = _running_on(rows, day, "designated", "equivalent")
    return asked & ~rows.says("relationship", "entrusted", "joint_user"), rows.filled("art_27")


@check(
    NAME,
    "consent_on",
    serves=("A28-1", "A28-2"),
    head="consent",
    needs=("route", "country", "started_on"),
    rule={
        "ja": "同意による場合、提供を始める前に同意を得ている",
        "en": "With consent, it was obtained before provision began",
    },
    fails={
        "ja": "「{recipient}」：提供の開始（{started_on}）が同意（{consent_on}）より前です。",
        "en": '"{recipient}": provision began on {started_on}, before the consent of {consent_on}.',
    },
    remedy={
        "ja": "同意のない本人のデータの提供を止め、同意を得てから提供する",
        "en": "Stop providing data of principals who had not consented, and obtain consent first",
    },
)
def consent_first(rows: Rows, day: np.datetime64) -> Result:
    """
    Consent comes beforehand (Art. 28(1)). A record of consent needs no date, so a blank is no fault.
    """
    asked = _running_on(rows, day, "consent") & rows.filled("consent_on", "started_on")
    return asked, rows.date("consent_on") <= rows.date("started_on")


@check(
    NAME,
    "consent_abroad",
    serves=("A28-1", "A28-2"),
    head="consent",
    needs=("route", "country"),
    rule={
        "ja": "同意は、外国にある第三者への提供を認めるものである",
        "en": "The consent is to provision to a third party abroad",
    },
    fails={
        "ja": "「{recipient}」：得ているのは、外国にある第三者への提供を認める旨の同意ではありません。",
        "en": '"{recipient}": the consent obtained is not one to provision to a third party abroad.',
    },
    remedy={
        "ja": "外国にある第三者への提供であることを示して同意を取り直す",
        "en": "Obtain consent anew, stating that the data goes to a third party abroad",
    },
)
def consent_for_abroad(rows: Rows, day: np.datetime64) -> Result:
    """
    A consent that does not speak of recipients abroad is not that of Art. 28(1).
    """
    asked = _running_on(rows, day, "consent") & rows.filled("consent_abroad")
    return asked, rows.says("consent_abroad", "yes")


@check(
    NAME,
    "consent_covers",
    serves=("A28-13",),
    head="consent",
    needs=("route", "country"),
    rule={
        "ja": "同意の範囲にこの国と提供先が含まれることを確かめている（望ましい措置）",
        "en": "It was checked that the consent covers this country and recipient (desirable)",
    },
    fails={
        "ja": "「{recipient}」（{country}）：同意の範囲に含まれることを確かめた記録がありません。",
        "en": '"{recipient}" ({country}): it is not on record that the consent covers them.',
    },
    remedy={
        "ja": "同意の際に示した国と提供先を確かめ、含まれていなければ同意を取り直す",
        "en": "Compare with what was shown on consenting; if it is not covered, obtain consent anew",
    },
)
def consent_covers(rows: Rows, day: np.datetime64) -> Result:
    """
    Old consents are better not stretched to new countries or recipients.
    """
    return _running_on(rows, day, "consent"), rows.says("consent_covers", "yes")


@check(
    NAME,
    "informed_on",
    serves=("A28-3",),
    head="information",
    needs=("route", "country", "consent_on", "information"),
    sufficient=True,
    rule={
        "ja": "同意の前に、国名、その国の制度、提供先の措置の情報を本人に提供している",
        "en": "Before the consent the country, its system and the recipient's measures were told",
    },
    fails={
        "ja": "「{recipient}」：同意（{consent_on}）の前に必要な情報をそろえて提供した記録がありません（提供日：{informed_on}、内容：{information}）。",
        "en": '"{recipient}": it is not on record that all heads were told before the consent of {consent_on} '
        "(told on: {informed_on}; content: {information}).",
    },
    remedy={
        "ja": "国名、制度、提供先の措置の情報を提供したうえで同意を取り直す",
        "en": "Give country, system and measures, and obtain consent anew",
    },
)
def informed(rows: Rows, day: np.datetime64) -> Result:
    """
    The three heads of Rules Art. 17(2), given before the consent (Art. 28(2)); that a country cannot be
    named stands for country and system, and that measures cannot be stated for them (Rules Art. 17(3),
    (4)). The duty began on 1 April 2022.
    """
    heads = (
        rows.says("information", "country", "country_not_named")
        & rows.says("information", "system", "country_not_named")
        & rows.says("information", "measures", "measures_not_stated")
    )
    in_time = rows.filled("informed_on") & ~(rows.date("informed_on") > rows.date("consent_on"))
    return _information_owed(rows, day), heads & in_time


@check(
    NAME,
    "system_content",
    serves=("A28-4",),
    head="information",
    needs=("route", "country", "information"),
    rule={
        "ja": "制度の情報に、制度の有無、指標または相違点、その他の重大な制度が含まれている",
        "en": "The information on the system covers whether one exists, indicators or gaps, and other "
        "systems with serious effect",
    },
    fails={
        "ja": "「{recipient}」（{country}）：制度の情報に足りない部分があります（含まれる内容：{system_content}）。",
        "en": '"{recipient}" ({country}): the information on the system is incomplete (it covers: '
        "{system_content}).",
    },
    remedy={
        "ja": "足りない部分を調べ、本人への説明に加える",
        "en": "Study what is missing and add it to what principals are told",
    },
)
def system_described(rows: Rows, day: np.datetime64) -> Result:
    """
    What the information on the foreign system covers (GLF 5-2).
    """
    asked = _information_owed(rows, day) & rows.says("information", "system")
    every = (rows.says("system_content", head) for head in ("exists", "level", "other"))
    return asked, np.logical_and.reduce([*every])


@check(
    NAME,
    "reason_not_stated",
    serves=("A28-5",),
    head="information",
    needs=("route", "country", "information"),
    rule={
        "ja": "国名や措置を示せない場合は、その理由を本人に伝えている",
        "en": "Where country or measures cannot be stated, principals are told why",
    },
    fails={
        "ja": "「{recipient}」：国名または措置を示せない理由を本人に伝えた記録がありません。",
        "en": '"{recipient}": it is not on record that principals were told why country or measures cannot '
        "be stated.",
    },
    remedy={
        "ja": "理由と、候補国などの参考情報を本人に提供する",
        "en": "Tell the reason, with candidate countries or other substitute information",
    },
)
def reason_given(rows: Rows, day: np.datetime64) -> Result:
    """
    The fact and the reason are told, and for the country any substitute information (Rules
    Art. 17(3), (4)).
    """
    open_heads = rows.says("information", "country_not_named", "measures_not_stated")
    return _information_owed(rows, day) & open_heads, rows.filled("reason_not_stated")


@check(
    NAME,
    "given_by",
    serves=("A28-6",),
    head="information",
    needs=("route", "country"),
    rule={
        "ja": "情報は本人が確実に認識できる方法で提供している（URLの記載だけにしない）",
        "en": "The information is given so that principals surely recognise it, not by a bare URL",
    },
    fails={
        "ja": "「{recipient}」：情報提供がURLの記載だけで、閲覧を求めていません。",
        "en": '"{recipient}": the information was given by a URL alone, without a request to read it.',
    },
    remedy={
        "ja": "同意の画面や書面に内容を示すか、閲覧するよう明示的に求める",
        "en": "Show it on the consent screen or paper, or expressly ask to read the page",
    },
)
def surely_recognised(rows: Rows, day: np.datetime64) -> Result:
    """
    A bare URL needs an explicit request to read it (Rules Art. 17(1); GLF 5-1; Q&A 12-10).
    """
    return _information_owed(rows, day) & rows.filled("given_by"), ~rows.says("given_by", "url_only")


@check(
    NAME,
    "contract_secures",
    serves=("A28-7",),
    head="system",
    needs=("route", "country", "contract_on"),
    rule={
        "ja": "契約やグループ内規程で、法第4章第2節の趣旨に沿った措置を実質的に確保している",
        "en": "Contract or group rules secure in substance measures in line with Chapter IV Section 2",
    },
    fails={
        "ja": "「{recipient}」：契約等で相当措置が確保されているとの記載がありません（契約・規程の日：{contract_on}）。",
        "en": '"{recipient}": it is not on record that contract or rules secure equivalent measures (dated: '
        "{contract_on}).",
    },
    remedy={
        "ja": "条文と条項を対照し、足りない措置を契約等で補う",
        "en": "Map the articles to the clauses and fill the gaps",
    },
)
def contract_secures(rows: Rows, day: np.datetime64) -> Result:
    """
    Route (b)(i): a contract, memorandum or group rules in substance (Rules Art. 16(i); GLF 4-2).
    """
    asked = _running_on(rows, day, "equivalent") & rows.says("route", "contract")
    return asked, rows.filled("contract_on") & rows.says("contract_secures", "yes")


@check(
    NAME,
    "certificate_scope",
    serves=("A28-8",),
    head="system",
    needs=("route", "country", "certificate_valid_until"),
    rule={
        "ja": "提供先のCBPR認証の範囲と有効期限を確かめている",
        "en": "Scope and expiry of the recipient's CBPR certificate have been checked",
    },
    fails={
        "ja": "「{recipient}」：認証の範囲（{certificate_scope}）または有効期限（{certificate_valid_until}）を確かめた記録がありません。",
        "en": '"{recipient}": scope ({certificate_scope}) or expiry ({certificate_valid_until}) of the '
        "certificate is not confirmed.",
    },
    remedy={
        "ja": "提供先自身の認証であること、この取扱いを含むこと、有効期限を確かめる",
        "en": "Check that the certificate is the recipient's own, covers this handling, and until when",
    },
)
def certificate_checked(rows: Rows, day: np.datetime64) -> Result:
    """
    Route (b)(ii): the certificate is the recipient's own and covers the handling (Rules Art. 16(ii);
    GLF 4-3).
    """
    asked = _running_on(rows, day, "equivalent") & rows.says("route", "cbpr")
    return asked, rows.says("certificate_scope", "yes") & rows.filled("certificate_valid_until")


@check(
    NAME,
    "certificate_valid_until",
    serves=("A28-8", "A28-1"),
    head="system",
    needs=("route", "country"),
    rule={"ja": "提供先のCBPR認証が有効である", "en": "The recipient's CBPR certificate is valid"},
    fails={
        "ja": "「{recipient}」の認証は{certificate_valid_until}に期限が切れており、基準適合体制の根拠になりません。",
        "en": 'The certificate of "{recipient}" ran out on {certificate_valid_until} and is no ground for an '
        "equivalent-measures system.",
    },
    remedy={
        "ja": "更新を確かめるか、契約など別の根拠に切り替える。できなければ提供を止める",
        "en": "See whether it was renewed, or change to a contract or another route; otherwise stop",
    },
)
def certificate_valid(rows: Rows, day: np.datetime64) -> Result:
    """
    A certificate that has run out is no route (Rules Art. 16(ii)); it is good on its last day.
    """
    asked = _running_on(rows, day, "equivalent") & rows.says("route", "cbpr")
    return asked & rows.filled("certificate_valid_until"), rows.date("certificate_valid_until") >= day


@check(
    NAME,
    "checked_on",
    serves=("A28-9",),
    head="measures",
    needs=("route", "country", "started_on", "system_checked_on"),
    sufficient=True,
    rule={
        "ja": "相当措置の実施状況と外国の制度の両方を年1回程度確認している",
        "en": "Implementation and the foreign system are both checked about once a year",
    },
    fails={
        "ja": "「{recipient}」：実施状況（最終：{checked_on}）と外国の制度（最終：{system_checked_on}）の両方を1年以内に確認した記録がありません。",
        "en": '"{recipient}": implementation (last: {checked_on}) and foreign system (last: '
        "{system_checked_on}) were not both checked within the last year.",
    },
    remedy={
        "ja": "実施状況と、影響し得る外国の制度を確認し、日付を残す",
        "en": "Check implementation and foreign systems that may affect it, and record the days",
    },
)
def yearly_check(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 28(3), Rules Art. 18(1)(i): about once a year (GLF 6-1). Not on the consent route, nor in the
    EEA and UK; a recipient of the last year has time until the year is over.
    """
    return _running_on(rows, day, "equivalent"), _checked_within_a_year(rows, day)


@check(
    NAME,
    "corrected_on",
    serves=("A28-10",),
    head="measures",
    needs=("route", "country", "problem_on", "ended_on"),
    rule={
        "ja": "相当措置の実施に支障が生じたときは、是正の措置を取るか提供を止めている",
        "en": "When a problem with the measures was found, a corrective step was taken or provision stopped",
    },
    fails={
        "ja": "「{recipient}」：支障（{problem_on}に判明）への是正の措置も、提供の停止も記録がありません（是正：{corrected_on}）。",
        "en": '"{recipient}": neither a corrective step nor a stop is on record for the problem found on '
        "{problem_on} (step: {corrected_on}).",
    },
    remedy={
        "ja": "是正を求めて結果を確かめる。確保が困難なら提供を止める",
        "en": "Ask for correction and check the result; stop if the measures cannot be ensured",
    },
)
def problem_corrected(rows: Rows, day: np.datetime64) -> Result:
    """
    Necessary and appropriate steps on a problem (Rules Art. 18(1)(ii)); no day count is set.
    """
    return _on(rows, day, "equivalent") & _problem_while_providing(rows), _problem_met(rows)


@check(
    NAME,
    "ended_on",
    serves=("A28-10",),
    head="measures",
    needs=("route", "country", "hard_to_continue"),
    rule={
        "ja": "相当措置の継続的な実施の確保が困難になったときは、提供を止めている",
        "en": "When continued implementation became difficult to ensure, provision was stopped",
    },
    fails={
        "ja": "「{recipient}」：相当措置の継続的な実施の確保が困難ですが、提供を止めた日がありません。",
        "en": '"{recipient}": continued implementation is difficult to ensure, but no day of a stop is '
        "recorded.",
    },
    remedy={"ja": "提供を止め、その日を記録する", "en": "Stop provision and record the day"},
)
def stopped_if_difficult(rows: Rows, day: np.datetime64) -> Result:
    """
    Provision stops when continued implementation becomes difficult to ensure (Rules Art. 18(1)(ii)).
    """
    return _on(rows, day, "equivalent") & rows.says("hard_to_continue", "yes"), rows.filled("ended_on")


@check(
    NAME,
    "answered_on",
    serves=("A28-11",),
    head="measures",
    needs=("route", "country", "requested_on", "request_outcome"),
    rule={
        "ja": "本人の求めには情報を提供し、提供しないときはその旨を通知している",
        "en": "Principals who asked were given the information, or notified that it is withheld",
    },
    fails={
        "ja": "「{recipient}」：{requested_on}の求め（{request_outcome}）について、情報提供または通知の日がありません（回答日：{answered_on}）。",
        "en": '"{recipient}": for the request of {requested_on} ({request_outcome}) no day of the answer or '
        "notice is on record (answered on: {answered_on}).",
    },
    remedy={
        "ja": "7項目を提供するか、提供しない旨を遅滞なく通知し、日付を残す",
        "en": "Give the seven items or notify the refusal without delay, and record the day",
    },
)
def request_answered(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 28(3), Rules Art. 18(3), (4). "Without delay" has no day count, so an open request is not
    judged; one with an outcome but without an answer is.
    """
    answered = rows.date("answered_on") >= rows.date("requested_on")
    asked = _on(rows, day, "equivalent") & rows.filled("requested_on")
    return asked & (answered | rows.filled("request_outcome")), answered


@check(
    NAME,
    "requested_on",
    serves=(),
    head="measures",
    needs=("route", "country", "request_outcome", "answered_on"),
    rule={"ja": "対応中の本人の求めがない", "en": "No request of a principal is open"},
    fails={
        "ja": "「{recipient}」：{requested_on}の求めに対応中です。遅滞なく回答する必要があります（日数の定めはありません）。",
        "en": '"{recipient}": the request of {requested_on} is open. It is to be answered without delay (no '
        "number of days is set).",
    },
    remedy={
        "ja": "7項目を提供するか、提供しない旨を通知する",
        "en": "Give the seven items or notify the refusal",
    },
)
def no_open_request(rows: Rows, day: np.datetime64) -> Result:
    """
    Points at requests under Art. 28(3) that are still open. This informs.
    """
    answered = rows.date("answered_on") >= rows.date("requested_on")
    asked = _on(rows, day, "equivalent") & rows.filled("requested_on")
    return asked, answered | rows.filled("request_outcome")


@check(
    NAME,
    "checked_on",
    serves=("A31-6",),
    head="measures",
    needs=("referable_only", "route", "country", "started_on", "system_checked_on"),
    rule={
        "ja": "個人関連情報の提供先でも、相当措置の実施状況と外国の制度を年1回程度確認している",
        "en": "For personally referable information too, implementation and the foreign system are checked "
        "about once a year",
    },
    fails={
        "ja": "「{recipient}」（個人関連情報）：実施状況（最終：{checked_on}）と外国の制度（最終：{system_checked_on}）の両方を1年以内に確認した記録がありません。",
        "en": '"{recipient}" (personally referable information): implementation (last: {checked_on}) and '
        "foreign system (last: {system_checked_on}) were not both checked within the last year.",
    },
    remedy={
        "ja": "年次確認の対象に個人関連情報の提供先を加える",
        "en": "Include recipients of personally referable information in the yearly check",
    },
)
def yearly_check_referable(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 31(2) with 28(3): the same yearly check for personally referable information.
    """
    asked = ~_personal(rows) & (routes(rows, day) == "equivalent") & running(rows)
    return asked, _checked_within_a_year(rows, day)


@check(
    NAME,
    "corrected_on",
    serves=("A31-6",),
    head="measures",
    needs=("referable_only", "route", "country", "problem_on", "ended_on"),
    rule={
        "ja": "個人関連情報の提供先でも、支障が生じたときは是正の措置を取るか提供を止めている",
        "en": "For personally referable information too, a corrective step was taken on a problem or provision "
        "stopped",
    },
    fails={
        "ja": "「{recipient}」（個人関連情報）：支障（{problem_on}に判明）への是正の措置も、提供の停止も記録がありません（是正：{corrected_on}）。",
        "en": '"{recipient}" (personally referable information): neither a corrective step nor a stop is on '
        "record for the problem found on {problem_on} (step: {corrected_on}).",
    },
    remedy={
        "ja": "是正を求めて結果を確かめる。確保が困難なら提供を止める",
        "en": "Ask for correction and check the result; stop if the measures cannot be ensured",
    },
)
def problem_corrected_referable(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 31(2) with 28(3), Rules Art. 18(1)(ii): the same steps for personally referable information.
    """
    asked = ~_personal(rows) & (routes(rows, day) == "equivalent")
    return asked & _problem_while_providing(rows), _problem_met(rows)


@check(
    NAME,
    "recorded",
    serves=("A28-12", "A29-1"),
    head="records",
    needs=("route", "country"),
    beside=("third_party_provisions",),
    rule={
        "ja": "記録の必要な提供を記録している（同意による提供は委託や共同利用でも必要）",
        "en": "Provision that needs a record is recorded (on consent, entrustment and joint use too)",
    },
    fails={
        "ja": "「{recipient}」：提供の記録を確認できません（法28条の根拠：{route}、法27条の根拠：{art_27}）。",
        "en": '"{recipient}": no record of the provision is shown (route: {route}; ground under Art. 27: {art_27}).',
    },
    remedy={
        "ja": "同意を得ている旨、提供先、本人、項目など必要な事項の記録を作る",
        "en": "Make the record: the consent, the recipient, the principal, the items",
    },
)
def recorded(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    Art. 29(1): on consent under Art. 28(1) only an item of 27(1) exempts, so entrustment is recorded
    too. In the EEA and UK and with equivalent measures the rule is that for recipients in Japan: a
    record on consent or opt-out. Ended provision is asked for as long as any record must be kept. Where
    nothing is written here, a record in the register of provisions counts.
    """
    as_in_japan = _on(rows, day, "designated", "equivalent") & rows.says("art_27", "consent", "opt_out")
    asked = (_on(rows, day, "consent") | as_in_japan) & _records_still_kept(rows, day)
    made = rows.says("recorded", "yes")
    if (provisions := others.get("third_party_provisions")) is not None:
        there = named_in(rows, "recipient", provisions, "recipient", among=in_record(provisions))
        made |= ~rows.filled("recorded") & there
    return asked, made


@check(
    NAME,
    "system_checked_on",
    serves=("SEC-17",),
    head="environment",
    needs=("relationship", "country"),
    rule={
        "ja": "外国の委託先や自社拠点の国の制度を調べている",
        "en": "The system of the country of entrusted parties and own branches abroad has been studied",
    },
    fails={
        "ja": "「{recipient}」（{relationship}、{country}）：外国の制度を調べた記録がありません。",
        "en": '"{recipient}" ({relationship}, {country}): no study of the foreign system is on record.',
    },
    remedy={
        "ja": "その国の個人情報保護制度などを調べ、安全管理措置に反映する",
        "en": "Study the foreign system and reflect it in the security measures",
    },
)
def foreign_system_understood(rows: Rows, day: np.datetime64) -> Result:
    """
    External environment (GL 10-7), where others handle the data for the operator or its own branch does.
    """
    del day
    return _handled_for_us(rows), rows.filled("system_checked_on")


@check(
    NAME,
    "country_published",
    serves=("A32-5",),
    head="environment",
    needs=("relationship", "country"),
    rule={
        "ja": "外国の委託先や自社拠点の国名と講じた措置が本人の知り得る状態にある",
        "en": "Country and measures for entrusted parties and own branches abroad are accessible to principals",
    },
    fails={
        "ja": "「{recipient}」（{relationship}、{country}）：国名と講じた措置を本人の知り得る状態に置いているとの記載がありません。",
        "en": '"{recipient}" ({relationship}, {country}): country and measures are not marked as accessible.',
    },
    remedy={
        "ja": "プライバシーポリシーなどに国名と措置を書く",
        "en": "Name country and measures in the policy",
    },
)
def country_accessible(rows: Rows, day: np.datetime64) -> Result:
    """
    The foreign country is named among the security measures (GL 3-8-1 note 8; Q&A 10-25).
    """
    del day
    return _handled_for_us(rows), rows.says("country_published", "yes")


@check(
    NAME,
    "recipient",
    serves=(),
    head="recipient",
    needs=("relationship",),
    against=("entrusted_parties",),
    rule={
        "ja": "外国の委託先が委託先管理台帳にも載っている",
        "en": "Entrusted parties abroad are also in the register of entrusted parties",
    },
    fails={
        "ja": "「{recipient}」が委託先管理台帳にありません。法28条の根拠があっても、委託先の監督（法25条）は必要です。",
        "en": '"{recipient}" is missing from the register of entrusted parties. Supervision under Art. 25 is '
        "due whatever the route.",
    },
    remedy={"ja": "委託先管理台帳に加える", "en": "Add it to the register of entrusted parties"},
)
def in_entrusted_parties(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same entrusted parties. This informs.
    """
    del day
    asked = running(rows) & _personal(rows) & rows.says("relationship", "entrusted")
    return asked, named_in(rows, "recipient", others["entrusted_parties"], "name")


@presence("G10", NAME, "country")
def provides_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    A third party abroad that gets personal data, or got some of which records must be kept.
    """
    return _on(rows, day, *ABROAD) & _records_still_kept(rows, day)


@presence("G11", NAME, "country")
def handles_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    An entrusted party or an own branch in a country abroad that is known.
    """
    del day
    return _handled_for_us(rows) & ~rows.says("country", UNKNOWN)


@presence("G04", NAME, "relationship")
def entrusts(rows: Rows, day: np.datetime64) -> Mask:
    """
    A recipient that is an entrusted party.
    """
    del day
    entrusted = rows.says("relationship", "entrusted") | rows.says("art_27", "entrustment")
    return entrusted & running(rows) & _personal(rows)


@presence("G06", NAME, "route")
def provides_on_consent(rows: Rows, day: np.datetime64) -> Mask:
    """
    Provision on consent to a recipient that is neither entrusted nor a joint user.
    """
    third = rows.says("relationship", "group", "other")
    on_consent = (_on(rows, day, "consent") & third) | rows.says("art_27", "consent")
    return on_consent & _personal(rows) & _records_still_kept(rows, day)


@presence("G07", NAME, "art_27")
def provides_by_opt_out(rows: Rows, day: np.datetime64) -> Mask:
    """
    Provision that rests on opt-out.
    """
    return rows.says("art_27", "opt_out") & _personal(rows) & _records_still_kept(rows, day)


@presence("G08", NAME, "relationship")
def uses_jointly(rows: Rows, day: np.datetime64) -> Mask:
    """
    A recipient that is a joint user.
    """
    del day
    joint = rows.says("relationship", "joint_user") | rows.says("art_27", "joint_use")
    return joint & running(rows) & _personal(rows)


@presence("G09", NAME, "art_27")
def succession(rows: Rows, day: np.datetime64) -> Mask:
    """
    Provision with a business succession.
    """
    del day
    return rows.says("art_27", "succession") & _personal(rows)
