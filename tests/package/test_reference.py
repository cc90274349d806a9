import ast
import dataclasses
import importlib
import inspect
import json
import math
import re
from functools import partial

import numpy as np
import pytest
from course import ROOT
from each import each
from pytorch_if_installed import needs_pytorch, nn, torch
from scipy.integrate import quad

from actlib.activations import ACTIVATIONS, REDUCTIONS, Interval
from actlib.reference import (
    COLUMNS,
    DTYPES,
    ELSEWHERE,
    Card,
    Compared,
    Table,
    bibliography,
    families,
    gain,
    kinks,
    minimum,
    newest_costs,
    numpy_source,
    properties,
    registry_table,
    saturation,
    zeros,
)
from actlib.reference.libraries import TORCH_NOTES, composed

TITLES = {"torch": "PyTorch", "keras": "Keras", "jax": "JAX"}
MEASURED = Compared(ROOT / "benchmarks").on_cards()

every_card = each("entry", ACTIVATIONS | REDUCTIONS)
every_elementwise = each(
    "entry", {name: entry for name, entry in ACTIVATIONS.items() if entry.kind == "elementwise"}
)


def test_a_stroke_in_a_cell_does_not_end_it():
    assert Table(("why",), [("exp(-|z|)",)])._repr_markdown_().splitlines()[2] == r"| exp(-\|z\|) |"


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


# What is found by searching


@every_elementwise
def test_the_minimum_is_the_lower_end_of_the_recorded_range(entry):
    found, recorded = minimum(entry), entry.range()
    assert found.value == pytest.approx(recorded.low, abs=1e-12)
    assert bool(found.places) == (recorded.closed[0] == "[")
    # Rounding makes a value that is only neared out of one that is reached, never a lower one.
    z = np.concatenate([np.linspace(-40, 40, 40_001), [-1e6, 1e6]])
    assert entry.value(z).min() >= found.value - 1e-12
    if isinstance(found.places, tuple):
        for place in found.places:
            assert float(entry.value(place)) == pytest.approx(found.value, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("gelu", -0.169971, -0.751792),
        ("silu", -0.278465, -1.278465),
        ("mish", -0.308843, -1.192431),
    ],
)
def test_a_known_minimum_is_found(name, value, place):
    found = minimum(ACTIVATIONS[name])
    assert found.value == pytest.approx(value, abs=1e-6)
    assert found.places == (pytest.approx(place, abs=1e-6),)


@every_elementwise
def test_a_function_is_zero_where_it_is_said_to_be_and_nowhere_else(entry):
    found = zeros(entry)
    z = np.random.default_rng(0).uniform(-20, 20, 4001)  # no tail has rounded to 0 there
    inside = np.zeros(z.shape, bool)
    for place in found:
        if isinstance(place, Interval):
            inside |= (z >= place.low) & (z <= place.high)
            ends = [end for end in (place.low, place.high) if math.isfinite(end)]
            closed = [bracket in "[]" for bracket in place.closed if bracket != "("]
            assert all(abs(entry.value(end)) < 1e-12 for end in ends) or not all(closed)
        else:
            assert abs(entry.value(place)) < 1e-9
    assert ((entry.value(z) == 0) == inside).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("relu", ["(−∞, 0]"]),
        ("hardswish", ["(−∞, −3]", "0.0"]),
        ("hardshrink", ["[−0.5, 0.5]"]),
        ("sigmoid", []),
        ("tanhshrink", ["0.0"]),
        ("gelu_tanh", ["0.0"]),
    ],
)
def test_known_zeros_are_found(name, expected):
    assert [str(place) for place in zeros(ACTIVATIONS[name])] == expected


def test_the_zeros_and_minima_of_a_sine_are_those_of_a_sine():
    assert zeros(ACTIVATIONS["sine"]) == pytest.approx(np.arange(-9, 10) * math.pi)
    places = minimum(ACTIVATIONS["sine"]).places
    assert places == pytest.approx((np.arange(-5, 5) * 2 + 1.5) * math.pi)


def test_of_several_minima_only_the_lowest_counts():
    wave = dataclasses.replace(
        ACTIVATIONS["sine"],
        value=lambda z: np.asarray((z**2 - 4) ** 2 + z),
        grad=lambda z: np.asarray(4 * z * (z**2 - 4) + 1),
    )
    (place,) = minimum(wave).places
    assert place == pytest.approx(-2, abs=0.1)


