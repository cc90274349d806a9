"""Living figures: interactive on a static page, and linked to Python in JupyterLab.

A figure is a folder: a class in `figure.py`, an ES module `figure.js`, `figure.css` if it needs
styles of its own, and whatever else only this figure needs; what the figures share is in `kit`.
The class derives from `LivingFigure`, computes with the rest of actlib, and keeps what the page
needs in traits tagged `sync=True`. The module exports `{ render }`, draws from these traits, and
writes back to them what the reader does. The same module runs in JupyterLab through anywidget and
on a page through the kit's loader. Displayed in a notebook, a figure also stores its still
picture, which is shown where no script runs.

Formulas stay in Python: a curve travels as samples (`kit.samples`), anything else as numbers. A
new figure is a folder, a line in the list below, and a file in `tests/figures/` for what its
reader does; what every figure promises is tested for all that are listed here.
"""

from .activation_explorer import ActivationExplorer
from .bend_the_line import BendTheLine
from .controls import Controls
from .depth_flow import DepthFlow
from .kit.figure import LivingFigure
from .playground import Playground
from .quiz import Quiz
from .softmax_explorer import SoftmaxExplorer
from .two_libraries import TwoLibraries
from .value_and_slope import ValueAndSlope
