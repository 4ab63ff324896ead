"""
The report of one organisation: every notebook run into one folder, whole or not at all.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from appi_assess import law
from appi_assess.earlier import earlier as check_earlier
from appi_assess.engagement import day_of
from appi_assess.files import sha256, write_text
from appi_assess.problems import InputProblems, KitError, Problem
from appi_assess.reader import read_engagement
from appi_assess.record import ASSESSMENT
from appi_assess.resources import notebooks
from appi_assess.wording import LANGUAGES

from .execute import declared_parameters, run_notebook
from .manifest import MANIFEST, Manifest, is_done, manifest_of, outputs_of, read_manifest, relative, seen_from

# What a run leaves before its manifest.
_WRITTEN = re.compile(r"(failed_)?\d\d_\w+\.ipynb|assessment\.json|\w+\.csv|charts/\w+\.(svg|png)")
# Folders of an engagement in which no result may lie.
INPUTS = ("evidence", "registers", "policy")


class Stopped(KitError):
    """
    The run was asked to stop before it was complete; nothing was left behind.
    """


def make_report(
    folder: Path,
    out: Path,
    as_of: str = "",
    lang: str = "",
    previous: Sequence[Path] = (),
    *,
    keep: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[str]:
    """
    Run every notebook on an engagement and put the report into ``out``.

    Everything is made in a folder beside ``out`` and moved there at the end, the manifest being
    written last; after a failure nothing stands under a final name.

    Args:
        folder: The engagement.
        out: A new or empty folder, or an earlier report nobody has changed, which is replaced.
        as_of: Assessment date; empty for the engagement's own.
        lang: ``ja`` or ``en``; empty for the engagement's own.
        previous: Reports of earlier periods, oldest first.
        keep: Leave a report that is there and still right as it is, and yield nothing.
        stop: Asked before each notebook; the run ends when it says so.

    Yields:
        The name of each notebook that has been run, in order.

    Raises:
        InputProblems: If the engagement or an argument cannot be used; nothing was run.
        NotebookFailed: If a notebook did not run to its end.
        Stopped: If ``stop`` said so.
    """
    folder, out = folder.resolve(), out.resolve()
    wanted = expected(folder, out, as_of, lang, previous)
    if keep and is_done(out, wanted):
        return
    lang = wanted.parameters["lang"]
    _check_out(out, folder, lang)
    paths = [notebooks() / f"{chapter.name}.ipynb" for chapter in law.chapters()]
    with staged(out) as staging:
        digests = set()
        for path in paths:
            if stop():
                raise Stopped
            parameters = {
                k: wanted.parameters[k] for k in declared_parameters(path) if k in wanted.parameters
            }
            record = run_notebook(path, staging / path.name, parameters | {"out": "."}, lang, cwd=staging)
            digests.add(record["assessment_sha256"])
            yield path.stem
        outputs = outputs_of(staging)
        if digests != {outputs.get("assessment.json")} or wanted != expected(
            folder, out, as_of, lang, previous
        ):
            raise InputProblems([Problem("inputs_changed", str(folder))], lang)
        write_text(staging / MANIFEST, replace(wanted, outputs=outputs).to_json())


def expected(
    folder: Path, out: Path, as_of: str = "", lang: str = "", previous: Sequence[Path] = ()
) -> Manifest:
    """
    The manifest that a report made now would have, but for its outputs; arguments as in ``make_report``.

    Raises:
        InputProblems: If the engagement or an argument cannot be used.
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
    check_earlier(list(previous), day, lang)
    earlier = {relative(out, p.resolve()): sha256(p / ASSESSMENT) for p in previous}
    return manifest_of(
        {name: sha256(folder / name) for name in engagement.files},
        day,
        {
            "engagement": seen_from(out, folder, lang),
            "as_of": day.isoformat(),
            "lang": lang,
            "previous": list(earlier),
        },
        earlier,
    )


def _check_out(out: Path, folder: Path, lang: str) -> None:
    if out == folder or folder.is_relative_to(out) or any(out.is_relative_to(folder / d) for d in INPUTS):
        raise InputProblems([Problem("out_inside", str(out))], lang)
    foreign = _foreign(out)
    if foreign:
        raise InputProblems([Problem("out_not_ours", str(out), found=foreign[0])], lang)


def _foreign(out: Path) -> list[str]:
    """
    What in a folder is not an earlier report as we left it: other files, and edited ones.
    """
    if out.exists() and not out.is_dir():
        return [out.name]
    ours = read_manifest(out)
    known = ours.outputs if ours else {}
    unread = [MANIFEST] if (out / MANIFEST).exists() and not ours else []
    return unread + [name for name, found in outputs_of(out).items() if known.get(name) != found]


@contextmanager
def staged(out: Path) -> Iterator[Path]:
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
        drop_failed(kept)
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
    drop_failed(out.with_name(f"{out.name}.failed"))


def drop_failed(kept: Path) -> None:
    """
    Remove what an earlier failure left; a folder that holds anything else stays.
    """
    names = {p.relative_to(kept).as_posix() for p in kept.rglob("*") if not p.is_dir()}
    if any(n.startswith("failed_") for n in names) and all(_WRITTEN.fullmatch(n) for n in names):
        shutil.rmtree(kept, ignore_errors=True)
