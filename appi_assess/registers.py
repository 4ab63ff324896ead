"""
Registers (台帳) as values: what each one holds, and its rows with types.

What a register looks like is data (``tables/registers``): headings, kinds, accepted words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
class Rows:
    """
    The rows of one register with their types.

    Attributes:
        register: What its columns mean.
        frame: One row per row of the file; the index is the row number as the user sees it.
            Text columns hold strings (blank is empty), dates ``datetime64[s]``, numbers floats;
            all others are categorical, with several values of a cell joined by ``|``.
        file: The file, relative to the engagement.
        headings: The heading in the file by column; a column that the file lacks is absent here
            and blank in ``frame``.
        read: How many filled rows the file holds below its headings.
        examples: How many of them are examples of the template, which are not judged.
        memo: What ``once`` has made.
    """

    register: Register
    frame: pd.DataFrame
    file: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    read: int = 0
    examples: int = 0
    memo: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """
        A value derived from these rows that several checks need, made the first time.
        """
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """
        The row numbers in the file.
        """
        return self.frame.index.to_numpy()

    def values(self, column: str) -> Any:
        """
        The values of a column as pandas keeps them, which many checks look at one after the other.
        """
        return self.once(("values", column), lambda: self.frame[column].array)

    def filled(self, *columns: str) -> Mask:
        """
        Where all these columns say something; ``N/A`` and the like say nothing.
        """
        found = np.ones(len(self.frame), dtype=bool)
        for name in columns:
            if self.register.column(name).kind == "text":
                found &= self.where(name, lambda value: not says_nothing(value))
            else:
                found &= ~self.values(name).isna()
        return found

    def says(self, column: str, *values: str) -> Mask:
        """
        Where the column holds one of these values, alone or among several.
        """
        return self.where(column, lambda value: not set(value.split(SEVERAL)).isdisjoint(values))

    def where(self, column: str, test: Callable[[str], bool]) -> Mask:
        """
        Where the value passes ``test``, which is asked once per distinct value; blank never does.
        """
        names, codes = self.once(("distinct", column), lambda: _distinct(self.values(column)))
        answers = np.array([*(bool(name) and test(name) for name in names), False], dtype=bool)
        found: Mask = answers[codes]
        return found

    def date(self, column: str) -> Days:
        """
        The days of a column; NaT where blank, and every comparison with NaT is False.
        """
        days: Days = self.values(column).to_numpy().astype("datetime64[D]")
        return days

    def number(self, column: str) -> npt.NDArray[np.float64]:
        """
        The numbers of a column; NaN where blank.
        """
        numbers: npt.NDArray[np.float64] = self.values(column).to_numpy(dtype=float)
        return numbers

    def text(self, column: str) -> pd.Series[str]:
        """
        The texts of a column; empty where blank.
        """
        return self.frame[column].astype(object).fillna("")

    def happened_by(self, day: np.datetime64) -> Rows:
        """
        The rows that exist on a day, without the dates that lie after it.
        """
        frame = self.frame
        if self.register.since:
            later = frame[self.register.since].to_numpy().astype("datetime64[D]") > day
            frame = frame[~later] if later.any() else frame
        blanked = {}
        for column in self.register.columns:
            if column.kind == "date" and not column.future:
                values = frame[column.name]
                later = values.to_numpy().astype("datetime64[D]") > day
                if later.any():
                    blanked[column.name] = values.mask(later)
        return replace(self, frame=frame.assign(**blanked) if blanked else frame)


def _distinct(values: Any) -> tuple[list[Any], Any]:
    """
    The distinct values of a column, and the place of each row's value among them; -1 for blank.
    """
    if isinstance(values, pd.Categorical):
        return values.categories.tolist(), values.codes
    codes, names = pd.factorize(values)
    return names.tolist(), codes


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
        return np.full(length, "NaT", dtype="datetime64[s]")
    if kind == "number":
        return np.full(length, np.nan)
    return categories(np.full(length, -1, dtype=np.int8), [])


def categories(codes: Any, values: list[str]) -> pd.Categorical:
    """
    A categorical column from places in a list of values; -1 is blank.
    """
    return pd.Categorical.from_codes(codes, categories=pd.Index(values, dtype=object))
