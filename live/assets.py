"""Write what the pages load: packs, scripts and, for each page, what its cells need.

Every file is named after its content, so that a browser fetches it once and never asks again.
"""

import ast
import hashlib
import io
import json
import re
import shutil
from dataclasses import dataclass
from functools import cache
from html import escape
from zipfile import ZipFile

import matplotlib
from matplotlib.colors import to_hex, to_rgb

from . import runtime
from .needs import Notebook, library

PAGE = runtime.LIVE / "page"
KATEX = runtime.LIVE.parent / "_ext" / "katex" / "katex.min.js"
# The names of what this build has written; `drop_old` removes what earlier ones have.
WRITTEN = set()
COMMENT = re.compile(r"^\s*//.*\n", re.M)
READING = re.compile(r"\b(Path|open)\b")
# SciPy is two thirds of what some cells fetch. Reading the code finds whether one needs it, but
# here: these use it by way of a table or a figure, and these only name what would.
SCIPY = ("atlas-groups", "libraries-edges-20", "libraries-edges-inf-run", "libraries-edges-nan-run")
NO_SCIPY = (
    *("libraries-export-gelu", "libraries-gelu-versions"),
    *("e231ed04", "ce153070", "c0af58e5", "821f4024"),  # relu_family
    *("70e69696", "e9bd2072"),  # sigmoid_tanh
    *("7d21c6b0", "8763a12b2bbd4a93a75aff182afb95dc"),  # why_nonlinearity
    *("2fef3c5c", "a7e4764c"),  # quick_reference
)


def named(name, data):
    """Return a file's name with the start of its content's hash in it.

    >>> named("session.js", b"")
    'session-e3b0c442.js'
    """
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(data).hexdigest()[:8]}.{suffix}"


def write(folder, name, data):
    """Write data into a folder under a name that bears its hash; return the name."""
    data = data.encode() if isinstance(data, str) else data
    file = named(name, data)
    WRITTEN.add(file)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / file).exists():
        (folder / file).write_bytes(data)
    return file


def drop_old(folder):
    """Remove from the folder what an earlier build wrote and this one did not."""
    for path in folder.iterdir():
        if path.name not in WRITTEN:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def script(name):
    """Return a script of ours without the comments, which are for who reads the source."""
    return COMMENT.sub("", (PAGE / name).read_text("utf-8"))


