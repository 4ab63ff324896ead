"""
What the forms answer to what the browser says is done; the browser itself is tested in tests/browser.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from appi_assess.chapter import Chapter, Start
from appi_assess.engagement import ANSWERS
from appi_assess.forms.desk import Desk
from appi_assess.forms.live import Live
from appi_assess.reader import read_engagement
from appi_assess.scaffold import make_engagement
from appi_assess.yaml_edit import drop, put

DAY = date(2026, 11, 22)
Ask = Callable[..., list[dict[str, Any]]]


class Browser:
    """
    Stands where the browser does: says what is done and keeps what it is told.
    """

    def __init__(self, folder: Path, chapter: str = "04", lang: str = "en", *, frozen: bool = False) -> None:
        make = partial(Start, "00") if chapter == "00" else partial(Chapter, chapter)
        self.live = Live(Desk(folder, frozen=frozen), make, lang)
        self.live.who = "Sato"
        self.form = self.live.form() if chapter != "00" else self.live.scope()
        self.told: list[dict[str, Any]] = []
        self.form.send = self.told.append
        self.number = 0

    def says(self, **content: Any) -> list[dict[str, Any]]:
        """Say what is done; the messages that come back."""
        self.told.clear()
        self.form._heard(None, content, [])
        json.dumps(self.told)  # everything that is sent can be sent
        return list(self.told)

    def puts(self, key: str, field: str, value: str, file: str = "answers") -> dict[str, Any]:
        """Change a field; the first message that comes back."""
        self.number += 1
        return self.says(do="put", n=self.number, file=file, key=key, field=field, value=value)[0]

    def item(self, key: str) -> dict[str, Any]:
        """A requirement as the form shows it afresh."""
        items = self.says(do="hello")[0]["items"]
        return next(i for i in items if i["id"] == key)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A blank Japanese engagement."""
    make_engagement(tmp_path / "blank", "ja", DAY)
    return tmp_path / "blank"


def test_a_form_shows_every_requirement_of_its_chapter(blank: Path) -> None:
    """What is asked, where, the question, help, typical evidence, and nothing of other chapters."""
    browser = Browser(blank)
    shown = browser.says(do="hello")[0]
    expected = [r for r in browser.live.desk.judge.catalogue if r.chapter == "04"]
    assert [i["id"] for i in shown["items"]] == [r.id for r in expected]
    for item, r in zip(shown["items"], expected, strict=True):
        assert (item["asks"], item["question"], item["help"]) == (r.statement.en, r.question.en, r.help.en)
        assert item["typical"] == list(r.evidence.en)
        assert len(item["cited"]) == len(r.citations)


def test_an_answer_changes_verdict_and_figures_at_once(blank: Path) -> None:
    """The reply holds the requirement's verdict and the figures of chapter and whole."""
    browser = Browser(blank)
    before = browser.says(do="hello")[0]["result"]
    reply = browser.puts("A26-1", "answer", "met")
    assert (reply["type"], reply["n"]) == ("saved", 1)
    assert reply["items"]["A26-1"]["verdict"] == "met"
    legal, overall = reply["result"]["lines"][0], reply["result"]["lines"][-1]
    assert before["lines"][0]["low"] == 0 < legal["low"]
    assert before["lines"][-1]["low"] == 0 < overall["low"] < legal["low"]
    assert [p["done"] for p in reply["result"]["progress"]] == [1, 1]
    assert sum(b["counts"]["met"] for b in reply["result"]["bars"]) == 1


def test_what_the_form_shows_is_what_the_assessment_says(sample_copy: Path) -> None:
    """Verdict, reason, notes, support and gain of every requirement; status and figures of every line."""
    for lang in ("ja", "en"):
        browser = Browser(sample_copy, "01", lang)
        shown = browser.says(do="hello")[0]
        a = browser.live.desk.judge.assessment(browser.live.desk.engagement)
        gains = {g.requirement: g.gain for g in a.gaps}
        for item in shown["items"]:
            f = a[item["id"]]
            assert (item["verdict"], item["because"]) == (f.verdict, f.because[lang])
            assert item["notes"] == [n[lang] for n in f.notes]
            assert bool(item["support"]) == bool(f.support)
            assert bool(item["disputed"]) == f.disputed
            assert item["gap"] == (f.id in gains)
            if item["gap"]:
                assert item["gain"].replace(" ", "") == (gains[f.id].shown or "").replace(" ", "")
        legal = next(g for g in a.scores["legal"].theme if g.key == "01").figures
        assert shown["result"]["lines"][0]["low"] == legal.conformity_low.value
        assert shown["result"]["lines"][-1]["high"] == a.scores["legal"].overall.conformity_high.value


