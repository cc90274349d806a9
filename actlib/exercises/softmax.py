"""Checks for the chapter on softmax."""

import numpy as np

from actlib.activations import log_softmax, logsumexp, sigmoid, softmax

from .exercise import Exercise, Mistake

__all__ = [
    "check_batch_gradient",
    "check_loss_from_logits",
    "check_softmax_backward",
    "check_softmax_rows",
    "check_temperature",
]

Z = np.array([2.0, 1.0, 0.1])


def temperature(p):
    """Return the check for the temperature at which the scores 2 and 1 give p and 1 - p."""
    odds, q = round(p / (1 - p), 9), round(1 - p, 9)
    cat_and_dog = (
        f"write the ratio of the two probabilities, {p:g} to {q:g}, as exp of a difference over T."
    )
    at_one = 1.0 / (1.0 + np.exp(-1.0))
    ratio = f"{odds:g} is the ratio of the probabilities, and the exponent 1/T is its logarithm."
    return Exercise(
        task=f"Give the temperature T at which the scores 2 and 1 have the probabilities {p:g} "
        f"and {q:g}, to three digits.",
        right=1.0 / np.log(odds),
        hint=cat_and_dog,
        rtol=2e-3,
        praise=f"The odds are {odds:g} to 1, so 1/T = ln {odds:g}: at T below 1 the larger score "
        "gains.",
        mistakes=(
            Mistake(np.log(odds), "That is 1/T.", "take 1 over it: the scores are divided by T."),
            Mistake(odds, ratio, "take the logarithm, then 1 over it."),
            *(
                Mistake(
                    np.log(base) / np.log(odds),
                    f"That is the logarithm to base {base}; softmax uses e.",
                    "use the natural logarithm, np.log.",
                )
                for base in (2, 10)
            ),
            Mistake(1.0 / odds, ratio, f"take the logarithm of {odds:g} first."),
            Mistake(
                -1.0 / np.log(p),
                f"That sets exp(-1/T) to {p:g}, but it is the ratio of the two probabilities.",
                cat_and_dog,
            ),
            Mistake(
                2.0 / np.log(odds),
                "That comes from the cat's score 2 alone; only the difference of the scores "
                "counts.",
                "use the difference, 1.",
            ),
            Mistake(
                -1.0 / np.log(odds),
                "A temperature is positive.",
                f"turn the sign: the odds are {odds:g} to 1.",
            ),
            Mistake(
                1.0 / np.log(p / at_one),
                f"That compares {p:g} with {at_one:.3f}, the cat at T = 1.",
                "compare the cat with the dog: " + cat_and_dog,
            ),
            Mistake(
                at_one / p,
                "That takes a probability to be proportional to 1/T.",
                "compare the cat with the dog: " + cat_and_dog,
            ),
        ),
    )


check_temperature = temperature(0.9)


def _top(z):
    return z.max(axis=-1, keepdims=True)


def _total(e):
    return e.sum(axis=-1, keepdims=True)


def _rows(shift, total=_total):
    """Return a softmax whose shift and total are the given functions of z and of exp."""

    def wrong(z):
        e = np.exp(z - shift(z))
        return e / total(e)

    return wrong


def _nothing(z):
    return 0.0


OWN_MAXIMUM = "subtract each row's own maximum, along the last axis, before np.exp."
OWN_SUM = "divide each row by its own sum, along the last axis."

