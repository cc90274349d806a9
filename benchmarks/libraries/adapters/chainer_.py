"""Chainer: chainer.functions, with their defaults."""

import chainer
import chainer.functions as F
import numpy as np
from protocol import Call, first, run


def enter(array, dtype):
    return chainer.Variable(array)


def leave(variable):
    array = np.ascontiguousarray(variable.array if hasattr(variable, "array") else variable)
    return array, array.dtype.name


def gradient(function, x):
    x = chainer.Variable(np.array(x.array))
    F.sum(first(function(x))).backward()
    return x.grad_var


SAME = "relu leaky_relu relu6 elu selu sigmoid softplus tanh hard_sigmoid"
CALLS = [
    *(
        Call(f"F.{n}", {"hard_sigmoid": "hardsigmoid"}.get(n, n), getattr(F, n))
        for n in SAME.split()
    ),
    Call("F.swish(beta=1)", "silu", lambda x: F.swish(x, np.ones(x.shape[-1:], x.dtype))),
    Call("F.clipped_relu(6)", "relu6", lambda x: F.clipped_relu(x, 6.0)),
    Call("F.rrelu, test mode", "rrelu", lambda x: with_test(F.rrelu, x)),
    Call("F.elu(alpha=2)", "elu", lambda x: F.elu(x, 2.0), {"alpha": 2.0}),
    Call("F.clip(x, -1, 1)", "hardtanh", lambda x: F.clip(x, -1.0, 1.0)),
    Call("F.absolute", "abs", F.absolute),
    Call("F.erf", "erf", F.erf),
    Call("F.expm1", "expm1", F.expm1),
    Call("F.sin", "sine", F.sin),
    Call("F.softmax", "softmax", F.softmax, kind="row"),
    Call("F.log_softmax", "log_softmax", F.log_softmax, kind="row"),
    Call("F.logsumexp", "logsumexp", lambda x: F.logsumexp(x, axis=-1), kind="row"),
    Call(
        "F.softmax_cross_entropy",
        "cross_entropy",
        lambda x: F.softmax_cross_entropy(x, np.zeros(len(x), np.int32), reduce="no"),
        kind="row",
    ),
]


def with_test(function, x):
    with chainer.using_config("train", False):
        return function(x)


if __name__ == "__main__":
    run(
        CALLS,
        enter=enter,
        leave=leave,
        gradient=gradient,
        dtypes=("float64", "float32", "float16", "int32"),
    )
