"""MXNet: mx.nd operators and Gluon's layers, with their defaults."""

import mxnet as mx
import numpy as np
from mxnet.gluon import nn
from protocol import Call, first, run


def enter(array, dtype):
    return mx.nd.array(array, dtype=array.dtype)


def leave(result):
    array = np.ascontiguousarray(result.asnumpy())
    return array, array.dtype.name


def gradient(function, x):
    x = x.copy()
    x.attach_grad()
    with mx.autograd.record():
        y = first(function(x))
    y.backward()
    return x.grad


def gluon(made):
    made.initialize()

    def function(x):
        made.cast(x.dtype)
        return made(x)

    return function


def leaky(act):
    return lambda x: mx.nd.LeakyReLU(x, act_type=act)


CALLS = [
    Call("nd.relu", "relu", mx.nd.relu),
    Call("nd.LeakyReLU", "leaky_relu", mx.nd.LeakyReLU),
    Call("nd.LeakyReLU(act_type='elu')", "elu", leaky("elu")),
    Call("nd.LeakyReLU(act_type='selu')", "selu", leaky("selu")),
    # The way back of these two ends the process.
    Call("nd.LeakyReLU(act_type='gelu')", "gelu", leaky("gelu"), slope=False),
    Call("nd.LeakyReLU(act_type='rrelu')", "rrelu", lambda x: leaky("rrelu")(x)[0], slope=False),
    *(Call(f"nd.Activation('{n}')", c, lambda x, n=n: mx.nd.Activation(x, act_type=n))
      for n, c in {"relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh", "softrelu": "softplus",
                   "softsign": "softsign", "log_sigmoid": "log_sigmoid", "mish": "mish"}.items()),
    Call("nd.sigmoid", "sigmoid", mx.nd.sigmoid),
    Call("nd.tanh", "tanh", mx.nd.tanh),
    Call("nd.softsign", "softsign", mx.nd.softsign),
    Call("nd.hard_sigmoid", "hardsigmoid", mx.nd.hard_sigmoid),
    Call("nd.clip(x, -1, 1)", "hardtanh", lambda x: mx.nd.clip(x, -1, 1)),
    Call("nd.maximum(x, 0)", "relu", lambda x: mx.nd.maximum(x, 0)),
    Call("nd.abs", "abs", mx.nd.abs),
    Call("nd.erf", "erf", mx.nd.erf),
    Call("nd.expm1", "expm1", mx.nd.expm1),
    Call("gluon.nn.ELU()", "elu", gluon(nn.ELU())),
    Call("gluon.nn.SELU()", "selu", gluon(nn.SELU())),
    Call("gluon.nn.GELU()", "gelu", gluon(nn.GELU()), slope=False),
    Call("gluon.nn.Swish()", "silu", gluon(nn.Swish())),
    Call("gluon.nn.LeakyReLU(0.2)", "leaky_relu", gluon(nn.LeakyReLU(0.2)), {"alpha": 0.2}),
    Call("gluon.nn.PReLU()", "prelu", gluon(nn.PReLU())),
    Call("nd.softmax", "softmax", mx.nd.softmax, kind="row"),
    Call("nd.log_softmax", "log_softmax", mx.nd.log_softmax, kind="row"),
    Call("nd.softmin", "softmin", mx.nd.softmin, kind="row"),
    Call("nd.SoftmaxActivation", "softmax", mx.nd.SoftmaxActivation, kind="row"),
]  # fmt: skip

if __name__ == "__main__":
    run(
        CALLS, enter=enter, leave=leave, gradient=gradient, views=False,
        dtypes=("float64", "float32", "float16"), one_by_one=False,
    )  # fmt: skip
