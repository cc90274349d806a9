"""The playground: settings, presets and runs in Python; runs, address and keys in the page."""

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from browser import TWO_FRAMES
from figures import EXAMPLES
from static_host import POLICY, serving
from traitlets import TraitError

from actlib.activations import ACTIVATIONS
from actlib.networks.training import OPTIMIZERS
from actlib.widgets import Playground
from actlib.widgets.playground import digits, plane
from actlib.widgets.playground.figure import RANGES, STOPS, settings_of
from actlib.widgets.playground.presets import DEFAULTS, PLACES, PRESETS


@cache
def ended(preset, **settings):
    """Return the history of a preset's run in Python, other settings given by keyword."""
    return Playground(preset, **settings).train(PRESETS[preset]["epochs"])[1]


# What the presets say


def test_without_a_bend_half_of_the_points_are_right():
    history = ended("no_bend")
    assert history.train_accuracy[-1] < 0.6
    assert ended("no_bend", activation="relu").train_accuracy[-1] > 0.95


def test_three_bends_close_and_two_stay_open():
    assert ended("three_bends").train_accuracy[-1] > 0.95
    assert ended("three_bends", width=2).train_accuracy[-1] < 0.9


def test_two_units_are_stuck_with_three_corners_and_three_units_are_not():
    history = ended("two_for_xor")
    assert history.train_accuracy[-1] == pytest.approx(0.75, abs=0.03)
    assert history.gradient_norm[-1].max() < 0.01
    assert ended("two_for_xor", width=3).train_accuracy[-1] > 0.98


def test_the_gradient_of_ten_sigmoid_layers_vanishes():
    history = ended("deep_sigmoid")
    assert history.loss[-1] == pytest.approx(np.log(2), abs=0.02)
    assert history.gradient_norm[-1][0] < 1e-7 * history.gradient_norm[-1][9]
    assert not history.dead[-1].any() and not history.saturated[-1].any()


def test_a_better_start_and_adam_rescue_them():
    history = ended("rescued_sigmoid")
    assert history.train_accuracy[-1] > 0.95 and history.test_accuracy[-1] > 0.95


def test_a_large_learning_rate_kills_a_layer_of_relus():
    history = ended("dying_relu")
    assert history.dead[-1][-1] == 1 and history.dead[0][-1] < 1
    assert not history.gradient_norm[-1].any()
    network, _ = Playground("dying_relu").train(20)
    assert len({*network.predict(np.random.default_rng(0).normal(size=(100, 2)))}) == 1
    assert ended("dying_relu", lr=0.1).train_accuracy[-1] > 0.95


def test_ten_gelu_layers_learn():
    history = ended("deep_gelu")
    assert history.train_accuracy[-1] > 0.95
    assert 0.1 < history.gradient_norm[-1][0] / history.gradient_norm[-1][9] < 10


def test_tanh_is_slow_from_one_seed_and_not_from_another():
    assert ended("slow_tanh").train_accuracy[-1] == pytest.approx(0.75, abs=0.04)
    assert ended("slow_tanh", seed=4).train_accuracy[-1] > 0.95
    assert ended("slow_tanh", activation="gelu").train_accuracy[-1] > 0.95


def test_waves_fit_and_go_on_waving():
    network, history = Playground("waves").train(PRESETS["waves"]["epochs"])
    assert history.train_accuracy[-1] > 0.95
    far = np.column_stack([np.linspace(3, 9, 200), np.linspace(3, 9, 200)])
    assert np.count_nonzero(np.diff(network.predict(far))) >= 2


def test_steps_that_are_too_large_kill_on_digits_and_small_ones_do_not():
    history = ended("deaths_on_digits")
    assert history.dead[-1][0] > 0.5 and history.dead[0][0] == 0
    assert history.train_accuracy[-1] < 0.3 and history.test_accuracy[-1] < 0.3
    assert not ended("deaths_on_digits", lr=0.1).dead.any()


