"""Pages in a real browser: build a small book with the project's settings, open it, watch it."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from course import ROOT

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # An element then says what it is called: `computedName`.
    "--enable-blink-features=ComputedAccessibilityInfo",
    # No request leaves the machine. Routing each through Python would cost a second per page.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
# What was requested in the first frame has been painted by the second.
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Colours and places that change once something else did, as a theme, have changed.
CHANGED = f"""async () => {{
    await {TWO_FRAMES};
    const changes = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(changes.map((change) => change.finished));
    await {TWO_FRAMES};
}}"""
# Nearby figures fetch their scripts, by tags that are removed once loaded, and wake; what is far
# below is laid out.
AWAKE = f"""async () => {{
    do await {TWO_FRAMES};
    while (document.querySelector("head > script:not([defer])[src*='/living/']")
        || "arriving" in document.documentElement.dataset);
    await {TWO_FRAMES};
}}"""
FOLDS = "(open) => document.querySelectorAll('details').forEach((fold) => (fold.open = open))"
# The controls that are called otherwise than they read (WCAG 2.5.3): whoever works a page by
# voice says what is seen. A formula is written twice, for the eye and for screen readers, and
# the latter counts; signs such as → and × need not be spoken.
MISNAMED = """() => {
  const words = (text) => text.toLowerCase().replace(/[^\\p{L}\\p{N}]/gu, "");
  const shown = (element) => {
    let text = "";
    const called = new Set();
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const { parentElement, data } = nodes.currentNode;
      if (parentElement.closest(".katex-html, select, textarea")) continue;
      const formula = parentElement.closest("math[aria-label]");
      if (formula && called.has(formula)) continue;
      const { width, height } = parentElement.getBoundingClientRect();
      const hidden = { visibilityProperty: true, opacityProperty: true };
      if (!parentElement.checkVisibility(hidden)) continue;
      if (formula) called.add(formula) && (text += formula.ariaLabel);
      else if (parentElement.closest("math") || Math.min(width, height) > 1) text += data;
    }
    return words(text);
  };
  const roles = ["button", "checkbox", "link", "radio", "slider", "spinbutton", "switch", "tab"];
  const controls = document.querySelectorAll(
    ["a[href]", "button", "input", "select", "summary", "textarea",
     ...roles.map((role) => `[role=${role}]`)].join());
  const found = [];
  for (const control of controls) {
    if (control.type === "hidden" || !control.checkVisibility({visibilityProperty: true})) continue;
    const parts = control.matches("input, select, textarea") ? [...control.labels] : [control];
    const [name, read] = [control.computedName, parts.map(shown).join("")];
    if (!name.trim() || !words(name).includes(read))
      found.push([name, read, control.outerHTML.slice(0, 120)]);
  }
  return found;
}"""
# A living figure, as it stands in a page.
FIGURE = r'<div class="living-figure".*?</script>\s*</div>'
LOCAL = ("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost")


def chromium():
    """Return the path of the browser; without one, skip the test, or fail if CI is set.

    One without windows comes first: the same engine, for half the processor time.
    """
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    message = "no Chromium was found: install the system's package chromium"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def notebook(bundles):
    """Return a notebook with a title and one cell for each {mime: data} in `bundles`."""
    new = nbformat.v4
    cells = [new.new_markdown_cell("# A page")]
    for bundle in bundles:
        output = new.new_output("display_data", data=bundle)
        cells.append(new.new_code_cell("figure", execution_count=1, outputs=[output]))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def build_book(folder, pages):
    """Build {page name: notebook} with the project's own settings; return the HTML folder."""
    for path in ROOT.iterdir():
        # Everything that the settings name.
        if path.is_dir() and path.name.startswith("_") and path.name != "_build":
            shutil.copytree(path, folder / path.name)
    for name in ("_config.yml", "references.bib"):
        shutil.copy(ROOT / name, folder)
    (folder / "index.md").write_text("# A small book\n", encoding="utf-8")
    for name, book in pages.items():
        nbformat.write(book, folder / f"{name}.ipynb")
    chapters = "".join(f"  - file: {name}\n" for name in pages)
    toc = f"format: jb-book\nroot: index\nchapters:\n{chapters}"
    (folder / "_toc.yml").write_text(toc, encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "--all", folder]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    return folder / "_build" / "html"


def page_with(page, name, figures):
    """Copy a built page, with other figures in the place of its own; return the copy's path."""
    before, *_, after = re.split(FIGURE, page.read_text("utf-8"), flags=re.DOTALL)
    inside = "".join(each._repr_mimebundle_()["text/html"] for each in figures)
    copy = page.with_name(f"{name}-{os.getpid()}.html")  # xdist's workers share the folder
    copy.write_text(f"{before}{inside}{after}", "utf-8")
    return copy


def swipe(watched, start, end, steps=6):
    """Draw a finger over the page, from one place of the window to another."""
    finger = watched.page.context.new_cdp_session(watched.page)
    for i in range(steps + 1):
        x, y = (a + (b - a) * i / steps for a, b in zip(start, end, strict=True))
        kind = "touchMove" if i else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        watched.page.evaluate(TWO_FRAMES)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


class Watched:
    """A page whose requests and messages are recorded; requests to other machines fail."""

    def __init__(self, page):
        self.page, self.asked, self.foreign, self.said = page, [], [], []
        page.on("request", self._note)
        page.on("console", lambda message: self.said.append((message.type, message.text)))
        page.on("pageerror", lambda error: self.said.append(("error", str(error))))

    def _note(self, request):
        self.asked.append(request.url)
        if not request.url.startswith(LOCAL):
            self.foreign.append(request.url)

    @property
    def complaints(self):
        """The warnings and errors that the page wrote to the console."""
        return [text for kind, text in self.said if kind in ("warning", "error")]


@contextmanager
def opened(browser, where, *, before="", **options):
    """Open a file or an address in a context of its own; keywords as `browser.new_context`."""
    context = browser.new_context(**options)
    try:
        watched = Watched(context.new_page())
        if before:
            watched.page.add_init_script(before)
        watched.page.goto(where if isinstance(where, str) else where.as_uri())
        if options.get("java_script_enabled", True):
            watched.page.evaluate(AWAKE)
        yield watched
    finally:
        context.close()


def open_all(page):
    """Show what a reader can show: open the folds and covers, and scroll past the lazy images."""
    page.evaluate(FOLDS, True)
    page.evaluate("document.querySelectorAll('.ask[aria-expanded=false]').forEach(e => e.click())")
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_function("[...document.images].every(image => image.complete)")


def cover_all(page):
    """Close the folds and covers again."""
    page.evaluate(FOLDS, False)
    page.evaluate("document.querySelectorAll('.ask[aria-expanded=true]').forEach(e => e.click())")


def misnamed(page):
    """Return [name, what is read, HTML] of each control in sight that is not called as it reads."""
    session = page.context.new_cdp_session(page)
    # Once the whole tree is made, a name is looked up; without it, each makes a tree of its own.
    session.send("Accessibility.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    session.send("Accessibility.queryAXTree", {"nodeId": root, "role": "none of these"})
    found = page.evaluate(MISNAMED)
    session.detach()
    return found
