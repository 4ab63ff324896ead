"""
Charts of many organisations: what they draw, and how they are read without colour or sight.
"""

from __future__ import annotations

import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from appi_assess.picture import Chart, style
from appi_assess.portfolio import charts as portfolio_charts
from appi_assess.portfolio.charts import drawable
from appi_assess.renderer import outline
from appi_assess.score import STATUSES

COUNTS = pd.DataFrame([[3, 1, 0, 2, 0], [0, 0, 1, 5, 1]], index=["製造（6）", "海外"], columns=list(STATUSES))
CLASSES = pd.DataFrame({"low": [1, 2], "high": [0, 3], "coverage": [2, 1]}, index=["0–10 %", "100 %"])
SPREADS = pd.DataFrame(
    [[Fraction(1, 10), Fraction(1, 3), Fraction(1, 2), Fraction(9, 10)]] * 2,
    index=["1–50", "51–100"],
    columns=["least", "low", "high", "greatest"],
    dtype=object,
)
STATUS = pd.DataFrame(
    [["unmet", "gap", ""], ["clear", "open", "out_of_scope"]],
    index=["1 髙﨑商店", "2 $x$"],
    columns=["17", "26", "SR"],
)
UNMET = pd.DataFrame([[2, 1, 0], [0, 0, 0]], index=STATUS.index, columns=STATUS.columns)
BANDS = pd.DataFrame([[5, 0], [1, 0]], index=["1–5", "6–10"], columns=["17", "26"])
APPLIES = pd.DataFrame([[5, 5], [5, 0]], index=BANDS.index, columns=BANDS.columns)

DRAWN: dict[str, Callable[..., Chart]] = {
    "status": lambda lang, f=1: portfolio_charts.status_bars("status", COUNTS * f, "状態", lang),
    "rates": lambda lang, f=1: portfolio_charts.rate_bars("rates", CLASSES * f, "分布", lang),
    "spreads": lambda lang, f=1: portfolio_charts.spreads("spreads", SPREADS / f, "区間", lang),
    "articles": lambda lang, f=1: portfolio_charts.article_statuses(
        "articles", STATUS, "条別", lang, unmet=UNMET * f
    ),
    "bands": lambda lang, f=1: portfolio_charts.article_counts(
        "bands", BANDS * f, "帯", lang, applies=APPLIES * f
    ),
}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_charts_are_drawn_without_tofu_or_warning_and_described(name: str, lang: str) -> None:
    """Every glyph comes from a font of a package; the picture carries its alternative text."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = DRAWN[name](lang)
        assert chart.png().startswith(b"\x89PNG")
        root = ET.fromstring(chart.svg())
    assert root.get("aria-label") == chart.alt
    assert chart.numbers.shape[0] == 2


@pytest.mark.parametrize("name", DRAWN)
def test_other_numbers_have_another_digest_and_the_same_ones_the_same(name: str) -> None:
    """A comparison of text notices a picture drawn from other numbers."""
    assert DRAWN[name]("en").digest() == DRAWN[name]("en").digest()
    assert DRAWN[name]("en").digest() != DRAWN[name]("en", 2).digest()
    assert DRAWN[name]("en").svg() == DRAWN[name]("en").svg()


def texts(chart: Chart) -> list[str]:
    """What stands in the bars or cells, read back from the shapes of the letters."""
    with style(chart.lang):
        families = tuple(mpl.rcParams["font.family"])

    def shape(path: Any) -> bytes:
        return bytes(np.round(path.vertices - path.vertices[0], 3).tobytes())

    known = {shape(outline(text, families)): text for text in (*"0123456789○？－", "×2", "△1")}
    letters = chart.figure.axes[0].collections[-1]
    return [known[shape(path)] for path in letters.get_paths()]


def test_a_status_is_read_without_colour() -> None:
    """Every cell bears its mark and the number of duties not met; nothing asked, nothing written."""
    chart = DRAWN["articles"]("ja")
    assert texts(chart) == ["×2", "△1", "○", "？", "－"]
    assert chart.numbers.to_numpy().tolist() == [["×2", "△1", ""], ["○", "？", "－"]]
    assert [t.get_text()[0] for t in chart.figure.legends[0].get_texts()] == ["×", "△", "？", "○", "－"]


def test_a_band_shows_how_many_and_the_table_of_how_many() -> None:
    """Where an article applies to nobody of a band the cell is empty, not zero."""
    chart = DRAWN["bands"]("en")
    assert texts(chart) == ["5", "0", "1"]
    assert chart.numbers.to_numpy().tolist() == [["5/5", "0/5"], ["1/5", ""]]


def test_one_unmet_duty_among_thousands_is_shaded() -> None:
    """A share near nothing is not drawn as nothing."""
    rare, whole = BANDS.clip(upper=1), APPLIES * 1000
    chart = portfolio_charts.article_counts("bands", rare, "帯", "en", applies=whole)
    shades = chart.figure.axes[0].collections[0].get_array()
    assert shades is not None
    assert shades.ravel()[0] > 0.1
    assert shades.ravel()[1] == 0


def test_bars_of_statuses_differ_by_hatch_as_well() -> None:
    """Told apart in print: no two statuses share a colour and a hatch."""
    assert len(set(portfolio_charts.STATUS_STYLE.values())) == len(STATUSES)
    chart = DRAWN["status"]("en")
    assert texts(chart) == ["3", "1", "2", "1", "5", "1"]


def test_a_character_that_no_font_holds_is_marked() -> None:
    """Japanese and Latin stay as they are; others do not spoil the picture with boxes."""
    assert drawable("髙﨑 ABC ～①") == "髙﨑 ABC ～①"
    assert drawable("\U0010fffd野家") == "〓野家"
