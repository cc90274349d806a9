"""What every adapter in Python does: read the inputs, make the library's calls, write results.

An adapter is run as `python adapter.py FOLDER`, in its library's own environment, and sees
nothing of the course. In FOLDER lies `inputs.json`, a list of inputs:

    {"name": "grid", "dtype": "float32", "shape": [1601], "layout": "flat", "slope": true}

and for each a file `grid.float32` of raw little-endian numbers (bfloat16 as its 16 bits).
"flat": one call for the whole array. "each": a call for every element, alone. "lanes": a call
for every element, repeated 37 times. "strided": a call for every second element, as a view.

The adapter writes `calls.json`, a list of what it called, in this form,

    {"name": "F.gelu", "claims": "gelu", "kind": "elementwise", "given": {}, "slope": true}

and results as `<number of the call>.<name>.<dtype>.value` or `.slope`, listed in
`results.json` with their dtype, or with the message of the error that the call raised.
`claims` is the function of the course's registry whose name the call bears, "" where there
is none; `given` are the parameters that were passed, under the registry's names. Adapters
in other languages write the same files.
"""

import json
import sys
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

LANES = 37


@dataclass
class Call:
    name: str
    claims: str
    function: object
    given: dict = field(default_factory=dict)
    kind: str = "elementwise"
    slope: object = None  # a function of (function, tensor); None: the adapter's `gradient`


def as_is(array, dtype):
    return array


def numbers(result):
    """Return an array and the name of its dtype."""
    array = np.asarray(result)
    return array, array.dtype.name


def first(y):
    """Return the results whose slope is taken: all, or of each row the first."""
    return y[..., 0] if y.ndim > 1 else y


def message(error):
    """Return the first line of an error, which names no folder."""
    lines = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:200]


def run(
    calls, *, enter=as_is, leave=numbers, gradient=None, dtypes=("float64", "float32"),
    views=True, most=None, one_by_one=True, names=None,
):  # fmt: skip
    """Make all calls with all inputs.

    `enter(array, dtype)` makes the library's tensor, `leave(tensor)` returns an array and its
    dtype's name, `gradient(function, tensor)` is the library's own derivative: of the sum of
    all results, for a row function of the first result of each row. `dtypes` are those to
    try; `views`: whether a strided view reaches the library; `most`: thin inputs that are
    longer, where the library is slow; `one_by_one`: whether "each" and "lanes" are tried.
    """
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    folder = Path(sys.argv[1])
    inputs = json.loads((folder / "inputs.json").read_text())
    results = {}
    for number, call in enumerate(calls):
        for given in inputs:
            dtype, layout = given["dtype"], given["layout"]
            rows = call.kind != "elementwise"
            if dtype not in dtypes or rows != (len(given["shape"]) > 1):
                continue
            alone = layout in ("each", "lanes")
            if (alone and not one_by_one) or (layout == "strided" and not views):
                continue
            raw = {"bfloat16": "uint16"}.get(dtype, dtype)
            array = np.fromfile(folder / f"{given['name']}.{dtype}", raw).reshape(given["shape"])
            every = 1
            if most and not rows and len(array) > most:
                every = -(-len(array) // most)
                array = np.ascontiguousarray(array[::every])
            modes = ["value"]
            if given["slope"] and (call.slope or (gradient and call.slope is None)):
                modes.append("slope")
            for mode in modes:
                key = f"{number}.{given['name']}.{dtype}.{mode}"
                function = call.function
                if mode == "slope":
                    chosen = call.slope or gradient

                    def function(x, chosen=chosen, call=call):
                        return chosen(call.function, x)

                try:
                    found, kind = apply(function, array, dtype, layout, enter, leave)
                except Exception as error:  # whatever a library raises is a result
                    results[key] = {"error": message(error)}
                    continue
                found.tofile(folder / key)
                results[key] = {"dtype": kind, "every": every, "shape": list(found.shape)}
        print(call.name, flush=True)
    listed = [
        {
            "name": c.name, "claims": c.claims, "kind": c.kind, "given": c.given,
            "slope": c.slope is not False and bool(c.slope or gradient),
        }
        for c in calls
    ]  # fmt: skip
    (folder / "calls.json").write_text(json.dumps(listed))
    (folder / "results.json").write_text(json.dumps(results))


def apply(function, array, dtype, layout, enter, leave):
    if layout == "flat":
        return leave(function(enter(array.copy(), dtype)))
    if layout == "strided":
        wide = np.repeat(array, 2)
        wide[1::2] = array[::-1]
        return leave(function(enter(wide, dtype)[::2]))
    times = LANES if layout == "lanes" else 1
    parts = [leave(function(enter(np.full(times, x), dtype))) for x in array]
    return np.concatenate([np.atleast_1d(part) for part, _ in parts]), parts[0][1]
