"""
The charts of many organisations, legible in black and white and in both languages.

Each function draws a frame of numbers that were computed elsewhere and returns a ``Chart``.
"""

from __future__ import annotations

from functools import cache
from textwrap import wrap
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from appi_assess import provisions
from appi_assess.charts import HIGH_END, LOW_END, rows, written
from appi_assess.picture import INK, Chart, finished, style
from appi_assess.score import STATUSES
from appi_assess.wording import choices, say

# Okabe-Ito colours with a hatch each: told apart in print and by colour-blind readers.
STATUS_STYLE = {
    "unmet": ("#C04E00", "xxx"),
    "gap": ("#9AD0F0", "///"),
    "open": ("#FFFFFF", "..."),
    "clear": ("#0072B2", ""),
    "out_of_scope": ("#E3E3E3", ""),
}
RATE_STYLE = {"low": ("#0072B2", ""), "high": ("#FFFFFF", "///"), "coverage": ("#E0A030", "xxx")}
_MARK = {
    "unmet": "not_met",
    "gap": "partly",
    "open": "unknown",
    "clear": "met",
    "out_of_scope": "not_applicable",
}
_DARK_CELLS = ("unmet", "clear")  # white text stands on these
_FAINT = 0.12  # the least shade of a cell that counts anything
_DARK = 0.6  # from this share on, a cell takes white text
_WIDTH = 8.4
_TITLE = {"ja": 46, "en": 88}  # characters of a title in one line of that width
_STEPS = [1, 2, 5, 10]  # marks of an axis of counts
_EDGE = 0.03  # so that the rim of the outer cells is seen
_ARTICLE = 14  # characters of an article's name in one line


@cache
def drawable(text: str) -> str:
    """
    A client's text with a mark for each character that no font of the charts holds.

    matplotlib would draw a box and warn in the notebook.
    """
    return "".join(c if ord(c) in _glyphs() else "〓" for c in text)


@cache
def _glyphs() -> frozenset[int]:
    with style("ja"):
        families = mpl.rcParams["font.family"]
        fonts = [get_font(findfont(FontProperties(family=[name]))) for name in families]
    return frozenset(code for font in fonts for code in font.get_charmap())


def status_bars(name: str, counts: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    Stacked bars: how many organisations of each group have which status.

    Args:
        name: File name without ending.
        counts: One row per group (label), one column per status.
        title: Title of the chart.
        lang: Language of the labels.
    """
    words = choices("status", lang)
    with style(lang):
        figure = Figure(figsize=(_WIDTH, 1.6 + 0.36 * len(counts)))
        axes = figure.add_subplot()
        places, left = np.arange(len(counts)), np.zeros(len(counts))
        for status in STATUSES:
            values = counts[status].to_numpy(dtype=float)
            colour, hatch = STATUS_STYLE[status]
            axes.barh(
                places, values, left=left, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, height=0.68,
                label=words[status],
            )  # fmt: skip
            left += values
        _numbered(axes, counts)
        rows(axes, places, counts.index)
        axes.invert_yaxis()
        axes.set_xlim(0, max(1.0, float(left.max()) * 1.03))
        axes.set_xlabel(say("chart.organisations", lang))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=_STEPS))
        _plain(axes)
        _titled(figure, title, lang)
        figure.legend(loc="lower center", ncols=len(STATUSES), frameon=False)
    return finished(name, figure, title, counts[list(STATUSES)].rename(columns=words), lang)


def _numbered(axes: Any, counts: pd.DataFrame) -> None:
    """
    The number in every part of a bar that has room for it.
    """
    room = 0.03 * max(1.0, float(counts.sum(axis=1).max()))
    inside = []
    for place, (_, row) in enumerate(counts[list(STATUSES)].iterrows()):
        start = 0.0
        for value in row:
            if value >= room:
                inside.append((start + value / 2, float(place), f"{value:.0f}", False))
            start += value
    written(axes, inside, 8, boxed=True)


def rate_bars(name: str, counts: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    How many organisations lie in which tenth: lower and upper end of the interval, and coverage.

    Args:
        name: File name without ending.
        counts: One row per tenth (label) with ``low``, ``high`` and ``coverage``.
        title: Title of the chart.
        lang: Language of the labels.
    """
    words = {key: say(f"chart.{key}", lang) for key in RATE_STYLE}
    with style(lang):
        figure = Figure(figsize=(_WIDTH, 4.2))
        axes = figure.add_subplot()
        places = np.arange(len(counts))
        for shift, (key, (colour, hatch)) in zip((-0.27, 0.0, 0.27), RATE_STYLE.items(), strict=True):
            axes.bar(
                places + shift, counts[key].to_numpy(dtype=float), width=0.27, color=colour, hatch=hatch,
                edgecolor=INK, linewidth=0.6, label=words[key],
            )  # fmt: skip
        axes.set_xticks(places, [str(i) for i in counts.index], fontsize=9)
        axes.set_ylabel(say("chart.organisations", lang))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, steps=_STEPS))
        axes.set_ylim(0, max(1.0, float(counts.to_numpy().max()) * 1.06))
        axes.grid(axis="y", color="#DDDDDD", linewidth=0.7)
        axes.set_axisbelow(True)
        _plain(axes)
        _titled(figure, title, lang)
        figure.legend(loc="lower center", ncols=3, frameon=False)
    return finished(name, figure, title, counts[list(RATE_STYLE)].rename(columns=words), lang)


