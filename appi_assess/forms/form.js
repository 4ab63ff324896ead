/**
 * The forms in the notebooks: one widget for the requirements of a chapter, one for the scope of an engagement.
 *
 * The kernel holds every value. This file shows what the kernel tells it and sends what the user does, so any
 * number of views may show one form and a page may be loaded again. What people typed is set as text or as the
 * value of a field, never as markup.
 */

const VERDICTS = ["met", "partly", "unknown", "not_met", "not_applicable"]; // as in the charts
const ANSWERS = ["met", "partly", "not_met", "not_applicable"];
const PAUSE = 700; // ms without a key until a text is sent
const LOOK = 3000; // ms between two looks at the files
const BESIDE = 4; // bars that stand beside the figures; more go below them
const PATIENCE = 10000; // ms until an unanswered message is called lost
const MINE = Symbol.for("appi-assess: not saved"); // what a view that was closed could not save

export default {
  render({ model, el }) {
    const form = new Form(model, el);
    form.start();
    return () => form.stop();
  },
};

/* ---- nodes ---- */

/** A new element; children that are strings become text, empty ones are left out. */
function make(tag, look, ...children) {
  const node = document.createElement(tag);
  if (look) node.className = look;
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Sets a text if it differs, so that a live region does not speak twice. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows a text in a node and hides the node without one. */
function setNote(node, text) {
  setText(node, text || "");
  node.hidden = !text;
}

/** The steps that bring what is drawn up to date; run after every message. */
class Live {
  constructor() {
    this.steps = [];
  }

  bind(step) {
    this.steps.push(step);
    step();
  }

  refresh() {
    for (const step of this.steps) step();
  }
}

/** Fills a box anew when `what` differs from last time; else only its own steps are run. */
function renewed(form, live, box, what, draw) {
  let last;
  let inner = new Live();
  live.bind(() => {
    const now = JSON.stringify(what());
    if (now === last) {
      inner.refresh();
      return;
    }
    last = now;
    inner = new Live();
    keepFocus(form, box, () => box.replaceChildren(...draw(inner)));
  });
  return box;
}

/** Runs a change inside a box; the focus stays on the field of the same name, or else on the box. */
function keepFocus(form, box, change) {
  const active = form.active();
  if (!active || !box.contains(active)) {
    change();
    return;
  }
  const [name, from, to] = [active.fieldName, active.selectionStart, active.selectionEnd];
  change();
  const fields = [...box.querySelectorAll("input, textarea, select, button, summary, [tabindex]")];
  let next = fields.find((field) => name && field.fieldName === name && !field.disabled);
  if (!next) {
    box.tabIndex = -1;
    next = box;
  }
  next.focus({ preventScroll: true });
  if (from !== null && from !== undefined && next.setSelectionRange) next.setSelectionRange(from, to);
}

/** Words with {names} filled in as text. */
function fill(text, words = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in words ? String(words[name]) : whole));
}

/* ---- the form: what is known, what is under way ---- */

class Form {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.kind = model.get("kind");
    this.uid = `appi-${Math.random().toString(36).slice(2, 10)}`;
    this.ids = 0;
    this.n = Math.floor(Math.random() * 1e6) * 1e6; // views of one model must not share numbers
    this.data = null;
    this.live = new Live();
    this.open = "";
    this.filter = { article: "", status: "", owner: "", search: "", open: false };
    this.drafts = new Map(); // name of a field -> {value, content, n, error, timer}: typed, not yet saved
    this.pending = new Map(); // n -> {content, name, at}: sent, not yet answered
    this.adding = new Map(); // requirement -> evidence that is being entered
    this.conflicts = [];
    this.left = []; // what an earlier view could not save
    this.trial = false;
    this.again = false;
    this.savedAt = "";
    this.told = "";
    this.problem = "";
    this.lookedAt = 0;
    this.heardAt = Date.now();
  }

  start() {
    this.root = make("section", "appi-form tex2jax_ignore mathjax_ignore");
    this.root.dataset.lmSuppressShortcuts = "true";
    this.root.addEventListener("keydown", (event) => shortcut(this, event));
    for (const kind of ["keydown", "keyup", "keypress"]) {
      this.root.addEventListener(kind, (event) => event.stopPropagation());
    }
    this.el.classList.add("appi-form-host");
    this.el.append(this.root);
    this.hear = (content) => this.take(content);
    this.warn = (event) => this.unsaved() && event.preventDefault();
    this.model.on("msg:custom", this.hear);
    window.addEventListener("beforeunload", this.warn);
    this.clock = setInterval(() => this.tick(), 1000);
    this.send({ do: "hello" });
  }

  stop() {
    for (const name of this.drafts.keys()) this.commit(name);
    keepUnsaved(this);
    clearInterval(this.clock);
    window.removeEventListener("beforeunload", this.warn);
    this.model.off("msg:custom", this.hear);
    this.root.remove();
  }

  /** A word or sentence of the kit in the language of the form. */
  w(key, words) {
    return fill(this.data.words[key] ?? key, words);
  }

  id() {
    this.ids += 1;
    return `${this.uid}-${this.ids}`;
  }

  active() {
    return this.el.getRootNode().activeElement;
  }

  locked() {
    return Boolean(this.data.frozen) || this.trial;
  }

  item(id = this.open) {
    return this.data.items?.find((item) => item.id === id);
  }

  send(content) {
    try {
      this.model.send(content);
    } catch {
      // The connection is gone; what matters stays pending and is reported as not saved.
    }
  }

  /** Sends what must be answered. */
  ask(content, name = "") {
    this.n += 1;
    const numbered = { ...content, n: this.n };
    this.pending.set(this.n, { content: numbered, name, at: Date.now() });
    this.send(numbered);
    this.refresh();
    return this.n;
  }

  /** What a field shows: what was typed last, or else what the kernel holds. */
  shown(name, value) {
    return this.drafts.has(name) ? this.drafts.get(name).value : (value ?? "");
  }

  error(name) {
    return this.drafts.get(name)?.error || "";
  }

  /** Notes what was typed into a field; it is sent after a pause. */
  type(name, value, content, seen) {
    const known = this.drafts.get(name);
    clearTimeout(known?.timer);
    const timer = setTimeout(() => this.commit(name), PAUSE);
    // What stood there when the user began: the kernel compares, so that nothing newer is written over.
    const was = known ? known.was : seen;
    this.drafts.set(name, { value, was, content, n: 0, error: this.error(name), timer });
    this.refresh();
  }

  /** Sends what was typed into a field, unless that is done. */
  commit(name) {
    const draft = this.drafts.get(name);
    if (!draft || draft.n) return;
    clearTimeout(draft.timer);
    draft.error = "";
    draft.n = -1; // so that a step of `ask` does not send it twice
    draft.n = this.ask({ ...draft.content(draft.value), was: draft.was }, name);
  }

  /** Sends a choice at once. */
  choose(name, value, content, seen) {
    this.type(name, value, content, seen);
    this.commit(name);
  }

  settle(n) {
    const done = this.pending.get(n);
    if (!done) return;
    this.pending.delete(n);
    if (this.drafts.get(done.name)?.n === n) this.drafts.delete(done.name);
    if (done.content.op === "add") this.adding.delete(done.content.key);
  }

  refuse(n, message) {
    const refused = this.pending.get(n);
    this.pending.delete(n);
    const draft = refused && this.drafts.get(refused.name);
    if (draft?.n === n) draft.error = message;
    else this.problem = message;
  }

  unsaved() {
    const entered = [...this.adding.values()].some((item) => Object.values(item).some(Boolean));
    return entered || this.pending.size + this.drafts.size + this.conflicts.length + this.left.length > 0;
  }

  /** The oldest message that is overdue, if any. */
  overdue() {
    const oldest = Math.min(...[...this.pending.values()].map((message) => message.at));
    return oldest + PATIENCE < Date.now() ? oldest : 0;
  }

  /** Whether the kernel has left the looks unanswered. */
  quiet() {
    return this.heardAt + PATIENCE + LOOK < Date.now();
  }

  tick() {
    const now = Date.now();
    if (document.hidden) this.heardAt = now; // nothing was asked, so nothing is missing
    const waiting = this.lookedAt > this.heardAt && this.lookedAt + PATIENCE > now;
    if (this.data && !document.hidden && !waiting && this.lookedAt + LOOK <= now) {
      this.lookedAt = now;
      this.send({ do: "look" });
    }
    if (this.data && (this.pending.size || this.quiet())) this.refresh();
  }

  take(content) {
    this.heardAt = Date.now();
    if (!this.data && content.type !== "all") return;
    TAKE[content.type]?.(this, content);
    this.refresh();
  }

  refresh() {
    this.live.refresh();
  }
}

