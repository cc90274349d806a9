"""Put the whole course beside the pages as a zip that runs after one `pip install`.

It contains the files that git lists, as they are on disk. If git lists none, there is no zip, and
the directive `course-download`, which links to it, shows nothing.
"""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from docutils import nodes
from pages_address import ask_git
from sphinx.util.docutils import SphinxDirective

NAME = "activation-functions-course.zip"
TOP = Path("activation-functions")
TEXT = (
    '<p>Download <a href="{name}" download>the whole course as a zip</a> ({size:.1f} MB), and '
    "unpack it.</p>"
)


def pack(folder, target):
    """Write the files that git lists in `folder` to the zip `target`; [] if it lists none."""
    listed = [name for name in ask_git(folder, "ls-files", "-z").split("\0") if name]
    packed = [name for name in listed if (folder / name).is_file()]
    if packed:
        with ZipFile(target, "w", ZIP_DEFLATED) as course:
            for name in packed:
                course.write(folder / name, TOP / name)
    return packed


class CourseDownload(SphinxDirective):
    def run(self):
        target = Path(self.env.app.outdir) / NAME
        if not target.exists():
            return []
        text = TEXT.format(name=NAME, size=target.stat().st_size / 1e6)
        return [nodes.raw("", text, format="html")]


def write_zip(app):
    if app.builder.format == "html":
        pack(Path(app.srcdir), Path(app.outdir) / NAME)


def setup(app):
    # Before the pages are read, because the landing page states its size.
    app.connect("builder-inited", write_zip)
    app.add_directive("course-download", CourseDownload)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
