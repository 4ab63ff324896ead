"""
A remark for a reviewer, and the words that it is made of.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from appi_assess.assessment import Finding, Part
from appi_assess.conclude import both
from appi_assess.engagement import ANSWERS
from appi_assess.lint.case import Case
from appi_assess.problems import shown
from appi_assess.requirement import Text
from appi_assess.text import shown_date
from appi_assess.wording import LANGUAGES, say


class Remark(Part):
    """
    One thing to look at.

    Attributes:
        code: The rule (``rules.RULES``); title, reason and what to look at stand under it in the wording.
        requirements: Those concerned, in reading order; none where the whole engagement is.
        severity: The highest among them.
        subject: What it is about: a requirement, a file, a comment, a scope question.
        fact: What is so, with names, files and dates.
        files: Where to look.
    """

    code: str
    requirements: tuple[str, ...]
    severity: int
    subject: Text
    fact: Text
    files: tuple[str, ...]


def on_one(code: str, f: Finding, fact: Text, files: Iterable[str] = (ANSWERS,)) -> Remark:
    """
    A remark on one requirement.
    """
    return on_several(code, [f], numbered(f.id, f.title), fact, files)


def on_several(
    code: str, found: Sequence[Finding], subject: Text, fact: Text, files: Iterable[str] = (ANSWERS,)
) -> Remark:
    """
    A remark on something that concerns several requirements, given in reading order, or none.
    """
    return Remark(
        code=code,
        requirements=tuple(f.id for f in found),
        severity=max((f.severity for f in found), default=0),
        subject=subject,
        fact=fact,
        files=tuple(dict.fromkeys(files)),
    )


def on_whole(case: Case, code: str, who: str, fact: Text, files: Iterable[str]) -> Remark:
    """
    A remark on the whole engagement, which weighs as much as the gravest of its requirements.
    """
    severity = max(f.severity for f in case.findings)
    return Remark(
        code=code, requirements=(), severity=severity, subject=person(who), fact=fact, files=tuple(files)
    )


def numbered(number: str, title: Text) -> Text:
    """
    A requirement or a scope question by its id and its words.
    """
    return Text(ja=f"{number} {title.ja}", en=f"{number} {title.en}")


def person(who: str) -> Text:
    """
    Who it was, as written, or that nobody is named.
    """
    return as_written(who) if who else both("lint.unnamed")


def as_written(text: str) -> Text:
    """
    What a client wrote, the same in both languages.
    """
    return Text(ja=shown(text, 200), en=shown(text, 200))


def plain(text: str) -> str:
    """
    A text without what hides that it is the same: width, case, spaces, punctuation.

    Examples:
        >>> plain("ＤＯＮＥ"), plain(" done!")
        ('done', 'done')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum()) or folded.strip()


def day(on: date) -> dict[str, str]:
    """
    A day in both languages.
    """
    return {lang: shown_date(on, lang) for lang in LANGUAGES}


def joined(texts: Iterable[Mapping[str, str] | Text]) -> dict[str, str]:
    """
    Several facts as one.
    """
    found = list(texts)
    return {lang: say("registers.join", lang).join(t[lang] for t in found) for lang in LANGUAGES}
