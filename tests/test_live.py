"""
Where a person works in a notebook it shows forms; everywhere else complete pages, chosen by nobody.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from appi_assess import notebook as notebook_module
from appi_assess.chapter import Chapter, open_chapter, open_start
from appi_assess.forms.live import Live, Refused, markup
from appi_assess.notebook import is_live, open_engagement
from appi_assess.page import Page, sentence
from appi_assess.problems import InputProblems
from appi_assess.runs.execute import run_notebook
from appi_assess.scaffold import make_engagement

from .conftest import run_nbval

DAY = date(2026, 11, 22)
COPY = Path("notebooks") / "04_breach_response.ipynb"


def kernel(monkeypatch: pytest.MonkeyPatch, **content: object) -> None:
    """Stand in for a kernel that was asked to run a cell."""
    shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda _: {"content": content}))
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)


def test_forms_are_shown_where_a_cell_may_ask_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """JupyterLab lets a cell ask for input; papermill, nbval and nbconvert do not; plain Python cannot."""
    monkeypatch.delenv("SERVER_SOFTWARE", raising=False)
    assert not is_live()
    kernel(monkeypatch, allow_stdin=True)
    assert is_live()
    kernel(monkeypatch, allow_stdin=False)
    assert not is_live()
    kernel(monkeypatch)
    assert not is_live()


def test_forms_are_shown_where_voila_serves_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Voilà runs cells as nbconvert does; the environment tells it apart."""
    kernel(monkeypatch, allow_stdin=False)
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    assert is_live()
    monkeypatch.setenv("SERVER_SOFTWARE", "jupyter/2")
    assert not is_live()


def live(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person sits in front."""
    monkeypatch.setattr(notebook_module, "is_live", lambda: True)


def test_every_page_of_a_live_notebook_is_that_of_the_batch(
    monkeypatch: pytest.MonkeyPatch, sample_copy: Path
) -> None:
    """Same content, only shown in another way; an unknown page is an error as usual."""
    still = Chapter("04", open_engagement(str(sample_copy)))
    live(monkeypatch)
    opened = open_chapter("04", str(sample_copy))
    assert isinstance(opened, Live)
    for name in ("standing", "scope", "gaps", "next_steps"):
        shown = getattr(opened, name)()
        assert shown.value == markup(getattr(still, name)()), name
    assert opened.article("art_26").value == markup(still.article("art_26"))
    assert "2026-11-22" in opened.introduction().value
    assert opened.finish().value == markup(still.finish())
    with pytest.raises(AttributeError):
        opened.no_such_page()


def test_a_cell_that_is_run_again_shows_the_same_page(
    monkeypatch: pytest.MonkeyPatch, sample_copy: Path
) -> None:
    """However often cells are run, each page is drawn once after an answer."""
    live(monkeypatch)
    opened = open_chapter("04", str(sample_copy))
    assert opened.article("art_26") is opened.article("art_26")
    assert opened.numbers("verdicts") is not opened.article("art_26")
    assert opened.form() is opened.form()


def test_a_nameless_engagement_opens_where_it_can_be_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A blank one is no error in a form; a report still asks for the name."""
    make_engagement(tmp_path / "e", "ja", DAY)
    with pytest.raises(InputProblems):
        open_start(str(tmp_path / "e"))
    live(monkeypatch)
    assert isinstance(open_start(str(tmp_path / "e")), Live)


def test_without_an_engagement_the_sample_is_shown_and_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook run from a checkout as it is."""
    live(monkeypatch)
    opened = open_chapter("04", lang="ja")
    assert isinstance(opened, Live)
    assert opened.desk.frozen
    assert opened.lang == "ja"


def test_an_unreadable_engagement_is_told_in_a_served_page(
    monkeypatch: pytest.MonkeyPatch, sample_copy: Path
) -> None:
    """In JupyterLab as the error of the cell; in Voilà, which hides those, as the first page."""
    (sample_copy / "answers.yaml").write_text("A26-1:\n  answer: perhaps <b>\n", encoding="utf-8")
    live(monkeypatch)
    with pytest.raises(InputProblems):
        open_chapter("04", str(sample_copy))
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    opened = open_chapter("04", str(sample_copy))
    assert isinstance(opened, Refused)
    assert "perhaps &lt;b&gt;" in opened.introduction().value
    assert opened.standing().value == ""


@pytest.mark.parametrize("lang", ["fr", "JA"])
def test_an_unknown_language_is_refused(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """As in the batch."""
    live(monkeypatch)
    with pytest.raises(InputProblems):
        open_chapter("04", lang=lang)


def test_markup_escapes_whatever_it_is_given() -> None:
    """A page, a text and anything else."""
    assert "<b>" not in markup(Page("en", sentence("<b>")))
    assert "<b>" not in markup("<b>")


def outputs(path: Path) -> list[Any]:
    """All outputs of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return [o for c in cells if c.cell_type == "code" for o in c.outputs]


def test_the_copies_of_init_run_without_a_person(tmp_path: Path) -> None:
    """
    The notebook that shows forms in JupyterLab shows complete pages under papermill, nbconvert and
    nbval: no widget, no widget state, no warning, and nothing to set.
    """
    make_engagement(tmp_path / "e", "en", DAY, from_sample=True)
    path = tmp_path / "e" / COPY
    run_notebook(path, path, {}, cwd=path.parent)
    by_papermill = [o.get("data", {}).get("text/html") for o in outputs(path)]
    assert run_nbval(path).returncode == 0
    made = tmp_path / "e" / "notebooks" / "converted.ipynb"
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "nbconvert",
            "--execute",
            "--to",
            "notebook",
            "--output",
            made.name,
            str(path),
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr
    by_nbconvert = [o.get("data", {}).get("text/html") for o in outputs(made)]
    assert by_papermill == by_nbconvert
    assert sum(bool(h) for h in by_papermill) >= 10
    for executed in (path, made):
        notebook = nbformat.read(executed, as_version=4)
        assert "widgets" not in notebook.metadata
        for output in outputs(executed):
            assert output.output_type != "stream"
            assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
