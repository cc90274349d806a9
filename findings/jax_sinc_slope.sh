#!/bin/sh
# The gradient of JAX's sinc is enormous beside 0, where sinc is flat.
# One would guess: sinc is even and smooth, so its slope near 0 is nearly 0; at 0 JAX takes care of that.
# What happens: at 0 and at 1e-12 it is; at 1e-25 and 1e-30 it is larger than 1, though sinc is 1 there.
# Version: jax 0.10.2 (PyPI), November 2026.
# Source: jax/_src/numpy/ufuncs.py, sinc: only x == 0 is treated apart (_sinc_maclaurin)
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 numpy==2.4.6
python <<'CODE'
import jax
import jax.numpy as jnp

print("jax", jax.__version__)
for x in (0.0, 1e-6, 1e-12, 1e-25, 1e-30):
    y, slope = jax.value_and_grad(jnp.sinc)(jnp.float32(x))
    print(f"sinc({x:g}) = {float(y):g}, its slope larger than 1:", bool(abs(slope) > 1))
CODE
seen <<'SEEN'
jax 0.10.2
sinc(0) = 1, its slope larger than 1: False
sinc(1e-06) = 1, its slope larger than 1: False
sinc(1e-12) = 1, its slope larger than 1: False
sinc(1e-25) = 1, its slope larger than 1: True
sinc(1e-30) = 1, its slope larger than 1: True
SEEN
