"""The network: its initial weights, its forward and backward passes."""

import math
import numbers
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from actlib.activations import ACTIVATIONS, Activation
from actlib.activations.inputs import as_real, refuse_masked
from actlib.losses import (
    bce_with_logits,
    bce_with_logits_grad,
    cross_entropy,
    cross_entropy_grad,
)

# The gain of each initialisation, if the caller gives none.
INITS = {"he": math.sqrt(2), "xavier": 1.0, "lecun": 1.0, "pytorch": 1.0}
BIASES = ("zero", "pytorch")
LOSSES = {
    "cross_entropy": (cross_entropy, cross_entropy_grad),
    "bce": (bce_with_logits, bce_with_logits_grad),
}


@dataclass(frozen=True, eq=False)
class Trace:
    """What a forward pass computed, layer by layer; the last layer is the output.

    `x` (n, sizes[0]): the input. `z[i]`, `a[i]` (n, sizes[i + 1]): pre-activations and
    activations of layer i; `a[-1]` equals `z[-1]`, the logits.
    """

    x: np.ndarray
    z: tuple[np.ndarray, ...]
    a: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Gradients:
    """What a backward pass computed: the loss and its derivatives, layer by layer.

    `loss`: the mean over the examples. `weights[i]`, `biases[i]`: shapes as in the network.
    `z[i]` (n, sizes[i + 1]): the derivative with respect to the pre-activations of
    layer i.
    """

    loss: float
    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    z: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Bend:
    """An elementwise activation with its parameters fixed, as one layer uses it.

    `steepest`: its largest |slope| on [-10, 10], where every activation of the course has
    its bends.
    """

    name: str
    value: Callable
    grad: Callable
    steepest: float


