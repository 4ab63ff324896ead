"""
The forms as a consultant uses them: a real JupyterLab in a real browser.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from appi_assess.engagement import Answer
from appi_assess.forms.journal import JOURNAL
from appi_assess.reader import read_engagement
from appi_assess.scaffold import make_engagement
from appi_assess.yaml_edit import put
from tests.conftest import run_kit

from .conftest import Server, open_notebook

PATIENCE = 90_000  # milliseconds; machines are slow at times
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # JupyterLab opens again what was open before
SAVED = re.compile(r"^(保存しました|Saved)")


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A blank Japanese engagement."""
    make_engagement(tmp_path / "blank", "ja", date(2026, 11, 22))
    return tmp_path / "blank"


class Notebook:
    """
    A notebook open in JupyterLab, with what a person does there.
    """

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page, self.name = page, name
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        place = re.sub(r"/lab/tree/notebooks/[^?]*", f"/lab/tree/notebooks/{name}.ipynb", address)
        open_notebook(page, name, lambda: page.goto(place))
        self.run()

    def run(self) -> None:
        """Choose Run All Cells, and wait for the form."""
        page = self.page
        page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        page.click('li[data-command="runmenu:run-all"]')
        page.wait_for_selector(f"{SHOWN} .appi-form h3")
        self.idle()

    def idle(self) -> None:
        """Wait until every cell has run."""
        expect(self.page.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0)
        expect(self.page.locator(".jp-OutputPrompt").last).to_be_attached()

    @property
    def form(self) -> Locator:
        """The form."""
        return self.page.locator(f"{SHOWN} .appi-form").first

    def answer(self, name: str) -> Locator:
        """A radio button of the answer."""
        return self.form.locator(".appi-answer").get_by_role("radio", name=name, exact=True)

    def saved(self) -> None:
        """Wait until the form says so."""
        expect(self.form.locator(".appi-save")).to_have_text(SAVED)

    def open(self, requirement: str) -> None:
        """Open a card."""
        self.form.locator(".appi-entry", has_text=re.compile(rf"^\W*\S*?{requirement}(?!\d)")).click()
        expect(self.form.locator(".appi-card-title")).to_contain_text(requirement)


@pytest.fixture
def lab(server: Server, new_page: Callable[[], Page]) -> Iterator[Callable[[Path, str], Notebook]]:
    """Opens a notebook of an engagement in JupyterLab."""
    addresses: dict[Path, str] = {}

    def opened(folder: Path, name: str = "04_breach_response") -> Notebook:
        if folder not in addresses:
            addresses[folder] = server("lab", folder)
        return Notebook(new_page(), addresses[folder], name)

    yield opened
    addresses.clear()


def answers(folder: Path, requirement: str) -> Answer:
    """What the file says."""
    return read_engagement(folder, nameless=True).answers.get(requirement, Answer())


