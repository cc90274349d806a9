"""A typical example of every living figure: what the tests and the benchmarks open."""

from actlib import widgets

EXAMPLES = {
    figure.name: figure.example
    for figure in vars(widgets).values()
    if isinstance(figure, type) and issubclass(figure, widgets.LivingFigure) and figure.name
}
