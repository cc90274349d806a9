"""Functions of a whole row of scores: softmax and its relatives, sparse and with a sink."""

import math

import numpy as np

from .inputs import FLOOR, rowwise
from .record import Activation, Interval, TorchNames
from .rounding import product

__all__ = [
    "entmax15",
    "entmax15_jacobian",
    "log_softmax",
    "log_softmax_jacobian",
    "logsumexp",
    "softmax",
    "softmax_jacobian",
    "softmax_plus_one",
    "softmax_plus_one_jacobian",
    "softmin",
    "softmin_jacobian",
    "sparsemax",
    "sparsemax_jacobian",
]


def _shift(z):
    """Return z minus its row's maximum, what rounding took from it, and the maximum.

    The largest entries become 0. Where several share an infinite maximum the difference has
    no limit: NaN. Rounding costs a difference of -700 up to 6e-14, which exp turns into 500 ulp.
    """
    top = np.max(z, axis=-1, keepdims=True, initial=-np.inf)
    finite = top
    if np.isinf(top).any():
        z, finite = _without_infinite_maximum(z, top), np.where(np.isinf(top), 0.0, top)
    # What exp cannot see any more is cut off first: -inf has no rounding error.
    low = np.maximum(finite - np.abs(finite) + FLOOR, -np.finfo(z.dtype).max)
    kept = np.maximum(z, low)
    return z - finite, _rounding(kept, -finite, kept - finite), top


def _without_infinite_maximum(z, top):
    """Return z with each row of an infinite maximum as 0 there and -inf elsewhere, or NaN."""
    largest = z == top
    tied = largest.sum(axis=-1, keepdims=True) > 1
    instead = np.where(tied, np.nan, np.where(largest, 0.0, -np.inf))
    return np.where(np.isinf(top), instead, z)


def _rounding(a, b, s):
    """Return (a + b) - s without error, where s is a + b as rounded (Knuth's two-sum)."""
    back = s - a
    return (a - (s - back)) + (b - back)


def _others(e, shifted):
    """Return the sum of e over a row without its (first) maximum, which is 1."""
    e = e.copy()
    if e.shape[-1]:
        np.put_along_axis(e, np.argmax(shifted, axis=-1, keepdims=True), 0.0, axis=-1)
    return e.sum(axis=-1, keepdims=True)


@rowwise
def softmax(z):
    """Return exp(z) / sum(exp(z)) along `axis` (keyword, default -1): scores to probabilities.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), entries in (0, 1), rows that add up to 1. A single
    number is a row of one. Edges: softmax([inf, 0]) is [1, 0]; an entry of -inf gets 0; a
    row that is all -inf, or has inf twice, has no limit and is NaN; NaN makes its row NaN.
    Raises TypeError for anything but real numbers, ValueError for an axis that z lacks.
    Source: Bridle (1990).

    >>> softmax([2.0, 1.0, 0.1]).round(4)
    array([0.659 , 0.2424, 0.0986])
    >>> softmax([1000.0, 1001.0, 1002.0]).round(4)
    array([0.09  , 0.2447, 0.6652])
    """
    shifted, lost, _ = _shift(z)
    e = np.exp(shifted)
    e += e * lost
    return e / e.sum(axis=-1, keepdims=True)


def _probabilities(z):
    """Return softmax(z), its sum with the 1 of the maximum added last, so that it is rounded once.

    The digit that this saves counts twice in a product of two probabilities.
    """
    shifted, lost, _ = _shift(z)
    e = np.exp(shifted)
    e += e * lost
    return e / (1.0 + _others(e, shifted))


