#!/bin/sh
# thinc multiplies a gradient by 10^13 on the way back through its approximate GELU.
# One would guess: the slope of GELU at large x is 1.
# What happens: it grows like the cube of x, to 10^12 at 10^10: cosh is clamped at 20, so that the factor
#   sech^2 stays at 1.7e-17, and the polynomial beside it goes on growing.
# Version: thinc 9.1.1 (PyPI), November 2026.
# Source: thinc/backends/ops.py, backprop_gelu_approx and sechsq
. "$(dirname "$0")/setup.sh"
python_packages thinc==9.1.1 numpy==2.2.6
python <<'CODE'
from importlib.metadata import version

import numpy as np
from thinc.backends import NumpyOps

ops = NumpyOps()
print("thinc", version("thinc"))
for x in (1e2, 1e6, 1e8, 1e10):
    z = np.array([[x]], np.float32)
    print(f"slope at {x:g}: {ops.backprop_gelu_approx(np.ones_like(z), z).item():.3g}")
CODE
seen <<'SEEN'
thinc 9.1.1
slope at 100: 1
slope at 1e+06: 1.91
slope at 1e+08: 9.09e+05
slope at 1e+10: 9.09e+11
SEEN
