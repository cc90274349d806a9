"""Numbers and texts as a message shows them: short, and two that differ never alike."""

import numpy as np


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
