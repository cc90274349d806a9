"""Checks for the chapter on activations in practice.

This room runs without PyTorch: an answer is called with NumPy arrays.
"""

import numpy as np

from actlib.activations import logsumexp, softmax

from .exercise import Exercise, Mistake

__all__ = [
    "check_first_loss",
    "check_folded",
    "check_kept_bytes",
    "check_masked_weights",
    "check_whole_loss",
]


def _estimate(variance, share=0.5, log=np.log):
    """Return a first loss: the logarithm of the number of classes and a share of the variance."""
    return lambda scores: log(scores.shape[1]) + share * variance(scores)


def _within_rows(scores):
    return np.var(scores, axis=1).mean()


BOTH_PARTS = "add ln k and half the mean over the rows of the variance within a row."
ALONG_ROWS = "take the variance along axis=1, then the mean over the rows."

check_first_loss = Exercise(
    task="Write first_loss(scores): from scores of shape (n, k), the estimate of the first loss, "
    "the natural logarithm of k plus half the mean over the rows of the variance within a row.",
    right=_estimate(_within_rows),
    hint=BOTH_PARTS,
    cases=(
        (np.array([[1.0, -2.0, 0.5, 3.0], [4.0, 4.0, 6.0, 4.5], [-1.0, 0.0, -3.0, -8.0]]),),
        (np.array([[0.0, 0.25, -0.5], [5.0, 5.5, 4.0]]),),
    ),
    praise="ln k for scores that say nothing, and half their variance for what they say at random.",
    mistakes=(
        Mistake(
            _estimate(_within_rows, share=1.0),
            "The variance counts whole; the estimate has half of it.",
            "take half of the variance.",
        ),
        Mistake(
            _estimate(_within_rows, share=0.0),
            "That is ln k alone, as if all scores of a row were equal.",
            "add half the mean variance within a row.",
        ),
        Mistake(
            _estimate(_within_rows, log=lambda k: 0.0),
            "That is half the variance alone; ln k is missing.",
            "add the logarithm of the number of classes.",
        ),
        Mistake(
            _estimate(lambda scores: np.std(scores, axis=1).mean()),
            "That has half the standard deviation in place of half the variance.",
            "square it in each row before you average, or use np.var.",
        ),
        Mistake(
            _estimate(np.var),
            "That is the variance over all scores, which counts the rows' different means as well.",
            ALONG_ROWS,
        ),
        Mistake(
            _estimate(lambda scores: np.var(scores, axis=0).mean()),
            "That is the variance down the columns, from example to example.",
            ALONG_ROWS,
        ),
        Mistake(
            _estimate(lambda scores: np.var(scores, axis=1, ddof=1).mean()),
            "The sum of squares was divided by k - 1, as for a sample; a row's variance has k.",
            "leave ddof at 0; in PyTorch pass correction=0.",
        ),
        Mistake(
            _estimate(_within_rows, log=np.log2),
            "The logarithm is to base 2; cross-entropy has the natural one.",
            "use np.log.",
        ),
        Mistake(
            _estimate(_within_rows, log=np.log10),
            "The logarithm is to base 10; cross-entropy has the natural one.",
            "use np.log.",
        ),
        Mistake(
            lambda scores: np.log(len(scores)) + _within_rows(scores) / 2,
            "The logarithm is that of the number of rows; the classes are the columns.",
            "take scores.shape[1] for k.",
        ),
        Mistake(
            lambda scores: np.log(scores.shape[1]) + np.var(scores, axis=1) / 2,
            "There is one estimate for each row; one number for all is asked for.",
            "take the mean over the rows.",
        ),
        Mistake(
            lambda scores: np.mean(logsumexp(scores, axis=1) - scores.mean(axis=1)),
            "That is the mean loss itself where labels and scores are unrelated, and not the "
            "estimate from the variance.",
            BOTH_PARTS,
        ),
    ),
)

FILL = "fill the scores with -inf where keep is false, then take the softmax of each row."
AFTER_EXP = (
    "It is right for small scores, but the mask comes after exp: for large ones exp has overflowed "
    "by then, or what is kept has rounded to 0, and 0 / 0 is nan."
)


def _filled(scores, keep, number=-np.inf):
    return np.where(keep, scores, number)


def _weights_then_mask(scores, keep):
    return softmax(scores) * keep


