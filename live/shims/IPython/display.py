"""Show values from the middle of a cell."""

import sys


def display(*values, **_):
    sys.modules["__main__"].display(*values)


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
