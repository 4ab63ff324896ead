"""
Reading an engagement: everything that is wrong, at once, with its place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from appi_assess.engagement import Evidence, day_of
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement

TEN_FAULTS = """\
A17-1:
  answer: maybe
A99-1:
  answer: yes
A17-2:
  answer: yes
  anwser: no
A17-3:
  answer: yes
  due: 2026-02-30
A17-4: yes
A17-5:
  evidence: paper.pdf
A17-6:
  evidence:
    - {file: ../../secret.pdf, dated: 2026-01-01}
A18-1:
  answered_on: 平成31年5月1日
COO-7:
  answer: yes
A17-1:
  answer: no
"""


def problems(folder: Path) -> list[str]:
    """What the reader says about a folder, in English, in order."""
    with pytest.raises(InputProblems) as caught:
        read_engagement(folder)
    return [p.said("en") for p in caught.value.problems]


def test_ten_faults_give_ten_problems_with_places(write: Callable[..., Path]) -> None:
    """Every fault is found in one reading; each names file, line and key."""
    said = problems(write(TEN_FAULTS))
    assert [s.partition(": ")[0] for s in said] == [
        "answers.yaml, line 2, A17-1.answer",
        "answers.yaml, line 3, A99-1",
        "answers.yaml, line 7, A17-2.anwser",
        "answers.yaml, line 10, A17-3.due",
        "answers.yaml, line 11, A17-4",
        "answers.yaml, line 13, A17-5.evidence",
        "answers.yaml, line 16, A17-6.evidence[1].file",
        "answers.yaml, line 18, A18-1.answered_on",
        "answers.yaml, line 19, COO-7",
        "answers.yaml, line 21",
    ]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            "A99-1:\n  answer: yes\n",
            'answers.yaml, line 1, A99-1: there is no requirement "A99-1" (nearest: A59-1).',
        ),
        (
            "COO-7:\n  answer: yes\n",
            'answers.yaml, line 1, COO-7: "COO-7" is merged into A31-2. Answer it there.',
        ),
        (
            "SEC-18:\n  answer: yes\n",
            'answers.yaml, line 1, SEC-18: "SEC-18" is explanation only and takes no answer. Delete it.',
        ),
        (
            "A17-1: yes\n",
            'answers.yaml, line 1, A17-1: "yes" stands in the wrong place. Write it indented as "answer: yes".',
        ),
        ("- A17-1\n", 'answers.yaml, line 1: expected "key: value" lines here.'),
        (
            "A17-1:\n  evidence:\n    - {dated: 2026-01-01}\n",
            "answers.yaml, line 3, A17-1.evidence[1]: the evidence names no file (file).",
        ),
        (
            "A17-1:\n  evidence:\n    - {file: a.pdf, dated: 2026-02-01, valid_until: 2026-01-01}\n",
            "answers.yaml, line 3, A17-1.evidence[1]: valid_until (2026-01-01) is before dated (2026-02-01).",
        ),
    ],
)
def test_messages_say_what_to_do(write: Callable[..., Path], answers: str, said: str) -> None:
    """The message a user will read, word by word."""
    assert said in problems(write(answers))


@pytest.mark.parametrize(
    "name", ["../secret.pdf", "/etc/passwd", "C:\\secret.pdf", "a/../../b.pdf", "\\\\server\\x"]
)
def test_evidence_never_points_outside_its_folder(write: Callable[..., Path], name: str) -> None:
    """Paths that leave the evidence folder are refused."""
    assert (
        "points outside the evidence folder"
        in problems(write(f"A17-1:\n  evidence:\n    - {{file: '{name}'}}\n"))[0]
    )


def test_a_link_out_of_the_evidence_folder_is_no_evidence(write: Callable[..., Path], tmp_path: Path) -> None:
    """A symbolic link to a file elsewhere does not count as existing."""
    folder = write("A17-1:\n  answer: yes\n  evidence:\n    - {file: link.pdf, dated: 2026-01-01}\n")
    (tmp_path / "elsewhere.pdf").write_text("x", encoding="utf-8")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "link.pdf").symlink_to(tmp_path / "elsewhere.pdf")
    assert not read_engagement(folder).answers["A17-1"].evidence[0].exists


def test_a_full_answer_is_read(write: Callable[..., Path]) -> None:
    """Every field arrives typed."""
    folder = write(
        "Ａ１７－１:\n  answer: △\n  comment: 'text'\n  owner: Legal\n  due: R9.1.31\n  effort: 大\n  answered_by: me\n  answered_on: 2026/11/01\n"
        "  evidence:\n    - {file: sub/a.pdf, dated: 令和8年4月1日, valid_until: 2027-03-31}\n    - plain.pdf\n"
        "A17-2:\n  answer: 該当なし\n  reason: none\n  approved_by: CPO\n  approved_on: 2026-11-02\n"
    )
    (folder / "evidence" / "sub").mkdir(parents=True)
    (folder / "evidence" / "sub" / "a.pdf").write_text("x", encoding="utf-8")
    engagement = read_engagement(folder)
    first, second = engagement.answers["A17-1"], engagement.answers["A17-2"]
    assert (first.answer, first.owner, first.due, first.effort, first.answered_on) == (
        "partly",
        "Legal",
        date(2027, 1, 31),
        "L",
        date(2026, 11, 1),
    )
    assert first.evidence == (
        Evidence("sub/a.pdf", True, date(2026, 4, 1), date(2027, 3, 31)),
        Evidence("plain.pdf", False),
    )
    assert (second.answer, second.reason, second.approved_by, second.approved_on) == (
        "not_applicable",
        "none",
        "CPO",
        date(2026, 11, 2),
    )
    assert {"id_folded", "evidence_missing"} == {p.code for p in engagement.notices}
    assert engagement.files == ("answers.yaml", "engagement.yaml", "evidence/sub/a.pdf")


def test_folded_words_are_reported(write: Callable[..., Path]) -> None:
    """A full-width status is read, and the user is told."""
    engagement = read_engagement(write("A17-1:\n  answer: ＹＥＳ\n"))
    assert engagement.answers["A17-1"].answer == "met"
    assert [p.said("en") for p in engagement.notices] == [
        'answers.yaml, line 2, A17-1.answer: read "ＹＥＳ" as met.'
    ]


def test_two_spellings_of_one_id_are_a_duplicate(write: Callable[..., Path]) -> None:
    """Folding never lets a second answer overwrite the first."""
    assert "stands already in line 1" in problems(write("A17-1:\n  answer: yes\na17-1:\n  answer: no\n"))[-1]


def test_gates_are_read_and_unanswered_ones_are_absent(write: Callable[..., Path]) -> None:
    """はい, no and × are read; a blank gate is not an answer."""
    head = (
        "organisation: T\nlanguage: ja\nas_of: 2026-11-22\nscope:\n  G01: はい\n  G04: no\n  G10: ×\n  G11:\n"
    )
    assert dict(read_engagement(write("{}", head)).scope) == {"G01": "yes", "G04": "no", "G10": "no"}


def test_problems_of_all_files_come_at_once_in_the_engagements_language(write: Callable[..., Path]) -> None:
    """Both files are read to the end, and the messages are Japanese."""
    folder = write("A17-1:\n  answer: たぶん\n", "language: 日本語\nas_of: 2026-11-31\nscope:\n  G99: はい\n")
    with pytest.raises(InputProblems) as caught:
        read_engagement(folder)
    assert [p.code for p in caught.value.problems] == [
        "organisation_missing",
        "date_day",
        "gate_unknown",
        "word_unknown",
    ]
    assert "2026年11月は30日までです" in str(caught.value)


def test_a_missing_folder_and_missing_files_are_named(tmp_path: Path) -> None:
    """What is not there is said, without a traceback."""
    assert "there is no such folder" in problems(tmp_path / "nowhere")[0]
    (tmp_path / "empty").mkdir()
    assert [s.partition(":")[0] for s in problems(tmp_path / "empty")] == ["engagement.yaml", "answers.yaml"]


def test_the_day_comes_from_the_argument_first(write: Callable[..., Path]) -> None:
    """The assessment date is the one asked for, else the engagement's, else a problem."""
    engagement = read_engagement(write())
    assert day_of(engagement) == date(2026, 11, 22)
    assert day_of(engagement, "令和9年1月17日") == date(2027, 1, 17)
    with pytest.raises(InputProblems, match="does not exist"):
        day_of(engagement, "2026-02-30")


def test_without_any_day_nothing_is_assessed(write: Callable[..., Path]) -> None:
    """The kit never reads the clock for an assessment date."""
    engagement = read_engagement(write("{}", "organisation: T\nlanguage: en\n"))
    with pytest.raises(InputProblems, match="no assessment date"):
        day_of(engagement)


def test_a_comment_as_long_as_a_book_is_refused(write: Callable[..., Path]) -> None:
    """The limit is named."""
    assert "the limit is 20000" in problems(write(f"A17-1:\n  comment: {'x' * 20_001}\n"))[0]


def test_reading_changes_nothing(sample_copy: Path) -> None:
    """Inputs are never modified."""
    before = {p: p.read_bytes() for p in sample_copy.rglob("*") if p.is_file()}
    read_engagement(sample_copy)
    assert before == {p: p.read_bytes() for p in sample_copy.rglob("*") if p.is_file()}
