"""Three units that bend a line: as Python computes them, and on a page."""

import json
from itertools import product

import numpy as np
import pytest
from browser import TWO_FRAMES
from traitlets import TraitError

from actlib.activations import ACTIVATIONS
from actlib.widgets import BendTheLine
from actlib.widgets.bend_the_line.figure import GRID, TARGETS
from actlib.widgets.kit.samples import TOLERANCE, sample

FOUND = ("tent", "abs", "ramp")  # what three units can make exactly


# In Python


@pytest.mark.parametrize("target", FOUND)
def test_three_units_make_a_broken_line_exactly(target):
    figure = BendTheLine(target=target)
    figure.fit()
    assert figure.distances() == (0, 0)


def test_three_units_do_not_make_a_sine():
    figure = BendTheLine(target="sine")
    figure.fit()
    largest, mean = figure.distances()
    assert 0.3 < largest < 0.4 and 0.1 < mean < 0.15


def test_no_step_of_any_slider_fits_the_sine_much_better():
    figure = BendTheLine(target="sine")
    figure.fit()
    wanted = TARGETS["sine"][1](GRID)

    def loss(bends, weights):
        units = np.column_stack([*np.maximum(GRID - bends[:, None], 0), np.ones(GRID.size)])
        return ((units @ weights - wanted) ** 2).sum()

    bends, weights = np.array(figure.bends), np.array([*figure.slopes, figure.bias])
    found = loss(bends, weights)
    for i, step in [(i, step) for i in range(3) for step in (-0.05, 0.05)]:
        moved = np.clip(bends + step * np.eye(3)[i], -3, 2.5)
        units = np.column_stack([*np.maximum(GRID - moved[:, None], 0), np.ones(GRID.size)])
        best = np.linalg.lstsq(units, wanted)[0]
        # Weights rounded to the sliders' stops cost 1 %.
        assert loss(moved, best) > 0.98 * found


@pytest.mark.parametrize("target", TARGETS)
def test_without_a_bend_the_best_fit_is_the_straight_line_of_least_squares(target):
    figure = BendTheLine(target=target, activation="identity")
    figure.fit()
    total = figure.pieces(GRID).sum(axis=0) + figure.bias
    line = np.polyval(np.polyfit(GRID, TARGETS[target][1](GRID), 1), GRID)
    assert np.abs(total - line).max() < 0.11  # half a step of slope, and of bias
    assert np.abs(np.diff(total, 2)).max() < 1e-12


def test_pieces_are_weighted_relus():
    figure = BendTheLine(bends=[-2, 0.5, 1], slopes=[3, -1, 0])
    pieces = figure.pieces([-3, 0, 2])
    assert pieces.tolist() == [[0, 6, 12], [0, 0, -1.5], [0, 0, 0]]


def test_bends_at_one_place_are_one_bend_with_the_sum_of_slopes():
    twice = BendTheLine(bends=[0, 0, 1], slopes=[1, 1.5, 0])
    once = BendTheLine(bends=[0, 2, 1], slopes=[2.5, 0, 0])
    assert twice.distances() == once.distances()


@pytest.mark.parametrize("target", TARGETS)
def test_a_targets_slope_matches_its_values(target):
    _, value, slope, joins = TARGETS[target]
    x = GRID[~np.isclose(GRID[:, None], [*joins, -3, 3]).any(axis=1)]
    measured = (value(x + 1e-6) - value(x - 1e-6)) / 2e-6
    assert np.abs(measured - slope(x)).max() < 1e-8


def test_a_reset_leads_to_where_the_figure_was_made():
    figure = BendTheLine(bends=[0, 1, 2], target="sine")
    figure.fit()
    assert figure.start["bends"] == [0, 1, 2] and figure.start["target"] == "sine"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"bends": [0, 1]}, r"three numbers, got \[0.0, 1.0\]"),
        ({"bends": [0, 1, 2.6]}, r"bends must lie in \[-3, 2.5\], got"),
        ({"slopes": [0, 1, -5.1]}, r"slopes must lie in \[-5, 5\]"),
        ({"bias": 4.0}, r"bias must lie in \[-3, 3\], got 4.0"),
        ({"bias": float("nan")}, "got nan"),
        ({"target": "cosine"}, r"target must be one of \['tent', 'abs'.*got 'cosine'"),
        ({"activation": "gelu"}, "activation must be one of .* got 'gelu'"),
    ],
)
def test_what_cannot_be_shown_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said):
        BendTheLine(**wrong)


