"""How far actlib is from the exact values, the benchmarks' files, and the page's tables."""

import json
import sys

import numpy as np
import pytest
from course import ROOT
from each import each

from actlib import reference
from actlib.activations import ACTIVATIONS, REDUCTIONS, self_gated
from actlib.activations.inputs import BLOCK
from actlib.reference.measured import newest

BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import accuracy  # noqa: E402
import formulas  # noqa: E402

GOAL = {np.float64: 8, np.float32: 0.51, np.float16: 0.51}
ROWS = [
    f.__name__
    for entry in ACTIVATIONS.values()
    if entry.kind != "elementwise"
    for f in (entry.value, entry.grad)
]
ELEMENTWISE = [entry for entry in ACTIVATIONS.values() if entry.kind == "elementwise"]
NEWEST = {kind: newest(kind, BENCHMARKS) for kind in ("accuracy", "speed")}


@pytest.fixture(autouse=True)
def few_points(monkeypatch):
    for name, number in {"POINTS": 40, "STARTS": 2, "STEPS": 2, "TRIES": 4}.items():
        monkeypatch.setattr(accuracy, name, number)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", GOAL, ids=lambda dtype: dtype.__name__)
@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_values_and_slopes_are_right_to_a_few_ulp(entry, dtype):
    params = accuracy.OTHER_PARAMS.get(entry.name, {})
    for name, _, found in accuracy.measure_elementwise(entry, params, dtype, {"actlib"}):
        if name in accuracy.ABOVE_GOAL:
            continue
        assert "wrong" not in found and found["nan_at_infinity"] == 0, name
        assert max(found["max_ulp"], found.get("max_ulp_subnormal", 0)) <= GOAL[dtype], name


@pytest.mark.slow
@pytest.mark.parametrize("name", [*ROWS, *REDUCTIONS])
def test_rows_and_gates_are_right_to_8_ulp(name):
    entry = next((e for e in ACTIVATIONS.values() if name in (e.name, e.grad.__name__)), None)
    ((_, _, found),) = accuracy.measure_rows(name, entry, np.float64, {"actlib"})
    assert "wrong" not in found
    assert max(found["max_ulp"], found.get("max_ulp_subnormal", 0)) <= 8


# Where an earlier formula lost more than 8 ulp, up to all digits.
HARD = [
    ("gelu", [-2.789274829053099]),
    ("mish_grad", [-2.247777387276055]),
    ("glu", [1e300, -744.0]),
    ("glu_grad", [1e300, -744.0]),
    ("swiglu", [1e300, -750.0]),
    ("swiglu", [1.7e308, -1420.5]),
    ("swiglu", [1.7e308, 1.2]),
    ("swiglu", [1e300, 5e-324]),
    ("swiglu", [5e-324, 20.3]),
    ("swiglu_grad", [1.7e308, -1419.5]),
    ("geglu", [1e300, -38.5]),
    ("geglu", [1e308, -47.34419180140779]),
    ("geglu_grad", [1.7e308, -53.0]),
]


@pytest.mark.parametrize(("name", "z"), HARD)
def test_a_hard_input_loses_at_most_8_ulp(name, z):
    z = np.array(z)
    entry = next(e for e in ACTIVATIONS.values() if name in (e.name, e.grad.__name__))
    function = entry.value if name == entry.name else entry.grad
    if entry.kind == "gated":
        z = z[None]
        exact = formulas.exact_rows(name, z)
    else:
        exact = formulas.exact(entry, z, slope=name != entry.name)
    assert accuracy.errors(name, z, function(z), exact).max() <= 8


@pytest.mark.parametrize("name", ["geglu_grad", "swiglu", "softmax_jacobian", "logsumexp"])
def test_more_precision_does_not_move_the_exact_row(name, monkeypatch):
    rng = np.random.default_rng(1)
    blocks = accuracy.pairs if "glu" in name else accuracy.rows
    some = [z[::12, :5] for z in blocks(np.float64, rng)]
    enough = [formulas.exact_rows(name, z) for z in some]
    monkeypatch.setattr(formulas, "row_precision", lambda *_: 6000)
    for z, values in zip(some, enough, strict=True):
        for less, more in zip(values.ravel(), formulas.exact_rows(name, z).ravel(), strict=True):
            assert abs(less - more) <= max(abs(more) * 2.0**-70, 2.0**-1150)


