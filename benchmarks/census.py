"""Count which activation the networks of today use, over configurations that packages ship.

`python benchmarks/census.py` makes, in environments of their own that benchmarks/libraries
installs, the default configuration of every model type of transformers, and reads its fields
that name an activation; whether the block is gated is read from the model's code: whether a
module there has a `gate_proj`, a `gate_up_proj` or one of the other names that such blocks bear.
torchvision's networks are looked at by the modules that they are built of.
The dated file has, for each activation, the model families by name.
"""

import argparse
import datetime
import json
import platform
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "libraries"))

import environments  # noqa: E402

ASK = HERE / "libraries" / "census"
# Names for one function: the first is the registry's.
SAME = {
    "silu": ("silu", "swish"),
    "gelu": ("gelu", "gelu_python"),
    "gelu_tanh": ("gelu_pytorch_tanh", "gelu_new", "gelu_fast", "gelu_tanh", "gelu_python_tanh"),
    "squared_relu": ("relu2", "squared_relu", "relu_squared"),
    "quick_gelu": ("quick_gelu",),
    "hardswish": ("hardswish", "hard_swish", "hswish"),
    "gelu_accurate": ("gelu_accurate",),
}
NAMES = {other: name for name, others in SAME.items() for other in others}
# What is counted, by whose configurations, with which script.
SOURCES = {
    "transformers": {"environment": "transformers", "script": "transformers_.py"},
    "torchvision": {
        "pip": ["torchvision==0.28.0", "torch==2.13.0"], "script": "modules.py",
    },
}  # fmt: skip


def gathered(name, source):
    """Run the script of a source in its environment; return what it found and its version."""
    table, _ = environments.pins()
    table[name] = table[source["environment"]] if "environment" in source else dict(source)
    environment = environments.Environment(source.get("environment", name), table)
    environment.install()
    version = environment.checked_version()
    out = environments.call(
        [environment.python, ASK / source["script"], name], "asking for the configurations"
    )
    return json.loads(out.splitlines()[-1]), version


def families(rows):
    """Return {activation: {gated: [families]}} of rows (family, activation, gated or None)."""
    table = defaultdict(lambda: defaultdict(set))
    for family, activation, gated in rows:
        name = NAMES.get(activation, activation)
        table[name][{True: "gated", False: "plain", None: "unknown"}[gated]].add(family)
    ordered = sorted(table.items(), key=lambda item: -sum(map(len, item[1].values())))
    return {name: {k: sorted(v) for k, v in sorted(kinds.items())} for name, kinds in ordered}


def main():
    argparse.ArgumentParser(description=__doc__.split("\n")[0]).parse_args()
    found, absent = {}, {}
    for name, source in SOURCES.items():
        try:
            told, version = gathered(name, source)
        except environments.NotMeasured as reason:
            absent[name] = str(reason)
            print(f"{name}: not counted: {reason}", flush=True)
            continue
        table = families(told["rows"])
        counts = {a: sum(map(len, kinds.values())) for a, kinds in table.items()}
        found[name] = {
            "version": version, "tried": told["tried"], "named": told["named"],
            "without": told["without"], "failed": told["failed"], "spellings": told["spellings"],
            "activations": table,
        }  # fmt: skip
        print(
            f"{name} {version}: {told['named']} of {told['tried']} name one: {counts}", flush=True
        )
    stored = {
        "meta": {"date": datetime.date.today().isoformat(), "python": platform.python_version()},
        "same": {name: list(others) for name, others in SAME.items()},
        "sources": found,
        "not_counted": absent,
    }
    path = HERE / f"census_{stored['meta']['date']}.json"
    path.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Stored as {path.name}, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    try:
        main()
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