def test_registers_stand_beside_the_answer_with_their_rows(sample_copy: Path) -> None:
    """Every failing check of the requirement names its rows, cell, reason and remedy."""
    browser = Browser(sample_copy)
    a = browser.live.desk.judge.assessment(browser.live.desk.engagement)
    seen = 0
    for item in browser.says(do="hello")[0]["items"]:
        own = [c for c in a.checks if item["id"] in c.requirements]
        assert [r["check"] for r in item["rows"]] == [c.rule.en for c in own]
        for shown, c in zip(item["rows"], own, strict=True):
            assert [f["row"] for f in shown["failing"]] == [f.row for f in c.failures[:20]]
            assert bool(shown["remedy"]) == bool(c.failing)
            seen += len(shown["failing"])
    assert seen


def test_answers_are_written_in_the_words_of_the_engagement(blank: Path, sample_copy: Path) -> None:
    """A Japanese file gets はい, an English one yes, whatever language the form is in."""
    Browser(blank, lang="en").puts("A26-1", "answer", "met")
    Browser(sample_copy, lang="ja").puts("A26-1", "answer", "not_applicable")
    assert "A26-1:\n  answer: はい\n" in (blank / ANSWERS).read_text(encoding="utf-8")
    assert "answer: n/a" in (sample_copy / ANSWERS).read_text(encoding="utf-8").split("A26-1:")[1][:40]


def test_an_answer_carries_who_gave_it_and_when(blank: Path) -> None:
    """The name from the form and today; both go when the answer is taken back."""
    browser = Browser(blank)
    browser.puts("A26-1", "answer", "met")
    answer = browser.live.desk.engagement.answers["A26-1"]
    assert (answer.answered_by, answer.answered_on) == ("Sato", date.today())  # noqa: DTZ011
    browser.puts("A26-1", "answer", "")
    answer = browser.live.desk.engagement.answers["A26-1"]
    assert (answer.answer, answer.answered_by, answer.answered_on) == (None, "", None)


def test_not_applicable_counts_once_reason_approver_and_date_are_there(blank: Path) -> None:
    """Until then the form says what is missing and the verdict is unknown."""
    browser = Browser(blank)
    reply = browser.puts("A26-1", "answer", "not_applicable")
    assert reply["items"]["A26-1"]["lacks"] == ["reason", "approved_by", "approved_on"]
    assert reply["items"]["A26-1"]["verdict"] == "unknown"
    for field, value in (("reason", "No data"), ("approved_by", "Legal"), ("approved_on", "2026-11-23")):
        reply = browser.puts("A26-1", field, value)
    assert reply["items"]["A26-1"]["lacks"] == ["approved_later"]
    reply = browser.puts("A26-1", "approved_on", "2026-11-22")
    assert reply["items"]["A26-1"]["lacks"] == []
    assert reply["items"]["A26-1"]["verdict"] == "not_applicable"


def test_a_date_that_is_none_is_refused_in_a_sentence(blank: Path) -> None:
    """The message is about this field only, in the form's language; nothing is written."""
    browser, before = Browser(blank), (blank / ANSWERS).read_bytes()
    reply = browser.puts("A26-1", "due", "2026-13-01")
    assert (reply["type"], reply["n"]) == ("refused", 1)
    assert reply["message"].count("\n") == 0
    assert "answers.yaml" not in reply["message"]
    assert (blank / ANSWERS).read_bytes() == before


