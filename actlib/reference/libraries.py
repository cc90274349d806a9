"""Where Keras and JAX have the functions of the registry, and with which defaults.

What PyTorch calls them is in the registry; here is only where it does something else.

Taken from the signatures in Keras 3.15.1 and JAX 0.10.2, and compared with this package's
values; `tests/package/test_reference.py` does so again where the two are installed.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """A function of a library, and its defaults where ours have a parameter for them."""

    text: str
    params: dict[str, float] = field(default_factory=dict)  # in our names
    note: str = ""  # where it gives different numbers, and why


# What to know about PyTorch's function of the same name.
TORCH_NOTES = {
    "softplus": "above beta z = 20 (its `threshold`) it returns z itself",
    "threshold": "both parameters must be given, in Keras too",
}


def _both(keras, jax=None, **params):
    calls = {"keras": (Call(f"keras.activations.{keras}", params),)}
    return calls | ({"jax": (Call(f"jax.nn.{jax}", params),)} if jax else {})


ELSEWHERE = {
    "identity": _both("linear", "identity"),
    "relu": _both("relu", "relu"),
    "leaky_relu": {
        "keras": (
            Call("keras.activations.leaky_relu", {"alpha": 0.2}),
            Call("keras.layers.LeakyReLU", {"alpha": 0.3}),
        ),
        "jax": (Call("jax.nn.leaky_relu", {"alpha": 0.01}),),
    },
    "prelu": {"keras": (Call("keras.layers.PReLU", {"alpha": 0.0}),)},
    "relu6": _both("relu6", "relu6"),
    "elu": _both("elu", "elu", alpha=1.0),
    "selu": _both("selu", "selu"),
    "celu": _both("celu", "celu", alpha=1.0),
    "gelu": {
        "keras": (Call("keras.activations.gelu"),),
        "jax": (Call("jax.nn.gelu(approximate=False)"),),
    },
    "gelu_tanh": {
        "keras": (Call("keras.activations.gelu(approximate=True)"),),
        "jax": (Call("jax.nn.gelu"),),
    },
    "silu": _both("silu", "silu"),
    "mish": _both("mish", "mish"),
    "hardswish": _both("hard_swish", "hard_swish"),
    "sigmoid": _both("sigmoid", "sigmoid"),
    "softplus": _both("softplus", "softplus"),
    "log_sigmoid": _both("log_sigmoid", "log_sigmoid"),
    "tanh": _both("tanh", "tanh"),
    "hardtanh": _both("hard_tanh", "hard_tanh"),
    "hardsigmoid": _both("hard_sigmoid", "hard_sigmoid"),
    "softsign": _both("softsign", "soft_sign"),
    "hardshrink": _both("hard_shrink", theta=0.5),
    "softshrink": _both("soft_shrink", theta=0.5),
    "tanhshrink": _both("tanh_shrink"),
    "threshold": _both("threshold"),
    "softmax": _both("softmax", "softmax"),
    "log_softmax": _both("log_softmax", "log_softmax"),
    "sparsemax": {
        "keras": (
            Call(
                "keras.activations.sparsemax",
                # keras-team/keras, issue 23425; pull request 23469 mends it.
                note="wrong up to version 3.15.1 where two or more entries are not 0: "
                "the row then does not add up to 1",
            ),
        )
    },
    "glu": _both("glu", "glu"),
}
