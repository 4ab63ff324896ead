"""
What ``appi-assess review`` tells a reviewer, and that it is silent about what is well kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from appi_assess import law
from appi_assess.assessment import Assessment
from appi_assess.cli import main
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement, Evidence, Review, SignOff
from appi_assess.forms.journal import Change, append
from appi_assess.lint.answers import A_DAY, COPIED, IN_WINDOW, WINDOW
from appi_assess.lint.case import Case
from appi_assess.lint.evidence import SHARED_OUTSIDE
from appi_assess.lint.lines import SHOWN, lines, remarks_csv
from appi_assess.lint.remark import Remark
from appi_assess.lint.rules import RULES, remarks
from appi_assess.reader import read_engagement
from appi_assess.resources import sample
from appi_assess.wording import LANGUAGES, say

from .conftest import run_kit

AS_OF = date(2026, 11, 22)
DAY = timedelta(days=1)
IDS = [r.id for r in law.catalogue(AS_OF)]
GRAVE_ID, OTHER_ID, LESS_GRAVE_ID = "A18-1", "A17-1", "A32-4"  # severity 4, 2 and 3
DESIRABLE_ID = "A17-6"
START = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)


def piece(name: str, **changes: Any) -> Evidence:
    """A piece of evidence that counts, unless changed."""
    made = Evidence(name, exists=True, dated=date(2026, 6, 1), valid_until=date(2027, 5, 31))
    return replace(made, **changes)


@cache
def kept() -> Engagement:
    """A well-kept engagement: everything met, each with its own words, evidence, name and day."""
    answers = {
        id_: Answer(
            answer="met",
            comment=f"As {id_} asks",
            evidence=(piece(f"{id_}.pdf"),),
            answered_by="Legal",
            answered_on=date(2026, 11, 2) + place % 10 * DAY,
        )
        for place, id_ in enumerate(IDS)
    }
    reviews = {GRAVE_ID: Review(verdict="met", by="Auditor", on=date(2026, 11, 18))}
    scope = dict.fromkeys(law.gates(), "yes")
    return Engagement("Kept", "en", AS_OF, "Legal", "Auditor", scope=scope, answers=answers, reviews=reviews)


def case(engagement: Engagement, **more: Any) -> Case:
    """An engagement with its assessment, and what else is given."""
    return Case(engagement, assess_engagement(engagement, AS_OF), **more)


def with_(*ids: str, **changes: Any) -> Engagement:
    """The well-kept engagement with some answers changed; all alike."""
    answers = dict(kept().answers)
    for id_ in ids:
        answers[id_] = replace(answers[id_], **changes)
    return replace(kept(), answers=answers)


def gap(*ids: str, **changes: Any) -> Engagement:
    """The same, as gaps with owner and due date."""
    return with_(*ids, **({"answer": "not_met", "owner": "IT", "due": date(2027, 1, 29)} | changes))


def earlier(engagement: Engagement) -> Assessment:
    """The result of the quarter before."""
    return assess_engagement(engagement, date(2026, 8, 31))


def typed(count: int, apart: timedelta, who: str = "Legal", via: Any = "form") -> list[Change]:
    """A journal in which the first requirements were answered, one after the other."""
    return [
        Change(START + apart * n, who, via, "answers.yaml", id_, "answer", "", "met")
        for n, id_ in enumerate(IDS[:count])
    ]


def within(width: timedelta) -> list[Change]:
    """As many answers as make a bulk, the last one so long after the first."""
    *changes, last = typed(IN_WINDOW, timedelta(seconds=5))
    return [*changes, replace(last, when=START + width)]


def scoped(**answers: str) -> Engagement:
    """The well-kept engagement with other answers to scope questions."""
    return replace(kept(), scope={**kept().scope, **answers})


@cache
def from_sample() -> Engagement:
    """The English sample."""
    return read_engagement(sample("en"))


@cache
def sample_case() -> Case:
    """The English sample with its assessment."""
    return case(from_sample())


def without_rows(register: str, *rows: int) -> Engagement:
    """The sample without some rows of a register."""
    registers = dict(from_sample().registers)
    found = registers[register]
    registers[register] = found.only(~np.isin(found.numbers, rows))
    return replace(from_sample(), registers=registers)


def outside_one_chapter(count: int) -> list[str]:
    """Requirements of chapter 02, and ``count`` of other chapters, none of which the policy must show."""
    chosen = kept_case().assessment
    policy = {r for line in chosen.checklist for r in line.judged_by}
    free = [f for f in chosen.findings if f.id not in policy]
    main_ = [f.id for f in free if f.chapter == "02"][:15]
    rest = [[f.id for f in free if f.chapter == c] for c in ("01", "03", "04", "05")]
    return main_ + [group[n // 4] for n, group in zip(range(count), rest * count, strict=False)]


@cache
def kept_case() -> Case:
    """The well-kept engagement with its journal and the report of the quarter before."""
    return case(kept(), changes=typed(len(IDS), timedelta(minutes=2)), previous=earlier(kept()))


DECLARED: dict[str, Any] = {
    "answer": "not_applicable",
    "reason": "No branch abroad",
    "approved_on": date(2026, 11, 10),
}
SIGNED = SignOff("CPO", date(2026, 11, 20))

# Each rule: where it fires, for which requirements (None: not looked at), and just beside it.
CASES: dict[str, tuple[Callable[[], Case], tuple[str, ...] | None, Callable[[], Case]]] = {
    "grave_statement": (
        lambda: case(with_(GRAVE_ID, evidence=())),
        (GRAVE_ID,),
        lambda: case(with_(LESS_GRAVE_ID, evidence=())),
    ),
    "no_evidence": (
        lambda: case(with_(OTHER_ID, evidence=(piece("x", exists=False),))),
        (OTHER_ID,),
        lambda: case(with_(OTHER_ID, evidence=(piece("x", exists=False), piece("y")))),
    ),
    "stale_evidence": (
        lambda: case(with_(GRAVE_ID, OTHER_ID, evidence=(piece("x", valid_until=AS_OF - DAY),))),
        (OTHER_ID, GRAVE_ID),
        lambda: case(with_(GRAVE_ID, OTHER_ID, evidence=(piece("x", valid_until=AS_OF),))),
    ),
    "old_evidence": (
        lambda: case(with_(OTHER_ID, evidence=(piece("x", dated=date(2022, 3, 31)),))),
        (OTHER_ID,),
        lambda: case(with_(OTHER_ID, evidence=(piece("x", dated=date(2022, 4, 1)),))),
    ),
    "shared_evidence": (
        lambda: case(with_(*outside_one_chapter(SHARED_OUTSIDE + 1), evidence=(piece("rules.pdf"),))),
        None,
        lambda: case(with_(*outside_one_chapter(SHARED_OUTSIDE), evidence=(piece("rules.pdf"),))),
    ),
    "declared_against_rows": (
        sample_case,
        None,
        lambda: case(with_("A31-9", approved_by="CPO", **DECLARED)),
    ),
    "gate_against_rows": (
        sample_case,
        None,
        lambda: case(replace(from_sample(), scope={**from_sample().scope, "G07": "yes", "G17": "yes"})),
    ),
    "bulk": (
        lambda: case(kept(), changes=within(WINDOW)),
        tuple(IDS[:IN_WINDOW]),
        lambda: case(kept(), changes=typed(IN_WINDOW - 1, timedelta(seconds=1))),
    ),
    "copied_comment": (
        lambda: case(with_(*IDS[:COPIED], comment="対応済み")),
        tuple(IDS[:COPIED]),
        lambda: case(with_(*IDS[: COPIED - 1], comment="対応済み")),
    ),
    "overdue": (
        lambda: case(gap(OTHER_ID, due=AS_OF - DAY)),
        (OTHER_ID,),
        lambda: case(gap(OTHER_ID, due=AS_OF)),
    ),
    "postponed": (
        lambda: case(gap(OTHER_ID), previous=earlier(gap(OTHER_ID, due=AS_OF - DAY))),
        (OTHER_ID,),
        lambda: case(gap(OTHER_ID), previous=earlier(gap(OTHER_ID, due=AS_OF))),
    ),
    "unplanned": (
        lambda: case(gap(OTHER_ID, due=None)),
        (OTHER_ID,),
        lambda: case(gap(DESIRABLE_ID, due=None)),
    ),
    "gate_changed": (
        lambda: case(scoped(G18="no"), previous=earlier(kept())),
        None,
        lambda: case(kept(), previous=earlier(replace(kept(), scope={}))),
    ),
    "answered_later": (
        lambda: case(with_(OTHER_ID, answered_on=AS_OF + DAY)),
        (OTHER_ID,),
        lambda: case(with_(OTHER_ID, answered_on=AS_OF)),
    ),
    "nobody": (
        lambda: case(with_(OTHER_ID, answered_by="")),
        (OTHER_ID,),
        lambda: case(with_(OTHER_ID, answer=None, answered_by="")),
    ),
    "own_review": (
        lambda: case(with_(GRAVE_ID, answered_by="ａｕｄｉｔｏｒ")),
        (GRAVE_ID,),
        lambda: case(replace(kept(), reviews={GRAVE_ID: Review(comment="A remark", by="Legal")})),
    ),
    "own_approval": (
        lambda: case(with_(OTHER_ID, approved_by="legal", **DECLARED)),
        (OTHER_ID,),
        lambda: case(with_(OTHER_ID, approved_by="CPO", **DECLARED)),
    ),
    "reviewed_before": (
        lambda: case(with_(GRAVE_ID, answered_on=date(2026, 11, 19))),
        (GRAVE_ID,),
        lambda: case(with_(GRAVE_ID, answered_on=date(2026, 11, 18))),
    ),
    "signoff_broken": (
        lambda: case(replace(kept(), signoff=replace(SIGNED, changed=("answers.yaml",)))),
        (),
        lambda: case(replace(kept(), signoff=SIGNED)),
    ),
}


@cache
def fired(code: str) -> tuple[Remark, ...]:
    """All remarks where a rule fires."""
    return remarks(CASES[code][0]())


def of(found: Case, code: str) -> list[Remark]:
    """The remarks of one rule."""
    return [r for r in remarks(found) if r.code == code]


def test_a_well_kept_engagement_draws_no_remark() -> None:
    """Neither by its answers nor by its journal nor against the quarter before."""
    assert remarks(kept_case()) == ()
    for lang in LANGUAGES:
        assert list(lines(kept_case(), (), lang))[-1] == say("lint.clean", lang)


def test_every_rule_has_a_case() -> None:
    """A new rule comes with where it fires and where it just does not."""
    assert set(CASES) == set(RULES)


@pytest.mark.parametrize("code", CASES)
def test_a_rule_speaks_where_it_should_and_is_silent_just_beside(code: str) -> None:
    """It fires once, names its requirements, and says nothing on the other side of its boundary."""
    _, requirements, beside = CASES[code]
    found = [r for r in fired(code) if r.code == code]
    assert found
    if requirements is not None:
        assert [r.requirements for r in found] == [requirements]
    assert of(beside(), code) == []


@pytest.mark.parametrize("code", set(CASES) - {"declared_against_rows", "gate_against_rows"})
def test_one_fault_draws_no_remark_of_another_rule(code: str) -> None:
    """Otherwise the same thing would have to be read twice."""
    assert {r.code for r in fired(code)} == {code}


def test_grave_duties_come_first_then_the_reading_order() -> None:
    """By severity, then by the place of the requirement in the notebooks."""
    found = remarks(sample_case())
    assert [r.severity for r in found] == sorted((r.severity for r in found), reverse=True)
    firsts = [IDS.index(r.requirements[0]) for r in found if r.severity == 4 and r.requirements]
    assert firsts == sorted(firsts)


def test_what_concerns_the_whole_stands_first_in_the_order_of_the_rules() -> None:
    """A sign-off that no longer holds, then who reviewed, then the requirements."""
    engagement = replace(
        with_(*IDS, evidence=()),
        assessor="Ann",
        reviewer="Ann",
        signoff=replace(SIGNED, changed=("answers.yaml",)),
    )
    codes = [r.code for r in remarks(case(engagement))]
    assert codes[:3] == ["signoff_broken", "own_review", "grave_statement"]


def test_what_does_not_count_as_evidence_is_named_with_its_reason() -> None:
    """A file that is not there, one without a date, one from later, each in words."""
    evidence = (piece("a", exists=False), piece("b", dated=None), piece("c", dated=AS_OF + DAY))
    (found,) = of(case(with_(GRAVE_ID, evidence=evidence)), "grave_statement")
    for words in ("a (not in the evidence folder)", "b (no date)", "c (dated 2026-11-23, after"):
        assert words in found.fact.en
    assert "b（日付がない）" in found.fact.ja


def test_expired_evidence_beside_a_current_piece_is_no_remark() -> None:
    """Last year's certificate may stay in the list."""
    evidence = (piece("old", valid_until=AS_OF - DAY), piece("new"))
    assert remarks(case(with_(OTHER_ID, evidence=evidence))) == ()


