"""What the functions accept and give back, said once for all of them.

A function of the library is written as a *kernel*: a few lines of NumPy that see a
float64 array. The decorators here turn a kernel into the public function, which takes
any array-like of real numbers and keeps its floating dtype.
"""

import functools
import inspect
import numbers

import numpy as np

# exp(FLOOR) is 0 in every dtype, and FLOOR * 0 is 0 where -inf * 0 would be NaN.
FLOOR = -12_000.0

# Long arrays are computed in pieces of this many numbers, so that what a kernel holds on the
# way stays in the processor's cache: several times faster than whole arrays.
BLOCK = 8192


def as_real(z, name="z"):
    """Return `z` as a floating array to compute with, and the dtype of the result.

    `z`: array-like of real numbers, any shape. `name`: what an error calls it. float16 and
    float32 are computed in float64, so that their results are rounded once; integers and
    booleans become float64. Raises TypeError for strings, objects, complex numbers and masked
    arrays, ValueError for ragged lists.

    >>> as_real([1, 2])
    (array([1., 2.]), dtype('float64'))
    """
    refuse_masked(z, name)
    try:
        array = np.asarray(z)
    except ValueError as error:
        raise ValueError(
            f"the rows must have one length, as in [[1, 2], [3, 4]]; got {z!r}"
        ) from error
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"expected real numbers, got an array of dtype {array.dtype}; {_remedy(array, name)}"
        )
    dtype = array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
    return array.astype(np.result_type(dtype, np.float64), copy=False), dtype


def _remedy(array, name):
    """Return what makes real numbers of the entries of `array`, named only where it does."""
    if array.dtype.kind == "c":
        return f"take one of np.real({name}), np.imag({name}) and np.abs({name})"
    number = np.empty(())
    for entry in array.flat:
        try:
            number[()] = entry
        except (TypeError, ValueError):
            return f"replace or drop {entry!r}, which is no real number"
    return f"convert it first, for example with np.asarray({name}, dtype=float)"


def refuse_masked(z, name):
    """Raise TypeError if `z` is a masked array or a list that holds one.

    NumPy's conversion drops the mask without a word, and computes with what it hid.
    """
    if _is_masked(z):
        remedy = "put a number, or np.nan, where something is masked"
        if isinstance(z, np.ma.MaskedArray):
            remedy = f"fill the gaps, for example with {name}.filled(0), "
            remedy += f"or drop them with {name}.compressed()"
        raise TypeError(f"{name} is or holds a masked array, whose mask would be lost; {remedy}")


def _is_masked(z):
    if not isinstance(z, (list, tuple)):
        return isinstance(z, np.ma.MaskedArray)
    # Asked by type first, because a list of numbers may be long.
    holders = (list, tuple, np.ma.MaskedArray)
    return any(issubclass(kind, holders) for kind in set(map(type, z))) and any(map(_is_masked, z))


def check_parameter(name, value, interval):
    """Raise unless `value` is a real number inside `interval`; the message names both."""
    if not isinstance(value, numbers.Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a real number, got {value!r}")
    if value not in interval:
        raise ValueError(f"{name} must lie in {interval}, got {value}")


def check_axis(axis, ndim):
    """Raise unless `axis` is a whole number that names one of `ndim` axes."""
    if isinstance(axis, bool) or not isinstance(axis, numbers.Integral):
        raise TypeError(f"axis must be a whole number, got {axis!r}")
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis must lie in [{-ndim}, {ndim - 1}], got {axis}")


def elementwise(**intervals):
    """Decorate a kernel that maps each number on its own; `intervals` bound its parameters."""

    def decorate(kernel):
        @functools.wraps(kernel)
        def function(z, *args, **params):
            for name, value in params.items():
                if name in intervals:
                    check_parameter(name, value, intervals[name])
            x, dtype = as_real(z)
            # An overflow here is the exact result leaving the dtype: inf is the answer.
            with np.errstate(over="ignore", under="ignore"):
                if x.size <= BLOCK:
                    return kernel(x, *args, **params).astype(dtype, copy=False)[()]
                flat, result = x.reshape(-1), np.empty(x.size, dtype)
                for start in range(0, x.size, BLOCK):
                    part = slice(start, start + BLOCK)
                    result[part] = kernel(flat[part], *args, **params)
                return result.reshape(x.shape)

        function.intervals = intervals
        return function

    return decorate


def rowwise(kernel):
    """Decorate a kernel that maps whole rows, laid along `axis`; one number is a row of one."""

    @functools.wraps(kernel)
    def function(z, *, axis=-1):
        x, dtype = as_real(z)
        row = np.atleast_1d(x)
        check_axis(axis, row.ndim)
        with np.errstate(over="ignore", under="ignore"):
            result = _in_pieces(kernel, np.moveaxis(row, axis, -1), dtype)
        if result.ndim == row.ndim:
            result = np.moveaxis(result, -1, axis).reshape(x.shape)
        return result[()]

    return function


def _in_pieces(kernel, rows, dtype):
    """Return the kernel's result for all rows, computed for as many at once as fit a block."""
    if rows.size <= BLOCK:
        return kernel(rows).astype(dtype, copy=False)
    flat, step = rows.reshape(-1, rows.shape[-1]), max(1, BLOCK // rows.shape[-1])
    parts = [
        kernel(flat[start : start + step]).astype(dtype, copy=False)
        for start in range(0, len(flat), step)
    ]
    return np.concatenate(parts).reshape(rows.shape[:-1] + parts[0].shape[1:])


def shorten(kernel, z, axis, pieces):
    """Return `kernel` of the equal blocks into which `axis` of z is cut, `pieces` of them.

    The kernel returns one block, or a tuple of as many as it got, which are joined again: the
    slopes in each. Raises ValueError where the blocks would not be equal.
    """
    x, dtype = as_real(z)
    check_axis(axis, max(x.ndim, 1))
    row = np.atleast_1d(x)
    if row.shape[axis] % pieces:
        raise ValueError(
            f"axis {axis} cannot be cut into {pieces} equal blocks: it has {row.shape[axis]} "
            f"entries, in shape {x.shape}; pass a multiple of {pieces}"
        )
    # An infinite half times a closed gate has no limit: NaN is the answer.
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        result = kernel(*np.split(row, pieces, axis))
        if isinstance(result, tuple):
            result = np.concatenate(result, axis)
        return result.astype(dtype, copy=False)


def gated(kernel):
    """Decorate a kernel of the two halves of `axis`."""

    def in_pieces(a, b):
        if a.size <= BLOCK:
            return kernel(a, b)
        flat = a.reshape(-1), b.reshape(-1)
        parts = [
            kernel(*(half[start : start + BLOCK] for half in flat))
            for start in range(0, a.size, BLOCK)
        ]
        if isinstance(parts[0], tuple):
            return tuple(np.concatenate(each).reshape(a.shape) for each in zip(*parts, strict=True))
        return np.concatenate(parts).reshape(a.shape)

    @functools.wraps(kernel)
    def function(z, *, axis=-1):
        return shorten(in_pieces, z, axis, 2)

    function.__signature__ = inspect.signature(lambda z, *, axis=-1: None)
    return function


def keep_nan(z, slope):
    """Return `slope` with NaN where `z` is NaN: a comparison with NaN is False and loses it."""
    return np.where(np.isnan(z), z, slope)
