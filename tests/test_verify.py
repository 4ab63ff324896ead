"""
Verifying a report: every way in which it can be wrong is found and named, and nothing is changed or trusted.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from appi_assess.assessment import Assessment
from appi_assess.files import sha256
from appi_assess.problems import InputProblems
from appi_assess.runs.manifest import MANIFEST, outputs_of
from appi_assess.verify import comparison
from appi_assess.verify import verify as verification
from appi_assess.verify.comparison import compare, files_again, inspect, rerun
from appi_assess.verify.delivered import alike
from appi_assess.verify.references import reference_faults
from appi_assess.verify.remarks import STATES, Remark, Verified
from appi_assess.wording import _flat

from .conftest import run_kit

BREACH, GAPS = "04_breach_response.ipynb", "20_gap_report.ipynb"


@pytest.fixture
def made(report_made: Path, tmp_path: Path) -> Path:
    """A report that may be spoilt, with its engagement beside it."""
    return Path(shutil.copytree(report_made, tmp_path / "delivered"))


def relisted(report: Path) -> None:
    """Put the hashes of the spoilt files into the manifest, as somebody would who wants to deceive."""

    def edit(manifest: dict[str, Any]) -> None:
        manifest["outputs"] = outputs_of(report)

    manifest_edited(report, edit)


def manifest_edited(report: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest of a report."""
    content = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
    edit(content)
    (report / MANIFEST).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def notebook_edited(path: Path, edit: Callable[[list[Any]], None]) -> None:
    """Change the cells of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    edit(notebook.cells)
    nbformat.write(notebook, path)


def rewritten(path: Path, before: str, after: str) -> None:
    """Change the first occurrence of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8", newline="\n")


def found(remarks: tuple[Remark, ...]) -> dict[str, str]:
    """What is said in English by key; each remark can be said in Japanese, too."""
    said: dict[str, str] = {}
    for remark in remarks:
        assert remark.said("ja")
        said[remark.key] = said.get(remark.key, "") + remark.said("en") + "\n"
    return said


def again(report: Path, name: str, *, run_other_code: bool = False) -> tuple[Remark, ...]:
    """What a new run of one notebook of a report shows."""
    seen = inspect(report)
    only = replace(seen, notebooks={n: d for n, d in seen.notebooks.items() if n == name})
    return tuple(r for _, remarks in rerun(only, run_other_code=run_other_code) for r in remarks)


def code(cells: list[Any]) -> list[Any]:
    """The code cells that the kit ships."""
    return [c for c in cells if c.cell_type == "code" and c.id != "injected-parameters"]


def test_a_report_that_nobody_touched_is_verified_and_stays_as_it_was(made: Path) -> None:
    """From the command line, every notebook run again: exit status 0, and no file changes."""
    before = {p: sha256(p) for p in made.rglob("*") if p.is_file()}
    result = run_kit("verify", made / "report", "--lang", "ja", cwd=made.parent)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "検証済み" in result.stdout
    assert "100%" not in result.stdout
    assert {p: sha256(p) for p in made.rglob("*") if p.is_file()} == before


def _missing(report: Path) -> None:
    (report / BREACH).unlink()


def _missing_and_not_listed(report: Path) -> None:
    (report / BREACH).unlink()
    relisted(report)


def _extra(report: Path) -> None:
    (report / "notes.txt").write_text("x", encoding="utf-8")


def _csv(report: Path) -> None:
    rewritten(report / "gaps.csv", "not met", "met")


def _deleted_cell(report: Path) -> None:
    notebook_edited(report / BREACH, lambda cells: cells.remove(code(cells)[4]))
    relisted(report)


