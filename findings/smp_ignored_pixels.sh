#!/bin/sh
# In Segmentation Models PyTorch half the loss is gone when half the pixels are to be ignored.
# One would guess: SoftCrossEntropyLoss(ignore_index=-100) is the mean over the pixels that count, as PyTorch's cross-entropy is, and
#   as the focal and Dice losses beside it are.
# What happens: ignored pixels count as losses of 0: an image of which a tenth is labelled has a tenth of the loss and
#   of the gradient. SoftBCEWithLogitsLoss does the same.
# Version: segmentation-models-pytorch 0.6.0, torch 2.13.0 (PyPI), November 2026.
# Source: segmentation_models_pytorch/losses/_functional.py, label_smoothed_nll_loss; soft_bce.py
. "$(dirname "$0")/setup.sh"
python_packages segmentation-models-pytorch==0.6.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata
import sys

# The package's folder of losses alone: the package itself loads every network, and torchvision with them.
package = importlib.metadata.distribution("segmentation-models-pytorch")
sys.path.insert(0, str(package.locate_file("segmentation_models_pytorch")))
import losses
import torch
from torch.nn import functional as F

print("segmentation-models-pytorch", importlib.metadata.version("segmentation-models-pytorch"))
scores = torch.tensor([[2.0, 0.0], [-1.0, 1.0], [0.5, 0.0], [1.0, 3.0]]).T[None, :, None]  # one image of 1 x 4, two classes
for ignored in (0, 2, 3):
    labels = torch.tensor([[[0, 1, 0, 1]]])
    labels[..., 4 - ignored :] = -100
    several = {
        "SoftCrossEntropyLoss": losses.SoftCrossEntropyLoss(smooth_factor=0.0)(scores, labels),
        "PyTorch's": F.cross_entropy(scores, labels),
        "SoftBCEWithLogitsLoss": losses.SoftBCEWithLogitsLoss()(scores[:, 1], labels.float()),
        "PyTorch's of the others": F.binary_cross_entropy_with_logits(scores[:, 1][labels >= 0], labels[labels >= 0].float()),
    }
    print(f"{ignored} of 4 ignored:", ", ".join(f"{name} {loss.item():.3f}" for name, loss in several.items()))
CODE
seen <<'SEEN'
segmentation-models-pytorch 0.6.0
0 of 4 ignored: SoftCrossEntropyLoss 0.214, PyTorch's 0.214, SoftBCEWithLogitsLoss 0.437, PyTorch's of the others 0.437
2 of 4 ignored: SoftCrossEntropyLoss 0.063, PyTorch's 0.127, SoftBCEWithLogitsLoss 0.252, PyTorch's of the others 0.503
3 of 4 ignored: SoftCrossEntropyLoss 0.032, PyTorch's 0.127, SoftBCEWithLogitsLoss 0.173, PyTorch's of the others 0.693
SEEN
