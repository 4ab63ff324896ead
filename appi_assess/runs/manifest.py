"""
The manifest of a report: what it was made from, what it holds, and whether both are still so.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from appi_assess import __version__, law
from appi_assess.files import sha256
from appi_assess.resources import notebooks, sample, templates

MANIFEST = "manifest.json"
SCHEMA_VERSION = "2"
_PACKAGE = Path(__file__).parents[1]
_LEFT_BY_TOOLS = {".pytest_cache", ".ipynb_checkpoints", "__pycache__"}


@dataclass(frozen=True)
class Manifest:
    """
    What a report was made from and what it holds. Nothing of the moment or place of the run.

    Attributes:
        package: ``version`` and ``sha256`` of the kit: its code, its data and its notebooks.
        law: ``as_of``, ``checked_on`` and ``data_sha256`` of the law that was applied.
        parameters: Those of the notebooks: ``engagement`` as seen from the report (empty for the
            bundled sample), ``as_of``, ``lang`` and ``previous``.
        inputs: SHA-256 of each file of the engagement.
        previous: SHA-256 of ``assessment.json`` of each earlier report that was compared.
        outputs: SHA-256 of each file of the report but this one.
    """

    package: Mapping[str, str]
    law: Mapping[str, str]
    parameters: Mapping[str, Any]
    inputs: Mapping[str, str]
    previous: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """
        The content of ``manifest.json``.
        """
        content = {"schema_version": SCHEMA_VERSION, **asdict(self)}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def same_sources(self, other: Manifest) -> bool:
        """
        Whether both were made from the same: package, law, parameters, inputs and earlier reports.
        """
        mine, theirs = ((m.package, m.law, m.parameters, m.inputs, m.previous) for m in (self, other))
        return mine == theirs


def manifest_of(  # what the notebooks are run with, and on
    inputs: Mapping[str, str], day: date, parameters: Mapping[str, Any], previous: Mapping[str, str]
) -> Manifest:
    """
    The manifest of a report that holds nothing yet, for the kit and the law of now.
    """
    return Manifest(
        package={"version": __version__, "sha256": package_digest()},
        law={
            "as_of": day.isoformat(),
            "checked_on": law.checked_on().isoformat(),
            "data_sha256": law_digest(),
        },
        parameters=dict(parameters),
        inputs=dict(sorted(inputs.items())),
        previous=dict(previous),
    )


def read_manifest(report: Path) -> Manifest | None:
    """
    The manifest of a report; None where there is none, or none of ours.
    """
    try:
        content = json.loads((report / MANIFEST).read_text(encoding="utf-8"))
        if not _is_text(content):
            return None
        if content.pop("schema_version") != SCHEMA_VERSION:
            return None
        found = Manifest(**content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    parts = (found.package, found.law, found.parameters, found.inputs, found.previous, found.outputs)
    return found if all(isinstance(part, dict) for part in parts) else None


def _is_text(content: object) -> bool:
    """
    Whether every text in it can be part of the name of a file.
    """
    written = json.dumps(content, ensure_ascii=False)
    return "\\u0000" not in written.replace("\\\\", "") and written == written.encode(
        "utf-8", "replace"
    ).decode("utf-8")


def outputs_of(report: Path) -> dict[str, str]:
    """
    The SHA-256 of every file of a report but its manifest.

    What pytest and Jupyter leave beside a notebook when it is read is no part of the report.
    """
    found = {}
    for folder, folders, names in os.walk(report):
        folders[:] = sorted(set(folders) - _LEFT_BY_TOOLS)
        for name in names:
            path = Path(folder, name)
            found[path.relative_to(report).as_posix()] = sha256(path)
    found.pop(MANIFEST, None)
    return dict(sorted(found.items()))


def changed_outputs(report: Path, manifest: Manifest) -> list[str]:
    """
    The files of a report that are missing, edited or not ours.
    """
    there = outputs_of(report)
    return sorted(n for n in {*there, *manifest.outputs} if there.get(n) != manifest.outputs.get(n))


def is_done(report: Path, wanted: Manifest) -> bool:
    """
    Whether a report was made from just what is wanted, and holds just what it held then.
    """
    found = read_manifest(report)
    return found is not None and found.same_sources(wanted) and not changed_outputs(report, found)


def seen_from(report: Path, folder: Path, lang: str) -> str:
    """
    An engagement as a notebook in ``report`` finds it; the bundled sample needs no path.
    """
    if folder == sample(lang).resolve():
        return ""
    return relative(report, folder)


def relative(start: Path, target: Path) -> str:
    """
    The way from one folder to another, absolute where there is none.
    """
    try:
        return Path(os.path.relpath(target, start)).as_posix()
    except ValueError:  # another drive
        return str(target)


def digest(paths: Sequence[tuple[str, Path]]) -> str:
    """
    One SHA-256 over named files.
    """
    whole = "\n".join(f"{name} {sha256(path)}" for name, path in sorted(paths))
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def law_digest() -> str:
    """
    One digest over the law data in use.
    """
    from appi_assess.tables import ARTICLES

    folders = (ARTICLES, ARTICLES.with_name("tables"))
    return digest([(p.name, p) for folder in folders for p in folder.glob("*.yaml")])


def package_digest() -> str:
    """
    One digest over the kit: its code, its data, its notebooks and its templates.
    """
    folders = {"appi_assess": _PACKAGE, "notebooks": notebooks(), "templates": templates()}
    return digest(
        [
            (f"{name}/{path.relative_to(folder).as_posix()}", path)
            for name, folder in folders.items()
            for path in folder.rglob("*")
            if path.is_file()
            and path.suffix != ".pyc"
            and not {"__pycache__", "_kit", ".ipynb_checkpoints"} & set(path.relative_to(folder).parts)
        ]
    )