@rowwise
def softmax_jacobian(z):
    """Return the matrix of slopes d softmax_i / d z_j = p_i * ([i = j] - p_j) of each row.

    `z`: as in `softmax`, rows of k scores along `axis`; the result has shape (..., k, k),
    the matrices last. Its rows add up to 0, so its rank is at most k - 1. The diagonal is
    p_i times the sum of the *other* p_j, which keeps the digits that 1 - p_i loses.
    Edges and errors as in `softmax`.

    >>> softmax_jacobian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = _probabilities(z)
    products = p[..., :, None] * p[..., None, :]
    own = np.eye(p.shape[-1], dtype=bool)
    others = np.where(own, 0.0, products).sum(axis=-1, keepdims=True)
    return np.where(own, others, -products)


@rowwise
def log_softmax(z):
    """Return log(softmax(z)) along `axis`, without the softmax that rounds to 0.

    `z`: as in `softmax`; the result has its shape and floating dtype, entries at most 0.
    Edges: log_softmax([inf, 0]) is [0, -inf]; a row that is all -inf, or has inf twice,
    is NaN. Errors as in `softmax`. Source: Blanchard, Higham & Higham (2021).

    >>> log_softmax([1000.0, 0.0])
    array([    0., -1000.])
    """
    shifted, lost, _ = _shift(z)
    e = np.exp(shifted)
    e += e * lost
    return (shifted - np.log1p(_others(e, shifted))) + lost


@rowwise
def log_softmax_jacobian(z):
    """Return the matrix of slopes d log_softmax_i / d z_j = [i = j] - p_j of each row.

    `z`: as in `softmax`, rows of k scores along `axis`; the result has shape (..., k, k),
    the matrices last. Edges and errors as in `softmax`.

    >>> log_softmax_jacobian([0.0, 0.0])
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    p = _probabilities(z)[..., None, :]
    own = np.eye(p.shape[-1], dtype=bool)
    others = np.where(own, 0.0, p).sum(axis=-1, keepdims=True)
    return np.where(own, others, -p)


@rowwise
def softmin(z):
    """Return softmax(-z) along `axis` (keyword, default -1): the smallest score gets most.

    `z`: as in `softmax`, for example distances; shapes, dtypes and errors as there. Edges:
    softmin([-inf, 0]) is [1, 0]; an entry of inf gets 0; a row that is all inf, or has -inf
    twice, is NaN. Source: Bridle (1990), with the sign turned.

    >>> softmin([2.0, 1.0, 0.1]).round(4)
    array([0.0961, 0.2613, 0.6426])
    """
    return softmax(-z)


@rowwise
def softmin_jacobian(z):
    """Return the matrix of slopes d softmin_i / d z_j = -p_i * ([i = j] - p_j) of each row.

    `z`: as in `softmin`, rows of k scores along `axis`; the result has shape (..., k, k),
    the matrices last. Edges and errors as in `softmin`.

    >>> softmin_jacobian([0.0, 0.0])
    array([[-0.25,  0.25],
           [ 0.25, -0.25]])
    """
    return -softmax_jacobian(-z)


@rowwise
def sparsemax(z):
    """Return the probabilities nearest to z, max(z - tau, 0), along `axis` (default -1).

    tau is the number that makes the row add up to 1; scores far below the largest get
    exactly 0. `z`: as in `softmax`; the result has its shape and floating dtype, entries in
    [0, 1], right to their last digit if above 1e-16, else to 1e-31. Edges: sparsemax([inf, 0])
    is [1, 0]; a row that is all -inf, or has inf twice, is NaN; NaN makes its row NaN. Errors
    as in `softmax`. Source: Martins & Astudillo (2016).

    >>> sparsemax([2.0, 1.5, 0.1])
    array([0.75, 0.25, 0.  ])
    """
    shifted, lost, _ = _shift(z)
    # A score that is 2 below the largest has no share, nor has its rounding.
    near, lost = np.maximum(shifted, -2.0), np.where(shifted > -2.0, lost, 0.0)
    # Of the m largest alone, tau would be (their sum - 1) / m; the right m makes it largest.
    sums = np.cumsum(-np.sort(-near, axis=-1), axis=-1)
    sizes = np.arange(1, near.shape[-1] + 1)
    tau = np.max((sums - 1.0) / sizes, axis=-1, keepdims=True, initial=-1.0)
    # That is tau, rounded; a small share, the difference of two large numbers, needs it exact.
    # So Newton's method follows, with tau in two parts: two steps, more where a share is tiny.
    rest = np.zeros_like(tau)
    for _ in range(near.shape[-1] + 3):
        share = near - tau
        low = _rounding(near, -tau, share) + (lost - rest)
        step = _excess(share, low, share + low > 0)
        if not (np.abs(step) > 1e-24).any():
            break
        step, before = rest + step, tau
        tau = before + step
        rest = _rounding(before, step, tau)
    return np.maximum(share + (low - step), 0.0)


