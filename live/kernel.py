"""Run the cells of one page: the same in the browser's worker and in the tests.

A cell is run after what it needs (see `needs`), so that it prints what the page shows, whatever
was run before. What has run already is not run again, unless something else has since changed
what it made: then the names are cleared and all that is needed runs anew.
"""

import ast
import base64
import builtins
import io
import keyword
import linecache
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout, suppress
from types import ModuleType

from .needs import Notebook

REPRS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/latex": "_repr_latex_",
    "application/json": "_repr_json_",
}


class Written(io.TextIOBase):
    """A stream that hands on what is written to it, `name` first."""

    def __init__(self, name, emit):
        self.name, self.emit = name, emit

    def write(self, text):
        if text:
            self.emit("stream", {"name": self.name, "text": str(text)})
        return len(text)

    def writable(self):
        return True

    def isatty(self):
        return False


def as_text(data):
    return base64.b64encode(data).decode() if isinstance(data, bytes) else data


def bundle(value):
    """Return ({MIME type: data}, metadata) that a value is shown by, as Jupyter asks for it."""
    data, metadata = {}, {}
    if figure := as_figure(value):
        return draw(figure)
    if callable(method := getattr(type(value), "_repr_mimebundle_", None)):
        made = method(value)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        data = {kind: as_text(each) for kind, each in (data or {}).items()}
    for kind, name in REPRS.items():
        method = getattr(type(value), name, None)
        if kind not in data and callable(method):
            made = method(value)
            if isinstance(made, tuple):
                made, metadata[kind] = made
            if made is not None:
                data[kind] = as_text(made)
    data.setdefault("text/plain", repr(value))
    return data, metadata


def as_figure(value):
    module = sys.modules.get("matplotlib.figure")
    return value if module and isinstance(value, module.Figure) else None


def draw(figure):
    """Return a figure as a page shows it: SVG, or PNG where the course's style asks for it."""
    from actlib import plotting

    width, height = (round(96 * inches) for inches in figure.get_size_inches())
    size = {"width": width, "height": height}
    text = f"<Figure size {width}x{height}>"
    if figure.get_rasterized():
        kind, data = "image/png", as_text(plotting.as_png(figure))
    else:
        kind, data = "image/svg+xml", plotting.as_svg(figure)
    return {kind: data, "text/plain": text}, {kind: size}


