"""
YAML in which nothing is guessed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appi_assess.problems import Problem
from appi_assess.strict_yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, Node, parse, read_text


def parsed(content: str) -> tuple[Node | None, list[Problem]]:
    """The tree and the problems of a text."""
    problems: list[Problem] = []
    return parse(content, "file.yaml", problems), problems


@pytest.mark.parametrize(
    "scalar", ["no", "yes", "1:20", "007", "1_000", "0x1F", "1e3", "2026-11-22", "off", "NaN", ".inf"]
)
def test_a_scalar_stays_what_was_written(scalar: str) -> None:
    """Nothing becomes a number, a date or a truth value."""
    root, problems = parsed(f"a: {scalar}\n")
    assert not problems
    assert root is not None
    assert isinstance(root.value, dict)
    assert root.value["a"].value == scalar


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "yaml_duplicate", 3),
        ("a: &x 1\nb: 2\n", "yaml_alias", 1),
        ("a: 1\nb: *x\n", "yaml_alias", 2),
        ("a: !!python/object:os.system x\n", "yaml_tag", 1),
        ("a: !!str x\n", "yaml_tag", 1),
        ("a: !x\n", "yaml_tag", 1),
        ("? [a, b]\n: c\n", "yaml_key", 1),
        ("a: b: c\n", "yaml_syntax", 1),
        ("a: [1\n", "yaml_syntax", 1),
        ("a:\n\t- b\n", "yaml_syntax", 2),
        ("a: 1\n---\nb: 2\n", "yaml_documents", 2),
        ("a: \x07\n", "yaml_character", 1),
        ("", "yaml_empty", None),
        ("# nothing\n", "yaml_empty", None),
    ],
)
def test_what_is_refused_is_named_with_its_line(content: str, code: str, line: int | None) -> None:
    """Duplicate keys, aliases, tags, second documents and broken syntax each have their sentence."""
    _, problems = parsed(content)
    assert (problems[0].code, problems[0].line) == (code, line)
    assert problems[0].said("ja") != problems[0].said("en")


def test_deep_nesting_is_refused_with_the_limit() -> None:
    """A bomb of brackets is refused while it is read, not by running out of stack."""
    for depth in (MAX_DEPTH + 1, 5_000):
        _, problems = parsed("[" * depth + "]" * depth)
        assert problems[0].code in ("yaml_depth", "yaml_syntax")
    _, problems = parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert not problems


def test_too_many_values_are_refused_with_the_limit() -> None:
    """The reader stops at its limit."""
    _, problems = parsed("[" + "1," * (MAX_NODES + 1) + "]")
    assert problems[0].code == "yaml_nodes"
    assert f"{MAX_NODES}" in problems[0].said("en")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The message names the size and the limit."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    problems: list[Problem] = []
    assert read_text(path, "huge.yaml", problems) is None
    assert str(MAX_BYTES) in problems[0].said("en")


@pytest.mark.parametrize(
    ("encoding", "notice"), [("utf-8", None), ("utf-8-sig", None), ("cp932", "file_cp932")]
)
def test_files_arrive_in_the_encodings_of_japanese_offices(
    tmp_path: Path, encoding: str, notice: str | None
) -> None:
    """UTF-8, UTF-8 with a BOM and CP932 are read; CP932 is reported."""
    path = tmp_path / "x.yaml"
    path.write_bytes("organisation: 髙﨑計測～㈱\r\n".encode(encoding))
    problems: list[Problem] = []
    content = read_text(path, "x.yaml", problems)
    assert content is not None
    assert content.startswith("organisation: 髙﨑計測")
    assert [p.code for p in problems] == ([notice] if notice else [])
    assert all(p.level == "notice" for p in problems)


def test_bytes_of_no_known_encoding_are_refused(tmp_path: Path) -> None:
    """The line of the first bad byte is named."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\nb: \xff\xfe\xa0\n")
    problems: list[Problem] = []
    assert read_text(path, "x.yaml", problems) is None
    assert (problems[0].code, problems[0].line) == ("file_encoding", 2)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(content: str) -> None:
    """No text makes the reader fail in another way."""
    parsed(content)


@pytest.mark.parametrize(
    ("content", "line", "hint"),
    [
        ("A17-1:\n  answer：はい\n  owner: x\n", 2, "half-width colon"),
        ("A17-1:\n  answer:はい\n  owner: x\n", 2, "space after the colon"),
        ("A17-1:\n  answer はい\n  owner: x\n", 2, "colon seems to be missing"),
        ("A17-1:\n\tanswer: yes\n", 2, "Tabs are not allowed"),
        ("A17-1:\n　　answer: yes\n  owner: x\n", 2, "full-width space"),
        ("A17-1:\n  comment: 備考: あり\n", 2, "must stand in quotes"),
        ("A17-1:\n  comment: @見本\n", 2, "begins with @"),
        ("A17-1:\n  comment: [要確認] 来週\n", 2, "begins with ["),
    ],
)
def test_common_slips_are_named_on_their_line(content: str, line: int, hint: str) -> None:
    """What Japanese users mistype most is said in so many words, on the line where it stands."""
    _, problems = parsed(content)
    assert problems[0].code == "yaml_syntax"
    assert problems[0].line == line
    assert hint in problems[0].said("en")


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        ("a: 台帳 #3 を確認\n", True),
        ("a: abc # note\n", True),
        ("a: 'abc # kept'\n", False),
        ("a: abc#3\n", False),
        ("# a comment\na: abc\n", False),
    ],
)
def test_text_lost_behind_a_number_sign_is_reported(content: str, cut: bool) -> None:
    """YAML takes " #" for a comment; whoever meant text is told."""
    _, problems = parsed(content)
    assert [p.code for p in problems] == (["comment_cut"] if cut else [])
