"""
Running one notebook through papermill, and believing in it only when it ran to its end.
"""

from __future__ import annotations

import ast
import asyncio
import re
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import ensure_event_loop

from appi_assess.files import write_text
from appi_assess.problems import InputProblems, NotebookFailed, Problem
from appi_assess.record import RESULT
from appi_assess.wording import say

from .kernels.manager import PrivateKernelManager, private_transport

TIMEOUT = 600


def run_notebook(
    path: Path,
    out: Path,
    parameters: Mapping[str, Any],
    lang: str = "en",
    timeout: int = TIMEOUT,
    cwd: Path | None = None,
    *,
    warm: bool = True,
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
        warm: Fork the kernel from a warm process, where the system can; the result is the same.

    Returns:
        The result record that the notebook left.

    Raises:
        InputProblems: If the notebook does not declare a parameter.
        NotebookFailed: Naming the cell and the error.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook
    from zmq import ZMQError

    from .engine import AheadEngine

    # The steps of papermill.execute_notebook without what it writes and reads again in between.
    notebook = load_notebook_node(str(path))
    _check_parameters(path.name, _declared(notebook), parameters, lang)
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters))
    cell, error = None, ""
    with tempfile.TemporaryDirectory(prefix="appi-assess-") as temporary, _loop_closed():
        try:
            AheadEngine.execute_notebook(
                notebook,
                "python3",
                progress_bar=False,
                autosave_cell_every=0,
                timeout=timeout,
                shutdown_kernel="immediate",
                store_widget_state=False,
                record_timing=False,
                kernel_manager_class=PrivateKernelManager,
                config=private_transport(Path(temporary), warm=warm),
                # papermill's own cwd would move the whole process.
                resources={"metadata": {"path": str(cwd or temporary)}},
            )
            raise_for_execution_errors(notebook, None)
        except PapermillExecutionError as failed:
            # Counted as in the notebook that we ship, without the cell that papermill puts in.
            cell = failed.cell_index + (0 if parameters else 1)
            error = failed.evalue if failed.ename == "InputProblems" else f"{failed.ename}: {failed.evalue}"
        except CellTimeoutError:
            cell, error = _waited_for(notebook), say("run.timeout", lang, seconds=timeout)
        except DeadKernelError:
            cell, error = _waited_for(notebook), say("run.dead", lang)
        except (RuntimeError, OSError, ZMQError) as failed:
            error = f"{type(failed).__name__}: {failed}"
    notebook = _tidied(notebook, parameters.get("lang"))
    record = None if error else _record(notebook)
    if record is None:
        write_text(out.with_name(f"failed_{out.name}"), nbformat.writes(notebook) + "\n")
        raise NotebookFailed(
            path.name, cell or _stopped_at(notebook), error or say("run.no_record", lang), lang
        )
    write_text(out, nbformat.writes(notebook) + "\n")
    return record


@contextmanager
def _loop_closed() -> Iterator[None]:
    """
    Close the event loop that the libraries leave open in this thread.
    """
    yield
    try:
        asyncio.get_running_loop()  # somebody else's, such as that of a notebook
    except RuntimeError:
        loop = ensure_event_loop()
        waiting = asyncio.all_tasks(loop)  # for a kernel that died or took too long
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        loop.close()
        asyncio.set_event_loop(None)


def declared_parameters(path: Path) -> dict[str, Any]:
    """
    The parameters of a notebook with their defaults, read from its tagged cell as syntax.
    """
    return _declared(nbformat.read(path, as_version=4))


def _declared(notebook: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    found[node.targets[0].id] = ast.literal_eval(node.value)
    return found


def _check_parameters(name: str, declared: Container[str], given: Iterable[str], lang: str) -> None:
    """
    Refuse parameters that the notebook does not declare; papermill would inject them as code.
    """
    unknown = [g for g in given if g not in declared]
    if unknown:
        raise InputProblems(
            [Problem("parameter_unknown", found=name, words={"name": g}) for g in unknown], lang
        )


def _tidied(notebook: Any, lang: str | None) -> Any:
    """
    The executed notebook without clocks, paths, versions and random ids; with a language asked
    for, its title is in that language only.
    """
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    title = notebook.cells[0]
    if lang and title.cell_type == "markdown":
        title.source = titled(title.source, lang)
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


def titled(source: str, lang: str) -> str:
    """
    A title in both languages in one of them.

    Examples:
        >>> titled("# 00 対象範囲 / 00 Scope", "en")
        '# 00 Scope'
    """
    both = source.removeprefix("# ").split(" / ")
    return f"# {both[lang == 'en']}" if len(both) > 1 else source


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


def _waited_for(notebook: Any) -> int | None:
    """
    The number, as we ship it, of the cell that was waited for when the run ended; None if none was begun.
    """
    begun = [n for n, c in _shipped(notebook) if c.metadata.get("papermill", {}).get("start_time")]
    return begun[-1] if begun else None


def _stopped_at(notebook: Any) -> int | None:
    """
    The number, as we ship it, of the last cell that ran; None if none did.
    """
    ran = [n for n, c in _shipped(notebook) if c.cell_type == "code" and (c.execution_count or c.outputs)]
    return ran[-1] if ran else None


def _shipped(notebook: Any) -> list[tuple[int, Any]]:
    """
    The cells of an executed notebook that papermill did not put in, numbered from 1.
    """
    put_in = {"injected-parameters", "papermill-error-cell-tag"}
    ours = [c for c in notebook.cells if not put_in & set(c.metadata.get("tags", []))]
    return list(enumerate(ours, start=1))
