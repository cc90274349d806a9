"""DepthFlow: what is recorded, what it says, and what a reader moves on a page."""

import math
import re

import numpy as np
import pytest
from traitlets import TraitError

from actlib import datasets, networks
from actlib.widgets import DepthFlow
from actlib.widgets.depth_flow.figure import GAINS, INITS, SEEDS, _write


def measured(name, init, gain, seed, depth):
    """Return log sizes of activations and gradients of one real network of this depth."""
    data = datasets.digits(np.random.default_rng(0))
    x, y = data.x_train[:32], data.y_train[:32]
    start = np.random.default_rng(seed)
    gain = gain * networks.INITS[init]
    net = networks.MLP((64, *[64] * depth, 10), name, init, start, gain=gain)

    def log(arrays):
        return np.log10([np.sqrt(np.mean(each**2)) for each in arrays])

    backward = log(net.gradients(x, y).z[:-1])
    return log(net.trace(x).a[:-1]), backward - backward[-1]


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("name", ["sigmoid", "gelu"])
def test_what_travels_is_what_the_networks_did(name, init):
    flow = DepthFlow(["sigmoid", "gelu"], activation=name, init=init, gain=2.0)
    runs = [measured(name, init, 2.0, seed, 30) for seed in range(SEEDS)]
    for carried, exact in zip(flow.logs(), zip(*runs, strict=True), strict=True):
        exact = np.array(exact)
        # He's weights to the outputs differ from Xavier's, which are recorded.
        near = 0.01 if init == "he" else 0.0011
        assert np.abs(carried.mean(axis=0) - exact.mean(axis=0)).max() <= near
        assert np.abs(carried - exact).max() < 0.04  # 0.015 of rounding, and He as above


@pytest.mark.parametrize(("name", "init"), [("sigmoid", "xavier"), ("tanh", "pytorch")])
def test_a_cut_network_is_like_a_real_one_of_that_depth(name, init):
    flow = DepthFlow([name], init=init, depth=10)
    runs = [measured(name, init, 1.0, seed, 10) for seed in range(SEEDS)]
    for cut, real in zip(flow.logs(), zip(*runs, strict=True), strict=True):
        # Within a fifth, however little is left: the gradient falls by up to eight factors of ten.
        assert np.abs(cut.mean(axis=0) - np.mean(real, axis=0)).max() < 0.08


def test_factors_lead_from_one_end_to_the_other():
    flow = DepthFlow(["sigmoid"])
    forward, backward = flow.logs()
    there, back = flow.factors()
    assert back**29 == pytest.approx(10 ** backward.mean(axis=0)[0])
    assert there**29 == pytest.approx(10 ** (forward.mean(axis=0)[-1] - forward.mean(axis=0)[0]))
    assert round(back, 2) == 0.24 and backward.mean(axis=0)[0] == pytest.approx(-18.2, abs=0.1)


def test_a_single_layer_has_no_factor():
    assert np.isnan(DepthFlow(["tanh"], depth=1).factors()).all()


def test_he_is_xavier_with_root_two():
    he, xavier = DepthFlow(["relu"], init="he"), DepthFlow(["relu"], gain=1.41)
    assert np.array_equal(he.logs(), xavier.logs())
    assert he.factors()[1] == pytest.approx(1, abs=0.03)


def test_the_gains_are_steps_of_root_two():
    assert [round(2 ** (k / 2 - 1), 2) for k in range(len(GAINS))] == GAINS


def test_the_default_state_is_under_20_kb():
    assert len(DepthFlow()._state_text()) < 20_000


def test_the_alt_text_says_the_message_with_numbers():
    alt = DepthFlow().alt()
    assert "30 layers" in alt and re.search(r"Sigmoid \d\.\de-19 and 0\.5", alt)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: DepthFlow([]), "at least one"),
        (lambda: DepthFlow(["softmax"]), "'softmax' is not an elementwise"),
        (lambda: DepthFlow(["tanh"], activation="relu"), "activation must be one of.*'relu'"),
        (lambda: DepthFlow(["tanh"], init="lecun"), "init must be one of.*'lecun'"),
        (lambda: DepthFlow(["tanh"], gain=3.0), r"gain must be one of.*got 3\.0"),
        (lambda: DepthFlow(["tanh"], depth=31), "31"),
        (lambda: _write("step", np.full((2, 3), -math.inf)), "hundredfold"),
    ],
)
def test_what_cannot_be_shown_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said), np.errstate(invalid="ignore"):
        wrong()


# In the page


def figure(page):
    return page.page.locator(".living-figure").first


@pytest.fixture
def page(figure_pages, open_page):
    return open_page(figure_pages / "depth_flow.html", has_touch=True)


