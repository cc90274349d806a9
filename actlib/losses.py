"""Losses that start from logits, and their gradients.

Both losses apply the output's activation themselves, in a form that cannot overflow and
keeps its digits: a network that feeds them ends in plain logits.
"""

import numpy as np

from actlib.activations import log_softmax, sigmoid, softmax, softplus
from actlib.activations.inputs import as_real, refuse_masked

__all__ = ["bce_with_logits", "bce_with_logits_grad", "cross_entropy", "cross_entropy_grad"]

REDUCTIONS = ("mean", "sum", "none")


def cross_entropy(logits, labels, *, reduction="mean"):
    """Return -log(softmax(logits)) at the label: the cost of the right class's probability.

    `logits`: real array-like (..., k), one score per class in the last axis. `labels`:
    integers (...), each in [0, k - 1]. `reduction`: "mean" over the examples, "sum", or
    "none" for a loss per example, shape (...). In nats, in [0, inf], in the dtype of
    floating logits (else float64); float16 and float32 are computed in float64 and rounded
    once. Edges: right by a margin m costs about exp(-m), never a rounded 0; inf
    at the label costs 0, at another class inf; a row with NaN, with inf twice, or all -inf
    gives NaN. Raises TypeError for labels that are not integers, ValueError for a label
    that is no class, shapes that do not fit, an unknown reduction, and the mean of no
    examples. Source: Bridle (1990).

    >>> cross_entropy([[2.0, 1.0, 0.1], [0.0, 0.0, 100.0]], [0, 2], reduction="none")
    array([4.17030016e-01, 7.44015195e-44])
    """
    z, index, dtype = _check_classes(logits, labels, reduction)
    # Subtracted from 0, a certain right answer costs 0 and not -0.
    losses = 0.0 - np.take_along_axis(log_softmax(z), index, axis=-1)[..., 0]
    return _reduce(losses, reduction, dtype)


def cross_entropy_grad(logits, labels, *, reduction="mean"):
    """Return the gradient of `cross_entropy` by the logits: p - y, over n for the mean.

    Arguments and errors as in `cross_entropy`; the result has the shape of the logits. p is
    their softmax, y the label as a one-hot row, n the number of examples. "sum" and "none"
    both give p - y: an example's loss depends on its own row only. At the label, p - 1 is
    computed as minus the sum of the other probabilities, which keeps the digits that a
    confident p has lost. Entries in [-1, 1], dimensionless; NaN rows as in `softmax`.

    >>> cross_entropy_grad([[0.0, 0.0], [40.0, 0.0]], [1, 0], reduction="sum")
    array([[ 5.00000000e-01, -5.00000000e-01],
           [-4.24835426e-18,  4.24835426e-18]])
    """
    z, index, dtype = _check_classes(logits, labels, reduction)
    grad = softmax(z)
    # 0 * p is 0, or NaN in a row that has no softmax.
    own = 0.0 * np.take_along_axis(grad, index, axis=-1)
    np.put_along_axis(grad, index, own, axis=-1)
    np.put_along_axis(grad, index, own - grad.sum(axis=-1, keepdims=True), axis=-1)
    return _divide(grad, index.size, reduction, dtype)


def bce_with_logits(logits, targets, *, reduction="mean"):
    """Return the binary cross-entropy of sigmoid(logits) against the targets.

    -t log(p) - (1 - t) log(1 - p) with p = sigmoid(logits), computed as
    t softplus(-z) + (1 - t) softplus(z), two terms that are never negative. `logits`: real
    array-like, any shape. `targets`: the same shape, each in [0, 1] (0 and 1 for labels,
    between them for soft ones). `reduction`: "mean" over all entries, "sum", or "none"
    for a loss per entry. In nats, in [0, inf], dtype as in `cross_entropy`. Edges: a logit
    of inf costs 0 for target 1, else inf; -inf costs 0 for target 0, else inf; NaN in
    either stays. Raises TypeError for anything but real numbers, ValueError for a target
    outside [0, 1], shapes that differ, an unknown reduction, and the mean of no entries.
    Source: Bishop (2006), sec. 4.3.2.

    >>> bce_with_logits([20.0, 20.0, 0.0], [0, 1, 0.5], reduction="none")
    array([2.00000000e+01, 2.06115362e-09, 6.93147181e-01])
    """
    z, t, dtype = _check_binary(logits, targets, reduction)
    losses = _weighted(t, softplus(-z)) + _weighted(1.0 - t, softplus(z))
    return _reduce(losses, reduction, dtype)


