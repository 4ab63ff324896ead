"""
Countries and territories: what people write, the names to show, and which are designated.

A country is its ISO 3166-1 alpha-2 code. Two more values are in use: ``UNKNOWN``, written down as
not known, and ``EU``, a state of the EEA that is not named. Only words for Japan are read as Japan.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import get_close_matches
from functools import cache

from .tables import table
from .text import Unreadable
from .wording import LANGUAGES, say, say_both

UNKNOWN = "?"

_ACCENTS = re.compile("[\u0300-\u036f]")  # not the voiced sound marks of kana
_FILLERS = re.compile(r"^the\s|[\s・·,、.'’=゠‐–-]")
_REMARK = re.compile(r"([^()]+)\(([^()]+)\)")
_LONGEST_CODE = 3


def read_country(text: str) -> str:
    """
    The code for a country as people write it.

    Args:
        text: An ISO 3166-1 code, an English or Japanese name, or a word of ``countries.yaml``.
            A remark in brackets may repeat the country or name the group it belongs to.

    Returns:
        The alpha-2 code, ``EU`` or ``UNKNOWN``.

    Raises:
        Unreadable: If no country is written so, or more than one may be meant.

    Examples:
        >>> read_country("米国"), read_country("u.k."), read_country("ドイツ（EU）"), read_country("海外")
        ('US', 'GB', 'DE', '?')
    """
    key = _key(text)
    if code := _known().get(key):
        return code
    if choices := _ambiguous().get(key):
        raise Unreadable("country_ambiguous", meant=_listed(choices))
    remark = _REMARK.fullmatch(key)
    if remark:
        code, also = _known().get(remark[1]), _known().get(remark[2])
        if code and also and (code == also or code in table("countries")["groups"].get(also, ())):
            return code
    raise Unreadable("country_unknown", near=_near(remark[1] if remark else key))


def country_name(code: str, lang: str) -> str:
    """
    The short name to show for any code that ``read_country`` returns.

    Raises:
        KeyError: If the code or the language is unknown.

    Examples:
        >>> country_name("KR", "ja"), country_name("KR", "en")
        ('韓国', 'South Korea')
    """
    return _names()[code][lang]


def designated(code: str, as_of: date) -> bool:
    """
    Whether the country is designated under Rules Art. 15 on the day.

    Examples:
        >>> designated("DE", date(2026, 11, 22)), designated("US", date(2026, 11, 22))
        (True, False)
    """
    day = as_of.isoformat()
    return any(
        code in row["codes"] and row["from"] <= day and (not row["to"] or day <= row["to"])
        for row in table("countries")["designated"]
    )


def _key(text: str) -> str:
    """
    What is compared: the text without width, case, accents, article, spaces, dots and hyphens.
    """
    plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))
    return _FILLERS.sub("", plain.strip().casefold())


@cache
def _known() -> dict[str, str]:
    """
    The code of every folded form that is read.
    """
    found = {_key(form): code for code, *forms in _library() for form in (code, *forms)}
    for code, names in _names().items():
        found |= {_key(name): code for name in names.values()}
    for code, words in table("countries")["written"].items():
        found |= {_key(word): code for word in words}
    return {key: code for key, code in found.items() if key not in _ambiguous()}


@cache
def _ambiguous() -> dict[str, list[str]]:
    return {_key(word): row["may_be"] for row in table("countries")["ambiguous"] for word in row["words"]}


@cache
def _names() -> dict[str, dict[str, str]]:
    """
    The names to show in each language, by code.
    """
    plain = {code: {"ja": ja, "en": en} for code, ja, en, *_ in _library()}
    return {**plain, **table("countries")["names"]}


@cache
def _library() -> list[list[str]]:
    """
    For each country the alpha-2 code, the common names in Japanese and English, and other forms.
    """
    import gettext

    import pycountry

    japanese = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=["ja"]).gettext
    found = []
    for country in pycountry.countries:
        fields = dict(country)
        names = [fields[k] for k in ("common_name", "name", "official_name") if k in fields]
        found.append(
            [fields["alpha_2"], japanese(names[0]), *names, fields["alpha_3"], *map(japanese, names)]
        )
    return found


def _near(key: str) -> object:
    # A code of two or three letters resembles many others; only names are offered.
    names = [known for known in _known() if not (known.isascii() and len(known) <= _LONGEST_CODE)]
    found = get_close_matches(key, names, n=1, cutoff=0.6)
    return say_both("near", near=_listed([_known()[found[0]]])) if found else ""


def _listed(codes: list[str]) -> dict[str, str]:
    return {lang: say("list", lang).join(country_name(code, lang) for code in codes) for lang in LANGUAGES}
