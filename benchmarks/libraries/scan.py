"""Measure what other libraries compute under the names of our functions, and list surprises.

`python benchmarks/libraries/scan.py` scans every library of pins.toml; names scan only those,
and keep the rest of today's file. `--again` removes a library's environment first and says
whether the findings are the stored ones. Nothing here is asserted, and the course imports
none of it. Whatever cannot be installed or measured is a line in the file that says why.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

import environments  # noqa: E402
import inputs  # noqa: E402
import measure  # noqa: E402
import mpmath  # noqa: E402
import numpy as np  # noqa: E402
import run_adapter  # noqa: E402
import sources  # noqa: E402
import surprises  # noqa: E402

from actlib.activations import ACTIVATIONS  # noqa: E402

SAMPLES_PER_KIND = 4
SAMPLES_PER_FUNCTION = {"range": 3, "order": 2, "slope": 2, "overflow": 1, "error": 1}
NEAR = 100.0
PLACES = [-3.0, -0.7, 0.3, 1.2, 4.0]


def registry():
    """Return what identifies the registry: each function's defaults, and values at a few places."""
    told = {}
    for name, entry in ACTIVATIONS.items():
        told[name] = {"params": {k: p.default for k, p in entry.params.items()}}
        z = np.array(PLACES if entry.kind != "gated" else PLACES[:4])
        told[name]["values"] = [float(f"{v:.6g}") for v in np.ravel(entry.value(z))]
    return told


def processor():
    """Return the processor's name and the vector units that libraries choose kernels by."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    told = dict(reversed([line.split(":", 1) for line in lines if ":" in line]))
    told = {key.strip(): value.strip() for key, value in told.items()}
    units = [f for f in ("avx2", "avx512f", "avx512_bf16", "fma") if f in told["flags"].split()]
    return f"{told['model name']} ({' '.join(units)})"


def scan(name, table, truth):
    """Install, run and measure one library; return its record."""
    environment = environments.Environment(name, table)
    environment.install()
    version = environment.checked_version()
    folder = environments.CACHE / "runs" / name.replace("/", "+")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    inputs.write(folder)
    run_adapter.run(environment, folder)
    record = {"version": version, "calls": [], "surprises": []}
    record["adapter"] = table[name]["adapter"]
    for facts, samples in measure.measure(measure.Results(folder), truth):
        curve = samples.pop("curve", None)
        slope_curve = samples.pop("slope_curve", None)
        for item in surprises.of_call(facts):
            item["sample"] = samples.get(item["sample"]) if item["sample"] else None
            record["surprises"].append(item)
        if curve:
            facts |= {"curve": curve, "slope_curve": slope_curve}
        record["calls"].append(facts)
    if not any("form" in c or "float32" in c or "float64" in c for c in record["calls"]):
        failed = next((c["failed"] for c in record["calls"] if c.get("failed")), "no call")
        raise environments.NotMeasured(f"no call gave a result: {failed}")
    shutil.rmtree(folder)
    return record


def short(facts):
    """Return what the stored file keeps of a call's facts."""
    kept = {
        key: facts[key]
        for key in ("call", "claims", "kind", "given", "form", "params", "form_off", "form_max",
                    "form_at", "shown", "failed", "axis", "sums")
        if key in facts
    }  # fmt: skip
    for dtype in surprises.DTYPES:
        told = facts.get(dtype, {})
        if facts["kind"] != "elementwise":
            rows = told.get("value", {}).get("rows4")
            if rows:
                kept.setdefault("errors", {})[dtype] = [rows["max_ulp"], None, rows["max_relative"]]
            continue
        for mode, key in (("value", "errors"), ("slope", "slope_errors")):
            if mode in told:
                t = told[mode]
                kept.setdefault(key, {})[dtype] = [t["max_ulp"], t["ulp_at"], t["max_relative"]]
                kept[key][dtype].append(t["relative_at"])
        if "not_nearest" in told.get("value", {}):
            kept.setdefault("not_nearest", {})[dtype] = [
                told["value"]["not_nearest"], told["value"]["points"],
            ]  # fmt: skip
    base = facts.get("float32") or facts.get("float64") or {}
    if facts["kind"] == "elementwise":
        for mode, key in (("value_edges", "edges"), ("slope_edges", "slope_edges")):
            if mode in base:
                kept[key] = {side: base[mode][side] for side in ("-inf", "inf", "nan")}
        if base.get("corners"):
            kept["corners"] = base["corners"]
    return kept


