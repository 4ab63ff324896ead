"""
Charts of an assessment: matplotlib figures that read in black and white and in both languages.

Each function draws a frame of numbers that were computed elsewhere and returns a ``Chart``,
which keeps that frame, so that the table beside the picture shows what was drawn.
"""

from __future__ import annotations

import hashlib
import html
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# The first import on a machine may announce that a font cache is being built; readers of a
# notebook cannot use that. A missing glyph is still warned of.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

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
_HEAT = {
    "met": "#0072B2",
    "partly": "#56B4E9",
    "unknown": "#B8B8B8",
    "not_met": "#C04E00",
    "not_applicable": "#D8D8D8",
}
_INK = "#222222"
_CENTRED = 0.1  # labels of a radar this close to the axis are centred
_DARK = 0.6  # from this share on, a cell of the heat map takes white text


@dataclass(frozen=True)
class Chart:
    """
    A figure with the numbers in it.

    Attributes:
        name: File name without ending, ASCII.
        figure: The matplotlib figure.
        alt: What a reader who cannot see it is told.
        numbers: The frame that was drawn, labelled in the chart's language.
        lang: Language of its labels.
    """

    name: str
    figure: Figure
    alt: str
    numbers: pd.DataFrame
    lang: str

    def png(self, dpi: int = 110) -> bytes:
        """
        The picture as PNG, without anything of the moment or the program in it.
        """
        return self._saved("png", dpi=dpi, metadata={"Software": None})

    def svg(self) -> bytes:
        """
        The picture as SVG with its alternative text; glyphs are outlines, so it looks the same anywhere.
        """
        content = self._saved("svg", metadata={"Date": None, "Creator": "appi-assess"}).decode("utf-8")
        labelled = f'<svg role="img" aria-label="{html.escape(self.alt)}" '
        return content.replace("<svg ", labelled, 1).encode("utf-8")

    def _saved(self, form: str, **options: Any) -> bytes:
        buffer = io.BytesIO()
        with _style(self.lang):
            self.figure.savefig(buffer, format=form, **options)
        return buffer.getvalue()

    def digest(self) -> str:
        """
        A short digest of the numbers read back from the drawn shapes.

        It changes when the picture does, so that a comparison of text notices a picture that was
        drawn from other numbers than the table shows.
        """
        shapes = "\n".join(drawn(self.figure))
        return hashlib.sha256(shapes.encode("utf-8")).hexdigest()[:12]

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        import base64

        text = f"{self.alt} [{self.digest()}]"
        data = {"image/png": base64.b64encode(self.png()).decode("ascii"), "text/plain": text}
        return data, {"image/png": {"alt": self.alt}}


def drawn(figure: Figure) -> Iterator[str]:
    """
    All that a figure shows, one line per shape: where, how long, which look, and under which label.
    """
    for axes in figure.axes:
        yield "axes " + _rounded([*axes.get_xlim(), *axes.get_ylim()])
        for axis in (axes.xaxis, axes.yaxis):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            yield "ticks " + _rounded(axis.get_ticklocs()) + " " + "|".join(labels)
        for patch in axes.patches:
            look = f"{_rounded(patch.get_facecolor())} {patch.get_hatch()}"
            yield f"patch {_rounded(np.ravel(patch.get_transform().transform_path(patch.get_path()).vertices))} {look}"
        for line in axes.lines:
            yield f"line {_rounded(np.ravel(line.get_xydata()))} {line.get_linestyle()} {line.get_marker()}"
        for collection in axes.collections:
            values = collection.get_array()
            paths = [np.ravel(path.vertices) for path in collection.get_paths()]
            yield "shape " + _rounded(np.ravel(values) if values is not None else np.concatenate(paths))
        for text in axes.texts:
            yield f"text {text.get_text()} {_rounded(text.get_position())}"
    for legend in figure.legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            look = handle.get_hatch() if isinstance(handle, Patch) else handle.get_linestyle()  # type: ignore[union-attr]
            yield f"legend {text.get_text()} {look}"


def _rounded(values: Any) -> str:
    # Five digits: what an eye could see, and no difference between machines in the last place.
    return " ".join(f"{float(v):.5g}" for v in values)


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
    with _style(lang):
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
                edgecolor=_INK,
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
    return _finished(name, figure, title, numbers, lang)


def _count(axes: Any, x: float, y: float, value: float, *, dark: bool) -> None:
    box = {
        "boxstyle": "round,pad=0.15",
        "facecolor": _INK if dark else "white",
        "edgecolor": "none",
        "alpha": 0.85,
    }
    axes.text(
        x, y, f"{value:.0f}", ha="center", va="center", fontsize=8, color="white" if dark else _INK, bbox=box
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
    with _style(lang):
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
            markeredgecolor=_INK,
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
    return _finished(name, figure, title, numbers, lang)


def radar(name: str, rates: pd.DataFrame, title: str, lang: str) -> Chart:
    """
    The conformity interval of each theme on a radar: the lower end solid, the upper end dashed.

    Args:
        name: File name without ending.
        rates: One row per theme (label) with ``low`` and ``high`` from 0 to 1; at least three.
        title: Title of the chart.
        lang: Language of the labels.
    """
    with _style(lang):
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
                color="#0072B2" if column == "low" else _INK,
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
    return _finished(name, figure, title, numbers, lang)


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
    with _style(lang):
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
                colour = "white" if dark else _INK
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    f"{value:.0f}",
                    ha="center",
                    va="center",
                    color=colour,
                    fontsize=9,
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
    return _finished(name, figure, title, numbers, lang)


def _finished(name: str, figure: Figure, title: str, numbers: pd.DataFrame, lang: str) -> Chart:
    with _style(lang):
        # Laid out once and frozen: a second layout pass moves things by a hair.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
    columns = say("list", lang).join(map(str, numbers.columns))
    return Chart(
        name, figure, say("chart.alt", lang, title=title, rows=len(numbers), columns=columns), numbers, lang
    )


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


@contextmanager
def _style(lang: str) -> Iterator[None]:
    japanese = _japanese_font()
    families = [japanese, "DejaVu Sans"] if lang == "ja" else ["DejaVu Sans", japanese]
    settings: Any = {
        "font.family": families,
        "font.size": 10,
        "axes.titlesize": 13,
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "axes.edgecolor": "#888888",
        "hatch.linewidth": 0.6,
        "figure.facecolor": "white",
        "axes.unicode_minus": False,
        "text.parse_math": False,
        "svg.hashsalt": "appi-assess",
        "svg.fonttype": "path",
    }
    # The user's own matplotlib settings take no part: the same numbers give the same picture.
    with mpl.style.context(["default", settings]):
        yield


@lru_cache(maxsize=1)
def _japanese_font() -> str:
    """
    The name of the Japanese font, registered from the package that brings it.

    The package itself is not imported: that would change matplotlib's settings for everybody.
    """
    spec = find_spec("matplotlib_fontja")
    places = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    path = next(p for place in places for p in sorted(Path(place).rglob("*.ttf")))
    font_manager.fontManager.addfont(path)
    return str(font_manager.FontProperties(fname=path).get_name())
