"""
The committed notebooks: thin, clean, and compared strictly by nbval, which must be able to fail.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from appi_assess import law
from appi_assess.record import RESULT
from appi_assess.resources import notebooks, sample
from appi_assess.runs import execute as run

from .conftest import notebook_names, run_nbval

NAMES = notebook_names()
GAP_REPORT, PORTFOLIO = "20_gap_report.ipynb", "30_portfolio.ipynb"
ALL = [*NAMES, PORTFOLIO]
ORGANISATION = {"engagement": "", "as_of": "", "lang": "", "out": ""}
PARAMETERS = {
    GAP_REPORT: {**ORGANISATION, "previous": []},
    PORTFOLIO: {"portfolio": "", "lang": "", "out": "", "previous": []},
}


def stored(name: str) -> Any:
    """A committed notebook."""
    return nbformat.read(notebooks() / name, as_version=4)


def code(notebook: Any) -> list[Any]:
    """Its code cells."""
    return [c for c in notebook.cells if c.cell_type == "code"]


def unexecuted(path: Path) -> list[int]:
    """The code cells of a notebook that were never run: nbval would pass them unseen."""
    cells = nbformat.read(path, as_version=4).cells
    return [n for n, c in enumerate(cells, start=1) if c.cell_type == "code" and c.execution_count is None]


def test_there_is_a_notebook_for_every_chapter() -> None:
    """13 notebooks on one organisation and one on many, numbered as the chapters are."""
    assert [f"{c.name}.ipynb" for c in law.chapters()] == NAMES
    assert len(NAMES) == 13
    assert sorted(p.name for p in notebooks().glob("*.ipynb")) == ALL
    assert f"{law.portfolio_chapter().name}.ipynb" == PORTFOLIO


@pytest.mark.parametrize("name", ALL)
def test_a_notebook_is_thin(name: str) -> None:
    """Imports from the package only, no functions, no classes, few cells, the declared parameters."""
    notebook = stored(name)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    assert run.declared_parameters(notebooks() / name) == PARAMETERS.get(name, ORGANISATION)
    for cell in code(notebook):
        tree = ast.parse(cell.source)
        for node in ast.walk(tree):
            assert not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.Import))
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] == "appi_assess"
        assert len(cell.source.splitlines()) <= 5
    assert len(notebook.cells) <= 34


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_walks_all_its_articles_in_order(name: str) -> None:
    """Every group of the chapter has its cell, in the chapter's order."""
    chapter = next(c for c in law.chapters() if f"{c.name}.ipynb" == name)
    source = "\n".join(c.source for c in code(stored(name)))
    assert tuple(re.findall(r'chapter\.article\("(\w+)"\)', source)) == chapter.groups


@pytest.mark.parametrize("name", ALL)
def test_outputs_hold_no_clock_path_or_address(name: str) -> None:
    """Stored outputs are the same wherever and whenever they are made."""
    assert not unexecuted(notebooks() / name)
    notebook = stored(name)
    for cell in code(notebook):
        for output in cell.outputs:
            output.get("data", {}).pop("image/png", None)  # its letters mean nothing
    text = nbformat.writes(notebook)
    for pattern in (
        r"0x[0-9a-f]{6,}",
        r"/tmp/",  # noqa: S108 - looked for, not used
        r"/home/",
        r"/root/",
        r"site-packages",
        r"\d{2}:\d{2}:\d{2}",
        "stderr",
        "papermill",
    ):
        assert not re.search(pattern, text), pattern
    assert str(notebooks().parent) not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_has_an_alternative_text_and_its_numbers_beside_it(name: str) -> None:
    """A picture is followed by the table of what it drew."""
    cells = code(stored(name))
    charts = 0
    for cell, after in itertools.pairwise(cells):
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                charts += 1
                assert output.metadata["image/png"]["alt"] in output.data["text/plain"]
                assert ".numbers(" in after.source
                assert "<table" in after.outputs[0].data["text/html"]
    assert charts >= 1


def test_nbval_passes_twice_on_the_committed_notebooks() -> None:
    """Strict comparison, every notebook, two times in a row."""
    for _ in range(2):
        result = run_nbval(notebooks())
        assert result.returncode == 0, result.stdout[-3000:]
        assert "passed" in result.stdout


def executed(path: Path, engagement: Path, name: str = GAP_REPORT) -> Path:
    """A notebook executed on an engagement, as a reviewer receives it."""
    run.run_notebook(notebooks() / name, path, {"engagement": str(engagement), "lang": "en"})
    return path


@pytest.fixture
def delivered(tmp_path: Path, sample_copy: Path) -> Path:
    """The gap report on a copy of the sample, which nbval accepts as delivered."""
    path = executed(tmp_path / GAP_REPORT, sample_copy)
    result = run_nbval(path)
    assert result.returncode == 0, result.stdout[-3000:]
    return path


def test_nbval_fails_when_one_answer_is_changed(delivered: Path, sample_copy: Path) -> None:
    """One answer from yes to no after the run is noticed."""
    answers = sample_copy / "answers.yaml"
    before = answers.read_text(encoding="utf-8")
    after = before.replace("A17-1:\n  answer: yes", "A17-1:\n  answer: no", 1)
    assert after != before
    answers.write_text(after, encoding="utf-8", newline="\n")
    assert run_nbval(delivered).returncode == 1


def edited(path: Path, edit: Callable[[Any], bool]) -> None:
    """Edit the first output for which ``edit`` says that it did something."""
    notebook = nbformat.read(path, as_version=4)
    assert any(edit(output) for cell in code(notebook) for output in cell.outputs)
    nbformat.write(notebook, path)


