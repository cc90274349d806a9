// What a page loads when its reader first wants to run, edit or check something.
import { DOMPurify, createEditor, markLine } from "./vendor.js";

const element = (tag, attributes = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
};
const button = (text, onclick, className = "") =>
  element("button", { type: "button", textContent: text, onclick, className });
const megabytes = (bytes) => (bytes / 1e6).toFixed(1).replace(/^0\.0$/, "0.1");

// ---- What is kept in this browser ----------------------------------------------------------

const memory = {};
function keep(key, value) {
  const text = JSON.stringify(value);
  try {
    if (value === null) localStorage.removeItem(`live:${key}`);
    else localStorage.setItem(`live:${key}`, text);
    return true;
  } catch {
    memory[key] = text;
    return false;
  }
}
function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(`live:${key}`) ?? memory[key] ?? "null");
  } catch {
    return null;
  }
}

// ---- Python, one for the page ----------------------------------------------------------------

class Python {
  constructor({ manifest, base }) {
    Object.assign(this, { manifest, base, packs: new Set(), waiting: new Map(), number: 0 });
  }

  complete(packs) {
    const all = new Set(["course", "numpy"]);
    const add = (name) => {
      if (all.has(name)) return;
      this.manifest.packs[name].after.forEach(add);
      all.add(name);
    };
    packs.forEach(add);
    return [...all];
  }

  start(packs) {
    if (this.worker) return;
    this.worker = new Worker(new URL(this.manifest.worker, this.base));
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault?.();
      this.hear({ type: "failed", why: event.message || "its files could not be fetched" });
    };
    const all = this.complete(packs);
    all.forEach((name) => this.packs.add(name));
    const { manifest, base } = this;
    this.worker.postMessage({ type: "start", manifest, base: base.href, packs: all });
  }

  // Run a cell; `listener` hears what comes of it. Resolves when it is done.
  run(cell, sources, packs, listener) {
    this.start(packs);
    this.listener = listener;
    const all = this.complete(packs);
    all.forEach((name) => this.packs.add(name));
    return new Promise((resolve) => {
      this.finish = resolve;
      this.asked = { type: "run", cell, sources, packs: all };
      this.worker.postMessage(this.asked);
    });
  }

  hear(message) {
    const { type } = message;
    if (type === "completed") {
      this.waiting.get(message.id)?.(message.found);
      this.waiting.delete(message.id);
    } else if (type === "failed" && message.again) {
      // What an earlier visit had kept of Python is of no use: start without.
      const { asked } = this;
      this.end();
      if (!this.finish) return;
      this.start(asked.packs);
      this.worker.postMessage(asked);
    } else if (type === "ready") {
      // For who measures: whether this start took up the memory of an earlier one.
      performance.mark("live-ready", { detail: { restored: message.restored } });
    } else if (type === "done" || type === "failed") {
      if (type === "failed") this.end();
      this.finish?.(message);
      this.finish = this.listener = null;
    } else if (type === "event" && message.kind === "moved") {
      this.moved?.(message.data);
      this.draw();
    } else {
      this.listener?.(message);
    }
  }

  // A control's newest value; those that it passed while Python drew are left out.
  control(id, name, value) {
    if (!this.worker) return;
    this.wanted = { type: "control", id, name, value };
    if (!this.drawing) this.draw();
  }

  draw() {
    this.drawing = !!this.wanted;
    if (this.wanted) this.worker.postMessage(this.wanted);
    this.wanted = null;
  }

  end() {
    this.drawing = false;
    this.worker?.terminate();
    this.worker = null;
    this.packs.clear();
    for (const done of this.waiting.values()) done([]);
    this.waiting.clear();
  }

  stop() {
    this.end();
    this.finish?.({ type: "stopped" });
    this.finish = this.listener = null;
  }

  completions(text, cell) {
    // While a cell runs, Python has no ear for anything else.
    if (!this.worker || this.finish) return [];
    return new Promise((resolve) => {
      this.waiting.set(++this.number, resolve);
      this.worker.postMessage({ type: "complete", id: this.number, text, cell });
    });
  }
}

