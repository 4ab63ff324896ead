"""
Running notebooks through papermill into one report folder, whole or not at all.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

from . import __version__, law
from .conclude import assess_engagement
from .engagement import ENGAGEMENT, day_of
from .files import sha256, write_text
from .notebook import RESULT
from .problems import InputProblems, NotebookFailed, Problem
from .reader import read_engagement
from .resources import notebooks, sample
from .wording import LANGUAGES, say

MANIFEST = "manifest.json"
TIMEOUT = 600
_SOCKET_PATH = 90  # systems allow about a hundred characters


def report(folder: Path, out: Path, as_of: str = "", lang: str = "") -> Iterator[str]:
    """
    Run every notebook on an engagement and put the report into ``out``.

    Everything is made in a folder beside ``out`` and moved there at the end, the manifest being
    written last; after a failure nothing stands under a final name.

    Args:
        folder: The engagement.
        out: A new or empty folder, or an earlier report nobody has changed, which is replaced.
        as_of: Assessment date; empty for the engagement's own.
        lang: ``ja`` or ``en``; empty for the engagement's own.

    Yields:
        The name of each notebook that has been run, in order.

    Raises:
        InputProblems: If the engagement or an argument cannot be used; nothing was run.
        NotebookFailed: If a notebook did not run to its end.
    """
    if lang and lang not in LANGUAGES:
        raise InputProblems([Problem("lang_unknown", key="lang", found=lang)])
    folder, out = folder.resolve(), out.resolve()
    engagement = read_engagement(folder)
    lang = lang or engagement.language
    try:
        day = day_of(engagement, as_of)
        law.catalogue(day)
    except InputProblems as error:
        raise InputProblems(error.problems, lang) from None
    _check_out(out, folder, lang)
    parameters = {
        "engagement": _seen_from(out, folder, lang),
        "as_of": day.isoformat(),
        "lang": lang,
        "out": ".",
    }
    paths = [notebooks() / f"{chapter.name}.ipynb" for chapter in law.chapters()]
    for path in paths:
        check_parameters(path, parameters, lang)
    inputs = {name: sha256(folder / name) for name in engagement.files}
    with _staged(out) as staging:
        expected = assess_engagement(engagement, day).digest
        digests = set()
        for path in paths:
            record = run_notebook(path, staging / path.name, parameters, lang, cwd=staging)
            digests.add(record["assessment_sha256"])
            yield path.stem
        if digests != {expected} or inputs != {name: sha256(folder / name) for name in engagement.files}:
            raise InputProblems([Problem("inputs_changed", str(folder))], lang)
        write_text(staging / MANIFEST, _manifest(staging, inputs, day, lang))


def run_notebook(
    path: Path,
    out: Path,
    parameters: Mapping[str, Any],
    lang: str = "en",
    timeout: int = TIMEOUT,
    cwd: Path | None = None,
) -> dict[str, str]:
    """
    Run one notebook through papermill and keep it only if it ran to its end.

    Papermill's own metadata is never asked: it says "completed" after a time-out, a dead kernel
    or ``sys.exit(0)``. A run counts when every cell was run and the last one left our record.

    Args:
        path: The notebook.
        out: Where the executed notebook goes; a failed one goes beside it as ``failed_NAME``.
        parameters: Values for its declared parameters.
        lang: Language of messages.
        timeout: Seconds that one cell may take.
        cwd: Where the kernel runs and imports from; by default a private folder, so that no file
            of a client is ever imported.

    Returns:
        The result record that the notebook left.

    Raises:
        NotebookFailed: Naming the cell and the error.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from zmq import ZMQError

    check_parameters(path, parameters, lang)
    with tempfile.TemporaryDirectory(prefix="appi-assess-") as temporary:
        made = Path(temporary) / "made.ipynb"
        cell, error = None, ""
        try:
            papermill.execute_notebook(
                nbformat.read(path, as_version=4),
                str(made).replace("{", "{{").replace("}", "}}"),
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                execution_timeout=timeout,
                shutdown_kernel="immediate",
                store_widget_state=False,
                record_timing=False,
                config=_private_transport(Path(temporary)),
                # papermill's own cwd would move the whole process.
                resources={"metadata": {"path": str(cwd or temporary)}},
            )
        except PapermillExecutionError as failed:
            # Counted as in the notebook that we ship, without the cell that papermill puts in.
            cell = failed.cell_index + (0 if parameters else 1)
            error = failed.evalue if failed.ename == "InputProblems" else f"{failed.ename}: {failed.evalue}"
        except CellTimeoutError:
            error = say("run.timeout", lang, seconds=timeout)
        except DeadKernelError:
            error = say("run.dead", lang)
        except (RuntimeError, OSError, ZMQError) as failed:
            error = f"{type(failed).__name__}: {failed}"
        notebook = (
            _tidied(nbformat.read(made, as_version=4), parameters.get("lang")) if made.exists() else None
        )
    record = _record(notebook) if notebook and not error else None
    if notebook is None or record is None:
        if notebook:
            write_text(out.with_name(f"failed_{out.name}"), nbformat.writes(notebook) + "\n")
            cell = cell or _stopped_at(notebook)
        raise NotebookFailed(path.name, cell, error or say("run.no_record", lang), lang)
    write_text(out, nbformat.writes(notebook) + "\n")
    return record


