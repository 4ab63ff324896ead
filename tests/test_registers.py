"""
Reading registers: typed rows with the numbers of the file, or every problem with its place.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from appi_assess.problems import InputProblems, Problem
from appi_assess.reader import read_engagement
from appi_assess.register_reader import read_registers
from appi_assess.registers import REGISTERS, Rows, register
from appi_assess.resources import templates
from appi_assess.scaffold import make_engagement, register_text
from appi_assess.wording import LANGUAGES


def kept(
    tmp_path: Path, name: str, *lines: str, encoding: str = "utf-8"
) -> tuple[Rows | None, list[Problem]]:
    """What is read from a register of these lines, and the problems."""
    tmp_path.mkdir(exist_ok=True)
    (tmp_path / f"{name}.csv").write_bytes("\r\n".join(lines).encode(encoding))
    problems: list[Problem] = []
    return read_registers(tmp_path, "registers", problems).get(name), problems


def errors(problems: list[Problem]) -> list[tuple[str, int | None, str]]:
    """Code, row and heading of each error."""
    return [(p.code, p.line, p.key) for p in problems if p.level == "error"]


def test_headings_are_read_in_both_languages_and_any_order(tmp_path: Path) -> None:
    """English, Japanese and further accepted headings mean the same columns."""
    lines = {
        "en": ("Country of the party,Entrusted party,Started on", "Japan,Aster,2025-04-01"),
        "ja": ("委託開始日,委託先の名称,所在国", "令和7年4月1日,Aster,日本"),
        "also": ("開始日,vendor,国", "R7.4.1,Aster,JP"),
    }
    found = {k: kept(tmp_path / k, "entrusted_parties", *v)[0] for k, v in lines.items()}
    read = [
        [r.cells(column, [0]) for column in ("name", "country", "started_on")]
        for r in found.values()
        if r is not None
    ]
    assert read == [[["Aster"], ["JP"], [date(2025, 4, 1)]]] * 3


def test_row_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    """A title above the headings and blank rows count; nothing is lost between file and frame."""
    rows, problems = kept(
        tmp_path, "entrusted_parties", "委託先一覧,", "", "委託先の名称,所在国", "甲社,日本", "", "乙社,米国"
    )
    assert not errors(problems)
    assert rows is not None
    assert rows.numbers.tolist() == [4, 6]
    assert rows.read == len(rows) == 2


def test_a_cp932_file_from_an_office_is_read_like_a_utf8_one(tmp_path: Path) -> None:
    """Era dates, full-width digits, marks and leading zeros come through."""
    lines = ("委託先の名称,委託開始日,自己利用,委託する業務", "髙橋印刷㈱,令和元年５月１日,×,0012")
    rows, problems = kept(tmp_path, "entrusted_parties", *lines, encoding="cp932")
    assert [p.code for p in problems] == ["file_cp932"]
    assert rows is not None
    assert [rows.text(c)[0] for c in ("name", "own_use", "work")] == ["髙橋印刷㈱", "no", "0012"]
    assert rows.date("started_on")[0] == np.datetime64("2019-05-01")


def test_what_says_nothing_is_blank_and_na_stays_text(tmp_path: Path) -> None:
    """``N/A`` in a date is no date; in a text column it stays what was written and counts as blank."""
    lines = (
        "委託先の名称,委託する業務,最終点検日,自己利用",
        "甲社,N/A,該当なし,確認中",
        "乙社,NA法人の支援,－,なし",
    )
    rows, problems = kept(tmp_path, "entrusted_parties", *lines)
    assert not problems
    assert rows is not None
    assert rows.text("work").tolist() == ["N/A", "NA法人の支援"]
    assert rows.filled("work").tolist() == [False, True]
    assert rows.filled("reviewed_on").tolist() == [False, False]
    assert rows.says("own_use", "no").tolist() == [False, True]


def test_no_check_can_change_what_the_file_says(tmp_path: Path) -> None:
    """Every check sees the same values: texts, days, numbers and choices cannot be written to."""
    rows, _ = kept(tmp_path, "entrusted_parties", "委託先の名称,委託開始日,自己利用", "甲社,2026-04-01,×")
    assert rows is not None
    for values in (rows.text("name"), rows.date("started_on"), rows.columns["own_use"].codes):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = values[0]
    earlier = rows.happened_by(np.datetime64("2026-01-01"))
    assert np.isnat(earlier.date("started_on")).tolist() == [True]
    assert rows.date("started_on").tolist() == [date(2026, 4, 1)]


def test_an_unknown_country_is_a_value_and_never_japan(tmp_path: Path) -> None:
    """Not known is kept as such; what is no country is refused; NA may be Namibia and is asked for."""
    rows, problems = kept(
        tmp_path, "entrusted_parties", "委託先の名称,所在国", "甲社,不明", "乙社,", "丙社,アメリカ"
    )
    assert not problems
    assert rows is not None
    assert not rows.says("country", "JP").any()
    assert rows.text("country")[0] == "?"
    for bad in ("ワカンダ", "NA", "Korea", "no"):
        _, problems = kept(tmp_path, "entrusted_parties", "委託先の名称,所在国", f"甲社,{bad}")
        assert [(p.line, p.key) for p in problems] == [(2, "所在国")], bad


def test_every_problem_is_told_at_once_with_row_and_heading(tmp_path: Path) -> None:
    """Unreadable cells, blank required cells, twice the same heading: one reading tells all."""
    rows, problems = kept(
        tmp_path,
        "entrusted_parties",
        "委託先の名称,所在国,最終点検日,自己利用,国",
        "甲社,日本,2026/13/1,はい,",
        ",ワカンダ,2026-02-30,たぶん,",
    )
    assert rows is not None
    assert sorted(errors(problems), key=str) == [
        ("cell_required", 3, "委託先の名称"),
        ("column_twice", 1, "国"),
        ("country_unknown", 3, "所在国"),
        ("date_day", 3, "最終点検日"),
        ("date_month", 2, "最終点検日"),
        ("word_unknown", 3, "自己利用"),
    ]
    for problem in problems:
        assert problem.said("ja") != problem.said("en")


def test_the_same_fault_in_many_rows_is_told_once_with_their_number(tmp_path: Path) -> None:
    """A thousand rows with the same slip do not bury the other problems."""
    lines = ["委託先の名称,最終点検日", *(f"社{n},2026.13.1" for n in range(1000))]
    _, problems = kept(tmp_path, "entrusted_parties", *lines)
    assert errors(problems) == [("date_month", 2, "最終点検日")]
    assert [p.words["count"] for p in problems if p.code == "cell_more"] == [999]


def test_a_mistyped_heading_is_an_error_and_an_extra_column_a_notice(tmp_path: Path) -> None:
    """Dropping a column because of a slip would silence its checks."""
    _, problems = kept(
        tmp_path, "entrusted_parties", "委託先の名称,所在国,最終点検日付,備考", "甲社,日本,2026-01-01,x"
    )
    assert [(p.code, p.level) for p in problems] == [("column_unknown", "error"), ("column_extra", "notice")]
    assert "最終点検日" in problems[0].said("ja")


def test_a_required_column_must_be_there(tmp_path: Path) -> None:
    """Without the party's name the register says nothing."""
    _, problems = kept(tmp_path, "entrusted_parties", "所在国,契約日", "日本,2026-01-01")
    assert errors(problems) == [("column_missing", 1, "")]


