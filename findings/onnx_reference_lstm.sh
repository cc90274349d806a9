#!/bin/sh
# ONNX's reference evaluator runs an LSTM with tanh, whatever activations the model names.
# One would guess: LSTM(activations=["Sigmoid", "Relu", "Relu"]) applies them, as RNN does or else refuses: it is the reference.
# What happens: LSTM and GRU read the attribute and compute sigmoid and tanh; clip and input_forget are dropped too, and the
#   first also by RNN. Who checks a runtime against it finds fault with the runtime.
# Version: onnx 1.23.2, onnxruntime 1.32.0 beside it (PyPI), November 2026.
# Source: onnx/reference/ops/op_lstm.py and op_gru.py, the methods f and g; https://onnx.ai/onnx/operators/onnx__LSTM.html
. "$(dirname "$0")/setup.sh"
python_packages onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
x = np.full((1, 1, 1), -2, np.float32)


def results(operator, gates, **attributes):
    ones = [numpy_helper.from_array(np.ones((1, gates, 1), np.float32), name) for name in "WR"]
    node = helper.make_node(operator, ["X", "W", "R"], ["Y"], hidden_size=1, **attributes)
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None if name == "Y" else x.shape) for name in "XY"]
    graph = helper.make_graph([node], "one", values[:1], values[1:], ones)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return [run(None, {"X": x})[0].item() for run in (ReferenceEvaluator(model).run, session.run)]


for operator, gates, attributes in (
    ("LSTM", 4, {}),
    ("LSTM", 4, {"activations": ["Sigmoid", "Relu", "Relu"]}),
    ("LSTM", 4, {"clip": 0.1}),
    ("GRU", 3, {"activations": ["Sigmoid", "Relu"]}),
    ("RNN", 1, {"clip": 0.1}),
):
    reference, runtime = results(operator, gates, **attributes)
    print(f"{operator} {attributes}: reference {reference:.4f}, onnxruntime {runtime:.4f}")
CODE
seen <<'SEEN'
onnx 1.23.2 onnxruntime 1.32.0
LSTM {}: reference -0.0136, onnxruntime -0.0136
LSTM {'activations': ['Sigmoid', 'Relu', 'Relu']}: reference -0.0136, onnxruntime 0.0000
LSTM {'clip': 0.1}: reference -0.0136, onnxruntime -0.0225
GRU {'activations': ['Sigmoid', 'Relu']}: reference -0.8491, onnxruntime 0.0000
RNN {'clip': 0.1}: reference -0.9640, onnxruntime -0.0997
SEEN
