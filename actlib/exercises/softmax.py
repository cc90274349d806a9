"""Checks for the chapter on softmax."""

import numpy as np

from actlib.activations import log_softmax, logsumexp, softmax
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
        Mistake(
            2.0 / np.log(9.0),
            "That divides the cat's score 2 alone: only the difference of the scores, 1, counts.",
        ),
        Mistake(-1.0 / np.log(9.0), "The sign is turned: a temperature is positive."),
        Mistake(
            1.0 / np.log(0.9 / (1.0 / (1.0 + np.exp(-1.0)))),
            "That compares 0.9 with 0.731: compare the cat with the dog, 0.9 with 0.1.",
        ),
        Mistake(
            (1.0 / (1.0 + np.exp(-1.0))) / 0.9,
            "A probability is not proportional to 1/T: compare the cat with the dog, 0.9 with 0.1.",
        ),
    ),
)


def _rows(shift, total):
    """Return a softmax whose shift and total are the given functions of z and of exp."""

    def wrong(z):
        e = np.exp(z - shift(z))
        return e / total(e)

    return wrong


def _of_quotient(repair):
    """Return a softmax that overflows and has its quotient repaired afterwards."""

    def wrong(z):
        e = np.exp(z)
        return repair(e / _total(e))

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
        (
            np.array(
                [[1000.0, 1001.0, 1002.0], [-1000.0, -1001.0, -1002.0], [-1000.0, 0.0, 1000.0]]
            ),
        ),
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
        Mistake(
            _rows(lambda z: z.mean(axis=-1, keepdims=True), _total),
            "The mean does not bound a row: 1000 above it is still inf. Subtract the maximum.",
        ),
        Mistake(
            lambda z: softmax(np.clip(z, -500.0, 500.0)),
            "Clipping makes different scores equal: subtracting the maximum changes nothing.",
        ),
        Mistake(
            _of_quotient(np.nan_to_num),
            "NaN replaced by 0 hides the overflow: the row must add up to 1, so avoid inf.",
        ),
        Mistake(
            lambda z: softmax(z / _top(z)),
            "Dividing by the maximum is a temperature and changes the result: subtract it.",
        ),
        Mistake(_rows(_top, np.sum), "The whole batch adds up to 1; each row should."),
        Mistake(
            _rows(np.max, np.sum),
            "The whole batch adds up to 1: take the maximum and the sum of each row.",
        ),
        Mistake(
            _rows(lambda z: 0.0, np.sum),
            "exp(1000) is inf, and the whole batch adds up to 1: each row needs its own "
            "maximum and its own sum.",
        ),
        Mistake(
            _rows(lambda z: z.max(axis=0), lambda e: e.sum(axis=0)),
            "The columns add up to 1: the classes of an example lie along the last axis.",
        ),
        Mistake(
            _rows(lambda z: z.max(axis=-1), lambda e: e.sum(axis=-1)),
            "Without keepdims=True the rows' maxima and sums are lined up with the columns.",
        ),
        Mistake(
            _rows(_top, lambda e: e.sum(axis=-1)),
            "Without keepdims=True the rows' sums are lined up with the columns.",
        ),
        Mistake(
            _rows(_top, lambda e: 1.0),
            "These are the exponentials: divide each row by its sum.",
        ),
        Mistake(log_softmax, "That is the logarithm of the probabilities."),
        Mistake(lambda z: softmax(softmax(z)), "That is softmax twice."),
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
            lambda z, label: softmax(z)[label],
            "That is the probability: the loss is minus its logarithm.",
        ),
        *(
            Mistake(
                lambda z, label, small=small: -np.log(softmax(z)[label] + small),
                f"With {small:g} added no loss exceeds {-np.log(small):.1f}, however wrong the "
                "scores: stay with the logits.",
            )
            for small in (1e-8, 1e-12, 1e-15)
        ),
        Mistake(
            lambda z, label: -np.log(np.exp(z)[label] / np.exp(z).sum()),
            "np.exp sees the score itself, which can be 1000, and the quotient is 0 or NaN.",
        ),
        Mistake(
            lambda z, label: logsumexp(z) - (z - z.max())[label],
            "Shift both terms or none: here the score lost the maximum, log-sum-exp did not.",
        ),
        Mistake(
            lambda z, label: z.min() + np.log(np.exp(z - z.min()).sum()) - z[label],
            "Shifted by the minimum, exp(1000) is still inf: subtract the maximum.",
        ),
        Mistake(
            lambda z, label: z.max() - z[label],
            "That takes the maximum for log-sum-exp: near ties they differ by up to log K.",
        ),
        Mistake(
            lambda z, label: -log_softmax(z),
            "These are the costs of all classes: return the one of the right class.",
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
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) * y / n),
            "The wrong classes have a slope too: it is their p.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) / p.shape[-1]),
            "Divided by the number of classes: the mean runs over the examples.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: y - p),
            "The sign is turned, and the mean divides by n.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: -y / p / n),
            "That is the slope in the probabilities, -1/p: in the logits it is p - y.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (softmax(p) - y) / n),
            "That is softmax twice: p already is the softmax of the logits.",
        ),
        Mistake(
            lambda z, labels: (softmax(z, axis=0) - np.eye(z.shape[-1])[labels]) / len(z),
            "The softmax ran along the columns: the classes lie along the last axis.",
        ),
        Mistake(
            lambda z, labels: (softmax(z) - labels[:, None]) / len(z),
            "A label is the number of a class, not its y: subtract a one-hot row.",
        ),
        Mistake(
            lambda z, labels: (softmax(z) - np.isin(np.arange(z.shape[-1]), labels)) / len(z),
            "p[:, labels] reaches these columns in every row: p[np.arange(n), labels] pairs "
            "each row with its own label.",
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
        Mistake(
            lambda p, g: p * (g - np.sum(p * g, axis=0)),
            "The sum runs along the columns: each row has its own, along the last axis.",
        ),
        Mistake(
            lambda p, g: p * (g - p @ g),
            "For a batch p @ g is a product of matrices: sum p * g along each row instead.",
        ),
        Mistake(
            lambda p, g: g - np.sum(p * g, axis=-1, keepdims=True),
            "The factor p in front is missing: J is diag(p) minus p pᵀ.",
        ),
        Mistake(
            lambda p, g: p * (np.sum(p * g, axis=-1, keepdims=True) - g),
            "The sign is turned: diag(p) g comes first, p pᵀg is subtracted.",
        ),
        Mistake(
            lambda p, g: p * np.sum(p * g, axis=-1, keepdims=True),
            "That is p pᵀg: it is subtracted from diag(p) g.",
        ),
        Mistake(
            lambda p, g: softmax(p) * (g - np.sum(softmax(p) * g, axis=-1, keepdims=True)),
            "p already is the softmax: taking it again is softmax twice.",
        ),
    ),
)
