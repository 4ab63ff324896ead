"""
Purposes of use (利用目的): Arts 17-22, and the purposes that Art. 32(1) makes accessible.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from appi_assess.registers import Mask, Rows
from appi_assess.tables import table

from . import Result, check, presence
from .rules import within_a_year

NAME = "purposes"
EXCEPTIONS_18 = ("law", "life", "public_health", "public_body", "own_research", "to_institution")
EXCEPTIONS_20 = (
    "law",
    "life",
    "public_health",
    "public_body",
    "own_research",
    "joint_research",
    "made_public",
    "order_9",
)
NO_EXCEPTION_20 = ("others_published", "foreign_law", "no_basis")
GROUNDS_21_4 = ("rights", "own_interest", "public_body", "obvious")
_CHECK_UP = re.compile(
    r"健康診断|健診|人間ドック|ストレスチェック|(health|stress).?check|medical (check|exam)", re.IGNORECASE
)
# That somebody went for a check-up is not special care-required; what it found is (GL 2-3).
_ONLY_THAT = re.compile(
    r"受診|受検|実施日|予約|案内|日程|費用|\b(date|attend\w*|appointment|booking|schedule|cost|fee)",
    re.IGNORECASE,
)
_FOUND = re.compile(r"結果|所見|判定|\b(result|finding)", re.IGNORECASE)
_MEDICAL = re.compile(
    r"病歴|既往|診療|診断書|\bmedical (history|record|data|certificate|report|condition|treatment|information)",
    re.IGNORECASE,
)
_BETWEEN_ITEMS = re.compile(r"[、，,;；／/\n]")
_LEFT_OUT = re.compile(
    r"除く|除き|含まない|含まず|含まれない|\b(not|no|without|except|excluding)\b", re.IGNORECASE
)


def held(rows: Rows) -> Mask:
    """
    Categories that are still handled, not erased as a whole.
    """
    found: Mask = np.isnat(rows.date("erased_on"))
    return found


def vague_parts(purpose: str) -> tuple[tuple[str, ...], bool]:
    """
    The phrases of a purpose that alone do not say what for, and whether it has no others.

    A catch-all such as "other related purposes" is one of them (``tables/vague_purposes.yaml``).

    Examples:
        >>> vague_parts("商品の発送、当社の事業活動に用いるため")
        (('当社の事業活動に用いるため',), False)
        >>> vague_parts("For marketing and for improving our services.")
        (('For marketing and for improving our services.',), True)
    """
    wording = _wording()
    parts = [p.strip() for p in wording.between.split(unicodedata.normalize("NFKC", purpose))]
    said = [p for p in parts if wording.plain(p) not in wording.bare]
    if not said:
        return (purpose,), True
    found = tuple(
        p for p in said if all(wording.vague.fullmatch(wording.plain(w)) for w in wording.joined.split(p))
    )
    return found, len(found) == len(said)


@dataclass(frozen=True)
class _Wording:
    """
    The patterns of ``tables/vague_purposes.yaml``.
    """

    between: re.Pattern[str]
    joined: re.Pattern[str]
    left_out: re.Pattern[str]
    vague: re.Pattern[str]
    bare: frozenset[str]

    def plain(self, part: str) -> str:
        """
        A part as it is compared: without numbering, brackets, words that add nothing, and spaces.
        """
        words = self.left_out.sub("", part.casefold())
        return re.sub(r"\s", "", re.sub(r"^[\s\d().「『●○■◆*-]+|[\s).」』]+$", "", words))


@cache
def _wording() -> _Wording:
    data = table("vague_purposes")
    words = {key: "|".join(re.escape(w) for w in data[key]) for key in data if isinstance(data[key][0], str)}
    openings, phrases, endings = (_either(data[key]) for key in ("openings", "phrases", "endings"))
    catch_all = "|".join(data["catch_all"])
    return _Wording(
        re.compile(f"{words['between']}|\n"),
        re.compile(rf"{words['joined_by']}|\b(?:{words['joined_by_words']})\b", re.IGNORECASE),
        re.compile(rf"(?<![a-z])(?:{words['left_out']})(?![a-z])"),
        re.compile(f"(?:(?:{openings})*(?:{phrases})|{catch_all})(?:{words['with']})?(?:{endings})?"),
        frozenset({"", *data["bare"]}),
    )


def _either(groups: list[list[str]]) -> str:
    return "|".join(re.escape(w.replace(" ", "")) for group in groups for w in group)


def _phrases(rows: Rows) -> tuple[Mask, Mask, np.ndarray]:
    """
    Where a purpose holds vague phrases, where it holds nothing else, and the phrases themselves.
    """
    codes, purposes = pd.factorize(rows.text("purpose"))
    read = [vague_parts(p) if p else ((), False) for p in purposes]
    some = np.array([bool(found) for found, _ in read], dtype=bool)[codes]
    alone = np.array([bool(found) and whole for found, whole in read], dtype=bool)[codes]
    said = np.array(["／".join(found) for found, _ in read], dtype=object)[codes]
    return some, alone, said


@check(
    NAME,
    "purpose",
    serves=("A17-1",),
    head="purpose",
    sufficient=True,
    rule={
        "ja": "個人情報の類型ごとに利用目的を特定している",
        "en": "Each category of personal information has a purpose of use",
    },
    fails={
        "ja": "「{name}」の利用目的の記載がありません。",
        "en": 'No purpose of use is written for "{name}".',
    },
    remedy={
        "ja": "利用目的をできる限り特定し、台帳と公表文に書く",
        "en": "Specify the purpose as far as possible, in the register and in the published text",
    },
)
def purpose_specified(rows: Rows, day: np.datetime64) -> Result:
    """
    A purpose is specified for every category (Art. 17(1); GL 3-1-1). A duty, though without a
    recommendation power of its own.
    """
    del day
    return held(rows), rows.filled("purpose")


@check(
    NAME,
    "purpose",
    serves=("A17-2",),
    head="purpose",
    rule={
        "ja": "利用目的が「事業活動」「マーケティング活動」「サービスの向上」のような抽象的な文言だけではない",
        "en": 'The purpose is more than abstract phrases such as "business activities", '
        '"marketing activities" or "improving service"',
    },
    fails={
        "ja": "「{name}」の利用目的は「{vague}」だけで、どの事業で何のために使うのかを本人が予測できません。"
        "できる限り特定したことにならないと判断される可能性があります。",
        "en": 'The purpose of "{name}" says only "{vague}", from which principals cannot foresee which business '
        "uses the information and why; it may be judged not specified as far as possible.",
    },
    remedy={
        "ja": "どの事業で、どの情報を、何のために使うのかが分かる文言に改める",
        "en": "Say which business uses which information for what",
    },
)
def purpose_concrete(rows: Rows, day: np.datetime64) -> Result:
    """
    Fails only a wording that consists of nothing but phrases of ``tables/vague_purposes.yaml``
    (GL 3-1-1 notes 1 and 2); a phrase with a what or a for whom is not one of them.
    """
    del day
    _, alone, said = _phrases(rows)
    return held(rows) & rows.filled("purpose"), ~alone, {"vague": said}


@check(
    NAME,
    "purpose",
    serves=(),
    head="purpose",
    rule={
        "ja": "具体的な利用目的に、抽象的な文言や受け皿の文言が混じっていない",
        "en": "No abstract phrase or catch-all stands beside the concrete purposes",
    },
    fails={
        "ja": "「{name}」の利用目的に「{vague}」が混じっています。これだけを根拠とする利用がないかを確認してください。",
        "en": 'Among the purposes of "{name}" stands "{vague}"; check that no use rests on it alone.',
    },
    remedy={
        "ja": "その文言だけに頼る利用があれば具体的に書き、なければ削る",
        "en": "Spell out any use that rests on it alone, or take the phrase out",
    },
)
def no_catch_all(rows: Rows, day: np.datetime64) -> Result:
    """
    A phrase that would not do alone is harmless beside the purpose that a use really rests on, so this
    only informs (GL 3-1-1).
    """
    del day
    some, alone, said = _phrases(rows)
    return held(rows) & rows.filled("purpose") & ~alone, ~some, {"vague": said}


@check(
    NAME,
    "analysis_described",
    serves=("A17-3",),
    head="purpose",
    needs=("analysed",),
    rule={
        "ja": "行動や関心等を分析する場合、分析する情報と結果の使い道が利用目的から分かる",
        "en": "Where behaviour or interests are analysed, the purpose says which data and what for",
    },
    fails={
        "ja": "「{name}」では行動や関心等を分析していますが、分析する情報と結果の使い道が利用目的から分かりません。",
        "en": 'Behaviour or interests are analysed from "{name}", but the purpose does not say which data '
        "and what for.",
    },
    remedy={
        "ja": "分析する情報と、その結果を何に使うかを利用目的に書く",
        "en": "State in the purpose which data is analysed and what the result is used for",
    },
)
def analysis_described(rows: Rows, day: np.datetime64) -> Result:
    """
    Profiling, scoring and targeted advertising are spelled out (GL 3-1-1 note 1).
    """
    del day
    return held(rows) & rows.says("analysed", "yes"), rows.says("analysis_described", "yes")


@check(
    NAME,
    "third_party_stated",
    serves=("A17-4",),
    head="purpose",
    needs=("third_party_planned",),
    rule={
        "ja": "第三者提供を予定する場合、そのことが利用目的からはっきり分かる",
        "en": "Where provision to third parties is planned, the purpose states it plainly",
    },
    fails={
        "ja": "「{name}」は第三者への提供を予定していますが、利用目的に明示されていません。",
        "en": 'Provision of "{name}" to third parties is planned, but the purpose does not state it.',
    },
    remedy={
        "ja": "第三者に提供することを利用目的に明記する",
        "en": "State the provision to third parties in the purpose",
    },
)
def third_party_stated(rows: Rows, day: np.datetime64) -> Result:
    """
    Intended provision to third parties is stated clearly (GL 3-1-1).
    """
    del day
    return held(rows) & rows.says("third_party_planned", "yes"), rows.says("third_party_stated", "yes")


@check(
    NAME,
    "department",
    serves=("SEC-5",),
    head="purpose",
    needs=("items",),
    rule={
        "ja": "項目または所管部署から、個人データの取扱状況を把握できる",
        "en": "Items or department let one see how the data is handled",
    },
    fails={
        "ja": "「{name}」は名称だけで、項目も所管部署も書かれていません。",
        "en": '"{name}" is only a name: neither its items nor its department are written.',
    },
    remedy={
        "ja": "項目と所管部署を台帳に書く",
        "en": "Write the items and the department into the register",
    },
)
def handling_visible(rows: Rows, day: np.datetime64) -> Result:
    """
    A register is a means to see how data is handled (GL 10-3(3)). Its heads are examples and not all
    needed, so only a row that tells nothing fails.
    """
    del day
    return held(rows), rows.filled("items") | rows.filled("department")


@check(
    NAME,
    "compared_on",
    serves=("A17-6",),
    head="use",
    sufficient=True,
    rule={
        "ja": "実際の利用を年1回程度、利用目的と照合している（年1回は目安）",
        "en": "Actual use is compared with the purpose about once a year (the year is a yardstick, not a rule)",
    },
    fails={
        "ja": "「{name}」について、1年以内に利用実態と利用目的を突き合わせた記録がありません（最終：{compared_on}）。",
        "en": 'The actual use of "{name}" was not compared with its purpose within a year (last: '
        "{compared_on}).",
    },
    remedy={
        "ja": "所管部署に実際の利用を聞き、利用目的と照合して日付を残す",
        "en": "Ask the department what it really does, compare and record the day",
    },
)
def compared_within_a_year(rows: Rows, day: np.datetime64) -> Result:
    """
    Periodic comparison is desirable; no provision names a period.
    """
    compared = rows.date("compared_on")
    return held(rows), within_a_year(compared, np.full_like(compared, "NaT"), day)


@check(
    NAME,
    "beyond_basis",
    serves=("A18-1",),
    head="use",
    needs=("beyond_purpose",),
    rule={
        "ja": "目的外の利用は、事前の同意または法18条3項の例外による",
        "en": "A use beyond the purpose rests on prior consent or an exception of Art. 18(3)",
    },
    fails={
        "ja": "「{name}」は目的外に利用されていますが、同意も法18条3項の例外もありません（根拠：{beyond_basis}）。",
        "en": '"{name}" is used beyond its purpose without consent or an exception of Art. 18(3) '
        "(basis: {beyond_basis}).",
    },
    remedy={
        "ja": "目的外の利用を止めるか、事前に本人の同意を得る",
        "en": "Stop the use beyond the purpose or obtain consent before it",
    },
)
def within_purpose(rows: Rows, day: np.datetime64) -> Result:
    """
    No handling beyond the purpose without consent, save the exceptions (Art. 18(1), (3)). A blank basis
    is left to ``beyond_basis_written``.
    """
    del day
    stated = rows.filled("beyond_basis")
    return held(rows) & _beyond(rows) & stated, rows.says("beyond_basis", "consent", *EXCEPTIONS_18)


@check(
    NAME,
    "beyond_basis",
    serves=(),
    head="use",
    needs=("beyond_purpose",),
    rule={
        "ja": "目的外の利用の根拠が書かれている",
        "en": "The basis of a use beyond the purpose is written down",
    },
    fails={
        "ja": "「{name}」は目的外に利用されていますが、根拠の記載がありません。",
        "en": '"{name}" is used beyond its purpose, but no basis is written.',
    },
    remedy={
        "ja": "事前の同意または法18条3項の号を書き、どちらもなければ「根拠なし」として利用を止める",
        "en": 'Write prior consent or the item of Art. 18(3); if there is neither, write "no basis" and stop',
    },
)
def beyond_basis_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank basis breaks no duty by itself, so this only informs.
    """
    del day
    return held(rows) & _beyond(rows), rows.filled("beyond_basis")