def test_the_alt_text_has_the_numbers_of_the_picture():
    figure = BendTheLine()
    largest, mean = figure.distances()
    assert f"largest distance {largest:.2f}, mean {mean:.2f}" in figure.alt()
    assert "−1.5, 0 and 1.5 with slopes 1, −1.5 and 1" in figure.alt()


def test_the_curves_of_a_page_are_close_enough_for_its_read_outs():
    assert TOLERANCE <= 1e-7
    for name in ("relu", "identity"):
        entry = ACTIVATIONS[name]
        assert json.dumps(BendTheLine().curves["units"][name]["data"]) == json.dumps(
            sample(entry.value, entry.grad, [-6, 0, 6])["data"]
        )


# On a page


@pytest.fixture
def page(figure_pages, open_page):
    return open_page(figure_pages / "bend_the_line.html", has_touch=True)


def control(watched, label):
    return watched.page.locator(".living-figure").get_by_label(label, exact=True)


def slide(watched, label, value):
    control(watched, label).evaluate(
        "(e, x) => { e.value = x; e.dispatchEvent(new Event('input')); }", value
    )


def read(watched):
    """Return the largest distance, the mean distance and the slopes of the sum."""
    texts = watched.page.locator(".bend-reads output").all_inner_texts()
    numbers = [[float(part) for part in text.replace("−", "-").split(",")] for text in texts]
    return numbers[0][0], numbers[1][0], numbers[2]


def settle(watched):
    watched.page.evaluate(TWO_FRAMES)


def grip(watched, key, unit):
    """Return where the middle of a handle is on the screen."""
    settle(watched)
    handle = watched.page.locator(f'[data-grip="{key}{unit - 1}"] .bend-room')
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_read_outs_agree_with_python(page):
    figure = BendTheLine()
    assert np.abs(np.array(read(page)[:2]) - figure.distances()).max() < 1e-6
    for target, activation, bends, slopes, bias in [
        ("sine", "relu", [-2.35, 2.5, 0.1], [1.25, -5, 0.55], -0.35),
        ("sine", "identity", [-2.35, 2.5, 0.1], [1.25, -3, 0.55], 3),
        ("abs", "relu", [-3, 0, 0], [-0.95, 2, 0.05], 2.95),
        ("ramp", "relu", [-0.25, 0.3, 1], [3.95, -4, 0], 0),
    ]:
        page.page.get_by_label("target", exact=True).select_option(target)
        page.page.get_by_label("units", exact=True).select_option(activation)
        for i in range(3):
            slide(page, f"bend of unit {i + 1}", bends[i])
            slide(page, f"slope of unit {i + 1}", slopes[i])
        slide(page, "output bias", bias)
        figure = BendTheLine(
            target=target, activation=activation, bends=bends, slopes=slopes, bias=bias
        )
        largest, mean, of_sum = read(page)
        assert np.abs(np.array([largest, mean]) - figure.distances()).max() < 1e-6, target
        order = np.argsort(bends, kind="stable")
        running = [0, *np.cumsum(np.array(slopes)[order])]
        assert of_sum == pytest.approx(running if activation == "relu" else running[-1:], abs=1e-9)


def test_the_button_sets_the_best_fit(page):
    for activation, target in product(["relu", "identity"], TARGETS):
        page.page.get_by_role("button", name="reset").click()
        page.page.get_by_label("target", exact=True).select_option(target)
        page.page.get_by_label("units", exact=True).select_option(activation)
        before = read(page)
        page.page.get_by_role("button", name="best fit").click()
        figure = BendTheLine(target=target, activation=activation)
        figure.fit()
        shown = read(page)
        assert np.abs(np.array(shown[:2]) - figure.distances()).max() < 1e-6, (target, activation)
        assert shown != before
        if activation == "relu" and target in FOUND:
            assert shown[:2] == (0, 0)