@pytest.mark.slow
@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_more_precision_does_not_move_the_exact_value(entry, monkeypatch):
    z = accuracy.points(entry, {}, np.float64, np.random.default_rng(1))[::20]
    enough = [formulas.exact(entry, z, slope=slope) for slope in (False, True)]
    monkeypatch.setattr(formulas, "precision", lambda *_: 6000)
    for slope, values in zip((False, True), enough, strict=True):
        for x, less, more in zip(z, values, formulas.exact(entry, z, slope=slope), strict=True):
            assert abs(less - more) <= max(abs(more) * 2.0**-70, 2.0**-1150), x


@each("entry", ACTIVATIONS)
@each("slope", [False, True])
def test_a_long_array_is_computed_as_its_parts_are(entry, slope):
    function = entry.grad if slope else entry.value
    z = np.random.default_rng(0).normal(0, 5, (BLOCK // 6 + 100, 12)).astype(np.float32)
    parts = np.concatenate([function(z[:50]), function(z[50:])])
    np.testing.assert_array_equal(function(z), parts)


# The search for the largest error


@pytest.mark.parametrize("dtype", GOAL, ids=lambda dtype: dtype.__name__)
def test_neighbours_have_neighbouring_places(dtype):
    z = np.array([-np.finfo(dtype).max, -1.0, 0.0, 5e-8, 3.0], dtype)
    places = accuracy.ordinals(z)
    np.testing.assert_array_equal(accuracy.numbers(places, dtype), z)
    np.testing.assert_array_equal(
        accuracy.numbers(places + 1, dtype), np.nextafter(z, dtype(np.inf))
    )
    assert np.isfinite(accuracy.numbers(places - 1, dtype)).all()


@pytest.mark.parametrize("width", [0, 2])
def test_a_climb_ends_near_a_peak_that_the_grid_misses(width, monkeypatch):
    for name, number in {"STARTS": 3, "STEPS": 60, "TRIES": 16}.items():
        monkeypatch.setattr(accuracy, name, number)

    def measure(z):
        far = np.abs(np.log(np.abs(z) / 712.39) * np.sign(z) + (z < 0)).reshape(len(z), -1)
        return (1.0 / (1e-9 + far.max(axis=1)),)

    z = np.linspace(-1000, 1000, 40).reshape(-1, width) if width else np.linspace(-1000, 1000, 40)
    grid = measure(z)[0]
    _, found = accuracy.climb(measure, z, grid, np.random.default_rng(0))
    assert found.max() > 100 * grid.max()


# The benchmarks' files


def test_the_stored_errors_are_those_of_the_code_of_today():
    records = (ACTIVATIONS | REDUCTIONS).values()
    functions = [f for entry in records for f in (entry.value, entry.grad)]
    today = {f.__name__: accuracy.fingerprint(f) for f in functions}
    rows = [row for row in NEWEST["accuracy"]["rows"] if row["implementation"] == "actlib"]
    stale = {row["function"] for row in rows if row.get("code") != today[row["function"]]}
    assert not stale, "run benchmarks/accuracy.py for these"


def test_a_fingerprint_changes_with_what_a_function_calls_and_not_with_words(monkeypatch):
    before = accuracy.fingerprint(ACTIVATIONS["silu"].grad)
    monkeypatch.setattr(ACTIVATIONS["silu"].grad, "__doc__", "Another sentence.")
    assert accuracy.fingerprint(ACTIVATIONS["silu"].grad) == before
    monkeypatch.setattr(self_gated, "SILU_ROOT", -1.25)
    assert accuracy.fingerprint(ACTIVATIONS["silu"].grad) != before


def test_every_function_of_the_registry_has_its_rows():
    names = {f.__name__ for entry in ACTIVATIONS.values() for f in (entry.value, entry.grad)}
    for who in ("actlib", "textbook"):
        measured = {r["function"] for r in NEWEST["accuracy"]["rows"] if r["implementation"] == who}
        assert names <= measured
    timed = {r["function"] for r in NEWEST["speed"]["rows"]}
    assert {name for name in names if not name.endswith("jacobian")} <= timed


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("accuracy", {"function", "dtype", "params", "implementation", "points", "max_ulp", "at"}),
        ("speed", {"function", "dtype", "n", "implementation", "ns_per_element"}),
    ],
)
def test_a_file_says_what_was_measured_with_what_and_where_not(kind, columns):
    assert {"date", "python", "numpy", "torch"} <= NEWEST[kind]["meta"].keys()
    for row in NEWEST[kind]["rows"]:
        assert columns <= row.keys()
        assert row["implementation"] in reference.accuracy.NAMES
    keys = [
        tuple(str(row.get(key)) for key in ("function", "dtype", "params", "n", "implementation"))
        for row in NEWEST[kind]["rows"]
    ]
    assert len(keys) == len(set(keys))


