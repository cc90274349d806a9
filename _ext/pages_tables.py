"""Let a table be read on a phone.

Names in code break only where their parts join, as in log_ sigmoid, and a number such as 1e-13
never. A table that is still too wide fits with smaller letters if its cells are short.
Otherwise it becomes a list of rows, each value with its heading beside it (course.css), if it is
short, consists of words and formulas, or begins its rows with lists of names; the cells then carry
their headings, and the roles that a table which is not laid out as one would lose. A long table of
numbers, or one whose headings are formulas, scrolls, keeps its first column in view, and says so.
"""

import re
from html import escape

from docutils import nodes

ROWS = 12  # of numbers: more would make a list too long to find anything in
LONG = 20  # letters: such a value gets a line of its own
NAME = 60  # letters: a longer first cell is a list, too high for a column that stays in view
SHORT = 9  # letters: such a value stays on one line
COLUMNS = 3  # that may fit as they are
ROOM = 358  # px on a phone: the text's width
USUAL, SMALL = (8.4, 18), (7.7, 11)  # px: a letter and the gap between columns
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
NUMBERS = re.compile(r"[\W\d_e]*")
# Where a long name may break.
JOINT = r"(?<=[._(=,/])(?=[^\W\d]|&)"
POWER = re.compile(r"(?<![^>\s])[−-]?\d[\d.]*e[−-]\d+(?=[<\s])")
CODE = re.compile(r'(?<=<span class="pre">)[^<]+')
# In a sentence, as in what a check says.
LONG_NAME = re.compile(rf"(?<![\w.])[\w.]{{{LONG},}}(?=[^<>]*<)")
TAG = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>")


def headings_of(table):
    """Return the headings of a table's columns as text, or [] if one of them is a formula."""
    head = table.next_node(nodes.thead)
    if head is None or head.next_node(nodes.math):
        return []
    return [entry.astext() for entry in head.findall(nodes.entry)]


def words_of(text):
    """Return the parts of a cell between which a line may break.

    >>> words_of("Log-sigmoid log_sigmoid")
    ['Log-', 'sigmoid', 'log_', 'sigmoid']
    """
    joint = rf"\s+|(?<=-)(?=[^\W\d])|{JOINT}"
    return [text] if len(text) <= SHORT else re.split(joint, text)


def width_of(table, letter, gap):
    """Estimate in px how narrow a table can be in letters of this size."""
    columns = zip(*(row.children for row in table.findall(nodes.row)), strict=True)
    width = 0
    for column in columns:
        texts = [entry.astext() for entry in column]
        formula = any(entry.next_node(nodes.math) for entry in column)
        if not formula:
            texts = [part for text in texts for part in words_of(text)]
        width += max(map(len, texts), default=0) * letter + gap
    return width


def is_of_numbers(table):
    """Return whether most cells, but for those of the first column, are numbers or empty."""
    rows = table.next_node(nodes.tbody).children
    cells = [cell for row in rows for cell in row.children[1:]]
    numbers = [
        not cell.next_node(nodes.math) and bool(NUMBERS.fullmatch(cell.astext())) for cell in cells
    ]
    return 2 * sum(numbers) > len(numbers)


def sort_tables(app, doctree, docname):
    for table in doctree.findall(nodes.table):
        group = table.next_node(nodes.tgroup)
        if group is None:
            continue
        # More columns are not squeezed, but as wide as their words (course.css).
        if group["cols"] <= COLUMNS and width_of(table, *USUAL) <= ROOM:
            continue
        rows = table.next_node(nodes.tbody).children
        read_by_row = (
            len(rows) <= ROWS
            or not is_of_numbers(table)
            or any(len(row[0].astext()) > NAME for row in rows)
        )
        if width_of(table, *SMALL) <= ROOM:
            table["classes"].append("small-on-phone")
        elif headings_of(table) and read_by_row:
            table["classes"].append("rows-on-phone")
        else:
            table["classes"].append("scrolls-on-phone")


def breakable(html):
    """Let the code in a table break between the parts of a name, and no number at its minus.

    >>> breakable('<span class="pre">nn.GELU(1.5)</span>')
    '<span class="pre">nn.<wbr/>GELU(1.5)</span>'
    >>> breakable("<p>below 1e-13</p>")
    '<p>below <span class="whole">1e-13</span></p>'
    >>> breakable("<p>use F.binary_cross_entropy now</p>")
    '<p>use F.<wbr/>binary_<wbr/>cross_<wbr/>entropy now</p>'
    """
    html = POWER.sub(r'<span class="whole">\g<0></span>', html)
    for names in (CODE, LONG_NAME):
        html = names.sub(lambda name: re.sub(JOINT, "<wbr/>", name[0]), html)
    return html


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
    translator.body[start:] = [breakable("".join(translator.body[start:]))]
    if "rows-on-phone" in node["classes"]:
        body = node.next_node(nodes.tbody)
        lengths = [len(entry.astext()) for entry in body.findall(nodes.entry)]
        html = as_list("".join(translator.body[start:]), headings_of(node), lengths)
        translator.body[start:] = [html.replace("<table ", '<table role="table" ', 1)]


def setup(app):
    app.connect("doctree-resolved", sort_tables)
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
