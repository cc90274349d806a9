"""Checks for the chapter on softmax."""

import numpy as np

from actlib.activations import logsumexp, softmax
from actlib.losses import cross_entropy, cross_entropy_grad

from .checking import Exercise, Mistake

__all__ = [
    "check_batch_gradient",
    "check_loss_from_logits",
    "check_softmax_backward",
    "check_softmax_rows",
    "check_temperature",
]

Z = np.array([2.0, 1.0, 0.1])

check_temperature = Exercise(
    right=1.0 / np.log(9.0),
    rtol=2e-3,
    praise="The odds are 9 to 1, so 1/T = ln 9: at T below 1 the larger score gains.",
    mistakes=(
        Mistake(np.log(9.0), "That is 1/T: the difference of the scores is divided by T."),
        Mistake(9.0, "9 is the ratio of the probabilities; the exponent 1/T is its logarithm."),
        Mistake(1.0 / np.log10(9.0), "That is the logarithm to base 10: softmax needs ln."),
        Mistake(
            -1.0 / np.log(0.9),
            "That sets exp(-1/T) to 0.9: it is the ratio of the two probabilities, 1 to 9.",
        ),
    ),
)


def _rows(shift, total):
    """Return a softmax whose shift and total are the given functions of z and of exp."""

    def wrong(z):
        e = np.exp(z - shift(z))
        return e / total(e)

    return wrong


def _top(z):
    return z.max(axis=-1, keepdims=True)


def _total(e):
    return e.sum(axis=-1, keepdims=True)


check_softmax_rows = Exercise(
    right=softmax,
    # Square, so that a forgotten keepdims broadcasts instead of raising an error.
    cases=(
        (Z,),
        (np.array([[0.0, 1.0, 2.0], [5.0, 3.0, 3.0], [-1.0, 0.0, 4.0]]),),
        (np.array([[1000.0, 1001.0, 1002.0], [-1000.0, -1001.0, -1002.0], [0.0, 0.0, 1000.0]]),),
        (Z.astype(np.float32),),
    ),
    rtol=1e-5,
    dtype=True,
    praise="Each row has its own maximum and its own sum.",
    mistakes=(
        Mistake(
            _rows(lambda z: 0.0, _total),
            "exp(1000) is inf, and inf / inf is NaN: subtract each row's maximum first.",
        ),
        Mistake(
            _rows(lambda z: z.min(axis=-1, keepdims=True), _total),
            "Shifted by the minimum, exp(1000) is still inf: subtract the maximum.",
        ),
        Mistake(
            _rows(np.max, _total),
            "One maximum for the whole batch: a row far below it becomes 0 / 0. "
            "Each row needs its own.",
        ),
        Mistake(_rows(_top, np.sum), "The whole batch adds up to 1; each row should."),
        Mistake(
            _rows(lambda z: z.max(axis=0), lambda e: e.sum(axis=0)),
            "The columns add up to 1: the classes of an example lie along the last axis.",
        ),
        Mistake(
            _rows(lambda z: z.max(axis=-1), lambda e: e.sum(axis=-1)),
            "Without keepdims=True the rows' maxima and sums are lined up with the columns.",
        ),
    ),
)

check_loss_from_logits = Exercise(
    right=cross_entropy,
    cases=(
        (Z, 0),
        (Z, 2),
        (np.array([1000.0, 0.0]), 1),
        (np.array([1000.0, 0.0]), 0),
        (np.array([-1000.0, -1000.0]), 0),
    ),
    praise="Log-sum-exp minus the score of the right class, and nothing overflows.",
    mistakes=(
        Mistake(
            lambda z, label: -np.log(softmax(z)[label]),
            "The probability rounds to 0 and its logarithm is infinite: stay with the logits.",
        ),
        Mistake(
            lambda z, label: np.log(np.exp(z).sum()) - z[label],
            "np.exp sees the score itself, which can be 1000: subtract the maximum inside.",
        ),
        Mistake(
            lambda z, label: np.log(np.exp(z - z.max()).sum()) - z[label],
            "Log-sum-exp moves with a shift: add the maximum back after the logarithm.",
        ),
        Mistake(
            lambda z, label: z[label] - logsumexp(z),
            "That is the log-probability: the loss is its negative.",
        ),
        Mistake(
            lambda z, label: cross_entropy(softmax(z), label),
            "That is softmax twice: the loss takes the logits, not the probabilities.",
        ),
    ),
)


def _wrong_gradient(combine):
    """Return a function of logits and labels that combines p, the one-hot y and n wrongly."""

    def wrong(z, labels):
        return combine(softmax(z), np.eye(z.shape[-1])[labels], len(z))

    return wrong


LOGITS = np.array([[2.0, 1.0, 0.1], [0.0, 3.0, -1.0], [1000.0, 1001.0, 999.0], [0.5, 0.5, 0.5]])

check_batch_gradient = Exercise(
    right=cross_entropy_grad,
    cases=((LOGITS, np.array([0, 2, 1, 1])), (LOGITS[:1], np.array([2]))),
    praise="p - y for each row, divided by the number of rows.",
    mistakes=(
        Mistake(
            _wrong_gradient(lambda p, y, n: p - y),
            "That is the gradient of the sum of the losses: the mean divides by n.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (y - p) / n),
            "The sign is turned: at the right class the gradient p - 1 is negative.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: p / n),
            "The target is missing: subtract 1 at the right class of each row.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) / p.size),
            "Divided by n times K: the mean runs over the examples, not over the classes.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) * p * (1 - p) / n),
            "The factor p(1 - p) does not belong here: p - y is already the slope in the logits.",
        ),
    ),
)

P = softmax([[2.0, 1.0, 0.1], [0.0, 3.0, -1.0], [0.5, 0.5, 4.0]])
G = np.array([[1.0, -2.0, 0.5], [0.3, 0.2, -1.0], [2.0, 1.0, 1.5]])

check_softmax_backward = Exercise(
    right=lambda p, g: p * (g - np.sum(p * g, axis=-1, keepdims=True)),
    cases=((P[0], G[0]), (P, G)),
    praise="One product, one sum for each row, and no matrix of K times K.",
    mistakes=(
        Mistake(
            lambda p, g: p * (1 - p) * g,
            "That is the diagonal of the Jacobian alone: every p depends on every score.",
        ),
        Mistake(lambda p, g: p * g, "That is diag(p) times g: the part with p pᵀ is missing."),
        Mistake(
            lambda p, g: p * (g - g.sum(axis=-1, keepdims=True)),
            "The sum must be weighted by p: pᵀg is the sum of p times g.",
        ),
        Mistake(
            lambda p, g: p * (g - g.mean(axis=-1, keepdims=True)),
            "That is the plain mean of g; pᵀg is its mean with the weights p.",
        ),
        Mistake(
            lambda p, g: p * (g - np.sum(p * g)),
            "The sum runs over the whole batch: each row has its own, along the last axis.",
        ),
        Mistake(
            lambda p, g: p * (g - np.sum(p * g, axis=-1)),
            "Without keepdims=True the sums of the rows are lined up with the columns.",
        ),
    ),
)
