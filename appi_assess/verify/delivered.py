"""
A delivered notebook as data: whether it is the kit's own, whole, and run from its first cell to its last.

Nothing here runs anything.
"""

from __future__ import annotations

import ast
import base64
import binascii
import io
import json
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from appi_assess.problems import shown
from appi_assess.record import RESULT
from appi_assess.runs.execute import titled
from appi_assess.verify.remarks import Remark, State, listed

_PNG = "image/png"
# Rounding may differ between machines, in faint shades of edges; one digit for another differs in strong
# ones, if only in a few dots.
_SHADE, _SHARE, _STRONGEST = 0.1, 0.0002, 0.3


@dataclass(frozen=True)
class Cell:
    """
    A cell of a notebook.

    Attributes:
        number: Its place in the file, from 1.
        kind: ``code``, ``markdown`` or ``raw``.
        source: What stands in it.
        settings: Its metadata and attachments, as far as there are any.
        count: The number of its run; None if it never ran.
        outputs: What it showed.
    """

    number: int
    kind: str
    source: str
    settings: Mapping[str, Any]
    count: int | None
    outputs: tuple[Mapping[str, Any], ...]

    @property
    def injected(self) -> bool:
        """
        Whether it says to be the cell that holds the parameters of the run.
        """
        return self.kind == "code" and "injected-parameters" in self.settings.get("tags", ())


@dataclass(frozen=True)
class Delivered:
    """
    A notebook compared with the kit's.

    Attributes:
        cells: Its cells.
        other_code: The numbers of cells whose code is not the kit's.
        remarks: What is wrong with it.
        record: The record of the result that its last cell left; empty if there is none.
        parameters: Those that it was run with.
    """

    cells: tuple[Cell, ...]
    other_code: tuple[int, ...]
    remarks: tuple[Remark, ...]
    record: Mapping[str, Any]
    parameters: Mapping[str, Any]


def read_cells(path: Path) -> tuple[Cell, ...]:
    """
    The cells of a notebook file.

    Raises:
        ValueError: If it is no notebook.
        OSError: If it cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_cell(number, cell) for number, cell in enumerate(content["cells"], start=1))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(path.name) from error


def _cell(number: int, cell: Mapping[str, Any]) -> Cell:
    settings = {k: v for k, v in cell["metadata"].items() if v}
    if not isinstance(settings.get("tags", []), list):
        raise TypeError(number)
    if cell.get("attachments"):
        settings["attachments"] = cell["attachments"]
    outputs = tuple(_output(o) for o in cell.get("outputs", ()))
    kind, source = str(cell["cell_type"]), _joined(cell["source"])
    if not isinstance(source, str):
        raise TypeError(number)
    return Cell(number, kind, source, settings, cell.get("execution_count"), outputs)


def _output(output: Mapping[str, Any]) -> dict[str, Any]:
    found = {k: _joined(v) for k, v in output.items() if k not in ("execution_count", "data")}
    return found | {"data": {k: _joined(v) for k, v in output.get("data", {}).items()}}


def _joined(value: Any) -> Any:
    """
    A text that the file keeps line by line.
    """
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value


def compared(
    name: str,
    cells: tuple[Cell, ...],
    ours: tuple[Cell, ...],
    wanted: Mapping[str, Any],
    kit: State,
) -> Delivered:
    """
    A delivered notebook beside the kit's.

    Args:
        name: Its file name.
        cells: Its cells.
        ours: The cells of the kit's, its title in the language of the report.
        wanted: The parameters that it must have been run with.
        kit: What it means for the report if a cell is not the kit's.
    """
    remarks: list[Remark] = []
    theirs = [c for c in cells if not c.injected]
    found, missing = _strangers(theirs, ours)
    other = [c.number for c in found if c.kind == "code"]
    if texts := [c.number for c in found if c.kind != "code"]:
        remarks.append(Remark("differs" if kit == "broken" else kit, "text", _at(name, texts)))
    if missing:
        lines = [c.source.partition("\n")[0] for c in missing]
        remarks.append(Remark(kit, "cell_missing", {"notebook": name, "cells": listed(lines)}))
    given, strange = _parameters(cells)
    other += strange
    remarks += _run(name, cells)
    record = _record(cells)
    if not record:
        remarks.append(Remark("broken", "no_record", {"notebook": name}))
    known = {(c.kind, c.source): c.settings for c in ours}
    if odd := [c.number for c in theirs if c.settings != known.get((c.kind, c.source), c.settings)]:
        remarks.append(Remark("differs" if kit == "broken" else kit, "settings", _at(name, odd)))
    if given is not None:
        both = [k for k in {**wanted, **given} if kit == "broken" or (k in wanted and k in given)]
        wrong = [k for k in both if (k in given, given.get(k)) != (k in wanted, wanted.get(k))]
        for k in wrong:
            words = {"notebook": name, "name": shown(k), **_pair(wanted.get(k), given.get(k))}
            remarks.append(Remark("differs", "parameter", words))
    if other:
        remarks.append(Remark(kit, "other_code", _at(name, sorted(other))))
    return Delivered(cells, tuple(sorted(other)), tuple(remarks), record, given or {})


def _at(name: str, numbers: list[int]) -> dict[str, object]:
    return {"notebook": name, "cells": listed(numbers)}


def _pair(manifest: object, notebook: object) -> dict[str, object]:
    return {"manifest": shown(str(manifest), 80), "found": shown(str(notebook), 80)}


def _strangers(theirs: list[Cell], ours: tuple[Cell, ...]) -> tuple[list[Cell], list[Cell]]:
    """
    The cells that are not the kit's, and the kit's that are not there or in another place.
    """
    one, two = [(c.kind, c.source) for c in ours], [(c.kind, c.source) for c in theirs]
    found: list[Cell] = []
    missing: list[Cell] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind != "equal":
            found += theirs[j1:j2]
            missing += ours[i1 + (j2 - j1) : i2]  # where one stands for another only that one is named
    return found, missing


def _parameters(cells: tuple[Cell, ...]) -> tuple[dict[str, Any] | None, list[int]]:
    """
    The parameters of the run, and the numbers of cells that say to hold them but hold other code.
    """
    injected = [c for c in cells if c.injected]
    if not injected:
        return None, []
    first = injected[0]
    before = cells[first.number - 2] if first.number > 1 else None
    if len(injected) > 1 or before is None or "parameters" not in before.settings.get("tags", ()):
        return None, [c.number for c in injected]
    try:
        values = _values(first.source)
    except (ValueError, TypeError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError):
        return None, [first.number]
    return values, []


def _values(source: str) -> dict[str, Any]:
    """
    The values that a cell of parameters assigns.

    Raises:
        ValueError: If a reader of the cell sees more than these: a comment, or a name given twice.
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [t.string for t in tokens if t.type == tokenize.COMMENT]
    assigned = list(_assigned(ast.parse(source)))
    if comments != ["# Parameters"] or len(dict(assigned)) != len(assigned):
        raise ValueError(comments)
    return dict(assigned)


