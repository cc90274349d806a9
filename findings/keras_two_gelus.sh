#!/bin/sh
# Keras has two functions named gelu, and they differ.
# One would guess: keras.ops.gelu is what keras.activations.gelu is.
# What happens: ops.gelu is the tanh form by default, activations.gelu the erf form: 4.7e-4 apart at most.
# Version: keras 3.15.1 (PyPI), November 2026.
# Source: keras/src/ops/nn.py, def gelu(x, approximate=True); activations.py, def gelu(x, approximate=False)
. "$(dirname "$0")/setup.sh"
python_packages keras==3.15.1 jax==0.10.2 numpy==2.4.6
python <<'CODE'
import keras
import numpy as np

x = np.array([-2, -1, 2], np.float32)
print("keras", keras.__version__)
for name, function in {"activations": keras.activations.gelu, "ops": keras.ops.gelu}.items():
    print(f"{name}.gelu:", " ".join(f"{y:.5f}" for y in np.asarray(function(x))))
CODE
seen <<'SEEN'
keras 3.15.1
activations.gelu: -0.04550 -0.15866 1.95450
ops.gelu: -0.04540 -0.15881 1.95460
SEEN
