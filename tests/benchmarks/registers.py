"""
How fast large registers are read and checked, beside pandas alone and pydantic row by row.

    python -m tests.benchmarks.registers

Made-up registers: 1,000,000 records of provision and 100,000 entrusted parties, as CSV. Each step
runs in a process of its own, so that its peak memory can be told; the times of one run are compared
with one another and nothing else.
"""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SIZES = {"third_party_provisions": 1_000_000, "entrusted_parties": 100_000}
SAMPLE = 20_000  # rows that pydantic validates, one by one; it reads no more
AS_OF = date(2026, 11, 22)
COUNTRIES = ("日本", "日本", "日本", "米国", "ドイツ", "ベトナム", "不明", "")


def make(name: str, count: int, path: Path) -> None:
    """Write a register of made-up rows."""
    from appi_assess.registers import register

    rng = random.Random(1)
    columns = register(name).columns
    names = [f"取引先{n:04d}株式会社" for n in range(3000)]
    days = [(date(2021, 1, 1) + timedelta(n)).isoformat() for n in range(2200)]
    pools: list[tuple[str, Any]] = []
    for number, column in enumerate(columns):
        if column.name == register(name).subject or column.required:
            pools.append((column.kind, names if column.kind == "text" else days))
        elif column.kind == "text":
            pools.append(
                ("unique" if number % 4 == 2 else "text", ["氏名、住所", "メールアドレス", "購買履歴", ""])
            )
        else:
            pools.append((column.kind, {"date": [*days, ""], "yes_no": ["はい", "いいえ", ""],
                                        "number": ["12", "340", ""]}.get(column.kind)))  # fmt: skip
    for place, column in enumerate(columns):
        if column.kind in ("country", "countries"):
            pools[place] = (column.kind, COUNTRIES)
        elif column.kind in ("choice", "choices"):
            pools[place] = (column.kind, [c.ja for c in column.choices.values()])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([c.heading.ja for c in columns])
        for n in range(count):
            writer.writerow(
                [f"REF-{n:08d}" if kind == "unique" else rng.choice(pool) for kind, pool in pools]
            )


def kit(name: str, path: Path) -> int:
    """Read and check a register with the kit; the number of failing rows."""
    from appi_assess.checks import check_registers
    from appi_assess.problems import Problem
    from appi_assess.register_reader import read_register
    from appi_assess.registers import register

    problems: list[Problem] = []
    rows = read_register(path, path.name, register(name), problems)
    assert rows is not None
    assert not problems, problems[:3]
    return sum(int(o.failing.sum()) for o in check_registers({name: rows}, AS_OF).outcomes)


def kit_rows(name: str, path: Path) -> str:
    """Seconds to type and to check rows that are in memory as text, per row."""
    from appi_assess.checks import all_checks, check_registers
    from appi_assess.register_reader import typed
    from appi_assess.registers import register
    from appi_assess.spreadsheet import read_table

    all_checks()
    raw = read_table(path, path.name, len, [])
    assert raw is not None
    chunks = [chunk for chunk, _ in zip(raw.chunks, range(2), strict=False)]
    count = sum(len(chunk.rows) for chunk in chunks)
    raw.chunks = iter(chunks)
    start = time.perf_counter()
    rows = typed(register(name), raw, path.name, [])
    typing = time.perf_counter() - start
    check_registers({name: rows}, AS_OF)
    checking = time.perf_counter() - start - typing
    return f"{typing / count} {checking / count}"


def pandas_only(name: str, path: Path) -> int:
    """Read the same file with pandas and the dtypes given; nothing is checked."""
    import pandas as pd

    from appi_assess.registers import register

    dtypes = {
        c.heading.ja: "str" if c.kind in ("text", "date") else "category" for c in register(name).columns
    }
    return len(pd.read_csv(path, dtype=dtypes, keep_default_na=False))  # type: ignore[arg-type]


def by_row(name: str, path: Path) -> str:
    """
    Seconds per row to validate rows in memory one by one with a pydantic model.

    It reads each cell with the kit's own reader and checks no law, which favours it.
    """
    from typing import Annotated

    from pydantic import BeforeValidator, create_model

    from appi_assess.register_reader import read_cell
    from appi_assess.registers import register

    def reader(column: Any) -> Any:
        def read(cell: str) -> object:
            return cell.strip() if column.kind == "text" else read_cell(column, cell)

        return BeforeValidator(read)

    columns = register(name).columns
    fields: Any = {c.name: (Annotated[Any, reader(c)], ...) for c in columns}
    model = create_model("Row", **fields)
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        next(lines)
        rows = [dict(zip(fields, cells, strict=True)) for cells, _ in zip(lines, range(SAMPLE), strict=False)]
    start = time.perf_counter()
    for row in rows:
        model(**row)
    return str((time.perf_counter() - start) / len(rows))


STEPS: dict[str, Callable[[str, Path], object]] = {
    "kit": kit,
    "pandas": pandas_only,
    "rows": kit_rows,
    "pydantic": by_row,
}


def measured(step: str, name: str, path: Path) -> list[float]:
    """Seconds, peak memory in MiB and what the step returns, each step in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.registers", step, name, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    """Make the registers, measure, print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        for name, count in SIZES.items():
            path = Path(folder) / f"{name}.csv"
            make(name, count, path)
            print(f"{name}: {count:,} rows, {path.stat().st_size / 2**20:.0f} MiB")
            kit_time, peak, failing = measured("kit", name, path)
            pandas_time, _, read = measured("pandas", name, path)
            _, _, typing, checking = measured("rows", name, path)
            _, _, by_row = measured("pydantic", name, path)
            assert read == count
            print(
                f"  from file to result: {failing:,.0f} failing cells, peak {peak / 1024:.2f} GiB (below 1.5)"
            )
            print(
                f"  speed beside pandas that only reads the file: {pandas_time / kit_time:.2f} (0.10 or more)"
            )
            print(f"  checking is {by_row / checking:.0f} times as fast as pydantic row by row (20 or more)")
            print(f"  reading the cells and checking together: {by_row / (typing + checking):.0f} times")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        _, step, name, place = sys.argv
        start = time.perf_counter()
        result = STEPS[step](name, Path(place))
        seconds = time.perf_counter() - start
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, result)
