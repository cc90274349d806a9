"""Which part may import which, read from the source."""

import ast
import sys
from functools import cache

import pytest
from course import ROOT

PACKAGE = ROOT / "actlib"

# folder of the repository -> the folders above it in this table that it may import
HOUSE = {
    "actlib": set(),
    "live": {"actlib"},
    "_engines": set(),
    "_ext": {"actlib", "live"},
    "teach": {"actlib", "live"},
    "tools": {"actlib", "_ext"},
    "tests/kit": {"actlib", "live", "tools"},
    "benchmarks": {"actlib", "_ext", "teach", "tests/kit"},
    "tests": {"actlib", "live", "_ext", "teach", "tools", "tests/kit", "benchmarks"},
}
# The folders whose files are imported by their bare names, because scripts put them on the path.
ON_THE_PATH = ("_ext", "tools", "tests/kit", "benchmarks", "benchmarks/libraries")

# subpackage -> the subpackages and third-party packages that it may import
MAY_IMPORT = {
    "activations": {"numpy", "scipy"},
    "losses": {"activations", "numpy"},
    "calculus": {"numpy"},
    "comparing": {"numpy"},
    "datasets": {"numpy"},
    "networks": {"activations", "losses", "numpy"},
    "reference": {"activations", "numpy", "scipy"},
    "plotting": {"numpy", "matplotlib", "matplotlib_inline", "IPython", "PIL"},
    "exercises": {"activations", "losses", "calculus", "numpy"},
    "widgets": {
        *("activations", "losses", "networks", "datasets", "plotting"),
        *("ipywidgets", "anywidget", "traitlets", "numpy", "matplotlib"),
    },
}


def modules(path):
    """Yield the full name of each module that a file imports, wherever in the file it does so.

    What is imported from a module is yielded as well: it may be a module itself.
    """
    package = path.relative_to(PACKAGE.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            source = ".".join([*above, *([node.module] if node.module else [])])
            # A name that a package takes from one of its own files is not an import of the package.
            inside = node.level == 1 and not node.module
            yield from [] if inside else [source]
            yield from (f"{source}.{alias.name}" for alias in node.names)


def folder_of(path):
    """Return the folder in the table that a file of the repository is in."""
    inside = path.relative_to(ROOT).parts
    return "tests/kit" if inside[:2] == ("tests", "kit") else inside[0]


@cache
def sources():
    """Return the Python files of the repository, those that are built or hidden apart."""
    tops = [path for path in ROOT.iterdir() if path.name != "_build" and path.name[0] != "."]
    found = [path for top in tops if top.is_dir() for path in top.rglob("*.py")]
    found += [path for path in tops if path.suffix == ".py"]
    return {path for path in found if "node_modules" not in path.parts}


@cache
def targets():
    """Return {file: the files of the repository that it imports, by full or by bare name}."""
    named = {path.relative_to(ROOT).with_suffix("").as_posix(): path for path in sources()}
    named |= {name.removesuffix("/__init__"): path for name, path in named.items()}
    return {path: {*_targets(path, named)} for path in sources()}


def _targets(path, named):
    package = path.parent.relative_to(ROOT).as_posix()
    for module in modules(path):
        relative = module.replace(".", "/")
        for folder in ("", package, *ON_THE_PATH):
            found = named.get(f"{folder}/{relative}".lstrip("/"))
            if found not in (None, path):
                yield found
                break


def imports(path):
    """Yield the subpackages and packages that a file imports."""
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in modules(path):
        first, _, rest = module.partition(".")
        name = rest.partition(".")[0] if first == "actlib" else first
        if name and name != room and name not in sys.stdlib_module_names:
            yield name


def files(room):
    return (
        [PACKAGE / f"{room}.py"]
        if (PACKAGE / f"{room}.py").exists()
        else [*(PACKAGE / room).rglob("*.py")]
    )


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_subpackage_imports_only_what_it_may(room):
    assert files(room)
    for path in files(room):
        assert set(imports(path)) <= MAY_IMPORT[room], path.name


FIGURES = PACKAGE / "widgets"


@pytest.mark.parametrize("folder", [path.name for path in FIGURES.iterdir() if path.is_dir()])
def test_a_figure_imports_only_its_own_folder_and_the_kit(folder):
    for path in (FIGURES / folder).glob("*.py"):
        for module in modules(path):
            room, _, rest = module.removeprefix("actlib.").partition(".")
            if room == "widgets":
                assert rest.partition(".")[0] in {folder, "kit"}, f"{path.name} imports {module}"


@pytest.mark.parametrize("folder", HOUSE)
def test_a_folder_imports_only_what_it_may(folder):
    for path in (each for each in sources() if folder_of(each) == folder):
        used = {folder_of(target) for target in targets()[path]} - {folder}
        assert used <= HOUSE[folder], path.relative_to(ROOT)


def test_every_folder_with_code_is_in_the_table_below_what_it_imports():
    assert {folder_of(path) for path in sources()} == set(HOUSE)
    above = set()
    for folder, may in HOUSE.items():
        assert may <= above, folder
        above.add(folder)


def test_no_file_imports_itself_indirectly():
    waiting = {
        path.relative_to(ROOT): {each.relative_to(ROOT) for each in to}
        for path, to in targets().items()
    }
    while ready := {name for name, needed in waiting.items() if not needed}:
        waiting = {name: needed - ready for name, needed in waiting.items() if name not in ready}
    assert not waiting, "these files are in an import cycle, or import one that is"


def test_every_subpackage_is_in_the_table():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    # `questions` is data, read by `widgets`.
    assert rooms - {"__init__", "__pycache__", "course", "questions"} == set(MAY_IMPORT)


def test_the_map_names_all_subpackages():
    import actlib

    assert all(f"`{room}`" in actlib.__doc__ for room in MAY_IMPORT)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import torch", {"torch"}),
        ("def f():\n    from actlib.plotting import curves", {"plotting"}),
        ("from actlib import networks", {"networks"}),
        ("from ..networks import MLP", {"networks"}),
        ("from .. import networks", {"networks"}),
        ("from .inputs import as_real\nimport math", set()),
    ],
)
def test_an_import_is_seen_wherever_it_is(tmp_path, monkeypatch, source, found):
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path / "actlib")
    path = tmp_path / "actlib" / "activations" / "smooth.py"
    path.parent.mkdir(parents=True)
    path.write_text(source)
    assert set(imports(path)) == found
