#!/bin/sh
# torch.compile turns NaN into 0: softshrink, and whatever is multiplied by 0.
# One would guess: a compiled function gives what the uncompiled one gives, and NaN times 0 is NaN.
# What happens: PyTorch multiplies by 0 where softshrink is 0, so that NaN stays NaN; the compiler replaces x * 0 by 0.
# Version: torch 2.13.0 (PyPI), its default compiler for the processor, November 2026. Needs g++.
# Source: torch/_refs/nn/functional/__init__.py, softshrink: "We multiply by 0 for dealing with nans"
. "$(dirname "$0")/setup.sh"
command -v g++ > /dev/null || failed "g++ is not there"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F

x = torch.tensor([float("nan"), 2.0])
print("torch", torch.__version__.split("+")[0])
for name, f in {"softshrink": F.softshrink, "x * 0": lambda x: x * 0}.items():
    print(f"{name}: eager {f(x).tolist()}, compiled {torch.compile(f)(x).tolist()}")
CODE
seen <<'SEEN'
torch 2.13.0
softshrink: eager [nan, 1.5], compiled [0.0, 1.5]
x * 0: eager [nan, 0.0], compiled [0.0, 0.0]
SEEN
