"""Typeset formulas when the book is built: KaTeX's HTML to see, MathML for screen readers.

A page then needs a style sheet and fonts, but no script. A formula that KaTeX rejects causes a
warning, and so fails the build.
"""

import atexit
import json
import re
from functools import cache
from html import escape
from pathlib import Path

from docutils import nodes
from py_mini_racer import DEFAULT_V8_FLAGS, MiniRacer, init_mini_racer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)

# KaTeX repeats the LaTeX inside its MathML, where nobody sees or hears it.
SOURCE = re.compile(r"</?semantics>|<annotation .*?</annotation>", re.S)
# KaTeX writes it for a single column. It is not a length: Firefox reports an error for each.
NO_SPACING = ' columnspacing=""'
PUNCTUATION = re.compile(r"[,.;:!?)\]’”]+")
# KaTeX's boxes, between which a formula may break; they do not contain each other.
BASE = '<span class="katex-base">'
KATEX = Path(__file__).parent / "katex" / "katex.min.js"
SET = {}  # what has been set: (latex, display): (HTML, error)


@cache
def engine():
    # For a second of work, V8 need not keep compiled code: a quarter less memory.
    init_mini_racer(flags=[*DEFAULT_V8_FLAGS, "--lite-mode"], ignore_duplicate_init=True)
    racer = MiniRacer()
    # Left to the end of the interpreter, closing it can wait for ever for a thread that is gone.
    atexit.register(racer.close)
    racer.eval(KATEX.read_text("utf-8"))
    # An error is returned as a value: an exception would include a JavaScript stack.
    racer.eval("""function set([latex, display]) {
        try { return {html: katex.renderToString(latex, {displayMode: display, strict: "error"})} }
        catch (error) { return {error: error.message} }
    }""")
    return racer


def answers(pairs):
    """Return what KaTeX makes of each pair (latex, display): {"html": …} or {"error": …}."""
    return json.loads(engine().eval(f"JSON.stringify({json.dumps([*pairs])}.map(set))"))


def set_formulas(pairs):
    """Turn several pairs (latex, display) into HTML at once: a call costs more than a formula."""
    missing = [*dict.fromkeys(each for each in pairs if each not in SET)]
    if not missing:
        return
    for each, answer in zip(missing, answers(missing), strict=True):
        html = SOURCE.sub("", answer.get("html", "")).replace(NO_SPACING, "")
        SET[each] = html, answer.get("error", "")


def set_formula(latex, display):
    """Turn LaTeX into HTML; return it and an error message, one of which is empty.

    >>> html, error = set_formula("x^2", False)
    >>> "<math" in html, error
    (True, '')
    >>> set_formula("x^", False)
    ('', "KaTeX parse error: Expected group after '^' at position 2: x^̲")
    >>> 'columnspacing=""' in set_formula(r"\\begin{matrix} 1 \\\\ 2 \\end{matrix}", True)[0]
    False
    """
    set_formulas([(latex, display)])
    return SET[latex, display]


def formula(node):
    latex, display = wanted(node)
    html, error = set_formula(latex, display)
    if error:
        logger.warning("%s", error, location=node, type="pages", subtype="math")
        return f"<code>{escape(latex)}</code>"
    return html


def set_page(app, doctree, docname):
    set_formulas(wanted(node) for node in doctree.findall(is_formula))


def is_formula(node):
    return isinstance(node, nodes.math | nodes.math_block)


def wanted(node):
    """Return the LaTeX of a formula, and whether it is displayed."""
    if isinstance(node, nodes.math):
        return node.astext(), False
    latex = node.astext().strip()
    # Several lines without an environment of their own are aligned at &, as in Sphinx.
    split = r"\\" in latex and not node["nowrap"]
    return rf"\begin{{split}}{latex}\end{{split}}" if split else latex, True


def keep_punctuation(app, doctree, docname):
    """Move a comma or bracket after a formula into its box, so that no line begins with one."""
    for node in doctree.findall(nodes.math):
        text = node.next_node(descend=False, siblings=True)
        if isinstance(text, nodes.Text) and (mark := PUNCTUATION.match(text)):
            node["mark"] = mark[0]
            text.parent.replace(text, nodes.Text(text[mark.end() :]))


def in_name(node):
    """Return whether a heading, a link or a table's header cell is called by the text around it."""
    while node := node.parent:
        if isinstance(node, (nodes.thead, nodes.title, nodes.reference)):
            return True
    return False


def spoken(latex):
    """Return LaTeX as words and symbols.

    >>> spoken(r"x_1 + \\sigma(z)")
    'x 1 + sigma(z)'
    """
    return " ".join(re.sub(r"[\\{}_^]", " ", latex).split())


def with_mark(html, mark):
    """Put a mark after a formula, into one box with the last part of it if there are several.

    >>> html, _ = set_formula("z = 2x + 1", False)
    >>> with_mark(html, ",").partition('<span class="kept-together">')[2].count("katex-base")
    1
    >>> with_mark(html, "") == html
    True
    """
    parts = html.split(BASE)
    if not mark or len(parts) < 4:
        return html + mark
    together = f'<span class="katex"><span class="katex-html last" aria-hidden="true">{BASE}'
    return (
        f"{BASE.join(parts[:-1])}</span></span>"
        f'<span class="kept-together">{together}{parts[-1]}{mark}</span>'
    )


def visit_inline(translator, node):
    html = formula(node)
    if in_name(node):
        # In a text that names something, a formula does not count as text.
        html = html.replace("<math ", f'<math aria-label="{escape(spoken(node.astext()))}" ', 1)
    mark = translator.encode(node.get("mark", ""))
    # A long formula may break where KaTeX allows it, between two of its boxes.
    length = "long" if html.count(BASE) > 2 else "short"
    start = translator.starttag(node, "span", "", CLASS=f"math {length}")
    translator.body.append(f"{start}{with_mark(html, mark)}</span>")
    raise nodes.SkipNode


def visit_display(translator, node):
    classes = "math numbered" if node["number"] else "math"
    translator.body.append(translator.starttag(node, "div", CLASS=classes))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    # The inner box scrolls if the page is narrower than the formula.
    translator.body.append(f'<div class="scrolls">{formula(node)}</div></div>')
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("katex", (visit_inline, None), (visit_display, None))
    app.connect("doctree-resolved", keep_punctuation)
    app.connect("doctree-resolved", set_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
