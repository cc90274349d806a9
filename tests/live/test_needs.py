"""What a cell needs: found by reading, and enough for it to print what the page shows."""

import builtins
import json
import sys

import pytest
from course import ROOT
from each import each
from live_notebooks import NUMPY_PAGES, Recorded, known, read_cells

from live import assets, runtime
from live.needs import Notebook, from_summary, library


def needed(*cells):
    """Return the statements that the last of these cells needs, as texts."""
    book = Notebook(cells, known())
    return [book.units[i].source for i in book.needs(len(cells) - 1)]


def test_only_what_is_read_is_needed():
    assert needed("x = 1", "y = 2", "z = x + 1", "print(z)") == ["x = 1", "z = x + 1"]


def test_of_an_import_only_the_names_that_are_used_are_needed():
    assert needed("import numpy as np\nfrom actlib import exercises, plotting", "exercises") == [
        "from actlib import exercises"
    ]


@pytest.mark.parametrize(
    "change",
    [
        "x[0] = 5",
        "x[0] += 5",
        "x.attribute = 5",
        "x.append(5)",
        "del x[0]",
        "x += [5]",
        "setattr(x, 'y', 5)",
        "for part in x:\n    part.append(5)",
        "y = x\ny.append(5)",
        "y, z = x, 1\ny[0] = 5",
        "[part.append(5) for part in x]",
        "def change():\n    x.append(5)\nchange()",
        "def change(y):\n    y.append(5)\nchange(x)",
        "def change(y):\n    y[0] = 5\ndef outer(z):\n    change(z)\nouter(x)",
        "class Changer:\n    def change(self, y):\n        y.append(5)\nChanger().change(x)",
        "if x:\n    x = [5]",
        "np.fill_diagonal(x, 5)",
        "np.add(1, 2, out=x)",
        "rng.shuffle(x)",
    ],
)
def test_what_changes_in_place_is_needed(change):
    made = needed(
        "import numpy as np\nrng = np.random.default_rng(0)\nx = [[1]]", change, "print(x)"
    )
    assert change.split("\n")[-1] in "\n".join(made)


@pytest.mark.parametrize(
    "reads",
    [
        "x.sum()",
        "print(x)",
        "y = x[0]",
        "y = x + 1\ny[0] = 5",
        "np.sort(x)",
        "def look(y):\n    return y[0]\nlook(x)",
        "[part.mean() for part in x]",
        "def own(x):\n    x = x - 1\n    x[0] = 5\nown(x)",
    ],
)
def test_what_only_reads_is_not_needed(reads):
    made = needed("import numpy as np\nx = np.eye(2)", reads, "print(x)")
    assert made == ["import numpy as np", "x = np.eye(2)"]


@pytest.mark.parametrize(
    "draws",
    [
        "a = rng.normal()",
        "a = datasets.digits(rng)",
        "net = networks.MLP((2, 2), 'relu', 'he', rng)",
        "def draw(rng):\n    return rng.normal()\na = draw(rng)",
        "a = [rng.normal() for _ in range(3)]",
        "a = unknown(rng)",
    ],
)
def test_every_draw_from_a_generator_is_needed(draws):
    start = (
        "import numpy as np\nfrom actlib import datasets, networks\nrng = np.random.default_rng(0)"
    )
    assert draws.split("\n")[-1] in needed(start, draws, "print(rng.normal())")


def test_training_changes_the_network_and_the_generator_and_looking_does_not():
    start = (
        "import numpy as np\nfrom actlib import networks\nrng = np.random.default_rng(0)\n"
        "net = networks.MLP((2, 2), 'relu', 'he', np.random.default_rng(1))"
    )
    train = "history = networks.train(net, x, y, lr=0.1, rng=rng)"
    look = "print(net.accuracy(x, y), net.forward(x))"
    assert train in needed(start, "x, y = 1, 2", train, "print(net.weights)")
    assert train in needed(start, "x, y = 1, 2", train, "print(rng.normal())")
    assert look not in needed(start, "x, y = 1, 2", look, "print(net.weights)")


def test_a_function_needs_what_it_reads_when_it_is_called():
    cells = [
        "def f():\n    return g() + a",
        "a = 1",
        "def g():\n    return 2",
        "a = 3",
        "print(f())",
    ]
    assert needed(*cells) == ["def f():\n    return g() + a", "def g():\n    return 2", "a = 3"]


def test_a_name_that_is_given_anew_ends_the_search():
    assert needed("x = [1]", "x.append(2)", "x = [3]", "print(x)") == ["x = [3]"]


def test_what_a_loop_leaves_over_makes_no_other_cell_run():
    assert needed("for a in [1, 2]:\n    b = a", "print(a)") == []
    assert needed("for a in [1, 2]:\n    b = a\nc = a", "print(c)") == [
        "for a in [1, 2]:\n    b = a",
        "c = a",
    ]
    assert needed("a = 5", "for a in [1, 2]:\n    pass", "print(a)") == ["a = 5"]


def test_the_look_of_figures_is_needed_by_what_draws_alone():
    start = "from actlib import plotting\nplotting.use_course_style()\na = 1"
    assert "plotting.use_course_style()" in needed(start, "plotting.bars({'a': [a]})")
    assert "plotting.use_course_style()" not in needed(start, "print(a)")


