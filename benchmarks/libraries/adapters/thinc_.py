"""thinc's NumpyOps, with their defaults; slopes are its own backprop functions."""

import numpy as np
from protocol import Call, run
from thinc.backends import NumpyOps

ops = NumpyOps()
NAMES = {
    "relu": "relu", "relu_k": "relu6", "sigmoid": "sigmoid", "hard_sigmoid": "hardsigmoid",
    "hard_tanh": "hardtanh", "swish": "silu", "hard_swish": "hardswish",
    "hard_swish_mobilenet": "hardswish", "mish": "mish", "gelu": "gelu",
    "gelu_approx": "gelu_tanh", "clipped_linear": "identity", "dish": "",
}  # fmt: skip


def back(name):
    """Return the slope that thinc's own way back gives, for an upstream gradient of 1."""

    def slope(function, x):
        one = np.ones_like(x)
        y = function(x.copy())
        way = getattr(ops, f"backprop_{name}")
        if name in ("relu", "sigmoid"):
            return way(one, y)
        if name in ("swish", "gelu"):
            return way(one, x.copy(), y) if name == "swish" else way(one, x.copy())
        return way(one, x.copy())

    return slope


def call(name):
    has = hasattr(ops, f"backprop_{name}")
    return Call(f"ops.{name}", NAMES[name], getattr(ops, name), slope=back(name) if has else False)


CALLS = [
    *map(call, NAMES),
    Call("ops.erf", "erf", ops.erf),
    Call("ops.softmax", "softmax", ops.softmax, kind="row", slope=False),
]

if __name__ == "__main__":
    run(CALLS, dtypes=("float64", "float32", "float16", "int32"))
