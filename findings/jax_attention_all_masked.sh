#!/bin/sh
# In JAX's attention a query that may see nothing sees everything.
# One would guess: 0 or NaN for such a row; jax.nn.softmax(where=...) gives 0.
# What happens: what is masked gets the score -2.4e38 instead of minus infinity, so that in a row without any other score all are
#   equal again: the mean of all values, padding and future included. Change a value that is hidden from every query, and
#   the output follows; the gradient goes there too.
# Version: jax 0.10.2 (PyPI), on the processor, November 2026.
# Source: jax/_src/nn/functions.py, dot_product_attention, _apply_masks and _get_large_negative
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 numpy==2.4.6
python <<'CODE'
import jax
import jax.numpy as jnp

print("jax", jax.__version__)
query, key = jnp.ones((1, 2, 1, 4)), jnp.ones((1, 3, 1, 4))
mask = jnp.array([[[[False, False, False], [True, True, False]]]])  # the first query sees nothing, nobody sees the third value


def attended(values):
    return jax.nn.dot_product_attention(query, key, jnp.broadcast_to(values[None, :, None, None], (1, 3, 1, 4)), mask=mask)[0, :, 0, 0]


for values in ([1.0, 3.0, 5.0], [1.0, 3.0, 5000.0]):
    print("values", values, "give", attended(jnp.array(values)).round(2).tolist())
print("slopes of the first query's answer", jax.grad(lambda v: attended(v)[0])(jnp.array([1.0, 3.0, 5.0])).round(3).tolist())
print("softmax(where=...) of such a row", jax.nn.softmax(jnp.ones(3), where=mask[0, 0, 0]).tolist())
CODE
seen <<'SEEN'
jax 0.10.2
values [1.0, 3.0, 5.0] give [3.0, 2.0]
values [1.0, 3.0, 5000.0] give [1668.0, 2.0]
slopes of the first query's answer [0.3330000042915344, 0.3330000042915344, 0.3330000042915344]
softmax(where=...) of such a row [0.0, 0.0, 0.0]
SEEN
