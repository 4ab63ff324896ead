"""
How a value is written as YAML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping


def scalar(value: object) -> str:
    """
    A value as YAML: plain where that is safe, else in double quotes (JSON is YAML).

    Examples:
        >>> scalar("yes"), scalar("null"), scalar("a: b")
        ('yes', '"null"', '"a: b"')
    """
    shown = str(value)
    if not shown or (re.fullmatch(r"\w[\w./-]*", shown) and shown != "null"):
        return shown
    quoted = json.dumps(shown, ensure_ascii=False)
    # The ideographic space is ordinary in Japanese text.
    return "".join(c if c.isprintable() or c == "\u3000" else f"\\U{ord(c):08X}" for c in quoted)


def flow(value: object) -> str:
    """
    Anything on one line, in braces and brackets where it has parts.

    Examples:
        >>> flow([{"file": "a.pdf", "dated": "2026-04-01"}])
        '[{file: a.pdf, dated: 2026-04-01}]'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(pair(k, flow(v)) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    return scalar(value)


def pair(key: str, value: str) -> str:
    """
    A key with a value that is already written.
    """
    return f"{scalar(key)}: {value}"


def block(value: Mapping[str, object], indent: int) -> list[str]:
    """
    A mapping as lines; an item of a list stays on its line, as in the kit's own files.
    """
    lines = []
    for key, part in value.items():
        if isinstance(part, Mapping):
            lines += [" " * indent + f"{scalar(key)}:", *block(part, indent + 2)]
        elif isinstance(part, list):
            lines += [" " * indent + f"{scalar(key)}:", *items(part, indent + 2)]
        else:
            lines.append(" " * indent + pair(key, scalar(part)))
    return lines


def items(value: list[Mapping[str, str]], indent: int) -> list[str]:
    """
    A list as lines.
    """
    return [" " * indent + f"- {flow(part)}" for part in value]
