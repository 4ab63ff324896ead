"""
Single values change in a hand-kept YAML file; everything around them stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appi_assess import law
from appi_assess.problems import Problem
from appi_assess.resources import sample
from appi_assess.scaffold import answers_text
from appi_assess.strict_yaml import Node, parse
from appi_assess.yaml_edit import NotEditable, Path, add, drop, put
from appi_assess.yaml_edit.edit import _same, _tree

ANSWER = ("A17-1", "answer")
LIST = ("A17-1", "evidence")
ITEM = {"file": "台帳.pdf", "dated": "2026-04-01", "valid_until": ""}
AWKWARD = [
    "はい",
    "台帳に記載している。備考: あり",
    "it's",
    'say "yes"',
    "#3",
    "ledger # 3",
    "a: b",
    "a:",
    " leads and trails ",
    "- x",
    "-",
    "---",
    "...",
    "? x",
    "{",
    "[a, b]",
    "a, b}",
    "*x",
    "&x",
    "!x",
    "%x",
    "@x",
    "`x",
    "|",
    ">",
    "two\nlines\n\n and a third\n",
    "a\r\nb",
    "a\tb",
    "\t",
    "🙂🏽‍💻",
    "yes",
    "no",
    "007",
    "1:20",
    "~",
    "null",
    "Null",
    "　全角　空白　",
    "\\n",
    "長い" * 5_000,
    "a\u2028b\u2029c\x85d",
    "\ufeff",
    "\x07",
]


def plain(node: Node | None) -> Any:
    """A tree as plain values; None for what is blank."""
    if node is None or (node.blank and not node.quoted):
        return None
    if isinstance(node.value, dict):
        return {key: plain(part) for key, part in node.value.items()}
    return [plain(part) for part in node.value] if isinstance(node.value, list) else node.value


def read(text: str) -> Any:
    """What the reader reads in a text; a text that is refused fails the test."""
    problems: list[Problem] = []
    root = parse(text, "f", problems)
    assert not [p for p in problems if p.level == "error" and p.code != "yaml_empty"], text
    return plain(root)


def lines(text: str) -> list[str]:
    """The lines of a text with their ends."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


