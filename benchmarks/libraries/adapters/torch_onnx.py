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
# Where the target is made inside, the exporter makes a graph that onnxruntime refuses.
NOT = ["abs", "exp", "expm1", "log1p", "sinc", "erf", "sine", "cross_entropy", "glu"]
SKIPPED = ("F.softmax", "nn.Softmax2d()", "nn.PReLU()", "F.rrelu", "nn.RReLU().eval()")
TYPES = {"float64": torch.float64, "float32": torch.float32, "float16": torch.float16}


class Module(nn.Module):
    """All functions, each on an input of its own: one export instead of a hundred."""

    def __init__(self, functions):
        super().__init__()
        self.functions = functions

    def forward(self, *inputs):
        return tuple(f(x) for f, x in zip(self.functions, inputs, strict=True))


def exported(calls, dtype, ndim):
    """Return a session that runs the calls' functions, exported together."""
    example = tuple(torch.zeros([3 + i for i in range(ndim)], dtype=TYPES[dtype]) for _ in calls)
    dims = {axis: torch.export.Dim.DYNAMIC for axis in range(ndim)}
    program = torch.onnx.export(
        Module([c.function for c in calls]), example, dynamo=True, verbose=False,
        dynamic_shapes=((dims,) * len(calls),),
    )  # fmt: skip
    file = io.BytesIO()
    program.save(file)
    return onnxruntime.InferenceSession(
        file.getvalue(), options, providers=["CPUExecutionProvider"]
    )


class Shared:
    """Results of all functions of a kind at one input, computed when first asked for."""

    def __init__(self, calls):
        self.calls, self.sessions, self.kept = calls, {}, {}

    def at(self, x):
        array, dtype = x
        key = dtype, array.shape, hash(array.tobytes())
        if key not in self.kept:
            kind = dtype, array.ndim
            if kind not in self.sessions:
                self.sessions[kind] = exported(self.calls, *kind)
            session = self.sessions[kind]
            named = {i.name: array for i in session.get_inputs()}
            self.kept[key] = session.run(None, named)
        return self.kept[key]


if __name__ == "__main__":
    known = [c for c in torch_eager.CALLS if c.claims not in NOT and c.name not in SKIPPED]
    calls = []
    for kind in ("elementwise", "row"):
        of_kind = [c for c in known if c.kind == kind]
        shared = Shared(of_kind)
        calls += [
            Call(c.name, c.claims, lambda x, s=shared, n=n: s.at(x)[n], c.given, c.kind)
            for n, c in enumerate(of_kind)
        ]
    run(
        calls, enter=lambda array, dtype: (array, dtype), dtypes=("float32",), views=False,
        one_by_one=False,
    )  # fmt: skip
