"""Bring the living figures of `actlib.widgets` to life on the pages that hold one.

A page's cell output carries a still picture and the figure's state; here the page gets the
style sheet, the loader and the scripts of the figures it shows, and no other page gets any.
"""

import re

from docutils import nodes

from actlib.widgets.assets import figure_names, page_scripts, stylesheet

FIGURE = re.compile(r'<div class="living-figure" data-figure="(\w+)"')
FOLDER = "living"


def write_assets(app):
    if app.builder.format != "html":
        return
    folder = app.outdir / "_static" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for file, source in {**page_scripts(), "figures.css": stylesheet()}.items():
        (folder / file).write_text(source, encoding="utf-8")


def add_assets(app, page, template, context, doctree):
    if doctree is None:
        return
    shown = {name for raw in doctree.findall(nodes.raw) for name in FIGURE.findall(raw.astext())}
    shown = sorted(shown & {*figure_names()})
    if shown:
        app.add_css_file(f"{FOLDER}/figures.css")
    # Deferred scripts run in the order in which they stand, once the page is read.
    for file in ["figures", *shown] if shown else []:
        app.add_js_file(f"{FOLDER}/{file}.js", loading_method="defer")


def setup(app):
    app.connect("builder-inited", write_assets)
    app.connect("html-page-context", add_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
