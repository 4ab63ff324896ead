"""
The law on a day: the requirements in force, the scope questions, the dates of change.

The files under ``articles/`` and ``tables/`` hold the law; this module only reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import compress
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from .problems import InputProblems, Problem
from .requirement import KNOWN_FROM, Frozen, Requirement, Text
from .tables import ARTICLES, load, table

if TYPE_CHECKING:
    import pandas as pd

# Supervisory and penal articles were renumbered once more on this day.
SUPERVISION_KNOWN_FROM = date(2023, 4, 1)


class Gate(Frozen):
    """
    A question about the organisation that decides which requirements apply.
    """

    id: str = Field(pattern=r"^G\d\d$")
    question: Text
    help: Text
    effect: Text
    kind: Literal["applicability", "examples", "note"]


class Chapter(Frozen):
    """
    A chapter of the assessment, which is one notebook and one theme.
    """

    id: str
    slug: str
    title: Text
    short: Text
    groups: tuple[str, ...]
    kind: Literal["organisation", "portfolio"] = "organisation"

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
    basis: Text
    gates: tuple[str, ...]
    policy_sections: tuple[str, ...]
    judged_by: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """
    The law in force on a day, the same one for all days between two changes of the law. It is only
    equal to itself, so that what follows from it can be kept.

    Attributes:
        requirements: In reading order: by chapter, group and position in the file.
    """

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
    return _catalogue(tuple(r.in_force(as_of) for r in all_requirements()))


@lru_cache(maxsize=16)
def _catalogue(in_force: tuple[bool, ...]) -> Catalogue:
    return Catalogue(tuple(compress(all_requirements(), in_force)))


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
    All chapters on one organisation, 00 to 20, in reading order.
    """
    return tuple(c for c in _all_chapters() if c.kind == "organisation")


def portfolio_chapter() -> Chapter:
    """
    The chapter on many organisations, which is notebook 30.
    """
    return next(c for c in _all_chapters() if c.kind == "portfolio")


@lru_cache(maxsize=1)
def _all_chapters() -> tuple[Chapter, ...]:
    return tuple(Chapter.model_validate(row) for row in table("chapters"))


@lru_cache(maxsize=1)
def gates() -> dict[str, Gate]:
    """
    The applicability gates by id.
    """
    return {row["id"]: Gate.model_validate(row) for row in table("gates")}


@lru_cache(maxsize=1)
def checklist() -> tuple[CheckItem, ...]:
    """
    The published-policy checklist.
    """
    return tuple(CheckItem.model_validate(row) for row in _file("policy")["checklist"])


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

    They are renumbered and partly raised on 17 January 2027 (Act No. 56 of 2026).
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
