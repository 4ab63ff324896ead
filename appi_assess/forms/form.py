"""
The forms: what the browser says is done, written and answered; the browser itself only draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, reduce
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import traitlets
from anywidget import AnyWidget

from appi_assess import law
from appi_assess.assess import VERDICTS, Judged
from appi_assess.engagement import ANSWERS, ENGAGEMENT, REVIEWS, Answer, Review
from appi_assess.problems import InputProblems, Problem, shown
from appi_assess.wording import LANGUAGES, choices, say
from appi_assess.yaml_edit import add, drop, put

from .content import Present, answered, asked, effect_text, find_path, gate, no_path, result
from .desk import Conflict, Differing, Edit
from .journal import Place, Value
from .words import both_values, evidence_files, frozen_text, head_fields, sign_state, told, written

if TYPE_CHECKING:
    from .live import Live

_FILES = {"answers": ANSWERS, "reviews": REVIEWS, "engagement": ENGAGEMENT}


class Form(AnyWidget):
    """
    A form of a notebook: the requirements of a chapter, or the scope questions of notebook 00.

    Args:
        live: The notebook.
        kind: ``chapter`` or ``scope``.
        chapter: Its number.
    """

    _esm = files("appi_assess.forms").joinpath("form.js").read_text(encoding="utf-8")
    _css = files("appi_assess.forms").joinpath("form.css").read_text(encoding="utf-8")
    kind = traitlets.Unicode().tag(sync=True)

    def __init__(self, live: Live, kind: str, chapter: str) -> None:
        super().__init__(kind=kind)
        self.live, self.desk = live, live.desk
        self.chapter = chapter if kind == "chapter" else ""
        self.trial: dict[str, str] = {}
        self.wanted: tuple[str, str] | None = None  # the status that a path is asked for, and where
        self.effects: dict[str, str] = {}
        self.trying = False
        self._mine: dict[Place, Value] = {}  # what this form wrote last
        self._done: set[object] = set()
        self.waiting: dict[object, dict[str, Any]] = {}  # changes that met others, by their numbers
        self._judged: tuple[object, Judged] | None = None
        self._law: tuple[object, str, list[dict[str, Any]]] | None = None
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        return say("desk.form_text", self.live.lang)  # what stays in a saved notebook

    def show(self, note: str = "") -> None:
        """
        Send everything that the form shows.
        """
        present = self._present()
        content = {
            "type": "all",
            **self._surroundings(),
            "note": note,
            "result": self._result(present),
        }
        self.send(content | (self._items(present) if self.kind == "chapter" else self._scope(present)))

    def _heard(self, _: object, content: Mapping[str, Any], __: object) -> None:
        """
        Do what the browser asks; whatever goes wrong is told there.
        """
        number, before = content.get("n"), self.desk.engagement
        if number is not None and number in self._done:
            self._saved(number, "", everything=True)  # sent again because the reply was lost
            return
        try:
            self._does[content["do"]](content)
        except Conflict as conflict:
            mine = {d.field: d.mine for d in conflict.fields if d.field != content.get("field")}
            self.waiting[number] = {**content, "mine": mine}
            self.send(both_values(conflict, content, self.desk, self.live.lang) | {"n": number})
        except InputProblems as error:
            self._refuse(number, self._reasons(error, str(content.get("key", ""))))
            if self.desk.engagement is not before:
                # What others changed was taken in, although the change itself was refused.
                self._show_taken()
        except OSError as error:
            self._refuse(number, say("desk.disk", self.live.lang, reason=error.strerror or str(error)))
        except Exception as error:
            self._refuse(
                number, say("desk.failed", self.live.lang, reason=f"{type(error).__name__}: {error}")
            )
            raise
        self._undone()

    @cached_property
    def _does(self) -> dict[str, Callable[[Mapping[str, Any]], None]]:
        """
        What the browser may ask for.
        """
        return {
            "hello": self._hello,
            "look": self._look,
            "put": self._put,
            "evidence": self._evidence,
            "resolve": self._resolve,
            "lang": self._lang,
            "who": self._who,
            "at": self._at,
            "trial": self._trial,
            "try": self._try,
            "path": self._path_to,
            "signoff": self._signoff,
            "reopen": self._reopen,
        }

    def _reasons(self, error: InputProblems, key: str) -> str:
        """
        Why something was refused; what is merely noticed in the files is left out.
        """
        found = [p for p in error.problems if p.level == "error"]
        if len(found) == 1 and key and found[0].key.startswith(key):
            found = [replace(found[0], file="", line=None, key="")]  # the form stands at the place
        return "\n".join(p.said(self.live.lang) for p in found)

    def _refuse(self, number: int | None, message: str) -> None:
        self.send({"type": "problem" if number is None else "refused", "n": number, "message": message})

    def _hello(self, _: Mapping[str, Any]) -> None:
        if self.desk.look():
            self._show_taken()
        else:
            self.show()

    def _look(self, _: Mapping[str, Any]) -> None:
        if self.desk.look():
            self._show_taken()
        else:
            self.send({"type": "alive"})

    def _show_taken(self) -> None:
        """
        Show everything after changes by others were taken in, and name them.
        """
        self.show(self._told())
        self.live.changed(self)

    def _undone(self) -> None:
        """
        Ask about values that this form wrote and that another has changed, however that was noticed.
        """
        found: dict[tuple[str, str], list[Differing]] = {}
        for place, mine in list(self._mine.items()):
            disk = self.desk.said.get(place, "")
            if disk != mine:
                found.setdefault(place[:2], []).append(Differing(place[2], mine, disk))
                del self._mine[place]
        for (file, key), differing in found.items():
            number = f"undone {len(self.waiting)} {file} {key}"
            self.waiting[number] = {"do": "mine", "file": file, "key": key, "n": number}
            self.waiting[number]["mine"] = {d.field: d.mine for d in differing}
            conflict = Conflict(file, key, tuple(differing))
            shown_both = both_values(conflict, self.waiting[number], self.desk, self.live.lang)
            self.send(shown_both | {"n": number})

    def _put(self, content: Mapping[str, Any], *, over: bool = False) -> None:
        file, key, field = _FILES[content["file"]], str(content["key"]), str(content["field"])
        if not over:
            self._expect((file, key, field), content)
        else:
            self.desk.look()
        value = written(self.desk.engagement, file, key, field, str(content["value"]))
        edits = self._own(file, key, content.get("mine", {}))
        if file == ENGAGEMENT:
            edits.append(_setting((key, field) if key else (field,), value))
        else:
            edits.append(_setting((key, field), value))
            edits += self._signed(file, key, field, value)
        if (file, field) == (ENGAGEMENT, "assessor") and not self.live.who:
            self.live.who = shown(value, 200)  # until somebody says otherwise
        self._save(content, file, key, edits, over=over)

    def _signed(self, file: str, key: str, field: str, value: str) -> list[Edit]:
        """
        Who answered or reviewed, and when; blank again with the answer.
        """
        known: Answer | Review | None
        engagement = self.desk.engagement
        who, today = (self.live.who, _today().isoformat()) if value.strip() else ("", "")
        if file == ANSWERS and field == "answer":
            known = engagement.answers.get(key)
            names = (("answered_by", who), ("answered_on", today))
        elif file == REVIEWS and field in ("verdict", "comment"):
            review = known = engagement.reviews.get(key)
            if not value.strip() and review and (review.comment if field == "verdict" else review.verdict):
                return []  # what is left of the review keeps its author
            names = (("by", who), ("on", today))
        else:
            return []
        return [_setting((key, name), text) for name, text in names if text or getattr(known, name, "")]

    def _expect(self, place: Place, content: Mapping[str, Any]) -> None:
        """
        Make sure that a field still says what it said when the user began to type.

        Raises:
            Conflict: If a look took in another value meanwhile, one that this form did not write.
        """
        held, value = self.desk.said.get(place, ""), str(content["value"])
        if content.get("was", held) not in (held, value) and held != self._mine.get(place):
            raise Conflict(place[0], place[1], (Differing(place[2], value, held),))

    def _own(self, file: str, key: str, mine: Mapping[str, Value]) -> list[Edit]:
        """
        What gives a requirement back the values that this form showed.
        """
        edits: list[Edit] = []
        for field, value in mine.items():
            if isinstance(value, list) or field == "evidence":
                held = self.desk.said.get((file, key, field), [])
                edits += [_dropping((key, field, at)) for at in reversed(range(len(held)))]
                edits += [_adding((key, field), piece) for piece in value if isinstance(piece, dict)]
            else:
                place = (key, field) if key else (field,)
                edits.append(_setting(place, written(self.desk.engagement, file, key, field, value)))
        return edits

    def _keep(self, content: Mapping[str, Any], *, over: bool) -> None:
        """
        Write again what this form had written and another took away.
        """
        file, key = str(content["file"]), str(content["key"])
        self._save(content, file, key, self._own(file, key, content["mine"]), over=over)

    def _piece(self, key: str, content: Mapping[str, Any]) -> int:
        """
        Where the piece of evidence stands now that stood at ``index`` with the name ``name``.

        Raises:
            InputProblems: If it is gone.
        """
        answer = self.desk.engagement.answers.get(key, Answer())
        names = [p.file for p in answer.evidence if not p.listed]
        at, name = int(content["index"]), str(content["name"])
        if at < len(names) and names[at] == name:
            return at
        if name not in names:
            raise InputProblems([Problem("evidence_gone", ANSWERS, key=key)])
        return names.index(name)

    def _evidence(self, content: Mapping[str, Any], *, over: bool = False) -> None:
        key = str(content["key"])
        place = (key, "evidence")
        edit: Edit
        if over:
            self.desk.look()
        edits = self._own(ANSWERS, key, {f: v for f, v in content.get("mine", {}).items() if f != "evidence"})
        if content["op"] == "add":
            item = {str(k): str(v).strip() for k, v in content["item"].items() if str(v).strip()}
            if not item.get("file"):
                raise InputProblems([Problem("evidence_file", ANSWERS, key=key)])
            edit = _adding(place, item)
        elif content["op"] == "drop":
            edit = _dropping((*place, self._piece(key, content)))
        else:
            edit = _setting((*place, self._piece(key, content), str(content["field"])), str(content["value"]))
        self._save(content, ANSWERS, key, [*edits, edit], over=over)

    def _save(
        self, content: Mapping[str, Any], file: str, key: str, edits: list[Edit], *, over: bool = False
    ) -> None:
        """
        Write, then answer with what has changed.
        """
        before = self._judgement()
        judge = self.desk.judge
        changes = self.desk.write(
            file, key, lambda text: reduce(lambda t, edit: edit(t), edits, text), self.live.who, over=over
        )
        self._done.add(content.get("n"))
        if content["do"] == "put":
            place = (file, key, str(content["field"]))
            self._mine[place] = self.desk.said.get(place, "")
        others = bool(self.desk.outside) or self.desk.judge is not judge or file == ENGAGEMENT
        if file == ENGAGEMENT and key == "scope":
            field = str(content["field"])
            self.effects = {field: effect_text(before, self._judgement(), self.live.lang)}
        self._saved(content.get("n"), key, everything=others or self.kind == "scope")
        if changes or others:
            self.live.changed(self)

    def _saved(self, number: int | None, key: str, *, everything: bool) -> None:
        present = self._present()
        told = self._told()
        content = {
            "type": "saved",
            "n": number,
            "at": f"{datetime.now():%H:%M:%S}",  # noqa: DTZ005 - the clock on the user's wall
            "told": told,
            "result": self._result(present),
        }
        if self.kind == "scope":
            self.send(content | self._scope(present))
        elif everything:
            self.send(content | {"items": {}})
            self.show(told)
        else:
            self.send(content | {"items": {key: self._answered(present, [key])[0]} if key else {}})

    def _resolve(self, content: Mapping[str, Any]) -> None:
        """
        What to do with a change that met another: write it after all, or take what the file says.
        """
        waiting = self.waiting.pop(content.get("n"), None)
        if waiting is None:
            self.show()
        elif content["take"] == "mine":
            {"put": self._put, "evidence": self._evidence, "mine": self._keep}[waiting["do"]](
                waiting, over=True
            )
        else:
            decided = (_FILES.get(waiting.get("file", "answers"), waiting.get("file")), waiting["key"])
            self._mine = {p: v for p, v in self._mine.items() if p[:2] != decided}
            self.desk.look()
            self._saved(content.get("n"), "", everything=False)
            self.show(say("desk.disk_taken", self.live.lang))
            self.live.changed(self)

    def _lang(self, content: Mapping[str, Any]) -> None:
        if content["lang"] in LANGUAGES:
            self.live.lang = content["lang"]
            self.effects = {}
            self.show()
            self.live.changed(self)

    def _who(self, content: Mapping[str, Any]) -> None:
        self.live.who = shown(str(content["name"]), 200)
        self.send({"type": "alive"})

    def _at(self, content: Mapping[str, Any]) -> None:
        self.live.at = str(content["key"])

    def _trial(self, content: Mapping[str, Any]) -> None:
        self.trial, self.wanted, self.trying = {}, None, bool(content["on"])
        self._show_result(everything=True)

    def _try(self, content: Mapping[str, Any]) -> None:
        key, verdict = str(content["key"]), str(content["verdict"])
        if verdict in VERDICTS and key in self.desk.judge.catalogue:
            self.trial[key] = verdict
        else:
            self.trial.pop(key, None)
        self._show_result([key])

    def _path_to(self, content: Mapping[str, Any]) -> None:
        target, chapter = str(content["target"]), "" if content.get("whole") else self.chapter
        self.wanted = (target, chapter)
        if self._show_result()["path"] is None:
            self.wanted = None
            self.send({"type": "told", "message": no_path(self._present(), target, chapter)})

    def _show_result(self, keys: list[str] | None = None, *, everything: bool = False) -> dict[str, Any]:
        present = self._present()
        if everything and self.kind == "chapter":
            keys = [r.id for r in present.chapter(self.chapter)]
        items = {k: {"tried": self.trial.get(k, "")} for k in keys or []}
        found = self._result(present)
        self.send({"type": "result", "result": found, "items": items})
        return found

    def _signoff(self, content: Mapping[str, Any]) -> None:
        self.desk.sign_off(self.live.who, str(content.get("comment", "")), _today())
        self._frozen_or_not(content)

    def _reopen(self, content: Mapping[str, Any]) -> None:
        self.desk.reopen(self.live.who, str(content.get("comment", "")))
        self._frozen_or_not(content)

    def _frozen_or_not(self, content: Mapping[str, Any]) -> None:
        self._saved(content.get("n"), "", everything=True)
        self.show()
        self.live.changed(self)

    def _judgement(self) -> Judged:
        """
        The verdicts of the answers as they are; judged once for each state of them.
        """
        engagement = self.desk.engagement
        if self._judged is None or self._judged[0] is not engagement:
            self._judged = (engagement, self.desk.judge.verdicts(engagement))
        return self._judged[1]

    def _present(self) -> Present:
        in_force = {r: v for r, v in self.trial.items() if r in self.desk.judge.catalogue}
        return Present(self.desk.engagement, self.desk.judge, self._judgement(), self.live.lang, in_force)

    def _result(self, present: Present) -> dict[str, Any]:
        path = find_path(present, *self.wanted) if self.wanted else None
        return result(present, self.chapter, path)

    def _surroundings(self) -> dict[str, Any]:
        lang, engagement = self.live.lang, self.desk.engagement
        title = next(c for c in law.chapters() if c.id == (self.chapter or "00")).title[lang]
        return {
            "lang": lang,
            "words": choices("form", lang),
            "choices": {
                "verdict": choices("verdict", lang),
                "mark": choices("mark", lang),
                "effort": choices("effort_long", lang),
                "answer": {
                    k: choices("verdict", lang)[k] for k in ("met", "partly", "not_met", "not_applicable")
                },
                "review": choices("verdict", lang),
            },
            "who": self.live.who,
            "at": self.live.at,
            "frozen": frozen_text(self.desk, lang),
            "trial": self.trying,
            "head": {"id": self._name(), "title": title, "organisation": engagement.organisation},
            "evidence_files": evidence_files(engagement),
        }

    def _name(self) -> str:
        """
        What tells this engagement from any other in the memory of a browser, without naming its folder.
        """
        return hashlib.sha256(str(self.desk.folder.resolve()).encode("utf-8", "surrogatepass")).hexdigest()

    def _items(self, present: Present) -> dict[str, Any]:
        requirements = present.chapter(self.chapter)
        if self._law is None or self._law[:2] != (self.desk.judge, present.lang):
            self._law = (self.desk.judge, present.lang, [asked(r, present) for r in requirements])
        states = self._answered(present, [r.id for r in requirements])
        return {"items": [known | state for known, state in zip(self._law[2], states, strict=True)]}

    def _answered(self, present: Present, ids: list[str]) -> list[dict[str, Any]]:
        """
        The state of some requirements of this chapter; an answer changes its own verdict only.
        """
        wanted = [i for i in ids if i in present.judge.catalogue]
        found = present.judge.findings(present.engagement, present.judged.of(wanted))
        return [answered(f, present) for f in found]

    def _scope(self, present: Present) -> dict[str, Any]:
        scope = present.judge.scope(present.engagement)
        return {
            "fields": head_fields(present.engagement, present.lang),
            "gates": [gate(s, present, self.effects.get(s.gate, "")) for s in scope],
            "sign": sign_state(self.desk, present.lang),
        }

    def _told(self) -> str:
        return told(self.desk, self.live.lang)


def _setting(place: tuple[str | int, ...], value: str) -> Edit:
    return lambda text: put(text, place, value)


def _adding(place: tuple[str | int, ...], item: Mapping[str, str]) -> Edit:
    return lambda text: add(text, place, item)


def _dropping(place: tuple[str | int, ...]) -> Edit:
    return lambda text: drop(text, place)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the user's own calendar day