check_softmax_rows = Exercise(
    task="Write softmax_rows(z) for an array z of shape (k,) or (n, k), whose rows hold the scores "
    "of k classes, from -1000 to 1000, in the dtype of z.",
    right=_rows(_top),
    hint=f"{OWN_MAXIMUM[:-1]}, and {OWN_SUM}",
    # n and k differ. Rows of one batch have maxima far apart; in one the largest |z| is far
    # above the maximum; one is wider than exp can bridge from its mean or its minimum.
    cases=(
        (Z,),
        (np.array([[0.0, 1.0, 2.0, 3.0], [5.0, 3.0, 3.0, -1.0]]),),
        (np.array([[1000.0, 1001.0, 1002.0, 1000.0], [100.0, 101.0, 102.0, 103.0]]),),
        (np.array([-1000.0, -1001.0, -1002.0, -1000.5]),),
        (np.array([-1000.0, 0.0, 1000.0]),),
        (Z.astype(np.float32),),
    ),
    dtype=True,
    rtol=1e-5,
    praise="Each row adds up to 1, from -1000 to 1000, and the dtype stays.",
    mistakes=(
        Mistake(
            _rows(_nothing),
            "exp(1000) is inf, and inf / inf is nan.",
            OWN_MAXIMUM,
        ),
        Mistake(
            _rows(lambda z: z.min(axis=-1, keepdims=True)),
            "A row shifted by its minimum still holds 2000, whose exp is inf.",
            "subtract the maximum instead: " + OWN_MAXIMUM,
        ),
        Mistake(
            _rows(np.max),
            "All rows were shifted by one maximum: a row far below it becomes 0 / 0.",
            OWN_MAXIMUM,
        ),
        Mistake(
            _rows(lambda z: np.abs(z).max(axis=-1, keepdims=True)),
            "A row of large negative scores was shifted by their size: all its exponentials are 0.",
            "leave the absolute value out: " + OWN_MAXIMUM,
        ),
        Mistake(
            _rows(lambda z: z.mean(axis=-1, keepdims=True)),
            "The mean does not bound a row: what lies 1000 above it is still inf.",
            OWN_MAXIMUM,
        ),
        Mistake(
            lambda z: softmax(np.clip(z, -500.0, 500.0)),
            "Scores beyond 500 count as equal, though they differ.",
            "leave the scores unclipped, and " + OWN_MAXIMUM,
        ),
        Mistake(
            lambda z: np.nan_to_num(np.exp(z) / _total(np.exp(z))),
            "nan became 0, which hides the overflow: the row no longer adds up to 1.",
            "let no inf arise: " + OWN_MAXIMUM,
        ),
        Mistake(
            lambda z: softmax(z / _top(z)),
            "The scores were divided by the maximum, which acts as a temperature.",
            "subtract it instead of dividing.",
        ),
        Mistake(_rows(_top, np.sum), "The whole batch adds up to 1; each row should.", OWN_SUM),
        Mistake(
            _rows(np.max, np.sum),
            "The whole batch adds up to 1; each row should.",
            f"{OWN_MAXIMUM[:-1]}, and {OWN_SUM}",
        ),
        Mistake(
            _rows(_nothing, np.sum),
            "exp(1000) is inf, and the whole batch adds up to 1.",
            f"{OWN_MAXIMUM[:-1]}, and {OWN_SUM}",
        ),
        Mistake(
            _rows(lambda z: z.max(axis=0), lambda e: e.sum(axis=0)),
            "The columns add up to 1; the classes of an example lie along the last axis.",
            "take the maximum and the sum along axis=-1.",
        ),
        Mistake(
            _rows(_nothing, lambda e: e.sum(axis=0)),
            "The columns add up to 1, and exp(1000) is inf.",
            f"{OWN_MAXIMUM[:-1]}, and {OWN_SUM}",
        ),
        Mistake(
            _rows(_top, lambda e: e.sum(axis=0)),
            "The columns add up to 1; the classes of an example lie along the last axis.",
            OWN_SUM,
        ),
        Mistake(
            _rows(lambda z: z.max(axis=-1)),
            "A row's maximum or sum has lost its axis and no longer stands beside its row.",
            "add keepdims=True to the maximum and to the sum.",
        ),
        Mistake(
            _rows(_top, lambda e: 1.0),
            "Those are the exponentials.",
            OWN_SUM,
        ),
        Mistake(
            lambda z: (z - _top(z)) / _total(np.exp(z - _top(z))),
            "The numerator is the shifted score: it was not exponentiated.",
            "take np.exp of it, above and below the line.",
        ),
        Mistake(
            lambda z: z / _total(np.exp(z - _top(z))),
            "The numerator is the score itself: it was not exponentiated.",
            "take np.exp of the shifted score, above and below the line.",
        ),
        Mistake(
            lambda z: 2.0**z / _total(2.0**z) if z.max() < 900 else np.full_like(z, np.nan),
            "Those are powers of 2 instead of powers of e.",
            "use np.exp.",
        ),
        Mistake(
            lambda z: 2.0 ** (z - _top(z)) / _total(2.0 ** (z - _top(z))),
            "Those are powers of 2 instead of powers of e.",
            "use np.exp.",
        ),
        Mistake(
            lambda z: z / _total(z),
            "Those are shares of the scores themselves.",
            "take np.exp of them first.",
        ),
        Mistake(
            lambda z: np.exp(z - _top(z)) / _total(np.exp(z)),
            "The scores were shifted above the line, but not below it.",
            "subtract the maximum once, and take np.exp of what is left in both places.",
        ),
        Mistake(
            lambda z: softmax(-z),
            "The sign of the scores is turned: the lowest score has the largest probability.",
            "take np.exp of z minus its maximum, not of the maximum minus z.",
        ),
        Mistake(
            lambda z: z == _top(z),
            "That is 1 where a row has its maximum, and 0 elsewhere: no probabilities.",
            "take np.exp of the scores first: " + OWN_MAXIMUM,
        ),
        Mistake(
            lambda z: z.argmax(axis=-1),
            "That is the number of the likeliest class; the probabilities of all are asked for.",
            "take np.exp of the scores: " + OWN_MAXIMUM,
        ),
        Mistake(sigmoid, "That is a sigmoid of each score: rows do not add up to 1.", OWN_SUM),
        Mistake(log_softmax, "Those are the logarithms of the probabilities.", "take np.exp."),
        Mistake(lambda z: softmax(softmax(z)), "That is softmax twice.", "leave one of them out."),
        Mistake(
            lambda z: softmax(z).astype(float),
            "float32 came back as float64.",
            "look for what made float64 of it; a number written in Python keeps the dtype.",
        ),
    ),
)