@check(
    NAME,
    "beyond_basis",
    serves=("A18-3",),
    head="use",
    needs=("beyond_purpose",),
    rule={
        "ja": "同意のない目的外の利用は、法18条3項の号に当たる（外国の法令は当たらない）",
        "en": "A use beyond the purpose without consent falls under an item of Art. 18(3), which foreign "
        "law does not",
    },
    fails={
        "ja": "「{name}」の目的外の利用は、法18条3項のどの号にも当たりません（根拠：{beyond_basis}）。",
        "en": 'The use of "{name}" beyond its purpose falls under no item of Art. 18(3) (basis: '
        "{beyond_basis}).",
    },
    remedy={
        "ja": "該当する号を確かめ、なければ利用を止めるか同意を得る",
        "en": "Find the item that applies; if there is none, stop or obtain consent",
    },
)
def exception_named(rows: Rows, day: np.datetime64) -> Result:
    """
    "Laws and regulations" in item (i) are those of Japan (Art. 18(3); GLF 2 note 3).
    """
    del day
    without_consent = rows.filled("beyond_basis") & ~rows.says("beyond_basis", "consent")
    return held(rows) & _beyond(rows) & without_consent, rows.says("beyond_basis", *EXCEPTIONS_18)


def _beyond(rows: Rows) -> Mask:
    return rows.says("beyond_purpose", "yes")


