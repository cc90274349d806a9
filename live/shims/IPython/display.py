"""Show values from the middle of a cell."""

import sys


def display(*values, **options):
    # Not by the name `display`: a cell that imports this function gives it that name.
    sys.modules["__main__"].__kernel__.display(*values, **options)


class _Data:
    kind = "text/plain"

    def __init__(self, data):
        self.data = data

    def _repr_mimebundle_(self, **_):
        return {self.kind: self.data}


class HTML(_Data):
    kind = "text/html"


class Markdown(_Data):
    kind = "text/markdown"


class SVG(_Data):
    kind = "image/svg+xml"


class Latex(_Data):
    kind = "text/latex"
