"""What a chapter's deck shows, read from the chapter's own structure.

A section gives a slide with its question and the formulas before its first *Predict*; each
*Predict* a slide, with the table right before it, each figure a slide with its caption, and each
*Notice* a slide. Tables and printed lines are shown, as many as fit, unless a figure follows them.
A text right after a *Predict* is its answer if no figure is. Exercises, questions and what comes
after *What to keep* are not shown; their place is the sheet and the page.
"""

import re
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from .. import formulas
from ..handed_in import source_of
from ..sheets import read, section

LEFT_OUT = ("What you will be able to do", "Exercises", "Test yourself")
# They ask and claim nothing: what stands in them is shown without a slide for them alone.
PLAIN = ("Explore", "Common mistakes")
# What fits on a slide of 1280 px in letters of 28 px; a table's letters are narrower.
LINES, COLUMNS, WIDTH = 12.5, 68, 72
SIZE = re.compile(r'viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"')
SPACE = re.compile(r"(?<=\d) (?=%)| (?=[±=] )|(?<= [±=]) ")
SENTENCE = re.compile(r"(?<=[.?!:]) (?=[A-Z(*])")
# Longer texts go on two slides, cut between sentences.
LONG = 480


@dataclass(frozen=True)
class Slide:
    """One slide: its kind, its heading and its body, both as HTML.

    `caption` stands beside a figure, above an output (what was asked) or a question (its section).
    """

    kind: str
    title: str
    body: str
    caption: str = ""


def _link_open(renderer, tokens, i, options, env):
    """Show a link within the course as words: a deck is one file."""
    href = tokens[i].attrGet("href")
    env.setdefault("links", []).append(href.startswith("http"))
    return f'<a href="{escape(href)}">' if href.startswith("http") else ""


def _link_close(renderer, tokens, i, options, env):
    return "</a>" if env["links"].pop() else ""


def _unbroken(state):
    """Keep a number and its per cent sign on one line, and both sides of ± and =."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text":
                child.content = SPACE.sub("\N{NO-BREAK SPACE}", child.content)


def markdown():
    """Return a reader of the chapters' Markdown that sets formulas as the pages do."""
    md = MarkdownIt("commonmark").enable("table")
    md.use(
        dollarmath_plugin,
        renderer=lambda latex, info: formulas.html(latex.strip(), info["display_mode"]),
    )
    md.core.ruler.push("unbroken", _unbroken)
    md.add_render_rule("link_open", _link_open)
    md.add_render_rule("link_close", _link_close)
    return md


MARKDOWN = markdown()


def _blocks(text):
    """Return the blocks of a text as lists of tokens."""
    blocks, depth = [], 0
    for token in MARKDOWN.parse(text):
        if depth == 0:
            blocks.append([])
        blocks[-1].append(token)
        depth += token.nesting
    return blocks


def _html(tokens):
    return MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})


def _words(tokens):
    return " ".join(token.content for token in tokens if token.type == "inline")


def slides(chapter):
    """Return the slides of a chapter. Raises ValueError for one that no deck can be made of."""
    cells = read(chapter)["cells"]
    if section(cells, "What to keep") is None:
        raise ValueError("it has no section *What to keep*, with which a deck ends")
    if not any(cell.get("outputs") for cell in cells):
        raise ValueError("it has no outputs to show: run make notebooks first")
    first = _blocks(source_of(cells[0]))
    title = _inside(first[0])
    lead = "".join(map(_html, first[1:]))
    found = [Slide("title", title, lead)]
    start, end = 0, section(cells, "What to keep")[1]
    shown = True
    part = Part("", "")
    for cell in cells[start + 1 : end]:
        if cell["cell_type"] == "code":
            if shown:
                found += part.output(cell)
            continue
        for block in _blocks(source_of(cell)):
            if block[0].tag == "h2":
                part.tell(found)
                shown = not _words(block).startswith(LEFT_OUT)
                part = Part(_inside(block), _words(block))
                if shown and part.name != "What to keep":
                    found.append(Slide("question", part.title, ""))
            elif shown:
                part.read(block, found)
    if not any(slide.kind == "predict" for slide in found):
        raise ValueError("nothing is asked before *What to keep*: it needs a > **Predict.** …")
    return [
        slide for slide, then in zip(found, [*found[1:], None], strict=True) if _says(slide, then)
    ]