class MLP:
    """A multilayer perceptron: a = activation(x @ w + b) per hidden layer, then plain logits.

    `sizes`: widths from input to output, such as (64, 128, 10); at least two. `activation`: an
    elementwise activation's name or record, or ("leaky_relu", {"alpha": 0.1}) to set its
    parameters (which stay fixed: PReLU's slope is not learned here), or a list with one of
    these per hidden layer. `init` draws the weights, with fan_in rows and fan_out columns:

    - "he": normal, std = gain / sqrt(fan_in), gain sqrt(2) (He et al. 2015)
    - "xavier": normal, std = gain * sqrt(2 / (fan_in + fan_out)), gain 1 (Glorot & Bengio 2010)
    - "lecun": normal, std = gain / sqrt(fan_in), gain 1 (LeCun et al. 1998)
    - "pytorch": uniform on ±gain / sqrt(fan_in), gain 1, the default of `nn.Linear`

    `gain`: a positive number instead of the default. `biases`: "zero", or "pytorch" for
    uniform on ±1 / sqrt(fan_in); if not given, "pytorch" for that init, else "zero". All
    weights are drawn before any bias, so one seed gives the same weights with either.

    `weights[i]` (sizes[i], sizes[i + 1]), the transpose of PyTorch's, and `biases[i]`
    (sizes[i + 1],) are lists of float64 arrays, free to be read and set. Raises ValueError
    for an unknown name, a row or gated activation, and unsuitable sizes or gain; TypeError for
    an rng that is not a Generator and for values of the wrong type.

    >>> net = MLP((2, 3, 1), "tanh", "xavier", np.random.default_rng(0))
    >>> net, net.forward([[0.0, 0.0], [1.0, -1.0]]).shape
    (MLP(2-3-1, tanh), (2, 1))
    """

    def __init__(self, sizes, activation, init, rng, *, gain=None, biases=None):
        self.sizes = _check_sizes(sizes)
        self.bends = _bends(activation, len(self.sizes) - 2)
        _check_choice("init", init, INITS)
        if biases is None:
            biases = "pytorch" if init == "pytorch" else "zero"
        _check_choice("biases", biases, BIASES)
        gain = INITS[init] if gain is None else gain
        if not isinstance(gain, numbers.Real) or not 0 < gain < math.inf:
            raise ValueError(f"gain must be a positive number, got {gain!r}")
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"rng must be a Generator, e.g. np.random.default_rng(0); got {rng!r}")
        fans = list(zip(self.sizes[:-1], self.sizes[1:], strict=True))
        self.weights = [_draw_weights(init, gain, *fan, rng) for fan in fans]
        self.biases = [_draw_biases(biases, *fan, rng) for fan in fans]

    def __repr__(self):
        names = dict.fromkeys(bend.name for bend in self.bends)
        return f"MLP({', '.join(['-'.join(map(str, self.sizes)), *names])})"

    # A network that has diverged returns inf and NaN, without warnings.
    @np.errstate(over="ignore", invalid="ignore")
    def trace(self, x):
        """Return the `Trace` of a forward pass of `x` (n, sizes[0]).

        Raises TypeError for anything but real numbers, ValueError for another shape.
        """
        inputs = self._check_inputs(x)
        z, a = [], [inputs]
        for w, b in zip(self.weights, self.biases, strict=True):
            z.append(a[-1] @ w + b)
            is_output = len(z) == len(self.weights)
            a.append(z[-1] if is_output else self.bends[len(z) - 1].value(z[-1]))
        return Trace(inputs, tuple(z), tuple(a[1:]))

    def forward(self, x):
        """Return the logits (n, sizes[-1]) of `x` (n, sizes[0]); errors as in `trace`."""
        return self.trace(x).a[-1]

    @np.errstate(over="ignore", invalid="ignore")
    def gradients(self, x, y, *, loss="cross_entropy"):
        """Return the mean loss of `x` against `y` and its `Gradients`.

        `x` (n, sizes[0]), at least one row; `y` (n,): class indices for "cross_entropy",
        targets in [0, 1] for "bce", which needs a network with one output. At a kink the
        slope is the one that the activation declares. Errors as in `trace` and in the loss.
        """
        trace = self.trace(x)
        value, dz = _loss_and_slope(trace.z[-1], y, loss)
        weights, biases, dzs = [], [], []
        for i in reversed(range(len(self.weights))):
            dzs.append(dz)
            weights.append((trace.a[i - 1] if i else trace.x).T @ dz)
            biases.append(dz.sum(axis=0))
            if i:
                bend = self.bends[i - 1]
                dz = (dz @ self.weights[i].T) * bend.grad(trace.z[i - 1])
        return Gradients(value, tuple(weights[::-1]), tuple(biases[::-1]), tuple(dzs[::-1]))

    def loss(self, x, y, *, loss="cross_entropy"):
        """Return the mean loss of `x` against `y`; arguments and errors as in `gradients`."""
        return _loss_and_slope(self.forward(x), y, loss)[0]

    def predict(self, x):
        """Return the class (n,) with the largest logit; with one output, 1 where it is positive."""
        logits = self.forward(x)
        if self.sizes[-1] == 1:
            return (logits[:, 0] > 0).astype(np.intp)
        return np.argmax(logits, axis=1)

    def accuracy(self, x, y):
        """Return the share of the rows of `x` whose predicted class is the label in `y` (n,)."""
        predicted = self.predict(x)
        labels = _check_labels(y, predicted.size)
        return float(np.mean(predicted == labels))

    def _check_inputs(self, x):
        inputs = as_real(x, "x")[0].astype(np.float64, copy=False)
        if inputs.ndim != 2 or inputs.shape[1] != self.sizes[0]:
            raise ValueError(
                f"x must have shape (n, {self.sizes[0]}), one row per example; got {inputs.shape}"
            )
        return inputs


def dead_share(net, x):
    """Return, for each hidden layer, the share of units that are dead on the rows of `x`.

    A unit is dead if its activation's slope is exactly 0 at every row: no example moves the
    weights that lead to it. `net`: an `MLP`; `x` (n, sizes[0]), at least one row. The
    result (hidden layers,) lies in [0, 1]. It depends on x, and can only fall as rows are added.

    >>> net = MLP((1, 2, 2), "relu", "he", np.random.default_rng(0))
    >>> net.biases[0][:] = [-100.0, 0.0]
    >>> dead_share(net, [[-1.0], [1.0]])
    array([0.5])
    """
    return np.array([np.mean(np.all(slope == 0, axis=0)) for slope, _ in _slopes(net, x)])


def saturated_share(net, x):
    """Return, for each hidden layer, the share of slopes that are nearly 0 on the rows of `x`.

    Counts the pairs of unit and row at which |slope| is under 1 % of the activation's
    steepest slope on [-10, 10]. For ReLU that is the share of zeros, its sparsity; for
    sigmoid |z| > 5.99, for tanh |z| > 2.99. Arguments and result as in `dead_share`.

    >>> net = MLP((1, 1, 2), "sigmoid", "he", np.random.default_rng(0))
    >>> net.weights[0][:] = 1.0
    >>> saturated_share(net, [[5.0], [5.9], [6.0], [-7.0]])
    array([0.5])
    """
    return np.array(
        [np.mean(np.abs(slope) < 0.01 * bend.steepest) for slope, bend in _slopes(net, x)]
    )


