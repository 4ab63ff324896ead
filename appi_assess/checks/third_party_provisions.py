"""
Provisions to third parties (第三者提供): Arts 27 and 29, and Art. 28 where the recipient is abroad.

Repeated provision without a date of the last one may still go on; what is known then is that the
last day cannot lie before the first.
"""

from __future__ import annotations

import numpy as np

from appi_assess.countries import UNKNOWN, designated
from appi_assess.registers import Days, Mask, Rows

from . import Result, check, presence
from .records import complete, record_due, recorded, still_kept, written
from .rules import TOO_FRESH, as_date, named_in

NAME = "third_party_provisions"
# Art. 27(1)(i) to (vii); "law" is Japanese law only.
ITEMS = (
    "law",
    "life",
    "public_health",
    "cooperation",
    "academic_publication",
    "joint_research",
    "academic_recipient",
)
NOT_THIRD_PARTIES = ("entrustment", "succession", "joint_use")  # Art. 27(5)


def to_third_party(rows: Rows) -> Mask:
    """
    Where data left the legal person: everywhere but at own branches abroad.
    """
    return ~rows.says("recipient_kind", "own_branch")


def abroad(rows: Rows) -> Mask:
    """
    Where the recipient is a third party in a foreign country (GLF 2-2); one not known is not counted
    unless there is consent to provision abroad.
    """
    elsewhere = rows.filled("country") & ~rows.says("country", "JP")
    elsewhere &= ~rows.says("country", UNKNOWN) | rows.says("route", "consent")
    return elsewhere & ~rows.says("recipient_kind", "own_branch", "foreign_in_japan")


