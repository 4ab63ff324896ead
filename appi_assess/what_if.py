"""
Trying other verdicts, and the least work after which a status is reached (README, figures).

Pure: frames in, values out. Nothing is saved and nothing is predicted; a step is a gap that is
assumed to be closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from .assess import RULES, SUPPORTS, VERDICTS, Judged
from .assessment import Assessment, Figures
from .conclude import EFFORT, figures
from .law import article_key, id_key
from .score import OVERALL, STATUSES, gain, score_one

TARGETS = ("gap", "open", "clear")
_BACKED = ("met", "partly")


@dataclass(frozen=True)
class Step:
    """
    One gap to close on the way to a status.

    Attributes:
        requirement: Its id.
        verdict: As it is now.
        becomes: What it is assumed to become: always ``met``. Half of it would do to leave ``unmet``,
            but would cost no less and leave a gap.
        effort: ``S``, ``M`` or ``L``.
        cost: The effort as a number, as the action plan counts it.
        gain: As in the action plan, so that a requirement has one gain everywhere: the weights of
            all applicable legal requirements divide it, also where the path is that of a chapter.
    """

    requirement: str
    verdict: str
    becomes: str
    effort: str
    cost: int
    gain: Fraction


@dataclass(frozen=True)
class Path:
    """
    The least work that leads to a status.

    Attributes:
        target: The status asked for.
        steps: All are needed, in the order in which effort pays most.
        cost: The sum of their costs.
        status: The status after them: the target or a better one.
        figures: The figures after them, of the chapter or of all legal requirements.
    """

    target: str
    steps: tuple[Step, ...]
    cost: int
    status: str
    figures: Figures


def tried(judged: Judged, verdicts: Mapping[str, str]) -> Judged:
    """
    The same conclusions with other verdicts for the first (only) engagement.

    A verdict that changes loses its support, because what backed the old one need not back the new
    one: ``met`` and ``partly`` are then only stated. So trying never adds evidence, and closing
    gaps never raises assurance; it rises only where something stated is tried as no longer met.

    Args:
        judged: What ``assess`` concluded; left as it is.
        verdicts: The verdicts to try, by requirement id.

    Raises:
        KeyError: If a requirement is not among those judged.
        ValueError: If a verdict is none of ``VERDICTS``.
    """
    columns, engagements = judged.verdict.columns, judged.verdict.index
    verdict, support = (frame.to_numpy(copy=True) for frame in (judged.verdict, judged.support))
    places = {requirement: place for place, requirement in enumerate(columns)}
    for requirement, named in verdicts.items():
        if named not in VERDICTS:
            raise ValueError(f"a verdict must be one of {VERDICTS}, not {named!r}")
        column, place = places[requirement], VERDICTS.index(named)
        if verdict[0, column] != place:
            verdict[0, column] = place
            support[0, column] = SUPPORTS.index("stated") if named in _BACKED else -1
    return replace(
        judged,
        verdict=pd.DataFrame(verdict, engagements, columns),
        support=pd.DataFrame(support, engagements, columns),
    )


def shortest_path(
    law_frame: pd.DataFrame, judged: Judged, efforts: Mapping[str, str], target: str, chapter: str = ""
) -> Path | None:
    """
    The cheapest set of changes after which the legal status is ``target`` or better.

    The status of a group is the worst that one of its requirements would have alone. So every
    requirement that alone is worse than the target must change, and no other need to: the set is
    forced, and the only one of least cost. Its order changes nothing in the result; gain per effort
    comes first, so that the figures improve early. It is not the order of urgency, which is that
    of the action plan.

    Args:
        law_frame: ``Catalogue.frame``.
        judged: What ``assess`` concluded for one engagement.
        efforts: ``S``, ``M`` or ``L`` of every legal requirement.
        target: One of ``TARGETS``.
        chapter: Only the requirements of this chapter; empty for all.

    Returns:
        The path; None if the status is reached already or nothing applies.

    Raises:
        ValueError: If the target is none of ``TARGETS``.
    """
    if target not in TARGETS:
        raise ValueError(f"target must be one of {TARGETS}, not {target!r}")
    legal = law_frame[law_frame["measure"] == "legal"]
    rows = legal[legal["theme"] == chapter] if chapter else legal
    total = _overall(legal, judged).weight
    verdicts = dict(zip(judged.verdict.columns, judged.verdict.iloc[0].tolist(), strict=True))
    weights: dict[Any, int] = rows["weight"].to_dict()
    steps = [
        _step(r, VERDICTS[verdicts[r]], efforts[r], weights[r], total)
        for r in _in_the_way(rows, judged, target)
    ]
    if not steps:
        return None
    after = _overall(rows, tried(judged, {s.requirement: s.becomes for s in steps}))

    articles: dict[Any, str] = rows["article"].to_dict()

    def order(step: Step) -> Any:
        return -step.gain / step.cost, article_key(articles[step.requirement]), id_key(step.requirement)

    return Path(
        target=target,
        steps=tuple(sorted(steps, key=order)),
        cost=sum(s.cost for s in steps),
        status=after.status,
        figures=figures(after),
    )


def better_statuses(assessment: Assessment) -> tuple[Path, ...]:
    """
    The path to every legal status that is better than the present one, the nearest first.
    """
    law_frame, judged = frames(assessment)
    efforts = {f.id: f.effort for f in assessment.findings}
    paths = (shortest_path(law_frame, judged, efforts, target) for target in TARGETS)
    return tuple(path for path in paths if path)


def frames(assessment: Assessment) -> tuple[pd.DataFrame, Judged]:
    """
    The law and the conclusions as ``score`` takes them, from the findings alone.
    """
    findings = assessment.findings
    columns = ("measure", "weight", "severity", "duty", "basis", "article", "gates")
    law_frame = pd.DataFrame({c: [getattr(f, c) for f in findings] for c in columns})
    law_frame["theme"] = [f.chapter for f in findings]
    law_frame["policy_section"] = [f.policy_sections for f in findings]
    law_frame.index = pd.Index([f.id for f in findings], name="id")
    entries = tuple(dict.fromkeys(entry for f in findings for entry in f.gates))
    judged = Judged(
        _row(law_frame.index, VERDICTS, (f.verdict for f in findings)),
        _row(law_frame.index, RULES, (f.rule for f in findings)),
        _row(law_frame.index, SUPPORTS, (f.support for f in findings)),
        _row(law_frame.index, entries, (f.closed_by for f in findings)),
        entries,
    )
    return law_frame, judged


def _row(ids: pd.Index, names: tuple[str, ...], words: Iterable[str | None]) -> pd.DataFrame:
    """
    The places of words in a list of names, as a frame of one engagement; -1 for none.
    """
    places = [-1 if word is None else names.index(word) for word in words]
    return pd.DataFrame(np.array([places], dtype=np.int16), index=["engagement"], columns=ids)


def _overall(rows: pd.DataFrame, judged: Judged) -> Any:
    """
    The figures of all these requirements together, for the first engagement.
    """
    return score_one(rows, judged)[OVERALL]


def _in_the_way(rows: pd.DataFrame, judged: Judged, target: str) -> list[str]:
    """
    The requirements that alone have a status worse than the target.

    Each is scored as a group of its own, so that the ladder of statuses stands only in ``score``.
    """
    alone = score_one(rows.assign(article=rows.index), judged, by="article")
    worse = STATUSES[: STATUSES.index(target)]
    return [requirement for requirement, row in alone.items() if row.status in worse]


def _step(requirement: str, verdict: str, effort: str, weight: int, total: float) -> Step:
    return Step(
        requirement=requirement,
        verdict=verdict,
        becomes="met",
        effort=effort,
        cost=EFFORT[effort],
        gain=gain(weight, verdict, total),
    )