def test_sigmoids_with_default_weights_guess_on_digits_and_tanh_reads():
    assert ended("flat_on_digits").test_accuracy[-1] == pytest.approx(0.1, abs=0.02)
    assert ended("flat_on_digits", activation="tanh").test_accuracy[-1] > 0.9


def test_ten_sigmoid_layers_leave_the_first_a_millionth_of_the_gradient():
    history = ended("ten_on_digits")
    assert (history.gradient_norm[:, 0] < 1e-6 * history.gradient_norm[:, 9]).all()
    assert history.train_accuracy[-1] == pytest.approx(0.1, abs=0.02)
    norms = ended("ten_on_digits", activation="tanh").gradient_norm
    assert 0.1 < norms[-1][0] / norms[-1][9] < 10
    assert norms[0][0] / norms[0][9] > 0.1


def test_an_unbounded_activation_at_a_rate_of_ten_runs_out_of_numbers():
    assert ended("explosion").diverged_at < 20


def test_every_preset_asks_and_has_a_test_here():
    source = Path(__file__).read_text("utf-8")
    for name, preset in PRESETS.items():
        assert re.search(rf'"{name}"', source), name
        assert preset["ask"].endswith("?") and len(preset["ask"]) < 170
        assert len(preset["shows"]) < 200 and set(preset["settings"]) <= set(DEFAULTS)
        assert bool(preset["shows"]) == bool(preset["look"]) == (name != "explosion")
        assert {*preset["look"]} <= {*PLACES} and preset["vary"] in DEFAULTS
        assert Playground(name)._preset() == name, "two presets with the same settings"


# In Python


def test_all_elementwise_activations_and_shapes_are_offered():
    figure = Playground()
    assert [*figure.functions] == [n for n, e in ACTIVATIONS.items() if e.kind == "elementwise"]
    assert len(figure.points) == 6 and [*figure.presets] == [*PRESETS]
    assert len(figure._state_text()) < 32_000, "the images are fetched, not carried"


def test_python_brings_the_images_when_the_page_wants_them():
    figure = Playground()
    assert figure.brought == {}
    figure.wanted = "digits"
    assert figure.brought == digits.packed()


def test_a_chapters_figure_carries_what_it_needs():
    figure = Playground("no_bend", activations=["relu"], datasets=[])
    assert [*figure.functions] == ["relu", "identity"] and [*figure.points] == ["circles"]
    assert [*figure.presets] == ["no_bend", "three_bends", "dying_relu"]
    assert len(figure._state_text()) < 8_000


def test_the_last_activation_serves_all_further_layers():
    figure = Playground(activation=["tanh", "relu"], depth=4)
    assert figure.layers() == ["tanh", "relu", "relu", "relu"]
    figure.activation = "gelu"
    assert figure.activation == ["gelu"] and figure.layers() == ["gelu"] * 4


def test_stops_lie_in_the_ranges_and_include_the_defaults():
    for key, stops in STOPS.items():
        low, high = RANGES[key]
        assert low <= min(stops) and max(stops) <= high and stops == sorted(stops)
        for preset in [None, *PRESETS]:
            value = settings_of(preset)[key]
            assert value is None or value in stops, (preset, key)


def test_a_link_holds_all_settings_by_name():
    figure = Playground(activation=["tanh", "relu"], gain=2.0, lr=0.1)
    query = parse_qs(urlsplit(figure.link()).query)
    assert query.pop("activation") == ["tanh,relu"]
    for key, (text,) in query.items():
        assert str(getattr(figure, key)) == text
    assert {*query, "activation"} == {*DEFAULTS}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"preset": "best"}, "preset must be one of.*'best'"),
        ({"activation": "softmax"}, "'softmax' is not an elementwise"),
        ({"activation": []}, "activation must be a name or a list"),
        ({"activations": ["rulu"]}, "'rulu' is not an elementwise"),
        ({"data": "letters"}, "data must be one of.*'letters'"),
        ({"depth": 11}, r"depth must lie in \[1, 10\], got 11"),
        ({"lr": float("nan")}, "lr must lie in .*nan"),
        ({"momentum": 1.0}, r"momentum must lie in \[0, 0.99\], got 1.0"),
        ({"init": "orthogonal"}, "init must be one of.*'orthogonal'"),
        ({"optimizer": "lion"}, "optimizer must be one of.*'lion'"),
        ({"rate": 1}, r"no setting \['rate'\]"),
    ],
)
def test_what_cannot_be_set_is_named(wrong, said):
    with pytest.raises((ValueError, TraitError), match=said):
        Playground(**wrong)


