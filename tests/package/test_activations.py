"""What design.md promises of every function, asked of every entry of the registry."""

import inspect
import math
import re
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from course import ROOT
from each import each
from parameters import OTHER_PARAMS

from actlib import activations
from actlib.activations import ACTIVATIONS, REDUCTIONS, Interval, logsumexp
from actlib.calculus import central_difference, ulp_error

BIBLIOGRAPHY = (ROOT / "references.bib").read_text(encoding="utf-8")
DTYPES = (np.float16, np.float32, np.float64, np.longdouble)

ENTRIES = list(ACTIVATIONS.values())


def of_kind(kind):
    return {name: entry for name, entry in ACTIVATIONS.items() if entry.kind == kind}


GATED = of_kind("gated")
ELEMENTWISE = of_kind("elementwise")
SETTINGS = {
    "-".join([name, *(f"{k}={v}" for k, v in params.items())]): (entry, params)
    for name, entry in ELEMENTWISE.items()
    for params in ({}, *OTHER_PARAMS.get(name, ()))
}
FUNCTIONS = [
    *(entry.value for entry in ENTRIES),
    *(entry.grad for entry in ENTRIES),
    *(entry.value for entry in REDUCTIONS.values()),
]

settings = each(("entry", "params"), SETTINGS)
elementwise = each("entry", ELEMENTWISE)
gated = each("entry", GATED)
every_entry = each("entry", ACTIVATIONS)
every_function = each("function", FUNCTIONS)


def sample():
    """Points of every size, dense near 0 where things happen."""
    large = np.geomspace(1e-12, 700.0, 200)
    return np.concatenate([np.linspace(-12, 12, 2001), large, -large])


# Arrays in, arrays out


HALVES = {entry.value for entry in GATED.values()}
GATED_FUNCTIONS = {*HALVES, *(entry.grad for entry in GATED.values())}


