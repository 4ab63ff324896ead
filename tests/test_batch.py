"""
A batch: one bad engagement spoils no other, and the same command finishes what was interrupted.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from appi_assess.batch import portfolio_report, storage
from appi_assess.batch.batch import Options, Result, run_batch
from appi_assess.batch.portfolio import read_portfolio
from appi_assess.batch.record import Record
from appi_assess.batch.task import Task, run_task
from appi_assess.problems import InputProblems, Problem
from appi_assess.runs import manifest, report

from . import small_kit
from .conftest import ROOT
from .small_kit import PACKAGE, answer, portfolio, results, said

PATIENCE = 120.0


def run(path: Path, out: Path | str, **options: Any) -> Result:
    """Run a batch here."""
    return run_batch(read_portfolio(path, "en"), str(out), Options(**options))


def states(result: Result) -> dict[str, str]:
    """How each entry went."""
    return {o.id: o.state for o in result.outcomes}


def marks(out: Path) -> dict[str, tuple[int, int]]:
    """What changes when a file is written again: its inode and its time."""
    files = (p for folder in ("reports", "portfolio") for p in (out / folder).rglob("*") if p.is_file())
    stats = {p.relative_to(out).as_posix(): p.stat() for p in (*files, out / "manifest.json")}
    return {name: (found.st_ino, found.st_mtime_ns) for name, found in stats.items()}


def wait_for(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    last = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < last, "it never came"
        time.sleep(0.02)


@pytest.mark.usefixtures("kit")
def test_a_bad_engagement_is_named_and_spoils_no_other(tmp_path: Path) -> None:
    """A wrong answer, a crash, a broken file, a missing file: each with its reason; the rest is complete."""
    remarks = {"a": "", "fails": "# fails", "crashes": "# crashes", "broken": "", "missing": "", "z": ""}
    path = portfolio(tmp_path, remarks)
    (tmp_path / "engagements" / "broken" / "answers.yaml").write_text("A26-4: [no\n", encoding="utf-8")
    (tmp_path / "engagements" / "missing" / "answers.yaml").unlink()
    result = run(path, tmp_path / "out")
    assert states(result) == dict.fromkeys(remarks, "failed") | {"a": "done", "z": "done"}
    found = {o.id: o.failure for o in result.outcomes if o.failure}
    assert (found["fails"].notebook, found["fails"].cell) == ("90_small.ipynb", 2)
    assert found["fails"].reason["ja"] == "AssertionError: the answer is wrong"
    assert found["crashes"].notebook == "90_small.ipynb"
    assert "answers.yaml、1行目" in found["broken"].reason["ja"] or "1行目" in found["broken"].reason["ja"]
    assert "line 1" in found["broken"].reason["en"]
    assert found["missing"].reason["en"].startswith("answers.yaml")
    assert result.state == "finished"
    out = tmp_path / "out"
    assert (out / "reports" / "fails.failed" / "failed_90_small.ipynb").is_file()
    assert (out / "portfolio" / "ranking.csv").read_text(encoding="utf-8").split() == ["a", "z"]
    listed = json.loads((out / "portfolio.json").read_text(encoding="utf-8"))["organisations"]
    assert [(row["id"], row["state"]) for row in listed] == [
        (id_, "done" if id_ in ("a", "z") else "failed") for id_ in remarks
    ]
    assert str(tmp_path) not in (out / "portfolio.json").read_text(encoding="utf-8")
    whole = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert set(whole["reports"]) == {"a", "z"}
    assert said(out)["counts"] == {"total": 6, "done": 2, "failed": 4}
    assert said(out)["state"] == "finished"


@pytest.mark.usefixtures("kit")
@pytest.mark.parametrize("name", ["manifest.json", "batch.json"])
@pytest.mark.parametrize("outputs", [None, ["x"], {"portfolio/ranking.csv": 3}])
def test_a_record_that_somebody_spoilt_stops_no_batch(tmp_path: Path, name: str, outputs: object) -> None:
    """What it says of its outputs is no such thing: the portfolio is made anew."""
    path, out = portfolio(tmp_path, {"a": ""}), tmp_path / "out"
    run(path, out)
    before = results(out)
    spoilt = json.loads((out / name).read_text(encoding="utf-8")) | {"outputs": outputs}
    (out / name).write_text(json.dumps(spoilt), encoding="utf-8")
    assert run(path, out).state == "finished"
    assert results(out) == before


@pytest.mark.usefixtures("kit")
def test_nothing_is_written_once_a_batch_has_broken_off(tmp_path: Path) -> None:
    """Whoever reads its messages is gone: what runs is ended before the results are given free."""

    def gone(_: object) -> None:
        raise BrokenPipeError

    path, out = portfolio(tmp_path, {"a": "", "b": "# waits"}), tmp_path / "out"
    with pytest.raises(BrokenPipeError):
        run_batch(read_portfolio(path, "en"), str(out), Options(jobs=2), gone)
    assert [p.name for p in (out / "reports").iterdir()] == ["a"]
    assert said(out)["state"] == "failed"


@pytest.mark.usefixtures("kit")
@pytest.mark.parametrize("row", [1, {"id": "a"}, {"id": ["a"], "state": "done"}])
def test_earlier_results_that_somebody_spoilt_are_refused(tmp_path: Path, row: object) -> None:
    """Their list of organisations holds something else: nothing runs."""
    path, earlier = portfolio(tmp_path, {"a": ""}), tmp_path / "earlier"
    run(path, earlier)
    (earlier / "portfolio.json").write_text(json.dumps({"organisations": [row]}), encoding="utf-8")
    with pytest.raises(InputProblems) as refused:
        run(path, tmp_path / "out", previous=(str(earlier),))
    assert [p.code for p in refused.value.problems] == ["batch_previous"]
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("kit")
@pytest.mark.parametrize("place", ["evidence", "registers/batch", "policy"])
def test_results_never_lie_among_the_inputs_of_an_organisation(tmp_path: Path, place: str) -> None:
    """Those of all others would; nothing is written there."""
    path = portfolio(tmp_path, {"a": "", "b": ""})
    out = tmp_path / "engagements" / "b" / place
    with pytest.raises(InputProblems) as refused:
        run(path, out)
    assert [p.code for p in refused.value.problems] == ["out_inside"]
    assert not out.exists()


@pytest.mark.usefixtures("kit")
def test_results_depend_on_nothing_but_their_inputs(tmp_path: Path) -> None:
    """One job or two, here or elsewhere: every file is the same."""
    for name, jobs in (("one", 1), ("two", 2)):
        path = portfolio(tmp_path / name, {"a": "", "b": "# fails", "c": ""})
        run(path, tmp_path / name / "out", jobs=jobs)
    assert results(tmp_path / "one" / "out") == results(tmp_path / "two" / "out")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A batch that is finished: a kit, engagements, portfolio and results."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in small_kit.patches(small_kit.write_kit(folder / "kit")):
            patch.setattr(module, name, value)
        run(portfolio(folder, {"a": "", "b": ""}), folder / "out")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def again(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the finished batch that may be changed."""
    folder = tmp_path / "copy"
    shutil.copytree(finished, folder)
    for module, name, value in small_kit.patches(folder / "kit"):
        monkeypatch.setattr(module, name, value)
    return folder