def went_out(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where data went to a third party, not only by plan.
    """
    return to_third_party(rows) & ~(_start(rows) > day)


def needs_record(rows: Rows, day: np.datetime64) -> Mask:
    """
    Where Art. 29(1) asks for a record; where no ground is written this cannot be told.

    Items of Art. 27(1) and Japanese state and local bodies are exempt; Art. 27(5) is too, but not
    where provision abroad rests on consent.
    """
    known = rows.filled("basis") | _consent_abroad(rows)
    exempt = rows.says("basis", *ITEMS) | (
        abroad(rows) & rows.says("route", "exception") & _no_false_law(rows)
    )
    exempt |= rows.says("recipient_kind", "public_body") & ~abroad(rows)
    exempt |= rows.says("basis", *NOT_THIRD_PARTIES) & ~_consent_abroad(rows)
    return went_out(rows, day) & known & ~exempt


def _due(rows: Rows) -> Days:
    return record_due(rows, "provided_on", "last_provided_on")


def _consent_abroad(rows: Rows) -> Mask:
    return abroad(rows) & rows.says("route", "consent")


def _no_false_law(rows: Rows) -> Mask:
    return ~rows.says("basis", "foreign_law")


def _designated(rows: Rows, day: np.datetime64) -> Mask:
    return abroad(rows) & rows.where("country", lambda code: designated(code, as_date(day)))


def _opt_out(rows: Rows) -> Mask:
    return to_third_party(rows) & rows.says("basis", "opt_out")


def _start(rows: Rows) -> Days:
    """
    The day on which opt-out provision began or is planned to begin.
    """
    provided = rows.date("provided_on")
    found: Days = np.where(np.isnat(provided), rows.date("planned_on"), provided)
    return found


def _last(rows: Rows) -> Days:
    found: Days = np.fmax(rows.date("provided_on"), rows.date("last_provided_on"))
    return found


def _held(rows: Rows, among: Mask) -> dict[str, Mask]:
    """
    Where recipient, principal and items are recorded as Rules Art. 20(1) asks.
    """
    public = rows.says("recipient_kind", "unspecified") & rows.says("basis", "opt_out")
    nobody = public | rows.says("recipient_kind", "individual")
    return {
        "address": written(rows, among, "address") | public,
        "representative": written(rows, among, "representative") | nobody,
        "principal": written(rows, among, "principal"),
        "items": written(rows, among, "items"),
    }


@check(
    NAME,
    "basis",
    serves=(),
    head="ground",
    rule={"ja": "提供の根拠が書かれている", "en": "The ground of the provision is written down"},
    fails={
        "ja": "「{recipient}」への提供に、法27条の根拠の記載がありません。",
        "en": 'No ground under Art. 27 is written for the provision to "{recipient}".',
    },
    remedy={
        "ja": "同意、法27条1項各号、オプトアウト、法27条5項のどれによるかを確かめて書く",
        "en": "Find out and write whether it rests on consent, an item of 27(1), opt-out or 27(5)",
    },
)
def ground_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank ground breaks no duty by itself, but nothing else can be judged without it.
    """
    del day
    return to_third_party(rows) & ~_consent_abroad(rows), rows.filled("basis")


@check(
    NAME,
    "basis",
    serves=("A27-1",),
    head="ground",
    rule={
        "ja": "第三者への提供に、同意その他の法27条の根拠がある",
        "en": "Provision to a third party rests on consent or another ground of Art. 27",
    },
    fails={
        "ja": "「{recipient}」への提供は「{basis}」とされ、法27条の根拠がありません。グループ会社も第三者に当たります。",
        "en": 'The provision to "{recipient}" is marked "{basis}" and has no ground under Art. 27. Group companies are '
        "third parties.",
    },
    remedy={
        "ja": "提供を止め、同意を得るか、法27条の他の根拠に当たるかを確かめる",
        "en": "Stop providing; obtain consent or establish another ground of Art. 27",
    },
)
def has_ground(rows: Rows, day: np.datetime64) -> Result:
    """
    No provision without a ground (Art. 27(1)); consent to provision abroad needs none beside it
    (Art. 28(1), second sentence).
    """
    del day
    speaks = to_third_party(rows) & rows.filled("basis") & _no_false_law(rows)
    return speaks, ~rows.says("basis", "intra_group", "none") | _consent_abroad(rows)


@check(
    NAME,
    "basis",
    serves=("A27-1", "A27-3"),
    head="ground",
    rule={
        "ja": "例外による提供が法27条1項各号（法令は日本の法令に限る）に当たる",
        "en": "Provision on an exception falls under an item of Art. 27(1); law means Japanese law",
    },
    fails={
        "ja": "「{recipient}」への提供は外国の法令を根拠としていますが、法27条1項1号の「法令」に外国の法令は含まれません。",
        "en": 'The provision to "{recipient}" rests on foreign law, which is not "law" under Art. 27(1)(i).',
    },
    remedy={
        "ja": "同意など他の根拠を確かめ、なければ提供しない",
        "en": "Establish another ground, such as consent; without one do not provide",
    },
)
def japanese_law(rows: Rows, day: np.datetime64) -> Result:
    """
    Foreign law, a foreign subpoena included, is no exception (Art. 27(1)(i); GLF 2 note 3).
    """
    del day
    speaks = to_third_party(rows) & rows.says("basis", "foreign_law", *ITEMS)
    return speaks & ~_consent_abroad(rows), _no_false_law(rows)


@check(
    NAME,
    "reason",
    serves=("A27-4",),
    head="ground",
    needs=("basis", "recipient_kind"),
    rule={
        "ja": "公的機関からの照会に応じた提供に、確かめた法的根拠が書かれている",
        "en": "For provision to a public body, the legal basis that was checked is written down",
    },
    fails={
        "ja": "「{recipient}」への提供（根拠：{basis}）に、確かめた根拠条文や理由の記載がありません。",
        "en": 'For the provision to "{recipient}" ({basis}), no provision of law or reason that was checked is written.',
    },
    remedy={
        "ja": "照会書の根拠条文を確かめて書く。今後は確かめてから応じる",
        "en": "Check and write the legal basis of the request; from now on check before answering",
    },
)
def request_checked(rows: Rows, day: np.datetime64) -> Result:
    """
    Requests of the police and others are answered after a check of their legal basis (desirable).
    """
    del day
    speaks = rows.says("recipient_kind", "public_body") & rows.says("basis", "law", "cooperation")
    return speaks, written(rows, speaks, "reason")


@check(
    NAME,
    "reason",
    serves=(),
    head="ground",
    needs=("basis",),
    rule={
        "ja": "法27条1項各号による提供に、当たると判断した理由が書かれている",
        "en": "For an item of Art. 27(1), the reason why it applies is written down",
    },
    fails={
        "ja": "「{recipient}」への提供（根拠：{basis}）に、その号に当たると判断した理由の記載がありません。",
        "en": 'For the provision to "{recipient}" ({basis}), no reason is written why the item applies.',
    },
    remedy={
        "ja": "根拠法令、同意の取得が困難な事情など、判断の理由を書く",
        "en": "Write the reason, such as the law or why consent was difficult",
    },
)
def exception_reasoned(rows: Rows, day: np.datetime64) -> Result:
    """
    Items (ii) to (iv) hang on facts such as difficulty of consent, which only a note can show later.
    """
    del day
    speaks = to_third_party(rows) & rows.says("basis", *ITEMS) & ~rows.says("recipient_kind", "public_body")
    return speaks, written(rows, speaks, "reason")


@check(
    NAME,
    "consent_on",
    serves=("A27-1",),
    head="consent",
    needs=("basis", "provided_on"),
    rule={
        "ja": "第三者提供の同意を提供の前に得ている",
        "en": "Consent to the provision was obtained beforehand",
    },
    fails={
        "ja": "「{recipient}」への提供（{provided_on}）は、同意（{consent_on}）より前に行われています。",
        "en": 'The provision to "{recipient}" ({provided_on}) came before the consent ({consent_on}).',
    },
    remedy={
        "ja": "日付を確かめ、同意の前に提供した手順を改める",
        "en": "Check the dates and mend the procedure that let data out before consent",
    },
)
def consent_beforehand(rows: Rows, day: np.datetime64) -> Result:
    """
    Consent comes first (Art. 27(1)); it speaks only where both days are known, as neither has to be
    recorded.
    """
    del day
    speaks = rows.says("basis", "consent") & ~_consent_abroad(rows) & to_third_party(rows)
    return speaks & rows.filled("consent_on", "provided_on"), ~_late_consent(rows)


def _late_consent(rows: Rows) -> Mask:
    late: Mask = rows.date("consent_on") > rows.date("provided_on")
    return late


@check(
    NAME,
    "consent_shown",
    serves=("A27-2",),
    head="consent",
    needs=("basis",),
    rule={
        "ja": "同意の際に、提供先や項目など判断に必要な内容を示している",
        "en": "For the consent, what the person needs in order to decide was shown",
    },
    fails={
        "ja": "「{recipient}」への提供の同意は、判断に必要な内容を示さずに得たとされています。",
        "en": 'The consent to provision to "{recipient}" is marked as taken without showing what is needed to decide.',
    },
    remedy={
        "ja": "提供先の範囲、項目などを示した文言で同意を取り直す",
        "en": "Obtain consent anew with wording that shows recipients and items",
    },
)
def consent_informed(rows: Rows, day: np.datetime64) -> Result:
    """
    Consent is informed (GL 3-6-1, 2-16); the duty asks for no record of it, so a blank is not judged.
    """
    del day
    speaks = to_third_party(rows) & rows.says("basis", "consent") & rows.filled("consent_shown")
    return speaks, rows.says("consent_shown", "yes")


@check(
    NAME,
    "consent_ref",
    serves=(),
    head="consent",
    needs=("basis", "consent_on"),
    rule={
        "ja": "同意を裏付ける記録をたどれる（同意日または同意の記録がある）",
        "en": "The consent can be traced by its day or its record",
    },
    fails={
        "ja": "「{recipient}」への提供は同意によるとされていますが、同意日も同意の記録もありません。",
        "en": 'The provision to "{recipient}" is said to rest on consent, but neither day nor record of it is given.',
    },
    remedy={"ja": "同意の記録を探し、参照先を書く", "en": "Find the consent record and refer to it"},
)
def consent_traceable(rows: Rows, day: np.datetime64) -> Result:
    """
    The law asks only that the record says consent exists; without a trace it cannot be proved.
    """
    del day
    speaks = to_third_party(rows) & (rows.says("basis", "consent") | _consent_abroad(rows))
    dated = rows.filled("consent_on")
    return speaks, dated | written(rows, speaks & ~dated, "consent_ref")


@check(
    NAME,
    "filed_on",
    serves=("A27-5",),
    head="opt_out",
    needs=("basis", "provided_on", "published_on"),
    rule={
        "ja": "オプトアウトによる提供の前に、所定の事項を周知し、委員会に届け出ている",
        "en": "Before opt-out provision, the heads were made known and filed with the PPC",
    },
    fails={
        "ja": "「{recipient}」へのオプトアウトによる提供（{provided_on}）までに、8事項の周知（{published_on}）と届出（{filed_on}）がそろっていません（8事項の充足：{heads_complete}）。",
        "en": 'By the opt-out provision to "{recipient}" ({provided_on}), the eight heads were not both made known '
        "({published_on}) and filed ({filed_on}); all heads covered: {heads_complete}.",
    },
    remedy={
        "ja": "提供を止め、8事項を周知して届け出てから始める",
        "en": "Stop providing; start only after making known and filing all eight heads",
    },
)
def known_and_filed(rows: Rows, day: np.datetime64) -> Result:
    """
    The eight heads are made known and filed beforehand (Art. 27(2)); provision that is only planned
    still has time.
    """
    start = _start(rows)
    in_time = rows.filled("published_on", "filed_on") & ~rows.says("heads_complete", "no")
    in_time &= ~(rows.date("published_on") > start) & ~(rows.date("filed_on") > start)
    return _opt_out(rows) & went_out(rows, day), in_time


@check(
    NAME,
    "published_on",
    serves=("A27-6",),
    head="opt_out",
    needs=("basis",),
    rule={
        "ja": "周知から提供開始まで、本人が停止を求める期間がある（日数の定めはない）",
        "en": "Between publicity and start, principals have time to object (no number of days is fixed)",
    },
    fails={
        "ja": "「{recipient}」：周知（{published_on}）から提供開始（{start}）まで1日もありません。",
        "en": '"{recipient}": not a single day lies between publicity ({published_on}) and the start ({start}).',
    },
    remedy={
        "ja": "本人が停止を求めるのに足りる期間を置いてから提供する",
        "en": "Leave principals enough time to object before the start",
    },
)
def time_to_object(rows: Rows, day: np.datetime64) -> Result:
    """
    Rules Art. 11(1) fixes no number of days, so only a start on the day of publicity or earlier fails.
    """
    del day
    published, start = rows.date("published_on"), _start(rows)
    speaks = _opt_out(rows) & ~np.isnat(published) & ~np.isnat(start)
    return speaks, published < start, {"start": start}


@check(
    NAME,
    "basis",
    serves=("A27-7",),
    head="opt_out",
    rule={
        "ja": "要配慮個人情報、不正取得データ、オプトアウトで取得したデータをオプトアウトで提供していない",
        "en": "Special care-required data, wrongfully acquired data and data received by opt-out never go by opt-out",
    },
    fails={
        "ja": "「{recipient}」へオプトアウトで提供できないデータを提供しています（要配慮個人情報：{special_care}、オプトアウトで取得：{received_by_opt_out}、不正取得：{wrongly_acquired}）。",
        "en": 'Data barred from opt-out went to "{recipient}" (special care-required: {special_care}; received by '
        "opt-out: {received_by_opt_out}; wrongfully acquired: {wrongly_acquired}).",
    },
    remedy={
        "ja": "提供を止める。提供するなら本人の同意など別の根拠による",
        "en": "Stop; provide only on another ground, such as consent",
    },
)
def allowed_by_opt_out(rows: Rows, day: np.datetime64) -> Result:
    """
    Three kinds of data never go out by opt-out (Art. 27(2), proviso).
    """
    barred = ("special_care", "received_by_opt_out", "wrongly_acquired")
    told, found = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for column in barred:
        told |= rows.filled(column)
        found |= rows.says(column, "yes")
    return _opt_out(rows) & went_out(rows, day) & told, ~found


@check(
    NAME,
    "change_filed_on",
    serves=("A27-8",),
    head="opt_out",
    needs=("basis", "change", "changed_on"),
    rule={
        "ja": "オプトアウト事項の変更や提供の終了を周知し、届け出ている（項目・方法等は変更の前に。ほかは30日間判定しない）",
        "en": "Changes and the end of opt-out provision were made known and filed, items and methods in advance "
        "(others are not judged in the first 30 days)",
    },
    fails={
        "ja": "「{recipient}」：{change}（{changed_on}）の周知・届出（{change_filed_on}）がないか、項目・方法等の変更より後です。",
        "en": '"{recipient}": {change} ({changed_on}) was not made known and filed ({change_filed_on}), or a change of '
        "items or methods was filed after it.",
    },
    remedy={
        "ja": "変更または終了を周知し、委員会に届け出る",
        "en": "Make the change or end known and file it with the PPC",
    },
)
def changes_filed(rows: Rows, day: np.datetime64) -> Result:
    """
    Items and methods are filed in advance, particulars and the end without delay, which has no day
    count (Art. 27(3)). A change without its day may still lie ahead.
    """
    filed, changed = rows.date("change_filed_on"), rows.date("changed_on")
    late = rows.says("change", "content") & (filed > changed)
    fresh = ~rows.says("change", "content") & np.isnat(filed) & (changed > day - TOO_FRESH)
    return _opt_out(rows) & rows.filled("change", "changed_on") & ~fresh, ~np.isnat(filed) & ~late


@check(
    NAME,
    "own_published_on",
    serves=("A27-9",),
    head="opt_out",
    needs=("basis", "ppc_published_on"),
    rule={
        "ja": "委員会の公表後、届出事項を自社でも公表している（委員会の公表から30日間は判定しない）",
        "en": "After the PPC did, the operator itself published the filed items (not judged in the first 30 days)",
    },
    fails={
        "ja": "委員会は{ppc_published_on}に届出事項を公表しましたが、自社の公表日がありません（提供先「{recipient}」）。",
        "en": "The PPC published the filing on {ppc_published_on}, but no own publication is recorded "
        '(recipient "{recipient}").',
    },
    remedy={
        "ja": "届出事項を自社のウェブサイトなどで速やかに公表する",
        "en": "Promptly publish the filed items on your own site or the like",
    },
)
def own_publication(rows: Rows, day: np.datetime64) -> Result:
    """
    Rules Art. 14: promptly, without a day count; it speaks once the PPC has published.
    """
    published = rows.filled("own_published_on")
    fresh = ~published & (rows.date("ppc_published_on") > day - TOO_FRESH)
    return _opt_out(rows) & rows.filled("ppc_published_on") & ~fresh, published


@check(
    NAME,
    "stopped_on",
    serves=("A27-18",),
    head="stop",
    needs=("basis", "stop_requested_on"),
    rule={
        "ja": "停止の求めを受けた本人の個人データを、その後提供していない",
        "en": "After the principal asked to stop, that person's data is no longer provided",
    },
    fails={
        "ja": "本人は{stop_requested_on}に停止を求めましたが（停止日：{stopped_on}）、{last}に「{recipient}」へ提供しています。",
        "en": 'The principal asked to stop on {stop_requested_on} (stopped: {stopped_on}), yet data went to "{recipient}" '
        "on {last}.",
    },
    remedy={
        "ja": "直ちに提供を止め、以後の提供から除かれることを確かめる",
        "en": "Stop at once and make sure that the person drops out of later deliveries",
    },
)
def stop_kept(rows: Rows, day: np.datetime64) -> Result:
    """
    Stopping on request is the condition of opt-out (Art. 27(2)). A stop on record is broken by a later
    provision, a request without one by any provision after it; an open request alone is not judged.
    """
    del day
    ignored = _stop_ignored(rows)
    return _opt_out(rows) & (ignored | rows.filled("stopped_on")), ~ignored, {"last": _last(rows)}


def _stop_ignored(rows: Rows) -> Mask:
    asked, stopped = rows.date("stop_requested_on"), rows.date("stopped_on")
    ignored: Mask = _last(rows) > np.where(np.isnat(stopped), asked, stopped)
    return ignored


@check(
    NAME,
    "stopped_on",
    serves=(),
    head="stop",
    needs=("basis", "stop_requested_on"),
    rule={
        "ja": "停止の求めに対する停止日が書かれている",
        "en": "For each request to stop, the day of stopping is written down",
    },
    fails={
        "ja": "「{recipient}」への提供について{stop_requested_on}に停止を求められていますが、停止日の記載がありません。",
        "en": 'A stop of the provision to "{recipient}" was asked for on {stop_requested_on}; no day of stopping is written.',
    },
    remedy={
        "ja": "提供を止め、停止日を書く",
        "en": "Stop the provision and write the day",
    },
)
def stop_written(rows: Rows, day: np.datetime64) -> Result:
    """
    Requests that are still open; the law counts no days here, so this only informs.
    """
    del day
    return _opt_out(rows) & rows.filled("stop_requested_on"), rows.filled("stopped_on")


@check(
    NAME,
    "country",
    serves=("A28-1",),
    head="abroad",
    rule={
        "ja": "提供先の所在国が分かっている（不明は日本とみなさない）",
        "en": "The country of the recipient is known (not known is never taken as Japan)",
    },
    fails={
        "ja": "「{recipient}」の所在国は不明とされ、法28条の根拠を判断できません。",
        "en": 'The country of "{recipient}" is marked as not known, so no route under Art. 28 can be shown.',
    },
    remedy={"ja": "提供先（法人）の所在国を確認する", "en": "Find out the country of the recipient itself"},
)
def country_known(rows: Rows, day: np.datetime64) -> Result:
    """
    The country of the recipient decides Art. 28 (Q&A 12-11); it fails only where it is written down as
    not known. Consent to provision abroad (Rules Art. 17(3)) and items of Art. 27(1) hold whatever it is.
    """
    del day
    anywhere = rows.says("route", "consent") | rows.says("basis", *ITEMS)
    anywhere |= rows.says("route", "exception") & _no_false_law(rows)
    here = rows.says("recipient_kind", "public_body", "foreign_in_japan")
    speaks = to_third_party(rows) & rows.filled("country") & ~here
    return speaks, ~rows.says("country", UNKNOWN) | anywhere


@check(
    NAME,
    "country",
    serves=(),
    head="abroad",
    rule={"ja": "提供先の所在国が書かれている", "en": "The country of the recipient is written down"},
    fails={
        "ja": "「{recipient}」の所在国の記載がなく、法28条の対象かどうかが分かりません。",
        "en": 'No country is written for "{recipient}", so it cannot be told whether Art. 28 applies.',
    },
    remedy={"ja": "提供先（法人）の所在国を書く", "en": "Write the country of the recipient itself"},
)
def country_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank country is not taken as Japan; it breaks no duty by itself.
    """
    del day
    named = ~rows.says("recipient_kind", "own_branch", "public_body", "unspecified")
    return named, rows.filled("country")


@check(
    NAME,
    "route",
    serves=("A28-1",),
    head="abroad",
    needs=("country",),
    rule={
        "ja": "外国にある第三者への提供の根拠（法28条）が、国や法27条の根拠と合っている",
        "en": "The route under Art. 28 fits the country and the ground under Art. 27",
    },
    fails={
        "ja": "「{recipient}」（{country}）：法28条の根拠がないか、合いません（法28条：{route}、法27条：{basis}）。委託や共同利用でも根拠は必要です。",
        "en": '"{recipient}" ({country}): no route under Art. 28, or one that does not fit (Art. 28: {route}; Art. 27: '
        "{basis}). Entrustment and joint use need a route too.",
    },
    remedy={
        "ja": "基準適合体制（契約等）を整えるか、情報を提供して同意を得る。できなければ提供を止める",
        "en": "Set up an equivalent-measures system or obtain informed consent; otherwise stop",
    },
)
def route_fits(rows: Rows, day: np.datetime64) -> Result:
    """
    "Designated" is only the EEA and the UK, an exception only an item of Art. 27(1), and Art. 27(5)
    gives no way round Art. 28(1). A blank route is left to ``route_written``.
    """
    in_designated, by_item = _designated(rows, day), rows.says("basis", *ITEMS)
    routed = rows.says("route", "contract", "cbpr", "consent")
    routed |= rows.says("route", "exception") & _no_false_law(rows)
    speaks = abroad(rows) & (rows.filled("route") | in_designated | by_item)
    return speaks, in_designated | by_item | routed


@check(
    NAME,
    "route",
    serves=(),
    head="abroad",
    needs=("country",),
    rule={
        "ja": "外国の提供先に法28条の根拠が書かれている",
        "en": "For a recipient abroad the route under Art. 28 is written down",
    },
    fails={
        "ja": "「{recipient}」（{country}）に法28条の根拠の記載がありません（法27条の根拠：{basis}）。委託や共同利用でも必要です。",
        "en": 'No route under Art. 28 is written for "{recipient}" ({country}; Art. 27: {basis}). Entrustment and joint '
        "use need one too.",
    },
    remedy={"ja": "法28条の根拠を確かめて書く", "en": "Establish and write the route under Art. 28"},
)
def route_written(rows: Rows, day: np.datetime64) -> Result:
    """
    Where no country and no item of Art. 27(1) answers for it, the route has to be written somewhere. A
    record of provision need not hold it (Rules Art. 20), so a blank here breaks no duty by itself; the
    registers of entrusted parties and of foreign transfers are kept to show it.
    """
    open_question = abroad(rows) & ~_designated(rows, day) & ~rows.says("basis", *ITEMS)
    return open_question, rows.filled("route")


@check(
    NAME,
    "consent_on",
    serves=("A28-1", "A28-2"),
    head="abroad",
    needs=("country", "route", "provided_on"),
    rule={
        "ja": "外国にある第三者への提供の同意を提供の前に得ている",
        "en": "Consent to provision abroad was obtained beforehand",
    },
    fails={
        "ja": "「{recipient}」（{country}）への提供（{provided_on}）は、同意（{consent_on}）より前に行われています。",
        "en": 'The provision to "{recipient}" ({country}, {provided_on}) came before the consent ({consent_on}).',
    },
    remedy={
        "ja": "日付を確かめ、同意の前に提供した手順を改める",
        "en": "Check the dates and mend the procedure that let data out before consent",
    },
)
def consent_abroad_beforehand(rows: Rows, day: np.datetime64) -> Result:
    """
    Consent to provision abroad comes first (Art. 28(1)).
    """
    del day
    return _consent_abroad(rows) & rows.filled("consent_on", "provided_on"), ~_late_consent(rows)


@check(
    NAME,
    "recorded_how",
    serves=("A29-1",),
    head="record",
    needs=("basis",),
    rule={
        "ja": "記録が必要な提供を記録している",
        "en": "Provision that needs a record is recorded",
    },
    fails={
        "ja": "「{recipient}」への提供（根拠：{basis}）には記録が必要ですが、作成した記載がありません（記録の方法：{recorded_how}）。",
        "en": 'The provision to "{recipient}" (ground: {basis}) needs a record, but none is stated as made '
        "(how: {recorded_how}).",
    },
    remedy={"ja": "速やかに記録を作成する", "en": "Make the record promptly"},
)
def record_made(rows: Rows, day: np.datetime64) -> Result:
    """
    Provision is recorded unless Art. 27(1) items, 27(5) or a public body exempt it (Art. 29(1)).
    """
    return needs_record(rows, day), recorded(rows) | rows.says("recorded_how", "exempt")


@check(
    NAME,
    "recorded_how",
    serves=("A28-12",),
    head="record",
    needs=("country", "route"),
    rule={
        "ja": "外国にある第三者への提供を記録している（同意による委託・共同利用等を含む）",
        "en": "Provision abroad is recorded, with consent also for entrustment and joint use",
    },
    fails={
        "ja": "「{recipient}」（{country}）への提供は記録が必要ですが、作成した記載がありません（法28条：{route}、法27条：{basis}）。",
        "en": 'The provision to "{recipient}" ({country}) needs a record, but none is stated as made (Art. 28: {route}; '
        "Art. 27: {basis}).",
    },
    remedy={
        "ja": "記録を作成する。同意によるときは委託でも記録する",
        "en": "Make the record; on the consent route for entrustment too",
    },
)
def record_abroad(rows: Rows, day: np.datetime64) -> Result:
    """
    On the consent route only an item of Art. 27(1) exempts (Art. 29(1), brackets).
    """
    return abroad(rows) & needs_record(rows, day), recorded(rows) | rows.says("recorded_how", "exempt")


@check(
    NAME,
    "representative",
    serves=("A29-2",),
    head="content",
    needs=("basis", "address", "principal", "items"),
    sufficient=True,
    rule={
        "ja": "同意による提供の記録に、提供先の住所・代表者、本人、項目がある（日付は不要）",
        "en": "The record of provision with consent holds address and representative, principal and items (no date needed)",
    },
    fails={
        "ja": "「{recipient}」への提供の記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of provision to "{recipient}" lacks: {missing_en}.',
    },
    remedy={"ja": "欠けている事項を確かめて書く", "en": "Find out and write what is missing"},
)
def consent_content(rows: Rows, day: np.datetime64) -> Result:
    """
    Content of Rules Art. 20(1)(ii), without a date. A contract that stands in holds it itself.
    """
    by_consent = rows.says("basis", "consent") | _consent_abroad(rows)
    speaks = needs_record(rows, day) & by_consent & _in_register(rows)
    return complete(rows, speaks, _held(rows, speaks))


def _in_register(rows: Rows) -> Mask:
    return ~rows.says("recorded_how", "contract", "exempt", "not_required", "none")


@check(
    NAME,
    "provided_on",
    serves=("A29-3",),
    head="content",
    needs=("basis", "address", "representative", "principal", "items"),
    sufficient=True,
    rule={
        "ja": "オプトアウトによる提供の記録に、提供年月日、提供先の住所・代表者、本人、項目がある",
        "en": "The record of opt-out provision holds date, address and representative, principal and items",
    },
    fails={
        "ja": "「{recipient}」へのオプトアウトによる提供の記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of opt-out provision to "{recipient}" lacks: {missing_en}.',
    },
    remedy={"ja": "欠けている事項を確かめて書く", "en": "Find out and write what is missing"},
)
def opt_out_content(rows: Rows, day: np.datetime64) -> Result:
    """
    Content of Rules Art. 20(1)(i), with the date; provision still planned has no record yet.
    """
    speaks = needs_record(rows, day) & _opt_out(rows) & _in_register(rows)
    return complete(rows, speaks, {"provided_on": rows.filled("provided_on"), **_held(rows, speaks)})


@check(
    NAME,
    "recorded_how",
    serves=("A29-4",),
    head="record",
    needs=("basis",),
    rule={
        "ja": "一括の記録と契約書等による代替を、認められる提供だけに用いている",
        "en": "Recording together and contracts that stand in are used only where allowed",
    },
    fails={
        "ja": "「{recipient}」への提供（根拠：{basis}）の記録に「{recorded_how}」は使えません（本人への物品・役務に関連：{for_principal}）。",
        "en": '"{recorded_how}" is not open for the provision to "{recipient}" (ground: {basis}; goods or services for the '
        "principal: {for_principal}).",
    },
    remedy={"ja": "提供の都度、記録を作成する", "en": "Make a record of each provision"},
)
def method_open(rows: Rows, day: np.datetime64) -> Result:
    """
    Opt-out is never recorded together; a contract stands in only for provision that relates to goods
    or services for the principal (Rules Art. 19(2), (3)).
    """
    together, contract = rows.says("recorded_how", "together"), rows.says("recorded_how", "contract")
    wrong = (together & rows.says("basis", "opt_out")) | (contract & rows.says("for_principal", "no"))
    return needs_record(rows, day) & (together | contract), ~wrong


@check(
    NAME,
    "reason",
    serves=("A29-6",),
    head="record",
    needs=("recorded_how",),
    rule={
        "ja": "解釈により記録を作成しない提供に、その理由が書かれている",
        "en": "Where no record is made by interpretation, the reason is written down",
    },
    fails={
        "ja": "「{recipient}」への提供は解釈により記録不要とされていますが、理由の記載がありません。",
        "en": 'The provision to "{recipient}" is held exempt by interpretation, but no reason is written.',
    },
    remedy={
        "ja": "本人による提供、本人に代わる提供などに当たる理由を書く。当たらなければ記録を作成する",
        "en": "Write why it falls under an exemption, such as provision for the principal; otherwise make the record",
    },
)
def exemption_reasoned(rows: Rows, day: np.datetime64) -> Result:
    """
    An exemption by interpretation is reasoned (GLR 2-2).
    """
    del day
    speaks = to_third_party(rows) & rows.says("recorded_how", "exempt")
    return speaks, written(rows, speaks, "reason")


@check(
    NAME,
    "kept_until",
    serves=("A29-5",),
    head="retention",
    needs=("basis", "recorded_how"),
    rule={
        "ja": "記録の保存期限が法定の期間（契約書等は最終提供日から1年、一括は最終提供日から3年、ほかは作成日から3年）を満たす",
        "en": "The record is to be kept for the period of its method: 1 year from the last provision (contract), "
        "3 years from it (together), else 3 years from making the record",
    },
    fails={
        "ja": "「{recipient}」への提供の記録（{recorded_how}）は{due}まで保存が必要ですが、保存期限は{kept_until}です。",
        "en": 'The record of provision to "{recipient}" ({recorded_how}) has to be kept until {due}, but its end is set to '
        "{kept_until}.",
    },
    remedy={"ja": "保存期限を延ばす", "en": "Set a later end of retention"},
)
def kept_long_enough(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 29(2), Rules Art. 21; it speaks where an end is set and the day that it runs from is known.
    """
    due, end = _due(rows), rows.date("kept_until")
    speaks = _has_record(rows, day) & ~np.isnat(due) & ~np.isnat(end)
    return speaks, end >= due, {"due": due}


def _has_record(rows: Rows, day: np.datetime64) -> Mask:
    return needs_record(rows, day) & (recorded(rows) | ~rows.filled("recorded_how"))


@check(
    NAME,
    "destroyed_on",
    serves=("A29-5",),
    head="retention",
    needs=("basis", "recorded_how"),
    rule={
        "ja": "記録を法定の保存期間の満了前に廃棄していない",
        "en": "No record was destroyed before its period was over",
    },
    fails={
        "ja": "「{recipient}」への提供の記録（{recorded_how}）は{due}まで保存が必要でしたが、{destroyed_on}に廃棄されています。",
        "en": 'The record of provision to "{recipient}" ({recorded_how}) had to be kept until {due} but was destroyed on '
        "{destroyed_on}.",
    },
    remedy={
        "ja": "廃棄の基準を法定の期間に合わせる。作り直せる記録は作り直す",
        "en": "Bring the disposal rule in line with the period; restore the record if possible",
    },
)
def not_destroyed_early(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 29(2), Rules Art. 21: the record is still there on the last day of its period.
    """
    due, destroyed = _due(rows), rows.date("destroyed_on")
    speaks = _has_record(rows, day) & ~np.isnat(due) & ~np.isnat(destroyed)
    return speaks, destroyed > due, {"due": due}


@check(
    NAME,
    "recipient",
    serves=(),
    head="abroad",
    needs=("country",),
    against=("foreign_transfers",),
    rule={
        "ja": "外国の提供先が外国提供台帳にも載っている",
        "en": "A recipient abroad is also listed in the register of foreign transfers",
    },
    fails={
        "ja": "「{recipient}」（{country}）が外国提供台帳にありません。",
        "en": '"{recipient}" ({country}) is missing from the register of foreign transfers.',
    },
    remedy={"ja": "外国提供台帳に加える", "en": "Add it to the register of foreign transfers"},
)
def in_foreign_transfers(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same recipients abroad.
    """
    del day
    return abroad(rows), named_in(rows, "recipient", others["foreign_transfers"], "recipient")


@check(
    NAME,
    "recipient",
    serves=(),
    head="ground",
    needs=("basis",),
    against=("entrusted_parties",),
    rule={
        "ja": "委託を根拠とする提供先が委託先管理台帳にも載っている",
        "en": "A recipient by entrustment is also listed in the register of entrusted parties",
    },
    fails={
        "ja": "「{recipient}」への提供は委託によるとされていますが、委託先管理台帳にありません。",
        "en": 'The provision to "{recipient}" is said to be entrustment, but it is missing from the register of entrusted '
        "parties.",
    },
    remedy={
        "ja": "委託先管理台帳に加えて監督する。委託でなければ根拠を見直す",
        "en": "Add it there and supervise it; if it is no entrustment, review the ground",
    },
)
def in_entrusted_parties(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    Whoever is given data by entrustment has to be supervised under Art. 25.
    """
    del day
    entrusted = to_third_party(rows) & rows.says("basis", "entrustment")
    return entrusted, named_in(rows, "recipient", others["entrusted_parties"], "name")


def _current(rows: Rows) -> Mask:
    return to_third_party(rows) & still_kept(rows, "provided_on", "last_provided_on")


@presence("G06", NAME, "basis")
def by_consent(rows: Rows, day: np.datetime64) -> Mask:
    """
    Provision with consent, as long as its record is there.
    """
    del day
    return _current(rows) & rows.says("basis", "consent")


@presence("G07", NAME, "basis")
def by_opt_out(rows: Rows, day: np.datetime64) -> Mask:
    """
    Provision by opt-out, planned ones included.
    """
    del day
    return _current(rows) & rows.says("basis", "opt_out")


@presence("G04", NAME, "basis")
def by_entrustment(rows: Rows, day: np.datetime64) -> Mask:
    """
    Entrustment.
    """
    del day
    return _current(rows) & rows.says("basis", "entrustment")


@presence("G08", NAME, "basis")
def by_joint_use(rows: Rows, day: np.datetime64) -> Mask:
    """
    Joint use.
    """
    del day
    return _current(rows) & rows.says("basis", "joint_use")


@presence("G09", NAME, "basis")
def by_succession(rows: Rows, day: np.datetime64) -> Mask:
    """
    Business succession.
    """
    del day
    return _current(rows) & rows.says("basis", "succession")


@presence("G10", NAME, "country")
def to_abroad(rows: Rows, day: np.datetime64) -> Mask:
    """
    A recipient that is a third party in a foreign country.
    """
    del day
    return _current(rows) & abroad(rows)


@presence("G03", NAME, "special_care")
def of_special_care(rows: Rows, day: np.datetime64) -> Mask:
    """
    Special care-required information that was held when it was provided.
    """
    del day
    return _current(rows) & rows.says("special_care", "yes")


@presence("G21", NAME, "basis")
def by_academic_institution(rows: Rows, day: np.datetime64) -> Mask:
    """
    Exceptions that only an academic institution has: Art. 27(1)(v) and (vi).
    """
    del day
    return _current(rows) & rows.says("basis", "academic_publication", "joint_research")
