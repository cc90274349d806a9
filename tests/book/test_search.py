"""The search: headings from a server, Sphinx's pages from disk, and nothing fetched before."""

import importlib.util
import os
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from course import ROOT
from notebooks import listed
from test_pages import axe_findings

sys.path.insert(0, str(ROOT / "_ext"))

from pages_search import ALSO, complete

FOUND = ".search-found li"
FIRST = {
    "dead relu": "chapters/relu_family.html#when-is-a-unit-dead",
    "dying relu": "chapters/relu_family.html#when-is-a-unit-dead",
    "dying neuron": "chapters/relu_family.html#when-is-a-unit-dead",
    "exploding gradients": "chapters/sigmoid_tanh.html#what-does-the-chain-rule-multiply",
    "sigmoid vs softmax": "chapters/softmax.html#how-do-scores-become-probabilities",
    "mixed precision": "chapters/in_practice.html#what-is-too-small-for-float16",
    "residual connection": "chapters/pytorch.html"
    "#inplace-true-saves-memory-and-changes-nothing-else",
    "BCEWithLogitsLoss": "chapters/pytorch.html#is-softmax-inside-the-loss",
    "atlas": "chapters/atlas.html",
    "swish": "chapters/atlas.html#swish",
    "SiLU minimum": "chapters/atlas.html#silu",
    "logits": "glossary.html#logit",
    "initialisation": "chapters/relu_family.html#how-large-should-the-initial-weights-be",
    "leaky slope": "chapters/atlas.html#leaky-relu",
    "softmax overflow": "chapters/softmax.html#what-breaks-when-the-scores-are-large",
    "cross entropy": "glossary.html#cross-entropy",
    "vanishing gradient": "glossary.html#vanishing-gradient",
    "softmax attention": "chapters/softmax.html#why-attention-divides-by-sqrt-d",
    "three formulas gelu": "chapters/relu_family.html#three-formulas-called-gelu",
    "no straight cut": "chapters/why_nonlinearity.html#how-do-you-show-that-no-straight-cut-exists",
    "playground": "playground.html",
    "log-sum-exp": "chapters/atlas.html#log-sum-exp",
    "logsumexp": "chapters/atlas.html#log-sum-exp",
    "LSE": "chapters/atlas.html#log-sum-exp",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(book):
    """The address at which the book is served; without Pagefind skip, or fail if CI is set."""
    if not importlib.util.find_spec("pagefind"):
        message = "pagefind is not installed: make book installs it"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=book))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def searched(site, open_page):
    """Open the search page with a query: searched("relu") -> Watched."""

    def searched(query, **options):
        watched = open_page(f"{site}search.html?q={quote(query)}", **options)
        watched.page.locator(".search-summary").filter(has_text=query).wait_for()
        return watched

    return searched


def test_a_dozen_searches_find_the_place(searched):
    watched, wrong = searched("atlas"), {}
    field = watched.page.locator("#main-content input[type=search]")
    for query, wanted in FIRST.items():
        field.fill(query)
        watched.page.locator(".search-summary").filter(has_text=f"“{query}”").wait_for()
        first = watched.page.locator(f"{FOUND} a").first.get_attribute("href")
        if not first.endswith(f"/{wanted}"):
            wrong[query] = first
    assert wrong == {}
    assert watched.foreign == [] and watched.complaints == []


def test_a_result_shows_its_heading_its_page_and_a_line_with_the_word_marked(searched):
    first = searched("subgradient").page.locator(FOUND).first
    assert first.locator("a").inner_text() == "Subgradient"
    assert first.locator("span").inner_text() == "Glossary"
    other = searched("overflow").page.locator(f"{FOUND} p mark")
    assert other.count() >= 5 and "overflow" in other.first.inner_text().lower()


def test_a_part_of_a_name_and_a_heading_are_marked_too(searched):
    part = searched("BCEWithLogitsLoss").page.locator(FOUND).first.locator("p mark")
    assert part.first.inner_text() == "BCEWithLogitsLoss"
    first = searched("he initialisation").page.locator(FOUND).first
    assert first.locator("a mark").all_inner_texts() == ["He", "initialisation"]
    assert set(first.locator("p mark").all_inner_texts()) <= {"He"}


def test_a_result_leads_to_its_heading_and_marks_nothing_else(searched):
    page = searched("dead relu").page
    page.locator(f"{FOUND} a").first.click()
    page.wait_for_url("**/relu_family.html#when-is-a-unit-dead")
    assert page.locator("#when-is-a-unit-dead").bounding_box()["y"] < 300
    assert page.locator(".highlighted").count() == 0


def test_results_come_while_typing_and_stay_in_the_address(searched):
    page = searched("relu").page
    page.locator("#main-content input[type=search]").fill("temperature")
    page.wait_for_url("**/search.html?q=temperature")
    page.locator(FOUND).filter(has_text="Temperature").first.wait_for()
    page.locator("#main-content input[type=search]").fill("zzzzzz")
    page.get_by_role("status").filter(has_text="Nothing was found for “zzzzzz”").wait_for()


def test_more_results_are_a_press_away(searched):
    page = searched("relu").page
    assert page.locator(FOUND).count() == 10
    page.get_by_role("button", name="More results").click()
    page.locator(FOUND).nth(19).wait_for()
    assert page.evaluate(
        "document.activeElement === document.querySelectorAll('.search-found a')[10]"
    )


def test_nothing_of_the_index_is_fetched_before_a_search(site, open_page):
    for name in ("search", *listed()[:1]):
        watched = open_page(f"{site}{name}.html")
        fetched = [url for url in watched.asked if "pagefind" in url or "searchindex" in url]
        assert fetched == [], name


def test_without_an_index_the_simpler_search_takes_over(site, open_page):
    watched = open_page(f"{site}search.html")
    watched.page.route("**/pagefind/**", lambda route: route.abort())
    watched.page.locator("#main-content input[type=search]").fill("subgradient")
    watched.page.locator("#search-results ul.search li a").first.wait_for()


def test_words_under_which_a_place_is_looked_for_name_a_place(book):
    for address in ALSO:
        page, _, anchor = address.partition("#")
        assert f'id="{anchor}"' in (book / page).read_text("utf-8"), address


def test_search_page_passes_axe_with_results(searched):
    assert axe_findings(searched("softmax").page, contrast=True) == []


def test_pages_that_were_not_written_keep_their_entries_and_are_not_read_again(tmp_path):
    def build(written, found):
        app = SimpleNamespace(doctreedir=tmp_path, builder=None, search_entries=dict(written))
        resolve = lambda name, _: app.search_entries.update({name: ["read again"]})  # noqa: E731
        app.env = SimpleNamespace(found_docs=set(found), get_and_resolve_doctree=resolve)
        complete(app)
        return app.search_entries

    assert build({"a": [["a.html", "A"]]}, "ab") == {"a": [["a.html", "A"]], "b": ["read again"]}
    assert build({"b": [["b.html", "B"]]}, "ab") == {"a": [["a.html", "A"]], "b": [["b.html", "B"]]}
    # A page that is gone is in neither the index nor the memory.
    assert build({}, "b") == {"b": [["b.html", "B"]]}
    assert build({}, "a") == {"a": ["read again"]}
