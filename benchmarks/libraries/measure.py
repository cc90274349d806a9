"""What is measured of a call, from the files that its adapter wrote: facts, not judgements.

The truth is this course's own function in float64, which the accuracy page compares with
mpmath to a few ulp: far below what float32 and the 16-bit types can show. For results in
float64 it is mpmath itself (formulas.py), for the functions that the registry has.
"""

import json
import pickle
import warnings
from pathlib import Path

import forms
import formulas
import numpy as np
from inputs import GRID, INTEGERS, JOINS, ROW_EDGES, from_bfloat16

from actlib.activations import ACTIVATIONS, glu, log_softmax, logsumexp, softmax

EPS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
EXACTLY = 600  # so many points are compared with mpmath
LEAST = {"float64": 2.0**-1022, "float32": 2.0**-126, "float16": 2.0**-14, "bfloat16": 2.0**-126}
MOST = {
    "float64": np.finfo(np.float64).max,
    "float32": float(np.finfo(np.float32).max),
    "float16": 65504.0,
    "bfloat16": 3.3895313892515355e38,
}
# A page shows a function at these places, and a curve on the thinner grid.
SHOWN = (-20.0, -3.0, -1.0, 0.0, 1.0, 3.0, 20.0)
CURVE = np.linspace(-8, 8, 65)
SIDES = ("-inf", "inf", "nan", "-max", "max", "0", "-0", "tiny", "-tiny", "sub", "-sub")


