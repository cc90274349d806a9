"""Paddle: paddle.nn.functional and its neighbours, with their defaults."""

import numpy as np
import paddle
import paddle.nn.functional as F
from protocol import Call, first, run

paddle.set_device("cpu")


def enter(array, dtype):
    if dtype == "bfloat16":
        return paddle.to_tensor((array.astype(np.uint32) << 16).view(np.float32)).astype("bfloat16")
    return paddle.to_tensor(array)


def leave(tensor):
    name = str(tensor.dtype).split(".")[-1]
    if name == "bfloat16":
        single = tensor.detach().astype("float32").numpy()
        return (single.view(np.uint32) >> 16).astype(np.uint16), name
    return np.ascontiguousarray(tensor.detach().numpy()), name


def gradient(function, x):
    x = x.detach()
    x.stop_gradient = False
    first(function(x)).sum().backward()
    return x.grad


CALLS = [
    Call("F.relu", "relu", F.relu),
    Call("paddle.maximum(x, 0)", "relu", lambda x: paddle.maximum(x, paddle.zeros_like(x))),
    Call("F.leaky_relu", "leaky_relu", F.leaky_relu),
    Call("nn.PReLU()", "prelu", lambda x: paddle.nn.PReLU()(x)),
    Call("F.rrelu(training=False)", "rrelu", lambda x: F.rrelu(x, training=False)),
    Call("F.relu6", "relu6", F.relu6),
    Call("F.elu", "elu", F.elu),
    Call("F.elu(alpha=2)", "elu", lambda x: F.elu(x, 2.0), {"alpha": 2.0}),
    Call("F.selu", "selu", F.selu),
    Call("F.celu", "celu", F.celu),
    Call("F.celu(alpha=2)", "celu", lambda x: F.celu(x, 2.0), {"alpha": 2.0}),
    Call("F.gelu", "gelu", F.gelu),
    Call("F.gelu(approximate=True)", "gelu_tanh", lambda x: F.gelu(x, True)),
    Call("F.silu", "silu", F.silu),
    Call("F.swish", "silu", F.swish),
    Call("F.mish", "mish", F.mish),
    Call("F.hardswish", "hardswish", F.hardswish),
    Call("F.sigmoid", "sigmoid", F.sigmoid),
    Call("F.softplus", "softplus", F.softplus),
    Call("paddle.logaddexp(x, 0)", "softplus", lambda x: paddle.logaddexp(x, paddle.zeros_like(x))),
    Call("F.log_sigmoid", "log_sigmoid", F.log_sigmoid),
    Call("F.tanh", "tanh", F.tanh),
    Call("paddle.stanh", "tanh", paddle.stanh),
    Call("F.hardtanh", "hardtanh", F.hardtanh),
    Call("paddle.clip(x, -1, 1)", "hardtanh", lambda x: paddle.clip(x, -1.0, 1.0)),
    Call("F.hardsigmoid", "hardsigmoid", F.hardsigmoid),
    Call("F.softsign", "softsign", F.softsign),
    Call("F.hardshrink", "hardshrink", F.hardshrink),
    Call("F.softshrink", "softshrink", F.softshrink),
    Call("F.tanhshrink", "tanhshrink", F.tanhshrink),
    Call("F.thresholded_relu", "threshold", F.thresholded_relu),
    Call("paddle.abs", "abs", paddle.abs),
    Call("paddle.erf", "erf", paddle.erf),
    Call("paddle.expm1", "expm1", paddle.expm1),
    Call("paddle.exp", "exp", paddle.exp),
    Call("paddle.sin", "sine", paddle.sin),
    Call(
        "F.binary_cross_entropy_with_logits(z, 1)",
        "bce_logits",
        lambda x: F.binary_cross_entropy_with_logits(x, paddle.ones_like(x), reduction="none"),
    ),
    Call(
        "F.binary_cross_entropy(p, 1)",
        "neg_log",
        lambda x: F.binary_cross_entropy(
            paddle.clip(x, 0.0, 1.0), paddle.ones_like(x), reduction="none"
        ),
    ),
    Call("F.softmax", "softmax", F.softmax, kind="row"),
    Call("F.log_softmax", "log_softmax", F.log_softmax, kind="row"),
    Call("paddle.logsumexp", "logsumexp", lambda x: paddle.logsumexp(x, -1), kind="row"),
    Call(
        "F.cross_entropy",
        "cross_entropy",
        lambda x: F.cross_entropy(x, paddle.zeros([x.shape[0]], "int64"), reduction="none"),
        kind="row",
    ),
    Call("F.glu", "glu", F.glu, kind="row"),
]

if __name__ == "__main__":
    run(
        CALLS,
        enter=enter,
        leave=leave,
        gradient=gradient,
        dtypes=("float64", "float32", "float16", "bfloat16", "int32"),
    )