def lean(text):
    """Return a script or a style sheet without comments on lines of their own and indentation."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


# ---- The runtime's files ---------------------------------------------------------------------


def write_core(files, folder):
    """Write Pyodide itself; return what the worker is told about it."""
    lock = json.loads(files[runtime.LOCK])
    hashes = [runtime.PINNED["core"]["python_stdlib.zip"]]
    library = runtime.kept_in_cache("stdlib.gz", hashes, lambda: runtime.standard_library(files))
    contents = {
        **{name: files[name] for name in ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm")},
        "stdlib.bin": library,
    }
    together = hashlib.sha256(b"".join(contents.values())).hexdigest()[:8]
    core = folder / f"core-{together}"
    core.mkdir(parents=True, exist_ok=True)
    WRITTEN.add(core.name)
    sizes = {}
    for name, data in contents.items():
        if not (core / name).exists():
            (core / name).write_bytes(data)
        sizes[name] = {"raw": len(data), "size": packed_size(name, data)}
    counted = {name: sizes[name] for name in ("pyodide.asm.wasm", "stdlib.bin")}
    total = sum(each["size"] for each in sizes.values())
    return {"folder": f"{core.name}/", "files": counted, "size": total, "info": lock["info"]}


def packed_size(name, data):
    """Return what a file weighs on its way, compressed by the server unless it is already."""
    if name.endswith(".bin"):
        return len(data)
    made = runtime.kept_in_cache(
        f"{name}.size", [runtime.digest(data)], lambda: b"%d" % len(runtime.gzip.compress(data, 6))
    )
    return int(made)


def write_packs(files, root, folder):
    """Write the packs; return {name: file, size, modules, after}."""
    made, taken = {}, set()
    # A module that two packs hold is fetched with the smaller one.
    for name in [
        "stdlib",
        *(n for n in runtime.PACKS if n != "stdlib"),
        "widgets",
        "course",
        "data",
        "figures",
    ]:
        data, modules = runtime.cached_pack(name, files, root)
        modules = list(runtime.APART.get(name, modules))
        modules = [module for module in modules if module not in taken]
        taken |= {*modules}
        made[name] = {
            "file": write(folder, f"{name}.pack", data),
            "size": len(data),
            "modules": modules if name not in ("course", "data") else [],
            "after": runtime.AFTER.get(name, []),
        }
    return made


def night():
    """Return {colour of the course's style by day: at night}, as the living figures have them."""
    style = matplotlib.rc_params_from_file(
        runtime.LIVE.parent / "actlib" / "course.mplstyle", use_default_template=False
    )

    def mix(color, other, share):
        a, b = to_rgb(color), to_rgb(other)
        return to_hex([share * x + (1 - share) * y for x, y in zip(a, b, strict=True)])

    ground = "#17181c"
    paper, ink = to_hex(style["axes.facecolor"]), to_hex(style["text.color"])
    colors = {
        to_hex(f"#{each['color'].strip('#')}"): mix(f"#{each['color'].strip('#')}", "white", 0.5)
        for each in style["axes.prop_cycle"]
    }
    return {
        **colors,
        paper: ground,
        "#ffffff": ground,
        "#000000": mix(paper, ground, 0.9),
        ink: mix(paper, ground, 0.9),
        to_hex(style["axes.edgecolor"]): mix(paper, ground, 0.5),
        to_hex(style["grid.color"]): mix(paper, ground, 0.14),
    }


def write_all(files, root, folder):
    """Write all that pages share; return the names that the loader is told."""
    vendor = write(folder, "vendor.js", (PAGE / "vendor.js").read_bytes())
    session = script("session.js").replace("./vendor.js", f"./{vendor}")
    manifest = {
        "version": runtime.PINNED["version"],
        "core": write_core(files, folder),
        "packs": write_packs(files, root, folder),
        "worker": write(folder, "worker.js", script("memory.js") + script("worker.js")),
        "style": write(folder, "session.css", (PAGE / "session.css").read_bytes()),
        "katex": write(folder, "katex.js", KATEX.read_bytes()),
        "night": night(),
    }
    (folder / "loader.js").write_text(lean(script("loader.js")), "utf-8")
    style = (PAGE / "live.css").read_text("utf-8")
    (folder / "live.css").write_text(lean(style), "utf-8")
    (folder / "licences.html").write_text(licences_page(files), "utf-8")
    WRITTEN.update(("loader.js", "live.css", "licences.html"))
    return {
        "session": write(folder, "session.js", session),
        "manifest": write(folder, "manifest.json", json.dumps(manifest)),
    }


LICENCE = re.compile(r"(^|/)(licen[cs]e|copying|notice)[^/]*$", re.I)
FIELD = re.compile(r"^(Name|Version|License|License-Expression): (.+)$", re.M)


def licences(files):
    """Return [(name and version, licence, text)] of all that is hosted beside the course."""
    lock = json.loads(files[runtime.LOCK])
    version = runtime.PINNED["version"]
    found = [(f"Pyodide {version}", "MPL-2.0", "Source: the repository pyodide/pyodide.")]
    names = [name for pack in runtime.PACKS.values() for name in pack]
    for name in names:
        entry = lock["packages"][name]
        with ZipFile(io.BytesIO(files[entry["file_name"]])) as archive:
            listed = archive.namelist()
            told = next((n for n in listed if n.endswith(".dist-info/METADATA")), None)
            fields = (
                dict(FIELD.findall(archive.read(told).decode("utf-8", "replace"))) if told else {}
            )
            texts = [
                archive.read(n).decode("utf-8", "replace").strip()
                for n in listed
                if LICENCE.search(n) and not n.endswith((".py", ".pyc"))
            ]
        licence = fields.get("License-Expression") or fields.get("License", "").split("\n")[0]
        found.append(
            (f"{name} {entry['version']}", licence[:80] or "see below", "\n\n".join(texts))
        )
    vendor = (PAGE / "vendor-licences.txt").read_text("utf-8").split("\n\n\u2014\n\n")
    for each in vendor:
        head, _, text = each.partition("\n\n")
        name, _, licence = head.rpartition(" (")
        found.append((name, licence.rstrip(")"), text))
    version = re.search(r"KaTeX ([\d.]+)", (KATEX.parent / "README.md").read_text("utf-8"))
    text = (KATEX.parent / "LICENSE").read_text("utf-8")
    found.append((f"katex {version[1]}", "MIT", text.strip()))
    # What has no text in its file: Python's own library, and OpenBLAS.
    known = {
        "Python 3.12.7": ("PSF-2.0", "Its standard library. Source: python.org."),
        "openblas": ("BSD-3-Clause", "Source: the repository OpenMathLib/OpenBLAS."),
    }
    found.insert(1, ("Python 3.12.7", *known["Python 3.12.7"]))
    return [
        (name, *known["openblas"]) if name.startswith("openblas") else (name, licence, text)
        for name, licence, text in found
    ]


def licences_page(files):
    """Return the page that lists the licences of all that is hosted."""
    listed = licences(files)
    rows = "".join(
        f"<details><summary>{escape(name)}: {escape(licence)}</summary><pre>{escape(text)}</pre>"
        "</details>\n"
        for name, licence, text in listed
    )
    return LICENCES_PAGE.format(rows=rows)


LICENCES_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Licences of what runs Python in these pages</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ max-width: 44rem; margin: 2rem auto; padding: 0 1.25rem; }}
  body {{ font: 1rem/1.6 system-ui, sans-serif; }}
  summary {{ padding: 0.3rem 0; cursor: pointer; }}
  pre {{ white-space: pre-wrap; font-size: 0.8125rem; }}
