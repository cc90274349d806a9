"""Print the joined document with Chromium, and say what does not fit.

It is printed twice: the first time tells on which page each heading is.
"""

import tempfile
from pathlib import Path

from pypdf import PdfReader

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


def numbers_of(pdf):
    """Return {id: page number} of what the links in a PDF lead to."""
    reader = PdfReader(pdf)
    return {
        name.removeprefix("/"): reader.get_destination_page_number(place) + 1
        for name, place in reader.named_destinations.items()
    }


def print_book(browser, joined, target):
    """Print a document, a `Joined`; return what is wider than the page, as [pixels, HTML]."""
    numbers = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "book.html")
        # Tags take most of the time, and the first printing can do without.
        for final in (False, True):
            page = open_joined(browser, joined.html(numbers), file, joined.paper)
            wide = page.evaluate(WIDE)
            page.pdf(
                path=target,
                prefer_css_page_size=True,
                print_background=True,
                outline=final,
                tagged=final,
            )
            page.close()
            numbers = numbers_of(target)
    return wide