@pytest.mark.parametrize("value", AWKWARD, ids=lambda v: ascii(v[:12]))
@pytest.mark.parametrize(
    "text",
    ["A17-1:\n  answer: no  # c\n", "A17-1: {answer: no, due: x}\n", "A17-1:\n  due: x", "A17-1: {}", ""],
)
def test_any_text_reads_back_the_same(text: str, value: str) -> None:
    """Whatever a client types is the value afterwards, in every layout, and nothing else is."""
    changed = put(text, ANSWER, value)
    assert read(changed)["A17-1"]["answer"] == value
    assert put(changed, ANSWER, value) == changed
    assert "  # c\n" in changed or "# c" not in text


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("A17-1:\n  answer: no  # c\n", "yes", "A17-1:\n  answer: yes  # c\n"),
        ("A17-1:\n  answer:   no\t# c\n", "yes", "A17-1:\n  answer:   yes\t# c\n"),
        ("A17-1:\n  answer:   # ?\n", "yes", "A17-1:\n  answer: yes   # ?\n"),
        ("A17-1:\n  answer:\n  due:\n", "yes", "A17-1:\n  answer: yes\n  due:\n"),
        ("A17-1:\n  answer:  \r\n  due:\r\n", "yes", "A17-1:\n  answer: yes\r\n  due:\r\n"),
        ("A17-1:\n  answer:", "yes", "A17-1:\n  answer: yes"),
        ("A17-1:\n  answer: ~  # c", "yes", "A17-1:\n  answer: yes  # c"),
        ("A17-1:\n  'answer': no\n", "yes", "A17-1:\n  'answer': yes\n"),
        ("A17-1:\n  answer : no\n", "yes", "A17-1:\n  answer : yes\n"),
        ("ａ１７－１:\n  Answer: no\n", "yes", "ａ１７－１:\n  Answer: yes\n"),
        ('A17-1:\n  answer: "no"#c\n', "yes", "A17-1:\n  answer: yes #c\n"),
        ("A17-1:\n  answer: no\n  # c\n  due: x\n", "", "A17-1:\n  answer:\n  # c\n  due: x\n"),
        ("A17-1:\n  answer: no  # c\n", "", "A17-1:\n  answer:  # c\n"),
        ("A17-1:\n  answer: no \n", "", "A17-1:\n  answer:\n"),
        ("A17-1:\n  answer:\n    no\n  due: x\n", "", "A17-1:\n  answer:\n  due: x\n"),
        ("A17-1:\n  answer:\n    no\t# c\n", "", "A17-1:\n  answer:\n    # c\n"),
        ("A17-1:\n  answer: # c\n    no # d\n", "yes", "A17-1:\n  answer: # c\n    yes # d\n"),
        ("A17-1:\n  answer: n\n    o\n\n    p\n# c\n", "yes", "A17-1:\n  answer: yes\n# c\n"),
        ("A17-1:\n  answer: 'n\n\n    o' # c\n", "yes", "A17-1:\n  answer: yes # c\n"),
        (
            "A17-1:\n  answer: |  # c\r\n    n # o\r\n    o\r\n\r\n  # d\r\n  due: x",
            "yes",
            "A17-1:\n  answer: yes  # c\r\n\r\n  # d\r\n  due: x",
        ),
        ("A17-1:\n  answer: >2+\n     n\n\n\nB1: x\n", "yes", "A17-1:\n  answer: yes\nB1: x\n"),
        ("A17-1:\n  answer: |\n    n", "", "A17-1:\n  answer:"),
        ("A17-1: {answer: no, due: x} # c\n", "yes", "A17-1: {answer: yes, due: x} # c\n"),
        ("A17-1: {answer: no, due: x}\n", "", "A17-1: {answer: , due: x}\n"),
        ("A17-1: {answer: , due: x}\n", "yes", "A17-1: {answer: yes, due: x}\n"),
        ("A17-1: {answer, due: x}\n", "yes", "A17-1: {answer: yes, due: x}\n"),
        ('A17-1: {"answer":no}\n', "yes", 'A17-1: {"answer":yes}\n'),
        ("A17-1: {answer:  # c\n  , due: x}\n", "yes", "A17-1: {answer: yes  # c\n  , due: x}\n"),
        ("A17-1: {due: x}\n", "yes", "A17-1: {due: x, answer: yes}\n"),
        ("A17-1: { due: x }\n", "yes", "A17-1: { due: x, answer: yes }\n"),
        ("A17-1: {due: }\n", "yes", "A17-1: {due: , answer: yes }\n"),
        ("A17-1: {due: x, }\n", "yes", "A17-1: {due: x, answer: yes }\n"),
        ("A17-1: {due: x,# c\n }\n", "yes", "A17-1: {due: x, answer: yes # c\n }\n"),
        ("A17-1: {\n  due: x  # c\n  }\n", "yes", "A17-1: {\n  due: x, answer: yes  # c\n  }\n"),
        ("A17-1: {# c\n  }\n", "yes", "A17-1: {answer: yes # c\n  }\n"),
        ("A17-1:\n  due: x\n\n# c\nB1:\n", "yes", "A17-1:\n  due: x\n  answer: yes\n\n# c\nB1:\n"),
        ("A17-1:\n     due: x # c", "yes", "A17-1:\n     due: x # c\n     answer: yes"),
        ("A17-1:\r\n  due: x", "yes", "A17-1:\r\n  due: x\r\n  answer: yes"),
        ("A17-1:\n  due: x\r\nB1:\n", "yes", "A17-1:\n  due: x\r\n  answer: yes\r\nB1:\n"),
        (
            "A17-1:\n  due: |\n    x\n\nB1:\n",
            "yes",
            "A17-1:\n  due: |\n    x\n  answer: yes\n\nB1:\n",
        ),
        (
            "A17-1:\n  due: |+\n    x\n\nB1:\n",
            "yes",
            "A17-1:\n  due: |+\n    x\n\n  answer: yes\nB1:\n",
        ),
        (
            "A17-1:\n  evidence:\n  - file: x\n    dated: y  # c\n    # d\nB1:\n",
            "yes",
            "A17-1:\n  evidence:\n  - file: x\n    dated: y  # c\n    # d\n  answer: yes\nB1:\n",
        ),
        ("A17-1:   # c\nB1:\n", "yes", "A17-1:   # c\n  answer: yes\nB1:\n"),
        ("A17-1: null # c\n", "yes", "A17-1: # c\n  answer: yes\n"),
        ("A17-1:\n  # c\n  ~\nB1:\n", "yes", "A17-1:\n  answer: yes\n  # c\nB1:\n"),
        ("A17-1: {}\n", "yes", "A17-1: {answer: yes}\n"),
        ("{}\n", "yes", "A17-1:\n  answer: yes\n"),
        ("# c\n{} # d", "yes", "# c\n# d\n\nA17-1:\n  answer: yes\n"),
        ("{B1: {due: x}}\n", "yes", "{B1: {due: x}, A17-1: {answer: yes}}\n"),
        ("{A17-1: , B1: x}\n", "yes", "{A17-1: {answer: yes}, B1: x}\n"),
        ("# c\r\n", "yes", "# c\r\n\r\nA17-1:\r\n  answer: yes\r\n"),
        ("B1:\n  due: x\n# c", "yes", "B1:\n  due: x\n# c\n\nA17-1:\n  answer: yes\n"),
        ("B1:\n  due: x\n \n", "yes", "B1:\n  due: x\n \nA17-1:\n  answer: yes\n"),
        (" B1:\n  due: x\n", "yes", " B1:\n  due: x\n\n A17-1:\n   answer: yes\n"),
        ("\ufeffA17-1:\n  answer: no\n", "yes", "\ufeffA17-1:\n  answer: yes\n"),
        ("A17-1: {}\n", "", "A17-1: {}\n"),
        ("A17-1:\n  answer: ~\n", "", "A17-1:\n  answer: ~\n"),
        ("A17-1:\n  answer: 'yes'\n", "yes", "A17-1:\n  answer: 'yes'\n"),
        ("A17-1:\n  answer: ~\n", "~", 'A17-1:\n  answer: "~"\n'),
        ("A17-1:\n  answer: ''\n", "yes", "A17-1:\n  answer: yes\n"),
        ("A17-1:\n  answer: [ ]\n", "yes", "A17-1:\n  answer: yes\n"),
    ],
)
def test_a_value_changes_where_it_stands(text: str, value: str, expected: str) -> None:
    """Comments, layout, order and line ends stay, and a new key stands as its siblings do."""
    assert put(text, ANSWER, value) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("scope:\n  G01:  # c\nx: y\n", ("scope", "g01"), "scope:\n  G01: yes  # c\nx: y\n"),
        ("scope: # c\n", ("scope", "G01"), "scope: # c\n  G01: yes\n"),
        ("x: y\n", ("scope", "G01"), "x: y\n\nscope:\n  G01: yes\n"),
        ("x: y\nscope:\n  G01: no\n# c\n", ("due",), "x: y\nscope:\n  G01: no\ndue: yes\n# c\n"),
        ("e:\n- {file: x}\n- a\n", ("e", 0, "file"), "e:\n- {file: yes}\n- a\n"),
        ("e:\n- {file: x}\n- a\n", ("e", 0, "dated"), "e:\n- {file: x, dated: yes}\n- a\n"),
        ("e:\n- file: x\n- a\n", ("e", 0, "dated"), "e:\n- file: x\n  dated: yes\n- a\n"),
        ("e:\n- {}\n- 'a' # c\n", ("e", 1, "dated"), "e:\n- {}\n- {file: a, dated: yes} # c\n"),
        ("e:\n- {}\n- 'a' # c\n", ("e", 1, "file"), "e:\n- {}\n- yes # c\n"),
        ("e:\n- {}\n- 'a' # c\n", ("e", 1), "e:\n- {}\n- yes # c\n"),
        ("e:\n-   # c\n", ("e", 0, "file"), "e:\n- {file: yes}   # c\n"),
        ("e: [a, {file: x}]\n", ("e", 1, "dated"), "e: [a, {file: x, dated: yes}]\n"),
    ],
)
def test_a_path_leads_to_gates_and_to_pieces_of_evidence(text: str, path: Path, expected: str) -> None:
    """Scope questions, items of a list and items in their short form are all within reach."""
    assert put(text, path, "yes") == expected


