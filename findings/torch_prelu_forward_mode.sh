#!/bin/sh
# PyTorch's PReLU has one slope at 0 backwards, and another forwards.
# One would guess: forward and reverse mode give the same derivative; leaky ReLU, with the same numbers, does.
# What happens: 0.25 in reverse mode, 1 in forward mode.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch.nn.functional.prelu and torch.func.jvp; tools/autograd/derivatives.yaml has a formula for each mode.
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F

slope, zero = torch.tensor([0.25]), torch.zeros(1)
print("torch", torch.__version__.split("+")[0])
for name, f in {"prelu": lambda x: F.prelu(x, slope), "leaky_relu": lambda x: F.leaky_relu(x, 0.25)}.items():
    forward = torch.func.jvp(f, (zero,), (torch.ones(1),))[1]
    reverse = torch.func.grad(lambda x: f(x).sum())(zero)
    print(f"{name} at 0: reverse {reverse.item()}, forward {forward.item()}")
CODE
seen <<'SEEN'
torch 2.13.0
prelu at 0: reverse 0.25, forward 1.0
leaky_relu at 0: reverse 0.25, forward 0.25
SEEN
