"""
The charts of an assessment, legible in black and white and in both languages.

Each function draws a frame of numbers that were computed elsewhere and returns a ``Chart``,
which keeps that frame, so that the table beside the picture shows what was drawn.
"""

from __future__ import annotations

from datetime import date
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from .picture import INK, Chart, finished, style
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
_CENTRED = 0.1  # labels of a radar this close to the axis are centred
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
        figure = Figure(figsize=(8.4, 1.5 + 0.42 * len(counts)), layout="constrained")
        axes = figure.add_subplot()
        places = np.arange(len(counts))
        left = np.zeros(len(counts))
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
            for place, start, value in zip(places, left, values, strict=True):
                if value:
                    _count(
                        axes, start + value / 2, float(place), value, dark=column in ("met", "not_met", "L")
                    )
            left += values
        axes.set_yticks(places, [str(i) for i in counts.index])
        axes.invert_yaxis()
        axes.set_xlabel(axis)
        axes.set_xlim(0, max(1.0, left.max() * 1.03 if len(left) else 1.0))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        _plain(axes)
        axes.set_title(title, loc="left")
        figure.legend(loc="outside lower center", ncols=len(counts.columns), frameon=False)
    numbers = counts.rename(columns=labels)
    return finished(name, figure, title, numbers, lang)


def _count(axes: Any, x: float, y: float, value: float, *, dark: bool) -> None:
    box = {
        "boxstyle": "round,pad=0.15",
        "facecolor": INK if dark else "white",
        "edgecolor": "none",
        "alpha": 0.85,
    }
    # It stands inside the axes, so that the layout need not ask where it ends.
    axes.text(
        x,
        y,
        f"{value:.0f}",
        ha="center",
        va="center",
        fontsize=8,
        color="white" if dark else INK,
        bbox=box,
        in_layout=False,
    )


