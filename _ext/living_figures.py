"""Bring the living figures of `actlib.widgets` to life on the pages that have any.

A page's cell output contains a still picture and the figure's state; here the page gets the
style sheet and the loader, which fetches a figure's script when a reader comes near. A page
without figures gets neither.
Each picture becomes a file, so that a page whose figure comes to life need not fetch it, and has a
second one for the dark theme.
"""

import hashlib
import re
from base64 import b64decode
from pathlib import Path

from docutils import nodes
from pages_night import write_night
from sphinx.util.osutil import relative_uri

import actlib

FIGURE = '<div class="living-figure" data-figure="'
STILL = re.compile(r'<img src="data:image/(svg|png)(?:\+xml)?;base64,([^"]+)"([^>]*)>')
WIDE = '<div class="wide-figure">'
FOLDER = "living"
LAST = "figures.css"  # of the shared files: where it is, all are


def write_assets(app):
    """Write what all figures share, unless what an earlier build wrote is newer than actlib."""
    folder = app.outdir / "_static" / FOLDER
    if app.builder.format != "html" or is_newer(folder / LAST, Path(actlib.__file__).parent):
        return
    # To import the figures takes a good part of the time in which one chapter is built again.
    from actlib import widgets
    from actlib.widgets.kit.assets import page_scripts, stylesheet

    folder.mkdir(parents=True, exist_ok=True)
    figures = [each for each in vars(widgets).values() if hasattr(each, "fetched")]
    data = {name: make() for figure in figures for name, make in figure.fetched.items()}
    for file, source in {**page_scripts(data), LAST: stylesheet()}.items():
        (folder / file).write_text(source, encoding="utf-8")


def is_newer(file, package):
    """Return whether a file is there and newer than all files of a package."""
    sources = (each.stat().st_mtime for each in package.rglob("*.*") if each.suffix != ".pyc")
    return file.exists() and file.stat().st_mtime > max(sources)


def write_stills(app, doctree, docname):
    if app.builder.format != "html":
        return
    page = app.builder.get_target_uri(docname)

    def as_file(match):
        kind, picture = match[1], b64decode(match[2])
        name = f"{FOLDER}-{hashlib.sha256(picture).hexdigest()[:12]}.{kind}"
        folder = app.outdir / app.builder.imagedir
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(picture)
        files = {"by-day": name, "by-night": write_night(folder / name, folder / name)}
        return "".join(
            f'<img src="{relative_uri(page, f"{app.builder.imagedir}/{file}")}" class="{shown}" '
            f'loading="lazy" decoding="async"{match[3]}>'
            for shown, file in files.items()
            if file
        )

    for raw in [*doctree.findall(nodes.raw)]:
        html = STILL.sub(as_file, raw.astext())
        if html != raw.astext():
            raw.replace_self(nodes.raw("", html, format="html"))


def add_assets(app, page, template, context, doctree):
    if doctree is None:
        return
    shown = [raw.astext() for raw in doctree.findall(nodes.raw)]
    context["wide"] = any(WIDE in html for html in shown)
    if any(FIGURE in html for html in shown):
        app.add_css_file(f"{FOLDER}/{LAST}")
        app.add_js_file(f"{FOLDER}/figures.js", loading_method="defer")


def setup(app):
    app.connect("builder-inited", write_assets)
    app.connect("doctree-resolved", write_stills)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
