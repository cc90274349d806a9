#!/bin/sh
# OpenVINO's softplus is negative at -31.
# One would guess: log(1 + exp(x)) is positive, however small; its logarithm exists.
# What happens: -1.9e-06 between about -32 and -18, where the exact value is 1e-8 to 1e-14.
# Version: openvino 2026.4.1 (PyPI), on an x86-64 processor, November 2026.
# Source: OpenVINO's operation SoftPlus-4: log(e^x + 1)
. "$(dirname "$0")/setup.sh"
python_packages openvino==2026.4.1 numpy==2.4.6
python <<'CODE'
import numpy as np
import openvino
from openvino import opset15 as ops

x = np.linspace(-32, -18, 1401, dtype=np.float32)
node = ops.parameter([-1], dtype=np.float32)
model = openvino.Core().compile_model(openvino.Model([ops.softplus(node)], [node]), "CPU")
y = model([x])[0]
print("OpenVINO", openvino.__version__.split("-")[0])
print("negative somewhere:", bool((y < 0).any()))
print("logarithm of it is NaN somewhere:", bool(np.isnan(np.log(y)).any()))
CODE
seen <<'SEEN'
OpenVINO 2026.4.1
negative somewhere: True
logarithm of it is NaN somewhere: True
SEEN
