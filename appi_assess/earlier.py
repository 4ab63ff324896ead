"""
The reports of earlier periods, as they are given to a later one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from .assessment import Assessment
from .problems import InputProblems, Problem, shown
from .record import ASSESSMENT

_BATCH = "portfolio.json"  # stands in the results of a batch, beside its reports
_SCHEMA = get_args(Assessment.model_fields["schema_version"].annotation)[0]


def earlier(
    previous: str | Path | Iterable[str | Path], as_of: date, lang: str = "en"
) -> tuple[Assessment, ...]:
    """
    Read the assessments of earlier periods.

    Args:
        previous: Folders of reports as this kit makes them, or one of them; empty for none.
        as_of: The day of the present period; theirs may be the same, but not later.
        lang: Language of messages.

    Returns:
        The assessments, the oldest first; those of one day in the order given.

    Raises:
        InputProblems: With everything that is wrong in any of them.
    """
    found: list[Assessment] = []
    problems: list[Problem] = []
    for folder in folders(previous):
        try:
            read = read_assessment(Path(folder), lang)
        except InputProblems as error:
            problems += error.problems
            continue
        if read.law.as_of > as_of:
            day, now = read.law.as_of.isoformat(), as_of.isoformat()
            problems.append(Problem("previous_later", folder, found=day, words={"as_of": now}))
        found.append(read)
    if problems:
        raise InputProblems(problems, lang)
    return tuple(sorted(found, key=lambda a: a.law.as_of))


def folders(previous: str | Path | Iterable[str | Path]) -> tuple[str, ...]:
    """
    What a notebook or a command was given as earlier periods, as a list; empty names are left out.

    Examples:
        >>> folders(""), folders("../q1"), folders(["../q1", Path("../q2")])
        ((), ('../q1',), ('../q1', '../q2'))
    """
    # papermill turns a folder named 2026 on its command line into a number.
    given = [previous] if isinstance(previous, (str, Path, int)) else previous
    return tuple(name for one in given if (name := one.as_posix() if isinstance(one, Path) else str(one)))


def read_assessment(report: Path, lang: str = "en") -> Assessment:
    """
    The assessment that a report folder holds.

    Args:
        report: The folder.
        lang: Language of messages.

    Raises:
        InputProblems: If it is no report of this kit, or one that this version cannot read.
    """
    name, path = report.as_posix(), report / ASSESSMENT
    try:
        if not report.is_dir():
            raise InputProblems([Problem("previous_missing", name)], lang)
        if not path.is_file():
            code = "previous_batch" if (report / _BATCH).is_file() else "previous_not_report"
            raise InputProblems([Problem(code, name)], lang)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputProblems([Problem("file_unreadable", name, words={"reason": reason})], lang) from None
    name = path.as_posix()
    made_by, schema = _made_by(content)
    if schema != _SCHEMA:
        if not schema:
            raise InputProblems([Problem("previous_unreadable", name)], lang)
        words = {"version": shown(made_by), "wanted": _SCHEMA}
        raise InputProblems([Problem("previous_version", name, found=schema, words=words)], lang)
    try:
        return Assessment.model_validate_json(content)
    except ValidationError:
        raise InputProblems([Problem("previous_unreadable", name)], lang) from None


def _made_by(content: bytes) -> tuple[str, str]:
    """
    Which version made an ``assessment.json``, and its schema; empty where it does not say.
    """
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(read, dict):
        return "", ""
    package, schema = read.get("package_version", ""), read.get("schema_version", "")
    return (str(package) or "?", str(schema)) if isinstance(schema, str) else ("", "")