@pytest.mark.parametrize(("current", "told"), [(False, True), (True, False)])
def test_expired_evidence_counts_where_a_register_lowered_the_verdict_too(current: bool, told: bool) -> None:
    """What is partly met there needs evidence as well, and has it if another piece is current."""
    lowered = next(
        f.id for f in sample_case().findings if (f.verdict, f.support) == ("partly", "contradicted")
    )
    old = piece("old.pdf", valid_until=AS_OF - DAY)
    answers = dict(from_sample().answers)
    answers[lowered] = replace(answers[lowered], evidence=(old, piece("new.pdf")) if current else (old,))
    found = of(case(replace(from_sample(), answers=answers)), "stale_evidence")
    assert ("evidence/old.pdf" in [r.files[0] for r in found]) == told


def test_expired_evidence_behind_a_gap_is_no_remark() -> None:
    """What is not met needs none."""
    assert remarks(case(gap(OTHER_ID, evidence=(piece("old", valid_until=AS_OF - DAY),)))) == ()


def test_old_evidence_with_a_newer_piece_is_no_remark() -> None:
    """One document from after the requirement came into force is enough."""
    evidence = (piece("old", dated=date(2021, 1, 1)), piece("new"))
    assert remarks(case(with_(OTHER_ID, evidence=evidence))) == ()


