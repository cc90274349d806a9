"""Mark what is laid out only once a page is there: all but its start, in parts of a few lines each.

While a page arrives (_templates/static/webpack-macros.html), course.css keeps the parts of class
`waits` from being laid out unless they are in sight; course.js takes the class away, from a few at
a time. Paragraphs, cells and the like wait, and of long tables those rows that a phone shows as a
list; further on, sections as a whole as well.
"""

from docutils import nodes
from pages_reading import kept

# In letters, of which some 1500 fill a phone's screen, and 7000 the highest.
START = 2500
FAR = 9000
LONG = 1500
PICTURE = 500
# A letter of a formula's source becomes two or three elements.
FORMULA = 8
WAITS = "waits"


def length(node):
    """Return how many letters cost as much to lay out as a part does."""
    if isinstance(node, (nodes.raw, nodes.image)):
        return PICTURE
    if isinstance(node, (nodes.math, nodes.math_block)):
        return FORMULA * len(node.astext())
    if isinstance(node, nodes.Text):
        return len(node.astext())
    between = len(node.child_text_separator) * max(len(node.children) - 1, 0)
    return between + sum(map(length, node.children))


def parts_of(node):
    """Return what a long part consists of, if its parts can wait one by one."""
    if isinstance(node, (nodes.section, kept)):
        return [child for child in node.children if not isinstance(child, nodes.title)]
    tables = [table for table in node.findall(nodes.table) if "rows-on-phone" in table["classes"]]
    return [row for table in tables for row in table.next_node(nodes.tbody).children]


def can_wait(node, before):
    # A section's margins are those of what is in it, but not while it waits: that must not be seen.
    if isinstance(node, nodes.section):
        return before > FAR
    # What is covered is not laid out anyway. A table lays its rows out together.
    return isinstance(node, nodes.Element) and not isinstance(node, (kept, nodes.table, nodes.raw))


def mark(node, before):
    """Mark what waits of a part that comes after so many letters."""
    for part in parts_of(node):
        if before > START and can_wait(part, before):
            part["classes"].append(WAITS)
        size = length(part)
        if size > LONG or (isinstance(part, nodes.section) and WAITS not in part["classes"]):
            mark(part, before)
        before += size


def mark_page(app, doctree, docname):
    if app.builder.format == "html" and (page := doctree.next_node(nodes.section)):
        mark(page, 0)


def setup(app):
    # After the tables are sorted and the answers covered.
    app.connect("doctree-resolved", mark_page, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
