"""
Draws a figure once, as PNG and SVG at the same time.

matplotlib walks through a figure and lays out its texts anew for each format, which is most of the cost.
Here both are drawn in one walk, in points; the pixels of the PNG are so many times as dense. What a text
looks like is found out once in a process, not in each picture.
"""

from __future__ import annotations

import io
import re
from functools import lru_cache
from typing import Any, cast

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import rgb2hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D, TransformedBbox, TransformedPath
from PIL import Image

DPI = 72  # points, in which SVG is drawn
_SVG = {"Date": None, "Creator": "appi-assess"}

_TEXTS = 4096  # whose outlines are kept


class PictureRenderer(RendererBase):
    """
    Hands whatever is drawn to a renderer of SVG and to one of pixels.

    Texts are measured as SVG draws them. Images and shaded triangles are not drawn.

    Args:
        figure: A figure of 72 dots per inch.
        dpi: Resolution of the PNG.
    """

    def __init__(self, figure: Figure, dpi: float) -> None:
        super().__init__()
        width, height = figure.get_size_inches()
        self._text = io.StringIO()
        svg, agg = cast("Any", RendererSVG), cast("Any", RendererAgg)
        self._svg = svg(width * DPI, height * DPI, self._text, metadata=_SVG)
        self._pixels = agg(width * dpi, height * dpi, dpi)
        self._factor = dpi / DPI
        self._larger = Affine2D().scale(self._factor)
        self._filled = GraphicsContextBase()
        self._filled.set_linewidth(0)
        self._filled.set_snap(False)  # letters stand where they are

    def svg(self) -> str:
        """
        The end of the drawing: its SVG.
        """
        self._svg.finalize()
        return self._text.getvalue()

    def png(self) -> bytes:
        """
        What was drawn, as PNG without anything of the moment or the program in it.
        """
        buffer = io.BytesIO()
        picture = Image.fromarray(np.asarray(self._pixels.buffer_rgba())).convert("RGB")  # it is opaque
        # Of the levels of compression, 1 gives a tenth more bytes in half of the time.
        picture.save(buffer, "png", compress_level=1, dpi=(self._pixels.dpi,) * 2)
        return buffer.getvalue()

    def open_group(self, s: str, gid: str | None = None) -> None:
        self._svg.open_group(s, gid)

    def close_group(self, s: str) -> None:
        self._svg.close_group(s)

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._svg.width, self._svg.height

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:  # noqa: ARG002 - no formulas
        scale = prop.get_size_in_points() / TextToPath.FONT_SCALE
        width, height, descent = _measured(s, tuple(prop.get_family()))
        return width * scale, height * scale, descent * scale

    def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float]:
        """
        How far lines of a font reach up and down and stand apart; asked for by each layout of a text.
        """
        size = prop.get_size_in_points()
        up, down, apart = _line(tuple(prop.get_family()))
        return up * size, down * size, apart * size

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float,
        ismath: Any = False, mtext: Any = None,  # noqa: ARG002 - no formulas
    ) -> None:  # fmt: skip
        families, size = tuple(prop.get_family()), prop.get_size_in_points() / TextToPath.FONT_SCALE
        uses, outlines = _glyphs(s, families)
        self._svg._update_glyph_map_defs({g: o for g, o in outlines.items() if g not in self._svg._glyph_map})
        self._svg.writer.comment(s)  # and ends the tag before it
        self._text.write(
            f'<g fill="{rgb2hex(gc.get_rgb())}" transform="translate({x:.3f} {y:.3f}) rotate({-angle:g}) '
            f'scale({size:g} {-size:g})">{uses}</g>\n'
        )
        place = Affine2D().scale(size).rotate_deg(angle).translate(x, self._svg.height - y)
        self._pixels.draw_path(self._filled, outline(s, families), place.scale(self._factor), gc.get_rgb())

    def draw_path(self, gc: Any, path: Any, transform: Any, face: Any = None) -> None:
        self._svg.draw_path(gc, path, transform, face)
        self._pixels.draw_path(self._enlarged(gc), path, transform + self._larger, face)

    def draw_markers(
        self, gc: Any, marker_path: Any, marker_trans: Any, path: Any, trans: Any, face: Any = None
    ) -> None:
        self._svg.draw_markers(gc, marker_path, marker_trans, path, trans, face)
        self._pixels.draw_markers(
            self._enlarged(gc), marker_path, marker_trans + self._larger, path, trans + self._larger, face
        )

    def draw_path_collection(
        self, gc: Any, master_transform: Any, paths: Any, all_transforms: Any, offsets: Any,
        offset_trans: Any, *looks: Any, **more: Any,
    ) -> None:  # fmt: skip
        self._svg.draw_path_collection(
            gc, master_transform, paths, all_transforms, offsets, offset_trans, *looks, **more
        )
        self._pixels.draw_path_collection(
            self._enlarged(gc), master_transform + self._larger, paths, all_transforms, offsets,
            offset_trans + self._larger, *looks, **more,
        )  # fmt: skip

    def draw_quad_mesh(
        self, gc: Any, master_transform: Any, mesh_width: Any, mesh_height: Any, coordinates: Any,
        offsets: Any, offset_trans: Any, *looks: Any,
    ) -> None:  # fmt: skip
        self._svg.draw_quad_mesh(
            gc, master_transform, mesh_width, mesh_height, coordinates, offsets, offset_trans, *looks
        )
        self._pixels.draw_quad_mesh(
            self._enlarged(gc), master_transform + self._larger, mesh_width, mesh_height, coordinates,
            offsets, offset_trans + self._larger, *looks,
        )  # fmt: skip

    def _enlarged(self, gc: Any) -> Any:
        """
        A graphics context whose clipping is in pixels; widths are in points for both.
        """
        larger: Any = GraphicsContextBase()
        larger.copy_properties(gc)
        if (rectangle := gc.get_clip_rectangle()) is not None:
            larger.set_clip_rectangle(TransformedBbox(rectangle, self._larger))
        path, transform = gc.get_clip_path()
        if path is not None:
            larger.set_clip_path(TransformedPath(path, transform + self._larger))
        return larger


