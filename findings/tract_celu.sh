#!/bin/sh
# tract's CELU is another function as soon as alpha is not 1.
# One would guess: Celu(alpha=2) is max(0, x) + min(0, 2 (exp(x/2) - 1)), as ONNX defines it: -1.9866 at -10.
# What happens: -0.9966, half of it: the factor alpha in front of the parentheses is missing.
# Version: tract 0.23.9 (PyPI), November 2026; onnx 1.23.2's reference beside it.
# Source: ONNX's operator Celu, https://onnx.ai/onnx/operators/onnx__Celu.html
. "$(dirname "$0")/setup.sh"
python_packages tract==0.23.9 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
from importlib.metadata import version

import numpy as np
import onnx
import tract
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

x = np.array([-10, -2, -1, 1], np.float32)
ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [4]) for n in "xy"]
graph = helper.make_graph([helper.make_node("Celu", ["x"], ["y"], alpha=2.0)], "celu", ends[:1], ends[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)])
model.ir_version = 8
onnx.save(model, "celu.onnx")
run = tract.onnx().load("celu.onnx").into_model().into_runnable()
print("tract", version("tract"), np.round(run.run([x])[0].to_numpy(), 4).tolist())
print("onnx ", version("onnx"), np.round(ReferenceEvaluator(model).run(None, {"x": x})[0], 4).tolist())
CODE
seen <<'SEEN'
tract 0.23.9 [-0.9933000206947327, -0.632099986076355, -0.3935000002384186, 1.0]
onnx  1.23.2 [-1.9865000247955322, -1.26419997215271, -0.786899983882904, 1.0]
SEEN
