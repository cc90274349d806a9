#!/bin/sh
# OpenCV computes the erf form of GELU when the model asks for the tanh form.
# One would guess: Gelu(approximate="tanh") gives -0.045402 at -2.
# What happens: -0.045500, the erf form, whatever the attribute says; 4.7e-4 apart at most. A model that was
#   trained with the tanh form (GPT-2, Gemma) does not agree with itself after the export.
# Version: opencv-python-headless 4.14.0.94 (PyPI), November 2026; 5.0.0.93 does the same.
# Source: ONNX's operator Gelu, https://onnx.ai/onnx/operators/onnx__Gelu.html
. "$(dirname "$0")/setup.sh"
python_packages opencv-python-headless==4.14.0.94 onnx==1.23.2 numpy==2.4.6
python <<'CODE'
import cv2
import numpy as np
from onnx import TensorProto, helper

print("OpenCV", cv2.__version__)
for form in ("none", "tanh"):
    ends = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [1, 3]) for n in "xy"]
    node = helper.make_node("Gelu", ["x"], ["y"], approximate=form)
    model = helper.make_model(
        helper.make_graph([node], "gelu", ends[:1], ends[1:]),
        opset_imports=[helper.make_opsetid("", 20)],
    )
    model.ir_version = 9
    net = cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), np.uint8))
    net.setInput(np.array([[-2, -1, 2]], np.float32))
    print(f"approximate={form!r}:", " ".join(f"{y:.5f}" for y in net.forward().ravel()))
CODE
seen <<'SEEN'
OpenCV 4.14.0
approximate='none': -0.04550 -0.15866 1.95450
approximate='tanh': -0.04550 -0.15866 1.95450
SEEN
