// What is wider than the page scrolls in its own box; here that box becomes focusable.
(() => {
  const boxes = document.querySelectorAll(".math .scrolls, .pst-scrollable-table-container");
  const name = ({ target }) => {
    if (target.scrollWidth > target.clientWidth + 1) {
      target.tabIndex = 0;
      target.role = "group";
      target.ariaLabel = target.matches(".scrolls") ? "Scrollable formula" : "Scrollable table";
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  };
  // In the next frame: a box that says that it scrolls is higher, and would call for a second look
  // within this one, which browsers report as an error.
  const watch = new ResizeObserver((entries) =>
    requestAnimationFrame(() => entries.forEach(name)));
  boxes.forEach((box) => watch.observe(box));
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
