"""Pages that let their reader guess first: covers, folds, tables and printed output."""

from itertools import pairwise

import nbformat
import pytest
from browser import AWAKE, TWO_FRAMES, cover_all, opened
from course import ROOT
from notebooks import TOC, listed

CHAPTERS = [
    name
    for name in listed()
    if name.startswith("chapters/")
    and "## Going deeper" in (ROOT / f"{name}.ipynb").read_text(encoding="utf-8")
]
RELU = "chapters/relu_family"
PHONE = {"width": 390, "height": 844}
ANSWER = "The slopes follow from the two straight pieces"
# Content that is skipped, as in what find-in-page can uncover, counts as not seen.
SEEN = """(words) => {
  const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!walk.currentNode.data.includes(words)) continue;
    let element = walk.currentNode.parentElement;
    if (!element.checkVisibility()) return false;
    for (; element; element = element.parentElement) {
      if (getComputedStyle(element).contentVisibility === "hidden") return false;
    }
    return true;
  }
  throw new Error("the page does not say: " + words);
}"""


def sees(page, words):
    return page.evaluate(SEEN, words)


@pytest.fixture(scope="module")
def relu_opened(browser, book):
    with opened(browser, book / f"{RELU}.html", reduced_motion="reduce") as watched:
        yield watched.page


@pytest.fixture
def relu(relu_opened):
    """A chapter as it is first seen, opened once for those who leave nothing but covers open."""
    relu_opened.emulate_media(media="screen")
    cover_all(relu_opened)
    return relu_opened


def first_ask(page):
    return page.locator(".ask-answer").first


def anew(page, address=""):
    """Open a page again, or another, once the browser has stored what is kept."""
    page.wait_for_timeout(300)
    page.goto(address) if address else page.reload()


# ---- Each chapter -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chapter(request, browser, book):
    """A chapter on a phone, opened once for all that is asked of it: its name, and the page."""
    address = book / f"{request.param}.html"
    with opened(browser, address, reduced_motion="reduce", viewport=PHONE) as watched:
        yield request.param, watched.page


every_chapter = pytest.mark.parametrize("chapter", CHAPTERS, indirect=True, scope="module")

CORE = """() => {
  const top = document.querySelector("h1").getBoundingClientRect().top;
  return document.getElementById("what-to-keep").getBoundingClientRect().bottom - top;
}"""


@every_chapter
def test_the_core_path_is_at_most_thirty_screens_of_a_phone(chapter):
    name, page = chapter
    page.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    assert page.locator(".ask[aria-expanded=true]").count() == 0
    screens = page.evaluate(CORE) / PHONE["height"]
    print(f"{name}: {screens:.1f} screens")
    assert screens <= 30


@every_chapter
def test_every_prediction_has_a_cover_unless_a_figure_answers_it(chapter):
    asked, claims, covers = chapter[1].evaluate("""() => {
      const count = (parts, words) => [...document.querySelectorAll(parts)].filter((part) =>
        words.test(part.textContent)).length;
      return [count("blockquote", /^\\s*Predict\\./),
        count("#common-mistakes > p", /^\\s*A common (claim|slip)/),
        document.querySelectorAll(".ask-answer").length];
    }""")
    print(f"{asked} predictions and {claims} common claims, {covers} covers")
    assert asked >= 8 and covers - claims >= asked - 1


@every_chapter
def test_no_paragraph_after_a_cover_states_what_only_the_cover_says(chapter):
    told = (
        chapter[1]
        .locator("article")
        .evaluate("""(page) => {
      const article = page.cloneNode(true);
      const fractions = (text) => (text.match(/(?<![\\w.])\\d+\\.\\d+/g) ?? [])
        .filter((number) => number.replace(".", "").replace(/^0+|0+$/g, "").length > 1);
      article.querySelectorAll(".math, svg").forEach((each) => each.remove());
      const found = [];
      for (const part of article.querySelectorAll(".kept-answer")) {
        const numbers = new Set(fractions(part.textContent));
        let next = (part.closest(".cell") ?? part).nextElementSibling;
        for (; next?.matches("p, ul, ol, .kept-answer"); next = next.nextElementSibling) {
          if (/^\\s*(Try|A common (claim|slip))/.test(next.textContent)) break;
          if (next.matches(".kept-answer")) continue;
          found.push(...fractions(next.textContent).filter((number) => numbers.has(number)));
        }
      }
      return found;
    }""")
    )
    assert told == []


