"""Let a reader guess first: cover answers, fold second readings, and say how to try an exercise.

A page contains everything in full. Here its parts are marked, and given buttons that covers.js
brings to life; where no script runs, on paper and in the search index nothing is covered.

Covered are what answers a *Predict* (up to its *Notice*, and a paragraph after it that repeats
one of its numbers), what a common claim turns out to be, what should happen in *Explore*, the idea
of a solution, and the sections of *Going deeper*. A cell tagged `fold`, which only builds a table
or dresses a plot, shows its first line.
"""

import hashlib
import re
from html import escape

from docutils import nodes
from pages_address import NOT_ALONE, binder_link, colab_link
from pages_lite import NAME, lite_link
from sphinx.util.osutil import relative_uri

ASKS = {
    "answer": "I have a guess: show it",
    "hint": "what should happen?",
    "idea": "Show the idea",
    "deeper": "Read this section",
}
SWITCH = (
    '<p class="answers-all"><label><input type="checkbox" role="switch" /> '
    "Show all answers, on every page</label></p>\n"
)
LIVING = 'class="living-figure"'
PROSE = (nodes.paragraph, nodes.math_block, nodes.bullet_list, nodes.enumerated_list)
# Where a clause begins: after . : or ? and a space, or at a number such as (2).
CLAUSE = re.compile(r"(?<=[.:?])\s|\s(?=\(\d\))")
SHOULD = re.compile(r"\bshould\b")
FRACTION = re.compile(r"(?<![\w.])\d+\.\d+")
MARKUP = re.compile(r"<[^>]*>")


class ask(nodes.Element):
    """A button that uncovers the parts it names."""


class kept(nodes.Element):
    """A part that its button covers: a block of the page, or some words."""


class more(nodes.Element):
    """The button under the first line of a folded cell."""


class switch(nodes.Element):
    """Whether this reader wants to see all answers at once."""


class try_it(nodes.Element):
    """How to try an exercise, and why not here. A script that can run it here says that first."""


# ---- What is on a page --------------------------------------------------------------------


def start_of(paragraph):
    """Return the first child of a paragraph that is not an empty text, which MyST may put first."""
    return next((child for child in paragraph.children if child.astext()), None)


def lead(node):
    """Return the bold word with which a remark or paragraph begins, or ""."""
    paragraph = node.next_node(nodes.paragraph, include_self=True)
    first = start_of(paragraph) if paragraph is not None else None
    return first.astext() if isinstance(first, nodes.strong) else ""


def is_remark(node, word):
    return isinstance(node, nodes.block_quote) and lead(node).startswith(word)


def is_claim(node):
    return isinstance(node, nodes.paragraph) and lead(node).startswith("A common ")


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def output_of(cell):
    """Return what a cell put out, unless that is nothing, or a figure to move."""
    last = cell.children[-1]
    if last.get("nb_element") != "cell_code_output":
        return None
    return None if LIVING in "".join(raw.astext() for raw in last.findall(nodes.raw)) else last


def is_to_try(node):
    first = start_of(node) if isinstance(node, nodes.paragraph) else None
    return isinstance(first, nodes.emphasis) and first.astext().startswith("Try")


def named(document, name):
    return (each for each in document.findall(nodes.section) if name in each["ids"])


def subsections(document, name):
    for section in named(document, name):
        yield from (each for each in section.children if isinstance(each, nodes.section))


# ---- What answers a question --------------------------------------------------------------


def up_to_next(prompt, ends):
    """Return the siblings that follow `prompt`, up to a section or a node for which `ends`."""
    siblings = prompt.parent.children[prompt.parent.index(prompt) + 1 :]
    for i, node in enumerate(siblings):
        if isinstance(node, nodes.section) or ends(node):
            return siblings[:i]
    return siblings


def before_figure(body):
    for i, node in enumerate(body):
        if is_cell(node) and LIVING in "".join(raw.astext() for raw in node.findall(nodes.raw)):
            return body[:i]
    return body


def answer_to_prediction(prompt):
    """Return the cell whose output answers a *Predict*, or None, and the nodes that follow it."""
    body = before_figure(up_to_next(prompt, lambda node: is_remark(node, "Predict")))
    notice = next((i for i, node in enumerate(body) if is_remark(node, "Notice")), None)
    cells = [i for i, node in enumerate(body) if is_cell(node)]
    if not body or is_to_try(body[0]):
        return None, []
    if isinstance(body[0], PROSE):
        end = cells[0] if cells else len(body)
        return None, body[: end if notice is None else notice + 1]
    first = next((i for i in cells if output_of(body[i])), None)
    if first is None:
        return None, []
    if notice is not None and notice > first:
        return body[first], body[first + 1 : notice + 1]
    # Without a Notice: the next outputs, and the first paragraph that does not announce another.
    for i, node in enumerate(body[first + 1 :], first + 1):
        if isinstance(node, nodes.paragraph) and not node.astext().endswith(":"):
            return body[first], body[first + 1 : i + 1]
    return body[first], body[first + 1 :]


