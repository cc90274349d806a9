"""TensorFlow, run operation by operation: tf.nn and tf.math, with their defaults."""

import ml_dtypes
import numpy as np
import tensorflow as tf
from protocol import Call, first, run

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def enter(array, dtype):
    return tf.constant(array.view(ml_dtypes.bfloat16) if dtype == "bfloat16" else array)


def leave(result):
    array = np.asarray(result)
    name = array.dtype.name
    return (array.view(np.uint16) if name == "bfloat16" else array), name


def gradient(function, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = first(function(x))
    return tape.gradient(y, x)


CALLS = [
    Call("tf.nn.relu", "relu", tf.nn.relu),
    Call("tf.maximum(x, 0)", "relu", lambda x: tf.maximum(x, tf.zeros((), x.dtype))),
    Call("tf.nn.leaky_relu", "leaky_relu", tf.nn.leaky_relu),
    Call("tf.nn.relu6", "relu6", tf.nn.relu6),
    Call("tf.nn.elu", "elu", tf.nn.elu),
    Call("tf.nn.selu", "selu", tf.nn.selu),
    Call("tf.nn.gelu", "gelu", tf.nn.gelu),
    Call("tf.nn.gelu(approximate=True)", "gelu_tanh", lambda x: tf.nn.gelu(x, True)),
    Call("tf.nn.silu", "silu", tf.nn.silu),
    Call("tf.nn.swish", "silu", tf.nn.swish),
    Call("tf.nn.sigmoid", "sigmoid", tf.nn.sigmoid),
    Call("tf.nn.softplus", "softplus", tf.nn.softplus),
    Call("tf.math.log_sigmoid", "log_sigmoid", tf.math.log_sigmoid),
    Call("tf.nn.tanh", "tanh", tf.nn.tanh),
    Call(
        "tf.clip_by_value(x, -1, 1)",
        "hardtanh",
        lambda x: tf.clip_by_value(x, tf.cast(-1, x.dtype), tf.cast(1, x.dtype)),
    ),
    Call("tf.nn.softsign", "softsign", tf.nn.softsign),
    Call("tf.abs", "abs", tf.abs),
    Call("tf.math.erf", "erf", tf.math.erf),
    Call("tf.math.expm1", "expm1", tf.math.expm1),
    Call("tf.exp", "exp", tf.exp),
    Call("tf.sin", "sine", tf.sin),
    Call(
        "tf.nn.sigmoid_cross_entropy_with_logits(1, z)",
        "bce_logits",
        lambda x: tf.nn.sigmoid_cross_entropy_with_logits(tf.ones_like(x), x),
    ),
    Call("tf.nn.softmax", "softmax", tf.nn.softmax, kind="row"),
    Call("tf.nn.log_softmax", "log_softmax", tf.nn.log_softmax, kind="row"),
    Call("tf.reduce_logsumexp", "logsumexp", lambda x: tf.reduce_logsumexp(x, -1), kind="row"),
    Call(
        "tf.nn.sparse_softmax_cross_entropy_with_logits",
        "cross_entropy",
        lambda x: tf.nn.sparse_softmax_cross_entropy_with_logits(tf.zeros(x.shape[0], tf.int32), x),
        kind="row",
    ),
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
