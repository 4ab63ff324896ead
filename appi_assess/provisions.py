"""
References to provisions: how they are written, and how severe a breach of them is.

A provision is written short: ``18(3)(i)`` is Article 18, paragraph 3, item 1;
``31(3) with 30(2)`` is a paragraph applied through another; several are joined by ``; ``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ACT = re.compile(r"(\d+(?:-\d+)?)(?:\((\d+)\))?(?:\(([ivx]+)\))?")
_RULES = re.compile(r"SR(?:\((\d)\))?")
_TELECOM = re.compile(r"TBA (\d+(?:-\d+)?)(?:\((\d+)\))?(?:\(([ivx]+)\))?")


def is_provision(text: str) -> bool:
    """
    Whether ``text`` is written in the notation of this module.
    """
    return all(
        part == "policy" or any(p.fullmatch(part) for p in (_ACT, _RULES, _TELECOM))
        for whole in text.split("; ")
        for part in whole.split(" with ")
    )


def paragraph_of(provision: str) -> str:
    """
    The paragraph that a provision belongs to: its first reference without the item.

    Examples:
        >>> paragraph_of("18(3)(i)")
        '18(3)'
        >>> paragraph_of("31(3) with 30(2)")
        '31(3) with 30(2)'
        >>> paragraph_of("30(1)(i); 30(3)")
        '30(1)'
    """
    return re.sub(r"\([ivx]+\)", "", provision.split("; ", maxsplit=1)[0])


def article_of(provision: str) -> str:
    """
    The article number at the head of a provision.

    Examples:
        >>> article_of("31(3) with 30(2)")
        '31'
    """
    match = re.match(r"(TBA )?\d+(-\d+)?|SR|policy", provision)
    return match.group() if match else provision


def label(provision: str, lang: str) -> str:
    """
    A provision as a lawyer writes it in ``lang`` (``ja`` or ``en``).

    Examples:
        >>> label("18(3)(i)", "ja")
        '第18条第3項第1号'
        >>> label("31(3) with 30(2)", "ja")
        '第31条第3項（第30条第2項の準用）'
        >>> label("30(1)(i); 30(3)", "en")
        'Art. 30(1)(i), Art. 30(3)'
        >>> label("TBA 27-12", "ja")
        '電気通信事業法第27条の12'
    """
    wholes = []
    for whole in provision.split("; "):
        head, *rest = (_one(part, lang) for part in whole.split(" with "))
        if rest and lang == "ja":
            head += f"（{'、'.join(rest)}の準用）"
        elif rest:
            head += " with " + " and ".join(rest)
        wholes.append(head)
    return ("、" if lang == "ja" else ", ").join(wholes)


def _one(part: str, lang: str) -> str:
    if part == "policy":
        return "自社のプライバシーポリシー" if lang == "ja" else "own published policy"
    if match := _RULES.fullmatch(part):
        number = f"({match[1]})" if match[1] else ""
        return f"補完的ルール{number}" if lang == "ja" else f"Supplementary Rules {number}".strip()
    law, match = "", _ACT.fullmatch(part)
    if not match and (match := _TELECOM.fullmatch(part)):
        law = "電気通信事業法" if lang == "ja" else "Telecommunications Business Act "
    if not match:
        raise ValueError(f"not a provision: {part!r}")
    if lang == "en":
        return f"{law}Art. {part.removeprefix('TBA ')}"
    article, paragraph, item = match.groups()
    number, _, branch = article.partition("-")
    text = f"{law}第{number}条" + (f"の{branch}" if branch else "")
    if paragraph:
        text += f"第{paragraph}項"
    if item:
        text += f"第{ROMAN.index(item) + 1}号"
    return text


class Matrix(BaseModel):
    """
    Which paragraphs the Commission can enforce, and how (Art. 148(1), (3)).

    Attributes:
        recommendation: Paragraphs, or whole articles, for which a recommendation is possible.
        urgent_order: Those for which an order without a recommendation is possible.
        own_fine: Those with a non-criminal fine of their own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    recommendation: frozenset[str]
    urgent_order: frozenset[str]
    own_fine: frozenset[str]

    def severity(self, duty: str, paragraphs: Iterable[str]) -> int:
        """
        How severe a breach is, 0 to 4, by duty type and paragraph (README, figures).

        Args:
            duty: A code of ``Duty``.
            paragraphs: The paragraphs that the requirement explains; the gravest counts.
        """
        if duty == "E":
            return 1
        if duty not in ("M", "MR", "MG"):
            return 0
        return max(self._paragraph(p) for p in paragraphs)

    def _paragraph(self, paragraph: str) -> int:
        if _listed(paragraph, self.urgent_order):
            return 4
        return 3 if _listed(paragraph, self.recommendation) else 2

    def codes(self, paragraphs: Iterable[str]) -> str:
        """
        The enforcement codes that apply: recommendation R, urgent order U, own fine F; else guidance G.
        """
        found = {
            code
            for code, listed in (
                ("R", self.recommendation), ("U", self.urgent_order), ("F", self.own_fine)
            )
            for paragraph in paragraphs
            if _listed(paragraph, listed)
        }  # fmt: skip
        return "".join(code for code in "RUF" if code in found) or "G"


def _listed(paragraph: str, listed: frozenset[str]) -> bool:
    """
    Whether the paragraph itself, or its whole article, is in the list.
    """
    return paragraph in listed or paragraph.partition("(")[0] in listed
