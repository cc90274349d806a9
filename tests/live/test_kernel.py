"""Cells run as in the page: after what they need, whatever ran before, and errors told briefly."""

import importlib
import os
import sys

import pytest
from course import ROOT
from live_notebooks import NUMPY_PAGES, Recorded, differences, read_cells

from live.kernel import bundle

COUNTER = [
    "import numpy as np\nrng = np.random.default_rng(0)",
    "first = rng.integers(100)",
    "second = rng.integers(100)",
    "print(first)",
    "print(second)",
]


def shown(cells, *run):
    kernel = Recorded(cells)
    texts = []
    for cell in run:
        kernel.shown.clear()
        kernel.run(cell)
        texts.append(kernel.text())
    return texts


def test_a_cell_prints_the_same_alone_again_and_after_others():
    alone = shown(COUNTER, 4)[0]
    assert shown(COUNTER, 0, 1, 2, 3, 4)[-1] == alone
    assert shown(COUNTER, 4, 4, 3, 2, 2, 4) == [alone, alone, shown(COUNTER, 3)[0], "", "", alone]


def test_what_has_run_is_not_run_again():
    cells = ["made = []", "made.append(len(made))", "print(len(made))", "print(made)"]
    kernel = Recorded(cells)
    kernel.run(2)
    steps = kernel.of("before")
    kernel.shown.clear()
    kernel.run(3)
    assert len(steps) == 2 and kernel.of("before") == [] and kernel.text() == "[0]\n"


def test_an_edit_reaches_the_cells_below_it():
    kernel = Recorded(["x = 1", "y = x + 1", "print(y)"])
    kernel.run(2)
    kernel.set_sources(["x = 10", "y = x + 1", "print(y)"])
    kernel.run(2)
    assert kernel.text() == "2\n11\n"


def test_printed_text_of_earlier_cells_stays_away():
    assert shown(["x = 1; print('loud')\nx += 1", "print(x)"], 1) == ["2\n"]


def test_a_warning_is_said_at_each_run_with_its_line(warns):
    kernel = Recorded(["import warnings", "x = 1\nwarnings.warn('careful')"])
    for _ in range(2):
        kernel.shown.clear()
        assert kernel.run(1)
        assert "<cell 2>:2: UserWarning: careful\n  warnings.warn('careful')" in kernel.text(
            "stderr"
        )


@pytest.mark.parametrize(
    ("cells", "said", "line", "where"),
    [
        (["1 / 0"], "ZeroDivisionError: division by zero", 1, 0),
        (["x = 1\n\nprint(x +)"], "SyntaxError: invalid syntax", 3, 0),
        (["def f():\n    return g\n", "f()"], "NameError: name 'g' is not defined", 2, 0),
        (["x = [][1]", "print(x)"], "IndexError: list index out of range", 1, 0),
        (
            ["print(later)", "later = 1"],
            "NameError: name 'later' is not defined. A later cell defines it: "
            "define it above, or here.",
            1,
            0,
        ),
        (
            ["for a in range(3):\n    b = a", "print(a)"],
            "NameError: name 'a' is not defined. A loop further up has used the name; no cell "
            "hands on what it left.",
            1,
            1,
        ),
    ],
)
def test_an_error_is_its_last_line_and_the_line_it_points_to(cells, said, line, where):
    kernel = Recorded(cells)
    assert kernel.run(0 if "later" in cells[0] else len(cells) - 1) is False
    (error,) = kernel.of("error")
    assert (error["said"], error["line"], error["cell"]) == (said, line, where)


def test_after_an_error_the_kernel_goes_on():
    kernel = Recorded(["x = []", "x.append(1)\nx.append(1 / 0)", "print(x)"])
    kernel.run(1)
    kernel.shown.clear()
    assert kernel.run(0) and kernel.run(0)


def test_names_are_completed_without_being_computed():
    kernel = Recorded(
        ["class A:\n    @property\n    def costly(self):\n        raise OSError", "a = A()"]
    )
    kernel.run(1)
    assert ["a", "variable"] in kernel.complete("", 1)
    assert ["costly", "variable"] in kernel.complete("a.co", 1)
    assert ["append", "function"] not in kernel.complete("a.ap", 1)
    assert kernel.complete("a.missing.x", 1) == []


def test_a_figure_is_svg_in_the_course_style_and_closed(in_chapters):
    import matplotlib.pyplot as plt

    cells = [
        "from actlib import plotting\nplotting.use_course_style()",
        "ax = plotting.curves([0, 1], {'a': [0, 1]})",
    ]
    kernel = Recorded(cells)
    kernel.run(1)
    assert kernel.of("error") == []
    (output,) = kernel.of("display")
    assert output["data"]["image/svg+xml"].lstrip().startswith("<?xml")
    assert plt.get_fignums() == []


def test_a_value_is_shown_by_its_own_forms():
    class Both:
        def _repr_html_(self):
            return "<b>1</b>"

        def _repr_markdown_(self):
            return "**1**"

    data, _ = bundle(Both())
    assert data["text/html"] == "<b>1</b>" and data["text/markdown"] == "**1**"


@pytest.fixture
def shims(monkeypatch):
    """IPython as it is in the page; the real one, imported before, comes back afterwards."""
    importlib.import_module("IPython.display")
    monkeypatch.syspath_prepend(ROOT / "live" / "shims")
    for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.parametrize("start", ["", "from IPython.display import display\n"])
def test_a_ready_bundle_is_shown_as_it_is(start, shims):
    bundle = {"text/plain": "one", "text/html": "<b>1</b>", "image/png": b"1"}
    kernel = Recorded([f"{start}display({bundle}, raw=True)\ndisplay(2)"])
    assert kernel.run(0), kernel.of("error")
    first, second = (output["data"] for output in kernel.of("display"))
    assert first == bundle | {"image/png": "MQ=="}
    assert second == {"text/plain": "2"}


def run_alone(page, cells):
    """Return what differs where each cell runs alone, after only what it needs."""
    all_cells = read_cells(page)
    kernel = Recorded([cell.source for cell in all_cells])
    found = {}
    for i in cells:
        kernel.clear()
        kernel.shown.clear()
        kernel.run(i)
        if problems := differences(all_cells[i], kernel, name=os.devnull):
            found[all_cells[i].id] = problems
    return found


# What is quick and stands for each kind: exercises, tables, figures, generators.
SAMPLE = {
    "softmax": range(0, 18),
    "quick_reference": range(0, 11),
    "why_nonlinearity": range(0, 20),
}


@pytest.mark.parametrize("page", SAMPLE)
def test_a_cell_alone_prints_what_the_page_shows(page, in_chapters):
    assert run_alone(page, SAMPLE[page]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("page", NUMPY_PAGES)
def test_every_cell_alone_prints_what_the_page_shows(page, in_chapters):
    assert run_alone(page, range(len(read_cells(page)))) == {}
