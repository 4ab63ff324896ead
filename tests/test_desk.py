"""
Working on an engagement: every change is on disk, nothing of others is written over, nothing is re-laid.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock

from appi_assess.conclude import assess_engagement
from appi_assess.engagement import ANSWERS, ENGAGEMENT, REVIEWS, SIGNOFF
from appi_assess.forms import desk as desk_module
from appi_assess.forms import journal
from appi_assess.forms.desk import LOCK, Conflict, Desk
from appi_assess.forms.journal import JOURNAL
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement
from appi_assess.scaffold import make_engagement
from appi_assess.yaml_edit import add, drop, put

DAY = date(2026, 11, 22)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A blank Japanese engagement."""
    make_engagement(tmp_path / "blank", "ja", DAY)
    return tmp_path / "blank"


def answer(desk: Desk, key: str, value: str, who: str = "佐藤") -> None:
    """Answer one requirement."""
    desk.write(ANSWERS, key, lambda text: put(text, (key, "answer"), value), who)


def same_as_read(desk: Desk) -> None:
    """What the desk holds is what anyone reads from the files."""
    read = read_engagement(desk.folder, nameless=True)
    for part in ("organisation", "as_of", "scope", "answers", "reviews", "signoff"):
        assert getattr(desk.engagement, part) == getattr(read, part), part
    assert journal.rebuild(journal.read_journal(desk.folder, [])) == journal.facts(read)
    mine = desk.judge.assessment(desk.engagement)
    assert mine.to_json() == assess_engagement(read, desk.judge.as_of).to_json()


def test_a_change_is_on_disk_when_it_is_done(blank: Path) -> None:
    """Another reader sees the answer as soon as the call returns."""
    answer(Desk(blank), "A26-1", "はい")
    assert read_engagement(blank, nameless=True).answers["A26-1"].answer == "met"


def test_what_the_desk_holds_is_what_a_report_reads(sample_copy: Path) -> None:
    """After any changes answers, verdicts and journal are those of a fresh reading."""
    desk, dice = Desk(sample_copy), random.Random(7)  # noqa: S311 - not for secrets
    ids = [r.id for r in desk.judge.catalogue]
    words, verdicts = ["yes", "partly", "no", "n/a", ""], ["met", "unknown", ""]
    texts = ["", "a: b # c", "二行\n目", "'\"{[", "~", "no", " \u2028x", "2026-01-01"]
    for _ in range(25):
        key = dice.choice(ids)
        edits = [
            (ANSWERS, partial(put, path=(key, "answer"), value=dice.choice(words))),
            (ANSWERS, partial(put, path=(key, "comment"), value=dice.choice(texts))),
            (ANSWERS, partial(add, path=(key, "evidence"), item={"file": "new.pdf", "dated": "2026-05-01"})),
            (REVIEWS, partial(put, path=(key, "verdict"), value=dice.choice(verdicts))),
        ]
        file, edit = dice.choice(edits)
        desk.write(file, key, edit, "Sato")
    desk.write(ENGAGEMENT, "scope", lambda t: put(t, ("scope", "G08"), "no"), "Sato")
    desk.write(ENGAGEMENT, "", lambda t: put(t, ("as_of",), "2026-06-30"), "Sato")
    same_as_read(desk)