/** What each message of the kernel changes. */
const TAKE = {
  all(form, content) {
    const before = form.data;
    form.data = content;
    form.problem = "";
    form.trial = content.trial ?? form.trial;
    for (const [n, message] of form.pending) if (message.content.do === "resolve") form.pending.delete(n);
    if (!form.item()) form.open = firstOpen(content);
    const shape = (data) => data && [data.lang, (data.items || data.gates).map((one) => one.id)];
    if (JSON.stringify(shape(before)) !== JSON.stringify(shape(content))) drawForm(form);
    if (!before) findUnsaved(form);
    if (form.again) sendAgain(form);
  },
  saved(form, content) {
    form.settle(content.n);
    form.problem = "";
    form.savedAt = content.at || form.savedAt;
    form.told = content.told || "";
    merge(form.data, content);
  },
  refused: (form, content) => form.refuse(content.n, content.message),
  conflict(form, content) {
    const name = form.pending.get(content.n)?.name;
    form.pending.delete(content.n);
    form.conflicts.push({ ...content, name });
  },
  result: (form, content) => merge(form.data, content),
  told(form, content) {
    form.told = content.message;
  },
  problem(form, content) {
    form.problem = content.message;
  },
};

/** Takes over the parts that a message brings. */
function merge(data, content) {
  for (const [id, part] of Object.entries(content.items || {})) {
    Object.assign(data.items?.find((item) => item.id === id) || {}, part);
  }
  for (const [list, key] of [
    ["gates", "id"],
    ["fields", "field"],
  ]) {
    for (const part of content[list] || []) {
      Object.assign(data[list]?.find((one) => one[key] === part[key]) || {}, part);
    }
  }
  for (const part of ["result", "sign", "frozen", "note", "evidence_files", "head", "who"]) {
    if (part in content) data[part] = content[part];
  }
}

function firstOpen(data) {
  const items = data.items || [];
  const chosen = items.find((item) => item.id === data.at) || items.find(isUnanswered) || items[0];
  return chosen ? chosen.id : "";
}

/** Sends once more what was not answered, now that the kernel speaks again. */
function sendAgain(form) {
  form.again = false;
  for (const message of form.pending.values()) {
    message.at = Date.now();
    form.send(message.content);
  }
}

/** Puts aside what this view could not save, for the view that takes its place. */
function keepUnsaved(form) {
  if (!form.data) return;
  const sent = [...form.pending.values()].map((message) => message.content);
  const drafts = [...form.drafts.values()].map((draft) => ({ ...draft.content(draft.value), was: draft.was }));
  const entered = [...form.adding].map(([key, item]) => ({ do: "evidence", key, op: "add", item }));
  // The last word on each field: what was sent, what was refused or disputed, evidence half entered.
  const kept = new Map(form.left.map((one) => [putName(one), one]));
  for (const one of [...sent, ...drafts, ...entered]) if (isKept(one)) kept.set(putName(one), one);
  globalThis[MINE] ??= new Map();
  if (kept.size) globalThis[MINE].set(ownName(form), [...kept.values()]);
}

/** Finds what an earlier view of this form left unsaved and what the files still lack. */
function findUnsaved(form) {
  const kept = globalThis[MINE]?.get(ownName(form)) || [];
  globalThis[MINE]?.delete(ownName(form));
  form.left = kept.filter((one) => one.do !== "put" || heldValue(form, one) !== one.value);
}

/** Whether a message holds something typed that must not be lost. */
const isKept = ({ do: what, op, item }) => what === "put" || (op === "add" && Object.values(item).some(Boolean));

function ownName(form) {
  const { id, title, organisation } = form.data.head;
  return JSON.stringify([form.kind, id, title, organisation]);
}

/** What the kernel holds for a field that a message would write. */
function heldValue(form, { file, key, field }) {
  if (key === "scope") return form.data.gates?.find((gate) => gate.id === field)?.answer;
  if (file === "engagement") return form.data.fields?.find((one) => one.field === field)?.value;
  const item = form.item(key);
  return file === "reviews" ? item?.review?.[field] : item?.[field];
}

const putName = ({ file, key, field, op, index }) =>
  op ? `evidence/${key}/${op === "add" ? "new" : `${index}/${field}`}` : `${file}/${key}/${field}`;
const putting = (file, key, field) => (value) => ({ do: "put", file, key, field, value });
const isUnanswered = (item) => item.answer === "" && !item.closed;

/* ---- fields ---- */

/** Ties label, control and the message of a refusal together. */
function labelled(form, live, { name, label, help, control, look }) {
  control.id = form.id();
  control.fieldName = name;
  const caption = make("label", "appi-label", label);
  caption.htmlFor = control.id;
  const more = help ? make("p", "appi-help", help) : null;
  const box = make("div", `appi-field ${look || ""}`, caption, more, control);
  withRefusal(form, live, name, box, control, more);
  return box;
}

/** Shows below a field why its value was refused. */
function withRefusal(form, live, name, box, control, more) {
  const refusal = make("p", "appi-refusal");
  refusal.id = form.id();
  if (more) more.id = form.id();
  box.append(refusal);
  live.bind(() => {
    const message = form.error(name);
    setNote(refusal, message);
    const described = [more?.id, message && refusal.id].filter(Boolean).join(" ");
    if (described) control.setAttribute("aria-describedby", described);
    else control.removeAttribute("aria-describedby");
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  });
}

/**
 * A text field that saves itself.
 *
 * `value` gives what the kernel holds, `content` the message for a new value. While the field has the focus or
 * holds what is not yet saved, nothing from the kernel overwrites it.
 */
function textField(form, live, { name, label, help, value, content, long, placeholder, look, locked }) {
  const control = make(long ? "textarea" : "input", "appi-input");
  if (long) control.rows = 3;
  else control.type = "text";
  control.autocomplete = "off";
  control.dir = "auto";
  if (placeholder) control.placeholder = placeholder;
  let composing = false;
  let seen; // what the kernel held when the field last showed it
  let typed = false;
  const type = () => form.type(name, control.value, content, seen);
  control.addEventListener("compositionstart", () => (composing = true));
  control.addEventListener("compositionend", () => (composing = false));
  control.addEventListener("input", () => {
    type();
    if (composing) clearTimeout(form.drafts.get(name).timer); // a word is still being converted
  });
  control.addEventListener("compositionend", type);
  control.addEventListener("change", () => form.commit(name));
  control.addEventListener("blur", () => form.refresh());
  live.bind(() => {
    const text = form.shown(name, value());
    // A field in use keeps what is being typed; what others changed shows as long as nothing is typed.
    const others = !form.drafts.has(name) && !typed && seen !== value();
    if ((control !== form.active() || others) && control.value !== text) control.value = text;
    if (!form.drafts.has(name)) seen = value();
    typed = form.drafts.has(name);
    control.disabled = (locked || (() => form.locked()))();
  });
  return labelled(form, live, { name, label, help, control, look });
}