// ---- Outputs -----------------------------------------------------------------------------------

const IMAGES = ["image/svg+xml", "image/png", "image/jpeg"];
// As short_hash in live/assets.py: of stored HTML the page knows only this.
function shortHash(html) {
  if (typeof html === "number") return html;
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(html.replace(/src="data:[^"]*"/g, ""))) {
    value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  }
  return value;
}
const asText = (data) => Array.isArray(data) ? data.join("") : data;

function textOutput(kind, text) {
  const pre = element("pre", { textContent: text, tabIndex: 0 });
  const box = element("div", { className: "highlight" }, pre);
  const verdict = /^[✓✗○]/.test(text) ? " verdict" : "";
  return element("div", { className: `output ${kind}${verdict} live-text` }, box);
}

// A figure in the reader's theme: the course's colours for the day become those for the night.
function picture(data, kind, { width, height } = {}, alt, night) {
  const show = (svg) => {
    const bytes = kind === "image/svg+xml" ? svg : Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    return URL.createObjectURL(new Blob([bytes], { type: kind }));
  };
  const image = element("img", { alt, src: show(data) });
  if (width) Object.assign(image, { width, height });
  const images = [image];
  if (kind === "image/svg+xml" && night) {
    image.className = "live-day";
    const dark = data.replace(/#[0-9a-f]{6}\b/gi, (color) => night[color.toLowerCase()] ?? color);
    images.push(element("img", { alt, src: show(dark), width, height, className: "live-night" }));
  }
  return element("div", { className: "output live-picture" }, ...images);
}

const clean = (html) => DOMPurify.sanitize(html, {
  ADD_ATTR: ["data-figure"], FORBID_TAGS: ["style", "form", "iframe"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|\.{0,2}\/|data:image\/)/i,
});

// ---- Markdown of tables: what reference.Table writes, and a little more -----------------------

function inline(text) {
  const held = [];
  const hold = (html) => `\u0000${held.push(html) - 1}\u0000`;
  const escaped = (each) => each.replace(/[&<>]/g, (c) => `&${{ "&": "amp", "<": "lt", ">": "gt" }[c]};`);
  const html = escaped(text
    .replace(/`([^`]+)`/g, (_, code) => hold(`<code class="literal">${escaped(code)}</code>`))
    .replace(/\$([^$]+)\$/g, (_, latex) => hold(formula(latex)))
    .replace(/\\([|*_`$])/g, (_, sign) => hold(escaped(sign))))
    .replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
    .replace(/\*(.+?)\*/g, "<em>$1</em>")
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>');
  const back = (each) => each.replace(/\u0000(\d+)\u0000/g, (_, i) => back(held[i]));
  return back(html);
}

// KaTeX is fetched with the first table that has a formula. It repeats the LaTeX inside its
// MathML, where nobody sees or hears it (as in _ext/pages_math.py).
const formula = (latex) => globalThis.katex
  ? `<span class="math">${katex.renderToString(latex, { throwOnError: false })
    .replace(/<\/?semantics>|<annotation .*?<\/annotation>/gs, "")}</span>`
  : `<code class="literal">${latex.replace(/[&<>]/g, "")}</code>`;

