"""
The journal as people read it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from appi_assess.engagement import ANSWERS
from appi_assess.forms.change_log import answers_at, lines
from appi_assess.forms.desk import Desk
from appi_assess.forms.journal import JOURNAL, read_journal
from appi_assess.problems import InputProblems, Problem
from appi_assess.reader import read_engagement
from appi_assess.scaffold import make_engagement
from appi_assess.yaml_edit import add, put

from .conftest import run_kit


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    """An engagement in which one answer was given, supported and changed."""
    folder = tmp_path / "e"
    make_engagement(folder, "en", date(2026, 11, 22))
    desk, key = Desk(folder), "A26-1"
    desk.write(ANSWERS, key, lambda t: put(t, (key, "answer"), "no"), "Sato")
    desk.write(
        ANSWERS, key, lambda t: add(t, (key, "evidence"), {"file": "a.pdf", "dated": "2026-04-01"}), ""
    )
    desk.write(ANSWERS, key, lambda t: put(t, (key, "answer"), "yes"), "Tanaka\x1b[31m")
    return folder


def test_the_log_says_when_who_what_old_and_new(worked: Path) -> None:
    """One line for each change, the oldest first, in words; control characters are not printed."""
    shown = list(lines(worked, "en", []))
    assert "Sato" in shown[-3]
    assert "A26-1 Answer: not answered -> not met" in shown[-3]
    assert "(no name given)" in shown[-2]
    assert "a.pdf 2026-04-01" in shown[-2]
    assert "not met -> met" in shown[-1]
    assert "\x1b" not in "".join(shown)
    assert "不適合 → 適合" in list(lines(worked, "ja", []))[-1]
    year = f"{datetime.now().astimezone():%Y-%m-%d}"
    assert shown[-1].startswith(year)


def test_the_answers_of_a_moment_are_a_file_that_can_be_read(worked: Path, tmp_path: Path) -> None:
    """Rebuilt as of the second change, the first answer stands with its evidence."""
    moments = [c.when.isoformat() for c in read_journal(worked, []) if c.via == "form"]
    (worked / ANSWERS).write_text(answers_at(worked, moments[1], "en", []), encoding="utf-8")
    (worked / "engagement.yaml").write_text("organisation: X\nas_of: 2026-11-22\n", encoding="utf-8")
    then = read_engagement(worked).answers["A26-1"]
    assert (then.answer, [p.file for p in then.evidence]) == ("not_met", ["a.pdf"])
    del tmp_path


def test_a_moment_copied_from_the_log_includes_its_change(worked: Path) -> None:
    """The log prints whole seconds; asking for that second or minute gives the state after it."""
    last = [c.when for c in read_journal(worked, []) if c.field == "answer"][-1].astimezone()
    for moment in (f"{last:%Y-%m-%dT%H:%M:%S}", f"{last:%Y-%m-%d %H:%M}", last.isoformat()):
        assert answers_at(worked, moment, "en", []).split("A26-1:")[1].split()[1] == "met", moment


def test_a_day_alone_means_its_end(worked: Path) -> None:
    """The answers of today are those of now; those of a day before the journal are blank."""
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    assert answers_at(worked, today, "en", []).split("A26-1:")[1].split()[1] == "met"
    assert answers_at(worked, "2026-01-01", "en", []).split("A26-1:")[1].split()[1] == "comment:"


def test_what_is_no_moment_or_no_engagement_is_refused(worked: Path, tmp_path: Path) -> None:
    """In a sentence."""
    with pytest.raises(InputProblems):
        answers_at(worked, "yesterday", "en", [])
    with pytest.raises(InputProblems):
        list(lines(tmp_path / "nowhere", "en", []))


def test_lines_that_cannot_be_read_are_told_by_number(worked: Path) -> None:
    """Not JSON, no object, no moment, an unknown field: each is skipped and named."""
    good = (worked / JOURNAL).read_text(encoding="utf-8").splitlines()
    first = json.loads(good[0])
    bad = [
        "{",
        "[]",
        json.dumps(first | {"file": []}),
        json.dumps(first | {"when": "x"}),
        json.dumps(first | {"more": 1}),
    ]
    (worked / JOURNAL).write_text("\n".join([*bad, *good]) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    assert len(list(lines(worked, "en", problems))) == len(good)
    assert [p.line for p in problems] == [1, 2, 3, 4, 5]


def test_the_command_prints_log_and_answers(worked: Path, tmp_path: Path) -> None:
    """In either language; an engagement nobody worked in says so."""
    assert "not met -> met" in run_kit("log", worked, "--lang", "en").stdout
    assert "A26-1:" in run_kit("log", worked, "--at", "2026-12-31", "--lang", "ja").stdout
    refused = run_kit("log", worked, "--at", "soon", "--lang", "en")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    make_engagement(tmp_path / "new", "ja", date(2026, 11, 22))
    assert "まだありません" in run_kit("log", tmp_path / "new", "--lang", "ja").stdout
