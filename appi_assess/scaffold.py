"""
Making a new engagement folder: all questions, blank, grouped by chapter.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from . import law, provisions
from .files import write_text
from .problems import InputProblems, Problem
from .registers import register
from .resources import sample, templates
from .servers.working_copies import place_notebooks
from .wording import choices
from .yaml_edit.notation import scalar as _scalar

FOLDERS = ("evidence", "registers", "policy")
_BLANK = ("answer", "comment", "evidence", "owner", "due")
_LONG_KEY = 1000
_REVIEW = ("verdict", "comment", "by", "on")


def make_engagement(folder: Path, lang: str, today: date, from_sample: bool = False) -> None:
    """
    Make an engagement; nothing that exists is ever overwritten.

    Args:
        folder: A new or empty folder.
        lang: ``ja`` or ``en``.
        today: What ``as_of`` is set to in a blank engagement.
        from_sample: Copy the bundled sample instead of a blank engagement.

    Raises:
        InputProblems: If the folder holds anything already.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found = min(p.name for p in folder.iterdir()) if folder.is_dir() else folder.name
        raise InputProblems([Problem("folder_not_empty", str(folder), found=found)], lang)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Made beside its place and moved there whole, so that a full disk leaves nothing half-made.
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        made = Path(temporary) / "engagement"
        if from_sample:
            shutil.copytree(sample(lang), made)
        else:
            write_text(made / "engagement.yaml", engagement_text(lang, {"language": lang, "as_of": today}))
            write_text(made / "answers.yaml", answers_text(lang))
        for name in FOLDERS:
            (made / name).mkdir(exist_ok=True)
        if not from_sample:
            for path in sorted((templates() / "registers" / lang).glob("*.csv")):
                shutil.copy(path, made / "registers")
        place_notebooks(made, lang)
        if folder.exists():
            for path in made.iterdir():
                path.rename(folder / path.name)
        else:
            made.rename(folder)


def engagement_text(lang: str, values: Mapping[str, Any]) -> str:
    """
    The content of ``engagement.yaml``, with every scope question as a comment.

    Args:
        lang: Language of the comments.
        values: Values by key; ``scope`` holds ``yes`` or ``no`` by gate.
    """
    scope = values.get("scope", {})
    rows = [
        {
            "id": g.id,
            "question": g.question[lang],
            "help": g.help[lang],
            "effect": g.effect[lang],
            "value": scope.get(g.id, ""),
        }
        for g in law.gates().values()
    ]
    fields = [
        (key, _scalar(values.get(key, "")))
        for key in ("organisation", "language", "as_of", "period", "assessor", "reviewer")
    ]
    return _render(f"engagement.{lang}.yaml.j2", fields=fields, gates=rows, words=choices("words", lang))


def answers_text(lang: str, answers: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """
    The content of ``answers.yaml``, with every question as a comment above its answer.

    Args:
        lang: Language of the comments.
        answers: What is already answered, by requirement id; nothing for a blank file.
    """
    filled = answers or {}
    chapters = []
    for chapter in law.chapters():
        groups = []
        for group in chapter.groups:
            rows = [
                {
                    "id": r.id,
                    "title": r.title[lang],
                    "provision": provisions.label(r.provision, lang),
                    "duty": choices("duty", lang)[r.duty],
                    "question": r.question[lang],
                    "evidence": ("、" if lang == "ja" else ", ").join(r.evidence[lang]),
                    "lines": _lines(filled.get(r.id, {})),
                }
                for r in law.all_requirements()
                if r.group == group
            ]
            groups.append({"title": law.groups()[group][lang], "rows": rows})
        if groups:
            chapters.append({"id": chapter.id, "title": chapter.title[lang], "groups": groups})
    return _render(f"answers.{lang}.yaml.j2", chapters=chapters)


def reviews_text(lang: str, reviews: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """
    The content of ``reviews.yaml``: how to write a review, and the reviews there are.

    Args:
        lang: Language of the comments.
        reviews: ``verdict``, ``comment``, ``by`` and ``on`` by requirement id; nothing for a blank file.
    """
    filled = reviews or {}
    rows = [
        {
            "id": r.id,
            "title": r.title[lang],
            "lines": [f"{key}: {_scalar(filled[r.id].get(key, ''))}".rstrip() for key in _REVIEW],
        }
        for r in law.all_requirements()
        if r.id in filled
    ]
    return _render(f"reviews.{lang}.yaml.j2", rows=rows)


def signoff_text(lang: str, by: str, on: date, comment: str, files: Mapping[str, str]) -> str:
    """
    The content of ``signoff.yaml``.

    Args:
        lang: Language of the explanations.
        by: Who signs off.
        on: The day of it.
        comment: What there is to say about it; may be empty.
        files: The SHA-256 of every input file, from ``signed_files``.
    """
    values = {"by": by, "on": on, "comment": comment}
    lines = [f"{key}: {_scalar(value)}".rstrip() for key, value in values.items()]
    sums = [(_key(name), _scalar(value)) for name, value in sorted(files.items())]
    return _render(f"signoff.{lang}.yaml.j2", lines=lines, files=sums)


def register_text(name: str, lang: str) -> str:
    """
    The template of a register as CSV: its headings and a row of examples.

    A register whose only row is the example counts as absent; delete the row to begin.
    """
    columns = register(name).columns
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([c.heading[lang] for c in columns])
    writer.writerow([c.example.get(lang, "") for c in columns])
    return buffer.getvalue()


def _lines(answer: Mapping[str, Any]) -> list[str]:
    lines = []
    for key in (*_BLANK, *(k for k in answer if k not in _BLANK)):
        value = answer.get(key, "")
        if key == "evidence" and value:
            lines.append("evidence:")
            lines += [
                "  - {" + ", ".join(f"{k}: {_scalar(v)}" for k, v in piece.items()) + "}" for piece in value
            ]
        else:
            lines.append(f"{key}: {_scalar(value)}".rstrip())
    return lines


def _key(name: str) -> str:
    """
    A file name as a key; YAML takes a very long one only behind a question mark.
    """
    shown = _scalar(name)
    return shown if len(shown) < _LONG_KEY else f"? {shown}\n  "


def _render(name: str, **values: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # These templates make YAML from the kit's own texts; client text enters as quoted scalars.
    environment = Environment(  # noqa: S701 - no markup is made here
        loader=FileSystemLoader(templates() / "engagement"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name).render(**values)
