"""
What the records of provision and of receipt have in common (Arts 29 and 30).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from appi_assess.clocks import kept_until
from appi_assess.registers import Days, Mask, Rows
from appi_assess.wording import LANGUAGES, say

from . import Result

FROM_THE_LAST = ("together", "contract")  # kept from the last provision, not from the record


def record_due(rows: Rows, first: str, last: str) -> Days:
    """
    The last day on which each record must still be there (Art. 29(2), Rules Art. 21; Art. 30(4)).

    It is 1 year from the last provision where a contract stands in, 3 years from it for records
    made together, and 3 years from making the record otherwise. A record without its day was made
    no earlier than the data went over.

    Args:
        rows: The provisions or receipts.
        first: The column of the first day on which data went over.
        last: The column of the last one.
    """
    began, made = rows.date(first), rows.date("recorded_on")
    start = np.where(
        rows.says("recorded_how", *FROM_THE_LAST),
        np.fmax(began, rows.date(last)),
        np.where(np.isnat(made), began, made),
    )
    years = np.where(rows.says("recorded_how", "contract"), 1, 3)
    return kept_until(start, years)


def written(rows: Rows, among: Mask, *columns: str) -> Mask:
    """
    Where these columns say something, looking at some rows only: reading a million texts takes time.
    """
    found = np.zeros(len(rows), dtype=bool)
    if not among.any():
        return found
    found[among] = rows.filled(*columns, among=among)
    return found


def recorded(rows: Rows) -> Mask:
    """
    Where a record was made or a contract stands in. Where nothing is said of the method, a row with
    the day of recording, or with principal and items, is itself the record.
    """
    unsaid = ~rows.filled("recorded_how")
    made = rows.says("recorded_how", "each", *FROM_THE_LAST) | (unsaid & rows.filled("recorded_on"))
    return made | written(rows, unsaid & ~made, "principal", "items")


def still_kept(rows: Rows, first: str, last: str) -> Mask:
    """
    Where the record is there, or was destroyed too early.
    """
    destroyed = rows.date("destroyed_on")
    found = np.isnat(destroyed)
    gone = ~found
    if not gone.any():
        return found
    dated = rows.only(gone, "recorded_how", "recorded_on", first, last)
    found[gone] = destroyed[gone] <= record_due(dated, first, last)
    return found


def complete(rows: Rows, speaks: Mask, held: Mapping[str, Mask]) -> Result:
    """
    Which records hold their whole content, with what each of the others lacks in words.

    The sentence names the columns and not their cells, which may tell who somebody is.

    Args:
        rows: The provisions or receipts.
        speaks: The records that are judged.
        held: For each column of the content, where it is there.
    """
    passes = np.ones(len(rows), dtype=bool)
    missing = {lang: np.full(len(rows), "", dtype=object) for lang in LANGUAGES}
    for column, there in held.items():
        heading, gone = rows.register.column(column).heading, speaks & ~there
        for lang, said in missing.items():
            said[gone] += np.where(said[gone] == "", "", say("list", lang)).astype(object) + heading[lang]
        passes &= there
    return speaks, passes, {f"missing_{lang}": said for lang, said in missing.items()}
