"""autograd: the special functions that it wraps, with its own gradients."""

import autograd.numpy as anp
import autograd.scipy.special as special
import numpy as np
from autograd import elementwise_grad
from protocol import Call, first, run


def gradient(function, x):
    return elementwise_grad(lambda x: first(function(x)))(x)


CALLS = [
    Call("special.expit", "sigmoid", special.expit),
    Call("anp.tanh", "tanh", anp.tanh),
    Call("anp.logaddexp(x, 0)", "softplus", lambda x: anp.logaddexp(x, np.zeros_like(x))),
    Call("anp.maximum(x, 0)", "relu", lambda x: anp.maximum(x, 0)),
    Call("anp.clip(x, -1, 1)", "hardtanh", lambda x: anp.clip(x, -1, 1)),
    Call("anp.abs", "abs", anp.abs),
    Call("anp.sinc", "sinc", anp.sinc),
    Call("anp.expm1", "expm1", anp.expm1),
    Call("special.erf", "erf", special.erf),
    Call(
        "special.logsumexp",
        "logsumexp",
        lambda x: special.logsumexp(x, axis=-1),
        kind="row",
        slope=False,
    ),
]

if __name__ == "__main__":
    run(CALLS, gradient=gradient, dtypes=("float64", "float32", "int32"), one_by_one=False)
