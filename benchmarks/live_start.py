"""Measure how soon a reader has a first ✓ and a first figure, beside JupyterLite.

`python benchmarks/live_start.py PAGES LITE` with the folders of the built book and of a
JupyterLite site that holds `exercise.ipynb` and `figure.ipynb`, whose first cell installs and
imports what the second needs, and `actlib` as a wheel (see `live` in CONTRIBUTING.md). Both are
served compressed from this machine and opened in the same Chromium, cold and from its cache, in
turns. The clock starts at the click: on *Check* or *Run* in the page, and on the notebook's link
for JupyterLite, whose runs start by themselves; what both fetch is counted. The results are
stored with the date.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests" / "kit"))
from browser import ARGUMENTS, chromium  # noqa: E402
from static_host import serving  # noqa: E402

AGREED = [
    f"{name}@0.27.7"
    for name in ("core", "course", "numpy", "stdlib", "matplotlib", "scipy", "traitlets", "widgets")
]
RIGHT = "def my_relu(z):\n    return np.maximum(z, 0)\n\n\nexercises.check_relu(my_relu)"
ANSWERED = "/^✓/.test(document.querySelector('.live-check .live-said').textContent)"
RUN_ALL = """async () => {
    while (!window.jupyterapp) await new Promise((done) => setTimeout(done, 20));
    const app = window.jupyterapp;
    await app.restored;
    const panel = () => app.shell.currentWidget;
    while (!panel()?.sessionContext) await new Promise((done) => setTimeout(done, 20));
    await panel().sessionContext.ready;
    await app.commands.execute("notebook:run-all-cells");
}"""


def of_the_page(context, host, what):
    page = context.new_page()
    page.goto(f"{host.address}/chapters/relu_family.html")
    page.evaluate(f"localStorage.clear(); localStorage['live:agreed'] = '{json.dumps(AGREED)}'")
    page.reload()
    page.wait_for_timeout(1000)
    if what == "exercise":
        cell = page.locator(".live-check").first
        cell.locator("pre").first.click()
        page.keyboard.insert_text("#")
        cell.locator(".cm-content").focus()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(RIGHT)
        done = ANSWERED
    else:
        cell = page.locator("div.cell.live").filter(has_text="joins=[0]").first
        cell.evaluate("cell => { cell.dataset.watched = '' }")
        done = "document.querySelector('[data-watched] .live-fresh img')?.complete"
    before, start = host.sent, time.perf_counter()
    cell.locator(".live-run").click()
    page.wait_for_function(done, timeout=240_000)
    result = {"seconds": time.perf_counter() - start, "bytes": host.sent - before}
    if what == "exercise":
        page.wait_for_function("!document.querySelector('.live-running')")
        again = page.evaluate(
            """async () => {
                const cell = document.querySelector(".live-check"), start = performance.now();
                cell.querySelector(".live-run").click();
                await new Promise((done) => setTimeout(done, 5));
                while (document.querySelector(".live-running")) {
                    await new Promise((done) => setTimeout(done, 1));
                }
                return performance.now() - start;
            }"""
        )
        result["again_ms"] = again
    # A reader stays for a moment; meanwhile the page keeps Python's memory for the next start.
    page.wait_for_timeout(3000)
    page.close()
    return result


def of_jupyterlite(context, host, what):
    page = context.new_page()
    before, start = host.sent, time.perf_counter()
    page.goto(f"{host.address}/lab/index.html?path={what}.ipynb")
    page.evaluate(RUN_ALL)
    done = (
        "[...document.querySelectorAll('.jp-OutputArea-output')]"
        ".some((o) => o.textContent.startsWith('✓'))"
        if what == "exercise"
        else "document.querySelector('.jp-OutputArea-output img')"
    )
    page.wait_for_function(done, timeout=240_000)
    result = {"seconds": time.perf_counter() - start, "bytes": host.sent - before}
    page.close()
    return result


def measure(playwright, sites, what, rounds):
    """Return {who: {cold or warm: results}}, the sites taken in turns."""
    found = {who: {"cold": [], "warm": []} for who in sites}
    for _ in range(rounds):
        for who, (host, run) in sites.items():
            with tempfile.TemporaryDirectory() as profile:
                context = playwright.chromium.launch_persistent_context(
                    profile, executable_path=chromium(), args=ARGUMENTS
                )
                for state in ("cold", "warm"):
                    found[who][state].append(run(context, host, what))
                    print(what, who, state, found[who][state][-1], flush=True)
                context.close()
    return found


def summary(results):
    return {key: round(statistics.median(each[key] for each in results), 3) for key in results[0]}


def main(pages, lite, rounds):
    load = os.getloadavg()[0]
    with (
        serving(pages) as (page_address, page_host),
        serving(lite) as (lite_address, lite_host),
        sync_playwright() as playwright,
    ):
        page_host.address, lite_host.address = page_address, lite_address
        sites = {"page": (page_host, of_the_page), "jupyterlite": (lite_host, of_jupyterlite)}
        measured = {
            what: measure(playwright, sites, what, rounds) for what in ("exercise", "figure")
        }
    medians = {
        what: {
            who: {state: summary(results) for state, results in states.items()}
            for who, states in by_site.items()
        }
        for what, by_site in measured.items()
    }
    date = datetime.date.today().isoformat()
    told = {
        "date": date,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "load at the start": load,
        "load at the end": os.getloadavg()[0],
        "jupyterlite": "jupyterlite-core 0.6.4, jupyterlite-pyodide-kernel 0.6.1",
        "pyodide": "0.27.7",
        "rounds": rounds,
        "medians": medians,
        "all": measured,
    }
    path = ROOT / "benchmarks" / f"live_start_{date}.json"
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(medians, indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("lite", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    main(given.pages, given.lite, given.rounds)