def test_the_alt_text_says_how_the_run_ended():
    alt = Playground("deep_sigmoid").alt()
    assert "10 hidden layers of 8 units (Sigmoid) on circles, trained for 100 epochs" in alt
    assert "overflowed" in Playground("explosion").alt()


# In the page


@pytest.fixture
def opened(figure_pages, open_page):
    """Open the example with a query: opened("?lr=0.1", **options) -> Watched."""

    def opened(query="", **options):
        page = open_page((figure_pages / "playground.html").as_uri() + query, **options)
        assert figure(page).get_attribute("data-live") == ""
        settled(page)
        return page

    return opened


def figure(page):
    return page.page.locator(".living-figure").first


def settled(page):
    """Wait until the worker has answered and the answer is drawn."""
    figure(page).locator(".play:not([aria-busy])").wait_for()


def control(page, label):
    return figure(page).get_by_label(label, exact=True)


def press(page, name):
    figure(page).get_by_role("button", name=name, exact=True).click()
    settled(page)


def steps(page):
    return int(re.match(r"step (\d+)", figure(page).locator(".play-count output").inner_text())[1])


def losses(page):
    """Return what the table shows: training and test loss."""
    cells = figure(page).locator(".play-loss td:nth-of-type(1)").all_inner_texts()
    return [text for text in cells if text]


def choose(page, **settings):
    figure(page).locator(".play-settings").evaluate("(details) => (details.open = true)")
    for label, value in settings.items():
        control(page, label.replace("_", " ")).select_option(value)
    settled(page)


def note(page):
    settled(page)
    return figure(page).locator(".play-head .play-note").inner_text()


def answer(page):
    settled(page)
    return figure(page).locator(".play-answer").inner_text()


def finished(page):
    """Wait for the run to pause by itself."""
    figure(page).get_by_role("button", name="Run", exact=True).wait_for()
    settled(page)


def test_nothing_plays_by_itself(opened):
    page = opened("?preset=no_bend")
    page.page.wait_for_timeout(300)
    assert steps(page) == 0 and note(page).startswith("Predict. Four hidden layers")


def test_a_run_pauses_where_python_says_it_ends(opened):
    page = opened("?preset=three_bends")
    control(page, "speed").select_option("100")
    press(page, "Run")
    finished(page)
    assert steps(page) == 1000 and answer(page).startswith("After 50 epochs. It is")
    history = ended("three_bends")
    assert float(losses(page)[0]) == pytest.approx(history.loss[-1], abs=2e-3)
    figure(page).locator(".play-numbers summary").click()
    rows = figure(page).locator(".play-numbers tbody tr")
    rows.nth(1).wait_for()
    shown = rows.all_inner_texts()
    assert len(shown) == 2 and shown[0].startswith("1 ReLU") and shown[1].startswith("output")
    heard = figure(page).get_by_role("status")
    heard.filter(has_text="After 1000 steps: training loss 0.0").wait_for(state="attached")
    press(page, "Run")
    page.page.wait_for_function(
        "document.querySelector('.play-count output').textContent > 'step 1000 z'"
    )
    press(page, "Pause")
    assert steps(page) > 1000


def test_every_preset_ends_in_the_page_as_in_python(opened):
    page = opened()
    control(page, "speed").select_option("100")
    for name, preset in PRESETS.items():
        control(page, "experiment").select_option(name)
        press(page, "Run")
        finished(page)
        shown = figure(page).locator(".play-loss td:nth-of-type(2)").all_inner_texts()[0]
        # After thousands of steps, two runs differ by rounding, but not in their outcome.
        exact = ended(name).train_accuracy[-1]
        if name != "explosion":
            assert float(shown.removesuffix("%")) / 100 == pytest.approx(exact, abs=0.05), name
            assert answer(page).startswith(f"After {preset['epochs']} epochs. {preset['shows']}")
            # The question is still there.
            assert note(page) == f"Predict. {preset['ask']}"


