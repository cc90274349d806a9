"""Finite differences on functions with known slopes; ulps counted by hand."""

import math

import mpmath
import numpy as np
import pytest

from actlib.calculus import central_difference, numerical_gradient, ulp_error

# central_difference


@pytest.mark.parametrize(
    ("f", "slope"),
    [(np.exp, np.exp), (np.sin, np.cos), (lambda x: x**3, lambda x: 3 * x**2)],
    ids=["exp", "sin", "cube"],
)
def test_a_smooth_slope_has_nine_digits(f, slope):
    x = np.linspace(-3, 3, 61)
    np.testing.assert_allclose(central_difference(f, x), slope(x), rtol=3e-9, atol=1e-9)


def test_a_straight_line_is_exact_at_any_size():
    # 2h differs from the distance of the rounded points; dividing by it would show here.
    x = np.array([0.0, 0.1, -7.3, 1e10, 1e-10])
    assert np.array_equal(central_difference(lambda v: v.copy(), x), np.ones(5))


def test_the_default_step_grows_with_x():
    assert central_difference(np.square, 1e12) == pytest.approx(2e12, rel=1e-9)


def test_a_wider_step_gives_a_wider_average():
    assert central_difference(lambda x: x**3, 0.0, h=0.5) == 0.25
    assert np.array_equal(central_difference(lambda x: x**3, [0.0, 0.0], h=[0.5, 1.0]), [0.25, 1.0])


def test_at_a_kink_it_is_the_mean_of_both_slopes():
    assert central_difference(lambda x: np.maximum(x, 0.0), 0.0) == 0.5


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_the_slope_has_the_shape_of_x(shape):
    assert central_difference(np.exp, np.zeros(shape)).shape == shape


@pytest.mark.parametrize("x", [np.nan, np.inf, -np.inf, np.finfo(float).max])
def test_no_finite_neighbours_give_nan_without_a_warning(x):
    assert np.isnan(central_difference(np.exp, x))


def test_small_dtypes_are_computed_in_float64():
    assert central_difference(np.exp, np.float32(0.0)).dtype == np.float64
    assert central_difference(np.exp, [1]).dtype == np.float64


@pytest.mark.parametrize("h", [0.0, -1.0, np.nan, np.inf, "a"])
def test_a_step_that_is_not_positive_is_an_error(h):
    with pytest.raises(ValueError, match="positive, finite step"):
        central_difference(np.exp, 1.0, h=h)


def test_a_step_that_vanishes_beside_x_is_an_error():
    with pytest.raises(ValueError, match=r"h=1e-09 is so small.*leave h out"):
        central_difference(np.exp, 1e9, h=1e-9)


def test_a_function_of_the_whole_array_is_sent_to_numerical_gradient():
    with pytest.raises(ValueError, match="use numerical_gradient"):
        central_difference(np.sum, [1.0, 2.0])


@pytest.mark.parametrize("x", ["1", [None], 1j])
def test_an_x_that_is_not_real_is_an_error(x):
    with pytest.raises(TypeError, match="real numbers"):
        central_difference(np.exp, x)


# numerical_gradient


def test_a_gradient_takes_each_entry_on_its_own():
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    weights = np.array([[1.0, -2.0, 3.0], [0.0, 0.5, 1.0]])
    gradient = numerical_gradient(lambda v: (weights * v**2).sum(), x)
    np.testing.assert_allclose(gradient, 2 * weights * x, rtol=1e-9, atol=1e-9)


def test_a_gradient_moves_one_entry_at_a_time():
    gradient = numerical_gradient(np.prod, [2.0, 3.0, 5.0])
    np.testing.assert_allclose(gradient, [15.0, 10.0, 6.0], rtol=1e-9)


def test_a_gradient_leaves_x_alone():
    x = np.array([1.0, 2.0])
    numerical_gradient(np.prod, x)
    assert np.array_equal(x, [1.0, 2.0])


def test_a_gradient_takes_a_step_per_entry():
    assert np.array_equal(
        numerical_gradient(lambda v: (v**3).sum(), [0.0, 0.0], h=[0.5, 1.0]),
        [
            0.25,
            1.0,
        ],
    )


