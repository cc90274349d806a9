#!/bin/sh
# snnTorch's triangular surrogate pushes a neuron that should fall silent to spike more.
# One would guess: a triangle about the threshold, max(0, 1 - |U|): never negative, for a higher potential never costs a spike.
# What happens: the slope of that triangle, not the triangle: 1 everywhere below the threshold, however far, and -1 above.
#   The docstring has these two numbers and calls them the gradient of the triangular function. A step that is to take a
#   spike away raises the potential.
# Version: snntorch 1.0.0, torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: snntorch/surrogate.py, class Triangular, backward
. "$(dirname "$0")/setup.sh"
python_packages snntorch==1.0.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata

import snntorch
import torch

print("snntorch", importlib.metadata.version("snntorch"))
potentials = torch.tensor([-100.0, -2.0, -0.1, 0.1, 2.0, 100.0], requires_grad=True)
for name in ("triangular", "atan"):
    (slopes,) = torch.autograd.grad(getattr(snntorch.surrogate, name)()(potentials).sum(), potentials)
    print(name, " ".join(f"{u:g}: {s:.2g}" for u, s in zip(potentials.tolist(), slopes.tolist())))
for name in ("triangular", "atan"):
    neuron = snntorch.Leaky(beta=0.9, spike_grad=getattr(snntorch.surrogate, name)())
    weight = torch.tensor(1.2, requires_grad=True)
    optimiser = torch.optim.SGD([weight], lr=0.1)
    for _ in range(20):
        spikes, _ = neuron(weight * torch.ones(1), neuron.reset_mem())
        optimiser.zero_grad()
        spikes.sum().backward()  # no spike is wanted
        optimiser.step()
    print(f"{name}: twenty steps towards no spike take the potential from 1.2 to {weight.item():.2f}, spikes: {spikes.item():g}")
CODE
seen <<'SEEN'
snntorch 1.0.0
triangular -100: 1 -2: 1 -0.1: 1 0.1: -1 2: -1 100: -1
atan -100: 1e-05 -2: 0.025 -0.1: 0.91 0.1: 0.91 2: 0.025 100: 1e-05
triangular: twenty steps towards no spike take the potential from 1.2 to 3.20, spikes: 1
atan: twenty steps towards no spike take the potential from 1.2 to 0.30, spikes: 0
SEEN