def test_a_kink_has_two_slopes_and_a_convention():
    (relu,) = kinks(ACTIVATIONS["relu"])
    assert (relu.place, relu.slopes, relu.slope, relu.jumps) == (0, (0, 1), 0, False)
    left, right = kinks(ACTIVATIONS["hardshrink"])
    assert left.jumps and right.jumps and right.values == (0, pytest.approx(0.5))
    assert kinks(ACTIVATIONS["elu"]) == kinks(ACTIVATIONS["softsign"]) == []


@every_elementwise
def test_a_slope_jumps_at_kinks_only(entry):
    places = [kink.place for kink in kinks(entry)]
    z = np.linspace(-10, 10, 400_001)
    jumps = z[:-1][np.abs(np.diff(entry.grad(z))) > 1e-3]
    assert all(min(np.abs(np.subtract(places, jump))) < 1e-4 for jump in jumps)


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("relu", ["never falls", "bounded below", "0 at 0", "has a kink", "has a flat piece"]),
        (
            "gelu",
            ["bounded below", "0 at 0", "takes negative values", "smooth", "slope above 1"],
        ),
        (
            "hardtanh",
            [
                *("never falls", "bounded", "bounded below", "0 at 0", "zero-centred"),
                *("takes negative values", "has a kink", "has a flat piece"),
            ],
        ),
        ("sigmoid", ["never falls", "bounded", "bounded below", "smooth"]),
    ],
)
def test_properties_are_the_known_ones(name, has):
    assert [what for what, holds in properties(ACTIVATIONS[name]).items() if holds] == has


@every_elementwise
def test_properties_agree_with_the_record(entry):
    has = properties(entry)
    assert has["smooth"] != has["has a kink"]
    assert has["bounded below"] == math.isfinite(entry.range().low)
    assert has["takes negative values"] == (entry.range().low < 0)
    z = np.random.default_rng(1).uniform(-9, 9, (2, 9999))
    low, high = np.sort(z, axis=0)
    assert has["never falls"] == (entry.value(low) <= entry.value(high) + 1e-12).all()


# Where rounding reaches the limit


def every_number(dtype):
    """Return all finite numbers of a 16-bit dtype as float64, in order."""
    bits = np.arange(2**16, dtype=np.uint16)
    if dtype == "bfloat16":
        wide = (bits.astype(np.uint32) << 16).view(np.float32)
    else:
        wide = bits.view(np.float16)
    return np.unique(wide[np.isfinite(wide)].astype(np.float64))


def to_bfloat16(x):
    return torch.as_tensor(x).to(torch.bfloat16).double().numpy()


@pytest.mark.parametrize("dtype", ["float16", pytest.param("bfloat16", marks=needs_pytorch)])
@every_elementwise
def test_saturation_starts_where_a_look_at_every_number_says(entry, dtype):
    rounded = to_bfloat16 if dtype == "bfloat16" else DTYPES[dtype]
    z = every_number(dtype)
    for tail in saturation(entry, rounded):
        function = entry.value if tail.what == "value" else entry.grad
        reached = rounded(function(z)) == rounded(tail.limit)
        outwards, reached = (z, reached) if tail.side == "right" else (z[::-1], reached[::-1])
        away = np.flatnonzero(~reached)[-1]
        expected = outwards[away + 1] if away + 1 < z.size else None
        assert tail.start == expected


def test_saturation_of_tanh_is_the_known_one():
    tanh = saturation(ACTIVATIONS["tanh"], DTYPES["float32"])[1]
    assert tanh.start == pytest.approx(9.01, abs=0.01)


def test_saturation_of_a_slope_computed_in_float32_throughout():
    def slope(z):
        s = 1 / (1 + np.exp(-np.asarray(z, np.float32)))
        return (s * (1 - s)).astype(np.float64)

    with np.errstate(over="ignore"):
        tails = saturation(ACTIVATIONS["sigmoid"], DTYPES["float32"], grad=slope)
    starts = {(tail.what, tail.side): tail.start for tail in tails}
    assert starts["slope", "right"] == pytest.approx(16.64, abs=0.01)
    assert starts["value", "right"] == pytest.approx(17.33, abs=0.01)


# Cards


def test_a_card_compares_saturation_elsewhere():
    def by_hand(entry):
        return DTYPES["float32"], None, (lambda z: np.where(np.abs(z) > 5, 0.0, entry.grad(z)))

    both = Card("tanh", dtypes={"float32": DTYPES["float32"]}, elsewhere={"there": by_hand})
    (ours, theirs) = both.saturation().rows
    assert ours[0] == "float32" and theirs[0] == "there"
    assert ours[1] == theirs[1] and (ours[2], theirs[2]) == ("beyond ±52.68", "beyond ±5")
    nowhere = Card("tanh", elsewhere={"there": lambda entry: None}).saturation()
    assert [line[0] for line in nowhere.rows] == [*DTYPES]


