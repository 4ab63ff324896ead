"""
Receipts from third parties (受領): Art. 30, the recipient's side of Art. 31, Art. 20 and the
Supplementary Rules at receipt.
"""

from __future__ import annotations

import numpy as np

from appi_assess.registers import Days, Mask, Rows

from . import Result, check, presence
from .records import complete, record_due, recorded, still_kept, written
from .rules import named_in
from .third_party_provisions import NOT_THIRD_PARTIES

NAME = "receipts"
# Art. 30(1), proviso, and what is outside by interpretation; with the provider a public body, too.
EXEMPT = ("exception", *NOT_THIRD_PARTIES, "outside")
# Art. 20(2)(i) to (viii); "law" is Japanese law only, and who made it public decides in (vii).
SPECIAL_CARE_ITEMS = ("law", "life", "public_health", "cooperation", "academic", "published", "order")
# In every record of personal data received, beside the provider's particulars.
CONTENT = ("acquired_how", "principal", "items")


def received(rows: Rows) -> Mask:
    """
    Where the data was taken; a row without an outcome tells of a receipt.
    """
    return ~rows.says("outcome", "refused", "pending")


def to_confirm(rows: Rows) -> Mask:
    """
    Where Art. 30 covers personal data; where no ground is written this cannot be told.
    """
    return received(rows) & ~_referable(rows) & rows.filled("basis") & ~_exempt(rows)


def to_attach(rows: Rows) -> Mask:
    """
    Where Arts 30 and 31 cover personally referable information that becomes personal data here.
    """
    return received(rows) & _referable(rows) & ~_exempt(rows)


def _exempt(rows: Rows) -> Mask:
    return rows.says("basis", *EXEMPT) | rows.says("provider_kind", "public_body")


def _referable(rows: Rows) -> Mask:
    return rows.says("data_kind", "referable")


def _adequacy(rows: Rows) -> Mask:
    return received(rows) & rows.says("adequacy", "eu", "uk")


def _special_care(rows: Rows) -> Mask:
    """
    Special care-required information that was taken; not where entrustment, succession or joint use
    is itself the ground (Art. 20(2)(viii), Order Art. 9).
    """
    return received(rows) & rows.says("special_care", "yes") & ~rows.says("basis", *NOT_THIRD_PARTIES)


def _due(rows: Rows) -> Days:
    return record_due(rows, "received_on", "last_received_on")


def _purpose_asked(rows: Rows) -> Mask:
    """
    Where the row has to hold the original purpose; a contract that stands in holds it itself.
    """
    return _adequacy(rows) & ~_exempt(rows) & ~rows.says("recorded_how", "contract")


def _in_register(rows: Rows) -> Mask:
    """
    Where the row itself is the record: not where a contract stands in or none was made.
    """
    return ~rows.says("recorded_how", "contract", "none")


def _held(rows: Rows, among: Mask, *columns: str) -> dict[str, Mask]:
    """
    Where the provider's particulars and these columns are recorded.
    """
    person = rows.says("provider_kind", "individual")
    return {
        "address": written(rows, among, "address"),
        "representative": written(rows, among, "representative") | person,
        **{column: written(rows, among, column) for column in columns},
    }


@check(
    NAME,
    "basis",
    serves=(),
    head="confirm",
    rule={"ja": "提供元の提供の根拠が書かれている", "en": "The provider's ground is written down"},
    fails={
        "ja": "「{provider}」からの受領に、提供元が何を根拠に提供したかの記載がありません。",
        "en": 'For the receipt from "{provider}", the ground on which it was provided is not written.',
    },
    remedy={
        "ja": "同意、オプトアウトなど、提供元の根拠を確かめて書く",
        "en": "Find out and write the provider's ground, such as consent or opt-out",
    },
)
def ground_written(rows: Rows, day: np.datetime64) -> Result:
    """
    The content of the record hangs on the ground; a blank one breaks no duty by itself.
    """
    del day
    asked = received(rows) & ~_referable(rows) & ~rows.says("provider_kind", "public_body")
    return asked, rows.filled("basis")


