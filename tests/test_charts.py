"""
Charts: the numbers that they draw, and how they are read without colour or sight.
"""

from __future__ import annotations

import base64
import warnings
import xml.etree.ElementTree as ET
from datetime import date
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.transforms import Affine2D, Bbox

from appi_assess import charts, picture
from appi_assess.picture import Chart

COUNTS = pd.DataFrame(
    {"met": [3, 5], "partly": [1, 0], "unknown": [0, 2], "not_met": [1, 0], "not_applicable": [0, 4]},
    index=["髙﨑 第17条～", "第26条"],
)
RATES = pd.DataFrame(
    {"low": [0.3, 0.5, 1.0], "high": [0.6, 0.9, 1.0]}, index=["安全管理措置", "委託先", "本人の権利"]
)
GAPS = pd.DataFrame({"S": [1, 2], "M": [0, 3], "L": [2, 0]}, index=["4", "3"])
SPANS = pd.DataFrame(
    {
        "start": pd.to_datetime(["2026-02-03", "2026-07-06", "2026-06-23", "2026-10-24", "2026-05-25"]),
        "end": pd.to_datetime(["2026-04-03", "2026-08-10", None, None, "2026-05-22"]),
        "due": pd.to_datetime(["2026-04-03", "2026-08-04", "2026-07-22", "2026-11-24", None]),
        "state": ["kept", "late", "over", "open", "reversed"],
    },
    index=["髙﨑の誤送信", "配達票", "USB", "申込書", "S-10"],
)
DAY = date(2026, 11, 22)


def shifted(days: int) -> pd.DataFrame:
    """The same spans, begun earlier."""
    return SPANS.assign(start=SPANS["start"] - pd.Timedelta(days=days))


