"""
The results of a batch as notebook 30 sees them: of each organisation, only what it compares.

An assessment is more than a megabyte; of a thousand of them nobody can keep everything.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appi_assess.assessment import About, Figures, LawVersion, Rate, UnmetCount
from appi_assess.conclude import GAPS, SCHEMA_VERSION, both
from appi_assess.problems import InputProblems, Problem, shown
from appi_assess.record import ASSESSMENT
from appi_assess.requirement import Measure, Text
from appi_assess.score import STATUSES

PORTFOLIO, REPORTS = "portfolio.json", "reports"
PORTFOLIO_VERSION = "1"
# The checks that tell whether a report of a breach, or the entrustee's notice in its place, is late or
# overdue.
FULL_REPORT = "incidents.full_report"
DEADLINES = (FULL_REPORT, "incidents.prompt_report", "incidents.entruster_notified")
GRAVITIES = (4, 3, 2)

M = TypeVar("M", bound="_Version")
Standing = tuple[int | Fraction, ...]


class _Part(BaseModel):
    """
    What is read of a larger object; the rest of it is passed over.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Version(_Part):
    schema_version: str


class Failure(_Part):
    """
    Where and why the report of an organisation could not be made.
    """

    notebook: str = ""
    cell: int | None = None
    reason: Text


