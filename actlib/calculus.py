"""Finite differences, to check a derivative, and ulps, to measure an error.

This room knows no activation: it takes functions and arrays.
"""

import numpy as np

__all__ = ["central_difference", "numerical_gradient", "ulp_error"]


def central_difference(f, x, *, h=None):
    """Return (f(x + h) - f(x - h)) / 2h: an estimate of the slope of an elementwise `f` at x.

    `f`: takes a float64 array and returns one of the same shape, each entry from its own
    input. `x`: real array-like, any shape. `h`: positive step, a number or an array that
    broadcasts with x; by default cbrt(eps) * max(1, |x|), about 6e-6 at x = 0, where
    truncation (grows as h**2) and rounding (as 1/h) balance. Then a smooth f with values
    and derivatives near 1 gets about ten right digits. Divides by the distance of the two
    points as they were rounded, not by 2h. Computed in float64 (longdouble stays); the
    result has x's shape. At a kink it is the mean of the two slopes. NaN where x is NaN or
    infinite, or x ± h overflows. Raises TypeError for anything but real numbers, ValueError
    for a step that is not positive, or so small that x + h rounds to x, and for an f whose
    result has another shape. Source: Press et al. (2007), sec. 5.7.

    >>> central_difference(np.square, [0.0, 3.0]).round(6)
    array([0., 6.])
    >>> central_difference(np.abs, 0.0)
    np.float64(0.0)
    """
    points, step = _points_and_step(x, h)
    with np.errstate(over="ignore"):
        left, right = points - step, points + step
    usable = np.isfinite(left) & np.isfinite(right)
    left, right = np.where(usable, left, np.nan), np.where(usable, right, np.nan)
    above, below = np.asarray(f(right)), np.asarray(f(left))
    if above.shape != right.shape:
        remedy = "; for a function of the whole array use numerical_gradient"
        raise ValueError(
            f"f must work elementwise: it got shape {right.shape} and returned {above.shape}"
            f"{remedy if above.size == 1 else ''}"
        )
    return ((above - below) / (right - left))[()]


def numerical_gradient(f, x, *, h=None):
    """Return the gradient at x of `f`, a function from an array to one number.

    `f`: takes a float64 array of x's shape, which it must not keep or change, and returns a
    number. `x`: real array-like, any shape, finite. Each entry moves on its own by ±h while
    the others stay, so f is called 2 * x.size times. `h`, dtype and errors as in
    `central_difference`; the result has x's shape. ValueError for an f that returns
    anything but one number. Source: Press et al. (2007), sec. 5.7.

    >>> numerical_gradient(lambda w: w[0] * w[1], [2.0, 5.0]).round(6)
    array([5., 2.])
    """
    points, step = _points_and_step(x, h)
    step = np.broadcast_to(step, points.shape)
    gradient = np.empty_like(points)
    for i in np.ndindex(points.shape):

        def along(value, i=i):
            moved = points.copy()
            moved[i] = value
            result = np.asarray(f(moved))
            if result.size != 1:
                remedy = "; for an elementwise function use central_difference"
                raise ValueError(
                    f"f must return one number, got shape {result.shape}"
                    f"{remedy if result.shape == points.shape else ''}"
                )
            return result.reshape(())

        gradient[i] = central_difference(along, points[i], h=step[i])
    return gradient


def _points_and_step(x, h):
    points = _unmasked(x, "x")
    if points.dtype.kind not in "fiub":
        raise TypeError(f"x must hold real numbers, got an array of dtype {points.dtype}")
    points = points.astype(np.result_type(points.dtype, np.float64))
    size = np.where(np.isfinite(points), np.abs(points), 1.0)
    if h is None:
        return points, np.cbrt(np.finfo(points.dtype).eps) * np.maximum(1.0, size)
    step = np.asarray(h)
    if step.dtype.kind not in "fiu" or not np.all((step > 0) & np.isfinite(step)):
        raise ValueError(f"h must be a positive, finite step, got {h!r}")
    if np.any(size + step == size):
        raise ValueError(f"h={h!r} is so small that x + h rounds to x; leave h out or enlarge it")
    return points, step


def _unmasked(x, name):
    """Return `x` as an array; raise TypeError for a masked one, whose mask would be lost."""
    if isinstance(x, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array, whose mask would be lost; fill the gaps, for example "
            f"with {name}.filled(0), or drop them with {name}.compressed()"
        )
    return np.asarray(x)


def ulp_error(computed, exact):
    """Return |computed - exact| in units in the last place of the dtype of `computed`.

    One ulp is the distance between neighbouring numbers of that dtype around `exact`: for
    2**e <= |exact| < 2**(e + 1) and a significand of p bits it is 2**(e - p + 1), never
    less than the smallest subnormal and never more than the distance below the largest
    number. So the correctly rounded result has an error of at most 0.5, at a power of two,
    among subnormals and at 0 too.

    `computed`: float16, float32 or float64, any shape. `exact`: the same shape; float64 or
    longdouble where that is exact enough, else mpmath's `mpf` numbers in a list or object
    array, which keep all their digits. Returns float64 of that shape, dimensionless, in
    [0, inf]. Edges: 0 where both are NaN or the same infinity, or where exact lies beyond
    the largest number and rounds to the computed infinity; else inf where one of them is
    NaN or infinite. Raises TypeError for a computed of another dtype, or an exact that
    holds no real numbers, ValueError for shapes that differ. Source: Muller et al.
    (2018), sec. 2.3.2.

    >>> ulp_error(np.float32([1.0, 0.1]), [1.0, 0.1]).round(3)
    array([0. , 0.2])
    >>> ulp_error(1.0 + 2.0**-52, 1.0)
    np.float64(1.0)
    """
    got = _unmasked(computed, "computed")
    true = _unmasked(exact, "exact")
    if got.dtype not in (np.float16, np.float32, np.float64):
        raise TypeError(
            "computed must be float16, float32 or float64, because its dtype sets the unit; "
            f"got {got.dtype}"
        )
    if true.dtype.kind not in "fiubO":
        raise TypeError(f"exact must hold real numbers, got an array of dtype {true.dtype}")
    if got.shape != true.shape:
        raise ValueError(f"computed has shape {got.shape}, exact {true.shape}; they must agree")
    if true.dtype.kind != "O":
        true = true.astype(np.longdouble)
    with np.errstate(over="ignore"):
        nearest = true.astype(got.dtype)
    matches = (got == nearest) | (np.isnan(got) & np.isnan(nearest))
    error = np.where(matches, 0.0, np.inf)

    finite = np.isfinite(got) & (-np.inf < true) & (true < np.inf)
    got, true, nearest = got[finite], true[finite], nearest[finite]
    # Rounding away from 0 may reach the next power of two, where the unit doubles: step back.
    # Only comparisons and differences: abs() of an mpf would round it to mpmath's precision.
    away = np.where(nearest > 0, nearest > true, nearest < true)
    inner = np.where(away, np.nextafter(nearest, got.dtype.type(0)), nearest)
    limits = np.finfo(got.dtype)
    _, exponent = np.frexp(np.maximum(np.abs(inner), limits.smallest_normal))
    unit = np.ldexp(got.dtype.type(1), exponent - 1 - limits.nmant)
    with np.errstate(over="ignore"):
        ulps = np.abs(true - got.astype(true.dtype)) / unit.astype(true.dtype)
        error[finite] = ulps.astype(np.float64)
    return error[()]
