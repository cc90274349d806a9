"""What every living figure shares: its state, its still picture, its output in a notebook."""

import base64
import hashlib
import html
import json
from collections import Counter

import anywidget
import matplotlib.pyplot as plt
from traitlets import Unicode

from ... import plotting

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
_made = Counter()


def steady_id(name, text):
    """Return a model's id that is the same in every run; the second of a text gets another."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    _made[name, digest] += 1
    return f"{name}-{digest}-{_made[name, digest]}"


def course_style():
    """Return a context in which figures are drawn as the course draws them, wherever it runs."""
    return plt.style.context(["default", "actlib.course"])


def picture(figure, alt):
    """Return a matplotlib figure as an HTML image that needs no other file, and close it.

    One that `plotting.png_only` marked becomes a PNG, any other an SVG.
    """
    if figure.get_rasterized():
        kind, data = "png", plotting.as_png(figure)
    else:
        kind, data = "svg+xml", plotting.as_svg(figure).encode()
    # Closed, or the notebook would show it once more by itself.
    plt.close(figure)
    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    return image(data, alt, width, height, kind)


def image(data, alt, width, height, kind="svg+xml"):
    """Return the bytes of a picture as an HTML image that needs no other file, of a size in px."""
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return f'<img src="{source}" alt="{html.escape(alt)}" width="{width}" height="{height}">'


class LivingFigure(anywidget.AnyWidget):
    """A figure that moves on a static page and is linked to Python in JupyterLab.

    A subclass states its `name`, `_esm` and `_css`, its traits tagged `sync=True` (JSON
    values, small: they travel in the page), and three methods: `still()` returns a
    matplotlib figure drawn with `actlib.plotting`, `alt()` describes it in a sentence, and
    `below()` gives the height in rem of the controls under the drawing, on a wide and on a
    narrow page (600 px), so that nothing moves when the page brings the figure to life.
    The drawing has the shape of the still figure, and is at least `least` px high.

    Displayed, it stores an HTML text with the still picture and the state, the same each time
    the notebook is run. In JupyterLab and Notebook the figure's model finds that text by its id
    and comes to life in it (`lab.js`). No widget view is stored: reopened without a kernel, it
    would show an error in the picture's place. Colab finds a model by a view alone, and gets one.
    """

    name = ""
    _place = Unicode().tag(sync=True)
    least = 0

    @classmethod
    def example(cls):
        """Return a typical one, which the tests of every figure and the benchmarks open."""
        return cls()

    def still(self):
        """Return the matplotlib figure that stands for this one where nothing can move."""
        raise NotImplementedError

    def alt(self):
        """Return a sentence on what the still figure shows."""
        raise NotImplementedError

    def below(self):
        """Return the height of what stands under the drawing, in rem: (wide, narrow)."""
        raise NotImplementedError

    def state(self):
        """Return the dict of JSON values that the page's figure starts from."""
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {key: getattr(self, key) for key in sorted(own) if not key.startswith("_")}

    def open(self):
        """Announce the figure to the front end, under an id that re-runs repeat."""
        if self._model_id is None:
            self._model_id = steady_id(self.name, self._state_text())
        self._place = self._model_id
        super().open()

    def __repr__(self):
        return f"{type(self).__name__}: {self.alt()}"

    def _repr_mimebundle_(self, **_):
        bundle = {"text/plain": repr(self), "text/html": self.as_html()}
        # In Colab, and nowhere else, anywidget says which script shows a widget such as this.
        view, metadata = super()._repr_mimebundle_()
        return (bundle | {WIDGET_VIEW: view[WIDGET_VIEW]}, metadata) if metadata else bundle

    def as_html(self):
        """Return the figure for a page: what stands still, and the state for the script."""
        wide, narrow = self.below()
        sizes = f"--least:{self.least}px;--below-wide:{wide}rem;--below-narrow:{narrow}rem"
        # What stands still needs no style and no script: a sanitiser may drop the rest.
        return (
            f'<div class="living-figure" data-figure="{self.name}" '
            f'data-model="{self.model_id}" style="{sizes}">\n'
            f'<div class="living-still">{self.still_html()}</div>\n'
            f'<script type="application/json">{self._state_text()}</script>\n</div>'
        )

    def still_html(self):
        """Return the HTML of what shows where no script runs: the still figure as a picture."""
        with course_style():
            return picture(self.still(), self.alt())

    def _state_text(self):
        text = json.dumps(self.state(), separators=(",", ":"), allow_nan=False)
        return text.replace("<", "\\u003c")  # nothing in a state may end the script element