def merged(every):
    """Return surprises, those of several calls that gave the same at the same place as one."""
    kept = {}
    for item in every:
        what = ("library", "function", "kind", "mode", "at", "got", "expected", "dtypes")
        key = json.dumps([item[name] for name in what])
        if key in kept:
            kept[key].setdefault("also", []).append(item["call"])
        else:
            kept[key] = item
    return list(kept.values())


def judged(record):
    """Return the surprises of a record by the rules as they are now, with the samples kept."""
    samples = {(s["call"], s["kind"], s["mode"]): s.get("sample") for s in record["surprises"]}
    for facts in record["calls"]:
        for item in surprises.of_call(facts):
            item["sample"] = samples.get((item["call"], item["kind"], item["mode"]))
            yield item


def sampled(every):
    """Return the surprises whose samples are kept: of each kind the largest, no library twice.

    Of the kinds that a curve shows, those of each function too, where it happens near 0.
    """

    def largest(several, most):
        several.sort(key=lambda s: -s["number"] if np.isfinite(s["number"]) else 0)
        picked = {}
        for item in several:
            picked.setdefault(item["library"], item)
        return list(picked.values())[:most]

    kept, of_function = [], {}
    with_sample = [s for s in every if s.get("sample")]
    for kind in surprises.KINDS:
        kept += largest([s for s in with_sample if s["kind"] == kind], SAMPLES_PER_KIND)
    for item in with_sample:
        if item["kind"] in SAMPLES_PER_FUNCTION and abs(item["at"]) <= NEAR:
            of_function.setdefault((item["kind"], item["function"]), []).append(item)
    for (kind, _), several in of_function.items():
        kept += largest(several, SAMPLES_PER_FUNCTION[kind])
    return list({id(item): item for item in kept}.values())


def assemble(records, absent, table):
    """Return the whole file: libraries, surprises that show beside others, samples, curves."""
    libraries, every, curves = {}, [], {}
    for library, record in records.items():
        for item in judged(record):
            every.append({"library": library, "version": record["version"]} | item)
    for source in (surprises.corners, surprises.twins):
        for library, item in source(records):
            every.append({"library": library, "version": records[library]["version"]} | item)
    for library, record in records.items():
        calls = []
        for facts in record["calls"]:
            kept = short(facts)
            for key in ("curve", "slope_curve"):
                if facts.get(key):
                    text = json.dumps(facts[key])
                    kept[key] = curves.setdefault(text, len(curves))
            calls.append(kept)
        libraries[library] = {"version": record["version"], "adapter": record["adapter"]}
        if "note" in table[library]:
            libraries[library]["note"] = table[library]["note"]
        libraries[library] |= {"measured": record["measured"], "calls": calls}
    every = merged(every)
    samples = [
        {
            "library": item["library"], "call": item["call"], "function": item["function"],
            "kind": item["kind"], "mode": item["mode"], "dtype": item["dtypes"][0],
            "z": item["sample"][0], "got": item["sample"][1], "exact": item["sample"][2],
        }
        for item in sampled(every)
    ]  # fmt: skip
    for item in every:
        item.pop("sample", None)
        if isinstance(item["number"], float):
            item["number"] = measure.number(item["number"])
    every.sort(key=lambda s: (list(surprises.KINDS).index(s["kind"]), s["function"], s["library"]))
    return {
        "meta": {
            "date": datetime.date.today().isoformat(),
            "processor": processor(),
            "machine": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "numpy": np.__version__,
            "mpmath": mpmath.__version__,
            "threads": 1,
            "shown": list(measure.SHOWN),
            "curve": measure.CURVE.tolist(),
            "kinds": surprises.KINDS,
        },
        "registry": registry(),
        "libraries": libraries,
        "not_measured": absent,
        "defaults": surprises.usual_defaults(records),
        "surprises": every,
        "sources": sources.attach(every, table),
        "samples": samples,
        "curves": [json.loads(text) for text in curves],
    }


