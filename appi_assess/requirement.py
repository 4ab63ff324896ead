"""
A requirement: what is asked, on what basis, since when, and how severe its breach is.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .provisions import Matrix, paragraph_of
from .tables import table

# The numbering and the duties described in this kit begin on this day; earlier law is another law.
KNOWN_FROM = date(2022, 4, 1)


class Duty(StrEnum):
    """
    The kind of duty behind a requirement (reference: duty types of the PPC material).
    """

    STATUTE = "M"
    ORDER_OR_RULE = "MR"
    GUIDELINE = "MG"
    BEST_EFFORT = "E"
    DESIRABLE = "D"
    PROMISE = "P"
    OTHER_LAW = "X"


Measure = Literal["legal", "best_effort", "good_practice", "promises", "other_laws"]
Basis = Literal[
    "statute", "order_or_rule", "guideline", "guideline_example",
    "best_effort", "good_practice", "promise", "other_law",
]  # fmt: skip
Standing = Literal["verified", "secondary", "general_knowledge"]
Nature = Literal["standing", "prohibition", "event"]

MEASURE: dict[Duty, Measure] = {
    Duty.STATUTE: "legal",
    Duty.ORDER_OR_RULE: "legal",
    Duty.GUIDELINE: "legal",
    Duty.BEST_EFFORT: "best_effort",
    Duty.DESIRABLE: "good_practice",
    Duty.PROMISE: "promises",
    Duty.OTHER_LAW: "other_laws",
}


BASIS: dict[Duty, Basis] = {
    Duty.STATUTE: "statute",
    Duty.ORDER_OR_RULE: "order_or_rule",
    Duty.GUIDELINE: "guideline",
    Duty.BEST_EFFORT: "best_effort",
    Duty.DESIRABLE: "good_practice",
    Duty.PROMISE: "promise",
    Duty.OTHER_LAW: "other_law",
}


class Frozen(BaseModel):
    """
    A value read from the kit's own data: nothing unknown in it, nothing changed later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Frozen):
    """
    The same text in Japanese and English.
    """

    ja: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __getitem__(self, lang: str) -> str:
        return self.ja if lang == "ja" else self.en

    @model_validator(mode="before")
    @classmethod
    def _same(cls, value: object) -> object:
        """
        A plain text, such as a section number, is the same in both languages.
        """
        return {"ja": value, "en": value} if isinstance(value, str) else value


class Texts(Frozen):
    """
    The same list in Japanese and English.
    """

    ja: tuple[str, ...] = Field(min_length=1)
    en: tuple[str, ...] = Field(min_length=1)

    def __getitem__(self, lang: str) -> tuple[str, ...]:
        return self.ja if lang == "ja" else self.en


class Citation(Frozen):
    """
    Where a statement comes from: a source key of ``tables/sources.yaml`` and a section of it.
    """

    source: str
    section: Text
    standing: Standing | None = None
    link: str | None = None


class Requirement(Frozen):
    """
    One thing that the law, a guideline or the organisation's own promise asks for.
    """

    id: str = Field(pattern=r"^(A\d\d|SEC|ENT|EUK|PP|COO)-\d{1,2}$")
    group: str
    article: str
    chapter: str = Field(pattern=r"^\d\d$")
    provision: str
    severity_from: tuple[str, ...] = ()
    duty: Duty
    breach_example: bool = False
    nature: Nature
    gates: tuple[str, ...]
    policy_sections: tuple[str, ...]
    effort: Literal["S", "M", "L"]
    in_force_from: date
    in_force_to: date | None = None
    checked_on: date
    title: Text
    statement: Text
    question: Text
    help: Text
    evidence: Texts
    citations: tuple[Citation, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Requirement:
        if self.in_force_to and self.in_force_to < self.in_force_from:
            raise ValueError(f"{self.id}: in_force_to is before in_force_from")
        if self.breach_example and self.duty is not Duty.GUIDELINE:
            raise ValueError(f"{self.id}: only a guideline duty can rest on a breach example")
        return self

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """
        The paragraphs of the Act whose enforcement decides the severity.
        """
        return self.severity_from or (paragraph_of(self.provision),)

    @property
    def measure(self) -> Measure:
        """
        Which of the five measures (README, figures) the requirement counts in.
        """
        return MEASURE[self.duty]

    @property
    def severity(self) -> int:
        """
        0 to 4, from the duty type and the enforcement of the paragraph (README, figures).
        """
        return matrix().severity(self.duty, self.paragraphs)

    @property
    def weight(self) -> int:
        """
        What the requirement weighs in its measure: the severity of a legal duty, else 1.
        """
        return self.severity if self.measure == "legal" else 1

    @property
    def enforcement(self) -> str:
        """
        The enforcement codes R, U, F of a legal duty's paragraphs, else G; empty for what no
        power under the Act reaches: desirable practice, promises, other laws.
        """
        if self.measure == "legal":
            return matrix().codes(self.paragraphs)
        return "G" if self.measure == "best_effort" else ""

    @property
    def basis(self) -> Basis:
        """
        What the duty rests on: statute, order or rule, guideline, or less than that.
        """
        return "guideline_example" if self.breach_example else BASIS[self.duty]

    @cached_property
    def article_before_2022(self) -> str | None:
        """
        The number that the article bore before 1 April 2022; None outside the Act.
        """
        return next((row.old for row in renumbered() if row.on(KNOWN_FROM) == self.article), None)

    @cached_property
    def unverified(self) -> tuple[Citation, ...]:
        """
        Its citations that nobody has read in the source itself.
        """
        return tuple(c for c in self.citations if standing(c) != "verified")

    def in_force(self, on: date) -> bool:
        """
        Whether the requirement is law on that day; both days of its period count.
        """
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


class Source(Frozen):
    """
    A document that citations refer to.
    """

    title: Text
    edition: Text
    link: str
    standing: Standing


class Number(Frozen):
    """
    A number that an article has borne for a time.
    """

    number: str
    from_: date = Field(alias="from")
    to: date | None = None
    standing: Standing = "verified"


class Renumbered(Frozen):
    """
    An article before 1 April 2022 and what it has been called since.
    """

    old: str
    topic: Text
    now: tuple[Number, ...]

    def on(self, day: date) -> str | None:
        """
        Its number on that day; None before the renumbering.
        """
        return next((n.number for n in self.now if n.from_ <= day and (n.to is None or day <= n.to)), None)


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """
    The cited documents by key.
    """
    return {key: Source.model_validate(row) for key, row in table("sources").items()}


def standing(citation: Citation) -> Standing:
    """
    Whether a citation was verified: its own mark, or that of its source.
    """
    return citation.standing or sources()[citation.source].standing


@lru_cache(maxsize=1)
def matrix() -> Matrix:
    """
    The enforcement matrix by paragraph.
    """
    return Matrix.model_validate(table("enforcement"))


@lru_cache(maxsize=1)
def renumbered() -> tuple[Renumbered, ...]:
    """
    The old-to-new article table of articles.
    """
    return tuple(Renumbered.model_validate(row) for row in table("old_numbers"))
