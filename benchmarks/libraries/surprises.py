"""The rules that make surprises of facts. They know no library, no call and no fault.

A surprise is a dict: library, version, call, function (of the registry), kind, mode ("value"
or "slope"), dtypes, at, got, expected, number (how much) and text, a sentence. What many
libraries share is still told of each: a reader looks for their own.
"""

from collections import Counter, defaultdict

import numpy as np
from forms import FORMS

DTYPES = ("float64", "float32", "float16", "bfloat16")
KINDS = {
    "form": "another function than its name says",
    "default": "another default",
    "error": "far from the exact value",
    "digits": "no digit right, or 0, where the exact value is an ordinary number",
    "overflow": "NaN or infinite though the exact value is not",
    "finite": "finite though the exact value is infinite",
    "range": "leaves its range",
    "order": "falls where the function rises",
    "limit": "misses its limit at infinity",
    "nan": "swallows NaN",
    "slope": "a slope that is not the derivative",
    "corner": "another slope at a corner than most libraries give",
    "neighbours": "an element's result depends on where it stands",
    "again": "a second call gives another result",
    "half": "16-bit results that are not the nearest number, by more than a step",
    "subnormal": "subnormal numbers become 0",
    "integers": "integers in, something else out",
    "dtype": "a result in another dtype",
    "axis": "another default axis",
    "row": "a row with an infinite or missing score",
    "sum": "probabilities that do not add up to 1",
    "twins": "two calls of one library under one name differ",
}
# Relative to the larger of 1 and the value; single precision itself is 1e-7.
FAR = {"float64": 1e-9, "float32": 2e-5, "float16": 8e-3, "bfloat16": 6e-2}
STEPS = 2.0  # a 16-bit result this many units off could have been better for free
SAME = 1e-6


def words(x):
    if isinstance(x, str):
        return {"inf": "∞", "-inf": "−∞", "nan": "NaN"}.get(x, x)
    return f"{x:.6g}".replace("-", "−")


def real(x):
    return float(x)


def unlike(a, b, tolerance=1e-4):
    """Return whether two stored numbers differ, infinities and NaN included."""
    a, b = real(a), real(b)
    if np.isnan(a) or np.isnan(b):
        return np.isnan(a) != np.isnan(b)
    if np.isinf(a) or np.isinf(b):
        return a != b
    return abs(a - b) > tolerance * max(1.0, abs(b))


class Found:
    """Collects the surprises of one call, one for each kind and mode, the worst dtype first."""

    def __init__(self, facts):
        self.facts, self.items = facts, {}

    def add(
        self, kind, mode, dtype, text, *, at=None, got=None, expected=None, number=0.0, sample=None
    ):
        apart = kind == "limit" or (kind == "neighbours" and at == "-inf")
        key = (kind, mode, at) if apart else (kind, mode)
        item = {
            "call": self.facts["call"], "function": self.facts["claims"], "kind": kind,
            "mode": mode, "dtypes": [dtype] if dtype else [], "at": at, "got": got,
            "expected": expected, "number": number, "text": text, "sample": sample,
        }  # fmt: skip
        if key not in self.items:
            self.items[key] = item
        elif dtype and dtype not in self.items[key]["dtypes"]:
            self.items[key]["dtypes"].append(dtype)


def of_form(found, facts):
    claims, form, params = facts["claims"], facts["form"], facts["params"]
    if claims not in FORMS:
        return
    start = FORMS[claims].start | facts.get("given", {})
    listed = ", ".join(f"{k} = {words(v)}" for k, v in params.items())
    here = f"{form}({listed})" if listed else form
    if facts["form_off"] > 3e-3:
        here = f"no form that was tried (nearest: {here})"
    if form != claims or facts["form_off"] > 3e-3:
        if facts["form_max"] > SAME:
            found.add(
                "form", "value", None,
                f"{facts['call']} is {here}, up to {words(facts['form_max'])} from {claims}",
                at=facts["form_at"], number=facts["form_max"], got=here, expected=claims,
            )  # fmt: skip
    else:
        for name, value in params.items():
            if unlike(value, start[name], 1e-3):
                found.add(
                    "default", "value", None,
                    f"{facts['call']} has {name} = {words(value)}, "
                    f"the registry {words(start[name])}",
                    got=value, expected=start[name], number=abs(real(value) - start[name]),
                )  # fmt: skip


