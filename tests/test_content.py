"""
The law data itself: complete, consistent, bilingual, cited.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from appi_assess import law, provisions
from appi_assess.requirement import KNOWN_FROM, Requirement, renumbered, sources, standing
from appi_assess.tables import ARTICLES, table
from appi_assess.wording import say

# The item ids of the legal reference, counted by series: 250 in all.
SERIES = {
    "A17": 6, "A18": 4, "A19": 2, "A20": 5, "A21": 6, "A22": 3, "A23": 3, "A24": 5, "A26": 15, "A27": 20,
    "A28": 13, "A29": 6, "A30": 8, "A31": 11, "A32": 10, "A33": 6, "A34": 3, "A35": 7, "A36": 1, "A37": 5,
    "A38": 2, "A39": 1, "A40": 2, "A41": 10, "A42": 5, "A43": 7, "A44": 1, "A45": 1, "A46": 1, "A57": 1,
    "A59": 1, "SEC": 18, "ENT": 13, "EUK": 12, "PP": 26, "COO": 10,
}  # fmt: skip
ALL = law.all_requirements()


def test_every_item_of_the_reference_is_accounted_for() -> None:
    """Each of the 250 items is a requirement, merged into named ones, or left out with a reason."""
    expected = {f"{series}-{n}" for series, count in SERIES.items() for n in range(1, count + 1)}
    assert len(expected) == 250
    accounted = table("accounted")
    asked, merged, left = {r.id for r in ALL}, set(accounted["merged"]), set(accounted["left_out"])
    assert asked | merged | left == expected
    assert len(asked) + len(merged) + len(left) == len(expected)
    for row in accounted["merged"].values():
        assert set(row["into"]) <= asked
    for row in [*accounted["merged"].values(), *accounted["left_out"].values()]:
        assert row["reason"]["ja"]
        assert row["reason"]["en"]


def test_the_catalogue_has_the_size_it_should() -> None:
    """Between 190 and 250 requirements, each id used once."""
    assert 190 <= len(ALL) <= 250
    assert max(Counter(r.id for r in ALL).values()) == 1


def test_every_article_from_17_to_46_asks_something() -> None:
    """No article of the operators' duties is without a requirement; 57 and 59 have theirs."""
    articles = {r.article for r in ALL}
    assert {str(n) for n in range(17, 47)} | {"57", "59", "SR", "policy"} <= articles


def test_every_file_belongs_to_one_chapter() -> None:
    """Each file of articles/ is read in exactly one chapter, and every chapter's file exists."""
    named = [group for chapter in law.chapters() for group in chapter.groups]
    assert sorted(named) == sorted(p.stem for p in ARTICLES.glob("*.yaml"))


@pytest.mark.parametrize("r", ALL, ids=lambda r: r.id)
def test_requirement(r: Requirement) -> None:
    """A requirement is dated, cited, bilingual, and refers only to what exists."""
    assert KNOWN_FROM <= r.in_force_from <= r.checked_on
    assert provisions.is_provision(r.provision)
    assert all(provisions.is_provision(p) for p in r.paragraphs)
    assert {g for entry in r.gates for g in entry.split(" or ")} <= set(law.gates())
    assert all(re.fullmatch(r"S([1-9]|1[0-6])", s) for s in r.policy_sections)
    assert all(c.source in sources() for c in r.citations)
    assert r.chapter == next(c.id for c in law.chapters() if r.group in c.groups)
    assert len(r.evidence.ja) == len(r.evidence.en)
    for text in (r.title, r.statement, r.question, r.help):
        assert re.search(r"[ぁ-んァ-ン一-龥]", text.ja)
        assert not re.search(r"[ぁ-んァ-ン一-龥]", text.en)
    assert re.search(r"か(（.*）)?。?$", r.question.ja)
    assert r.question.en.endswith("?")
    if r.article.isdigit() and r.duty in ("M", "MR", "MG") and not r.severity_from:
        assert provisions.article_of(r.provision) in {r.article, "16", "20", "21", "23", "27", "29"}


def test_a_guideline_failure_is_never_called_a_breach() -> None:
    """The texts of guideline duties say at most that it may be judged a breach."""
    for r in ALL:
        if r.duty == "MG":
            for text in (r.statement.en, r.help.en):
                assert not re.search(r"\bis (itself )?a breach of\b", text), r.id


def test_article_numbers_before_2022_agree_with_the_table() -> None:
    """Every article of the Act's operators' duties has its old number, and the table gives it back."""
    for r in ALL:
        if r.article.isdigit() and int(r.article) <= 46:
            old = r.article_before_2022
            assert old, r.id
            row = next(row for row in renumbered() if row.old == old)
            assert row.on(date(2026, 11, 22)) == r.article


def test_old_article_24_is_now_28() -> None:
    """A reference to the old numbering finds its present article, branch articles too."""
    now = {row.old: row.on(date(2026, 11, 22)) for row in renumbered()}
    assert (now["24"], now["22-2"], now["35-3"], now["15"]) == ("28", "26", "42", "17")


def test_gates_run_from_g01_to_g26() -> None:
    """All 26 scope questions are there, in order."""
    assert list(law.gates()) == [f"G{n:02}" for n in range(1, 27)]


def test_the_checklist_has_all_26_lines_and_counts_no_duty_twice() -> None:
    """Every line of the published-policy checklist is judged by requirements that exist."""
    lines = law.checklist()
    assert [c.id for c in lines] == [f"PP-{n}" for n in range(1, 27)]
    asked = {r.id for r in ALL}
    merged = table("accounted")["merged"]
    for c in lines:
        assert set(c.judged_by) <= asked
        if c.id not in asked:
            assert list(c.judged_by) == merged[c.id]["into"]
        for mode in c.mode:
            assert say(f"mode.{mode}", "ja")


def test_every_source_has_a_link_except_general_knowledge() -> None:
    """A reader can open every cited document."""
    for key, source in sources().items():
        assert source.link.startswith("https://") or source.link.startswith("http://") or key == "GK"


def test_general_knowledge_is_marked() -> None:
    """A citation of general knowledge is never shown as verified."""
    for r in ALL:
        for c in r.citations:
            if c.source == "GK":
                assert standing(c) == "general_knowledge"
    assert any(r.unverified for r in ALL)


def test_citations_cover_the_basis() -> None:
    """A statutory duty cites the Act or the rules; a guideline duty cites a guideline or Q&A."""
    for r in ALL:
        keys = {c.source for c in r.citations}
        if r.duty == "M" and r.article != "SR":
            assert keys & {"LAW", "GL", "GLP", "GLF", "GLR"}, r.id
        if r.duty == "MR":
            assert keys & {"RULES", "ORDER", "GL"}, r.id
