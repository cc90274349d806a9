"""The decks of slides: what stands on them, and that all of it is seen, also on paper."""

import io
import itertools
import re
import shutil
import subprocess
import tarfile
from html import unescape
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from teach.sheets import chapters
from teach.slides import outline
from teach.slides.__main__ import main
from teach.slides.outline import slides

CHAPTER = "relu_family"
REVEAL = Path(outline.__file__).parent / "reveal"
WIDE, HIGH = 1280, 720
# Everything of a slide that is shown and stands out of it, or is set smaller than 28 px; a living
# figure has letters of its own.
FAULTS = """([slide, sheet]) => {
  const found = [], edge = sheet.getBoundingClientRect();
  for (const part of slide.querySelectorAll("*")) {
    if (part.parentElement.closest("svg, .katex, .sr-only")) continue;
    const { left, top, right, bottom, width, height } = part.getBoundingClientRect();
    if (!width || !height || !part.checkVisibility({ visibilityProperty: true })) continue;
    if (left < edge.left - 1 || top < edge.top - 1 || right > edge.left + WIDE + 1
        || bottom > edge.top + HIGH + 1)
      found.push([slide.innerText, part.outerHTML.slice(0, 80), left, top, right, bottom]);
    if (part.closest("svg, .katex, .living-figure")) continue;
    const own = [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const size = parseFloat(getComputedStyle(part).fontSize);
    if (own && size < 28 * (part.closest("code") ? 0.9 : 1))
      found.push([slide.innerText, part.tagName, size]);
  }
  return found;
}""".replace("WIDE", str(WIDE)).replace("HIGH", str(HIGH))
NOW = "const now = document.querySelector('section.present');"


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
        # Its answer comes next, on a slide of its own.
        if asked.kind == "predict":
            assert then.kind in {"answer", "figure", "output", "notice", "living"}, asked
    assert all(slide.body.strip() for slide in deck if slide.kind != "question")


def chapter_of(*cells):
    """Return a chapter around cells, each a text or (code, what it prints)."""
    made = []
    for cell in ["# A chapter", *cells, "## What to keep\n\n- All of it."]:
        if isinstance(cell, str):
            made.append({"cell_type": "markdown", "source": cell})
        else:
            output = {"output_type": "stream", "text": cell[1]}
            made.append(
                {"cell_type": "code", "source": cell[0], "metadata": {}, "outputs": [output]}
            )
    return {"cells": made}


def told(monkeypatch, *cells):
    monkeypatch.setattr(outline, "read", lambda name: chapter_of(*cells))
    return [(slide.kind, re.sub(r"<[^>]+>|\n", "", slide.body)) for slide in slides("made")[2:-1]]


def test_what_answers_a_question_is_shown_before_the_next_is_asked(monkeypatch):
    assert told(
        monkeypatch,
        "## What is it?\n\n> **Predict.** One?",
        ("1", "1.0\n"),
        "> **Predict.** Two?\n\nIt is two:\n\n$$2$$\n\nAnd so on.\n\n> **Notice.** Two.",
        ("3", "not asked for\n"),
        "### And this?\n\n> **Predict.** Four?",
        ("4", "4.0\n"),
    )[:5] == [
        ("predict", " One?"),
        ("output", "1.0"),
        ("predict", " Two?"),
        ("answer", told(monkeypatch, "## X\n\n> **Predict.** Two?\n\nIt is two:\n\n$$2$$",
                        ("", "2"))[1][1]),
        ("notice", " Two."),
    ]  # fmt: skip


def test_an_output_that_does_not_fit_is_left_out_with_what_was_asked(monkeypatch):
    long = "\n".join(["a line"] * 40)
    kinds = [kind for kind, _ in told(monkeypatch, "## X\n\n> **Predict.** Y?", ("", long),
                                      "> **Notice.** Z.")]  # fmt: skip
    assert kinds == ["predict", "notice"]


