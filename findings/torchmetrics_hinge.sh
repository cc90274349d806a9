#!/bin/sh
# The hinge loss of TorchMetrics never exceeds 2, and a margin of 3 on the right side costs something.
# One would guess: its formula, max(0, 1 - y f), which is for scores without bounds: 4 for the score -3 of a 1, 0 for 3.
# What happens: a score outside [0, 1] is taken for a logit, as the documentation says a few lines below the formula, and the
#   hinge is that of its sigmoid: 0.95 and 0.05. One score outside sends all others of the batch through the sigmoid too,
#   so that the loss of the same prediction depends on its company.
# Version: torchmetrics 1.9.0, torch 2.13.0 (PyPI), November 2026.
# Source: torchmetrics/functional/classification/hinge.py, binary_hinge_loss and multiclass_hinge_loss
. "$(dirname "$0")/setup.sh"
python_packages torchmetrics==1.9.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torchmetrics
from torchmetrics.functional.classification import binary_hinge_loss, multiclass_hinge_loss

print("torchmetrics", torchmetrics.__version__)
for score in (-30.0, -3.0, 3.0):
    metric = binary_hinge_loss(torch.tensor([score]), torch.tensor([1])).item()
    print(f"score {score:g} of a 1: {metric:.2f}, by the formula {max(0, 1 - score):g}")
print(f"score 0.9 of a 1: {binary_hinge_loss(torch.tensor([0.9]), torch.tensor([1])).item():.2f}", end=", ")
both = 2 * binary_hinge_loss(torch.tensor([0.9, 30.0]), torch.tensor([1, 1])).item()
print(f"and beside a score of 30, which costs nothing: {both:.2f}")
three = multiclass_hinge_loss(torch.tensor([[30.0, -30.0, 0.0]]), torch.tensor([1]), num_classes=3).item()
print(f"scores 30, -30, 0 of the second class, 61 by Crammer and Singer: {three:.2f}")
CODE
seen <<'SEEN'
torchmetrics 1.9.0
score -30 of a 1: 1.00, by the formula 31
score -3 of a 1: 0.95, by the formula 4
score 3 of a 1: 0.05, by the formula 0
score 0.9 of a 1: 0.10, and beside a score of 30, which costs nothing: 0.29
scores 30, -30, 0 of the second class, 61 by Crammer and Singer: 2.00
SEEN
