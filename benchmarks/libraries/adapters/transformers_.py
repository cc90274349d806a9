"""transformers: every entry of its table of activations, ACT2FN."""

import torch_eager
from protocol import Call, run
from transformers.activations import ACT2FN

CLAIMS = {
    "gelu": "gelu", "gelu_10": "gelu", "gelu_fast": "gelu_tanh", "gelu_new": "gelu_tanh",
    "gelu_python": "gelu", "gelu_pytorch_tanh": "gelu_tanh", "gelu_accurate": "gelu",
    "gelu_python_tanh": "gelu_tanh", "laplace": "", "leaky_relu": "leaky_relu",
    "linear": "identity", "mish": "mish", "quick_gelu": "quick_gelu", "relu": "relu",
    "relu2": "squared_relu", "relu6": "relu6", "sigmoid": "sigmoid", "silu": "silu",
    "swish": "silu", "tanh": "tanh", "prelu": "prelu", "xielu": "", "hardswish": "hardswish",
}  # fmt: skip


def call(name):
    module = ACT2FN[name]

    def function(x):
        return module.to(x.dtype)(x) if hasattr(module, "to") else module(x)

    return Call(f"ACT2FN['{name}']", CLAIMS.get(name, ""), function)


if __name__ == "__main__":
    run(
        [call(name) for name in ACT2FN], enter=torch_eager.enter, leave=torch_eager.leave,
        gradient=torch_eager.gradient, dtypes=("float32", "bfloat16"),
    )  # fmt: skip
