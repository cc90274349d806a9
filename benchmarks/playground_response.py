"""Measure how fast the playground responds to input while it trains, on a slowed processor.

`python benchmarks/playground_response.py` opens the built page of the playground in Chromium with
the processor throttled to a quarter, runs networks up to the heaviest that the settings offer,
and meanwhile clicks and chooses. Per network, in ms: the time from the event to the end of the
frame that shows its effect, with that of an idle page in the same run, and the work per frame,
which is the figure's own part. Then the longest task of the page's main thread while a network
trains, from Run to Pause, by the browser's own record of its tasks: in turns with a worker and, by
taking that away, on the page's own thread; the median of `ROUNDS`, in ms of processor time, which
other programs on the machine lengthen less than the time on a clock, and on the clock. Results go
into a dated file beside this one; nothing is asserted.
"""

import datetime
import json
import os
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests" / "kit"))

from browser import ARGUMENTS, chromium  # noqa: E402

THROTTLE = 4
RUNS = {
    "2 hidden layers of 8, ReLU": "depth=2&width=8",
    "10 hidden layers of 8, sigmoid": "preset=deep_sigmoid",
    "10 hidden layers of 16, GELU, three classes": (
        "data=three_spirals&activation=gelu&depth=10&width=16&batch_size=200"
    ),
    "10 hidden layers of 128, ReLU, digits": (
        "data=digits&noise=0&depth=10&width=128&batch_size=50&lr=0.01"
    ),
}
PRESSES = 25
ROUNDS = 5
SECONDS = 3

# From an event to a message posted in the next frame, which is read once that is painted.
CLOCK = """
  window.measured = []; window.works = []; window.frames = 0;
  const frame = window.requestAnimationFrame.bind(window);
  let at = 0;
  window.requestAnimationFrame = (callback) => frame((time) => {
    const start = performance.now();
    callback(time);
    if (time !== at) works.push(0);
    at = time;
    works[works.length - 1] += performance.now() - start;
  });
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => measured.push(performance.now() - data);
  for (const kind of ["click", "change"]) {
    window.addEventListener(kind, ({ timeStamp }) =>
      requestAnimationFrame(() => channel.port2.postMessage(timeStamp)), true);
  }
  const count = () => { frames += 1; requestAnimationFrame(count); };
  requestAnimationFrame(count);
"""


def measure(page, query):
    """Return response times (idle, running) and work per frame in ms, and frames per second."""
    page.goto((ROOT / "_build" / "html" / "playground.html").as_uri() + f"?{query}")
    figure = page.locator(".living-figure[data-live]")
    page.locator(".play:not([aria-busy]) .play-run").wait_for()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    run = figure.locator(".play-run")
    speed = figure.get_by_label("speed")
    # A click without a listener that repaints one word: the time that the browser itself takes.
    for i in range(PRESSES):
        page.evaluate(
            "(i) => { const h = document.querySelector('h1'); h.style.opacity = 1 - (i % 2) / 9;"
            " h.click(); }",
            i,
        )
        page.wait_for_timeout(90 + i % 17)
    idle = np.array(page.evaluate("measured"))
    run.click()
    page.wait_for_timeout(1000)
    page.evaluate(
        "measured.length = works.length = 0; frames = 0; window.since = performance.now()"
    )
    for i in range(PRESSES):
        # Choose and click from inside the page, to time the page and not its driver.
        if i % 2:
            speed.evaluate(
                "(e, x) => { e.value = x; e.dispatchEvent(new Event('change', {bubbles: true})) }",
                (1, 10, 100)[i % 3],
            )
        else:
            run.evaluate("(e) => e.click()")
        page.wait_for_timeout(90 + i % 17)
        if run.inner_text() == "Run":
            run.evaluate("(e) => e.click()")
    page.wait_for_timeout(500)
    times, works, frames = page.evaluate(
        "[measured, works, 1000 * frames / (performance.now() - since)]"
    )
    return idle, np.array(times), np.array([work for work in works if work > 1]), frames


def longest_task(browser, query, *, worker):
    """Return the longest task of the main thread while training, in ms: (processor, clock)."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    if not worker:
        page.add_init_script("delete window.Worker")
    page.goto((ROOT / "_build" / "html" / "playground.html").as_uri() + f"?{query}")
    page.locator(".play:not([aria-busy]) .play-run").wait_for()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    page.get_by_label("speed").select_option("100")
    if len(page.workers) != worker:
        sys.exit(f"{len(page.workers)} workers, not {int(worker)}")
    browser.start_tracing(page=page, categories=["toplevel"])
    page.evaluate("document.querySelector('.play-run').click()")
    page.wait_for_timeout(1000 * SECONDS)
    page.evaluate("document.querySelector('.play-run').click()")
    page.wait_for_timeout(1000)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.close()
    main = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        (each.get("tdur", 0) / 1000, each["dur"] / 1000)
        for each in events
        if each["ph"] == "X" and (each["pid"], each["tid"]) in main and "RunTask" in each["name"]
    ]
    return np.max(tasks, axis=0)


def longest_tasks(browser, query):
    """Return the longest tasks with a worker and without, in turns."""
    rounds = [
        [longest_task(browser, query, worker=worker) for worker in (True, False)]
        for _ in range(ROUNDS)
    ]
    worker, page = np.median(rounds, axis=0).round(1).tolist()
    return {"longest_task_ms": {"worker": worker[0], "page": page[0]}} | {
        "longest_task_on_the_clock_ms": {"worker": worker[1], "page": page[1]}
    }


def main():
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for name, query in RUNS.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.add_init_script(CLOCK)
            idle, times, works, frames = measure(page, query)
            found[name] = {
                "n": len(times),
                "idle_median_ms": round(float(np.median(idle)), 1),
                "median_ms": round(float(np.median(times)), 1),
                "p95_ms": round(float(np.quantile(times, 0.95)), 1),
                "most_ms": round(float(times.max()), 1),
                "work_ms": {
                    f"p{share}": round(float(np.percentile(works, share)), 1)
                    for share in (10, 50, 90)
                },
                "frames_per_second": round(frames, 1),
            }
            page.close()
            found[name] |= longest_tasks(browser, query)
            print(f"{name}: {found[name]}")
        version = browser.version
        browser.close()
    today = datetime.date.today().isoformat()
    result = {
        "date": today,
        "browser": f"Chromium {version}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "throttle": THROTTLE,
        "runs": found,
    }
    path = HERE / f"playground_response_{today}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"Stored as {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
