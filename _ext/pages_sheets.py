"""Join the small style sheets of a page into one, as a phone pays for each request.

Pages that use the same sheets share the joined one. The theme's main sheet and basic.css, which
_templates/static/ links, come first and stay by themselves.
"""

import hashlib
import json
import re
from pathlib import PurePosixPath

FOLDER = "sheets"
# The first line of a joined sheet names its parts, from which a later build writes it anew.
HEAD = re.compile(r"/\* (\[.*\]) \*/")
URL = re.compile(r"""url\(\s*(["']?)(?!["']|data:|https?:|[/#])""")
# Written when the pages stand already. MyST-NB's bears its version in its name.
LATE = ("mystnb.", "pygments.css")
CHARSET = re.compile(r"^\s*@charset [^;]*;")


def joined(static, parts, without=()):
    """Return the style sheets `parts`, files in the folder `static`, as the text of one.

    Left out are files whose names begin as `without` says.
    """
    texts = [f"/* {json.dumps(parts)} */"]
    for part in parts:
        if part.startswith(tuple(without)):
            continue
        text = CHARSET.sub("", (static / part).read_text("utf-8"))
        if "@import" in text:
            raise ValueError(f"{part} imports another sheet, which only a file's start may do")
        # An address inside counts from the sheet it stands in.
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
        # Sphinx takes from it the version that the link bears: all that may change is in.
        (static / file).write_text(joined(static, parts, LATE), "utf-8")
    context["css_files"] = [type(sheets[0])(f"_static/{file}")]


def rejoin(app, exception):
    """Write all joined sheets whole."""
    if exception or app.builder.format != "html":
        return
    static = app.outdir / "_static"
    for sheet in (static / FOLDER).glob("*.css"):
        with sheet.open(encoding="utf-8") as lines:
            parts = json.loads(HEAD.match(next(lines))[1])
        if all((static / part).exists() for part in parts):
            sheet.write_text(joined(static, parts), "utf-8")
        else:
            sheet.unlink()  # of an earlier version: no page links it


def start(app):
    app.joined_sheets = set()


def setup(app):
    app.connect("builder-inited", start)
    # Late, when a page's sheets are known (pages_head), and when the theme has written its own.
    app.connect("html-page-context", link_joined, priority=950)
    app.connect("build-finished", rejoin, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
