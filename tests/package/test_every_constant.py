"""Every number in every formula is covered by a test: a change of one part in 1e12 is noticed.

Each file of activations is compiled again with one number changed, and the comparisons with
PyTorch and of the defaults are repeated. Numbers whose change they do not notice must be listed
below, with the reason why the function is the same.
"""

import ast
import importlib
import types
from pathlib import Path

import pytest
from pytorch_if_installed import needs_pytorch
from test_activations import check_defaults
from test_parity import check, check_last_digits, settings

from actlib import activations

pytestmark = [needs_pytorch, pytest.mark.slow]

# (file, part of the line) of numbers that may change, by reason.
FREE = {
    "it cuts off where the result has reached its limit": [
        ("bounded", "np.clip(z, -1e300, 1e300)"),
        ("rows", "np.maximum(shifted, -2.0)"),
        ("rows", "np.where(shifted > -2.0, lost, 0.0) / 2.0"),
        ("self_gated", "np.minimum(a, 70.0)"),
        ("self_gated", "np.maximum(z, -3.0)"),
        ("self_gated", "np.clip(z, -3.0, 3.0)"),
        ("self_gated", "x = np.clip(z, FLOOR, 40.0)"),
        ("self_gated", "np.exp(-np.minimum(half, 500.0))"),
    ],
    "two formulas that are equal there meet": [
        ("bounded", "np.abs(z) < 1e-9 * cap"),
        ("self_gated", "ndtr(-np.minimum(a, 1.0))"),
        ("self_gated", "near = a < 1.0"),
        ("self_gated", "half = 0.5 + 0.5 * (np.abs(a) <= 1.0)"),
        ("self_gated", "p, h = np.exp(-np.minimum(size, 500.0))"),
        ("self_gated", "np.expm1(np.minimum(u, 2.0))"),
        ("rectifiers", "np.maximum(left, -50.0)"),
        ("shrinkers", "np.clip(z, -1.0, 1.0)"),
        ("shrinkers", "np.where(np.abs(z) <= 1.0"),
    ],
    "it belongs to a correction of 1e-16": [
        ("bounded", "(1.0 - 2.0 * lost)"),
        ("self_gated", "(high - a) * (high + a) / 2.0"),
        ("self_gated", "k = r * (1.0 + r"),
        ("self_gated", "e = e + e * (lost / 2.0)"),
        ("self_gated", "SCALE_LOST = "),
        ("self_gated", "0.044715 * square_lost"),
        ("self_gated", "SILU_ROOT_REST = "),
        ("self_gated", "MISH_ROOT_REST = "),
    ],
    "it is the start or the end of an iteration, or its error is taken into account": [
        ("rows", "sizes = np.arange(1"),
        ("rows", "tau = np.full_like(half[..., :1], -1.0)"),
        ("rows", "for _ in range(100)"),
        ("rows", "size, slope = inside.sum(axis=-1"),
        ("rows", "tau = np.max((sums - 1.0) / sizes"),
        ("rows", "np.abs(step) > 1e-24"),
        ("rows", "over = total - 1.0"),
        ("rows", "np.maximum(count, 1)"),
    ],
    "it is a count, or a bound of a parameter": [
        ("logistic", "if beta == 1"),
        ("rectifiers", "UNIT = Interval(0.0, 1.0"),
        ("rows", "largest.sum(axis=-1, keepdims=True) > 1"),
    ],
    "gated functions are held to their last digits in test_accuracy": [
        ("self_gated", "gate, right = np.where(z < 0, q, 1.0"),
        ("self_gated", "return np.maximum(p, right), np.maximum(h, right)"),
    ],
    "logsumexp is not an entry; it has a test of its own": [
        ("rows", "others = np.where(np.isinf(top)")
    ],
}
FILES = sorted(
    path.stem
    for path in Path(activations.__file__).parent.glob("*.py")
    if hasattr(importlib.import_module(f"actlib.activations.{path.stem}"), "RECORDS")
)


class Move(ast.NodeTransformer):
    """Multiply the number at one place of the source by 1 + 1e-12."""

    def __init__(self, place):
        self.place = place

    def visit_Constant(self, node):
        if (node.lineno, node.col_offset) != self.place:
            return node
        return ast.copy_location(ast.Constant(node.value * (1 + 1e-12)), node)


def numbers(tree):
    """Yield the places of the numbers before the records, except 0 and booleans."""
    ends = [n.lineno for n in tree.body if ast.unparse(n).startswith("RECORDS =")]
    for node in ast.walk(tree):
        number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if number and node.value and node.lineno < ends[0]:
            yield node.lineno, node.col_offset


def is_noticed(module, tree):
    changed = types.ModuleType(module.__name__)
    changed.__package__, changed.__file__ = module.__package__, module.__file__
    try:
        exec(compile(ast.fix_missing_locations(tree), module.__file__, "exec"), vars(changed))
        for entry in changed.RECORDS:
            check_defaults(entry)
            check(entry)
            if entry.kind == "elementwise":
                for params in settings(entry)[1:]:
                    check_last_digits(entry, params)
    except (AssertionError, TypeError, ValueError, IndexError):
        return True
    return False


@pytest.mark.filterwarnings("ignore")  # a broken formula may warn
@pytest.mark.parametrize("name", FILES)
def test_a_number_changed_by_one_part_in_1e12_is_noticed(name):
    module = importlib.import_module(f"actlib.activations.{name}")
    source = Path(module.__file__).read_text(encoding="utf-8")
    places = set(numbers(ast.parse(source)))
    unnoticed = [
        p for p in sorted(places) if not is_noticed(module, Move(p).visit(ast.parse(source)))
    ]
    lines = {source.splitlines()[line - 1].strip() for line, _ in unnoticed}
    free = [part for parts in FREE.values() for file, part in parts if file == name]
    assert {line for line in lines if not any(part in line for part in free)} == set()
    assert [part for part in free if not any(part in line for line in lines)] == [], "is noticed"
    assert len(unnoticed) < len(places)
