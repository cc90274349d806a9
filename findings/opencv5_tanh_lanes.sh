#!/bin/sh
# OpenCV 5's tanh of 60 is NaN, unless it stands among the last of an array.
# One would guess: 1, for each of 19 equal elements.
# What happens: NaN for the first sixteen, which a vector unit computes, and 1 for the three that are left over.
# Version: opencv-python-headless 5.0.0.93 (PyPI), on an x86-64 processor, November 2026; 4.14.0.94 gives 1.
# Source: ONNX's operator Tanh, https://onnx.ai/onnx/operators/onnx__Tanh.html
. "$(dirname "$0")/setup.sh"
python_packages opencv-python-headless==5.0.0.93 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
import cv2
import numpy as np
from onnx import TensorProto, helper

ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 19]) for n in "xy"]
graph = helper.make_graph([helper.make_node("Tanh", ["x"], ["y"])], "tanh", ends[:1], ends[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
model.ir_version = 8
net = cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), np.uint8))
net.setInput(np.full((1, 19), 60, np.float32))
y = net.forward().ravel()
print("OpenCV", cv2.__version__)
print("NaN somewhere:", bool(np.isnan(y).any()), " the last one:", y[-1])
CODE
seen <<'SEEN'
OpenCV 5.0.0
NaN somewhere: True  the last one: 1.0
SEEN
