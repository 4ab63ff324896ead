"""
The result of an assessment: one object that every chart, table and file is made from.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .requirement import Basis, Measure, Nature, Standing, Text
from .review import shown_kappa
from .score import percent

Verdict = Literal["met", "partly", "not_met", "not_applicable", "unknown"]


class Part(BaseModel):
    """
    A part of the result: values only, nothing unknown, never changed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rate(Part):
    """
    An exact fraction of weights; ``value`` is None when there is nothing to score.
    """

    part: float
    whole: float
    value: float | None

    @property
    def shown(self) -> str | None:
        """
        The rate as printed (README, figures), or None when there is nothing to score.
        """
        return percent(self.part, self.whole)


class Figures(Part):
    """
    The figures of one group in one measure.
    """

    conformity_low: Rate
    conformity_high: Rate
    coverage: Rate
    assurance: Rate
    status: Literal["unmet", "gap", "open", "clear", "out_of_scope"]
    met: int
    partly: int
    not_met: int
    unknown: int
    not_applicable: int


class Group(Part):
    """
    A group of requirements with its figures.
    """

    key: str
    label: Text
    figures: Figures


class Scores(Part):
    """
    One measure: overall, and by each grouping.
    """

    overall: Figures
    article: tuple[Group, ...]
    theme: tuple[Group, ...]
    policy_section: tuple[Group, ...]
    severity: tuple[Group, ...]
    duty: tuple[Group, ...]


class Piece(Part):
    """
    A piece of evidence as the verdict saw it.
    """

    file: str
    exists: bool
    dated: date | None
    valid_until: date | None


class Cited(Part):
    """
    A citation with its link and whether it was verified.
    """

    source: str
    section: Text
    link: str
    standing: Standing


class Reviewed(Part):
    """
    What a reviewer says beside a verdict; without a verdict of the reviewer's own it is a remark.
    """

    verdict: Verdict | None
    comment: str
    by: str
    on: date | None


class Finding(Part):
    """
    What was concluded about one requirement, and why.

    ``closed_by`` is the gate entry, such as ``G06 or G07``, that put it out of scope; ``checks``
    are the register checks that speak for it, whatever they found. ``verdict`` is never the
    reviewer's: where that one differs, the finding is ``disputed``.
    """

    id: str
    group: str
    article: str
    article_before_2022: str | None
    chapter: str
    provision: Text
    title: Text
    statement: Text
    question: Text
    duty: str
    basis: Basis
    nature: Nature
    enforcement: str
    measure: Measure
    severity: int
    weight: int
    gates: tuple[str, ...]
    policy_sections: tuple[str, ...]
    answer: str | None
    verdict: Verdict
    rule: Literal["gate_closed", "declared", "declared_incomplete", "register", "answer", "unanswered"]
    closed_by: str | None
    because: Text
    checks: tuple[str, ...]
    support: Literal["evidenced", "stated", "stale", "contradicted"] | None
    notes: tuple[Text, ...]
    comment: str
    evidence: tuple[Piece, ...]
    owner: str
    due: date | None
    effort: Literal["S", "M", "L"]
    answered_by: str
    answered_on: date | None
    review: Reviewed | None
    disputed: bool
    citations: tuple[Cited, ...]


class Gap(Part):
    """
    A requirement to close, at its place in the action plan.

    Attributes:
        rank: From 1, in the order of the action plan (README).
        gain: What closing it adds to the conformity interval of its measure.
        formula: The same as an exact fraction, ``w * (1 - v) / sum(w)``.
    """

    rank: int
    requirement: str
    verdict: Verdict
    measure: Measure
    gain: Rate
    formula: str


class Place(Part):
    """
    Rows of a register: their numbers as the user sees them (the first of ``count``).
    """

    register_name: str
    file: str
    heading: str
    rows: tuple[int, ...]
    count: int


class Scope(Part):
    """
    One applicability gate as answered; a "no" that register rows contradict counts as open.
    """

    gate: str
    question: Text
    answer: Literal["yes", "no"] | None
    contradicted_by: tuple[Place, ...]


class RegisterState(Part):
    """
    One register: absent, empty or with rows, and what became of its rows.

    ``read`` = ``examples`` + ``later`` + ``judged``: nothing is lost between file and verdict.

    Attributes:
        read: Filled rows below the headings.
        examples: Example rows of the template, not judged.
        later: Rows that begin after the assessment date, not judged.
        judged: Rows that the checks saw.
        failing: Rows that fail at least one check.
        missing_columns: Headings of the template that the file lacks.
    """

    name: str
    title: Text
    chapter: str
    state: Literal["absent", "empty", "rows"]
    file: str = ""
    read: int = 0
    examples: int = 0
    later: int = 0
    judged: int = 0
    failing: int = 0
    missing_columns: tuple[Text, ...] = ()