@pytest.mark.parametrize(
    "other",
    ["a: x\n", "b: [y]\na: x\n", "a: 'x'\nb: [y]\n", "a: x\nb: [y, y]\n", "a: x\nb: y\n", "a: x\nb: ['y']\n"],
)
def test_the_check_of_a_result_sees_order_quotes_and_shape(other: str) -> None:
    """What an edit must not change is compared in full before a text is handed out."""
    text = "a: x\nb: [y]\n"
    assert _same(_tree(text), _tree(f"# c\n{text}"))
    assert not _same(_tree(text), _tree(other))


def test_japanese_text_stays_readable_in_the_file() -> None:
    """The ideographic space is written as it is; what cannot be seen is written as its number."""
    assert put("a:\n", ("a",), "山田　太郎") == 'a: "山田　太郎"\n'
    assert put("a:\n", ("a",), "x\u2028y\u200b") == 'a: "x\\U00002028y\\U0000200B"\n'


VALUES = [
    *("answer", "comment", "owner", "due", "effort", "answered_by", "answered_on"),
    *("reason", "approved_by", "approved_on"),
]
NEW = "{file: 台帳.pdf, dated: 2026-04-01}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A17-1:\n  evidence:\n  due:\n", f"A17-1:\n  evidence:\n    - {NEW}\n  due:\n"),
        ("A17-1:\n  evidence: # c\n    # d", f"A17-1:\n  evidence: # c\n    - {NEW}\n    # d"),
        ("A17-1:\n  evidence: ~\n", f"A17-1:\n  evidence:\n    - {NEW}\n"),
        ("A17-1:\n  evidence: []\n", f"A17-1:\n  evidence: [{NEW}]\n"),
        ("A17-1:\n  evidence: {}\n", f"A17-1:\n  evidence:\n    - {NEW}\n"),
        ("A17-1:\n  evidence: [a, ]\n", f"A17-1:\n  evidence: [a, {NEW} ]\n"),
        ("A17-1: {evidence: }\n", f"A17-1: {{evidence: [{NEW}]}}\n"),
        ("A17-1:\n  evidence:\n  - a # c\n  due:\n", f"A17-1:\n  evidence:\n  - a # c\n  - {NEW}\n  due:\n"),
        ("A17-1:\n  evidence:\n     - {file: a}", f"A17-1:\n  evidence:\n     - {{file: a}}\n     - {NEW}"),
        (
            "A17-1:\r\n  evidence:\r\n    - file: a\r\n      # c\r\n  # d\r\n",
            "A17-1:\r\n  evidence:\r\n    - file: a\r\n      # c\r\n    - file: 台帳.pdf\r\n      dated: 2026-04-01\r\n  # d\r\n",
        ),
        ("A17-1:\n  due: x\n", f"A17-1:\n  due: x\n  evidence:\n    - {NEW}\n"),
        ("A17-1: {due: x}\n", f"A17-1: {{due: x, evidence: [{NEW}]}}\n"),
        ("# c\n", f"# c\n\nA17-1:\n  evidence:\n    - {NEW}\n"),
    ],
)
def test_evidence_is_added_as_the_list_is_kept(text: str, expected: str) -> None:
    """A new piece of evidence stands last, laid out as the one before it; blank fields are left out."""
    assert add(text, LIST, ITEM) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("e:\n  - a\n  - b # c\n  - d\n", ("e", 1), "e:\n  - a\n  # c\n  - d\n"),
        ("e:\n  - a\nf: x\n", ("e", 0), "e:\nf: x\n"),
        ("e: # c\n- a", ("e", 0), "e: # c\n"),
        ("e: [a]\n", ("e", 0), "e: []\n"),
        ("e: [a, b, c]\n", ("e", 0), "e: [b, c]\n"),
        ("e: [a, b, c]\n", ("e", 1), "e: [a, c]\n"),
        ("e: [a, b, c]\n", ("e", 2), "e: [a, b]\n"),
        ("e: [a, b, ]\n", ("e", 1), "e: [a, ]\n"),
        ("e: {a: , b: x}\n", ("e", "b"), "e: {a: , }\n"),
        ("e: [ # c\n  a, # d\n  b # f\n  ]\n", ("e", 0), "e: [ # c\n  # d\n  b # f\n  ]\n"),
        ("e: [ # c\n  a, # d\n  b # f\n  ]\n", ("e", 1), "e: [ # c\n  a, # d\n   # f\n  ]\n"),
        (
            "e:\n  - file: a  # c\n    # d\n\n    dated: |  # f\n      # no comment\n      x\n  - b\n",
            ("e", 0),
            "e:\n  # c\n  # d\n\n  # f\n  - b\n",
        ),
        ("e:\n  - file: a # c\n    dated: b\n", ("e", 0, "file"), "e:\n  -\n    # c\n    dated: b\n"),
        ("e:\n  - file: a\n    dated: b\n", ("e", 0, "dated"), "e:\n  - file: a\n"),
        ("e:\n  - {file: a, dated: b}\n", ("e", 0, "dated"), "e:\n  - {file: a}\n"),
        ("A1:\r\n  x: y\r\n# c\r\nB1:\r\n  x: z\r\n", ("a1",), "# c\r\nB1:\r\n  x: z\r\n"),
        ("# c\nA1: x\n", ("A1",), "# c\n"),
        ("A1:\n  b: |\n    x\n  c:\n      # d\n    f: x\n", ("A1", "c"), "A1:\n  b: |\n    x\n  # d\n"),
    ],
)
def test_what_goes_leaves_its_comments(text: str, path: Path, expected: str) -> None:
    """An item or a key goes with its value; the list or mapping that becomes empty is blank."""
    assert drop(text, path) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A17-1:\n  answer: no\n  answer: yes\n",
        "A17-1:\n  answer: no\n  Answer: yes\n",
        "A17-1:\n  answer: no\nａ17-1:\n  answer: no\n",
        "A17-1:\n  answer: &x no\n",
        "A17-1:\n  answer: *x\n",
        "A17-1:\n  answer: !!str no\n",
        "A17-1:\n  answer: b: c\n",
        "A17-1:\n  answer: [a]\n",
        "A17-1:\n  answer: {a: b}\n",
        "A17-1: no\n",
        "A17-1: [a]\n",
        "- A17-1\n",
        "no\n",
        "B1: x\n...\n",
        "A17-1:\n  ? answer\n",
        "A17-1:\n  due: |\n    x",
        "A17-1: [due: x]\n",
        "\x07",
    ],
)
def test_what_cannot_be_changed_safely_is_refused(text: str) -> None:
    """Texts that the reader refuses, and edits that would touch something else, change nothing."""
    with pytest.raises(NotEditable):
        put(text, ANSWER, "maybe")