def test_evidence_is_added_changed_and_taken_away(blank: Path) -> None:
    """With its date, its last day and whether it counts."""
    (blank / "evidence" / "rules.pdf").write_bytes(b"x")
    browser = Browser(blank)
    item = {"file": "rules.pdf", "dated": "令和8年4月1日", "valid_until": ""}
    ask = partial(browser.says, do="evidence", key="A26-1")
    reply = ask(n=1, op="add", item=item)[0]
    assert [(p["file"], p["dated"], p["state"]) for p in reply["items"]["A26-1"]["evidence"]] == [
        ("rules.pdf", "2026-04-01", "valid")
    ]
    ask = partial(ask, index=0, name="rules.pdf")
    reply = ask(n=2, op="put", field="valid_until", value="2026-11-21")[0]
    assert reply["items"]["A26-1"]["evidence"][0]["state"] == "expired"
    assert ask(n=3, op="put", field="file", value="../x.pdf")[0]["type"] == "refused"
    assert ask(n=4, op="add", item={"file": " "})[0]["type"] == "refused"
    reply = ask(n=5, op="drop")[0]
    assert reply["items"]["A26-1"]["evidence"] == []


def test_a_message_that_comes_twice_is_done_once(blank: Path) -> None:
    """The browser sends again what nobody answered; evidence is not added twice."""
    browser = Browser(blank)
    asked = {"do": "evidence", "n": 9, "key": "A26-1", "op": "add", "item": {"file": "a.pdf"}}
    for _ in range(2):
        assert browser.says(**asked)[0]["type"] == "saved"
    assert len(browser.item("A26-1")["evidence"]) == 1


def test_a_conflict_shows_both_values_and_waits(blank: Path) -> None:
    """Mine and the file's; keeping mine writes it, taking the file's forgets it."""
    for take, expected in (("mine", "met"), ("disk", "not_met")):
        browser = Browser(blank)
        path = blank / ANSWERS
        text = put(path.read_text(encoding="utf-8"), ("A26-1", "answer"), "いいえ")
        path.write_text(put(text, ("A26-1", "comment"), take), encoding="utf-8")
        reply = browser.puts("A26-1", "answer", "met")
        assert (reply["type"], reply["key"], reply["n"]) == ("conflict", "A26-1", 1)
        assert (reply["rows"][0]["mine"], reply["rows"][0]["disk"]) == ("met", "not met")
        assert {r["label"] for r in reply["rows"]} >= {"Answer", "Comment"}
        assert read_engagement(blank, nameless=True).answers["A26-1"].answer == "not_met"
        assert browser.says(do="resolve", n=1, take=take)[0]["type"] == "saved"
        assert read_engagement(blank, nameless=True).answers["A26-1"].answer == expected
        assert browser.item("A26-1")["answer"] == expected


def test_a_draft_is_not_written_over_what_a_look_took_in(blank: Path) -> None:
    """Someone types for a while; meanwhile another changes the same field: both are shown."""
    browser, other = Browser(blank), Browser(blank)
    other.puts("A26-1", "comment", "theirs")
    assert browser.says(do="look")[0]["type"] == "all"
    asked = {"do": "put", "file": "answers", "key": "A26-1", "field": "comment"}
    reply = browser.says(**asked, n=1, value="mine", was="")[0]
    assert reply["type"] == "conflict"
    assert (reply["rows"][0]["mine"], reply["rows"][0]["disk"]) == ("mine", "theirs")
    assert browser.says(do="resolve", n=1, take="mine")[0]["type"] == "saved"
    # What this form itself wrote a moment ago is no change by others.
    assert browser.says(**asked, n=2, value="mine, longer", was="")[0]["type"] == "saved"
    assert browser.says(**asked, n=3, value="mine, longer still", was="mine")[0]["type"] == "saved"


def test_keeping_mine_keeps_all_that_the_form_showed(blank: Path) -> None:
    """The other blanked the answer; keeping mine writes comment, answer and evidence as shown here."""
    browser = Browser(blank)
    browser.puts("A26-1", "answer", "partly")
    browser.says(do="evidence", n=50, key="A26-1", op="add", item={"file": "a.pdf", "dated": "2026-01-01"})
    path = blank / ANSWERS
    text = put(path.read_text(encoding="utf-8"), ("A26-1", "answer"), "")
    path.write_text(drop(text, ("A26-1", "evidence", 0)), encoding="utf-8")
    reply = browser.puts("A26-1", "comment", "mine")
    assert reply["type"] == "conflict"
    assert {r["label"] for r in reply["rows"]} >= {"Comment", "Answer", "Evidence"}
    assert browser.says(do="resolve", n=reply["n"], take="mine")[0]["type"] == "saved"
    kept = read_engagement(blank, nameless=True).answers["A26-1"]
    assert (kept.answer, kept.comment) == ("partly", "mine")
    assert [(p.file, str(p.dated)) for p in kept.evidence] == [("a.pdf", "2026-01-01")]


