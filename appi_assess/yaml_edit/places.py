"""
Where the parts of a YAML text stand: values, keys, dashes, and what lies between them.

The parser marks where a value begins and ends; blank values, blocks and the dashes of a list
need a look at the text as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from appi_assess.strict_yaml import Node

BREAKS = "\r\n\x85\u2028\u2029"
BREAK = re.compile(f"\r\n|[{BREAKS}]")
LINE = re.compile(f"[^{BREAKS}]*")
SPACES = re.compile(r"[ \t]*")
# Between two values stand only spaces, comments and the signs of YAML.
_GAP = re.compile(f"(?:[ \t{BREAKS}]|#[^{BREAKS}]*)*")
_BLOCK_SIGN = re.compile(r"[|>][-+0-9]*")


@dataclass(frozen=True, slots=True)
class Place:
    """
    A value in its surroundings.

    Attributes:
        node: The value.
        parent: The mapping or list that holds it; None for the root.
        step: Its key as written, or its number in the list.
    """

    node: Node
    parent: Node | None = None
    step: str | int = ""

    @property
    def key(self) -> Node | None:
        """
        The key as a node; None for the root and in a list.
        """
        return self.parent.heads.get(str(self.step)) if self.parent else None


def braced(text: str, node: Node) -> bool:
    """
    Whether a mapping or list stands in braces or brackets.
    """
    return not isinstance(node.value, str) and text.startswith(("{", "["), node.start)


def in_flow(text: str, place: Place) -> bool:
    """
    Whether a value stands between braces or brackets.
    """
    return place.parent is not None and braced(text, place.parent)


def last(node: Node) -> Place:
    """
    The last entry of a mapping or list that has one.
    """
    if isinstance(node.value, dict):
        step = next(reversed(node.value))
        return Place(node.value[step], node, step)
    return Place(list(node.value)[-1], node, len(node.value) - 1)  # type: ignore[arg-type]


def column(text: str, place: Place) -> int:
    """
    How far an entry stands from the beginning of its line.
    """
    start = entry_start(text, place)
    return start - line_start(text, start)


def span(text: str, place: Place) -> tuple[int, int]:
    """
    Where a value begins and ends; a blank one lies right behind its colon or dash.
    """
    node = place.node
    if not isinstance(node.value, str):
        inside = not braced(text, node) and node.value
        return node.start, span(text, last(node))[1] if inside else node.end
    if node.start == node.end and place.key:
        return (behind_key(text, place.key),) * 2
    return node.start, block_scalar(text, node)[2] if is_block(text, node) else node.end


def entry_start(text: str, place: Place) -> int:
    """
    Where the key or the dash of an entry stands.
    """
    if place.key:
        return place.key.start
    if place.parent is None or in_flow(text, place):
        return place.node.start
    before = previous_end(text, place)
    return skip(text, before) if before else place.parent.start


def previous_end(text: str, place: Place) -> int | None:
    """
    Where the entry before this one ends; None for the first.
    """
    parent = place.parent
    if parent is None or isinstance(parent.value, str):
        return None
    if isinstance(parent.value, dict):
        step = {b: a for a, b in pairwise(parent.value)}.get(str(place.step))
        return None if step is None else span(text, Place(parent.value[step], parent, step))[1]
    number = int(place.step)
    return span(text, Place(parent.value[number - 1], parent, number - 1))[1] if number else None


def behind_key(text: str, key: Node) -> int:
    """
    The place right behind the colon of a key, or behind the key if it has none.
    """
    colon = skip(text, key.end)
    return colon + 1 if text.startswith(":", colon) else key.end


def is_block(text: str, node: Node) -> bool:
    """
    Whether a scalar is written on the lines below a ``|`` or ``>``.
    """
    return isinstance(node.value, str) and node.quoted and text.startswith(("|", ">"), node.start)


def block_scalar(text: str, node: Node) -> tuple[int, int, int]:
    """
    Where the sign of a block scalar ends, where its line ends, and where its last line ends.
    """
    sign = matched(_BLOCK_SIGN, text, node.start)
    head = matched(LINE, text, sign)
    end = node.end
    breaks = list(BREAK.finditer(text, head, end))
    # Blank lines below belong to the value only if it keeps them.
    while breaks and breaks[-1].end() == end:
        end = breaks.pop().start()
        if "+" in text[node.start : sign]:
            break
    return sign, head, max(end, head)


def tokens(text: str, place: Place) -> Iterator[tuple[int, int]]:
    """
    Where the keys and scalars of an entry stand, in order.
    """
    if place.key:
        yield place.key.start, place.key.end
    node = place.node
    if isinstance(node.value, str):
        if is_block(text, node):
            sign, head, end = block_scalar(text, node)
            yield node.start, sign
            yield head, end
        elif node.start < node.end:
            yield node.start, node.end
        return
    entries = node.value.items() if isinstance(node.value, dict) else enumerate(node.value)
    for step, child in entries:
        yield from tokens(text, Place(child, node, step))


def skip(text: str, position: int) -> int:
    """
    The next sign or value, behind spaces and comments.
    """
    return matched(_GAP, text, position)


def line_start(text: str, position: int) -> int:
    """
    Where the line of a position begins.
    """
    return max(text.rfind(b, 0, position) for b in BREAKS) + 1


def matched(pattern: re.Pattern[str], text: str, position: int) -> int:
    """
    Where a pattern that also matches nothing ends.
    """
    found = pattern.match(text, position)
    return found.end() if found else position
