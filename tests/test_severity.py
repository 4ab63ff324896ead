"""
Severity hangs on the paragraph: the matrix, typed a second time and compared cell by cell.
"""

from __future__ import annotations

from datetime import date

import pytest

from appi_assess import law
from appi_assess.requirement import matrix

BY_PARAGRAPH = {
    4: ["18(1)", "18(2)", "18(3)", "19", "20(1)", "20(2)", "23", "24", "25", "26(1)", "26(2)", "27(1)", "28(1)", "28(3)",
        "31(1)", "31(2)", "41(1)", "41(2)", "41(3)", "41(6)", "41(7)", "41(8)", "42(1)", "42(3) with 23", "42(3) with 24",
        "42(3) with 25", "42(3) with 41(7)", "42(3) with 41(8)", "43(1)", "43(2)", "43(5)", "45"],
    3: ["21(1)", "21(2)", "21(3)", "21(4)", "27(2)", "27(3)", "27(5)", "27(6)", "28(2)", "29(1)", "29(2)", "30(1)", "30(3)",
        "30(4)", "31(3) with 30(3)", "31(3) with 30(4)", "32(1)", "32(2)", "32(3)", "33(2)", "33(3)", "33(5)", "34(2)", "34(3)",
        "35(2)", "35(4)", "35(6)", "35(7)", "38(2)", "42(2)", "43(3)", "43(4)", "44"],
    2: ["17(1)", "17(2)", "27(4)", "30(2)", "31(3) with 30(2)", "33(1)", "34(1)", "35(1)", "35(3)", "35(5)", "37(2)", "37(3)", "37(4)", "38(1)",
        "41(4)", "43(6)", "36", "40(1)", "46"],
}  # fmt: skip
CELLS = [(paragraph, severity) for severity, paragraphs in BY_PARAGRAPH.items() for paragraph in paragraphs]


@pytest.mark.parametrize(("paragraph", "severity"), CELLS)
@pytest.mark.parametrize("duty", ["M", "MR", "MG"])
def test_a_must_takes_the_severity_of_its_paragraph(paragraph: str, severity: int, duty: str) -> None:
    """Urgent order possible 4, recommendation possible 3, neither 2; rules and guidelines alike."""
    assert matrix().severity(duty, [paragraph]) == severity


@pytest.mark.parametrize(("duty", "severity"), [("E", 1), ("D", 0), ("P", 0), ("X", 0)])
def test_what_is_no_legal_must_takes_no_paragraph(duty: str, severity: int) -> None:
    """Best effort is 1 and the rest 0 even under a paragraph with urgent orders."""
    assert matrix().severity(duty, ["27(1)"]) == severity


@pytest.mark.parametrize(
    ("requirement", "severity"),
    [
        ("A27-1", 4), ("A27-5", 3), ("A28-1", 4), ("A28-3", 3), ("A28-9", 4), ("A43-1", 4), ("A43-3", 3), ("A43-6", 1),
        ("A17-1", 2), ("A30-6", 2), ("A31-10", 2), ("A31-7", 3), ("A22-1", 1), ("A36-1", 1), ("A38-1", 2), ("A38-2", 3),
        ("A41-9", 3), ("A35-1", 3), ("A35-3", 3), ("A42-5", 1), ("A46-1", 1), ("A39-1", 0), ("SEC-1", 0), ("SEC-2", 4),
        ("EUK-1", 4), ("EUK-2", 4), ("EUK-3", 3), ("EUK-4", 3), ("EUK-5", 4), ("EUK-6", 4), ("EUK-7", 4), ("EUK-8", 4),
        ("EUK-9", 4), ("EUK-10", 3), ("ENT-3", 4), ("ENT-10", 3), ("A26-4", 4), ("A44-1", 3), ("A45-1", 4),
    ],
)  # fmt: skip
def test_requirements_hang_on_the_right_paragraph(requirement: str, severity: int) -> None:
    """Paragraphs of one article differ: 27(1) and 27(2), 28(1) and 28(2), 43(1) and 43(3)."""
    assert law.catalogue(date(2026, 11, 22))[requirement].severity == severity


@pytest.mark.parametrize(
    ("requirement", "codes"),
    [
        ("A26-4", "RU"),
        ("A32-1", "R"),
        ("A17-1", "G"),
        ("A30-6", "F"),
        ("A22-1", "G"),
        ("A39-1", ""),
        ("COO-3", ""),
        ("EUK-11", ""),
    ],
)
def test_enforcement_codes_follow_the_matrix(requirement: str, codes: str) -> None:
    """R recommendation, U urgent order, F own fine, G guidance only; nothing for what no power reaches."""
    assert law.catalogue(date(2026, 11, 22))[requirement].enforcement == codes


def test_weights_are_severities_for_duties_and_one_elsewhere() -> None:
    """No requirement weighs nothing, and best effort never weighs as much as a duty."""
    for r in law.all_requirements():
        assert r.weight == (r.severity if r.measure == "legal" else 1)
        assert r.weight >= 1
        if r.measure == "legal":
            assert r.severity >= 2