class Failure(Part):
    """
    One row that fails a check: its number and the cell to look at, and why.
    """

    row: int
    subject: str
    heading: str
    value: Text
    because: Text


class CheckResult(Part):
    """
    One automatic check of a register and what it found.

    Attributes:
        head: Where it stands in the matrix of its register.
        requirements: The requirements that it speaks for; none if it only informs.
        state: ``no_data`` if it could not run or no row is concerned; ``why`` then says so.
        rows: How many rows it speaks about.
        failing: How many of them fail; ``failures`` lists the first thousand.
    """

    id: str
    register_name: str
    file: str
    head: Text
    requirements: tuple[str, ...]
    rule: Text
    remedy: Text
    citation: Text
    decisive: bool
    sufficient: bool
    state: Literal["pass", "fail", "no_data"]
    why: Text | None
    rows: int
    failing: int
    failures: tuple[Failure, ...]


class UnmetCount(Part):
    """
    How many duties of one severity and basis are not met.
    """

    severity: int
    basis: Basis
    count: int


class CheckLine(Part):
    """
    A line of the published-policy checklist, judged by the requirements that carry its duty.
    """

    id: str
    item: Text
    mode: tuple[str, ...]
    when: Text
    basis: Text
    judged_by: tuple[str, ...]
    verdict: Verdict


class LawVersion(Part):
    """
    Which law was applied.
    """

    as_of: date
    checked_on: date
    requirements: int


class About(Part):
    """
    Who and what was assessed.
    """

    organisation: str
    language: str
    period: str
    assessor: str
    reviewer: str


class Agreement(Part):
    """
    How far the reviewer agrees with the verdicts of requirements in force.

    Attributes:
        reviewed: How many verdicts a reviewer has judged; remarks do not count.
        kappa: Cohen's kappa; None if nothing was reviewed or both used one and the same verdict
            throughout, where chance alone makes them agree.
        disputed: The requirements whose verdicts differ, in reading order.
        not_in_force: Requirements that were reviewed but are not in force; they do not count.
    """

    reviewed: int
    agreed: int
    percent: Rate
    kappa: float | None
    disputed: tuple[str, ...]
    not_in_force: tuple[str, ...]

    @property
    def shown_kappa(self) -> str | None:
        """
        Kappa as printed, or None when it is not defined.
        """
        return None if self.kappa is None else shown_kappa(self.kappa)


class SignedOff(Part):
    """
    The sign-off of the period.

    Attributes:
        intact: Whether every input file is as it was when signed.
        changed: The files that have changed, are gone or are new since.
    """

    by: str
    on: date
    comment: str
    intact: bool
    changed: tuple[str, ...]


class NotAssessed(Part):
    """
    Something outside the assessment, and why.
    """

    id: str
    reason: Text


class Assessment(Part):
    """
    The complete result for one engagement on one day.

    It holds both languages and nothing of the moment or place of the run, so that the same inputs
    always give the same bytes.
    """

    schema_version: Literal["3"]
    package_version: str
    about: About
    law: LawVersion
    notices: tuple[Text, ...]
    scope: tuple[Scope, ...]
    findings: tuple[Finding, ...]
    scores: dict[Measure, Scores]
    unmet: tuple[UnmetCount, ...]
    gaps: tuple[Gap, ...]
    checklist: tuple[CheckLine, ...]
    registers: tuple[RegisterState, ...]
    checks: tuple[CheckResult, ...]
    agreement: Agreement
    signed_off: SignedOff | None
    not_assessed: tuple[NotAssessed, ...]

    def __getitem__(self, requirement: str) -> Finding:
        return next(f for f in self.findings if f.id == requirement)

    @property
    def digest(self) -> str:
        """
        The SHA-256 of ``assessment.json``, by which notebooks of one report know one another.
        """
        return hashlib.sha256(self.to_json().encode("utf-8")).hexdigest()

    def to_json(self) -> str:
        """
        The content of ``assessment.json``.
        """
        return self.model_dump_json(indent=1) + "\n"


def schema() -> str:
    """
    The JSON Schema of ``assessment.json``, as shipped in ``assessment.schema.json``.
    """
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Assessment.model_json_schema(mode="serialization"),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