/** A selection that saves itself; `options` gives pairs of value and label. */
function selectField(form, live, { name, label, help, value, content, options, look, locked }) {
  const control = make("select", "appi-input");
  control.append(...options.map(([code, text]) => new Option(text, code)));
  control.addEventListener("change", () => form.choose(name, control.value, content, value()));
  live.bind(() => {
    control.value = form.shown(name, value());
    control.disabled = locked ? locked() : form.locked();
  });
  return labelled(form, live, { name, label, help, control, look });
}

/** A group of radio buttons that saves itself; `options` gives value, label and mark. */
function radioField(form, live, { name, legend, value, content, options, look, locked, pick }) {
  const group = make("fieldset", `appi-radios ${look || ""}`, make("legend", "", legend));
  const common = form.id();
  const row = make("div", "appi-options");
  for (const [code, text, mark] of options) {
    const control = make("input");
    Object.assign(control, { type: "radio", name: common, value: code, fieldName: `${name}=${code}` });
    control.addEventListener("change", () => (pick ? pick(code) : form.choose(name, code, content, value())));
    live.bind(() => {
      control.checked = form.shown(name, value()) === code;
      control.disabled = locked ? locked() : form.locked();
    });
    row.append(
      make("label", "appi-option", control, mark ? hidden(mark, code) : null, make("span", "", text)),
    );
  }
  group.append(row);
  withRefusal(form, live, name, group, group);
  return group;
}

