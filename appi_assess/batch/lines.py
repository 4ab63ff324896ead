"""
What the command line says at the end of a batch: a table, failures first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from appi_assess.batch.batch import Result
from appi_assess.batch.portfolio import Entry
from appi_assess.batch.task import Outcome
from appi_assess.problems import NotebookFailed, shown
from appi_assess.wording import say

_REASON_LINES = 3
_NAME = 24  # characters of a name in the table


def failure_line(outcome: Outcome, lang: str) -> str:
    """
    A failure in one line, as it happens.
    """
    found = outcome.failure
    if found is None:
        return ""
    reason = shown(found.reason[lang].splitlines()[0] if found.reason[lang] else "", 300)
    if found.notebook:
        reason = NotebookFailed(found.notebook, found.cell, reason).said(lang)
    return say("batch.failed", lang, id=outcome.id, reason=reason)


def lines(result: Result, entries: Sequence[Entry], out: str, lang: str) -> Iterator[str]:
    """
    The table of failures, then how many there are of each, then where to look.
    """
    names = {entry.id: shown(entry.name, _NAME) for entry in entries}
    failures = [o for o in result.outcomes if o.failure]
    if failures:
        head = [say(f"batch.head.{key}", lang) for key in ("id", "name", "notebook", "cell", "reason")]
        yield from _table([head, *(row for o in failures for row in _rows(o, names[o.id], lang))])
        yield ""
    counts = {s: sum(o.state == s for o in result.outcomes) for s in ("done", "kept", "failed", "stopped")}
    yield say("batch.counts", lang, total=len(result.outcomes), **counts)
    if result.others:
        listed = say("list", lang).join(result.others[:20]) + ("…" if len(result.others) > 20 else "")  # noqa: PLR2004
        yield say("batch.others", lang, count=len(result.others), ids=listed)
    if result.state == "interrupted":
        yield say("batch.interrupted", lang)
    elif result.portfolio is None:
        yield say("batch.made", lang, folder=out)
    elif result.portfolio.notebook:
        found = result.portfolio
        yield NotebookFailed(found.notebook, found.cell, shown(found.reason[lang], 300)).said(lang)
    else:
        yield result.portfolio.reason[lang]
    if failures:
        yield say("batch.again", lang, folder=out)


def _rows(outcome: Outcome, name: str, lang: str) -> Iterator[list[str]]:
    """
    The rows of one failure: its reason may have several problems.
    """
    found = outcome.failure
    if found is None:
        return
    reasons = [shown(line, 300) for line in found.reason[lang].splitlines()] or [""]
    if more := len(reasons) - _REASON_LINES:
        reasons = reasons[:_REASON_LINES] + ([say("batch.more", lang, count=more)] if more > 0 else [])
    cell = "" if found.cell is None else str(found.cell)
    yield [outcome.id, name, found.notebook.removesuffix(".ipynb"), cell, reasons[0]]
    for reason in reasons[1:]:
        yield ["", "", "", "", reason]


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "FWA" else 1 for c in text)