def bce_with_logits_grad(logits, targets, *, reduction="mean"):
    """Return the gradient of `bce_with_logits` by the logits: p - t, over n for the mean.

    Arguments and errors as there; the result has the shape of the logits. n is the number
    of entries; "sum" and "none" both give p - t, computed as
    (1 - t) sigmoid(z) - t sigmoid(-z), so that p - 1 keeps its digits. Entries in [-1, 1],
    dimensionless; NaN in either argument stays.

    >>> bce_with_logits_grad([20.0, 20.0, 0.0], [0, 1, 0.5], reduction="sum")
    array([ 9.99999998e-01, -2.06115362e-09,  0.00000000e+00])
    """
    z, t, dtype = _check_binary(logits, targets, reduction)
    grad = (1.0 - t) * sigmoid(z) - t * sigmoid(-z)
    return _divide(grad, z.size, reduction, dtype)


def _weighted(weight, cost):
    # What has no weight costs nothing, also where it would cost inf: 0 * inf is NaN.
    return np.multiply(weight, cost, out=np.zeros_like(cost), where=weight != 0)


def _reduce(losses, reduction, dtype):
    # An overflow here is the exact result leaving the dtype: inf is the answer.
    with np.errstate(over="ignore", under="ignore"):
        if reduction == "sum":
            losses = losses.sum()
        elif reduction == "mean":
            # A power of two, so exact: the sum of losses near 1e308 would overflow.
            _, exponent = np.frexp(losses.max())
            losses = np.ldexp(np.ldexp(losses, -exponent).mean(), exponent)
        return losses.astype(dtype)[()]


def _divide(grad, n, reduction, dtype):
    with np.errstate(under="ignore"):
        return (grad / n if reduction == "mean" else grad).astype(dtype)


def _check_reduction(reduction, n):
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {', '.join(REDUCTIONS)}; got {reduction!r}")
    if reduction == "mean" and n == 0:
        raise ValueError(
            "the mean over 0 examples does not exist; pass at least one, or reduction='sum'"
        )


def _check_classes(logits, labels, reduction):
    """Return the logits to compute with, the labels as an index into them, and the dtype."""
    z, dtype = as_real(logits, "logits")
    refuse_masked(labels, "labels")
    y = np.asarray(labels)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"logits need one score per class in the last axis, got shape {z.shape}")
    if y.shape != z.shape[:-1]:
        one_hot = y.shape == z.shape and y.dtype.kind in "biuf"
        remedy = "; for one-hot rows pass np.argmax(labels, axis=-1)" if one_hot else ""
        raise ValueError(
            f"logits of shape {z.shape} need labels of shape {z.shape[:-1]}, "
            f"one class index per row; got labels of shape {y.shape}{remedy}"
        )
    _check_reduction(reduction, y.size)
    # An empty list has no integers to show, but none that are wrong either.
    if y.dtype.kind not in "iu" and y.size:
        raise TypeError(
            f"labels must be integers, the indices of classes; got dtype {y.dtype}. {_remedy(y)}"
        )
    wrong = (y < 0) | (y >= z.shape[-1])
    if wrong.any():
        raise ValueError(
            f"labels must lie in [0, {z.shape[-1] - 1}] for {z.shape[-1]} classes, "
            f"got {y[wrong].flat[0]}"
        )
    return z, y.astype(np.intp)[..., None], dtype


def _remedy(y):
    """Return what makes indices of the labels y, named only where it does."""
    try:
        with np.errstate(invalid="ignore"):
            whole = y.dtype.kind not in "cmM" and (y.astype(np.intp) == y.astype(float)).all()
        if whole:
            return "Convert them first, for example with np.asarray(labels, dtype=int)"
    except (TypeError, ValueError):
        if all(isinstance(label, str) for label in y.flat):
            return (
                "Number the names first, for example with np.unique(labels, return_inverse=True)[1]"
            )
    return "Pass the position of each right class among the scores, counted from 0"


def _check_binary(logits, targets, reduction):
    """Return the logits and targets to compute with, and the dtype of the result."""
    z, dtype = as_real(logits, "logits")
    t, _ = as_real(targets, "targets")
    if t.shape != z.shape:
        fits = f"Reshape them, with np.reshape(targets, {z.shape})"
        remedy = fits if t.size == z.size else "Pass a target for each logit"
        raise ValueError(
            f"targets must have the shape of the logits, {z.shape}; got {t.shape}. {remedy}"
        )
    _check_reduction(reduction, z.size)
    outside = (t < 0) | (t > 1)
    if outside.any():
        raise ValueError(f"targets must lie in [0, 1], got {t[outside].flat[0]}")
    return z, t, dtype
