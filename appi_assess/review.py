"""
How far a reviewer agrees with the verdicts: percent agreement and Cohen's kappa, as exact fractions.

Kappa is that of J. Cohen, "A coefficient of agreement for nominal scales", Educational and
Psychological Measurement 20(1), 1960, pp. 37-46: ``(observed - chance) / (1 - chance)``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_DENOMINATOR = 10**6  # kappa of up to a thousand reviews is a fraction of this size, exactly
_LAST_PLACE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Tally:
    """
    The agreement of two people who judged the same things.

    Attributes:
        reviewed: How many things both judged.
        agreed: How many of them they judged alike.
        kappa: From -1 to 1; None if nothing was judged, or if both used one and the same word
            throughout, so that chance alone makes them agree.
        confusion: How often each pair of words occurred, first word first.
    """

    reviewed: int
    agreed: int
    kappa: Fraction | None
    confusion: Mapping[tuple[str, str], int]


def agreement(pairs: Iterable[tuple[str, str]]) -> Tally:
    """
    The agreement of pairs of verdicts, the assessor's and the reviewer's.

    Examples:
        >>> found = agreement([("met", "met"), ("met", "partly"), ("not_met", "not_met")])
        >>> found.agreed, found.kappa
        (2, Fraction(1, 2))
    """
    confusion = Counter(pairs)
    n = confusion.total()
    agreed = sum(count for (mine, other), count in confusion.items() if mine == other)
    if not n:
        return Tally(0, 0, None, confusion)
    mine, other = Counter[str](), Counter[str]()
    for (first, second), count in confusion.items():
        mine[first] += count
        other[second] += count
    chance = Fraction(sum(mine[word] * other[word] for word in mine), n * n)
    kappa = None if chance == 1 else (Fraction(agreed, n) - chance) / (1 - chance)
    return Tally(n, agreed, kappa, confusion)


def disputed(verdict: str, reviewed: str | None) -> bool:
    """
    Whether a reviewer's verdict differs from the one that is reported; a remark disputes nothing.
    """
    return reviewed is not None and reviewed != verdict


def shown_kappa(kappa: float | Fraction) -> str:
    """
    Kappa as printed: two decimals, half up; only full agreement prints as 1.00, only none as 0.00.

    Examples:
        >>> shown_kappa(Fraction(1, 2)), shown_kappa(Fraction(999, 1000)), shown_kappa(Fraction(-1, 999))
        ('0.50', '0.99', '-0.01')
    """
    fraction = Fraction(kappa).limit_denominator(_DENOMINATOR)
    exact = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    rounded = exact.quantize(_LAST_PLACE, ROUND_HALF_UP)
    if not rounded and exact:
        rounded = _LAST_PLACE.copy_sign(exact)
    elif rounded == 1 and exact < 1:
        rounded -= _LAST_PLACE
    return f"{rounded:.2f}"