def _slopes(net, x):
    """Yield the slopes (n, width) and the activation of each hidden layer."""
    a = net._check_inputs(x)
    if not len(a):
        raise ValueError("a share needs at least one row of x, got none")
    # Layer by layer, as `trace` does, but none is kept: 50 of them would fill the memory, and
    # to get that from the system takes as long as the products.
    for w, b, bend in zip(net.weights, net.biases, net.bends, strict=False):
        with np.errstate(over="ignore", invalid="ignore"):
            z = a @ w + b
            slope, a = bend.grad(z), bend.value(z)
        yield slope, bend


def _loss_and_slope(logits, y, loss):
    """Return the mean loss and its derivative with respect to the logits (n, k)."""
    _check_choice("loss", loss, LOSSES)
    value, grad = LOSSES[loss]
    y = _check_labels(y, len(logits))
    outputs = logits.shape[1]
    if loss == "bce":
        if outputs != 1:
            raise ValueError(f"loss 'bce' needs a network with one output, this one has {outputs}")
        return float(value(logits[:, 0], y)), grad(logits[:, 0], y)[:, None]
    if outputs == 1:
        raise ValueError("loss 'cross_entropy' needs an output per class; for one, use loss='bce'")
    return float(value(logits, y)), grad(logits, y)


def _draw_weights(init, gain, fan_in, fan_out, rng):
    if init == "pytorch":
        return rng.uniform(-1, 1, (fan_in, fan_out)) * (gain / math.sqrt(fan_in))
    scale = 2 / (fan_in + fan_out) if init == "xavier" else 1 / fan_in
    return rng.standard_normal((fan_in, fan_out)) * (gain * math.sqrt(scale))


def _draw_biases(biases, fan_in, fan_out, rng):
    if biases == "zero":
        return np.zeros(fan_out)
    return rng.uniform(-1, 1, fan_out) / math.sqrt(fan_in)


def _bends(activation, hidden):
    """Return one `Bend` per hidden layer."""
    if not isinstance(activation, list):
        return (_bend(activation),) * hidden
    if len(activation) != hidden:
        raise ValueError(
            f"a list of activations needs one per hidden layer, {hidden}; got {len(activation)}"
        )
    return tuple(_bend(choice) for choice in activation)


def _bend(choice):
    name, params = choice, {}
    if isinstance(choice, tuple):
        if len(choice) != 2 or not isinstance(choice[1], Mapping):
            raise ValueError(
                f'a tuple is (name, parameters), e.g. ("elu", {{"alpha": 0.5}}); got {choice!r}. '
                "For an activation per hidden layer, pass a list"
            )
        name, params = choice
    if isinstance(name, Activation):
        entry = name
    else:
        known = [entry.name for entry in ACTIVATIONS.values() if entry.kind == "elementwise"]
        _check_choice("activation", name, ACTIVATIONS, known)
        entry = ACTIVATIONS[name]
    if entry.kind != "elementwise":
        remedy = "Leave the output as logits: the loss applies softmax itself"
        if entry.kind == "gated":
            remedy = "Choose the gate alone: silu instead of swiglu, gelu instead of geglu"
        raise ValueError(
            f"{entry.name} cannot be used in a hidden layer: it is of kind {entry.kind!r}, so each "
            "of its outputs depends on several inputs, but the backward pass here multiplies by "
            f"one slope per unit. {remedy}"
        )
    unknown = set(params) - set(entry.params)
    if unknown:
        raise ValueError(
            f"{entry.name} has no parameter {sorted(unknown)}; it has {sorted(entry.params)}"
        )
    value, grad = partial(entry.value, **params), partial(entry.grad, **params)
    steepest = float(np.abs(grad(np.linspace(-10, 10, 2001))).max())
    return Bend(entry.name, value, grad, steepest)


def _check_sizes(sizes):
    widths = tuple(sizes) if np.iterable(sizes) else (sizes,)
    whole = [isinstance(width, numbers.Integral) and width > 0 for width in widths]
    if len(widths) < 2 or not all(whole):
        raise ValueError(
            "sizes must be two or more positive whole numbers, from input to output, "
            f"e.g. (64, 128, 10); got {sizes!r}"
        )
    return tuple(int(width) for width in widths)


def _check_labels(y, n):
    refuse_masked(y, "y")
    labels = np.asarray(y)
    if labels.shape != (n,):
        raise ValueError(f"y must have shape ({n},), one label per row of x; got {labels.shape}")
    if n == 0:
        raise ValueError("x has no rows; pass at least one example")
    return labels


def _check_choice(what, name, choices, shown=None):
    if not isinstance(name, str) or name not in choices:
        raise ValueError(f"unknown {what} {name!r}; choose one of {', '.join(shown or choices)}")
