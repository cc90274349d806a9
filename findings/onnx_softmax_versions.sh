#!/bin/sh
# ONNX's version converter makes another function of Softmax on the way down, and of Hardmax on the way up.
# One would guess: convert_version keeps what a model computes, or refuses, as it does for operators that it cannot convert.
# What happens: before opset 13 these operators take all axes from the given one on together. Downwards the converter keeps the
#   axis, so that four scores add up to 1 where two did; upwards it puts a Flatten before Softmax, and nothing before
#   Hardmax. ONNX's own reference evaluator takes one axis in all versions: it sees no difference where there is one, and one
#   where there is none.
# Version: onnx 1.23.2, onnxruntime 1.32.0 (PyPI), November 2026.
# Source: onnx/version_converter/adapters/softmax_13_12.h, and convert.h beside it for Hardmax; onnx/reference/ops/op_softmax.py
. "$(dirname "$0")/setup.sh"
python_packages onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator
from onnx.version_converter import convert_version

print("onnx", onnx.__version__)
x = np.array([[[0, 1], [2, 0]]], np.float32)


def computed(model):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    for run in (session.run, ReferenceEvaluator(model).run):
        yield run(None, {"x": x})[0].astype(float).round(3).ravel().tolist()


for name, before, after in (
    ("Softmax", 12, 13), ("Softmax", 13, 12), ("LogSoftmax", 13, 12), ("Hardmax", 12, 13), ("Hardmax", 13, 12),
):
    ends = [helper.make_tensor_value_info(end, TensorProto.FLOAT, x.shape) for end in "xy"]
    graph = helper.make_graph([helper.make_node(name, ["x"], ["y"], axis=1)], "g", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", before)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    try:
        other = convert_version(model, after)
    except RuntimeError as error:
        print(f"{name} {before} to {after}: refused, {str(error).split(': ')[-1].strip()}")
        continue
    (run, reference), (run_after, reference_after) = computed(model), computed(other)
    print(f"{name} {before} to {after}: onnxruntime {run}, then {run_after};",
          "the reference", "sees no difference" if reference == reference_after else "differs")
CODE
seen <<'SEEN'
onnx 1.23.2
Softmax 12 to 13: onnxruntime [0.083, 0.225, 0.61, 0.083], then [0.083, 0.225, 0.61, 0.083]; the reference differs
Softmax 13 to 12: onnxruntime [0.119, 0.731, 0.881, 0.269], then [0.083, 0.225, 0.61, 0.083]; the reference sees no difference
LogSoftmax 13 to 12: onnxruntime [-2.127, -0.313, -0.127, -1.313], then [-2.494, -1.494, -0.494, -2.494]; the reference sees no difference
Hardmax 12 to 13: onnxruntime [0.0, 0.0, 1.0, 0.0], then [0.0, 1.0, 1.0, 0.0]; the reference sees no difference
Hardmax 13 to 12: refused, No Adapter From Version $13 for Hardmax
SEEN
