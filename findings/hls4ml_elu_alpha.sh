#!/bin/sh
# hls4ml makes 0.01 (exp(x) - 1) of an ONNX file's Elu.
# One would guess: ONNX's Elu without the attribute alpha has alpha 1: -0.98 at -4.
# What happens: -0.0098: Elu and ThresholdedRelu are read by the line that reads LeakyRelu, whose alpha is 0.01 when it isn't
#   given. A thresholded ReLU, which is 0 below 1, lets everything above 0.01 pass.
# Version: hls4ml 1.3.0, qonnx 1.0.0, onnx 1.23.2 (PyPI), its emulation in C++ for Vitis, November 2026. Needs g++.
# Source: hls4ml/converters/onnx/core.py, get_onnx_attribute(node, 'alpha', 0.01); https://onnx.ai/onnx/operators/onnx__Elu.html
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
x = np.array([[-4.0, -1.0, 0.5, 1.5]], np.float32)
for operator, given in (("Elu", {}), ("Elu", {"alpha": 1.0}), ("ThresholdedRelu", {}), ("LeakyRelu", {})):
    nodes = [helper.make_node("MatMul", ["X", "I"], ["M"], name="identity"),
             helper.make_node(operator, ["M"], ["Y"], name="a", **given)]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in "XY"]
    graph = helper.make_graph(nodes, "one", values[:1], values[1:], [numpy_helper.from_array(np.eye(4, dtype=np.float32), "I")])
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    with contextlib.redirect_stdout(io.StringIO()):
        cleaned = cleanup_model(ModelWrapper(file))
        config = hls4ml.utils.config_from_onnx_model(cleaned, granularity="name", default_precision="ap_fixed<32,16>", backend="Vitis")
        model = hls4ml.converters.convert_from_onnx_model(
            cleaned, hls_config=config, output_dir=f"{operator}{len(given)}", backend="Vitis")
        model.compile()
    wanted = ReferenceEvaluator(file).run(None, {"X": x})[0].ravel()
    got = model.predict(x).ravel()
    print(operator, given or "as it is", *(f"{at:g}: {y:.4f}, ONNX {w:.4f};" for at, y, w in zip(x.ravel(), got, wanted)))
CODE
seen <<'SEEN'
hls4ml 1.3.0
Elu as it is -4: -0.0098, ONNX -0.9817; -1: -0.0063, ONNX -0.6321; 0.5: 0.5000, ONNX 0.5000; 1.5: 1.5000, ONNX 1.5000;
Elu {'alpha': 1.0} -4: -0.9824, ONNX -0.9817; -1: -0.6328, ONNX -0.6321; 0.5: 0.5000, ONNX 0.5000; 1.5: 1.5000, ONNX 1.5000;
ThresholdedRelu as it is -4: 0.0000, ONNX 0.0000; -1: 0.0000, ONNX 0.0000; 0.5: 0.5000, ONNX 0.0000; 1.5: 1.5000, ONNX 1.5000;
LeakyRelu as it is -4: -0.0398, ONNX -0.0400; -1: -0.0099, ONNX -0.0100; 0.5: 0.5000, ONNX 0.5000; 1.5: 1.5000, ONNX 1.5000;
SEEN