def test_evidence_of_the_register_comes_back_when_the_answer_drops_its_own(sample_copy: Path) -> None:
    """A piece that both name is shown once, and still there when the answer no longer names it."""
    key, register = "A26-9", sample_copy / "registers" / "evidence.csv"
    text = register.read_text(encoding="utf-8-sig")
    register.write_text(f"{text}listed.pdf,{key},2026-05-01,2027-05-01,Legal,\n", encoding="utf-8-sig")
    desk = Desk(sample_copy)
    piece = next(p for p in desk.engagement.answers[key].evidence if p.listed)
    item = {"file": piece.file, "dated": str(piece.dated or ""), "valid_until": str(piece.valid_until or "")}
    desk.write(ANSWERS, key, lambda t: add(t, (key, "evidence"), item), "Sato")
    assert replace(piece, listed=False) in desk.engagement.answers[key].evidence
    assert piece not in desk.engagement.answers[key].evidence
    own = [p for p in desk.engagement.answers[key].evidence if not p.listed]
    desk.write(ANSWERS, key, lambda t: drop(t, (key, "evidence", len(own) - 1)), "Sato")
    assert piece in desk.engagement.answers[key].evidence
    same_as_read(desk)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_everything_else_in_the_file_stays_byte_for_byte(tmp_path: Path, encoding: str, newline: str) -> None:
    """Comments, order, line ends and encoding survive; only the value's own line differs."""
    make_engagement(tmp_path / "e", "ja", DAY)
    path = tmp_path / "e" / ANSWERS
    lines = path.read_text(encoding="utf-8").replace("–", "-").splitlines()
    lines.insert(40, "# 手書きのメモ：佐藤さんに確認  ")
    path.write_bytes(newline.join(lines).encode(encoding))
    before = path.read_bytes().split(newline.encode())
    answer(Desk(tmp_path / "e"), "A26-1", "はい")
    after = path.read_bytes().split(newline.encode())
    assert len(before) == len(after)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert changed == [(b"  answer:", b"  answer: " + "はい".encode(encoding.removesuffix("-sig")))]


def test_a_character_that_the_old_encoding_lacks_makes_the_file_utf_8(tmp_path: Path) -> None:
    """Nothing that is typed is lost for the sake of an encoding."""
    make_engagement(tmp_path / "e", "ja", DAY)
    path = tmp_path / "e" / ANSWERS
    path.write_bytes(path.read_text(encoding="utf-8").replace("–", "-").encode("cp932"))
    desk = Desk(tmp_path / "e")
    desk.write(ANSWERS, "A26-1", lambda t: put(t, ("A26-1", "comment"), "森鷗外😀"), "佐藤")
    assert read_engagement(tmp_path / "e", nameless=True).answers["A26-1"].comment == "森鷗外😀"


def test_the_same_requirement_changed_elsewhere_is_a_conflict_and_nothing_is_written(blank: Path) -> None:
    """Both values are known, and neither is lost, until somebody chooses."""
    mine, other = Desk(blank), Desk(blank)
    answer(other, "A26-1", "いいえ", "鈴木")
    before = (blank / ANSWERS).read_bytes()
    with pytest.raises(Conflict) as caught:
        answer(mine, "A26-1", "はい")
    assert [(d.field, d.mine, d.disk) for d in caught.value.fields] == [("answer", "", "not_met")]
    assert (blank / ANSWERS).read_bytes() == before
    key = "A26-1"
    mine.write(ANSWERS, key, lambda t: put(t, (key, "answer"), "はい"), "佐藤", over=True)
    same_as_read(mine)
    assert mine.engagement.answers[key].answer == "met"


def test_another_field_of_the_same_requirement_is_a_conflict_too(blank: Path) -> None:
    """A comment that explains a "no" is not left standing under a "yes"."""
    mine, other = Desk(blank), Desk(blank)
    other.write(ANSWERS, "A26-1", lambda t: put(t, ("A26-1", "comment"), "未整備"), "鈴木")
    with pytest.raises(Conflict):
        answer(mine, "A26-1", "はい")


def test_other_requirements_changed_elsewhere_are_taken_in(blank: Path) -> None:
    """Two people work on different requirements at the same time; both changes stand."""
    mine, other = Desk(blank), Desk(blank)
    answer(other, "A26-2", "いいえ", "鈴木")
    answer(mine, "A26-1", "はい")
    assert [c.requirement for c in mine.outside] == ["A26-2"]
    assert mine.engagement.answers["A26-2"].answer == "not_met"
    same_as_read(mine)
    recorded = journal.read_journal(blank, [])
    assert [(c.who, c.requirement) for c in recorded if c.field == "answer"] == [
        ("鈴木", "A26-2"),
        ("佐藤", "A26-1"),
    ]


