"""Training by mini-batches, with a record of what happens in each layer."""

import itertools
import math
import numbers
from dataclasses import dataclass
from functools import partial

import numpy as np

from actlib.activations.inputs import as_real, refuse_masked

from .mlp import dead_share, saturated_share

PROBE_ROWS = 256


@dataclass(frozen=True, eq=False)
class History:
    """What was measured before training (row 0) and after each epoch (rows 1 to epochs).

    All arrays are float64 and have epochs + 1 rows, fewer if training diverged, one if it was
    not recorded; H is the number of hidden layers.

    - `loss`, `train_accuracy`, `test_accuracy` (rows,): over the whole training set, and
      over the test set; `test_accuracy` is None if none was given
    - `activation_mean`, `activation_std` (rows, H): over the units and probe rows of a layer
    - `gradient_norm` (rows, H + 1): Euclidean norm of d loss / d weights of each layer, the
      output's last, over the probe rows
    - `dead`, `saturated` (rows, H): as in `dead_share` and `saturated_share`, probe rows

    The probe is the first 256 training rows (all, if fewer): always the same. `diverged_at`:
    the step, counted from 0 over all epochs, at which the loss was no longer finite, or
    None. Training stops there; a row measured after that step shows NaN or inf.
    """

    loss: np.ndarray
    train_accuracy: np.ndarray
    test_accuracy: np.ndarray | None
    activation_mean: np.ndarray
    activation_std: np.ndarray
    gradient_norm: np.ndarray
    dead: np.ndarray
    saturated: np.ndarray
    diverged_at: int | None


# Training that diverges overflows; the history reports it, so no warning has to.
@np.errstate(over="ignore", invalid="ignore")
def train(
    net,
    x,
    y,
    *,
    loss="cross_entropy",
    optimizer="sgd",
    lr,
    momentum=0.0,
    batch_size=32,
    epochs,
    rng,
    x_test=None,
    y_test=None,
    record=True,
):
    """Train `net` in place by mini-batches and return its `History`.

    `x` (n, sizes[0]), finite, and `y` (n,), at least one row; `x_test` and `y_test` likewise, or
    neither. `loss`: "cross_entropy" (labels are class indices) or "bce" (labels 0 and 1, a
    network with one output), the mean over a batch. `optimizer`: "sgd", with v = momentum *
    v + gradient, w -= lr * v; or "adam" (Kingma & Ba 2015; betas 0.9 and 0.999, eps 1e-8):
    both as in `torch.optim`. `lr`: positive; `momentum`: in [0, 1), 0 for Adam.
    `batch_size`: at least 1, the last batch of an epoch may be smaller. `epochs`: 0 or
    more; with 0 the history has only the state before training. `rng`: a Generator; each
    epoch draws one `rng.permutation(n)` and cuts it into batches; nothing else is drawn.
    `record`: False measures only once, after the last step, which saves time where many
    networks are trained and one number of each is wanted; the history then has one row.
    Raises TypeError or ValueError, naming the value, for unsuitable arguments.

    >>> from actlib.datasets import moons
    >>> from actlib.networks import MLP
    >>> rng = np.random.default_rng(0)
    >>> x, y = moons(100, rng)
    >>> net = MLP((2, 8, 1), "tanh", "xavier", rng)
    >>> history = train(net, x, y, loss="bce", optimizer="adam", lr=0.01, epochs=5, rng=rng)
    >>> history.loss.shape, history.gradient_norm.shape, history.dead.shape
    ((6,), (6, 2), (6, 1))
    """
    if optimizer not in OPTIMIZERS:
        known = ", ".join(OPTIMIZERS)
        raise ValueError(f"unknown optimizer {optimizer!r}; choose one of {known}")
    check_settings(lr, momentum, batch_size, epochs, rng)
    x, y = train_set = check_data("x", "y", x, y)
    test_set = None
    if x_test is not None or y_test is not None:
        test_set = check_data("x_test", "y_test", x_test, y_test)
    update = OPTIMIZERS[optimizer]([*net.weights, *net.biases], lr, momentum)
    observe = partial(_observe, net, train_set, test_set, loss)
    rows = [observe()] if record else []
    step = 0
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            gradients = net.gradients(x[batch], y[batch], loss=loss)
            if not math.isfinite(gradients.loss):
                return _history(rows or [observe()], diverged_at=step)
            update([*gradients.weights, *gradients.biases])
            step += 1
        if record:
            rows.append(observe())
            if not math.isfinite(rows[-1]["loss"]):
                return _history(rows, diverged_at=step)
    rows = rows or [observe()]
    return _history(rows, diverged_at=None if math.isfinite(rows[-1]["loss"]) else step)


