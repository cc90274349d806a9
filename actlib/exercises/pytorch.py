"""Checks for the chapter on the PyTorch APIs.

This room runs without PyTorch. An answer is called with NumPy arrays, converts them itself
and returns a tensor, or values and slopes as arrays; the right answers are actlib's.
"""

import numpy as np

from actlib.activations import (
    log_softmax,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    softmax,
    softplus,
    softplus_grad,
)
from actlib.losses import bce_with_logits, bce_with_logits_grad

from .exercise import Exercise, Mistake

__all__ = [
    "check_learned_numbers",
    "check_port",
    "check_squared_relu_function",
    "check_torch_bce",
    "check_torch_probabilities",
    "check_torch_softplus",
]

EACH_ROW = "let F.softmax run along the classes of each image; which dim is that?"

check_torch_probabilities = Exercise(
    task="Write class_probabilities(logits): from a NumPy array of shape (n, k), one row for each "
    "image, the probabilities of the k classes, of the same shape, as a tensor or an array.",
    right=lambda logits: softmax(logits),
    hint=EACH_ROW,
    # Numbers that bfloat16 has too.
    cases=(
        (np.array([[2.0, 1.0, 0.125], [0.0, 3.0, -1.0]]),),
        (np.array([[0.5, -0.5, 2.0, 0.0], [1000.0, 1004.0, 996.0, 0.0], [1.0, 1.0, 1.0, 1.0]]),),
    ),
    praise="Each row adds up to 1: the classes lie along dim=1.",
    mistakes=(
        Mistake(
            lambda z: softmax(z, axis=0),
            "Each column adds up to 1: dim=0 runs over the images.",
            "let the softmax run along the classes, dim=1.",
        ),
        Mistake(
            log_softmax,
            "Those are the logarithms of the probabilities.",
            "use softmax in place of log_softmax.",
        ),
        Mistake(
            sigmoid,
            "That is a sigmoid of each score: the rows do not add up to 1.",
            EACH_ROW,
        ),
        Mistake(
            lambda z: softmax(np.ravel(z)).reshape(np.shape(z)),
            "The whole batch adds up to 1; each row should.",
            "let the softmax run along the classes, dim=1.",
        ),
        Mistake(
            lambda z: softmax(softmax(z)),
            "That is softmax twice: the scores of the second lie between 0 and 1.",
            "leave one of them out.",
        ),
        Mistake(
            lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
            "It is right for small scores, but exp(1000) is inf, and inf / inf is nan.",
            "use F.softmax, which subtracts each row's maximum first.",
        ),
        Mistake(
            lambda z: z / z.sum(axis=1, keepdims=True),
            "Those are shares of the scores themselves, negative ones too.",
            EACH_ROW,
        ),
        Mistake(lambda z: z, "Those are the scores as they came.", EACH_ROW),
        Mistake(
            lambda z: z.argmax(axis=1),
            "Those are the numbers of the likeliest classes; the probabilities are asked for.",
            EACH_ROW,
        ),
    ),
)

BY_LAYER = "list what each module learns, with its shape, and add up the entries."


def learned_numbers(d, h, k):
    """Return the check for a network d-h-k with PReLU in the middle."""
    weights, linear = d * h + h * k, (d * h + h) + (h * k + k)
    return Exercise(
        task=f"Give [a, b]: how many numbers Linear({d}, {h}), PReLU(), Linear({h}, {k}) learn "
        f"together, and how many with PReLU({h}) in the middle.",
        right=[linear + 1, linear + h],
        hint=BY_LAYER,
        rtol=0.0,
        praise="Weights and biases, and one slope for the layer or one for each unit.",
        mistakes=(
            Mistake(
                [linear, linear],
                "Those are the linear layers alone; PReLU's slopes are learned too.",
                f"add 1 for nn.PReLU() and {h} for nn.PReLU({h}).",
            ),
            Mistake(
                [weights + 1, weights + h],
                "The biases are missing.",
                f"add {h} for the first layer and {k} for the second.",
            ),
            Mistake(
                [weights, weights],
                "Those are the weights of the linear layers alone.",
                "add their biases and PReLU's slopes.",
            ),
            Mistake(
                [linear + h, linear + 1],
                f"The two are swapped: nn.PReLU() has one slope, nn.PReLU({h}) one for each unit.",
                "put the network with nn.PReLU() first.",
            ),
            Mistake(
                [linear + 1, linear + 1],
                f"The second is too small: nn.PReLU({h}) learns a slope for each of the {h} units.",
                f"count {h} slopes there.",
            ),
            Mistake(
                [linear + h, linear + h],
                "The first is too large: nn.PReLU() learns one slope for all units.",
                "count 1 slope there.",
            ),
            Mistake(
                [1, h],
                "Those are PReLU's slopes alone; the linear layers learn too.",
                BY_LAYER,
            ),
        ),
    )


