"""Keep a number and its percent sign on one line: 97.8 % is one word."""

import re

from docutils import nodes

PERCENT = re.compile(r"(?<=\d) (?=%)")
AS_TYPED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)


def keep_percent(app, doctree, docname):
    for text in doctree.findall(nodes.Text):
        if PERCENT.search(text) and not isinstance(text.parent, AS_TYPED):
            text.parent.replace(text, nodes.Text(PERCENT.sub("\N{NO-BREAK SPACE}", text)))


def setup(app):
    app.connect("doctree-resolved", keep_percent)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
