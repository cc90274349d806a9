"""The book as a PDF: joined, printed by Chromium, and read again with pypdf."""

import re
from collections import Counter

import pytest
from book import CHAPTERS, PAGES
from bs4 import BeautifulSoup
from course import ROOT
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from teach.paper.joined import Joined, Part, parts_of_book
from teach.paper.printed import FIT, PAPERS, WIDE, open_joined, print_book

# Two short pages: with a living figure, formulas, a table, and links to each other and beyond.
SHORT = [Part("", ["index"]), Part("Reference", ["playground"])]
SOFTMAX = [Part("", ["chapters/softmax"]), Part("Reference", ["glossary"])]


@pytest.fixture(scope="module")
def softmax(book):
    joined = Joined(book, SOFTMAX, "A book", "A4")
    return BeautifulSoup(joined.html({}), "html.parser")


def printed(browser, joined, folder):
    """Print; return the PDF's reader, after what every one of them promises was checked."""
    target = folder / "book.pdf"
    assert print_book(browser, joined, target) == []
    reader = PdfReader(target)
    width, height = (side * 72 / 25.4 for side in PAPERS[joined.paper])
    for page in reader.pages:
        assert abs(page.mediabox.width - width) < 1 and abs(page.mediabox.height - height) < 1
    assert unembedded(reader) == set()
    assert empty_pages(reader) == []
    assert dead_links(reader) == []
    assert pages_in_contents(reader, joined) == pages_in_outline(reader, joined)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"
    return reader


def resources(holder, kind):
    found = holder.get("/Resources", DictionaryObject()).get_object()
    found = found.get(kind, DictionaryObject()).get_object()
    return [each.get_object() for each in found.values()]


def fonts(holder):
    """Return the fonts of a page, and of the forms drawn on it."""
    yield from resources(holder, "/Font")
    for drawn in resources(holder, "/XObject"):
        if drawn["/Subtype"] == "/Form":
            yield from fonts(drawn)


def unembedded(reader):
    found = set()
    for font in (font for page in reader.pages for font in fonts(page)):
        # What a Type 3 font draws is in the file by its nature.
        if font["/Subtype"] != "/Type3":
            font = font.get("/DescendantFonts", [font])[0].get_object()
            described = font["/FontDescriptor"].get_object() if "/FontDescriptor" in font else ()
            if not any(name.startswith("/FontFile") for name in described):
                found.add(font["/BaseFont"])
    return found


def empty_pages(reader):
    """Return the pages with nothing but a header and a number."""
    return [
        number
        for number, page in enumerate(reader.pages, 1)
        if len(page.extract_text().splitlines()) < 3 and not resources(page, "/XObject")
    ]


def links(reader):
    """Return (page number, what it leads to) of each link: an id of the document, or an address."""
    for number, page in enumerate(reader.pages, 1):
        for link in page.get("/Annots", []):
            link = link.get_object()
            yield number, str(link.get("/Dest") or link["/A"]["/URI"])


def dead_links(reader):
    places = {name.lstrip("/") for name in reader.named_destinations}
    targets = {target.lstrip("/") for _, target in links(reader)}
    return [t for t in targets if t not in places and not re.match(r"(https?|mailto):", t)]


def pages_in_outline(reader, joined):
    """Return [(heading, page number)] of the pages of the site, as the outline has them."""
    tops = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert [entry.title for entry in tops] == ["Contents", *map(joined.heading, joined.pages)]
    return [(entry.title, reader.get_destination_page_number(entry) + 1) for entry in tops[1:]]


def pages_in_contents(reader, joined):
    """Return the same as the contents print it."""
    first = min(page for _, page in pages_in_outline(reader, joined))
    lines = "\n".join(page.extract_text() for page in reader.pages[1 : first - 1]).splitlines()
    found = []
    for page in joined.pages:
        heading = joined.heading(page)
        numbers = [re.fullmatch(re.escape(heading) + r"\s*(\d+)", line) for line in lines]
        found.append((heading, next(int(match[1]) for match in numbers if match)))
    return found


