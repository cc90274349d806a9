"""The decks of slides: what stands on them, and that all of it is seen, also on paper."""

import itertools
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from teach.sheets import chapters
from teach.slides.__main__ import main
from teach.slides.outline import slides

CHAPTER = "relu_family"
WIDE, HIGH = 1280, 720
# Everything of the slide that is shown and stands out of it, or is set smaller than 28 px.
FAULTS = """() => {
  const found = [], now = document.querySelector("section.present");
  for (const part of now.querySelectorAll("*")) {
    if (part.closest("svg, .katex, .living-figure")) continue;
    const { left, top, right, bottom, width, height } = part.getBoundingClientRect();
    if (!width || !height) continue;
    if (left < -1 || top < -1 || right > WIDE + 1 || bottom > HIGH + 1)
      found.push([now.innerText, part.tagName, left, top, right, bottom]);
    const own = [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const size = parseFloat(getComputedStyle(part).fontSize);
    if (own && size < 28 * (part.closest("code") ? 0.9 : 1))
      found.push([now.innerText, part.tagName, size]);
  }
  return found;
}""".replace("WIDE", str(WIDE)).replace("HIGH", str(HIGH))


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    main([str(folder)])
    return folder / "slides"


@pytest.fixture
def shown(decks, open_page):
    """Open a chapter's deck: shown(chapter, query) -> Watched, when it has begun."""

    def shown(chapter, query=""):
        size = {"width": WIDE, "height": HIGH}
        watched = open_page((decks / f"{chapter}.html").as_uri() + query, viewport=size)
        watched.page.wait_for_function("deck.isReady()")
        return watched

    return shown


@pytest.mark.parametrize("chapter", chapters())
def test_a_deck_asks_before_it_tells(chapter):
    deck = slides(chapter)
    kinds = [slide.kind for slide in deck]
    assert kinds[0] == "title" and kinds[-1] == "keep"
    assert kinds.count("predict") >= 5
    for asked, then in itertools.pairwise(deck):
        # A question may need two slides; its answer comes next, on a slide of its own.
        if asked.kind == "predict":
            assert then.kind in {"predict", "figure", "output", "notice", "living"}, asked


@pytest.mark.parametrize(
    "chapter",
    [c if c == CHAPTER else pytest.param(c, marks=pytest.mark.slow) for c in chapters()],
)
def test_every_slide_is_shown_whole_and_can_be_read_from_the_back(shown, chapter):
    watched = shown(chapter)
    faults, page = [], watched.page
    for number in range(page.evaluate("deck.getTotalSlides()")):
        page.evaluate(f"deck.slide({number})")
        if page.locator("section.present .living-figure").count():
            page.locator("section.present .living-figure[data-live]").wait_for()
        faults += page.evaluate(FAULTS)
    assert faults == []
    assert watched.complaints == [] and watched.foreign == []


def test_a_living_figure_is_alive_and_its_keys_are_its_own(shown):
    page = shown("softmax").page
    page.evaluate(
        "deck.slide([...document.querySelectorAll('.slides > section')]"
        ".findIndex((each) => each.querySelector('.living-figure')))"
    )
    page.locator("section.present .living-figure[data-live]").wait_for()
    figure = page.locator("section.present .living-live")
    slider = figure.locator("input[type=range]").first
    before, number = figure.inner_text(), page.evaluate("deck.getState().indexh")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('section.present .living-live').innerText !== before",
        arg=before,
    )
    assert page.evaluate("deck.getState().indexh") == number
    page.keyboard.press("PageDown")
    assert page.evaluate("deck.getState().indexh") == number + 1


def test_a_deck_is_printed_a_slide_a_page(shown, tmp_path):
    page = shown(CHAPTER, "?print-pdf").page
    page.locator(".pdf-page").last.wait_for()
    page.pdf(path=tmp_path / "deck.pdf", prefer_css_page_size=True, print_background=True)
    printed = [
        normalize("NFKC", sheet.extract_text()) for sheet in PdfReader(tmp_path / "deck.pdf").pages
    ]
    deck = slides(CHAPTER)
    assert len(printed) == len(deck)
    for text, slide in zip(printed, deck, strict=True):
        # The caption's last word has not fallen off the page.
        if slide.kind == "figure":
            assert slide.caption.split()[-1].strip(".") in text
