"""
Pages and CSV: text stays text.
"""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement
from appi_assess.gap_report import gaps_csv, inert
from appi_assess.page import Page, grid, heading, items, sentence

NASTY = "<script>alert(1)</script>{{ 7*7 }} $x$ \" ' & =1+1"


def test_whatever_a_client_types_is_escaped_in_html() -> None:
    """Markup, template and mathematics marks appear as text in every kind of block."""
    page = Page("ja", heading(NASTY), sentence(NASTY), items([NASTY]), grid([NASTY], [[NASTY]], NASTY))
    html = page.html()
    assert "<script>" not in html
    assert "{{ 7*7 }}" in html
    assert "49" not in html
    assert 'class="tex2jax_ignore mathjax_ignore"' in html
    assert html.count("&lt;script&gt;") == 6


def test_the_text_form_holds_the_same_words() -> None:
    """Readers without HTML see headings, sentences and table rows."""
    page = Page("en", heading("Head"), grid(("a", "b"), [(1, None), ("x\ny", 2)], "caption"))
    assert page.text() == "Head\ncaption\na | b\n1 | \nx / y | 2"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "\n=1", "\u200b=1", "\ufeff=1", "＝1"]
)
def test_no_cell_of_a_csv_acts_as_a_formula(cell: str) -> None:
    """A spreadsheet shows what was typed."""
    assert inert(cell) == "'" + cell


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=50))
def test_the_gap_list_reads_back_whatever_was_typed(typed: str) -> None:
    """Commas, quotes, line breaks and marks survive; no row is lost or added."""
    day = date(2026, 11, 22)
    engagement = Engagement("x", "en", day, answers={"A17-1": Answer("not_met", comment=typed, owner=typed)})
    rows = list(csv.DictReader(io.StringIO(gaps_csv(assess_engagement(engagement, day), "en"), newline="")))
    row = next(r for r in rows if r["id"] == "A17-1")
    assert row["comment"] == inert(typed)
    assert row["owner"] == inert(typed)
