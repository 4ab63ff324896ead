"""
A picture with the numbers in it: how it is saved, described, and told from another.
"""

from __future__ import annotations

import base64
import hashlib
import html
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
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
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .renderer import DPI, PictureRenderer
from .wording import say

INK = "#222222"
PNG_DPI = 110
_PAD = 3  # points between the picture's edge and what is nearest


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

    @cached_property
    def _drawn(self) -> tuple[bytes, bytes]:
        with style(self.lang):
            renderer = PictureRenderer(self.figure, PNG_DPI)
            _lay_out(self.figure, renderer)
            self.figure.draw(renderer)
            labelled = f'<svg role="img" aria-label="{html.escape(self.alt)}" '
            return renderer.png(), renderer.svg().replace("<svg ", labelled, 1).encode("utf-8")

    def png(self) -> bytes:
        """
        The picture as PNG, without anything of the moment or the program in it.
        """
        return self._drawn[0]

    def svg(self) -> bytes:
        """
        The picture as SVG with its alternative text; glyphs are outlines, so it looks the same anywhere.
        """
        return self._drawn[1]

    def digest(self) -> str:
        """
        A short digest of the numbers read back from the drawn shapes.

        It changes when the picture does, so that a comparison of text notices a picture that was
        drawn from other numbers than the table shows.
        """
        self.png()  # drawing settles places and labels
        shapes = "\n".join(drawn(self.figure))
        return hashlib.sha256(shapes.encode("utf-8")).hexdigest()[:12]

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
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
            paths = [path.vertices for path in collection.get_paths()] if values is None else [values]
            shapes = [*paths, collection.get_offsets(), collection.get_facecolor()]
            yield f"shape {_rounded(np.concatenate([np.ravel(s) for s in shapes]))} {collection.get_hatch()}"
        for text in axes.texts:
            yield f"text {text.get_text()} {_rounded(text.get_position())}"
    for legend in figure.legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            look = handle.get_hatch() if isinstance(handle, Patch) else handle.get_linestyle()  # type: ignore[union-attr]
            yield f"legend {text.get_text()} {look}"


def _rounded(values: Any) -> str:
    # Five digits: what an eye could see, and no difference between machines in the last place.
    return " ".join(f"{float(v):.5g}" for v in values)


def finished(name: str, figure: Figure, title: str, numbers: pd.DataFrame, lang: str) -> Chart:
    """
    The chart of a figure, with a text that tells what it shows.
    """
    columns = say("list", lang).join(map(str, numbers.columns))
    return Chart(
        name, figure, say("chart.alt", lang, title=title, rows=len(numbers), columns=columns), numbers, lang
    )


def _lay_out(figure: Figure, renderer: RendererBase) -> None:
    """
    Leave just the room around the axes that labels, title and legend need; axes placed by hand stay.

    Measured once: none of our labels depends on how large the axes become. matplotlib's own layouts
    measure everything two times or more.
    """
    (axes,) = figure.axes
    if axes.get_subplotspec() is None:
        return
    for axis in (axes.xaxis, axes.yaxis):
        if not axis.get_label_text():
            axis.set_label_coords(0, 0)  # or the place of what is not there is looked for every time
    labels = [text for text in axes.texts if text.get_in_layout()]
    outer: Any = axes.get_tightbbox(renderer, bbox_extra_artists=labels, for_layout_only=True)
    inner, whole = axes.bbox, figure.bbox
    floor = max((legend.get_window_extent(renderer).y1 for legend in figure.legends), default=0.0)
    ceiling = min((text.get_window_extent(renderer).y0 for text in figure.texts), default=whole.height)
    figure.subplots_adjust(
        left=(inner.x0 - outer.x0 + _PAD) / whole.width,
        right=1 - (outer.x1 - inner.x1 + _PAD) / whole.width,
        bottom=(inner.y0 - outer.y0 + floor + _PAD) / whole.height,
        top=(ceiling - (outer.y1 - inner.y1) - _PAD) / whole.height,
    )


@contextmanager
def style(lang: str) -> Iterator[None]:
    """
    How every chart looks, with fonts for ``lang``; in force while it is made and saved.
    """
    before = dict.copy(mpl.rcParams)
    # As a dictionary, since matplotlib would check every setting again.
    dict.update(mpl.rcParams, _settings(lang))
    try:
        yield
    finally:
        dict.update(mpl.rcParams, before)


@lru_cache
def _settings(lang: str) -> dict[Any, Any]:
    """
    All settings of matplotlib. The user's own take no part: the same numbers give the same picture.
    """
    japanese = _japanese_font()
    families = [japanese, "DejaVu Sans"] if lang == "ja" else ["DejaVu Sans", japanese]
    ours: Any = {
        "font.family": families,
        "figure.dpi": DPI,
        "font.size": 10,
        "axes.titlesize": 13,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.edgecolor": "#888888",
        "hatch.linewidth": 0.6,
        "figure.facecolor": "white",
        "axes.unicode_minus": False,
        "text.parse_math": False,
        "svg.hashsalt": "appi-assess",
        "svg.fonttype": "path",
    }
    with mpl.style.context(["default", ours]):
        return {k: v for k, v in mpl.rcParams.items() if k != "backend"}


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