def test_what_an_editor_changed_is_in_the_journal(blank: Path) -> None:
    """Replaying the journal gives the files, although a change did not come from a form."""
    desk = Desk(blank)
    answer(desk, "A26-1", "はい")
    path = blank / ANSWERS
    path.write_text(put(path.read_text(encoding="utf-8"), ("A26-3", "owner"), "総務部"), encoding="utf-8")
    assert desk.look()
    answer(desk, "A26-2", "一部")
    same_as_read(desk)
    assert [(c.via, c.requirement, c.new) for c in journal.read_journal(blank, []) if c.field == "owner"] == [
        ("outside", "A26-3", "総務部")
    ]


def test_the_answers_of_any_moment_can_be_rebuilt(blank: Path) -> None:
    """Before, between and after two changes of one answer."""
    desk = Desk(blank)
    answer(desk, "A26-1", "いいえ")
    answer(desk, "A26-1", "はい")
    first, second = (c.when for c in journal.read_journal(blank, []) if c.field == "answer")
    place = (ANSWERS, "A26-1", "answer")

    def at(moment: datetime) -> object:
        return journal.rebuild(journal.read_journal(blank, []), moment).get(place)

    assert at(first - timedelta(microseconds=1)) is None
    assert at(first) == "not_met"
    assert at(second - timedelta(microseconds=1)) == "not_met"
    assert at(second) == "met"


def test_a_journal_cut_off_in_the_middle_of_a_line_goes_on(blank: Path) -> None:
    """The power failed while a line was written: it is told, and the journal still gives the files."""
    answer(Desk(blank), "A26-1", "はい")
    with (blank / JOURNAL).open("a", encoding="utf-8") as file:
        file.write('{"when": "2026-')
    desk = Desk(blank)
    answer(desk, "A26-2", "はい")
    problems: list[object] = []
    journal.read_journal(blank, problems)  # type: ignore[arg-type]
    assert len(problems) == 1
    same_as_read(desk)


def test_a_value_that_cannot_be_read_is_refused_and_nothing_is_written(blank: Path) -> None:
    """The thirteenth month never reaches the file."""
    desk, before = Desk(blank), (blank / ANSWERS).read_bytes()
    with pytest.raises(InputProblems):
        desk.write(ANSWERS, "A26-1", lambda t: put(t, ("A26-1", "due"), "令和8年13月1日"), "佐藤")
    assert (blank / ANSWERS).read_bytes() == before
    assert not (blank / JOURNAL).exists()
    answer(desk, "A26-1", "はい")


@pytest.mark.parametrize("day", ["2022-03-31", "2028-07-16"])
def test_a_day_whose_law_is_not_known_is_refused(blank: Path, day: str) -> None:
    """The assessment date cannot be moved to where the kit knows no law."""
    desk, before = Desk(blank), (blank / ENGAGEMENT).read_bytes()
    with pytest.raises(InputProblems):
        desk.write(ENGAGEMENT, "", lambda t: put(t, ("as_of",), day), "佐藤")
    assert (blank / ENGAGEMENT).read_bytes() == before


