"""
From answers to verdicts, for any number of engagements in one call (``scoring.md`` 2).

Pure: frames in, frames out; no file, no clock, no format. Rows are engagements, columns are
requirement ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

VERDICTS = ("met", "partly", "not_met", "not_applicable", "unknown")
SUPPORTS = ("evidenced", "stated", "stale", "contradicted")
RULES = ("gate_closed", "declared", "declared_incomplete", "register", "answer", "unanswered")
_NOT_MET, _PARTLY, _MET = 0, 1, 2


@dataclass(frozen=True)
class Judged:
    """
    What was concluded, each a frame of engagements by requirement ids.

    Attributes:
        verdict: One of ``VERDICTS``.
        rule: The rule of ``scoring.md`` 2 that decided, one of ``RULES``.
        support: One of ``SUPPORTS`` for ``met`` and ``partly``, else empty.
        gate: The gate entry that closed, else empty.
    """

    verdict: pd.DataFrame
    rule: pd.DataFrame
    support: pd.DataFrame
    gate: pd.DataFrame


def assess(
    law: pd.DataFrame,
    scope: pd.DataFrame,
    answers: pd.DataFrame,
    declared: pd.DataFrame,
    evidence: pd.DataFrame,
    contradicted_gates: pd.DataFrame | None = None,
    checks: pd.DataFrame | None = None,
) -> Judged:
    """
    Judge every requirement of every engagement.

    Args:
        law: ``Catalogue.frame``: the requirements in force, with their ``gates``.
        scope: ``yes``, ``no`` or empty; columns are gates.
        answers: ``met``, ``partly``, ``not_met``, ``not_applicable`` or empty.
        declared: True where a not-applicable answer has reason, approver and date.
        evidence: ``current``, ``stale`` or empty, as ``evidence_state`` gives it.
        contradicted_gates: True where register rows contradict a closed gate; same shape as
            ``scope``. Such a gate counts as open.
        checks: Results of register checks, one row each, with columns ``engagement``,
            ``requirement``, ``rows``, ``failing``, ``decisive``, ``sufficient``. A check without
            rows says nothing.

    Returns:
        The verdicts with their rules and support.
    """
    engagements, ids = answers.index, law.index
    answer = _aligned(answers, engagements, ids)
    complete = _aligned(declared, engagements, ids) == True  # noqa: E712 - elementwise
    backing = _aligned(evidence, engagements, ids)
    closed_by = _closed(law, scope.reindex(index=engagements), contradicted_gates)
    worst, sufficient = _checked(checks, engagements, ids)

    level = np.select([answer == "met", answer == "partly", answer == "not_met"], [_MET, _PARTLY, _NOT_MET], -1)
    judged = np.where(level < 0, worst, np.minimum(level, np.where(worst < 0, _MET, worst)))
    lowered = (level >= 0) & (judged < level)
    by_register = lowered | ((level < 0) & (worst >= 0))

    gate_closed = closed_by != ""
    declares = answer == "not_applicable"
    rule = np.select(
        [gate_closed, declares & complete, declares, by_register, level >= 0],
        list(RULES[:5]),
        "unanswered",
    ).astype(object)
    scale = np.array(["not_met", "partly", "met"], dtype=object)
    verdict = np.select(
        [gate_closed | (declares & complete), declares | (judged < 0)],
        ["not_applicable", "unknown"],
        scale[np.clip(judged, 0, 2)],
    ).astype(object)
    backed = np.isin(verdict, ("met", "partly"))
    support = np.select(
        [~backed, lowered, (backing == "current") | (sufficient & (worst < 0)), backing == "stale"],
        ["", "contradicted", "evidenced", "stale"],
        "stated",
    ).astype(object)

    def frame(values: Any) -> pd.DataFrame:
        return pd.DataFrame(values, index=engagements, columns=ids)

    return Judged(frame(verdict), frame(rule), frame(support), frame(closed_by))


def evidence_state(pieces: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """
    What the evidence for each answer is worth on a day.

    Args:
        pieces: One row per piece: ``engagement``, ``requirement``, ``exists``, ``dated``,
            ``valid_until`` (dates or None).
        as_of: The day.

    Returns:
        ``current`` where one piece exists, is dated on or before the day and not past its
        ``valid_until``; ``stale`` where all that exist are past it; else empty.
    """
    if pieces.empty:
        return pd.DataFrame(dtype=object)
    day = pd.Timestamp(as_of)
    dated, until = pd.to_datetime(pieces["dated"]), pd.to_datetime(pieces["valid_until"])
    exists = pieces["exists"].astype(bool)
    past = exists & (until < day)
    current = exists & (dated <= day) & ~past
    keys = [pieces["engagement"], pieces["requirement"]]
    any_current = current.groupby(keys).any()
    all_past = past.groupby(keys).sum().eq(exists.groupby(keys).sum()) & past.groupby(keys).any()
    state = pd.Series(np.select([any_current, all_past], ["current", "stale"], ""), index=any_current.index)
    return state.unstack(fill_value="")


def _aligned(frame: pd.DataFrame, engagements: pd.Index, ids: pd.Index) -> Any:
    """
    The values in the order of engagements and requirements; empty text where there is none.
    """
    aligned = frame.reindex(index=engagements, columns=ids).astype(object)
    return aligned.where(aligned.notna(), "").to_numpy()


def _closed(law: pd.DataFrame, scope: pd.DataFrame, contradicted: pd.DataFrame | None) -> Any:
    """
    The first gate entry that is closed per engagement and requirement, or empty.

    An entry ``G06 or G07`` is closed when all its gates are answered no.
    """
    no = scope.eq("no")
    if contradicted is not None:
        no &= ~contradicted.reindex(index=scope.index, columns=scope.columns).eq(True)
    result = np.full((len(scope), len(law)), "", dtype=object)
    shut: dict[str, Any] = {}
    for column, entries in enumerate(law["gates"]):
        for entry in entries:
            if entry not in shut:
                gates = [no[g].to_numpy() if g in no else np.zeros(len(scope), bool) for g in entry.split(" or ")]
                shut[entry] = np.logical_and.reduce(gates)
            hit = shut[entry] & (result[:, column] == "")
            result[hit, column] = entry
    return result


def _checked(checks: pd.DataFrame | None, engagements: pd.Index, ids: pd.Index) -> tuple[Any, Any]:
    """
    What the registers say: the level that failing checks allow (-1: none fails), and whether a
    sufficient check passed.
    """
    worst = np.full((len(engagements), len(ids)), -1)
    sufficient = np.zeros((len(engagements), len(ids)), dtype=bool)
    if checks is None or checks.empty:
        return worst, sufficient
    used = checks[(checks["rows"] > 0) & checks["requirement"].isin(ids)]
    row, column = engagements.get_indexer(used["engagement"]), ids.get_indexer(used["requirement"])
    failing, rows = used["failing"].to_numpy(), used["rows"].to_numpy()
    broken = used["decisive"].to_numpy(dtype=bool) | (failing == rows)
    level = np.where(failing == 0, -1, np.where(broken, _NOT_MET, _PARTLY))
    # Partly first, then not met, so that the lower level stands where both were found.
    for value in (_PARTLY, _NOT_MET):
        hit = level == value
        worst[row[hit], column[hit]] = value
    passed = used["sufficient"].to_numpy(dtype=bool) & (failing == 0)
    sufficient[row[passed], column[passed]] = True
    return worst, sufficient
