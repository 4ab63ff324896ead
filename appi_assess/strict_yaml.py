"""
Reading a user's YAML so that nothing is guessed: every scalar stays the text that was written.

``no`` is not false, ``1:20`` is not eighty and ``007`` is not seven. Duplicate keys, aliases,
anchors, tags, deep nesting and huge files are refused with their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .problems import Problem
from .wording import say_both

MAX_BYTES = 5_000_000
MAX_DEPTH = 10
MAX_NODES = 200_000

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# What bytes that CP932 does not define decode to.
_UNDEFINED = re.compile("[\ufffd\uf8f0-\uf8f3\x80]")
# What YAML does not allow in a file.
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NODES = (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)
_END = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(slots=True)
class Node:
    """
    One value of a file with the line it starts on.

    Attributes:
        value: The text of a scalar, a list of nodes, or a mapping from key to node.
        line: From 1.
        quoted: Whether a scalar stood in quotes or in a block.
        keys: For a mapping, the line of each key.
        start: Where it begins in the text, counted in characters.
        end: Where it ends; for a block this lies on a later line.
        heads: For a mapping, each key as a node.
    """

    value: str | list[Node] | dict[str, Node]
    line: int
    quoted: bool = False
    keys: dict[str, int] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    heads: dict[str, Node] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """
        Whether nothing was written here (an empty value, ``~`` or ``null``).
        """
        if isinstance(self.value, str):
            return self.value.strip() in ("", "~", "null") if not self.quoted else not self.value.strip()
        return not self.value


def read(path: Path, name: str, problems: list[Problem]) -> Node | None:
    """
    Read one YAML file.

    Args:
        path: The file.
        name: What to call it in messages.
        problems: Every problem found is added here.

    Returns:
        The root node, or None if the file cannot be used at all.
    """
    text = read_text(path, name, problems)
    return None if text is None else parse(text, name, problems)


def read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    """
    The text of a file that is UTF-8, UTF-8 with a BOM, or CP932; strict UTF-8 is tried first.
    """
    try:
        if not path.is_file():
            problems.append(Problem("file_missing", name))
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            problems.append(Problem("file_too_large", name, words={"limit": MAX_BYTES}))
            return None
    except OSError as error:
        problems.append(Problem("file_unreadable", name, words={"reason": error.strerror or ""}))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    text = raw.decode("cp932", errors="replace")
    if odd := _UNDEFINED.search(text):
        problems.append(Problem("file_encoding", name, text.count("\n", 0, odd.start()) + 1))
        return None
    problems.append(Problem("file_cp932", name, level="notice"))
    return text


def parse(text: str, name: str, problems: list[Problem]) -> Node | None:
    """
    The tree of a YAML text; what is refused is added to ``problems``.
    """
    if odd := _UNREADABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        problems.append(Problem("yaml_character", name, line, words={"code": f"U+{ord(odd[0]):04X}"}))
        return None
    builder = _Builder(name, problems, text.splitlines())
    loader = _Loader(text)
    try:
        for event in iter(loader.get_event, None):
            if not builder.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        number, hint = _hint(text.splitlines(), mark.line if mark else 0)
        problems.append(Problem("yaml_syntax", name, number + 1, words={"hint": hint}))
        return None
    finally:
        loader.dispose()
    if builder.root is None:
        problems.append(Problem("yaml_empty", name))
    return builder.root


# What a line looks like when it breaks YAML, with the advice; the first that fits is given.
_SLIPS = {
    "tab": r" *\t",
    "space_fullwidth": r"\s*\u3000",
    "colon_fullwidth": r"\s*[\w.-]+\s*：",
    "special": r"""\s*(?:- )?[\w.-]+:\s+(?P<sign>[@`*&!%\[\]{}"'|>?])""",
    "colon_inside": r"\s*(?:- )?[\w.-]+:\s+.*:(\s|$)",
    "colon_space": r"\s*[\w.-]+:\S",
    "colon_missing": r"\s*([A-Za-z]+-?\d*|[a-z_]+ [^:]+)\s*$",
}


def _hint(lines: list[str], failed: int) -> tuple[int, dict[str, str]]:
    """
    The likely mistake behind a syntax error and its line; the parser often stops a line late.
    """
    near = [n for n in (failed, failed - 1) if 0 <= n < len(lines) and not lines[n].lstrip().startswith("#")]
    for number in near:
        for slip, pattern in _SLIPS.items():
            if match := re.match(pattern, lines[number]):
                return number, say_both(f"yaml_hint.{slip}", **match.groupdict())
    return failed, say_both("yaml_hint.other")


class _Builder:
    """
    Builds the tree from parser events, with a stack instead of recursion.
    """

    def __init__(self, name: str, problems: list[Problem], lines: list[str]) -> None:
        self.name, self.problems = name, problems
        self.commented = {number: line for number, line in enumerate(lines) if "#" in line}  # perhaps
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.pending: list[Node | None] = []  # the key that waits for its value
        self.nodes = 0
        self.documents = 0

    def take(self, event: Any) -> bool:
        """
        Add one event; False when reading on makes no sense.
        """
        line = event.start_mark.line + 1
        if isinstance(event, _NODES):
            return self.node(event, line)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                return self.refuse("yaml_documents", line)
        elif isinstance(event, yaml.AliasEvent):
            self.problem("yaml_alias", line, f"*{event.anchor}")
            self.place(Node("", line))
        elif isinstance(event, _END):
            end: Any = event.end_mark
            self.stack.pop().end = end.index
            self.pending.pop()
        return True

    def node(self, event: Any, line: int) -> bool:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            return self.refuse("yaml_nodes", line, limit=MAX_NODES)
        if event.anchor:
            self.problem("yaml_alias", line, f"&{event.anchor}")
        if event.tag:
            self.problem("yaml_tag", line, event.tag)
        start, mark = event.start_mark.index, event.end_mark
        if isinstance(event, yaml.ScalarEvent):
            quoted = bool(event.style)
            self.place(Node(event.value, line, quoted=quoted, start=start, end=mark.index))
            if mark.line in self.commented and event.value and not quoted and self.cut(mark):
                self.problems.append(
                    Problem("comment_cut", self.name, line, found=event.value, level="notice")
                )
            return True
        if len(self.stack) >= MAX_DEPTH:
            return self.refuse("yaml_depth", line, limit=MAX_DEPTH)
        node = Node(
            {} if isinstance(event, yaml.MappingStartEvent) else [], line, start=start, end=mark.index
        )
        self.place(node)
        self.stack.append(node)
        self.pending.append(None)
        return True

    def cut(self, end: Any) -> bool:
        """
        Whether a comment follows a plain value: legal YAML, but "text #3" rarely means it.
        """
        return self.commented[end.line][end.column :].lstrip().startswith("#")

    def place(self, node: Node) -> None:
        if not self.stack:
            self.root = self.root or node
            return
        parent = self.stack[-1]
        if isinstance(parent.value, dict):
            key = self.pending[-1]
            if key is None:
                if not isinstance(node.value, str):
                    self.problem("yaml_key", node.line)
                    self.pending[-1] = Node("", node.line)
                else:
                    self.pending[-1] = node
                return
            self.pending[-1] = None
            name = str(key.value)
            if name in parent.keys:
                self.problem("yaml_duplicate", key.line, name, first=parent.keys[name])
                return
            parent.keys[name] = key.line
            parent.heads[name] = key
            parent.value[name] = node
        elif isinstance(parent.value, list):
            parent.value.append(node)

    def problem(self, code: str, line: int, found: str = "", **words: object) -> None:
        self.problems.append(Problem(code, self.name, line, found=found, words=words))

    def refuse(self, code: str, line: int, **words: object) -> bool:
        self.problem(code, line, "", **words)
        return False
