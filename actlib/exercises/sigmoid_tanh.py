"""Checks for the chapter on sigmoid and tanh."""

import numpy as np

from actlib.activations import sigmoid, sigmoid_grad, tanh, tanh_grad

from .exercise import Exercise, Mistake
from .watching import overflow

__all__ = [
    "check_lecun_gain",
    "check_one_step_back",
    "check_tanh_from_sigmoid",
    "check_tanh_slope",
    "check_tenth_of_slope",
]

Z = np.array([-3.0, -0.5, 0.0, 1.0, 3.0])
FAR = np.array([-1000.0, 1000.0])
STRETCH = "compare both at 0, far out on each side, and in the slope at 0: what must be stretched?"

check_tanh_from_sigmoid = Exercise(
    task="Write tanh_from_sigmoid(z) for an array z of any shape, with sigmoid as the only "
    "function you call.",
    right=lambda z: 2 * sigmoid(2 * z) - 1,
    hint=STRETCH,
    cases=((Z,), (Z[1:].reshape(2, 2, 1),), (np.array(1000.0),), (FAR,), (Z.astype(np.float32),)),
    praise="Twice the sigmoid at twice the input, minus 1.",
    forbids=(
        *("tanh", "exp", "expm1", "exp2", "sinh", "cosh", "log", "log1p", "power", "pow"),
        *("where", "abs", "absolute", "sign", "maximum", "minimum", "clip", "nan_to_num"),
    ),
    unless=("sigmoid", "my_sigmoid", "logistic", "expit"),
    instead="call sigmoid alone, and do the rest with numbers, * and -.",
    mistakes=(
        Mistake(
            lambda z: 2 * sigmoid(z) - 1,
            "That is tanh(z / 2): its slope at 0 is 1/2 instead of 1.",
            "give the input the factor 2 as well.",
        ),
        Mistake(
            lambda z: sigmoid(2 * z),
            "That still runs from 0 to 1, not from -1 to 1.",
            "stretch the value to twice its height, and shift it down by 1.",
        ),
        Mistake(
            lambda z: sigmoid(2 * z) - 0.5,
            "That runs from -1/2 to 1/2: the shift is there, the height is half.",
            "multiply the whole by 2.",
        ),
        Mistake(lambda z: 2 * sigmoid(2 * z), "That runs from 0 to 2.", "subtract 1."),
        Mistake(
            lambda z: 1 - 2 * sigmoid(2 * z),
            "The sign is turned: tanh is positive where z is.",
            "turn both signs.",
        ),
        Mistake(
            lambda z: 2 * sigmoid(2 * z - 1) - 1,
            "The input is shifted too: at 0 it is not 0.",
            "shift only the value down by 1; the input is just doubled.",
        ),
        Mistake(sigmoid, "That is the sigmoid itself: it runs from 0 to 1.", STRETCH),
        Mistake(
            lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
            "At 1000 and at -1000 it is nan: an exponential overflows, and inf / inf is nan.",
            "let sigmoid be the only function you call; it is safe there.",
        ),
        Mistake(
            lambda z: (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z)),
            "At -1000 it is nan: an exponential overflows, and inf / inf is nan.",
            "let sigmoid be the only function you call; it is safe there.",
        ),
        Mistake(
            lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
            "At 1000 it is nan: an exponential overflows, and inf / inf is nan.",
            "let sigmoid be the only function you call; it is safe there.",
        ),
    ),
)


def _logit(a):
    return np.log(a / (1 - a))


def _where_slope_is(slope):
    """Return the positive z at which the sigmoid has this slope."""
    return _logit((1 + np.sqrt(1 - 4 * slope)) / 2)


UNDO = "turn a into z: z = ln(a / (1 - a))."
PARTS = {5: "a fifth", 8: "an eighth", 10: "a tenth", 20: "a twentieth"}


