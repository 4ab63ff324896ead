"""
Registers as they come out of an office: CSV and XLSX as raw text with the rows the user sees.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from appi_assess import spreadsheet
from appi_assess.problems import Problem
from appi_assess.spreadsheet import MAX_CELL, MAX_SAME, Raw, read_table

HEADINGS = ("番号", "発見日", "概要")
HEAD = "番号,発見日,概要\n"


def recognised(cells: Sequence[str]) -> int:
    """How many cells are headings of the made-up register."""
    return sum(cell in HEADINGS for cell in cells)


class Read:
    """What came of a file: the rows by their number, and every problem."""

    def __init__(self, path: Path) -> None:
        self.problems: list[Problem] = []
        self.raw: Raw | None = read_table(path, f"registers/{path.name}", recognised, self.problems)
        self.chunks = list(self.raw.chunks) if self.raw else []

    @property
    def rows(self) -> dict[int, tuple[str, ...]]:
        """The cells of each row by its number."""
        return {
            int(number): cells
            for chunk in self.chunks
            for number, cells in zip(chunk.rows, zip(*chunk.columns, strict=True), strict=True)
        }

    @property
    def said(self) -> list[tuple[str, int | None, str, str]]:
        """Code, row, place and what was found, of each problem."""
        return [(p.code, p.line, p.key, p.found) for p in self.problems]


def read_csv(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Read:
    """Read a CSV file with this content."""
    path = folder / "incidents.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return Read(path)


def book(*rows: Sequence[Any], headings: Sequence[Any] = HEADINGS) -> tuple[Workbook, Any]:
    """A workbook whose first sheet holds the headings in row 1 and these rows below."""
    made = Workbook()
    sheet = made.worksheets[0]
    for row in (headings, *rows):
        sheet.append(row)
    return made, sheet


def saved(folder: Path, made: Workbook, name: str = "incidents.xlsx") -> Path:
    """The path of a workbook put into a folder."""
    made.save(folder / name)
    return folder / name


def altered(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The same workbook with one of its parts changed by hand, as other programs write it."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = parts[part].decode()
    after = change(before)
    assert after != before
    parts[part] = after.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


# Any file


@pytest.mark.parametrize("name", ["incidents.csv", "incidents.xlsx", "incidents.xls"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """A file that is not there, or is a folder, is a problem and not a crash."""
    assert Read(tmp_path / name).said == [("file_missing", None, "", "")]
    (tmp_path / name).mkdir()
    assert Read(tmp_path / name).said == [("file_missing", None, "", "")]


def test_a_file_that_may_not_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says stands in the problem."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "incidents.csv"
    path.write_text(HEAD, encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    (problem,) = Read(path).problems
    assert (problem.code, problem.words) == ("file_unreadable", {"reason": "Permission denied"})


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_a_csv_is_read_in_the_encodings_of_an_office(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with and without a mark, Excel's Unicode text and CP932 give the same cells."""
    read = read_csv(tmp_path, HEAD + "A-1,2026-05-01,①髙橋 ～ 誤送信\n", encoding)
    assert read.raw is not None
    assert read.raw.headings == HEADINGS
    assert read.raw.header_row == 1
    assert read.rows == {2: ("A-1", "2026-05-01", "①髙橋 ～ 誤送信")}
    assert [(p.code, p.level) for p in read.problems] == (
        [("file_cp932", "notice")] if encoding == "cp932" else []
    )


def test_utf_16_is_read_in_either_byte_order(tmp_path: Path) -> None:
    """The mark at the beginning decides."""
    content = "\ufeff" + HEAD.replace(",", "\t") + "A-1\t\t漏えい\n"
    for encoding in ("utf-16-le", "utf-16-be"):
        read = read_csv(tmp_path, content, encoding)
        assert (read.rows, read.problems) == ({2: ("A-1", "", "漏えい")}, [])


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (HEAD.encode() + "A-1,,漏えい\n".encode() * 3 + b"A-2,,\xe6\xbc\n", 5),
        (HEAD.encode() + '"A-1\nB",,漏えい\n'.encode() + b"A-2,,\xff\n", 3),
        (HEAD.encode("cp932") + "A-1,,漏えい\n".encode("cp932") * 5 + b"A-2,,\x81\x20\n", 7),
        (HEAD.encode("cp932") + "A-1,,漏えい\n".encode("cp932") * 5 + b"A-2,,\xfd\n", 7),
        (HEAD.encode("cp932") + b"A-1,,\x80\n", 2),
        (HEAD.encode("utf-8-sig") + b"A-2,,\xe6\xbc\n", 2),
        (("\ufeff" + HEAD).encode("utf-16-le") + b"A", 2),
        (HEAD.encode() + b"A-1,,\xe6", 2),
        (HEAD.encode() + b"x" * 200_000 + b"\nA-1,,\xff\n", None),
    ],
    ids=[
        "utf-8",
        "line break in a cell",
        "cp932",
        "undefined",
        "80",
        "marked",
        "utf-16",
        "cut off",
        "no rows",
    ],
)
def test_bytes_in_no_known_encoding_are_refused_with_their_row(
    tmp_path: Path, content: bytes, row: int | None
) -> None:
    """The row is the one that a spreadsheet would show, in the likelier of the encodings."""
    assert read_csv(tmp_path, content).said == [("table_encoding", row, "", "")]


