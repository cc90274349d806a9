"""MindSpore on the processor: mindspore.ops, .nn and .mint, with their defaults."""

import mindspore as ms
import mindspore.mint.nn.functional as mint
import numpy as np
from mindspore import nn, ops
from protocol import Call, first, run

ms.set_context(mode=ms.PYNATIVE_MODE)
ms.set_device("CPU")


def enter(array, dtype):
    return ms.Tensor(array)


def leave(tensor):
    array = np.ascontiguousarray(tensor.asnumpy())
    return array, array.dtype.name


def gradient(function, x):
    return ms.grad(lambda x: first(function(x)).sum())(x)


SAME = (
    "relu leaky_relu relu6 elu selu celu gelu silu mish hardswish hardsigmoid sigmoid softplus "
    "softsign tanh hardtanh hardshrink softshrink tanhshrink"
)
MODULES = {
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "SeLU": "selu",
    "CELU": "celu",
    "GELU": "gelu",
    "FastGelu": "gelu",
    "SiLU": "silu",
    "Mish": "mish",
    "HSwish": "hardswish",
    "HSigmoid": "hardsigmoid",
    "LogSigmoid": "log_sigmoid",
    "Hardtanh": "hardtanh",
    "HShrink": "hardshrink",
    "SoftShrink": "softshrink",
    "Tanhshrink": "tanhshrink",
    "Softsign": "softsign",
    "PReLU": "prelu",
}
MINT = (
    "relu leaky_relu relu6 elu selu gelu silu mish hardswish hardsigmoid sigmoid softplus tanh "
    "hardtanh hardshrink softshrink"
)
CALLS = [
    *(Call(f"ops.{n}", n, getattr(ops, n)) for n in SAME.split()),
    Call("ops.logsigmoid", "log_sigmoid", ops.logsigmoid),
    Call("ops.gelu('tanh')", "gelu_tanh", lambda x: ops.gelu(x, "tanh")),
    Call("ops.fast_gelu", "gelu", ops.fast_gelu),
    Call("ops.elu(alpha=2)", "elu", lambda x: ops.elu(x, 2.0), {"alpha": 2.0}),
    *(Call(f"nn.{m}()", c, lambda x, m=m: getattr(nn, m)()(x)) for m, c in MODULES.items()),
    *(Call(f"mint.{n}", n, getattr(mint, n)) for n in MINT.split()),
    Call("mint.logsigmoid", "log_sigmoid", mint.logsigmoid),
    Call("ops.abs", "abs", ops.abs),
    Call("ops.erf", "erf", ops.erf),
    Call("ops.maximum(x, 0)", "relu", lambda x: ops.maximum(x, ops.zeros_like(x))),
    Call("ops.clamp(x, -1, 1)", "hardtanh", lambda x: ops.clamp(x, -1.0, 1.0)),
    Call("ops.softmax", "softmax", ops.softmax, kind="row"),
    Call("ops.log_softmax", "log_softmax", ops.log_softmax, kind="row"),
    Call("nn.Softmax()", "softmax", lambda x: nn.Softmax()(x), kind="row"),
    Call("ops.logsumexp", "logsumexp", lambda x: ops.logsumexp(x, -1), kind="row"),
    Call(
        "ops.cross_entropy",
        "cross_entropy",
        lambda x: ops.cross_entropy(x, ms.Tensor(np.zeros(x.shape[0], np.int32)), reduction="none"),
        kind="row",
    ),
]

if __name__ == "__main__":
    run(
        CALLS,
        enter=enter,
        leave=leave,
        gradient=gradient,
        views=False,
        one_by_one=False,
        dtypes=("float64", "float32", "float16", "int32"),
    )
