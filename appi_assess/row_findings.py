"""
What the checks of the registers found, said in both languages with places, rules and remedies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd

from . import provisions
from .assessment import CheckResult, Failure, Place, RegisterState
from .checks import Check, Checked, Contradicted, Outcome
from .countries import country_name
from .law import Catalogue
from .problems import shown
from .registers import REGISTERS, SEVERAL, Column, Rows, register
from .requirement import Requirement, Text
from .text import shown_date
from .wording import LANGUAGES, say, say_both

SHOWN_ROWS = 1000  # failing rows written out per check; the count always tells of all of them


def check_results(outcomes: Iterable[Outcome], catalogue: Catalogue) -> tuple[CheckResult, ...]:
    """
    Every check with its result and its failing rows.
    """
    return tuple(_result(o, catalogue) for o in outcomes)


def checks_frame(outcomes: Iterable[Outcome], catalogue: Catalogue, engagement: object) -> pd.DataFrame:
    """
    The results by requirement, as ``assess`` takes them.

    A check is decisive for every requirement that is a prohibition (README, verdicts, rule 5).
    """
    rows = [
        (
            engagement,
            requirement,
            int(o.applies.sum()),
            int(o.failing.sum()),
            is_decisive(o.check, catalogue[requirement]),
            o.check.sufficient,
        )
        for o in outcomes
        for requirement in o.check.serves
        if requirement in catalogue
    ]
    columns = ["engagement", "requirement", "rows", "failing", "decisive", "sufficient"]
    return pd.DataFrame(rows, columns=columns)


def is_decisive(check: Check, requirement: Requirement) -> bool:
    """
    Whether one failing row makes the duty not met.
    """
    return check.decisive or requirement.nature == "prohibition"


def register_states(registers: Mapping[str, Rows], checked: Checked) -> tuple[RegisterState, ...]:
    """
    Every register: absent, empty or with rows, and how many of its rows came through.
    """
    return tuple(_state(name, registers.get(name), checked) for name in REGISTERS)


def _state(name: str, rows: Rows | None, checked: Checked) -> RegisterState:
    kept = register(name)
    if rows is None:
        return RegisterState(name=name, title=kept.title, chapter=kept.chapter, state="absent")
    current = checked.registers[name]
    own = [o.failing for o in checked.outcomes if o.check.register == name and len(o.failing)]
    return RegisterState(
        name=name,
        title=kept.title,
        chapter=kept.chapter,
        state="rows" if len(rows) else "empty",
        file=rows.file,
        read=rows.read,
        examples=rows.examples,
        later=len(rows) - len(current),
        judged=len(current),
        failing=int(np.logical_or.reduce(own).sum()) if own else 0,
        missing_columns=tuple(c.heading for c in kept.columns if c.name not in rows.headings),
    )


def _result(o: Outcome, catalogue: Catalogue) -> CheckResult:
    c, kept = o.check, register(o.check.register)
    served = [catalogue[r] for r in c.serves if r in catalogue]
    why = None
    if o.state in ("no_register", "no_other_register"):
        titles = _joined([register(n).title for n in o.missing])
        why = Text(**say_both(f"registers.{o.state}", registers=titles))
    elif o.state == "no_column":
        headings = _joined([kept.column(n).heading for n in o.missing])
        why = Text(**say_both("registers.no_column", columns=headings))
    elif o.state == "no_rows":
        empty = o.rows is not None and not len(o.rows)
        why = Text(**say_both("registers.empty" if empty else "registers.no_rows"))
    return CheckResult(
        id=c.id,
        register_name=c.register,
        file=o.rows.file if o.rows is not None else "",
        head=kept.heads[c.head],
        requirements=tuple(r.id for r in served),
        rule=c.rule,
        remedy=c.remedy,
        citation=_citation(catalogue, c.serves),
        decisive=any(is_decisive(c, r) for r in served),
        sufficient=c.sufficient,
        state="pass" if o.state == "pass" else "fail" if o.state == "fail" else "no_data",
        why=why,
        rows=int(o.applies.sum()),
        failing=int(o.failing.sum()),
        failures=tuple(_failures(o)),
    )


def _joined(texts: Iterable[Text]) -> dict[str, str]:
    found = list(texts)
    return {lang: say("list", lang).join(t[lang] for t in found) for lang in LANGUAGES}


@lru_cache(maxsize=4096)  # the law of a dozen days
def _citation(catalogue: Catalogue, serves: tuple[str, ...]) -> Text:
    """
    Provision and sources of the requirements; the kit's own rule where a check serves none.
    """
    texts = []
    for r in (catalogue[served] for served in serves if served in catalogue):
        cited = {
            lang: say("list", lang).join(
                dict.fromkeys(f"{c.source} {c.section[lang]}" for c in r.citations if c.source != "LAW")
            )
            for lang in LANGUAGES
        }
        said = say_both(
            "registers.citation" if cited["en"] else "registers.citation_bare",
            id=r.id,
            provision={lang: provisions.label(r.provision, lang) for lang in LANGUAGES},
            cited=cited,
        )
        texts.append(Text(**said))
    if not texts:
        return Text(**say_both("registers.no_citation"))
    return Text(
        **{lang: say("registers.citation_join", lang).join(t[lang] for t in texts) for lang in LANGUAGES}
    )


def _failures(o: Outcome) -> Iterable[Failure]:
    if o.rows is None or not o.failing.any():
        return
    c, rows = o.check, o.rows
    names = {name for lang in LANGUAGES for name in _fields(c.fails[lang])}
    places = np.flatnonzero(o.failing)[:SHOWN_ROWS]
    own = {n: rows.cells(n, places) for n in {c.column, *(names - set(o.words))}}
    extra = {n: _plain(np.asarray(v)[places]) for n, v in o.words.items()}
    subjects = rows.cells(rows.register.subject, places)
    heading = rows.headings.get(c.column, c.column)
    columns = {column.name: column for column in rows.register.columns if column.name in own}
    words = {
        lang: {
            **{n: [cell_text(columns[n], v, lang) for v in values] for n, values in own.items()},
            **{n: [word_text(v, lang) for v in values] for n, values in extra.items()},
        }
        for lang in LANGUAGES
    }
    for place, (number, subject) in enumerate(zip(rows.numbers[places].tolist(), subjects, strict=True)):
        said = {lang: {n: texts[place] for n, texts in words[lang].items()} for lang in LANGUAGES}
        yield Failure(
            row=number,
            subject=shown(subject),
            heading=heading,
            value=Text(**{lang: said[lang][c.column] for lang in LANGUAGES}),
            because=Text(**{lang: c.fails[lang].format(**said[lang]) for lang in LANGUAGES}),
        )


@cache
def _fields(sentence: str) -> tuple[str, ...]:
    """
    The words that a sentence of a check leaves open.
    """
    return tuple(field for _, field, _, _ in Formatter().parse(sentence) if field is not None)


def _plain(words: Any) -> list[Any]:
    """
    Further words as Python values, days as dates.
    """
    found: list[Any] = (words.astype("datetime64[D]") if words.dtype.kind == "M" else words).tolist()
    return found


def cell_text(column: Column, value: Any, lang: str) -> str:
    """
    A cell as it is shown: dates and choices in the reader's language, blank said to be blank.
    """
    if value is None or value == "" or value != value:  # noqa: PLR0124 - which is NaN
        return say("registers.blank", lang)
    if column.kind == "text":
        return shown(str(value))
    if column.kind in ("date", "number"):
        return word_text(value, lang)
    return say("list", lang).join(_label(column, part, lang) for part in str(value).split(SEVERAL))


def _label(column: Column, value: str, lang: str) -> str:
    if column.kind == "yes_no":
        return say(f"words.{value}", lang)
    if column.kind in ("country", "countries"):
        return country_name(value, lang)
    return column.choices[value][lang] if column.kind in ("choice", "choices") else value


def word_text(value: Any, lang: str) -> str:
    """
    A further word of a sentence: a date, a number or a text.
    """
    if value is None or value != value:  # noqa: PLR0124 - which is NaN
        return say("registers.blank", lang)
    if isinstance(value, date):
        return shown_date(value, lang)
    if isinstance(value, float | int | np.number):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
    return shown(str(value))


def places(results: Iterable[CheckResult], limit: int = 3) -> dict[str, object]:
    """
    Where failing rows stand, for the reason of a verdict: register, rows and column.
    """
    found = [r for r in results if r.failing]
    if not found:
        return dict.fromkeys(LANGUAGES, "")
    texts = []
    for r in found[:limit]:
        title = register(r.register_name).title
        texts.append(
            say_both(
                "registers.place",
                title={"ja": title.ja, "en": title.en},
                rows=row_list([f.row for f in r.failures], r.failing),
                rule={"ja": r.rule.ja, "en": r.rule.en},
            )
        )
    if len(found) > limit:
        texts.append(say_both("registers.place_more", count=len(found) - limit))
    return {lang: say("registers.join", lang).join(t[lang] for t in texts) for lang in LANGUAGES}


def row_list(rows: list[int], count: int, limit: int = 5) -> dict[str, str]:
    """
    Row numbers in words, with how many more there are.
    """
    first = {lang: say("list", lang).join(str(n) for n in rows[:limit]) for lang in LANGUAGES}
    if count <= limit:
        return first
    return say_both("registers.rows_more", rows=first, count=count - limit)


def contradicting(found: Iterable[Contradicted], gate: str) -> tuple[Place, ...]:
    """
    The register rows that contradict a gate answered "no".
    """
    return tuple(
        Place(
            register_name=c.presence.register,
            file=c.rows.file,
            heading=c.rows.headings.get(c.presence.column, c.presence.column),
            rows=tuple(c.rows.numbers[c.found].tolist()[:SHOWN_ROWS]),
            count=int(c.found.sum()),
        )
        for c in found
        if c.presence.gate == gate
    )
