"""Write images that load lazily, keep their place while they load, and say what they show.

A figure is there twice, by day and by night (see pages_night); course.css shows one of the two, and
the other is not fetched.

An image without an alternative text, or with its file name instead (which MyST-NB writes if a
notebook gives none), causes a warning, and so fails the build.
"""

import re
import struct
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from pages_night import write_night
from sphinx.util import logging

logger = logging.getLogger(__name__)

PIXELS = {"": 1, "px": 1, "pt": 4 / 3, "in": 96, "mm": 96 / 25.4, "cm": 96 / 2.54}


def size_of(path):
    """Return the width and height of an SVG or PNG file in CSS pixels, None if it states none."""
    start = Path(path).read_bytes()[:4000]
    if start.startswith(b"\x89PNG"):
        return struct.unpack(">II", start[16:24])
    tag = re.search(r"<svg\b[^>]*>", start.decode("utf-8", "replace"))
    found = [
        tag and re.search(rf'\s{side}="([\d.]+)(\w*)"', tag[0]) for side in ("width", "height")
    ]
    if not all(found):
        return None
    return tuple(
        round(float(number) * PIXELS[unit]) for number, unit in (m.groups() for m in found)
    )


def visit_image(translator, node):
    builder = translator.builder
    source = node["uri"]
    name = builder.images.get(source)
    alt = node.get("alt", "")
    if not alt or Path(alt).stem == Path(source).stem:
        logger.warning(
            "an image has no alternative text: say what it shows, in the cell's metadata "
            "(mystnb.image.alt) or between the square brackets",
            location=node,
            type="pages",
            subtype="alt",
        )
    attributes = {"src": f"{builder.imgpath}/{quote(name)}" if name else source, "alt": alt}
    size = size_of(Path(builder.srcdir) / source) if name else None
    if size:
        attributes["width"], attributes["height"] = size
    # Every page begins with text, whose style sheets should not compete with images.
    attributes |= {"decoding": "async", "loading": "lazy"}
    source = Path(builder.srcdir) / source
    night = write_night(source, Path(builder.outdir) / builder.imagedir / name) if name else ""
    if night:
        attributes["class"] = "by-day"
    translator.body.append(translator.emptytag(node, "img", "\n", **attributes))
    if night:
        attributes |= {"src": f"{builder.imgpath}/{quote(night)}", "class": "by-night"}
        translator.body.append(translator.emptytag(node, "img", "\n", **attributes))


def depart_image(translator, node):
    pass


def setup(app):
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
