#!/bin/sh
# PyTorch's soft margin loss is infinite at a score of -89, and its gradient NaN; compiled, the gradient is right.
# One would guess: log(1 + exp(-y x)) is a softplus, 89 with the slope -1, and is computed as PyTorch's other softplus are.
# What happens: log1p(exp(89)) as it stands, and the slope is infinity by infinity. MultiLabelSoftMarginLoss, the same
#   function under the neighbouring name, is right, and torch.compile gives the right slope beside the infinite loss.
# Version: torch 2.13.0 (PyPI), on the processor, float32, November 2026.
# Source: torch.nn.functional.soft_margin_loss; torch/_decomp/decompositions.py has the compiled slope
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch.nn import functional as F

print("torch", torch.__version__.split("+")[0])
losses = {
    "soft_margin_loss": F.soft_margin_loss,
    "compiled": torch.compile(F.soft_margin_loss, backend="aot_eager_decomp_partition"),  # no compiler of C++ is needed
    "multilabel_soft_margin_loss": F.multilabel_soft_margin_loss,
}
for name, loss in losses.items():
    told = []
    for score in (-88.0, -89.0):
        x = torch.full((1, 1), score, requires_grad=True)
        value = loss(x, torch.ones(1, 1))
        value.backward()
        told.append(f"at {score:g}: {value.item():g}, slope {x.grad.item():g}")
    print(name, "; ".join(told))
CODE
seen <<'SEEN'
torch 2.13.0
soft_margin_loss at -88: 88, slope -1; at -89: inf, slope nan
compiled at -88: 88, slope -1; at -89: inf, slope -1
multilabel_soft_margin_loss at -88: 88, slope -1; at -89: 89, slope -1
SEEN