def test_an_elementwise_function_is_sent_to_central_difference():
    with pytest.raises(ValueError, match="use central_difference"):
        numerical_gradient(np.exp, [1.0, 2.0])


# ulp_error


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("exact", [1.0, 1.5, 0.0, 2.0**-10, -3.0])
def test_a_neighbour_is_one_ulp_away(dtype, exact):
    outwards = math.copysign(math.inf, exact)
    neighbour = np.nextafter(dtype(exact), dtype(outwards))
    assert ulp_error(neighbour, exact) == 1.0
    assert ulp_error(dtype(exact), exact) == 0.0


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_correctly_rounded_result_is_within_half_an_ulp(dtype):
    rng = np.random.default_rng(0)
    exact = rng.choice([-1, 1], 4000) * 2.0 ** rng.uniform(-30, 15, 4000)
    error = ulp_error(exact.astype(dtype), exact)
    assert 0.45 < error.max() <= 0.5


def test_below_a_power_of_two_the_smaller_unit_counts():
    # 1 - 2**-55 rounds to 1, whose own unit is twice as large.
    with mpmath.workdps(30):
        exact = 1 - mpmath.mpf(2) ** -55
    assert ulp_error(1.0, exact) == 0.25


def test_digits_beyond_mpmaths_current_precision_count():
    with mpmath.workdps(60):
        exact = 1 - mpmath.mpf(10) ** -22
    assert mpmath.mp.dps == 15
    assert ulp_error(1.0, exact) == pytest.approx(1e-22 * 2**53)


def test_the_smallest_number_is_the_unit_at_zero_and_below_normal():
    tiny = 5e-324
    assert ulp_error(tiny, 0.0) == 1.0
    assert ulp_error(-0.0, 0.0) == 0.0
    assert ulp_error(0.0, mpmath.mpf(2) ** -1075) == 0.5
    assert ulp_error(3 * tiny, mpmath.mpf(2) ** -1074) == 2.0
    assert ulp_error(np.float16(0.0), 2.0**-24) == 1.0


@pytest.mark.parametrize(
    ("computed", "exact", "error"),
    [
        (np.nan, np.nan, 0),
        (np.nan, 1.0, np.inf),
        (1.0, np.nan, np.inf),
        (np.inf, np.inf, 0),
        (-np.inf, np.inf, np.inf),
        (np.inf, 1e308, np.inf),
        (1e308, np.inf, np.inf),
        (np.inf, mpmath.mpf("1e309"), 0),
        (-np.inf, mpmath.mpf("1e309"), np.inf),
        (np.float16(np.inf), 65520.0, 0),
        (np.float16(np.inf), 65519.0, np.inf),
        (np.float16(65504.0), 65520.0, 0.5),
        (1e300, 0.0, np.inf),
    ],
)
def test_infinities_and_nan_have_a_sensible_error(computed, exact, error):
    assert ulp_error(computed, exact) == error


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 3)])
@pytest.mark.parametrize("dtype", [np.float64, object])
def test_the_error_has_the_shape_of_computed(shape, dtype):
    error = ulp_error(np.ones(shape), np.ones(shape, dtype))
    assert error.shape == shape
    assert error.dtype == np.float64


def test_a_list_of_mpf_and_an_array_of_longdouble_agree():
    computed = np.float32([0.1, 0.2, 0.3])
    ours = ulp_error(computed, np.longdouble([0.1, 0.2, 0.3]))
    assert np.array_equal(ours, ulp_error(computed, [mpmath.mpf(x) for x in (0.1, 0.2, 0.3)]))


@pytest.mark.parametrize(
    ("computed", "exact", "error", "message"),
    [
        (1, 1.0, TypeError, "float16, float32 or float64.*int64"),
        (np.longdouble(1), 1.0, TypeError, "float16, float32 or float64"),
        (1.0, "1", TypeError, "exact must hold real numbers"),
        (1.0, [1.0], ValueError, r"shape \(\), exact \(1,\)"),
    ],
)
def test_what_cannot_be_compared_is_an_error(computed, exact, error, message):
    with pytest.raises(error, match=message):
        ulp_error(computed, exact)
