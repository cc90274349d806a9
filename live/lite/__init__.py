"""Build a JupyterLite site under the pages: the course in JupyterLab, in the browser.

JupyterLite's own command makes the site. Pyodide itself and the packs of NumPy, SciPy,
Matplotlib and actlib are those of the pages (see packs.py); beside them it needs IPython, the
widgets and its kernel, which go into the folder `python`.
"""

import io
import json
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import nbformat

from .. import runtime

HERE = Path(__file__).parent
FOLDER = "lite"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
# Of Pyodide's own packages, what the kernel imports at its start.
PYODIDES = [
    *("micropip", "packaging", "sqlite3", "ipython", "asttokens", "decorator", "executing"),
    *("matplotlib-inline", "prompt-toolkit", "pure-eval", "pygments", "six", "stack-data"),
    *("traitlets", "wcwidth", "jedi", "parso"),
]
WIDGETS = ("ipywidgets", "anywidget", "psygnal", "typing_extensions")
# Named by the kernel, which then looks for none of them on PyPI.
AT_START = [
    *("micropip", "piplite", "ssl", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "jedi"),
    *("ipython", "ipywidgets"),
]
# The packs whose files come otherwise: the widgets' stand-ins, what cells read, the library.
NOT_HERE = ("widgets", "data", "stdlib", "traitlets")
FIELD = re.compile(r"^(Name|Version|License|License-Expression): (.+)$", re.M)


class NotBuilt(Exception):
    """JupyterLite's command failed; the text is what it said."""


def build(files, root, folder, python):
    """Build the site in the folder of the pages, with the JupyterLite of another Python.

    files : what `runtime.fetch` returns; folder : of the pages, which have their packs already.
    """
    manifest = json.loads(next((folder / "_static/live").glob("manifest-*.json")).read_text())
    site = folder / FOLDER
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryDirectory() as made:
        source = Path(made)
        write_contents(root, source / "contents")
        config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings(manifest)}
        (source / "jupyter-lite.json").write_text(json.dumps(config))
        command = [
            *(Path(python).with_name("jupyter-lite"), "build", "--lite-dir", source),
            *("--contents", source / "contents", "--output-dir", site, "--apps", "lab"),
            *("--no-sourcemaps", "--no-unused-shared-packages"),
        ]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    if done.returncode:
        raise NotBuilt((done.stderr or done.stdout).strip()[-2000:])
    write_python(files, manifest, site, site_packages(python))
    (site / "licences.html").write_text(licences_page(site), "utf-8")


def settings(manifest):
    """Return JupyterLite's settings: Pyodide from the pages, and nothing from elsewhere."""
    kernel = {
        # The "./" keeps it from being read from the folder of JupyterLab.
        "pyodideUrl": f"./../_static/live/{manifest['core']['folder']}pyodide.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": "python/pyodide-lock.json",
            "stdLibURL": "python/python_stdlib.zip",
            "packages": AT_START,
        },
    }
    return {
        "appName": "Activation functions",
        "exposeAppInBrowser": True,
        "litePluginSettings": {f"{KERNEL}:kernel": kernel},
    }


def write_contents(root, folder):
    """Write what the reader finds in JupyterLab's file browser."""
    for path in sorted((root / "chapters").glob("*.ipynb")):
        file = folder / "chapters" / path.name
        file.parent.mkdir(parents=True, exist_ok=True)
        # JupyterLite hands on a text in a notebook as it is, and JupyterLab wants it in one piece.
        file.write_text(json.dumps(nbformat.read(path, as_version=4)), "utf-8")
    (folder / "benchmarks").mkdir()
    for path in (root / "benchmarks").glob("*.json"):
        shutil.copy(path, folder / "benchmarks")
    shutil.copy(root / "references.bib", folder)


