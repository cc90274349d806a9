"""TensorFlow's functions, and Keras's, converted to TensorFlow Lite and run by its interpreter."""

import numpy as np
import tensorflow as tf
import tensorflow_
from protocol import Call, run
from tensorflow import keras


def converted(function):
    interpreters = {}

    def run_there(x):
        if x.ndim not in interpreters:
            signature = tf.TensorSpec([None] * x.ndim, tf.float32)
            concrete = tf.function(function, input_signature=[signature]).get_concrete_function()
            converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
            interpreters[x.ndim] = tf.lite.Interpreter(
                model_content=converter.convert(), num_threads=1
            )
        interpreter = interpreters[x.ndim]
        place = interpreter.get_input_details()[0]["index"]
        interpreter.resize_tensor_input(place, x.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, np.ascontiguousarray(x))
        interpreter.invoke()
        return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])

    return run_there


KERAS = [
    Call("keras hard_sigmoid", "hardsigmoid", keras.activations.hard_sigmoid),
    Call("keras hard_silu", "hardswish", keras.activations.hard_silu),
    Call("keras mish", "mish", keras.activations.mish),
    Call("keras leaky_relu", "leaky_relu", keras.activations.leaky_relu),
    Call("keras softsign", "softsign", keras.activations.softsign),
    Call("keras celu", "celu", keras.activations.celu),
]

if __name__ == "__main__":
    both = tensorflow_.CALLS + (KERAS if keras.backend.backend() == "tensorflow" else [])
    calls = [
        Call(c.name, c.claims, converted(c.function), c.given, c.kind)
        for c in both
        if c.claims not in ("erf", "expm1", "sine", "cross_entropy")
    ]
    run(calls, dtypes=("float32",), views=False, one_by_one=False)
