#!/bin/sh
# JAX's softmax in float16 gives 0 to each of 70,000 equal scores.
# One would guess: 1/70,000, 1.4e-05, which float16 can hold; a large vocabulary has more words than that.
# What happens: the sum of the exponentials is returned in float16, which ends at 65504, and 1 by infinity is 0. The
#   log-probabilities are -inf, and a cross-entropy infinite. SciPy does the same.
# Version: jax 0.10.2 (PyPI), on the processor; scipy 1.17.1 beside it, November 2026.
# Source: jax/_src/nn/functions.py, softmax: unnormalized / jnp.sum(unnormalized, ...)
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 scipy==1.17.1 numpy==2.4.6
python <<'CODE'
import jax
import numpy as np
import scipy.special

print("jax", jax.__version__)
for n in (60_000, 70_000):
    z = np.zeros(n, np.float16)
    told = {"JAX": jax.nn.softmax(z)[0], "SciPy": scipy.special.softmax(z)[0]}
    told["JAX's log_softmax"] = jax.nn.log_softmax(z)[0]
    print(f"{n} equal scores:", ", ".join(f"{name} {float(p):.3g}" for name, p in told.items()))
CODE
seen <<'SEEN'
jax 0.10.2
60000 equal scores: JAX 1.67e-05, SciPy 1.67e-05, JAX's log_softmax -11
70000 equal scores: JAX 0, SciPy 0, JAX's log_softmax -inf
SEEN
