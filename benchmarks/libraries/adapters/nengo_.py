"""Nengo: rates of its neurons that are activation functions, with gain 1 and bias 0."""

import nengo
import numpy as np
from protocol import Call, run

CLAIMS = {"RectifiedLinear": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh"}


def call(name, claims):
    made = getattr(nengo, name)()
    return Call(
        f"{name}().rates", claims, lambda x: made.rates(x[:, None], np.ones(1), np.zeros(1))[:, 0]
    )


if __name__ == "__main__":
    run([call(n, c) for n, c in CLAIMS.items()], dtypes=("float64", "float32"), one_by_one=False)
