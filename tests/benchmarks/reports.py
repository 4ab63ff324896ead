"""
Gap reports per second: the papermill command, papermill in one process, and ours.

    python -m tests.benchmarks.reports                  # the table of the README
    python -m tests.benchmarks.reports --many 1000      # is the time per report flat?

All run the same notebook 20 on the bundled sample and write the same files, which is checked. The
methods take turns, so that a slow minute of the machine meets all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Self

import nbformat

from appi_assess.resources import notebooks, sample
from appi_assess.runs.execute import run_notebook
from appi_assess.runs.kernels import provisioner

NOTEBOOK = "20_gap_report.ipynb"
PARAMETERS = {"engagement": str(sample("en")), "as_of": "2026-11-22", "lang": "en", "out": "."}
ROUNDS = 3
CORES = os.cpu_count() or 1
PLAIN = """
import ast, json, os, sys, time
import papermill
from appi_assess.runs.kernels.warm import warm
warm()
cells = [c for c in json.load(open(sys.argv[1], encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
def once(folder):
    os.makedirs(folder, exist_ok=True); os.chdir(folder)
    space = {}
    for cell in cells:
        source = "".join(cell["source"])
        tree = ast.parse(source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), space)
        if "parameters" in cell["metadata"].get("tags", []):
            space.update(json.loads(sys.argv[2]))
        if last:
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
            shown._repr_mimebundle_() if hasattr(shown, "_repr_mimebundle_") else str(shown)
once(sys.argv[3] + "/warm")
start = time.perf_counter()
for n in range(int(sys.argv[4])):
    once(f"{sys.argv[3]}/{n}")
print((time.perf_counter() - start) / int(sys.argv[4]))
"""


def command(folder: Path, count: int) -> float:
    """(a) The ``papermill`` command in a shell loop; seconds per report."""
    given = [part for name, value in PARAMETERS.items() for part in ("-r", name, value)]
    start = time.perf_counter()
    for n in range(count):
        out = folder / str(n)
        out.mkdir(parents=True)
        subprocess.run(
            [sys.executable, "-m", "papermill", str(notebooks() / NOTEBOOK), NOTEBOOK, *given],
            cwd=out,
            check=True,
            capture_output=True,
        )
    return (time.perf_counter() - start) / count


def one_process(folder: Path, count: int) -> float:
    """(b) ``papermill.execute_notebook`` again and again in one process; seconds per report."""
    code = (
        "import papermill, sys, json, os, time\n"
        "start = time.perf_counter()\n"
        "for n in range(int(sys.argv[4])):\n"
        "    os.makedirs(f'{sys.argv[3]}/{n}'); os.chdir(f'{sys.argv[3]}/{n}')\n"
        "    papermill.execute_notebook(sys.argv[1], os.path.basename(sys.argv[1]),"
        " parameters=json.loads(sys.argv[2]), progress_bar=False)\n"
        "print((time.perf_counter() - start) / int(sys.argv[4]))"
    )
    return _python(code, folder, count)


def plain(folder: Path, count: int) -> float:
    """The same package calls in one warm process without any notebook; seconds per report."""
    return _python(PLAIN, folder, count)


def _python(code: str, folder: Path, count: int) -> float:
    import json

    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            str(notebooks() / NOTEBOOK),
            json.dumps(PARAMETERS),
            str(folder),
            str(count),
        ],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    return float(ran.stdout.split()[-1])


def ours(folder: Path, count: int, jobs: int) -> float:
    """(c) The kit's runner with so many jobs, as in a batch; seconds per report."""

    def run(n: int) -> None:
        out = folder / str(n)
        out.mkdir(parents=True)
        run_notebook(notebooks() / NOTEBOOK, out / NOTEBOOK, PARAMETERS, cwd=out)

    start = time.perf_counter()
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run, range(count)))
    return (time.perf_counter() - start) / count


def content(folder: Path) -> str:
    """One digest over what a report says: its files, and the outputs of its cells but pictures."""
    parts = [
        (p.relative_to(folder).as_posix(), hashlib.sha256(p.read_bytes()).hexdigest())
        for p in sorted(folder.rglob("*"))
        if p.suffix in {".json", ".csv", ".svg", ".png"}
    ]
    if (folder / NOTEBOOK).exists():
        notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
        outputs = [
            {k: v for k, v in output.get("data", {}).items() if k != "image/png"}
            for cell in notebook.cells
            for output in cell.get("outputs", [])
        ]
        parts.append((NOTEBOOK, hashlib.sha256(repr(outputs).encode()).hexdigest()))
    return "\n".join(f"{name} {digest}" for name, digest in parts)


class Watch:
    """The highest resident memory of any forked kernel, and of the runner itself, in MiB."""

    def __init__(self) -> None:
        self.kernel, self._stop = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.02):
            template = provisioner._current.template
            for pid in _children(template.process.pid) if template else ():
                self.kernel = max(self.kernel, _peak(pid))


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0)


def compare(rounds: int) -> None:
    """Print the table: seconds per report, and how many times as fast as the two of papermill."""
    methods: dict[str, tuple[Callable[[Path, int], float], int]] = {
        "a  papermill command in a loop": (command, 2),
        "b  papermill.execute_notebook in one process": (one_process, 3),
        "c  appi-assess, 1 job": (lambda f, n: ours(f, n, 1), 6),
        f"c  appi-assess, {CORES} jobs": (lambda f, n: ours(f, n, CORES), 6 * CORES),
        "   the same calls in one plain process": (plain, 6),
    }
    times: dict[str, list[float]] = {name: [] for name in methods}
    said: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary, Watch() as watch:
        ours(Path(temporary) / "first", CORES, CORES)  # starts the warm process
        for turn in range(rounds):
            for number, (name, (method, count)) in enumerate(methods.items()):
                folder = Path(temporary) / f"{turn}_{number}"
                times[name].append(method(folder, count))
                said[name] = content(folder / "0")
    first, *others = said.values()
    with_notebook = [s for n, s in said.items() if "plain" not in n]
    same = len(set(with_notebook)) == 1 and set(others[-1].splitlines()) <= set(first.splitlines())
    a, b, c1, c2, p = (median(found) for found in times.values())
    for name, found in times.items():
        t = median(found)
        print(f"{name:46} {t:6.2f} s  {min(found):6.2f}-{max(found):.2f}  {a / t:5.1f} x a  {b / t:5.1f} x b")
    print(f"overhead of 1 job over plain calls: {c1 / p:.2f}; of {CORES} jobs per core: {c2 * CORES / p:.2f}")
    print(f"peak memory of a kernel: {watch.kernel:.0f} MiB; of the runner: {_peak(os.getpid()):.0f} MiB")
    print(f"same content: {'yes' if same else 'NO'}")


def flat(count: int) -> None:
    """Run many reports and print the time per report of each tenth."""
    with tempfile.TemporaryDirectory() as temporary, Watch() as watch:
        ours(Path(temporary) / "first", CORES, CORES)
        parts = []
        for tenth in range(10):
            parts.append(ours(Path(temporary) / str(tenth), count // 10, CORES))
            print(f"{(tenth + 1) * (count // 10):5} reports: {parts[-1]:.2f} s each", flush=True)
    print(f"last tenth by first: {parts[-1] / parts[0]:.2f}")
    print(f"peak memory of a kernel: {watch.kernel:.0f} MiB; of the runner: {_peak(os.getpid()):.0f} MiB")


def main(arguments: Iterable[str] | None = None) -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", type=int)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(list(arguments) if arguments is not None else None)
    if given.many:
        flat(given.many)
    else:
        compare(given.rounds)


if __name__ == "__main__":
    main()
