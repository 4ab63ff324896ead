"""
From answers to verdicts, for any number of engagements in one call (README, verdicts).

Pure: frames in, frames out; no file, no clock, no format. Rows are engagements, columns are
requirement ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

VERDICTS = ("met", "partly", "not_met", "not_applicable", "unknown")
SUPPORTS = ("evidenced", "stated", "stale", "contradicted")
RULES = ("gate_closed", "declared", "declared_incomplete", "register", "answer", "unanswered")
_ANSWERS = ("not_met", "partly", "met", "not_applicable")
_NOT_MET, _PARTLY, _MET, _DECLARED = range(4)


@dataclass(frozen=True)
class Judged:
    """
    What was concluded: frames of engagements by requirement ids, holding places in lists of names.

    Small numbers instead of words keep ten thousand engagements small and quick to score;
    ``named`` gives the words.

    Attributes:
        verdict: Places in ``VERDICTS``.
        rule: Places in ``RULES``: the rule (README, verdicts) that decided.
        support: Places in ``SUPPORTS``; -1 where the verdict is neither ``met`` nor ``partly`` and
            no register contradicts the answer.
        gate: Places in ``entries``: the gate entry that closed; -1 for none.
        entries: The gate entries of the law, such as ``G06 or G07``.
    """

    verdict: pd.DataFrame
    rule: pd.DataFrame
    support: pd.DataFrame
    gate: pd.DataFrame
    entries: tuple[str, ...] = ()

    def of(self, ids: Sequence[str]) -> Judged:
        """
        The same for some requirements only.
        """
        some = list(ids)
        return Judged(self.verdict[some], self.rule[some], self.support[some], self.gate[some], self.entries)

    def named(self, part: str) -> pd.DataFrame:
        """
        One of the four frames in words; empty where there is none.
        """
        return pd.DataFrame(
            self.words(part), index=self.verdict.index, columns=self.verdict.columns, dtype=object
        )

    def words(self, part: str) -> npt.NDArray[np.object_]:
        """
        What ``named`` gives, as a plain array of engagements by requirements.
        """
        names = {"verdict": VERDICTS, "rule": RULES, "support": SUPPORTS, "gate": self.entries}[part]
        places: pd.DataFrame = getattr(self, part)
        found: npt.NDArray[np.object_] = np.array([*names, ""], dtype=object)[places.to_numpy()]
        return found


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
    answer = _places(answers, _ANSWERS, engagements, ids)
    complete = _places(declared, (True,), engagements, ids) == 0
    backing = _places(evidence, ("current", "stale"), engagements, ids)
    entries, closed_by = _closed(law, scope.reindex(index=engagements), contradicted_gates)
    worst, sufficient = _checked(checks, engagements, ids)

    # Levels run from 0 (not met) to 2 (met); -1 says nothing. Checks can only lower.
    level = np.where(answer <= _MET, answer, -1)
    judged = np.where(level < 0, worst, np.minimum(level, np.where(worst < 0, _MET, worst)))
    lowered = (level >= 0) & (judged < level)
    shut, declares = closed_by >= 0, answer == _DECLARED
    rule = np.select(
        [shut, declares & complete, declares, lowered | ((level < 0) & (worst >= 0)), level >= 0],
        [RULES.index(r) for r in ("gate_closed", "declared", "declared_incomplete", "register", "answer")],
        RULES.index("unanswered"),
    )
    out, unknown = VERDICTS.index("not_applicable"), VERDICTS.index("unknown")
    verdict = np.select(
        [shut | (declares & complete), declares | (judged < 0)], [out, unknown], _MET - judged
    )
    support = np.select(
        [
            lowered & (rule == RULES.index("register")),
            verdict > VERDICTS.index("partly"),
            (backing == 0) | (sufficient & (worst < 0)),
            backing == 1,
        ],
        [SUPPORTS.index("contradicted"), -1, SUPPORTS.index("evidenced"), SUPPORTS.index("stale")],
        SUPPORTS.index("stated"),
    )

    def frame(values: Any) -> pd.DataFrame:
        return pd.DataFrame(values.astype(np.int16), index=engagements, columns=ids)

    return Judged(frame(verdict), frame(rule), frame(support), frame(closed_by), entries)


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
    day = np.datetime64(as_of, "D")
    dated, until = (np.array(pieces[c].tolist(), dtype="datetime64[D]") for c in ("dated", "valid_until"))
    exists = pieces["exists"].to_numpy(dtype=bool)
    past = exists & (until < day)
    current = exists & (dated <= day) & ~past
    (row, engagements), (column, ids) = (
        pd.factorize(pieces[c], sort=True) for c in ("engagement", "requirement")
    )

    def count(some: Any) -> Any:
        found = np.zeros((len(engagements), len(ids)), dtype=np.int64)
        np.add.at(found, (row[some], column[some]), 1)
        return found

    expired = count(past)
    state = np.select(
        [count(current) > 0, (expired > 0) & (expired == count(exists))], ["current", "stale"], ""
    )
    return pd.DataFrame(state.astype(object), index=engagements, columns=ids)


def _places(frame: pd.DataFrame, names: Sequence[object], engagements: pd.Index, ids: pd.Index) -> Any:
    """
    The place of each value in ``names``; -1 for anything else and where the frame has no value.
    """
    if frame.empty:
        return np.full((len(engagements), len(ids)), -1, dtype=np.int8)
    if not (frame.index.equals(engagements) and frame.columns.equals(ids)):
        frame = frame.reindex(index=engagements, columns=ids)
    values = frame.to_numpy(dtype=object)
    found = np.full(values.shape, -1, dtype=np.int8)
    for place, name in enumerate(names):
        found[values == name] = place
    return found


def _closed(
    law: pd.DataFrame, scope: pd.DataFrame, contradicted: pd.DataFrame | None
) -> tuple[tuple[str, ...], Any]:
    """
    The first gate entry that is closed per engagement and requirement, as a place; -1 for none.

    An entry ``G06 or G07`` is closed when all its gates are answered no.
    """
    closed = _places(scope, ("no",), scope.index, scope.columns) == 0
    if contradicted is not None:
        closed &= _places(contradicted, (True,), scope.index, scope.columns) < 0
    no = dict(zip(scope.columns, closed.T, strict=True))
    never = np.zeros(len(scope), dtype=bool)
    wanted = law["gates"].tolist()
    entries = tuple(dict.fromkeys(entry for gates in wanted for entry in gates))
    shut = {
        entry: np.logical_and.reduce([no.get(g, never) for g in entry.split(" or ")]) for entry in entries
    }
    first = {}
    for gates in dict.fromkeys(wanted):
        first[gates] = np.full(len(scope), -1, dtype=np.int16)
        for entry in reversed(gates):
            first[gates][shut[entry]] = entries.index(entry)
    return entries, np.stack([first[gates] for gates in wanted], axis=1)


def _checked(checks: pd.DataFrame | None, engagements: pd.Index, ids: pd.Index) -> tuple[Any, Any]:
    """
    What the registers say: the level that failing checks allow (-1: none fails), and whether a
    sufficient check passed.
    """
    worst = np.full((len(engagements), len(ids)), -1, dtype=np.int8)
    sufficient = np.zeros((len(engagements), len(ids)), dtype=bool)
    if checks is None or checks.empty:
        return worst, sufficient
    used = checks[(checks["rows"] > 0) & checks["requirement"].isin(ids)]
    row, column = (
        engagements.get_indexer(pd.Index(used["engagement"])),
        ids.get_indexer(pd.Index(used["requirement"])),
    )
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
