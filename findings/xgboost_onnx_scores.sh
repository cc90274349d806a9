#!/bin/sh
# Exported to ONNX, XGBoost's multi:softmax gives scores under the name of probabilities, and reg:logistic something else.
# One would guess: the exported output "probabilities" is predict_proba's, as it is for multi:softprob with the same trees.
# What happens: there is no softmax for multi:softmax: negative "probabilities". For reg:logistic there is no sigmoid, and the
#   mean of the labels, which is a probability, is added to scores, so that a sigmoid of one's own does not put it right.
# Version: onnxmltools 1.16.0, xgboost 3.2.0, onnxruntime 1.32.0 (PyPI), November 2026.
# Source: onnxmltools/convert/xgboost/operator_converters/XGBoost.py, post_transform NONE; objectives_with_loglink
. "$(dirname "$0")/setup.sh"
python_packages onnxmltools==1.16.0 xgboost==3.2.0 scikit-learn==1.9.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import warnings
from importlib.metadata import version

import numpy as np
import onnxruntime
import xgboost
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

warnings.simplefilter("ignore")
onnxruntime.set_default_logger_severity(3)
print("onnxmltools", version("onnxmltools"), "xgboost", version("xgboost"))
inputs = np.linspace(-3, 3, 300, dtype=np.float32)[:, None]
three, share = np.digitize(inputs[:, 0], [-1, 1]), 0.1 + 0.3 * (inputs[:, 0] > 0)
for objective in ("multi:softprob", "multi:softmax", "reg:squarederror", "reg:logistic"):
    many = objective.startswith("multi")
    kind = xgboost.XGBClassifier if many else xgboost.XGBRegressor
    model = kind(objective=objective, n_estimators=5, max_depth=2, n_jobs=1).fit(inputs, three if many else share)
    file = convert_xgboost(model, initial_types=[("x", FloatTensorType([None, 1]))])
    session = onnxruntime.InferenceSession(file.SerializeToString(), providers=["CPUExecutionProvider"])
    own = model.predict_proba(inputs[[290]]) if many else model.predict(inputs[[290]])
    name = session.get_outputs()[-1].name
    exported = session.run([name], {"x": inputs[[290]]})[0]
    print(f"{objective}: own {own.astype(float).ravel().round(3).tolist()}, exported {name} {exported.astype(float).ravel().round(3).tolist()}")
CODE
seen <<'SEEN'
onnxmltools 1.16.0 xgboost 3.2.0
multi:softprob: own [0.083, 0.084, 0.834], exported probabilities [0.083, 0.084, 0.834]
multi:softmax: own [0.083, 0.084, 0.834], exported probabilities [-0.94, -0.926, 1.372]
reg:squarederror: own [0.374], exported variable [0.374]
reg:logistic: own [0.374], exported variable [0.835]
SEEN
