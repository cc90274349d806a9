#!/bin/sh
# Core ML Tools' thresholded ReLU of a constant changes the constant, and the array it was made from.
# One would guess: thresholded_relu(c) has a value of its own, and c stays what it is, as for the other activations.
# What happens: its value is computed at once, where all inputs are known, by setting to 0 in place what is below alpha:
#   tanh(c) after it is another function of another constant, and the weights that the caller passed in are overwritten.
# Version: coremltools 9.0 (PyPI), on Linux, November 2026.
# Source: coremltools/converters/mil/mil/ops/defs/iOS15/activation.py, class thresholded_relu, value_inference
. "$(dirname "$0")/setup.sh"
python_packages coremltools==9.0 numpy==1.26.4
python <<'CODE'
import logging

import numpy as np

logging.disable(logging.WARNING)  # coremltools says that other packages are newer than those it was tried with
import coremltools
from coremltools.converters.mil import Builder as mb

print("coremltools", coremltools.__version__)


def told(array):
    return " ".join(f"{number:.3g}" for number in array)


for name, settings in {"leaky_relu": {"alpha": 0.1}, "elu": {"alpha": 1.0}, "thresholded_relu": {"alpha": 2.0}}.items():
    weights = np.array([-3.0, 1.0, 4.0], np.float32)

    @mb.program(input_specs=[mb.TensorSpec((3,))])
    def program(x):
        constant = mb.const(val=weights)
        before = mb.tanh(x=constant).val
        activated = getattr(mb, name)(x=constant, **settings).val
        after = mb.tanh(x=constant).val
        print(f"{name} {told(activated)}; tanh of the constant {told(before)} before, {told(after)} after;",
              f"the caller's weights {told(weights)}")
        return mb.add(x=x, y=constant)
CODE
seen <<'SEEN'
coremltools 9.0
leaky_relu -0.3 1 4; tanh of the constant -0.995 0.762 0.999 before, -0.995 0.762 0.999 after; the caller's weights -3 1 4
elu -0.95 1 4; tanh of the constant -0.995 0.762 0.999 before, -0.995 0.762 0.999 after; the caller's weights -3 1 4
thresholded_relu 0 0 4; tanh of the constant -0.995 0.762 0.999 before, 0 0 0.999 after; the caller's weights 0 0 4
SEEN
