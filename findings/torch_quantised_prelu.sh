#!/bin/sh
# PyTorch's quantised PReLU is a straight line: what is positive gets the slope for what is negative.
# One would guess: x for positive x and x / 4 for negative, rounded to a step of 8 bits: 2 and -0.5 at 2 and -2.
# What happens: 0.5 and -0.5. The slope 1 of the positive side is written in the 8 bits of the weight, whose largest number is the weight itself, as
#   the observer that PyTorch's own mapping names has set it. With a slope of 1 or more all is right; a leaky ReLU too.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch.ao.nn.quantized.PReLU; torch.ao.quantization.get_default_qconfig_mapping; in PyTorch's source qprelu_out_kernel
#   in aten/src/ATen/native/quantized/cpu/kernels/QuantizedOpKernels.cpp
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import warnings

import torch
from torch import nn
from torch.ao.quantization import get_default_qconfig_mapping
from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

warnings.simplefilter("ignore")
print("torch", torch.__version__.split("+")[0])
x = torch.tensor([-2.0, -1.0, 1.0, 2.0])
activations = {
    "LeakyReLU(0.25)": nn.LeakyReLU(0.25), "PReLU(0.25)": nn.PReLU(init=0.25),
    "PReLU(0.05)": nn.PReLU(init=0.05), "PReLU(1.5)": nn.PReLU(init=1.5),
}
for name, activation in activations.items():
    model = prepare_fx(nn.Sequential(activation).eval(), get_default_qconfig_mapping("x86"), (x,))
    model(x)
    quantised = convert_fx(model)
    with torch.no_grad():
        print(f"{name}: {[round(y, 2) for y in activation(x).tolist()]},",
              f"quantised {[round(y, 2) for y in quantised(x).tolist()]}")
CODE
seen <<'SEEN'
torch 2.13.0
LeakyReLU(0.25): [-0.5, -0.25, 1.0, 2.0], quantised [-0.49, -0.26, 1.0, 2.01]
PReLU(0.25): [-0.5, -0.25, 1.0, 2.0], quantised [-0.5, -0.25, 0.25, 0.5]
PReLU(0.05): [-0.1, -0.05, 1.0, 2.0], quantised [-0.1, -0.05, 0.05, 0.1]
PReLU(1.5): [-3.0, -1.5, 1.0, 2.0], quantised [-3.0, -1.51, 1.0, 2.0]
SEEN
