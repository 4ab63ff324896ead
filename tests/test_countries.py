"""
Countries as people write them, the names to show, and which are designated.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess import countries
from appi_assess.countries import UNKNOWN, country_name, designated, read_country
from appi_assess.tables import table
from appi_assess.text import Unreadable
from appi_assess.wording import LANGUAGES

TODAY = date(2026, 11, 22)
EU_27 = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
DESIGNATED = {*EU_27, "IS", "LI", "NO", "GB", "EU"}
ISO = sorted(country.alpha_2 for country in pycountry.countries)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("US", "米国 アメリカ アメリカ合衆国 USA U.S. U.S.A. Ｕ．Ｓ．Ａ． us 米 America UnitedStates"),
        ("GB", "英国 イギリス UK U.K. uk 英 England Scotland イングランド GreatBritain"),
        ("TW", "台湾 臺灣 中華民国 Taiwan TAIWAN"),
        ("HK", "香港 ホンコン HongKong Hong-Kong HK"),
        ("KR", "韓国 大韓民国 韓 SouthKorea ROK"),
        ("KP", "北朝鮮 朝鮮民主主義人民共和国 NorthKorea"),
        ("CN", "中国 中華人民共和国 中 PRC P.R.C. China"),
        ("DE", "ドイツ ﾄﾞｲﾂ 独 ドイツ連邦共和国 Germany DEU ＤＥ"),
        ("FR", "フランス 仏 France"),
        ("VN", "ベトナム ヴェトナム VietNam Vietnam"),
        ("TH", "タイ タイ王国"),
        ("SG", "シンガポール Singapore"),
        ("NL", "オランダ Netherlands Holland"),
        ("IN", "インド India"),
        ("PH", "フィリピン Philippines"),
        ("RU", "ロシア ロシア連邦 Russia"),
        ("AU", "豪州 オーストラリア 豪"),
        ("CH", "スイス Switzerland"),
        ("AE", "アラブ首長国連邦 UAE U.A.E."),
        ("CZ", "チェコ チェコ共和国 Czech Czechia CzechRepublic"),
        ("MO", "マカオ 澳門 Macau Macao"),
        ("TR", "トルコ Turkey Türkiye Turkiye"),
        ("MM", "ミャンマー ビルマ Burma"),
        ("IT", "イタリア 伊"),
        ("CA", "カナダ 加"),
        ("GE", "ジョージア グルジア"),
        ("CI", "コートジボワール コートディボワール Côted'Ivoire Coted’Ivoire IvoryCoast"),
        ("BA", "ボスニア・ヘルツェゴビナ ボスニアヘルツェゴヴィナ"),
        ("TL", "東ティモール Timor-Leste TimorLeste"),
        ("RE", "レユニオン Réunion Reunion"),
        ("NA", "NAM ナミビア"),
        ("NO", "NOR ノルウェー"),
        ("EU", "EU EEA E.U. 欧州連合 欧州経済領域 EU/EEA EU域内"),
    ],
)
def test_a_country_is_read_as_people_write_it(code: str, written: str) -> None:
    """Codes, English and Japanese names and short forms, in any width and case."""
    for form in written.split():
        assert read_country(form) == code, form


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("the Netherlands", "NL"), ("The  United States", "US"), (" United\u3000Kingdom ", "GB"), ("Viet Nam", "VN"),
        ("Republic of Korea", "KR"), ("Korea, Republic of", "KR"), ("Bosnia and Herzegovina", "BA"),
        ("Congo, The Democratic Republic of the", "CD"), ("ボスニア ヘルツェゴビナ", "BA"), ("ギニア＝ビサウ", "GW"),
    ],
)  # fmt: skip
def test_articles_spaces_and_dots_do_not_matter(written: str, code: str) -> None:
    """Names of several words are read with any spaces, commas, dots and hyphens between them."""
    assert read_country(written) == code


@pytest.mark.parametrize("code", ISO)
def test_every_country_is_read_by_its_codes_and_names(code: str) -> None:
    """Both codes, every English name and both names the kit shows lead back to the country."""
    country = pycountry.countries.get(alpha_2=code)
    assert country is not None
    assert read_country(country.alpha_3.lower()) == code
    if code not in ("NA", "NO"):  # these are also words for nothing and for no
        assert read_country(country.alpha_2) == code
    for lang in LANGUAGES:
        assert read_country(country_name(code, lang)) == code
    if code != "CG":  # its plain name fits two countries
        assert {read_country(v) for k, v in dict(country).items() if k.endswith("name")} == {code}


def test_only_words_for_japan_are_japan() -> None:
    """Whatever is read as Japan is on this list; nothing unclear ever becomes Japan."""
    forms = {form for form, code in countries._known().items() if code == "JP"}
    assert forms == {"日本", "日本国", "国内", "日", "japan", "jpn", "jp"}
    assert all(read_country(form) == "JP" for form in ("日本", "国内", "ＪＰ", "jpn", "日本（国内）"))


@pytest.mark.parametrize(
    "written",
    [
        "不明",
        "unknown",
        "未確認",
        "確認中",
        "?",
        "？",
        "海外",
        "国外",
        "その他",
        "日本以外",
        "Overseas",
        "TBD",
        "外国",
    ],
)
def test_not_known_is_a_value_of_its_own(written: str) -> None:
    """Words that name no country are kept as not known, not as Japan and not as blank."""
    assert read_country(written) == UNKNOWN == "?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Korea", "South Korea, North Korea"),
        ("コンゴ", "Republic of the Congo, Democratic Republic of the Congo"),
        ("congo", "Republic of the Congo, Democratic Republic of the Congo"),
        ("ドミニカ", "Dominican Republic, Dominica"),
        ("欧州", "EU/EEA (state not named), United Kingdom, Switzerland"),
        ("EUROPE", "EU/EEA (state not named), United Kingdom, Switzerland"),
        ("アジア", "China, Singapore, India"),
    ],
)
def test_a_word_for_several_countries_is_refused_with_examples(written: str, meant: str) -> None:
    """Europe is more than the EEA; Korea and Congo are two countries."""
    with pytest.raises(Unreadable, match="country_ambiguous") as caught:
        read_country(written)
    assert caught.value.words["meant"]["en"] == meant


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("Germny", {"ja": "（近いもの：ドイツ）", "en": " (nearest: Germany)"}),
        ("フィリッピン", {"ja": "（近いもの：フィリピン）", "en": " (nearest: Philippines)"}),
        ("アメリカ（AWS）", {"ja": "（近いもの：アメリカ）", "en": " (nearest: United States)"}),
        ("qqqq", ""),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(written: str, near: object) -> None:
    """The nearest name is offered in the language of the reader, never taken; some have none."""
    with pytest.raises(Unreadable, match="country_unknown") as caught:
        read_country(written)
    assert caught.value.words == {"near": near}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("ドイツ（EU）", "DE"), ("ドイツ (EEA)", "DE"), ("ノルウェー（EEA）", "NO"), ("米国（アメリカ）", "US"), ("英国(UK)", "GB"),
        ("欧州連合（EU）", "EU"), ("UK (England)", "GB"), ("韓国（大韓民国）", "KR"),
    ],
)  # fmt: skip
def test_a_remark_may_repeat_the_country_or_name_its_group(written: str, code: str) -> None:
    """A remark in brackets that agrees with the country does no harm."""
    assert read_country(written) == code


@pytest.mark.parametrize(
    "written",
    [
        "スイス（EU）", "英国（EU）", "EU（ドイツ）", "香港（中国）", "海外（米国）", "米国（日本）", "日本（米国）", "アメリカ（カリフォルニア州）",
        "（米国）", "米国（）", "米国（米国）（米国）", "ドイツ（EU",
    ],
)  # fmt: skip
def test_any_other_remark_is_refused(written: str) -> None:
    """What contradicts the country or is not understood is not dropped in silence."""
    with pytest.raises(Unreadable, match="country_unknown"):
        read_country(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "なし",
        "n/a",
        "はい",
        "東京",
        "ハワイ",
        "EMEA",
        "米国、日本",
        "米国/日本",
        "JA",
        "日木",
        "本国",
        "ヨーロツパ",
        "X",
    ],
)
def test_anything_else_is_no_country(written: str) -> None:
    """What is on no list is refused, not guessed."""
    with pytest.raises(Unreadable, match="country_unknown"):
        read_country(written)


@given(st.text(max_size=30))
def test_reading_a_country_never_fails_otherwise(written: str) -> None:
    """Whatever stands there, the reader returns a code that can be shown or says why not."""
    said = ""
    try:
        said = country_name(read_country(written), "ja")
    except Unreadable as error:
        said = error.code
    assert said


def test_no_word_stands_for_two_countries() -> None:
    """Names of the library and words of the table agree wherever they meet."""
    codes: dict[str, set[str]] = {}
    for code, *forms in countries._library():
        for form in (code, *forms):
            codes.setdefault(countries._key(form), set()).add(code)
    for code, names in countries._names().items():
        for name in names.values():
            codes.setdefault(countries._key(name), set()).add(code)
    for code, words in table("countries")["written"].items():
        for word in words:
            codes.setdefault(countries._key(word), set()).add(code)
    assert {form: found for form, found in codes.items() if len(found) > 1} == {}


def test_the_table_names_only_codes_that_exist() -> None:
    """Every code of the table is an ISO code, the EEA or not known."""
    content = table("countries")
    used = {*content["names"], *content["written"]}
    used |= {code for row in content["ambiguous"] for code in row["may_be"]}
    used |= {code for row in content["designated"] for code in row["codes"]}
    used |= {code for codes in content["groups"].values() for code in codes}
    assert used <= {*ISO, "EU", UNKNOWN}


@pytest.mark.parametrize(
    ("code", "japanese", "english"),
    [
        ("US", "アメリカ", "United States"), ("GB", "英国", "United Kingdom"), ("KR", "韓国", "South Korea"),
        ("KP", "北朝鮮", "North Korea"), ("TW", "台湾", "Taiwan"), ("HK", "香港", "Hong Kong"), ("VN", "ベトナム", "Vietnam"),
        ("RU", "ロシア", "Russia"), ("MK", "北マケドニア", "North Macedonia"), ("GE", "ジョージア", "Georgia"),
        ("EU", "EU・EEA（国名なし）", "EU/EEA (state not named)"), ("?", "不明", "not known"),
    ],
)  # fmt: skip
def test_a_country_is_shown_by_its_usual_name(code: str, japanese: str, english: str) -> None:
    """Short names as newspapers use them, also for the codes that are no country."""
    assert (country_name(code, "ja"), country_name(code, "en")) == (japanese, english)


def test_every_country_has_a_name_of_its_own() -> None:
    """All names differ; the Japanese ones hold no half-width brackets and no untranslated words."""
    for lang in LANGUAGES:
        assert len({country_name(code, lang) for code in ISO}) == len(ISO)
    assert [c for c in ISO if re.search("[A-Za-z() ]", country_name(c, "ja"))] == []
    assert [
        c for c in ISO if re.search("Province|, (State|Republic|Islamic|Federated)", country_name(c, "en"))
    ] == []


@pytest.mark.parametrize("code", sorted(DESIGNATED))
def test_the_eea_and_the_uk_are_designated(code: str) -> None:
    """The 31 states of PPC Notice No. 1 of 2019, and a state of the EEA that is not named."""
    assert designated(code, TODAY)


def test_no_other_country_is_designated() -> None:
    """Neither the United States nor Switzerland, nor territories with codes of their own, nor Japan."""
    named = {code for code in (*ISO, "EU", UNKNOWN) if designated(code, TODAY)}
    assert named == DESIGNATED
    assert not named & {"US", "CH", "JP", "GI", "JE", "GG", "IM", "GP", "RE", "GL", "NC", "AX", UNKNOWN}


@pytest.mark.parametrize(("day", "expected"), [(date(2019, 1, 22), False), (date(2019, 1, 23), True)])
def test_designation_begins_on_its_day(day: date, *, expected: bool) -> None:
    """Both sides of the day on which the notice came into force."""
    assert designated("DE", day) is designated("EU", day) is expected


def test_designation_ends_after_its_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with a last day counts on that day and no longer on the next."""
    row = {"codes": ["GB"], "from": "2019-01-23", "to": "2027-03-31", "source": "made up"}
    monkeypatch.setattr(countries, "table", lambda _: {"designated": [row]})
    assert designated("GB", date(2027, 3, 31))
    assert not designated("GB", date(2027, 4, 1))


def test_a_group_holds_the_states_of_the_eea() -> None:
    """The 27 and three; the United Kingdom and Switzerland are no members."""
    assert sorted(table("countries")["groups"]["EU"]) == sorted([*EU_27, "IS", "LI", "NO"])


def test_importing_does_not_load_the_library() -> None:
    """The command line starts without the database of countries."""
    code = "import sys, appi_assess.countries; print('pycountry' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
