"""
The result object: complete, reproducible, valid against its schema, in the right order.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from appi_assess import law
from appi_assess.assessment import Assessment, schema
from appi_assess.conclude import EFFORT, assess_engagement
from appi_assess.engagement import Answer, Engagement, Evidence
from appi_assess.reader import read_engagement
from appi_assess.resources import sample
from appi_assess.score import MEASURES

DAY = date(2026, 11, 22)
SCHEMA = Path(law.__file__).with_name("assessment.schema.json")


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    """The sample, assessed."""
    return assess_engagement(read_engagement(sample("en")), DAY)


def test_the_json_is_valid_against_the_shipped_schema(assessment: Assessment) -> None:
    """``assessment.json`` validates, and reading it gives the same object."""
    content = json.loads(assessment.to_json())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(content)
    assert Assessment.model_validate_json(assessment.to_json()) == assessment
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {"extra": 1}, json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_shipped_schema_is_that_of_the_model() -> None:
    """If this fails: ``python -c "from appi_assess.assessment import *; SCHEMA.write_text(schema())"`` was forgotten."""
    assert SCHEMA.read_text(encoding="utf-8") == schema()


def test_same_inputs_give_the_same_bytes(assessment: Assessment, tmp_path: Path) -> None:
    """Another folder, another order of answers: not one byte differs."""
    copy = Path(shutil.copytree(sample("en"), tmp_path / "elsewhere"))
    engagement = read_engagement(copy)
    backwards = Engagement(
        **{**vars(engagement), "answers": dict(reversed(list(engagement.answers.items())))}
    )
    assert assess_engagement(backwards, DAY).to_json() == assessment.to_json()


def test_every_requirement_in_force_has_a_finding_with_a_reason(assessment: Assessment) -> None:
    """Nothing is left out silently; each verdict has its reason in both languages."""
    assert [f.id for f in assessment.findings] == [r.id for r in law.catalogue(DAY)]
    assert all(f.because.ja and f.because.en for f in assessment.findings)
    for f in assessment.findings:
        contradicted = f.support == "contradicted"
        assert (f.support is not None) == (f.verdict in ("met", "partly") or contradicted)
        assert contradicted == (f.rule == "register" and f.answer is not None)


def test_overall_figures_recomputed_from_the_findings(assessment: Assessment) -> None:
    """Every number can be recomputed by hand from the findings in the file."""
    value = {"met": Fraction(1), "partly": Fraction(1, 2)}
    for measure in MEASURES:
        rows = [f for f in assessment.findings if f.measure == measure and f.verdict != "not_applicable"]
        total = sum(f.weight for f in rows)
        low = sum(f.weight * value.get(f.verdict, Fraction(0)) for f in rows)
        unknown = sum(f.weight for f in rows if f.verdict == "unknown")
        met = sum(f.weight for f in rows if f.verdict == "met")
        evidenced = sum(f.weight for f in rows if f.verdict == "met" and f.support == "evidenced")
        figures = assessment.scores[measure].overall
        assert (Fraction(figures.conformity_low.part), figures.conformity_low.whole) == (low, total)
        assert Fraction(figures.conformity_high.part) == low + unknown
        assert Fraction(figures.coverage.part) == total - unknown
        assert (figures.assurance.part, figures.assurance.whole) == (evidenced, met)
        assert figures.assurance.value == (evidenced / met if met else None)


def test_the_views_are_views_of_one_result(assessment: Assessment) -> None:
    """Articles, themes, severities and duties each add up to the whole; sections overlap by design."""
    whole = assessment.scores["legal"].overall
    for grouping in ("article", "theme", "severity", "duty"):
        groups = getattr(assessment.scores["legal"], grouping)
        assert sum(g.figures.coverage.whole for g in groups) == whole.coverage.whole
        assert sum(g.figures.not_met for g in groups) == whole.not_met
    sections = {g.key for g in assessment.scores["legal"].policy_section}
    assert {"S2", "S6", "S7", "S8", "S16"} <= sections


def test_the_action_plan_is_in_the_order_of_the_specification(assessment: Assessment) -> None:
    """Unmet statutory duties by severity, then gain per effort, then article, then id."""
    legal = [g for g in assessment.gaps if g.measure == "legal"]
    assert [g.rank for g in assessment.gaps] == list(range(1, len(assessment.gaps) + 1))
    urgent = [
        g
        for g in legal
        if g.verdict == "not_met" and assessment[g.requirement].basis in ("statute", "order_or_rule")
    ]
    assert legal[: len(urgent)] == urgent
    assert [assessment[g.requirement].severity for g in urgent] == sorted(
        (assessment[g.requirement].severity for g in urgent), reverse=True
    )
    total = Fraction(assessment.scores["legal"].overall.coverage.whole)
    worth = []
    for g in legal[len(urgent) :]:
        f = assessment[g.requirement]
        share = Fraction(1, 2) if f.verdict == "partly" else Fraction(1)
        assert Fraction(g.gain.part) / Fraction(g.gain.whole) == f.weight * share / total
        numerator, _, whole = g.formula.partition(" / ")
        weight, value = re.fullmatch(r"(\d+) \* \(1 - ([\d.]+)\)", numerator).groups()  # type: ignore[union-attr]
        assert int(weight) * (1 - Fraction(value)) / Fraction(whole) == f.weight * share / total
        worth.append(
            (-f.weight * share / total / EFFORT[f.effort], law.article_key(f.article), law.id_key(f.id))
        )
    assert worth == sorted(worth)
    assert {g.requirement for g in assessment.gaps} == {
        f.id for f in assessment.findings if f.verdict in ("not_met", "partly", "unknown")
    }


def test_a_declaration_approved_after_the_day_does_not_count() -> None:
    """On the day of approval it counts, the day before it does not."""
    answer = Answer("not_applicable", reason="no such data", approved_by="CPO", approved_on=DAY)
    engagement = Engagement("x", "en", DAY, answers={"A17-1": answer})
    assert assess_engagement(engagement, DAY)["A17-1"].verdict == "not_applicable"
    early = assess_engagement(engagement, date(2026, 11, 21))["A17-1"]
    assert early.verdict == "unknown"
    assert "an approval on or before the assessment date" in early.because.en


def test_an_event_duty_declared_not_applicable_is_questioned() -> None:
    """That nothing happened so far is no ground, and the finding says so."""
    answer = Answer("not_applicable", reason="no breach so far", approved_by="CPO", approved_on=DAY)
    finding = assess_engagement(Engagement("x", "en", DAY, answers={"A26-4": answer}), DAY)["A26-4"]
    assert any("no ground for not applicable" in n.en for n in finding.notes)


def test_an_empty_engagement_is_open_everywhere() -> None:
    """No answer at all: 0 % to 100 %, coverage 0 %, nothing to score for assurance."""
    figures = assess_engagement(Engagement("x", "en", DAY), DAY).scores["legal"].overall
    assert (figures.status, figures.conformity_low.shown, figures.conformity_high.shown) == (
        "open",
        "0.0 %",
        "100.0 %",
    )
    assert (figures.coverage.shown, figures.assurance.shown) == ("0.0 %", None)


def test_a_day_after_the_check_of_the_law_is_said() -> None:
    """An assessment on a later day than the law was checked carries a notice."""
    engagement = Engagement("x", "en", DAY)
    assert not assess_engagement(engagement, law.checked_on()).notices
    assert assess_engagement(engagement, date(2026, 11, 23)).notices


def test_the_checklist_takes_the_gravest_verdict() -> None:
    """A line judged by several requirements is as good as the worst of them."""
    engagement = Engagement(
        "x",
        "en",
        DAY,
        answers={
            "A32-4": Answer("met"),
            "A32-6": Answer("not_met"),
            "A32-7": Answer("met"),
            "A32-9": Answer("met"),
        },
    )
    lines = {c.id: c.verdict for c in assess_engagement(engagement, DAY).checklist}
    assert (lines["PP-6"], lines["PP-8"], lines["PP-1"]) == ("not_met", "met", "unknown")


def test_what_is_not_assessed_is_listed(assessment: Assessment) -> None:
    """Explanations, the My Number Act and the reform are named as not assessed."""
    assert {"SEC-18", "ENT-13", "A41-8", "G24", "56/2026"} <= {n.id for n in assessment.not_assessed}


def test_the_plan_puts_legal_gaps_before_all_others(assessment: Assessment) -> None:
    """Gains of different measures cannot be compared, so the measures follow one another."""
    order = [MEASURES.index(g.measure) for g in assessment.gaps]
    assert order == sorted(order)


def test_an_effort_of_ones_own_counts_in_the_order() -> None:
    """Overriding the default effort moves a gap in the plan."""

    def place(effort: str) -> int:
        answers = {"A26-4": Answer("not_met", effort=effort), "A26-5": Answer("not_met", effort="M")}
        gaps = assess_engagement(Engagement("x", "en", DAY, answers=answers), DAY).gaps
        return next(g.rank for g in gaps if g.requirement == "A26-4")

    assert place("S") < place("L")


def test_unmet_counts_are_those_of_legal_duties(assessment: Assessment) -> None:
    """Best effort, practice, promises and other laws never appear among unmet duties."""
    assert sum(u.count for u in assessment.unmet) == assessment.scores["legal"].overall.not_met
    assert {u.basis for u in assessment.unmet} <= {
        "statute",
        "order_or_rule",
        "guideline",
        "guideline_example",
    }


def test_evidence_of_the_very_day_is_not_called_later() -> None:
    """Dated on the assessment date it counts, and no note says otherwise."""
    answer = Answer("met", evidence=(Evidence("a.pdf", True, DAY),))
    finding = assess_engagement(Engagement("x", "en", DAY, answers={"A17-1": answer}), DAY)["A17-1"]
    assert finding.support == "evidenced"
    assert not [n for n in finding.notes if "after the assessment date" in n.en]
