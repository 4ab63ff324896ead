"""
The notebooks as working copies in an engagement: made, renewed, and never taken from who changed them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from appi_assess import __version__, law
from appi_assess.files import write_text
from appi_assess.problems import Problem
from appi_assess.resources import notebooks
from appi_assess.wording import say

COPIES = "notebooks"
_MARK = "appi_assess"  # where in a notebook's metadata we recognise our copy
_WIDGET = "application/vnd.jupyter.widget-view+json"
_SAMPLE, _ABOVE = 'engagement = ""', 'engagement = ".."'


def place_notebooks(folder: Path, lang: str) -> list[Problem]:
    """
    Give an engagement its own copies of the notebooks, ready to run on it.

    A copy that is missing is made. One that nobody changed is renewed when it comes from another
    version or language, or holds forms of an earlier kernel, of which JupyterLab shows only that
    they are gone; else it is left alone with its outputs. One that somebody changed is never
    touched, nor is a file that is no notebook.

    Args:
        folder: The engagement.
        lang: ``ja`` or ``en``, the language of the titles and of what is shown.

    Returns:
        A notice for each file that stands in the place of a copy and was left as it is.
    """
    notices = []
    for chapter in law.chapters():
        name = f"{chapter.name}.ipynb"
        path = folder / COPIES / name
        new = _working_copy(notebooks() / name, f"{chapter.id} {chapter.title[lang]}", lang)
        code = _reason_to_keep(path, new.metadata[_MARK])
        if code is None:
            write_text(path, nbformat.writes(new) + "\n")
        elif code:
            notices.append(Problem(code, f"{COPIES}/{name}", level="notice"))
    return notices


def _working_copy(shipped: Path, title: str, lang: str) -> Any:
    """
    A notebook as it is placed: no outputs, code folded away, parameters set, one language.
    """
    notebook = nbformat.read(shipped, as_version=4)
    head = notebook.cells[0]
    head.source = f"# {title}\n\n{say('lab.run_all', lang)}"
    head.metadata["tags"] = [*head.metadata.get("tags", []), "title"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata["jupyter"] = {"source_hidden": True}
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(_SAMPLE, _ABOVE, 1).replace('lang = ""', f'lang = "{lang}"', 1)
    notebook.metadata["title"] = title
    notebook.metadata[_MARK] = {
        "version": __version__,
        "lang": lang,
        "sources_sha256": _digest(cell.source for cell in notebook.cells),
    }
    return notebook


def _reason_to_keep(path: Path, mark: dict[str, str]) -> str | None:
    """
    Why the file at ``path`` stays: the code of a notice, "" for a copy that is up to date.

    Returns:
        None where the copy is to be written: there is none, or it is ours, unchanged, and old or
        showing forms that are gone.
    """
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        sources = ["".join(cell["source"]) for cell in content["cells"]]
        recorded = content["metadata"].get(_MARK, {})
        unchanged = recorded.get("sources_sha256") == _digest(sources)
        outputs = [o for cell in content["cells"] for o in cell.get("outputs", [])]
        lapsed = any(_WIDGET in o.get("data", {}) for o in outputs)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return "notebook_broken"
    if not unchanged:
        return "notebook_changed"
    return "" if recorded == mark and not lapsed else None


def _digest(sources: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps(list(sources)).encode("utf-8")).hexdigest()