@every_card
def test_a_card_says_everything_that_the_record_holds(entry):
    card = Card(entry.name, sources=bibliography(ROOT / "references.bib"))
    markdown = card._repr_markdown_()
    held = [entry.formula, entry.grad_formula, str(entry.range()), entry.role, entry.notes]
    held += [entry.torch.functional or "", entry.torch.module or "", entry.loss]
    assert all(text in markdown for text in held)
    assert {"range", "PyTorch", "Keras", "JAX", "used for", "source"} <= {*card.facts()}
    if entry.kind == "elementwise":
        assert {"zeros", "minimum", "at 0", "gain"} <= {*card.facts()}
        assert ("kinks" in card.facts()) == bool(kinks(entry))


@every_card
def test_the_tables_of_a_card_are_whole(entry):
    tables = [
        block for block in Card(entry.name)._repr_markdown_().split("\n\n") if block[0] == "|"
    ]
    assert tables
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1, table


@every_card
def test_the_source_on_a_card_is_what_runs(entry):
    source = numpy_source(entry.value)
    tree = ast.parse(source)
    assert not [
        n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and ast.get_docstring(n)
    ]
    kernel = inspect.unwrap(entry.value)
    names = {"math": math, **kernel.__globals__}
    gated = next(iter(inspect.signature(kernel).parameters)) == "a"
    exec(source, names)
    z = np.linspace(-3, 3, 24).reshape(6, 4)
    inputs = (z[:, :2], z[:, 2:]) if gated else (z,)
    np.testing.assert_array_equal(names[kernel.__name__](*inputs), entry.value(z))


def test_private_helpers_come_with_the_source():
    source = numpy_source(ACTIVATIONS["selu"].value)
    assert source.startswith("SELU_SCALE = 1.0507") and "SELU_ALPHA = 1.6732" in source
    assert "def _shift" in numpy_source(ACTIVATIONS["softmax"].value)


def test_every_family_is_a_file_and_together_they_are_the_registry():
    names = [name for _, some in families().values() for name in some]
    assert [name for name in names if name in ACTIVATIONS] == list(ACTIVATIONS)
    assert "Self-gated" in families()


def test_what_makes_one_number_of_a_row_comes_last_in_its_family():
    assert families()["Rows"][1][-len(REDUCTIONS) :] == list(REDUCTIONS)


def test_the_card_of_a_reduction_shows_one_number_and_a_slope_for_each_score():
    said = Card("logsumexp").facts()["at (2, 1, 0)"]
    total = sum(math.exp(z) for z in (2, 1, 0))
    slopes = ", ".join(f"{math.exp(z) / total:.4g}" for z in (2, 1, 0))
    assert said == f"value {math.log(total):.4g}, slopes ({slopes})"


@every_card
def test_the_source_of_every_activation_has_authors_a_year_and_a_title(entry):
    said = bibliography(ROOT / "references.bib")[entry.source]
    assert math.isfinite(int(said.split("(")[1][:4]))
    assert not set("{}\\") & set(said)


def test_a_card_of_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match="no 'reluu' in the registry; there is identity, relu"):
        Card("reluu")


def test_costs_are_read_from_the_newest_benchmark_as_multiples_of_relu(tmp_path):
    def row(function, implementation, ns):
        parts = {"dtype": "float32", "n": 1_000_000, "ns_per_element": ns}
        return {"function": function, "implementation": implementation, **parts}

    rows = [row("relu", "actlib", 2.0), row("gelu", "actlib", 9.0), row("gelu_grad", "actlib", 11)]
    meta = {"processor": "EPYC", "numpy": "2.4.6", "torch": "2.13.0+cpu", "date": "2026-11-24"}
    for date in ("2026-11-23", "2026-11-24"):
        (tmp_path / f"speed_{date}.json").write_text(json.dumps({"meta": meta, "rows": rows}))
        rows = [*rows, row("relu", "torch", 1.0), row("gelu", "torch", 4.0)]
    costs, where = newest_costs(tmp_path)
    assert costs["gelu"] == "PyTorch: value 4; this package: value 4.5, slope 5.5"
    assert "tanh" not in costs
    assert where == "EPYC, one thread; NumPy 2.4.6, PyTorch 2.13.0; 2026-11-24"
    card = Card("gelu", costs=costs)
    assert card.facts()["time, ReLU = 1"] == costs["gelu"]


# Other libraries


def test_other_libraries_are_listed_for_activations_of_the_registry():
    assert set(ELSEWHERE) <= set(ACTIVATIONS)


