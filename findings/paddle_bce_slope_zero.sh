#!/bin/sh
# Paddle's binary cross-entropy from a score has three times the slope at the score 0.
# One would guess: sigmoid(0) - 1 = -0.5 for the label 1, as at every score beside it.
# What happens: -1.5 at exactly 0, which is where a network with zero biases and weights begins.
# Version: paddlepaddle 3.3.1 (PyPI), on the processor, November 2026.
# Source: paddle.nn.functional.binary_cross_entropy_with_logits
. "$(dirname "$0")/setup.sh"
python_packages paddlepaddle==3.3.1 setuptools==80.9.0
python <<'CODE'
import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
print("paddle", paddle.__version__)
for score in (-1e-6, 0.0, 1e-6):
    z = paddle.to_tensor([score], stop_gradient=False)
    F.binary_cross_entropy_with_logits(z, paddle.ones([1])).backward()
    print(f"slope at {score:g}: {z.grad.item():.4f}")
CODE
seen <<'SEEN'
paddle 3.3.1
slope at -1e-06: -0.5000
slope at 0: -1.5000
slope at 1e-06: -0.5000
SEEN