/** The mark of a verdict; the verdict itself stands beside it as text. */
function hidden(mark, code) {
  const node = make("span", `appi-mark appi-v-${VERDICTS.includes(code) ? code : "unknown"}`, mark);
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** Mark and label of a verdict. */
function verdictTag(form, code) {
  const { mark, verdict } = form.data.choices;
  return make("span", "appi-verdict", hidden(mark[code] || "", code), verdict[code] || code);
}

function button(form, label, act, { title, look, name } = {}) {
  const node = make("button", look || "appi-button", label);
  node.type = "button";
  node.fieldName = name || `button/${label}`;
  if (title) node.title = title;
  node.addEventListener("click", act);
  return node;
}

function details(summary, ...children) {
  return make("details", "appi-details", make("summary", "", summary), ...children);
}

function bullets(texts, look) {
  return make("ul", look || "appi-bullets", ...texts.map((text) => make("li", "", text)));
}

/** A table; cells are texts or nodes, and the first of a row is its head. */
function table(caption, head, rows, look) {
  const cell = (tag, content, scope) => {
    const node = make(tag, "", content);
    if (scope) node.scope = scope;
    return node;
  };
  const top = make("tr", "", ...head.map((text) => cell("th", text, "col")));
  const body = rows.map((row) =>
    make("tr", "", ...row.map((c, i) => cell(i ? "td" : "th", c, i ? "" : "row"))),
  );
  const title = caption ? make("caption", "", caption) : null;
  const whole = make(
    "table",
    look || "appi-table",
    title,
    make("thead", "", top),
    make("tbody", "", ...body),
  );
  return make("div", "appi-wide", whole);
}

/** A section under its own name. */
function region(label, look, ...children) {
  const node = make("section", look, ...children);
  node.setAttribute("aria-label", label);
  return node;
}

/* ---- the frame: head, save state, alerts, result ---- */

/** Draws the whole form; once, and again only when the language or the set of questions changes. */
function drawForm(form) {
  form.live = new Live();
  const { live, data, root } = form;
  root.lang = data.lang;
  root.setAttribute("aria-label", data.head.title);
  const body = form.kind === "scope" ? scopeBody(form, live) : chapterBody(form, live);
  keepFocus(form, root, () => root.replaceChildren(...heading(form, live), ...alerts(form, live), ...body));
}

function heading(form, live) {
  const title = make("h3", "appi-title");
  const organisation = make("p", "appi-organisation");
  live.bind(() => {
    setText(title, form.data.head.title);
    setNote(organisation, form.data.head.organisation);
  });
  const state = make("p", "appi-save");
  state.setAttribute("role", "status");
  live.bind(() => {
    const [code, text] = saveState(form);
    setText(state, text);
    state.dataset.state = code;
  });
  const titles = make("div", "appi-titles", title, organisation);
  return [make("div", "appi-head", titles, whoField(form, live), languages(form)), state];
}

/** Who answers; kept by the kernel and written beside every answer. */
function whoField(form, live) {
  const control = make("input", "appi-input");
  Object.assign(control, { id: form.id(), type: "text", autocomplete: "off", dir: "auto", fieldName: "who" });
  control.addEventListener("change", () => {
    form.data.who = control.value;
    form.send({ do: "who", name: control.value });
  });
  live.bind(() => {
    if (control !== form.active()) control.value = form.data.who || "";
  });
  const label = make("label", "appi-label", form.w("who"));
  label.htmlFor = control.id;
  return make("div", "appi-field appi-who", label, control);
}

function languages(form) {
  const group = make("div", "appi-languages");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", form.w("language"));
  for (const lang of ["ja", "en"]) {
    const pick = button(form, form.w(`lang_${lang}`), () => form.send({ do: "lang", lang }), { name: lang });
    pick.lang = lang;
    pick.setAttribute("aria-pressed", String(form.data.lang === lang));
    group.append(pick);
  }
  return group;
}

/** Whether everything is saved: a state for the eye and a sentence. */
function saveState(form) {
  const refused = [...form.drafts.values()].find((draft) => draft.error);
  const place = refused && (refused.content(refused.value).key || "");
  const which = place && place !== form.open && place !== "scope" ? `${place} ` : "";
  if (refused) return ["refused", form.w("not_saved", { message: which + refused.error })];
  if (form.conflicts.length) return ["refused", form.w("conflict_waits")];
  if (form.overdue()) return ["refused", form.w("no_answer")];
  if (form.pending.size || form.drafts.size) return ["saving", form.w("saving")];
  if (form.quiet()) return ["quiet", form.w("quiet")];
  if (form.savedAt) return ["saved", form.w("saved", { at: form.savedAt })];
  return ["idle", form.w(form.data.frozen ? "frozen_state" : "saves_itself")];
}

function alerts(form, live) {
  const frozen = make("p", "appi-notice");
  const note = make("p", "appi-notice");
  const told = make("p", "appi-told");
  told.setAttribute("role", "status");
  live.bind(() => {
    setNote(frozen, form.data.frozen);
    setNote(note, form.data.note);
    setText(told, form.told);
  });
  const nodes = [lostBox(form, live), leftBox(form, live), problemBox(form, live)];
  return [make("div", "appi-alerts", ...nodes, frozen, note, told)];
}

/** An alert with buttons; `text` gives its sentence, or nothing to hide it. */
function alertBox(form, live, text, ...buttons) {
  const sentence = make("p");
  const alert = make("div", "", sentence);
  alert.setAttribute("role", "alert");
  const box = make("div", "appi-alert", alert, ...buttons);
  live.bind(() => {
    box.hidden = !text();
    setText(sentence, text());
  });
  return box;
}

function lostBox(form, live) {
  const since = () => new Date(form.overdue()).toTimeString().slice(0, 8);
  const again = button(form, form.w("send_again"), () => {
    form.again = true;
    form.send({ do: "hello" });
  });
  return alertBox(form, live, () => (form.overdue() ? form.w("lost", { since: since() }) : ""), again);
}

function leftBox(form, live) {
  const finish = (save) => {
    for (const one of save ? form.left : []) {
      if (one.op) form.adding.set(one.key, one.item);
      const content = one.op ? () => one : putting(one.file, one.key, one.field);
      if (!one.op || one.item.file.trim()) form.choose(putName(one), one.value ?? "", content, one.was);
    }
    form.left = [];
    form.refresh();
  };
  const shown = (one) => `${[one.key, one.op ? one.item.file : one.value].filter(Boolean).join(" ")}`;
  const list = () => form.left.map((one) => shown(one).slice(0, 60)).join(form.w("join"));
  const text = () => (form.left.length ? form.w("left", { count: form.left.length, what: list() }) : "");
  const buttons = [
    ["left_save", true],
    ["left_drop", false],
  ];
  return alertBox(
    form,
    live,
    text,
    ...buttons.map(([key, save]) => button(form, form.w(key), () => finish(save))),
  );
}

function problemBox(form, live) {
  const close = button(form, form.w("close"), () => {
    form.problem = "";
    form.refresh();
  });
  return alertBox(form, live, () => form.problem, close);
}

/** Progress, figures and bars; they follow every answer. */
function resultSection(form, live) {
  const inner = make("div", "appi-figures");
  renewed(
    form,
    live,
    inner,
    () => [form.data.result, form.trial],
    () => figures(form, form.data.result),
  );
  const box = make("details", "appi-result", make("summary", "", make("h4", "", form.w("result"))), inner);
  box.open = true;
  return region(form.w("result"), "appi-result-section", box);
}

function figures(form, result) {
  const agreement = result.agreement ? make("p", "appi-agreement", result.agreement) : null;
  const tried = form.trial && result.trial_lines?.length ? result.trial_lines : null;
  const shown = tried ? comparison(form, result.lines, tried) : lines(form, result.lines || []);
  const bars = (result.bars || []).map((bar) => stackedBar(form, bar));
  const many = bars.length > BESIDE ? "appi-many" : "";
  return [
    make("div", "appi-progress-list", ...(result.progress || []).map((one) => progress(form, one))),
    make("div", "appi-lines", shown, agreement),
    bars.length ? make("div", `appi-bars ${many}`, legend(form), ...bars) : null,
  ].filter(Boolean);
}

/** What the marks beside the bars mean. */
function legend(form) {
  return make("p", "appi-counts appi-legend", ...VERDICTS.map((code) => verdictTag(form, code)));
}

function progress(form, { label, done, of, strong }) {
  const bar = make("progress");
  Object.assign(bar, { max: Math.max(1, of), value: done, id: form.id() });
  const name = make("label", "", label);
  name.htmlFor = bar.id;
  return make(
    "div",
    `appi-progress ${strong ? "appi-strong" : ""}`,
    name,
    bar,
    make("span", "", `${done} / ${of}`),
  );
}

function lines(form, rows) {
  const head = ["measure", "status", "interval", "coverage", "assurance"].map((key) => form.w(key));
  const row = (line) => [line.label, statusTag(line), interval(line), line.coverage, line.assurance];
  return table("", head, rows.map(row), "appi-table appi-line-table");
}

/** The figures as they are and as tried, side by side. */
function comparison(form, now, tried) {
  const keys = ["status", "interval", "coverage"];
  const head = [
    form.w("measure"),
    ...["now", "tried"].flatMap((side) =>
      keys.map((key) => make("span", "", make("small", `appi-side appi-${side}`, form.w(side)), form.w(key))),
    ),
  ];
  const cells = (line) => (line ? [statusTag(line), interval(line), line.coverage] : ["", "", ""]);
  const rows = now.map((line, place) => [line.label, ...cells(line), ...cells(tried[place])]);
  return table("", head, rows, "appi-table appi-line-table appi-compared");
}

function statusTag({ status, status_key: key }) {
  const known = ["unmet", "gap", "open", "clear", "out_of_scope"].includes(key);
  return make("span", `appi-status appi-s-${known ? key : "open"}`, status);
}

/** The interval as text, with a line from low to high below it. */
function interval(line) {
  const text = make("span", "appi-interval", line.interval);
  if (typeof line.low !== "number" || typeof line.high !== "number") return text;
  const span = make("span", "appi-span", make("span", "appi-span-inner"));
  span.setAttribute("aria-hidden", "true");
  span.firstChild.style.marginLeft = `${percent(line.low)}%`;
  span.firstChild.style.width = `${percent(line.high - line.low)}%`;
  return make("span", "appi-interval-box", text, span);
}

const percent = (share) => Math.min(100, Math.max(0, Number(share) * 100)).toFixed(2);

/** One stacked bar with its counts as text. */
function stackedBar(form, { label, counts }) {
  const total = VERDICTS.reduce((sum, code) => sum + (counts[code] || 0), 0);
  const { mark, verdict } = form.data.choices;
  const present = VERDICTS.filter((code) => counts[code]);
  const told = present.map((code) => `${verdict[code]} ${counts[code]}`).join(form.w("join"));
  const bar = make("div", "appi-bar");
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", form.w("bar", { label, counts: told || 0 }));
  for (const code of present) {
    const part = make("span", `appi-part appi-v-${code}`);
    part.style.width = `${percent(counts[code] / total)}%`;
    bar.append(part);
  }
  const texts = present.map((code) =>
    make("span", "appi-count", hidden(mark[code], code), `${counts[code]}`),
  );
  return make("div", "appi-bar-row", make("p", "", label), make("p", "appi-counts", ...texts), bar);
}

/* ---- a chapter: list and card ---- */

function chapterBody(form, live) {
  const side = region(
    form.w("list"),
    "appi-side-list",
    make("h4", "", form.w("list")),
    filters(form, live),
    list(form, live),
  );
  return [
    trialSection(form, live),
    make("div", "appi-columns", resultSection(form, live), side, cardColumn(form, live)),
  ];
}

/** The trial switch with its banner, and the way to a target. */
function trialSection(form, live) {
  const toggle = button(
    form,
    form.w("trial"),
    () => {
      form.trial = !form.trial;
      form.send({ do: "trial", on: form.trial });
      form.refresh();
    },
    { title: form.w("trial_help") },
  );
  const banner = make("p", "appi-banner");
  banner.setAttribute("role", "status");
  live.bind(() => {
    toggle.setAttribute("aria-pressed", String(form.trial));
    form.root.classList.toggle("appi-trying", form.trial);
    setNote(banner, form.trial ? form.w("trial_banner") : "");
  });
  return region(
    form.w("trial"),
    "appi-trial",
    make("div", "appi-trial-bar", toggle, banner),
    pathSection(form, live),
  );
}

function pathSection(form, live) {
  const target = make("select", "appi-input");
  const whole = make("select", "appi-input");
  whole.append(new Option(form.w("path_chapter"), ""), new Option(form.w("path_whole"), "whole"));
  renewed(
    form,
    live,
    target,
    () => form.data.result.targets || [],
    () => (form.data.result.targets || []).map(({ key, label }) => new Option(label, key)),
  );
  const show = button(form, form.w("path_show"), () =>
    form.send({ do: "path", target: target.value, whole: whole.value === "whole" }),
  );
  const field = (key, control) => labelled(form, live, { name: key, label: form.w(key), control });
  const bar = make("div", "appi-path-bar", field("path_target", target), field("path_reach", whole), show);
  const steps = make("div", "appi-path");
  renewed(
    form,
    live,
    steps,
    () => form.data.result.path || null,
    () => pathSteps(form, form.data.result.path),
  );
  return details(form.w("path"), bar, steps);
}

function pathSteps(form, path) {
  if (!path) return [];
  const { effort, verdict } = form.data.choices;
  const rows = (path.steps || []).map((step, place) => {
    const name = `${step.id} ${step.title}`;
    const jump = () => openCard(form, step.id, true);
    const inside = form.item(step.id);
    const first = inside ? button(form, name, jump, { look: "appi-link", name: `step/${step.id}` }) : name;
    const now = step.now in verdict ? verdictTag(form, step.now) : step.now;
    return [String(place + 1), first, now, effort[step.effort] || step.effort, step.gain];
  });
  const head = ["step", "requirement", "now", "effort", "gain"].map((key) => form.w(key));
  const shown = rows.length ? table("", head, rows) : null;
  const after = [path.after, path.cost].filter(Boolean).map((text) => make("p", "", text));
  return [make("p", "appi-strong", path.title), shown, ...after].filter(Boolean);
}

/** The filters above the list. */
function filters(form, live) {
  const { data, filter } = form;
  const articles = new Map(data.items.map((item) => [item.article, item.group_title]));
  const statuses = ["unanswered", "gap", "disputed"].map((key) => [key, form.w(`is_${key}`)]);
  const verdicts = VERDICTS.map((code) => [code, `${data.choices.mark[code]} ${data.choices.verdict[code]}`]);
  const every = ["", form.w("every")];
  const owners = make("select", "appi-input");
  const names = () => [...new Set(data.items.map((item) => item.owner).filter(Boolean))].sort();
  renewed(
    form,
    live,
    owners,
    () => form.data.items.map((item) => item.owner),
    () =>
      [every, ...names().map((name) => [`=${name}`, name]), ["-", form.w("no_owner")]].map(
        ([code, text]) => new Option(text, code, false, code === filter.owner),
      ),
  );
  const fixed = (options) =>
    make("select", "appi-input", ...options.map(([code, text]) => new Option(text, code)));
  const search = make("input", "appi-input");
  Object.assign(search, { type: "search", autocomplete: "off", dir: "auto" });
  const field = (key, control) => {
    control.value = filter[key];
    control.addEventListener("input", () => {
      filter[key] = control.value;
      form.refresh();
    });
    return labelled(form, live, { name: `filter/${key}`, label: form.w(`by_${key}`), control });
  };
  return make(
    "div",
    "appi-filters",
    field("search", search),
    field("status", fixed([every, ...statuses, ...verdicts])),
    field("article", fixed([every, ...articles])),
    field("owner", owners),
  );
}

/** Whether a requirement passes the filters. */
function matches(form, item) {
  const { article, status, owner, search } = form.filter;
  const known = { unanswered: isUnanswered(item), gap: item.gap, disputed: Boolean(item.disputed) };
  if (article && String(item.article) !== article) return false;
  if (status && !(known[status] ?? item.verdict === status)) return false;
  if (owner && (owner === "-" ? item.owner : `=${item.owner}` !== owner)) return false;
  const text = [item.id, item.title, item.provision, item.question, item.asks, item.comment].join("\n");
  return text.toLowerCase().includes(search.trim().toLowerCase());
}

function list(form, live) {
  const box = make("div", "appi-list");
  const groups = Map.groupBy
    ? Map.groupBy(form.data.items, (item) => item.group_title)
    : form.data.items.reduce(
        (all, item) => all.set(item.group_title, [...(all.get(item.group_title) || []), item]),
        new Map(),
      );
  for (const [title, items] of groups) {
    const entries = make("ul", "", ...items.map((item) => entry(form, live, item.id)));
    const group = make("div", "appi-group", make("h5", "", title), entries);
    live.bind(() => (group.hidden = [...entries.children].every((one) => one.hidden)));
    box.append(group);
  }
  box.addEventListener("keydown", (event) => walk(form, box, event));
  let last = "";
  live.bind(() => {
    if (last !== form.open) requestAnimationFrame(() => showEntry(box));
    last = form.open;
  });
  const count = make("p", "appi-found");
  count.setAttribute("role", "status");
  live.bind(() => {
    const found = form.data.items.filter((item) => matches(form, item)).length;
    setText(count, form.w(found ? "found" : "found_none", { found, all: form.data.items.length }));
  });
  return make("div", "appi-list-box", count, box);
}

/** Scrolls the list, and nothing but the list, to the requirement that is open. */
function showEntry(box) {
  const entry = box.querySelector("[aria-current]");
  if (!entry) return;
  const [head, all] = [box.querySelector("h5").offsetHeight, box.clientHeight];
  const [top, bottom] = [
    entry.offsetTop - box.scrollTop,
    entry.offsetTop + entry.offsetHeight - box.scrollTop,
  ];
  if (top < head) box.scrollTop += top - head;
  else if (bottom > all) box.scrollTop += bottom - all;
}

/** One requirement in the list. */
function entry(form, live, id) {
  const mark = make("span", "appi-mark-box");
  const tags = make("span", "appi-tags");
  const line = make("span", "appi-entry-line", mark, make("span", "appi-entry-id", id), tags);
  const item = () => form.item(id);
  const title = make("span", "appi-entry-title", item().title);
  const open = button(form, line, () => openCard(form, id), { look: "appi-entry", name: `entry/${id}` });
  open.append(title);
  const row = make("li", "", open);
  renewed(
    form,
    live,
    mark,
    () => item().verdict,
    () => entryMark(form, item().verdict),
  );
  live.bind(() => {
    const { closed, disputed } = item();
    const shown = [isUnanswered(item()) && "is_unanswered", disputed && "is_disputed", closed && "is_closed"];
    setText(
      tags,
      shown
        .filter(Boolean)
        .map((key) => form.w(key))
        .join(form.w("join")),
    );
    row.hidden = !matches(form, item()) && id !== form.open;
    open.tabIndex = id === form.open ? 0 : -1;
    if (id === form.open) open.setAttribute("aria-current", "true");
    else open.removeAttribute("aria-current");
  });
  return row;
}

function entryMark(form, code) {
  const { mark, verdict } = form.data.choices;
  return [hidden(mark[code] || "", code), make("span", "appi-unseen", verdict[code] || code)];
}

/** Arrow keys, Home and End in the list. */
function walk(form, box, event) {
  const entries = [...box.querySelectorAll("li:not([hidden]) > button")];
  const at = entries.indexOf(form.active());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  entries[Math.min(entries.length - 1, Math.max(0, to))].focus();
}

/** Opens the card of a requirement; with `speak`, the focus goes to its heading. */
function openCard(form, id, speak) {
  for (const name of form.drafts.keys()) form.commit(name);
  form.open = id;
  form.send({ do: "at", key: id });
  form.refresh();
  if (speak) form.root.querySelector(".appi-card-title")?.focus();
}

/** Goes to the next requirement in the list that is wanted, round the end. */
function move(form, way, wanted, speak) {
  const { items } = form.data;
  const at = items.findIndex((item) => item.id === form.open);
  for (let step = 1; step < items.length; step += 1) {
    const item = items[(at + way * step + items.length) % items.length];
    if (matches(form, item) && wanted(item)) {
      form.told = form.w("moved", { id: item.id, title: item.title });
      openCard(form, item.id, speak);
      return;
    }
  }
  form.told = form.w("none_other");
  form.refresh();
}

const MOVES = [
  ["previous", "ArrowLeft", -1, () => true],
  ["next", "ArrowRight", 1, () => true],
  ["next_unanswered", "U", 1, isUnanswered],
  ["next_gap", "G", 1, (item) => item.gap],
];

/** The keys of the form; they work while the focus is inside it. */
function shortcut(form, event) {
  if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || !form.data) return;
  const found = MOVES.find(([, key]) => key === event.key || `Key${key}` === event.code);
  const selects = /Mac/.test(navigator.platform) && event.target.matches("textarea, input:not([type=radio])");
  if (!found || (selects && found[1].startsWith("Arrow"))) return; // on a Mac these keys select words
  event.preventDefault();
  if (form.kind === "scope") nextGate(form);
  else move(form, found[2], found[3], true);
}

