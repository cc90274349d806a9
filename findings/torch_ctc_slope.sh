#!/bin/sh
# The gradient of PyTorch's CTC loss is not the slope of its value.
# One would guess: loss.backward() gives d loss / d log_probs, as for nll_loss: 0 or negative, for a higher
#   log-probability of anything never costs more.
# What happens: it gives the slope with regard to the scores before a log-softmax that it supposes in front of itself.
#   Each row adds up to 0, and log-probabilities that are themselves the parameters are pushed the wrong way.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch.nn.CTCLoss; https://github.com/pytorch/pytorch/issues/52241
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
import torch.nn.functional as F

print("torch", torch.__version__.split("+")[0])
# one frame, the symbols blank, a, b; the word is "a", so that the loss is -log_probs[a]
log_probs = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64).log().reshape(1, 1, 3)


def loss(log_probs):
    return F.ctc_loss(log_probs, torch.tensor([[1]]), torch.tensor([1]), torch.tensor([1]), reduction="sum")


leaf = log_probs.clone().requires_grad_()
loss(leaf).backward()
measured = []
for k in range(3):
    step = torch.zeros_like(log_probs)
    step[0, 0, k] = 1e-6
    measured.append(((loss(log_probs + step) - loss(log_probs - step)) / 2e-6).item())
print("backward: ", " ".join(f"{g:.2f}" for g in leaf.grad.ravel().tolist()))
print("measured: ", " ".join(f"{g + 0.0:.2f}" for g in measured))
CODE
seen <<'SEEN'
torch 2.13.0
backward:  0.50 -0.70 0.20
measured:  0.00 -1.00 0.00
SEEN
