"""
The law as data: what each requirement asks, since when, and how severe its breach is.

The files under ``articles/`` and ``tables/`` hold the law; this module only reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .problems import InputProblems, Problem
from .provisions import Matrix, paragraph_of
from .tables import ARTICLES, load, table

if TYPE_CHECKING:
    import pandas as pd

# The numbering and the duties described here begin on this day; earlier law is another law.
KNOWN_FROM = date(2022, 4, 1)
# Supervisory and penal articles were renumbered once more on this day (appi.md 13).
SUPERVISION_KNOWN_FROM = date(2023, 4, 1)


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
    section: str
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
        Which of the five measures of ``scoring.md`` 4 the requirement counts in.
        """
        return MEASURE[self.duty]

    @property
    def severity(self) -> int:
        """
        0 to 4, from the duty type and the enforcement of the paragraph (``scoring.md`` 3).
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

    @property
    def article_before_2022(self) -> str | None:
        """
        The number that the article bore before 1 April 2022; None outside the Act.
        """
        return next((row.old for row in renumbered() if row.on(KNOWN_FROM) == self.article), None)

    @property
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


class Gate(Frozen):
    """
    A question about the organisation that decides which requirements apply (``appi.md`` 1.2).
    """

    id: str = Field(pattern=r"^G\d\d$")
    question: Text
    help: Text
    effect: Text
    kind: Literal["applicability", "examples", "note"]


class Source(Frozen):
    """
    A document that citations refer to.
    """

    title: Text
    edition: Text
    link: str
    standing: Standing


class Chapter(Frozen):
    """
    A chapter of the assessment, which is one notebook and one theme.
    """

    id: str
    slug: str
    title: Text
    short: Text
    groups: tuple[str, ...]

    @property
    def name(self) -> str:
        """
        The file name of its notebook without the ending.
        """
        return f"{self.id}_{self.slug}"


class CheckItem(Frozen):
    """
    A line of the published-policy checklist and the requirements that judge it.
    """

    id: str
    item: Text
    mode: tuple[str, ...]
    when: Text
    basis: str
    gates: tuple[str, ...]
    policy_sections: tuple[str, ...]
    judged_by: tuple[str, ...]


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


@dataclass(frozen=True)
class Catalogue:
    """
    The law in force on a day.

    Attributes:
        as_of: The day.
        requirements: In reading order: by chapter, group and position in the file.
    """

    as_of: date
    requirements: tuple[Requirement, ...]

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.requirements)

    def __getitem__(self, requirement: str) -> Requirement:
        return self._by_id[requirement]

    def __contains__(self, requirement: str) -> bool:
        return requirement in self._by_id

    @cached_property
    def _by_id(self) -> dict[str, Requirement]:
        return {r.id: r for r in self.requirements}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """
        What judging and scoring need, one row per requirement.

        Columns: ``measure``, ``weight``, ``severity``, ``duty``, ``basis``, ``article``,
        ``theme`` (the chapter), ``gates`` and ``policy_sections`` (tuples).
        """
        import pandas as pd

        rows = [
            (
                r.id,
                r.measure,
                r.weight,
                r.severity,
                str(r.duty),
                r.basis,
                r.article,
                r.chapter,
                r.gates,
                r.policy_sections,
            )
            for r in self.requirements
        ]
        columns = [
            "id",
            "measure",
            "weight",
            "severity",
            "duty",
            "basis",
            "article",
            "theme",
            "gates",
            "policy_section",
        ]
        return pd.DataFrame(rows, columns=columns).set_index("id")


def catalogue(as_of: date) -> Catalogue:
    """
    The requirements in force on a day.

    Args:
        as_of: The day; from 1 April 2022 until the day before the main part of Act No. 56 of
            2026 must be in force.

    Raises:
        InputProblems: If the kit does not know the law of that day.
    """
    if as_of < KNOWN_FROM:
        raise InputProblems(
            [Problem("law_before", key="as_of", found=str(as_of), words={"first": KNOWN_FROM})]
        )
    if as_of >= (limit := main_part_no_later_than()):
        raise InputProblems([Problem("law_after", key="as_of", found=str(as_of), words={"limit": limit})])
    return Catalogue(as_of, tuple(r for r in all_requirements() if r.in_force(as_of)))


@lru_cache(maxsize=1)
def all_requirements() -> tuple[Requirement, ...]:
    """
    Every requirement of any date, in reading order.
    """
    return tuple(r for chapter in chapters() for group in chapter.groups for r in _group(group))


@lru_cache(maxsize=1)
def groups() -> dict[str, Text]:
    """
    The titles of the files of ``articles/`` by their id.
    """
    return {g: Text.model_validate(_file(g)["title"]) for c in chapters() for g in c.groups}


@cache
def _file(group: str) -> dict[str, Any]:
    content: dict[str, Any] = load(ARTICLES / f"{group}.yaml")
    return content


def _group(group: str) -> list[Requirement]:
    content = _file(group)
    shared = {k: content[k] for k in ("article", "chapter", "checked_on", "in_force_from")}
    return [Requirement.model_validate({"group": group} | shared | row) for row in content["requirements"]]


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """
    All chapters, 00 to 20, in reading order.
    """
    return tuple(Chapter.model_validate(row) for row in table("chapters"))


@lru_cache(maxsize=1)
def gates() -> dict[str, Gate]:
    """
    The applicability gates by id.
    """
    return {row["id"]: Gate.model_validate(row) for row in table("gates")}


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
def checklist() -> tuple[CheckItem, ...]:
    """
    The published-policy checklist (``appi.md`` 9).
    """
    return tuple(CheckItem.model_validate(row) for row in _file("policy")["checklist"])


@lru_cache(maxsize=1)
def matrix() -> Matrix:
    """
    The enforcement matrix by paragraph.
    """
    return Matrix.model_validate(table("enforcement"))


@lru_cache(maxsize=1)
def renumbered() -> tuple[Renumbered, ...]:
    """
    The old-to-new article table (``appi.md`` 13).
    """
    return tuple(Renumbered.model_validate(row) for row in table("old_numbers"))


def powers(as_of: date) -> list[dict[str, Any]]:
    """
    The Commission's powers over an operator on a day, in the order of the articles.

    Before 1 April 2023 they bore other numbers, which nobody has verified: then empty.
    """
    content: list[dict[str, Any]] = table("penalties")["powers"] if as_of >= SUPERVISION_KNOWN_FROM else []
    return content


def penalties(as_of: date) -> list[dict[str, Any]]:
    """
    The penal provisions as they stand on a day: article, text and amounts.

    They are renumbered and partly raised on 17 January 2027 (``appi.md`` 11.3).
    """
    found = []
    for row in table("penalties")["penalties"]:
        for version in row["versions"]:
            last = version.get("to")
            if date.fromisoformat(version["from"]) <= as_of and (
                not last or as_of <= date.fromisoformat(last)
            ):
                found.append({"id": row["id"], "title": row["title"]} | version)
    return found


def upcoming() -> dict[str, Any]:
    """
    The 2026 reform as a preview: enacted, mostly not in force, never scored.
    """
    content: dict[str, Any] = table("upcoming")
    return content


def main_part_no_later_than() -> date:
    """
    The day on which the main part of Act No. 56 of 2026 is in force at the latest.
    """
    return date.fromisoformat(upcoming()["act"]["main_part_no_later_than"])


def checked_on() -> date:
    """
    The latest day on which the whole law data was compared with its sources.
    """
    return min(r.checked_on for r in all_requirements())


def article_key(article: str) -> tuple[int, str]:
    """
    The order of articles: the Act's by number, then the others by name.

    Examples:
        >>> sorted(["SR", "100", "17"], key=article_key)
        ['17', '100', 'SR']
    """
    match = re.match(r"\d+", article)
    return (int(match.group()), article) if match else (1000, article)


def id_key(requirement: str) -> tuple[str, int]:
    """
    The order of requirement ids: by series, then by number.
    """
    series, _, number = requirement.partition("-")
    return series, int(number)


def left_out() -> dict[str, Any]:
    """
    Items of the legal reference that are no requirement, with the reason.
    """
    content: dict[str, Any] = table("accounted")["left_out"]
    return content
