#!/bin/sh
# Compiled by JAX, the logarithm of a negative number's power is a number, and log(exp(x)) is x.
# One would guess: jit changes the last digits: log(p ** 2.5) is NaN for negative p, and log(exp(1000)) infinite in float32.
# What happens: the compiler writes 2.5 log |p| for the first and x for the second, and exp(x)^0.01 as exp(0.01 x). A loss that
#   overflows, or takes the logarithm of what is no probability, is quiet when compiled and fails in a debugger; its
#   gradient is NaN either way in two of the three.
# Version: jax 0.10.2 (PyPI), on the processor, November 2026.
# Source: jax.jit; XLA's algebraic simplifier, HandleLog and HandlePower in xla/hlo/transforms/simplifiers/algebraic_simplifier.cc
. "$(dirname "$0")/setup.sh"
python_packages jax==0.10.2 numpy==2.4.6
python <<'CODE'
import jax
import jax.numpy as jnp

print("jax", jax.__version__)
functions = {
    "log(p ** 2.5)": (lambda p: jnp.log(p**2.5), -0.5),
    "log(exp(x))": (lambda x: jnp.log(jnp.exp(x)), 1000.0),
    "exp(x) ** 0.01": (lambda x: jnp.exp(x) ** 0.01, -1000.0),
}
for name, (f, at) in functions.items():
    at = jnp.float32(at)
    print(f"{name} at {at:g}: {f(at):.4g}, slope {jax.grad(f)(at):.4g};",
          f"compiled {jax.jit(f)(at):.4g}, slope {jax.jit(jax.grad(f))(at):.4g}")
CODE
seen <<'SEEN'
jax 0.10.2
log(p ** 2.5) at -0.5: nan, slope nan; compiled -1.733, slope nan
log(exp(x)) at 1000: inf, slope nan; compiled 1000, slope 1
exp(x) ** 0.01 at -1000: 0, slope nan; compiled 4.54e-05, slope nan
SEEN