def _says(slide, then):
    """Tell whether a slide is more than a heading that nothing follows, or only itself."""
    if slide.kind != "question" or slide.body:
        return True
    if then is None or slide.title in PLAIN:
        return False
    return then.kind != "question" or then.caption == slide.title


def _inside(heading):
    """Return the HTML of a heading's words, or of a paragraph's, without its own tag."""
    return _html([token for token in heading if token.type == "inline"])


class Part:
    """A section while it is read: its heading, and what came since the last *Predict*.

    `told` is the answer in words that stands right after it, `printed` the cells' tables and lines.
    """

    def __init__(self, title, name):
        self.title, self.name, self.section = title, name, title
        self.begun = self.answering = False
        self.table = ""
        self.told, self.printed, self.asked = [], [], ""

    def read(self, block, found):
        """Add the slides that a block of text gives."""
        kind, words = block[0].type, _words(block)
        answering, self.answering = self.answering, False
        table, self.table = self.table, ""
        if kind == "heading_open":
            self.tell(found)
            self.title = _inside(block)
            found.append(Slide("question", self.title, "", self.section))
            self.begun = False
        elif kind == "blockquote_open" and words.startswith("**Predict.**"):
            self.tell(found)
            self.begun = self.answering = True
            bodies = _bodies(block)
            self.asked = bodies[0] if len(bodies) == 1 else ""
            found += [
                Slide("predict", self.title, body) for body in [*bodies[:-1], bodies[-1] + table]
            ]
        elif kind == "blockquote_open" and words.startswith("**Notice.**"):
            self.tell(found, noticed=True)
            self.begun = True
            found += [Slide("notice", self.title, body) for body in _bodies(block)]
        elif kind in {"table_open", "bullet_list_open"} and _goes_on(found[-1]):
            last = found.pop()
            found.append(Slide("notice", last.title, last.body + _html(block)))
        elif answering and kind in {"paragraph_open", "math_block"} and words[:5] != "*Try:":
            # One paragraph and its formula: a second one goes on to something else.
            self.told.append(block)
            self.answering = words.endswith(":")
        elif kind == "table_open":
            self.table = _html(block)
        elif kind == "math_block" and not self.begun and found[-1].kind == "question":
            last = found.pop()
            found.append(Slide("question", last.title, last.body + _html(block), last.caption))
        elif self.name == "What to keep" and kind == "bullet_list_open":
            found += [Slide("keep", self.title, body) for body in _lists(block)]

    def tell(self, found, noticed=False):
        """Add the slides of what was said and printed, and forget it.

        Nobody knows what a print is about that nothing asked for and no *Notice* comes back to.
        """
        if self.told:
            found += [Slide("answer", self.title, body, self.asked) for body in _told(self.told)]
            self.asked = ""
        if (self.asked or noticed) and (body := _together(self.printed)):
            found.append(Slide("output", self.title, body, self.asked))
        self.told, self.printed, self.asked = [], [], ""

    def output(self, cell):
        """Return the slides of a cell's figures; keep what else it has put out for later."""
        found, self.answering, self.table = [], False, ""
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "text/html" in data and "living-figure" in _text(data["text/html"]):
                found.append(Slide("living", self.title, _text(data["text/html"])))
            elif picture := _picture(cell, data):
                caption = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
                found.append(Slide("figure", self.title, picture, MARKDOWN.renderInline(caption)))
            elif "text/markdown" in data:
                self.printed += _table(_text(data["text/markdown"]), bool(self.asked))
            elif output["output_type"] == "stream":
                self.printed += _lines(_text(output["text"]), bool(self.asked))
        if found:
            # What is printed after the figure goes on from it.
            self.told, self.printed, self.asked = [], [], ""
        return found


def _told(blocks):
    """Return the HTML of an answer in words: cut, if it is long, and with its formula whole."""
    words = blocks[0][1].content
    rest = "".join(map(_html, blocks[1:]))
    parts = [MARKDOWN.render(part) for part in _halves(words)]
    return [*parts[:-1], parts[-1] + rest]


