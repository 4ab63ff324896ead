"""
The journal as people read it: who changed what and when, and the answers of a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from appi_assess import law
from appi_assess.engagement import ANSWERS, ENGAGEMENT
from appi_assess.problems import InputProblems, Problem, shown
from appi_assess.scaffold import answers_text
from appi_assess.wording import choices, say

from .journal import JOURNAL, Change, Value, by_requirement, read_journal, rebuild
from .words import value_text

_LONG = 200  # characters of a value on a line


def lines(folder: Path, lang: str, problems: list[Problem]) -> Iterator[str]:
    """
    Each change as a line, the oldest first.

    Args:
        folder: The engagement.
        lang: ``ja`` or ``en``.
        problems: Lines of the journal that cannot be read are added here.

    Raises:
        InputProblems: If the folder is no engagement.
    """
    found = _changes(folder, lang, problems)
    if not found:
        yield say("log.nothing", lang)
    for c in found:
        label = choices("desk.field", lang).get(c.field, c.field)
        place = " ".join(filter(None, (c.file if not c.requirement else c.requirement, label)))
        who = c.who or say(f"log.{c.via}", lang)
        moment = c.when.astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
        yield say(
            "log.line",
            lang,
            when=moment,
            who=shown(who),
            place=place,
            old=_value(c, c.old, lang),
            new=_value(c, c.new, lang),
        )


def answers_at(folder: Path, moment: str, lang: str, problems: list[Problem]) -> str:
    """
    The content of ``answers.yaml`` as the journal knows it at a moment.

    Args:
        folder: The engagement.
        moment: Such as ``2026-11-22T14:00``; in this machine's time zone unless it names one. A
            day, a minute or a second means its end.
        lang: Language of the comments in the file.
        problems: Lines of the journal that cannot be read are added here.

    Raises:
        InputProblems: If the folder is no engagement, or the text is no moment.
    """
    try:
        until = datetime.fromisoformat(moment.strip())
    except ValueError:
        raise InputProblems([Problem("moment", key="--at", found=moment)], lang) from None
    # What is not said is meant to its end: the log prints whole seconds.
    if "." not in moment:
        until = until.replace(microsecond=999_999)
    if not re.search(r"\d:\d\d:\d", moment):
        until = until.replace(second=59)
    if ":" not in moment:
        until = until.replace(hour=23, minute=59)
    found = by_requirement(rebuild(_changes(folder, lang, problems), until.astimezone()), ANSWERS)
    order = [r.id for r in law.all_requirements()]
    return answers_text(lang, {r: found[r] for r in order if r in found})


def _changes(folder: Path, lang: str, problems: list[Problem]) -> list[Change]:
    if not (folder / ENGAGEMENT).is_file() and not (folder / JOURNAL).is_file():
        raise InputProblems([Problem("folder_missing", str(folder))], lang)
    return read_journal(folder, problems)


def _value(change: Change, value: Value, lang: str) -> str:
    return shown(value_text(change.field, value, lang), _LONG) or say("registers.blank", lang)