check_masked_weights = Exercise(
    task="Write masked_weights(scores, keep): for scores of shape (n, k) and a Boolean array keep "
    "of the same shape, the softmax of each row over the entries that are kept, and 0 elsewhere.",
    right=lambda scores, keep: softmax(_filled(scores, keep)),
    hint=FILL,
    cases=(
        (
            np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.25]]),
            np.array([[True, True, False], [True, False, True]]),
        ),
        (
            np.array([[1.0, 30000.0, 2.5, -4.0], [-20000.0, 1.0, -20001.0, 2.0]]),
            np.array([[True, False, True, True], [True, False, True, False]]),
        ),
        # Lower than the -1e9 that is often filled in; equal, so that float32 keeps them apart.
        (
            np.array([[-3e9, 5.0, 500.0, -3e9], [2.0, 1.0, 1.0, 3.0]]),
            np.array([[True, False, False, True], [False, True, True, False]]),
        ),
    ),
    praise="What is masked has exactly 0, and each row adds up to 1, for scores from -3e9 to 3e4.",
    mistakes=(
        Mistake(
            lambda scores, keep: softmax(_filled(scores, keep, 0.0)),
            "The masked scores became 0, and exp(0) is 1: they still get weight.",
            FILL,
        ),
        Mistake(
            _weights_then_mask,
            "The mask came after the softmax: what is left of a row does not add up to 1.",
            FILL,
        ),
        Mistake(
            lambda scores, keep: (
                _weights_then_mask(scores, keep)
                / _weights_then_mask(scores, keep).sum(axis=1, keepdims=True)
            ),
            AFTER_EXP,
            FILL,
        ),
        *(
            Mistake(
                lambda scores, keep, size=size: softmax(scores - size * ~keep),
                "The number added to the masked scores is not large enough for scores of this "
                "size: weight goes to what is masked.",
                FILL,
            )
            for size in (100.0, 1e3, 1e4, 1e5, 1e6, 1e9)
        ),
        *(
            Mistake(
                lambda scores, keep, number=number: softmax(_filled(scores, keep, number)),
                "The number filled in is not low enough where the kept scores are low "
                "themselves: weight goes to what is masked.",
                FILL,
            )
            for number in (-100.0, -1e3, -1e4, -1e5, -1e6, -1e9)
        ),
        Mistake(
            lambda scores, keep: (
                np.exp(_filled(scores, keep) - _filled(scores, keep).max())
                / np.exp(_filled(scores, keep) - _filled(scores, keep).max()).sum()
            ),
            "All rows together add up to 1; each row should.",
            "take the maximum and the sum of each row: axis=1, keepdims=True.",
        ),
        Mistake(
            lambda scores, keep: softmax(_filled(scores, ~keep)),
            "The mask is the wrong way round: what should be kept was dropped.",
            "put -inf where keep is false.",
        ),
        Mistake(
            lambda scores, keep: softmax(scores),
            "That is the softmax of all entries: the mask had no effect.",
            FILL,
        ),
        Mistake(
            lambda scores, keep: np.full(np.shape(scores), np.nan),
            "All came out as nan, as 0 times -inf does; in a softmax it spreads along the row.",
            "choose by np.where or masked_fill in place of multiplying.",
        ),
        Mistake(
            lambda scores, keep: softmax(_filled(scores, keep), axis=0),
            "The softmax runs down the columns.",
            "let it run along each row, axis=1.",
        ),
        Mistake(
            lambda scores, keep: (
                np.exp(scores) * keep / (np.exp(scores) * keep).sum(axis=1, keepdims=True)
            ),
            AFTER_EXP,
            FILL,
        ),
    ),
)

BACK_TO_SUMS = "multiply each mean by its total, add up, and divide once by the sum of the totals."

check_whole_loss = Exercise(
    task="Write whole_loss(means, totals): micro-batch i has the weighted mean loss means[i], and "
    "its weights add up to totals[i]; the weighted mean loss of all examples is asked for.",
    right=lambda means, totals: np.sum(means * totals) / np.sum(totals),
    hint=BACK_TO_SUMS,
    cases=(
        (np.array([0.5, 2.0, 1.0]), np.array([90.0, 10.0, 40.0])),
        (np.array([1.0, 3.0]), np.array([2.5, 0.5])),
    ),
    praise="Sums add up, means do not: divided once, by the whole weight.",
    mistakes=(
        Mistake(
            lambda means, totals: np.mean(means),
            "That is the mean of the means, in which each micro-batch counts the same.",
            BACK_TO_SUMS,
        ),
        Mistake(
            lambda means, totals: np.sum(means),
            "That is the sum of the means.",
            BACK_TO_SUMS,
        ),
        Mistake(
            lambda means, totals: np.sum(means * totals),
            "That is the sum over all examples; it is not divided yet.",
            "divide it by the sum of the totals.",
        ),
        Mistake(
            lambda means, totals: np.mean(means * totals),
            "The sum was divided by the number of micro-batches.",
            "divide by the sum of the totals.",
        ),
        Mistake(
            lambda means, totals: np.sum(means / totals) / np.sum(1 / totals),
            "The weights are upside down: the smaller a micro-batch, the more it counts.",
            "multiply by the totals.",
        ),
        Mistake(
            lambda means, totals: np.sum(means) / np.sum(totals),
            "The means were added as they are, and divided by the whole weight.",
            "multiply each mean by its total before you add up.",
        ),
        Mistake(
            lambda means, totals: np.sum(means / totals),
            "Each mean was divided by its total, which it has been divided by already.",
            BACK_TO_SUMS,
        ),
        Mistake(
            lambda means, totals: means * totals / np.sum(totals),
            "Those are the shares of the micro-batches; their sum is asked for.",
            "add them up.",
        ),
    ),
)

