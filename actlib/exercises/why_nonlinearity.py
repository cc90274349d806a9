"""Checks for the chapter on why nonlinearity matters."""

import numpy as np

from actlib.activations import relu, relu_grad

from .exercise import Exercise, Mistake

__all__ = [
    "check_collapse",
    "check_layer_grad",
    "check_max_of_two",
    "check_ramp",
    "check_rank",
]

LAYERS = ((2, -1), (3, 2), (-0.5, 4))  # slope and intercept, first layer first


def _collapsed(layers):
    """Return slope and intercept of the one layer that equals `layers`."""
    slope, intercept = 1.0, 0.0
    for w, b in layers:
        slope, intercept = slope * w, intercept * w + b
    return np.array([slope, intercept])


def _number(x):
    """Return a whole number or a half as a text."""
    return f"{x:g}" if x == int(x) else f"{2 * x:g}/2"


def _line(layer, z):
    """Return slope times z and intercept as a text, as in 2x - 1 or -z/2 + 4."""
    w, b = layer
    slope = {1: "", -1: "-"}.get(w, f"{w:g}") + z if w == int(w) else f"{2 * w:g}{z}/2"
    return slope.replace(f"1{z}/2", f"{z}/2") + f" {'-' if b < 0 else '+'} {abs(b):g}"


def collapse(layers):
    """Return the check for three layers, pairs (slope, intercept), the first to see x first."""
    (w1, b1), (w2, b2), (w3, b3) = layers
    slope, intercept = right = _collapsed(layers)
    first, second, third = (_line(layer, z) for layer, z in zip(layers, "xzz", strict=True))
    first_two = f"put {first} into the second layer and multiply out, then put that into the third."
    follow = (
        f"follow the constant {b1:g} through the second layer, then what it became through the "
        "third."
    )
    return Exercise(
        task="Give the array [slope, intercept] of the one layer that equals "
        f"{first}, then {second}, then {third}.",
        right=right,
        hint=first_two,
        praise="Slopes multiply, and each bias passes through the layers after it.",
        mistakes=(
            Mistake(
                np.array([slope, b1 + b2 + b3]),
                f"The biases were added up, but {b1:g} and {b2:g} still meet the weights of later "
                "layers.",
                follow,
            ),
            Mistake(
                np.array([slope, b3]),
                "Only the last bias is left: the earlier ones pass through the later layers.",
                follow,
            ),
            Mistake(
                np.array([w1 + w2 + w3, b1 + b2 + b3]),
                "Slopes of nested maps multiply, they do not add up, and neither do biases.",
                first_two,
            ),
            Mistake(
                _collapsed(layers[::-1]),
                f"Those are the layers in the opposite order: the first to see x is {first}.",
                first_two,
            ),
            Mistake(
                np.array([slope, 2 * b3 - intercept]),
                "The slope is right. The intercept comes out so if a sign is lost on the way.",
                f"follow the constant {b1:g}: times {_number(w2)}, plus {b2:g}, times "
                f"{_number(w3)}, plus {b3:g}, minding each sign.",
            ),
            Mistake(
                np.array([-slope, intercept]),
                "The intercept is right. The slopes multiply, and one of the three is negative.",
                f"multiply {w1:g}, {_number(w2)} and {_number(w3)} with their signs.",
            ),
            Mistake(
                _collapsed(layers[:2]),
                "Those are the first two layers together.",
                f"put them into the third, {third}.",
            ),
            Mistake(
                right[::-1],
                "Slope and intercept are swapped.",
                "put the slope first: np.array([slope, intercept]).",
            ),
        ),
    )


check_collapse = collapse(LAYERS)

WIDTHS = (64, 20, 5, 12, 10)
NARROWEST = "ask what rank each layer can have at most, and what that leaves of their product."