@pytest.mark.parametrize("take", ["mine", "disk"])
def test_an_older_file_put_back_by_a_sync_client_is_asked_about(blank: Path, take: str) -> None:
    """What this form wrote and the file has lost is shown with both values; either can be kept."""
    before, browser = (blank / ANSWERS).read_bytes(), Browser(blank)
    browser.puts("A26-1", "answer", "met")
    browser.puts("A26-2", "comment", "mine")
    (blank / ANSWERS).write_bytes(before)
    told = browser.says(do="look")
    asked = [m for m in told if m["type"] == "conflict"]
    assert [m["key"] for m in asked] == ["A26-1", "A26-2"]
    assert (asked[0]["rows"][0]["mine"], asked[0]["rows"][0]["disk"]) == ("met", "not answered")
    assert "A26-1 Answer (met -> not answered)" in told[0]["note"]
    for conflict in asked:
        browser.says(do="resolve", n=conflict["n"], take=take)
    now = read_engagement(blank, nameless=True).answers
    expected = ("met", "mine") if take == "mine" else (None, "")
    assert (now["A26-1"].answer, now["A26-2"].comment) == expected
    assert [m["type"] for m in browser.says(do="look")] == ["alive"]


@pytest.mark.parametrize("next_step", ["answer", "refused", "reload"])
def test_what_was_put_back_is_asked_about_whatever_happens_next(blank: Path, next_step: str) -> None:
    """No look came in between: another answer, a refused one or a page loaded again notices it too."""
    before, browser = (blank / ANSWERS).read_bytes(), Browser(blank)
    browser.puts("A26-1", "answer", "met")
    (blank / ANSWERS).write_bytes(before)
    if next_step == "reload":
        browser.says(do="hello")
    else:
        browser.puts("A26-3", "due", "2026-12-01" if next_step == "answer" else "soon")
    asked = [m for m in browser.told if m["type"] == "conflict"]
    assert [m["key"] for m in asked] == ["A26-1"]
    assert (asked[0]["rows"][0]["mine"], asked[0]["rows"][0]["disk"]) == ("met", "not answered")
    browser.says(do="resolve", n=asked[0]["n"], take="mine")
    assert read_engagement(blank, nameless=True).answers["A26-1"].answer == "met"


def test_what_was_decided_is_not_asked_again(blank: Path) -> None:
    """Taking the file's value ends the matter."""
    browser, path = Browser(blank), blank / ANSWERS
    browser.puts("A26-1", "answer", "met")
    path.write_text(put(path.read_text(encoding="utf-8"), ("A26-1", "answer"), "いいえ"), encoding="utf-8")
    reply = browser.puts("A26-1", "comment", "mine")
    assert reply["type"] == "conflict"
    told = browser.says(do="resolve", n=reply["n"], take="disk")
    assert "conflict" not in [m["type"] for m in told]
    assert [m["type"] for m in browser.says(do="look")] == ["alive"]


def test_whoever_names_the_assessor_first_is_taken_to_be_one(blank: Path) -> None:
    """Scope answers have an author from the beginning, unless another name was given."""
    browser = Browser(blank, "00")
    browser.live.who = ""
    browser.puts("", "assessor", "Hanako", "engagement")
    assert browser.live.who == "Hanako"
    browser.puts("", "assessor", "Taro", "engagement")
    assert browser.live.who == "Hanako"


def test_a_fault_of_a_file_names_the_file(blank: Path) -> None:
    """Missing and broken files are told with their name and line."""
    browser = Browser(blank)
    (blank / ANSWERS).write_text("A26-1:\n  answer: [\n", encoding="utf-8")
    assert "answers.yaml" in browser.puts("A26-1", "answer", "met")["message"]
    (blank / ANSWERS).unlink()
    assert "answers.yaml" in browser.says(do="look")[0]["message"]