def test_a_text_that_the_reader_refuses_says_why() -> None:
    """The problem of the reader comes along, with its line."""
    with pytest.raises(NotEditable) as caught:
        put("A17-1:\n  answer: no\n  answer: yes\n", ANSWER, "maybe")
    assert [(p.code, p.line) for p in caught.value.problems] == [("yaml_duplicate", 3)]


@pytest.mark.parametrize(
    "edit",
    [
        lambda t: put(t, (), "x"),
        lambda t: put(t, ("e", 2), "x"),
        lambda t: put(t, ("e", -1), "x"),
        lambda t: put(t, ("e", "file"), "x"),
        lambda t: put(t, ("x", 0), "x"),
        lambda t: put(t, ("x", "y"), "z"),
        lambda t: put(t, ("e", 0, "file", "x"), "z"),
        lambda t: put(t, ("m", "a"), "\ud800"),
        lambda t: add(t, ("x",), ITEM),
        lambda t: add(t, ("m",), ITEM),
        lambda t: add(t, (), ITEM),
        lambda t: drop(t, ()),
        lambda t: drop(t, ("e", 2)),
        lambda t: drop(t, ("y",)),
        lambda t: drop(t, ("m", "z")),
    ],
)
def test_a_path_that_leads_to_nothing_is_refused(edit: Callable[[str], str]) -> None:
    """A missing item, a list where a value should be or a value where a list should be is no edit."""
    with pytest.raises(NotEditable):
        edit("x: y\ne:\n  - a\n  - b\nm:\n  a: b\n")


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", ["blank", "sample"])
def test_the_shipped_answers_are_filled_without_a_trace(lang: str, kind: str) -> None:
    """Each field of each requirement is set and set back; all else in the file is unchanged."""
    text = answers_text(lang)
    if kind == "sample":
        text = (sample(lang) / "answers.yaml").read_text(encoding="utf-8")
    assert set(read(text)) == {r.id for r in law.all_requirements()}
    # A block at a time, so that thousands of edits take seconds.
    for part in re.split(r"(?m)^(?=\n)", text):
        if not read(part):
            continue
        filled = part
        for requirement, old in read(part).items():
            for field in VALUES:
                changed = put(part, (requirement, field), "台帳: #3")
                check_one_line(part, changed, field in old)
                if field in old:
                    assert put(changed, (requirement, field), old[field] or "") == part
                filled = put(filled, (requirement, field), f"値 {field}")
        assert [c for c in lines(filled) if c[0] == "#"] == [c for c in lines(part) if c[0] == "#"]
        for requirement, new in read(filled).items():
            assert new == {**read(part)[requirement], **{field: f"値 {field}" for field in VALUES}}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_one_value_of_the_whole_sample_is_one_line(lang: str) -> None:
    """In the file as shipped, blocks before and after the edited one are untouched."""
    text = (sample(lang) / "answers.yaml").read_text(encoding="utf-8")
    for requirement, old in list(read(text).items())[::20]:
        for field in ("answer", "approved_by"):
            check_one_line(text, put(text, (requirement, field), "台帳: #3"), field in old)
        added = add(text, (requirement, "evidence"), ITEM)
        assert len(lines(added)) == len(lines(text)) + 1
        number = len(old["evidence"] or [])
        assert drop(added, (requirement, "evidence", number)) == text


