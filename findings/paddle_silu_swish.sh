#!/bin/sh
# Paddle's silu and swish are the same function, with another gradient: minus infinity at -85.
# One would guess: F.silu and F.swish, both x sigmoid(x), have the same slope: nearly 0 at -85.
# What happens: silu's is minus infinity there and NaN at -90, so that one such input destroys a training step; swish's is right.
# Version: paddlepaddle 3.3.1 (PyPI), on the processor, November 2026.
# Source: paddle/phi/kernels/funcs/activation_functor.h (it comes with the package), SiluGradFunctor and SwishGradFunctor
. "$(dirname "$0")/setup.sh"
python_packages paddlepaddle==3.3.1 setuptools==80.9.0
python <<'CODE'
import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")
print("paddle", paddle.__version__)
for f in (F.silu, F.swish):
    x = paddle.to_tensor([-1.0, -80.0, -85.0, -90.0], stop_gradient=False)
    f(x).sum().backward()
    print(f.__name__, "slopes at -1, -80, -85, -90:", " ".join(f"{g:.2g}" for g in x.grad.tolist()))
CODE
seen <<'SEEN'
paddle 3.3.1
silu slopes at -1, -80, -85, -90: 0.072 -1.4e-33 -inf nan
swish slopes at -1, -80, -85, -90: 0.072 -1.4e-33 -1e-35 0
SEEN