/** The buttons that move; those below the card lead back to its head. */
function moveBar(form, live, below) {
  const keys = { ArrowLeft: "←", ArrowRight: "→" };
  const buttons = MOVES.map(([word, key, way, wanted]) => {
    const title = `Alt+Shift+${keys[key] || key}`;
    return button(form, form.w(word), () => move(form, way, wanted, below), {
      title,
      name: `${word}/${below}`,
    });
  });
  const place = make("span", "appi-place");
  live.bind(() => {
    const at = form.data.items.findIndex((item) => item.id === form.open) + 1;
    setText(place, `${at} / ${form.data.items.length}`);
  });
  const bar = make("div", `appi-moves ${below ? "appi-below" : ""}`, ...buttons, place);
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", form.w("moving"));
  return bar;
}

function cardColumn(form, live) {
  const card = make("div", "appi-card-box");
  renewed(
    form,
    live,
    card,
    () => form.open,
    (inner) => (form.item() ? cardNodes(form, inner, form.open) : []),
  );
  return region(
    form.w("card"),
    "appi-card",
    moveBar(form, live, false),
    conflictBox(form, live),
    card,
    moveBar(form, live, true),
  );
}

/* ---- the card of one requirement ---- */

function cardNodes(form, live, id) {
  const item = () => form.item(id) || {};
  const title = make("h4", "appi-card-title", `${id}　${item().title}`);
  title.tabIndex = -1;
  const closed = make("p", "appi-notice");
  live.bind(() => setNote(closed, item().closed));
  // What the registers say stands right beside the answer, or below it where there is no room.
  const answering = make("div", "appi-answering", answerFields(form, live, item));
  const beside = make(
    "div",
    "appi-judged",
    tryField(form, live, item),
    judged(form, live, item),
    registers(form, live, item),
  );
  const work = make(
    "div",
    "appi-work",
    evidencePart(form, live, item),
    duties(form, live, item),
    review(form, live, item),
  );
  return [title, law(form, item()), closed, make("div", "appi-halves", answering, beside, work)];
}