DRAWN = {
    "bars": lambda lang, f=1: charts.verdict_bars("bars", COUNTS * f, "判定", lang),
    "heat": lambda lang, f=1: charts.heat_map("heat", COUNTS * f, "判定", lang),
    "gaps": lambda lang, f=1: charts.gap_bars("gaps", GAPS * f, "ギャップ", lang),
    "intervals": lambda lang, f=1: charts.intervals("intervals", RATES * (0.9 if f > 1 else 1), "区間", lang),
    "radar": lambda lang, f=1: charts.radar("radar", RATES * (0.9 if f > 1 else 1), "テーマ", lang),
    "timeline": lambda lang, f=1: charts.timeline("timeline", shifted(f - 1), "期限", DAY, lang),
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


@pytest.mark.parametrize("name", DRAWN)
def test_every_letter_in_an_svg_has_its_outline(name: str) -> None:
    """The file needs no font and nothing from elsewhere: what it uses it defines, once."""
    shapes = list(ET.fromstring(DRAWN[name]("ja").svg()).iter())
    names = [shape.attrib["id"] for shape in shapes if "id" in shape.attrib]
    used = {
        shape.attrib["{http://www.w3.org/1999/xlink}href"] for shape in shapes if shape.tag.endswith("}use")
    }
    assert used
    assert used <= {f"#{name}" for name in names}
    assert len(names) == len(set(names))


def test_the_numbers_of_a_chart_are_those_it_was_given() -> None:
    """The frame beside the picture holds the same values under readable names."""
    chart = DRAWN["bars"]("en")
    assert chart.numbers.to_numpy().tolist() == COUNTS[list(charts.VERDICT_ORDER)].to_numpy().tolist()
    assert list(chart.numbers.columns) == ["met", "partly met", "unknown", "not met", "not applicable"]


@pytest.mark.parametrize(
    "looks",
    [{k: v for k, v in charts.STYLE.items() if k in charts.VERDICT_ORDER}, charts.SPANS],
    ids=["verdicts", "spans"],
)
def test_states_are_told_apart_without_colour(looks: dict[str, tuple[str, str]]) -> None:
    """Each verdict, and each state of a span, has a hatch or a lightness of its own."""

    def lightness(colour: str) -> float:
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    seen = [(hatch, lightness(colour)) for colour, hatch in looks.values()]
    for n, (hatch, light) in enumerate(seen):
        for other_hatch, other_light in seen[n + 1 :]:
            assert hatch != other_hatch or abs(light - other_light) > 40


@pytest.mark.parametrize(
    ("lang", "states"),
    [
        ("en", ["in time", "done late", "overdue", "running", "dates reversed"]),
        ("ja", ["期限・目安以内", "期限後に対応", "期限・目安を超過", "進行中", "日付の前後が逆"]),
    ],
)
def test_a_time_line_tells_days_and_states(lang: str, states: list[str]) -> None:
    """Open spans run to the assessment date; dates that cannot be have no number of days."""
    numbers = DRAWN["timeline"](lang).numbers
    assert numbers.iloc[:, -1].tolist() == states
    assert numbers.iloc[:, -2].tolist() == [59, 35, 152, 29, ""]
    assert numbers.iloc[2].tolist()[:3] == ["2026-06-23", "", "2026-07-22"]


def test_a_time_line_draws_each_span_where_it_lies() -> None:
    """A bar per row, from the earlier to the later day and never invisible; a mark on each last day."""
    figure = charts.timeline("x", SPANS, "t", DAY, "en").figure
    (axes,) = figure.axes
    bars = sorted((round(p.get_y() + p.get_height() / 2), p.get_width()) for p in axes.patches)
    assert bars == [(0, 59), (1, 35), (2, 152), (3, 29), (4, 3)]
    same_day = SPANS.iloc[:1].assign(end=SPANS["start"].iloc[:1])
    (bar,) = charts.timeline("x", same_day, "t", DAY, "en").figure.axes[0].patches
    assert bar.get_width() == 1
    marks = [line for line in axes.lines if line.get_marker() == "|"]
    assert {len(line.get_xdata()) for line in marks} == {4}


def test_a_time_line_without_last_days_has_none_in_its_table() -> None:
    """Where the law sets no day, neither column nor legend speaks of one."""
    chart = charts.timeline("x", SPANS.assign(due=pd.NaT, state="done"), "t", DAY, "en")
    assert "last day or yardstick" not in chart.numbers.columns
    legend = [text.get_text() for text in chart.figure.legends[0].get_texts()]
    assert legend == ["answered", "assessment date"]


def test_what_a_label_holds_stays_text() -> None:
    """Dollars, backslashes and braces of a client are drawn as they are; markup in the label is escaped."""
    strange = RATES.rename(index={"委託先": r"$\frac{1}{0}$ <b> & {x} \\"})
    chart = charts.intervals("x", strange, "<script>alert(1)</script>", "ja")
    assert chart.png()
    labels = chart.figure.axes[0].texts
    assert [label.get_text() for label in labels] == list(strange.index)
    assert not any(label.get_parse_math() for label in labels)
    assert b"<script>" not in chart.svg()
    assert ET.fromstring(chart.svg()).tag.endswith("svg")


@pytest.mark.parametrize("name", ["bars", "heat", "intervals", "radar"])
def test_other_labels_or_order_give_another_digest(name: str) -> None:
    """The same numbers under the wrong names are another picture."""
    frame = COUNTS if name in ("bars", "heat") else RATES
    draw = {
        "bars": charts.verdict_bars,
        "heat": charts.heat_map,
        "intervals": charts.intervals,
        "radar": charts.radar,
    }[name]
    renamed = frame.set_axis(list(frame.index[::-1]), axis=0)
    assert draw("x", frame, "t", "ja").digest() != draw("x", renamed, "t", "ja").digest()


def test_a_picture_altered_after_drawing_has_another_digest() -> None:
    """Moved ends, another scale, another look or another legend do not go unseen."""

    def chart() -> Chart:
        return DRAWN["intervals"]("ja")

    before = chart().digest()
    altered = [chart() for _ in range(4)]
    altered[0].figure.axes[0].set_xlim(0, 50)
    altered[1].figure.axes[0].collections[0].set_segments([[(0, 0), (99, 0)]])
    altered[2].figure.axes[0].lines[0].set_marker("s")
    altered[3].figure.legends[0].get_texts()[0].set_text("x")
    assert all(c.digest() != before for c in altered)
    bars = DRAWN["bars"]("ja")
    bars.figure.axes[0].patches[0].set_facecolor("#D55E00")
    assert bars.digest() != DRAWN["bars"]("ja").digest()
    heat = [DRAWN["heat"]("ja") for _ in range(4)]
    shapes = [drawn.figure.axes[0].collections for drawn in heat]  # cells first, then lines, then numbers
    shapes[0][0].set_facecolor("#D55E00")
    shapes[1][4].set_offsets(np.array(shapes[1][4].get_offsets())[::-1])
    shapes[2][4].set_paths(shapes[2][4].get_paths()[::-1])
    assert len({drawn.digest() for drawn in heat}) == len(heat)


def test_settings_of_the_user_change_no_chart() -> None:
    """Whatever a matplotlibrc says, the picture is the same; afterwards it says the same as before."""
    before = DRAWN["bars"]("ja").svg()
    try:
        with mpl.rc_context({"axes.facecolor": "black", "font.size": 30, "axes.grid": True}):
            mine = dict(mpl.rcParams)
            picture._settings.cache_clear()  # as in a process that begins with them
            assert DRAWN["bars"]("ja").svg() == before
            assert dict(mpl.rcParams) == mine
    finally:
        picture._settings.cache_clear()


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_the_same_in_whatever_order_it_is_saved(name: str) -> None:
    """Drawing leaves nothing behind: neither resolution nor layout depends on what was saved before."""
    first, second = DRAWN[name]("ja"), DRAWN[name]("ja")
    digest, png, svg = first.digest(), first.png(), first.svg()
    assert (second.svg(), second.png(), second.digest()) == (svg, png, digest)
    assert (first.svg(), first.digest(), first.figure.dpi) == (svg, digest, second.figure.dpi)


def test_the_picture_shown_is_the_picture_written() -> None:
    """A notebook shows the very bytes of the file beside it."""
    chart = DRAWN["bars"]("ja")
    shown = chart._repr_mimebundle_()[0]["image/png"]
    assert base64.b64decode(shown) == chart.png()


def numbers_of(chart: Chart) -> list[Bbox]:
    """Where the numbers in a picture, and the boxes behind them, end."""
    (axes,) = chart.figure.axes
    return [
        path.get_extents(Affine2D(collection.get_transforms()[0])).translated(*place)
        for collection in axes.collections
        if isinstance(collection, PathCollection)
        for path, place in zip(
            collection.get_paths(), axes.transData.transform(collection.get_offsets()), strict=True
        )
    ]


@pytest.mark.parametrize("size", [1, 40, 9999])
def test_the_numbers_in_a_picture_stand_inside_it(size: int) -> None:
    """The layout does not measure them, so the thinnest bar and the longest number must fit anyway."""
    counts = pd.DataFrame(
        [[1, size, size, size, 1], [size, 0, 0, 0, 1]], columns=COUNTS.columns, index=["A", "B"]
    )
    bars, heat = charts.verdict_bars("x", counts, "t", "en"), charts.heat_map("x", counts, "t", "en")
    for chart, boxes in ((bars, 7), (heat, 1)):
        chart.png()
        whole, axes = chart.figure.bbox, chart.figure.axes[0].bbox
        assert len(numbers_of(chart)) == 7 + boxes
        for ends in numbers_of(chart):
            assert whole.x0 < ends.x0
            assert ends.x1 < whole.x1
            assert axes.y0 < ends.y0
            assert ends.y1 < axes.y1


def test_a_number_stands_in_the_middle_of_its_bar() -> None:
    """Neither the width of a digit nor the order of drawing moves it."""
    chart = charts.verdict_bars("x", COUNTS, "t", "ja")
    chart.png()
    bars = [p.get_window_extent() for p in chart.figure.axes[0].patches if p.get_width()]
    middles = [((b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2) for b in bars]
    found = [((n.x0 + n.x1) / 2, (n.y0 + n.y1) / 2) for n in numbers_of(chart)]
    assert len(found) == 2 * len(middles)
    assert np.array(found) == pytest.approx(np.array(middles * 2), abs=0.1)


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("themes", range(3, 13))
def test_no_label_of_a_radar_is_cut_off_or_covers_another(themes: int, lang: str) -> None:
    """Long names stand outside the rings and inside the picture, whichever way they point."""
    name = {"ja": "個人関連情報・外部送信", "en": "Cookies and referable info"}[lang]
    rates = pd.DataFrame({"low": 0.5, "high": 1.0}, index=[name] * themes)
    chart = charts.radar("radar", rates, "題", lang)
    chart.png()
    (axes,) = chart.figure.axes
    scale, labels = axes.texts[:4], axes.texts[4:]
    assert [text.get_text() for text in scale] == ["25", "50", "75", "100 %"]
    assert len(labels) == themes
    title, legend = chart.figure.texts[0], chart.figure.legends[0]
    ends = [drawn.get_window_extent() for drawn in (title, legend, *axes.texts)]
    assert not any(one.overlaps(other) for one, other in combinations(ends, 2))
    middle, radius = (
        np.array([axes.bbox.x0 + axes.bbox.width / 2, axes.bbox.y0 + axes.bbox.height / 2]),
        axes.bbox.width / 2,
    )
    for label in labels:
        end = label.get_window_extent()
        nearest = np.clip(middle, end.min, end.max)
        assert np.hypot(*(nearest - middle)) > radius
        assert end.x0 > 0
        assert end.x1 < chart.figure.bbox.x1


def test_a_radar_draws_each_rate_on_its_spoke() -> None:
    """The first theme at the top, the others clockwise, so many percent from the middle."""
    rates = pd.DataFrame({"low": [0.2, 0.4, 0.0, 1.0], "high": [1.0, 0.5, 0.0, 1.0]}, index=list("ABCD"))
    high, low = charts.radar("x", rates, "t", "en").figure.axes[0].lines
    assert np.array(low.get_xydata()) == pytest.approx(
        np.array([(0, 20), (40, 0), (0, 0), (-100, 0), (0, 20)])
    )
    assert np.array(high.get_xydata()) == pytest.approx(
        np.array([(0, 100), (50, 0), (0, 0), (-100, 0), (0, 100)])
    )
    assert (low.get_linestyle(), high.get_linestyle()) == ("-", "--")


def test_a_heat_map_fills_the_cells_that_hold_something() -> None:
    """The rest stays white; a duty not met is hatched, whatever its share."""
    figure = charts.heat_map("x", COUNTS, "t", "en").figure
    shaded, bad = (c for c in figure.axes[0].collections if isinstance(c, PolyCollection))
    found = [[tuple(p.get_extents().p0) for p in c.get_paths()] for c in (shaded, bad)]
    assert found == [[(0, 0), (1, 0), (0, 1), (2, 1), (4, 1)], [(3, 0)]]
    assert bad.get_hatch()
    empty = charts.heat_map("x", COUNTS * 0, "t", "en")
    assert empty.png()
    assert not numbers_of(empty)
