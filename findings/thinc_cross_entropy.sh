#!/bin/sh
# The loss of thinc's CategoricalCrossentropy is no cross-entropy: it never exceeds 2.
# One would guess: -log p of the true class: 0.69 for 1/2, 6.91 for 1/1000.
# What happens: the sum of the squared gradient p - y, which is what L2Distance reports of the same guesses. The gradient
#   is that of cross-entropy; the number beside it is not.
# Version: thinc 9.1.1 (PyPI), November 2026.
# Source: thinc/loss.py, CategoricalCrossentropy._get_loss_from_grad
. "$(dirname "$0")/setup.sh"
python_packages thinc==9.1.1 pydantic==2.14.4 numpy==2.4.6
python <<'CODE'
import importlib.metadata
import math

import numpy as np
from thinc.api import CategoricalCrossentropy, L2Distance

print("thinc", importlib.metadata.version("thinc"))
for p in (0.5, 0.1, 0.001):
    guess = np.array([[p, 1 - p]], "f")
    cross_entropy = CategoricalCrossentropy(normalize=False).get_loss(guess, np.array([0]))
    squares = L2Distance(normalize=False).get_loss(guess, np.array([[1, 0]], "f"))
    print(f"p = {p}: CategoricalCrossentropy {cross_entropy:.3f}, L2Distance {squares:.3f}, -log p {-math.log(p):.3f}")
CODE
seen <<'SEEN'
thinc 9.1.1
p = 0.5: CategoricalCrossentropy 0.500, L2Distance 0.500, -log p 0.693
p = 0.1: CategoricalCrossentropy 1.620, L2Distance 1.620, -log p 2.303
p = 0.001: CategoricalCrossentropy 1.996, L2Distance 1.996, -log p 6.908
SEEN