def check_one_line(old: str, new: str, changed: bool) -> None:
    """One line is new or, if ``changed``, other than before; all others are as they were."""
    before, after = lines(old), lines(new)
    (at,) = [n for n, line in enumerate(after) if "台帳: #3" in line]
    del after[at]
    if changed:
        del before[at]
    assert before == after


LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
IDS = ["A17-1", "a26-4", "Ｇ０１", "SEC-2"]
FIELDS = ["answer", "comment", "Owner", "due"]


class Typist:
    """Writes a file as people do: any layout, blank lines, and numbered comments in every place."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.comments = draw, 0

    def any_of(self, *kinds: str) -> str:
        """One of some texts."""
        return self.draw(st.sampled_from(kinds))

    def some_of(self, kinds: list[str], least: int = 0) -> list[str]:
        """Some of some texts."""
        return self.draw(st.lists(st.sampled_from(kinds), unique=True, min_size=least))

    def number(self, least: int, most: int) -> int:
        """A number."""
        return self.draw(st.integers(least, most))

    def comment(self, sign: str | None = None) -> str:
        """A comment behind a value, or nothing."""
        sign = self.any_of("", "", " # ", "\t#", "   #") if sign is None else sign
        self.comments += 1
        return f"{sign}c{self.comments}." if sign else ""

    def between(self, indent: int) -> list[str]:
        """Lines without values."""
        kinds = self.draw(st.lists(st.sampled_from(["", "  ", "#"]), max_size=2))
        return [" " * indent + self.comment("# ") if k == "#" else k for k in kinds]

    def scalar(self) -> str:
        """A value on one line."""
        return self.any_of("yes", "~", "a b", "'q # x'", '"d: \\n"', "値", "''", "2026-04-01")

    def braces(self, indent: int) -> str:
        """A piece of evidence in braces, on one or several lines."""
        broken = "\n" + " " * (indent + 3)
        kind = self.any_of(", ", " , ", f",{broken}", "#")
        names = self.some_of(["file", "dated", "valid_until"])
        blank = self.any_of(*names, "") if names else ""
        made = "{"
        for name in names:
            glue = f",{self.comment('  # ')}{broken}" if kind == "#" else kind
            made += (glue if made != "{" else "") + f"{name}: {'' if name == blank else self.scalar()}"
        return made + " " + (self.any_of("", ", ") if names else "") + "}"

    def value(self, indent: int) -> list[str]:
        """A value behind a key in any style, as lines."""
        inner = " " * (indent + self.number(1, 4))
        kinds = [
            lambda: [self.comment()],
            lambda: [f" |{self.comment()}", f"{inner}x # y", "", f"{inner}  z"],
            lambda: [f" >-{self.comment()}", f"{inner}x", f"{inner}y"],
            lambda: [" x y", f"{inner}z{self.comment()}"],
            lambda: [' "x', "", f'{inner}y"{self.comment()}'],
            lambda: [self.comment(), f"{inner}{self.scalar()}{self.comment()}"],
            lambda: [f" {self.scalar()}{self.comment()}"],
        ]
        return kinds[self.number(0, len(kinds) - 1)]()

    def evidence(self, indent: int) -> list[str]:
        """A list of evidence in any style, as lines."""
        if self.number(0, 3) == 0:
            return [f" [{', '.join([self.braces(indent)] * self.number(0, 2))}]{self.comment()}"]
        at = indent + self.number(0, 3)
        dash = " " * at + "-"
        made = [self.comment()]
        for _ in range(self.number(1, 3)):
            kinds = [
                lambda: [f"{dash} {self.braces(at)}{self.comment()}"],
                lambda: [f"{dash} a.pdf{self.comment()}"],
                lambda: [f"{dash}{self.comment()}"],
                lambda: [
                    f"{dash} file: a b{self.comment()}",
                    *self.between(at + 2),
                    *self.field("dated", at + 2),
                ],
            ]
            made += self.between(at) + kinds[self.number(0, 3)]()
        return made

    def field(self, name: str, indent: int) -> list[str]:
        """A key with its value."""
        made = self.evidence(indent) if name == "evidence" else self.value(indent)
        return [" " * indent + f"{name}:{made[0]}", *made[1:]]

    def requirement(self, name: str) -> list[str]:
        """A requirement with some fields, or blank, or in braces."""
        kind = self.number(0, 5)
        if kind == 0:
            return [f"{name}:{self.any_of('', ' ~', ' null', ' {}')}{self.comment()}"]
        if kind == 1:
            return [f"{name}: {self.braces(0)}{self.comment()}"]
        made, indent = [f"{name}:{self.comment()}"], self.number(1, 4)
        for key in self.some_of([*FIELDS, "evidence"], 1):
            made += self.between(indent) + self.field(key, indent)
        return made


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A hand-kept file with line ends of any kind."""
    typist = Typist(draw)
    made = typist.between(0)
    for name in typist.some_of(IDS):
        made += typist.requirement(name) + typist.between(0)
    made = "\n".join(made).split("\n")
    ends = draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=len(made), max_size=len(made)))
    return "".join(line + end for line, end in zip(made, ends, strict=True))