def test_nothing_finished_is_repeated(again: Path) -> None:
    """No file is written again, the portfolio's neither; batch.json says kept."""
    before = marks(again / "out")
    result = run(again / "portfolio.csv", again / "out")
    assert states(result) == {"a": "kept", "b": "kept"}
    assert marks(again / "out") == before


def change_answers(folder: Path, _: pytest.MonkeyPatch) -> None:
    """One engagement says something else."""
    answer(folder / "engagements" / "a", "# new")


def lose_output(folder: Path, _: pytest.MonkeyPatch) -> None:
    """A report lost a file."""
    (folder / "out" / "reports" / "a" / "assessment.json").unlink()


def lose_report(folder: Path, _: pytest.MonkeyPatch) -> None:
    """A report was deleted."""
    shutil.rmtree(folder / "out" / "reports" / "a")


def change_package(_: Path, patch: pytest.MonkeyPatch) -> None:
    """The kit is another one."""
    patch.setattr(manifest, "package_digest", lambda: "0" * 64)


def change_law(_: Path, patch: pytest.MonkeyPatch) -> None:
    """The law data is another one."""
    patch.setattr(manifest, "law_digest", lambda: "0" * 64)


@pytest.mark.parametrize(
    ("change", "repeated"),
    [
        (change_answers, "a"),
        (lose_output, "a"),
        (lose_report, "a"),
        (change_package, "ab"),
        (change_law, "ab"),
    ],
)
def test_what_changed_is_made_again_and_nothing_else(
    again: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[..., None], repeated: str
) -> None:
    """Inputs, package, law, and what a report holds; the portfolio follows."""
    before = marks(again / "out")
    change(again, monkeypatch)
    result = run(again / "portfolio.csv", again / "out")
    assert states(result) == {id_: "done" if id_ in repeated else "kept" for id_ in "ab"}
    after = marks(again / "out")
    same = {name for name in after if before.get(name) == after[name]}
    assert {name.split("/")[1] for name in same if name.startswith("reports/")} == set("ab") - set(repeated)
    if change is lose_output or change is lose_report:
        assert "portfolio/ranking.csv" in same  # the report is the one it was
    else:
        assert "portfolio/ranking.csv" not in same


