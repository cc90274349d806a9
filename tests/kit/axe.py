"""axe-core, which finds what keeps people out of a page: the version that `npm/` pins.

With AXE_CORE=latest in the environment it is npm's newest, for `make upgrade-check`.

No package on PyPI carries it that new. The copy in axe-playwright-python, some versions older,
stands in where npm is missing or finds no registry.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

LOCKED = Path(__file__).parent / "npm"
PIN = json.loads((LOCKED / "package.json").read_text("utf-8"))["devDependencies"]["axe-core"]
WANTED = os.environ.get("AXE_CORE", PIN)
HERE = Path(sys.prefix) / f"axe-core-{WANTED}"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe reads the colours of a chapter for a minute; test_text_has_contrast does it faster.
RUN = """([rules, contrast]) => axe.run({exclude: [[".katex-html"], ["pre > *"]]}, {
    runOnly: rules, preload: false, resultTypes: ["violations", "incomplete"],
    rules: {"color-contrast": {enabled: contrast}}})"""

# What axe is told to leave out, most of a page's elements, which it would walk through all the
# same: a formula's half for the eye becomes a box of its size, coloured code plain text.
EMPTIED = """() => {
  const halves = [...document.querySelectorAll(".katex-html")];
  const sizes = halves.map((half) => half.getBoundingClientRect());
  halves.forEach((half, i) => {
    const { width, height } = sizes[i];
    half.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
    half.replaceChildren();
  });
  for (const code of document.querySelectorAll("pre:not(:has(.cm-editor))"))
    code.textContent = code.textContent;
}"""


def fetch():
    """Let npm install the version, a pinned one's checksum compared; return what went wrong."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm was not found: install Node.js"
    with tempfile.TemporaryDirectory(dir=sys.prefix) as scratch:
        folder = Path(shutil.copytree(LOCKED, Path(scratch) / "npm"))
        what = ["ci"] if WANTED == PIN else ["install", f"axe-core@{WANTED}"]
        command = [npm, *what, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            return f"npm could not install axe-core {WANTED}: {done.stderr.strip()[:300]}"
        try:
            (folder / "node_modules" / "axe-core").rename(HERE)
        except OSError:  # another worker came first
            assert HERE.is_dir()
    return ""


@cache
def problem():
    """Return why the pinned axe-core is not here, after trying to fetch it; "" if it is."""
    return "" if (HERE / "axe.min.js").exists() else fetch()


def newest():
    """Return the script of the pinned axe-core; without it, skip here and fail where CI is set."""
    if problem():
        if os.environ.get("CI"):
            pytest.fail(problem())
        pytest.skip(problem())
    return (HERE / "axe.min.js").read_text("utf-8")


def bundled():
    """Return the script of the axe-core inside axe-playwright-python."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def at_hand():
    """Return the newest script that can be had without a network failing the tests."""
    return bundled() if problem() and not os.environ.get("CI") else newest()