def test_litter_of_other_systems_is_not_offered_as_evidence(blank: Path) -> None:
    """Thumbs.db, lock files of Office and hidden files; odd names of people are."""
    names = ["Thumbs.db", "~$temp.docx", ".DS_Store", "desktop.ini", "#1 報告書: 最終.pdf", "規程 (2).pdf"]
    for name in names:
        (blank / "evidence" / name).write_bytes(b"x")
    browser = Browser(blank)
    offered = browser.says(do="hello")[0]["evidence_files"]
    assert offered == ["#1 報告書: 最終.pdf", "規程 (2).pdf"]
    for n, name in enumerate(offered):
        reply = browser.says(do="evidence", n=n, key="A26-1", op="add", item={"file": name})[0]
        assert reply["type"] == "saved"


def test_a_refused_change_still_shows_what_others_did(blank: Path) -> None:
    """A bad date is refused, and the other's comment appears at once, so that nothing hides it."""
    browser, other = Browser(blank), Browser(blank)
    other.puts("A26-2", "comment", "theirs")
    replies = browser.says(do="put", n=1, file="answers", key="A26-1", field="due", value="soon")
    assert [m["type"] for m in replies] == ["refused", "all"]
    assert next(i for i in replies[1]["items"] if i["id"] == "A26-2")["comment"] == "theirs"


def test_evidence_is_meant_by_its_name_not_by_its_number(blank: Path) -> None:
    """Another removes a piece; what this user removes is the piece on the screen, or nothing."""
    browser, other = Browser(blank), Browser(blank)
    for n, name in enumerate(("a.pdf", "b.pdf")):
        browser.says(do="evidence", n=n, key="A26-1", op="add", item={"file": name})
    other.says(do="look")
    ask = {"do": "evidence", "key": "A26-1", "op": "drop"}
    other.says(**ask, n=1, index=0, name="a.pdf")
    assert browser.says(**ask, n=8, index=0, name="a.pdf")[0]["type"] == "conflict"
    replies = browser.says(do="resolve", n=8, take="mine")
    assert "removed elsewhere" in replies[0]["message"]
    assert replies[1]["type"] == "all"
    assert [p["file"] for p in browser.item("A26-1")["evidence"]] == ["b.pdf"]
    browser.says(**ask, n=9, index=1, name="b.pdf")
    assert browser.item("A26-1")["evidence"] == []


def test_the_path_follows_the_answers(sample_copy: Path) -> None:
    """A step that is done is no longer asked for."""
    browser = Browser(sample_copy)
    steps = browser.says(do="path", target="open", whole=False)[0]["result"]["path"]["steps"]
    fixed = next(s["id"] for s in steps if browser.says(do="try", key=s["id"], verdict="met"))
    assert fixed not in [s["id"] for s in browser.says(do="hello")[0]["result"]["path"]["steps"]]


def test_a_trial_survives_a_day_on_which_a_requirement_was_not_law(blank: Path) -> None:
    """Trying a requirement and then moving the date before it came into force stops nothing."""
    browser = Browser(blank, "02")
    assert browser.says(do="try", key="A23-3", verdict="met")[0]["type"] == "result"
    assert browser.says(do="try", key="A23-3", verdict="nonsense")[0]["type"] == "result"
    browser.says(do="try", key="A23-3", verdict="met")
    head = blank / "engagement.yaml"
    head.write_text(put(head.read_text(encoding="utf-8"), ("as_of",), "2022-04-01"), encoding="utf-8")
    assert browser.says(do="look")[0]["type"] == "all"
    assert browser.puts("A23-1", "answer", "met")["type"] == "saved"


def test_two_sign_offs_at_a_time_are_one(blank: Path) -> None:
    """The second is told and sees the first."""
    first, second = Browser(blank, "00"), Browser(blank, "00")
    first.says(do="signoff", n=1, comment="")
    replies = second.says(do="signoff", n=1, comment="")
    assert [m["type"] for m in replies][:2] == ["refused", "all"]
    assert replies[1]["sign"]["signed"]


def test_a_change_elsewhere_is_told_at_the_next_look(blank: Path) -> None:
    """Without it a look costs a word; with it everything is sent, and what was changed is named."""
    browser, other = Browser(blank), Browser(blank)
    assert [m["type"] for m in browser.says(do="look")] == ["alive"]
    other.puts("A26-2", "answer", "met")
    told = browser.says(do="look")
    assert told[0]["type"] == "all"
    assert "A26-2" in told[0]["note"]
    assert [m["type"] for m in browser.says(do="look")] == ["alive"]


