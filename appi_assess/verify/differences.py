"""
Two results of one organisation side by side: what became another, and from what to what.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from appi_assess.assessment import Assessment
from appi_assess.problems import shown
from appi_assess.score import percent
from appi_assess.verify.remarks import Remark, State
from appi_assess.wording import LANGUAGES, choices, say

_KEYS = ("id", "requirement", "gate", "name", "key")
_RATE = {"part", "whole", "value"}
_LISTED = 12


def differences(before: Assessment, now: Assessment, state: State) -> list[Remark]:
    """
    Which requirement, score and other part of an assessment became another, and from what to what.

    Args:
        before: As delivered.
        now: As the inputs give it now.
        state: What a change makes of the report.
    """
    parts: dict[tuple[str, ...], list[_Change]] = {}
    for change in _changes((), before.model_dump(mode="json"), now.model_dump(mode="json")):
        match change.place:
            case ("package_version",) | ("law", "checked_on"):  # of the kit, and told as such
                continue
            case ("findings", id_, *_):
                parts.setdefault(("finding", id_), []).append(replace(change, place=change.place[2:]))
            case ("scores", measure, "overall", *_):
                parts.setdefault(("score", measure), []).append(replace(change, place=change.place[3:]))
            case _:
                parts.setdefault(("elsewhere", ""), []).append(change)
    measures = {lang: choices("measure", lang) for lang in LANGUAGES}
    remarks = []
    for (kind, name), found in parts.items():
        what = {lang: _row([c for c in found if c.speaks(lang)], lang) for lang in LANGUAGES}
        called = {lang: measures[lang].get(name, name) for lang in LANGUAGES} if kind == "score" else name
        remarks.append(Remark(state, kind, {"name": called, "changes": what}))
    return sorted(remarks, key=lambda r: ("finding", "score", "elsewhere").index(r.key))


@dataclass(frozen=True)
class _Change:
    place: tuple[str, ...]
    before: Any
    now: Any

    def speaks(self, lang: str) -> bool:
        """
        Whether a reader in ``lang`` needs it: of a text, only the wording in that language.
        """
        return not self.place or self.place[-1] not in LANGUAGES or self.place[-1] == lang

    def said(self, lang: str) -> str:
        words = {"before": _value(self, self.before, lang), "now": _value(self, self.now, lang)}
        place = [part for part in self.place if part not in LANGUAGES]
        key = "change" if place else "change_whole"
        return say(f"verify.{key}", lang, place=shown(" ".join(place), 80), **words)


def _row(found: list[_Change], lang: str) -> str:
    more = say("verify.more", lang, count=len(found) - _LISTED) if len(found) > _LISTED else ""
    return say("verify.semicolon", lang).join(c.said(lang) for c in found[:_LISTED]) + more


def _value(change: _Change, value: Any, lang: str) -> str:
    kind = change.place[-1] if change.place else ""
    if isinstance(value, dict) and "verdict" in value:  # a whole requirement, there only once
        kind, value = "verdict", value["verdict"]
    if value is None:
        return say("verify.none", lang)
    if isinstance(value, dict) and set(value) == _RATE:
        return percent(value["part"], value["whole"]) or say("verify.none", lang)
    if isinstance(value, str) and kind in ("verdict", "answer", "status"):
        return choices("status" if kind == "status" else "verdict", lang).get(value, value)
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _changes(place: tuple[str, ...], before: Any, now: Any) -> Iterator[_Change]:
    """
    Where two results differ; entries of a list are told apart by their id, not by their place.
    """
    if before == now:
        return
    first, second = _by_key(before), _by_key(now)
    if first is not None and second is not None and set(first) != _RATE:
        for key in {**first, **second}:
            yield from _changes((*place, key), first.get(key), second.get(key))
        if isinstance(before, list) and list(first) != list(second) and set(first) == set(second):
            yield _Change(place, list(first), list(second))
    else:
        yield _Change(place, before, now)


def _by_key(part: Any) -> dict[str, Any] | None:
    if isinstance(part, dict):
        return part
    if not isinstance(part, list) or not all(isinstance(item, dict) for item in part):
        return None
    key = next((k for k in _KEYS if part and all(k in item for item in part)), None)
    found = {str(item[key]): item for item in part} if key else {}
    return found if len(found) == len(part) else None
