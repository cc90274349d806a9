#!/bin/sh
# MNN's softplus never exceeds 87.
# One would guess: softplus(1000) is 1000: it is x for large x.
# What happens: 87, for every x from 87 up. Its exp does not exceed exp(87) either: exp(100)
#   is 6.1e37, and finite.
# Version: MNN 3.6.1 (PyPI), November 2026.
# Source: nothing that was found says so; the function is MNN.expr.softplus.
. "$(dirname "$0")/setup.sh"
python_packages MNN==3.6.1 numpy==2.4.6
python <<'CODE'
from importlib.metadata import version

import MNN.expr as expr
import numpy as np

x = np.array([10, 80, 90, 1000, 1e6], np.float32)
y = expr.softplus(expr.const(x, list(x.shape), expr.NCHW, expr.float)).read()
print("MNN", version("MNN"))
for before, after in zip(x.tolist(), y.tolist()):
    print(f"softplus({before:g}) = {after:.4g}")
CODE
sed -i '/^The device supports/d' "$work/output"  # what it says of the processor
seen <<'SEEN'
MNN 3.6.1
softplus(10) = 10
softplus(80) = 80
softplus(90) = 87
softplus(1000) = 87
softplus(1e+06) = 87
SEEN