@every_chapter
def test_each_exercise_says_in_the_same_place_how_to_try_it(chapter):
    name, page = chapter
    ways = page.locator("#exercises > section").evaluate_all("""(all) => all.map((exercise) =>
      [...exercise.querySelectorAll(".cell_input + .try-it")].map((way) =>
        [...way.querySelectorAll("a[download]")].map((link) => link.getAttribute("href"))))""")
    assert len(ways) >= 5
    for way in ways:
        ((address,),) = way
        assert address.endswith(f"{name[9:]}.ipynb")


@every_chapter
def test_what_was_printed_is_not_cut_on_a_phone(chapter):
    page = chapter[1]
    page.evaluate("document.querySelectorAll('.ask').forEach((ask) => ask.click())")
    cut = page.evaluate("""() => [...document.querySelectorAll(".cell_output pre")].filter((box) =>
      box.checkVisibility() && box.scrollWidth > box.clientWidth + 1).length""")
    assert cut == 0


# ---- Predict ------------------------------------------------------------------------------


def test_an_answer_is_covered_until_a_guess_is_made_and_then_remembered(visit):
    page = visit(RELU).page
    ask = first_ask(page)
    output = page.locator(".kept-answer .output").first
    assert not sees(page, ANSWER) and not output.is_visible()
    assert sees(page, "Write down both functions") and sees(page, "leaky_relu(z)")
    ask.focus()
    page.keyboard.press("Enter")
    assert ask.get_attribute("aria-expanded") == "true"
    assert sees(page, ANSWER) and output.is_visible()
    assert page.evaluate("document.activeElement.className") == "ask ask-answer"
    anew(page)
    assert sees(page, ANSWER)
    assert page.locator(".ask-answer").nth(1).get_attribute("aria-expanded") == "false"
    first_ask(page).click()
    anew(page)
    assert not sees(page, ANSWER)


def test_what_is_covered_follows_its_button(relu):
    wrong = relu.evaluate("""() => [...document.querySelectorAll(".ask")].filter((button) =>
      button.getAttribute("aria-controls").split(" ").some((id) => !(
        button.compareDocumentPosition(document.getElementById(id))
          & Node.DOCUMENT_POSITION_FOLLOWING))).length""")
    assert wrong == 0


def test_the_switch_shows_all_answers_on_every_page(visit):
    page = visit(RELU).page
    page.get_by_role("switch", name="Show all answers").check()
    assert page.locator(".ask-answer[aria-expanded=false]").count() == 0
    assert page.locator(".ask-deeper[aria-expanded=true]").count() == 0, "only answers"
    anew(page, page.url.replace("relu_family", "softmax"))
    assert page.get_by_role("switch").is_checked()
    assert page.locator(".ask-answer[aria-expanded=false]").count() == 0
    page.get_by_role("switch").uncheck()
    assert page.locator(".ask-answer[aria-expanded=true]").count() == 0


def test_a_notice_that_follows_a_prediction_is_covered(relu):
    assert not sees(relu, "a symmetric difference gives their mean")
    assert sees(relu, "Few pre-activations are exactly 0")


def test_a_paragraph_that_repeats_the_answer_is_covered_with_it(relu, visit):
    words = "are dead in layer 20"
    assert not sees(relu, words)
    relu.locator(".kept", has_text=words).evaluate(
        "(part) => document.querySelector(`.ask[aria-controls~='${part.id}']`).click()"
    )
    assert sees(relu, words)
    # One that stands apart, behind a rule that stays to be read.
    page = visit("chapters/why_nonlinearity").page
    assert sees(page, "Same seeds for both") and not sees(page, "is right on only")
    page = visit("chapters/in_practice").page
    assert sees(page, "Take seed 1:") and not sees(page, "at gain 2 the loss is")


def test_a_common_slip_is_asked_before_it_is_answered(visit):
    page = visit("chapters/softmax").page
    assert sees(page, "What changes when each score grows by 100?")
    assert sees(page, "What do the rows of this one add up to?")
    assert not sees(page, "The first row got 0.047")


