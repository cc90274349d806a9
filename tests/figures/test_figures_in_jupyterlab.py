"""A living figure in a real JupyterLab: before it is run, and linked to Python after."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest
from browser import notebook
from course import ROOT
from figures import EXAMPLES
from launch import until

from actlib.activations import softmax, swish

TOKEN = "local-test"
LIVE = ".jp-OutputArea-output [data-live]"
CELLS = [
    "import sys; sys.path.insert(0, TESTS); from figures import EXAMPLES",
    "figure = EXAMPLES['NAME'](); figure",
    "print('Python reads', READ)",
    "figure.set_trait(*SET)",
]
CONTROLS = [
    "import ipywidgets; from actlib import plotting, widgets",
    "slope = ipywidgets.FloatSlider(0.5, min=-1, max=1, step=0.1, description='slope')\n"
    "def draw(slope): return plotting.curves([0, 1], {'line': [0, 1 / slope]})\n"
    "widgets.Controls(draw, {'slope': slope}, alt='A line that rises to 2 where x is 1.')",
    "slope.value = 0.0",
    "slope.value = 0.3; print('Python set', slope.value)",
]


def press(label, key="ArrowRight"):
    """Return what a reader does: press a key on the control with that label."""

    def act(live):
        live.get_by_label(label, exact=True).press(key)

    return act


def row_with(name, number):
    """Return where the figure's table shows a number for `name`."""
    return lambda live: live.locator("tbody tr", has_text=name).filter(has_text=f"{number:.6f}")


def choose_four_linear_layers(live):
    # The kernel brings the images, and a worker trains on them, made of a text.
    live.get_by_label("experiment").select_option("flat_on_digits")
    live.locator("canvas[aria-label*='test images that are got wrong']").wait_for()
    assert len(live.page.workers) >= 1
    live.get_by_label("experiment").select_option("no_bend")


def answer_with_enter(live):
    field = live.get_by_label("Your answer")
    live.get_by_label("Question 2, unanswered").click()
    field.fill("7.39")
    # JupyterLab itself listens for Enter.
    field.press("Enter")


# For each figure: what a reader does, the expression that Python then reads and what it finds,
# the trait that Python sets, and where the figure shows that.
ROUND_TRIPS = {
    "activation_explorer": (
        press("point z"),
        *("figure.z", "1.01", ("params", {"swish": {"beta": 0.37}})),
        row_with("Swish", swish(1.01, beta=0.37)),
    ),
    "bend_the_line": (
        press("bend of unit 1"),
        *("figure.bends", "[-1.45, 0.0, 1.5]", ("target", "sine")),
        lambda live: live.get_by_role("img", name="2 sin x:"),
    ),
    "depth_flow": (
        press("hidden layers", "ArrowLeft"),
        *("figure.depth", "29", ("activation", "relu")),
        lambda live: live.locator("label:has(input:checked)", has_text="ReLU"),
    ),
    "playground": (
        choose_four_linear_layers,
        *("(figure.activation, figure.depth)", "(['identity'], 4)", ("activation", ["tanh"])),
        lambda live: live.get_by_text("3 Tanh"),
    ),
    "quiz": (
        answer_with_enter,
        *("figure.answers", "{'softmax-ratio': [7.39]}", ("answers", {})),
        lambda live: live.get_by_text("0 of 8 answered"),
    ),
    "softmax_explorer": (
        press("logit of cat"),
        *("figure.logits", "[2.1, 1.0, 0.1]", ("temperature", 2.0)),
        row_with("cat", softmax([1.05, 0.5, 0.05])[0]),
    ),
    "two_libraries": (
        lambda live: live.get_by_label("second", exact=True).select_option("Fern relu"),
        *("figure.second", "Fern relu", ("function", "GELU")),
        lambda live: live.get_by_role("cell", name="gelu_tanh"),
    ),
    "value_and_slope": (
        press("point z"),
        *("figure.z", "1.01", ("shown", ["tanh"])),
        lambda live: live.get_by_role("img", name="At z = 1.01: Tanh"),
    ),
}


