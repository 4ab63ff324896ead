"""
The case files: for each article, situations in sentences and the verdicts that must follow.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appi_assess import law, text
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement, Evidence
from appi_assess.problems import InputProblems
from appi_assess.tables import load

CASES = Path(__file__).parent / "cases"
KEYS = {"name", "as_of", "scope", "answers", "expect", "support", "status", "absent", "refused"}


def cases() -> list[Any]:
    """Every case of every file, under its file and sentence."""
    found = []
    for path in sorted(CASES.glob("*.yaml")):
        found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in load(path)]
    return found


def answer(value: Any) -> Answer:
    """An answer of a case: a word, or a mapping with fields of an answer."""
    if isinstance(value, str):
        return Answer(text.word("answers", value))
    fields = dict(value)
    fields["answer"] = text.word("answers", fields["answer"])
    for key in ("approved_on", "due", "answered_on"):
        if key in fields:
            fields[key] = date.fromisoformat(fields[key])
    pieces = [
        Evidence(
            piece.get("file", "paper.pdf"),
            piece.get("exists", "yes") == "yes",
            date.fromisoformat(piece["dated"]) if "dated" in piece else None,
            date.fromisoformat(piece["valid_until"]) if "valid_until" in piece else None,
        )
        for piece in fields.pop("evidence", [])
    ]
    return Answer(**fields, evidence=tuple(pieces))


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    """What the sentence says is what the kit concludes."""
    assert set(case) <= KEYS, f"unknown keys: {set(case) - KEYS}"
    known = {r.id for r in law.all_requirements()}
    named = [
        *case.get("answers", {}),
        *case.get("expect", {}),
        *case.get("support", {}),
        *case.get("absent", []),
    ]
    assert set(named) <= known, set(named) - known
    assert set(case.get("scope", {})) <= set(law.gates())
    as_of = date.fromisoformat(case.get("as_of", "2026-11-22"))
    engagement = Engagement(
        organisation="case",
        language="en",
        as_of=as_of,
        scope={g: text.word("gates", v) for g, v in case.get("scope", {}).items()},
        answers={r: answer(v) for r, v in case.get("answers", {}).items()},
    )
    if "refused" in case:
        with pytest.raises(InputProblems) as caught:
            assess_engagement(engagement, as_of)
        assert [p.code for p in caught.value.problems] == [case["refused"]]
        return
    assessment = assess_engagement(engagement, as_of)
    verdicts = {f.id: f.verdict for f in assessment.findings}
    for requirement, verdict in case.get("expect", {}).items():
        assert verdicts.get(requirement) == verdict, requirement
    for requirement, support in case.get("support", {}).items():
        assert assessment[requirement].support == (support or None), requirement
    for article, status in case.get("status", {}).items():
        groups = {g.key: g.figures.status for g in assessment.scores["legal"].article}
        assert groups.get(article) == status, article
    for requirement in case.get("absent", []):
        assert requirement not in verdicts


def test_every_article_has_its_case_file() -> None:
    """Each file of the law data has a case file of the same name, and no case file is orphaned."""
    assert {p.stem for p in CASES.glob("*.yaml")} == set(law.groups())


def test_every_dated_start_is_tested_on_both_sides() -> None:
    """For each day on which a requirement begins or ends, a case stands on it and one before it."""
    tested = {(case.values[0].get("as_of"), path) for case in cases() for path in [case.id.partition(":")[0]]}
    for r in law.all_requirements():
        assert (r.in_force_from.isoformat(), r.group) in tested, r.id
        before = date.fromordinal(r.in_force_from.toordinal() - 1).isoformat()
        assert (before, r.group) in tested, r.id


def test_every_duty_type_of_a_group_is_in_its_cases() -> None:
    """For each group, a requirement of every duty type it holds appears in an expectation."""
    expected: dict[str, set[str]] = {}
    for case in cases():
        expected.setdefault(case.id.partition(":")[0], set()).update(case.values[0].get("expect", {}))
    for group in law.groups():
        duties = {r.duty: r.id for r in law.all_requirements() if r.group == group}
        seen = {r.duty for r in law.all_requirements() if r.id in expected[group]}
        assert set(duties) <= seen, (group, {d: i for d, i in duties.items() if d not in seen})