def test_a_full_disk_leaves_the_old_file_and_the_old_state(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written is not shown as saved."""
    desk, before = Desk(blank), (blank / ANSWERS).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(desk_module, "write_bytes", full)
        with pytest.raises(OSError, match="No space"):
            answer(desk, "A26-1", "はい")
    assert (blank / ANSWERS).read_bytes() == before
    assert desk.engagement.answers["A26-1"].answer is None
    answer(desk, "A26-1", "はい")
    same_as_read(desk)


def test_a_killed_process_loses_nothing_that_was_saved(blank: Path) -> None:
    """The process ends without warning right after the call: answer and journal are there."""
    script = (
        "import os, sys; from pathlib import Path; from appi_assess.forms.desk import Desk;"
        "from appi_assess.yaml_edit import put; d = Desk(Path(sys.argv[1]));"
        "d.write('answers.yaml', 'A26-1', lambda t: put(t, ('A26-1', 'answer'), 'yes'), 'Sato'); os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(blank)], check=False)
    assert ended.returncode == 9
    desk = Desk(blank)
    assert desk.engagement.answers["A26-1"].answer == "met"
    same_as_read(desk)


def test_while_another_form_writes_this_one_waits_and_then_says_so(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes never write at the same time."""
    monkeypatch.setattr(desk_module, "_PATIENCE", 0.1)
    desk = Desk(blank)
    with FileLock(blank / LOCK), pytest.raises(InputProblems) as caught:
        answer(desk, "A26-1", "はい")
    assert [p.code for p in caught.value.problems] == ["locked"]
    answer(desk, "A26-1", "はい")


def test_a_file_saved_while_a_change_is_prepared_is_not_written_over(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves between our reading and our writing: its change stands."""
    desk, path = Desk(blank), blank / ANSWERS
    real = desk_module.read_block
    saved = iter([True])

    def slow(*arguments: object) -> object:
        if next(saved, False):
            path.write_text(
                put(path.read_text(encoding="utf-8"), ("A26-2", "answer"), "いいえ"), encoding="utf-8"
            )
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(desk_module, "read_block", slow)
    answer(desk, "A26-1", "はい")
    read = read_engagement(blank, nameless=True).answers
    assert (read["A26-1"].answer, read["A26-2"].answer) == ("met", "not_met")


def test_a_hand_written_layout_of_any_kind_is_edited(blank: Path) -> None:
    """Flow style, blocks at odd places and texts that look like keys: only the value changes."""
    text = (
        "# all by hand\nA26-1: {answer: no, comment: 'x: y'}   # flow\n"
        'A26-2:\n    comment: "first\nA26-3: not a key\n  last"\n    answer: partly\nA26-4: \nａ26－5:\n  answer: はい\n'
    )
    (blank / ANSWERS).write_text(text, encoding="utf-8")
    desk = Desk(blank)
    for key in ("A26-1", "A26-2", "A26-3", "A26-4", "A26-5"):
        answer(desk, key, "一部")
    same_as_read(desk)
    after = (blank / ANSWERS).read_text(encoding="utf-8")
    for kept in (
        "# all by hand\n",
        "comment: 'x: y'}   # flow",
        "first\nA26-3: not a key\n  last",
        "ａ26－5:",
    ):
        assert kept in after
    assert desk.engagement.answers["A26-2"].comment == "first A26-3: not a key last"


def test_a_journal_that_cannot_be_written_is_told_and_caught_up_with(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is saved; who gave it is in the journal as soon as that can be written again."""
    desk = Desk(blank)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "append_text", full)
        answer(desk, "A26-1", "はい", "鈴木")
    assert desk.unrecorded == "No space left on device"
    assert not (blank / JOURNAL).exists()
    answer(desk, "A26-2", "はい", "佐藤")
    assert desk.unrecorded == ""
    found = [(c.who, c.requirement) for c in journal.read_journal(blank, []) if c.field == "answer"]
    assert found == [("鈴木", "A26-1"), ("佐藤", "A26-2")]
    same_as_read(desk)


def test_what_stood_there_first_comes_first_in_the_journal(blank: Path) -> None:
    """Rebuilding as of the first change gives also what was there before it."""
    path = blank / ANSWERS
    path.write_text(put(path.read_text(encoding="utf-8"), ("A26-5", "owner"), "総務"), encoding="utf-8")
    answer(Desk(blank), "A26-1", "はい")
    first = next(c for c in journal.read_journal(blank, []) if c.via == "form")
    then = journal.rebuild(journal.read_journal(blank, []), first.when)
    assert then[ANSWERS, "A26-5", "owner"] == "総務"


def test_a_date_that_was_blanked_elsewhere_does_not_hide_other_changes(blank: Path) -> None:
    """The engagement cannot be judged meanwhile; once it can, the conflict is still seen."""
    desk, head = Desk(blank), (blank / ENGAGEMENT).read_text(encoding="utf-8")
    answer(Desk(blank), "A26-1", "いいえ", "鈴木")
    (blank / ENGAGEMENT).write_text(put(head, ("as_of",), ""), encoding="utf-8")
    with pytest.raises(InputProblems):
        desk.look()
    with pytest.raises(InputProblems):
        answer(desk, "A26-2", "はい")
    (blank / ENGAGEMENT).write_text(head, encoding="utf-8")
    with pytest.raises(Conflict):
        answer(desk, "A26-1", "はい")


@pytest.mark.parametrize("value", ["ﾃｽ", "ﾃｽﾄ", "はい"])
def test_a_cp932_file_is_never_written_so_that_it_reads_as_something_else(tmp_path: Path, value: str) -> None:
    """A few half-width signs in CP932 look like UTF-8; then the file becomes UTF-8."""
    make_engagement(tmp_path / "e", "en", DAY)
    (tmp_path / "e" / ANSWERS).write_bytes("A26-1:\n  comment: 漢字\n".encode("cp932"))
    desk = Desk(tmp_path / "e")
    desk.write(ANSWERS, "A26-1", lambda t: put(t, ("A26-1", "comment"), value), "Sato")
    assert read_engagement(tmp_path / "e", nameless=True).answers["A26-1"].comment == value


def test_a_file_in_braces_is_edited_too(blank: Path) -> None:
    """The whole file as one flow mapping, an entry per line."""
    (blank / ANSWERS).write_text("{\nA26-1: {answer: no},\nA26-2: {answer: no}\n}\n", encoding="utf-8")
    desk = Desk(blank)
    answer(desk, "A26-2", "はい")
    same_as_read(desk)
    assert desk.engagement.answers["A26-1"].answer == "not_met"


def test_a_folder_that_was_moved_away_is_not_made_again(blank: Path, tmp_path: Path) -> None:
    """Writing is refused, and no second engagement begins where the first one was."""
    desk = Desk(blank)
    blank.rename(tmp_path / "moved")
    with pytest.raises(InputProblems):
        answer(desk, "A26-1", "はい")
    assert not blank.exists()


def test_a_signed_off_period_is_frozen_until_it_is_reopened(blank: Path) -> None:
    """Nothing is written while the sign-off stands; the journal says who reopened it and why."""
    desk = Desk(blank)
    answer(desk, "A26-1", "はい")
    desk.sign_off("田中", "第3四半期", DAY)
    assert desk.frozen
    assert desk.engagement.signoff is not None
    assert not desk.engagement.signoff.changed
    before = (blank / ANSWERS).read_bytes()
    for frozen in (desk, Desk(blank)):
        with pytest.raises(InputProblems) as caught:
            answer(frozen, "A26-1", "いいえ")
        assert [p.code for p in caught.value.problems] == ["frozen"]
    assert (blank / ANSWERS).read_bytes() == before
    same_as_read(desk)
    for who, why in (("", "誤記"), ("田中", " ")):
        with pytest.raises(InputProblems):
            desk.reopen(who, why)
    desk.reopen("田中", "誤記の訂正")
    same_as_read(desk)
    answer(desk, "A26-1", "いいえ")
    assert not (blank / SIGNOFF).exists()
    entries = [json.loads(line) for line in (blank / JOURNAL).read_text(encoding="utf-8").splitlines()]
    assert ("田中", "誤記の訂正") in [(e["who"], e["new"]) for e in entries]


def test_a_sign_off_needs_a_name(blank: Path) -> None:
    """Nobody can sign as nobody, and nothing is written then."""
    with pytest.raises(InputProblems):
        Desk(blank).sign_off("  ", "", DAY)
    assert not (blank / SIGNOFF).exists()


@pytest.mark.parametrize("change", ["evidence", "register", "answer"])
def test_nobody_signs_what_is_not_on_the_screen(sample_copy: Path, change: str) -> None:
    """Files changed since the last look are taken in and shown first; the second attempt signs them."""
    desk = Desk(sample_copy)
    if change == "evidence":
        (sample_copy / "evidence" / "late.pdf").write_bytes(b"x")
    elif change == "register":
        path = sample_copy / "registers" / "incidents.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8-sig")
    else:
        answer(Desk(sample_copy), "A26-1", "no")
    with pytest.raises(InputProblems) as caught:
        desk.sign_off("Tanaka", "", DAY)
    assert [p.code for p in caught.value.problems] == ["signoff_unseen"]
    desk.sign_off("Tanaka", "", DAY)
    assert desk.engagement.signoff is not None
    assert not desk.engagement.signoff.changed
    same_as_read(desk)


