"""ONNX's operators, and its own that have defaults, run by OpenVINO on the processor."""

import io

import numpy as np
import openvino
from onnx_models import calls, enter
from openvino import opset15 as ops
from protocol import Call, run

core = openvino.Core()
SETTINGS = {"INFERENCE_NUM_THREADS": 1}


def load(model):
    compiled = core.compile_model(core.read_model(io.BytesIO(model)), "CPU", SETTINGS)
    return lambda array: compiled([array])[0].copy()


def own(build):
    loaded = {}

    def function(x):
        array, dtype = x
        key = dtype, array.ndim
        if key not in loaded:
            node = ops.parameter([-1] * array.ndim, dtype=np.dtype(dtype).type)
            model = openvino.Model([build(node)], [node])
            loaded[key] = core.compile_model(model, "CPU", SETTINGS)
        return loaded[key]([array])[0].copy()

    return function


CALLS = [
    Call("opset15.gelu", "gelu", own(lambda x: ops.gelu(x, "erf"))),
    Call("opset15.gelu('tanh')", "gelu_tanh", own(lambda x: ops.gelu(x, "tanh"))),
    Call("opset15.hsigmoid", "hardsigmoid", own(ops.hsigmoid)),
    Call("opset15.hswish", "hardswish", own(ops.hswish)),
    Call("opset15.swish", "silu", own(ops.swish)),
    Call("opset15.mish", "mish", own(ops.mish)),
    Call("opset15.softplus", "softplus", own(lambda x: ops.softplus(x))),
    Call("opset15.softsign", "softsign", own(lambda x: ops.softsign(x))),
    Call("opset15.elu(1)", "elu", own(lambda x: ops.elu(x, 1.0))),
    Call("opset15.softmax", "softmax", own(lambda x: ops.softmax(x, -1)), kind="row"),
    Call("opset15.log_softmax", "log_softmax", own(lambda x: ops.log_softmax(x, -1)), kind="row"),
]

if __name__ == "__main__":
    run(calls(load) + CALLS, enter=enter, dtypes=("float32", "float16"), views=False)
