"""Colour code with as few elements as its colours need, and mark the verdicts of checks.

Pygments wraps every token in an element, though more than half, the names, brackets and spaces,
have the colour of plain text: thousands of elements that a phone must style and lay out.
"""

import re
from functools import cache

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput
from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Generic, Text


def lean_formatter(*styles):
    """Return an HTML formatter that wraps only tokens that one of the named styles sets apart.

    Neighbours that look the same in every style share an element.

    >>> from pygments import highlight
    >>> from pygments.lexers import PythonLexer
    >>> formatter = lean_formatter("a11y-high-contrast-light", "a11y-high-contrast-dark")
    >>> highlight('y = f(r"2")', PythonLexer(), formatter(nowrap=True)).strip()
    'y <span class="s">=</span> f(<span class="s">r"2"</span>)'
    """
    styles = [get_style_by_name(style) for style in styles]
    looks = {}

    @cache
    def stand_in(kind):
        """Return the first kind of token, in order of name, that looks like this one."""
        if kind in Generic:  # the copy button recognises what it leaves out by this kind
            return kind
        look = str([style.style_for_token(kind) for style in styles])
        return looks.setdefault(look, kind)

    for kind in [Text, *sorted(STANDARD_TYPES)]:
        stand_in(kind)

    class LeanFormatter(HtmlFormatter):
        def format(self, tokensource, outfile):
            super().format(((stand_in(kind), text) for kind, text in tokensource), outfile)

    return LeanFormatter


def set_formatter(app):
    if app.builder.format == "html":
        options = app.builder.theme.get_options() | app.config.html_theme_options
        names = (options[f"pygments_{scheme}_style"] for scheme in ("light", "dark"))
        app.builder.highlighter.formatter = once_per_options(lean_formatter(*names))


def once_per_options(make):
    """Return what makes a formatter, once for the same options: each prepares all its styles.

    >>> made = once_per_options(lean_formatter("default"))
    >>> made(nowrap=True) is made(nowrap=True), made(nowrap=True) is made(nowrap=False)
    (True, False)
    """
    made = {}

    def formatter(**options):
        key = repr(sorted(options.items()))  # lines to mark are a list, which no cache takes
        if key not in made:
            made[key] = make(**options)
        return made[key]

    return formatter


def name_verdicts(app, doctree, docname):
    """Give what a check says, which begins with ✓, ✗ or ○, a class, so that it may wrap."""
    for block in doctree.findall(nodes.literal_block):
        if "output" in block["classes"] and block.astext().startswith(("✓", "✗", "○")):
            block["classes"].append("verdict")


def visit_fold(translator, node):
    """Open a fold that is called what it says, Show the solution, for those who use their voice."""
    start = len(translator.body)
    visit_HideCellInput(translator, node)
    written = "".join(translator.body[start:])
    translator.body[start:] = [re.sub(r'<summary aria-label="[^"]*">', "<summary>", written)]


def setup(app):
    app.add_node(HideCodeCellNode, override=True, html=(visit_fold, depart_HideCellInput))
    app.connect("builder-inited", set_formatter)
    app.connect("doctree-resolved", name_verdicts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
