#!/bin/sh
# hls4ml's softplus never exceeds 8, and its softsign stops at 8/9.
# One would guess: softplus(20) is 20, which the type of the result, ap_fixed<32,16>, holds to the fifth digit.
# What happens: both come from a table between -8 and 8, and what lies beyond gets the last entry, 7.98. A table is no
#   loss for a sigmoid, which is flat there; softplus goes on growing. SELU beside it has a table for negative inputs only.
# Version: hls4ml 1.3.0, qonnx 1.0.0, onnx 1.23.2 (PyPI), its emulation in C++ for Vitis, November 2026. Needs g++.
# Source: hls4ml/templates/vivado/nnet_utils/nnet_activation.h, init_softplus_table and softplus
. "$(dirname "$0")/setup.sh"
command -v g++ > /dev/null || failed "this needs g++"
python_packages hls4ml==1.3.0 qonnx==1.0.0 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
import contextlib
import io

import hls4ml
import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from qonnx.core.modelwrapper import ModelWrapper
from qonnx.util.cleanup import cleanup_model

print("hls4ml", hls4ml.__version__)
x = np.array([[-20.0, 1.0, 7.0, 20.0, 1000.0]], np.float32)
for operator in ("Softplus", "Softsign", "Selu"):
    nodes = [helper.make_node("MatMul", ["X", "I"], ["M"], name="identity"), helper.make_node(operator, ["M"], ["Y"], name="a")]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 5]) for name in "XY"]
    graph = helper.make_graph(nodes, "one", values[:1], values[1:], [numpy_helper.from_array(np.eye(5, dtype=np.float32), "I")])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    with contextlib.redirect_stdout(io.StringIO()):
        cleaned = cleanup_model(ModelWrapper(file))
        config = hls4ml.utils.config_from_onnx_model(cleaned, granularity="name", default_precision="ap_fixed<32,16>", backend="Vitis")
        model = hls4ml.converters.convert_from_onnx_model(cleaned, hls_config=config, output_dir=operator, backend="Vitis")
        model.compile()
    wanted = ReferenceEvaluator(file).run(None, {"X": x})[0].ravel()
    print(operator, *(f"{at:g}: {y:.3f}, ONNX {w:.3f};" for at, y, w in zip(x.ravel(), model.predict(x).ravel(), wanted)))
CODE
seen <<'SEEN'
hls4ml 1.3.0
Softplus -20: 0.000, ONNX 0.000; 1: 1.312, ONNX 1.313; 7: 7.000, ONNX 7.001; 20: 7.984, ONNX 20.000; 1000: 7.984, ONNX 1000.000;
Softsign -20: -0.890, ONNX -0.952; 1: 0.500, ONNX 0.500; 7: 0.875, ONNX 0.875; 20: 0.889, ONNX 0.952; 1000: 0.889, ONNX 0.999;
Selu -20: -1.758, ONNX -1.758; 1: 1.051, ONNX 1.051; 7: 7.355, ONNX 7.355; 20: 21.014, ONNX 21.014; 1000: 1050.690, ONNX 1050.701;
SEEN
