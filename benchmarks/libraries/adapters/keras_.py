"""Keras on one of its backends: keras.activations, .ops and .layers, with their defaults."""

import importlib

import keras
from keras import activations, layers, ops
from protocol import Call, run

BACKENDS = {"jax": "jax_", "torch": "torch_eager", "tensorflow": "tensorflow_"}

keras.config.set_floatx("float32")


def layer(made):
    return lambda x: made(x)


CALLS = [
    Call("activations.relu", "relu", activations.relu),
    Call("ops.relu", "relu", ops.relu),
    Call("layers.ReLU()", "relu", layers.ReLU()),
    Call("activations.leaky_relu", "leaky_relu", activations.leaky_relu),
    Call("ops.leaky_relu", "leaky_relu", ops.leaky_relu),
    Call("layers.LeakyReLU()", "leaky_relu", layers.LeakyReLU()),
    Call("layers.PReLU()", "prelu", lambda x: layers.PReLU(shared_axes=[1])(x[:, None])[:, 0]),
    Call("activations.relu6", "relu6", activations.relu6),
    Call("ops.relu6", "relu6", ops.relu6),
    Call("activations.elu", "elu", activations.elu),
    Call("ops.elu", "elu", ops.elu),
    Call("layers.ELU()", "elu", layers.ELU()),
    Call("activations.elu(alpha=2)", "elu", lambda x: activations.elu(x, 2.0), {"alpha": 2.0}),
    Call("activations.selu", "selu", activations.selu),
    Call("activations.celu", "celu", activations.celu),
    Call("activations.gelu", "gelu", activations.gelu),
    Call("ops.gelu", "gelu", ops.gelu),
    Call("activations.gelu(approximate=True)", "gelu_tanh", lambda x: activations.gelu(x, True)),
    Call("activations.silu", "silu", activations.silu),
    Call("activations.mish", "mish", activations.mish),
    Call("activations.hard_silu", "hardswish", activations.hard_silu),
    Call("activations.sigmoid", "sigmoid", activations.sigmoid),
    Call("ops.sigmoid", "sigmoid", ops.sigmoid),
    Call("activations.hard_sigmoid", "hardsigmoid", activations.hard_sigmoid),
    Call("ops.hard_sigmoid", "hardsigmoid", ops.hard_sigmoid),
    Call("activations.softplus", "softplus", activations.softplus),
    Call("activations.log_sigmoid", "log_sigmoid", activations.log_sigmoid),
    Call("activations.tanh", "tanh", activations.tanh),
    Call("activations.hard_tanh", "hardtanh", activations.hard_tanh),
    Call("activations.softsign", "softsign", activations.softsign),
    Call("activations.hard_shrink", "hardshrink", activations.hard_shrink),
    Call("activations.soft_shrink", "softshrink", activations.soft_shrink),
    Call("activations.tanh_shrink", "tanhshrink", activations.tanh_shrink),
    Call("ops.threshold", "threshold", lambda x: ops.threshold(x, 1.0, 0.0)),
    Call("activations.squareplus", "squareplus", activations.squareplus),
    Call("activations.sparse_plus", "sparse_plus", activations.sparse_plus),
    Call(
        "activations.sparse_sigmoid",
        "hard sigmoid, a z + b",
        activations.sparse_sigmoid,
        {"a": 0.5, "b": 0.5},
    ),
    Call("activations.exponential", "exp", activations.exponential),
    Call(
        "losses.binary_crossentropy(1, z, from_logits=True)",
        "bce_logits",
        lambda x: ops.binary_crossentropy(ops.ones_like(x), x, from_logits=True),
    ),
    Call(
        "ops.binary_crossentropy(1, p)",
        "neg_log",
        lambda x: ops.binary_crossentropy(ops.ones_like(x), x),
    ),
    Call("activations.softmax", "softmax", activations.softmax, kind="row"),
    Call("ops.softmax", "softmax", ops.softmax, kind="row"),
    Call("activations.log_softmax", "log_softmax", activations.log_softmax, kind="row"),
    Call("ops.logsumexp", "logsumexp", lambda x: ops.logsumexp(x, axis=-1), kind="row"),
    Call(
        "ops.categorical_crossentropy, from logits",
        "cross_entropy",
        lambda x: ops.categorical_crossentropy(
            ops.one_hot(ops.zeros(len(x), "int32"), x.shape[-1]), x, from_logits=True
        ),
        kind="row",
    ),
    Call("activations.glu", "glu", activations.glu, kind="row"),
]

if __name__ == "__main__":
    backend = importlib.import_module(BACKENDS[keras.backend.backend()])
    run(
        CALLS,
        enter=backend.enter,
        leave=backend.leave,
        gradient=backend.gradient,
        views=False,
        dtypes=("float32", "bfloat16", "int32"),
        one_by_one=False,
    )
