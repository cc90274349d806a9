"""ggml, as pywhispercpp's wheel brings it: its unary operators on the processor."""

import ctypes
import sysconfig
from pathlib import Path

import numpy as np
from protocol import Call, run

# ggml-python would have to compile ggml first; here it is built already.
FOLDER = Path(sysconfig.get_path("purelib")) / "pywhispercpp.libs"
base, cpu = (
    ctypes.CDLL(str(next(FOLDER.glob(f"libggml-{part}-*.so*"))), mode=ctypes.RTLD_GLOBAL)
    for part in ("base", "cpu")
)
TYPES = {"float32": 0, "float16": 1}
NAMES = {
    "relu": "relu", "gelu": "gelu", "gelu_quick": "quick_gelu", "gelu_erf": "gelu", "silu": "silu",
    "elu": "elu", "tanh": "tanh", "sigmoid": "sigmoid", "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid", "exp": "exp", "expm1": "expm1", "abs": "abs",
    "softplus": "softplus",
}  # fmt: skip


class Settings(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_size_t), ("buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool),
    ]  # fmt: skip


def declared(library, name, *arguments, result=ctypes.c_void_p):
    function = getattr(library, name)
    function.argtypes, function.restype = arguments, result
    return function


pointer, whole = ctypes.c_void_p, ctypes.c_int64
init = declared(base, "ggml_init", Settings)
free = declared(base, "ggml_free", pointer, result=None)
new_tensor = declared(base, "ggml_new_tensor_2d", pointer, ctypes.c_int, whole, whole)
data = declared(base, "ggml_get_data", pointer)
new_graph = declared(base, "ggml_new_graph", pointer)
expand = declared(base, "ggml_build_forward_expand", pointer, pointer, result=None)
compute = declared(cpu, "ggml_graph_compute_with_ctx", pointer, pointer, ctypes.c_int)


def call(name):
    function = declared(base, f"ggml_{name}", pointer, pointer)

    def made(x):
        x = np.ascontiguousarray(x)
        if name == "soft_max" and x.dtype != np.float32:
            raise TypeError("ggml ends the process")
        context = init(Settings(4 * x.nbytes + 2**24, None, False))
        try:
            width = x.shape[-1]
            tensor = new_tensor(context, TYPES[x.dtype.name], width, x.size // width)
            ctypes.memmove(data(tensor), x.ctypes.data, x.nbytes)
            result = function(context, tensor)
            graph = new_graph(context)
            expand(graph, result)
            compute(context, graph, 1)
            found = np.empty_like(x)
            ctypes.memmove(found.ctypes.data, data(result), x.nbytes)
            return found
        finally:
            free(context)

    return made


CALLS = [Call(f"ggml_{n}", c, call(n)) for n, c in NAMES.items()]
CALLS.append(Call("ggml_soft_max", "softmax", call("soft_max"), kind="row"))

if __name__ == "__main__":
    run(CALLS, dtypes=("float32", "float16"), views=False)