def test_the_language_changes_while_open(blank: Path) -> None:
    """Every word of the form and of the requirements, at once; the file keeps its language."""
    browser = Browser(blank, lang="ja")
    assert browser.says(do="hello")[0]["items"][0]["title"] != ""
    shown = browser.says(do="lang", lang="en")[0]
    r = browser.live.desk.judge.catalogue["A26-1"]
    assert (shown["lang"], shown["items"][0]["title"]) == ("en", r.title.en)
    assert browser.live._sheet.lang == "en"
    assert browser.live.desk.engagement.language == "ja"


def test_trying_verdicts_saves_nothing(sample_copy: Path) -> None:
    """Figures beside the present ones, for as long as the trial is on; the files stay as they are."""
    before = {p: p.read_bytes() for p in sample_copy.rglob("*") if p.is_file()}
    browser = Browser(sample_copy)
    gaps = [i["id"] for i in browser.says(do="hello")[0]["items"] if i["gap"]]
    result: dict[str, Any] = {}
    for key in gaps:
        result = browser.says(do="try", key=key, verdict="met")[0]["result"]
    assert result["trial_lines"][0]["status_key"] == "clear"
    assert result["lines"][0]["status_key"] == "unmet"
    assert result["trial_lines"][-1]["low"] > result["lines"][-1]["low"]
    assert browser.says(do="trial", on=False)[0]["result"]["trial_lines"] == []
    assert {p: p.read_bytes() for p in sample_copy.rglob("*") if p.is_file()} == before


def test_the_shortest_path_leads_where_it_says(sample_copy: Path) -> None:
    """Trying its steps gives the status that it promises; where there is none the form says so."""
    browser = Browser(sample_copy)
    path = browser.says(do="path", target="open", whole=False)[0]["result"]["path"]
    for step in path["steps"]:
        result = browser.says(do="try", key=step["id"], verdict="met")[0]["result"]
    assert result["trial_lines"][0]["status_key"] in ("open", "clear")
    assert "already" in browser.says(do="path", target="open", whole=False)[-1]["message"]


def test_where_there_is_no_path_the_reason_is_the_right_one(sample_copy: Path) -> None:
    """A status that is reached is not called the best there is, nor a chapter without legal duties clear."""
    reached = Browser(sample_copy, "02").says(do="path", target="gap", whole=False)[-1]["message"]
    nothing = Browser(sample_copy, "11").says(do="path", target="clear", whole=False)[-1]["message"]
    assert "already" in reached
    assert "No legal duty" in nothing


def test_a_review_stands_beside_the_answer_and_disputes_it(blank: Path) -> None:
    """Who and when are kept; agreement and kappa follow; the verdict stays the assessor's."""
    browser = Browser(blank)
    browser.puts("A26-1", "answer", "met")
    browser.live.who = "Tanaka"
    reply = browser.puts("A26-1", "verdict", "not_met", "reviews")
    item = reply["items"]["A26-1"]
    assert item["verdict"] == "met"
    assert "Tanaka" in item["disputed"]
    assert (item["review"]["by"], item["review"]["verdict"]) == ("Tanaka", "not_met")
    assert "0.0 %" in reply["result"]["agreement"]
    reply = browser.puts("A26-1", "verdict", "met", "reviews")
    assert reply["items"]["A26-1"]["disputed"] == ""
    assert "100.0 %" in reply["result"]["agreement"]
    reply = browser.puts("A26-1", "verdict", "", "reviews")
    assert reply["items"]["A26-1"]["review"] == {"verdict": "", "comment": "", "by": "", "on": ""}
    assert reply["result"]["agreement"] == ""


def test_a_scope_answer_names_what_drops_out_and_what_comes_back(blank: Path) -> None:
    """The requirements by number, at once, and again when the answer is changed."""
    browser = Browser(blank, "00")
    reply = browser.puts("scope", "G08", "no", "engagement")
    gate = next(g for g in reply["gates"] if g["id"] == "G08")
    closed = browser.live.desk.judge.assessment(browser.live.desk.engagement)
    out = [f.id for f in closed.findings if f.rule == "gate_closed"]
    assert gate["dropped"] == out
    assert out
    assert all(i in gate["effect_now"] for i in out)
    reply = browser.puts("scope", "G08", "yes", "engagement")
    gate = next(g for g in reply["gates"] if g["id"] == "G08")
    assert gate["dropped"] == []
    assert all(i in gate["effect_now"] for i in out)