def answer_to_claim(claim):
    body = before_figure(up_to_next(claim, is_claim))
    first = next((i for i, node in enumerate(body) if is_cell(node) and output_of(node)), None)
    return (None, []) if first is None else (body[first], body[first + 1 :])


# ---- What gives an answer away ------------------------------------------------------------


def is_covered(node):
    while node is not None and not isinstance(node, kept):
        node = node.parent
    return node is not None


def measured(parts):
    """Return the numbers in nodes that look measured: fractions with two digits that count."""
    texts = (text for part in parts for text in part.findall(nodes.Text) if not is_covered(text))
    found = FRACTION.findall(MARKUP.sub(" ", " ".join(text.astext() for text in texts)))
    return {number for number in found if len(number.replace(".", "").strip("0")) > 1}


def told_by(prompt, cell, body):
    """Return the numbers that a covered answer states first."""
    siblings = prompt.parent.children
    first = siblings.index(body[0] if cell is None else cell)
    before = [*siblings[:first], *(cell.children[:1] if cell is not None else [])]
    output = [output_of(cell)] if cell is not None else []
    return measured([*output, *body]) - measured(before)


def repeats(last, numbers):
    """Return the paragraphs after an answer, up to a cell or question, that repeat a number."""
    ends = (is_cell, is_claim, lambda node: is_remark(node, "Predict"))
    rest = up_to_next(last, lambda node: any(end(node) for end in ends))
    return [
        node
        for node in rest
        if isinstance(node, PROSE) and not is_to_try(node) and measured([node]) & numbers
    ]


# ---- Covering -----------------------------------------------------------------------------


class Covers:
    """The covers of one page. Their names come from the words of the question, not its place."""

    def __init__(self):
        self.names = set()
        self.told = {}  # by section: the numbers that covered answers state

    def name(self, question):
        digest = hashlib.sha256(" ".join(question.split()).encode()).hexdigest()
        names = (f"kept-{digest[:n]}" for n in range(6, 64))
        name = next(each for each in names if each not in self.names)
        self.names.add(name)
        return name

    def button(self, kind, name, parts, **more):
        covered = [name, *(f"{name}-{i}" for i in range(2, parts + 1))]
        return ask("", kind=kind, covered=covered, **more)

    def over(self, kind, question, cell, body, later=(), **more):
        """Cover the output of `cell`, if there is one, `body`, which are neighbours, and each of
        `later`."""
        groups = [each for each in (body, *([node] for node in later)) if each]
        first = 1 if cell is None else 2
        name = self.name(question)
        button = self.button(kind, name, len(groups) + first - 1, **more)
        for i, group in enumerate(groups, first):
            parent, place = group[0].parent, group[0].parent.index(group[0])
            for node in group:
                parent.remove(node)
            part = kept("", *group, kind=kind, name=name if i == 1 else f"{name}-{i}")
            parent.insert(place, [button, part] if i == 1 else [part])
        if cell is not None:
            output = output_of(cell)
            place = cell.index(output)
            cell.remove(output)
            cell.insert(place, [button, kept("", output, kind=kind, name=name)])


def cover_predictions(document, covers):
    prompts = [node for node in document.findall(nodes.block_quote) if is_remark(node, "Predict")]
    switched = False
    for prompt in prompts:
        cell, body = answer_to_prediction(prompt)
        if cell is None and not body:
            continue
        if not switched:
            prompt.parent.insert(prompt.parent.index(prompt), switch())
            switched = True
        numbers = told_by(prompt, cell, body)
        covers.told.setdefault(prompt.parent, set()).update(numbers)
        later = repeats(body[-1] if body else cell, numbers)
        # A neighbour needs no part of its own.
        while later and body and later[0] is body[-1].next_node(siblings=True, descend=False):
            body = [*body, later.pop(0)]
        covers.over("answer", prompt.astext(), cell, body, later)


def cover_claims(document, covers):
    for section in named(document, "common-mistakes"):
        for claim in [node for node in section.children if is_claim(node)]:
            cell, body = answer_to_claim(claim)
            if cell is not None:
                covers.over("answer", claim.astext(), cell, body)


def clauses(paragraph):
    """Return the words of a paragraph as lists of nodes, each a clause that ends in . : or ?"""
    found = [[]]
    for node in paragraph.children:
        if not isinstance(node, nodes.Text):
            found[-1].append(node)
            continue
        start = 0
        for match in CLAUSE.finditer(node.astext()):
            found[-1].append(nodes.Text(node.astext()[start : match.end()]))
            found.append([])
            start = match.end()
        if node.astext()[start:]:
            found[-1].append(nodes.Text(node.astext()[start:]))
    return [each for each in found if each]


def cover_hints(document, covers):
    """In what is to be tried under *Explore*, cover what should happen, and what was covered."""
    for section in named(document, "explore"):
        told = covers.told.get(section, set())
        for paragraph in [node for node in section.findall(nodes.paragraph) if is_to_try(node)]:
            words = []
            for clause in clauses(paragraph):
                says = SHOULD.search("".join(node.astext() for node in clause))
                if not says and not measured(clause) & told:
                    words += clause
                    continue
                name = covers.name(paragraph.astext() + clause[0].astext())
                part = kept("", *clause, kind="hint", name=name)
                words += [covers.button("hint", name, 1), part, nodes.Text(" ")]
            paragraph.children = []
            paragraph.extend(words)


