"""Pages of each kind in Firefox and in WebKit, as wide as a phone: nothing fails, figures live."""

from urllib.parse import quote

import engines
import pytest
from book import TOC

KINDS = [
    TOC["root"],
    "chapters/softmax",
    "chapters/atlas",
    "chapters/quick_reference",
    "playground",
    "glossary",
    "search",
    "404",
]
WIDTH, HEIGHT = 390, 844
FIGURES = 3  # All forty cards of the atlas hold the same one.
# Bring figures in sight, and give each two seconds to come to life; return which did not.
WAKE = """(async () => {
  const still = [];
  for (const figure of [...document.querySelectorAll(".living-figure")].slice(0, FIGURES)) {
    figure.scrollIntoView({ block: "center" });
    for (let i = 0; i < 100 && !("live" in figure.dataset); i++)
      await new Promise((done) => setTimeout(done, 20));
    if (!("live" in figure.dataset)) still.push(figure.dataset.figure);
  }
  return still;
})()""".replace("FIGURES", str(FIGURES))
# What a reader meets in a figure: words, what drawings are said to show, what is chosen.
SEEN = """[...document.querySelectorAll(".living-figure")[%d].querySelectorAll(".living-live *")]
  .map((e) => [e.textContent, e.ariaLabel, e.value, e.checked]).join()"""
# Bring a control in sight and give it the focus; return its kind and its middle.
FIND = """(() => {
  const figure = document.querySelectorAll(".living-figure")[%d];
  const controls = [...figure.querySelectorAll(".living-live :is(input, button)")]
    .filter((each) => !each.disabled && each.getClientRects().length);
  const found = ["range", "radio"].map((type) => controls.find((each) => each.type === type));
  const first = found.find(Boolean) ?? controls.find((each) => each.textContent === "Step");
  first.scrollIntoView({ block: "center" });
  first.focus();
  const { x, y, width, height } = first.getBoundingClientRect();
  return { kind: first.type, middle: [x + width / 2, y + height / 2] };
})()"""
ARROW_RIGHT = "\ue014"


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def engine(request, tmp_path_factory):
    with getattr(engines, request.param)(tmp_path_factory.mktemp(request.param)) as engine:
        yield engine


@pytest.fixture(scope="module")
def site(book):
    with engines.served(book) as address:
        yield address


def wait_for(engine, expression):
    """Wait two seconds for a JavaScript expression to be true; return whether it came to be."""
    return engine.run(f"""(async () => {{
      for (let i = 0; i < 100; i++) {{
        if ({expression}) return true;
        await new Promise((done) => setTimeout(done, 20));
      }}
      return false;
    }})()""")


@pytest.mark.parametrize("name", KINDS)
def test_page_lives_fits_and_reports_nothing(engine, site, name):
    engine.open(f"{site}/{name}.html", WIDTH, HEIGHT)
    assert engine.run("innerWidth") == WIDTH
    engine.run("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    assert engine.run(WAKE) == []
    count = engine.run("document.querySelectorAll('.living-figure').length")
    for i in range(min(count, FIGURES)):
        found = engine.run(FIND % i)
        engine.run(f"window.before = {SEEN % i}")
        # A window that is not shown has no focus, without which Firefox presses no button by key.
        moved = found["kind"] == "range"
        engine.act(engines.key(ARROW_RIGHT) if moved else engines.drag(*[found["middle"]] * 2))
        assert wait_for(engine, f"{SEEN % i} !== before"), f"figure {i} ignores its {found['kind']}"
    assert engine.run("document.scrollingElement.scrollWidth") <= WIDTH
    assert engine.complaints() == []


def test_a_point_follows_the_pointer(engine, site):
    engine.open(f"{site}/{TOC['root']}.html", 1280, 900)
    assert engine.run(WAKE) == []
    figure = "document.querySelector('.living-figure svg.living-drawing')"
    engine.run(f"{figure}.scrollIntoView({{ block: 'center' }})")
    box = engine.run(f"{figure}.getBoundingClientRect()")
    engine.run(f"window.before = {figure}.ariaLabel")
    start, end = ((box["x"] + part * box["width"], box["y"] + 100) for part in (0.6, 0.8))
    engine.act(engines.drag(start, end))
    assert wait_for(engine, f"{figure}.ariaLabel !== before")
    assert engine.complaints() == []


def test_search_finds(engine, site):
    engine.open(f"{site}/search.html?q=subgradient", WIDTH, HEIGHT)
    assert wait_for(engine, "document.querySelector('#search-results li a')")
    assert engine.complaints() == []


def test_an_answer_is_covered_until_it_is_asked_for(engine, site):
    engine.open(f"{site}/chapters/relu_family.html", WIDTH, HEIGHT)
    height = """(() => {
      const part = document.querySelector(".kept-answer .cell_output, .kept-answer.cell_output");
      return part.checkVisibility({ contentVisibilityAuto: true, checkOpacity: true })
        ? part.getBoundingClientRect().height : 0;
    })()"""
    covered = engine.run(height)
    engine.run("document.querySelector('.ask-answer').click()")
    assert engine.run(height) > covered + 20
    figure = ".kept-answer figure img"
    others = ".ask-answer:not([aria-expanded=true])"
    engine.run(f"document.querySelectorAll('{others}').forEach((ask) => ask.click())")
    engine.run(f"document.querySelector('{figure}').scrollIntoView()")
    assert wait_for(engine, f"document.querySelector('{figure}').naturalWidth > 0")
    assert engine.complaints() == []


def test_what_is_found_in_the_page_is_uncovered(engine, site):
    address = f"{site}/chapters/relu_family.html"
    engine.open(address, WIDTH, HEIGHT)
    if not engine.run("'onbeforematch' in document.documentElement"):
        pytest.skip("this engine finds nothing in what is hidden; the switch shows all answers")
    words = "a symmetric difference gives their mean"
    holds = f"(each) => each.textContent.includes('{words}')"
    part = f"[...document.querySelectorAll('.kept')].find({holds})"
    # What an earlier reader uncovered is remembered.
    engine.run("localStorage.clear()")
    engine.open(f"{address}", WIDTH, HEIGHT)
    assert engine.run(f"{part}.hidden") == "until-found"
    # No driver opens the bar of find-in-page; a link to a text finds in the same way.
    engine.open(f"{address}#:~:text={quote(words)}", WIDTH, HEIGHT)
    assert wait_for(engine, f"!{part}.hidden")
    ask = f"document.querySelector('.ask[aria-controls~=\"' + {part}.id + '\"]')"
    assert engine.run(f"{ask}.ariaExpanded") == "true"
    assert engine.complaints() == []
