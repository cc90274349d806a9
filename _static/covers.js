// What a reader is to guess first, or to read later, is covered: _ext/pages_reading.py marks it.
// Find-in-page uncovers it, where the browser knows hidden="until-found".
(() => {
  const page = document.documentElement;
  const way = "onbeforematch" in page ? "until-found" : "";
  const again = { answer: "Cover it again", idea: "Hide the idea", deeper: "Fold this section" };
  const memory = {};
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return memory[key] ?? null; // A browser that keeps nothing forgets it with the page.
    }
  };
  const keep = (key, text) => {
    memory[key] = text;
    try {
      localStorage.setItem(key, text);
    } catch { /* as above */ }
  };
  const ALL = "course:answers", here = `course:seen:${location.pathname}`;
  const seen = new Set(JSON.parse(kept(here) ?? "[]"));
  const covers = [...document.querySelectorAll(".ask")].map((button) => {
    const parts = button.getAttribute("aria-controls").split(" ").map((id) => document.getElementById(id));
    const kind = button.className.match(/ask-(\w+)/)[1];
    const label = button.textContent;
    const cover = { button, parts, kind, name: parts[0].id };
    cover.show = (open) => {
      button.ariaExpanded = open;
      button.textContent = (open && again[kind]) || label;
      for (const part of parts) {
        if (open) part.removeAttribute("hidden");
        else part.setAttribute("hidden", way);
      }
    };
    button.addEventListener("click", () => {
      const open = button.ariaExpanded !== "true";
      cover.show(open);
      seen[open ? "add" : "delete"](cover.name);
      keep(here, JSON.stringify([...seen]));
    });
    for (const part of parts) {
      part.addEventListener("beforematch", () => cover.show(true));
      // A new output, of a cell that was run in the page, is meant to be seen.
      new MutationObserver(() => cover.show(true)).observe(part, { childList: true });
    }
    return cover;
  });
  const all = document.querySelector(".answers-all input");
  // Who comes from a search has something to find.
  const sought = location.search || kept("sphinx_highlight_terms");
  const showAll = () => {
    const wanted = kept(ALL) === "all";
    if (all) all.checked = wanted;
    for (const { show, kind, name } of covers) {
      show(Boolean(sought || seen.has(name) || (wanted && /answer|hint/.test(kind))));
    }
  };
  showAll();
  page.dataset.covers = "on";
  all?.addEventListener("change", () => {
    keep(ALL, all.checked ? "all" : "");
    showAll();
  });

  // A link into what is covered uncovers it; one to a folded section opens that.
  const uncover = (hash) => {
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    const over = covers.filter(({ button, kind, parts }) => target && (
      parts.some((part) => part.contains(target)) || (kind === "deeper" && button.parentElement === target)));
    for (const { show } of over) show(true);
    if (over.length) target.scrollIntoView();
  };
  uncover(location.hash);
  addEventListener("hashchange", () => uncover(location.hash));
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[href*='#']");
    if (link?.pathname === location.pathname) uncover(link.hash);
  });

  // A folded cell shows its first line; to find a word in the others scrolls them.
  for (const button of document.querySelectorAll(".fold-more")) {
    const cell = button.closest(".cell");
    const label = button.textContent;
    const unfold = (open) => {
      cell.classList.toggle("unfolded", open);
      button.ariaExpanded = open;
      button.textContent = open ? "Fewer lines" : label;
    };
    button.addEventListener("click", () => unfold(button.ariaExpanded !== "true"));
    cell.querySelector("pre").addEventListener("scroll", ({ target }) => target.scrollTop && unfold(true));
  }
})();
