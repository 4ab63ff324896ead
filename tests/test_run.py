"""
Running a report: whole or not at all, and never believing papermill's own metadata.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from appi_assess import law, run
from appi_assess.files import sha256
from appi_assess.problems import InputProblems, NotebookFailed
from appi_assess.resources import sample

from .conftest import notebook_names, run_nbval

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
        (("import os; os._exit(0)", RECORD), None, "the kernel died"),
        (("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", RECORD), None, "the kernel died"),
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


def test_a_cell_that_takes_too_long_fails(tmp_path: Path) -> None:
    """The time-out is named with its seconds."""
    with pytest.raises(NotebookFailed, match="longer than 2 seconds"):
        run.run_notebook(
            notebook(tmp_path / "n.ipynb", "import time; time.sleep(60)", RECORD),
            tmp_path / "out.ipynb",
            {},
            timeout=2,
        )
    assert not (tmp_path / "out.ipynb").exists()


@pytest.mark.parametrize("name", ["unknown", 'HACK = 1; import os; print("EXECUTED")\nHACK'])
def test_undeclared_parameters_are_refused_before_anything_runs(tmp_path: Path, name: str) -> None:
    """papermill would inject the name as code."""
    with pytest.raises(InputProblems, match="no parameter"):
        run.run_notebook(notebook(tmp_path / "n.ipynb", RECORD), tmp_path / "out.ipynb", {name: 1})
    assert [p.name for p in tmp_path.iterdir()] == ["n.ipynb"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the Japanese sample."""
    out = tmp_path_factory.mktemp("report") / "報告 {1}"
    assert list(run.report(sample("ja"), out)) == [n.removesuffix(".ipynb") for n in notebook_names()]
    return out


def test_a_report_holds_everything(finished: Path) -> None:
    """13 executed notebooks, the assessment, charts in two formats, the gaps and the manifest."""
    assert sorted(p.name for p in finished.glob("*.ipynb")) == notebook_names()
    assert {"assessment.json", "gaps.csv", "manifest.json"} <= {p.name for p in finished.iterdir()}
    svg, png = ({p.stem for p in (finished / "charts").glob(f"*.{kind}")} for kind in ("svg", "png"))
    assert svg == png
    assert {"20_heat_map", "20_intervals", "20_radar", "20_effort", "04_verdicts"} <= svg
    assert [p.name for p in finished.parent.iterdir()] == [finished.name]


def test_the_manifest_lists_every_input_and_output_with_its_hash(finished: Path) -> None:
    """Every file but the manifest itself is in it, and every hash is right."""
    manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    files = {
        p.relative_to(finished).as_posix(): sha256(p)
        for p in finished.rglob("*")
        if p.is_file() and p.name != "manifest.json"
    }
    assert manifest["outputs"] == files
    inputs = {
        p.relative_to(sample("ja")).as_posix(): sha256(p) for p in sample("ja").rglob("*") if p.is_file()
    }
    assert manifest["inputs"] == inputs
    assert manifest["law"]["as_of"] == "2026-11-22"
    assert manifest["package_version"]
    assert manifest["law"]["checked_on"] == law.checked_on().isoformat()


def test_a_report_says_nothing_of_the_moment_it_was_made(finished: Path, tmp_path: Path) -> None:
    """A second run elsewhere gives the same report, manifest and notebooks included, byte for byte."""
    again = tmp_path / "again"
    list(run.report(sample("ja"), again))
    files = [p.relative_to(finished) for p in sorted(finished.rglob("*")) if p.is_file()]
    assert [name for name in files if (finished / name).read_bytes() != (again / name).read_bytes()] == []


def test_an_earlier_report_is_replaced_whole(tmp_path: Path, finished: Path) -> None:
    """What the old report held and the new one does not is gone; nothing is mixed."""
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / "gaps.csv").unlink()
    list(run.report(sample("ja"), out))
    assert {p.name: sha256(p) for p in out.iterdir() if p.is_file()} == {
        p.name: sha256(p) for p in finished.iterdir() if p.is_file()
    }


