#!/bin/sh
# Exported to ONNX, LightGBM's classifiers lose their own sigmoid: its slope, its place, or the mean before it.
# One would guess: the exported probabilities are predict_proba's, or the converter refuses, as it does other objectives.
# What happens: an objective is looked at for how its name begins. "binary sigmoid:2" becomes a sigmoid of slope 1;
#   "multiclassova", one sigmoid for each class, becomes a softmax; and a random forest's sum of trees, not their mean, goes
#   through the sigmoid, whose result is divided by 100, whatever the number of trees: 0.88 for the label 1 becomes 0.01, and the label 0.
# Version: onnxmltools 1.16.0, lightgbm 4.7.0, onnxruntime 1.32.0 (PyPI), November 2026.
# Source: onnxmltools/convert/lightgbm/operator_converters/LightGbm.py: startswith("binary"), startswith("multiclass")
. "$(dirname "$0")/setup.sh"
python_packages onnxmltools==1.16.0 lightgbm==4.7.0 scikit-learn==1.9.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
import warnings
from importlib.metadata import version

import numpy as np
import onnxruntime
from lightgbm import LGBMClassifier
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

warnings.simplefilter("ignore")
onnxruntime.set_default_logger_severity(3)
print("onnxmltools", version("onnxmltools"), "lightgbm", version("lightgbm"))
inputs = np.linspace(-3, 3, 300, dtype=np.float32)[:, None]
two, three = (inputs[:, 0] > 0).astype(int), np.digitize(inputs[:, 0], [-1, 1])
forest = {"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}
for labels, settings in (
    (two, {"objective": "binary"}),
    (two, {"objective": "binary", "sigmoid": 2.0}),
    (two, {"objective": "binary", **forest}),
    (three, {"objective": "multiclass"}),
    (three, {"objective": "multiclassova"}),
):
    model = LGBMClassifier(n_estimators=5, verbose=-1, n_jobs=1, random_state=0, **settings).fit(inputs, labels)
    file = convert_lightgbm(model, initial_types=[("x", FloatTensorType([None, 1]))], zipmap=False)
    session = onnxruntime.InferenceSession(file.SerializeToString(), providers=["CPUExecutionProvider"])
    own, exported = model.predict_proba(inputs[[290]])[0], session.run(None, {"x": inputs[[290]]})
    named = {name: value for name, value in settings.items() if not name.startswith("bagging")}
    print(f"{named}: own {own.round(3).tolist()}, exported {exported[1][0].astype(float).round(3).tolist()}, label {exported[0][0]}")
CODE
seen <<'SEEN'
onnxmltools 1.16.0 lightgbm 4.7.0
{'objective': 'binary'}: own [0.298, 0.702], exported [0.298, 0.702], label 1
{'objective': 'binary', 'sigmoid': 2.0}: own [0.298, 0.702], exported [0.394, 0.606], label 1
{'objective': 'binary', 'boosting_type': 'rf'}: own [0.119, 0.881], exported [0.99, 0.01], label 0
{'objective': 'multiclass'}: own [0.187, 0.187, 0.626], exported [0.187, 0.187, 0.626], label 2
{'objective': 'multiclassova'}: own [0.2, 0.2, 0.608], exported [0.122, 0.122, 0.756], label 2
SEEN
