"""ONNX's operators with their own defaults, run by tract."""

import tempfile
from pathlib import Path

import numpy as np
import tract
from onnx_models import calls, enter
from protocol import run


def load(model):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        file.write_bytes(model)
        runnable = tract.onnx().load(str(file)).into_model().into_runnable()
    return lambda array: np.array(runnable.run([np.ascontiguousarray(array)])[0].to_numpy())


if __name__ == "__main__":
    run(calls(load), enter=enter, dtypes=("float64", "float32", "float16"), views=False)
