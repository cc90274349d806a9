"""Functions that shorten an axis: a half times the gate of the other half, and maxout.

Exactly one output depends on each input. So the derivative has the input's shape: in the place of
each input is its output's slope in it, which is all that a backward pass needs.
In all of them the *second* half gates the first, as in PyTorch's GLU. Code for language
models often puts the gate first; swap the halves then.
"""

import numbers

import numpy as np

from .inputs import check_parameter, gated, keep_nan, shorten
from .logistic import sigmoid
from .record import REAL, Activation, Interval, TorchNames
from .rectifiers import relu, relu_grad
from .self_gated import (
    gelu,
    gelu_slope,
    quick_gelu,
    silu,
    times_gelu,
    times_quick_gelu,
    times_quick_gelu_slope,
    times_sigmoid,
    times_sigmoid_slope,
    times_silu,
    times_silu_slope,
)

__all__ = [
    "bilinear_glu",
    "bilinear_glu_grad",
    "clamped_swiglu",
    "clamped_swiglu_grad",
    "geglu",
    "geglu_grad",
    "glu",
    "glu_grad",
    "maxout",
    "maxout_grad",
    "reglu",
    "reglu_grad",
    "swiglu",
    "swiglu_grad",
]


@gated
def glu(a, b):
    """Return a * sigmoid(b) for the halves a, b of `axis` (keyword, default -1).

    `z`: real array-like with an even number of entries along `axis`, dimensionless; the
    result has half as many, and its floating dtype (integers become float64). Edges: an
    infinite half gives the limit where there is one; inf * 0 has none and is NaN; NaN stays.
    Raises TypeError for anything but real numbers, ValueError for an odd number of entries
    or an axis that z lacks. Source: Dauphin et al. (2017).

    >>> glu([2.0, 3.0, 0.0, -1.0]).round(4)
    array([1.    , 0.8068])
    """
    return times_sigmoid(a, b)


@gated
def glu_grad(a, b):
    """Return the slopes of `glu`, in the shape of z: sigmoid(b), then a * sigmoid'(b).

    Shapes, dtypes, edges and errors as in `glu`.

    >>> glu_grad([2.0, 3.0, 0.0, -1.0]).round(4)
    array([0.5   , 0.2689, 0.5   , 0.5898])
    """
    return sigmoid(b), times_sigmoid_slope(a, b)


@gated
def reglu(a, b):
    """Return a * relu(b) for the halves a, b of `axis` (keyword, default -1).

    Shapes, dtypes, edges and errors as in `glu`. Source: Shazeer (2020).

    >>> reglu([2.0, 3.0, 1.5, -1.0])
    array([3., 0.])
    """
    return a * relu(b)


@gated
def reglu_grad(a, b):
    """Return the slopes of `reglu`, in the shape of z: relu(b), then a where b > 0, else 0.

    Shapes, dtypes, edges and errors as in `glu`.

    >>> reglu_grad([2.0, 3.0, 1.5, -1.0])
    array([1.5, 0. , 2. , 0. ])
    """
    return relu(b), a * relu_grad(b)


@gated
def geglu(a, b):
    """Return a * gelu(b) for the halves a, b of `axis` (keyword, default -1).

    Shapes, dtypes, edges and errors as in `glu`. Source: Shazeer (2020).

    >>> geglu([2.0, 3.0, 1.0, -1.0]).round(4)
    array([ 1.6827, -0.476 ])
    """
    return times_gelu(a, b)


@gated
def geglu_grad(a, b):
    """Return the slopes of `geglu`, in the shape of z: gelu(b), then a * gelu'(b).

    Shapes, dtypes, edges and errors as in `glu`.

    >>> geglu_grad([2.0, 3.0, 1.0, -1.0]).round(4)
    array([ 0.8413, -0.1587,  2.1666, -0.2499])
    """
    slope, h = gelu_slope(b)
    return gelu(b), a * slope * h * h


@gated
def swiglu(a, b):
    """Return a * silu(b) for the halves a, b of `axis` (keyword, default -1).

    Shapes, dtypes, edges and errors as in `glu`. Source: Shazeer (2020).

    >>> swiglu([2.0, 3.0, 1.0, -1.0]).round(4)
    array([ 1.4621, -0.8068])
    """
    return times_silu(a, b)