@check(
    NAME,
    "difficulty_noted",
    serves=("A18-4",),
    head="use",
    needs=("beyond_purpose", "beyond_basis"),
    sufficient=True,
    rule={
        "ja": "18条3項2号・3号による場合、同意取得が困難な理由を残している",
        "en": "For items (ii) and (iii) of Art. 18(3), it is noted why consent is difficult",
    },
    fails={
        "ja": "「{name}」の目的外の利用（{beyond_basis}）について、同意取得が困難と判断した理由の記載がありません。",
        "en": 'For the use of "{name}" beyond its purpose ({beyond_basis}) it is not noted why consent is '
        "difficult.",
    },
    remedy={"ja": "困難と判断した事情を書き残す", "en": "Note the facts that make consent difficult"},
)
def difficulty_noted(rows: Rows, day: np.datetime64) -> Result:
    """
    The judgment that consent is difficult is written down; desirable (GL 3-1-5).
    """
    del day
    relied_on = _beyond(rows) & rows.says("beyond_basis", "life", "public_health")
    return held(rows) & relied_on, rows.filled("difficulty_noted")


@check(
    NAME,
    "predecessor_purpose_kept",
    serves=("A18-2",),
    head="use",
    needs=("inherited",),
    rule={
        "ja": "事業の承継で取得した個人情報を、承継前の利用目的の範囲内で取り扱っている",
        "en": "What came with a business is handled within the predecessor's purpose",
    },
    fails={
        "ja": "「{name}」は事業の承継で取得したものですが、承継前の利用目的の範囲を超えて利用され、"
        "同意も法18条3項の例外もありません（根拠：{beyond_basis}）。",
        "en": '"{name}" came with a business and is used beyond the predecessor\'s purpose without consent or an '
        "exception of Art. 18(3) (basis: {beyond_basis}).",
    },
    remedy={
        "ja": "承継前の利用目的の範囲に戻すか、事前に本人の同意を得る",
        "en": "Go back to the predecessor's purpose or obtain consent before any other use",
    },
)
def predecessor_purpose_kept(rows: Rows, day: np.datetime64) -> Result:
    """
    After a merger or transfer the predecessor's purpose binds (Art. 18(2); GL 3-1-4).
    """
    del day
    taken_over = rows.says("inherited", "yes") & rows.filled("predecessor_purpose_kept")
    kept = rows.says("predecessor_purpose_kept", "yes")
    return held(rows) & taken_over, kept | rows.says("beyond_basis", "consent", *EXCEPTIONS_18)


