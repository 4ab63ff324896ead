"""
From an engagement to its assessment: verdicts, reasons, figures and the action plan, put together.

Pure: the engagement and the day go in, the assessment comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from . import __version__, law, provisions
from .assess import Judged, assess, evidence_state
from .assessment import (
    About,
    Agreement,
    Assessment,
    CheckLine,
    CheckResult,
    Cited,
    Figures,
    Finding,
    Gap,
    Group,
    LawVersion,
    NotAssessed,
    Piece,
    Rate,
    Scope,
    Scores,
    SignedOff,
    UnmetCount,
    Verdict,
)
from .checks import check_registers
from .engagement import Answer, Engagement, Review, SignOff, evidence_fault, missing
from .law import Catalogue
from .registers import Rows, register
from .requirement import Basis, Measure, Requirement, Text, sources, standing
from .review import agreement, disputed
from .row_findings import check_results, checks_frame, contradicting, places, register_states
from .score import GROUPINGS, MEASURES, Groups, gain, grouped, score_groups
from .text import shown_date
from .wording import LANGUAGES, choices, say, say_both

SCHEMA_VERSION: Literal["3"] = "3"
EFFORT = {"S": 1, "M": 3, "L": 8}
_ROW = "engagement"
_UNANSWERED, _UNREVIEWED = Answer(), Review()
GAPS: tuple[Verdict, ...] = ("not_met", "partly", "unknown")


def assess_engagement(engagement: Engagement, as_of: date) -> Assessment:
    """
    Judge and score one engagement.

    Args:
        engagement: As read.
        as_of: The day whose law and evidence count.

    Raises:
        InputProblems: If the kit does not know the law of that day.
    """
    return Judge(as_of, engagement.registers).assessment(engagement)


class Judge:
    """
    Everything that decides verdicts besides the answers: the law of a day and what the registers show
    on it. Made once, it judges as often as the answers change.

    Args:
        as_of: The day whose law and evidence count.
        registers: The registers that the engagement keeps.

    Raises:
        InputProblems: If the kit does not know the law of that day.
    """

    def __init__(self, as_of: date, registers: Mapping[str, Rows]) -> None:
        self.as_of, self.catalogue = as_of, law.catalogue(as_of)
        self.registers, self.checked = registers, check_registers(registers, as_of)
        self.results = check_results(self.checked.outcomes, self.catalogue)
        self.speaking: dict[str, list[CheckResult]] = {r.id: [] for r in self.catalogue}
        for result in self.results:
            for requirement in result.requirements:
                self.speaking[requirement].append(result)
        self._checks = checks_frame(self.checked.outcomes, self.catalogue, _ROW)

    def verdicts(self, engagement: Engagement) -> Judged:
        """
        The verdicts of one engagement, as a frame of one row.
        """
        ids = [r.id for r in self.catalogue]
        answers = {r: engagement.answers.get(r, _UNANSWERED) for r in ids}
        pieces = [(_ROW, r, p.exists, p.dated, p.valid_until) for r, a in answers.items() for p in a.evidence]
        columns = ["engagement", "requirement", "exists", "dated", "valid_until"]
        against = {c.presence.gate for c in self.checked.contradicted}
        row = [_ROW]
        scope = engagement.scope

        def frame(values: Iterable[object], names: Iterable[str]) -> pd.DataFrame:
            return pd.DataFrame(
                np.array([list(values)], dtype=object), index=row, columns=list(names), dtype=object
            )

        return assess(
            self.catalogue.frame,
            scope=frame(scope.values(), scope),
            answers=frame((a.answer or "" for a in answers.values()), ids),
            declared=frame((not missing(a, self.as_of) for a in answers.values()), ids),
            evidence=evidence_state(pd.DataFrame(pieces, columns=columns), self.as_of),
            contradicted_gates=frame((g in against for g in scope), scope),
            checks=self._checks,
        )

    def findings(self, engagement: Engagement, judged: Judged) -> tuple[Finding, ...]:
        """
        What was concluded about each requirement that was judged, in reading order.
        """
        parts = (judged.words(p)[0] for p in ("verdict", "rule", "support", "gate"))
        fixed = _by_law(self.catalogue)
        return tuple(
            _finding(
                self.catalogue[id_],
                fixed[id_],
                engagement.answers.get(id_, _UNANSWERED),
                engagement.reviews.get(id_, _UNREVIEWED),
                concluded,
                self.speaking[id_],
                self.as_of,
            )
            for id_, concluded in zip(judged.verdict.columns, zip(*parts, strict=True), strict=True)
        )

    def scope(self, engagement: Engagement) -> tuple[Scope, ...]:
        """
        Every scope question as answered, with the rows that speak against a "no".
        """
        return tuple(
            Scope(
                gate=g.id,
                question=g.question,
                answer=_yes_no(engagement.scope.get(g.id)),
                contradicted_by=contradicting(self.checked.contradicted, g.id)
                if engagement.scope.get(g.id) == "no"
                else (),
            )
            for g in law.gates().values()
        )

    def assessment(self, engagement: Engagement) -> Assessment:
        """
        The complete result for an engagement with these registers.
        """
        judged = self.verdicts(engagement)
        findings = self.findings(engagement, judged)
        scores: dict[Measure, Scores] = {m: _scores(self.catalogue, judged, m) for m in get_args(Measure)}
        totals = {m: s.overall.coverage.whole for m, s in scores.items()}
        return Assessment(
            schema_version=SCHEMA_VERSION,
            package_version=__version__,
            about=About(
                organisation=engagement.organisation,
                language=engagement.language,
                period=engagement.period,
                assessor=engagement.assessor,
                reviewer=engagement.reviewer,
            ),
            law=LawVersion(
                as_of=self.as_of, checked_on=law.checked_on(), requirements=len(self.catalogue.requirements)
            ),
            notices=_notices(self.as_of),
            scope=self.scope(engagement),
            findings=findings,
            scores=scores,
            unmet=_unmet(findings),
            gaps=_gaps(findings, totals),
            checklist=_checklist(findings),
            registers=register_states(self.registers, self.checked),
            checks=self.results,
            agreement=_agreement(findings, engagement.reviews),
            signed_off=_signed_off(engagement.signoff),
            not_assessed=_not_assessed(self.as_of),
        )


def _yes_no(answer: str | None) -> Literal["yes", "no"] | None:
    return "yes" if answer == "yes" else "no" if answer == "no" else None


def both(key: str, **words: Mapping[str, object] | object) -> Text:
    """
    A wording in both languages; a word that is a mapping differs by language.
    """
    return Text(**say_both(key, **words))


def _label(prefix: str, key: str) -> dict[str, object]:
    return {lang: choices(prefix, lang)[key] for lang in LANGUAGES}


@lru_cache(maxsize=16)
def _by_law(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    """
    What of the finding on each requirement the law alone decides, whoever is assessed.
    """
    cited = sources()
    return {
        r.id: {
            "id": r.id,
            "group": r.group,
            "article": r.article,
            "article_before_2022": r.article_before_2022,
            "chapter": r.chapter,
            "provision": Text(**{lang: provisions.label(r.provision, lang) for lang in LANGUAGES}),
            "title": r.title,
            "statement": r.statement,
            "question": r.question,
            "duty": str(r.duty),
            "basis": r.basis,
            "nature": r.nature,
            "enforcement": r.enforcement,
            "measure": r.measure,
            "severity": r.severity,
            "weight": r.weight,
            "gates": r.gates,
            "policy_sections": r.policy_sections,
            "citations": tuple(
                Cited(
                    source=c.source,
                    section=c.section,
                    link=c.link or cited[c.source].link,
                    standing=standing(c),
                )
                for c in r.citations
            ),
        }
        for r in catalogue
    }


def _finding(
    r: Requirement,
    fixed: Mapping[str, Any],
    answer: Answer,
    review: Review,
    concluded: tuple[str, ...],
    checks: list[CheckResult],
    as_of: date,
) -> Finding:
    verdict, rule, support, gate = concluded
    return Finding.model_validate(
        {
            **fixed,
            "answer": answer.answer,
            "verdict": verdict,
            "rule": rule,
            "closed_by": gate or None,
            "because": _because(rule, gate, answer, support, checks, as_of),
            "checks": [c.id for c in checks],
            "support": support or None,
            "notes": _notes(r, answer, verdict, rule, checks, as_of),
            "comment": answer.comment,
            "evidence": [
                Piece(file=p.file, exists=p.exists, dated=p.dated, valid_until=p.valid_until)
                for p in answer.evidence
            ],
            "owner": answer.owner,
            "due": answer.due,
            "effort": answer.effort or r.effort,
            "answered_by": answer.answered_by,
            "answered_on": answer.answered_on,
            "review": asdict(review) if review.verdict or review.comment else None,
            "disputed": disputed(verdict, review.verdict),
        }
    )


def _because(
    rule: str, gate: str, answer: Answer, support: str, checks: list[CheckResult], as_of: date
) -> Text:
    if rule == "gate_closed":
        return both(
            "because.gate_closed", gate={"ja": gate.replace(" or ", "・"), "en": gate.replace(" or ", ", ")}
        )
    if rule == "declared":
        return both(
            "because.declared", by=answer.approved_by, on=str(answer.approved_on), reason=answer.reason
        )
    if rule == "declared_incomplete":
        lacks: dict[str, object] = {
            lang: say("list", lang).join(say(f"missing.{m}", lang) for m in missing(answer, as_of))
            for lang in LANGUAGES
        }
        return both("because.declared_incomplete", missing=lacks)
    if rule == "unanswered":
        return both("because.unanswered")
    where = places(checks)
    if rule == "register" and not answer.answer:
        return both("because.register_unanswered", places=where)
    said = _label("verdict", answer.answer) if answer.answer else _label("words", "unanswered")
    backing = (
        {lang: say(f"because.support.{support}", lang) for lang in LANGUAGES}
        if support
        else {"ja": "", "en": ""}
    )
    return both(f"because.{rule}", answer=said, support=backing, places=where)


def _notes(
    r: Requirement, answer: Answer, verdict: str, rule: str, checks: list[CheckResult], as_of: date
) -> tuple[Text, ...]:
    notes = _register_notes(rule, checks)
    if r.nature == "event" and answer.answer == "not_applicable":
        notes.append(both("notes.event_declared"))
    for piece in answer.evidence:
        if fault := evidence_fault(piece, as_of):
            words = {"file": piece.file, "dated": piece.dated, "until": piece.valid_until}
            notes.append(both(f"notes.evidence_{fault}", **words))
    if r.basis in ("guideline", "guideline_example") and verdict in ("not_met", "partly"):
        notes.append(both(f"notes.{r.basis}"))
    if r.unverified:
        cited = {lang: "; ".join(f"{c.source} {c.section[lang]}" for c in r.unverified) for lang in LANGUAGES}
        notes.append(both("notes.unverified", cited=cited))
    return tuple(notes)


def _register_notes(rule: str, checks: list[CheckResult]) -> list[Text]:
    """
    What the registers say beside a verdict that they did not decide.
    """
    concerned = dict.fromkeys(c.register_name for c in checks if c.rows)
    if rule == "declared" and concerned:
        named = {
            lang: say("list", lang).join(register(n).title[lang] for n in concerned) for lang in LANGUAGES
        }
        return [both("notes.declared_but_rows", registers=named)]
    if rule == "answer" and any(c.failing for c in checks):
        return [both("notes.register_rows", places=places(checks))]
    return []


def _rate(part: float, whole: float) -> Rate:
    part, whole = float(part), float(whole)
    return Rate(part=part, whole=whole, value=part / whole if whole else None)


def figures(row: Any) -> Figures:
    """
    One row of ``score`` as the assessment keeps it.
    """
    return Figures(
        conformity_low=_rate(row.low, row.weight),
        conformity_high=_rate(row.high, row.weight),
        coverage=_rate(row.known, row.weight),
        assurance=_rate(row.evidenced_weight, row.met_weight),
        status=row.status,
        **{
            name: int(getattr(row, name))
            for name in ("met", "partly", "not_met", "unknown", "not_applicable")
        },
    )


def _scores(catalogue: Catalogue, judged: Judged, measure: str) -> Scores:
    groups, shown = _groups(catalogue, measure)
    overall, *found = (figures(row) for row in score_groups(groups, judged))
    parts = {
        by: tuple(Group(key=key, label=label, figures=found[place]) for place, key, label in rows)
        for by, rows in shown.items()
    }
    return Scores(overall=overall, **parts)


@lru_cache(maxsize=80)  # five measures of sixteen states of the law
def _groups(catalogue: Catalogue, measure: str) -> tuple[Groups, dict[str, list[tuple[int, str, Text]]]]:
    """
    All requirements of a measure together and in every grouping; by grouping the place among the
    groups, the key and the label of each, in the order in which they are shown.
    """
    groups = grouped(catalogue.frame, measure, None, *GROUPINGS)
    shown: dict[str, list[tuple[int, str, Text]]] = {by: [] for by in GROUPINGS}
    for place, (by, key) in enumerate(groups.labels[1:]):
        if by:
            shown[by].append((place, str(key), group_label(by, str(key))))
    return groups, {by: sorted(rows, key=lambda r: _group_key(by, r[1])) for by, rows in shown.items()}


def group_label(by: str, key: str) -> Text:
    """
    What a group is called: an article, a theme, a section of the policy, a severity or a duty.
    """
    if by == "article":
        return Text(**{lang: provisions.label(key, lang) for lang in LANGUAGES})
    if by == "theme":
        return next(c.short for c in law.chapters() if c.id == key)
    return both(
        {"policy_section": f"section.{key}", "severity": f"severity.{key}", "duty": f"duty.{key}"}[by]
    )


def _group_key(by: str, key: str) -> Any:
    if by == "article":
        return law.article_key(key)
    if by == "policy_section":
        return int(key.removeprefix("S"))
    return -int(key) if by == "severity" else key


def _unmet(findings: tuple[Finding, ...]) -> tuple[UnmetCount, ...]:
    counts: dict[tuple[int, Basis], int] = {}
    for f in findings:
        if f.measure == "legal" and f.verdict == "not_met":
            counts[f.severity, f.basis] = counts.get((f.severity, f.basis), 0) + 1
    bases = get_args(Basis)
    order = sorted(counts.items(), key=lambda item: (-item[0][0], bases.index(item[0][1])))
    return tuple(UnmetCount(severity=s, basis=b, count=n) for (s, b), n in order)


def _gaps(findings: tuple[Finding, ...], totals: Mapping[Measure, float]) -> tuple[Gap, ...]:
    """
    The action plan in its order (README, action plan).

    Gains of different measures cannot be compared, so the other measures follow the legal one.
    """
    open_ = [(f, gain(f.weight, f.verdict, totals[f.measure])) for f in findings if f.verdict in GAPS]

    def order(item: tuple[Finding, Fraction]) -> Any:
        f, g = item
        urgent = f.verdict == "not_met" and f.basis in ("statute", "order_or_rule")
        tier = 4 - f.severity if urgent else 9
        return (
            MEASURES.index(f.measure),
            tier,
            -g / EFFORT[f.effort],
            law.article_key(f.article),
            law.id_key(f.id),
        )

    return tuple(
        Gap(
            rank=rank,
            requirement=f.id,
            verdict=f.verdict,
            measure=f.measure,
            gain=_rate(float(g * Fraction(totals[f.measure])), totals[f.measure]),
            formula=_formula(f, totals[f.measure]),
        )
        for rank, (f, g) in enumerate(sorted(open_, key=order), start=1)
    )


def _formula(f: Finding, total: float) -> str:
    value = "0.5" if f.verdict == "partly" else "0"
    return f"{f.weight} * (1 - {value}) / {total:g}"


def _checklist(findings: tuple[Finding, ...]) -> tuple[CheckLine, ...]:
    """
    Each line takes the gravest verdict among its requirements.
    """
    verdicts = {f.id: f.verdict for f in findings}
    order: tuple[Verdict, ...] = ("not_met", "partly", "unknown", "met", "not_applicable")
    lines = []
    for c in law.checklist():
        found = [verdicts[r] for r in c.judged_by if r in verdicts]
        verdict = next((v for v in order if v in found), order[-1])
        lines.append(
            CheckLine(
                id=c.id,
                item=c.item,
                mode=c.mode,
                when=c.when,
                basis=c.basis,
                judged_by=c.judged_by,
                verdict=verdict,
            )
        )
    return tuple(lines)


def _agreement(findings: tuple[Finding, ...], reviews: Mapping[str, Review]) -> Agreement:
    found = agreement(
        (f.verdict, f.review.verdict) for f in findings if f.review is not None and f.review.verdict
    )
    in_force = {f.id for f in findings}
    return Agreement(
        reviewed=found.reviewed,
        agreed=found.agreed,
        percent=_rate(found.agreed, found.reviewed),
        kappa=None if found.kappa is None else float(found.kappa),
        disputed=tuple(f.id for f in findings if f.disputed),
        not_in_force=tuple(sorted(set(reviews) - in_force, key=law.id_key)),
    )


def _signed_off(signoff: SignOff | None) -> SignedOff | None:
    if signoff is None:
        return None
    return SignedOff(
        by=signoff.by,
        on=signoff.on,
        comment=signoff.comment,
        intact=not signoff.changed,
        changed=signoff.changed,
    )


def _notices(as_of: date) -> tuple[Text, ...]:
    found = []
    if as_of > law.checked_on():
        found.append(both("notices.law_checked", checked_on=law.checked_on(), as_of=as_of))
    return tuple(found)


def _not_assessed(as_of: date) -> tuple[NotAssessed, ...]:
    found = [
        NotAssessed(id=key, reason=Text.model_validate(row["reason"])) for key, row in law.left_out().items()
    ]
    found += [
        NotAssessed(id=r.id, reason=both("not_assessed.later", first=r.in_force_from))
        for r in law.all_requirements()
        if not r.in_force(as_of)
    ]
    act = law.upcoming()["act"]
    penal, main = (
        {lang: shown_date(date.fromisoformat(act[key]), lang) for lang in LANGUAGES}
        for key in ("penal_part_from", "main_part_no_later_than")
    )
    found.append(NotAssessed(id="G24", reason=both("not_assessed.G24")))
    found.append(NotAssessed(id="56/2026", reason=both("not_assessed.reform", penal=penal, main=main)))
    return tuple(found)
