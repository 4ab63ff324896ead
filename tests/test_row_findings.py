"""
What registers do to an assessment: they lower verdicts, never raise them, and say where.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appi_assess import law
from appi_assess.assessment import Assessment
from appi_assess.checks import all_checks
from appi_assess.conclude import assess_engagement
from appi_assess.engagement import Answer, Engagement
from appi_assess.gap_report import findings_csv
from appi_assess.problems import InputProblems
from appi_assess.reader import read_engagement
from appi_assess.registers import REGISTERS, register
from appi_assess.resources import sample
from appi_assess.scaffold import answers_text, engagement_text, register_text
from appi_assess.wording import LANGUAGES
from tests.registers import DAY, rows

Make = Callable[..., Path]
PARTY = {
    "name": "甲社",
    "country": "日本",
    "started_on": "2020-04-01",
    "selected_on": "2020-03-01",
    "reviewed_on": "2026-04-01",
}


@pytest.fixture
def folder(tmp_path: Path) -> Make:
    """Makes an engagement folder whose answers all say one thing."""

    def make(answer: str = "yes", scope: dict[str, str] | None = None, lang: str = "ja") -> Path:
        given = {"answer": answer} if answer else {}
        values = {"organisation": "甲", "language": lang, "as_of": DAY, "scope": scope or {}}
        (tmp_path / "engagement.yaml").write_text(engagement_text(lang, values), encoding="utf-8")
        answers = {r.id: given for r in law.catalogue(DAY)}
        (tmp_path / "answers.yaml").write_text(answers_text(lang, answers), encoding="utf-8")
        (tmp_path / "registers").mkdir()
        return tmp_path

    return make


def concluded(
    *kept: dict[str, str], answer: str | None = "met", scope: dict[str, str] | None = None
) -> Assessment:
    """The assessment of an engagement with these entrusted parties; None keeps no register."""
    registers = {"entrusted_parties": rows("entrusted_parties", *kept)} if kept else {}
    answers = {r.id: Answer(answer=answer) for r in law.catalogue(DAY)}
    return assess_engagement(
        Engagement("甲", "ja", DAY, scope=scope or {}, answers=answers, registers=registers), DAY
    )


def test_all_answers_met_over_bad_registers_are_contradicted_place_by_place(folder: Make) -> None:
    """Every duty for which a row fails is lowered, marked, and names register and row in its reason."""
    made = folder("yes")
    shutil.copytree(sample("ja") / "registers", made / "registers", dirs_exist_ok=True)
    shutil.copytree(sample("ja") / "evidence", made / "evidence")
    a = assess_engagement(read_engagement(made), DAY)
    failing = {r: c for c in a.checks if c.failing for r in c.requirements}
    assert len(failing) > 100
    for requirement in failing:
        finding = a[requirement]
        assert finding.verdict in ("partly", "not_met"), requirement
        assert (finding.rule, finding.support) == ("register", "contradicted"), requirement
        titles = [
            register(c.register_name).title for c in a.checks if c.failing and requirement in c.requirements
        ]
        assert any(t.ja in finding.because.ja and t.en in finding.because.en for t in titles), requirement
    untouched = [f for f in a.findings if f.id not in failing]
    assert all(f.verdict == "met" for f in untouched)
    listed = list(csv.DictReader(io.StringIO(findings_csv(a, "ja"))))
    assert len(listed) == sum(c.failing for c in a.checks)
    assert all(
        row["ファイル"] and row["行"] and row["列"] and row["求められること"] and row["行うこと"]
        for row in listed
    )


def test_one_of_several_rows_makes_partly_and_every_row_not_met() -> None:
    """Scoring rule 5 for a check that is not decisive."""
    good, bad = PARTY, {**PARTY, "name": "乙社", "reviewed_on": "2025-01-01"}
    assert concluded(good)["ENT-6"].verdict == "met"
    assert concluded(good)["ENT-6"].support == "evidenced"
    assert concluded(good, bad)["ENT-6"].verdict == "partly"
    assert concluded(bad)["ENT-6"].verdict == "not_met"
    assert concluded(good, bad)["ENT-6"].support == "contradicted"


def test_a_prohibition_broken_once_is_broken() -> None:
    """One party without a route abroad makes Art. 28(1) not met, however many have one."""
    good = [{**PARTY, "name": f"社{n}", "country": "ドイツ", "route": "同等水準国"} for n in range(9)]
    bad = {**PARTY, "name": "乙社", "country": "米国", "route": ""}
    assert concluded(*good)["A28-1"].verdict == "met"
    assert concluded(*good, bad)["A28-1"].verdict == "not_met"
    result = next(c for c in concluded(*good, bad).checks if c.id == "entrusted_parties.route_fits")
    assert result.decisive
    assert (result.rows, result.failing) == (10, 1)


def test_a_register_never_raises_a_verdict() -> None:
    """Good rows leave "not met" and "no answer" as they are."""
    assert concluded(PARTY, answer="not_met")["ENT-6"].verdict == "not_met"
    assert concluded(PARTY, answer=None)["ENT-6"].verdict == "unknown"


def test_without_an_answer_failing_rows_decide() -> None:
    """And nothing is contradicted, since nothing was said."""
    bad = {**PARTY, "reviewed_on": "2025-01-01"}
    finding = concluded(bad, answer=None)["ENT-6"]
    assert (finding.verdict, finding.rule, finding.support) == ("not_met", "register", None)
    assert "2行目" in finding.because.ja


def test_absent_empty_and_filled_are_three_states() -> None:
    """Only a filled register can pass or fail; the two others say why they do not."""
    empty = rows("entrusted_parties", {"name": "x"})
    empty = replace(empty.only(empty.numbers < 0), read=0)
    answers = {r.id: Answer(answer="met") for r in law.catalogue(DAY)}
    found = {}
    for state, registers in (("absent", {}), ("empty", {"entrusted_parties": empty})):
        a = assess_engagement(Engagement("甲", "ja", DAY, answers=answers, registers=registers), DAY)
        found[state] = next(r for r in a.registers if r.name == "entrusted_parties")
        assert a["ENT-6"].support == "stated"
        check = next(c for c in a.checks if c.id == "entrusted_parties.reviewed_within_a_year")
        assert check.state == "no_data"
        assert check.why is not None
    assert [s.state for s in found.values()] == ["absent", "empty"]
    filled = next(r for r in concluded(PARTY).registers if r.name == "entrusted_parties")
    assert (filled.state, filled.judged) == ("rows", 1)


def test_a_closed_gate_with_rows_counts_as_open_and_both_places_are_named() -> None:
    """Nothing entrusted, over a register of entrusted parties, is a contradiction and no exemption."""
    assert concluded(scope={"G04": "no"})["ENT-6"].verdict == "not_applicable"
    a = concluded({**PARTY, "reviewed_on": "2025-01-01"}, scope={"G04": "no"})
    assert a["ENT-6"].verdict == "not_met"
    gate = next(s for s in a.scope if s.gate == "G04")
    assert gate.answer == "no"
    assert [(p.register_name, p.rows) for p in gate.contradicted_by] == [("entrusted_parties", (2,))]
    assert "G04" in findings_csv(a, "ja")
    assert not next(s for s in concluded(PARTY).scope if s.gate == "G04").contradicted_by


def test_a_declaration_stands_but_the_rows_are_pointed_at() -> None:
    """Not applicable with reason, approver and date is not overruled by rows; a note asks to review it."""
    declared = Answer(answer="not_applicable", reason="x", approved_by="y", approved_on=date(2026, 1, 1))
    kept = {"entrusted_parties": rows("entrusted_parties", PARTY)}
    a = assess_engagement(Engagement("甲", "ja", DAY, answers={"ENT-6": declared}, registers=kept), DAY)
    assert a["ENT-6"].verdict == "not_applicable"
    assert any("委託先管理台帳" in note.ja for note in a["ENT-6"].notes)


def test_a_partly_answer_keeps_its_verdict_and_the_rows_are_noted() -> None:
    """Failing rows that agree with the answer lower nothing; they still say where."""
    good, bad = PARTY, {**PARTY, "name": "乙社", "reviewed_on": "2025-01-01"}
    finding = concluded(good, bad, answer="partly")["ENT-6"]
    assert (finding.verdict, finding.rule) == ("partly", "answer")
    assert any("3行目" in note.ja for note in finding.notes)


def test_an_event_without_rows_leaves_the_readiness_answer() -> None:
    """No breach so far is no ground for not applicable, and no evidence either."""
    empty = rows(
        "incidents", {"name": "x"} if "name" in {c.name for c in register("incidents").columns} else {}
    )
    kept = {"incidents": replace(empty.only(empty.numbers < 0), read=0)}
    answers = {"A26-4": Answer(answer="met")}
    a = assess_engagement(Engagement("甲", "ja", DAY, answers=answers, registers=kept), DAY)
    assert (a["A26-4"].verdict, a["A26-4"].support) == ("met", "stated")


def test_rows_in_are_rows_out() -> None:
    """Read = judged + examples + later, for every register of the sample, in both languages."""
    for lang in LANGUAGES:
        a = assess_engagement(read_engagement(sample(lang)), DAY)
        for r in a.registers:
            assert r.read == r.judged + r.examples + r.later
            lines = (sample(lang) / r.file).read_text(encoding="utf-8-sig")
            assert len(list(csv.reader(io.StringIO(lines)))) - 1 == r.read


def test_rows_after_the_assessment_date_are_not_judged() -> None:
    """An incident of next week is counted as later; on that day it is judged."""
    since = register("incidents").since
    subject = register("incidents").subject
    kept = {"incidents": rows("incidents", {subject: "1", since: "2026-11-23"})}
    for as_of, state in ((DAY, (0, 1)), (date(2026, 11, 23), (1, 0))):
        a = assess_engagement(Engagement("甲", "ja", as_of, registers=kept), as_of)
        found = next(r for r in a.registers if r.name == "incidents")
        assert (found.judged, found.later) == state


def test_twenty_different_faults_give_twenty_findings_or_problems_with_places(folder: Make) -> None:
    """Ten cells that cannot be read are told at once; ten rows against the law are findings."""
    made = folder("yes")
    file = made / "registers" / "entrusted_parties.csv"
    head = (
        "委託先の名称,所在国,委託開始日,選定時の確認日,契約日,安全管理の条項,最終点検日,再委託の有無,"
        "委託先による自己利用,外国提供の根拠,サーバーの所在国,年次確認日"
    )
    unreadable = [
        ",日本,,,,,,,,,,",
        "乙,ワカンダ,,,,,,,,,,",
        "丙,日本,2026-02-30,,,,,,,,,",
        "丁,日本,,平成32年1月1日,,,,,,,,",
        "戊,日本,,,2026/13/1,,,,,,,",
        "己,日本,,,,たぶん,,,,,,",
        "庚,日本,,,,,先週,,,,,",
        "辛,日本,,,,,,半分,,,,",
        "壬,日本,,,,,,,不可,,,",
        "癸,米国,,,,,,,,口約束,,",
    ]
    file.write_text("\n".join([head, *unreadable]), encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        read_engagement(made)
    errors = [p for p in caught.value.problems if p.level == "error"]
    assert sorted(p.line or 0 for p in errors) == list(range(2, 12))
    assert all(p.key and p.file == "registers/entrusted_parties.csv" for p in errors)
    against_the_law = [
        "乙,日本,2020-04-01,2020-05-01,2020-04-01,はい,2026-04-01,いいえ,いいえ,,,",
        "丙,日本,2020-04-01,2020-03-01,,はい,2026-04-01,いいえ,いいえ,,,",
        "丁,日本,2020-04-01,2020-03-01,2020-04-01,いいえ,2026-04-01,いいえ,いいえ,,,",
        "戊,日本,2020-04-01,2020-03-01,2020-04-01,はい,2025-04-01,いいえ,いいえ,,,",
        "己,日本,2020-04-01,2020-03-01,2020-04-01,はい,2026-04-01,いいえ,はい,,,",
        "庚,不明,2020-04-01,2020-03-01,2020-04-01,はい,2026-04-01,いいえ,いいえ,,,",
        "辛,米国,2020-04-01,2020-03-01,2020-04-01,はい,2026-04-01,いいえ,いいえ,,,",
        "壬,米国,2020-04-01,2020-03-01,2020-04-01,はい,2026-04-01,いいえ,いいえ,同等水準国,,",
        "癸,タイ,2020-04-01,2020-03-01,2020-04-01,はい,2026-04-01,いいえ,いいえ,相当措置,,2025-01-01",
        "子,日本,2020-04-01,,2020-04-01,はい,2026-04-01,いいえ,いいえ,,,",
    ]
    file.write_text("\n".join([head, *against_the_law]), encoding="utf-8")
    a = assess_engagement(read_engagement(made), DAY)
    assert {f.row for c in a.checks for f in c.failures} == set(range(2, 12))


def test_the_evidence_register_backs_answers(folder: Make) -> None:
    """A piece of evidence there counts like one in answers.yaml, by its dates and whether it exists."""
    made = folder("yes")
    (made / "evidence").mkdir()
    (made / "evidence" / "a.pdf").write_text("x")
    head = register_text("evidence", "ja").splitlines()[0].split(",")
    columns = [c.name for c in register("evidence").columns]
    pieces = [
        {"requirements": "A26-4、SEC-3", "file": "a.pdf", "dated": "2026-04-01", "valid_until": "2027-03-31"},
        {"requirements": "A26-5", "file": "a.pdf", "dated": "2024-04-01", "valid_until": "2025-03-31"},
        {"requirements": "A26-7", "file": "b.pdf", "dated": "2026-04-01"},
    ]
    lines = [head, *([p.get(c, "") for c in columns] for p in pieces)]
    (made / "registers" / "evidence.csv").write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    read = read_engagement(made)
    assert [(p.code, p.line) for p in read.notices if p.file.startswith("registers")] == [
        ("evidence_missing", 4)
    ]
    a = assess_engagement(read, DAY)
    assert [a[r].support for r in ("A26-4", "SEC-3", "A26-5", "A26-7")] == [
        "evidenced",
        "evidenced",
        "stale",
        "stated",
    ]


def test_what_a_client_types_into_a_cell_stays_text(folder: Make) -> None:
    """Braces, formulas and markup come out as they went in, and no spreadsheet runs them."""
    nasty = '=HYPERLINK("http://x")|{name}|<script>'
    made = folder("yes")
    lines = [["委託先の名称", "委託開始日", "最終点検日"], [nasty, "2020-01-01", "2021-01-01"]]
    with (made / "registers" / "entrusted_parties.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    a = assess_engagement(read_engagement(made), DAY)
    failure = next(f for c in a.checks for f in c.failures if "reviewed" in c.id)
    assert nasty in failure.because.ja
    cells = [cell for row in csv.reader(io.StringIO(findings_csv(a, "en"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


def test_every_check_says_what_who_and_how_in_both_languages() -> None:
    """Rule, failure and remedy exist, known requirements are served, heads and columns are real."""
    known = {r.id: r for r in law.all_requirements()}
    assert len({c.id for c in all_checks()}) == len(all_checks())
    for c in all_checks():
        kept = register(c.register)
        assert set(c.serves) <= set(known), c.id
        assert c.head in kept.heads, c.id
        assert {c.column, *c.needs} <= {column.name for column in kept.columns}, c.id
        assert set(c.against) <= set(REGISTERS), c.id
        for text in (c.rule, c.fails, c.remedy):
            assert text.ja != text.en, c.id
            assert any("\u3040" <= char <= "\u9fff" for char in text.ja), c.id
        assert c.test.__doc__, c.id


def test_the_sample_passes_and_fails_every_check() -> None:
    """In both languages, alike."""
    found = {}
    for lang in LANGUAGES:
        a = assess_engagement(read_engagement(sample(lang)), DAY)
        found[lang] = [(c.id, c.rows, c.failing) for c in a.checks]
        assert [c for c in found[lang] if not 0 < c[2] < c[1]] == []
    assert found["ja"] == found["en"]


def test_every_prohibition_is_decided_by_a_single_row() -> None:
    """A check that serves a prohibition is decisive for it, whatever its author wrote."""
    prohibitions = {r.id for r in law.catalogue(DAY) if r.nature == "prohibition"}
    assert {"A18-1", "A20-2", "A27-1", "A28-1", "A41-5", "A41-6", "A41-7", "A43-5", "A45-1"} <= prohibitions
    a = assess_engagement(read_engagement(sample("en")), DAY)
    for c in a.checks:
        if set(c.requirements) & prohibitions:
            assert c.decisive
            if c.failing:
                judged = [a[r] for r in set(c.requirements) & prohibitions]
                assert all(f.verdict in ("not_met", "not_applicable", "unknown") for f in judged), c.id


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_more_failing_rows_never_raise_a_verdict(parties: list[tuple[bool, bool]]) -> None:
    """Adding a row that fails can only lower."""
    cells = [
        {**PARTY, "name": f"社{n}", "reviewed_on": "2026-04-01" if reviewed else "", "selected_on": "2020-01-01" if chosen else ""}
        for n, (reviewed, chosen) in enumerate(parties)
    ]  # fmt: skip
    order = ("not_met", "partly", "met")
    before, after = (
        concluded(*cells),
        concluded(*cells, {**PARTY, "name": "z", "reviewed_on": "", "selected_on": ""}),
    )
    for requirement in ("ENT-3", "ENT-6"):
        assert order.index(after[requirement].verdict) <= order.index(before[requirement].verdict)


# What no row of a register can show: documents, organisation, skills, technical measures.
NO_REGISTER = {
    *("A21-3", "A22-1", "A23-1", "A23-2", "A23-3", "A24-1", "A24-2", "A24-3", "A24-4", "A24-5"),
    *(f"SEC-{n}" for n in range(1, 17) if n != 5),
    *("A26-14", "A27-10", "A27-12", "A30-6", "A34-3", "A37-1", "A40-2", "A57-1", "A59-1"),
    *("A32-1", "A32-3", "A32-4", "A32-6", "A32-7", "A32-8", "A32-9"),
    *("PP-14", "PP-21", "PP-23", "PP-24", "PP-25"),
}


def test_every_requirement_has_a_check_or_is_known_to_have_none() -> None:
    """A new requirement asks for a check, or for a place in the list of those that no row can show."""
    served = {r for c in all_checks() for r in c.serves}
    assert {r.id for r in law.all_requirements()} - served == NO_REGISTER


def test_a_workbook_says_the_same_as_a_csv_file(folder: Make) -> None:
    """Date cells, merged cells and whole numbers of a workbook are judged like their text in a CSV."""
    made = folder("yes")
    lines = [["委託先の名称", "所在国", "委託開始日", "最終点検日"],
             ["甲社", "日本", "2020-04-01", "2025-01-31"],
             ["乙社", "米国", "2020-04-01", "2026-03-31"]]  # fmt: skip
    place = made / "registers" / "entrusted_parties"
    with place.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    first = assess_engagement(read_engagement(made), DAY)
    place.with_suffix(".csv").unlink()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in lines:
        sheet.append([date.fromisoformat(c) if c[:1] == "2" else c for c in row])
    book.save(place.with_suffix(".xlsx"))
    second = assess_engagement(read_engagement(made), DAY)
    assert [(c.id, c.rows, c.failures) for c in first.checks] == [
        (c.id, c.rows, c.failures) for c in second.checks
    ]
    assert next(f.row for c in second.checks for f in c.failures if "reviewed" in c.id) == 2


def test_the_result_does_not_depend_on_which_module_was_imported_first() -> None:
    """Places that contradict a scope answer stand in the order of the registers, in any process."""
    code = (
        "import sys, importlib\n"
        "for name in sys.argv[1:]: importlib.import_module(f'appi_assess.checks.{name}')\n"
        "from appi_assess.notebook import open_engagement\n"
        "print(open_engagement(lang='en').assessment.digest)\n"
        "from appi_assess.checks import _PRESENCES, _in_order\n"
        "print([p.register for p in _in_order(_PRESENCES)])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, *names], check=True, capture_output=True, encoding="utf-8"
        ).stdout
        for names in ((), ("requests", "joint_uses"), ("foreign_transfers", "incidents"))
    }
    assert len(said) == 1
