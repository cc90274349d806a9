#!/bin/sh
# JAX's squareplus is 0 at -10,000 and falls on the way there.
# One would guess: (x + sqrt(x^2 + 4)) / 2 is positive and rises: it falls off like 1/|x|, so 1e-4 at -10,000.
# What happens: the formula is computed as it stands, and x + sqrt(x^2 + 4) cancels: 0, and on the way
#   there it falls where it should rise.
# Version: jax 0.10.2 (PyPI), November 2026.
# Source: jax/_src/nn/functions.py, squareplus; a stable form is 2 / (sqrt(x^2 + 4) - x)
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 numpy==2.4.6
python <<'CODE'
import jax
import jax.numpy as jnp
import numpy as np

x = jnp.linspace(-6000, -2000, 4001, dtype=jnp.float32)
y = np.asarray(jax.nn.squareplus(x))
print("jax", jax.__version__)
print("squareplus(-10000) =", float(jax.nn.squareplus(jnp.float32(-1e4))), "; exactly 1e-04")
print("falls somewhere between -6000 and -2000:", bool((np.diff(y) < 0).any()))
CODE
seen <<'SEEN'
jax 0.10.2
squareplus(-10000) = 0.0 ; exactly 1e-04
falls somewhere between -6000 and -2000: True
SEEN
