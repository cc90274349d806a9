#!/bin/sh
# JAX has three functions that cut at -1 and 1, with three slopes there.
# One would guess: jnp.clip, lax.clamp and nn.hard_tanh, which agree everywhere, have the same gradient.
# What happens: at the ends the slope is 1/2, 0 and 1.
# Version: jax 0.10.2 (PyPI), November 2026.
# Source: jax/_src/nn/functions.py, hard_tanh (strict comparisons); jax/_src/lax/lax.py, clamp_p and max_p
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 numpy==2.4.6
python <<'CODE'
import jax
import jax.numpy as jnp
from jax import lax

print("jax", jax.__version__)
ways = {
    "jnp.clip": lambda x: jnp.clip(x, -1, 1),
    "lax.clamp": lambda x: lax.clamp(jnp.float32(-1), x, jnp.float32(1)),
    "nn.hard_tanh": jax.nn.hard_tanh,
}
for name, f in ways.items():
    print(name, *(float(jax.grad(f)(jnp.float32(x))) for x in (-1.001, -1, 0.999, 1, 1.001)))
CODE
seen <<'SEEN'
jax 0.10.2
jnp.clip 0.0 0.5 1.0 0.5 0.0
lax.clamp 0.0 0.0 1.0 0.0 0.0
nn.hard_tanh 0.0 1.0 1.0 1.0 0.0
SEEN
