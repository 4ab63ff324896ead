"""
The charts of an assessment, legible in black and white and in both languages.

Each function draws a frame of numbers that were computed elsewhere and returns a ``Chart``,
which keeps that frame, so that the table beside the picture shows what was drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from textwrap import wrap
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import BoxStyle, Patch
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import IdentityTransform, ScaledTranslation

from .picture import INK, Chart, finished, style
from .renderer import outline
from .wording import choices, say

VERDICT_ORDER = ("met", "partly", "unknown", "not_met", "not_applicable")
# Okabe-Ito colours with a hatch each: told apart in print and by colour-blind readers.
STYLE = {
    "met": ("#0072B2", ""),
    "partly": ("#9AD0F0", "///"),
    "unknown": ("#FFFFFF", "..."),
    "not_met": ("#D55E00", "xxx"),
    "not_applicable": ("#E3E3E3", ""),
    "S": ("#F0E6A8", ""),
    "M": ("#E0A030", "///"),
    "L": ("#8A4B08", "xxx"),
}
# What became of a row with a clock, from the best to the gravest: in time, done where no day is set,
# not yet due, dates that cannot be, nothing on record, done late, past its day.
SPANS = {
    "kept": ("#0072B2", ""),
    "done": ("#E3E3E3", ""),
    "open": ("#9AD0F0", "///"),
    "reversed": ("#FFFFFF", "---"),
    "missing": ("#FFFFFF", "..."),
    "late": ("#E0A030", "\\\\"),
    "over": ("#D55E00", "xxx"),
}
# The two ends of a conformity interval, wherever one is drawn.
LOW_END: dict[str, Any] = {"color": "#0072B2", "markeredgewidth": 2.6}
HIGH_END: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 6.5, "markerfacecolor": "white"}
_TITLE = {"ja": 40, "en": 72}  # characters of a title in one line
_NO_DAYS = ("reversed", "missing")  # states in which no number of days can be told
_LEGEND = 5  # entries of a legend in one line; more make two lines
_HEAT = {
    "met": "#0072B2",
    "partly": "#56B4E9",
    "unknown": "#B8B8B8",
    "not_met": "#C04E00",
    "not_applicable": "#D8D8D8",
}
_RINGS = (25, 50, 75, 100)  # of a radar, in percent
_BEYOND = 109  # where its labels stand, in percent
_CENTRED = 0.1  # labels of a radar this close to the axis are centred
_ABOVE = 22  # points between a heat map and its title: the names of the columns stand there
_GAP = 4  # points between a label and its row
_DARK_BARS = ("met", "not_met", "L")
_DARK = 0.6  # from this share on, a cell of the heat map takes white text


def verdict_bars(name: str, counts: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    Stacked horizontal bars: how many requirements of each group have which verdict.

    Args:
        name: File name without ending.
        counts: One row per group (label), one column per verdict code.
        title: Title of the chart.
        lang: Language of the labels.
    """
    labels = choices("verdict", lang)
    return _stacked(name, counts[list(VERDICT_ORDER)], labels, title, say("chart.requirements", lang), lang)