def part_of_slope(n):
    """Return the check for the z at which the sigmoid has the nth part of its peak slope."""
    part, slope = PARTS[n], 0.25 / n
    right = _where_slope_is(slope)
    solve = f"solve a(1 - a) = {slope:g} for the larger a, then " + UNDO
    return Exercise(
        task=f"Give the positive z at which the sigmoid's slope is {slope:g}, {part} of its peak, "
        "to three digits.",
        right=right,
        hint=solve,
        rtol=2e-3,
        praise=f"Beyond {right:.2f} a sigmoid passes less than {part} of what it passes at 0.",
        mistakes=(
            Mistake(
                -right,
                f"The slope there is {part} too, since it is symmetric.",
                "give the positive z.",
            ),
            Mistake(
                _where_slope_is(1 / n),
                f"There the slope is {1 / n:g}; {part} of its peak is {slope:g}.",
                solve,
            ),
            Mistake(
                -np.log(slope),
                f"That solves exp(-z) = {slope:g}, which is the slope far out only.",
                solve,
            ),
            Mistake((1 + np.sqrt(1 - 4 * slope)) / 2, "That is a, the sigmoid's value.", UNDO),
            Mistake(
                (1 - np.sqrt(1 - 4 * slope)) / 2,
                "That is a, the sigmoid's value, and the smaller root: it belongs to the "
                "negative z.",
                "take the larger root, and " + UNDO,
            ),
            Mistake(
                _logit(1 - slope), f"There 1 - a is {slope:g}: the factor a was left out.", solve
            ),
            Mistake(
                right / 2,
                f"There tanh has {part} of its slope.",
                "double it: the sigmoid is twice as wide.",
            ),
            Mistake(
                _logit(1 - 1 / n),
                f"There the value is {1 - 1 / n:g}; the slope was asked for.",
                solve,
            ),
        ),
    )


check_tenth_of_slope = part_of_slope(10)

# n, d and k differ, so that a forgotten transpose cannot pass.
DZ = np.array([[0.5, -1.0, 2.0, 0.25], [1.5, 0.3, -0.7, -2.0]])
W = np.array([[1.0, 2.0, -1.0, 0.5], [0.5, -0.3, 0.8, -1.5], [3.0, 0.1, -2.0, 1.0]])
PRE = np.array([[0.0, 2.0, -1.0], [-4.0, 0.5, 30.0]])
BACK = "undo the last step first: back through the weights, w transposed, then through the sigmoid."


def _back(slope):
    """Return a step back through the weights, times this function of z."""
    return lambda dz_next, w, z: (dz_next @ w.T) * slope(z)