@check(
    NAME,
    "improper_risk",
    serves=("A19-1",),
    head="use",
    rule={
        "ja": "違法または不当な行為を助長・誘発するおそれのある利用をしていない",
        "en": "No use that may encourage or induce unlawful or unjust acts",
    },
    fails={
        "ja": "「{name}」の利用には、違法または不当な行為を助長・誘発するおそれがあるとされています。",
        "en": 'The use of "{name}" is recorded as one that may encourage or induce unlawful or unjust acts.',
    },
    remedy={"ja": "その利用を止める", "en": "Stop that use"},
)
def no_improper_use(rows: Rows, day: np.datetime64) -> Result:
    """
    Improper use is banned even within the purpose and with consent (Art. 19; GL 3-2).
    """
    del day
    return held(rows) & rows.filled("improper_risk"), ~rows.says("improper_risk", "yes")


@check(
    NAME,
    "screened_on",
    serves=("A19-2",),
    head="use",
    needs=("analysed", "third_party_planned", "changed_on"),
    rule={
        "ja": "新しい利用方法や提供先を、不適正な利用のおそれがないか事前に審査している",
        "en": "New uses and recipients are screened beforehand for the risk of improper use",
    },
    fails={
        "ja": "「{name}」について、分析、提供または目的の変更の前に審査した記録がありません（目的の変更：{changed_on}、審査：{screened_on}）。",
        "en": '"{name}" was not screened before analysis, provision or change of purpose (changed: '
        "{changed_on}; screened: {screened_on}).",
    },
    remedy={
        "ja": "不適正な利用のおそれを審査し、日付を残す",
        "en": "Screen for the risk of improper use and record the day",
    },
)
def screened(rows: Rows, day: np.datetime64) -> Result:
    """
    Screening is desirable where a use is new, analyses people or reaches others (GL 3-2).
    """
    del day
    new = rows.says("analysed", "yes") | rows.says("third_party_planned", "yes") | rows.filled("changed_on")
    screened_on = rows.date("screened_on")
    return held(rows) & new, ~np.isnat(screened_on) & ~(screened_on > rows.date("changed_on"))


