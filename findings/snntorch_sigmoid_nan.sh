#!/bin/sh
# snnTorch's sigmoid surrogate has the slope NaN at -4, and one such neuron makes NaN of its weights.
# One would guess: the slope k exp(-kU) / (exp(-kU) + 1)^2, which is nearly 0 there, as it is at 4.
# What happens: the formula is computed as it stands. With the slope k = 25 that it has by default exp(100) is infinite in
#   float32, and infinity by infinity NaN, from 3.42 below the threshold on. The spikes are right: nothing is seen before
#   the step. The other surrogates, fast_sigmoid among them, are finite.
# Version: snntorch 1.0.0, torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: snntorch/surrogate.py, class Sigmoid, backward
. "$(dirname "$0")/setup.sh"
python_packages snntorch==1.0.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata

import snntorch
import torch

print("snntorch", importlib.metadata.version("snntorch"))
potentials = torch.tensor([-4.0, -3.5, -1.0, 0.1, 4.0], requires_grad=True)
for name in ("sigmoid", "fast_sigmoid"):
    (slopes,) = torch.autograd.grad(getattr(snntorch.surrogate, name)()(potentials).sum(), potentials)
    print(name, " ".join(f"{u:g}: {s:.2g}" for u, s in zip(potentials.tolist(), slopes.tolist())))
layer = torch.nn.Linear(1, 1, bias=False)
torch.nn.init.ones_(layer.weight)
neuron = snntorch.Leaky(beta=0.9, spike_grad=snntorch.surrogate.sigmoid())
spikes, _ = neuron(layer(torch.tensor([[2.0], [-3.0]])), neuron.reset_mem())  # the threshold is 1
spikes.sum().backward()
print("inputs 2 and -3: spikes", spikes.flatten().tolist(), "and the weight's gradient", layer.weight.grad.item())
CODE
seen <<'SEEN'
snntorch 1.0.0
sigmoid -4: nan -3.5: nan -1: 3.5e-10 0.1: 1.8 4: 9.5e-43
fast_sigmoid -4: 9.8e-05 -3.5: 0.00013 -1: 0.0015 0.1: 0.082 4: 9.8e-05
inputs 2 and -3: spikes [1.0, 0.0] and the weight's gradient nan
SEEN