check_one_step_back = Exercise(
    task="Write one_step_back(dz_next, w, z): the gradient with respect to z, of shape (n, d), "
    "where a = sigmoid(z) and z_next = a @ w + b, with w of shape (d, k) and dz_next, the "
    "gradient with respect to z_next, of shape (n, k).",
    right=_back(sigmoid_grad),
    hint=BACK,
    cases=((DZ[:1], W, PRE[:1]), (DZ, W, PRE)),
    praise="Through the weights, then times each unit's slope: both factors are there.",
    mistakes=(
        Mistake(
            lambda dz_next, w, z: (dz_next @ w) * sigmoid_grad(z),
            "dz_next has a column for each column of w, and @ wants them to meet w's rows.",
            "transpose the weights on the way back: dz_next @ w.T.",
        ),
        Mistake(
            _back(np.ones_like),
            "That is the gradient with respect to a: the slope of the sigmoid is missing.",
            "multiply by sigmoid_grad(z).",
        ),
        Mistake(
            lambda dz_next, w, z: dz_next * sigmoid_grad(z),
            "dz_next has a column for each unit of the next layer, z for each of this one: "
            "the weights lie between them.",
            BACK,
        ),
        Mistake(
            lambda dz_next, w, z: sigmoid_grad(z) * dz_next,
            "dz_next has a column for each unit of the next layer, z for each of this one: "
            "the weights lie between them.",
            BACK,
        ),
        Mistake(
            _back(lambda z: sigmoid_grad(sigmoid(z))),
            "The slope was taken at sigmoid(z) instead of z.",
            "call sigmoid_grad(z): it takes z and applies the sigmoid itself.",
        ),
        Mistake(
            _back(sigmoid),
            "That multiplies by the value of the sigmoid instead of its slope.",
            "multiply by sigmoid_grad(z).",
        ),
        Mistake(
            _back(lambda z: z * (1 - z)),
            "a(1 - a) is the slope from the value a = sigmoid(z), not from z.",
            "put a = sigmoid(z) into it, or call sigmoid_grad(z).",
        ),
        Mistake(
            _back(lambda z: 1 - sigmoid(z) ** 2),
            "1 - a^2 is tanh's slope from its value; the sigmoid's is a(1 - a).",
            "multiply by a * (1 - a), or by sigmoid_grad(z).",
        ),
        Mistake(
            _back(lambda z: 1 - np.tanh(z) ** 2),
            "That is tanh's slope; the layer is a sigmoid.",
            "multiply by sigmoid_grad(z).",
        ),
        Mistake(
            _back(lambda z: 1 - z**2),
            "1 - z^2 is no slope: tanh's is 1 minus its value squared, and this is a sigmoid.",
            "multiply by sigmoid_grad(z).",
        ),
        Mistake(
            _back(lambda z: sigmoid_grad(z) / len(z)),
            "It was divided by the number of rows, but each example keeps its own row.",
            "leave the division out.",
        ),
        Mistake(
            _back(lambda z: sigmoid_grad(z) * sigmoid(z)),
            "There is a factor a = sigmoid(z) too many; it belongs to the gradient with respect "
            "to w.",
            "let the slope stand alone.",
        ),
        Mistake(
            lambda dz_next, w, z: sigmoid_grad(z),
            "That is the slope alone: what comes back from the next layer is missing.",
            BACK,
        ),
    ),
)


def _from_exp(q):
    return lambda z: 4 * q(z) / (1 + q(z)) ** 2


SMALL_EXP = "use q = np.exp(-2 * np.abs(z)), which lies between 0 and 1."

check_tanh_slope = Exercise(
    task="Write tanh_slope(z): the slope of tanh for an array z of any shape, with its digits at "
    "20, 0 at -1000 and 1000 without an overflow on the way, in the dtype of z.",
    right=_from_exp(lambda z: np.exp(-2 * np.abs(z))),
    hint="subtract no numbers that round to the same: write 1 - tanh^2 as 4q / (1 + q)^2, "
    "where q = exp(-2|z|).",
    cases=((Z,), (np.array([20.0, -20.0, 40.0]),), (FAR,), (Z.astype(np.float32),)),
    # No absolute tolerance: at 40 the slope is 7e-35, and 0 is not close to it.
    rtol=1e-5,
    atol=0.0,
    dtype=True,
    watch=overflow,
    forbids=("tanh_grad",),
    instead="let exp see no large positive number: " + SMALL_EXP,
    praise="Its digits are there at 20, it is 0 at 1000, and the dtype stays.",
    mistakes=(
        Mistake(
            lambda z: 1 - np.tanh(z) ** 2,
            "At 20 and at -20 it is 0: there tanh rounds to 1 or -1, and the difference is lost.",
            "avoid the subtraction: 4q / (1 + q)^2, with q = np.exp(-2 * np.abs(z)).",
        ),
        Mistake(
            _from_exp(lambda z: np.exp(-2 * z)),
            "At -1000 exp(-2z) is infinite, and inf / inf is nan.",
            SMALL_EXP,
        ),
        Mistake(
            _from_exp(lambda z: np.exp(2 * z)),
            "At 1000 exp(2z) is infinite, and inf / inf is nan.",
            SMALL_EXP,
        ),
        Mistake(
            _from_exp(lambda z: np.exp(2 * np.abs(z))),
            "At 1000 and at -1000 an exponential is infinite, and inf / inf is nan.",
            "give the exponent a minus: " + SMALL_EXP,
        ),
        Mistake(
            lambda z: 4 * sigmoid(2 * z) * (1 - sigmoid(2 * z)),
            "At 20 it is 0: there sigmoid(2z) rounds to 1, and 1 minus it is lost.",
            "write sigmoid(-2z) for 1 - sigmoid(2z).",
        ),
        Mistake(
            lambda z: sigmoid_grad(2 * z),
            "At 0 the slope of tanh is 1, and this gives 1/4.",
            "multiply by 4.",
        ),
        Mistake(
            lambda z: 4 * sigmoid_grad(z),
            "At 0 it is right, but it is twice as wide: that is 4 times the sigmoid's slope at z.",
            "give the input the factor 2, as in exp(-2|z|).",
        ),
        Mistake(
            sigmoid_grad,
            "That is the slope of the sigmoid: 1/4 at 0, where tanh has 1.",
            "write tanh as 2 sigmoid(2z) - 1 and differentiate that.",
        ),
        Mistake(
            lambda z: 4 * np.exp(-2 * np.abs(z)),
            "That holds far out only; at 0 it gives 4.",
            "divide by (1 + q)^2.",
        ),
        Mistake(
            lambda z: 4 * np.exp(-2 * np.abs(z)) / (1 + np.exp(-2 * np.abs(z))),
            "At 0 it gives 2 instead of 1: the square of the denominator is missing.",
            "divide by (1 + q)^2.",
        ),
        Mistake(
            lambda z: (4 * tanh_grad(z) / 4).astype(float),
            "float32 came back as float64.",
            "look for what made float64 of it; a number written in Python keeps the dtype.",
        ),
        Mistake(np.tanh, "That is tanh itself.", "differentiate it: 1 - tanh^2, rewritten."),
    ),
)


