"""PyTorch, run operation by operation: torch.nn.functional, torch, and modules with defaults."""

import sys

import numpy as np
import torch
import torch.nn.functional as F
from protocol import Call, first, run
from torch import nn

torch.set_num_threads(1)


def enter(array, dtype):
    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if dtype == "bfloat16" else tensor


def leave(tensor):
    tensor = tensor.detach()
    name = str(tensor.dtype).removeprefix("torch.")
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.contiguous().view(torch.uint16)
    return np.ascontiguousarray(tensor.numpy()), name


def gradient(function, x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(first(function(x)).sum(), x)[0]


def like(module):
    """Make a module's parameters, if it has any, of the dtype of the input."""
    return lambda x: module.to(x.dtype)(x)


def index_loss(x):
    return F.cross_entropy(x, torch.zeros(len(x), dtype=torch.long), reduction="none")


def one_hot_loss(x):
    target = torch.zeros_like(x)
    target[:, 0] = 1
    return F.cross_entropy(x, target, reduction="none")


def one(x):
    return torch.ones_like(x)


CALLS = [
    Call("F.relu", "relu", F.relu),
    Call("torch.maximum(x, 0)", "relu", lambda x: torch.maximum(x, torch.zeros_like(x))),
    Call("x.clamp(min=0)", "relu", lambda x: x.clamp(min=0)),
    Call("F.leaky_relu", "leaky_relu", F.leaky_relu),
    Call("nn.LeakyReLU()", "leaky_relu", nn.LeakyReLU()),
    Call("nn.PReLU()", "prelu", like(nn.PReLU())),
    Call("F.rrelu", "rrelu", F.rrelu),
    Call("nn.RReLU().eval()", "rrelu", nn.RReLU().eval()),
    Call("F.relu6", "relu6", F.relu6),
    Call("F.elu", "elu", F.elu),
    Call("F.elu(alpha=2)", "elu", lambda x: F.elu(x, 2.0), {"alpha": 2.0}),
    Call("F.selu", "selu", F.selu),
    Call("F.celu", "celu", F.celu),
    Call("F.celu(alpha=2)", "celu", lambda x: F.celu(x, 2.0), {"alpha": 2.0}),
    Call("F.gelu", "gelu", F.gelu),
    Call("nn.GELU()", "gelu", nn.GELU()),
    Call("F.gelu(approximate='tanh')", "gelu_tanh", lambda x: F.gelu(x, approximate="tanh")),
    Call("F.silu", "silu", F.silu),
    Call("F.mish", "mish", F.mish),
    Call("F.hardswish", "hardswish", F.hardswish),
    Call("torch.sigmoid", "sigmoid", torch.sigmoid),
    Call("torch.special.expit", "sigmoid", torch.special.expit),
    Call("F.softplus", "softplus", F.softplus),
    Call("F.softplus(beta=0.1)", "softplus", lambda x: F.softplus(x, 0.1), {"beta": 0.1}),
    Call("torch.logaddexp(x, 0)", "softplus", lambda x: torch.logaddexp(x, torch.zeros_like(x))),
    Call("F.logsigmoid", "log_sigmoid", F.logsigmoid),
    Call("torch.tanh", "tanh", torch.tanh),
    Call("F.hardtanh", "hardtanh", F.hardtanh),
    Call("x.clamp(-1, 1)", "hardtanh", lambda x: x.clamp(-1, 1)),
    Call("F.hardsigmoid", "hardsigmoid", F.hardsigmoid),
    Call("F.softsign", "softsign", F.softsign),
    Call("F.hardshrink", "hardshrink", F.hardshrink),
    Call("F.softshrink", "softshrink", F.softshrink),
    Call("F.tanhshrink", "tanhshrink", F.tanhshrink),
    Call("torch.sin", "sine", torch.sin),
    Call("F.threshold(x, 1, 0)", "threshold", lambda x: F.threshold(x, 1.0, 0.0)),
    Call("torch.abs", "abs", torch.abs),
    Call("torch.erf", "erf", torch.erf),
    Call("torch.exp", "exp", torch.exp),
    Call("torch.expm1", "expm1", torch.expm1),
    Call("torch.log1p", "log1p", torch.log1p),
    Call("torch.sinc", "sinc", torch.sinc),
    Call(
        "F.binary_cross_entropy_with_logits(z, 1)", "bce_logits",
        lambda x: F.binary_cross_entropy_with_logits(x, one(x), reduction="none"),
    ),
    Call(
        "F.binary_cross_entropy(p, 1)", "neg_log",
        lambda x: F.binary_cross_entropy(x.clamp(0, 1), one(x), reduction="none"),
    ),
    Call(
        "F.soft_margin_loss(z, 1)", "bce_logits",
        lambda x: F.soft_margin_loss(x, one(x), reduction="none"),
    ),
    Call("F.softmax(dim=-1)", "softmax", lambda x: F.softmax(x, -1), kind="row"),
    Call("F.softmax", "softmax", F.softmax, kind="row"),
    Call("F.log_softmax(dim=-1)", "log_softmax", lambda x: F.log_softmax(x, -1), kind="row"),
    Call("F.softmin(dim=-1)", "softmin", lambda x: F.softmin(x, -1), kind="row"),
    Call("nn.Softmax2d()", "softmax", nn.Softmax2d(), kind="row"),
    Call("torch.logsumexp(dim=-1)", "logsumexp", lambda x: torch.logsumexp(x, -1), kind="row"),
    Call("F.cross_entropy, an index", "cross_entropy", index_loss, kind="row"),
    Call("F.cross_entropy, one-hot", "cross_entropy", one_hot_loss, kind="row"),
    Call("F.glu", "glu", F.glu, kind="row"),
]  # fmt: skip

if __name__ == "__main__":
    dtypes = ("float64", "float32", "float16", "bfloat16", "int32")
    run(CALLS, enter=enter, leave=leave, gradient=gradient, dtypes=dtypes)
    sys.exit(0)
