"""
What can be wrong with an input, said so that the user can put it right.

``KitError``
    ``InputProblems``   the files of an engagement, or an argument; holds every problem at once
    ``NotebookFailed``  a notebook did not run to its end
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .wording import say, spoken


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing that is wrong, with its place.

    Attributes:
        code: Which sentence of ``tables/wording.yaml`` (``problems``) describes it.
        file: The file as the user knows it, relative to the engagement.
        line: Line in the file, from 1; None if the whole file is meant.
        key: The key path, such as ``A26-4.answered_on``.
        found: What stood there.
        words: Further words that the sentence needs; a mapping by language where they differ.
        level: An ``error`` stops the work; a ``notice`` tells what was tidied or is missing.
    """

    code: str
    file: str = ""
    line: int | None = None
    key: str = ""
    found: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    level: Literal["error", "notice"] = "error"

    def said(self, lang: str) -> str:
        """
        The problem as one paragraph: place, what was found, what was expected, what to do.
        """
        place = [shown(self.file, 200)] if self.file else []
        if self.line:
            place.append(say("place.line", lang, line=self.line))
        if self.key:
            place.append(shown(self.key))
        head = say("place.join", lang).join(place)
        words = {"found": shown(self.found), **spoken(self.words, lang)}
        body = say(f"problems.{self.code}", lang, **words)
        return say("place.head", lang, head=head, body=body) if head else body


class KitError(Exception):
    """
    The base of everything that the kit refuses; shown to users without a traceback.

    Attributes:
        lang: The language in which it is shown.
    """

    lang = "en"

    def _render_traceback_(self) -> list[str]:
        """
        What IPython prints instead of a traceback.
        """
        return str(self).splitlines()


class InputProblems(KitError):
    """
    An input cannot be used; ``problems`` holds every reason.

    Attributes:
        problems: All of them, in the order of files and lines.
        lang: The language of the engagement, used where no other is asked for.
    """

    def __init__(self, problems: Iterable[Problem], lang: str = "en") -> None:
        self.problems = tuple(problems)
        self.lang = lang
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.said(self.lang)

    def said(self, lang: str) -> str:
        """
        Every problem on a line of its own.
        """
        return "\n".join(problem.said(lang) for problem in self.problems)


class NotebookFailed(KitError):
    """
    A notebook did not run to its end.

    Attributes:
        notebook: Its file name.
        cell: Number of the cell that failed, from 1; None if no cell can be named.
        error: What the cell raised, in one line, or why the run does not count.
    """

    def __init__(self, notebook: str, cell: int | None, error: str, lang: str = "en") -> None:
        self.notebook, self.cell, self.error, self.lang = notebook, cell, error, lang
        super().__init__(notebook, cell, error)

    def __str__(self) -> str:
        return self.said(self.lang)

    def said(self, lang: str) -> str:
        """
        Notebook, cell and error in one sentence.
        """
        cell = self.cell if self.cell is not None else "?"
        return say("run.failed", lang, notebook=self.notebook, cell=cell, error=self.error)


def shown(text: str, limit: int = 60) -> str:
    r"""
    A snippet of what the user wrote, short and on one line; the files are confidential.

    Examples:
        >>> shown("two\nlines")
        'two lines'
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
