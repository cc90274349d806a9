#!/bin/sh
# TensorFlow's erf of infinity is NaN in float64, and -1 or 1 in float32.
# One would guess: 1 in both: erf saturates like tanh.
# What happens: NaN in float64, from 1.4e154 on, where x^2 overflows.
# Version: tensorflow-cpu 2.21.0 (PyPI), on an x86-64 processor, November 2026.
# Source: tf.math.erf's documentation: values in [-1, 1]
. "$(dirname "$0")/setup.sh"
python_packages tensorflow-cpu==2.21.0
python <<'CODE'
import tensorflow as tf

print("tensorflow", tf.__version__)
for dtype in (tf.float32, tf.float64):
    x = tf.constant([1.0, 1e30, float("inf"), float("-inf")], dtype)
    print(dtype.name, tf.math.erf(x).numpy().round(4).tolist())
print("float64, erf(1e155) =", tf.math.erf(tf.constant([1e155], tf.float64)).numpy().tolist())
CODE
seen <<'SEEN'
SEEN
