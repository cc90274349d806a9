#!/bin/sh
# OpenCV's ReLU of minus infinity is NaN.
# One would guess: max(0, x), so 0.
# What happens: NaN, and -0.0 for -3: what is negative is multiplied by the slope 0, and 0 times
#   -inf is NaN. A mask of -inf before a ReLU ends in NaN.
# Version: opencv-python-headless 4.14.0.94 (PyPI), November 2026; 5.0.0.93 does the same.
# Source: ONNX's operator Relu, https://onnx.ai/onnx/operators/onnx__Relu.html
. "$(dirname "$0")/setup.sh"
python_packages opencv-python-headless==4.14.0.94 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
import cv2
import numpy as np
from onnx import TensorProto, helper

ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 4]) for n in "xy"]
graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "relu", ends[:1], ends[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
model.ir_version = 8
net = cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), np.uint8))
net.setInput(np.array([[-np.inf, -3, 3, np.inf]], np.float32))
print("OpenCV", cv2.__version__, net.forward().ravel().tolist())
CODE
seen <<'SEEN'
OpenCV 4.14.0 [nan, -0.0, 3.0, inf]
SEEN
