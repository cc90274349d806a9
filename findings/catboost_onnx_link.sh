#!/bin/sh
# CatBoost's own export to ONNX forgets the exponential of Poisson, and makes a softmax of one sigmoid per class.
# One would guess: the file gives what predict and predict_proba give, as for Logloss and MultiClass, or save_model refuses.
# What happens: with Poisson and Tweedie the file's "predictions" are logarithms of what predict gives, so that counts can be
#   negative; with MultiClassOneVsAll its "probabilities" add up to 1, where the model's own need not.
# Version: catboost 1.2.10, onnxruntime 1.32.0 (PyPI), November 2026.
# Source: CatBoost.save_model(..., format="onnx"), https://catboost.ai/docs
. "$(dirname "$0")/setup.sh"
python_packages catboost==1.2.10 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import catboost
import numpy as np
import onnxruntime

onnxruntime.set_default_logger_severity(3)
print("catboost", catboost.__version__)
inputs = np.linspace(-3, 3, 300, dtype=np.float32)[:, None]
two, three = (inputs[:, 0] > 0).astype(int), np.digitize(inputs[:, 0], [-1, 1])
for loss, labels in (
    ("RMSE", three), ("Poisson", three), ("Tweedie:variance_power=1.5", three),
    ("Logloss", two), ("MultiClass", three), ("MultiClassOneVsAll", three),
):
    number = loss[:2] in ("RM", "Po", "Tw")
    kind = catboost.CatBoostRegressor if number else catboost.CatBoostClassifier
    model = kind(loss_function=loss, iterations=5, learning_rate=0.3, verbose=0, thread_count=1, allow_writing_files=False)
    model.fit(inputs, labels)
    model.save_model("model.onnx", format="onnx")
    session = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"])
    name = session.get_outputs()[-1].name
    exported = session.run([name], {session.get_inputs()[0].name: inputs[[10]]})[0]
    own = model.predict(inputs[[10]]) if number else model.predict_proba(inputs[[10]])[0]
    if not number:
        exported = [exported[0][label] for label in sorted(exported[0])]
    print(f"{loss}: own {np.round(own, 3).tolist()}, exported {name} {np.asarray(exported, float).ravel().round(3).tolist()}")
CODE
seen <<'SEEN'
catboost 1.2.10
RMSE: own [0.18], exported predictions [0.18]
Poisson: own [0.252], exported predictions [-1.38]
Tweedie:variance_power=1.5: own [0.076], exported predictions [-2.577]
Logloss: own [0.863, 0.137], exported probabilities [0.863, 0.137]
MultiClass: own [0.846, 0.077, 0.077], exported probabilities [0.846, 0.077, 0.077]
MultiClassOneVsAll: own [0.864, 0.136, 0.136], exported probabilities [0.953, 0.023, 0.024]
SEEN