def round_trips():
    """Return {figure: its notebook's cells}."""
    filled = {}
    for name, (_, read, _, setting, _) in ROUND_TRIPS.items():
        words = {"NAME": name, "READ": read, "SET": repr(setting)}
        filled[name] = [re.sub("NAME|READ|SET", lambda m, w=words: w[m[0]], c) for c in CELLS]
    return filled


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with a stored notebook and one to be run for each figure."""
    folder = tmp_path_factory.mktemp("lab")
    work = folder / "work"
    work.mkdir()
    stored = notebook([EXAMPLES["activation_explorer"]()._repr_mimebundle_()])
    nbformat.write(stored, work / "stored.ipynb")
    new = nbformat.v4
    where = json.dumps(str(ROOT / "tests" / "kit"))
    for name, sources in {**round_trips(), "controls": CONTROLS}.items():
        cells = [new.new_code_cell(source.replace("TESTS", where)) for source in sources]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(new.new_notebook(cells=cells, metadata=kernel), work / f"{name}.ipynb")
    with serving(folder, "jupyterlab", "--LabApp.news_url=None") as address:
        yield lambda name: f"{address}/lab/tree/{name}?token={TOKEN}&reset"


@contextmanager
def serving(folder, application, *options, **environ):
    """Start a Jupyter application on `folder`/work; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", application, "--no-browser", "--allow-root", *options),
            *(f"--port={port}", f"--IdentityProvider.token={TOKEN}"),
            f"--ServerApp.root_dir={folder / 'work'}",
        ],
        env={
            **os.environ,
            **own,
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            **environ,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
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
    # Before that, running a cell does nothing.
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
    # The handle can be operated by keyboard; each press draws a new picture.
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


def test_every_figure_is_tried():
    assert ROUND_TRIPS.keys() == EXAMPLES.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_page_and_python_hear_each_other(lab, open_page, name):
    page = open_page(lab(f"{name}.ipynb"), viewport={"width": 1200, "height": 1600}).page
    cells, run = runner(page)
    act, _, found, _, shown = ROUND_TRIPS[name]
    for cell in (0, 1):
        run(cell)
    live = page.locator(".jp-OutputArea-output .living-live")
    live.wait_for(timeout=60_000)
    # Keys reach the figure, not JupyterLab, and what they do reaches Python.
    act(live)
    run(2)
    cells.nth(2).get_by_text(f"Python reads {found}", exact=True).wait_for()
    assert not shown(live).count()
    # What Python sets reaches the figure, including a parameter between a slider's stops.
    run(3)
    shown(live).wait_for()


@pytest.fixture(scope="module")
def notebook_7(tmp_path_factory):
    """The folder in which pip put Notebook 7, alone: it stands on the JupyterLab that is here."""
    folder = tmp_path_factory.mktemp("notebook")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder]
    done = subprocess.run([*pip, "notebook>=7.4,<8"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("application", ["jupyterlab", "notebook"])
def test_a_saved_figure_is_a_still_when_it_is_opened_again(
    request, tmp_path, open_page, application
):
    environ, options, tree = {}, ["--LabApp.news_url=None"], "lab/tree"
    if application == "notebook":
        folder = request.getfixturevalue("notebook_7")
        environ = {"PYTHONPATH": f"{ROOT}:{folder}", "JUPYTER_PATH": f"{folder}/share/jupyter"}
        options, tree = ["--JupyterNotebookApp.news_url=None"], "notebooks"
    path = tmp_path / "work" / "figure.ipynb"
    path.parent.mkdir()
    where = json.dumps(str(ROOT / "tests" / "kit"))
    new = nbformat.v4
    first = CELLS[0].replace("TESTS", where)
    figures = [*(f"EXAMPLES['{name}']()" for name in EXAMPLES), "\n".join(CONTROLS[:2])]
    sources = [first, *figures]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new.new_code_cell(source) for source in sources]
    nbformat.write(new.new_notebook(cells=cells, metadata=kernel), path)

    def opened(address):
        where = f"{address}/{tree}/figure.ipynb?token={TOKEN}&reset"
        return open_page(where, viewport={"width": 1200, "height": 9000}).page

    with serving(tmp_path, application, *options, **environ) as address:
        page = opened(address)
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_timeout(5000)
        page.locator(".jp-Notebook .cm-content").first.click()
        for _ in sources:
            page.keyboard.press("Shift+Enter")
        page.locator(LIVE).nth(len(figures) - 1).wait_for(timeout=60_000)
        assert not page.locator(".living-still:visible").count()
        page.keyboard.press("Control+s")
        until(lambda: path.read_text("utf-8").count("data-model=") == len(figures), "not saved")
        page.close()
    with serving(tmp_path, application, *options, **environ) as address:
        page = opened(address)
        still = page.locator(".jp-OutputArea-output .living-still")
        still.nth(len(figures) - 1).wait_for(timeout=60_000)
        # A kernel of its own has started by then, and knows of no figure.
        page.wait_for_timeout(5000)
        assert still.evaluate_all("all => all.every((each) => each.checkVisibility())")
        assert not page.locator(LIVE).count()
        assert not page.get_by_text("Error displaying").count()