function markdown(text) {
  const blocks = text.trim().split(/\n\s*\n/);
  return clean(blocks.map((block) => {
    const lines = block.split("\n");
    if (lines.length > 1 && /^\|?[\s:|-]+$/.test(lines[1]) && lines[1].includes("-")) {
      const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/)
        .map((cell) => inline(cell.trim()));
      const row = (line, tag) => `<tr>${cells(line).map((c) => `<${tag}><p>${c}</p></${tag}>`).join("")}</tr>`;
      const body = lines.slice(2).map((line) => row(line, "td")).join("");
      return `<div class="pst-scrollable-table-container" tabindex="0"><table class="table">
        <thead>${row(lines[0], "th")}</thead><tbody>${body}</tbody></table></div>`;
    }
    const heading = lines[0].match(/^(#{1,6}) (.*)/);
    if (heading) return `<p><strong>${inline(heading[2])}</strong></p>`;
    if (lines.every((line) => /^[-*] /.test(line))) {
      return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join("")}</ul>`;
    }
    return `<p>${inline(lines.join(" "))}</p>`;
  }).join("\n"));
}

// ---- A cell ------------------------------------------------------------------------------------

class Cell {
  constructor(page, number, box, stored) {
    Object.assign(this, { page, number, box, stored, source: stored.source, outputs: null });
    this.input = box.querySelector(".cell_input");
    this.bar = box.querySelector(".live-bar");
    this.said = box.querySelector(".live-said");
    this.shown = box.querySelector(".cell_output");
    this.check = box.matches(".live-check");
    this.runButton = this.bar?.querySelector(".live-run");
  }

  get edited() {
    return this.source !== this.stored.source;
  }

  // The code that runs: an answer whose check was deleted with the stub is checked all the same.
  code() {
    if (!this.check || this.source.includes("check_")) return this.source;
    const checks = this.stored.source.split("\n").filter((line) => line.includes("check_"));
    return [this.source, ...checks].join("\n");
  }

  say(text, kind = "") {
    if (!this.said) return;
    this.said.textContent = text;
    this.said.dataset.kind = kind;
  }

  // Put the editor where the code stands; what was typed there already goes along.
  edit(text = null, focus = true) {
    if (this.view) {
      if (text !== null && text !== this.source) {
        this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
      }
      if (focus) this.view.focus();
      return;
    }
    // An editor shows all lines of a folded cell.
    const fold = this.box.querySelector(".fold-more");
    if (fold) fold.hidden = true;
    this.box.classList.add("unfolded");
    const code = this.input.querySelector(":scope > :not(.live-bar)");
    const pre = code.querySelector("pre");
    const typed = this.check ? textIn(pre) : null;
    const caret = typed === null ? null : caretIn(pre);
    const place = element("div", { className: "live-editor" });
    const help = `live-help-${this.number}`;
    const keys = matchMedia("(hover: hover)").matches;
    this.hint = element("p", { id: help, className: "live-help", textContent: keys
      ? "Shift-Enter runs. Tab indents; Escape, then Tab leaves the editor."
      : "Enter keeps the indentation. What you write stays in this browser." });
    code.hidden = true;
    code.after(place);
    this.source = text ?? typed ?? this.source;
    this.view = createEditor(place, {
      text: this.source,
      label: this.check ? "Your answer, Python code" : "Python code of this cell",
      describedBy: help,
      onChange: (source) => this.changed(source),
      onRun: () => this.page.run(this.number),
      complete: (before) => this.page.python.completions(before, this.number),
    });
    place.append(this.hint);
    this.bar.querySelector(".live-edit")?.remove();
    this.offerReset();
    if (focus) {
      this.view.focus();
      if (caret !== null) {
        this.view.dispatch({ selection: { anchor: Math.min(caret, this.source.length) } });
      }
    }
    if (typed !== null && typed !== this.stored.source) this.changed(this.source);
  }

  // What was typed into a stub before the editor was there.
  takeTyped() {
    if (!this.check || this.view) return;
    const typed = textIn(this.input.querySelector("pre"));
    if (typed !== this.stored.source) this.edit(null, false);
  }

  changed(source) {
    this.source = source;
    this.page.save(this);
    this.offerReset();
  }

  offerReset() {
    this.resetButton ??= button("Reset", () => this.reset(), "live-reset");
    if (this.edited && !this.resetButton.isConnected) this.runButton.after(this.resetButton);
    if (!this.edited) this.resetButton.remove();
  }

  reset() {
    this.source = this.stored.source;
    if (this.view) {
      const { length } = this.view.state.doc;
      this.view.dispatch({ changes: { from: 0, to: length, insert: this.stored.source } });
    }
    this.page.save(this);
    this.showStored();
    this.outputs = null;
    this.resetButton?.remove();
    this.say("As the page has it.");
    this.view?.focus();
  }

  // -- outputs

  begin() {
    this.outputs = [];
    for (const { view } of this.page.cells) if (view) markLine(view, 0);
    this.fresh?.remove();
    this.fresh = element("div", { className: "cell_output docutils container live-fresh" });
    this.shown?.after(this.fresh) ?? this.input.after(this.fresh);
    if (this.shown) this.shown.hidden = true;
    this.mark?.remove();
  }

  take(kind, data) {
    const last = this.outputs.at(-1);
    if (kind === "stream") {
      if (last?.output_type === "stream" && last.name === data.name) {
        last.text += data.text;
        // Lines that write themselves anew, as progress bars do.
        last.text = last.text.replace(/[^\n]*\r(?!\n)/g, "");
        last.pre.textContent = last.text.slice(-100_000);
      } else {
        const box = textOutput(data.name === "stderr" ? "stderr stream" : "stream", data.text);
        this.fresh.append(box);
        this.outputs.push({ output_type: "stream", ...data, box, pre: box.querySelector("pre") });
      }
      return;
    }
    if (kind === "error") {
      this.fresh.append(this.errorBox(data));
      this.outputs.push({ output_type: "error", ename: data.name, evalue: data.value, traceback: [data.said] });
      return;
    }
    const output = {
      output_type: kind === "result" ? "execute_result" : "display_data",
      data: data.data, metadata: data.metadata ?? {}, extra: data,
    };
    output.box = this.boxOf(output);
    this.fresh.append(output.box);
    this.outputs.push(output);
  }

  boxOf({ data, metadata, extra }) {
    if (extra?.figure) return this.page.living(extra.figure, data["text/html"]);
    if (extra?.controls) return this.page.controls(extra.controls, clean(data["text/html"]));
    for (const kind of IMAGES) {
      if (data[kind]) {
        const alt = this.edited || !this.stored.alt ? "The figure that this run drew" : this.stored.alt;
        return picture(data[kind], kind, metadata[kind], alt, this.page.manifest.night);
      }
    }
    if (data["text/html"]) {
      return element("div", { className: "output text_html", innerHTML: clean(data["text/html"]) });
    }
    if (data["text/markdown"]) {
      const text = asText(data["text/markdown"]);
      const box = element("div", { className: "output", innerHTML: markdown(text) });
      if (/\$[^$]+\$/.test(text)) this.page.formulas().then(() => (box.innerHTML = markdown(text)));
      return box;
    }
    return textOutput("text_plain", data["text/plain"] ?? "");
  }

  errorBox({ said, line, code, cell, earlier }) {
    const box = textOutput("traceback", said);
    if (line) {
      const { view } = this.page.cells[cell];
      if (view) markLine(view, line);
      const where = earlier || cell !== this.number
        ? `Line ${line} of an earlier cell that this one uses: ` : `Line ${line}: `;
      const go = button(where, () => this.page.show(cell, line), "live-line");
      box.append(element("p", { className: "live-where" }, go, element("code", { textContent: code })));
    }
    return box;
  }

  finish({ ok, seconds }) {
    if (this.check) this.finishCheck();
    const time = seconds < 0.05 ? "" : ` in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
    if (!ok) {
      this.say("Stopped at an error.", "error");
    } else if (this.check) {
      const text = this.outputs.filter((o) => o.output_type === "stream").map((o) => o.text).join("");
      const right = /^✓/m.test(text) && !/^[✗○]/m.test(text);
      // Elsewhere the cell is run; here its button says Check.
      this.say(text.trim().replace("then run the cell", "then press Check") || "Ran.", right ? "right" : "wrong");
      // What the check printed stands beside its button already.
      if (text && this.outputs.every((o) => o.output_type === "stream" || o.dropped)) this.fresh.hidden = true;
      if (right) this.page.solved(this);
    } else if (this.agrees()) {
      this.say(`Ran${time}: as stored.`, "same");
      this.restoreLooks();
    } else if (this.changedText()) {
      this.say(`Ran${time}.`);
      this.offerStored();
    } else {
      this.say(`Ran${time}.`);
    }
  }

  finishCheck() {
    // The check has said it in words; True or False adds nothing.
    const last = this.outputs.at(-1);
    if (this.outputs.length > 1 && /^(True|False)$/.test(last?.data?.["text/plain"] ?? "")) {
      last.box.remove();
      last.dropped = true;
    }
  }

  // The outputs' words, pictures left out: Pyodide's Matplotlib is another version.
  words(outputs) {
    const joined = [];
    for (const { output_type: type, name, text, data, evalue } of outputs) {
      if (type === "stream" && joined.at(-1)?.name === name) joined.at(-1).text += asText(text);
      else if (type === "stream") joined.push({ name, text: asText(text) });
      else if (type === "error") joined.push({ error: evalue });
      else if (IMAGES.some((kind) => data[kind])) joined.push({ picture: true });
      else if (data["text/html"]) joined.push({ html: shortHash(asText(data["text/html"])) });
      else joined.push({ text: asText(data["text/markdown"] ?? data["text/plain"]) });
    }
    return JSON.stringify(joined);
  }

  agrees() {
    return !this.page.editedBefore(this.number) && this.words(this.outputs) === this.words(this.stored.outputs);
  }

  changedText() {
    return this.stored.outputs.length > 0;
  }

  // Where a run made what is stored, the page's own setting of tables and figures stays.
  restoreLooks() {
    const pictures = this.outputs.filter((output) => output.box?.matches(".live-picture"));
    if (!this.shown) return;
    if (!pictures.length) {
      this.showStored();
      return;
    }
    const copy = this.shown.cloneNode(true);
    const images = [...copy.querySelectorAll("img")];
    if (images.length !== pictures.length) return;
    images.forEach((image, i) => image.replaceWith(...pictures[i].box.childNodes));
    copy.hidden = false;
    copy.classList.add("live-fresh");
    for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
    this.fresh.replaceWith(copy);
    this.fresh = copy;
  }

  offerStored() {
    this.mark?.remove();
    const toggle = button("Show the stored output", () => {
      const stored = !this.shown.hidden;
      this.shown.hidden = stored;
      this.fresh.hidden = !stored;
      toggle.textContent = stored ? "Show the stored output" : "Show mine";
    });
    this.mark = element("p", { className: "live-mark" }, "Differs from what the page stores. ", toggle);
    this.fresh.after(this.mark);
  }

  showStored() {
    this.fresh?.remove();
    this.mark?.remove();
    if (this.shown) this.shown.hidden = false;
  }
}

// Browsers that know no plain editing write lines as elements.
function textIn(pre) {
  return (pre.querySelector("br, div") ? pre.innerText : pre.textContent).replace(/\n$/, "");
}

function caretIn(pre) {
  const selection = getSelection();
  if (!selection.rangeCount || !pre.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0).cloneRange();
  range.setStart(pre, 0);
  return range.toString().length;
}

// ---- The page ----------------------------------------------------------------------------------

class Page {
  constructor({ cells, data, manifest, base, name }) {
    Object.assign(this, { manifest, base, name, data });
    this.python = new Python({ manifest, base });
    this.python.moved = (message) => this.move(message);
    this.cells = cells.map((box, i) => new Cell(this, i, box, data.cells[i]));
    this.queue = Promise.resolve();
    this.restore();
  }

  // -- work

  save(cell) {
    const work = kept(this.name) ?? {};
    const { id, source } = cell.stored;
    if (cell.edited) work[id] = { source: cell.source, of: source };
    else delete work[id];
    keep(this.name, Object.keys(work).length ? work : null);
  }

  restore() {
    const work = kept(this.name) ?? {};
    for (const cell of this.cells) {
      const mine = work[cell.stored.id];
      if (!mine || !cell.bar) continue;
      if (mine.of === cell.stored.source) {
        cell.edit(mine.source, false);
        cell.changed(mine.source);
        cell.say("Your edit of an earlier visit.");
      } else {
        this.besides(cell, mine);
      }
    }
    this.lost = Object.entries(work).filter(([id]) => !this.cells.some((c) => c.stored.id === id));
    for (const id of Object.keys(kept(this.solvedKey) ?? {})) {
      const cell = this.cells.find((each) => each.stored.id === id);
      if (cell) this.markSolved(cell);
    }
  }

  // An edit of a cell that a new version of the book has changed.
  besides(cell, mine) {
    const use = button("Use mine", () => {
      note.remove();
      cell.edit(mine.source);
      cell.changed(mine.source);
    });
    const drop = button("Drop it", () => {
      note.remove();
      cell.source = cell.stored.source;
      this.save(cell);
    });
    const note = element("div", { className: "live-besides" },
      element("p", { textContent: "This cell has changed since you edited it. Your version:" }),
      element("pre", { textContent: mine.source, tabIndex: 0 }),
      element("p", {}, use, " ", drop));
    cell.input.after(note);
  }

  get solvedKey() {
    return `solved:${location.pathname}`;
  }

  solved(cell) {
    keep(this.solvedKey, { ...kept(this.solvedKey), [cell.stored.id]: true });
    this.markSolved(cell);
  }

  markSolved(cell) {
    cell.runButton?.classList.add("live-done");
    if (cell.runButton) cell.runButton.title = "Solved";
  }

  sources() {
    return this.cells.map((cell) => cell.code());
  }

  editedBefore(number) {
    return this.cells.some((cell) => cell.number <= number && cell.edited);
  }

  show(number, line) {
    const cell = this.cells[number];
    cell.edit();
    const place = cell.view.state.doc.line(Math.min(line, cell.view.state.doc.lines));
    cell.view.dispatch({ selection: { anchor: place.from }, scrollIntoView: true });
    markLine(cell.view, line);
  }

  // -- running

  // Ask once before anything is fetched, and again only before more than was agreed to.
  async agreed(cell, packs) {
    const all = this.python.complete(packs);
    const known = new Set(kept("agreed") ?? []);
    const marks = ["core", ...all].map((name) => `${name}@${this.manifest.version}`);
    const fresh = marks.filter((mark) => !known.has(mark));
    if (!fresh.length) return true;
    const size = fresh.reduce((sum, mark) => {
      const name = mark.split("@")[0];
      return sum + (name === "core" ? this.manifest.core.size : this.manifest.packs[name].size);
    }, 0);
    const first = fresh.length === marks.length;
    const text = first
      ? `Python will run in this page, on your device. Your browser fetches ${megabytes(size)} MB
         for it, once. Nothing you write leaves the device.`
      : `This cell uses more of Python: your browser fetches ${megabytes(size)} MB for it, once.`;
    cell.ask?.remove();
    return new Promise((resolve) => {
      const close = (yes) => {
        cell.ask.remove();
        if (yes) keep("agreed", [...known, ...fresh]);
        resolve(yes);
      };
      const go = button(`Fetch ${megabytes(size)} MB and ${cell.check ? "check" : "run"}`,
        () => close(true), "live-go");
      cell.ask = element("div", { className: "live-ask", role: "group", ariaLabel: "Before Python starts" },
        element("p", { textContent: text }),
        element("p", {}, go, " ", button("Not now", () => close(false))));
      cell.bar.after(cell.ask);
      go.focus();
    });
  }

  async run(number) {
    const cell = this.cells[number];
    if (!cell.runButton || cell.busy) return;
    cell.takeTyped();
    cell.busy = true;
    try {
      if (!await this.agreed(cell, this.packs(number))) return;
      if (this.running) cell.say("Waits for the cell that runs.");
      // One after another: each sees what the others have done.
      await (this.queue = this.queue.then(() => this.runNow(cell)));
    } finally {
      cell.busy = false;
    }
  }

  packs(number) {
    const found = new Set(this.data.cells[number].packs);
    // An edit may use what the cell did not.
    const { source, edited } = this.cells[number];
    if (edited) {
      const wanted = { plotting: "matplotlib", plt: "matplotlib", matplotlib: "matplotlib",
        widgets: "figures", ipywidgets: "widgets", scipy: "scipy", sklearn: "scikit-learn" };
      for (const [word, pack] of Object.entries(wanted)) {
        if (new RegExp(`\\b${word}\\b`).test(source)) found.add(pack);
      }
    }
    return [...found];
  }

  async runNow(cell) {
    if (cell.cancelled) {
      cell.cancelled = false;
      return;
    }
    this.running = cell;
    const starting = !this.python.worker;
    const bar = element("progress", { max: 1, className: "live-progress", ariaLabel: "Python is being fetched" });
    const stop = button("Stop", () => this.stop(), "live-stop");
    cell.runButton.hidden = true;
    cell.runButton.after(stop);
    cell.box.classList.add("live-running");
    cell.say(starting ? "Starting Python …" : "Running …", "quiet");
    if (starting) cell.bar.append(bar);
    const from = performance.now();
    const clock = setInterval(() => {
      const seconds = Math.round((performance.now() - from) / 1000);
      if (!bar.isConnected && began && seconds > 1) cell.say(`Running, ${seconds} s …`, "quiet");
    }, 1000);
    let began = false;
    const done = await this.python.run(cell.number, this.sources(), this.packs(cell.number), (message) => {
      if (message.type === "progress") {
        const { arrived, expected } = message;
        if (!bar.isConnected) cell.bar.append(bar);
        bar.value = arrived / expected;
        cell.say(arrived < expected
          ? `Fetching ${megabytes(arrived)} of ${megabytes(expected)} MB` : "Starting Python …", "quiet");
      } else if (message.type === "starting") {
        // How long it takes is not known: the bar moves without an end.
        bar.removeAttribute("value");
        bar.ariaLabel = "Python is starting";
        cell.say("Starting Python …", "quiet");
      } else if (message.type === "event") {
        const { kind, data } = message;
        if (kind === "before") {
          bar.remove();
          cell.say(`Running what this cell needs: ${data.done + 1} of ${data.of}`, "quiet");
        } else if (kind === "start") {
          bar.remove();
          began = true;
          cell.say("Running …");
          cell.begin();
        } else {
          cell.take(kind, data);
        }
      }
    });
    clearInterval(clock);
    bar.remove();
    stop.remove();
    cell.runButton.hidden = false;
    cell.box.classList.remove("live-running");
    this.running = null;
    if (done.type === "stopped") {
      cell.say("Stopped. Python has let go of all names; what a cell needs is run again with it.", "error");
    } else if (done.type === "failed") {
      cell.say(done.memory
        ? "Python ran out of memory and was ended. All names are gone; close other pages and try again."
        : `Python could not go on (${done.why}). Run again to start it anew.`, "error");
    } else {
      cell.finish(done);
      cell.menu ??= this.menu(cell);
    }
  }

  stop() {
    for (const cell of this.cells) if (cell.busy && cell !== this.running) cell.cancelled = true;
    this.python.stop();
  }

  async runMany(numbers) {
    for (const number of numbers) {
      const cell = this.cells[number];
      if (!cell.runButton) continue;
      await this.run(number);
      if (!cell.outputs || cell.outputs.some((output) => output.output_type === "error")) return;
    }
  }

  // -- a cell's menu

  menu(cell) {
    const numbers = this.cells.map((each) => each.number);
    const item = (text, does) => button(text, () => {
      menu.open = false;
      does();
    });
    const menu = element("details", { className: "live-more" },
      element("summary", { textContent: "More" }),
      element("div", {},
        item("Run all above", () => this.runMany(numbers.slice(0, cell.number))),
        item("Run all", () => this.runMany(numbers)),
        item("Restart Python", () => {
          this.stop();
          cell.say("Python was ended; the next run starts it.");
        }),
        item("Download my notebook", () => this.download()),
        item("Forget my work", () => this.forget(cell)),
        element("a", { href: new URL("licences.html", this.base), textContent: "Licences" })));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    cell.bar.append(menu);
    return menu;
  }

  // The page's notebook with the reader's edits and, where cells ran, their outputs.
  async download() {
    const notebook = await (await fetch(new URL(this.data.notebook, this.base))).json();
    for (const cell of notebook.cells) {
      const mine = this.cells.find((each) => each.stored.id === cell.id);
      if (!mine || cell.cell_type !== "code") continue;
      cell.source = mine.source;
      if (mine.outputs) {
        cell.outputs = mine.outputs.map(({ box, pre, extra, dropped, ...output }) =>
          output.output_type === "execute_result" ? { ...output, execution_count: 1 } : output);
        cell.execution_count = 1;
      } else if (mine.edited) {
        cell.outputs = [];
        cell.execution_count = null;
      }
    }
    const kept_ = this.lost.map(([id, { source }]) => ({
      cell_type: "code", id, source, metadata: {}, outputs: [], execution_count: null,
    }));
    notebook.cells.push(...kept_);
    const text = JSON.stringify(notebook, null, 1);
    const href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
    element("a", { href, download: this.data.notebook.split("/").pop() }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  forget(cell) {
    if (!confirm("Forget your edits and solved marks on this page?")) return;
    keep(this.name, null);
    keep(this.solvedKey, null);
    for (const each of this.cells) {
      each.runButton?.classList.remove("live-done");
      if (each.edited || each.outputs) each.reset();
      each.say("");
    }
    cell.say("Forgotten.");
  }

  // -- figures that move

  // A living figure: what stands still, cleaned, and its state, which is data and no script.
  living({ state }, html) {
    const box = element("div", { className: "output text_html", innerHTML: clean(html) });
    const figure = box.querySelector(".living-figure");
    if (figure) {
      figure.append(element("script", { type: "application/json", textContent: state }));
      this.figures().then(() => globalThis.livingFigures?.watch(figure));
    }
    return box;
  }

  // A script and its styles, unless the page has them.
  add(script, style) {
    if (!document.querySelector(`link[href*="${style.slice(3)}"]`)) {
      document.head.append(element("link", { rel: "stylesheet", href: new URL(style, this.base) }));
    }
    return new Promise((resolve) => {
      const src = new URL(script, this.base);
      document.head.append(element("script", { src, onload: resolve, onerror: resolve }));
    });
  }

  figures() {
    if (globalThis.livingFigures) return Promise.resolve();
    return this.add("../living/figures.js", "../living/figures.css");
  }

  formulas() {
    return this.katex ??= this.add(this.manifest.katex, "../katex/katex.min.css");
  }

  // Controls over a figure that Python draws anew.
  controls({ number, controls }, html) {
    const box = element("div", { className: "output text_html live-controls", innerHTML: html });
    box.querySelector(".living-still p")?.remove();
    const image = box.querySelector("img");
    const said = element("p", { className: "live-mark", role: "status" });
    const rows = controls.map(({ name, label, kind, value, options, min, max, step, base }) => {
      const field = kind === "select"
        ? element("select", {}, ...options.map((text, i) => element("option", { value: i, textContent: text })))
        : element("input", { type: kind === "log" ? "range" : kind });
      if (kind === "range" || kind === "log") Object.assign(field, { min, max, step });
      if (kind === "checkbox") field.checked = value;
      else field.value = value;
      const shown = element("output");
      const tell = () => {
        const number_ = kind === "log" ? base ** field.value : field.value;
        shown.textContent = kind === "range" || kind === "log" ? Number(Number(number_).toPrecision(4)) : "";
      };
      tell();
      field.addEventListener("input", () => {
        tell();
        const text = kind === "text" || kind === "select";
        const now = kind === "checkbox" ? field.checked : text ? field.value : Number(field.value);
        this.python.control(number, name, now);
      });
      return element("label", {}, element("span", { textContent: label }), field, shown);
    });
    box.prepend(...rows);
    box.append(said);
    (this.drawn ??= new Map()).set(number, { image, said });
    return box;
  }

  move({ number, picture: data, said }) {
    const figure = this.drawn?.get(number);
    if (!figure) return;
    figure.said.textContent = said;
    if (data) figure.image.src = `data:image/png;base64,${data}`;
  }
}

export async function open({ cells, page, manifest, name, base }) {
  const [data, files] = await Promise.all([page, manifest].map(async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }));
  // WebKit, where styles are still on their way, puts the caret before a space at a line's end.
  await new Promise((done) => {
    const style = { rel: "stylesheet", href: new URL(files.style, base), onload: done, onerror: done };
    document.head.append(element("link", style));
  });
  const opened = new Page({ cells, data, manifest: files, base, name });
  return {
    run: (number) => opened.run(number),
    edit: (number) => opened.cells[number].edit(),
    page: opened,
  };
}
