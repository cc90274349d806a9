"""Print the built book: `python -m print_book _build/html book.pdf --paper A4`.

It is printed twice: the first time tells on which page each heading is.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from .joined import Joined, parts_of_book

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Width and height in mm, less the margins of paper.css.
PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4)}
MARGIN = 18
PX = 96 / 25.4
# What is wider than the text is set smaller, each by what it needs.
FIT = """() => {
  for (const box of document.querySelectorAll(".scrolls, .pst-scrollable-table-container")) {
    const inside = box.querySelector(".katex, table");
    for (let i = 0; i < 4 && box.scrollWidth > box.clientWidth + 1; i++) {
      const size = parseFloat(getComputedStyle(inside).fontSize);
      inside.style.setProperty(
        "font-size", `${0.99 * size * box.clientWidth / box.scrollWidth}px`, "important");
    }
  }
}"""
# What reaches beyond the text although it is seen.
WIDE = """() => {
  const edge = document.documentElement.clientWidth + 1;
  const found = [];
  for (const each of document.querySelectorAll("body *")) {
    if (each.closest(".katex-mathml, svg")) continue;
    const { right, width } = each.getBoundingClientRect();
    const within = each.closest(".scrolls") ?? each;
    const cut = within.scrollWidth > within.clientWidth + 1 && within.matches(".scrolls, pre");
    if ((width && right > edge) || cut)
      found.push([Math.round(right - edge), each.outerHTML.slice(0, 160)]);
  }
  return found;
}"""


def chromium():
    """Return the path of the browser."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    sys.exit("No Chromium was found, which prints the book: install the system's package chromium.")


def open_joined(browser, html, file, paper):
    """Write the document into `file` and open it, as wide as the text on paper."""
    file.write_text(html, "utf-8")
    width, height = PAPERS[paper]
    size = {"width": round((width - 2 * MARGIN) * PX), "height": round(height * PX)}
    page = browser.new_page(viewport=size, color_scheme="light")
    page.emulate_media(media="print")
    page.goto(file.as_uri())
    page.evaluate("document.fonts.ready")
    page.evaluate(FIT)
    return page


def print_to(page, file):
    page.pdf(
        path=file, prefer_css_page_size=True, print_background=True, outline=True, tagged=True
    )


def numbers_of(pdf):
    """Return {id: page number} of what the links in a PDF lead to."""
    reader = PdfReader(pdf)
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def print_book(site, parts, title, paper, target, executable):
    """Print the book; return what is wider than the page, as (pixels, HTML)."""
    joined = Joined(site, parts, title, paper)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        numbers = {}
        for _ in range(2):
            page = open_joined(browser, joined.html(numbers), folder / "book.html", paper)
            wide = page.evaluate(WIDE)
            print_to(page, folder / "book.pdf")
            page.close()
            numbers = numbers_of(folder / "book.pdf")
        browser.close()
        shutil.copy(folder / "book.pdf", target)
    return wide


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, help="folder of the built pages")
    parser.add_argument("target", type=Path, help="the PDF to write")
    parser.add_argument("--paper", default="A4")
    paper = {name.lower(): name for name in PAPERS}
    asked = parser.parse_args()
    if asked.paper.lower() not in paper:
        sys.exit(f"There is no paper {asked.paper}: choose A4 or Letter, as in PAPER=letter.")
    title = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
    parts = parts_of_book(ROOT / "_toc.yml")
    wide = print_book(
        asked.site.resolve(), parts, title, paper[asked.paper.lower()], asked.target, chromium()
    )
    for pixels, html in wide:
        print(f"{pixels} px wider than the page: {html}", file=sys.stderr)
    pages = len(PdfReader(asked.target).pages)
    print(f"Printed: {asked.target}, {pages} pages, {asked.target.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
