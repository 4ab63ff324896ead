"""
What several checks share: what counts as within a year, and how names of parties are compared.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from appi_assess.clocks import minus_years
from appi_assess.registers import Days, Mask, Rows

# "Without delay" has no day count. The kit does not judge what is younger; this is no time limit.
TOO_FRESH = np.timedelta64(30, "D")
_LEGAL_FORM = re.compile(
    r"株式会社|\(株\)|有限会社|\(有\)|合同会社|,? ?co\.?,? ?ltd\.?|,? ?inc\.?$|,? ?ltd\.?$"
)


def as_date(day: np.datetime64) -> date:
    """
    A day of a column as a plain date.
    """
    found: Any = day.astype("datetime64[D]").item()
    return date(found.year, found.month, found.day)


def within_a_year(done: Days, started: Days, day: np.datetime64) -> Mask:
    """
    Where something was done in the year before a day, or the relation is younger than that year.
    """
    limit = np.datetime64(minus_years(as_date(day), 1), "D")
    found: Mask = (done >= limit) | (np.isnat(done) & (started >= limit))
    return found


def party(name: str) -> str:
    """
    A party's name as it is compared: width, case, spaces, legal form and remarks in brackets do
    not matter.

    Examples:
        >>> party("㈱ミナモ　データ") == party("ミナモデータ株式会社（大阪支店）")
        True
    """
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return re.sub(r"[\s・.,]+|\([^()]*\)", "", _LEGAL_FORM.sub("", folded)) or folded


def named_in(rows: Rows, column: str, other: Rows, other_column: str, among: Mask | None = None) -> Mask:
    """
    Where a party of one register is named in another one, among all of its rows or some.
    """
    names = other.text(other_column)
    known = {party(n) for n in pd.unique(names if among is None else names[among])}
    return rows.where(column, lambda name: party(name) in known)
