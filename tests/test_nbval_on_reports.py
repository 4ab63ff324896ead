"""
A reviewer's own tool on a delivered report: strict nbval passes on what was delivered, and on nothing else.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

from appi_assess.verify.comparison import compare

from .conftest import notebook_names

BREACH, GAPS = "04_breach_response.ipynb", "20_gap_report.ipynb"


def nbval(paths: Sequence[Path], cwd: Path, **environment: str) -> int:
    """The exit status of ``pytest --nbval``, with no flag and no configuration of anybody."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "JUPYTER_DEFAULT"))}
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", *map(str, paths)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env=kept | environment,
    )
    assert " passed" in result.stdout, result.stdout[-3000:] + result.stderr[-3000:]
    return result.returncode


@pytest.fixture
def made(report_made: Path, tmp_path: Path) -> Path:
    """A report that may be changed, with its engagement beside it."""
    return Path(shutil.copytree(report_made, tmp_path / "納品 {1}"))


def output_edited(path: Path, edit: Callable[[str], str]) -> None:
    """Change one table that a delivered notebook shows."""
    notebook = nbformat.read(path, as_version=4)
    for output in (o for c in notebook.cells for o in c.get("outputs", [])):
        before = output.get("data", {}).get("text/html", "")
        if (after := edit(before)) != before:
            output.data["text/html"] = after
            nbformat.write(notebook, path)
            return
    raise AssertionError(path)


def rewritten(path: Path, pattern: str, by: str) -> None:
    """Change the first place in a file where a pattern is found."""
    before = path.read_text(encoding="utf-8")
    after = re.sub(pattern, by, before, count=1)
    assert after != before
    path.write_text(after, encoding="utf-8", newline="\n")


def test_every_notebook_of_a_report_passes_without_flags_from_any_directory(
    made: Path, tmp_path: Path
) -> None:
    """All 13, from elsewhere, on a copy of the delivery in another place than it was made."""
    (tmp_path / "elsewhere").mkdir()
    paths = [made / "report" / name for name in notebook_names()]
    fast = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "appi-assess-fork"}
    assert nbval(paths, tmp_path / "elsewhere", **fast) == 0


def test_a_notebook_passes_in_its_own_folder_with_an_ordinary_kernel(made: Path) -> None:
    """As a reviewer has it who changes into the report and sets nothing; what pytest leaves does no harm."""
    assert nbval([Path(BREACH)], made / "report") == 0
    assert {r.state for r in compare(made / "report")} <= {"verified"}


@pytest.mark.parametrize(
    ("name", "place", "pattern", "by"),
    [
        (BREACH, "answers.yaml", r"(?m)^(A26-1:\n  answer:) \w+", r"\1 partly"),
        (GAPS, "answers.yaml", r"(?m)^(A17-1:\n  answer:) yes", r"\1 no"),
        (BREACH, "registers/incidents.csv", r"2026-(\d\d)-(\d\d)", "2025-01-01"),
    ],
)
def test_it_fails_when_an_input_was_changed_after_the_run(
    made: Path, name: str, place: str, pattern: str, by: str
) -> None:
    """One answer, or one cell of a row of a register."""
    rewritten(made / "engagement" / place, pattern, by)
    assert nbval([made / "report" / name], made) == 1


def test_it_fails_when_a_number_in_a_table_was_altered(made: Path) -> None:
    """One digit of a rate in the gap report."""
    path = made / "report" / GAPS
    output_edited(
        path, lambda html: re.sub(r"(\d\d\.)(\d)(?= %)", lambda m: m[1] + str(9 - int(m[2])), html, count=1)
    )
    assert nbval([path], made) == 1


def test_it_fails_when_a_sentence_of_an_output_was_edited(made: Path) -> None:
    """A verdict in words, turned into a kinder one."""
    path = made / "report" / BREACH
    output_edited(path, lambda html: html.replace("not met", "met", 1))
    assert nbval([path], made) == 1


def test_it_passes_a_stripped_notebook_which_verify_does_not(made: Path) -> None:
    """nbval compares nothing where no output is; the kit's own check names every such cell."""
    path = made / "report" / BREACH
    notebook: Any = nbformat.read(path, as_version=4)
    for cell in (c for c in notebook.cells if c.cell_type == "code"):
        cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)
    assert nbval([path], made) == 0
    found = {(r.state, r.key) for r in compare(made / "report")}
    assert {("broken", "never_run"), ("broken", "no_record"), ("differs", "edited")} <= found
