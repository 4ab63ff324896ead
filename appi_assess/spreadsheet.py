"""
Reading a register out of an office: CSV or XLSX as raw text, with the row numbers the user sees.

Nothing is guessed: a cell stays the text that was written, and what cannot be taken as it stands
is refused with its place. Types are given elsewhere.
"""

from __future__ import annotations

import codecs
import csv
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import compress, islice
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from .problems import Problem, shown

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

    _Recognised = Callable[[Sequence[str]], int]
    _Batch = tuple[Sequence[int], Sequence[Sequence[str]]]

CHUNK_ROWS = 50_000
HEADER_ROWS = 30  # the headings stand among these
MAX_CELL = 32_767  # characters; what a cell of a spreadsheet can hold
MAX_EXPANDED = 1 << 28  # bytes of a workbook when unpacked
MAX_ROWS, MAX_COLUMNS = 1 << 20, 1 << 14  # of a sheet
MAX_PARTS = 5_000_000  # of a workbook: cells, rows, texts and whatever else takes memory
MAX_SAME = 20  # problems of one code that are shown for a file

_BATCH_ROWS = 100  # parsed at once; few, so that they stay in the cache of the processor
_BLOCK_BYTES = 1 << 20
_DELIMITERS = (",", "\t", ";")
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted workbook, or an old .xls
# What bytes that CP932 does not define decode to, and what stands in for undecodable ones.
_UNDEFINED = re.compile("[\ufffd\uf8f0-\uf8f3\x80]")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile(r"\r\n|\r|\n")
# How XLSX writes a control character, such as the carriage return of a pasted line break.
_ESCAPE = re.compile("_x(00[01][0-9A-Fa-f])_")
# Number formats that mean dates and times in Japanese workbooks (ECMA-376 part 1, 18.8.30).
_JAPANESE_DATES = (*range(27, 37), *range(50, 59))
_SPREAD = 10  # a cell of a merged or linked range takes so much longer to make than another


@dataclass(frozen=True)
class Chunk:
    """
    Some rows of a table, in the order of the file.

    Attributes:
        rows: Row numbers as the user sees them in the file, from 1.
        columns: One list of raw text per heading, in the order of ``Raw.headings``; "" is blank.
    """

    rows: NDArray[np.int64]
    columns: tuple[list[str], ...]


@dataclass
class Raw:
    """
    A table as it stands in its file.

    Attributes:
        headings: As written, without white space at the ends; "" where a column has none.
        header_row: From 1.
        chunks: Read lazily; problems met on the way are added to the list given to ``read_table``.
        sheet: Name of the worksheet, for XLSX.
    """

    headings: tuple[str, ...]
    header_row: int
    chunks: Iterator[Chunk]
    sheet: str = ""


def read_table(
    path: Path, name: str, recognised: Callable[[Sequence[str]], int], problems: list[Problem]
) -> Raw | None:
    """
    Open a table and find its headings.

    Args:
        path: A CSV file, or a workbook by its suffix.
        name: What to call it in messages.
        recognised: How many of some cells are headings that the register knows.
        problems: Every problem found is added here, also while the chunks are read.

    Returns:
        The table, or None if the file cannot be used at all.
    """
    log = _Log(name, problems)
    suffix = path.suffix.lower()
    try:
        if not path.is_file():
            log.add("file_missing")
        elif suffix in (".xls", ".xlsb"):
            log.add("xls_old")
        elif suffix in (".xlsx", ".xlsm"):
            return _read_workbook(path, recognised, log)
        else:
            return _read_csv(path, recognised, log)
    except OSError as error:
        log.add("file_unreadable", reason=error.strerror or "")
    return None


class _Log:
    """
    Collects the problems of one file, only so many of each code.
    """

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name, self.problems = name, problems
        self.counts: Counter[str] = Counter()
        self.more: dict[str, int | None] = {}  # the line of the first problem that is not shown

    def add(
        self, code: str, line: int | None = None, key: str = "", found: str = "", **words: object
    ) -> None:
        self.counts[code] += 1
        if self.counts[code] <= MAX_SAME:
            self.problems.append(Problem(code, self.name, line, key, found, words))
        else:
            self.more.setdefault(code, line)

    def notice(self, code: str, found: str = "", **words: object) -> None:
        self.problems.append(Problem(code, self.name, found=found, words=words, level="notice"))

    def controls(self, line: int, text: str, key: str = "") -> None:
        if odd := _CONTROL.search(text):
            self.add("table_control", line, key, text, character=f"U+{ord(odd[0]):04X}")

    def close(self) -> None:
        for code, line in self.more.items():
            count = self.counts[code] - MAX_SAME
            self.problems.append(Problem("table_more", self.name, line, words={"count": count}))