def of_values(found, facts, dtype, mode):
    told = facts[dtype].get(mode)
    if not told:
        return
    call = facts["call"] if mode == "value" else f"the slope of {facts['call']}"
    prefix = f"{mode}.{dtype}"
    kind = "slope" if mode == "slope" else "error"
    if real(told["max_relative"]) > FAR[dtype]:
        found.add(
            kind, mode, dtype,
            f"{call} at {words(told['relative_at'])} is {words(told['relative_got'])} in {dtype}, "
            f"exactly {words(told['relative_exact'])}, {words(told['max_relative'])} away",
            at=told["relative_at"], got=told["relative_got"], expected=told["relative_exact"],
            number=real(told["max_relative"]), sample=f"{prefix}.relative",
        )  # fmt: skip
    if "sign_count" in told:
        found.add(
            "slope", mode, dtype,
            f"{call} at {words(told['sign_at'])} is {words(told['sign_got'])} in {dtype}, of the "
            f"wrong sign: exactly {words(told['sign_exact'])}",
            at=told["sign_at"], got=told["sign_got"], expected=told["sign_exact"],
            number=abs(real(told["sign_got"]) - real(told["sign_exact"])), sample=f"{prefix}.ulp",
        )  # fmt: skip
    if "wild_count" in told:
        found.add(
            "digits", mode, dtype,
            f"{call} at {words(told['wild_at'])} is {words(told['wild_got'])} in {dtype}, exactly "
            f"{words(told['wild_exact'])}; so at {told['wild_count']} of {told['points']} points "
            f"from {words(told['wild_from'])} to {words(told['wild_to'])}",
            at=told["wild_at"], got=told["wild_got"], expected=told["wild_exact"],
            number=abs(real(told["wild_exact"])), sample=f"{prefix}.wild",
        )  # fmt: skip
    for label in ("nan", "inf"):
        if f"{label}_count" in told:
            found.add(
                "overflow", mode, dtype,
                f"{call} is {'NaN' if label == 'nan' else 'infinite'} in {dtype} at "
                f"{words(told[f'{label}_at'])}, exactly {words(told[f'{label}_exact'])}; so at "
                f"{told[f'{label}_count']} of {told['points']} points from "
                f"{words(told[f'{label}_from'])} to {words(told[f'{label}_to'])}",
                at=told[f"{label}_at"], got=label, expected=told[f"{label}_exact"],
                number=float(told[f"{label}_count"]), sample=f"{prefix}.{label}",
            )  # fmt: skip
    if "finite_count" in told and mode == "value":
        found.add(
            "finite", mode, dtype,
            f"{call} at {words(told['finite_at'])} is {words(told['finite_got'])} in {dtype}, "
            "exactly infinite",
            at=told["finite_at"], got=told["finite_got"], expected="inf", number=1.0,
        )  # fmt: skip
    for label in ("low", "high"):
        out = told.get(f"beyond_{label}")
        if out:
            found.add(
                "range", mode, dtype,
                f"{call} at {words(out['at'])} is {out['got']!r} in {dtype}, beyond the end "
                f"{words(out['end'])} of its range; so at {out['count']} of {told['points']} "
                f"points from {words(out['from'])} to {words(out['to'])}",
                at=out["at"], got=out["got"], expected=out["end"],
                number=abs(out["got"] - real(out["end"])), sample=f"{prefix}.beyond_{label}",
            )  # fmt: skip
    drops = told.get("drops")
    if drops and real(drops["ulp"]) > 4 and real(drops["by"]) > FAR[dtype] / 10:
        found.add(
            "order", mode, dtype,
            f"{call} falls by {words(drops['by'])} in {dtype} from {words(drops['at'])} to "
            f"{words(drops['to'])}, where the function rises",
            at=drops["at"], got=drops["by"], expected=0.0, number=real(drops["by"]),
            sample=f"{prefix}.drops",
        )  # fmt: skip
    if "over_1_ulp" in told and real(told["max_ulp"]) > STEPS:
        found.add(
            "half", mode, dtype,
            f"{call} at {words(told['ulp_at'])} is {words(told['ulp_got'])} in {dtype}, exactly "
            f"{words(told['ulp_exact'])}, {words(told['max_ulp'])} units of its last place away; "
            f"{told['over_1_ulp']} of {told['points']} numbers are more than one off",
            at=told["ulp_at"], got=told["ulp_got"], expected=told["ulp_exact"],
            number=real(told["max_ulp"]), sample=f"{prefix}.ulp",
        )  # fmt: skip