def test_old_evidence_beside_register_rows_that_suffice_is_no_remark() -> None:
    """The rows themselves are evidence of today."""
    made = case(with_(OTHER_ID, evidence=(piece("old.pdf", dated=date(2021, 1, 1)),)))
    rows = next(c for c in sample_case().assessment.checks if c.sufficient)
    findings = [f.model_copy(update={"checks": (rows.id,)}) if f.id == OTHER_ID else f for f in made.findings]
    for state, told in (("pass", False), ("no_data", True)):
        content = {"findings": tuple(findings), "checks": (rows.model_copy(update={"state": state}),)}
        found = of(replace(made, assessment=made.assessment.model_copy(update=content)), "old_evidence")
        assert bool(found) == told


def test_one_document_may_back_a_whole_chapter_or_the_whole_policy() -> None:
    """A procedure for requests and a published policy are not general documents."""
    chapter = [f.id for f in kept_case().findings if f.chapter == "08"]
    policy = {r for line in kept_case().assessment.checklist for r in line.judged_by} & set(IDS)
    assert len(chapter) > 2 * SHARED_OUTSIDE < len(policy)
    for ids in (chapter, policy):
        assert remarks(case(with_(*ids, evidence=(piece("one.pdf"),)))) == ()


def test_shared_evidence_says_how_many_it_backs_and_how_many_too_many() -> None:
    """The numbers let the reviewer judge the file."""
    ids = outside_one_chapter(SHARED_OUTSIDE + 1)
    (found,) = of(case(with_(*ids, evidence=(piece("rules.pdf"),))), "shared_evidence")
    assert set(found.requirements) == set(ids)
    assert found.files == ("evidence/rules.pdf",)
    assert f"Named for {len(ids)} requirements of 5 chapters; {SHARED_OUTSIDE + 1} of them" in found.fact.en