@pytest.mark.parametrize(
    ("options", "state"),
    [({"force": True}, "done"), ({"report_lang": "ja"}, "done"), ({"report_lang": "en"}, "kept")],
)
def test_options_that_make_another_report_repeat_it(again: Path, options: dict[str, Any], state: str) -> None:
    """All of it with --force; with another language; not with the same one."""
    assert states(run(again / "portfolio.csv", again / "out", **options)) == {"a": state, "b": state}


def test_another_day_makes_another_report(again: Path) -> None:
    """The assessment date of the portfolio is a parameter like any other."""
    (again / "portfolio.csv").write_text(
        "id,engagement,as_of\na,engagements/a,2026-12-01\nb,engagements/b,2026-11-22\n", encoding="utf-8"
    )
    assert states(run(again / "portfolio.csv", again / "out")) == {"a": "done", "b": "kept"}


def test_a_new_name_renews_only_the_portfolio(again: Path) -> None:
    """Names and tags are no part of a report."""
    (again / "portfolio.csv").write_text(
        "id,engagement,name,tags\na,engagements/a,東京,x\nb,engagements/b,,\n", encoding="utf-8"
    )
    before = marks(again / "out")
    assert states(run(again / "portfolio.csv", again / "out")) == {"a": "kept", "b": "kept"}
    after = marks(again / "out")
    assert before["portfolio/ranking.csv"] != after["portfolio/ranking.csv"]
    row = json.loads((again / "out" / "portfolio.json").read_text(encoding="utf-8"))["organisations"][0]
    assert (row["name"], row["tags"], row["engagement"]) == ("東京", ["x"], "../engagements/a")