def _assigned(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for node in tree.body:
        if not (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        ):
            raise ValueError(node)
        yield node.targets[0].id, ast.literal_eval(node.value)


def _run(name: str, cells: tuple[Cell, ...]) -> Iterator[Remark]:
    """
    Whether every code cell ran, once and in order, without an error.
    """
    code = [c for c in cells if c.kind == "code"]
    if never := [c.number for c in code if c.count is None]:
        yield Remark("broken", "never_run", _at(name, never))
    elif disorder := [c.number for n, c in enumerate(code, start=1) if c.count != n]:
        yield Remark("broken", "out_of_order", _at(name, disorder))
    if errors := [c.number for c in code if any(o.get("output_type") == "error" for o in c.outputs)]:
        yield Remark("broken", "error_output", _at(name, errors))
    if not any(c.injected for c in cells):
        yield Remark("broken", "no_parameters", {"notebook": name})
    if full := [c.number for c in cells if c.injected and c.outputs]:
        yield Remark("differs", "cell_output", _at(name, full))


def _record(cells: tuple[Cell, ...]) -> Mapping[str, Any]:
    code = [c for c in cells if c.kind == "code"]
    for output in code[-1].outputs if code else ():
        record = output["data"].get(RESULT)
        if isinstance(record, dict):
            return record
    return {}


def other_outputs(theirs: tuple[Cell, ...], again: tuple[Cell, ...]) -> list[int]:
    """
    The numbers of the cells that show something else than the same code showed now.

    Pictures count as the same if they look the same; everything else must be equal.
    """
    made: dict[str, list[Cell]] = {}
    for c in again:
        if c.kind == "code" and not c.injected:
            made.setdefault(c.source, []).append(c)
    odd = []
    for c in theirs:
        if c.kind == "code" and not c.injected and made.get(c.source):
            new = made[c.source].pop(0)
            if len(c.outputs) != len(new.outputs) or not all(map(_same, c.outputs, new.outputs)):
                odd.append(c.number)
    return odd


def _same(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    if one == two:
        return True
    pictures = [o["data"].get(_PNG) for o in (one, two)]
    rest = [{**o, "data": {k: v for k, v in o["data"].items() if k != _PNG}} for o in (one, two)]
    if rest[0] != rest[1] or not all(isinstance(p, str) for p in pictures):
        return False
    try:
        first, second = (base64.b64decode(p) for p in pictures)
    except (binascii.Error, ValueError):
        return False
    return alike(first, second)


def alike(one: bytes, two: bytes) -> bool:
    """
    Whether two PNG pictures show the same; their bytes may differ from machine to machine.
    """
    if one == two:
        return True
    import numpy as np
    from PIL import Image

    try:
        pictures = [Image.open(io.BytesIO(p), formats=["PNG"]) for p in (one, two)]
        if pictures[0].size != pictures[1].size:
            return False
        first, second = (np.asarray(p.convert("RGBA"), dtype=float) / 255 for p in pictures)
    except (OSError, ValueError, SyntaxError, RuntimeError, Image.DecompressionBombError):
        return False
    apart = np.abs(first - second)
    return bool(apart.max(initial=0) <= _STRONGEST and (apart.max(axis=-1) > _SHADE).mean() <= _SHARE)


def kit_cells(path: Path, lang: str) -> tuple[Cell, ...]:
    """
    The cells of the kit's notebook as a report in ``lang`` delivers them.
    """
    title, *rest = read_cells(path)
    if lang and title.kind == "markdown":
        title = replace(title, source=titled(title.source, lang))
    return title, *rest