def cover_ideas(document, covers):
    for section in subsections(document, "solutions"):
        idea = []
        for node in section.children[1:]:
            if not isinstance(node, PROSE):
                break
            idea.append(node)
        if idea:
            covers.over("idea", section[0].astext(), None, idea)


def cover_second_readings(document, covers):
    for section in subsections(document, "going-deeper"):
        if body := section.children[1:]:
            covers.over("deeper", section[0].astext(), None, body, of=section["ids"][0])


def fold_cells(document):
    for cell in [node for node in document.findall(nodes.container) if is_cell(node)]:
        if "tag_fold" in cell["classes"]:
            code = cell.next_node(nodes.literal_block)
            rest = code.astext().strip().count("\n")
            if rest:
                code.parent.append(more("", lines=rest))


def explain_exercises(document):
    for section in subsections(document, "exercises"):
        cells = [node for node in section.children if is_cell(node)]
        if cells:
            cells[-1].insert(1, try_it("", why=cells[-1].get("elsewhere", "")))


def explain_elsewhere(document):
    """Say of the first cell that can't run in the page (_ext/live_pages.py) where it does."""
    cell = next((each for each in document.findall(is_cell) if each.get("elsewhere")), None)
    if cell is not None:
        cell.insert(1, try_it("", why=cell["elsewhere"], first=True))


def prepare(app, doctree, docname):
    if app.builder.format != "html":
        return
    covers = Covers()
    cover_predictions(doctree, covers)
    cover_claims(doctree, covers)
    cover_hints(doctree, covers)
    cover_ideas(doctree, covers)
    cover_second_readings(doctree, covers)
    fold_cells(doctree)
    explain_exercises(doctree)
    explain_elsewhere(doctree)


# ---- As HTML ------------------------------------------------------------------------------


def visit_ask(translator, node):
    covered = node["covered"]
    # A section's button is called by its heading too: there are many of them.
    called = ""
    if of := node.get("of"):
        called = f' id="{covered[0]}-ask" aria-labelledby="{covered[0]}-ask {of}"'
    translator.body.append(
        f'<button type="button" class="ask ask-{node["kind"]}" aria-expanded="false"'
        f' aria-controls="{" ".join(covered)}"{called}>'
        f"{ASKS[node['kind']]}</button>"
    )


def visit_kept(translator, node):
    tag = "span" if node["kind"] == "hint" else "div"
    translator.body.append(f'<{tag} class="kept kept-{node["kind"]}" id="{node["name"]}">')


def depart_kept(translator, node):
    translator.body.append("</span>" if node["kind"] == "hint" else "</div>\n")


def visit_more(translator, node):
    lines = f"{node['lines']} more line{'s' * (node['lines'] > 1)}"
    translator.body.append(
        f'<button type="button" class="fold-more" aria-expanded="false">{lines}</button>\n'
    )


def visit_switch(translator, node):
    translator.body.append(SWITCH)


def ways_to_try(builder, docname):
    """Return the links that lead from a page to where its notebook runs, as HTML."""
    page = builder.get_target_uri(docname)
    path = f"{docname}.ipynb"
    notebook = relative_uri(page, f"_sources/{path}")
    how = relative_uri(page, builder.get_target_uri(builder.config.root_doc)) + "#how-to-run-it"
    links = [
        f'<a href="{notebook}" download>download this notebook</a> '
        f'(<a href="{how}">how to run it</a>)'
    ]
    options = builder.config.html_theme_options
    address, launch = options.get("repository_url"), options.get("launch_buttons", {})
    if "binderhub_url" in launch:
        link = escape(binder_link(address, options["repository_branch"], path))
        links.append(f'open it on <a href="{link}">Binder</a>')
    if "colab_url" in launch and path not in NOT_ALONE:
        links.append(f'in <a href="{escape(colab_link(address, path))}">Colab</a>')
    if link := lite_link(builder, docname):
        links.append(f'in <a href="{escape(link)}">{NAME}</a>')
    return " or ".join([", ".join(links[:-1]), links[-1]] if links[1:] else links)


def visit_try_it(translator, node):
    ways = ways_to_try(translator.builder, translator.builder.current_docname)
    kind, what = ("live-note", "run the code") if node.get("first") else ("try-it", "try it")
    why = f"{node['why']} ".lstrip()
    translator.body.append(f'<p class="{kind}">{why}To {what}, {ways}.</p>\n')


def nothing(translator, node):
    pass


def setup(app):
    app.add_node(ask, html=(visit_ask, nothing))
    app.add_node(kept, html=(visit_kept, depart_kept))
    app.add_node(more, html=(visit_more, nothing))
    app.add_node(switch, html=(visit_switch, nothing))
    app.add_node(try_it, html=(visit_try_it, nothing))
    # After the extensions that count a page's cells, or look at what a cell contains.
    app.connect("doctree-resolved", prepare, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