class Kernel:
    """The names of a page and what has been run into them.

    `sources`: the code of its code cells, in order. `known`: what `needs.library` found out
    about the functions that they import. `emit(kind, data)` is told what a cell shows.
    """

    def __init__(self, sources, emit, known=None):
        self.emit, self.known = emit, known
        self.book = Notebook(sources, known)
        self.clear()

    def clear(self):
        """Forget all names, and undo what cells set outside of them."""
        module = ModuleType("__main__")
        module.__dict__.update(display=self.display, get_ipython=lambda: None, __kernel__=self)
        # What is defined in a cell says that it belongs to __main__, as in a notebook.
        sys.modules["__main__"] = module
        self.names = module.__dict__
        self.history = []  # (key, effects) of the units that ran, in order
        if plt := sys.modules.get("matplotlib.pyplot"):
            plt.close("all")
            sys.modules["matplotlib"].rcdefaults()
        if numpy := sys.modules.get("numpy"):
            numpy.seterr(all="warn", under="ignore")
            numpy.set_printoptions(**PRINTING)

    def set_sources(self, sources):
        """Take over the code of all cells, edits included."""
        if list(sources) != self.book.sources:
            self.book = Notebook(sources, self.known)

    # ---- Which statements run ------------------------------------------------------------

    def writers(self, name, units):
        """Return the keys of the units that made what `name` stands for, in order."""
        found = []
        for key, effects in units:
            if name in effects.changes or name in effects.binds:
                if name in effects.binds and name not in effects.changes:
                    found = []
                found.append(key)
        return found

    def plan(self, cell):
        """Return (units that must still run before a cell, whether names are cleared first)."""
        book = self.book
        needed, own = book.needs(cell), book.units_of(cell)
        keyed = {i: (book.key(i), book.units[i].effects) for i in [*needed, *own]}
        ran = {key for key, _ in self.history}
        pending = [i for i in needed if keyed[i][0] not in ran]
        wanted, actual = [], [*self.history]
        for i in needed:
            if i in pending:
                if not self.agrees(keyed[i][1], wanted, actual):
                    return needed, True
                actual.append(keyed[i])
            wanted.append(keyed[i])
        for i in own:
            if not self.agrees(keyed[i][1], wanted, actual):
                return needed, True
            actual.append(keyed[i])
            wanted.append(keyed[i])
        return pending, False

    def agrees(self, effects, wanted, actual):
        names = effects.reads | effects.later | effects.changes
        return all(self.writers(name, wanted) == self.writers(name, actual) for name in names)

    # ---- Running -------------------------------------------------------------------------

    def run(self, cell):
        """Run a cell after what it needs; return True unless it raised."""
        pending, clear = self.plan(cell)
        if clear and self.history:
            self.clear()
        for done, i in enumerate(pending):
            self.emit("before", {"done": done, "of": len(pending)})
            if not self.run_before(i):
                return False
        self.emit("start", {})
        with suppress(KeyError):
            sys.modules["matplotlib.pyplot"].close("all")
        own = self.book.units_of(cell)
        # Each run of a cell gives its warnings, as in a notebook.
        self.names.pop("__warningregistry__", None)
        try:
            with self.streams():
                self.run_source(self.book.sources[cell], self.name_of(cell))
                self.show_figures()
            failed = ""
        except BaseException as error:
            self.complain(error, cell)
            # How far it came is not known: what it may have made counts as made by nobody.
            failed = " failed"
        self.history += [(self.book.key(i) + failed, self.book.units[i].effects) for i in own]
        return not failed

    def run_before(self, i):
        """Run a statement of an earlier cell in silence; return False where it raises."""
        unit = self.book.units[i]
        nothing = Written("stdout", lambda *_: None)
        try:
            with redirect_stdout(nothing), redirect_stderr(nothing):
                code = "\n" * (unit.line - 1) + unit.source
                self.run_source(code, self.name_of(unit.cell), show=False)
                if plt := sys.modules.get("matplotlib.pyplot"):
                    plt.close("all")
        except BaseException as error:
            self.emit("start", {})
            self.complain(error, unit.cell, earlier=True)
            return False
        self.history.append((self.book.key(i), unit.effects))
        return True

    def run_source(self, source, name, show=True):
        tree = self.prepared(ast.parse(source, name), source, self.names)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self.names)
        if last:
            value = eval(compile(ast.Expression(last.value), name, "eval"), self.names)
            if show and value is not None and not source.rstrip().endswith(";"):
                self.show("result", value)

    @staticmethod
    def prepared(tree, source, names):
        """Return a cell's code as it is to run; the worker's kernel changes it."""
        return tree

    @staticmethod
    def name_of(cell):
        return f"<cell {cell + 1}>"

    def streams(self):
        class Both:
            def __enter__(both):
                both.out = redirect_stdout(Written("stdout", self.emit))
                both.err = redirect_stderr(Written("stderr", self.emit))
                both.out.__enter__(), both.err.__enter__()

            def __exit__(both, *error):
                both.err.__exit__(*error), both.out.__exit__(*error)

        return Both()

    def display(self, *values, raw=False, metadata=None, **_):
        """Show values, as Jupyter's display does: those that are `raw` are {MIME type: data}."""
        for value in values:
            if raw:
                data = {kind: as_text(each) for kind, each in value.items()}
                self.emit("display", {"data": data, "metadata": metadata or {}})
            else:
                self.show("display", value)

    def show(self, kind, value):
        if callable(own := getattr(type(value), "_ipython_display_", None)):
            own(value)
            return
        data, metadata = bundle(value)
        self.emit(kind, {"data": data, "metadata": metadata, **self.extra(value)})

    def extra(self, value):
        """Return what more a page must know of a value; the worker's kernel does."""
        return {}

    def show_figures(self):
        """Show the figures that the cell has left open, and close them."""
        plt = sys.modules.get("matplotlib.pyplot")
        for number in plt.get_fignums() if plt else ():
            self.display(plt.figure(number))
            plt.close(number)

    def complain(self, error, cell, earlier=False):
        """Show an error as its last line and the line of the cell that it points to."""
        if isinstance(error, SyntaxError) and (error.filename or "").startswith("<cell"):
            line, code = error.lineno, (error.text or "").rstrip("\n")
            where = int(error.filename[6:-1]) - 1
        else:
            frames = [
                frame
                for frame in traceback.extract_tb(error.__traceback__)
                if frame.filename.startswith("<cell")
            ]
            line = frames[-1].lineno if frames else None
            code = frames[-1].line if frames else ""
            where = int(frames[-1].filename[6:-1]) - 1 if frames else cell
        said = "".join(traceback.format_exception_only(error)).strip().split("\n")[-1]
        if isinstance(error, NameError) and error.name:
            said += self.hint(error.name, cell)
        self.emit(
            "error",
            {
                "name": type(error).__name__,
                "value": str(error),
                "said": said,
                "line": line,
                "code": code.strip(),
                "cell": where,
                "earlier": earlier,
            },
        )

    def hint(self, name, cell):
        """Say where a name is defined, if another cell of the page does it."""
        for unit in self.book.units:
            if name in unit.effects.loops and unit.cell < cell:
                return ". A loop further up has used the name; no cell hands on what it left."
            if name in unit.effects.binds and unit.cell > cell:
                return ". A later cell defines it: define it above, or here."
        return ""

    # ---- Help while writing --------------------------------------------------------------

    def complete(self, text, cell):
        """Return the names that `text`, the code up to the caret, may go on with, and their kind.

        After a dot, what the object has; it is looked up, never computed.
        """
        start = len(text)
        while start and (text[start - 1].isidentifier() or text[start - 1] in "._0123456789"):
            start -= 1
        path, _, begun = text[start:].rpartition(".")
        if not path:
            names = {name: "variable" for name in self.names if not name.startswith("_")}
            for unit in self.book.units:
                if unit.cell <= cell:
                    names |= dict.fromkeys(unit.effects.binds, "variable")
            names |= dict.fromkeys(keyword.kwlist, "keyword")
            names |= {name: "function" for name in dir(builtins) if not name.startswith("_")}
        else:
            first, *rest = path.split(".")
            try:
                value = self.names[first]
                for each in rest:
                    value = getattr(value, each)
            except (KeyError, AttributeError):
                return []
            names = {name: kind_of(value, name) for name in dir(value)}
        return sorted(
            [name, kind]
            for name, kind in names.items()
            if name.startswith(begun) and name != begun and (begun or not name.startswith("_"))
        )[:200]


def kind_of(value, name):
    # A property is not asked for its value, which may cost or change something.
    kind = getattr(type(value), name, None)
    if not isinstance(kind, property):
        with suppress(Exception):
            kind = getattr(value, name)
    return "function" if callable(kind) else "variable"


def _printing():
    import numpy

    return numpy.get_printoptions()


PRINTING = _printing()