@check(
    NAME,
    "doubtful_origin",
    serves=("A20-1",),
    head="acquisition",
    rule={
        "ja": "適法に入手されたか疑わしい情報源から取得していない",
        "en": "Nothing is acquired from a source suspected of unlawful origin",
    },
    fails={
        "ja": "「{name}」は、適法に入手されたか疑わしい情報源（{sources}）から取得されています。",
        "en": '"{name}" is acquired from a source of doubtful origin ({sources}).',
    },
    remedy={
        "ja": "取得を止め、入手の経緯を確かめ、取得済みの情報の扱いを決める",
        "en": "Stop, find out how it was obtained, and decide what to do with what is held",
    },
)
def origin_beyond_doubt(rows: Rows, day: np.datetime64) -> Result:
    """
    Taking data in spite of doubts about its origin may be wrongful acquisition (Art. 20(1); GLR 3-1-2).
    """
    del day
    return held(rows) & rows.filled("doubtful_origin"), ~rows.says("doubtful_origin", "yes")


def _sensitive(rows: Rows) -> Mask:
    return held(rows) & rows.says("sensitive", "yes")


@check(
    NAME,
    "sensitive_basis",
    serves=("A20-2",),
    head="sensitive",
    needs=("sensitive",),
    rule={
        "ja": "要配慮個人情報は、本人の同意または法20条2項の例外により取得している",
        "en": "Special care-required information is acquired with consent or under an exception of Art. 20(2)",
    },
    fails={
        "ja": "「{name}」の要配慮個人情報の取得の根拠（{sensitive_basis}、取得元：{sources}）は、"
        "同意にも法20条2項の例外にも当たりません。",
        "en": 'The basis for acquiring special care-required information in "{name}" ({sensitive_basis}; sources: '
        "{sources}) is neither consent nor an exception of Art. 20(2).",
    },
    remedy={
        "ja": "取得を止め、本人の同意を得るか、得られない情報を消去する",
        "en": "Stop acquiring it; obtain consent, or erase what has none",
    },
)
def sensitive_with_consent(rows: Rows, day: np.datetime64) -> Result:
    """
    Consent is understood only where the principal hands it over directly (Art. 20(2); GL 3-3-2 note 2).
    """
    del day
    never_direct = rows.filled("sources") & ~rows.says("sources", "written", "oral")
    handed_over = rows.says("sensitive_basis", "handed_over") & ~never_direct
    based = rows.says("sensitive_basis", "consent", "provider_consent", *EXCEPTIONS_20)
    return _sensitive(rows) & rows.filled("sensitive_basis"), based | handed_over


@check(
    NAME,
    "sensitive_basis",
    serves=("A20-3",),
    head="sensitive",
    needs=("sensitive",),
    rule={
        "ja": "同意のない要配慮個人情報の取得は、法20条2項の号に当たる（外国の法令は当たらない）",
        "en": "Acquisition without consent falls under an item of Art. 20(2), which foreign law does not",
    },
    fails={
        "ja": "「{name}」の要配慮個人情報の取得は、法20条2項のどの号にも当たりません（根拠：{sensitive_basis}）。",
        "en": 'The acquisition of special care-required information in "{name}" falls under no item of Art. '
        "20(2) (basis: {sensitive_basis}).",
    },
    remedy={
        "ja": "該当する号を確かめ、なければ本人の同意を得る",
        "en": "Find the item that applies; if there is none, obtain consent",
    },
)
def sensitive_exception_named(rows: Rows, day: np.datetime64) -> Result:
    """
    Item (i) means Japanese law, item (vii) depends on who published (Art. 20(2); Rules Art. 6).
    """
    del day
    applies = _sensitive(rows) & rows.says("sensitive_basis", *EXCEPTIONS_20, *NO_EXCEPTION_20)
    return applies, rows.says("sensitive_basis", *EXCEPTIONS_20)


@check(
    NAME,
    "sensitive_basis",
    serves=("A20-4",),
    head="sensitive",
    needs=("sensitive", "sources"),
    rule={
        "ja": "インターネットから集めた要配慮個人情報は、同意または法20条2項の例外があるものに限っている",
        "en": "Sensitive facts from the internet are loaded only with consent or under an exception of Art. "
        "20(2)",
    },
    fails={
        "ja": "「{name}」は、インターネットから集めた要配慮個人情報を同意も例外もなく登録しています（根拠：{sensitive_basis}）。"
        "ガイドラインが違反の例として挙げる行為で、違反と判断される可能性があります。",
        "en": '"{name}" holds sensitive facts from the internet without consent or exception (basis: '
        "{sensitive_basis}); the Guidelines give this as an example of conduct that may be judged a breach.",
    },
    remedy={
        "ja": "登録を止め、公開した者が7号に当たるか確かめ、当たらなければ消去する",
        "en": "Stop loading it; check whether the publisher is one of item (vii), and erase it if not",
    },
)
def sensitive_not_from_the_internet(rows: Rows, day: np.datetime64) -> Result:
    """
    Facts published by anyone outside item (vii) are not loaded (GL 3-3-2, breach example).
    """
    del day
    collected = rows.says("sources", "internet") & rows.filled("sensitive_basis")
    only = rows.where("sources", lambda value: value == "internet")
    baseless = only & rows.says("sensitive_basis", *NO_EXCEPTION_20)
    return _sensitive(rows) & collected, ~(baseless | rows.says("sensitive_basis", "others_published"))


