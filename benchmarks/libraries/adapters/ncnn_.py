"""ncnn: a network of one layer, for each activation layer with no parameter given."""

import tempfile
from pathlib import Path

import ncnn
import numpy as np
from protocol import Call, run

LAYERS = {
    "ReLU": "relu", "ELU": "elu", "SELU": "selu", "CELU": "celu", "GELU": "gelu",
    "HardSigmoid": "hardsigmoid", "HardSwish": "hardswish", "Mish": "mish", "Sigmoid": "sigmoid",
    "Softplus": "softplus", "Swish": "silu", "TanH": "tanh", "Erf": "erf", "Exp": "exp",
    "Shrink": "hardshrink",
}  # fmt: skip
ABOUT = {
    "GELU, fast_gelu=1": ("GELU 0=1", "gelu_tanh"),
    "ReLU, slope=0.01": ("ReLU 0=0.01", "leaky_relu"),
}


def network(layer, options=""):
    net = ncnn.Net()
    net.opt.num_threads = 1
    net.opt.use_vulkan_compute = False
    for name in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_storage"):
        setattr(net.opt, f"use_{name}", False)
    text = f"7767517\n2 2\nInput in 0 1 in\n{layer} act 1 1 in out {options}\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "net.param"
        file.write_text(text)
        if net.load_param(str(file)) != 0:
            raise RuntimeError(f"ncnn does not load a layer {layer}")
        empty = Path(folder) / "net.bin"
        empty.write_bytes(b"")
        net.load_model(str(empty))

    def function(x):
        extractor = net.create_extractor()
        extractor.input("in", ncnn.Mat(np.ascontiguousarray(x, np.float32)).clone())
        return np.array(extractor.extract("out")[1]).reshape(x.shape)

    return function


def later(layer, options=""):
    made = []

    def function(x):
        if not made:
            made.append(network(layer, options))
        return made[0](x)

    return function


CALLS = [Call(name, claims, later(name)) for name, claims in LAYERS.items()]
CALLS += [
    Call(name, claims, later(*layer.split(" ", 1))) for name, (layer, claims) in ABOUT.items()
]
CALLS += [
    Call("Softmax", "softmax", later("Softmax"), kind="row"),
    Call("Softmax, axis=-1", "softmax", later("Softmax", "0=-1 1=1"), kind="row"),
]

if __name__ == "__main__":
    run(CALLS, dtypes=("float32",), views=False)