def test_a_sign_off_covers_every_input_file(blank: Path) -> None:
    """Evidence, registers and answers, each with its digest."""
    (blank / "evidence" / "late.pdf").write_bytes(b"x")
    desk = Desk(blank)
    desk.sign_off("田中", "", DAY)
    assert desk.engagement.signoff is not None
    assert "evidence/late.pdf" in desk.engagement.signoff.files
    assert not desk.engagement.signoff.changed


def test_a_folder_that_cannot_be_written_is_known_before_anything_is_typed(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form can say so from the beginning."""
    desk = Desk(blank)
    assert desk.writable
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert not desk.writable


def test_the_bundled_sample_is_never_written(tmp_path: Path) -> None:
    """A desk that is frozen from the start refuses everything."""
    make_engagement(tmp_path / "e", "en", DAY, from_sample=True)
    desk = Desk(tmp_path / "e", frozen=True)
    with pytest.raises(InputProblems):
        answer(desk, "A26-1", "yes")
    with pytest.raises(InputProblems):
        desk.sign_off("x", "", DAY)
    assert not (tmp_path / "e" / JOURNAL).exists()


def test_changed_registers_are_read_again_and_unchanged_ones_are_not(sample_copy: Path) -> None:
    """A register saved in Excel meanwhile counts from the next look on; an answer re-reads none."""
    desk = Desk(sample_copy)
    held = desk.engagement.registers
    answer(desk, "A26-1", "yes")
    assert desk.engagement.registers is held
    path = next((sample_copy / "registers").glob("incidents.*"))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8-sig")
    os.utime(path, (1, 1))
    assert desk.look()
    assert len(desk.engagement.registers["incidents"]) == len(held["incidents"]) - 1
    same_as_read(desk)


def test_a_register_that_changed_just_before_an_answer_is_still_noticed(sample_copy: Path) -> None:
    """Writing an answer does not make the form believe that it has read the register."""
    desk = Desk(sample_copy)
    path = sample_copy / "registers" / "incidents.csv"
    path.write_text(path.read_text(encoding="utf-8-sig") + "\n", encoding="utf-8-sig")
    os.utime(path, (1, 1))
    held = desk.engagement.registers
    answer(desk, "A26-1", "yes")
    assert desk.look()
    assert desk.engagement.registers is not held


def test_a_file_that_became_unreadable_is_told_and_nothing_is_written(blank: Path) -> None:
    """Half a file, left by an editor, is neither read nor written over."""
    desk = Desk(blank)
    (blank / ANSWERS).write_text("A26-1:\n  answer: [yes\n", encoding="utf-8")
    before = (blank / ANSWERS).read_bytes()
    with pytest.raises(InputProblems):
        desk.look()
    with pytest.raises(InputProblems):
        answer(desk, "A26-1", "はい")
    assert (blank / ANSWERS).read_bytes() == before
