"""
Notebooks that somebody works in: the same cells show forms, and pages that follow every answer.
"""

from __future__ import annotations

import asyncio
import base64
import html
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appi_assess.notebook import Opened, Sheet, is_served
from appi_assess.page import Page, items
from appi_assess.picture import Chart
from appi_assess.problems import InputProblems, Problem
from appi_assess.resources import sample
from appi_assess.wording import LANGUAGES

from .desk import Desk

if TYPE_CHECKING:
    import ipywidgets

    from .form import Form

_PAUSE = 1.5  # seconds without a further answer before the pages below are drawn again


def open_live(
    make: Callable[[Opened], Sheet], engagement: str = "", as_of: str = "", lang: str = "", out: str = ""
) -> Live | Refused:
    """
    Open an engagement to work on it; parameters as in ``open_engagement``.

    Raises:
        InputProblems: With everything that is wrong, in the language asked for. A served page, where
            nobody sees an error of a cell, shows it instead.
    """
    engagement, as_of, lang, out = (str(value) for value in (engagement, as_of, lang, out))
    if lang and lang not in LANGUAGES:
        raise InputProblems([Problem("lang_unknown", key="lang", found=lang)])
    try:
        # The bundled sample belongs to the kit: it can be looked at and tried, but not changed.
        folder = Path(engagement) if engagement else sample(lang or "en")
        desk = Desk(folder, as_of, frozen=not engagement)
    except InputProblems as error:
        if is_served():
            return Refused(InputProblems(error.problems, lang or error.lang))
        raise InputProblems(error.problems, lang or error.lang) from None
    return Live(desk, make, lang or desk.engagement.language, Path(out) if out else None)


class Live:
    """
    A notebook that follows the answers: every page of its sheet, as a widget.

    Any method of the sheet can be called; what it returns is shown and drawn again after changes.
    """

    def __init__(
        self, desk: Desk, make: Callable[[Opened], Sheet], lang: str, out: Path | None = None
    ) -> None:
        self.desk, self.lang, self.who, self.at = desk, lang, desk.engagement.assessor, ""
        self._make = make
        # One widget for each page, however often its cell is run.
        self._views: dict[str, tuple[ipywidgets.HTML, Callable[[Sheet], Any]]] = {}
        self._forms: dict[str, Form] = {}
        self._task: asyncio.Task[None] | None = None
        self._sheet = self._fresh(out)

    def __getattr__(self, name: str) -> Callable[..., ipywidgets.HTML]:
        if name.startswith("_"):
            raise AttributeError(name)
        method = getattr(self._sheet, name)
        if not callable(method):
            return method  # type: ignore[no-any-return]
        return partial(self._follow, name)

    def form(self) -> Form:
        """
        The form of the chapter.
        """
        return self._form("chapter")

    def scope(self) -> Form | ipywidgets.HTML:
        """
        The scope form in notebook 00; elsewhere the page.
        """
        return self._form("scope") if self._sheet.chapter.id == "00" else self._follow("scope")

    def changed(self, by: Form | None = None) -> None:
        """
        Bring everything that is shown up to date: other forms at once, pages when nobody clicks.
        """
        for form in self._forms.values():
            if form is not by:
                form.show()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._sheet = self._fresh()
            for view in self._views.values():
                self._draw(*view)
            return
        if self._task is not None:
            self._task.cancel()
        self._task = loop.create_task(self._redraw())

    async def _redraw(self) -> None:
        await asyncio.sleep(_PAUSE)
        self._sheet = self._fresh()
        for view in list(self._views.values()):
            await asyncio.sleep(0.01)  # a click that has come meanwhile goes first
            self._draw(*view)

    def _form(self, kind: str) -> Form:
        from .form import Form

        if kind not in self._forms:
            self._forms[kind] = Form(self, kind, self._sheet.chapter.id)
        return self._forms[kind]

    def _fresh(self, out: Path | None = None) -> Sheet:
        desk = self.desk
        assessment = desk.judge.assessment(desk.engagement)
        return self._make(Opened(assessment, self.lang, out, desk.judge.checked, brief=True))

    def _follow(self, name: str, *args: Any, **options: Any) -> ipywidgets.HTML:
        import ipywidgets

        def show(sheet: Sheet) -> Any:
            return getattr(sheet, name)(*args, **options)

        page = f"{name} {args} {options}"
        if page not in self._views:
            self._views[page] = (ipywidgets.HTML(), show)
        self._draw(*self._views[page])
        if name == "finish":
            self._sheet.out = None  # files are written when the cell is run, not after every answer
        return self._views[page][0]

    def _draw(self, widget: ipywidgets.HTML, show: Callable[[Sheet], Any]) -> None:
        widget.value = markup(show(self._sheet))


class Refused:
    """
    Stands for a notebook whose engagement cannot be read: the first page says why, the others are empty.
    """

    def __init__(self, error: InputProblems) -> None:
        self._said = [p.said(error.lang) for p in error.problems if p.level == "error"]
        self._lang = error.lang

    def __getattr__(self, name: str) -> Callable[..., ipywidgets.HTML]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._page

    def _page(self, *_: object, **__: object) -> ipywidgets.HTML:
        import ipywidgets

        said, self._said = self._said, []
        return ipywidgets.HTML(markup(Page(self._lang, items(said))) if said else "")


def markup(shown: object) -> str:
    """
    What a cell shows as HTML with everything in it escaped.
    """
    if isinstance(shown, Page):
        return shown.html()
    if isinstance(shown, Chart):
        content = base64.b64encode(shown.png()).decode("ascii")
        alt = html.escape(shown.alt)
        return f'<img alt="{alt}" src="data:image/png;base64,{content}" style="max-width:100%;height:auto">'
    return f'<p class="tex2jax_ignore mathjax_ignore">{html.escape(str(shown))}</p>'
