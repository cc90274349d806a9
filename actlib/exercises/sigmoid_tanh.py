"""Checks for the chapter on sigmoid and tanh."""

import numpy as np

from actlib.activations import sigmoid, sigmoid_grad, tanh, tanh_grad

from .checking import Exercise, Mistake

__all__ = [
    "check_lecun_gain",
    "check_one_step_back",
    "check_tanh_from_sigmoid",
    "check_tanh_slope",
    "check_tenth_of_slope",
]

Z = np.array([-3.0, -0.5, 0.0, 1.0, 3.0])

check_tanh_from_sigmoid = Exercise(
    right=tanh,
    cases=((Z,), (Z[:4].reshape(2, 2),), (np.array(1000.0),), (Z.astype(np.float32),)),
    rtol=1e-5,
    atol=1e-7,
    praise="Twice the sigmoid at twice the input, minus 1.",
    mistakes=(
        Mistake(
            lambda z: 2 * sigmoid(z) - 1,
            "That is tanh(z / 2): the input needs the factor 2 as well.",
        ),
        Mistake(lambda z: sigmoid(2 * z), "That still runs from 0 to 1: stretch it, and shift it."),
        Mistake(
            lambda z: sigmoid(2 * z) - 0.5,
            "The shift is there, but it runs from -1/2 to 1/2: stretch it to twice that.",
        ),
        Mistake(lambda z: 2 * sigmoid(2 * z), "That runs from 0 to 2: subtract 1."),
        Mistake(
            lambda z: 1 - 2 * sigmoid(2 * z),
            "The sign is turned: tanh is positive where z is.",
        ),
        Mistake(
            lambda z: 2 * sigmoid(2 * z - 1) - 1,
            "Only the value is shifted down by 1; the input is just doubled.",
        ),
        Mistake(
            lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
            "At 1000 exp overflows, and inf / inf is NaN: let sigmoid be the only function called.",
        ),
    ),
)


def _logit(a):
    return np.log(a / (1 - a))


def _where_slope_is(slope):
    """Return the positive z at which the sigmoid has this slope."""
    return _logit((1 + np.sqrt(1 - 4 * slope)) / 2)


check_tenth_of_slope = Exercise(
    right=_where_slope_is(0.025),
    rtol=2e-3,
    praise="Beyond 3.64 a sigmoid passes less than a tenth of what it passes at 0.",
    mistakes=(
        Mistake(
            -_where_slope_is(0.025),
            "The slope there is a tenth too, since it is symmetric; the positive z was asked for.",
        ),
        Mistake(_where_slope_is(0.1), "There the slope is 0.1; a tenth of the peak is 0.025."),
        Mistake(
            -np.log(0.025),
            "That solves exp(-z) = 0.025, which holds far out only: use a(1 - a).",
        ),
        Mistake(
            (1 + np.sqrt(0.9)) / 2,
            "That is a, the sigmoid's value: undo the sigmoid to get z.",
        ),
        Mistake(
            (1 - np.sqrt(0.9)) / 2,
            "That is a, and the smaller root: it belongs to the negative z. Undo the sigmoid, too.",
        ),
        Mistake(
            _logit(0.975),
            "That sets 1 - a to 0.025 and leaves the factor a out: solve a(1 - a) = 0.025.",
        ),
        Mistake(
            _where_slope_is(0.025) / 2,
            "There tanh has a tenth of its slope: the sigmoid is twice as wide.",
        ),
        Mistake(_logit(0.9), "There the value is 0.9: the slope was asked for."),
    ),
)

DZ = np.array([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]])
# Square, so that a forgotten transpose gives a wrong number instead of an error.
W = np.array([[1.0, 2.0, -1.0], [0.5, -0.3, 0.8], [3.0, 0.1, -2.0]])
PRE = np.array([[0.0, 2.0, -1.0], [-4.0, 0.5, 30.0]])

check_one_step_back = Exercise(
    right=lambda dz_next, w, z: (dz_next @ w.T) * sigmoid_grad(z),
    cases=((DZ, W, PRE), (DZ[:1], W, PRE[:1])),
    praise="Through the weights, then times each unit's slope: both factors are there.",
    mistakes=(
        Mistake(
            lambda dz_next, w, z: (dz_next @ w) * sigmoid_grad(z),
            "The weights must be transposed on the way back: dz_next @ w.T.",
        ),
        Mistake(
            lambda dz_next, w, z: dz_next @ w.T,
            "That is the gradient in a: the slope of the sigmoid is missing.",
        ),
        Mistake(
            lambda dz_next, w, z: dz_next * sigmoid_grad(z),
            "The weights are missing: they are the other factor.",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next @ w.T) * sigmoid_grad(sigmoid(z)),
            "sigmoid_grad takes z, not a: here the sigmoid is applied twice.",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next * sigmoid_grad(z)) @ w.T,
            "The slope belongs to z, before the weights: multiply after dz_next @ w.T.",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next @ w.T) * sigmoid(z),
            "That multiplies by the value of the sigmoid instead of its slope.",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next @ w.T) * z * (1 - z),
            "a(1 - a) is the slope from the value a = sigmoid(z), not from z.",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next @ w.T) * (1 - sigmoid(z) ** 2),
            "1 - a^2 is tanh's slope from its value; the sigmoid's is a(1 - a).",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next @ w.T) * sigmoid_grad(z) / len(z),
            "Nothing is averaged on the way back: each example keeps its own row.",
        ),
        Mistake(
            lambda dz_next, w, z: (dz_next @ w.T) * sigmoid_grad(z) * sigmoid(z),
            "The slope stands alone: the value a belongs to the gradient in w.",
        ),
    ),
)


