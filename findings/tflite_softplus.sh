#!/bin/sh
# TensorFlow's softplus is infinite from 89 up once it is converted to TensorFlow Lite.
# One would guess: the converted function is the function, but for rounding: softplus(89) is 89.
# What happens: the converter writes log(1 + exp(x)), which overflows, and is 0 at -20, where TensorFlow gives 2e-09.
#   Its log_sigmoid is -softplus(-x): minus infinity at -89.
# Version: tensorflow-cpu 2.21.0 (PyPI), November 2026.
# Source: tf.math.softplus; tensorflow/core/kernels/softplus_op.h has the threshold that the conversion loses
. "$(dirname "$0")/setup.sh"
python_packages tensorflow-cpu==2.21.0
python <<'CODE'
import numpy as np
import tensorflow as tf


def converted(function, x):
    given = tf.TensorSpec(x.shape, tf.float32)
    graph = tf.function(function, input_signature=[given]).get_concrete_function()
    model = tf.lite.TFLiteConverter.from_concrete_functions([graph]).convert()
    run = tf.lite.Interpreter(model_content=model)
    run.allocate_tensors()
    run.set_tensor(run.get_input_details()[0]["index"], x)
    run.invoke()
    return run.get_tensor(run.get_output_details()[0]["index"])


print("TensorFlow", tf.__version__)
for f, places in ((tf.nn.softplus, [-20, 1, 80, 89]), (tf.math.log_sigmoid, [-89, -80, 1])):
    x = np.array(places, np.float32)
    for name, y in {"TensorFlow": f(x).numpy(), "Lite": converted(f, x)}.items():
        print(f.__name__, places, name, " ".join(f"{v:.3g}" for v in y))
CODE
seen <<'SEEN'
TensorFlow 2.21.0
softplus [-20, 1, 80, 89] TensorFlow 2.06e-09 1.31 80 89
softplus [-20, 1, 80, 89] Lite 0 1.31 80 inf
log_sigmoid [-89, -80, 1] TensorFlow -89 -80 -0.313
log_sigmoid [-89, -80, 1] Lite -inf -80 -0.313
SEEN
