#!/bin/sh
# The log-likelihood of statsmodels' probit model does not go below -36 per observation, and there its slope is 0.
# One would guess: log Phi(-9), -43.6, and -805 at -40; the slope, about the score itself, leads back.
# What happens: Phi is clipped at 2.2e-16 in both: -36.04 from -8.2 down, the slope 0.0046 at -9 instead of 9.1, and
#   0 at -40. An observation that is most wrong pulls least; the logit model beside it is right.
# Version: statsmodels 0.15.0 (PyPI), November 2026.
# Source: statsmodels/discrete/discrete_model.py, Probit.loglike and Probit.score, FLOAT_EPS
. "$(dirname "$0")/setup.sh"
python_packages statsmodels==0.15.0 scipy==1.17.1 pandas==3.1.1 numpy==2.4.6
python <<'CODE'
import numpy as np
import scipy.special
import statsmodels
import statsmodels.api as sm

print("statsmodels", statsmodels.__version__)
probit, logit = (model(np.array([1]), np.array([[1.0]])) for model in (sm.Probit, sm.Logit))
for score in (-5.0, -9.0, -40.0):
    at = np.array([score])
    exact = scipy.special.log_ndtr(score)
    print(f"{score}: probit {probit.loglike(at):.2f} of {exact:.2f}, slope {probit.score(at)[0]:.3g}; logit {logit.loglike(at):.2f}")
CODE
seen <<'SEEN'
statsmodels 0.15.0
-5.0: probit -15.06 of -15.06, slope 5.19; logit -5.01
-9.0: probit -36.04 of -43.63, slope 0.00463; logit -9.00
-40.0: probit -36.04 of -804.61, slope 0; logit -40.00
SEEN