def _reordered(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        one, two = code(cells)[4:6]
        one.execution_count, two.execution_count = two.execution_count, one.execution_count

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _stripped(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        code(cells)[4].execution_count, code(cells)[4].outputs = None, []

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _added_code(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        cells.insert(5, nbformat.v4.new_code_cell("open('stolen', 'w')", execution_count=99))

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _code_as_parameters(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        injected = next(c for c in cells if c.id == "injected-parameters")
        injected.source += "as_of = open('stolen', 'w').name\n"

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _parameters_rewritten(report: Path, rewrite: Callable[[str], str]) -> None:
    def edit(cells: list[Any]) -> None:
        injected = next(c for c in cells if c.id == "injected-parameters")
        injected.source = rewrite(injected.source)

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _comment_beside_parameters(report: Path) -> None:
    _parameters_rewritten(report, lambda source: source + "# Every duty is met.\n")


def _parameter_twice(report: Path) -> None:
    _parameters_rewritten(
        report, lambda source: source.replace("lang =", 'lang = "every duty is met"\nlang =')
    )


def _no_value_as_parameter(report: Path) -> None:
    _parameters_rewritten(report, lambda source: source.replace('out = ""', "out = {[1]: 2}"))


def _text_as_parameters(report: Path) -> None:
    def edit(notebook: dict[str, Any]) -> None:
        cell = next(c for c in notebook["cells"] if c["id"] == "injected-parameters")
        cell |= {"cell_type": "markdown", "source": ["# Every duty is met\n", *cell["source"]]}
        del cell["outputs"], cell["execution_count"]
        for number, c in enumerate((c for c in notebook["cells"] if c["cell_type"] == "code"), start=1):
            c["execution_count"] = number

    json_edited(report / BREACH, edit)
    relisted(report)


def json_edited(path: Path, edit: Callable[[Any], None]) -> None:
    """Change a file of JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def _no_text_as_source(report: Path) -> None:
    json_edited(report / BREACH, lambda notebook: notebook["cells"][3].update(source={}))
    relisted(report)


def _name_of_no_file(report: Path) -> None:
    json_edited(report / MANIFEST, lambda m: m["parameters"].update(engagement="\0"))


def _half_a_sign(report: Path) -> None:
    json_edited(report / MANIFEST, lambda m: m["parameters"].update(engagement="\ud800"))


def _deep_manifest(report: Path) -> None:
    (report / MANIFEST).write_text("[" * 100_000, encoding="utf-8")


def _other_day_of_checking(report: Path) -> None:
    manifest_edited(report, lambda m: m["law"].update(checked_on="2030-01-01"))


def _second_parameters(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        cells.insert(6, nbformat.v4.new_code_cell("lang = 'ja'", metadata={"tags": ["injected-parameters"]}))

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _other_parameter(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        injected = next(c for c in cells if c.id == "injected-parameters")
        injected.source = injected.source.replace("2026-11-22", "2026-11-21")

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _other_text(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        cells[0].source = "# Certified by the Commission"

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _muted(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        code(cells)[4].metadata["tags"] = ["nbval-ignore-output"]

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _error_output(report: Path) -> None:
    def edit(cells: list[Any]) -> None:
        code(cells)[4].outputs = [nbformat.v4.new_output("error", ename="E", evalue="e", traceback=[])]

    notebook_edited(report / BREACH, edit)
    relisted(report)


def _no_record(report: Path) -> None:
    notebook_edited(report / BREACH, lambda cells: code(cells)[-1].update(outputs=[]))
    relisted(report)


def _swapped(report: Path) -> None:
    shutil.copy(report / GAPS, report / BREACH)
    relisted(report)


def _assessment(report: Path) -> None:
    rewritten(report / "assessment.json", '"verdict": "not_met"', '"verdict": "met"')
    relisted(report)


def _not_an_assessment(report: Path) -> None:
    rewritten(report / "assessment.json", '"organisation"', '"organization"')
    relisted(report)


def _other_day(report: Path) -> None:
    def edit(manifest: dict[str, Any]) -> None:
        manifest["parameters"]["as_of"] = manifest["law"]["as_of"] = "2026-11-21"

    manifest_edited(report, edit)


def _other_package(report: Path) -> None:
    manifest_edited(report, lambda m: m["package"].update(sha256="0" * 64))


def _other_version(report: Path) -> None:
    manifest_edited(report, lambda m: m["package"].update(version="0.0.1"))


def _other_law(report: Path) -> None:
    manifest_edited(report, lambda m: m["law"].update(data_sha256="0" * 64, checked_on="2020-01-01"))


def _no_manifest(report: Path) -> None:
    (report / MANIFEST).unlink()


def _not_a_manifest(report: Path) -> None:
    manifest_edited(report, lambda m: m["parameters"].update(engagement=["a"]))


def _not_a_notebook(report: Path) -> None:
    (report / BREACH).write_text('{"cells": [1]}', encoding="utf-8")
    relisted(report)


def _answer(report: Path) -> None:
    rewritten(report.parent / "engagement" / "answers.yaml", "A17-1:\n  answer: yes", "A17-1:\n  answer: no")


def _register(report: Path) -> None:
    rewritten(report.parent / "engagement" / "registers" / "incidents.csv", "2026-02-06", "2026-03-06")


def _evidence(report: Path) -> None:
    (report.parent / "engagement" / "evidence" / "privacy_policy.md").unlink()
    (report.parent / "engagement" / "evidence" / "new.md").write_text("x", encoding="utf-8")


def _engagement_gone(report: Path) -> None:
    shutil.rmtree(report.parent / "engagement")


def _unreadable_inputs(report: Path) -> None:
    (report.parent / "engagement" / "answers.yaml").write_text("A17-1: {answer: perhaps}", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "state", "expected"),
    [
        (_missing, "broken", {"missing": BREACH}),
        (_missing_and_not_listed, "broken", {"missing": BREACH}),
        (_extra, "differs", {"extra": "notes.txt"}),
        (_csv, "differs", {"edited": "gaps.csv"}),
        (_deleted_cell, "broken", {"cell_missing": "chapter.", "out_of_order": BREACH}),
        (_reordered, "broken", {"out_of_order": "cell 7, 8"}),
        (_stripped, "broken", {"never_run": "cell 7"}),
        (_added_code, "broken", {"other_code": f"{BREACH}, cell 6"}),
        (_code_as_parameters, "broken", {"other_code": f"{BREACH}, cell 3"}),
        (_comment_beside_parameters, "broken", {"other_code": f"{BREACH}, cell 3"}),
        (_parameter_twice, "broken", {"other_code": f"{BREACH}, cell 3"}),
        (_no_value_as_parameter, "broken", {"other_code": f"{BREACH}, cell 3"}),
        (_text_as_parameters, "broken", {"text": f"{BREACH}, cell 3", "no_parameters": BREACH}),
        (_no_text_as_source, "broken", {"no_notebook": BREACH}),
        (_name_of_no_file, "broken", {"no_manifest": "manifest.json"}),
        (_half_a_sign, "broken", {"no_manifest": "manifest.json"}),
        (_deep_manifest, "broken", {"no_manifest": "manifest.json"}),
        (_other_day_of_checking, "law", {"law_data": "2030-01-01"}),
        (_second_parameters, "broken", {"other_code": "cell 3, 7"}),
        (_other_parameter, "differs", {"parameter": "as_of is 2026-11-22 in the manifest, 2026-11-21"}),
        (_other_text, "differs", {"text": f"{BREACH}, cell 1"}),
        (_muted, "differs", {"settings": f"{BREACH}, cell 7"}),
        (_error_output, "broken", {"error_output": "cell 7"}),
        (_no_record, "broken", {"no_record": BREACH}),
        (_swapped, "broken", {"misnamed": BREACH, "other_code": BREACH}),
        (
            _assessment,
            "broken",
            {"contradiction": "gaps", "other_assessment": GAPS, "finding": "met → not met"},
        ),
        (_not_an_assessment, "broken", {"schema": "about.organisation"}),
        (_other_day, "differs", {"days": "2026-11-21, 2026-11-22", "parameter": "as_of"}),
        (_other_package, "law", {"package_files": "same version", "nothing_changes": "no verdict"}),
        (_other_version, "differs", {"package_version": "0.0.1", "version": "0.0.1 in manifest.json"}),
        (_other_law, "law", {"law_data": "2020-01-01", "nothing_changes": "no verdict"}),
        (_no_manifest, "broken", {"no_manifest": "manifest.json"}),
        (_not_a_manifest, "broken", {"no_manifest": "manifest.json"}),
        (_not_a_notebook, "broken", {"no_notebook": BREACH}),
        (
            _answer,
            "inputs",
            {"input_edited": "answers.yaml", "finding": "A17-1 comes out differently", "score": "Legal"},
        ),
        (_register, "inputs", {"input_edited": "registers/incidents.csv", "elsewhere": "checks"}),
        (_evidence, "inputs", {"input_missing": "privacy_policy.md", "input_new": "evidence/new.md"}),
        (_engagement_gone, "inputs", {"no_engagement": "--engagement"}),
        (_unreadable_inputs, "inputs", {"refused": "perhaps"}),
    ],
)
def test_every_fault_is_found_and_named_before_anything_runs(
    made: Path, spoil: Callable[[Path], None], state: str, expected: dict[str, str]
) -> None:
    """One fault at a time, those of the content with the manifest's hashes made to fit."""
    spoil(made / "report")
    remarks = compare(made / "report")
    said = found(remarks)
    assert Verified("", remarks).state == state
    for key, words in expected.items():
        assert words in said[key]


def test_an_edited_output_is_found_by_running_again(made: Path) -> None:
    """The hashes fit, the code is the kit's: only a new run shows that a number in a table is not its own."""

    def edit(cells: list[Any]) -> None:
        for cell in code(cells)[3:]:
            for output in cell.outputs:
                html = output.get("data", {}).get("text/html", "")
                if "not met" in html:
                    output.data["text/html"] = html.replace("not met", "met", 1)
                    return
        raise AssertionError

    notebook_edited(made / "report" / BREACH, edit)
    relisted(made / "report")
    assert compare(made / "report") == ()
    (remark,) = again(made / "report", BREACH)
    assert (remark.state, remark.key) == ("differs", "cell_output")
    assert re.search(rf"{BREACH}, cell \d+:", remark.said("en"))


def test_changed_files_are_found_by_running_again(made: Path) -> None:
    """A cell of a CSV, a shape in an SVG and the pixels of a PNG, with hashes that fit."""
    report = made / "report"
    rewritten(report / "gaps.csv", "not met", "met")
    rewritten(report / "charts" / "20_heat_map.svg", 'd="M ', 'd="M 1 1 M ')
    shutil.copy(report / "charts" / "20_radar.png", report / "charts" / "20_effort.png")
    relisted(report)
    assert compare(report) == ()
    said = found(again(report, GAPS))
    assert "gaps.csv" in said["file_again"]
    assert "findings.csv" not in said["file_again"]
    assert "charts/20_effort.png, charts/20_heat_map.svg" in said["picture_again"]
    assert "cell_output" not in said


def test_a_picture_in_a_notebook_is_compared_by_what_it_shows(made: Path) -> None:
    """nbval does not look at pictures: another one in the place of a chart is found."""

    def edit(cells: list[Any]) -> None:
        pictures = [o for c in cells for o in c.get("outputs", []) if "image/png" in o.get("data", {})]
        pictures[0].data["image/png"] = pictures[-1].data["image/png"]

    notebook_edited(made / "report" / GAPS, edit)
    relisted(made / "report")
    assert compare(made / "report") == ()
    assert [r.key for r in again(made / "report", GAPS)] == ["cell_output"]


def test_pictures_are_alike_if_only_their_coding_or_a_shade_differs(made: Path) -> None:
    """Another compression or rounding is no difference; another picture, size or no picture at all is."""
    import io

    import matplotlib.image as mpimg
    import numpy as np

    path = made / "report" / "charts" / "20_effort.png"
    pixels = mpimg.imread(path).astype(float)

    def coded(changed: Any) -> bytes:
        buffer = io.BytesIO()
        mpimg.imsave(buffer, np.clip(changed, 0, 1), format="png")
        return buffer.getvalue()

    original = path.read_bytes()
    assert alike(original, coded(pixels))
    assert alike(original, coded(pixels - 0.01))
    for height, width in ((20, 30), (3, 2)):  # a word, and what makes a 3 an 8
        spoilt = pixels.copy()
        spoilt[100 : 100 + height, 100 : 100 + width, :3] = (
            1 - spoilt[100 : 100 + height, 100 : 100 + width, :3]
        )
        assert not alike(original, coded(spoilt))
    assert not alike(original, coded(pixels[:-1]))
    assert not alike(original, b"no picture")


def test_a_notebook_that_no_run_writes_is_found(made: Path) -> None:
    """One put beside the kit's own, and into the manifest: it is no part of what the inputs give."""
    new = Path(shutil.copytree(made / "report", made / "again"))
    (new / MANIFEST).unlink()
    assert list(files_again(made / "report", new, "differs", whole=True)) == []
    shutil.copy(made / "report" / GAPS, made / "report" / "99_final.ipynb")
    relisted(made / "report")
    (remark,) = files_again(made / "report", new, "differs", whole=True)
    assert (remark.state, remark.key) == ("differs", "file_again")
    assert "99_final.ipynb" in remark.said("en")


def test_other_code_is_executed_only_if_asked_for(made: Path) -> None:
    """A notebook made by others is a program: it is named, and left alone."""
    mark = made / "executed"

    def edit(cells: list[Any]) -> None:
        code(cells)[2].source += f"\nopen({str(mark)!r}, 'w').close()"

    notebook_edited(made / "report" / BREACH, edit)
    assert again(made / "report", BREACH) == ()
    assert not mark.exists()
    assert {r.key for r in again(made / "report", BREACH, run_other_code=True)} <= {"cell_output"}
    assert mark.exists()


def test_code_of_another_format_ends_in_a_remark(made: Path) -> None:
    """Executed or not, a notebook that nobody can run stops no verification."""
    path = made / "report" / BREACH
    json_edited(path, lambda notebook: notebook["cells"][5].update(source="1"))
    json_edited(path, lambda notebook: notebook.update(nbformat=3))
    remarks = again(made / "report", BREACH, run_other_code=True)
    assert {r.key for r in remarks} == {"not_run"}


def test_a_changed_input_says_what_would_change(made: Path) -> None:
    """The state is that of the inputs, not of the report; the cells that would differ are named."""
    _register(made / "report")
    remarks = again(made / "report", BREACH)
    assert {r.state for r in remarks} == {"inputs"}
    assert {r.key for r in remarks} == {"cell_output", "picture_again"} or {r.key for r in remarks} == {
        "cell_output"
    }


def test_the_worst_remark_decides(made: Path) -> None:
    """Broken, then differs, then inputs, then law; what only informs decides nothing."""
    assert Verified("", ()).state == "verified"
    for n, state in enumerate(STATES):
        assert Verified("", tuple(Remark(s, "missing") for s in reversed(STATES[n:]))).state == state
    _missing(made / "report")
    _csv(made / "report")
    _answer(made / "report")
    _other_package(made / "report")
    states = {r.state for r in compare(made / "report")}
    assert states == {"broken", "differs", "inputs", "law"}


def test_an_engagement_that_was_moved_can_be_named(made: Path) -> None:
    """Then nothing has changed."""
    (made / "engagement").rename(made / "moved")
    assert "no_engagement" in found(compare(made / "report"))
    assert compare(made / "report", made / "moved") == ()


def test_an_earlier_report_that_changed_is_a_changed_input(made: Path) -> None:
    """Its assessment counts by its hash, missing or not."""

    def edit(manifest: dict[str, Any]) -> None:
        manifest["previous"] = {"../before": "0" * 64}
        manifest["parameters"]["previous"] = ["../before"]

    manifest_edited(made / "report", edit)
    assert "../before" in found(compare(made / "report"))["previous"]


def test_the_command_names_what_is_wrong_and_fails(made: Path) -> None:
    """Exit status 1 and sentences, in the language of the report unless another is asked for."""
    _engagement_gone(made / "report")
    result = run_kit("verify", made / "report", LANG="ja_JP.UTF-8")
    assert result.returncode == 1
    assert "report: changed inputs" in result.stdout
    assert "--engagement" in result.stdout
    result = run_kit("verify", made / "nothing", "--lang", "ja")
    assert result.returncode == 1
    assert "検証する報告書" in result.stderr
    assert "Traceback" not in result.stderr


def _spoilt(report: Path) -> Assessment:
    return Assessment.model_validate_json((report / "assessment.json").read_bytes())


@pytest.mark.parametrize(
    ("part", "change", "place"),
    [
        ("gaps", {"requirement": "A99-1"}, "gaps 1"),
        ("gaps", {"rank": 7}, "gaps: rank"),
        ("gaps", {"verdict": "unknown"}, "gaps A"),
        ("findings", {"checks": ("no-such-check",)}, "no-such-check"),
        ("findings", {"closed_by": "G01 or G99"}, "G99"),
        ("findings", {"chapter": "99"}, "chapter"),
        ("findings", {"id": "A99-1"}, "A99-1"),
        ("findings", {"disputed": True}, "agreement: disputed"),
        ("checks", {"requirements": ("A99-1",)}, "A99-1"),
        ("checks", {"register_name": "nothing"}, "nothing"),
        ("checks", {"file": "registers/none.csv"}, "registers/none.csv"),
        ("checklist", {"judged_by": ("A99-1",)}, "judged_by"),
        ("scope", {"gate": "G99"}, "gates"),
        ("registers", {"name": "nothing"}, "register_name"),
        ("unmet", {"count": 99}, "unmet"),
    ],
)
def test_every_reference_in_an_assessment_stands_for_something(
    report_made: Path, part: str, change: dict[str, Any], place: str
) -> None:
    """One of the first entries is made to name what is not there, or to contradict the rest."""
    whole = _spoilt(report_made / "report")
    inputs = json.loads((report_made / "report" / MANIFEST).read_text(encoding="utf-8"))["inputs"]
    assert reference_faults(whole, inputs, same_law=True) == []
    first, *rest = getattr(whole, part)
    spoilt = whole.model_copy(update={part: (first.model_copy(update=change), *rest)})
    faults = reference_faults(spoilt, inputs, same_law=True)
    assert place in "\n".join(r.said("en") for r in faults)
    assert {r.state for r in faults} == {"broken"}


def test_requirements_are_counted_against_the_law_of_the_day(report_made: Path) -> None:
    """All that are in force, none twice; under law data that is not at hand only the latter can be told."""
    whole = _spoilt(report_made / "report")
    twice = whole.model_copy(update={"findings": (whole.findings[0], *whole.findings[:-1])})
    keys = {r.key for r in reference_faults(twice, (), same_law=True)}
    assert {"requirement_twice", "requirement_missing"} <= keys
    keys = {r.key for r in reference_faults(twice, (), same_law=False)}
    assert "requirement_twice" in keys
    assert "requirement_missing" not in keys


@pytest.fixture(scope="session")
def batch_made(report_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a batch, ``out``, of two reports and one that failed, and the engagement of both."""
    from appi_assess.batch.portfolio_report import portfolio_report

    folder = tmp_path_factory.mktemp("batch")
    shutil.copytree(report_made / "engagement", folder / "engagement")
    out = folder / "out"
    for id_ in ("alpha", "beta"):
        report = Path(shutil.copytree(report_made / "report", out / "reports" / id_))
        for path in report.glob("*.ipynb"):
            rewritten(path, "../engagement", "../../../engagement")
        manifest_edited(report, lambda m: m["parameters"].update(engagement="../../../engagement"))
        relisted(report)
    states = {"alpha": "done", "beta": "done", "gamma": "failed"}
    rows = [
        {"id": i, "name": "", "tags": [], "engagement": "../engagement", "state": s, "failure": None}
        for i, s in states.items()
    ]
    content = {"schema_version": "1", "organisations": rows}
    (out / "portfolio.json").write_text(json.dumps(content), encoding="utf-8")
    portfolio_report(out, "en", (), lambda _: None)
    batch_listed(out)
    return folder


def batch_listed(out: Path) -> None:
    """Write the manifest of a batch for what is there."""
    first = json.loads((out / "reports" / "alpha" / MANIFEST).read_text(encoding="utf-8"))
    reports = {p.name: sha256(p / MANIFEST) for p in sorted((out / "reports").iterdir())}
    outputs = {n: h for n, h in outputs_of(out).items() if n.startswith("portfolio")}
    content = {
        "schema_version": "2",
        "kind": "batch",
        "package": first["package"],
        "law": {k: v for k, v in first["law"].items() if k != "as_of"},
        "parameters": {"lang": "en", "previous": []},
        "previous": {},
        "reports": reports,
        "outputs": outputs,
    }
    (out / MANIFEST).write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def batch(batch_made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A batch that may be spoilt; the notebooks of its reports are not run again."""
    monkeypatch.setattr(verification, "rerun", lambda seen, **_: [(n, []) for n in seen.notebooks])
    return Path(shutil.copytree(batch_made, tmp_path / "delivered")) / "out"


@pytest.fixture
def sound(batch: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, the portfolio notebook not being run again either."""
    monkeypatch.setattr(verification, "compared_with_new_run", lambda *_: [])
    monkeypatch.setattr(verification, "files_again", lambda *_, **__: [])
    return batch


def test_the_portfolio_notebook_is_run_again(batch: Path) -> None:
    """What it wrote and showed is compared, though every hash was made to fit."""
    assert verification.verify(batch)[-1].state == "verified"
    rewritten(batch / "portfolio" / "ranking.csv", "alpha", "alpine")
    path = batch / "portfolio" / "30_portfolio.ipynb"
    rewritten(path, "Soramori", "Soramory")
    batch_listed(batch)
    said = found(verification.verify(batch)[-1].remarks)
    assert "ranking.csv" in said["file_again"]
    assert "30_portfolio.ipynb" in said["cell_output"]


def test_a_batch_without_its_portfolio_notebook_is_broken(sound: Path) -> None:
    """Whether the manifest still lists it or not."""
    (sound / "portfolio" / "30_portfolio.ipynb").unlink()
    assert verification.verify(sound)[-1].state == "broken"
    batch_listed(sound)
    assert "30_portfolio.ipynb" in found(verification.verify(sound)[-1].remarks)["missing"]


def test_earlier_results_that_changed_are_changed_inputs(sound: Path) -> None:
    """They count by their manifest."""
    manifest_edited(sound, lambda m: m["previous"].update({"../../before": "0" * 64}))
    assert "../../before" in found(verification.verify(sound)[-1].remarks)["previous"]


@pytest.mark.parametrize("name", ["before\x00now", "half\ud800"])
def test_a_name_that_no_file_can_have_spoils_only_the_batch(sound: Path, name: str) -> None:
    """The reports are verified all the same."""
    json_edited(sound / MANIFEST, lambda m: m["previous"].update({name: "0" * 64}))
    result = verification.verify(sound)
    assert [v.state for v in result] == ["verified", "verified", "broken"]
    assert "manifest.json" in found(result[-1].remarks)["unreadable"]


def test_every_report_of_a_batch_is_verified_and_the_batch_itself(sound: Path) -> None:
    """Organisations that failed are named; they have no report that could be wrong."""
    told: list[str] = []
    result = verification.verify(sound, jobs=2, told=told.append)
    assert {v.id: v.state for v in result} == {"alpha": "verified", "beta": "verified", "": "verified"}
    assert len(told) == verification.steps(sound)
    assert "gamma" in "\n".join(verification.said(result, sound, "en"))


def test_a_report_that_the_batch_does_not_list_is_named(sound: Path) -> None:
    """An older one of an organisation that failed now, or one put there, was not verified."""
    assert "batch_others" not in {r.key for r in verification.verify(sound)[-1].remarks}
    (sound / "reports" / "gamma.failed").mkdir(exist_ok=True)
    shutil.copytree(sound / "reports" / "alpha", sound / "reports" / "gamma")
    result = verification.verify(sound)
    assert [v.id for v in result] == ["alpha", "beta", ""]
    assert result[-1].state == "verified"
    assert "and not verified: gamma" in "\n".join(verification.said(result, sound, "en"))


def test_what_is_not_verified_stands_first_in_the_table(sound: Path) -> None:
    """One bad report does not hide the others; the counts are below."""
    _missing(sound / "reports" / "beta")
    (sound / "portfolio.json").write_text("{}", encoding="utf-8")
    result = verification.verify(sound)
    lines = list(verification.said(result, sound, "en"))
    table = [line.split() for line in lines[lines.index("") + 1 :]]
    assert table[0][:2] == ["beta", "broken"] or table[1][:2] == ["beta", "broken"]
    assert table[2] == ["alpha", "verified"]
    assert lines[-1] == "verified: 1"
    assert "Files that were changed since: portfolio.json" in "\n".join(lines)


def test_a_report_put_into_a_batch_from_elsewhere_is_noticed(sound: Path) -> None:
    """It may be sound by itself; it is not the one that the batch made."""
    manifest = sound / "reports" / "beta" / MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found_ = {v.id: v.state for v in verification.verify(sound)}
    assert found_ == {"alpha": "verified", "beta": "differs", "": "verified"}


def test_ids_of_a_batch_name_no_other_folder(sound: Path) -> None:
    """A manifest made by others cannot send the kit elsewhere."""
    content = json.loads((sound / MANIFEST).read_text(encoding="utf-8"))
    content["reports"]["../../engagement"] = "x"
    (sound / MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    result = verification.verify(sound)
    assert [v.id for v in result] == ["alpha", "beta", ""]
    assert {"batch_ids", "batch_list"} <= {r.key for r in result[-1].remarks}


def test_one_engagement_cannot_stand_for_a_whole_batch(sound: Path) -> None:
    """It is refused with what to do."""
    with pytest.raises(InputProblems, match="one of its reports"):
        verification.verify(sound, sound)


def test_nothing_of_a_report_is_trusted_as_text(made: Path) -> None:
    """Control characters in what a file says never reach the terminal."""
    manifest_edited(made / "report", lambda m: m["outputs"].update({"\x1b[31mred\x07": "x"}))
    lines = "\n".join(verification.said([Verified("", compare(made / "report"))], made / "report", "en"))
    assert "red" in lines
    assert "\x1b" not in lines
    assert "\x07" not in lines


def test_every_remark_has_a_sentence() -> None:
    """In both languages."""
    known = set(_flat())
    folder = Path(comparison.__file__).parent
    keys = {
        key
        for path in folder.glob("*.py")
        for key in re.findall(
            r'(?:Remark\([^"]*"\w+"|Remark\([^",]*|^        \("\w+"), "(\w+)"',
            path.read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    }
    assert len(keys) >= 40
    assert {key for key in keys if f"verify.{key}" not in known} == set()
    assert all(f"verify.{part}.{state}" in known for part in ("state", "meaning") for state in STATES)
