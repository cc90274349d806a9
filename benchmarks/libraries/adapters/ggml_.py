"""ggml, through ggml-python: its unary operators on the processor."""

import ctypes

import ggml
import numpy as np
from protocol import Call, run

NAMES = {
    "relu": "relu", "gelu": "gelu", "gelu_quick": "quick_gelu", "gelu_erf": "gelu", "silu": "silu",
    "elu": "elu", "tanh": "tanh", "sigmoid": "sigmoid", "hardswish": "hardswish",
    "hardsigmoid": "hardsigmoid", "exp": "exp", "abs": "abs", "softplus": "softplus",
    "leaky_relu": "leaky_relu",
}  # fmt: skip


def call(function, shape_first=False):
    def made(x):
        size = 4 * x.nbytes + 2**22
        context = ggml.ggml_init(
            ggml.ggml_init_params(mem_size=size, mem_buffer=None, no_alloc=False)
        )
        try:
            flat = np.ascontiguousarray(x, np.float32)
            if x.ndim == 1:
                tensor = ggml.ggml_new_tensor_1d(context, ggml.GGML_TYPE_F32, flat.size)
            else:
                tensor = ggml.ggml_new_tensor_2d(
                    context, ggml.GGML_TYPE_F32, x.shape[-1], flat.size // x.shape[-1]
                )
            ctypes.memmove(ggml.ggml_get_data(tensor), flat.ctypes.data, flat.nbytes)
            result = function(context, tensor)
            graph = ggml.ggml_new_graph(context)
            ggml.ggml_build_forward_expand(graph, result)
            ggml.ggml_graph_compute_with_ctx(context, graph, 1)
            found = np.empty_like(flat)
            ctypes.memmove(found.ctypes.data, ggml.ggml_get_data(result), flat.nbytes)
            return found.reshape(x.shape)
        finally:
            ggml.ggml_free(context)

    return made


CALLS = [
    Call(f"ggml_{n}", c, call(getattr(ggml, f"ggml_{n}")))
    for n, c in NAMES.items()
    if hasattr(ggml, f"ggml_{n}") and n != "leaky_relu"
]
CALLS.append(Call("ggml_soft_max", "softmax", call(ggml.ggml_soft_max), kind="row"))

if __name__ == "__main__":
    run(CALLS, dtypes=("float32",), views=False)