def _excess(share, low, inside):
    """Return (sum(share + low) - 1) / m over the m entries inside, summed without rounding."""
    share, low = np.where(inside, share, 0.0), np.where(inside, low, 0.0)
    sums = np.cumsum(share, axis=-1)
    before = np.concatenate([np.zeros_like(sums[..., :1]), sums[..., :-1]], axis=-1)
    errors = (_rounding(before, share, sums) + low).sum(axis=-1, keepdims=True)
    total, count = sums[..., -1:], inside.sum(axis=-1, keepdims=True)
    over = total - 1.0
    return (over + (errors + _rounding(total, -1.0, over))) / np.maximum(count, 1)


@rowwise
def sparsemax_jacobian(z):
    """Return the matrix of slopes d sparsemax_i / d z_j = s_i * ([i = j] - s_j / m) of each row.

    s is 1 where sparsemax is positive, else 0, and m how many these are: scores without a
    share neither move nor are moved. `z`: as in `sparsemax`, rows of k scores along `axis`;
    the result has shape (..., k, k), the matrices last. Where a score just loses its share
    the slopes jump; ours are those without it. Edges and errors as in `softmax`.

    >>> sparsemax_jacobian([2.0, 1.5, 0.1])
    array([[ 0.5, -0.5,  0. ],
           [-0.5,  0.5,  0. ],
           [ 0. ,  0. ,  0. ]])
    """
    p = sparsemax(z)
    s = np.where(np.isnan(p), p, p > 0)
    size = np.maximum(s.sum(axis=-1, keepdims=True), 1.0)[..., None]
    pairs = s[..., :, None] * s[..., None, :]
    slopes = np.where(np.eye(p.shape[-1], dtype=bool), size - 1.0, -1.0) / size
    return np.where(pairs == 0, 0.0, slopes * pairs)


@rowwise
def entmax15(z):
    """Return max(z / 2 - tau, 0)^2 along `axis` (keyword, default -1): entmax with alpha = 1.5.

    Between softmax (alpha = 1) and sparsemax (alpha = 2): tau makes the row add up to 1, scores
    far below the largest get exactly 0, and a share fades out smoothly. `z`: as in `softmax`;
    the result has its shape and floating dtype, entries in [0, 1], right to the last digits if
    above 1e-31. Edges: entmax15([inf, 0]) is [1, 0]; a row that is all -inf, or has inf twice,
    is NaN; NaN makes its row NaN. Errors as in `softmax`. Source: Peters, Niculae & Martins (2019).

    >>> entmax15([2.0, 1.5, 0.1]).round(4)
    array([0.674, 0.326, 0.   ])
    """
    return _roots(z) ** 2


def _roots(z):
    """Return the square roots of entmax15(z)."""
    shifted, lost, _ = _shift(z)
    # A score that is 2 below the largest has no share, nor has its rounding.
    half, lost = np.maximum(shifted, -2.0) / 2.0, np.where(shifted > -2.0, lost, 0.0) / 2.0
    # From tau too small, where the row adds up to too much, Newton's steps never overshoot.
    tau = np.full_like(half[..., :1], -1.0)
    rest = np.zeros_like(tau)
    for _ in range(100):
        share = half - tau
        low = _rounding(half, -tau, share) + (lost - rest)
        inside = ~(share + low <= 0)  # asked so that NaN stays
        share, low = np.where(inside, share, 0.0), np.where(inside, low, 0.0)
        square, square_lost = product(share, share)
        mean = _excess(square, square_lost + 2.0 * share * low, inside)
        size, slope = inside.sum(axis=-1, keepdims=True), 2.0 * share.sum(axis=-1, keepdims=True)
        step = mean * size / slope
        if not (np.abs(step) > 1e-24).any():
            break
        step, before = rest + step, tau
        tau = before + step
        rest = _rounding(before, step, tau)
    return np.maximum(share + np.where(inside, low - step, 0.0), 0.0)


