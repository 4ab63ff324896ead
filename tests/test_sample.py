"""
The bundled sample exercises everything, alike in both languages; the second engagement is honest.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appi_assess import law
from appi_assess.assessment import Assessment
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import day_of
from appi_assess.reader import read_engagement
from appi_assess.resources import sample

POLICY = Path(__file__).parent / "engagements" / "published_policy"


@pytest.fixture(scope="module")
def both() -> dict[str, Assessment]:
    """The sample in both languages."""
    found = {}
    for lang in ("ja", "en"):
        engagement = read_engagement(sample(lang))
        found[lang] = assess_engagement(engagement, day_of(engagement))
    return found


def test_both_languages_are_the_same_company(both: dict[str, Assessment]) -> None:
    """Every verdict, support and figure agrees; only the words differ."""
    ja, en = both["ja"], both["en"]
    assert [
        (f.id, f.answer, f.verdict, f.rule, f.support, f.effort, f.due, f.evidence) for f in ja.findings
    ] == [(f.id, f.answer, f.verdict, f.rule, f.support, f.effort, f.due, f.evidence) for f in en.findings]
    assert ja.scores == en.scores
    for mine, other in zip(ja.scope, en.scope, strict=True):
        assert (mine.answer, [(p.register_name, p.rows) for p in mine.contradicted_by]) == (
            other.answer,
            [(p.register_name, p.rows) for p in other.contradicted_by],
        )
    assert all(bool(a.comment) == bool(b.comment) for a, b in zip(ja.findings, en.findings, strict=True))


def test_the_sample_exercises_everything(both: dict[str, Assessment]) -> None:
    """Gates open, closed, contradicted and unanswered; every verdict, rule, support and status."""
    a = both["en"]
    assert {s.answer for s in a.scope} == {"yes", "no", None}
    assert {f.verdict for f in a.findings} == {"met", "partly", "not_met", "not_applicable", "unknown"}
    assert {f.rule for f in a.findings} == {
        "gate_closed",
        "declared",
        "declared_incomplete",
        "register",
        "answer",
        "unanswered",
    }
    assert {f.support for f in a.findings} == {"evidenced", "stated", "stale", "contradicted", None}
    assert any(s.contradicted_by for s in a.scope)
    assert {g.figures.status for s in a.scores.values() for g in s.article} == {
        "unmet",
        "gap",
        "open",
        "clear",
        "out_of_scope",
    }
    unmet = {f.basis for f in a.findings if f.verdict == "not_met"}
    assert {
        "statute",
        "order_or_rule",
        "guideline",
        "guideline_example",
        "best_effort",
        "good_practice",
        "promise",
    } <= unmet
    assert {f.severity for f in a.findings if f.verdict == "not_met"} >= {4, 3, 2, 1, 0}
    words = " ".join(n.en for f in a.findings for n in f.notes)
    for note in ("not in the evidence folder", "has no date", "after the assessment date", "was valid until"):
        assert note in words


def test_the_sample_answers_or_leaves_open_every_requirement(both: dict[str, Assessment]) -> None:
    """Each requirement in force has a finding."""
    assert {f.id for f in both["en"].findings} == {r.id for r in law.catalogue(date(2026, 11, 22))}


def test_what_a_published_policy_shows() -> None:
    """From a policy's text alone little is known: wide interval, no evidence, the gaps of its wording."""
    engagement = read_engagement(POLICY)
    a = assess_engagement(engagement, day_of(engagement))
    figures = a.scores["legal"].overall
    assert figures.coverage.value is not None
    assert figures.coverage.value < 0.2
    assert figures.assurance.shown == "0.0 %"
    assert figures.status == "unmet"
    assert {f.id for f in a.findings if f.verdict == "not_met" and f.measure == "legal"} == {"A35-3", "A37-2"}
    assert a["A32-1"].verdict == "met"
    assert a["A28-1"].verdict == "unknown"
    assert a["SEC-13"].verdict == "unknown"
    assert a["EUK-11"].verdict == "partly"


def test_no_real_company_is_named() -> None:
    """The engagements carry no web address, mail address or telephone number of anybody."""
    for folder in (sample("ja"), sample("en"), POLICY):
        for path in folder.rglob("*"):
            if path.is_file():
                text = path.read_text(encoding="utf-8").lower()
                assert "http" not in text
                assert "@" not in text
