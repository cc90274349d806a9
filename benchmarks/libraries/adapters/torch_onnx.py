"""PyTorch's functions, exported by torch.onnx.export and run by onnxruntime."""

import io

import onnxruntime
import torch
import torch_eager
from protocol import Call, run
from torch import nn

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
options.log_severity_level = 4
NOT = "abs exp expm1 log1p sinc erf sine".split()
TYPES = {"float64": torch.float64, "float32": torch.float32, "float16": torch.float16}


class Module(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def exported(function):
    sessions = {}

    def run_there(x):
        array, dtype = x
        key = dtype, array.ndim
        if key not in sessions:
            example = torch.zeros([3] * array.ndim, dtype=TYPES[dtype])
            dims = {0: torch.export.Dim.DYNAMIC, array.ndim - 1: torch.export.Dim.DYNAMIC}
            program = torch.onnx.export(
                Module(function), (example,), dynamo=True, verbose=False,
                dynamic_shapes=(dims,),
            )  # fmt: skip
            file = io.BytesIO()
            program.save(file)
            sessions[key] = onnxruntime.InferenceSession(
                file.getvalue(), options, providers=["CPUExecutionProvider"]
            )
        session = sessions[key]
        return session.run(None, {session.get_inputs()[0].name: array})[0]

    return run_there


if __name__ == "__main__":
    calls = [
        Call(c.name, c.claims, exported(c.function), c.given, c.kind)
        for c in torch_eager.CALLS
        if c.claims not in NOT and "module" not in c.name
    ]
    run(
        calls, enter=lambda array, dtype: (array, dtype), dtypes=("float32", "float16"),
        views=False, one_by_one=False,
    )  # fmt: skip
