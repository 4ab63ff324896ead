"""
What many assessments say side by side: ranking, bands, spreads, common gaps, tags, moves.

Nothing here is a mean over organisations: a mean hides an unmet duty behind its neighbours.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from appi_assess import law
from appi_assess.conclude import GAPS
from appi_assess.portfolio.results import Asked, Organisation, Portfolio
from appi_assess.problems import shown
from appi_assess.score import MEASURES, STATUSES

SINGLE = 40  # up to so many organisations each has a row of its own in a chart
_BANDS = 20
_LABEL = 30  # columns of a label; a full-width character takes two
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    An organisation at its place; those that stand equal share one.
    """

    rank: int
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Band:
    """
    Neighbours in the ranking.
    """

    label: str
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """
    How a rate is spread over organisations, exact; a quarter lies between two neighbours.
    """

    least: Fraction
    lower_quarter: Fraction
    median: Fraction
    upper_quarter: Fraction
    greatest: Fraction


@dataclass(frozen=True, slots=True)
class CommonGap:
    """
    A requirement and how many organisations have it open.

    Attributes:
        applies: How many it applies to.
    """

    asked: Asked
    not_met: int
    partly: int
    unknown: int
    applies: int

    @property
    def gaps(self) -> int:
        """
        Organisations in which it is not met, partly met or unknown.
        """
        return self.not_met + self.partly + self.unknown

    @property
    def share(self) -> Fraction:
        """
        Organisations with a gap in it, of those it applies to.
        """
        return Fraction(self.gaps, self.applies)


@dataclass(frozen=True, slots=True)
class Tagged:
    """
    The organisations of one tag; ``tag`` is None for those without any.
    """

    tag: str | None
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """
    One organisation in two periods.
    """

    before: Organisation
    now: Organisation

    @property
    def worse(self) -> bool:
        """
        Whether it stands lower in the order of the ranking than before.
        """
        return self.now.standing < self.before.standing


def ranking(organisations: Iterable[Organisation]) -> list[Ranked]:
    """
    Worst first: by status, unmet duties of severity 4, 3 and 2, then the interval; ids break ties.
    """
    found: list[Ranked] = []
    for place, o in enumerate(sorted(organisations, key=lambda o: (o.standing, o.id)), start=1):
        equal = found and found[-1].organisation.standing == o.standing
        found.append(Ranked(found[-1].rank if equal else place, o))
    return found