def test_what_the_answer_speaks_of_is_marked_and_a_press_away(opened):
    page = opened("?preset=dying_relu", viewport={"width": 390, "height": 844})
    assert figure(page).locator(".play-marked, .play-mark").count() == 0
    control(page, "speed").select_option("100")
    press(page, "Run")
    finished(page)
    assert figure(page).locator(".play-mark").count() == 2
    assert figure(page).locator(".play-marked").evaluate("(e) => e.tagName") == "CANVAS"
    press(page, "the gradients")
    box = figure(page).locator(".play-layers .play-mark").first.bounding_box()
    assert 0 < box["y"] < 844 - box["height"]
    assert page.page.evaluate("document.activeElement.className") == "play-layers"
    press(page, "Reset")
    assert figure(page).locator(".play-marked, .play-mark").count() == 0


def test_the_setting_to_change_next_is_beside_run_and_keeps_the_experiment(opened):
    page = opened("?preset=no_bend")
    twin = control(page, "then try: activation")
    twin.select_option("relu")
    page.page.wait_for_function("location.search.includes('activation=relu')")
    assert control(page, "activation").input_value() == "relu"
    assert note(page) == (
        "Predict. Four linear layers on circles, but activation ReLU: what will change?"
    )
    control(page, "speed").select_option("100")
    press(page, "Run")
    finished(page)
    right = ended("no_bend", activation="relu").train_accuracy[-1]
    shown = re.fullmatch(
        r"After 50 epochs. (\d+) % of the training points are right.", answer(page)
    )
    assert int(shown[1]) == pytest.approx(100 * right, abs=1)
    control(page, "experiment").select_option("dying_relu")
    control(page, "then try: learning rate").wait_for()


def test_a_plane_without_a_boundary_says_why(opened):
    page = opened("?preset=dying_relu")
    alone = figure(page).locator(".play-alone")
    assert not alone.is_visible()
    control(page, "speed").select_option("100")
    press(page, "Run")
    finished(page)
    network, _ = Playground("dying_relu").train(20)
    everywhere = ["circle", "square"][network.predict(np.zeros((1, 2)))[0]]
    assert alone.inner_text() == (
        f"No boundary in view: the answer is {everywhere} everywhere. All units of layer 3 are "
        "dead, so the output no longer depends on the point."
    )


def test_drawings_are_labelled_on_a_phone_too(opened):
    page = opened("?preset=deep_sigmoid", viewport={"width": 390, "height": 844})
    layers = figure(page).locator(".play-layers svg")
    for label in ("layer", "z, −8 to 8", "dead", "saturated", "gradient", "10", "out"):
        assert layers.get_by_text(label, exact=True).first.is_visible(), label
    assert figure(page).locator(".play-loss svg").get_by_text("loss", exact=True).is_visible()


def test_steps_and_a_reset_lead_to_the_same_numbers(opened):
    page = opened()
    start = losses(page)
    for _ in range(3):
        press(page, "Step")
    assert steps(page) == 3
    third = losses(page)
    press(page, "Reset")
    assert steps(page) == 0 and losses(page) == start
    for _ in range(3):
        press(page, "Step")
    assert losses(page) == third != start
    press(page, "New seed")
    page.page.wait_for_function("!location.search.includes('seed=1&')")
    assert steps(page) == 0 and losses(page) != start


def test_the_first_losses_are_pythons(opened):
    for preset in ("deep_gelu", "two_for_xor", "waves"):
        page = opened(f"?preset={preset}")
        history = Playground(preset).train(0)[1]
        assert float(losses(page)[0]) == pytest.approx(history.loss[0], abs=6e-5)


