"""Let a table of more than three columns be read on a phone, where three fit as they are.

One with short cells fits with smaller letters. Another short one becomes a list of rows, each value
with its heading beside it (course.css); the cells carry their headings, and the roles that a table
which is not laid out as one would lose. A long one, or one whose headings are formulas, scrolls,
keeps its first column in view, and says so.
"""

import re
from html import escape

from docutils import nodes

COLUMNS = 3  # that fit
ROWS = 12  # more would make a list too long to find anything in
LONG = 20  # letters: such a value gets a line of its own
SHORT = 9  # letters: such a value stays on one line
ROOM, LETTER, GAP = 358, 7.7, 11  # px on a phone: the text's width, a small letter, a column's gap
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
TAG = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>")


def headings_of(table):
    """Return the headings of a table's columns as text, or [] if one of them is a formula."""
    head = table.next_node(nodes.thead)
    if head is None or head.next_node(nodes.math):
        return []
    return [entry.astext() for entry in head.findall(nodes.entry)]


def words_of(text):
    """Return the parts of a cell between which a line may break."""
    return [text] if len(text) <= SHORT else text.split()


def width_of(table):
    """Estimate in px how narrow a table in small letters can be."""
    columns = zip(*(row.children for row in table.findall(nodes.row)), strict=True)
    width = 0
    for column in columns:
        texts = [entry.astext() for entry in column]
        formula = any(entry.next_node(nodes.math) for entry in column)
        if not formula:
            texts = [part for text in texts for part in words_of(text)]
        width += max(map(len, texts), default=0) * LETTER + GAP
    return width


def sort_tables(app, doctree, docname):
    for table in doctree.findall(nodes.table):
        group = table.next_node(nodes.tgroup)
        if group is None or group["cols"] <= COLUMNS:
            continue
        rows = len(table.next_node(nodes.tbody).children)
        if width_of(table) <= ROOM:
            table["classes"].append("small-on-phone")
        elif rows <= ROWS and headings_of(table):
            table["classes"].append("rows-on-phone")
        else:
            table["classes"].append("scrolls-on-phone")


def as_list(html, headings, lengths):
    """Give each cell its role and, unless it is empty, its heading; `lengths` are in letters.

    >>> as_list("<thead><tr><th>z</th></tr></thead><tbody><tr><td>1</td></tr></tbody>", ["z"], [1])
    ... # doctest: +ELLIPSIS
    '<thead role="rowgroup">...<td role="cell" data-label="z">1</td></tr></tbody>'
    """
    cells = iter(lengths)
    place = 0

    def change(match):
        nonlocal place
        tag, rest = match.groups()
        label = ""
        if tag == "tr":
            place = 0
        if tag == "td":
            letters = next(cells)
            label = f' data-label="{escape(headings[place])}"' * bool(letters)
            label += " data-long" * (letters > LONG)
            place += 1
        return f'<{tag}{rest} role="{ROLES[tag]}"{label}>'

    return TAG.sub(change, html)


def visit_table(translator, node):
    node["start"] = len(translator.body)
    type(translator).visit_table(translator, node)


def depart_table(translator, node):
    type(translator).depart_table(translator, node)
    start = node["start"]
    if "rows-on-phone" in node["classes"]:
        body = node.next_node(nodes.tbody)
        lengths = [len(entry.astext()) for entry in body.findall(nodes.entry)]
        html = as_list("".join(translator.body[start:]), headings_of(node), lengths)
        translator.body[start:] = [html.replace("<table ", '<table role="table" ', 1)]


def setup(app):
    app.connect("doctree-resolved", sort_tables)
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