def spreads(name: str, rates: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of groups: median of the lower and of the upper ends as a thick line, the
    least lower and the greatest upper end as a thin one.

    Args:
        name: File name without ending.
        rates: One row per group (label) with ``least``, ``low``, ``high`` and ``greatest`` from 0 to 1.
        title: Title of the chart.
        lang: Language of the labels.
    """
    keys = ("least", "low", "high", "greatest")
    words = {key: say(f"chart.organisations_{key}", lang) for key in keys}
    with style(lang):
        figure = Figure(figsize=(_WIDTH, 1.9 + 0.3 * len(rates)))
        axes = figure.add_subplot()
        places = np.arange(len(rates))
        least, low, high, greatest = (rates[k].to_numpy(dtype=float) * 100 for k in keys)
        axes.hlines(places, least, greatest, color="#777777", linewidth=1)
        axes.hlines(places, low, high, color="#0072B2", linewidth=5, alpha=0.35)
        looks: tuple[dict[str, Any], ...] = (
            {"marker": "<", "markersize": 5, "color": "#777777"},
            {"marker": "|", "markersize": 13, **LOW_END},
            HIGH_END,
            {"marker": ">", "markersize": 5, "color": "#777777"},
        )
        for key, values, look in zip(keys, (least, low, high, greatest), looks, strict=True):
            axes.plot(values, places, linestyle="none", label=words[key], **look)
        rows(axes, places, rates.index)
        axes.set_ylim(len(rates) - 0.4, -0.6)
        axes.set_xlim(-2, 102)
        axes.set_xlabel(say("chart.percent", lang))
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.7)
        _plain(axes)
        _titled(figure, title, lang)
        figure.legend(loc="lower center", ncols=2, frameon=False)
    return finished(name, figure, title, rates[list(keys)].rename(columns=words), lang)


def article_statuses(name: str, status: pd.DataFrame, title: str, lang: str, *, unmet: pd.DataFrame) -> Chart:
    """
    Organisation by article: the status of each, with its mark and the number of duties not met.

    Args:
        name: File name without ending.
        status: One row per organisation (label), one column per article; empty where nothing is asked.
        title: Title of the chart.
        lang: Language of the labels.
        unmet: How many legal duties are not met, in the same order.
    """
    words, marks = choices("status", lang), choices("mark", lang)
    order = ("", *STATUSES)
    numbers = pd.DataFrame(
        [
            [marks[_MARK[s]] + (str(n) if n else "") if s else "" for s, n in zip(of, counts, strict=True)]
            for of, counts in zip(status.to_numpy().tolist(), unmet.to_numpy().tolist(), strict=True)
        ],
        index=status.index,
        columns=[provisions.label(a, lang) for a in status.columns],
    )
    with style(lang):
        figure, axes = _cells(numbers)
        codes = status.map(order.index).to_numpy(dtype=float)
        axes.pcolormesh(
            np.arange(codes.shape[1] + 1), np.arange(codes.shape[0] + 1), codes, vmin=-0.5, vmax=len(order) - 0.5,
            cmap=ListedColormap(["#FFFFFF", *(STATUS_STYLE[s][0] for s in STATUSES)]),
            edgecolors="#BBBBBB", linewidth=0.6,
        )  # fmt: skip
        dark = status.isin(_DARK_CELLS).to_numpy()
        _written(axes, numbers, dark)
        _titled(figure, title, lang)
        handles = [
            Patch(facecolor=STATUS_STYLE[s][0], edgecolor=INK, label=f"{marks[_MARK[s]]} {words[s]}")
            for s in STATUSES
        ]
        figure.legend(handles=handles, loc="lower center", ncols=len(handles), frameon=False)
    return finished(name, figure, title, numbers, lang)


def article_counts(name: str, counts: pd.DataFrame, title: str, lang: str, *, applies: pd.DataFrame) -> Chart:
    """
    Band by article: how many organisations have a duty not met, shaded by their share.

    Args:
        name: File name without ending.
        counts: One row per band (label), one column per article.
        title: Title of the chart.
        lang: Language of the labels.
        applies: To how many organisations the article applies, in the same order.
    """
    cells = [
        list(zip(row, whole, strict=True))
        for row, whole in zip(counts.to_numpy().tolist(), applies.to_numpy().tolist(), strict=True)
    ]
    columns = [provisions.label(a, lang) for a in counts.columns]
    drawn, numbers = (
        pd.DataFrame(
            [[form.format(*cell) if cell[1] else "" for cell in row] for row in cells],
            index=counts.index,
            columns=columns,
        )
        for form in ("{}", "{}/{}")
    )
    share = counts.to_numpy(dtype=float) / np.maximum(applies.to_numpy(dtype=float), 1)
    # However small its share, an unmet duty is seen.
    shade = np.where(share > 0, np.maximum(share, _FAINT), 0)
    with style(lang):
        figure, axes = _cells(drawn)
        shades = LinearSegmentedColormap.from_list("unmet", ["white", STATUS_STYLE["unmet"][0]])
        axes.pcolormesh(
            np.arange(share.shape[1] + 1), np.arange(share.shape[0] + 1), shade, vmin=0, vmax=1, cmap=shades,
            edgecolors="#BBBBBB", linewidth=0.6,
        )  # fmt: skip
        _written(axes, drawn, share >= _DARK)
        axes.set_ylabel(say("chart.places", lang))
        _titled(figure, title, lang)
        steps = (0, 25, 50, 75, 100)
        handles = [Patch(facecolor=shades(s / 100), edgecolor=INK, label=f"{s} %") for s in steps]
        figure.legend(
            handles=handles, loc="lower center", ncols=len(steps), frameon=False,
            title=say("chart.organisations_share", lang),
        )  # fmt: skip
    return finished(name, figure, title, numbers, lang)


def _cells(numbers: pd.DataFrame) -> tuple[Figure, Any]:
    """
    A figure with room for rows of short texts below the names of the articles.
    """
    figure = Figure(figsize=(11.5, 2.3 + 0.25 * len(numbers)))
    axes = figure.add_subplot()
    names = ["\n".join(wrap(name, _ARTICLE)) for name in numbers.columns]
    axes.set_xticks(np.arange(len(names)) + 0.5, names, rotation=90, fontsize=9)
    axes.xaxis.tick_top()
    axes.set_yticks(np.arange(len(numbers)) + 0.5, [str(i) for i in numbers.index], fontsize=9)
    axes.tick_params(length=0)
    axes.set_xlim(-_EDGE, len(numbers.columns) + _EDGE)
    axes.set_ylim(len(numbers) + _EDGE, -_EDGE)
    for side in axes.spines.values():
        side.set_visible(False)
    return figure, axes


def _written(axes: Any, numbers: pd.DataFrame, dark: Any) -> None:
    inside = [
        (column + 0.5, row + 0.5, text, bool(dark[row, column]))
        for (row, column), text in np.ndenumerate(numbers.to_numpy())
        if text
    ]
    written(axes, inside, 8, boxed=False)


def _titled(figure: Figure, title: str, lang: str) -> None:
    figure.suptitle(
        "\n".join(wrap(title, int(_TITLE[lang] * figure.get_figwidth() / _WIDTH))),
        x=0.01,
        ha="left",
        fontsize=13,
    )


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
