"""The check of stored outputs is itself checked, by corrupting them in every way we know."""

import inspect
import re

import mutations
import nbformat
import nbval.plugin
import pytest
from each import each


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run all mutants once, under the strict check; return what it printed, and the folder."""
    folder = tmp_path_factory.mktemp("mutants")
    return mutations.run_mutants(folder, "-p", "strict_outputs"), folder


@each("what", [*mutations.MUTATIONS])
def test_a_corrupted_output_is_caught(run, what):
    assert what in mutations.caught(run[0])


@each("what", [*mutations.CONTROLS])
def test_a_harmless_difference_is_not_reported(run, what):
    assert what not in mutations.caught(run[0])


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("stdout: changed digit", "line 1: was 'stdout 0.126', is 'stdout 0.125'"),
        ("stdout: removed", "output 1, stdout, is not stored"),
        ("several: one removed", "output 3, text/plain, is not stored"),
        ("extra stream", "output 1, stdout, is gone"),
        ("svg: changed colour", "image/svg+xml differs at <"),
        ("png alone: removed beside its text", "image/png is not stored"),
        ("cell never run", "was never run: store its outputs with make notebooks"),
        ("tag nbval-skip", "is marked nbval-skip: every output is checked here"),
        ("tag remove-output", "is tagged remove-output: some readers would see it"),
        ("tag raises-exception", "is marked as raising, but stores no error"),
    ],
)
def test_a_failure_names_notebook_cell_and_difference(run, what, says):
    number = list(mutations.MUTATIONS).index(what) + 1
    message = re.search(rf"^Cell {number}: (.*?)\n\n", run[0], re.M | re.S)[1]
    assert re.match(rf"mutants.ipynb, cell {number} \(.+\)\n- ", message)
    assert says in message


ENDS = {
    "exit()": "this cell calls exit() or quit(), which ends the kernel",
    "import os; os._exit(1)": "the kernel died while this cell ran",
}


def test_a_cell_that_ends_the_kernel_fails_at_once(tmp_path):
    """Stock nbval passes the first, and waits for the second as long as a cell may take."""
    for name, ends in zip(("leaves", "dies"), ENDS, strict=True):
        sources = ["x = 0.125", ends, "print(x)"]
        cells = [nbformat.v4.new_code_cell(source, execution_count=1) for source in sources]
        cells[2].outputs = [nbformat.v4.new_output("stream", name="stdout", text="0.125\n")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    dies, leaves = tmp_path / "dies.ipynb", tmp_path / "leaves.ipynb"
    printed = mutations.run_nbval(dies, leaves.name, "-p", "strict_outputs", timeout=90)
    lost = [
        ends
        for ends, says in ENDS.items()
        if f".ipynb, cell 1 ({ends})\n- {says}; no cell after it was run" not in printed
    ]
    assert lost == [] and "2 failed, 2 passed, 2 skipped" in printed


def test_a_failing_picture_leaves_expected_actual_and_difference(run):
    number = list(mutations.MUTATIONS).index("png alone: moved point") + 1
    left = (run[1] / "_build" / "outputs" / "mutants").glob(f"cell-{number}-*")
    assert sorted(path.name for path in left) == [
        f"cell-{number}-{version}.png" for version in ("actual", "difference", "expected")
    ]


def test_nbval_still_has_what_the_check_relies_on():
    cell = inspect.getsource(nbval.plugin.IPyNbCell)
    for used in ("self.options['skip']", "self.options['check']", "self.test_outputs = outs"):
        assert used in cell, f"nbval changed: tools/strict_outputs.py relies on {used}"


def test_unless_it_is_asked_for_nbval_is_left_as_it_is(pytestconfig):
    plugins = dict(pytestconfig.pluginmanager.list_name_plugin())
    assert nbval.plugin in plugins.values() and "strict_outputs" not in plugins