@pytest.mark.parametrize(
    ("name", "code"), [("entrusted_party.csv", "register_unknown"), ("incidents.xls", "xls_old")]
)
def test_a_file_that_would_go_unread_is_an_error(tmp_path: Path, name: str, code: str) -> None:
    """A register under a wrong name would look absent."""
    (tmp_path / name).write_text("a,b\n1,2\n")
    problems: list[Problem] = []
    assert not read_registers(tmp_path, "registers", problems)
    assert [p.code for p in problems] == [code]


def test_what_is_no_table_is_told_and_not_passed_over(tmp_path: Path) -> None:
    """A register in another form, a folder or a broken link is an error; other files are noticed."""
    (tmp_path / "incidents.csv").mkdir()
    (tmp_path / "requests.ods").write_text("")
    (tmp_path / "memo.txt").write_text("")
    (tmp_path / "purposes.csv").symlink_to(tmp_path / "gone.csv")
    problems: list[Problem] = []
    assert not read_registers(tmp_path, "registers", problems)
    assert [(p.file, p.code, p.level) for p in problems] == [
        ("registers/incidents.csv", "register_form", "error"),
        ("registers/memo.txt", "register_form", "notice"),
        ("registers/purposes.csv", "file_missing", "error"),
        ("registers/requests.ods", "register_form", "error"),
    ]


