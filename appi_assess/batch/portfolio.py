"""
Reading a portfolio: the file that lists the engagements of a batch, as CSV, XLSX or YAML.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from appi_assess import law, text
from appi_assess.batch import storage
from appi_assess.problems import InputProblems, Problem, shown
from appi_assess.spreadsheet import read_table
from appi_assess.strict_yaml import Node, read
from appi_assess.tables import table
from appi_assess.wording import LANGUAGES, say_both

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Names that Windows keeps for devices; a results folder may be copied there.
RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}
_YAML = (".yaml", ".yml")
_SEPARATORS = re.compile(r"\s*[;；,，、\n]\s*")
_SIMILAR = 0.8
_REQUIRED = ("id", "engagement")


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One engagement of a portfolio.

    Attributes:
        id: Names its folder of results, and the organisation from period to period.
        engagement: Its folder, as an absolute path or a URL.
        name: The name to show; empty for the organisation's own.
        lang: ``ja`` or ``en``; empty for the engagement's own.
        as_of: Assessment date in ISO form; empty for the engagement's own.
        tags: By what organisations are grouped.
        line: Where it stands in the file, from 1.
    """

    id: str
    engagement: str
    name: str = ""
    lang: str = ""
    as_of: str = ""
    tags: tuple[str, ...] = ()
    line: int = 0


@dataclass(slots=True)
class _Row:
    """
    One row as written: texts by column, each with the line and the heading to name in problems.
    """

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)

    def place(self, column: str) -> tuple[int, str]:
        return self.places.get(column, (self.line, column))


def read_portfolio(
    path: Path, lang: str, as_of: str = "", notices: list[Problem] | None = None
) -> tuple[Entry, ...]:
    """
    Read a portfolio file.

    Args:
        path: YAML by its suffix, or a table as registers are.
        lang: Language of the problems, and of reports for which the file names none if not empty.
        as_of: Assessment date where the file names none, in ISO form.
        notices: Takes what was noticed and is no error.

    Returns:
        Its entries in the order of the file.

    Raises:
        InputProblems: With everything that is wrong in the file, and every folder that is missing.
    """
    problems: list[Problem] = []
    rows = list((_yaml_rows if path.suffix.lower() in _YAML else _table_rows)(path, problems))
    entries = [_entry(path, row, as_of, problems) for row in rows]
    _repeated(path, entries, problems)
    if not rows and not any(p.level == "error" for p in problems):
        problems.append(Problem("batch_empty", path.name))
    problems.sort(key=lambda p: p.line or 0)
    if any(p.level == "error" for p in problems):
        raise InputProblems(problems, lang)
    if notices is not None:
        notices.extend(problems)
    return tuple(entries)


def read_day(as_of: str, lang: str) -> str:
    """
    An assessment date as typed, in ISO form; empty stays empty.

    Raises:
        InputProblems: If it is no date, or the law of that day is not known.
    """
    try:
        return _day(as_of) if as_of else ""
    except InputProblems as error:
        raise InputProblems(error.problems, lang) from None


def _day(written: str) -> str:
    """
    A day whose law is known, in ISO form.
    """
    try:
        day = text.parse_date(written)
    except text.Unreadable as error:
        raise InputProblems([Problem(error.code, key="as_of", found=written, words=error.words)]) from None
    law.catalogue(day)
    return day.isoformat()


def _key(heading: str) -> str:
    return re.sub(r"[\s_]+", "", text.fold(heading).casefold())


@cache
def _headings() -> dict[str, str]:
    return {_key(h): column for column, headings in table("portfolio").items() for h in headings}


def _said(column: str) -> dict[str, str]:
    return dict(zip(LANGUAGES, table("portfolio")[column], strict=False))


def _table_rows(path: Path, problems: list[Problem]) -> Iterator[_Row]:
    name = path.name
    raw = read_table(path, name, lambda cells: sum(_key(c) in _headings() for c in cells), problems)
    if raw is None:
        return
    columns: dict[int, str] = {}
    for place, heading in enumerate(raw.headings):
        column = _headings().get(_key(heading))
        if column in columns.values():
            first = next(raw.headings[p] for p, c in columns.items() if c == column)
            words = {"first": first}
            problems.append(Problem("column_twice", name, raw.header_row, shown(heading), heading, words))
        elif column:
            columns[place] = column
        elif heading:
            problems.append(_unknown(name, raw.header_row, heading, set(columns.values())))
    problems += [
        Problem("column_missing", name, raw.header_row, words={"column": _said(column)})
        for column in _REQUIRED
        if column not in columns.values()
    ]
    complete = set(_REQUIRED) <= set(columns.values())
    for chunk in raw.chunks:
        for number, *cells in zip(chunk.rows, *chunk.columns, strict=True):
            line = int(number)
            row = _Row(line)
            for place, column in columns.items():
                row.cells[column] = cells[place].strip()
                row.places[column] = (line, shown(raw.headings[place]))
            if complete and any(cells):
                yield row


def _unknown(name: str, line: int, heading: str, taken: set[str]) -> Problem:
    """
    A heading that means no column: likely a slip, or a column of the user's own.
    """
    absent = [h for h, column in _headings().items() if column not in taken]
    near = get_close_matches(_key(heading), absent, n=1, cutoff=_SIMILAR)
    if near:
        words = {"near": _said(_headings()[near[0]])}
        return Problem("column_unknown", name, line, shown(heading), heading, words)
    return Problem("batch_column", name, line, shown(heading), heading, level="notice")