def kernels(folder: Path) -> list[int]:
    """The kernels that work in an engagement, which this test has started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"ipykernel" in (process / "cmdline").read_bytes():
                cwd = (process / "cwd").readlink()
                if cwd.is_relative_to(folder):
                    found.append(int(process.name))
    return found


def test_an_answer_by_mouse_is_saved_counted_and_there_after_a_reload(
    lab: Callable[..., Notebook], blank: Path
) -> None:
    """Click, see the number change, load the page again, see the answer."""
    notebook = lab(blank)
    low = notebook.form.locator(".appi-interval").first
    expect(low).to_contain_text("0.0%")
    notebook.answer("適合").check()
    notebook.saved()
    assert answers(blank, "A26-1").answer == "met"
    expect(low).not_to_contain_text("0.0%～")
    open_notebook(notebook.page, notebook.name, notebook.page.reload)
    notebook.run()
    notebook.open("A26-1")
    expect(notebook.answer("適合")).to_be_checked()
    expect(notebook.page.locator("table", has_text="A26-1").first).to_contain_text("適合")


def test_everything_works_from_the_keyboard(lab: Callable[..., Notebook], blank: Path) -> None:
    """Answer, comment and go on without a mouse; JupyterLab takes no key away from the form."""
    notebook = lab(blank)
    page, form = notebook.page, notebook.form
    cells = page.locator(".jp-Cell").count()
    notebook.answer("未回答").focus()
    page.keyboard.press("ArrowLeft")
    notebook.saved()
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.keyboard.press("b")
    expect(notebook.answer("該当なし")).to_be_checked()
    assert answers(blank, "A26-1").answer == "not_applicable"
    assert page.locator(".jp-Cell").count() == cells
    page.keyboard.press("Alt+Shift+ArrowRight")
    expect(form.locator(".appi-card-title")).to_contain_text("A26-2")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.tagName") == "TEXTAREA":
            break
    assert page.evaluate(outline) != "none"
    page.keyboard.type("キーボードだけで入力")
    page.keyboard.press("Tab")
    notebook.saved()
    expect(form.locator(".appi-save")).to_have_text(SAVED)
    page.wait_for_timeout(1500)
    assert answers(blank, "A26-2").comment == "キーボードだけで入力"


def test_a_killed_kernel_loses_nothing_and_work_goes_on(lab: Callable[..., Notebook], blank: Path) -> None:
    """What was saved is there, the form says that it cannot save, and after running again it can."""
    notebook = lab(blank)
    notebook.answer("一部適合").check()
    notebook.saved()
    for pid in kernels(blank):
        os.kill(pid, signal.SIGKILL)
    notebook.page.wait_for_timeout(3000)
    dismiss = notebook.page.locator(".jp-Dialog button")
    if dismiss.count():
        dismiss.last.click()
    notebook.form.locator(".appi-entry").nth(1).click()
    notebook.form.locator(".appi-answer").get_by_role("radio", name="適合", exact=True).check()
    expect(notebook.form.locator(".appi-alert").first).to_be_visible()
    assert answers(blank, "A26-2").answer is None
    notebook.run()
    notebook.open("A26-1")
    expect(notebook.answer("一部適合")).to_be_checked()
    notebook.open("A26-3")
    notebook.answer("不適合").check()
    notebook.saved()
    assert [answers(blank, r).answer for r in ("A26-1", "A26-3")] == ["partly", "not_met"]


def test_closing_the_tab_while_typing_costs_the_last_keys_at_most(
    lab: Callable[..., Notebook], blank: Path
) -> None:
    """What was typed a second ago is on disk although the field was never left."""
    notebook = lab(blank)
    notebook.answer("適合").check()
    notebook.form.get_by_label("補足").press_sequentially("担当部署に確認した", delay=30)
    notebook.page.wait_for_timeout(2000)
    notebook.form.get_by_label("補足").press_sequentially("最後の語", delay=1)
    notebook.page.close(run_before_unload=False)
    found = answers(blank, "A26-1")
    assert found.answer == "met"
    assert found.comment.startswith("担当部署に確認した")


def test_what_another_wrote_into_the_field_in_use_is_not_written_over(
    lab: Callable[..., Notebook], blank: Path
) -> None:
    """The cursor stands in a comment; another writes there; typing afterwards changes theirs, or asks."""
    notebook, path = lab(blank), blank / "answers.yaml"
    comment = notebook.form.get_by_label("補足")
    comment.click()
    path.write_text(put(path.read_text(encoding="utf-8"), ("A26-1", "comment"), "別の人"), encoding="utf-8")
    expect(comment).to_have_value("別の人")
    comment.press_sequentially("が書いた")
    notebook.saved()
    notebook.page.wait_for_timeout(1500)
    comment.press("End")
    # Typing goes on while another saves: both values are shown.
    comment.press_sequentially("あ")
    path.write_text(put(path.read_text(encoding="utf-8"), ("A26-1", "comment"), "さらに別"), encoding="utf-8")
    for _ in range(10):
        comment.press_sequentially("い", delay=500)
    expect(notebook.form.locator(".appi-conflict")).to_contain_text("さらに別")
    assert answers(blank, "A26-1").comment == "さらに別"


@pytest.mark.parametrize("take", ["mine", "disk"])
def test_a_change_in_an_editor_is_a_conflict_that_the_user_decides(
    lab: Callable[..., Notebook], blank: Path, take: str
) -> None:
    """Both values are shown, neither is written, and the chosen one stays."""
    notebook, path = lab(blank), blank / "answers.yaml"
    # The form looks at the files every three seconds; the editor saves between two looks.
    notebook.page.evaluate("() => Object.defineProperty(document, 'hidden', {get: () => true})")
    notebook.page.wait_for_timeout(3500)
    text = put(path.read_text(encoding="utf-8"), ("A26-1", "answer"), "いいえ")
    path.write_text(text + "# メモ\n", encoding="utf-8")
    notebook.answer("適合").check()
    conflict = notebook.form.locator(".appi-conflict")
    expect(conflict).to_contain_text("適合")
    expect(conflict).to_contain_text("不適合")
    assert path.read_text(encoding="utf-8") == text + "# メモ\n"
    conflict.get_by_role("button").nth(0 if take == "mine" else 1).click()
    expect(conflict).to_have_count(0)
    notebook.saved()
    expect(notebook.answer("適合" if take == "mine" else "不適合")).to_be_checked()
    assert answers(blank, "A26-1").answer == ("met" if take == "mine" else "not_met")
    assert path.read_text(encoding="utf-8").endswith("# メモ\n")


def test_the_language_switches_while_open(lab: Callable[..., Notebook], blank: Path) -> None:
    """Form and pages below; the answer stays."""
    notebook = lab(blank)
    notebook.answer("適合").check()
    notebook.saved()
    notebook.form.get_by_text("English", exact=True).click()
    expect(notebook.answer("met")).to_be_checked()
    expect(notebook.form.locator(".appi-card-title")).to_contain_text("Written test")
    expect(notebook.page.locator("h3", has_text="Where you stand")).to_be_visible()


def test_trying_verdicts_changes_the_figures_and_no_file(
    lab: Callable[..., Notebook], sample_copy: Path
) -> None:
    """Now and tried side by side, the shortest path to a status, and the files as they were."""
    before = {p: p.read_bytes() for p in sample_copy.glob("*.yaml")}
    notebook = lab(sample_copy)
    form = notebook.form
    form.locator(".appi-trial-bar button").click()
    expect(form.locator(".appi-banner")).to_contain_text("saved")
    form.locator(".appi-try").get_by_role("radio", name="not met", exact=True).check()
    expect(form.locator(".appi-compared")).to_be_visible()
    bar = notebook.page.locator(".appi-path-bar")
    form.locator("details", has=bar).locator("summary").click()
    form.locator(".appi-path-bar select").first.select_option("clear")
    form.locator(".appi-path-bar button").click()
    expect(form.locator(".appi-path ol li, .appi-path tr").first).to_be_visible()
    form.locator(".appi-trial-bar button").first.click()
    expect(form.locator(".appi-compared")).to_have_count(0)
    assert {p: p.read_bytes() for p in sample_copy.glob("*.yaml")} == before


def test_a_reviewer_disagrees_and_the_verdict_is_shown_as_disputed(
    lab: Callable[..., Notebook], blank: Path
) -> None:
    """Who and when are kept in a file of their own; the assessor's verdict stays."""
    notebook = lab(blank)
    notebook.answer("適合").check()
    notebook.saved()
    form = notebook.form
    form.locator(".appi-who input").fill("田中")
    form.locator(".appi-who input").press("Tab")
    form.locator(".appi-review").get_by_role("radio", name="不適合", exact=True).check()
    expect(form.locator(".appi-review .appi-warn")).to_contain_text("田中")
    notebook.saved()
    review = read_engagement(blank, nameless=True).reviews["A26-1"]
    assert (review.verdict, review.by) == ("not_met", "田中")
    assert answers(blank, "A26-1").answer == "met"
    expect(form.locator(".appi-agreement")).to_contain_text("0.0%")