def written(stored):
    """Return the file's text: a line for each call, surprise and curve, so that a diff is read."""

    def block(value):
        if isinstance(value, list):
            return (
                "[\n" + ",\n".join("  " + json.dumps(v, ensure_ascii=False) for v in value) + "\n ]"
            )
        parts = []
        for key, item in value.items():
            text = json.dumps(item, ensure_ascii=False)
            if isinstance(item, dict) and "calls" in item:
                head = {k: v for k, v in item.items() if k != "calls"}
                lines = ",\n".join(
                    "    " + json.dumps(c, ensure_ascii=False) for c in item["calls"]
                )
                text = json.dumps(head)[:-1] + f', "calls": [\n{lines}\n  ]}}'
            parts.append(f"  {json.dumps(key, ensure_ascii=False)}: {text}")
        return "{\n" + ",\n".join(parts) + "\n }"

    parts = [f" {json.dumps(key)}: {block(value)}" for key, value in stored.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def findings(record):
    """Return what two scans of a library are compared by: all surprises, and every form."""
    told = {(s["call"], s["kind"], s["mode"], s["text"]) for s in judged(record)}
    return told | {(c["call"], c.get("form"), str(c.get("params"))) for c in record["calls"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="libraries of pins.toml (default: all)")
    parser.add_argument("--again", action="store_true", help="from nothing, and compare")
    parser.add_argument("--assemble", action="store_true", help="only store what was measured")
    options = parser.parse_args()
    table, absent = environments.pins()
    unknown = [name for name in options.names if name not in table]
    if unknown:
        parser.error(f"{unknown[0]} is not in pins.toml, which has {', '.join(table)}")
    kept = environments.CACHE / "records"
    kept.mkdir(parents=True, exist_ok=True)
    truth = measure.Truth(environments.CACHE)
    for name in [] if options.assemble else options.names or list(table):
        start = time.perf_counter()
        file = kept / f"{name.replace('/', '+')}.json"
        before = json.loads(file.read_text()) if file.exists() else {}
        if options.again:
            shutil.rmtree(environments.Environment(name, table).folder, ignore_errors=True)
        try:
            record = scan(name, table, truth)
            record["measured"] = datetime.date.today().isoformat()
            said = f"{record['version']}, {len(record['calls'])} calls, "
            said += f"{len(record['surprises'])} surprises"
            if options.again and "calls" in before:
                record = json.loads(json.dumps(record))
                differ = findings(record) ^ findings(before)
                record["again"] = {"findings": len(findings(record)), "differ": len(differ)}
                said += f", again: {len(differ)} findings differ"
                for item in sorted(map(str, differ))[:10]:
                    said += f"\n    {item}"
        except environments.NotMeasured as reason:
            record, said = {"reason": str(reason)}, f"not measured: {reason}"
        except Exception as error:  # one library's oddity must not end the scan of the others
            traceback.print_exc()
            record = {"reason": f"measuring failed: {type(error).__name__}: {error}"[:200]}
            said = record["reason"]
        file.write_text(json.dumps(record))
        truth.store()
        print(f"{name}: {said} ({time.perf_counter() - start:.0f} s)", flush=True)
    records = {}
    for name in table:
        file = kept / f"{name.replace('/', '+')}.json"
        untried = {"reason": f"not scanned by this date: scan.py {name} does it"}
        record = json.loads(file.read_text()) if file.exists() else untried
        if "reason" in record:
            absent[name] = record["reason"]
        else:
            records[name] = record
    stored = assemble(records, absent, table)
    again = {name: r["again"] for name, r in records.items() if "again" in r}
    stored["meta"]["scanned_again"] = again
    path = HERE.parent / f"libraries_{stored['meta']['date']}.json"
    path.write_text(written(stored), encoding="utf-8")
    print(
        f"Stored as {path.name}: {len(records)} libraries, {len(stored['surprises'])} surprises, "
        f"{len(absent)} not measured, {path.stat().st_size / 1e6:.2f} MB"
    )


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    np.seterr(all="ignore")
    main()
