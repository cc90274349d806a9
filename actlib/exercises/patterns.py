"""What wrong numbers can have in common with the right ones, whatever the exercise.

A pattern is told only if it holds for every case, and says no more than what was seen.
"""

import numpy as np

from .comparing import as_numbers, far_from

PLACES = range(7)


def pattern(pairs, rtol, atol):
    """Return (why, next step) for pairs of results and right ones, None if they share nothing.

    >>> pattern([(np.array([-1.0, -2.0]), np.array([1.0, 2.0]))], 1e-6, 1e-9)[0]
    'Each number has the wrong sign.'
    """
    try:
        read = [(*as_numbers(got), as_numbers(right)[0]) for got, right in pairs]
    except Exception:
        return None

    def equal(got, eps, right):
        return got.shape == right.shape and not far_from(got, right, eps, rtol, atol).any()

    def holds(change):
        return all(equal(got, eps, change(right)) for got, eps, right in read)

    if any(got.shape != right.shape for got, _, right in read):
        return _in_another_shape(read, equal, holds)
    if not all(right.dtype.kind == "f" for *_, right in read):
        return None
    if holds(np.negative):
        return (
            "Each number has the wrong sign.",
            "look for a difference taken the wrong way round, or turn the sign at the end.",
        )
    values = np.concatenate([np.ravel(got) for got, *_ in read])
    if len(np.unique(values)) > 1:
        if holds(np.floor) or holds(np.trunc):
            return (
                "Each number is the right one cut to a whole number.",
                "look for // where / belongs, or for ints where an array or a 0 should be float.",
            )
        for places in PLACES:
            if holds(lambda right, places=places: np.round(right, places)):
                return (
                    f"Each number is the right one rounded to {places or 'no'} decimal "
                    f"place{'s' * (places != 1)}.",
                    "leave the rounding out.",
                )
        factor = _factor(read)
        # Nearer to 1 it is a matter of digits.
        if abs(factor - 1) > 0.01 and factor and holds(lambda right: factor * right):
            return (
                f"Each number is {factor:.4g} times the right one.",
                "look for a factor too many, or for one that is missing.",
            )
    return None


def cut(got, right):
    """Return (why, next step) if one result is of ints that cut off what the right one has.

    Ints come of the entries of one case: np.vectorize takes the dtype of its first.
    """
    try:
        (got, _), (right, _) = as_numbers(got), as_numbers(right)
    except Exception:
        return None
    if got.dtype.kind not in "iu" or right.dtype.kind != "f" or got.shape != right.shape:
        return None
    if len(np.unique(got)) < 2 or not np.array_equal(got, np.trunc(right)):
        return None
    return (
        f"What came back is of dtype {got.dtype}, whole numbers: what stands after the point is "
        "cut off.",
        "look for what made ints: a 0 instead of 0.0 that sets the dtype, dtype=int or .astype.",
    )


def _in_another_shape(read, equal, holds):
    if any(right.ndim == 0 for *_, right in read):
        return None
    if holds(np.transpose):
        return (
            "The numbers are right, but rows and columns are swapped.",
            "transpose the result: .T.",
        )
    if all(
        got.size == right.size and equal(np.ravel(got), eps, np.ravel(right))
        for got, eps, right in read
    ):
        return (
            "The numbers are right, and so is their order, but not the shape.",
            "keep the axes on the way, or reshape the result to the shape of the input.",
        )
    return None


def _factor(read):
    """Return the quotient of the largest right number's result and itself; 0 if there is none."""
    got = np.concatenate([np.ravel(got).astype(float) for got, *_ in read])
    right = np.concatenate([np.ravel(right).astype(float) for *_, right in read])
    finite = np.isfinite(right) & (right != 0) & np.isfinite(got)
    # Two quotients can agree by chance.
    if len(np.unique(right[finite])) < 3:
        return 0.0
    at = np.argmax(np.where(finite, np.abs(right), 0.0))
    return float(got[at] / right[at])
