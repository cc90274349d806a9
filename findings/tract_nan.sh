#!/bin/sh
# tract turns NaN into a number, through Sigmoid, Tanh and Swish.
# One would guess: NaN in, NaN out, as everywhere in floating point.
# What happens: Sigmoid(NaN) is 4.47e-07, Tanh(NaN) nearly -1: a network that has failed answers as
#   if it were sure. The values are those for very negative inputs.
# Version: tract 0.23.9 (PyPI), November 2026.
# Source: ONNX's operators Sigmoid and Tanh; IEEE 754 on NaN.
. "$(dirname "$0")/setup.sh"
python_packages tract==0.23.9 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
from importlib.metadata import version

import numpy as np
import onnx
import tract
from onnx import TensorProto, helper

print("tract", version("tract"))
for operator in ("Sigmoid", "Tanh", "Swish"):
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [2]) for n in "xy"]
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"])], "g", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)])
    model.ir_version = 10
    onnx.save(model, "model.onnx")
    run = tract.onnx().load("model.onnx").into_model().into_runnable()
    y = run.run([np.array([np.nan, 0], np.float32)])[0].to_numpy()
    print(operator, "of NaN:", f"{y[0]:.3g},", "of 0:", y[1])
CODE
seen <<'SEEN'
tract 0.23.9
Sigmoid of NaN: 4.47e-07, of 0: 0.5
Tanh of NaN: -1, of 0: 0.0
Swish of NaN: -6.48e-06, of 0: 0.0
SEEN
