"""Training many networks of one shape at once: comparisons over seeds, several times faster."""

from functools import partial

import numpy as np

from actlib.losses import cross_entropy_grad

from .training import OPTIMIZERS, check_data, check_settings


# As in training.py: networks that diverge overflow on their way; their accuracies say so.
@np.errstate(over="ignore", invalid="ignore")
def train_side_by_side(
    nets,
    x,
    y,
    *,
    optimizer="sgd",
    lr,
    momentum=0.0,
    batch_size=32,
    epochs,
    rngs,
    x_test,
    y_test,
    record=True,
):
    """Train `nets` in place, each as `train` would, and return their test accuracies.

    `nets`: networks that agree in sizes and activation, one for each seed. `x` and `y`,
    `x_test` and `y_test`: a list each, with the data of every network, all of one shape. `rngs`:
    a Generator for each. Classes and cross-entropy only; the other settings as in `train`, whose
    weights come out to rounding: stacked arrays take one call of NumPy where single networks take
    one each. Returns shape (nets, epochs + 1): the share of right answers before training and
    after each epoch; with `record` False (nets, 1), only after the last; nan for a network whose
    outputs are no longer finite. Raises ValueError or TypeError, naming the value, for what will
    not do.

    >>> from actlib.datasets import xor
    >>> from actlib.networks import MLP
    >>> rngs = [np.random.default_rng(seed) for seed in range(3)]
    >>> x, y = zip(*(xor(200, rng) for rng in rngs), strict=True)
    >>> nets = [MLP((2, 8, 2), "relu", "he", rng) for rng in rngs]
    >>> settings = {"lr": 0.1, "batch_size": 20, "epochs": 20}
    >>> right = train_side_by_side(nets, x, y, **settings, rngs=rngs, x_test=x, y_test=y)
    >>> right.shape, bool(right[:, -1].min() > 0.9)
    ((3, 21), True)
    """
    if not nets:
        raise ValueError("pass at least one network, got none")
    if any((net.sizes, _named(net)) != (nets[0].sizes, _named(nets[0])) for net in nets):
        raise ValueError(f"networks side by side agree in sizes and activation; got {nets}")
    if not len(nets) == len(x) == len(y) == len(rngs) == len(x_test) == len(y_test):
        raise ValueError(
            f"each of the {len(nets)} networks needs its own data and generator; got "
            f"{len(x)} x, {len(y)} y, {len(rngs)} rngs, {len(x_test)} x_test, {len(y_test)} y_test"
        )
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"unknown optimizer {optimizer!r}; choose one of {', '.join(OPTIMIZERS)}")
    for rng in rngs:
        check_settings(lr, momentum, batch_size, epochs, rng)
    x, y = _stack("x", "y", x, y)
    x_test, y_test = _stack("x_test", "y_test", x_test, y_test)
    weights = [np.stack(layer) for layer in zip(*(net.weights for net in nets), strict=True)]
    biases = [np.stack(layer)[:, None] for layer in zip(*(n.biases for n in nets), strict=True)]
    bends = nets[0].bends
    update = OPTIMIZERS[optimizer]([*weights, *biases], lr, momentum)
    seeds = np.arange(len(nets))[:, None]
    tested = partial(_accuracy, weights, biases, bends, x_test, y_test)
    right = [tested()] if record else []
    for _ in range(epochs):
        order = np.stack([rng.permutation(x.shape[1]) for rng in rngs])
        for start in range(0, x.shape[1], batch_size):
            rows = order[:, start : start + batch_size]
            update(_gradients(weights, biases, bends, x[seeds, rows], y[seeds, rows]))
        if record:
            right.append(tested())
    right = right or [tested()]
    for i, net in enumerate(nets):
        net.weights = [layer[i].copy() for layer in weights]
        net.biases = [layer[i, 0].copy() for layer in biases]
    return np.stack(right, axis=1)


def _named(net):
    """Return the activations of a network as what can be compared: names and parameters."""
    return [(bend.name, bend.value.keywords) for bend in net.bends]


def _forward(weights, biases, bends, x):
    """Return the pre-activations and the activations, x first, each (nets, rows, units)."""
    z, a = [], [x]
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z.append(a[-1] @ w + b)
        a.append(bends[i].value(z[-1]) if i < len(bends) else z[-1])
    return z, a


def _gradients(weights, biases, bends, x, y):
    """Return the derivatives of each network's mean loss, weights before biases."""
    z, a = _forward(weights, biases, bends, x)
    # The mean over all rows of all networks, times their number: each network's own mean.
    dz = len(x) * cross_entropy_grad(z[-1].reshape(-1, z[-1].shape[-1]), y.ravel())
    dz = dz.reshape(z[-1].shape)
    dw, db = [], []
    for i in reversed(range(len(weights))):
        dw.append(a[i].mT @ dz)
        db.append(dz.sum(axis=1, keepdims=True))
        if i:
            dz = (dz @ weights[i].mT) * bends[i - 1].grad(z[i - 1])
    return [*dw[::-1], *db[::-1]]


def _accuracy(weights, biases, bends, x, y):
    logits = _forward(weights, biases, bends, x)[1][-1]
    right = np.mean(logits.argmax(axis=-1) == y, axis=1)
    return np.where(np.isfinite(logits).all(axis=(1, 2)), right, np.nan)


def _stack(x_name, y_name, x, y):
    pairs = [check_data(x_name, y_name, *pair) for pair in zip(x, y, strict=True)]
    shapes = {inputs.shape for inputs, _ in pairs}
    if len(shapes) > 1:
        raise ValueError(f"networks side by side need {x_name} of one shape; got {sorted(shapes)}")
    return np.stack([inputs for inputs, _ in pairs]), np.stack([labels for _, labels in pairs])