def _moment(f):
    """Return the mean of f(z)^2 for a standard normal z."""
    z, weights = np.polynomial.hermite_e.hermegauss(80)
    return weights @ f(z) ** 2 / weights.sum()


MEAN_SQUARE = "integrate f(z)^2 times the normal density, and take 1 over the root of that."


def scaled_tanh_gain(height, over, under):
    """Return the check for the gain of f(z) = height tanh(over z / under)."""
    z, width = f"{over}z/{under}", over / under
    moment, of_tanh = _moment(lambda z: height * tanh(width * z)), _moment(tanh)
    at_one = height * float(tanh(width))
    return Exercise(
        task="Give the gain g with which g f(z) has a mean square of 1 for standard normal z, "
        f"where f(z) = {height:g} tanh({z}), to three digits.",
        right=1 / np.sqrt(moment),
        hint=MEAN_SQUARE,
        # Three digits were asked for: 1.15 stands for 1.1545.
        rtol=4.5e-3,
        praise=f"Its mean square is {moment:.3f}, so it needs a gain too, though less than tanh.",
        mistakes=(
            Mistake(moment, "That is the mean square of f.", "take 1 over the root of it."),
            Mistake(
                1 / moment,
                "That is 1 over the mean square; a gain acts on f, not on its square.",
                "take the root.",
            ),
            Mistake(
                np.sqrt(moment),
                "That is the size of f(z), the root of its mean square.",
                "take 1 over it: the gain brings the size back to 1.",
            ),
            Mistake(1 / np.sqrt(of_tanh), "That is the gain of tanh itself.", MEAN_SQUARE),
            Mistake(
                height / np.sqrt(moment),
                f"The factor {height:g} is missing: it is part of f.",
                "put it into f before you square.",
            ),
            Mistake(
                1 / at_one,
                f"f(1) = {at_one:.3g} holds at one point; the mean runs over all z.",
                MEAN_SQUARE,
            ),
            Mistake(1 / (height * width), "That undoes the slope of f at 0.", MEAN_SQUARE),
        ),
    )


check_lecun_gain = scaled_tanh_gain(1.7159, 2, 3)
