"""
From verdicts to figures: conformity, coverage, assurance and status (README, figures).

Pure and vectorised: one call scores any number of engagements and any grouping.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from .assess import SUPPORTS, VERDICTS, Judged

MEASURES = ("legal", "best_effort", "good_practice", "promises", "other_laws")
GROUPINGS = ("article", "theme", "policy_section", "severity", "duty")
STATUSES = ("unmet", "gap", "open", "clear", "out_of_scope")
OVERALL = "overall"
_WHOLE = 1000  # tenths of a percent
_STATUTE = ("statute", "order_or_rule")


def score(law: pd.DataFrame, judged: Judged, measure: str = "legal", by: str | None = None) -> pd.DataFrame:
    """
    The figures of one measure, overall or per group, straight from the requirements.

    Args:
        law: ``Catalogue.frame``.
        judged: What ``assess`` concluded; same columns in the same order.
        measure: One of ``MEASURES``; never averaged with another.
        by: One of ``GROUPINGS``; None for all requirements together. A requirement promised in
            several policy sections counts in each.

    Returns:
        One row per engagement and group, with

        - ``weight``: sum of weights of the applicable requirements (denominator)
        - ``low``, ``high``: numerators of the conformity interval
        - ``known``: numerator of coverage
        - ``met_weight``, ``evidenced_weight``: denominator and numerator of assurance
        - ``met``, ``partly``, ``not_met``, ``unknown``, ``not_applicable``: counts
        - ``status``: one of ``STATUSES``
    """
    labels, figures = _tally(law, judged, measure, by)
    index = pd.MultiIndex.from_product([judged.verdict.index, labels], names=["engagement", by or OVERALL])
    return pd.DataFrame({name: values.ravel() for name, values in figures.items()}, index=index)


def score_one(
    law: pd.DataFrame, judged: Judged, measure: str = "legal", by: str | None = None
) -> dict[Any, SimpleNamespace]:
    """
    The same for the first (only) engagement: its figures by group, without a frame.
    """
    labels, figures = _tally(law, judged, measure, by)
    columns = [values[0].tolist() for values in figures.values()]
    rows = zip(*columns, strict=True)
    return {
        label: SimpleNamespace(**dict(zip(figures, row, strict=True)))
        for label, row in zip(labels, rows, strict=True)
    }


def _tally(
    law: pd.DataFrame, judged: Judged, measure: str, by: str | None
) -> tuple[list[Any], dict[str, Any]]:
    """
    The groups, and each figure as an array of engagements by groups.
    """
    rows = law[law["measure"] == measure]
    labels, members = _members(rows, by)
    places = judged.verdict.columns.get_indexer(rows.index)
    if (places < 0).any():
        raise KeyError(rows.index[places < 0][0])
    verdict = judged.verdict.to_numpy()[:, places]
    evidenced = judged.support.to_numpy()[:, places] == SUPPORTS.index("evidenced")
    weight = rows["weight"].to_numpy(dtype=float)[:, None] * members
    is_ = {name: (verdict == code).astype(float) for code, name in enumerate(VERDICTS)}
    counts = {v: is_[v] @ members for v in is_}
    by_weight = {v: is_[v] @ weight for v in ("met", "partly", "not_met", "unknown")}
    # In the other measures every unmet line is the gravest of its own ladder.
    grave = rows["basis"].isin(_STATUTE).to_numpy() if measure == "legal" else np.ones(len(rows), bool)
    unmet = is_["not_met"] @ (members * grave[:, None])
    low = by_weight["met"] + by_weight["partly"] / 2
    known = by_weight["met"] + by_weight["partly"] + by_weight["not_met"]
    applicable = sum(counts[v] for v in ("met", "partly", "not_met", "unknown"))
    status = np.select(
        [applicable == 0, unmet > 0, counts["not_met"] + counts["partly"] > 0, counts["unknown"] > 0],
        ["out_of_scope", "unmet", "gap", "open"],
        "clear",
    )
    return labels, {
        "weight": known + by_weight["unknown"],
        "low": low,
        "high": low + by_weight["unknown"],
        "known": known,
        "met_weight": by_weight["met"],
        "evidenced_weight": (is_["met"] * evidenced) @ weight,
        **{name: count.astype(int) for name, count in counts.items()},
        "status": status,
    }


def _members(rows: pd.DataFrame, by: str | None) -> tuple[list[Any], Any]:
    """
    The groups and a requirements-by-groups matrix of ones and zeros.
    """
    if by is None:
        return [OVERALL], np.ones((len(rows), 1))
    if by not in GROUPINGS:
        raise ValueError(f"by must be one of {GROUPINGS}, not {by!r}")
    of = [value if isinstance(value, tuple) else (value,) for value in rows[by]]
    labels = list(dict.fromkeys(label for values in of for label in values))
    places = {label: place for place, label in enumerate(labels)}
    members = np.zeros((len(rows), len(labels)))
    for row, values in enumerate(of):
        members[row, [places[label] for label in values]] = 1
    return labels, members


def gain(weight: int, verdict: str, total: float) -> Fraction:
    """
    What closing a gap adds to the conformity interval (README, action plan).

    Args:
        weight: The requirement's weight.
        verdict: ``not_met``, ``partly`` or ``unknown``.
        total: The measure's sum of weights.
    """
    share = {"not_met": Fraction(1), "partly": Fraction(1, 2), "unknown": Fraction(1)}[verdict]
    return weight * share / Fraction(total)


def percent(part: float, whole: float) -> str | None:
    """
    A rate as shown: one decimal, half up; below 100 % never 100.0 %, above 0 % never 0.0 %.

    Returns:
        The text, or None when there is nothing to score.

    Examples:
        >>> percent(5.5, 12), percent(9996, 10000), percent(1, 100000), percent(0, 0)
        ('45.8 %', '99.9 %', '0.1 %', None)
    """
    if not whole:
        return None
    rate = Fraction(part) / Fraction(whole) * _WHOLE
    tenths = int(rate + Fraction(1, 2))
    if rate < _WHOLE:
        tenths = min(tenths, _WHOLE - 1)
    if rate > 0:
        tenths = max(tenths, 1)
    return f"{tenths // 10}.{tenths % 10} %"
