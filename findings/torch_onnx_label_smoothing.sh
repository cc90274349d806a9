#!/bin/sh
# Exported to ONNX, PyTorch's cross-entropy forgets its label smoothing.
# One would guess: the exported loss is the loss, or the export refuses, as the older exporter does.
# What happens: the export passes, and the file computes the loss without smoothing.
# Version: torch 2.13.0, onnxscript 0.7.2, onnxruntime 1.32.0 (PyPI), November 2026.
# Source: torch.onnx.export(..., dynamo=True), its default; onnxscript/function_libs/torch_lib/ops/nn.py
. "$(dirname "$0")/setup.sh"
python_packages torch==2.13.0 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import logging

import onnxruntime
import torch
from torch import nn

logging.disable(logging.WARNING)
print("torch", torch.__version__.split("+")[0])
scores, labels = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]]), torch.tensor([1, 0])
for smoothing in (0.0, 0.1, 0.5):
    loss = nn.CrossEntropyLoss(label_smoothing=smoothing)
    model = torch.onnx.export(loss, (scores, labels), dynamo=True, verbose=False).model_proto
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    given = dict(zip([i.name for i in session.get_inputs()], (scores.numpy(), labels.numpy())))
    print(f"smoothing {smoothing}: PyTorch {loss(scores, labels):.4f}, exported {session.run(None, given)[0].item():.4f}")
CODE
seen <<'SEEN'
torch 2.13.0
smoothing 0.0: PyTorch 1.7887, exported 1.7887
smoothing 0.1: PyTorch 1.7721, exported 1.7887
smoothing 0.5: PyTorch 1.7054, exported 1.7887
SEEN
