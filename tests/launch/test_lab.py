"""`make lab` on a fresh clone: each chapter displays well, runs, and is saved as stored."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from ast import literal_eval
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from course import ROOT
from jupyter_client import BlockingKernelClient
from launch import TOKEN, bare, checkout, choose, differences, serving, until
from notebooks import PATHS, listed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("make"), reason="make is not installed"),
]
every_notebook = pytest.mark.parametrize("name", [path.stem for path in PATHS])

# What a person would see of a notebook: words, pictures, and errors in displaying them.
LOOK = """notebook => ({
  texts: [...notebook.querySelectorAll('.jp-MarkdownOutput, .jp-OutputArea-output')].map(
    each => each.innerText),
  formulas: notebook.querySelectorAll('mjx-container').length,
  broken: notebook.querySelectorAll('mjx-merror').length,
  pictures: [...notebook.querySelectorAll('.jp-OutputArea-output img')].map(
    image => image.complete && image.naturalWidth > 0 ? image.offsetWidth : 0),
})"""
# A placeholder, a directive, a role or a formula that is shown as typed; the citation keys of
# Further reading, which the house rules allow, do not count.
RAW = re.compile(r"<Figure size.*|.*Error displaying.*|.*:::.*|.*```.*|\{(?!cite)[a-z]+\}\w.*")
STATES = """
import gc as _gc
from actlib.widgets.kit.figure import LivingFigure as _Living
_states = {
    each.model_id: repr({k: v for k, v in each.get_state().items() if not k.startswith("_")})
    for each in _gc.get_objects() if isinstance(each, _Living)
}
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A fresh clone, and the address of what `make lab` starts there."""
    clone = checkout(tmp_path_factory.mktemp("l'été à deux") / "course")
    # By default a cell is attached when it comes into view; here all are checked.
    settings = Path(f"{clone}.SETTINGS") / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', "utf-8")
    # With this environment: test_download.py covers installing one.
    (clone / ".venv").symlink_to(sys.prefix)
    make = 'make lab --assume-old=.venv/.course LAB_OPTIONS="$*"'
    options = (f"--IdentityProvider.token={TOKEN}", "--LabApp.news_url=None")
    with serving(
        *("sh", "-c", make, "make lab", *options),
        folder=clone,
        PYTHONPATH=str(clone),
        JUPYTERLAB_SETTINGS_DIR=f"{clone}.SETTINGS",
        JUPYTERLAB_WORKSPACES_DIR=f"{clone}.WORKSPACES",
    ) as (address, seconds):
        print(f"\nJupyterLab answers after {seconds:.1f} s")
        yield clone, address


def read(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return page.read()
    except OSError:
        return b""


def test_without_a_browser_and_with_its_port_taken_lab_says_where_it_answers(tmp_path):
    clone = checkout(tmp_path / "course")
    (clone / ".venv").symlink_to(sys.prefix)
    dirs = {f"JUPYTER_{kind}_DIR": f"{clone}.{kind}" for kind in ("CONFIG", "DATA", "RUNTIME")}
    # Neither a screen, nor a terminal that a text browser could use.
    nothing = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": "", "TERM": "dumb"}
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        options = f"LAB_OPTIONS=--allow-root --ServerApp.port={taken}"
        server = subprocess.Popen(
            ["make", "lab", "--assume-old=.venv/.course", options],
            cwd=clone,
            env=bare(PYTHONPATH=str(clone), **dirs, **nothing),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        stop = threading.Timer(90, os.killpg, (server.pid, signal.SIGTERM))
        stop.start()
        try:
            said = []
            while said[-1:] != [""] and "No web browser found" not in "".join(said):
                said.append(server.stdout.readline())
            *_, address = re.findall(r"http://127\.0\.0\.1:\d+/\S+", "".join(said))
            assert f":{taken}/" not in address
            until(lambda: b"JupyterLab" in read(address), f"{address} does not answer")
        finally:
            stop.cancel()
            os.killpg(server.pid, signal.SIGTERM)
            server.communicate(timeout=30)
    assert "if no browser opens, open the last address that it prints" in said[0]
    assert f"The port {taken} is already in use, trying another" in "".join(said)


def opened(lab, name, open_page):
    """Open a chapter as a reader does, and wait until its kernel answers."""
    _, address = lab
    where = f"{address}lab/tree/chapters/{name}.ipynb?token={TOKEN}&reset"
    page = open_page(where, viewport={"width": 1280, "height": 1000}).page
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=120_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
    return page


def test_the_first_chapter_is_open_and_its_links_lead_to_the_other_pages(lab, open_page):
    _, address = lab
    page = open_page(f"{address}?token={TOKEN}", viewport={"width": 1280, "height": 1000}).page
    page.locator(".jp-Notebook h1").first.wait_for(timeout=120_000)
    first = listed()[0]
    assert page.url.endswith(f"/lab/tree/{first}.ipynb")
    page.locator(".jp-MarkdownOutput a[href*='glossary.md']").first.click()
    page.locator(".lm-TabBar-tab", has_text="glossary.md").wait_for(timeout=60_000)


def stored(name):
    return nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)


def outputs(notebook):
    return [each for cell in notebook.cells for each in cell.get("outputs", [])]


@every_notebook
def test_a_fresh_clone_displays_well_before_anything_runs(lab, open_page, name):
    page = opened(lab, name, open_page)
    page.locator("[title^='Notebook not trusted']").wait_for()
    # Formulas are typeset one after the other.
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.jp-MarkdownOutput')].some("
        "each => each.innerText.includes('$'))"
    )
    seen = page.locator(".jp-Notebook").evaluate(LOOK)
    raw = [line for text in seen["texts"] for line in RAW.findall(text)]
    assert raw == [] and seen["broken"] == 0
    data = [each.get("data", {}) for each in outputs(stored(name))]
    pictures = sum("image/png" in each or "<img" in each.get("text/html", "") for each in data)
    assert len(seen["pictures"]) == pictures
    assert min(seen["pictures"], default=500) > 300


@every_notebook
def test_a_chapter_runs_moves_and_is_saved_as_it_was_stored(lab, open_page, name):
    clone = lab[0]
    page = opened(lab, name, open_page)
    choose(page, "Run", "Run All Cells")
    # All cells are queued at once; their stars disappear one after the other.
    waiting = page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]")
    waiting.first.wait_for(timeout=30_000)
    waiting.first.wait_for(state="detached", timeout=240_000)
    with asking(lab, name) as states:
        move_every_figure(page, name, states)
    path = clone / "chapters" / f"{name}.ipynb"
    written = path.stat().st_mtime_ns
    choose(page, "File", "Save Notebook")
    until(
        lambda: path.stat().st_mtime_ns > written and path.read_text("utf-8").endswith("}\n"),
        "JupyterLab did not save",
    )
    saved, before = nbformat.read(path, as_version=4), stored(name)
    assert [cell.id for cell in saved.cells] == [cell.id for cell in before.cells]
    assert [cell.source for cell in saved.cells] == [cell.source for cell in before.cells]
    assert all(cell.execution_count for cell in saved.cells if cell.cell_type == "code")
    assert differences(before, saved, Path(f"{clone}.outputs") / name) == []


def move_every_figure(page, name, states):
    """Move each figure and answer each quiz on the page, and check that Python noticed."""
    before = states()
    figures = page.locator(".jp-OutputArea-output .living-live")
    # A chapter also makes figures that it only asks for numbers.
    shown = figures.evaluate_all("all => all.map(e => e.closest('[data-model]').dataset.model)")
    htmls = [each.get("data", {}).get("text/html", "") for each in outputs(stored(name))]
    assert len(shown) == sum('class="living-figure"' in html for html in htmls)
    for figure in figures.all():
        slider, settings = figure.locator("input[type=range]"), figure.get_by_text("Settings")
        if slider.count():
            slider.first.press("ArrowRight")
        elif settings.count():
            settings.click()
            figure.get_by_label("seed", exact=True).press("ArrowUp")
        elif (box := figure.get_by_label("only where they part")).count():
            box.click()
        else:
            figure.get_by_role("radio").first.check()
            figure.get_by_role("button", name="Check").click()

    def heard():
        now = states()
        return all(now[figure] != before[figure] for figure in shown)

    until(heard, "Python did not notice a move")


@contextmanager
def asking(lab, name):
    """Yield a function that returns the states of all living figures in a chapter's kernel.

    It asks the kernel without JupyterLab, so that the notebook stays as a reader would save it.
    """
    clone, address = lab
    with urllib.request.urlopen(f"{address}api/sessions?token={TOKEN}") as answer:
        sessions = {session["path"]: session["kernel"]["id"] for session in json.load(answer)}
    kernel = sessions[f"chapters/{name}.ipynb"]
    client = BlockingKernelClient(connection_file=f"{clone}.RUNTIME/kernel-{kernel}.json")
    client.load_connection_file()
    client.start_channels()

    def states():
        asked = {"states": "_states"}
        reply = client.execute(
            STATES, store_history=False, user_expressions=asked, reply=True, timeout=60
        )
        return literal_eval(reply["content"]["user_expressions"]["states"]["data"]["text/plain"])

    try:
        yield states
    finally:
        client.stop_channels()