check_learned_numbers = learned_numbers(64, 32, 10)


def _with_gradient(loss, gradient):
    """Return what the check compares: the mean loss, then its slope in each logit."""
    return lambda logits, targets: np.hstack([loss(logits, targets), gradient(logits, targets)])


def _mean_of_logs(p, t, lowest=-np.inf):
    # PyTorch's BCELoss: no logarithm is allowed below -100. By hand there is no such limit.
    yes, no = np.maximum(np.log(p), lowest), np.maximum(np.log1p(-p), lowest)
    # The branch that a target of 0 or 1 switches off is left out, not multiplied by 0.
    return -np.mean(np.where(t == 1, yes, no))


def _slope_through_probability(z, t):
    # Autograd multiplies the loss's slope in p by p(1 - p), which may have rounded to 0.
    p = sigmoid(z)
    return ((1 - t) / (1 - p) - t / p) * p * (1 - p) / z.size


def _clamped(floor):
    def loss(z, t):
        return _mean_of_logs(np.clip(sigmoid(z), floor, 1 - floor), t)

    def slope(z, t):
        return np.where(np.abs(sigmoid(z) - 0.5) < 0.5 - floor, bce_with_logits_grad(z, t), 0.0)

    return _with_gradient(loss, slope)


FROM_LOGITS = "give the logits themselves to F.binary_cross_entropy_with_logits."

check_torch_bce = Exercise(
    task="Write binary_loss(logits, targets) for two tensors of shape (n,), targets 0.0 or 1.0: "
    "the mean binary cross-entropy, which keeps its gradient. The check sees the loss, then its "
    "slope in each logit.",
    right=_with_gradient(bce_with_logits, bce_with_logits_grad),
    hint=FROM_LOGITS,
    cases=(
        (np.array([2.0, -3.0, 0.5]), np.array([1.0, 1.0, 0.0])),
        (np.array([200.0, -200.0]), np.array([0.0, 0.0])),
    ),
    praise="From the logits, a wrong score of 200 costs 200, and its gradient is still there.",
    mistakes=(
        Mistake(
            _with_gradient(
                lambda z, t: _mean_of_logs(sigmoid(z), t, -100.0),
                lambda z, t: bce_with_logits_grad(z, t) * (z < 100),
            ),
            "A loss of 200 has become 100, and its gradient 0: the probability rounded to 1, and "
            "its logarithm was cut off at -100.",
            FROM_LOGITS,
        ),
        Mistake(
            _with_gradient(lambda z, t: _mean_of_logs(sigmoid(z), t), _slope_through_probability),
            "The probability has rounded to 1: the logarithm of the rest, 0, is infinite and its "
            "gradient nan.",
            FROM_LOGITS,
        ),
        *(
            Mistake(
                _clamped(floor),
                "The probability is kept away from 0 and 1, which bounds the loss; beyond the "
                "bound the gradient is 0, so the worst mistakes teach nothing.",
                FROM_LOGITS,
            )
            for floor in (1e-6, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15)
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(sigmoid(z), t),
                lambda z, t: bce_with_logits_grad(sigmoid(z), t) * sigmoid_grad(z),
            ),
            "That is the sigmoid twice: the loss with logits applies it itself.",
            "leave your own sigmoid out.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(z, t, reduction="sum"),
                lambda z, t: bce_with_logits_grad(z, t, reduction="sum"),
            ),
            "That is the sum over the examples.",
            "take the mean, which is the default.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(z, t, reduction="none"),
                lambda z, t: bce_with_logits_grad(z, t, reduction="sum"),
            ),
            "That is one loss for each example.",
            "take their mean, which is the default.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(z, 1 - t), lambda z, t: bce_with_logits_grad(z, 1 - t)
            ),
            "The targets are turned: a large logit says yes, target 1.",
            "use the targets as they are, or turn the sign of the logits back.",
        ),
        Mistake(
            _with_gradient(lambda z, t: np.mean(softplus(t) - t * z), lambda z, t: -t / z.size),
            "The arguments are swapped.",
            "give the logits first, the targets second.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: -np.sum(t * log_softmax(z)), lambda z, t: softmax(z) * t.sum() - t
            ),
            "That is the loss of one class of several: it took the examples for the classes.",
            "use the binary loss: " + FROM_LOGITS,
        ),
    ),
)


