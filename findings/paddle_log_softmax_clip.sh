#!/bin/sh
# Paddle's log_softmax does not go below -64, and its cross-entropy hardly above.
# One would guess: scores 0 and 500 have log-probabilities -500 and 0, and a loss of 500 at the first.
# What happens: -64 and 0, and a loss of 64: a network that is sure and wrong is not told by how much, and
#   the loss that is reported is not the loss.
# Version: paddlepaddle 3.3.1 (PyPI), on the processor, November 2026.
# Source: paddle.nn.functional.log_softmax gives log(exp(x) / sum(exp(x))), without a bound.
. "$(dirname "$0")/setup.sh"
python_packages paddlepaddle==3.3.1 setuptools==80.9.0
python <<'CODE'
import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
x = paddle.to_tensor([[0.0, 50.0], [0.0, 500.0]])
print("paddle", paddle.__version__)
print("log_softmax:", [[round(v, 3) for v in row] for row in F.log_softmax(x).tolist()])
loss = F.cross_entropy(x, paddle.to_tensor([0, 0]), reduction="none")
print("cross_entropy:", [round(v, 3) for v in loss.flatten().tolist()])
CODE
seen <<'SEEN'
paddle 3.3.1
log_softmax: [[-50.0, 0.0], [-64.0, 0.0]]
cross_entropy: [50.0, 64.0]
SEEN