def _without_abs(z):
    e = np.exp(-2 * z)
    return 4 * e / (1 + e) ** 2


check_tanh_slope = Exercise(
    right=tanh_grad,
    cases=(
        (Z,),
        (np.array([20.0, -20.0, 40.0]),),
        (np.array([1000.0, -1000.0]),),
        (Z.astype(np.float32),),
    ),
    rtol=1e-5,
    # No absolute tolerance: at 40 the slope is 7e-35, and 0 is not close to it.
    atol=0.0,
    dtype=True,
    praise="exp only sees -2|z|, and nothing is subtracted.",
    mistakes=(
        Mistake(
            lambda z: 1 - np.tanh(z) ** 2,
            "At 20 tanh is rounded to 1 and the difference to 0: avoid the subtraction.",
        ),
        Mistake(
            lambda z: 1 / np.cosh(z) ** 2,
            "Right on paper, but cosh and exp overflow at 1000: let exp see only -2|z|.",
        ),
        Mistake(
            _without_abs,
            "At -1000 exp(-2z) is infinite, and inf / inf is NaN: the absolute value is missing.",
        ),
        Mistake(
            lambda z: _without_abs(-z),
            "At 1000 exp(2z) is infinite, and inf / inf is NaN: use -2|z|.",
        ),
        Mistake(
            lambda z: _without_abs(-np.abs(z)),
            "At 1000 exp(2|z|) is infinite, and inf / inf is NaN: the minus is missing.",
        ),
        Mistake(
            lambda z: 4 * sigmoid(2 * z) * (1 - sigmoid(2 * z)),
            "At 20 sigmoid(2z) is rounded to 1: 1 - sigmoid(2z) is sigmoid(-2z), which is not 0.",
        ),
        Mistake(
            lambda z: sigmoid_grad(2 * z),
            "The factor 4 is missing: at 0 the slope of tanh is 1.",
        ),
        Mistake(
            lambda z: 4 * sigmoid_grad(z),
            "That is 4 sigmoid'(z): the input needs the factor 2, as in exp(-2|z|).",
        ),
        Mistake(sigmoid_grad, "That is the slope of the sigmoid, not of tanh."),
        Mistake(
            lambda z: 4 * np.exp(-2 * np.abs(z)),
            "That holds far out only: at 0 it gives 4. The denominator (1 + q)^2 is missing.",
        ),
        Mistake(
            lambda z: 4 * np.exp(-2 * np.abs(z)) / (1 + np.exp(-2 * np.abs(z))),
            "The square of the denominator is missing: at 0 it gives 2, not 1.",
        ),
    ),
)


def _moment(f):
    """Return the mean of f(z)^2 for a standard normal z."""
    z, weights = np.polynomial.hermite_e.hermegauss(80)
    return weights @ f(z) ** 2 / weights.sum()


def _lecun_tanh(z):
    return 1.7159 * tanh(2 * z / 3)


check_lecun_gain = Exercise(
    right=1 / np.sqrt(_moment(_lecun_tanh)),
    # Three digits were asked for: 1.15 stands for 1.1545.
    rtol=4.5e-3,
    praise="Its mean square is 0.750, so it needs a gain too, though less than tanh.",
    mistakes=(
        Mistake(_moment(_lecun_tanh), "That is the mean square: the gain is 1 over its root."),
        Mistake(1 / _moment(_lecun_tanh), "Take the root: a gain acts on f, not on its square."),
        Mistake(
            np.sqrt(_moment(_lecun_tanh)),
            "That is the size of f(z); the gain is what brings it back to 1.",
        ),
        Mistake(1 / np.sqrt(_moment(tanh)), "That is the gain of tanh itself."),
        Mistake(
            1 / np.sqrt(_moment(lambda z: tanh(2 * z / 3))),
            "The factor 1.7159 is missing: it is part of f.",
        ),
        Mistake(1.0, "f(1) = 1 holds at one point: the mean runs over all z."),
        Mistake(
            1 / (1.7159 * 2 / 3),
            "That undoes the slope at 0: the mean square was asked for.",
        ),
    ),
)
