"""A living figure in a real JupyterLab: before it is run, and linked to Python after."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from browser import notebook
from figures import EXAMPLES

TOKEN = "local-test"
CELLS = [
    "import sys; sys.path.insert(0, TESTS); from figures import EXAMPLES",
    "figure = EXAMPLES['activation_explorer'](); figure",
    "heard = []; figure.observe(lambda change: heard.append(change['new']), 'z')",
    "print('Python hears', heard, 'and reads', figure.shown)",
    "figure.z = -2.0",
    "figure.params = {'swish': {'beta': 0.37}}",
]
CONTROLS = [
    "import ipywidgets; from actlib import plotting, widgets",
    "slope = ipywidgets.FloatSlider(0.5, min=-1, max=1, step=0.1, description='slope')\n"
    "def draw(slope): return plotting.curves([0, 1], {'line': [0, 1 / slope]})\n"
    "widgets.Controls(draw, {'slope': slope}, alt='A line that rises to 2 where x is 1.')",
    "slope.value = 0.0",
    "slope.value = 0.3; print('Python set', slope.value)",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with two notebooks: one stored, one to run."""
    folder = tmp_path_factory.mktemp("lab")
    work = folder / "work"
    work.mkdir()
    stored = notebook([EXAMPLES["activation_explorer"]()._repr_mimebundle_()])
    nbformat.write(stored, work / "stored.ipynb")
    new = nbformat.v4
    where = json.dumps(os.path.dirname(__file__))
    for name, sources in {"run": CELLS, "controls": CONTROLS}.items():
        cells = [new.new_code_cell(source.replace("TESTS", where)) for source in sources]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new.new_notebook(cells=cells, metadata=kernel), work / f"{name}.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *(f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--notebook-dir={work}"),
            "--LabApp.news_url=None",
        ],
        env={**os.environ, **own, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/lab/tree"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield lambda name: f"{address}/{name}?token={TOKEN}&reset"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.slow
def test_a_stored_notebook_shows_the_still_figure_before_it_is_trusted(lab, open_page):
    page = open_page(lab("stored.ipynb"), viewport={"width": 1200, "height": 900}).page
    still = page.locator(".jp-OutputArea-output img")
    still.wait_for(timeout=60_000)
    assert still.evaluate("(img) => img.complete && img.naturalWidth") > 500
    assert still.get_attribute("alt") == EXAMPLES["activation_explorer"]().alt()


def runner(page):
    """Wait for the notebook's kernel; return its cells and a function that runs one."""
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    # Before that, a cell that is asked to run does nothing.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    cells = page.locator(".jp-Notebook .jp-Cell")

    def run(cell):
        cells.nth(cell).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        prompt = cells.nth(cell).locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
        prompt.wait_for(timeout=60_000)

    return cells, run


@pytest.mark.slow
def test_controls_draw_the_readers_function_anew(lab, open_page):
    page = open_page(lab("controls.ipynb"), viewport={"width": 1200, "height": 1400}).page
    _, run = runner(page)
    run(0)
    run(1)
    picture = page.locator(".jp-OutputArea-output .widget-image")
    picture.wait_for(timeout=60_000)
    # The handle is keyboard-operable; each press draws a new picture.
    first = picture.get_attribute("src")
    page.locator(".jp-OutputArea-output .noUi-handle").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "old => document.querySelector('.jp-OutputArea-output .widget-image').src !== old",
        arg=first,
    )
    run(2)
    page.get_by_text("Your function raised ZeroDivisionError").wait_for()
    run(3)
    page.get_by_text("Your function raised ZeroDivisionError").wait_for(state="detached")


@pytest.mark.slow
def test_page_and_python_hear_each_other(lab, open_page):
    page = open_page(lab("run.ipynb"), viewport={"width": 1200, "height": 1400}).page
    cells, run = runner(page)
    for cell in (0, 1):
        run(cell)
    live = page.locator(".jp-OutputArea-output .living-live")
    live.wait_for(timeout=60_000)
    run(2)
    # Keys reach the slider, not JupyterLab, and what they do reaches Python.
    point = live.get_by_label("point z")
    point.focus()
    page.keyboard.press("ArrowRight")
    live.get_by_role("checkbox", name="GELU").uncheck()
    run(3)
    cells.nth(3).get_by_text("Python hears [1.01] and reads ['relu', 'swish', 'tanh']").wait_for()
    # What Python sets reaches the figure, a parameter between the stops included.
    run(4)
    row = live.locator("tbody tr", has_text="Tanh")
    row.filter(has_text="−0.964028").wait_for()
    run(5)
    live.locator(".living-slider", has_text="beta of Swish").filter(has_text="0.37").wait_for()
    shown = live.locator("tbody tr", has_text="Swish").locator("td").first.inner_text()
    assert float(shown.replace("−", "-")) == pytest.approx(-0.646008, abs=1e-6)
