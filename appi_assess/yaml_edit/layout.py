"""
How one part of a YAML text changes while all others keep their place.

Everything here works on the text between the marks of the parser; whether the result still says
what it should is for ``yaml_edit`` to see.
"""

from __future__ import annotations

import re

from appi_assess.strict_yaml import Node

from .places import (
    BREAK,
    BREAKS,
    LINE,
    SPACES,
    Place,
    block_scalar,
    column,
    entry_start,
    in_flow,
    is_block,
    last,
    line_start,
    matched,
    previous_end,
    skip,
    span,
    tokens,
)

_LINES = re.compile(f"([^{BREAKS}]*)(\r\n|[{BREAKS}]|\\Z)")
_TAKEN = "\0"  # stands for a value where a text is searched for comments


def replaced(text: str, place: Place, new: str) -> str:
    """
    The text with ``new``, already written as YAML, in place of a value; comments stay.
    """
    start, end = span(text, place)
    if start == end:
        lead = ": " if place.key and start == place.key.end else " "
        after = matched(SPACES, text, start)
        return text[:start] + lead + new + _apart(text[start if text.startswith("#", after) else after :])
    rest = text[end:]
    if is_block(text, place.node):
        sign, head, _ = block_scalar(text, place.node)
        rest = text[sign:head] + rest
    rest = _apart(rest)
    if new or in_flow(text, place):
        return text[:start] + new + rest
    return _joined(text[:start], rest)


def below(text: str, position: int, lines: list[str], deeper: int | None = None) -> str:
    """
    The text with lines added below the one at ``position``, with that line's end.

    Args:
        text: The whole text.
        position: Where the line above is.
        lines: What is added, without line ends.
        deeper: Lines of comment that stand further in than this column belong to the line above.
    """
    end = matched(LINE, text, position)
    while deeper is not None and (line := _comment_below(text, end, deeper)):
        end = line
    ends = line_end(text, end)
    return text[:end] + "".join(ends + line for line in lines) + text[end:]


def _comment_below(text: str, end: int, deeper: int) -> int | None:
    """
    The end of the next line if it is a comment further in than a column.
    """
    if found := BREAK.match(text, end):
        sign = matched(SPACES, text, found.end())
        if text.startswith("#", sign) and sign - found.end() > deeper:
            return matched(LINE, text, sign)
    return None


def at_the_end(text: str, lines: list[str]) -> str:
    """
    The text with a block of lines at its end, after a blank line.
    """
    ends = line_end(text, len(text))
    if text.strip():
        text += "" if BREAK.fullmatch(text[-1]) else ends
        blank = [line for line, _ in _LINES.findall(text)][-2:-1]
        text += "" if blank and not blank[0].strip() else ends
    return text + "".join(line + ends for line in lines)


def line_end(text: str, position: int) -> str:
    """
    How the line at a position ends; the last line of a file ends as the one before it.
    """
    if found := BREAK.match(text, matched(LINE, text, position)):
        return found[0]
    before = BREAK.findall(text, max(0, line_start(text, position) - 2), position)
    return str(before[-1]) if before else "\n"


def into_flow(text: str, node: Node, piece: str) -> str:
    """
    The text with one more piece at the end of what stands in braces or brackets.
    """
    if not node.value:
        return text[: node.start + 1] + piece + _apart(text[node.start + 1 :])
    end = span(text, last(node))[1]
    comma = skip(text, end)
    if text.startswith(",", comma):
        return text[: comma + 1] + " " + piece + _apart(text[comma + 1 :])
    gap = " " if text[end - 1] == ":" else ""
    return text[:end] + gap + ", " + piece + _apart(text[end:])


def without(text: str, place: Place) -> str:
    """
    The text without an entry; the comments that stood in it and behind it stay.
    """
    if in_flow(text, place):
        return _without_in_flow(text, place)
    start, end = entry_start(text, place), span(text, place)[1]
    line, end = line_start(text, start), matched(LINE, text, end)
    broken = BREAK.match(text, end)
    after = broken.end() if broken else end
    kept = _kept(text, start, after, place)
    if not text[line:start].strip():
        return text[:line] + kept + text[after:]
    return text[:start].rstrip(" \t") + (broken[0] if broken else "") + kept + text[after:]


def _without_in_flow(text: str, place: Place) -> str:
    start, end = entry_start(text, place), span(text, place)[1]
    kept = _kept(text, start, end, place)
    comma = skip(text, end)
    if text.startswith(",", comma):
        rest = kept + text[end:comma] + text[comma + 1 :]
        return _joined(text[:start], rest.lstrip(" \t")) if not kept else text[:start] + rest
    before = previous_end(text, place)
    if before and not kept and "#" not in text[before:start] and text[before - 1] != ":":
        return text[:before] + text[end:]
    return text[:start] + kept + text[end:]


def _kept(text: str, start: int, end: int, place: Place) -> str:
    """
    The lines of an entry that hold none of it, and the comments of the others as lines.
    """
    pieces, position = [], start
    for first, behind in tokens(text, place):
        pieces += [text[position:first], _TAKEN]
        position = behind
    indent = column(text, place)
    kept = ""
    for line, ends in _LINES.findall("".join(pieces) + text[position:end]):
        before, sign, comment = line.partition("#")
        if sign:
            own = len(before) if not before.strip() else indent
            kept += " " * min(own, indent) + sign + comment.replace(_TAKEN, "") + ends
        elif ends and not before.strip():
            kept += before + ends
    return kept


def _joined(head: str, rest: str) -> str:
    """
    What is left around a value that was taken out, without a trace of it.
    """
    broken = BREAK.match(rest, matched(SPACES, rest, 0))
    bare = head.rstrip(" \t")
    alone = not bare or bare[-1] in BREAKS
    if broken or not rest.strip(" \t"):
        return bare + rest[(broken.end() if alone else broken.start()) if broken else len(rest) :]
    if alone:
        return head + rest.lstrip(" \t")
    spaced = head.endswith((" ", "\t")) and rest.startswith((" ", "\t"))
    return head[: len(head) - spaced] + rest


def _apart(rest: str) -> str:
    """
    A comment is one only with a space before it.
    """
    return f" {rest}" if rest.startswith("#") else rest