def _header(rows: Iterable[tuple[int, Sequence[str]]], recognised: _Recognised) -> tuple[int, int]:
    """
    How many headings the best row holds, and its number; zeros if no row will do.
    """
    texts = [(number, [cell.strip() for cell in cells]) for number, cells in rows]
    counts = [(recognised(cells), number) for number, cells in texts]
    count, number = max(counts, key=lambda found: found[0], default=(0, 0))
    width = len({column for _, cells in texts for column, cell in enumerate(cells) if cell})
    return (count, number) if count >= min(2, max(1, width)) else (0, 0)


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    texts = [cell.strip() for cell in cells]
    while not texts[-1]:
        texts.pop()
    return tuple(texts)


def _chunks(batches: Iterable[_Batch], width: int, log: _Log) -> Iterator[Chunk]:
    numbers: list[int] = []
    columns: tuple[list[str], ...] = tuple([] for _ in range(width))
    for more, rows in batches:
        numbers.extend(more)
        for column, cells in zip(columns, zip(*rows, strict=True), strict=False):  # there may be no rows
            column.extend(cells)
        if len(numbers) >= CHUNK_ROWS:
            yield Chunk(np.array(numbers, dtype=np.int64), columns)
            numbers, columns = [], tuple([] for _ in range(width))
    if numbers:
        yield Chunk(np.array(numbers, dtype=np.int64), columns)
    log.close()


def _read_csv(path: Path, recognised: _Recognised, log: _Log) -> Raw | None:
    scanned = _encoding(path, log)
    if scanned is None:
        return None
    best, best_count, header_row, head = None, 0, 0, [""]
    blank, slips = False, []
    for delimiter in _DELIMITERS:
        form = _Csv(path, *scanned, delimiter)
        sample = _Log(log.name, [])
        rows = next(form.records(HEADER_ROWS, sample))
        count, row = _header(enumerate(rows, 1), recognised)
        if count > best_count:
            best, best_count, header_row, head = form, count, row, rows[row - 1]
        empty = len(rows) < HEADER_ROWS and not "".join(map("".join, rows)).strip()
        blank = blank or (empty and not sample.problems)
        slips.append(sample.problems)
    if best is None:
        if all(slips):  # whatever parts the cells, a row cannot be read
            log.problems += slips[0]
        else:
            log.add("table_empty" if blank else "table_header")
        return None
    headings = _headings(head)
    return Raw(headings, header_row, _chunks(best.rows(header_row, len(headings), log), len(headings), log))


def _encoding(path: Path, log: _Log) -> tuple[str, bool] | None:
    """
    The encoding in which every byte of a file can be read, and whether there are control characters.
    """
    with path.open("rb") as file:
        start = file.read(3)
    marked = [encoding for mark, encoding in _MARKS.items() if start.startswith(mark)]
    tried = marked or ["utf-8", "cp932"]
    for encoding in tried:
        controls = _scan(path, encoding)
        if controls is not None:
            if encoding == "cp932":
                log.notice("file_cp932")
            return encoding, controls
    rows = [_bad_row(path, encoding) for encoding in tried]
    log.add("table_encoding", max(rows) if all(rows) else None)  # the one that goes further is likelier
    return None


def _scan(path: Path, encoding: str) -> bool | None:
    """
    Whether a file holds control characters; None if it cannot be read in this encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    controls = False
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                text = decoder.decode(block)
                if encoding == "cp932" and _UNDEFINED.search(text):
                    return None
                controls = controls or _CONTROL.search(text) is not None
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return controls


def _bad_row(path: Path, encoding: str) -> int:
    """
    The first row that cannot be read in this encoding; 0 if the rows cannot be told apart.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file, suppress(csv.Error):
        for row, cells in enumerate(csv.reader(file), 1):
            if _UNDEFINED.search("".join(cells)):
                return row
    return 0