def test_a_declaration_against_a_register_names_the_rows() -> None:
    """Exactly those that concern the requirement; without them there is no remark."""
    (found,) = (r for r in of(sample_case(), "declared_against_rows") if r.requirements == ("A31-9",))
    assert "rows 5, 8 of registers/external_transmissions.csv" in found.fact.en
    beside = case(without_rows("external_transmissions", 5, 8))
    assert ("A31-9",) not in [r.requirements for r in of(beside, "declared_against_rows")]


def test_a_scope_answer_against_a_register_names_rows_and_requirements() -> None:
    """What the no would have closed, and where the rows stand."""
    found = {r.subject.en[:3]: r for r in of(sample_case(), "gate_against_rows")}
    assert found["G17"].requirements == ("A44-1", "A45-1", "A46-1")
    assert "rows 18, 19 of registers/processed_information.csv" in found["G17"].fact.en
    beside = case(without_rows("processed_information", 18, 19))
    assert [r.subject.en[:3] for r in of(beside, "gate_against_rows")] == ["G07"]


def test_answers_spread_a_little_wider_are_no_bulk() -> None:
    """One second more than the window for as many answers."""
    assert remarks(case(kept(), changes=within(WINDOW + timedelta(seconds=1)))) == ()


def test_two_bulks_are_two_remarks() -> None:
    """The morning's and the afternoon's, each with its time in Japan."""
    first = typed(IN_WINDOW, timedelta(seconds=5))
    second = typed(2 * IN_WINDOW, timedelta(seconds=5))[IN_WINDOW:]
    second = [replace(c, when=c.when + timedelta(hours=5)) for c in second]
    found = of(case(kept(), changes=[*first, *second]), "bulk")
    assert [len(r.requirements) for r in found] == [IN_WINDOW, IN_WINDOW]
    assert "2026-11-09 from 10:00 to 10:02 (Japan time)" in found[0].fact.en