def site_packages(python):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def zipped(contents):
    """Return {path: bytes} as a zip, the same for the same contents."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            archive.writestr(ZipInfo(name, (2025, 1, 1, 0, 0, 0)), contents[name], ZIP_DEFLATED)
    return file.getvalue()


def installed(site, names):
    """Return {path: bytes} of the Python code of installed packages, with what they say of
    themselves; what is compiled for this machine stays out."""
    found = {}
    for name in names:
        for path in [*site.glob(f"{name}.py"), *(site / name).rglob("*.py")]:
            if "tests" not in path.parts:
                found[path.relative_to(site).as_posix()] = path.read_bytes()
        for path in site.glob(f"{name}-*.dist-info/METADATA"):
            found[path.relative_to(site).as_posix()] = path.read_bytes()
    return found


def write_python(files, manifest, site, packages):
    """Write what the kernel loads, and a lock file that names it."""
    lock = json.loads(files[runtime.LOCK])
    folder = site / "python"
    folder.mkdir()
    listed = {}

    def add(name, file, data, depends=(), imports=(), version="1"):
        (folder / file).write_bytes(data)
        key = name.replace("_", "-")
        listed[key] = {
            "name": name,
            "version": version,
            # Pyodide looks beside itself.
            "file_name": f"../../../{FOLDER}/python/{file}",
            "sha256": runtime.digest(data),
            "depends": [each.replace("_", "-") for each in depends],
            "imports": list(imports),
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }

    for name in PYODIDES:
        entry = lock["packages"][name]
        file = entry["file_name"]
        add(name, file, files[file], entry["depends"], entry["imports"], entry["version"])
    for path in (site / "extensions" / KERNEL / "static" / "pypi").glob("*.whl"):
        name = path.name.partition("-")[0]
        if name != "widgetsnbextension":
            add(name, path.name, path.read_bytes())
    add("comm", "comm.zip", zipped(installed(packages, ["comm"])))
    widgets = zipped(installed(packages, WIDGETS))
    add("ipywidgets", "widgets.zip", widgets, imports=["ipywidgets", "anywidget"])
    # The kernel asks for it; the course never opens a connection.
    add("ssl", "ssl.zip", zipped({"no_ssl.txt": b"There is no ssl here.\n"}))
    told = json.dumps({"info": lock["info"], "packages": listed})
    (folder / runtime.LOCK).write_text(told, "utf-8")
    with ZipFile(io.BytesIO(files["python_stdlib.zip"])) as archive:
        library = {name: archive.read(name) for name in archive.namelist() if name[-1] != "/"}
    library["sitecustomize.py"] = (HERE / "packs.py").read_bytes()
    packs = {name: each for name, each in manifest["packs"].items() if name not in NOT_HERE}
    library["packs.json"] = json.dumps(packs).encode()
    (folder / "python_stdlib.zip").write_bytes(zipped(library))


def licences(site):
    """Return [(name and version, licence)] of the packages in the site's folder `python`."""
    found = set()
    for path in (site / "python").glob("*.[wz]*"):
        with ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".dist-info/METADATA"):
                    told = archive.read(name).decode("utf-8", "replace")
                    fields = dict(FIELD.findall(told))
                    licence = fields.get("License-Expression") or fields.get("License")
                    # Some have it among their classifiers alone.
                    listed = re.search(r"^Classifier: License.* :: (.+)$", told, re.M)
                    licence = licence or (listed[1] if listed else "see its source")
                    found.add((f"{fields['Name']} {fields['Version']}", licence))
    return sorted(found, key=lambda each: each[0].lower())


def licences_page(site):
    """Return the page that lists the licences of what JupyterLite brings."""
    rows = "".join(f"<li>{escape(name)}: {escape(what)}</li>\n" for name, what in licences(site))
    scripts = "".join(
        f'<li><a href="{path}">{path}</a></li>\n'
        for path in sorted(
            each.relative_to(site).as_posix() for each in site.rglob("third-party-licenses.json")
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Licences of what JupyterLite brings</title>\n"
        "<h1>Licences of what JupyterLite brings</h1>\n"
        "<p>Those of Pyodide and of its larger packages are on "
        '<a href="../_static/live/licences.html">a page of their own</a>.</p>\n'
        f"<h2>Python</h2>\n<ul>\n{rows}</ul>\n"
        f"<h2>Scripts</h2>\n<ul>\n{scripts}</ul>\n</html>\n"
    )