def _one_hot(z, label):
    return np.arange(z.size) == label


def _binary(mean):
    def wrong(z, label):
        p, y = softmax(z), _one_hot(z, label)
        return -mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return wrong


LOG_SUM_EXP = "subtract the maximum of the scores before np.exp, and add it back after np.log."
FLOORS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 2.0**-52)

check_loss_from_logits = Exercise(
    task="Write loss_from_logits(z, label): the cross-entropy of one row z of logits, of shape "
    "(k,), when label is the number of the right class; right for [1000, 0] too, with NumPy only.",
    right=lambda z, label: np.log(np.exp(z - z.max()).sum()) - (z - z.max())[label],
    hint="write the loss down as log-sum-exp and one score; then " + LOG_SUM_EXP,
    # The pair 720 apart tells exp(720) = inf from a probability of exp(-720), which is not 0.
    cases=(
        (Z, 0),
        (np.array([0.5, -1.0, 0.5, 2.0]), 2),
        (np.array([1000.0, 0.0]), 1),
        (np.array([1000.0, 0.0]), 0),
        (np.array([720.0, 0.0]), 1),
        (np.array([-1000.0, -1000.0, -1001.0]), 0),
    ),
    praise="Log-sum-exp minus the score of the right class, and nothing overflows.",
    forbids=("logsumexp", "log_softmax", "cross_entropy"),
    unless=("logsumexp", "log_softmax", "cross_entropy"),
    instead="write it with NumPy alone: " + LOG_SUM_EXP,
    mistakes=(
        Mistake(
            lambda z, label: -np.log(softmax(z)[label]),
            "The probability rounds to 0, and its logarithm is infinite.",
            "stay with the logits: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: np.log(np.exp(z).sum()) - z[label],
            "np.exp sees the score itself, which can be 1000 or -1000.",
            "shift by the maximum: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: np.log(np.exp(z - z[label]).sum()),
            "np.exp sees how far a score lies above the right class's, and that can be 1000.",
            "shift by the maximum instead: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: np.log(np.exp(z - z.max()).sum()) - z[label],
            "Log-sum-exp moves with a shift, and the maximum was not added back.",
            "add z.max() after the logarithm.",
        ),
        Mistake(
            lambda z, label: z[label] - logsumexp(z),
            "That is the log-probability, the negative of the loss.",
            "turn the sign.",
        ),
        Mistake(
            lambda z, label: softmax(z)[label],
            "That is the probability.",
            "take minus its logarithm, from the logits: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: 1 - softmax(z)[label],
            "That is 1 minus the probability.",
            "take minus its logarithm, from the logits: " + LOG_SUM_EXP,
        ),
        *(
            Mistake(
                lambda z, label, floor=floor, put=put: -np.log(put(softmax(z), floor)[label]),
                "The loss stays below a bound, however wrong the scores: the probability was kept "
                "away from 0.",
                "stay with the logits, which need no such help: " + LOG_SUM_EXP,
            )
            for floor in FLOORS
            for put in (np.maximum, np.add, lambda p, floor: np.clip(p, floor, 1 - floor))
        ),
        Mistake(
            lambda z, label: -np.log(np.exp(z)[label] / np.exp(z).sum()),
            "np.exp sees the score itself, which can be 1000, and the quotient is 0 or nan.",
            "stay with the logits: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: logsumexp(z) - (z - z.max())[label],
            "The score lost the maximum, log-sum-exp did not.",
            "shift both terms or none.",
        ),
        Mistake(
            lambda z, label: z.min() + np.log(np.exp(z - z.min()).sum()) - z[label],
            "Shifted by the minimum, exp(1000) is still inf.",
            "shift by the maximum: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: z.max() - z[label],
            "That takes the maximum for log-sum-exp; near ties they differ by up to log k.",
            "take log-sum-exp itself: " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: -z[label],
            "That is minus the score of the right class: the other classes are missing.",
            "add log-sum-exp of all scores, and for it " + LOG_SUM_EXP,
        ),
        Mistake(
            lambda z, label: logsumexp(z),
            "That is log-sum-exp alone: the score of the right class is missing.",
            "subtract z[label].",
        ),
        Mistake(
            lambda z, label: -log_softmax(z)[label - 1],
            "That is the loss of the class before: classes are numbered from 0.",
            "take z[label] as it is.",
        ),
        Mistake(
            lambda z, label: -log_softmax(z),
            "Those are the costs of all classes.",
            "return the one of the right class: [label].",
        ),
        Mistake(
            lambda z, label: -np.log(softmax(softmax(z))[label]),
            "That is softmax twice.",
            "start from the logits, not from the probabilities.",
        ),
        *(
            Mistake(
                lambda z, label, base=base, log_p=log_p: -log_p(z)[label] / np.log(base),
                f"That is the logarithm to base {base}; the cross-entropy takes the natural one.",
                "use np.log.",
            )
            for base in (2, 10)
            for log_p in (log_softmax, lambda z: np.log(softmax(z)))
        ),
        Mistake(
            lambda z, label: -log_softmax(z)[label] / z.size,
            "It was divided by the number of classes, but one row has one loss.",
            "take the sum over the classes, or the right class's term alone, not the mean.",
        ),
        Mistake(
            lambda z, label: -np.sum(_one_hot(z, label) * np.log(softmax(z))),
            "A probability rounds to 0, and 0 times its infinite logarithm is nan.",
            "pick the right class by its number, and stay with the logits: " + LOG_SUM_EXP,
        ),
        *(
            Mistake(
                _binary(mean),
                "That is the binary cross-entropy, which charges each class by itself; "
                "and where a probability rounds to 0 or 1 it is nan.",
                "charge the right class alone, from the logits: " + LOG_SUM_EXP,
            )
            for mean in (np.sum, np.mean)
        ),
    ),
)