def expected_shape(function, shape):
    if function.__name__ in REDUCTIONS:
        return shape[:-1]
    if function in HALVES:
        return (*shape[:-1], shape[-1] // 2)
    if function.__name__.endswith("jacobian"):
        return (*shape, shape[-1]) if shape else (1, 1)
    return shape


@every_function
@each("shape", [(0,), (4,), (0, 4), (3, 0), (2, 1, 4)])
def test_any_shape_goes_in_and_comes_out(function, shape):
    assert function(np.ones(shape)).shape == expected_shape(function, shape)


@each("function", [f for f in FUNCTIONS if f not in GATED_FUNCTIONS])
def test_a_single_number_goes_in_and_comes_out(function):
    assert function(1.0).shape == expected_shape(function, ())


@every_function
@each("dtype", DTYPES)
def test_a_floating_dtype_is_kept(function, dtype):
    assert function(np.ones((2, 4), dtype)).dtype == dtype


@every_function
@each("z", [[1, 2], [True, False], np.array([3, 4], np.uint8)])
def test_integers_and_booleans_become_float64(function, z):
    assert function(z).dtype == np.float64


@every_function
@each("z", ["1.0", ["1", "2"], ["1", "x"], [1j], [None, 1.0], np.array(["2020"], "M8[Y]")])
def test_what_is_not_a_real_number_is_refused_with_a_remedy(function, z):
    with pytest.raises(TypeError, match=r"expected real numbers, got .*; (convert|take|replace) "):
        function(z)


@every_function
def test_ragged_rows_are_refused(function):
    with pytest.raises(ValueError, match="one length"):
        function([[1.0], [1.0, 2.0]])


@every_function
@each("dtype", DTYPES)
def test_the_input_is_not_changed_and_shares_no_memory(function, dtype):
    z = np.linspace(-9, 9, 12, dtype=dtype).reshape(3, 4)
    before = z.copy()
    result = function(z)
    assert not np.shares_memory(result, z)
    result += 1
    np.testing.assert_array_equal(z, before)


@every_function
def test_half_precision_is_rounded_once_from_float64(function):
    z = np.linspace(-6, 6, 24, dtype=np.float16).reshape(6, 4)
    exact = function(z.astype(np.float64))
    np.testing.assert_array_equal(function(z), exact.astype(np.float16))


# The edges


@settings
def test_nan_stays_nan(entry, params):
    for function in (entry.value, entry.grad):
        result = function([np.nan, 0.5], **params)
        assert np.isnan(result[0]) and not np.isnan(result[1])


@settings
@each("dtype", DTYPES)
def test_infinity_gives_the_declared_limit(entry, params, dtype):
    ends = np.array([-np.inf, np.inf], dtype)
    for function, limits in ((entry.value, entry.limits), (entry.grad, entry.grad_limits)):
        limit = np.array(limits(**params), dtype)
        np.testing.assert_allclose(function(ends, **params), limit, rtol=3e-16)


@settings
def test_large_numbers_approach_the_declared_limit(entry, params):
    far = [-1e300, 1e300]
    for function, limits in ((entry.value, entry.limits), (entry.grad, entry.grad_limits)):
        reached = function(far, **params)
        for value, limit in zip(reached, limits(**params), strict=True):
            if math.isnan(limit):
                assert abs(value) <= 2  # it swings for ever
            else:
                assert abs(value) > 1e298 if math.isinf(limit) else value == pytest.approx(limit)


@settings
def test_the_largest_numbers_stay_finite_or_leave_the_dtype_exactly(entry, params):
    most = np.finfo(np.float64).max
    values, slopes = entry.value([-most, most], **params), entry.grad([-most, most], **params)
    # Only these multiply by more than 1 out there.
    assert np.isinf(values[1]) == (entry.name in ("selu", "squared_relu", "xielu"))
    assert np.isinf(slopes[1]) == (entry.name in ("squared_relu", "xielu"))
    assert np.isfinite(values[0]) and not np.isnan(slopes).any()


@pytest.mark.parametrize(
    "name", ["gelu", "gelu_tanh", "quick_gelu", "silu", "swish", "mish", "hardswish"]
)
def test_a_gate_that_is_open_lets_everything_through(name):
    z = np.geomspace(60, 1e300, 500)
    np.testing.assert_array_equal(ACTIVATIONS[name].value(z), z)
    np.testing.assert_array_equal(ACTIVATIONS[name].grad(z), 1.0)


@settings
def test_values_lie_in_the_declared_range_and_fill_it(entry, params):
    interval = entry.range(**params)
    values = entry.value(sample(), **params)
    # Rounding may reach an open end, so ends are admitted here.
    closed = Interval(interval.low, interval.high, "[]")
    assert all(value in closed for value in values)
    for end, reached in ((interval.low, values.min()), (interval.high, values.max())):
        assert abs(reached) > 0.9 if math.isinf(end) else reached == pytest.approx(end, abs=2e-2)


@elementwise
def test_a_minimum_that_is_reached_is_the_declared_one(entry):
    interval = entry.range()
    if interval.closed[0] == "[":
        z = np.linspace(-7, 7, 1_400_001)
        assert entry.value(z).min() == pytest.approx(interval.low, abs=1e-11)


# Derivatives


@settings
def test_the_slope_is_what_central_differences_see(entry, params):
    z = np.linspace(-9, 9, 401)
    joins = np.array(entry.joins(**params))
    away = np.abs(z[:, None] - joins).min(axis=1, initial=np.inf) > 1e-3
    estimate = central_difference(lambda x: entry.value(x, **params), z[away])
    np.testing.assert_allclose(entry.grad(z[away], **params), estimate, atol=2e-9)


@settings
def test_the_slope_at_a_join_is_one_of_the_one_sided_slopes(entry, params):
    for join in entry.joins(**params):
        sides = [entry.grad(np.nextafter(join, side), **params) for side in (-np.inf, np.inf)]
        assert entry.grad(join, **params) == pytest.approx(sides[0]) or (
            entry.grad(join, **params) == pytest.approx(sides[1])
        )


@settings
def test_joins_are_where_a_derivative_jumps(entry, params):
    """Every join is a corner or, where the slopes meet, a jump of the second derivative."""
    for join in entry.joins(**params):
        h = 1e-4
        slope = entry.grad([join - 2 * h, join - h, join + h, join + 2 * h], **params)
        bend = np.diff(slope) / h
        assert abs(slope[2] - slope[1]) > 1e-2 or abs(bend[2] - bend[0]) > 1e-2


@each("entry", of_kind("row"))
def test_a_jacobian_is_what_central_differences_see(entry):
    z = np.array([[2.0, 1.2, 0.1], [0.0, -3.0, 5.0]])
    h = 1e-6
    columns = [(entry.value(z + h * e) - entry.value(z - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(entry.grad(z), np.stack(columns, axis=-1), atol=1e-9)


@gated
@each("axis", [0, 1, -1])
def test_the_slopes_of_a_gated_function_are_what_central_differences_see(entry, axis, rng):
    """Every input is nudged alone, so that an output which it should not move would show."""
    z = rng.normal(0, 2, (4, 6))
    h = 1e-6
    nudged = [h * np.eye(z.size)[i].reshape(z.shape) for i in range(z.size)]
    moved = [
        (entry.value(z + n, axis=axis) - entry.value(z - n, axis=axis)) / (2 * h) for n in nudged
    ]
    assert all(np.count_nonzero(np.abs(m) > 1e-9) <= 1 for m in moved)
    estimate = np.reshape([m.sum() for m in moved], z.shape)
    np.testing.assert_allclose(entry.grad(z, axis=axis), estimate, atol=1e-8)


# Parameters and records


@elementwise
def test_a_parameter_out_of_range_is_named_with_its_value(entry):
    for name, parameter in entry.params.items():
        outside = [math.nan, math.inf]
        if math.isfinite(parameter.interval.low):
            outside.append(parameter.interval.low - 1)
        for function, value in product((entry.value, entry.grad), outside):
            with pytest.raises(ValueError, match=rf"{name} must .*{value}"):
                function([1.0], **{name: value})


@elementwise
@each("value", ["0.1", None, 1j, True, [0.1]])
def test_a_parameter_that_is_no_number_is_refused(entry, value):
    for name in entry.params:
        with pytest.raises(TypeError, match=f"{name} must be a real number"):
            entry.value([1.0], **{name: value})


def test_hardtanh_refuses_ends_in_the_wrong_order():
    with pytest.raises(ValueError, match=r"low=2\.0 and high=1\.0"):
        activations.hardtanh([0.0], low=2.0)


def check_defaults(entry):
    """Every default stands in several signatures, and they must agree."""
    assert inspect.signature(entry.grad) == inspect.signature(entry.value)
    defaults = {name: parameter.default for name, parameter in entry.params.items()}
    for f in (entry.range, entry.joins, entry.limits, entry.grad_limits):
        if f is not None and inspect.signature(f) != inspect.signature(lambda **_: ()):
            parameters = inspect.signature(f).parameters
            assert {name: p.default for name, p in parameters.items()} == defaults
        assert (f is None) <= (entry.kind != "elementwise")


@each("entry", ACTIVATIONS | REDUCTIONS)
def test_a_record_is_complete(entry):
    assert (ACTIVATIONS | REDUCTIONS)[entry.name] is entry
    assert getattr(activations, entry.name) is entry.value
    for text in (entry.title, entry.formula, entry.grad_formula, entry.role, entry.notes):
        assert text.strip() == text != ""
    assert re.search(rf"@\w+{{{entry.source},", BIBLIOGRAPHY), f"{entry.source} not in the .bib"
    assert set(entry.torch_params) <= set(entry.params)
    check_defaults(entry)


@every_entry
def test_every_parameter_is_tried_away_from_its_default(entry):
    others = OTHER_PARAMS.get(entry.name, ())
    assert all(given.keys() == entry.params.keys() for given in others)
    for name, parameter in entry.params.items():
        assert any(given[name] != parameter.default for given in others), name


def unregistered(entries):
    """Return the public functions that are neither value nor derivative of an entry."""
    pairs = {f.__name__ for entry in entries for f in (entry.value, entry.grad)}
    return {name for name in activations.__all__ if name[0].islower()} - pairs - {*REDUCTIONS}


@each("entry", REDUCTIONS)
def test_the_slopes_of_a_reduction_are_those_of_its_value(entry):
    z, step = np.array([[2.0, 1.0, 0.0, -3.0], [-0.5, 0.5, 700.0, 699.0]]), 1e-5
    for axis in (-1, 0):
        measured = np.empty_like(z)
        for place in np.ndindex(z.shape):
            moved = np.zeros_like(z)
            moved[place] = step
            ends = [entry.value(z + way * moved, axis=axis) for way in (1, -1)]
            measured[place] = (ends[0] - ends[1]).sum() / (2 * step)
        np.testing.assert_allclose(entry.grad(z, axis=axis), measured, atol=2e-8)
        assert all(x in entry.range() for x in entry.value(z, axis=axis))


def test_no_name_is_both_an_activation_and_a_reduction():
    assert not ACTIVATIONS.keys() & REDUCTIONS.keys()


def test_every_public_pair_is_in_the_registry():
    assert unregistered(ENTRIES) == set()


@every_entry
def test_an_entry_that_is_removed_is_missed(entry):
    assert unregistered([e for e in ENTRIES if e is not entry]) >= {entry.name}


# Rows


def test_softmax_at_infinity():
    inf = np.inf
    rows = [[inf, 0.0], [-inf, 0.0], [-inf, -inf], [inf, inf], [inf, np.nan]]
    expected = [[1, 0], [0, 1], [np.nan] * 2, [np.nan] * 2, [np.nan] * 2]
    np.testing.assert_array_equal(activations.softmax(rows), expected)
    expected = [[0, -inf], [-inf, 0], [np.nan] * 2, [np.nan] * 2, [np.nan] * 2]
    np.testing.assert_array_equal(activations.log_softmax(rows), expected)
    np.testing.assert_array_equal(logsumexp(rows), [inf, 0, -inf, inf, np.nan])
    assert activations.softmax([-inf]) == 1.0


def test_softmin_at_infinity():
    rows = [[-np.inf, 0.0], [np.inf, 0.0], [np.inf, np.inf], [-np.inf, -np.inf]]
    expected = [[1, 0], [0, 1], [np.nan] * 2, [np.nan] * 2]
    np.testing.assert_array_equal(activations.softmin(rows), expected)


def test_sparsemax_at_infinity():
    inf = np.inf
    rows = [[inf, 0.0], [-inf, 0.0], [-inf, -inf], [inf, inf], [inf, np.nan]]
    expected = [[1, 0], [0, 1], [np.nan] * 2, [np.nan] * 2, [np.nan] * 2]
    np.testing.assert_array_equal(activations.sparsemax(rows), expected)
    np.testing.assert_array_equal(activations.sparsemax([1e308, -1e308]), [1.0, 0.0])
    assert np.isnan(activations.sparsemax_jacobian(rows)[2:]).all()


def exact_sparsemax(row):
    """Sparsemax by the paper's algorithm 1, in fractions."""
    z = [Fraction(x) for x in row]
    total = taus = Fraction(0)
    for m, x in enumerate(sorted(z, reverse=True), 1):
        total += x
        if 1 + m * x > total:
            taus = (total - 1) / m
    return [mpmath.mpf(p.numerator) / p.denominator for p in (max(x - taus, 0) for x in z)]


@pytest.mark.parametrize("size", [1e-3, 0.1, 1.0, 30.0])
def test_sparsemax_is_right_to_the_last_digit(size, rng):
    z = rng.normal(0, size, (200, 6))
    # The first score of every other row at tau, where its share is a difference of rounding.
    others = z[::2, 1:]
    z[::2, 0] = (others - activations.sparsemax(others)).max(axis=1)
    with mpmath.workprec(3000):
        exact = [exact_sparsemax(row) for row in z.tolist()]
        error = ulp_error(activations.sparsemax(z), exact)
        share = np.array(exact, dtype=float)
    assert ((share > 0) & (share < 1e-15)).any() and error[share > 1e-16].max() <= 1
    assert (np.abs(activations.sparsemax(z) - share) <= 1e-31 + 1e-15 * share).all()


def test_entmax15_at_infinity():
    inf = np.inf
    rows = [[inf, 0.0], [-inf, 0.0], [-inf, -inf], [inf, inf], [inf, np.nan]]
    expected = [[1, 0], [0, 1], [np.nan] * 2, [np.nan] * 2, [np.nan] * 2]
    np.testing.assert_array_equal(activations.entmax15(rows), expected)
    np.testing.assert_array_equal(activations.entmax15([1e308, -1e308]), [1.0, 0.0])
    assert np.isnan(activations.entmax15_jacobian(rows)[2:]).all()


def exact_entmax15(row):
    """Entmax 1.5 by bisection for tau, without the closed form that the benchmark uses."""
    half = [mpmath.mpf(x) / 2 for x in row]
    low, high = max(half) - 1, max(half)
    for _ in range(200):
        tau = (low + high) / 2
        enough = sum(max(x - tau, 0) ** 2 for x in half) >= 1
        low, high = (tau, high) if enough else (low, tau)
    return [max(x - low, 0) ** 2 for x in half]


@pytest.mark.parametrize("size", [1e-3, 0.1, 1.0, 30.0])
def test_entmax15_is_right_to_the_last_digits(size, rng):
    z = rng.normal(0, size, (60, 6))
    # The first score of every other row at 2 tau, where its share is the square of rounding.
    others = z[::2, 1:]
    roots = np.sqrt(activations.entmax15(others))
    z[::2, 0] = (others - 2 * roots).max(axis=1)
    with mpmath.workprec(300):
        exact = [exact_entmax15(row) for row in z.tolist()]
        error = ulp_error(activations.entmax15(z), exact)
        share = np.array(exact, dtype=float)
    assert ((share > 0) & (share < 1e-28)).any() and error[share > 1e-31].max() <= 4
    np.testing.assert_allclose(activations.entmax15(z), share, rtol=1e-15, atol=1e-32)
    assert (activations.entmax15(z) >= 0).all()


def test_entmax15_adds_up_for_many_equal_scores():
    p = activations.entmax15(np.zeros((2, 100_000)))
    np.testing.assert_allclose(p, 1e-5, rtol=1e-15)


def test_softmax_plus_one_at_infinity():
    inf = np.inf
    rows = [[inf, 0.0], [-inf, 0.0], [-inf, -inf], [inf, inf], [inf, np.nan]]
    expected = [[1, 0], [0, 0.5], [0, 0], [np.nan] * 2, [np.nan] * 2]
    np.testing.assert_array_equal(activations.softmax_plus_one(rows), expected)
    np.testing.assert_array_equal(activations.softmax_plus_one_jacobian([[-inf, -inf]]), 0.0)


@pytest.mark.parametrize("shift", [-800.0, -30.0, 0.0, 700.0])
def test_softmax_plus_one_keeps_its_digits_at_any_level(shift, rng):
    """Far below 0 the row attends to nothing; the quotient of exp and 1 + sum overflows above."""
    z = rng.normal(shift, 3, (50, 4))
    with mpmath.workprec(3000):
        exact = [[mpmath.exp(mpmath.mpf(x)) for x in row] for row in z.tolist()]
        exact = [[e / (1 + sum(row)) for e in row] for row in exact]
        assert ulp_error(activations.softmax_plus_one(z), exact).max() <= 4


def test_a_learned_sink_is_a_shift_of_softmax_plus_one(rng):
    z, sink = rng.normal(0, 3, (20, 5)), rng.normal(0, 3, (20, 1))
    padded = activations.softmax(np.concatenate([z, sink], axis=-1))[:, :-1]
    np.testing.assert_allclose(activations.softmax_plus_one(z - sink), padded, rtol=1e-13)


def test_softmax_survives_the_largest_logits():
    np.testing.assert_array_equal(activations.softmax([1e308, -1e308]), [1.0, 0.0])
    np.testing.assert_array_equal(activations.log_softmax([1e308, 1e308]), [-np.log(2)] * 2)
    assert logsumexp([1000.0, 1000.0]) == pytest.approx(1000 + np.log(2))


def test_log_softmax_keeps_the_far_tail():
    assert activations.log_softmax([50.0, 0.0])[0] == pytest.approx(-np.exp(-50.0), rel=1e-14)


def test_logsumexp_of_an_empty_row_is_minus_infinity():
    np.testing.assert_array_equal(logsumexp(np.ones((2, 0))), [-np.inf, -np.inf])


def test_the_rows_of_a_softmax_jacobian_add_up_to_nothing():
    jacobian = activations.softmax_jacobian([40.0, 0.0, -2.0])
    np.testing.assert_allclose(jacobian.sum(axis=-1), 0, atol=1e-32)
    assert jacobian[0, 0] > 0


@pytest.mark.parametrize("axis", [2, -3])
def test_an_axis_that_is_missing_is_named(axis):
    with pytest.raises(ValueError, match=rf"axis must lie in \[-2, 1\], got {axis}"):
        activations.softmax(np.ones((2, 2)), axis=axis)


@pytest.mark.parametrize("axis", [None, 0.0, True, "0"])
def test_an_axis_that_is_no_whole_number_is_refused(axis):
    with pytest.raises(TypeError, match="axis must be a whole number"):
        activations.softmax([1.0], axis=axis)


@pytest.mark.parametrize("size", [10, 100, 300])
def test_rows_keep_their_digits_at_any_size_of_logits(size):
    """The plain shifted form is off by 15, 125 and 480 ulp here."""
    logits = np.random.default_rng(0).uniform(-size, size, (200, 5))
    with mpmath.workprec(1000):  # log(p) of a p as near to 1 as exp(-600) needs 866 bits more
        exact = [[mpmath.exp(mpmath.mpf(z)) for z in row] for row in logits.tolist()]
        p = [[e / sum(row) for e in row] for row in exact]
        log_p = [[mpmath.log(x) for x in row] for row in p]
        assert ulp_error(activations.softmax(logits), p).max() <= 4
        assert ulp_error(activations.log_softmax(logits), log_p).max() <= 4


# Gated


@gated
def test_an_axis_that_has_no_halves_is_refused_with_a_remedy(entry):
    for function, z in product((entry.value, entry.grad), (1.0, [1.0, 2.0, 3.0], np.ones((2, 3)))):
        with pytest.raises(
            ValueError, match=r"2 equal blocks: it has [13] entries.* multiple of 2"
        ):
            function(z)


@gated
def test_halves_lie_along_any_axis(entry, rng):
    z = rng.normal(0, 2, (4, 6, 2))
    for function in (entry.value, entry.grad):
        for axis in (0, 1, 2, -3):
            expected = np.moveaxis(function(np.moveaxis(z, axis, -1)), -1, axis)
            np.testing.assert_array_equal(function(z, axis=axis), expected)
        with pytest.raises(ValueError, match=r"axis must lie in \[-3, 2\], got 3"):
            function(z, axis=3)
        with pytest.raises(TypeError, match="axis must be a whole number"):
            function(z, axis=1.0)


@gated
def test_nan_stays_in_its_pair_of_a_gated_function(entry):
    z = [1.0, np.nan, 2.0, 0.5, 1.5, np.nan]
    np.testing.assert_array_equal(np.isnan(entry.value(z)), [False, True, True])
    assert not np.isnan(entry.grad(z))[[0, 3]].any()
    assert np.isnan(entry.grad(z))[[1, 2, 4, 5]].any() and np.isnan(entry.grad([np.nan] * 2)).all()


def test_clamped_swiglu_stops_at_7_and_at_infinity():
    inf, most = np.inf, 7 / (1 + np.exp(-1.702 * 7))
    clamped, slopes = activations.clamped_swiglu, activations.clamped_swiglu_grad
    pairs = [[7.0, 7.0], [8.0, 1e300], [inf, inf], [-9.0, 9.0], [-inf, inf], [inf, -inf]]
    expected = [8 * most] * 3 + [-6 * most] * 2 + [0.0]
    np.testing.assert_allclose(clamped(pairs)[:, 0], expected, rtol=1e-15)
    # As PyTorch's clamp: at 7 the slope of the inside, beyond it none.
    assert (slopes([[7.0, 7.0], [-7.0, 7.0]])[:, 0] == clamped([[0.0, 7.0]]).item()).all()
    np.testing.assert_array_equal(slopes([[7.5, 7.5], [-inf, inf]]), 0.0)
    assert slopes([[7.0, 7.0]])[0, 1] > 7 and np.isnan(slopes([[np.nan, 8.0]])).all()


def test_a_bilinear_gate_has_no_limit_for_nothing_times_infinity():
    np.testing.assert_array_equal(activations.bilinear_glu([[np.inf, -2.0]]), [[-np.inf]])
    assert np.isnan(activations.bilinear_glu([[np.inf, 0.0]])).all()


def test_xielu_falls_to_its_minimum_and_rises_on_both_sides():
    low = activations.xielu(np.log(0.375))  # alpha_n (exp(z) - 1) = -1/2 for alpha_n = 0.8
    assert low == pytest.approx(ACTIVATIONS["xielu"].range().low, rel=1e-15)
    assert abs(activations.xielu_grad(np.log(0.375))) < 1e-16
    np.testing.assert_allclose(activations.xielu([-1e300, 1e300]), [3e299, np.inf])


@pytest.mark.parametrize("alpha_n", [0.500001, 0.8, 30.0])
def test_the_slope_of_xielu_keeps_its_digits_around_its_zero(alpha_n):
    root = np.log1p(-0.5 / alpha_n)
    z = np.concatenate([root + np.array([0.0, 1e-15, -1e-9, 1e-3]) * abs(root), [-1e-9, -40.0]])
    with mpmath.workprec(300):
        exact = [mpmath.mpf(alpha_n) * mpmath.expm1(mpmath.mpf(x)) + 0.5 for x in z.tolist()]
    assert ulp_error(activations.xielu_grad(z, alpha_n=alpha_n), exact).max() <= 8


def test_squareplus_keeps_its_digits_where_the_sum_cancels():
    z = -np.geomspace(1, 1e300, 100)
    with mpmath.workprec(3000):
        exact = [(x + mpmath.sqrt(x * x + 4)) / 2 for x in map(mpmath.mpf, z.tolist())]
        assert ulp_error(activations.squareplus(z), exact).max() <= 4


@pytest.mark.parametrize("name", ["glu", "reglu", "geglu", "swiglu"])
def test_a_gate_closes_or_opens_at_infinity(name):
    entry, inf = ACTIVATIONS[name], np.inf
    assert entry.value([[2.0, -inf]]).item() == 0.0
    assert entry.value([[2.0, inf]]).item() == (2.0 if name == "glu" else inf)
    assert entry.value([[inf, 1.0]]).item() == inf
    # How fast each of the two grows decides: there is no limit.
    assert np.isnan(entry.value([[inf, -inf]]).item())


def test_maxout_takes_the_largest_of_its_blocks():
    z = [1.0, 9.0, 5.0, 2.0, 3.0, 5.0]
    np.testing.assert_array_equal(activations.maxout(z), [2.0, 9.0, 5.0])
    np.testing.assert_array_equal(activations.maxout(z, pieces=3), [5.0, 9.0])
    np.testing.assert_array_equal(activations.maxout_grad(z, pieces=3), [0, 1, 1, 0, 0, 0])
    # A tie: the first block gets the slope.
    np.testing.assert_array_equal(activations.maxout_grad([7.0, 7.0]), [1.0, 0.0])
    np.testing.assert_array_equal(activations.maxout([-np.inf, np.inf]), [np.inf])


@pytest.mark.parametrize(
    ("pieces", "error"), [(1, ValueError), (-2, ValueError), (2.5, TypeError), (True, TypeError)]
)
def test_pieces_are_a_whole_number_of_at_least_two(pieces, error):
    for function in (activations.maxout, activations.maxout_grad):
        with pytest.raises(error, match=f"pieces must .*{pieces}"):
            function(np.ones(10), pieces=pieces)
        with pytest.raises(ValueError, match="3 equal blocks: it has 10 entries"):
            function(np.ones(10), pieces=3)