@pytest.mark.parametrize("change", ["outside", "start", "later", "shared"])
def test_only_standing_answers_of_one_person_in_the_forms_make_a_bulk(change: str) -> None:
    """The journal does not know when a file was edited, and a second look takes an answer out."""
    changes = typed(IN_WINDOW, timedelta(seconds=5), via=change if change in ("outside", "start") else "form")
    if change == "later":
        changes.append(replace(changes[0], when=START + 3 * DAY, old="met", new="met"))
    if change == "shared":
        changes[0] = replace(changes[0], who="IT")
    assert remarks(case(kept(), changes=changes)) == ()


@pytest.mark.parametrize(("count", "told"), [(A_DAY, False), (A_DAY + 1, True)])
def test_without_a_journal_the_dates_tell_of_a_bulk(count: int, told: bool) -> None:
    """More answers of one person and day than a day has room for."""
    alike = with_(*IDS, answered_by="A")
    days = {id_: replace(a, answered_on=AS_OF - DAY) for id_, a in list(alike.answers.items())[:count]}
    found = of(case(replace(kept(), answers={**kept().answers, **days})), "bulk")
    assert [len(r.requirements) for r in found] == ([count] if told else [])


def test_a_bulk_that_the_journal_shows_is_not_told_again_by_its_dates() -> None:
    """One bulk, one remark."""
    alike = with_(*IDS, answered_on=date(2026, 11, 9))
    found = remarks(case(alike, changes=typed(len(IDS), timedelta(seconds=2))))
    assert [(r.code, len(r.requirements)) for r in found] == [("bulk", len(IDS))]


def test_comments_that_differ_in_width_case_and_stops_only_are_copies() -> None:
    """And those of what is not applicable are left alone."""
    engagement = with_(OTHER_ID, comment="Done.")
    for id_, words in (("A17-2", "ＤＯＮＥ"), ("A17-3", " done!")):
        answers = engagement.answers
        engagement = replace(engagement, answers={**answers, id_: replace(answers[id_], comment=words)})
    (found,) = of(case(engagement), "copied_comment")
    assert found.requirements == (OTHER_ID, "A17-2", "A17-3")
    declared = with_(*IDS[:5], comment="None here", approved_by="CPO", **DECLARED)
    assert remarks(case(declared)) == ()


