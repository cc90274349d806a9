"""Show a living figure on a page that is no notebook: the directive `living-activations`.

Its argument names activations of the registry; the figure is made when the book is built.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from actlib.widgets import ActivationExplorer


class LivingActivations(SphinxDirective):
    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        bundle = ActivationExplorer(self.arguments[0].split())._repr_mimebundle_()
        return [nodes.raw("", bundle["text/html"], format="html")]


def setup(app):
    app.add_directive("living-activations", LivingActivations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