def test_explore_says_what_to_try_and_covers_what_should_happen(relu):
    assert sees(relu, "The shaded part of the inputs meets")
    assert not sees(relu, "a jump should open at 0")
    relu.locator(".ask-hint").first.click()
    assert sees(relu, "a jump should open at 0")


def test_the_idea_of_a_solution_waits(relu):
    assert not sees(relu, "The right half keeps its square")
    relu.locator(".ask-idea").nth(2).click()
    assert sees(relu, "The right half keeps its square")


# ---- For whom nothing is covered ----------------------------------------------------------


def test_nothing_is_covered_without_scripts(visit):
    page = visit(RELU, java_script_enabled=False).page
    assert sees_without_script(page, ANSWER)
    assert page.locator(".ask:visible, .fold-more:visible, .answers-all:visible").count() == 0
    assert page.locator(".kept:visible").count() == page.locator(".kept").count()
    assert page.locator(".tag_fold pre").first.bounding_box()["height"] > 60


def sees_without_script(page, words):
    return page.get_by_text(words).first.is_visible()


def test_nothing_is_covered_if_the_script_does_not_come(visit):
    page = visit(RELU).page
    page.route("**/covers.js*", lambda route: route.abort())
    page.reload()
    page.wait_for_load_state("load")
    assert sees(page, ANSWER)


def test_nothing_is_covered_on_paper(relu):
    relu.emulate_media(media="print")
    assert sees(relu, ANSWER) and sees(relu, "Backpropagation sends the gradient through")
    assert relu.locator(".ask:visible, .fold-more:visible, .answers-all:visible").count() == 0


def test_a_link_to_words_that_are_covered_uncovers_them(visit):
    # Chromium looks for them as find-in-page does, for which it has no command.
    page = visit(RELU).page
    url = page.url
    page.goto("about:blank")
    page.goto(f"{url}#:~:text=a%20symmetric%20difference%20gives%20their%20mean")
    page.wait_for_function("document.querySelector('.ask-answer[aria-expanded=true]')")
    assert sees(page, "a symmetric difference gives their mean")
    assert page.locator(".ask-answer[aria-expanded=true]").count() == 1


def test_a_link_into_what_is_covered_uncovers_it(visit):
    page = visit(RELU).page
    inside = "Backpropagation sends the gradient through"
    section = page.locator("#going-deeper > section", has_text=inside)
    named = section.get_attribute("id")
    assert not sees(page, inside)
    page.evaluate("(name) => { location.hash = name; }", named)
    page.wait_for_function(
        "(id) => document.querySelector(`#${id} > .ask`).ariaExpanded", arg=named
    )
    assert sees(page, inside)
    figure = page.evaluate("document.querySelector('.kept-answer figure[id]').id")
    assert not page.locator(f"#{figure}").is_visible()
    page.goto(f"{page.url.partition('#')[0]}?again#{figure}")
    assert page.locator(f"#{figure}").is_visible()


def test_find_in_page_uncovers_what_it_finds(relu):
    part = relu.locator(".kept-answer").first
    assert part.get_attribute("hidden") == "until-found"
    # The browser announces a find, and takes the attribute away.
    part.evaluate("(part) => part.dispatchEvent(new Event('beforematch'))")
    assert first_ask(relu).get_attribute("aria-expanded") == "true" and sees(relu, ANSWER)


def test_a_new_output_is_shown_at_once(visit):
    page = visit(RELU).page
    part = page.locator(".cell > .kept-answer").first
    part.evaluate("(part) => part.append(document.createElement('div'))")
    assert first_ask(page).get_attribute("aria-expanded") == "true"


def test_the_script_of_the_covers_comes_only_where_something_is_covered(book):
    assert "/covers.js" in (book / f"{RELU}.html").read_text("utf-8")
    for name in (TOC["root"], "glossary", "search"):
        assert "/covers.js" not in (book / f"{name}.html").read_text("utf-8"), name


def test_a_drawer_closes_when_a_link_in_it_is_followed(visit):
    page = visit(RELU, viewport=PHONE).page
    page.locator(".secondary-toggle:visible").click()
    drawer = page.locator("dialog.bd-sidebar-secondary")
    drawer.get_by_role("link", name="When is a unit dead?").click()
    drawer.wait_for(state="hidden")
    assert 0 <= page.locator("#when-is-a-unit-dead").bounding_box()["y"] < 300


# ---- Shorter --------------------------------------------------------------------------------