def test_the_stored_errors_of_actlib_meet_the_goals():
    for row in NEWEST["accuracy"]["rows"]:
        if row["implementation"] == "actlib" and row["function"] not in accuracy.ABOVE_GOAL:
            assert "wrong" not in row and not row.get("nan_at_infinity"), row
            goal = GOAL[np.dtype(row["dtype"]).type]
            assert max(row["max_ulp"], row.get("max_ulp_subnormal", 0)) <= goal, row


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_what_is_slow_has_a_reason(dtype):
    slow = reference.Speed(BENCHMARKS).slow(dtype)
    assert [name for name, _, reasons in slow if not reasons] == []


# The page's tables


@pytest.fixture
def small(tmp_path):
    def row(function, who, error, **more):
        keys = {"function": function, "dtype": "float64", "params": {}, "implementation": who}
        return keys | {"points": 9, "max_ulp": error, "at": 1.0} | more

    rows = [
        row("relu", "actlib", 0.0),
        row("relu", "torch", 0.0),
        row("silu", "actlib", 3.0),
        row("silu", "torch", 2.5, nan_at_infinity=1),
        row("silu", "textbook", 7.0, wrong=2, wrong_at=-800.0),
    ]
    (tmp_path / "accuracy_2026-01-01.json").write_text("{}")
    newest = json.dumps({"meta": {"date": "2026-01-02"}, "rows": rows})
    (tmp_path / "accuracy_2026-01-02.json").write_text(newest)
    return reference.Accuracy(tmp_path)


def test_a_table_shows_the_newest_file_and_leaves_out_what_is_exact(small):
    assert small.table("float64").rows == [("`silu`", "3", "∞", "2.5", "", "")]
    assert small.exact("float64") == ["relu"]


def test_the_table_says_where_another_library_is_closer(small):
    assert small.better_elsewhere("float64").rows == [("`silu`", "3", "PyTorch", "2.5")]


def test_the_largest_error_comes_first(small):
    assert small.largest("float64", 1) == [("silu", 3.0)]


def test_lost_limits_are_counted_per_library(small):
    lines = {line[0]: line[1:] for line in small.lost_limits().rows}
    assert lines["PyTorch"] == (1, "`silu`") and lines["actlib"] == (0, "none")


def test_saturation_stands_side_by_side(small):
    keys = {"function": "tanh", "dtype": "float32", "what": "slope", "side": "right", "limit": 0.0}
    small.tails = [
        keys | {"implementation": "torch", "start": 9.0108},
        keys | {"implementation": "actlib", "start": 52.679},
        keys | {"implementation": "actlib", "start": -52.679, "side": "left"},
    ]
    table = small.saturation()
    assert table.rows == [("`tanh`", "float32", "slope is 0", "52.68", "9.01")]


def test_a_folder_without_results_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="run make bench"):
        reference.Accuracy(tmp_path)


@pytest.fixture
def timed(tmp_path):
    """A file in which actlib's tanh takes 2, 3 and 4 times as long as the textbook's."""
    sizes = {"actlib": (9.0, 2.0, 3.0, 4.0), "textbook": (1.0,) * 4, "torch": (8.0, 5.0, 6.0, 7.0)}
    rows = [
        {"function": "tanh", "dtype": "float64", "n": n, "implementation": who, "ns_per_element": t}
        for who, times in sizes.items()
        for n, t in zip((1_000, 100_000, 1_000_000, 10_000_000), times, strict=True)
    ]
    reasons = [
        {"n": [1_000], "why": "a call"},
        {"function": ["tanh"], "why": "care"},
        {"dtype": ["float32"], "why": "width"},
    ]
    (tmp_path / "speed_2026-01-01.json").write_text("{}")
    newest = json.dumps({"meta": {}, "reasons": reasons, "rows": rows})
    (tmp_path / "speed_2026-01-02.json").write_text(newest)
    return reference.Speed(tmp_path)


def test_a_ratio_is_the_median_over_the_large_sizes(timed):
    assert timed.ratio("tanh", "float64") == 3 and timed.ratio("tanh", "float64", "torch") == 6
    assert timed.ratio("tanh", "float32") is None
    assert timed.microseconds("tanh", 1_000) == 9


def test_what_is_slow_comes_with_the_reasons_that_apply(timed):
    assert timed.slow("float64") == [("tanh", 3.0, ["care"])]
    assert timed.why("float64").rows == [("care", "`tanh` 3")]


def test_the_table_of_times_has_a_line_per_activation(timed):
    lines = {line[0]: line[1:] for line in timed.table("float64").rows}
    assert len(lines) == len(ACTIVATIONS) and lines["`tanh`"] == ("3", "6", "", "", "")


def test_a_folder_without_times_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="run make bench"):
        reference.Speed(tmp_path)
