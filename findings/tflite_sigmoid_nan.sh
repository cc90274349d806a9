#!/bin/sh
# TensorFlow Lite's sigmoid of 1e30 is NaN, that of 1e20 and of 3e38 is 1; its exp(NaN) is 0.
# One would guess: 1, 1, 1, as in TensorFlow, and NaN.
# What happens: NaN for inputs between about 4e26 and 2e38 on both sides, numbers beyond; and NaN that comes in goes out as 0.
# Version: tensorflow-cpu 2.21.0 (PyPI), on an x86-64 processor, November 2026.
# Source: TensorFlow Lite's operators LOGISTIC and EXP, run by XNNPACK; IEEE 754 on NaN
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
x = np.array([-1e30, -1e20, 1e20, 1e30, 3e38], np.float32)
print("sigmoid: TensorFlow", tf.nn.sigmoid(x).numpy().tolist())
print("sigmoid: Lite      ", converted(tf.nn.sigmoid, x).tolist())
x = np.array([np.nan, 0], np.float32)
print("exp of NaN, 0: TensorFlow", tf.exp(x).numpy().tolist(), "Lite", converted(tf.exp, x).tolist())
CODE
seen <<'SEEN'
TensorFlow 2.21.0
sigmoid: TensorFlow [0.0, 0.0, 1.0, 1.0, 1.0]
sigmoid: Lite       [nan, 0.0, 1.0, nan, 1.0]
exp of NaN, 0: TensorFlow [nan, 1.0] Lite [0.0, 1.0]
SEEN