def declared_parameters(path: Path) -> dict[str, Any]:
    """
    The parameters of a notebook with their defaults, read from its tagged cell as syntax.
    """
    notebook = nbformat.read(path, as_version=4)
    found: dict[str, Any] = {}
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def check_parameters(path: Path, parameters: Mapping[str, Any], lang: str) -> None:
    """
    Refuse parameters that the notebook does not declare; papermill would inject them as code.

    Raises:
        InputProblems: Naming each of them.
    """
    known = declared_parameters(path)
    problems = [
        Problem("parameter_unknown", found=path.name, words={"name": name})
        for name in parameters
        if name not in known
    ]
    if problems:
        raise InputProblems(problems, lang)


def _check_out(out: Path, folder: Path, lang: str) -> None:
    if (
        out == folder
        or folder.is_relative_to(out)
        or any(out.is_relative_to(folder / d) for d in ("evidence", "registers", "policy"))
    ):
        raise InputProblems([Problem("out_inside", str(out))], lang)
    foreign = _foreign(out)
    if foreign:
        raise InputProblems([Problem("out_not_ours", str(out), found=foreign[0])], lang)


def _foreign(out: Path) -> list[str]:
    """
    What in a folder is not an earlier report as we left it: other files, and edited ones.
    """
    if not out.exists():
        return []
    if not out.is_dir():
        return [out.name]
    try:
        ours = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        ours = {}
    found = [p.relative_to(out).as_posix() for p in sorted(out.rglob("*")) if p.is_file()]
    known = {MANIFEST} if ours else set()
    return [name for name in found if name not in known and ours.get(name) != sha256(out / name)]


def _seen_from(out: Path, folder: Path, lang: str) -> str:
    """
    The engagement as a notebook in ``out`` finds it; the bundled sample needs no path.
    """
    if folder == sample(lang).resolve():
        return ""
    try:
        return Path(os.path.relpath(folder, out)).as_posix()
    except ValueError:  # another drive
        return str(folder)


@contextmanager
def _staged(out: Path) -> Iterator[Path]:
    """
    A folder beside ``out`` that takes its place when all went well.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    staging.mkdir()
    if out.exists():
        staging.chmod(out.stat().st_mode & 0o7777)
    try:
        yield staging
    except BaseException:
        kept = out.with_name(f"{out.name}.failed")
        _drop_failed(kept)
        if any(staging.glob("failed_*")) and not kept.exists():
            staging.rename(kept)
        else:
            shutil.rmtree(staging, ignore_errors=True)
        raise
    old = staging.with_name(f"{staging.name}.old")
    if out.exists():
        out.rename(old)
    try:
        staging.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
    _drop_failed(out.with_name(f"{out.name}.failed"))


def _drop_failed(kept: Path) -> None:
    """
    Remove what an earlier failure left; anything else under that name stays.
    """
    if (
        any(kept.glob("failed_*.ipynb"))
        and not (kept / MANIFEST).exists()
        and not (kept / ENGAGEMENT).exists()
    ):
        shutil.rmtree(kept, ignore_errors=True)


def _manifest(staging: Path, inputs: Mapping[str, str], day: date, lang: str) -> str:
    outputs = {p.relative_to(staging).as_posix(): sha256(p) for p in staging.rglob("*") if p.is_file()}
    content = {
        "schema_version": "1",
        "package_version": __version__,
        "law": {
            "as_of": day.isoformat(),
            "checked_on": law.checked_on().isoformat(),
            "data_sha256": law_digest(),
        },
        "lang": lang,
        "inputs": dict(sorted(inputs.items())),
        "outputs": dict(sorted(outputs.items())),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def law_digest() -> str:
    """
    One digest over the law data in use.
    """
    from .tables import ARTICLES

    paths = sorted(
        [*ARTICLES.glob("*.yaml"), *ARTICLES.with_name("tables").glob("*.yaml")], key=lambda p: p.as_posix()
    )
    whole = "\n".join(f"{p.name} {sha256(p)}" for p in paths)
    return hashlib.sha256(whole.encode("utf-8")).hexdigest()


def _private_transport(folder: Path) -> Config:
    """
    How we talk to a kernel: sockets in a private folder, or encrypted TCP where there are none.
    """
    short = len(str(folder)) < _SOCKET_PATH
    if short and hasattr(socket, "AF_UNIX") and os.name == "posix":
        return Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "k")}})
    return Config({"KernelManager": {"transport_encryption": "required"}})


def _tidied(notebook: Any, lang: str | None) -> Any:
    """
    The executed notebook without clocks, paths, versions and random ids; with a language asked
    for, its title is in that language only.
    """
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    title = notebook.cells[0]
    if lang and title.cell_type == "markdown" and " / " in title.source:
        title.source = f"# {title.source.removeprefix('# ').split(' / ')[lang == 'en']}"
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
            # Whoever runs the notebook again compares; nothing is written unless asked for.
            cell.source = re.sub(r"(?m)^out = .*$", 'out = ""', cell.source)
        elif "papermill-error-cell-tag" in cell.metadata.get("tags", []):
            cell.id = f"error-{number}"
    return notebook


def _record(notebook: Any) -> dict[str, str] | None:
    """
    The record in the last cell, if every code cell was run.
    """
    cells = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    if not cells or any(c.execution_count is None for c in cells):
        return None
    for output in cells[-1].outputs:
        if RESULT in output.get("data", {}):
            return dict(output["data"][RESULT])
    return None


def _stopped_at(notebook: Any) -> int | None:
    """
    The number of the cell where the run stopped, the last that was started, as we ship it.
    """
    ours = [
        c
        for c in notebook.cells
        if not set(c.metadata.get("tags", [])) & {"injected-parameters", "papermill-error-cell-tag"}
    ]
    started = [
        n for n, c in enumerate(ours, start=1) if c.cell_type == "code" and (c.execution_count or c.outputs)
    ]
    return started[-1] if started else None
