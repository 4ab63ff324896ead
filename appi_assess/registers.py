"""
Registers (台帳) as values: what each one holds, and its rows with types.

What a register looks like is data (``tables/registers``): headings, kinds, accepted words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import text
from .requirement import Frozen, Text
from .tables import table

Mask = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Kind = Literal["text", "date", "number", "yes_no", "choice", "choices", "country", "countries", "ids"]

_LONGEST_NOTHING = 20  # characters; longer cells say something
SEVERAL = "|"  # between the values of a cell that holds several


class Choice(Text):
    """
    One value that a column may hold.
    """

    also: tuple[str, ...] = ()


class Column(Frozen):
    """
    One column of a register.

    Attributes:
        heading: The heading in the templates.
        also: Other headings under which people keep it.
        kind: How its cells are read.
        required: The column must be there and every row must fill it.
        future: A date that may lie after the assessment date, such as a period's end; any other
            date after it has not happened yet and counts as blank.
        choices: The values of a ``choice`` with their names and further accepted words.
        help: What to write.
        example: A cell of the example row.
    """

    name: str
    heading: Text
    also: tuple[str, ...] = ()
    kind: Kind = "text"
    required: bool = False
    future: bool = False
    choices: Mapping[str, Choice] = {}
    help: Text
    example: Mapping[str, str] = {}


class Register(Frozen):
    """
    A register: its columns, and how a reader finds the way in it.

    Attributes:
        name: The name of its file.
        row: What one row is.
        chapter: The notebook that shows it.
        subject: The column that names a row's subject, shown first.
        since: The date column from which a row exists; rows that begin after the assessment
            date are not judged. Empty if rows have no such date.
        heads: Short names of what its checks look at, in the order of the matrix.
        columns: In the order of the template.
    """

    name: str
    title: Text
    row: Text
    chapter: str
    subject: str
    since: str = ""
    heads: Mapping[str, Text]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """
        The column of that name.
        """
        return next(c for c in self.columns if c.name == name)


REGISTERS = (
    "purposes",
    "entrusted_parties",
    "third_party_provisions",
    "receipts",
    "foreign_transfers",
    "adequacy_data",
    "incidents",
    "requests",
    "processed_information",
    "external_transmissions",
    "joint_uses",
    "evidence",
)


@cache
def register(name: str) -> Register:
    """
    The description of one register, from ``tables/registers``.
    """
    content = dict(table(f"registers/{name}"))
    columns = [{"name": key, **row} for key, row in content.pop("columns").items()]
    return Register.model_validate({"name": name, "columns": columns, **content})


@dataclass(frozen=True)
class Coded:
    """
    The values of a column that holds few different ones.

    Attributes:
        names: The different values; several of one cell are joined by ``|``.
        codes: For each row the place of its value among them; -1 for blank.
    """

    names: Sequence[str]
    codes: npt.NDArray[Any]

    def __getitem__(self, rows: Any) -> Coded:
        return Coded(self.names, self.codes[rows])

    def words(self, blank: str | None) -> npt.NDArray[np.object_]:
        """
        The value of each row, with ``blank`` where there is none.
        """
        found: npt.NDArray[np.object_] = np.array([*self.names, blank], dtype=object)[self.codes]
        return found


@dataclass(frozen=True)
class Rows:
    """
    The rows of one register with their types.

    Attributes:
        register: What its columns mean.
        numbers: The row numbers in the file, as the user sees them.
        columns: The values of every column, never changed: texts as an array of strings (blank is
            empty), dates as ``datetime64[D]``, numbers as floats, all others ``Coded``.
        file: The file, relative to the engagement.
        headings: The heading in the file by column; a column that the file lacks is absent here
            and blank in ``columns``.
        read: How many filled rows the file holds below its headings.
        examples: How many of them are examples of the template, which are not judged.
        memo: What ``once`` has made.
    """

    register: Register
    numbers: npt.NDArray[np.int64]
    columns: Mapping[str, Any]
    file: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    read: int = 0
    examples: int = 0
    memo: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        for values in self.columns.values():
            array = values.codes if isinstance(values, Coded) else values
            array.flags.writeable = False

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """
        A value derived from these rows that several checks need, made the first time.
        """
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def __len__(self) -> int:
        return len(self.numbers)

    def only(self, some: Mask, *columns: str) -> Rows:
        """
        Some of the rows, with all their columns or these.
        """
        kept = {name: self.columns[name][some] for name in columns or self.columns}
        return replace(self, numbers=self.numbers[some], columns=kept)

    def cells(self, column: str, places: Any) -> list[Any]:
        """
        The values of some rows: texts, days or numbers; blank is empty, None or NaN.
        """
        values = self.columns[column][places]
        found: list[Any] = (values.words(None) if isinstance(values, Coded) else values).tolist()
        return found

    def filled(self, *columns: str, among: Mask | None = None) -> Mask:
        """
        Where all these columns say something; ``N/A`` and the like say nothing.

        Args:
            columns: The columns.
            among: The rows that are looked at and answered for; by default all.
        """
        found = np.ones(len(self) if among is None else int(among.sum()), dtype=bool)
        for name in columns:
            found &= self._filled(name, among)
        return found

    def _filled(self, name: str, among: Mask | None) -> Mask:
        values = self.columns[name] if among is None else self.columns[name][among]
        if isinstance(values, Coded):
            mask: Mask = values.codes >= 0
        elif values.dtype != object:
            mask = ~np.isnan(values) if values.dtype == float else ~np.isnat(values)
        elif among is None:
            mask = self._answered(name, "filled", lambda value: not says_nothing(value))
        else:
            mask = np.array([not says_nothing(value) for value in values], dtype=bool)
        return mask

    def says(self, column: str, *values: str) -> Mask:
        """
        Where the column holds one of these values, alone or among several.
        """
        return self._answered(column, values, lambda value: not set(value.split(SEVERAL)).isdisjoint(values))

    def where(self, column: str, test: Callable[[str], bool]) -> Mask:
        """
        Where the value passes ``test``, which is asked once per distinct value; blank never does.
        """
        found = self._distinct(column)
        mask: Mask = _answers(found.names, test)[found.codes]
        return mask

    def _answered(self, column: str, question: Any, test: Callable[[str], bool]) -> Mask:
        """
        The same for a question that many checks ask: the answers, not the rows, are kept.
        """
        found = self._distinct(column)
        mask: Mask = self.once((column, question), lambda: _answers(found.names, test))[found.codes]
        return mask

    def _distinct(self, column: str) -> Coded:
        values = self.columns[column]
        if isinstance(values, Coded):
            return values
        found: Coded = self.once(column, lambda: _distinct(values))
        return found

    def date(self, column: str) -> Days:
        """
        The days of a column; NaT where blank, and every comparison with NaT is False.
        """
        days: Days = self.columns[column]
        return days

    def number(self, column: str) -> npt.NDArray[np.float64]:
        """
        The numbers of a column; NaN where blank.
        """
        numbers: npt.NDArray[np.float64] = self.columns[column]
        return numbers

    def text(self, column: str) -> npt.NDArray[np.object_]:
        """
        The texts of a column of texts or of ``Coded`` values; empty where blank.
        """
        values = self.columns[column]
        texts: npt.NDArray[np.object_] = values.words("") if isinstance(values, Coded) else values
        return texts

    def happened_by(self, day: np.datetime64) -> Rows:
        """
        The rows that exist on a day, without the dates that lie after it.
        """
        since = self.register.since
        rows = self.only(~later) if since and (later := self.date(since) > day).any() else self
        blanked = {}
        for column in self.register.columns:
            if column.kind == "date" and not column.future:
                days = rows.date(column.name)
                later = days > day
                if later.any():
                    blanked[column.name] = np.where(later, np.datetime64("NaT", "D"), days)
        return replace(rows, columns={**rows.columns, **blanked})


def _answers(names: Sequence[str], test: Callable[[str], bool]) -> Mask:
    """
    What ``test`` says of each value, and False at the end, where the place -1 of blank finds it.
    """
    return np.array([*[bool(name) and test(name) for name in names], False], dtype=bool)


def _distinct(texts: npt.NDArray[np.object_]) -> Coded:
    codes, names = pd.factorize(texts)
    return Coded(names.tolist(), codes)


def says_nothing(value: str) -> bool:
    """
    Whether a cell says that there is nothing to write, or that it is not known or not done.

    Examples:
        >>> says_nothing("ー"), says_nothing("Ｎ/Ａ"), says_nothing("確認中"), says_nothing("なし崩し")
        (True, True, True, False)
    """
    return len(value) <= _LONGEST_NOTHING and text.fold(value).casefold() in _nothing()


@cache
def _nothing() -> frozenset[str]:
    return frozenset(
        ("", *(text.fold(w).casefold() for words in table("words")["nothing"].values() for w in words))
    )


def empty_column(kind: Kind, length: int) -> Any:
    """
    A blank column of a kind.
    """
    if kind == "text":
        return np.full(length, "", dtype=object)
    if kind == "date":
        return np.full(length, "NaT", dtype="datetime64[D]")
    if kind == "number":
        return np.full(length, np.nan)
    return Coded((), np.full(length, -1, dtype=np.int8))
