"""
Running one notebook, and never believing papermill's own metadata.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from appi_assess.problems import InputProblems, NotebookFailed
from appi_assess.runs import execute as run

RECORD = (
    "from IPython.display import display\n"
    f"display({{{run.RESULT!r}: {{'notebook': 'n', 'status': 'clear', 'assessment_sha256': 'x'}}, 'text/plain': ''}}, raw=True)"
)


def notebook(path: Path, *cells: str) -> Path:
    """A small notebook with one declared parameter."""
    first = new_code_cell('engagement = ""', metadata={"tags": ["parameters"]})
    made = new_notebook(
        cells=[first, *map(new_code_cell, cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(made, path)
    return path


def test_a_notebook_that_ends_with_its_record_counts(tmp_path: Path) -> None:
    """The record comes back and the executed notebook stands under its name."""
    record = run.run_notebook(
        notebook(tmp_path / "n.ipynb", "1 + 1", RECORD), tmp_path / "out.ipynb", {"engagement": "e{x}"}
    )
    assert record["status"] == "clear"
    assert "e{x}" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cells", "cell", "error"),
    [
        (("1 + 1", "1 / 0", RECORD), 3, "ZeroDivisionError: division by zero"),
        (("import sys; sys.exit(0)", RECORD), None, "no result record|SystemExit"),
        (("import os; os._exit(0)", RECORD), 2, "the kernel died"),
        (("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", RECORD), 2, "the kernel died"),
        ((*["1 + 1"] * 9, "import os; print('x'); os._exit(0)", RECORD), 11, "the kernel died"),
        (("1 + 1",), None, "no result record"),
        ((RECORD, "1 + 1"), None, "no result record"),
        (("get_ipython().run_cell_magic = None", "raise SystemExit", RECORD), None, "."),
    ],
)
def test_a_notebook_that_ends_early_fails_and_is_named(
    tmp_path: Path, cells: tuple[str, ...], cell: int | None, error: str
) -> None:
    """An error, sys.exit(0), a dead kernel or a missing record is a failure, whatever the metadata says."""
    with pytest.raises(NotebookFailed) as caught:
        run.run_notebook(notebook(tmp_path / "n.ipynb", *cells), tmp_path / "out.ipynb", {})
    assert caught.value.notebook == "n.ipynb"
    assert re.search(error, caught.value.error)
    if cell:
        assert caught.value.cell == cell
    assert not (tmp_path / "out.ipynb").exists()
    assert "n.ipynb" in caught.value.said("ja")


def test_a_crash_is_told_in_the_same_way_whatever_was_sent_by_then(tmp_path: Path) -> None:
    """The cells before it have their outputs, the one that crashed has none; nothing else was lost."""
    cells = (*(f"{n} + 1" for n in range(9)), "import os; print('x', flush=True); os._exit(0)", RECORD)
    with pytest.raises(NotebookFailed):
        run.run_notebook(notebook(tmp_path / "n.ipynb", *cells), tmp_path / "out.ipynb", {})
    kept = nbformat.read(tmp_path / "failed_out.ipynb", as_version=4)
    assert [c.execution_count for c in kept.cells] == [*range(1, 11), None, None]
    assert [[o.data["text/plain"] for o in c.outputs] for c in kept.cells[1:]] == [
        *([str(n + 1)] for n in range(9)), [], [],
    ]  # fmt: skip


@pytest.mark.parametrize(("tags", "runs"), [([], 2), (["raises-exception"], 1)])
def test_a_notebook_that_crashed_is_run_again_only_to_find_the_cell(
    tmp_path: Path, tags: list[str], runs: int
) -> None:
    """Once, and not if its cells were asked for one at a time already."""
    ran = tmp_path / "ran"
    cell = f"import os; open({str(ran)!r}, 'a').write('x'); os._exit(0)"
    path = notebook(tmp_path / "n.ipynb", "1 + 1", cell, RECORD)
    made = nbformat.read(path, as_version=4)
    made.cells[1].metadata["tags"] = tags
    nbformat.write(made, path)
    with pytest.raises(NotebookFailed, match="the kernel died") as caught:
        run.run_notebook(path, tmp_path / "out.ipynb", {})
    assert caught.value.cell == 3
    assert ran.read_text(encoding="utf-8") == "x" * runs


@pytest.mark.parametrize(
    "cell", ["import time; time.sleep(60)", "import time\nwhile True: print('x'); time.sleep(0.05)"]
)
def test_a_cell_that_takes_too_long_fails(tmp_path: Path, cell: str) -> None:
    """The time-out is named with its seconds, whatever the cell prints; what ran before it is kept."""
    with pytest.raises(NotebookFailed, match="longer than 2 seconds") as caught:
        run.run_notebook(
            notebook(tmp_path / "n.ipynb", "1 + 1", cell, RECORD), tmp_path / "out.ipynb", {}, timeout=2
        )
    assert not (tmp_path / "out.ipynb").exists()
    kept = nbformat.read(tmp_path / "failed_out.ipynb", as_version=4)
    assert [c.execution_count for c in kept.cells] == [1, 2, 3, None]
    assert caught.value.cell == 3


@pytest.mark.parametrize("warm", [True, False])
def test_every_output_stands_below_the_cell_that_made_it(tmp_path: Path, warm: bool) -> None:
    """All cells are asked for at once; their outputs do not mix, and those that replace others do."""
    cells = (
        "import sys, time\nprint('one')",
        "print('two', file=sys.stderr); time.sleep(0.2); 2",
        "3",
        "from IPython.display import clear_output, display\nshown = display('four', display_id=True)",
        "shown.update('five'); print('gone'); clear_output(); print('six', flush=True); 7",
        "",
        "# nothing",
    )
    run.run_notebook(notebook(tmp_path / "n.ipynb", *cells, RECORD), tmp_path / "out.ipynb", {}, warm=warm)
    ran = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[1:-1]
    assert [[o.get("text") or o.data["text/plain"] for o in cell.outputs] for cell in ran] == [
        ["one\n"], ["two\n", "2"], ["3"], ["'five'"], ["six\n", "7"], [], [],
    ]  # fmt: skip
    assert [cell.execution_count for cell in ran] == [2, 3, 4, 5, 6, None, 7]


def test_cells_that_are_meant_to_fail_or_to_be_skipped_do(tmp_path: Path) -> None:
    """Whoever tags a cell of another notebook gets what nbclient does with it."""
    path = notebook(tmp_path / "n.ipynb", "1 / 0", "raise SystemError", "40 + 2", RECORD)
    made = nbformat.read(path, as_version=4)
    made.cells[1].metadata["tags"], made.cells[2].metadata["tags"] = ["raises-exception"], ["skip-execution"]
    nbformat.write(made, path)
    with pytest.raises(NotebookFailed, match="ZeroDivisionError"):  # papermill takes no error for meant
        run.run_notebook(path, tmp_path / "out.ipynb", {})
    ran = nbformat.read(tmp_path / "failed_out.ipynb", as_version=4)
    assert "42" in str(ran.cells[-2].outputs)


@pytest.mark.parametrize("name", ["unknown", 'HACK = 1; import os; print("EXECUTED")\nHACK'])
def test_undeclared_parameters_are_refused_before_anything_runs(tmp_path: Path, name: str) -> None:
    """papermill would inject the name as code."""
    with pytest.raises(InputProblems, match="no parameter"):
        run.run_notebook(notebook(tmp_path / "n.ipynb", RECORD), tmp_path / "out.ipynb", {name: 1})
    assert [p.name for p in tmp_path.iterdir()] == ["n.ipynb"]
