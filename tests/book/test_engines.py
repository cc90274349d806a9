"""Pages of each kind in Firefox and in WebKit, as wide as a phone: nothing fails, figures live."""

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
# Bring each figure in sight, and give it two seconds to come to life; return which did not.
WAKE = """(async () => {
  const still = [];
  for (const figure of document.querySelectorAll(".living-figure")) {
    figure.scrollIntoView({ block: "center" });
    for (let i = 0; i < 100 && !("live" in figure.dataset); i++)
      await new Promise((done) => setTimeout(done, 20));
    if (!("live" in figure.dataset)) still.push(figure.dataset.figure);
  }
  return still;
})()"""
# What a reader sees of a figure: its words, and what its drawings are said to show.
SEEN = """[...document.querySelectorAll(".living-figure")[%d].querySelectorAll(".living-live *")]
  .map((e) => [e.textContent, e.ariaLabel, e.value]).join()"""
# Give the focus to the first control in sight; return what kind it is.
FOCUS = """(() => {
  const figure = document.querySelectorAll(".living-figure")[%d];
  const controls = [...figure.querySelectorAll(".living-live :is(input, button)")]
    .filter((each) => !each.disabled && each.getClientRects().length);
  const first = controls.find((each) => each.type === "range")
    ?? controls.find((each) => each.type === "radio") ?? controls[0];
  first.scrollIntoView({ block: "center" });
  first.focus();
  return first.type;
})()"""
PRESS = {"range": "\ue014", "radio": " ", "button": "\ue007", "submit": "\ue007"}


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
    # All cards of the atlas hold the same figure.
    for i in range(min(count, 3)):
        before = engine.run(SEEN % i)
        kind = engine.run(FOCUS % i)
        engine.act(engines.key(PRESS[kind]))
        assert wait_for(engine, f"{SEEN % i} !== {before!r}"), f"figure {i} ignores a key"
    assert engine.run("document.scrollingElement.scrollWidth") <= WIDTH
    assert engine.complaints() == []


def test_a_point_follows_the_pointer(engine, site):
    engine.open(f"{site}/{TOC['root']}.html", 1280, 900)
    assert engine.run(WAKE) == []
    figure = "document.querySelector('.living-figure svg.living-drawing')"
    engine.run(f"{figure}.scrollIntoView({{ block: 'center' }})")
    box = engine.run(f"{figure}.getBoundingClientRect()")
    before = engine.run(f"{figure}.ariaLabel")
    middle = box["y"] + box["height"] / 2
    engine.act(
        engines.drag(
            (box["x"] + box["width"] * 0.6, middle), (box["x"] + box["width"] * 0.8, middle)
        )
    )
    assert wait_for(engine, f"{figure}.ariaLabel !== {before!r}")
    assert engine.complaints() == []


def test_search_finds(engine, site):
    engine.open(f"{site}/search.html?q=subgradient", WIDTH, HEIGHT)
    assert wait_for(engine, "document.querySelector('#search-results li a')")
    assert engine.complaints() == []