def read_outs(page):
    """Return the four cells: factor and far end, of the activations and of the gradient."""
    return [cell.inner_text() for cell in figure(page).locator(".flow-table td").all()]


def move(page, label, value):
    figure(page).get_by_label(label, exact=True).evaluate(
        "(e, x) => { e.value = x; e.dispatchEvent(new Event('input')); }", value
    )


def written(text):
    """Return the number at the start of a read-out, and half a unit of its last digit."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    number = re.match(r"(?:×\s)?([\d.]+)(?:\s×\s10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    power = 10.0 ** int((number[2] or "0").translate(raised))
    decimals = len(number[1].partition(".")[2])
    return float(number[1]) * power, 0.501 * 10.0**-decimals * power


def test_read_outs_agree_with_python(page):
    flow = DepthFlow()
    for name, init, gain, depth in [
        ("sigmoid", "xavier", 1.0, 30),
        ("sigmoid", "pytorch", 0.5, 30),
        ("tanh", "xavier", 4.0, 10),
        ("relu", "he", 4.0, 17),
        ("gelu", "he", 0.71, 2),
    ]:
        flow.activation, flow.init, flow.gain, flow.depth = name, init, gain, depth
        figure(page).locator(f"input[value={name}]").check()
        figure(page).get_by_label("initial weights").select_option(init)
        move(page, "gain", GAINS.index(gain))
        move(page, "hidden layers", depth)
        forward, backward = (size.mean(axis=0) for size in flow.logs())
        there, back = flow.factors()
        exact = [there, 10 ** forward[-1], back, 10 ** backward[0]]
        for text, number in zip(read_outs(page), exact, strict=True):
            shown, half = written(text)
            # A trailing 0 of a short number is not written: a tenth of what it says is enough.
            assert abs(shown - number) <= max(half, 1e-9) and abs(shown / number - 1) < 0.1


def test_depth_follows_mouse_finger_and_keys(page):
    drawing = figure(page).locator("svg.living-drawing")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()

    def place(layer):
        return box["x"] + 54 + (layer - 0.5) * (box["width"] - 66) / 30, box["y"] + 60

    page.page.mouse.move(*place(25))
    page.page.mouse.down()
    page.page.mouse.move(*place(12))
    page.page.mouse.up()
    assert read_outs(page)[1].endswith("in layer 12")
    page.page.touchscreen.tap(*place(20))
    assert read_outs(page)[1].endswith("in layer 20")
    figure(page).get_by_label("hidden layers").focus()
    page.page.keyboard.press("ArrowRight")
    assert read_outs(page)[1].endswith("in layer 21")
    figure(page).locator("input[value=sigmoid]").focus()
    page.page.keyboard.press("ArrowRight")
    assert figure(page).locator("input[value=tanh]").is_checked()
    heard = figure(page).get_by_role("status")
    heard.filter(has_text="Tanh, Xavier, gain 1: gradient × 0.9").wait_for(state="attached")
    assert "Tanh, Xavier" in drawing.get_attribute("aria-label")


def test_the_limit_of_float32_is_said_and_drawn_when_near(page):
    assert figure(page).locator(".flow-limit").count() == 0
    note = figure(page).locator(".flow-note").first
    assert "after 72 layers" in note.inner_text()
    assert math.ceil(math.log(1.4e-45) / math.log(DepthFlow().factors()[1])) == 72
    figure(page).get_by_label("initial weights").select_option("pytorch")
    move(page, "gain", 0)
    figure(page).locator(".flow-limit").first.wait_for(state="attached")
    assert figure(page).locator(".flow-limit").count() == 2
    move(page, "hidden layers", 1)
    assert "nothing is passed on" in note.inner_text()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_two_labels_overlap(figure_pages, open_page, width):
    page = open_page(figure_pages / "depth_flow.html", viewport={"width": width, "height": 900})
    for init, gain, depth in [("xavier", 2, 30), ("pytorch", 0, 30), ("he", 6, 30), ("he", 2, 1)]:
        figure(page).get_by_label("initial weights").select_option(init)
        move(page, "gain", gain)
        move(page, "hidden layers", depth)
        page.page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)))"
        )
        boxes = figure(page).evaluate(
            """(figure) => {
              const range = document.createRange();
              const all = [...figure.querySelectorAll("svg.living-drawing text, .flow-table td")];
              return all.filter((e) => e.textContent).map((e) => {
                range.selectNodeContents(e);
                const { left, right, top, bottom } = range.getBoundingClientRect();
                return [e.textContent, left, right, top + 2, bottom - 2];
              });
            }"""
        )
        for i, (one, left, right, top, bottom) in enumerate(boxes):
            for other, west, east, north, south in boxes[i + 1 :]:
                apart = right <= west or east <= left or bottom <= north or south <= top
                assert apart, (one, other)
