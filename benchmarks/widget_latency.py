"""Measure living figures on built pages: the time from input to paint, and bytes of script.

`python benchmarks/widget_latency.py` opens every page of `_build/html` that shows figures
(`--examples`: the tests' examples, built for the purpose), operates the controls of the first of
each kind in Chromium, and stores the results in a dated file beside this one. Per figure:

- paint: from the event to the end of the frame that shows it, ms; this includes waiting for the
  frame, so half a frame (8.3 ms) is the minimum on average
- work: the part of it that the figure's own code takes, ms

and per page the bytes of our scripts and styles, gzipped. Nothing here is asserted.
"""

import argparse
import datetime
import gzip
import json
import os
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests" / "kit"))

from browser import ARGUMENTS, build_book, chromium, notebook  # noqa: E402
from figures import EXAMPLES  # noqa: E402

PRESSES = 60  # for each slider; a button or a box is clicked a tenth as often

# Wraps the figures' own listeners and frames, so that both are timed; a message posted in a
# frame is read after that frame has been painted.
CLOCK = """
  window.measured = [];
  let work = 0, began = 0, waiting = false;
  const frame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => frame((time) => {
    const start = performance.now();
    callback(time);
    work += performance.now() - start;
  });
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => {
    measured.push([performance.now() - data, work]);
    waiting = false;
  };
  for (const kind of ["input", "change"]) {
    window.addEventListener(kind, (event) => {
      began = performance.now();
      if (waiting) return;
      [work, waiting] = [0, true];
      const { timeStamp } = event;
      queueMicrotask(() => frame(() => channel.port2.postMessage(timeStamp)));
    }, true);
    window.addEventListener(kind, () => (work += performance.now() - began));
  }
"""


def measure(page, figure):
    """Use every control of a figure; return the measured times, shape (n, 2), in ms."""
    page.evaluate("measured.length = 0")
    for control in figure.locator("input[type=range]").all():
        control.focus()
        for i in range(PRESSES):
            page.keyboard.press("ArrowLeft" if i % 20 > 9 else "ArrowRight")
            page.wait_for_timeout(20 + i % 17)  # at varying phases of a frame
    for control in figure.locator("input:not([type=range]):visible").all():
        for _ in range(PRESSES // 10):
            control.click()
            page.wait_for_timeout(40)
    return np.array(page.evaluate("measured"))


def quantiles(times):
    return {
        "median": round(float(np.median(times)), 2),
        "p95": round(float(np.quantile(times, 0.95)), 2),
    }


def weights(path, book):
    """Return {file: bytes after gzip} of our scripts and styles for the figures on a page."""
    shown = sorted({*re.findall(r'data-figure="(\w+)"', path.read_text(encoding="utf-8"))})
    files = ["figures.css", "figures.js", *(f"{name}.js" for name in shown)] if shown else []
    folder = book / "_static" / "living"
    return {name: len(gzip.compress((folder / name).read_bytes())) for name in files}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--examples", action="store_true", help="build and open the examples")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = ROOT / "_build" / "html"
        if options.examples:
            bundles = {name: make()._repr_mimebundle_() for name, make in EXAMPLES.items()}
            pages = {name: notebook([bundle]) for name, bundle in bundles.items()}
            folder = build_book(Path(scratch), {**pages, "all": notebook(bundles.values())})
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        times, bytes_of = {}, {}
        for path in sorted(folder.rglob("*.html")):
            weight = weights(path, folder)
            if not weight:
                continue
            name = path.relative_to(folder).as_posix()
            bytes_of[name] = weight
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.add_init_script(CLOCK)
            page.goto(path.as_uri())
            kinds = page.eval_on_selector_all(
                ".living-figure", "(all) => [...new Set(all.map((each) => each.dataset.figure))]"
            )
            for kind in kinds:
                figure = page.locator(f'.living-figure[data-figure="{kind}"]').first
                figure.scroll_into_view_if_needed()
                figure.locator(".living-live").wait_for()
                times.setdefault(kind, []).append(measure(page, figure))
            page.close()
        version = browser.version
        browser.close()
    if not times:
        sys.exit("No page with a living figure was found: build the book, or use --examples.")
    figures = {}
    for kind, runs in times.items():
        if not any(map(len, runs)):
            continue  # it has neither sliders nor boxes: playground_response.py measures it
        paint, work = np.concatenate([run for run in runs if len(run)]).T
        figures[kind] = {"n": len(paint), "paint_ms": quantiles(paint), "work_ms": quantiles(work)}
    for kind, found in figures.items():
        print(f"{kind}: paint {found['paint_ms']}, work {found['work_ms']}, n = {found['n']}")
    for name, files in bytes_of.items():
        scripts = sum(size for file, size in files.items() if file.endswith(".js"))
        print(f"{name}: scripts {scripts} B, styles {sum(files.values()) - scripts} B, gzip")
    today = datetime.date.today().isoformat()
    result = {
        "date": today,
        "browser": f"Chromium {version}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),  # a busy machine paints late
        "figures": figures,
        "bytes_gzip": bytes_of,
    }
    path = HERE / f"widget_latency_{today}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"Stored as {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
