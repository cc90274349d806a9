#!/bin/sh
# PyTorch's second derivative of Mish is NaN at 89, and that of logaddexp(x, 0) at -89.
# One would guess: 0, as for SiLU and softplus beside them: both functions are straight lines there.
# What happens: value and slope are right, and the slope's own backward step computes with exp(x), which is infinite, or
#   with x / exp(x): a gradient penalty or a differential equation in the loss is NaN for one such input.
# Version: torch 2.13.0 (PyPI), on the processor, float32, November 2026.
# Source: torch.nn.functional.mish, torch.logaddexp; in PyTorch's source infinitely_differentiable_mish_backward in
#   torch/csrc/autograd/FunctionsManual.cpp, and logaddexp in tools/autograd/derivatives.yaml
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.nn import functional as F

print("torch", torch.__version__.split("+")[0])


def softplus_by_logaddexp(x):
    return torch.logaddexp(x, torch.zeros_like(x))


for f in (F.mish, F.silu, softplus_by_logaddexp, F.softplus):
    told = []
    for at in (-89.0, -88.0, 88.0, 89.0):
        x = torch.tensor(at, requires_grad=True)
        y = f(x)
        (slope,) = torch.autograd.grad(y, x, create_graph=True)
        (second,) = torch.autograd.grad(slope, x)
        told.append(f"{at:g}: {abs(y.item()):.0f}, {abs(slope.item()):.0f}, {abs(second.item()):.0f}")
    print(f.__name__, "value, slope, second at", "; ".join(told))
CODE
seen <<'SEEN'
torch 2.13.0
mish value, slope, second at -89: 0, 0, 0; -88: 0, 0, 0; 88: 88, 1, 0; 89: 89, 1, nan
silu value, slope, second at -89: 0, 0, 0; -88: 0, 0, 0; 88: 88, 1, 0; 89: 89, 1, 0
softplus_by_logaddexp value, slope, second at -89: 0, 0, nan; -88: 0, 0, 0; 88: 88, 1, 0; 89: 89, 1, 0
softplus value, slope, second at -89: 0, 0, 0; -88: 0, 0, 0; 88: 88, 1, 0; 89: 89, 1, 0
SEEN
