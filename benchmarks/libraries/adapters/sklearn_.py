"""scikit-learn: the activations of its MLP, with their derivatives, and its softmax and losses."""

import numpy as np
from protocol import Call, run
from sklearn._loss import HalfBinomialLoss, HalfMultinomialLoss
from sklearn.metrics import log_loss
from sklearn.neural_network._base import ACTIVATIONS, DERIVATIVES
from sklearn.utils.extmath import softmax

NAMES = {"identity": "identity", "tanh": "tanh", "logistic": "sigmoid", "relu": "relu"}


def changed(function, in_place):
    """scikit-learn's functions change their argument."""

    def call(x):
        x = x.copy()
        got = function(x)
        return x if in_place else got

    return call


def slope(name):
    def way_back(function, x):
        delta = np.ones_like(x)
        DERIVATIVES[name](function(x), delta)
        return delta

    return way_back


def loss_of_one(x):
    return np.array([log_loss([1], [p], labels=[0, 1]) for p in np.clip(x, 0, 1)])


CALLS = [
    *(
        Call(f"MLP, '{n}'", c, changed(ACTIVATIONS[n], True), slope=slope(n))
        for n, c in NAMES.items()
    ),
    Call(
        "HalfBinomialLoss, label 1",
        "bce_logits",
        lambda x: HalfBinomialLoss().loss(np.ones_like(x), x),
        slope=lambda f, x: HalfBinomialLoss().gradient(np.ones_like(x), x),
    ),
    Call(
        "extmath.softmax",
        "softmax",
        lambda x: softmax(x.reshape(-1, x.shape[-1])).reshape(x.shape),
        kind="row",
        slope=False,
    ),
    Call(
        "MLP, 'softmax'", "softmax", changed(ACTIVATIONS["softmax"], True), kind="row", slope=False
    ),
    Call(
        "HalfMultinomialLoss",
        "cross_entropy",
        lambda x: HalfMultinomialLoss(n_classes=x.shape[-1]).loss(
            np.zeros(len(x), x.dtype), np.ascontiguousarray(x)
        ),
        kind="row",
        slope=False,
    ),
]

if __name__ == "__main__":
    run(CALLS, dtypes=("float64", "float32"), views=False)
