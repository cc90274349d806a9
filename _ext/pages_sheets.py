"""Write into each page the style rules that it uses, and link to no sheet.

On a phone, a page waits for its style sheets a round trip longer than for itself, and the theme's
have six times the rules that a page uses. A name that a script contains counts as used, and so does
one of which it contains the start, as in `living-cycle-${place}`: the script may give it to an
element.
"""

import re
from pathlib import PurePosixPath

from style_rules import rules_of, without_idle_properties, written

# The theme's own sheets, which come first. Its theme.css does nothing but import basic.css.
THEME = ("basic.css", "styles/pydata-sphinx-theme.css")
SCRIPTS = ("*.js", "scripts/*.js", "living/*.js", "live/*.js")
PLACE = re.compile(r'(<style data-sheets="([^"]*)">)(.*?)(?=</style>)', re.S)
ROOT = re.compile(r'data-content_root="([^"]*)"')
NAMES = re.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
WORD = re.compile(r"[A-Za-z_][\w-]*")
START = re.compile(r"""(?<![\w-])([A-Za-z_][\w-]*-)(?=\$\{|["'`])""")
NAME = re.compile(r"[.#]([\w-]+)")
PROPERTY = re.compile(r"--[\w-]+")
URL = re.compile(r"""url\(\s*(["']?)(?!["']|data:|https?:|[/#])""")
CHARSET = re.compile(r"^\s*@charset [^;]*;")


def name_sheets(app, pagename, templatename, context, doctree):
    """Tell the template (_templates/static/) which sheets the page has, instead of linking them."""
    sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    names = [str(sheet.filename).removeprefix("_static/") for sheet in sheets]
    context["sheets"] = " ".join([*THEME, *names])
    context["css_files"] = []


class Sheets:
    """The sheets of a book, each read once."""

    def __init__(self, static):
        self.static, self.read = static, {}
        paths = [path for pattern in SCRIPTS for path in sorted(static.glob(pattern))]
        scripts = "\n".join(path.read_text("utf-8") for path in paths)
        self.names = {*WORD.findall(scripts)}
        self.starts = tuple({*START.findall(scripts)})
        self.properties = {*PROPERTY.findall(scripts)}

    def rules(self, sheet):
        if sheet not in self.read:
            text = CHARSET.sub("", (self.static / sheet).read_text("utf-8"))
            if "@import" in text:
                raise ValueError(f"{sheet} imports another sheet, which a page would not get")
            # An address is relative to the sheet that contains it; a page puts its own way first.
            text = URL.sub(rf"url(\1\0{PurePosixPath(sheet).parent}/", text)
            self.read[sheet] = rules_of(text)
            self.names.update(n for n in NAME.findall(text) if n.startswith(self.starts))
        return self.read[sheet]

    def fill(self, html):
        """Return a page with the rules that it uses in the place that the template left."""
        place = PLACE.search(html)
        if not place:
            return html
        rest = html[: place.start()] + html[place.end() :]
        names = {name for found in NAMES.findall(rest) for name in "".join(found).split()}
        rules = [rule for sheet in place[2].split() for rule in self.rules(sheet)]
        css = written(rules, names | self.names)
        css = without_idle_properties(css, self.properties | {*PROPERTY.findall(rest)})
        css = css.replace("\0", f"{ROOT.search(html)[1]}_static/")
        return html[: place.end(1)] + css + html[place.end() :]


def fill_pages(app, exception):
    """Fill all pages, those of an earlier build too: a sheet may have changed."""
    if exception or app.builder.format != "html":
        return
    sheets = Sheets(app.outdir / "_static")
    for path in sorted(app.outdir.rglob("*.html")):
        html = path.read_text("utf-8")
        if (filled := sheets.fill(html)) != html:
            path.write_text(filled, "utf-8")


def setup(app):
    # Late: a page's sheets are known by then (pages_head).
    app.connect("html-page-context", name_sheets, priority=950)
    # After the theme's sheets are trimmed, and those written that come last, such as MyST-NB's.
    app.connect("build-finished", fill_pages, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