def test_what_is_typed_stays_text_everywhere(lab: Callable[..., Notebook], blank: Path) -> None:
    """Markup, formulas and mathematics in a comment are shown as typed, in the form and below."""
    notebook = lab(blank)
    page, typed = notebook.page, "<img src=x onerror='window.bad=1'> $x^2$ =1+1 {{7*7}}"
    notebook.form.get_by_label("補足").fill(typed)
    notebook.answer("適合").check()
    notebook.saved()
    below = page.locator("td", has_text="onerror").first
    expect(below).to_contain_text(typed)
    assert page.evaluate("() => window.bad") is None
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".jp-OutputArea .MathJax, .jp-OutputArea mjx-container").count() == 0


def test_a_blank_engagement_becomes_a_finished_report_without_yaml_or_code(
    lab: Callable[..., Notebook], blank: Path, tmp_path: Path
) -> None:
    """In Japanese: name, scope, an answer; the report through papermill is what the page showed."""
    start = lab(blank, "00_start_and_scope")
    form = start.form
    form.get_by_label("組織の名称").fill("株式会社みほん")
    form.get_by_label("評価者", exact=True).fill("佐藤")
    form.get_by_label("評価者", exact=True).press("Tab")
    start.saved()
    gate = form.locator(".appi-gate").nth(1)
    gate.get_by_role("radio", name="いいえ").check()
    expect(form.locator(".appi-effect-now").nth(1)).not_to_be_empty()
    start.saved()
    chapter = lab(blank)
    chapter.answer("適合").check()
    chapter.saved()
    last = chapter.page.locator(".jp-OutputArea-output", has_text=re.compile(r"\[[0-9a-f]{12}\]")).last
    chapter.page.wait_for_timeout(6000)  # the pages below are drawn again after a pause
    shown = re.search(r"\[([0-9a-f]{12})\]", last.text_content() or "")
    ended = run_kit("report", blank, "--out", tmp_path / "out")
    assert ended.returncode == 0, ended.stderr
    final = json.loads((tmp_path / "out" / "20_gap_report.ipynb").read_text(encoding="utf-8"))
    digest = final["cells"][-1]["outputs"][0]["data"]["application/vnd.appi-assess.result+json"]
    assert shown is not None
    assert digest["assessment_sha256"].startswith(shown[1])
    made = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))
    assert made["about"]["organisation"] == "株式会社みほん"
    assert (blank / JOURNAL).is_file()
    assert "A26-1" in run_kit("log", blank, "--lang", "ja").stdout


