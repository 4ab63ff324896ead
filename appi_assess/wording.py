"""
Every sentence and label that the kit shows, in Japanese and English.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from .tables import table

LANGUAGES = ("ja", "en")


def say(key: str, lang: str, **words: object) -> str:
    """
    The wording under ``key`` (dotted) in ``lang``, with ``words`` filled in as plain text.

    Raises:
        KeyError: If no such wording exists; a test looks for every key in use.
    """
    return _flat()[key][lang].format(**words)


def say_both(key: str, **words: object) -> dict[str, str]:
    """
    The wording in both languages; a word that is a mapping by language differs between them.
    """
    return {lang: say(key, lang, **spoken(words, lang)) for lang in LANGUAGES}


def spoken(words: Mapping[str, object], lang: str) -> dict[str, object]:
    """
    Words to fill in, each in ``lang`` where it is a mapping by language.
    """
    return {k: v[lang] if isinstance(v, Mapping) else v for k, v in words.items()}


def choices(prefix: str, lang: str) -> dict[str, str]:
    """
    All wordings under ``prefix`` by their last key, such as the labels of the verdicts.
    """
    return dict(_choices(prefix, lang))


def user_language() -> str:
    """
    The language to speak before an engagement has told us its own.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"


@cache
def _choices(prefix: str, lang: str) -> dict[str, str]:
    start = prefix + "."
    return {k[len(start) :]: v[lang] for k, v in _flat().items() if k.startswith(start)}


@lru_cache(maxsize=1)
def _flat() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}

    def walk(prefix: str, node: dict[str, Any]) -> None:
        if set(node) == {"ja", "en"}:
            found[prefix] = node
            return
        for key, child in node.items():
            walk(f"{prefix}.{key}" if prefix else key, child)

    walk("", table("wording"))
    return found
