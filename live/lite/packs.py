"""Import NumPy, SciPy, Matplotlib and actlib in JupyterLite from the packs of the pages.

It goes into Python's library there as `sitecustomize`, so that it runs at each start; what is
imported for the first time is fetched then, from where the pages have it.
"""

import gzip
import importlib
import json
import os
import sys
from importlib.abc import MetaPathFinder
from zipfile import ZipFile

SITE = "/lib/python3.12/site-packages"
COURSE = "/course"
# As the worker of the pages does it: what is linked against OpenBLAS must find it loaded.
LINK = """(path) => {
    const { loadDynamicLibrary, LDSO, FS } = pyodide._module;
    const fs = { findObject: (name) => FS.findObject(name), readFile: (name) => FS.readFile(name) };
    const how = { loadAsync: false, nodelete: true, allowUndefined: true, global: true, fs };
    loadDynamicLibrary(path, how);
    LDSO.loadedLibsByName[path.split("/").pop()] = LDSO.loadedLibsByName[path];
}"""


class Packs(MetaPathFinder):
    """Find nothing itself, but fetch the pack of a module before the others look for it."""

    def __init__(self, packs):
        self.packs, self.here = packs, set()
        self.pack_of = {module: name for name, each in packs.items() for module in each["modules"]}
        self.pack_of["actlib"] = "course"

    def find_spec(self, name, path, target=None):
        if pack := self.pack_of.get(name):
            self.bring(pack)

    def bring(self, pack):
        if pack in self.here or pack not in self.packs:
            return
        self.here.add(pack)
        for other in self.packs[pack]["after"]:
            self.bring(other)
        self.place(fetched(self.packs[pack]["file"]), pack)
        if pack == "scipy":
            run_script(LINK, "/usr/lib/libopenblas.so")

    def place(self, data, pack):
        ours = pack in ("course", "figures")
        if ours and COURSE not in sys.path:
            # Last, because the stand-ins for IPython are there, which is itself here.
            sys.path.append(COURSE)
        head = 4 + int.from_bytes(data[:4], "little")
        for path, (start, size) in json.loads(data[4:head]).items():
            library = path.endswith(".so") and "/" not in path
            file = f"/usr/lib/{path}" if library else f"{COURSE if ours else SITE}/{path}"
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as opened:
                opened.write(data[head + start : head + start + size])
        importlib.invalidate_caches()


def fetched(file):
    """Return a pack's bytes; an import can't wait, so the worker does."""
    import pyodide_js
    from js import XMLHttpRequest

    request = XMLHttpRequest.new()
    request.open("GET", f"{pyodide_js._api.config.indexURL}../{file}", False)
    request.responseType = "arraybuffer"
    request.send()
    if request.status != 200:
        raise ImportError(f"{file} could not be fetched ({request.status})")
    data = request.response.to_bytes()
    # A server may have unpacked it on the way.
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def run_script(script, *given):
    import pyodide_js
    from pyodide.code import run_js

    run_js(f"(pyodide, ...given) => ({script})(...given)")(pyodide_js, *given)


if sys.platform == "emscripten":
    with ZipFile(next(path for path in sys.path if path.endswith(".zip"))) as library:
        sys.meta_path.insert(0, Packs(json.loads(library.read("packs.json"))))
