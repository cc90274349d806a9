// All that a page loads before its reader wants to run something: the buttons, and what calls for
// the rest. The page says which cells can run (classes of _ext/live_pages.py).
(() => {
  const script = document.currentScript;
  const { session, page, manifest, name } = script.dataset;
  const at = (file) => new URL(file, script.src);
  const kept = (key) => JSON.parse(localStorage.getItem(`live:${key}`));
  const say = (cell, text) => {
    const note = document.createElement("p");
    note.className = "live-note";
    note.textContent = text;
    (cell.querySelector(".live-bar") ?? cell.querySelector(".cell_input") ?? cell).append(note);
  };

  // The way through: how many exercises of each chapter are solved.
  try {
    for (const link of document.querySelectorAll("article a[href*='.html']")) {
      const path = new URL(link.href).pathname;
      const solved = Object.keys(kept(`solved:${path}`) ?? {}).length;
      if (solved && !link.closest("nav")) {
        const mark = document.createElement("span");
        mark.className = "live-solved";
        mark.textContent = ` ✓ ${solved} solved`;
        link.after(mark);
      }
    }
  } catch { /* A browser that keeps nothing has nothing to show. */ }
  if (!page) return;
  document.documentElement.classList.add("live-on");

  const cells = [...document.querySelectorAll("div.cell")];
  const checks = cells.filter((cell) => cell.matches(".live-check"));
  const why = location.protocol === "file:"
    ? "Opened from disk, a page can’t run code: browsers forbid it. Served it can: make serve."
    : typeof WebAssembly !== "object" || typeof DecompressionStream !== "function"
      ? "This browser can’t run Python: it lacks WebAssembly, or is too old."
      : "";
  if (why) {
    for (const cell of new Set([cells.find((cell) => cell.matches(".live")), ...checks])) {
      if (cell) say(cell, why);
    }
    return;
  }

  let loaded;
  const load = () => loaded ??= import(at(session)).then(({ open }) =>
    open({ cells, page: at(page), manifest: at(manifest), name, base: at(".") }));
  const call = (method, cell, ...more) => load().then(
    (opened) => opened[method](cells.indexOf(cell), ...more),
    () => {
      loaded = null;
      cell.querySelector(".live-said").textContent = "Not to be had: is there a network? Try again.";
    });
  const button = (text, method, cell) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `live-${method}`;
    made.textContent = text;
    made.onclick = () => call(method, cell);
    return made;
  };
  for (const cell of cells) {
    if (!cell.matches(".live")) continue;
    const bar = document.createElement("div");
    const said = document.createElement("span");
    const check = cell.matches(".live-check");
    bar.className = "live-bar";
    said.className = "live-said";
    said.role = "status";
    bar.append(button(check ? "Check" : "Run", "run", cell));
    if (!check) bar.append(button("Edit", "edit", cell));
    const slow = cell.className.match(/live-takes-(\d+)/);
    const waits = cell.matches(".live-waits") ? ", with the earlier cells that it needs" : "";
    if (slow) said.textContent = `takes about ${slow[1]} s${waits}`;
    bar.append(said);
    cell.querySelector(".cell_input").append(bar);
    if (!check) continue;
    const way = cell.querySelector(".try-it")?.firstChild;
    if (way) way.data = "Write your answer into the cell and press Check, or ";
    const stored = cell.querySelector(".cell_output pre");
    if (stored) stored.textContent = stored.textContent.replace("run the cell", "press Check");
    // A stub takes keys at once, as plain text; the editor takes over what is there.
    const pre = cell.querySelector("pre");
    try {
      pre.contentEditable = "plaintext-only";
    } catch {
      pre.contentEditable = "true";
    }
    Object.assign(pre, { spellcheck: false, role: "textbox", ariaMultiLine: "true", tabIndex: 0 });
    pre.ariaLabel = "Your answer, Python code";
    pre.addEventListener("pointerdown", load, { once: true });
    pre.addEventListener("input", () => call("edit", cell), { once: true });
  }
  // Who has worked here before finds it again.
  try {
    if (kept(name) || kept(`solved:${location.pathname}`)) load();
  } catch { /* as above */ }
})();
