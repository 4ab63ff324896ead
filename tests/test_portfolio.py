"""
Reading a portfolio: every way people keep such a list, and every problem at once.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from appi_assess.batch.portfolio import ID, read_day, read_portfolio
from appi_assess.problems import InputProblems, Problem

from .conftest import run_kit


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Three folders that may be engagements."""
    for name in ("tokyo", "大阪", "nagoya"):
        (tmp_path / "案件" / name).mkdir(parents=True)
    return tmp_path


def refused(path: Path, as_of: str = "") -> list[Problem]:
    """The problems of a portfolio."""
    with pytest.raises(InputProblems) as caught:
        read_portfolio(path, "en", as_of)
    return [p for p in caught.value.problems if p.level == "error"]


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a portfolio."""
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_is_read_as_registers_are(folders: Path, encoding: str, delimiter: str) -> None:
    """Whatever the encoding, the delimiter, the order and the language of the headings, and title rows."""
    rows = [
        ["関係会社の一覧", "", "", "", "", ""],
        ["名称", "ID", "フォルダ", "タグ", "言語", "基準日"],
        ["東京（本社）", "tokyo", "案件/tokyo", "製造、海外", "日本語", "令和8年11月22日"],
        ["", "osaka", "案件/大阪", "", "", ""],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"
    first, second = read_portfolio(written(folders / "p.csv", text, encoding), "ja")
    assert (first.id, first.name, first.lang, first.as_of) == ("tokyo", "東京（本社）", "ja", "2026-11-22")
    assert first.tags == ("製造", "海外")
    assert first.engagement == str(folders / "案件" / "tokyo")
    assert (second.id, second.name, second.lang, second.as_of, second.tags, second.line) == (
        "osaka", "", "", "", (), 4
    )  # fmt: skip


def test_a_workbook_is_read(folders: Path) -> None:
    """Text and numbers as Excel shows them; a formula without a stored result is refused with its cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "engagement", "tags"], ["tokyo", "案件/tokyo", "a; b"], [7, "案件/nagoya", "a"]):
        sheet.append(row)
    book.save(folders / "p.xlsx")
    assert [(e.id, e.tags) for e in read_portfolio(folders / "p.xlsx", "en")] == [
        ("tokyo", ("a", "b")),
        ("7", ("a",)),
    ]
    sheet["A3"] = '="x"&"y"'
    book.save(folders / "p.xlsx")
    assert ("xlsx_formula", 3) in [(p.code, p.line) for p in refused(folders / "p.xlsx")]


def test_yaml_is_read_without_guessing(folders: Path) -> None:
    """A list of mappings; tags may be a list; nothing becomes a number or a truth value."""
    text = """
- id: "007"
  engagement: 案件/tokyo
  name: 'no'
  tags: [IT, 海外]
- engagement: 案件/大阪
  id: no
  language: en
  as_of: 2026-11-22
"""
    first, second = read_portfolio(written(folders / "p.yaml", text), "en")
    assert (first.id, first.name, first.tags) == ("007", "no", ("IT", "海外"))
    assert (second.id, second.lang, second.as_of) == ("no", "en", "2026-11-22")


def test_every_problem_is_told_at_once(folders: Path) -> None:
    """Ids, collisions, folders, languages, days and the law of a day, each with its line."""
    text = """id,engagement,language,as_of,memo
tokyo,案件/tokyo,fr,2026-13-01,x
Tokyo,案件/大阪,,,
ｔｏｋｙｏ,案件/nagoya,,2022-03-31,
con,nowhere,,,
,案件/nagoya,,2028-07-17,
last,,,,
again,案件/./tokyo/../大阪,,,
"""
    found = refused(written(folders / "p.csv", text))
    assert [(p.line, p.code) for p in found] == [
        (2, "word_unknown"),
        (2, "date_month"),
        (3, "batch_id"),
        (3, "batch_id_twice"),
        (4, "batch_id"),
        (4, "law_before"),
        (4, "batch_id_twice"),
        (5, "batch_id_reserved"),
        (5, "batch_folder"),
        (6, "cell_required"),
        (6, "law_after"),
        (7, "cell_required"),
        (8, "batch_engagement_twice"),
    ]
    for lang in ("ja", "en"):
        said = [p.said(lang) for p in found]
        assert all(line.startswith("p.csv") for line in said)
        assert "tokyo" in said[3]
        assert "2" in said[3]