@pytest.mark.parametrize("total", ["合計", "　小計", "TOTAL", "計"])
def test_a_row_of_totals_is_never_judged_as_an_entry(tmp_path: Path, total: str) -> None:
    """It is refused with its row; a name that only holds such a word is a name."""
    lines = ("委託先の名称,所在国", "合計システム株式会社,日本", f"{total},2社", f"{total},")
    _, problems = kept(tmp_path, "entrusted_parties", *lines)
    found = [(p.code, p.line) for p in problems if p.code != "country_unknown"]
    assert found == [("row_total", 3), ("cell_more", 3)]


def test_countries_may_be_parted_by_a_middle_dot(tmp_path: Path) -> None:
    """Where a name holds the dot itself it parts nothing; the part that is no country is named."""
    lines = ("委託先の名称,サーバーの所在国", "甲社,米国・韓国", "乙社,ボスニア・ヘルツェゴビナ、日本")
    rows, problems = kept(tmp_path, "entrusted_parties", *lines)
    assert not problems
    assert rows is not None
    assert rows.text("server_countries").tolist() == ["US|KR", "BA|JP"]
    _, problems = kept(tmp_path, "entrusted_parties", lines[0], "丙社,日本、アトランティス")
    assert [(p.code, p.words["found"]) for p in problems] == [("country_unknown", "アトランティス")]
    assert "「アトランティス」は" in problems[0].said("ja")


def test_blank_cells_that_must_be_filled_are_counted(tmp_path: Path) -> None:
    """The first is named, and how many more there are."""
    _, problems = kept(tmp_path, "entrusted_parties", "委託先の名称,所在国", ",日本", ",日本", ",日本")
    assert [(p.code, p.line) for p in problems] == [("cell_required", 2), ("cell_required_more", 2)]
    assert "2行" in problems[1].said("ja")


@pytest.mark.parametrize("line", ["rules.pdf,", "rules.pdf,ZZZ", ",A17-1", "rules.pdf,N/A"])
def test_evidence_that_cannot_be_read_is_a_problem_and_no_crash(tmp_path: Path, line: str) -> None:
    """The folder is read to its end and every problem is told."""
    folder = tmp_path / "client"
    make_engagement(folder, "en", date(2026, 11, 22))
    (folder / "registers/evidence.csv").write_text(f"File,Requirements\n{line}\n", encoding="utf-8")
    with pytest.raises(InputProblems) as caught:
        read_engagement(folder)
    assert {p.code for p in caught.value.problems} & {"cell_required", "requirement_unknown"}


def test_a_column_without_a_heading_is_not_lost_in_silence(tmp_path: Path) -> None:
    """What stands in it is pointed at; an empty one does not matter."""
    _, problems = kept(tmp_path, "entrusted_parties", "委託先の名称,,所在国", "甲社,,日本", "乙社,米国,")
    assert [(p.code, p.line, p.found) for p in problems] == [("column_unnamed", 3, "米国")]


def test_a_register_may_be_named_by_its_title(tmp_path: Path) -> None:
    """A Japanese file name that is the register's title is that register."""
    lines = "委託先の名称,所在国\n甲社,日本\n"
    (tmp_path / "委託先管理台帳.csv").write_text(lines, encoding="utf-8")
    problems: list[Problem] = []
    assert list(read_registers(tmp_path, "registers", problems)) == ["entrusted_parties"]
    assert not problems


