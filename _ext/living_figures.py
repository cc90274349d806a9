"""Bring the living figures of `actlib.widgets` to life on the pages that have any.

A page's cell output contains a still picture and the figure's state; here the page gets the
style sheet and the loader, which fetches a figure's script when a reader comes near. A page
without figures gets neither.
Each picture becomes a file, so that a page whose figure comes to life need not fetch it, and has a
second one for the dark theme.
"""

import hashlib
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

from docutils import nodes
from pages_night import write_night
from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

import actlib

FIGURE = '<div class="living-figure" data-figure="'
STILL = re.compile(r'<img src="data:image/(svg|png)(?:\+xml)?;base64,([^"]+)"([^>]*)>')
WIDE = '<div class="wide-figure">'
FOLDER = "living"
LAST = "figures.css"  # of the shared files: living_files.py writes it last
PACKAGE = Path(actlib.__file__).parent


def start_files(app):
    """Let the shared files be written, unless what an earlier build wrote is newer than actlib."""
    sheet = app.outdir / "_static" / FOLDER / LAST
    app.living_files = None
    if app.builder.format == "html" and not is_newer(sheet, PACKAGE):
        command = [sys.executable, Path(__file__).with_name("living_files.py"), sheet]
        app.living_files = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def finish_files(app, env):
    """Wait for them: the first page that is written needs their checksums."""
    if app.living_files is not None:
        _, errors = app.living_files.communicate()
        if app.living_files.returncode:
            raise ExtensionError(f"the files of the living figures were not written:\n{errors}")


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
    app.connect("builder-inited", start_files)
    app.connect("env-updated", finish_files)
    app.connect("doctree-resolved", write_stills)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
