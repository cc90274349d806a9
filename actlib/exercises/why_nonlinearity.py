"""Checks for the chapter on why nonlinearity matters."""

import numpy as np

from actlib.activations import relu, relu_grad

from .checking import Exercise, Mistake

__all__ = [
    "check_collapse",
    "check_layer_grad",
    "check_max_of_two",
    "check_ramp",
    "check_rank",
]

LAYERS = ((2.0, -1.0), (3.0, 2.0), (-0.5, 4.0))  # slope and intercept, first layer first


def _collapsed(layers):
    """Return slope and intercept of the one layer that equals `layers`."""
    slope, intercept = 1.0, 0.0
    for w, b in layers:
        slope, intercept = slope * w, intercept * w + b
    return np.array([slope, intercept])


check_collapse = Exercise(
    right=_collapsed(LAYERS),
    praise="Slopes multiply, and each bias passes through the layers after it.",
    mistakes=(
        Mistake(
            np.array([-3.0, 5.0]),
            "The biases only add up if no layer follows: -1 and 2 still meet later weights.",
        ),
        Mistake(
            np.array([-3.0, 4.0]),
            "Only the last bias is left: the earlier ones pass through the later layers.",
        ),
        Mistake(np.array([4.5, 5.0]), "Slopes of nested maps multiply, they do not add up."),
        Mistake(
            _collapsed(LAYERS[::-1]),
            "That is the layers in the wrong order: the first to see x is 2x - 1.",
        ),
        Mistake(
            np.array([-3.0, 3.5]),
            "Follow the constant -1: times 3, plus 2, times -1/2. Which sign does it end with?",
        ),
        Mistake(
            np.array([3.0, 4.5]),
            "The slopes multiply, and one of the three is negative.",
        ),
        Mistake(
            _collapsed(LAYERS[:2]),
            "That is the first two layers: the third is still to come.",
        ),
        Mistake(
            _collapsed(LAYERS)[::-1],
            "Slope and intercept are swapped: the array is [slope, intercept].",
        ),
    ),
)

WIDTHS = (64, 20, 5, 12, 10)

check_rank = Exercise(
    right=min(WIDTHS),
    praise="Only five sums get through the narrowest layer.",
    mistakes=(
        Mistake(10, "The shape allows 10, but all of it came through a narrower layer before."),
        Mistake(20, "That is the first hidden layer; a later one lets less through."),
        Mistake(64, "A 64 x 10 matrix has rank 10 at most, and here even less gets through."),
        Mistake(12, "12 is not the narrowest, and a later layer brings no lost rank back."),
    ),
)

# The first case is short, so that the first sentence of a check is.
U_PAIR, V_PAIR = np.array([2.0, -3.0]), np.array([1.0, -1.0])
U = np.array([[-2.0, 3.0, 0.5], [-1.0, -5.0, 1e6]])
V = np.array([[1.0, -4.0, 0.5], [-3.0, -2.0, -1e6]])

check_max_of_two = Exercise(
    right=lambda u, v: relu(u - v) + v,
    cases=((U_PAIR, V_PAIR), (U, V), (V, U), (np.array(-1.0), np.array(-2.0))),
    praise="v, plus what u has more than v, if anything.",
    mistakes=(
        Mistake(
            lambda u, v: relu(u - v),
            "That is by how much u is larger: something has to be added to it.",
        ),
        Mistake(
            lambda u, v: relu(u - v) + u,
            "If v is larger that gives u: add the number that was subtracted.",
        ),
        Mistake(
            lambda u, v: relu(v - u) + v,
            "If u is larger that gives v: add the number that was subtracted.",
        ),
        Mistake(
            lambda u, v: relu(u) + relu(v - u),
            "relu(u) loses a negative u: let u through as it is.",
        ),
        Mistake(
            lambda u, v: relu(v) + relu(u - v),
            "relu(v) loses a negative v: let v through as it is.",
        ),
        Mistake(
            lambda u, v: relu(relu(u - v) + v),
            "Where both are negative that gives 0: no ReLU around the sum.",
        ),
        Mistake(
            np.minimum,
            "That is the smaller of the two: what one has more is to be added, not subtracted.",
        ),
        Mistake(
            lambda u, v: relu(u - v) - v,
            "The sign is wrong: v was subtracted inside and has to be added again.",
        ),
        Mistake(
            lambda u, v: relu(u - v) + relu(v - u),
            "That is the distance |u - v|: add one of its parts to the number subtracted in it.",
        ),
        Mistake(
            lambda u, v: relu(u) + relu(v),
            "That adds the positive parts: compare u with v by way of their difference.",
        ),
    ),
)

X = np.array([-2.0, 0.0, 0.25, 1.0, 1.5, 2.0, 3.0, 50.0])