@pytest.mark.parametrize("name", ["00_start_and_scope", "01_purposes_and_acquisition"])
@pytest.mark.parametrize("width", [1280, 1920])
def test_the_forms_have_no_serious_fault_of_accessibility(
    lab: Callable[..., Notebook], sample_copy: Path, name: str, width: int
) -> None:
    """axe-core finds nothing serious or critical in our forms."""
    notebook = lab(sample_copy, name)
    notebook.page.set_viewport_size({"width": width, "height": 1000})
    found = Axe().run(notebook.page, context=".appi-form")
    grave = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not grave, [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in grave]


def test_two_users_of_a_served_chapter_never_write_over_each_other(
    server: Server, new_page: Callable[[], Page], blank: Path
) -> None:
    """The second sees both values and decides; a screen that nobody touches shows what the other did."""
    expect.set_options(timeout=PATIENCE)
    address = server("serve", blank).replace("00_start_and_scope", "04_breach_response")
    pages = [new_page(), new_page(), new_page()]
    for page in pages:
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.wait_for_selector(".appi-form h3")
        page.wait_for_timeout(4000)

    def answer(page: Page, name: str) -> Locator:
        return page.locator(".appi-answer").get_by_role("radio", name=name, exact=True)

    first, second, third = pages
    second.evaluate("() => Object.defineProperty(document, 'hidden', {get: () => true})")
    second.wait_for_timeout(3500)
    answer(first, "適合").check()
    expect(first.locator(".appi-save")).to_have_text(SAVED)
    expect(answer(third, "適合")).to_be_checked()
    answer(second, "不適合").check()
    conflict = second.locator(".appi-conflict")
    expect(conflict).to_contain_text("不適合")
    assert answers(blank, "A26-1").answer == "met"
    conflict.get_by_role("button").nth(1).click()
    expect(answer(second, "適合")).to_be_checked()
    assert answers(blank, "A26-1").answer == "met"