NAMES = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def rank(widths):
    """Return the check for five widths: the third is the smallest, then the last, the fourth."""
    first, second, narrow, fourth, last = widths
    return Exercise(
        task=f"Give the largest rank of the {first} x {last} matrix to which layers of widths "
        f"{first}, {second}, {narrow}, {fourth} and {last} collapse.",
        right=min(widths),
        hint=NARROWEST,
        praise=f"Only {NAMES[min(widths)]} sums get through the narrowest layer.",
        mistakes=(
            Mistake(
                last,
                f"The shape allows {last}, but all of it came through a narrower layer before.",
                NARROWEST,
            ),
            Mistake(
                second,
                f"{second} is the first hidden layer's width; a later one lets less through.",
                NARROWEST,
            ),
            Mistake(
                first,
                f"A {first} x {last} matrix has rank {last} at most, and here even less.",
                NARROWEST,
            ),
            Mistake(first * last, "That is the number of entries of the matrix.", NARROWEST),
            Mistake(
                fourth,
                f"{fourth} is not the narrowest width, and a later layer brings no lost rank back.",
                NARROWEST,
            ),
        ),
    )


check_rank = rank(WIDTHS)

# The first case is short, so that the first sentence of a check is. A tie is among them.
U_PAIR, V_PAIR = np.array([2.0, -3.0]), np.array([1.0, -1.0])
U = np.array([[-2.0, 3.25, 0.5], [-1.0, -5.0, 1000.0]])
V = np.array([[1.75, -4.0, 0.5], [-3.0, -2.0, -1000.0]])
FROM_V = "ask what has to be added to v, once for u = 3 and v = 5, once for u = 5 and v = 3."

check_max_of_two = Exercise(
    task="Write max_of_two(u, v): the larger of u and v, entry by entry, for arrays of one "
    "shape, with relu, sums and differences only.",
    right=lambda u, v: relu(u - v) + v,
    hint=FROM_V,
    cases=((U_PAIR, V_PAIR), (U, V), (V, U), (np.array(-1.0), np.array(-2.0))),
    praise="v, plus what u has more than v, if anything.",
    forbids=(
        *("maximum", "minimum", "fmax", "fmin", "max", "min", "amax", "amin", "clip", "sort"),
        *("where", "select", "piecewise", "abs", "absolute", "fabs", "sign", "heaviside"),
        *("sqrt", "power", "square", "hypot", "relu_grad", "greater", "greater_equal", "less"),
        *("less_equal", "__gt__", "__ge__", "__lt__", "__le__", "__abs__"),
        *("<", "<=", ">", ">=", "**"),
    ),
    unless=("relu", "my_relu"),
    instead="leave every choice to relu: how is max(d, 0) of a difference d written with it?",
    mistakes=(
        Mistake(
            lambda u, v: relu(u - v),
            "That is by how much u is larger, and 0 where it is not.",
            "add the number that was subtracted inside.",
        ),
        Mistake(
            lambda u, v: relu(u - v) + u,
            "Where v is larger that gives u, and elsewhere too much.",
            "add the number that was subtracted inside, v.",
        ),
        Mistake(
            lambda u, v: relu(v - u) + v,
            "Where u is larger that gives v, and elsewhere too much.",
            "add the number that was subtracted inside, u.",
        ),
        Mistake(
            lambda u, v: relu(u) + relu(v - u),
            "A negative u was lost: the difference is added to 0 instead of u.",
            "let u itself through, without a relu around it.",
        ),
        Mistake(
            lambda u, v: relu(v) + relu(u - v),
            "A negative v was lost: the difference is added to 0 instead of v.",
            "let v itself through, without a relu around it.",
        ),
        Mistake(
            lambda u, v: relu(relu(u - v) + v),
            "Where both are negative that gives 0.",
            "leave the sum without a relu around it.",
        ),
        Mistake(
            lambda u, v: v - relu(v - u),
            "That is the smaller of the two.",
            "turn a sign: what one has more is added, not subtracted.",
        ),
        Mistake(
            lambda u, v: relu(u - v) - v,
            "The sign of v is wrong: it was subtracted inside and then once more.",
            "add v back.",
        ),
        Mistake(
            lambda u, v: relu(u - v) + relu(v - u),
            "That is the distance |u - v|.",
            "keep one of its two parts, and add the number that is subtracted in it.",
        ),
        Mistake(
            lambda u, v: relu(u) + relu(v),
            "That adds the positive parts of both.",
            "compare u with v by way of their difference: " + FROM_V,
        ),
        Mistake(lambda u, v: u + v, "That is the sum of the two.", FROM_V),
    ),
)

X = np.array([-2.0, 0.0, 0.25, 1.0, 1.5, 2.0, 3.0, 50.0])
TWO_BENDS = "draw the ramp, give each of its bends a relu, and the rise its slope."