def tags(reader):
    """Return how often each kind of element is in the structure, and the alternative texts."""
    kinds, texts, waiting = Counter(), [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            kinds[each.get("/S")] += 1
            if "/Alt" in each:
                texts.append(each["/Alt"])
            if "/K" in each:
                waiting.append(each["/K"])
    return kinds, texts


def alternatives(joined):
    soup = BeautifulSoup(joined.html({}), "html.parser")
    return {image["alt"] for image in soup.select("img")}


@pytest.mark.parametrize("paper", PAPERS)
def test_two_short_pages_are_printed_with_all_that_the_book_promises(
    paper, book, browser, tmp_path
):
    joined = Joined(book, SHORT, "A book", paper)
    reader = printed(browser, joined, tmp_path)
    kinds, texts = tags(reader)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/Link", "/P"} <= set(kinds)
    assert alternatives(joined) <= set(texts)
    # Vectors: no picture of pixels but those that a figure's still is made of.
    assert not [x for x in resources(reader.pages[0], "/XObject") if x["/Subtype"] == "/Image"]
    last = reader.pages[-1].extract_text()
    assert last.startswith("A book Playground") and str(len(reader.pages)) in last


def test_a_long_source_begins_below_the_table_before_it(book, browser, tmp_path):
    joined = Joined(book, [Part("", ["chapters/atlas"])], "A book", "A4")
    article = joined.articles["chapters/atlas"]
    kept = article.h1.extract(), article.select_one("#chapters-atlas--swish").extract()
    article.section.clear()
    article.section.extend(kept)
    page = open_joined(browser, joined.html({}), tmp_path / "card.html", "A4")
    page.pdf(path=tmp_path / "card.pdf", prefer_css_page_size=True)
    page.close()
    *_, second, third = (p.extract_text() for p in PdfReader(tmp_path / "card.pdf").pages)
    assert "slope is 0" in second and "NumPy source of swish" in second
    assert "swish_grad" in third


@pytest.mark.slow
def test_the_whole_book_is_printed(book, browser, tmp_path):
    joined = Joined(book, parts_of_book(ROOT / "_toc.yml"), "Activation Functions", "A4")
    assert joined.pages == PAGES[: len(CHAPTERS) + 1]
    reader = printed(browser, joined, tmp_path)
    kinds, texts = tags(reader)
    assert alternatives(joined) <= set(texts)
    assert kinds["/H1"] == len(joined.pages) + 1
    named = [text for p in reader.pages if "NumPy source of" in (text := p.extract_text())]
    alone = [text for text in named if not re.search(r"^(def |\w+(, \w+)* = )", text, re.M)]
    assert len(named) > 30 and alone == []
    assert any(target.startswith("https://") for _, target in links(reader))


def test_ids_are_unique_and_every_link_within_leads_to_one(softmax):
    ids = Counter(each["id"] for each in softmax.select("[id]"))
    assert [name for name, times in ids.items() if times > 1] == []
    within = [a["href"][1:] for a in softmax.select("a[href^='#']")]
    assert len(within) > 60 and set(within) <= set(ids)
    assert softmax.select("#chapters-softmax a[href^='#glossary--']")


def test_no_link_names_a_file_of_this_machine(softmax):
    assert softmax.select("a[href]")
    assert not [a for a in softmax.select("a") if not re.match("#|https?:", a.get("href", "#"))]


def test_paper_has_nothing_that_only_a_screen_can_use(softmax):
    assert not softmax.select("script, button, input, .by-night, .headerlink")
    assert softmax.select(".living-still img") and softmax.select(".kept")


def test_no_place_is_kept_below_code_for_buttons(softmax, browser, tmp_path):
    page = open_joined(browser, str(softmax), tmp_path / "book.html", "A4")
    below = "all => all.map(code => getComputedStyle(code).paddingBottom)"
    assert {*page.locator(".cell.live .cell_input").evaluate_all(below)} == {"0px"}
    page.close()


def test_solutions_are_open_and_exercises_have_room(softmax):
    solutions = softmax.select("[id='chapters-softmax--solutions'] .tag_hide-cell .cell_input")
    assert len(solutions) == 5 and not softmax.select("details:not([open])")
    rooms = softmax.select(".try-it")
    assert len(rooms) == 5 and not any(room.get_text() for room in rooms)


def test_a_wide_formula_is_made_to_fit_and_wide_code_is_reported(browser, tmp_path):
    style = ".scrolls { overflow-x: auto; white-space: nowrap }"
    formula = f'<div class="scrolls"><span class="katex">{"x + " * 100}</span></div>'
    page = open_joined(browser, f"<style>{style}</style>{formula}", tmp_path / "a.html", "A4")
    assert page.evaluate(WIDE) == []
    page.evaluate("document.querySelector('.katex').removeAttribute('style')")
    assert page.evaluate(WIDE) != []
    page.evaluate(FIT)
    assert page.evaluate(WIDE) == []
    page.close()
    page = open_joined(browser, f"<pre>{'x' * 400}</pre>", tmp_path / "b.html", "Letter")
    assert page.evaluate(WIDE) != []
    page.close()