def test_a_spreadsheets_day_number_is_recognised_and_refused(tmp_path: Path) -> None:
    """45383 may be a date that lost its format; it is not guessed."""
    _, problems = kept(tmp_path, "entrusted_parties", "委託先の名称,最終点検日", "甲社,45383")
    assert errors(problems) == [("date_serial", 2, "最終点検日")]


@pytest.mark.parametrize("invisible", ["\u200b", "\u2060", "\ue000", "\u00ad"])
def test_a_cell_that_shows_nothing_is_blank(tmp_path: Path, invisible: str) -> None:
    """A lone zero-width space is no name and no content; between letters it stays."""
    lines = ("委託先の名称,委託する業務", f"甲{invisible}社,{invisible}")
    rows, problems = kept(tmp_path, "entrusted_parties", *lines)
    assert not problems
    assert rows is not None
    assert (rows.text("name").tolist(), rows.text("work").tolist()) == ([f"甲{invisible}社"], [""])
    _, problems = kept(tmp_path, "entrusted_parties", "委託先の名称,所在国", f"{invisible},米国")
    assert errors(problems) == [("cell_required", 2, "委託先の名称")]


def test_two_files_of_one_register_are_an_error(tmp_path: Path) -> None:
    """Nobody can say which one counts."""
    for name in ("evidence.csv", "Evidence.CSV", ".evidence.csv", "~$evidence.xlsx"):
        (tmp_path / name).write_text("")
    problems: list[Problem] = []
    read_registers(tmp_path, "registers", problems)
    assert "register_twice" in [p.code for p in problems]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REGISTERS)
def test_a_template_is_made_from_the_table_and_reads_without_a_mistake(
    tmp_path: Path, name: str, lang: str
) -> None:
    """Every heading is known, the example row is readable, and untouched it counts as absent."""
    path = templates() / "registers" / lang / f"{name}.csv"
    assert path.read_bytes().decode("utf-8-sig") == register_text(name, lang)
    (tmp_path / path.name).write_bytes(path.read_bytes())
    problems: list[Problem] = []
    assert not read_registers(tmp_path, "registers", problems)
    assert [p.code for p in problems] == ["register_templates"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", REGISTERS)
def test_a_good_row_below_the_example_is_judged_alone(tmp_path: Path, name: str, lang: str) -> None:
    """The example, repeated without its mark, is a readable row; the marked one is left out and counted."""
    text = register_text(name, lang)
    head, example = text.splitlines()[0], text.split("\n", 1)[1]
    mark = {"ja": "（例）", "en": "(example)"}[lang]
    assert mark in example
    (tmp_path / f"{name}.csv").write_text(
        f"{head}\n{example}{example.replace(mark, '', 1)}", encoding="utf-8"
    )
    problems: list[Problem] = []
    rows = read_registers(tmp_path, "registers", problems)[name]
    assert not [p for p in problems if p.level == "error"]
    assert (rows.read, rows.examples, len(rows)) == (2, 1, 1)
    assert set(rows.headings) == {c.name for c in register(name).columns}


def test_a_header_alone_is_an_empty_register(tmp_path: Path) -> None:
    """Empty is a state of its own, neither absent nor filled."""
    rows, problems = kept(tmp_path, "incidents", register_text("incidents", "ja").splitlines()[0])
    assert not problems
    assert rows is not None
    assert (len(rows), rows.read) == (0, 0)


@pytest.mark.parametrize("name", REGISTERS)
def test_no_heading_means_two_columns(name: str) -> None:
    """Headings and their alternatives are unique within a register."""
    words = [
        word.casefold().replace(" ", "").replace("_", "")
        for column in register(name).columns
        for word in {column.name, column.heading.ja, column.heading.en, *column.also}
    ]
    per_column = [
        {
            w.casefold().replace(" ", "").replace("_", "")
            for w in (c.name, c.heading.ja, c.heading.en, *c.also)
        }
        for c in register(name).columns
    ]
    assert len(set(words)) == sum(map(len, per_column))