def gap_bars(name: str, counts: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    Stacked bars of gaps by severity, split by the effort to close them (S, M, L).
    """
    return _stacked(name, counts, choices("effort_long", lang), title, say("chart.gaps", lang), lang)


def _stacked(
    name: str, counts: pd.DataFrame, labels: dict[str, str], title: str, axis: str, lang: str
) -> Chart:
    with style(lang):
        figure = Figure(figsize=(8.4, 1.5 + 0.42 * len(counts)))
        axes = figure.add_subplot()
        places = np.arange(len(counts))
        left = np.zeros(len(counts))
        inside = []
        for column in counts.columns:
            values = counts[column].to_numpy(dtype=float)
            colour, hatch = STYLE[column]
            axes.barh(
                places,
                values,
                left=left,
                color=colour,
                hatch=hatch,
                edgecolor=INK,
                linewidth=0.6,
                label=labels[column],
                height=0.68,
            )
            inside += [
                (start + value / 2, place, f"{value:.0f}", column in _DARK_BARS)
                for place, start, value in zip(places.tolist(), left.tolist(), values.tolist(), strict=True)
                if value
            ]
            left += values
        written(axes, inside, 8, boxed=True)
        rows(axes, places, counts.index)
        axes.invert_yaxis()
        axes.set_xlabel(axis)
        axes.set_xlim(0, max(1.0, left.max() * 1.03 if len(left) else 1.0))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        _plain(axes)
        axes.set_title(title, loc="left", y=1)
        figure.legend(loc="lower center", ncols=len(counts.columns), frameon=False)
    numbers = counts.rename(columns=labels)
    return finished(name, figure, title, numbers, lang)


def written(axes: Any, texts: Iterable[tuple[float, float, str, bool]], size: float, *, boxed: bool) -> None:
    """
    Write numbers or marks as shapes, all at once; an artist for each would take several times as long.

    They stand inside the axes, so that the layout need not ask where they end.

    Args:
        axes: Where to write.
        texts: The middle of each in the units of the axes, what to write (not blank), and whether it
            stands on something dark.
        size: Of the letters, in points.
        boxed: Whether each has a box of its own, to be read on hatches.
    """
    found = list(texts)
    if not found:
        return
    families = tuple(mpl.rcParams["font.family"])
    shapes = [_shapes(text, families) for _, _, text, _ in found]
    look: dict[str, Any] = {
        "sizes": [(size / TextToPath.FONT_SCALE) ** 2],
        "offsets": [(x, y) for x, y, _, _ in found],
        "offset_transform": axes.transData,
        "transform": IdentityTransform(),
        "linewidths": 0,
        "zorder": 3,
        "clip_on": False,
    }
    if boxed:
        colours = [INK if dark else "white" for *_, dark in found]
        boxes = PathCollection([box for _, box in shapes], facecolors=colours, alpha=0.85, **look)
        axes.add_collection(boxes, autolim=False)
    colours = ["white" if dark else INK for *_, dark in found]
    letters = PathCollection([letters for letters, _ in shapes], facecolors=colours, **look)
    axes.add_collection(letters, autolim=False)


@lru_cache(4096)
def _shapes(text: str, families: tuple[str, ...]) -> tuple[Path, Path]:
    """
    A short text around the place where it belongs, and a box with rounded corners around it.
    """
    letters = outline(text, families)
    points: Any = letters.vertices
    ends = points[letters.codes != Path.CLOSEPOLY]  # one of them wherever a letter ends
    low, high = ends.min(axis=0), ends.max(axis=0)
    box: Any = BoxStyle.Round(pad=0.25)
    around = box(*(low - high) / 2, *high - low, TextToPath.FONT_SCALE)
    return Path(points - (low + high) / 2, letters.codes), around


def intervals(name: str, rates: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of each group as a line from low to high on a scale of 0 to 100 %.

    Args:
        name: File name without ending.
        rates: One row per group (label) with ``low`` and ``high`` from 0 to 1.
        title: Title of the chart.
        lang: Language of the labels.
    """
    words = {end: say(f"chart.{end}", lang) for end in ("low", "high")}
    with style(lang):
        figure = Figure(figsize=(8.4, 1.6 + 0.3 * len(rates)))
        axes = figure.add_subplot()
        places = np.arange(len(rates))
        low, high = (rates[end].to_numpy(dtype=float) * 100 for end in ("low", "high"))
        axes.hlines(places, low, high, color="#0072B2", linewidth=5, alpha=0.35)
        axes.plot(low, places, linestyle="none", marker="|", markersize=13, label=words["low"], **LOW_END)
        axes.plot(high, places, linestyle="none", label=words["high"], **HIGH_END)
        rows(axes, places, rates.index)
        axes.invert_yaxis()
        axes.set_xlim(-2, 102)
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.7)
        axes.set_xticks([0, 20, 40, 60, 80, 100])
        axes.set_xlabel(say("chart.percent", lang))
        _plain(axes)
        axes.set_title(title, loc="left", y=1)
        figure.legend(loc="lower center", ncols=2, frameon=False)
    return finished(name, figure, title, rates[list(words)].rename(columns=words), lang)