def _pair(value, slope):
    """Return what the check compares: the values above the slopes."""
    return lambda t: np.stack([value(t), slope(t)])


def _too_large_is_nan(z):
    return np.where(z > 700, np.nan, softplus_grad(z))


SMALL_EXP = "let exp see only -|t|, or take torch.logaddexp of t and 0."

check_torch_softplus = Exercise(
    task="Write my_softplus(t) for a tensor t: log(1 + exp(t)) from tensor operations, without "
    "F.softplus. The check sees the values (row 0) and, behind them, the slopes (row 1), from "
    "-800 to 800; at 0 the slope is 1/2.",
    right=_pair(lambda z: np.logaddexp(z, 0), softplus_grad),
    hint="compare values (row 0) and slopes (row 1) with z and 1 on the right, 0 and 0 on the "
    "left, then " + SMALL_EXP,
    cases=((np.array([-800.0, -30.0, -1.0, 0.0, 1.0, 30.0, 800.0]),),),
    praise="Finite at both ends, and the slope at 0 is 1/2: values and slopes are right.",
    forbids=("softplus", "Softplus"),
    unless=("softplus",),
    instead="write it out without softplus, from exp, log and the like: " + SMALL_EXP,
    mistakes=(
        Mistake(
            _pair(lambda z: np.where(z > 700, np.inf, softplus(z)), _too_large_is_nan),
            "At 800 the value is inf and the slope nan: exp(800) overflowed, or a probability "
            "rounded to 0.",
            "rewrite the formula: " + SMALL_EXP,
        ),
        Mistake(
            _pair(softplus, _too_large_is_nan),
            "The values are right, but the slope at 800 is nan: 0 times inf came back from a part "
            "that the value does not show, as from the branch that a `where` discards.",
            "make that part finite as well: " + SMALL_EXP,
        ),
        Mistake(
            _pair(softplus, lambda z: np.where(z == 0, 0.0, softplus_grad(z))),
            "All is right but the slope at 0, which came out as 0: the formula has corners there, "
            "and at each autograd took the slope 0.",
            "share the corner out, with torch.maximum of t and 0, or take torch.logaddexp.",
        ),
        Mistake(
            _pair(softplus, lambda z: np.where(z == 0, 1.0, softplus_grad(z))),
            "All is right but the slope at 0, which came out as 1: the formula has corners there, "
            "and at one of them autograd took the slope 1.",
            "share the corner out, with torch.maximum of t and 0, or take torch.logaddexp.",
        ),
        Mistake(
            _pair(
                lambda z: np.where(z < -700, np.inf, softplus(z)),
                lambda z: np.where(z < -700, np.nan, softplus_grad(z)),
            ),
            "It is right at 800, but at -800 the value is inf and the slope nan: the overflow has "
            "moved to the other end.",
            SMALL_EXP,
        ),
        Mistake(
            _pair(softplus, lambda z: np.where(np.abs(z) > 700, np.nan, softplus_grad(z))),
            "The values are right, but the slope is nan at 800 and at -800: 0 times inf came back "
            "from parts that the value does not show, as from the branch that a `where` discards.",
            "make both parts finite: " + SMALL_EXP,
        ),
        Mistake(
            _pair(relu, relu_grad),
            "That is ReLU; softplus bends smoothly, and is log 2 at 0.",
            "add the rest, log(1 + exp(-|t|)).",
        ),
    ),
)