def test_the_address_leads_back_to_the_settings(opened):
    page = opened()
    choose(page, data="three_spirals", activation="gelu", hidden_layers="3", learning_rate="0.1")
    choose(page, initial_weights="xavier", gain="2", optimiser="adam", units_per_layer="4")
    page.page.wait_for_function("location.search.includes('width=4')")
    query = urlsplit(page.page.url).query
    given = Playground(
        data="three_spirals", activation="gelu", depth=3, lr=0.1, init="xavier", gain=2.0,
        optimizer="adam", width=4,
    )  # fmt: skip
    assert {key: value[0] for key, value in parse_qs(query).items()} == {
        key: re.sub(r"\.0$", "", value[0]) for key, value in parse_qs(given.link()[16:]).items()
    }
    shown = losses(page)
    again = opened(f"?{query}")
    assert losses(again) == shown
    assert control(again, "activation").input_value() == "gelu"
    assert control(again, "gain").input_value() == "2"


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("?lr=abc", ["lr=abc"]),
        ("?depth=99&width=2.5&seed=-1", ["depth=99", "width=2.5", "seed=-1"]),
        ("?activation=relu,rulu&lr=0.1", ["activation=relu,rulu"]),
        ("?data=toString&__proto__=1&momentum=", ["data=toString", "__proto__=1", "momentum="]),
        ("?preset=none&init=<img src=x>", ["preset=none", "init=<img src=x>"]),
        ("?data=digits&noise=2", ["noise=2"]),
    ],
)
def test_what_makes_no_sense_in_the_address_is_left_out_and_named(opened, query, left_out):
    page = opened(query)
    assert note(page) == f"Not understood in the address, and ignored: {', '.join(left_out)}."
    figure(page).locator(".play-settings").evaluate("(details) => (details.open = true)")
    assert control(page, "hidden layers").input_value() == "2"
    assert control(page, "learning rate").input_value() == ("0.1" if "0.1" in query else "0.03")
    press(page, "Step")
    assert steps(page) == 1 and page.complaints == []


def test_a_run_into_nan_stops_and_says_why(opened):
    page = opened("?preset=explosion")
    press(page, "Run")
    finished(page)
    step = ended("explosion").diverged_at + 1
    said = rf"Stopped. At step {step} .* NaN. Try a smaller learning rate."
    assert re.match(said, answer(page)) and note(page).startswith("Predict. Five layers")
    at = steps(page)
    press(page, "Step")
    assert steps(page) == at
    heard = figure(page).get_by_role("status")
    heard.filter(has_text=f"At step {step}").wait_for(state="attached")
    choose(page, learning_rate="0.03")
    press(page, "Reset")
    press(page, "Step")
    assert steps(page) == 1 and answer(page) == ""


def test_each_layer_may_have_an_activation_of_its_own(opened):
    page = opened()
    choose(page, activation="")
    control(page, "layer 2").select_option("tanh")
    page.page.wait_for_function("location.search.includes('activation=relu,tanh')")
    for title in ("1 ReLU", "2 Tanh"):
        figure(page).locator(".play-layers svg").get_by_text(title, exact=True).wait_for()
    exact = Playground(activation=["relu", "tanh"]).train(0)[1].loss[0]
    assert float(losses(page)[0]) == pytest.approx(exact, abs=6e-5)
    choose(page, activation="gelu")
    assert figure(page).locator(".play-each select").count() == 0


def test_the_learning_rate_changes_in_the_middle_of_a_run(opened):
    page = opened()
    for _ in range(3):
        press(page, "Step")
    choose(page, learning_rate="0.3")
    assert steps(page) == 3
    choose(page, data="circles")
    assert steps(page) == 0


def test_keys_run_and_pause_and_choose(opened):
    page = opened(reduced_motion="reduce")
    figure(page).get_by_role("button", name="Run", exact=True).focus()
    page.page.keyboard.press("Enter")
    page.page.wait_for_function(
        "document.querySelector('.play-count output').textContent > 'step 1'"
    )
    page.page.keyboard.press("Space")
    finished(page)
    at = steps(page)
    page.page.wait_for_timeout(200)
    assert steps(page) == at > 0
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    settled(page)
    assert steps(page) == at + 1
    experiment = control(page, "experiment")
    experiment.focus()
    experiment.press("ArrowDown")
    settled(page)
    assert note(page).startswith("Predict. Four hidden layers of 8")