def radar(name: str, rates: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of each theme on a radar: the lower end solid, the upper end dashed.

    Args:
        name: File name without ending.
        rates: One row per theme (label) with ``low`` and ``high`` from 0 to 1; at least three.
        title: Title of the chart.
        lang: Language of the labels.
    """
    words = {end: say(f"chart.{end}", lang) for end in ("low", "high")}
    with style(lang):
        figure = Figure(figsize=(8.4, 5.8))
        axes: Any = figure.add_axes((0.26, 0.14, 0.48, 0.48 * 8.4 / 5.8), xlim=(-100, 100), ylim=(-100, 100))
        axes.set(xticks=[], yticks=[])
        axes.set_axis_off()
        angles = np.linspace(0, 2 * np.pi, len(rates), endpoint=False)  # clockwise from the top
        around = np.column_stack([np.sin(angles), np.cos(angles)])
        rings = [Path.circle(radius=radius) for radius in _RINGS]
        spokes = [Path([(0, 0), end]) for end in around * 100]
        colours = ["#CCCCCC"] * (len(spokes) + len(rings) - 1) + ["#888888"]
        axes.add_collection(
            PathCollection(
                [*spokes, *rings], facecolors="none", edgecolors=colours, linewidths=0.8, clip_on=False,
                transform=axes.transData,
            ),
            autolim=False,
        )  # fmt: skip
        for column, line, colour in (("high", "--", INK), ("low", "-", "#0072B2")):
            ends = around * rates[[column]].to_numpy(dtype=float) * 100
            x, y = np.append(ends, ends[:1], axis=0).T
            axes.plot(
                x, y, line, color=colour, linewidth=1.8, marker="o", markersize=3.5,
                label=words[column], clip_on=False,
            )  # fmt: skip
        axes.fill(x, y, color=colour, alpha=0.25)
        step = np.pi / max(1, len(rates))  # the scale stands between the first two spokes
        for ring in _RINGS:
            text = "100 %" if ring == _RINGS[-1] else str(ring)
            axes.text(ring * np.sin(step), ring * np.cos(step), text, fontsize=8, va="bottom")
        for (x, y), label in zip(around, rates.index, strict=True):
            side = "center" if abs(x) < _CENTRED else "left" if x > 0 else "right"
            axes.text(x * _BEYOND, y * _BEYOND, str(label), ha=side, va="center")
        figure.suptitle(title, x=0.02, y=0.98, ha="left", fontsize=13)
        figure.legend(loc="lower center", ncols=2, frameon=False)
    return finished(name, figure, title, rates[list(words)].rename(columns=words), lang)


def heat_map(name: str, counts: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    Groups by verdicts, each cell shaded by its share of the group and labelled with its count.

    Args:
        name: File name without ending.
        counts: One row per group (label), one column per verdict code.
        title: Title of the chart.
        lang: Language of the labels.
    """
    labels = choices("verdict", lang)
    counts = counts[list(VERDICT_ORDER)]
    with style(lang):
        figure = Figure(figsize=(8.4, 1.4 + 0.29 * len(counts)))
        axes = figure.add_subplot()
        values = counts.to_numpy(dtype=float)
        share = values / values.sum(axis=1, keepdims=True).clip(min=1)
        colours = np.array([to_rgb(_HEAT[verdict]) for verdict in counts.columns])
        shades = 1 - share[:, :, None] * (1 - colours)  # from white to the colour of the verdict
        unmet, held = counts.columns == "not_met", values > 0
        dark = unmet | (counts.columns == "met") & (share > _DARK)
        look: dict[str, Any] = {"colors": "#CCCCCC", "linewidth": 0.8, "zorder": 1, "clip_on": False}
        # However small its share, an unmet duty is as dark as any other.
        shaded, bad = np.argwhere(held & ~unmet), np.argwhere(held & unmet)
        _squares(axes, shaded, facecolors=shades[tuple(shaded.T)])
        axes.vlines(np.arange(len(counts.columns) + 1), 0, len(counts), **look)
        axes.hlines(np.arange(len(counts) + 1), 0, len(counts.columns), **look)
        _squares(axes, bad, facecolors=_HEAT["not_met"], hatch="xxx", edgecolors="#7A3000")
        for cells, size, boxed in ((shaded, 9, False), (bad, 8, True)):
            inside = [(c + 0.5, r + 0.5, f"{values[r, c]:.0f}", dark[r, c]) for r, c in cells]
            written(axes, inside, size, boxed=boxed)
        axes.set_xlim(0, len(counts.columns))
        axes.set_ylim(len(counts), 0)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_xticks(np.arange(len(counts.columns)) + 0.5, [labels[c] for c in counts.columns])
        rows(axes, np.arange(len(counts)) + 0.5, counts.index)
        axes.spines[:].set_visible(False)
        axes.set_title(title, loc="left", y=1, pad=_ABOVE)
    numbers = counts.rename(columns=labels)
    return finished(name, figure, title, numbers, lang)


def _squares(axes: Any, cells: Any, **look: Any) -> None:
    """
    Fill the cells of a grid; each is its row and its column.
    """
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    axes.add_collection(PolyCollection(cells[:, None, ::-1] + corners, **look), autolim=False)


def rows(axes: Any, places: Any, labels: pd.Index[Any]) -> None:
    """
    Write the labels of rows beside the axes; ticks would take several times as long.
    """
    axes.set_yticks([])
    axes.yaxis.set_visible(False)
    beside = axes.get_yaxis_transform() + ScaledTranslation(-_GAP / 72, 0, axes.figure.dpi_scale_trans)
    for place, label in zip(places, labels, strict=True):
        axes.text(0, place, str(label), ha="right", va="center", transform=beside)


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def timeline(name: str, spans: pd.DataFrame, title: str, as_of: date, lang: str) -> Chart:
    """
    When something began, when it was done or is due: one bar of days per row.

    Args:
        name: File name without ending.
        spans: One row per label with ``start``, ``end`` (NaT while it is open), ``due`` (NaT where
            no day is set), all dates, and ``state``: a key of ``SPANS``. An end before its start
            is drawn as it is and has no number of days.
        title: Title of the chart.
        as_of: The day to which open rows run.
        lang: Language of the labels.
    """
    labels = {key: say(f"chart.{key}", lang) for key in SPANS}
    today = pd.Timestamp(as_of)
    starts, ends = pd.to_datetime(spans["start"]), pd.to_datetime(spans["end"]).fillna(today)
    due = pd.to_datetime(spans["due"])
    with style(lang):
        figure = Figure(figsize=(8.4, 1.7 + 0.36 * len(spans)))
        axes = figure.add_subplot()
        for state, (colour, hatch) in SPANS.items():
            bars = np.flatnonzero((spans["state"] == state).to_numpy())
            if len(bars):
                both = np.sort([_days(starts.iloc[bars]), _days(ends.iloc[bars])], axis=0)
                left, width = both[0], np.maximum(both[1] - both[0], 1)
                axes.barh(
                    bars, width, left=left, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, height=0.6
                )  # fmt: skip
        marked = np.flatnonzero(due.notna().to_numpy())
        for colour, size, width in (("white", 19, 5.2), (INK, 18, 2.6)):  # a rim, to be seen on any bar
            axes.plot(
                _days(due.iloc[marked]), marked, linestyle="none", marker="|", markersize=size,
                markeredgewidth=width, color=colour,
            )  # fmt: skip
        axes.axvline(_days(pd.Series([today]))[0], color="#777777", linestyle="--", linewidth=1)
        rows(axes, np.arange(len(spans)), spans.index)
        axes.set_ylim(len(spans) - 0.4, -0.6)
        axes.use_sticky_edges = False  # so that the first bar does not begin on the frame
        axes.margins(x=0.03)
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=7))
        axes.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d"))
        axes.tick_params(axis="x", labelrotation=20)
        _plain(axes)
        lines = wrap(title, _TITLE[lang])  # above the labels too: names are long, and so is the title
        figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=13)
        used = [s for s in SPANS if (spans["state"] == s).any()]
        handles: list[Any] = [
            Patch(facecolor=SPANS[s][0], hatch=SPANS[s][1], edgecolor=INK, label=labels[s]) for s in used
        ]
        if len(marked):
            mark = Line2D([], [], linestyle="none", marker="|", markersize=13, markeredgewidth=2.6, color=INK)
            mark.set_label(say("chart.due", lang))
            handles.append(mark)
        handles.append(Line2D([], [], color="#777777", linestyle="--", label=say("chart.today", lang)))
        columns = len(handles) if len(handles) <= _LEGEND else -(-len(handles) // 2)
        figure.legend(handles=handles, loc="lower center", ncols=columns, frameon=False)
    days = (ends - starts).dt.days.astype(object).mask(spans["state"].isin(_NO_DAYS), "")
    dates = {"start": starts, "done_on": pd.to_datetime(spans["end"]), "due": due}
    shown = {
        say(f"chart.{k}", lang): ["" if pd.isna(d) else d.date().isoformat() for d in v]
        for k, v in dates.items()
        if k != "due" or len(marked)
    }
    numbers = pd.DataFrame(
        {
            **shown,
            say("chart.days", lang): days.to_numpy(),
            say("chart.state", lang): [labels[s] for s in spans["state"]],
        },
        index=spans.index,
    )
    return finished(name, figure, title, numbers, lang)


def _days(dates: pd.Series[pd.Timestamp]) -> Any:
    """
    Dates as matplotlib counts them: days since 1970.
    """
    return dates.to_numpy().astype("datetime64[D]").astype(float)