check_ramp = Exercise(
    task="Write ramp(x, left, right) from two ReLUs: 0 up to left, rising in a straight line to "
    "1 at right, and 1 from there on. x is an array, left and right are numbers.",
    right=lambda x, left, right: (relu(x - left) - relu(x - right)) / (right - left),
    hint=TWO_BENDS,
    cases=(
        (X, 0.0, 2.0),
        (X, -0.75, 1.5),
        (X.reshape(4, 2), 1.0, 1.25),
        (X, -4.0, -1.5),
        (np.array(1.0), 0.0, 2.0),
    ),
    praise="Up with one unit, flat again with the second.",
    forbids=(
        *("clip", "minimum", "fmin", "min", "where", "select", "piecewise", "interp", "<", ">"),
        *("greater", "greater_equal", "less", "less_equal", "heaviside", "sign", "relu_grad"),
        *("abs", "absolute", "fabs", "__abs__", "sqrt", "hypot"),
    ),
    unless=("relu", "my_relu"),
    instead="let a second ReLU make it flat: its weight is negative, and it bends at right.",
    mistakes=(
        Mistake(
            lambda x, left, right: relu(x - left) - relu(x - right),
            "It rises with slope 1 and ends at right - left.",
            "divide by that width.",
        ),
        Mistake(
            lambda x, left, right: relu(x - left) / (right - left),
            "It never becomes flat.",
            "let a second unit that bends at right take the slope away.",
        ),
        Mistake(
            lambda x, left, right: relu(x - left),
            "It rises with slope 1 and never becomes flat.",
            "divide by the width right - left, and let a second unit take the slope away.",
        ),
        Mistake(
            lambda x, left, right: (relu(x - left) + relu(x - right)) / (right - left),
            "It becomes steeper after right instead of flat.",
            "give the second unit a negative weight.",
        ),
        Mistake(
            lambda x, left, right: relu(x - left) / (right - left) - relu(x - right),
            "Only the first unit was divided by the width, so the second takes too much away.",
            "divide both: put parentheses around the difference.",
        ),
        Mistake(
            lambda x, left, right: relu(x - left) - relu(x - right) / (right - left),
            "Only the second unit was divided by the width.",
            "divide both: put parentheses around the difference.",
        ),
        Mistake(
            lambda x, left, right: (relu(x + left) - relu(x + right)) / (right - left),
            "It bends at -left and -right.",
            "write the bend at c as relu(x - c).",
        ),
        Mistake(
            lambda x, left, right: (relu(x - right) - relu(x - left)) / (right - left),
            "That is the ramp upside down.",
            "give the unit that bends at left the positive weight.",
        ),
        Mistake(
            lambda x, left, right: (relu(x - left) - relu(x - right)) * (right - left),
            "It was multiplied by the width; a wider ramp is less steep.",
            "divide by the width.",
        ),
        Mistake(
            lambda x, left, right: (relu(x - left) - relu(x - right)) / right,
            "It was divided by right, which is the width only if left is 0.",
            "divide by right - left.",
        ),
        Mistake(
            lambda x, left, right: x > left,
            "That is a step at left: it has no slope to learn from.",
            TWO_BENDS,
        ),
        Mistake(
            lambda x, left, right: np.clip(x, left, right),
            "It bends in the right places, but goes from left to right, not from 0 to 1.",
            TWO_BENDS,
        ),
    ),
)


def _with_slope(slope):
    """Return the gradient of a layer whose activation has this slope."""
    return lambda x, w, b, g: x.T @ (g * slope(x @ w + b))


# n, d and k differ in each case, so that a forgotten transpose cannot pass. The first can be
# followed by hand: one unit is on, one off, one on the corner. So is one entry of the second.
ONE_ROW = (
    np.array([[2.0, -1.0]]),
    np.array([[1.0, -2.0, 0.5], [1.0, 1.0, 1.0]]),
    np.array([0.5, -1.0, 0.0]),
    np.array([[3.0, 5.0, -2.0]]),
)
FOUR_ROWS = (
    np.array([[2.0, -1.0, 0.5], [0.25, 1.0, -3.0], [1.0, 0.0, -0.5], [-1.0, 2.0, 1.0]]),
    np.array([[1.0, 1.0], [0.75, -1.0], [1.0, 0.5]]),
    np.array([-0.5, -2.0]),
    np.array([[1.25, -1.5], [2.0, 0.5], [-1.5, 4.0], [-2.5, 0.75]]),
)
IN_ORDER = "go step by step: z, ReLU's slope at z, times g, then the sum over the rows of x."

