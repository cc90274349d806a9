// What is wider than the page scrolls in its own box; here the box takes the keyboard's focus.
(() => {
  const boxes = document.querySelectorAll(".math .scrolls, .pst-scrollable-table-container");
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) {
        target.tabIndex = 0;
        target.role = "group";
        target.ariaLabel = target.matches(".scrolls") ? "Formula, scrolls" : "Table, scrolls";
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    }
  });
  boxes.forEach((box) => watch.observe(box));
})();

// The menus at the top close as menus do: by Escape, and by a click elsewhere.
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

// Paper is light, and shows the solutions: there, nobody can open a fold.
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