def folded_cells():
    for name in CHAPTERS:
        for cell in nbformat.read(ROOT / f"{name}.ipynb", as_version=4).cells:
            if "fold" in cell.metadata.get("tags", []):
                yield name, cell


def test_a_folded_cell_shows_its_first_line_and_opens(visit):
    name, _ = next(folded_cells())
    page = visit(name).page
    page.get_by_role("switch").check()
    cell = page.locator(".tag_fold").first
    code, more = cell.locator("pre").first, cell.locator(".fold-more")
    low = code.bounding_box()["height"]
    more.focus()
    page.keyboard.press("Enter")
    assert code.bounding_box()["height"] > low + 40
    more.click()
    assert code.bounding_box()["height"] == low
    # Find-in-page scrolls to a word in a line that does not show.
    code.evaluate("(code) => { code.scrollTop = 40; }")
    page.wait_for_function("document.querySelector('.tag_fold').matches('.unfolded')")


# ---- Exercises, tables and printed output ---------------------------------------------------


def test_a_table_of_many_columns_fits_a_phone_or_says_that_it_scrolls(visit):
    page = visit("chapters/pytorch", viewport=PHONE).page
    page.evaluate("document.querySelectorAll('.ask').forEach((ask) => ask.click())")
    page.evaluate(TWO_FRAMES)
    silent = page.evaluate("""() => [...document.querySelectorAll(
      ".pst-scrollable-table-container")].filter((box) =>
        box.scrollWidth > box.clientWidth + 1 && !box.matches("[tabindex]")).length""")
    assert silent == 0
    row = page.locator(".rows-on-phone tbody tr").first
    label = row.locator("td").nth(1).get_attribute("data-label")
    assert label and label in page.locator(".rows-on-phone thead").first.text_content()
    tree = page.locator(".rows-on-phone").first.aria_snapshot()
    assert tree.startswith("- table") and "columnheader" in tree and "cell" in tree


@pytest.fixture(scope="module")
def reference(browser, book):
    """The page of the longest tables on a phone, opened once for those who only look."""
    address = book / "chapters" / "quick_reference.html"
    with opened(browser, address, reduced_motion="reduce", viewport=PHONE) as watched:
        yield watched.page


def test_a_name_in_a_table_breaks_only_where_it_is_joined(reference):
    page = reference
    cut = page.evaluate("""() => [...document.querySelectorAll("td code .pre")].filter((name) => {
      const part = document.createRange();
      return [...name.childNodes].some((node) =>
        (part.selectNodeContents(node), part.getClientRects().length > 1));
    }).map((name) => name.textContent)""")
    assert cut == []
    derivative = page.locator("#formulas-and-derivatives td[data-label=derivative]")
    assert derivative.count() > 30 and derivative.nth(9).is_visible()


def test_a_number_in_a_table_stays_on_one_line(visit):
    page = visit("chapters/pytorch", viewport=PHONE).page
    page.get_by_role("switch").check()
    lines = page.locator("td .whole:visible").evaluate_all(
        "(numbers) => numbers.map((number) => number.getClientRects().length)"
    )
    assert len(lines) > 40 and set(lines) == {1}


def test_the_drawing_stays_in_view_while_functions_are_ticked_on_a_phone(visit):
    page = visit("chapters/atlas", viewport=PHONE).page
    page.locator("#compare .living-figure").scroll_into_view_if_needed()
    last = page.locator(".compare-list label:visible").last
    last.click()
    drawing = page.locator(".living-live:has(.compare-list) > .living-drawing")
    seen, place = drawing.bounding_box(), last.bounding_box()
    assert seen["y"] > 40 and seen["y"] + seen["height"] <= place["y"]


def test_paper_has_room_for_answers(relu):
    relu.emulate_media(media="print")
    assert all(way.bounding_box()["height"] > 150 for way in relu.locator(".try-it").all())


# ---- While a page arrives ------------------------------------------------------------------

# Before the first thing that is done in idle time, and before each, call a function.
IDLE = """const idle = window.requestIdleCallback;
  let came;
  window.requestIdleCallback = (what, how) => idle(async () => {
    await (came ??= %s);
    await (%s);
    what();
  }, how);
  const frames = async (n) => { while (n--) await new Promise(requestAnimationFrame); };"""