def _of_health(items: str) -> bool:
    """
    Whether one of the items is a result of a check-up or medical data.
    """
    if _LEFT_OUT.search(items):
        return False
    return any(
        _MEDICAL.search(item)
        or (_CHECK_UP.search(item) and (_FOUND.search(item) or not _ONLY_THAT.search(item)))
        for item in _BETWEEN_ITEMS.split(items)
    )


@check(
    NAME,
    "sensitive",
    serves=("A20-5",),
    head="sensitive",
    needs=("principals", "items"),
    rule={
        "ja": "従業者の健康診断の結果等を要配慮個人情報として区分している",
        "en": "Health-check results and medical data of employees are marked as special care-required",
    },
    fails={
        "ja": "「{name}」（{items}）は従業者の健康に関する情報を含みますが、要配慮個人情報として区分されていません。",
        "en": '"{name}" ({items}) holds health data of employees but is not marked as special care-required.',
    },
    remedy={
        "ja": "要配慮個人情報として区分し、取得、提供、漏えい等の扱いを改める",
        "en": "Mark it, and handle acquisition, provision and breaches accordingly",
    },
)
def staff_health_recognised(rows: Rows, day: np.datetime64) -> Result:
    """
    Looks for results of check-ups and medical data among the items of employees; only that or when
    somebody went is not such data (GL 2-3).
    """
    del day
    applies = held(rows) & rows.says("principals", "employees") & rows.where("items", _of_health)
    return applies, rows.says("sensitive", "yes")


@check(
    NAME,
    "sensitive_basis",
    serves=(),
    head="sensitive",
    needs=("sensitive",),
    rule={
        "ja": "要配慮個人情報の取得の根拠が書かれている",
        "en": "The basis for acquiring special care-required information is written down",
    },
    fails={
        "ja": "「{name}」は要配慮個人情報を含みますが、取得の根拠の記載がありません。",
        "en": '"{name}" includes special care-required information, but no basis for acquiring it is written.',
    },
    remedy={
        "ja": "同意、本人からの提出または該当する号を書く",
        "en": "Write consent, direct hand-over or the item that applies",
    },
)
def sensitive_basis_written(rows: Rows, day: np.datetime64) -> Result:
    """
    A blank basis breaks no duty by itself, so this only informs.
    """
    del day
    return _sensitive(rows), rows.filled("sensitive_basis")


def _not_made_known(rows: Rows) -> Mask:
    """
    Neither announced nor notified, nor shown where no source but the principal is named.
    """
    elsewhere = rows.says("sources", "third_party", "public", "internet")
    shown = rows.says("indicated", "yes") & ~elsewhere
    return ~rows.filled("announced_on") & ~shown


@check(
    NAME,
    "announced_on",
    serves=("A21-1",),
    head="notice",
    needs=("silence_ground",),
    rule={
        "ja": "利用目的を公表または通知している（法21条4項の場合を除く）",
        "en": "The purpose is announced or notified, save under Art. 21(4)",
    },
    fails={
        "ja": "「{name}」の利用目的を公表または通知した記録も、法21条4項の根拠もありません。",
        "en": 'No announcement or notice of the purpose of "{name}" is on record, nor a ground of Art. 21(4).',
    },
    remedy={
        "ja": "利用目的を公表するか本人に通知する",
        "en": "Announce the purpose or notify the principals",
    },
)
def made_known(rows: Rows, day: np.datetime64) -> Result:
    """
    Announced beforehand, or notified or announced promptly after acquisition (Art. 21(1)). "Promptly"
    has no day count, so only a purpose never made known fails.
    """
    del day
    return held(rows), ~_not_made_known(rows) | rows.says("silence_ground", *GROUNDS_21_4)


@check(
    NAME,
    "silence_ground",
    serves=("A21-5",),
    head="notice",
    needs=("announced_on", "indicated"),
    rule={
        "ja": "利用目的を知らせない取扱いは、法21条4項のいずれかの号による",
        "en": "Where the purpose is not made known, an item of Art. 21(4) is named",
    },
    fails={
        "ja": "「{name}」の利用目的は公表・通知・明示のいずれもされていませんが、法21条4項の号が示されていません。",
        "en": 'The purpose of "{name}" is not made known, and no item of Art. 21(4) is named.',
    },
    remedy={
        "ja": "該当する号を示すか、利用目的を知らせる",
        "en": "Name the item that applies, or make the purpose known",
    },
)
def silence_has_ground(rows: Rows, day: np.datetime64) -> Result:
    """
    Silence rests on one of four items (Art. 21(4)); an emergency is not among them.
    """
    del day
    silent = held(rows) & _not_made_known(rows) & ~rows.says("indicated", "yes")
    return silent, rows.says("silence_ground", *GROUNDS_21_4)


