"""
Charts: the numbers that they draw, and how they are read without colour or sight.
"""

from __future__ import annotations

import warnings
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from appi_assess import charts
from appi_assess.charts import Chart

COUNTS = pd.DataFrame(
    {"met": [3, 5], "partly": [1, 0], "unknown": [0, 2], "not_met": [1, 0], "not_applicable": [0, 4]},
    index=["髙﨑 第17条～", "第26条"],
)
RATES = pd.DataFrame(
    {"low": [0.3, 0.5, 1.0], "high": [0.6, 0.9, 1.0]}, index=["安全管理措置", "委託先", "本人の権利"]
)
GAPS = pd.DataFrame({"S": [1, 2], "M": [0, 3], "L": [2, 0]}, index=["4", "3"])
DRAWN = {
    "bars": lambda lang, f=1: charts.verdict_bars("bars", COUNTS * f, "判定", lang),
    "heat": lambda lang, f=1: charts.heat_map("heat", COUNTS * f, "判定", lang),
    "gaps": lambda lang, f=1: charts.gap_bars("gaps", GAPS * f, "ギャップ", lang),
    "intervals": lambda lang, f=1: charts.intervals("intervals", RATES * (0.9 if f > 1 else 1), "区間", lang),
    "radar": lambda lang, f=1: charts.radar("radar", RATES * (0.9 if f > 1 else 1), "テーマ", lang),
}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", DRAWN)
def test_japanese_is_drawn_without_tofu_or_warning(name: str, lang: str) -> None:
    """Every glyph comes from a font of a package; a missing one would warn and fail here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart: Chart = DRAWN[name](lang)
        assert chart.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", DRAWN)
def test_other_numbers_give_another_digest(name: str) -> None:
    """The digest is read from the shapes, so it changes with the picture and only with it."""
    first, same, other = DRAWN[name]("ja"), DRAWN[name]("ja"), DRAWN[name]("ja", 2)
    assert first.digest() == same.digest() != other.digest()


@pytest.mark.parametrize("name", DRAWN)
def test_svg_is_the_same_bytes_with_a_label_for_screen_readers(name: str) -> None:
    """No clock, no random ids; role and label stand at the root."""
    first, second = DRAWN[name]("ja").svg(), DRAWN[name]("ja").svg()
    assert first == second
    root = ET.fromstring(first)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == DRAWN[name]("ja").alt


def test_the_numbers_of_a_chart_are_those_it_was_given() -> None:
    """The frame beside the picture holds the same values under readable names."""
    chart = DRAWN["bars"]("en")
    assert chart.numbers.to_numpy().tolist() == COUNTS[list(charts.VERDICT_ORDER)].to_numpy().tolist()
    assert list(chart.numbers.columns) == ["met", "partly met", "unknown", "not met", "not applicable"]


def test_verdicts_are_told_apart_without_colour() -> None:
    """Each verdict has a hatch or a lightness of its own."""

    def lightness(colour: str) -> float:
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    looks = [
        (hatch, lightness(colour))
        for key, (colour, hatch) in charts.STYLE.items()
        if key in charts.VERDICT_ORDER
    ]
    for n, (hatch, light) in enumerate(looks):
        for other_hatch, other_light in looks[n + 1 :]:
            assert hatch != other_hatch or abs(light - other_light) > 40


def test_what_a_label_holds_stays_text() -> None:
    """Dollars, backslashes and braces of a client are drawn as they are; markup in the label is escaped."""
    strange = RATES.rename(index={"委託先": r"$\frac{1}{0}$ <b> & {x} \\"})
    chart = charts.intervals("x", strange, "<script>alert(1)</script>", "ja")
    assert chart.png()
    assert not any(label.get_parse_math() for label in chart.figure.axes[0].get_yticklabels())
    assert b"<script>" not in chart.svg()