@check(
    NAME,
    "particulars_confirmed",
    serves=("A30-1",),
    head="confirm",
    needs=("basis",),
    rule={
        "ja": "提供元の氏名・住所・代表者を確認している",
        "en": "The provider's name, address and representative are confirmed",
    },
    fails={
        "ja": "「{provider}」の氏名・住所・代表者を確認した記載がありません。",
        "en": 'Name, address and representative of "{provider}" are not marked as confirmed.',
    },
    remedy={
        "ja": "提供元から申告を受けるなどして確認し、記録する",
        "en": "Confirm them, by declaration or the like, and record it",
    },
)
def provider_confirmed(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 30(1)(i), Rules Art. 22(1).
    """
    del day
    return to_confirm(rows), rows.says("particulars_confirmed", "yes")


@check(
    NAME,
    "confirmed_by",
    serves=("A30-2",),
    head="confirm",
    needs=("basis", "acquired_how"),
    sufficient=True,
    rule={
        "ja": "提供元の取得の経緯を契約書その他の書面等で確認している",
        "en": "How the provider acquired the data is confirmed by a contract or other documents",
    },
    fails={
        "ja": "「{provider}」の取得の経緯（{acquired_how}）を書面等で確認した記載がありません（確認方法：{confirmed_by}）。",
        "en": 'How "{provider}" acquired the data ({acquired_how}) is not confirmed by documents (by: {confirmed_by}).',
    },
    remedy={
        "ja": "取得の相手方と方法が分かる契約書や画面の写しなどを受け取る",
        "en": "Obtain papers that show from whom and how it was acquired",
    },
)
def acquisition_confirmed(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 30(1)(ii), Rules Art. 22(2); a mere warranty of lawful acquisition shows no source.
    """
    del day
    speaks = to_confirm(rows)
    return speaks, written(rows, speaks, "acquired_how") & rows.says("confirmed_by", "contract", "document")


@check(
    NAME,
    "outcome",
    serves=("A30-3", "A20-1"),
    head="lawful",
    needs=("suspected",),
    rule={
        "ja": "不正な入手が疑われるデータを受領していない",
        "en": "Data of suspected unlawful origin is not taken",
    },
    fails={
        "ja": "「{provider}」のデータは適法に入手されたものでない疑いがあるとされながら、受領されています。",
        "en": 'Data from "{provider}" was taken although an unlawful origin is suspected.',
    },
    remedy={
        "ja": "利用を止めて出所を確かめる。疑いが残るデータは受領しない",
        "en": "Stop using it and find out its origin; take no data while doubt remains",
    },
)
def doubtful_refused(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 20(1), GLR 3-1-2, 3-1-3: what is suspected is refused. Without outcome or day of receipt
    nothing says that it was taken.
    """
    del day
    told = rows.filled("outcome") | rows.filled("received_on")
    return rows.says("suspected", "yes") & told, ~received(rows)


@check(
    NAME,
    "special_care_basis",
    serves=("A20-2",),
    head="special_care",
    needs=("special_care",),
    rule={
        "ja": "要配慮個人情報の受領に、必要な同意または法20条2項各号の根拠がある",
        "en": "Special care-required information is taken with the necessary consents or under Art. 20(2)",
    },
    fails={
        "ja": "「{provider}」から、同意も法20条2項各号の根拠もない要配慮個人情報を取得しています。",
        "en": 'Special care-required information came from "{provider}" without consent or an item of Art. 20(2).',
    },
    remedy={
        "ja": "利用を止め、提供元が取得と第三者提供の同意を得ているかを確かめる。なければ消去する",
        "en": "Stop using it; check that the provider holds the consents to acquisition and provision, otherwise erase it",
    },
)
def special_care_consented(rows: Rows, day: np.datetime64) -> Result:
    """
    A provider that holds the needed consents makes a second one superfluous (GL 3-3-2 note 2); it
    fails only where the row says that there is no ground.
    """
    del day
    speaks = _special_care(rows) & rows.filled("special_care_basis")
    return speaks, ~rows.says("special_care_basis", "none")


@check(
    NAME,
    "special_care_basis",
    serves=("A20-2", "A20-3"),
    head="special_care",
    needs=("special_care",),
    rule={
        "ja": "同意によらない要配慮個人情報の取得が、法20条2項各号のいずれかに当たる",
        "en": "Special care-required information taken without consent falls under an item of Art. 20(2)",
    },
    fails={
        "ja": "「{provider}」から要配慮個人情報を取得した根拠（{special_care_basis}）は、法20条2項各号に当たりません。",
        "en": 'The ground for special care-required information from "{provider}" ({special_care_basis}) is no item of '
        "Art. 20(2).",
    },
    remedy={
        "ja": "本人の同意を得るか、法20条2項の他の号に当たるかを確かめる。なければ消去する",
        "en": "Obtain consent or establish another item of Art. 20(2); otherwise erase it",
    },
)
def special_care_item(rows: Rows, day: np.datetime64) -> Result:
    """
    Foreign law is not item (i), and item (vii) needs publication by a person that the law names.
    """
    del day
    false_items = rows.says("special_care_basis", "foreign_law", "published_by_others")
    by_item = rows.says("special_care_basis", *SPECIAL_CARE_ITEMS) | false_items
    return _special_care(rows) & by_item, ~false_items


@check(
    NAME,
    "special_care_basis",
    serves=(),
    head="special_care",
    needs=("special_care",),
    rule={
        "ja": "要配慮個人情報を取得した根拠が書かれている",
        "en": "The ground for special care-required information is written down",
    },
    fails={
        "ja": "「{provider}」から受領した要配慮個人情報について、取得の根拠の記載がありません。",
        "en": 'No ground is written for the special care-required information from "{provider}".',
    },
    remedy={
        "ja": "必要な同意があるか、法20条2項のどの号によるかを確かめて書く",
        "en": "Find out and write whether the consents are held or which item of Art. 20(2) applies",
    },
)
def special_care_ground_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank ground breaks no duty by itself, but has to be found out.
    """
    del day
    return _special_care(rows), rows.filled("special_care_basis")


@check(
    NAME,
    "recorded_how",
    serves=("A30-4",),
    head="record",
    needs=("basis",),
    rule={"ja": "確認の記録を作成している", "en": "A record of the confirmation is made"},
    fails={
        "ja": "「{provider}」からの受領について、確認の記録を作成した記載がありません（記録の方法：{recorded_how}）。",
        "en": 'For the receipt from "{provider}", no record is stated as made (how: {recorded_how}).',
    },
    remedy={"ja": "速やかに記録を作成する", "en": "Make the record promptly"},
)
def record_made(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 30(3); what the record holds is judged apart.
    """
    del day
    return to_confirm(rows), recorded(rows)


@check(
    NAME,
    "consent",
    serves=("A30-4",),
    head="content",
    needs=("basis", "address", "representative", "acquired_how", "principal", "items"),
    sufficient=True,
    rule={
        "ja": "同意に基づく受領の記録に、同意を得ている旨、提供元の住所・代表者、取得の経緯、本人、項目がある（日付は不要）",
        "en": "The record of a receipt based on consent holds that it exists, the provider's particulars, how acquired, "
        "principal and items (no date needed)",
    },
    fails={
        "ja": "「{provider}」からの受領の記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of the receipt from "{provider}" lacks: {missing_en}.',
    },
    remedy={"ja": "欠けている事項を確かめて書く", "en": "Find out and write what is missing"},
)
def consent_content(rows: Rows, day: np.datetime64) -> Result:
    """
    Content of Rules Art. 24(1) for consent, without a date. A contract that stands in holds it itself.
    """
    del day
    speaks = _content_asked(rows, "consent")
    held = {"consent": rows.says("consent", "yes"), **_held(rows, speaks, *CONTENT)}
    return complete(rows, speaks, held)


def _content_asked(rows: Rows, basis: str) -> Mask:
    return to_confirm(rows) & rows.says("basis", basis) & _in_register(rows)


@check(
    NAME,
    "ppc_published",
    serves=("A30-4",),
    head="content",
    needs=("basis", "received_on", "address", "representative", "acquired_how", "principal", "items"),
    sufficient=True,
    rule={
        "ja": "オプトアウトによる受領の記録に、年月日、提供元の住所・代表者、取得の経緯、本人、項目、届出の公表の確認がある",
        "en": "The record of an opt-out receipt holds date, the provider's particulars, how acquired, principal, items and "
        "that the filing was published",
    },
    fails={
        "ja": "「{provider}」からのオプトアウトによる受領の記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of the opt-out receipt from "{provider}" lacks: {missing_en}.',
    },
    remedy={
        "ja": "委員会の公表を確かめ、欠けている事項を書く",
        "en": "Check that the PPC published the filing and write what is missing",
    },
)
def opt_out_content(rows: Rows, day: np.datetime64) -> Result:
    """
    Content of Rules Art. 24(1) for opt-out: with the date, and that the PPC published (Art. 27(4)).
    """
    del day
    speaks = _content_asked(rows, "opt_out")
    held = {"received_on": rows.filled("received_on"), "ppc_published": rows.says("ppc_published", "yes")}
    return complete(rows, speaks, {**held, **_held(rows, speaks, *CONTENT)})


@check(
    NAME,
    "acquired_how",
    serves=("A30-4",),
    head="content",
    needs=("basis", "address", "representative", "principal", "items"),
    sufficient=True,
    rule={
        "ja": "個人情報取扱事業者でない者からの受領の記録に、住所・代表者、取得の経緯、本人、項目がある",
        "en": "The record of a receipt from a non-operator holds its particulars, how acquired, principal and items",
    },
    fails={
        "ja": "「{provider}」からの受領の記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of the receipt from "{provider}" lacks: {missing_en}.',
    },
    remedy={"ja": "欠けている事項を確かめて書く", "en": "Find out and write what is missing"},
)
def non_operator_content(rows: Rows, day: np.datetime64) -> Result:
    """
    Content of Rules Art. 24(1) where the provider is not an operator: neither consent nor date.
    """
    del day
    speaks = _content_asked(rows, "non_operator")
    return complete(rows, speaks, _held(rows, speaks, *CONTENT))


@check(
    NAME,
    "kept_until",
    serves=("A30-5",),
    head="retention",
    needs=("recorded_how",),
    rule={
        "ja": "記録の保存期限が法定の期間（契約書等は最終受領日から1年、一括は最終受領日から3年、ほかは作成日から3年）を満たす",
        "en": "The record is to be kept for the period of its method: 1 year from the last receipt (contract), "
        "3 years from it (together), else 3 years from making the record",
    },
    fails={
        "ja": "「{provider}」からの受領の記録（{recorded_how}）は{due}まで保存が必要ですが、保存期限は{kept_until}です。",
        "en": 'The record of the receipt from "{provider}" ({recorded_how}) has to be kept until {due}, but its end is set '
        "to {kept_until}.",
    },
    remedy={"ja": "保存期限を延ばす", "en": "Set a later end of retention"},
)
def kept_long_enough(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 30(4), Rules Art. 25; it speaks where an end is set and the day that it runs from is known.
    """
    del day
    due, end = _due(rows), rows.date("kept_until")
    return _has_record(rows) & ~np.isnat(due) & ~np.isnat(end), end >= due, {"due": due}


def _has_record(rows: Rows) -> Mask:
    return (to_confirm(rows) | to_attach(rows)) & ~rows.says("recorded_how", "none")


@check(
    NAME,
    "destroyed_on",
    serves=("A30-5",),
    head="retention",
    needs=("recorded_how",),
    rule={
        "ja": "記録を法定の保存期間の満了前に廃棄していない",
        "en": "No record was destroyed before its period was over",
    },
    fails={
        "ja": "「{provider}」からの受領の記録（{recorded_how}）は{due}まで保存が必要でしたが、{destroyed_on}に廃棄されています。",
        "en": 'The record of the receipt from "{provider}" ({recorded_how}) had to be kept until {due} but was destroyed '
        "on {destroyed_on}.",
    },
    remedy={
        "ja": "廃棄の基準を法定の期間に合わせる。作り直せる記録は作り直す",
        "en": "Bring the disposal rule in line with the period; restore the record if possible",
    },
)
def not_destroyed_early(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 30(4), Rules Art. 25: the record is still there on the last day of its period.
    """
    del day
    due, destroyed = _due(rows), rows.date("destroyed_on")
    return _has_record(rows) & ~np.isnat(due) & ~np.isnat(destroyed), destroyed > due, {"due": due}


@check(
    NAME,
    "consent",
    serves=("A30-7",),
    head="referable",
    needs=("data_kind",),
    rule={
        "ja": "個人関連情報を本人に結び付ける前に、法31条1項1号の同意が得られている",
        "en": "The consent of Art. 31(1)(i) is in place before the information is attached to persons",
    },
    fails={
        "ja": "「{provider}」から受領した個人関連情報は、本人の同意（{consent}、{consent_on}）がないか、同意より前に本人に結び付けられています（{attached_on}）。",
        "en": 'Information from "{provider}" was taken without consent ({consent}, {consent_on}) or attached to persons '
        "before it ({attached_on}).",
    },
    remedy={
        "ja": "結び付けを止め、本人の同意を得てから取得する",
        "en": "Stop attaching it; obtain consent first",
    },
)
def consent_before_attaching(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 31(1)(i), GL 3-7-5-3; it fails where consent is marked as missing, or both days show that it
    came too late.
    """
    del day
    late = rows.date("consent_on") > rows.date("attached_on")
    told = rows.filled("consent") | rows.filled("consent_on", "attached_on")
    return to_attach(rows) & told, ~rows.says("consent", "no") & ~late


@check(
    NAME,
    "intent_open",
    serves=("A30-7", "A20-1"),
    head="referable",
    needs=("data_kind",),
    rule={
        "ja": "個人関連情報を個人データとして取得する意図を提供元に明らかにしている",
        "en": "The provider knows that the information is taken as personal data",
    },
    fails={
        "ja": "「{provider}」に、個人データとして取得する意図を明らかにしないまま個人関連情報を受領しています。",
        "en": 'Information was taken from "{provider}" without telling that it will be attached to persons.',
    },
    remedy={
        "ja": "受領を止め、本人に結び付けて取得することを提供元に伝える",
        "en": "Stop taking it and tell the provider that it is attached to persons",
    },
)
def intent_open(rows: Rows, day: np.datetime64) -> Result:
    """
    Hiding the intent is wrongful acquisition (Art. 20(1); GL 3-7-5-3).
    """
    del day
    return _referable(rows) & received(rows) & rows.filled("intent_open"), rows.says("intent_open", "yes")


@check(
    NAME,
    "particulars_confirmed",
    serves=("A30-8",),
    head="referable",
    needs=("data_kind",),
    rule={
        "ja": "個人データとして取得する個人関連情報について、提供元の氏名・住所・代表者を確認している",
        "en": "For personally referable information taken as personal data, the provider's particulars are confirmed",
    },
    fails={
        "ja": "個人関連情報の提供元「{provider}」の氏名・住所・代表者を確認した記載がありません。",
        "en": 'Name, address and representative of "{provider}", source of personally referable information, are not marked '
        "as confirmed.",
    },
    remedy={
        "ja": "提供元から申告を受けるなどして確認し、記録する",
        "en": "Confirm them, by declaration or the like, and record it",
    },
)
def source_confirmed(rows: Rows, day: np.datetime64) -> Result:
    """
    Art. 30(1)(i) binds the recipient too, though not for how the source acquired it (GL 3-7-5).
    """
    del day
    return to_attach(rows), rows.says("particulars_confirmed", "yes")


@check(
    NAME,
    "recorded_how",
    serves=("A30-8",),
    head="referable",
    needs=("data_kind", "consent", "address", "representative", "principal", "items"),
    rule={
        "ja": "個人関連情報の受領の記録に、同意が得られている旨、提供元の住所・代表者、本人、項目がある（日付は不要）",
        "en": "The record holds that the consent exists, the provider's particulars, principal and items (no date needed)",
    },
    fails={
        "ja": "「{provider}」からの個人関連情報の受領の記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of information received from "{provider}" lacks: {missing_en}.',
    },
    remedy={
        "ja": "記録を作成し、欠けている事項を確かめて書く",
        "en": "Make the record; find out and write what is missing",
    },
)
def referable_content(rows: Rows, day: np.datetime64) -> Result:
    """
    Content of Rules Art. 24(1)(iii), without a date; the information on the foreign country belongs to
    it only for an operator abroad, so a blank there is not judged.
    """
    del day
    speaks = to_attach(rows)
    held = {
        "consent": rows.says("consent", "yes"),
        "foreign_information": ~rows.says("foreign_information", "no"),
        **_held(rows, speaks, "principal", "items"),
    }
    elsewhere = rows.says("recorded_how", "contract")
    held = {column: there | elsewhere for column, there in held.items()}
    return complete(rows, speaks, {"recorded_how": recorded(rows), **held})


@check(
    NAME,
    "consent_checked",
    serves=("A31-11",),
    head="referable",
    needs=("data_kind", "consent_taken_by"),
    rule={
        "ja": "提供元が得た同意について、適切に取得されていることを確認している",
        "en": "Where the source took the consent, it is checked that it is taken properly",
    },
    fails={
        "ja": "「{provider}」が得た同意について、適切に取得されていることを確認した記載がありません。",
        "en": 'It is not confirmed that "{provider}" takes the consent properly.',
    },
    remedy={
        "ja": "提供元の同意画面で、自社名の明示とボタンの押下などを確かめる",
        "en": "Look at the provider's screens: your name shown, a clear act such as a button",
    },
)
def source_consent_checked(rows: Rows, day: np.datetime64) -> Result:
    """
    The recipient sees to it that the source takes the consent properly (GL 3-7-2-2(2)).
    """
    del day
    by_source = to_attach(rows) & rows.says("consent_taken_by", "source")
    return by_source, rows.says("consent_checked", "yes")


@check(
    NAME,
    "declared_consent",
    serves=("A31-10",),
    head="referable",
    needs=("data_kind", "consent"),
    rule={
        "ja": "提供元に申告した同意の有無が事実と合っている",
        "en": "What was declared to the provider about the consent matches the facts",
    },
    fails={
        "ja": "「{provider}」に同意が得られていると申告していますが、台帳では同意がないとされています。",
        "en": 'Consent was declared to "{provider}", but the register says that there is none.',
    },
    remedy={
        "ja": "申告を訂正し、同意を得るまで受領を止める",
        "en": "Correct the declaration and stop taking data until consent is there",
    },
)
def declared_truthfully(rows: Rows, day: np.datetime64) -> Result:
    """
    The recipient never misstates what the provider confirms (Art. 31(3) with 30(2)).
    """
    del day
    declared = _referable(rows) & rows.says("declared_consent", "yes") & rows.filled("consent")
    return declared, rows.says("consent", "yes")


@check(
    NAME,
    "original_purpose",
    serves=("EUK-3",),
    head="adequacy",
    needs=("adequacy", "address", "representative", "acquired_how"),
    rule={
        "ja": "EU・英国域内から十分性認定により受領したデータに、提供元の住所・代表者、取得の経緯、当初の利用目的の記録がある",
        "en": "For data received on adequacy, the provider's particulars, how acquired and the original purpose are recorded",
    },
    fails={
        "ja": "「{provider}」から受領した{adequacy}のデータの記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of {adequacy} data received from "{provider}" lacks: {missing_en}.',
    },
    remedy={
        "ja": "提供元に当初の利用目的などを確かめて書く",
        "en": "Ask the provider for the original purpose and the rest, and write them",
    },
)
def original_purpose(rows: Rows, day: np.datetime64) -> Result:
    """
    Supplementary Rule (2) at receipt from the EEA or the UK. Whether the proviso of Art. 30(1) also lifts
    it could not be verified, so receipts under the proviso are not judged.
    """
    del day
    speaks = _purpose_asked(rows) & ~rows.says("via", "second_hand")
    return complete(rows, speaks, _held(rows, speaks, "acquired_how", "original_purpose"))


@check(
    NAME,
    "original_purpose",
    serves=("EUK-4",),
    head="adequacy",
    needs=("adequacy", "via", "address", "representative", "acquired_how"),
    rule={
        "ja": "国内の事業者を経由した十分性認定のデータにも、提供元の住所・代表者、取得の経緯、当初の利用目的の記録がある",
        "en": "The same is recorded for adequacy data received second-hand in Japan",
    },
    fails={
        "ja": "「{provider}」を経由した{adequacy}のデータの記録に次の事項がありません：{missing_ja}。",
        "en": 'The record of {adequacy} data received through "{provider}" lacks: {missing_en}.',
    },
    remedy={
        "ja": "提供元に当初の利用目的などを確かめて書く",
        "en": "Ask the provider for the original purpose and the rest, and write them",
    },
)
def original_purpose_second_hand(rows: Rows, day: np.datetime64) -> Result:
    """
    Supplementary Rule (2) at receipt from another operator in Japan.
    """
    del day
    speaks = _purpose_asked(rows) & rows.says("via", "second_hand")
    return complete(rows, speaks, _held(rows, speaks, "acquired_how", "original_purpose"))


@check(
    NAME,
    "adequacy",
    serves=(),
    head="adequacy",
    rule={
        "ja": "十分性認定に基づくデータかどうかを確かめている",
        "en": "It is asked whether the data had been transferred on adequacy",
    },
    fails={
        "ja": "「{provider}」からの受領に、十分性認定に基づくデータかどうかの記載がありません。",
        "en": 'For the receipt from "{provider}", it is not written whether the data came on adequacy.',
    },
    remedy={
        "ja": "提供元に確かめ、EU・英国・該当しないのいずれかを書く",
        "en": "Ask the provider and write EU, UK or no",
    },
)
def adequacy_asked(rows: Rows, day: np.datetime64) -> Result:
    """
    The recipient cannot know unless it asks; a blank breaks no duty by itself.
    """
    del day
    return received(rows) & ~_referable(rows), rows.filled("adequacy")


@check(
    NAME,
    "provider",
    serves=(),
    head="adequacy",
    needs=("adequacy",),
    against=("adequacy_data",),
    rule={
        "ja": "十分性認定に基づくデータの提供元が十分性認定データ台帳にも載っている",
        "en": "A provider of adequacy data is also listed in the register of adequacy data",
    },
    fails={
        "ja": "「{provider}」から受領した{adequacy}のデータが十分性認定データ台帳にありません。",
        "en": '{adequacy} data from "{provider}" is missing from the register of adequacy data.',
    },
    remedy={"ja": "十分性認定データ台帳に加える", "en": "Add it to the register of adequacy data"},
)
def in_adequacy_data(rows: Rows, others: dict[str, Rows], day: np.datetime64) -> Result:
    """
    The two registers tell of the same providers.
    """
    del day
    return _adequacy(rows), named_in(rows, "provider", others["adequacy_data"], "provider")


def _current(rows: Rows) -> Mask:
    return received(rows) & still_kept(rows, "received_on", "last_received_on")


@presence("G12", NAME, "provider")
def from_third_parties(rows: Rows, day: np.datetime64) -> Mask:
    """
    Personal data whose receipt Art. 30 covers, as long as the record is there.
    """
    del day
    return _current(rows) & to_confirm(rows)


@presence("G14", NAME, "data_kind")
def attached_to_persons(rows: Rows, day: np.datetime64) -> Mask:
    """
    Personally referable information taken as personal data.
    """
    del day
    return _current(rows) & _referable(rows)


@presence("G18", NAME, "adequacy")
def on_adequacy(rows: Rows, day: np.datetime64) -> Mask:
    """
    Data from the EEA or the UK on the basis of adequacy.
    """
    del day
    return _current(rows) & _adequacy(rows)


@presence("G03", NAME, "special_care")
def with_special_care(rows: Rows, day: np.datetime64) -> Mask:
    """
    Special care-required information.
    """
    del day
    return _current(rows) & rows.says("special_care", "yes")


@presence("G05", NAME, "basis")
def by_entrustment(rows: Rows, day: np.datetime64) -> Mask:
    """
    Data that others entrusted.
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