def folded(parts: Any, step: str | int) -> Any:
    """The key as written that stands for a step."""
    if isinstance(parts, dict):
        keys = [k for k in parts if k.translate(str.maketrans("Ｇ０１", "G01")).lower() == str(step).lower()]
        return keys[0] if keys else step
    return step


def expected(tree: Any, path: Path, change: Callable[[Any, Any], None]) -> Any:
    """The old tree with a change made at the end of a path."""
    tree = tree or {}
    at = tree
    for number, step in enumerate(path[:-1]):
        key = folded(at, step)
        if isinstance(at, dict):
            at.setdefault(key, None)
        if not at[key]:
            at[key] = {}
        elif isinstance(at[key], str):  # the short form of an item
            assert number == len(path) - 2
            at[key] = {"file": at[key]} if path[-1] != "file" else at[key]
        if isinstance(at[key], str):
            change(at, key)
            return tree
        at = at[key]
    change(at, folded(at, path[-1]))
    return tree


def cleared(tree: Any) -> Any:
    """A tree in which whatever holds nothing is blank."""
    if isinstance(tree, dict):
        return {k: cleared(v) for k, v in tree.items()} or None
    return ([cleared(v) for v in tree] if isinstance(tree, list) else tree) or None


def is_ordered_part(few: list[str], many: list[str]) -> bool:
    """Whether all lines are there, in their order."""
    rest = iter(many)
    return all(line in rest for line in few)


