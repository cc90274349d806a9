#!/bin/sh
# e3nn's tanh goes to 1.59, its ReLU has the slope 1.42, its sigmoid goes to 1.85.
# One would guess: Activation("0e", [torch.tanh]) applies torch.tanh.
# What happens: each function is divided by its root mean square on normal numbers, and those are a sample: the factor of
#   ReLU is 1.416 and not the square root of 2.
# Version: e3nn 0.6.0, torch 2.13.0 (PyPI), November 2026.
# Source: e3nn/nn/_activation.py; e3nn/math/_normalize_activation.py, normalize2mom
. "$(dirname "$0")/setup.sh"
python_packages e3nn==0.6.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata

import torch
from e3nn.nn import Activation

print("e3nn", importlib.metadata.version("e3nn"))
x = torch.tensor([[-1.0], [0.0], [1.0], [10.0]])
for f in (torch.tanh, torch.relu, torch.sigmoid):
    print(f.__name__, "at -1, 0, 1, 10:", " ".join(f"{y:.2f}" for y in Activation("0e", [f])(x).ravel().tolist()))
CODE
seen <<'SEEN'
e3nn 0.6.0
tanh at -1, 0, 1, 10: -1.21 0.00 1.21 1.59
relu at -1, 0, 1, 10: 0.00 0.00 1.42 14.16
sigmoid at -1, 0, 1, 10: 0.50 0.92 1.35 1.85
SEEN
