"""
What the rules look at: an assessment with what it was made from and what came before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from appi_assess.assessment import Assessment, Finding
from appi_assess.checks import Outcome, check_registers
from appi_assess.engagement import Answer, Engagement, Evidence, evidence_fault
from appi_assess.forms.journal import Change


@dataclass(frozen=True)
class Case:
    """
    What the rules look at.

    Attributes:
        engagement: As read.
        assessment: Its result.
        changes: Its journal; empty if none is kept.
        previous: The result of the period before, if it is given.
    """

    engagement: Engagement
    assessment: Assessment
    changes: Sequence[Change] = ()
    previous: Assessment | None = None

    @property
    def as_of(self) -> date:
        """
        The assessment date.
        """
        return self.assessment.law.as_of

    @property
    def findings(self) -> tuple[Finding, ...]:
        """
        What was concluded, in reading order.
        """
        return self.assessment.findings

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """
        What each check of the registers found, with the rows that it speaks about.
        """
        return check_registers(self.engagement.registers, self.as_of).outcomes

    @cached_property
    def earlier(self) -> dict[str, Finding]:
        """
        What was concluded in the period before, by requirement.
        """
        return {f.id: f for f in self.previous.findings} if self.previous else {}

    def answer(self, f: Finding) -> Answer:
        """
        The answer behind a finding.
        """
        return self.engagement.answers.get(f.id, Answer())

    def evidence(self, f: Finding) -> list[tuple[Evidence, str]]:
        """
        The evidence of that answer, each piece with why it does not count; empty if it does.
        """
        return [(piece, evidence_fault(piece, self.as_of)) for piece in self.answer(f).evidence]
