"""PyTensor, with its C or Python mode, whichever there is, and its own gradients."""

import numpy as np
import pytensor
import pytensor.tensor as pt
from protocol import Call, first, run
from pytensor.tensor.special import log_softmax, softmax

pytensor.config.cxx = ""
MODE = pytensor.compile.mode.Mode(linker="py", optimizer="fast_run")
kept = {}


def compiled(build, x, slope):
    key = build, x.dtype.name, x.ndim, slope
    if key not in kept:
        z = pt.tensor(dtype=x.dtype.name, shape=(None,) * x.ndim)
        y = build(z)
        if slope:
            y = pytensor.grad(first(y).sum(), z)
        kept[key] = pytensor.function([z], y, mode=MODE)
    return np.asarray(kept[key](x))


def call(name, claims, build, kind="elementwise"):
    return Call(
        name, claims, lambda x: compiled(build, x, False), kind=kind,
        slope=lambda f, x: compiled(build, x, True),
    )  # fmt: skip


CALLS = [
    call("pt.sigmoid", "sigmoid", pt.sigmoid),
    call("pt.softplus", "softplus", pt.softplus),
    call("pt.log(pt.sigmoid(x))", "log_sigmoid", lambda x: pt.log(pt.sigmoid(x))),
    call("pt.tanh", "tanh", pt.tanh),
    call("pt.erf", "erf", pt.erf),
    call("pt.expm1", "expm1", pt.expm1),
    call("pt.maximum(x, 0)", "relu", lambda x: pt.maximum(x, 0)),
    call("pt.clip(x, -1, 1)", "hardtanh", lambda x: pt.clip(x, -1, 1)),
    call("pt.abs", "abs", pt.abs),
    call("pt.log1p(pt.exp(x))", "softplus", lambda x: pt.log1p(pt.exp(x))),
    call("softmax(axis=-1)", "softmax", lambda x: softmax(x, axis=-1), "row"),
    call("softmax", "softmax", softmax, "row"),
    call("log_softmax(axis=-1)", "log_softmax", lambda x: log_softmax(x, axis=-1), "row"),
    call("pt.logsumexp(axis=-1)", "logsumexp", lambda x: pt.logsumexp(x, axis=-1), "row"),
]

if __name__ == "__main__":
    run(CALLS, dtypes=("float64",), views=False, one_by_one=False, most=2000)