@gated
def swiglu_grad(a, b):
    """Return the slopes of `swiglu`, in the shape of z: silu(b), then a * silu'(b).

    Shapes, dtypes, edges and errors as in `glu`.

    >>> swiglu_grad([2.0, 3.0, 1.0, -1.0]).round(4)
    array([ 0.7311, -0.2689,  1.8553,  0.217 ])
    """
    return silu(b), times_silu_slope(a, b)


# Beyond it gpt-oss clips both halves; its gate is a quick GELU, and a 1 is added to the other half.
CLAMP = 7.0


@gated
def clamped_swiglu(a, b):
    """Return (clip(a, -7, 7) + 1) * quick_gelu(min(b, 7)) for the halves a, b of `axis`.

    The gate of gpt-oss, whose values cannot grow without bound: they lie in (-42, 56). Where
    a is near 0 the gate passes as it is. `axis`: keyword, default -1. Edges: every infinite
    half gives its limit; NaN stays. Shapes, dtypes and errors as in `glu`. Source: OpenAI (2025).

    >>> clamped_swiglu([2.0, 3.0, 1.0, -1.0]).round(4)
    array([ 2.5374, -0.6168])
    """
    return times_quick_gelu(np.clip(a, -CLAMP, CLAMP) + 1.0, np.minimum(b, CLAMP))


@gated
def clamped_swiglu_grad(a, b):
    """Return the slopes of `clamped_swiglu`, in the shape of z: 0 in a half that is clipped.

    Else the gate, then clip(a, -7, 7) + 1 times the slope of `quick_gelu`. At ±7 itself, as in
    PyTorch's clamp, the inner slope is chosen. Shapes, dtypes, edges and errors as in
    `clamped_swiglu`.

    >>> clamped_swiglu_grad([2.0, 9.0, 1.0, -1.0]).round(4)
    array([ 0.8458,  0.    ,  3.2033, -0.5422])
    """
    x = np.minimum(b, CLAMP)
    in_a = keep_nan(a, np.where(np.abs(a) <= CLAMP, quick_gelu(x), 0.0))
    in_b = times_quick_gelu_slope(np.clip(a, -CLAMP, CLAMP) + 1.0, x)
    return in_a + 0.0 * x, np.where(b > CLAMP, 0.0 * in_b, in_b)


@gated
def bilinear_glu(a, b):
    """Return a * b for the halves a, b of `axis` (keyword, default -1): a gate without a curve.

    Shapes, dtypes, edges and errors as in `glu`. Source: Dauphin et al. (2017).

    >>> bilinear_glu([2.0, 3.0, 1.5, -1.0])
    array([ 3., -3.])
    """
    return a * b


@gated
def bilinear_glu_grad(a, b):
    """Return the slopes of `bilinear_glu`, in the shape of z: b, then a.

    Shapes, dtypes, edges and errors as in `glu`.

    >>> bilinear_glu_grad([2.0, 3.0, 1.5, -1.0])
    array([ 1.5, -1. ,  2. ,  3. ])
    """
    return b, a


PIECES = Interval(2, np.inf, "[)")


def _check_pieces(pieces):
    check_parameter("pieces", pieces, PIECES)
    if not isinstance(pieces, numbers.Integral):
        raise TypeError(f"pieces must be a whole number, got {pieces!r}")


def maxout(z, *, pieces=2, axis=-1):
    """Return the largest of the `pieces` equal blocks of `axis` (keyword, default -1).

    Output i is the largest of the entries i, i + m, i + 2m, ... for blocks of m entries.
    `z`: as in `glu`, with a number of entries along `axis` that `pieces` divides, a whole
    number of at least 2; the result has that many times fewer. Edges: ±inf compare as
    numbers, NaN stays. Raises as `glu`, and ValueError for pieces < 2. Source: Goodfellow et
    al. (2013).

    >>> maxout([2.0, 3.0, 1.0, 5.0])
    array([2., 5.])
    """
    _check_pieces(pieces)
    return shorten(lambda *blocks: np.max(blocks, axis=0), z, axis, pieces)


def maxout_grad(z, *, pieces=2, axis=-1):
    """Return the slopes of `maxout`, in the shape of z: 1 at each largest entry, else 0.

    At a tie any split is a subgradient; the first of the equal ones gets all. NaN stays,
    in all entries that share its output. Shapes, dtypes, bounds and errors as in `maxout`.

    >>> maxout_grad([2.0, 3.0, 1.0, 5.0])
    array([1., 0., 0., 1.])
    """

    def slopes(*blocks):
        winner, nan = np.argmax(blocks, axis=0), np.isnan(blocks).any(axis=0)
        return tuple(np.where(nan, np.nan, winner == i) for i in range(pieces))

    _check_pieces(pieces)
    return shorten(slopes, z, axis, pieces)


