#!/bin/sh
# onnxruntime has two Softplus functions: the one inside a recurrent layer is infinite from 89 up.
# One would guess: RNN(activations=["Softplus"]) applies the operator Softplus, which is 100 at 100.
# What happens: the operator is written so that it can't overflow, the layer's is log(1 + exp(x)): infinite at 100, and 0 at -20,
#   where the operator gives 2e-09. The layer's ReLU makes 0 of NaN, which the operator keeps.
# Version: onnxruntime 1.32.0 (PyPI), on the processor, November 2026.
# Source: ONNX's operator RNN, https://onnx.ai/onnx/operators/onnx__RNN.html
. "$(dirname "$0")/setup.sh"
python_packages onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper

print("onnxruntime", onnxruntime.__version__)


def run(node, weights, x):
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 1, 1]) for n in "xy"]
    constants = [helper.make_tensor(n, TensorProto.FLOAT, [1, 1, 1], [value]) for n, value in weights.items()]
    graph = helper.make_graph([node], "g", ends[:1], ends[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    model.ir_version = 8
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": np.full((1, 1, 1), x, np.float32)})[0].item()


for name, inputs in {"Softplus": (-20, 1, 80, 100), "Relu": (-20, 100, np.nan)}.items():
    operator = helper.make_node(name, ["x"], ["y"])
    # one unit, input weight 1, recurrent weight 0, no bias: the activation alone
    layer = helper.make_node("RNN", ["x", "w", "r"], ["", "y"], hidden_size=1, activations=[name])
    for x in inputs:
        print(f"{name}({x}): operator {run(operator, {}, x):.3g}, in a layer {run(layer, dict(w=1.0, r=0.0), x):.3g}")
CODE
seen <<'SEEN'
onnxruntime 1.32.0
Softplus(-20): operator 2.06e-09, in a layer 0
Softplus(1): operator 1.31, in a layer 1.31
Softplus(80): operator 80, in a layer 80
Softplus(100): operator 100, in a layer inf
Relu(-20): operator 0, in a layer 0
Relu(100): operator 100, in a layer 100
Relu(nan): operator nan, in a layer 0
SEEN