def test_a_link_can_be_copied(opened):
    page = opened()
    choose(page, hidden_layers="4")
    page.page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => {"
        " window.copied = text; }}})"
    )
    press(page, "Copy link")
    page.page.wait_for_function("window.copied")
    assert page.page.evaluate("copied === location.href && copied.includes('depth=4')")
    assert note(page) == "Copied a link to these settings."


def test_the_plane_is_sharp_and_shows_the_classes(opened):
    page = opened("?preset=three_bends", device_scale_factor=2)
    canvas = figure(page).locator("canvas").first
    width, shown = canvas.evaluate("(e) => [e.width, e.clientWidth]")
    assert width == 2 * shown
    control(page, "speed").select_option("100")
    press(page, "Run")
    finished(page)
    inside, outside = canvas.evaluate(
        """(e) => [[0.5, 0.5], [0.03, 0.03]].map(([x, y]) =>
             [...e.getContext("2d").getImageData(x * e.width, y * e.height, 1, 1).data])"""
    )
    # Orange for the circle inside, blue around it.
    assert inside[0] > inside[2] + 40 and outside[2] > outside[0] + 40


def test_day_and_night_repaint_the_plane(opened):
    page = opened(color_scheme="light")
    canvas = figure(page).locator("canvas").first
    corner = '(e) => e.getContext("2d").getImageData(2, 2, 1, 1).data[0]'
    day = canvas.evaluate(corner)
    page.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.page.wait_for_timeout(100)
    assert canvas.evaluate(corner) < day - 60


def test_in_a_chapter_a_link_leads_to_the_page_of_its_own(figure_pages, open_page):
    page = open_page(figure_pages / "playground.html")
    embedded = Playground("no_bend", activations=["relu"], datasets=[])
    page.page.evaluate(
        """(state) => {
          const place = document.querySelector(".living-figure").cloneNode(true);
          place.querySelector(".living-live").remove();
          delete place.dataset.live;
          place.querySelector("script").textContent = state;
          document.querySelector(".living-figure").replaceWith(place);
        }""",
        json.dumps(embedded.state()),
    )
    page.page.add_script_tag(path=figure_pages / "_static" / "living" / "playground.js")
    address = figure(page).get_by_role("link").get_attribute("href")
    assert urlsplit(address).path.endswith("/playground.html")
    assert urlsplit(address).query == urlsplit(embedded.link()).query
    choose(page, activation="relu")
    assert "activation=relu" in figure(page).get_by_role("link").get_attribute("href")
    assert urlsplit(page.page.url).query == "", "a chapter's address stays the chapter's"


# On digits


def test_digits_are_fetched_when_they_are_chosen(opened, figure_pages, open_page):
    page = opened()
    assert page.page.evaluate("document.querySelectorAll('script[src*=digits]').length") == 0
    choose(page, data="digits")
    exact = Playground(data="digits").train(0)[1].loss[0]
    assert float(losses(page)[0]) == pytest.approx(exact, abs=6e-5)
    with serving(figure_pages) as (address, host):
        host.policy = POLICY
        page = open_page(f"{address}/playground.html")
        settled(page)
        assert not any("digits" in name for name, _ in host.asked)
        choose(page, data="digits")
        assert float(losses(page)[0]) == pytest.approx(exact, abs=6e-5)
        assert sum("digits" in name for name, _ in host.asked) == 1
        host.refuses = "digits"
        page = open_page(f"{address}/playground.html?data=digits")
        settled(page)
        assert note(page).startswith("The digits could not be fetched.")
        press(page, "Step")
        press(page, "Reset")
        assert note(page).startswith("The digits could not be fetched.")
        host.refuses = None
        press(page, "Reset")
        assert float(losses(page)[0]) == pytest.approx(exact, abs=6e-5)
        choose(page, data="moons")
        press(page, "Step")
        assert steps(page) == 1
        choose(page, data="digits")
        assert float(losses(page)[0]) == pytest.approx(exact, abs=6e-5) and steps(page) == 0


