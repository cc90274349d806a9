#!/bin/sh
# MONAI's focal loss has the gradient NaN as soon as one pixel is certain, if gamma is less than 1.
# One would guess: with gamma between 0, which is cross-entropy, and the usual 2, the gradient lies between theirs: 0 here.
# What happens: (1 - p)^gamma has an infinite slope at p = 1, times 0. With a softmax alone: the sigmoid of the same class
#   computes it from logarithms. And one certain pixel is enough for all weights.
# Version: monai 1.6.1, torch 2.13.0 (PyPI), November 2026.
# Source: monai/losses/focal_loss.py, softmax_focal_loss: (1 - input_ls.exp()).pow(gamma)
. "$(dirname "$0")/setup.sh"
python_packages monai==1.6.1 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata

import torch
from monai.losses import FocalLoss

print("monai", importlib.metadata.version("monai"))
for gamma in (0.0, 0.5, 2.0):
    told = []
    for score in (5.0, 20.0):
        scores = torch.tensor([[[score], [0.0]]], requires_grad=True)  # one pixel, two classes, the first is right
        FocalLoss(gamma=gamma, use_softmax=True)(scores, torch.tensor([[[1.0], [0.0]]])).backward()
        told.append(f"{score}: {scores.grad[0, 0, 0].item() + 0.0:.2g}")
    print(f"gamma {gamma}: slope at the score", ", ".join(told))
CODE
seen <<'SEEN'
monai 1.6.1
gamma 0.0: slope at the score 5.0: -0.0033, 20.0: 0
gamma 0.5: slope at the score 5.0: -0.00041, 20.0: nan
gamma 2.0: slope at the score 5.0: -4.5e-07, 20.0: 0
SEEN
