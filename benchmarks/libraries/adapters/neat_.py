"""neat-python: every function of neat.activations."""

import numpy as np
from neat import activations
from protocol import Call, run

CLAIMS = {
    "sigmoid": "sigmoid", "tanh": "tanh", "sin": "sine", "gauss": "gaussian", "relu": "relu",
    "elu": "elu", "lelu": "leaky_relu", "selu": "selu", "softplus": "softplus",
    "identity": "identity", "clamped": "hardtanh", "abs": "abs", "exp": "exp", "hat": "",
    "inv": "", "log": "", "square": "", "cube": "",
}  # fmt: skip


def each(function):
    return lambda x: np.array([float(function(float(v))) for v in x], x.dtype)


CALLS = [
    Call(f"{name}_activation", claims, each(getattr(activations, f"{name}_activation")))
    for name, claims in CLAIMS.items()
    if hasattr(activations, f"{name}_activation")
]

if __name__ == "__main__":
    run(CALLS, dtypes=("float64",), views=False, one_by_one=False)