</style>
<h1>Licences of what runs Python in these pages</h1>
<p>The course itself is under the licences named at the foot of its pages.</p>
{rows}</html>
"""


# ---- What a page's cells need ----------------------------------------------------------------


class Imports:
    """Which packs the rooms of actlib import, at once or when one of their functions is called."""

    def __init__(self, root):
        self.at_once, self.uses, self.lazy = {}, {}, {}
        for path in sorted((root / "actlib").rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            package = module if parts[-1] == "__init__" else module.rpartition(".")[0]
            self.read(module, package, ast.parse(path.read_text("utf-8")))
        for name, names in self.uses.items():
            self.uses[name] = {each for each in names if each in self.uses and each != name}
        self.closure = cache(self.closure)

    def read(self, module, package, tree):
        tops = [(top, Words.of(top)) for top in tree.body]
        imports = [node for _, words in tops for node in words.imports]
        at_once = [node for top, words in tops if not is_definition(top) for node in words.imports]
        self.at_once.setdefault(module, set()).update(*(imported(n, package) for n in at_once))
        # np.zeros is not the zeros of this package.
        here = {
            alias.asname or alias.name
            for node in imports
            if isinstance(node, ast.ImportFrom) and (node.level or node.module.startswith("actlib"))
            for alias in node.names
        }
        known = here | {name for top in tree.body for name in defined(top)}
        for top, words in tops:
            for name in defined(top):
                self.uses.setdefault(name, set()).update(words.used(here) & known)
                if later := [imported(node, package) for node in words.imports]:
                    self.lazy.setdefault(name, set()).update(*later)

    def closure(self, modules):
        """Return the modules that importing some, a frozenset, imports in turn."""
        found, open_ = set(), {*modules}
        while open_:
            name = open_.pop()
            if name in found:
                continue
            found.add(name)
            open_ |= self.at_once.get(name, set())
            if "." in name:
                open_.add(name.rpartition(".")[0])
        return found

    def called(self, words):
        """Return the modules that using some names may import."""
        found, seen, open_ = set(), set(), words & self.uses.keys()
        while open_:
            name = open_.pop()
            seen.add(name)
            found |= self.lazy.get(name, set())
            open_ |= self.uses[name] - seen
        return found


def is_definition(node):
    return isinstance(node, (ast.FunctionDef, ast.ClassDef))


def defined(node):
    if is_definition(node):
        return [node.name]
    # Of a table, such as the columns by their names, an entry counts where it is named.
    if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Dict):
        return [each.id for each in node.targets if isinstance(each, ast.Name)]
    return []


@dataclass(frozen=True)
class Words:
    """What a piece of code names, from one walk through it."""

    bare: set  # names as they stand
    taken: set  # (name, attribute), as in np.zeros
    texts: set  # strings
    imports: list  # the statements, wherever they stand

    @classmethod
    def of(cls, tree):
        found = cls(set(), set(), set(), [])
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                found.bare.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.taken.add((node.value.id, node.attr))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.texts.add(node.value)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                found.imports.append(node)
        return found

    def used(self, imports):
        """Return the names that the code uses: bare ones, and those taken from `imports`."""
        return self.bare | {attribute for name, attribute in self.taken if name in imports}


@cache
def words_of(source):
    return Words.of(ast.parse(source))


def imported(node, package):
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        base = package.split(".")[: len(package.split(".")) - node.level + 1]
        start = ".".join([*base, *filter(None, [node.module])]) if node.level else node.module
        return {start, *(f"{start}.{alias.name}" for alias in node.names)}
    return set()


def packs_for(book, cell, imports, manifest):
    """Return the packs that a cell and what it needs import; None where it can't run."""
    sources = [book.units[i].source for i in [*book.needs(cell), *book.units_of(cell)]]
    code = [words_of(source) for source in sources]
    own = {name.rpartition(".")[2] for name in book.modules(cell) if name.startswith("actlib")}
    # An activation may be named by its name, as in MLP(sizes, "gelu", …).
    named = set().union(*(words.texts for words in code))
    used = set().union(*(words.used(own) for words in code))
    modules = imports.closure(frozenset(book.modules(cell))) | imports.called(used | named)
    modules |= imports.closure(frozenset(modules))
    tops = {module.partition(".")[0] for module in modules}
    if "torch" in tops & {each.partition(".")[0] for each in book.modules(cell)}:
        return None
    by_module = {
        module: name for name, pack in manifest["packs"].items() for module in pack["modules"]
    }
    asked = (tops | modules) & by_module.keys()
    for pack in asked & runtime.BRINGS.keys():
        asked -= {*runtime.BRINGS[pack]}
    found = {by_module[each] for each in asked}
    # Whoever reads a file of the course names it from the folder of the chapters.
    reads = any(READING.search(source) for source in sources)
    if reads or any(name.startswith("../") for name in named):
        found.add("data")
    return sorted(found - {"numpy"})


