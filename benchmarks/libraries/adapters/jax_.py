"""JAX: every activation of jax.nn and a few of its neighbours, with their defaults."""

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import lax, nn
from protocol import Call, first, run


def enter(array, dtype):
    return jnp.asarray(array.view(ml_dtypes.bfloat16) if dtype == "bfloat16" else array)


def leave(result):
    array = np.asarray(result)
    name = array.dtype.name
    return (array.view(np.uint16) if name == "bfloat16" else array), name


def gradient(function, x):
    return jax.grad(lambda x: first(function(x)).sum())(x)


CALLS = [
    Call("nn.relu", "relu", nn.relu),
    Call("jnp.maximum(x, 0)", "relu", lambda x: jnp.maximum(x, 0)),
    Call("nn.leaky_relu", "leaky_relu", nn.leaky_relu),
    Call("nn.relu6", "relu6", nn.relu6),
    Call("nn.elu", "elu", nn.elu),
    Call("nn.elu(alpha=2)", "elu", lambda x: nn.elu(x, 2.0), {"alpha": 2.0}),
    Call("nn.selu", "selu", nn.selu),
    Call("nn.celu", "celu", nn.celu),
    Call("nn.celu(alpha=2)", "celu", lambda x: nn.celu(x, 2.0), {"alpha": 2.0}),
    Call("nn.gelu", "gelu", nn.gelu),
    Call("nn.gelu(approximate=False)", "gelu", lambda x: nn.gelu(x, approximate=False)),
    Call("nn.silu", "silu", nn.silu),
    Call("nn.swish", "silu", nn.swish),
    Call("nn.mish", "mish", nn.mish),
    Call("nn.hard_swish", "hardswish", nn.hard_swish),
    Call("nn.sigmoid", "sigmoid", nn.sigmoid),
    Call("nn.softplus", "softplus", nn.softplus),
    Call("jnp.logaddexp(x, 0)", "softplus", lambda x: jnp.logaddexp(x, 0.0)),
    Call("nn.log_sigmoid", "log_sigmoid", nn.log_sigmoid),
    Call("nn.tanh", "tanh", nn.tanh),
    Call("nn.hard_tanh", "hardtanh", nn.hard_tanh),
    Call("jnp.clip(x, -1, 1)", "hardtanh", lambda x: jnp.clip(x, -1, 1)),
    Call(
        "lax.clamp(-1, x, 1)",
        "hardtanh",
        lambda x: lax.clamp(jnp.array(-1, x.dtype), x, jnp.array(1, x.dtype)),
    ),
    Call("nn.hard_sigmoid", "hardsigmoid", nn.hard_sigmoid),
    Call("nn.soft_sign", "softsign", nn.soft_sign),
    Call("nn.squareplus", "squareplus", nn.squareplus),
    Call("nn.sparse_plus", "sparse_plus", nn.sparse_plus),
    Call("nn.sparse_sigmoid", "hard sigmoid, a z + b", nn.sparse_sigmoid, {"a": 0.5, "b": 0.5}),
    Call("jnp.sin", "sine", jnp.sin),
    Call("jnp.abs", "abs", jnp.abs),
    Call("jnp.sinc", "sinc", jnp.sinc),
    Call("lax.erf", "erf", lax.erf),
    Call("jnp.expm1", "expm1", jnp.expm1),
    Call("jnp.exp", "exp", jnp.exp),
    Call("nn.softmax", "softmax", nn.softmax, kind="row"),
    Call("nn.log_softmax", "log_softmax", nn.log_softmax, kind="row"),
    Call("nn.logsumexp", "logsumexp", lambda x: nn.logsumexp(x, axis=-1), kind="row"),
    Call("nn.glu", "glu", nn.glu, kind="row"),
]

if __name__ == "__main__":
    run(
        CALLS,
        enter=enter,
        leave=leave,
        gradient=gradient,
        views=False,
        dtypes=("float64", "float32", "float16", "bfloat16", "int32"),
    )