def _sgd(parameters, lr, momentum):
    """Return a function that moves the parameters in place by their gradients."""
    velocities = [np.zeros_like(p) for p in parameters]

    def update(gradients):
        for p, v, g in zip(parameters, velocities, gradients, strict=True):
            v *= momentum
            v += g
            p -= lr * v

    return update


def _adam(parameters, lr, momentum, *, beta1=0.9, beta2=0.999, eps=1e-8):
    """Return a function that moves the parameters in place by their gradients."""
    if momentum:
        raise ValueError(f"adam has its own averages; leave momentum at 0, got {momentum}")
    means = [np.zeros_like(p) for p in parameters]
    squares = [np.zeros_like(p) for p in parameters]
    steps = itertools.count(1)

    def update(gradients):
        t = next(steps)
        # Both averages start at 0; these factors undo the bias of the first steps.
        rate = lr / (1 - beta1**t)
        unbias = 1 / math.sqrt(1 - beta2**t)
        for p, m, s, g in zip(parameters, means, squares, gradients, strict=True):
            m += (1 - beta1) * (g - m)
            s += (1 - beta2) * (g * g - s)
            p -= rate * m / (np.sqrt(s) * unbias + eps)

    return update


OPTIMIZERS = {"sgd": _sgd, "adam": _adam}


def _observe(net, train_set, test_set, loss):
    """Return one row of the history, as a dict of its measurements."""
    x, y = train_set
    probe = x[:PROBE_ROWS]
    hidden = net.trace(probe).a[:-1]
    gradients = net.gradients(probe, y[:PROBE_ROWS], loss=loss)
    return {
        "loss": net.loss(x, y, loss=loss),
        "train_accuracy": net.accuracy(x, y),
        "test_accuracy": math.nan if test_set is None else net.accuracy(*test_set),
        "activation_mean": [a.mean() for a in hidden],
        "activation_std": [a.std() for a in hidden],
        "gradient_norm": [np.linalg.norm(w) for w in gradients.weights],
        "dead": dead_share(net, probe),
        "saturated": saturated_share(net, probe),
    }


def _history(rows, *, diverged_at):
    columns = {name: np.array([row[name] for row in rows], dtype=float) for name in rows[0]}
    if np.isnan(columns["test_accuracy"]).all():
        columns["test_accuracy"] = None
    return History(**columns, diverged_at=diverged_at)


def check_data(x_name, y_name, x, y):
    if x is None or y is None:
        raise ValueError(f"pass {x_name} and {y_name} together, or neither")
    refuse_masked(y, y_name)
    inputs, labels = as_real(x, x_name)[0], np.asarray(y)
    if labels.shape != inputs.shape[:1]:
        raise ValueError(
            f"{x_name} has shape {inputs.shape}, {y_name} {labels.shape}; "
            f"{y_name} must be 1-d, with a label for each row of {x_name}"
        )
    if len(inputs) == 0:
        raise ValueError(f"{x_name} has no rows; pass at least one example")
    if not np.isfinite(inputs).all():
        raise ValueError(f"{x_name} contains NaN or inf; drop or replace those rows first")
    return inputs, labels


def check_settings(lr, momentum, batch_size, epochs, rng):
    if not isinstance(lr, numbers.Real) or not 0 < lr < math.inf:
        raise ValueError(f"lr must be a positive number, got {lr!r}")
    if not isinstance(momentum, numbers.Real) or not 0 <= momentum < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {momentum!r}")
    if not isinstance(batch_size, numbers.Integral) or batch_size < 1:
        raise ValueError(f"batch_size must be a whole number, at least 1; got {batch_size!r}")
    if not isinstance(epochs, numbers.Integral) or epochs < 0:
        raise ValueError(f"epochs must be a whole number, at least 0; got {epochs!r}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator, e.g. np.random.default_rng(0); got {rng!r}")