def test_a_character_across_two_blocks_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at in blocks; where one ends makes no difference."""
    monkeypatch.setattr(spreadsheet, "_BLOCK_BYTES", 7)
    for encoding in ("utf-8", "cp932", "utf-16"):
        assert read_csv(tmp_path, HEAD + "A-1,,漏えい\n", encoding).rows == {2: ("A-1", "", "漏えい")}


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_that_makes_headings(tmp_path: Path, delimiter: str) -> None:
    """Comma, tab and semicolon; the others stay text."""
    other = {",": ";", "\t": ",", ";": ","}[delimiter]
    content = HEAD.replace(",", delimiter) + delimiter.join(["A-1", "", f"a{other}b{other}c{other}d"]) + "\n"
    assert read_csv(tmp_path, content).rows == {2: ("A-1", "", f"a{other}b{other}c{other}d")}


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    """A cell with line breaks is in one row; blank rows are counted and left out."""
    content = HEAD + 'A-1,,"one\ntwo\r\nthree"\n\nA-2,,x\n,,\n , ,　\n\r\nA-3,,\r\n"",,\nA-4,,y'
    assert read_csv(tmp_path, content).rows == {
        2: ("A-1", "", "one\ntwo\r\nthree"),
        4: ("A-2", "", "x"),
        8: ("A-3", "", ""),
        10: ("A-4", "", "y"),
    }


def test_every_kind_of_line_end_is_one(tmp_path: Path) -> None:
    """Windows, Unix and old Mac."""
    for end in ("\r\n", "\n", "\r"):
        assert read_csv(tmp_path, HEAD.replace("\n", end) + f"A-1,,x{end}A-2,,y").rows == {
            2: ("A-1", "", "x"),
            3: ("A-2", "", "y"),
        }


def test_cells_stay_what_was_written(tmp_path: Path) -> None:
    """No number, date or word is read into a cell, and spaces stay."""
    cells = ["007", " 1,000 ", "N/A", "null", "1:20", "'=1+1", 'say "no"', "NaN", "TRUE"]
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, cells[:3], cells[3:6], cells[6:]])
    read = read_csv(tmp_path, text.getvalue())
    assert [cell for row in read.rows.values() for cell in row] == cells


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from('",;\t\n')),
            min_size=3,
            max_size=3,
        ),
        max_size=6,
    )
)
@settings(max_examples=60)
def test_any_table_that_is_written_comes_back(table: list[list[str]]) -> None:
    """Whatever stands in the cells, the CSV holds it and the reader returns it, row by row."""
    with tempfile.TemporaryDirectory() as folder:
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADINGS, *table])
        read = read_csv(Path(folder), text.getvalue())
    assert read.problems == []
    assert read.rows == {
        number: tuple(row) for number, row in enumerate(table, 2) if any(cell.strip() for cell in row)
    }


def test_headings_are_found_below_a_title(tmp_path: Path) -> None:
    """The first of the rows with most headings; titles above it and a notes row below are no matter."""
    content = "事故の記録,番号\n\n 番号 ,発見日,　概要\nA-1,番号,x\n番号,発見日,概要\n"
    read = read_csv(tmp_path, content)
    assert read.raw is not None
    assert (read.raw.headings, read.raw.header_row) == (HEADINGS, 3)
    assert read.rows == {4: ("A-1", "番号", "x"), 5: HEADINGS}


@pytest.mark.parametrize(
    "content", ["id,date,note\nA-1,,x\n", "番号,b,c\nA-1,,x\n", "\n" * 30 + HEAD, "A-1,,漏えい\n" * 40]
)
def test_a_table_without_headings_is_refused(tmp_path: Path, content: str) -> None:
    """One known word among several, or headings after row 30, are not enough."""
    read = read_csv(tmp_path, content)
    assert (read.raw, read.said) == (None, [("table_header", None, "", "")])


def test_headings_in_row_30_are_found(tmp_path: Path) -> None:
    """Thirty rows are searched."""
    assert read_csv(tmp_path, "\n" * 29 + HEAD + "A-1,,x\n").rows == {31: ("A-1", "", "x")}


def test_one_column_needs_one_heading(tmp_path: Path) -> None:
    """A list of one column is a table too."""
    assert read_csv(tmp_path, "番号\nA-1\n\nA-2\n").rows == {2: ("A-1",), 4: ("A-2",)}


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \r\n\n", b",,\n", "\u3000\n".encode("cp932")])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, content: bytes) -> None:
    """No bytes, only a mark, or only blank rows."""
    assert [p.code for p in read_csv(tmp_path, content).problems if p.level == "error"] == ["table_empty"]


def test_a_table_with_headings_only_has_no_rows(tmp_path: Path) -> None:
    """Nothing to report is no problem."""
    read = read_csv(tmp_path, HEAD)
    assert read.raw is not None
    assert (read.rows, read.problems) == ({}, [])


def test_a_short_row_is_filled_up_and_a_long_one_refused(tmp_path: Path) -> None:
    """Cells left out at the end are blank; one beyond the headings is a problem unless it is blank."""
    read = read_csv(tmp_path, HEAD + "A-1\nA-2,,x,, \nA-3,,a,b,c\n,,,d\nA-4,,y\n")
    assert read.rows == {
        2: ("A-1", "", ""),
        3: ("A-2", "", "x"),
        4: ("A-3", "", "a"),
        6: ("A-4", "", "y"),
    }
    assert read.said == [("table_wide", 4, "", "b"), ("table_wide", 5, "", "d")]


def test_a_column_without_a_heading_keeps_its_place(tmp_path: Path) -> None:
    """Between headings it is kept; blank headings at the end make no columns."""
    read = read_csv(tmp_path, "番号,,概要,,\nA-1,b,c,,\n")
    assert read.raw is not None
    assert read.raw.headings == ("番号", "", "概要")
    assert read.rows == {2: ("A-1", "b", "c")}
    assert read.problems == []


def test_a_slip_in_one_line_spoils_that_row_only(tmp_path: Path) -> None:
    """Text after a closing quote is refused with its row; the rows after it are read."""
    content = HEAD + '"A-1\nB",,x\n"A-2" B,,x\nA-3,,\n"A-4",,"x" y\n"A-5",,""\n'
    read = read_csv(tmp_path, content)
    assert read.said == [("table_quotes", 3, "", ""), ("table_quotes", 5, "", "")]
    assert list(read.rows) == [2, 4, 6]


@pytest.mark.parametrize(
    "rest", ["A-3,,x\n" * 20, "A-3,,x\n" * 20_000, 'A-3,,"x"\n' * 20], ids=["end", "limit", "next quote"]
)
def test_a_quote_that_is_not_closed_swallows_nothing_silently(tmp_path: Path, rest: str) -> None:
    """The row in which it opens is named, whether the file ends, a cell gets too long or a quote follows."""
    read = read_csv(tmp_path, HEAD + 'A-1,,"one\ntwo"\nA-2,,"x\n' + rest)
    assert read.said == [("table_quotes", 3, "", "")]
    assert list(read.rows) == [2]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_quote_that_is_not_closed_in_the_headings_is_named(tmp_path: Path, delimiter: str) -> None:
    """The reason is told rather than that no headings were found."""
    read = read_csv(tmp_path, ('"番号,発見日,概要\nA-1,,x\n').replace(",", delimiter))
    assert (read.raw, read.said) == (None, [("table_quotes", 1, "", "")])


def test_quoted_headings_that_are_unknown_are_no_matter_of_quotes(tmp_path: Path) -> None:
    """Only with the wrong delimiter the quotes look wrong."""
    assert read_csv(tmp_path, '"id"\t"note"\n"A-1"\t"x"\n').said == [("table_header", None, "", "")]


def test_a_cell_has_the_limit_of_a_spreadsheet(tmp_path: Path) -> None:
    """As many characters as a cell can hold are read; one more is refused, and reading goes on."""
    longest = "x" * MAX_CELL
    read = read_csv(tmp_path, HEAD + f"A-1,,{longest}\nA-2,,{longest}x\nA-3,,\n")
    assert read.said == [("table_cell_long", 3, "", "")]
    assert read.problems[0].words == {"limit": MAX_CELL}
    assert read.rows == {2: ("A-1", "", longest), 4: ("A-3", "", "")}


def test_the_limit_of_others_stays(tmp_path: Path) -> None:
    """The size of a cell is a global setting of Python, which is as before whenever others can see it."""
    path = tmp_path / "incidents.csv"
    path.write_text(HEAD + "A-1,,x\n" * 3 + '"', encoding="utf-8")
    usual = csv.field_size_limit(98_765)
    try:
        raw = read_table(path, "", recognised, [])
        assert csv.field_size_limit() == 98_765
        assert raw is not None
        next(raw.chunks)
        assert csv.field_size_limit() == 98_765
    finally:
        csv.field_size_limit(usual)


@pytest.mark.parametrize("odd", ["\0", "\x1b", "\x1a", "\x7f", "\x85", "\x9b"])
def test_control_characters_in_a_csv_are_refused(tmp_path: Path, odd: str) -> None:
    """Each is named with its row; tabs and line breaks in cells are fine."""
    read = read_csv(tmp_path, HEAD + f'A-1,,"a\tb\nc\r"\nA-2,,x{odd}y\nA-3,,z\n')
    assert read.said == [("table_control", 3, "", f"x{odd}y")]
    assert read.problems[0].words == {"character": f"U+{ord(odd):04X}"}
    assert list(read.rows) == [2, 3, 4]


def test_control_characters_in_and_above_the_headings_count(tmp_path: Path) -> None:
    """No row of the file is left out."""
    assert read_csv(tmp_path, "title\x02\n\n番号,発見日,概要\x01\n").said == [
        ("table_control", 1, "", "title\x02"),
        ("table_control", 3, "", "概要\x01"),
    ]


def test_problems_of_one_kind_are_counted_after_the_first(tmp_path: Path) -> None:
    """Twenty are shown and the rest counted; problems of another kind are not affected."""
    read = read_csv(tmp_path, HEAD + "A-1,,x,y\n" * 30 + 'A-2,,"x" y\n')
    assert Counter(p.code for p in read.problems) == {
        "table_wide": MAX_SAME,
        "table_quotes": 1,
        "table_more": 1,
    }
    assert (read.problems[-1].line, read.problems[-1].words) == (MAX_SAME + 2, {"count": 10})


def test_a_long_table_comes_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows keep their order and numbers over the chunks, and no more is read than is asked for."""
    monkeypatch.setattr(spreadsheet, "CHUNK_ROWS", 1_000)
    path = tmp_path / "incidents.csv"
    path.write_text(HEAD + "".join(f"A-{n},,x\n\n" for n in range(2_500)) + "A,,x,y\n", encoding="utf-8")
    problems: list[Problem] = []
    raw = read_table(path, "", recognised, problems)
    assert raw is not None
    first = next(raw.chunks)
    assert (first.rows.dtype, len(first.rows), problems) == ("int64", 1_000, [])
    chunks = [first, *raw.chunks]
    assert [len(chunk.rows) for chunk in chunks] == [1_000, 1_000, 501]
    rows = [int(row) for chunk in chunks for row in chunk.rows]
    assert rows == [2 + 2 * n for n in range(2_501)]
    assert [cell for chunk in chunks for cell in chunk.columns[0]][:2500] == [f"A-{n}" for n in range(2_500)]
    assert [(p.code, p.line) for p in problems] == [("table_wide", 5002)]


