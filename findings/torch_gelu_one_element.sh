#!/bin/sh
# PyTorch's GELU of one number is another than that of two.
# One would guess: an elementwise function gives each element what it gives it alone.
# What happens: GELU(-5) is -1.49e-06 in a tensor of one element and -1.19e-06 in one of two or more (exactly -1.43e-06);
#   at 1.8e38 one element gives 1.8e38, two give infinity.
# Version: torch 2.13.0 (PyPI), on an x86-64 processor, float32, November 2026.
# Source: torch.nn.functional.gelu; more than one element goes to oneDNN (torch.backends.mkldnn)
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F

print("torch", torch.__version__.split("+")[0])
for x in (-5.0, 1.8e38):
    told = [f"{n}: {F.gelu(torch.full((n,), x))[0].item():.3g}" for n in (1, 2, 16)]
    print(f"GELU({x:g}) in a tensor of", ", ".join(told))
CODE
seen <<'SEEN'
torch 2.13.0
GELU(-5) in a tensor of 1: -1.49e-06, 2: -1.19e-06, 16: -1.19e-06
GELU(1.8e+38) in a tensor of 1: 1.8e+38, 2: inf, 16: inf
SEEN
