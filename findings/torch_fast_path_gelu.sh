#!/bin/sh
# PyTorch's Transformer layer is trained with the tanh form of GELU and evaluated with the erf form.
# One would guess: without dropout, eval() changes nothing: both compute the activation that was given.
# What happens: eval() takes a fused path that knows ReLU and one GELU, and takes nn.GELU("tanh") for the erf form.
#   In the same layer, given as a function, the tanh form is used in both.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch/nn/modules/transformer.py: isinstance(activation, torch.nn.GELU) sets activation_relu_or_gelu
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
print("torch", torch.__version__.split("+")[0])
x = torch.linspace(-3, 3, 8).reshape(1, 2, 4)
given = {
    "nn.GELU()": nn.GELU(),
    'nn.GELU("tanh")': nn.GELU("tanh"),
    "the tanh form as a function": lambda z: F.gelu(z, approximate="tanh"),
}
for name, activation in given.items():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(4, 2, 64, dropout=0.0, activation=activation, batch_first=True)
    with torch.no_grad():
        apart = (layer.train()(x) - layer.eval()(x)).abs().max().item()
    print(f"{name}: train and eval are", "apart by more than 1e-5" if apart > 1e-5 else "the same")
CODE
seen <<'SEEN'
torch 2.13.0
nn.GELU(): train and eval are the same
nn.GELU("tanh"): train and eval are apart by more than 1e-5
the tanh form as a function: train and eval are the same
SEEN