def _goes_on(slide):
    """Tell whether a remark ends with a colon: what follows belongs to it."""
    return slide.kind == "notice" and slide.body.rstrip().endswith(":</p>")


def _text(value):
    return value if isinstance(value, str) else "".join(value)


def _picture(cell, data):
    alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
    if "image/svg+xml" in data:
        drawing = _text(data["image/svg+xml"])
        width, height = map(float, SIZE.search(drawing).groups())
        source = f"svg+xml;base64,{b64encode(drawing.encode()).decode()}"
    elif "image/png" in data:
        picture = _text(data["image/png"]).strip()
        # A PNG begins with a mark of 16 bytes, then its width and its height.
        width, height = struct.unpack(">II", b64decode(picture)[16:24])
        source = f"png;base64,{picture}"
    else:
        return ""
    # The caption of a tall one stands beside it.
    tall = ' class="tall"' if height > 0.7 * width else ""
    return f'<img{tall} src="data:image/{source}" alt="{escape(alt)}">'


def _together(printed):
    """Return the HTML of what fits on one slide: what was printed first answers first."""
    html, room = "", LINES
    for each, lines in printed:
        if lines > room:
            break
        html, room = html + each, room - lines
    return html


def _lines(text, wanted):
    """Return printed lines as [(HTML, how many lines of a slide)]; too wide ones only if wanted."""
    lines = text.rstrip("\n").split("\n")
    if max(map(len, lines)) > COLUMNS:
        if not wanted:
            return []
        # Sentences more than columns: a line goes on below, further in.
        inner = "".join(f"<div>{escape(line)}</div>" for line in lines)
        count = sum(-(-len(line) // (COLUMNS - 4)) for line in lines)
        return [(f'<pre class="wide long">{inner}</pre>', count + 0.5)]
    wide = max(map(len, lines)) > 0.75 * COLUMNS or len(lines) > 0.6 * LINES
    html = f"<pre{' class=wide' if wide else ''}>{escape(text.rstrip())}</pre>"
    return [(html, len(lines) * (1 if wide else 1.3) + 0.5)]


def _table(text, wanted):
    """Return a table likewise; cells that are too wide for their column go on below."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    if not rows:
        return []
    shown = [[re.sub(r"[$\\{}`]", "", cell.strip()) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=False)]
    room = WIDTH - 2 * len(widths)
    if sum(widths) > room and not wanted:
        return []
    # As a browser does, roughly: what is too much is taken from the widest columns.
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    lines = sum(
        max(-(-len(cell) // width) for cell, width in zip(row, widths, strict=False)) + 0.3
        for row in shown[:1] + shown[2:]
    )
    return [(MARKDOWN.render(text), lines + 0.5)]


def _bodies(quote):
    """Return a remark's HTML, without its lead word, on as many slides as it needs."""
    inner = quote[1:-1]
    lead = next(token for token in inner if token.type == "inline")
    if len(_words(inner)) > LONG:
        return [MARKDOWN.render(half) for half in _halves(lead.content.partition("** ")[2])]
    # **Predict.** is a pair of marks with a word between them.
    del lead.children[
        : next(i for i, c in enumerate(lead.children) if c.type == "strong_close") + 1
    ]
    return [_html(inner)]


def _halves(text):
    """Return a long text in two parts, cut between the sentences nearest to its middle."""
    ends = [match.end() for match in SENTENCE.finditer(text)]
    if len(text) <= LONG or not ends:
        return [text]
    cut = min(ends, key=lambda end: abs(end - len(text) / 2))
    return [text[:cut], text[cut:]]


def _lists(block):
    """Return a list's HTML, on two slides if it is long."""
    items, depth = [], 0
    for token in block[1:-1]:
        if depth == 0:
            items.append([])
        items[-1].append(token)
        depth += token.nesting
    half = len(items) if len(_words(block)) <= LONG else (len(items) + 1) // 2
    groups = [items[:half], items[half:]]
    return [f"<ul>{''.join(map(_html, group))}</ul>" for group in groups if group]
