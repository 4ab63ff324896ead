"""
What the forms show: a requirement, a scope question and the result as plain values, in one language.

Pure: the engagement and its verdicts go in; the browser only draws what comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from appi_assess import law, provisions
from appi_assess.assess import VERDICTS, Judged
from appi_assess.assessment import CheckResult, Figures, Finding, Scope
from appi_assess.conclude import GAPS, Judge, figures
from appi_assess.engagement import Answer, Engagement, Evidence, Review, evidence_fault, missing
from appi_assess.notebook import conformity_text
from appi_assess.registers import register
from appi_assess.requirement import Measure, Requirement, sources
from appi_assess.review import agreement, shown_kappa
from appi_assess.row_findings import row_list
from appi_assess.score import gain, score
from appi_assess.sheet import rate_text
from appi_assess.text import shown_date
from appi_assess.what_if import TARGETS, Path, shortest_path, tried
from appi_assess.wording import choices, say

_ROWS = 20  # failing rows of one check beside an answer


@dataclass(frozen=True)
class Present:
    """
    Where an engagement stands at this moment.

    Attributes:
        engagement: The answers.
        judge: The law of the day and the registers.
        judged: The verdicts of the answers.
        lang: ``ja`` or ``en``.
        trial: Verdicts that are being tried, by requirement; they are never saved.
    """

    engagement: Engagement
    judge: Judge
    judged: Judged
    lang: str
    trial: Mapping[str, str]

    @cached_property
    def totals(self) -> dict[str, float]:
        """
        The weight of what applies, by measure.
        """
        frame, apply = self.frame, self.judged.verdict.iloc[0] != VERDICTS.index("not_applicable")
        weights: dict[str, float] = frame["weight"][apply].groupby(frame["measure"]).sum().to_dict()
        return weights

    @property
    def frame(self) -> Any:
        """
        The law in force as scoring takes it.
        """
        return self.judge.catalogue.frame

    def chapter(self, chapter: str) -> tuple[Requirement, ...]:
        """
        The requirements of a chapter in force; of all chapters where none is named.
        """
        return tuple(r for r in self.judge.catalogue if chapter in ("", r.chapter))


def asked(r: Requirement, present: Present) -> dict[str, Any]:
    """
    What is known of a requirement whatever is answered: what it asks, where, and what registers say.
    """
    lang = present.lang
    severity = say("page.severity_short", lang, n=r.severity) if r.measure == "legal" else ""
    duty = [choices("duty", lang)[r.duty], severity]
    return {
        "id": r.id,
        "article": r.article,
        "group_title": law.groups()[r.group][lang],
        "provision": provisions.label(r.provision, lang),
        "duty": say("list", lang).join(filter(None, duty)),
        "title": r.title[lang],
        "asks": r.statement[lang],
        "question": r.question[lang],
        "help": r.help[lang],
        "typical": list(r.evidence[lang]),
        "cited": [f"{sources()[c.source].title[lang]} {c.section[lang]}" for c in r.citations],
        "effort_default": r.effort,
        "rows": [_rows(c, lang) for c in present.judge.speaking[r.id]],
    }


def _rows(c: CheckResult, lang: str) -> dict[str, Any]:
    states = choices("desk.check", lang)
    return {
        "register": register(c.register_name).title[lang],
        "check": c.rule[lang],
        "state": c.state,
        "state_text": c.why[lang]
        if c.why
        else states[c.state].format(rows=c.rows, failing=c.failing, file=c.file),
        "remedy": c.remedy[lang] if c.failing else "",
        "failing": [
            {
                "row": f.row,
                "subject": f.subject,
                "heading": f.heading,
                "value": f.value[lang],
                "because": f.because[lang],
            }
            for f in c.failures[:_ROWS]
        ],
        "more": say("desk.rows_more", lang, count=c.failing - _ROWS) if c.failing > _ROWS else "",
    }


def answered(f: Finding, present: Present) -> dict[str, Any]:
    """
    What was answered for a requirement and what follows from it.
    """
    lang, judge = present.lang, present.judge
    answer = present.engagement.answers.get(f.id, Answer())
    is_gap = f.verdict in GAPS
    share = gain(f.weight, f.verdict, present.totals[f.measure]) if is_gap else None
    day = shown_date(answer.answered_on, lang) if answer.answered_on else ""
    return {
        "answer": answer.answer or "",
        "comment": answer.comment,
        "evidence": [_piece(p, present) for p in answer.evidence],
        "owner": answer.owner,
        "due": answer.due.isoformat() if answer.due else "",
        "effort": answer.effort or "",
        "reason": answer.reason,
        "approved_by": answer.approved_by,
        "approved_on": answer.approved_on.isoformat() if answer.approved_on else "",
        "answered": say("list", lang).join(filter(None, (answer.answered_by, day))),
        "verdict": f.verdict,
        "because": f.because[lang],
        "notes": [n[lang] for n in f.notes],
        "support": choices("support", lang)[f.support] if f.support else "",
        "closed": f.because[lang] if f.rule == "gate_closed" else "",
        "gap": is_gap,
        "gain": rate_text(share.numerator, share.denominator, lang) if share is not None else "",
        "lacks": [n for n in missing(answer, judge.as_of) if answer.answer == "not_applicable"],
        "review": _review(present.engagement.reviews.get(f.id)),
        "disputed": disputed_text(f, lang),
        "tried": present.trial.get(f.id, ""),
    }


def _review(review: Review | None) -> dict[str, str]:
    if review is None:
        return {"verdict": "", "comment": "", "by": "", "on": ""}
    return {
        "verdict": review.verdict or "",
        "comment": review.comment,
        "by": review.by,
        "on": review.on.isoformat() if review.on else "",
    }


def disputed_text(f: Finding, lang: str) -> str:
    """
    A sentence that the reviewer sees it differently; empty where nobody does.
    """
    if not f.disputed or f.review is None:
        return ""
    verdicts = choices("verdict", lang)
    return say(
        "desk.disputed",
        lang,
        mine=verdicts[f.verdict],
        theirs=verdicts[f.review.verdict or "unknown"],
        by=f.review.by or say("page.reviewed_nobody", lang),
    )


def _piece(piece: Evidence, present: Present) -> dict[str, Any]:
    state = evidence_fault(piece, present.judge.as_of) or "fine"
    said = choices("desk.evidence", present.lang)
    return {
        "file": piece.file,
        "dated": piece.dated.isoformat() if piece.dated else "",
        "valid_until": piece.valid_until.isoformat() if piece.valid_until else "",
        "state": "".join((said[state], said["listed"] if piece.listed else "")),
        "fixed": piece.listed,
    }


def gate(s: Scope, present: Present, effect: str = "") -> dict[str, Any]:
    """
    A scope question with its answer, and where register rows contradict it.

    Args:
        s: The question as answered.
        present: Where the engagement stands.
        effect: What the last answer to it changed.
    """
    lang, asked_for = present.lang, law.gates()[s.gate]
    places = [
        say(
            "page.gate_place",
            lang,
            title=register(p.register_name).title[lang],
            rows=row_list(list(p.rows), p.count)[lang],
        )
        for p in s.contradicted_by
    ]
    where = say("registers.join", lang).join(places)
    return {
        "id": s.gate,
        "question": s.question[lang],
        "help": asked_for.help[lang],
        "effect": asked_for.effect[lang],
        "answer": s.answer or "",
        "contradicted": say("desk.contradicted", lang, places=where) if places else "",
        "effect_now": effect,
        "dropped": sorted(_closed_by(present, s.gate), key=law.id_key),
    }


def out_of_scope(judged: Judged) -> set[str]:
    """
    The requirements that scope answers put out of scope.
    """
    row = judged.gate.iloc[0]
    return set(row.index[row.to_numpy() >= 0])


def _closed_by(present: Present, gate_id: str) -> set[str]:
    entries = [n for n, e in enumerate(present.judged.entries) if gate_id in e.split(" or ")]
    row = present.judged.gate.iloc[0]
    return set(row.index[row.isin(entries).to_numpy()])


def effect_text(before: Judged, after: Judged, lang: str) -> str:
    """
    Which requirements an answer to a scope question put out of scope or brought back.
    """
    was, now = out_of_scope(before), out_of_scope(after)
    parts = [
        say(f"desk.{key}", lang, count=len(ids), ids=say("list", lang).join(sorted(ids, key=law.id_key)))
        for key, ids in (("dropped", now - was), ("returned", was - now))
        if ids
    ]
    return say("place.join", lang).join(parts) if parts else say("desk.no_effect", lang)


def result(present: Present, chapter: str = "", path: Path | None = None) -> dict[str, Any]:
    """
    The live result: figures of the chapter and of the whole, bars, progress and agreement.

    Args:
        present: Where the engagement stands.
        chapter: The chapter of the form; empty in notebook 00.
        path: The shortest path that was asked for.
    """
    lang = present.lang
    shown_now = {
        "lines": _lines(present, present.judged, chapter),
        "trial_lines": [],
        "bars": _bars(present, present.judged, chapter),
        "progress": _progress(present, chapter),
        "agreement": agreement_text(present),
        "path": _path(present, path) if path else None,
        "targets": [{"key": t, "label": choices("status", lang)[t]} for t in TARGETS],
    }
    if present.trial:
        other = tried(present.judged, present.trial)
        shown_now["trial_lines"] = _lines(present, other, chapter)
        shown_now["bars"] = _bars(present, other, chapter)
    return shown_now


def _lines(present: Present, judged: Judged, chapter: str) -> list[dict[str, Any]]:
    lang, found = present.lang, []
    measures: dict[Measure, str] = choices("measure", lang)  # type: ignore[assignment]
    if chapter:
        own = present.frame[present.frame["theme"] == chapter]
        for measure in get_args(Measure):
            if (own["measure"] == measure).any():
                row = next(iter(score(own, judged, measure).itertuples()))
                label = say("desk.line_chapter", lang, measure=measures[measure])
                found.append(_line(label, measure, figures(row), lang))
    for measure in get_args(Measure) if not chapter else ("legal",):
        row = next(iter(score(present.frame, judged, measure).itertuples()))
        label = say("desk.line_overall", lang, measure=measures[measure])
        found.append(_line(label, measure, figures(row), lang))
    return found


def _line(label: str, measure: str, f: Figures, lang: str) -> dict[str, Any]:
    words = choices("status" if measure == "legal" else "status_other", lang)
    return {
        "label": label,
        "status": words[f.status],
        "status_key": f.status,
        "interval": conformity_text(f, lang),
        "low": f.conformity_low.value,
        "high": f.conformity_high.value,
        "coverage": rate_text(f.coverage.part, f.coverage.whole, lang),
        "assurance": rate_text(f.assurance.part, f.assurance.whole, lang),
    }


def _bars(present: Present, judged: Judged, chapter: str) -> list[dict[str, Any]]:
    """
    How many requirements of each article (of each chapter in notebook 00) have which verdict.
    """
    lang = present.lang
    verdicts = judged.verdict.iloc[0].to_numpy()
    short = {c.id: f"{c.id} {c.short[lang]}" for c in law.chapters()}
    bars: dict[str, dict[str, int]] = {}
    for place, r in zip(verdicts, present.judge.catalogue, strict=True):
        if chapter in ("", r.chapter):
            label = law.groups()[r.group][lang] if chapter else short[r.chapter]
            counts = bars.setdefault(label, dict.fromkeys(VERDICTS, 0))
            counts[VERDICTS[place]] += 1
    return [{"label": label, "counts": counts} for label, counts in bars.items()]


def _progress(present: Present, chapter: str) -> list[dict[str, Any]]:
    """
    How many of the requirements that apply are answered: of the chapter, and of all.
    """
    shut = out_of_scope(present.judged)
    answers = present.engagement.answers

    def count(of: Iterable[Requirement], label: str, strong: bool) -> dict[str, Any]:
        ids = [r.id for r in of if r.id not in shut]
        done = sum(bool(answers[i].answer) for i in ids if i in answers)
        return {"label": label, "done": done, "of": len(ids), "strong": strong}

    lang = present.lang
    if chapter:
        titles = {c.id: c.short[lang] for c in law.chapters()}
        return [
            count(present.chapter(chapter), titles[chapter], strong=True),
            count(present.chapter(""), say("page.total", lang), strong=False),
        ]
    gates = {
        "label": say("page.scope", lang),
        "done": len(present.engagement.scope),
        "of": len(law.gates()),
        "strong": True,
    }
    return [gates, count(present.chapter(""), say("page.total", lang), strong=False)]


def agreement_text(present: Present) -> str:
    """
    How far reviewer and assessor agree, in a sentence; empty where nothing is reviewed.
    """
    lang, reviews = present.lang, present.engagement.reviews
    verdicts = present.judged.verdict.iloc[0]
    pairs = [
        (VERDICTS[verdicts[r]], review.verdict)
        for r, review in reviews.items()
        if review.verdict and r in verdicts.index
    ]
    if not pairs:
        return ""
    found = agreement(pairs)
    kappa = say("page.weight_nothing", lang) if found.kappa is None else shown_kappa(found.kappa)
    share = rate_text(found.agreed, found.reviewed, lang)
    return say("desk.agreement", lang, reviewed=found.reviewed, agreed=share, kappa=kappa)


def find_path(present: Present, target: str, chapter: str) -> Path | None:
    """
    The shortest path to a status, from the verdicts as they are (with those being tried).
    """
    answers = present.engagement.answers
    efforts = {r.id: answers.get(r.id, Answer()).effort or r.effort for r in present.judge.catalogue}
    judged = tried(present.judged, present.trial) if present.trial else present.judged
    return shortest_path(present.frame, judged, efforts, target, chapter)


def _path(present: Present, path: Path) -> dict[str, Any]:
    lang, catalogue = present.lang, present.judge.catalogue
    status = choices("status", lang)
    return {
        "title": say("page.what_if_steps", lang, status=status[path.target], count=len(path.steps)),
        "steps": [
            {
                "id": s.requirement,
                "title": catalogue[s.requirement].title[lang],
                "now": choices("verdict", lang)[s.verdict],
                "effort": choices("effort", lang)[s.effort],
                "gain": rate_text(s.gain.numerator, s.gain.denominator, lang),
            }
            for s in path.steps
        ],
        "after": say(
            "desk.path_after",
            lang,
            status=status[path.status],
            interval=conformity_text(path.figures, lang),
        ),
        "cost": say("desk.path_cost", lang, cost=path.cost),
    }


def no_path(present: Present, target: str, chapter: str) -> str:
    """
    Why there is no path to a status: it is reached already, or no legal duty applies here.
    """
    legal = present.frame[present.frame["measure"] == "legal"]
    own = legal.index[legal["theme"] == chapter] if chapter else legal.index
    applies = (present.judged.verdict.iloc[0][own] != VERDICTS.index("not_applicable")).any()
    status = choices("status", present.lang)[target]
    return say("desk.path_reached" if applies else "desk.path_nothing", present.lang, status=status)