check_layer_grad = Exercise(
    task="Write layer_grad(x, w, b, g): the gradient with respect to w, of shape (d, k), of a "
    "layer relu(x @ w + b), with x of shape (n, d), w (d, k), b (k,) and g (n, k), the slopes that "
    "come back. At the corner the slope is 0.",
    right=_with_slope(relu_grad),
    hint=IN_ORDER,
    cases=(ONE_ROW, FOUR_ROWS),
    praise="Each row's slopes, where its unit is active, times its inputs, summed.",
    mistakes=(
        Mistake(
            _with_slope(np.ones_like),
            "ReLU's own slope is missing: units that are off pass no gradient.",
            "multiply g by (x @ w + b > 0) first.",
        ),
        Mistake(
            _with_slope(lambda z: z >= 0),
            "At the corner, z = 0, the slope counts as 1; it was to be 0.",
            "use z > 0.",
        ),
        Mistake(
            _with_slope(lambda z: np.heaviside(z, 0.5)),
            "At the corner, z = 0, the slope counts as 1/2; it was to be 0.",
            "use z > 0.",
        ),
        Mistake(
            _with_slope(lambda z: 0.5 * (z >= 0)),
            "Active units pass half of their gradient, and so does the corner.",
            "use z > 0 once: in NumPy True + True is True, so a sum of two comparisons is an `or`.",
        ),
        Mistake(
            _with_slope(relu),
            "The factor is ReLU's slope at z, 0 or 1, not its value.",
            "use z > 0 in place of relu(z).",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ relu_grad(x @ w + b),
            "g is missing: the slopes that the rest of the network hands back are a factor.",
            "multiply ReLU's slope by g, entry by entry, before the product with x.T.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ relu(g),
            "The sign of g decides here, but whether a gradient passes depends on z.",
            "multiply g by (x @ w + b > 0).",
        ),
        Mistake(
            lambda x, w, b, g: (g * relu_grad(x @ w + b)) @ w.T,
            "That is the gradient with respect to x, for the layer before.",
            "multiply by x.T on the left instead of w.T on the right.",
        ),
        Mistake(
            lambda x, w, b, g: (g * relu_grad(x @ w + b)).sum(axis=0),
            "That is the gradient with respect to b.",
            "multiply each row by its inputs before summing: x.T on the left does both.",
        ),
        Mistake(
            lambda x, w, b, g: (g * relu_grad(x @ w + b)).T @ x,
            "That is the transpose: row i of the result belongs to input i.",
            "put x.T on the left, so that the shape is (d, k).",
        ),
        Mistake(
            lambda x, w, b, g: x @ (g * relu_grad(x @ w + b)),
            "x has a row for each example, and the sum runs over the examples.",
            "transpose it: x.T @ dz.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ (g * relu_grad(x @ w)),
            "The bias is missing: whether a unit is on depends on x @ w + b.",
            "add b before you ask for the slope.",
        ),
        *(
            Mistake(
                lambda x, w, b, g, row=row: np.outer(x[row], (g * relu_grad(x @ w + b))[row]),
                f"Only the {which} row of x is in it; the gradient is a sum over the rows.",
                then,
            )
            for row, which, then in (
                (0, "first", "move `return` behind the loop, and add up the rows with +=."),
                (-1, "last", "add up the rows with += instead of replacing one by the next."),
            )
        ),
        Mistake(
            lambda x, w, b, g: x.T @ (g * np.sign(x @ w + b)),
            "Where a unit is off the slope counts as -1; it is 0 there.",
            "use z > 0 in place of the sign.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ (g * relu_grad(x @ w + b)) / x.shape[1],
            "The sum was divided by the number of inputs, the columns of x.",
            "leave the division out: the task is a plain sum over the rows.",
        ),
        Mistake(
            lambda x, w, b, g: x.T @ (g * relu_grad(x @ w + b)) / len(x),
            "The sum over the rows was divided by their number.",
            "leave the division out: if the loss is a mean, g holds the 1/n already.",
        ),
    ),
)
