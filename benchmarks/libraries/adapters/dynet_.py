"""DyNet: its expressions, with its own gradients, in single precision."""

import _dynet as dy
import numpy as np
from protocol import Call, run

dy.init()


def value(function):
    def call(x):
        dy.renew_cg()
        return np.asarray(function(dy.inputTensor(np.asarray(x, np.float32))).npvalue())

    return call


def slope(function):
    def call(_, x):
        dy.renew_cg()
        z = dy.inputTensor(np.asarray(x, np.float32))
        y = dy.sum_elems(function(z))
        y.forward()
        y.backward(True)
        return np.asarray(z.gradient(), np.float32)

    return call


NAMES = {
    "rectify": "relu",
    "elu": "elu",
    "selu": "selu",
    "silu": "silu",
    "logistic": "sigmoid",
    "log_sigmoid": "log_sigmoid",
    "softsign": "softsign",
    "tanh": "tanh",
    "erf": "erf",
    "exp": "exp",
}
CALLS = [
    Call(f"dy.{n}", c, value(getattr(dy, n)), slope=slope(getattr(dy, n)))
    for n, c in NAMES.items()
    if hasattr(dy, n)
]
CALLS += [
    Call(
        "dy.softmax",
        "softmax",
        lambda x: np.stack([value(dy.softmax)(row) for row in x]),
        kind="row",
        slope=False,
    ),
    Call(
        "dy.log_softmax",
        "log_softmax",
        lambda x: np.stack([value(dy.log_softmax)(r) for r in x]),
        kind="row",
        slope=False,
    ),
]

if __name__ == "__main__":
    run(CALLS, dtypes=("float32",), views=False, one_by_one=False, most=20000)