def entry(node: Any, step: str | int) -> tuple[Any, Any] | None:
    """Where an entry begins, and its value, as PyYAML composes them."""
    if isinstance(node, yaml.SequenceNode):
        return node.value[int(step)], node.value[int(step)]
    pairs = {k.value: (k, v) for k, v in node.value} if isinstance(node, yaml.MappingNode) else {}
    return pairs.get(folded(pairs, step))


def held(text: str, path: Path) -> set[int]:
    """The lines, from 0, of the entry at a path or of the blank or the braces in which it comes to stand."""
    node: Any = yaml.compose(text, Loader=LOADER)
    taken: set[int] = set()
    for step in path:
        found = entry(node, step)
        if found is None:
            return taken if isinstance(node, yaml.ScalarNode) else set()
        key, node = found
        end = node.end_mark
        taken = set(
            range(key.start_mark.line, end.line + (end.column > 0 or end.line == key.start_mark.line))
        )
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            break
    return taken


def check_around(old: str, new: str, path: Path) -> None:
    """Every comment survives, and every line that does not hold the edited value is there in order."""
    marks = re.findall(r"#\s?c\d+\.", old)
    assert sorted(marks) == sorted(re.findall(r"#\s?c\d+\.", new)), (old, new)
    taken = held(old, path)
    kept = [line.rstrip("\r\n") for n, line in enumerate(lines(old)) if n not in taken and line.strip()]
    assert is_ordered_part(kept, [line.rstrip("\r\n") for line in lines(new)]), (old, new)


