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

from .checking import Exercise, Mistake

__all__ = [
    "check_learned_numbers",
    "check_squared_relu_function",
    "check_torch_bce",
    "check_torch_probabilities",
    "check_torch_softplus",
]

check_torch_probabilities = Exercise(
    right=softmax,
    cases=(
        (np.array([[2.0, 1.0, 0.1], [0.0, 3.0, -1.0], [1.0, 1.0, 1.0]]),),
        (np.array([[0.5, -0.5, 2.0, 0.0], [1000.0, 1001.0, 999.0, 0.0]]),),
    ),
    praise="Each row adds up to 1: the classes lie along dim=1.",
    mistakes=(
        Mistake(
            lambda z: softmax(z, axis=0),
            "Each column adds up to 1: dim=0 runs over the examples, the classes lie along dim=1.",
        ),
        Mistake(log_softmax, "Those are the logarithms of the probabilities."),
        Mistake(sigmoid, "A sigmoid for each score: the rows do not add up to 1."),
        Mistake(
            lambda z: softmax(np.ravel(z)).reshape(np.shape(z)),
            "The whole batch adds up to 1; each row should.",
        ),
        Mistake(
            lambda z: softmax(softmax(z)),
            "That is softmax twice: the scores of the second are squeezed between 0 and 1.",
        ),
        Mistake(
            lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
            "Right for small scores, but exp(1000) overflows and inf / inf is NaN: F.softmax "
            "subtracts the row's maximum first.",
        ),
        Mistake(
            lambda z: z / z.sum(axis=1, keepdims=True),
            "Those are shares of the scores themselves, negative ones too: softmax takes their "
            "exponentials first.",
        ),
        Mistake(
            lambda z: z.argmax(axis=1),
            "Those are the numbers of the likeliest classes; the probabilities are asked.",
        ),
    ),
)

LINEAR = (64 * 32 + 32) + (32 * 10 + 10)

check_learned_numbers = Exercise(
    right=[LINEAR + 1, LINEAR + 32],
    praise="Weights and biases, and one slope for the layer or one for each unit.",
    mistakes=(
        Mistake(
            [LINEAR, LINEAR], "Those are the linear layers alone: PReLU's slopes are learned too."
        ),
        Mistake(
            [64 * 32 + 32 * 10 + 1, 64 * 32 + 32 * 10 + 32],
            "The biases are missing: 32 in the first layer, 10 in the second.",
        ),
        Mistake(
            [LINEAR + 32, LINEAR + 1],
            "The two are swapped: nn.PReLU() has one slope, nn.PReLU(32) one for each unit.",
        ),
        Mistake(
            [LINEAR + 1, LINEAR + 1],
            "nn.PReLU(32) learns a slope for each of the 32 units, not one for all.",
        ),
        Mistake(
            [LINEAR + 32, LINEAR + 32],
            "nn.PReLU() learns one slope for all 32 units; nn.PReLU(32) is the one with 32.",
        ),
        Mistake(
            [1, 32], "Those are PReLU's slopes alone: the linear layers' numbers are learned too."
        ),
    ),
)


def _with_gradient(loss, gradient):
    """Return what the check compares: the mean loss, then its slope in each logit."""
    return lambda z, t: np.hstack([loss(z, t), gradient(z, t)])


def _mean_of_logs(p, t, lowest=-np.inf):
    # PyTorch's BCELoss: no logarithm is allowed below -100. By hand there is no such limit.
    with np.errstate(divide="ignore"):
        yes, no = np.maximum(np.log(p), lowest), np.maximum(np.log1p(-p), lowest)
    # The branch that a target of 0 or 1 switches off is left out, not multiplied by 0.
    return -np.mean(np.where(t == 1, yes, no))


def _slope_through_probability(z, t):
    # Autograd multiplies the loss's slope in p by p(1 - p), which may have rounded to 0.
    p = sigmoid(z)
    with np.errstate(divide="ignore", invalid="ignore"):
        return ((1 - t) / (1 - p) - t / p) * p * (1 - p) / z.size


def _slope_where_not_clamped(z, t):
    return np.where(np.abs(sigmoid(z) - 0.5) < 0.5 - 1e-7, bce_with_logits_grad(z, t), 0.0)


