"""What a chapter's deck shows, read from the chapter's own structure.

A section gives a slide with its question and its displayed formulas; each *Predict* a slide, each
figure a slide with its caption, and each *Notice* a slide. Where no figure stands between a
*Predict* and its *Notice*, tables and printed lines are shown, as many as fit. Exercises, questions
and what comes after *What to keep* are not shown; their place is the sheet and the page.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from html import escape

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from .. import formulas
from ..handed_in import source_of
from ..sheets import read, section

LEFT_OUT = ("What you will be able to do", "Exercises", "Test yourself")
# What fits on a slide of 1280 px in letters of 28 px.
LINES, COLUMNS = 13, 68
SIZE = re.compile(r'viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"')
# Longer texts go on two slides, cut between sentences.
LONG = 620


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


def markdown():
    """Return a reader of the chapters' Markdown that sets formulas as the pages do."""
    md = MarkdownIt("commonmark").enable("table")
    md.use(
        dollarmath_plugin,
        renderer=lambda latex, info: formulas.html(latex.strip(), info["display_mode"]),
    )
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
    """Return the slides of a chapter."""
    cells = read(chapter)["cells"]
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
                shown = not _words(block).startswith(LEFT_OUT)
                part = Part(_inside(block), _words(block))
                if shown and part.name != "What to keep":
                    found.append(Slide("question", part.title, ""))
            elif shown:
                part.read(block, found)
    return [
        slide for slide, then in zip(found, [*found[1:], None], strict=True) if _says(slide, then)
    ]


def _says(slide, then):
    """Tell whether a slide is more than a heading that nothing follows, or only itself."""
    if slide.kind != "question" or slide.body:
        return True
    if then is None or then.kind in {"living", "keep"}:
        return False
    return then.kind != "question" or then.caption == slide.title


def _inside(heading):
    """Return the HTML of a heading's words, or of a paragraph's, without its own tag."""
    return _html([token for token in heading if token.type == "inline"])


class Part:
    """A section while it is read: its heading, and what was printed since the last *Predict*."""

    def __init__(self, title, name):
        self.title, self.name, self.section = title, name, title
        self.begun = False
        self.printed, self.asked = [], ""

    def read(self, block, found):
        """Add the slides that a block of text gives."""
        kind = block[0].type
        if kind == "heading_open":
            self.title = _inside(block)
            found.append(Slide("question", self.title, "", self.section))
            self.begun = False
        elif kind == "blockquote_open" and _words(block).startswith("**Predict.**"):
            self.begun, self.printed = True, []
            bodies = _bodies(block)
            self.asked = bodies[0] if len(bodies) == 1 else ""
            found += [Slide("predict", self.title, body) for body in bodies]
        elif kind == "blockquote_open" and _words(block).startswith("**Notice.**"):
            if self.printed:
                found.append(Slide("output", self.title, _together(self.printed), self.asked))
            self.begun, self.printed, self.asked = True, [], ""
            found += [Slide("notice", self.title, body) for body in _bodies(block)]
        elif kind in {"table_open", "bullet_list_open"} and _goes_on(found[-1]):
            last = found.pop()
            found.append(Slide("notice", last.title, last.body + _html(block)))
        elif kind == "math_block" and not self.begun and found[-1].kind == "question":
            last = found.pop()
            found.append(Slide("question", last.title, last.body + _html(block), last.caption))
        elif self.name == "What to keep" and kind == "bullet_list_open":
            found += [Slide("keep", self.title, body) for body in _lists(block)]

    def output(self, cell):
        """Return the slides of a cell's figures; keep what else it has put out for later."""
        found = []
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "text/html" in data and "living-figure" in _text(data["text/html"]):
                found.append(Slide("living", self.title, _text(data["text/html"])))
            elif picture := _picture(cell, data):
                caption = cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption", "")
                found.append(Slide("figure", self.title, picture, MARKDOWN.renderInline(caption)))
            elif "text/markdown" in data:
                self.printed += _table(_text(data["text/markdown"]))
            elif output["output_type"] == "stream":
                self.printed += _lines(_text(output["text"]))
        if found:
            self.printed = []
        return found


def _goes_on(slide):
    """Tell whether a remark ends with a colon: what follows belongs to it."""
    return slide.kind == "notice" and slide.body.rstrip().endswith(":</p>")


def _text(value):
    return value if isinstance(value, str) else "".join(value)


def _picture(cell, data):
    alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
    tall = ""
    if "image/svg+xml" in data:
        drawing = _text(data["image/svg+xml"])
        width, height = map(float, SIZE.search(drawing).groups())
        # Its caption then stands beside it.
        tall = ' class="tall"' if height > 0.7 * width else ""
        source = f"svg+xml;base64,{b64encode(drawing.encode()).decode()}"
    elif "image/png" in data:
        source = f"png;base64,{_text(data['image/png']).strip()}"
    else:
        return ""
    return f'<img{tall} src="data:image/{source}" alt="{escape(alt)}">'


def _together(printed):
    """Return the HTML of what fits on one slide: what was printed first answers first."""
    html, room = "", LINES
    for each, lines in printed:
        if lines <= room:
            html, room = html + each, room - lines
    return html


def _lines(text):
    """Return printed lines as [(HTML, how many lines of a slide)], or [] if they do not fit."""
    lines = text.rstrip("\n").split("\n")
    if len(lines) > LINES or max(map(len, lines)) > COLUMNS:
        return []
    wide = max(map(len, lines)) > 0.75 * COLUMNS or len(lines) > 0.6 * LINES
    html = f"<pre{' class=wide' if wide else ''}>{escape(text.rstrip())}</pre>"
    return [(html, len(lines) * (1 if wide else 1.3) + 0.5)]


def _table(text):
    """Return a table likewise."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    if not rows:
        return []
    columns = [*zip(*rows, strict=False)]
    widths = [
        max(len(re.sub(r"[$\\{}]", "", cell.strip())) for cell in column) for column in columns
    ]
    fits = len(rows) <= LINES - 1 and sum(widths) + 3 * len(widths) <= COLUMNS + 8
    return [(MARKDOWN.render(text), len(rows) + 0.5)] if fits else []


def _bodies(quote):
    """Return a remark's HTML, without its lead word, on as many slides as it needs."""
    inner = quote[1:-1]
    lead = next(token for token in inner if token.type == "inline")
    # **Predict.** is a pair of marks with a word between them.
    del lead.children[
        : next(i for i, c in enumerate(lead.children) if c.type == "strong_close") + 1
    ]
    whole = _html(inner)
    if len(_words(inner)) <= LONG:
        return [whole]
    halves, sentences = (
        [[], []],
        re.split(r"(?<=[.?!:]) (?=[A-Z])", lead.content.partition("** ")[2]),
    )
    total = sum(map(len, sentences))
    for sentence in sentences:
        before = sum(map(len, halves[0]))
        halves[0 if not halves[1] and before + len(sentence) / 2 < total / 2 else 1].append(
            sentence
        )
    return [MARKDOWN.render(" ".join(half)) for half in halves if half]


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
