"""Show a living figure on a page that is not a notebook: the directive `living-figure`.

Its argument names a cell of chapters/figures.ipynb by its id. What the cell shows is stored and
checked there as in every notebook, so that building the pages draws nothing. With `:wide:` the
figure may be wider than the text.

    ```{living-figure} playground
    :wide:
    ```
"""

import json
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

NOTEBOOK = "chapters/figures.ipynb"


class LivingFigure(SphinxDirective):
    required_arguments = 1
    option_spec: ClassVar = {"wide": directives.flag}

    def run(self):
        path = Path(self.env.srcdir) / NOTEBOOK
        self.env.note_dependency(NOTEBOOK)
        html = shown(json.loads(path.read_text("utf-8"))).get(self.arguments[0])
        if html is None:
            raise self.error(
                f"{NOTEBOOK} has no cell {self.arguments[0]!r} that shows a figure: "
                "give one this id, and run make notebooks."
            )
        if "wide" in self.options:
            html = f'<div class="wide-figure">\n{html}\n</div>'
        return [nodes.raw("", html, format="html")]


def shown(notebook):
    """Return {id: HTML} of the cells of a notebook that show some.

    >>> output = {"data": {"text/html": ["<b>", "1</b>"]}}
    >>> shown({"cells": [{"id": "one", "outputs": [output]}, {"id": "none", "outputs": []}]})
    {'one': '<b>1</b>'}
    """
    return {
        cell["id"]: "".join(output["data"]["text/html"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    }


def setup(app):
    app.add_directive("living-figure", LivingFigure)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