@rowwise
def entmax15_jacobian(z):
    """Return the matrix of slopes d p_i / d z_j = s_i * ([i = j] - s_j / sum(s)) of each row.

    s is the square root of p = entmax15(z): scores without a share neither move nor are moved, and
    where a score loses its share its slopes have faded to 0. The diagonal is s_i times the sum
    of the *other* s_j over the whole sum, which keeps its digits. `z`: as in `entmax15`, rows of
    k scores along `axis`; the result has shape (..., k, k), the matrices last. Edges and errors
    as in `softmax`.

    >>> entmax15_jacobian([0.0, 0.0, -9.0])
    array([[ 0.35355339, -0.35355339,  0.        ],
           [-0.35355339,  0.35355339,  0.        ],
           [ 0.        ,  0.        ,  0.        ]])
    """
    s = _roots(z)
    pairs = s[..., :, None] * (s / s.sum(axis=-1, keepdims=True))[..., None, :]
    own = np.eye(s.shape[-1], dtype=bool)
    others = np.where(own, 0.0, pairs).sum(axis=-1, keepdims=True)
    return np.where(own, others, 0.0 - pairs)


def _with_sink(z):
    """Return the rows with a score of 0 after the last: a place that takes what is left."""
    return np.concatenate([z, np.zeros_like(z[..., :1], shape=(*z.shape[:-1], 1))], axis=-1)


@rowwise
def softmax_plus_one(z):
    """Return exp(z) / (1 + sum(exp(z))) along `axis` (keyword, default -1): a row may say "none".

    It is the softmax of the row with one more score, 0, whose share is dropped. With a learned
    score s instead, a sink, it is softmax_plus_one(z - s). `z`: as in `softmax`; the result has
    its shape and floating dtype, entries in (0, 1), rows that add up to less than 1. Edges: an
    entry of -inf gets 0, a row that is all -inf too; softmax_plus_one([inf, 0]) is [1, 0]; a
    row that has inf twice is NaN; NaN makes its row NaN. Errors as in `softmax`. Source: Miller
    (2023).

    >>> softmax_plus_one([2.0, 1.0, 0.1]).round(4)
    array([0.605 , 0.2226, 0.0905])
    >>> softmax_plus_one([-9.0, -9.0]).round(4)
    array([0.0001, 0.0001])
    """
    return softmax(_with_sink(z))[..., :-1]


@rowwise
def softmax_plus_one_jacobian(z):
    """Return the matrix of slopes d p_i / d z_j = p_i * ([i = j] - p_j) of each row.

    p is softmax_plus_one(z). The rows of the matrix do not add up to 0, unlike those of
    `softmax_jacobian`: what one score gains may come from the sink. `z`: as in
    `softmax_plus_one`, rows of k scores along `axis`; the result has shape (..., k, k), the
    matrices last. Edges and errors as in `softmax_plus_one`.

    >>> softmax_plus_one_jacobian([0.0]).round(4)
    array([[0.25]])
    """
    return softmax_jacobian(_with_sink(z))[..., :-1, :-1]


@rowwise
def logsumexp(z):
    """Return log(sum(exp(z))) along `axis` (keyword, default -1): a smooth maximum.

    `z`: as in `softmax`; the result lacks the axis. Adding c to a row adds c to the
    result. Edges: an empty row gives -inf, and so does a row that is all -inf; inf in a
    row gives inf; NaN stays. Errors as in `softmax`. Source: Blanchard, Higham & Higham
    (2021).

    >>> logsumexp([1000.0, 1000.0]).round(3)
    np.float64(1000.693)
    """
    shifted, lost, top = _shift(z)
    # Ties at an infinite maximum have no softmax, but their sum is that maximum.
    others = np.where(np.isinf(top), 0.0, _others(np.exp(shifted) * (1.0 + lost), shifted))
    return (top + np.log1p(others))[..., 0]