def _squared_relu(slope):
    return lambda t, upstream: np.stack([relu(t) ** 2, slope(t, upstream)])


CHAIN = "multiply what arrives, upstream, by the slope of max(t, 0)^2."

check_squared_relu_function = Exercise(
    task="Write SquaredReLU.backward(ctx, upstream): the gradient with respect to t of "
    "max(t, 0)^2, when upstream, of t's shape, arrives. The check sees the values (row 0) and the "
    "gradients (row 1).",
    right=_squared_relu(lambda z, upstream: upstream * 2 * relu(z)),
    hint=CHAIN,
    stub=_squared_relu(lambda z, upstream: 0 * z),
    cases=(
        (np.array([-2.0, -0.5, 0.0, 0.5, 3.0]), np.ones(5)),
        (np.array([-2.0, -0.5, 0.0, 0.5, 3.0]), np.array([1.0, -2.0, 3.0, 0.5, -4.0])),
    ),
    praise="The slope 2 relu(z), times the gradient that comes from above.",
    mistakes=(
        Mistake(
            _squared_relu(lambda z, upstream: 2 * relu(z)),
            "That is the slope alone; the chain rule multiplies it by what arrives.",
            "multiply by upstream.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * relu(z)),
            "A factor 2 is missing: the slope of z squared is 2z.",
            "multiply by 2.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * 2 * z),
            "The negative side passes gradient, but there the slope is 0.",
            "use max(t, 0) in place of t.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * (z > 0)),
            "That is the slope of the ReLU itself, before the square.",
            "multiply by 2 max(t, 0) instead.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * 2 * (z > 0)),
            "The slope of the square, 2 max(t, 0), has lost its max(t, 0).",
            CHAIN,
        ),
        Mistake(
            _squared_relu(lambda z, upstream: z > 0),
            "That is the slope of the ReLU itself, before the square, and upstream is missing.",
            CHAIN,
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream),
            "upstream is passed on as it came.",
            "multiply it by the slope, 2 max(t, 0).",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream + 2 * relu(z)),
            "The slopes were added; the chain rule multiplies them.",
            "multiply upstream by the slope.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * relu(z) ** 2),
            "That is upstream times the value.",
            "multiply it by the slope, 2 max(t, 0).",
        ),
    ),
)


def _relative(ours, theirs, size=np.abs):
    """Return the error of each entry as it is asked for: 0 where equal, inf for a lone NaN."""
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    error = np.where(same, 0.0, np.abs(theirs - ours) / size(ours))
    return np.where(np.isnan(error), np.inf, error)


def _naive(ours, theirs):
    return np.abs(theirs - ours) / np.abs(ours)


def _report(errors, tolerance=1e-5):
    def report(z, ours, theirs):
        error = errors(ours, theirs)
        worst = int(np.argmax(error))
        return np.array([np.sum(error > tolerance), error[worst], z[worst]])

    return report


def _with_first(errors):
    """Return a report whose first number is made by another rule than the other two."""

    def report(z, ours, theirs):
        return np.array([errors(ours, theirs), *_report(_relative)(z, ours, theirs)[1:]])

    return report


def _only_where(kept, errors):
    def report(z, ours, theirs):
        keep = kept(ours, theirs)
        return _report(errors)(z[keep], ours[keep], theirs[keep])

    return report


def _with_last(place):
    def report(z, ours, theirs):
        error = _relative(ours, theirs)
        return np.array([np.sum(error > 1e-5), error.max(), place(z, error)])

    return report


