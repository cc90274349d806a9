"""neurolab: its transfer functions, with the derivatives that it trains by."""

import neurolab
import numpy as np
from protocol import Call, run

CLAIMS = {
    "TanSig": "tanh",
    "LogSig": "sigmoid",
    "PureLin": "identity",
    "SatLins": "hardtanh",
    "SatLin": "",
}


def call(name, claims):
    made = getattr(neurolab.trans, name)()

    def slope(function, x):
        return np.asarray(made.deriv(x, made(x)), float) * np.ones_like(x)

    return Call(f"trans.{name}()", claims, made, slope=slope)


def softmax(x):
    made = neurolab.trans.SoftMax()
    return np.apply_along_axis(made, -1, x)


if __name__ == "__main__":
    calls = [call(n, c) for n, c in CLAIMS.items()]
    calls.append(Call("trans.SoftMax()", "softmax", softmax, kind="row", slope=False))
    run(calls, dtypes=("float64", "float32", "int32"))
