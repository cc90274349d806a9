#!/bin/sh
# The multiclass focal loss of segmentation_models_pytorch does not take the softmax that its Dice loss takes.
# One would guess: mode="multiclass" means one class per pixel, so that with gamma 0 the loss is cross-entropy, and scores that
#   are all higher by 5 have the same probabilities and the same loss.
# What happens: one sigmoid for each class, and the mean of the binary losses. In a sum of the two losses, as it is often
#   trained, the Dice loss is blind to a shift that the focal loss pulls at.
# Version: segmentation-models-pytorch 0.6.0, torch 2.13.0 (PyPI), November 2026.
# Source: segmentation_models_pytorch/losses/focal.py, FocalLoss.forward; dice.py beside it: log_softmax
. "$(dirname "$0")/setup.sh"
python_packages segmentation-models-pytorch==0.6.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import sys
from importlib.metadata import version
from importlib.util import find_spec
from types import ModuleType

import torch
from torch.nn import functional as F

package = ModuleType("segmentation_models_pytorch")  # its losses alone: the rest needs a torchvision made for this torch
package.__path__ = find_spec("segmentation_models_pytorch").submodule_search_locations
sys.modules["segmentation_models_pytorch"] = package
from segmentation_models_pytorch.losses import DiceLoss, FocalLoss

print("segmentation-models-pytorch", version("segmentation-models-pytorch"))
scores = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 0.0]]).T.reshape(1, 3, 1, 2)
labels = torch.tensor([[[0, 2]]])
losses = {
    "cross-entropy": F.cross_entropy,
    "focal, gamma 0": FocalLoss("multiclass", gamma=0.0),
    "focal, gamma 2": FocalLoss("multiclass"),
    "Dice": DiceLoss("multiclass"),
}
for name, loss in losses.items():
    print(f"{name}: {loss(scores, labels):.4f}, with all scores higher by 5 {loss(scores + 5, labels):.4f}")
each = F.binary_cross_entropy_with_logits(scores, F.one_hot(labels, 3).movedim(-1, 1).float())
print(f"mean of the binary cross-entropies: {each:.4f}")
CODE
seen <<'SEEN'
segmentation-models-pytorch 0.6.0
cross-entropy: 0.8606, with all scores higher by 5 0.8606
focal, gamma 0: 0.6388, with all scores higher by 5 3.3403
focal, gamma 2: 0.2077, with all scores higher by 5 3.2879
Dice: 0.2803, with all scores higher by 5 0.2803
mean of the binary cross-entropies: 0.6388
SEEN