# What other programs gave for the exact and the exported GELU, log-sigmoid, softsign and clip.
PORTS = (
    (
        np.array([-3.0, -1.0, 0.0, 1.0, 3.0]),
        np.array([-0.00404951, -0.158655, 0.0, 0.841345, 2.99595]),
        np.array([-0.00363739, -0.158808, 0.0, 0.841192, 2.99636]),
    ),
    (
        np.array([1.0, -1.0, 20.0, np.inf, np.nan]),
        np.array([-0.313262, -1.31326, -2.06115e-9, 0.0, np.nan]),
        np.array([-0.313262, -1.31326, 0.0, 0.0, np.nan]),
    ),
    (
        np.array([-1.0, 0.5, -np.inf, np.inf]),
        np.array([-0.5, 1 / 3, -1.0, 1.0]),
        np.array([-0.5000005, 0.333333, np.nan, np.nan]),
    ),
    (
        np.array([2.0, np.nan, -np.inf, -20.0, 3.0]),
        np.array([2.0, np.nan, -np.inf, -20.0, 3.0]),
        np.array([2.0, 0.0, -1.79e308, -np.inf, 3.5]),
    ),
    (
        np.array([-2.0, 0.0, 4.0, -np.inf, np.nan]),
        np.array([-2.0, 0.0, 4.0, -np.inf, np.nan]),
        np.array([-2.0, 0.0, 4.000001, -np.inf, np.nan]),
    ),
)
EQUAL_FIRST = (
    "ask first where the two are equal, or both NaN, and give those 0; then turn a NaN into inf."
)

