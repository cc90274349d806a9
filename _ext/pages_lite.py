"""Put JupyterLite beside the pages: the course in JupyterLab, in the browser (`make lite`).

LITE names the Python that has JupyterLite. The site is built before the pages are, so that they
have buttons for it only if there is one; without LITE there is none. See live/lite.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import quote

from sphinx.errors import ExtensionError
from sphinx.util.osutil import relative_uri

FOLDER = "lite"
NAME = "JupyterLite"


def build_site(app):
    """Build the site, or remove that of an earlier build."""
    app.lite = False
    if app.builder.format != "html":
        return
    shutil.rmtree(Path(app.outdir) / FOLDER, ignore_errors=True)
    if not (python := os.environ.get("LITE")):
        return
    if not app.live:
        raise ExtensionError("JupyterLite needs Python in the pages, whose files are not here")
    from live import lite, runtime

    try:
        files = runtime.fetch(packages=[*runtime.PACKAGES, *lite.PYODIDES])
        lite.build(files, Path(app.srcdir), Path(app.outdir), python)
    except (runtime.NotToBeHad, lite.NotBuilt, OSError) as error:
        raise ExtensionError(f"JupyterLite could not be built: {error}") from error
    app.lite = True


def lite_link(builder, docname):
    """Return where a page's notebook opens in JupyterLite; None where it doesn't run there."""
    if not builder.app.lite or docname not in getattr(builder.env, "live_whole", ()):
        return None
    address = f"{FOLDER}/lab/index.html?path={quote(f'{docname}.ipynb')}"
    return relative_uri(builder.get_target_uri(docname), address)


def add_button(app, pagename, templatename, context, doctree):
    link = lite_link(app.builder, pagename) if doctree else None
    if not link:
        return
    groups = context["header_buttons"]
    group = next((each for each in groups if each.get("label") == "launch-buttons"), None)
    if not group:
        group = {
            "type": "group",
            "tooltip": "Launch interactive content",
            "icon": "fas fa-rocket",
            "label": "launch-buttons",
            "buttons": [],
        }
        groups.append(group)
    group["buttons"].append(
        {
            "type": "link",
            "text": NAME,
            "tooltip": "Open the notebook in JupyterLab, in this browser",
            "icon": "fas fa-flask",
            "url": link,
        }
    )


def setup(app):
    # After live_pages has written what the site shares with the pages.
    app.connect("builder-inited", build_site, priority=600)
    # After the theme, at 501, has made its buttons, and pages_address has changed them.
    app.connect("html-page-context", add_button, priority=503)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
