"""What pages had that are not written this time: kept in a file beside the doctrees."""

import json
from pathlib import Path


def recall(app, name):
    """Return the {page: what it had} of the build before; None where there was none."""
    memory = Path(app.doctreedir) / name
    return json.loads(memory.read_text("utf-8")) if memory.exists() else None


def keep(app, name, pages):
    """Keep {page: what it has} for the next build; return those that the book still has."""
    pages = {page: each for page, each in pages.items() if page in app.env.found_docs}
    (Path(app.doctreedir) / name).write_text(json.dumps(pages), "utf-8")
    return pages
