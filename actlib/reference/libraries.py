"""Where Keras and JAX have functions of the registry that the scan of libraries does not measure.

What PyTorch calls them is in the registry; here is only where it does something else, where a name
of another function is ours for one value of a parameter, and how to compose what a library lacks.

Taken from the signatures in Keras 3.15.1 and JAX 0.10.2, and compared with this package's
values; `tests/package/test_reference.py` does so again where the two are installed.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """A function of a library, and its defaults where ours have a parameter for them."""

    text: str
    params: dict[str, float] = field(default_factory=dict)  # in our names
    only: dict[str, float] = field(default_factory=dict)  # the values for which it is ours
    note: str = ""  # where it gives different numbers, and why


# What to know about PyTorch's function of the same name.
TORCH_NOTES = {
    "softplus": "above beta z = 20 (its `threshold`) it returns z itself",
    "threshold": "both parameters must be given, in Keras too",
}


def _for_one_value(only, **named):
    return {
        library: tuple(Call(text, only=only) for text in calls) for library, calls in named.items()
    }


# Only what the scan of libraries does not measure: see `Compared.on_cards` for the rest.
ELSEWHERE = {
    "identity": {
        "keras": (Call("keras.activations.linear"),),
        "jax": (Call("jax.nn.identity"),),
    },
    "swish": _for_one_value(
        {"beta": 1.0},
        torch=("F.silu", "nn.SiLU"),
        keras=("keras.activations.silu", "keras.activations.swish"),
        jax=("jax.nn.silu", "jax.nn.swish"),
    ),
    "sine": {"keras": (Call("keras.ops.sin"),)},
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
}

# What is not there, in the library's own operations: z in, parameters by our names; a and b are
# the halves of z. For the functions whose formula is one short line.
_LIBRARIES = {
    "torch": {"nn": "F", "math": "torch"},
    "keras": {"nn": "keras.activations", "math": "keras.ops"},
    "jax": {"nn": "jax.nn", "math": "jax.numpy"},
}
_COMPOSED = {
    "prelu": "{nn}.leaky_relu(z, alpha)",
    "rrelu": "{nn}.leaky_relu(z, (lower + upper) / 2)",
    "squared_relu": "{nn}.relu(z) ** 2",
    "threshold": "{math}.where(z > theta, z, below)",
    "swish": "z * {sigmoid}(beta * z)",
    "quick_gelu": "z * {sigmoid}(1.702 * z)",
    "squareplus": "(z + {math}.sqrt(z**2 + b)) / 2",
    "dyt": "{math}.tanh(alpha * z)",
    "softcap": "cap * {math}.tanh(z / cap)",
    "hardshrink": "{math}.where(abs(z) > theta, z, 0.0)",
    "softshrink": "{nn}.relu(z - theta) - {nn}.relu(-z - theta)",
    "tanhshrink": "z - {math}.tanh(z)",
    "snake": "z + {math}.sin(alpha * z) ** 2 / alpha",
    "softmin": "{nn}.softmax(-z)",
    "bilinear_glu": "a * b",
    "reglu": "a * {nn}.relu(b)",
    "geglu": "a * {gelu}",
    "swiglu": "a * {nn}.silu(b)",
}


def composed(name, library):
    """Return an activation as an expression in a library's operations, or "" if none is listed.

    >>> composed("squared_relu", "torch"), composed("softcap", "jax")
    ('F.relu(z) ** 2', 'cap * jax.numpy.tanh(z / cap)')
    """
    names = _LIBRARIES[library]
    gelu = "{nn}.gelu(b, approximate=False)" if library == "jax" else "{nn}.gelu(b)"
    sigmoid = "torch.sigmoid" if library == "torch" else f"{names['nn']}.sigmoid"
    return _COMPOSED.get(name, "").format(gelu=gelu.format(**names), sigmoid=sigmoid, **names)
