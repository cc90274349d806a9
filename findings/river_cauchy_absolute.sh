#!/bin/sh
# river's Cauchy loss reports the absolute error, and descends another function.
# One would guess: C^2 / 2 log(1 + (e / C)^2), which grows like a logarithm, and its slope e / (1 + (e / C)^2).
# What happens: the slope is that, the value is |e|: a mistake of 8000 costs 8000, where the function that is descended
#   is 29,470 at C = 80, and one of 0.01 costs 0.01 instead of 5e-05. The docstring has no formula.
# Version: river 0.26.1 (PyPI), November 2026.
# Source: river/optim/losses.py, class Cauchy, __call__ and gradient
. "$(dirname "$0")/setup.sh"
python_packages river==0.26.1
python <<'CODE'
import math

import river
from river.optim import losses

print("river", river.__version__)
cauchy, huber, step = losses.Cauchy(), losses.Huber(), 1e-6
for error in (0.01, 1.0, 80.0, 8000.0):
    exact = 3200 * math.log1p((error / 80) ** 2)
    print(f"error {error:g}: the function with Cauchy's gradient is {exact:.5g};", end=" ")
    for loss in (cauchy, huber):
        rise = (loss(0, error + step) - loss(0, error - step)) / (2 * step)
        print(f"{type(loss).__name__} is {loss(0, error):g}, its slope {rise:.4g}, its gradient {loss.gradient(0, error):.4g}",
              end="\n" if loss is huber else "; ")
CODE
seen <<'SEEN'
river 0.26.1
error 0.01: the function with Cauchy's gradient is 5e-05; Cauchy is 0.01, its slope 1, its gradient 0.01; Huber is 5e-05, its slope 0.01, its gradient 0.01
error 1: the function with Cauchy's gradient is 0.49996; Cauchy is 1, its slope 1, its gradient 0.9998; Huber is 0.095, its slope 0.1, its gradient 0.1
error 80: the function with Cauchy's gradient is 2218.1; Cauchy is 80, its slope 1, its gradient 40; Huber is 7.995, its slope 0.1, its gradient 0.1
error 8000: the function with Cauchy's gradient is 29473; Cauchy is 8000, its slope 1, its gradient 0.7999; Huber is 799.995, its slope 0.1, its gradient 0.1
SEEN