WHO_KEEPS = "ask of each of the three what its slope needs: its input, or its output?"


def kept_bytes(n, d, h, k):
    """Return the check for a batch of n examples and a network d-h-k."""
    inputs, hidden, logits = (4 * n * units for units in (d, h, k))
    return Exercise(
        task=f"Give [a, b]: how many bytes a batch of {n} float32 examples leaves behind in "
        f"Linear({d}, {h}), an activation, Linear({h}, {k}) for the backward pass, parameters left "
        "out: a for tanh, b for GELU.",
        right=[inputs + hidden, inputs + 2 * hidden],
        hint=WHO_KEEPS,
        rtol=0.0,
        praise="Tanh shares its output with the next layer; GELU keeps its input besides.",
        mistakes=(
            Mistake(
                [inputs + 2 * hidden, inputs + 2 * hidden],
                "For tanh that is one tensor too many: its output is the next layer's input, and "
                "kept once.",
                "count a tensor once that two of them keep.",
            ),
            Mistake(
                [inputs + hidden, inputs + hidden],
                "For GELU a tensor is missing: its slope needs z, which no other layer keeps.",
                "add the input of GELU.",
            ),
            Mistake(
                [inputs + 2 * hidden, inputs + hidden],
                "The two are swapped: it is GELU that keeps more.",
                "put tanh first.",
            ),
            Mistake(
                [(inputs + hidden) // 4, (inputs + 2 * hidden) // 4],
                "Those are the numbers that are kept; bytes are asked for.",
                "multiply by 4, the bytes of a float32.",
            ),
            Mistake(
                [(inputs + hidden) // 2, (inputs + 2 * hidden) // 2],
                "Those are two bytes for each number, as for float16.",
                "multiply by 2: a float32 has 4 bytes.",
            ),
            Mistake(
                [(inputs + hidden) * 2, (inputs + 2 * hidden) * 2],
                "Those are eight bytes for each number, as for float64.",
                "divide by 2: a float32 has 4 bytes.",
            ),
            Mistake(
                [(inputs + hidden) // n, (inputs + 2 * hidden) // n],
                f"Those are the bytes of one example; the batch has {n}.",
                f"multiply by {n}.",
            ),
            *(
                Mistake(
                    [(inputs + hidden) / size, (inputs + 2 * hidden) / size],
                    f"Those are units of {size} bytes.",
                    f"multiply by {size}.",
                )
                for size in (1000, 1024)
            ),
            Mistake(
                [
                    part + 4 * (d * h + h + h * k + k)
                    for part in (inputs + hidden, inputs + 2 * hidden)
                ],
                "The parameters are counted too; the task leaves them out.",
                "subtract the weights and biases of both layers.",
            ),
            Mistake(
                [(inputs + hidden) * 8, (inputs + 2 * hidden) * 8],
                "Those are bits.",
                "divide by 8.",
            ),
            Mistake(
                [hidden, 2 * hidden],
                "The input of the first layer is missing: the gradient of its weights needs it.",
                "add the batch itself.",
            ),
            Mistake(
                [hidden, hidden],
                "That is one tensor of the hidden layer for either; the first layer's input is "
                "missing, and GELU keeps more than tanh.",
                WHO_KEEPS,
            ),
            Mistake(
                [inputs + hidden + logits, inputs + 2 * hidden + logits],
                "The last layer's output is counted too, which none of the three needs.",
                "leave the logits out.",
            ),
            Mistake(
                [inputs + 2 * hidden + logits, inputs + 2 * hidden + logits],
                "Those are all tensors of the forward pass; not all of them are needed on the way "
                "back.",
                WHO_KEEPS,
            ),
        ),
    )


check_kept_bytes = kept_bytes(200, 64, 128, 10)


def _layer(weights, bias):
    """Return what the check compares: the weights, and the bias below them, from a factor."""

    def answer(w, b, mean, var, gamma, beta):
        s = gamma / np.sqrt(var + 1e-5)
        return np.vstack([weights(w, s), bias(b, mean, s, beta)])

    return answer


def _scaled(w, s):
    return w * s


def _with_factor(factor):
    def answer(w, b, mean, var, gamma, beta):
        s = factor(gamma, var)
        return np.vstack([w * s, (b - mean) * s + beta])

    return answer


ONE_FACTOR = "multiply w and b - mean by gamma / sqrt(var + 1e-5), then add beta to the bias."

check_folded = Exercise(
    task="Write folded(w, b, mean, var, gamma, beta): z = x w + b and the batch norm after it, "
    "gamma (z - mean) / sqrt(var + 1e-5) + beta, as one linear layer. w has shape (d, k), the "
    "others (k,); the answer has shape (d + 1, k), with the new bias as its last row.",
    right=_layer(_scaled, lambda b, mean, s, beta: (b - mean) * s + beta),
    hint=ONE_FACTOR,
    cases=(
        (
            np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 0.25]]),
            np.array([0.5, -1.0]),
            np.array([2.0, -3.0]),
            np.array([4.0, 0.25]),
            np.array([1.5, -0.5]),
            np.array([0.75, 2.0]),
        ),
        (
            np.array([[2.0, 1.0, -1.0], [0.0, 4.0, 0.5]]),
            np.array([1.0, 0.0, -2.0]),
            np.array([-1.0, 0.5, 3.0]),
            np.array([9.0, 2.0, 0.5]),
            np.array([2.0, 1.0, 3.0]),
            np.array([-1.0, 0.5, 0.25]),
        ),
    ),
    praise="One affine map: once it evaluates, batch norm costs nothing.",
    mistakes=(
        Mistake(
            _with_factor(lambda gamma, var: gamma / (var + 1e-5)),
            "It is divided by the variance; the square root is missing.",
            "divide by the square root of the variance.",
        ),
        Mistake(
            _with_factor(lambda gamma, var: gamma * np.sqrt(var + 1e-5)),
            "It is multiplied by the standard deviation.",
            "divide by it.",
        ),
        Mistake(
            _with_factor(lambda gamma, var: 1 / np.sqrt(var + 1e-5)),
            "gamma is missing.",
            "multiply the factor of each unit by its gamma.",
        ),
        Mistake(
            _with_factor(lambda gamma, var: gamma / np.sqrt(var)),
            "The 1e-5 under the root is missing.",
            "add it to the variance: sqrt(var + 1e-5).",
        ),
        Mistake(
            _with_factor(lambda gamma, var: gamma / (np.sqrt(var) + 1e-5)),
            "The 1e-5 was added to the root; it belongs under it.",
            "add it to the variance: sqrt(var + 1e-5).",
        ),
        Mistake(
            lambda w, b, mean, var, gamma, beta: np.roll(
                check_folded.right(w, b, mean, var, gamma, beta), 1, axis=0
            ),
            "The new bias is the first row.",
            "put it last, below the weights.",
        ),
        Mistake(
            _with_factor(lambda gamma, var: gamma),
            "The variance is missing: nothing is divided by its square root.",
            "divide by sqrt(var + 1e-5).",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: b * s + beta),
            "The mean is missing: it is subtracted from z before the factor.",
            "take b - mean in place of b.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: b * s - mean + beta),
            "The mean is subtracted without the factor.",
            "multiply b - mean by the factor.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: b - mean * s + beta),
            "The old bias is added without the factor.",
            "multiply b - mean by the factor.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: (b + mean) * s + beta),
            "The mean is added.",
            "subtract it.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: (b - mean) * s),
            "beta is missing.",
            "add beta to the new bias.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: (b - mean + beta) * s),
            "beta is multiplied by the factor; it is added after it.",
            "add beta last.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: beta - mean * s),
            "The old bias is missing.",
            "take b - mean in place of -mean.",
        ),
        Mistake(
            _layer(_scaled, lambda b, mean, s, beta: b),
            "The weights are right, but the bias is still the old one.",
            "subtract the mean, multiply by the factor, add beta.",
        ),
        Mistake(
            _layer(lambda w, s: w, lambda b, mean, s, beta: (b - mean) * s + beta),
            "The bias is right, but the weights are still the old ones.",
            "multiply each column of w by its factor.",
        ),
    ),
)