def of_edges(found, facts, dtype, mode):
    edges = facts[dtype].get(f"{mode}_edges")
    if not edges:
        return
    form = FORMS[facts["form"]]
    call = facts["call"] if mode == "value" else f"the slope of {facts['call']}"
    if mode == "value" and not np.isnan(real(edges["nan"])):
        found.add(
            "nan", mode, dtype, f"{call} at NaN is {words(edges['nan'])} in {dtype}",
            at="nan", got=edges["nan"], expected="nan", number=1.0,
        )  # fmt: skip
    limits = form.limits if mode == "value" else form.grad_limits
    if limits and form.domain[0] == -np.inf:
        for side, limit in zip(("-inf", "inf"), limits(**facts["params"]), strict=True):
            if not np.isnan(limit) and unlike(edges[side], limit, 1e-2):
                found.add(
                    "limit", mode, dtype,
                    f"{call} at {words(side)} is {words(edges[side])} in {dtype}, its limit "
                    f"{words(float(limit))}",
                    at=side, got=edges[side], expected=str(float(limit)), number=1.0,
                )  # fmt: skip
    keeps = mode == "value" and facts["form"] in ("relu", "leaky_relu", "identity", "prelu")
    if keeps and real(edges["tiny"]) == 0 and real(edges["sub"]) == 0:
        found.add(
            "subnormal", mode, dtype,
            f"{call} of the smallest subnormal numbers of {dtype} is 0",
            at="tiny", got=0.0, number=1.0,
        )  # fmt: skip


def of_neighbours(found, facts):
    names = {
        "copies": "of five copies in one array",
        "alone": "alone and among others",
        "lanes": "in an array of 37 equal elements",
        "strided": "in a strided view and in an array",
    }
    for label, where in names.items():
        for key in (label, f"{label}, infinite"):
            told = facts.get(key)
            if told and (facts["form"] not in FORMS or real(told["ulp"]) > 16):
                found.add(
                    "neighbours", "value", "float32",
                    f"{facts['call']} at {words(told['at'])} differs {where}: "
                    f"{' and '.join(map(words if key != label else str, told['got'][:2]))}",
                    at=told["at"], got=told["got"], number=real(told["ulp"]),
                )  # fmt: skip
    if "again" in facts:
        told = facts["again"]
        found.add(
            "again", "value", "float32",
            f"{facts['call']} at {words(told['at'])} is {words(told['got'][0])}, and "
            f"{words(told['got'][1])} when called again",
            at=told["at"], got=told["got"], number=1.0,
        )  # fmt: skip


def of_integers(found, facts):
    told = facts.get("integers", {})
    if "off" in told and (real(told["off"]) > 1e-2 or np.isnan(real(told["off"]))):
        found.add(
            "integers", "value", "int32",
            f"{facts['call']} of the integer {told['at']} is {words(told['got'])} "
            f"({told['dtype']})",
            at=told["at"], got=told["got"], number=real(told["off"]),
        )  # fmt: skip
    for dtype in DTYPES:
        result = facts.get(dtype, {}).get("result")
        if result:
            found.add(
                "dtype", "value", dtype, f"{facts['call']} of {dtype} is {result}",
                got=result, expected=dtype, number=1.0,
            )  # fmt: skip


def of_elementwise(facts):
    found = Found(facts)
    if "form" not in facts:
        return []
    of_form(found, facts)
    of_integers(found, facts)
    of_neighbours(found, facts)
    trusted = facts["form_off"] < 1e-4  # else what follows would be compared with another function
    for dtype in DTYPES:
        for mode in ("value", "slope"):
            if dtype in facts and trusted and facts["claims"]:
                of_values(found, facts, dtype, mode)
                of_edges(found, facts, dtype, mode)
    return list(found.items.values())


