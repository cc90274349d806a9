#!/bin/sh
# In forward mode, the first entry of PyTorch's logcumsumexp does not move with the first number, if a later one is larger.
# One would guess: the first entry is the first number, so its slope is 1, forwards as backwards.
# What happens: forward mode divides two running sums of exp(x - max), where max is that of the whole row, and adds a small
#   constant below: 40 below the largest the slope is 4e-05 instead of 1 in float32, and it is 0 at 1000 in float64.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026; 2.14.1 too.
# Source: torch.logcumsumexp and torch.func.jvp; in PyTorch's source logcumsumexp_jvp in torch/csrc/autograd/FunctionsManual.cpp
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.func import jacfwd, jacrev

print("torch", torch.__version__.split("+")[0])
for dtype in (torch.float32, torch.float64):
    for later in (-40.0, 20.0, 40.0, 1000.0):
        x = torch.tensor([0.0, later], dtype=dtype)
        slopes = [slope(lambda x: torch.logcumsumexp(x, 0)[0])(x)[0].item() for slope in (jacrev, jacfwd)]
        print(f"{dtype}: 0 before {later:g}: backwards {slopes[0]:.5g}, forwards {slopes[1]:.3g}")
CODE
seen <<'SEEN'
torch 2.13.0
torch.float32: 0 before -40: backwards 1, forwards 1
torch.float32: 0 before 20: backwards 1, forwards 1
torch.float32: 0 before 40: backwards 1, forwards 4.25e-05
torch.float32: 0 before 1000: backwards 1, forwards 0
torch.float64: 0 before -40: backwards 1, forwards 1
torch.float64: 0 before 20: backwards 1, forwards 1
torch.float64: 0 before 40: backwards 1, forwards 4.25e-05
torch.float64: 0 before 1000: backwards 1, forwards 0
SEEN
