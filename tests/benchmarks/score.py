"""
Scoring 10,000 engagements of 200 requirements in one call, against a plain loop over engagements.

    python tests/benchmarks/score.py [ENGAGEMENTS]

Both sides judge and score the same answers and must agree; the ratio is printed.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from datetime import date

import pandas as pd

from appi_assess import law
from appi_assess.assess import assess
from appi_assess.score import score

ANSWERS = ("met", "met", "met", "partly", "not_met", "")


def by_hand(
    rows: list[tuple[str, str, int, tuple[str, ...], str]], scope: dict[str, str], answers: dict[str, str]
) -> tuple[float, float, float, str]:
    """One engagement in plain Python: low, high, known over the legal duties, and the status."""
    low = high = known = 0.0
    unmet = gap = unknown = applicable = False
    for name, measure, weight, gates, basis in rows:
        if measure != "legal":
            continue
        if any(all(scope.get(g) == "no" for g in entry.split(" or ")) for entry in gates):
            continue
        applicable = True
        answer = answers[name]
        value = {"met": 1.0, "partly": 0.5, "not_met": 0.0}.get(answer)
        if value is None:
            high += weight
            unknown = True
            continue
        low += weight * value
        high += weight * value
        known += weight
        unmet |= answer == "not_met" and basis in ("statute", "order_or_rule")
        gap |= answer in ("not_met", "partly")
    status = (
        "out_of_scope"
        if not applicable
        else "unmet"
        if unmet
        else "gap"
        if gap
        else "open"
        if unknown
        else "clear"
    )
    return low, high, known, status


def main(count: int) -> None:
    """Make the answers, score them both ways, compare, print."""
    frame = law.catalogue(date(2026, 11, 22)).frame.iloc[:200]
    chance = random.Random(2026)
    names, gates = [f"e{n}" for n in range(count)], sorted(law.gates())
    answers = pd.DataFrame(
        [chance.choices(ANSWERS, k=len(frame)) for _ in names], index=names, columns=frame.index
    )
    scope = pd.DataFrame(
        [chance.choices(("yes", "yes", "no", ""), k=len(gates)) for _ in names], index=names, columns=gates
    )
    none = pd.DataFrame(index=names)
    rows = list(frame[["measure", "weight", "gates", "basis"]].itertuples(name=None))
    by_row = [
        (dict(zip(gates, s, strict=True)), dict(zip(frame.index, a, strict=True)))
        for s, a in zip(scope.to_numpy(), answers.to_numpy(), strict=True)
    ]

    start = time.perf_counter()
    ours = score(frame, assess(frame, scope, answers, none, none))
    one_call = time.perf_counter() - start
    start = time.perf_counter()
    loop = [by_hand(rows, s, a) for s, a in by_row]
    plain = time.perf_counter() - start

    assert [
        tuple(r) for r in ours[["low", "high", "known", "status"]].itertuples(index=False, name=None)
    ] == loop
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} engagements x {len(frame)} requirements, results equal")
    print(
        f"one call {one_call:.2f} s, plain loop {plain:.2f} s, ratio {plain / one_call:.1f}; peak memory {peak:.0f} MiB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
