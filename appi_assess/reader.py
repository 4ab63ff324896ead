"""
Reading an engagement folder: typed values, or every problem at once with its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from . import law, text
from .engagement import (
    ANSWERS,
    ENGAGEMENT,
    EVIDENCE,
    REGISTERS,
    REVIEWS,
    SIGNOFF,
    Answer,
    Engagement,
    Evidence,
    Review,
    SignOff,
    evidence_fault,
    missing,
)
from .fields import (
    ANSWER_FIELDS,
    ENGAGEMENT_FIELDS,
    EVIDENCE_FIELDS,
    REVIEW_FIELDS,
    SIGNOFF_FIELDS,
    WORDS,
    Reader,
    checksum,
    file_name,
    nested,
    yes_or_no,
)
from .problems import InputProblems, Problem, shown
from .register_reader import read_registers
from .registers import SEVERAL, Rows
from .signoff import differences
from .strict_yaml import Node, parse, read
from .tables import table
from .wording import LANGUAGES, say, say_both, user_language


def read_engagement(
    folder: Path,
    registers: Mapping[str, Rows] | None = None,
    nameless: bool = False,
    texts: Mapping[str, str] | None = None,
) -> Engagement:
    """
    Read an engagement folder.

    Args:
        folder: The folder that holds ``engagement.yaml`` and ``answers.yaml``.
        registers: Its registers where they were read before; None to read them.
        nameless: Whether a missing name of the organisation is a notice instead of an error.
        texts: What to read instead of a file, by its name, before it is written.

    Raises:
        InputProblems: With every error found in any file, in the engagement's language.
    """
    reader = _Reader(folder, nameless, texts or {})
    engagement = reader.engagement(registers)
    if any(p.level == "error" for p in reader.problems):
        raise InputProblems(reader.sorted(), reader.language)
    return engagement


def read_block(folder: Path, engagement: Engagement, file: str, key: str, block: str) -> Engagement:
    """
    An engagement with one requirement of a file read anew, as reading everything would read it.

    Args:
        folder: The folder of the engagement.
        engagement: As read before.
        file: ``answers.yaml`` or ``reviews.yaml``.
        key: The requirement.
        block: Its lines, as they will stand in the file.

    Raises:
        InputProblems: With every error in these lines.
    """
    reader = _Reader(folder, nameless=True, texts={file: block})
    reader.language = engagement.language
    if file == REVIEWS:
        changed = replace(engagement, reviews={**engagement.reviews, **reader.reviews()})
    else:
        answers = reader.with_evidence(reader.answers(), engagement.registers.get("evidence"), only=key)
        changed = replace(engagement, answers={**engagement.answers, **answers})
    if any(p.level == "error" for p in reader.problems):
        raise InputProblems(reader.sorted(), reader.language)
    return changed


class _Reader:
    """
    Reads one folder and remembers every problem on the way.
    """

    def __init__(self, folder: Path, nameless: bool, texts: Mapping[str, str]) -> None:
        self.folder, self.nameless, self.texts = folder, nameless, texts
        self.problems: list[Problem] = []
        self.lines: dict[tuple[str, str], int] = {}  # where each answer and review stands
        self.language = user_language()
        self._evidence = (folder / EVIDENCE).resolve()
        self._exists: dict[str, bool] = {}  # the same file may back many answers

    def engagement(self, registers: Mapping[str, Rows] | None) -> Engagement:
        if not self.folder.is_dir():
            self.problems.append(Problem("folder_missing", str(self.folder)))
            return Engagement("", self.language, None)
        head = self.mapping(ENGAGEMENT)
        values = self.fields(ENGAGEMENT, "", head, ENGAGEMENT_FIELDS)
        self.language = values.get("language") or self.language
        if head and not values.get("organisation"):
            level: Literal["notice", "error"] = "notice" if self.nameless else "error"
            self.problems.append(
                Problem("organisation_missing", ENGAGEMENT, head.line, "organisation", level=level)
            )
        scope = self.scope(values.get("scope"))
        if registers is None:
            registers = read_registers(self.folder / REGISTERS, REGISTERS, self.problems)
        answers = self.with_evidence(self.answers(), registers.get("evidence"))
        reviews, files = self.reviews(), self.files()
        if head and "as_of" not in {p.key for p in self.problems}:
            self.remarks(answers, reviews, values.get("as_of"))
        return Engagement(
            organisation=values.get("organisation") or "",
            language=self.language,
            as_of=values.get("as_of"),
            assessor=values.get("assessor") or "",
            reviewer=values.get("reviewer") or "",
            period=values.get("period") or "",
            scope=scope,
            answers=answers,
            registers=registers,
            reviews=reviews,
            signoff=self.signoff(files),
            files=files,
            notices=tuple(self.sorted()),
        )

    def sorted(self) -> list[Problem]:
        """
        The problems in the order of the files and of the lines in them.
        """
        return sorted(self.problems, key=lambda p: (p.file != ENGAGEMENT, p.file, p.line or 0))

    def files(self) -> tuple[str, ...]:
        found = [ENGAGEMENT, ANSWERS, REVIEWS, SIGNOFF]
        for name in (EVIDENCE, REGISTERS, "policy"):
            found += [
                p.relative_to(self.folder).as_posix()
                for p in sorted((self.folder / name).rglob("*"))
                if p.is_file()
            ]
        for name in found:
            if any(unicodedata.category(c) == "Cs" for c in name):
                self.problems.append(Problem("file_name", shown(name)))
        return tuple(sorted(f for f in found if f in self.texts or (self.folder / f).is_file()))

    def mapping(self, name: str) -> Node | None:
        if name in self.texts:
            root = parse(self.texts[name], name, self.problems)
        else:
            root = read(self.folder / name, name, self.problems)
        if root is not None and not isinstance(root.value, dict):
            self.problems.append(Problem("not_a_mapping", name, root.line))
            return None
        return root

    def scope(self, node: Node | None) -> dict[str, str]:
        found: dict[str, str] = {}
        for gate, line, child in self.items(ENGAGEMENT, "scope", node, set(law.gates()), "gate_unknown"):
            value = self.value(ENGAGEMENT, f"scope.{gate}", line, child, yes_or_no)
            if value:
                found[gate] = value
        return found

    def answers(self) -> dict[str, Answer]:
        return {
            requirement: Answer(**values)
            for requirement, values in self.blocks(ANSWERS, self.mapping(ANSWERS), ANSWER_FIELDS, "answer")
        }

    def reviews(self) -> dict[str, Review]:
        """
        What reviewers said; there need not be such a file, and it may be empty.
        """
        if REVIEWS not in self.texts and not (self.folder / REVIEWS).exists():
            return {}
        root = self.mapping(REVIEWS)
        self.problems = [p for p in self.problems if (p.file, p.code) != (REVIEWS, "yaml_empty")]
        return {
            requirement: Review(**values)
            for requirement, values in self.blocks(REVIEWS, root, REVIEW_FIELDS, "review")
        }

    def blocks(
        self, file: str, root: Node | None, readers: Mapping[str, Reader], shape: str
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """
        The blocks of a file with one block per requirement: the values that are not blank.
        """
        known = {r.id for r in law.all_requirements()}
        for requirement, line, child in self.items(file, "", root, known, "requirement_unknown"):
            if not child.blank and not isinstance(child.value, dict):
                self.problems.append(Problem(f"{shape}_shape", file, child.line, requirement, _scalar(child)))
                continue
            values = self.fields(file, requirement, child, readers)
            self.lines[file, requirement] = line
            yield requirement, {k: v for k, v in values.items() if v is not None}

    def signoff(self, files: tuple[str, ...]) -> SignOff | None:
        """
        The sign-off, if there is one, with a notice for each file that is no longer as signed.
        """
        if SIGNOFF not in self.texts and not (self.folder / SIGNOFF).exists():
            return None
        root = self.mapping(SIGNOFF)
        values = self.fields(SIGNOFF, "", root, SIGNOFF_FIELDS)
        for key in ("by", "on", "files"):
            told = any((p.file, p.key.partition(".")[0]) == (SIGNOFF, key) for p in self.problems)
            if root is not None and not values.get(key) and not told:
                self.problems.append(Problem("signoff_blank", SIGNOFF, root.line, key))
        signed = self.signed(values.get("files"))
        if any(p.file == SIGNOFF and p.level == "error" for p in self.problems):
            return None
        differing = differences(self.folder, files, signed)
        for name, how in differing.items():
            self.notice(f"signoff_{how}", name, None, "")
        return SignOff(values["by"], values["on"], values.get("comment") or "", signed, tuple(differing))

    def signed(self, node: Node | None) -> dict[str, str]:
        """
        The files that were signed with the SHA-256 of each.
        """
        if node is None or node.blank:
            return {}
        if not isinstance(node.value, dict):
            self.problems.append(Problem("not_a_mapping", SIGNOFF, node.line, "files"))
            return {}
        found: dict[str, str] = {}
        for name, child in node.value.items():
            place = f"files.{name}"
            if child.blank:
                self.problems.append(Problem("signoff_sum", SIGNOFF, node.keys[name], place))
            elif value := self.value(SIGNOFF, place, node.keys[name], child, checksum):
                found[name] = value
        return found

    def with_evidence(
        self, answers: dict[str, Answer], kept: Rows | None, only: str = ""
    ) -> dict[str, Answer]:
        """
        The answers with the evidence that the register of evidence names for them (for one of them).
        """
        if kept is None:
            return answers
        found = dict(answers)
        usable = (kept.text("file") != "") & kept.filled("requirements")  # others were told
        if only:
            usable &= kept.says("requirements", only)
        cells = [kept.cells(c, usable) for c in ("file", "requirements", "dated", "valid_until")]
        for number, written, requirements, dated, until in zip(
            kept.numbers[usable].tolist(), *cells, strict=True
        ):
            try:
                name = file_name(written)
            except text.Unreadable as error:
                heading = kept.headings["file"]
                self.problems.append(Problem(error.code, kept.file, number, heading, written, error.words))
                continue
            piece = Evidence(name, self.is_evidence(name), dated, until, listed=True)
            if not piece.exists:
                self.notice("evidence_missing", kept.file, number, kept.headings["file"], name)
            for requirement in requirements.split(SEVERAL) if not only else [only]:
                answer = found.get(requirement, Answer())
                if piece not in answer.evidence and replace(piece, listed=False) not in answer.evidence:
                    found[requirement] = replace(answer, evidence=(*answer.evidence, piece))
        return found

    def remarks(
        self, answers: Mapping[str, Answer], reviews: Mapping[str, Review], as_of: date | None
    ) -> None:
        """
        Tell of answers and reviews that are readable but will not count on the assessment date.
        """
        if as_of is None:
            self.notice("as_of_blank", ENGAGEMENT, None, "as_of")
            return
        try:
            catalogue = law.catalogue(as_of)
        except InputProblems as error:
            self.problems += [replace(p, file=ENGAGEMENT) for p in error.problems]
            return
        for requirement, answer in answers.items():
            self.answer_remarks(requirement, answer, as_of)
        in_force = {r.id for r in catalogue}
        for requirement in reviews:
            if requirement not in in_force:
                line = self.lines[REVIEWS, requirement]
                self.notice("review_not_in_force", REVIEWS, line, requirement)

    def answer_remarks(self, requirement: str, answer: Answer, as_of: date) -> None:
        line = self.lines.get((ANSWERS, requirement))
        if answer.answer == "not_applicable" and (lacks := missing(answer, as_of)):
            said = {
                lang: say("list", lang).join(say(f"missing.{m}", lang) for m in lacks) for lang in LANGUAGES
            }
            self.notice("declared_incomplete", ANSWERS, line, requirement, missing=said)
        if answer.answered_on and answer.answered_on > as_of:
            self.notice("answered_later", ANSWERS, line, requirement, str(answer.answered_on))
        for piece in answer.evidence:
            if (fault := evidence_fault(piece, as_of)) in ("undated", "later"):
                self.notice(f"evidence_{fault}", ANSWERS, line, requirement, piece.file, dated=piece.dated)

    def notice(
        self, code: str, file: str, line: int | None, key: str, found: str = "", **words: object
    ) -> None:
        self.problems.append(Problem(code, file, line, key, found, words, "notice"))

    def items(
        self, file: str, prefix: str, node: Node | None, known: set[str], unknown: str
    ) -> list[tuple[str, int, Node]]:
        """
        The entries of a mapping whose keys are ids, folded and reported where they were tidied.
        """
        if node is None or node.blank:
            return []
        if not isinstance(node.value, dict):
            self.problems.append(Problem("not_a_mapping", file, node.line, prefix))
            return []
        found: dict[str, tuple[str, int, Node]] = {}
        for key, child in node.value.items():
            line, name = node.keys[key], key if key in known else text.requirement_id(key)
            place = f"{prefix}.{key}" if prefix else key
            if name not in known:
                self.problems.append(_unknown_id(unknown, file, line, place, key, known))
            elif name in found:
                self.problems.append(
                    Problem("yaml_duplicate", file, line, place, key, {"first": found[name][1]})
                )
            else:
                if name != key:
                    self.problems.append(
                        Problem("id_folded", file, line, place, key, {"read": name}, "notice")
                    )
                found[name] = (name, line, child)
        return list(found.values())

    def fields(
        self, file: str, prefix: str, node: Node | None, readers: Mapping[str, Reader]
    ) -> dict[str, Any]:
        """
        The values of a mapping with known keys; unknown keys and unreadable values are problems.
        """
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        if node is None or not isinstance(node.value, dict):
            return found
        for key, child in node.value.items():
            name, line = key if key in readers else text.fold(key).lower(), node.keys[key]
            place = f"{prefix}.{key}" if prefix else key
            first = lines.setdefault(name, line)
            if name not in readers:
                near = get_close_matches(name, list(readers), n=1, cutoff=0.6)
                words = {"known": ", ".join(readers), "near": _near(near[0] if near else "")}
                self.problems.append(Problem("key_unknown", file, line, place, key, words))
            elif first != line:
                self.problems.append(Problem("yaml_duplicate", file, line, place, key, {"first": first}))
            elif name == "evidence":
                found[name] = self.evidence(file, place, child)
            elif name in ("scope", "files"):
                found[name] = child
            else:
                found[name] = self.value(file, place, line, child, readers[name])
        return found

    def value(self, file: str, place: str, line: int, node: Node, reader: Reader) -> Any:
        """
        One scalar, read by ``reader``; blank is None.
        """
        if reader is nested or node.blank:
            return None
        if not isinstance(node.value, str):
            self.problems.append(Problem("not_a_scalar", file, node.line, place))
            return None
        try:
            value = reader(node.value)
        except text.Unreadable as error:
            self.problems.append(Problem(error.code, file, line, place, node.value, error.words))
            return None
        if reader in WORDS and text.fold(node.value) != node.value.strip():
            self.problems.append(
                Problem("value_folded", file, line, place, node.value, {"read": value}, "notice")
            )
        return value

    def evidence(self, file: str, place: str, node: Node) -> tuple[Evidence, ...] | None:
        if node.blank:
            return None
        if not isinstance(node.value, list):
            self.problems.append(Problem("evidence_shape", file, node.line, place))
            return None
        found = []
        for number, item in enumerate(node.value, start=1):
            here = f"{place}[{number}]"
            child = (
                Node({"file": item}, item.line, keys={"file": item.line})
                if isinstance(item.value, str)
                else item
            )
            before = len(self.problems)
            values = self.fields(file, here, child, EVIDENCE_FIELDS)
            name = values.get("file")
            if not name:
                if len(self.problems) == before:
                    self.problems.append(Problem("evidence_file", file, child.line, here))
                continue
            dated, until = values.get("dated"), values.get("valid_until")
            if dated and until and until < dated:
                words = {"dated": dated, "until": until}
                self.problems.append(Problem("evidence_order", file, child.line, here, words=words))
            exists = self.is_evidence(name)
            if not exists:
                self.problems.append(
                    Problem("evidence_missing", file, child.line, f"{here}.file", name, level="notice")
                )
            found.append(Evidence(name, exists, dated, until))
        return tuple(found)

    def is_evidence(self, name: str) -> bool:
        if name not in self._exists:
            self._exists[name] = self._is_evidence(name)
        return self._exists[name]

    def _is_evidence(self, name: str) -> bool:
        root = self._evidence
        try:
            path = (root / name).resolve()
            if not path.is_file():
                # A Mac writes its file names in another Unicode form than people type.
                path = next(
                    (p for p in root.rglob("*") if _same_name(p.relative_to(root), name)), path
                ).resolve()
            return path.is_relative_to(root) and path.is_file()
        except (OSError, RuntimeError):
            return False


def _unknown_id(code: str, file: str, line: int, place: str, key: str, known: set[str]) -> Problem:
    near = _near(text.nearest(key, known) or "")
    accounted = table("accounted") if code == "requirement_unknown" else {"merged": {}, "left_out": {}}
    name = text.requirement_id(key)
    if row := accounted["merged"].get(name):
        return Problem("requirement_merged", file, line, place, key, {"into": ", ".join(row["into"])})
    if name in accounted["left_out"]:
        return Problem("requirement_left_out", file, line, place, key)
    return Problem(code, file, line, place, key, {"near": near})


def _same_name(path: Path, name: str) -> bool:
    return unicodedata.normalize("NFC", path.as_posix()) == unicodedata.normalize("NFC", name)


def _near(near: str) -> object:
    return say_both("near", near=near) if near else ""


def _scalar(node: Node) -> str:
    return node.value if isinstance(node.value, str) else ""