def test_a_scope_answer_that_a_register_contradicts_is_told_at_once(sample_copy: Path) -> None:
    """The register and its rows are named beside the question."""
    browser = Browser(sample_copy, "00")
    contradicted = {c.presence.gate for c in browser.live.desk.judge.checked.contradicted}
    gate_id = min(contradicted)
    reply = browser.puts("scope", gate_id, "no", "engagement")
    assert next(g for g in reply["gates"] if g["id"] == gate_id)["contradicted"]
    reply = browser.puts("scope", gate_id, "yes", "engagement")
    assert not next(g for g in reply["gates"] if g["id"] == gate_id)["contradicted"]


def test_the_head_of_the_engagement_can_be_filled_in(blank: Path) -> None:
    """Organisation, period, date and people; a date whose law is unknown is refused."""
    browser = Browser(blank, "00")
    for field, value in (
        ("organisation", "株式会社みほん"),
        ("period", "2026 Q4"),
        ("as_of", "令和8年10月31日"),
    ):
        assert browser.puts("", field, value, "engagement")["type"] == "saved"
    assert browser.puts("", "as_of", "2022-03-31", "engagement")["type"] == "refused"
    assert browser.puts("", "as_of", "", "engagement")["type"] == "refused"
    read = read_engagement(blank)
    assert (read.organisation, read.period, read.as_of) == ("株式会社みほん", "2026 Q4", date(2026, 10, 31))
    assert browser.live.desk.judge.as_of == date(2026, 10, 31)


def test_sign_off_and_reopening_in_the_form(blank: Path) -> None:
    """Signed: every change is refused and the form says by whom; reopened: work goes on."""
    browser = Browser(blank, "00")
    assert browser.says(do="signoff", n=1, comment="Q4")[0]["sign"]["signed"]
    assert "Sato" in browser.says(do="hello")[0]["frozen"]
    assert browser.puts("", "period", "x", "engagement")["type"] == "refused"
    assert browser.says(do="reopen", n=2, comment="")[0]["type"] == "refused"
    assert not browser.says(do="reopen", n=3, comment="typing error")[0]["sign"]["signed"]
    assert browser.puts("", "period", "x", "engagement")["type"] == "saved"


def test_the_bundled_sample_can_be_tried_but_not_changed(sample_copy: Path) -> None:
    """The form says so, refuses answers, and lets verdicts be tried."""
    browser = Browser(sample_copy, frozen=True)
    assert browser.says(do="hello")[0]["frozen"]
    assert browser.puts("A26-1", "answer", "met")["type"] == "refused"
    assert browser.says(do="try", key="A26-1", verdict="met")[0]["result"]["trial_lines"]


def test_something_unforeseen_is_told_and_not_taken_for_saved(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error inside the kit reaches the person who waits for "saved"."""
    browser = Browser(blank)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(browser.live.desk, "write", broken)
    with pytest.raises(RuntimeError):
        browser.puts("A26-1", "answer", "met")
    assert browser.told[0]["type"] == "refused"
    assert "boom" in browser.told[0]["message"]


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)>", "$x^2$", "=cmd()", "{{7*7}}", "\u202eabc", "\\n", "a\nb"]
)
def test_what_is_typed_comes_back_as_typed(blank: Path, text: str) -> None:
    """Comments are text in the file, in the form and in the pages."""
    browser = Browser(blank)
    page = browser.live.article("art_26")
    assert browser.puts("A26-1", "comment", text)["items"]["A26-1"]["comment"] == text
    assert browser.item("A26-1")["comment"] == text
    assert "<img" not in page.value


def test_pages_below_the_form_follow_the_answers(blank: Path) -> None:
    """The table of the article shows the new verdict without running the cell again."""
    browser = Browser(blank)
    page, chart = browser.live.article("art_26"), browser.live.chart()
    numbers = browser.live.numbers("verdicts")
    before = (page.value, chart.value, numbers.value)
    browser.puts("A26-1", "comment", "written just now")
    browser.puts("A26-1", "answer", "met")
    assert "written just now" in page.value
    assert all(a != b for a, b in zip(before, (page.value, chart.value, numbers.value), strict=True))
