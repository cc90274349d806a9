"""Every cell of every page that needs no PyTorch, run in the page and compared with what it stores.

The page itself compares: texts exactly, pictures by their number alone, because Pyodide's
Matplotlib is an older one. With LIVE_SECONDS=live/seconds.json the run also notes which cells
take long, so that the page can say so before a reader runs them.
"""

import json
import os
import time
from pathlib import Path

import pytest
from browser import AWAKE
from course import ROOT
from live_notebooks import NUMPY_PAGES

# What differs there, by cell, and why. What differs no longer is taken out.
DIFFERS = {
    # why_nonlinearity, Newton's method on nearly singular equations: a norm on the border of
    # two whole numbers is printed as 260, not 259. The text names neither.
    "9a63283cbaf04dbcab1f6479b197f3a8": "a number on the border of rounding",
}
LONG = 5  # seconds from which the page says how long a cell takes
PATIENCE = 1500  # seconds for a cell, on a machine that does much else
DONE = """number => {
    document.querySelector(".live-go")?.click();
    const cell = document.querySelectorAll("div.cell")[number];
    const said = cell.querySelector(".live-said");
    const over = /^(Ran|Stopped|Python (ran|could))|^[✓✗○]/.test(said.textContent);
    return !cell.matches(".live-running") && said.dataset.kind !== "quiet" && over;
}"""
OPEN = """() => {
    document.querySelectorAll(".ask[aria-expanded=false]").forEach((cover) => cover.click());
    document.querySelectorAll("details").forEach((fold) => (fold.open = true));
}"""


def text_of(outputs):
    return "".join("".join(output.get("text", "")) for output in outputs)


def short(text):
    return text if len(text) < 1500 else text[:1500] + " …"


@pytest.mark.slow
@pytest.mark.parametrize("name", NUMPY_PAGES)
def test_every_cell_run_in_the_page_shows_what_it_stores(name, host, browser, live_book):
    page = browser.new_page()
    page.goto(f"{host.address}/chapters/{name}.html")
    page.evaluate(AWAKE)
    if not page.locator("[data-page]").count():
        pytest.skip("the small book holds one chapter: make test-all builds all")
    told = page.locator("[data-page]").get_attribute("data-page")
    stored = json.loads((live_book / "_static" / "live" / told).read_text("utf-8"))["cells"]
    page.evaluate(OPEN)
    found, seconds = {}, {}
    for number, cell in enumerate(page.locator("div.cell").all()):
        if not cell.locator(".live-run").count():
            continue
        here = stored[number]
        before = busy()
        cell.locator(".live-run").click()
        page.wait_for_function(DONE, arg=number, timeout=1000 * PATIENCE, polling=100)
        seconds[here["id"]] = busy() - before
        said = cell.locator(".live-said")
        if "live-check" in cell.get_attribute("class"):
            # The page names its button.
            kept = text_of(here["outputs"]).replace("then run the cell", "then press Check")
            if said.inner_text().strip() != kept.strip():
                found[here["id"]] = (said.inner_text(), short(text_of(here["outputs"])))
        elif said.get_attribute("data-kind") != "same":
            shown = cell.locator(".live-fresh").inner_text()
            found[here["id"]] = (short(shown), short(text_of(here["outputs"])))
    page.close()
    print(f"{name}: {len(seconds)} cells in {sum(seconds.values()):.0f} s")
    note(seconds)
    declared = {id_ for id_ in DIFFERS if id_ in seconds}
    undeclared = {id_: what for id_, what in found.items() if id_ not in declared}
    assert not undeclared, json.dumps(undeclared, indent=1, ensure_ascii=False)
    assert not declared - found.keys(), "these agree by now: take them out of DIFFERS"


def busy():
    """Return the seconds of processor time that the processes started from here have had so far.

    Unlike the time on the clock it does not depend on what else the machine does.
    """
    parents, times = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid], times[pid] = int(fields[1]), int(fields[11]) + int(fields[12])

    def ours(pid):
        return pid == os.getpid() or (pid in parents and ours(parents[pid]))

    ticks = sum(spent for pid, spent in times.items() if ours(pid))
    return ticks / os.sysconf("SC_CLK_TCK") - time.process_time()


def note(seconds):
    """Keep the times of long cells, where the environment names a file for them."""
    if not (name := os.environ.get("LIVE_SECONDS")):
        return
    path = ROOT / Path(name)
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    kept = {id_: took for id_, took in kept.items() if id_ not in seconds}
    kept |= {id_: round(took) for id_, took in seconds.items() if took >= LONG}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
