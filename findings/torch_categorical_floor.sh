#!/bin/sh
# In PyTorch's Categorical and Bernoulli nothing is less likely than 1.2e-07, and from there on the gradient is 0.
# One would guess: Categorical(probs=p).log_prob(k) is log p_k, -23 for the probabilities of the scores (0, -23), as with logits.
# What happens: probabilities are clamped between eps and 1 - eps before the logarithm: -15.94, and -15.94 for an event that
#   can't happen. The gradient of the clamp is 0, so that a policy that has nearly given up an action can't be brought back
#   to it: with probs the step is 0, with logits 1.
# Version: torch 2.13.0 (PyPI), float32, November 2026.
# Source: torch/distributions/utils.py, probs_to_logits and clamp_probs; the pages of both distributions don't mention it
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.distributions import Bernoulli, Categorical

print("torch", torch.__version__.split("+")[0])
for low in (-10.0, -23.0, -60.0):
    told = []
    for name in ("probs", "logits"):
        scores = torch.tensor([0.0, low], requires_grad=True)
        given = scores.softmax(0) if name == "probs" else scores
        log_probability = Categorical(**{name: given}).log_prob(torch.tensor(1))
        log_probability.backward()
        told.append(f"{name} {log_probability.item():.2f}, slope {abs(scores.grad[1].item()):.2f}")
    print(f"scores 0 and {low:g}, the second:", "; ".join(told))
print(f"a coin that always falls heads, tails: {Bernoulli(probs=torch.tensor(1.0)).log_prob(torch.tensor(0.0)).item():.2f}")
CODE
seen <<'SEEN'
torch 2.13.0
scores 0 and -10, the second: probs -10.00, slope 1.00; logits -10.00, slope 1.00
scores 0 and -23, the second: probs -15.94, slope 0.00; logits -23.00, slope 1.00
scores 0 and -60, the second: probs -15.94, slope 0.00; logits -60.00, slope 1.00
a coin that always falls heads, tails: -15.94
SEEN
