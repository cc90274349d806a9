#!/bin/sh
# Converted for ncnn by pnnx, a log-softmax is NaN for a class 88 below the best.
# One would guess: -88, as in PyTorch, or minus infinity where a softmax is taken first and its logarithm after.
# What happens: pnnx writes Softmax and Log. The softmax is 0 there, and ncnn's logarithm of 0 is NaN. Its log-sigmoid,
#   written as Sigmoid and Log, stops at -87.3 instead, and its softplus is infinite at 200.
# Version: pnnx 20261020, ncnn 1.0.20261020, torch 2.13.0 (PyPI), on an x86-64 processor, November 2026.
# Source: pnnx's src/pass_ncnn/nn_LogSoftmax.cpp in ncnn's source; ncnn's layer UnaryOp, operation 8
. "$(dirname "$0")/setup.sh"
python_packages pnnx==20261020 ncnn==1.0.20261020 torch==2.13.0 numpy==2.4.6
python <<'CODE'
import importlib.metadata
import subprocess

import ncnn
import numpy as np
import torch
from torch import nn

print("pnnx", importlib.metadata.version("pnnx"), "ncnn", importlib.metadata.version("ncnn"))
scores = torch.tensor([[0.0, -50.0, -87.0, -88.0, -200.0]])
for activation, x in ((nn.LogSoftmax(dim=-1), scores), (nn.LogSigmoid(), scores), (nn.Softplus(), scores.neg() + 0.5)):
    name = type(activation).__name__
    torch.jit.trace(activation, x).save(f"{name}.pt")
    subprocess.run(["venv/bin/pnnx", f"{name}.pt", "inputshape=[1,5]", "fp16=0"], check=True, capture_output=True)
    network = ncnn.Net()
    network.load_param(f"{name}.ncnn.param")
    network.load_model(f"{name}.ncnn.bin")
    extractor = network.create_extractor()
    numbers = ncnn.Mat(x.numpy()).clone()
    extractor.input("in0", numbers)
    got, wanted = np.array(extractor.extract("out0")[1]).ravel(), activation(x).ravel().tolist()
    print(name, "; ".join(f"{at:g}: {g:.4g}, PyTorch {w:.4g}" for at, g, w in zip(x.ravel().tolist(), got, wanted)))
CODE
seen <<'SEEN'
pnnx 20261020 ncnn 1.0.20261020
LogSoftmax 0: 0, PyTorch 0; -50: -50, PyTorch -50; -87: -87, PyTorch -87; -88: nan, PyTorch -88; -200: nan, PyTorch -200
LogSigmoid 0: -0.6931, PyTorch -0.6931; -50: -50, PyTorch -50; -87: -87, PyTorch -87; -88: -87.34, PyTorch -88; -200: -87.34, PyTorch -200
Softplus 0.5: 0.9741, PyTorch 0.9741; 50.5: 50.5, PyTorch 50.5; 87.5: 87.5, PyTorch 87.5; 88.5: 88.5, PyTorch 88.5; 200.5: inf, PyTorch 200.5
SEEN
