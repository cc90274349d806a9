"""In the page cells warn as NumPy does on a computer, which has a processor to tell it."""

import ast
import warnings
from collections import Counter

import numpy as np
from each import each
from live_notebooks import Recorded

from live.warned import Rewriter, compute, prepared

WARNING = [
    *("np.exp(1000.0)", "np.exp(np.array([1.0, 1000.0]))", "np.expm1(1e4)", "np.cosh(-1e4)"),
    *("np.exp2(2000.0)", "np.log(0.0)", "np.log(-1.0)", "np.log(np.array([0.0, -1.0]))"),
    *("np.log2(0.0)", "np.log1p(-1.0)", "np.arctanh(1.0)", "np.sqrt(-1.0)", "np.sin(np.inf)"),
    *("np.reciprocal(0.0)", "np.square(1e200)", "np.power(10.0, 400)", "np.divide(1.0, 0.0)"),
    *("np.float64(1) / 0", "np.int64(1) / 0", "np.array([1.0, 0.0]) / 0", "np.array([5]) / 0"),
    *("1 / np.array([0.0])", "np.array(1.0) / 0", "np.float32(3e38) * np.float32(10)"),
    *("np.array([1]) // 0", "np.int64(1) // 0", "np.array([1.0]) // 0", "np.float64(5) // 0"),
    *("np.array([1]) % 0", "np.array([1.0]) % 0", "np.float64(1) % 0", "np.float64(1e308) * 10"),
    *("np.array([1e308]) + np.array([1e308])", "np.array([np.inf]) - np.inf"),
    *("np.float64(np.inf) - np.inf", "np.array([np.inf]) * 0", "np.float64(0) ** -1.0"),
    *("np.array([0.0]) ** -1.5", "np.array([1e200]) ** 2", "np.array([2.0]) ** 10000"),
    *("np.array([-1.0]) ** 0.5", "np.array([[1e308]]) @ np.array([[10.0]])"),
    "(np.exp(np.array([1000.0])) / np.exp(np.array([1000.0])))",
]
SILENT = [
    *("np.exp(np.array([np.inf, np.nan, -np.inf]))", "np.log(np.inf)", "np.inf - 1"),
    *("np.array([np.nan]) / 0", "np.array([np.inf]) / 0", "1 / np.array([np.inf])", "7 // 2"),
    *("'%s' % 1", "[1] * 2", "np.array([1e-300]) ** 2", "np.log(np.nan)", "2.0**0.5"),
    *("8 >> 1", "np.array([1, 2]) & 1", "{1} | {2}"),
    *("np.array([3, 4]) // 2", "np.array(['a', 'b']) == 'a'", "np.maximum(np.nan, 1)"),
]


def said(source, rewrite=True):
    """Return the texts of the warnings that an expression gives, with how often each is given."""
    tree = ast.parse(source, mode="eval")
    tree = Rewriter().visit(tree) if rewrite else tree
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        eval(compile(tree, "<cell 1>", "eval"), {"np": np, "__compute__": compute})
    return Counter(str(each.message) for each in found)


@each("source", WARNING)
def test_what_numpy_warns_of_is_warned_of_in_its_words(source):
    # Here NumPy does so itself: each warning must come a second time.
    by_numpy = said(source, rewrite=False)
    assert by_numpy and said(source) == by_numpy + by_numpy


@each("source", SILENT)
def test_of_everything_else_there_is_no_warning(source):
    assert said(source, rewrite=False) == said(source) == Counter()


class InThePage(Recorded):
    """A kernel that rewrites cells, as the page's does."""

    prepared = staticmethod(prepared)


def test_what_is_set_for_errors_counts_as_in_numpy(warns):
    cell = "import numpy as np\nwith np.errstate(over='%s'):\n    a = np.exp(np.float64(1000))"
    ran, texts = {}, {}
    for how in ("ignore", "warn", "raise"):
        kernel = InThePage([cell % how])
        ran[how], texts[how] = kernel.run(0), kernel.text("stderr")
    assert ran == {"ignore": True, "warn": True, "raise": False} and texts["ignore"] == ""
    warning = "<cell 1>:3: RuntimeWarning: overflow encountered in exp\n  a = np.exp("
    assert warning in texts["warn"]


def test_an_array_is_changed_in_place_as_written(warns):
    kernel = InThePage(
        ["import numpy as np\nx = y = np.array([1e308])\nx *= 10\nn = 6\nn |= 1\nx is y, n"]
    )
    assert kernel.run(0)
    assert "<cell 1>:3: RuntimeWarning: overflow encountered in multiply" in kernel.text("stderr")
    assert kernel.of("result")[0]["data"]["text/plain"] == "(True, 7)"


def test_the_code_of_an_exercise_is_checked_as_it_was_written():
    source = "import numpy as np\ndef f(z):\n    return np.exp(z) ** 2\n"
    plain, kernel = Recorded([source]), InThePage([source + "# check_"])
    assert plain.run(0) and kernel.run(0)
    assert kernel.names["f"].__code__.co_code == plain.names["f"].__code__.co_code