RECORDS = (
    Activation(
        name="softmax",
        title="Softmax",
        kind="row",
        value=softmax,
        grad=softmax_jacobian,
        formula=r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
        grad_formula=r"p_i\,(\delta_{ij} - p_j)",
        range=lambda: Interval(0.0, 1.0),
        role="output for one of several classes; attention weights",
        notes="Not elementwise: every output depends on every score.",
        loss="cross-entropy, from the logits",
        source="bridle1990",
        torch=TorchNames("F.softmax", "nn.Softmax"),
        torch_variants={"nn.Softmax2d": {"axis": -3}},
    ),
    Activation(
        name="log_softmax",
        title="Log-softmax",
        kind="row",
        value=log_softmax,
        grad=log_softmax_jacobian,
        formula=r"z_i - \log \sum_j e^{z_j}",
        grad_formula=r"\delta_{ij} - p_j",
        range=lambda: Interval(-math.inf, 0.0),
        role="inside the cross-entropy loss",
        notes="Applying it twice changes nothing, unlike softmax.",
        loss="negative log-likelihood",
        source="blanchard2021",
        torch=TorchNames("F.log_softmax", "nn.LogSoftmax"),
    ),
    Activation(
        name="softmin",
        title="Softmin",
        kind="row",
        value=softmin,
        grad=softmin_jacobian,
        formula=r"\frac{e^{-z_i}}{\sum_j e^{-z_j}}",
        grad_formula=r"-p_i\,(\delta_{ij} - p_j)",
        range=lambda: Interval(0.0, 1.0),
        role="weights from distances or energies, where less is better",
        notes="Softmax of the negated scores, nothing more.",
        loss="",
        source="bridle1990",
        torch=TorchNames("F.softmin", "nn.Softmin"),
    ),
    Activation(
        name="sparsemax",
        title="Sparsemax",
        kind="row",
        value=sparsemax,
        grad=sparsemax_jacobian,
        formula=r"\max(z_i - \tau, 0), \; \tau \text{ such that } \textstyle\sum_i p_i = 1",
        grad_formula=r"s_i\,(\delta_{ij} - s_j / m), \; s_i = [p_i > 0], \; m = \textstyle\sum s_i",
        range=lambda: Interval(0.0, 1.0, "[]"),
        role="attention to few places; classification with several labels",
        notes="A softmax that can be exactly 0: the point of the simplex nearest to z.",
        loss="sparsemax loss",
        source="martins2016",
    ),
    Activation(
        name="entmax15",
        title="Entmax 1.5",
        kind="row",
        value=entmax15,
        grad=entmax15_jacobian,
        formula=(r"\max(z_i / 2 - \tau, 0)^2, \; \tau \text{ such that } \textstyle\sum_i p_i = 1"),
        grad_formula=r"s_i\,(\delta_{ij} - s_j / \textstyle\sum_k s_k), \; s_i = \sqrt{p_i}",
        range=lambda: Interval(0.0, 1.0, "[]"),
        role="attention and outputs that may be exactly 0, with smooth slopes",
        notes="Between softmax and sparsemax: a share of exactly 0, reached without a corner.",
        loss="entmax loss",
        source="peters2019",
    ),
    Activation(
        name="softmax_plus_one",
        title="Softmax plus one",
        kind="row",
        value=softmax_plus_one,
        grad=softmax_plus_one_jacobian,
        formula=r"\frac{e^{z_i}}{1 + \sum_j e^{z_j}}",
        grad_formula=r"p_i\,(\delta_{ij} - p_j)",
        range=lambda: Interval(0.0, 1.0),
        role="attention that may attend to nothing",
        notes="With a learned sink s, as in gpt-oss, it is the same function of z − s.",
        loss="",
        source="miller2023",
    ),
)

# What makes one number of a row is no layer's activation: it stands beside the registry.
REDUCTIONS = (
    Activation(
        name="logsumexp",
        title="Log-sum-exp",
        kind="reduction",
        value=logsumexp,
        grad=softmax,
        formula=r"\log \sum_j e^{z_j}",
        grad_formula=r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
        range=lambda: Interval(-math.inf, math.inf),
        role="inside the cross-entropy loss and log-softmax; a smooth maximum",
        notes="At least the largest of k scores, and at most log k more. Its slopes are softmax.",
        loss="cross-entropy, from the logits: log-sum-exp minus the score of the true class",
        source="blanchard2021",
        torch=TorchNames("torch.logsumexp"),
    ),
)
