#!/bin/sh
# ggml's GELU is a staircase with 1,025 steps between 1 and 2.
# One would guess: a float32 function of float32 numbers gives nearly as many results as it is given numbers.
# What happens: the input is rounded to half precision and looked up in a table; its gelu_erf and silu are computed.
#   gelu_quick, from a table too, is NaN from -65520 down, where half precision ends.
# Version: ggml 0.13.1, as pywhispercpp 1.5.1 (PyPI) brings it, on the processor, November 2026.
# Source: ggml_vec_gelu_f32 and ggml_table_gelu_f16 in ggml's source, src/ggml-cpu/vec.h
. "$(dirname "$0")/setup.sh"
python_packages pywhispercpp==1.5.1 numpy==2.4.6
python <<'CODE'
import ctypes
import sysconfig
from importlib.metadata import version
from pathlib import Path

import numpy as np

folder = Path(sysconfig.get_path("purelib")) / "pywhispercpp.libs"
base, cpu = (ctypes.CDLL(str(next(folder.glob(f"libggml-{n}-*"))), mode=ctypes.RTLD_GLOBAL) for n in ("base", "cpu"))
pointer = ctypes.c_void_p


class Settings(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("buffer", pointer), ("no_alloc", ctypes.c_bool)]


def call(library, name, *arguments):
    f = getattr(library, "ggml_" + name)
    f.restype = pointer
    return f(*arguments)


def ggml(name, x):
    context = pointer(call(base, "init", Settings(2**26, None, False)))
    tensor = pointer(call(base, "new_tensor_1d", context, 0, ctypes.c_int64(x.size)))
    ctypes.memmove(call(base, "get_data", tensor), x.ctypes.data, x.nbytes)
    result = pointer(call(base, name, context, tensor))
    graph = pointer(call(base, "new_graph", context))
    call(base, "build_forward_expand", graph, result)
    call(cpu, "graph_compute_with_ctx", context, graph, 1)
    y = np.empty_like(x)
    ctypes.memmove(y.ctypes.data, call(base, "get_data", result), y.nbytes)
    return y


base.ggml_version.restype = ctypes.c_char_p
print("ggml", base.ggml_version().decode(), "in pywhispercpp", version("pywhispercpp"))
x = np.linspace(1, 2, 100_001, dtype=np.float32)
for name in ("gelu", "gelu_erf", "silu"):
    print(name, "of", len(x), "numbers: more than 1025 results", len(np.unique(ggml(name, x))) > 1025)
print("gelu", [round(float(y), 4) for y in ggml("gelu", np.array([1, 1.0004, 1.0006, 1.001], np.float32))])
print("gelu_quick", ggml("gelu_quick", np.array([-65000, -66000], np.float32)).tolist())
CODE
seen <<'SEEN'
ggml 0.13.1 in pywhispercpp 1.5.1
gelu of 100001 numbers: more than 1025 results False
gelu_erf of 100001 numbers: more than 1025 results True
silu of 100001 numbers: more than 1025 results True
gelu [0.8413, 0.8413, 0.8423, 0.8423]
gelu_quick [-0.0, nan]
SEEN