def test_a_wrong_shape_is_told_with_its_line(folders: Path) -> None:
    """A mapping instead of a list, an unknown key, a nested value, the same column twice."""
    assert [p.code for p in refused(written(folders / "p.yaml", "id: a\nengagement: b\n"))] == ["batch_shape"]
    text = "- id: a\n  engagement: 案件/tokyo\n  colour: red\n  フォルダ: x\n  name: [a]\n- just text\n"
    assert [(p.line, p.code) for p in refused(written(folders / "p.yaml", text))] == [
        (3, "key_unknown"),
        (4, "yaml_duplicate"),
        (5, "not_a_scalar"),
        (6, "batch_shape"),
    ]


@pytest.mark.parametrize("text", ["", "id,engagement\n", "id,engagement\n,\n"])
def test_an_empty_portfolio_is_refused(tmp_path: Path, text: str) -> None:
    """Nothing to do is no success."""
    assert {p.code for p in refused(written(tmp_path / "p.csv", text))} <= {"batch_empty", "table_empty"}


def test_headings_that_mean_nothing_are_told_and_slips_are_refused(folders: Path) -> None:
    """A column of one's own is passed over with a notice; a heading that is nearly ours is an error."""
    notices: list[Problem] = []
    read_portfolio(written(folders / "p.csv", "id,engagement,phone\na,案件/tokyo,1\n"), "en", "", notices)
    assert [(p.code, p.found) for p in notices] == [("batch_column", "phone")]
    found = refused(written(folders / "p.csv", "id,engagment,ID\na,案件/tokyo,b\n"))
    assert {p.code for p in found} == {"column_unknown", "column_missing", "column_twice"}


def test_the_same_engagement_counts_once_a_day(folders: Path) -> None:
    """Twice with one assessment date is refused, also through a link or a default; with two it is fine."""
    (folders / "link").symlink_to(folders / "案件" / "tokyo")
    text = "id,engagement,as_of\na,案件/tokyo,2026-03-31\nb,link,\n"
    path = written(folders / "p.csv", text)
    assert [e.as_of for e in read_portfolio(path, "en")] == ["2026-03-31", ""]
    assert [p.code for p in refused(path, "2026-03-31")] == ["batch_engagement_twice"]


def test_the_assessment_date_of_the_command_stands_behind_that_of_the_file(folders: Path) -> None:
    """The file is the more exact of the two."""
    text = "id,engagement,as_of\na,案件/tokyo,2026-03-31\nb,案件/大阪,\n"
    found = read_portfolio(written(folders / "p.csv", text), "en", read_day("令和8年12月31日", "en"))
    assert [e.as_of for e in found] == ["2026-03-31", "2026-12-31"]
    for day in ("soon", "2022-03-31", "2028-07-17"):
        with pytest.raises(InputProblems):
            read_day(day, "en")


@given(st.from_regex(ID, fullmatch=True))
def test_an_id_is_a_safe_name_of_a_folder(id_: str) -> None:
    """Whatever is accepted is one plain name that begins with no dot or dash."""
    assert Path(id_).name == id_
    assert id_ == id_.casefold()
    assert id_[0].isalnum()
    assert len(id_) <= 64


@pytest.mark.parametrize("id_", ["", "-a", "_a", ".a", "a/b", "a.b", "a b", "é", "a" * 65, "A", "a\n"])
def test_what_is_no_id(id_: str) -> None:
    """Nothing that a file system, a shell or another system may read otherwise."""
    assert not ID.fullmatch(id_)


def test_a_portfolio_with_problems_starts_nothing(folders: Path) -> None:
    """The command prints them all, exit status 1, and makes no folder."""
    path = written(folders / "p.csv", "id,engagement\nA,案件/tokyo\nb,nowhere\n")
    result = run_kit("batch", path, "--out", folders / "out", "--lang", "ja")
    assert result.returncode == 1
    assert [line.split()[1] for line in result.stderr.splitlines()] == ["2行目", "3行目"]
    assert "Traceback" not in result.stderr
    assert not (folders / "out").exists()