/** What the law asks, and where. */
function law(form, item) {
  const cited = item.cited?.length
    ? make("p", "appi-cited", form.w("cited", { cited: item.cited.join(form.w("join")) }))
    : null;
  const typical = item.typical?.length
    ? [make("p", "appi-strong", form.w("typical")), bullets(item.typical)]
    : [];
  return make(
    "div",
    "appi-law",
    make("p", "appi-provision", make("span", "", item.provision), make("span", "appi-duty", item.duty)),
    make("p", "appi-asks", item.asks),
    make("p", "appi-question", item.question),
    details(
      form.w(typical.length ? "help_evidence" : "help"),
      make("p", "appi-text", item.help),
      ...typical,
      cited,
    ),
  );
}

function answerFields(form, live, item) {
  const { id } = item();
  const { answer, mark } = form.data.choices;
  const put = (field) => ({
    name: `answers/${id}/${field}`,
    value: () => item()[field],
    content: putting("answers", id, field),
  });
  const options = [...ANSWERS.map((code) => [code, answer[code], mark[code]]), ["", form.w("is_unanswered")]];
  const radios = radioField(form, live, {
    ...put("answer"),
    legend: form.w("answer"),
    options,
    look: "appi-answer",
  });
  const said = make("p", "appi-small");
  live.bind(() => setNote(said, item().answered));
  const ground = make("fieldset", "appi-ground", make("legend", "", form.w("ground")));
  const lacks = make("p", "appi-warn");
  const names = (fields) => fields.map((field) => form.data.words[field] ?? field).join(form.w("join"));
  ground.append(
    lacks,
    textField(form, live, { ...put("reason"), label: form.w("reason"), long: true }),
    textField(form, live, { ...put("approved_by"), label: form.w("approved_by") }),
    dateField(form, live, { ...put("approved_on"), label: form.w("approved_on") }),
  );
  live.bind(() => {
    ground.hidden = form.shown(`answers/${id}/answer`, item().answer) !== "not_applicable";
    setNote(lacks, item().lacks?.length ? form.w("lacks", { fields: names(item().lacks) }) : "");
  });
  const comment = textField(form, live, { ...put("comment"), label: form.w("comment"), long: true });
  return make("div", "appi-block", radios, said, ground, comment);
}

function dateField(form, live, options) {
  return textField(form, live, { ...options, placeholder: "2026-11-22", look: "appi-date" });
}

/** Owner, date and effort of closing the gap. */
function duties(form, live, item) {
  const { id } = item();
  const { effort } = form.data.choices;
  const put = (field) => ({
    name: `answers/${id}/${field}`,
    value: () => item()[field],
    content: putting("answers", id, field),
    label: form.w(field),
  });
  const usual = form.w("effort_default", { effort: effort[item().effort_default] || item().effort_default });
  const options = [["", usual], ...Object.entries(effort)];
  return make(
    "div",
    "appi-block appi-trio",
    textField(form, live, put("owner")),
    dateField(form, live, put("due")),
    selectField(form, live, { ...put("effort"), options }),
  );
}

/** The evidence of a requirement: what is attached, and a row to attach more. */
function evidencePart(form, live, item) {
  const { id } = item();
  const box = make("div", "appi-evidence-list");
  const shape = () => (item().evidence || []).map((one) => [one.fixed, one.index, one.fixed && one]);
  renewed(form, live, box, shape, (inner) => {
    const rows = (item().evidence || []).map((_, place) => evidenceRow(form, inner, item, place));
    return rows.length ? rows : [make("p", "appi-small", form.w("evidence_none"))];
  });
  return make(
    "fieldset",
    "appi-evidence",
    make("legend", "", form.w("evidence")),
    box,
    evidenceNew(form, live, id),
  );
}

