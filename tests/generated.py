"""
The tables of the README and the templates that are made from data and code.
"""

from __future__ import annotations

from pathlib import Path

from appi_assess import law
from appi_assess.checks import all_checks
from appi_assess.registers import REGISTERS, register
from appi_assess.row_findings import is_decisive

ROOT = Path(__file__).parent.parent


def registers_table() -> list[tuple[str, ...]]:
    """One row per register: its name, what a row is, how many checks it has, which notebook shows it."""
    rows = [("register", "one row is", "checks", "shown in")]
    for name in REGISTERS:
        kept = register(name)
        count = sum(c.register == name for c in all_checks())
        rows.append((f"`{name}`", f"{kept.row.en} ({kept.title.ja})", str(count), kept.chapter))
    return rows


def checks_table() -> list[tuple[str, ...]]:
    """One row per check: its name, what must hold, what it serves, and its effect."""
    known = {r.id: r for r in law.all_requirements()}
    rows = [("check", "what must hold", "serves", "effect")]
    for c in all_checks():
        effect = [
            *(["decisive"] if any(is_decisive(c, known[r]) for r in c.serves) else []),
            *(["sufficient"] if c.sufficient else []),
            *(["informs"] if not c.serves else []),
        ]
        rows.append((f"`{c.id}`", c.rule.en, ", ".join(c.serves), ", ".join(effect)))
    return rows


TABLES = {"registers": registers_table, "checks": checks_table}


def readme(text: str) -> str:
    """The README with its tables made anew."""
    for name, make in TABLES.items():
        head, *rows = (" | ".join(row) for row in make())
        lines = [head, "|".join("---" for _ in make()[0]), *rows]
        table = "\n".join(f"| {line} |" if "---" not in line else f"|{line}|" for line in lines)
        before, rest = text.split(f"<!-- {name} -->", 1)
        after = rest.split(f"<!-- /{name} -->", 1)[1]
        text = f"{before}<!-- {name} -->\n{table}\n<!-- /{name} -->{after}"
    return text
