"""
The commands as a user types them, in a process of their own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from appi_assess import law
from appi_assess.reader import read_engagement
from appi_assess.resources import sample

from .conftest import run_kit
from .test_engagement import TEN_FAULTS


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_init_makes_an_engagement_with_every_question_blank(tmp_path: Path, lang: str) -> None:
    """All requirements, grouped by chapter, the question as a comment; check accepts it once it has a name."""
    folder = tmp_path / "新しい案件"
    assert run_kit("init", folder, "--lang", lang).returncode == 0
    answers = (folder / "answers.yaml").read_text(encoding="utf-8")
    for r in law.all_requirements():
        assert f"\n{r.id}:\n" in answers
        assert r.question[lang] in answers
    for chapter in law.chapters():
        if chapter.groups:
            assert chapter.title[lang] in answers
    assert all(
        list(row) == ["answer", "comment", "evidence", "owner", "due"] and not any(row.values())
        for row in yaml.safe_load(answers).values()
    )
    assert {p.name for p in folder.iterdir()} == {
        "engagement.yaml",
        "answers.yaml",
        "evidence",
        "registers",
        "policy",
        "notebooks",
    }
    head = folder / "engagement.yaml"
    assert run_kit("check", folder).returncode == 1
    head.write_text(
        head.read_text(encoding="utf-8").replace("organisation:", "organisation: 試験株式会社"),
        encoding="utf-8",
        newline="\n",
    )
    result = run_kit("check", folder)
    assert (result.returncode, result.stderr) == (0, "")
    engagement = read_engagement(folder)
    assert not any(a.answer for a in engagement.answers.values())
    assert not engagement.scope


def test_init_never_overwrites(tmp_path: Path) -> None:
    """A folder with anything in it is refused and left as it was."""
    (tmp_path / "answers.yaml").write_text("mine", encoding="utf-8")
    result = run_kit("init", tmp_path, "--lang", "en")
    assert result.returncode == 1
    assert "the folder is not empty (answers.yaml, …)" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["answers.yaml"]
    assert (tmp_path / "answers.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_init_can_copy_the_sample(tmp_path: Path, lang: str) -> None:
    """The copy is the bundled sample, file by file, and check finds no error in it."""
    assert run_kit("init", tmp_path / "s", "--sample", "--lang", lang).returncode == 0
    for path in sample(lang).rglob("*"):
        if path.is_file():
            assert (tmp_path / "s" / path.relative_to(sample(lang))).read_bytes() == path.read_bytes()
    assert run_kit("check", tmp_path / "s").returncode == 0


@pytest.mark.parametrize(
    ("lang", "count"), [("en", "Errors: 10. Notices: 0."), ("ja", "誤りが10件、お知らせが0件あります。")]
)
def test_check_prints_ten_problems_for_ten_faults(write: Callable[..., Path], lang: str, count: str) -> None:
    """Each with its place, in the engagement's language, without a traceback, exit status 1."""
    folder = write(TEN_FAULTS, f"organisation: T\nlanguage: {lang}\nas_of: 2026-11-22\n")
    result = run_kit("check", folder)
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 11
    assert lines[-1].startswith(count)
    assert all(line.startswith("answers.yaml") for line in lines[:-1])
    assert "Traceback" not in result.stdout + result.stderr


def test_check_speaks_japanese_to_a_japanese_system(tmp_path: Path) -> None:
    """Before an engagement has told its language, that of the system is used."""
    result = run_kit("check", tmp_path / "nowhere", LC_ALL="ja_JP.UTF-8")
    assert "案件のフォルダがありません" in result.stdout
    assert "no such folder" in run_kit("check", tmp_path / "nowhere", LC_ALL="C.UTF-8").stdout


def test_report_refuses_a_bad_engagement_before_anything_runs(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    """Exit status 1, the problems on standard error, no folder made."""
    result = run_kit("report", write(TEN_FAULTS), "--out", tmp_path / "out")
    assert result.returncode == 1
    assert result.stderr.count("answers.yaml, line") == 10
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_report_refuses_a_day_whose_law_it_does_not_know(tmp_path: Path) -> None:
    """Both ends of the known law are refused with the reason."""
    for day in ("2022-03-31", "2028-07-16"):
        result = run_kit("report", sample("en"), "--out", tmp_path / "out", "--as-of", day)
        assert result.returncode == 1
        assert day in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("24", "Art. 24 (before 1 April 2022) is now Art. 28"),
        ("第２２条の２", "Art. 22-2 (before 1 April 2022) is now Art. 26"),
        ("15", "is now Art. 17"),
    ],
)
def test_lookup_answers_old_article_numbers(typed: str, said: str) -> None:
    """Old Art. 24 is now Art. 28, however the number is written."""
    assert said in run_kit("lookup", typed, "--lang", "en").stdout


def test_lookup_of_an_unknown_number_says_so() -> None:
    """No guess, exit status 1."""
    assert run_kit("lookup", "999", "--lang", "en").returncode == 1


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_upcoming_shows_the_reform_as_a_preview(lang: str) -> None:
    """Every item of the pack is shown with the word that it is never scored."""
    result = run_kit("upcoming", "--lang", lang)
    assert result.returncode == 0
    assert {"ja": "採点しません", "en": "never scored"}[lang] in " ".join(result.stdout.split())
    for item in law.upcoming()["items"]:
        assert item["title"][lang] in result.stdout


def test_help_names_every_command() -> None:
    """A newcomer finds the commands."""
    result = run_kit("--help")
    for command in ("init", "check", "report", "lab", "serve", "demo", "lookup", "upcoming"):
        assert command in result.stdout


def test_demo_makes_the_report_and_says_where_it_is(tmp_path: Path) -> None:
    """One command, no arguments needed: 13 notebooks, the result in one line, the first file to open."""
    result = run_kit("demo", cwd=tmp_path, LC_ALL="ja_JP.UTF-8")
    assert result.returncode == 0, result.stderr
    assert len(list((tmp_path / "appi-demo").glob("*.ipynb"))) == 13
    assert "法令上の不適合あり" in result.stdout
    assert "20_gap_report.ipynb" in result.stdout
    assert "Traceback" not in result.stderr
    again = run_kit("demo", "--lang", "en", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "conformity" in again.stdout
    assert "Disputed by the reviewer: 4 verdicts" in again.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["appi-demo"]


@pytest.mark.parametrize("code", ["import appi_assess", "import appi_assess.cli"])
def test_the_command_line_starts_without_the_heavy_libraries(code: str) -> None:
    """They are imported where they are needed, so that --help and --version answer at once."""
    heavy = ("pandas", "numpy", "matplotlib", "papermill", "nbformat", "IPython", "zmq", "distributed")
    ask = f"import sys; {code}; print([m for m in {heavy!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, encoding="utf-8")
    assert result.stdout == "[]\n"