def test_drawings_show_the_last_run_where_the_next_one_has_no_images(figure_pages, open_page):
    with serving(figure_pages) as (address, host):
        host.refuses = "digits"
        page = open_page(f"{address}/playground.html")
        settled(page)
        figure(page).locator(".play-numbers summary").click()
        control(page, "experiment").select_option("ten_on_digits")
        assert note(page).startswith("The digits could not be fetched.")
        page.page.set_viewport_size({"width": 600, "height": 800})
        page.page.evaluate(TWO_FRAMES)
        rows = figure(page).locator(".play-numbers tbody tr")
        curves = figure(page).locator(".play-layers .play-curve")
        assert curves.count() == 2 and rows.nth(1).inner_text().startswith("2 ReLU")
        # With as many sigmoid layers as the run that had no images.
        choose(page, data="circles")
        assert curves.count() == 10 and rows.nth(9).inner_text().startswith("10 Sigmoid")
        assert not [said for said in page.complaints if "ERR_" not in said and "404" not in said]


def test_captions_of_the_images_fit_a_narrow_phone(opened):
    page = opened("?data=digits")
    page.page.evaluate(
        """() => {
          const paint = CanvasRenderingContext2D.prototype;
          const write = paint.fillText;
          window.wide = [];
          paint.fillText = function (text, x, y, most = Infinity) {
            const width = Math.min(most, this.measureText(text).width);
            const end = x + (this.textAlign === "left" ? width : width / 2);
            window.wide.push(end / this.canvas.width);
            write.call(this, text, x, y, most);
          };
        }"""
    )
    page.page.set_viewport_size({"width": 320, "height": 800})
    page.page.wait_for_function("window.wide.length > 3")
    assert page.page.evaluate("Math.max(...window.wide)") <= 1


def test_menus_are_whole_on_a_narrow_phone(opened):
    page = opened(viewport={"width": 320, "height": 800})
    assert note(page)
    cut = page.page.evaluate(
        """() => {
          document.querySelector(".play-settings").open = true;
          // After a long run; the figure stays as high as the page has reserved.
          document.querySelector(".play-count output").textContent = "step 123456 · epoch 12345";
          const menus = [...document.querySelectorAll(".play select")];
          const have = menus.map((menu) => menu.offsetWidth);
          menus.forEach((menu) => menu.style.cssText += "; position: absolute; width: max-content");
          const names = menus.map((menu) => menu.labels[0]?.textContent ?? menu.ariaLabel);
          return menus.map((menu, i) => [names[i], have[i], menu.offsetWidth])
            .filter(([, width, wanted]) => width < wanted);
        }"""
    )
    assert cut == []


@pytest.mark.parametrize("before", ["", "?data=digits"])
def test_a_reset_before_a_change_is_answered_loses_nothing(opened, before):
    marks = "() => document.querySelectorAll('.play-plane canvas')[1].toDataURL()"
    expected = opened("?preset=three_bends").page.evaluate(marks)
    page = opened(before)
    assert page.page.evaluate(marks) != expected
    page.page.evaluate(
        """async () => {
          const chooser = document.querySelector(".play-head select");
          chooser.value = "three_bends";
          chooser.dispatchEvent(new Event("change"));
          await new Promise(queueMicrotask);
          [...document.querySelectorAll("button")].find((b) => b.textContent === "Reset").click();
        }"""
    )
    assert note(page).startswith("Predict. One hidden layer of three ReLUs")
    is_same = page.page.evaluate(marks) == expected
    assert is_same and page.complaints == []


