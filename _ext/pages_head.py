"""Describe a page, drop style sheets that it does not use, and defer its scripts."""

from docutils import nodes
from pages_reading import ask, more

LONGEST = 160  # characters of a description that search results show
# What these files are for; a page that has none of it does not request them.
USES = {
    "katex.min.css": (nodes.math, nodes.math_block),
    "pygments.css": (nodes.literal_block,),
    "copybutton.css": (nodes.literal_block,),
    "copybutton.js": (nodes.literal_block,),
    "clipboard.min.js": (nodes.literal_block,),
    "covers.js": (ask, more),
}


def describe(doctree):
    """Return the start of a page's first paragraph, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 40:
            return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return ""


def is_used(file, doctree):
    kinds = USES.get(str(file.filename or "").rpartition("/")[2])
    return kinds is None or (doctree and any(next(doctree.findall(kind), None) for kind in kinds))


def complete_head(app, pagename, templatename, context, doctree):
    context["description"] = describe(doctree) if doctree else ""
    for files in ("css_files", "script_files"):
        context[files] = [file for file in context[files] if is_used(file, doctree)]
    for script in context["script_files"]:
        # An inline script can be deferred only as a module; both kinds then run in order.
        if script.filename:
            script.attributes.setdefault("defer", "defer")
        else:
            script.attributes["type"] = "module"


def setup(app):
    # Jupyter Book passes this setting even if its comments extension is left out.
    app.add_config_value("comments_config", {}, "")
    # Late, after the theme has added its own scripts.
    app.connect("html-page-context", complete_head, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
