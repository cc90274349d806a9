#!/bin/sh
# OpenVINO's exp(NaN) is infinite, its relu(NaN) and hsigmoid(NaN) are 0.
# One would guess: NaN, NaN, NaN.
# What happens: infinity, 0 and 0: a network that has failed goes on as if nothing had been.
# Version: openvino 2026.4.1 (PyPI), on an x86-64 processor, November 2026.
# Source: IEEE 754 on NaN; OpenVINO's operation specifications say nothing of it.
. "$(dirname "$0")/setup.sh"
python_packages openvino==2026.4.1 numpy==2.4.6
python <<'CODE'
import numpy as np
import openvino
from openvino import opset15 as ops

x = np.full(3, np.nan, np.float32)
print("OpenVINO", openvino.__version__.split("-")[0])
for name, build in {"exp": ops.exp, "relu": ops.relu, "hsigmoid": ops.hsigmoid}.items():
    node = ops.parameter([-1], dtype=np.float32)
    model = openvino.Core().compile_model(openvino.Model([build(node)], [node]), "CPU")
    print(name, "of NaN:", model([x])[0][0])
CODE
seen <<'SEEN'
OpenVINO 2026.4.1
exp of NaN: inf
relu of NaN: 0.0
hsigmoid of NaN: 0.0
SEEN
