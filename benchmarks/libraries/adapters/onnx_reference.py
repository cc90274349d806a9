"""ONNX's operators with their own defaults, run by the reference that comes with onnx."""

import onnx
from onnx.reference import ReferenceEvaluator
from onnx_models import calls, enter
from protocol import run


def load(model):
    evaluator = ReferenceEvaluator(onnx.load_from_string(model))
    return lambda array: evaluator.run(None, {"x": array})[0]


if __name__ == "__main__":
    run(calls(load), enter=enter, dtypes=("float64", "float32", "float16"), views=False, most=30000)
