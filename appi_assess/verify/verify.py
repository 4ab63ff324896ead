"""
Is a report, or every report of a batch, what its inputs give?
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Any

from appi_assess import law
from appi_assess.batch.executors import cores
from appi_assess.batch.portfolio import ID
from appi_assess.batch.portfolio_report import FOLDER, outputs
from appi_assess.files import sha256
from appi_assess.portfolio.results import PORTFOLIO, REPORTS
from appi_assess.problems import InputProblems, Problem, shown
from appi_assess.resources import notebooks
from appi_assess.runs.manifest import MANIFEST
from appi_assess.verify.comparison import (
    changed_earlier,
    changed_files,
    compared_with_new_run,
    files_again,
    inspect,
    other_kit,
    rerun,
)
from appi_assess.verify.delivered import compared, kit_cells, read_cells
from appi_assess.verify.remarks import STATES, Remark, State, Verified, listed
from appi_assess.wording import LANGUAGES, say

_LINES = 10


def verify(
    out: Path,
    engagement: Path | None = None,
    *,
    jobs: int = 0,
    run_other_code: bool = False,
    told: Callable[[str], None] = lambda _: None,
    lang: str = "en",
) -> tuple[Verified, ...]:
    """
    Verify a report, or every report of a batch and then the batch itself.

    Args:
        out: The folder of the report or batch.
        engagement: Where the engagement of a single report is now; by default where it was.
        jobs: How many reports at a time; by default one per core.
        run_other_code: Execute notebooks whose code is not the kit's, too.
        told: Called with a name, one call at a time, whenever a step is done; ``steps`` says how many there are.
        lang: Language of messages.

    Raises:
        InputProblems: If ``engagement`` is given for a batch.
    """
    batch = _batch(out)
    if batch is not None and engagement is not None:
        raise InputProblems([Problem("verify_engagement", str(out))], lang)
    stop, lock = Event(), Lock()

    def tell(name: str) -> None:
        with lock:
            told(name)

    one = partial(_verified, run_other_code=run_other_code, told=tell, stop=stop)
    if batch is None:
        return (one("", out, engagement, ()),)
    with ThreadPoolExecutor(jobs or cores()) as pool:
        tasks = [
            pool.submit(one, id_, out / REPORTS / id_, None, _listed_report(out, id_, wanted))
            for id_, wanted in _reports(batch).items()
        ]
        try:
            found = [task.result() for task in tasks]
        except BaseException:
            stop.set()  # what runs ends with the notebook it is at
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    try:
        remarks = verify_batch(out, batch, run_other_code=run_other_code)
    except (OSError, ValueError) as error:
        remarks = [_unreadable(error)]
    told(law.portfolio_chapter().name)
    return (*found, Verified("", tuple(remarks)))


def steps(out: Path, lang: str = "en") -> int:
    """
    How many steps a verification takes.

    Raises:
        InputProblems: If there is no such folder.
    """
    if not out.is_dir():
        raise InputProblems([Problem("verify_nothing", str(out))], lang)
    batch = _batch(out)
    notebooks_each = len(law.chapters())
    return notebooks_each if batch is None else notebooks_each * len(_reports(batch)) + 1


def language(out: Path) -> str:
    """
    The language that a report or batch was made in; empty if that cannot be told.
    """
    lang = _table(content(out / MANIFEST), "parameters").get("lang")
    return lang if lang in LANGUAGES else ""


def content(path: Path) -> dict[str, Any]:
    """
    The mapping in a JSON file; empty if there is none.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _verified(
    id_: str,
    report: Path,
    engagement: Path | None,
    known: Iterable[Remark],
    *,
    run_other_code: bool,
    told: Callable[[str], None],
    stop: Event,
) -> Verified:
    label = id_ or report.resolve().name
    try:
        seen = inspect(report, engagement)
        remarks = [*known, *seen.remarks]
        for name, found in rerun(seen, run_other_code=run_other_code):
            remarks += found
            told(f"{label} {name}")
            if stop.is_set():
                break
    except (OSError, ValueError) as error:
        remarks = [_unreadable(error)]
    return Verified(id_, tuple(remarks))


def _unreadable(error: OSError | ValueError) -> Remark:
    """
    A file that cannot be read; without a name of one, what the manifest says can be no name.
    """
    file = shown(str(getattr(error, "filename", None) or MANIFEST), 200)
    words = {"file": file, "reason": getattr(error, "strerror", None) or shown(str(error), 200)}
    return Remark("broken", "unreadable", words)


def _batch(out: Path) -> dict[str, Any] | None:
    """
    The manifest of a batch; None where there is none.
    """
    found = content(out / MANIFEST)
    return found if found.get("kind") == "batch" else None


def _reports(batch: Mapping[str, Any]) -> dict[str, str]:
    """
    The reports of a batch by id; what is no id names no folder.
    """
    found = _table(batch, "reports")
    return {id_: str(digest) for id_, digest in found.items() if ID.fullmatch(id_)}


