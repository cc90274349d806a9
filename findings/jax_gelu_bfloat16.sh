#!/bin/sh
# JAX's GELU in bfloat16 is 0 from -3.0625 down, and so is its slope.
# One would guess: bfloat16 has fewer digits, not a shorter reach: GELU(-3.0625) is -0.003, which it can hold.
# What happens: 1 + tanh is rounded to 8 bits, is 0, and takes the input and the gradient with it; float32, rounded once,
#   gives -0.003.
# Version: jax 0.10.2 (PyPI), on the processor, November 2026.
# Source: jax/_src/nn/functions.py, gelu: cdf = 0.5 * (1.0 + jnp.tanh(...)), in the dtype of the input
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 numpy==2.4.6
python <<'CODE'
import jax
import jax.numpy as jnp

print("jax", jax.__version__)
for x in (-3.0, -3.0625, -3.5, -4.0):
    low, single = (jnp.asarray(x, dtype) for dtype in (jnp.bfloat16, jnp.float32))
    rounded = jax.nn.gelu(single).astype(jnp.bfloat16)
    print(f"GELU({x:g}) = {float(jax.nn.gelu(low)) + 0.0:.2g}, slope {float(jax.grad(jax.nn.gelu)(low)) + 0.0:.2g};",
          f"float32, rounded: {float(rounded):.2g}")
CODE
seen <<'SEEN'
jax 0.10.2
GELU(-3) = -0.0059, slope -0.026; float32, rounded: -0.0036
GELU(-3.0625) = 0, slope 0; float32, rounded: -0.003
GELU(-3.5) = 0, slope 0; float32, rounded: -0.00062
GELU(-4) = 0, slope 0; float32, rounded: -7e-05
SEEN