ROW_EDGES = {  # what follows from the limit, for softmax and its relatives
    ("softmax", "row_inf"): [1.0, 0.0, 0.0],
    ("softmax", "row_-inf"): [0.0, 0.26894142, 0.73105858],
    ("softmax", "row_far"): [1.0, 0.0, 0.0],
    ("softmax", "row_nan"): [np.nan, np.nan, np.nan],
    ("log_softmax", "row_-inf"): [-np.inf, -1.3132617, -0.31326169],
    ("log_softmax", "row_far"): [0.0, -1e4, -2e4],
    ("log_softmax", "row_nan"): [np.nan, np.nan, np.nan],
    ("logsumexp", "row_-inf"): [1.3132617],
    ("logsumexp", "row_all_-inf"): [-np.inf],
    ("logsumexp", "row_inf"): [np.inf],
    ("logsumexp", "row_far"): [1e4],
    ("cross_entropy", "row_inf"): [0.0],
    ("cross_entropy", "row_-inf"): [np.inf],
    ("cross_entropy", "row_far"): [0.0],
}
ROW_SLOPES = {
    ("softmax", "row_-inf"): [0.0, 0.0, 0.0],
    ("softmax", "row_far"): [0.0, 0.0, 0.0],
    ("log_softmax", "row_far"): [0.0, 0.0, 0.0],
    ("cross_entropy", "row_far"): [0.0, 0.0, 0.0],
    ("cross_entropy", "row_-inf"): [-1.0, 0.26894142, 0.73105858],
}


def of_row(facts):
    found = Found(facts)
    call, claims = facts["call"], facts["claims"]
    for key, told in facts.get("edges", {}).items():
        name, mode = key.rsplit(".", 1)
        table = ROW_EDGES if mode == "value" else ROW_SLOPES
        exact = table.get((claims, name))
        if exact and any(unlike(a, b, 1e-3) for a, b in zip(told["got"], exact, strict=False)):
            of = "" if mode == "value" else "the slope of "
            found.add(
                "row", f"{mode}, {name}", "float32",
                f"{of}{call} of the row ({', '.join(map(words, told['row']))}) is "
                f"({', '.join(map(words, told['got']))}), its limit "
                f"({', '.join(words(str(x)) if not np.isfinite(x) else words(x) for x in exact)})",
                at=told["row"], got=told["got"], expected=[str(x) for x in exact], number=1.0,
            )  # fmt: skip
    if "axis" in facts and facts["axis"] != ["2"]:
        sums = " and ".join(facts["axis"]) or "no axis"
        found.add(
            "axis", "value", "float32",
            f"{call} of an array of shape (2, 3, 4) adds up to 1 over {sums}, not over the last "
            "axis",
            got=facts["axis"], expected=["2"], number=1.0,
        )  # fmt: skip
        rows = facts.get("float32", facts.get("float64", {})).get("value", {}).get("rows4", {})
        if real(rows.get("max_relative", 0)) > 0.3:  # all else follows from the axis
            return [item for item in found.items.values() if item["kind"] == "axis"]
    for name, sums in facts.get("sums", {}).items():
        for total in sums:
            if unlike(total, 1.0, 1e-3):
                found.add(
                    "sum", f"value, {name}", "float32",
                    f"the probabilities of {call} over 50,000 classes add up to {words(total)}",
                    got=total, expected=1.0, number=abs(real(total) - 1),
                )  # fmt: skip
    for dtype in DTYPES:
        for mode in ("value", "slope"):
            for told in facts.get(dtype, {}).get(mode, {}).values():
                of = "" if mode == "value" else "the slope of "
                if real(told["max_relative"]) > FAR[dtype]:
                    found.add(
                        "error", mode, dtype,
                        f"{of}{call} is {words(told['got'])} in {dtype} for a score of an ordinary "
                        f"row, exactly {words(told['exact'])}",
                        got=told["got"], expected=told["exact"], number=real(told["max_relative"]),
                    )  # fmt: skip
                if told["bad"]:
                    found.add(
                        "overflow", mode, dtype,
                        f"{of}{call} is not finite in {dtype} for {told['bad']} of "
                        f"{told['points']} scores of ordinary rows",
                        number=float(told["bad"]),
                    )  # fmt: skip
                if told["wild"]:
                    found.add(
                        "digits", mode, dtype,
                        f"{of}{call} is {words(told['wild_got'])} in {dtype}, exactly "
                        f"{words(told['wild_exact'])}; so for {told['wild']} of "
                        f"{told['points']} scores",
                        got=told["wild_got"], expected=told["wild_exact"],
                        number=abs(real(told["wild_exact"])),
                    )  # fmt: skip
    return list(found.items.values())


