import math

import pytest
from scipy.integrate import quad

from actlib.activations import ACTIVATIONS
from actlib.reference import COLUMNS, Table, gain, registry_table


def test_every_column_can_be_made_for_every_activation():
    table = registry_table(*COLUMNS)
    assert len(table.rows) == len(ACTIVATIONS)
    assert all(isinstance(cell, str) for row in table.rows for cell in row)


def test_a_markdown_table_has_one_bar_more_than_columns_in_every_line():
    # A bar inside a formula would break the row: write \lvert and \rvert.
    table = registry_table(*COLUMNS)
    for line in table._repr_markdown_().splitlines():
        assert line.count("|") == len(COLUMNS) + 1, line


def test_the_table_shows_what_the_registry_holds():
    table = registry_table("derivative", "used for", names=["gelu"])
    entry = ACTIVATIONS["gelu"]
    assert table.rows == [(f"${entry.grad_formula}$", entry.role)]


def test_an_unknown_column_is_named():
    with pytest.raises(ValueError, match="no 'colour' here; there is function, formula"):
        registry_table("colour")


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match="no 'reluu' here; there is identity, relu"):
        registry_table("function", names=["reluu"])


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="expected 2 cells, got 1"):
        Table(("a", "b"), [("x",)])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", 1.0),
        ("relu", math.sqrt(2)),
        ("leaky_relu", math.sqrt(2 / (1 + 0.01**2))),
        ("selu", 1.0),
    ],
)
def test_the_gain_is_the_known_one(name, expected):
    assert gain(ACTIVATIONS[name]) == pytest.approx(expected, rel=1e-9)


def test_the_gain_does_not_depend_on_how_the_integral_is_cut():
    def weighted(x):
        return ACTIVATIONS["tanh"].value(x) ** 2 * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    moment, _ = quad(weighted, -math.inf, math.inf)
    assert gain(ACTIVATIONS["tanh"]) == pytest.approx(moment**-0.5, rel=1e-8)


def test_a_row_function_has_no_gain():
    with pytest.raises(ValueError, match="softmax is row"):
        gain(ACTIVATIONS["softmax"])
