#!/bin/sh
# In OpenVINO Softmax and LogSoftmax of the same model are probabilities of different things.
# One would guess: LogSoftmax is the logarithm of Softmax.
# What happens: before opset 13 ONNX takes all axes from the given one on together. OpenVINO does so for LogSoftmax, and for
#   Softmax takes the one axis, so that the probabilities of four numbers add up to 2.
# Version: openvino 2026.4.1 (PyPI), onnxruntime 1.32.0 beside it, November 2026.
# Source: ONNX's operator Softmax, version 11: https://onnx.ai/onnx/operators/onnx__Softmax.html
. "$(dirname "$0")/setup.sh"
python_packages openvino==2026.4.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import numpy as np
import onnxruntime
import openvino
from onnx import TensorProto, helper

print("openvino", openvino.__version__.split("-")[0])
x = np.zeros((1, 2, 2), np.float32)
for opset in (11, 13):
    for operator in ("Softmax", "LogSoftmax"):
        ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 2, 2]) for n in "xy"]
        graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], axis=1)], "g", ends[:1], ends[1:])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
        model.ir_version = 6
        file = model.SerializeToString()
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        core = openvino.Core()
        told = [core.compile_model(core.read_model(file), "CPU")(x)[0], session.run(None, {"x": x})[0]]
        if operator == "LogSoftmax":
            told = [np.exp(t) for t in told]
        print(f"opset {opset}, {operator}: OpenVINO {told[0][0, 0, 0]:.2f}, onnxruntime {told[1][0, 0, 0]:.2f}")
CODE
seen <<'SEEN'
openvino 2026.4.1
opset 11, Softmax: OpenVINO 0.50, onnxruntime 0.25
opset 11, LogSoftmax: OpenVINO 0.25, onnxruntime 0.25
opset 13, Softmax: OpenVINO 0.50, onnxruntime 0.50
opset 13, LogSoftmax: OpenVINO 0.50, onnxruntime 0.50
SEEN
