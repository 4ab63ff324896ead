"""
What stands over the reports of a batch: the list of organisations, notebook 30, and the manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from appi_assess import __version__, law
from appi_assess.batch import storage
from appi_assess.batch.portfolio import Entry
from appi_assess.batch.task import Outcome
from appi_assess.files import sha256
from appi_assess.portfolio.results import PORTFOLIO, PORTFOLIO_VERSION
from appi_assess.problems import InputProblems, Problem
from appi_assess.resources import notebooks
from appi_assess.runs import manifest, report
from appi_assess.runs.execute import run_notebook
from appi_assess.runs.manifest import MANIFEST, SCHEMA_VERSION, outputs_of, relative

FOLDER = "portfolio"

Hashes = Mapping[str, str]


def listed(entries: Sequence[Entry], outcomes: Mapping[str, Outcome], seen: Callable[[str], str]) -> bytes:
    """
    The content of ``portfolio.json``: every organisation, in the order of the portfolio.

    Args:
        entries: Of the portfolio.
        outcomes: How each went, by id.
        seen: An engagement as seen from the results.
    """
    rows = []
    for entry in entries:
        failure = outcomes[entry.id].failure
        rows.append(
            {
                "id": entry.id,
                "name": entry.name,
                "tags": list(entry.tags),
                "engagement": seen(entry.engagement),
                "state": "failed" if failure else "done",
                "failure": failure
                and {"notebook": failure.notebook, "cell": failure.cell, "reason": dict(failure.reason)},
            }
        )
    return as_json({"schema_version": PORTFOLIO_VERSION, "organisations": rows})


def as_json(content: Mapping[str, Any]) -> bytes:
    """
    JSON as the kit writes it.
    """
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def wanted(portfolio: bytes, outcomes: Mapping[str, Outcome], lang: str, previous: Hashes) -> dict[str, Any]:
    """
    The manifest of the results as they are now, but for what notebook 30 will leave.

    Args:
        portfolio: The content of ``portfolio.json``.
        outcomes: How each entry went, by id.
        lang: Language of notebook 30.
        previous: Results of earlier periods as seen from these, with the digest of each.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "batch",
        "package": {"version": __version__, "sha256": manifest.package_digest()},
        "law": {"checked_on": law.checked_on().isoformat(), "data_sha256": manifest.law_digest()},
        "parameters": {"lang": lang, "previous": list(previous)},
        "previous": dict(previous),
        "reports": {o.id: o.manifest for o in sorted(outcomes.values(), key=lambda o: o.id) if o.manifest},
        "outputs": {PORTFOLIO: hashlib.sha256(portfolio).hexdigest()},
    }


def outputs(folder: Path) -> dict[str, str]:
    """
    What stands in the results beside the reports, with its hashes.
    """
    found = {f"{FOLDER}/{name}": value for name, value in outputs_of(folder / FOLDER).items()}
    if (folder / PORTFOLIO).is_file():
        found[PORTFOLIO] = sha256(folder / PORTFOLIO)
    return found


def outputs_listed(out: str) -> dict[str, str]:
    """
    The hashes that the manifest of results lists; none if it has none.
    """
    found = storage.read_json(storage.join(out, MANIFEST)).get("outputs")
    return found if isinstance(found, dict) else {}


def is_current(there: Mapping[str, Any], asked: Mapping[str, Any], found: Hashes) -> bool:
    """
    Whether notebook 30 was run on just these reports, and all it left is as it was.
    """
    return there == {**asked, "outputs": found} and asked["outputs"].items() <= found.items()


def check_ours(folder: Path, known: Mapping[str, Sequence[str]], lang: str) -> None:
    """
    Refuse to replace a portfolio folder that holds anything but what an earlier batch left there.

    Raises:
        InputProblems: Naming the first such file.
    """
    for name, value in outputs_of(folder / FOLDER).items():
        if value not in known.get(f"{FOLDER}/{name}", ()):
            raise InputProblems([Problem("batch_portfolio_changed", f"{FOLDER}/{name}")], lang)


def portfolio_report(
    folder: Path, lang: str, previous: Sequence[Path], mark: Callable[[Hashes], None]
) -> None:
    """
    Run notebook 30 on the results and put what it leaves into their folder ``portfolio``.

    Args:
        folder: The results; ``portfolio.json`` and the reports are there.
        lang: ``ja`` or ``en``.
        previous: Results of earlier periods, oldest first.
        mark: Told the hashes of what will stand in the folder, just before it does.

    Raises:
        NotebookFailed: If the notebook did not run to its end; it lies in ``portfolio.failed``.
    """
    path = notebooks() / f"{law.portfolio_chapter().name}.ipynb"
    target = folder / FOLDER
    parameters = {
        "portfolio": "..",
        "lang": lang,
        "out": ".",
        "previous": [relative(target, p) for p in previous],
    }
    with report.staged(target) as staging:  # whole or not at all, as a report
        run_notebook(path, staging / path.name, parameters, lang, cwd=staging)
        mark({f"{FOLDER}/{name}": value for name, value in outputs_of(staging).items()})


def manifest_content(folder: Path, asked: Mapping[str, Any]) -> bytes:
    """
    The content of the manifest of the results, which is the last thing written.
    """
    return as_json({**asked, "outputs": dict(sorted(outputs(folder).items()))})
