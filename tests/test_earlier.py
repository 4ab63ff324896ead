"""
Earlier reports are read whole or refused with sentences: what is wrong, where, and what to do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from appi_assess.assessment import Assessment
from appi_assess.conclude import assess_engagement
from appi_assess.earlier import earlier, folders
from appi_assess.engagement import Answer, Engagement
from appi_assess.problems import InputProblems, Problem

DAY = date(2026, 11, 22)
A_DAY = timedelta(days=1)


def assessed(day: date, organisation: str = "T") -> Assessment:
    """A small assessment."""
    return assess_engagement(Engagement(organisation, "en", day, answers={"A17-1": Answer("met")}), day)


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    """Puts an ``assessment.json`` into a folder of its own."""

    def made(name: str, content: Assessment | str | bytes) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        text = content.to_json() if isinstance(content, Assessment) else content
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (folder / "assessment.json").write_bytes(data)
        return folder

    return made


def refused(previous: object, lang: str = "en") -> tuple[Problem, ...]:
    """The problems for which earlier reports are refused."""
    with pytest.raises(InputProblems) as caught:
        earlier(previous, DAY, lang)  # type: ignore[arg-type]
    assert caught.value.lang == lang
    assert "Traceback" not in str(caught.value)
    return caught.value.problems


def test_reports_are_read_the_oldest_first_however_they_are_given(report: Callable[..., Path]) -> None:
    """A text, a path, or a list of both; nothing is no earlier period."""
    old, older = assessed(DAY - A_DAY), assessed(DAY - 2 * A_DAY)
    one, two = report("q2", old), report("2026", older)
    assert earlier([one, str(two)], DAY) == (older, old)
    assert earlier((str(two), "", one), DAY) == (older, old)
    assert earlier(one, DAY) == earlier(str(one), DAY) == (old,)
    assert earlier("", DAY) == earlier([], DAY) == earlier([""], DAY) == ()


def test_a_folder_that_papermill_took_for_a_number_is_found(
    report: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``-p previous 2026`` arrives as a number, seen from the folder of the notebook."""
    folder = report("2026", assessed(DAY))
    monkeypatch.chdir(folder.parent)
    assert folders(2026) == ("2026",)  # type: ignore[arg-type]
    assert len(earlier(2026, DAY)) == 1  # type: ignore[arg-type]


def test_the_same_day_is_allowed_and_a_later_one_is_not(report: Callable[..., Path]) -> None:
    """Both sides of the date; days of one day stay in the order given."""
    same, again = assessed(DAY, "first"), assessed(DAY, "second")
    assert earlier([report("a", same), report("b", again)], DAY) == (same, again)
    (problem,) = refused(report("c", assessed(DAY + A_DAY)))
    assert problem.code == "previous_later"
    said = problem.said("en")
    assert "2026-11-23" in said
    assert "2026-11-22" in said


def test_everything_that_is_wrong_is_told_at_once(report: Callable[..., Path], tmp_path: Path) -> None:
    """Each with its folder, in the order given, and in both languages."""
    good = assessed(DAY)
    (tmp_path / "empty").mkdir()
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch" / "portfolio.json").write_text("{}", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    older_form = json.loads(good.to_json()) | {"schema_version": "2", "package_version": "0.2.0"}
    wrong = {
        "nowhere": "previous_missing",
        "file": "previous_missing",
        "empty": "previous_not_report",
        "batch": "previous_batch",
        "torn": "previous_unreadable",
        "list": "previous_unreadable",
        "deep": "previous_unreadable",
        "bytes": "previous_unreadable",
        "edited": "previous_unreadable",
        "unnamed": "previous_unreadable",
        "older": "previous_version",
        "later": "previous_later",
    }
    report("good", good)
    report("torn", good.to_json()[:5000])
    report("list", "[1]")
    report("deep", '{"schema_version": "3", "a": ' + "[" * 100_000)
    report("bytes", b"\xff\xfe{")
    report("edited", good.to_json().replace('"verdict": "met"', '"verdict": "fine"'))
    report("unnamed", "{}")
    report("older", json.dumps(older_form))
    report("later", assessed(DAY + A_DAY))
    paths = [(tmp_path / name).as_posix() for name in ("good", *wrong)]
    for lang in ("ja", "en"):
        found = refused(paths, lang)
        assert [p.code for p in found] == list(wrong.values())
        for name, problem in zip(wrong, found, strict=True):
            assert f"/{name}" in problem.file
            assert problem.said(lang)
    (version,) = [p for p in refused(paths) if p.code == "previous_version"]
    said = version.said("en")
    assert "0.2.0" in said
    assert '"2"' in said
    assert f'"{good.schema_version}"' in said


def test_a_name_that_no_system_can_open_is_refused_as_well() -> None:
    """A sentence, no traceback."""
    for name in ("a\0b", "x" * 5000):
        assert refused(name)[0].code in ("file_unreadable", "previous_missing")
