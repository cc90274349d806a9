"""Numbers: read from whatever an answer returns, compared, and shown so that they differ."""

import numpy as np

# A dtype keeps about 1/eps steps; a formula of a few operations loses some of them.
ROUNDINGS = 8
BFLOAT16_EPS = 2.0**-7


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
                "return only the one that is asked for.",
            )
        return np.array([part for part, _ in parts]), max((eps for _, eps in parts), default=0.0)
    array = np.asarray(x)
    if array.dtype.kind == "O" and all(hasattr(item, "__float__") for item in array.flat):
        return array.astype(float), 0.0
    if array.dtype.kind == "c":
        raise NotNumbers("complex numbers", "use real numbers all the way, without 1j.")
    if array.dtype.kind not in "fiub":
        then = "return numbers, in an array or alone."
        if array.dtype.kind in "US":
            then = "write the number without quotation marks."
        elif hasattr(x, "__next__") or hasattr(x, "cr_frame"):
            then = "use `return`, not `yield` or `async`."
        raise NotNumbers(f"{_kind(x)}, not numbers", then)
    return array, float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0


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


def show(x, digits=4):
    """Return a number, or a short array, to `digits` digits; a longer array by its start.

    >>> show(np.array([[1.0, 2.5], [0.0, 1 / 3]]))
    '[[1, 2.5], [0, 0.3333]]'
    """
    if not isinstance(x, np.ndarray | np.generic | float | bool | int):
        return shorten(repr(x), 60)
    array = np.asarray(x)
    if array.ndim == 0:
        return f"{array:.{digits}g}" if array.dtype.kind == "f" else str(array.item())
    if array.ndim == 1:
        items = [show(item, digits) for item in array[:12]] + ["..."] * (array.size > 12)
        return f"[{', '.join(items)}]"
    rows = [show(row, digits) for row in array]
    text = f"[{', '.join(rows)}]"
    return text if len(text) <= 90 else f"[{rows[0]}, ...] of shape {array.shape}"


def show_apart(first, second):
    """Return two different numbers with as many digits as tell them apart.

    >>> show_apart(2**0.5, 1.4142)
    ('1.41421', '1.4142')
    """
    for digits in range(4, 22):
        texts = show(first, digits), show(second, digits)
        if texts[0] != texts[1]:
            return texts
    return tuple(
        f"{text} ({np.asarray(x).dtype})" for text, x in zip(texts, (first, second), strict=True)
    )


def shorten(text, length):
    """Return a text on one line, cut to a length."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 3] + "..."
