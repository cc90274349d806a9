"""One-node ONNX models, with each operator's own defaults, for the runtimes that read ONNX.

`python onnx_models.py FOLDER` writes them as files, for a runtime outside Python.
"""

import json
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper

TYPES = {
    "float64": TensorProto.DOUBLE,
    "float32": TensorProto.FLOAT,
    "float16": TensorProto.FLOAT16,
    "bfloat16": TensorProto.BFLOAT16,
}
# name of the call, what it claims, operator, attributes, given
OPERATORS = [
    ("Relu", "relu", "Relu", {}, {}),
    ("LeakyRelu", "leaky_relu", "LeakyRelu", {}, {}),
    ("Elu", "elu", "Elu", {}, {}),
    ("Elu(alpha=2)", "elu", "Elu", {"alpha": 2.0}, {"alpha": 2.0}),
    ("Selu", "selu", "Selu", {}, {}),
    ("Celu", "celu", "Celu", {}, {}),
    ("Celu(alpha=2)", "celu", "Celu", {"alpha": 2.0}, {"alpha": 2.0}),
    ("Gelu", "gelu", "Gelu", {}, {}),
    ("Gelu(approximate='tanh')", "gelu_tanh", "Gelu", {"approximate": "tanh"}, {}),
    ("Mish", "mish", "Mish", {}, {}),
    ("Swish", "silu", "Swish", {}, {}),
    ("HardSwish", "hardswish", "HardSwish", {}, {}),
    ("Sigmoid", "sigmoid", "Sigmoid", {}, {}),
    ("HardSigmoid", "hardsigmoid", "HardSigmoid", {}, {}),
    ("Softplus", "softplus", "Softplus", {}, {}),
    ("Softsign", "softsign", "Softsign", {}, {}),
    ("Tanh", "tanh", "Tanh", {}, {}),
    ("ThresholdedRelu", "threshold", "ThresholdedRelu", {}, {}),
    ("Shrink", "hardshrink", "Shrink", {}, {}),
    ("Erf", "erf", "Erf", {}, {}),
    ("Exp", "exp", "Exp", {}, {}),
    ("Sin", "sine", "Sin", {}, {}),
    ("Clip", "identity", "Clip", {}, {}),
]
ROWS = [
    ("Softmax", "softmax", "Softmax", {}, 24),
    ("Softmax, opset 12", "softmax", "Softmax", {}, 12),
    ("LogSoftmax", "log_softmax", "LogSoftmax", {}, 24),
    ("ReduceLogSumExp", "logsumexp", "ReduceLogSumExp", {"keepdims": 0}, 12),
]


def model(operator, attributes, dtype, rank, opset=24):
    """Return a model of one node, for inputs of any size with `rank` axes."""
    attributes = dict(attributes)
    if operator == "ReduceLogSumExp":
        attributes["axes"] = [rank - 1]
    node = helper.make_node(operator, ["x"], ["y"], **attributes)
    size = [f"n{i}" for i in range(rank)]
    out = size[:-1] if operator == "ReduceLogSumExp" else size
    graph = helper.make_graph(
        [node],
        operator,
        [helper.make_tensor_value_info("x", TYPES[dtype], size)],
        [helper.make_tensor_value_info("y", TYPES[dtype], out)],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 10
    return made


def every():
    """Yield (name, claims, given, kind, a function from dtype and rank to the model's bytes)."""
    for name, claims, operator, attributes, given in OPERATORS:

        def bytes_of(dtype, rank, operator=operator, attributes=attributes):
            return model(operator, attributes, dtype, rank).SerializeToString()

        yield name, claims, given, "elementwise", bytes_of
    for name, claims, operator, attributes, opset in ROWS:

        def bytes_of(dtype, rank, operator=operator, attributes=attributes, opset=opset):
            return model(operator, attributes, dtype, rank, opset).SerializeToString()

        yield name, claims, {}, "row", bytes_of


def calls(load):
    """Return calls of every operator; `load(bytes)` returns a function from array to array."""
    from protocol import Call

    def made(bytes_of):
        loaded = {}

        def function(x):
            array, dtype = x
            key = dtype, np.ndim(array)
            if key not in loaded:
                loaded[key] = load(bytes_of(*key))
            return loaded[key](array)

        return function

    return [Call(n, c, made(b), given, kind) for n, c, given, kind, b in every()]


def enter(array, dtype):
    return array, dtype


def main():
    folder = Path(sys.argv[1])
    listed = []
    for number, (name, claims, given, kind, bytes_of) in enumerate(every()):
        ranks = (1,) if kind == "elementwise" else (2, 3)
        for rank in ranks:
            (folder / f"model.{number}.{rank}.onnx").write_bytes(bytes_of("float32", rank))
        listed.append({"name": name, "claims": claims, "given": given, "kind": kind})
    (folder / "models.json").write_text(json.dumps(listed))


if __name__ == "__main__":
    main()
