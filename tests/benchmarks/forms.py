"""
How long it takes in the kernel from a click to saved and ready to draw, with large registers loaded.

    python -m tests.benchmarks.forms

The largest chapter of the sample, every requirement in force, and 50,000 rows of two registers. Beside
it, in the same run: what a form would cost that reads and assesses the engagement anew for each answer.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.registers import make

ROWS = {"third_party_provisions": 40_000, "entrusted_parties": 10_000}
CLICKS, ANEW = 200, 3


def quantile(times: list[float], part: float) -> float:
    """The time below which this part of all times lies."""
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


async def clicks(folder: Path, chapter: str) -> list[float]:
    """Answer, comment and add evidence again and again; the seconds of each."""
    from appi_assess.chapter import Chapter
    from appi_assess.forms.desk import Desk
    from appi_assess.forms.live import Live

    live = Live(Desk(folder), partial(Chapter, chapter), "ja")
    live.who, form = "佐藤", live.form()
    form.send = lambda content: json.dumps(content, default=str)
    ids = [r.id for r in live.desk.judge.catalogue if r.chapter == chapter]
    rows = sum(len(r) for r in live.desk.engagement.registers.values())
    print(f"{len(live.desk.judge.catalogue.requirements)} requirements, {rows:,} register rows")
    times = []
    for n in range(CLICKS):
        asked: dict[str, Any] = {"do": "put", "n": n, "file": "answers", "key": ids[n % len(ids)]}
        asked |= (
            {"field": "comment", "value": f"{n}回目の確認"}
            if n % 4 == 3
            else {"field": "answer", "value": ("met", "partly", "not_met")[n % 3]}
        )
        start = time.perf_counter()
        form._heard(None, asked, [])
        times.append(time.perf_counter() - start)
        await asyncio.sleep(0)
    return times


def anew(folder: Path) -> list[float]:
    """Read and assess everything; the seconds of each time."""
    from appi_assess.conclude import assess_engagement
    from appi_assess.engagement import day_of
    from appi_assess.reader import read_engagement

    times = []
    for _ in range(ANEW):
        start = time.perf_counter()
        engagement = read_engagement(folder)
        assess_engagement(engagement, day_of(engagement)).to_json()
        times.append(time.perf_counter() - start)
    return times


if __name__ == "__main__":
    from appi_assess import law
    from appi_assess.resources import sample

    counts = {c.id: sum(r.chapter == c.id for r in law.all_requirements()) for c in law.chapters()}
    largest = max(counts, key=lambda c: counts[c])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(shutil.copytree(sample("ja"), Path(temporary) / "engagement"))
        for name, count in ROWS.items():
            make(name, count, folder / "registers" / f"{name}.csv")
        times = asyncio.run(clicks(folder, largest))
        whole = anew(folder)
    median, p95 = quantile(times, 0.5), quantile(times, 0.95)
    print(f"chapter {largest}, {counts[largest]} requirements, {CLICKS} clicks")
    print(f"click to saved and ready to draw: median {median * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    print(f"reading and assessing anew:       median {quantile(whole, 0.5) * 1000:.0f} ms")
    print(
        f"a click is {quantile(whole, 0.5) / median:.0f} times as fast (p95: {quantile(whole, 0.5) / p95:.0f})"
    )