for _function in (maxout, maxout_grad):
    _function.intervals = {"pieces": PIECES}


def _glu_relative(name, title, value, grad, gate, slope, **facts):
    """Return the record of a half times a gate of the other half."""
    return Activation(
        name=name,
        title=title,
        kind="gated",
        value=value,
        grad=grad,
        formula=rf"a \odot {gate}, \; (a, b) = z",
        grad_formula=rf"\left({gate}, \; a \odot {slope}\right)",
        range=lambda: REAL,
        loss="",
        **facts,
    )


_MOST = float(quick_gelu(CLAMP))

RECORDS = (
    _glu_relative(
        "glu",
        "GLU",
        glu,
        glu_grad,
        r"\sigma(b)",
        r"\sigma'(b)",
        role="convolutional language models; Conformers for speech recognition",
        notes="The first half stays linear, so a gradient passes where the gate is open.",
        source="dauphin2017",
        torch=TorchNames("F.glu", "nn.GLU"),
    ),
    _glu_relative(
        "reglu",
        "ReGLU",
        reglu,
        reglu_grad,
        r"\max(0, b)",
        r"[b > 0]",
        role="feed-forward layers of Transformers",
        notes="With the same number of weights the hidden layer is a third narrower.",
        source="shazeer2020",
    ),
    _glu_relative(
        "geglu",
        "GeGLU",
        geglu,
        geglu_grad,
        r"\mathrm{GELU}(b)",
        r"\mathrm{GELU}'(b)",
        role="feed-forward layers of Transformers, such as T5 v1.1 and Gemma",
        notes="Models differ in which GELU is inside: the exact one or its tanh form.",
        source="shazeer2020",
    ),
    _glu_relative(
        "swiglu",
        "SwiGLU",
        swiglu,
        swiglu_grad,
        r"\mathrm{SiLU}(b)",
        r"\mathrm{SiLU}'(b)",
        role="feed-forward layers of most recent language models",
        notes="Many models have the gate in the first half: swap the halves for those.",
        source="shazeer2020",
    ),
    Activation(
        name="clamped_swiglu",
        title="Clamped SwiGLU",
        kind="gated",
        value=clamped_swiglu,
        grad=clamped_swiglu_grad,
        formula=(
            r"(\bar a + 1) \odot \bar b\,\sigma(1.702\,\bar b), \; (a, b) = z,"
            r" \; \bar a = \min(\max(a, -7), 7), \; \bar b = \min(b, 7)"
        ),
        grad_formula=(
            r"\left(q(\bar b)\,[\lvert a \rvert \le 7], \; (\bar a + 1)\,q'(\bar b)\,[b \le 7]"
            r"\right), \; q(b) = b\,\sigma(1.702\,b)"
        ),
        range=lambda: Interval(-6.0 * _MOST, 8.0 * _MOST, "[]"),
        role="experts of gpt-oss",
        notes="No gradient reaches a clipped half. gpt-oss interleaves the halves, the gate first.",
        loss="",
        source="openai2025",
    ),
    Activation(
        name="bilinear_glu",
        title="Bilinear GLU",
        kind="gated",
        value=bilinear_glu,
        grad=bilinear_glu_grad,
        formula=r"a \odot b, \; (a, b) = z",
        grad_formula=r"\left(b, \; a\right)",
        range=lambda: REAL,
        role="feed-forward layers that are to be analysed, as products of two linear maps",
        notes="No curve at all, and yet not linear: twice the input gives four times the output.",
        loss="",
        source="dauphin2017",
    ),
    Activation(
        name="maxout",
        title="Maxout",
        kind="gated",
        value=maxout,
        grad=maxout_grad,
        formula=r"\max(a, b), \; (a, b) = z",
        grad_formula=r"\left([a \ge b], \; [a < b]\right)",
        range=lambda pieces=2: REAL,
        role="hidden layers that learn the shape of their activation",
        notes=(
            "With enough pieces it approaches any convex function on an interval, at as many"
            " times the weights."
        ),
        loss="",
        source="goodfellow2013",
    ),
)