def intervals(name: str, rates: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of each group as a line from low to high on a scale of 0 to 100 %.

    Args:
        name: File name without ending.
        rates: One row per group (label) with ``low`` and ``high`` from 0 to 1.
        title: Title of the chart.
        lang: Language of the labels.
    """
    with style(lang):
        figure = Figure(figsize=(8.4, 1.6 + 0.3 * len(rates)), layout="constrained")
        axes = figure.add_subplot()
        places = np.arange(len(rates))
        low, high = (rates[end].to_numpy(dtype=float) * 100 for end in ("low", "high"))
        axes.hlines(places, low, high, color="#0072B2", linewidth=5, alpha=0.35)
        axes.plot(
            low,
            places,
            linestyle="none",
            marker="|",
            markersize=13,
            markeredgewidth=2.6,
            color="#0072B2",
            label=say("chart.low", lang),
        )
        axes.plot(
            high,
            places,
            linestyle="none",
            marker="o",
            markersize=6.5,
            markerfacecolor="white",
            markeredgecolor=INK,
            label=say("chart.high", lang),
        )
        axes.set_yticks(places, [str(i) for i in rates.index])
        axes.invert_yaxis()
        axes.set_xlim(-2, 102)
        axes.set_xlabel(say("chart.percent", lang))
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.7)
        _plain(axes)
        axes.set_title(title, loc="left")
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
    numbers = rates[["low", "high"]].rename(
        columns={"low": say("chart.low", lang), "high": say("chart.high", lang)}
    )
    return finished(name, figure, title, numbers, lang)


def radar(name: str, rates: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of each theme on a radar: the lower end solid, the upper end dashed.

    Args:
        name: File name without ending.
        rates: One row per theme (label) with ``low`` and ``high`` from 0 to 1; at least three.
        title: Title of the chart.
        lang: Language of the labels.
    """
    with style(lang):
        figure = Figure(figsize=(8.4, 6.2))
        axes: Any = figure.add_axes((0.26, 0.13, 0.48, 0.65), projection="polar")
        angles = np.linspace(0, 2 * np.pi, len(rates), endpoint=False)
        closed = np.append(angles, angles[:1])
        for column, line, fill in (("high", "--", 0.0), ("low", "-", 0.25)):
            values = rates[column].to_numpy(dtype=float) * 100
            values = np.append(values, values[:1])
            axes.plot(
                closed,
                values,
                line,
                color="#0072B2" if column == "low" else INK,
                linewidth=1.8,
                marker="o",
                markersize=3.5,
                label=say(f"chart.{column}", lang),
            )
            if fill:
                axes.fill(closed, values, color="#0072B2", alpha=fill)
        axes.set_theta_offset(np.pi / 2)
        axes.set_theta_direction(-1)
        axes.set_ylim(0, 100)
        axes.set_yticks([25, 50, 75, 100], ["25", "50", "75", "100 %"], fontsize=8)
        axes.set_rlabel_position(180 / max(1, len(rates)))
        axes.set_xticks(angles, [str(i) for i in rates.index])
        for angle, label in zip(angles, axes.get_xticklabels(), strict=True):
            side = np.sin(angle)
            label.set_horizontalalignment(
                "center" if abs(side) < _CENTRED else "left" if side > 0 else "right"
            )
        axes.grid(color="#CCCCCC")
        figure.suptitle(title, x=0.02, y=0.98, ha="left", fontsize=13)
        figure.legend(loc="lower center", ncols=2, frameon=False)
    numbers = rates[["low", "high"]].rename(
        columns={"low": say("chart.low", lang), "high": say("chart.high", lang)}
    )
    return finished(name, figure, title, numbers, lang)


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
        figure = Figure(figsize=(7.6, 1.4 + 0.29 * len(counts)), layout="constrained")
        axes = figure.add_subplot()
        share = counts.div(counts.sum(axis=1).clip(lower=1), axis=0).to_numpy(dtype=float)
        edges = np.arange(len(counts) + 1)
        for column, verdict in enumerate(counts.columns):
            shades = LinearSegmentedColormap.from_list(verdict, ["white", _HEAT[verdict]])
            axes.pcolormesh(
                [column, column + 1],
                edges,
                share[:, [column]],
                cmap=shades,
                vmin=0,
                vmax=1,
                edgecolors="#CCCCCC",
                linewidth=0.8,
            )
        bad = list(counts.columns).index("not_met")
        for row in np.flatnonzero(counts["not_met"].to_numpy()).tolist():
            # However small its share, an unmet duty is as dark as any other.
            axes.add_patch(
                Rectangle((bad, row), 1, 1, facecolor=_HEAT["not_met"], hatch="xxx", edgecolor="#7A3000")
            )
        for row, column in np.ndindex(*share.shape):
            value = float(counts.to_numpy()[row, column])
            if value and column == bad:
                _count(axes, column + 0.5, row + 0.5, value, dark=True)
            elif value:
                dark = share[row, column] > _DARK and counts.columns[column] == "met"
                colour = "white" if dark else INK
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    f"{value:.0f}",
                    ha="center",
                    va="center",
                    color=colour,
                    fontsize=9,
                    in_layout=False,
                )
        axes.set_xticks(np.arange(len(counts.columns)) + 0.5, [labels[c] for c in counts.columns])
        axes.xaxis.tick_top()
        axes.set_yticks(np.arange(len(counts)) + 0.5, [str(i) for i in counts.index])
        axes.tick_params(length=0)
        axes.invert_yaxis()
        for side in axes.spines.values():
            side.set_visible(False)
        axes.set_title(title, loc="left")
    numbers = counts.rename(columns=labels)
    return finished(name, figure, title, numbers, lang)


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


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
        figure = Figure(figsize=(8.4, 1.7 + 0.36 * len(spans)), layout="constrained")
        axes = figure.add_subplot()
        for state, (colour, hatch) in SPANS.items():
            rows = np.flatnonzero((spans["state"] == state).to_numpy())
            if len(rows):
                both = np.sort([_days(starts.iloc[rows]), _days(ends.iloc[rows])], axis=0)
                left, width = both[0], np.maximum(both[1] - both[0], 1)
                axes.barh(
                    rows, width, left=left, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6, height=0.6
                )  # fmt: skip
        marked = np.flatnonzero(due.notna().to_numpy())
        for colour, size, width in (("white", 19, 5.2), (INK, 18, 2.6)):  # a rim, to be seen on any bar
            axes.plot(
                _days(due.iloc[marked]), marked, linestyle="none", marker="|", markersize=size,
                markeredgewidth=width, color=colour,
            )  # fmt: skip
        axes.axvline(_days(pd.Series([today]))[0], color="#777777", linestyle="--", linewidth=1)
        axes.set_yticks(np.arange(len(spans)), [str(i) for i in spans.index])
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
        figure.legend(handles=handles, loc="outside lower center", ncols=columns, frameon=False)
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
