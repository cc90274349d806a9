#!/bin/sh
# hls4ml's softmax of the scores 12, 0, 0 is 1/3, 1/3, 1/3.
# One would guess: with 10 bits of table and 18 of results, 1.00, 0.00, 0.00, within a hundredth.
# What happens: the tables of exponentials and of reciprocals are addressed by the top ten bits of a number, whatever its type. With
#   the type ap_fixed<16,6> for all that leaves probabilities of 1, 0, 0 that add up to 1.16. With granularity="name" the
#   layer before gets an inferred type of 35 bits, 15 of them whole, whose top ten bits are the same for scores that
#   are 12 apart. The scores themselves are exact.
# Version: hls4ml 1.3.0, torch 2.13.0 (PyPI), its emulation in C++ for Vitis, November 2026. Needs g++.
# Source: hls4ml/templates/vivado/nnet_utils/nnet_activation.h, softmax_idx_from_real_val
. "$(dirname "$0")/setup.sh"
command -v g++ > /dev/null || failed "this needs g++"
python_packages hls4ml==1.3.0 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import contextlib
import io

import hls4ml
import numpy as np
import torch
from torch import nn

print("hls4ml", hls4ml.__version__)
network = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Softmax(dim=-1))
network[0].weight.data = torch.eye(3)
for granularity in ("model", "name"):
    with contextlib.redirect_stdout(io.StringIO()):
        config = hls4ml.utils.config_from_pytorch_model(network, (3,), granularity=granularity, backend="Vitis")
        model = hls4ml.converters.convert_from_pytorch_model(network, hls_config=config, output_dir=granularity, backend="Vitis")
        model.compile()
    scores_type = list(model.get_layers())[1].get_output_variable().type.precision
    print(f"granularity {granularity}, scores in {scores_type}")
    for scores in ([1.0, 0.0, 0.0], [3.0, 1.0, 0.0], [12.0, 0.0, 0.0]):
        x = np.array([scores], np.float32)
        wanted = network(torch.tensor(x)).ravel().tolist()
        print("  scores", *(f"{s:g}" for s in scores), "give", *(f"{p:.3f}" for p in model.predict(x).ravel()),
              "PyTorch", *(f"{p:.3f}" for p in wanted))
CODE
seen <<'SEEN'
hls4ml 1.3.0
granularity model, scores in fixed<16,6,TRN,WRAP,0>
  scores 1 0 0 give 0.667 0.245 0.245 PyTorch 0.576 0.212 0.212
  scores 3 1 0 give 1.000 0.136 0.050 PyTorch 0.844 0.114 0.042
  scores 12 0 0 give 1.000 0.000 0.000 PyTorch 1.000 0.000 0.000
granularity name, scores in fixed<35,15,TRN,WRAP,0>
  scores 1 0 0 give 0.333 0.333 0.333 PyTorch 0.576 0.212 0.212
  scores 3 1 0 give 0.333 0.333 0.333 PyTorch 0.844 0.114 0.042
  scores 12 0 0 give 0.333 0.333 0.333 PyTorch 1.000 0.000 0.000
SEEN
