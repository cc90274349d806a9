"""Which part may import which, read from the source."""

import ast
import sys

import pytest
from course import ROOT

PACKAGE = ROOT / "actlib"

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


def name_of(path):
    """Return the name by which a file of the package is imported."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


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


def test_no_file_imports_itself_indirectly():
    imported = {name_of(path): {*modules(path)} for path in PACKAGE.rglob("*.py")}
    waiting = {name: {*found} & {*imported} - {name} for name, found in imported.items()}
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
