#!/bin/sh
# MLX's ELU and SELU have the slope NaN for large positive inputs, where they are x.
# One would guess: 1 at 100, and 1.05 for SELU.
# What happens: both are where(x > 0, x, exp(x) - 1): from 89 up exp is infinite in the branch not taken, and 0 times its
#   slope is NaN. The values are right, so that nothing is seen before the first backward step.
# Version: mlx 0.32.4 with mlx-cpu (PyPI), on the processor, November 2026.
# Source: mlx/nn/layers/activations.py, elu; celu, which takes the minimum first, is right
. "$(dirname "$0")/setup.sh"
python_packages mlx==0.32.4 mlx-cpu==0.32.4
python <<'CODE'
import importlib.metadata

import mlx.core as mx
from mlx import nn

print("mlx", importlib.metadata.version("mlx"))
for f in (nn.elu, nn.selu, nn.celu):
    told = [f"{x}: {f(mx.array(x)).item():.5g}, slope {mx.grad(f)(mx.array(x)).item():.4g}" for x in (88.0, 89.0)]
    print(f.__name__, "at", "; at ".join(told))
CODE
seen <<'SEEN'
mlx 0.32.4
elu at 88.0: 88, slope 1; at 89.0: 89, slope nan
selu at 88.0: 92.462, slope 1.051; at 89.0: 93.512, slope nan
celu at 88.0: 88, slope 1; at 89.0: 89, slope 1
SEEN
