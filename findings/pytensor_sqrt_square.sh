#!/bin/sh
# PyTensor makes NaN of sqrt(x * x) for negative x, and a number of sqr(sqrt(x)).
# One would guess: |x| for the first, so that x / (1 + sqrt(x * x)) is softsign; NaN for the second.
# What happens: the optimiser knows both identities and has them the wrong way round, each under the other's comment. The second
#   is changed in FAST_COMPILE too.
# Version: pytensor 2.38.3 (PyPI), in its default mode, November 2026.
# Source: pytensor/tensor/rewriting/math.py, local_sqrt_sqr; corrected since by
#   https://github.com/pymc-devs/pytensor/pull/1952
. "$(dirname "$0")/setup.sh"
python_packages pytensor==2.38.3 scipy==1.17.1 numba==0.65.1 numpy==2.4.6
PYTENSOR_FLAGS="base_compiledir=$work/compiled,cxx="
export PYTENSOR_FLAGS
python <<'CODE'
import numpy as np
import pytensor
import pytensor.tensor as pt

print("pytensor", pytensor.__version__)
x = pt.vector("x", dtype="float64")
given = np.array([-3.0, -1.0, 0.0, 3.0])
functions = {
    "sqrt(x * x)": pt.sqrt(x * x),
    "x / (1 + sqrt(x * x))": x / (1 + pt.sqrt(x * x)),
    "sqr(sqrt(x))": pt.sqr(pt.sqrt(x)),
}
for name, y in functions.items():
    told = [pytensor.function([x], y, mode=mode)(given).tolist() for mode in ("FAST_COMPILE", None)]
    print(f"{name} at {given.tolist()}: FAST_COMPILE {told[0]}, by default {told[1]}")
CODE
seen <<'SEEN'
pytensor 2.38.3
sqrt(x * x) at [-3.0, -1.0, 0.0, 3.0]: FAST_COMPILE [3.0, 1.0, 0.0, 3.0], by default [nan, nan, 0.0, 3.0]
x / (1 + sqrt(x * x)) at [-3.0, -1.0, 0.0, 3.0]: FAST_COMPILE [-0.75, -0.5, 0.0, 0.75], by default [nan, nan, 0.0, 0.75]
sqr(sqrt(x)) at [-3.0, -1.0, 0.0, 3.0]: FAST_COMPILE [3.0, 1.0, 0.0, 3.0], by default [3.0, 1.0, 0.0, 3.0]
SEEN