def test_what_a_user_changed_is_never_replaced(again: Path) -> None:
    """An edited report fails alone and stays, also with --force; so does an edited portfolio notebook."""
    edited = again / "out" / "reports" / "a" / "90_small.ipynb"
    edited.write_text("mine", encoding="utf-8")
    result = run(again / "portfolio.csv", again / "out", force=True)
    assert states(result) == {"a": "failed", "b": "done"}
    failure = result.outcomes[0].failure
    assert failure
    assert "90_small.ipynb" in failure.reason["en"]
    assert "reports/a" in failure.reason["ja"]
    assert str(again) not in failure.reason["en"]
    assert edited.read_text(encoding="utf-8") == "mine"
    notes = again / "out" / "portfolio" / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    result = run(again / "portfolio.csv", again / "out", force=True)
    assert result.state == "failed"
    assert result.portfolio
    assert "portfolio/notes.txt" in result.portfolio.reason["ja"]
    assert notes.read_text(encoding="utf-8") == "mine"


class Killed(BaseException):
    """The process is gone at this point."""


@pytest.mark.parametrize(("place", "name"), [(Record, "mark"), (portfolio_report, "manifest_content")])
def test_a_portfolio_report_cut_off_at_any_point_is_made_again(
    again: Path, monkeypatch: pytest.MonkeyPatch, place: object, name: str
) -> None:
    """Just before its folder is moved, and after that but before the manifest is written."""
    answer(again / "engagements" / "a", "# new")
    real = getattr(place, name)

    def cut_off(*arguments: object) -> None:
        real(*arguments)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, name, cut_off)
        with pytest.raises(Killed):
            run(again / "portfolio.csv", again / "out")
    assert not (again / "out" / "manifest.json").exists()
    assert run(again / "portfolio.csv", again / "out").state == "finished"
    assert (again / "out" / "manifest.json").exists()


