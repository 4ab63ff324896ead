"""
The report of one organisation: whole or not at all.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from appi_assess import law
from appi_assess.files import sha256
from appi_assess.problems import InputProblems, NotebookFailed
from appi_assess.resources import sample
from appi_assess.runs import report as run
from appi_assess.runs.manifest import changed_outputs, read_manifest
from appi_assess.runs.report import make_report

from .conftest import notebook_names, run_nbval


def report_names() -> list[str]:
    """The notebooks of a report: all but that of a portfolio."""
    return [f"{c.name}.ipynb" for c in law.chapters()]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the Japanese sample."""
    out = tmp_path_factory.mktemp("report") / "報告 {1}"
    assert list(make_report(sample("ja"), out)) == [n.removesuffix(".ipynb") for n in report_names()]
    return out


def test_a_report_holds_everything(finished: Path) -> None:
    """13 executed notebooks, the assessment, charts in two formats, the gaps and the manifest."""
    assert sorted(p.name for p in finished.glob("*.ipynb")) == report_names()
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
    assert manifest["package"].keys() == {"version", "sha256"}
    assert manifest["parameters"] == {"engagement": "", "as_of": "2026-11-22", "lang": "ja", "previous": []}
    assert manifest["law"]["checked_on"] == law.checked_on().isoformat()


def test_a_report_says_nothing_of_the_moment_it_was_made(finished: Path, tmp_path: Path) -> None:
    """A second run elsewhere gives the same report, manifest and notebooks included, byte for byte."""
    again = tmp_path / "again"
    list(make_report(sample("ja"), again))
    files = [p.relative_to(finished) for p in sorted(finished.rglob("*")) if p.is_file()]
    assert [name for name in files if (finished / name).read_bytes() != (again / name).read_bytes()] == []


def test_an_earlier_report_is_replaced_whole(tmp_path: Path, finished: Path) -> None:
    """What the old report held and the new one does not is gone; nothing is mixed."""
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / "gaps.csv").unlink()
    list(make_report(sample("ja"), out))
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
        list(make_report(sample("ja"), out))
    assert (out / change).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "left", [".pytest_cache/README.md", ".ipynb_checkpoints/20_gap_report-checkpoint.ipynb"]
)
def test_what_tools_leave_beside_a_notebook_does_not_count(tmp_path: Path, finished: Path, left: str) -> None:
    """A report that was read with pytest or Jupyter is still whole."""
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / left).parent.mkdir()
    (out / left).write_text("x", encoding="utf-8")
    manifest = read_manifest(out)
    assert manifest
    assert changed_outputs(out, manifest) == []
    assert run._foreign(out) == []


def test_a_delivered_notebook_can_be_compared_and_writes_nothing(tmp_path: Path, sample_copy: Path) -> None:
    """Run again in its folder, from its recorded parameters, it passes and leaves the report as it was."""
    out = tmp_path / "報告 書"
    list(make_report(sample_copy, out))
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
        list(make_report(sample("en"), out))
    assert (caught.value.notebook, caught.value.cell) == ("01_purposes_and_acquisition.ipynb", 3)
    assert not out.exists()
    assert (tmp_path / "out.failed" / "failed_01_purposes_and_acquisition.ipynb").is_file()
    assert not (tmp_path / "out.failed" / "manifest.json").exists()


def test_an_input_that_changes_during_the_run_is_noticed(tmp_path: Path, sample_copy: Path) -> None:
    """Notebooks that saw different answers never make one report."""
    steps = make_report(sample_copy, tmp_path / "out")
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
        list(make_report(sample_copy, sample_copy / place))


def test_a_folder_with_other_files_is_never_overwritten(tmp_path: Path) -> None:
    """Only a new or empty folder, or an earlier report, is used."""
    (tmp_path / "thesis.docx").write_text("x", encoding="utf-8")
    with pytest.raises(InputProblems, match=r"thesis\.docx"):
        list(make_report(sample("en"), tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_files_of_a_client_are_never_imported(
    tmp_path: Path, sample_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python file in the working directory or the engagement does not run in a notebook."""
    for folder in (tmp_path, sample_copy):
        (folder / "matplotlib.py").write_text("raise SystemExit('client code ran')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    list(make_report(sample_copy, tmp_path / "out"))


def test_a_note_beside_a_failed_notebook_stays(tmp_path: Path) -> None:
    """What an earlier failure left is removed, but never with a file of the user's."""
    kept = tmp_path / "out.failed"
    kept.mkdir()
    (kept / "failed_01_purposes.ipynb").write_text("{}", encoding="utf-8")
    (kept / "note.txt").write_text("mine", encoding="utf-8")
    run.drop_failed(kept)
    assert (kept / "note.txt").exists()
    (kept / "note.txt").unlink()
    run.drop_failed(kept)
    assert not kept.exists()


def test_what_is_not_ours_under_the_name_of_a_failure_stays(tmp_path: Path) -> None:
    """A folder that happens to be called OUT.failed is left alone."""
    kept = tmp_path / "out.failed"
    kept.mkdir()
    (kept / "engagement.yaml").write_text("mine", encoding="utf-8")
    run.drop_failed(kept)
    assert (kept / "engagement.yaml").exists()
