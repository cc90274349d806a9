"""Products and quotients together with what rounding took from them.

exp(u) multiplies an error of u by u itself: at u = -700 a half unit in the last place of u
becomes hundreds in exp(u). With u and the rest that was lost, exp(u) * (1 + lost) is right.
"""

import numpy as np


def product(a, b):
    """Return a * b as rounded, and the rest, so that their sum is the product.

    `a`, `b`: real numbers or arrays of a size at which squares neither overflow nor
    underflow. Split at 24 bits, three of the four partial products are exact. Source:
    Dekker (1971).
    """
    p = a * b
    a_high, b_high = _first_24_bits(a), _first_24_bits(b)
    a_low, b_low = a - a_high, b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def quotient(a, b):
    """Return a / b as rounded, and the rest, so that their sum is the quotient."""
    q = a / b
    p, lost = product(q, b)
    return q, ((a - p) - lost) / b


def _first_24_bits(x):
    return np.asarray(x, dtype=np.float32).astype(np.result_type(x, np.float64))