def test_without_any_report_there_is_no_portfolio_notebook(again: Path) -> None:
    """The old one is not left behind as if it were of today; the reason is said."""
    for id_ in "ab":
        answer(again / "engagements" / id_, "# fails")
    result = run(again / "portfolio.csv", again / "out")
    assert states(result) == {"a": "failed", "b": "failed"}
    assert result.portfolio
    assert "No report" in result.portfolio.reason["en"]
    assert not (again / "out" / "portfolio").exists()
    whole = json.loads((again / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert (whole["reports"], list(whole["outputs"])) == ({}, ["portfolio.json"])


def test_reports_of_others_stay_and_are_named(again: Path) -> None:
    """An id that is no longer in the portfolio loses nothing."""
    (again / "portfolio.csv").write_text("id,engagement\nb,engagements/b\n", encoding="utf-8")
    result = run(again / "portfolio.csv", again / "out")
    assert result.others == ("a",)
    assert (again / "out" / "reports" / "a" / "manifest.json").is_file()
    assert (again / "out" / "portfolio" / "ranking.csv").read_text(encoding="utf-8").split() == ["b"]


def test_leftovers_of_a_killed_batch_are_swept_and_nothing_else(again: Path) -> None:
    """Folders of unfinished reports go; hidden folders of others stay."""
    reports = again / "out" / "reports"
    for name in (".a.0123abcd", ".gone.0123abcd.old", ".a.notes", ".git", ".A.0123abcd"):
        (reports / name).mkdir()
        (reports / name / "x").write_text("x", encoding="utf-8")
    (again / "out" / ".batch.json.0123456789ab.tmp").write_text("x", encoding="utf-8")
    run(again / "portfolio.csv", again / "out")
    assert {p.name for p in reports.iterdir()} == {"a", "b", ".a.notes", ".git", ".A.0123abcd"}
    assert not list((again / "out").glob("*.tmp"))


def test_a_full_disk_fails_one_report_and_the_next_run_makes_it(
    again: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is said in words; nothing unfinished is trusted."""
    answer(again / "engagements" / "a", "# new")

    def full(path: Path, text: str) -> None:
        del text
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(report, "write_text", full)
        result = run(again / "portfolio.csv", again / "out")
    assert states(result) == {"a": "failed", "b": "kept"}
    failure = result.outcomes[0].failure
    assert failure
    assert "No space left" in failure.reason["ja"]
    assert "reports/a/manifest.json" in failure.reason["en"]
    assert not [p for p in (again / "out" / "reports").iterdir() if p.name.startswith(".")]
    assert states(run(again / "portfolio.csv", again / "out")) == {"a": "done", "b": "kept"}


def test_earlier_periods_reach_the_reports_that_had_one(again: Path) -> None:
    """A report compares with its own of the period before; the portfolio with all; a new one has none."""
    small_kit.engagement(again / "engagements" / "new")
    (again / "portfolio.csv").write_text(
        "id,engagement,as_of\na,engagements/a,2027-01-01\nnew,engagements/new,2027-01-01\n", encoding="utf-8"
    )
    out, old = again / "q4" / "out", again / "out"
    result = run(again / "portfolio.csv", out, previous=(str(old),))
    assert states(result) == {"a": "done", "new": "done"}
    made = {id_: manifest.read_manifest(out / "reports" / id_) for id_ in ("a", "new")}
    assert made["a"]
    assert made["new"]
    assert made["a"].parameters["previous"] == ["../../../../out/reports/a"]
    assert made["new"].parameters["previous"] == []
    assert (out / "portfolio" / "ranking.csv").read_text(encoding="utf-8").split() == [
        "a",
        "new",
        "../../../out",
    ]
    assert states(run(again / "portfolio.csv", out, previous=(str(old),))) == {"a": "kept", "new": "kept"}
    with pytest.raises(InputProblems) as caught:
        run(again / "portfolio.csv", out, previous=(str(out), str(again)))
    assert [p.code for p in caught.value.problems] == ["batch_previous_self", "batch_previous"]


def test_reasons_name_no_place_of_this_machine(again: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of a period before that cannot be used is named as seen from the results."""

    def refuse(places: Sequence[Path], *_: object) -> None:
        if places:
            raise InputProblems([Problem("previous_not_report", str(places[0]))])

    monkeypatch.setattr(report, "check_earlier", refuse)
    run(again / "portfolio.csv", again / "new", previous=(str(again / "out"),))
    listed = (again / "new" / "portfolio.json").read_text(encoding="utf-8")
    assert "../out/reports/a" in listed
    assert str(again) not in listed


def test_a_folder_that_is_something_else_is_refused(again: Path) -> None:
    """An engagement, a report, another program's files: nothing is written."""
    places = [again / "engagements" / "a", again / "out" / "reports" / "a", again / "other"]
    places[2].mkdir()
    (places[2] / "portfolio.json").write_text("[1]", encoding="utf-8")
    for place in places:
        before = results(place)
        with pytest.raises(InputProblems):
            run(again / "portfolio.csv", place)
        assert results(place) == before


@pytest.mark.usefixtures("kit")
def test_a_worker_with_another_kit_or_without_the_storage_refuses(tmp_path: Path) -> None:
    """It says so instead of making another result, or one that nobody sees."""
    path = small_kit.engagement(tmp_path / "e")
    task = Task("e", str(path), str(tmp_path / "out" / "reports" / "e"), package="0" * 64)
    other = run_task(task)
    unshared = run_task(Task(**{**task_fields(task), "package": PACKAGE, "batch": str(tmp_path / "nowhere")}))
    assert "not the one with which the batch began" in other.failure.reason["en"] if other.failure else False
    assert "does not see" in unshared.failure.reason["en"] if unshared.failure else False
    assert not (tmp_path / "out").exists()


def task_fields(task: Task) -> dict[str, Any]:
    """The parts of a task."""
    return {name: getattr(task, name) for name in Task.__dataclass_fields__}


def test_a_task_and_its_outcome_can_be_sent(again: Path) -> None:
    """Plain data that any worker can read; an error of any kind comes back as a record."""
    task = Task("a", str(again / "engagements" / "a"), str(again / "out" / "reports" / "a"))
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - our own
    outcome = run_task(Task("a", "\0", str(again / "x")))
    assert outcome.state == "failed"
    assert outcome.failure
    assert outcome.failure.reason["ja"]
    assert pickle.loads(pickle.dumps(outcome)) == outcome  # noqa: S301


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command in a process of its own, with the small kit."""
    command = [sys.executable, "-m", "tests.small_kit", folder / "kit", "batch", folder / "portfolio.csv"]
    return subprocess.Popen(
        [*map(str, command), "--out", str(folder / "out"), "--lang", "en", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        start_new_session=True,
    )


@pytest.fixture
def stuck(tmp_path: Path, kit: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """A batch of three in a process of its own: the first is done, the second waits in its notebook."""
    del kit
    portfolio(tmp_path, {"a": "", "b": "# waits", "c": "# waits"})
    process = start(tmp_path, "--jobs", "1")
    reports = tmp_path / "out" / "reports"
    try:
        wait_for(lambda: (reports / "a" / "manifest.json").is_file() and list(reports.glob(".b.*")))
        yield tmp_path, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def resumed(folder: Path, before: dict[str, tuple[int, int]]) -> None:
    """The same command finishes the work and repeats nothing."""
    for id_ in "bc":
        (folder / "engagements" / id_ / "go").write_text("", encoding="utf-8")
    process = start(folder)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, stderr
    assert "2 made, 1 kept" in stdout
    kept = {name: mark for name, mark in marks(folder / "out").items() if name.startswith("reports/a/")}
    assert kept == before
    assert sorted(p.name for p in (folder / "out" / "reports").iterdir()) == ["a", "b", "c"]
    assert said(folder / "out")["state"] == "finished"


def first_report(folder: Path) -> dict[str, tuple[int, int]]:
    """The marks of the report that is done."""
    found = {
        p.relative_to(folder / "out").as_posix(): p.stat() for p in (folder / "out/reports/a").rglob("*")
    }
    return {name: (s.st_ino, s.st_mtime_ns) for name, s in found.items()}


def test_after_kill_9_the_same_command_finishes_the_work(stuck: tuple[Path, subprocess.Popen[str]]) -> None:
    """What was being made is made anew, what was done stays, and no leftovers."""
    folder, process = stuck
    before = first_report(folder)
    process.kill()
    process.wait()
    assert list((folder / "out" / "reports").glob(".b.*"))
    assert said(folder / "out")["state"] == "running"
    resumed(folder, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_after_ctrl_c_the_same_command_finishes_the_work(
    stuck: tuple[Path, subprocess.Popen[str]], number: signal.Signals
) -> None:
    """It ends at once with status 130, its kernels with it, leaves nothing half-made and says how to go on."""
    folder, process = stuck
    before = first_report(folder)
    process.send_signal(number)
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "Interrupted" in stdout
    assert said(folder / "out")["state"] == "interrupted"
    assert [row["state"] for row in said(folder / "out")["entries"]] == ["done", "stopped", "stopped"]
    assert [p.name for p in (folder / "out" / "reports").iterdir()] == ["a"]
    assert not (folder / "out" / "manifest.json").exists()
    resumed(folder, before)


def test_a_second_batch_is_refused_and_names_the_first(stuck: tuple[Path, subprocess.Popen[str]]) -> None:
    """With its process and user; the first one is not disturbed."""
    folder, process = stuck
    with pytest.raises(InputProblems) as caught:
        run(folder / "portfolio.csv", folder / "out")
    (problem,) = caught.value.problems
    assert problem.code == "batch_locked"
    assert problem.words["pid"] == str(process.pid)
    assert str(process.pid) in problem.said("ja")
    assert list((folder / "out" / "reports").glob(".b.*"))
    for id_ in "bc":
        (folder / "engagements" / id_ / "go").write_text("", encoding="utf-8")
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, stderr
    assert "3 made" in stdout


def test_the_command_tells_failures_first(again: Path) -> None:
    """A line as it happens, a table at the end, exit status 1, in the language asked for."""
    answer(again / "engagements" / "b", "# fails")
    process = start(again, "--lang", "ja")
    stdout, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "失敗：b　90_small.ipynb のセル 2" in stderr
    lines = stdout.splitlines()
    assert lines[1].split() == ["b", "90_small", "2", "AssertionError:", "the", "answer", "is", "wrong"]
    assert "失敗1" in lines[3]
    assert "Traceback" not in stdout + stderr


@pytest.fixture
def memory() -> Iterator[str]:
    """A storage that is reached by URL."""
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    yield "memory://batch"
    system.rm("/", recursive=True)


def stored(url: str, folder: Path) -> Path:
    """What lies under a URL, as files."""
    return storage.fetch(url, folder)


def test_storage_by_url_gives_the_same_results(again: Path, memory: str, tmp_path: Path) -> None:
    """Byte for byte; and there, too, nothing is repeated and nothing incomplete is trusted."""
    import fsspec

    system = fsspec.filesystem("memory")
    system.put(str(again / "engagements"), "/batch/engagements", recursive=True)
    (again / "portfolio.csv").write_text(
        f"id,engagement\na,{memory}/engagements/a\nb,{memory}/engagements/b\n", encoding="utf-8"
    )
    assert states(run(again / "portfolio.csv", f"{memory}/out")) == {"a": "done", "b": "done"}
    assert results(stored(f"{memory}/out", tmp_path / "one")) == results(again / "out")
    assert states(run(again / "portfolio.csv", f"{memory}/out/")) == {"a": "kept", "b": "kept"}
    system.pipe_file(f"/batch/out/reports/a/{storage.PARTIAL}", b"")
    system.rm_file("/batch/out/reports/a/manifest.json")
    assert states(run(again / "portfolio.csv", f"{memory}/out")) == {"a": "done", "b": "kept"}
    assert results(stored(f"{memory}/out", tmp_path / "two")) == results(again / "out")


def test_engagements_by_url_may_be_reported_into_a_folder(again: Path, memory: str) -> None:
    """Whole or not at all, and kept the second time."""
    import fsspec

    fsspec.filesystem("memory").put(str(again / "engagements"), "/batch/engagements", recursive=True)
    (again / "portfolio.csv").write_text(
        f"id,engagement\na,{memory}/engagements/a\nb,{memory}/nowhere\n", encoding="utf-8"
    )
    with pytest.raises(InputProblems) as caught:
        run(again / "portfolio.csv", again / "new")
    assert [p.code for p in caught.value.problems] == ["batch_folder"]
    (again / "portfolio.csv").write_text(f"id,engagement\na,{memory}/engagements/a\n", encoding="utf-8")
    assert states(run(again / "portfolio.csv", again / "new")) == {"a": "done"}
    assert states(run(again / "portfolio.csv", again / "new")) == {"a": "kept"}
    made = manifest.read_manifest(again / "new" / "reports" / "a")
    assert made
    assert made.parameters["engagement"].endswith("/memory/batch/engagements/a")


def test_a_batch_on_a_url_is_refused_while_another_tells_its_state(again: Path, memory: str) -> None:
    """There are no locks; a state younger than two minutes of a process that may live counts."""
    import fsspec

    run(again / "portfolio.csv", f"{memory}/out")
    system = fsspec.filesystem("memory")
    state = json.loads(system.cat_file("/batch/out/batch.json"))
    for change, refused in (
        ({"state": "running", "host": "elsewhere"}, True),
        ({"state": "running", "host": "elsewhere", "updated": "2026-01-01T00:00:00+00:00"}, False),
        ({"state": "interrupted", "host": "elsewhere"}, False),
    ):
        system.pipe_file("/batch/out/batch.json", json.dumps({**state, **change}).encode())
        if refused:
            with pytest.raises(InputProblems, match="another batch"):
                run(again / "portfolio.csv", f"{memory}/out")
        else:
            run(again / "portfolio.csv", f"{memory}/out")