@check(
    NAME,
    "indicated",
    serves=("A21-2",),
    head="notice",
    needs=("sources",),
    rule={
        "ja": "書面や画面で本人から直接取得するとき、提出の前に利用目的を明示している",
        "en": "Where it is taken directly in writing or on a screen, the purpose is shown before submission",
    },
    fails={
        "ja": "「{name}」は書面や画面で本人から直接取得されていますが、提出前の明示の記載がありません。公表だけでは足りません。",
        "en": '"{name}" is taken directly in writing or on a screen, but showing the purpose before submission is not '
        "recorded; announcement alone is not enough.",
    },
    remedy={
        "ja": "書式や入力画面で、提出の前に利用目的を示す",
        "en": "Show the purpose on the form or screen before submission",
    },
)
def shown_before_submission(rows: Rows, day: np.datetime64) -> Result:
    """
    Business cards and oral collection are outside; so are emergencies and Art. 21(4) (Art. 21(2); GL 3-3-4).
    """
    del day
    excused = rows.says("silence_ground", "emergency", *GROUNDS_21_4)
    written = held(rows) & rows.says("sources", "written")
    return written & ~excused, rows.says("indicated", "yes")


@check(
    NAME,
    "announced_on",
    serves=("A21-6",),
    head="notice",
    needs=("silence_ground",),
    rule={
        "ja": "緊急時に明示せずに取得した情報も、利用目的を通知または公表している",
        "en": "After collection in an emergency the purpose is notified or announced all the same",
    },
    fails={
        "ja": "「{name}」は緊急のため明示せずに取得されましたが、その後の通知または公表の記録がありません。",
        "en": '"{name}" was collected in an emergency, but no later notice or announcement is on record.',
    },
    remedy={
        "ja": "利用目的を本人に通知するか公表する",
        "en": "Notify the principals or announce the purpose",
    },
)
def made_known_after_emergency(rows: Rows, day: np.datetime64) -> Result:
    """
    An emergency excuses only the showing beforehand (Art. 21(1), (2); GL 3-3-4).
    """
    del day
    return held(rows) & rows.says("silence_ground", "emergency"), rows.filled("announced_on")


@check(
    NAME,
    "accessible",
    serves=("A32-2",),
    head="notice",
    needs=("retained",),
    rule={
        "ja": "保有個人データの利用目的が本人の知り得る状態にあり、第三者提供を含むときはその旨も示している",
        "en": "The purposes of retained personal data are accessible, and say so where third parties "
        "receive it",
    },
    fails={
        "ja": "「{name}」の利用目的が本人の知り得る状態にないか、第三者提供を含むことが示されていません"
        "（知り得る状態：{accessible}、公表：{announced_on}）。",
        "en": 'The purpose of "{name}" is not accessible to principals, or does not say that third parties receive it '
        "(accessible: {accessible}; announced: {announced_on}).",
    },
    remedy={
        "ja": "利用目的を公表するか、求めに遅滞なく答えられるようにする",
        "en": "Publish the purpose, or be ready to answer without delay",
    },
)
def accessible(rows: Rows, day: np.datetime64) -> Result:
    """
    Asked only for retained personal data; items (i) to (iii) of Art. 21(4) are excepted, item (iv) is not
    (Art. 32(1)(ii); GL 3-8-1 note 3).
    """
    del day
    excepted = rows.says("silence_ground", "rights", "own_interest", "public_body")
    published = rows.filled("announced_on") & ~rows.says("accessible", "no")
    hidden = rows.says("third_party_planned", "yes") & rows.says("third_party_stated", "no")
    applies = held(rows) & rows.says("retained", "yes") & ~excepted
    return applies, (rows.says("accessible", "yes") | published) & ~hidden


@check(
    NAME,
    "change_basis",
    serves=("A17-5",),
    head="change",
    needs=("changed_on",),
    rule={
        "ja": "利用目的の変更は関連性のある範囲にとどまり、超えるときは同意を得ている",
        "en": "A changed purpose is reasonably related to the old one, or consent was taken",
    },
    fails={
        "ja": "「{name}」の利用目的は{changed_on}に変更されましたが、変更前との関連性も本人の同意もありません。",
        "en": 'The purpose of "{name}" was changed on {changed_on} to one that is neither related to the old one nor '
        "consented to.",
    },
    remedy={
        "ja": "変更前の目的に戻すか、本人の同意を得る",
        "en": "Go back to the old purpose or obtain consent",
    },
)
def change_related(rows: Rows, day: np.datetime64) -> Result:
    """
    Measured by what an ordinary person could expect (Art. 17(2); GL 3-1-2).
    """
    del day
    changed = held(rows) & rows.filled("changed_on", "change_basis")
    return changed, ~rows.says("change_basis", "neither")


