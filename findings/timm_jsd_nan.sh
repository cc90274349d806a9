#!/bin/sh
# The loss that timm takes for AugMix is finite where a probability is 0, and all its gradients are NaN.
# One would guess: its logarithm is taken of a mixture that is clamped "to avoid exploding KL divergence", so nothing explodes.
# What happens: the clamped mixture has a good slope, but the probabilities beside it are trained too, and the slope of
#   p log p at 0 is minus infinity, times the softmax's 0. One score 104 below the best in float32 is enough, or one mask of
#   -inf; cross-entropy of the same scores is right.
# Version: timm 1.0.31, torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: timm/loss/jsd.py, JsdCrossEntropy; torch.nn.functional.kl_div, its slope with regard to the target
. "$(dirname "$0")/setup.sh"
python_packages timm==1.0.31 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import sys
from importlib.metadata import version
from importlib.util import find_spec
from types import ModuleType

import torch
from torch.nn import functional as F

package = ModuleType("timm")  # its losses alone: the rest needs a torchvision made for this torch
package.__path__ = find_spec("timm").submodule_search_locations
sys.modules["timm"] = package
from timm.loss import JsdCrossEntropy

print("timm", version("timm"))
jsd, labels = JsdCrossEntropy(num_splits=3, smoothing=0.0), torch.tensor([0, 0, 0])
for below in (50.0, 100.0, 110.0):
    for name, loss in (("cross-entropy", F.cross_entropy), ("timm's loss", jsd)):
        scores = torch.tensor([[1.0, 0.0, -below], [1.0, 0.5, 0.0], [1.0, 0.0, 0.5]], requires_grad=True)
        value = loss(scores, labels)
        value.backward()
        print(f"{below:g} below, {name}: {value:.4f}, gradient of its row", [round(g, 4) + 0.0 for g in scores.grad[0].tolist()])
CODE
seen <<'SEEN'
timm 1.0.31
50 below, cross-entropy: 0.5579, gradient of its row [-0.0896, 0.0896, 0.0]
50 below, timm's loss: 1.3474, gradient of its row [-0.1332, 0.1332, 0.0]
100 below, cross-entropy: 0.5579, gradient of its row [-0.0896, 0.0896, 0.0]
100 below, timm's loss: 1.3474, gradient of its row [-0.1332, 0.1332, 0.0]
110 below, cross-entropy: 0.5579, gradient of its row [-0.0896, 0.0896, 0.0]
110 below, timm's loss: 1.3474, gradient of its row [nan, nan, nan]
SEEN