@pytest.mark.parametrize("name", ["chapters/libraries", "chapters/quick_reference", "glossary"])
def test_a_page_is_laid_out_a_little_at_a_time(visit, name):
    count = """(window.laid ??= []).push([...document.querySelectorAll(".bd-article *")].filter(
      (element) => element.checkVisibility({ contentVisibilityAuto: true })).length)"""
    page = visit(name, viewport=PHONE, before=IDLE % ("0", f"frames(2).then(() => {count})")).page
    laid = page.evaluate(f"{count} && laid")
    steps = [after - before for before, after in pairwise(laid)]
    assert laid[0] < 1000 < laid[-1]
    # One table of numbers, which no part of comes alone, has some 800.
    assert max(steps) < 900 and sum(step > 500 for step in steps) < 3
    assert page.locator(".bd-article .waits, .bd-article .cell[class='']").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_a_cell_takes_the_same_room_whether_it_waits_or_not(visit, width):
    page = visit("chapters/libraries", viewport={"width": width, "height": 844}).page
    room = "(cells) => cells.map((cell) => cell.getBoundingClientRect().height)"
    cells = page.locator("section > .cell")
    free = cells.evaluate_all(room)
    cells.evaluate_all("(cells) => cells.forEach((cell) => (cell.style.contain = 'layout'))")
    assert len(free) >= 50 and cells.evaluate_all(room) == free


@pytest.mark.parametrize("name", ["chapters/pytorch", RELU])
def test_who_jumps_or_searches_while_a_page_arrives_gets_there(visit, name):
    go = """(async () => {
      const headings = [...document.querySelectorAll(".bd-article h3:not(.kept *)")];
      const place = headings[Math.floor(headings.length / 2)];
      window.top_of = () => place.getBoundingClientRect().top;
      place.querySelector("a.headerlink").click();
      await frames(3);
      window.went = top_of();
    })()"""
    page = visit(name, viewport=PHONE, before=IDLE % (go, "0")).page
    assert 0 <= page.evaluate("went") < 100 and -20 <= page.evaluate("top_of()") < 120
    find = """(async () => {
      const texts = [...document.querySelectorAll(".bd-article section > p:not(.kept *)")];
      const far = texts.filter(({ children }) => !children.length).at(-1).textContent;
      window.find(far.slice(0, 40));
      await frames(12);
      window.found = getSelection().getRangeAt(0).getBoundingClientRect().top;
    })()"""
    page = visit(name, viewport=PHONE, before=IDLE % (find, "0")).page
    assert 0 < page.evaluate("found") < PHONE["height"]


@pytest.mark.parametrize(
    "does",
    [
        'document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }))',
        # The scroll bar, in browsers that tell of a press on it and in those that do not.
        'document.documentElement.dispatchEvent(new PointerEvent("pointerdown"))',
        "scrollTo(0, 500)",
    ],
    ids=["End", "press", "scroll"],
)
def test_what_asks_where_the_end_is_while_a_page_arrives_lays_it_out(visit, does):
    go = f"""(async () => {{
      {does};
      await frames(2);
      window.then_high = document.documentElement.scrollHeight;
    }})()"""
    page = visit("chapters/libraries", viewport=PHONE, before=IDLE % (go, "0")).page
    # Hints over boxes that scroll come later.
    assert 0 <= page.evaluate("document.documentElement.scrollHeight - then_high") < 100


def test_who_goes_away_and_back_is_where_they_were(visit):
    page = visit("chapters/libraries", viewport=PHONE).page
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    here, places = page.url, [page.evaluate("scrollY")]
    for _ in range(2):
        page.goto(here.replace("chapters/libraries", "glossary"))
        page.go_back()
        page.evaluate(AWAKE)
        places.append(page.evaluate("scrollY"))
    assert places == places[:1] * 3
    # From now on what grows above the reader moves nothing that they read.
    page.evaluate("document.querySelector('h1').style.paddingTop = '50px'")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("scrollY") == places[0] + 50


def test_a_list_of_rows_on_a_phone_does_not_promise_more_columns(reference):
    box = reference.locator(
        "#formulas-and-derivatives .pst-scrollable-table-container[tabindex='0']"
    )
    hint = box.evaluate("(box) => getComputedStyle(box, '::before').content")
    assert "formula" in hint and "columns" not in hint
