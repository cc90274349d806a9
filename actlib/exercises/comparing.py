"""Numbers: read from whatever an answer returns, and compared with the right ones."""

import re

import numpy as np

from .showing import shorten, show, show_apart
from .verdict import Problem

# A dtype keeps about 1/eps steps; a formula of a few operations loses some of them.
ROUNDINGS = 8
BFLOAT16_EPS = 2.0**-7
NAN = "nan comes of inf / inf, inf - inf, 0 * inf, 0 / 0, or a log or root of a negative number."


class NotNumbers(Exception):
    """What came instead of numbers, and what to do about it."""

    def __init__(self, what, then):
        super().__init__(what)
        self.what, self.then = what, then


def as_numbers(x):
    """Return x as an array of real numbers, and the rounding step of its arithmetic.

    Lists and tuples, Fraction and Decimal, and tensors of any dtype count as numbers. Those
    that are exact have the step 0.

    >>> as_numbers([1, 0.5])
    (array([1. , 0.5]), 2.220446049250313e-16)
    """
    if callable(x):
        raise NotNumbers(_kind(x), "call it, with parentheses, and return what comes out.")
    if hasattr(x, "detach"):  # a PyTorch tensor; NumPy has no bfloat16
        x = x.detach().cpu()
        if "bfloat16" in str(x.dtype):
            return np.asarray(x.float()), BFLOAT16_EPS
    if isinstance(x, list | tuple):
        parts = [as_numbers(item) for item in x]
        if len({part.shape for part, _ in parts}) > 1:
            raise NotNumbers(
                f"a {type(x).__name__} of {len(x)} results of different shapes",
                "return only the one that is asked for, or join the parts if they belong together.",
            )
        return np.array([part for part, _ in parts]), max((eps for _, eps in parts), default=0.0)
    if np.ma.is_masked(x):
        raise NotNumbers(
            "a masked array with masked entries", "give each entry a number: .filled(0), say."
        )
    array = np.asarray(x)
    if array.dtype.kind == "O" and all(hasattr(item, "__float__") for item in array.flat):
        return array.astype(float), 0.0
    if array.dtype.kind == "c":
        raise NotNumbers("complex numbers", "use real numbers all the way, without 1j.")
    if array.dtype.kind not in "fiub":
        then = "give numbers, in a list, in an array or alone."
        if array.dtype.kind in "US":
            then = _without_text(array.flat[0])
        elif hasattr(x, "__next__") or hasattr(x, "cr_frame"):
            then = "use `return`, not `yield` or `async`, or make a list of it."
        raise NotNumbers(f"{_kind(x)}, not numbers", then)
    return array, float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0


def _without_text(text):
    try:
        float(text)
    except ValueError:
        if re.fullmatch(r"\s*-?\d+,\d+\s*", text):
            return "write the number without quotation marks, and with a point for the comma."
        return "give the number itself, or the numbers in a list: no words, no formula, no text."
    return "write the number without quotation marks."


def _kind(x):
    if isinstance(x, str):
        return f"the text {shorten(repr(x), 30)}"
    module = type(x).__module__.partition(".")[0]
    if module == "torch" and callable(x):
        return f"the module nn.{type(x).__name__}, which was built but not called"
    return "a function, not numbers" if callable(x) else f"a {type(x).__name__}"


def far_from(got, right, eps, rtol, atol):
    """Return where `got` is not `right`, to the tolerances or as far as its dtype can tell."""
    if got.dtype.kind == "f" and right.dtype.kind == "f":
        # 1e300 is inf in float16, and 1e-20 is 0.
        right = right.astype(got.dtype) if got.dtype.itemsize < right.dtype.itemsize else right
    rtol = max(rtol, ROUNDINGS * eps)
    atol = max(atol, ROUNDINGS * eps) if atol else 0.0
    number = float if got.dtype.itemsize <= 8 else got.dtype.type
    return ~np.isclose(
        got.astype(number), right.astype(number), rtol=rtol, atol=atol, equal_nan=True
    )


def differ(result, other, rtol, atol):
    """Tell whether two results differ as numbers, whatever their dtypes."""
    try:
        (a, eps), (b, other_eps) = as_numbers(result), as_numbers(other)
    except Exception:
        return True
    return a.shape != b.shape or far_from(a, b, max(eps, other_eps), rtol, atol).any()


def compare(result, right, exercise, where=""):
    """Return the Problem of a result, None if it is right.

    `where` names the call that it came from. A value comes from none, and the right one is
    not shown beside it.
    """
    at = f", {where}" if where else ""
    right, _ = as_numbers(right)
    try:
        got, eps = as_numbers(result)
    except NotNumbers as problem:
        return Problem(f"Got {problem.what}{at}.", "", problem.then)
    except Exception:
        what = f"Got something that is not an array of numbers{at}: {show(result)}."
        return Problem(what, "", "return numbers, in an array or alone.")
    if got.shape != right.shape:
        return _other_shape(result, got, right, exercise.hint, at)
    far = far_from(got, right, eps, exercise.rtol, exercise.atol)
    if far.any():
        place = tuple(int(i) for i in np.argwhere(far)[0])
        index = f" at index {list(place)}" if place else ""
        expected, shown = show_apart(right[place], got[place])
        if not where:
            return Problem(f"You have {shown}{index}, which is not right.", "", exercise.hint)
        what = f"Expected {expected}{index}, got {shown}{at}."
        if np.isnan(got[place]):
            return Problem(what, NAN, "print each step for this entry; which is first inf or nan?")
        return Problem(what, "", exercise.hint)
    if exercise.dtype and got.dtype != right.dtype:
        return Problem(
            f"The numbers are right, but of dtype {got.dtype} instead of {right.dtype}{at}.",
            "The result should have the dtype of the input.",
            "look for what changed the dtype; a number written in Python, as in 2 * z, keeps it.",
        )
    return None


def _other_shape(result, got, right, hint, at):
    if isinstance(result, tuple) and 1 < len(result) < 4 and got.shape[1:] == right.shape:
        what = f"Got a tuple of {len(result)} results{at}, and one is asked for."
        if not at and len(result) == 2 and got.dtype.kind in "iu" and got[1] >= 0:
            why = "A comma makes a tuple: Python writes decimals with a point."
            return Problem(what, why, f"write {got[0]}.{got[1]} if that is meant, or one number.")
        return Problem(what, "", f"{'return' if at else 'give'} only the one that is asked for.")
    if not right.shape:
        what = f"Expected one number, got an array of shape {got.shape}{at}."
        if got.size == 1:
            return Problem(what, "", "take the number out of it, as in x[0] or x.item().")
        return Problem(what, "", f"reduce it to one number, or pick one; {hint}")
    if not at:
        what = f"Expected {right.size} numbers in a row, got shape {got.shape}."
        return Problem(what, "", f"put {right.size} numbers into one list, with one pair of [ ].")
    what = f"Expected shape {right.shape}, got {got.shape}{at}."
    return Problem(what, "", f"print the shape after each step; {hint}")
