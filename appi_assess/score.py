"""
From verdicts to figures: conformity, coverage, assurance and status (README, figures).

Pure and vectorised: one call scores any number of engagements and any grouping.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    groups = grouped(law, measure, by)
    labels = [label for _, label in groups.labels]
    index = pd.MultiIndex.from_product([judged.verdict.index, labels], names=["engagement", by or OVERALL])
    figures = _tally(groups, judged)
    return pd.DataFrame({name: values.ravel() for name, values in figures.items()}, index=index)


def score_one(
    law: pd.DataFrame, judged: Judged, measure: str = "legal", by: str | None = None
) -> dict[Any, SimpleNamespace]:
    """
    The same for the first (only) engagement: its figures by group, without a frame.
    """
    groups = grouped(law, measure, by)
    rows = score_groups(groups, judged)
    return {label: row for (_, label), row in zip(groups.labels, rows, strict=True)}


@dataclass(frozen=True)
class Groups:
    """
    The requirements of one measure in groups: what the law alone decides of the figures.

    Attributes:
        ids: The requirements.
        labels: Each group with its grouping.
        members: Requirements by groups, 1 where one belongs to the other, else 0.
        weight: The same with weights.
        grave: The same with 1 only for requirements that make a group unmet.
    """

    ids: pd.Index
    labels: tuple[tuple[str | None, Any], ...]
    members: Any
    weight: Any
    grave: Any


def grouped(law: pd.DataFrame, measure: str, *groupings: str | None) -> Groups:
    """
    The groups of one measure in some groupings.

    Args:
        law: ``Catalogue.frame``.
        measure: One of ``MEASURES``.
        groupings: Some of ``GROUPINGS``; None for all requirements together.
    """
    rows = law[law["measure"] == measure]
    found = [(by, *_members(rows, by)) for by in groupings]
    members = np.hstack([matrix for _, _, matrix in found])
    # In the other measures every unmet line is the gravest of its own ladder.
    grave = rows["basis"].isin(_STATUTE).to_numpy() if measure == "legal" else np.ones(len(rows), bool)
    return Groups(
        rows.index,
        tuple((by, label) for by, labels, _ in found for label in labels),
        members,
        rows["weight"].to_numpy(dtype=float)[:, None] * members,
        members * grave[:, None],
    )


def score_groups(groups: Groups, judged: Judged) -> list[SimpleNamespace]:
    """
    The figures of each group for the first (only) engagement.
    """
    figures = _tally(groups, judged)
    columns = [values[0].tolist() for values in figures.values()]
    return [SimpleNamespace(**dict(zip(figures, row, strict=True))) for row in zip(*columns, strict=True)]


def _tally(groups: Groups, judged: Judged) -> dict[str, Any]:
    """
    Each figure as an array of engagements by groups.
    """
    places = judged.verdict.columns.get_indexer(groups.ids)
    if (places < 0).any():
        raise KeyError(groups.ids[places < 0][0])
    verdict = judged.verdict.to_numpy()[:, places]
    evidenced = judged.support.to_numpy()[:, places] == SUPPORTS.index("evidenced")
    is_ = {name: (verdict == code).astype(float) for code, name in enumerate(VERDICTS)}
    counts = {v: is_[v] @ groups.members for v in is_}
    by_weight = {v: is_[v] @ groups.weight for v in ("met", "partly", "not_met", "unknown")}
    unmet = is_["not_met"] @ groups.grave
    low = by_weight["met"] + by_weight["partly"] / 2
    known = by_weight["met"] + by_weight["partly"] + by_weight["not_met"]
    applicable = sum(counts[v] for v in ("met", "partly", "not_met", "unknown"))
    status = np.select(
        [applicable == 0, unmet > 0, counts["not_met"] + counts["partly"] > 0, counts["unknown"] > 0],
        ["out_of_scope", "unmet", "gap", "open"],
        "clear",
    )
    return {
        "weight": known + by_weight["unknown"],
        "low": low,
        "high": low + by_weight["unknown"],
        "known": known,
        "met_weight": by_weight["met"],
        "evidenced_weight": (is_["met"] * evidenced) @ groups.weight,
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
