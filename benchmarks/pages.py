"""Measure the built pages and those of the stock configuration, in the same run.

`python benchmarks/pages.py` builds the book twice in a scratch folder, with our settings and
with Jupyter Book's own, serves both on this machine with gzip, opens the landing page and the
chapters, and stores the results in a dated file beside this one. Per page:

- third: requests to other hosts (which fail here, so what they would fetch is not counted)
- axe: elements that violate WCAG 2.2 A or AA or a best practice, wide and light plus narrow and
  dark, with folds open; colours included
- Lighthouse's mobile scores and times: the median of the runs; only performance is run several
  times, because the other scores do not vary
- kB: bytes over the wire, gzipped, of all that the first view fetches, with and without images

Lighthouse comes from npm (Node 18 or later) into `_build/lighthouse`. Nothing here is asserted.
"""

import argparse
import datetime
import gzip
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests" / "kit"))

import axe  # noqa: E402
from book import FOLDERS, SOURCES  # noqa: E402
from browser import ARGUMENTS, chromium, open_all  # noqa: E402
from notebooks import TOC, listed  # noqa: E402

LIGHTHOUSE = "12.8.2"
OURS, STOCK = "ours", "stock"
# The settings of a new Jupyter Book: a title, where the sources are, not to run the notebooks.
STOCK_CONFIG = """\
title: Activation Functions
only_build_toc_files: true
execute: {execute_notebooks: "off"}
bibtex_bibfiles: [references.bib]
"""
# What a stock book lacks: our own directives, on pages that are not notebooks.
OURS_ALONE = "course-download|launch-note|living-figure"
DIRECTIVE = re.compile(rf"^```\{{({OURS_ALONE})\}}.*?^```$", re.M | re.S)
SCORES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {
    "LCP": "largest-contentful-paint",
    "TBT": "total-blocking-time",
    "CLS": "cumulative-layout-shift",
}
ZIPPED = (".html", ".css", ".js", ".svg", ".json", ".ipynb", ".txt", ".md")


def prepare(folder, kind):
    """Copy the book's sources; for the stock book, with only the settings of a new book."""
    folder.mkdir()
    for name in FOLDERS if kind == OURS else ["chapters"]:
        shutil.copytree(ROOT / name, folder / name)
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    if kind == STOCK:
        (folder / "_config.yml").write_text(STOCK_CONFIG, "utf-8")
        for path in folder.glob("*.md"):
            path.write_text(DIRECTIVE.sub("", path.read_text("utf-8")), "utf-8")


