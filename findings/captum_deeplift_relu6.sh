#!/bin/sh
# Captum's DeepLift explains a network with ReLU6 or SiLU by contributions that don't add up, without a word.
# One would guess: contributions add up to f(x) - f(baseline), which is what DeepLIFT is for, or the layer is refused.
# What happens: six activations have its rule, and through any other, ReLU6, Hardtanh, SiLU, GELU, SELU or CELU among them, goes
#   the plain gradient. The sum is then anything, here even of the other sign; only return_convergence_delta, which is off, tells.
#   The documentation says that "a limited number" is supported, not which, nor what becomes of the others.
# Version: captum 0.9.0, torch 2.13.0 (PyPI), November 2026.
# Source: captum/attr/_core/deep_lift.py, SUPPORTED_NON_LINEAR and DeepLift._register_hooks
. "$(dirname "$0")/setup.sh"
python_packages captum==0.9.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata
import warnings

import torch
from captum.attr import DeepLift
from torch import nn

print("captum", importlib.metadata.version("captum"))
for activation in (nn.ReLU(), nn.ELU(), nn.CELU(), nn.ReLU6(), nn.Hardtanh(), nn.SiLU()):
    hidden, last = nn.Linear(1, 2), nn.Linear(2, 1)
    hidden.weight.data = torch.tensor([[1.0], [0.1]])
    last.weight.data = torch.tensor([[1.0], [-1.0]]).T
    hidden.bias.data = torch.tensor([-1.0, 0.0])
    network = nn.Sequential(hidden, activation, last)
    x, baseline = torch.tensor([[9.0]]), torch.zeros(1, 1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        contributions = DeepLift(network).attribute(x, baseline)
    named = [w for w in caught if type(activation).__name__ in str(w.message)]
    change = (network(x) - network(baseline)).item()
    print(f"{type(activation).__name__}: f(x) - f(baseline) {change:.3f}, contributions {contributions.sum().item():.3f},",
          f"warnings that name it {len(named)}")
CODE
seen <<'SEEN'
captum 0.9.0
ReLU: f(x) - f(baseline) 7.100, contributions 7.100, warnings that name it 0
ELU: f(x) - f(baseline) 7.732, contributions 7.732, warnings that name it 0
CELU: f(x) - f(baseline) 7.732, contributions 8.100, warnings that name it 0
ReLU6: f(x) - f(baseline) 5.100, contributions -0.900, warnings that name it 0
Hardtanh: f(x) - f(baseline) 1.100, contributions -0.900, warnings that name it 0
SiLU: f(x) - f(baseline) 7.626, contributions 8.215, warnings that name it 0
SEEN