class Results:
    """The files of one adapter's run."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.calls = json.loads((self.folder / "calls.json").read_text())
        self.listed = json.loads((self.folder / "results.json").read_text())
        self.inputs = {
            (i["name"], i["dtype"]): i
            for i in json.loads((self.folder / "inputs.json").read_text())
        }

    def there(self, number, name, dtype, mode="value"):
        return "dtype" in self.listed.get(f"{number}.{name}.{dtype}.{mode}", {})

    def error(self, number, name, dtype, mode="value"):
        return self.listed.get(f"{number}.{name}.{dtype}.{mode}", {}).get("error")

    def get(self, number, name, dtype, mode="value"):
        """Return (input, result, dtype of the result), both as numbers of float64."""
        key = f"{number}.{name}.{dtype}.{mode}"
        said = self.listed[key]
        z = self.read(f"{name}.{dtype}", dtype, self.inputs[name, dtype]["shape"])
        if len(said.get("shape", ())) == 1 and z.ndim == 1:
            z = z[:: said.get("every", 1)]
        return z, self.read(key, said["dtype"], said.get("shape")), said["dtype"]

    def read(self, file, dtype, shape):
        raw = np.fromfile(self.folder / file, {"bfloat16": "uint16"}.get(dtype, dtype))
        real = from_bfloat16(raw) if dtype == "bfloat16" else raw
        with np.errstate(all="ignore"):
            return real.astype(np.float64).reshape(shape or raw.shape)


def number(x, digits=6):
    """Return a number that JSON can hold, to so many digits; "nan", "inf" as words."""
    x = float(x)
    return float(f"{x:.{digits}g}") if np.isfinite(x) else str(x)


def unit(exact, dtype):
    """Return the distance of neighbouring numbers of a dtype at the exact values."""
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(exact), LEAST[dtype])
        return 2.0 ** np.floor(np.log2(np.where(np.isfinite(size), size, 1.0))) * EPS[dtype]


def exact_pair(form, params, z, slope):
    """Return the exact values as (nearest float64, what is missing), by mpmath."""
    entry = ACTIVATIONS[form]
    values = formulas.exact(entry, z, slope=slope, **params)
    high = np.array([float(v) for v in values])
    rest = [float(v - h) if np.isfinite(h) else 0.0 for v, h in zip(values, high, strict=True)]
    return high, np.array(rest)


class Truth:
    """Exact values, kept in a file: the same points come with every library."""

    def __init__(self, folder):
        self.file = folder / "truth.pickle"
        self.kept = pickle.loads(self.file.read_bytes()) if self.file.exists() else {}

    def __call__(self, form, params, z, dtype, slope):
        """Return (value, the missing rest) at z."""
        known = forms.FORMS[form]
        function = known.slope if slope else known.value
        with np.errstate(all="ignore"):
            plain = np.asarray(function(z, **params), np.float64)
        if dtype != "float64" or not known.known:
            return plain, 0.0
        key = (form, tuple(sorted(params.items())), slope, z.tobytes())
        if key not in self.kept:
            self.kept[key] = exact_pair(form, params, z, slope)
        return self.kept[key]

    def store(self):
        self.file.write_bytes(pickle.dumps(self.kept))


def window(z, y, t, at, size=30):
    """Return up to 60 points about a place, with the digits of float32, for a figure."""
    order = np.argsort(z, kind="stable")
    z, y, t = z[order], y[order], t[order]
    middle = int(np.searchsorted(z, at))
    low, high = max(0, middle - size), middle + size
    return [[number(v, 9) for v in part[low:high]] for part in (z, y, t)]


def compare(z, y, truth, dtype, form, params, slope):
    """Return the facts of a result at finite inputs, and the samples where they are worst."""
    t, rest = truth
    known = forms.FORMS[form]
    with np.errstate(all="ignore"):
        beyond = np.abs(t) > MOST[dtype] * (1 + EPS[dtype] / 4)
        fine = ~beyond & np.isfinite(t) & np.isfinite(y)
        off = np.where(fine, np.abs((y - t) - rest), 0.0)
        ulp = off / unit(t, dtype)
        size = np.maximum(np.abs(t), 1.0)
    facts, samples = {"points": len(z)}, {}
    normal = (np.abs(t) >= LEAST[dtype]) & ((z == 0) | (np.abs(z) >= LEAST[dtype]))
    for label, error in (("ulp", np.where(normal, ulp, 0)), ("relative", off / size)):
        worst = int(np.argmax(error))
        facts[f"max_{label}"], facts[f"{label}_at"] = number(error[worst]), number(z[worst])
        facts[f"{label}_got"], facts[f"{label}_exact"] = number(y[worst]), number(t[worst])
        samples[label] = window(z, y, t, z[worst])
    if dtype in ("float16", "bfloat16"):
        facts["not_nearest"] = int((np.where(fine, ulp, 0) > 0.5 + 1e-9).sum())
        facts["over_1_ulp"] = int((np.where(fine & normal, ulp, 0) > 1).sum())
    # Results that are NaN or infinite though the exact one is not, or the reverse.
    lost = np.isfinite(t) & ~beyond & ~np.isfinite(y)
    for label, where in (("nan", lost & np.isnan(y)), ("inf", lost & np.isinf(y))):
        if where.any():
            facts |= {f"{label}_count": int(where.sum()), f"{label}_from": number(z[where].min())}
            facts |= {f"{label}_to": number(z[where].max())}
            worst = int(np.argmin(np.where(where, np.abs(z), np.inf)))
            facts |= {f"{label}_at": number(z[worst]), f"{label}_exact": number(t[worst])}
            samples[label] = window(z, y, t, z[worst])
    capped = beyond & np.isfinite(y)
    if capped.any():
        facts |= {"finite_count": int(capped.sum()), "finite_at": number(z[capped][0])}
        facts["finite_got"] = number(y[capped][0])
    # No digit is right: 0 or wild where the exact value is an ordinary small number.
    with np.errstate(all="ignore"):
        wild = fine & normal & (off > 0.5 * np.abs(t)) & (np.abs(t) > 1e3 * LEAST[dtype])
    if wild.any():
        worst = int(np.argmax(np.where(wild, np.abs(t), 0)))
        facts |= {"wild_count": int(wild.sum()), "wild_at": number(z[worst])}
        facts |= {"wild_got": number(y[worst]), "wild_exact": number(t[worst])}
        facts |= {"wild_from": number(z[wild].min()), "wild_to": number(z[wild].max())}
        facts |= {"wild_zero": bool((y[wild] == 0).mean() > 0.5)}
        samples["wild"] = window(z, y, t, z[worst])
    if not slope:
        facts |= order_and_range(z, y, t, rest, dtype, known, params, samples)
        return facts, samples
    bad = fine & (np.sign(y) * np.sign(t) < 0) & (off > 4 * unit(t, dtype)) & (off > 1e-12)
    if bad.any():
        worst = int(np.argmax(np.where(bad, off, 0)))
        facts |= {"sign_count": int(bad.sum()), "sign_at": number(z[worst])}
        facts |= {"sign_got": number(y[worst]), "sign_exact": number(t[worst])}
    return facts, samples


def order_and_range(z, y, t, rest, dtype, form, params, samples):
    facts = {}
    if form.range is not None:
        interval = form.range(**params)
        for label, end, way in (("low", interval.low, -1), ("high", interval.high, 1)):
            if not np.isfinite(end):
                continue
            allowed = 0.0 if float(end).is_integer() else 4 * float(unit(np.array(end), dtype))
            out = np.isfinite(y) & ((y - end) * way > allowed)
            if out.any():
                worst = int(np.argmax(np.where(out, (y - end) * way, 0)))
                facts[f"beyond_{label}"] = {
                    "count": int(out.sum()), "end": number(end), "at": number(z[worst]),
                    "got": float(y[worst]), "from": number(z[out].min()),
                    "to": number(z[out].max()),
                }  # fmt: skip
                samples[f"beyond_{label}"] = window(z, y, t, z[worst])
    order = np.argsort(z, kind="stable")
    z, y, t = z[order], y[order], t[order]
    good = np.isfinite(y) & np.isfinite(t)
    z, y, t = z[good], y[good], t[good]
    if len(t) > 1 and (np.diff(t) >= 0).all():
        drop = -np.diff(y)
        if drop.max() > 0:
            worst = int(np.argmax(drop / (1 + np.abs(y[1:]))))
            facts["drops"] = {
                "count": int((drop > 0).sum()), "at": number(z[worst]), "to": number(z[worst + 1]),
                "by": number(drop[worst]), "ulp": number(drop[worst] / unit(t[worst], dtype)),
            }  # fmt: skip
            samples["drops"] = window(z, y, t, z[worst])
    return facts


def edge_facts(y, kind):
    return {side: number(v) for side, v in zip(SIDES, y, strict=False)}


def same(a, b):
    """Return where two results are the same number, NaN included."""
    return (a == b) | (np.isnan(a) & np.isnan(b))


def neighbours(results, n, facts):
    """Compare elements alone, in full vectors, in their tails, strided, and a second time."""
    got = {}
    for name in ("alone", "together", "lanes", "strided"):
        if results.there(n, name, "float32"):
            got[name] = results.get(n, name, "float32")[:2]
    if results.there(n, "again", "float32") and results.there(n, "grid", "float32"):
        first, second = (results.get(n, k, "float32")[1] for k in ("grid", "again"))
        if first.shape == second.shape and not same(first, second).all():
            at = int(np.argmin(same(first, second)))
            facts["again"] = {
                "at": number(GRID[at]),
                "got": [number(first[at]), number(second[at])],
            }
    if "together" not in got:
        return
    z, y = got["together"]
    wide = len(z) // 5
    z, y = z[:wide], y.reshape(5, -1)
    compared = {"copies": y}
    if "alone" in got:
        compared["alone"] = np.stack([y[0], got["alone"][1]])
    if "lanes" in got:
        compared["lanes"] = got["lanes"][1].reshape(wide, -1).T
    if "strided" in got:
        compared["strided"] = np.stack([y[0], got["strided"][1].reshape(5, -1)[0]])
    for label, several in compared.items():
        apart(z, several, label, facts, np.isfinite(z))
        apart(z, several, f"{label}, infinite", facts, ~np.isfinite(z))


def apart(z, several, label, facts, which):
    """Note where results that should be equal are most apart, among the z that are meant."""
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        low, high = np.nanmin(several, axis=0), np.nanmax(several, axis=0)
        mixed = np.isnan(several).any(axis=0) & ~np.isnan(several).all(axis=0)
        gap = np.where(low == high, 0.0, high - low) / unit(np.nan_to_num(low), "float32")
        gap = np.where(mixed, np.inf, np.where(np.isnan(gap), 0.0, gap)) * which
        gap = np.nan_to_num(gap, nan=0.0, posinf=np.inf)
    if gap.max() > 0:
        at = int(np.argmax(gap))
        distinct = sorted(
            {number(v) if np.isfinite(v) else str(v) for v in several[:, at]}, key=str
        )
        facts[label] = {"at": number(z[at]), "ulp": number(gap[at]), "got": distinct[:4]}
        if gap[at] < 1e6:
            facts[label]["got"] = [repr(float(low[at])), repr(float(high[at]))]


def measure_call(results, n, truth):
    """Return the facts of one call of an elementwise function, and its samples."""
    call = results.calls[n]
    facts = {"call": call["name"], "claims": call["claims"], "kind": call["kind"]}
    facts |= {"given": call["given"]} if call["given"] else {}
    base = next((d for d in ("float64", "float32") if results.there(n, "grid", d)), None)
    if base is None:
        facts["failed"] = results.error(n, "grid", "float32") or results.error(n, "grid", "float64")
        return facts, {}
    z, y, _ = results.get(n, "grid", base)
    if y.shape != z.shape:
        facts["failed"] = f"a result of shape {y.shape} for an input of shape {z.shape}"
        return facts, {}
    form, params, off = forms.nearest(z, y, call["claims"], call["given"])
    facts |= {"form": form, "params": {k: number(v) for k, v in params.items()}}
    facts["form_off"] = number(off)
    facts["form_max"] = number(np.nanmax(np.abs(claimed_difference(call, z, y))))
    facts["form_at"] = number(z[int(np.nanargmax(np.abs(claimed_difference(call, z, y))))])
    order = np.argsort(z)
    facts["shown"] = [number(np.interp(x, z[order], y[order])) for x in SHOWN]
    curve = [float(f"{v:.5g}") if np.isfinite(v) else None for v in np.interp(CURVE, z, y)]
    samples = {"curve": curve}
    if results.there(n, "grid", base, "slope"):
        s = results.get(n, "grid", base, "slope")[1]
        samples["slope_curve"] = [
            float(f"{v:.5g}") if np.isfinite(v) else None for v in np.interp(CURVE, z, s)
        ]
    for dtype in EPS:
        told = measure_dtype(results, n, dtype, form, params, truth, samples)
        if told:
            facts[dtype] = told
    neighbours(results, n, facts)
    if results.there(n, "integers", "int32"):
        _, y, kind = results.get(n, "integers", "int32")
        exact = forms.FORMS[form].value(INTEGERS.astype(float), **params)
        off = np.abs(y - exact)
        facts["integers"] = {"dtype": kind, "off": number(np.nanmax(off))}
        facts["integers"] |= {"at": int(INTEGERS[int(np.nanargmax(off))])}
        facts["integers"]["got"] = number(y[int(np.nanargmax(off))])
    elif results.error(n, "integers", "int32"):
        facts["integers"] = {"error": results.error(n, "integers", "int32")}
    return facts, samples


def claimed_difference(call, z, y):
    form = forms.FORMS.get(call["claims"])
    if form is None:
        return np.zeros_like(y)
    here = forms.in_domain(form, z) & (np.abs(z) <= 8)
    with np.errstate(all="ignore"):
        off = y - form.value(z, **(form.start | call["given"]))
    off = np.where(here & np.isfinite(off), off, 0.0)
    return off


def measure_dtype(results, n, dtype, form, params, truth, samples):
    """Return what is measured of a call in one dtype."""
    known = forms.FORMS[form]
    told = {}
    names = ("crowded", "patterns") if dtype in ("float64", "float32") else ("all",)
    for mode in ("value", "slope"):
        parts = [
            results.get(n, name, dtype, mode)
            for name in names
            if results.there(n, name, dtype, mode)
        ]
        parts = [p for p in parts if p[0].shape == p[1].shape]
        if parts:
            kind = parts[0][2]
            z, y = (np.concatenate([p[i] for p in parts]) for i in (0, 1))
            keep = forms.in_domain(known, z)
            if mode == "slope":
                for join in known.joins(**params):
                    keep &= np.abs(z - join) > 4 * EPS[dtype] * max(1.0, abs(join))
            z, y = z[keep], y[keep]
            # A result in another dtype than the input is judged by its own.
            judged = kind if kind in EPS else dtype
            if judged == "float64" and dtype != "float64":
                judged = dtype
            if judged == "float64" and known.known:
                thin = slice(None, None, max(1, len(z) // EXACTLY))
                z, y = z[thin], y[thin]
            exact = truth(form, params, z, judged, mode == "slope")
            facts, more = compare(z, y, exact, judged, form, params, mode == "slope")
            told[mode] = facts
            if kind != dtype:
                told["result"] = kind
            for label, sample in more.items():
                samples[f"{mode}.{dtype}.{label}"] = sample
        if results.there(n, "edges", dtype, mode):
            _, y, kind = results.get(n, "edges", dtype, mode)
            if len(y) == len(SIDES):
                told[f"{mode}_edges"] = edge_facts(y, kind)
        elif results.error(n, "edges", dtype, mode) and mode == "value":
            told["error"] = results.error(n, "edges", dtype, mode)
    if results.there(n, "joins", dtype, "slope"):
        y = results.get(n, "joins", dtype, "slope")[1]
        told["corners"] = {
            f"{x:g}": number(v)
            for x, v in zip(JOINS, y, strict=False)
            if x in known.joins(**params)
        }
    return told


def cross_entropy(z):
    return -log_softmax(z)[..., 0]


ROW_TRUTH = {
    "softmax": softmax,
    "log_softmax": log_softmax,
    "softmin": lambda z: softmax(-z),
    "logsumexp": logsumexp,
    "cross_entropy": cross_entropy,
    "glu": glu,
}


def first_row_slope(claims, z):
    """Return the derivative of the first result of each row by the row."""
    p = softmax(z if claims != "softmin" else -z)
    first = np.zeros_like(p)
    first[..., 0] = 1
    return {
        "softmax": p[..., :1] * (first - p),
        "softmin": -p[..., :1] * (first - p),
        "log_softmax": first - p,
        "cross_entropy": p - first,
    }.get(claims)


def measure_rows(results, n):
    """Return the facts of a call of a function of rows."""
    call = results.calls[n]
    facts = {"call": call["name"], "claims": call["claims"], "kind": call["kind"]}
    exactly = ROW_TRUTH.get(call["claims"])
    samples = {}
    if results.there(n, "cube", "float32") and call["claims"] in ("softmax", "softmin"):
        y = results.get(n, "cube", "float32")[1]
        if y.size == 24:
            y = y.reshape(2, 3, 4)
            sums = {axis: y.sum(axis) for axis in (0, 1, 2, (1, 2))}
            facts["axis"] = [
                str(axis) for axis, total in sums.items() if np.allclose(total, 1, atol=1e-3)
            ]
    error = results.error(n, "rows4", "float32")
    if error:
        facts["failed"] = error
    for dtype in EPS:
        for mode in ("value", "slope"):
            told = {}
            for name in ("rows4", "rows300"):
                if not results.there(n, name, dtype, mode) or exactly is None:
                    continue
                z, y, kind = results.get(n, name, dtype, mode)
                t = exactly(z) if mode == "value" else first_row_slope(call["claims"], z)
                if t is None or y.size != t.size:
                    continue
                judged = kind if kind in EPS and kind != "float64" else dtype
                y, t = y.ravel(), np.asarray(t).ravel()
                with np.errstate(all="ignore"):
                    off = np.where(np.isfinite(y) & np.isfinite(t), np.abs(y - t), 0)
                    share = off / np.maximum(np.abs(t), 1)
                    normal = np.abs(t) >= LEAST[judged]
                    ulp = np.where(normal, off / unit(t, judged), 0)
                    wild = normal & (off > 0.5 * np.abs(t)) & (np.abs(t) > 1e3 * LEAST[judged])
                worst = int(np.argmax(share))
                told[name] = {
                    "points": len(y), "max_relative": number(share[worst]), "got": number(y[worst]),
                    "exact": number(t[worst]), "max_ulp": number(ulp.max()),
                    "over_1_ulp": int((ulp > 1).sum()),
                    "bad": int((~np.isfinite(y) & np.isfinite(t)).sum()), "wild": int(wild.sum()),
                }  # fmt: skip
                if wild.any():
                    at = int(np.argmax(np.where(wild, np.abs(t), 0)))
                    told[name] |= {"wild_got": number(y[at]), "wild_exact": number(t[at])}
            if told:
                facts.setdefault(dtype, {})[mode] = told
    for name, row in ROW_EDGES.items():
        for mode in ("value", "slope"):
            if results.there(n, name, "float32", mode):
                y = results.get(n, name, "float32", mode)[1].ravel()
                facts.setdefault("edges", {})[f"{name}.{mode}"] = {
                    "row": [number(v) for v in row[0]], "got": [number(v) for v in y[:6]],
                }  # fmt: skip
    if call["claims"] in ("softmax", "softmin", "log_softmax"):
        for name in ("wide", "flat_wide"):
            if results.there(n, name, "float32"):
                y = results.get(n, name, "float32")[1]
                p = np.exp(y) if call["claims"] == "log_softmax" else y
                if p.ndim == 2:
                    sums = p.sum(axis=-1)
                    facts.setdefault("sums", {})[name] = [number(s) for s in sums]
    return facts, samples


def measure(results, truth):
    """Yield (facts, samples) of every call."""
    for n, call in enumerate(results.calls):
        yield (
            measure_call(results, n, truth)
            if call["kind"] == "elementwise"
            else measure_rows(results, n)
        )
