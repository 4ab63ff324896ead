"""
Made-up portfolios: many engagements, or the results of a batch over them, from a seed.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from appi_assess import law
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import day_of
from appi_assess.files import write_text
from appi_assess.reader import read_engagement
from appi_assess.resources import sample

AS_OF = date(2026, 11, 22)
TAGS = ("製造", "小売", "Group IT", "海外", "holding")
_NAMES = ("空守計器", "北浜物流", "Aobadai Retail", "三峰製薬", "Seto Marine", "ひなた保険", "Kurobe Tools")
_OWNERS = ("法務", "IT", "", "Privacy desk")


def engagements(folder: Path, count: int, seed: int, *, as_of: date = AS_OF) -> list[Path]:
    """
    Engagement folders that differ: how much is met, unknown and out of scope, and what is overdue.

    Every fifth keeps the sample's register of breaches, the others keep no register.
    """
    draw = random.Random(seed)  # noqa: S311 - made-up data
    return [_engagement(folder / f"org-{n:04}", n, draw, as_of) for n in range(1, count + 1)]


def organisation_name(n: int) -> str:
    """The name of the n-th organisation; no two are the same."""
    return f"{_NAMES[n % len(_NAMES)]} {n} (fictional)"


def _engagement(folder: Path, n: int, draw: random.Random, as_of: date) -> Path:
    lang = ("ja", "en")[n % 2]
    met, known = draw.choice((0.3, 0.6, 0.85, 0.97, 1.0)), draw.choice((0.5, 0.9, 1.0))
    closed = draw.sample(
        ("G06", "G07", "G08", "G10", "G12", "G13", "G14", "G15", "G16", "G18"), draw.randint(0, 7)
    )
    scope = [
        f"  {g}: {'no' if g in closed else 'yes'}" for g in law.gates() if g not in ("G20", "G23", "G24")
    ]
    head = [f"organisation: {json.dumps(organisation_name(n), ensure_ascii=False)}", f"language: {lang}"]
    head += [f"as_of: {as_of}", "period: 2026Q4", "assessor: Desk", "scope:", *scope]
    write_text(folder / "engagement.yaml", "\n".join([*head, "  G20: no", "  G23: no", ""]))
    rows = [_answer(r.id, met, known, draw, as_of) for r in law.catalogue(as_of)]
    write_text(folder / "answers.yaml", "\n".join(rows) + "\n")
    if n % 5 == 0:
        (folder / "registers").mkdir()
        shutil.copy(sample(lang) / "registers" / "incidents.csv", folder / "registers")
    return folder


def _answer(requirement: str, met: float, known: float, draw: random.Random, as_of: date) -> str:
    lines = [f"{requirement}:"]
    if draw.random() < known:
        answer = "yes" if draw.random() < met else draw.choice(("partly", "no"))
        lines.append(f"  answer: {answer}")
        if answer != "yes" and draw.random() < 0.2:
            lines.append(f"  owner: {json.dumps(draw.choice(_OWNERS), ensure_ascii=False)}")
            lines.append(f"  due: {as_of + timedelta(days=draw.randint(-60, 200))}")
    else:
        lines.append("  answer:")
    return "\n".join(lines)


def entries(count: int, failed: int = 0) -> Iterator[dict[str, Any]]:
    """
    The rows of ``portfolio.json``, the last ``failed`` of which have no report.
    """
    for n in range(1, count + 1):
        done = n <= count - failed
        failure = {
            "notebook": "04_breach_response",
            "cell": 3,
            "reason": {"ja": "answers.yaml 12行目：…", "en": "answers.yaml, line 12: …"},
        }
        yield {
            "id": f"org-{n:04}",
            "name": "",
            "tags": [t for k, t in enumerate(TAGS) if n % (k + 3) == 0],
            "engagement": f"../engagements/org-{n:04}",
            "state": "done" if done else "failed",
            "failure": None if done else failure,
        }


def results(
    folder: Path, count: int, seed: int, *, failed: int = 0, distinct: int = 50, as_of: date = AS_OF
) -> Path:
    """
    A results folder as a batch leaves it, without running a notebook.

    At most ``distinct`` organisations are assessed; the others have their results under other names.
    """
    made = engagements(folder / "engagements", min(count - failed, distinct), seed, as_of=as_of)
    texts = []
    for path in made:
        read = read_engagement(path)
        assessment = assess_engagement(read, day_of(read, ""))
        texts.append((assessment.about.organisation, assessment.to_json()))
    out = folder / "out"
    for n in range(1, count - failed + 1):
        name, text = texts[(n - 1) % len(texts)]
        write_text(
            out / "reports" / f"org-{n:04}" / "assessment.json", text.replace(name, organisation_name(n), 1)
        )
    listed = {"schema_version": "1", "organisations": list(entries(count, failed))}
    write_text(out / "portfolio.json", json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
    return out
