"""Join the small style sheets of a page into one, because each request costs a phone time.

Pages that use the same sheets share the joined one. The theme's main sheet and basic.css, which
_templates/static/ links, come first and stay separate.
"""

import hashlib
import json
import re
from pathlib import PurePosixPath

FOLDER = "sheets"
# The first line of a joined sheet names its parts, so that a later build can write it again.
HEAD = re.compile(r"/\* (\[.*\]) \*/")
URL = re.compile(r"""url\(\s*(["']?)(?!["']|data:|https?:|[/#])""")
# Written after the pages. MyST-NB's has its version in its name.
LATE = ("mystnb.", "pygments.css")
CHARSET = re.compile(r"^\s*@charset [^;]*;")


def joined(static, parts, without=()):
    """Return the style sheets `parts`, files in the folder `static`, joined as one text.

    Files whose names begin with an entry of `without` are left out.
    """
    texts = [f"/* {json.dumps(parts)} */"]
    for part in parts:
        if part.startswith(tuple(without)):
            continue
        text = CHARSET.sub("", (static / part).read_text("utf-8"))
        if "@import" in text:
            raise ValueError(f"{part} imports another sheet, allowed only where a file starts")
        # An address is relative to the sheet that contains it.
        texts.append(URL.sub(rf"url(\1../{PurePosixPath(part).parent}/", text))
    return "\n".join(texts)


def link_joined(app, pagename, templatename, context, doctree):
    sheets = sorted(context["css_files"], key=lambda sheet: sheet.priority)
    parts = [str(sheet.filename).removeprefix("_static/") for sheet in sheets]
    file = f"{FOLDER}/{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]}.css"
    static = app.outdir / "_static"
    if file not in app.joined_sheets:
        app.joined_sheets.add(file)
        (static / FOLDER).mkdir(exist_ok=True)
        # Sphinx derives the version in the link from it, so it contains all that may change.
        (static / file).write_text(joined(static, parts, LATE), "utf-8")
    context["css_files"] = [type(sheets[0])(f"_static/{file}")]


def rejoin(app, exception):
    """Write all joined sheets in full."""
    if exception or app.builder.format != "html":
        return
    static = app.outdir / "_static"
    for sheet in (static / FOLDER).glob("*.css"):
        with sheet.open(encoding="utf-8") as lines:
            parts = json.loads(HEAD.match(next(lines))[1])
        if all((static / part).exists() for part in parts):
            sheet.write_text(joined(static, parts), "utf-8")
        else:
            sheet.unlink()  # from an earlier version: no page links to it


def start(app):
    app.joined_sheets = set()


def setup(app):
    app.connect("builder-inited", start)
    # Late: a page's sheets are known by then (pages_head), and the theme has written its own.
    app.connect("html-page-context", link_joined, priority=950)
    app.connect("build-finished", rejoin, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
