"""The figure of value and slope: what Python promises, and what its reader does."""

import json

import numpy as np
import pytest
from browser import page_with
from traitlets import TraitError

from actlib.activations import ACTIVATIONS, REDUCTIONS
from actlib.widgets import ValueAndSlope
from actlib.widgets.kit.figure import course_style
from actlib.widgets.value_and_slope.sketch import sketch
from actlib.widgets.value_and_slope.slices import slices

MANY = ["relu", "elu", "gelu", "silu", "mish", "swish", "sigmoid", "tanh", "softplus", "softsign"]


# In Python


@pytest.mark.parametrize("name", [*ACTIVATIONS, *REDUCTIONS])
def test_every_activation_has_a_light_figure(name):
    html = ValueAndSlope([name])._repr_mimebundle_()["text/html"]
    assert len(html) < 12_000


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "sparsemax"])
def test_slices_of_a_row_are_its_entries_with_their_slopes(name):
    entry = ACTIVATIONS[name]
    for i, one in enumerate(slices(entry, (-5, 5))):
        assert one.value(0.3) == entry.value([0.3, 1.0, 0.0])[i]
        assert one.grad(0.3) == entry.grad([0.3, 1.0, 0.0])[i, 0]


@pytest.mark.parametrize("name", ["glu", "swiglu", "maxout"])
def test_slices_of_a_gate_follow_the_gate(name):
    entry = ACTIVATIONS[name]
    for one, passed in zip(slices(entry, (-5, 5)), (2.0, 1.0, -1.0), strict=True):
        assert one.value(0.3) == entry.value([passed, 0.3])[0]
        assert one.grad(0.3) == entry.grad([passed, 0.3])[1]


def test_a_reduction_has_one_slice_its_value_along_one_score():
    entry = REDUCTIONS["logsumexp"]
    (only,) = slices(entry, (-5, 5))
    assert only.value(0.3) == entry.value([0.3, 1.0, 0.0])
    assert only.grad(0.3) == entry.grad([0.3, 1.0, 0.0])[0]


def test_a_slice_is_cut_where_its_slope_jumps():
    first = slices(ACTIVATIONS["sparsemax"], (-5, 5))[0]
    assert first.joins() == pytest.approx((0.0, 1.0, 2.0)) or first.joins() == pytest.approx((0, 2))
    assert slices(ACTIVATIONS["softmax"], (-5, 5))[0].joins() == ()


def test_a_function_that_levels_off_far_out_is_shown_that_far():
    assert ValueAndSlope(["softcap"]).limits == [-50, 50]
    assert ValueAndSlope(["softsign"]).limits == ValueAndSlope(["relu"]).limits == [-5, 5]
    assert ValueAndSlope(["relu", "softcap"]).limits == [-5, 5]


def test_parameters_are_sampled_for_a_card_and_stay_at_their_defaults_in_a_choice():
    assert len(ValueAndSlope(["swish"]).functions["swish"]["tables"]) > 4
    chosen = ValueAndSlope(["swish"], groups={"smooth": ["swish"]})
    assert len(chosen.functions["swish"]["tables"]) == 1


def test_the_still_picture_follows_the_traits():
    figure = ValueAndSlope(["swish"])
    before = figure.still_html()
    figure.params = {"swish": {"beta": 0.5}}
    assert figure.still_html() != before
    figure = ValueAndSlope(MANY, groups={"all": MANY}, shown=["tanh"])
    assert "Tanh above its slope" in figure.still_html()


def test_a_sketch_goes_through_the_points_that_it_is_given():
    z = np.array([-1.0, 0.0, 1.0])
    with course_style():
        with_corner = sketch({"abs": [(z, np.abs(z), np.sign(z))]}, (-1, 1))
    # The width is 576 minus 54 and 12, and a corner is never smoothed away.
    assert "M54.0" in with_corner and "L309.0" in with_corner and "L564.0" in with_corner


def test_a_sketch_of_several_says_which_line_is_which():
    z = np.array([-1.0, 1.0])
    with course_style():
        svg = sketch({"up": [(z, z, z * 0 + 1)], "down": [(z, -z, z * 0 - 1)]}, (-1, 1))
        alone = sketch({"up": [(z, z, z * 0 + 1)]}, (-1, 1))
    assert ">up</text>" in svg and ">down</text>" in svg and ">up</text>" not in alone


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: ValueAndSlope(["rulu"]), r"no \['rulu'\] in the registry"),
        (lambda: ValueAndSlope([]), "at least one"),
        (lambda: ValueAndSlope(["relu"], limits=(1, -1)), r"got \(1, -1\)"),
        (lambda: ValueAndSlope(["relu"], z=7), r"\[-5, 5\], got 7"),
        (lambda: ValueAndSlope(["relu"], shown=["gelu"]), "gelu"),
        (lambda: ValueAndSlope(MANY, shown=MANY[:7]), "at most 6"),
        (lambda: ValueAndSlope(["swish"], params={"swish": {"beta": 0.77}}), "got 0.77"),
        (lambda: ValueAndSlope(["swish"], params={"swish": {"theta": 1}}), "theta of 'swish'"),
    ],
)
def test_what_cannot_be_shown_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said):
        wrong()


# On a page


