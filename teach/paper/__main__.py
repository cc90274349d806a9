"""Print the built book as one PDF: `python -m teach.paper _build/html _build --paper A4`."""

import argparse
import shutil
import sys
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from teach.paper.joined import Joined, parts_of_book
from teach.paper.printed import PAPERS, print_book

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NAMES = {"A4": "activation-functions.pdf", "Letter": "activation-functions-letter.pdf"}


def main():
    parser = argparse.ArgumentParser(prog="python -m teach.paper", description=__doc__)
    parser.add_argument("site", type=Path, help="folder of the built pages")
    parser.add_argument("folder", type=Path, help="where the PDF is to be")
    parser.add_argument("--paper", default="A4", help="A4 or Letter")
    asked = parser.parse_args()
    paper = next((name for name in PAPERS if name.lower() == asked.paper.lower()), None)
    if not paper:
        sys.exit(f"There is no paper {asked.paper}: choose a4 or letter, as in PAPER=letter.")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        sys.exit("No Chromium was found to print the book: install the package chromium.")
    title = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
    target = asked.folder / NAMES[paper]
    joined = Joined(asked.site, parts_of_book(ROOT / "_toc.yml"), title, paper)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        wide = print_book(browser, joined, target)
        browser.close()
    for pixels, html in wide:
        print(f"{pixels} pixels wider than the page: {html}", file=sys.stderr)
    pages = len(PdfReader(target).pages)
    print(f"Printed: {target}, {pages} pages, {target.stat().st_size / 1e6:.1f} MB.")
    sys.exit(1 if wide else 0)


if __name__ == "__main__":
    main()