@check(
    NAME,
    "change_announced_on",
    serves=("A21-4",),
    head="change",
    needs=("changed_on",),
    rule={
        "ja": "変更した利用目的を本人に通知または公表している（法21条4項の場合を除く）",
        "en": "A changed purpose is notified or announced, save under Art. 21(4)",
    },
    fails={
        "ja": "「{name}」の利用目的は{changed_on}に変更されましたが、通知または公表の記録がありません。",
        "en": 'The purpose of "{name}" was changed on {changed_on}, but no notice or announcement is on '
        "record.",
    },
    remedy={"ja": "変更後の利用目的を通知または公表する", "en": "Notify or announce the changed purpose"},
)
def change_made_known(rows: Rows, day: np.datetime64) -> Result:
    """
    A changed purpose is made known (Art. 21(3)).
    """
    del day
    changed = held(rows) & rows.filled("changed_on") & ~rows.says("silence_ground", *GROUNDS_21_4)
    return changed, rows.filled("change_announced_on")


@check(
    NAME,
    "retention_period",
    serves=("A22-2",),
    head="retention",
    rule={"ja": "保存期間を定めている", "en": "A retention period is set"},
    fails={
        "ja": "「{name}」の保存期間が定められていません（努力義務）。",
        "en": 'No retention period is set for "{name}" (a best-effort duty).',
    },
    remedy={
        "ja": "起算点とともに保存期間を定める",
        "en": "Set a period with its starting point",
    },
)
def retention_period_set(rows: Rows, day: np.datetime64) -> Result:
    """
    Retention periods are set per data set (Art. 22, best effort; GL 3-4-1).
    """
    del day
    return held(rows), rows.filled("retention_period")


@check(
    NAME,
    "erased_on",
    serves=("A22-2",),
    head="retention",
    needs=("period_ends_on",),
    rule={
        "ja": "保存期間が満了したものは消去しているか、残す理由がある",
        "en": "What is past its period is erased, or there is a reason to keep it",
    },
    fails={
        "ja": "「{name}」の保存期間は{period_ends_on}に満了しましたが、消去の記録も残す理由もありません（努力義務）。",
        "en": 'The period of "{name}" ended on {period_ends_on}, but neither erasure nor a reason to keep it is on '
        "record (a best-effort duty).",
    },
    remedy={
        "ja": "遅滞なく消去するか、法令など残す理由を書く",
        "en": "Erase it without delay, or write the reason to keep it, such as a law",
    },
)
def erased_after_period(rows: Rows, day: np.datetime64) -> Result:
    """
    Data no longer needed is erased without delay unless a law sets a period (Art. 22, best effort). The
    period lasts through its last day.
    """
    over = rows.date("period_ends_on") < day
    return over, rows.filled("erased_on") | rows.filled("kept_longer_because")


@check(
    NAME,
    "retention_period",
    serves=("A22-3",),
    head="retention",
    needs=("typical_end",),
    rule={
        "ja": "懸賞品の発送、採用選考の終了、退会、事業の中止について消去の時期を定めている",
        "en": "Typical ends (prize sent, recruitment over, account closed, business stopped) have a time of "
        "erasure",
    },
    fails={
        "ja": "「{name}」は「{typical_end}」で利用を終えますが、消去の時期が定められていません。",
        "en": '"{name}" is no longer needed after "{typical_end}", but no time of erasure is set.',
    },
    remedy={
        "ja": "その場面から数えた消去の時期を定める",
        "en": "Set a time of erasure counted from that event",
    },
)
def typical_end_covered(rows: Rows, day: np.datetime64) -> Result:
    """
    The typical ends have an erasure date of their own; desirable (GL 3-4-1).
    """
    del day
    ends = rows.says("typical_end", "prize", "recruitment", "account", "business")
    return held(rows) & ends, rows.filled("retention_period")


@presence("G01", NAME, "retained")
def uses_a_database(rows: Rows, day: np.datetime64) -> Mask:
    """
    Retained personal data lies in a database used for business.
    """
    del day
    return held(rows) & rows.says("retained", "yes")


@presence("G02", NAME, "sources")
def collects_in_writing(rows: Rows, day: np.datetime64) -> Mask:
    """
    Taken directly from the principal in writing or on a screen.
    """
    del day
    return held(rows) & rows.says("sources", "written")


@presence("G03", NAME, "sensitive")
def holds_sensitive(rows: Rows, day: np.datetime64) -> Mask:
    """
    Special care-required information is held.
    """
    del day
    return _sensitive(rows)


@presence("G09", NAME, "inherited")
def took_over_a_business(rows: Rows, day: np.datetime64) -> Mask:
    """
    Personal information that came with a business is held.
    """
    del day
    return held(rows) & rows.says("inherited", "yes")


@presence("G25", NAME, "retained")
def holds_retained(rows: Rows, day: np.datetime64) -> Mask:
    """
    Retained personal data is held.
    """
    del day
    return held(rows) & rows.says("retained", "yes")
