#!/bin/sh
# MLX's probabilities of a thousand equal scores add up to 3.9 in bfloat16.
# One would guess: bfloat16 has three digits, so 1 within a per cent.
# What happens: the sum of the exponentials is kept in bfloat16, where 256 + 1 is 256, so that every probability is
#   1/256 from 256 classes on; in float16 it stops at 2048. precise=True adds up in float32.
# Version: mlx 0.32.4 with mlx-cpu (PyPI), on an x86-64 processor, November 2026.
# Source: mlx.core.softmax, "precise"; mlx.nn.softmax does not have it
. "$(dirname "$0")/setup.sh"
python_packages mlx==0.32.4 mlx-cpu==0.32.4
python <<'CODE'
import importlib.metadata

import mlx.core as mx

print("mlx", importlib.metadata.version("mlx"))
for dtype, n in ((mx.bfloat16, 1000), (mx.bfloat16, 100_000), (mx.float16, 100_000)):
    for precise in (False, True):
        each = mx.softmax(mx.zeros(n, dtype), precise=precise)[0].astype(mx.float32).item()
        print(f"{n} classes, {str(dtype)[9:]}, precise={precise}: they add up to {n * each:.1f}")
CODE
seen <<'SEEN'
mlx 0.32.4
1000 classes, bfloat16, precise=False: they add up to 3.9
1000 classes, bfloat16, precise=True: they add up to 1.0
100000 classes, bfloat16, precise=False: they add up to 390.6
100000 classes, bfloat16, precise=True: they add up to 1.0
100000 classes, float16, precise=False: they add up to 48.8
100000 classes, float16, precise=True: they add up to 1.0
SEEN
