"""
The base of a notebook that shows charts with their numbers and leaves a record.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pandas as pd

from .files import write_bytes
from .law import Chapter
from .page import Block, Page, grid, sentence
from .picture import Chart
from .record import Record
from .score import percent
from .wording import choices, say


def rate_text(part: float, whole: float, lang: str) -> str:
    """
    A rate as the language writes it; "nothing to score" where there is none.
    """
    text = percent(part, whole) or say("page.weight_nothing", lang)
    return text.replace(" %", "%") if lang == "ja" else text


class ChartSheet:
    """
    Pages in one language, and the charts shown so far.

    Args:
        chapter: Which notebook it is.
        lang: ``ja`` or ``en``.
        out: Folder for charts and files; None to write nothing.
    """

    def __init__(self, chapter: Chapter, lang: str, out: Path | None) -> None:
        self.chapter, self.lang, self.out = chapter, lang, out
        self._charts: dict[str, Chart] = {}

    def say(self, key: str, **words: object) -> str:
        """
        A wording of the notebook pages in the sheet's language.
        """
        return say(f"page.{key}", self.lang, **words)

    def word(self, kind: str, key: str) -> str:
        """
        A label, such as that of a verdict, in the sheet's language.
        """
        return choices(kind, self.lang)[key]

    def page(self, *blocks: Block) -> Page:
        """
        A page in the sheet's language.
        """
        return Page(self.lang, *blocks)

    def percent(self, part: float, whole: float = 1) -> str:
        """
        A rate as the language writes it; "nothing to score" where there is none.
        """
        return rate_text(part, whole, self.lang)

    def rate(self, value: Fraction | None) -> str:
        """
        An exact rate as the language writes it; "nothing to score" where there is none.
        """
        return self.percent(0, 0) if value is None else self.percent(value.numerator, value.denominator)

    def show(self, name: str, draw: Callable[..., Chart], numbers: pd.DataFrame, title: str) -> Chart | Page:
        """
        Draw a chart and remember it, so that its numbers can be shown and its file written.
        """
        if numbers.empty:
            return self.page(sentence(f"{title}: {self.say('too_few')}"))
        self._charts[name] = draw(f"{self.chapter.id}_{name}", numbers, title, self.lang)
        return self._charts[name]

    def numbers(self, name: str) -> Page:
        """
        The numbers that a chart drew.
        """
        if name not in self._charts:
            return self.page(sentence(self.say("too_few")))
        frame = self._charts[name].numbers
        rows = [
            (index, *(self.rate(v) if isinstance(v, Fraction) else v for v in row))
            for index, row in zip(frame.index, frame.to_numpy().tolist(), strict=True)
        ]
        table = grid((self.say("group"), *frame.columns), rows, self.say("numbers"))
        return self.page(sentence(self._charts[name].alt), table)

    def files(self) -> dict[str, bytes]:
        """
        What ``finished`` writes below ``out``: the charts shown so far.
        """
        return {
            f"charts/{c.name}.{kind}": content
            for c in self._charts.values()
            for kind, content in (("svg", c.svg()), ("png", c.png()))
        }

    def finished(self, status: str, digest: str) -> Record:
        """
        Write the files, if an output folder was given, and leave the record of the result.
        """
        if self.out is not None:
            for name, content in self.files().items():
                write_bytes(self.out / name, content)
        return Record(
            {"notebook": self.chapter.name, "status": status, "assessment_sha256": digest},
            self.say("finished", notebook=self.chapter.name, status=self.word("status", status)),
        )
