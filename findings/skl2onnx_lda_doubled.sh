#!/bin/sh
# Exported by skl2onnx, scikit-learn's linear discriminant of two classes doubles its scores.
# One would guess: the exported probabilities are the model's; with three classes they are, and so are a logistic regression's.
# What happens: the softmax of -s and s, which is sigmoid(2 s), where scikit-learn has sigmoid(s): 0.83 becomes 0.96. The
#   labels agree, so that a comparison of accuracies sees nothing.
# Version: skl2onnx 1.20.0, scikit-learn 1.9.1, onnxruntime 1.32.0 (PyPI), November 2026.
# Source: skl2onnx/operator_converters/linear_classifier.py: "LOGISTIC" if multi_class > 2, which it never is
. "$(dirname "$0")/setup.sh"
python_packages skl2onnx==1.20.0 scikit-learn==1.9.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
python <<'CODE'
from importlib.metadata import version

import numpy as np
import onnxruntime
from scipy.special import expit
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from skl2onnx import to_onnx

print("skl2onnx", version("skl2onnx"))


def three(numbers):
    return np.round(numbers.astype(float), 3).tolist()


inputs = np.array([[-2], [-1], [0], [1], [-1], [0], [1], [2]], np.float32)
asked = np.array([[-1], [0.5], [2]], np.float32)
for model in (LogisticRegression(), LinearDiscriminantAnalysis()):
    for classes in (2, 3):
        labels = np.repeat([0, 1], 4) if classes == 2 else np.array([0, 0, 1, 1, 1, 2, 2, 2])
        model.fit(inputs, labels)
        file = to_onnx(model, inputs, options={"zipmap": False}).SerializeToString()
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        (labels, exported), own = session.run(None, {"X": asked}), model.predict_proba(asked)
        same = "the same" if np.array_equal(labels, model.predict(asked)) else "other"
        print(f"{type(model).__name__}, {classes} classes: P(last) {three(own[:, -1])},",
              f"exported {three(exported[:, -1])}, {same} labels")
        if classes == 2:
            print("  sigmoid(2 s)", three(expit(2 * model.decision_function(asked))))
CODE
seen <<'SEEN'
skl2onnx 1.20.0
LogisticRegression, 2 classes: P(last) [0.372, 0.565, 0.741], exported [0.372, 0.565, 0.741], the same labels
  sigmoid(2 s) [0.259, 0.628, 0.891]
LogisticRegression, 3 classes: P(last) [0.164, 0.473, 0.744], exported [0.164, 0.473, 0.744], the same labels
LinearDiscriminantAnalysis, 2 classes: P(last) [0.31, 0.599, 0.832], exported [0.168, 0.69, 0.961], the same labels
  sigmoid(2 s) [0.168, 0.69, 0.961]
LinearDiscriminantAnalysis, 3 classes: P(last) [0.029, 0.494, 0.935], exported [0.029, 0.494, 0.935], the same labels
SEEN