# XLSX


def test_every_kind_of_cell_becomes_text(tmp_path: Path) -> None:
    """Dates in ISO form, numbers as they are stored, and words that look like nothing stay words."""
    made, sheet = book()
    cases: list[tuple[Any, str, str]] = [
        ("誤送信 ", "General", "誤送信 "),
        ("N/A", "General", "N/A"),
        ("NA", "General", "NA"),
        ("null", "General", "null"),
        ("007", "@", "007"),
        (date(2026, 5, 1), "yyyy/m/d", "2026-05-01"),
        (datetime.fromisoformat("2026-05-01T00:00:00"), '[$-411]ggge"年"m"月"d"日"', "2026-05-01"),
        (datetime.fromisoformat("2026-05-01T23:50:00"), "yyyy/m/d h:mm", "2026-05-01 23:50"),
        (datetime.fromisoformat("2026-05-01T23:50:07"), "yyyy/m/d", "2026-05-01 23:50:07"),
        (datetime.fromisoformat("2026-05-01T23:50:07.250"), "yyyy/m/d", "2026-05-01 23:50:07.250"),
        (time(9, 5), "h:mm", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (timedelta(hours=30, minutes=5, seconds=6), "[h]:mm:ss", "30:05:06"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        (12, "General", "12"),
        (-12, "General", "-12"),
        (12.0, "0.00", "12"),
        (1e20, "General", "100000000000000000000"),
        (0.1, "General", "0.1"),
        (1234.5, "#,##0.0", "1234.5"),
        (0.05, "0%", "0.05"),
        (42, "0000", "0042"),
        (-42, "0000", "-0042"),
        (12345, "0000", "12345"),
        (4.5, "0000", "4.5"),
        (42, "0", "42"),
    ]
    for value, form, _ in cases:
        sheet.append(("x", value))
        sheet.cell(sheet.max_row, 2).number_format = form
    read = Read(saved(tmp_path, made))
    assert [(c[1]) for c in read.rows.values()] == [text for _, _, text in cases]
    assert read.problems == []


def test_rich_text_is_read_without_its_looks(tmp_path: Path) -> None:
    """Words in bold or red are words."""
    made, _ = book(("A-1", None, CellRichText("宛先の", TextBlock(InlineFont(b=True), "誤り"))))
    assert Read(saved(tmp_path, made)).rows == {2: ("A-1", "", "宛先の誤り")}


def test_readings_above_words_are_not_text(tmp_path: Path) -> None:
    """Excel keeps how a name was typed; that is no part of the cell."""
    made, _ = book(("A-1", None, "漏洩"))
    reading = '<t>漏洩</t><rPh sb="0" eb="2"><t>ロウエイ</t></rPh><phoneticPr fontId="1"/>'
    path = altered(saved(tmp_path, made), SHEET, lambda xml: xml.replace("<t>漏洩</t>", reading))
    assert Read(path).rows == {2: ("A-1", "", "漏洩")}


def test_text_that_begins_like_a_formula_is_text(tmp_path: Path) -> None:
    """Only what the file says is a formula is one."""
    made, sheet = book(("A-1", None, "x"))
    sheet["C2"].value, sheet["C2"].data_type = "=1+1", "s"
    read = Read(saved(tmp_path, made))
    assert (read.rows, read.problems) == ({2: ("A-1", "", "=1+1")}, [])


def test_written_out_control_characters_are_what_they_stand_for(tmp_path: Path) -> None:
    """A line break pasted from Windows is one; any other control character is refused."""
    made, _ = book(("A-1", "id_x1234_", "a_x000D_\nb"), ("A-2", "", "a_x0001_b"))
    read = Read(saved(tmp_path, made))
    assert read.rows[2] == ("A-1", "id_x1234_", "a\r\nb")
    assert read.said == [("table_control", 3, "C3", "a\x01b")]


def test_a_long_cell_of_a_workbook_is_refused(tmp_path: Path) -> None:
    """Other programs write cells that no spreadsheet shows whole."""
    made, _ = book(("A-1", None, "LONG"))
    path = altered(saved(tmp_path, made), SHEET, lambda xml: xml.replace("LONG", "x" * (MAX_CELL + 1)))
    assert Read(path).said == [("table_cell_long", 2, "C2", "")]


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    """Old Macs began four years later."""
    made, _ = book(("A-1", date(2026, 5, 1), "x"))
    made.epoch = CALENDAR_MAC_1904
    path = saved(tmp_path, made)
    with zipfile.ZipFile(path) as archive:
        assert b"<v>46142</v>" not in archive.read(SHEET)
        assert b"<v>44681</v>" in archive.read(SHEET)
    assert Read(path).rows == {2: ("A-1", "2026-05-01", "x")}


@pytest.mark.parametrize("number", [27, 31, 36, 50, 57, 58])
def test_japanese_date_formats_are_dates(tmp_path: Path, number: int) -> None:
    """Excel in Japan names some of its formats by number only; their dates are no numbers."""
    made, sheet = book(("A-1", 46143, "x"))
    sheet["B2"].number_format = "0.00E+00"
    path = altered(
        saved(tmp_path, made),
        "xl/styles.xml",
        lambda xml: xml.replace('numFmtId="11"', f'numFmtId="{number}"'),
    )
    assert Read(path).rows == {2: ("A-1", "2026-05-01", "x")}


def test_an_error_is_named_with_its_cell(tmp_path: Path) -> None:
    """What a spreadsheet could not work out is not taken for a word; a typed N/A is."""
    made, sheet = book(("A-1", "#N/A", "x"), ("A-2", None, "#REF!"), ("A-3", None, "#N/A"))
    sheet["C4"].data_type = "s"
    read = Read(saved(tmp_path, made))
    assert read.said == [("xlsx_error", 2, "B2", "#N/A"), ("xlsx_error", 3, "C3", "#REF!")]
    assert read.rows[4] == ("A-3", "", "#N/A")


def test_a_formula_is_read_as_what_it_came_to(tmp_path: Path) -> None:
    """Its stored value counts, also a blank one, a date and an error."""
    made, sheet = book(("=1", "=2", "=3"), ("=4", "=5", "=6"), ("=7", "=8", "=9"))
    sheet["B2"].number_format = "yyyy/m/d"
    values = {
        "A2": "<v>5.0</v>",
        "B2": "<v>46143</v>",
        "C2": ("str", "<v>済み</v>"),
        "A3": ("str", "<v></v>"),
        "B3": ("b", "<v>1</v>"),
        "C3": ("e", "<v>#DIV/0!</v>"),
        "A4": ("str", "<v></v>"),
        "B4": ("str", "<v/>"),
        "C4": ("str", "<v></v>"),
    }

    def store(xml: str) -> str:
        for place, value in values.items():
            kind, stored = ("n", value) if isinstance(value, str) else value
            xml = re.sub(
                rf'<c r="{place}"([^>]*)>(<f>.*?</f>)<v ?/>', rf'<c r="{place}"\1 t="{kind}">\2{stored}', xml
            )
        return xml

    read = Read(altered(saved(tmp_path, made), SHEET, store))
    assert read.rows == {2: ("5", "2026-05-01", "済み"), 3: ("", "TRUE", "")}
    assert read.said == [("xlsx_error", 3, "C3", "#DIV/0!")]


def test_a_formula_that_was_never_worked_out_is_refused(tmp_path: Path) -> None:
    """Programs that are no spreadsheets leave the value out; nothing is made up for it."""
    made, sheet = book(("A-1", "=TODAY()", "x"), ("A-2", None, "y"), ("A-3", None, "z"))
    sheet["C3"] = ArrayFormula("C3:C3", "=SUM(A1:A2)")
    sheet["C4"] = DataTableFormula("C4:C4")
    read = Read(saved(tmp_path, made))
    assert read.said == [
        ("xlsx_formula", 2, "B2", "=TODAY()"),
        ("xlsx_formula", 3, "C3", "=SUM(A1:A2)"),
        ("xlsx_formula", 4, "C4", ""),
    ]


def test_a_formula_above_the_headings_is_no_matter(tmp_path: Path) -> None:
    """A title that shows the day does not stand in the table."""
    made, _ = book(HEADINGS, ("A-1", None, "x"), headings=("=TODAY()",))
    read = Read(saved(tmp_path, made))
    assert (read.rows, read.problems) == ({3: ("A-1", "", "x")}, [])


def test_the_headings_of_a_workbook_are_found_below_a_title(tmp_path: Path) -> None:
    """Titles, also merged ones, and blank rows and columns do not matter; the numbers are the sheet's."""
    made, sheet = book((), (None, *HEADINGS), (None, "A-1", None, "x"), headings=("事故の記録",))
    sheet.merge_cells("A1:D2")
    read = Read(saved(tmp_path, made))
    assert read.raw is not None
    assert (read.raw.headings, read.raw.header_row, read.raw.sheet) == (("", *HEADINGS), 3, "Sheet")
    assert read.rows == {4: ("", "A-1", "", "x")}


@pytest.mark.parametrize(("blank", "found"), [(29, True), (30, False)])
def test_thirty_rows_of_a_sheet_are_searched_for_headings(tmp_path: Path, blank: int, found: bool) -> None:
    """As of a CSV file."""
    made = Workbook()
    for row in ((),) * blank:
        made.worksheets[0].append(row)
    made.worksheets[0].append(HEADINGS)
    read = Read(saved(tmp_path, made))
    assert (read.raw is not None, [p.code for p in read.problems]) == (
        found,
        [] if found else ["table_header"],
    )


def test_headings_over_two_rows_are_found(tmp_path: Path) -> None:
    """A heading merged over both rows belongs to the lower one, where most headings stand."""
    made, sheet = book((None, "発見日", "概要"), ("A-1", None, "x"), headings=("番号", "事故", None))
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    read = Read(saved(tmp_path, made))
    assert read.raw is not None
    assert (read.raw.headings, read.raw.header_row) == (HEADINGS, 2)
    assert read.rows == {3: ("A-1", "", "x")}


def test_headings_merged_over_two_rows_do_not_run_into_the_table(tmp_path: Path) -> None:
    """What is merged with a heading is no entry."""
    made, sheet = book((None, None, "（要約）"), ("A-1", None, "x"))
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:B2")
    assert Read(saved(tmp_path, made)).rows == {2: ("", "", "（要約）"), 3: ("A-1", "", "x")}


def test_a_merged_cell_counts_for_every_row_it_covers(tmp_path: Path) -> None:
    """Down its first column; across, the other columns stay blank."""
    made, sheet = book(
        ("人事部", None, "a"),
        (None, None, "b"),
        (None, None, "c"),
        ("総務部", date(2026, 5, 1), "d"),
        ("", "", "e"),
    )
    sheet.merge_cells("A2:B4")
    sheet.merge_cells("B5:B6")
    assert Read(saved(tmp_path, made)).rows == {
        2: ("人事部", "", "a"),
        3: ("人事部", "", "b"),
        4: ("人事部", "", "c"),
        5: ("総務部", "2026-05-01", "d"),
        6: ("", "2026-05-01", "e"),
    }


def test_an_entry_over_two_rows_is_counted_once(tmp_path: Path) -> None:
    """A row that has nothing of its own is blank, however many cells are merged into it."""
    made, sheet = book(("A-1", None, "x"), (None, " ", None), ("A-2", None, "y"))
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("C2:C3")
    sheet.merge_cells("C4:C100000")
    assert Read(saved(tmp_path, made)).rows == {2: ("A-1", "", "x"), 4: ("A-2", "", "y")}


def test_a_merged_error_is_named_once(tmp_path: Path) -> None:
    """In the cell where it stands."""
    made, sheet = book(("#N/A", None, "x"), (None, None, "y"))
    sheet.merge_cells("A2:A3")
    assert Read(saved(tmp_path, made)).said == [("xlsx_error", 2, "A2", "#N/A")]


def test_hidden_rows_are_read_and_told_of(tmp_path: Path) -> None:
    """A filter hides nothing from an assessment; blank hidden rows are not counted."""
    made, sheet = book(("A-1", None, "x"), ("A-2", None, "y"), ("A-3", None, "z"), ())
    for row in (2, 4, 5, 900):
        sheet.row_dimensions[row].hidden = True
    read = Read(saved(tmp_path, made))
    assert list(read.rows) == [2, 3, 4]
    (notice,) = read.problems
    assert (notice.code, notice.level, notice.words) == ("xlsx_hidden_rows", "notice", {"count": 2})


def test_rows_beyond_the_stated_size_of_a_sheet_are_read(tmp_path: Path) -> None:
    """Some programs state it wrongly."""
    made, _ = book(("A-1", None, "x"), ("A-2", None, "y"))
    path = altered(saved(tmp_path, made), SHEET, lambda xml: xml.replace('ref="A1:C3"', 'ref="A1:A1"'))
    assert list(Read(path).rows) == [2, 3]


def test_rows_and_cells_that_hold_only_formatting_are_blank(tmp_path: Path) -> None:
    """Borders drawn ahead, down to the last cell of a sheet, are no entries and cost no time."""
    made, sheet = book(("A-1", None, "x"), (None, " ", "　"))
    for place in ("A5", "C5", "XFD1048576"):
        sheet[place].number_format = "0.00"
    read = Read(saved(tmp_path, made))
    assert (read.rows, read.problems) == ({2: ("A-1", "", "x")}, [])


def test_a_cell_without_a_heading_is_refused_in_a_workbook_too(tmp_path: Path) -> None:
    """A note beside the table is named with its cell."""
    made, sheet = book(("A-1", None, "x"))
    sheet["F2"], sheet["G2"], sheet["F4"] = "note", " ", "legend"
    read = Read(saved(tmp_path, made))
    assert read.said == [("table_wide", 2, "F2", "note"), ("table_wide", 4, "F4", "legend")]
    assert read.rows == {2: ("A-1", "", "x")}


def test_the_sheet_with_the_headings_is_read(tmp_path: Path) -> None:
    """A cover sheet, a chart sheet and a hidden sheet with an old table do not matter."""
    made = Workbook()
    made.worksheets[0].append(("事故の記録",))
    made.create_chartsheet("図").add_chart(BarChart())
    for title, number in (("旧", "A-0"), ("台帳", "A-1")):
        sheet = made.create_sheet(title)
        sheet.append(HEADINGS)
        sheet.append((number, None, "x"))
    made["旧"].sheet_state = "hidden"
    read = Read(saved(tmp_path, made, "incidents.XLSX"))
    assert read.raw is not None
    assert (read.raw.sheet, read.rows, read.problems) == ("台帳", {2: ("A-1", "", "x")}, [])


def test_two_sheets_with_headings_are_refused(tmp_path: Path) -> None:
    """Which one counts is not guessed; both are named."""
    made, sheet = book()
    sheet.title = "2025年"
    made.create_sheet("2026年").append(HEADINGS)
    read = Read(saved(tmp_path, made))
    assert read.said == [("xlsx_two_sheets", None, "", "")]
    assert read.problems[0].words["sheets"] == {"ja": "2025年、2026年", "en": "2025年, 2026年"}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_used_if_no_other_has_the_headings(tmp_path: Path, state: str) -> None:
    """And that is told."""
    made, sheet = book(("A-1", None, "x"))
    sheet.title, sheet.sheet_state = "台帳", state
    made.active = made.create_sheet("表紙")
    read = Read(saved(tmp_path, made))
    assert read.rows == {2: ("A-1", "", "x")}
    assert [(p.code, p.found, p.level) for p in read.problems] == [("xlsx_hidden_sheet", "台帳", "notice")]


def test_a_workbook_without_headings_or_cells_is_refused(tmp_path: Path) -> None:
    """As a CSV file is."""
    made, _ = book(headings=("id", "note"))
    assert Read(saved(tmp_path, made)).said == [("table_header", None, "", "")]
    assert Read(saved(tmp_path, Workbook())).said == [("table_empty", None, "", "")]


def test_a_workbook_with_macros_is_read_as_any_other(tmp_path: Path) -> None:
    """Nothing in it is run."""
    made, _ = book(("A-1", None, "x"))
    path = altered(
        saved(tmp_path, made, "incidents.xlsm"),
        "[Content_Types].xml",
        lambda xml: xml.replace(
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main",
            "vnd.ms-excel.sheet.macroEnabled.main",
        ),
    )
    assert Read(path).rows == {2: ("A-1", "", "x")}


def test_features_that_hold_no_cells_are_no_matter(tmp_path: Path) -> None:
    """Excel writes extensions that are of no concern here."""
    made, _ = book(("A-1", None, "x"))
    extension = '<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    path = altered(saved(tmp_path, made), SHEET, lambda xml: xml.replace("</worksheet>", extension))
    read = Read(path)
    assert (read.rows, read.problems) == ({2: ("A-1", "", "x")}, [])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("incidents.xlsx", b"", "xlsx_unreadable"),
        ("incidents.xlsx", HEAD.encode(), "xlsx_unreadable"),
        ("incidents.xlsx", b"PK\x03\x04" + bytes(100), "xlsx_unreadable"),
        ("incidents.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xlsx_encrypted"),
        ("incidents.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls_old"),
        ("incidents.XLSB", b"PK\x03\x04", "xls_old"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """Empty, another kind of file, damaged, encrypted and old ones, each with its remedy."""
    (tmp_path / name).write_bytes(content)
    assert Read(tmp_path / name).said == [(code, None, "", "")]


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        ("[Content_Types].xml", "<Types", "<Type"),
        ("xl/workbook.xml", "</workbook>", ""),
        (SHEET, "<v>7</v>", "<v>seven</v>"),
        # The strict variant of the format names everything differently.
        (
            "xl/workbook.xml",
            "schemas.openxmlformats.org/officeDocument/2006",
            "purl.oclc.org/ooxml/officeDocument",
        ),
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: str, before: str, after: str) -> None:
    """Whatever is wrong inside, the file is named as unreadable."""
    made, _ = book((7, None, "x"))
    path = altered(saved(tmp_path, made), part, lambda xml: xml.replace(before, after))
    assert Read(path).said == [("xlsx_unreadable", None, "", "")]


def test_a_damaged_stored_value_is_refused(tmp_path: Path) -> None:
    """Also one that only shows when the values of formulas are looked at."""
    made, _ = book(("A-1", "=1+1", "x"))
    path = altered(saved(tmp_path, made), SHEET, lambda xml: re.sub("</f><v ?/>", "</f><v>two</v>", xml))
    assert Read(path).said == [("xlsx_unreadable", None, "", "")]


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts are added up before any is unpacked."""
    made, _ = book(("A-1", None, "x"))
    path = saved(tmp_path, made)
    assert Read(path).problems == []
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    monkeypatch.setattr(spreadsheet, "MAX_EXPANDED", size)
    assert Read(path).problems == []
    monkeypatch.setattr(spreadsheet, "MAX_EXPANDED", size - 1)
    (problem,) = Read(path).problems
    assert (problem.code, problem.words) == ("xlsx_too_large", {"limit": size - 1})


@pytest.mark.parametrize(
    ("before", "element"),
    [
        ("</sheetData>", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        ("</sheetData>", "<mergeCells>" + '<mergeCell ref="A5:Z9004"/>' * 3 + "</mergeCells>"),
        ("</sheetData>", '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>'),
        ("</sheetData>", '<hyperlinks><hyperlink ref="A:XFD" location="x"/></hyperlinks>'),
    ],
)
def test_ranges_over_millions_of_cells_are_refused_at_once(tmp_path: Path, before: str, element: str) -> None:
    """openpyxl would make every cell that is merged or linked, until no memory is left."""
    path = altered(
        saved(tmp_path, book(("A-1", None, "x"))[0]), SHEET, lambda s: s.replace(before, before + element)
    )
    (problem,) = Read(path).problems
    assert (problem.code, problem.words) == ("xlsx_too_many", {"limit": spreadsheet.MAX_PARTS})
    assert "5000000" in problem.said("ja")


def test_a_workbook_of_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank cells that are formatted take memory too; merged titles and links are no hindrance."""
    made, sheet = book(("A-1", None, "x"), ("A-2", None, "y"))
    sheet.insert_rows(1)
    sheet["A1"] = "title"
    sheet.merge_cells("A1:Z1")
    sheet["A3"].hyperlink = "https://example.com"
    path = saved(tmp_path, made)
    assert len(Read(path).rows) == 2
    monkeypatch.setattr(spreadsheet, "MAX_PARTS", 100)
    assert [p.code for p in Read(path).problems] == ["xlsx_too_many"]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(10))


@pytest.mark.parametrize("defused", ["True", "False"])
@pytest.mark.parametrize(
    ("entities", "name"), [(LAUGHS, "l9"), ('<!ENTITY ext SYSTEM "file:///etc/hostname">', "ext")]
)
def test_no_entity_of_a_workbook_is_expanded(tmp_path: Path, entities: str, name: str, defused: str) -> None:
    """A billion laughs and a file from outside are refused at once, whichever parser is installed."""
    made, _ = book(("A-1", None, "LAUGH"))
    path = altered(
        saved(tmp_path, made),
        SHEET,
        lambda xml: f"<!DOCTYPE x [{entities}]>" + xml.replace("LAUGH", f"&{name};"),
    )
    code = (
        "import sys; from pathlib import Path; from appi_assess.spreadsheet import read_table; found = [];"
        "assert read_table(Path(sys.argv[1]), '', len, found) is None; print(found[0].code)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "OPENPYXL_DEFUSEDXML": defused},
    )
    assert (result.stdout.strip(), result.stderr) == ("xlsx_unreadable", "")


def test_a_long_workbook_comes_in_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a CSV file does."""
    monkeypatch.setattr(spreadsheet, "CHUNK_ROWS", 4)
    made, _ = book(*(("A", None, n) for n in range(10)))
    read = Read(saved(tmp_path, made))
    assert [chunk.rows.tolist() for chunk in read.chunks] == [[2, 3, 4, 5], [6, 7, 8, 9], [10, 11]]
    assert [row[2] for row in read.rows.values()] == [str(n) for n in range(10)]