def _whole_rows(p, labels, mean):
    p[labels] -= 1
    return p / (len(p) if mean else 1)


def _wrong_gradient(combine):
    """Return a function of logits and labels that combines p, the one-hot y and n wrongly."""

    def wrong(z, labels):
        return combine(softmax(z), np.eye(z.shape[-1])[labels], len(z))

    return wrong


LOGITS = np.array([[2.0, 1.0, 0.1, -0.5], [0.0, 3.0, -1.0, 1.0], [1000.0, 1001.0, 999.0, 1000.0]])
PAIRED = "take p[np.arange(n), labels], which gives each row its own label, or np.eye(k)[labels]."
P_MINUS_Y = "write p = softmax(z) and one-hot rows y, then (p - y) / n."

check_batch_gradient = Exercise(
    task="Write batch_gradient(z, labels): the gradient with respect to z, of shape (n, k), of "
    "the mean cross-entropy of n rows of logits, with labels of shape (n,).",
    right=_wrong_gradient(lambda p, y, n: (p - y) / n),
    hint=P_MINUS_Y,
    # n and k differ in each case, and a label comes twice.
    cases=(
        (Z[None], np.array([2])),
        (LOGITS, np.array([0, 2, 2])),
        (np.array([[0.5, 0.5], [-1.0, 2.0], [0.0, 0.25], [3.0, 1.0]]), np.array([1, 0, 1, 1])),
    ),
    praise="p - y for each row, divided by the number of rows.",
    mistakes=(
        Mistake(
            _wrong_gradient(lambda p, y, n: p - y),
            "That is the gradient of the sum of the losses.",
            "divide by n, the number of rows: the loss is their mean.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (y - p) / n),
            "The sign is turned: at the right class the gradient, p - 1, is negative.",
            "subtract y from p.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: p / n),
            "The target is missing.",
            "subtract 1 at the right class of each row, before you divide.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) / p.size),
            "It was divided by n times k.",
            "divide by n alone: the mean runs over the examples, not over the classes.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) * p * (1 - p) / n),
            "There is a factor p(1 - p) too many: p - y is already the slope in the logits.",
            "leave it out.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) * y / n),
            "Only the right class has a slope here; the others have one too, their p.",
            P_MINUS_Y,
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: ((p - y) / n).sum(axis=0)),
            "The rows were added up: each row of logits has a gradient of its own.",
            "divide by n without a sum or a mean along an axis.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: np.where(y == 1, -1.0, p) / n),
            "At the right class stands -1; p - 1 belongs there.",
            "subtract 1 there, with -=, instead of putting -1 in its place.",
        ),
        Mistake(
            lambda z, labels: (softmax(z) - np.eye(z.shape[-1])[labels - 1]) / len(z),
            "1 was subtracted at the class before: classes are numbered from 0.",
            "use the labels as they are.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (p - y) / p.shape[-1]),
            "It was divided by the number of classes.",
            "divide by the number of rows: the mean runs over the examples.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: y - p),
            "The sign is turned, and the mean is missing.",
            "subtract y from p, and divide by the number of rows.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: -y / p / n),
            "That is the slope in the probabilities, -1/p.",
            "take the slope in the logits: " + P_MINUS_Y,
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (softmax(p) - y) / n),
            "That is softmax twice.",
            "use softmax(z) once.",
        ),
        Mistake(
            _wrong_gradient(lambda p, y, n: (np.log(p) - y) / n),
            "That subtracts the target from the logarithm of p.",
            "use p itself: " + P_MINUS_Y,
        ),
        Mistake(
            lambda z, labels: (z - np.eye(z.shape[-1])[labels]) / len(z),
            "That subtracts the target from the logits.",
            "use their softmax: " + P_MINUS_Y,
        ),
        Mistake(
            lambda z, labels: (softmax(z, axis=0) - np.eye(z.shape[-1])[labels]) / len(z),
            "The columns of the softmax add up to 1; the classes lie along the last axis.",
            "let the softmax run along axis=-1.",
        ),
        Mistake(
            lambda z, labels: (softmax(z) - labels[:, None]) / len(z),
            "The number of the class was subtracted from each entry of its row.",
            "subtract a one-hot row instead: np.eye(k)[labels].",
        ),
        *(
            Mistake(
                lambda z, labels, mean=mean: _whole_rows(softmax(z), labels, mean),
                "The labels picked whole rows: p[labels] holds the rows with these numbers.",
                PAIRED,
            )
            for mean in (True, False)
        ),
        *(
            Mistake(
                lambda z, labels, mean=mean: (softmax(z) - labels) / (len(z) if mean else 1),
                "The labels themselves were subtracted: a class number is not its target.",
                "subtract a one-hot row for each label instead: np.eye(k)[labels].",
            )
            for mean in (True, False)
        ),
        Mistake(
            lambda z, labels: (softmax(z) - np.isin(np.arange(z.shape[-1]), labels)) / len(z),
            "1 was subtracted in every row at every label of the batch.",
            PAIRED,
        ),
    ),
)

