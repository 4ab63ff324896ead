"""
A report beside what its inputs give now: read closely first, then run again and compared.

Nothing is changed in the report, and its notebooks are never executed as they are: where their code
is the kit's, the kit's own notebook is run; where it is not, nothing is, unless that was asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbformat import ValidationError

from appi_assess import __version__, law
from appi_assess.assessment import Assessment
from appi_assess.conclude import Judge
from appi_assess.engagement import Engagement, day_of
from appi_assess.files import sha256
from appi_assess.problems import InputProblems, NotebookFailed, shown
from appi_assess.reader import read_engagement
from appi_assess.record import ASSESSMENT
from appi_assess.resources import notebooks, sample
from appi_assess.runs.execute import declared_parameters, run_notebook
from appi_assess.runs.manifest import Manifest, law_digest, outputs_of, package_digest, read_manifest
from appi_assess.verify.delivered import Delivered, alike, compared, kit_cells, other_outputs, read_cells
from appi_assess.verify.differences import differences
from appi_assess.verify.references import reference_faults
from appi_assess.verify.remarks import Remark, State, listed, reason
from appi_assess.wording import LANGUAGES


@dataclass(frozen=True)
class Inspected:
    """
    A report as read, with what is known of it before anything is run.

    Attributes:
        report: Its folder.
        manifest: Its manifest; None if it has none that can be used.
        folder: The engagement it was made from; None if that cannot be read now.
        notebooks: Its notebooks, by file name; those that cannot be read are absent.
        cause: What a difference from a new run would make of the report.
        remarks: What was found.
    """

    report: Path
    manifest: Manifest | None
    folder: Path | None
    notebooks: Mapping[str, Delivered]
    cause: State
    remarks: tuple[Remark, ...]


def compare(report: Path, engagement: Path | None = None) -> tuple[Remark, ...]:
    """
    Everything that can be said of a report without running a notebook.

    Args:
        report: Its folder.
        engagement: Where its engagement is now; by default where it was.
    """
    return inspect(report, engagement).remarks


def inspect(report: Path, engagement: Path | None = None) -> Inspected:
    """
    As ``compare``, with what a new run needs.
    """
    manifest = read_manifest(report)
    if manifest is None or not _sound(manifest):
        return Inspected(report, None, None, {}, "broken", (Remark("broken", "no_manifest"),))
    remarks = list(_files(report, manifest))
    other_law = list(other_kit(manifest.package, manifest.law))
    kit: State = "law" if other_law else "broken"
    found: dict[str, Delivered] = {}
    for chapter in law.chapters():
        name = f"{chapter.name}.ipynb"
        if (report / name).is_file():
            delivered = _delivered(report, name, manifest, kit)
            if isinstance(delivered, Remark):
                remarks.append(delivered)
            else:
                found[name] = delivered
                remarks += delivered.remarks
        elif name not in manifest.outputs:  # otherwise it was named among the missing files
            remarks.append(Remark(kit, "missing", {"files": listed([name])}))
    folder = engagement or _engagement(report, manifest)
    read = _read(folder)
    changed_inputs = [
        *_inputs(folder, manifest, read),
        *changed_earlier(report, manifest.previous, ASSESSMENT),
    ]
    cause: State = "inputs" if changed_inputs else "law" if other_law else "differs"
    assessment = _assessment(report)
    if isinstance(assessment, Remark):
        remarks.append(assessment)
    else:
        remarks += _agreeing(report, assessment, manifest, found)
        same_law = manifest.law.get("data_sha256") == law_digest()
        remarks += reference_faults(assessment, manifest.inputs, same_law=same_law)
    remarks += [*changed_inputs, *other_law]
    again = _again(read, manifest)
    if isinstance(again, Remark):
        remarks.append(replace(again, state=cause))
        return Inspected(report, manifest, None, found, cause, tuple(remarks))
    if isinstance(assessment, Assessment):
        changed = differences(assessment, again, cause)
        if not changed and cause != "differs":
            changed = [Remark("verified", "nothing_changes")]
        remarks += changed
    return Inspected(report, manifest, folder, found, cause, tuple(remarks))


def _sound(manifest: Manifest) -> bool:
    """
    Whether the parts of a manifest are of the kinds that a report leaves.
    """
    tables = (manifest.package, manifest.law, manifest.inputs, manifest.outputs, manifest.previous)
    given = manifest.parameters
    return (
        all(isinstance(v, str) for table in tables for v in table.values())
        and all(isinstance(given.get(k), str) for k in ("engagement", "as_of", "lang"))
        and given["lang"] in LANGUAGES
        and given.get("previous") == list(manifest.previous)
    )


def _files(report: Path, manifest: Manifest) -> Iterator[Remark]:
    """
    The files of a report that are missing, edited or foreign.
    """
    yield from changed_files(manifest.outputs, outputs_of(report))
    if ASSESSMENT not in manifest.outputs:
        yield Remark("broken", "not_listed", {"files": listed([ASSESSMENT])})


def changed_files(wanted: Mapping[str, str], there: Mapping[str, str]) -> Iterator[Remark]:
    """
    What a manifest lists and what is there, compared by name and SHA-256.
    """
    new = [n for n in there if n not in wanted]
    groups: tuple[tuple[State, str, list[str]], ...] = (
        ("broken", "missing", [n for n in wanted if n not in there]),
        ("differs", "edited", [n for n in wanted if n in there and there[n] != wanted[n]]),
        ("differs", "extra", new),
    )
    yield from (Remark(state, key, {"files": listed(names)}) for state, key, names in groups if names)


def other_kit(package: Mapping[str, str], known: Mapping[str, str]) -> Iterator[Remark]:
    """
    How the kit and the law data at hand differ from those that a manifest names.
    """
    words = {"before": shown(str(package.get("version", ""))), "now": __version__}
    if words["before"] != __version__:
        yield Remark("law", "package_version", words)
    elif package.get("sha256") != package_digest():
        yield Remark("law", "package_files", words)
    checked = law.checked_on().isoformat()
    if (known.get("data_sha256"), known.get("checked_on")) != (law_digest(), checked):
        days = {"before": shown(str(known.get("checked_on", ""))), "now": checked}
        yield Remark("law", "law_data", days)


def _delivered(folder: Path, name: str, manifest: Manifest, kit: State) -> Delivered | Remark:
    source = notebooks() / name
    wanted = {k: manifest.parameters[k] for k in declared_parameters(source) if k in manifest.parameters}
    try:
        cells = read_cells(folder / name)
    except ValueError:
        return Remark("broken", "no_notebook", {"notebook": name})
    ours = kit_cells(source, str(manifest.parameters["lang"]))
    return compared(name, cells, ours, wanted | {"out": ""}, kit)


def _engagement(report: Path, manifest: Manifest) -> Path:
    """
    Where the engagement of a report was when it was made.
    """
    place = manifest.parameters["engagement"]
    return (report.resolve() / place).resolve() if place else sample(manifest.parameters["lang"])


def _read(folder: Path) -> Engagement | InputProblems:
    try:
        return read_engagement(folder)
    except InputProblems as error:
        return error


def _inputs(folder: Path, manifest: Manifest, read: Engagement | InputProblems) -> Iterator[Remark]:
    """
    The input files that are no longer what they were.
    """
    if folder.is_dir():
        wanted = manifest.inputs
        names = [n for n in wanted if (folder / n).is_file()]
        if isinstance(read, InputProblems):
            yield Remark("inputs", "refused", reason(read))
        else:
            names += read.files
        there = {n: sha256(folder / n) for n in dict.fromkeys(names)}
        groups = {
            "input_missing": [n for n in wanted if n not in there],
            "input_edited": [n for n in wanted if n in there and there[n] != wanted[n]],
            "input_new": [n for n in there if n not in wanted],
        }
        yield from (Remark("inputs", k, {"files": listed(names)}) for k, names in groups.items() if names)
    else:
        yield Remark("inputs", "no_engagement", {"folder": shown(str(folder), 200)})


def changed_earlier(folder: Path, previous: Mapping[str, str], name: str) -> Iterator[Remark]:
    """
    The earlier periods, as seen from a folder, whose file ``name`` is no longer what it was.
    """
    other = [
        p
        for p, digest in previous.items()
        if not (file := folder / p / name).is_file() or sha256(file) != digest
    ]
    if other:
        yield Remark("inputs", "previous", {"files": listed(other)})


def _assessment(report: Path) -> Assessment | Remark:
    try:
        return Assessment.model_validate_json((report / ASSESSMENT).read_bytes())
    except OSError:
        return Remark("broken", "missing", {"files": listed([ASSESSMENT])})
    except ValueError as error:
        places = [".".join(map(str, e["loc"])) for e in error.errors()] if hasattr(error, "errors") else []
        return Remark("broken", "schema", {"places": listed(places)})


def _agreeing(
    report: Path, assessment: Assessment, manifest: Manifest, found: Mapping[str, Delivered]
) -> Iterator[Remark]:
    """
    Whether manifest, assessment and the records of the notebooks are of one run.
    """
    days = {
        manifest.law.get("as_of"),
        manifest.parameters["as_of"],
        assessment.law.as_of.isoformat(),
    }
    if len(days) > 1:
        yield Remark("differs", "days", {"days": listed(sorted(map(str, days)))})
    version = manifest.package.get("version", "")
    if assessment.package_version != version:
        words = {"manifest": shown(version), "found": shown(assessment.package_version)}
        yield Remark("differs", "version", words)
    digest = sha256(report / ASSESSMENT)
    strange = [n for n, d in found.items() if d.record and d.record.get("assessment_sha256") != digest]
    if strange:
        yield Remark("differs", "other_assessment", {"notebooks": listed(strange)})
    misnamed = [n for n, d in found.items() if d.record and f"{d.record.get('notebook')}.ipynb" != n]
    if misnamed:
        yield Remark("broken", "misnamed", {"notebooks": listed(misnamed)})


def _again(read: Engagement | InputProblems, manifest: Manifest) -> Assessment | Remark:
    """
    The assessment that the inputs give now.
    """
    if isinstance(read, InputProblems):
        return Remark("inputs", "not_run", reason(read))
    try:
        return Judge(day_of(read, manifest.parameters["as_of"]), read.registers).assessment(read)
    except InputProblems as error:
        return Remark("inputs", "not_run", reason(error))


def rerun(seen: Inspected, *, run_other_code: bool = False) -> Iterator[tuple[str, list[Remark]]]:
    """
    Run the notebooks of a report again, elsewhere, and compare what they show and write.

    Args:
        seen: The report, inspected.
        run_other_code: Execute notebooks whose code is not the kit's, too.

    Yields:
        The name of each notebook, and what differs; the files are compared with the last one.
    """
    names = [f"{chapter.name}.ipynb" for chapter in law.chapters()]
    if seen.manifest is None or seen.folder is None:
        yield from ((name, []) for name in names)
        return
    given = seen.manifest.parameters
    here = {
        **given,
        "engagement": "" if seen.folder == sample(given["lang"]) else str(seen.folder.resolve()),
        "previous": [str((seen.report.resolve() / p).resolve()) for p in given["previous"]],
    }
    whole = True
    with tempfile.TemporaryDirectory(prefix="appi-assess-verify-") as temporary:
        for name in names:
            delivered = seen.notebooks.get(name)
            remarks: list[Remark] = []
            if delivered is None or (delivered.other_code and not run_other_code):
                whole = False
            else:
                source = (seen.report if delivered.other_code else notebooks()) / name
                remarks = compared_with_new_run(source, delivered, Path(temporary), here, seen.cause)
                whole = whole and not any(r.key == "not_run" for r in remarks)
            if name == names[-1]:
                remarks += files_again(seen.report, Path(temporary), seen.cause, whole=whole)
            yield name, remarks


def compared_with_new_run(
    source: Path, delivered: Delivered, folder: Path, parameters: Mapping[str, Any], cause: State
) -> list[Remark]:
    """
    What one notebook shows otherwise when it is run again into ``folder``.
    """
    lang = str(parameters["lang"])
    try:
        given = {k: parameters[k] for k in declared_parameters(source) if k in parameters}
        run_notebook(source, folder / source.name, given | {"out": "."}, lang, cwd=folder)
    except (NotebookFailed, InputProblems) as error:
        return [Remark(cause, "not_run", reason(error))]
    except (ValueError, SyntaxError, ValidationError) as error:  # somebody else's code
        return [Remark(cause, "not_run", {"reason": f"{source.name}: {shown(str(error), 200)}"})]
    odd = other_outputs(delivered.cells, read_cells(folder / source.name))
    return [Remark(cause, "cell_output", {"notebook": source.name, "cells": listed(odd)})] if odd else []


def files_again(report: Path, again: Path, cause: State, *, whole: bool) -> Iterator[Remark]:
    """
    The files, besides the kit's notebooks and the assessment, that a new run writes otherwise or not at all.

    Args:
        report: The report's folder.
        again: The folder of the new run.
        cause: What a difference makes of the report.
        whole: Whether every notebook was run, so that a file nobody wrote is not the kit's.
    """
    made, there = outputs_of(again), outputs_of(report)
    # What was run again is compared cell by cell, and the assessment part by part.
    names = [n for n in {**made, **there} if not (n.endswith(".ipynb") and n in made) and n != ASSESSMENT]
    other = [
        n
        for n in sorted(names)
        if (n in made or whole)
        and made.get(n) != there.get(n)
        and not (
            n.endswith(".png")
            and n in made
            and n in there
            and alike(*((f / n).read_bytes() for f in (report, again)))
        )
    ]
    pictures = [n for n in other if n.endswith((".svg", ".png"))]
    rest = [n for n in other if n not in pictures]
    if rest:
        yield Remark(cause, "file_again", {"files": listed(rest)})
    if pictures:
        yield Remark(cause, "picture_again", {"files": listed(pictures)})
