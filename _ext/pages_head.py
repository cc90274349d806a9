"""Say what a page is about, and let its scripts wait until it can be read."""

from docutils import nodes

LONGEST = 160  # characters of a description that a list of search results shows


def describe(doctree):
    """Return the start of a page's first paragraph, cut at a word."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        if len(text) > 40:
            return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
    return ""


def complete_head(app, pagename, templatename, context, doctree):
    context["description"] = describe(doctree) if doctree else ""
    for script in context["script_files"]:
        # A script in the page can wait only as a module; both kinds then run in their order.
        if script.filename:
            script.attributes.setdefault("defer", "defer")
        else:
            script.attributes["type"] = "module"


def setup(app):
    # Jupyter Book passes this setting even where its comments extension is left out.
    app.add_config_value("comments_config", {}, "")
    # Late, when the theme has added its own scripts.
    app.connect("html-page-context", complete_head, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
