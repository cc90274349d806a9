"""A typical example of every living figure: what the tests and the benchmarks open."""

from functools import cache

from actlib import widgets

EXAMPLES = {
    figure.name: figure.example
    for figure in vars(widgets).values()
    if isinstance(figure, type) and issubclass(figure, widgets.LivingFigure) and figure.name
}


@cache
def stored(name):
    """Return an example, and what a notebook stores of it; drawn once for all who only look."""
    shown = EXAMPLES[name]()
    return shown, shown._repr_mimebundle_()
