"""ipywidgets controls that drive the reader's own function."""

import ipywidgets
import numpy as np
import pytest

from actlib import plotting
from actlib.widgets import Controls
from actlib.widgets.kit.figure import WIDGET_VIEW

ALT = "A straight line that rises from 0 to one half of its width."


def line(slope):
    z = np.linspace(0, 1, 5)
    return plotting.curves(z, {"line": slope * z})


@pytest.fixture
def slider():
    return ipywidgets.FloatSlider(0.5, min=-1, max=1, description="slope")


def test_vs_code_gets_a_widget_view_too(slider, monkeypatch):
    monkeypatch.setenv("VSCODE_PID", "1")
    shown = Controls(line, {"slope": slider}, alt=ALT)
    bundle, _ = shown._repr_mimebundle_()
    assert bundle[WIDGET_VIEW]["model_id"] == shown.model_id


def test_a_moved_control_draws_a_new_picture(slider):
    shown = Controls(line, {"slope": slider}, alt=ALT)
    before = shown._picture.value
    slider.value = -0.5
    assert shown._picture.value != before
    slider.value = 0.5
    assert shown._picture.value == before


def test_two_linked_controls_draw_both(slider):
    calls = []

    def draw(slope, twin):
        calls.append((slope, twin))
        return line(slope + twin)

    twin = ipywidgets.FloatText(0.5)
    shown = Controls(draw, {"slope": slider, "twin": twin}, alt=ALT)
    link = ipywidgets.link((slider, "value"), (twin, "value"))
    slider.value = 0.25
    link.unlink()
    assert calls[-1] == (0.25, 0.25) and shown._picture.value


def test_an_error_of_the_readers_function_is_a_sentence_and_the_picture_stays(slider):
    def draw(slope):
        if slope < 0:
            raise ValueError("slope must be positive, got <-1>")
        return line(slope)

    shown = Controls(draw, {"slope": slider}, alt=ALT)
    before = shown._picture.value
    slider.value = -0.5
    said = "Your function raised ValueError: slope must be positive, got &lt;-1&gt;"
    assert shown._message.value == said and shown._picture.value == before
    slider.value = 0.25
    assert shown._message.value == ""


def test_a_function_that_draws_nothing_is_told_so(slider):
    with pytest.raises(TypeError, match="draw must return the Axes it drew on, got None"):
        Controls(lambda slope: None, {"slope": slider}, alt=ALT)


def test_the_page_shows_a_still_figure_and_how_to_run_it(slider):
    shown = Controls(line, {"slope": slider}, alt=ALT)
    bundle = shown._repr_mimebundle_()
    assert f'alt="{ALT}"' in bundle["text/html"] and "Run this notebook" in bundle["text/html"]
    again = Controls(line, {"slope": slider}, alt=ALT)
    text = bundle["text/html"].replace(shown.model_id, again.model_id)
    assert text == again._repr_mimebundle_()["text/html"]
    # A view would show an error where no kernel runs.
    assert {**bundle, "text/html": ""} == {"text/plain": f"Controls: {ALT}", "text/html": ""}
