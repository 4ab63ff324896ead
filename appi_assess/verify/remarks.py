"""
What a verification has to say: a state, and remarks that each belong to one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from appi_assess.problems import InputProblems, NotebookFailed, shown
from appi_assess.wording import LANGUAGES, say, spoken

State = Literal["broken", "differs", "inputs", "law", "verified"]
STATES: tuple[State, ...] = ("broken", "differs", "inputs", "law", "verified")
_NAMED = 15  # more than there are notebooks


@dataclass(frozen=True)
class Remark:
    """
    One thing that was found.

    Attributes:
        state: What it makes of the report; a remark that is ``verified`` only informs.
        key: Which sentence of ``tables/wording.yaml`` (``verify``) says it.
        words: What the sentence needs; a mapping by language where that differs.
    """

    state: State
    key: str
    words: Mapping[str, object] = field(default_factory=dict)

    def said(self, lang: str) -> str:
        """
        The remark as a sentence.
        """
        return say(f"verify.{self.key}", lang, **spoken(self.words, lang))


@dataclass(frozen=True)
class Verified:
    """
    What became of one report; ``id`` is empty for the batch itself and for a report on its own.
    """

    id: str
    remarks: tuple[Remark, ...]

    @property
    def state(self) -> State:
        """
        The worst of all remarks.
        """
        return min((r.state for r in self.remarks), key=STATES.index, default="verified")


def reason(error: InputProblems | NotebookFailed) -> dict[str, object]:
    """
    What was refused and why, by language.
    """
    return {"reason": {lang: error.said(lang) for lang in LANGUAGES}}


def listed(names: Iterable[object]) -> dict[str, str]:
    """
    Names in a row by language; of many only the first, and how many more.
    """
    found = [shown(str(name), 200) for name in names]
    more = len(found) - _NAMED
    return {
        lang: say("list", lang).join(found[:_NAMED])
        + (say("verify.more", lang, count=more) if more > 0 else "")
        for lang in LANGUAGES
    }
