#!/bin/sh
# PyTorch's SigmoidTransform stops before 1, and has no slope from there on.
# One would guess: it is torch.sigmoid, with an inverse.
# What happens: results are clamped to the floats next to 0 and 1. From 17 up the result is 0.99999988 and the gradient
#   exactly 0, so that a sampler or an optimiser beyond it is never called back; the inverse of the image of 40 is 15.9,
#   and at -200, where a sigmoid in float32 is 0, it is 1.2e-38.
# Version: torch 2.13.0 (PyPI), November 2026.
# Source: torch/distributions/transforms.py, _clipped_sigmoid
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.distributions.transforms import SigmoidTransform

transform = SigmoidTransform()
print("torch", torch.__version__.split("+")[0])
for place in (-200.0, 10.0, 17.0, 40.0):
    x = torch.tensor(place, requires_grad=True)
    y = transform(x)
    (slope,) = torch.autograd.grad(y, x)
    back = transform.inv(y.detach())
    print(f"{place:g}: {y.item():.8g}, slope {slope.item():.3g}, and back: {back.item():.2f}")
CODE
seen <<'SEEN'
torch 2.13.0
-200: 1.1754944e-38, slope 0, and back: -87.34
10: 0.99995458, slope 4.54e-05, and back: 10.00
17: 0.99999988, slope 0, and back: 15.94
40: 0.99999988, slope 0, and back: 15.94
SEEN
