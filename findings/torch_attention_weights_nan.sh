#!/bin/sh
# In PyTorch's attention, whether a query that may see nothing is answered by 0 or NaN depends on whether the weights are shown.
# One would guess: need_weights only says whether the weights are returned beside the output.
# What happens: with need_weights=True, the default, such a row is a softmax of -inf alone, NaN; with False another
#   kernel gives 0.
# Version: torch 2.13.0 (PyPI), on the processor, November 2026.
# Source: torch.nn.functional.multi_head_attention_forward: softmax with the weights, scaled_dot_product_attention without
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 numpy==2.4.6
python <<'CODE'
import torch
from torch import nn

print("torch", torch.__version__.split("+")[0])
torch.manual_seed(0)
attention = nn.MultiheadAttention(4, 2, batch_first=True)
x = torch.randn(1, 2, 4)
hidden = torch.tensor([[False, False], [True, True]])  # the second query may see nothing
for need_weights in (True, False):
    out, _ = attention(x, x, x, attn_mask=hidden, need_weights=need_weights)
    print(f"need_weights={need_weights}: the first is", "finite" if out[0, 0].isfinite().all() else "NaN", end="")
    print(", the second", out[0, 1].tolist())
CODE
seen <<'SEEN'
torch 2.13.0
need_weights=True: the first is finite, the second [nan, nan, nan, nan]
need_weights=False: the first is finite, the second [0.0, 0.0, 0.0, 0.0]
SEEN