function evidenceRow(form, live, item, place) {
  const one = () => item().evidence?.[place] || {};
  const { id } = item();
  const index = one().index ?? place;
  const state = make("p", "appi-small");
  live.bind(() => setNote(state, one().state));
  if (one().fixed) {
    const dates = [one().dated, one().valid_until && form.w("until", { date: one().valid_until })];
    const texts = [one().file, ...dates, form.w("from_register")]
      .filter(Boolean)
      .map((text) => make("span", "", text));
    return make("div", "appi-evidence-row appi-fixed", ...texts, state);
  }
  const put = (field) => ({
    name: `evidence/${id}/${index}/${field}`,
    label: form.w(`evidence_${field}`),
    value: () => one()[field],
    content: (value) => ({ do: "evidence", key: id, op: "put", index, name: one().file, field, value }),
  });
  const ours = `evidence/${id}/${index}/`;
  const drop = button(
    form,
    form.w("remove"),
    () => {
      for (const name of form.drafts.keys()) if (name.startsWith(ours)) form.drafts.delete(name);
      form.ask({ do: "evidence", key: id, op: "drop", index, name: one().file });
    },
    { name: `drop/${index}` },
  );
  // The rows below move up, so what was refused there has to be mended first.
  const refused = ([name, draft]) =>
    draft.error && name.startsWith(`evidence/${id}/`) && !name.startsWith(ours);
  live.bind(() => {
    drop.setAttribute("aria-label", form.w("remove_this", { file: one().file }));
    drop.disabled = form.locked() || [...form.drafts].some(refused);
  });
  return make(
    "div",
    "appi-evidence-row",
    textField(form, live, { ...put("file"), look: "appi-file" }),
    dateField(form, live, put("dated")),
    dateField(form, live, put("valid_until")),
    drop,
    state,
  );
}

/** The row in which new evidence is entered; nothing is sent before the button is pressed. */
function evidenceNew(form, live, id) {
  const name = `evidence/${id}/new`;
  const held = () => form.adding.get(id) || { file: "", dated: "", valid_until: "" };
  const inputs = Object.fromEntries(
    ["file", "dated", "valid_until"].map((field) => {
      const control = make("input", "appi-input");
      Object.assign(control, {
        type: "text",
        autocomplete: "off",
        dir: "auto",
        placeholder: field === "file" ? "" : "2026-11-22",
      });
      control.addEventListener("input", () => form.adding.set(id, { ...held(), [field]: control.value }));
      live.bind(() => {
        if (control.value !== held()[field]) control.value = held()[field];
        control.disabled = form.locked();
      });
      return [field, control];
    }),
  );
  const files = make("select", "appi-input");
  renewed(
    form,
    live,
    files,
    () => form.data.evidence_files || [],
    () => [
      new Option(form.w("choose_file"), ""),
      ...(form.data.evidence_files || []).map((file) => new Option(file, file)),
    ],
  );
  files.addEventListener("change", () => {
    if (files.value) form.adding.set(id, { ...held(), file: files.value });
    files.value = "";
    form.refresh();
  });
  const known = make("datalist");
  known.id = form.id();
  renewed(
    form,
    live,
    known,
    () => form.data.evidence_files || [],
    () => (form.data.evidence_files || []).map((file) => new Option("", file)),
  );
  inputs.file.setAttribute("list", known.id);
  const add = button(
    form,
    form.w("add"),
    () => {
      const content = () => ({ do: "evidence", key: id, op: "add", item: held() });
      if (held().file.trim()) form.choose(name, "", content);
      else inputs.file.focus();
    },
    { name: `add/${id}` },
  );
  live.bind(() => {
    add.disabled = form.locked();
    files.disabled = form.locked();
  });
  const field = (key, control, look) =>
    labelled(form, live, { name: `${name}/${key}`, label: form.w(`evidence_${key}`), control, look });
  const box = make(
    "div",
    "appi-evidence-row appi-new",
    field("pick", files, "appi-file"),
    field("file", inputs.file, "appi-file"),
    field("dated", inputs.dated, "appi-date"),
    field("valid_until", inputs.valid_until, "appi-date"),
    add,
    known,
  );
  withRefusal(form, live, name, box, inputs.file);
  return box;
}

/** The verdict with its reasons. */
function judged(form, live, item) {
  const box = make("div", "appi-verdict-box");
  const what = () => [item().verdict, item().because, item().notes, item().support, item().gain];
  renewed(form, live, box, what, () => {
    const { verdict, because, notes, support, gain } = item();
    const label = form.data.choices.support?.[support] || support;
    return [
      make(
        "p",
        "appi-verdict-line",
        verdictTag(form, verdict),
        label ? make("span", "appi-support", label) : null,
      ),
      make("p", "", because),
      notes?.length ? bullets(notes, "appi-notes") : null,
      gain ? make("p", "appi-small", form.w("gain_is", { gain })) : null,
    ].filter(Boolean);
  });
  return region(form.w("verdict"), "appi-block appi-panel", make("h5", "", form.w("verdict")), box);
}

/** What the registers say about a requirement. */
function registers(form, live, item) {
  const box = make("div");
  renewed(
    form,
    live,
    box,
    () => item().rows || [],
    () => (item().rows || []).map((row) => registerCheck(form, row)),
  );
  const section = region(
    form.w("registers"),
    "appi-block appi-panel",
    make("h5", "", form.w("registers")),
    box,
  );
  live.bind(() => (section.hidden = !item().rows?.length));
  return section;
}

function registerCheck(form, row) {
  const code = { pass: "met", fail: "not_met" }[row.state] || "not_applicable";
  const { mark } = form.data.choices;
  const line = make(
    "p",
    "appi-check-line",
    hidden(mark[code], code),
    make("span", "", make("strong", "", row.register), ` ${row.check}`),
  );
  const failing = row.failing || [];
  const cells = failing.map((one) => [
    String(one.row),
    one.subject,
    `${one.heading}${form.w("colon")}${one.value}`,
    one.because,
  ]);
  const head = ["row", "subject", "cell", "because"].map((key) => form.w(key));
  return make(
    "div",
    "appi-check",
    line,
    make("p", "appi-small", row.state_text),
    cells.length ? table("", head, cells, "appi-table appi-check-table") : null,
    row.more ? make("p", "appi-small", row.more) : null,
    row.remedy ? make("p", "", make("strong", "", form.w("remedy"), form.w("colon")), row.remedy) : null,
  );
}

/** The choice of a verdict to try; shown while trying. */
function tryField(form, live, item) {
  const { id } = item();
  const { verdict, mark } = form.data.choices;
  const options = [...ANSWERS.map((code) => [code, verdict[code], mark[code]]), ["", form.w("try_none")]];
  const pick = (code) => form.send({ do: "try", key: id, verdict: code });
  const group = radioField(form, live, {
    name: `try/${id}`,
    legend: form.w("try"),
    value: () => item().tried,
    options,
    look: "appi-try",
    locked: () => false,
    pick: (code) => {
      item().tried = code;
      pick(code);
    },
  });
  live.bind(() => (group.hidden = !form.trial));
  return group;
}

/** The second pair of eyes. */
function review(form, live, item) {
  const { id } = item();
  const held = () => item().review || {};
  const { verdict, mark, review: given } = form.data.choices;
  const codes = Object.entries(given || Object.fromEntries(ANSWERS.map((code) => [code, verdict[code]])));
  const options = [...codes.map(([code, text]) => [code, text, mark[code]]), ["", form.w("review_none")]];
  const put = (field) => ({
    name: `reviews/${id}/${field}`,
    value: () => held()[field],
    content: putting("reviews", id, field),
  });
  const radios = radioField(form, live, { ...put("verdict"), legend: form.w("review_verdict"), options });
  const comment = textField(form, live, { ...put("comment"), label: form.w("review_comment"), long: true });
  const signed = make("p", "appi-small");
  const disputed = make("p", "appi-warn");
  live.bind(() => {
    setNote(
      signed,
      held().by || held().on ? form.w("reviewed", { by: held().by || "", on: held().on || "" }) : "",
    );
    setNote(disputed, item().disputed);
  });
  return make(
    "fieldset",
    "appi-review",
    make("legend", "", form.w("review")),
    disputed,
    radios,
    comment,
    signed,
  );
}

/* ---- two versions of one value ---- */