@pytest.mark.parametrize("change", ["notes.txt", "charts/mine/notes.txt", "gaps.csv", "20_gap_report.ipynb"])
def test_what_a_user_put_into_a_report_is_never_deleted(tmp_path: Path, finished: Path, change: str) -> None:
    """A file of one's own, or an edited one, keeps the report from being replaced."""
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / change).parent.mkdir(exist_ok=True)
    (out / change).write_text("mine", encoding="utf-8")
    with pytest.raises(InputProblems, match=re.escape(change)):
        list(run.report(sample("ja"), out))
    assert (out / change).read_text(encoding="utf-8") == "mine"


def test_a_delivered_notebook_can_be_compared_and_writes_nothing(tmp_path: Path, sample_copy: Path) -> None:
    """Run again in its folder, from its recorded parameters, it passes and leaves the report as it was."""
    out = tmp_path / "報告 書"
    list(run.report(sample_copy, out))
    before = {p: sha256(p) for p in tmp_path.rglob("*") if p.is_file()}
    text = (out / "04_breach_response.ipynb").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    result = run_nbval(out / "04_breach_response.ipynb")
    assert result.returncode == 0, result.stdout[-2000:]
    after = {p: sha256(p) for p in tmp_path.rglob("*") if p.is_file()}
    assert after == before


def test_a_failing_notebook_leaves_nothing_under_a_final_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier report stays as it was, and the failed notebook lies apart."""
    broken = tmp_path / "notebooks"
    broken.mkdir()
    for name in notebook_names():
        content = nbformat.read(run.notebooks() / name, as_version=4)
        if name.startswith("01"):
            content.cells[2].source = "1 / 0"
        nbformat.write(content, broken / name)
    monkeypatch.setattr(run, "notebooks", lambda: broken)
    out = tmp_path / "out"
    with pytest.raises(NotebookFailed) as caught:
        list(run.report(sample("en"), out))
    assert (caught.value.notebook, caught.value.cell) == ("01_purposes_and_acquisition.ipynb", 3)
    assert not out.exists()
    assert (tmp_path / "out.failed" / "failed_01_purposes_and_acquisition.ipynb").is_file()
    assert not (tmp_path / "out.failed" / "manifest.json").exists()


def test_an_input_that_changes_during_the_run_is_noticed(tmp_path: Path, sample_copy: Path) -> None:
    """Notebooks that saw different answers never make one report."""
    steps = run.report(sample_copy, tmp_path / "out")
    next(steps)
    answers = sample_copy / "answers.yaml"
    answers.write_text(
        answers.read_text(encoding="utf-8") + "# one more line\n", encoding="utf-8", newline="\n"
    )
    with pytest.raises(InputProblems, match="changed while"):
        list(steps)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", [".", "evidence/out"])
def test_a_report_never_goes_into_its_own_inputs(sample_copy: Path, place: str) -> None:
    """The engagement and its input folders are refused as output."""
    with pytest.raises(InputProblems, match="cannot be the engagement"):
        list(run.report(sample_copy, sample_copy / place))


def test_a_folder_with_other_files_is_never_overwritten(tmp_path: Path) -> None:
    """Only a new or empty folder, or an earlier report, is used."""
    (tmp_path / "thesis.docx").write_text("x", encoding="utf-8")
    with pytest.raises(InputProblems, match=r"thesis\.docx"):
        list(run.report(sample("en"), tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_files_of_a_client_are_never_imported(
    tmp_path: Path, sample_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python file in the working directory or the engagement does not run in a notebook."""
    for folder in (tmp_path, sample_copy):
        (folder / "matplotlib.py").write_text("raise SystemExit('client code ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    list(run.report(sample_copy, tmp_path / "out"))


def test_what_is_not_ours_under_the_name_of_a_failure_stays(tmp_path: Path) -> None:
    """A folder that happens to be called OUT.failed is left alone."""
    kept = tmp_path / "out.failed"
    kept.mkdir()
    (kept / "engagement.yaml").write_text("mine", encoding="utf-8")
    run._drop_failed(kept)
    assert (kept / "engagement.yaml").exists()
