"""MNN: the functions of MNN.expr, with their defaults."""

import functools

import MNN.expr as expr
import numpy as np
from protocol import Call, run


def call(function):
    def made(x):
        variable = expr.const(
            np.ascontiguousarray(x, np.float32), list(x.shape), expr.NCHW, expr.float
        )
        return np.array(function(variable).read()).reshape(x.shape)

    return made


def applied(name, given, x):
    return getattr(expr, name)(x, *given)


NAMES = {
    "relu": "relu", "relu6": "relu6", "elu": "elu", "selu": "selu", "gelu": "gelu",
    "sigmoid": "sigmoid", "softplus": "softplus", "softsign": "softsign", "tanh": "tanh",
    "erf": "erf", "exp": "exp", "expm1": "expm1", "sin": "sine", "hardswish": "hardswish",
    "silu": "silu", "abs": "abs",
}  # fmt: skip
ARGUMENTS = {"elu": (1.0,), "selu": (1.0507009873554805, 1.6732632423543772)}
CALLS = []
for name, claims in NAMES.items():
    if hasattr(expr, name):
        given = ARGUMENTS.get(name, ())
        made = call(functools.partial(applied, name, given))
        CALLS.append(Call(f"expr.{name}", claims, made))
CALLS.append(Call("expr.softmax", "softmax", call(expr.softmax), kind="row"))

if __name__ == "__main__":
    run(CALLS, dtypes=("float32",), views=False)
