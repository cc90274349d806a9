#!/bin/sh
# neat-python's softplus ends at 12, its sigmoid is that of 5x, its tanh that of 2.5x.
# One would guess: softplus(100) is 100, sigmoid(1) 0.7311, tanh(1) 0.7616.
# What happens: 12, 0.9933, 0.9866: every activation stretches its input and clamps it to [-60, 60] first.
# Version: neat-python 2.0.0 (PyPI), November 2026.
# Source: neat/activations.py, line 51 and its neighbours
. "$(dirname "$0")/setup.sh"
python_packages neat-python==2.0.0
python <<'CODE'
from importlib.metadata import version

from neat import activations as a

print("neat-python", version("neat-python"))
print(f"softplus(100) = {a.softplus_activation(100.0):.4f}")
print(f"sigmoid(1) = {a.sigmoid_activation(1.0):.4f}")
print(f"tanh(1) = {a.tanh_activation(1.0):.4f}")
CODE
seen <<'SEEN'
neat-python 2.0.0
softplus(100) = 12.0000
sigmoid(1) = 0.9933
tanh(1) = 0.9866
SEEN