def _yaml_rows(path: Path, problems: list[Problem]) -> Iterator[_Row]:
    root = read(path, path.name, problems)
    if root is None or root.blank:
        return
    if not isinstance(root.value, list):
        problems.append(Problem("batch_shape", path.name, root.line))
        return
    for node in root.value:
        if not isinstance(node.value, dict):
            problems.append(Problem("batch_shape", path.name, node.line))
            continue
        row = _Row(node.line)
        for key, value in node.value.items():
            line = node.keys[key]
            column = _headings().get(_key(key))
            if column is None:
                known = ", ".join(names[1] for names in table("portfolio").values())
                words = {"near": "", "known": known}
                problems.append(Problem("key_unknown", path.name, line, found=key, words=words))
            elif column in row.cells:
                first = {"first": row.places[column][0]}
                problems.append(Problem("yaml_duplicate", path.name, line, found=key, words=first))
            else:
                row.cells[column] = _scalar(path.name, column, key, value, problems)
                row.places[column] = (line, shown(key))
        yield row


def _scalar(name: str, column: str, key: str, node: Node, problems: list[Problem]) -> str:
    """
    The text of a value; tags may be a list.
    """
    if node.blank:
        return ""
    if isinstance(node.value, str):
        return node.value.strip()
    if column == "tags" and isinstance(node.value, list):
        texts = [part.value for part in node.value]
        if all(isinstance(part, str) for part in texts):
            return "\n".join(str(part) for part in texts)
    problems.append(Problem("not_a_scalar", name, node.line, key))
    return ""


class _Cells:
    """
    The cells of one row as typed values; what cannot be read is told and left empty.
    """

    def __init__(self, path: Path, row: _Row, problems: list[Problem]) -> None:
        self.path, self.row, self.problems = path, row, problems

    def text(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def told(self, code: str, column: str, **words: object) -> None:
        line, key = self.row.place(column)
        self.problems.append(Problem(code, self.path.name, line, key, self.text(column), words))

    def id(self) -> str:
        found = self.text("id")
        if not found:
            self.told("cell_required", "id")
        elif not ID.fullmatch(found):
            meant = text.fold(found).casefold()
            self.told("batch_id", "id", near=say_both("near", near=meant) if ID.fullmatch(meant) else "")
        elif found in RESERVED:
            self.told("batch_id_reserved", "id")
        return found

    def engagement(self) -> str:
        if not self.text("engagement"):
            self.told("cell_required", "engagement")
            return ""
        try:
            place = _folder(self.path, self.text("engagement"))
            if not storage.is_folder(place):
                self.told("batch_folder", "engagement")
        except InputProblems as error:
            line, key = self.row.place("engagement")
            self.problems += [replace(p, file=self.path.name, line=line, key=key) for p in error.problems]
        except (OSError, ValueError) as error:  # a name that no file system takes
            self.told("file_unreadable", "engagement", reason=getattr(error, "strerror", "") or str(error))
        else:
            return place
        return ""

    def lang(self) -> str:
        try:
            return text.word("languages", self.text("language")) if self.text("language") else ""
        except text.Unreadable as error:
            self.told(error.code, "language", **error.words)
            return ""

    def as_of(self) -> str:
        if not self.text("as_of"):
            return ""
        try:
            return _day(self.text("as_of"))
        except InputProblems as error:
            self.told(error.problems[0].code, "as_of", **error.problems[0].words)
            return self.text("as_of")

    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t for t in _SEPARATORS.split(self.text("tags").strip()) if t))


def _entry(path: Path, row: _Row, as_of: str, problems: list[Problem]) -> Entry:
    cells = _Cells(path, row, problems)
    return Entry(
        id=cells.id(),
        engagement=cells.engagement(),
        name=cells.text("name"),
        lang=cells.lang(),
        as_of=cells.as_of() or as_of,
        tags=cells.tags(),
        line=row.line,
    )


def _folder(path: Path, engagement: str) -> str:
    """
    Where an engagement is: a URL, or a path as seen from the portfolio file.
    """
    engagement = storage.plain(engagement)
    if storage.is_url(engagement):
        return engagement
    return str(Path(os.path.abspath(path.parent / engagement.replace("\\", "/"))))  # noqa: PTH100 - a link stays one


def _repeated(path: Path, entries: Iterable[Entry], problems: list[Problem]) -> None:
    """
    Ids that fold to the same, and engagements that would count twice.
    """
    ids: dict[str, Entry] = {}
    assessed: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        folded = unicodedata.normalize("NFKC", entry.id).casefold()
        place = (path.name, entry.line)
        if folded and (first := ids.setdefault(folded, entry)) is not entry:
            other: dict[str, object] = {"first": first.line, "other": shown(first.id)}
            problems.append(Problem("batch_id_twice", *place, "id", entry.id, other))
        what = (storage.canonical(entry.engagement), entry.as_of)
        if entry.engagement and (first := assessed.setdefault(what, entry)) is not entry:
            words = {"first": first.line}
            problems.append(Problem("batch_engagement_twice", *place, "engagement", entry.engagement, words))
