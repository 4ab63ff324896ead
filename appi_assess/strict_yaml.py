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

MAX_BYTES = 5_000_000
MAX_DEPTH = 10
MAX_NODES = 200_000

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# What bytes that CP932 does not define decode to.
_UNDEFINED = re.compile("[\ufffd\uf8f0-\uf8f3\x80]")
_START = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
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
    """

    value: str | list[Node] | dict[str, Node]
    line: int
    quoted: bool = False
    keys: dict[str, int] = field(default_factory=dict)

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
        size = path.stat().st_size
        if size > MAX_BYTES:
            problems.append(Problem("file_too_large", name, words={"size": size, "limit": MAX_BYTES}))
            return None
        raw = path.read_bytes()
    except FileNotFoundError:
        problems.append(Problem("file_missing", name))
        return None
    except OSError as error:
        problems.append(Problem("file_unreadable", name, words={"reason": error.strerror or ""}))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
    text = raw.decode("cp932", errors="replace")
    if _UNDEFINED.search(text):
        problems.append(Problem("file_encoding", name, line))
        return None
    problems.append(Problem("file_cp932", name, level="notice"))
    return text


def parse(text: str, name: str, problems: list[Problem]) -> Node | None:
    """
    The tree of a YAML text; what is refused is added to ``problems``.
    """
    builder = _Builder(name, problems)
    try:
        for event in yaml.parse(text, Loader=_Loader):
            if not builder.take(event):
                return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.append(
            Problem(
                "yaml_syntax", name, mark.line + 1 if mark else None, words={"reason": error.problem or ""}
            )
        )
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if error.position >= 0 else None
        problems.append(
            Problem(
                "yaml_character",
                name,
                line,
                words={
                    "code": f"U+{ord(error.character) if isinstance(error.character, str) else error.character:04X}"
                },
            )
        )
        return None
    if builder.root is None:
        problems.append(Problem("yaml_empty", name))
    return builder.root


class _Builder:
    """
    Builds the tree from parser events, with a stack instead of recursion.
    """

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.pending: list[tuple[str, int] | None] = []  # the key that waits for its value
        self.nodes = 0
        self.documents = 0

    def take(self, event: Any) -> bool:
        """
        Add one event; False when reading on makes no sense.
        """
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                return self.refuse("yaml_documents", line)
        elif isinstance(event, yaml.AliasEvent):
            self.problem("yaml_alias", line, f"*{event.anchor}")
            self.place(Node("", line))
        elif isinstance(event, (yaml.ScalarEvent, *_START)):
            return self.node(event, line)
        elif isinstance(event, _END):
            self.stack.pop()
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
        if isinstance(event, yaml.ScalarEvent):
            self.place(Node(event.value, line, quoted=event.style is not None and event.style != ""))
            return True
        if len(self.stack) >= MAX_DEPTH:
            return self.refuse("yaml_depth", line, limit=MAX_DEPTH)
        node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        self.place(node)
        self.stack.append(node)
        self.pending.append(None)
        return True

    def place(self, node: Node) -> None:
        if not self.stack:
            self.root = self.root or node
            return
        parent = self.stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict):
            key = self.pending[-1]
            if key is None:
                if not isinstance(node.value, str):
                    self.problem("yaml_key", node.line)
                    self.pending[-1] = ("", node.line)
                else:
                    self.pending[-1] = (node.value, node.line)
                return
            self.pending[-1] = None
            if key[0] in parent.keys:
                self.problem("yaml_duplicate", key[1], key[0], first=parent.keys[key[0]])
                return
            parent.keys[key[0]] = key[1]
            parent.value[key[0]] = node

    def problem(self, code: str, line: int, found: str = "", **words: object) -> None:
        self.problems.append(Problem(code, self.name, line, found=found, words=words))

    def refuse(self, code: str, line: int, **words: object) -> bool:
        self.problem(code, line, "", **words)
        return False
