#!/bin/sh
# Keras's CELU has the slope 2 at 0 on TensorFlow, and 1 on JAX.
# One would guess: 1, as on both sides of 0, whatever the backend.
# What happens: it is max(x, 0) + alpha expm1(min(x, 0) / alpha), and where both arguments are equal TensorFlow gives
#   the whole gradient to the first, in max and in min alike: 1 + 1.
# Version: keras 3.15.1, tensorflow-cpu 2.21.0, jax 0.10.2 (PyPI), November 2026.
# Source: keras/src/backend/tensorflow/nn.py, celu; tensorflow/python/ops/math_grad.py, _MaximumGrad and _MinimumGrad
. "$(dirname "$0")/setup.sh"
python_packages keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
python <<'CODE'
import os
import subprocess
import sys

code = """
import keras
from keras import activations
places = [-1e-3, 0.0, 1e-3]
if keras.backend.backend() == "jax":
    import jax
    slopes = [float(jax.grad(activations.celu)(x)) for x in places]
else:
    import tensorflow as tf
    x = tf.constant(places)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = activations.celu(x)
    slopes = tape.gradient(y, x).numpy().tolist()
print("keras", keras.__version__, "on", keras.backend.backend(), [round(s, 3) for s in slopes])
"""
for backend in ("jax", "tensorflow"):
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"KERAS_BACKEND": backend}, check=True)
CODE
seen <<'SEEN'
keras 3.15.1 on jax [0.999, 1.0, 1.0]
keras 3.15.1 on tensorflow [0.999, 2.0, 1.0]
SEEN
