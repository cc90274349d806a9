"""tinygrad: methods of Tensor, with their defaults, on its interpreter in Python or a compiler."""

import os

os.environ.setdefault("DEV", "PYTHON")

import numpy as np
from protocol import Call, first, run
from tinygrad import Tensor


def enter(array, dtype):
    return Tensor(array)


def leave(tensor):
    array = np.ascontiguousarray(tensor.numpy())
    return array, array.dtype.name


def gradient(function, x):
    x = x.detach().contiguous().requires_grad_() if hasattr(x, "requires_grad_") else x
    (slope,) = first(function(x)).sum().gradient(x)
    return slope


def method(name):
    return lambda x: getattr(x, name)()


SAME = "relu leaky_relu relu6 elu selu celu gelu silu mish hardswish sigmoid softplus tanh hardtanh"
CALLS = [
    *(Call(f"Tensor.{n}", n, method(n)) for n in (*SAME.split(), "hardsigmoid", "softsign")),
    Call("Tensor.swish", "silu", method("swish")),
    Call("Tensor.quick_gelu", "quick_gelu", method("quick_gelu")),
    Call("Tensor.logsigmoid", "log_sigmoid", method("logsigmoid")),
    Call("Tensor.elu(alpha=2)", "elu", lambda x: x.elu(2.0), {"alpha": 2.0}),
    Call("Tensor.celu(alpha=2)", "celu", lambda x: x.celu(2.0), {"alpha": 2.0}),
    Call("Tensor.maximum(0)", "relu", lambda x: x.maximum(0)),
    Call("Tensor.clip(-1, 1)", "hardtanh", lambda x: x.clip(-1, 1)),
    Call("Tensor.abs", "abs", method("abs")),
    Call("Tensor.erf", "erf", method("erf")),
    Call("Tensor.sin", "sine", method("sin")),
    Call("Tensor.exp", "exp", method("exp")),
    Call("Tensor.binary_crossentropy_logits(1)", "bce_logits",
         lambda x: x.binary_crossentropy_logits(Tensor.ones_like(x), reduction="none")),
    Call("Tensor.softmax", "softmax", method("softmax"), kind="row"),
    Call("Tensor.log_softmax", "log_softmax", method("log_softmax"), kind="row"),
    Call("Tensor.logsumexp", "logsumexp", lambda x: x.logsumexp(-1), kind="row"),
]  # fmt: skip

if __name__ == "__main__":
    run(
        CALLS, enter=enter, leave=leave, gradient=gradient, views=False, one_by_one=False,
        dtypes=("float32",), most=1500,
    )  # fmt: skip
