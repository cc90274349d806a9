"""ONNX's operators with their own defaults, run by onnxruntime on the processor."""

import onnxruntime
from onnx_models import calls, enter
from protocol import run

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
options.log_severity_level = 4


def load(model):
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda array: session.run(None, {"x": array})[0]


if __name__ == "__main__":
    run(calls(load), enter=enter, dtypes=("float64", "float32", "float16"), views=False)
