#!/bin/sh
# PyTorch's weighted cross-entropy of a label is not that of the same label as one-hot probabilities.
# One would guess: the label 1 and the probabilities (0, 1, 0) say the same, so that the loss is the same.
# What happens: with labels the mean is divided by the weights of the labels, with probabilities by the number of rows: with
#   the weights (4, 4, 4) four times the loss. And a class ruled out by a score of -inf makes it NaN.
# Version: torch 2.13.0 (PyPI), November 2026.
# Source: torch.nn.CrossEntropyLoss, the two formulas for reduction="mean"
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F

print("torch", torch.__version__.split("+")[0])
label = torch.tensor([1, 0])
one_hot = F.one_hot(label, 3).float()
scores = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]])
ruled_out = scores.clone()
ruled_out[:, 2] = -torch.inf
for name, z, weight in (
    ("no weights", scores, None),
    ("weights 4, 4, 4", scores, torch.full((3,), 4.0)),
    ("a score of -inf", ruled_out, None),
):
    print(f"{name}: label {F.cross_entropy(z, label, weight):.3f}, one-hot {F.cross_entropy(z, one_hot, weight):.3f}")
CODE
seen <<'SEEN'
torch 2.13.0
no weights: label 1.789, one-hot 1.789
weights 4, 4, 4: label 1.789, one-hot 7.155
a score of -inf: label 0.813, one-hot nan
SEEN