def of_call(facts):
    return of_elementwise(facts) if facts["kind"] == "elementwise" else of_row(facts)


# ---- What only shows beside others -------------------------------------------------------


def corners(libraries):
    """Yield surprises where a slope at a corner differs from that of most libraries."""
    seen = defaultdict(dict)
    for library, record in libraries.items():
        for facts in record["calls"]:
            told = facts.get("float32", {}).get("corners") or facts.get("float64", {}).get(
                "corners"
            )
            if not told or facts.get("form") != facts["claims"]:
                continue
            for z, slope in told.items():
                key = (facts["claims"], tuple(sorted(facts["params"].items())), z)
                seen[key][library, facts["call"]] = str(slope)
    for (function, params, z), slopes in seen.items():
        by_library = {library: s for (library, _), s in slopes.items()}
        usual, times = Counter(by_library.values()).most_common(1)[0]
        if len(by_library) < 3:
            continue
        for (library, call), slope in slopes.items():
            if unlike(slope, usual, 1e-3):
                extra = "".join(f", {k} = {words(v)}" for k, v in params)
                yield library, {
                    "call": call, "function": function, "kind": "corner", "mode": "slope",
                    "dtypes": ["float32"], "at": float(z), "got": slope, "expected": usual,
                    "number": abs(real(slope) - real(usual)) if slope != "nan" else 1.0,
                    "text": f"the slope of {call}{extra} at its corner {z} is {slope}, in "
                    f"{times} of {len(by_library)} libraries {usual}", "sample": None,
                }  # fmt: skip


def twins(libraries):
    """Yield surprises where two calls of a library claim one function and differ."""
    for library, record in libraries.items():
        groups = defaultdict(list)
        for facts in record["calls"]:
            if facts.get("form") and facts["claims"] and facts["form_off"] < 3e-3:
                groups[facts["claims"], str(facts.get("given"))].append(facts)
        for (function, _), several in groups.items():
            first = several[0]
            told = set()
            for other in several[1:]:
                pair = (first["form"], str(first["params"])), (other["form"], str(other["params"]))
                if pair[0] != pair[1] and pair[1] not in told:
                    told.add(pair[1])
                    apart = [
                        abs(a - b)
                        for a, b in zip(first["curve"], other["curve"], strict=True)
                        if a is not None and b is not None
                    ]
                    names = [
                        f"{f['call']} is {f['form']}"
                        + "".join(f", {k} = {words(v)}" for k, v in f["params"].items())
                        for f in (first, other)
                    ]
                    yield library, {
                        "call": other["call"], "function": function, "kind": "twins",
                        "mode": "value", "dtypes": [], "at": None, "got": names[1],
                        "expected": names[0], "number": max(apart),
                        "text": f"{'; '.join(names)}: up to {words(max(apart))} apart",
                        "sample": None,
                    }  # fmt: skip


def usual_defaults(libraries):
    """Return {function: {parameter: {value: libraries}}} of all calls without parameters."""
    table = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for library, record in libraries.items():
        for facts in record["calls"]:
            if facts.get("form") == facts["claims"] and not facts.get("given"):
                for name, value in facts["params"].items():
                    table[facts["claims"]][name][words(value)].add(library)
    return {
        f: {p: {v: sorted(names) for v, names in values.items()} for p, values in params.items()}
        for f, params in table.items()
    }
