#!/bin/sh
# In PyTorch's four float8 formats an infinite number is 448, infinite, or NaN.
# One would guess: what is too large becomes infinite, or NaN in a format without infinity: ml_dtypes, which JAX uses, does so.
# What happens: e4m3fn makes it its largest number, so that a mask of -inf becomes a score of -448 and a
#   loss that has diverged 448; its neighbour e4m3fnuz makes NaN already of 250.
# Version: torch 2.13.0 (PyPI), on the processor; ml_dtypes 0.6.0 beside it, November 2026.
# Source: torch/headeronly/util/Float8_e4m3fn.h and its neighbours (they come with the package)
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6 ml_dtypes==0.6.0
python <<'CODE'
import ml_dtypes
import numpy as np
import torch

print("torch", torch.__version__.split("+")[0], "ml_dtypes", ml_dtypes.__version__)
numbers = [250.0, 500.0, 70000.0, float("inf"), -float("inf")]
for name in ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz"):
    torchs = torch.tensor(numbers).to(getattr(torch, name)).float().tolist()
    others = np.array(numbers, np.float32).astype(getattr(ml_dtypes, name)).astype(np.float32).tolist()
    print(f"{name}: {torchs}; ml_dtypes {others}")
CODE
seen <<'SEEN'
torch 2.13.0 ml_dtypes 0.6.0
float8_e4m3fn: [256.0, 448.0, 448.0, 448.0, -448.0]; ml_dtypes [256.0, nan, nan, nan, nan]
float8_e4m3fnuz: [nan, nan, nan, nan, nan]; ml_dtypes [nan, nan, nan, nan, nan]
float8_e5m2: [256.0, 512.0, inf, inf, -inf]; ml_dtypes [256.0, 512.0, inf, inf, -inf]
float8_e5m2fnuz: [256.0, 512.0, nan, nan, nan]; ml_dtypes [256.0, 512.0, nan, nan, nan]
SEEN