def bands(ranked: Sequence[Ranked]) -> list[Band]:
    """
    The ranking cut into at most twenty bands of equal size, the last one perhaps smaller.
    """
    size = max(1, -(-len(ranked) // _BANDS))
    return [
        Band(
            f"{first + 1}–{min(first + size, len(ranked))}",
            tuple(r.organisation for r in ranked[first : first + size]),
        )
        for first in range(0, len(ranked), size)
    ]


def labels(organisations: Iterable[Organisation]) -> dict[str, str]:
    """
    A short label for each organisation by its id, the id added where names look alike.
    """
    found = {o.id: _cut(o.name) for o in organisations}
    count = Counter(found.values())
    return {i: name if count[name] == 1 else f"{_cut(name, 14)} ({_tail(i)})" for i, name in found.items()}


def _tail(id_: str, limit: int = 16) -> str:
    """
    The end of an id, in which the ids of one group are most likely to differ.
    """
    return id_ if len(id_) <= limit else "…" + id_[-limit + 1 :]


def _cut(text: str, limit: int = _LABEL) -> str:
    """
    A text on one line, in so many columns.
    """
    line, width = "", 0
    for character in shown(text, 200):
        width += 2 if unicodedata.east_asian_width(character) in "FWA" else 1
        if width > limit:
            return line + "…"
        line += character
    return line


def by_status(organisations: Iterable[Organisation]) -> dict[str, int]:
    """
    How many organisations have which status, worst first.
    """
    count = Counter(o.status for o in organisations)
    return {status: count[status] for status in STATUSES}


def rates(organisations: Iterable[Organisation], name: str) -> list[Fraction]:
    """
    One rate (``low``, ``high`` or ``coverage``) of every organisation that has it.
    """
    return [value for o in organisations if (value := getattr(o, name)) is not None]


def spread(values: Iterable[Fraction]) -> Spread | None:
    """
    Least, quarters, median and greatest of exact values; None if there are none.

    Examples:
        >>> spread([Fraction(0), Fraction(1, 2)]).median
        Fraction(1, 4)
    """
    ordered = sorted(values)
    if not ordered:
        return None

    def at(share: Fraction) -> Fraction:
        place = (len(ordered) - 1) * share
        first = int(place)
        after = ordered[min(first + 1, len(ordered) - 1)]
        return ordered[first] + (place - first) * (after - ordered[first])

    return Spread(*(at(Fraction(quarter, 4)) for quarter in range(5)))


def histogram(organisations: Sequence[Organisation]) -> pd.DataFrame:
    """
    How many organisations lie in which tenth, for each rate; all of it is a class of its own.

    Returns:
        Eleven rows from ``0–10 %`` to ``100 %`` with ``low``, ``high`` and ``coverage``.
    """
    steps = [f"{t * 10}–{t * 10 + 10} %" for t in range(_TENTHS)] + ["100 %"]
    frame = pd.DataFrame(0, index=steps, columns=["low", "high", "coverage"])
    for name in frame.columns:
        count = Counter(int(value * _TENTHS) for value in rates(organisations, name))
        frame[name] = [count[t] for t in range(_TENTHS + 1)]
    return frame


def interval_spreads(groups: Mapping[str, Sequence[Organisation]]) -> pd.DataFrame:
    """
    For each group the least lower end, the medians of both ends and the greatest upper end; groups
    with nothing to score are left out.
    """
    found = {}
    for label, members in groups.items():
        low, high = (spread(rates(members, name)) for name in ("low", "high"))
        if low and high:
            found[label] = (low.least, low.median, high.median, high.greatest)
    columns = ["least", "low", "high", "greatest"]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns, dtype=object)


def articles(organisations: Iterable[Organisation]) -> list[str]:
    """
    Every article with legal duties for any of them, in the order of the law.
    """
    return sorted({a for o in organisations for a in o.articles}, key=law.article_key)


def article_statuses(ranked: Sequence[Ranked]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Organisation by article: the status (empty where the article asks nothing) and the duties not met.
    """
    members = [r.organisation for r in ranked]
    names, columns = labels(members), articles(members)
    status = [[o.articles[a].status if a in o.articles else "" for a in columns] for o in members]
    unmet = [[o.articles[a].not_met if a in o.articles else 0 for a in columns] for o in members]
    index = [f"{r.rank} {names[r.organisation.id]}" for r in ranked]
    return tuple(pd.DataFrame(rows, index=index, columns=columns) for rows in (status, unmet))  # type: ignore[return-value]


def article_counts(groups: Iterable[Band]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Band by article: organisations with a legal duty not met, and those to which the article applies.
    """
    found = list(groups)
    columns = articles(o for band in found for o in band.organisations)
    unmet, applies = [], []
    for band in found:
        cells = [[o.articles[a] for o in band.organisations if a in o.articles] for a in columns]
        unmet.append([sum(f.not_met > 0 for f in cell) for cell in cells])
        applies.append([sum(f.status != "out_of_scope" for f in cell) for cell in cells])
    index = [band.label for band in found]
    return (
        pd.DataFrame(unmet, index=index, columns=columns),
        pd.DataFrame(applies, index=index, columns=columns),
    )


def common_gaps(portfolio: Portfolio) -> list[CommonGap]:
    """
    The requirements that any organisation has open: legal duties first, the most often unmet first.
    """
    count = Counter(item for o in portfolio.organisations for item in o.verdicts.items())
    found = []
    for id_, asked in portfolio.asked.items():
        not_met, partly, unknown = (count[id_, verdict] for verdict in GAPS)
        applies = not_met + partly + unknown + count[id_, "met"]
        if not_met or partly or unknown:
            found.append(CommonGap(asked, not_met, partly, unknown, applies))

    def order(g: CommonGap) -> tuple[object, ...]:
        measure = MEASURES.index(g.asked.measure)
        return (measure, -g.not_met, -g.asked.severity, -g.partly, -g.unknown, law.id_key(g.asked.id))

    return sorted(found, key=order)


def league(organisations: Sequence[Organisation]) -> list[Tagged]:
    """
    The organisations by tag, the tags in alphabetical order, those without a tag last.

    An organisation counts under each of its tags.
    """
    tags = sorted({tag for o in organisations for tag in o.tags})
    found = [Tagged(tag, tuple(o for o in organisations if tag in o.tags)) for tag in tags]
    without = tuple(o for o in organisations if not o.tags)
    return [*found, Tagged(None, without)] if without else found


def moves(before: Portfolio, now: Portfolio) -> list[Move]:
    """
    The organisations assessed in both periods, known by their ids, in the order of the later one.
    """
    earlier = {o.id: o for o in before.organisations}
    return [Move(earlier[o.id], o) for o in now.organisations if o.id in earlier]


def status_moves(found: Iterable[Move]) -> pd.DataFrame:
    """
    How many organisations went from which status (rows) to which (columns).
    """
    count = Counter((m.before.status, m.now.status) for m in found)
    rows = [[count[old, new] for new in STATUSES] for old in STATUSES]
    return pd.DataFrame(rows, index=list(STATUSES), columns=list(STATUSES))
