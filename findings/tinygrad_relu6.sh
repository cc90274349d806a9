#!/bin/sh
# tinygrad's relu6 of a billion is 0.
# One would guess: min(max(x, 0), 6), so 6.
# What happens: it is relu(x) - relu(x - 6), and in float32 a billion minus a billion less six is 0; 8 at 2e7.
# Version: tinygrad 0.14.0 (PyPI), November 2026.
# Source: tinygrad/mixin/elementwise.py, relu6: self.relu() - (self-6).relu()
. "$(dirname "$0")/setup.sh"
python_packages tinygrad==0.14.0 numpy==2.4.6
python <<'CODE'
from importlib.metadata import version

from tinygrad import Tensor

print("tinygrad", version("tinygrad"))
for x in (10.0, 1e6, 1e8, 1e9, float("inf")):
    print(f"relu6({x:g}) = {Tensor([x]).relu6().item():g}")
CODE
seen <<'SEEN'
tinygrad 0.14.0
relu6(10) = 6
relu6(1e+06) = 6
relu6(1e+08) = 8
relu6(1e+09) = 0
relu6(inf) = nan
SEEN
