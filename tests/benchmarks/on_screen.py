"""
How long a form takes until it is on screen in JupyterLab, beside the same questions as plain ipywidgets.

    python -m tests.benchmarks.on_screen

Both are shown by a cell of one notebook in one browser, in turns; the time runs from the click that runs
the cell to the last question being there. Needs Chromium and the extra ``test``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

TURNS, QUESTIONS = 5, 60
OPEN = f"""
from functools import partial
from pathlib import Path
import ipywidgets as w
from appi_assess import chapter, law
from appi_assess.forms import form as forms
from appi_assess.forms import live
from appi_assess.forms.desk import Desk
opened = live.Live(Desk(Path("..")), partial(chapter.Chapter, "08"), "ja")
asked = list(law.all_requirements())[:{QUESTIONS}]
class Sixty(forms.Form):
    def _items(self, present):
        states = self._answered(present, [r.id for r in asked])
        return {{"items": [forms.asked(r, present) | s for r, s in zip(asked, states)]}}
def plain():
    box = [w.VBox([w.HTML(r.question.ja), w.Dropdown(options=["", "○", "△", "×"]), w.Textarea()]) for r in asked]
    return w.VBox([*box, w.HTML("<b class=plain-end>end</b>")])
"""


def notebook(path: Path) -> None:
    """Write a notebook with a cell for each way."""
    cells = [OPEN, "Sixty(opened, 'chapter', '08')", "plain()"]
    content = {
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
            for n, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip
    path.write_text(json.dumps(content), encoding="utf-8")


def measure(folder: Path) -> dict[str, list[float]]:
    """Run both cells in turns; the seconds of each."""
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-m", "appi_assess", "lab", str(folder), "--no-browser", "--port", "9555"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip
    assert process.stdout is not None
    address = next(m[0] for line in process.stdout if (m := re.search(r"http://127\S+token=\S+", line)))
    times: dict[str, list[float]] = {"form": [], "plain ipywidgets": []}
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(60_000)
            time.sleep(3)
            page.goto(re.sub(r"/lab/tree/notebooks/[^?]*", "/lab/tree/notebooks/bench.ipynb", address))
            page.wait_for_selector("text=Python 3 (ipykernel) | Idle")

            def run(cell: int, seen: str) -> float:
                page.locator(".jp-Cell .jp-InputArea-editor").nth(cell).click()
                page.keyboard.press("Control+Enter")
                start = time.perf_counter()
                page.wait_for_selector(seen, state="attached")
                taken = time.perf_counter() - start
                page.keyboard.press("Escape")
                page.wait_for_timeout(1500)
                page.evaluate(
                    "() => document.querySelectorAll('.appi-form, .plain-end').forEach(n => n.remove())"
                )
                return taken

            page.locator(".jp-Cell .jp-InputArea-editor").first.click()
            page.keyboard.press("Control+Enter")
            page.wait_for_timeout(8000)
            for _ in range(TURNS + 1):
                times["form"].append(run(1, f".appi-entry >> nth={QUESTIONS - 1}"))
                times["plain ipywidgets"].append(run(2, ".plain-end"))
            browser.close()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    return {name: found[1:] for name, found in times.items()}  # the first of each warms up


if __name__ == "__main__":
    from appi_assess.scaffold import make_engagement

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "engagement"
        make_engagement(folder, "ja", date(2026, 11, 22), from_sample=True)
        notebook(folder / "notebooks" / "bench.ipynb")
        found = measure(folder)
    for name, taken in found.items():
        print(
            f"{name}: {QUESTIONS} requirements, median {statistics.median(taken):.2f} s, most {max(taken):.2f} s"
        )
    ratio = statistics.median(found["plain ipywidgets"]) / statistics.median(found["form"])
    print(f"the form is on screen {ratio:.1f} times as fast as plain ipywidgets, which show less")
