#!/bin/sh
# PyTorch's second derivative of a layer norm is wrong when forward mode is what is differentiated.
# One would guess: torch.func's four ways to a Hessian, forward or reverse within either, agree to the last digits.
# What happens: what forward mode computes of layer, batch and instance norm is right, its own derivative is not: a part of it
#   is missing, and the Laplacian here three times what it should be. No error, and RMS norm and softmax beside it are right.
#   Networks for differential equations take it in this way.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026; 2.14.1 too.
# Source: https://github.com/pytorch/pytorch/issues/196700 and 196699; in PyTorch's source layer_norm_jvp and batch_norm_jvp in
#   torch/csrc/autograd/FunctionsManual.cpp
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.func import jacfwd, jacrev
from torch.nn import functional as F

print("torch", torch.__version__.split("+")[0])
x, step = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64), 1e-4
functions = {
    "layer_norm": lambda x: F.layer_norm(x, (3,))[0],
    "batch_norm": lambda x: F.batch_norm(x[:, None], None, None, training=True)[0, 0],
    "rms_norm": lambda x: F.rms_norm(x, (3,))[0],
    "softmax": lambda x: F.softmax(x, dim=0)[0],
}
for name, f in functions.items():
    steps = step * torch.eye(3, dtype=torch.float64)
    numeric = sum(f(x + s) - 2 * f(x) + f(x - s) for s in steps) / step**2
    print(name, "Laplacian, by differences", round(numeric.item(), 4))
    for inner in (jacrev, jacfwd):
        for outer in (jacrev, jacfwd):
            print(f"  {outer.__name__}({inner.__name__})", round(outer(inner(f))(x).trace().item(), 4))
CODE
seen <<'SEEN'
torch 2.13.0
layer_norm Laplacian, by differences 0.2291
  jacrev(jacrev) 0.2291
  jacfwd(jacrev) 0.2291
  jacrev(jacfwd) 0.6872
  jacfwd(jacfwd) 0.6872
batch_norm Laplacian, by differences 0.2291
  jacrev(jacrev) 0.2291
  jacfwd(jacrev) 0.2291
  jacrev(jacfwd) 0.6872
  jacfwd(jacfwd) 0.6872
rms_norm Laplacian, by differences -0.036
  jacrev(jacrev) -0.036
  jacfwd(jacrev) -0.036
  jacrev(jacfwd) -0.036
  jacfwd(jacfwd) -0.036
softmax Laplacian, by differences 0.0575
  jacrev(jacrev) 0.0575
  jacfwd(jacrev) 0.0575
  jacrev(jacfwd) 0.0575
  jacfwd(jacfwd) 0.0575
SEEN