def test_code_that_is_no_python_needs_nothing_and_breaks_nothing():
    assert needed("x = 1", "def f(:", "print(x)") == ["x = 1"]
    assert needed("x = 1", "def f(:") == []


def test_what_packages_change_is_read_from_their_source():
    source = "def f(a, b, c):\n    a.append(1)\n    b[0] += 1\n    return c.append\n"
    (f,) = library([source])["f"]
    assert f.changed == {"a", "b"}


@pytest.mark.parametrize("page", NUMPY_PAGES)
def test_no_exercise_waits_for_an_experiment(page):
    cells = read_cells(page)
    book = Notebook([cell.source for cell in cells], known())
    stubs = [i for i, cell in enumerate(cells) if cell.stub]
    assert stubs or page in ("quick_reference", "answer_key", "libraries")
    for i in stubs:
        needs = "\n".join(book.units[j].source for j in book.needs(i))
        assert "train" not in needs and "MLP" not in needs, needs


def test_the_summary_of_a_package_survives_the_way_into_the_page():
    told = json.loads(json.dumps(runtime.known_functions(ROOT)))
    assert told["train"] == [[["net", "x", "y"], ["net", "rng"], []]]
    assert told["relu"] == []


@each("page", NUMPY_PAGES)
def test_in_the_page_a_cell_needs_no_more_than_here(page):
    sources = [cell.source for cell in read_cells(page)]
    here = Notebook(sources, known())
    there = Notebook(sources, from_summary(runtime.known_functions(ROOT)))
    numbers = range(len(sources))
    assert [i for i in numbers if here.needs(i) != there.needs(i)] == []


def test_a_cell_that_reads_files_of_the_course_fetches_them():
    notebook = json.loads((ROOT / "chapters" / "libraries.ipynb").read_text("utf-8"))
    manifest = {"packs": {}}
    cells = assets.page_data(notebook, assets.Imports(ROOT), known(), manifest, {})
    reading = [cell["packs"] for cell in cells if "compared." in cell["source"]]
    assert len(reading) > 20 and all("data" in packs for packs in reading)


def packs_of(page, packs):
    """Return {a cell's id: its packs} of a page, where packs hold these modules."""
    notebook = json.loads((ROOT / "chapters" / f"{page}.ipynb").read_text("utf-8"))
    manifest = {"packs": {name: {"modules": modules} for name, modules in packs.items()}}
    cells = assets.page_data(notebook, assets.Imports(ROOT), known(), manifest, {})
    return {cell["id"]: cell["packs"] for cell in cells if cell["packs"] is not None}


@each("page", NUMPY_PAGES)
def test_no_cell_waits_for_the_rest_of_pythons_library(page):
    # What starts with Python is a list of names, of modules in C too.
    base = {*runtime.PINNED["stdlib"]["base"], *sys.builtin_module_names, "math", "time"}
    rest = sorted(sys.stdlib_module_names - base)
    packs = packs_of(page, {"stdlib": rest, "matplotlib": ["matplotlib"]})
    assert [cell for cell, packs in packs.items() if "stdlib" in packs] == []


def uses_scipy(page, cell, monkeypatch):
    """Tell whether a cell, run alone after what it needs, imports SciPy; not whether it is new."""
    cells = read_cells(page)
    asked, imports = set(), builtins.__import__

    def note(name, *given, **more):
        asked.add(name.partition(".")[0])
        return imports(name, *given, **more)

    kernel = Recorded([each.source for each in cells])
    with monkeypatch.context() as patched:
        patched.setattr(builtins, "__import__", note)
        assert kernel.run([each.id for each in cells].index(cell)), kernel.of("error")
    return "scipy" in asked


PAGES = [*NUMPY_PAGES, "atlas"]
TRAINS = pytest.mark.slow  # for half a minute
CORRECTED = {
    (page, cell): cell in assets.SCIPY
    for page in PAGES
    for cell in [each.id for each in read_cells(page)]
    if cell in (*assets.SCIPY, *assets.NO_SCIPY)
}


@pytest.mark.parametrize(
    ("page", "cell"),
    [pytest.param(*at, marks=[TRAINS] * (at[0] == "why_nonlinearity")) for at in CORRECTED],
    ids=lambda part: part[:12],
)
def test_where_reading_is_wrong_about_scipy_a_run_says_otherwise(
    page, cell, monkeypatch, in_chapters
):
    uses = CORRECTED[page, cell]
    assert uses_scipy(page, cell, monkeypatch) == uses
    assert ("scipy" in packs_of(page, {"scipy": ["scipy"]})[cell]) == uses


def test_every_cell_that_is_corrected_is_there():
    assert sorted(cell for _, cell in CORRECTED) == sorted((*assets.SCIPY, *assets.NO_SCIPY))


def test_the_time_of_a_cell_alone_counts_the_training_that_it_needs():
    sources = ["import numpy as np", "def train():\n    return 1", "net = train()", "print(net)"]
    cells = [
        {"cell_type": "code", "id": str(i), "source": source, "outputs": [], "metadata": {}}
        for i, source in enumerate([*sources, "print(np.pi, train)", "net = 1"])
    ]
    seconds = {"0": 10, "1": 10, "2": 37}
    told = assets.page_data({"cells": cells}, assets.Imports(ROOT), known(), {"packs": {}}, seconds)
    assert [each["before"] for each in told] == [0, 0, 0, 37, 0, 0]