def test_what_is_got_wrong_is_shown_and_the_layers_statistics(opened):
    page = opened("?preset=deaths_on_digits")
    press(page, "Run")
    finished(page)
    network, history = Playground("deaths_on_digits").train(10)
    *_, x_test, y_test = digits.noisy(0.0, 0)
    wrong = np.count_nonzero(network.predict(x_test) != y_test)
    label = figure(page).locator("canvas").first.get_attribute("aria-label")
    assert label.startswith(f"{wrong} test images that are got wrong")
    figure(page).locator(".play-numbers summary").click()
    rows = figure(page).locator(".play-numbers tbody tr")
    rows.nth(2).wait_for()
    first = rows.first.inner_text()
    mean, std = history.activation_mean[-1][0], history.activation_std[-1][0]
    assert f"{100 * history.dead[-1][0]:.0f} %" in first and f"{mean:.3f} ± {std:.3f}" in first


# Where it trains


def three_steps(page):
    """Return the losses after three steps, and how many workers the page has."""
    settled(page)
    for _ in range(3):
        press(page, "Step")
    return losses(page), len(page.page.workers)


@pytest.fixture(scope="module")
def after_three_steps():
    """The training loss of the default settings after three steps, by Python."""
    figure = Playground()
    rng = np.random.default_rng(figure.seed)
    network = figure.network()
    for weights in network.weights:
        rng.standard_normal(weights.shape)
    x, y, *_ = plane.noisy(figure.data, figure.noise, figure.seed)
    # Three batches of an epoch are an epoch of their points, in their order.
    order = rng.permutation(len(x))[: 3 * figure.batch_size]
    update = OPTIMIZERS["sgd"]([*network.weights, *network.biases], figure.lr, figure.momentum)
    for batch in np.split(order, 3):
        gradients = network.gradients(x[batch], y[batch])
        update([*gradients.weights, *gradients.biases])
    return network.loss(x, y)


@pytest.mark.parametrize(
    ("policy", "workers"),
    [
        (None, 1),  # opened from disk
        (POLICY, 1),
        (POLICY.replace("worker-src 'self'", "worker-src blob:"), 1),
        (POLICY.replace("worker-src 'self'", "worker-src 'none'"), 0),
        (POLICY.replace(" 'wasm-unsafe-eval'", ""), 1),
    ],
    ids=["disk", "file", "blob", "none", "script"],
)
def test_it_trains_in_a_worker_where_one_starts_and_the_same_elsewhere(
    policy, workers, figure_pages, open_page, after_three_steps
):
    if policy is None:
        found = three_steps(open_page(figure_pages / "playground.html"))
    else:
        with serving(figure_pages) as (address, host):
            host.policy = policy
            found = three_steps(open_page(f"{address}/playground.html"))
    assert float(found[0][0]) == pytest.approx(after_three_steps, abs=6e-5)
    assert found[1] == workers


def test_the_example_holds_what_the_presets_need():
    assert {*EXAMPLES["playground"]().presets} == {*PRESETS}


@pytest.mark.parametrize("width", [320, 390])
def test_what_stands_over_and_under_ten_layers_is_apart(opened, width):
    # At such a rate every unit is dead after some steps: numbers of three digits.
    page = opened(
        "?data=digits&depth=10&activation=relu&lr=10", viewport={"width": width, "height": 800}
    )
    for _ in range(8):
        press(page, "Step")
    rows = page.page.evaluate(
        """() => {
          const drawing = document.querySelector(".play-layers .living-drawing");
          const rows = {};
          for (const text of drawing.querySelectorAll("text:not(:empty)")) {
            const { left, right } = text.getBoundingClientRect();
            (rows[text.getAttribute("y")] ??= []).push([text.textContent, left, right]);
          }
          const { right } = drawing.getBoundingClientRect();
          const long = Object.values(rows).filter((row) => row.length > 10);
          return long.map((row) => [...row, ["", right]]);
        }"""
    )
    assert len(rows) == 3 and {text for row in rows for text, *_ in row} >= {"100", "10", "out"}
    for *row, (_, end) in rows:
        gaps = [after[1] - before[2] for before, after in pairwise(row)]
        assert min(gaps) >= 1.5 and row[-1][2] <= end, row
