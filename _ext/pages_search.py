"""Make the index with which search.html finds headings, by Pagefind, when the book is built.

Each heading with its text, as far as the next heading, is an entry of its own, so that a result
leads to the place and shows a line of it. Without the package `pagefind` the book has no such
index, and its search is Sphinx's, as it is from disk, where a page may not fetch an index.
"""

import asyncio
import re
import shutil
from html import escape, unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import kept_pages
from docutils import nodes
from pages_math import spoken
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

SCRIPT = Path(__file__).parent / "search" / "search.js"
FOLDER = "pagefind"
MEMORY = "search_entries.json"  # what is found on each page
# Of what Pagefind writes, its ready-made surfaces and the rules for languages other than ours.
UNUSED = ("*ui.js", "*ui.css", "pagefind-highlight.js", "wasm.unknown.pagefind")
# How much a word counts there: what explains comes before what repeats it.
LESS = {"chapters/answer_key": 0.3, "references": 0.3, "instructors": 0.3} | {
    "chapters/libraries": 0.6,
}
LESS_UNDER = {"Solutions": 0.3, "Exercises": 0.5, "Test yourself": 0.5, "What to keep": 0.5} | {
    "What you will be able to do": 0.5,
    "Further reading": 0.5,
}
CODE, LINK = 0.5, 0.1
# Words under which readers look for a place whose heading does not use them.
ALSO = {
    "chapters/relu_family.html#when-is-a-unit-dead": "dead ReLU, dying ReLU, dead and dying neuron",
    "chapters/relu_family.html#how-large-should-the-initial-weights-be": "initialisation",
    "chapters/sigmoid_tanh.html#what-does-the-chain-rule-multiply": "exploding gradients",
    "chapters/softmax.html#how-do-scores-become-probabilities": "sigmoid vs softmax",
    "chapters/pytorch.html#is-softmax-inside-the-loss": "CrossEntropyLoss, BCEWithLogitsLoss",
    "chapters/pytorch.html#inplace-true-saves-memory-and-changes-nothing-else": (
        "residual connection"
    ),
    "chapters/in_practice.html#what-is-too-small-for-float16": "mixed precision",
    "chapters/atlas.html#log-sum-exp": "logsumexp, LSE",
}


def plain(node):
    """Return the text of a node as HTML without tags; formulas only where they are one symbol."""
    if isinstance(node, nodes.Text):
        return escape(node.astext())
    if isinstance(node, (nodes.math, nodes.math_block)):
        latex = node.astext()
        return escape(latex) if re.fullmatch(r"\w[\w' ]*", latex) else " … "
    if isinstance(node, nodes.raw):
        text = re.sub(r"<(script|style)\b.*?</\1>", " ", node.astext(), flags=re.S)
        return escape(unescape(re.sub(r"<[^>]+>", " ", text)))
    if isinstance(node, (nodes.Invisible, nodes.image)):
        return ""
    if isinstance(node, nodes.literal_block):
        return f'<pre data-pagefind-weight="{CODE}">{escape(node.astext())}</pre>'
    between = " · " if isinstance(node, nodes.row) else ""
    text = between.join(plain(child) for child in node.children)
    if isinstance(node, nodes.reference) and not node.get("refuri", "").startswith("http"):
        # A link's words belong to the place that it leads to.
        return f'<span data-pagefind-weight="{LINK}">{text}</span>'
    return text if isinstance(node, (nodes.Inline, nodes.entry)) else f"{text}\n"


def heading(section):
    """Return the title of a section as text, with its formulas in words and symbols."""
    title = section.next_node(nodes.title)
    parts = (
        spoken(child.astext().replace("^2", "²").replace(r"\sqrt", "√"))
        if isinstance(child, nodes.math)
        else child.astext()
        for child in title.children
    )
    return "".join(parts)


