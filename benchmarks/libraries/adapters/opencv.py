"""ONNX's operators with their own defaults, run by OpenCV's dnn module."""

import cv2
import numpy as np
from onnx_models import calls, enter
from protocol import run

cv2.setNumThreads(1)


def load(model):
    net = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))

    def function(array):
        # The network's input is a row, as OpenCV has no arrays of one axis everywhere.
        net.setInput(np.ascontiguousarray(array))
        return np.array(net.forward()).reshape(array.shape)

    return function


if __name__ == "__main__":
    run(calls(load), enter=enter, dtypes=("float32",), views=False)
