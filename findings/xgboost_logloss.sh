#!/bin/sh
# In XGBoost the same mistake has a log loss of 20 on one side, and of 36.8 on the other.
# One would guess: a score of 20 with the label 0 costs what -20 with the label 1 does: 20.
# What happens: the probability is float32, so that 1 - p is 0 from a score of 17 up and its logarithm that of a floor, 1e-16:
#   the loss leaps from 16 to 36.8, and stays.
# Version: xgboost 3.2.0 (PyPI), on the processor, November 2026.
# Source: the objective binary:logistic and the metric logloss, https://xgboost.readthedocs.io
. "$(dirname "$0")/setup.sh"
python_packages xgboost==3.2.0 scipy==1.17.1 numpy==2.4.6
python <<'CODE'
import numpy as np
import xgboost

print("xgboost", xgboost.__version__)
for score in (10.0, 16.0, 18.0, 20.0, 100.0):
    told = []
    for label in (1, 0):
        data = xgboost.DMatrix(np.zeros((1, 1)), label=[label], base_margin=[-score if label else score])
        model = xgboost.train({"objective": "binary:logistic", "eval_metric": "logloss"}, data, 0)  # no trees: the score alone
        told.append(f"{-score if label else score} with the label {label} costs {float(model.eval(data).split(':')[1]):.2f}")
    print(", ".join(told))
CODE
seen <<'SEEN'
xgboost 3.2.0
-10.0 with the label 1 costs 10.00, 10.0 with the label 0 costs 10.00
-16.0 with the label 1 costs 16.00, 16.0 with the label 0 costs 15.94
-18.0 with the label 1 costs 18.00, 18.0 with the label 0 costs 36.84
-20.0 with the label 1 costs 20.00, 20.0 with the label 0 costs 36.84
-100.0 with the label 1 costs 36.84, 100.0 with the label 0 costs 36.84
SEEN