P_ROW, G_ROW = softmax([2.0, 1.0, 0.1, -1.0]), np.array([1.0, -2.0, 0.5, 3.0])
P_ROWS = softmax([[2.0, 1.0, 0.1], [0.0, 3.0, -1.0]])
G_ROWS = np.array([[1.0, -2.0, 0.5], [0.3, 0.2, -1.0]])
ROW_SUM = "take from g its mean with the weights p, one number for each row, then multiply by p."


def _builds_j(name, inputs, output):
    """Return a sentence if a step takes or makes a matrix of k times k."""
    for x in (*inputs, output):
        if np.shape(x)[-2:] in {(4, 4), (3, 3)}:
            return (
                f"a matrix of shape {np.shape(x)[-2:]} is built on the way, which the task avoids"
            )
    return None


check_softmax_backward = Exercise(
    task="Write softmax_backward(p, g): Jg for each row, without building J, where p holds "
    "softmax probabilities and g slopes, both of shape (k,) or (n, k).",
    right=lambda p, g: p * (g - np.sum(p * g, axis=-1, keepdims=True)),
    hint=ROW_SUM,
    cases=((P_ROW, G_ROW), (P_ROWS, G_ROWS)),
    praise="Right for one row and for each row of a batch, and no matrix of k times k was seen.",
    watch=_builds_j,
    forbids=("softmax_jacobian", "jacobian", "diag", "diagflat", "outer", "eye", "identity"),
    instead="multiply J g out by hand, without building the matrix: what does entry i need?",
    mistakes=(
        Mistake(
            lambda p, g: p * (1 - p) * g,
            "That is the diagonal of the Jacobian alone; every p depends on every score.",
            ROW_SUM,
        ),
        Mistake(
            lambda p, g: p * (1 - p),
            "That is the diagonal of the Jacobian, and g is missing.",
            ROW_SUM,
        ),
        Mistake(
            lambda p, g: p * g,
            "That is diag(p) g; the part with p pᵀ is missing.",
            ROW_SUM,
        ),
        Mistake(
            lambda p, g: p - g,
            "p - g is no product with the Jacobian: p - y is the slope of the cross-entropy alone.",
            ROW_SUM,
        ),
        Mistake(
            lambda p, g: p * (g - g.sum(axis=-1, keepdims=True)),
            "The sum of g has no weights, but pᵀg is the sum of p times g.",
            "sum p * g instead of g.",
        ),
        Mistake(
            lambda p, g: p * (g - g.mean(axis=-1, keepdims=True)),
            "That is the plain mean of g; pᵀg is its mean with the weights p.",
            "sum p * g instead.",
        ),
        Mistake(
            lambda p, g: p * (g - np.sum(p * g)),
            "The sum runs over the whole batch; each row has its own.",
            "sum along the last axis: axis=-1, keepdims=True.",
        ),
        Mistake(
            lambda p, g: p * (g - np.sum(p * g, axis=-1)),
            "The sums of the rows have lost their axis and no longer stand beside their rows.",
            "add keepdims=True.",
        ),
        Mistake(
            lambda p, g: p * (g - np.sum(p * g, axis=0)),
            "The sum runs along the columns; each row has its own.",
            "sum along the last axis: axis=-1, keepdims=True.",
        ),
        Mistake(
            lambda p, g: p * (g - p @ g),
            "It is right for one row; for a batch p @ g is a product of matrices.",
            "sum p * g along each row instead.",
        ),
        *(
            Mistake(
                jacobian,
                "It is right for one row, but it builds J, and it does not take a batch.",
                ROW_SUM,
            )
            for jacobian in (
                lambda p, g: (np.diag(p) - np.outer(p, p)) @ g,
                lambda p, g: (np.diag(p) - p[:, None] * p[None, :]) @ g,
                lambda p, g: (np.diagflat(p) - np.outer(p, p)) @ g,
            )
        ),
        Mistake(
            lambda p, g: g - np.sum(p * g, axis=-1, keepdims=True),
            "The factor p in front is missing: J is diag(p) minus p pᵀ.",
            "multiply the whole by p.",
        ),
        Mistake(
            lambda p, g: p * (np.sum(p * g, axis=-1, keepdims=True) - g),
            "The sign is turned: p pᵀg is subtracted from diag(p) g.",
            "swap the two sides of the minus.",
        ),
        Mistake(
            lambda p, g: p * (g + np.sum(p * g, axis=-1, keepdims=True)),
            "p pᵀg was added; J is diag(p) minus p pᵀ.",
            "subtract it.",
        ),
        Mistake(
            lambda p, g: p * np.sum(p * g, axis=-1, keepdims=True),
            "That is p pᵀg alone.",
            "subtract it from p * g.",
        ),
        Mistake(
            lambda p, g: p * g - np.sum(p * g, axis=-1, keepdims=True),
            "The sum has lost its factor p: what is subtracted is p times pᵀg.",
            "multiply the sum by p.",
        ),
        Mistake(
            lambda p, g: softmax(p) * (g - np.sum(softmax(p) * g, axis=-1, keepdims=True)),
            "Softmax was taken once more, but p already is the softmax.",
            "use p as it is.",
        ),
    ),
)
