"""Ordinary ipywidgets controls that drive a figure of the reader's own."""

import html
from pathlib import Path

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
from traitlets import Unicode

from ... import plotting
from ..kit.assets import stage_module
from ..kit.figure import WIDGET_VIEW, course_style, in_vs_code, picture, steady_id

HOW_TO_RUN = "Run this notebook in Jupyter to use the controls of this figure."


class Stage(anywidget.AnyWidget):
    """Shows another model, by its id, in the HTML that names it as its place."""

    _esm = stage_module(Path(__file__).with_name("stage.js"))
    _css = ".living-controls[data-live] > .living-still { display: none; }"
    shown = Unicode().tag(sync=True)
    _place = Unicode().tag(sync=True)


class Controls(ipywidgets.VBox):
    """Controls of a figure that a Python function redraws whenever one of them moves.

    `draw`: a function that takes the controls' values as keywords and returns the Axes it
    drew on. `controls`: name -> ipywidgets control with a `value`, in the order in which
    they are shown. `alt`: a sentence on what the figure shows at the start. In a live
    notebook the controls are above the figure, and an error that `draw` raises is shown as a
    sentence below it. Where no kernel runs, a still figure is shown, with a line on how to run it.
    Raises TypeError where `draw` returns no Axes.

    >>> from actlib import plotting
    >>> slider = ipywidgets.FloatSlider(0.5, min=0, max=1, description="alpha")
    >>> line = lambda alpha: plotting.curves([0, 1], {"line": [0, alpha]})
    >>> shown = Controls(line, {"alpha": slider}, alt="A line that rises to 0.5.")
    >>> slider.value = 1.0
    >>> shown
    Controls: A line that rises to 0.5.
    """

    def __init__(self, draw, controls, *, alt):
        self.draw, self.controls, self.alt = draw, controls, alt
        self._stage = None
        with course_style():
            self._still = picture(self._figure(), alt)
        self._picture = ipywidgets.Image(format="png", width=576)
        self._message = ipywidgets.HTML()
        super().__init__([*controls.values(), self._picture, self._message])
        for control in controls.values():
            control.observe(self._redraw, names="value")
        self._redraw()

    def open(self):
        """Announce the controls to the front end, under an id that is the same in every run."""
        if self._model_id is None:
            self._model_id = steady_id("controls", self.alt)
        super().open()
        if self._stage is None:
            self._stage = Stage(shown=self._model_id, _place=self._model_id)

    def _figure(self):
        with course_style():
            ax = self.draw(**{name: control.value for name, control in self.controls.items()})
        if not isinstance(ax, plt.Axes):
            raise TypeError(f"draw must return the Axes it drew on, got {ax!r}")
        return ax.figure

    def _redraw(self, _=None):
        # A control's callback has no cell in which an error could be shown.
        try:
            figure = self._figure()
        except Exception as error:
            said = html.escape(f"{type(error).__name__}: {error}")
            self._message.value = f"Your function raised {said}"
            return
        with course_style():
            self._picture.value, self._message.value = plotting.as_png(figure), ""
        plt.close(figure)

    def __repr__(self):
        return f"Controls: {self.alt}"

    def _repr_mimebundle_(self, **_):
        still = f'<div class="living-still">{self._still}\n<p>{HOW_TO_RUN}</p></div>'
        place = f'<div class="living-controls" data-model="{self.model_id}">{still}</div>'
        bundle = {"text/plain": repr(self), "text/html": place}
        # As in a living figure: Colab and VS Code alone show a model by a view.
        view, metadata = self._stage._repr_mimebundle_()
        if not (metadata or in_vs_code()):
            return bundle
        shown = {**view[WIDGET_VIEW], "model_id": self.model_id}
        return bundle | {WIDGET_VIEW: shown}, metadata
