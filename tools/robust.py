"""Run every notebook as other processors would, and compare the outputs each time.

`python tools/robust.py chapters` makes the numerical libraries choose their kernels for old
processors and use one thread or two, and changes the hash seed. Each setting is checked twice in
a single run: by this project's comparison and by stock nbval's exact one.
"""

import os
import re
import subprocess
import sys
import time

SETTINGS = {
    "as it is": {},
    "PyTorch without vector instructions": {"ATEN_CPU_CAPABILITY": "default"},
    "OpenBLAS for a processor of 2004": {"OPENBLAS_CORETYPE": "Prescott"},
    "NumPy without AVX2 and FMA": {"NPY_DISABLE_CPU_FEATURES": "X86_V3"},
    "MKL in its compatible mode": {"MKL_CBWR": "COMPATIBLE"},
    "two threads": {"OMP_NUM_THREADS": "2"},
    "hash seed 1": {"PYTHONHASHSEED": "1"},
    "all of them, hash seed 2": {
        "ATEN_CPU_CAPABILITY": "default",
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": "X86_V3",
        "MKL_CBWR": "COMPATIBLE",
        "OMP_NUM_THREADS": "2",
        "PYTHONHASHSEED": "2",
    },
}


def run(setting, notebooks):
    """Check the notebooks in one setting; return pytest's exit code and what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "strict_outputs", "--stock-too"]
    command += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=240"]
    command += ["-n2", "--dist=loadfile", "--color=no", *notebooks]
    environment = {**os.environ, "PYTHONPATH": "tools", "OMP_NUM_THREADS": "1", **setting}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def main(notebooks):
    """Check all settings; print a line for each, and what failed."""
    failed = []
    for name, setting in SETTINGS.items():
        start = time.monotonic()
        code, said = run(setting, notebooks)
        seconds = time.monotonic() - start
        count = re.findall(r"\d+ (?:passed|failed|error)", said.rpartition("\n=")[2] or said)
        print(f"{name:36} {', '.join(count) or 'did not run':20} {seconds:5.0f} s", flush=True)
        if code:
            failed.append(name)
            print(said)
    if failed:
        sys.exit(f"Outputs depend on the machine: {'; '.join(failed)}. Change the experiment.")
    print(f"Every output is the same in all {len(SETTINGS)} settings.")


if __name__ == "__main__":
    main(sys.argv[1:] or ["chapters"])
