"""Formulas as the pages set them, by the same KaTeX."""

import importlib.util
import re
from functools import cache
from pathlib import Path

EXTENSION = Path(__file__).parents[1] / "_ext" / "pages_math.py"


@cache
def _pages_math():
    spec = importlib.util.spec_from_file_location("pages_math", EXTENSION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def html(latex, display=False):
    """Return a formula as HTML for KaTeX's style sheet. Raises ValueError for what KaTeX rejects.

    >>> html("x^")
    Traceback (most recent call last):
        ...
    ValueError: KaTeX parse error: Expected group after '^' at position 2: x^̲
    """
    found, error = _pages_math().set_formula(latex, display)
    if error:
        raise ValueError(error)
    return found


def mathml(latex):
    """Return a formula as MathML, with the LaTeX in it as an annotation.

    >>> "application/x-tex" in mathml("x^2")
    True
    """
    html(latex)  # for its error
    (answer,) = _pages_math().answers([(latex, False)])
    return re.search(r"<math.*?</math>", answer["html"], re.S)[0]