@pytest.fixture(scope="module")
def choice(figure_pages):
    """The example's page, where six at most are chosen among many."""
    return figure_pages / "value_and_slope.html"


@pytest.fixture
def open_cards(choice, open_page):
    """Open a page of cards, one for each of some functions; keywords as `open_page`."""

    def open_cards(*names, **options):
        cards = [ValueAndSlope([name]) for name in names]
        return open_page(page_with(choice, f"cards-{'-'.join(names)}", cards), **options)

    return open_cards


def read_outs(page):
    """Return {function: (value, slope)} as the figure writes them."""
    found = {}
    for each in page.locator(".compare-reads > div").all():
        title = each.locator("b").inner_text().strip()
        numbers = [one.inner_text().replace("−", "-") for one in each.locator("output").all()]
        found[title] = tuple(map(float, numbers))
    return found


def set_slider(page, label, value):
    page.get_by_label(label, exact=True).evaluate(
        "(e, x) => { e.value = x; e.dispatchEvent(new Event('input')); }", value
    )


def test_read_outs_agree_with_actlib_over_the_parameters(open_cards):
    page = open_cards("swish").page
    stops = ValueAndSlope(["swish"]).functions["swish"]["params"]["beta"]
    for z, stop in [(1.0, 0), (-0.75, 1), (4.99, len(stops) - 1)]:
        set_slider(page, "point z", z)
        set_slider(page, "beta", stop)
        entry, beta = ACTIVATIONS["swish"], stops[stop]
        exact = entry.value(z, beta=beta), entry.grad(z, beta=beta)
        assert read_outs(page)["Swish"] == pytest.approx(exact, abs=1.1e-6)


def test_slices_are_drawn_and_read_like_functions(open_cards):
    page = open_cards("glu").page
    set_slider(page, "point z", 0.5)
    glu = ACTIVATIONS["glu"]
    for title, passed in {"at (2, z)": 2.0, "at (1, z)": 1.0, "at (−1, z)": -1.0}.items():
        exact = glu.value([passed, 0.5])[0], glu.grad([passed, 0.5])[1]
        assert read_outs(page)[title] == pytest.approx(exact, abs=1.1e-6)


def test_properties_narrow_the_list_down_together(choice, open_page):
    page = open_page(choice).page

    def offered():
        boxes = page.locator(".compare-list").nth(1).locator("label:visible")
        return [each.strip() for each in boxes.all_inner_texts()]

    assert len(offered()) == 8
    page.get_by_label("bounded", exact=True).check()
    assert offered() == ["Sigmoid", "Tanh", "Hard tanh", "Softsign"]
    page.get_by_label("has a kink").check()
    assert offered() == ["Hard tanh"]
    assert page.locator(".compare-told").inner_text().startswith("1 of 8")
    # What is drawn stays drawn until the reader takes it away.
    assert list(read_outs(page)) == ["ReLU", "GELU", "Tanh"]
    page.get_by_role("button", name="Clear").click()
    assert read_outs(page) == {} and len(offered()) == 8


def test_six_are_drawn_at_most_and_each_keeps_its_line(choice, open_page):
    watched = open_page(choice)
    page = watched.page
    for title in ("Sigmoid", "ELU", "SiLU"):
        page.get_by_label(title, exact=True).check()
    assert len(read_outs(page)) == 6
    assert page.get_by_label("Softsign", exact=True).is_disabled()

    def lines():
        return {
            each.locator("b").inner_text().strip(): each.locator("path").get_attribute("class")
            for each in page.locator(".compare-reads > div").all()
        }

    before = lines()
    assert len(set(before.values())) == 6
    page.get_by_label("ReLU", exact=True).uncheck()
    page.get_by_label("Softsign", exact=True).check()
    after = lines()
    assert after.pop("Softsign") == before.pop("ReLU")
    assert after == before
    assert watched.complaints == []


def test_a_page_of_many_figures_wakes_those_that_are_near(open_cards):
    page = open_cards(*MANY, viewport={"width": 1000, "height": 600}).page
    page.wait_for_selector(".living-figure[data-live]")
    alive = page.locator(".living-figure[data-live]")
    assert 0 < alive.count() < len(MANY)
    heights = [box.bounding_box()["height"] for box in page.locator(".living-figure").all()]
    last = page.locator(".living-figure").last
    last.scroll_into_view_if_needed()
    page.wait_for_function(
        "[...document.querySelectorAll('.living-figure')].at(-1).dataset.live === ''"
    )
    after = [box.bounding_box()["height"] for box in page.locator(".living-figure").all()]
    assert after == pytest.approx(heights, abs=1.5)


def test_the_state_of_a_long_choice_is_all_that_travels(choice):
    text = choice.read_text("utf-8")
    state = text.split('<script type="application/json">')[1].split("</script>")[0]
    assert {*json.loads(state)} == {"functions", "groups", "limits", "params", "shown", "z"}


def test_what_is_read_fits_a_phone_of_320_px(open_cards):
    page = open_cards("softmax", viewport={"width": 320, "height": 640}).page
    texts = page.locator(".compare-reads :is(b, span)")
    assert texts.count() == 9
    widths = texts.evaluate_all("(all) => all.map((e) => e.scrollWidth - e.clientWidth)")
    assert max(widths) <= 0