def _font(families: tuple[str, ...]) -> FontProperties:
    return FontProperties(family=list(families), size=TextToPath.FONT_SCALE)


@lru_cache(_TEXTS)
def _line(families: tuple[str, ...]) -> tuple[float, float, float]:
    """
    Ascent, descent and gap of the lines of a font of size 1, as its makers set them.
    """
    font: Any = get_font(findfont(_font(families)))
    line, unit = font.get_sfnt_table("hhea"), font.get_sfnt_table("head")["unitsPerEm"]
    return line["ascent"] / unit, -line["descent"] / unit, line["lineGap"] / unit


@lru_cache(_TEXTS)
def _measured(text: str, families: tuple[str, ...]) -> tuple[float, float, float]:
    """
    Width, height and descent at the size in which outlines are kept.
    """
    return TextToPath().get_text_width_height_descent(text, _font(families), ismath=False)


@lru_cache(_TEXTS)
def _glyphs(text: str, families: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """
    The glyphs of a text in SVG, and the outline of each under the name that it has there.
    """
    placed, outlines = _placed(text, families)
    names = {glyph: re.sub(r"[^\w-]", "_", str(glyph)) for glyph in outlines}
    uses = (
        f'<use xlink:href="#{names[glyph]}" transform="translate({x:g} {y:g}) scale({scale:g})"/>'
        for glyph, x, y, scale in placed
    )
    return "".join(uses), {names[glyph]: o for glyph, o in outlines.items()}


@lru_cache(_TEXTS)
def outline(text: str, families: tuple[str, ...]) -> Path:
    """
    The outline of a whole text in one line at size 100, from where it begins on the base line.

    Args:
        text: What stands there; nothing in it is a formula.
        families: Names of fonts; the first that has a character draws it.
    """
    placed, outlines = _placed(text, families)
    parts = [(outlines[glyph], np.array([x, y]), scale) for glyph, x, y, scale in placed]
    vertices = [vertices * scale + place for (vertices, _), place, scale in parts if len(vertices)]
    codes = [codes for (vertices, codes), _, _ in parts if len(vertices)]
    return Path(np.concatenate(vertices), np.concatenate(codes)) if vertices else Path(np.empty((0, 2)))


def _placed(text: str, families: tuple[str, ...]) -> tuple[Any, Any]:
    """
    Where the glyphs of a text stand and how large, and the outline of each.
    """
    plain: Any = TextToPath()
    placed, outlines, _ = plain.get_glyphs_with_font(plain._get_font(_font(families)), text)
    return placed, outlines