def test_a_default_that_differs_is_printed_in_bold():
    facts = Card("leaky_relu", measured=MEASURED).facts()
    assert "`keras.layers.LeakyReLU()` with **alpha = 0.3**" in facts["Keras"]
    assert facts["JAX"] == "`jax.nn.leaky_relu`"
    assert "alpha = 0.25 in mxnet" in facts["elsewhere"]


def test_a_name_stands_on_the_card_of_what_it_computes():
    assert "jax.nn.gelu`" not in Card("gelu", measured=MEASURED).facts()["JAX"]
    assert Card("gelu_tanh", measured=MEASURED).facts()["JAX"] == "`jax.nn.gelu`"


def test_nothing_is_typed_that_was_measured():
    for name, libraries in ELSEWHERE.items():
        for library in {*libraries} - {"torch"}:
            assert TITLES[library] not in MEASURED[name], (name, library)


def test_a_card_says_which_models_use_it_and_leads_to_the_libraries():
    facts = Card("swiglu", measured=MEASURED).facts()
    assert re.match(r"\d+ of \d+ in transformers: qwen \(\d+\), ", facts["models"])
    assert Card("relu", measured=MEASURED).facts()["libraries"].endswith("(libraries.ipynb#relu)")
    assert "libraries" not in facts


@needs_pytorch
def test_what_is_noted_of_pytorchs_functions_holds():
    assert set(TORCH_NOTES) == {"softplus", "threshold"}
    z = torch.tensor([19.9, 20.1], dtype=torch.float64)
    assert (nn.Softplus()(z) == z).tolist() == [False, True]
    with pytest.raises(TypeError, match="2 required positional arguments"):
        nn.Threshold()
    assert "; both parameters must be given" in Card("threshold").facts()["PyTorch"]


CALLS = [
    pytest.param(name, library, call, id=call.text)
    for name, libraries in ELSEWHERE.items()
    for library, calls in libraries.items()
    for call in calls
]


@pytest.mark.parametrize(("name", "library", "call"), CALLS)
def test_another_librarys_function_is_ours_at_the_defaults_that_are_listed(name, library, call):
    pytest.importorskip("torch" if library == "torch" else "jax")
    pytest.importorskip(library)
    path, _, keywords = call.text.partition("(")
    module, _, function = path.rpartition(".")
    module = {"F": "torch.nn.functional", "nn": "torch.nn"}.get(module, module)
    found = getattr(importlib.import_module(module), function)
    entry = ACTIVATIONS[name]
    z = np.linspace(-4, 4, 48, dtype=np.float32).reshape(6, 8)
    if inspect.isclass(found):
        found = found()
    elif keywords:
        found = partial(found, **eval(f"dict({keywords}"))
    given = torch.as_tensor(z) if library == "torch" else z
    ours = entry.value(z, **call.params | call.only)
    assert np.allclose(found(given), ours, rtol=2e-4, atol=2e-6) or call.note


LACKED = [
    pytest.param(entry, library, id=f"{entry.name}-{library}")
    for entry in ACTIVATIONS.values()
    for library in ("torch", "keras", "jax")
    if (text := composed(entry.name, library))
    and text in Card(entry.name, measured=MEASURED).facts()[TITLES[library]]
]


@pytest.mark.parametrize(("entry", "library"), LACKED)
def test_what_a_library_lacks_is_composed_of_its_operations(entry, library):
    backend = pytest.importorskip("torch" if library == "torch" else "jax")
    names = {library: pytest.importorskip(library)}
    z = np.linspace(-4, 4, 48).reshape(6, 8)
    given = torch.as_tensor(z) if library == "torch" else backend.numpy.asarray(z)
    halves = {"a": given[..., :4], "b": given[..., 4:]}
    if library == "torch":
        names["F"] = nn.functional
    # Both by default and with other values of the parameters.
    for factor in (1.0, 1.5):
        params = {key: factor * each.default for key, each in entry.params.items()}
        said = eval(composed(entry.name, library), {**names, **halves, **params, "z": given})
        assert np.allclose(said, entry.value(z, **params), rtol=2e-4, atol=2e-6)


def test_a_name_that_is_ours_for_one_value_says_so():
    facts = Card("swish").facts()
    assert facts["PyTorch"].startswith("`F.silu`, `nn.SiLU`, for beta = 1 only; else `z *")
    assert "swish`, for beta = 1 only" in facts["JAX"]
    assert registry_table("PyTorch", names=["swish"]).rows == [
        ("`F.silu`, `nn.SiLU` for beta = 1",)
    ]
    assert Card("squared_relu").facts()["PyTorch"] == "no name: `F.relu(z) ** 2`"
