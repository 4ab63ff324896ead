"""
What a notebook cell shows: headings, sentences and tables, as HTML and as plain text.

Text stays text: everything is escaped, and nothing in it is typeset as mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from .resources import templates

if TYPE_CHECKING:
    from jinja2 import Template


_NUMBER = re.compile(r"-?[\d.,]+( ?%)?")
# How a cell of a table is set, by whether it is a number and whether it is the first of its row.
_STYLES = {
    (number, first): f"text-align: {align}; vertical-align: top; padding: 4px 8px; white-space: {space}; "
    f"overflow-wrap: {wrap}"
    for number, align, space in ((True, "right", "nowrap"), (False, "left", "pre-line"))
    for first, wrap in ((True, "break-word"), (False, "anywhere"))
}


@dataclass(frozen=True, slots=True)
class Block:
    """
    One piece of a page.
    """

    kind: Literal["heading", "text", "items", "table"]
    text: str = ""
    level: int = 3
    head: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    rows: tuple[Any, ...] = ()


def heading(text: str, level: int = 3) -> Block:
    """
    A heading; level 2 is a section of a notebook.
    """
    return Block("heading", text, level)


def sentence(text: str) -> Block:
    """
    A paragraph.
    """
    return Block("text", text)


def items(rows: Iterable[str]) -> Block:
    """
    A bulleted list.
    """
    return Block("items", rows=tuple(rows))


def grid(
    head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "", widths: Sequence[int] = ()
) -> Block:
    """
    A table with a head; cells may hold line breaks.

    Args:
        head: Titles of the columns.
        rows: The cells; None is an empty one.
        caption: What the table shows, if no heading says it.
        widths: Percent of the page for each column; empty to let the content decide.
    """
    body = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows)
    return Block("table", caption, head=tuple(head), widths=tuple(widths), rows=body)


class Page:
    """
    The output of one cell: shown as HTML in a notebook and as text elsewhere.
    """

    def __init__(self, lang: str, *blocks: Block) -> None:
        self.lang, self.blocks = lang, blocks

    def html(self) -> str:
        """
        The page as an HTML fragment with everything escaped.
        """
        return _template().render(lang=self.lang, blocks=self.blocks)

    def text(self) -> str:
        """
        The page as plain text, one table row per line.
        """
        return "\n".join(line for block in self.blocks for line in _lines(block))

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.text()}


def _lines(block: Block) -> Iterable[str]:
    if block.text:
        yield block.text
    if block.kind == "items":
        yield from (f"- {row}" for row in block.rows)
    elif block.kind == "table":
        for row in (block.head, *block.rows):
            yield " | ".join(" / ".join(cell.splitlines()) for cell in row)


def _styled(row: Iterable[str]) -> list[tuple[str, str]]:
    """
    The cells of a row, each with how it is set: numbers on the right and in one line, long words broken
    last in the first column.
    """
    return [(cell, _STYLES[_NUMBER.fullmatch(cell) is not None, not place]) for place, cell in enumerate(row)]


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates() / "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["number_like"] = _NUMBER.fullmatch
    environment.filters["styled"] = _styled
    return environment.get_template("page.html.j2")