def test_the_table_right_before_a_question_stands_under_it(monkeypatch):
    table = "| a |\n|---|\n| 7 |"
    text = f"## X\n\nWords.\n\n{table}\n\n> **Predict.** Y?"
    assert told(monkeypatch, text, ("", "Z")) == [("predict", " Y?a7"), ("output", "Z")]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([("1", "1\n")], "nothing is asked"),
        (["> **Predict.** One?"], "run make notebooks"),
    ],
)
def test_a_chapter_that_gives_no_deck_is_named(monkeypatch, tmp_path, cells, said):
    monkeypatch.setattr(outline, "read", lambda name: chapter_of(*cells))
    with pytest.raises(SystemExit, match=rf"chapters/{chapters()[0]}.ipynb: .*{said}"):
        main([str(tmp_path)])
    assert not [*tmp_path.iterdir()]


def test_a_formula_that_katex_rejects_is_named_with_its_chapter(monkeypatch, tmp_path):
    text = "> **Predict.** Is $\\nonsense$ known?"
    monkeypatch.setattr(outline, "read", lambda name: chapter_of(text, ("1", "1")))
    with pytest.raises(SystemExit, match=r"chapters/\w+.ipynb: KaTeX parse error"):
        main([str(tmp_path)])


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "class").write_text("a file")
    with pytest.raises(SystemExit, match=r"class/slides cannot be written .*make slides CLASS="):
        main([str(tmp_path / "class")])


MOSTLY_SLOW = [c if c == CHAPTER else pytest.param(c, marks=pytest.mark.slow) for c in chapters()]


@pytest.mark.parametrize("chapter", MOSTLY_SLOW)
def test_every_slide_is_shown_whole_and_can_be_read_from_the_back(shown, chapter):
    watched = shown(chapter)
    faults, page = [], watched.page
    for number in range(page.evaluate("deck.getTotalSlides()")):
        page.evaluate(f"deck.slide({number})")
        if page.locator("section.present .living-figure").count():
            page.locator("section.present .living-figure[data-live]").wait_for()
        faults += page.evaluate(f"() => {{ {NOW} return ({FAULTS})([now, now]); }}")
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
    # Its table is set as on the page, not as the tables of slides.
    assert (
        figure.locator("td").first.evaluate("part => parseFloat(getComputedStyle(part).fontSize)")
        < 20
    )
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


@pytest.mark.parametrize("chapter", MOSTLY_SLOW)
def test_a_deck_is_printed_a_slide_a_page(shown, tmp_path, chapter):
    page = shown(chapter, "?print-pdf").page
    page.locator(".pdf-page").last.wait_for()
    faults = page.evaluate(
        f"() => [...document.querySelectorAll('.pdf-page')].flatMap("
        f"(sheet) => ({FAULTS})([sheet.querySelector('section'), sheet]))"
    )
    assert faults == []
    page.pdf(path=tmp_path / "deck.pdf", prefer_css_page_size=True, print_background=True)
    sheets = PdfReader(tmp_path / "deck.pdf").pages
    deck = slides(chapter)
    assert len(sheets) == len(deck)
    for sheet, slide in zip(sheets, deck, strict=True):
        # In points, 0.75 to a pixel.
        assert [round(side / 0.75) for side in sheet.mediabox[2:]] == [WIDE, HIGH]
        text = words(normalize("NFKC", sheet.extract_text()))
        # Nothing has fallen off the page: the last word is there.
        last = {"figure": slide.caption, "question": slide.title, "living": slide.title}
        bare = re.sub(r"<math.*?</math>|<[^>]+>", " ", last.get(slide.kind, slide.body))
        shown_words = words(unescape(bare))
        assert not shown_words or shown_words[-1] in text, slide


def words(text):
    return re.findall(r"[a-z]{3,}", text.lower())


@pytest.mark.slow
def test_reveal_is_the_published_one(tmp_path):
    """The files are those of the version on npm that the README names."""
    if not (npm := shutil.which("npm")):
        pytest.skip("npm was not found")
    version, integrity = re.search(
        r"reveal\.js (\S+)\n.*?`sha512-(\S+)`", (REVEAL / "README.md").read_text("utf-8"), re.S
    ).groups()
    command = [npm, "pack", "--silent", "--json", f"reveal.js@{version}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"npm did not answer: {done.stderr[:200]}")
    (archive,) = tmp_path.glob("*.tgz")
    assert integrity in done.stdout
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as package:
        for name, place in {
            "reveal.js": "dist/reveal.js",
            "reveal.css": "dist/reveal.css",
            "LICENSE": "LICENSE",
        }.items():
            published = package.extractfile(f"package/{place}").read()
            assert (REVEAL / name).read_bytes() == published, name