def entries(doctree, docname, address):
    """Yield (address, heading, the heading of the page, weight, text) of each section of a page."""
    sections = [*doctree.findall(nodes.section)]
    for section in sections:
        page, title = heading(sections[0]), heading(section)
        top = isinstance(section.parent, nodes.document)
        above = (heading(each) for each in sections if each is section or each is section.parent)
        weight = min([LESS.get(docname, 1.0), *(LESS_UNDER.get(each, 1.0) for each in above)])
        text = "".join(
            plain(child)
            for child in section.children
            if not isinstance(child, (nodes.section, nodes.title))
        )
        where = address if top else f"{address}#{section['ids'][0]}"
        yield where, title, "" if top else page, weight, text


def collect(app, doctree, docname):
    if app.builder.format == "html":
        address = app.builder.get_target_uri(docname)
        app.search_entries[docname] = [*entries(doctree, docname, address)]


class Prompt:
    """asyncio for Pagefind's wrapper, which rests a tenth of a second before it reads an answer.

    There are hundreds of answers, one for each section, so the build would wait most of its time.
    """

    def __getattr__(self, name):
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds):
        await asyncio.sleep(0)


async def write_index(found, folder):
    from pagefind import service
    from pagefind.index import IndexConfig, PagefindIndex

    service.asyncio = Prompt()
    # Leaving the context writes once more and ends the process, which can leave a file empty:
    # that second copy is not ours.
    with TemporaryDirectory() as scratch:
        async with PagefindIndex(config=IndexConfig(output_path=scratch)) as index:
            await fill(index, found)
            await index.write_files(output_path=str(folder))
            # Files are announced as written while they still wait for the disk.
            for _ in range(200):
                sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
                if sizes and all(sizes):
                    return
                await asyncio.sleep(0.05)
            raise ExtensionError(f"pagefind left an empty file in {folder}: build the book again")


async def fill(index, found):
    for address, title, page, weight, text in found:
        # A heading counts as little as the text under it: search.js has the two weights.
        meta = {"title" if weight == 1 else "minor": title, "page": page}
        meta["also"] = ALSO.get(address, "")
        # As attributes they are found, but are not part of the text that a result shows.
        data = " ".join(f'data-{key}="{escape(value)}"' for key, value in meta.items())
        named = ", ".join(f"{key}[data-{key}]" for key, value in meta.items() if value)
        html = (
            f'<html lang="en"><body><main data-pagefind-body data-pagefind-weight="{weight}" '
            f'data-pagefind-meta="{named}" {data}>{text}</main></body></html>'
        )
        await index.add_html_file(content=html, url=address)


def complete(app):
    """Add the entries of the pages that were not written this time, which are as they were."""
    before = kept_pages.recall(app, MEMORY) or {}
    for docname in app.env.found_docs - app.search_entries.keys():
        if docname in before:
            app.search_entries[docname] = before[docname]
        else:
            app.env.get_and_resolve_doctree(docname, app.builder)
    kept_pages.keep(app, MEMORY, app.search_entries)


def write(app, exception):
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    shutil.copy(SCRIPT, static)
    folder = Path(app.outdir) / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    complete(app)
    found = [
        entry for docname in sorted(app.search_entries) for entry in app.search_entries[docname]
    ]
    try:
        asyncio.run(write_index(found, folder))
    except ImportError:
        logger.info("pagefind is not installed: the book gets the simpler search")
        return
    for pattern in UNUSED:
        for path in folder.glob(pattern):
            path.unlink()


def start(app):
    app.search_entries = {}


def keep_highlighting_to_the_search(app, pagename, templatename, context, doctree):
    """Leave out the script that marks every occurrence of what was searched for on a page."""
    if pagename != "search":
        context["script_files"] = [
            file
            for file in context["script_files"]
            if "sphinx_highlight.js" not in str(file.filename)
        ]


def setup(app):
    app.connect("builder-inited", start)
    # Late: other extensions change the text.
    app.connect("doctree-resolved", collect, priority=900)
    app.connect("html-page-context", keep_highlighting_to_the_search, priority=890)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