def edits(draw: st.DrawFn, tree: Any) -> tuple[str, Path]:
    """One edit that a form may make in a file of this content."""
    name = draw(st.sampled_from(IDS))
    part = (tree or {}).get(name)
    kinds = ["put", "put", "add"]
    pieces = part.get("evidence") if isinstance(part, dict) else None
    if isinstance(pieces, list):
        kinds += ["piece", "piece", "drop piece"]
    if isinstance(part, dict):
        kinds.append("drop")
    kind = draw(st.sampled_from(kinds))
    if kind == "put":
        return kind, (name, draw(st.sampled_from([*FIELDS, "file"])))
    if kind == "add":
        return kind, (name, "evidence")
    if kind == "drop":
        return kind, (name, draw(st.sampled_from(list(part))))
    number = draw(st.integers(0, len(pieces) - 1))
    if kind == "piece":
        return "put", (name, "evidence", number, draw(st.sampled_from(["file", "dated", "valid_until"])))
    return "drop", (name, "evidence", number)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_any_sequence_of_edits_changes_only_what_it_says(data: st.DataObject) -> None:
    """However a file is laid out, each edit reads back as the old content with that one change."""
    text = data.draw(documents())
    problems: list[Problem] = []
    parse(text, "f", problems)
    assume(not [p for p in problems if p.level == "error" and p.code != "yaml_empty"])
    for _ in range(data.draw(st.integers(1, 3))):
        tree = read(text)
        kind, path = edits(data.draw, tree)
        if kind == "put":
            value = data.draw(
                st.sampled_from([*(v for v in AWKWARD if len(v) < 100), "", "", "x"]) | st.text(max_size=9)
            )
            assume("#c" not in value and not re.search("[\ud800-\udfff]", value))
            new = put(text, path, value)
            if value:
                expect = expected(tree, path, lambda at, key, v=value: at.__setitem__(key, v))
            else:
                expect = blanked(tree, path)
        elif kind == "add":
            new = add(text, path, {"file": "新.pdf", "dated": ""})
            expect = expected(
                tree, path, lambda at, key: at.__setitem__(key, [*(at.get(key) or []), {"file": "新.pdf"}])
            )
        else:
            new = drop(text, path)
            expect = expected(tree, path, lambda at, key: at.__delitem__(key))
        assert cleared(read(new)) == cleared(expect), (text, path, new)
        check_around(text, new, path)
        text = new


def blanked(tree: Any, path: Path) -> Any:
    """The tree with nothing at the end of a path, where something is."""
    at = tree
    for step in path[:-1]:
        key = folded(at, step)
        if not at or (isinstance(at, dict) and key not in at):
            return tree
        if isinstance(at[key], str):
            if path[-1] == "file":
                at[key] = None
            return tree
        at = at[key]
    key = folded(at, path[-1])
    if at and key in at:
        at[key] = None
    return tree