def as_seen(cell, packs):
    """Return a cell's packs, corrected where a run shows another need of SciPy."""
    if packs is None or cell not in (*SCIPY, *NO_SCIPY):
        return packs
    return sorted({*packs} | {"scipy"} if cell in SCIPY else {*packs} - {"scipy"})


def page_data(notebook, imports, known, manifest, seconds):
    """Return what a page must know of its cells: code, stored outputs, packs, times."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    book = Notebook(["".join(cell["source"]) for cell in cells], known)
    return [
        {
            "id": cell["id"],
            "source": book.sources[i],
            "packs": as_seen(cell["id"], packs_for(book, i, imports, manifest)),
            "outputs": [kept_output(output) for output in cell["outputs"]],
            "alt": cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", ""),
            "seconds": seconds.get(cell["id"], 0),
            "before": sum(seconds.get(cells[j]["id"], 0) for j in at_work_for(book, i)),
        }
        for i, cell in enumerate(cells)
    ]


def at_work_for(book, cell):
    """Return the earlier cells of which a cell needs a statement that may take long.

    The first, which imports, has the start of Python in its time; that is said otherwise.
    """
    units = [book.units[i] for i in book.needs(cell)]
    return {unit.cell for unit in units if unit.cell and calls(unit.source)}


@cache
def calls(source):
    """Tell whether a statement calls something, rather than only defining it."""
    statement = ast.parse(source).body[0]
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return False
    return any(isinstance(node, ast.Call) for node in ast.walk(statement))


def kept_output(output):
    """Return an output without its pictures, whose place is kept, and without tracebacks."""
    if "data" not in output:
        return {key: value for key, value in output.items() if key != "traceback"}
    images = [kind for kind in output["data"] if kind.startswith("image/")]
    if images:
        data = {"image/png": True}
    else:
        kinds = ("text/markdown", "text/html", "text/plain")
        data = {kind: output["data"][kind] for kind in kinds if kind in output["data"]}
        if "text/html" in data:
            # A living figure's state is long, and in the page already.
            data = {"text/html": short_hash("".join(data["text/html"]))}
    return {"output_type": output["output_type"], "data": data}


PICTURE = re.compile(r'src="data:[^"]*"')


def short_hash(html):
    """Return the FNV-1a hash of a text, its pictures left out, as session.js computes it.

    >>> short_hash('<img src="data:image/png;base64,AAAA">') == short_hash('<img >')
    True
    """
    value = 0x811C9DC5
    for byte in PICTURE.sub("", html).encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def load_seconds():
    path = runtime.LIVE / "seconds.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def known_of(root):
    return library([path.read_text("utf-8") for path in sorted((root / "actlib").rglob("*.py"))])