def test_a_met_requirement_is_never_overdue() -> None:
    """Its due date is history."""
    assert remarks(case(with_(OTHER_ID, owner="IT", due=AS_OF - 30 * DAY))) == ()


def test_a_due_date_moved_to_another_past_day_is_overdue_only() -> None:
    """Both remarks would say the same."""
    before = earlier(gap(OTHER_ID, due=AS_OF - 30 * DAY))
    found = remarks(case(gap(OTHER_ID, due=AS_OF - DAY), previous=before))
    assert [r.code for r in found] == ["overdue"]


@pytest.mark.parametrize(
    ("old", "new", "effect"), [("yes", "no", "closes"), ("no", "yes", "opens"), ("no", None, "opens")]
)
def test_a_changed_gate_names_what_it_opens_or_closes(old: str, new: str | None, effect: str) -> None:
    """From which answer to which, and exactly the requirements whose scope it changed."""
    scope = {g: a for g, a in (kept().scope | {"G18": new}).items() if a}
    now = replace(kept(), scope=scope)
    (found,) = of(case(now, previous=earlier(scoped(G18=old))), "gate_changed")
    needing = tuple(f.id for f in kept_case().findings if "G18" in f.gates)
    assert needing
    assert found.requirements == needing
    assert found.fact.en == say(
        f"lint.gate_changed.{effect}", "en", old=old, new=new or "not answered", count=len(needing)
    )


def test_a_changed_gate_that_opens_and_closes_nothing_is_told_at_the_end() -> None:
    """Such as the one on Individual Numbers, which only makes a note."""
    found = of(case(scoped(G24="no"), previous=earlier(kept())), "gate_changed")
    assert [(r.requirements, r.severity) for r in found] == [((), 0)]
    assert "made no requirement apply" in found[0].fact.en


def test_a_reviewer_who_is_the_assessor_is_told_once_for_the_whole() -> None:
    """Whatever the width and spaces of the name."""
    found = remarks(case(replace(kept(), reviewer="Ｌｅｇａｌ ")))
    assert [(r.code, r.requirements, r.severity) for r in found] == [("own_review", (), 4)]
    assert remarks(case(replace(kept(), assessor="", reviewer=""))) == ()