check_port = Exercise(
    task="Write port_report(z, ours, theirs) for three arrays of shape (n,): the inputs, the "
    "values of your function there, and another program's numbers. Return three numbers: how "
    "many entries differ by more than 1e-5 relative to ours, the largest of these relative "
    "errors, and the input at which it is. Two entries that are equal, or both NaN, have the "
    "error 0; where only one of them is NaN or infinite, or both are infinite with different "
    "signs, it is inf.",
    right=_report(_relative),
    hint="make an array of errors, one for each entry: " + EQUAL_FIRST,
    cases=PORTS,
    atol=0.0,
    praise="It says whether it is the same function, by how much not, and where, edges included.",
    mistakes=(
        Mistake(
            _report(_naive),
            "NaN is left in the errors: inf - inf and 0 / 0 give it, and so does a NaN of one side "
            "alone. A comparison with NaN is False, and argmax stops at the first NaN.",
            EQUAL_FIRST,
        ),
        *(
            Mistake(
                _report(lambda a, b, top=top: np.nan_to_num(_naive(a, b), posinf=top)),
                "Every NaN among the errors counts as 0: a NaN of one side alone is not seen.",
                EQUAL_FIRST,
            )
            for top in (np.inf, None)
        ),
        Mistake(
            _report(
                lambda ours, theirs: np.nan_to_num(_naive(ours, theirs), nan=np.inf, posinf=np.inf)
            ),
            "Every NaN among the errors has become inf: entries that are equal, as 0 and 0, or NaN "
            "and NaN, now count as different.",
            EQUAL_FIRST,
        ),
        Mistake(
            _report(
                lambda ours, theirs: np.where(
                    np.isnan(ours) & np.isnan(theirs), np.inf, _relative(ours, theirs)
                )
            ),
            "Two NaNs count as different: NaN == NaN is False.",
            "add np.isnan(ours) & np.isnan(theirs) to where the two are equal.",
        ),
        Mistake(
            _only_where(lambda a, b: np.isfinite(a) & np.isfinite(b), _relative),
            "The entries that are infinite or NaN are left out, and a port often parts there.",
            EQUAL_FIRST,
        ),
        Mistake(
            _only_where(lambda a, b: ~np.isnan(a) & ~np.isnan(b), _relative),
            "The entries with a NaN are left out: one of them was NaN on one side alone.",
            EQUAL_FIRST,
        ),
        Mistake(
            _report(lambda ours, theirs: _relative(ours, theirs, np.ones_like)),
            "Those are the absolute errors: where the value is small, as at 20 in the second "
            "case, no digit is right and the absolute error is still tiny.",
            "divide by the size of ours.",
        ),
        Mistake(
            _report(lambda ours, theirs: _relative(theirs, ours)),
            "It is relative to the other program's numbers.",
            "divide by the size of ours.",
        ),
        Mistake(
            _report(
                lambda ours, theirs: _relative(ours, theirs, lambda x: np.maximum(np.abs(x), 1))
            ),
            "Below a size of 1 the error is absolute: where the value is tiny, no digit need be "
            "right.",
            "divide by the size of ours, however small.",
        ),
        Mistake(
            _report(lambda ours, theirs: np.where(theirs < ours, 0.0, _relative(ours, theirs))),
            "Errors count only where the other number is not the smaller.",
            "take the size of the difference, np.abs(theirs - ours).",
        ),
        Mistake(
            _report(lambda ours, theirs: np.where(theirs > ours, 0.0, _relative(ours, theirs))),
            "Errors count only where the other number is not the larger.",
            "take the size of the difference, np.abs(theirs - ours).",
        ),
        Mistake(
            _with_first(
                lambda ours, theirs: np.sum(~np.isclose(theirs, ours, rtol=1e-5, equal_nan=True))
            ),
            "The count misses the entry of size 2e-9, of which no digit is right: np.isclose "
            "forgives 1e-8 unless told otherwise.",
            "give it atol=0, or count where your errors are above 1e-5.",
        ),
        Mistake(
            _with_first(lambda ours, theirs: np.sum(~np.isclose(theirs, ours, rtol=1e-5, atol=0))),
            "The count takes two NaNs for a difference.",
            "give np.isclose equal_nan=True, or count where your errors are above 1e-5.",
        ),
        Mistake(
            _with_first(lambda ours, theirs: np.sum(~np.isclose(theirs, ours))),
            "The count takes two NaNs for a difference, and misses the entry of size 2e-9: "
            "np.isclose forgives 1e-8 unless told otherwise.",
            "give it atol=0 and equal_nan=True, or count where your errors are above 1e-5.",
        ),
        Mistake(
            _with_first(lambda ours, theirs: np.sum(_relative(ours, theirs) > 0)),
            "Entries that differ by less than 1e-5 are counted too.",
            "count where the error is above 1e-5.",
        ),
        Mistake(
            _with_first(lambda ours, theirs: np.sum(_relative(ours, theirs) <= 1e-5)),
            "The first number counts the entries that agree.",
            "count those whose error is above 1e-5.",
        ),
        Mistake(
            _with_first(lambda ours, theirs: np.mean(_relative(ours, theirs) > 1e-5)),
            "The first number is a share; how many entries is asked for.",
            "take np.sum in place of np.mean.",
        ),
        Mistake(
            _with_first(lambda ours, theirs: np.any(_relative(ours, theirs) > 1e-5)),
            "The first number tells only whether any entry differs.",
            "take np.sum in place of np.any.",
        ),
        Mistake(
            _with_last(lambda z, error: np.argmax(error)),
            "The third number is the index of the entry; its input is asked for.",
            "use the index on z: z[np.argmax(error)].",
        ),
        Mistake(
            _with_last(lambda z, error: z[np.argmax(error > 1e-5)]),
            "The third number is the first input at which the two differ; the largest error may "
            "lie elsewhere.",
            "look for the largest error: z[np.argmax(error)].",
        ),
        Mistake(
            lambda z, ours, theirs: np.array(
                [
                    np.sum(_relative(ours, theirs) > 1e-5),
                    np.mean(_relative(ours, theirs)),
                    z[np.argmax(_relative(ours, theirs))],
                ]
            ),
            "The second number is the mean of the errors; one bad place hides in a mean.",
            "take the largest.",
        ),
    ),
)
