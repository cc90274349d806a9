#!/bin/sh
# PyTorch's mean cross-entropy in half precision is NaN from 65,520 positions on.
# One would guess: the mean of equal losses is that loss: log 3 for three equal scores, and means are accumulated in float32.
# What happens: the sum of the weights, here the number of positions, is held in float16, as is that of the losses: infinity
#   by infinity. With the labels as probabilities the same loss is infinite. A mean of float16 numbers is right.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch.nn.functional.cross_entropy; half precision ends at 65504
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F

print("torch", torch.__version__.split("+")[0])
for n in (10_000, 100_000):
    scores = torch.zeros(n, 3, dtype=torch.float16)
    labels = torch.zeros(n, dtype=torch.long)
    probabilities = F.one_hot(labels, 3).half()
    each = F.cross_entropy(scores, labels, reduction="none")
    told = [F.cross_entropy(scores, labels), F.cross_entropy(scores, probabilities), each.mean()]
    print(f"{n} positions: labels {told[0]:.2f}, probabilities {told[1]:.2f}, mean of the losses {told[2]:.2f}")
CODE
seen <<'SEEN'
torch 2.13.0
10000 positions: labels 1.10, probabilities 1.10, mean of the losses 1.10
100000 positions: labels nan, probabilities inf, mean of the losses 1.10
SEEN
