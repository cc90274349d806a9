"""Let the code of the pages run in the page: see the folder `live`.

Where Pyodide's files are in the cache (make book fetches them, see live/runtime.py), the pages
get buttons and what these need; where they are not, or LIVE=0 says so, the pages stay as they
are. A page loads nothing but a small script before its reader wants to run something.
"""

import json
import os
import sys
from pathlib import Path

import kept_pages
from docutils import nodes

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "live"
MEMORY = "live_pages.json"  # which file each page has
NO_TORCH = "PyTorch does not run in a browser."
NO_SCRIPT = "Where scripts are on, the code on this page can be changed and run."


def prepare(app):
    """Write the shared files; note in `app.live` what the loader is told, None without Python."""
    app.live = None
    if app.builder.format != "html" or os.environ.get("LIVE") == "0":
        return
    if not (ROOT / FOLDER / "runtime.py").exists():
        return
    if str(ROOT) not in sys.path:
        sys.path.append(str(ROOT))
    from live import assets, runtime

    try:
        files = runtime.fetch(tried={})
    except runtime.NotToBeHad:
        return
    folder = Path(app.outdir) / "_static" / FOLDER
    app.live = assets.write_all(files, ROOT, folder)
    app.live_manifest = json.loads((folder / app.live["manifest"]).read_text("utf-8"))
    app.live_imports, app.live_known = assets.Imports(ROOT), assets.known_of(ROOT)
    app.live_seconds = assets.load_seconds()


def notebook_of(app, docname):
    path = Path(app.env.doc2path(docname))
    return json.loads(path.read_text("utf-8")) if path.suffix == ".ipynb" else None


def cells_of(doctree):
    return [
        node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code"
    ]


def is_exercise(cell):
    """Tell whether a cell is the stub of an exercise: it is checked, and stored unsolved.

    >>> is_exercise({"source": "exercises.check_rank(None)", "outputs": [{"text": ["✗ None."]}]})
    True
    """
    stored = "".join("".join(output.get("text", "")) for output in cell["outputs"])
    return "check_" in "".join(cell["source"]) and stored.lstrip().startswith(("✗", "○"))


def mark_cells(app, doctree, docname):
    """Say in classes which cells can run, and which of them are exercises."""
    notebook = notebook_of(app, docname) if app.live else None
    boxes = cells_of(doctree) if notebook else []
    if not boxes:
        return
    from live import assets

    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if len(boxes) != len(cells):
        raise ValueError(f"{docname} shows {len(boxes)} of its {len(cells)} code cells")
    data = assets.page_data(
        notebook, app.live_imports, app.live_known, app.live_manifest, app.live_seconds
    )
    for box, cell, known in zip(boxes, cells, data, strict=True):
        if known["packs"] is None:
            box["elsewhere"] = NO_TORCH  # _ext/pages_reading.py says where
            continue
        box["classes"].append("live")
        if is_exercise(cell):
            box["classes"].append("live-check")
        if (seconds := round(known["seconds"] + known["before"])) >= 5:
            box["classes"].append(f"live-takes-{seconds}")
        if known["before"] >= 5:
            box["classes"].append("live-waits")
    file = assets.write(
        Path(app.outdir) / "_static" / FOLDER,
        f"{docname.rpartition('/')[2]}.json",
        json.dumps({"cells": data, "notebook": f"../../_sources/{docname}.ipynb"}),
    )
    app.env.live_pages = getattr(app.env, "live_pages", {}) | {docname: file}
    if all(known["packs"] is not None for known in data):
        app.env.live_whole = getattr(app.env, "live_whole", set()) | {docname}


def add_loader(app, pagename, templatename, context, doctree):
    page = getattr(app.env, "live_pages", {}).get(pagename) if app.live else None
    if page or (app.live and pagename == app.config.root_doc):
        told = {"page": page, "name": pagename, **app.live} if page else {}
        attributes = {f"data-{key}": value for key, value in told.items()}
        app.add_js_file(f"{FOLDER}/loader.js", loading_method="defer", **attributes)
        app.add_css_file(f"{FOLDER}/live.css")


def drop_old(app, exception):
    """Keep of what earlier builds wrote only what pages that were not rewritten use."""
    if exception or not app.live:
        return
    from live import assets

    before = kept_pages.recall(app, MEMORY)
    pages = kept_pages.keep(app, MEMORY, (before or {}) | getattr(app.env, "live_pages", {}))
    if before is not None:
        assets.WRITTEN.update(pages.values())
        assets.drop_old(Path(app.outdir) / "_static" / FOLDER)


def setup(app):
    app.connect("builder-inited", prepare)
    app.connect("doctree-resolved", mark_cells)
    app.connect("html-page-context", add_loader)
    app.connect("build-finished", drop_old)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
