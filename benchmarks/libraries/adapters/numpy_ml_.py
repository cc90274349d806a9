"""numpy-ml: its activation classes, with their defaults and own derivatives."""

import collections
import collections.abc

# The package was written for a Python in which these stood here.
for name in ("Hashable", "Iterable", "Mapping", "Sequence"):
    setattr(collections, name, getattr(collections.abc, name))

from numpy_ml.neural_nets import activations  # noqa: E402
from protocol import Call, run  # noqa: E402

CLAIMS = {
    "Sigmoid": "sigmoid", "ReLU": "relu", "LeakyReLU": "leaky_relu", "GELU": "gelu",
    "Tanh": "tanh", "Affine": "identity", "Identity": "identity", "ELU": "elu",
    "Exponential": "exp", "SELU": "selu", "HardSigmoid": "hardsigmoid", "SoftPlus": "softplus",
}  # fmt: skip


def call(name, claims):
    made = getattr(activations, name)()
    return Call(f"{name}()", claims, made.fn, slope=lambda f, x: made.grad(x))


if __name__ == "__main__":
    calls = [call(n, c) for n, c in CLAIMS.items() if hasattr(activations, n)]
    run(calls, dtypes=("float64", "float32", "int32"), one_by_one=False, most=20000)
