"""
A picture with the numbers in it: how it is saved, described, and told from another.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
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
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from .wording import say

INK = "#222222"
PNG_DPI = 110
_FAST = {"compress_level": 3}  # a tenth more bytes in two thirds of the time


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
    def _png(self) -> bytes:
        buffer = io.BytesIO()
        with style(self.lang), _at(self.figure, PNG_DPI):
            canvas: Any = FigureCanvasAgg(self.figure)
            canvas.print_png(buffer, metadata={"Software": None}, pil_kwargs=_FAST)
        return buffer.getvalue()

    def png(self) -> bytes:
        """
        The picture as PNG, without anything of the moment or the program in it; drawn once.
        """
        return self._png

    def svg(self) -> bytes:
        """
        The picture as SVG with its alternative text; glyphs are outlines, so it looks the same anywhere.
        """
        buffer = io.StringIO()
        # Figure.savefig would draw every picture twice, because this one was laid out once.
        with style(self.lang), _at(self.figure, self.figure.dpi):
            canvas: Any = FigureCanvasSVG(self.figure)
            canvas.print_svg(buffer, metadata={"Date": None, "Creator": "appi-assess"})
        labelled = f'<svg role="img" aria-label="{html.escape(self.alt)}" '
        return buffer.getvalue().replace("<svg ", labelled, 1).encode("utf-8")

    def digest(self) -> str:
        """
        A short digest of the numbers read back from the drawn shapes.

        It changes when the picture does, so that a comparison of text notices a picture that was
        drawn from other numbers than the table shows.
        """
        self.png()  # drawing settles the last places and labels
        shapes = "\n".join(drawn(self.figure))
        return hashlib.sha256(shapes.encode("utf-8")).hexdigest()[:12]

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        text = f"{self.alt} [{self.digest()}]"
        data = {"image/png": base64.b64encode(self.png()).decode("ascii"), "text/plain": text}
        return data, {"image/png": {"alt": self.alt}}


@contextmanager
def _at(figure: Figure, dpi: float) -> Iterator[None]:
    """
    A figure at a resolution, and afterwards at the one it was laid out for.
    """
    before = figure.dpi
    figure.set_dpi(dpi)
    try:
        yield
    finally:
        figure.set_dpi(before)


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


def finished(name: str, figure: Figure, title: str, numbers: pd.DataFrame, lang: str) -> Chart:
    """
    A chart of a figure that is drawn: laid out once and frozen.
    """
    bare = [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) if not axis.get_label_text()]
    for axis in bare:
        axis.set_label_coords(0, 0)  # or the place of the label that is not there is looked for every time
    # Laid out once and frozen: a second layout pass moves things by a hair.
    if (engine := figure.get_layout_engine()) is not None:
        with style(lang):
            FigureCanvasAgg(figure)  # whose renderer is kept and knows each text after measuring it once
            engine.execute(figure)
            figure.set_layout_engine("none")
    for axis in bare:
        if axis.axis_name == "y":  # the title stands above those of the other axis
            for label in axis.get_ticklabels():
                label.set_in_layout(False)
    columns = say("list", lang).join(map(str, numbers.columns))
    return Chart(
        name, figure, say("chart.alt", lang, title=title, rows=len(numbers), columns=columns), numbers, lang
    )


@contextmanager
def style(lang: str) -> Iterator[None]:
    """
    How every chart looks, with fonts for ``lang``; in force while it is made and saved.
    """
    japanese = _japanese_font()
    families = [japanese, "DejaVu Sans"] if lang == "ja" else ["DejaVu Sans", japanese]
    settings: Any = {
        "font.family": families,
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
