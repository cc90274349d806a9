#!/bin/sh
# PyTorch's quantised softmax of 512 equal scores is 0 everywhere.
# One would guess: probabilities in eight bits are rough, but they add up to about 1.
# What happens: with the scale that PyTorch's own observer sets for values between 0 and 1, 1/512 is rounded to 0 for
#   every class. With 100 classes they add up to 1.17, with 511 to 2.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch/ao/nn/quantized/modules/activation.py, Softmax; default_fixed_qparams_range_0to1_observer
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.ao.nn.quantized import Softmax
from torch.ao.quantization import default_fixed_qparams_range_0to1_observer as observer

scale, zero = (float(x) for x in observer().calculate_qparams())
softmax = Softmax(-1, scale, int(zero))
print("torch", torch.__version__.split("+")[0], "scale 1 /", round(1 / scale))
for n in (10, 100, 511, 512, 1000):
    scores = torch.quantize_per_tensor(torch.ones(1, n), 0.1, 0, torch.quint8)
    print(n, "classes add up to", f"{softmax(scores).dequantize().sum().item():.3f}")
CODE
seen <<'SEEN'
torch 2.13.0 scale 1 / 256
10 classes add up to 1.016
100 classes add up to 1.172
511 classes add up to 1.996
512 classes add up to 0.000
1000 classes add up to 0.000
SEEN
