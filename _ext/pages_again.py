"""Bring pages that a second build does not write up to date: their scripts, and whether they stay.

Sphinx names a script's content in its address only on pages that it writes, and leaves the pages
that are no longer part of the book.
"""

import re
from os.path import normpath
from pathlib import Path
from zlib import crc32

import kept_pages

MEMORY = "pages.json"
VERSION = re.compile(r'(?<=")([^"?]+)\?v=[0-9a-f]{8}(?=")')


def renew(html, folder, known):
    """Return a page in `folder` with the version that each file beside it has now."""

    def address(match):
        path = normpath(folder / match[1])
        if path not in known and Path(path).is_file():
            # As Sphinx does, whatever ends the lines.
            content = Path(path).read_bytes().replace(b"\r\n", b"\n")
            known[path] = f"{crc32(content):08x}"
        return f"{match[1]}?v={known[path]}" if path in known else match[0]

    return VERSION.sub(address, html)


def bring_up_to_date(app, exception):
    if exception or app.builder.format != "html":
        return
    before = kept_pages.recall(app, MEMORY) or {}
    there = kept_pages.keep(app, MEMORY, before | dict.fromkeys(app.env.found_docs))
    for page in before.keys() - there.keys():
        Path(app.builder.get_outfilename(page)).unlink(missing_ok=True)
    known = {}
    for page in there:
        path = Path(app.builder.get_outfilename(page))
        html = path.read_text("utf-8")
        if (renewed := renew(html, path.parent, known)) != html:
            path.write_text(renewed, "utf-8")


def setup(app):
    # Once all that is shared is as it stays.
    app.connect("build-finished", bring_up_to_date, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
