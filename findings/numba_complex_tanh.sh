#!/bin/sh
# Compiled with Numba, NumPy's tanh of a large complex number is NaN; its own cmath.tanh is 1.
# One would guess: numba.njit makes np.tanh faster and leaves its values.
# What happens: NumPy gives 1 for 1000 + 0j; Numba computes np.tanh by a formula of its own, which overflows, and cmath.tanh
#   by another, which does not.
# Version: numba 0.68.1, numpy 2.4.6 (PyPI), November 2026.
# Source: numba/np/npyfuncs.py, np_complex_tanh_impl
. "$(dirname "$0")/setup.sh"
python_packages numba==0.68.1 numpy==2.4.6
python <<'CODE'
import cmath

import numba
import numpy as np


@numba.njit
def numpys(z):
    return np.tanh(z)


@numba.njit
def pythons(z):
    return cmath.tanh(z)


print("numba", numba.__version__)
for z in (300 + 0j, 400 + 0j, 1000 + 0j, -1000 + 1j):
    told = {"NumPy": np.tanh(z), "Numba's np.tanh": numpys(z), "Numba's cmath.tanh": pythons(z)}
    print(f"the real part at {z}:", ", ".join(f"{name} {t.real:.3g}" for name, t in told.items()))
CODE
seen <<'SEEN'
numba 0.68.1
the real part at (300+0j): NumPy 1, Numba's np.tanh 1, Numba's cmath.tanh 1
the real part at (400+0j): NumPy 1, Numba's np.tanh nan, Numba's cmath.tanh 1
the real part at (1000+0j): NumPy 1, Numba's np.tanh nan, Numba's cmath.tanh 1
the real part at (-1000+1j): NumPy -1, Numba's np.tanh nan, Numba's cmath.tanh -1
SEEN
