// What is wider than its box scrolls in it; here the box becomes focusable, and has a name where a
// reader would wonder what it is. The theme's own way measures each box after changing the last.
(() => {
  const BOXES = "pre, .cell_output > .output, .math .scrolls, .pst-scrollable-table-container";
  const named = { ".scrolls": "Scrollable formula", ".pst-scrollable-table-container": "Scrollable table" };
  const ours = new WeakSet();
  const reach = ([box, scrolls]) => {
    const kind = Object.keys(named).find((kind) => box.matches(kind));
    if (scrolls && (kind || box.tabIndex < 0)) {
      ours.add(box);
      box.tabIndex = 0;
      if (kind) Object.assign(box, { role: "group", ariaLabel: named[kind] });
    } else if (!scrolls && (ours.delete(box) || kind)) {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  const measured = (box) => [box, box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1];
  // In the next frame: a box that says that it scrolls is higher, and would call for a second look
  // within this one, which browsers report as an error.
  const { style } = document.documentElement;
  const watch = new ResizeObserver((entries) => requestAnimationFrame(() => {
    entries.map(({ target }) => measured(target)).forEach(reach);
    if (style.overflowAnchor) requestAnimationFrame(() => style.removeProperty("overflow-anchor"));
  }));
  // Who comes back is put where they were on a page with all its hints, before these are there:
  // the browser must not count them in again.
  const [{ type }] = performance.getEntriesByType("navigation");
  if (type !== "navigate") style.overflowAnchor = "none";
  const look = (place) => place.querySelectorAll?.(BOXES).forEach((box) => watch.observe(box));
  look(document);
  // A text that grows in a box may leave its size as it is.
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const box = target.closest(BOXES);
      if (box) watch.unobserve(box), watch.observe(box);
      // A figure that runs writes texts in every frame; boxes come only with elements.
      if ([...addedNodes].some(({ nodeType }) => nodeType === Node.ELEMENT_NODE)) look(target);
    }
  }).observe(document.querySelector("main"), { subtree: true, childList: true });
})();

// What waits (_ext/pages_arrival.py) is laid out a little at a time, when there is nothing else to do.
(() => {
  const LITTLE = 400; // elements; a table's cell takes as long as three
  const { dataset } = document.documentElement;
  const waiting = [...document.getElementsByClassName("waits")];
  // Without what waits in it, and without what is covered.
  const count = (part, kind) => part.querySelectorAll(`${kind}:not(:scope .waits *, [hidden] *)`).length;
  const size = (part) => 1 + count(part, "*") + 2 * count(part, "td");
  const later = (what) => window.requestIdleCallback
    ? requestIdleCallback(what, { timeout: 500 }) : requestAnimationFrame(() => setTimeout(what));
  const next = () => {
    if (!waiting.length) return delete dataset.arriving;
    for (let room = LITTLE; waiting.length; waiting.shift()) {
      const [part] = waiting;
      const needs = size(part);
      if (needs > room && room < LITTLE) break;
      room -= needs;
      part.classList.remove("waits");
      if (!part.className) part.removeAttribute("class");
    }
    later(next);
  };
  addEventListener("load", () => later(next));
  addEventListener("beforeprint", () => delete dataset.arriving);
  // The end is where it is only once everything above is laid out, and so is what a scroll bar
  // leads to: held while the page grew, it would lead elsewhere at each move.
  const all = () => delete dataset.arriving;
  addEventListener("keydown", ({ key }) => key === "End" && all(), true);
  addEventListener("pointerdown", ({ target }) => target === document.documentElement && all(), true);
  const moves = ({ type }) => {
    if (dataset.arriving !== "") return;
    dataset.arriving = "moved";
    if (type !== "scroll") return;
    // Not every browser tells of a press on the scroll bar.
    const found = getSelection();
    if (found.isCollapsed) return all();
    // A search, such as window.find, has scrolled to where its finding was; what comes in sight on
    // the way is laid out, and moves it again.
    const show = (times) => {
      found.focusNode?.parentElement.scrollIntoView({ block: "center" });
      if (times) requestAnimationFrame(() => show(times - 1));
    };
    requestAnimationFrame(() => show(8));
  };
  addEventListener("scroll", moves, { once: true }); // of the page: that of a box does not bubble
  for (const kind of ["pointerdown", "wheel", "keydown", "click"]) {
    addEventListener(kind, moves, { once: true, capture: true, passive: true });
  }
})();

// The menus at the top close as menus should: on Escape, and on a click elsewhere.
(() => {
  const close = (menu) => {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  };
  const open = () => document.querySelectorAll("details.dropdown[open]");
  document.addEventListener("keydown", ({ key }) => key === "Escape" && open().forEach(close));
  document.addEventListener("click", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) close(menu);
  });
})();

// Light, dark, or as the system has it, in the order in which the first press changes something.
(() => {
  const { dataset } = document.documentElement;
  const night = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const { mode } = dataset;
    dataset.theme = mode === "auto" ? (night.matches ? "dark" : "light") : mode;
  };
  // Before the theme's script hears of it, whose way differs from version to version.
  document.addEventListener("click", (press) => {
    if (!press.target.closest(".theme-switch-button")) return;
    press.stopPropagation();
    const modes = night.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    dataset.mode = modes[(modes.indexOf(dataset.mode) + 1) % 3];
    show();
    localStorage.setItem("mode", dataset.mode);
    localStorage.setItem("theme", dataset.theme);
  }, true);
  night.addEventListener("change", () => setTimeout(show));
})();

// A drawer covers the page on a phone: it closes when a link in it is followed.
document.addEventListener("click", ({ target }) => {
  const link = target.closest("dialog[open] a[href]");
  if (link) link.closest("dialog").close();
});

// Print in the light theme and with the solutions, since nobody can open a fold on paper.
(() => {
  const page = document.documentElement;
  let theme = "", opened = [];
  addEventListener("beforeprint", () => {
    theme = page.dataset.theme;
    page.dataset.theme = "light";
    opened = [...document.querySelectorAll("details.hide:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    page.dataset.theme = theme;
    for (const fold of opened) fold.open = false;
  });
})();
