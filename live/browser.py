"""Python's side of the worker: import what is missing, tell the page what a cell shows."""

import base64
import html
import importlib.abc
import importlib.machinery
import json
import random
import sys
import zlib

import course_page
import numpy
from pyodide.ffi import to_js

from .kernel import Kernel
from .needs import from_summary
from .warned import prepared

LIBRARY = "/lib/python3.12"


class Fetcher(importlib.abc.MetaPathFinder):
    """Fetch the pack of what is imported for the first time."""

    def __init__(self):
        self.pack_of = course_page.packOf.to_py()

    def find_spec(self, name, path, target=None):
        pack = self.pack_of.get(name)
        if pack == "stdlib" and path is not None:
            # Parts of a package that every start needs come beside its zip.
            beside = f"{LIBRARY}/{name.rpartition('.')[0].replace('.', '/')}"
            if beside not in path:
                path.append(beside)
        # Some of Python's own library comes with Matplotlib.
        if pack and not course_page.has(pack) and not (pack == "stdlib" and is_there(name, path)):
            place(pack)
        return None


def is_there(name, path):
    return importlib.machinery.PathFinder.find_spec(name, path) is not None


def place(pack):
    for other in getattr(course_page.after, pack):
        if not course_page.has(other):
            place(other)
    data = course_page.fetchNow(pack).to_bytes()
    # A server may have unpacked it on the way.
    data = zlib.decompress(data, 31) if data[:2] == b"\x1f\x8b" else data
    course_page.place(pack, to_js(data))
    look_again()


def look_again():
    """Let imports find files that have just come.

    Unlike importlib's own function this imports nothing, which here could need a further pack.
    """
    for folder, finder in [*sys.path_importer_cache.items()]:
        if finder is None:
            # It was no folder when it was looked at.
            del sys.path_importer_cache[folder]
        elif hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()


class Blas(importlib.abc.MetaPathFinder):
    """Load OpenBLAS before the first part of SciPy that is linked against it."""

    def find_spec(self, name, path, target=None):
        if name == "scipy":
            sys.meta_path.remove(self)
            course_page.link("/usr/lib/libopenblas.so")
        return None


class PageKernel(Kernel):
    """A kernel whose figures move: of them the page is told more than their HTML."""

    prepared = staticmethod(prepared)

    def __init__(self, *given):
        super().__init__(*given)
        self.shown = []

    def extra(self, value):
        widgets = sys.modules.get("actlib.widgets")
        if widgets and isinstance(value, widgets.LivingFigure):
            return {"figure": {"name": value.name, "state": value._state_text()}}
        if widgets and isinstance(value, widgets.Controls):
            from ipywidgets import describe

            self.shown.append(value)
            controls = [describe(*each) for each in value.controls.items()]
            return {"controls": {"number": len(self.shown) - 1, "controls": controls}}
        return {}

    def move(self, number, name, value):
        """Set a control of the page's figure `number`; return the picture that it draws."""
        from ipywidgets import set_value

        figure = self.shown[number]
        set_value(figure.controls[name], value)
        return {
            "number": number,
            "picture": base64.b64encode(figure._picture.value).decode(),
            "said": html.unescape(figure._message.value),
        }


class Session:
    """The kernel of one page, as the worker calls it."""

    def __init__(self):
        self.kernel = None

    def run(self, cell, sources):
        sources = list(sources)
        if self.kernel is None:
            self.kernel = PageKernel(sources, self.emit, known())
        self.kernel.set_sources(sources)
        return self.kernel.run(cell)

    def emit(self, kind, data):
        course_page.tell(kind, json.dumps(data))

    def complete(self, text, cell):
        found = self.kernel.complete(text, cell) if self.kernel else []
        return json.dumps(found)

    def move(self, number, name, value):
        self.emit("moved", self.kernel.move(number, name, json.loads(value)))


def known():
    with open("/course/live/library.json") as file:
        return from_summary(json.load(file))


def prepare():
    """Import what every cell needs, before the memory is kept: a later start has it at once."""
    sys.meta_path[:0] = [Fetcher(), Blas()]
    for name in ("actlib.activations", "actlib.exercises", "numpy.random"):
        importlib.import_module(name)


def start():
    # Of a memory that was kept, the random numbers must not be those of the last visit.
    random.seed()
    numpy.random.seed()
    look_again()
    return Session()
