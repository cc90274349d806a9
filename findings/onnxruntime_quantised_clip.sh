#!/bin/sh
# Quantised by onnxruntime, a Clip between 2 and 5 gives 0.
# One would guess: rounding to eight bits, within two hundredths: 2 for everything below 2.
# What happens: the quantiser takes Clip out of the model, as it does with ReLU, because the range of its results cuts too.
#   But that range is made to contain 0, so that it cuts at 0 and 5, or at -5 and 0 for a Clip between -5 and -2. A lower
#   bound that was to keep a variance or a divisor away from 0 is gone. With symmetric ranges it is kept.
# Version: onnxruntime 1.32.0, onnx 1.23.2 (PyPI), on the processor, November 2026.
# Source: onnxruntime/quantization/operators/activation.py, QDQRemovableActivation
. "$(dirname "$0")/setup.sh"
python_packages onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
import logging

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, quantize_static

logging.disable(logging.WARNING)  # it recommends a step before that changes nothing here
print("onnxruntime", onnxruntime.__version__)
x = np.linspace(-6, 6, 7, dtype=np.float32)[None]


class Data(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([{"X": x}])

    def get_next(self):
        return next(self.batches, None)


def results(path):
    return " ".join(f"{y:.2f}" for y in onnxruntime.InferenceSession(path).run(None, {"X": x})[0][0])


print("x", " ".join(f"{number:g}" for number in x[0]))
for low, high in ((2, 5), (-5, -2)):
    nodes = [helper.make_node("MatMul", ["X", "I"], ["M"]), helper.make_node("Clip", ["M", "low", "high"], ["C"]),
             helper.make_node("MatMul", ["C", "I"], ["Y"])]
    constants = {"I": np.eye(7, dtype=np.float32), "low": np.float32(low), "high": np.float32(high)}
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 7]) for name in "XY"]
    graph = helper.make_graph(nodes, "clip", values[:1], values[1:],
                              [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), "float.onnx")
    print(f"Clip({low}, {high}) {results('float.onnx')}")
    for symmetric in (False, True):
        quantize_static("float.onnx", "int8.onnx", Data(), extra_options={"ActivationSymmetric": symmetric})
        left = [node.op_type for node in onnx.load("int8.onnx").graph.node].count("Clip")
        print("  quantised," if not symmetric else "  with symmetric ranges,", results("int8.onnx"), "Clips left:", left)
CODE
seen <<'SEEN'
onnxruntime 1.32.0
x -6 -4 -2 0 2 4 6
Clip(2, 5) 2.00 2.00 2.00 2.00 2.00 4.00 5.00
  quantised, 0.00 0.00 0.00 0.00 1.98 4.00 5.00 Clips left: 0
  with symmetric ranges, 2.01 2.01 2.01 2.01 2.01 4.02 5.00 Clips left: 1
Clip(-5, -2) -5.00 -4.00 -2.00 -2.00 -2.00 -2.00 -2.00
  quantised, -5.00 -4.00 -1.98 0.00 0.00 0.00 0.00 Clips left: 0
  with symmetric ranges, -5.00 -4.02 -2.01 -2.01 -2.01 -2.01 -2.01 Clips left: 1
SEEN
