"""JupyterLite beside the pages: the button opens the chapter, which runs there, figures and all.

The site is built as `make lite` does it, with JupyterLite from PyPI and Pyodide's files from the
cache. The chapter is cut down to the cells that are run; that all run, the pages' tests show.
"""

import os
import re
from pathlib import Path

import nbformat
import pytest
from browser import Watched, build_book
from course import ROOT
from launch import environment
from static_host import serving

from live import lite, runtime

CHAPTER = "chapters/relu_family"
# The imports and an exercise solved; then SciPy, a figure that moves, one that Python draws.
KEPT = ("from actlib import calculus", "solved_relu")
MORE = [
    "from actlib.activations import gelu\nprint(round(float(gelu(1.0)), 4))",
    "explorer = widgets.ActivationExplorer(['relu', 'gelu'])\nexplorer",
    "height = ipywidgets.FloatSlider(1, min=0, max=5)\n"
    "widgets.Controls(lambda height: plotting.curves(np.arange(3.0), {'line': height * "
    "np.arange(3.0)}), {'height': height}, alt='A line.')",
]
RUN_ALL = """async () => {
    while (!window.jupyterapp) await new Promise((done) => setTimeout(done, 50));
    const app = window.jupyterapp;
    await app.restored;
    while (!app.shell.currentWidget?.sessionContext) {
        await new Promise((done) => setTimeout(done, 50));
    }
    await app.shell.currentWidget.sessionContext.ready;
    await app.commands.execute("notebook:run-all-cells");
}"""
SAYS = """async (code) => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const asked = kernel.requestExecute({ code });
    let text = "";
    asked.onIOPub = ({ content }) => { text += content.text ?? ""; };
    await asked.done;
    return text.trim();
}"""
ALIVE = """() => document.querySelector(".living-figure .living-live input[type=range]")
    && document.querySelector(".living-controls img")"""
MOVED = """before => {
    const pictures = [...document.querySelectorAll(".living-controls img")];
    return pictures.at(-1).src !== before;
}"""
PATIENCE = 400_000  # milliseconds, on a machine that does much else
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(({ model }) => model.type === "code")
    .flatMap(({ model }) => model.outputs.toJSON())"""

BUTTON = (ROOT / "_ext" / "pages_lite.py").read_text("utf-8")


def test_the_icon_of_the_button_is_drawn():
    (icon,) = re.findall(r'"text": NAME,.*?"icon": "fas (fa-[\w-]+)"', BUTTON, re.DOTALL)
    assert f".{icon} {{" in (ROOT / "_static" / "course.css").read_text("utf-8")


def test_what_jupyterlite_loads_at_its_start_is_pinned_by_the_lock_file():
    packages = runtime.json.loads(runtime.fetch()[runtime.LOCK])["packages"]
    for name in lite.PYODIDES:
        needed = {each.replace("_", "-") for each in packages[name]["depends"]}
        assert needed <= {*lite.PYODIDES}, name


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of one chapter, with JupyterLite."""
    folder = tmp_path_factory.mktemp("lite")
    python = os.environ.get("LITE") or str(
        environment(folder / "env", "--requirement", ROOT / "live" / "lite" / "requirements.txt")
        / "python"
    )
    course = folder / "course"
    (course / "chapters").mkdir(parents=True)
    for name in ("live", "actlib", "benchmarks"):
        (course / name).symlink_to(ROOT / name)
    notebook = nbformat.read(ROOT / f"{CHAPTER}.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    kept = [cell for cell in code if any(words in cell.source for words in KEPT)]
    new = [nbformat.v4.new_code_cell(source) for source in MORE]
    notebook.cells = [notebook.cells[0], *kept, *new]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LITE", python)
        return build_book(course, {CHAPTER: notebook})


@pytest.mark.slow
def test_the_button_opens_a_notebook_that_runs_and_whose_figures_move(book, browser):
    with serving(book) as (address, host):
        page = browser.new_page()
        watched = Watched(page)
        page.goto(f"{address}/{CHAPTER}.html")
        link = page.locator(".dropdown-launch-buttons a", has_text="JupyterLite")
        assert link.get_attribute("href").endswith(f"lite/lab/index.html?path={CHAPTER}.ipynb")
        page.goto(link.evaluate("link => link.href"))
        page.evaluate(RUN_ALL)
        page.wait_for_function(ALIVE, timeout=PATIENCE)
        outputs = page.evaluate(OUTPUTS)
        texts = "".join("".join(output.get("text", "")) for output in outputs)
        assert not [output for output in outputs if output["output_type"] == "error"], outputs
        assert re.search(r"^✓", texts, re.M) and "0.8413" in texts
        # A hand on the figure's slider is felt in Python, and Python's slider moves the picture.
        before = page.evaluate(SAYS, "print(explorer.z)")
        page.locator(".living-figure input[type=range]").first.fill("-2")
        assert before != page.evaluate(SAYS, "print(explorer.z)") == "-2.0"
        drawn = page.locator(".living-controls img").last
        before = drawn.get_attribute("src")
        page.evaluate(SAYS, "height.value = 4")
        page.wait_for_function(
            MOVED,
            arg=before,
            timeout=PATIENCE,
        )
        assert not watched.foreign
        # Pyodide and its large packages are those of the pages, not copies.
        asked = {Path(name).name: name for name, _ in host.asked}
        assert asked["pyodide.asm.wasm"].startswith("/_static/live/core-")
        packs = {name.partition("-")[0] for name in asked if name.endswith(".pack")}
        assert {"numpy", "matplotlib", "scipy", "course", "figures"} <= packs
        assert not re.search(r"(numpy|scipy|matplotlib)-[\d.]+-cp", " ".join(asked))
        page.close()


@pytest.mark.slow
def test_jupyterlite_brings_few_bytes_of_its_own(book):
    files = [path for path in (book / "lite").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40e6
    assert not [path for path in files if path.suffix == ".map"]
    assert "piplite" in (book / "lite" / "licences.html").read_text("utf-8")