def test_nbval_fails_when_a_stored_output_is_edited(delivered: Path) -> None:
    """A single digit changed in a table of the delivered notebook is noticed."""

    def edit(output: Any) -> bool:
        html = output.get("data", {}).get("text/html", "")
        found = re.search(r"\d\d\.\d(?= %)", html)
        if not found:
            return False
        other = found[0][:-1] + str((int(found[0][-1]) + 1) % 10)
        output.data["text/html"] = html[: found.start()] + other + html[found.end() :]
        return True

    edited(delivered, edit)
    assert run_nbval(delivered).returncode == 1


def test_nbval_fails_when_a_chart_is_drawn_from_other_numbers(tmp_path: Path, sample_copy: Path) -> None:
    """The table may still be right: the picture's own shapes are read back and compared."""
    path = executed(tmp_path / GAP_REPORT, sample_copy)
    package = tmp_path / "altered" / "appi_assess"
    shutil.copytree(Path(law.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("notebooks", "templates"):
        shutil.copytree(notebooks().parent / part, package.parent / part)
    charts = package / "charts.py"
    source = charts.read_text(encoding="utf-8")
    altered = source.replace(
        "to_numpy(dtype=float) * 100 for end in", "to_numpy(dtype=float) * 99 for end in", 1
    )
    assert altered != source
    charts.write_text(altered, encoding="utf-8", newline="\n")
    code_to_run = f"import sys; sys.path.insert(0, {str(package.parent)!r}); from tests.conftest import run_nbval; from pathlib import Path; sys.exit(run_nbval(Path({str(path)!r})).returncode)"
    environment = {**os.environ, "PYTHONPATH": f"{package.parent}{os.pathsep}{Path(__file__).parent.parent}"}
    assert (
        subprocess.run(
            [sys.executable, "-c", code_to_run], check=False, env=environment, cwd=tmp_path
        ).returncode
        == 1
    )


def test_stripped_outputs_are_noticed_although_nbval_passes_them(delivered: Path) -> None:
    """nbval compares nothing in a stripped notebook; our own check finds it."""
    assert not unexecuted(delivered)
    notebook = nbformat.read(delivered, as_version=4)
    for cell in code(notebook):
        cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, delivered)
    assert run_nbval(delivered).returncode == 0
    assert len(unexecuted(delivered)) == len(code(notebook))
    assert run._record(notebook) is None


@pytest.mark.parametrize("name", NAMES)
def test_plain_papermill_works_from_any_directory(name: str, tmp_path: Path) -> None:
    """The papermill command, another working directory, Japanese, a day given: Japanese throughout."""
    made = tmp_path / "made.ipynb"
    command = [
        sys.executable,
        "-m",
        "papermill",
        str(notebooks() / name),
        str(made),
        "-p",
        "engagement",
        str(sample("ja")),
        "-p",
        "as_of",
        "2026-11-22",
        "-p",
        "lang",
        "ja",
        "--no-progress-bar",
    ]
    result = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert result.returncode == 0, result.stderr[-2000:]
    notebook = nbformat.read(made, as_version=4)
    shown = "\n".join(
        str(v)
        for c in code(notebook)
        for o in c.outputs
        for k, v in o.get("data", {}).items()
        if k == "text/plain"
    )
    record = code(notebook)[-1].outputs[0].data[RESULT]
    assert record["notebook"] == name.removesuffix(".ipynb")
    assert not [o for c in code(notebook) for o in c.outputs if o.output_type in ("stream", "error")]
    assert english_left(shown) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["made.ipynb"]


def english_left(text: str) -> list[str]:
    """Runs of three and more English words that a Japanese page should not show."""
    allowed = re.compile(r"[\w./-]+\.(yaml|csv|md|txt|pdf|json|xlsx|png|docx)|https?://\S+")
    return re.findall(r"(?:\b[A-Za-z]{3,}\b[ ,]+){2,}[A-Za-z]{3,}", allowed.sub("", text))


def test_the_injected_parameters_are_the_only_difference_to_the_source(delivered: Path) -> None:
    """An executed notebook has the cells of the committed one and one cell of parameters."""
    extra = [
        c
        for c in nbformat.read(delivered, as_version=4).cells
        if "injected-parameters" in c.metadata.get("tags", [])
    ]
    assert len(extra) == 1
    sources = [c.source for c in code(nbformat.read(delivered, as_version=4)) if c not in extra]
    assert sources == [c.source for c in code(stored(GAP_REPORT))]


def test_a_bad_engagement_shows_sentences_and_no_traceback(tmp_path: Path, sample_copy: Path) -> None:
    """The first cell stops with what is wrong, in the language asked for."""
    (sample_copy / "answers.yaml").write_text("A17-1:\n  answer: perhaps\n", encoding="utf-8")
    with pytest.raises(run.NotebookFailed) as caught:
        run.run_notebook(
            notebooks() / GAP_REPORT,
            tmp_path / "x.ipynb",
            {"engagement": str(sample_copy), "lang": "ja"},
            "ja",
        )
    assert "読み取れません" in caught.value.error
    failed = json.loads((tmp_path / "failed_x.ipynb").read_text(encoding="utf-8"))
    shown = json.dumps([c.get("outputs") for c in failed["cells"]])
    assert "Traceback" not in shown
    assert not (tmp_path / "x.ipynb").exists()