def build(folder):
    """Build a book; return the seconds that it took."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", str(folder)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    return round(time.perf_counter() - start, 1)


class Zipping(SimpleHTTPRequestHandler):
    """Serve files as a web host does: compressed, over persistent connections."""

    protocol_version = "HTTP/1.1"
    # Send head and body together: separately, each answer waits some 40 ms for an acknowledgement.
    wbufsize = -1

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            return self.send_error(404)
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix in ZIPPED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@cache
def packed(path):
    body = path.read_bytes()
    return gzip.compress(body, 6) if path.suffix in ZIPPED else body


def serve(folder):
    """Serve a folder on a free port; return the server's address."""
    handler = partial(Zipping, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def lighthouse_command():
    """Return the path of Lighthouse, which the first call installs."""
    folder = ROOT / "_build" / "lighthouse"
    package = folder / "node_modules" / "lighthouse" / "package.json"
    if not package.exists() or json.loads(package.read_text("utf-8"))["version"] != LIGHTHOUSE:
        npm = shutil.which("npm") or sys.exit("npm was not found: install Node.js 18 or later.")
        folder.mkdir(parents=True, exist_ok=True)
        print(f"Installing Lighthouse {LIGHTHOUSE} into {folder.relative_to(ROOT)}", flush=True)
        install = [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder]
        subprocess.run([*install, f"lighthouse@{LIGHTHOUSE}"], check=True)
    return folder / "node_modules" / ".bin" / "lighthouse"


def lighthouse(address, categories):
    """Return Lighthouse's report on a page, loaded as on a slow phone."""
    flags = " ".join(["--headless=new", "--no-sandbox", "--disable-gpu", *ARGUMENTS])
    command = [lighthouse_command(), address, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(categories)}", f"--chrome-flags={flags}"]
    done = subprocess.run(
        [*command, "--disable-full-page-screenshot"],
        capture_output=True,
        text=True,
        env={**os.environ, "CHROME_PATH": chromium()},
    )
    if done.returncode:
        sys.exit(f"Lighthouse on {address}: {done.stderr[-1500:]}")
    return json.loads(done.stdout)


def summary(reports, host):
    """Return what a table shows of a page's reports, of which the first has every category."""
    middle = {
        name: statistics.median(each["audits"][audit]["numericValue"] for each in reports)
        for name, audit in TIMES.items()
    }
    scores = {
        name: round(100 * statistics.median(found))
        for name in SCORES
        if (found := [r["categories"][name]["score"] for r in reports if name in r["categories"]])
    }
    asked = reports[0]["audits"]["network-requests"]["details"]["items"]
    asked = [each for each in asked if each["url"].startswith("http")]
    ours = [each for each in asked if each["url"].startswith(host)]
    pictures = [each for each in ours if each["resourceType"] == "Image"]
    total = sum(each["transferSize"] for each in ours)
    return {
        "third": len(asked) - len(ours),
        **scores,
        "kB": round(total / 1000),
        "kB without images": round((total - sum(p["transferSize"] for p in pictures)) / 1000),
        "requests": len(asked),
        "LCP": round(middle["LCP"] / 1000, 2),
        "TBT": round(middle["TBT"]),
        "CLS": round(middle["CLS"], 3),
    }


def axe_count(browser, address):
    """Return the number of elements in violation, and the rules that they break."""
    count, rules = 0, set()
    source = axe.at_hand()
    for width, scheme in ((1440, "light"), (390, "dark")):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto(address)
        open_all(page)
        page.wait_for_timeout(500)
        page.evaluate(source)
        for violation in page.evaluate(axe.RUN, [axe.RULES, True])["violations"]:
            count += len(violation["nodes"])
            rules.add(violation["id"])
        page.close()
    return count, sorted(rules)


def table(results):
    """Return the results as a Markdown table."""
    columns = list(next(iter(results[OURS].values())))
    columns.remove("axe rules")
    rows = [["page", "book", *columns], ["---"] * (len(columns) + 2)]
    for page in results[OURS]:
        for kind in results:
            if page in results[kind]:
                rows.append([page, kind, *(results[kind][page][name] for name in columns)])
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of Lighthouse per page (default 3)"
    )
    parser.add_argument(
        "--pages", nargs="+", help="pages to measure instead of the landing page and the chapters"
    )
    parser.add_argument("--only-ours", action="store_true", help="leave the stock book out")
    options = parser.parse_args()
    chapters = listed("Chapters")
    pages = options.pages or [TOC["root"], *chapters]
    kinds = [OURS] if options.only_ours else [OURS, STOCK]
    lighthouse_command()
    began, load = time.perf_counter(), round(os.getloadavg()[0], 1)
    results, seconds = {kind: {} for kind in kinds}, {}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        hosts = {}
        for kind in kinds:
            folder = Path(scratch) / kind
            prepare(folder, kind)
            cold = build(folder)
            (folder / f"{chapters[0]}.ipynb").touch()
            seconds[kind] = {"cold": cold, "warm, one chapter changed": build(folder)}
            hosts[kind] = serve(folder / "_build" / "html")
            print(f"{kind}: built in {seconds[kind]} s", flush=True)
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for page in pages:
            for kind in kinds:
                address = f"{hosts[kind]}/{page}.html"
                reports = [lighthouse(address, SCORES)]
                reports += [lighthouse(address, SCORES[:1]) for _ in range(options.runs - 1)]
                found = summary(reports, hosts[kind])
                found["axe"], found["axe rules"] = axe_count(browser, address)
                results[kind][page] = found
                print(f"{kind} {page}: {found}", flush=True)
        version = browser.version
        browser.close()
    print(table(results))
    today = datetime.date.today().isoformat()
    stored = {
        "date": today,
        "browser": f"Chromium {version}",
        "lighthouse": LIGHTHOUSE,
        "runs": options.runs,
        "cores": os.cpu_count(),
        "load at the start": load,  # a busy machine builds and blocks longer
        "minutes": round((time.perf_counter() - began) / 60, 1),
        "build_seconds": seconds,
        "pages": results,
    }
    path = HERE / f"pages_{today}.json"
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    print(f"Stored as {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
