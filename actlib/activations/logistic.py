"""The sigmoid, its integral softplus and its logarithm, and squareplus."""

import math

import numpy as np

from .inputs import FLOOR, elementwise
from .record import POSITIVE, Activation, Interval, TorchNames
from .rounding import product

__all__ = [
    "log_sigmoid",
    "log_sigmoid_grad",
    "sigmoid",
    "sigmoid_grad",
    "softplus",
    "softplus_grad",
    "squareplus",
    "squareplus_grad",
]


def scaled(beta, z):
    """Return beta * z and what rounding took from it, cut off where exp of it is 0 or inf."""
    x = np.clip(z, FLOOR / beta, -FLOOR / beta)
    return (x, 0.0) if beta == 1 else product(beta, x)


@elementwise()
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), the logistic function.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (0, 1); rounding reaches 1 from z = 36.8 in float64.
    Edges: 0 at -inf, 1 at inf, NaN stays. exp only ever sees -|z|, so it cannot overflow.
    Raises TypeError for anything but real numbers. Source: Rumelhart et al. (1986).

    >>> sigmoid([-3.0, 0.0, 3.0]).round(4)
    array([0.0474, 0.5   , 0.9526])
    """
    return np.exp(np.minimum(z, 0.0)) / (1.0 + np.exp(-np.abs(z)))


@elementwise()
def sigmoid_grad(z):
    """Return the slope of `sigmoid`, s(z) * s(-z): at most 0.25, at z = 0.

    With e = exp(-|z|) it is e / (1 + e)^2, which keeps its digits where s(1 - s) has
    rounded to 0. Edges: 0 at ±inf, NaN stays. Shapes, dtypes and errors as in `sigmoid`.

    >>> sigmoid_grad([-3.0, 0.0, 3.0]).round(4)
    array([0.0452, 0.25  , 0.0452])
    """
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@elementwise(beta=POSITIVE)
def softplus(z, *, beta=1.0):
    """Return log(1 + exp(beta * z)) / beta, a smooth ReLU.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (0, inf). `beta`: sharpness, positive; ReLU is the
    limit of large beta. Edges: 0 at -inf, inf at inf, NaN stays. Raises TypeError for
    anything but real numbers, ValueError for beta <= 0. Source: Dugas et al. (2001).

    >>> softplus([-1.0, 0.0, 1.0]).round(4)
    array([0.3133, 0.6931, 1.3133])
    """
    u, lost = scaled(beta, -np.abs(z))
    return np.maximum(z, 0.0) + np.log1p(np.exp(u) * (1.0 + lost)) / beta


@elementwise(beta=POSITIVE)
def softplus_grad(z, *, beta=1.0):
    """Return the slope of `softplus`: sigmoid(beta * z).

    Edges: 0 at -inf, 1 at inf, NaN stays. Shapes, dtypes, bounds and errors as in
    `softplus`.

    >>> softplus_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.2689, 0.5   , 0.7311])
    """
    u, lost = scaled(beta, z)
    p = np.exp(np.minimum(u, 0.0)) * (1.0 + lost)
    return p / (p + np.exp(-np.maximum(u, 0.0)))


@elementwise()
def log_sigmoid(z):
    """Return log(sigmoid(z)), without the sigmoid that rounds to 0.

    `z`: real array-like, any shape, dimensionless; the result has its shape and floating
    dtype (integers become float64), in (-inf, 0). Edges: -inf at -inf, 0 at inf, NaN
    stays. Raises TypeError for anything but real numbers. Source: Bishop (2006), ch. 4.

    >>> log_sigmoid([-1000.0, 0.0, 3.0]).round(4)
    array([-1.000e+03, -6.931e-01, -4.860e-02])
    """
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


@elementwise()
def log_sigmoid_grad(z):
    """Return the slope of `log_sigmoid`: sigmoid(-z).

    Edges: 1 at -inf, 0 at inf, NaN stays. Shapes, dtypes and errors as in `log_sigmoid`.

    >>> log_sigmoid_grad([-3.0, 0.0, 3.0]).round(4)
    array([0.9526, 0.5   , 0.0474])
    """
    return sigmoid(-z)


def _square_terms(z, b):
    """Return h = sqrt(z^2 + b) and squareplus of -|z|; half of h + |z| cannot overflow."""
    h, size = np.hypot(z, math.sqrt(b)), np.abs(z)
    return h, (b / 4.0) / (0.5 * h + 0.5 * size)


@elementwise(b=POSITIVE)
def squareplus(z, *, b=4.0):
    """Return (z + sqrt(z^2 + b)) / 2, a smooth ReLU without exponentials.

    Left of 0, where the sum would cancel, it is (b / 4) / ((sqrt(z^2 + b) - z) / 2). `z`: real
    array-like, any shape, dimensionless; the result has its shape and floating dtype (integers
    become float64), in (0, inf). `b`: positive; sqrt(b) / 2 is the value at 0, and ReLU the
    limit of small b. Edges: 0 at -inf, inf at inf, NaN stays. Raises TypeError for anything but
    real numbers, ValueError for b <= 0. Source: Barron (2021).

    >>> squareplus([-1.0, 0.0, 1.0]).round(4)
    array([0.618, 1.   , 1.618])
    """
    h, left = _square_terms(z, b)
    return np.where(z < 0, left, 0.5 * np.maximum(z, 0.0) + 0.5 * h)


@elementwise(b=POSITIVE)
def squareplus_grad(z, *, b=4.0):
    """Return the slope of `squareplus`: (1 + z / sqrt(z^2 + b)) / 2.

    Edges: 0 at -inf, 1 at inf, NaN stays. Shapes, dtypes, bounds and errors as in
    `squareplus`.

    >>> squareplus_grad([-1.0, 0.0, 1.0]).round(4)
    array([0.2764, 0.5   , 0.7236])
    """
    h, left = _square_terms(z, b)
    return np.where(z < 0, left / h, 1.0 - left / h)


RECORDS = (
    Activation(
        name="sigmoid",
        title="Sigmoid",
        kind="elementwise",
        value=sigmoid,
        grad=sigmoid_grad,
        formula=r"\frac{1}{1 + e^{-z}}",
        grad_formula=r"\sigma(z)\,(1 - \sigma(z))",
        range=lambda: Interval(0.0, 1.0),
        role="output for a yes-or-no probability; gates inside LSTM and GRU",
        notes="Saturates on both sides; its slope is at most 0.25.",
        loss="binary cross-entropy, from the logits",
        source="rumelhart1986",
        torch=TorchNames("torch.sigmoid", "nn.Sigmoid"),
        limits=lambda: (0.0, 1.0),
        grad_limits=lambda: (0.0, 0.0),
    ),
    Activation(
        name="softplus",
        title="Softplus",
        kind="elementwise",
        value=softplus,
        grad=softplus_grad,
        formula=r"\frac{1}{\beta}\log(1 + e^{\beta z})",
        grad_formula=r"\sigma(\beta z)",
        range=lambda beta=1.0: Interval(0.0, math.inf),
        role="outputs that must be positive, such as a variance",
        notes="The integral of the sigmoid.",
        loss="",
        source="dugas2001",
        torch=TorchNames("F.softplus", "nn.Softplus"),
        torch_params={"beta": "beta"},
        limits=lambda beta=1.0: (0.0, math.inf),
        grad_limits=lambda beta=1.0: (0.0, 1.0),
    ),
    Activation(
        name="log_sigmoid",
        title="Log-sigmoid",
        kind="elementwise",
        value=log_sigmoid,
        grad=log_sigmoid_grad,
        formula=r"-\log(1 + e^{-z})",
        grad_formula=r"\sigma(-z)",
        range=lambda: Interval(-math.inf, 0.0),
        role="inside losses, as the log-probability of yes",
        notes="Stays finite where the logarithm of a computed sigmoid is minus infinity.",
        loss="",
        source="bishop2006",
        torch=TorchNames("F.logsigmoid", "nn.LogSigmoid"),
        limits=lambda: (-math.inf, 0.0),
        grad_limits=lambda: (1.0, 0.0),
    ),
    Activation(
        name="squareplus",
        title="Squareplus",
        kind="elementwise",
        value=squareplus,
        grad=squareplus_grad,
        formula=r"\tfrac{1}{2}\left(z + \sqrt{z^2 + b}\right)",
        grad_formula=r"\tfrac{1}{2}\left(1 + \frac{z}{\sqrt{z^2 + b}}\right)",
        range=lambda b=4.0: Interval(0.0, math.inf),
        role="a softplus where exponentials are too expensive",
        notes="Far from 0 it is b/(4z) from ReLU; softplus is exponentially near.",
        loss="",
        source="barron2021",
        limits=lambda b=4.0: (0.0, math.inf),
        grad_limits=lambda b=4.0: (0.0, 1.0),
    ),
)