/** The first conflict that waits for a decision; it takes the focus, and the next one waits its turn. */
function conflictBox(form, live) {
  const box = make("div", "appi-conflict-slot");
  const shown = () => form.conflicts[0] || null;
  renewed(form, live, box, shown, () => (shown() ? [conflictSection(form, shown())] : []));
  let last = null;
  live.bind(() => {
    if (shown() && shown() !== last) box.querySelector(".appi-conflict-title")?.focus();
    last = shown();
  });
  return box;
}

function conflictSection(form, conflict) {
  const title = make("h5", "appi-conflict-title", form.w("conflict"));
  const text = make("p", "", conflict.message);
  [title.id, text.id, title.tabIndex] = [form.id(), form.id(), -1];
  const rows = conflict.rows.map((row) =>
    [row.label, row.mine, row.disk].map((cell) => (cell ? cell : form.w("blank"))),
  );
  const shown = table(
    "",
    ["field", "mine", "disk"].map((key) => form.w(key)),
    rows,
  );
  const take = (side) => button(form, form.w(`take_${side}`), () => resolve(form, conflict, side));
  const box = make(
    "section",
    "appi-conflict",
    title,
    text,
    shown,
    make("div", "appi-row", take("mine"), take("disk")),
  );
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-labelledby", title.id);
  box.setAttribute("aria-describedby", text.id);
  return box;
}

function resolve(form, conflict, side) {
  form.conflicts.shift();
  if (side === "disk") form.drafts.delete(conflict.name);
  const content = { do: "resolve", n: conflict.n, take: side };
  form.pending.set(conflict.n, { content, name: conflict.name, at: Date.now() });
  form.send(content);
  form.refresh();
  const back = form.kind === "scope" ? ".appi-scope-title" : ".appi-card-title";
  if (!form.conflicts.length) form.root.querySelector(back)?.focus({ preventScroll: true });
}

/* ---- the scope of an engagement ---- */

function scopeBody(form, live) {
  const fields = make(
    "div",
    "appi-fields",
    ...(form.data.fields || []).map((one) => engagementField(form, live, one)),
  );
  const about = region(
    form.w("about"),
    "appi-about",
    make("h4", "appi-scope-title", form.w("about")),
    fields,
  );
  about.firstChild.tabIndex = -1;
  const gates = make("div", "appi-gates", ...form.data.gates.map((gate) => gateField(form, live, gate.id)));
  const asked = region(
    form.w("scope"),
    "appi-scope",
    make("h4", "", form.w("scope")),
    gateBar(form, live),
    gates,
  );
  return [
    conflictBox(form, live),
    about,
    make("div", "appi-columns appi-two", resultSection(form, live), asked),
    signSection(form, live),
  ];
}

function engagementField(form, live, { field, label, help, options }) {
  const held = () => form.data.fields.find((one) => one.field === field)?.value;
  const common = {
    name: `engagement//${field}`,
    label,
    help,
    value: held,
    content: putting("engagement", "", field),
  };
  const languages = ["ja", "en"].map((lang) => [lang, form.w(`lang_${lang}`)]);
  const given = options || (field === "language" ? languages : null);
  if (given) return selectField(form, live, { ...common, options: given });
  return textField(form, live, { ...common, placeholder: field === "as_of" ? "2026-11-22" : "" });
}

function gateBar(form, live) {
  const only = make("input");
  Object.assign(only, { type: "checkbox", checked: form.filter.open, fieldName: "filter/open" });
  only.addEventListener("change", () => {
    form.filter.open = only.checked;
    form.refresh();
  });
  const left = make("span", "appi-place");
  left.setAttribute("role", "status");
  live.bind(() => {
    const open = form.data.gates.filter((gate) => !gate.answer).length;
    setText(left, form.w(open ? "gates_open" : "gates_done", { count: open }));
  });
  const next = button(form, form.w("next_unanswered"), () => nextGate(form), { title: "Alt+Shift+U" });
  return make(
    "div",
    "appi-moves",
    make("label", "appi-option", only, make("span", "", form.w("only_unanswered"))),
    next,
    left,
  );
}

/** Goes to the next question without an answer, round the end. */
function nextGate(form) {
  const boxes = [...form.root.querySelectorAll(".appi-gate")];
  const at = boxes.findIndex((box) => box.contains(form.active()));
  const turned = [...boxes.slice(at + 1), ...boxes.slice(0, at + 1)];
  const open = new Set(form.data.gates.filter((gate) => !gate.answer).map((gate) => gate.id));
  const next = turned.find((box) => open.has(box.gate));
  form.told = next ? "" : form.w("none_other");
  form.refresh();
  next?.querySelector("input")?.focus();
}

function gateField(form, live, id) {
  const gate = () => form.data.gates.find((one) => one.id === id);
  const name = `engagement/scope/${id}`;
  const options = [
    ["yes", form.w("yes")],
    ["no", form.w("no")],
    ["", form.w("is_unanswered")],
  ];
  const put = { name, value: () => gate().answer, content: putting("engagement", "scope", id) };
  const group = radioField(form, live, {
    ...put,
    legend: `${id}　${gate().question}`,
    options,
    look: "appi-gate",
  });
  group.gate = id;
  const now = make("p", "appi-effect-now");
  const contradicted = make("p", "appi-warn");
  const spoken = make("div", "", contradicted, now);
  spoken.setAttribute("role", "status");
  live.bind(() => {
    setNote(contradicted, gate().contradicted);
    setNote(now, gate().effect_now);
    const answered = form.shown(name, gate().answer);
    // A question that is being answered does not vanish under the hand.
    group.hidden = form.filter.open && answered !== "" && !group.contains(form.active());
  });
  group.addEventListener("focusout", () => setTimeout(() => form.refresh()));
  const help = gate().help ? details(form.w("help"), make("p", "appi-text", gate().help)) : null;
  const effect = gate().effect
    ? make("p", "appi-small", form.w("concerns", { effect: gate().effect }))
    : null;
  group.append(...[effect, help, spoken].filter(Boolean));
  return group;
}

/** Signing off a period, or opening it again; both ask once more. */
function signSection(form, live) {
  const text = make("p");
  const comment = make("textarea", "appi-input");
  Object.assign(comment, { rows: 2, dir: "auto" });
  const field = labelled(form, live, {
    name: "sign/comment",
    label: form.w("sign_comment"),
    control: comment,
  });
  const step = make("div", "appi-row");
  let asking = false;
  const turn = (on) => {
    asking = on;
    form.refresh();
    step.querySelector("button")?.focus();
  };
  const confirm = (signed) => {
    asking = false;
    const said = comment.value;
    comment.value = ""; // a remark on signing is no reason for reopening
    form.ask({ do: signed ? "reopen" : "signoff", comment: said });
  };
  const sign = () => form.data.sign || {};
  renewed(
    form,
    live,
    step,
    () => [sign().signed, sign().can, asking],
    () => signButtons(form, sign(), asking, turn, confirm),
  );
  live.bind(() => {
    setText(text, sign().text || "");
    comment.disabled = !sign().can;
  });
  return region(form.w("sign"), "appi-sign", make("h4", "", form.w("sign")), text, field, step);
}

function signButtons(form, { signed, can }, asking, turn, confirm) {
  const word = signed ? "reopen" : "signoff";
  if (asking) {
    const sure = button(form, form.w(`${word}_sure`), () => confirm(signed), {
      look: "appi-button appi-strong",
    });
    return [sure, button(form, form.w("cancel"), () => turn(false))];
  }
  const start = button(form, form.w(word), () => turn(true));
  start.disabled = !can;
  return [start];
}