check_ramp = Exercise(
    right=lambda x, left, right: (relu(x - left) - relu(x - right)) / (right - left),
    cases=((X, 0.0, 2.0), (X, -1.0, 1.5), (X, 1.0, 1.25), (np.array(1.0), 0.0, 2.0)),
    praise="Up with one unit, flat again with the second.",
    mistakes=(
        Mistake(
            lambda x, left, right: relu(x - left) - relu(x - right),
            "It rises with slope 1 and ends at right - left: divide by that width.",
        ),
        Mistake(
            lambda x, left, right: relu(x - left) / (right - left),
            "It never becomes flat: a second unit at `right` must take the slope away.",
        ),
        Mistake(
            lambda x, left, right: (relu(x - left) + relu(x - right)) / (right - left),
            "Plus makes it steeper after `right`: the second weight is negative.",
        ),
        Mistake(
            lambda x, left, right: relu(x - left) / (right - left) - relu(x - right),
            "Only one of the units was divided by the width: both need the same slope.",
        ),
        Mistake(
            lambda x, left, right: (relu(x + left) - relu(x + right)) / (right - left),
            "relu(x + left) bends at -left: the bend at c is relu(x - c).",
        ),
        Mistake(
            lambda x, left, right: (relu(x - right) - relu(x - left)) / (right - left),
            "That is the ramp upside down: the unit that bends at `left` has the positive weight.",
        ),
        Mistake(
            lambda x, left, right: (relu(x - left) - relu(x - right)) * (right - left),
            "Divide by the width instead: a wider ramp is less steep.",
        ),
        Mistake(
            lambda x, left, right: (relu(x - left) - relu(x - right)) / right,
            "Divide by the width of the ramp, right - left; `right` is that only if left is 0.",
        ),
        Mistake(
            lambda x, left, right: x > left,
            "That is a step: it has no slope to learn from. Rise in a straight line up to `right`.",
        ),
        Mistake(
            lambda x, left, right: np.clip(x, left, right),
            "That bends in the right places, but goes from left to right, not from 0 to 1.",
        ),
    ),
)


def _with_slope(slope):
    """Return the gradient of a layer whose activation has this slope."""
    return lambda x, w, b, g: x.T @ (g * slope(x @ w + b))


# One row, one input, one unit: the first sentence of a check can be followed by hand.
X_ONE, W_ONE, B_ONE, G_ONE = (
    np.array([[2.0]]),
    np.array([[1.0]]),
    np.array([0.5]),
    np.array([[3.0]]),
)
# As many rows as inputs, so that a forgotten transpose gives a wrong number, not an error.
# The pre-activation of the second row and second unit is 0: it stands on the corner.
X_ROWS = np.array([[1.0, 2.0], [1.0, -1.0]])
W = np.array([[1.0, 2.0], [-2.0, 1.0]])
B = np.array([0.5, -1.0])
G = np.array([[1.0, 3.0], [-2.0, 0.5]])
X_LONG = np.array([[2.0, -1.0, 0.5], [0.25, 1.0, -3.0], [1.0, 0.0, -0.5]])
W_LONG = np.ones((3, 2))
B_LONG = np.array([0.0, -1.0])
G_LONG = np.array([[1.0, -1.0], [2.0, 0.5], [-1.5, 4.0]])

check_layer_grad = Exercise(
    right=_with_slope(relu_grad),
    cases=(
        (X_ONE, W_ONE, B_ONE, G_ONE),
        (X_ROWS, W, B, G),
        (X_LONG, W_LONG, B_LONG, G_LONG),
    ),
    praise="Each row's slopes, where its unit is active, times its inputs, summed.",
    mistakes=(
        Mistake(
            _with_slope(np.ones_like),
            "ReLU's own slope is missing: units that are off pass no gradient.",
        ),
        Mistake(
            _with_slope(lambda z: z >= 0),
            "At the corner, z = 0, the slope was to be 0: use z > 0.",
        ),
        Mistake(
            _with_slope(lambda z: 0.5 * ((z > 0) + (z >= 0))),
            "At the corner, z = 0, that takes the mean of both slopes; it was to be 0.",
        ),
        Mistake(
            _with_slope(relu),
            "The factor is ReLU's slope at z, 0 or 1, not its value.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ relu_grad(x @ w + b),
            "g is missing: the slopes that the rest of the network hands back are a factor.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ relu(g),
            "Whether a gradient passes depends on z = x @ w + b, not on the sign of g.",
        ),
        Mistake(
            lambda x, w, b, g: (g * relu_grad(x @ w + b)) @ w.T,
            "That is the slope in x, for the layer before; the weights get x.T on the left.",
        ),
        Mistake(
            lambda x, w, b, g: (g * relu_grad(x @ w + b)).sum(axis=0),
            "That is the slope in b; a weight's is multiplied by its input.",
        ),
        Mistake(
            lambda x, w, b, g: (g * relu_grad(x @ w + b)).T @ x,
            "That is the transpose: row i of the result belongs to input i.",
        ),
        Mistake(
            lambda x, w, b, g: x @ (g * relu_grad(x @ w + b)),
            "x has a row for each example; to sum over examples, transpose it.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ (g * relu_grad(x @ w)),
            "The bias is missing: whether a unit is on depends on x @ w + b.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ (g * relu_grad(x @ w + b)) / len(x),
            "Sum over the rows: if the loss is a mean, g holds the 1/n already.",
        ),
    ),
)
