"""What every living figure shares: its state, its still picture, its output in a notebook."""

import base64
import hashlib
import html
import json
import os
from collections import Counter
from typing import ClassVar

import anywidget
import matplotlib.pyplot as plt
from traitlets import Unicode

from ... import plotting

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_made = Counter()


def steady_id(name, text):
    """Return a model's id that is the same in every run; a repeated text gets another."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    _made[name, digest] += 1
    return f"{name}-{digest}-{_made[name, digest]}"


def in_vs_code():
    """Tell whether the kernel was started by VS Code, which like Colab shows models by views."""
    return "VSCODE_PID" in os.environ


def course_style():
    """Return a context that draws figures in the course's style, whatever the caller's is."""
    return plt.style.context(["default", "actlib.course"])


def picture(figure, alt):
    """Return a matplotlib figure as a self-contained HTML image, and close it.

    A figure marked by `plotting.png_only` becomes a PNG, any other an SVG.
    """
    if figure.get_rasterized():
        kind, data = "png", plotting.as_png(figure)
    else:
        kind, data = "svg+xml", plotting.as_svg(figure).encode()
    # Left open, the notebook would show it a second time.
    plt.close(figure)
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    return image(data, alt, width, height, kind)


def image(data, alt, width, height, kind="svg+xml"):
    """Return the bytes of a picture as a self-contained HTML image; width and height in px."""
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return f'<img src="{source}" alt="{html.escape(alt)}" width="{width}" height="{height}">'


class LivingFigure(anywidget.AnyWidget):
    """A figure that moves on a static page and is linked to Python in JupyterLab.

    A subclass states its `name`, `_esm` and `_css`, its traits tagged `sync=True` (JSON
    values, small because they travel in the page), and three methods: `still()` returns a
    matplotlib figure drawn with `actlib.plotting`, `alt()` describes it in a sentence, and
    `below()` gives the height in rem of the controls below the drawing, on a wide and on a
    narrow page (600 px), so that nothing moves when the figure comes to life on the page.
    The drawing has the shape of the still figure, and is at least `least` px high.

    When displayed, it stores HTML with the still picture and the state, the same each time the
    notebook is run. In JupyterLab and Notebook the figure's model finds that text by its id
    and comes to life in it (`lab.js`). No widget view is stored: reopened without a kernel, it
    would show an error in the picture's place. Colab and VS Code find a model by a view alone,
    and get one.

    `fetched` has what the figure needs only if a reader asks for it: {name: function that returns
    a JSON value}. A built page has a script for each, under that name.
    """

    name = ""
    fetched: ClassVar = {}
    _place = Unicode().tag(sync=True)
    least = 0

    @classmethod
    def example(cls):
        """Return a typical instance, for the tests of all figures and the benchmarks."""
        return cls()

    def still(self):
        """Return the matplotlib figure that is shown instead where no script runs."""
        raise NotImplementedError

    def alt(self):
        """Return a sentence on what the still figure shows."""
        raise NotImplementedError

    def below(self):
        """Return the height of what is below the drawing, in rem: (wide, narrow)."""
        raise NotImplementedError

    def state(self):
        """Return the dict of JSON values that the figure on a page starts from."""
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {key: getattr(self, key) for key in sorted(own) if not key.startswith("_")}

    def open(self):
        """Announce the figure to the front end, under an id that is the same in every run."""
        if self._model_id is None:
            self._model_id = steady_id(self.name, self._state_text())
        self._place = self._model_id
        super().open()

    def __repr__(self):
        return f"{type(self).__name__}: {self.alt()}"

    def _repr_mimebundle_(self, **_):
        bundle = {"text/plain": repr(self), "text/html": self.as_html()}
        # In Colab, and nowhere else, anywidget names the script that displays such a widget.
        view, metadata = super()._repr_mimebundle_()
        if not (metadata or in_vs_code()):
            return bundle
        return bundle | {WIDGET_VIEW: view[WIDGET_VIEW]}, metadata

    def as_html(self):
        """Return the figure for a page: its still form, and the state for the script."""
        wide, narrow = self.below()
        sizes = f"--least:{self.least}px;--below-wide:{wide}rem;--below-narrow:{narrow}rem"
        # The still form needs no style or script: a sanitiser may drop the rest.
        return (
            f'<div class="living-figure" data-figure="{self.name}" '
            f'data-model="{self.model_id}" style="{sizes}">\n'
            f'<div class="living-still">{self.still_html()}</div>\n'
            f'<script type="application/json">{self._state_text()}</script>\n</div>'
        )

    def still_html(self):
        """Return the HTML that is shown where no script runs: the still figure as a picture."""
        with course_style():
            return picture(self.still(), self.alt())

    def _state_text(self):
        text = json.dumps(self.state(), separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c")  # nothing in a state may end the script element
