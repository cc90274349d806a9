#!/bin/sh
# onnxruntime's Tanh exceeds 1, so that atanh of it is NaN.
# One would guess: tanh stays within [-1, 1].
# What happens: 1.0000001 for thousands of numbers between 8 and 9, in float32.
# Version: onnxruntime 1.32.0 (PyPI), on an x86-64 processor, November 2026; onnxruntime-web 1.30.0 too.
# Source: ONNX's operator Tanh, https://onnx.ai/onnx/operators/onnx__Tanh.html
. "$(dirname "$0")/setup.sh"
python_packages onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper

ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n"]) for n in "xy"]
graph = helper.make_graph([helper.make_node("Tanh", ["x"], ["y"])], "tanh", ends[:1], ends[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
model.ir_version = 8
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
x = np.arange(0x41000000, 0x41100000, dtype=np.uint32).view(np.float32)  # all of [8, 9)
y = session.run(None, {"x": x})[0]
with np.errstate(invalid="ignore"):
    lost = np.isnan(np.arctanh(y))
print("onnxruntime", onnxruntime.__version__)
print("largest:", repr(float(y.max())), " more than 10,000 above 1:", bool((y > 1).sum() > 10_000))
print("atanh of those is NaN:", bool(lost[y > 1].all()))
CODE
seen <<'SEEN'
onnxruntime 1.32.0
largest: 1.000000238418579  more than 10,000 above 1: True
atanh of those is NaN: True
SEEN