@pytest.mark.parametrize(("count", "end"), [(5, "f4."), (7, "f4 and 2 more.")])
def test_a_broken_sign_off_names_the_files(count: int, end: str) -> None:
    """The first few in words, all of them to look at."""
    changed = tuple(f"f{n}" for n in range(count))
    (found,) = remarks(case(replace(kept(), signoff=replace(SIGNED, changed=changed))))
    assert found.fact.en.endswith(end)
    assert found.files == ("signoff.yaml", *changed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_screen_shows_the_first_few_and_the_csv_all(lang: str) -> None:
    """With title, reason and what to look at, and a count that adds up."""
    found = sample_case()
    told = remarks(found)
    text = list(lines(found, told, lang))
    many = sum(r.code == "unplanned" for r in told)
    assert say("lint.more", lang, count=many - SHOWN) in text
    for code in {r.code for r in told}:
        for part in ("why", "look"):
            assert say(f"lint.{part}", lang, text=say(f"lint.{code}.{part}", lang)) in text
    assert str(len(told)) in text[-1]
    rows = list(csv.reader(io.StringIO(remarks_csv(told, lang), newline="")))
    assert len(rows) == len(told) + 1
    assert [r[1] for r in rows[1:]] == [say("list", lang).join(r.requirements) for r in told]


def test_every_rule_is_worded() -> None:
    """Title, reason and what to look at, in both languages."""
    for code in RULES:
        for part in ("title", "why", "look"):
            assert all(say(f"lint.{code}.{part}", lang) for lang in LANGUAGES)


def test_no_cell_of_the_csv_is_a_formula_and_no_line_holds_a_control_sign() -> None:
    """Whatever a client typed as a comment, a name or a file."""
    engagement = with_(*IDS[:COPIED], comment="=HYPERLINK(1)", answered_by="\x1b[31m")
    engagement = replace(engagement, reviewer="@SUM(1)", assessor="@SUM(1)")
    found = case(with_(OTHER_ID, evidence=(piece("=x.pdf", valid_until=AS_OF - DAY),)))
    for one in (case(engagement), found):
        rows = list(csv.reader(io.StringIO(remarks_csv(remarks(one), "en"), newline="")))
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
        assert "\x1b" not in "\n".join(lines(one, remarks(one), "en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_says_what_to_look_at_and_ends_well(lang: str) -> None:
    """Remarks are no error."""
    result = run_kit("review", sample(lang))
    assert (result.returncode, result.stderr) == (0, "")
    assert say("lint.grave_statement.title", lang) in result.stdout
    assert say("lint.no_previous", lang) in result.stdout


def test_the_command_writes_csv_for_spreadsheets() -> None:
    """With a mark, so that a spreadsheet reads it as UTF-8; the same bytes every time."""
    outputs = {
        CliRunner().invoke(main, ["review", str(sample("ja")), "--format", "csv"]).stdout_bytes for _ in "ab"
    }
    (content,) = outputs
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(remarks(case(read_engagement(sample("ja"))))) + 1


def test_the_command_compares_with_the_report_of_the_period_before(sample_copy: Path, tmp_path: Path) -> None:
    """A gate that was answered otherwise then is told; a later report is refused."""
    before = replace(from_sample(), scope={**from_sample().scope, "G18": "no"}, registers={})
    report = tmp_path / "q3"
    report.mkdir()
    path = report / "assessment.json"
    path.write_text(earlier(before).to_json(), encoding="utf-8", newline="\n")
    result = CliRunner().invoke(main, ["review", str(sample_copy), "--previous", str(report)])
    assert result.exit_code == 0
    assert "G18" in result.stdout
    assert "From no to yes; requirements that apply now" in result.stdout
    assert say("lint.no_previous", "en") not in result.stdout
    path.write_text(assess_engagement(before, AS_OF + DAY).to_json(), encoding="utf-8", newline="\n")
    refused = CliRunner().invoke(main, ["review", str(sample_copy), "--previous", str(report)])
    assert refused.exit_code == 1
    assert "2026-11-23" in refused.stderr


def test_the_command_reads_the_journal_and_tells_of_lines_it_cannot_read(sample_copy: Path) -> None:
    """A bulk in the forms is found; a torn line is named and skipped."""
    answers = read_engagement(sample_copy).answers
    given = [(id_, a.answer) for id_, a in answers.items() if a.answer][:IN_WINDOW]
    append(
        sample_copy,
        (
            Change(
                START + timedelta(seconds=n), "Ann", "form", "answers.yaml", id_, "answer", "", answer or ""
            )
            for n, (id_, answer) in enumerate(given)
        ),
    )
    with (sample_copy / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"when": "2026\n')
    result = CliRunner().invoke(main, ["review", str(sample_copy)])
    assert result.exit_code == 0
    assert f"Ann [severity 4]: {IN_WINDOW} answers on 2026-11-09 from 10:00 to 10:00" in result.stdout
    assert "journal.jsonl, line 31" in result.stderr
    assert say("lint.no_journal", "en") not in result.stdout


def test_the_command_takes_another_day(sample_copy: Path) -> None:
    """What is due is judged on the day asked for."""
    assert (
        say("lint.overdue.title", "en") not in CliRunner().invoke(main, ["review", str(sample_copy)]).stdout
    )
    later = CliRunner().invoke(main, ["review", str(sample_copy), "--as-of", "2027-03-01", "--lang", "ja"])
    assert say("lint.overdue.title", "ja") in later.stdout


def test_an_unreadable_engagement_is_an_error(sample_copy: Path) -> None:
    """Exit status 1, the problem as a sentence."""
    (sample_copy / "answers.yaml").write_text("A17-1: {answer: perhaps}", encoding="utf-8", newline="\n")
    result = run_kit("review", sample_copy)
    assert result.returncode == 1
    assert "perhaps" in result.stderr
    assert "Traceback" not in result.stderr
