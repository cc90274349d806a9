"""Living figures: interactive on a static page, and linked to Python in JupyterLab.

A figure is a class in `<name>.py` and an ES module `<name>.js`, with `<name>.css` where it
needs styles of its own. The class derives from `LivingFigure`, computes with the rest of
actlib, and holds what the page needs in traits tagged `sync=True`; the module exports
`{ render }`, draws from these traits, and tells them what the reader does. The same module
runs in JupyterLab through anywidget and on a page through `page.js`; `drawing.js` is what
the modules share. Displayed in a notebook, a figure also stores its still picture, which
shows where no script runs.

Formulas stay in Python: a curve travels as samples (`samples.sample`), anything else as
numbers. A new figure is listed here and in tests/figures.py, where the
tests of what every figure promises find it; what its reader does is tested in a file of its own.
"""

from .activation_explorer import ActivationExplorer
from .bend_the_line import BendTheLine
from .controls import Controls
from .depth_flow import DepthFlow
from .figure import LivingFigure
from .playground import Playground
from .quiz import Quiz
from .softmax_explorer import SoftmaxExplorer
from .value_and_slope import ValueAndSlope

__all__ = [
    "ActivationExplorer",
    "BendTheLine",
    "Controls",
    "DepthFlow",
    "LivingFigure",
    "Playground",
    "Quiz",
    "SoftmaxExplorer",
    "ValueAndSlope",
]
