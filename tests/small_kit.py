"""
A kit of two small notebooks in place of the real ones, so that a report takes no time: what a batch
does around its notebooks is what its tests are about.

What the notebook does is written into ``answers.yaml`` as a comment: ``# fails``, ``# crashes``, ``# waits``.
Run as a module, it is the command line with this kit: ``python -m tests.small_kit FOLDER batch ...``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from appi_assess import law
from appi_assess.batch import portfolio_report, task
from appi_assess.record import RESULT
from appi_assess.runs import manifest, report

CHAPTER, PORTFOLIO = "90_small", "91_together"
PACKAGE = "f" * 64

_SHOW = f"""
import hashlib
from IPython.display import display
digest = hashlib.sha256(content.encode()).hexdigest()
display({{{RESULT!r}: {{"notebook": "n", "status": "clear", "assessment_sha256": digest}}, "text/plain": ""}}, raw=True)
"""
_CHAPTER = """
import json, os, sys, time
from pathlib import Path
text = (Path(engagement) / "answers.yaml").read_text(encoding="utf-8")
while "# waits" in text and not (Path(engagement) / "go").exists():
    time.sleep(0.05)
assert "# fails" not in text, "the answer is wrong"
if "# crashes" in text:
    os._exit(1)
content = json.dumps({"text": text, "as_of": as_of, "lang": lang, "previous": previous})
(Path(out) / "assessment.json").write_text(content, encoding="utf-8")
"""
_TOGETHER = """
import json
from pathlib import Path
rows = json.loads((Path(portfolio) / "portfolio.json").read_text(encoding="utf-8"))["organisations"]
done = [row["id"] for row in rows if row["state"] == "done"]
content = "\\n".join(
    (Path(portfolio) / "reports" / id_ / "assessment.json").read_text(encoding="utf-8") for id_ in done
)
(Path(out) / "ranking.csv").write_text("\\n".join(done) + "\\n" + "\\n".join(previous), encoding="utf-8")
"""


def write_kit(folder: Path) -> Path:
    """Write the two notebooks."""
    folder.mkdir(parents=True)
    _notebook(folder / f"{CHAPTER}.ipynb", 'engagement = as_of = lang = out = ""\nprevious = []', _CHAPTER)
    _notebook(folder / f"{PORTFOLIO}.ipynb", 'portfolio = lang = out = ""\nprevious = []', _TOGETHER)
    return folder


def _notebook(path: Path, parameters: str, source: str) -> None:
    names = parameters.splitlines()[0].replace(' = ""', "").split(" = ")
    declared = "\n".join([*(f'{name} = ""' for name in names), "previous = []"])
    cells = [
        new_code_cell(declared, metadata={"tags": ["parameters"]}, id="parameters"),
        new_code_cell(source.strip(), id="work"),
        new_code_cell(_SHOW.strip(), id="last"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)


def patches(kit: Path) -> list[tuple[Any, str, Any]]:
    """What takes the place of what: module, name, value."""
    chapters = SimpleNamespace(
        chapters=lambda: (SimpleNamespace(name=CHAPTER),),
        portfolio_chapter=lambda: SimpleNamespace(name=PORTFOLIO),
        catalogue=law.catalogue,
        checked_on=law.checked_on,
    )
    made = report.make_report

    def deadly(folder: Path, *arguments: Any, **options: Any) -> Any:
        if "# kills the worker" in (folder / "answers.yaml").read_text(encoding="utf-8"):
            os._exit(1)
        if "# kills one worker" in (folder / "answers.yaml").read_text(encoding="utf-8"):
            flag = folder / "killed"
            if not flag.exists():
                flag.write_text("", encoding="utf-8")
                os._exit(1)
        return made(folder, *arguments, **options)

    return [
        (report, "notebooks", lambda: kit),
        (portfolio_report, "notebooks", lambda: kit),
        (report, "check_earlier", lambda *_: None),  # its assessments are none
        (report, "law", chapters),
        (portfolio_report, "law", chapters),
        (manifest, "package_digest", lambda: PACKAGE),
        (manifest, "law_digest", lambda: "e" * 64),
        (task, "make_report", deadly),
    ]


class SmallKit:
    """A plugin of Dask that gives every worker this kit, also one that is started anew."""

    name = "small-kit"

    def __init__(self, kit: Path, package: str = PACKAGE) -> None:
        self.kit, self.package = str(kit), package

    def setup(self, worker: Any = None) -> None:
        """Put the kit in place of the real one."""
        del worker
        for module, name, value in patches(Path(self.kit)):
            setattr(module, name, value)
        package = self.package
        manifest.package_digest = lambda: package  # type: ignore[assignment]


def engagement(folder: Path, remark: str = "", as_of: str = "2026-11-22") -> Path:
    """Write an engagement whose answers hold only a remark."""
    folder.mkdir(parents=True)
    head = f"organisation: {folder.name}\nlanguage: en\nas_of: {as_of}\n"
    (folder / "engagement.yaml").write_text(head, encoding="utf-8")
    answer(folder, remark)
    return folder


def answer(folder: Path, remark: str) -> None:
    """Write its answers anew."""
    (folder / "answers.yaml").write_text(f"{{}}\n{remark}\n", encoding="utf-8")


def portfolio(folder: Path, remarks: Mapping[str, str]) -> Path:
    """Write engagements and the portfolio that lists them."""
    for id_, remark in remarks.items():
        engagement(folder / "engagements" / id_, remark)
    path = folder / "portfolio.csv"
    rows = [f"{id_},engagements/{id_}" for id_ in remarks]
    path.write_text("\n".join(["id,engagement", *rows]) + "\n", encoding="utf-8")
    return path


def results(out: Path) -> dict[str, str]:
    """The content of every file of the results that does not tell the time."""
    return {
        p.relative_to(out).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(out.rglob("*"))
        if p.is_file() and p.name not in ("batch.json", ".lock")
    }


def said(out: Path) -> dict[str, Any]:
    """What ``batch.json`` says."""
    found: dict[str, Any] = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    from appi_assess.cli import main

    for module_, name_, value_ in patches(Path(sys.argv[1])):
        setattr(module_, name_, value_)
    main(sys.argv[2:], prog_name="appi-assess")
