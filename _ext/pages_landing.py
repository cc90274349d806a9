"""Show a living figure on a page that is not a notebook: the directive `living-figure`.

Its argument names a class of `actlib.widgets`. Its content, in YAML, is the arguments with which
the figure is made when the book is built; with `:wide:` it may be wider than the text.

    ```{living-figure} ActivationExplorer
    names: [relu, gelu]
    ```
"""

from typing import ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective


class LivingFigure(SphinxDirective):
    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"wide": directives.flag}

    def run(self):
        from actlib import widgets  # heavy: only where a figure is drawn

        named = yaml.safe_load("\n".join(self.content)) or {}
        figure = getattr(widgets, self.arguments[0])(**named)
        html = figure.as_html()
        if "wide" in self.options:
            html = f'<div class="wide-figure">\n{html}\n</div>'
        return [nodes.raw("", html, format="html")]


def setup(app):
    app.add_directive("living-figure", LivingFigure)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