def _table(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _listed_report(out: Path, id_: str, wanted: str) -> Iterator[Remark]:
    """
    Whether a report is the one that the batch lists.
    """
    manifest = out / REPORTS / id_ / MANIFEST
    if manifest.is_file() and sha256(manifest) != wanted:
        yield Remark("differs", "batch_manifest")


def verify_batch(out: Path, batch: Mapping[str, Any], *, run_other_code: bool = False) -> list[Remark]:
    """
    Verify what a batch holds besides its reports: the list of organisations, and the portfolio notebook.

    Args:
        out: The folder of the batch.
        batch: Its manifest.
        run_other_code: Execute its notebook even if the code is not the kit's.
    """
    package, known = _table(batch, "package"), _table(batch, "law")
    other = list(other_kit(package, known))
    changed = list(changed_earlier(out / FOLDER, _table(batch, "previous"), MANIFEST))
    remarks = [*_batch_files(out, batch), *_organisations(out, batch), *changed, *other]
    cause: State = "inputs" if changed else "law" if other else "differs"
    source = notebooks() / f"{law.portfolio_chapter().name}.ipynb"
    delivered, lang = out / FOLDER / source.name, language(out)
    if not delivered.is_file():
        nobody = not _reports(batch) or f"{FOLDER}/{source.name}" in _table(batch, "outputs")
        missing = Remark("broken", "missing", {"files": listed([f"{FOLDER}/{source.name}"])})
        return remarks if nobody else [*remarks, missing]
    try:
        cells = read_cells(delivered)
    except ValueError:
        return [*remarks, Remark("broken", "no_notebook", {"notebook": source.name})]
    previous = _table(batch, "parameters").get("previous")
    wanted = {"portfolio": "..", "lang": lang, "previous": previous, "out": ""}
    found = compared(source.name, cells, kit_cells(source, lang), wanted, "law" if other else "broken")
    remarks += found.remarks
    if not lang or (found.other_code and not run_other_code):
        return remarks
    place = out.resolve() / FOLDER
    given = {
        "portfolio": str(out.resolve()),
        "lang": lang,
        "previous": [str((place / p).resolve()) for p in _table(batch, "previous")],
    }
    with tempfile.TemporaryDirectory(prefix="appi-assess-verify-") as temporary:
        again = Path(temporary)
        run = delivered if found.other_code else source
        new = compared_with_new_run(run, found, again, given, cause)
        whole = not any(r.key == "not_run" for r in new)
        return [*remarks, *new, *files_again(place, again, cause, whole=whole)]


def _batch_files(out: Path, batch: Mapping[str, Any]) -> Iterator[Remark]:
    yield from changed_files(_table(batch, "outputs"), outputs(out))
    if strange := [id_ for id_ in _table(batch, "reports") if id_ not in _reports(batch)]:
        yield Remark("broken", "batch_ids", {"ids": listed(strange)})


def _organisations(out: Path, batch: Mapping[str, Any]) -> Iterator[Remark]:
    """
    Whether the list of organisations names the reports that there are, and what else lies among them.
    """
    rows = content(out / PORTFOLIO).get("organisations")
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    done = [str(row.get("id")) for row in rows if row.get("state") == "done"]
    failed = [str(row.get("id")) for row in rows if row.get("state") != "done"]
    if sorted(done) != sorted(_table(batch, "reports")):
        odd = sorted({*done} ^ {*_table(batch, "reports")}) or done
        yield Remark("broken", "batch_list", {"ids": listed(odd)})
    if failed:
        yield Remark("verified", "batch_failed", {"ids": listed(failed)})
    there = (out / REPORTS).iterdir() if (out / REPORTS).is_dir() else ()
    names = sorted(p.name for p in there if not p.name.startswith(".") and p.suffix != ".failed")
    if others := [name for name in names if name not in _table(batch, "reports")]:
        yield Remark("verified", "batch_others", {"names": listed(others)})


def said(found: Sequence[Verified], out: Path, lang: str) -> Iterator[str]:
    """
    What was found, line by line: the remarks, and for a batch a table, what is not verified first.

    Args:
        found: As ``verify`` returns it.
        out: The folder that was verified.
        lang: Language of the lines.
    """
    ranked = sorted(found, key=lambda v: STATES.index(v.state))
    alone = len(found) == 1 and not found[0].id
    whole = shown(out.resolve().name) if alone else say("verify.batch", lang)
    for v in ranked:
        if alone or v.remarks:
            yield say("verify.line", lang, name=v.id or whole, state=say(f"verify.state.{v.state}", lang))
            yield from _remarks_said(v, None if alone else out / REPORTS / v.id, lang)
    if alone:
        yield say(f"verify.meaning.{found[0].state}", lang)
        return
    yield ""
    width = max(len(v.id or whole) for v in ranked)
    for v in ranked:
        yield f"{v.id or whole:{width}}  {say(f'verify.state.{v.state}', lang)}"
    for state, count in Counter(v.state for v in ranked).items():
        yield say("verify.count", lang, state=say(f"verify.state.{state}", lang), count=count)


def _remarks_said(v: Verified, folder: Path | None, lang: str) -> Iterator[str]:
    ranked = sorted(v.remarks, key=lambda r: STATES.index(r.state))
    limit = len(ranked) if folder is None or not v.id else _LINES
    yield from (f"  - {remark.said(lang)}" for remark in ranked[:limit])
    if len(ranked) > limit:
        yield f"  - {say('verify.see', lang, count=len(ranked) - limit, folder=folder)}"