@contextmanager
def _cell_limit() -> Iterator[None]:
    """
    Cells as long as in a spreadsheet; the limit is global, so others get theirs back.
    """
    usual = csv.field_size_limit(MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


@dataclass(frozen=True)
class _Csv:
    """
    A CSV file and how it is written; ``controls`` says whether it holds any control characters.
    """

    path: Path
    encoding: str
    controls: bool
    delimiter: str

    def records(self, size: int, log: _Log) -> Iterator[list[list[str]]]:
        """
        Batches of records; one that cannot be read stands as an empty one.

        A slip inside one line spoils that line only. One that runs over several lines is a quote
        that was not closed, after which nothing can be trusted: reading ends.
        """
        number, go_on = 0, True
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            while go_on:
                rows: list[list[str]] = []
                before = reader.line_num
                try:
                    with _cell_limit():
                        rows.extend(islice(reader, size))
                    go_on = len(rows) == size
                except csv.Error as error:
                    good = sum(1 + sum(len(_LINE_END.findall(cell)) for cell in row) for row in rows)
                    go_on = reader.line_num - before - good == 1
                    rows.append([])
                    row = number + len(rows)
                    if go_on and "field limit" in str(error):
                        log.add("table_cell_long", row, limit=MAX_CELL)
                    else:
                        log.add("table_quotes", row)
                number += len(rows)
                yield rows

    def rows(self, header_row: int, width: int, log: _Log) -> Iterator[_Batch]:
        """
        The rows below the headings that hold anything, each as wide as the headings.
        """
        done = 0
        for rows in self.records(_BATCH_ROWS, log):
            numbers = range(done + 1, done + len(rows) + 1)
            done = numbers.stop - 1
            if self.controls:
                for number, cells in zip(numbers, rows, strict=True):
                    for cell in cells:
                        log.controls(number, cell)
            below = max(0, header_row - numbers.start + 1)
            numbers, rows = numbers[below:], rows[below:]  # noqa: PLW2901
            if set(map(len, rows)) != {width}:
                rows = [_fitted(cells, width, n, log) for n, cells in zip(numbers, rows, strict=True)]  # noqa: PLW2901
            filled = [any(map(str.strip, cells)) for cells in rows]
            yield list(compress(numbers, filled)), list(compress(rows, filled))


def _fitted(cells: list[str], width: int, number: int, log: _Log) -> list[str]:
    """
    A row as wide as the headings; a cell that has no heading is a problem.
    """
    extra = next((cell for cell in cells[width:] if cell.strip()), None)
    if extra is not None:
        log.add("table_wide", number, found=extra)
    return cells[:width] + [""] * (width - len(cells))


def _read_workbook(path: Path, recognised: _Recognised, log: _Log) -> Raw | None:
    book = _load(path, log)
    if book is None:
        return None
    sheets = [_Sheet(sheet, log) for sheet in book.worksheets]
    found = [(sheet, number) for sheet in sheets if (number := sheet.header(recognised))]
    visible = [(sheet, number) for sheet, number in found if sheet.sheet.sheet_state == "visible"]
    usable = visible or found
    if not usable:
        log.add("table_header" if any(sheet.rows for sheet in sheets) else "table_empty")
        return None
    if len(usable) > 1:
        names = [shown(sheet.sheet.title) for sheet, _ in usable]
        log.add("xlsx_two_sheets", sheets={"ja": "、".join(names), "en": ", ".join(names)})
        return None
    (sheet, header_row), *_ = usable
    title = sheet.sheet.title
    if not visible:
        log.notice("xlsx_hidden_sheet", title)
    if sheet.has_formulas(header_row):
        values = _load(path, log, values=True)
        if values is None:
            return None
        sheet.values = values[title]
    headings = _headings(sheet.texts(header_row))
    return Raw(headings, header_row, _chunks(sheet.records(header_row, headings), len(headings), log), title)


def _load(path: Path, log: _Log, *, values: bool = False) -> Workbook | None:
    """
    Open a workbook; with ``values`` a formula cell holds what it last came to.
    """
    from openpyxl import load_workbook
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    for number in _JAPANESE_DATES:
        BUILTIN_FORMATS.setdefault(number, "yyyy/m/d h:mm")  # or their dates would be read as numbers
    with path.open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            log.add("xlsx_encrypted")
            return None
        try:
            with zipfile.ZipFile(file) as archive:
                expanded = sum(part.file_size for part in archive.infolist())
                if expanded > MAX_EXPANDED:
                    log.add("xlsx_too_large", limit=MAX_EXPANDED)
                    return None
                if _parts(archive) > MAX_PARTS:
                    log.add("xlsx_too_many", limit=MAX_PARTS)
                    return None
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about features that hold no cells
                book = load_workbook(file, data_only=values, keep_links=False)
        except Exception:  # noqa: BLE001 - a damaged part may raise anything
            book = None
    if book is None or not book.worksheets:
        log.add("xlsx_unreadable")
        return None
    return book


def _parts(archive: zipfile.ZipFile) -> int:
    """
    How many cells and other things opening a workbook would make; counting ends above the limit.

    openpyxl makes every cell of a merged or linked range, and one range may name billions.
    """
    count = 0

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        ranged = name.rpartition(":")[2] in ("mergeCell", "hyperlink")
        count += _SPREAD * _area(attributes["ref"]) if ranged else 1

    for part in archive.infolist():
        parser = expat.ParserCreate()
        parser.StartElementHandler = element
        with archive.open(part) as file, suppress(expat.ExpatError):  # most likely a picture
            while count <= MAX_PARTS and (block := file.read(_BLOCK_BYTES)):
                parser.Parse(block)
    return count


def _area(ref: str) -> int:
    """
    How many cells a range such as ``B2:D9`` or ``A:A`` covers.

    Raises:
        ValueError: If it is no range.
    """
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return ((right or MAX_COLUMNS) - (left or 1) + 1) * ((bottom or MAX_ROWS) - (top or 1) + 1)


class _Sheet:
    """
    The cells of one worksheet that hold anything.
    """

    def __init__(self, sheet: Worksheet, log: _Log) -> None:
        self.sheet, self.log = sheet, log
        self.values: Worksheet | None = None  # the same sheet with the values of its formulas
        self.rows: dict[int, dict[int, Cell]] = {}
        # The public iterators make a cell for each place up to the farthest, which may be millions.
        for (row, column), cell in sheet._cells.items():  # noqa: SLF001
            if cell.value is not None:
                self.rows.setdefault(row, {})[column] = cell
        self.fill()

    def fill(self) -> None:
        """
        Let a vertically merged cell count for every row that has something of its own.
        """
        for merged in self.sheet.merged_cells.ranges:
            anchor = self.rows.get(merged.min_row, {}).get(merged.min_col)
            for row in range(merged.min_row + 1, merged.max_row + 1):
                if anchor is not None and row in self.rows:
                    self.rows[row][merged.min_col] = anchor

    def header(self, recognised: _Recognised) -> int:
        """
        The row of the headings, or 0; formulas are not looked into here.
        """
        rows = [
            (row, ["" if cell is None else _text(cell) for cell in self.cells(row)])
            for row in sorted(self.rows)
            if row <= HEADER_ROWS
        ]
        return _header(rows, recognised)[1]

    def cells(self, row: int) -> list[Cell | None]:
        cells = self.rows[row]
        return [cells.get(column) for column in range(1, max(cells) + 1)]

    def has_formulas(self, header_row: int) -> bool:
        return any(
            cell.data_type == "f"
            for row, cells in self.rows.items()
            if row >= header_row
            for cell in cells.values()
        )

    def texts(self, row: int) -> list[str]:
        return ["" if cell is None else self.text(cell, row) for cell in self.cells(row)]

    def text(self, cell: Cell, row: int) -> str:
        """
        A cell as text; a problem is told in the cell's own row, not where it is filled down.
        """
        log = self.log if cell.row == row else _Log("", [])
        place = cell.coordinate
        if cell.data_type == "f" and self.values is not None:
            formula = cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", "")
            cell = self.values[place]
            if cell.value is None and cell.data_type != "str":  # which is a formula that came to ""
                log.add("xlsx_formula", row, place, formula)
        if cell.data_type == "e":
            log.add("xlsx_error", row, place, str(cell.value))
            return ""
        text = _text(cell)
        log.controls(row, text, place)
        if len(text) > MAX_CELL:
            log.add("table_cell_long", row, place, limit=MAX_CELL)
        return text

    def records(self, header_row: int, headings: Sequence[str]) -> Iterator[_Batch]:
        hidden = 0
        for row in sorted(row for row in self.rows if row > header_row):
            texts, own = [""] * len(headings), False
            for column, cell in self.rows[row].items():
                if cell.row <= header_row:
                    continue  # filled down from the headings
                text = self.text(cell, row)
                if column <= len(headings):
                    texts[column - 1] = text
                    own = own or (cell.row == row and bool(text.strip()))
                elif cell.row == row and text.strip():
                    self.log.add("table_wide", row, cell.coordinate, text)
            if own:
                size = self.sheet.row_dimensions.get(row)
                hidden += size is not None and size.hidden
                yield [row], [texts]
        if hidden:
            self.log.notice("xlsx_hidden_rows", count=hidden)


def _text(cell: Cell) -> str:
    """
    The value of a cell as text: dates in ISO form, numbers without what only formatting adds.
    """
    value = cell.value
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).upper()
        case int() | float():
            text = _number(value, cell.number_format)
        case datetime() if value.time() == time():
            text = value.date().isoformat()
        case datetime():
            text = value.isoformat(" ", _detail(value))
        case time():
            text = value.isoformat(_detail(value))
        case timedelta():
            text = _duration(value)
        case _:  # a date is in ISO form already
            text = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), str(value))
    return text


def _number(value: float, form: str) -> str:
    if not float(value).is_integer():
        return repr(value)
    digits = str(abs(int(value)))
    if not form.strip("0"):
        digits = digits.zfill(len(form))  # an employee number such as 0042
    return f"-{digits}" if value < 0 else digits


def _detail(value: datetime | time) -> str:
    if value.microsecond:
        return "milliseconds"  # as exact as a spreadsheet is
    return "seconds" if value.second else "minutes"


def _duration(value: timedelta) -> str:
    minutes, rest = divmod(abs(value), timedelta(minutes=1))
    text = f"{'-' if value < timedelta() else ''}{minutes // 60}:{minutes % 60:02d}"
    return f"{text}:{rest.total_seconds():06.3f}".removesuffix(".000") if rest else text