def test_a_reset_goes_back_to_the_start(page):
    before = read(page)
    page.page.get_by_label("target", exact=True).select_option("sine")
    page.page.get_by_role("button", name="best fit").click()
    assert read(page) != before
    page.page.get_by_role("button", name="reset").click()
    assert read(page) == before
    assert page.page.get_by_label("target", exact=True).input_value() == "tent"


def test_handles_follow_the_mouse_while_held(page):
    x, y = grip(page, "bends", 2)
    per_x = grip(page, "bends", 3)[0] - x  # 1.5
    page.page.mouse.move(x + 5, y + 3)  # a little off its middle: nothing jumps
    page.page.mouse.down()
    assert control(page, "bend of unit 2").input_value() == "0"
    page.page.mouse.move(x + 5 - per_x, y + 40)
    page.page.mouse.up()
    assert float(control(page, "bend of unit 2").input_value()) == -1.5
    page.page.mouse.move(x, y)
    assert float(control(page, "bend of unit 2").input_value()) == -1.5
    x, y = grip(page, "slopes", 3)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 30, y - 50)
    page.page.mouse.move(x + 30, y + 4000)
    page.page.mouse.up()
    assert float(control(page, "slope of unit 3").input_value()) == -5
    assert float(control(page, "bend of unit 3").input_value()) == 1.5


def test_a_press_beside_the_handles_moves_nothing(page):
    before = read(page)
    x, y = grip(page, "bends", 1)
    page.page.mouse.move(x - 60, y - 60)
    page.page.mouse.down()
    page.page.mouse.move(x, y)
    page.page.mouse.up()
    assert read(page) == before


def test_handles_follow_a_finger_and_the_page_stays(page):
    x, y = grip(page, "slopes", 1)
    finger = page.page.context.new_cdp_session(page.page)
    scrolled = page.page.evaluate("scrollY")
    points = [(x, y - step) for step in (0, 20, 40, 60)]
    for i, (px, py) in enumerate(points):
        kind = "touchMove" if i else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py}]})
        settle(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert float(control(page, "slope of unit 1").input_value()) > 2
    assert page.page.evaluate("scrollY") == scrolled
    assert grip(page, "slopes", 1)[1] == pytest.approx(y - 60, abs=2)


def test_keys_move_a_bend_by_a_step_and_the_drawing_says_so(page):
    for _ in range(2):
        control(page, "bend of unit 1").press("ArrowRight")
    assert float(control(page, "bend of unit 1").input_value()) == pytest.approx(-1.4)
    control(page, "slope of unit 2").press("Home")
    assert read(page)[2] == [0, 1, -4, -3]
    settle(page)
    drawing = page.page.locator("svg.living-drawing[role=img]")
    assert "slopes 0, 1.00, −4.00, −3.00" in drawing.get_attribute("aria-label")
    heard = page.page.get_by_role("status").filter(has_text="slopes 0, 1.00, −4.00, −3.00")
    heard.wait_for(state="attached")


def test_without_a_bend_the_sum_is_straight_whatever_the_sliders_do(page):
    page.page.get_by_label("units", exact=True).select_option("identity")
    for bend, slope in [(-2, 1), (0.5, -0.5)]:
        slide(page, "bend of unit 1", bend)
        slide(page, "slope of unit 3", slope)
        settle(page)
        assert len(read(page)[2]) == 1
        points = page.page.locator("svg svg .bend-sum").get_attribute("d")
        x, y = np.array([p.split() for p in points[1:].split("L")], float).T
        assert np.abs(y - np.interp(x, x[[0, -1]], y[[0, -1]])).max() < 0.02  # px


def test_the_sum_is_drawn_where_python_says(page):
    settle(page)
    points = page.page.locator("svg svg .bend-sum").get_attribute("d")
    x, y = np.array([p.split() for p in points[1:].split("L")], float).T
    figure = BendTheLine()
    places = np.array([-3, -1.5, 0, 1.5, 3])
    total = figure.pieces(places).sum(axis=0)
    assert np.ptp(np.diff(x)) < 0.03
    per_one = (y[0] - y[2]) / (total[2] - total[0])
    assert np.abs((y[0] - y) / per_one - total).max() < 1e-3
