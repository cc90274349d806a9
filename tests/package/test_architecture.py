"""Who may import whom, read from the source. The table is design.md's."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "actlib"

# room -> the rooms and the third-party packages it may import
MAY_IMPORT = {
    "activations": {"numpy", "scipy"},
    "losses": {"activations", "numpy"},
    "calculus": {"numpy"},
    "datasets": {"numpy", "sklearn"},
    "networks": {"activations", "losses", "numpy"},
    "reference": {"activations", "numpy", "scipy"},
    "plotting": {"numpy", "matplotlib", "matplotlib_inline", "IPython", "PIL"},
    "exercises": {"activations", "losses", "calculus", "numpy"},
    "widgets": {
        *("activations", "losses", "networks", "datasets", "plotting"),
        *("ipywidgets", "anywidget", "traitlets", "numpy", "matplotlib"),
    },
}


def imports(path):
    """Yield the rooms and packages that a file imports, wherever in it the import stands."""
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module] + [f"{node.module}.{a.name}" for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            # A relative import inside a room stays in the room; one level more leaves it.
            depth = len(path.relative_to(PACKAGE).parts)
            inside = node.level < depth
            modules = [] if inside else [f"actlib.{node.module or node.names[0].name}"]
        else:
            continue
        for module in modules:
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
def test_a_room_imports_only_what_it_may(room):
    assert files(room)
    for path in files(room):
        assert set(imports(path)) <= MAY_IMPORT[room], path.name


def test_every_room_is_in_the_table():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    # `questions` holds data, read by `widgets`.
    assert rooms - {"__init__", "__pycache__", "course", "questions"} == set(MAY_IMPORT)


def test_the_map_of_the_rooms_names_them_all():
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
def test_an_import_is_seen_wherever_it_stands(tmp_path, monkeypatch, source, found):
    monkeypatch.setattr(f"{__name__}.PACKAGE", tmp_path)
    path = tmp_path / "activations" / "smooth.py"
    path.parent.mkdir()
    path.write_text(source)
    assert set(imports(path)) == found
