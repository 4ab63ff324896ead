"""
Reading registers: from the cells of a file to typed rows, or every problem with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from . import law, text
from .countries import read_country
from .problems import Problem, shown
from .registers import (
    REGISTERS,
    SEVERAL,
    Coded,
    Column,
    Register,
    Rows,
    empty_column,
    register,
    says_nothing,
)
from .spreadsheet import Raw, read_table
from .wording import say_both

SUFFIXES = (".csv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".tsv")
EXAMPLE = ("(例)", "(example)")  # how a row of the template marks itself, after folding
TOTALS = ("合計", "総計", "小計", "計", "total", "subtotal", "sub-total", "grand total")
_SEPARATORS = re.compile(r"\s*[、,;；，/／\n]\s*")
_BETWEEN = re.compile(r"[\s_]+")
_TIME = re.compile(r"\s+\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$")
_NUMBER = re.compile(r"(?:約\s*)?([+-]?[\d,]+(?:\.\d+)?)\s*(?:円|名|人|件|yen|persons?|people)?")
_SERIAL = re.compile(r"[34]\d{4}(\.\d+)?")  # how a spreadsheet counts the days of 1982 to 2036
_SIMILAR, _PERHAPS = 0.8, 0.6
_MOSTLY_DIFFERENT = 0.5
_LONGEST_TOTAL = max(map(len, TOTALS))


def read_registers(folder: Path, name: str, problems: list[Problem]) -> dict[str, Rows]:
    """
    Read every register in a folder.

    Args:
        folder: The folder ``registers`` of the engagement; it need not exist.
        name: What the folder is called in problems.
        problems: What is wrong is added here, errors and notices.

    Returns:
        Rows by register; a register that is absent, or still the untouched template, is absent.
    """
    found: dict[str, Rows] = {}
    files: dict[str, Path] = {}
    untouched: list[str] = []
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        problems.append(Problem("file_unreadable", name, words={"reason": error.strerror or ""}))
        return found
    for path in paths:
        place = f"{name}/{path.name}"
        if path.name.startswith((".", "~$")):
            continue
        stem = _files().get(_key(path.stem), text.fold(path.stem).lower())
        if path.is_dir() or path.suffix.lower() not in SUFFIXES:
            level: Literal["error", "notice"] = "error" if stem in REGISTERS else "notice"
            problems.append(Problem("register_form", shown(place), found=path.name, level=level))
        elif stem not in REGISTERS:
            near = get_close_matches(stem, REGISTERS, n=1, cutoff=_PERHAPS)
            known = {
                "ja": "、".join(f"{n}＝{register(n).title.ja}" for n in REGISTERS),
                "en": ", ".join(REGISTERS),
            }
            words = {"near": say_both("near", near=near[0]) if near else "", "known": known}
            problems.append(Problem("register_unknown", shown(place), found=path.name, words=words))
        elif stem in files:
            problems.append(Problem("register_twice", shown(place), words={"first": files[stem].name}))
        else:
            files[stem] = path
            rows = read_register(path, place, register(stem), problems)
            if rows is not None and rows.examples and not len(rows):
                untouched.append(path.name)
            elif rows is not None:
                found[stem] = rows
    if untouched:
        words = {"files": ", ".join(untouched)}
        problems.append(Problem("register_templates", name, words=words, level="notice"))
    return found


def read_register(path: Path, name: str, kept: Register, problems: list[Problem]) -> Rows | None:
    """
    Read one register; None if it cannot be read.
    """
    known = _headings(kept.name)
    raw = read_table(path, name, lambda cells: sum(map(known.__contains__, map(_key, cells))), problems)
    if raw is None:
        return None
    rows = typed(kept, raw, name, problems)
    if rows.examples and len(rows):
        words = {"count": rows.examples}
        problems.append(Problem("register_examples", name, words=words, level="notice"))
    return rows


def typed(kept: Register, raw: Raw, name: str, problems: list[Problem]) -> Rows:
    """
    The rows of a table with the types of a register.
    """
    places = _places(kept, raw, name, _headings(kept.name), problems)
    typist = _Typist(kept, raw, name, places)
    unnamed = {place for place, heading in enumerate(raw.headings) if not heading}
    for chunk in raw.chunks:
        typist.take(chunk.rows, chunk.columns)
        for place in [p for p in unnamed if any(chunk.columns[p])]:
            row, cell = next((n, c) for n, c in zip(chunk.rows, chunk.columns[place], strict=True) if c)
            problems.append(Problem("column_unnamed", name, int(row), found=shown(cell)))
            unnamed.discard(place)
    return typist.rows(problems)


def _key(heading: str) -> str:
    return _BETWEEN.sub("", text.fold(heading).casefold())


@cache
def _files() -> dict[str, str]:
    """
    The register that a file's name means: its own name, or its title in either language.
    """
    return {_key(w): n for n in REGISTERS for w in (n, register(n).title.ja, register(n).title.en)}


@cache
def _headings(name: str) -> dict[str, str]:
    """
    The column that each accepted heading of a register means.
    """
    return {
        _key(heading): column.name
        for column in register(name).columns
        for heading in (column.name, column.heading.ja, column.heading.en, *column.also)
    }


def _places(
    kept: Register, raw: Raw, name: str, known: Mapping[str, str], problems: list[Problem]
) -> dict[str, int]:
    """
    Where each column stands in the file; headings that mean nothing or twice the same are told.
    """
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, heading in enumerate(raw.headings):
        column = known.get(_key(heading))
        if column is None:
            if heading:
                unknown.append(heading)
        elif column in places:
            words = {"first": raw.headings[places[column]]}
            problems.append(Problem("column_twice", name, raw.header_row, shown(heading), heading, words))
        else:
            places[column] = place
    absent = [h for h, column in known.items() if column not in places]
    for heading in unknown:
        near = get_close_matches(_key(heading), absent, n=1, cutoff=_SIMILAR)
        if near:
            meant = kept.column(known[near[0]]).heading
            said = {"near": {"ja": meant.ja, "en": meant.en}}
            problems.append(Problem("column_unknown", name, raw.header_row, shown(heading), heading, said))
        else:
            problems.append(
                Problem("column_extra", name, raw.header_row, shown(heading), heading, level="notice")
            )
    for required in kept.columns:
        if required.required and required.name not in places:
            both = {"ja": required.heading.ja, "en": required.heading.en}
            problems.append(Problem("column_missing", name, raw.header_row, words={"column": both}))
    return places


class _Codes(dict[str, int]):
    """
    A number for every distinct cell, in order of appearance.
    """

    def __missing__(self, cell: str) -> int:
        self[cell] = code = len(self)
        return code


class _Typist:
    """
    Turns chunks of raw cells into typed columns; each distinct cell of a column is read once.
    """

    def __init__(self, kept: Register, raw: Raw, name: str, places: Mapping[str, int]) -> None:
        self.kept, self.name = kept, name
        self.columns = [(kept.column(c), place) for c, place in places.items()]
        self.headings = {c: raw.headings[place] for c, place in places.items()}
        self.first = min(places.values(), default=None)
        self.read = self.examples = 0
        self.numbers: list[Any] = []
        self.codes = {c.name: _Codes() for c, _ in self.columns}
        self.parts: dict[str, list[Any]] = {c.name: [] for c, _ in self.columns}
        self.shared: dict[str, dict[str, str] | None] = {c.name: {} for c, _ in self.columns}

    def take(self, numbers: Any, columns: Sequence[list[str]]) -> None:
        """
        Take one chunk.
        """
        self.read += len(numbers)
        keep = None
        if self.first is not None and any(cell[:1] in ("(", "（") for cell in columns[self.first]):
            keep = np.array([not _is_example(cell) for cell in columns[self.first]], dtype=bool)
            self.examples += int((~keep).sum())
            numbers = numbers[keep]
        self.numbers.append(numbers)
        for column, place in self.columns:
            part = self.coded(column, columns[place])
            self.parts[column.name].append(part if keep is None else part[keep])

    def coded(self, column: Column, cells: list[str]) -> Any:
        """
        The cells of one chunk: the texts themselves, or for other kinds their codes.
        """
        if column.kind != "text":
            return np.fromiter(map(self.codes[column.name].__getitem__, cells), np.int32, len(cells))
        # What shows nothing, such as a lone zero-width space, is blank.
        texts = [t if t.isprintable() or shown(t) else "" for t in map(str.strip, cells)]
        shared = self.shared[column.name]
        if shared is not None:
            # Texts that come again are kept once; where most differ, looking for them saves nothing.
            texts = [shared.setdefault(cell, cell) for cell in texts]
            if len(shared) > _MOSTLY_DIFFERENT * self.read:
                self.shared[column.name] = None
        part = np.empty(len(texts), dtype=object)
        part[:] = texts
        return part

    def rows(self, problems: list[Problem]) -> Rows:
        """
        The typed rows; columns that the file lacks are blank, unreadable cells are problems.
        """
        numbers = np.concatenate(self.numbers) if self.numbers else np.array([], dtype=np.int64)
        columns = {
            column.name: self.typed(column, numbers, problems)
            if column.name in self.headings
            else empty_column(column.kind, len(numbers))
            for column in self.kept.columns
        }
        return Rows(self.kept, numbers, columns, self.name, self.headings, self.read, self.examples)

    def typed(self, column: Column, numbers: Any, problems: list[Problem]) -> Any:
        """
        One column with its type.
        """
        parts = self.parts.pop(column.name)
        if column.kind == "text":
            texts = np.concatenate(parts) if parts else np.array([], dtype=object)
            if column.required:
                self.required(column, numbers[texts == ""], problems)
            if column.name == self.kept.subject:
                self.totals(column, texts, numbers, problems)
            return texts
        codes = np.concatenate(parts) if parts else np.array([], dtype=np.int32)
        values: list[Any] = []
        blank: list[int] = []
        for code, cell in enumerate(self.codes.pop(column.name)):
            try:
                values.append(read_cell(column, cell))
                if values[-1] is None:
                    blank.append(code)
            except text.Unreadable as error:
                values.append(None)
                self.unreadable(column, cell, error, numbers[codes == code], problems)
        if column.required and blank:
            self.required(column, numbers[np.isin(codes, blank)], problems)
        if column.kind in ("date", "number"):
            return np.array(values, dtype="datetime64[D]" if column.kind == "date" else float)[codes]
        distinct = _Codes()
        places = [-1 if v is None else distinct[v] for v in values]
        small = np.min_scalar_type(-max(len(distinct), 1))  # a million rows take as little room as they can
        return Coded(tuple(distinct), np.array(places, dtype=small)[codes])

    def unreadable(
        self, column: Column, cell: str, error: text.Unreadable, rows: Any, problems: list[Problem]
    ) -> None:
        """
        One problem for a cell that cannot be read, with how many further rows hold it.
        """
        if len(rows):
            place = (self.name, int(rows[0]), shown(self.headings[column.name]))
            problems.append(Problem(error.code, *place, cell, error.words))
            self.more(place, cell, len(rows), problems)

    def required(self, column: Column, rows: Any, problems: list[Problem]) -> None:
        """
        One problem for the blank cells of a column that must be filled.
        """
        if len(rows):
            place = (self.name, int(rows[0]), shown(self.headings[column.name]))
            problems.append(Problem("cell_required", *place))
            if len(rows) > 1:
                words = {"count": len(rows) - 1}
                problems.append(Problem("cell_required_more", *place, words=words, level="notice"))

    def totals(self, column: Column, texts: Any, numbers: Any, problems: list[Problem]) -> None:
        """
        Rows of totals are problems, for they would be judged as if they were entries.
        """
        for cell in sorted(set(texts.tolist())):
            if len(cell) <= _LONGEST_TOTAL and text.fold(cell).casefold() in TOTALS:
                rows = numbers[texts == cell]
                place = (self.name, int(rows[0]), shown(self.headings[column.name]))
                problems.append(Problem("row_total", *place, cell))
                self.more(place, cell, len(rows), problems)

    @staticmethod
    def more(place: tuple[str, int, str], cell: str, count: int, problems: list[Problem]) -> None:
        if count > 1:
            problems.append(Problem("cell_more", *place, cell, {"count": count - 1}, "notice"))


def _is_example(cell: str) -> bool:
    return bool(cell) and cell[0] in "(（" and text.fold(cell).casefold().startswith(EXAMPLE)


def read_cell(column: Column, cell: str) -> Any:
    """
    The value of one cell of a column that is not text; None for blank.

    Raises:
        Unreadable: If the cell is none of what the column accepts.
    """
    value = cell.strip()
    # "Not known" is a value of a country, and "NA" may be Namibia: words come before blanks.
    try:
        return _READERS[column.kind](column, value) if value else None
    except text.Unreadable as error:
        if says_nothing(value) and error.code != "country_ambiguous":
            return None
        raise


def _split(value: str) -> list[str]:
    return [part for part in _SEPARATORS.split(value) if part]


def _chosen(column: Column, value: str) -> str | None:
    words = _choice_words(tuple((code, c.ja, c.en, *c.also) for code, c in column.choices.items()))
    parts = [value] if column.kind == "choice" or _key(value) in words else _split(value)
    found = []
    for part in parts:
        chosen = words.get(_key(part))
        if chosen is None:
            accepted = {
                lang: ("、" if lang == "ja" else ", ").join(getattr(c, lang) for c in column.choices.values())
                for lang in ("ja", "en")
            }
            raise _of(part, value, text.Unreadable("word_unknown", accepted=accepted))
        found.append(chosen)
    return SEVERAL.join(dict.fromkeys(found))


@cache
def _choice_words(choices: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """
    The value that each accepted word means, from the words of each value, itself first.
    """
    return {_key(word): words[0] for words in choices for word in words}


def _date(value: str) -> date:
    day = _TIME.sub("", value)
    if _SERIAL.fullmatch(text.fold(day)):
        raise text.Unreadable("date_serial")
    return text.parse_date(day)


def _number(value: str) -> float:
    match = _NUMBER.fullmatch(text.fold(value))
    if match is None:
        raise text.Unreadable("number_form")
    return float(match[1].replace(",", ""))


def _requirement(value: str) -> str:
    found = text.requirement_id(value)
    known = {r.id for r in law.all_requirements()}
    if found not in known:
        near = text.nearest(value, known)
        raise text.Unreadable("requirement_unknown", near=say_both("near", near=near) if near else "")
    return found


def _several(read: Callable[[str], str], value: str) -> str:
    found: dict[str, None] = {}
    for part in _split(value):
        try:
            found[read(part)] = None
        except text.Unreadable as error:
            raise _of(part, value, error) from None
    return SEVERAL.join(found)


def _of(part: str, value: str, error: text.Unreadable) -> text.Unreadable:
    """
    The error about one of several values in a cell, which it names.
    """
    return error if part == value else text.Unreadable(error.code, **{**error.words, "found": shown(part)})


def _countries(value: str) -> str:
    """
    Several countries; a middle dot parts them only where no name holds it, as in 米国・韓国.
    """
    try:
        return read_country(value)
    except text.Unreadable:
        pieces = value.split("・")
        if len(pieces) == 1:
            raise
    return SEVERAL.join(dict.fromkeys(read_country(piece) for piece in pieces))


_READERS: Mapping[str, Callable[[Column, str], Any]] = {
    "yes_no": lambda _, value: text.word("marks", value),
    "choice": _chosen,
    "choices": _chosen,
    "date": lambda _, value: _date(value),
    "number": lambda _, value: _number(value),
    "country": lambda _, value: read_country(value),
    "countries": lambda _, value: _several(_countries, value),
    "ids": lambda _, value: _several(_requirement, value),
}