class Listed(_Part):
    """
    An organisation of the portfolio (一括処理の対象) and whether its report was made.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    name: str
    tags: tuple[str, ...]
    state: Literal["done", "failed"]
    failure: Failure | None = None


class _Portfolio(_Version):
    organisations: tuple[Listed, ...]


class Asked(_Part):
    """
    What is known of one requirement without the answers: what it is and how grave.
    """

    id: str
    provision: Text
    title: Text
    measure: Measure
    severity: int


class _Law(_Part):
    findings: tuple[Asked, ...]


class _Found(_Part):
    id: str
    verdict: str
    owner: str
    due: date | None


class InArticle(_Part):
    """
    The legal duties of one article: their status and how many are not met.
    """

    status: str
    not_met: int


class _Group(_Part):
    key: str
    figures: InArticle


class _Scores(_Part):
    overall: Figures
    article: tuple[_Group, ...]


class _Measures(_Part):
    legal: _Scores


class _Row(_Part):
    value: Text
    because: Text


class _Check(_Part):
    id: str
    state: str
    why: Text | None
    failing: int
    failures: tuple[_Row, ...]


class _Assessment(_Version):
    package_version: str
    about: About
    law: LawVersion
    findings: tuple[_Found, ...]
    scores: _Measures
    unmet: tuple[UnmetCount, ...]
    checks: tuple[_Check, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """
    Breaches of one organisation whose report is late or overdue by one check.

    Attributes:
        blank: Rows among the first thousand in which the day looked for is not written.
        because: What is wrong with the first row.
    """

    check: str
    rows: int
    blank: int
    because: Text


@dataclass(frozen=True, slots=True)
class Overdue:
    """
    An action of the plan whose day is over on the assessment date.
    """

    requirement: str
    verdict: str
    owner: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """
    One assessed organisation: its legal figures and what is open.

    Attributes:
        law: Under which law it was assessed, and on which day.
        low: Lower end of the conformity interval, exact; None where there is nothing to score.
        high: Upper end, likewise.
        coverage: Share of what was judged, likewise.
        unmet: How many legal duties of severity 4, 3 and 2 are not met.
        articles: The legal duties by article.
        verdicts: Verdict of each requirement in force.
        clocks: Whether the reports of breaches can be judged: ``known``; ``undated`` if the day of
            knowledge is missing in some row; ``unknown`` if no register says anything.
    """

    id: str
    name: str
    tags: tuple[str, ...]
    law: LawVersion
    package_version: str
    status: str
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    unmet: tuple[int, ...]
    articles: Mapping[str, InArticle]
    verdicts: Mapping[str, str]
    clocks: Literal["known", "undated", "unknown"]
    late: tuple[Late, ...]
    overdue: tuple[Overdue, ...]

    @property
    def standing(self) -> Standing:
        """
        Where it stands in the ranking, the worst being the least: status, unmet duties of severity
        4, 3 and 2, then the lower and the upper end of the interval.
        """
        ends = (Fraction(2) if end is None else end for end in (self.low, self.high))
        return (STATUSES.index(self.status), *(-count for count in self.unmet), *ends)


@dataclass(frozen=True, slots=True)
class Failed:
    """
    An organisation whose report could not be made.
    """

    id: str
    name: str
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """
    The results of one batch.

    Attributes:
        organisations: Those assessed, in the order of the portfolio file.
        failed: Those without a report; they are in no figure.
        asked: Every requirement that was in force for anyone, as the latest law has it.
        digest: Over the portfolio and every assessment.
    """

    organisations: tuple[Organisation, ...]
    failed: tuple[Failed, ...]
    asked: Mapping[str, Asked]
    digest: str

    @property
    def days(self) -> tuple[date, ...]:
        """
        The assessment dates in use, in order.
        """
        return tuple(sorted({o.law.as_of for o in self.organisations}))


NOTHING = Portfolio((), (), {}, hashlib.sha256(b"").hexdigest())


def read_portfolio(folder: str, problems: list[Problem]) -> Portfolio | None:
    """
    Read the results folder of a batch.

    Args:
        folder: As the user gave it.
        problems: Takes everything that is wrong.

    Returns:
        The results; None if there is no list of organisations to go by.
    """
    path = Path(folder) / PORTFOLIO
    try:
        content = path.read_bytes()
    except OSError:
        problems.append(Problem("portfolio_missing", str(path)))
        return None
    listed = _read(_Portfolio, content, PORTFOLIO_VERSION, str(path), problems)
    if listed is None:
        return None
    known = [o.id for o in listed.organisations]
    problems.extend(
        Problem("portfolio_twice", str(path), found=id_)
        for id_ in dict.fromkeys(known)
        if known.count(id_) > 1
    )
    digests, laws = [hashlib.sha256(content).hexdigest()], dict[tuple[date, date, str], tuple[Asked, ...]]()
    found = tuple(_organisations(Path(folder), listed, digests, laws, problems))
    asked = {a.id: a for version in sorted(laws) for a in laws[version]}
    failed = tuple(Failed(o.id, o.name, o.failure) for o in listed.organisations if o.state == "failed")
    return Portfolio(found, failed, asked, joined(digests))


def joined(digests: Iterable[str]) -> str:
    """
    One digest over several.
    """
    return hashlib.sha256("\n".join(digests).encode("ascii")).hexdigest()


def read_all(folder: str, previous: tuple[str, ...], lang: str) -> tuple[Portfolio, tuple[Portfolio, ...]]:
    """
    Read the results of a batch, and those of earlier periods.

    Args:
        folder: Results folder of the batch.
        previous: Those of earlier periods, oldest first.
        lang: Language of the problems.

    Raises:
        InputProblems: With everything that is wrong in any of them.
    """
    if not folder:
        raise InputProblems([Problem("portfolio_needed", key="portfolio")], lang)
    problems: list[Problem] = []
    periods = [(name, read_portfolio(name, problems)) for name in (*previous, folder)]
    days = [(name, p.days[-1]) for name, p in periods if p is not None and p.days]
    for (name, day), (_, later) in pairwise(days):
        if day > later:
            problems.append(
                Problem("portfolio_order", name, key="previous", found=str(day), words={"later": later})
            )
    read = [p for _, p in periods if p is not None]
    if problems or not read:
        raise InputProblems(problems, lang)
    return read[-1], tuple(read[:-1])


def _read(model: type[M], content: bytes, version: str, place: str, problems: list[Problem]) -> M | None:
    """
    A JSON file of a known version as ``model``; None, with the problem told, if it is not one.
    """
    try:
        read = model.model_validate_json(content)
        if read.schema_version == version:
            return read
        found = read.schema_version
    except ValidationError as error:
        found = _version(content)
        if found in ("", version):
            first = error.errors(include_url=False, include_input=False)[0]
            key = shown(".".join(map(str, first["loc"])), 80)
            words = {"reason": shown(first["msg"], 120)}
            problems.append(Problem("portfolio_broken", place, key=key, words=words))
            return None
    words = {"expected": version}
    problems.append(Problem("portfolio_version", place, key="schema_version", found=found, words=words))
    return None


def _version(content: bytes) -> str:
    """
    The version that a damaged or foreign file claims; empty if it claims none.
    """
    try:
        return _Version.model_validate_json(content).schema_version
    except ValidationError:
        return ""


def _organisations(
    folder: Path,
    listed: _Portfolio,
    digests: list[str],
    laws: dict[tuple[date, date, str], tuple[Asked, ...]],
    problems: list[Problem],
) -> Iterator[Organisation]:
    for entry in listed.organisations:
        if entry.state == "failed":
            continue
        path = folder / REPORTS / entry.id / ASSESSMENT
        try:
            content = path.read_bytes()
        except OSError:
            problems.append(Problem("portfolio_no_assessment", str(path), found=entry.id))
            continue
        digests.append(hashlib.sha256(content).hexdigest())
        found = _read(_Assessment, content, SCHEMA_VERSION, str(path), problems)
        if found is not None:
            version = (found.law.as_of, found.law.checked_on, found.package_version)
            if version not in laws:
                laws[version] = _Law.model_validate_json(content).findings
            yield organisation(entry, found)


def organisation(entry: Listed, found: _Assessment) -> Organisation:
    """
    What is kept of an assessment.
    """
    legal = found.scores.legal
    as_of = found.law.as_of
    unmet = {s: sum(u.count for u in found.unmet if u.severity == s) for s in GRAVITIES}
    return Organisation(
        id=entry.id,
        name=entry.name or found.about.organisation or entry.id,
        tags=tuple(dict.fromkeys(entry.tags)),
        law=found.law,
        package_version=found.package_version,
        status=legal.overall.status,
        low=_exact(legal.overall.conformity_low),
        high=_exact(legal.overall.conformity_high),
        coverage=_exact(legal.overall.coverage),
        unmet=tuple(unmet.values()),
        articles={sys.intern(g.key): g.figures for g in legal.article},
        verdicts={sys.intern(f.id): sys.intern(f.verdict) for f in found.findings},
        clocks=_clocks(found),
        late=tuple(_late(found)),
        overdue=tuple(
            Overdue(f.id, f.verdict, f.owner, f.due, (as_of - f.due).days)
            for f in found.findings
            if f.verdict in GAPS and f.due is not None and f.due < as_of
        ),
    )


def _exact(rate: Rate) -> Fraction | None:
    return Fraction(rate.part) / Fraction(rate.whole) if rate.whole else None


def _late(found: _Assessment) -> Iterator[Late]:
    """
    Checks of the deadlines that fail.
    """
    blank, checks = both("registers.blank"), {c.id: c for c in found.checks}
    for name in DEADLINES:
        if (c := checks.get(name)) and c.state == "fail" and c.failures:
            missing = sum(f.value == blank for f in c.failures)
            yield Late(name, c.failing, missing, c.failures[0].because)


def _clocks(found: _Assessment) -> Literal["known", "undated", "unknown"]:
    checks = {c.id: c for c in found.checks}
    full, dated = checks.get(FULL_REPORT), checks.get("incidents.knowledge_dated")
    if full is None:
        return "unknown"
    if full.state == "no_data" and full.why not in (both("registers.no_rows"), both("registers.empty")):
        return "unknown"
    return "undated" if dated is not None and dated.state == "fail" else "known"
