"""The figure of two libraries: what Python promises, and what its reader does."""

import numpy as np
import pytest
from browser import page_with
from traitlets import TraitError

from actlib.widgets import TwoLibraries

Z = np.linspace(-2, 2, 9)
VERSIONS = {
    "bump": [
        ("a bump", ["flat", "0"], np.zeros(9)),
        ("b bump", ["bent", "1"], np.where(Z == 0.5, 0.25, 0.0)),
        ("c bump", ["flat", "NaN"], np.full(9, 1e-9)),
    ],
    "big": [
        ("a big", ["exp", "∞"], np.exp(3 * Z)),
        ("b big", ["exp", "NaN"], np.where(Z == 2, np.inf, np.exp(3 * Z))),
    ],
}


def figure(**traits):
    return TwoLibraries(Z, ["computes", "at ∞"], VERSIONS, **traits)


# In Python


def test_the_first_call_is_shown_beside_the_first_that_differs():
    assert (figure().first, figure().second) == ("a bump", "b bump")
    alone = TwoLibraries(Z, ["computes", "at ∞"], {"bump": VERSIONS["bump"][::2]})
    assert (alone.first, alone.second) == ("a bump", "c bump")
    assert alone.alt().endswith("the two agree to four digits.")


def test_the_largest_difference_is_found_and_zoomed_to():
    found = figure(zoomed=True).measures()
    assert (found["largest"], found["at"], found["view"]) == (0.25, 0.5, (0.0, 1.0))
    assert figure().measures()["view"] == (-2.0, 2.0)


def test_where_nothing_differs_all_is_in_view():
    found = figure(second="c bump", zoomed=True).measures()
    assert found["largest"] == 0 and found["view"] == (-2.0, 2.0)


def test_another_function_takes_its_own_calls():
    shown = figure()
    shown.function = "big"
    assert (shown.first, shown.second) == ("a big", "b big")
    with pytest.raises(ValueError, match="no call 'a bump' of big"):
        shown.first = "a bump"


def test_a_gap_is_no_difference():
    found = figure(function="big", first="a big", second="b big").measures()
    assert found["largest"] == 0 and np.isnan(found["difference"][-1])


def test_curves_and_texts_travel_once():
    packed = figure().functions["bump"]
    assert len(packed["curves"]) == 2 and len(packed["told"]) == 3
    assert [call[1] for call in packed["calls"]] == [0, 1, 0]


def test_numbers_beyond_fixed_point_are_scaled_and_gaps_are_kept():
    packed = figure().functions["big"]
    assert packed["scale"] == 16.0  # exp(6) / 16 is under 32
    assert packed["gaps"] == [[], [8]]


def test_the_still_picture_follows_the_traits():
    shown = figure()
    before = shown.still_html()
    shown.second = "c bump"
    assert shown.still_html() != before
    assert figure(second="a bump").still_html()  # a library beside itself


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: TwoLibraries([1, 0], ["computes"], {}), "z must be increasing"),
        (lambda: TwoLibraries(Z, ["computes"], VERSIONS), "9 values and 1 texts, got"),
        (lambda: TwoLibraries(Z, [], {"f": [("a", [], Z)]}), "f needs two calls"),
        (lambda: figure(function="bmup"), "no 'bmup' here; there is bump, big"),
        (
            lambda: figure(second="d bump"),
            "no call 'd bump' of bump; there is a bump, b bump, c bump",
        ),
    ],
)
def test_what_cannot_be_shown_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said):
        wrong()


# On a page


@pytest.fixture
def page(figure_pages, open_page):
    watched = open_page(page_with(figure_pages / "two_libraries.html", "bumps", [figure()]))
    yield watched.page
    assert watched.complaints == []


def said(page):
    return page.locator(".pair-told").inner_text()


def cells(page):
    return [cell.inner_text() for cell in page.locator(".pair-table tbody td").all()]


def test_the_page_says_what_python_measures(page):
    assert said(page) == "They differ most at z = 0.50, by 0.25."
    assert cells(page) == ["flat", "bent", "0", "1"]
    page.get_by_label("second", exact=True).select_option("c bump")
    assert said(page) == "They agree to four digits from −2 to 2."
    assert cells(page) == ["flat", "flat", "0", "NaN"]


def test_zooming_shows_only_where_they_part(page):
    labels = page.locator(".living-drawing .living-axes").last.locator("text")
    assert labels.all_text_contents()[0] == "−2.0"
    page.get_by_label("only where they part").check()
    page.wait_for_function(
        "[...document.querySelectorAll('.living-axes')].at(-1).querySelector('text').textContent"
        " === '0'"
    )


def test_another_function_brings_its_own_calls(page):
    page.get_by_label("function", exact=True).select_option("big")
    options = page.get_by_label("first", exact=True).locator("option")
    assert options.all_inner_texts() == ["a big", "b big"]
    assert page.get_by_label("second", exact=True).input_value() == "b big"
    # The gap at the end of the second curve is not drawn: its path is one point shorter.
    paths = page.locator(".living-drawing .living-line").evaluate_all(
        "(all) => all.map((path) => path.getAttribute('d').split(/[ML]/).length - 1)"
    )
    assert paths == [9, 8, 8]


def test_the_drawing_tells_what_it_shows_to_a_screen_reader(page):
    label = page.locator(".living-drawing").get_attribute("aria-label")
    assert label == "bump: a bump and b bump differ most at z = 0.50, by 0.25."