check_torch_bce = Exercise(
    right=_with_gradient(bce_with_logits, bce_with_logits_grad),
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
            "A loss of 200 has become 100, and its gradient 0: the probability rounded to 1 and "
            "BCELoss cut its logarithm off. Give the logits to binary_cross_entropy_with_logits.",
        ),
        Mistake(
            _with_gradient(lambda z, t: _mean_of_logs(sigmoid(z), t), _slope_through_probability),
            "The probability has rounded to 1: the logarithm of the rest, 0, is infinite and its "
            "gradient NaN. Start from the logits.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: _mean_of_logs(np.clip(sigmoid(z), 1e-7, 1 - 1e-7), t),
                _slope_where_not_clamped,
            ),
            "Clamped probabilities bound the loss, and beyond the clamp the gradient is 0: the "
            "worst mistakes teach nothing. Start from the logits.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(sigmoid(z), t),
                lambda z, t: bce_with_logits_grad(sigmoid(z), t) * sigmoid_grad(z),
            ),
            "That is the sigmoid twice: the loss with logits applies it itself.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(z, t, reduction="sum"),
                lambda z, t: bce_with_logits_grad(z, t, reduction="sum"),
            ),
            "That is the sum over the examples: take the mean, which is the default.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(z, t, reduction="none"),
                lambda z, t: bce_with_logits_grad(z, t, reduction="sum"),
            ),
            "That is one loss for each example: take their mean, which is the default.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: bce_with_logits(z, 1 - t), lambda z, t: bce_with_logits_grad(z, 1 - t)
            ),
            "The targets are turned: a large logit says yes, target 1.",
        ),
        Mistake(
            _with_gradient(lambda z, t: np.mean(softplus(t) - t * z), lambda z, t: -t / z.size),
            "The arguments are swapped: the logits come first, the targets second.",
        ),
        Mistake(
            _with_gradient(
                lambda z, t: -np.sum(t * log_softmax(z)), lambda z, t: softmax(z) * t.sum() - t
            ),
            "cross_entropy is for one class of several: it took the examples for the classes.",
        ),
    ),
)


def _pair(value, slope):
    """Return what the check compares: the values above the slopes."""
    return lambda z: np.stack([value(z), slope(z)])


def _too_large_is_nan(z):
    return np.where(z > 700, np.nan, softplus_grad(z))


check_torch_softplus = Exercise(
    right=_pair(softplus, softplus_grad),
    cases=((np.array([-800.0, -30.0, -1.0, 0.0, 1.0, 30.0, 800.0]),),),
    praise="Finite at both ends, and the slope at 0 is 1/2: values and slopes are right.",
    mistakes=(
        Mistake(
            _pair(lambda z: np.where(z > 700, np.inf, softplus(z)), _too_large_is_nan),
            "At 800 the value is inf and the slope NaN: exp(800) overflowed, or a probability "
            "rounded to 0. Rewrite the formula so that exp sees no large number.",
        ),
        Mistake(
            _pair(softplus, _too_large_is_nan),
            "The values are right, but the slope at 800 is NaN: `where` runs both branches, and "
            "the one it discards sends back 0 times inf.",
        ),
        Mistake(
            _pair(softplus, lambda z: np.where(z == 0, 0.0, softplus_grad(z))),
            "All right but the slope at 0, which is 1/2: your formula adds a relu to a term in "
            "|z|, and autograd takes 0 as the slope of both at their corners.",
        ),
        Mistake(
            _pair(softplus, lambda z: np.where(z == 0, 1.0, softplus_grad(z))),
            "All right but the slope at 0, which is 1/2: autograd gives clamp the slope 1 at "
            "its corner, and |z| the slope 0.",
        ),
        Mistake(
            _pair(
                lambda z: np.where(z < -700, np.inf, softplus(z)),
                lambda z: np.where(z < -700, np.nan, softplus_grad(z)),
            ),
            "Right at 800, but at -800 the value is inf and the slope NaN: the overflow has moved "
            "to exp(-z). Only exp(-|z|) is safe at both ends.",
        ),
        Mistake(
            _pair(relu, relu_grad), "That is ReLU: softplus bends smoothly, log 2 above it at 0."
        ),
    ),
)


def _squared_relu(slope):
    return lambda z, upstream: np.stack([relu(z) ** 2, slope(z, upstream)])


check_squared_relu_function = Exercise(
    right=_squared_relu(lambda z, upstream: upstream * 2 * relu(z)),
    cases=(
        (np.array([-2.0, -0.5, 0.0, 0.5, 3.0]), np.ones(5)),
        (np.array([-2.0, -0.5, 0.0, 0.5, 3.0]), np.array([1.0, -2.0, 3.0, 0.5, 4.0])),
    ),
    praise="The slope 2 relu(z), times the gradient that comes from above.",
    mistakes=(
        Mistake(
            _squared_relu(lambda z, upstream: 0 * z),
            "The backward pass sends back 0: return upstream times the slope of the square.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: 2 * relu(z)),
            "That is the slope alone: the chain rule multiplies it by upstream.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * relu(z)),
            "A factor 2 is missing: the slope of z squared is 2z.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * 2 * z),
            "The negative side passes gradient: the slope is 0 where the ReLU is.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * (z > 0)),
            "That is the slope of the ReLU itself, before the square.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: z > 0),
            "That is the slope of the ReLU itself, before the square, and upstream is missing.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream),
            "upstream is passed on as it came: multiply it by the slope.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream + 2 * relu(z)),
            "The chain rule multiplies slopes, it does not add them.",
        ),
        Mistake(
            _squared_relu(lambda z, upstream: upstream * relu(z) ** 2),
            "That is upstream times the value; the chain rule wants the slope.",
        ),
    ),
)
