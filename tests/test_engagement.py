"""
Reading an engagement: everything that is wrong, at once, with its place.
"""

from __future__ import annotations

import os
import unicodedata
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
            'answers.yaml, line 1, A99-1: there is no requirement "A99-1" (nearest: A59-1). For article numbers before April 2022 see appi-assess lookup.',
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


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("answer: n/a", "also needs the reason, the approver, the date of approval"),
        (
            "answer: n/a\n  reason: x\n  approved_by: y\n  approved_on: 2026-11-23",
            "also needs an approval on or before the assessment date",
        ),
        ("answer: yes\n  answered_on: 2026-11-23", "is after the assessment date"),
        ("answer: yes\n  evidence: [{file: a.pdf}]", "has no date (dated) and does not count"),
        (
            "answer: yes\n  evidence: [{file: a.pdf, dated: 2026-11-23}]",
            "dated 2026-11-23, after the assessment date",
        ),
    ],
)
def test_answers_that_will_not_count_are_told_with_their_line(
    write: Callable[..., Path], answer: str, said: str
) -> None:
    """What is readable but will not count on the assessment date is a notice, not a surprise."""
    folder = write(f"# a line\nA17-1:\n  {answer}\n")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "a.pdf").write_text("x", encoding="utf-8")
    (notice,) = read_engagement(folder).notices
    assert notice.said("en").startswith("answers.yaml, line 2, A17-1: ")
    assert said in notice.said("en")


def test_a_day_whose_law_is_unknown_is_an_error_of_the_engagement(write: Callable[..., Path]) -> None:
    """The date in engagement.yaml is checked when the engagement is."""
    assert "2022-03-31" in problems(write("{}", "organisation: T\nlanguage: en\nas_of: 2022-03-31\n"))[0]


def test_every_key_is_read_in_any_case(write: Callable[..., Path]) -> None:
    """A capital or full-width key is the same key; nothing is dropped, the scope least of all."""
    head = "Organisation: T\nＬＡＮＧＵＡＧＥ: en\nAS_OF: 2026-11-22\nＳｃｏｐｅ:\n  G10: no\n"
    engagement = read_engagement(write("A17-1:\n  Answer: yes\n", head))
    assert (engagement.organisation, dict(engagement.scope)) == ("T", {"G10": "no"})
    assert engagement.answers["A17-1"].answer == "met"


def test_a_repeated_key_names_the_first_line(write: Callable[..., Path]) -> None:
    """In whatever case the second one is written."""
    (said,) = problems(write("A17-1:\n  answer: yes\n  comment: x\n  Answer: no\n"))
    assert (
        said == 'answers.yaml, line 4, A17-1.Answer: "Answer" stands already in line 2. Keep one of the two.'
    )


def test_file_names_from_a_mac_or_from_windows_are_found(write: Callable[..., Path]) -> None:
    """Decomposed Unicode and backslashes mean the same file."""
    folder = write(
        "A17-1:\n  answer: yes\n  evidence:\n    - {file: ガイド.pdf, dated: 2026-01-01}\n"
        "    - {file: 'evidence\\sub\\b.pdf', dated: 2026-01-01}\n"
    )
    (folder / "evidence" / "sub").mkdir(parents=True)
    (folder / "evidence" / unicodedata.normalize("NFD", "ガイド.pdf")).write_text("x", encoding="utf-8")
    (folder / "evidence" / "sub" / "b.pdf").write_text("x", encoding="utf-8")
    assert [p.exists for p in read_engagement(folder).answers["A17-1"].evidence] == [True, True]


def test_a_file_name_that_is_not_utf8_is_a_problem(write: Callable[..., Path]) -> None:
    """Names from an old ZIP are refused when the engagement is read, not after the notebooks ran."""
    folder = write()
    (folder / "evidence").mkdir()
    Path(os.fsdecode(os.fsencode(folder / "evidence") + b"/" + "台帳.csv".encode("cp932"))).touch()
    assert "not UTF-8" in problems(folder)[0]


@pytest.mark.parametrize("odd", ['"\\e[2J"', '"a\\0b"', '"a\\x9b"'])
def test_control_characters_are_refused(write: Callable[..., Path], odd: str) -> None:
    """Nothing that a client types reaches the terminal as a command."""
    (said,) = problems(write(f"A17-1:\n  comment: {odd}\n"))
    assert "control characters" in said
    assert said.isprintable()


def test_a_pipe_or_a_folder_is_no_answers_file(tmp_path: Path) -> None:
    """What is not a plain file is named as missing instead of being waited for."""
    (tmp_path / "engagement.yaml").mkdir()
    os.mkfifo(tmp_path / "answers.yaml")
    assert len(problems(tmp_path)) == 2
